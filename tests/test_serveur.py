"""The server refuses to start where nobody could be told apart, real data stay closed by default, addresses lead."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pages.adaptateur import enveloppe
from pages.adaptateur.demarrage import refusal
from tests.navigateur.conftest import application

RACINE = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("adresse", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_on_this_machine_alone_no_login_is_asked(adresse):
    assert refusal(adresse, a_une_connexion=False, est_chiffree=False) is None


@pytest.mark.parametrize("adresse", [None, "", "0.0.0.0", "192.168.1.4", "::", "ici.lillemetropole.fr"])  # noqa: S104
def test_beyond_this_machine_without_a_login_or_in_clear_it_refuses_in_one_line(adresse):
    (ligne,) = refusal(adresse, a_une_connexion=False, est_chiffree=True).splitlines()
    assert "remplir [auth]" in ligne
    (ligne,) = refusal(adresse, a_une_connexion=True, est_chiffree=False).splitlines()
    assert "sans HTTPS" in ligne
    assert refusal(adresse, a_une_connexion=True, est_chiffree=True) is None


def test_the_real_server_stops_with_one_line_and_no_traceback(tmp_path):
    commande = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.address",
        "0.0.0.0",  # noqa: S104
        "--server.port",
        "0",
    ]
    arret = subprocess.run(
        commande,
        cwd=RACINE,
        env={**os.environ, "MEL_DONNEES": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert arret.returncode == 1
    assert "refuse d’écouter sur « 0.0.0.0 »" in arret.stderr
    assert "Traceback" not in arret.stderr


@pytest.fixture(scope="module")
def serveur(tmp_path_factory):
    with application(tmp_path_factory.mktemp("vide")) as adresse:
        yield adresse


def ask(adresse, **en_tetes):
    """Status, address reached, headers and text of an answer, redirections followed."""
    demande = urllib.request.Request(  # noqa: S310
        adresse, headers={nom.replace("_", "-"): valeur for nom, valeur in en_tetes.items()}
    )
    try:
        with urllib.request.urlopen(demande, timeout=30) as reponse:  # noqa: S310
            return reponse.status, reponse.url, reponse.headers, reponse.read().decode()
    except urllib.error.HTTPError as erreur:
        with erreur:
            return erreur.code, erreur.url, erreur.headers, erreur.read().decode()


def test_the_bilan_answers_under_its_name_and_keeps_what_the_link_says(serveur):
    statut, ou, _, _ = ask(f"{serveur}/bilan?seance=2017S2&ici=ICI%202")
    assert (statut, ou) == (200, f"{serveur}/?seance=2017S2&ici=ICI%202")
    assert ask(f"{serveur}/bilan")[1] == f"{serveur}/"


@pytest.mark.parametrize(
    "chemin", ["bilans", "a/b", "coordination/x", "robots.txt", "%3Cscript%3E", "_stcore/x", "_stcore/metrics"]
)
def test_an_unknown_address_says_so_in_french_and_leads_back(serveur, chemin):
    statut, _, en_tetes, texte = ask(f"{serveur}/{chemin}")
    assert statut == 404
    assert "ne mène à aucune page" in texte
    assert '<a href="/">' in texte
    assert "default-src 'self'" in en_tetes["Content-Security-Policy"]


@pytest.mark.parametrize(("chemin", "ou"), [("besoins", "Préparer › Imports :"), ("programmation/", "note du dossier")])
def test_the_address_of_a_page_that_is_no_more_says_where_it_moved(serveur, chemin, ou):
    statut, _, _, texte = ask(f"{serveur}/{chemin}")
    assert statut == 404
    assert ou in texte
    assert "ne mène à aucune page" not in texte


def test_what_watches_a_process_is_told_whether_it_answers_and_nothing_else(serveur):
    for chemin in ("sante", "pret"):
        statut, _, _, texte = ask(f"{serveur}/{chemin}", Host="10.0.0.7")
        assert (statut, texte) == (200, "oui\n")


@pytest.mark.parametrize("chemin", ["", "introduction", "coordination/", "_stcore/health", "manifest.json"])
def test_what_the_application_serves_is_left_as_it_is(serveur, chemin):
    assert ask(f"{serveur}/{chemin}")[0] == 200
    assert "ne mène à aucune page" not in ask(f"{serveur}/{chemin}")[3]


@pytest.mark.parametrize("chemin", ["", "coordination", "_stcore/health", "app/static/polices/atkinson-latin.woff2"])
def test_an_address_that_names_another_machine_gets_nothing_but_why(serveur, chemin):
    statut, _, en_tetes, texte = ask(f"{serveur}/{chemin}", Host="evil.example")
    assert statut == 421
    assert "MEL_HOTES" in texte
    assert "Set-Cookie" not in en_tetes
    assert "default-src 'self'" in en_tetes["Content-Security-Policy"]


def test_this_machine_and_the_names_of_the_deployment_are_answered(monkeypatch, tmp_path):
    monkeypatch.setenv("MEL_HOTES", "ici.exemple.fr, autre.exemple.fr")
    with application(tmp_path) as adresse:
        for hote in ("localhost", "[::1]:8501", "ici.exemple.fr", "AUTRE.exemple.fr:443"):
            assert ask(f"{adresse}/", Host=hote)[0] == 200, hote
        assert ask(f"{adresse}/", Host="evil.example")[0] == 421


@pytest.mark.parametrize("chemin", ["", "coordination", "_stcore/host-config"])
def test_a_browser_gets_no_cookie_to_be_known_by(serveur, chemin):
    assert ask(f"{serveur}/{chemin}", Sec_Fetch_Site="same-origin")[2]["Set-Cookie"] is None


def test_behind_https_the_browser_is_told_to_come_back_in_https_alone(serveur):
    assert ask(f"{serveur}/", X_Forwarded_Proto="https")[2]["Strict-Transport-Security"] == "max-age=31536000"
    assert ask(f"{serveur}/")[2]["Strict-Transport-Security"] is None


def test_a_host_is_ours_by_its_whole_name_whatever_the_port():
    noms = frozenset({"127.0.0.1", "::1", "ici.exemple.fr", "*.mel.exemple"})
    for hote in ("127.0.0.1:8501", "[::1]:8501", "ICI.exemple.fr", "ici.exemple.fr.", "a.mel.exemple:443"):
        assert enveloppe.est_hote_attendu(hote, noms), hote
    for hote in (
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "mel.exemple",
        "xici.exemple.fr",
        "a@127.0.0.1",
        "::1:x",
    ):
        assert not enveloppe.est_hote_attendu(hote, noms), hote
    for hote in ("127.0.0.1/evil", "127.0.0.1:port", "127.0.0.1?x", "[::1"):
        assert not enveloppe.est_hote_attendu(hote, noms), hote
