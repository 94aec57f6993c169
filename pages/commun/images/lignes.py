"""Charts of one line per place: its name on the left, its figure on the right, its marks between them.

Each takes a frame `lignes`, one row per line from the top: `libelle`, `valeur_dit`, `infobulle` (what its marks say
under the pointer), `code` where a mark opens a place, and what it says it adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.phrases_constats import DE_TROP, DES_DEUX, EN_MANQUE
from mel_core.socle import langue
from pages.commun.images import couleurs, images_objectif
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
    regle,
)

_LETTRES_DITES, _INTERLIGNE = 32, 19
# How a line stands to its objective: a mark, told apart without its tone.
MARQUES = {DE_TROP: "triangle-up", EN_MANQUE: "triangle-down", DES_DEUX: "diamond"}
_A_COTE = {"avant": {"size": 9, "symbol": "circle"}, "ici": {"size": 12, "symbol": "square"}}
_HAUTEUR_DES_BORDS, _HAUTEUR_D_UNE_LIGNE = 4.6, 2.5  # in heights of a letter
_MARGE = 0.42  # of what the marks take: room on both sides for what is said of them
_LETTRE, _BLANCS = 0.0148, 4  # of the axis: a letter that a room reads, beside the longest names; around what is said
_PASSES = 12
_ETENDUE_MIN = 0.12  # shares: nearer marks are not told apart more than that
_ENTIER = {"mode": "hide", "minsize": 15}  # what is written on a part is written whole, or under the pointer alone
_CONTOUR = {"color": couleurs.ENCRE, "width": 2}
_LIGNES_MIN = 3
_LONGS = 1_000  # numbers of as many signs touch where four of them are written
_RALLONGE = 1.06  # beyond the longest mark

Series = Mapping[str, tuple[str, str]]  # what a part is called, its tone, that of what is written on it


def en_lignes(
    lignes: pd.DataFrame,
    traces: Iterable[Any],
    x: Mapping[str, Any],
    titre: str,
    lecture: str,
    *,
    est_serree: bool = False,
    **mise_en_page: Any,
) -> Image:
    """The frame of all of them. `x`: the axis of the marks. `est_serree`: see `noms_de_lignes`."""
    noms, valeurs = noms_de_lignes(list(lignes["libelle"]), est_serree=est_serree), list(lignes["valeur_dit"])
    # An axis that no trace follows is not drawn.
    suiveur = go.Scatter(x=[None], y=[0], yaxis="y2", **MUET)
    etendue = {"range": [max(len(lignes), _LIGNES_MIN) - 0.5, -0.5]}  # one line alone is no wall
    a_gauche = {**axe_de_noms(noms), **etendue}
    a_droite = {**axe_de_noms(valeurs, cote="right"), **etendue, "overlaying": "y"}
    return Image(figure([*traces, suiveur], xaxis=x, yaxis=a_gauche, yaxis2=a_droite, **mise_en_page), titre, lecture)


def parts(
    lignes: pd.DataFrame,
    cibles: pd.DataFrame,
    repere: tuple[float, str] | None,
    titre: str,
    lecture: str,
    *,
    est_serree: bool = False,
) -> Image:
    """Shares, each with its figure beside its mark, against the objective, else against the whole.

    `lignes` adds `part`, `bas_95`, `haut_95` (0–1, empty: no control limits), `verdict` (of couleurs.VERDICTS),
    `propre` (0–1, an objective that is the line's own; empty: none) and, where the séance before is said, `avant`
    (0–1) and `avant_dit`. `cibles`: see `images_objectif.cibles`; `repere`: where there is none, the share of the
    whole and its name.
    """
    rangs = list(range(len(lignes)))
    etendue = (-0.5, len(lignes) - 0.5)
    reperes = [float(c) for c in cibles["cible"]] + ([repere[0]] if repere else [])
    avant = lignes["avant"].astype(float) if "avant" in lignes else lignes["part"].mask(lignes["part"].notna())
    places = [*lignes["part"], *lignes["propre"].dropna(), *avant.dropna(), *reperes]
    # Away from the objective, and from where the line stood before: what is written touches neither.
    est_a_gauche = lignes["part"] < (reperes[-1] if reperes else 0)
    bouts = pd.concat([lignes["part"], avant], axis=1).agg(["min", "max"], axis=1)
    ou = bouts["min"].where(est_a_gauche, bouts["max"])
    bas, haut = _etendue(places, ou, est_a_gauche, lignes["valeur_dit"])
    traces = [
        *_etendues(lignes, rangs, ("bas_95", "haut_95"), f"limites de contrôle à 95{langue.FINE}%"),
        *([regle("x", repere[0], etendue)] if repere else []),
        *images_objectif.regles(cibles, etendue),
        *_propres(lignes, rangs),
        *_a_cote(lignes, rangs, "avant"),
        _points(lignes, rangs),
        go.Scatter(
            x=ou,
            y=rangs,
            mode="text",
            text=[f"   <b>{escape(dit)}</b>   " for dit in lignes["valeur_dit"]],
            textposition=["middle left" if gauche else "middle right" for gauche in est_a_gauche],
            textfont={"size": 16},
            cliponaxis=False,
            **MUET,
        ),
    ]
    axe = {**axe_de_parts(haut, bas), "zeroline": False}
    if est_projete() and reperes:
        axe |= {"showticklabels": False, "showgrid": False}
    dites = images_objectif.cibles_dites(cibles)
    if repere:
        dites.append({**EN_HAUT, "x": repere[0], "text": f"<b>{escape(repere[1])}</b>"})
    return en_lignes(
        lignes.assign(valeur_dit=""),
        traces,
        axe,
        titre,
        lecture,
        est_serree=est_serree,
        annotations=dites,
        bargap=0.0,
        # The legend over what is said of the objective, wherever that stands.
        legend={"yref": "container", "y": 1, "yanchor": "top"},
        margin={"t": 34 + _INTERLIGNE},
    )


def _etendue(places: Sequence[float], ou: pd.Series, est_a_gauche: pd.Series, dits: pd.Series) -> tuple[float, float]:
    """From where to where an axis goes that has room for its marks and for what is written beside each."""
    largeurs = _LETTRE * (dits.str.len() + _BLANCS)
    cotes = est_a_gauche.map({True: -1, False: 1})
    marge = _MARGE * max(max(places) - min(places), _ETENDUE_MIN)
    bas, haut = min(places) - marge, max(places) + marge
    for _ in range(_PASSES):  # a wider axis widens what is written on it
        bouts = ou + cotes * largeurs * (haut - bas)
        bas, haut = min(bas, bouts.min()), max(haut, bouts.max())
    return bas, haut


def _etendues(lignes: pd.DataFrame, rangs: list[int], bornes: tuple[str, str], nom: str) -> list[go.Bar]:
    """What a line is held within, as a bar behind its marks: its control limits, for a co-pilot; its band."""
    bas, haut = (lignes[borne].astype(float) for borne in bornes)
    if bas.isna().all():
        return []
    return [
        go.Bar(
            base=bas,
            x=haut - bas,
            y=rangs,
            orientation="h",
            marker_color=couleurs.ENTONNOIR,
            name=nom,
            showlegend=True,
            hoverinfo="skip",
        )
    ]


def _propres(lignes: pd.DataFrame, rangs: list[int], nom: str = "objectif propre") -> list[go.Scatter]:
    """The objectives that are each line's own: a bar across the line."""
    if lignes["propre"].isna().all():
        return []
    trait = {"symbol": "line-ns", "size": 22, "line": {"color": couleurs.ENCRE, "width": 3}}
    dits = [f"son objectif{langue.INSECABLE}: {langue.part(p)}" for p in lignes["propre"]]
    return [
        go.Scatter(
            x=lignes["propre"],
            y=rangs,
            mode="markers",
            marker=trait,
            name=nom,
            showlegend=True,
            **bulle(dits),
        )
    ]


def _a_cote(lignes: pd.DataFrame, rangs: list[int], colonne: str) -> list[go.Scatter]:
    """What each line is set against, small and hollow: see `_A_COTE`."""
    if colonne not in lignes or lignes[colonne].isna().all():
        return []
    dit, parts = lignes[f"{colonne}_dit"].iloc[0], lignes[colonne].astype(float)
    infobulles = [f"{nom}, {dit} : {langue.part(part)}" for nom, part in zip(lignes["libelle"], parts, strict=True)]
    marque = {**_A_COTE[colonne], "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 1.5}}
    return [go.Scatter(x=parts, y=rangs, mode="markers", name=dit, marker=marque, showlegend=True, **bulle(infobulles))]


def _points(lignes: pd.DataFrame, rangs: list[int]) -> go.Scatter:
    """Where each line is, by its verdict: a tone and a shape."""
    marque = {
        "size": 16,
        "color": lignes["verdict"].map(couleurs.VERDICTS),
        "symbol": lignes["verdict"].map(MARQUES).fillna("circle"),
        "line": _CONTOUR,
    }
    places = {"x": lignes["part"], "y": rangs, "ids": _codes(lignes)}
    return go.Scatter(mode="markers", marker=marque, cliponaxis=False, **places, **bulle(lignes["infobulle"]))


def reperes(lignes: pd.DataFrame, titre: str, lecture: str) -> Image:
    """A dot for each line against its own objective, the whole and the séance before; what is said of it at its end.

    `lignes` adds `part`, `verdict`, `propre`, `avant`, `avant_dit` (see `parts`; empty where not said), `ici` and
    `ici_dit`, the share of the whole and its name, and `bande_bas`, `bande_haut`, where the objective is a band.
    """
    rangs, bande = list(range(len(lignes))), ("bande_bas", "bande_haut")
    places = lignes[["part", "propre", "ici", "avant", *bande]].stack()
    marge = _MARGE / 2 * max(places.max() - places.min(), _ETENDUE_MIN)
    traces = [
        *_etendues(lignes, rangs, bande, "bande de l’objectif"),
        *_propres(lignes, rangs, "objectif"),
        *_a_cote(lignes, rangs, "ici"),
        *_a_cote(lignes, rangs, "avant"),
        _points(lignes, rangs),
    ]
    x = {**axe_de_parts(places.max() + marge, places.min() - marge), "zeroline": False}
    image = en_lignes(lignes, traces, x, titre, lecture, margin={"t": 24})
    image.figure.update_yaxes(range=[len(lignes) - 0.5, -0.5])
    return replace(image, hauteur=_HAUTEUR_DES_BORDS + _HAUTEUR_D_UNE_LIGNE * len(lignes))


def effectifs(lignes: pd.DataFrame, quoi: str, titre: str, lecture: str) -> Image:
    """Counts. `lignes` adds `effectif`; `quoi` says what is counted."""
    barres = go.Bar(
        x=lignes["effectif"],
        y=list(range(len(lignes))),
        ids=_codes(lignes),
        orientation="h",
        marker_color=couleurs.AU_DESSOUS,
        **bulle(lignes["infobulle"]),
    )
    # Towards the names, on two lines: the marks may be narrower than what is said of them.
    dites = wrap(quoi, _LETTRES_DITES)
    dit = {**EN_HAUT, "x": 1, "xref": "paper", "xanchor": "right"}
    return en_lignes(
        lignes,
        [barres],
        nombres(lignes["effectif"]),
        titre,
        lecture,
        annotations=[{**dit, "text": "<br>".join(map(escape, dites))}],
        margin={"t": 34 + _INTERLIGNE * (len(dites) - 1)},
    )


def ecarts(lignes: pd.DataFrame, titre: str, lecture: str) -> Image:
    """How far each line is from its objective, as a length in attributions: to the left what is missing, to the right
    what there is too much of.

    `lignes` adds `trop`, `manque` (attributions; 0 where none, or where it is not said).
    """
    rangs = list(range(len(lignes)))
    cotes = (("il en manque", -lignes["manque"], couleurs.AU_DESSOUS), ("de trop", lignes["trop"], couleurs.AU_DESSUS))
    barres = [
        go.Bar(
            x=longueurs,
            y=rangs,
            ids=_codes(lignes),
            orientation="h",
            name=nom,
            marker_color=ton,
            showlegend=True,
            **bulle(lignes["infobulle"]),
        )
        for nom, longueurs, ton in cotes
    ]
    etendue = pd.concat([longueurs for _, longueurs, _ in cotes])
    return en_lignes(lignes, barres, autour_de_zero(etendue, "attributions à l’écart de l’objectif"), titre, lecture)


def deux_points(
    lignes: pd.DataFrame,
    series: tuple[str, str],
    bornes: tuple[str, str],
    x: Mapping[str, Any],
    titre: str,
    lecture: str,
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
    points = [
        go.Scatter(
            x=lignes[borne].astype(float),
            y=rangs,
            ids=_codes(lignes),
            mode="markers",
            name=serie,
            marker={"size": 16, "color": ton, "symbol": marque, "line": _CONTOUR},
            showlegend=True,
            cliponaxis=False,
            **bulle(lignes["infobulle"]),
        )
        for serie, borne, ton, marque in zip(series, bornes, tons, marques, strict=True)
    ]
    return en_lignes(lignes, [joints, *points], x, titre, lecture)


def empilees(
    lignes: pd.DataFrame,
    segments: pd.DataFrame,
    series: Series,
    x: Mapping[str, Any],
    titre: str,
    lecture: str,
    muettes: Mapping[int, str] | None = None,
) -> Image:
    """The parts of each line end to end, in the order of `series`.

    `segments`: `rang` (of the line), `serie` (of `series`), `longueur`, `dit` (empty where it is too narrow),
    `infobulle`. `muettes`: why a line has no part, by its `rang`.
    """
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
    }
    return en_lignes(lignes, traces, x, titre, lecture, **en_page)


def _part(siens: pd.DataFrame, serie: str, ton: str, encre: str) -> go.Bar:
    return go.Bar(
        x=siens["longueur"],
        y=siens["rang"],
        orientation="h",
        name=serie,
        marker={"color": ton, "line": {"color": couleurs.PAPIER, "width": 2}},
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


def _codes(lignes: pd.DataFrame) -> list[str] | None:
    return list(lignes["code"]) if "code" in lignes else None
