"""What drawings of one line per place share: its name on the left, its figure on the right, its marks between them.

Each takes a frame `lignes`: `rang` (order from the top), `libelle`, `valeur_dit`, `infobulle`, and what it says it
adds.
"""

from __future__ import annotations

from typing import Any

from pages.commun import couleurs
from pages.commun.dessin import DEBUT, FIN, Couche, Dessin, couche, dessin, formes, legende, noms, selon, texte, valeurs


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
            *("point", "points"),
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
