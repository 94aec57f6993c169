"""What is taken away: a list, opened then exported under a name, both in the journal, in a file that says what it is;
documents of a séance, made when asked, named by the journal they print and the data they read."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.dossier import classeurs
from mel_core.dossier.seance import compose, write_actes
from mel_core.droits.actions import Action
from mel_core.entrepot import Instantane
from mel_core.entrepot.coffre import Coffre
from mel_core.journal import Journal
from mel_core.seance.engagements.engagement_pris import echeance_de
from mel_core.segments.listes.export import DEMANDES, NUMEROTEES, ContenuExport, Tampon, export, nom_de_fichier
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR
from mel_core.socle.horloge import PARIS, aujourd_hui, jour_de
from mel_core.socle.periodes import Seance
from pages.adaptateur import telechargement
from pages.commun import donnees, ecriture, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FICHIER, _TRACEES, _OUVERTURES = "export_pret", "listes_tracees", "listes_ouvertes"
GENRES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class Liste:
    """What is asked: `question`, all that decides which lines the list holds; `filtres`, the same in words."""

    titre: str
    organisation: str
    question: tuple[Hashable, ...]
    filtres: Mapping[str, str]

    def trace(self, geste: str, n: int, **autres: Any) -> None:
        """Write in the journal what was done of its `n` lines."""
        lue = {"geste": geste, "titre": self.titre, "organisation": self.organisation, "n": n}
        ecriture.trace({**lue, "filtres": dict(self.filtres), **autres})


@dataclass(frozen=True)
class Ouverture:
    """When a list was opened, on which data, at the end of which séance."""

    jour: date
    jeu: str
    seance: str


def derniere_ouverture(titre: str, organisation: str) -> Ouverture | None:
    """When `organisation` last opened the list of this title before today: see `find_ouverture`, asked once a
    session."""
    cle = (titre, organisation, aujourd_hui())
    connues: dict[Hashable, Ouverture | None] = st.session_state.setdefault(_OUVERTURES, {})
    if cle not in connues:
        connues[cle] = find_ouverture(ecriture.journal(), *cle)
    return connues[cle]


def find_ouverture(journal: Journal, titre: str, organisation: str, avant: date) -> Ouverture | None:
    """When `organisation` last opened the list of this title, before the day `avant`; None: never."""
    ouvertures = journal.find_all("audit", geste="consultation", titre=titre, organisation=organisation)
    lues = [
        Ouverture(jour, f.contenu["jeu"], f.contenu["seance"])
        for f in ouvertures
        if (jour := jour_de(f.instant)) < avant and "jeu" in f.contenu
    ]
    return lues[-1] if lues else None


def trace_ouverture(liste: Liste, n: int, jeu: str, seance: str) -> None:
    """Write in the journal who opened the list, once a question, before a line of it is shown; no pseudonym."""
    auteur = ecriture.require_auteur(Action.LIRE_LISTES)
    tracees: set[Hashable] = st.session_state.setdefault(_TRACEES, set())
    cle = (auteur, liste.organisation, liste.question)
    if cle not in tracees:
        liste.trace("consultation", n, jeu=jeu, seance=seance)
        tracees.add(cle)


def offer(
    prepare: Callable[[], pd.DataFrame],
    titre: str,
    liste: Liste,
    instantane: Instantane,
    seance: Seance,
    quoi: ContenuExport = DEMANDES,
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
            donnees=f"publié le {langue.jour(jour_de(instantane.publie_le))}",
            millesime=instantane.identifiant,
            nature=instantane.nature,
            filtres=liste.filtres,
            a_detruire_le=echeance_de(Seance.du(aujourd_hui())),
            contenu=NUMEROTEES if avec else quoi,
        )
        contenu = export(table, tampon)
        nom = nom_de_fichier(tampon, contenu)
        liste.trace("export", len(table), titre=titre, fichier=nom, avec_numeros=avec)
        st.session_state[_FICHIER] = (cle, nom, contenu)
    pret = st.session_state.get(_FICHIER)
    if pret and pret[0] == cle:
        telechargement.offer(
            "Télécharger le classeur", pret[2], pret[1], XLSX, cle="export_telecharger", de_lignes=True
        )


def _avec_numeros(table: pd.DataFrame) -> pd.DataFrame:
    """The list with the numéro unique of each line, from the vault, for who may instruct; written in the journal."""
    visiteur.require_droit(Action.LIRE_NUMEROS)
    numeros = Coffre(donnees.entrepot().dossier).read(table["Dossier"])
    table.insert(0, "Numéro unique", [numeros.get(p) for p in table["Dossier"]])
    return table


def name_document(genre: str, choisi: Perimetre, suffixe: str) -> str:
    """`releve-2017S2-ici-2-3f2a9c1b.docx`: the end is that of the journal's last link."""
    lien = ecriture.journal().dernier_lien() or "vide"
    return f"{genre}-{choisi.seance}-{classeurs.fichier(choisi.ici or 'mel')}-{lien[:8]}.{suffixe}"


def actes(choisi: Perimetre, par: str, quoi: str, suffixe: str) -> bytes:
    """See `write_actes`."""
    with tempfile.TemporaryDirectory() as dossier:
        chemin, ici = Path(dossier) / f"document.{suffixe}", choisi.ici or next(iter(donnees.choix()[1]))
        write_actes(donnees.entrepot(), ecriture.journal(), quoi, choisi.seance, ici, chemin, par)
        return chemin.read_bytes()


def dossier_zip(choisi: Perimetre, par: str) -> bytes:
    """The deck, the note and every workbook of the ICI."""
    tampon = io.BytesIO()
    with tempfile.TemporaryDirectory() as dossier:
        sortie = Path(dossier)
        ici = lecture.require_ici(choisi)
        ecrit = compose(donnees.entrepot(), choisi.seance, ici, sortie, par, ecriture.journal())
        with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
            for fichier in ecrit.fichiers:
                archive.write(fichier, fichier.relative_to(sortie).as_posix())
    return tampon.getvalue()


def demandeur() -> str:
    """Who asks. To be read while the page is drawn: a download is made outside of any session."""
    nom, organisation = ecriture.auteur().nom, ecriture.auteur().organisation
    return f"{nom} ({organisation})" if nom else organisation or EDITEUR
