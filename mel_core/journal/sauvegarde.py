"""A backup of the journal: its chain, its key and its anchor in a new folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from mel_core.journal.base import Base
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur, cause


def back_up(dossier: Path, base: Base, vers: Path, a_cote: Iterable[str], nom_base: str) -> None:
    """Copy the files `a_cote` of the store, in this order, then the chain, to `vers`, that must not exist yet."""
    if not base.est_sqlite:
        raise AppelIncorrect(
            "Ce journal est dans PostgreSQL : sauvegarder la base par pg_dump, et recopier journal.ancre (avant) et "
            "journal.cle."
        )
    try:
        vers.mkdir(parents=True)
        vers.chmod(0o700)  # it holds the key
        for nom in a_cote:
            shutil.copy2(dossier / nom, vers / nom)
    except FileExistsError:
        raise AppelIncorrect(f"Le dossier {vers} existe déjà : donner à la sauvegarde un dossier neuf.") from None
    except OSError as erreur:
        raise ErreurUtilisateur(
            f"La sauvegarde n’a pas pu s’écrire dans {vers} ({cause(erreur)}) : choisir un autre dossier."
        ) from None
    base.copy(vers / nom_base)
