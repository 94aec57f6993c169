"""Real data behind a real login, as a browser goes through it; who gets what is in `test_identites`, what a lock and a
login that ends leave open in `tests/droits`."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_hex

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from mel_core.entrepot import Entrepot
from pages.commun.connexion import COOKIE
from tests.jeux import chargement, table
from tests.navigateur.conftest import ATTENTE_S, CARTES_VIDES, application, au_repos, port_libre

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
SECRET = token_hex(32)
COPILOTE = "copilote@mel.example"


@dataclass(frozen=True)
class Lieu:
    adresse: str
    donnees: Path


@pytest.fixture(scope="module")
def lieu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lieu]:
    """A server with a login over real data: forty bails in Lille."""
    dossier = tmp_path_factory.mktemp("connexion")
    entrepot = Entrepot(dossier / "donnees")
    bail = {
        **{"date_bail": date(2017, 9, 30), "code_insee": "59350", "code_quartier": "593500101", "code_bailleur": "B1"},
        **{"mutation": False, "n_personnes": 1, "revenu_fiscal": 5000.0},
    }
    baux = [{"id_attribution": f"a{i}", "numero_unique": f"999{i:03}", **bail} for i in range(40)]
    with entrepot.reserve():
        entrepot.publish(
            chargement(
                nature="reelle",
                attributions=table("attributions", *baux),
                quartiers=table(
                    "quartiers",
                    {"code_quartier": "593500101", "nom": "Q", "code_insee": "59350", "fragilite": "fragile"},
                ),
                bailleurs=table("bailleurs", {"code_bailleur": "B1", "nom": "Essai"}),
            )
        )
    comptes = [User(sub=COPILOTE, claims={"email": COPILOTE, "email_verified": True})]
    port = port_libre()
    with run_server_in_thread(user_claims=comptes) as fournisseur:
        secrets = dossier / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
            cookie_secret = "{SECRET}"
            client_id = "ici"
            client_secret = "essai"
            server_metadata_url = "http://127.0.0.1:{fournisseur.server_port}/.well-known/openid-configuration"

            [habilitations]
            copilotes = ["{COPILOTE}"]
            """,
            encoding="utf-8",
        )
        with application(entrepot.dossier, port=port, secrets=secrets) as adresse:
            yield Lieu(adresse, entrepot.dossier)


@pytest.fixture
def open(chromium: Browser) -> Iterator[Ouvrir]:
    """Open an address as a new visitor, whose maps are empty. The provider's page asks another host for a style sheet:
    it does without."""
    contextes = []

    def ouvrir_page(adresse: str) -> Page:
        contextes.append(contexte := chromium.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR"))
        contexte.route("https://**", lambda route: route.abort())
        contexte.add_init_script(CARTES_VIDES)
        page = contexte.new_page()
        page.set_default_timeout(ATTENTE_S * 1000)
        page.goto(adresse)
        return page

    yield ouvrir_page
    for contexte in contextes:
        contexte.close()


def go_in(page: Page, compte: str) -> None:
    """From the first page to the provider, and back."""
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/oauth2/authorize**")
    answer(page, compte)


def answer(page: Page, compte: str) -> None:
    """To the provider that asks who is there."""
    page.locator("input[name=sub]").fill(compte)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("http://127.0.0.1:*/")


def biscuits(page: Page) -> list[dict]:
    return [c for c in page.context.cookies() if c["name"].startswith(COOKIE)]


MESSAGE = ".st-key-message"


@pytest.mark.ci
def test_real_data_open_to_who_logs_in_and_a_copy_of_the_login_opens_nothing_once_it_is_left(
    lieu: Lieu, open: Ouvrir
) -> None:
    page = open(lieu.adresse)
    expect(page.get_by_text("Rien ne se consulte ici")).to_be_visible()
    assert page.locator(MESSAGE).count() == 0
    go_in(page, COPILOTE)
    expect(page.locator(MESSAGE)).to_contain_text("40")
    expect(page.get_by_text("DONNÉES FICTIVES")).to_have_count(0)
    copie = biscuits(page)
    assert copie
    au_repos(page)
    page.get_by_role("button", name="Co-pilote").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    page.context.add_cookies(copie)
    page.goto(lieu.adresse)
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    assert biscuits(page) == []  # taken off the browser too


@pytest.mark.long  # what it asks is played by socket in droits/test_salle
def test_leaving_salle_asks_for_a_login_then_for_a_confirmation(lieu: Lieu, open: Ouvrir) -> None:
    page = open(lieu.adresse)
    go_in(page, COPILOTE)
    expect(page.locator(MESSAGE)).to_be_visible()
    au_repos(page)
    page.get_by_role("button", name="Co-pilote").click()
    page.get_by_role("button", name="Passer en Salle").click()
    expect(page.locator(".bande_salle")).to_be_visible()
    au_repos(page)
    page.get_by_role("button", name="Où aller ?").click()  # the menu closed with the desk
    page.get_by_role("button", name="Séance, ICI, profil, retour en Préparation").click()
    page.get_by_role("button", name="En Salle").click()
    page.get_by_role("button", name="Revenir en Préparation").click()
    page.wait_for_url("**/oauth2/authorize**prompt=login**")
    page.wait_for_timeout(1100)  # a login is dated to the second
    answer(page, COPILOTE)
    expect(page.locator(".bande_salle")).to_be_visible()
    au_repos(page)
    page.get_by_role("button", name="Où aller ?").click()
    page.get_by_role("button", name="Séance, ICI, profil, retour en Préparation").click()
    page.get_by_role("button", name="En Salle").click()
    page.get_by_role("button", name="Confirmer le retour en Préparation").click()
    expect(page.get_by_role("button", name="Co-pilote")).to_be_visible()


@pytest.mark.parametrize("chemin", ["/media/0123456789abcdef.xlsx", "/_stcore/upload_file/s/f"])
def test_files_are_given_to_who_holds_a_good_login_alone(lieu: Lieu, chemin: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refus:
        urllib.request.urlopen(lieu.adresse + chemin, timeout=10)  # noqa: S310
    assert refus.value.code == 403
    assert "se connecter" in refus.value.read().decode()
