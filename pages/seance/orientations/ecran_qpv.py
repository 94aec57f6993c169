"""13h30, QPV: who lives and who comes in each, beside the national rule; what their commissions returned."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.phrases_constats import ABSENT_DIT
from mel_core.simulation import phrases_offre, preconisations
from mel_core.simulation.lectures_offre import dans_les_qpv, read_peuplement
from mel_core.socle import langue
from pages.commun import annonces, cadre, donnees, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.seance.orientations import images_offre

_HORS = {"hors_qpv": "Hors QPV", "inconnu": "Quartier inconnu"}


def show(choisi: Perimetre) -> None:
    with st.container(horizontal=True, key="entete_etape", vertical_alignment="center"):
        lieu = etape.choose_lieu(choisi)
    frame, ensemble, commissions = read(choisi, lieu)
    dans = dans_les_qpv(frame)
    ou = f"{choisi.ici_dite}, {lieu.dit}" if lieu else choisi.ici_dite
    annonces.message(phrases_offre.peuplement(ou, ensemble, dans))
    if dans.empty:
        return
    figure, n_lignes, note = images_offre.qpv(dans)
    if figure is not None:
        etape.draw(figure, n_lignes)
        annonces.note(note)
    table, formats = tableau(frame)
    titre = f"Peuplement des QPV{f', {lieu.dit}' if lieu else ''}"
    widgets.grille(table, formats, titre, est_emporte=True, column_config=etape.LECTURES)
    if not visiteur.est_en_salle():
        annonces.note(ABSENT_DIT)
    if not commissions.empty:
        with cadre.detail("commissions"):
            st.markdown("#### Retour des commissions de désignation")
            table, formats = tableau_des_commissions(commissions)
            widgets.grille(table, formats, "Retour des commissions de désignation", column_config=etape.LECTURES)


def tableau(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, widgets.Format]]:
    """One line per QPV, then outside and unknown: each share beside what it is made of."""
    table = pd.DataFrame(
        {
            "QPV": frame["nom"].fillna(frame["qpv"].map(_HORS)).fillna(frame["qpv"]),
            "Logements": frame["n_logements"].astype(float),
            "Occupants modestes": frame["part_occupants"].astype(float),
            "Occupants": etape.rapports(frame["n_occupants_modestes"], frame["n_occupants"]),
            "Entrants modestes": frame["part_entrants"].astype(float),
            "Entrants": etape.rapports(frame["n_entrants_modestes"], frame["n_entrants_connus"]),
            "Règle nationale": frame["part_regle"].astype(float),
            "Ménages": etape.rapports(frame["numerateur_regle"], frame["n_regle"]),
            "Objectif": frame["cible"].astype(float),
        }
    )
    lues = etape.lectures(frame["n_entrants_connus"].where(frame["part_entrants"].notna()))
    if any(lues):
        table.insert(6, "Lecture des entrants", lues)
    if frame["verdict"].notna().any():
        table["Lecture"] = [
            phrases_constats.say_cote(v) if v == "indecis" else phrases_constats.verdict(None if pd.isna(v) else v)
            for v in frame["verdict"]
        ]
    if frame["part_regle"].isna().all() and frame["verdict"].isna().all():
        table = table.drop(columns=["Règle nationale", "Ménages", "Objectif"])
    parts = ("Occupants modestes", "Entrants modestes", "Règle nationale", "Objectif")
    return table, {c: langue.part for c in parts if c in table}


def tableau_des_commissions(commissions: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, widgets.Format]]:
    """One line per QPV: meetings, candidates, those designated among them where both are said."""
    table = pd.DataFrame(
        {
            "QPV": commissions["nom"].fillna(commissions["qpv"]),
            "Commissions": commissions["n_commissions"].astype(float),
            "Candidats": commissions["n_candidats"],
            "Désignés": commissions["part_designes"].astype(float),
            "Soit": etape.rapports(commissions["n_designes_situes"], commissions["n_candidats_situes"]),
        }
    )
    lues = etape.lectures(commissions["n_candidats_situes"].where(commissions["part_designes"].notna()))
    if any(lues):
        table["Lecture"] = lues
    return table, {"Désignés": langue.part}


def read(choisi: Perimetre, lieu: etape.LieuChoisi | None = None) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """See `read_peuplement`. `lieu`: the QPV, whole, where it has a quartier or a résidence."""
    peuplement, commissions = (
        choisi.ask(question, choisi.annee, choisi.ici)
        for question in (preconisations.peuplement, preconisations.commissions)
    )
    if lieu:
        siens = choisi.ask(preconisations.qpv_du_lieu, lieu.code)
        peuplement, commissions = (x[x["qpv"].isin(siens)].reset_index(drop=True) for x in (peuplement, commissions))
    return read_peuplement(
        peuplement, commissions, lambda nom: donnees.dites(*choisi.cle, nom, "annee", ("qpv",), choisi.ici)
    )
