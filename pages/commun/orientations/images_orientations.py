"""From the counts of a segment and a projection to their pictures. Small cells are rolled up before any drawing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core import langue
from mel_core.periodes import Seance
from mel_core.secret.regroupement import SEUIL, regrouper
from pages.commun.figures import Figure
from pages.commun.mesures import vues_mesures
from pages.commun.orientations import vues_orientations
from pages.commun.orientations.vues_orientations import AVEC, SANS

LIGNES_DESSINEES = 10
_AUTRES = "Autres, regroupés"


def proteger(comptes: pd.DataFrame, noms: Mapping[str, str], territoires: Mapping[str, str]) -> pd.DataFrame:
    """The lines that may be projected, most first: `nom`, `n`, `n_cellules`; nothing under `SEUIL` households.

    `comptes`: `cle`, `n`. A small commune goes with its territoire; `n_masquees` cells that could not be put with
    enough others are left out, and counted in `attrs["n_masquees"]`.
    """
    table = comptes.assign(territoire=[territoires.get(c, "") for c in comptes["cle"]])
    groupes = regrouper(table, "cle", "territoire")
    ensemble = table.merge(groupes, on="cle", validate="one_to_one")
    vues = ensemble[~ensemble["est_masquee"]]
    sommes = vues.groupby(["ligne", "est_regroupee"], as_index=False).agg(n=("n", "sum"), n_cellules=("cle", "size"))
    sommes["nom"] = [
        (f"{x.ligne}, autres" if x.ligne else _AUTRES) if x.est_regroupee else noms.get(x.ligne, x.ligne)
        for x in sommes.itertuples()
    ]
    lignes = sommes.sort_values(["est_regroupee", "n", "nom"], ascending=[True, False, True], ignore_index=True)
    lignes.attrs["n_masquees"] = int(ensemble["est_masquee"].sum())
    return lignes[["nom", "n", "n_cellules", "est_regroupee"]]


def repartition(lignes: pd.DataFrame, quoi: str, titre: str) -> tuple[Figure, str]:
    """The first lines as bars, and what is left to the table. `lignes`: see `proteger`."""
    vues = lignes[lignes["n"] > 0].head(LIGNES_DESSINEES)
    dits = [
        langue.nombre(x.n) + (f" ({langue.effectif(x.n_cellules, 'lieu', 'lieux')})" if x.est_regroupee else "")
        for x in vues.itertuples()
    ]
    base = pd.DataFrame(
        {
            "rang": range(len(vues)),
            "libelle": vues["nom"].to_numpy(),
            "valeur_dit": dits,
            "infobulle": [f"{nom} : {d}" for nom, d in zip(vues["nom"], dits, strict=True)],
            "effectif": vues["n"].astype(float).to_numpy(),
        }
    )
    reste = int((lignes["n"] > 0).sum()) - len(vues)
    notes = (
        [f"Les {len(vues)} premiers sur {len(vues) + reste}, tous dans le détail en bas de page."] if reste > 0 else []
    )
    if lignes.attrs.get("n_masquees"):
        notes.append(f"{langue.effectif(lignes.attrs['n_masquees'], 'lieu', 'lieux')} de moins de {SEUIL} non montrés.")
    lecture = " ; ".join(base["infobulle"])
    return vues_mesures.effectifs(base, quoi, titre, lecture), " ".join(notes)


def trajectoire(avec: pd.DataFrame, sans: pd.DataFrame, seance: Seance) -> Figure:
    """`avec`, `sans`: see `simulation.engagement.projeter`. The first point is today."""
    noms = [f"fin {seance.annee}" if seance.semestre == 2 else f"mi-{seance.annee}"]
    courante = seance
    for _ in range(len(avec)):
        courante = Seance(courante.annee + 1, 1) if courante.semestre == 2 else Seance(courante.annee, 2)
        noms.append(f"fin {courante.annee}" if courante.semestre == 2 else f"mi-{courante.annee}")
    morceaux, bouts = [], []
    for serie, suite in ((AVEC, avec), (SANS, sans)):
        restants = [int(suite["stock_debut"].iloc[0]), *suite["restants"].astype(int)]
        morceaux.append(
            pd.DataFrame(
                {
                    "rang": range(len(noms)),
                    "semestre": noms,
                    "restants": restants,
                    "serie": serie,
                    "infobulle": [
                        f"{nom} : {langue.effectif(n, 'ménage')} {serie}" for nom, n in zip(noms, restants, strict=True)
                    ],
                }
            )
        )
        bouts.append({"rang": len(noms) - 1, "semestre": noms[-1], "restants": restants[-1], "serie": serie})
    fins = [b["restants"] for b in bouts]
    for bout in bouts:
        est_haut = bout["restants"] > min(fins) or (fins[0] == fins[1] and bout["serie"] == SANS)
        bout["cote"] = "dessus" if est_haut else "dessous"
        bout["dit"] = f"{langue.nombre(bout['restants'])} {bout['serie']}"
    points = pd.concat(morceaux, ignore_index=True)
    return vues_orientations.trajectoire(points, pd.DataFrame(bouts), " ; ".join(points["infobulle"]))
