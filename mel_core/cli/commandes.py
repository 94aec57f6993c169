"""The commands: each one calls the core and writes what it answers."""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from mel_core.cli import dossier, ecriture, journal, simuler
from mel_core.cli.analyse import construire
from mel_core.contrat import Mapping, controler
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.tables import COMMUNES_ASSOCIEES
from mel_core.demo import generer
from mel_core.entrepot import Entrepot, Portee
from mel_core.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.importation import base_de, connues, importer
from mel_core.indicateurs import calculer
from mel_core.indicateurs.gel import geler
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.periodes import Periode, Seance
from mel_core.publications import noter
from mel_core.repetition import repeter
from mel_core.segments import Criteres, compter, compter_par, lister
from mel_core.tableur import en_csv, lignes

REFUSE, MAL_APPELE = 1, 2


def principal(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Whatever happens, no traceback reaches the terminal."""
    for flux in (sys.stdout, sys.stderr):
        flux.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows console may not be
    try:
        options = construire().parse_args(arguments)
        return _COMMANDES[options.commande](options)
    except AppelIncorrect as erreur:
        print(erreur, file=sys.stderr)
        return MAL_APPELE
    except ErreurUtilisateur as erreur:
        print(erreur, file=sys.stderr)
        return REFUSE
    except BrokenPipeError:
        return REFUSE
    except KeyboardInterrupt:
        print("Commande interrompue : rien n’a été publié.", file=sys.stderr)
        return REFUSE
    except Exception as erreur:  # the last resort: a bug is told in one sentence
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        print(
            f"Une erreur inattendue a arrêté la commande ({type(erreur).__name__}) : rien n’a été publié, "
            "signaler la commande tapée à l’équipe qui maintient l’application.",
            file=sys.stderr,
        )
        return REFUSE


def _demo(options: argparse.Namespace) -> int:
    entrepot = Entrepot(options.dossier_donnees)
    with tempfile.TemporaryDirectory() as dossier:
        generer(Path(dossier), options.echelle, options.graine)
        importation = importer(Path(dossier), entrepot, nature="fictive")
    print("\n".join(ecriture.reconciliation(importation.rapport)))
    print("Jeu de données de démonstration publié : données fictives.")
    if options.repetition:
        n = repeter(entrepot, Journal.du_dossier(options.dossier_donnees))
        print(f"Séances fictives au journal : {n} écritures, pour répéter une ICI.")
    return 0


def _controler(options: argparse.Namespace) -> int:
    entrepot = Entrepot(options.dossier_donnees)
    base = base_de(entrepot, "reelle", None)
    jeu = controler(options.chemin, mapping=_mapping(options), connues=connues(entrepot, None, base))
    _dire(jeu.rapport, options)
    return REFUSE if jeu.rapport.est_bloquant else 0


def _dire(rapport: Rapport, options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.writelines(rapport.en_json())
        print()
    else:
        print(ecriture.rapport_en_texte(rapport))


def _importer(options: argparse.Namespace) -> int:
    if options.geler and not options.seance:
        raise AppelIncorrect("L’option --geler demande de dire quelle séance : ajouter --seance, par exemple 2017S2.")
    entrepot = Entrepot(options.dossier_donnees)
    importation = importer(
        options.chemin,
        entrepot,
        mapping=_mapping(options),
        nature=options.nature,
        parametres=options.parametres,
        seance=Seance.lire(options.seance) if options.seance else None,
    )
    if importation.instantane is not None:
        _au_journal(options, "Cet import", lambda journal, auteur: noter(journal, importation, auteur))
    rapport = importation.rapport
    _dire(rapport, options)
    if importation.instantane is None:
        print("Rien n’a été publié : corriger les anomalies bloquantes, puis recommencer.", file=sys.stderr)
        return REFUSE
    if not options.json:
        print(
            "Jeu de données publié."
            if importation.a_change
            else "Ce jeu de données était déjà publié : rien n’a changé."
        )
    if options.geler:
        geler(entrepot, Seance.lire(options.seance))
        if not options.json:
            print(f"Séance {options.seance} gelée : ses chiffres ne changeront plus.")
    return 0


def _geler(options: argparse.Namespace) -> int:
    a_change = geler(Entrepot(options.dossier_donnees), Seance.lire(options.seance))
    print(
        f"Séance {options.seance} gelée : ses chiffres ne changeront plus."
        if a_change
        else f"La séance {options.seance} était déjà gelée : rien n’a changé."
    )
    return 0


def _mapping(options: argparse.Namespace) -> Mapping | None:
    return Mapping.lire(options.mapping) if options.mapping else None


def _indicateur(options: argparse.Namespace) -> int:
    seance = Seance.lire(options.seance)
    commune = COMMUNES_ASSOCIEES.get(options.commune, options.commune)
    with Entrepot(options.dossier_donnees).ouvrir(Portee.mel(), seance) as lecteur:
        cellules = calculer(
            lecteur,
            options.nom,
            Periode.de(seance, options.periode),
            tuple(c.strip() for c in options.par.split(",") if c.strip()),
            ici=options.ici,
            commune=commune,
            bailleur=options.bailleur,
        )
    if options.format == "csv":
        print(en_csv(cellules), end="")
    else:
        print(ecriture.en_json(lignes(cellules)))
    return 0


def _segment(options: argparse.Namespace) -> int:
    """JSON: the count, or the counts by `--par`; CSV: the list, pseudonymised, with its reasons."""
    criteres = Criteres(options.date, options.mois, options.n_min, options.fenetre)
    with Entrepot(options.dossier_donnees).ouvrir(Portee.mel(), Seance.du(options.date)) as lecteur:
        if options.par:
            comptes = compter_par(lecteur, options.nom, criteres, options.par)
            print(en_csv(comptes) if options.format == "csv" else ecriture.en_json(lignes(comptes)), end="\n")
        elif options.format == "csv":
            liste = lister(lecteur, options.nom, criteres)
            _tracer(options, len(liste))
            print(en_csv(liste), end="")
        else:
            print(ecriture.en_json({"n": compter(lecteur, options.nom, criteres)}))
    return 0


def _tracer(options: argparse.Namespace, n: int) -> None:
    """Write in the journal who took a list, no pseudonym."""
    demande = {c: getattr(options, c) for c in ("mois", "n_min", "fenetre")}
    trace = {"geste": "liste", "titre": options.nom, "date": options.date.isoformat(), "n": n, "filtres": demande}
    _au_journal(
        options,
        "Cette liste",
        lambda journal, auteur: journal.ecrire("audit", nouvel_identifiant(), trace, auteur, nouvel_op_id()),
    )


def _au_journal(options: argparse.Namespace, quoi: str, ecrire: Callable[[Journal, Auteur], object]) -> None:
    """Write in the journal as the account that runs the command. A journal that fails says so, and what was asked is
    given all the same."""
    try:
        qui = getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, in a container
        qui = "compte système sans nom"
    try:
        ecrire(Journal.du_dossier(options.dossier_donnees), Auteur(qui))
    except (ErreurUtilisateur, OSError) as erreur:
        print(f"{quoi} n’est pas au journal : le dire à la MEL. {erreur}", file=sys.stderr)


_COMMANDES: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "controler": _controler,
    "importer": _importer,
    "geler": _geler,
    "indicateur": _indicateur,
    "segment": _segment,
    "simuler": simuler.executer_commande,
    "dossier": dossier.executer,
    "journal": journal.executer,
}
