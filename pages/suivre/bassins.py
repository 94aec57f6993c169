"""The card of a territoire, its bassin de vie: the stock, who occupies it, who enters and leaves, and the flows between
places lived in, wanted and obtained."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.indicateurs.besoins import say_manquants
from mel_core.indicateurs.phrases_vues import reste
from mel_core.indicateurs.suivi import bassins
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, choix_perimetre, donnees, entete, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.suivre import images_suivre

TERRITOIRE, COMMUNE = bassins.MAILLES
_PAIRES_MONTREES = 100


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    geographie = donnees.communes(*choisi.cle)
    dedans = geographie if choisi.ici is None else geographie[geographie["ici"] == choisi.ici]
    territoires = sorted(dedans["territoire"].dropna().unique())
    if not territoires:
        raise ErreurUtilisateur(
            f"Aucune commune de {choisi.ici_dite} n’a de territoire : le donner dans la table « communes », depuis "
            "Préparer › Imports."
        )
    with st.container(horizontal=True, key="vues", vertical_alignment="center"):
        territoire = choix_perimetre.option(
            "Territoire", "territoire", territoires, en_liste=True, label_visibility="collapsed", width=280
        )
        quoi = choix_perimetre.option("Flux", "flux", {f: bassins.FLUX_DITS[f] for f in bassins.FLUX})
    say(choisi, territoire, quoi)
    explore(choisi, territoire, quoi)


def say(choisi: Perimetre, territoire: str, quoi: str) -> None:
    """The wishes that are drawn, else the territoire as it is."""
    lues = parc(choisi, TERRITOIRE).set_index("lieu")
    souhaite = bassins.constat_souhaite(territoire, flux(choisi, quoi, TERRITOIRE), quoi, choisi.duree)
    phrase = souhaite or bassins.constat(territoire, lues.loc[territoire].to_dict(), choisi.duree)
    periode = Periode.de(choisi.seance, "annee")
    est_a_ce_jour = souhaite and quoi == bassins.HABITE_SOUHAITE
    jours = langue.intervalle(periode.debut, periode.fin)
    quand = langue.fin(periode.fin) if est_a_ce_jour else f"{choisi.duree}, {jours}"
    entete.say(choisi, f"{quand} · territoire {territoire}", phrase, bassins.POURQUOI)


@fragment
def explore(choisi: Perimetre, territoire: str, quoi: str) -> None:
    """The flows, alone in a room, beside dwellings by commune; then every commune, and the largest flows between
    communes."""
    if visiteur.est_en_salle():
        with st.container(key="image_flux"):
            draw_flux(choisi, territoire, quoi)
        return
    communes = parc(choisi, COMMUNE)
    siennes = communes[communes["territoire"] == territoire].reset_index(drop=True)
    with st.container(key="image_longue"):
        gauche, droite = st.columns([0.42, 0.58], gap="medium")
        with gauche:
            draw_parc(siennes, territoire)
        with droite:
            draw_flux(choisi, territoire, quoi)
    annonces.note(say_manquants(choisi.ask(bassins.manques_du_parc)))
    par_commune, par_flux = st.tabs(["Communes", "Flux entre communes"])
    with par_commune:
        table_communes(siennes)
    with par_flux:
        if not choisi.ask(bassins.manques_de_flux, quoi):
            table_flux(flux(choisi, quoi, COMMUNE), set(siennes["lieu"]), communes)


def draw_parc(siennes: pd.DataFrame, territoire: str) -> None:
    """The dwellings of the territoire's communes."""
    n = images_suivre.COMMUNES_DESSINEES
    premieres = f" : les {n} premières" if siennes["n_logements"].gt(0).sum() > n else ""
    annonces.note(f"Logements sociaux par commune{premieres}", "sous-titre")
    if siennes["n_logements"].gt(0).any():
        vivant.draw(images_suivre.figure_parc(siennes, territoire))


def draw_flux(choisi: Perimetre, territoire: str, quoi: str) -> None:
    """Who stays in the territoire, who comes to it and who leaves it; why nothing is drawn."""
    if not (visiteur.est_en_salle() and quoi == bassins.HABITE_OBTENU):  # of which the sentence and the legend say it
        annonces.note(bassins.TITRES[quoi].format(duree=choisi.duree), "sous-titre")
    if inconnu := choisi.ask(bassins.manques_de_flux, quoi):
        annonces.note(say_manquants(inconnu), "refus")
        return
    lies = flux(choisi, quoi, TERRITOIRE)
    siens = lies[(lies["de"] == territoire) | (lies["vers"] == territoire)]
    if siens["n"].astype("float64").gt(0).any():
        vivant.draw(images_suivre.figure_flux(siens, territoire, quoi))
    else:
        annonces.note(bassins.SANS_FLUX)
    if not reader().lit_tout:
        annonces.note(bassins.flux_tus(reader().regle.tus))


def parc(choisi: Perimetre, maille: str) -> pd.DataFrame:
    """See `bassins.parc`, as the visitor reads it; communes with their `nom` and `territoire`."""
    lues = bassins.render_parc(choisi.ask(bassins.parc, choisi.annee, maille), maille)
    if maille == TERRITOIRE:
        return lues
    noms = donnees.communes(*choisi.cle).set_index("commune")
    return lues.assign(nom=lues["lieu"].map(noms["nom"]), territoire=lues["lieu"].map(noms["territoire"]))


def flux(choisi: Perimetre, quoi: str, maille: str) -> pd.DataFrame:
    return bassins.render_flux(choisi.ask(bassins.flux, quoi, choisi.annee, maille), quoi, maille)


def table_communes(lignes: pd.DataFrame) -> None:
    table = pd.DataFrame(
        {
            "Commune": lignes["nom"],
            "Logements": lignes["n_logements"],
            "HLM (INSEE)": lignes["n_hlm"],
            "Vacants": lignes["n_vacants"],
            "Part vacante": lignes["part_vacants"].astype("Float64"),
            "dont plus de 3 mois": lignes["n_vacants_3_mois"],
            "Libérés par an": lignes["n_liberes_an"].astype("Float64"),
            "Occupants connus": lignes["n_occupants_connus"],
            "très modestes": lignes["n_occupants_tres_modestes"],
            "modestes": lignes["n_occupants_modestes"],
            "intermédiaires": lignes["n_occupants_intermediaires"],
            "plus élevés": lignes["n_occupants_eleves"],
            "Part modeste": lignes["part_modestes"].astype("Float64"),
            "Baux signés": lignes["n_entrees"],
            "à des habitants": lignes["n_sur_place"],
            "à d’autres": lignes["n_arrivees"],
            "origine inconnue": lignes["n_origines_inconnues"],
            "Habitants partis": lignes["n_departs"],
        }
    )
    widgets.grille(table, {}, "Bassin de vie par commune", est_emporte=True)


def table_flux(lies: pd.DataFrame, siennes: set[str], communes: pd.DataFrame) -> None:
    """The largest flows of the territoire's communes."""
    noms = {**dict(zip(communes["lieu"], communes["nom"], strict=True)), **bassins.LIEUX_DITS}
    dedans = lies[lies["de"].isin(siennes) | lies["vers"].isin(siennes)]
    table = pd.DataFrame({"De": dedans["de"].map(noms), "Vers": dedans["vers"].map(noms), "Ménages": dedans["n"]})
    rangee = (
        table.assign(lus=table["Ménages"].astype(float))
        .sort_values(["lus", "De", "Vers"], ascending=[False, True, True])
        .drop(columns="lus")
    )
    vues = rangee.head(_PAIRES_MONTREES).reset_index(drop=True)
    annonces.note(reste(len(table) - len(vues), "ligne", ou="par la commande « bassins »"))
    widgets.grille(vues, {}, "Flux entre communes", est_emporte=True)


page()
