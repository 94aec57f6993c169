"""`python -m tests.perf.importation`: the whole import against the bare DuckDB load of the same files.

60 000 demandes × 27 columns, 200 000 événements, 70 000 attributions × 23, all in one jeu de données. Both are whole
processes, run in turn; time and peak memory come from the operating system. `calcul` is the time of the processor, all
cores together: what else the machine does changes it little.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from mel_core.contrat.reference import communes

N_DEMANDES, N_EVENEMENTS, N_ATTRIBUTIONS = 60_000, 200_000, 70_000
BRUT = """
import sys, duckdb
dossier, base = sys.argv[1:]
con = duckdb.connect(base)
for table in ("communes", "quartiers", "bailleurs", "residences", "demandes", "evenements", "attributions"):
    con.read_csv(f"{dossier}/{table}.csv").create(table)
con.close()
"""


def write(dossier: Path, facteur: float) -> None:
    """A clean jeu de données in the shape of a real one: all columns filled, 10 % of incomes missing."""
    tirage = random.Random(2017)
    codes = list(communes())
    quartiers = [f"{c}{i:04d}" for c in codes for i in range(5)]
    residences = [f"R{i:05d}" for i in range(3000)]
    bailleurs = [f"B{i:02d}" for i in range(12)]

    def jour(debut: date, jours: int) -> str:
        return (debut + timedelta(days=tirage.randrange(jours))).isoformat()

    def menage() -> dict[str, object]:
        n = tirage.choices(range(1, 8), (43, 22, 15, 11, 6, 2, 1))[0]
        return {
            "n_personnes": n,
            "n_uc": round(1 + 0.4 * (n - 1), 1),
            "categorie_menage": min(n, 6),
            "revenu_fiscal": "" if tirage.random() < 0.1 else tirage.randrange(1000, 40000),
            "ressources_mensuelles": round(tirage.uniform(300, 3000), 2),
            **{e: tirage.random() < 0.1 for e in ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru", "actif")},
        }

    def numero(i: int) -> str:
        return f"999{i:015d}"

    n_demandes, n_evenements, n_attributions = (round(n * facteur) for n in (N_DEMANDES, N_EVENEMENTS, N_ATTRIBUTIONS))
    tables = {
        "communes": ({"code_insee": c, "nom": c, "fragilite": "moyenne"} for c in codes),
        "quartiers": (
            {"code_quartier": q, "nom": q, "code_insee": q[:5], "ips": 1 + i % 4} for i, q in enumerate(quartiers)
        ),
        "bailleurs": ({"code_bailleur": b, "nom": b} for b in bailleurs),
        "residences": (
            {
                "code_residence": r,
                "code_bailleur": tirage.choice(bailleurs),
                "code_quartier": tirage.choice(quartiers),
                "n_logements": 40,
                "taux_rotation": 0.09,
            }
            for r in residences
        ),
        "demandes": (
            {
                "numero_unique": numero(i),
                "date_creation": jour(date(2012, 1, 1), 2190),
                "date_renouvellement": jour(date(2017, 1, 1), 364),
                "etat": "ACTIVE",
                "statut_logement": tirage.choice(("HLM", "LP", "CPE", "CP")),
                "code_insee_actuel": tirage.choice(codes),
                "code_bailleur_actuel": tirage.choice(bailleurs),
                "motif": f"{tirage.randrange(1, 24):02d}",
                "typologies": "T2|T3",
                "communes_souhaitees": "|".join(tirage.sample(codes, 3)),
                "critere_mutation": tirage.choice(("DELAI", "ECONOMIQUE")),
                "delai_anormalement_long": tirage.random() < 0.2,
                "multiples_attributions_sous_conditions": False,
                "age": tirage.randrange(18, 90),
                **menage(),
            }
            for i in range(n_demandes)
        ),
        "evenements": (
            {
                "id_evenement": f"E{i:09d}",
                "numero_unique": numero(tirage.randrange(n_demandes)),
                "type": "PASSAGE_CAL",
                "date_survenance": jour(date(2015, 1, 1), 1095),
                "code_residence": tirage.choice(residences),
                "code_bailleur": tirage.choice(bailleurs),
                "typologie": "T3",
                "decision": "ATTRIBUE",
                "rang": tirage.randrange(1, 5),
                "motif": "",
            }
            for i in range(n_evenements)
        ),
        "attributions": (
            {
                "id_attribution": f"A{i:09d}",
                "numero_unique": numero(10**9 + i),
                "date_bail": jour(date(2015, 1, 1), 1095),
                "date_creation_demande": jour(date(2012, 1, 1), 1000),
                "code_insee": tirage.choice(codes),
                "code_bailleur": tirage.choice(bailleurs),
                "code_residence": tirage.choice(residences),
                "code_quartier": "",
                "typologie": "T3",
                "financement": "PLUS",
                "reservataire": tirage.choice(("COLTER", "COLACT", "PPRIOR", "AUCUN")),
                "mutation": tirage.random() < 0.33,
                **menage(),
            }
            for i in range(n_attributions)
        ),
    }
    for nom, lignes in tables.items():
        premiere = next(lignes)
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as fichier:
            plume = csv.DictWriter(fichier, premiere.keys(), delimiter=";")
            plume.writeheader()
            plume.writerow(premiere)
            plume.writerows(lignes)


class Mesure(NamedTuple):
    """Of a whole process and its children, as the system counts them: seconds on the wall and of the processor, Mo."""

    mur: float
    calcul: float
    memoire: float


def mesurer(commande: list[str]) -> Mesure:
    debut = time.perf_counter()
    processus = subprocess.Popen(commande, stdout=subprocess.DEVNULL)
    _, etat, usage = os.wait4(processus.pid, 0)
    if etat:
        raise SystemExit(f"{commande} a échoué")
    return Mesure(time.perf_counter() - debut, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--passes", type=int, default=5)
    analyse.add_argument("--facteur", type=float, default=1.0, help="taille du jeu de données, 1 = MEL")
    options = analyse.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # where it is set, each pass would compile the program again
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as racine:
        jeu = Path(racine) / "jeu"
        jeu.mkdir()
        write(jeu, options.facteur)
        mesures: dict[str, list[Mesure]] = {"import": [], "brut": []}
        for passe in range(options.passes):
            base = f"{racine}/brut{passe}.duckdb"
            mesures["brut"].append(mesurer([sys.executable, "-c", BRUT, str(jeu), base]))
            donnees = f"{racine}/donnees{passe}"
            mesures["import"].append(
                mesurer(
                    [sys.executable, "-m", "mel_core", "--dossier-donnees", donnees, "importer", str(jeu), "--json"]
                )
            )
        for nom, prises in mesures.items():
            secondes = [p.mur for p in prises]
            print(
                f"{nom:7} {statistics.median(secondes):6.2f} s (min {min(secondes):.2f}, max {max(secondes):.2f}), "
                f"calcul {statistics.median(p.calcul for p in prises):6.2f} s, {max(p.memoire for p in prises):6.0f} Mo"
            )
        paires = list(zip(mesures["import"], mesures["brut"], strict=True))
        for quoi, rapports in (
            ("rapport", [i.mur / b.mur for i, b in paires]),
            ("calcul ", [i.calcul / b.calcul for i, b in paires]),
        ):
            print(f"{quoi} {statistics.median(rapports):6.2f} × (min {min(rapports):.2f}, max {max(rapports):.2f})")


if __name__ == "__main__":
    principal()
