"""The names under which this server answers: any other `Host` is a page elsewhere that points its own name at it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from streamlit import config

LOCAUX = ("localhost", "127.0.0.1", "::1")


def attendus() -> frozenset[str]:
    """This machine, what the configuration says, and `MEL_HOTES` (names separated by commas)."""
    dits = [
        config.get_option("server.address"),
        config.get_option("browser.serverAddress"),
        *config.get_option("server.allowedHosts"),
        *os.environ.get("MEL_HOTES", "").split(","),
    ]
    return frozenset((*LOCAUX, *(_simple(nom) for nom in dits if nom and nom.strip())))


def open() -> None:
    """Tell Streamlit the same names: it checks those of the websocket by itself."""
    config.set_option("server.allowedHosts", sorted(attendus()))


def est_attendu(hote: str, noms: frozenset[str]) -> bool:
    """Whether a `Host` header, its port aside, is one of `noms`; « *.exemple.fr » stands for what is under it."""
    try:
        adresse = urlsplit(f"//{hote}")
        nom, _ = _simple(adresse.hostname or ""), adresse.port
    except ValueError:
        return False
    if not nom or "@" in hote or adresse.path or adresse.query or adresse.fragment:
        return False
    return nom in noms or "*" in noms or any(n.startswith("*.") and nom.endswith(n[1:]) for n in noms)


def _simple(nom: str) -> str:
    return nom.strip().lower().rstrip(".").strip("[]")
