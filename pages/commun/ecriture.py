"""The journal on screen: one per process, and who writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Auteur, Fiche, Journal, Perime, nouvel_identifiant, nouvel_op_id
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import choix_perimetre, donnees, profils, visiteur

COPILOTES = ("MEL", "DDTM", "AR-Habitat")
_NOM, _ORGANISATION = "auteur_nom", "auteur_organisation"


def journal() -> Journal:
    """The journal of the store that pages read."""
    return donnees.journal()


def etat() -> str:
    """What of the journal an answer is kept by: its last link, less what is being typed and what was looked at."""
    return journal().dernier_lien(("brouillon-", "audit")) or ""


def auteur() -> Auteur:
    """Who would write in this session: its login, the typed name being a mention; the typed name of a rehearsal, or of
    who holds the terminal. `nom` is empty until it is known; it writes nothing by itself (`require_auteur`)."""
    profil = visiteur.profil()
    organisation = (
        st.session_state.get(_ORGANISATION, COPILOTES[0]) if visiteur.may(Action.SIGNER_EN_COPILOTE) else profil.code
    )
    saisi, connecte = st.session_state.get(_NOM, ""), visiteur.signature()
    if visiteur.est_sans_compte():
        return Auteur(saisi, organisation, str(profil.type))
    return Auteur(connecte, organisation, str(profil.type), saisi if connecte else "")


def est_nomme() -> bool:
    """Whether this session said who writes: nothing more is asked, and it may be changed."""
    return bool(st.session_state.get(_NOM))


def ask_auteur() -> bool:
    """Ask who writes, then say it and let it change; true when known. A page calls it once, beside what it signs.
    A login is known already: what it may add is asked, and stops nothing."""
    connecte = visiteur.signature()
    if est_nomme():
        st.button(_signature(), key="changer_auteur", type="tertiary", on_click=_change)
        return True
    # Fields of their own: what a widget holds is forgotten when its page is left.
    with st.container(horizontal=True, vertical_alignment="bottom", key="demande_auteur"):
        if visiteur.may(Action.SIGNER_EN_COPILOTE):
            # Before the name: giving the name is what signs, and closes the question.
            rang = COPILOTES.index(auteur().organisation)
            reglages = {"on_change": _retain_organisation, "filter_mode": None}
            choix_perimetre.pick("Organisation", "saisie_organisation", COPILOTES, index=rang, **reglages)
        role = f", en mention ({connecte} signe)" if connecte else ", qui signe ce que vous écrivez"
        libelle = "Votre nom" if visiteur.est_en_salle() else f"Votre nom{role}"
        st.text_input(libelle, key="saisie_auteur", max_chars=80, on_change=_retain)
        if st.session_state.get("saisie_auteur"):  # the former name, put back by « changer »: it may be the right one
            st.button("Signer de ce nom", key="reprendre_auteur", on_click=_retain)
    return bool(connecte)


def require_auteur(action: Action) -> Auteur:
    """Who does this now: the only door of what is written. Raises `ErreurUtilisateur` for whoever may not, or no
    longer, and when no name was given."""
    visiteur.require_droit(action)
    if not auteur().nom:
        raise ErreurUtilisateur("Personne ne signe cette écriture : donner d’abord votre nom.")
    return auteur()


def is_signed(pour: str) -> bool:
    """Whether somebody signs what is written here; else asks for a name, and says what `pour`."""
    if auteur().nom:
        return True
    st.write(f"Donner votre nom pour {pour}.")
    return False


def organisation_dite() -> str:
    """The name of that of who writes in this session."""
    return auteur().organisation if visiteur.may(Action.SIGNER_EN_COPILOTE) else profils.nom(visiteur.profil())


def _signature() -> str:
    qui = auteur()
    mention = f", {qui.mention}" if qui.mention else ""
    return f"Saisi par {qui.nom}{mention}, {organisation_dite()} · changer"


def _retain_organisation() -> None:
    """A callback: the field may be on the page that the first of two clicks left."""
    if "saisie_organisation" in st.session_state:
        st.session_state[_ORGANISATION] = st.session_state["saisie_organisation"]


def _retain() -> None:
    _retain_organisation()
    st.session_state[_NOM] = " ".join(st.session_state.get("saisie_auteur", "").split())


def _change() -> None:
    """Nobody signs until the question is answered again."""
    st.session_state["saisie_auteur"] = st.session_state.pop(_NOM, "")


def bouton(libelle: str, cle: str, act: Callable[..., None], *args: Any, **reglages: Any) -> None:
    """A button that does a gesture: see `geste`."""
    st.button(libelle, key=cle, on_click=act, args=args, **reglages)


@contextmanager
def geste(cle: str, perime: str | None = None) -> Iterator[None]:
    """In the callback of a gesture: why it is refused is kept under `cle`, for the screen to say, and nothing typed is
    lost. `perime`: what is said in place of that when somebody else wrote first."""
    try:
        yield
    except ErreurUtilisateur as refus:
        est_perime = perime is not None and isinstance(refus, Perime)
        st.session_state[cle] = perime if est_perime else str(refus)


def save(
    action: Action, objet: str, identifiant: str, contenu: Mapping[str, Any], version_vue: int, op_id: str | None = None
) -> Fiche | None:
    """Write a version; None when another one came first: both are kept. Raises `ErreurUtilisateur` for
    whoever may not, or no longer. What nobody signs yet may be kept so, as a draft, and goes no further."""
    visiteur.require_droit(action)
    try:
        return journal().write(objet, identifiant, contenu, auteur(), op_id or nouvel_op_id(), version_vue)
    except Perime:
        return None


def trace(contenu: Mapping[str, Any]) -> None:
    """One line of audit of what was just done, by whoever is there: it says, and gives no right."""
    journal().write("audit", nouvel_identifiant(), contenu, auteur(), nouvel_op_id())


def forget(racine: str) -> None:
    """Let the fields whose keys start so begin again from what the journal holds."""
    for cle in [c for c in st.session_state if isinstance(c, str) and c.startswith(racine)]:
        del st.session_state[cle]
