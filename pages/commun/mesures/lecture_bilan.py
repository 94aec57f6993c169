"""What the 9h30 screen reads once for a séance, an ICI and an objective: figures, and the lines that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mel_core.appellations import AUTRES
from mel_core.indicateurs.mesures import Objectif
from mel_core.secret.publication import fondre
from pages.commun import donnees, phrases
from pages.commun.perimetre import Perimetre

EQUILIBRE, ACI = "equilibre", "aci"
INCONNUE = "inconnu"  # the fragilité of a quartier that no table tells
SANS_OBJECTIF_DIT = " ; objectif inconnu, la fragilité d’aucun quartier n’est connue"
LIGNE = {"commune": "ligne_commune", "bailleur": "ligne_bailleur"}


Cle = tuple[str, str, str, str | None]  # snapshot, séance, indicator, ICI


@dataclass(frozen=True)
class Bilan:
    """Frames of one screen, shared between sessions: never written.

    `ensemble`: one row, the whole scope. `classes`, `semestre`: one row per fragilite (`equilibre` only), over 12
    months and over the séance's own semester; for `aci`, one row each. `cellules`: commune × bailleur (× fragilite)
    with `ligne_commune` and `ligne_bailleur`, the names of the lines that they are shown under. `communes`,
    `bailleurs`: those lines with the columns of the contract, `nom` and `infobulle`. `carte`: one row per commune of
    the scope: commune, nom, part and n_connus (empty when not shown alone), infobulle, a_un_objectif (false where the
    objective is that of the fragilité of quartiers, and none of them is known).
    """

    cle: Cle
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
    return lire_cle((perimetre.instantane.identifiant, str(perimetre.seance), indicateur, perimetre.ici))


@st.cache_resource(show_spinner=False, max_entries=64)
def lire_cle(cle: Cle) -> Bilan:
    """The same, by its key."""
    identifiant, seance, indicateur, ici = cle

    def cut(*par: str, etendue: str = "annee") -> pd.DataFrame:
        return donnees.cellules(identifiant, seance, indicateur, etendue, par, ici)

    geographie = donnees.communes(identifiant, seance)
    noms = {
        "commune": dict(zip(geographie["commune"], geographie["nom"], strict=True)),
        "bailleur": donnees.bailleurs(identifiant, seance).set_index("bailleur")["nom"].to_dict(),
    }
    classe = ("fragilite",) if indicateur == EQUILIBRE else ()
    cellules = cut("commune", "bailleur", *classe)
    lignes = {}
    for nom in ("commune", "bailleur"):
        table = cut(nom)
        groupes = donnees.groupes(identifiant, seance, indicateur, nom, ici)
        lignes[nom] = _nommer(fondre(table, groupes, nom), nom, noms[nom])
        appellations = {(x.ligne, x.est_regroupee): x.nom for x in lignes[nom].itertuples()}
        ou = {
            c: appellations[x, r]
            for c, x, r in zip(groupes[nom], groupes["ligne"], groupes["est_regroupee"], strict=True)
        }
        cellules = cellules.assign(**{LIGNE[nom]: cellules[nom].map(ou)})
    return Bilan(
        cle,
        indicateur,
        donnees.objectif(identifiant, seance, indicateur),
        cut(),
        cut(*classe),
        cut(*classe, etendue="semestre"),
        cellules,
        lignes["commune"],
        lignes["bailleur"],
        _carte(geographie if ici is None else geographie[geographie["ici"] == ici], lignes["commune"], cellules),
    )


def _nommer(lignes: pd.DataFrame, cle: str, noms: dict[str, str]) -> pd.DataFrame:
    """Add what a line is called on screen, and what it says under the pointer."""

    def nommer(ligne: str, est_regroupee: bool) -> str:
        if not est_regroupee:
            return noms.get(ligne, ligne)
        return f"{AUTRES[cle]} ({ligne})" if ligne else AUTRES[cle]

    noms_dits = [nommer(x, r) for x, r in zip(lignes["ligne"], lignes["est_regroupee"], strict=True)]
    parts = zip(noms_dits, lignes["part"], lignes["n_connus"], strict=True)
    return lignes.assign(nom=noms_dits, infobulle=[phrases.detail_ligne(*x) for x in parts])


def _carte(communes: pd.DataFrame, lignes: pd.DataFrame, cellules: pd.DataFrame) -> pd.DataFrame:
    """Communes shown alone with their share, the others with the reason why they have none."""
    seules = lignes[~lignes["est_regroupee"]].set_index("ligne")
    servies = set(cellules["commune"])
    situees = servies
    if "fragilite" in cellules:
        situees = set(cellules.loc[cellules["fragilite"] != INCONNUE, "commune"])
    a_un_objectif = communes["commune"].isin(situees) | ~communes["commune"].isin(servies)
    raison = {True: "moins de 11 attributions, regroupée avec d’autres", False: "aucune attribution"}
    return pd.DataFrame(
        {
            "commune": communes["commune"],
            "nom": communes["nom"],
            "part": communes["commune"].map(seules["part"].astype(float)),
            "n_connus": communes["commune"].map(seules["n_connus"].astype(float)),
            "infobulle": [
                seules["infobulle"].get(c, f"{nom} : {raison[c in servies]}")
                + ("" if connu or c not in seules.index else SANS_OBJECTIF_DIT)
                for c, nom, connu in zip(communes["commune"], communes["nom"], a_un_objectif, strict=True)
            ],
            "a_un_objectif": a_un_objectif,
        }
    )
