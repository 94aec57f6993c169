"""The map of the communes by their fragilité, or by the share of their inhabitants in a fragile quartier. Pure."""

from __future__ import annotations

import pandas as pd

from mel_core.socle import langue
from pages.commun.images import cartes, couleurs
from pages.commun.images.cartes import Carte
from pages.commun.mesures.phrases_fragilite import DITES

_RAMPE = ("#0B2F70", "#2F66B3", "#7FA9DC", "#B9D2EF", couleurs.ENTONNOIR, couleurs.SANS_AVIS)
PARTS_CARTE = dict(
    zip(("75 % et plus", "50 à 75 %", "25 à 50 %", "moins de 25 %", "aucun", "inconnue"), _RAMPE, strict=True)
)
FRAGILITES_CARTE = {
    "fragile": _RAMPE[0],
    "moyenne": _RAMPE[2],
    "sans fragilité": _RAMPE[3],
    "inconnue": couleurs.SANS_AVIS,
}


def carte_des_communes(communes: pd.DataFrame, *, est_par_part: bool) -> Carte:
    """Communes of the scope, the most peopled named first. `est_par_part`: by share of inhabitants, which each says."""
    if not est_par_part:
        classes, dits = communes["fragilite"].map(DITES), communes["fragilite"].map(DITES)
        tons, legende = FRAGILITES_CARTE, "Fragilité de la commune"
    else:
        classes, dits = communes["part_fragile"].map(classe_part), communes["part_fragile"].map(_part)
        tons, legende = PARTS_CARTE, "Habitants en quartier fragile"
    lieux = pd.DataFrame(
        {
            "code": communes["commune"],
            "classe": classes,
            "dit": [f"{nom} : {dit}" for nom, dit in zip(communes["nom"], dits, strict=True)],
            "etiquette": [f"{nom}\n{dit}" for nom, dit in zip(communes["nom"], dits, strict=True)]
            if est_par_part
            else communes["nom"],
            "poids": communes["population"].fillna(0),
        }
    )
    titre = f"Carte des communes : {legende.lower()}"
    return cartes.communes(lieux, tons, titre, " ; ".join(lieux["dit"]), legende)


def classe_part(part: float | None) -> str:
    """Class of the map for a share (0–1)."""
    noms = tuple(PARTS_CARTE)
    if part is None or pd.isna(part):
        return noms[-1]
    bornes = zip((0.75, 0.5, 0.25), noms, strict=False)
    return next((nom for borne, nom in bornes if part >= borne), noms[3] if part > 0 else noms[4])


def _part(part: float) -> str:
    return langue.part(part, 0)
