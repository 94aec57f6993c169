"""Suivre › Réseau d'accueil: volumes by month and place, online or not, each one's share against its weight. A place
enters its month in a form of one minute."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs import suivi
from mel_core.indicateurs.suivi import reseau
from mel_core.indicateurs.suivi.reseau import ENREGISTREMENTS, MESURES_DITES, OBJET, PORTEURS, SAISIS, TYPES, MoisSaisi
from mel_core.journal import Journal
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance
from pages.adaptateur import vivant
from pages.commun import annonces, choix_perimetre, donnees, ecriture, entete, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.suivre import images_suivre


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    mois = f"{choisi.seance.fin:%Y-%m}"
    donne = choisi.ask(suivi.accueil, mois, choisi.ici)
    communes = choisi.ask(suivi.referentiel, choisi.ici, choisi.seance.fin)
    if donne.empty:
        ailleurs = choisi.ici is not None and not choisi.ask(suivi.accueil, mois).empty
        raise ErreurUtilisateur(
            f"Aucun lieu d’accueil n’est compté dans {choisi.ici_dite} : "
            + (
                "ceux de la table « accueil » sont ailleurs ou sans commune ; choisir MEL pour les lire tous."
                if ailleurs
                else "importer la table « accueil » depuis Préparer › Imports."
            )
        )
    volumes = reseau.merge(donne, read_saisies(), f"{choisi.seance.fin:%Y-%m}")
    accueil = reseau.sans_les_relais(volumes)
    constat = st.container(key="constat_accueil")
    with st.container(key="vues"):
        titres = {m: dite[0] for m, dite in MESURES_DITES.items()}
        mesure = choix_perimetre.option("Ce que l’on compte", "accueil", titres)
    with constat:
        phrase = reseau.constat(choisi.ici_dite, accueil, choisi.seance, mesure)
        entete.say(choisi, choisi.precision, phrase, reseau.POURQUOI)
    if visiteur.est_en_salle():
        with st.container(key="image_longue"):
            draw_mois(accueil, mesure)
        return
    explore(volumes, communes, choisi, mesure)
    offer_saisie(volumes, choisi.seance)


def draw_mois(accueil: pd.DataFrame, mesure: str) -> None:
    st.html(f'<p class="sous-titre">{_titre(mesure)}</p>')
    vivant.draw(images_suivre.figure_mois(accueil, mesure))


def explore(volumes: pd.DataFrame, communes: pd.DataFrame, choisi: Perimetre, mesure: str) -> None:
    """What is counted, by month beside its communes; then every actor, place and commune. What relais do that a relais
    does not stands in the line of its place alone."""
    mois, accueil = reseau.fenetres(choisi.seance)[0], reseau.sans_les_relais(volumes)
    annee, brute = (lus[lus["mois"].isin(mois)] for lus in (accueil, volumes))
    par_commune = reseau.par_commune(annee, communes, mesure)
    with st.container(key="image"):
        gauche, droite = st.columns([0.5, 0.5], gap="medium")
        with gauche:
            draw_mois(accueil, mesure)
        with droite:
            st.html('<p class="sous-titre">Communes, 12 derniers mois</p>')
            vivant.draw(images_suivre.figure_poids(par_commune))
    with st.container(key="levier"):
        st.markdown(langue.typeset(reseau.evolution(accueil, choisi.seance, mesure)))
        annonces.note(reseau.reserves(annee, mesure, reseau.par_des_relais(brute)))
    acteurs, lieux, toutes = st.tabs(["Par acteur", "Par lieu", "Par commune"])
    with acteurs:
        table_porteurs(reseau.par_porteur(annee, mesure), mesure)
    with lieux:
        table_lieux(reseau.par_lieu(brute))
    with toutes:
        table_communes(par_commune, mesure)


def _titre(mesure: str) -> str:
    if mesure != ENREGISTREMENTS:
        return f"{MESURES_DITES[mesure][0]} par mois"
    return "Enregistrements par mois : <b>■</b> en ligne, <i>■</i> par le réseau"


def table_porteurs(lignes: pd.DataFrame, mesure: str) -> None:
    titre = MESURES_DITES[mesure][0]
    table = pd.DataFrame(
        {
            "Acteur": lignes["porteur"].map(PORTEURS),
            "Lieux": lignes["n_lieux"],
            "dont labellisés": lignes["n_labellises"],
            titre: lignes["effectif"],
            "Part des volumes": lignes["part"],
            "Part des lieux": lignes["poids"],
        }
    )
    widgets.grille(table, {}, "Par acteur", est_emporte=True)


def table_lieux(lignes: pd.DataFrame) -> None:
    table = pd.DataFrame(
        {
            "Lieu": lignes["nom"],
            "Type": lignes["type_lieu"].map(TYPES),
            "Acteur": lignes["porteur"].map(PORTEURS),
            **{titre: lignes[m] for m, (titre, _) in MESURES_DITES.items()},
            "dont en ligne": lignes["part_en_ligne"],
        }
    )
    widgets.grille(table, {"dont en ligne": langue.part}, "Par lieu, 12 derniers mois", est_emporte=True)


def table_communes(lignes: pd.DataFrame, mesure: str) -> None:
    titre = MESURES_DITES[mesure][0]
    table = pd.DataFrame(
        {
            "Commune": lignes["nom"],
            titre: lignes["effectif"],
            "Part des volumes": lignes["part"],
            "Part des habitants": lignes["poids"],
            "Écart (points)": lignes["ecart_points"],
        }
    )
    widgets.grille(table, {}, "Par commune", est_emporte=True)


_DIT, _VUE = "accueil_dit", "accueil_vue-"


def read_saisies() -> list[MoisSaisi]:
    """Every month that places entered."""
    if not Journal.existe(donnees.entrepot().dossier):
        return []
    return [saisi for _, saisi in MoisSaisi.find_all(ecriture.journal(), OBJET)]


def offer_saisie(accueil: pd.DataFrame, seance: Seance) -> None:
    """The form, for whoever may enter a month; nothing for the others. `accueil`: see `reseau.merge`."""
    if not visiteur.may(Action.SAISIR_ACCUEIL):
        return
    lieux = reseau.ouverts(accueil, visiteur.profil().lieu)
    if lieux.empty:
        return
    if dit := st.session_state.pop(_DIT, ""):
        annonces.note(dit, role="status")
    with st.expander("Saisir le mois d’un lieu d’accueil"):
        ecriture.ask_auteur()
        noms = dict(zip(lieux["lieu"], lieux["nom"], strict=True))
        types = dict(zip(lieux["lieu"], lieux["type_lieu"], strict=True))
        gauche, droite = st.columns(2)
        lieu = gauche.selectbox("Lieu d’accueil", list(noms), format_func=noms.__getitem__, key="saisie_accueil_lieu")
        mois = droite.selectbox("Mois", les_mois(seance), format_func=reseau.mois_dit, key="saisie_accueil_mois")
        fill_in(accueil, lieu, mois, types[lieu])


def les_mois(seance: Seance) -> list[str]:
    """Those of the séance's year, its last one first, then those since."""
    annee, _ = reseau.fenetres(seance)
    jour = aujourd_hui()
    rangs = range(seance.fin.year * 12 + seance.fin.month, jour.year * 12 + jour.month)
    depuis = [f"{r // 12}-{r % 12 + 1:02d}" for r in rangs]
    return [*reversed(annee), *reversed(depuis)]


def fill_in(accueil: pd.DataFrame, lieu: str, mois: str, type_lieu: str) -> None:
    """The numbers of one month, from what is known of it."""
    racine = f"saisie_accueil-{lieu}-{mois}-"
    fiche = ecriture.journal().read(OBJET, MoisSaisi(lieu, mois).identifiant)
    vue = st.session_state.setdefault(f"{_VUE}{lieu}-{mois}", fiche.version if fiche else 0)
    connue = accueil[(accueil["lieu"] == lieu) & (accueil["mois"] == mois)]
    saisis = SAISIS if type_lieu != reseau.RELAIS else {"n_pre_accueil": SAISIS["n_pre_accueil"]}
    with st.form(f"{racine}form", border=False):
        lus = {}
        for colonne, (compte, titre) in zip(st.columns(len(saisis)), saisis.items(), strict=True):
            deja = connue[compte].iloc[0] if len(connue) else float("nan")
            lus[compte] = colonne.number_input(
                titre,
                min_value=0,
                max_value=reseau.MAXIMUM,
                value=None if pd.isna(deja) else int(deja),
                step=1,
                key=f"{racine}{compte}",
                placeholder="non compté",
            )
        saisi = MoisSaisi(lieu, mois, **lus)
        loin = reseau.loin_de_l_habitude(saisi, accueil)
        confirme = bool(loin) and st.checkbox("C’est bien ce volume", key=f"{racine}confirme")
        if st.form_submit_button("Enregistrer ce mois"):
            save(saisi, type_lieu, vue, "" if confirme else loin)


def save(saisi: MoisSaisi, type_lieu: str, vue: int, loin: str) -> None:
    """Write it, or say why not; the page is then drawn again with it. `loin`: what is still to be confirmed."""
    try:
        ecriture.require_auteur(Action.SAISIR_ACCUEIL)
        reseau.check(saisi, type_lieu, aujourd_hui())
        if loin:
            raise ErreurUtilisateur(loin)
    except ErreurUtilisateur as erreur:
        annonces.refuse(str(erreur))
        return
    cle = f"{_VUE}{saisi.lieu}-{saisi.mois}"
    fiche = ecriture.save(Action.SAISIR_ACCUEIL, OBJET, saisi.identifiant, saisi.contenu(), vue)
    del st.session_state[cle]
    ecriture.forget(f"saisie_accueil-{saisi.lieu}-{saisi.mois}-")
    st.session_state[_DIT] = reseau.ecrit(saisi, est_perime=fiche is None)
    st.rerun()


page()
