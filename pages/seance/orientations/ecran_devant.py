"""13h30, who was first where the demandes of a segment were behind: in aggregate, one picture."""

from __future__ import annotations

from dataclasses import replace

from mel_core.segments import devant as coeur
from mel_core.segments import pseudonymes
from mel_core.segments.devant import ETIQUETTES, Devant
from mel_core.segments.phrases_segments import rank
from mel_core.segments.profil import AXES
from mel_core.socle import langue
from mel_core.socle.appellations import INCONNUS, RESSOURCES, TYPOLOGIES_EN_TETE
from pages.commun import choix_perimetre, memo, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import acte_engagement, etape
from pages.commun.segments.lecture_orientations import QuestionSegment, connaissance

# How they may be told apart → the button, what a line is, and the heading of the bars.
_AXES = {
    "etiquette": ("Public", "public", coeur.QUOI),
    "taille": ("Taille", "taille", "Demandes classées premières, par nombre de personnes"),
    "ressources": ("Ressources", "classe", "Demandes classées premières, par classe de ressources (bornes supposées)"),
    "anciennete": ("Ancienneté", "ancienneté", "Demandes classées premières, par ancienneté en mois"),
    "bailleur": ("Bailleur", "bailleur", "Demandes classées premières, par bailleur de la commission"),
    "commune": ("Commune", "commune", "Demandes classées premières, par commune de la résidence"),
    "typologie": ("Typologie", "typologie", "Demandes classées premières, par typologie du logement"),
}
_ANCIENNETES = {"-12": "Moins de 12 mois", "12-23": "12 à 23 mois", "24-35": "24 à 35 mois", "36+": "36 mois et plus"}
_NOMS = {
    "etiquette": ETIQUETTES,
    "taille": {bande: langue.capitalize(dite) for bande, dite in AXES["n_personnes"][1].items()}
    | {"inconnu": "Taille inconnue"},
    "ressources": RESSOURCES,
    "anciennete": _ANCIENNETES | {"inconnu": "Demande introuvable"},
    "typologie": TYPOLOGIES_EN_TETE | {"inconnu": "Typologie inconnue"},
}


@memo.exact(64, est_partage=True)
def _read(question: QuestionSegment) -> Devant:
    with question.open() as lecteur, replace(question, ici="").open() as metropole:
        return coeur.find_devant(metropole, pseudonymes(lecteur, question.quoi, question.criteres), question.criteres)


def say(question: QuestionSegment, choisi: Perimetre) -> str:
    reserves = connaissance(question)[1].say()
    return " ".join((coeur.say(choisi.ici_dite, _read(question), question.criteres), *reserves))


def show(question: QuestionSegment) -> None:
    """The bars of one axis: the public in a room, any at a desk."""
    axe = "etiquette"
    if not visiteur.est_en_salle():
        axe = choix_perimetre.option("Par", "devant", {a: dit for a, (dit, _, _) in _AXES.items()}, partout=True)
    noms = _NOMS.get(axe) or acte_engagement.noms_des_lieux(question, axe) | {"inconnu": INCONNUS[axe]}
    # Of nobody's own rows: who was first in a commune may not want it, hence none is exact for its place.
    lues = rank(_read(question).premiers[axe], noms, "")
    _, ligne, titre = _AXES[axe]
    etape.draw_repartition(*etape.repartition(lues, ligne, titre, f"{question.titre} : qui était devant"))
