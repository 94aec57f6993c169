"""The login that a browser brings: read from its signed cookie, or from the token of the terminal at one's own desk,
and judged at every request and at every run.

Streamlit keeps a login for thirty days and forgets that it was left: its age and its end are ours
(`mel_core.droits.connexions`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hmac import compare_digest

import streamlit as st
from itsdangerous import BadSignature, URLSafeTimedSerializer
from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret

from mel_core.droits.acces import COPILOTE, Profil, profil_de
from mel_core.droits.connexions import Connexion, Connexions
from mel_core.socle.horloge import aujourd_hui
from pages.commun import emplacement

_ADRESSE = re.compile(r"[^\s@]+@[^\s@]+")
JETON = "MEL_JETON"  # of the environment: what `lancer.py` prints once
_OUVERT = datetime.now(UTC)
COOKIE = "_streamlit_user"  # its name and its form are Streamlit's; tests/navigateur/test_connexion.py sees to them


def est_configuree() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def cookie() -> str:
    """The name of the cookie that says who is there."""
    return COOKIE if est_configuree() else f"ici_poste_{config.get_option('server.port')}"


def est_du_terminal(jeton: str) -> bool:
    """Whether this is the token that the terminal printed, where nobody logs in: the server then listens to this
    machine alone (`pages.adaptateur.demarrage`)."""
    attendu = os.environ.get(JETON, "")
    return bool(attendu) and not est_configuree() and compare_digest(attendu.encode(), jeton.encode())


def ouverte(cookies: Mapping[str, str]) -> Connexion | None:
    """The login in these cookies, if it is still good."""
    connexion = _read(cookies)
    maintenant = datetime.now(UTC) if est_configuree() else _OUVERT  # the terminal stays where it is
    if connexion is None or not _connexions().est_bonne(connexion, maintenant):
        return None
    return connexion


def inscrit(connexion: Connexion) -> Profil | None:
    """What the register gives today to the account of this login; whoever holds the terminal is a co-pilot."""
    if not est_configuree():
        return COPILOTE
    return profil_de(connexion.noms, st.secrets.get("habilitations", {}), aujourd_hui())


def close(cookies: Mapping[str, str]) -> None:
    """End the login in these cookies, whoever else holds a copy of it."""
    if connexion := _read(cookies):
        _connexions().close(connexion.jeton)


def _connexions() -> Connexions:
    return Connexions(emplacement.dossier())


def _read(cookies: Mapping[str, str]) -> Connexion | None:
    """None when nobody signed it, or when a part of it is missing."""
    jeton = cookies.get(cookie(), "")
    if not est_configuree():
        return Connexion(jeton, "terminal", "poste", _OUVERT) if est_du_terminal(jeton) else None
    try:
        _, depuis = _signature(COOKIE).loads(jeton, return_timestamp=True)
        contenu = get_cookie_with_chunks(lambda nom: _morceau(cookies, nom), COOKIE)
        compte = json.loads(contenu) if contenu else {}
    except (BadSignature, ValueError):
        return None
    courriel = compte.get("email") if compte.get("email_verified") is True else ""
    emetteur, sujet = (str(compte.get(champ) or "") for champ in ("iss", "sub"))
    vu = compte.get("auth_time")
    authentifiee = datetime.fromtimestamp(vu, UTC) if isinstance(vu, int | float) else None
    adresse = courriel if isinstance(courriel, str) and _ADRESSE.fullmatch(courriel) else ""
    return Connexion(jeton, emetteur, sujet, depuis, adresse, authentifiee)


def _morceau(cookies: Mapping[str, str], nom: str) -> bytes | None:
    """A long login is cut into several cookies, each signed."""
    if nom not in cookies:
        return None
    valeur = _signature(nom).loads(cookies[nom])
    return valeur.encode() if isinstance(valeur, str) else None


def _signature(nom: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_cookie_secret(), salt=nom)
