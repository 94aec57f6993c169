"""The server refuses to start where nobody could be told apart, and real data stay closed by default."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from serveur import refusal

RACINE = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("adresse", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_on_this_machine_alone_no_login_is_asked(adresse):
    assert refusal(adresse, a_une_connexion=False) is None


@pytest.mark.parametrize("adresse", [None, "", "0.0.0.0", "192.168.1.4", "::", "ici.lillemetropole.fr"])  # noqa: S104
def test_beyond_this_machine_without_a_login_it_refuses_in_one_line(adresse):
    (ligne,) = refusal(adresse, a_une_connexion=False).splitlines()
    assert "[auth]" in ligne
    assert refusal(adresse, a_une_connexion=True) is None


def test_the_real_server_stops_with_one_line_and_no_traceback(tmp_path):
    commande = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "serveur.py",
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
