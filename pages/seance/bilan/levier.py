"""The lever of a target: the share tried, what it shows and asks, and in which state that puts the figures."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from mel_core.indicateurs import phrases_constats
from mel_core.socle import langue
from pages.adaptateur import cartes
from pages.adaptateur.incidents import fragment
from pages.commun import cadre, choix_perimetre, levier, visiteur
from pages.commun.levier import Curseur, Etape, Jeu
from pages.commun.mesures.lecture_bilan import ACI, EQUILIBRE, Bilan, Cle, read_cle
from pages.seance.bilan import descente
from pages.seance.bilan.essai import try_out

LEVIERS = {
    EQUILIBRE: "Part visée de ménages modestes, par type de quartiers",
    ACI: "Part visée de ménages ACI, en premier accès",
    "q1_hors_qpv": "Part visée du premier quartile, hors QPV",
    "autres_en_qpv": "Part visée des autres quartiles, en QPV",
}
RESERVES = {
    EQUILIBRE: "Ménage modeste : revenu sous 40 % du plafond PLUS. Bornes supposées (20, 40 et 60 %) : le support de "
    "2017 n’en donne pas.",
    ACI: "Ménage ACI : relevant de l’accord collectif, DALO ou PDALHPD\u00a0; deux labels comptent une fois.",
    "q1_hors_qpv": "La loi juge la Métropole entière : l’écart d’une commune ou d’un bailleur n’est qu’un repère.",
    "autres_en_qpv": "La loi juge la Métropole entière : l’écart d’une commune ou d’un bailleur n’est qu’un repère.",
}
CIBLE_SANS_OBJECTIF = Fraction(1, 2)
_CARTE_PX, _CARTE_SALLE_PX = (370, 291), (265, 274)  # over the right of the charts: see style.css, salle.css


@fragment
def show(cle: Cle, *, est_imagee: bool) -> None:
    """The lever and what it answers. `est_imagee`: with its chart and its map, which are not on screen otherwise."""
    bilan = read_cle(cle)
    est_imagee = est_imagee and _has_bars(bilan)
    # Tones of a map and limits of a funnel hold places to the objective, which part of a year is not.
    est_jugee = not phrases_constats.duree_partielle(bilan.ensemble)
    nom = f"cible_{bilan.indicateur}"
    curseur = Curseur(nom, LEVIERS[bilan.indicateur], depart(bilan))
    choix_perimetre.keep(nom, curseur.valeurs, curseur.depart)
    with st.container(key="levier"):
        (valeur,) = levier.show(nom, _jeu(bilan, curseur, est_imagee))
        st.query_params[nom] = str(valeur)
        lieu = levier.clicked(nom)
        if est_imagee and est_jugee:
            surface = _CARTE_SALLE_PX if visiteur.est_en_salle() else _CARTE_PX
            lieu = cartes.draw(try_out(bilan, valeur).carte, f"bilan_{bilan.indicateur}", surface) or lieu
        if lieu:
            descente.go(lieu)
            st.rerun()


def _jeu(bilan: Bilan, curseur: Curseur, est_imagee: bool) -> Jeu:
    cle = " ".join(str(x or "") for x in (*bilan.cle, est_imagee))
    return Jeu(cle, (curseur,), lambda v: answer(bilan, v[0], est_imagee), RESERVES[bilan.indicateur])


def answer(bilan: Bilan, pourcent: int, est_imagee: bool) -> Etape:
    """What one value shows: its state, the way back, what it asks and where, its chart."""
    essai = try_out(bilan, pourcent)
    reponse = levier.en_html(essai.phrase) + essai.lieux
    return Etape(*_etat(bilan, pourcent), reponse, (essai.image,) if est_imagee else ())


def _has_bars(bilan: Bilan) -> bool:
    """Without a class of quartiers that is known, or a whole year for a funnel, there is nothing to draw: the sentence
    says so."""
    if bilan.indicateur != EQUILIBRE:
        return not phrases_constats.duree_partielle(bilan.ensemble)
    return bool(bilan.classes["fragilite"].ne("inconnu").any())


def _etat(bilan: Bilan, pourcent: int) -> tuple[str, str]:
    """In which state the target tried puts the figures, then what brings the one in force back (empty: it is there)."""
    votee, initiale = bilan.objectif.valeur if bilan.objectif else None, depart(bilan)
    est_nationale = bilan.indicateur not in (EQUILIBRE, ACI)
    tentee = Fraction(pourcent, 100)
    if tentee == votee:
        return cadre.say_etat(cadre.OBJECTIF, langue.part(votee) + (", par la loi" if est_nationale else "")), ""
    dit = cadre.say_etat(cadre.HYPOTHESE, langue.part(tentee))
    if pourcent == initiale:
        return dit, ""
    # A narrower place for the law's: its value is shorter than its name.
    est_nommee = votee is not None and not est_nationale
    return dit, f"Revenir à {'l’objectif voté' if est_nommee else langue.part(Fraction(initiale, 100))}"


def depart(bilan: Bilan) -> int:
    """Where the lever stands at first, in per cent: the target in force."""
    return round(100 * (bilan.objectif.valeur if bilan.objectif else CIBLE_SANS_OBJECTIF))
