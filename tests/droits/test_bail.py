"""Nothing answers after what opened it is gone: every page and fragment that each profile has open, played after.

A tab is open by page and by fragment; then its login is locked in Salle, revoked, closed, past its age, or the data are
published anew; then each of its widgets is played as the browser would, callbacks, fragments and downloads included.
A case plays a quarter of the pages, the cases of a run all of them together; the long run, every page after each loss.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from mel_core.droits.connexions import AGE_MAX
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from pages.commun.navigation import ACCUEIL, PAGES
from tests.cli.appel import run
from tests.exemples import one_in
from tests.test_identites import AUTRE_COPILOTE, COMMUNE, COPILOTE, Lieu, age, derriere_une_connexion
from tests.visiteur import Onglet, Visiteur, identifiant

PROFILS = {
    "copilote": COPILOTE,
    "autre_copilote": AUTRE_COPILOTE,
    "commune": COMMUNE,
    "bailleur": "agence@b1.example",
    "reservataire": "",
    "animateur": "salle@mel.example",
}
FINIE, ARRONDIES, EXACTES = "Cette connexion est finie", "Nombres arrondis", "Chiffres exacts"
DELAIS_S = (12, 60)  # in which every tab is open before its login is past its age: the second on a busy machine
A_LA_FOIS = 4  # tabs that are opened, then played, at once: each waits for its own socket
UNE_SECONDE = timedelta(seconds=1)  # a login is dated to the second
SEUL_CADRE = {"html", "button", "page_link", "bidi_component", "markdown", "empty", None}


@pytest.fixture(scope="module")
def lieu(demonstration_copiee: Path) -> Iterator[Lieu]:
    """The demonstration, behind a login."""
    with derriere_une_connexion(demonstration_copiee) as ici:
        yield ici


class Ouvert(NamedTuple):
    """A tab, those of its widgets that are played there, and their fragment: none where they are in none."""

    page: str
    onglet: Onglet
    siens: list[Any]
    morceau: str


def played(element: Any) -> WidgetState | None:
    """What the browser sends when this widget is touched; None when it can't be."""
    genre, etat = element.WhichOneof("type"), WidgetState(id=identifiant(element))
    widget = getattr(element, genre)
    if genre in ("button", "download_button"):
        etat.trigger_value = True
    elif genre == "checkbox":
        etat.bool_value = not widget.default
    elif genre in ("selectbox", "text_input", "text_area"):
        etat.string_value = widget.options[-1] if genre == "selectbox" and widget.options else "Essai"
    elif genre == "number_input":
        etat.double_value = widget.min if widget.has_min else 1
    elif genre in ("multiselect", "button_group"):
        etat.string_array_value.data.extend([])
    elif genre == "bidi_component":
        etat.json_value = json.dumps({"demande": {"question": 1, "valeurs": [7, 7, 7]}})
    else:
        return None
    return etat


def widgets(onglet: Onglet) -> list[Any]:
    """Less the two buttons that go to the provider, and the one that would lock the room for the tests to come."""
    vers = ("Se connecter", "Se déconnecter", "Passer en Salle")
    return [e for e in onglet.dessines if identifiant(e) and not (e.HasField("button") and e.button.label in vers)]


def open_all(pile: ExitStack, visiteur: Visiteur, pages: list[str]) -> list[Ouvert]:
    """One tab by fragment of each of these pages, and one for the rest of it."""

    def open_page(page: str) -> list[Ouvert]:
        nom = "" if page == ACCUEIL else page
        onglet = pile.enter_context(visiteur.open(nom))
        vus = widgets(onglet)
        ouverts = [Ouvert(page, onglet, [w for w in vus if not onglet.morceaux[identifiant(w)]], "")]
        for morceau in sorted({m for m in onglet.morceaux.values() if m}):
            autre = pile.enter_context(visiteur.open(nom))
            siens = [w for w in widgets(autre) if autre.morceaux[identifiant(w)] == morceau]
            ouverts.append(Ouvert(page, autre, siens, morceau))
        return ouverts

    with ThreadPoolExecutor(A_LA_FOIS) as fils:
        return [ouvert for ouverts in fils.map(open_page, pages) for ouvert in ouverts]


def open_before_the_age(pile: ExitStack, visiteur: Visiteur, pages: list[str]) -> list[Ouvert]:
    """The same, by a login that is past its age soon after the last of them is open."""
    for delai_s in DELAIS_S:
        age(visiteur, int(AGE_MAX.total_seconds()) - delai_s)
        visiteur.depuis = datetime.now(UTC) - AGE_MAX + timedelta(seconds=delai_s)
        with ExitStack() as essai:
            ouverts = open_all(essai, visiteur, pages)
            if age_of(visiteur) < AGE_MAX - 2 * UNE_SECONDE:
                pile.enter_context(essai.pop_all())
                return ouverts
    raise AssertionError("the login is past its age before every tab is open")


def revoke(lieu: Lieu, visiteur: Visiteur, profil: str) -> None:
    fini = run("--dossier-donnees", lieu.donnees, "revoquer", PROFILS[profil] or f"{lieu.fournisseur} reservataire")
    assert "Connexions du compte closes" in fini.stdout


def leave(lieu: Lieu, visiteur: Visiteur, profil: str) -> None:
    visiteur.http.get("/auth/logout", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)


def expire(lieu: Lieu, visiteur: Visiteur, profil: str) -> None:
    while age_of(visiteur) <= AGE_MAX + 2 * UNE_SECONDE:
        time.sleep(0.2)


def lock(lieu: Lieu, visiteur: Visiteur, profil: str) -> None:
    with lieu.venir(profil).open() as ailleurs:
        ailleurs.cliquer("Passer en Salle")


def publish(lieu: Lieu, visiteur: Visiteur, profil: str) -> None:
    entrepot = Entrepot(lieu.donnees)
    texte = f"[[seuils_premier_quartile]]\nannee = {2030 + len(list((lieu.donnees / 'jeux').glob('*.duckdb')))}\n"
    with entrepot.reserve():
        assert entrepot.add_parametres(f'{texte}seuil_eur_uc = 9000\nsource = "Essai"\n')


def age_of(visiteur: Visiteur) -> timedelta:
    return datetime.now(UTC) - visiteur.depuis


PERTES: dict[str, Callable[[Lieu, Visiteur, str], None]] = {
    "revoked": revoke,
    "gone": leave,
    "past its age": expire,
    "locked": lock,
    "published anew": publish,
}
CAS = [
    # The lock last: it stays. A revocation ends logins dated before it: the one that is aged is another account's.
    *(("copilote", perte) for perte in ("revoked", "gone", "published anew", "locked")),
    ("autre_copilote", "past its age"),
    ("commune", "revoked"),
    ("animateur", "revoked"),
]
TOUTES = list(PAGES)
# Another quarter for the next case, and for the next of the usual run.
QUARTS = [(*cas, TOUTES[(rang + rang // 3) % 4 :: 4]) for rang, cas in enumerate(CAS)]
ENTIERS = [
    *(("copilote", perte) for perte in ("revoked", "gone", "published anew")),
    *((profil, perte) for profil in ("commune", "bailleur", "reservataire") for perte in ("revoked", "published anew")),
    *(("animateur", "revoked"), ("autre_copilote", "past its age"), ("autre_copilote", "locked")),
]


@pytest.mark.parametrize(
    ("profil", "perte", "pages"),
    [*(pytest.param(*cas, TOUTES, marks=pytest.mark.long) for cas in ENTIERS), *one_in(3, QUARTS)],
    ids=lambda v: v if isinstance(v, str) else f"{len(v)} pages",
)
def test_an_open_page_answers_nothing_once_what_opened_it_is_gone(
    lieu: Lieu, profil: str, perte: str, pages: list[str]
) -> None:
    visiteur = lieu.venir(profil)
    time.sleep(1.1 * UNE_SECONDE.total_seconds())
    with ExitStack() as pile:
        ouverts = (open_before_the_age if perte == "past its age" else open_all)(pile, visiteur, pages)
        assert [ouvert.page for ouvert in ouverts if FINIE in ouvert.onglet.texte] == []
        PERTES[perte](lieu, visiteur, profil)
        ecrites = Journal.du_dossier(lieu.donnees).nombre()
        with ThreadPoolExecutor(A_LA_FOIS) as fils:
            fautes = fils.map(lambda ouvert: [*plays(visiteur, ouvert, perte)], ouverts)
            assert [*chain.from_iterable(fautes)] == []
        if perte in ("revoked", "gone", "past its age"):
            assert Journal.du_dossier(lieu.donnees).nombre() == ecrites


def plays(visiteur: Visiteur, ouvert: Ouvert, perte: str) -> Iterator[str]:
    """What was answered that should not."""
    page, onglet, siens, morceau = ouvert
    ou = f"{page}, {morceau or 'page'}"
    for adresse in {w.download_button.url for w in siens if w.WhichOneof("type") == "download_button"} - {""}:
        if perte not in ("locked", "published anew") and visiteur.http.get(adresse).status_code != 403:
            yield f"{ou}, a download: {adresse}"
    for widget in siens or [None]:
        etat = played(widget) if widget is not None else None
        onglet.lancer(*([etat] if etat is not None else ()), morceau=morceau)
        quoi = f"{ou}, {widget.WhichOneof('type')} {identifiant(widget)}" if widget is not None else f"{ou}, run again"
        if est_refuse(onglet):
            continue
        if not est_entier(onglet):
            yield f"{quoi}: a fragment answered alone"
        morceau = ""  # the page was drawn again: that fragment is no more
        if perte == "locked" and EXACTES in onglet.texte:
            yield f"{quoi}: exact in Salle"
        genres = {e.WhichOneof("type") for e in onglet.dessines}
        if perte in ("revoked", "gone", "past its age") and (FINIE not in onglet.texte or not genres <= SEUL_CADRE):
            yield f"{quoi}: {sorted(map(str, genres))}"


def est_refuse(onglet: Onglet) -> bool:
    """Whether what was touched said why it does nothing, and no more."""
    return bool(onglet.dessines) and all(e.HasField("html") and "refus" in e.html.body for e in onglet.dessines)


def est_entier(onglet: Onglet) -> bool:
    """Whether what was drawn last is a whole page, its style sheet included."""
    return "st-key-entete" in onglet.texte
