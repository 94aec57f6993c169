"""The attacker breaks the rules that it should: what is then left of the room's rule is measured by its command."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from mel_core.indicateurs import INDICATEURS
from mel_core.secret.bail import SALLE
from mel_core.secret.montrer import regle_du
from tests.attaquant.jugements import Compte, Exces
from tests.attaquant.mondes import AUTREMENT, DES_ECRANS, MONDES
from tests.attaquant.programme import (
    Entendus,
    chercher,
    compte,
    cote_a_cote,
    dit,
    fusionner,
    intervalles,
    part,
    voisines,
)

REGLE = regle_du(date(2026, 1, 1))


def test_no_indicator_is_left_out_of_what_the_attacker_hears() -> None:
    assert set(DES_ECRANS) | AUTREMENT == set(INDICATEURS)
    entendus = {nom for monde in MONDES.values() for nom in (*monde.indicateurs, *monde.n_seuls)}
    assert entendus == set(DES_ECRANS)  # each by a world at least


def test_twenty_eight_households_over_as_many_masked_cells_are_one_each_when_the_whole_is_exact() -> None:
    # The weaker rule: wholes exact, 1 to 10 masked, zeros said.
    masquees = [compte([i], 1, 10) for i in range(28)]
    assert intervalles(28, [*masquees, compte(range(28), 28, 28)], [[0], [27]]) == [(1, 1), (1, 1)]


def test_two_windows_that_overlap_give_a_semester_back_when_wholes_are_exact() -> None:
    # 2017S1 and 2017S2 make 40, 2017S2 alone 36: the semester that is masked is known.
    assert intervalles(2, [compte([0, 1], 40, 40), compte([1], 36, 36), compte([0], 1, 10)], [[0]]) == [(4, 4)]


def test_the_rule_of_the_room_leaves_the_same_counts_open() -> None:
    tus = [dit([i], REGLE.compte(1), REGLE) for i in range(28)]
    ((bas, haut),) = intervalles(28, [*tus, dit(range(28), REGLE.compte(28), REGLE)], [[0]])
    assert (bas, haut) == (0, 12)
    fenetres = [dit([0, 1], REGLE.compte(40), REGLE), dit([1], REGLE.compte(36), REGLE), dit([0], None, REGLE)]
    assert intervalles(2, fenetres, [[0]]) == [(1, 9)]  # 38 to 42, less 33 to 37


def test_a_share_of_exact_counts_narrows_them_and_a_rounded_one_less() -> None:
    # Two cells, modest and not: 13 of 32 known; 40.6 % to a tenth, 41 % to the unit.
    connus = compte([0, 1], 32, 32)
    assert intervalles(2, [connus, *part([0], [0, 1], 0.4055, 0.4065)], [[0]]) == [(13, 13)]
    assert intervalles(2, [dit([0, 1], 30, REGLE), *part([0], [0, 1], 0.405, 0.415)], [[0]]) == [(12, 13)]


def test_a_whole_between_two_integers_is_rounded_inward() -> None:
    assert intervalles(1, [compte([0], 1.5, 4.5)], [[0]]) == [(2, 4)]


def test_a_gap_gives_back_the_numerator_that_is_not_said() -> None:
    # The weaker rule: every gap is rounded. One ACI household of 41 known, under a floor of 45 %, lacks 18, said 20.
    avec, sans = Compte(np.array([0]), 1), Compte(np.array([1]), 40)
    connus = Compte(np.array([0, 1]), 41)
    tus = [dit([0], None, REGLE), dit([0, 1], 40, REGLE)]
    ecart = Exces(connus, avec, Fraction(9, 20), -1)
    assert math.ceil(ecart.vrai) == 18
    assert intervalles(2, [*tus, ecart.ligne(17.05, 22)], [[0]]) == [(0, 1)]
    # The rule of the room: no gap is computed from it.
    assert REGLE.compte(avec.vrai) is None
    assert REGLE.compte(sans.vrai) == 40
    assert intervalles(2, tus, [[0]]) == [(0, 12)]


def test_the_same_sum_heard_twice_is_bounded_by_both() -> None:
    (ligne,) = fusionner([compte([0, 1], 3, 9), compte([1, 0], 5, 12)])
    assert (ligne.bas, ligne.haut) == (5, 9)


def test_what_is_left_is_the_same_whether_the_search_starts_from_the_truth_or_from_nothing() -> None:
    vrais = np.array([3, 0, 14, 7, 1])
    lignes = [
        dit([0, 1, 2], REGLE.compte(17), REGLE),
        dit([2, 3], REGLE.compte(21), REGLE),
        dit([0, 1], None, REGLE),
        *part([2], [2, 3], 0.66, 0.67),
        compte([1, 3, 4], 1, np.inf),
        compte(range(5), 0, 25),
    ]
    cibles = [[0], [0, 1], [3], [1, 4], [4]]
    depuis_rien = intervalles(5, lignes, cibles)
    assert list(chercher(5, lignes, cibles, vrais)) == depuis_rien
    assert all(bas <= vrais[c].sum() <= haut for c, (bas, haut) in zip(cibles, depuis_rien, strict=True))
    # Enough is enough: no more than is possible, and as much where that is few.
    for (bas, haut), (au_moins, au_plus) in zip(depuis_rien, chercher(5, lignes, cibles, vrais, 4), strict=True):
        assert bas <= au_moins <= au_plus <= haut
        assert au_plus - au_moins + 1 >= 4 or (au_moins, au_plus) == (bas, haut)


def test_beside_those_who_are_somewhere_others_may_be_but_for_one_trait() -> None:
    lignes = pd.DataFrame(
        [("R1", "BAILLEUR", "modeste")] * 2 + [("R1", "ETAT", "eleve"), ("R2", "ETAT", "modeste")],
        columns=["residence", "reservataire", "classe"],
    )
    assert sorted(voisines(lignes, ["residence"], ["reservataire", "classe"]).itertuples(index=False, name=None)) == [
        ("R1", "BAILLEUR", "eleve"),
        ("R1", "BAILLEUR", "modeste"),
        ("R1", "ETAT", "modeste"),
        ("R2", "BAILLEUR", "modeste"),
        ("R2", "ETAT", "eleve"),
        ("R2", "ETAT", "modeste"),
    ]


def test_worlds_side_by_side_say_nothing_of_each_other() -> None:
    mondes = [Entendus(np.array([2, 30])), Entendus(np.array([4, 40]))]
    for e, n in zip(mondes, (32, 44), strict=True):
        tous = np.ones(2, dtype=bool)
        e.hear(tous, SALLE.compte(n), n, "tous")
        e.aim(np.array([True, False]), "peu")
        e.know(np.array([False, True]))
    tout = cote_a_cote(mondes)
    assert sorted(tout.cibles) == [(0,), (2,)]
    # 30 said of 28 to 32, 30 known; 45 said of 43 to 47, 40 known.
    assert list(chercher(4, tout.lignes, [[0], [2]], tout.n)) == [(0, 2), (3, 7)]


def test_enough_values_are_found_near_a_sum_or_in_the_whole_and_no_further() -> None:
    # A chain of cells of 20, each said with the next: 38 to 42.
    vrais = np.full(40, 20)
    lignes = [compte([i, i + 1], 38, 42) for i in range(39)] + [compte([0, 39], 38, 42)]
    ((bas, haut),) = chercher(40, lignes, [[20]], vrais, 5)
    assert bas <= 20 <= haut
    assert haut - bas + 1 >= 5
    assert list(chercher(40, [*lignes, compte([20], 19, 21)], [[20]], vrais, 5)) == [(19, 21)]
