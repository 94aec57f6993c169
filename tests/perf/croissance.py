"""`python -m tests.perf.croissance`: how the time of a question grows from MEL to a region, then to France.

Counts of segments, pages of lists and indicators on stores of the three scales, in the same run. For each step the
exponent of the growth: 1 is linear in the rows, under 1 is better. Time of the processor, the least of the repetitions:
other programs of the machine add to the wall clock, not to it. `--dossiers` measures stores that exist, in order.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from mel_core.cli.commandes import principal as ici
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import compute
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre, count, count_par
from mel_core.socle.periodes import Periode, Seance
from tests.perf.segments import read_page

ECHELLES = ("mel", "region", "france")
S2017 = Seance(2017, 2)
CRITERES = Criteres(date(2017, 12, 31))
COUPES: dict[str, tuple[str, ...]] = {
    "equilibre": ("commune", "bailleur"),
    "aci": ("commune", "bailleur"),
    "ressources": ("fragilite",),
    "delais": ("commune",),
}
LIGNES = {
    "demandes": "select count(*) as n from suivi",
    "attributions": "select count(*) as n from attributions_qualifiees",
}


def questions(lecteur: Lecteur) -> dict[str, tuple[str, Callable[[], Any]]]:
    """By name: the table that the question reads, and the question."""
    posees: dict[str, tuple[str, Callable[[], Any]]] = {
        f"compte {nom}": ("demandes", lambda nom=nom: count(lecteur, nom, CRITERES)) for nom in SEGMENTS
    }
    for nom in ("attente_24", "poulidor"):
        posees[f"compte {nom} par commune"] = (
            "demandes",
            lambda nom=nom: count_par(lecteur, nom, CRITERES, "commune_souhaitee"),
        )
        for tri in ("date_creation", "n_personnes"):
            posees[f"page de 500, {nom} par {tri}"] = (
                "demandes",
                lambda nom=nom, tri=tri: read_page(lecteur, nom, tri),
            )
    annee = Periode.de(S2017, "annee")
    for nom, coupes in COUPES.items():
        posees[f"{nom} par {', '.join(coupes)}"] = (
            "attributions",
            lambda nom=nom, coupes=coupes: compute(lecteur, nom, annee, coupes),
        )
    assert count(lecteur, SegmentLibre(), CRITERES) > 0
    return posees


def mesurer(dossier: Path, tours: int) -> tuple[dict[str, int], dict[str, float]]:
    """Rows of each table, and milliseconds of the processor of each question, asked in turn."""
    with Entrepot(dossier).open(Portee.mel()) as lecteur:
        lignes = {table: int(lecteur.query(sql)["n"].iloc[0]) for table, sql in LIGNES.items()}
        posees = questions(lecteur)
        meilleurs = dict.fromkeys(posees, math.inf)
        for tour in range(tours + 1):
            for nom, (_, question) in posees.items():
                debut = time.process_time()
                question()
                if tour:  # the first is a warm-up
                    meilleurs[nom] = min(meilleurs[nom], 1000 * (time.process_time() - debut))
        return lignes, meilleurs


def say(mesures: dict[str, tuple[dict[str, int], dict[str, float]]], tables: dict[str, str]) -> None:
    noms = list(mesures)
    print(f"{'':40}" + "".join(f"{nom:>12}" for nom in noms) + "   exposant d’une échelle à la suivante")
    for table in LIGNES:
        print(f"{table:40}" + "".join(f"{mesures[nom][0][table]:>12}" for nom in noms))
    for question, table in tables.items():
        temps, n = ([mesures[nom][i][cle] for nom in noms] for i, cle in ((1, question), (0, table)))
        exposants = [
            math.log(t2 / t1) / math.log(n2 / n1) for t1, t2, n1, n2 in zip(temps, temps[1:], n, n[1:], strict=False)
        ]
        print(
            f"{question:40}"
            + "".join(f"{t:>9.1f} ms" for t in temps)
            + "   "
            + "  ".join(f"{e:5.2f}{' plus que linéaire' if e > 1 else ''}" for e in exposants)
        )


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--dossiers", type=Path, nargs="+", help="magasins existants, du plus petit au plus grand")
    analyse.add_argument("--echelles", nargs="+", default=ECHELLES, choices=ECHELLES)
    analyse.add_argument("--tours", type=int, default=5)
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossiers = options.dossiers
        if dossiers is None:
            dossiers = [Path(provisoire) / echelle for echelle in options.echelles]
            for dossier in dossiers:
                ici(["--dossier-donnees", str(dossier), "demo", "--echelle", dossier.name])
        mesures = {dossier.name: mesurer(dossier, options.tours) for dossier in dossiers}
        with Entrepot(dossiers[0]).open(Portee.mel()) as lecteur:
            say(mesures, {nom: table for nom, (table, _) in questions(lecteur).items()})


if __name__ == "__main__":
    principal()
