"""The referential of fragilité added up, over quartiers drawn here."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.suivi import fragilites
from tests.indicateurs.suivi.dessins import QUATRE


def test_a_commune_has_the_share_of_its_inhabitants_in_fragile_quartiers_or_none() -> None:
    communes = pd.DataFrame({"commune": list("ABC"), "nom": list("ABC"), "territoire": "T", "fragilite": "sans"})
    lignes = fragilites.par_commune(QUATRE, communes).set_index("commune")
    assert lignes.loc["A", "part_fragile"] == 0.25  # 1 000 of 4 000
    assert lignes.loc["B", ["n_quartiers", "n_fragiles", "part_fragile"]].tolist() == [1, 1, 1]
    assert pd.isna(lignes.loc["C", "part_fragile"])


def test_an_index_weighs_its_quartiers_by_their_population_and_the_most_fragile_comes_first() -> None:
    lignes = fragilites.par_indice(QUATRE)
    assert lignes["n"].tolist() == [2, 1, 1]
    assert lignes["revenu_median_uc"].tolist()[:2] == [11500, 24000]  # (1 000 × 10 000 + 3 000 × 12 000) / 4 000
    assert pd.isna(lignes.loc[2, "revenu_median_uc"])  # known in none of them


def test_a_scope_counts_the_quartiers_and_the_inhabitants_of_known_class() -> None:
    lu = fragilites.summarise(QUATRE)
    assert (lu.n_connus, lu.n_fragiles, lu.population) == (3, 2, 7000)
    assert lu.part_fragile == 4000 / 7000
    assert fragilites.summarise(QUATRE.assign(population=float("nan"))).part_fragile is None
