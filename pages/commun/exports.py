"""A list is opened, then taken away, under a name: both are in the journal, and the file says what it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from mel_core.dossier.contexte import PARIS
from mel_core.droits.actions import Action
from mel_core.entrepot import Instantane
from mel_core.entrepot.coffre import Coffre
from mel_core.seance.engagements.engagement_pris import echeance_de
from mel_core.segments.listes.export import DEMANDES, NUMEROTEES, Contenu, Tampon, export, nom_de_fichier
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.adaptateur import telechargement
from pages.commun import donnees, ecriture, visiteur

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FICHIER, _TRACEES = "export_pret", "listes_tracees"


@dataclass(frozen=True)
class Liste:
    """What is asked: `question`, all that decides which lines the list holds; `filtres`, the same in words."""

    titre: str
    organisation: str
    question: tuple[Hashable, ...]
    filtres: Mapping[str, str]


def draw(liste: Liste, n: int) -> None:
    """Write in the journal who opened the list, once a question, before a line of it is shown; no pseudonym."""
    auteur = ecriture.require_auteur(Action.LIRE_LISTES)
    tracees: set[Hashable] = st.session_state.setdefault(_TRACEES, set())
    cle = (auteur, liste.organisation, liste.question)
    if cle not in tracees:
        trace = {
            **{"geste": "consultation", "titre": liste.titre, "organisation": liste.organisation},
            **{"n": n, "filtres": dict(liste.filtres)},
        }
        ecriture.trace(trace)
        tracees.add(cle)


def offer(
    prepare: Callable[[], pd.DataFrame],
    titre: str,
    liste: Liste,
    instantane: Instantane,
    seance: Seance,
    quoi: Contenu = DEMANDES,
) -> None:
    """Two steps: the workbook is made when it is asked for, written in the journal, then downloaded.

    `prepare`: gives the whole list in French. The file is for the list on screen alone. Numéros uniques are offered
    in a list of demandes, to who may instruct.
    """
    avec = (
        quoi is DEMANDES
        and visiteur.may(Action.LIRE_NUMEROS)
        and st.checkbox("Avec les numéros uniques", key="export_numeros")
    )
    qui = (visiteur.profil(), ecriture.auteur().nom)
    cle = (instantane.identifiant, str(seance), titre, qui, liste.organisation, liste.question, avec)
    if st.button("Préparer l’export", key="export_preparer"):
        auteur = ecriture.require_auteur(Action.LIRE_LISTES)
        table = _avec_numeros(prepare()) if avec else prepare()
        tampon = Tampon(
            titre=titre,
            qui=auteur.nom,
            organisation=ecriture.organisation_dite(),
            quand=datetime.now(PARIS).replace(tzinfo=None, microsecond=0),
            donnees=f"{instantane.identifiant[:12]}, publié le {langue.jour(instantane.publie_le.astimezone(PARIS))}",
            nature=instantane.nature,
            filtres=liste.filtres,
            a_detruire_le=echeance_de(Seance.du(datetime.now(PARIS).date())),
            contenu=NUMEROTEES if avec else quoi,
        )
        contenu = export(table, tampon)
        nom = nom_de_fichier(tampon, contenu)
        trace = {
            **{"geste": "export", "titre": titre, "organisation": liste.organisation, "n": len(table)},
            **{"fichier": nom, "filtres": dict(liste.filtres), "avec_numeros": avec},
        }
        ecriture.trace(trace)
        st.session_state[_FICHIER] = (cle, nom, contenu)
    pret = st.session_state.get(_FICHIER)
    if pret and pret[0] == cle:
        telechargement.offer(
            "Télécharger le classeur", pret[2], pret[1], _XLSX, cle="export_telecharger", de_lignes=True
        )


def _avec_numeros(table: pd.DataFrame) -> pd.DataFrame:
    """The list with the numéro unique of each line, from the vault, for who may instruct; written in the journal."""
    visiteur.require_droit(Action.LIRE_NUMEROS)
    numeros = Coffre.du_dossier(donnees.entrepot().dossier).read(table["Dossier"])
    table.insert(0, "Numéro unique", [numeros.get(p) for p in table["Dossier"]])
    return table
