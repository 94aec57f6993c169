"""Préparer › Journal: who saw, exported, wrote, published or changed a parameter, in words, for the co-pilots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.entrepot import Portee, perimetre
from mel_core.journal import Fiche, Journal
from mel_core.seance.coordination import blocages, seances_tenues, signature
from mel_core.seance.coordination.avant_apres import changes
from mel_core.seance.gardes import identifiant_de
from mel_core.seance.gestes import (
    VIDE,
    GenreDeGeste,
    genre_de,
    noms_des_organisations,
    qui,
    say,
    say_verification,
)
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.adaptateur import telechargement
from pages.commun import annonces, choix_perimetre, donnees, ecriture, entete, visiteur, widgets

TAILLE = 50
_VERIFIE_S = 300  # how long the check of a long chain is kept
TOUS = {"": "Tous, sauf les brouillons"} | {str(g): g.titre for g in GenreDeGeste}
PERIODES = {30: "ces 30 derniers jours", 7: "ces 7 derniers jours", 365: "ces 12 derniers mois", 0: "depuis le début"}
_PAGE = "journal_page"


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    entete.title("Préparer › Journal")
    visiteur.require_droit(Action.LIRE_JOURNAL)
    dossier, noms = donnees.entrepot().dossier, connus()
    journal = ecriture.journal() if Journal.existe(dossier) else None
    if journal is None or not journal.nombre():
        annonces.note(VIDE)
        return
    annonces.note(verify(dossier, journal.nombre()))
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        seances = {"": "Toutes"} | {s: s.replace("-", ", ") for s in sorted(_seances(journal), reverse=True)}
        seance = choix_perimetre.option("Séance", "journal_seance", seances, en_liste=True, filter_mode=None)
        periodes = {jours: dite.capitalize() for jours, dite in PERIODES.items()}
        jours = choix_perimetre.option("Période", "journal_depuis", periodes, en_liste=True, filter_mode=None)
        geste = choix_perimetre.option("Gestes", "journal_geste", TOUS, en_liste=True, filter_mode=None)
        fiches = journal.ecritures(depuis=datetime.now(UTC) - timedelta(jours) if jours else None)
        personnes = signataires(journal, fiches, noms)
        personne = choix_perimetre.option("Qui", "journal_qui", personnes, en_liste=True)
    tous = [f for f in fiches if genre_de(f) is not GenreDeGeste.BROUILLON]
    gardes = [f for f in fiches if str(genre_de(f)) == geste] if geste else tous
    if seance:
        gardes = [f for f in gardes if f"{f.contenu.get('seance')}-{f.contenu.get('ici')}" == seance]
    gardes = [f for f in gardes if not personne or cle_de(journal, f) == personne]
    filtres = [f"séance {seances[seance]}"] * bool(seance)
    filtres += [TOUS[geste].lower()] * bool(geste) + [personnes[personne]] * bool(personne)
    restriction = langue.filtres(filtres, langue.effectif(len(tous), "geste"))
    annonces.message(f"**{langue.effectif(len(gardes), 'geste')}** {PERIODES[jours]}.{restriction}")
    if not gardes:
        annonces.note("Aucun geste ne répond : élargir la période ou les filtres.")
        return
    show(journal, gardes, noms)
    telechargement.offer(
        "Télécharger ces gestes (CSV)",
        partial(export, journal, gardes, noms),
        widgets.nom_de_fichier("journal"),
        "text/csv",
        cle="csv_journal",
        de_lignes=True,
    )


def _seances(journal: Journal) -> set[str]:
    """Those of which something was written: fixed, reported, signed."""
    ecrites = [
        f.contenu for objet in (seances_tenues.OBJET, blocages.OBJET, signature.OBJET) for f in journal.find_all(objet)
    ]
    return {identifiant_de(Seance.read(c["seance"]), c["ici"]) for c in ecrites if c.get("seance") and c.get("ici")}


def connus() -> Mapping[str, str]:
    """The names of organisations, those of the bailleurs and of the quartiers as long as data are published. Raises
    where they are real and may not be seen: the journal tells who works on them."""
    if donnees.entrepot().instantane() is None:
        return noms_des_organisations()
    with donnees.open(donnees.instantane().identifiant, None, Portee.aucune()) as lecteur:
        quartiers = perimetre.quartiers(lecteur).dropna(subset="nom")
        return dict(zip(quartiers["code"], quartiers["nom"], strict=True)) | noms_des_organisations(lecteur)


@st.cache_data(show_spinner="Vérification du journal…", ttl=_VERIFIE_S, max_entries=4)
def verify(dossier: Path, n: int) -> str:
    """Whether the chain of `n` entries of the store in `dossier` is whole, and when it was looked at."""
    return f"{say_verification(n, ecriture.journal().verify())}, vérifié le {langue.instant(datetime.now(UTC))}."


def signataires(journal: Journal, fiches: Sequence[Fiche], noms: Mapping[str, str]) -> dict[str, str]:
    """Key → name of each person who did something: an address names nobody."""
    trouves = {cle_de(journal, f): qui(f, noms) for f in reversed(fiches)}
    return {"": "Tout le monde", **dict(sorted(trouves.items(), key=lambda x: x[1].lower()))}


def cle_de(journal: Journal, fiche: Fiche) -> str:
    return journal.op_id_de("auteur", fiche.auteur.nom, fiche.auteur.organisation)[:12]


def show(journal: Journal, gardes: Sequence[Fiche], noms: Mapping[str, str]) -> None:
    """One page of the gestures, the latest first."""
    n_pages = -(-len(gardes) // TAILLE)
    rang = st.session_state[_PAGE] = min(st.session_state.get(_PAGE, 1), n_pages)
    if n_pages > 1:
        rang = int(st.number_input(f"Page, sur {langue.nombre(n_pages)}", 1, n_pages, step=1, key=_PAGE))
    gestes = lines(journal, gardes[(rang - 1) * TAILLE : rang * TAILLE], noms)
    st.html(widgets.tableau_lu(gestes, "Gestes, du plus récent au plus ancien", "entier"))


def lines(journal: Journal, gardes: Sequence[Fiche], noms: Mapping[str, str]) -> pd.DataFrame:
    """One row per gesture: when, who, what was done, what it says and changed."""
    rangees = [
        (
            langue.instant(f.instant),
            langue.typeset(qui(f, noms)),
            langue.typeset(say(f, noms)),
            changes(journal, f, noms),
        )
        for f in gardes
    ]
    return pd.DataFrame(rangees, columns=["Quand", "Qui", "A fait", "Ce qui est écrit, avant → après"])


def export(journal: Journal, gardes: Sequence[Fiche], noms: Mapping[str, str]) -> bytes:
    return widgets.en_csv(lines(journal, gardes, noms), {})


page()
