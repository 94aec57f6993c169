"""The anchor: the last acknowledged link, kept beside the journal, so that a cut tail shows without any paper.

It is written after the commit and never goes backward: it may lag behind the chain (a crash in between), never lead it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from mel_core.journal.chaine import ORIGINE, sign
from mel_core.socle.durable import write_whole


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
