"""Préparer › Qualité: what the files say, by bailleur and by month, and what to ask for before the séance."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs.qualite import completude
from mel_core.indicateurs.qualite.completude import ENSEMBLE, POPULATIONS
from mel_core.segments.listes.export import BAUX
from mel_core.socle import langue
from pages.commun import choix_perimetre, ecriture, entete, exports, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.preparer.qualite.tableaux_qualite import grille, grille_mois

EVENEMENTS = "evenements"
VUES = ("attributions", EVENEMENTS, "demandes", "residences")
TITRES = {**{nom: p.titre for nom, p in POPULATIONS.items()}, EVENEMENTS: "Événements par mois"}


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    choisi = entete.choose()
    visiteur.require_droit(Action.CONTROLER_QUALITE)
    vue = choix_perimetre.option("Ce qui est contrôlé", "qualite", {vue: TITRES[vue] for vue in VUES})
    if vue == EVENEMENTS:
        mois = choisi.ask(completude.par_mois, choisi.annee, choisi.ici)
        entete.say(choisi, choisi.precision, completude.constat_mois(mois, choisi.ici_dite), AIDE)
        if not mois.empty:
            st.html(grille_mois(mois))
        return
    population = POPULATIONS[vue]
    table = choisi.ask(completude.completude, vue, choisi.annee, choisi.ici)
    precision = completude.perimetre(population, choisi.precision, choisi.seance.fin)
    entete.say(choisi, precision, completude.constat(population, table, choisi.ici_dite), AIDE)
    if not int(table["n"].iloc[0]):
        return
    st.html(grille(population, table))
    show_phrases("À demander", completude.a_completer(population, table))
    show_phrases("Absent de tous les fichiers", completude.absentes(population, table))
    if vue == "attributions":
        show_baux(choisi, table)


def show_phrases(titre: str, dites: list[str]) -> None:
    if dites:
        st.markdown(f"#### {titre}")
        st.markdown(langue.typeset("\n".join(f"* {d}" for d in dites)))


def show_baux(choisi: Perimetre, table: pd.DataFrame) -> None:
    """The leases of one bailleur that lack something, to be sent to it; who took them is in the journal."""
    st.markdown("#### Les baux à compléter, pour un bailleur")
    ecriture.ask_auteur()
    if not ecriture.is_signed("ouvrir cette liste"):
        return
    noms = dict(table.loc[table["porteur"] != ENSEMBLE, ["porteur", "nom"]].itertuples(index=False, name=None))
    bailleur = choix_perimetre.option("Bailleur", "a_relancer", noms, en_liste=True)

    def prepare() -> pd.DataFrame:
        with choisi.open() as lecteur:  # rows, that no cache keeps
            baux = completude.baux_a_completer(lecteur, choisi.annee, bailleur, choisi.ici)
        return pd.DataFrame(
            {
                "Attribution": baux["id_attribution"],
                "Date du bail": baux["date_bail"],
                "Commune": baux["commune"].map(choisi.noms("commune")),
                "Résidence": baux["residence"].where(baux["residence"] != "inconnu"),
                "À compléter": baux["manque"],
            }
        )

    filtres = {"Bailleur": noms[bailleur], "Période": choisi.precision}
    liste = exports.Liste("Baux à compléter", bailleur, (choisi.seance, choisi.ici, bailleur), filtres)
    titre = f"Baux à compléter, {noms[bailleur]}"
    exports.offer(prepare, titre, liste, choisi.instantane, choisi.seance, BAUX)


AIDE = """
**Part renseignée** : lignes où la rubrique est connue, sur toutes. Une cellule vide est inconnue, jamais zéro.

**▼ à compléter** : au moins 30 lignes, et une part sous la limite de contrôle à 99,8 % autour de l’ensemble ;
au-dessus, le hasard suffit à l’expliquer. Les bailleurs ne sont pas classés.

**Parcours** : le bail suit une proposition ou un passage en commission enregistré. Sans eux, les refus ne se lisent
pas, et les segments « sans proposition enregistrée » comptent des ménages qui en ont eu.

Jeu de données publié le {jour}. Sans navigateur : `python -m mel_core qualite --seance 2017S2 --periode annee`.
"""

page()
