"""What a person types about a dated parameter, as the entries of a file of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import streamlit as st

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.parametrage.ajout import Valeur
from mel_core.objectifs.parametres import INDICATEURS_A_CIBLE, SENS_DE_CIBLE
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.periodes import Seance
from pages.commun import donnees

IPS = {4: "IPS 4 (le plus fragile)", 3: "IPS 3", 2: "IPS 2", 1: "IPS 1"}
CLASSES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité"}


def cible(seance: Seance) -> dict[str, Valeur]:
    indicateur, valeur, bande = st.columns([2, 1, 1])
    with indicateur:
        nom = st.selectbox(
            "Objectif", INDICATEURS_A_CIBLE, format_func=lambda i: INDICATEURS[i].titre, key="objectif_nom"
        )
    with valeur:
        vise = st.number_input(
            "Part visée (%), ou nombre par an", 0.0, None, 50.0, 0.5, format="%g", key="objectif_part"
        )
    with bande:
        tolerance = _pourcent("± points (équilibre seul)", 5.0, "objectif_bande")
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
        with colonne:
            choisi = st.selectbox(
                titre,
                list(noms),
                index=None,
                format_func=noms.__getitem__,
                key=f"objectif_{cle}",
                placeholder="toute la Métropole",
                filter_mode="contains",
            )
        if choisi is not None:
            lus[cle] = choisi
    return lus


def _lecture() -> dict[str, Valeur]:
    """How it is read: as the indicator is, unless it is said otherwise; a share, unless it is a number a year."""
    sens, nombre = st.columns([2, 1], vertical_alignment="bottom")
    with sens:
        choisi = st.selectbox(
            "Sens",
            list(SENS_DE_CIBLE),
            index=None,
            key="objectif_sens",
            placeholder="celui de l’indicateur",
            filter_mode=None,
        )
    with nombre:
        en_nombre = st.checkbox("Un nombre d’attributions par an", key="objectif_en_nombre")
    return {**({"sens": choisi} if choisi else {}), **({"en_nombre": True} if en_nombre else {})}


def bornes(seance: Seance) -> dict[str, Valeur]:
    noms = ("Très modeste sous (%)", "Modeste sous (%)", "Intermédiaire sous (%)")
    valeurs = []
    for colonne, nom, depart in zip(st.columns(3), noms, (20.0, 40.0, 60.0), strict=True):
        with colonne:
            valeurs.append(_pourcent(nom, depart, f"borne_{depart:.0f}"))
    return {"bornes": valeurs, **_effet(seance)}


def fragilite_ips(seance: Seance) -> dict[str, Valeur]:
    classes: dict[str, list[int]] = {fragilite: [] for fragilite in FRAGILITES}
    for colonne, (ips, nom), depart in zip(st.columns(4), IPS.items(), (0, 0, 1, 2), strict=True):
        with colonne:
            choisie = st.selectbox(nom, list(CLASSES), index=depart, format_func=CLASSES.__getitem__, key=f"ips_{ips}")
        classes[choisie].append(ips)
    return {**classes, **_effet(seance)}


def seuil(seance: Seance) -> dict[str, Valeur]:
    annee, montant = st.columns(2)
    with annee:
        pour = st.number_input("Année", 1970, 9999, seance.annee, key="seuil_annee")
    with montant:
        eur = st.number_input("Seuil (€ par an et par unité de consommation)", 0.0, None, 9000.0, 1.0, key="seuil_eur")
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


def _pourcent(libelle: str, depart: float, cle: str) -> Decimal:
    return _exact(st.number_input(libelle, 0.0, None, depart, 0.5, format="%g", key=cle)) / 100


def _exact(valeur: float) -> Decimal:
    """The number as typed: a float would bring its binary tail into a target."""
    return Decimal(str(valeur))
