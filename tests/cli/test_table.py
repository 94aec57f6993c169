"""`importer --table T=FICHIER[:FEUILLE]`: a file or a sheet of any name given to a table, alone or with others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from inline_snapshot import snapshot

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.questions import SEUL, answer_par_source, questions
from tests.cli.appel import RACINE, Reponse, run, une_phrase

BAILLEURS = "code_bailleur;nom\nB1;Un\nB2;Deux\n"
ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes;revenu_fiscal"


def lignes(bailleur: str, n: int, depuis: int = 0) -> str:
    """Attributions of the second semester of 2017 in Lille to single persons; ids begin at A0 with each bailleur."""
    corps = (
        f"A{i};99900000000000{bailleur[1]}{i:03d};30/09/2017;59350;{bailleur};non;1;4000"
        for i in range(depuis, depuis + n)
    )
    return "\n".join([ENTETE, *corps]) + "\n"


def classeur(chemin: Path, **feuilles: str) -> Path:
    with xlsxwriter.Workbook(chemin) as cahier:
        for nom, texte in feuilles.items():
            feuille = cahier.add_worksheet(nom.replace("_", " "))
            for rang, ligne in enumerate(texte.splitlines()):
                feuille.write_row(rang, 0, ligne.split(";"))
    return chemin


@pytest.fixture
def d(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    return tmp_path


def importer(*mots: str | Path, commande: str = "importer") -> Reponse:
    return run(commande, *mots, "--dossier-donnees", "donnees")


def lu(reponse: Reponse) -> dict[str, Any]:
    assert reponse.returncode == 0, reponse.stderr
    return json.loads(reponse.stdout)


def test_the_files_of_each_bailleur_feed_one_table_and_the_figures_are_those_of_all(d: Path) -> None:
    classeur(d / "Vilogia 2017.xlsx", Feuil_1=lignes("B1", 6), Notes="à ne pas lire")
    (d / "Partenord : S2.csv").write_text(
        "Attributions de Partenord\n\n" + lignes("B2", 4) + "Total;4\n", encoding="utf-8"
    )
    rapport = lu(
        importer(
            "bailleurs.csv",
            "--table",
            "attributions=Vilogia 2017.xlsx:Feuil 1",
            "--json",
            "--table",
            "attributions=Partenord : S2.csv",
        )
    )
    assert list(rapport) == ["tables", "questions", "anomalies"]
    bilan = rapport["tables"]["attributions"]
    del bilan["avertissements"]
    assert bilan == {"lues": 10, "gardees": 10, "rejetees": 0, "doublons": 0, "mises_a_part": 2}
    assert rapport["questions"] == []
    (cellule,) = lu(importer("bas_revenus", "--seance", "2017S2", commande="indicateur"))
    assert (cellule["n"], cellule["n_connus"]) == (10, 10)
    assert lu(importer("bas_revenus", "--seance", "2017S2", "--bailleur", "B2", commande="indicateur"))[0]["n"] == 4


def test_a_file_of_any_name_added_keeps_the_rows_of_the_other_bailleurs(d: Path) -> None:
    (d / "un.csv").write_text(lignes("B1", 6), encoding="utf-8")
    (d / "deux.csv").write_text(lignes("B2", 4), encoding="utf-8")
    lu(importer("--table", "attributions=un.csv", "--table", "bailleurs=bailleurs.csv", "--json"))
    sans = importer("--table", "attributions=deux.csv")
    assert sans.returncode == 1
    assert "perd 1" in sans.stderr
    lu(importer("--table", "attributions=deux.csv", "--ajouter", "--json"))
    assert lu(importer("bas_revenus", "--seance", "2017S2", commande="indicateur"))[0]["n"] == 10


def test_several_jeux_and_paths_on_both_sides_of_an_option_are_read_together(d: Path) -> None:
    for nom, bailleur in (("x", "B1"), ("y", "B2")):
        (d / nom).mkdir()
        (d / nom / "attributions.csv").write_text(lignes(bailleur, 3), encoding="utf-8")
    rapport = lu(importer("x", "--json", "y", "bailleurs.csv", commande="controler"))
    assert rapport["tables"]["attributions"]["lues"] == 6
    assert {a["fichier"] for a in rapport["anomalies"] if a["regle"] == "revenu_absent"} == set()
    assert {a["fichier"] for a in rapport["anomalies"]} == {"x/attributions.csv", "y/attributions.csv"}


def test_a_file_given_to_a_table_from_a_folder_is_read_once_and_no_longer_ignored(d: Path) -> None:
    (d / "Vilogia.csv").write_text(lignes("B1", 3), encoding="utf-8")
    for fichier in ("Vilogia.csv", str(d / "Vilogia.csv")):
        rapport = lu(importer(".", "--table", f"attributions={fichier}", "--json", commande="controler"))
        assert rapport["tables"]["attributions"]["lues"] == 3
        assert "Vilogia.csv" not in [a["valeur"] for a in rapport["anomalies"] if a["regle"] == "fichier_ignore"]


def test_a_workbook_of_one_full_sheet_needs_no_sheet_and_one_of_several_asks_which(d: Path) -> None:
    classeur(d / "une.xlsx", Feuil1=lignes("B1", 3), Feuil2="", Feuil3="")
    classeur(d / "deux.xlsx", Feuil1=lignes("B1", 3), Feuil2=lignes("B2", 3))
    rapport = lu(importer("bailleurs.csv", "--table", "attributions=une.xlsx", "--json", commande="controler"))
    assert rapport["tables"]["attributions"]["gardees"] == 3
    reponse = importer("bailleurs.csv", "--table", "attributions=deux.xlsx", commande="controler")
    assert reponse.returncode == 2
    assert "« Feuil1 », « Feuil2 »" in une_phrase(reponse)


@pytest.mark.parametrize(
    ("donne", "dit"),
    [
        ("attribution=v.csv", "« attributions »"),
        ("attributions=absent.csv", "« absent.csv » n’existe pas"),
        ("attributions=absent.xlsx:Feuil1", "« absent.xlsx » n’existe pas"),
        (r"attributions=C:\Users\a\v.xlsx", r"« C:\Users\a\v.xlsx » n’existe pas"),
        (r"attributions=C:\Users\a\v.xlsx:Feuil1", r"« C:\Users\a\v.xlsx » n’existe pas"),
        ("attributions=v.xlsx:Feuil9", "« Feuil1 », « Autre feuille »"),
        ("attributions=v.xlsx:", "La feuille manque"),
        ("attributions=v.csv:Feuil1", "n’est pas un classeur"),
        ("attributions=.", "est un dossier"),
        ("attributions=", "attend une table et son fichier"),
        ("attributions", "attend une table et son fichier"),
        ("=v.csv", "attend une table et son fichier"),
    ],
)
@pytest.mark.parametrize("commande", ["controler", "importer"])
def test_a_wrong_table_file_or_sheet_is_one_sentence_and_a_wrong_call(
    d: Path, donne: str, dit: str, commande: str
) -> None:
    (d / "v.csv").write_text(lignes("B1", 1), encoding="utf-8")
    classeur(d / "v.xlsx", Feuil1=lignes("B1", 1), Autre_feuille="")
    reponse = importer("--table", donne, commande=commande)
    assert reponse.returncode == 2
    assert dit in une_phrase(reponse)


def test_a_load_of_nothing_is_a_wrong_call(d: Path) -> None:
    reponse = importer()
    assert reponse.returncode == 2
    assert "Aucun fichier" in une_phrase(reponse)


def _bombe(chemin: Path) -> None:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (8 << 20))


def _sortie(chemin: Path) -> None:
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("../a.csv", "x")


@pytest.mark.parametrize(
    ("nom", "fabriquer", "dit"),
    [
        ("a.pdf", lambda c: c.write_bytes(b"%PDF-1.7 \xe2"), "PDF"),
        ("a.csv", lambda c: c.write_bytes(b"%PDF-1.7 \xe2"), "PDF"),
        ("a.png", lambda c: c.write_bytes(b"\x89PNG\r\n\x1a\n"), "une image"),
        ("a.xlsx", lambda c: c.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600)), "mot de passe"),
        ("a.xlsx", lambda c: c.write_text("bonjour"), "n’est pas celui d’un fichier .xlsx"),
        ("a.zip", _bombe, "grossit"),
        ("a.zip", _sortie, "Chemin interdit"),
        ("a.csv", lambda c: c.write_bytes(b""), "vide"),
    ],
)
def test_a_hostile_file_given_to_a_table_is_refused_like_any_other(d: Path, nom: str, fabriquer: Any, dit: str) -> None:
    fabriquer(d / nom)
    reponse = importer("bailleurs.csv", "--table", f"attributions={nom}", "--json")
    assert reponse.returncode == 1
    (refus,) = [a for a in json.loads(reponse.stdout)["anomalies"] if a["gravite"] == "bloquant"]
    assert (refus["regle"], refus["fichier"]) == ("illisible", nom)
    assert dit in refus["message"]


def test_a_question_is_in_the_report_with_its_file_its_answers_and_their_words(d: Path) -> None:
    (d / "export.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;motif\nD1;2016-01-01;ACTIVE;1;Divorce\n", encoding="utf-8"
    )
    reponse = importer("--table", "demandes=export.csv", "--json", commande="controler")
    assert reponse.returncode == 1
    (question,) = json.loads(reponse.stdout)["questions"]
    assert (question["fichier"], question["table"], question["colonne"]) == ("export.csv", "demandes", "motif")
    assert (question["valeur"], question["options"][0]) == ("Divorce", "11")
    assert question["libelles"]["11"] == "divorce, séparation"


def test_the_current_folder_is_called_by_its_name_and_the_refusal_says_how_to_give_a_file_to_a_table(d: Path) -> None:
    (d / "bailleurs.csv").unlink()
    (d / "Vilogia.csv").write_text(lignes("B1", 1), encoding="utf-8")
    reponse = importer(".")
    assert reponse.returncode == 1
    assert f"« {d.name} » ne contient aucune table" in reponse.stderr
    assert "--table attributions=FICHIER" in reponse.stderr


def test_a_mapping_that_does_not_exist_is_answered_with_those_that_ship(d: Path) -> None:
    reponse = importer("bailleurs.csv", "--mapping", "rpl")
    assert reponse.returncode == 2
    assert "« rpl » n’existe pas : choisir sne, rpls, infocentre" in une_phrase(reponse)


def test_adding_a_bailleur_to_those_in_place_writes_nothing_else(d: Path) -> None:
    """DuckDB warns in English of the way in which rows are handed over."""
    (d / "un.csv").write_text(lignes("B1", 2), encoding="utf-8")
    (d / "deux.csv").write_text(lignes("B2", 2), encoding="utf-8")
    lu(importer("bailleurs.csv", "--table", "attributions=un.csv", "--json"))
    reponse = importer("--ajouter", "--table", "attributions=deux.csv", "--json")
    assert (reponse.returncode, reponse.stderr) == (0, "")


def test_a_same_value_rejected_on_many_rows_is_one_line_that_says_how_the_mapping_reads_it(d: Path) -> None:
    texte = lignes("B1", 9).replace(";1;4000", ";1;NC")
    (d / "v.csv").write_text(f"Bilan 2017\n{texte}Total;9\n", encoding="utf-8")
    dit = importer("bailleurs.csv", "--table", "attributions=v.csv", commande="controler").stdout
    (rejet,) = [ligne for ligne in dit.splitlines() if ligne.startswith("[rejet]")]
    assert "ligne 3, revenu_fiscal (et 8 autres lignes)" in rejet.replace("\u00a0", " ")
    assert rejet.endswith('ou dans le mapping, sous [attributions.valeurs.revenu_fiscal], "NC" = "".')
    a_part = [ligne for ligne in dit.splitlines() if "mise à part" in ligne]
    assert len(a_part) == 2  # the title, and the total: not one line for both


def test_the_rpls_file_given_with_the_sne_has_the_codes_of_rpls(d: Path) -> None:
    entete = "IDENT_REP;SIREN;DEPCOM;NUMCONV;FINAN;MODE\n"
    corps = "".join(f"59000000{i:02d};B1;59350;C{i};{f};1\n" for i, f in enumerate(["HLM/O", "PLS/PPLS", "10"]))
    (d / "rpls_2017.csv").write_text(entete + corps, encoding="utf-8")
    rapport = lu(importer("bailleurs.csv", "rpls_2017.csv", "--mapping", "sne", "--json"))
    assert rapport["questions"] == []
    assert rapport["tables"]["residences"]["gardees"] == 3


def test_a_damaged_workbook_is_told_in_french_alone(d: Path) -> None:
    """The reader's own log has no handler on the command line: Python wrote it on the terminal, in English."""
    with zipfile.ZipFile(d / "abime.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<!DOCTYPE l [<!ENTITY a 'b'>]><l>&a;</l>")
    commande = [sys.executable, "-m", "mel_core", "controler", "--table", "attributions=abime.xlsx"]
    fini = subprocess.run(commande, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(RACINE)})
    assert fini.stderr == snapshot("Rien ne serait publié : corriger les anomalies bloquantes, puis recommencer.\n")
    assert "Le classeur ne se lit pas" in fini.stdout


def test_contours_given_as_another_table_are_told_where_they_go(d: Path) -> None:
    (d / "iris.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    dit = importer("--table", "attributions=iris.geojson", commande="controler").stdout
    assert (
        "C’est un JSON ou un GeoJSON (des contours d’IRIS se donnent à la table quartiers, ou aux cartes par la" in dit
    )
    assert "la commande « contours »" in dit
    vide = importer("--table", "quartiers=iris.geojson", commande="controler").stdout
    assert "« iris.geojson » n’est pas une collection de contours" in vide


@pytest.mark.parametrize(
    ("mots", "dit"),
    [
        (("publications", "--comparer", "a1"), "L’option --comparer attend 2 valeurs"),
        (("importer", "--json=3"), "L’option --json n’attend pas de valeur et a reçu « 3 »"),
    ],
)
def test_a_wrong_number_of_values_is_told_in_french(d: Path, mots: tuple[str, ...], dit: str) -> None:
    reponse = run(*mots, "--dossier-donnees", "donnees")
    assert reponse.returncode == 2
    assert dit in une_phrase(reponse)


def test_the_answers_of_the_screen_are_given_to_the_command_line_as_a_folder(tmp_path: Path) -> None:
    """Two landlords' files of other headers in one load: one mapping could not hold both."""
    un = lignes("B1", 2).replace("numero_unique", "NUD").replace("code_bailleur;", "").replace(";B1;", ";")
    (tmp_path / "Vilogia.csv").write_text(un, encoding="utf-8")
    (tmp_path / "LMH.csv").write_text(lignes("B2", 3).replace("numero_unique", "Dossier"), encoding="utf-8")
    donnes = [
        Donne(tmp_path / "Vilogia.csv", "attributions"),
        Donne(tmp_path / "LMH.csv", "attributions"),
    ]
    posees = questions(check(donnes).rapport)
    voulues = {"NUD", "Dossier"}
    reponses = answer_par_source(
        {q: f"{SEUL}B1" if q.peut_etre_un_seul else next(o for o in q.options if o in voulues) for q in posees}
    )
    source = next(iter(reponses.par_source))
    reponses = reponses.with_reponses(Reponses({source: Mapping(noms={"B1": "Un", "B2": "Deux"})}))
    correspondances.keep(tmp_path / "var", reponses)
    mots = ["--dossier-donnees", tmp_path / "var", "importer", "--nature", "fictive"]
    mots += [mot for d in donnes for mot in ("--table", f"attributions={d.chemin}")]
    refus = run(*mots)
    assert refus.returncode == 1
    reponse = run(*mots, "--mapping", "infocentre", "--mapping", tmp_path / "var" / "reponses")
    assert reponse.returncode == 0, reponse.stdout
    dit = reponse.stdout.replace("\u00a0", " ")
    assert "attributions : 5 lignes lues = 5 gardées" in dit
    assert "bailleurs : 2 lignes lues = 2 gardées" in dit


def test_a_folder_without_answers_is_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    refus = run("controler", tmp_path / "bailleurs.csv", "--mapping", tmp_path / "vide")
    assert refus.returncode == 2
    assert "« vide »" in une_phrase(refus)


def test_an_objective_of_what_has_none_is_refused_before_anything_is_read(d: Path) -> None:
    cible = '[[cibles]]\nindicateur = "delais"\nvaleur = 0.5\ndepuis = 2017-01-01\nsource = "Avenant"\n'
    (d / "p.toml").write_text(cible, encoding="utf-8")
    refus = importer("bailleurs.csv", "--nature", "fictive", "--parametres", "p.toml")
    assert refus.returncode == 2
    assert "« indicateur » doit être l’un de equilibre, aci" in une_phrase(refus)


def test_an_objective_of_a_bailleur_that_nobody_knows_is_refused_with_its_code_where_it_is_named(d: Path) -> None:
    cible = '[[cibles]]\nindicateur = "aci"\nvaleur = 0.5\ndepuis = 2017-01-01\nsource = "Avenant"\nbailleur = "{}"\n'
    dits = []
    for bailleur in ("DEUX", "B9", "B1"):
        (d / "p.toml").write_text(cible.format(bailleur), encoding="utf-8")
        refus = importer("bailleurs.csv", "--nature", "fictive", "--parametres", "p.toml")
        dits.append((refus.returncode, une_phrase(refus) if refus.returncode else ""))
    ou = "Dans « p.toml », l’entrée 1 de [[cibles]] est à corriger"
    debut = f"{ou} : « bailleur » n’est pas le code d’un bailleur connu"
    assert [(code, dit.replace("\u00a0", " ")) for code, dit in dits] == [
        (2, f"{debut}, « DEUX », écrire « B2 », pour Deux."),
        (2, f"{debut}, « B9 », vérifier la table des bailleurs."),
        (0, ""),
    ]
