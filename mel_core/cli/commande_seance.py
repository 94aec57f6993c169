"""`seance`: the séances of the journal, or one more."""

from __future__ import annotations

import argparse
from datetime import date

from mel_core.cli import audit
from mel_core.cli.effacer import read_jour
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal, nouvel_op_id
from mel_core.seance.coordination import seances_tenues
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Seance


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--creer", metavar="2017S2", help="crée la séance qui regarde ce semestre")
    analyseur.add_argument("--ici", metavar="I", help="avec --creer : l’ICI qui se réunit")
    analyseur.add_argument(
        "--date", type=read_jour, metavar="2018-03-15", help="avec --creer : le jour, après la fin du semestre"
    )


def execute(options: argparse.Namespace) -> int:
    """The list, by semester then ICI; or the séance created."""
    if options.creer is None:
        if options.ici is not None or options.date is not None:
            raise AppelIncorrect("Les options --ici et --date vont avec --creer : l’ajouter, ou les retirer.")
        print("\n".join(_find_all(options)))
        return 0
    manquantes = [f"--{nom}" for nom in ("ici", "date") if getattr(options, nom) is None]
    if manquantes:
        raise AppelIncorrect(f"Il manque {' et '.join(manquantes)} : une séance se crée avec son ICI et sa date.")
    seance = Seance.read(options.creer)
    entrepot, journal = Entrepot(options.dossier_donnees), Journal.du_dossier(options.dossier_donnees)
    _, est_neuve = seances_tenues.create(
        journal, entrepot, seance, options.ici, options.date, audit.auteur(), nouvel_op_id()
    )
    print(
        f"Séance {seance} de l’{options.ici} créée, le {langue.jour(options.date)}."
        if est_neuve
        else f"La séance {seance} de l’{options.ici} était déjà créée à cette date : rien n’a changé."
    )
    return 0


def _find_all(options: argparse.Namespace) -> list[str]:
    if not Journal.existe(options.dossier_donnees):
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de journal : donner celui des données à --dossier-donnees, "
            "ou créer une séance par --creer."
        )
    journal, entrepot = Journal.du_dossier(options.dossier_donnees), Entrepot(options.dossier_donnees)
    trouvees = seances_tenues.find_all(journal, entrepot, date.today())
    if not trouvees:
        return ["Aucune séance n’est au journal : en créer une par --creer, --ici et --date."]
    return [
        " · ".join((str(s.seance), s.ici, langue.jour(s.jour) if s.jour else langue.ABSENT, s.etat)) for s in trouvees
    ]
