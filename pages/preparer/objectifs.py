"""Préparer › Objectifs: what is in force at the séance, its source, and how a version is added, typed
as the entries of a file of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.contrat.tables import FRAGILITES
from mel_core.droits.actions import Action
from mel_core.indicateurs import INDICATEURS, parametrage
from mel_core.indicateurs.catalogue import A_CIBLE
from mel_core.indicateurs.parametrage import ABSENT, EN_VIGUEUR, Valeur, add, versions
from mel_core.objectifs.parametres import SENS_DE_CIBLE
from mel_core.socle import langue
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, choix_perimetre, donnees, ecriture, entete, signatures, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre

IPS = {4: "IPS 4 (le plus fragile)", 3: "IPS 3", 2: "IPS 2", 1: "IPS 1"}
CLASSES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité"}
AJOUTE, EN_ATTENTE = "version_ajoutee", "version_en_attente"


def cible(seance: Seance) -> dict[str, Valeur]:
    indicateur, valeur, bande = st.columns([2, 1, 1])
    nom = indicateur.selectbox("Objectif", A_CIBLE, format_func=lambda i: INDICATEURS[i].titre, key="objectif_nom")
    vise = valeur.number_input(
        "Part visée (%), ou nombre par an", 0.0, None, 50.0, 0.5, format="%g", key="objectif_part"
    )
    tolerance = _pourcent(bande, "± points (équilibre seul)", 5.0, "objectif_bande")
    lus = {**_lieu(seance), **_lecture()}
    valeur_exacte = _exact(vise) if lus.get("en_nombre") else _exact(vise) / 100
    return {"indicateur": nom, "valeur": valeur_exacte, "bande": tolerance, **lus, **_effet(seance)}


def _lieu(seance: Seance) -> dict[str, Valeur]:
    """Whose the objective is: all of the Métropole, unless a place is named."""
    servi = donnees.instantane(seance).identifiant
    listes = (
        ("commune", "Commune", donnees.noms(servi, str(seance), "commune")),
        ("bailleur", "Bailleur", donnees.noms(servi, str(seance), "bailleur")),
        ("reservataire", "Réservataire", {code: nom for code, nom in RESERVATAIRES.items() if code != "inconnu"}),
    )
    lus: dict[str, Valeur] = {}
    for colonne, (cle, titre, noms) in zip(st.columns(3), listes, strict=True):
        voulu = {"placeholder": "toute la Métropole", "filter_mode": "contains"}
        choisi = choix_perimetre.pick(titre, f"objectif_{cle}", noms, colonne, **voulu)
        if choisi is not None:
            lus[cle] = choisi
    return lus


def _lecture() -> dict[str, Valeur]:
    """How it is read: as the indicator is, unless it is said otherwise; a share, unless it is a number a year."""
    sens, nombre = st.columns([2, 1], vertical_alignment="bottom")
    voulu = {"placeholder": "celui de l’indicateur", "filter_mode": None}
    choisi = choix_perimetre.pick("Sens", "objectif_sens", list(SENS_DE_CIBLE), sens, **voulu)
    en_nombre = nombre.checkbox("Un nombre d’attributions par an", key="objectif_en_nombre")
    return {**({"sens": choisi} if choisi else {}), **({"en_nombre": True} if en_nombre else {})}


def bornes(seance: Seance) -> dict[str, Valeur]:
    noms = ("Très modeste sous (%)", "Modeste sous (%)", "Intermédiaire sous (%)")
    champs = zip(st.columns(3), noms, (20.0, 40.0, 60.0), strict=True)
    valeurs = [_pourcent(colonne, nom, depart, f"borne_{depart:.0f}") for colonne, nom, depart in champs]
    return {"bornes": valeurs, **_effet(seance)}


def fragilite_ips(seance: Seance) -> dict[str, Valeur]:
    classes: dict[str, list[int]] = {fragilite: [] for fragilite in FRAGILITES}
    for colonne, (ips, nom), depart in zip(st.columns(4), IPS.items(), (0, 0, 1, 2), strict=True):
        choisie = colonne.selectbox(nom, list(CLASSES), index=depart, format_func=CLASSES.__getitem__, key=f"ips_{ips}")
        classes[choisie].append(ips)
    return {**classes, **_effet(seance)}


def seuil(seance: Seance) -> dict[str, Valeur]:
    annee, montant = st.columns(2)
    pour = annee.number_input("Année", 1970, 9999, seance.annee, key="seuil_annee")
    eur = montant.number_input("Seuil (€ par an et par unité de consommation)", 0.0, None, 9000.0, 1.0, key="seuil_eur")
    return {"annee": pour, "seuil_eur_uc": _exact(eur)}


# Section of a file of parameters → what the form calls it, and its fields.
SAISIES: dict[str, tuple[str, Callable[[Seance], dict[str, Valeur]]]] = {
    "cibles": ("Objectif", cible),
    "seuils_premier_quartile": ("Seuil du premier quartile", seuil),
    "bornes_ressources": ("Bornes des ressources", bornes),
    "fragilite_ips": ("Fragilité selon l’IPS", fragilite_ips),
}


def _effet(seance: Seance) -> dict[str, Valeur]:
    depuis = st.date_input("En vigueur à partir du", seance.debut, date(1970, 1, 1), format="DD/MM/YYYY", key="depuis")
    return {"depuis": depuis}


def _pourcent(ou: DeltaGenerator, libelle: str, depart: float, cle: str) -> Decimal:
    return _exact(ou.number_input(libelle, 0.0, None, depart, 0.5, format="%g", key=cle)) / 100


def _exact(valeur: float) -> Decimal:
    """The number as typed: a float would bring its binary tail into a target."""
    return Decimal(str(valeur))


def page() -> None:
    choisi = entete.choose()
    st.title("Préparer › Objectifs")
    visiteur.require_droit(Action.FIXER_OBJECTIFS)
    say(choisi)
    est_connu = ecriture.ask_auteur()
    table = choisi.ask(versions, choisi.seance)
    retenues = table[table["etat"].isin([EN_VIGUEUR, ABSENT])]
    titres = ["En vigueur à la séance", "Toutes les versions", "Ajouter une version"]
    en_vigueur, toutes, nouvelle = st.tabs(titres)
    with en_vigueur:
        show(retenues, f"Paramètres en vigueur le {langue.jour(choisi.seance.fin)}")
    with toutes:
        show(table, "Toutes les versions")
    with nouvelle:
        add_value(choisi, est_connu)


def say(choisi: Perimetre) -> None:
    """Whether the séance can still move, and what was just added."""
    st.write(parametrage.say_portee(choisi.seance, signatures.say(choisi.seance, choisi.ici or "")))
    annonces.take(AJOUTE, st.success)


def show(table: pd.DataFrame, legende: str) -> None:
    """One line per version, whole: a source cut in its middle proves nothing."""
    lue = pd.DataFrame(
        {
            "Paramètre": table["parametre"],
            "Valeur": table["valeur"],
            "Depuis le": [d.strftime("%d/%m/%Y") for d in table["depuis"]],
            "État": table["etat"],
            "Hypothèse": ["oui" if x else "" for x in table["est_hypothese"]],
            "Source": table["source"],
            "Ajouté par": table["auteur"],
        }
    )
    st.html(widgets.tableau_lu(lue, legende, "entier"))


def add_value(choisi: Perimetre, est_connu: bool) -> None:
    """The form: every version is dated, signed and sourced."""
    section = st.segmented_control(
        "Paramètre", list(SAISIES), format_func=lambda s: SAISIES[s][0], default="cibles", required=True, key="section"
    )
    with st.form("version", enter_to_submit=False):
        valeurs = SAISIES[section][1](choisi.seance)
        origine, supposee = st.columns([3, 1], vertical_alignment="bottom")
        source = origine.text_input("Source (délibération, arrêté, avenant…)", key="source")
        est_hypothese = supposee.checkbox("C’est une hypothèse", key="est_hypothese")
        envoyee = st.form_submit_button("Ajouter cette version", type="primary", disabled=not est_connu)
    if envoyee:
        source = f"Hypothèse : {source}" if est_hypothese and source.strip() else source
        st.session_state[EN_ATTENTE] = section, {**valeurs, "source": source}
    if (attendue := st.session_state.get(EN_ATTENTE)) and attendue[0] == section:
        confirm(choisi, *attendue, est_demandee=envoyee)


def confirm(choisi: Perimetre, section: str, valeurs: dict[str, Valeur], *, est_demandee: bool) -> None:
    """Keep it; or first ask, where it is far from what is observed."""
    dits = []
    if section == "cibles":
        with choisi.open() as lecteur:
            dits = parametrage.doutes(lecteur, choisi.seance, valeurs)
    for dit in dits:
        st.warning(langue.typeset(dit))
    if not (st.button("Garder quand même", key="garder_version") if dits else est_demandee):
        return
    del st.session_state[EN_ATTENTE]
    try:
        with st.spinner("Publication de la nouvelle version"):
            auteur = ecriture.require_auteur(Action.FIXER_OBJECTIFS)
            a_change = add(donnees.entrepot(), ecriture.journal(), section, valeurs, auteur)
    except ErreurUtilisateur as refus:
        st.error(str(refus))
        return
    noms = choisi.noms("commune") | choisi.bailleurs | RESERVATAIRES
    st.session_state[AJOUTE] = parametrage.say_ajout(section, valeurs, choisi.seance, noms, a_change=a_change)
    st.rerun()


page()
