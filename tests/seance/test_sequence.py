"""The sequence that a room walks: what moved, what is far, then the agenda; and what the journal gives back."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.seance.sequence import LigneDuBilan, Message, insert, propose, read, write
from mel_core.socle.valeurs import Compte

POINTS = {"b1": "Roubaix · T2", "b2": "Wattrelos · ACI"}
SEGMENTS = {"attente_24": "Plus de 24 mois"}
VUES = {"offre": "Offre et demande"}
AVANT = "S1 2017"


def bilans(*constats: LigneDuBilan, obligatoires: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    suite = propose(constats, obligatoires, {}, POINTS, SEGMENTS, VUES, AVANT)
    return [(m.cle.removeprefix("bilan-"), m.raison.replace("\u00a0", " ")) for m in suite if m.page == "bilan"]


def test_what_moved_most_comes_first_then_what_is_farthest_then_the_agenda_each_once_with_its_reason() -> None:
    aci = LigneDuBilan("aci", "ACI", part=0.43, avant=0.45, ecart=-0.02)  # 2 points down, 2 from its objective
    npru = LigneDuBilan("npru", "NPRU", part=0.10, avant=0.05)  # 5 points up
    equilibre = LigneDuBilan("equilibre", "Équilibre", part=0.62, avant=0.61, ecart=0.12)  # 12 from its objective
    actifs = LigneDuBilan("actifs", "Actifs", part=0.50, avant=0.50)
    assert bilans(aci, npru, equilibre, actifs, obligatoires=("equilibre", "aci", "npru")) == [
        ("npru", "ce qui a le plus bougé depuis S1 2017 : +5 points"),
        ("equilibre", "le plus loin de son objectif : 12 points"),
        ("aci", ""),
    ]


def test_a_fall_bears_its_sign_and_one_point_is_singular() -> None:
    assert bilans(LigneDuBilan("aci", "ACI", part=0.44, avant=0.45)) == [
        ("aci", "ce qui a le plus bougé depuis S1 2017 : −1 point")
    ]


def test_what_is_not_said_or_not_comparable_neither_moved_nor_is_far() -> None:
    muet, sans_avant = LigneDuBilan("aci", "ACI"), LigneDuBilan("npru", "NPRU", part=0.3)
    assert bilans(muet, sans_avant, obligatoires=("aci",)) == [("aci", "")]


def test_the_slots_follow_the_day() -> None:
    suite = propose([LigneDuBilan("aci", "ACI")], ("aci",), {}, POINTS, SEGMENTS, VUES, AVANT)
    assert [(m.page, dict(m.parametres)) for m in suite] == [
        ("introduction", {}),
        ("bilan", {"objectif": "aci"}),
        ("coordination", {"point": "b1"}),
        ("coordination", {"point": "b2"}),
        ("orientations", {"vue": "segments", "segment": "attente_24", "etape": "repartition"}),
        ("orientations", {"vue": "segments", "segment": "attente_24", "etape": "engagement"}),
        ("orientations", {"vue": "offre"}),
        ("cloture", {}),
    ]


def ligne(part: float | None, cible: float | None, ecart: object) -> pd.Series:
    return pd.Series({"part": part, "cible": cible, "ecart_attributions": ecart}, dtype=object)


@pytest.mark.parametrize(
    ("lue", "ecart"),
    [
        (ligne(0.62, 0.50, 305), 0.12),  # 12 points over, 305 too many
        (ligne(0.84, 0.50, 0), None),  # 34 points over a floor: it is held
        (ligne(0.44, 0.45, Compte(tus=12)), None),  # so near that how many is not said
        (ligne(0.44, 0.45, None), None),
        (ligne(0.44, 0.45, float("nan")), None),
        (ligne(0.44, None, 30), None),  # no objective in force
        (ligne(None, 0.45, 30), None),
        (None, None),
    ],
)
def test_only_what_does_not_hold_its_objective_is_far_from_it(lue: pd.Series | None, ecart: float | None) -> None:
    constat = LigneDuBilan.de("x", "X", lue, ligne(0.40, 0.45, 30))
    assert constat.ecart == (None if ecart is None else pytest.approx(ecart))
    assert (constat.avant is None) == (constat.part is None)


PARTS = st.none() | st.floats(0, 1)
CONSTATS = st.lists(
    st.builds(LigneDuBilan, st.sampled_from("abcdef"), st.text(max_size=5), PARTS, PARTS, st.none() | st.floats(-1, 1)),
    max_size=6,
    unique_by=lambda c: c.code,
)


@given(CONSTATS, st.lists(st.sampled_from("abcdefgh"), max_size=8))
def test_whatever_the_data_no_message_comes_twice_and_every_line_of_the_agenda_that_exists_is_there(
    constats: list[LigneDuBilan], obligatoires: list[str]
) -> None:
    suite = propose(constats, obligatoires, {}, POINTS, SEGMENTS, VUES, AVANT)
    cles = [m.cle for m in suite]
    assert len(set(cles)) == len(cles)
    assert {f"bilan-{c.code}" for c in constats if c.code in obligatoires} <= set(cles)


MESSAGES = st.lists(
    st.builds(
        Message,
        st.uuids().map(str),
        st.sampled_from(["bilan", "orientations"]),
        st.text(min_size=1, max_size=20),
        st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), max_size=3),
        st.just(""),
        st.text(max_size=20),
    ),
    max_size=5,
)


@given(MESSAGES)
def test_a_sequence_is_read_from_the_journal_as_it_was_written_and_why_is_said_from_todays_data(
    messages: list[Message],
) -> None:
    assert read(write(messages), ()) == tuple(messages)
    dits = [replace(m, raison="le plus loin de son objectif : 3 points") for m in messages]
    assert read(write(messages), dits) == tuple(dits)


def test_a_view_added_is_after_those_of_its_page_else_after_what_the_day_puts_before_it() -> None:
    def place(page: str, *suite: str) -> list[str]:
        lus = insert([Message(f"{i}", p, p) for i, p in enumerate(suite)], Message("vue", page, page))
        return [m.cle for m in lus]

    assert place("bilan", "introduction", "bilan", "bilan", "cloture") == ["0", "1", "2", "vue", "3"]
    assert place("coordination", "bilan", "orientations", "cloture") == ["0", "vue", "1", "2"]
    assert place("simuler", "bilan", "orientations", "cloture") == ["0", "1", "vue", "2"]
    assert place("introduction", "bilan") == ["vue", "0"]
    assert place("bilan", "orientations", "bilan", "cloture") == ["0", "1", "vue", "2"]
    assert place("bilan") == ["vue"]
