"""What is kept between runs: exact for all, or rendered for who reads alike."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot
from mel_core.seance.coordination import blocages
from mel_core.seance.preuves import Secteur
from mel_core.secret.bail import PREPARATION, SALLE, Audience, reader
from pages.commun import choix_perimetre, donnees, memo
from pages.commun.coordination import lecture_coordination as lecture
from tests.ecrans.conftest import monde, served
from tests.ecrans.test_coordination import AUTEUR, S1, journal_de
from tests.jeux import chargement, serve
from tests.lecteurs import lue_par

ASKED: list[int] = []


@memo.exact(8)
def doubled(n: int) -> list[int]:
    ASKED.append(n)
    return [2 * n]


@memo.exact(8)
def rendered_for_all(n: int) -> float:
    return reader().compte(n)


@memo.exact(8)
def repeated(x: object) -> str:
    return repr(x)


@memo.said(8)
def told(n: int, _unhashed: object = None) -> str:
    ASKED.append(n)
    return str(reader().compte(n))


@pytest.fixture(autouse=True)
def asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    ASKED.clear()


def test_an_exact_answer_is_worked_out_once_for_all_and_each_has_its_own_copy() -> None:
    lue = lue_par(PREPARATION, doubled, 21)
    lue.append(0)
    assert lue_par(SALLE, doubled, 21) == [42]
    assert ASKED.count(21) <= 1


def test_what_is_kept_for_all_is_rendered_for_nobody() -> None:
    with pytest.raises(RuntimeError, match="rendered for none"):
        lue_par(PREPARATION, rendered_for_all, 101)


def test_what_is_rendered_is_found_again_by_who_reads_alike_and_by_nobody_else() -> None:
    commune = Audience(cle="commune", code="59512")
    # 101 is said 100 to a room; what a desk read before is not what the room is told.
    assert [lue_par(a, told, 101, object()) for a in (PREPARATION, SALLE, commune, SALLE, PREPARATION)] == [
        *("101", "100", "100", "100", "101")
    ]
    assert len(ASKED) <= 3


@pytest.mark.parametrize("meconnaissable", [object(), lambda: 0, pd.DataFrame({"n": [1, 2]}), [pd.Series([1, 2])]])
def test_what_no_text_tells_from_another_is_no_argument(meconnaissable: Any) -> None:
    with pytest.raises(TypeError, match="no text tells"):
        lue_par(PREPARATION, doubled, meconnaissable)


def test_what_is_equal_and_of_another_kind_is_another_question() -> None:
    dites = [lue_par(PREPARATION, repeated, x) for x in (1, 1.0, True, "1", Fraction(1))]
    assert dites == ["1", "1.0", "True", "'1'", "Fraction(1, 1)"]


def test_what_decisions_gave_is_not_judged_again_for_what_is_being_typed_but_for_what_is_acted(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie)

    def bilan() -> object:
        return lue_par(PREPARATION, lambda: lecture.bilan(choix_perimetre.de("2017S2", "ICI 2")))

    avant = bilan()
    journal.write("brouillon-issue", "d0-2017S2", {"texte": "C’est"}, AUTEUR, "b1")
    journal.write("audit", "a1", {"geste": "consultation"}, AUTEUR, "b2")
    assert bilan() is avant
    blocages.report(journal, blocages.Blocage(S1, "MEL", Secteur("ICI 2"), "x"), AUTEUR, identifiant="b9", op_id="b3")
    assert bilan() is not avant


def test_what_was_kept_goes_once_another_snapshot_serves(tmp_path: Path) -> None:
    entrepot, tables = Entrepot(tmp_path), monde()

    def ask(sans: int) -> int:
        """How many times it was worked out, once all but the first attributions serve."""
        with entrepot.reserve():
            serve(entrepot, chargement(**{**tables, "attributions": tables["attributions"].slice(sans)}))
        donnees.instantane()
        lue_par(PREPARATION, doubled, 7)
        return ASKED.count(7)

    with served(tmp_path):
        premiere = ask(0)
        assert [ask(0), ask(1), ask(1)] == [premiere, premiere + 1, premiere + 1]
