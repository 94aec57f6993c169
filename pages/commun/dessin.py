"""What every drawing is made of: its sizes, its texts, its axis, its legend, and its last touch.

Sizes are multiplied by `k`, the width of the window over 1366 pixels, so that a larger projection is read from further.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from pages.commun import couleurs

HALO = {"stroke": couleurs.PAPIER, "strokeWidth": alt.expr("4*k"), "strokeJoin": "round", "color": couleurs.PAPIER}
POLICE = "Atkinson, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

# The number of a tick, as `langue.nombre` writes it: thousands apart, a decimal comma.
NOMBRE = "replace(replace(replace(format(datum.value, ',~r'), /,/g, '\u202f'), '.', ','), '-', '−')"


def k(taille: float) -> Any:
    """A size in pixels on a window of 1366, as a Vega expression that follows the window."""
    return alt.expr(f"{taille}*k")


def finish(dessin: alt.LayerChart) -> dict[str, Any]:
    """The drawing compiled: as large as its place, in the font of the house, without a frame."""
    return (
        dessin.properties(width="container", height="container")
        .add_params(alt.param(name="k", expr="clamp(windowSize()[0]/1366, 0.8, 3)"))
        .configure(font=POLICE, background="transparent")
        .configure_view(strokeWidth=0)
        # Read as one picture, by its name and its text: what Vega would say of its parts is in English.
        .configure_mark(aria=False)
        .configure_axis(aria=False)
        .configure_legend(aria=False)
        .to_dict()
    )


def texte(base: alt.Chart, champ: str, taille: float, graisse: int = 700, **marque: Any) -> alt.Chart:
    """The text of a column, as it was written in French."""
    marque.setdefault("color", couleurs.ENCRE)
    return base.mark_text(fontSize=k(taille), fontWeight=graisse, **marque).encode(text=f"{champ}:N")


def infobulle() -> alt.Tooltip:
    """The column `infobulle`, alone: no field name, no number of the drawing's own making."""
    return alt.Tooltip("infobulle:N", title=" ")


def axe_valeurs(pour_cent: bool, titre: str | None = None) -> alt.Axis:
    """An axis of shares (0–1, read in per cent) or of numbers, in French."""
    return alt.Axis(
        title=titre,
        titleFontSize=k(14),
        titleFontWeight=400,
        titleColor=couleurs.ENCRE_DOUCE,
        tickCount=6,
        labelExpr="format(datum.value * 100, '~r') + '\u202f%'" if pour_cent else NOMBRE,
        labelFontSize=k(14),
        labelColor=couleurs.ENCRE_DOUCE,
        gridColor=couleurs.GRILLE,
        domain=False,
        ticks=False,
        labelPadding=4,
        labelOverlap="parity",
        labelSeparation=8,
    )


def legende_series() -> alt.Legend:
    """Above the drawing, without a title: the names of the series say enough."""
    return alt.Legend(
        title=None,
        orient="top",
        labelFontSize=k(15),
        labelColor=couleurs.ENCRE,
        symbolSize=k(190),
        labelLimit=0,
        columnPadding=22,
    )
