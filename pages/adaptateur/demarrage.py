"""Before the first visitor: the refusal to listen in the open, the names of this machine, the warm-up."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from mel_core.secret.bail import require_lease
from mel_core.socle.durable import keep_private
from pages.adaptateur import enveloppe, prechauffe, vivant
from pages.commun import connexion, emplacement


def refusal(adresse: str | None, *, a_une_connexion: bool, est_chiffree: bool) -> str | None:
    """Why the server may not start, in one line: beyond this machine, people log in and nobody listens in between."""
    if _is_loopback(adresse) or (a_une_connexion and est_chiffree):
        return None
    manque, remede = (
        ("HTTPS", "donner une adresse « https:// » à redirect_uri de [auth], ou un certificat à server.sslCertFile")
        if a_une_connexion
        else ("connexion", "remplir [auth] dans .streamlit/secrets.toml")
    )
    return (
        f"L’application refuse d’écouter sur « {adresse or 'toutes les adresses'} » sans {manque} : {remede}, ou "
        "garder server.address = 127.0.0.1."
    )


def _est_chiffree() -> bool:
    """Served in HTTPS: by this server, or by the one in front of it, where logins come back."""
    if config.get_option("server.sslCertFile"):
        return True
    retour = st.secrets["auth"].get("redirect_uri", "") if connexion.est_configuree() else ""
    return str(retour).startswith("https://")


def _is_loopback(adresse: str | None) -> bool:
    try:
        return adresse == "localhost" or ip_address(adresse or "0.0.0.0").is_loopback  # noqa: S104
    except ValueError:  # the name of another machine
        return False


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """The folder `pages/` is ours, not Streamlit's old automatic one: without this, the first visitor of a process who
    opens a link is told in English that the page does not exist, and a file put directly in it would be served."""
    PagesManager.uses_pages_directory = False
    refus = refusal(
        config.get_option("server.address"), a_une_connexion=connexion.est_configuree(), est_chiffree=_est_chiffree()
    )
    if refus:
        # An exception here would print a traceback.
        print(refus, file=sys.stderr, flush=True)
        os._exit(1)
    require_lease()
    keep_private(emplacement.dossier())
    enveloppe.open_hotes()
    vivant.publish()
    prechauffe.prepare()
    yield
