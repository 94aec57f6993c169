"""Who is there and what they may see: decided at every run from the data and the settings, never from the address.

On fictitious data without a login, a switch rehearses each profile; else the register decides, or, at one's own desk,
the token that the terminal printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from mel_core.droits.acces import ANIMATEUR, COPILOTE, Profil
from mel_core.droits.actions import Action
from mel_core.droits.connexions import Connexion
from mel_core.droits.salle import DELAI, NON_PROUVE, PROUVE, Salles
from mel_core.entrepot import Instantane, registre
from mel_core.entrepot.registre import Registre
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import connexion, emplacement

FICTIVE = "fictive"
SANS_CONNEXION = (
    "Des données réelles ne s’ouvrent qu’à une personne connue : ouvrir l’application par « python3 lancer.py » et "
    "l’adresse que le terminal imprime, ou faire remplir la section [auth] de .streamlit/secrets.toml, puis "
    "relancer l’application."
)
_REPETITION, _SALLE, _RETOUR = "profil_repete", "salle_repetee", "retour_demande"
_OUVERTURE = "salle_ouverte"  # of one run: this click passed into Salle
SALLE_REPETEE = "salle"  # of the address, in rehearsal: a reload finds it again, and it opens nothing


@dataclass(frozen=True)
class LecteurCourant:
    """Who asks, read now: the login, what the register and the lock of the room say of it, what is published. Good for
    one run: kept, it only says whether something changed since."""

    connexion: Connexion | None
    profil: Profil
    en_salle: bool
    publie: Registre


def lecteur() -> LecteurCourant:
    return LecteurCourant(_connexion(), profil(), est_en_salle(), registre.read(emplacement.dossier()))


def require_someone() -> None:
    """Before a line of a page: where somebody logs in, or data are real, nothing is served to nobody. Raises
    `ErreurUtilisateur`, one line why."""
    if est_repetition() or _connexion() is not None:
        return
    if not connexion.est_configuree():
        raise ErreurUtilisateur(SANS_CONNEXION)
    st.button("Se connecter", on_click=st.login, type="primary")
    raise ErreurUtilisateur(
        "Cette connexion est finie (huit heures au plus, ou close) : se connecter de nouveau."
        if st.user.is_logged_in
        else "Rien ne se consulte ici sans être connecté : se connecter."
    )


def require(instantane: Instantane) -> None:
    """Refuse real data to whoever the register does not name. Raises `ErreurUtilisateur`, one line why."""
    if instantane.nature == FICTIVE or _inscrit() is not None:
        return
    if not connexion.est_configuree():
        raise ErreurUtilisateur(SANS_CONNEXION)
    raise ErreurUtilisateur(
        f"Ce compte n’est pas habilité à voir les données réelles : demander l’ajout de « {signature()} » à la "
        "section [habilitations] de .streamlit/secrets.toml."
    )


def est_admis(instantane: Instantane) -> bool:
    """Whether `require` lets this visitor in; draws nothing."""
    return instantane.nature == FICTIVE or _inscrit() is not None


def refuse_nature(nature: str) -> str:
    """Why data that nobody here could be shown once published are not; empty when they are."""
    return SANS_CONNEXION if nature != FICTIVE and not connexion.est_configuree() and _connexion() is None else ""


def require_nature(nature: str) -> None:
    """Refuse data that nobody here could be shown once published. Raises `ErreurUtilisateur`."""
    if refus := refuse_nature(nature):
        raise ErreurUtilisateur(refus)


def profil() -> Profil:
    """The profile of this visitor: what the register says, a co-pilot alone at its own desk; else `animateur`, who sees
    no row."""
    if est_repetition():
        return st.session_state.get(_REPETITION, COPILOTE)
    return _inscrit() or ANIMATEUR


def est_repetition() -> bool:
    """Whether profiles may be tried: nobody logs in, and what is published is fictitious."""
    if connexion.est_configuree():
        return False
    publie = registre.read(emplacement.dossier()).courante
    return publie is None or publie.nature == FICTIVE


def rehearse(choisi: Profil) -> None:
    """Play another profile, in this session."""
    if not est_repetition():
        raise ErreurUtilisateur("Le profil vient de la connexion : se connecter avec un autre compte pour en changer.")
    st.session_state[_REPETITION] = choisi


def refus(action: Action) -> str:
    """Why this visitor may not, in one sentence; empty when it may."""
    return action.refus(profil(), en_salle=est_en_salle(), est_repetition=est_repetition())


def may(action: Action) -> bool:
    return not refus(action)


def require_droit(action: Action) -> None:
    """Raises `ErreurUtilisateur` for whoever may not."""
    if dit := refus(action):
        raise ErreurUtilisateur(dit)


def pass_to_salle() -> None:
    """Every session of this co-pilot's account is in Salle, however it comes; without a login, this session alone."""
    require_droit(Action.PASSER_EN_SALLE)
    st.session_state[_OUVERTURE] = not est_en_salle()  # who stays there stays where it is
    if qui := _du_compte():
        _salles().go_in(qui.noms)
    else:
        st.session_state.update({_SALLE: True, _RETOUR: False})


def vient_de_passer() -> bool:
    """Whether the click of this very run passed into Salle. To be asked once a run."""
    return bool(st.session_state.pop(_OUVERTURE, False))


def ask_retour() -> None:
    """Leaving Salle asks again who is there: the provider does, and the login that it gives confirms (`go_back`)."""
    require_droit(Action.REVENIR_EN_PREPARATION)
    if qui := _du_compte():
        _salles().ask(qui.noms, datetime.now(UTC))
        if connexion.est_configuree():
            st.login()
    else:
        st.session_state[_RETOUR] = True


def go_back() -> None:
    """Leave Salle, in every session of the account. Raises `ErreurUtilisateur` when nobody proved who is there."""
    require_droit(Action.REVENIR_EN_PREPARATION)
    if not (qui := _du_compte()):
        st.session_state.update({_SALLE: False, _RETOUR: False})
        st.query_params.pop(SALLE_REPETEE, None)
    elif not _salles().go_out(qui.noms, _preuve(qui), datetime.now(UTC)):
        raise ErreurUtilisateur(
            f"La demande de retour en Préparation a plus de {DELAI.seconds // 60} minutes, ou date d’après cette "
            "connexion : choisir de nouveau « Revenir en Préparation » dans le menu du profil."
        )


def est_en_salle() -> bool:
    """Whether this visitor sees what is projected: no list, no free builder, no export of rows."""
    if not est_repetition():
        return est_connexion_en_salle(_connexion())
    est_dite = st.query_params.get(SALLE_REPETEE) == "oui"
    return profil().est_toujours_en_salle or bool(st.session_state.setdefault(_SALLE, est_dite))


def keep_salle() -> None:
    """In a rehearsal the address says Salle, whatever link led to the page: a reload finds it again."""
    if est_repetition() and st.session_state.get(_SALLE):
        st.query_params[SALLE_REPETEE] = "oui"


def lu_par() -> Audience:
    """For whom figures are rendered: all exact for a co-pilot at its desk, its own for a commune or a bailleur."""
    if may(Action.LIRE_CHIFFRES_EXACTS):
        return PREPARATION
    qui = profil()
    return SALLE if est_en_salle() else Audience(False, qui.type.value, qui.code)


def est_connexion_en_salle(qui: Connexion | None) -> bool:
    """The same, of a request outside any session. Whoever projects, or is nobody, is always in Salle."""
    inscrit = connexion.inscrit(qui) if qui else None
    return not qui or not inscrit or inscrit.est_toujours_en_salle or _salles().contient(qui.noms)


def est_retour_demande(qui: Connexion) -> bool:
    """Whether the account of this login asked to leave Salle, and nobody confirmed yet."""
    return _salles().est_demandee(qui.noms, maintenant := datetime.now(UTC), maintenant)


def retour() -> str:
    """How far leaving Salle is, in this session: not asked, or too long ago; asked before this login, but its provider
    did not ask who is there; asked and proven. In rehearsal nobody has to prove it."""
    if not (qui := _du_compte()):
        return PROUVE if st.session_state.get(_RETOUR) else ""
    salles, maintenant = _salles(), datetime.now(UTC)
    if salles.est_demandee(qui.noms, _preuve(qui), maintenant):
        return PROUVE
    return NON_PROUVE if salles.est_demandee(qui.noms, qui.depuis, maintenant) else ""


def _preuve(qui: Connexion) -> datetime:
    """When this person proved who they are: whoever holds the terminal does at each click."""
    return qui.prouvee if connexion.est_configuree() else datetime.now(UTC)


def _salles() -> Salles:
    return Salles(emplacement.dossier())


def signature() -> str:
    """What the login of this visitor signs: its verified address, else its name at its provider; empty without one."""
    qui = _connexion() if connexion.est_configuree() else None
    return qui.signature if qui else ""


def est_sans_compte() -> bool:
    """Whether a typed name signs: in a rehearsal, and for who holds the terminal."""
    return est_repetition() or (not connexion.est_configuree() and _connexion() is not None)


def est_connecte() -> bool:
    """Whether somebody logged in, and may leave."""
    return _du_compte() is not None


def log_out() -> None:
    """End this login, for any copy of it too, and send the browser back to the first page."""
    connexion.close(st.context.cookies)
    if connexion.est_configuree():
        st.logout()


def _inscrit() -> Profil | None:
    qui = _connexion()
    return connexion.inscrit(qui) if qui else None


def _du_compte() -> Connexion | None:
    """The login whose account Salle is kept for; None in rehearsal."""
    return None if est_repetition() else _connexion()


def _connexion() -> Connexion | None:
    est_partie = connexion.est_configuree() and not st.user.is_logged_in
    return None if est_partie else connexion.ouverte(st.context.cookies)
