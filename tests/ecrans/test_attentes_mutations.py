"""How long the blocked mutations wait: counts by commune, exact at a desk, by the rule in the room."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.simulation.lectures_offre import read_attentes as show
from mel_core.simulation.phrases_offre import attente
from mel_core.socle import langue
from tests.lecteurs import lue_par

INSECABLES = str.maketrans("\u00a0\u202f", "  ")


def say(vues: pd.DataFrame, sens: str) -> str:
    return attente("l’ICI 1", vues, sens).removeprefix("Dans l’ICI 1, ").translate(INSECABLES)


def communes(*lignes: tuple[str, int, int, int]) -> pd.DataFrame:
    """`commune`, then how many wait, for 24 months or more, for 36 or more."""
    table = pd.DataFrame(lignes, columns=["commune", "n", "n_24_mois", "n_36_mois"])
    return table.assign(nom=table["commune"], mediane_mois=12.0)


def valeurs(vues: pd.DataFrame) -> dict[str, list[str]]:
    comptes = zip(*(vues[c] for c in ("n", "n_24_mois", "n_36_mois")), strict=True)
    return {
        c: [langue.nombre(n).translate(INSECABLES) for n in x] for c, x in zip(vues["commune"], comptes, strict=True)
    }


LIGNES = (("Lille", 1053, 312, 121), ("Roubaix", 600, 350, 200), ("Lomme", 29, 13, 0), ("Forest", 4, 2, 1))


def test_a_co_pilot_reads_every_commune_those_of_which_most_wait_first() -> None:
    vues = lue_par(PREPARATION, show, communes(*LIGNES))
    assert list(valeurs(vues).items()) == [
        ("Lille", ["1 053", "312", "121"]),
        ("Roubaix", ["600", "350", "200"]),
        ("Lomme", ["29", "13", "0"]),
        ("Forest", ["4", "2", "1"]),
    ]
    assert vues["part_24_mois"].round(3).tolist() == [0.296, 0.583, 0.448, 0.5]
    assert say(vues.drop(1), "residence") == snapshot(
        "à **Lille**, **1 053 mutations bloquées** attendent, dont **312** depuis 24 mois (**121** depuis 36 mois) ; "
        "attente médiane : **12 mois**."
    )


def test_where_most_wait_long_in_another_commune_the_title_names_it_too() -> None:
    vues = lue_par(PREPARATION, show, communes(*LIGNES))
    assert say(vues, "souhaitee") == snapshot(
        "pour **Lille**, **1 053 mutations bloquées** attendent, dont **312** depuis 24 mois ; pour **Roubaix**, "
        "600, dont **350**."
    )
    # Of a wait that is not said, nothing tells that it is the shorter.
    peu = lue_par(SALLE, show, communes(("Croix", 40, 10, 0), ("Hem", 30, 13, 0)))
    assert say(peu, "souhaitee").endswith(", dont **12 ou moins** depuis 24 mois ; pour **Hem**, 30, dont **15**.")


def test_the_room_reads_every_commune_by_the_rule_a_small_one_on_its_own_line() -> None:
    vues = lue_par(SALLE, show, communes(*LIGNES))
    assert valeurs(vues) == {
        "Lille": ["1 055", "310", "120"],
        "Roubaix": ["600", "350", "200"],
        "Lomme": ["30", "15", "12 ou moins"],
        "Forest": ["12 ou moins"] * 3,
    }
    # Of 100 at the least; 312 of 1 053 are 29,6 %, 121 are 11,5 %
    assert [langue.part(p).translate(INSECABLES) for p in vues["part_24_mois"]] == ["30 %", "58 %", "—", "—"]
    assert [langue.part(p).translate(INSECABLES) for p in vues["part_36_mois"]] == ["11 %", "33 %", "—", "—"]
    assert vues["mediane_mois"].notna().tolist() == [True, True, False, False]  # of 30 at the least
    assert say(vues[3:], "residence") == snapshot(
        "à **Forest**, **12 mutations bloquées ou moins** attendent, dont **12 ou moins** depuis 24 mois (**12 ou "
        "moins** depuis 36 mois)."
    )


def test_a_commune_reads_its_own_line_exactly() -> None:
    vues = lue_par(Audience(cle="commune", code="Forest"), show, communes(*LIGNES))
    assert valeurs(vues)["Forest"] == ["4", "2", "1"]
    assert valeurs(vues)["Lomme"][2] == "12 ou moins"
    assert vues.set_index("commune").loc["Forest", ["part_24_mois", "mediane_mois"]].tolist() == [0.5, 12.0]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=2, max_size=6))
def test_the_place_of_a_small_commune_tells_nothing_of_it(tirees: list[tuple[int, int]]) -> None:
    petites = [(f"C{i}", n, min(n, k), 0) for i, (n, k) in enumerate(tirees)]
    assert lue_par(SALLE, show, communes(*petites))["commune"].tolist() == [c for c, *_ in petites]
