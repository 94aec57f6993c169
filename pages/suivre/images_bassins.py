"""The charts of the bassins de vie: dwellings by commune, and who comes from each place and goes to it. Pure."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.suivi import phrases_bassins
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.commun.images import couleurs
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import GRAISSE, Image, bulle

LIGNES_DESSINEES = 10
_PERSONNE = Compte(0)
_DE_PLUS = 1.25  # room at both ends for what is written there


def figure_parc(communes: pd.DataFrame, territoire: str) -> Image:
    """Dwellings of each commune, the most first. `communes`: `nom`, `n_logements`, `n_vacants`."""
    vues = communes[communes["n_logements"].gt(0)].sort_values("n_logements", ascending=False).head(LIGNES_DESSINEES)
    dits = [
        f"{x['nom']} : {langue.effectif(x['n_logements'], 'logement')}"
        + ("" if pd.isna(x["n_vacants"]) else f", dont {langue.effectif(x['n_vacants'], 'vacant')}")
        for x in vues.to_dict("records")
    ]
    lignes = pd.DataFrame(
        {
            "libelle": vues["nom"],
            "valeur_dit": vues["n_logements"].map(langue.nombre),
            "effectif": vues["n_logements"].astype(float),
            "infobulle": dits,
        }
    ).reset_index(drop=True)
    return dessins.effectifs(lignes, "logements sociaux", f"{territoire} : logements par commune", " ; ".join(dits))


def figure_flux(flux: pd.DataFrame, territoire: str, quoi: str) -> Image:
    """Who comes from each place (to the left), who goes to it (to the right); who stays, first.

    `flux`: `de`, `vers`, `n` as they are read, of which one is the territoire.
    """
    entrants = flux[flux["vers"] == territoire].set_index("de")["n"]
    sortants = flux[flux["de"] == territoire].set_index("vers")["n"]
    autres = sorted(
        {*entrants.index, *sortants.index} - {territoire}, key=lambda c: (-_poids(entrants, sortants, c), c)
    )
    codes = [territoire, *autres]
    noms = [phrases_bassins.dire_lieu(c, territoire, quoi) for c in codes]
    series = []
    lus = []
    for nom, comptes, sens, ton in zip(
        phrases_bassins.COTES[quoi],
        (entrants.drop(territoire, errors="ignore"), sortants),  # who stays is said once
        (-1, 1),
        (couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSOUS),
        strict=True,
    ):
        valeurs = [comptes.get(c, _PERSONNE) for c in codes]
        dits = ["" if v == 0 else str(v) for v in valeurs]
        bulles = [
            f"{lieu} : {langue.effectif(v, 'ménage')}" + ("" if c == territoire else f" {nom}")
            for c, lieu, v in zip(codes, noms, valeurs, strict=True)
        ]
        lus += [b for b, dit in zip(bulles, dits, strict=True) if dit]
        series.append(
            go.Bar(
                x=[sens * (v.dit or 0) for v in valeurs],
                y=list(range(len(codes))),
                orientation="h",
                name=nom,
                marker_color=ton,
                text=dits,
                textposition="outside",
                textangle=0,
                textfont={"size": 15, "weight": GRAISSE},
                cliponaxis=False,
                showlegend=True,
                **bulle(bulles),
            )
        )
    longueurs = pd.Series([x for barre in series for x in barre.x], dtype=float)
    axe = {**dessins.autour_de_zero(_DE_PLUS * longueurs, ""), "showticklabels": False, "showgrid": False}
    lignes = pd.DataFrame({"libelle": noms, "valeur_dit": [""] * len(codes)})
    return dessins.en_lignes(lignes, series, axe, f"{territoire} : {phrases_bassins.FLUX[quoi]}", " ; ".join(lus))


def _poids(entrants: pd.Series, sortants: pd.Series, code: str) -> float:
    """The most first; places nobody names last."""
    est_lieu = code not in phrases_bassins.LIEUX_DITS
    return (1 if est_lieu else 0) * (1 + sum(s.get(code, _PERSONNE).dit or 0 for s in (entrants, sortants)))
