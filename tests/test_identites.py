"""Who gets what, by every way in: each route asked by each identity, of a real server behind a real OpenID provider.

The table below is the promise; each cell is run. `1`: given; `0`: refused; of a way out: whether the login is over
after it. A route outside a page is asked as anybody could who was given, or saw, its address.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mel_core.droits.connexions import Connexions
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from pages.commun.connexion import COOKIE
from tests.jeux import chargement, serve, table
from tests.navigateur.conftest import application, port_libre
from tests.visiteur import Onglet, Visiteur

TABLE = """
                               anonyme inconnu usurpe expire parti copilote meme commune bailleur reservataire animateur
page bilan                     0       0       0      0      0     1        1    1       1        1            1
page introduction              0       0       0      0      0     1        1    1       1        1            1
page coordination              0       0       0      0      0     1        1    1       1        1            1
page orientations              0       0       0      0      0     1        1    1       1        1            1
page cloture                   0       0       0      0      0     1        1    1       1        1            1
page simuler                   0       0       0      0      0     1        1    1       1        1            1
page fragilite                 0       0       0      0      0     1        1    1       1        1            1
page mes_listes                0       0       0      0      0     1        1    1       1        1            0
page blocages                  0       0       0      0      0     1        1    1       1        1            1
page imports                   0       0       0      0      0     1        1    0       0        0            0
page qualite                   0       0       0      0      0     1        1    0       0        0            0
page objectifs                 0       0       0      0      0     1        1    0       0        0            0
page journal                   0       0       0      0      0     1        1    0       0        0            0
page dossier                   0       0       0      0      0     1        1    0       0        0            0
GET /media of a list           0       0       0      0      0     1        0    0       0        0            0
HEAD /media of a list          0       0       0      0      0     1        0    0       0        0            0
GET /media of a document       0       0       0      0      0     1        0    0       0        0            0
socket, another's document     0       0       0      0      0     1        0    0       0        0            0
PUT upload, another session    0       0       0      0      0     1        0    0       0        0            0
DELETE upload, another session 0       0       0      0      0     1        0    0       0        0            0
PUT upload, own session        0       0       0      0      0     1        1    0       0        0            0
GET /auth/logout from a page   1       1       1      1      1     1        1    1       1        1            1
GET /auth/logout from away     1       0       0      1      1     0        0    0       0        0            0
GET /auth/logout from nowhere  1       0       0      1      1     0        0    0       0        0            0
"""
COPILOTE, AUTRE_COPILOTE, COMMUNE = "copilote@mel.example", "ddtm@nord.example", "logement@lille.example"
COMPTES: dict[str, dict[str, Any]] = {
    "inconnu": {"email": "inconnu@ailleurs.example", "email_verified": True},
    "usurpe": {"email": COPILOTE, "email_verified": False},  # it claims the address of a co-pilot
    "sans_dire": {"email": COPILOTE},
    "copilote": {"email": COPILOTE, "email_verified": True},
    "autre_copilote": {"email": AUTRE_COPILOTE, "email_verified": True},
    "endormi": {"email": "ar@mel.example", "email_verified": True, "auth_time": 1_500_000_000},  # never asked again
    "commune": {"email": COMMUNE, "email_verified": True},
    "bailleur": {"email": "agence@b1.example", "email_verified": True},
    "reservataire": {},  # named in the register by its provider
    "animateur": {"email": "salle@mel.example", "email_verified": True},
}
COMPTE_DE = {"meme": "copilote", "expire": "copilote", "parti": "copilote"}
SECRET = token_hex(32)
REFUS = (
    "Rien ne se consulte ici",
    "Cette connexion est finie",
    "n’est pas habilité",
    "Seul un co-pilote",
    "Un animateur est toujours en Salle",
    "aucune liste ne s’ouvre",
)


@dataclass
class Lieu:
    """The server, and what a co-pilot opened there: its browser, its tabs, the addresses of its two files."""

    adresse: str
    donnees: Path
    fournisseur: str
    copilote: Visiteur = field(init=False)
    onglet: Onglet = field(init=False)
    cloture: Onglet = field(init=False)
    liste: str = ""
    differe: str = ""

    @property
    def document(self) -> str:
        """Made anew: Streamlit keeps it until the next run of any session."""
        return self.cloture.ask(self.differe)

    def venir(self, identite: str) -> Visiteur:
        """A new browser of this identity."""
        visiteur = Visiteur(self.adresse)
        if identite == "anonyme":
            return visiteur
        visiteur.go_in(COMPTE_DE.get(identite, identite))
        if identite == "expire":
            age(visiteur, 9 * 3600)
        if identite == "parti":
            gardes = httpx.Cookies(visiteur.http.cookies)  # a copy, taken before it left
            visiteur.http.get("/auth/logout", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
            visiteur.http.cookies = gardes
        return visiteur


def age(visiteur: Visiteur, secondes: int) -> None:
    """Its login was signed so long ago."""
    signature = URLSafeTimedSerializer(SECRET, salt=COOKIE)

    class Avant(type(signature.make_signer("x"))):  # type: ignore[misc]
        def get_timestamp(self) -> int:
            return super().get_timestamp() - secondes

    jeton = signature.loads(visiteur.http.cookies[COOKIE])
    vieux = URLSafeTimedSerializer(SECRET, salt=COOKIE, signer=Avant).dumps(jeton)
    assert isinstance(vieux, str)
    visiteur.http.cookies.set(COOKIE, vieux, domain="127.0.0.1", path="/")


@pytest.fixture(scope="module")
def lieu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lieu]:
    """Forty bails in Lille and three demandes that want Lille and Allennes-les-Marais, said real."""
    entrepot = Entrepot(tmp_path_factory.mktemp("identites") / "donnees")
    bail = {
        **{"date_bail": date(2017, 9, 30), "code_insee": "59350", "code_quartier": "593500101", "code_bailleur": "B1"},
        **{"mutation": False, "n_personnes": 1, "revenu_fiscal": 5000.0, "reservataire": "COLACT"},
    }
    demande = {
        **{"date_creation": date(2014, 1, 15), "etat": "ACTIVE", "n_personnes": 1, "code_insee_actuel": "59350"},
        **{"communes_souhaitees": ["59350", "59005"]},
    }
    quartier = {"code_quartier": "593500101", "nom": "Q", "code_insee": "59350", "fragilite": "fragile"}
    with entrepot.reserve():
        serve(
            entrepot,
            chargement(
                nature="reelle",
                attributions=table(
                    "attributions",
                    *({"id_attribution": f"a{i}", "numero_unique": f"999{i:03}", **bail} for i in range(40)),
                ),
                quartiers=table("quartiers", quartier),
                bailleurs=table("bailleurs", {"code_bailleur": "B1", "nom": "Essai"}),
                demandes=table("demandes", *({"numero_unique": f"998{i:03}", **demande} for i in range(3))),
            ),
        )
    with derriere_une_connexion(entrepot.dossier) as ici, ExitStack() as pile:
        ici.onglet, ici.cloture = (pile.enter_context(ici.copilote.open(page)) for page in ("mes_listes", "cloture"))
        ici.liste = export(ici.onglet)
        ici.differe = ici.cloture.find("download_button", "Relevé de décisions (docx)").deferred_file_id
        yield ici


@contextmanager
def derriere_une_connexion(donnees: Path) -> Iterator[Lieu]:
    """The store served behind a real OpenID provider, and a co-pilot logged in."""
    port, port_fournisseur = port_libre(), port_libre()
    fournisseur = f"http://127.0.0.1:{port_fournisseur}"
    secrets = donnees / "secrets.toml"
    secrets.write_text(
        f"""
        [auth]
        redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
        cookie_secret = "{SECRET}"
        client_id = "ici"
        client_secret = "essai"
        server_metadata_url = "{fournisseur}/.well-known/openid-configuration"

        [habilitations]
        copilotes = ["{COPILOTE}", "{AUTRE_COPILOTE}", "ar@mel.example"]
        organisations = [
          {{ courriel = "{COMMUNE}", profil = "commune", code = "59350" }},
          {{ courriel = "agence@b1.example", profil = "bailleur", code = "B1" }},
          {{ compte = "{fournisseur} reservataire", profil = "reservataire", code = "COLACT" }},
          {{ courriel = "salle@mel.example", profil = "animateur" }},
        ]
        """,
        encoding="utf-8",
    )
    comptes = [o for sub, dit in COMPTES.items() for o in ("--user-claims", json.dumps({"sub": sub, **dit}))]
    commande = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port_fournisseur), *comptes]
    processus = subprocess.Popen(commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        attendre_le_fournisseur(processus, fournisseur)
        with application(donnees, port=port, secrets=secrets) as adresse:
            ici = Lieu(adresse, donnees, fournisseur)
            ici.copilote = ici.venir("copilote")
            yield ici
    finally:
        processus.terminate()
        processus.wait(10)


def export(listes: Onglet) -> str:
    """The address of the workbook of the list on screen."""
    adresse = listes.cliquer("Préparer l’export").find("download_button", "Télécharger le classeur").url
    assert isinstance(adresse, str)
    return adresse


def attendre_le_fournisseur(processus: subprocess.Popen[bytes], adresse: str) -> None:
    for _ in range(600):
        assert processus.poll() is None, "the provider stopped"
        try:
            httpx.get(f"{adresse}/.well-known/openid-configuration")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the provider does not answer")


def voir(page: str) -> Callable[[Lieu, Visiteur], bool]:
    def try_out(lieu: Lieu, visiteur: Visiteur) -> bool:
        with visiteur.open("" if page == "bilan" else page) as onglet:
            return not any(refus in onglet.texte for refus in REFUS)

    return try_out


def take(methode: str, quoi: str) -> Callable[[Lieu, Visiteur], bool]:
    def try_out(lieu: Lieu, visiteur: Visiteur) -> bool:
        reponse = visiteur.http.request(methode, getattr(lieu, quoi))
        assert reponse.status_code in (200, 403)
        assert reponse.headers["Cache-Control"] == "no-store"
        assert reponse.status_code == 200 or not reponse.content.startswith(b"PK")
        return reponse.status_code == 200

    return try_out


def compose(lieu: Lieu, visiteur: Visiteur) -> bool:
    """By one's own socket, the document that another session was offered; then its address."""
    with visiteur.open() as onglet:
        try:
            adresse = onglet.ask(lieu.differe, attente_s=3)
        except TimeoutError:  # nobody's socket is not even answered
            return False
        return visiteur.http.get(adresse).status_code == 200


def deposer(methode: str, *, chez_soi: bool) -> Callable[[Lieu, Visiteur], bool]:
    def envoyer(visiteur: Visiteur, session: str) -> bool:
        adresse = f"/_stcore/upload_file/{session}/{token_hex(8)}"
        fichiers = {"files": {"f": ("x.csv", b"a;b\n")}} if methode == "PUT" else {}
        reponse = visiteur.http.request(methode, adresse, headers={"X-Xsrftoken": visiteur.jeton}, **fichiers)
        assert reponse.status_code in (204, 403), reponse.text
        return reponse.status_code == 204

    def try_out(lieu: Lieu, visiteur: Visiteur) -> bool:
        if not chez_soi:
            return envoyer(visiteur, lieu.onglet.session)
        with visiteur.open() as onglet:
            return envoyer(visiteur, onglet.session)

    return try_out


def go_out(d_ou: str) -> Callable[[Lieu, Visiteur], bool]:
    """Whether the login is over then, for a copy of it too."""

    def try_out(lieu: Lieu, visiteur: Visiteur) -> bool:
        copie = httpx.Cookies(visiteur.http.cookies)
        en_tetes = {"Sec-Fetch-Site": d_ou} if d_ou else {}
        sortie = visiteur.http.get("/auth/logout", headers=en_tetes, follow_redirects=False)
        assert sortie.status_code == (302 if d_ou == "same-origin" else 403)
        visiteur.http.cookies = copie
        with visiteur.open() as onglet:
            return "Se connecter" in [e.button.label for e in onglet.dessines if e.WhichOneof("type") == "button"]

    return try_out


ROUTES: dict[str, Callable[[Lieu, Visiteur], bool]] = {
    "GET /media of a list": take("GET", "liste"),
    "HEAD /media of a list": take("HEAD", "liste"),
    "GET /media of a document": take("GET", "document"),
    "socket, another's document": compose,
    "PUT upload, another session": deposer("PUT", chez_soi=False),
    "DELETE upload, another session": deposer("DELETE", chez_soi=False),
    "PUT upload, own session": deposer("PUT", chez_soi=True),
    "GET /auth/logout from a page": go_out("same-origin"),
    "GET /auth/logout from away": go_out("cross-site"),
    "GET /auth/logout from nowhere": go_out(""),
}


def cellules() -> list[tuple[str, str, bool]]:
    entetes, *lignes = TABLE.strip().splitlines()
    identites = entetes.split()
    lues = []
    for ligne in lignes:
        mots = ligne.split()
        route, attendus = " ".join(mots[: -len(identites)]), mots[-len(identites) :]
        lues += [(route, qui, dit == "1") for qui, dit in zip(identites, attendus, strict=True)]
    return lues


def is_usual(route: str) -> bool:
    """One page of each right is asked for at each run."""
    return not route.startswith("page ") or route.split()[1] in ("bilan", "mes_listes", "imports", "dossier")


@pytest.fixture(scope="module")
def venus() -> dict[str, Visiteur]:
    """One browser an identity, for what leaves it as it was."""
    return {}


@pytest.mark.parametrize(
    ("route", "identite", "attendu"),
    [pytest.param(*c, marks=() if is_usual(c[0]) else pytest.mark.ci) for c in cellules()],
)
def test_each_route_gives_each_identity_what_the_table_says(
    lieu: Lieu, venus: dict[str, Visiteur], route: str, identite: str, attendu: bool
) -> None:
    if "logout" in route:
        visiteur = lieu.venir(identite)
    else:
        if identite not in venus:
            venus[identite] = lieu.copilote if identite == "copilote" else lieu.venir(identite)
        visiteur = venus[identite]
    try_out = voir(route.removeprefix("page ")) if route.startswith("page ") else ROUTES[route]
    assert try_out(lieu, visiteur) is attendu


def test_an_address_that_the_provider_says_nothing_of_gives_no_right(lieu: Lieu) -> None:
    assert not voir("bilan")(lieu, lieu.venir("sans_dire"))


def test_a_login_that_another_secret_signed_opens_nothing(lieu: Lieu) -> None:
    visiteur = lieu.venir("copilote")
    assert voir("bilan")(lieu, visiteur)
    contenu = URLSafeTimedSerializer(SECRET, salt=COOKIE).loads(visiteur.http.cookies[COOKIE])
    faux = URLSafeTimedSerializer(token_hex(32), salt=COOKIE).dumps(contenu)
    assert isinstance(faux, str)
    visiteur.http.cookies.set(COOKIE, faux, domain="127.0.0.1", path="/")
    assert not voir("bilan")(lieu, visiteur)


def test_a_file_already_made_is_refused_once_its_account_is_revoked(lieu: Lieu) -> None:
    visiteur = lieu.venir("commune")
    with visiteur.open("mes_listes") as listes:
        liste = export(listes)
        assert visiteur.http.get(liste).status_code == 200
        Connexions(lieu.donnees).revoke(COMMUNE, datetime.now(UTC))
        assert visiteur.http.get(liste).status_code == 403


def test_what_is_written_is_signed_by_the_login_and_the_typed_name_is_a_mention(lieu: Lieu) -> None:
    visiteur = lieu.venir("copilote")
    with visiteur.open("mes_listes") as listes:
        nom = listes.find("text_input", f"Votre nom, en mention ({COPILOTE} signe)")
        listes.lancer(WidgetState(id=nom.id, string_value="La présidente"))
        export(listes)
    exporte = next(f for f in Journal.du_dossier(lieu.donnees).ecritures() if f.contenu.get("geste") == "export")
    assert (exporte.auteur.nom, exporte.auteur.mention) == (COPILOTE, "La présidente")
