"""The worst files dropped in the real screen: each is refused in one sentence, nothing is published, and the server
goes on: a sound file dropped after is read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from tests.cli.appel import RACINE
from tests.hostiles import contenants, textes
from tests.hostiles.fabrique import BAILLEURS, place
from tests.navigateur.conftest import application, au_repos

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

# File → what its sentence says. One of them is tried whenever the tests are; the others, with what is exhaustive.
COURT = contenants.pdf_named_xlsx
PIRES: list[tuple[Callable[[Path], Path], str]] = [
    (COURT, "C’est un PDF malgré son nom en .xlsx"),
    (contenants.bomb, "100 fois"),
    (contenants.entities_that_swell, "enregistrer de nouveau"),
    (contenants.cell_at_the_end_of_the_sheet, "trop de mémoire"),
    (contenants.archive_with_a_password, "sans mot de passe"),
    (contenants.old_workbook_or_password, "ancien format .xls"),
    (contenants.archive_cut_in_the_middle, "abîmée ou incomplète"),
    (contenants.workbook_whose_sheet_is_cut, "enregistrer de nouveau"),
    (contenants.archive_that_climbs_out_of_its_folder, "Chemin interdit"),
    (contenants.archive_with_the_same_name_twice, "deux fois « bailleurs.csv »"),
    (contenants.two_tables_in_one_sheet, "Une seconde table commence"),
    (textes.empty_file, "vide"),
    (textes.bars_between_columns, "une barre (|)"),
]


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("depot")


@pytest.fixture(scope="module")
def serveur(depot: Path) -> Iterator[str]:
    """One server over an empty store, for all of them: what one of them breaks, the next ones meet."""
    with application(depot) as adresse:
        yield adresse


def drop(page: Page, fichier: Path) -> None:
    au_repos(page)
    page.locator(".st-key-depot input[type=file]").set_input_files(fichier)
    page.get_by_role("button", name="Contrôler").click()
    expect(page.get_by_role("heading", name="Rapport de contrôle")).to_be_visible()
    au_repos(page)


@pytest.mark.parametrize(
    ("fabriquer", "dit"),
    [pytest.param(*p, id=p[0].__name__, marks=[pytest.mark.long] * (p[0] is not COURT)) for p in PIRES],
)
def test_a_hostile_file_dropped_on_screen_is_refused_in_a_sentence_and_the_next_one_is_read(
    serveur: str, depot: Path, open: Callable[[str], Page], tmp_path: Path, fabriquer: Callable[[Path], Path], dit: str
) -> None:
    page = open(f"{serveur}/imports")
    drop(page, fabriquer(tmp_path))
    expect(page.get_by_text("anomalie bloquante")).to_be_visible()
    anomalies = page.locator('table.lu:has(caption:text-is("Anomalies")) tbody tr')
    bloquantes = [texte for texte in anomalies.all_inner_texts() if texte.startswith("Bloquante")]
    assert len(bloquantes) == 1
    assert dit.replace("\u00a0", " ") in bloquantes[0].replace("\u00a0", " ")
    expect(page.get_by_role("button", name="Publier ce jeu de données")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert Entrepot(depot).instantane() is None

    (tmp_path / "sain").mkdir()
    page = open(f"{serveur}/imports")
    drop(page, place(tmp_path / "sain" / "bailleurs.csv", BAILLEURS))
    expect(page.get_by_text("anomalie bloquante")).to_have_count(0)
    expect(page.get_by_text("Aucune anomalie")).to_be_visible()


@pytest.mark.parametrize(
    ("nom", "table"), [("demandes.csv", ""), ("SNE demandes actives 2017.csv", "--table demandes=")]
)
def test_a_file_larger_than_the_screen_takes_is_refused_before_it_is_sent_with_its_size_and_what_to_do(
    serveur: str, depot: Path, open: Callable[[str], Page], tmp_path: Path, nom: str, table: str
) -> None:
    with (tmp_path / nom).open("wb") as fichier:
        fichier.truncate(210 << 20)  # of holes: nothing is written
    page = open(f"{serveur}/imports")
    au_repos(page)
    page.locator(".st-key-depot input[type=file]").set_input_files(tmp_path / nom)
    refus = page.locator(".st-key-depot [role=alert]")
    # Kept by the tests before, if any.
    gardees = f'--mapping "{depot}/reponses" ' if (depot / "reponses").is_dir() else ""
    expect(refus).to_have_text(
        "Refusé\u00a0: Plus de 200 Mo : le déposer en zip, ou taper, là où est l’application, dans le dossier du "
        f'fichier, "{sys.executable}" "{RACINE / "mel_core"}" importer {table}"{nom}" {gardees}'
        f'--nature reelle --dossier-donnees "{depot}"'
    )
    assert refus.bounding_box()["width"] > 300  # read on the page, not under the pointer
    expect(page.get_by_text("220,2\u00a0Mo")).to_be_visible()
    expect(page.get_by_role("button", name="Contrôler")).to_have_count(0)
