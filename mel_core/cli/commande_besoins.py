"""`besoins`: what each measure, cut and segment leans on, present, partial or absent, and the models to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path

from mel_core.cli import audit, impression
from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.qualite.besoins_couverts import couverture, verdicts


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--modeles", type=Path, metavar="DOSSIER", help="y écrit plutôt un classeur à remplir par table"
    )
    analyseur.add_argument("--format", choices=("json", "csv"), default="json")


def execute(options: argparse.Namespace) -> int:
    """One row per need, with the verdict of what it serves; on an empty store everything is absent."""
    if options.modeles:
        return _write_modeles(options.modeles)
    entrepot = Entrepot(options.dossier_donnees)
    if entrepot.instantane() is None:
        couvertes = couverture(None)
    else:
        with entrepot.open(Portee.mel()) as lecteur:
            couvertes = couverture(lecteur)
        audit.draw(options)
    table = couvertes.drop(columns="part_lue").merge(verdicts(couvertes), on=["genre", "code"], how="left")
    impression.write_table(table, options.format)
    return 0


def _write_modeles(dossier: Path) -> int:
    dossier.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        (dossier / classeurs.nom_de_fichier(table)).write_bytes(classeurs.write(table))
    print(f"{len(TABLES)} modèles écrits dans « {dossier} » : les remplir, puis les donner à « importer ».")
    return 0
