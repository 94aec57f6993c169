"""Before the first visitor: the refusal to listen in the open, the names of this machine, and what a page needs once
per process, its modules: whoever opened one first in the morning waited for what the next ones get at once."""

from __future__ import annotations

import gc
import logging
import os
import pkgutil
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from ipaddress import ip_address
from types import ModuleType

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

import pages
from mel_core.secret.bail import require_lease
from mel_core.socle.durable import keep_private
from mel_core.socle.erreurs import AppelIncorrect
from pages.adaptateur import compteurs, enveloppe, vivant
from pages.commun import connexion, emplacement
from pages.commun.navigation import PAGES, fichier

_fil: threading.Thread | None = None
_est_fige = False


def warm_up() -> None:
    """In the background, as the server starts: it answers meanwhile."""
    global _fil
    _fil = threading.Thread(target=_warm_up, name="prechauffe", daemon=True)
    _fil.start()


def wait() -> None:
    """Before a page imports anything: of two threads that import a package and one of its modules, each waits for the
    other, and Python hands over a module that is half read."""
    if _fil is not None:
        _fil.join()


def est_servi() -> None:
    """A page was just served. What is loaded now lives as long as the process: keep the collector away from it."""
    global _est_fige
    if not _est_fige:
        _pin()
        _est_fige = True


def modules() -> list[ModuleType]:
    """Every module under `pages/` but the pages themselves, which are run and never imported."""
    lancees = {fichier(adresse).removesuffix(".py").replace("/", ".") for adresse in PAGES}
    noms = (m.name for m in pkgutil.walk_packages(pages.__path__, "pages."))
    return [import_module(nom) for nom in noms if nom.count(".") > 1 and nom not in lancees]


def _warm_up() -> None:
    try:
        modules()
    except Exception as erreur:  # noqa: BLE001 - a page that needs it will fail in its own name, with its number
        logging.getLogger("ici.incidents").warning("warm-up left unfinished: %s", type(erreur).__name__)


def _pin() -> None:
    """Performance, not memory: a collection looks at whatever is not frozen."""
    gc.collect()
    gc.freeze()


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
    if not st.secrets.load_if_toml_exists():
        # Without any, Streamlit would look for the file again at each question: thirty times a step.
        st.secrets.merge_programmatic_secrets({})
    refus = refusal(
        config.get_option("server.address"), a_une_connexion=connexion.est_configuree(), est_chiffree=_est_chiffree()
    )
    try:
        compteurs.open_for_watchers()
    except AppelIncorrect as erreur:
        refus = refus or str(erreur)
    if refus:
        # An exception here would print a traceback.
        print(refus, file=sys.stderr, flush=True)
        os._exit(1)
    require_lease()
    keep_private(emplacement.dossier())
    enveloppe.open_hotes()
    vivant.publish()
    warm_up()
    yield
