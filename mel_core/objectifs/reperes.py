"""Figures of reference that are no dated parameter: the ceilings of income of PLAI and PLS (those of the PLUS are dated
parameters, which anyone may add to), and what the 2017 presentation read, where its figures are quoted.

Of the presentation: the attributions of 2015 (a slide that lost its layout: a reconstructed reading), and the table
behind the index of social precarity, one row of which is lost.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import pandas as pd

from mel_core.contrat.reference import DOSSIER

OFFICIEL, ESTIME, REGLE = "officiel", "estime", "regle"  # in the arrêté, estimated from it, by the rule of the PLS
_SUPPLEMENT = "pers_supp"


@dataclass(frozen=True)
class Plafonds:
    """`par_categorie`: euros a year, of the six categories of household; `supplement`: for each person over six in the
    sixth. `statut`: the least sure of its figures."""

    par_categorie: tuple[int, ...]
    supplement: int
    statut: str


def plafonds_du_produit(produit: str, annee: int) -> Plafonds | None:
    """Those of `produit` (PLAI, PLS) in this year, « autres régions »; None when they are not known: no year stands for
    another."""
    with (DOSSIER / "plafonds_plai_pls.csv").open(encoding="utf-8", newline="") as fichier:
        lus = [x for x in csv.DictReader(fichier) if (x["financement"], int(x["annee"])) == (produit, annee)]
    if not lus:
        return None
    montants = {x["categorie"]: int(x["plafond_eur"]) for x in lus}
    statut = next((s for s in (ESTIME, REGLE) if any(x["statut"] == s for x in lus)), OFFICIEL)
    return Plafonds(tuple(montants[str(k)] for k in range(1, 7)), montants[_SUPPLEMENT], statut)


@cache
def lectures_2015(indicateur: str) -> dict[str, float]:
    """Share (0–1) of the whole Métropole in 2015 by class of fragilité; empty for an indicator that has none."""
    with (DOSSIER / "lectures_2015.csv").open(encoding="utf-8", newline="") as fichier:
        return {
            ligne["fragilite"]: float(ligne["part"])
            for ligne in csv.DictReader(fichier)
            if ligne["indicateur"] == indicateur
        }


def indices_2011() -> pd.DataFrame:
    """The deck's table, one row per index (4, most fragile, first), then one per place of reference.

    `ips` (empty for a place), `lieu` (empty for an index), `n` quartiers, the four indicators (euros a year per
    consumption unit, shares 0–1), `source`, `est_perdue`: nothing of the row can be read. Its `n` is worked out of the
    other rows: those of the whole less those of the other indices.
    """
    lues = pd.read_csv(DOSSIER / "ips_2011.csv")
    lues["est_perdue"] = lues["revenu_median_uc"].isna()
    par_indice = lues["ips"].notna()
    reste = lues.loc[~par_indice, "n"].sum() - lues.loc[par_indice, "n"].sum()
    lues.loc[lues["est_perdue"], "n"] = reste
    return lues.astype({"ips": "Int64", "n": "Int64"})
