"""The drawings of the standing views: same conventions as `figures` and `dessin_lignes`."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs
from pages.commun.dessin import axe_valeurs, finish, infobulle, k, legende_series
from pages.commun.dessin_lignes import deux_points, marges, rangs
from pages.commun.figures import Figure, choroplethe

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
    y = rangs()
    segments = alt.Chart(alt.NamedData("segments")).encode(y=y, order=alt.Order("ordre:Q"), tooltip=infobulle())
    lignes = alt.Chart(alt.NamedData("lignes")).encode(y=y, tooltip=infobulle())
    ton = alt.Scale(domain=list(PRODUITS), range=[couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR])
    forme = alt.Scale(domain=[_AVANT], range=["diamond"])
    return finish(
        alt.layer(
            segments.mark_bar().encode(
                x=alt.X("effectif:Q", stack="zero", axis=axe_valeurs(pour_cent=False, titre="logements PLUS et PLAI")),
                color=alt.Color("produit:N", scale=ton, sort=list(PRODUITS), legend=legende_series()),
            ),
            lignes.transform_calculate(serie=f"'{_AVANT}'")
            .mark_point(filled=True, color=couleurs.PAPIER, stroke=couleurs.ENCRE, strokeWidth=k(2), opacity=1)
            .encode(
                x="n_plai:Q", size=alt.value(170), shape=alt.Shape("serie:N", scale=forme, legend=legende_series())
            ),
            *marges(y),
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
        titleFontSize=k(14),
        titleFontWeight=400,
        titleColor=couleurs.ENCRE_DOUCE,
        labelFontSize=k(14),
        labelColor=couleurs.ENCRE_DOUCE,
        domainColor=couleurs.FILET,
    )
    x = alt.X("semestre:Q", scale=alt.Scale(nice=False), axis=axe_x)
    y = alt.Y("part:Q", scale=echelle, axis=axe_valeurs(pour_cent=True))
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
    return finish(
        alt.layer(
            points.mark_area(opacity=0.16).encode(y=alt.Y("part_min:Q", scale=echelle), y2="part_max:Q"),
            moitie.mark_rule(color=couleurs.ENCRE, strokeWidth=k(2), strokeDash=[2, 3]).encode(x="semestre:Q"),
            moitie.mark_text(fontSize=k(15), fontWeight=700, color=couleurs.ENCRE, baseline="bottom", dy=k(-4)).encode(
                x="semestre:Q", y=alt.value(0), text="dit:N"
            ),
            points.mark_line(strokeWidth=k(2), strokeDash=[5, 4]).encode(y=alt.Y("part_tendance:Q", scale=echelle)),
            points.mark_line(strokeWidth=k(4)).encode(y=y),
            points.mark_line(strokeWidth=k(14), opacity=0).encode(y=y, tooltip=infobulle()),
            noms.mark_text(fontSize=k(16), fontWeight=700, align="left", dx=k(10), color=couleurs.ENCRE).encode(
                x=alt.value("width"), text="dit:N"
            ),
        )
    )


PARTS_CARTE = ("75 % et plus", "50 à 75 %", "25 à 50 %", "moins de 25 %", "aucun", "inconnue")
FRAGILITES_CARTE = ("fragile", "moyenne", "sans fragilité", "inconnue")
_RAMPE = ("#0B2F70", "#2F66B3", "#7FA9DC", "#C6DAF1", couleurs.FOND_DOUX, couleurs.SANS_AVIS)


def classe_part(part: float | None) -> str:
    """Class of the map for a share (0–1)."""
    if part is None or pd.isna(part):
        return PARTS_CARTE[-1]
    bornes = zip((0.75, 0.5, 0.25), PARTS_CARTE, strict=False)
    return next((nom for borne, nom in bornes if part >= borne), PARTS_CARTE[3] if part > 0 else PARTS_CARTE[4])


def carte(communes: pd.DataFrame, etiquettes: pd.DataFrame, classes: tuple[str, ...], legende: str, lu: str) -> Figure:
    """Communes by class, darkest first, the last one hollow. `communes`: `code_insee`, `classe` (of `classes`),
    `infobulle`. `etiquettes`: `longitude`, `latitude`, `nom`, `valeur`."""
    dessin = _dessin_carte(classes, legende)
    return Figure(
        dessin, f"Carte des communes : {legende.lower()}", lu, {"communes": communes, "etiquettes": etiquettes}
    )


@cache
def _dessin_carte(classes: tuple[str, ...], legende: str) -> dict[str, Any]:
    tons = [_RAMPE[0], _RAMPE[2], _RAMPE[3], _RAMPE[5]] if classes == FRAGILITES_CARTE else _RAMPE
    return choroplethe("classe", classes, tons, legende, corps=16)


PARTS_ACCUEIL = ("Par le réseau", "En ligne", "Pré-accueil", "Entretiens")
SERIES_ACCUEIL = ("Part des volumes", "Part des habitants")


def volumes(mois: pd.DataFrame, lecture: str) -> Figure:
    """Volumes by month, stacked. `mois`: `mois` (date), `part` (of PARTS_ACCUEIL), `ordre`, `effectif`, `infobulle`."""
    return Figure(_dessin_volumes(), "Volumes du réseau d’accueil par mois", lecture, {"mois": mois})


def poids(lignes: pd.DataFrame, points: pd.DataFrame, lecture: str) -> Figure:
    """Share of each commune in the volumes beside its weight. `lignes` (see `dessin_lignes`) adds `part`, `poids`;
    `points`: `rang`, `part`, `serie` (of SERIES_ACCUEIL), `infobulle`."""
    titre = "Part de chaque commune dans les volumes, et dans la population"
    return Figure(_dessin_poids(), titre, lecture, {"lignes": lignes, "points": points})


@cache
def _dessin_poids() -> dict[str, Any]:
    return deux_points(SERIES_ACCUEIL, ("part", "poids"), "part", axe_valeurs(pour_cent=True))


@cache
def _dessin_volumes() -> dict[str, Any]:
    axe = {"labelFontSize": k(14), "labelColor": couleurs.ENCRE_DOUCE, "title": None}
    mois = alt.X(
        "yearmonth(mois):T",
        axis=alt.Axis(
            tickCount={"interval": "month", "step": 6},
            labelExpr="['janv.','févr.','mars','avr.','mai','juin','juil.','août','sept.','oct.','nov.','déc.']"
            "[month(datum.value)] + ' ' + year(datum.value)",
            grid=False,
            domainColor=couleurs.FILET,
            **axe,
        ),
    )
    effectif = alt.Y(
        "effectif:Q",
        stack="zero",
        axis=alt.Axis(
            tickCount=5,
            labelExpr="replace(format(datum.value, ',.0f'), ',', '\u202f')",
            gridColor=couleurs.GRILLE,
            domain=False,
            ticks=False,
            **axe,
        ),
    )
    ton = alt.Scale(
        domain=list(PARTS_ACCUEIL),
        range=[couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSOUS_CLAIR],
    )
    base = alt.Chart(alt.NamedData("mois"))
    return finish(
        alt.layer(
            base.mark_bar(stroke=couleurs.PAPIER, strokeWidth=0.5).encode(
                x=mois,
                y=effectif,
                color=alt.Color("part:N", scale=ton, legend=None),
                order=alt.Order("ordre:Q"),
                tooltip=infobulle(),
            )
        )
    )
