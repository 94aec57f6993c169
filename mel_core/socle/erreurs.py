"""Errors meant for a person: one French sentence that says what is wrong, where, and what to do."""

import errno
import re
import tomllib
from collections.abc import Callable
from typing import Any

_CAUSES = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "introuvable",
    errno.EIO: "erreur de lecture",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "raccourci qui tourne en rond",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "quota du disque atteint",
    errno.EFBIG: "fichier trop grand pour le disque",
    errno.EROFS: "disque en lecture seule",
    errno.ENOTDIR: "un fichier est là où un dossier est attendu",
    errno.EISDIR: "un dossier est là où un fichier est attendu",
    errno.EEXIST: "un fichier est là où un dossier est attendu",
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


def read_toml(texte: str, quoi: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """What a TOML `texte` says. Raises `AppelIncorrect`: `quoi` (« Le scénario « a.toml » »), where it can't be read
    and what to look at; `tomllib` says it in English."""
    try:
        return tomllib.loads(texte, parse_float=parse_float)
    except (ValueError, RecursionError) as erreur:  # not TOML, a number that is not finite, brackets by the thousand
        ou = re.search(r"line (\d+)", str(erreur))
        signes = "les crochets, les guillemets, les signes « = » et les nombres"
        verifier = "la date, qui n’existe pas au calendrier" if "date" in str(erreur) else signes
        raise AppelIncorrect(
            f"{quoi} n’est pas du TOML lisible{f' à la ligne {ou[1]}' if ou else ''} : vérifier {verifier}."
        ) from None
