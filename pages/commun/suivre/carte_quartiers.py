"""The quartiers of the scope by fragilité, on the contours in service, under the outlines of the QPV and the ICI."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from mel_core import langue
from mel_core.contours import Publies
from pages.commun import couleurs, fond
from pages.commun.dessin import HALO, finish, infobulle, k, texte
from pages.commun.figures import Figure
from pages.commun.suivre.phrases_fragilite import DITES

TITRE = "Carte des quartiers : fragilité"
SANS_CONTOURS = "Pour voir chaque quartier sur une carte : importer les contours depuis Préparer › Imports."
_TONS = {"fragile": "#0B2F70", "moyenne": "#7FA9DC", "sans": "#E3ECF7", "inconnu": couleurs.SANS_AVIS}
# What is drawn over the quartiers: its layer, its line.
_PAR_DESSUS = {
    "qpv": {"stroke": couleurs.AU_DESSUS, "strokeWidth": 2.2},
    "ici": {"stroke": couleurs.ENCRE, "strokeWidth": 3},
}


def figure(quartiers: pd.DataFrame, etiquettes: pd.DataFrame, servis: dict[str, Publies], ici: str | None) -> Figure:
    """`quartiers`: `quartier`, `nom`, `nom_commune`, `fragilite`, `code_qpv`, one row each. `etiquettes`: `longitude`,
    `latitude`, `nom` of the communes to name. `servis`: the layers in service, the quartiers among them. A quartier
    without a contour is not drawn; `note` counts them."""
    dits = quartiers["fragilite"].map(DITES)
    lus = pd.DataFrame(
        {
            "code": quartiers["quartier"],
            "classe": dits,
            "infobulle": [
                f"{x.nom} ({x.nom_commune}) : {dit}" for x, dit in zip(quartiers.itertuples(), dits, strict=True)
            ],
        }
    )
    qpv = quartiers["code_qpv"].dropna().unique() if "qpv" in servis else []
    cadres = {"quartiers": lus, "qpv": pd.DataFrame({"code": [*qpv]}, dtype=str)}
    if "ici" in servis:
        cadres["ici"] = pd.DataFrame({"code": [ici] if ici else sorted(servis["ici"].codes)}, dtype=str)
    comptes = dits.value_counts()
    lecture = " ; ".join(
        f"{nom} : {langue.effectif(int(comptes[nom]), 'quartier')}" for nom in DITES.values() if nom in comptes
    )
    adresses = tuple((couche, fond.publish_layer(couche, publies)) for couche, publies in sorted(servis.items()))
    return Figure(
        _dessin(adresses), TITRE, lecture, {c: t for c, t in cadres.items() if c in servis} | {"etiquettes": etiquettes}
    )


def note(quartiers: pd.DataFrame, servis: dict[str, Publies]) -> str:
    """What the map does not draw, and whether its division is fictitious."""
    sans = int((~quartiers["quartier"].isin(servis["quartiers"].codes)).sum())
    dits = [
        "Découpage fictif : ces contours ne sont pas ceux des IRIS." if servis["quartiers"].est_fictive else "",
        f"{langue.effectif(sans, 'quartier')} sans contour, non {langue.accorder(sans, 'dessiné')}." if sans else "",
        "Trait orange : QPV." if "qpv" in servis else "",
        "Trait noir : ICI." if "ici" in servis else "",
    ]
    return " ".join(dit for dit in dits if dit)


@cache
def _dessin(adresses: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    urls = dict(adresses)
    echelle = alt.Scale(domain=[DITES[c] for c in _TONS], range=list(_TONS.values()))
    cartouche = alt.Legend(
        title="Fragilité du quartier",
        titleFontSize=k(14),
        titleColor=couleurs.ENCRE,
        titleLimit=0,
        labelFontSize=k(14),
        labelColor=couleurs.ENCRE,
        labelLimit=0,
        orient="right",
        symbolType="square",
        symbolSize=k(220),
        symbolStrokeWidth=1,
        symbolStrokeColor=couleurs.FILET,
        rowPadding=3,
    )
    quartiers = (
        _couche(urls["quartiers"], "quartiers", ["classe", "infobulle"])
        .mark_geoshape(stroke=couleurs.FILET, strokeWidth=0.6)
        .encode(color=alt.Color("classe:N", scale=echelle, legend=cartouche), tooltip=infobulle())
    )
    traits = [
        _couche(urls[couche], couche, ["code"]).mark_geoshape(filled=False, **trait)
        for couche, trait in _PAR_DESSUS.items()
        if couche in urls
    ]
    etiquettes = alt.Chart(alt.NamedData("etiquettes")).encode(longitude="longitude:Q", latitude="latitude:Q")
    noms = [texte(etiquettes, "nom", 13, **contour) for contour in (HALO, {})]
    return finish(alt.layer(quartiers, *traits, *noms).project(type="mercator"))


def _couche(url: str, cadre: str, champs: list[str]) -> alt.Chart:
    """The shapes of the codes that the frame `cadre` holds, with its fields."""
    lues = alt.LookupData(data=alt.NamedData(cadre), key="code", fields=champs)
    return (
        alt.Chart(alt.Data(url=url, format=alt.DataFormat(type="json", property="features")))
        .transform_calculate(code_lu="datum.properties.code")
        .transform_lookup(lookup="code_lu", from_=lues)
        .transform_filter(f"isValid(datum.{champs[0]})")
    )
