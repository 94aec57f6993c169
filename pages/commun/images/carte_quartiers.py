"""The quartiers of the scope by class, on the contours in service, under the outlines of the QPV and the ICI."""

from __future__ import annotations

from functools import cache

import pandas as pd

from mel_core.contrat.contours import Publies
from mel_core.socle import langue
from pages.commun.images import couleurs, fond
from pages.commun.images.dessin import Dessin, carte, couche, legende, selon, texte
from pages.commun.images.figures import Figure
from pages.commun.mesures.phrases_fragilite import DITES

Classes = tuple[tuple[str, str], ...]  # what a class is called, its tone

SANS_CONTOURS = "Pour voir chaque quartier sur une carte : importer les contours depuis Préparer › Imports."
_TONS = {"fragile": "#0B2F70", "moyenne": "#7FA9DC", "sans": "#E3ECF7", "inconnu": couleurs.SANS_AVIS}
FRAGILITES: Classes = tuple((DITES[c], ton) for c, ton in _TONS.items())
# What is drawn over the quartiers: its layer, its line.
_PAR_DESSUS = {
    "qpv": {"contour": couleurs.AU_DESSUS, "epaisseur": 2.2},
    "ici": {"contour": couleurs.ENCRE, "epaisseur": 3},
}


def figure(
    quartiers: pd.DataFrame,
    etiquettes: pd.DataFrame,
    servis: dict[str, Publies],
    ici: str | None,
    classes: Classes,
    legende_dite: str,
) -> Figure:
    """`quartiers`: `quartier`, `nom`, `nom_commune`, `code_qpv`, `classe` (of `classes`), `dit`, one row each.
    `etiquettes`: `longitude`, `latitude`, `nom` of the communes to name. `servis`: the layers in service, the quartiers
    among them. A quartier without a contour is not drawn; `note` counts them."""
    lus = pd.DataFrame(
        {
            "code": quartiers["quartier"],
            "classe": quartiers["classe"],
            "infobulle": [f"{x.nom} ({x.nom_commune}) : {x.dit}" for x in quartiers.itertuples()],
        }
    )
    qpv = quartiers["code_qpv"].dropna().unique() if "qpv" in servis else []
    cadres = {"quartiers": lus, "qpv": pd.DataFrame({"code": [*qpv]}, dtype=str)}
    if "ici" in servis:
        cadres["ici"] = pd.DataFrame({"code": [ici] if ici else sorted(servis["ici"].codes)}, dtype=str)
    comptes = quartiers["classe"].value_counts()
    lecture = " ; ".join(
        f"{nom} : {langue.effectif(int(comptes[nom]), 'quartier')}" for nom, _ in classes if nom in comptes
    )
    adresses = tuple((couche, fond.publish_layer(couche, publies)) for couche, publies in sorted(servis.items()))
    titre = f"Carte des quartiers : {legende_dite[:1].lower()}{legende_dite[1:]}"
    frames = {c: t for c, t in cadres.items() if c in servis} | {"etiquettes": etiquettes}
    return Figure(_dessin(adresses, classes, legende_dite), titre, lecture, frames)


def note(quartiers: pd.DataFrame, servis: dict[str, Publies]) -> str:
    """What the map does not draw, and whether its division is fictitious."""
    sans = int((~quartiers["quartier"].isin(servis["quartiers"].codes)).sum())
    dits = [
        "Découpage fictif : ces contours ne sont pas ceux des IRIS." if servis["quartiers"].est_fictive else "",
        f"{langue.effectif(sans, 'quartier')} sans contour, non {langue.agree(sans, 'dessiné')}." if sans else "",
        "Trait orange : QPV." if "qpv" in servis else "",
        "Trait noir : ICI." if "ici" in servis else "",
    ]
    return " ".join(dit for dit in dits if dit)


@cache
def _dessin(adresses: tuple[tuple[str, str], ...], classes: Classes, legende_dite: str) -> Dessin:
    urls = dict(adresses)
    quartier = {"adresse": urls["quartiers"], "cle": "code", "contour": couleurs.FILET, "epaisseur": 0.6}
    traits = [
        couche("contours", nom, adresse=urls[nom], cle="code", **trait)
        for nom, trait in _PAR_DESSUS.items()
        if nom in urls
    ]
    entrees = {nom: {"ton": ton, "contour": couleurs.FILET} for nom, ton in classes}
    return carte(
        couche(
            "contours",
            "quartiers",
            ton=selon("classe", list(entrees), [ton for _, ton in classes]),
            infobulle=True,
            **quartier,
        ),
        *traits,
        texte("etiquettes", "nom", 13, halo=True),
        legende=legende(entrees, "droite", [legende_dite]),
    )
