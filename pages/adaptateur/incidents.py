"""Around a page and each of its pieces: the one handler of errors, where a person reads one French sentence and never a
traceback, which can quote a cell; and the address, when a piece is drawn again."""

from __future__ import annotations

import functools
import logging
import secrets
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import ParamSpec
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mel_core.journal import one_state
from mel_core.secret.bail import lease
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import compteurs
from pages.commun import choix_perimetre, visiteur

P = ParamSpec("P")
_journal = logging.getLogger("ici.incidents")
# Streamlit logs what a click breaks with its message, which can quote a cell: `say` logs where, and no value.
logging.getLogger("streamlit.error_util").addFilter(lambda _: False)
_TENUES = "adresses_tenues"  # the last address of each page


@contextmanager
def protect() -> Iterator[None]:
    """Say what a user can mend; number and log the rest, without its message (it may hold data)."""
    try:
        yield
    except Exception as erreur:  # noqa: BLE001 - the last resort: nothing may reach the screen unexplained
        say(erreur)


def say(erreur: Exception) -> bool:
    """The sentence of an error, on the page. True: nothing more is to be said, see `st.App(on_script_error=…)`.

    The server gives it what breaks before a page is drawn: what a click does, which `protect` is not around.
    """
    est_dite = isinstance(erreur, ErreurUtilisateur)
    compteurs.ERREURS.labels("refus" if est_dite else "incident").inc()
    if est_dite:
        refus = str(erreur)
    else:
        numero = secrets.token_hex(3).upper()
        _journal.error("incident %s : %s\n%s", numero, type(erreur).__name__, _chemin(erreur))
        refus = (
            "Une erreur de l’application a interrompu l’affichage : recharger la page, puis signaler l’incident "
            f"{numero} aux copilotes si elle revient."
        )
    st.html(f'<p class="refus" role="alert">{escape(langue.typeset(refus))}</p>')
    return True


def fragment(fonction: Callable[P, None]) -> Callable[P, None]:
    """A fragment reruns alone, outside the frame: it carries the handler and the address with it.

    What it kept of its page (arguments, closures) was made for who read it then: where that changed since (login,
    register, lock of the room, publication), the whole page is drawn again before a line of the fragment is.
    """

    @functools.wraps(fonction)
    def place(*args: P.args, **kwargs: P.kwargs) -> None:
        vu = visiteur.lecteur()

        @st.fragment
        @functools.wraps(fonction)
        def protegee() -> None:
            if visiteur.lecteur() != vu:
                st.rerun()
            with compteurs.PAS.labels("morceau").time(), protect(), held(), one_state(), lease(visiteur.lu_par()):
                fonction(*args, **kwargs)

        protegee()

    return place


def _chemin(erreur: BaseException) -> str:
    """Where it broke, frame by frame, without any value."""
    return "\n".join(f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(erreur.__traceback__))


@contextmanager
def held() -> Iterator[None]:
    """Around a whole page with its frame, and around each of its pieces: the address that it leaves is the one that the
    next piece starts from, with what the click on that piece just changed."""
    contexte, tenues = get_script_run_ctx(), st.session_state.setdefault(_TENUES, {})
    page = contexte.page_script_hash if contexte else ""
    tenue = tenues.get(page)
    # Back: the address decides again of all that its page writes in it, whatever the session holds; of nothing else.
    if contexte and contexte.is_history_navigation:
        choix_perimetre.forget({*(tenue or ()), *st.query_params} - {visiteur.SALLE_REPETEE})
    if contexte and contexte.fragment_ids_this_run and tenue is not None:
        recue, dite = dict(parse_qsl(contexte.query_string, keep_blank_values=True)), st.query_params.to_dict()
        changes = {nom: dite.get(nom) for nom in recue.keys() | dite.keys() if recue.get(nom) != dite.get(nom)}
        voulue = {nom: valeur for nom, valeur in (tenue | changes).items() if valeur is not None}
        if voulue != dite:
            st.query_params.from_dict(voulue)
    try:
        yield
    finally:
        tenues[page] = st.query_params.to_dict()
