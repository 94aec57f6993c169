"""The command line: one command is run, and whatever happens is said in a sentence."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Sequence

from mel_core.cli import analyse, donnees, questions, rendu, seances, suivre
from mel_core.cli.analyse import Commande, build
from mel_core.secret.bail import PREPARATION, SALLE, lease
from mel_core.socle.durable import keep_private
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur, cause

REFUSE, MAL_APPELE = 1, 2
# A command is what is declared in one of these modules, in their order.
COMMANDES = tuple(
    declaree
    for module in (donnees, questions, suivre, seances)
    for declaree in vars(module).values()
    if isinstance(declaree, Commande)
)


def principal(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Whatever happens, no traceback reaches the terminal."""
    # Without a handler, Python writes on the terminal what a log says, in English.
    logging.getLogger("mel_core").addHandler(logging.NullHandler())
    for flux in (sys.stdout, sys.stderr):
        flux.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a Windows console may not be
    try:
        options = build(COMMANDES).parse_args(arguments)
        commande = vars(options).pop("declaree")
        if options.version:
            print(analyse.say_version(options.dossier_donnees), flush=True)
            return 0
        if commande is None:
            raise AppelIncorrect("Il manque COMMANDE : l’ajouter à la commande, ou voir --aide.")
        keep_private(options.dossier_donnees)
        with lease(SALLE if vars(options).get("audience") == analyse.SALLE else PREPARATION):
            reponse = commande.execute(options)
        if isinstance(reponse, int):
            return reponse
        if commande.est_auditee:
            rendu.note_commande(options, est_une_lecture=reponse is not None)
        if reponse is not None:
            rendu.give(reponse, options)
        sys.stdout.flush()
        return 0
    except AppelIncorrect as erreur:
        print(erreur, file=sys.stderr)
        return MAL_APPELE
    except ErreurUtilisateur as erreur:
        print(erreur, file=sys.stderr)
    except BrokenPipeError:
        pass
    except OSError as erreur:
        remede = "faire de la place" if erreur.errno == errno.ENOSPC else "vérifier le chemin et les droits"
        print(
            f"{_ou(erreur)} ne se lit pas ou ne s’écrit pas ({cause(erreur)}) : {remede}, ou donner un autre dossier "
            "à --dossier-donnees.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("Commande interrompue : rien n’a été publié.", file=sys.stderr)
    except Exception as erreur:  # the last resort: a bug is told in one sentence
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        print(
            f"Une erreur inattendue a arrêté la commande ({type(erreur).__name__}) : rien n’a été publié, "
            "signaler la commande tapée à l’équipe qui maintient l’application.",
            file=sys.stderr,
        )
    return REFUSE


def _ou(erreur: OSError) -> str:
    return f"« {erreur.filename} »" if isinstance(erreur.filename, str) else "Un fichier"
