"""The numéro unique never enters the store: a keyed HMAC replaces it (a plain hash is enumerable in a second).

The vault: pseudonym → numéro unique, for who may instruct the file. Apart from the data, apart from its key. Each
number is sealed by AES-GCM under a key that never sits in the vault, and bound to its pseudonym: two rows that were
swapped do not open. A row is erased alone; without its key the whole vault says nothing.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.sql import blocs

CLE = "cle_pseudonymes"
_OCTETS = 16  # 128 bits: no collision to fear among millions of applicants


class Pseudonymes:
    """Numéro unique → pseudonym (32 hexadecimal characters), always the same for one key."""

    def __init__(self, cle: bytes) -> None:
        self._cle = cle

    @classmethod
    def du_dossier(cls, dossier: Path) -> Pseudonymes:
        """The key of this store, drawn at the first use, readable by its owner only."""
        chemin = dossier / CLE
        if not chemin.exists():
            write_whole(chemin, secrets.token_bytes(32))
        return cls(chemin.read_bytes())

    @staticmethod
    def a_sa_cle(dossier: Path) -> bool:
        return (dossier / CLE).exists()

    def de(self, numeros: Iterable[str]) -> list[str]:
        return [hmac.digest(self._cle, n.encode(), "sha256")[:_OCTETS].hex() for n in numeros]


CLE_AILLEURS = "MEL_CLE_COFFRE"  # path of the key, when it is kept on another volume than the vault
_SQL = blocs(__file__, "coffre.sql")
_JETON = 12  # bytes, as AES-GCM asks


class Coffre:
    """The vault of a store folder. Every call opens it, and leaves nothing open."""

    def __init__(self, chemin: Path, chemin_cle: Path) -> None:
        self._chemin, self._chemin_cle = chemin, chemin_cle

    @classmethod
    def du_dossier(cls, dossier: Path) -> Coffre:
        ailleurs = os.environ.get(CLE_AILLEURS)
        return cls(dossier / "coffre.sqlite", Path(ailleurs) if ailleurs else dossier / "coffre.cle")

    def keep(self, numeros: Mapping[str, str]) -> int:
        """Seal the numbers that are not there yet, by pseudonym; how many were added. Durable when it returns."""
        with self._open() as base:
            connus = {p for (p,) in base.execute(_SQL["connus"])}
            nouveaux = {p: n for p, n in numeros.items() if p not in connus}
            if not nouveaux:
                return 0
            serrure = AESGCM(self._cle(est_nouvelle=not connus))
            base.executemany(_SQL["ajouter"], _seal(serrure, nouveaux))
        return len(nouveaux)

    def keep_seulement(self, pseudonymes: Collection[str]) -> int:
        """Erase every other row; how many were."""
        gardes = frozenset(pseudonymes)
        with self._open() as base:
            autres = [{"pseudonyme": p} for (p,) in base.execute(_SQL["connus"]) if p not in gardes]
            base.executemany(_SQL["effacer"], autres)
        return len(autres)

    def erase(self, pseudonymes: Iterable[str]) -> int:
        """Erase the rows of these households; how many were. Nothing leads back to their number from here: the file is
        written anew, as a page that gave rows to another may keep a copy of them."""
        if not self._chemin.exists():
            return 0
        with self._open() as base:
            effaces = base.executemany(_SQL["effacer"], [{"pseudonyme": p} for p in pseudonymes]).rowcount
        with self._open() as base:
            base.execute("pragma temp_store = memory")
            base.execute("vacuum")
        return max(effaces, 0)

    def connus(self) -> set[str]:
        """The pseudonyms that have a number here; no key is asked."""
        if not self._chemin.exists():
            return set()
        with self._open() as base:
            return {p for (p,) in base.execute(_SQL["connus"])}

    def read(self, pseudonymes: Iterable[str]) -> dict[str, str]:
        """The numbers of those of `pseudonymes` that are in the vault. Raises `ErreurUtilisateur` without its key."""
        if not self._chemin.exists():
            return {}
        lus: dict[str, str] = {}
        with self._open() as base:
            serrure: AESGCM | None = None
            for pseudonyme in pseudonymes:
                ligne = base.execute(_SQL["lire"], {"pseudonyme": pseudonyme}).fetchone()
                if ligne is None:
                    continue
                serrure = serrure or AESGCM(self._cle(est_nouvelle=False))
                try:
                    lus[pseudonyme] = serrure.decrypt(ligne[0], ligne[1], pseudonyme.encode()).decode()
                except InvalidTag:
                    raise ErreurUtilisateur(
                        "Le coffre des numéros uniques ne s’ouvre pas avec cette clé, ou une ligne en a été modifiée : "
                        "remettre la clé et le coffre de la même sauvegarde."
                    ) from None
        return lus

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction. What is deleted is overwritten in place."""
        nouveau = not self._chemin.exists()
        with closing(sqlite3.connect(self._chemin, timeout=30)) as base:
            if nouveau:
                self._chemin.chmod(0o600)
            base.execute("pragma secure_delete = on")
            base.execute("pragma synchronous = full")
            base.execute(_SQL["tables"])
            with base:
                yield base

    def _cle(self, *, est_nouvelle: bool) -> bytes:
        """The key; drawn at the first number kept, readable by its owner only."""
        if self._chemin_cle.exists():
            return self._chemin_cle.read_bytes()
        if not est_nouvelle:
            raise ErreurUtilisateur(
                f"La clé du coffre des numéros uniques n’est pas à sa place ({self._chemin_cle.name}) : la remettre, "
                f"ou dire où elle est par la variable {CLE_AILLEURS}."
            )
        write_whole(self._chemin_cle, AESGCM.generate_key(bit_length=256))
        return self._chemin_cle.read_bytes()


def _seal(serrure: AESGCM, numeros: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """A row each, in the order of the table. One drawing for all: asked of the system row by row, it costs more than
    the sealing."""
    tirage = secrets.token_bytes(_JETON * len(numeros))
    for i, pseudonyme in enumerate(sorted(numeros)):
        jeton = tirage[_JETON * i : _JETON * (i + 1)]
        chiffre = serrure.encrypt(jeton, numeros[pseudonyme].encode(), pseudonyme.encode())
        yield {"pseudonyme": pseudonyme, "jeton": jeton, "chiffre": chiffre}
