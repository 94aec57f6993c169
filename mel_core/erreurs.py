"""Errors meant for a person: one French sentence that says what is wrong, where, and what to do."""

import errno

_CAUSES = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "introuvable",
    errno.EIO: "erreur de lecture",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "raccourci qui tourne en rond",
    errno.ENOSPC: "disque plein",
}


def cause(erreur: OSError) -> str:
    """What the system refused, in French; its own words are in the language of the machine."""
    return _CAUSES.get(erreur.errno or 0, f"erreur {erreur.errno} du système")


class ErreurUtilisateur(Exception):
    """A wrong call or a state that the user can mend. `str(erreur)` is the sentence to show."""


class AppelIncorrect(ErreurUtilisateur):
    """The call itself is wrong (unknown name, bad option): exit code 2 on the command line."""


class DonneesRefusees(ErreurUtilisateur):
    """The data can't be accepted as they are: exit code 1 on the command line."""
