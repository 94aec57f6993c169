"""The drawings of the measures of the bilan: one line per place, its name on the left, its figure on the right.

Same conventions as `figures`: drawings compiled once, frames that change, sizes by `k`. Every drawing takes `lignes`,
see `dessin_lignes`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from mel_core.appellations import RESSOURCES
from pages.commun import couleurs
from pages.commun.dessin import axe_valeurs, finish, infobulle, k, legende_series, texte
from pages.commun.dessin_lignes import deux_points, marges, rangs
from pages.commun.figures import Figure

POSITIONS = ("au-dessus", "au-dessous", "dans les limites", "effectif trop faible")
_TONS = (couleurs.AU_DESSUS, couleurs.AU_DESSOUS, couleurs.PROCHE, couleurs.PAPIER)
_FORMES = ("triangle-up", "triangle-down", "circle", "circle")

_TONS_CLASSES = (
    couleurs.AU_DESSOUS,
    couleurs.AU_DESSOUS_CLAIR,
    couleurs.AU_DESSUS_CLAIR,
    couleurs.AU_DESSUS,
    couleurs.FOND_DOUX,
)
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
    return Figure(_dessin_effectifs(), titre, lecture, {"lignes": lignes, "entete": entete})


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


# A heading longer than its picture starts before it, over the names, rather than be cut at its end.
_RENTRER = alt.expr("-max(0, 8.2*k*length(datum.dit) - width)")


@cache
def _dessin_parts() -> dict[str, Any]:
    y = rangs(paddingInner=0, paddingOuter=0)
    lignes = alt.Chart(alt.NamedData("lignes")).encode(y=y)
    regle = alt.Chart(alt.NamedData("reference"))
    echelle = alt.Scale(zero=True, nice=True)
    axe = alt.X("part:Q", scale=echelle, axis=axe_valeurs(pour_cent=True))
    bande = alt.X("bas_95:Q", scale=echelle, axis=axe_valeurs(pour_cent=True))
    point = {"size": k(190), "strokeWidth": k(2), "opacity": 1}
    ton = alt.Scale(domain=list(POSITIONS), range=list(_TONS))
    return finish(
        alt.layer(
            lignes.mark_bar(color=couleurs.ENTONNOIR, opacity=1).encode(x=bande, x2="haut_95:Q"),
            regle.mark_rule(color=couleurs.ENCRE, strokeWidth=k(3)).encode(x=axe),
            texte(regle, "dit", 15, baseline="bottom", dy=k(-5)).encode(x=axe, y=alt.value(0)),
            lignes.mark_point(filled=True, stroke=couleurs.ENCRE, **point).encode(
                x=axe,
                color=alt.Color("position:N", scale=ton, legend=None),
                shape=alt.Shape(
                    "position:N", scale=alt.Scale(domain=list(POSITIONS), range=list(_FORMES)), legend=None
                ),
                tooltip=infobulle(),
            ),
            *marges(y),
        )
    )


@cache
def _dessin_classes() -> dict[str, Any]:
    y, noms = rangs(), list(RESSOURCES.values())
    segments = alt.Chart(alt.NamedData("segments")).encode(y=y, order=alt.Order("ordre:Q"))
    x = alt.X("part:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    centre = alt.X("part:Q", stack="zero", bandPosition=0.5, scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    ton = alt.Scale(domain=noms, range=list(_TONS_CLASSES))
    encre = alt.Scale(
        domain=noms, range=[couleurs.PAPIER, couleurs.ENCRE, couleurs.ENCRE, couleurs.PAPIER, couleurs.ENCRE]
    )
    return finish(
        alt.layer(
            segments.mark_bar(stroke=couleurs.PAPIER, strokeWidth=k(2)).encode(
                x=x, color=alt.Color("classe:N", sort=noms, scale=ton, legend=legende_series()), tooltip=infobulle()
            ),
            segments.mark_text(fontSize=k(17), fontWeight=700).encode(
                x=centre,
                text="part_dit:N",
                color=alt.Color("classe:N", scale=encre, legend=None),
                detail="classe:N",
                tooltip=infobulle(),
            ),
            *marges(y),
        ).resolve_scale(color="independent")
    )


@cache
def _dessin_effectifs() -> dict[str, Any]:
    y = rangs()
    barres = alt.Chart(alt.NamedData("lignes")).encode(y=y)
    entete = alt.Chart(alt.NamedData("entete"))
    axe = alt.X("effectif:Q", scale=alt.Scale(zero=True, nice=True), axis=axe_valeurs(pour_cent=False))
    return finish(
        alt.layer(
            barres.mark_bar(color=couleurs.AU_DESSOUS).encode(x=axe, tooltip=infobulle()),
            texte(entete, "dit", 15, align="left", baseline="bottom", dx=_RENTRER, dy=k(-5)).encode(
                x=alt.value(0), y=alt.value(0)
            ),
            *marges(y),
        )
    )


@cache
def _dessin_paires() -> dict[str, Any]:
    return deux_points(serie_de_paires(), ("part", "part_occupants"), "part", axe_valeurs(pour_cent=True))


@cache
def _dessin_delais() -> dict[str, Any]:
    return deux_points(serie_de_delais(), ("mediane", "p90"), "mois", axe_valeurs(pour_cent=False, titre="mois"))
