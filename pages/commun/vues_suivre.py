"""The drawings of the standing views: same conventions as `figures` and `vues_mesures`."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs
from pages.commun.figures import Figure, _finish, _infobulle, _k
from pages.commun.vues_mesures import _axe, _legende, _marges, _y

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
def _dessin_operations() -> dict[str, Any]:
    y = _y()
    segments = alt.Chart(alt.NamedData("segments")).encode(y=y, order=alt.Order("ordre:Q"), tooltip=_infobulle())
    lignes = alt.Chart(alt.NamedData("lignes")).encode(y=y, tooltip=_infobulle())
    ton = alt.Scale(domain=list(PRODUITS), range=[couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR])
    forme = alt.Scale(domain=[_AVANT], range=["diamond"])
    return _finish(
        alt.layer(
            segments.mark_bar().encode(
                x=alt.X("effectif:Q", stack="zero", axis=_axe(pour_cent=False, titre="logements PLUS et PLAI")),
                color=alt.Color("produit:N", scale=ton, sort=list(PRODUITS), legend=_legende()),
            ),
            lignes.transform_calculate(serie=f"'{_AVANT}'")
            .mark_point(filled=True, color=couleurs.PAPIER, stroke=couleurs.ENCRE, strokeWidth=_k(2), opacity=1)
            .encode(x="n_plai:Q", size=alt.value(170), shape=alt.Shape("serie:N", scale=forme, legend=_legende())),
            *_marges(y),
        )
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
def _dessin_trajectoires() -> dict[str, Any]:
    echelle = alt.Scale(zero=False, nice=True)
    axe_x = alt.Axis(
        title="semestres à partir d’aujourd’hui",
        format="d",
        tickMinStep=1,
        tickCount=10,
        grid=False,
        titleFontSize=_k(14),
        titleFontWeight=400,
        titleColor=couleurs.ENCRE_DOUCE,
        labelFontSize=_k(14),
        labelColor=couleurs.ENCRE_DOUCE,
        domainColor=couleurs.FILET,
    )
    x = alt.X("semestre:Q", scale=alt.Scale(nice=False), axis=axe_x)
    y = alt.Y("part:Q", scale=echelle, axis=_axe(pour_cent=True))
    ton = alt.Color(
        "classe:N",
        scale=alt.Scale(
            domain=list(CLASSES_QUARTIERS), range=[couleurs.AU_DESSUS, couleurs.PROCHE, couleurs.AU_DESSOUS]
        ),
        legend=None,
    )
    points = alt.Chart(alt.NamedData("points")).encode(x=x, color=ton)
    noms = alt.Chart(alt.NamedData("noms")).encode(y=y)
    moitie = alt.Chart(alt.NamedData("moitie"))
    return _finish(
        alt.layer(
            points.mark_area(opacity=0.16).encode(y=alt.Y("part_min:Q", scale=echelle), y2="part_max:Q"),
            moitie.mark_rule(color=couleurs.ENCRE, strokeWidth=_k(2), strokeDash=[2, 3]).encode(x="semestre:Q"),
            moitie.mark_text(
                fontSize=_k(15), fontWeight=700, color=couleurs.ENCRE, baseline="bottom", dy=_k(-4)
            ).encode(x="semestre:Q", y=alt.value(0), text="dit:N"),
            points.mark_line(strokeWidth=_k(2), strokeDash=[5, 4]).encode(y=alt.Y("part_tendance:Q", scale=echelle)),
            points.mark_line(strokeWidth=_k(4)).encode(y=y),
            points.mark_line(strokeWidth=_k(14), opacity=0).encode(y=y, tooltip=_infobulle()),
            noms.mark_text(fontSize=_k(16), fontWeight=700, align="left", dx=_k(10), color=couleurs.ENCRE).encode(
                x=alt.value("width"), text="dit:N"
            ),
        )
    )
