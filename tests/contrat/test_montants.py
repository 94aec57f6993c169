"""Amounts of money as offices write them (contract §1): `12.500` is a question, −1 is told, 1e308 goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from inline_snapshot import snapshot

from mel_core.contrat.controle import check
from mel_core.contrat.mapping import Mapping, en_toml, merge
from mel_core.contrat.questions import answer, questions
from mel_core.contrat.rapport import Gravite
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import AUJOURDHUI, avec, bilan, controler_dessins, faits, la

DEMANDES = """
    numero_unique ; date_creation ; etat   ; n_personnes ; categorie_menage ; n_uc  ; revenu_fiscal
    D1            ; 2015-03-31    ; ACTIVE ; 2           ; 2                ; 1,500 ; {}
    D2            ; 2016-02-29    ; ACTIVE ; 1           ; 1                ; 1     ; {}
"""


def read(dossier: Path, *montants: str, mapping: str = ""):
    options = {"mapping": Mapping.depuis_texte(mapping)} if mapping else {}
    return controler_dessins(dossier, avec(demandes=DEMANDES.format(*montants)), **options)


@pytest.mark.parametrize(("un", "deux"), [("12.500", "8.100"), ("12,500", "900")])
def test_an_amount_that_may_be_thousands_is_a_question_for_the_column(tmp_path: Path, un: str, deux: str) -> None:
    jeu = read(tmp_path, un, deux)
    question = la(jeu, "montant_ambigu")
    assert (question.gravite, question.ligne, question.colonne, question.valeur) == (
        Gravite.BLOQUANT,
        2,
        "revenu_fiscal",
        un,
    )
    lignes = "2\u00a0lignes" if deux == "8.100" else "1\u00a0ligne"
    assert f"({lignes}) : 12\u202f500 ou 12,5 ?" in question.message
    assert '[demandes.nombres], revenu_fiscal = "milliers" ou "decimales"' in question.message
    assert jeu.tables == {}


@pytest.mark.parametrize(
    ("reponse", "lus"), [("milliers", [12500.0, 1234567.5, 900.5]), ("decimales", [12.5, None, 900.5])]
)
def test_the_answer_reads_the_whole_column(tmp_path: Path, reponse: str, lus: list[float]) -> None:
    mapping = f'[demandes.nombres]\nrevenu_fiscal = "{reponse}"\n'
    dessin = DEMANDES.format("12.500", "1.234.567,50").rstrip() + "\n    D3 ; 2016-01-01 ; ACTIVE ; 1 ; 1 ; 1 ; 900,5\n"
    jeu = controler_dessins(tmp_path, avec(demandes=dessin), mapping=Mapping.depuis_texte(mapping))
    # Decimals read one separator only: « 1.234.567,50 » is then no number, and its row goes out.
    assert jeu.tables["demandes"]["revenu_fiscal"].to_pylist() == [v for v in lus if v is not None]
    assert [f[:3] for f in faits(jeu, Gravite.REJET)] == ([] if None not in lus else [("type", 3, "revenu_fiscal")])


def test_what_can_only_be_decimals_is_read_without_a_question(tmp_path: Path) -> None:
    # Under one, over three digits before the sign, or not three after it; unités de consommation are no amount.
    jeu = read(tmp_path, "0.500", "1234.500")
    assert jeu.tables["demandes"]["revenu_fiscal"].to_pylist() == [0.5, 1234.5]
    assert jeu.tables["demandes"]["n_uc"].to_pylist() == [1.5, 1.0]


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("12 500,00 €", 12500.0),
        ("12\u00a0500,00\u00a0€", 12500.0),
        ("12\u202f500,00\u202f€", 12500.0),
        ("12500€", 12500.0),
        ("€ 12 500", 12500.0),
        ("12 500.50 EUR", 12500.5),
        ("900 euros", 900.0),
        ("1 euro", 1.0),
    ],
)
def test_an_amount_with_its_euros_is_the_amount(tmp_path: Path, ecrit: str, lu: float) -> None:
    jeu = read(tmp_path, ecrit, "900")
    assert jeu.tables["demandes"]["revenu_fiscal"].to_pylist() == [lu, 900.0]


@pytest.mark.parametrize("ecrit", ["12 k€", "12 500 $", "€", "12 500 € par an", "12 € 50"])
def test_what_is_no_amount_in_euros_goes_out(tmp_path: Path, ecrit: str) -> None:
    assert faits(read(tmp_path, ecrit, "900"), Gravite.REJET) == [("type", 2, "revenu_fiscal", ecrit)]


def test_the_sign_of_the_euro_does_not_settle_what_reads_two_ways(tmp_path: Path) -> None:
    assert "(1\u00a0ligne) : 12\u202f500 ou 12,5 ?" in la(read(tmp_path, "12.500 €", "900"), "montant_ambigu").message
    lue = read(tmp_path, "12.500 €", "900", mapping='[demandes.nombres]\nrevenu_fiscal = "milliers"\n')
    assert lue.tables["demandes"]["revenu_fiscal"].to_pylist() == [12500.0, 900.0]


def test_only_a_column_of_money_is_read_with_euros(tmp_path: Path) -> None:
    dessin = DEMANDES.replace("1,500", "1,5 €").format("900", "900")
    assert faits(controler_dessins(tmp_path, avec(demandes=dessin)), Gravite.REJET) == [("type", 2, "n_uc", "1,5 €")]


def test_a_number_of_a_workbook_is_the_number_that_it_is(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "jeu.xlsx") as classeur:
        feuille = classeur.add_worksheet("demandes")
        feuille.write_row(0, 0, ("numero_unique", "date_creation", "etat", "n_personnes", "revenu_fiscal"))
        feuille.write_row(1, 0, ("D1", "2015-03-31", "ACTIVE"))
        feuille.write_number(1, 3, 2)
        feuille.write_number(1, 4, 12.345)
    jeu = check(tmp_path / "jeu.xlsx", aujourdhui=AUJOURDHUI)
    assert jeu.tables["demandes"]["revenu_fiscal"].to_pylist() == [12.345]


def test_the_question_is_answered_on_screen_like_the_others(tmp_path: Path) -> None:
    (question,) = questions(read(tmp_path, "12.500", "900").rapport)
    assert question.options == ("milliers", "decimales")
    mapping = merge(answer({question: "milliers"}))
    assert en_toml(mapping) == '[demandes.nombres]\n"revenu_fiscal" = "milliers"\n'
    jeu = controler_dessins(tmp_path, avec(demandes=DEMANDES.format("12.500", "900")), mapping=mapping)
    assert jeu.tables["demandes"]["revenu_fiscal"].to_pylist() == [12500.0, 900.0]


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ('revenu_fiscal = "euros"', "« euros »"),
        ('n_personnes = "milliers"', "la plus proche est"),
        ('revenu = "milliers"', "la plus proche est « revenu_fiscal »"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(texte: str, phrase: str) -> None:
    with pytest.raises(AppelIncorrect, match=phrase):
        Mapping.depuis_texte(f"[demandes.nombres]\n{texte}\n")


def test_a_negative_amount_is_told_with_its_line_and_the_row_stays(tmp_path: Path) -> None:
    jeu = read(tmp_path, "-1", "900")
    assert ("montant_negatif", 2, "revenu_fiscal", "-1") in faits(jeu, Gravite.AVERTISSEMENT)
    assert bilan(jeu, "demandes") == (2, 2, 0, 0)


@pytest.mark.parametrize("montant", ["1e308", "1000000001", "99999999999999"])
def test_an_amount_that_nobody_earns_goes_out_with_its_line(tmp_path: Path, montant: str) -> None:
    jeu = read(tmp_path, montant, "1000000000")
    assert faits(jeu, Gravite.REJET) == [("borne", 2, "revenu_fiscal", montant)]
    assert "au plus 1\u202f000\u202f000\u202f000" in la(jeu, "borne").message
    assert bilan(jeu, "demandes") == (2, 1, 1, 0)


def test_a_file_of_two_encodings_is_refused_in_one_sentence_at_its_line(tmp_path: Path) -> None:
    lignes = ["code_bailleur;nom", "B1;Béthune Habitat", "B2;Œuvre d’Hénin"]
    octets = [lignes[0].encode(), lignes[1].encode("cp1252"), lignes[2].encode("utf-8")]
    (tmp_path / "bailleurs.csv").write_bytes(b"\n".join(octets))
    (refus,) = check(tmp_path, aujourdhui=AUJOURDHUI).rapport.anomalies
    assert (refus.regle, refus.ligne) == ("illisible", 3)
    assert refus.message == snapshot(
        "Cette ligne est en UTF-8 et d’autres en Windows-1252, deux fichiers semblent mis bout à bout : enregistrer "
        "chacun au format « CSV UTF-8 », puis les réunir."
    )


@pytest.mark.parametrize("nom", ["CITÉ\u00a0: «\u00a0JOÃO\u00a0»", "L’Âge d’or à 50\u00a0€ – Œuvre"])
def test_a_file_in_windows_1252_alone_is_read_as_it_is(tmp_path: Path, nom: str) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(f"code_bailleur;nom\nB1;{nom}\n".encode("cp1252"))
    assert check(tmp_path, aujourdhui=AUJOURDHUI).tables["bailleurs"]["nom"].to_pylist() == [nom]
