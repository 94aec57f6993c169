"""Every chart and map of the application: what it looks like is decided here and nowhere else.

A figure is a Vega-Lite drawing that never changes (authored with Altair, compiled once) and small frames that do: a
step of a slider redraws without compiling. Texts are written before, in French, by `mel_core.langue`.

Sizes are multiplied by `k`, the width of the window over 1366 pixels, so that a larger projection is read from further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs, fond

POLICE = "Atkinson, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

# Position of a share against the target in force or tried: a word, a place, a tone.
POSITIONS = ("au-dessus", "au-dessous", "dans la bande", "sans objectif")
_TONS = (couleurs.AU_DESSUS, couleurs.AU_DESSOUS, couleurs.PROCHE, couleurs.FILET)

ORDRE_CLASSES = ("Quartiers fragiles", "Fragilité moyenne", "Sans fragilité")  # from top to bottom

# Classes of the map, in points from the target: (lower bound, legend, fill).
TROP_FAIBLE = "effectif trop faible"
_CLASSES = (
    (15.0, "+15 et plus", couleurs.AU_DESSUS),
    (5.0, "+5 à +15", couleurs.AU_DESSUS_CLAIR),
    (-5.0, "à ±5 points", couleurs.PROCHE_CLAIR),
    (-15.0, "−5 à −15", couleurs.AU_DESSOUS_CLAIR),
    (float("-inf"), "−15 et moins", couleurs.AU_DESSOUS),
)
# A number and a tint never say the same thing: eleven too many read −11 on a commune above its target.
_CE_QUE_DIT_LA_CARTE = ["Sur la carte :", "attributions à réorienter", "Teinte : écart à la", "cible, en points"]


@dataclass(frozen=True)
class Figure:
    """A drawing and its frames, by the names that the drawing gives them.

    `titre` is its accessible name: it never changes, since Streamlit draws everything again when it does. `lecture`
    says in words what the frames show now.
    """

    dessin: dict[str, Any]
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
    `position` (au-dessus, au-dessous, dans les limites), `infobulle`. `limites`: see `mel_core.entonnoir.limites`.
    `cibles`: as for `barres`.
    """
    titre = "Part de ménages ACI par commune selon le nombre d’attributions"
    return Figure(_dessin_entonnoir(), titre, lecture, {"points": points, "limites": limites, "cibles": cibles})


def carte(communes: pd.DataFrame, etiquettes: pd.DataFrame, lecture: str) -> Figure:
    """Communes by their gap to the target.

    `communes`: `code_insee`, `classe` (see `classe_ecart`), `infobulle`. `etiquettes`: `longitude`, `latitude`, `nom`,
    `valeur`.
    """
    return Figure(
        _dessin_carte(),
        "Carte des communes selon leur écart à la cible",
        lecture,
        {"communes": communes, "etiquettes": etiquettes},
    )


def _k(taille: float) -> Any:
    return alt.expr(f"{taille}*k")


def _finish(dessin: alt.LayerChart) -> dict[str, Any]:
    return (
        dessin.properties(width="container", height="container")
        .add_params(alt.param(name="k", expr="clamp(windowSize()[0]/1366, 0.8, 3)"))
        .configure(font=POLICE, background="transparent")
        .configure_view(strokeWidth=0)
        .configure_mark(aria=False)  # read as one picture, by its name and its text
        .to_dict()
    )


def _texte(base: alt.Chart, champ: str, taille: float, graisse: int = 700, **marque: Any) -> alt.Chart:
    marque.setdefault("color", couleurs.ENCRE)
    return base.mark_text(fontSize=_k(taille), fontWeight=graisse, **marque).encode(text=f"{champ}:N")


def _infobulle() -> alt.Tooltip:
    return alt.Tooltip("infobulle:N", title=" ")


_HALO = {"stroke": couleurs.PAPIER, "strokeWidth": _k(4), "strokeJoin": "round", "color": couleurs.PAPIER}
_PART = alt.Scale(domain=[0, 1], nice=False)


@cache
def _dessin_barres() -> dict[str, Any]:
    ecartement = alt.Scale(paddingInner=0.42, paddingOuter=0.06)
    lignes = alt.Y("libelle:N", sort=list(ORDRE_CLASSES), axis=None, scale=ecartement)
    pied = alt.Y("libelle:N", sort=list(ORDRE_CLASSES), axis=None, scale=ecartement, bandPosition=1)
    base = alt.Chart(alt.NamedData("classes")).encode(y=lignes)
    regle = alt.Chart(alt.NamedData("cibles"))
    ton = alt.Color("position:N", scale=alt.Scale(domain=list(POSITIONS), range=list(_TONS)), legend=None)
    valeur = alt.X("part:Q", scale=_PART, axis=None)
    repere_2015 = base.transform_filter("isValid(datum.part_2015)").encode(
        x=alt.X("part_2015:Q", scale=_PART, axis=None), y=pied
    )
    large, etroite = base.transform_filter("datum.part >= 0.16"), base.transform_filter("datum.part < 0.16")
    gauche, droite = {"align": "right", "dx": _k(-14)}, {"align": "left", "dx": _k(14)}
    return _finish(
        alt.layer(
            base.mark_bar(color=couleurs.FOND_DOUX).encode(x=alt.XDatum(0, scale=_PART, axis=None), x2=alt.datum(1)),
            base.mark_bar().encode(x=valeur, color=ton, tooltip=_infobulle()),
            base.transform_filter("isValid(datum.bande_bas)")
            .mark_bar(color="transparent", stroke=couleurs.ENCRE, strokeDash=[5, 4], strokeWidth=1.5)
            .encode(x=alt.X("bande_bas:Q", scale=_PART, axis=None), x2="bande_haut:Q"),
            _texte(large, "part_dit", 26, align="left", dx=_k(12), color=couleurs.PAPIER).encode(x=alt.value(0)),
            _texte(etroite, "part_dit", 26, align="left", dx=_k(10)).encode(x=valeur),
            *_regles(regle, lambda c: c.encode(x=alt.X("cible:Q", scale=_PART, axis=None))),
            *(
                _texte(
                    regle.transform_filter(f"datum.cote === '{cote}'"),
                    "cible_dit",
                    16,
                    align=align,
                    baseline="bottom",
                    dy=_k(-4),
                ).encode(x=alt.X("cible:Q", scale=_PART, axis=None), y=alt.value(0))
                for cote, align in (("centre", "center"), ("gauche", "right"), ("droite", "left"))
            ),
            *(
                couche
                for contour in (_HALO, {})
                for couche in (
                    _texte(repere_2015, "dit_2015", 14, 600, align="left", dx=_k(9), dy=_k(11), **contour),
                    repere_2015.mark_text(
                        text="◆", fontSize=_k(15), dy=_k(11), **({"color": couleurs.ENCRE} | contour)
                    ),
                )
            ),
            _texte(base, "libelle", 20, dy=_k(-11), **gauche).encode(x=alt.value(0)),
            _texte(base, "effectif_dit", 15, 400, dy=_k(12), **gauche).encode(x=alt.value(0)),
            _texte(base, "ecart_dit", 20, **droite).encode(x=alt.value("width")),
        )
    )


def _regles(regle: alt.Chart, place: Callable[[alt.Chart], alt.Chart]) -> list[alt.Chart]:
    """The line of the target in force is full, that of the target tried is dashed."""
    return [
        place(regle.transform_filter("!datum.est_essayee").mark_rule(color=couleurs.ENCRE, strokeWidth=_k(3))),
        place(
            regle.transform_filter("datum.est_essayee").mark_rule(
                color=couleurs.ENCRE, strokeWidth=_k(3), strokeDash=[8, 5]
            )
        ),
    ]


@cache
def _dessin_entonnoir() -> dict[str, Any]:
    axe = {"labelFontSize": _k(14), "labelColor": couleurs.ENCRE_DOUCE, "domainColor": couleurs.FILET}
    axe_n = alt.Axis(
        title="nombre d’attributions en premier accès (échelle logarithmique)",
        titleFontSize=_k(14),
        titleFontWeight=400,
        titleColor=couleurs.ENCRE_DOUCE,
        labelExpr="replace(format(datum.value, ',.0f'), ',', '\u202f')",
        values=[10, 30, 100, 300, 1000, 3000],
        grid=False,
        **axe,
    )
    axe_parts = alt.Axis(
        title=None,
        tickCount=5,
        labelExpr="format(datum.value * 100, '.0f') + '\u202f%'",
        gridColor=couleurs.GRILLE,
        domain=False,
        ticks=False,
        labelPadding=6,
        **axe,
    )
    echelle = alt.Scale(zero=False, nice=False)
    x = alt.X("n:Q", scale=alt.Scale(type="log", nice=False), axis=axe_n)
    courbes = alt.Chart(alt.NamedData("limites")).encode(x=x)
    points = alt.Chart(alt.NamedData("points")).encode(x=x, y=alt.Y("part:Q", scale=echelle, axis=axe_parts))
    regle = alt.Chart(alt.NamedData("cibles")).encode(y=alt.Y("cible:Q", scale=echelle))
    positions = ["au-dessus", "au-dessous", "dans les limites"]
    ton = alt.Scale(domain=positions, range=list(_TONS[:3]))
    forme = alt.Scale(domain=positions, range=["triangle-up", "triangle-down", "circle"])
    return _finish(
        alt.layer(
            courbes.mark_area(color=couleurs.FOND_DOUX).encode(y=alt.Y("bas_998:Q", scale=echelle), y2="haut_998:Q"),
            courbes.mark_area(color=couleurs.ENTONNOIR).encode(y=alt.Y("bas_95:Q", scale=echelle), y2="haut_95:Q"),
            *_regles(regle, lambda c: c),
            *(
                _texte(
                    regle.transform_filter(f"datum.cote {signe} 'gauche'"),
                    "cible_dit",
                    16,
                    align="left",
                    dx=_k(8),
                    dy=_k(dy),
                ).encode(x=alt.value("width"))
                for signe, dy in (("!==", -1), ("===", 12))
            ),
            points.mark_point(filled=True, size=_k(170), stroke=couleurs.PAPIER, strokeWidth=1, opacity=1).encode(
                color=alt.Color("position:N", scale=ton, legend=None),
                shape=alt.Shape("position:N", scale=forme, legend=None),
                tooltip=_infobulle(),
            ),
            *(
                _texte(points.transform_filter(f"datum.cote_nom === '{cote}'"), "nom", 15, 600, **place, **contour)
                for contour in (_HALO, {})
                for cote, place in (
                    ("droite", {"align": "left", "dx": _k(10), "dy": 1}),
                    ("gauche", {"align": "right", "dx": _k(-10), "dy": 1}),
                    ("dessus", {"align": "center", "dy": _k(-15)}),
                    ("dessous", {"align": "center", "dy": _k(16)}),
                    ("dessous à gauche", {"align": "right", "dx": _k(8), "dy": _k(16)}),
                )
            ),
        )
    )


@cache
def _dessin_carte() -> dict[str, Any]:
    noms = (*(nom for _, nom, _ in _CLASSES), TROP_FAIBLE)
    tons = (*(ton for _, _, ton in _CLASSES), couleurs.SANS_AVIS)
    return choroplethe("classe", noms, tons, _CE_QUE_DIT_LA_CARTE)


def choroplethe(
    champ: str, classes: Sequence[str], tons: Sequence[str], legende: str | list[str], corps: int = 17
) -> dict[str, Any]:
    """The map of the communes by class, one drawing for every screen: filled by `champ`, one of `classes` each, in that
    order in the legend; the last class is hollow, its outline dashed.

    Frames: `communes` (`code_insee`, `champ`, `infobulle`; a commune that is not there is not drawn) and `etiquettes`
    (`longitude`, `latitude`, `nom`, `valeur`), their numbers in `corps` points.
    """
    geometrie = alt.Data(url=fond.publish(), format=alt.DataFormat(type="json", property="features"))
    lues = alt.LookupData(data=alt.NamedData("communes"), key="code_insee", fields=[champ, "infobulle"])
    communes = (
        alt.Chart(geometrie)
        .transform_calculate(code_insee="datum.properties.code_insee")
        .transform_lookup(lookup="code_insee", from_=lues)
        .transform_filter(f"isValid(datum.{champ})")
    )
    cartouche = alt.Legend(
        title=legende,
        titleFontSize=_k(14),
        titleColor=couleurs.ENCRE,
        titleLimit=0,
        labelFontSize=_k(14),
        labelColor=couleurs.ENCRE,
        labelLimit=0,
        orient="right",
        symbolType="square",
        symbolSize=_k(220),
        symbolStrokeWidth=1,
        symbolStrokeColor=couleurs.FILET,
        rowPadding=3,
        values=list(classes),
    )
    echelle = alt.Scale(domain=list(classes), range=list(tons))
    etiquettes = alt.Chart(alt.NamedData("etiquettes")).encode(longitude="longitude:Q", latitude="latitude:Q")
    return _finish(
        alt.layer(
            communes.mark_geoshape(stroke=couleurs.FILET, strokeWidth=1).encode(
                color=alt.Color(f"{champ}:N", scale=echelle, legend=cartouche),
                strokeDash=alt.condition(f"datum.{champ} === '{classes[-1]}'", alt.value([4, 3]), alt.value([1, 0])),
                tooltip=_infobulle(),
            ),
            *(
                _texte(etiquettes, texte, taille, graisse, dy=_k(dy), **contour)
                for contour in (_HALO, {})
                for texte, taille, graisse, dy in (("nom", 12, 600, -8), ("valeur", corps, 800, 8))
            ),
        ).project(type="mercator")
    )
