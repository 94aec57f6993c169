"""`python -m tests.perf.segments`: counts of segments, pages of lists, overlaps; with the follow-up table and without.

In the same run, in turn: the question on the follow-up table, the same computed from the demandes and their events, the
same in pandas. Ratios count, milliseconds depend on the machine; `calcul` is the least time of the processor, all cores
together: other programs add little to it. `--dossier` measures a store that exists.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from mel_core.cli.commandes import principal as ici
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot import lecteur as lecteur_du_magasin
from mel_core.segments import (
    SEGMENTS,
    Condition,
    Criteres,
    SegmentLibre,
    count,
    count_par,
    find_all,
    order,
    recouvrements,
)
from mel_core.segments.calcul_segments import TRIS
from mel_core.socle.sql import blocs
from tests.perf.temoins import en_pandas

CRITERES = Criteres(date(2017, 12, 31))
LIBRE = SegmentLibre(
    (
        Condition("anciennete_mois", "au_moins", 24),
        Condition("typologie", "parmi", ("T4", "T5")),
        Condition("ressources", "parmi", ("tres_modeste", "modeste")),
        Condition("n_passages_cal", "au_plus", 1),
    )
)


class SansSuivi:
    """The same reader, as if nothing had been made at publication."""

    def __init__(self, lecteur: Lecteur) -> None:
        self.lecteur = lecteur
        lecteur.query(blocs(lecteur_du_magasin.__file__, "suivi.sql")["suivi_calcule"])

    def query(self, sql: str, **parametres: Any) -> pd.DataFrame:
        if " suivi\n" not in sql:
            return self.lecteur.query(sql, **parametres)
        return self.lecteur.query(f"with suivi as materialized (from suivi_calcule())\n{sql}", **parametres)

    def __getattr__(self, nom: str) -> Any:
        return getattr(self.lecteur, nom)


class Duree(NamedTuple):
    """Milliseconds of one asking: on the wall clock, and of the processor."""

    mur: float
    calcul: float


def read_page(lecteur: Lecteur, nom: str, tri: str) -> pd.DataFrame:
    """The second page of a list, in this order."""
    return find_all(lecteur, nom, CRITERES, lignes=order(lecteur, nom, CRITERES, tri=tri)[500:1000])


def chronometrer(questions: dict[str, Callable[[], Any]], tours: int) -> dict[str, list[Duree]]:
    """Each question, asked in turn so that all share the moods of the machine."""
    durees: dict[str, list[Duree]] = {nom: [] for nom in questions}
    for tour in range(tours + 1):
        for nom, question in questions.items():
            debut, calcul = time.perf_counter(), time.process_time()
            question()
            if tour:  # the first is a warm-up
                mur = time.perf_counter() - debut
                durees[nom].append(Duree(1000 * mur, 1000 * (time.process_time() - calcul)))
    return durees


def say(nom: str, durees: list[Duree], temoin: list[Duree] | None = None) -> None:
    tri = sorted(d.mur for d in durees)
    p50 = statistics.median(tri)
    rapport = f"  {statistics.median(d.mur for d in temoin) / p50:5.1f} × plus vite que sans" if temoin else ""
    print(
        f"{nom:48} min {tri[0]:7.1f}  p50 {p50:7.1f}  p95 {tri[int(0.95 * (len(tri) - 1))]:7.1f}  "
        f"calcul {min(d.calcul for d in durees):7.1f} ms{rapport}"
    )


def mesurer(lecteur: Lecteur, tours: int, temoins: int) -> None:
    sans: Any = SansSuivi(lecteur)
    pandas = {nom: question for nom, question in en_pandas(lecteur, CRITERES).items() if nom in SEGMENTS}
    for nom, question in pandas.items():
        assert question() == count(lecteur, nom, CRITERES) == count(sans, nom, CRITERES), nom
    comptes: dict[str, Callable[[], Any]] = {
        f"compte {nom}": lambda nom=nom: count(lecteur, nom, CRITERES) for nom in SEGMENTS
    }
    comptes["compte segment libre"] = lambda: count(lecteur, LIBRE, CRITERES)
    for nom in ("attente_24", "poulidor", "aci_en_attente"):
        comptes[f"par commune souhaitée, {nom}"] = lambda nom=nom: count_par(
            lecteur, nom, CRITERES, "commune_souhaitee"
        )
    comptes["recouvrements, neuf segments"] = lambda: recouvrements(lecteur, CRITERES)
    mesures = chronometrer(comptes, tours)
    lents = chronometrer(
        {f"compte {nom}": lambda nom=nom: count(sans, nom, CRITERES) for nom in ("attente_24", "poulidor")}
        | {f"compte {nom} en pandas": question for nom, question in pandas.items()},
        temoins,
    )
    for nom, durees in mesures.items():
        say(nom, durees, lents.get(nom))
        if lents.get(f"{nom} en pandas"):
            say(f"  {nom} en pandas", lents[f"{nom} en pandas"])
    pages: dict[str, Callable[[], Any]] = {
        f"page de 500, {nom} par {tri}": lambda nom=nom, tri=tri: read_page(lecteur, nom, tri)
        for nom in ("attente_24", "poulidor")
        for tri in ("date_creation", "n_personnes", "meilleur_rang")
    }
    assert {"date_creation", "n_personnes", "meilleur_rang"} <= TRIS.keys()
    for nom, durees in chronometrer(pages, tours).items():
        say(nom, durees)


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--dossier", type=Path)
    analyse.add_argument("--echelle", default="mel")
    analyse.add_argument("--tours", type=int, default=30)
    analyse.add_argument("--temoins", type=int, default=5)
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = options.dossier
        if dossier is None:
            dossier = Path(provisoire)
            ici(["--dossier-donnees", str(dossier), "demo", "--echelle", options.echelle])
        with Entrepot(dossier).open(Portee.mel()) as lecteur:
            mesurer(lecteur, options.tours, options.temoins)


if __name__ == "__main__":
    principal()
