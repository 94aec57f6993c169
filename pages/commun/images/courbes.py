"""Charts along time: what a projection leaves, semester by semester."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.contrat.tables import FRAGILITES
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from pages.commun.images import couleurs
from pages.commun.images.gabarit import EN_HAUT, MUET, NOMBRE, Image, axe_de_parts, bande, bulle, figure, regle

AVEC, SANS = "avec engagement", "sans engagement"
_REPERES_MAX = 5  # names of semesters side by side
_INTERLIGNE = 0.1  # between two names, over the height of the chart


def restants(avec: pd.DataFrame, sans: pd.DataFrame, seance: Seance) -> Image:
    """What is left of a segment with the engagement and without it. `avec`, `sans`: see
    `simulation.engagement.project`, `stock_debut` and `restants` as they are read. The first point is today."""
    suivies = [Seance.de_rang(seance.rang + n) for n in range(len(avec) + 1)]
    noms = [f"fin {s.annee}" if s.semestre == 2 else f"mi-{s.annee}" for s in suivies]
    traces, bouts, lus = [], {}, []
    for serie, suite, ton, trait in (
        (AVEC, avec, couleurs.AU_DESSOUS, "solid"),
        (SANS, sans, couleurs.ENCRE_DOUCE, "dash"),
    ):
        dits = [suite["stock_debut"].iloc[0], *suite["restants"]]
        places = [n.dit or 0 for n in dits]  # « 12 ou moins » stands on the axis
        infobulles = [f"{nom} : {langue.effectif(n, 'ménage')} {serie}" for nom, n in zip(noms, dits, strict=True)]
        lus += infobulles
        bouts[serie] = (places[-1], f"{dits[-1]} {serie}")
        traces.append(
            go.Scatter(
                x=list(range(len(noms))),
                y=places,
                mode="lines+markers",
                line={"color": ton, "width": 3.5, "dash": trait},
                marker={"size": 9},
                cliponaxis=False,
                **bulle(infobulles),
            )
        )
    est_sans_haut = bouts[SANS][0] >= bouts[AVEC][0]
    # Each before its line, but where the two would touch; what is nearly nothing, over the axis.
    pas = _INTERLIGNE * max(max(t.y) for t in traces)
    est_au_large = abs(bouts[SANS][0] - bouts[AVEC][0]) > 1.5 * pas
    cotes = {SANS: "bottom" if est_sans_haut else "top", AVEC: "top" if est_sans_haut else "bottom"}
    dites = []
    for serie, (y, dit) in bouts.items():
        seule = "bottom" if y < pas else "middle"
        dites.append(_au_bout(y, dit, len(noms) - 1, seule if est_au_large else cotes[serie]))
    un_sur = 1 if len(noms) <= _REPERES_MAX else 2
    return Image(
        figure(
            traces,
            xaxis=_etapes(noms, un_sur),
            yaxis={**NOMBRE, "nticks": 5, "rangemode": "tozero"},
            annotations=dites,
            margin={"t": 16, "b": 2, "l": 4, "r": _place(dit for _, dit in bouts.values())},
        ),
        "Ménages restant dans le segment, par semestre",
        " ; ".join(lus),
    )


def trajectoires(projection: pd.DataFrame, tendance: pd.DataFrame, semestre_moitie: float | Fraction | None) -> Image:
    """Share of modest occupants in the three classes of quartiers, semester by semester, with its band, beside what
    today's entrants would give; quartiers of unknown class stay in the table. `projection`, `tendance`: see
    `simulation.convergence.project`."""
    connus = projection[projection["fragilite"].isin(FRAGILITES)]
    traces: list[Any] = []
    fins: dict[str, float] = {}
    for classe in (c for c in FRAGILITES if (connus["fragilite"] == c).any()):
        sienne, constat = (t[t["fragilite"] == classe].sort_values("semestre") for t in (connus, tendance))
        nom, ton = FRAGILITES_EN_TETE[classe], couleurs.FRAGILITES[classe]
        voile = f"rgba({','.join(map(str, couleurs.rvb(ton)))},0.16)"
        infobulles = [
            f"{nom}, semestre {p.semestre} : {langue.part(p.part)} (de {langue.part(p.part_min)} à "
            f"{langue.part(p.part_max)})"
            for p in sienne.itertuples()
        ]
        traces += [
            bande(list(sienne["semestre"]), _reels(sienne["part_min"]), _reels(sienne["part_max"]), voile),
            go.Scatter(
                x=constat["semestre"],
                y=_reels(constat["part"]),
                mode="lines",
                line={"color": ton, "width": 2, "dash": "dash"},
                **MUET,
            ),
            go.Scatter(
                x=sienne["semestre"],
                y=_reels(sienne["part"]),
                mode="lines",
                line={"color": ton, "width": 4},
                **bulle(infobulles),
            ),
        ]
        fins[nom] = float(sienne["part"].iloc[-1])
    bas, haut = float(connus["part_min"].min()), float(connus["part_max"].max())
    dits = [f"{nom} {langue.part(part)}" for nom, part in fins.items()]
    places = set_aside(list(fins.values()), _INTERLIGNE * (haut - bas))
    dernier = int(connus["semestre"].max())
    moitie = [] if semestre_moitie is None else [float(semestre_moitie)]
    return Image(
        figure(
            traces,
            xaxis={
                **NOMBRE,
                "dtick": max(1, dernier // 6),
                "range": [0, dernier],
                "title": {"text": "semestres à partir d’aujourd’hui"},
            },
            yaxis=axe_de_parts(min(1.0, haut + 0.03), max(0.0, bas - 0.03)),
            shapes=[_trait_vertical(x) for x in moitie],
            annotations=[
                *(_au_bout(y, dit, dernier, "middle") for y, dit in zip(places, dits, strict=True)),
                *({**EN_HAUT, "x": x, "text": "écart réduit de moitié"} for x in moitie),
            ],
            margin={"t": 26, "b": 2, "l": 4, "r": _place(dits)},
        ),
        "Part de ménages modestes parmi les occupants, par type de quartiers",
        " ; ".join(dits),
    )


def tendance(seances: pd.DataFrame, cible: float | None, titre: str, ruptures: Sequence[float] = ()) -> Image:
    """A share at each séance held, beside the objective of the last one. `ruptures`: where a rule changes, in séances
    (1.5: between the second and the third).

    `seances`, in order: `nom`, `part` (0–1, empty when not said), `est_entiere` (whether the data cover its year),
    `infobulle`, `serie` (one line each), `ton`.
    """
    noms = list(dict.fromkeys(seances["nom"]))
    traces: list[Any] = []
    bouts = []
    for (serie, ton), points in seances.groupby(["serie", "ton"], sort=False):
        traces.append(
            go.Scatter(
                x=points["nom"].map(noms.index),
                y=points["part"].astype(float),
                mode="lines+markers",
                name=serie,
                line={"color": ton, "width": 3.5},
                # An incomplete year is hollow: nothing is compared with it.
                marker={
                    "size": 12,
                    "color": [ton if entiere else couleurs.PAPIER for entiere in points["est_entiere"]],
                    "line": {"color": ton, "width": 2.5},
                },
                connectgaps=False,
                cliponaxis=False,
                **bulle(points["infobulle"]),
            )
        )
        connus = points[points["part"].notna()]
        if len(connus):
            bouts.append((float(connus["part"].iloc[-1]), f"{serie} {langue.part(connus['part'].iloc[-1])}".strip()))
    parts = [*seances["part"].dropna().astype(float), *([] if cible is None else [cible])]
    bas, haut = max(0.0, min(parts, default=0.0) - 0.06), min(1.0, max(parts, default=1.0) + 0.06)
    if cible is not None:
        traces.append(regle("y", cible, (-0.1, len(noms) - 0.9)))
    places = set_aside([part for part, _ in bouts], _INTERLIGNE * (haut - bas))
    dits = [dit for _, dit in bouts]
    objectif = f"objectif {langue.part(cible)}" if cible is not None else ""
    return Image(
        figure(
            traces,
            xaxis=_etapes(noms),
            yaxis=axe_de_parts(haut, bas),
            annotations=[
                *(_au_bout(y, dit, len(noms) - 1, "middle") for y, dit in zip(places, dits, strict=True)),
                *([{"x": 0, "y": cible, "xanchor": "left", "yanchor": "bottom", "text": objectif}] if objectif else []),
                *({**EN_HAUT, "x": x, "text": "rupture"} for x in set(ruptures)),
            ],
            shapes=[_trait_vertical(x) for x in set(ruptures)],
            margin={"t": 26 if ruptures else 16, "b": 2, "l": 4, "r": _place([*dits, ""])},
        ),
        titre,
        " ; ".join(seances["infobulle"]),
    )


def _etapes(noms: Sequence[str], un_sur: int = 1) -> dict[str, Any]:
    """One step per name, of which one in `un_sur` is written."""
    return {
        "tickvals": list(range(0, len(noms), un_sur)),
        "ticktext": list(noms[::un_sur]),
        "range": [-0.1, len(noms) - 0.9],
        "tickangle": 0,
        "showgrid": False,
    }


def _au_bout(y: float, dit: str, x: float, ancre: str) -> dict[str, Any]:
    """What is written at the end of a line."""
    ou = {"x": x, "y": y, "xanchor": "left", "yanchor": ancre, "xshift": 8}
    return {"text": f"<b>{dit}</b>", "font": {"size": 15}, **ou}


def _place(dits: Any) -> float:
    """Pixels that the longest of these texts takes at the end of its line."""
    return 20 + 9 * max(len(dit) for dit in dits)


def _trait_vertical(x: float) -> dict[str, Any]:
    trait = {"color": couleurs.ENCRE, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": trait}


def _reels(valeurs: pd.Series) -> list[float]:
    """Projections are exact fractions; a chart has their value."""
    return [float(v) for v in valeurs]


def set_aside(valeurs: list[float], minimum: float) -> list[float]:
    """Places of the names at the ends of the lines, from the highest, so that two never touch."""
    ordre = sorted(range(len(valeurs)), key=lambda i: -valeurs[i])
    places = list(valeurs)
    for dessus, dessous in pairwise(ordre):
        places[dessous] = min(places[dessous], places[dessus] - minimum)
    return places
