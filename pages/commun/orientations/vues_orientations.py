"""The drawing of 13h30: what is left of a segment, semester by semester, with the engagement and without it."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs
from pages.commun.dessin import finish, infobulle, k, texte
from pages.commun.figures import Figure

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
def _dessin_trajectoire() -> dict[str, Any]:
    axe = {"labelFontSize": k(14), "labelColor": couleurs.ENCRE_DOUCE, "ticks": False, "labelPadding": 5}
    x = alt.X(
        "semestre:N",
        sort=alt.EncodingSortField("rang"),
        scale=alt.Scale(type="point", padding=0.1),
        axis=alt.Axis(title=None, labelAngle=0, domainColor=couleurs.FILET, **axe),
    )
    nombres = "replace(format(datum.value, ',.0f'), ',', '\u202f')"
    y = alt.Y(
        "restants:Q",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(title=None, tickCount=4, labelExpr=nombres, gridColor=couleurs.GRILLE, domain=False, **axe),
    )
    points = alt.Chart(alt.NamedData("points")).encode(x=x, y=y)
    bouts = alt.Chart(alt.NamedData("bouts")).encode(x=x, y=y)
    series = [AVEC, SANS]
    trait = alt.StrokeDash("serie:N", scale=alt.Scale(domain=series, range=[[1, 0], [7, 5]]), legend=None)
    ton = alt.Color(
        "serie:N", scale=alt.Scale(domain=series, range=[couleurs.AU_DESSOUS, couleurs.ENCRE_DOUCE]), legend=None
    )
    return finish(
        alt.layer(
            points.mark_line(strokeWidth=k(3.5)).encode(color=ton, strokeDash=trait),
            points.mark_point(filled=True, size=k(70), opacity=1).encode(color=ton, tooltip=infobulle()),
            *(
                texte(bouts.transform_filter(f"datum.cote === '{cote}'"), "dit", 15, align="left", dx=k(10), dy=k(dy))
                for cote, dy in (("dessus", -6), ("dessous", 8))
            ),
        )
    )
