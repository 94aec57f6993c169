"""A report quotes cells, except what would name an applicant."""

from __future__ import annotations

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.table_lue import montrable


@pytest.mark.parametrize(
    ("colonne", "valeur", "dite"),
    [
        ("numero_unique", "059091712345610590", "059…90"),
        ("numero_unique", "12", "12"),
        ("numero_unique", None, None),
        ("id_evenement", "059091712345610590", "059091712345610590"),
    ],
)
def test_a_numero_unique_is_shortened_and_the_rest_quoted_as_found(colonne, valeur, dite):
    assert montrable(colonne, valeur) == dite


def test_no_sentence_and_no_value_of_a_report_holds_a_whole_numero_unique(tmp_path):
    numero = "059091712345610590"
    (tmp_path / "demandes.csv").write_text(
        f"numero_unique,date_creation,etat,n_personnes\n{numero},2017-01-01,ACTIVE,1\n{numero},2017-01-02,ACTIVE,1\n",
        encoding="utf-8",
    )
    (tmp_path / "evenements.csv").write_text(
        "id_evenement,numero_unique,type,date_survenance\nE1,059091799999910590,VISITE,2017-02-01\n", encoding="utf-8"
    )
    anomalies = check(tmp_path).rapport.anomalies
    assert {"doublon_different", "demande_inconnue"} <= {a.regle for a in anomalies}
    for a in anomalies:
        assert "0590917" not in f"{a.valeur} {a.message}"
