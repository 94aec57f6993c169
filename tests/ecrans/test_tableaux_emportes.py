"""A table taken away as CSV: its numbers as precise as on screen, a French spreadsheet's; its name says of what."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.socle import langue
from mel_core.socle.valeurs import Compte, Ecart
from pages.commun import widgets


def emportes(valeurs: list[Any], fonction: widgets.Format | None) -> list[str]:
    table = pd.DataFrame({"Lieu": "A", "Valeur": pd.Series(valeurs, dtype=object)})
    octets = widgets.en_csv(table, {"Valeur": fonction} if fonction else {})
    assert octets.startswith(b"\xef\xbb\xbfLieu;Valeur\n")
    return [x[1] for x in list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))[1:]]


@pytest.mark.parametrize(
    ("valeurs", "fonction", "attendus"),
    [
        ([182.27369999999996, 5.0, 1204, 0], langue.nombre, ["182", "5", "1204", "0"]),
        ([0.61349, Fraction(1, 2), 1.0], langue.part, ["0,613", "0,5", "1"]),  # 61,3 %, 50 %, 100 %
        ([-3.44, 0.0], langue.ecart, ["-3,4", "0"]),
        ([2.25, 100.0], lambda v: langue.nombre(v, 1), ["2,3", "100"]),
        ([None, float("nan"), pd.NA], langue.nombre, ["", "", ""]),
        ([Compte(tus=12), Ecart(Compte(70), Compte(14))], langue.nombre, ["12 ou moins", "+70 −14"]),
        (["oui", 2.0, 1.1000000000000001], None, ["oui", "2", "1,1"]),
        (["=1+1", "@x", -2.0], None, ["'=1+1", "'@x", "-2"]),  # names come from the files imported
    ],
)
def test_a_number_is_as_precise_as_on_screen_and_a_count_is_whole(
    valeurs: list[Any], fonction: widgets.Format | None, attendus: list[str]
) -> None:
    assert emportes(valeurs, fonction) == attendus


@pytest.mark.parametrize("dtype", ["float64", "Float64", "Int64", "int64"])
def test_whatever_keeps_a_count_it_is_whole(dtype: str) -> None:
    octets = widgets.en_csv(pd.DataFrame({"n": pd.Series([5, 12], dtype=dtype)}), {"n": langue.nombre})
    assert octets.decode("utf-8-sig") == "n\n5\n12\n"


def test_a_gap_beside_one_that_is_not_known_is_whole_too() -> None:
    gaps = pd.DataFrame({"n": pd.Series([Ecart(Compte(305), Compte(0)), Ecart()], dtype=object)})
    assert widgets.en_csv(gaps, {"n": str}).decode("utf-8-sig") == 'n\n305\n""\n'


@pytest.mark.parametrize(
    ("adresse", "nom"),
    [
        ({"seance": "2017S2", "ici": "ICI 2"}, "par-acteur-2017S2-ici-2.csv"),
        ({"seance": "2017S2", "ici": "MEL"}, "par-acteur-2017S2-mel.csv"),
        ({}, "par-acteur.csv"),
    ],
)
def test_its_file_is_named_with_the_seance_and_the_ici(adresse: dict[str, str], nom: str) -> None:
    essai = AppTest.from_string(
        "import streamlit as st\nfrom pages.commun import widgets\nst.text(widgets.nom_de_fichier('Par acteur'))"
    )
    essai.query_params.update(adresse)
    assert essai.run().text[0].value == nom


def test_a_column_is_read_by_its_heading_and_by_what_it_holds() -> None:
    table = pd.DataFrame(
        {
            "Lieu": ["A", "B"],
            "Baux": [Compte(1204), Compte(tus=12)],
            "Part vacante": [0.613, None],
            "Part de celui-ci": ["62 %", "—"],
            "Écart (points)": [-3.44, 0.0],
            "Écart (attributions)": [Ecart(Compte(70), Compte(14)), Ecart()],
            "Est bâti": [True, False],
            "Vide": [None, None],
        }
    )
    formats = widgets.formats_de(table)
    lus = {c: formats[c](table[c][0]).replace("\u202f", " ").replace("\u00a0", " ") for c in formats}
    assert lus == {
        "Baux": "1 204",
        "Part vacante": "61,3 %",
        "Écart (points)": "−3,4",
        "Écart (attributions)": "+70 −14",
    }
