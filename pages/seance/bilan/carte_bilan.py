"""The map of the communes by how they stand to their own objective, each with its gap."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from mel_core.indicateurs import phrases_constats
from pages.commun.images import cartes, couleurs
from pages.commun.images.gabarit import est_projete
from pages.commun.mesures.lecture_bilan import Cle, par_ligne

LEGENDE = "Écart à l’objectif"
_COUPURE = re.compile(" et | (?=de chaque côté)")  # two lines: a narrower name leaves room for the others


def carte(cle: Cle) -> cartes.Carte:
    """Every commune of the scope; labels by rank of the gap."""
    lignes = {x["commune"]: x for x in par_ligne(cle.dites("commune"))}
    ecarts = {code: phrases_constats.ecart_de(x) for code, x in lignes.items() if pd.notna(x["part"])}
    dits = {code: ecart.dit() for code, ecart in ecarts.items() if ecart.taille}
    situees = cle.exactes("commune", *cle.mesure.classe)
    if cle.mesure.classe:
        situees = situees[situees["fragilite"] != "inconnu"]
    lieux = pd.DataFrame(
        [
            {
                "code": code,
                "classe": phrases_constats.verdict_de(lignes[code]) if code in lignes else phrases_constats.TROP_PEU,
                "dit": _detail(nom, lignes.get(code), est_jugee=code in set(situees["commune"])),
                "etiquette": "\n".join((nom, *_COUPURE.split(dits[code]))) if code in dits else "",
                "poids": ecarts[code].taille if code in dits else 0,
            }
            for code, nom in cle.communes.items()
        ]
    )
    quoi = ", ".join(f"{nom} {dits[code]}" for code, nom in cle.communes.items() if code in dits) or "rien"
    titre = "Carte des communes selon leur écart à l’objectif"
    legende = LEGENDE if est_projete() else f"{LEGENDE}, en attributions"
    return cartes.communes(lieux, couleurs.CARTE, titre, f"Écart à l’objectif : {quoi}", legende)


def _detail(nom: str, ligne: dict[str, Any] | None, *, est_jugee: bool) -> str:
    """What a commune says under the pointer."""
    if ligne is None:
        return f"{nom} : aucune attribution"
    sans = "" if est_jugee else " ; objectif inconnu, la fragilité d’aucun quartier n’est connue"
    return f"{phrases_constats.detail_entier(nom, ligne)}{sans}"
