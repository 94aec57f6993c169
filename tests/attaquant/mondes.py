"""What an attacker tells households apart by, and what a room is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel_core.indicateurs.quartiers import N_MOIS

LABELS = ("mutation", "est_menage_aci", "est_mutation_bloquee", "est_npru")
RESSOURCES = ("mutation", "classe")
# What the screens cut each indicator by, where the places of the world tell it.
COUPES = (
    (),
    ("fragilite",),
    ("fragilite_commune",),
    ("commune",),
    ("bailleur",),
    ("quartier",),
    ("residence",),
    ("mutation",),
    ("commune", "bailleur"),
    ("commune", "fragilite"),
    ("bailleur", "fragilite"),
    ("territoire", "fragilite"),
    ("mutation", "fragilite"),
    ("quartier", "residence"),
    ("reservataire",),
    ("typologie_fragilite",),
    ("enjeu_mixite",),
    ("qpv",),
)

DU_LEVIER = ("bailleur", "fragilite")  # of the screens: no line says it (lecture_bilan._connues)
CROISEE = ("commune", "bailleur")  # of the screens: a matrix, each cell with the counts of what it says
DES_FICHES = (("commune",), ("bailleur",))  # of the screens: the side over 36 months, where the year tells none
AU_SEMESTRE = ((), ("fragilite",), ("mutation",))  # of the screens, beside the 12 months
_PARTOUT = ("", "commune", "quartier", "bailleur", "commune,bailleur")
# The cuts of the screens (mel_core/indicateurs/catalogue.py, pages/seance/bilan) and of the documents.
DES_ECRANS = {
    "equilibre": (
        *_PARTOUT,
        "fragilite",
        "commune,fragilite",
        "bailleur,fragilite",
        "territoire,fragilite",
        "mutation",
        *("mutation,fragilite", "typologie_fragilite"),
        "quartier,residence",
        "residence",
        *("enjeu_mixite", "qpv"),  # as entrants and occupants
    ),
    "ressources": ("", "commune", "quartier", "bailleur", "fragilite", "mutation,fragilite", "typologie_fragilite"),
    "bas_revenus": (*_PARTOUT, "fragilite"),
    "aci": (*_PARTOUT, "fragilite_commune", "reservataire", "typologie_fragilite"),
    "npru": (*_PARTOUT, "residence", "reservataire"),
    "mutations_bloquees": _PARTOUT,
    "droit_commun": _PARTOUT,
    "flux": ("", "bailleur"),  # of each réservataire
    "actifs": (*_PARTOUT, "fragilite"),
    "q1_hors_qpv": ("", "commune", "bailleur", "commune,bailleur"),
    "autres_en_qpv": ("", "commune", "bailleur", "commune,bailleur", "qpv"),
}
# Of the indicators that two columns say: whom they are about (empty: everybody), whom they count.
PAR_COLONNES = {
    "actifs": ("", "est_actif"),
    "q1_hors_qpv": ("est_hors_qpv", "est_premier_quartile_ou_npru"),
    "autres_en_qpv": ("est_en_qpv", "est_autre_quartile"),
}
INCONNU = "inconnu"


@dataclass(frozen=True)
class Monde:
    """`lieux`: what a cell is told apart by. `sortes`: the columns that make a kind of household. `indicateurs`: what
    is heard, and of which only the attributions (`n`). `est_fin`: so many places and kinds that a cell is one where
    somebody is, or beside it (`programme.voisines`)."""

    lieux: tuple[str, ...]
    sortes: tuple[str, ...]
    indicateurs: tuple[str, ...]
    n_seuls: tuple[str, ...] = ()
    mois: tuple[int, ...] = (6, 12)
    est_fin: bool = False


_LABELS, _CLASSES = ("aci", "mutations_bloquees", "npru", "droit_commun"), ("equilibre", "bas_revenus", "ressources")
MONDES = {
    "classes": Monde(
        ("commune", "fragilite", "fragilite_commune", "typologie_fragilite", "territoire", "bailleur"),
        RESSOURCES[1:],
        _CLASSES,
        (),
        (6, 12, N_MOIS),
    ),
    "acces": Monde(("fragilite", "enjeu_mixite"), RESSOURCES, _CLASSES),
    "labels": Monde(
        ("commune", "fragilite", "fragilite_commune", "typologie_fragilite", "bailleur"),
        LABELS,
        _LABELS,
        ("equilibre", "flux"),
        (6, 12, N_MOIS),
    ),
    "quartiers": Monde(
        ("quartier", "commune", "fragilite", "fragilite_commune", "territoire", "qpv"),
        RESSOURCES[1:],
        _CLASSES,
        (),
        (6, 12, N_MOIS),
    ),
    "labels_quartiers": Monde(
        ("quartier", "commune", "fragilite", "fragilite_commune"), LABELS, _LABELS, ("equilibre",)
    ),
    "residences": Monde(("residence", "quartier", "commune", "fragilite", "bailleur"), (), (), ("equilibre",)),
    "reservataires": Monde(("bailleur", "reservataire"), LABELS, (*_LABELS, "flux"), ("equilibre",)),
    "activite": Monde(("commune", "quartier", "fragilite", "bailleur"), ("est_actif",), ("actifs",), ("equilibre",)),
    "quartiles": Monde(
        ("commune", "bailleur", "qpv"),
        ("est_npru", *(c for i in ("q1_hors_qpv", "autres_en_qpv") for c in PAR_COLONNES[i])),
        ("npru", "q1_hors_qpv", "autres_en_qpv"),
        ("equilibre",),
    ),
}


def population(sortes: pd.DataFrame, indicateur: str) -> np.ndarray:
    tous = np.ones(len(sortes), dtype=bool)
    if indicateur == "aci":
        return (sortes["mutation"] == "premier_acces").to_numpy()
    if quoi := PAR_COLONNES.get(indicateur, ("",))[0]:
        return sortes[quoi].isin([True]).to_numpy()
    if indicateur == "flux":
        return ((sortes["mutation"] == "premier_acces") & ~sortes["est_npru"].astype(bool)).to_numpy()
    return tous


def connus(sortes: pd.DataFrame, indicateur: str) -> np.ndarray:
    dedans = population(sortes, indicateur)
    if indicateur in PAR_COLONNES:
        return dedans & (sortes[PAR_COLONNES[indicateur][1]] != INCONNU).to_numpy()
    return dedans & (sortes["classe"] != "inconnu").to_numpy() if indicateur in ("equilibre", "bas_revenus") else dedans


def porteurs(sortes: pd.DataFrame, indicateur: str, cellule: dict[str, Any]) -> np.ndarray:
    dedans = population(sortes, indicateur)
    if indicateur == "flux":
        return dedans
    if indicateur in PAR_COLONNES:
        return dedans & sortes[PAR_COLONNES[indicateur][1]].isin([True]).to_numpy()
    if indicateur in ("equilibre", "bas_revenus", "ressources"):
        classes = {"equilibre": ["tres_modeste", "modeste"], "bas_revenus": ["tres_modeste"]}
        return dedans & sortes["classe"].isin(classes.get(indicateur, [cellule.get("classe")])).to_numpy()
    if indicateur == "droit_commun":
        return dedans & ~sortes[list(LABELS[1:])].astype(bool).any(axis=1).to_numpy()
    label = {"aci": "est_menage_aci", "mutations_bloquees": "est_mutation_bloquee", "npru": "est_npru"}[indicateur]
    return dedans & sortes[label].astype(bool).to_numpy()
