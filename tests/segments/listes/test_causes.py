"""The causes that communes and bailleurs noted, recounted by plain Python over drawn notes; in words."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.secret.bail import PREPARATION, SALLE, Audience, lease
from mel_core.segments.listes import suites
from mel_core.segments.listes.causes import Notees, find_notees, say
from mel_core.segments.listes.suites import CAUSES_DE, Code, Suite
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX

SEANCES = (Seance(2017, 1), Seance(2017, 2), Seance(2018, 1))
ORGANISATIONS = (ROUBAIX, LILLE, "B1")
AGENT = Auteur("M. Martin", ROUBAIX, "commune")


@pytest.mark.parametrize("graine", range(3))
def test_causes_added_up_are_what_a_recount_finds_each_demande_once_a_cause(tmp_path: Path, graine: int) -> None:
    d, journal = random.Random(graine), Journal.du_dossier(tmp_path)
    # What stands of each household for each organisation: the last that was noted, unless it was taken back.
    tenues: dict[tuple[str, str], Suite | None] = {}
    versions = Counter[tuple[str, str]]()
    for _ in range(90):
        qui, menage = cle = d.choice(ORGANISATIONS), f"m{d.randrange(40)}"
        ancienne, version = tenues.get(cle), versions[cle]
        if ancienne and d.random() < 0.2:
            tenues[cle] = None
            suites.withdraw(journal, menage, ancienne, AGENT, op_id=nouvel_op_id(), version_vue=version)
        else:
            code = d.choice([Code.CONTACTE, Code.RELOGE, Code.REFUS, *3 * [Code.TOUJOURS_BLOQUE]])
            cause = d.choice([*CAUSES_DE[code]]) if code in CAUSES_DE else ""
            tenues[cle] = suite = Suite(code, qui, "poulidor", d.choice(SEANCES), cause)
            suites.write(journal, menage, suite, AGENT, op_id=nouvel_op_id(), version_vue=version)
        versions[cle] += 1
    segment = [f"m{i}" for i in range(0, 60, 2)]  # twenty of those noted, ten of whom nothing is
    lues = find_notees(journal, segment, SEANCES[1])
    comptes: Counter[tuple[str, str]] = Counter()
    notes = set()
    for menage in segment:
        siennes = {
            (str(s.code), s.cause)
            for qui in ORGANISATIONS
            if (s := tenues.get((qui, menage))) is not None and s.seance != SEANCES[2]
        }
        comptes.update(siennes)
        notes |= {menage} if siennes else set()
    assert lues.n == len(notes) > 5
    assert {(x.code, x.cause): x.n for x in lues.suites.itertuples()} == comptes
    assert sorted(lues.suites["n"], reverse=True) == lues.suites["n"].tolist()
    assert set(lues.causes["code"]) <= {"refus", "toujours_bloque"}


def said(audience: Audience, n: int, *lignes: tuple[str, str, int]) -> str:
    table = pd.DataFrame([(*x[:2], "", x[2]) for x in lignes], columns=["code", "cause", "dite", "n"])
    with lease(audience):
        dit = say("l’ICI 2", "Ménages Poulidor", Notees(n, table))
    return dit.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_first_causes_are_said_and_a_room_hears_none_of_a_few() -> None:
    lignes = (("toujours_bloque", "injoignable", 112), ("refus", "loyer", 60), ("toujours_bloque", "loyer", 7))
    assert said(PREPARATION, 180, *lignes) == snapshot(
        "Dans l’ICI 2, parmi « Ménages Poulidor », 180 demandes ont une suite notée par les communes et les bailleurs "
        ": **112 injoignables** et **7 au loyer trop élevé**."
    )
    assert said(SALLE, 180, *lignes) == snapshot(
        "Dans l’ICI 2, parmi « Ménages Poulidor », 180 demandes ont une suite notée par les communes et les bailleurs "
        ": **110 injoignables**."
    )
    assert said(SALLE, 4, ("toujours_bloque", "injoignable", 4)) == snapshot(
        "Dans l’ICI 2, parmi « Ménages Poulidor », 12 demandes ou moins ont une suite notée par les communes et les "
        "bailleurs."
    )
    # A cause that another one equals is not said to be the first.
    bloque = "toujours_bloque"
    lus = said(PREPARATION, 9, (bloque, "typologie", 1), ("refus", "loyer", 1))
    assert lus.endswith("par les communes et les bailleurs.")
    assert said(PREPARATION, 9, (bloque, "typologie", 2), ("refus", "loyer", 1)).endswith(
        " : **2 à la typologie trop rare**."
    )
    quatre = ((bloque, cause, n) for cause, n in (("offre", 5), ("loyer", 2), ("dossier", 2), ("dette", 2)))
    assert said(PREPARATION, 9, *quatre).endswith(" : **5 sans offre là où elles demandent**.")
