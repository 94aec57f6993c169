"""The command line as a tool of record: a reading leaves its trace or is not given, an answer is written whole or not
at all, and a machine that fails is told in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mel_core.journal import Auteur, Journal
from mel_core.journal import journal as module_du_journal
from tests.cli.appel import RACINE, Reponse, ici, run_apart, une_phrase

ACI = ("indicateur", "aci", "--seance", "2017S2")
LISTE = ("segment", "delai_anormalement_long", "--date", "2017-12-31", "--format", "csv")
# Those that read the rows: each is an answer that somebody takes away.
LECTURES = {
    "indicateur": ACI,
    "segment": ("segment", "attente_24", "--date", "2017-12-31"),
    "liste": LISTE,
    "qualite": ("qualite", "attributions", "--seance", "2017S2"),
    "besoins": ("besoins",),
    "bassins": ("bassins", "parc", "--seance", "2017S2"),
    "suivre": ("suivre", "fragilite", "--seance", "2017S2"),
    "dossier": ("dossier", "--seance", "2017S2", "--ici", "ICI 1", "--sortie", "{ailleurs}"),
}


@pytest.mark.parametrize("lecture", LECTURES.values(), ids=LECTURES)
def test_a_reading_that_the_journal_cannot_have_is_not_given(publiees: Path, tmp_path: Path, lecture: Any) -> None:
    (publiees / "journal.sqlite").write_bytes(b"not a journal " * 100)
    reponse = ici(*(mot.format(ailleurs=tmp_path / "ailleurs") for mot in lecture), donnees=publiees)
    assert (reponse.returncode, reponse.stdout) == (1, "")
    # Beside it, what is said of the data; a screen that reads the journal falls on it before.
    dite = "Le fichier du journal" if lecture[0] == "suivre" else "Rien n’est donné sans trace au journal : le fichier"
    assert reponse.stderr.strip().splitlines()[-1].startswith(dite)
    assert not (tmp_path / "ailleurs").exists()


def test_what_was_done_is_told_even_when_the_journal_cannot_have_it(publiees: Path) -> None:
    (publiees / "journal.sqlite").write_bytes(b"not a journal " * 100)
    reponse = ici("geler", "--seance", "2017S1", donnees=publiees)
    assert (reponse.returncode, "gelée" in reponse.stdout) == (0, True)
    assert "pas au journal" in une_phrase(reponse)


def read_tampon(texte: str) -> tuple[dict[str, str], str]:
    lignes = texte.splitlines(keepends=True)
    tampon = dict(ligne[2:].rstrip().split(" : ", 1) for ligne in lignes if ligne.startswith("# "))
    return tampon, "".join(ligne for ligne in lignes if not ligne.startswith("# "))


def test_an_answer_is_written_in_a_file_with_what_it_is_an_answer_to(publiees: Path, tmp_path: Path) -> None:
    fichier = tmp_path / "aci.json"
    ecrite = ici(*ACI, "--par", "commune", "--sortie", fichier, donnees=publiees)
    assert (ecrite.returncode, ecrite.stdout) == (0, "")
    lue = json.loads(fichier.read_text(encoding="utf-8"))
    assert lue["reponse"] == json.loads(ici(*ACI, "--par", "commune", donnees=publiees).stdout)
    (servi,) = (p.stem for p in (publiees / "jeux").glob("*.duckdb"))
    assert f"données fictives, publication {servi} du" in lue["tampon"]["donnees"]
    assert lue["tampon"]["demande"].startswith('indicateur {"nom": "aci", "seance": "2017S2"')
    assert str(tmp_path) not in lue["tampon"]["demande"]
    assert set(lue["tampon"]) == {"donnees", "demande", "extrait_le", "extrait_par", "version"}
    trace = Journal.du_dossier(publiees).find_all("audit")[0].contenu
    assert str(tmp_path) not in json.dumps(dict(trace))


def test_a_list_and_a_scenario_are_written_under_their_stamp(publiees: Path, tmp_path: Path) -> None:
    fichier, scenario = tmp_path / "liste.csv", tmp_path / "s.toml"
    ici(*LISTE, "--sortie", fichier, donnees=publiees)
    tampon, liste = read_tampon(fichier.read_text(encoding="utf-8"))
    assert liste == ici(*LISTE, donnees=publiees).stdout
    assert tampon["demande"].startswith("segment ")
    scenario.write_text('type = "equilibre"\nseance = "2017S2"\n', encoding="utf-8")
    dite = ici("simuler", scenario, donnees=publiees)
    assert ici("simuler", scenario, "--sortie", tmp_path / "s.txt", donnees=publiees).returncode == dite.returncode
    if dite.returncode == 0:
        assert read_tampon((tmp_path / "s.txt").read_text(encoding="utf-8"))[1] == dite.stdout


@pytest.mark.parametrize("lieu", ["absent/aci.json", "fichier/aci.json", "dossier"])
def test_a_file_that_cannot_be_written_is_told_in_a_sentence(publiees: Path, tmp_path: Path, lieu: str) -> None:
    (tmp_path / "fichier").write_text("")
    (tmp_path / "dossier").mkdir()
    reponse = ici(*ACI, "--sortie", tmp_path / lieu, donnees=publiees)
    assert (reponse.returncode, "donner un autre fichier à --sortie" in une_phrase(reponse)) == (1, True)
    assert not [f for f in tmp_path.rglob("*aci*") if not f.is_relative_to(publiees)]


BORNE = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0})); "
    "from mel_core.cli.commandes import principal; sys.exit(principal(sys.argv[1:]))"
)


def run_a_l_etroit(octets: int, *mots: str | Path) -> Reponse:
    """Where no file may be larger: as on a disk that is full."""
    commande = [sys.executable, "-c", BORNE.format(octets), *map(str, mots)]
    fini = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, encoding="utf-8", check=False)
    return Reponse(fini.returncode, fini.stdout, fini.stderr)


def test_a_full_disk_leaves_no_half_of_a_file_and_the_former_one(publiees: Path, tmp_path: Path) -> None:
    pytest.importorskip("resource")
    (tmp_path / "sortie").mkdir()
    fichier = tmp_path / "sortie" / "aci.json"
    fichier.write_text("avant")
    demande = (*LISTE, "--sortie", fichier)
    ici(*ACI, donnees=publiees, run=run_apart)
    taille = max(f.stat().st_size for f in publiees.glob("journal*"))
    # Room for the journal alone, then for nothing.
    for octets, dite in ((0, "Rien n’est donné sans trace au journal"), (taille + 100_000, None)):
        reponse = ici(*demande, donnees=publiees, run=lambda *mots, n=octets: run_a_l_etroit(n, *mots))
        if dite is not None:
            assert (reponse.returncode, fichier.read_text()) == (1, "avant")
            assert dite in une_phrase(reponse)
            assert "disque plein" in une_phrase(reponse) or "trop grand" in une_phrase(reponse)
        else:
            assert reponse.returncode == 0
    assert [f.name for f in fichier.parent.iterdir()] == ["aci.json"]


def test_a_snapshot_that_does_not_fit_is_told_and_nothing_is_published(jeu: Path, publiees: Path) -> None:
    pytest.importorskip("resource")
    avant = (publiees / "registre.json").read_bytes(), sorted((publiees / "jeux").iterdir())
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Autre nom\n", encoding="utf-8")
    for commande in (
        ("importer", jeu / "bailleurs.csv", "--nature", "fictive"),
        ("geler", "--seance", "2017S1"),
    ):
        reponse = ici(*commande, donnees=publiees, run=lambda *mots: run_a_l_etroit(200_000, *mots))
        assert (reponse.returncode, "trop grand pour le disque" in reponse.stderr) == (1, True)
        assert "Traceback" not in reponse.stderr
    assert ((publiees / "registre.json").read_bytes(), sorted((publiees / "jeux").iterdir())) == avant


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_is_full_is_told_without_a_traceback(publiees: Path) -> None:
    with Path("/dev/full").open("w") as plein:
        fini = subprocess.run(
            [sys.executable, "-m", "mel_core", "--dossier-donnees", str(publiees), *ACI],
            cwd=RACINE,
            stdout=plein,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert (fini.returncode, len(fini.stderr.strip().splitlines())) == (1, 1)
    assert "disque plein" in fini.stderr


def test_a_clock_that_went_back_is_said_and_stops_nothing(
    publiees: Path, monkeypatch: pytest.MonkeyPatch, jeu: Path
) -> None:
    class EnAvance(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=2)

    assert ici(*ACI, donnees=publiees).stderr == ""
    with monkeypatch.context() as avance:
        avance.setattr(module_du_journal, "datetime", EnAvance)
        Journal.du_dossier(publiees).write("note", "n1", {"texte": "demain"}, Auteur("A"), "op1")
    reponse = ici(*ACI, donnees=publiees)
    assert reponse.returncode == 0
    assert "L’horloge de cette machine a reculé, la dernière écriture du journal est du" in une_phrase(reponse)
    verifie = ici("journal", "--verifier", donnees=publiees)
    assert (verifie.returncode, "Journal intact" in verifie.stdout) == (0, True)
    assert "L’horloge a reculé une fois" in verifie.stdout
    assert datetime.now(UTC).year >= 2026


def test_the_version_is_that_of_the_project_with_what_is_published(publiees: Path, donnees: Path) -> None:
    version = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    (servi,) = (p.stem for p in (publiees / "jeux").glob("*.duckdb"))
    dite = ici("--version", donnees=publiees)
    assert dite.returncode == 0
    assert dite.stdout.startswith(f"mel_core {version}, données fictives, publication {servi} du ")
    vide = donnees.parent / "vide"
    assert ici("--version", "--dossier-donnees", publiees, donnees=vide).stdout == dite.stdout
    assert ici("--version", donnees=vide).stdout == f"mel_core {version}, aucune donnée publiée\n"


def test_an_option_of_an_answer_means_nothing_to_what_is_done(publiees: Path) -> None:
    reponse = ici("geler", "--seance", "2017S1", "--sortie", "x", donnees=publiees)
    assert (reponse.returncode, "--sortie" in une_phrase(reponse)) == (2, True)


def test_from_another_folder_the_application_is_found_and_a_python_without_its_libraries_says_so(
    tmp_path: Path,
) -> None:
    def call(*mots: str) -> subprocess.CompletedProcess[str]:
        commande = [sys.executable, *mots, str(RACINE / "mel_core"), "--version"]
        env = {**os.environ, "PYTHONUTF8": "1", "MEL_DONNEES": str(tmp_path)}
        return subprocess.run(commande, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)

    assert call().stdout.startswith("mel_core ")
    sans = call("-S")
    assert (sans.returncode, sans.stdout) == (2, "")
    assert une_phrase(Reponse(2, "", sans.stderr)).startswith("Ce Python n’est pas celui de l’application : « pandas »")
