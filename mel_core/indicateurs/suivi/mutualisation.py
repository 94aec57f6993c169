"""What the reception places of a territoire would need less together than apart (deck of 2017, « Évaluer pour
co-construire »: *les marges de manœuvre de mutualisation, à consolider à l'échelle des territoires*).

A place is taken to be ready for the busiest of its own months. Its busiest month is not that of the others: the places
of a territoire, together, never see all their peaks at once. The difference is the margin. Pure: the rows of
`saisies_accueil.merge` in. What is registered online is received by nobody.
"""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.suivi.reseau import EN_LIGNE, ENREGISTREMENTS
from mel_core.socle import langue

COLONNES = ("n_lieux", "n_lieux_incomplets", "n", "moyenne_mois", "n_pics", "n_pic", "n_marge", "part_marge")


def mutualise(accueil: pd.DataFrame, mois: list[str], territoires: dict[str, str], mesure: str) -> pd.DataFrame:
    """One row per `territoire` that has a place counted in every one of `mois`, by name.

    `territoires`: commune → territoire. `n_lieux` such places, `n_lieux_incomplets` others of the territoire, left out;
    over the former, `n` received in all, `moyenne_mois` a month, `n_pics` the sum of the busiest month of each, `n_pic`
    the busiest month of them together, `n_marge` = `n_pics` − `n_pic`, `part_marge` of `n_pics` (0–1, empty without
    any). Registrations: those of the network.
    """
    lues = accueil[accueil["mois"].isin(mois)].assign(territoire=lambda x: x["commune"].map(territoires))
    recus = lues[mesure] - (lues[EN_LIGNE].fillna(0) if mesure == ENREGISTREMENTS else 0)
    situees = lues.assign(n=recus)[lues["territoire"].notna()]
    grille = situees.pivot(index=["territoire", "lieu"], columns="mois", values="n").reindex(columns=mois)
    est_complet = grille.notna().all(axis=1)
    lignes = []
    for territoire, siens in grille[est_complet].groupby(level="territoire"):
        ensemble, pics = siens.sum(), int(siens.max(axis=1).sum())
        marge = pics - int(ensemble.max())
        n_tous = lues.loc[lues["territoire"] == territoire, "lieu"].nunique()
        ligne = (
            len(siens),
            n_tous - len(siens),
            int(ensemble.sum()),
            float(ensemble.mean()),
            pics,
            int(ensemble.max()),
        )
        lignes.append((territoire, *ligne, marge, marge / pics if pics else float("nan")))
    return pd.DataFrame(lignes, columns=["territoire", *COLONNES])


def say(lignes: pd.DataFrame, quoi: str) -> str:
    """What the territoires would need less, all added; `quoi`: what is counted, in the plural."""
    if lignes.empty:
        return "Aucun territoire n’a un lieu compté tous les mois : la marge de mutualisation ne se mesure pas."
    pics, marge = int(lignes["n_pics"].sum()), int(lignes["n_marge"].sum())
    if not pics:
        return f"Rien n’est compté dans ces lieux : la marge de mutualisation des {quoi} ne se mesure pas."
    return (
        f"Chaque lieu prêt pour son mois le plus chargé, c’est **{langue.nombre(pics)}** {quoi} par mois ; ensemble, "
        f"les lieux de chaque territoire n’en voient jamais autant à la fois : **{langue.nombre(marge)}** de moins, "
        f"soit une marge de **{langue.part(marge / pics)}**."
    )
