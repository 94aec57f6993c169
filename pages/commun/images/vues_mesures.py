"""The drawings of the measures of the bilan: one line per place, its name on the left, its figure on the right.

Same conventions as `figures`. Every drawing takes `lignes`, see `dessin_lignes`.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from mel_core.socle.appellations import RESSOURCES
from pages.commun.images import couleurs
from pages.commun.images.dessin import DEBUT, FIN, Dessin, axe_valeurs, couche, dessin, formes, selon, texte, valeurs
from pages.commun.images.dessin_lignes import deux_points, empilees, marges, rangs
from pages.commun.images.figures import Figure

POSITIONS = ("au-dessus", "au-dessous", "dans les limites", "effectif trop faible")
_TONS = (couleurs.AU_DESSUS, couleurs.AU_DESSOUS, couleurs.PROCHE, couleurs.PAPIER)
_FORMES = ("haut", "bas", "rond", "rond")

_TONS_CLASSES = (
    couleurs.AU_DESSOUS,
    couleurs.AU_DESSOUS_CLAIR,
    couleurs.AU_DESSUS_CLAIR,
    couleurs.AU_DESSUS,
    couleurs.FOND_DOUX,
)
_TITRE_COURT = 30  # letters; a longer one, from the left of the bars, would go out of a narrow drawing
_ENTRANTS, _OCCUPANTS = "Entrants", "Occupants en place"


def parts(lignes: pd.DataFrame, reference: pd.DataFrame, titre: str, lecture: str) -> Figure:
    """Shares between the control limits around a reference: a funnel, laid line by line.

    `lignes` adds `part`, `bas_95`, `haut_95` (0–1), `position` (of POSITIONS). `reference`: one row, `part`, `dit`.
    """
    return Figure(_dessin_parts(), titre, lecture, {"lignes": lignes, "reference": reference})


def classes(lignes: pd.DataFrame, segments: pd.DataFrame, titre: str, lecture: str) -> Figure:
    """Distributions. `segments`: `rang`, `classe` (French), `ordre`, `part`, `part_dit` (empty: too narrow)."""
    return Figure(_dessin_classes(), titre, lecture, {"lignes": lignes, "segments": segments})


def effectifs(lignes: pd.DataFrame, quoi: str, titre: str, lecture: str) -> Figure:
    """Counts. `lignes` adds `effectif`; `quoi` says what is counted."""
    entete = pd.DataFrame({"dit": [quoi]})
    image = _dessin_effectifs(len(quoi) > _TITRE_COURT)
    return Figure(image, titre, lecture, {"lignes": lignes, "entete": entete})


def paires(lignes: pd.DataFrame, points: pd.DataFrame, titre: str, lecture: str) -> Figure:
    """Entrants and occupants. `lignes` adds `part`, `part_occupants`; `points`: `rang`, `part`, `serie`, infobulle."""
    return Figure(_dessin_paires(), titre, lecture, {"lignes": lignes, "points": points})


def delais(lignes: pd.DataFrame, points: pd.DataFrame, titre: str, lecture: str) -> Figure:
    """Quantiles in months. `lignes` adds `mediane`, `p90`; `points`: `rang`, `mois`, `serie`, `infobulle`."""
    return Figure(_dessin_delais(), titre, lecture, {"lignes": lignes, "points": points})


def serie_de_paires() -> tuple[str, str]:
    """Entrants, then occupants, as the legend names them."""
    return _ENTRANTS, _OCCUPANTS


def serie_de_delais() -> tuple[str, str]:
    """Median, then ninth decile, as the legend names them."""
    return "Médiane", "Neuf sur dix"


@cache
def _dessin_parts() -> Dessin:
    return dessin(
        couche("barre", "lignes", x="bas_95", x2="haut_95", y="rang", ton=couleurs.ENTONNOIR),
        couche("filet", "reference", x="part", ton=couleurs.ENCRE, epaisseur=3),
        texte("reference", "dit", 15, x="part", y=DEBUT, base="bas", dy=-5),
        couche(
            "point",
            "lignes",
            x="part",
            y="rang",
            ton=selon("position", POSITIONS, _TONS),
            forme=formes("position", POSITIONS, _FORMES),
            surface=190,
            contour=couleurs.ENCRE,
            epaisseur=2,
            infobulle=True,
        ),
        *marges(),
        x=valeurs(axe_valeurs(pour_cent=True), zero=True, rond=True),
        y=rangs(0, 0),
    )


@cache
def _dessin_classes() -> Dessin:
    encres = (couleurs.PAPIER, couleurs.ENCRE, couleurs.ENCRE, couleurs.PAPIER, couleurs.ENCRE)
    series = dict(zip(RESSOURCES.values(), zip(_TONS_CLASSES, encres, strict=True), strict=True))
    return empilees("part", "classe", "part_dit", series, valeurs(domaine=[0, 1]))


@cache
def _dessin_effectifs(est_long: bool = False) -> Dessin:
    ou, cote = (FIN, "droite") if est_long else (DEBUT, "gauche")
    return dessin(
        couche("barre", "lignes", x={"v": 0}, x2="effectif", y="rang", ton=couleurs.AU_DESSOUS, infobulle=True),
        texte("entete", "dit", 15, x=ou, y=DEBUT, aligne=cote, base="bas", dy=-5),
        *marges(),
        x=valeurs(axe_valeurs(pour_cent=False), zero=True, rond=True),
        y=rangs(),
    )


@cache
def _dessin_paires() -> Dessin:
    return deux_points(serie_de_paires(), ("part", "part_occupants"), "part", axe_valeurs(pour_cent=True))


@cache
def _dessin_delais() -> Dessin:
    return deux_points(serie_de_delais(), ("mediane", "p90"), "mois", axe_valeurs(pour_cent=False, titre="mois"))
