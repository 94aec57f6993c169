"""Queries that last too long are stopped: one watch for all, as a thread for each costs more than most queries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_PAS_S = 1.0  # how late a query may be stopped


class Garde:
    """Stops what lasts more than `delai_s`, within `_PAS_S` after it. Threads may share it."""

    def __init__(self, delai_s: float) -> None:
        self._delai_s = delai_s
        self._pas_s = min(_PAS_S, delai_s)
        self._en_cours: dict[object, tuple[float, Callable[[], None]]] = {}
        self._change = threading.Condition()
        self._veilleur: threading.Thread | None = None
        self._dort = False

    @contextmanager
    def watch(self, arreter: Callable[[], None]) -> Iterator[None]:
        """`arreter` is called when the block lasts too long, never once it is over."""
        cle = object()
        with self._change:
            self._en_cours[cle] = time.monotonic() + self._delai_s, arreter
            if self._veilleur is None:
                self._veilleur = threading.Thread(target=self._watch_over, name="garde", daemon=True)
                self._veilleur.start()
            elif self._dort:
                self._change.notify()
        try:
            yield
        finally:
            with self._change:
                self._en_cours.pop(cle, None)

    def _watch_over(self) -> None:
        while True:
            with self._change:
                while not self._en_cours:
                    self._dort = True
                    self._change.wait()
                self._dort = False
                maintenant = time.monotonic()
                depassees = [cle for cle, (echeance, _) in self._en_cours.items() if echeance <= maintenant]
                for cle in depassees:
                    with suppress(Exception):  # what cannot be stopped any more must not end the watch over the others
                        self._en_cours.pop(cle)[1]()
            # Not woken by each query: a second of rest, whatever comes and goes.
            time.sleep(self._pas_s)
