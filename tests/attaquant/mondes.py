"""What an attacker tells households apart by, and what a room is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from mel_core.contrat.tables import ETIQUETTES
from mel_core.indicateurs.besoins import LABELS as LABELS_DITS
from mel_core.indicateurs.besoins import RESSOURCES as RESSOURCES_DITES
from mel_core.indicateurs.catalogue import INDICATEURS, MESURES
from mel_core.indicateurs.definitions import MATRICE, Mesure, par
from mel_core.indicateurs.quartiers import N_MOIS

_DES_LABELS = [i for i in INDICATEURS.values() if i.lu is LABELS_DITS]
LABELS = ("mutation", *(i.valeur for i in _DES_LABELS if i.etiquettes != ETIQUETTES))  # none of them is told by them
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

D_UNE_FICHE = ("bailleur", "fragilite")  # of the screens: its card says which are off their objective, and no number
CROISEE = ("commune", "bailleur")  # of the screens: a matrix, each cell with the counts of what it says
DES_FICHES = (("commune",), ("bailleur",))  # of the screens: the side over 36 months, where the year tells none
AU_SEMESTRE = ((), ("fragilite",), ("mutation",))  # of the screens, beside the 12 months
# Of the screens, what an indicator is cut by beside the cuts of its own measures and of the documents.
_AILLEURS = {
    "equilibre": (
        *("commune,fragilite", "bailleur,fragilite", "territoire,fragilite", "mutation", "mutation,fragilite"),
        *("typologie_fragilite", "quartier,residence", "residence"),
        *("enjeu_mixite", "qpv"),  # as entrants and occupants
    ),
    "npru": ("reservataire",),
    "autres_en_qpv": ("qpv",),
}
# Heard by other ways: as cuts of `equilibre`, and as medians.
AUTREMENT = {i.nom for i in INDICATEURS.values() if i.mesure in (Mesure.COMPARAISON, Mesure.DELAI)}


def _coupes(nom: str) -> list[str]:
    """A matrix that another indicator fills is not of this one, and `flux` is of each réservataire by itself."""
    siennes = [m for m in MESURES.values() if m.indicateur == nom]
    vues = [v for m in siennes for v in (*m.coupes, *chain(*m.agenda.values())) if not (m.matrice and v == MATRICE)]
    du_flux = {"reservataire"} if INDICATEURS[nom].mesure is Mesure.FLUX else set()
    coupes = [[c for c in par(v) if c not in du_flux] for v in vues]
    return list(dict.fromkeys(("", *map(",".join, coupes), *_AILLEURS.get(nom, ()))))


DES_ECRANS = {nom: _coupes(nom) for nom in INDICATEURS if nom not in AUTREMENT}
# Of the indicators that two columns say: whom they are about (empty: everybody), whom they count.
PAR_COLONNES = {
    i.nom: ("" if i.population == "est_attribution" else i.population, i.valeur)
    for i in INDICATEURS.values()
    if i.mesure is Mesure.PART and i.lu not in (LABELS_DITS, RESSOURCES_DITES)
}
INCONNU = "inconnu"
_DE_CLASSES = {"equilibre": ["tres_modeste", "modeste"], "bas_revenus": ["tres_modeste"]}


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


_LABELS = tuple(i.nom for i in _DES_LABELS)
_CLASSES = tuple(i.nom for i in INDICATEURS.values() if i.lu is RESSOURCES_DITES and i.nom not in AUTREMENT)
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
    "quartiles": Monde(
        ("commune", "bailleur", "qpv"),
        ("est_npru", *(c for i in ("q1_hors_qpv", "autres_en_qpv") for c in PAR_COLONNES[i])),
        ("npru", "q1_hors_qpv", "autres_en_qpv"),
        ("equilibre",),
    ),
}

_ENTENDUS = {nom for monde in MONDES.values() for nom in monde.indicateurs}
MONDES |= {
    nom: Monde(tuple(c for c in DES_ECRANS[nom] if c and "," not in c), (valeur,), (nom,), ("equilibre",))
    for nom, (_, valeur) in PAR_COLONNES.items()
    if nom not in _ENTENDUS
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
    return dedans & (sortes["classe"] != "inconnu").to_numpy() if indicateur in _DE_CLASSES else dedans


def porteurs(sortes: pd.DataFrame, indicateur: str, cellule: dict[str, Any]) -> np.ndarray:
    dedans = population(sortes, indicateur)
    if indicateur == "flux":
        return dedans
    if indicateur in PAR_COLONNES:
        return dedans & sortes[PAR_COLONNES[indicateur][1]].isin([True]).to_numpy()
    if indicateur in _CLASSES:
        return dedans & sortes["classe"].isin(_DE_CLASSES.get(indicateur, [cellule.get("classe")])).to_numpy()
    if indicateur == "droit_commun":
        return dedans & ~sortes[list(LABELS[1:])].astype(bool).any(axis=1).to_numpy()
    return dedans & sortes[INDICATEURS[indicateur].valeur].astype(bool).to_numpy()
