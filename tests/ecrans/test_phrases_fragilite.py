"""The referential of fragilité: its sentence, its communes, the table of its index."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.commun.suivre import phrases_fragilite as phrases
from pages.commun.suivre import vues_suivre


def lu(texte: str) -> str:
    """Spaces as a reader sees them."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def draw(*lignes: tuple[object, ...]) -> pd.DataFrame:
    """Quartiers as (commune, fragilite, ips, population, revenu)."""
    frame = pd.DataFrame(lignes, columns=["commune", "fragilite", "ips", "population", "revenu_median_uc"])
    vides = ["part_non_emploi", "part_familles_4_enfants", "part_familles_monoparentales"]
    return frame.astype({"population": float, "revenu_median_uc": float}).assign(**dict.fromkeys(vides, float("nan")))


QUATRE = draw(
    ("A", "fragile", 4, 1000, 10000),
    ("A", "sans", 1, 3000, 24000),
    ("B", "fragile", 4, 3000, 12000),
    ("B", "inconnu", None, 500, None),
)


def test_the_finding_counts_quartiers_and_inhabitants_of_known_class() -> None:
    # 1 000 + 3 000 of 1 000 + 3 000 + 3 000 = 57,1 %
    assert lu(phrases.constat("l’ICI 1", QUATRE)) == (
        "Dans l’ICI 1, **2 quartiers** sur 3 sont fragiles : **57,1 %** des 7 000 habitants y vivent."
    )


def test_the_finding_says_what_it_lacks() -> None:
    assert "n’est décrit" in phrases.constat("l’ICI 1", draw())
    assert "ni classe" in phrases.constat("l’ICI 1", QUATRE[3:])
    assert "population n’est pas renseignée" in phrases.constat("l’ICI 1", QUATRE.assign(population=float("nan")))


def test_a_commune_has_the_share_of_its_inhabitants_in_fragile_quartiers_or_none() -> None:
    communes = pd.DataFrame({"commune": list("ABC"), "nom": list("ABC"), "territoire": "T", "fragilite": "sans"})
    lignes = phrases.par_commune(QUATRE, communes).set_index("commune")
    assert lignes.loc["A", "part_fragile"] == 0.25  # 1 000 of 4 000
    assert lignes.loc["B", ["n_quartiers", "n_fragiles", "part_fragile"]].tolist() == [1, 1, 1]
    assert pd.isna(lignes.loc["C", "part_fragile"])


def test_the_table_of_the_index_weighs_by_population_and_starts_with_the_most_fragile() -> None:
    lignes = phrases.par_indice(QUATRE)
    assert lignes["n"].tolist() == [2, 1, 1]
    assert lignes["revenu_median_uc"].tolist()[:2] == [11500, 24000]  # (1 000 × 10 000 + 3 000 × 12 000) / 4 000
    dessin = lu(phrases.tableau_indices(lignes))
    assert "11 500 €" in dessin
    assert dessin.index("11 500 €") < dessin.index("24 000 €")


@pytest.mark.parametrize(
    ("part", "classe"),
    [
        (1.0, "75 % et plus"),
        (0.75, "75 % et plus"),
        (0.74, "50 à 75 %"),
        (0.25, "25 à 50 %"),
        (0.01, "moins de 25 %"),
        (0.0, "aucun"),
        (None, "inconnue"),
        (float("nan"), "inconnue"),
    ],
)
def test_a_share_has_one_class_of_the_map(part: float | None, classe: str) -> None:
    assert vues_suivre.classe_part(part) == classe
