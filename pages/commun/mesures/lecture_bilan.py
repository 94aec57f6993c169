"""What the 9h30 screen reads once for a séance, an ICI and an objective: figures, and the lines that may be shown."""

from __future__ import annotations

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

INCONNUE = "inconnu"  # the fragilité of a quartier that no table tells
SANS_OBJECTIF_DIT = " ; objectif inconnu, la fragilité d’aucun quartier n’est connue"
NOM = {"commune": "nom_commune", "bailleur": "nom_bailleur"}


Cle = tuple[str, str, str, str | None]  # snapshot, séance, indicator, ICI


@dataclass(frozen=True)
class Bilan:
    """Frames of one screen, shared between sessions: never written. All but `cellules` are as they are read.

    `ensemble`: one row, the whole scope. `classes`, `semestre`: one row per fragilite (`equilibre` only), over 12
    months and over the séance's own semester; for `aci`, one row each. `communes`: one row each, most attributions
    first, with the columns of the contract, `nom`, `cote` and `infobulle`. `carte`: one row per commune of
    the scope: commune, nom, infobulle.

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
    carte: pd.DataFrame

    @property
    def mesure(self) -> MesureBilan:
        return MESURES[self.indicateur]


def cle_de(perimetre: Perimetre, indicateur: str) -> Cle:
    return (
        perimetre.instantane.identifiant,
        str(perimetre.seance),
        indicateur,
        perimetre.ici,
    )


@memo.said(64, est_partage=True)
def read_cle(cle: Cle) -> Bilan:
    """The same, by its key."""
    identifiant, seance, indicateur, ici = cle

    def cut(*par: str, etendue: str = "annee") -> pd.DataFrame:
        return donnees.dites(identifiant, seance, indicateur, etendue, par, ici)

    geographie = donnees.communes(identifiant, seance)
    noms = {
        "commune": dict(zip(geographie["commune"], geographie["nom"], strict=True)),
        "bailleur": donnees.noms(identifiant, seance, "bailleur"),
    }
    classe = MESURES[indicateur].classe
    cellules = donnees.cellules(identifiant, seance, indicateur, "annee", ("commune", "bailleur", *classe), ici)
    communes = _name(cut("commune"), "commune", noms["commune"])
    return Bilan(
        cle,
        indicateur,
        donnees.objectif(identifiant, seance, indicateur),
        cut(),
        cut(*classe),
        cut(*classe, etendue="semestre"),
        cellules.assign(**{NOM[c]: _say(cellules[c], noms[c]) for c in NOM}),
        communes,
        _carte(geographie if ici is None else geographie[geographie["ici"] == ici], communes, cellules),
    )


def say_en_nombre(choisi: Perimetre, indicateur: str) -> str:
    """Each place of the scope that is held to a number a year, against it (a bailleur, over the whole Métropole)."""
    ou, dits = (choisi.instantane.identifiant, str(choisi.seance)), []
    for objectif in donnees.objectifs(*ou, indicateur):
        lieu = dict(objectif.lieu)
        if (
            not objectif.en_nombre
            or not lieu
            or "reservataire" in lieu
            or lieu.get("commune", "")
            not in (
                "",
                *choisi.communes,
            )
        ):
            continue
        ici = choisi.ici if "commune" in lieu else None
        lignes = donnees.dites(*ou, indicateur, "annee", tuple(lieu), ici)
        for coupe, code in lieu.items():
            lignes = lignes[lignes[coupe] == code]
        noms = choisi.communes | choisi.bailleurs
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

    est_partielle = phrases_constats.duree_partielle(cut()) or phrases_constats.duree_partielle(read_cle(cle).ensemble)
    return None if est_partielle else (str(avant), cut(par))


def seance_dite(texte: str) -> str:
    """`S2 2017` for the séance 2017S2."""
    seance = Seance.read(texte)
    return f"S{seance.semestre}{langue.INSECABLE}{seance.annee}"


def _say(codes: pd.Series, noms: dict[str, str]) -> pd.Series:
    return codes.map(noms).fillna(codes)


def _name(lignes: pd.DataFrame, cle: str, noms: dict[str, str]) -> pd.DataFrame:
    """Most attributions first, with what a place is called on screen, and what it says under the pointer."""
    rangees = by_volume(lignes, cle)
    dits = _say(rangees[cle], noms)
    details = [phrases_constats.detail_entier(nom, x) for nom, x in zip(dits, par_ligne(rangees), strict=True)]
    return rangees.assign(nom=dits, infobulle=details)


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


def _carte(communes: pd.DataFrame, lignes: pd.DataFrame, cellules: pd.DataFrame) -> pd.DataFrame:
    """Every commune of the scope with what is said of it."""
    siennes = lignes.set_index("commune")
    situees = servies = set(cellules["commune"])
    if "fragilite" in cellules:
        situees = set(cellules.loc[cellules["fragilite"] != INCONNUE, "commune"])
    a_un_objectif = communes["commune"].isin(situees) | ~communes["commune"].isin(servies)
    return pd.DataFrame(
        {
            "commune": communes["commune"],
            "nom": communes["nom"],
            "infobulle": [
                siennes["infobulle"].get(c, f"{nom} : aucune attribution")
                + ("" if connu or c not in siennes.index else SANS_OBJECTIF_DIT)
                for c, nom, connu in zip(communes["commune"], communes["nom"], a_un_objectif, strict=True)
            ],
        }
    )
