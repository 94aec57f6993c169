"""Annex of the note: what the incomes of the applicants open to them, beside what is built, let and standing (deck of
2017, « La programmation »)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from mel_core.dossier.blocs import Bloc, Style, Table, Texte, partie
from mel_core.dossier.contexte import Contexte
from mel_core.entrepot import Lecteur
from mel_core.indicateurs.suivi import produits
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte

_TETES = {
    "demandeurs": "Demandeurs",
    "programmes": "Programmés",
    "attributions": "Attributions",
    "logements": "Parc",
}


def blocs(lecteur: Lecteur, ou: Contexte) -> Iterator[Bloc]:
    """Of the ICI of `ou`, as it is read; nothing where the incomes of its applicants are not."""
    lus = produits.produits(lecteur, ou.periode, ou.ici)
    dites = produits.dire(lus.lignes)
    if pd.isna(dites.set_index("produit").loc["PLAI", "part_demandeurs"]):
        return
    yield partie("Annexe : revenus des demandeurs et production par produit")
    yield Texte(produits.say(ou.ici_dite, lus, dites, ou.duree).replace("**", ""), Style.GRAS)
    lignes = [
        [langue.capitalize(produits.TITRES[x["produit"]]), *(_dit(x[f"n_{c}"], x[f"part_{c}"]) for c in _TETES)]
        for x in dites.to_dict("records")
    ]
    yield Table(["Produit", *_TETES.values()], lignes, [5, 3, 3, 3, 3])
    yield Texte(produits.reserve(lus))
    yield Texte(produits.SUPPORT)
    yield Texte(produits.DEFINITION, Style.ITALIQUE)


def _dit(n: float | Compte | None, part: float) -> str:
    """`1 204 (32 %)`."""
    return langue.nombre(n) if pd.isna(part) else f"{langue.nombre(n)} ({langue.part(part)})"
