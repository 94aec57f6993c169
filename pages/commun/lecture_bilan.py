"""What the 9h30 screen reads once for a séance, an ICI and an objective: figures, and the lines that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mel_core.indicateurs.mesures import Objectif
from mel_core.secret.publication import fondre
from mel_core.secret.regroupement import regrouper
from pages.commun import donnees
from pages.commun.perimetre import Perimetre

EQUILIBRE, ACI = "equilibre", "aci"
AUTRES = {"commune": "Autres communes", "bailleur": "Autres bailleurs"}
LIGNE = {"commune": "ligne_commune", "bailleur": "ligne_bailleur"}


@dataclass(frozen=True)
class Bilan:
    """Frames of one screen, shared between sessions: never written.

    `ensemble`: one row, the whole scope. `classes`, `semestre`: one row per fragilite (`equilibre` only), over 12
    months and over the séance's own semester; for `aci`, one row each. `cellules`: commune × bailleur (× fragilite)
    with `ligne_commune` and `ligne_bailleur`, the names of the lines that they are shown under. `communes`,
    `bailleurs`: those lines with the columns of the contract and `nom`. `carte`: one row per commune of the scope:
    commune, nom, nom_ligne (empty without any attribution), est_regroupee.
    """

    indicateur: str
    objectif: Objectif | None
    ensemble: pd.DataFrame
    classes: pd.DataFrame
    semestre: pd.DataFrame
    cellules: pd.DataFrame
    communes: pd.DataFrame
    bailleurs: pd.DataFrame
    carte: pd.DataFrame


def lire(perimetre: Perimetre, indicateur: str) -> Bilan:
    """The bilan of `indicateur` (equilibre or aci) for the scope of the session."""
    return _lire(perimetre.instantane.identifiant, str(perimetre.seance), indicateur, perimetre.ici)


@st.cache_resource(show_spinner=False, max_entries=64)
def _lire(identifiant: str, seance: str, indicateur: str, ici: str | None) -> Bilan:
    def cut(*par: str, etendue: str = "annee") -> pd.DataFrame:
        return donnees.cellules(identifiant, seance, indicateur, etendue, par, ici)

    geographie = donnees.communes(identifiant, seance)
    noms = {
        "commune": dict(zip(geographie["commune"], geographie["nom"], strict=True)),
        "bailleur": donnees.bailleurs(identifiant, seance).set_index("bailleur")["nom"].to_dict(),
    }
    territoires = geographie.set_index("commune")["territoire"]
    classe = ("fragilite",) if indicateur == EQUILIBRE else ()
    cellules = cut("commune", "bailleur", *classe)
    lignes, groupes = {}, {}
    for cle in ("commune", "bailleur"):
        table = cut(cle)
        situees = table.assign(territoire=table["commune"].map(territoires).fillna("")) if cle == "commune" else table
        groupes[cle] = _nommer(regrouper(situees, cle, "territoire" if cle == "commune" else None), cle, noms[cle])
        lignes[cle] = fondre(table, groupes[cle].drop(columns="nom"), cle).merge(
            groupes[cle][["ligne", "est_regroupee", "nom"]].drop_duplicates(), on=["ligne", "est_regroupee"]
        )
        cellules = cellules.assign(**{LIGNE[cle]: cellules[cle].map(groupes[cle].set_index(cle)["nom"])})
    perimetre = geographie if ici is None else geographie[geographie["ici"] == ici]
    carte = perimetre.merge(
        groupes["commune"].rename(columns={"nom": "nom_ligne"})[["commune", "nom_ligne", "est_regroupee"]],
        on="commune",
        how="left",
    )
    return Bilan(
        indicateur,
        donnees.objectif(identifiant, seance, indicateur),
        cut(),
        cut(*classe),
        cut(*classe, etendue="semestre"),
        cellules,
        lignes["commune"],
        lignes["bailleur"],
        carte,
    )


def _nommer(groupes: pd.DataFrame, cle: str, noms: dict[str, str]) -> pd.DataFrame:
    """Add `nom`: what a line is called on screen."""

    def nommer(ligne: str, est_regroupee: bool) -> str:
        if not est_regroupee:
            return noms.get(ligne, ligne)
        return f"{AUTRES[cle]} ({ligne})" if ligne else AUTRES[cle]

    return groupes.assign(nom=[nommer(x, r) for x, r in zip(groupes["ligne"], groupes["est_regroupee"], strict=True)])
