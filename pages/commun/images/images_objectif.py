"""The chart of the types of quartiers against their objective, and how the line of an objective is drawn and named."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.phrases_constats import SANS_OBJECTIF, TROP_PEU
from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import EN_HAUT, MUET, Image, axe_de_noms, bulle, figure, regle

# Of what cannot be judged, the bar is there all the same.
_TONS = {**couleurs.VERDICTS, TROP_PEU: couleurs.FILET, SANS_OBJECTIF: couleurs.FILET}
_BARRE = 0.58  # of the height of a line
_A_L_ETROIT, _LONGUEUR_2015 = 0.45, 0.4  # shares: below, there is room on the left; what the text takes
_LARGE = 0.16  # a narrower bar has no room for its figure
_AU_BOUT = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6}

# What `barres` reads of each class.
CLASSE = (
    *("libelle", "effectif_dit", "part", "part_dit", "verdict", "ecart_dit", "bande_bas", "bande_haut"),
    *("part_2015", "dit_2015", "avant", "infobulle"),
)


def barres(classes: pd.DataFrame, cibles: pd.DataFrame, avant_dit: str, lecture: str) -> Image:
    """Shares by class, one bar each, against the target.

    `classes`, from the top: `libelle`, `effectif_dit`, `part` (0–1, empty: not said), `part_dit`, `verdict` (of
    couleurs.VERDICTS), `ecart_dit`, `bande_bas`, `bande_haut` (0–1, empty without a band), `part_2015` (0–1, empty when
    unknown), `dit_2015`, `avant` (0–1, at the séance `avant_dit`; empty: not said), `infobulle`. `cibles`: see the
    function of that name.
    """
    rangs = list(range(len(classes)))
    ligne: dict[str, Any] = {"y": rangs, "orientation": "h"}
    etendue = [len(rangs) - 0.38, -0.45]
    noms = [
        f"<b>{nom}</b><br><span style='font-size:0.75em;font-weight:400'>{dit.replace(' · ', '<br>')}</span>"
        if dit
        else f"<b>{nom}</b>"
        for nom, dit in zip(classes["libelle"], classes["effectif_dit"], strict=True)
    ]
    bande = classes["bande_bas"].notna()
    traces = [
        go.Bar(x=[1] * len(rangs), marker_color=couleurs.FOND_DOUX, **ligne, **bulle(classes["infobulle"])),
        go.Bar(
            x=classes["part"].astype(float).fillna(0),
            marker_color=classes["verdict"].map(_TONS),
            text=[f" <b>{dit}</b>" for dit in classes["part_dit"]],
            textposition=["inside" if p >= _LARGE else "outside" for p in classes["part"].astype(float).fillna(0)],
            insidetextanchor="start",
            insidetextfont={"size": 26, "color": couleurs.PAPIER},
            outsidetextfont={"size": 26, "color": couleurs.ENCRE},
            textangle=0,
            constraintext="none",
            cliponaxis=False,
            **ligne,
            **bulle(classes["infobulle"]),
        ),
        *regles(cibles, etendue),
        _avant(classes["avant"], [r - _BARRE / 2 for r in rangs], classes["libelle"], avant_dit),
        go.Scatter(
            x=classes["part_2015"],
            y=[r + _BARRE / 2 + 0.13 for r in rangs],
            mode="markers+text",
            marker={"symbol": "diamond", "size": 9, "color": couleurs.ENCRE},
            text=[f"  {dit}  " for dit in classes["dit_2015"]],
            textposition=[_cote_2015(part, cibles["cible"]) for part in classes["part_2015"]],
            textfont={"size": 14, "weight": 600},
            cliponaxis=False,
            **MUET,
        ),
        go.Scatter(x=[None], y=[0], yaxis="y2", **MUET),  # an axis that no trace follows is not drawn
    ]
    bandes = [
        {
            "type": "rect",
            "x0": x.bande_bas,
            "x1": x.bande_haut,
            "y0": rang - _BARRE / 2,
            "y1": rang + _BARRE / 2,
            "line": {"color": couleurs.ENCRE, "width": 1.5, "dash": "dash"},
        }
        for rang, x in zip(rangs, classes.itertuples(), strict=True)
        if bande.iloc[rang]
    ]
    return Image(
        figure(
            traces,
            xaxis={"range": [0, 1], "visible": False},
            yaxis={**axe_de_noms(noms, corps=20), "range": etendue},
            yaxis2={
                **axe_de_noms(list(classes["ecart_dit"]), cote="right", corps=20),
                "range": etendue,
                "overlaying": "y",
            },
            shapes=bandes,
            annotations=[*cibles_dites(cibles), *_legende_avant(classes["avant"], avant_dit)],
            bargap=1 - _BARRE,
            margin={"t": 30, "b": 2, "l": 4, "r": 4},
        ),
        "Part de ménages modestes par type de quartiers",
        lecture,
    )


def _cote_2015(part: float, cibles: pd.Series) -> str:
    """On which side the reading of 2015 is written: off the line of a target that would cross it."""
    est_barree = pd.notna(part) and part < _A_L_ETROIT and cibles.between(part, part + _LONGUEUR_2015).any()
    return "middle left" if est_barree else "middle right"


def _avant(parts: pd.Series, rangs: Sequence[float], noms: pd.Series, dit: str) -> go.Scatter:
    """Where each stood at the séance before: a small ring."""
    infobulles = [f"{nom}, {dit} : {langue.part(part)}" for nom, part in zip(noms, parts, strict=True)]
    anneau = {"size": 11, "symbol": "circle", "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 2}}
    places = {"x": parts.astype(float), "y": rangs}
    return go.Scatter(mode="markers", marker=anneau, cliponaxis=False, **places, **bulle(infobulles))


def _legende_avant(parts: pd.Series, dit: str) -> list[dict[str, Any]]:
    """What the rings are, under the figures on the right: a target that is tried is named over them; nothing when there
    is none."""
    if parts.isna().all():
        return []
    return [{"text": f"○ {dit}", "font": {"size": 14}, **_AU_BOUT, "y": 0, "yref": "paper", "yanchor": "bottom"}]


def cibles(votee: Fraction | None, essayee: Fraction | None = None) -> pd.DataFrame:
    """The targets to draw: the one in force, and the one tried when it differs. `cible` (0–1), `cible_dit`, `cote`
    (centre, gauche, droite: where its name is written, so that two never overlap), `est_essayee`."""
    voulues = [] if votee is None else [(votee, "objectif", False)]
    if essayee is not None and essayee != votee:
        voulues.append((essayee, "hypothèse", True))
    plus_basse = min((v for v, _, _ in voulues), default=None)
    cotes = ["centre"] if len(voulues) == 1 else ["gauche" if v == plus_basse else "droite" for v, _, _ in voulues]
    lignes = [
        (float(v), f"{nom} {langue.part(v)}", cote, est_essayee)
        for (v, nom, est_essayee), cote in zip(voulues, cotes, strict=True)
    ]
    return pd.DataFrame(lignes, columns=["cible", "cible_dit", "cote", "est_essayee"])


def regles(cibles: pd.DataFrame, etendue: Sequence[float]) -> list[go.Scatter]:
    """The lines of the targets: see `cibles`."""
    return [regle("x", x.cible, etendue, est_essayee=x.est_essayee) for x in cibles.itertuples()]


def cibles_dites(cibles: pd.DataFrame) -> list[dict[str, Any]]:
    """What is written over the line of each target."""
    ancres = {"centre": "center", "gauche": "right", "droite": "left"}
    return [
        {
            "text": f"<b>{x.cible_dit}</b>",
            "font": {"size": 16},
            "x": x.cible,
            "xanchor": ancres[str(x.cote)],
            **EN_HAUT,
        }
        for x in cibles.itertuples()
    ]
