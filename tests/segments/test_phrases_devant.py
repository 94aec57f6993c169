"""13h30, who was first where the Poulidors were behind, in words: at a desk and in a room."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.secret.bail import PREPARATION, SALLE, Audience, lease
from mel_core.segments import Criteres
from mel_core.segments.devant import AXES, Devant, say

CRITERES = Criteres(date(2017, 12, 31))


def devant(n_passages: int, n_avec_premier: int, **etiquettes: int) -> Devant:
    table = pd.DataFrame({"cle": list(etiquettes), "n": list(etiquettes.values())})
    return Devant(n_passages, n_avec_premier, dict.fromkeys(AXES, table))


def said(lu: Devant, audience: Audience) -> str:
    with lease(audience):
        return say("l’ICI 2", lu, CRITERES).replace("\u00a0", " ").replace("\u202f", " ")


def test_shares_are_of_those_whose_public_is_known() -> None:
    # 400 known: 200 are 50 %, 60 + 40 + 20 are 30 %, 80 are 20 %
    lu = devant(1204, 830, droit_commun=200, aci=60, dalo=40, pdalhpd=20, mutation=80, inconnu=9)
    assert said(lu, PREPARATION) == snapshot(
        "Dans l’ICI 2, les Poulidor ont été classés derrière un autre **1 204 fois** en 24 mois. Le premier est "
        "enregistré 830 fois (400 ménages au public connu) : 50 % de droit commun, 30 % de ménages ACI et 20 % "
        "de mutations."
    )
    assert said(lu, SALLE) == snapshot(
        "Dans l’ICI 2, les Poulidor ont été classés derrière un autre **1 205 fois** en 24 mois. Le premier est "
        "enregistré 830 fois (400 ménages au public connu) : 50 % de droit commun, 30 % de ménages ACI et 20 % "
        "de mutations."
    )


@pytest.mark.parametrize(
    ("audience", "fin"),
    [(PREPARATION, "en 24 mois. Qui était premier n’est enregistré nulle part."), (SALLE, "en 24 mois.")],
)
def test_nobody_recorded_first_is_said_at_a_desk_and_a_room_hears_nothing_of_a_few(
    audience: Audience, fin: str
) -> None:
    assert said(devant(40, 0), audience).endswith(fin)


def test_a_room_reads_no_share_of_a_few() -> None:
    assert said(devant(40, 20, dalo=3, droit_commun=14), SALLE) == snapshot(
        "Dans l’ICI 2, les Poulidor ont été classés derrière un autre **40 fois** en 24 mois. Le premier est "
        "enregistré 20 fois (15 ménages au public connu)."
    )
