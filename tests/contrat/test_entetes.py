"""The header: no row of data is taken for one, and no identifier is printed as the name of a column."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.entete import find_entete
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Gravite, Rapport
from tests.contrat.dessins import AUJOURDHUI

CONNUS = frozenset({"mutation", "actif", "rang", "type", "codeinsee", "codebailleur"})
INCONNUS = ["Réf.", "NUD", "Signé le", "Ville", "Organisme", "Nature"]
DONNEES = st.tuples(
    st.from_regex(r"A[0-9]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9]{18}", fullmatch=True),
    st.dates().map(lambda jour: f"{jour:%d/%m/%Y}"),
    st.sampled_from(["Lille", "59350", "Roubaix"]),
    st.sampled_from(["Vilogia", "B1"]),
    st.sampled_from(["Mutation", "Actif", "Type", "1er accès"]),
)
TITRES = st.sampled_from([("Attributions 2017",), ("Bailleur", "Vilogia"), ("Type", "extraction"), ("Édité le",)])


@given(titres=st.lists(TITRES, max_size=3), donnees=st.lists(DONNEES, min_size=3, max_size=30))
def test_the_header_is_found_among_words_that_are_also_names_of_columns(
    titres: list[tuple[str, ...]], donnees: list[tuple[str, ...]]
) -> None:
    rangees = [*(t + ("",) * (6 - len(t)) for t in titres), tuple(INCONNUS), *donnees]
    tete = [(rang, list(cellules)) for rang, cellules in enumerate(rangees, start=1)][:40]
    assert tete[find_entete(tete, CONNUS)][1] == INCONNUS


def rapport_de(tmp_path: Path, *lignes: str) -> Rapport:
    (tmp_path / "Vilogia.csv").write_text("\n".join(lignes) + "\n", encoding="utf-8")
    return check([Donne(tmp_path / "Vilogia.csv", "attributions")], aujourdhui=AUJOURDHUI).rapport


def dit(rapport: Rapport) -> str:
    return repr([(a.colonne, a.valeur, a.message) for a in rapport.anomalies]) + repr(rapport.colonnes)


LIGNE = "A1;999012345678901234;30/09/2017;Lille;Vilogia;Mutation"


def test_a_word_of_the_contract_in_a_row_of_data_makes_no_header_of_it(tmp_path: Path) -> None:
    rapport = rapport_de(tmp_path, ";".join(INCONNUS), LIGNE, LIGNE.replace("A1", "A2"))
    assert [c.entete for c in rapport.colonnes["Vilogia.csv"]] == INCONNUS
    assert "999012345678901234" not in dit(rapport)  # nor among the values shown of a column that nobody knows


@pytest.mark.parametrize("n", [1, 3])
def test_a_file_without_a_header_is_refused_in_one_sentence_that_quotes_no_cell(tmp_path: Path, n: int) -> None:
    rapport = rapport_de(tmp_path, *[LIGNE] * n)
    (refus,) = [a for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT]
    assert (refus.regle, refus.ligne) == ("illisible", 1)
    assert "L’en-tête manque" in refus.message
    assert "99901" not in dit(rapport)


def test_a_sheet_without_a_header_is_refused_alike(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "Vilogia.xlsx") as classeur:
        classeur.add_worksheet("Feuil1").write_row(0, 0, LIGNE.split(";"))
    rapport = check([Donne(tmp_path / "Vilogia.xlsx", "attributions")], aujourdhui=AUJOURDHUI).rapport
    assert ["L’en-tête manque" in a.message for a in rapport.anomalies] == [True]


def test_an_identifier_in_the_header_is_the_name_of_no_column(tmp_path: Path) -> None:
    entete = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;999012345678901234"
    rapport = rapport_de(tmp_path, entete, f"{LIGNE.replace('Mutation', 'oui')};x")
    assert "99901" not in dit(rapport)
    assert any("Sans nom dans l’en-tête, 1" in a.message for a in rapport.anomalies)


@pytest.mark.parametrize("noms", [["2016", "2017"], ["20 %", "40 %"], ["1", "2"], ["Au", "Solde", "31/12/2017", "Vu"]])
def test_years_and_classes_are_names_of_columns_where_a_number_is_not(tmp_path: Path, noms: list[str]) -> None:
    rapport = rapport_de(tmp_path, ";".join(["Réf.", *noms]), "A1;1 200;13,5" + ";" * (len(noms) - 2))
    assert [c.entete for c in rapport.colonnes["Vilogia.csv"]] == ["Réf.", *noms]
