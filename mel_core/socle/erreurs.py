"""Errors meant for a person: one French sentence that says what is wrong, where, and what to do."""

import errno
import re

_CAUSES = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "introuvable",
    errno.EIO: "erreur de lecture",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "raccourci qui tourne en rond",
    errno.ENOSPC: "disque plein",
    errno.EROFS: "disque en lecture seule",
    errno.ENOTDIR: "un fichier est là où un dossier est attendu",
    errno.EISDIR: "un dossier est là où un fichier est attendu",
    errno.EEXIST: "un fichier est là où un dossier est attendu",
}


def cause(erreur: OSError) -> str:
    """What the system refused, in French; its own words are in the language of the machine."""
    return _CAUSES.get(erreur.errno or 0, f"erreur {erreur.errno} du système")


def toml_illisible(erreur: ValueError) -> str:
    """Where TOML can't be read and what to look at; `tomllib` says it in English."""
    ou = re.search(r"line (\d+)", str(erreur))
    return (
        f"n’est pas du TOML lisible{f' à la ligne {ou[1]}' if ou else ''} : vérifier les crochets, les guillemets, les "
        "signes « = » et les nombres."
    )


class ErreurUtilisateur(Exception):
    """A wrong call or a state that the user can mend. `str(erreur)` is the sentence to show."""


class AppelIncorrect(ErreurUtilisateur):
    """The call itself is wrong (unknown name, bad option): exit code 2 on the command line."""


class DonneesRefusees(ErreurUtilisateur):
    """The data can't be accepted as they are: exit code 1 on the command line."""
