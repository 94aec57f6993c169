"""A command is a declaration: its name, its options, what answers it. Argparse reads them, and complains in French."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from mel_core.entrepot import Entrepot, Instantane, Lecteur, Portee
from mel_core.entrepot.importation import NATURES
from mel_core.entrepot.perimetre import require_ici
from mel_core.socle import langue
from mel_core.socle.appellations import VERSION
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

DOSSIER_PAR_DEFAUT = "var"
SALLE = "salle"
_FILTRES = ("ici", "commune", "bailleur")
METROPOLE = Portee.mel()

Option = tuple[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True)
class Lue:
    """What was read, a table or a text, and the snapshot that it is read of: `--sortie` says it in the file."""

    contenu: pd.DataFrame | str
    servi: Instantane


Execute = Callable[[argparse.Namespace], Lue | pd.DataFrame | str | int | None]


@dataclass(frozen=True)
class Commande:
    """`execute` answers what was read (a table is written as `--format` asks), given once the journal has it, or an
    exit code (None: 0) of what was done. `exclusives`: options of which one alone is given. `est_auditee`: the journal
    notes that it was answered."""

    nom: str
    aide: str
    options: tuple[Option, ...]
    exclusives: tuple[Option, ...]
    est_auditee: bool
    execute: Execute


def commande(
    aide: str, *options: Option, exclusives: tuple[Option, ...] = (), est_auditee: bool = True, nom: str = ""
) -> Callable[[Execute], Commande]:
    """What makes a command of the function that answers it, whose name it bears (`nom`: another one)."""

    def declare(execute: Execute) -> Commande:
        return Commande(nom or execute.__name__, aide, options, exclusives, est_auditee, execute)

    return declare


def option(*noms: str, **reglages: Any) -> Option:
    """As `ArgumentParser.add_argument` takes it."""
    return noms, reglages


def read_jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise AppelIncorrect(f"La date « {texte} » ne se lit pas : l’écrire comme 2017-12-31.") from None


@contextmanager
def open_donnees(options: argparse.Namespace, seance: Seance, portee: Portee = METROPOLE) -> Iterator[Lecteur]:
    """What the store serves of a séance, of `--ici` when it is given. Raises `AppelIncorrect` where there is none."""
    with Entrepot(options.dossier_donnees).pour(options.ici or "").open(portee, seance) as lecteur:
        if options.ici:
            require_ici(lecteur, options.ici)
        yield lecteur


SEANCE = option("--seance", required=True, metavar="2017S2")
PERIODE = option("--periode", choices=("semestre", "annee"), default="semestre")
ICI = option("--ici", metavar="I")
FORMAT = option("--format", choices=("json", "csv"), default="json")
NATURE = option("--nature", choices=NATURES, default="reelle")
SORTIE = option(
    "--sortie",
    type=Path,
    metavar="FICHIER",
    help="y écrit la réponse, en entier ou pas du tout, avec les données, la demande et la date dont elle est",
)
AUDIENCE = option(
    "--audience",
    choices=("preparation", SALLE),
    default="preparation",
    help="« salle » : ce qu’un écran projeté peut dire, arrondi à 5",
)

# argparse speaks English: each of its complaints, and how to say it.
_TRADUCTIONS = (
    (r"the following arguments are required: (.*)", "Il manque {0} : l’ajouter à la commande."),
    (r"unrecognized arguments: (.*)", "L’option « {0} » est inconnue : la retirer, ou voir --aide."),
    (r"argument (\S+): expected one argument", "L’option {0} attend une valeur : l’écrire à sa suite."),
    (r"argument (\S+): expected ([0-9]+) arguments", "L’option {0} attend {1} valeurs : les écrire à sa suite."),
    (
        r"argument (\S+): ignored explicit argument '(.*)'",
        "L’option {0} n’attend pas de valeur et a reçu « {1} » : la retirer.",
    ),
    (
        r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)",
        "« {1} » n’est pas reconnu : choisir parmi {2}.",
    ),
    (
        r"argument (\S+): invalid int value: '(.*)'",
        "L’option {0} attend un nombre entier et a reçu « {1} » : le corriger.",
    ),
    (r"argument (\S+): not allowed with argument (\S+)", "Les options {0} et {1} s’excluent : n’en garder qu’une."),
    (r"ambiguous option: (\S+) could match (.*)", "L’option « {0} » est ambiguë : préciser parmi {1}."),
)


class _UneFois(argparse.Action):
    """An option given twice is refused: keeping the last one would answer another question without a word."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        donnees = namespace.__dict__.setdefault("_donnees", set())
        if self.dest in donnees:
            raise AppelIncorrect(f"L’option {option} est donnée deux fois : n’en garder qu’une.")
        if values == "" and self.dest in _FILTRES:
            raise AppelIncorrect(f"L’option {option} est vide : lui donner une valeur, ou la retirer.")
        donnees.add(self.dest)
        setattr(namespace, self.dest, values)


def say_version(dossier: Path) -> str:
    servi = Entrepot(dossier).instantane()
    return f"mel_core {VERSION}, {say_servi(servi) if servi else 'aucune donnée publiée'}"


def say_servi(servi: Instantane) -> str:
    """« données fictives, publication 1a2b3c publiée le 3 janvier 2018 à 20 h 17 »."""
    nature = "fictives" if servi.nature == "fictive" else "réelles"
    return f"données {nature}, publication {servi.identifiant} du {langue.instant(servi.publie_le)}"


class Analyseur(argparse.ArgumentParser):
    """An `ArgumentParser` whose errors are `AppelIncorrect`."""

    def __init__(self, **reglages: Any) -> None:
        super().__init__(**{**reglages, "add_help": False, "allow_abbrev": False})
        self.register("action", None, _UneFois)
        self.register("action", "store", _UneFois)
        self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")
        self._optionals.title = "options"
        self._positionals.title = "arguments"

    def parse_known_args(  # type: ignore[override]
        self, args: Any = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Paths may stand on both sides of an option."""
        espace, restes = super().parse_known_args(args, namespace)
        if isinstance(getattr(espace, "chemins", None), list):
            espace.chemins = [*espace.chemins, *(Path(reste) for reste in restes if not reste.startswith("-"))]
            restes = [reste for reste in restes if reste.startswith("-")]
        return espace, restes

    def error(self, message: str) -> NoReturn:
        for motif, phrase in _TRADUCTIONS:
            trouve = re.fullmatch(motif, message)
            if trouve:
                raise AppelIncorrect(phrase.format(*trouve.groups()).replace("'", ""))
        raise AppelIncorrect(f"La commande ne se lit pas ({message}) : voir « python -m mel_core --aide ».")


def build(commandes: Iterable[Commande]) -> Analyseur:
    """The parser of all commands. `--dossier-donnees` may stand before or after the command."""
    analyseur = Analyseur(prog="python -m mel_core", description="Instances de coordination intercommunales de la MEL.")
    _dossier(analyseur, os.environ.get("MEL_DONNEES") or DOSSIER_PAR_DEFAUT)
    analyseur.add_argument("--version", action="store_true", help="dit la version et la publication en service")
    analyseur.set_defaults(declaree=None)
    siens = analyseur.add_subparsers(dest="commande", metavar="COMMANDE", parser_class=Analyseur)
    for commande in commandes:
        sien = siens.add_parser(commande.nom, help=commande.aide)
        sien.set_defaults(declaree=commande)
        exclusives = sien.add_mutually_exclusive_group() if commande.exclusives else sien
        for groupe, options in ((exclusives, commande.exclusives), (sien, commande.options)):
            for noms, reglages in options:
                groupe.add_argument(*noms, **reglages)
        _dossier(sien, argparse.SUPPRESS)
    return analyseur


def _dossier(analyseur: argparse.ArgumentParser, defaut: str) -> None:
    analyseur.add_argument(
        "--dossier-donnees", type=Path, default=defaut, metavar="DIR", help="où vivent les données (défaut : var)"
    )
