"""The drawings of a scenario: what moves, place by place. Same conventions as `figures` and `dessin_lignes`."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs
from pages.commun.dessin import axe_valeurs, finish, infobulle, k, legende_series
from pages.commun.dessin_lignes import marges, rangs
from pages.commun.figures import Figure, choroplethe

EN_MOINS, EN_PLUS, LES_DEUX, RIEN = "en moins", "en plus", "les deux", "rien à réorienter"
GROUPEE = "avec d’autres, ou sans attribution"  # under eleven attributions: never alone
SENS = (EN_MOINS, EN_PLUS, LES_DEUX, RIEN, GROUPEE)
_TONS = (
    couleurs.AU_DESSUS_CLAIR,
    couleurs.AU_DESSOUS_CLAIR,
    couleurs.PROCHE_CLAIR,
    couleurs.SANS_AVIS,
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
def _dessin_mouvements() -> dict[str, Any]:
    y = rangs()
    barres = alt.Chart(alt.NamedData("barres")).encode(y=y)
    ton = alt.Scale(domain=[EN_MOINS, EN_PLUS], range=list(_TONS_BARRES))
    return finish(
        alt.layer(
            barres.mark_bar().encode(
                x=alt.X("effectif:Q", stack=None, axis=axe_valeurs(pour_cent=False, titre="attributions à réorienter")),
                color=alt.Color("sens:N", scale=ton, legend=legende_series()),
                tooltip=infobulle(),
            ),
            barres.mark_rule(color=couleurs.ENCRE, strokeWidth=k(2)).encode(x=alt.datum(0)),
            *marges(y),
        )
    )


@cache
def _dessin_carte() -> dict[str, Any]:
    return choroplethe("sens", SENS, _TONS, "Ménages visés")
