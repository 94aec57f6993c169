"""Suivre › Fragilité: where the fragile quartiers are, and the indicators behind their index."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import remede, say_manquants
from mel_core.indicateurs.suivi import fragilites
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DITES as DITES
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import cartes as poser
from pages.commun import annonces, choix_perimetre, donnees, entete, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import carte_quartiers
from pages.suivre import images_suivre
from pages.suivre.images_suivre import INDICATEURS

HABITANTS, COMMUNE, QUARTIER = "habitants", "commune", "quartier"
CARTES = {
    HABITANTS: "Habitants en quartier fragile",
    COMMUNE: "Typologie de la commune",
    QUARTIER: "Fragilité du quartier",
}
SITUATIONS = {
    fragilites.LES_DEUX: "les deux parcs",
    fragilites.SOCIAL_SEUL: "parc social seul",
    fragilites.PRIVE_SEUL: "parc privé seul",
    fragilites.AUCUN: "aucun des deux",
}
_CARTE_PX, _CARTE_SALLE_PX = (720, 380), (1100, 430)


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    fin = choisi.seance.fin
    quartiers = choisi.ask(suivi.quartiers, fin, choisi.ici)
    communes = choisi.ask(suivi.referentiel, choisi.ici, fin)
    if quartiers.empty:
        raise ErreurUtilisateur(
            f"Aucun quartier n’est décrit dans {choisi.ici_dite}"
            f"{remede(' : importer la table « quartiers » depuis Préparer › Imports')}."
        )
    toutes, servis = fragilites.par_commune(quartiers, communes), donnees.contours()
    constat = st.container(key="constat_fragilite")
    with st.container(key="vues"):
        cartes = {c: dite for c, dite in CARTES.items() if c != QUARTIER or "quartiers" in servis}
        choisie = choix_perimetre.option("Carte", "carte", cartes)
    with constat:
        say(quartiers, toutes, choisie, choisi)
    if visiteur.est_en_salle():
        draw(quartiers, toutes, choisie, choisi, _CARTE_SALLE_PX)
    else:
        explore(quartiers, choisi.ask(suivi.quartiers, fin), toutes, choisie, choisi)


def say(quartiers: pd.DataFrame, communes: pd.DataFrame, choisie: str, choisi: Perimetre) -> None:
    inconnus = int((quartiers["fragilite"] == "inconnu").sum())
    reste = f" · {langue.effectif(inconnus, 'quartier')} sans classe" if inconnus else ""
    if choisie == COMMUNE and (dites := fragilites.typologies(choisi.ici_dite, communes)):
        entete.say(choisi, langue.fin(choisi.seance.fin), dites, fragilites.POURQUOI)
        return
    phrase = fragilites.constat(choisi.ici_dite, quartiers)
    entete.say(choisi, f"{langue.fin(choisi.seance.fin)}{reste}", phrase, fragilites.POURQUOI)


def draw(
    quartiers: pd.DataFrame, communes: pd.DataFrame, choisie: str, choisi: Perimetre, surface: tuple[int, int]
) -> None:
    """The map that is chosen, and what it does not draw or where the deck differs."""
    servis = donnees.contours()
    if choisie == QUARTIER:
        dits = quartiers["fragilite"].map(DITES)
        lus, classes = quartiers.assign(classe=dits, dit=dits), carte_quartiers.FRAGILITES
        nommees = communes.sort_values("population", ascending=False).head(images_suivre.COMMUNES_NOMMEES)
        carte = carte_quartiers.carte(lus, nommees, servis, choisi.ici, classes, "Fragilité du quartier")
        dit = carte_quartiers.note(quartiers, servis)
    else:
        carte = images_suivre.carte_des_communes(communes, est_par_part=choisie == HABITANTS)
        a_un_support = choisie == COMMUNE and communes["typologie"].notna().any()
        sans = "" if "quartiers" in servis or visiteur.est_en_salle() else carte_quartiers.SANS_CONTOURS
        dit = fragilites.SUPPORT_TYPOLOGIES if a_un_support else sans
    poser.draw(carte, f"fragilite_{choisie}", surface)
    annonces.note(dit)


def explore(
    quartiers: pd.DataFrame, tous: pd.DataFrame, communes: pd.DataFrame, choisie: str, choisi: Perimetre
) -> None:
    """The map beside the table of the index; then every commune and quartier, and the profile of their social and
    private stock, beside that of `tous`, those of the Métropole."""
    with st.container(key="image_haute"):
        gauche, indices = st.columns([0.56, 0.44], gap="medium")
        with gauche:
            draw(quartiers, communes, choisie, choisi, _CARTE_PX)
        with indices:
            lignes = fragilites.compare_indices(quartiers)
            st.html(images_suivre.tableau_indices(lignes, choisi.ici or "Métropole"))
    par_commune, par_quartier, par_parc = st.tabs(["Communes", "Quartiers", "Parc social et parc privé"])
    with par_commune:
        table_communes(communes)
    with par_quartier:
        table_quartiers(quartiers)
    with par_parc:
        show_parcs(quartiers, tous, choisi)


def table_communes(communes: pd.DataFrame) -> None:
    lignes = pd.DataFrame(
        {
            "Commune": communes["nom"],
            "Territoire": communes["territoire"],
            "Fragilité de la commune": communes["fragilite"].map(DITES),
            "Typologie": communes["typologie"].astype("Float64"),
            "Quartiers": communes["n_quartiers"],
            "dont fragiles": communes["n_fragiles"],
            "Habitants": communes["population"],
            "en quartier fragile": communes["part_fragile"],
        }
    ).sort_values(["en quartier fragile", "Commune"], ascending=[False, True], ignore_index=True)
    widgets.grille(lignes, {"en quartier fragile": langue.part}, "Référentiel par commune", est_emporte=True)


def table_quartiers(quartiers: pd.DataFrame) -> None:
    lignes = pd.DataFrame(
        {
            "Quartier": quartiers["nom"],
            "Commune": quartiers["nom_commune"],
            "Fragilité": [
                DITES[f] + (" (donnée)" if d else "")
                for f, d in zip(quartiers["fragilite"], quartiers["est_donnee"], strict=True)
            ],
            "IPS": quartiers["ips"].astype("Float64"),
            "QPV": quartiers["nom_qpv"].fillna("hors QPV"),
            "Habitants": quartiers["population"].astype("Float64"),
            "HLM (INSEE)": quartiers["n_hlm"].astype("Float64"),
            **{titre: quartiers[c].astype("Float64") for c, (titre, _) in INDICATEURS.items()},
        }
    )
    widgets.grille(lignes, dict(INDICATEURS.values()), "Indicateurs par quartier", est_emporte=True)


def show_parcs(quartiers: pd.DataFrame, tous: pd.DataFrame, choisi: Perimetre) -> None:
    """The tenants of the social stock beside the residents of the private one: by class, then quartier by quartier."""
    if not quartiers[list(fragilites.PARCS)].notna().any(axis=None):
        annonces.note(say_manquants(fragilites.BESOINS_DES_PARCS))
        return
    lignes, moyennes = fragilites.compare_parcs(quartiers, tous), fragilites.average(tous)
    st.markdown(langue.typeset(fragilites.parcs(choisi.ici_dite, lignes, moyennes)))
    parts = {"Modestes, parc social": fragilites.PARC_SOCIAL, "Modestes, parc privé": fragilites.PARC_PRIVE}
    table = pd.DataFrame(
        {
            "Quartiers": lignes["fragilite"].map(DITES),
            "Nombre": lignes["n"],
            "aux deux profils connus": lignes["n_connus"],
            **{titre: lignes[c].astype("Float64") for titre, c in parts.items()},
            **{dit: lignes[f"n_{s}"] for s, dit in SITUATIONS.items()},
        }
    )
    lues = dict.fromkeys(parts, langue.part)
    widgets.grille(table, lues, "Parc social et parc privé, par fragilité", est_emporte=True)
    situations = fragilites.classify_parcs(quartiers, moyennes)
    detail = pd.DataFrame(
        {
            "Quartier": quartiers["nom"],
            "Commune": quartiers["nom_commune"],
            "Fragilité": quartiers["fragilite"].map(DITES),
            **{titre: quartiers[c].astype("Float64") for titre, c in parts.items()},
            "Plus modestes": situations.map(SITUATIONS).fillna(langue.ABSENT),
        }
    )
    widgets.grille(detail, lues, "Parc social et parc privé, par quartier", est_emporte=True)


page()
