"""The reception network added up: by month, commune, actor and place, online or not, each share beside its weight.

Pure: the frames of `suivi.accueil` in, a frame out. A month that was not entered is never a zero.
"""

from __future__ import annotations

import pandas as pd

from mel_core.socle.periodes import Seance

ENREGISTREMENTS, EN_LIGNE = "n_enregistrements", "n_enregistrements_en_ligne"
MESURES = (ENREGISTREMENTS, "n_pre_accueil", "n_entretiens")
RESEAU, LIGNE, TOUT = "reseau", "en_ligne", "tout"
MOIS_D_UN_AN = 12


def fenetres(seance: Seance) -> tuple[list[str], list[str]]:
    """The 12 months up to the end of the séance, and the 12 before them, written « 2017-09 »."""
    dernier = seance.fin.year * 12 + seance.fin.month - 1
    mois = [f"{m // 12}-{m % 12 + 1:02d}" for m in range(dernier - 2 * MOIS_D_UN_AN + 1, dernier + 1)]
    return mois[MOIS_D_UN_AN:], mois[:MOIS_D_UN_AN]


def mois_couverts(accueil: pd.DataFrame, mois: list[str]) -> int:
    """How many of `mois` are between the first and the last that the table holds (contract §2)."""
    return sum(accueil["mois"].min() <= m <= accueil["mois"].max() for m in mois) if len(accueil) else 0


def part_en_ligne(lignes: pd.DataFrame) -> float | None:
    """Share of registrations made online, where both are counted (0–1)."""
    connues = lignes[lignes[ENREGISTREMENTS].notna() & lignes[EN_LIGNE].notna()]
    total = connues[ENREGISTREMENTS].sum()
    return float(connues[EN_LIGNE].sum() / total) if total > 0 else None


def par_mois(accueil: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """Volumes of each month, split by the way in.

    One row per `mois` (first day) × `voie`: `en_ligne` and `reseau` for registrations, `tout` for another `mesure`;
    `effectif`, empty where no place entered any. What is registered where online is not counted goes to the network.
    """
    sommes = accueil.groupby("mois")[[mesure, EN_LIGNE]].sum(min_count=1).reset_index()
    jours = pd.to_datetime(sommes["mois"] + "-01")
    if mesure != ENREGISTREMENTS:
        return pd.DataFrame({"mois": jours, "voie": TOUT, "effectif": sommes[mesure].astype(float)})
    return pd.concat(
        [
            pd.DataFrame({"mois": jours, "voie": RESEAU, "effectif": sommes[mesure] - sommes[EN_LIGNE].fillna(0)}),
            pd.DataFrame({"mois": jours, "voie": LIGNE, "effectif": sommes[EN_LIGNE].astype(float)}),
        ],
        ignore_index=True,
    )


def par_commune(annee: pd.DataFrame, communes: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """The volume of each commune beside its weight; the largest volumes first.

    One row per commune of `communes`: `commune`, `nom`, `population`, `effectif` (0 without a place; empty where its
    places entered nothing), `part` of the volume and `poids` in the population (0–1, over `communes`; empty when their
    total is 0), `ecart_points` (part − poids).
    """
    volumes = annee.groupby("commune")[mesure].sum(min_count=1).rename("effectif")
    lignes = communes[["commune", "nom", "population"]].merge(volumes, on="commune", how="left")
    lignes.loc[~lignes["commune"].isin(volumes.index), "effectif"] = 0
    total, habitants = lignes["effectif"].sum(), lignes["population"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["population"] / habitants if habitants > 0 else float("nan")
    lignes["ecart_points"] = 100 * (lignes["part"] - lignes["poids"])
    return lignes.sort_values(["effectif", "population"], ascending=False, ignore_index=True)


def par_porteur(annee: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """The volume of each kind of actor beside its weight; the largest volumes first.

    One row per `porteur`: `n_lieux`, `n_labellises`, `effectif` (empty where its places entered nothing), its `part` of
    the volume (0–1, empty when nothing is counted) and `poids`, its share of the places (0–1).
    """
    groupes = annee.groupby("porteur")
    lignes = pd.DataFrame(
        {
            "n_lieux": groupes["lieu"].nunique(),
            "n_labellises": annee[annee["type_lieu"] == "LABELLISE"].groupby("porteur")["lieu"].nunique(),
            "effectif": groupes[mesure].sum(min_count=1),
        }
    ).fillna({"n_labellises": 0})
    total, lieux = lignes["effectif"].sum(), lignes["n_lieux"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["n_lieux"] / lieux if lieux else float("nan")
    return lignes.sort_values("effectif", ascending=False).reset_index()


def par_lieu(annee: pd.DataFrame) -> pd.DataFrame:
    """One row per place: its volumes over 12 months (empty when never counted), `part_en_ligne` (0–1, over the months
    where both are), the largest registrations first."""
    mesures = [*MESURES, EN_LIGNE]
    groupes = annee.groupby(["lieu", "nom", "type_lieu", "porteur"])
    lignes = groupes[mesures].sum(min_count=1).reset_index()
    en_ligne = {lieu: part_en_ligne(siennes) for lieu, siennes in annee.groupby("lieu")}
    lignes["part_en_ligne"] = lignes["lieu"].map(en_ligne).astype("float64")
    return lignes.sort_values([ENREGISTREMENTS, "lieu"], ascending=[False, True], ignore_index=True)


def manquants(annee: pd.DataFrame, mesure: str) -> int:
    """Cells place × month that hold nothing: left out, never counted as zero."""
    return int(annee[mesure].isna().sum())
