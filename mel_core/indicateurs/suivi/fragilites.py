"""The referential of fragilité added up: by commune, by index, over a scope.

Pure: the frames of `suivi.quartiers` and `suivi.referentiel` in, figures out. A quartier whose class is unknown is in
no count but those of its index; an unknown population weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mel_core.objectifs.lectures import indices_2011

INDICATEURS = ("revenu_median_uc", "part_non_emploi", "part_familles_4_enfants", "part_familles_monoparentales")


@dataclass(frozen=True)
class Resume:
    """A scope.

    `n_connus`: quartiers of known class, `n_fragiles` of which are fragile; `population`: inhabitants of the former, 0
    when not given; `part_fragile`: the share who live in the fragile ones (0–1, None without inhabitants).
    """

    n_connus: int
    n_fragiles: int
    population: int
    part_fragile: float | None


def summarise(quartiers: pd.DataFrame) -> Resume:
    """How many quartiers are fragile, and who lives there."""
    connus = quartiers[quartiers["fragilite"] != "inconnu"]
    fragiles = connus["fragilite"] == "fragile"
    habitants = connus["population"].sum()
    part = float(connus.loc[fragiles, "population"].sum() / habitants) if habitants > 0 else None
    return Resume(len(connus), int(fragiles.sum()), int(habitants), part)


def par_commune(quartiers: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """The quartiers of each commune, and the share of its inhabitants who live in the fragile ones.

    One row per commune of `communes`, in its order: `commune`, `nom`, `territoire`, `fragilite` (of the commune),
    `n_quartiers` of known class, `n_fragiles`, `population` of the former (all empty when it has none) and
    `part_fragile` (0–1, empty without inhabitants).
    """
    connus = quartiers[quartiers["fragilite"] != "inconnu"]
    fragile = connus["fragilite"] == "fragile"
    habitants = connus["population"].fillna(0)
    comptes = (
        pd.DataFrame(
            {
                "commune": connus["commune"],
                "n_quartiers": 1,
                "n_fragiles": fragile.astype(int),
                "population": habitants,
                "population_fragile": habitants.where(fragile, 0),
            }
        )
        .groupby("commune")
        .sum()
    )
    lignes = communes[["commune", "nom", "territoire", "fragilite"]].merge(comptes, on="commune", how="left")
    lignes["part_fragile"] = lignes["population_fragile"] / lignes["population"].where(lignes["population"] > 0)
    return lignes.drop(columns="population_fragile")


def par_indice(quartiers: pd.DataFrame) -> pd.DataFrame:
    """One row per index (4, most fragile, first; empty: unknown), as in the deck.

    `ips`, `n` quartiers, `population`, and the mean of each indicator weighted by the population, over the quartiers
    where it is known (empty when there is none).
    """
    lignes = []
    for ips, groupe in quartiers.groupby("ips", dropna=False, sort=False):
        ligne = {"ips": ips, "n": len(groupe), "population": groupe["population"].sum()}
        for colonne in INDICATEURS:
            connus = groupe[groupe[colonne].notna() & (groupe["population"] > 0)]
            poids = connus["population"].sum()
            ligne[colonne] = (connus[colonne] * connus["population"]).sum() / poids if poids else None
        lignes.append(ligne)
    colonnes = ["ips", "n", "population", *INDICATEURS]
    return pd.DataFrame(lignes, columns=colonnes).sort_values("ips", ascending=False, ignore_index=True)


def compare_indices(quartiers: pd.DataFrame) -> pd.DataFrame:
    """The rows of `par_indice` (`origine`: donnees), then those of the deck (support_2017), places of reference last.

    `lieu`, `est_perdue` and `source` are the deck's (see `indices_2011`): empty, false and empty for the data.
    """
    lues = par_indice(quartiers).assign(origine="donnees", lieu=None, est_perdue=False, source=None)
    du_support = indices_2011().assign(origine="support_2017", population=None)
    colonnes = ["origine", "ips", "lieu", "n", "population", *INDICATEURS, "est_perdue", "source"]
    types = {
        **dict.fromkeys(("lieu", "source"), "string"),
        **dict.fromkeys(("ips", "n", "population"), "Int64"),
        **dict.fromkeys(INDICATEURS, "float64"),
    }
    return pd.concat([t[colonnes].astype(types) for t in (lues, du_support)], ignore_index=True)
