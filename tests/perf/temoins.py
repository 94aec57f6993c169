"""Four questions as somebody would ask them elsewhere: of pandas, of polars, of SQLite, each on rows in its own form.

Each says `{question: a function without argument}`: the lettings of a year by commune and bailleur (commune, bailleur,
n, those whose ressources are known, those of modest households), the demandes that wait over 24 months without a
proposal, the Poulidors, and the second page of 500 of those who wait, the oldest first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from mel_core.entrepot import Lecteur
from mel_core.segments import Criteres
from mel_core.socle.periodes import step_back
from mel_core.socle.sql import blocs

LIGNES = {
    "attributions": "select commune, bailleur, date_bail, est_modeste from attributions_qualifiees",
    "demandes": "select pseudonyme, date_creation, etat, date_radiation from demandes",
    "evenements": "select pseudonyme, type, decision, rang, date_survenance from evenements",
}
PART, ATTENTE, POULIDOR, PAGE = "part des modestes par commune et bailleur", "attente_24", "poulidor", "page de 500"
VUS = ("PROPOSITION", "PASSAGE_CAL")
Questions = dict[str, Callable[[], Any]]


def en_pandas(lecteur: Lecteur, criteres: Criteres) -> Questions:
    a, d, e = (lecteur.query(sql) for sql in LIGNES.values())
    jour, debut = pd.Timestamp(criteres.jour), pd.Timestamp(criteres.debut)
    ancien, an = pd.Timestamp(step_back(criteres.jour, 24)), pd.Timestamp(criteres.jour.year, 1, 1)

    def part() -> list[tuple[Any, ...]]:
        lues = a[(a.date_bail >= an) & (a.date_bail <= jour)]
        groupes = lues.groupby(["commune", "bailleur"])["est_modeste"]
        compte = pd.DataFrame({"n": groupes.size(), "connus": groupes.count(), "modestes": groupes.sum()})
        return [(*lieu, *map(int, ns)) for lieu, ns in zip(compte.index, compte.to_numpy(), strict=True)]

    def actives() -> pd.DataFrame:
        return d[(d.date_creation <= jour) & ((d.etat == "ACTIVE") | (d.date_radiation > jour))]

    def attendent() -> pd.DataFrame:
        vus = e[e.type.isin(VUS) & (e.date_survenance <= jour)].pseudonyme
        anciennes = actives()
        anciennes = anciennes[anciennes.date_creation <= ancien]
        return anciennes[~anciennes.pseudonyme.isin(vus)]

    def poulidor() -> int:
        lus = e[e.date_survenance <= jour]
        cal = lus[(lus.type == "PASSAGE_CAL") & (lus.decision == "ATTRIBUE") & (lus.date_survenance > debut)]
        seconds = cal[cal.rang >= 2].groupby("pseudonyme").size()
        exclus = {*cal[cal.rang == 1].pseudonyme, *lus[lus.type == "REFUS_DEMANDEUR"].pseudonyme}
        return int(actives().pseudonyme.isin(set(seconds[seconds >= 2].index) - exclus).sum())

    def page() -> list[str]:
        return attendent().sort_values(["date_creation", "pseudonyme"])["pseudonyme"].iloc[500:1000].tolist()

    return {PART: part, ATTENTE: lambda: len(attendent()), POULIDOR: poulidor, PAGE: page}


def en_polars(lecteur: Lecteur, criteres: Criteres) -> Questions:
    a, d, e = (pl.from_pandas(lecteur.query(sql)) for sql in LIGNES.values())
    jour, debut, ancien = criteres.jour, criteres.debut, step_back(criteres.jour, 24)

    def part() -> list[tuple[Any, ...]]:
        lues = a.lazy().filter(pl.col("date_bail").is_between(jour.replace(month=1, day=1), jour))
        modeste = pl.col("est_modeste").cast(pl.Boolean)
        comptes = (pl.len().alias("n"), modeste.count().alias("connus"), modeste.sum().alias("modestes"))
        return lues.group_by("commune", "bailleur").agg(comptes).sort("commune", "bailleur").collect().rows()

    def actives() -> pl.LazyFrame:
        est_active = (pl.col("etat") == "ACTIVE") | (pl.col("date_radiation") > jour)
        return d.lazy().filter((pl.col("date_creation") <= jour) & est_active)

    def attendent() -> pl.LazyFrame:
        vus = e.lazy().filter(pl.col("type").is_in(VUS) & (pl.col("date_survenance") <= jour))
        return actives().filter(pl.col("date_creation") <= ancien).join(vus, on="pseudonyme", how="anti")

    def poulidor() -> int:
        lus = e.lazy().filter(pl.col("date_survenance") <= jour)
        est_passage = (pl.col("type") == "PASSAGE_CAL") & (pl.col("decision") == "ATTRIBUE")
        cal = lus.filter(est_passage & (pl.col("date_survenance") > debut))
        seconds = cal.filter(pl.col("rang") >= 2).group_by("pseudonyme").len().filter(pl.col("len") >= 2)
        exclus = pl.concat(
            [
                cal.filter(pl.col("rang") == 1).select("pseudonyme"),
                lus.filter(pl.col("type") == "REFUS_DEMANDEUR").select("pseudonyme"),
            ]
        )
        retenus = actives().join(seconds, on="pseudonyme", how="semi").join(exclus, on="pseudonyme", how="anti")
        return int(retenus.select(pl.len()).collect().item())

    def page() -> list[str]:
        lues = attendent().sort("date_creation", "pseudonyme").slice(500, 500)
        return lues.select("pseudonyme").collect()["pseudonyme"].to_list()

    def compte() -> int:
        return int(attendent().select(pl.len()).collect().item())

    return {PART: part, ATTENTE: compte, POULIDOR: poulidor, PAGE: page}


def en_sqlite(lecteur: Lecteur, criteres: Criteres, fichier: Path) -> Questions:
    """With an index on what each question looks for."""
    base = sqlite3.connect(fichier)
    for nom, sql in LIGNES.items():
        lues = lecteur.query(sql)
        dates = {c: lues[c].dt.strftime("%Y-%m-%d") for c in lues if c.startswith("date_")}
        lues.assign(**dates).to_sql(nom, base, index=False, chunksize=100_000)
    base.executescript(
        "create index par_date on attributions (date_bail);"
        "create index par_demande on evenements (pseudonyme, type, date_survenance);"
        "create index par_creation on demandes (date_creation, pseudonyme);"
    )
    parametres = {
        "jour": criteres.jour.isoformat(),
        "debut": criteres.debut.isoformat(),
        "ancien": step_back(criteres.jour, 24).isoformat(),
        "an": f"{criteres.jour.year}-01-01",
    }
    requetes = blocs(__file__, "temoins.sql")

    def ask(nom: str) -> list[tuple[Any, ...]]:
        return base.execute(requetes[nom], parametres).fetchall()

    return {
        PART: lambda: ask("part"),
        ATTENTE: lambda: ask("attente")[0][0],
        POULIDOR: lambda: ask("poulidor")[0][0],
        PAGE: lambda: [pseudonyme for (pseudonyme,) in ask("page")],
    }
