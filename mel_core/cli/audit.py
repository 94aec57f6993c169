"""The command line acts as `copilote`, and is audited (contract §6): who asked what, never a pseudonym nor a path."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.journal.fiches import au_mieux
from mel_core.segments import SegmentLibre
from mel_core.socle.erreurs import ErreurUtilisateur

OBJET = "audit"
_TUS = frozenset({"commande", "dossier_donnees", "compte"})


def draw(options: argparse.Namespace) -> None:
    """Note a command that was answered: its name and what it was asked."""
    if options.commande == "segment" and options.format == "csv" and not options.par:
        return  # `draw_liste` noted it
    demande = {cle: _simple(valeur) for cle, valeur in vars(options).items() if cle not in _TUS}
    trace = {"geste": "commande", "titre": options.commande, "filtres": {c: v for c, v in demande.items() if v}}
    _note(options, "Cette commande", trace)


def draw_liste(options: argparse.Namespace, n: int) -> None:
    """Note who took a list of `n` lines, before it is given."""
    demande = {c: _simple(getattr(options, c)) for c in ("mois", "n_min", "fenetre", "conditions", "ici")}
    trace = {"geste": "liste", "titre": options.nom, "date": options.date.isoformat(), "n": n, "filtres": demande}
    _note(options, "Cette liste", trace)


def _note(options: argparse.Namespace, quoi: str, trace: Mapping[str, Any]) -> None:
    def write(journal: Journal, auteur: Auteur) -> object:
        return journal.write(OBJET, nouvel_identifiant(), trace, auteur, nouvel_op_id())

    au_journal(options, quoi, write)


def require_journal(options: argparse.Namespace, sinon: str = "") -> Journal:
    """The journal of the store; `sinon`: what can be done instead where there is none."""
    if not Journal.existe(options.dossier_donnees):
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de journal : donner celui des données à --dossier-donnees"
            f"{sinon}."
        )
    return Journal.du_dossier(options.dossier_donnees)


def au_journal(options: argparse.Namespace, quoi: str, write: Callable[[Journal, Auteur], object]) -> None:
    """Write in the journal as the account that runs the command: see `au_mieux`."""
    with au_mieux(quoi, lambda dit: print(dit, file=sys.stderr)):
        write(Journal.du_dossier(options.dossier_donnees), auteur())


def auteur() -> Auteur:
    """The account that runs the command."""
    try:
        return Auteur(getpass.getuser())
    except (KeyError, OSError, ImportError):  # an account without a name, in a container
        return Auteur("compte système sans nom")


def _simple(valeur: Any) -> str | int | bool | None:
    """As the journal keeps it; a path says nothing, it may name somebody."""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, SegmentLibre):
        return valeur.texte()
    return valeur if isinstance(valeur, str | int | bool) else None
