"""From the operations of a programme to their picture: PLAI and PLUS of each, with what a target moves."""

from __future__ import annotations

import pandas as pd

from mel_core.socle import langue
from pages.commun.images import vues_suivre
from pages.commun.images.figures import Figure

LIGNES_DESSINEES = 10


def figure(programmees: pd.DataFrame) -> Figure:
    """The largest operations, those that change first."""
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
        f"{x.nom or x.operation} : {d}, soit {langue.part(x.part_visee)}"
        for x, d in zip(vues.itertuples(), dits, strict=True)
    ]
    lignes = pd.DataFrame(
        {
            "rang": range(len(vues)),
            "libelle": noms,
            "valeur_dit": dits,
            "infobulle": infobulles,
            "n_plai": vues["n_plai"].astype(float),
        }
    )
    segments = pd.concat(
        [
            lignes[["rang", "infobulle"]].assign(produit=produit, ordre=i, effectif=vues[c].astype(float))
            for i, (produit, c) in enumerate(zip(vues_suivre.PRODUITS, ("n_plai_vise", "n_plus_vise"), strict=True))
        ]
    )
    lu = " ; ".join(f"{nom} {dit}" for nom, dit in zip(noms, dits, strict=True))
    return vues_suivre.operations(lignes, segments, lu)
