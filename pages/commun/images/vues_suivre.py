"""The drawings of the standing views: same conventions as `figures` and `dessin_lignes`."""

from __future__ import annotations

from functools import cache

import pandas as pd

from pages.commun.images import couleurs
from pages.commun.images.dessin import (
    DEBUT,
    FIN,
    Dessin,
    axe,
    axe_valeurs,
    couche,
    dessin,
    legende,
    noms,
    selon,
    texte,
    valeurs,
)
from pages.commun.images.dessin_lignes import deux_points, marges, rangs
from pages.commun.images.figures import Figure, choroplethe

PRODUITS = ("PLAI", "PLUS")
CLASSES_QUARTIERS = ("Quartiers fragiles", "Fragilité moyenne", "Sans fragilité")
_AVANT = "PLAI aujourd’hui"


def operations(lignes: pd.DataFrame, segments: pd.DataFrame, lecture: str) -> Figure:
    """PLAI then PLUS of each operation, with the PLAI planned today as a mark.

    `lignes`: `rang`, `libelle`, `valeur_dit`, `infobulle`, `n_plai`. `segments`: `rang`, `produit` (of PRODUITS),
    `ordre`, `effectif`, `infobulle`.
    """
    titre = "PLAI et PLUS par opération"
    return Figure(_dessin_operations(), titre, lecture, {"lignes": lignes, "segments": segments})


@cache
def _dessin_operations() -> Dessin:
    ton = selon("produit", PRODUITS, (couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR))
    marque = {"ton": couleurs.PAPIER, "forme": "losange", "contour": couleurs.ENCRE}
    empile = {"empile": ("effectif", "rang", "ordre"), "y": "rang", "infobulle": True}
    return dessin(
        couche("barre", "segments", x="debut", x2="fin", ton=ton, **empile),
        couche("point", "lignes", x="n_plai", y="rang", surface=170, epaisseur=2, infobulle=True, **marque),
        *marges(),
        x=valeurs(axe_valeurs(pour_cent=False, titre="logements PLUS et PLAI"), zero=True, rond=True),
        y=rangs(),
        legende=legende({**{nom: {"ton": t} for nom, t in ton["tons"].items()}, _AVANT: marque}),
    )


def trajectoires(points: pd.DataFrame, noms: pd.DataFrame, moitie: pd.DataFrame, lecture: str) -> Figure:
    """Share of modest occupants by class of quartiers, semester by semester: a band, its line, the baseline dashed.

    `points`: `classe` (of CLASSES_QUARTIERS), `semestre`, `part`, `part_min`, `part_max`, `part_tendance` (0–1),
    `infobulle`. `noms`: one row per class, `classe`, `part`, `dit`, written at the end of its line. `moitie`: at most
    one row, `semestre`, `dit`.
    """
    titre = "Part de ménages modestes parmi les occupants, par type de quartiers"
    return Figure(_dessin_trajectoires(), titre, lecture, {"points": points, "noms": noms, "moitie": moitie})


@cache
def _dessin_trajectoires() -> Dessin:
    tons = (couleurs.AU_DESSUS, couleurs.PROCHE, couleurs.AU_DESSOUS)
    serie = {"x": "semestre", "par": "classe", "ton": selon("classe", CLASSES_QUARTIERS, tons)}
    return dessin(
        couche("aire", "points", y="part_min", y2="part_max", opacite=0.16, **serie),
        couche("filet", "moitie", x="semestre", ton=couleurs.ENCRE, epaisseur=2, tirets=[2, 3]),
        texte("moitie", "dit", 15, x="semestre", y=DEBUT, base="bas", dy=-4),
        couche("ligne", "points", y="part_tendance", epaisseur=2, tirets=[5, 4], **serie),
        couche("ligne", "points", y="part", epaisseur=4, **serie),
        couche("point", "points", x="semestre", y="part", surface=450, ton="transparent", infobulle=True),
        texte("noms", "dit", 16, x=FIN, y="part", aligne="gauche", dx=10),
        x=valeurs(axe("nombre", titre="semestres à partir d’aujourd’hui", reperes=10, entiers=True, filet=True)),
        y=valeurs(axe_valeurs(pour_cent=True), rond=True),
    )


PARTS_CARTE = ("75 % et plus", "50 à 75 %", "25 à 50 %", "moins de 25 %", "aucun", "inconnue")
FRAGILITES_CARTE = ("fragile", "moyenne", "sans fragilité", "inconnue")
_RAMPE = ("#0B2F70", "#2F66B3", "#7FA9DC", "#C6DAF1", couleurs.FOND_DOUX, couleurs.SANS_AVIS)


def classe_part(part: float | None) -> str:
    """Class of the map for a share (0–1)."""
    if part is None or pd.isna(part):
        return PARTS_CARTE[-1]
    bornes = zip((0.75, 0.5, 0.25), PARTS_CARTE, strict=False)
    return next((nom for borne, nom in bornes if part >= borne), PARTS_CARTE[3] if part > 0 else PARTS_CARTE[4])


def carte(communes: pd.DataFrame, etiquettes: pd.DataFrame, classes: tuple[str, ...], legende: str, lu: str) -> Figure:
    """Communes by class, darkest first, the last one hollow. `communes`: `code_insee`, `classe` (of `classes`),
    `infobulle`. `etiquettes`: `longitude`, `latitude`, `nom`, `valeur`."""
    dessin = _dessin_carte(classes, legende)
    return Figure(
        dessin, f"Carte des communes : {legende.lower()}", lu, {"communes": communes, "etiquettes": etiquettes}
    )


@cache
def _dessin_carte(classes: tuple[str, ...], legende: str) -> Dessin:
    tons = [_RAMPE[0], _RAMPE[2], _RAMPE[3], _RAMPE[5]] if classes == FRAGILITES_CARTE else _RAMPE
    return choroplethe("classe", classes, tons, [legende], corps=16)


PARTS_ACCUEIL = ("Par le réseau", "En ligne", "Pré-accueil", "Entretiens")
SERIES_ACCUEIL = ("Part des volumes", "Part des habitants")


def volumes(mois: pd.DataFrame, lecture: str) -> Figure:
    """Volumes by month, stacked. `mois`: `mois` (date), `part` (of PARTS_ACCUEIL), `ordre`, `effectif`, `infobulle`."""
    return Figure(_dessin_volumes(), "Volumes du réseau d’accueil par mois", lecture, {"mois": mois})


def poids(lignes: pd.DataFrame, points: pd.DataFrame, lecture: str) -> Figure:
    """Share of each commune in the volumes beside its weight. `lignes` (see `dessin_lignes`) adds `part`, `poids`;
    `points`: `rang`, `part`, `serie` (of SERIES_ACCUEIL), `infobulle`."""
    titre = "Part de chaque commune dans les volumes, et dans la population"
    return Figure(_dessin_poids(), titre, lecture, {"lignes": lignes, "points": points})


@cache
def _dessin_poids() -> Dessin:
    return deux_points(SERIES_ACCUEIL, ("part", "poids"), "part", axe_valeurs(pour_cent=True))


@cache
def _dessin_volumes() -> Dessin:
    tons = [couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSOUS_CLAIR]
    return dessin(
        couche(
            "barre",
            "mois",
            empile=("effectif", "mois", "ordre"),
            x="mois",
            y="debut",
            y2="fin",
            ton=selon("part", PARTS_ACCUEIL, tons),
            contour=couleurs.PAPIER,
            epaisseur=0.5,
            infobulle=True,
        ),
        x=noms("mois", axe("mois", filet=True)),
        y=valeurs(axe("nombre", reperes=5, grille=True), zero=True, rond=True),
    )
