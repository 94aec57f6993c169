"""The chart of several populations shared out over the same places, bar beside bar. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import GRAISSE, Image, axe_de_parts, bulle, figure

_TONS = (couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSUS, couleurs.AU_DESSUS_CLAIR)
_RALLONGE = 1.15  # room at the top for what is written there


def parts(lignes: pd.DataFrame, noms: Mapping[str, str], titre: str) -> Image:
    """`lignes`: `libelle`, and a column `part_…` (0–1, empty: no mark) for each of `noms`, what it is a share of, in
    this order."""
    barres: list[go.Bar] = []
    lus: list[str] = []
    for (colonne, nom), ton in zip(noms.items(), _TONS, strict=False):
        dites = [langue.part(v, 0) if pd.notna(v) else "" for v in lignes[colonne]]
        bulles = [f"{x} : {dit or langue.ABSENT} {nom}" for x, dit in zip(lignes["libelle"], dites, strict=True)]
        lus += bulles
        barres.append(
            go.Bar(
                x=list(range(len(lignes))),
                y=lignes[colonne].astype(float).fillna(0),
                name=nom,
                marker_color=ton,
                text=dites,
                textposition="outside",
                textangle=0,
                textfont={"size": 14, "weight": GRAISSE},
                cliponaxis=False,
                showlegend=True,
                **bulle(bulles),
            )
        )
    hauteurs = [float(y) for barre in barres for y in barre.y]
    dessin = figure(
        barres,
        barmode="group",
        bargap=0.2,
        xaxis={
            "tickvals": list(range(len(lignes))),
            "ticktext": list(lignes["libelle"]),
            "showgrid": False,
            "ticks": "",
            "tickfont": {"size": 16, "color": couleurs.ENCRE, "weight": 600},
        },
        yaxis=axe_de_parts(_RALLONGE * max(hauteurs, default=0) or 1.0),
        legend={"traceorder": "normal"},
    )
    return Image(dessin, titre, " ; ".join(lus))
