"""What the evidence says, in French sentences with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mel_core.secret.bail import Audience, Compte
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.langue import INSECABLE

Noms = Mapping[tuple[str, str], str]


def a_la_commune(nom: str) -> str:
    """`à Wattrelos`, `au Maisnil`: the article of a name contracts."""
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    return f"aux {nom[4:]}" if nom.startswith("Les ") else f"à {nom}"


def majuscule(texte: str) -> str:
    """The same, its first letter a capital."""
    return texte[:1].upper() + texte[1:]


def say_ou(ligne: Mapping[str, Any], noms: Noms) -> str:
    """Where a cell is, to begin a sentence: `À Roubaix, chez Bailleur B1`."""

    def nom(quoi: str) -> str:
        return noms.get((quoi, ligne[quoi]), ligne[quoi])

    lieu = a_la_commune(nom("commune"))
    if ligne["residence"] is not None:
        residence, bailleur = nom("residence"), nom("bailleur")
        return f"{majuscule(lieu)}, {name_residence(residence)} ({bailleur})"
    if ligne["typologie"] is not None:
        return f"{majuscule(lieu)}, pour les {TYPOLOGIES_DITES.get(ligne['typologie'], ligne['typologie'])}"
    if ligne["bailleur"] is not None:
        return f"{majuscule(lieu)}, chez {nom('bailleur')}"
    return majuscule(lieu)


def name_residence(nom: str) -> str:
    """`résidence Les Lilas`, once even when the name says it already."""
    return nom if nom.lower().startswith("résidence") else f"résidence {nom}"


_COMPTES = {
    "refus_rang_1": ("premiers rangs", ("a été refusé", "ont été refusés"), " en {duree}"),
    "non_attribution": (
        "passages en commission",
        ("a fini", "ont fini"),
        " en non-attribution en {duree}",
    ),
    "vacance": ("logements", ("est vacant", "sont vacants"), ""),
}


def phrase_de_detection(ligne: Mapping[str, Any], audience: Audience) -> str:
    """One sentence for a row of `detect` as `audience` reads it: its counts, its share, that of the rest of the ICI,
    and the limit, which only exact figures are set against."""
    comptes = ("numerateur", "denominateur", "reste_numerateur", "reste_denominateur")
    exacts = [int(ligne[c]) for c in comptes]
    dits: list[Compte] = [audience.compte(n) for n in exacts]
    if ligne["mesure"] == "tension":
        return _tension(ligne, exacts, dits, audience)
    nom, fait, suite = _COMPTES[ligne["mesure"]]
    decimales = 1 if ligne["mesure"] == "vacance" else 0  # vacancy is a matter of a few percents
    est_classe = isinstance(ligne["typologie"], str)  # of some of the households of a commune
    part, reste = (audience.part(k, n, est_classe=est_classe) for k, n in (exacts[:2], exacts[2:]))
    dite = f"{langue.nombre(dits[0])} des {langue.nombre(dits[1])} {nom} {langue.agree(dits[0], *fait)}"
    dite += suite.format(**ligne)
    if not pd.isna(part):
        dite += f" ({langue.part(part, decimales)})"
    if not pd.isna(reste):
        dite += f", contre {langue.part(reste, decimales)} dans le reste de l’ICI"
    limite = langue.part(ligne["limite"], decimales) if audience.est_exacte else ""
    return f"{ligne['ou']}, {dite}{_au_dela(limite)}"


def _au_dela(limite: str) -> str:
    return f"{INSECABLE}: au-delà de la limite haute{f' de {limite}' if limite else ''}."


def _tension(ligne: Mapping[str, Any], exacts: list[int], dits: Sequence[Compte], audience: Audience) -> str:
    def se_dit(comptes: list[int]) -> bool:
        return audience.est_exacte or min(comptes) >= audience.regle.cote_des

    demandes, attributions = dits[:2]
    offre = langue.effectif(attributions, "attribution") if attributions else "aucune attribution"
    rapport = f" (soit {langue.nombre(ligne['valeur'])} pour une)" if exacts[1] and se_dit(exacts[:2]) else ""
    reste = f", contre {langue.nombre(ligne['valeur_reste'])} pour une dans le reste de l’ICI" * se_dit(exacts[2:])
    limite = langue.nombre(ligne["limite"]) if audience.est_exacte else ""
    return (
        f"{ligne['ou']}, {langue.effectif(demandes, 'demande')} pour {offre} en {ligne['duree']}{rapport}{reste}"
        f"{_au_dela(limite)}"
    )
