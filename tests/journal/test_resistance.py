"""Two writers at once, a writer killed at any moment, a backup taken while writing: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, Popen, run

import psycopg
import pytest

from mel_core.journal import Auteur, Journal, Perime, nouvel_op_id
from tests.cli.appel import Reponse
from tests.cli.appel import run as call
from tests.journal import ecrivain

RACINE = Path(__file__).resolve().parents[2]
ANNE = Auteur("Anne", "MEL")
Ouvrir = Callable[[], Journal]


def lancer(dossier: Path, prefixe: str, n: int) -> Popen[str]:
    commande = [sys.executable, "-m", "tests.journal.ecrivain", str(dossier), prefixe, str(n)]
    return Popen(commande, cwd=RACINE, stdout=PIPE, stderr=PIPE, text=True)


@pytest.mark.ci
def test_two_processes_that_create_and_write_at_once_lose_nothing(url: str, open: Ouvrir, tmp_path: Path) -> None:
    processus = [lancer(tmp_path, prefixe, 25) for prefixe in ("x", "y")]
    for p in processus:
        sortie, erreurs = p.communicate(timeout=60)
        assert (sortie.split(), erreurs) == ([str(k) for k in range(1, 26)], "")
    journal = open()
    for prefixe in ("x", "y"):
        assert [f.contenu["k"] for f in journal.historique("essai", prefixe)] == list(range(1, 26))
    assert journal.nombre() == 50
    assert journal.verify() == []


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.ci)], indirect=True)
def test_the_write_that_follows_a_restart_of_the_database_is_made(url: str, open: Ouvrir, postgresql: str) -> None:
    journal = open()
    journal.write("essai", "a", {"k": 1}, ANNE, nouvel_op_id(), 0)
    with psycopg.connect(postgresql) as serveur:  # closes what is open, as a server that stops does
        ouvertes = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
        assert serveur.execute(f"select pg_terminate_backend(pid) {ouvertes}").fetchall()
    journal.write("essai", "a", {"k": 2}, ANNE, nouvel_op_id(), 1)
    assert [f.contenu["k"] for f in journal.historique("essai", "a")] == [1, 2]


def test_of_many_threads_on_one_text_each_version_has_one_author_and_each_refusal_is_kept(open: Ouvrir) -> None:
    journal = open()

    def correct(nom: str) -> tuple[int, int]:
        gardees = refusees = 0
        for _ in range(8):
            lue = journal.read("decision", "d")
            try:
                journal.write("decision", "d", {"de": nom}, Auteur(nom), nouvel_op_id(), lue.version if lue else 0)
                gardees += 1
            except Perime:
                refusees += 1
        return gardees, refusees

    with ThreadPoolExecutor(6) as equipe:
        faites = list(equipe.map(correct, "abcdef"))
    assert len(journal.historique("decision", "d")) == sum(g for g, _ in faites)
    assert len(journal.ecarts("decision", "d")) == sum(r for _, r in faites)
    assert journal.nombre() == 6 * 8
    assert journal.verify() == []


def test_the_same_write_from_many_threads_is_made_once(open: Ouvrir) -> None:
    journal = open()
    with ThreadPoolExecutor(8) as equipe:
        fiches = list(equipe.map(lambda _: journal.write("decision", "d", {"n": 1}, ANNE, "op1"), range(16)))
    assert set(map(repr, fiches)) == {repr(journal.read("decision", "d"))}
    assert journal.nombre() == 1


@pytest.mark.parametrize(("coups", "au_moins"), [(6, 1), pytest.param(50, 25, marks=pytest.mark.long)])
@pytest.mark.ci
def test_a_writer_killed_at_any_moment_loses_and_doubles_nothing(
    url: str, open: Ouvrir, tmp_path: Path, coups: int, au_moins: int
) -> None:
    """On each database; the next writer starts over as a person who saw no acknowledgement would.

    One in two may come while the journal opens; the others once a write was acknowledged, however slow the machine.
    """
    hasard, confirmees = random.Random(2017), 0
    for coup in range(coups):
        lecture, ecriture = os.pipe()
        enfant = os.fork()
        if enfant == 0:  # the writer: no return from here
            os.dup2(ecriture, 1)
            sys.stdout = os.fdopen(1, "w")
            try:
                ecrivain.principal(str(tmp_path), "x", "100000")
            finally:
                os._exit(1)
        os.close(ecriture)
        with os.fdopen(lecture) as flux:
            dites = [int(flux.readline())] if coup % 2 else []
            minuteur = threading.Timer(hasard.uniform(0.005, 0.12), os.kill, (enfant, signal.SIGKILL))
            minuteur.start()
            dites += [int(k) for k in flux.read().split()]
        minuteur.join()
        assert os.waitpid(enfant, 0)[1] == signal.SIGKILL
        confirmees = max([confirmees, *dites])
    journal = open()
    versions = [f.contenu["k"] for f in journal.historique("essai", "x")]
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) - confirmees in (0, 1)  # at most the write whose acknowledgement never left
    assert confirmees >= au_moins
    assert journal.ecarts("essai", "x") == []
    assert journal.verify() == []


def test_a_backup_taken_while_writing_opens_verifies_and_holds_what_was_acknowledged(tmp_path: Path) -> None:
    dossier = tmp_path / "donnees"
    Journal.du_dossier(dossier)
    with lancer(dossier, "x", 100_000) as processus:
        assert processus.stdout is not None
        confirmees = [int(processus.stdout.readline()) for _ in range(20)]
        Journal.du_dossier(dossier).back_up(tmp_path / "copie")
        processus.kill()
    copie = Journal.du_dossier(tmp_path / "copie")
    assert copie.verify() == []
    versions = [f.version for f in copie.historique("essai", "x")]
    assert versions[: len(confirmees)] == confirmees
    copie.write("essai", "y", {}, ANNE, "op1")  # and it goes on
    assert copie.verify() == []


_SUR_DISQUE_PLEIN = """
import resource, sys
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.cli.appel import Reponse
from tests.cli.appel import run as call
from tests.journal import ecrivain
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
try:
    ecrivain.principal(sys.argv[1], "x", "100000")
except ErreurUtilisateur as refus:
    print(refus)
"""


def test_a_full_disk_is_told_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """The writer may not write a file past 150 kB, as if the disk ended there."""
    commande = [sys.executable, "-c", _SUR_DISQUE_PLEIN, str(tmp_path)]
    fini = run(commande, cwd=RACINE, capture_output=True, text=True, check=True)
    *confirmees, refus = fini.stdout.splitlines()
    assert "n’a pas répondu" in refus
    journal = Journal.du_dossier(tmp_path)
    assert [str(f.version) for f in journal.historique("essai", "x")] == confirmees
    assert journal.verify() == []
    journal.write("essai", "y", {}, ANNE, "op1")  # room was made
    assert journal.verify() == []


def test_an_anchor_that_cannot_move_does_not_take_back_what_was_written(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    (tmp_path / "journal.ancre").unlink()
    (tmp_path / "journal.ancre").mkdir()  # no file can take its place
    assert journal.write("essai", "x", {}, ANNE, "op1").rang == 1
    (tmp_path / "journal.ancre").rmdir()
    assert journal.write("essai", "y", {}, ANNE, "op2").rang == 2
    assert journal.verify() == []


def test_the_command_lists_verifies_and_never_prints_a_content(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    lien = journal.write("decision", "d1", {"texte": "confidentiel"}, ANNE, "op1").lien

    def commande(*options: str) -> Reponse:
        return call("journal", "--dossier-donnees", tmp_path, *options)

    code, liste, _ = commande()
    assert code == 0
    assert "Anne – MEL" in liste
    assert "décision" in liste
    assert "confidentiel" not in liste
    assert commande("--verifier", "--lien", lien[:16])[1].startswith(
        "Journal intact : 1\u00a0écriture, le lien imprimé"
    )
    assert commande("--verifier", "--lien", "0" * 16)[0] == 1
    assert commande("--lien", lien)[0] == 2
    (tmp_path / "journal.ancre").unlink()
    code, sortie, erreurs = commande("--verifier")
    assert (code, sortie) == (1, "")
    assert len(erreurs.splitlines()) == 1


def test_the_command_says_that_a_folder_has_no_journal_and_creates_none(tmp_path: Path) -> None:
    for option in ([], ["--verifier"], ["--sauvegarder", str(tmp_path / "copie")]):
        fini = call("journal", "--dossier-donnees", tmp_path, *option)
        assert (fini.returncode, fini.stdout) == (1, "")
        assert f"Le dossier {tmp_path} n’a pas de journal" in fini.stderr
        assert list(tmp_path.iterdir()) == []
