"""A login ends: after eight hours, when its owner leaves, when a co-pilot revokes the account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mel_core.droits.connexions import Connexion, Connexions

MATIN = datetime(2017, 9, 30, 9, 0, tzinfo=UTC)
SECONDE = timedelta(seconds=1)


def connexion(jeton: str = "jeton", courriel: str = "logement@lille.example", depuis: datetime = MATIN) -> Connexion:
    return Connexion(jeton, "https://id.example", courriel.split("@")[0], depuis, courriel)


@pytest.mark.parametrize(
    ("age", "est_bonne"),
    [
        (timedelta(0), True),
        (timedelta(hours=8), True),
        (timedelta(hours=8) + SECONDE, False),
        (timedelta(days=29), False),
        (-SECONDE, False),  # signed by a clock that is ahead, or by somebody who plays with it
    ],
)
def test_a_login_lasts_eight_hours(tmp_path: Path, age: timedelta, est_bonne: bool) -> None:
    assert Connexions(tmp_path).est_bonne(connexion(), MATIN + age) == est_bonne


def test_who_leaves_ends_this_login_and_no_other(tmp_path: Path) -> None:
    connexions = Connexions(tmp_path)
    connexions.close("jeton")
    assert not connexions.est_bonne(connexion(), MATIN)
    assert connexions.est_bonne(connexion("autre"), MATIN)
    assert not Connexions(tmp_path).est_bonne(connexion(), MATIN)  # after a restart too


def test_a_revocation_ends_every_login_of_the_account_until_then(tmp_path: Path) -> None:
    connexions = Connexions(tmp_path)
    connexions.revoke("Logement@Lille.example ", MATIN + timedelta(hours=1))
    midi = MATIN + timedelta(hours=3)
    assert not connexions.est_bonne(connexion(), midi)
    assert not connexions.est_bonne(connexion("autre", depuis=MATIN + timedelta(hours=1)), midi)
    assert connexions.est_bonne(connexion("apres", depuis=MATIN + timedelta(hours=1) + SECONDE), midi)
    assert connexions.est_bonne(connexion("ailleurs", "agence@b1.example"), midi)


def test_a_revocation_takes_the_name_at_the_provider_too(tmp_path: Path) -> None:
    """An account whose address is not verified has no other."""
    connexions = Connexions(tmp_path)
    sans_courriel = Connexion("jeton", "https://id.example", "7f3A", MATIN)
    connexions.revoke("https://id.example 7f3A", MATIN)
    assert not connexions.est_bonne(sans_courriel, MATIN)
    assert connexions.est_bonne(Connexion("autre", "https://id.example", "8", MATIN), MATIN)


def test_neither_an_account_nor_a_cookie_is_written(tmp_path: Path) -> None:
    connexions = Connexions(tmp_path)
    connexions.close("jeton-secret")
    connexions.revoke("logement@lille.example", MATIN)
    ecrit = "".join(f"{f.name} {f.read_text()}" for f in (tmp_path / "connexions").iterdir())
    assert "jeton" not in ecrit
    assert "lille" not in ecrit


@pytest.mark.parametrize(
    ("authentifiee", "prouvee"),
    [
        (None, MATIN),  # the provider does not say: the login counts
        (MATIN - timedelta(hours=1), MATIN - timedelta(hours=1)),  # it gave a login without asking who is there
        (MATIN + SECONDE, MATIN),  # its clock is ahead
    ],
)
def test_an_identity_is_proven_when_the_provider_asked_for_it_and_no_later_than_the_login(
    authentifiee: datetime | None, prouvee: datetime
) -> None:
    assert Connexion("jeton", "https://id.example", "7f3A", MATIN, authentifiee=authentifiee).prouvee == prouvee
