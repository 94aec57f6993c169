"""The referential of fragilité: its sentence, its communes, the table of its index."""

from __future__ import annotations

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.indicateurs.suivi import fragilites
from pages.suivre import images_suivre
from tests.indicateurs.suivi.dessins import QUATRE
from tests.mots import simple


def test_the_finding_counts_quartiers_and_inhabitants_of_known_class() -> None:
    # 1 000 + 3 000 of 1 000 + 3 000 + 3 000 = 57,1 %
    assert simple(fragilites.constat("l’ICI 1", QUATRE)) == snapshot(
        "Dans l’ICI 1, **2 quartiers** sur 3, qu’on y ait attribué ou non, sont fragiles : **57,1 %** des "
        "7 000 habitants y vivent."
    )


def test_the_finding_says_what_it_lacks() -> None:
    assert "ni classe" in fragilites.constat("l’ICI 1", QUATRE[3:])
    assert "population n’est pas renseignée" in fragilites.constat("l’ICI 1", QUATRE.assign(population=float("nan")))


def test_the_table_of_the_index_starts_with_the_most_fragile_then_the_deck_with_its_lost_row() -> None:
    # (1 000 × 10 000 + 3 000 × 12 000) / 4 000
    dessin = simple(images_suivre.tableau_indices(fragilites.compare_indices(QUATRE), "ICI 1"))
    ordre = ["Données publiées, ICI 1", "11 500 €", "24 000 €", "Support de 2017", "perdue du support", "15 691 €"]
    assert [dessin.index(x) for x in ordre] == sorted(dessin.index(x) for x in ordre)
    (perdue,) = [x for x in dessin.split("<tr") if "perdue" in x]
    assert "par différence, 78 quartiers" in perdue
    assert "€" not in perdue
    assert "%" not in perdue
    assert [
        x for x in ("CU Lille Métropole", "Nord", "Nord-Pas-de-Calais", "France métropolitaine") if x in dessin
    ] == [*("CU Lille Métropole", "Nord", "Nord-Pas-de-Calais", "France métropolitaine")]


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
    assert images_suivre.classe_part(part) == classe


def test_the_profile_of_the_two_stocks_is_said_of_the_fragile_quartiers() -> None:
    lignes = pd.DataFrame(
        [("fragile", 9, 8, 0.7, 0.4, 3, 2, 1, 2), ("sans", 5, 5, 0.4, 0.2, 0, 0, 0, 5)],
        columns=["fragilite", "n", "n_connus", *fragilites.PARCS, "n_deux", "n_social", "n_prive", "n_aucun"],
    )
    moyennes = dict(zip(fragilites.PARCS, (0.55, 0.3), strict=True))
    assert simple(fragilites.parcs("l’ICI 1", lignes, moyennes)) == snapshot(
        "Dans l’ICI 1, sur 8 quartiers fragiles aux deux profils connus, les ménages modestes sont plus nombreux qu’en "
        "moyenne : **3** dans les deux parcs, **2** dans le parc social seul, **1** dans le parc privé seul, **2** "
        "dans aucun des deux (moyennes de la Métropole : 55 % du parc social, 30 % du parc privé)."
    )
    assert "aucun quartier fragile ne dit" in fragilites.parcs("l’ICI 1", lignes[1:], moyennes)
    assert "aucun quartier fragile ne dit" in fragilites.parcs("l’ICI 1", lignes.assign(n_connus=0), moyennes)
