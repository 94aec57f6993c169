"""The drawings of the standing views: same conventions as `figures` and `vues_mesures`."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from pages.commun import couleurs
from pages.commun.figures import Figure, _finish, _infobulle, _k
from pages.commun.vues_mesures import _axe, _legende, _marges, _y

PRODUITS = ("PLAI", "PLUS")
_AVANT = "PLAI aujourd’hui"


def operations(lignes: pd.DataFrame, segments: pd.DataFrame, lecture: str) -> Figure:
    """PLAI then PLUS of each operation, with the PLAI planned today as a mark.

    `lignes`: `rang`, `libelle`, `valeur_dit`, `infobulle`, `n_plai`. `segments`: `rang`, `produit` (of PRODUITS),
    `ordre`, `effectif`, `infobulle`.
    """
    titre = "PLAI et PLUS par opération"
    return Figure(_dessin_operations(), titre, lecture, {"lignes": lignes, "segments": segments})


@cache
def _dessin_operations() -> dict[str, Any]:
    y = _y()
    segments = alt.Chart(alt.NamedData("segments")).encode(y=y, order=alt.Order("ordre:Q"), tooltip=_infobulle())
    lignes = alt.Chart(alt.NamedData("lignes")).encode(y=y, tooltip=_infobulle())
    ton = alt.Scale(domain=list(PRODUITS), range=[couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR])
    forme = alt.Scale(domain=[_AVANT], range=["diamond"])
    return _finish(
        alt.layer(
            segments.mark_bar().encode(
                x=alt.X("effectif:Q", stack="zero", axis=_axe(pour_cent=False, titre="logements PLUS et PLAI")),
                color=alt.Color("produit:N", scale=ton, sort=list(PRODUITS), legend=_legende()),
            ),
            lignes.transform_calculate(serie=f"'{_AVANT}'")
            .mark_point(filled=True, color=couleurs.PAPIER, stroke=couleurs.ENCRE, strokeWidth=_k(2), opacity=1)
            .encode(x="n_plai:Q", size=alt.value(170), shape=alt.Shape("serie:N", scale=forme, legend=_legende())),
            *_marges(y),
        )
    )
