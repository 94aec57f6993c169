"""The map of the communes by how they stand to their own objective, each with its gap."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs import phrases_constats
from pages.commun.images import cartes, couleurs
from pages.commun.mesures.lecture_bilan import Bilan, par_ligne

LEGENDE = "Écart à l’objectif, en attributions"


def carte(bilan: Bilan) -> cartes.Carte:
    """Every commune of the scope; labels by rank of the gap: of two that touch, that of the larger stands."""
    lignes = {x["commune"]: x for x in par_ligne(bilan.communes)}
    ecarts = {code: phrases_constats.ecart_de(x) for code, x in lignes.items() if pd.notna(x["part"])}
    dits = {code: ecart.dit() for code, ecart in ecarts.items() if ecart.taille}
    codes, noms = bilan.carte["commune"], bilan.carte["nom"]
    lieux = pd.DataFrame(
        {
            "code": codes,
            "classe": [
                phrases_constats.verdict_de(lignes[c]) if c in lignes else phrases_constats.TROP_PEU for c in codes
            ],
            "dit": bilan.carte["infobulle"],
            # Both directions on two lines: a narrower name leaves room for the others.
            "etiquette": [
                f"{nom}\n{dits[c]}".replace(" et ", "\n") if c in dits else ""
                for c, nom in zip(codes, noms, strict=True)
            ],
            "poids": [ecarts[c].taille if c in dits else 0 for c in codes],
        }
    )
    quoi = ", ".join(f"{nom} {dits[c]}" for c, nom in zip(codes, noms, strict=True) if c in dits) or "rien"
    titre = "Carte des communes selon leur écart à l’objectif"
    return cartes.communes(lieux, couleurs.CARTE, titre, f"Écart à l’objectif : {quoi}", LEGENDE)
