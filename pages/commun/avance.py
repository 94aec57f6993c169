"""The screens of the bilan, read ahead when the server starts: going from one to the other waits for no computation.

Figures are kept by snapshot and scope, and shown to nobody here: who may see them is decided at each visit.
"""

from __future__ import annotations

import logging
import time

from mel_core.erreurs import ErreurUtilisateur
from mel_core.periodes import Seance
from pages.commun import donnees, lecture_mesures
from pages.commun.essai import essayer
from pages.commun.lecture_bilan import ACI, EQUILIBRE, lire_cle
from pages.commun.levier import depart
from pages.commun.mesures import MESURES

_PAUSE_S = 0.05  # a visitor who is there already goes first
_journal = logging.getLogger("ici.avance")


def lire() -> None:
    """What `lire_la_derniere` reads; a failure is logged, and then the first visitor waits as for any other figure."""
    try:
        lire_la_derniere()
    except ErreurUtilisateur:  # nothing published yet, or something else since
        return
    except Exception as erreur:  # noqa: BLE001 - nobody is there to be told, and nothing is lost
        _journal.warning("lecture en avance interrompue : %s", type(erreur).__name__)


def lire_la_derniere() -> None:
    """Both objectives of each ICI at the target in force, then each measure, for the most recent séance."""
    instantane = donnees.entrepot().instantane()
    if instantane is None:
        return
    seances, icis = donnees.choix(instantane.identifiant)
    if not seances:
        return
    servi = donnees.entrepot().instantane(Seance.lire(seances[0]))
    if servi is None:
        return
    for ici in (*icis, None):
        for indicateur in (EQUILIBRE, ACI):
            bilan = lire_cle((servi.identifiant, seances[0], indicateur, ici))
            essayer(bilan, depart(bilan))
            time.sleep(_PAUSE_S)
    servies = lecture_mesures.servies(seances, seances[0], donnees.entrepot().instantane)
    for ici in (*icis, None):
        for code, mesure in MESURES.items():
            lecture = lecture_mesures.lire_cle((servi.identifiant, seances[0], code, ici), servies, tuple(icis))
            if lecture.est_connue:
                lecture_mesures.lignes(lecture.cle, mesure.coupes[0])
            time.sleep(_PAUSE_S)
