"""The quartiers of the scope by class, on the contours in service, under the outlines of the QPV and the ICI."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core.contrat.contours import Publies
from mel_core.indicateurs.phrases_vues import DECOUPAGE_FICTIF
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DITES as DITES
from pages.commun.images import couleurs, fond
from pages.commun.images.cartes import Carte

SANS_CONTOURS = "Pour voir chaque quartier sur une carte : importer les contours depuis Préparer › Imports."
_TONS = {"fragile": "#0B2F70", "moyenne": "#7FA9DC", "sans": "#DDE7F4", "inconnu": couleurs.SANS_AVIS}
FRAGILITES = {DITES[c]: ton for c, ton in _TONS.items()}
# What is drawn over the quartiers: its layer, its line.
_PAR_DESSUS = {
    "qpv": (couleurs.AU_DESSUS, 2.2),
    "ici": (couleurs.ENCRE, 3.0),
}


def carte(
    quartiers: pd.DataFrame,
    communes: pd.DataFrame | None,
    servis: dict[str, Publies],
    ici: str | None,
    classes: Mapping[str, str],
    legende: str,
) -> Carte:
    """`quartiers`: `quartier`, `nom`, `nom_commune`, `code_qpv`, `classe` (of `classes`), `dit`, one row each.
    `communes`: `commune`, `nom`, in the order in which they are named; None, of one alone: its quartiers bear their
    names, those of most `poids` first, and no ICI is outlined. `servis`: the layers in service, the quartiers among
    them. A quartier without a contour is not drawn; `note` counts them."""
    est_nomme = communes is None
    fonds = {c: fond.couche(c, publies) for c, publies in servis.items() if not (est_nomme and c == "ici")}
    lieux = pd.DataFrame(
        {
            "code": quartiers["quartier"],
            "classe": quartiers["classe"],
            "dit": [f"{x.nom} ({x.nom_commune}) : {x.dit}" for x in quartiers.itertuples()],
            "etiquette": quartiers["nom"] if est_nomme else "",
            "poids": quartiers["poids"] if est_nomme else 0,
        }
    )
    codes = {
        "qpv": [*quartiers["code_qpv"].dropna().unique()],
        "ici": [ici] if ici else sorted(servis["ici"].codes) if "ici" in servis else [],
    }
    traits = [(fonds[nom], codes[nom], *trait) for nom, trait in _PAR_DESSUS.items() if nom in fonds]
    comptes = quartiers["classe"].value_counts()
    lecture = " ; ".join(
        f"{nom} : {langue.effectif(int(comptes[nom]), 'quartier')}" for nom in classes if nom in comptes
    )
    titre = f"Carte des quartiers : {legende[:1].lower()}{legende[1:]}"
    nommees = [] if communes is None else list(zip(communes["commune"], communes["nom"], strict=True))
    noms = [(code, nom, len(nommees) - rang) for rang, (code, nom) in enumerate(nommees)]
    return Carte(fonds["quartiers"], lieux, classes, titre, lecture, legende, traits, tuple(noms))


def note(quartiers: pd.DataFrame, servis: dict[str, Publies]) -> str:
    """What the map does not draw, and whether its division is fictitious."""
    sans = int((~quartiers["quartier"].isin(servis["quartiers"].codes)).sum())
    dits = [
        DECOUPAGE_FICTIF if servis["quartiers"].est_fictive else "",
        f"{langue.effectif(sans, 'quartier')} sans contour, non {langue.agree(sans, 'dessiné')}." if sans else "",
        "Trait orange : QPV." if "qpv" in servis else "",
        "Trait noir : ICI." if "ici" in servis and quartiers["commune"].nunique() > 1 else "",
    ]
    return " ".join(dit for dit in dits if dit)
