"""What follows from a snapshot alone and takes long to work out, kept beside it to be read instead.

Each file is named by the digest of all that it follows from: it is never changed, and never read for anything else. To
lose one costs the time to work it out again, so nothing here stops who asks: neither a read-only store, nor a full
disk, nor a file cut short.
"""

from __future__ import annotations

import gzip
import logging
import secrets
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

DOSSIER = "protections"
_ATTENTE_S = 600.0
_JOURNAL = logging.getLogger(__name__)


class Annexes:
    """Those of one file of the store (`source`: a snapshot, or the counts of a frozen séance)."""

    def __init__(self, dossier: Path, source: Path) -> None:
        self._source, self._dossier = source, dossier / DOSSIER / source.stem

    def lire(self, empreinte: str) -> bytes | None:
        """What was kept under `empreinte`; None when there is nothing, or nothing that can be read."""
        try:
            # Its checksum tells a byte that changed; nothing at all would be read as an empty text.
            return gzip.decompress(self._chemin(empreinte).read_bytes()) or None
        except FileNotFoundError:
            return None
        except (OSError, EOFError, zlib.error) as erreur:
            _JOURNAL.warning("what was kept beside a snapshot is not readable: %s", type(erreur).__name__)
            return None

    def garder(self, empreinte: str, octets: bytes) -> None:
        """Written aside, then in place in one rename."""
        if not self._source.exists():  # removed meanwhile: what follows from it goes with it
            return
        destination = self._chemin(empreinte)
        provisoire = destination.with_name(f".{empreinte}-{secrets.token_hex(4)}")
        try:
            self._dossier.mkdir(parents=True, exist_ok=True)
            provisoire.write_bytes(gzip.compress(octets, compresslevel=6, mtime=0))
            provisoire.replace(destination)
        except OSError as erreur:
            _JOURNAL.warning("nothing kept beside a snapshot: %s", type(erreur).__name__)
            with suppress(OSError):
                provisoire.unlink(missing_ok=True)

    def _chemin(self, empreinte: str) -> Path:
        return self._dossier / f"{empreinte}.json.gz"


def oter_orphelines(dossier: Path) -> None:
    """Remove what was kept beside a file that is not in the store any more."""
    restent = {f.stem for f in dossier.glob("*/*.duckdb")}
    for annexe in (dossier / DOSSIER).glob("*"):
        if annexe.name not in restent:
            shutil.rmtree(annexe, ignore_errors=True)


@contextmanager
def a_tour_de_role(dossier: Path) -> Iterator[None]:
    """One process at a time works ahead: the next finds what the first one kept. A read-only store has no turns."""
    with ExitStack() as pile:
        with suppress(OSError, Timeout):
            pile.enter_context(FileLock(dossier / f".{DOSSIER}", timeout=_ATTENTE_S))
        yield
