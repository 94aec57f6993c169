"""What is answered of households: a value tells nothing but what its words do, to whoever reads it."""

from __future__ import annotations

import math
from operator import eq, ge, gt, le, lt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.valeurs import INCONNU, Compte, Duree, Ecart

EFFECTIFS = st.integers(0, 400)
AUDIENCES = st.sampled_from([PREPARATION, SALLE, Audience(cle="commune", code="59512")])
SEUILS = st.integers(-3, 420)


def told(n: Compte, seuil: int) -> tuple[object, ...]:
    """All that a value answers."""
    return (
        *(str(n), n.de("logement"), n.dit, n.tus, n.rang, n.nu, n.au_plus),
        *(n.est_dit, n.est_tu, n.est_connu, n.est_possible, hash(n)),
        *(compare(n, seuil) for compare in (eq, gt, ge, lt, le)),
    )


@given(EFFECTIFS, EFFECTIFS, SEUILS)
def test_two_counts_that_read_alike_answer_alike_whatever_is_asked_of_them(un: int, autre: int, seuil: int) -> None:
    lus = [SALLE.compte(n) for n in (un, autre)]
    assert (str(lus[0]) == str(lus[1])) == (told(lus[0], seuil) == told(lus[1], seuil))


@given(AUDIENCES, EFFECTIFS, SEUILS)
def test_a_count_that_is_not_said_compares_only_where_the_answer_is_sure(
    audience: Audience, n: int, seuil: int
) -> None:
    lu = audience.compte(n)
    if lu.est_dit:
        return
    # Any count from 0 to what is not said may stand behind it.
    for compare in (eq, gt, ge, lt, le):
        if compare(lu, seuil):
            assert all(compare(possible, seuil) for possible in range(audience.regle.tus + 1))
    assert math.isnan(float(lu))  # nothing can be worked out of it, nor drawn


@given(EFFECTIFS, SEUILS)
def test_at_a_desk_a_count_is_its_number(n: int, seuil: int) -> None:
    lu = PREPARATION.compte(n)
    assert (lu.dit, float(lu), lu.nu, lu.rang) == (n, n, n, n)
    assert all(compare(lu, seuil) == compare(n, seuil) for compare in (eq, gt, ge, lt, le))


def test_what_is_unknown_is_neither_none_nor_few() -> None:
    assert str(INCONNU) == "—"
    assert not any((INCONNU.est_connu, INCONNU.est_possible, INCONNU == 0, INCONNU < 30, INCONNU > 0))
    assert INCONNU.nu is None


@given(AUDIENCES, EFFECTIFS, EFFECTIFS)
def test_a_gap_is_said_in_its_direction_and_never_netted(audience: Audience, trop: int, manque: int) -> None:
    ecart = Ecart(audience.compte(trop), audience.compte(manque))
    assert ecart.est_tenu == (audience.lit_tout and trop == manque == 0)
    dits = [f"{n} de trop" for n in [ecart.trop] if n > 0], [f"{n}" for n in [ecart.manque] if n > 0]
    assert all(dit in ecart.dit() for liste in dits for dit in liste)
    assert "±" not in str(ecart)
    if (ecart.trop > 0 and ecart.manque.est_possible) or (ecart.manque > 0 and ecart.trop.est_possible):
        assert ecart.dit() == f"{ecart.trop} de trop et {ecart.manque} en manque"
        assert ecart.nu == str(ecart)  # no single number
    assert (ecart.taille == 0) == (ecart.dit() == "")


def test_gaps_are_ranked_by_the_largest_number_written_of_them_then_by_all_that_is() -> None:
    tu = Compte(tus=12)
    rangees = [
        Ecart(Compte(40), Compte(0)),
        Ecart(Compte(35), Compte(15)),
        Ecart(Compte(35), tu),  # 35 to 47
        Ecart(Compte(15), Compte(20)),
        Ecart(Compte(0), Compte(20)),
        Ecart(tu, tu, Compte(20)),  # no number of it is written
        Ecart(tu, tu, tu),
    ]
    assert [*sorted(rangees, key=lambda e: e.taille, reverse=True)] == rangees
    assert [e.en_tout for e in rangees] == [40, 50, 35, 35, 20, 20, 0]
    assert [e.au_plus for e in rangees] == [40, 50, 47, 35, 20, 20, 12]


@pytest.mark.parametrize(
    ("trop", "manque", "dit", "signe"),
    [
        (40, 0, "40 de trop", "+40"),
        (0, 15, "il en manque 15", "−15"),
        (40, 15, "40 de trop et 15 en manque", "+40 −15"),
        (0, 0, "", "0"),
    ],
)
def test_the_words_of_a_gap_at_a_desk(trop: int, manque: int, dit: str, signe: str) -> None:
    ecart = Ecart(Compte(trop), Compte(manque))
    assert (ecart.dit(), str(ecart)) == (dit, signe)


@given(st.integers(1, 36), st.none() | st.integers(0, 48))
def test_a_duration_is_never_called_whole_where_months_are_missing(demandes: int, couverts: int | None) -> None:
    dite = str(Duree(demandes, couverts))
    manque = couverts is not None and couverts < demandes
    assert Duree(demandes, couverts).est_entiere != manque
    assert ("sur" in dite) == manque
    assert dite.startswith(str(couverts if manque else demandes))
