"""A commune on one page: each line of the bilan at this séance and at the one before, beside its ICI, and what it is
engaged to. The answer to « Et nous, à Wattrelos ? »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.catalogue import MESURES
from mel_core.seance.engagements.engagement_pris import find_all
from mel_core.socle import langue
from pages.commun import cadre, donnees, ecriture
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures import lecture_bilan
from pages.commun.mesures.lecture_bilan import ACI, EQUILIBRE, par_ligne, seance_dite
from pages.seance.bilan import descente
from pages.seance.bilan.descente import FICHE, Lieu, go_fiche

_COLONNES = ("Part", "Séance d’avant", "Objectif", "Écart à l’objectif", "Toute l’ICI")


@dataclass(frozen=True)
class Ligne:
    """A line of the page: an indicator, and the class of quartiers that it is about (empty: all)."""

    titre: str
    indicateur: str
    classe: str = ""


LIGNES = (
    *(
        Ligne(f"Ménages modestes, {phrases_constats.QUARTIERS[classe]}", EQUILIBRE, classe)
        for classe in ("fragile", "moyenne", "sans")
    ),
    Ligne("ACI en premier accès", ACI),
    *(
        Ligne(MESURES[code].titre, code)
        for code in ("mutations_bloquees", "npru", "droit_commun", "bas_revenus", "q1_hors_qpv", "autres_en_qpv")
    ),
)


def read_commune(choisi: Perimetre) -> str:
    """The commune whose page is open; none: the bilan. A link to one that is not in the scope says so."""
    code = st.session_state.setdefault(FICHE, st.query_params.get(FICHE, ""))
    if code and code not in choisi.communes:
        descente.refuse(choisi.cle, code)
        code = ""
    go_fiche(code)
    return code


def show(choisi: Perimetre, commune: str) -> None:
    """The sentence of the 50/50, then the table, then the engagements."""
    nom = choisi.communes[commune]
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
    with st.container(key="message"):
        st.markdown(descente.say(lecture_bilan.read(choisi, EQUILIBRE), Lieu(commune, "", nom, nom)))
    with st.container(horizontal=True, key="fil", vertical_alignment="center"):
        st.button(f"‹ {choisi.ici or 'Métropole'}", key="quitter_fiche", on_click=go_fiche, args=("",))
        st.html(f"<h2 class='lieu'>{escape(nom)}</h2>")
    st.html(langue.typeset(tableau(choisi, commune, nom)))
    if actes := engagements(choisi, commune):
        st.html(langue.typeset(f'<p class="reserve"><strong>Engagements</strong> {escape(" ; ".join(actes))}.</p>'))


def tableau(choisi: Perimetre, commune: str, nom: str) -> str:
    """One row per line of `LIGNES` that the data compute; what is not said of a place says why."""
    avant = choisi.seance.precedente
    servi = donnees.instantane(avant, choisi.ici).identifiant
    est_tenue = str(avant) in donnees.choix()[0]
    entetes = [c.replace("Séance d’avant", seance_dite(str(avant))) for c in _COLONNES]
    if choisi.ici is None:
        entetes[-1] = "Toute la Métropole"
    rangees = []
    for ligne in LIGNES:
        ici = _cellule(choisi, ligne, "", choisi.instantane.identifiant, str(choisi.seance))
        if ici is None or pd.isna(ici["part"]):
            continue  # what the data do not compute has its own screen, which says what is missing
        sienne = _cellule(choisi, ligne, commune, choisi.instantane.identifiant, str(choisi.seance))
        passee = _cellule(choisi, ligne, commune, servi, str(avant)) if est_tenue else None
        if passee is not None and phrases_constats.duree_partielle(pd.DataFrame([passee])):
            passee = None
        cible = sienne["cible"] if sienne is not None else ici["cible"]
        parts = (_part(sienne), _part(passee, avec_n=False))
        cases = (*parts, langue.part(cible), _ecart(sienne), _part(ici, avec_n=False))
        dites = "".join(f"<td>{escape(case)}</td>" for case in cases)
        rangees.append(f'<tr><th scope="row">{escape(ligne.titre)}</th>{dites}</tr>')
    if not rangees:
        return (
            '<p class="reserve">Aucune mesure du bilan ne se calcule ici : ce qui manque, et à qui le demander, est '
            "dans Préparer › Données attendues.</p>"
        )
    tetes = "".join(f'<th scope="col">{escape(c)}</th>' for c in entetes)
    return (
        f'<table class="fiche"><caption class="lu">{escape(nom)}, chaque ligne du bilan</caption>'
        f"<thead><tr><td></td>{tetes}</tr></thead><tbody>{''.join(rangees)}</tbody></table>"
    )


def _cellule(choisi: Perimetre, ligne: Ligne, commune: str, identifiant: str, seance: str) -> dict[str, Any] | None:
    """The row of the contract for this line, in the commune or (empty) in the whole scope; None: no attribution."""
    par = (*(("commune",) if commune else ()), *(("fragilite",) if ligne.classe else ()))
    lues = donnees.dites(identifiant, seance, ligne.indicateur, "annee", par, choisi.ici)
    if commune:
        lues = lues[lues["commune"] == commune]
    if ligne.classe:
        lues = lues[lues["fragilite"] == ligne.classe]
    return par_ligne(lues)[0] if len(lues) else None


def _part(cellule: Mapping[str, Any] | None, *, avec_n: bool = True) -> str:
    """`61 % de 390`; what is not said because there are too few, or none."""
    if cellule is None:
        return "aucune attribution" if avec_n else langue.ABSENT
    if pd.isna(cellule["part"]):
        return ("aucune connue" if cellule["n_connus"] == 0 else "trop peu") if avec_n else langue.ABSENT
    dite = langue.part(cellule["part"])
    return f"{dite} de {langue.nombre(cellule['n_connus'])}" if avec_n else dite


def _ecart(cellule: Mapping[str, Any] | None) -> str:
    """How far the commune is from its objective; a part of a year is judged by none."""
    if cellule is None or pd.isna(cellule["cible"]):
        return langue.ABSENT
    return phrases_constats.ecart_de_ligne(cellule)


def engagements(choisi: Perimetre, commune: str) -> list[str]:
    """What this commune's share is of each engagement of the ICI that runs at this séance, oldest first."""
    actes = [e for _, e in find_all(ecriture.journal(), ici=choisi.ici or "")]
    return [
        f"{e.titre(choisi.bailleurs)} : {langue.effectif(e.par_commune[commune], 'ménage')} d’ici au "
        f"{langue.jour(e.echeance)}"
        for e in actes
        if commune in e.par_commune and e.seance <= choisi.seance and e.echeance >= choisi.seance.debut
    ]
