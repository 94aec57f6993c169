"""The outcomes of a list on screen: chosen for the lines that are ticked, written in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Fiche, Perime
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import CAUSES, ETAPES, TITRES, Code, Suite
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import ecriture, visiteur

_BILAN, _MONTRES = "suites_bilan", "liste_montree"
_ETAPES = {"": "aucune", **ETAPES}
_DELAI = timedelta(weeks=2)  # what comes next is proposed for then


def cle_de_grille(vue: Hashable, pseudonymes: Iterable[str]) -> str:
    """The name of the grid of one view, and nobody's; the households that it shows are kept for `_record`."""
    st.session_state[_MONTRES] = frozenset(pseudonymes)
    return f"liste_grille_{hashlib.sha256(repr(vue).encode()).hexdigest()[:16]}"


def record(
    coches: Sequence[str], connues: Mapping[str, tuple[Fiche, Suite]], organisation: str, segment: str, seance: Seance
) -> None:
    """The form under the list: one outcome for the lines that are ticked."""
    message = st.session_state.pop(_BILAN, None)
    if message:
        st.html(f'<p class="acte" role="status">{message}</p>')
    if not coches:
        st.html('<p class="reserve">Cocher une ou plusieurs lignes pour noter leur suite.</p>')
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="suite"):
        code = st.selectbox("Suite", list(TITRES), format_func=TITRES.__getitem__, key="suite_code", filter_mode=None)
        if code is Code.TOUJOURS_BLOQUE:
            st.selectbox("Cause", list(CAUSES), format_func=CAUSES.__getitem__, key="suite_cause", filter_mode=None)
        if code not in suites.CLOSES:
            etape = st.selectbox(
                "Prochaine étape", list(_ETAPES), format_func=_ETAPES.__getitem__, key="suite_etape", filter_mode=None
            )
            if etape:
                st.date_input("Le", date.today() + _DELAI, format="DD/MM/YYYY", key="suite_echeance")
        versions = {p: connues[p][0].version if p in connues else 0 for p in coches}
        st.button(
            f"Noter pour {langue.effectif(len(coches), 'ménage')}",
            key="suite_noter",
            type="primary",
            on_click=_record,
            args=(versions, organisation, segment, seance),
        )


def _record(versions: Mapping[str, int], organisation: str, segment: str, seance: Seance) -> None:
    """The server checks anew who writes; a line that a colleague changed meanwhile is told, not overwritten.

    The outcome is what the fields hold now: a click may come before the screen was drawn again.
    """
    try:
        visiteur.require_droit(Action.LIRE_LISTES)
        code = Code(st.session_state["suite_code"])
        cause = st.session_state.get("suite_cause", "") if code is Code.TOUJOURS_BLOQUE else ""
        etape = "" if code in suites.CLOSES else st.session_state.get("suite_etape", "")
        echeance = st.session_state.get("suite_echeance") if etape else None
        suite = Suite(code, organisation, segment, seance, cause, etape, echeance)
        if not versions.keys() <= st.session_state.get(_MONTRES, frozenset()):
            raise ErreurUtilisateur("La liste a changé depuis que la ligne est cochée : la cocher de nouveau.")
        auteur, journal, refusees = ecriture.require_auteur(), ecriture.journal(), 0
        for pseudonyme, version in versions.items():
            op_id = journal.op_id_de(suites.OBJET, pseudonyme, version, *suite.contenu().values())
            try:
                suites.write(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=version)
            except Perime:
                refusees += 1
        faites = len(versions) - refusees
        ensuite = f" Ensuite : {suite.etape_dite}." if etape and faites else ""
        st.session_state[_BILAN] = f"« {suite.dite} » noté pour {langue.effectif(faites, 'ménage')}.{ensuite}" + (
            f" {langue.effectif(refusees, 'ligne')} : un collègue a noté autre chose entre-temps, la relire."
            if refusees
            else ""
        )
    except ErreurUtilisateur as erreur:
        st.session_state[_BILAN] = str(erreur)
