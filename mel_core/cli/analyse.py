"""Parsing of the command line by argparse, with its complaints in French."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import Any, NoReturn

from mel_core.cli import (
    commande_bassins,
    commande_besoins,
    commande_journal,
    commande_publications,
    commande_seance,
    commande_suivre,
    contours,
    dossier,
    effacer,
    qualite,
    simuler,
)
from mel_core.contrat.tables import TABLES
from mel_core.entrepot.importation import NATURES
from mel_core.segments import SegmentLibre
from mel_core.socle.erreurs import AppelIncorrect

DOSSIER_PAR_DEFAUT = "var"
SALLE = "salle"
_FILTRES = ("ici", "commune", "bailleur")

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


def build() -> Analyseur:
    """The parser of all commands. `--dossier-donnees` may stand before or after the command."""
    analyseur = Analyseur(prog="python -m mel_core", description="Instances de coordination intercommunales de la MEL.")
    _dossier(analyseur, os.environ.get("MEL_DONNEES") or DOSSIER_PAR_DEFAUT)
    commandes = analyseur.add_subparsers(dest="commande", metavar="COMMANDE", required=True, parser_class=Analyseur)

    demo = commandes.add_parser("demo", help="crée et publie le jeu de données de démonstration")
    demo.add_argument("--echelle", choices=("mel", "region", "france"), default="mel")
    demo.add_argument("--graine", type=int, default=2017, metavar="N")
    demo.add_argument(
        "--derniere-seance",
        choices=("2017S2", "2026S1"),
        default="2017S2",
        help="la séance où finissent les trois années d’attributions : celle du support de 2017, ou une d’aujourd’hui",
    )
    demo.add_argument(
        "--repetition", action="store_true", help="ajoute au journal des séances fictives, pour répéter une ICI"
    )

    check = commandes.add_parser("controler", help="contrôle un jeu de données sans le publier")
    import_files = commandes.add_parser("importer", help="contrôle puis publie un jeu de données")
    for commande in (check, import_files):
        commande.add_argument(
            "chemins", nargs="*", type=Path, metavar="CHEMIN", help="dossier, zip, classeur XLSX ou CSV d’une table"
        )
        commande.add_argument(
            "--table",
            action="append",
            default=[],
            dest="donnes",
            metavar="T=FICHIER[:FEUILLE]",
            help="donne à la table T un fichier ou une feuille de n’importe quel nom ; à redonner pour chacun",
        )
        commande.add_argument(
            "--mapping",
            action="append",
            default=[],
            type=Path,
            metavar="F",
            help="correspondances de colonnes et de codes : un fichier TOML, ou sne, rpls, infocentre, ou le dossier "
            "des réponses données à l’écran (var/reponses) ; à redonner pour chacun",
        )
        commande.add_argument("--json", action="store_true")
    import_files.add_argument("--nature", choices=NATURES, default="reelle")
    import_files.add_argument(
        "--ajouter",
        action="store_true",
        help="garde les attributions, événements et résidences des bailleurs que les fichiers ne donnent pas",
    )
    import_files.add_argument(
        "--accepter",
        action="append",
        default=[],
        choices=tuple(TABLES),
        metavar="TABLE",
        help="accepte que cette table soit vide, ou perde des lignes ou un bailleur ; à redonner pour chacune",
    )
    import_files.add_argument("--parametres", type=Path, metavar="F", help="paramètres datés à ajouter (TOML)")
    import_files.add_argument("--seance", metavar="S", help="ne sert que cette séance")
    import_files.add_argument(
        "--geler", action="store_true", help="gèle ensuite la séance : ses chiffres ne changent plus"
    )

    freeze = commandes.add_parser("geler", help="gèle une séance sur les données qui la servent")
    freeze.add_argument("--seance", required=True, metavar="2017S2")

    indicateur = commandes.add_parser("indicateur", help="calcule un indicateur")
    indicateur.add_argument("nom", metavar="NOM")
    indicateur.add_argument("--seance", required=True, metavar="2017S2")
    indicateur.add_argument("--periode", choices=("semestre", "annee"), default="semestre")
    indicateur.add_argument("--par", default="", metavar="COUPES", help="coupes séparées par des virgules")
    for filtre in _FILTRES:
        indicateur.add_argument(f"--{filtre}", metavar=filtre[0].upper())
    indicateur.add_argument("--format", choices=("json", "csv"), default="json")
    _audience(indicateur)

    segment = commandes.add_parser("segment", help="compte ou liste un segment de demandes actives")
    segment.add_argument("nom", metavar="NOM", help="un segment du contrat, ou « libre » avec ses conditions")
    segment.add_argument(
        "--conditions",
        type=_read_conditions,
        metavar="JSON",
        help="toutes vraies à la fois : [[champ, opérateur, valeur], …], comme dans l’adresse de l’écran",
    )
    segment.add_argument(
        "--date", required=True, type=effacer.read_jour, metavar="2017-12-31", help="date de référence"
    )
    segment.add_argument("--mois", type=int, metavar="N")
    segment.add_argument("--n-min", type=int, metavar="N", help="2 si rien n’est dit")
    segment.add_argument("--fenetre", type=int, metavar="MOIS", help="24 si rien n’est dit ; 0 : sans limite")
    segment.add_argument("--par", metavar="CLE")
    segment.add_argument(
        "--ici", metavar="I", help="seulement les demandes qui y souhaitent une commune, ou y habitent"
    )
    segment.add_argument("--format", choices=("json", "csv"), default="json")
    _audience(segment)

    revoke = commandes.add_parser("revoquer", help="met fin à toutes les connexions ouvertes d’un compte")
    revoke.add_argument("compte", metavar="COMPTE", help="son courriel vérifié, ou « fournisseur identifiant »")

    effacer.declare(commandes.add_parser("effacer", help="efface des personnes des données, du coffre et du journal"))
    contours.declare(commandes.add_parser("contours", help="importe les contours des quartiers, des QPV ou des ICI"))
    simuler.declare(commandes.add_parser("simuler", help="essaie un scénario et dit ce qu’il demande"))
    qualite.declare(commandes.add_parser("qualite", help="dit ce que les fichiers renseignent, et ce qui y manque"))
    commande_besoins.declare(
        commandes.add_parser("besoins", help="dit ce que chaque mesure demande, et écrit des modèles à remplir")
    )
    zoom = commandes.add_parser("bassins", help="parc, occupants, entrées, sorties et flux de chaque bassin de vie")
    commande_bassins.declare(zoom)
    _audience(zoom)
    suivre = commandes.add_parser("suivre", help="ce que répondent les écrans de « Suivre », un tableau par question")
    commande_suivre.declare(suivre)
    _audience(suivre)
    commande_publications.declare(
        commandes.add_parser("publications", help="liste les publications, les compare, y revient")
    )
    commande_seance.declare(commandes.add_parser("seance", help="liste les séances, ou en crée une"))
    dossier.declare(commandes.add_parser("dossier", help="écrit le dossier d’une séance : pptx et PDF, docx et xlsx"))
    commande_journal.declare(
        commandes.add_parser("journal", help="liste ce qui a été écrit, ou vérifie que rien n’a été altéré")
    )

    for commande in commandes.choices.values():
        _dossier(commande, argparse.SUPPRESS)
    return analyseur


def _read_conditions(texte: str) -> SegmentLibre:
    """At least one: a list of none would count every active demande, which is not what the option is given for."""
    segment = SegmentLibre.read(texte)
    if not segment.conditions:
        raise AppelIncorrect(
            "L’option --conditions n’en donne aucune : en écrire au moins une, comme "
            '[["anciennete_mois","au_moins",24]].'
        )
    return segment


def _audience(commande: argparse.ArgumentParser) -> None:
    commande.add_argument(
        "--audience",
        choices=("preparation", SALLE),
        default="preparation",
        help="« salle » : ce qu’un écran projeté peut dire, arrondi à 5",
    )


def _dossier(analyseur: argparse.ArgumentParser, defaut: str) -> None:
    analyseur.add_argument(
        "--dossier-donnees", type=Path, default=defaut, metavar="DIR", help="où vivent les données (défaut : var)"
    )
