"""What a page needs once per process, its modules, read before anybody opens it: whoever opened a page first in the
morning waited for what the next ones get at once.
"""

from __future__ import annotations

import gc
import logging
import pkgutil
import threading
from importlib import import_module
from types import ModuleType

import pages
from pages.commun.navigation import PAGES, fichier

_fil: threading.Thread | None = None
_est_fige = False


def prepare() -> None:
    """In the background, as the server starts: it answers meanwhile."""
    global _fil
    _fil = threading.Thread(target=_prepare, name="prechauffe", daemon=True)
    _fil.start()


def wait() -> None:
    """Before a page imports anything: of two threads that import a package and one of its modules, each waits for the
    other, and Python hands over a module that is half read."""
    if _fil is not None:
        _fil.join()


def est_servi() -> None:
    """A page was just served. What is loaded now lives as long as the process: keep the collector away from it."""
    global _est_fige
    if not _est_fige:
        _pin()
        _est_fige = True


def modules() -> list[ModuleType]:
    """Every module under `pages/` but the pages themselves, which are run and never imported."""
    lancees = {fichier(adresse).removesuffix(".py").replace("/", ".") for adresse in PAGES}
    noms = (m.name for m in pkgutil.walk_packages(pages.__path__, "pages."))
    return [import_module(nom) for nom in noms if nom.count(".") > 1 and nom not in lancees]


def _prepare() -> None:
    try:
        modules()
    except Exception as erreur:  # noqa: BLE001 - a page that needs it will fail in its own name, with its number
        logging.getLogger("ici.incidents").warning("warm-up left unfinished: %s", type(erreur).__name__)


def _pin() -> None:
    """Performance, not memory: a collection looks at whatever is not frozen."""
    gc.collect()
    gc.freeze()
