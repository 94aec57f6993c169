"""The referential of fragilité added up, over quartiers drawn here."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.indicateurs.suivi import fragilites
from tests.exemples import examples
from tests.indicateurs.suivi.dessins import QUATRE


def test_a_commune_has_the_share_of_its_inhabitants_in_fragile_quartiers_or_none() -> None:
    decrites = {"territoire": "T", "fragilite": "sans", "typologie": 1}
    communes = pd.DataFrame({"commune": list("ABC"), "nom": list("ABC"), **decrites})
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


# The deck's table, as it can be read: IPS or place, quartiers, median, non-emploi, four children, single parents.
SUPPORT = [
    (3, 149, 15691, 33.0, 4.7, 20.7),
    (2, 162, 21854, 25.2, 2.7, 14.3),
    (1, 91, 23038, 24.3, 1.9, 10.9),
    ("CU Lille Métropole", 480, 16945, 31.1, 4.1, 17.6),
    ("Nord", None, 17192, 33.9, 3.7, 16.0),
    ("Nord-Pas-de-Calais", None, 16797, 34.8, 3.9, 15.4),
    ("France métropolitaine", None, 19218, 29.0, 2.4, 14.1),
]


def test_the_rows_of_the_deck_follow_those_of_the_data_and_its_lost_row_gives_nothing_but_what_is_left() -> None:
    lignes = fragilites.compare_indices(QUATRE)
    donnees, support = lignes[lignes["origine"] == "donnees"], lignes[lignes["origine"] == "support_2017"]
    assert donnees["n"].tolist() == [2, 1, 1]
    assert len(donnees) + len(support) == len(lignes)
    perdue, *lues = support.to_dict("records")
    assert (perdue["ips"], perdue["n"], perdue["est_perdue"]) == (4, 480 - 149 - 162 - 91, True)
    assert all(pd.isna(perdue[c]) for c in fragilites.INDICATEURS)
    for ligne, (quoi, n, revenu, *parts) in zip(lues, SUPPORT, strict=True):
        assert (ligne["lieu"] if pd.isna(ligne["ips"]) else ligne["ips"]) == quoi
        assert (None if pd.isna(ligne["n"]) else ligne["n"]) == n
        assert ligne["revenu_median_uc"] == revenu
        assert [100 * ligne[c] for c in fragilites.INDICATEURS[1:]] == pytest.approx(parts)
        assert "2011" in ligne["source"]
        assert not ligne["est_perdue"]


PARTS = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0])
QUARTIERS = st.lists(
    st.tuples(
        st.sampled_from(["fragile", "moyenne", "sans", "inconnu"]),
        *(st.sampled_from([None, 0, 100, 300]), PARTS, PARTS, st.booleans()),
    ),
    max_size=12,
)


@examples(80)
@given(QUARTIERS)
def test_the_profiles_of_the_two_stocks_are_those_of_the_rows(
    lignes: list[tuple[str, int | None, float | None, float | None, bool]],
) -> None:
    colonnes = ["fragilite", "population", *fragilites.PARCS, "est_dedans"]
    tous = pd.DataFrame(lignes, columns=colonnes).astype(dict.fromkeys(colonnes[1:4], "float64"))
    lues = fragilites.compare_parcs(tous[tous["est_dedans"].astype(bool)], tous)

    def mean(parmi: list[tuple[str, int | None, float | None, float | None, bool]], rang: int) -> float | None:
        connus = [(x[1], x[rang]) for x in parmi if x[rang] is not None and x[1]]
        poids = sum(p for p, _ in connus)
        return sum(p * v for p, v in connus) / poids if poids else None

    social, prive = mean(lignes, 2), mean(lignes, 3)
    attendues = []
    for fragilite in ("fragile", "moyenne", "sans", "inconnu"):
        siens = [x for x in lignes if x[0] == fragilite and x[4]]
        connus = [x for x in siens if None not in (x[2], x[3], social, prive)]
        cas = [(x[2] > social, x[3] > prive) for x in connus]
        if siens:
            attendues.append(
                {
                    **{"fragilite": fragilite, "n": len(siens), "n_connus": len(connus)},
                    **{c: pytest.approx(mean(connus, r)) for c, r in zip(fragilites.PARCS, (2, 3), strict=True)},
                    **{"n_deux": cas.count((True, True)), "n_social": cas.count((True, False))},
                    **{"n_prive": cas.count((False, True)), "n_aucun": cas.count((False, False))},
                }
            )
    assert [{c: None if pd.isna(v) else v for c, v in x.items()} for x in lues.to_dict("records")] == attendues
