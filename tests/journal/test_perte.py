"""A journal whose file is damaged or gone: it is told in one sentence, and nothing is written in its place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from mel_core.journal import Auteur, Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.cli.appel import Reponse, run
from tests.journal.test_alterations import forcer, regles

RACINE = Path(__file__).resolve().parents[2]
ANNE = Auteur("Anne", "MEL")


def commande(dossier: Path, *options: str) -> Reponse:
    return run("journal", "--dossier-donnees", dossier, *options)


@pytest.fixture
def ecrit(tmp_path: Path) -> Path:
    """A store whose journal was written, and a backup of it."""
    dossier = tmp_path / "donnees"
    journal = Journal.du_dossier(dossier)
    for n in range(1, 31):
        journal.write("blocage", f"b{n}", {"constat": f"constat {n} " * 20}, ANNE, f"op{n}")
    journal.back_up(tmp_path / "copie")
    journal.close()
    assert not (dossier / "journal.sqlite-wal").exists()
    return dossier


def remettre(dossier: Path) -> None:
    """What the sentences say to do."""
    for fichier in dossier.glob("journal.sqlite*"):
        fichier.unlink()
    shutil.copytree(dossier.parent / "copie", dossier, dirs_exist_ok=True)


@pytest.mark.parametrize("reste", [50, 100, 600, 4096, 5000, 20_000])
def test_a_truncated_file_is_said_to_be_damaged_and_its_backup_opens(ecrit: Path, reste: int) -> None:
    fichier = ecrit / "journal.sqlite"
    octets = fichier.read_bytes()
    assert len(octets) > reste
    fichier.write_bytes(octets[:reste])
    for options in ((), ("--verifier",)):
        code, sortie, erreurs = commande(ecrit, *options)
        assert (code, sortie, len(erreurs.splitlines())) == (1, "", 1)
        assert "est abîmé" in erreurs
        assert "sauvegarde" in erreurs
    remettre(ecrit)
    assert Journal.du_dossier(ecrit).nombre() == 30
    assert commande(ecrit, "--verifier")[0] == 0


def test_garbage_in_the_middle_of_the_file_is_said_to_be_damaged(ecrit: Path) -> None:
    fichier = ecrit / "journal.sqlite"
    octets = bytearray(fichier.read_bytes())
    octets[4096:] = os.urandom(len(octets) - 4096)
    fichier.write_bytes(octets)
    with pytest.raises(ErreurUtilisateur, match="est abîmé"):
        Journal.du_dossier(ecrit).ecritures()


@pytest.mark.parametrize("est_vide", [True, False])
def test_a_lost_journal_neither_lists_nor_writes_and_the_check_tells_it(ecrit: Path, est_vide: bool) -> None:
    (ecrit / "journal.sqlite").unlink()
    if est_vide:
        (ecrit / "journal.sqlite").touch()
    for options in ((), ("--sauvegarder", str(ecrit.parent / "vide"))):
        code, sortie, erreurs = commande(ecrit, *options)
        assert (code, sortie, len(erreurs.splitlines())) == (1, "", 1)
        assert "confirme 30 écritures et il n’en contient aucune" in erreurs
    journal = Journal.du_dossier(ecrit)
    gestes: tuple[Callable[[], object], ...] = (
        lambda: journal.write("blocage", "b1", {}, ANNE, "op1"),
        lambda: journal.erase("op1"),
        lambda: journal.read("blocage", "b1"),
        lambda: journal.find_all("blocage"),
        lambda: journal.historique("blocage", "b1"),
        journal.dernier_lien,
    )
    for geste in gestes:
        with pytest.raises(ErreurUtilisateur, match="a été perdu"):
            geste()
    assert (journal.nombre(), regles(journal)) == (0, {(1, "fin")})
    journal.close()
    code, _, erreurs = commande(ecrit, "--verifier")
    assert (code, len(erreurs.splitlines())) == (1, 1)
    assert "30 écritures ont été confirmées, il en reste 0" in erreurs
    remettre(ecrit)
    assert Journal.du_dossier(ecrit).write("blocage", "b31", {}, ANNE, "op31").rang == 31


def test_a_base_that_was_emptied_or_changed_for_an_empty_one_is_lost_too(open: Callable[[], Journal], url: str) -> None:
    journal = open()
    journal.write("blocage", "b1", {}, ANNE, "op1")
    forcer(url, "delete from contenus", "delete from ecritures")
    with pytest.raises(ErreurUtilisateur, match="confirme 1 écriture et"):
        open().write("blocage", "b2", {}, ANNE, "op2")
    with pytest.raises(ErreurUtilisateur, match="confirme 1 écriture et"):
        journal.ecritures()


def test_a_first_write_that_comes_while_the_journal_is_read_is_no_loss(
    open: Callable[[], Journal], tmp_path: Path
) -> None:
    """Whoever reads found nothing; between that and the anchor, which is a pipe here, somebody writes for the first
    time."""
    qui_lit, qui_ecrit, ancre = open(), open(), tmp_path / "journal.ancre"
    ancre.unlink()
    os.mkfifo(ancre)
    with ThreadPoolExecutor() as fil:
        lues = fil.submit(qui_lit.find_all, "blocage")
        with ancre.open("wb") as tube:  # once its other end is open
            ancre.unlink()
            qui_ecrit.write("blocage", "b1", {}, ANNE, "op1")
            tube.write(ancre.read_bytes())
        assert lues.result() == []
    assert [f.identifiant for f in qui_lit.find_all("blocage")] == ["b1"]


def test_tables_that_left_under_an_open_journal_are_a_damaged_file(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    moteur = sa.create_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    with moteur.begin() as connexion:
        connexion.exec_driver_sql("drop table ecritures")
    moteur.dispose()
    with pytest.raises(ErreurUtilisateur, match="est abîmé"):
        journal.ecritures()


def test_a_journal_that_begins_and_one_whose_texts_are_all_erased_are_read_and_written(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    assert (journal.ecritures(), journal.find_all("blocage"), journal.dernier_lien()) == ([], [], None)
    assert commande(tmp_path)[:2] == (0, "Le journal est vide.\n")
    journal.write("blocage", "b1", {}, ANNE, "op1")
    journal.erase("op1")
    assert [f.effacee for f in journal.ecritures()] == [True]
    assert journal.write("blocage", "b2", {}, ANNE, "op2").rang == 3


_SANS_DROIT = """
import os, sys
from pathlib import Path
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.journal import Journal
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere
try:
    Journal.du_dossier(Path(sys.argv[1]))
except ErreurUtilisateur as refus:
    print(refus)
"""


@pytest.mark.parametrize("sous", ["", "neuf"])
def test_a_read_only_folder_is_told_in_one_sentence(sous: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as racine:  # that any account may cross
        Path(racine).chmod(0o555)
        mots = [sys.executable, "-c", _SANS_DROIT, str(Path(racine, sous))]
        fini = subprocess.run(mots, cwd=RACINE, capture_output=True, text=True, check=True)
    assert fini.stdout.startswith(f"Le journal ne s’ouvre pas dans {Path(racine, sous)} (accès refusé) : donner")


def test_a_folder_that_is_a_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "donnees").touch()
    with pytest.raises(ErreurUtilisateur, match=r"ne s’ouvre pas dans .*donnees"):
        Journal.du_dossier(tmp_path / "donnees")
