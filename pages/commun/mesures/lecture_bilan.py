"""What the 9h30 screen reads once for a séance, an ICI and an objective: figures, and the lines that may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.catalogue import ACI as ACI
from mel_core.indicateurs.catalogue import EQUILIBRE as EQUILIBRE
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import MesureBilan
from mel_core.indicateurs.mesures import Objectif
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import donnees, memo
from pages.commun.choix_perimetre import Perimetre

NOM = {"commune": "nom_commune", "bailleur": "nom_bailleur"}
Cle = tuple[str, str, str, str | None]  # snapshot, séance, indicator, ICI


@dataclass(frozen=True)
class Bilan:
    """Frames of one screen, shared between sessions: never written. All but `cellules` are as they are read.

    `ensemble`: one row, the whole scope. `classes`, `semestre`: one row per fragilite (`equilibre` only), over 12
    months and over the séance's own semester; for `aci`, one row each. `communes`: one row each that has attributions.
    `noms`: code → name of the communes of the scope.

    `cellules`: commune × bailleur (× fragilite) with `nom_commune` and `nom_bailleur`, exact: what a lever is worked
    out of, and never shown.
    """

    cle: Cle
    indicateur: str
    objectif: Objectif | None
    ensemble: pd.DataFrame
    classes: pd.DataFrame
    semestre: pd.DataFrame
    cellules: pd.DataFrame
    communes: pd.DataFrame
    noms: Mapping[str, str]

    @property
    def mesure(self) -> MesureBilan:
        return MESURES[self.indicateur]


def cle_de(perimetre: Perimetre, indicateur: str) -> Cle:
    return perimetre.instantane.identifiant, str(perimetre.seance), indicateur, perimetre.ici


@memo.said(64, est_partage=True)
def read_cle(cle: Cle) -> Bilan:
    """The same, by its key."""
    identifiant, seance, indicateur, ici = cle

    def cut(*par: str, etendue: str = "annee") -> pd.DataFrame:
        return donnees.dites(identifiant, seance, indicateur, etendue, par, ici)

    geographie = donnees.communes(identifiant, seance)
    siennes = geographie if ici is None else geographie[geographie["ici"] == ici]
    noms = {c: donnees.noms(identifiant, seance, c) for c in NOM}
    classe = MESURES[indicateur].classe
    cellules = donnees.cellules(identifiant, seance, indicateur, "annee", ("commune", "bailleur", *classe), ici)
    return Bilan(
        cle,
        indicateur,
        donnees.objectif(identifiant, seance, indicateur),
        cut(),
        cut(*classe),
        cut(*classe, etendue="semestre"),
        cellules.assign(**{NOM[c]: cellules[c].map(noms[c]).fillna(cellules[c]) for c in NOM}),
        cut("commune"),
        {c: noms["commune"][c] for c in siennes["commune"]},
    )


def say_en_nombre(choisi: Perimetre, indicateur: str) -> str:
    """Each place of the scope that is held to a number a year, against it (a bailleur, over the whole Métropole)."""
    ou, dits, noms = (choisi.instantane.identifiant, str(choisi.seance)), [], choisi.communes | choisi.bailleurs
    for objectif in donnees.objectifs(*ou, indicateur):
        lieu = dict(objectif.lieu)
        est_d_ici = lieu.get("commune", "") in ("", *choisi.communes)
        if not objectif.en_nombre or not lieu or "reservataire" in lieu or not est_d_ici:
            continue
        ici = choisi.ici if "commune" in lieu else None
        lignes = donnees.dites(*ou, indicateur, "annee", tuple(lieu), ici)
        for coupe, code in lieu.items():
            lignes = lignes[lignes[coupe] == code]
        nom = " · ".join(noms.get(code, code) for code in lieu.values())
        ligne = next(iter(par_ligne(lignes)), None)
        dits.append(phrases_constats.objectif_en_nombre(nom, ligne, float(objectif.valeur)))
    return f"Objectifs en nombre, par an : {' ; '.join(dits)}." if dits else ""


def precedent(cle: Cle, par: str) -> tuple[str, pd.DataFrame] | None:
    """The séance before and its cells cut by `par`, read alike; none when the data do not cover
    its whole year: nothing is compared with a part of one."""
    _, seance, indicateur, ici = cle
    avant = Seance.read(seance).precedente
    # Each séance by the snapshot that serves it: a frozen one keeps its own.
    servi = donnees.instantane(avant, ici).identifiant
    if str(avant) not in donnees.choix()[0]:
        return None

    def cut(*par: str) -> pd.DataFrame:
        return donnees.dites(servi, str(avant), indicateur, "annee", par, ici)

    est_entiere = all(phrases_constats.duree_de(lues).est_entiere for lues in (cut(), read_cle(cle).ensemble))
    return (str(avant), cut(par)) if est_entiere else None


def seance_dite(texte: str) -> str:
    """`S2 2017` for the séance 2017S2."""
    seance = Seance.read(texte)
    return f"S{seance.semestre}{langue.INSECABLE}{seance.annee}"


def by_volume(lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """The lines with most attributions first, as far as is read."""
    volumes = lignes.assign(volume=lignes["n"].astype(float)).sort_values(["volume", cle], ascending=[False, True])
    return volumes.drop(columns="volume").reset_index(drop=True)


def sans_commune(nom: object, commune: str) -> str:
    """`IRIS 0403` in its commune, which is named above."""
    return "" if pd.isna(nom) else str(nom).removeprefix(f"{commune}, ").removeprefix(f"{commune} - ")


def par_ligne(rangees: pd.DataFrame) -> list[dict[str, Any]]:
    """Each line by column, a count that is not said still what it is (`to_dict` makes an unknown of it)."""
    return [dict(zip(rangees, x, strict=True)) for x in rangees.itertuples(index=False, name=None)]
