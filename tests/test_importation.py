"""What a check leaves out is approved with its counts: the counts approved are those published."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.importation import AccordPerime, importer

BAILLEURS = "code_bailleur;nom\nB1;Un\n"
# A1 twice (a duplicate), a 31st of February and an unknown bailleur (two rows out): 5 = 2 + 2 + 1.
ATTRIBUTIONS = """id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation
A1;999000000000000001;30/09/2017;59350;B1;N
A1;999000000000000001;30/09/2017;59350;B1;N
A2;999000000000000002;31/02/2017;59350;B1;N
A3;999000000000000003;30/09/2017;59350;B9;N
A4;999000000000000004;30/09/2017;59350;B1;N
"""


@pytest.fixture
def jeu(tmp_path: Path) -> Path:
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    (dossier / "attributions.csv").write_text(ATTRIBUTIONS, encoding="utf-8")
    return dossier


def test_the_report_says_which_tables_lose_rows(jeu: Path, tmp_path: Path) -> None:
    rapport = importer(jeu, Entrepot(tmp_path / "donnees")).rapport
    assert rapport.ecartees == {"attributions": (2, 1)}


def test_the_rows_approved_are_those_left_out(jeu: Path, tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    assert importer(jeu, entrepot, accord={"attributions": (2, 1)}).a_change
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        assert len(lecteur.query("select * from attributions_qualifiees")) == 2


@pytest.mark.parametrize(
    "accord", [{}, {"attributions": (1, 1)}, {"attributions": (2, 0)}, {"attributions": (2, 1), "bailleurs": (1, 0)}]
)
def test_other_counts_than_those_approved_publish_nothing_and_say_what_is_left_out(
    jeu: Path, tmp_path: Path, accord: dict[str, tuple[int, int]]
) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    with pytest.raises(AccordPerime, match="1\u00a0doublon et 2\u00a0lignes rejetées dans «\u00a0attributions\u00a0»"):
        importer(jeu, entrepot, accord=accord)
    assert entrepot.instantane() is None


def test_the_command_line_publishes_without_asking(jeu: Path, tmp_path: Path) -> None:
    assert importer(jeu, Entrepot(tmp_path / "donnees")).a_change


def test_nothing_left_out_asks_for_nothing(jeu: Path, tmp_path: Path) -> None:
    (jeu / "attributions.csv").write_text(ATTRIBUTIONS.split("A1;")[0], encoding="utf-8")
    assert importer(jeu, Entrepot(tmp_path / "donnees"), accord={}).a_change
