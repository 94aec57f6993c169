"""Every chart and map of the application: what it looks like is decided here and nowhere else.

A figure is a drawing that never changes (see `dessin`) and small frames that do. Texts are written before, in French,
by `mel_core.socle.langue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from pages.commun.images import couleurs, fond
from pages.commun.images.dessin import (
    DEBUT,
    FIN,
    Couche,
    Dessin,
    axe,
    couche,
    dessin,
    formes,
    legende,
    noms,
    selon,
    texte,
    valeurs,
)
from pages.commun.images.dessin import carte as fond_de_carte

# Position of a share against the target in force or tried: a word, a place, a tone.
POSITIONS = ("au-dessus", "au-dessous", "dans la bande", "sans objectif")
_TONS = (couleurs.AU_DESSUS, couleurs.AU_DESSOUS, couleurs.PROCHE, couleurs.FILET)

ORDRE_CLASSES = ("Quartiers fragiles", "Fragilité moyenne", "Sans fragilité")  # from top to bottom

# Classes of the map, in points from the target: (lower bound, legend, fill).
TROP_FAIBLE = "effectif trop faible"
SANS_OBJECTIF = "objectif inconnu"
_CLASSES = (
    (15.0, "+15 et plus", couleurs.AU_DESSUS),
    (5.0, "+5 à +15", couleurs.AU_DESSUS_CLAIR),
    (-5.0, "à ±5 points", couleurs.PROCHE_CLAIR),
    (-15.0, "−5 à −15", couleurs.AU_DESSOUS_CLAIR),
    (float("-inf"), "−15 et moins", couleurs.AU_DESSOUS),
)
COTES = {"au-dessus": "au-dessus", "au-dessous": "au-dessous", "indecis": "trop près pour conclure"}
TONS_DES_COTES = (couleurs.AU_DESSUS_CLAIR, couleurs.AU_DESSOUS_CLAIR, couleurs.PROCHE_CLAIR)
# A number and a tint never say the same thing: eleven too many read −11 on a commune above its target.
_CE_QUE_DISENT_LES_COTES = ["Sur la carte :", "attributions à réorienter", "Teinte : de quel", "côté de la cible"]
_CE_QUE_DIT_LA_CARTE = ["Sur la carte :", "attributions à réorienter", "Teinte : écart à la", "cible, en points"]


@dataclass(frozen=True)
class Figure:
    """A drawing and its frames, by the names that the drawing gives them.

    `titre` is its accessible name, `lecture` says in words what the frames show now.
    """

    dessin: Dessin
    titre: str
    lecture: str
    donnees: dict[str, pd.DataFrame] = field(default_factory=dict)


def classe_ecart(points: float | None) -> str:
    """Class of the map for a gap in points; too few to conclude when there is none."""
    if points is None or pd.isna(points):
        return TROP_FAIBLE
    return next(nom for borne, nom, _ in _CLASSES if points >= borne)


def barres(classes: pd.DataFrame, cibles: pd.DataFrame, lecture: str) -> Figure:
    """Shares by class, one bar each, against the target.

    `classes`: `libelle` (of ORDRE_CLASSES), `effectif_dit`, `part` (0–1), `part_dit`, `position` (of POSITIONS),
    `ecart_dit`, `bande_bas`, `bande_haut` (0–1, empty without a band), `part_2015` (0–1, empty when unknown),
    `dit_2015`, `infobulle`.
    `cibles`: one row per target shown (in force, tried): `cible` (0–1), `cible_dit`, `cote` (centre, gauche, droite:
    where its name is written, so that two never overlap), `est_essayee`.
    """
    titre = "Part de ménages modestes par type de quartiers"
    return Figure(_dessin_barres(), titre, lecture, {"classes": classes, "cibles": cibles})


def entonnoir(points: pd.DataFrame, limites: pd.DataFrame, cibles: pd.DataFrame, lecture: str) -> Figure:
    """Shares by number of attributions, between the control limits around the target.

    `points`: `n`, `part` (0–1), `nom`, `cote_nom` (droite, gauche, dessus, dessous, dessous à gauche, empty: unnamed),
    `position` (au-dessus, au-dessous, dans les limites), `infobulle`. `limites`: see
    `mel_core.indicateurs.entonnoir.limites`.
    `cibles`: as for `barres`.
    """
    titre = "Part de ménages ACI par commune selon le nombre d’attributions"
    return Figure(_dessin_entonnoir(), titre, lecture, {"points": points, "limites": limites, "cibles": cibles})


def carte(communes: pd.DataFrame, etiquettes: pd.DataFrame, lecture: str, *, en_cotes: bool = False) -> Figure:
    """Communes by their gap to the target, or by their side of it (`en_cotes`).

    `communes`: `code_insee`, `classe` (see `classe_ecart`, a value of COTES, or SANS_OBJECTIF), `infobulle`.
    `etiquettes`: `longitude`, `latitude`, `nom`, `valeur`.
    """
    return Figure(
        _dessin_carte(SANS_OBJECTIF in set(communes.get("classe", ())), en_cotes),
        "Carte des communes selon leur écart à la cible",
        lecture,
        {"communes": communes, "etiquettes": etiquettes},
    )


_POINTS = ("au-dessus", "au-dessous", "dans les limites")


def _regles(**ou: Any) -> list[Couche]:
    """The line of the target in force is full, that of the target tried is dashed."""
    trait = {"ton": couleurs.ENCRE, "epaisseur": 3, **ou}
    return [
        couche("filet", "cibles", si=("est_essayee", "egal", False), **trait),
        couche("filet", "cibles", si=("est_essayee", "egal", True), tirets=[8, 5], **trait),
    ]


@cache
def _dessin_barres() -> Dessin:
    ligne: dict[str, Any] = {"y": "libelle"}
    barre = {"x": {"v": 0}, **ligne}
    etroite, large = ("part", "sous", 0.16), ("part", "min", 0.16)
    pied = {"x": "part_2015", "y": {"champ": "libelle", "part": 1}, "halo": True, "dy": 11}
    return dessin(
        couche("barre", "classes", x2={"v": 1}, ton=couleurs.FOND_DOUX, **barre),
        couche("barre", "classes", x2="part", ton=selon("position", POSITIONS, _TONS), infobulle=True, **barre),
        couche(
            "barre",
            "classes",
            x="bande_bas",
            x2="bande_haut",
            contour=couleurs.ENCRE,
            tirets=[5, 4],
            epaisseur=1.5,
            infobulle=True,
            **ligne,
        ),
        texte("classes", "part_dit", 26, x=DEBUT, si=large, aligne="gauche", dx=12, ton=couleurs.PAPIER, **ligne),
        texte("classes", "part_dit", 26, x="part", si=etroite, aligne="gauche", dx=10, **ligne),
        *_regles(x="cible"),
        *(
            texte(
                "cibles", "cible_dit", 16, x="cible", y=DEBUT, si=("cote", "egal", cote), aligne=ou, base="bas", dy=-4
            )
            for cote, ou in (("centre", "milieu"), ("gauche", "droite"), ("droite", "gauche"))
        ),
        texte("classes", "dit_2015", 14, 600, aligne="gauche", dx=9, **pied),
        couche("texte", "classes", dit="◆", taille=15, graisse=400, ton=couleurs.ENCRE, **pied),
        texte("classes", "libelle", 20, x=DEBUT, aligne="droite", dx=-14, dy=-11, **ligne),
        texte("classes", "effectif_dit", 15, 400, x=DEBUT, aligne="droite", dx=-14, dy=12, **ligne),
        texte("classes", "ecart_dit", 20, x=FIN, aligne="gauche", dx=14, **ligne),
        x=valeurs(domaine=[0, 1]),
        y=noms(noms=list(ORDRE_CLASSES), ecart=[0.42, 0.06]),
    )


@cache
def _dessin_entonnoir() -> Dessin:
    titre = "nombre d’attributions en premier accès (échelle logarithmique)"
    point = {"x": "n", "y": "part"}
    return dessin(
        couche("aire", "limites", x="n", y="bas_998", y2="haut_998", ton=couleurs.FOND_DOUX),
        couche("aire", "limites", x="n", y="bas_95", y2="haut_95", ton=couleurs.ENTONNOIR),
        *_regles(y="cible"),
        *(
            texte(
                "cibles", "cible_dit", 16, x=FIN, y="cible", si=("cote", filtre, "gauche"), aligne="gauche", dx=8, dy=dy
            )
            for filtre, dy in (("autre", -1), ("egal", 12))
        ),
        couche(
            "point",
            "points",
            ton=selon("position", _POINTS, _TONS[:3]),
            forme=formes("position", _POINTS, ("haut", "bas", "rond")),
            surface=170,
            contour=couleurs.PAPIER,
            infobulle=True,
            **point,
        ),
        *(
            texte("points", "nom", 15, 600, si=("cote_nom", "egal", cote), halo=True, **point, **place)
            for cote, place in (
                ("droite", {"aligne": "gauche", "dx": 10, "dy": 1}),
                ("gauche", {"aligne": "droite", "dx": -10, "dy": 1}),
                ("dessus", {"dy": -15}),
                ("dessous", {"dy": 16}),
                ("dessous à gauche", {"aligne": "droite", "dx": 8, "dy": 16}),
            )
        ),
        x=valeurs(axe("nombre", titre=titre, reperes=[10, 30, 100, 300, 1000, 3000], filet=True), genre="log"),
        y=valeurs(axe("pour_cent", reperes=5, grille=True)),
    )


@cache
def _dessin_carte(est_inconnue: bool = False, en_cotes: bool = False) -> Dessin:
    """`est_inconnue`: some commune has no known objective, and the legend says so."""
    ecarts = [(nom, ton) for _, nom, ton in _CLASSES]
    teintes = list(zip(COTES.values(), TONS_DES_COTES, strict=True)) if en_cotes else ecarts
    inconnues = ((SANS_OBJECTIF, couleurs.FILET),) if est_inconnue else ()
    classes = (*teintes, *inconnues, (TROP_FAIBLE, couleurs.SANS_AVIS))
    dites, tons = zip(*classes, strict=True)
    return choroplethe("classe", dites, tons, _CE_QUE_DISENT_LES_COTES if en_cotes else _CE_QUE_DIT_LA_CARTE)


def choroplethe(
    champ: str, classes: Sequence[str], tons: Sequence[str], titre: Sequence[str], corps: int = 17
) -> Dessin:
    """The map of the communes by class, one drawing for every screen: filled by `champ`, one of `classes` each, in that
    order in the legend under `titre`; the last class is hatched, its outline dashed, on the map as in the legend.

    Frames: `communes` (`code_insee`, `champ`, `infobulle`; a commune that is not there is not drawn) and `etiquettes`
    (`longitude`, `latitude`, `nom`, `valeur`), their numbers in `corps` points.
    """
    entrees: dict[str, dict[str, Any]] = {
        nom: {"ton": ton, "contour": couleurs.FILET} for nom, ton in zip(classes, tons, strict=True)
    }
    entrees[classes[-1]] |= {"creuse": True, "tirets": [4, 3]}
    return fond_de_carte(
        couche(
            "contours",
            "communes",
            adresse=fond.publish(),
            cle="code_insee",
            ton=selon(champ, classes, tons),
            contour=couleurs.FILET,
            creuse=classes[-1],
            infobulle=True,
        ),
        texte("etiquettes", "nom", 12, 600, dy=-8, halo=True),
        texte("etiquettes", "valeur", corps, 800, dy=8, halo=True),
        legende=legende(entrees, "droite", titre),
    )
