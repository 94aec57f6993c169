"""Lines shown: single cells as computed, the others added up."""

from __future__ import annotations

import pandas as pd

from mel_core.secret.publication import fondre
from mel_core.secret.regroupement import regrouper


def cellules(*lignes: tuple[str, str, int, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(lignes, columns=["commune", "territoire", "n", "n_connus", "numerateur"])
    return table.assign(
        n_inconnus=table["n"] - table["n_connus"], part=table["numerateur"] / table["n_connus"], verdict="atteint"
    )


def lignes_vues(table: pd.DataFrame) -> pd.DataFrame:
    groupes = regrouper(table, "commune", "territoire")
    return fondre(table.drop(columns="territoire"), groupes, "commune")


def test_a_group_adds_its_counts_and_has_a_share_but_no_verdict() -> None:
    vues = lignes_vues(
        cellules(("Roubaix", "Est", 900, 800, 480), ("Lannoy", "Est", 8, 8, 3), ("Toufflers", "Est", 7, 4, 3))
    )
    assert vues["ligne"].tolist() == ["Roubaix", "Est"]
    groupe = vues.iloc[1]
    assert (groupe["n"], groupe["n_connus"], groupe["n_inconnus"], groupe["n_cellules"]) == (15, 12, 3, 2)
    assert groupe["part"] == 6 / 12
    assert pd.isna(groupe["verdict"])
    assert vues.iloc[0]["verdict"] == "atteint"


def test_lines_add_up_to_the_whole_table() -> None:
    table = cellules(("Roubaix", "Est", 900, 800, 480), ("Hem", "Est", 40, 40, 20), ("Lannoy", "Est", 8, 8, 3))
    vues = lignes_vues(table)
    assert vues["n"].sum() == 948
    assert vues["n_cellules"].sum() == 3


def test_a_masked_line_says_nothing_but_how_many_cells_it_holds() -> None:
    vues = lignes_vues(cellules(("Lannoy", "Est", 3, 3, 1), ("Toufflers", "Est", 4, 4, 1)))
    assert vues.loc[0, "n_cellules"] == 2
    assert vues.loc[0, ["n", "n_connus", "numerateur", "part"]].isna().all()
