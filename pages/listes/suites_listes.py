"""The outcomes of a list on screen: chosen for the lines that are ticked, written in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import CAUSES, ETAPES, TITRES, Code, Connues, Suite
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, choix_perimetre, ecriture

_BILAN, _MONTRES, _COCHES = "suites_bilan", "liste_montree", "suites_cochees"
_NOTEES = "suites_notees"  # how many times something was noted
_ETAPES = {"": "aucune", **ETAPES}
_DELAI = timedelta(weeks=2)  # what comes next is proposed for then


def cle_de_grille(vue: Hashable, pseudonymes: Iterable[str]) -> str:
    """The name of the grid of one view, and nobody's; the households that it shows are kept for `_record`.

    What is noted may take lines out of the view: nothing is ticked any more once it is.
    """
    st.session_state[_MONTRES] = frozenset(pseudonymes)
    vue = (vue, st.session_state.get(_NOTEES, 0))
    return f"liste_grille_{hashlib.sha256(repr(vue).encode()).hexdigest()[:16]}"


def record(coches: Sequence[str], connues: Connues, organisation: str, segment: str, seance: Seance) -> None:
    """The form under the list: one outcome for the lines that are ticked."""
    message = st.session_state.pop(_BILAN, None)
    if message:
        st.html(f'<p class="acte" role="status">{message}</p>')
    if not coches:
        st.session_state.pop(_COCHES, None)
        annonces.note("Cocher une ou plusieurs lignes pour noter leur suite.")
        return
    _resume(coches, connues)
    with st.container(horizontal=True, vertical_alignment="bottom", key="suite"):
        # What nobody chose is not noted.
        code = choix_perimetre.pick("Suite", "suite_code", TITRES, filter_mode=None)
        est_bloque = code is Code.TOUJOURS_BLOQUE
        cause = choix_perimetre.pick("Cause", "suite_cause", CAUSES, filter_mode=None) if est_bloque else ""
        if code not in (None, *suites.CLOSES):
            etape = choix_perimetre.pick("Prochaine étape", "suite_etape", _ETAPES, index=0, filter_mode=None)
            if etape:
                st.date_input("Le", date.today() + _DELAI, format="DD/MM/YYYY", key="suite_echeance")
        versions = {p: connues.version(p) for p in coches}
        libelle, est_tu = f"Noter pour {langue.effectif(len(coches), 'ménage')}", code is None or cause is None
        note = (_record, versions, organisation, segment, seance)
        ecriture.bouton(libelle, "suite_noter", *note, type="primary", disabled=est_tu)
        notees = {p: connues[p] for p in coches if p in connues}
        if notees:
            st.button("Retirer la suite notée", key="suite_retirer", on_click=_withdraw, args=(notees,))
    if notees:
        annonces.note(suites.say_notees(len(notees)), role="status")
    if len(coches) == 1 and (retiree := connues.retirees.get(coches[0])):
        dit = f"Suite retirée par {retiree.auteur.nom} le {langue.instant(retiree.instant)}."
        annonces.note(dit, role="status")


def _resume(coches: Sequence[str], connues: Connues) -> None:
    """The form as the lines that have just been ticked were noted, when they all were, alike; else, empty."""
    if st.session_state.get(_COCHES) == list(coches):
        return
    st.session_state[_COCHES] = list(coches)
    notees = {(s.code, s.cause, s.etape, s.echeance) for _, s in (connues[p] for p in coches if p in connues)}
    est_une = len(notees) == 1 and all(p in connues for p in coches)
    code, cause, etape, echeance = notees.pop() if est_une else (None, "", "", None)
    st.session_state.update({"suite_code": code, "suite_cause": cause or None, "suite_etape": etape})
    if echeance:
        st.session_state["suite_echeance"] = echeance
    else:
        st.session_state.pop("suite_echeance", None)


def _record(versions: Mapping[str, int], organisation: str, segment: str, seance: Seance) -> None:
    """The outcome is what the fields hold now: a click may come before the screen was drawn again."""
    with ecriture.geste(_BILAN):
        code = st.session_state.get("suite_code")
        if code not in TITRES:
            raise ErreurUtilisateur("Aucune suite n’est choisie : la choisir dans la liste, puis noter.")
        cause = st.session_state.get("suite_cause") or "" if code is Code.TOUJOURS_BLOQUE else ""
        etape = "" if code in suites.CLOSES else st.session_state.get("suite_etape", "")
        echeance = st.session_state.get("suite_echeance") if etape else None
        if echeance and echeance < date.today():
            raise ErreurUtilisateur(f"Le {langue.jour(echeance)} est passé : choisir un jour à venir.")
        suite = Suite(code, organisation, segment, seance, cause, etape, echeance)

        def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
            version = versions[pseudonyme]
            op_id = journal.op_id_de(suites.OBJET, pseudonyme, version, *suite.contenu().values())
            suites.write(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=version)

        _write_all(versions, write, f"« {suite.dite} » noté", f" Ensuite : {suite.etape_dite}." if etape else "")


def _withdraw(notees: Mapping[str, tuple[Fiche, Suite]]) -> None:
    """A note is taken back as it was on screen: never what a colleague noted meanwhile."""

    def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
        fiche, suite = notees[pseudonyme]
        op_id = journal.op_id_de(suites.OBJET, pseudonyme, fiche.version, suites.RETIREE, suite.organisation)
        suites.withdraw(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=fiche.version)

    with ecriture.geste(_BILAN):
        _write_all(notees, write, "Suite retirée")


def _write_all(
    menages: Iterable[str], write: Callable[[Journal, str, Auteur], None], dit: str, ensuite: str = ""
) -> None:
    """The server checks anew who writes; a line that a colleague changed meanwhile is told, not overwritten."""
    menages = frozenset(menages)
    if not menages <= st.session_state.get(_MONTRES, frozenset()):
        raise ErreurUtilisateur("La liste a changé depuis que la ligne est cochée : la cocher de nouveau.")
    auteur, journal, refusees = ecriture.require_auteur(Action.LIRE_LISTES), ecriture.journal(), 0
    for pseudonyme in menages:
        try:
            write(journal, pseudonyme, auteur)
        except Perime:
            refusees += 1
    faites = len(menages) - refusees
    st.session_state[_NOTEES] = st.session_state.get(_NOTEES, 0) + 1
    st.session_state[_BILAN] = suites.say_bilan(dit, faites, refusees, ensuite)
