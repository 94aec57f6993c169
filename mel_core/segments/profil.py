"""Why a segment waits: its profile beside the whole active demand, tension where it asks, what the flow could serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.segments.compilation import Criteres, Quoi, Requete
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.periodes import step_back
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "profil.sql")
INCONNU = "inconnu"

# Axis → its title and, in reading order, the words of its modalities.
AXES: dict[str, tuple[str, dict[str, str]]] = {
    "typologie": (
        "Typologies souhaitées (une demande compte dans chacune)",
        TYPOLOGIES_DITES,
    ),
    "n_communes": (
        "Communes souhaitées",
        {"1": "une seule commune", "2-3": "deux ou trois communes", "4+": "quatre communes ou plus"},
    ),
    "ressources": (
        "Ressources",
        {
            "tres_modeste": "très modestes",
            "modeste": "modestes",
            "intermediaire": "intermédiaires",
            "eleve": "élevées",
        },
    ),
    "renouvellement": (
        "Renouvellement de la demande",
        {
            "depasse": "à renouveler : 12 mois ou plus",
            "dans_le_mois": "à renouveler dans le mois",
            "a_jour": "à jour",
        },
    ),
    "jamais_presente": (
        "Présentation enregistrée",
        {"oui": "jamais présentée, d’après les événements enregistrés", "non": "présentée au moins une fois"},
    ),
    "age": (
        "Âge du demandeur",
        {"-30": "moins de 30 ans", "30-44": "30 à 44 ans", "45-59": "45 à 59 ans", "60-74": "60 à 74 ans"}
        | {"75+": "75 ans ou plus"},
    ),
    "mutation": ("Mutation ou premier accès", {"mutation": "mutation", "premier_acces": "premier accès"}),
    "n_personnes": (
        "Taille du ménage",
        {
            "1": "une personne",
            "2": "deux personnes",
            "3-4": "trois ou quatre personnes",
            "5+": "cinq personnes ou plus",
        },
    ),
    "menage_aci": ("Label ACI, DALO ou PDALHPD", {"oui": "avec un label", "non": "sans label"}),
}


def profil(lecteur: Lecteur, quoi: Quoi, criteres: Criteres) -> pd.DataFrame:
    """The segment beside all the active demandes, on each axis.

    One row per axis × modality of AXES, zeros included, in that order, then `inconnu` where it occurs: `axe`,
    `modalite`, `libelle`; `n` of `n_connus` demandes of the segment, `part`; `n_actives` of `n_connus_actives`,
    `part_actives`; `ecart_points` = 100 × (part − part_actives). Shares are of the demandes that say (0–1, empty when
    none does, and for `inconnu`). By typologie a demande counts in each of its wishes: shares add up to more than one.
    """
    requete = Requete(lecteur, criteres)
    requete.link(un_an=step_back(criteres.jour, 12), onze_mois=step_back(criteres.jour, 11))
    regle = requete.regle(quoi)
    lus = pd.concat([requete.ask(SQL[bloc], regle=regle) for bloc in ("profil_typologie", "profil")])
    dits = pd.DataFrame(
        [(axe, *m) for axe, (_, mots) in AXES.items() for m in (*mots.items(), (INCONNU, "non renseigné"))],
        columns=["axe", "modalite", "libelle"],
    )
    lignes = dits.merge(lus, on=["axe", "modalite"], how="left")
    lignes = lignes[(lignes["modalite"] != INCONNU) | lignes["n"].notna()].fillna({"n": 0, "n_actives": 0})
    comptes = ["n", "n_actives"]
    # By typologie a demande counts in each: those that say one are counted apart.
    ensemble = lus[lus["modalite"] == "ensemble"].set_index("axe")[comptes]
    sus = lignes[(lignes["modalite"] != INCONNU) & (lignes["axe"] != "typologie")].groupby("axe")[comptes].sum()
    connus = pd.concat([ensemble, sus]).reindex(lignes["axe"], fill_value=0).set_axis(lignes.index)
    parts = (lignes[comptes] / connus.where(connus > 0)).where(lignes["modalite"] != INCONNU)
    lignes = lignes.assign(
        n_connus=connus["n"], part=parts["n"], n_connus_actives=connus["n_actives"], part_actives=parts["n_actives"]
    )
    noms = ["axe", "modalite", "libelle", "n", "n_connus", "part", "n_actives", "n_connus_actives", "part_actives"]
    entiers = dict.fromkeys([*comptes, "n_connus", "n_connus_actives"], "int64")
    ecart = 100 * (lignes["part"] - lignes["part_actives"])
    return lignes[noms].astype(entiers).assign(ecart_points=ecart).reset_index(drop=True)


def tension(lecteur: Lecteur, quoi: Quoi, criteres: Criteres) -> pd.DataFrame:
    """One row per commune × typologie wanted, or let in the 12 months up to the reference date: `commune`, `typologie`.

    `n` (demandes of the segment that want it), `n_actives` (active demandes that do), `n_attributions` (12 months),
    `tension` (active demandes per attribution, empty without an attribution). A demande counts in each of its wishes.
    """
    requete = Requete(lecteur, criteres)
    requete.link(un_an=step_back(criteres.jour, 12))
    lues = requete.ask(SQL["tension"], regle=requete.regle(quoi))
    offre = lues["n_attributions"].where(lues["n_attributions"] > 0)
    return lues.assign(tension=(lues["n_actives"] / offre).astype("float64"))


@dataclass(frozen=True)
class Servables:
    """What six months of the flow could serve of a segment, at the very most: an assumption, not a forecast.

    `n` demandes in the segment, of which `n_inconnus` do not say both a commune and a typologie and are left out.
    `n_attributions`: signed over 12 months in a commune and typologie that one of the others wants; half of them is
    expected in six months. `n_servables`: the most demandes that this half can serve, one lease each, each in a commune
    and typologie that it wants. An upper bound: it leaves nothing to anybody else, and looks neither at ressources nor
    at labels, réservataires or the size of the household.
    """

    n: int
    n_inconnus: int
    n_attributions: int
    n_servables: int


def servables(lecteur: Lecteur, quoi: Quoi, criteres: Criteres) -> Servables:
    """The bound of `Servables`, by maximum flow from the demandes to the commune × typologie cells that they want."""
    requete = Requete(lecteur, criteres)
    souhaits = requete.ask(SQL["souhaits"], regle=requete.regle(quoi))
    cellules = tension(lecteur, quoi, criteres)
    offre = {
        (commune, typologie): int(n)
        for commune, typologie, n in cellules[["commune", "typologie", "n_attributions"]].itertuples(
            index=False, name=None
        )
        if n > 0 and INCONNU not in (commune, typologie)
    }
    # Groups that the same cells can serve are one: what nobody lets changes nothing.
    groupes: Counter[frozenset[tuple[str, str]]] = Counter()
    n_inconnus = 0
    for communes, typologies, n in souhaits.itertuples(index=False, name=None):
        if not communes or not typologies:
            n_inconnus += int(n)
            continue
        voulues = ((c, t) for c in communes.split("|") for t in typologies.split("|"))
        groupes[frozenset(v for v in voulues if v in offre)] += int(n)
    return Servables(
        int(souhaits["n"].sum()),
        n_inconnus,
        sum(offre[cellule] for cellule in frozenset().union(*groupes)),
        _flux_maximal(groupes, offre),
    )


def _flux_maximal(groupes: Counter[frozenset[tuple[str, str]]], offre: dict[tuple[str, str], int]) -> int:
    """Everything is counted twice, so that half an attribution is a whole number; the answer is halved and floored."""
    rang = {cellule: 1 + len(groupes) + i for i, cellule in enumerate(offre)}
    puits = 1 + len(groupes) + len(offre)
    aretes = [(rang[cellule], puits, n) for cellule, n in offre.items()]
    for i, (cellules, n) in enumerate(groupes.items(), start=1):
        aretes.append((0, i, 2 * n))
        aretes += [(i, rang[cellule], 2 * n) for cellule in cellules]
    return maximum_flow(aretes, puits) // 2


def maximum_flow(aretes: Sequence[tuple[int, int, int]], puits: int) -> int:
    """The most that goes from 0 to `puits` through edges (from, to, how much at most)."""
    if not aretes:
        return 0
    from scipy.sparse import (
        csgraph,
        csr_array,  # only here: most that read segments never need it, and it is long to load
    )

    lignes, colonnes, capacites = (np.array(x, dtype=np.int32) for x in zip(*aretes, strict=True))
    reseau = csr_array((capacites, (lignes, colonnes)), shape=(puits + 1, puits + 1))
    return int(csgraph.maximum_flow(reseau, 0, puits).flow_value)
