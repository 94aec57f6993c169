"""`qualite`: what the files of a séance say and what is missing from them, bailleur by bailleur or by commune."""

from __future__ import annotations

import argparse

import pandas as pd

from mel_core.cli import impression
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import require_ici
from mel_core.indicateurs.qualite import POPULATIONS, baux_a_completer, completude, par_mois
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

MOIS, BAUX = "evenements", "baux"


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "quoi",
        choices=(*POPULATIONS, MOIS, BAUX),
        nargs="?",
        default="attributions",
        metavar="QUOI",
        help="attributions, demandes, residences (part renseignée de chaque rubrique), evenements (par mois) ou baux "
        "(ceux d’un bailleur à compléter)",
    )
    analyseur.add_argument("--seance", required=True, metavar="2017S2")
    analyseur.add_argument("--periode", choices=("semestre", "annee"), default="semestre")
    analyseur.add_argument("--ici", metavar="I")
    analyseur.add_argument("--bailleur", metavar="B", help="demandé par « baux »")
    analyseur.add_argument("--format", choices=("json", "csv"), default="json")


def execute(options: argparse.Namespace) -> int:
    if (options.quoi == BAUX) != bool(options.bailleur):
        raise AppelIncorrect(
            "« qualite baux » demande de quel bailleur : ajouter --bailleur."
            if options.quoi == BAUX
            else f"L’option --bailleur ne vaut que pour « qualite baux » : la retirer de « qualite {options.quoi} »."
        )
    seance = Seance.read(options.seance)
    with Entrepot(options.dossier_donnees).open(Portee.mel(), seance) as lecteur:
        if options.ici:
            require_ici(lecteur, options.ici)
        table = _read(lecteur, options, Periode.de(seance, options.periode))
    impression.write_table(_jours(table), options.format)
    return 0


def _read(lecteur: Lecteur, options: argparse.Namespace, periode: Periode) -> pd.DataFrame:
    if options.quoi == BAUX:
        return baux_a_completer(lecteur, periode, options.bailleur, options.ici)
    if options.quoi == MOIS:
        return par_mois(lecteur, periode, options.ici)
    return completude(lecteur, options.quoi, periode, options.ici)


def _jours(table: pd.DataFrame) -> pd.DataFrame:
    """Days as text: JSON has no dates."""
    return table.assign(**{c: table[c].map(str) for c in ("mois", "date_bail") if c in table})
