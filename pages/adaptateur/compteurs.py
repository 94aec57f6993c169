"""For who watches this process: counters in Prometheus's format on an address of their own (`MEL_COMPTEURS`), and logs
as JSON lines (`MEL_TRACES=json`). Neither holds what a person typed, nor who it was."""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from typing import Any

from prometheus_client import REGISTRY, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from streamlit import config
from streamlit.runtime import get_instance
from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY

from mel_core.entrepot import registre
from mel_core.socle.erreurs import AppelIncorrect
from pages.commun import emplacement

PAS = Histogram(
    "ici_pas_secondes",
    "Temps que demande une page, ou un morceau de page redessiné seul",
    ["quoi"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ERREURS = Counter("ici_erreurs", "Phrases d’erreur montrées", ["genre"])
_ADRESSE, _TRACES = "MEL_COMPTEURS", "MEL_TRACES"
_FORMAT = '{"instant": "%(asctime)s", "niveau": "%(levelname)s", "nom": "%(name)s", "dit": %(dit)s}'


def open_for_watchers() -> None:
    """Once the server starts. Raises `AppelIncorrect` when the address cannot be listened to."""
    adresse = os.environ.get(_ADRESSE)
    if adresse:
        machine, _, port = adresse.rpartition(":")
        try:
            start_http_server(int(port), machine.strip("[]"))
        except (OSError, OverflowError, ValueError):
            raise AppelIncorrect(
                f"L’adresse des compteurs ({_ADRESSE}) ne s’ouvre pas : l’écrire machine:port, par exemple "
                "127.0.0.1:9100, sur un port libre."
            ) from None
        REGISTRY.register(_DeLInstant())
    if os.environ.get(_TRACES) == "json":
        _trace_as_json()


class _DeLInstant:
    """What is read when it is asked for: pages that are open, seconds since a publication is waited for here."""

    _depuis: float | None = None

    def collect(self) -> list[GaugeMetricFamily]:
        sessions = get_instance().stats_mgr.get_stats([ACTIVE_SESSIONS_FAMILY])
        ouvertes = sum(getattr(s, "value", 0) for famille in sessions.values() for s in famille)
        if not registre.est_en_retard(emplacement.dossier()):
            self._depuis = None
        elif self._depuis is None:
            self._depuis = time.monotonic()
        retard = 0.0 if self._depuis is None else time.monotonic() - self._depuis
        return [
            GaugeMetricFamily("ici_sessions", "Pages ouvertes", ouvertes),
            GaugeMetricFamily("ici_publication_retard_secondes", "Depuis quand une publication n’arrive pas", retard),
        ]


def _trace_as_json() -> None:
    """Each line of the log is a JSON object, those of Streamlit and of its server too. Of an exception it keeps its
    type and where it broke: its message may quote a cell."""
    fabrique = logging.getLogRecordFactory()

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        trace = fabrique(*args, **kwargs)
        dit = trace.getMessage()
        if trace.exc_info and trace.exc_info[0]:
            ou = (f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace.exc_info[2]))
            dit = " ← ".join([f"{dit} ({trace.exc_info[0].__name__})", *reversed(list(ou))])
            trace.exc_info = None
        trace.dit = json.dumps(dit, ensure_ascii=False)
        return trace

    logging.setLogRecordFactory(record)
    logging.basicConfig(format=_FORMAT)
    config.set_option("logger.messageFormat", _FORMAT)
    for nom in list(logging.root.manager.loggerDict):  # those that Streamlit opened before
        for sortie in logging.getLogger(nom).handlers:
            sortie.setFormatter(logging.Formatter(_FORMAT))
