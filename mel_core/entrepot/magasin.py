"""Where published files live when several machines serve them (`MEL_JEUX`: a folder, or an address that fsspec knows,
`s3://…`): each machine keeps a copy of its own, whose digest is what was published.

A file is there, whole, before anything says that it serves. A machine that cannot reach the store goes on with what it
has, and says so. Without `MEL_JEUX`, the folder of the store is the only place.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from mel_core.socle.durable import synchronise
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.partage import partage

_PRESENTS = "fichiers/"  # of what is shared: the digest of each file that is published
_NOUVEL_ESSAI_S = 2.0
# Of an S3 that does not answer.
_PATIENCE = {"connect_timeout": 5, "read_timeout": 60, "retries": {"max_attempts": 1}}
_verrou = threading.Lock()
_manques: dict[Path, float] = {}  # files that could not be brought, and when
_journal = logging.getLogger("ici.magasin")


def est_distant() -> bool:
    return bool(os.environ.get("MEL_JEUX"))


def share(dossier: Path, fichier: Path, *, est_nouveau: bool = False) -> None:
    """Send a file of the store, then say its digest; nothing when it is there already, unless it `est_nouveau`. Raises
    `ErreurUtilisateur` when it could not be sent."""
    if not est_distant() or not fichier.exists():
        return
    nom = fichier.relative_to(dossier).as_posix()
    if not est_nouveau and partage(dossier).read(f"{_PRESENTS}{nom}") is not None:
        return
    try:
        systeme, racine = _systeme(os.environ["MEL_JEUX"])
        systeme.makedirs(f"{racine}/{fichier.parent.name}", exist_ok=True)
        systeme.put_file(str(fichier), f"{racine}/{nom}")
    except Exception as erreur:  # noqa: BLE001 - of any store, with its own errors
        raise ErreurUtilisateur(
            f"Le magasin des jeux (MEL_JEUX) n’a pas reçu « {nom} » ({type(erreur).__name__}) : rien n’est publié, "
            "vérifier qu’il répond, puis recommencer."
        ) from None
    partage(dossier).write(f"{_PRESENTS}{nom}", _empreinte(fichier).encode())


def bring(dossier: Path, fichier: Path) -> bool:
    """Whether `fichier` is here, as it was published: brought from the store when it lacks."""
    if not est_distant():
        return fichier.exists()
    nom = fichier.relative_to(dossier).as_posix()
    with _verrou:
        voulue = partage(dossier).read(f"{_PRESENTS}{nom}", age=60.0)
        if voulue is None or fichier.exists():
            return fichier.exists()
        if time.monotonic() - _manques.get(fichier, -_NOUVEL_ESSAI_S) < _NOUVEL_ESSAI_S:
            return False
        provisoire = fichier.with_name(f".recu-{secrets.token_hex(6)}")
        try:
            fichier.parent.mkdir(parents=True, exist_ok=True)
            systeme, racine = _systeme(os.environ["MEL_JEUX"])
            systeme.get_file(f"{racine}/{nom}", str(provisoire))
            if _empreinte(provisoire).encode() != voulue:
                raise ValueError("digest")
            provisoire.replace(fichier)
            synchronise(fichier.parent)
        except Exception as erreur:  # noqa: BLE001 - of any store, with its own errors: what is here still serves
            _manques[fichier] = time.monotonic()
            _journal.warning("« %s » n’est pas arrivé du magasin (%s)", nom, type(erreur).__name__)
            return False
        finally:
            provisoire.unlink(missing_ok=True)
        _manques.pop(fichier, None)
        return True


def is_late(dossier: Path, fichier: Path) -> bool:
    """Whether it is published, and did not come here."""
    nom = fichier.relative_to(dossier).as_posix()
    return not bring(dossier, fichier) and partage(dossier).read(f"{_PRESENTS}{nom}", age=60.0) is not None


def forget(dossier: Path, fichier: Path) -> None:
    """Nobody has it any more: the other machines remove theirs (`sweep`)."""
    if est_distant():
        nom = fichier.relative_to(dossier).as_posix()
        systeme, racine = _systeme(os.environ["MEL_JEUX"])
        with suppress(FileNotFoundError):
            systeme.rm_file(f"{racine}/{nom}")
        partage(dossier).remove(f"{_PRESENTS}{nom}")


def present(dossier: Path, ou: str) -> list[Path]:
    """The files of the folder `ou` of the store that are published, brought here; those that do not come are not in
    it."""
    if not est_distant():
        return sorted((dossier / ou).glob("[!.]*.duckdb"))
    noms = (nom.removeprefix(_PRESENTS) for nom in partage(dossier).names(f"{_PRESENTS}{ou}/"))
    return [dossier / nom for nom in noms if bring(dossier, dossier / nom)]


def sweep(dossier: Path, ou: str, verrou: str) -> None:
    """Remove from here what was erased elsewhere, or was never published; nothing while somebody publishes, who holds
    `verrou`: a file is here before it is said."""
    if est_distant() and _orphans(dossier, ou):
        with partage(dossier).reserve(verrou) as est_a_nous:
            for fichier in _orphans(dossier, ou) if est_a_nous else ():
                fichier.unlink(missing_ok=True)


def _orphans(dossier: Path, ou: str) -> list[Path]:
    gardes = {dossier / nom.removeprefix(_PRESENTS) for nom in partage(dossier).names(f"{_PRESENTS}{ou}/")}
    return [f for f in (dossier / ou).glob("[!.]*.duckdb") if gardes and f not in gardes]


@lru_cache(maxsize=4)
def _systeme(adresse: str) -> tuple[Any, str]:
    """The file system of an address, and where in it. `AWS_ENDPOINT_URL` and the like say where an S3 answers."""
    from fsspec.core import url_to_fs

    reglages = {"config_kwargs": _PATIENCE} if adresse.startswith("s3://") else {}
    systeme, racine = url_to_fs(adresse, **reglages)
    return systeme, str(racine).rstrip("/")


def _empreinte(fichier: Path) -> str:
    with fichier.open("rb") as ouvert:
        return hashlib.file_digest(ouvert, "sha256").hexdigest()
