"""What the codes of the contract are called in French, the same on screen and in a document."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

VERSION = "0.1.0"  # that of pyproject.toml


class Appele(StrEnum):
    """A closed list of codes, each with what it is called: `titre`."""

    titre: str

    def __new__(cls, code: str, titre: str = "") -> Self:
        membre = str.__new__(cls, code)
        membre._value_, membre.titre = code, titre
        return membre


RESSOURCES = {
    "tres_modeste": "Très modestes",
    "modeste": "Modestes",
    "intermediaire": "Intermédiaires",
    "eleve": "Plus élevées",
    "inconnu": "Inconnues",
}
INSTITUTIONS = {"MEL": "MEL", "DDTM": "État (DDTM)", "AR-Habitat": "AR-Habitat", "Action Logement": "Action Logement"}
TYPOLOGIES_DITES = {  # in a sentence
    "C": "chambre",
    "T1": "T1",
    "T2": "T2",
    "T3": "T3",
    "T4": "T4",
    "T5": "T5",
    "T6P": "T6 et plus",
}
TYPOLOGIES_EN_TETE = TYPOLOGIES_DITES | {"C": "Chambre"}
FRAGILITES_DITES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité", "inconnu": "inconnue"}
FRAGILITES_EN_TETE = {
    "fragile": "Quartiers fragiles",
    "moyenne": "Fragilité moyenne",
    "sans": "Sans fragilité",
    "inconnu": "Fragilité inconnue",
}
FRAGILITES_DES_COMMUNES = {
    "fragile": "Communes fragiles",
    "moyenne": "Communes de fragilité moyenne",
    "sans": "Communes sans fragilité",
    "inconnu": "Fragilité de la commune inconnue",
}
FRAGILITES_DES_QUARTIERS = {
    "fragile": "quartiers fragiles",
    "moyenne": "quartiers de fragilité moyenne",
    "sans": "quartiers sans fragilité",
}
TYPOLOGIES_DES_COMMUNES = {
    "4": "Typologie 4, la plus fragile",
    "3": "Typologie 3",
    "2": "Typologie 2",
    "1": "Typologie 1, la moins fragile",
    "inconnu": "Typologie inconnue",
}
ENJEUX_DE_MIXITE = {
    "oui": "À enjeu de mixité",
    "non": "Autres résidences",
    "inconnu": "Enjeu de mixité inconnu",
}
RESERVATAIRES = {
    "COLTER": "Collectivités territoriales",
    "COLACT": "Action Logement",
    "PPRIOR": "Préfet, prioritaires",
    "PFONCT": "Préfet, fonctionnaires",
    "AUTRES": "Autres réservataires",
    "AUCUN": "Hors contingent",
    "inconnu": "Réservataire inconnu",
}

# Of a cut: the place that no row says.
INCONNUS = {
    "quartier": "Quartier inconnu",
    "residence": "Résidence inconnue",
    "commune": "Commune inconnue",
    "bailleur": "Bailleur inconnu",
}

# Who publishes every document that leaves the application.
EDITEUR = "Métropole Européenne de Lille"
APPLICATION = "Instances de coordination intercommunales"  # what made them
