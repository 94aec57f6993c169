"""Real data at one's own desk: without a login, only who holds the address that the terminal printed is answered."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from mel_core.cli.commandes import principal
from mel_core.journal import Journal
from tests.jeux import build_store, chargement
from tests.navigateur.conftest import application
from tests.navigateur.test_orientations import monde
from tests.visiteur import Visiteur

JETON = "jeton-du-terminal"
PERSONNE = "ne s’ouvrent qu’à une personne connue"


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A real store served without [auth], as `lancer.py` does."""
    entrepot = build_store(tmp_path_factory.mktemp("poste") / "donnees", chargement(nature="reelle", **monde()))
    avant = os.environ.get("MEL_JETON")
    os.environ["MEL_JETON"] = JETON
    try:
        with application(entrepot.dossier) as adresse:
            yield adresse, entrepot.dossier
    finally:
        os.environ.pop("MEL_JETON") if avant is None else os.environ.update(MEL_JETON=avant)


def entered(adresse: str, jeton: str = JETON) -> Visiteur:
    visiteur = Visiteur(adresse)
    visiteur.http.get("/", params={"jeton": jeton})
    return visiteur


@pytest.mark.parametrize("page", ["", "imports", "orientations", "mes_listes", "blocages"])
def test_without_the_token_a_real_store_shows_nothing_at_all(reel: tuple[str, Path], page: str) -> None:
    with Visiteur(reel[0]).open(page) as onglet:
        assert PERSONNE in onglet.texte
        assert not {"file_uploader", "dataframe", "selectbox"} & {e.WhichOneof("type") for e in onglet.dessines}
        assert "fictives (" not in onglet.texte


def test_a_wrong_token_opens_nothing_and_says_where_the_right_one_is(reel: tuple[str, Path]) -> None:
    reponse = httpx.get(reel[0], params={"jeton": "un autre"}, follow_redirects=False)
    assert (reponse.status_code, reponse.headers["cache-control"]) == (403, "no-store")
    assert "terminal" in reponse.text
    with entered(reel[0], "un autre").open() as onglet:
        assert PERSONNE in onglet.texte


def test_the_token_opens_a_co_pilot_s_desk_and_leaves_the_address(reel: tuple[str, Path]) -> None:
    reponse = httpx.get(reel[0], params={"jeton": JETON}, follow_redirects=False)
    assert (reponse.status_code, reponse.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict"} <= set(reponse.headers["set-cookie"].split("; "))
    with entered(reel[0]).open("mes_listes") as onglet:
        assert PERSONNE not in onglet.texte
    with entered(reel[0]).open() as onglet:
        assert "Chiffres exacts" in onglet.texte


def test_who_holds_the_token_leaves_and_is_nobody_then(reel: tuple[str, Path]) -> None:
    visiteur = entered(reel[0])
    with visiteur.open() as onglet:
        assert PERSONNE in onglet.cliquer("Se déconnecter").texte
    with entered(reel[0]).open() as onglet:  # the same token: the terminal prints another one when it starts again
        assert PERSONNE in onglet.texte


def test_a_message_that_acts_on_the_process_is_dropped_whoever_sends_it(tmp_path: Path) -> None:
    """`clear_cache` in a loop slowed everybody down; what comes after it is answered as if it had not been sent."""
    build_store(tmp_path, chargement(**monde()))
    with application(tmp_path) as adresse, Visiteur(adresse).open() as onglet:
        for genre in ("clear_cache", "debug_shutdown_runtime", "debug_disconnect_websocket", "load_git_info"):
            envoi = BackMsg()
            setattr(envoi, genre, True)
            onglet.prise.send(envoi.SerializeToString())
        onglet.prise.send(b"\xff\xff nothing that reads")
        assert "DONNÉES FICTIVES" in onglet.lancer().texte


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    donnees = tmp_path / "donnees"
    fichier = tmp_path / "bailleurs.csv"
    fichier.write_text("code_bailleur;nom\nB1;Essai\n", encoding="utf-8")
    avant = os.umask(0o022)
    try:
        assert principal(["importer", str(fichier), "--dossier-donnees", str(donnees), "--nature", "fictive"]) == 0
        donnees.chmod(0o755)  # a store of before: others could read it
        (donnees / "registre.json").chmod(0o644)
        assert principal(["seance", "--dossier-donnees", str(donnees)]) == 0
        ailleurs = tmp_path / "ailleurs"  # a folder named by mistake is somebody's
        ailleurs.mkdir()
        (ailleurs / "outil.sh").write_text("#!/bin/sh")
        (ailleurs / "outil.sh").chmod(0o755)
        principal(["seance", "--dossier-donnees", str(ailleurs)])
    finally:
        os.umask(avant)
    assert stat.S_IMODE((ailleurs / "outil.sh").stat().st_mode) == 0o755
    assert Journal.existe(donnees)
    modes = {p.relative_to(donnees).as_posix(): stat.S_IMODE(p.stat().st_mode) for p in (donnees, *donnees.rglob("*"))}
    assert {m for nom, m in modes.items() if (donnees / nom).is_file()} == {0o600}
    assert {m for nom, m in modes.items() if (donnees / nom).is_dir()} == {0o700}
