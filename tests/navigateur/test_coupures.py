"""The command that kills the server: it finds what is lost or doubled, and finds nothing over a few kills."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.coupures import Compte, couper, journal_sur
from tests.navigateur.test_coordination import sans_journal  # noqa: F401 - a fixture

pytestmark = pytest.mark.navigateur

UNE, DEUX = "Décision 0-1 du tour.", "Décision 0-2 du tour."


def test_a_decision_that_is_not_in_the_journal_is_lost_and_one_written_again_is_doubled() -> None:
    assert Compte(confirmees={UNE, DEUX}, ecrites=[DEUX]).perdues == [UNE]
    assert Compte(confirmees={UNE}, ecrites=[UNE, DEUX, UNE]).doublees == [UNE]
    assert Compte(ecrites=["Décis", "Décis"]).doublees == ["Décis"]  # what a kill cut short
    assert Compte(ecrites=["Décis", UNE, "Décis"]).doublees == []  # typed alike in two rounds
    assert Compte(confirmees={UNE}, ecrites=[UNE, DEUX]).est_sain
    assert not Compte(anomalies=1).est_sain
    assert not Compte(rouvertes_autrement=1).est_sain


@pytest.mark.long
@pytest.mark.parametrize("base", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_kills_at_drawn_moments_lose_and_double_nothing_acknowledged(
    base: str,
    sans_journal: Path,  # noqa: F811
    chromium: Browser,
) -> None:
    graine = secrets.randbits(32)
    print(f"graine {graine}")  # shown by pytest when the test fails
    page = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    page.set_default_timeout(60_000)
    with journal_sur(base):
        compte = couper(page, sans_journal, 2, random.Random(graine))
    page.close()
    assert compte.coupures == 2
    assert compte.confirmees  # the first decision is played without a kill
    assert compte.est_sain, compte.phrase()
