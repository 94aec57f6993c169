"""The drawing of 13h30: what is left of a segment, semester by semester, with the engagement and without it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from pages.commun.images import couleurs
from pages.commun.images.dessin import Dessin, axe, couche, dessin, noms, selon, texte, valeurs
from pages.commun.images.figures import Figure

AVEC, SANS = "avec l’engagement", "sans engagement"


def trajectoire(points: pd.DataFrame, bouts: pd.DataFrame, lecture: str) -> Figure:
    """`points`: `rang` (0: today), `semestre` (as said), `restants`, `serie` (AVEC, SANS), `infobulle`.

    `bouts`: the last point of each line, with `dit`, what is written at its end, and `cote` (dessus, dessous).
    """
    return Figure(
        _dessin_trajectoire(),
        "Ménages restant dans le segment, par semestre",
        lecture,
        {"points": points, "bouts": bouts},
    )


@cache
def _dessin_trajectoire() -> Dessin:
    ou: dict[str, Any] = {"x": "semestre", "y": "restants"}
    ton = selon("serie", (AVEC, SANS), (couleurs.AU_DESSOUS, couleurs.ENCRE_DOUCE))
    return dessin(
        couche("ligne", "points", par="serie", ton=ton, epaisseur=3.5, traits={AVEC: None, SANS: [7, 5]}, **ou),
        couche("point", "points", surface=70, ton=ton, infobulle=True, **ou),
        *(
            texte("bouts", "dit", 15, si=("cote", "egal", cote), aligne="gauche", dx=10, dy=dy, **ou)
            for cote, dy in (("dessus", -6), ("dessous", 8))
        ),
        x=noms("points", axe("texte", filet=True), ecart=[0, 0.1]),
        y=valeurs(axe("nombre", reperes=4, grille=True), zero=True, rond=True),
    )
