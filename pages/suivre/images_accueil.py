"""The charts of the réseau d'accueil: its volumes by month, and each commune's share beside its weight. Pure."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.suivi import phrases_accueil, reseau
from mel_core.indicateurs.suivi.phrases_accueil import MESURES, VOIES
from mel_core.socle import langue
from pages.commun.images import couleurs
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import NOMBRE, Image, bulle, figure

LIGNES_DESSINEES = 9
PARTS = {
    "Par le réseau": couleurs.AU_DESSOUS_CLAIR,
    "En ligne": couleurs.AU_DESSOUS,
    "Pré-accueil": couleurs.AU_DESSOUS_CLAIR,
    "Entretiens": couleurs.AU_DESSOUS_CLAIR,
}


def figure_mois(accueil: pd.DataFrame, mesure: str) -> Image:
    """Volumes by month, stacked by way."""
    mois = reseau.par_mois(accueil, mesure)
    mois["part"] = mois["voie"].map(VOIES).fillna(MESURES[mesure][0])
    dits = {m: phrases_accueil.mois_dit(f"{m:%Y-%m}") for m in sorted(mois["mois"].unique())}
    rangs = {m: rang for rang, m in enumerate(dits)}
    traces, lus = [], []
    for part in [p for p in reversed(PARTS) if (mois["part"] == p).any()]:  # online at the bottom
        siens = mois[mois["part"] == part]
        infobulles = [
            f"{dits[m]}, {part.lower()} : {langue.nombre(n)}"
            for m, n in zip(siens["mois"], siens["effectif"], strict=True)
        ]
        lus += infobulles
        traces.append(
            go.Bar(
                x=siens["mois"].map(rangs),
                y=siens["effectif"],
                name=part,
                marker={"color": PARTS[part], "line": {"color": couleurs.PAPIER, "width": 0.5}},
                **bulle(infobulles),
            )
        )
    nommes = [m for m in dits if m.month in (1, 7)]
    axe = {"tickvals": [rangs[m] for m in nommes], "ticktext": [dits[m] for m in nommes], "showgrid": False}
    marges = {"t": 10, "b": 2, "l": 4, "r": 8}
    mise_en_page = figure(traces, xaxis=axe, yaxis={**NOMBRE, "nticks": 6}, barmode="stack", bargap=0, margin=marges)
    return Image(mise_en_page, "Volumes du réseau d’accueil par mois", " ; ".join(lus))


def figure_poids(par_commune: pd.DataFrame) -> Image:
    """The largest volumes, beside what each commune weighs."""
    vues = par_commune[par_commune["effectif"] > 0].head(LIGNES_DESSINEES).reset_index(drop=True)
    lignes = pd.DataFrame(
        {
            "libelle": vues["nom"],
            "valeur_dit": [langue.points(e) for e in vues["ecart_points"]],
            "infobulle": [
                f"{x.nom} : {langue.part(x.part)} des volumes ({langue.nombre(x.effectif)}), {langue.part(x.poids)} "
                "des habitants"
                for x in vues.itertuples()
            ],
            "part": vues["part"],
            "poids": vues["poids"],
        }
    )
    x = dessins.parts_jusqu_a([*lignes["part"], *lignes["poids"]])
    titre = "Part de chaque commune dans les volumes, et dans la population"
    series = ("Part des volumes", "Part des habitants")
    return dessins.deux_points(lignes, series, ("part", "poids"), x, titre, " ; ".join(lignes["infobulle"]))
