"""`dossier`: the documents of a séance, and what is missing before it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.socle import langue
from mel_core.socle.periodes import Seance


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--seance", required=True, metavar="2017S2")
    analyseur.add_argument("--ici", required=True, metavar="I", help='code de l’ICI, par exemple "ICI 1"')
    analyseur.add_argument("--sortie", required=True, type=Path, metavar="DOSSIER", help="dossier où écrire")


def execute(options: argparse.Namespace) -> int:
    """The files written on the output; the pre-flight check, one sentence a line, apart: a script reads only paths."""
    from mel_core.dossier.seance import compose  # brings the libraries of documents: no other command waits for them

    entrepot, seance = Entrepot(options.dossier_donnees), Seance.read(options.seance)
    dossier = compose(entrepot, seance, options.ici, options.sortie, journal=Journal.du_dossier(entrepot.dossier))
    print("\n".join(str(f) for f in dossier.fichiers))
    print(
        langue.typeset(f"Contrôle avant séance : {langue.effectif(len(dossier.controles), 'point')}."),
        file=sys.stderr,
    )
    for point in dossier.controles:
        print(f"[{point.gravite}] {point.phrase}", file=sys.stderr)
    return 0
