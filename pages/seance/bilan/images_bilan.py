"""The charts of the two objectives: shares by class against the target, funnel of the communes; and their map.

Each takes what it draws as frames, texts written in French before, and gives a figure over the shared template.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import EN_HAUT, MUET, Image, axe_de_noms, axe_de_parts, bande, bulle, figure, regle

# Position of a share against the target in force or tried: a word, a tone, a mark.
TONS = {
    "au-dessus": couleurs.AU_DESSUS,
    "au-dessous": couleurs.AU_DESSOUS,
    "dans la bande": couleurs.PROCHE,
    "dans les limites": couleurs.PROCHE,
    "sans objectif": couleurs.FILET,
}
MARQUES = {"au-dessus": "triangle-up", "au-dessous": "triangle-down", "dans les limites": "circle"}
_BARRE = 0.58  # of the height of a line
_A_L_ETROIT, _LONGUEUR_2015 = 0.45, 0.4  # shares: below, there is room on the left; what the text takes
_LARGE = 0.16  # a narrower bar has no room for its figure
# In sixteenths of a letter, to keep names apart where there is least room: in Salle, whose letters are larger.
_ENTONNOIR_PX, _RAYON, _DEMI_LETTRE, _INTERLIGNE = (480, 170), 8, 4.3, 17
_DE_LOIN = 0.45  # of the height of a chart: the names of two targets, of two lines each, do not meet
_DU_POINT, _CAPITALE = 15, 3  # from a point to its name, where it stands beside; what a capital has beyond a letter
_BLANC = 8  # between two names of a line: they are not read as one
_AU_BOUT = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6}
_EN_X = (3, 10, 30, 100, 300, 1000, 3000, 10_000)

# What `barres` reads of each class.
CLASSE = (
    *("libelle", "effectif_dit", "part", "part_dit", "position", "ecart_dit", "bande_bas", "bande_haut"),
    *("part_2015", "dit_2015", "avant", "infobulle"),
)


def barres(classes: pd.DataFrame, cibles: pd.DataFrame, avant_dit: str, lecture: str) -> Image:
    """Shares by class, one bar each, against the target.

    `classes`, from the top: `libelle`, `effectif_dit`, `part` (0–1, empty: not said), `part_dit`, `position` (of TONS),
    `ecart_dit`, `bande_bas`, `bande_haut` (0–1, empty without a band), `part_2015` (0–1, empty when unknown),
    `dit_2015`, `avant` (0–1, at the séance `avant_dit`; empty: not said), `infobulle`. `cibles`: see `cibles_dites`.
    """
    rangs = list(range(len(classes)))
    ligne: dict[str, Any] = {"y": rangs, "orientation": "h"}
    etendue = [len(rangs) - 0.38, -0.45]
    noms = [
        f"<b>{nom}</b><br><span style='font-size:0.75em;font-weight:400'>{dit.replace(' · ', '<br>')}</span>"
        for nom, dit in zip(classes["libelle"], classes["effectif_dit"], strict=True)
    ]
    bande = classes["bande_bas"].notna()
    traces = [
        go.Bar(x=[1] * len(rangs), marker_color=couleurs.FOND_DOUX, **ligne, **bulle(classes["infobulle"])),
        go.Bar(
            x=classes["part"].astype(float).fillna(0),
            marker_color=classes["position"].map(TONS),
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
        *regles("x", cibles, etendue),
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
            annotations=[*cibles_dites("x", cibles), *_legende_avant(classes["avant"], avant_dit)],
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


def _avant(
    parts: pd.Series, autres: Sequence[float] | pd.Series, noms: pd.Series, dit: str, axe: str = "x"
) -> go.Scatter:
    """Where each stood at the séance before: a small ring."""
    places = {axe: parts.astype(float), "y" if axe == "x" else "x": autres}
    infobulles = [f"{nom}, {dit} : {langue.part(part)}" for nom, part in zip(noms, parts, strict=True)]
    anneau = {"size": 11, "symbol": "circle", "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 2}}
    return go.Scatter(mode="markers", marker=anneau, cliponaxis=False, **places, **bulle(infobulles))


def _legende_avant(parts: pd.Series, dit: str) -> list[dict[str, Any]]:
    """What the rings are, under the figures on the right: a target that is tried is named over them; nothing when there
    is none."""
    if parts.isna().all():
        return []
    return [{"text": f"○ {dit}", "font": {"size": 14}, **_AU_BOUT, "y": 0, "yref": "paper", "yanchor": "bottom"}]


def entonnoir(points: pd.DataFrame, limites: pd.DataFrame, cibles: pd.DataFrame, avant_dit: str, lecture: str) -> Image:
    """Shares by number of attributions, between the control limits around the target.

    `points`: `code`, `n`, `part` (0–1), `nom`, `cote_nom` (a text position of Plotly, empty: unnamed), `position`
    (au-dessus, au-dessous, dans les limites), `avant`, `n_avant` (as at the séance `avant_dit`), `infobulle`.
    `limites`: see `mel_core.indicateurs.entonnoir.limites`.
    `cibles`: see `cibles_dites`.
    """
    en_x = [math.log10(limites["n"].min()), math.log10(limites["n"].max())] if len(limites) else [1, 3]
    aires = []
    for nom, ton in (("998", couleurs.FOND_DOUX), ("95", couleurs.ENTONNOIR)):
        dit = f"limites de contrôle à {langue.nombre(float(nom) / 10, 1) if nom == '998' else nom}{langue.FINE}%"
        dessous, dessus = list(limites[f"bas_{nom}"]), list(limites[f"haut_{nom}"])
        aires.append(bande(list(limites["n"]), dessous, dessus, ton, name=dit, showlegend=True))
    nuage = go.Scatter(
        x=points["n"],
        y=points["part"].astype(float),
        ids=points["code"],
        mode="markers+text",
        marker={
            "size": 14,
            "color": points["position"].map(TONS),
            "symbol": points["position"].map(MARQUES),
            "line": {"color": couleurs.PAPIER, "width": 1},
        },
        text=[f" {nom} " if cote else "" for nom, cote in zip(points["nom"], points["cote_nom"], strict=True)],
        textposition=[cote or "middle right" for cote in points["cote_nom"]],
        textfont={"size": 15, "weight": 600},
        cliponaxis=False,
        **bulle(points["infobulle"]),
    )
    chemins = [] if points["avant"].isna().all() else _chemins(points, avant_dit)
    reperes = [x for x in _EN_X if en_x[0] <= math.log10(x) <= en_x[1]]
    bas = limites[["bas_95", "bas_998"]].min().min() if len(limites) else 0
    haut = limites[["haut_95", "haut_998"]].max().max() if len(limites) else 1
    parts = [*points["part"].astype(float), *points["avant"].dropna()]
    en_y = (min([bas, *parts]), max([haut, *parts]))
    marge = 0.03 * (en_y[1] - en_y[0])
    return Image(
        figure(
            [*aires, *regles("y", cibles, [10**x for x in en_x]), *chemins, nuage],
            xaxis={
                "type": "log",
                "range": en_x,
                "tickvals": reperes,
                "ticktext": [langue.nombre(x) for x in reperes],
                "showgrid": False,
                "title": {"text": "nombre d’attributions en premier accès (échelle logarithmique)"},
            },
            yaxis={**axe_de_parts(en_y[1] + marge, en_y[0] - marge)},
            annotations=cibles_dites("y", cibles, est_loin=np.ptp(cibles["cible"]) > _DE_LOIN * (en_y[1] - en_y[0])),
            legend={"traceorder": "reversed"},  # the narrowest limits first
            margin={"t": 26, "b": 2, "l": 4, "r": 115},
        ),
        "Part de ménages ACI par commune selon le nombre d’attributions",
        lecture,
    )


def _chemins(points: pd.DataFrame, avant_dit: str) -> list[go.Scatter]:
    """From where each stood at the séance before to where it is."""
    connus = points[points["avant"].notna()]
    trait = go.Scatter(
        x=[v for x in connus.itertuples() for v in (x.n_avant, x.n, None)],
        y=[v for x in connus.itertuples() for v in (x.avant, x.part, None)],
        mode="lines",
        line={"color": couleurs.GRILLE, "width": 1},
        **MUET,
    )
    anneaux = _avant(connus["avant"], connus["n_avant"], connus["nom"], avant_dit, "y")
    return [trait, anneaux.update(name=avant_dit, showlegend=True, marker_size=8)]


def cotes_des_noms(points: pd.DataFrame, en_x: tuple[float, float], en_y: tuple[float, float]) -> list[str]:
    """On which side each point is named (a text position of Plotly; empty: under the pointer alone): those beyond the
    limits first, then the largest, as long as names don't touch. Where a commune stands is read on the axes, never in
    an order. `en_x`: attributions; `en_y`: shares, at the edges."""
    largeur, hauteur = _ENTONNOIR_PX

    def place(effectifs: pd.Series, parts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        a_droite = (np.log(effectifs.to_numpy()) - math.log(en_x[0])) / (math.log(en_x[1]) - math.log(en_x[0]))
        return a_droite * largeur, (parts.to_numpy() - en_y[0]) / (en_y[1] - en_y[0]) * hauteur

    n = points["n"].to_numpy()
    x, y = place(points["n"], points["part"])
    est_dedans = (points["position"] == "dans les limites").to_numpy()
    cotes = [""] * len(points)
    prises: list[tuple[float, float, float]] = [(a, b, _RAYON) for a, b in zip(x, y, strict=True)]
    # Where communes stood before is left clear, but by those beyond the limits: they are named first of all.
    anneaux: list[tuple[float, float, float]] = []
    if "avant" in points:
        passes = points[points["avant"].notna() & points["n_avant"].gt(0)]
        anneaux = [(a, b, _RAYON) for a, b in zip(*place(passes["n_avant"], passes["avant"]), strict=True)]
    for i in np.lexsort((-n, est_dedans)):
        demi = _DEMI_LETTRE * len(points["nom"].iloc[i]) + _CAPITALE
        for cote, dx, dy in (
            ("middle right", _DU_POINT + demi, 0),
            ("middle left", -_DU_POINT - demi, 0),
            ("top center", 0, 17),
            ("bottom center", 0, -17),
            ("bottom left", -_DU_POINT - demi, -17),
        ):
            a, b = x[i] + dx, y[i] + dy
            genes = [*prises, *anneaux] if est_dedans[i] else prises
            est_libre = all(abs(a - x2) >= demi + d2 or abs(b - y2) >= _INTERLIGNE for x2, y2, d2 in genes)
            if demi <= a <= largeur - demi and _INTERLIGNE / 2 < b < hauteur and est_libre:
                prises.append((a, b, demi + _BLANC))
                cotes[i] = cote
                break
    return cotes


def regles(axe: str, cibles: pd.DataFrame, etendue: Sequence[float]) -> list[go.Scatter]:
    """The lines of the targets: see `cibles_dites`."""
    return [regle(axe, x.cible, etendue, est_essayee=x.est_essayee) for x in cibles.itertuples()]


def cibles_dites(axe: str, cibles: pd.DataFrame, *, est_loin: bool = False) -> list[dict[str, Any]]:
    """What is written at the end of the line of each target.

    `cibles`: one row per target shown (in force, tried): `cible` (0–1), `cible_dit`, `cote` (centre, gauche, droite:
    where its name is written, so that two never overlap: `est_loin`, they would not), `est_essayee`.
    """
    if axe == "x":
        ancres = {"centre": "center", "gauche": "right", "droite": "left"}
        places = [{"x": x.cible, "xanchor": ancres[x.cote], **EN_HAUT} for x in cibles.itertuples()]
    else:
        ancres = {"centre": "middle", "gauche": "top", "droite": "bottom"}
        places = [
            {"y": x.cible, "yanchor": "middle" if est_loin else ancres[x.cote], **_AU_BOUT} for x in cibles.itertuples()
        ]
    dites = cibles["cible_dit"] if axe == "x" else cibles["cible_dit"].str.replace(" ", "<br>", n=1)
    return [{"text": f"<b>{dit}</b>", "font": {"size": 16}, **ou} for dit, ou in zip(dites, places, strict=True)]
