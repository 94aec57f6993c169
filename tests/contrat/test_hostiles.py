"""Files that harm or mislead: each is explained in a sentence, none is read by halves, none raises a traceback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.rapport import Gravite, Jeu
from tests.contrat.dessins import AUJOURDHUI, PROPRE, faits, write
from tests.contrat.ecriture import zipper

ENTETE = b"code_bailleur;nom\n"


def refuse(jeu: Jeu) -> list[tuple[int | None, str]]:
    """Everything is blocking, unreadable, and nothing is kept."""
    assert {(a.regle, a.gravite) for a in jeu.rapport.anomalies} == {("illisible", Gravite.BLOQUANT)}
    assert jeu.tables == {}
    assert all(b.lues == 0 for b in jeu.rapport.tables.values())
    return [(a.ligne, a.message) for a in jeu.rapport.anomalies]


CSV = {
    "empty": (b"", None, "vide"),
    "blank lines only": (b"\n\n  \n", None, "vide"),
    "quote never closed": (ENTETE + b'B1;x\nB2;"y\nB3;z\n', 3, "guillemet"),
    "quote never closed over more than a cell": (ENTETE + b'B1;"' + b"y\n" * 6_000, 2, "10\u202f000 caractères"),
    "text after a closing quote": (ENTETE + b'B1;"x" y\n', 2, "guillemet"),
    "quote never closed in the header": (b'code_bailleur;"nom\nB1;x\n', 1, "guillemet"),
    "cell of ten thousand and one characters": (ENTETE + b"B1;" + b"y" * 10_001 + b"\n", 2, "10\u202f000 caractères"),
    "null character": (ENTETE + b"B1;x\nB2;y\0z\n", 3, "caractère nul"),
    "utf-16 without mark": ("code_bailleur;nom\nB1;x\n".encode("utf-16-le"), 1, "caractère nul"),
    "line without end": (ENTETE + b"B1;x\n" + b"B2;" + b"z" * 2_200_000, 3, "million"),
    "line without end, over several blocks": (ENTETE + b'B1;"' + b"z," * 3_000_000, 2, "million"),
    "one cell too many": (ENTETE + b"B1;x\nB2;y;z\nB3;z\n", 3, "3 cellules"),
    "one cell too few": (ENTETE + b"B1\n", 2, "1 cellule quand"),
    "a byte that no encoding reads": (ENTETE + b"B1;\x81\xff\n", None, "Windows-1252"),
    "utf-16 cut in the middle of a character": ("code_bailleur;nom\n".encode("utf-16") + b"B", None, "Unicode"),
    "more columns than any table": (b";".join([b"nom%d" % n for n in range(1_001)]), 1, "mille colonnes"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 3, "caractère nul"),
}


@pytest.mark.parametrize(("contenu", "ligne", "dit"), CSV.values(), ids=CSV)
def test_a_csv_that_can_not_be_read_is_refused_whole(
    tmp_path: Path, contenu: bytes, ligne: int | None, dit: str
) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(contenu)
    ((ou, message),) = refuse(check(tmp_path, aujourdhui=AUJOURDHUI))
    assert ou == ligne
    assert dit in message
    assert message.endswith(".")


def test_a_cell_of_exactly_ten_thousand_characters_is_read(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(ENTETE + b"B1;" + b"y" * 10_000 + b"\n")
    assert check(tmp_path, aujourdhui=AUJOURDHUI).tables["bailleurs"].num_rows == 1


def test_a_line_just_under_a_million_characters_is_cut_by_its_cells_not_by_its_length(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(ENTETE + b"B1" + b";x" * 499_000 + b"\n")
    ((ligne, message),) = refuse(check(tmp_path, aujourdhui=AUJOURDHUI))
    assert (ligne, "499" in message) == (2, True)


def test_every_ragged_line_is_listed_then_counted_after_a_thousand(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(ENTETE + b"B1;x\n" + b"B2;y;z\n" * 1_003)
    refusees = refuse(check(tmp_path, aujourdhui=AUJOURDHUI))
    assert [ligne for ligne, _ in refusees] == [None, *range(3, 1_003)]
    assert "3 autres lignes" in refusees[0][1]


def test_an_unreadable_file_does_not_hide_what_is_wrong_with_the_others(tmp_path: Path) -> None:
    write(tmp_path, PROPRE)
    (tmp_path / "bailleurs.csv").write_bytes(ENTETE + b"B1\n")
    (tmp_path / "quartiers.csv").write_text("code_quartier;nom;code_insee\nQ1;Centre;75056\n", encoding="utf-8")
    trouves = faits(check(tmp_path, aujourdhui=AUJOURDHUI))
    assert ("illisible", 2, None, None) in trouves
    assert ("commune_hors_mel", 2, "code_insee", "75056") in trouves
    # Nobody can say whether a bailleur is known: nothing is said.
    assert "bailleur_inconnu" not in [t[0] for t in trouves]


def test_a_formula_in_a_cell_is_a_text_like_another(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_text("code_bailleur;nom\nB1;=CMD|'/c calc'!A0\n", encoding="utf-8")
    assert check(tmp_path).tables["bailleurs"]["nom"].to_pylist() == ["=CMD|'/c calc'!A0"]


@pytest.mark.parametrize(
    "nom", ["../bailleurs.csv", "/etc/bailleurs.csv", "C:/bailleurs.csv", "jeu\\..\\bailleurs.csv"]
)
def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path: Path, nom: str) -> None:
    chemin = zipper(tmp_path / "jeu.zip", {"demandes.csv": b"x", nom: ENTETE})
    ((_, message),) = refuse(check(chemin))
    assert "Chemin interdit" in message


def test_a_bomb_is_refused_on_what_it_declares(tmp_path: Path) -> None:
    ((_, message),) = refuse(check(zipper(tmp_path / "jeu.zip", {"bailleurs.csv": ENTETE + b"B1;x\n" * 4_000_000})))
    assert "100 fois" in message


def test_a_bomb_that_lies_about_its_size_never_gives_more_than_it_declares(tmp_path: Path) -> None:
    contenu = ENTETE + b"B1;x\n" * 400_000
    tampon = io.BytesIO(zipper(tmp_path / "jeu.zip", {"bailleurs.csv": contenu}).read_bytes())
    octets = tampon.getvalue().replace(len(contenu).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    (tmp_path / "jeu.zip").write_bytes(octets)
    ((_, message),) = refuse(check(tmp_path / "jeu.zip"))
    assert "abîmée" in message


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    ((_, message),) = refuse(check(zipper(tmp_path / "jeu.zip", {f"{n}.csv": b"" for n in range(1_001)})))
    assert "fichiers" in message


def test_an_archive_too_big_once_open_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mel_core.contrat.lecture.fichiers.TAILLE_ARCHIVE_MAX", 1 << 20)
    gros = bytes(range(1, 128)) * 10_000
    ((_, message),) = refuse(check(zipper(tmp_path / "jeu.zip", {"bailleurs.csv": gros})))
    assert "1 Mo" in message


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_truncated_archive_is_refused(tmp_path: Path, part: float) -> None:
    entier = zipper(tmp_path / "jeu.zip", {"bailleurs.csv": ENTETE + bytes(range(32, 127)) * 50}).read_bytes()
    (tmp_path / "jeu.zip").write_bytes(entier[: int(len(entier) * part)])
    ((_, message),) = refuse(check(tmp_path / "jeu.zip"))
    assert "abîmée ou incomplète" in message


def test_an_archive_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    chemin = tmp_path / "jeu.zip"
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("bailleurs.csv", ENTETE + b"B1;x\n")
    chemin.write_bytes(chemin.read_bytes().replace(b"B1;x", b"B1;y"))  # the checksum no longer holds
    ((_, message),) = refuse(check(chemin))
    assert "abîmée" in message


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    chemin = zipper(tmp_path / "jeu.zip", {"bailleurs.csv": ENTETE})
    octets = bytearray(chemin.read_bytes())
    octets[octets.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted entry, in the directory
    chemin.write_bytes(octets)
    ((_, message),) = refuse(check(chemin))
    assert "mot de passe" in message


def test_a_table_buried_too_deep_is_ignored_and_said(tmp_path: Path) -> None:
    chemin = zipper(tmp_path / "jeu.zip", {"bailleurs.csv": ENTETE, "a/b/demandes.csv": b"numero_unique\n"})
    assert faits(check(chemin)) == [("fichier_ignore", None, None, "a/b/demandes.csv")]
