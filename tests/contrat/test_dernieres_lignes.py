"""The last rows of a file: a note is set apart, a row of data that is badly cut blocks as it does in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.rapport import Gravite
from tests.contrat.dessins import bilan, faits
from tests.contrat.test_bureaux import ENTETE, attributions, controle, dites, une


@pytest.mark.parametrize("mal_coupee", [une(3, "59350"), "Champ de Mars 3;9990000000;2017-09-30", "A 3;9990000"])
@pytest.mark.parametrize("separateur", [",", "\t", "|"])
def test_the_last_rows_cut_by_another_separator_or_cut_short_block_as_in_the_middle(
    tmp_path: Path, mal_coupee: str, separateur: str
) -> None:
    """Each holds a space, as a sentence does: a note would be set apart, and the row lost without a word."""
    coupee = mal_coupee.replace("A3", "A 3").replace(";", separateur)
    au_dessus = [une(n).replace("A", "A ") for n in (1, 2)]
    if mal_coupee.startswith("Champ"):
        au_dessus = [ligne.replace("A", "Cité Blum ") for ligne in au_dessus]
    for lignes in ([*au_dessus, coupee], [*au_dessus, coupee, coupee], [au_dessus[0], coupee, au_dessus[1]]):
        lue = controle(tmp_path, attributions(*lignes))
        assert [f[0] for f in faits(lue, Gravite.BLOQUANT)][:1] == ["illisible"]


def test_a_row_of_another_separator_that_a_spreadsheet_widened_is_rejected_and_no_note(tmp_path: Path) -> None:
    elargie = une(2).replace("A", "A ").replace(";", ",") + ";" * (len(ENTETE) - 1)
    assert bilan(controle(tmp_path, attributions(une(1).replace("A", "A "), elargie)), "attributions")[:3] == (2, 1, 1)


@pytest.mark.parametrize(
    "note",
    ["Source : SNE, extrait du 12 mars 2017, MEL", "Données 2017, provisoires, hors Lomme", "(1) hors PLS;2017"],
)
def test_a_note_of_several_commas_under_the_data_stays_one(tmp_path: Path, note: str) -> None:
    jeu = controle(tmp_path, attributions(une(1), une(2), note))
    assert [f[0] for f in dites(jeu)] == ["ligne_a_part"]
