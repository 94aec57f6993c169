"""`simuler`: one scenario, its answer beside the baseline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mel_core.cli import impression
from mel_core.entrepot import Entrepot, Portee
from mel_core.socle import langue

if TYPE_CHECKING:
    from mel_core.simulation.scenarios import Resultat


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("scenario", type=Path, metavar="SCENARIO.toml", help="voir docs/simulations/scenario.md")
    analyseur.add_argument("--format", choices=("texte", "json"), default="texte")


def execute_commande(options: argparse.Namespace) -> int:
    from mel_core.simulation.scenarios import Scenario, execute, portee  # brings SciPy: no other command waits for it

    scenario = Scenario.read(options.scenario)
    entrepot, seance = Entrepot(options.dossier_donnees), scenario.seance
    with entrepot.open(portee(scenario), seance) as lecteur, entrepot.open(Portee.mel(), seance) as metropole:
        resultat = execute(lecteur, scenario, metropole)
    print(impression.en_json(resultat.en_json()) if options.format == "json" else _en_texte(resultat))
    return 0


def _en_texte(resultat: Resultat) -> str:
    """The sentence, then each figure: without the scenario, with it."""
    lignes = [
        langue.typeset(f"{cle} : {_chiffre(cle, avant)} → {_chiffre(cle, resultat.synthese[cle])}")
        for cle, avant in resultat.constat.items()
    ]
    if any(resultat.durees):
        lignes.insert(0, langue.typeset(" → ".join(resultat.heads("constat", "scénario"))))
    return "\n".join([resultat.phrase, *lignes])


def _chiffre(cle: str, valeur: object) -> str:
    if valeur is None or isinstance(valeur, str):
        return valeur or langue.ABSENT
    if cle.startswith("ecart"):
        return langue.points(100 * float(valeur))  # type: ignore[arg-type]
    if cle.startswith("part"):
        return langue.part(valeur)  # type: ignore[arg-type]
    return langue.nombre(valeur, 0 if isinstance(valeur, int) else 1)  # type: ignore[arg-type]
