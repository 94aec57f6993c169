"""docs/import.md says what the application does: the text that is committed is the one written today."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat import regles
from mel_core.contrat.classeurs_a_remplir import ENVOIS
from mel_core.contrat.regles import Regle
from mel_core.contrat.tables import TABLES
from scripts.documenter_import import write_documentation

DOCS = Path(__file__).resolve().parents[2] / "docs"
PUBLIE = (DOCS / "import.md").read_text(encoding="utf-8")
REGLES = [r for r in vars(regles).values() if isinstance(r, Regle)]


def test_the_published_document_is_the_one_of_the_rules_of_today() -> None:
    assert write_documentation() == PUBLIE


@pytest.mark.parametrize("page", list(ENVOIS))
def test_what_each_sends_is_a_page_of_its_own_with_each_column_of_its_workbook(page: str) -> None:
    publiee = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert write_documentation(page) == publiee
    assert "{" not in publiee
    assert f"modele-{page}.xlsx" in publiee
    for table in ENVOIS[page]:
        partie = publiee.split(f" : `{table}`\n")[1].split("\n## ")[0]
        dites = {ligne.split("`")[1] for ligne in partie.splitlines() if ligne.startswith("| `")}
        assert dites == set(TABLES[table].noms)


def test_nothing_is_left_to_fill() -> None:
    assert "{" not in PUBLIE
    assert "}" not in PUBLIE


@pytest.mark.parametrize("regle", REGLES, ids=lambda r: f"{r.nom}-{r.gravite}")
def test_each_rule_is_there_with_what_to_do(regle: Regle) -> None:
    assert f"`{regle.nom}`" in PUBLIE
    for ligne in PUBLIE.split("## Les tables")[0].splitlines():
        if ligne.startswith(f"| `{regle.nom}` |"):
            constat, remede = ligne.strip("| ").split(" | ")[1:]
            assert min(len(constat), len(remede)) > 8


def test_each_column_of_the_contract_is_there() -> None:
    for table in TABLES.values():
        partie = PUBLIE.split(f"### {table.nom}\n")[1].split("###")[0]
        assert [ligne.split("`")[1] for ligne in partie.splitlines() if ligne.startswith("| `")] == list(table.noms)
