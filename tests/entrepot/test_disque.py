"""A disk that is full while data are published, and a copy of the store taken meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from tests.entrepot.test_coupure import contenu, lancer, write

# A file may not grow past the limit, as if the disk ended there: works for every user, where a small disk needs rights.
_SUR_DISQUE_PLEIN = """
import resource, sys
from mel_core.cli.commandes import principal
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(principal(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    "octets", [0, pytest.param(20_000, marks=pytest.mark.long), pytest.param(300_000, marks=pytest.mark.ci)]
)
def test_a_full_disk_is_told_in_one_sentence_and_what_was_published_stays(tmp_path, octets):
    dossier = tmp_path / "donnees"
    ancien, nouveau = (write(tmp_path / version, version) for version in ("ancien", "nouveau"))
    import_files(ancien, Entrepot(dossier), nature="fictive")
    commande = ["--dossier-donnees", str(dossier), "importer", str(nouveau), "--nature", "fictive"]
    fini = subprocess.run(
        [sys.executable, "-c", _SUR_DISQUE_PLEIN, str(octets), *commande], capture_output=True, text=True, check=False
    )
    assert fini.returncode in (1, 2)
    assert "Traceback" not in fini.stderr
    phrase = fini.stderr.strip().splitlines()
    assert len(phrase) == 1, fini.stderr
    assert phrase[0].endswith(".")
    assert contenu(dossier) == ("ancien", 2_000, 2_000)
    import_files(nouveau, Entrepot(dossier), nature="fictive")  # room was made
    assert contenu(dossier) == ("nouveau", 30_000, 30_000)
    assert not list((dossier / "jeux").glob(".en-construction-*"))


def test_a_copy_of_the_folder_taken_while_data_are_published_opens_with_the_old_or_the_new(tmp_path):
    """The list of what serves, then the snapshots: in the order that the guide gives."""
    dossier = tmp_path / "donnees"
    ancien, nouveau = (write(tmp_path / version, version) for version in ("ancien", "nouveau"))
    import_files(ancien, Entrepot(dossier), nature="fictive")
    processus = lancer(nouveau, dossier)
    entiers = {("ancien", 2_000, 2_000), ("nouveau", 30_000, 30_000)}
    rang = 0
    while rang < 3 or processus.poll() is None:
        copie = tmp_path / f"copie{rang}"
        copie.mkdir()
        shutil.copy2(dossier / "registre.json", copie)
        (copie / "jeux").mkdir()
        for fichier in (dossier / "jeux").glob("*.duckdb"):
            if not fichier.name.startswith("."):
                shutil.copy2(fichier, copie / "jeux" / fichier.name)
        assert contenu(copie) in entiers
        rang += 1
    assert processus.wait() == 0
    assert contenu(dossier) == ("nouveau", 30_000, 30_000)
