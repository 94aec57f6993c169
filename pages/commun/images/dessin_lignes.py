"""What drawings of one line per place share: its name on the left, its figure on the right, its marks between them.

Each takes a frame `lignes`: `rang` (order from the top), `libelle`, `valeur_dit`, `infobulle`, and what it says it
adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.commun.images import couleurs
from pages.commun.images.dessin import (
    DEBUT,
    FIN,
    Couche,
    Dessin,
    couche,
    dessin,
    formes,
    legende,
    noms,
    selon,
    texte,
    valeurs,
)


def rangs(dedans: float = 0.3, dehors: float = 0.15) -> dict[str, Any]:
    """Where each line stands, from the top, and how much is left between two lines and around them."""
    return noms(ecart=[dedans, dehors])


def marges() -> list[Couche]:
    """The name of each line on the left of the drawing, its figure on the right."""
    cote = {"y": "rang", "infobulle": True}
    return [
        texte("lignes", "libelle", 16, 600, x=DEBUT, aligne="droite", dx=-12, limite=400, **cote),
        texte("lignes", "valeur_dit", 16, 600, x=FIN, aligne="gauche", dx=12, **cote),
    ]


def deux_points(series: tuple[str, str], bornes: tuple[str, str], champ: str, axe: dict[str, Any]) -> Dessin:
    """Two marks on each line, told apart by their shape and by their fill, and the segment that joins them.

    `lignes` adds `bornes`, where the segment starts and ends. A second frame, `points`: `rang`, `champ`, `serie` (of
    `series`), `infobulle`.
    """
    tons, vues = (couleurs.AU_DESSOUS, couleurs.PAPIER), ("rond", "losange")
    return dessin(
        couche("filet", "lignes", x=bornes[0], x2=bornes[1], y="rang", ton=couleurs.FILET, epaisseur=4),
        couche(
            "point",
            "points",
            x=champ,
            y="rang",
            ton=selon("serie", series, tons),
            forme=formes("serie", series, vues),
            surface=210,
            contour=couleurs.ENCRE,
            epaisseur=2,
            infobulle=True,
        ),
        *marges(),
        x=valeurs(axe, zero=True, rond=True),
        y=rangs(),
        legende=legende(
            {
                nom: {"ton": ton, "forme": forme, "contour": couleurs.ENCRE}
                for nom, ton, forme in zip(series, tons, vues, strict=True)
            }
        ),
    )


def empilees(
    champ: str, par: str, dit: str, series: Mapping[str, tuple[str, str]], x: Any, corps: int = 17, dedans: float = 0.3
) -> Dessin:
    """The parts of each line end to end. `series`: name of a part → its tone, and that of what is written on it, in
    `corps` points; `dedans`: see `rangs`.

    A second frame, `segments`: `rang`, `par` (of `series`), `ordre` (from the left), `champ` (its length), `dit` (empty
    where it is too narrow), `infobulle`.
    """
    segment: dict[str, Any] = {"empile": (champ, "rang", "ordre"), "y": "rang", "infobulle": True}
    tons, encres = zip(*series.values(), strict=True)
    ton = selon(par, list(series), tons)
    return dessin(
        *marges(),  # first: they say the order of the lines, where a part may be missing
        couche("barre", "segments", x="debut", x2="fin", ton=ton, contour=couleurs.PAPIER, epaisseur=2, **segment),
        texte("segments", dit, corps, x="centre", ton=selon(par, list(series), encres), **segment),
        x=x,
        y=rangs(dedans),
        legende=legende({nom: {"ton": t, "contour": couleurs.FILET} for nom, t in ton["tons"].items()}),
    )
