"""A server killed while somebody publishes on screen: the data are the old or the new, whole."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.publications import find_all
from mel_core.journal import Journal
from tests.cli.appel import ici
from tests.navigateur.conftest import au_repos, demarrer, port_libre, wait_until_up
from tests.navigateur.test_chutes import Serveur
from tests.navigateur.test_preparer import deposer, sign

pytestmark = [pytest.mark.navigateur, pytest.mark.long]

N, N_DE_PLUS = 20_000, 15_000
COUPURES = 3
NOMS = "id_attribution numero_unique date_bail code_insee code_bailleur mutation"


def write(dossier: Path, bailleur: str, n: int) -> Path:
    """`n` attributions of a bailleur, whose identifiers are its own."""
    dossier.mkdir()
    (dossier / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\nB2;Deux\n", encoding="utf-8")
    with (dossier / "attributions.csv").open("w", encoding="utf-8", newline="") as fichier:
        plume = csv.writer(fichier, delimiter=";")
        plume.writerow(NOMS.split())
        for i in range(n):
            rang = i if bailleur == "B1" else N + i
            plume.writerow([f"{bailleur}-{i}", f"999{rang:015d}", "30/09/2017", "59350", bailleur, "N"])
    return dossier


def contenu(dossier: Path) -> dict[str, int]:
    """Attributions by bailleur, as a fresh reader sees them."""
    with Entrepot(dossier).open(Portee.mel()) as lecteur:
        lues = lecteur.query("select bailleur, count(*) as n from attributions_qualifiees group by all")
    return dict(zip(lues["bailleur"], lues["n"].astype(int), strict=True))


def importer(jeu: Path, donnees: Path, *mots: str) -> None:
    assert ici("importer", str(jeu), "--nature", "fictive", *mots, donnees=donnees).returncode == 0


def show_imports(page: Page, serveur: Serveur) -> None:
    page.goto(f"{serveur.adresse}/imports")
    expect(page.get_by_text(re.compile("Données fictives en place"))).to_be_visible()


def accept(page: Page) -> None:
    au_repos(page)
    for case in page.locator("[class*=st-key-accord_] label").all():
        case.click()
        au_repos(page)


def remplacer(page: Page, jeu: Path) -> None:
    page.get_by_text("Ces données sont fictives").click()
    deposer(page, jeu)
    accept(page)
    sign(page)
    page.get_by_role("button", name="Publier ce jeu de données").click()


def ajouter(page: Page, jeu: Path) -> None:
    page.get_by_text("Ces données sont fictives").click()
    au_repos(page)
    page.locator(".st-key-ajouter label").click()
    deposer(page, jeu)
    sign(page)
    page.get_by_role("button", name="Publier ce jeu de données").click()


def revenir(page: Page, jeu: Path) -> None:
    page.get_by_label("Votre nom, qui signe").wait_for()
    sign(page)
    page.get_by_text(re.compile("publications? au journal")).click()
    au_repos(page)
    champ = page.locator(".st-key-publication_anterieure").get_by_role("combobox")
    champ.focus()
    page.wait_for_timeout(500)  # a list that opens closes when the page scrolls
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Les écrans reprendront ses chiffres")).to_be_visible()
    page.get_by_role("button", name="Revenir à cette publication").click()


@pytest.mark.parametrize(
    ("geste", "avant", "apres"),
    [
        (remplacer, {"B1": N}, {"B2": N_DE_PLUS}),
        (ajouter, {"B1": N}, {"B1": N, "B2": N_DE_PLUS}),
        (revenir, {"B2": N_DE_PLUS}, {"B1": N}),
    ],
)
def test_the_data_are_the_old_or_the_new_and_the_gesture_done_again_is_done_and_signed(
    tmp_path: Path,
    open: Callable[[str], Page],
    geste: Callable[[Page, Path], None],
    avant: dict[str, int],
    apres: dict[str, int],
) -> None:
    premier, second = write(tmp_path / "un", "B1", N), write(tmp_path / "deux", "B2", N_DE_PLUS)
    donnees = tmp_path / "donnees"
    graine = random.SystemRandom().randrange(10**6)
    tirage = random.Random(graine)

    def en_place() -> None:
        importer(premier, donnees, *(("--accepter", "attributions") if donnees.exists() else ()))
        if geste is revenir:
            importer(second, donnees, "--accepter", "attributions")

    en_place()
    port = port_libre()
    serveur = Serveur(donnees, port, *demarrer(donnees, port=port))
    try:
        wait_until_up(serveur.processus, serveur.adresse)
        page = open("about:blank")
        for _ in range(COUPURES):
            assert contenu(donnees) == avant
            show_imports(page, serveur)
            geste(page, second)
            page.wait_for_timeout(tirage.uniform(0, 3000))
            serveur.tuer()
            lue = contenu(donnees)
            assert lue in (avant, apres), f"seed {graine}"
            assert not Journal.du_dossier(donnees).verify()
            serveur.relever()
            show_imports(page, serveur)
            if lue == apres:
                en_place()  # where it began, for the next one
        show_imports(page, serveur)
        geste(page, second)
        expect(page.get_by_text(re.compile("Jeu de données publié|de nouveau en service"))).to_be_visible()
        assert contenu(donnees) == apres
        derniere = find_all(Journal.du_dossier(donnees))[0]
        assert derniere.fiche.auteur.nom == "Camille Essai"
        assert derniere.instantane == Entrepot(donnees).instantane().identifiant  # type: ignore[union-attr]
        assert not list((donnees / "jeux").glob(".en-construction-*"))
    finally:
        serveur.tuer()
