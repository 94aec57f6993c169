"""What every drawing is made of: a dictionary that never changes, read in the page by static/figures.

A drawing is a list of layers (`couches`), each one mark repeated over the rows of a frame, on axes `x` and `y`, with a
legend. Places: a column; `{"v": …}`, a value on the axis; `{"bord": …}`, an edge, from 0 (left, top) to 1;
`{"champ": …, "part": …}`, a part of the band of a column. A tone is a colour, or one by value of a column (see
`selon`). Sizes are in pixels of a window 1366 wide, and follow it: a larger projection is read from further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.commun.images import couleurs

Couche = dict[str, Any]
Dessin = dict[str, Any]
DEBUT, FIN = {"bord": 0}, {"bord": 1}


def dessin(*couches: Couche, x: Any = None, y: Any = None, legende: Any = None) -> Dessin:
    """The whole drawing. `x`, `y`: see `valeurs` and `noms`. `legende`: see `legende`."""
    return {"couches": list(couches), "x": x, "y": y, "legende": legende}


def carte(*couches: Couche, legende: Any) -> Dessin:
    """A map: layers `contours` (`adresse` of the shapes, `cle`, the column of their codes), which all fit the area, and
    texts that say where they are by `longitude` and `latitude`."""
    places = [c | {"x": "x", "y": "y"} if c["marque"] == "texte" else c for c in couches]
    return {**dessin(*places, legende=legende), "carte": True}


def couche(marque: str, table: str, **reglages: Any) -> Couche:
    """A mark (barre, filet, texte, point, ligne, aire, contours) for each row of the frame `table`; once without any.

    `si`: (column, egal / autre / min / sous, value), the rows that are drawn. `empile`: (column, by, in the order of),
    which gives rows `debut`, `fin` and `centre`. `infobulle`: the column of that name is read under the pointer.
    """
    return {"marque": marque, "table": table, **reglages}


def texte(table: str, champ: str, taille: float, graisse: int = 700, **reglages: Any) -> Couche:
    """The text of a column, as it was written in French. `halo`: on whatever is below it."""
    return couche(
        "texte", table, **({"texte": champ, "taille": taille, "graisse": graisse, "ton": couleurs.ENCRE} | reglages)
    )


def selon(champ: str, noms: Sequence[str], tons: Sequence[str]) -> dict[str, Any]:
    """One tone for each value of a column."""
    return {"champ": champ, "tons": dict(zip(noms, tons, strict=True))}


def formes(champ: str, noms: Sequence[str], vues: Sequence[str]) -> dict[str, Any]:
    """One shape (rond, carre, haut, bas, losange) for each value of a column."""
    return {"champ": champ, "formes": dict(zip(noms, vues, strict=True))}


def valeurs(axe: dict[str, Any] | None = None, **reglages: Any) -> dict[str, Any]:
    """An axis of numbers: `genre` (nombre, log), `domaine` (else what the layers place), `zero` (held in it), `rond`
    (widened to whole steps); `axe`: what is written along it (see `axe_valeurs`)."""
    return {"genre": "nombre", "axe": axe, **reglages}


def noms(genre: str = "bandes", axe: dict[str, Any] | None = None, **reglages: Any) -> dict[str, Any]:
    """An axis of names (bandes, points, mois), in the order met or that of `noms`; `ecart`: inside, outside."""
    return {"genre": genre, "axe": axe, **reglages}


def axe(dit: str, **reglages: Any) -> dict[str, Any]:
    """What is written along an axis: `dit` (pour_cent, nombre, texte, mois), `reperes` (how many, or which), `titre`,
    `grille`, `filet`, `entiers`."""
    return {"dit": dit, **reglages}


def axe_valeurs(pour_cent: bool, titre: str | None = None) -> dict[str, Any]:
    """An axis of shares (0–1, read in per cent) or of counts, marked at whole ones, in French."""
    dit = "pour_cent" if pour_cent else "nombre"
    return axe(dit, reperes=6, titre=titre, grille=True, entiers=not pour_cent)


def legende(entrees: Mapping[str, Mapping[str, Any]], ou: str = "haut", titre: Sequence[str] = ()) -> dict[str, Any]:
    """Name of each series → its `ton`, `forme`, `contour`, `tirets`, whether it is `creuse` (hatched); above the
    drawing or on its right."""
    return {
        "ou": ou,
        "titre": list(titre),
        "surface": 220 if ou == "droite" else 190,
        "entrees": [{"nom": nom, **entree} for nom, entree in entrees.items()],
    }
