"""Who is there and what they may see: decided at every run from the data and the settings, never from the address.

On fictitious data without a login, a switch rehearses each profile; on real data the register alone decides.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mel_core.acces import INSTRUCTEURS, Profil, TypeProfil
from mel_core.connexions import Connexion
from mel_core.entrepot import Instantane
from mel_core.erreurs import ErreurUtilisateur
from mel_core.salle import COOKIE, Salles
from pages.commun import connexion, emplacement

FICTIVE = "fictive"
_REPETITION, _VERROU = "profil_repete", "salle_verrouillee"
_COPILOTE = Profil(TypeProfil.COPILOTE)


def exiger(instantane: Instantane) -> None:
    """Refuse real data to whoever the register does not name. Raises `ErreurUtilisateur`, one line why."""
    if instantane.nature == FICTIVE:
        return
    if not connexion.est_configuree():
        raise ErreurUtilisateur(
            "Les données publiées sont réelles et aucune connexion n’est configurée : rien ne s’affiche tant que la "
            "section [auth] de .streamlit/secrets.toml n’est pas remplie (ou publier un jeu de données fictif)."
        )
    if _connexion() is None:
        st.button("Se connecter", on_click=st.login, type="primary")
        raise ErreurUtilisateur(
            "Cette connexion est finie (huit heures au plus, ou close) : se connecter de nouveau."
            if st.user.is_logged_in
            else "Les données publiées sont réelles : se connecter pour les consulter."
        )
    if _inscrit() is None:
        raise ErreurUtilisateur(
            f"Ce compte n’est pas habilité à voir les données réelles : demander l’ajout de « {signature()} » à la "
            "section [habilitations] de .streamlit/secrets.toml."
        )


def profil() -> Profil:
    """The profile of this visitor. With a login, what the register says, else `animateur`, who sees no row."""
    if connexion.est_configuree():
        return _inscrit() or Profil(TypeProfil.ANIMATEUR)
    return st.session_state.get(_REPETITION, _COPILOTE)


def est_repetition() -> bool:
    """Whether profiles may be tried: no login is configured, hence only fictitious data are ever shown."""
    return not connexion.est_configuree()


def reprendre() -> None:
    """At the first run of a session: the profile that this browser rehearsed before its page was loaded again.

    A right comes from it on fictitious data alone: with a login the register says everything, and without one real data
    are refused (`exiger`). A tab that is open keeps its own.
    """
    if est_repetition() and _REPETITION not in st.session_state:
        st.session_state[_REPETITION] = _lire(_salles().repete(_salle()))


def _lire(retenu: str) -> Profil:
    """`commune 59512`, `animateur`; the default for whatever does not read."""
    nom, _, code = retenu.partition(" ")
    try:
        return Profil(TypeProfil(nom), code)
    except ValueError:
        return _COPILOTE


def repeter(choisi: Profil) -> None:
    """Play another profile, in this session and when its page is loaded again."""
    if not est_repetition():
        raise ErreurUtilisateur("Le profil vient de la connexion : se connecter avec un autre compte pour en changer.")
    st.session_state[_REPETITION] = choisi
    _salles().repeter(_salle(), "" if choisi == _COPILOTE else f"{choisi.type} {choisi.code}".strip())


def exiger_copilote(pour: str) -> None:
    """Raises `ErreurUtilisateur` for whoever is not a co-pilot; `pour` completes « Seul un co-pilote peut … »."""
    if not profil().est_copilote:
        raise ErreurUtilisateur(
            f"Seul un co-pilote (MEL, DDTM, AR-Habitat) peut {pour} : changer de profil ou s’adresser à l’un d’eux."
        )


def verrouiller(verrouillee: bool) -> None:
    """Lock or unlock the room, which is this browser whatever is reloaded or restarted; only a co-pilot does."""
    exiger_copilote("verrouiller ou déverrouiller la salle")
    # A browser that keeps no cookie is locked for its session alone.
    st.session_state[_VERROU] = verrouillee
    (_salles().verrouiller if verrouillee else _salles().deverrouiller)(_salle())


def est_verrouillee() -> bool:
    return _salles().est_verrouillee(_salle()) if _salle() else bool(st.session_state.get(_VERROU, False))


def exiger_hors_salle() -> None:
    """Lists are out of reach while the room is locked. Raises `ErreurUtilisateur`."""
    if est_verrouillee():
        raise ErreurUtilisateur(
            "La salle est verrouillée : demander à un co-pilote de la déverrouiller pour afficher les listes."
        )


def peut_instruire() -> bool:
    """Whether the visitor may read numéros uniques: the register says so; in rehearsal they are all fictitious."""
    qui = profil()
    return qui.instruit or (est_repetition() and qui.type in INSTRUCTEURS)


def exiger_instruction() -> None:
    """Raises `ErreurUtilisateur` for whoever may not read numéros uniques."""
    exiger_hors_salle()
    if not peut_instruire():
        raise ErreurUtilisateur(
            "Ce profil ne lit pas les numéros uniques : demander le droit d’instruire (« instruit = true ») au "
            "responsable des habilitations."
        )


def est_salle_verrouillee(cookies: Mapping[str, str]) -> bool:
    """The same, of a request outside any session."""
    return _salles().est_verrouillee(cookies.get(COOKIE, ""))


def _salles() -> Salles:
    return Salles(emplacement.dossier())


def _salle() -> str:
    """What tells this browser from another: the cookie of its first request, read on the server."""
    jeton = st.context.cookies.get(COOKIE)
    return jeton if isinstance(jeton, str) else ""  # where no browser asks, the context holds no text


def signature() -> str:
    """What the login of this visitor signs: its verified address, else its name at its provider; empty without one."""
    qui = _connexion() if connexion.est_configuree() else None
    return qui.noms[0] if qui and qui.noms else ""


def est_connecte() -> bool:
    """Whether somebody logged in, and may leave."""
    return connexion.est_configuree() and _connexion() is not None


def deconnecter() -> None:
    """End this login, for any copy of it too, and send the browser back to the first page."""
    connexion.fermer(st.context.cookies)
    st.logout()


def _inscrit() -> Profil | None:
    qui = _connexion()
    return connexion.inscrit(qui) if qui else None


def _connexion() -> Connexion | None:
    return connexion.ouverte(st.context.cookies) if st.user.is_logged_in else None
