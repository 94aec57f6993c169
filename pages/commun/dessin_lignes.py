"""What drawings of one line per place share: its name on the left, its figure on the right, its marks between them.

Each takes a frame `lignes`: `rang` (order from the top), `libelle`, `valeur_dit`, `infobulle`, and what it says it
adds.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from pages.commun import couleurs
from pages.commun.dessin import finish, infobulle, k, legende_series, texte


def rangs(**reglages: Any) -> alt.Y:
    """Where each line stands, from the top; `reglages` of the scale, when its marks are thicker or touch."""
    return alt.Y("rang:O", axis=None, scale=alt.Scale(**({"paddingInner": 0.3, "paddingOuter": 0.15} | reglages)))


def marges(y: alt.Y) -> list[alt.Chart]:
    """The name of each line on the left of the drawing, its figure on the right."""
    base = alt.Chart(alt.NamedData("lignes")).encode(y=y, tooltip=infobulle())
    return [
        texte(base, "libelle", 16, 600, align="right", dx=k(-12), limit=k(400)).encode(x=alt.value(0)),
        texte(base, "valeur_dit", 16, 600, align="left", dx=k(12)).encode(x=alt.value("width")),
    ]


def deux_points(series: tuple[str, str], bornes: tuple[str, str], champ: str, axe: alt.Axis) -> dict[str, Any]:
    """Two marks on each line, told apart by their shape and by their fill, and the segment that joins them.

    `lignes` adds `bornes`, where the segment starts and ends. A second frame, `points`: `rang`, `champ`, `serie` (of
    `series`), `infobulle`.
    """
    y = rangs()
    x = alt.X(f"{champ}:Q", scale=alt.Scale(zero=True, nice=True), axis=axe)
    lignes = alt.Chart(alt.NamedData("lignes")).encode(y=y)
    points = alt.Chart(alt.NamedData("points")).encode(y=y, x=x)
    ton = alt.Scale(domain=list(series), range=[couleurs.AU_DESSOUS, couleurs.PAPIER])
    forme = alt.Scale(domain=list(series), range=["circle", "diamond"])
    return finish(
        alt.layer(
            lignes.mark_rule(color=couleurs.FILET, strokeWidth=k(4)).encode(x=alt.X(f"{bornes[0]}:Q"), x2=bornes[1]),
            points.mark_point(filled=True, size=k(210), stroke=couleurs.ENCRE, strokeWidth=k(2), opacity=1).encode(
                color=alt.Color("serie:N", scale=ton, legend=legende_series()),
                shape=alt.Shape("serie:N", scale=forme, legend=legende_series()),
                tooltip=infobulle(),
            ),
            *marges(y),
        )
    )
