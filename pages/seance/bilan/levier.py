"""The lever of a target: the share tried, what it shows and asks, and in which state that puts the figures."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.socle import langue
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, levier
from pages.commun.choix_perimetre import Perimetre
from pages.commun.levier import Curseur, Etape, JeuDeCurseurs
from pages.commun.mesures import lecture_mesures
from pages.commun.mesures.lecture_bilan import Cle
from pages.commun.mesures.lecture_mesures import LectureMesure
from pages.seance.bilan import descente
from pages.seance.bilan.essai import try_out

CIBLE_SANS_OBJECTIF = Fraction(1, 2)


@fragment
def show(choisi: Perimetre, code: str) -> None:
    """The lever, its chart and what it answers."""
    lecture = lecture_mesures.read(choisi, code)
    cle = lecture.cle
    nom = f"cible_{cle.mesure.indicateur}"
    curseur = Curseur(nom, "Part visée", depart(cle))  # of what: the sentence over it says it
    choix_perimetre.keep(nom, curseur.valeurs, curseur.depart)
    with st.container(key="levier"):
        (valeur,) = levier.show(nom, _jeu(lecture, curseur))
        st.query_params[nom] = str(valeur)
        descente.follow(levier.clicked(nom))


def _jeu(lecture: LectureMesure, curseur: Curseur) -> JeuDeCurseurs:
    cle = " ".join(str(x or "") for x in lecture.cle)
    return JeuDeCurseurs(cle, (curseur,), lambda v: answer(lecture, v[0]))


def answer(lecture: LectureMesure, pourcent: int) -> Etape:
    """What one value shows: its state, the way back, what it asks, its chart."""
    essai = try_out(lecture, pourcent)
    return Etape(*_etat(lecture.cle, pourcent), levier.en_html(essai.phrase), (essai.image,) if essai.image else ())


def _etat(cle: Cle, pourcent: int) -> tuple[str, str]:
    """In which state the target tried puts the figures, then what brings the one in force back (empty: it is there)."""
    votee, initiale = objectif.valeur if (objectif := cle.objectif) else None, depart(cle)
    est_nationale = INDICATEURS[cle.mesure.indicateur].depend_du_seuil
    if Fraction(pourcent, 100) == votee:
        return cadre.say_etat(cadre.LOI if est_nationale else cadre.OBJECTIF, langue.part(votee)), ""
    dit = cadre.say_etat(cadre.HYPOTHESE, langue.part(Fraction(pourcent, 100)))
    if pourcent == initiale:
        return dit, ""
    est_nommee = votee is not None and not est_nationale
    return dit, f"Revenir à {'l’objectif voté' if est_nommee else langue.part(Fraction(initiale, 100))}"


def depart(cle: Cle) -> int:
    """Where the lever stands at first, in per cent: the target in force."""
    return round(100 * (objectif.valeur if (objectif := cle.objectif) else CIBLE_SANS_OBJECTIF))
