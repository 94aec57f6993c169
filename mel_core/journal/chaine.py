"""The chain and its anchor: each entry is sealed by a keyed HMAC over its fields and the seal of the one before.

A payload enters the chain only by a salted hash: erasing it (and its salt) leaves the chain whole, and nothing to
guess it from. The key sits in the store folder, readable by its owner only: who holds both can forge; the links printed
on the relevés are what such a forger cannot take back.

The anchor is the last acknowledged link, kept beside the journal, so that a cut tail shows without any paper. It is
written after the commit and never goes backward: it may lag behind the chain (a crash in between), never lead it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import AppelIncorrect

ORIGINE = "0" * 64  # what the first entry follows
CHAMPS = (
    "rang",
    "op_id",
    "nature",
    "objet",
    "identifiant",
    "version",
    "version_vue",
    "organisation",
    "profil",
    "instant",
    "vise",
    "empreinte",
    "precedente",
)


def canonique(valeur: Any) -> str:
    """The one JSON text of `valeur`: sorted keys, ASCII only (any database and any character hold)."""
    try:
        return json.dumps(valeur, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        raise AppelIncorrect(
            "Le contenu à écrire au journal ne tient pas en JSON : écrire dates et fractions en texte."
        ) from None


def empreinte(sel: str, texte: str) -> str:
    """Salted digest of a text, SHA-256 in hexadecimal: what stays in the chain when the text is erased.

    The journal writes ASCII; bytes that are no text come back from an altered row, and have their digest too.
    """
    return hashlib.sha256(f"{sel}|{texte}".encode(errors="surrogateescape")).hexdigest()


def seal(cle: bytes, ecriture: Mapping[str, Any]) -> str:
    """The link of an entry: HMAC over all its fields, the previous link among them."""
    return sign(cle, canonique([ecriture[champ] for champ in CHAMPS]))


def sign(cle: bytes, texte: str) -> str:
    """Keyed digest of a text, HMAC-SHA-256 in hexadecimal: nobody without the key of the journal can make one."""
    return hmac.digest(cle, texte.encode(), "sha256").hex()


def sample_cle(chemin: Path) -> None:
    """Draw the key of a new journal; the caller holds the lock of the folder."""
    write_whole(chemin, secrets.token_bytes(32))


@dataclass(frozen=True)
class Point:
    """A place in the chain; rank 0 is before the first entry."""

    rang: int
    lien: str


DEPART = Point(0, ORIGINE)


class AncreAlteree(Exception):
    """The anchor doesn't bear the seal of this journal."""


class Ancre:
    """The anchor file of one journal; `verrou` keeps its writers apart, whatever their thread or process."""

    def __init__(self, chemin: Path, verrou: Path, cle: bytes) -> None:
        self._chemin, self._verrou, self._cle = chemin, verrou, cle

    def read(self) -> Point | None:
        """Where the journal was at the last acknowledged write; None without an anchor."""
        try:
            octets = self._chemin.read_bytes()
        except FileNotFoundError:
            return None
        try:
            lu = json.loads(octets.decode())
            point = Point(int(lu["rang"]), str(lu["lien"]))
            scelle = hmac.compare_digest(str(lu["sceau"]), self._sceau(point))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise AncreAlteree from None
        if not scelle:
            raise AncreAlteree
        return point

    def advance(self, point: Point, est_dans_la_chaine: Callable[[Point], bool]) -> None:
        """Move to `point`. An anchor that no longer fits the chain stays where it is: it is the proof of a cut."""
        with FileLock(self._verrou):
            try:
                actuel = self.read()
            except AncreAlteree:
                return
            if actuel is None or (actuel.rang < point.rang and est_dans_la_chaine(actuel)):
                self.place(point)

    def place(self, point: Point) -> None:
        """Write `point` in one rename; the caller holds the lock."""
        contenu = {"rang": point.rang, "lien": point.lien, "sceau": self._sceau(point)}
        write_whole(self._chemin, json.dumps(contenu).encode())

    def _sceau(self, point: Point) -> str:
        return sign(self._cle, f"ancre|{point.rang}|{point.lien}")
