"""The drawings of a scenario: what moves, place by place. Same conventions as `figures` and `vues_mesures`."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs, fond
from pages.commun.figures import _HALO, Figure, _finish, _infobulle, _k, _texte
from pages.commun.vues_mesures import _axe, _legende, _marges, _y

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
    y = _y()
    barres = alt.Chart(alt.NamedData("barres")).encode(y=y)
    ton = alt.Scale(domain=[EN_MOINS, EN_PLUS], range=list(_TONS_BARRES))
    return _finish(
        alt.layer(
            barres.mark_bar().encode(
                x=alt.X("effectif:Q", stack=None, axis=_axe(pour_cent=False, titre="attributions à réorienter")),
                color=alt.Color("sens:N", scale=ton, legend=_legende()),
                tooltip=_infobulle(),
            ),
            barres.mark_rule(color=couleurs.ENCRE, strokeWidth=_k(2)).encode(x=alt.datum(0)),
            *_marges(y),
        )
    )


@cache
def _dessin_carte() -> dict[str, Any]:
    geometrie = alt.Data(url=fond.publish(), format=alt.DataFormat(type="json", property="features"))
    lues = alt.LookupData(data=alt.NamedData("communes"), key="code_insee", fields=["sens", "infobulle"])
    communes = (
        alt.Chart(geometrie)
        .transform_calculate(code_insee="datum.properties.code_insee")
        .transform_lookup(lookup="code_insee", from_=lues)
        .transform_filter("isValid(datum.sens)")
    )
    etiquettes = alt.Chart(alt.NamedData("etiquettes")).encode(longitude="longitude:Q", latitude="latitude:Q")
    legende = alt.Legend(
        title="Ménages visés",
        titleFontSize=_k(14),
        titleColor=couleurs.ENCRE,
        labelFontSize=_k(14),
        labelColor=couleurs.ENCRE,
        labelLimit=400,
        orient="right",
        symbolType="square",
        symbolSize=_k(220),
        symbolStrokeWidth=1,
        symbolStrokeColor=couleurs.FILET,
        values=list(SENS),
    )
    return _finish(
        alt.layer(
            communes.mark_geoshape(stroke=couleurs.FILET, strokeWidth=1).encode(
                color=alt.Color("sens:N", scale=alt.Scale(domain=list(SENS), range=list(_TONS)), legend=legende),
                strokeDash=alt.condition(f"datum.sens === '{GROUPEE}'", alt.value([4, 3]), alt.value([1, 0])),
                tooltip=_infobulle(),
            ),
            *(
                _texte(etiquettes, champ, taille, graisse, dy=_k(dy), **contour)
                for contour in (_HALO, {})
                for champ, taille, graisse, dy in (("nom", 12, 600, -8), ("valeur", 17, 800, 8))
            ),
        ).project(type="mercator")
    )
