"""A text that leaves by CSV is a text in the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.socle.tableur import csv_par_morceaux, en_csv


def reread(texte: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(texte)))


@pytest.mark.parametrize("tete", ["=", "+", "-", "@", "\t", "\r"])
@given(suite=st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20))
def test_what_would_run_is_quoted_and_nothing_is_lost(tete: str, suite: str) -> None:
    dangereux = tete + suite
    for texte in (en_csv(pd.DataFrame({"motif": [dangereux]})), "".join(csv_par_morceaux(["motif"], [[dangereux]]))):
        assert texte.splitlines()[0] == "motif"
        lue = next(csv.reader(io.StringIO(texte.removeprefix("motif\n"), newline="")))[0]
        assert lue == f"'{dangereux}".replace("\r", "\n")


def test_a_return_inside_a_text_begins_no_row() -> None:
    for retour in ("\r", "\r\n", "\n"):
        texte = en_csv(pd.DataFrame({"motif": [f"refus{retour}=1+1"]}))
        assert texte == 'motif\n"refus\n=1+1"\n'


def test_a_negative_number_stays_a_number() -> None:
    assert reread(en_csv(pd.DataFrame({"ecart": [-3, 4.5]}))) == [["ecart"], ["-3.0"], ["4.5"]]
