"""The numéro unique never enters the store: a keyed HMAC replaces it (a plain hash is enumerable in a second).

The vault: pseudonym → numéro unique, for who may instruct the file. Apart from the data, apart from its key. Each
number is sealed by AES-GCM under a key that never sits in the vault, and bound to its pseudonym: two rows that were
swapped do not open. A row is erased alone; without its key the whole vault says nothing.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mel_core.socle import bases
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.partage import adresse_commune

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
_JETON = 12  # bytes, as AES-GCM asks
_PAR_LOT = 10_000
_meta = sa.MetaData()
# Grain: one row per household: its pseudonym, and its numéro unique under the key of the vault. `jeton`: drawn for the
# row. The shared base has the same (`socle/migrations`).
_numeros = sa.Table(
    "numeros",
    _meta,
    sa.Column("pseudonyme", sa.Text, primary_key=True),
    sa.Column("jeton", sa.LargeBinary, nullable=False),
    sa.Column("chiffre", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_ILLISIBLE = (
    "Le coffre des numéros uniques (coffre.sqlite) ne se lit pas ou ne s’écrit pas ({}) : vérifier la place du disque "
    "et les droits du dossier de données, sinon remettre sa sauvegarde, puis recommencer."
)
# Another machine may adopt the same at once.
_ADOPTER = sa.text(
    "insert into numeros (pseudonyme, jeton, chiffre) values (:pseudonyme, :jeton, :chiffre) on conflict do nothing"
)


class Coffre:
    """The vault of a store: a file of its folder, or a table of the base that several machines share. Every call opens
    it, and leaves nothing open."""

    def __init__(self, dossier: Path) -> None:
        ailleurs, commune = os.environ.get(CLE_AILLEURS), adresse_commune()
        self._fichier = dossier / "coffre.sqlite"
        self._chemin_cle = Path(ailleurs) if ailleurs else dossier / "coffre.cle"
        self._commun = bases.postgresql(commune) if commune else None
        if self._commun and self._fichier.exists():
            self._share()

    def keep(self, numeros: Mapping[str, str]) -> int:
        """Seal the numbers that are not there yet, by pseudonym; how many were added. Durable when it returns."""
        with self._open() as base:
            connus = _connus(base)
            nouveaux = {p: n for p, n in numeros.items() if p not in connus}
            if nouveaux:
                serrure = AESGCM(self._cle(est_nouvelle=not connus))
                # By the driver itself: SQLAlchemy prepares each row apart, which costs more than sealing it.
                base.exec_driver_sql(str(_numeros.insert().compile(base)), list(_seal(serrure, nouveaux)))
        return len(nouveaux)

    def keep_seulement(self, pseudonymes: Collection[str]) -> int:
        """Erase every other row; how many were."""
        with self._open() as base:
            return _delete(base, _connus(base) - frozenset(pseudonymes))

    def erase(self, pseudonymes: Iterable[str]) -> int:
        """Erase the rows of these households; how many were. Nothing leads back to their number from here: the vault is
        written anew, as a page that gave rows to another may keep a copy of them."""
        if not self._existe:
            return 0
        with self._open() as base:
            effaces = _delete(base, pseudonymes)
        with self._moteur().connect().execution_options(isolation_level="AUTOCOMMIT") as base:
            base.exec_driver_sql("vacuum full numeros" if self._commun else "vacuum")
        return effaces

    def connus(self) -> set[str]:
        """The pseudonyms that have a number here; no key is asked."""
        if not self._existe:
            return set()
        with self._open() as base:
            return _connus(base)

    def read(self, pseudonymes: Iterable[str]) -> dict[str, str]:
        """The numbers of those of `pseudonymes` that are in the vault. Raises `ErreurUtilisateur` without its key."""
        if not self._existe:
            return {}
        lus: dict[str, str] = {}
        with self._open() as base:
            serrure: AESGCM | None = None
            for lot in _lots(pseudonymes):
                for ligne in base.execute(sa.select(_numeros).where(_numeros.c.pseudonyme.in_(lot))):
                    serrure = serrure or AESGCM(self._cle(est_nouvelle=False))
                    try:
                        numero = serrure.decrypt(ligne.jeton, ligne.chiffre, ligne.pseudonyme.encode())
                    except InvalidTag:
                        raise ErreurUtilisateur(
                            "Le coffre des numéros uniques ne s’ouvre pas avec cette clé, ou une ligne en a été "
                            "modifiée : remettre la clé et le coffre de la même sauvegarde."
                        ) from None
                    lus[ligne.pseudonyme] = numero.decode()
        return lus

    @property
    def _existe(self) -> bool:
        return self._commun is not None or self._fichier.exists()

    def _moteur(self) -> sa.Engine:
        return self._commun or _sqlite(self._fichier)

    @contextmanager
    def _open(self) -> Iterator[sa.Connection]:
        """One transaction."""
        with bases.say_refusals() if self._commun else bases.say_refusals(_ILLISIBLE), self._moteur().begin() as base:
            if self._commun:
                bases.upgrade(base)
            else:
                _meta.create_all(base)
                self._fichier.chmod(0o600)
            yield base

    def _share(self) -> None:
        """What this machine held alone is in the shared base, and nowhere else: erasing there erases it."""
        with _sqlite(self._fichier).begin() as seule:
            lignes = [dict(ligne) for ligne in seule.execute(sa.select(_numeros)).mappings()]
        with self._open() as base:
            if lignes:
                base.execute(_ADOPTER, lignes)
        self._fichier.unlink(missing_ok=True)

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


def _sqlite(fichier: Path) -> sa.Engine:
    """What is deleted is overwritten in place."""
    moteur = sa.create_engine(
        sa.URL.create("sqlite", database=str(fichier)),
        poolclass=sa.NullPool,
        connect_args={"timeout": bases.ATTENTE_S},
        paramstyle="named",  # a row by the names of its columns, as PostgreSQL takes it
    )

    @sa.event.listens_for(moteur, "connect")
    def adjust(brute: Any, _fiche: Any) -> None:
        for reglage in ("secure_delete = on", "synchronous = full", "temp_store = memory"):
            brute.execute(f"pragma {reglage}").close()

    return moteur


def _connus(base: sa.Connection) -> set[str]:
    return set(base.scalars(sa.select(_numeros.c.pseudonyme)))


def _delete(base: sa.Connection, pseudonymes: Iterable[str]) -> int:
    lots = (_numeros.delete().where(_numeros.c.pseudonyme.in_(lot)) for lot in _lots(pseudonymes))
    return sum(base.execute(lot).rowcount for lot in lots)


def _lots(pseudonymes: Iterable[str]) -> Iterator[list[str]]:
    tous = list(pseudonymes)
    return (tous[i : i + _PAR_LOT] for i in range(0, len(tous), _PAR_LOT))


def _seal(serrure: AESGCM, numeros: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """A row each, in the order of the table. One drawing for all: asked of the system row by row, it costs more than
    the sealing."""
    tirage = secrets.token_bytes(_JETON * len(numeros))
    for i, pseudonyme in enumerate(sorted(numeros)):
        jeton = tirage[_JETON * i : _JETON * (i + 1)]
        chiffre = serrure.encrypt(jeton, numeros[pseudonyme].encode(), pseudonyme.encode())
        yield {"pseudonyme": pseudonyme, "jeton": jeton, "chiffre": chiffre}
