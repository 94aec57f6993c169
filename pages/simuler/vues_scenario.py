"""The drawings of a scenario: what moves, place by place. Same conventions as `figures` and `dessin_lignes`."""

from __future__ import annotations

from functools import cache

import pandas as pd

from pages.commun.images import couleurs
from pages.commun.images.dessin import Dessin, axe_valeurs, couche, dessin, legende, selon, valeurs
from pages.commun.images.dessin_lignes import marges, rangs
from pages.commun.images.figures import Figure, choroplethe

EN_MOINS, EN_PLUS, LES_DEUX, RIEN = "en moins", "en plus", "les deux", "rien à réorienter"
PEU, SANS = "trop peu pour le dire", "aucune attribution"
SENS = (EN_MOINS, EN_PLUS, LES_DEUX, RIEN, PEU, SANS)
_TONS = (
    couleurs.AU_DESSUS_CLAIR,
    couleurs.AU_DESSOUS_CLAIR,
    couleurs.PROCHE_CLAIR,
    couleurs.SANS_AVIS,
    couleurs.FOND_DOUX,
    couleurs.SANS_AVIS,
)
_TONS_BARRES = (couleurs.AU_DESSUS, couleurs.AU_DESSOUS)


def mouvements(lignes: pd.DataFrame, barres: pd.DataFrame, titre: str, lecture: str) -> Figure:
    """Attributions to reorient by place: fewer to the left, more to the right.

    `lignes`: `rang`, `libelle`, `valeur_dit`, `infobulle`. `barres`: `rang`, `sens` (en moins, en plus), `effectif`
    (below 0 to the left), `infobulle`.
    """
    return Figure(_dessin_mouvements(), titre, lecture, {"lignes": lignes, "barres": barres})


def carte(communes: pd.DataFrame, etiquettes: pd.DataFrame, lecture: str) -> Figure:
    """`communes`: `code_insee`, `sens` (of SENS), `infobulle`. `etiquettes`: where, `nom`, `valeur`."""
    titre = "Carte des communes selon ce qui y est à réorienter"
    return Figure(_dessin_carte(), titre, lecture, {"communes": communes, "etiquettes": etiquettes})


@cache
def _dessin_mouvements() -> Dessin:
    ton = selon("sens", (EN_MOINS, EN_PLUS), _TONS_BARRES)
    return dessin(
        couche("barre", "barres", x={"v": 0}, x2="effectif", y="rang", ton=ton, infobulle=True),
        couche("filet", "", x={"v": 0}, ton=couleurs.ENCRE, epaisseur=2),
        *marges(),
        x=valeurs(axe_valeurs(pour_cent=False, titre="attributions à réorienter"), zero=True, rond=True),
        y=rangs(),
        legende=legende({nom: {"ton": t} for nom, t in ton["tons"].items()}),
    )


@cache
def _dessin_carte() -> Dessin:
    return choroplethe("sens", SENS, _TONS, ["Ménages visés"])
