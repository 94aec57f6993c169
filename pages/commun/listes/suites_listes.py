"""The outcomes of a list on screen: chosen for the lines that are ticked, written in the journal; and the export."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.engagements.engagement import echeance_de
from mel_core.entrepot import Instantane
from mel_core.entrepot.coffre import Coffre
from mel_core.erreurs import ErreurUtilisateur
from mel_core.journal import Fiche, Perime, nouvel_identifiant, nouvel_op_id
from mel_core.listes import suites
from mel_core.listes.export import Tampon, exporter, nom_de_fichier
from mel_core.listes.suites import CAUSES, TITRES, Code, Suite
from mel_core.periodes import Seance
from pages.commun import acces, donnees, registre

_PARIS = ZoneInfo("Europe/Paris")
_BILAN, _FICHIER, _TRACEES, _MONTRES = "suites_bilan", "export_pret", "listes_tracees", "liste_montree"


@dataclass(frozen=True)
class Liste:
    """What is asked: `question`, all that decides which lines the list holds; `filtres`, the same in words."""

    titre: str
    organisation: str
    question: tuple[Hashable, ...]
    filtres: Mapping[str, str]


def tracer(liste: Liste, n: int) -> None:
    """Write in the journal who opened the list, once a question, before a line of it is shown; no pseudonym."""
    auteur = registre.exiger_auteur()
    tracees: set[Hashable] = st.session_state.setdefault(_TRACEES, set())
    cle = (auteur, liste.organisation, liste.question)
    if cle not in tracees:
        trace = {
            **{"geste": "consultation", "titre": liste.titre, "organisation": liste.organisation},
            **{"n": n, "filtres": dict(liste.filtres)},
        }
        registre.journal().ecrire("audit", nouvel_identifiant(), trace, auteur, nouvel_op_id())
        tracees.add(cle)


def cle_de_grille(vue: Hashable, pseudonymes: Iterable[str]) -> str:
    """The name of the grid of one view, and nobody's; the households that it shows are kept for `_noter`."""
    st.session_state[_MONTRES] = frozenset(pseudonymes)
    return f"liste_grille_{hashlib.sha256(repr(vue).encode()).hexdigest()[:16]}"


def noter(
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
        versions = {p: connues[p][0].version if p in connues else 0 for p in coches}
        st.button(
            f"Noter pour {langue.effectif(len(coches), 'ménage')}",
            key="suite_noter",
            type="primary",
            on_click=_noter,
            args=(versions, organisation, segment, seance),
        )


def _noter(versions: Mapping[str, int], organisation: str, segment: str, seance: Seance) -> None:
    """The server checks anew who writes; a line that a colleague changed meanwhile is told, not overwritten.

    The outcome is what the fields hold now: a click may come before the screen was drawn again.
    """
    try:
        acces.exiger_hors_salle()
        code = Code(st.session_state["suite_code"])
        cause = st.session_state.get("suite_cause", "") if code is Code.TOUJOURS_BLOQUE else ""
        suite = Suite(code, organisation, segment, seance, cause)
        if not versions.keys() <= st.session_state.get(_MONTRES, frozenset()):
            raise ErreurUtilisateur("La liste a changé depuis que la ligne est cochée : la cocher de nouveau.")
        auteur, journal, refusees = registre.exiger_auteur(), registre.journal(), 0
        for pseudonyme, version in versions.items():
            op_id = journal.op_id_de("suite", suite.organisation, pseudonyme, version, str(suite.code), suite.cause)
            try:
                suites.ecrire(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=version)
            except Perime:
                refusees += 1
        faites = len(versions) - refusees
        st.session_state[_BILAN] = f"« {suite.dite} » noté pour {langue.effectif(faites, 'ménage')}." + (
            f" {langue.effectif(refusees, 'ligne')} : un collègue a noté autre chose entre-temps, la relire."
            if refusees
            else ""
        )
    except ErreurUtilisateur as erreur:
        st.session_state[_BILAN] = str(erreur)


def proposer_export(
    preparer: Callable[[], pd.DataFrame], titre: str, liste: Liste, instantane: Instantane, seance: Seance
) -> None:
    """Two steps: the workbook is made when it is asked for, written in the journal, then downloaded.

    `preparer`: gives the whole list in French. The file is for the list on screen alone.
    """
    auteur = registre.auteur()
    avec = acces.peut_instruire() and st.checkbox("Avec les numéros uniques", key="export_numeros")
    cle = (instantane.identifiant, str(seance), titre, auteur, liste.organisation, liste.question, avec)
    if st.button("Préparer l’export", key="export_preparer") and auteur.nom:
        acces.exiger_hors_salle()
        table = _avec_numeros(preparer()) if avec else preparer()
        tampon = Tampon(
            titre=titre,
            qui=auteur.nom,
            organisation=auteur.organisation,
            quand=datetime.now(_PARIS).replace(tzinfo=None, microsecond=0),
            donnees=f"{instantane.identifiant[:12]}, publié le {langue.jour(instantane.publie_le.astimezone(_PARIS))}",
            nature=instantane.nature,
            filtres=liste.filtres,
            a_detruire_le=echeance_de(Seance.du(datetime.now(_PARIS).date())),
            avec_numeros=avec,
        )
        contenu = exporter(table, tampon)
        nom = nom_de_fichier(tampon, contenu)
        trace = {
            **{"geste": "export", "titre": titre, "organisation": liste.organisation, "n": len(table)},
            **{"fichier": nom, "filtres": dict(liste.filtres), "avec_numeros": avec},
        }
        registre.journal().ecrire("audit", nouvel_identifiant(), trace, auteur, nouvel_op_id())
        st.session_state[_FICHIER] = (cle, nom, contenu)
    pret = st.session_state.get(_FICHIER)
    if pret and pret[0] == cle:
        st.download_button(
            "Télécharger le classeur",
            pret[2],
            pret[1],
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="export_telecharger",
            on_click="ignore",
        )


def _avec_numeros(table: pd.DataFrame) -> pd.DataFrame:
    """The list with the numéro unique of each line, from the vault, for who may instruct; written in the journal."""
    acces.exiger_instruction()
    numeros = Coffre.du_dossier(donnees.entrepot().dossier).lire(table["Dossier"])
    table.insert(0, "Numéro unique", [numeros.get(p) for p in table["Dossier"]])
    return table
