"""The same jeu de données in every form that offices send: the same tables, cell for cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.brut import schema
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Jeu
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees
from tests.contrat.dessins import AUJOURDHUI, PROPRE, avec, bilan, controler_dessins, faits, la, lignes, write
from tests.contrat.ecriture import ecrire_classeur, ecrire_sale, zipper


def meme(jeu: Jeu, autre: Jeu) -> bool:
    return list(jeu.tables) == list(autre.tables) and all(t.equals(autre.tables[nom]) for nom, t in jeu.tables.items())


@pytest.fixture
def propre(tmp_path: Path) -> Jeu:
    return controler_dessins(tmp_path / "propre", PROPRE)


def test_every_column_of_the_contract_is_there_with_its_type(propre: Jeu) -> None:
    assert {nom: t.schema for nom, t in propre.tables.items()} == {nom: schema(t) for nom, t in TABLES.items()}
    assert list(propre.tables) == list(TABLES)


def test_a_missing_column_is_unknown_and_an_empty_label_is_false(tmp_path: Path) -> None:
    dessin = """
        numero_unique ; date_creation ; etat   ; n_personnes ; categorie_menage ; aci  ; dalo
        D1            ; 2015-03-31    ; ACTIVE ; 2           ; 2                ; true ; false
        D2            ; 2016-02-29    ; ACTIVE ; 1           ; 1                ;      ; true
    """
    jeu = controler_dessins(tmp_path, avec(demandes=dessin))
    demandes = jeu.tables["demandes"]
    assert demandes["aci"].to_pylist() == [True, False]
    assert demandes["dalo"].to_pylist() == [False, True]
    assert demandes["npru"].to_pylist() == [None, None]
    assert jeu.colonnes_presentes["demandes"] >= {"aci", "dalo"}
    assert "npru" not in jeu.colonnes_presentes["demandes"]
    absentes = ("pdalhpd", "mutation_bloquee", "npru")
    assert [f for f in faits(jeu) if f[0] == "etiquette_absente"] == [
        ("etiquette_absente", None, nom, None) for nom in absentes
    ]


def test_dirty_files_give_the_same_tables(propre: Jeu, tmp_path: Path) -> None:
    jeu = check(ecrire_sale(tmp_path / "sale", PROPRE), aujourdhui=AUJOURDHUI)
    assert meme(jeu, propre)
    assert {nom: bilan(jeu, nom) for nom in PROPRE} == {
        nom: (2 * n, n, 0, n) for nom, n in ((nom, len(lignes(d)) - 1) for nom, d in PROPRE.items())
    }
    assert {f[0] for f in faits(jeu)} == {"colonne_inconnue"}


def test_a_workbook_gives_the_same_tables(propre: Jeu, tmp_path: Path) -> None:
    jeu = check(ecrire_classeur(tmp_path / "jeu.xlsx", PROPRE), aujourdhui=AUJOURDHUI)
    assert meme(jeu, propre)
    assert faits(jeu) == []


@pytest.mark.parametrize("dossier", ["", "jeu de 2017/"])
def test_a_zip_gives_the_same_tables_with_or_without_a_folder_around(propre: Jeu, tmp_path: Path, dossier: str) -> None:
    fichiers = {f"{dossier}{f.name}": f.read_bytes() for f in (tmp_path / "propre").iterdir()}
    fichiers |= {f"{dossier}LISEZMOI.txt": b"bonjour", "__MACOSX/._demandes.csv": b"\0", ".DS_Store": b"\0"}
    jeu = check(zipper(tmp_path / "jeu.zip", fichiers), aujourdhui=AUJOURDHUI)
    assert meme(jeu, propre)
    assert faits(jeu) == [("fichier_ignore", None, None, f"{dossier}LISEZMOI.txt")]


@pytest.mark.parametrize("suffixe", [".csv", ".txt", ".tsv", ".CSV"])
def test_the_texts_of_an_archive_given_to_a_table_are_its_own_whatever_their_suffix(
    tmp_path: Path, suffixe: str
) -> None:
    envois = {f"{nom}{suffixe}": f"code_bailleur\tnom\n{nom}\t{nom}\n".encode() for nom in ("B1", "B2")}
    jeu = check([Donne(zipper(tmp_path / "envois.zip", envois), "bailleurs")], aujourdhui=AUJOURDHUI)
    assert jeu.tables["bailleurs"]["code_bailleur"].to_pylist() == ["B1", "B2"]


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_are_found(tmp_path: Path, separateur: str, encodage: str, fin: str) -> None:
    texte = f'code_bailleur{separateur}nom{fin}B1{separateur}"Été ; à, Lille"{fin}'
    (tmp_path / "bailleurs.csv").write_bytes(texte.encode(encodage))
    jeu = check(tmp_path, aujourdhui=AUJOURDHUI)
    assert jeu.tables["bailleurs"].to_pylist() == [{"code_bailleur": "B1", "nom": "Été ; à, Lille"}]


def test_utf16_in_the_other_order_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_bytes(b"\xfe\xff" + "code_bailleur;nom\nB1;É\n".encode("utf-16-be"))
    assert check(tmp_path).tables["bailleurs"]["nom"].to_pylist() == ["É"]


def test_lines_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    # A quoted line feed does not add a line, a blank line does, `;` alone is a row.
    texte = 'code_bailleur;nom\n\nB1;"Bailleur\nun"\n;\n   \nB2;\n'
    (tmp_path / "bailleurs.csv").write_text(texte, encoding="utf-8")
    jeu = check(tmp_path, aujourdhui=AUJOURDHUI)
    assert faits(jeu) == [
        ("cle_vide", 4, "code_bailleur", None),
        ("requise_vide", 6, "nom", None),
    ]
    assert bilan(jeu, "bailleurs") == (3, 1, 2, 0)


def test_rows_keep_their_numbers_over_several_packets(tmp_path: Path) -> None:
    lignes_ = [f"B{n};{'' if n == 4_321 else 'x'}" for n in range(2, 120_002)]
    (tmp_path / "bailleurs.csv").write_text("\n".join(["code_bailleur;nom", *lignes_]), encoding="utf-8")
    jeu = check(tmp_path, aujourdhui=AUJOURDHUI)
    assert faits(jeu) == [("requise_vide", 4_321, "nom", None)]
    assert bilan(jeu, "bailleurs") == (120_000, 119_999, 1, 0)
    assert jeu.tables["bailleurs"]["code_bailleur"].to_pylist()[-1] == "B120001"


def test_one_csv_file_is_a_jeu_of_one_table(tmp_path: Path) -> None:
    write(tmp_path, PROPRE)
    jeu = check(tmp_path / "bailleurs.csv", aujourdhui=AUJOURDHUI)
    assert list(jeu.tables) == ["bailleurs"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "demandes.csv").write_text(";".join(TABLES["demandes"].noms), encoding="utf-8")
    jeu = check(tmp_path, aujourdhui=AUJOURDHUI)
    assert jeu.tables["demandes"].schema == schema(TABLES["demandes"])
    assert bilan(jeu, "demandes") == (0, 0, 0, 0)
    assert faits(jeu) == []


def test_the_same_table_twice_blocks(tmp_path: Path) -> None:
    contenu = b"code_bailleur;nom\nB1;x\n"
    jeu = check(zipper(tmp_path / "jeu.zip", {"bailleurs.csv": contenu, "copie/Bailleurs.csv": contenu}))
    assert la(jeu, "table_double").valeur == "bailleurs"
    assert jeu.tables == {}


def test_a_file_almost_named_after_a_table_is_ignored_with_a_hint(tmp_path: Path) -> None:
    write(tmp_path, PROPRE)
    (tmp_path / "demande.csv").write_text("numero_unique\n", encoding="utf-8")
    assert "« demandes »" in la(check(tmp_path, aujourdhui=AUJOURDHUI), "fichier_ignore").message


def test_nothing_at_the_path_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(AppelIncorrect, match="n’existe pas"):
        check(tmp_path / "absent")


def test_a_folder_or_a_file_without_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DonneesRefusees, match="aucune table"):
        check(tmp_path)
    (tmp_path / "notes.txt").write_text("rien", encoding="utf-8")
    with pytest.raises(DonneesRefusees, match="aucune table"):
        check(tmp_path / "notes.txt")


def test_progress_grows_and_names_what_is_read(tmp_path: Path) -> None:
    dits: list[tuple[str, float]] = []
    controler_dessins(tmp_path, PROPRE, progres=lambda phrase, fraction: dits.append((phrase, fraction)))
    fractions = [f for _, f in dits]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 0.9
    assert "Lecture de demandes.csv" in [phrase for phrase, _ in dits]
