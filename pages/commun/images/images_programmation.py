"""From the operations of a programme to their chart: PLAI and PLUS of each, with what a target moves."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from mel_core.socle import langue
from pages.commun.images import couleurs, lignes
from pages.commun.images.gabarit import Image, bulle

LIGNES_DESSINEES = 10
_PRODUITS = (("PLAI", "n_plai_vise", couleurs.AU_DESSOUS), ("PLUS", "n_plus_vise", couleurs.AU_DESSOUS_CLAIR))
_AVANT = "PLAI aujourd’hui"


def figure(programmees: pd.DataFrame) -> Image:
    """The largest operations, those that change first; the PLAI planned today as a mark. Under the axis, how many of
    them are drawn when not all are."""
    connues = programmees[programmees["est_connue"] & (programmees["n_sociaux"] > 0).fillna(False)]
    vues = connues.assign(change=connues["ecart_plai"] != 0).sort_values(
        ["change", "n_sociaux", "operation"], ascending=[False, False, True], ignore_index=True
    )[:LIGNES_DESSINEES]
    dits = [
        f"{x.n_plai} → {x.n_plai_vise} PLAI sur {x.n_sociaux}" if x.change else f"{x.n_plai} PLAI sur {x.n_sociaux}"
        for x in vues.itertuples()
    ]
    noms = [f"{x.nom_commune}, {x.annee}{' (NPRU)' if x.npru else ''}" for x in vues.itertuples()]
    infobulles = [
        f"{nom} : {d}, soit {langue.part(part)}"
        for nom, d, part in zip(vues["nom"].fillna(vues["operation"]), dits, vues["part_visee"], strict=True)
    ]
    rangs = list(range(len(vues)))
    reste = "" if len(vues) == len(connues) else f"les {len(vues)} premières opérations sur {len(connues)}"
    barres = [
        go.Bar(
            x=vues[colonne].astype(float),
            y=rangs,
            orientation="h",
            name=produit,
            marker_color=ton,
            showlegend=True,
            **bulle(infobulles),
        )
        for produit, colonne, ton in _PRODUITS
    ]
    marque = {"size": 14, "symbol": "diamond", "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 2}}
    avant = go.Scatter(
        x=vues["n_plai"].astype(float),
        y=rangs,
        mode="markers",
        name=_AVANT,
        marker=marque,
        showlegend=True,
        **bulle(infobulles),
    )
    return lignes.en_lignes(
        pd.DataFrame({"libelle": noms, "valeur_dit": dits}),
        [*barres, avant],
        lignes.nombres(
            vues["n_sociaux"].astype(float), langue.typeset(" ; ".join(filter(None, ("logements PLUS et PLAI", reste))))
        ),
        "PLAI et PLUS par opération",
        " ; ".join([*filter(None, [reste]), *(f"{nom} {dit}" for nom, dit in zip(noms, dits, strict=True))]),
        barmode="stack",
        legend={"traceorder": "normal"},
    )
