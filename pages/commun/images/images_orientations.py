"""From the counts of a segment to their chart, as they are read."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core.secret.bail import reader
from mel_core.socle import langue
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image
from pages.commun.segments.etape import est_sien

LIGNES_DESSINEES = 10


def lignes(comptes: pd.DataFrame, noms: Mapping[str, str], cle: str) -> pd.DataFrame:
    """One line per code, most first: `nom`, `n` as it is read. `comptes`: `cle`, `n`; `cle`: what it is split by."""
    siens = [est_sien(cle, code) for code in comptes["cle"]]
    dits = [reader().compte(n, est_sien=sien) for n, sien in zip(comptes["n"], siens, strict=True)]
    table = pd.DataFrame({"nom": [noms.get(c, c) for c in comptes["cle"]], "n": pd.Series(dits, dtype=object)})
    # By what is read alone: a place in the list would tell what is not.
    ordre = table.assign(n=table["n"].astype(float).fillna(0)).sort_values(["n", "nom"], ascending=[False, True]).index
    return table.loc[ordre].reset_index(drop=True)


def repartition(lues: pd.DataFrame, quoi: str, titre: str, *, est_en_salle: bool = False) -> tuple[Image, str]:
    """The first lines as bars, and what is left to the table, which a room has not. `lues`: see `lignes`."""
    vues = lues.head(LIGNES_DESSINEES)
    dits = [langue.nombre(n) for n in vues["n"]]
    base = pd.DataFrame(
        {
            "libelle": vues["nom"].to_numpy(),
            "valeur_dit": dits,
            "infobulle": [f"{nom} : {d}" for nom, d in zip(vues["nom"], dits, strict=True)],
            "effectif": vues["n"].astype(float).fillna(0).to_numpy(),
        }
    )
    note, reste = "", len(lues) - len(vues)
    if reste:
        premiers = f"Les {len(vues)} premiers sur {len(lues)}, tous dans le détail en bas de page."
        note = f"Et {langue.effectif(reste, 'autre')}." if est_en_salle else premiers
    return dessins.effectifs(base, quoi, titre, " ; ".join(base["infobulle"])), note


def restants(avec: pd.DataFrame, sans: pd.DataFrame) -> Image:
    """How many wait now, and how many would at the next séance, without the engagement and with it. `avec`, `sans`: see
    `phrases_engagement.suites`."""
    lignes = {
        "Aujourd’hui": sans["stock_debut"].iloc[0],
        "Prochaine ICI, sans engagement": sans["restants"].iloc[0],
        "Prochaine ICI, avec": avec["restants"].iloc[0],
    }
    base = pd.DataFrame(
        {
            "libelle": list(lignes),
            "valeur_dit": [langue.nombre(n) for n in lignes.values()],
            "infobulle": [f"{nom} : {langue.effectif(n, 'ménage')}" for nom, n in lignes.items()],
            "effectif": [float(n.dit or 0) for n in lignes.values()],
        }
    )
    titre = "Ménages du segment, aujourd’hui et à la prochaine ICI"
    return dessins.effectifs(base, "Ménages du segment, entrées comprises", titre, " ; ".join(base["infobulle"]))
