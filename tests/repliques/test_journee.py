"""The demonstration over two replicas: the whole day is walked on one, then on the other once it died; a list that is
exported as its replica dies is exported once, whole, by the other."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.journal import Journal
from tests.journal.bases import nouvelle_base
from tests.navigateur.conftest import au_repos
from tests.navigateur.test_listes import prendre_le_profil, sign, taken
from tests.navigateur.test_messages import BANDE, walk
from tests.repliques.conftest import environment
from tests.repliques.grappe import Grappe, started
from tests.repliques.objets import Seaweed

pytestmark = [pytest.mark.navigateur, pytest.mark.long]
REPRISE_S = 5.0
COUPURES = 5


@pytest.fixture(scope="module")
def grappe(postgresql: str, seaweed: Seaweed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grappe]:
    machines = Grappe(tmp_path_factory.mktemp("journee"), seaweed)
    with ExitStack() as fin:
        fin.enter_context(environment(MEL_JOURNAL=nouvelle_base(postgresql), MEL_JEUX="s3://ici/journee"))
        publish_demonstration(machines)
        fin.enter_context(started(machines))
        yield machines


def publish_demonstration(grappe: Grappe) -> None:
    dossier = str(grappe.dossiers[Grappe.UNE])
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", dossier, "demo", "--repetition"]
    subprocess.run(commande, check=True, stdout=subprocess.DEVNULL)


def test_the_whole_day_is_walked_on_each(grappe: Grappe, page: Page) -> None:
    vues = []
    for _ in grappe.dossiers:
        page.goto(f"{grappe.adresse}/introduction?seance=2017S2&ici=ICI 2&salle=oui")
        expect(page.locator(BANDE)).to_contain_text("1 / ")
        vues.append(walk(page, par_axe=False))
        tombee = grappe.serving()
        grappe.kill(tombee)
        page.goto("about:blank")
        grappe.raise_up(tombee)
    assert len(vues[0]) > 15
    assert vues[0] == vues[1]


def test_a_list_whose_export_is_cut_is_exported_whole_by_the_other(grappe: Grappe, page: Page, tmp_path: Path) -> None:
    graine = random.randrange(2**32)
    print(f"graine {graine}")
    alea, durees = random.Random(graine), []
    journal = Journal.du_dossier(grappe.dossiers[Grappe.UNE])
    for tour in range(COUPURES):
        page.goto(f"{grappe.adresse}/mes_listes?seance=2017S2&segment=poulidor")
        prendre_le_profil(page, "Commune", "Roubaix")
        sign(page)
        au_repos(page)
        page.get_by_role("button", name="Préparer l’export").click()
        page.wait_for_timeout(alea.uniform(0, 800))
        tombee = grappe.serving()
        grappe.kill(tombee)
        debut = time.monotonic()
        page.goto(f"{grappe.adresse}/mes_listes?seance=2017S2&segment=poulidor")
        page.get_by_role("button", name="Co-pilote").wait_for()
        durees.append(time.monotonic() - debut)
        prendre_le_profil(page, "Commune", "Roubaix")
        sign(page)
        (dossier := tmp_path / str(tour)).mkdir()
        n_avant = len(journal.find_all("audit", geste="export"))
        _, (_, *lignes), _ = taken(page, dossier)
        exports = journal.find_all("audit", geste="export")
        assert len(exports) == n_avant + 1
        assert len(lignes) == exports[-1].contenu["n"]
        assert journal.verify() == []
        grappe.raise_up(tombee)
        page.goto("about:blank")
    print(f"l’écran sur l’autre en {max(durees):.1f} s au plus")
    assert max(durees) < REPRISE_S
