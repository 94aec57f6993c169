"""What every chart shares: one template, how a mark says its whole figure, and what an image is made of.

Sizes are in pixels of a window 1366 wide, and follow it in the page (static/images/figure.js): a larger projection is
read from further. Texts are written before, in French, by `mel_core.socle.langue`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from mel_core.secret.bail import SALLE, reader
from mel_core.socle import langue
from pages.commun.images import couleurs

POLICE = "Atkinson, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
GRAISSE = 700
_LETTRES_MAX = 36  # of a name on one line
_NOMBRE_LU = re.compile(r"\d+(?:[\s.,]\d+)*")
_FICTIF = " (fictif)"  # of a name of the demonstration
LIGNES_SERREES = 7  # of a chart: beyond, a name has one line
_ETENDUE_LARGE = 0.5  # beyond, marks by quarters


@dataclass(frozen=True)
class Image:
    """A chart: its figure, its accessible name, and what it shows now in words. `hauteur`: in heights of a letter,
    where its lines decide; else that of its place."""

    figure: go.Figure
    titre: str
    lecture: str
    hauteur: float | None = None


GABARIT = go.layout.Template(
    data={"bar": [go.Bar(showlegend=False)], "scatter": [go.Scatter(showlegend=False)]},
    layout=go.Layout(
        font={"family": POLICE, "size": 15, "color": couleurs.ENCRE},
        paper_bgcolor=couleurs.PAPIER,
        plot_bgcolor=couleurs.PAPIER,
        separators=f",{langue.FINE}",
        margin={"t": 34, "r": 12, "b": 8, "l": 8},
        dragmode=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": couleurs.ENCRE,
            "bordercolor": couleurs.ENCRE,
            "font": {"family": POLICE, "size": 16, "color": couleurs.PAPIER},
            "align": "left",
            "namelength": -1,
        },
        bargap=0.3,
        barmode="overlay",
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": 15},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        xaxis={
            "gridcolor": couleurs.GRILLE,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
            "tickfont": {"size": 14, "color": couleurs.ENCRE_DOUCE},
            "ticklabelstandoff": 6,  # the first one is not written over the 0 of the other axis
            "title": {"font": {"size": 14, "color": couleurs.ENCRE_DOUCE}, "standoff": 6},
        },
        yaxis={
            "gridcolor": couleurs.GRILLE,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
            "tickfont": {"size": 14, "color": couleurs.ENCRE_DOUCE},
        },
        annotationdefaults={"showarrow": False, "align": "left", "font": {"size": 15, "weight": GRAISSE}},
    ),
)
EN_HAUT: dict[str, Any] = {"y": 1, "yref": "paper", "yanchor": "bottom"}  # of an annotation: over the figure
NOMBRE: dict[str, Any] = {"tickformat": ",d", "nticks": 4, "tickangle": 0}


def figure(traces: Iterable[Any], **mise_en_page: Any) -> go.Figure:
    """A figure over the template."""
    return go.Figure(list(traces), go.Layout(template=GABARIT, **mise_en_page))


def bulle(dits: Iterable[str]) -> dict[str, Any]:
    """What each mark says under the pointer: its whole figure, as written in French."""
    return {"customdata": [escape(dit) for dit in dits], "hovertemplate": "%{customdata}<extra></extra>"}


def est_projete() -> bool:
    """Whether a room reads it: fewer words, and no graduation where the mark says its figure."""
    return reader() == SALLE


def count_lus(texte: str) -> tuple[int, int]:
    """How many words a room reads, a number being one, and how many of them are numbers."""
    return len(re.findall(r"\w\S*", _NOMBRE_LU.sub(" 0 ", texte))), len(_NOMBRE_LU.findall(texte))


def axe_de_parts(maximum: float = 1.0, minimum: float = 0.0) -> dict[str, Any]:
    """An axis of shares, marked in per cent at round ones."""
    pas = 10 if maximum - minimum <= _ETENDUE_LARGE else 25
    reperes = [0.5] if est_projete() else [r / 100 for r in range(0, 101, pas)]
    return {
        "range": [minimum, maximum],
        "tickvals": reperes,
        "ticktext": [langue.part(r, 0) for r in reperes],
        "tickangle": 0,
    }


MUET: dict[str, Any] = {"hoverinfo": "skip"}


def nom_court(nom: str, n_lignes: int = 2, lettres: int = _LETTRES_MAX) -> str:
    """A name on so many lines at most, of so many letters, whole under the pointer. Its end stays: two résidences of
    the same name are told apart by their commune."""
    lignes, garde, fin = wrap(nom, lettres), n_lignes * lettres - 1, nom[nom.rfind(" (") :]
    while len(lignes) > n_lignes:
        bout = fin if 1 < len(fin) <= garde // 2 else nom[-(garde // 3) :]
        lignes = wrap(f"{nom[: garde - len(bout)].rstrip()}…{bout}", lettres)
        garde -= 1
    return "<br>".join(map(escape, lignes))


def nom_projete(nom: str) -> str:
    """A name as it is read beside a mark: « DONNÉES FICTIVES » stands on every page."""
    return nom.removesuffix(_FICTIF)


def noms_de_lignes(noms: Sequence[str]) -> list[str]:
    """What is written beside each of these lines: on two of text, on one where lines are many, for two of text would be
    written over the next. Two places never bear one name: where those cut begin by a same word, their ends are kept."""
    noms = [nom_projete(nom) for nom in noms]
    est_serree = len(noms) > LIGNES_SERREES
    courts = [nom_court(nom, 1 if est_serree else 2) for nom in noms]
    debuts = [nom.split(" ")[0] for nom, court in zip(noms, courts, strict=True) if court != escape(nom)]
    fins = [court if court == escape(nom) else _par_la_fin(nom) for nom, court in zip(noms, courts, strict=True)]
    prefere = fins if est_serree and len(set(debuts)) < len(debuts) else courts
    dites = (prefere, courts, fins, [nom_court(nom) for nom in noms])
    return next((siennes for siennes in dites if len(set(siennes)) == len(set(noms))), dites[-1])


def _par_la_fin(nom: str) -> str:
    """The last words of a name that is too long, on one line."""
    mots = nom.split(" ")
    fins = (" ".join(mots[rang:]) for rang in range(1, len(mots)))
    return next((f"… {escape(fin)}" for fin in fins if len(fin) + 2 <= _LETTRES_MAX), nom_court(nom, 1))


def bande(x: Sequence[float], bas: Sequence[float], haut: Sequence[float], ton: str, **dite: Any) -> go.Scatter:
    """What lies between two curves, in one trace: each of them costs its part of what a hand on a lever redraws."""
    contour = {"x": [*x, *reversed(x)], "y": [*haut, *reversed(bas)]}
    return go.Scatter(mode="lines", line={"width": 0}, fill="toself", fillcolor=ton, **contour, **MUET, **dite)


def regle(axe: str, ou: float, etendue: Sequence[float], *, est_essayee: bool = False) -> go.Scatter:
    """The line of a target across the figure, on `axe` (x, y): full when in force, dashed when tried. `etendue`: of the
    other axis. A trace, for names to be written over it."""
    places = {axe: [ou, ou], "y" if axe == "x" else "x": list(etendue)}
    trait = {"color": couleurs.ENCRE, "width": 3, "dash": "dash" if est_essayee else "solid"}
    return go.Scatter(mode="lines", line=trait, **places, **MUET)


CORPS_DE_NOM = 16


def axe_de_noms(noms: Sequence[str], *, cote: str = "left", corps: float = CORPS_DE_NOM) -> dict[str, Any]:
    """One line per name, from the top; on the right (`cote`), what is written at the end of each. Smaller, they are
    looked up, and not read from the last row."""
    return {
        "tickvals": list(range(len(noms))),
        "ticktext": list(noms),
        "range": [len(noms) - 0.5, -0.5],
        "showgrid": False,
        "side": cote,
        "ticks": "",
        "ticklabelstandoff": 6,
        "tickfont": {"size": corps, "color": couleurs.ENCRE, "weight": 600 if corps >= CORPS_DE_NOM else 400},
    }
