"""The background warm-up finds every module by itself."""

from __future__ import annotations

import subprocess
import sys

from pages.adaptateur import demarrage
from pages.commun.donnees import RACINE


def test_the_modules_that_pages_share_are_all_there() -> None:
    noms = {m.__name__ for m in demarrage.modules()}
    assert {"pages.commun.cadre", "pages.seance.bilan.essai", "pages.adaptateur.demarrage"} <= noms


def test_the_first_page_waits_until_every_module_is_read() -> None:
    # In a process of its own: here they are all read already.
    programme = (
        "import sys; from pages.adaptateur import demarrage as p; p.warm_up(); p.wait();"
        "lus = set(sys.modules); print({m.__name__ for m in p.modules()} <= lus)"
    )
    sortie = subprocess.run([sys.executable, "-c", programme], cwd=RACINE, capture_output=True, text=True, check=True)
    assert sortie.stdout.split() == ["True"]
