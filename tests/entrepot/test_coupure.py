"""A machine that stops in the middle of an import: the store opens, with the old data or the new, never a mixture."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files

VERSIONS = {"ancien": 2_000, "nouveau": 30_000}


def write(dossier, version):
    """A jeu de données whose three tables all bear the mark of their version."""
    n = VERSIONS[version]
    dossier.mkdir()
    tables = {
        "bailleurs": [("code_bailleur", "nom"), ("B1", version)],
        "demandes": [
            ("numero_unique", "date_creation", "etat", "n_personnes", "revenu_fiscal"),
            *((f"999{i:015d}", "2016-01-01", "ACTIVE", 1, 9000) for i in range(n)),
        ],
        "attributions": [
            (
                "id_attribution",
                "numero_unique",
                "date_bail",
                "code_insee",
                "code_bailleur",
                "mutation",
                "revenu_fiscal",
            ),
            *((f"A{i}", f"999{i:015d}", "2017-09-30", "59350", "B1", "non", 9000) for i in range(n)),
        ],
    }
    for nom, lignes in tables.items():
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as fichier:
            csv.writer(fichier).writerows(lignes)
    return dossier


def contenu(dossier):
    """(mark of the version, number of demandes, number of attributions) as a fresh reader sees them."""
    with Entrepot(dossier).open(Portee.mel()) as lecteur:
        sql = """
            select (select nom from bailleurs) as version, (select count(*) from demandes) as demandes,
                (select count(*) from attributions_qualifiees) as attributions
        """
        version, demandes, attributions = lecteur.query(sql).iloc[0]
    return version, int(demandes), int(attributions)


def lancer(chemin, dossier):
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(dossier), "importer", str(chemin)]
    return subprocess.Popen(
        [*commande, "--nature", "fictive"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.mark.ci
@pytest.mark.parametrize("coupures", [2, pytest.param(20, marks=pytest.mark.long)])
def test_kill_at_random_moments_leaves_the_old_data_or_the_new(tmp_path, coupures):
    ancien, nouveau = (write(tmp_path / version, version) for version in VERSIONS)
    dossier = tmp_path / "donnees"
    entiers = {(version, n, n) for version, n in VERSIONS.items()}

    import_files(ancien, Entrepot(dossier), nature="fictive")
    debut = time.monotonic()
    assert lancer(nouveau, dossier).wait() == 0
    duree = time.monotonic() - debut
    assert contenu(dossier) == ("nouveau", 30_000, 30_000)

    graine = random.SystemRandom().randrange(10**6)
    tirage = random.Random(graine)
    for _ in range(coupures):
        import_files(ancien, Entrepot(dossier), nature="fictive")
        for jeu in (dossier / "jeux").glob("*.duckdb"):
            if jeu.stem != Entrepot(dossier).instantane().identifiant:
                jeu.unlink()  # so that the import builds again what it would otherwise find ready
        processus = lancer(nouveau, dossier)
        time.sleep(tirage.uniform(0, duree))
        # The whole group: a workbook is read by a child process.
        os.killpg(processus.pid, signal.SIGKILL)
        processus.wait()
        assert contenu(dossier) in entiers, f"seed {graine}"
    import_files(nouveau, Entrepot(dossier), nature="fictive")
    assert contenu(dossier) == ("nouveau", 30_000, 30_000)
    assert not list((dossier / "jeux").glob(".en-construction-*"))
