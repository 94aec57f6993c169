"""Salle belongs to the account, on the server: no way in opens what a co-pilot closed, and leaving asks who is there.

The first tables are the promise, and each cell is run on a real server behind a real OpenID provider. `1`: rows of
households, or the free builder, come out; `0`: they do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from mel_core.droits.salle import DELAI, Salles
from mel_core.journal import Journal
from pages.commun.connexion import COOKIE
from tests.jeux import build_store, chargement
from tests.navigateur.conftest import application
from tests.navigateur.test_orientations import monde
from tests.test_identites import COMPTES, COPILOTE, Lieu, export, voir
from tests.test_identites import lieu as lieu
from tests.visiteur import Onglet, Visiteur

PASSER, REVENIR, CONFIRMER = "Passer en Salle", "Revenir en Préparation", "Confirmer le retour en Préparation"
COMPTE, MIDI, MINUTE = [("https://id.example", "7f3A")], datetime(2017, 9, 30, 12, 0, tzinfo=UTC), timedelta(minutes=1)
TABLE = """
                                              avant en_salle apres
a page opened again in the same browser       1     0        1
a tab that was open, run again                1     0        1
a tab that was open, its export asked for     1     0        1
the free builder, by its address              1     0        1
the machine by its other name                 1     0        1
another browser, logged in before             1     0        1
cookies cleared, logged in just now           1     0        1
a cookie of a room that was never locked      1     0        1
a raw socket that brings the login alone      1     0        1
another process on the same store             1     0        1
GET /media of a list taken before             1     0        1
HEAD /media of a list taken before            1     0        1
GET /media by the other name of the machine   1     0        1
a deferred download of rows                   1     0        1
another co-pilot                              1     1        1
a commune                                     1     1        1
an animateur                                  0     0        0
"""
PAGE_DIFFEREE = """
from pages.adaptateur import telechargement
telechargement.offer("Lignes", lambda: b"PK lignes", "l.xlsx", "application/zip", cle="lignes", de_lignes=True)
"""
SERVEUR_DIFFERE = """
import streamlit as st
from starlette.middleware import Middleware
from pages.adaptateur import enveloppe
app = st.App("differee.py", middleware=[Middleware(enveloppe.Garde)])
"""


@dataclass
class Scene:
    """A co-pilot with its browsers and its open tabs, and the others. `suivant`: a second process on the same store;
    `differe`: a third, that offers a deferred download of rows."""

    lieu: Lieu
    suivant: str
    differe: str
    onglet: Onglet = field(init=False)
    exporte: Onglet = field(init=False)
    liste: str = ""
    venus: dict[str, Visiteur] = field(default_factory=dict)

    def venu(self, identite: str, quand: str = "avant") -> Visiteur:
        cle = f"{identite} {quand}"
        if cle not in self.venus:
            self.venus[cle] = self.lieu.venir(identite)
        return self.venus[cle]

    def copie(self, adresse: str = "", *noms: str) -> Visiteur:
        """A browser that holds the cookies of the co-pilot (`noms`: those alone), and asks `adresse`."""
        gardes = {c.name: c.value for c in self.lieu.copilote.http.cookies.jar if not noms or c.name in noms}
        visiteur = Visiteur(adresse or self.lieu.adresse, origine=self.lieu.adresse)
        for nom, valeur in gardes.items():
            if nom != "_streamlit_xsrf":
                visiteur.http.cookies.set(nom, valeur or "")
        return visiteur

    @property
    def autre_nom(self) -> str:
        return self.lieu.adresse.replace("127.0.0.1", "localhost")


def listes(visiteur: Visiteur) -> bool:
    with visiteur.open("mes_listes") as onglet:
        return "dataframe" in [e.WhichOneof("type") for e in onglet.dessines]


def chase(scene: Scene) -> bool:
    return "dataframe" in [e.WhichOneof("type") for e in scene.onglet.lancer().dessines]


def exporter_de_nouveau(scene: Scene) -> bool:
    """By a click of a tab that was open: the page that it is looking at still holds the button."""
    try:
        return bool(export(scene.exporte.lancer()))
    except AssertionError:
        return False


def compose(scene: Scene) -> bool:
    with scene.lieu.copilote.open("orientations", "segment=libre&vue=segments") as onglet:
        return "Segment libre…" in onglet.texte


def d_une_salle(scene: Scene) -> bool:
    visiteur = scene.copie()
    visiteur.http.cookies.set("salle", "2diQrpMZUvE09IIXflsoqCckKfwGerajpBqBNpPwYuE")
    return listes(visiteur)


def differer(scene: Scene) -> bool:
    visiteur = scene.copie(scene.differe)
    with visiteur.open() as onglet:
        differe = onglet.find("download_button", "Lignes").deferred_file_id
        return visiteur.http.get(onglet.ask(differe)).content.startswith(b"PK")


def media(methode: str, par: Callable[[Scene], str]) -> Callable[[Scene], bool]:
    return lambda scene: scene.copie(par(scene)).http.request(methode, scene.liste).status_code == 200


CHEMINS: dict[str, Callable[[Scene], bool]] = {
    "a page opened again in the same browser": lambda s: listes(s.lieu.copilote),
    "a tab that was open, run again": chase,
    "a tab that was open, its export asked for": exporter_de_nouveau,
    "the free builder, by its address": compose,
    "the machine by its other name": lambda s: listes(s.copie(s.autre_nom)),
    "another browser, logged in before": lambda s: listes(s.venu("copilote")),
    "cookies cleared, logged in just now": lambda s: listes(s.lieu.venir("copilote")),
    "a cookie of a room that was never locked": d_une_salle,
    "a raw socket that brings the login alone": lambda s: listes(s.copie("", COOKIE)),
    "another process on the same store": lambda s: listes(s.copie(s.suivant)),
    "GET /media of a list taken before": media("GET", lambda s: s.lieu.adresse),
    "HEAD /media of a list taken before": media("HEAD", lambda s: s.lieu.adresse),
    "GET /media by the other name of the machine": media("GET", lambda s: s.autre_nom),
    "a deferred download of rows": differer,
    "another co-pilot": lambda s: listes(s.venu("autre_copilote")),
    "a commune": lambda s: listes(s.venu("commune")),
    "an animateur": lambda s: listes(s.venu("animateur")),
}


@pytest.fixture(scope="module")
def scene(lieu: Lieu, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    dossier = tmp_path_factory.mktemp("differe")
    (dossier / "differee.py").write_text(PAGE_DIFFEREE, encoding="utf-8")
    (dossier / "serveur_differe.py").write_text(SERVEUR_DIFFERE, encoding="utf-8")
    secrets = lieu.donnees / "secrets.toml"
    with ExitStack() as pile:
        suivant = pile.enter_context(application(lieu.donnees, secrets=secrets))
        differe = pile.enter_context(application(lieu.donnees, dossier / "serveur_differe.py", secrets=secrets))
        ici = Scene(lieu, suivant, differe)
        ici.liste = lieu.liste
        ici.onglet = pile.enter_context(lieu.copilote.open("mes_listes"))
        ici.exporte = pile.enter_context(lieu.copilote.open("mes_listes"))
        for identite in ("copilote", "autre_copilote", "commune", "animateur"):
            ici.venu(identite)
        yield ici


def boutons(visiteur: Visiteur) -> set[str]:
    with visiteur.open() as onglet:
        return {e.button.label for e in onglet.dessines if e.WhichOneof("type") == "button"}


def choose(visiteur: Visiteur, libelle: str) -> Onglet:
    with visiteur.open() as onglet:
        return onglet.cliquer(libelle)


def ask(visiteur: Visiteur, compte: str = "copilote") -> Visiteur:
    """The first step of leaving: the provider asks who is there, and gives a new login."""
    renvoi = choose(visiteur, REVENIR).renvoi
    assert renvoi.startswith("/auth/login?")
    time.sleep(1.1)  # a login is dated to the second
    return visiteur.prouver(renvoi, compte)


@pytest.mark.ci
def test_no_way_in_opens_what_a_co_pilot_closed(scene: Scene) -> None:
    entetes, *lignes = TABLE.strip("\n").splitlines()
    phases = entetes.split()
    vu = dict.fromkeys(CHEMINS, "")
    sortie = scene.lieu.venir("copilote")

    def tout_essayer() -> None:
        for chemin, try_out in CHEMINS.items():
            vu[chemin] += str(int(try_out(scene)))

    tout_essayer()
    choose(scene.lieu.copilote, PASSER)
    tout_essayer()
    choose(ask(sortie), CONFIRMER)
    tout_essayer()
    assert len(phases) == 3
    assert vu == {" ".join(ligne.split()[:-3]): "".join(ligne.split()[-3:]) for ligne in lignes}


@pytest.fixture
def en_salle(lieu: Lieu) -> Iterator[Visiteur]:
    """A co-pilot whose account is in Salle, in a browser of its own; out of it afterwards."""
    visiteur = lieu.venir("copilote")
    choose(visiteur, PASSER)
    yield visiteur
    salles, compte, maintenant = Salles(lieu.donnees), [(COPILOTE,), (lieu.fournisseur, "copilote")], datetime.now(UTC)
    salles.go_in(compte)
    salles.ask(compte, maintenant)
    assert salles.go_out(compte, maintenant + MINUTE, maintenant)


def test_a_login_made_before_the_request_to_leave_confirms_nothing_nor_does_the_one_that_asked(
    lieu: Lieu, en_salle: Visiteur
) -> None:
    depuis_la_salle, copie = lieu.venir("copilote"), httpx.Cookies(en_salle.http.cookies)
    ask(en_salle)
    assert CONFIRMER in boutons(en_salle)
    en_salle.http.cookies = copie
    for visiteur in (depuis_la_salle, lieu.copilote, en_salle):
        assert {REVENIR, CONFIRMER} & boutons(visiteur) == {REVENIR}
        assert not listes(visiteur)


def test_a_new_login_alone_does_not_leave_until_it_confirms(lieu: Lieu, en_salle: Visiteur) -> None:
    choose(en_salle, REVENIR)
    time.sleep(1.1)
    revenu = lieu.venir("copilote")  # the co-pilot at another desk, who asked for nothing
    assert not listes(revenu)
    assert CONFIRMER in boutons(revenu)
    choose(revenu, "Rester en Salle")
    assert {REVENIR, CONFIRMER} & boutons(revenu) == {REVENIR}


def test_the_provider_is_told_to_ask_who_is_there_and_to_say_when_it_did(lieu: Lieu, en_salle: Visiteur) -> None:
    """`prompt` is what the browser may be asked to leave out: `max_age` has the provider say `auth_time`, always."""

    def demande(visiteur: Visiteur, libelle: str) -> dict[str, str]:
        reponse = visiteur.http.get(choose(visiteur, libelle).renvoi, follow_redirects=False)
        assert reponse.headers["location"].startswith(lieu.fournisseur)
        lus = httpx.URL(reponse.headers["location"]).params
        return {nom: lus[nom] for nom in ("prompt", "max_age")}

    assert demande(lieu.venir("anonyme"), "Se connecter") == {"prompt": "select_account", "max_age": "28800"}
    assert demande(en_salle, REVENIR) == {"prompt": "login", "max_age": "0"}


def test_the_switch_is_a_co_pilot_s_and_nobody_else_s(scene: Scene) -> None:
    assert PASSER in boutons(scene.venu("autre_copilote"))
    for identite in ("commune", "animateur"):
        assert {PASSER, REVENIR, CONFIRMER} & boutons(scene.venu(identite)) == set()


def test_a_provider_that_asked_nobody_who_is_there_opens_nothing(lieu: Lieu) -> None:
    """It says when it last asked (`auth_time`): years ago; its login is new, and proves nothing."""
    assert "auth_time" in COMPTES["endormi"]
    visiteur = lieu.venir("endormi")
    choose(visiteur, PASSER)
    ask(visiteur, "endormi")
    assert {REVENIR, CONFIRMER} & boutons(visiteur) == {REVENIR}
    assert not listes(visiteur)
    with visiteur.open() as onglet:
        assert "n’a pas redemandé" in onglet.texte


def test_an_animateur_gets_neither_list_nor_free_builder_nor_quality_export(scene: Scene) -> None:
    animateur = scene.venu("animateur")
    assert not listes(animateur)
    assert not voir("qualite")(scene.lieu, animateur)
    with animateur.open("orientations", "segment=libre&vue=segments") as onglet:
        assert "Segment libre…" not in onglet.texte


def test_a_visitor_who_did_not_log_in_gets_the_way_to_and_writes_nothing(lieu: Lieu, tmp_path: Path) -> None:
    """On fictitious data too: what is served is for whoever is known."""
    build_store(tmp_path, chargement(**monde()))
    with application(tmp_path, secrets=lieu.donnees / "secrets.toml") as adresse:
        with Visiteur(adresse).open("orientations", "vue=segments&segment=libre&seance=2017S2") as onglet:
            assert onglet.find("button", "Se connecter")
            assert "Segment" not in onglet.texte
        assert not listes(Visiteur(adresse))
    assert Journal.du_dossier(tmp_path).find_all("audit") == []


def test_an_account_is_in_salle_for_every_process_until_it_leaves_and_no_other_is(tmp_path: Path) -> None:
    Salles(tmp_path).go_in(COMPTE)
    Salles(tmp_path).go_in(COMPTE)
    assert Salles(tmp_path).contient(COMPTE)
    assert not Salles(tmp_path).contient([("https://id.example", "8")])
    Salles(tmp_path).ask(COMPTE, MIDI)
    assert Salles(tmp_path).contient(COMPTE)
    assert Salles(tmp_path).go_out(COMPTE, MIDI + MINUTE, MIDI + 2 * MINUTE)
    assert not Salles(tmp_path).contient(COMPTE)


@pytest.mark.parametrize(
    ("prouvee", "maintenant", "sort"),
    [
        (MIDI - MINUTE, MIDI + MINUTE, False),  # logged in before the request
        (MIDI, MIDI + MINUTE, False),  # in the same second: nobody knows which came first
        (MIDI + MINUTE, MIDI + 2 * MINUTE, True),
        (MIDI + MINUTE, MIDI + DELAI, True),
        (MIDI + MINUTE, MIDI + DELAI + MINUTE, False),  # a request that was left there
        (MIDI + MINUTE, MIDI - MINUTE, False),  # made by a clock that is ahead
    ],
)
def test_only_an_identity_proven_after_a_recent_request_leaves(
    tmp_path: Path, prouvee: datetime, maintenant: datetime, sort: bool
) -> None:
    Salles(tmp_path).go_in(COMPTE)
    assert not Salles(tmp_path).go_out(COMPTE, prouvee, maintenant)  # nobody asked
    Salles(tmp_path).ask(COMPTE, MIDI)
    assert Salles(tmp_path).go_out(COMPTE, prouvee, maintenant) is sort
    assert Salles(tmp_path).contient(COMPTE) is not sort


def test_a_request_is_forgotten_when_the_account_comes_back_in_salle(tmp_path: Path) -> None:
    Salles(tmp_path).go_in(COMPTE)
    Salles(tmp_path).ask(COMPTE, MIDI)
    Salles(tmp_path).go_in(COMPTE)
    assert not Salles(tmp_path).go_out(COMPTE, MIDI + MINUTE, MIDI + MINUTE)


def test_a_second_request_does_not_put_off_the_first_until_it_is_too_old(tmp_path: Path) -> None:
    """A provider whose clock is late by a minute would else never be late enough."""
    salles = Salles(tmp_path)
    salles.go_in(COMPTE)
    salles.ask(COMPTE, MIDI)
    salles.ask(COMPTE, MIDI + 2 * MINUTE)
    assert salles.est_demandee(COMPTE, MIDI + MINUTE, MIDI + 3 * MINUTE)
    salles.ask(COMPTE, MIDI + DELAI + MINUTE)
    assert not salles.est_demandee(COMPTE, MIDI + MINUTE, MIDI + DELAI + 2 * MINUTE)


def test_a_second_account_of_the_same_verified_address_is_in_salle_with_the_first(tmp_path: Path) -> None:
    salles, adresse = Salles(tmp_path), ("copilote@mel.example",)
    salles.go_in([adresse, ("https://id.example", "7f3A")])
    assert salles.contient([adresse, ("https://id.example", "8b")])
    assert salles.contient([("https://id.example", "7f3A")])  # its address no longer verified
    assert not salles.contient([("https://id.example", "8b")])


def test_a_request_that_does_not_read_is_none(tmp_path: Path) -> None:
    salles = Salles(tmp_path)
    salles.go_in(COMPTE)
    salles.ask(COMPTE, MIDI)
    (demande,) = (f for f in tmp_path.rglob("*") if f.is_file() and f.read_bytes())
    demande.write_bytes(b"\xff\xfe")
    assert not salles.go_out(COMPTE, MIDI + MINUTE, MIDI + MINUTE)
    salles.ask(COMPTE, MIDI)
    assert salles.go_out(COMPTE, MIDI + MINUTE, MIDI + MINUTE)


def test_what_is_kept_does_not_name_the_account(tmp_path: Path) -> None:
    Salles(tmp_path).go_in(COMPTE)
    Salles(tmp_path).ask(COMPTE, MIDI)
    for fichier in (f for f in tmp_path.rglob("*") if f.is_file()):
        assert "7f3A" not in f"{fichier} {fichier.read_text(encoding='ascii')}"
