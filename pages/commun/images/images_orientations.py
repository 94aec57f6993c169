"""From the counts of a segment and a projection to their pictures, as an audience reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mel_core.secret.audience import Audience
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun.images import vues_mesures, vues_orientations
from pages.commun.images.figures import Figure
from pages.commun.images.vues_orientations import AVEC, SANS
from pages.commun.segments.siens import est_sien

LIGNES_DESSINEES = 10


def lignes(comptes: pd.DataFrame, noms: Mapping[str, str], cle: str, audience: Audience) -> pd.DataFrame:
    """One line per code, most first: `nom`, `n` as it is read. `comptes`: `cle`, `n`; `cle`: what it is split by."""
    siens = [est_sien(audience, cle, code) for code in comptes["cle"]]
    dits = [audience.compte(n, est_sien=sien) for n, sien in zip(comptes["n"], siens, strict=True)]
    table = pd.DataFrame({"nom": [noms.get(c, c) for c in comptes["cle"]], "n": pd.Series(dits, dtype=object)})
    # By what is read alone: a place in the list would tell what is not.
    ordre = table.assign(n=table["n"].astype(float).fillna(0)).sort_values(["n", "nom"], ascending=[False, True]).index
    return table.loc[ordre].reset_index(drop=True)


def repartition(lues: pd.DataFrame, quoi: str, titre: str) -> tuple[Figure, str]:
    """The first lines as bars, and what is left to the table. `lues`: see `lignes`."""
    vues = lues.head(LIGNES_DESSINEES)
    dits = [langue.nombre(n) for n in vues["n"]]
    base = pd.DataFrame(
        {
            "rang": range(len(vues)),
            "libelle": vues["nom"].to_numpy(),
            "valeur_dit": dits,
            "infobulle": [f"{nom} : {d}" for nom, d in zip(vues["nom"], dits, strict=True)],
            "effectif": vues["n"].astype(float).fillna(0).to_numpy(),
        }
    )
    est_entier = len(vues) == len(lues)
    note = "" if est_entier else f"Les {len(vues)} premiers sur {len(lues)}, tous dans le détail en bas de page."
    return vues_mesures.effectifs(base, quoi, titre, " ; ".join(base["infobulle"])), note


def trajectoire(avec: pd.DataFrame, sans: pd.DataFrame, seance: Seance) -> Figure:
    """`avec`, `sans`: see `simulation.engagement.project`, `restants` as it is read. The first point is today."""
    noms = [f"fin {seance.annee}" if seance.semestre == 2 else f"mi-{seance.annee}"]
    courante = seance
    for _ in range(len(avec)):
        courante = Seance(courante.annee + 1, 1) if courante.semestre == 2 else Seance(courante.annee, 2)
        noms.append(f"fin {courante.annee}" if courante.semestre == 2 else f"mi-{courante.annee}")
    morceaux: list[pd.DataFrame] = []
    bouts: list[dict[str, Any]] = []
    for serie, suite in ((AVEC, avec), (SANS, sans)):
        dits = [int(suite["stock_debut"].iloc[0]), *suite["restants"]]
        restants = [0 if pd.isna(n) else int(n) for n in dits]  # « 12 ou moins » stands on the axis
        morceaux.append(
            pd.DataFrame(
                {
                    "rang": range(len(noms)),
                    "semestre": noms,
                    "restants": restants,
                    "serie": serie,
                    "infobulle": [
                        f"{nom} : {langue.effectif(n, 'ménage')} {serie}" for nom, n in zip(noms, dits, strict=True)
                    ],
                }
            )
        )
        bout = {"rang": len(noms) - 1, "semestre": noms[-1], "restants": restants[-1], "serie": serie}
        bouts.append({**bout, "dit": f"{langue.nombre(dits[-1])} {serie}"})
    fins = [b["restants"] for b in bouts]
    for bout in bouts:
        est_haut = bout["restants"] > min(fins) or (fins[0] == fins[1] and bout["serie"] == SANS)
        bout["cote"] = "dessus" if est_haut else "dessous"
    points = pd.concat(morceaux, ignore_index=True)
    return vues_orientations.trajectoire(points, pd.DataFrame(bouts), " ; ".join(points["infobulle"]))
