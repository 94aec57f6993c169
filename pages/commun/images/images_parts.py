"""Charts of shares, one line per place, against its objective: many places on one axis, or one place by objective.

Each takes a frame `lignes` (see `lignes.py`), and what it says it adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.phrases_constats import DE_TROP, DES_DEUX, EN_MANQUE
from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import EN_HAUT, MUET, Image, axe_de_parts, bulle, est_projete, regle
from pages.commun.images.images_objectif import cibles_dites, regles
from pages.commun.images.lignes import CONTOUR, CONTOUR_FIN, INTERLIGNE, Part, codes, empilees, en_lignes, points

# How a line stands to its objective: a mark, told apart without its tone.
MARQUES = {DE_TROP: "triangle-up", EN_MANQUE: "triangle-down", DES_DEUX: "diamond"}
_A_COTE = {"avant": {"size": 7, "symbol": "circle"}, "ici": {"size": 12, "symbol": "square"}}
_HAUTEUR_DES_BORDS, _HAUTEUR_D_UNE_LIGNE, _EN_SALLE = 4.6, 2.2, 3.2  # in heights of a letter; of a line in a room
_VOIE, _TRAIT_ENTIER = 0.42, 30  # of a line: how far a mark beside another stands; what crosses all of them
_MARGE = 0.42  # of what the marks take: room on both sides for what is said of them
# Of the axis: a letter that a room reads beside the longest names, with what is at the end too; around what is said.
_LETTRE, _LETTRE_LARGE, _BLANCS = 0.0148, 0.02, 4
_PASSES = 12
_ETENDUE_MIN = 0.12  # shares: nearer marks are not told apart more than that


def parts(
    lignes: pd.DataFrame,
    cibles: pd.DataFrame,
    repere: tuple[float, str] | None,
    titre: str,
    lecture: str,
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
    # What is written is away from the objective in force, which it is about: a target tried moves none of it.
    est_a_gauche = lignes["part"] < (reperes[0] if reperes else 0)
    # Beyond its own objective, where that is on its way.
    bouts = lignes[["part", "propre"]].astype(float)
    ou = bouts.max(axis=1).mask(est_a_gauche, bouts.min(axis=1))
    bas, haut = _etendue(places, ou, est_a_gauche, lignes["valeur_dit"])
    traces = [
        *_etendues(lignes, rangs, ("bas_95", "haut_95"), f"limites 95{langue.FINE}%"),
        *([regle("x", repere[0], etendue)] if repere else []),
        *regles(cibles, etendue),
        *_propres(lignes),
        *_a_cote(lignes, [rang + _VOIE for rang in rangs], "avant"),
        _points(lignes, rangs),
        _ecrits(ou, rangs, lignes["valeur_dit"], est_a_gauche),
    ]
    axe = {**axe_de_parts(haut, bas), "zeroline": False}
    if reperes and (est_projete() or cibles["est_essayee"].any()):
        axe |= {"showticklabels": False, "showgrid": False}
    # The line of the objective says its own.
    axe["ticktext"] = ["" if t in reperes else dit for t, dit in zip(axe["tickvals"], axe["ticktext"], strict=True)]
    dites = cibles_dites(cibles)
    if repere:
        dites.append({**EN_HAUT, "x": repere[0], "text": f"<b>{escape(repere[1])}</b>"})
    return en_lignes(
        lignes.assign(valeur_dit=""),
        traces,
        axe,
        titre,
        lecture,
        annotations=dites,
        bargap=0.0,
        # The legend over what is said of the objective, wherever that stands.
        legend={"yref": "container", "y": 1, "yanchor": "top"},
        margin={"t": 42 + INTERLIGNE},
    )


def _etendue(
    places: Sequence[float], ou: pd.Series, est_a_gauche: pd.Series, dits: pd.Series, lettre: float = _LETTRE
) -> tuple[float, float]:
    """From where to where an axis goes that has room for its marks and for what is written beside each."""
    largeurs = lettre * (dits.str.len() + _BLANCS)
    cotes = est_a_gauche.map({True: -1, False: 1})
    marge = _MARGE * max(max(places) - min(places), _ETENDUE_MIN)
    bas, haut = min(places) - marge, max(places) + marge
    for _ in range(_PASSES):  # a wider axis widens what is written on it
        bouts = ou + cotes * largeurs * (haut - bas)
        bas, haut = min(bas, bouts.min()), max(haut, bouts.max())
    return bas, haut


def _ecrits(ou: pd.Series, rangs: list[int], dits: pd.Series, est_a_gauche: pd.Series) -> go.Scatter:
    """What is written beside a mark of each line."""
    return go.Scatter(
        x=ou,
        y=rangs,
        mode="text",
        text=[f"   <b>{escape(dit)}</b>   " for dit in dits],
        textposition=["middle left" if gauche else "middle right" for gauche in est_a_gauche],
        textfont={"size": 16},
        cliponaxis=False,
        **MUET,
    )


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
            marker={"color": couleurs.ENTONNOIR, "line": CONTOUR_FIN if est_projete() else {}},
            name=nom,
            showlegend=True,
            hoverinfo="skip",
        )
    ]


def _propres(lignes: pd.DataFrame, nom: str = "objectif propre", taille: int = 22) -> list[go.Scatter]:
    """The objectives that are each line's own: a bar across the line."""
    if lignes["propre"].isna().all():
        return []
    trait = {"symbol": "line-ns", "size": taille, "line": {"color": couleurs.ENCRE, "width": 3}}
    dits = [f"son objectif{langue.INSECABLE}: {langue.part(p)}" for p in lignes["propre"]]
    return [points(lignes["propre"], nom, trait, dits)]


def _a_cote(lignes: pd.DataFrame, rangs: Sequence[float], colonne: str) -> list[go.Scatter]:
    """What each line is set against, small and hollow: see `_A_COTE`."""
    if colonne not in lignes or lignes[colonne].isna().all():
        return []
    dit, parts = lignes[f"{colonne}_dit"].iloc[0], lignes[colonne].astype(float)
    infobulles = [f"{nom}, {dit} : {langue.part(part)}" for nom, part in zip(lignes["libelle"], parts, strict=True)]
    marque = {**_A_COTE[colonne], "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 1.5}}
    return [points(parts, dit, marque, infobulles, y=rangs, cliponaxis=False)]


def _points(lignes: pd.DataFrame, rangs: list[int]) -> go.Scatter:
    """Where each line is, by its verdict."""
    places = {"x": lignes["part"], "y": rangs, "ids": codes(lignes), "marker": _marque(lignes["verdict"])}
    return go.Scatter(mode="markers", cliponaxis=False, **places, **bulle(lignes["infobulle"]))


def _marque(verdicts: pd.Series) -> dict[str, Any]:
    """Of each verdict, a tone and a shape."""
    symboles = verdicts.map(MARQUES).fillna("circle")
    return {"size": 16, "color": verdicts.map(couleurs.VERDICTS), "symbol": symboles, "line": CONTOUR}


def deux_cotes(noms: Sequence[str], parts: Sequence[float], cotes: tuple[str, str], titre: str) -> Image:
    """A share of each line and what is left of it, end to end; each of `cotes` is named on the first line, and the
    share is at the end of each: it alone is said, what is left of a rounded one would be a second rounding."""
    dits = [f"{nom}, {cotes[0].lower()} : {langue.part(part)}" for nom, part in zip(noms, parts, strict=True)]
    bouts = [
        Part(rang, cote, longueur, "" if rang else cote, dit)
        for rang, (dit, part) in enumerate(zip(dits, parts, strict=True))
        for cote, longueur in zip(cotes, (part, 1 - part), strict=True)
    ]
    lignes = pd.DataFrame({"libelle": noms, "valeur_dit": [langue.part(part) for part in parts]})
    tons = (couleurs.AU_DESSOUS, couleurs.PAPIER), (couleurs.AU_DESSOUS_CLAIR, couleurs.ENCRE)
    x, lu = {**axe_de_parts(), "visible": False}, " ; ".join(dits)
    return empilees(lignes, bouts, dict(zip(cotes, tons, strict=True)), x, titre, lu, est_nommee=True)


def reperes(lignes: pd.DataFrame, qui: str, titre: str) -> Image:
    """A dot of the place `qui` for each line, with its share, against its own objective; over it the whole, under it
    the séance before, so that no mark covers another; what is said of its gap at its end.

    `lignes` adds `part`, `part_dit`, `verdict`, `propre`, `avant`, `avant_dit` (see `parts`; empty where not said),
    `ici` and `ici_dit`, the share of the whole and its name, and `bande_bas`, `bande_haut`, where the objective is a
    band.
    """
    rangs, bande = list(range(len(lignes))), ("bande_bas", "bande_haut")
    est_a_gauche = lignes["part"] < lignes["propre"]
    places = list(lignes[["part", "propre", "ici", "avant", *bande]].astype(float).stack().dropna())
    bas, haut = _etendue(places, lignes["part"], est_a_gauche, lignes["part_dit"], _LETTRE_LARGE)
    marque = _marque(lignes["verdict"].iloc[:1])
    traces = [
        # In the legend, whose they are; the end of each line says its verdict.
        go.Scatter(x=[None], y=[None], mode="markers", name=qui, showlegend=True, marker=marque, **MUET),
        *_etendues(lignes, rangs, bande, "bande"),
        *_propres(lignes, "objectif", _TRAIT_ENTIER),
        *_a_cote(lignes, [rang - _VOIE for rang in rangs], "ici"),
        *_a_cote(lignes, [rang + _VOIE for rang in rangs], "avant"),
        _points(lignes, rangs),
        _ecrits(lignes["part"], rangs, lignes["part_dit"], est_a_gauche),
    ]
    x = {**axe_de_parts(haut, bas), "zeroline": False, "showticklabels": not est_projete()}
    # Left of the marks, it may be as wide as the names and the marks together: on one line; and covers no mark.
    legende = {"x": -0.001, "bgcolor": "rgba(0,0,0,0)"}
    # Both sides of a gap on two lines: the marks have the room.
    dits = [dit.replace(" et ", " <br>et ") for dit in lignes["valeur_dit"]]
    image = en_lignes(lignes.assign(valeur_dit=dits), traces, x, titre, margin={"t": 24}, legend=legende)
    image.figure.update_yaxes(range=[len(lignes) - 0.5, -0.5])
    une_ligne = _EN_SALLE if est_projete() else _HAUTEUR_D_UNE_LIGNE
    return replace(image, hauteur=_HAUTEUR_DES_BORDS + une_ligne * len(lignes))
