"""`contours`: put the contours of a layer in service, and say what was left out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mel_core.contrat.contours import COUCHES, publish, read
from mel_core.entrepot.importation import NATURES


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("chemin", type=Path, metavar="CHEMIN", help="fichier GeoJSON en WGS 84")
    analyseur.add_argument("--couche", choices=tuple(COUCHES), default="quartiers")
    analyseur.add_argument("--nature", choices=NATURES, default="reelle")


def execute(options: argparse.Namespace) -> int:
    """The reconciliation on the output, one rejected contour a line on the side."""
    lecture = read(options.chemin.read_bytes(), options.chemin.name, options.couche)
    a_change = publish(options.dossier_donnees, lecture, est_fictive=options.nature == "fictive")
    print(f"{lecture.dite}.")
    for rejet in lecture.rejets:
        print(f"[rejet] {options.chemin.name}, contour {rejet.rang} : {rejet.message}", file=sys.stderr)
    print("Contours publiés." if a_change else "Ces contours étaient déjà publiés : rien n’a changé.")
    return 0
