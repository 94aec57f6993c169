"""What the evidence says, in French sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mel_core import langue
from mel_core.langue import INSECABLE

Noms = Mapping[tuple[str, str], str]

TYPOLOGIES = {"C": "chambre", "T6P": "T6 et plus"}


def a_la_commune(nom: str) -> str:
    """`à Wattrelos`, `au Maisnil`: the article of a name contracts."""
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    return f"aux {nom[4:]}" if nom.startswith("Les ") else f"à {nom}"


def majuscule(texte: str) -> str:
    """The same, its first letter a capital."""
    return texte[:1].upper() + texte[1:]


def _ou(ligne: Mapping[str, Any], noms: Noms) -> str:
    def nom(quoi: str) -> str:
        return noms.get((quoi, ligne[quoi]), ligne[quoi])

    lieu = a_la_commune(nom("commune"))
    if ligne["residence"] is not None:
        residence, bailleur = nom("residence"), nom("bailleur")
        return f"{majuscule(lieu)}, {nommer_residence(residence)} ({bailleur})"
    if ligne["typologie"] is not None:
        return f"{majuscule(lieu)}, pour les {TYPOLOGIES.get(ligne['typologie'], ligne['typologie'])}"
    if ligne["bailleur"] is not None:
        return f"{majuscule(lieu)}, chez {nom('bailleur')}"
    return majuscule(lieu)


def nommer_residence(nom: str) -> str:
    """`résidence Les Lilas`, once even when the name says it already."""
    return nom if nom.lower().startswith("résidence") else f"résidence {nom}"


def phrase_de_detection(ligne: Mapping[str, Any], noms: Noms) -> str:
    """One sentence for a row of `detecter`, with its count, its share, that of the rest of the ICI and the limit."""
    ou = _ou(ligne, noms)
    if ligne["mesure"] == "tension":
        return _tension(ou, ligne)
    k, n = ligne["numerateur"], ligne["denominateur"]
    sur = f"{langue.nombre(k)} des {langue.nombre(n)}"
    un = k <= 1
    dite = {
        "refus_rang_1": f"{sur} premiers rangs {'a été refusé' if un else 'ont été refusés'} en 12{INSECABLE}mois",
        "non_attribution": f"{sur} passages en commission {'a fini' if un else 'ont fini'} en non-attribution en "
        f"12{INSECABLE}mois",
        "vacance": f"{sur} logements {'est vacant' if un else 'sont vacants'}",
    }[ligne["mesure"]]
    return (
        f"{ou}, {dite} ({langue.part(ligne['valeur'], _decimales(ligne))}), contre "
        f"{langue.part(ligne['valeur_reste'], _decimales(ligne))} dans le reste de l’ICI"
        f"{INSECABLE}: au-delà de la limite haute de {langue.part(ligne['limite'], _decimales(ligne))}."
    )


def _decimales(ligne: Mapping[str, Any]) -> int:
    """Vacancy is a matter of a few percents."""
    return 1 if ligne["mesure"] == "vacance" else 0


def _tension(ou: str, ligne: Mapping[str, Any]) -> str:
    demandes, attributions = ligne["numerateur"], ligne["denominateur"]
    offre = langue.effectif(attributions, "attribution") if attributions else "aucune attribution"
    rapport = f" (soit {langue.nombre(ligne['valeur'])} pour une)" if attributions else ""
    return (
        f"{ou}, {langue.effectif(demandes, 'demande')} pour {offre} en 12{INSECABLE}mois{rapport}, contre "
        f"{langue.nombre(ligne['valeur_reste'])} pour une dans le reste de l’ICI{INSECABLE}: au-delà de la limite "
        f"haute de {langue.nombre(ligne['limite'])}."
    )
