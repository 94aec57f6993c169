"""Charts of one line per place: its name on the left, its figure on the right, its marks between them.

Each takes a frame `lignes`, one row per line from the top: `libelle`, `valeur_dit`, `infobulle` (what its marks say
under the pointer), `code` where a mark opens a place, and what it says it adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import (
    EN_HAUT,
    MUET,
    NOMBRE,
    Image,
    axe_de_noms,
    axe_de_parts,
    bulle,
    est_projete,
    figure,
    noms_de_lignes,
)

_LETTRES_DITES, INTERLIGNE = 40, 19
_ENTIER = {"mode": "hide", "minsize": 15}  # what is written on a part is written whole, or under the pointer alone
CONTOUR = {"color": couleurs.ENCRE, "width": 2}
CONTOUR_FIN = {"color": couleurs.FILET, "width": 1}  # of a pale area: its key is seen on the paper, and in a dark room
_LIGNES_MIN = 3
_LONGS = 1_000  # numbers of as many signs touch where four of them are written
_RALLONGE = 1.06  # beyond the longest mark

Series = Mapping[str, tuple[str, str]]  # what a part is called, its tone, that of what is written on it


class Part(NamedTuple):
    """One of the parts of a line (`rang`), of a `serie`: what is written on it (empty where it is too narrow), what it
    says under the pointer."""

    rang: int
    serie: str
    longueur: float
    dit: str
    infobulle: str


def en_lignes(
    lignes: pd.DataFrame,
    traces: Iterable[Any],
    x: Mapping[str, Any],
    titre: str,
    lecture: str | None = None,
    **mise_en_page: Any,
) -> Image:
    """The frame of all of them. `x`: the axis of the marks; `lecture`: what it shows, where that is not what each line
    says under the pointer."""
    noms, valeurs = noms_de_lignes(list(lignes["libelle"])), list(lignes["valeur_dit"])
    # An axis that no trace follows is not drawn.
    suiveur = go.Scatter(x=[None], y=[0], yaxis="y2", **MUET)
    etendue = {"range": [max(len(lignes), _LIGNES_MIN) - 0.5, -0.5]}  # one line alone is no wall
    a_gauche = {**axe_de_noms(noms), **etendue}
    a_droite = {**axe_de_noms(valeurs, cote="right"), **etendue, "overlaying": "y"}
    dessinee = figure([*traces, suiveur], xaxis=x, yaxis=a_gauche, yaxis2=a_droite, **mise_en_page)
    return Image(dessinee, titre, " ; ".join(lignes["infobulle"]) if lecture is None else lecture)


def barres(longueurs: Any, nom: str, ton: str, infobulles: Iterable[str], **autres: Any) -> go.Bar:
    """One bar a line, of a series that the legend names."""
    rangs = list(range(len(longueurs)))
    return go.Bar(
        x=longueurs,
        y=rangs,
        orientation="h",
        name=nom,
        marker_color=ton,
        showlegend=True,
        **bulle(infobulles),
        **autres,
    )


def points(ou: Any, nom: str, marque: Mapping[str, Any], infobulles: Iterable[str], **autres: Any) -> go.Scatter:
    """One mark a line, of a series that the legend names."""
    places = {"x": ou, "y": list(range(len(ou)))} | autres
    return go.Scatter(mode="markers", name=nom, marker=marque, showlegend=True, **places, **bulle(infobulles))


def effectifs(lignes: pd.DataFrame, quoi: str, titre: str, lecture: str | None = None) -> Image:
    """Counts. `lignes` adds `effectif`; `quoi` says what is counted."""
    siennes = go.Bar(
        x=lignes["effectif"],
        y=list(range(len(lignes))),
        ids=codes(lignes),
        orientation="h",
        marker_color=couleurs.AU_DESSOUS,
        **bulle(lignes["infobulle"]),
    )
    # Over the first mark, on two lines: the marks may be narrower than what is said of them.
    dites = wrap(quoi, _LETTRES_DITES)
    dit = {**EN_HAUT, "x": 0, "xref": "paper", "xanchor": "left"}
    return en_lignes(
        lignes,
        [siennes],
        nombres(lignes["effectif"]),
        titre,
        lecture,
        annotations=[{**dit, "text": "<br>".join(map(escape, dites))}],
        margin={"t": 34 + INTERLIGNE * (len(dites) - 1)},
    )


def comptes(noms: Iterable[str], lus: Iterable[Any], quoi: str, titre: str, bulles: Sequence[str] = ()) -> Image:
    """A bar a name, as long as its count as it is read; what is not said has none. `bulles`: what each says under the
    pointer, where that is not its count."""
    base = pd.DataFrame({"libelle": list(noms), "n": pd.Series(list(lus), dtype=object)})
    dits = base["n"].map(langue.nombre)
    base = base.assign(
        valeur_dit=dits,
        effectif=base["n"].astype(float).fillna(0),
        infobulle=list(bulles) or [f"{nom} : {dit}" for nom, dit in zip(base["libelle"], dits, strict=True)],
    )
    return effectifs(base, quoi, titre)


def ecarts(lignes: pd.DataFrame, titre: str, lecture: str | None = None) -> Image:
    """How far each line is from its objective, as a length in attributions: to the left what is missing, to the right
    what there is too much of.

    `lignes` adds `trop`, `manque` (attributions; 0 where none, or where it is not said).
    """
    cotes = {
        "il en manque": (-lignes["manque"], couleurs.AU_DESSOUS),
        "de trop": (lignes["trop"], couleurs.AU_DESSUS),
    }
    return deux_sens(lignes, cotes, "attributions", titre, lecture)


def deux_sens(
    lignes: pd.DataFrame, cotes: Mapping[str, tuple[pd.Series, str]], unite: str, titre: str, lecture: str | None = None
) -> Image:
    """Lengths on both sides of 0. `cotes`: of each series, by its name, its lengths (those to the left below 0) and its
    tone; `unite`: under the axis."""
    traces = [
        barres(longueurs, nom, ton, lignes["infobulle"], ids=codes(lignes)) for nom, (longueurs, ton) in cotes.items()
    ]
    etendue = pd.concat([longueurs for longueurs, _ in cotes.values()])
    return en_lignes(lignes, traces, autour_de_zero(etendue, unite), titre, lecture)


def deux_points(
    lignes: pd.DataFrame,
    series: tuple[str, str],
    bornes: tuple[str, str],
    x: Mapping[str, Any],
    titre: str,
    lecture: str | None = None,
) -> Image:
    """Two marks on each line, told apart by their shape and by their fill, and the segment that joins them.

    `lignes` adds `bornes`, where each of the two `series` stands.
    """
    rangs = list(range(len(lignes)))
    debuts, fins = (lignes[c].astype(float) for c in bornes)
    joints = go.Scatter(
        x=[v for debut, fin in zip(debuts, fins, strict=True) for v in (debut, fin, None)],
        y=[v for rang in rangs for v in (rang, rang, None)],
        mode="lines",
        line={"color": couleurs.FILET, "width": 4},
        **MUET,
    )
    tons, marques = (couleurs.AU_DESSOUS, couleurs.PAPIER), ("circle", "diamond")
    places = {"ids": codes(lignes), "cliponaxis": False}
    bouts = [
        points(ou, serie, {"size": 16, "color": ton, "symbol": marque, "line": CONTOUR}, lignes["infobulle"], **places)
        for serie, ou, ton, marque in zip(series, (debuts, fins), tons, marques, strict=True)
    ]
    return en_lignes(lignes, [joints, *bouts], x, titre, lecture)


def empilees(
    lignes: pd.DataFrame,
    parts: Sequence[Part],
    series: Series,
    x: Mapping[str, Any],
    titre: str,
    lecture: str | None = None,
    muettes: Mapping[int, str] | None = None,
    *,
    est_nommee: bool = False,
) -> Image:
    """The parts of each line end to end, in the order of `series`. `muettes`: why a line has no part, by its `rang`.
    `est_nommee`: the parts themselves say their series."""
    segments = pd.DataFrame(parts, columns=Part._fields).astype({"longueur": float})
    presentes = [serie for serie in series if (segments["serie"] == serie).any()]
    traces: list[Any] = [_part(segments[segments["serie"] == serie], serie, *series[serie]) for serie in presentes]
    if muettes:
        en_place = {"x": [0] * len(muettes), "y": list(muettes), "text": [f" {dit}" for dit in muettes.values()]}
        traces.append(go.Scatter(mode="text", textposition="middle right", textfont={"size": 16}, **en_place, **MUET))
    en_page: dict[str, Any] = {
        "barmode": "stack",
        "bargap": 0.14,
        "legend": {"traceorder": "normal"},
        "uniformtext": _ENTIER,
        "showlegend": not est_nommee,
    }
    lue = " ; ".join(segments["infobulle"]) if lecture is None else lecture
    return en_lignes(lignes, traces, x, titre, lue, **en_page)


def _part(siens: pd.DataFrame, serie: str, ton: str, encre: str) -> go.Bar:
    return go.Bar(
        x=siens["longueur"],
        y=siens["rang"],
        orientation="h",
        name=serie,
        marker={"color": ton, "line": CONTOUR_FIN},
        text=[f"<b>{dit}</b>" if dit else "" for dit in siens["dit"]],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": 16, "color": encre},
        textangle=0,
        constraintext="inside",
        showlegend=True,
        **bulle(siens["infobulle"]),
    )


def nombres(valeurs: pd.Series, titre: str = "") -> dict[str, Any]:
    """An axis of counts, from 0, in whole steps; what is below 0 to the left."""
    haut, bas = float(valeurs.max()) if len(valeurs) else 0.0, float(valeurs.min()) if len(valeurs) else 0.0
    etendue = max(haut, 0.0) - min(bas, 0.0) or 1.0
    marge = (_RALLONGE - 1) * etendue
    muet = {"showticklabels": False, "showgrid": False} if est_projete() else {}  # each mark says its figure
    return {
        **NOMBRE,
        **muet,
        "range": [min(bas, 0.0) - (marge if bas < 0 else 0), max(haut, 0.0) + marge],
        **({"dtick": 1} if etendue <= NOMBRE["nticks"] else {"nticks": 3} if etendue >= _LONGS else {}),
        **({"title": {"text": titre}} if titre else {}),
    }


def autour_de_zero(valeurs: pd.Series, titre: str) -> dict[str, Any]:
    """An axis of counts on both sides of 0, which is drawn."""
    return {**nombres(valeurs.astype(float), titre), "zeroline": True, "zerolinecolor": couleurs.ENCRE}


def parts_jusqu_a(valeurs: Sequence[float] | pd.Series) -> dict[str, Any]:
    """An axis of shares from 0 to beyond the largest."""
    return axe_de_parts(min(1.0, max([*valeurs, 0.05]) * _RALLONGE))


def codes(lignes: pd.DataFrame) -> list[str] | None:
    """The place that each mark opens, where marks open places."""
    return list(lignes["code"]) if "code" in lignes else None
