"""Verdicts against the applicants themselves, one by one: never feasible when they cannot all be found."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from mel_core.simulation.plan.calcul_plan import Plan, make_plan
from mel_core.simulation.plan.demande import judge_plan, moyens_du_plan
from mel_core.simulation.plan.objectifs_plan import ScenarioPlan
from mel_core.simulation.reorientation.faisabilite import Faisabilite, Raison
from mel_core.simulation.reorientation.grille import Attentes, CibleEssayee
from mel_core.simulation.reorientation.reponses import answer
from tests.exemples import examples
from tests.simulation.dessins import draw as drawn
from tests.simulation.dessins import freed

MOITIE = Fraction(1, 2)
# (modest: yes, no or not known; ACI first access; communes wanted)
Personne = tuple[bool | None, bool, frozenset[str]]
Besoin = tuple[str, str]  # who: M, D, L or C; commune

personnes = st.lists(
    st.tuples(
        st.sampled_from([True, True, False, None]),
        st.booleans(),
        st.frozensets(st.sampled_from("ABC"), min_size=1),
    ),
    max_size=14,
)


def counted(gens: list[Personne]) -> pd.DataFrame:
    """What is counted of these applicants: by commune wanted, and once over the scope."""
    lignes = []
    for commune in ("A", "B", "C", "ensemble"):
        ici = [p for p in gens if commune in p[2] or commune == "ensemble"]
        lignes.append(
            {
                "commune": commune,
                "n_modestes": sum(m is True for m, _, _ in ici),
                "n_non_modestes": sum(m is False for m, _, _ in ici),
                "n_aci": sum(aci for _, aci, _ in ici),
                "n_non_aci": sum(not aci for _, aci, _ in ici),
                "n_modestes_aci": sum(aci and m is True for m, aci, _ in ici),
                "n_non_modestes_aci": sum(aci and m is False for m, aci, _ in ici),
            }
        )
    return pd.DataFrame(lignes)


def can_be_housed(gens: list[Personne], besoins: list[Besoin]) -> bool:
    """Whether each need finds an applicant of its own: a maximum matching."""
    if not besoins:
        return True

    def repond(personne: Personne, besoin: Besoin) -> bool:
        modeste, aci, voulues = personne
        qui, commune = besoin
        convient = {"M": modeste is True, "D": modeste is False, "L": aci, "C": aci and modeste is True}
        return commune in voulues and convient[qui]

    liens = np.array([[repond(p, b) for p in gens] for b in besoins], dtype=int).reshape(len(besoins), len(gens))
    return bool((maximum_bipartite_matching(csr_array(liens), perm_type="column") >= 0).all())


def needs(plan: Plan) -> list[Besoin]:
    besoins: list[Besoin] = []
    for x in plan.equilibre.to_dict("records"):
        besoins += [("M" if x["sens"] > 0 else "D", x["commune"])] * x["a_reorienter"]
    for x in plan.aci.to_dict("records"):
        for _ in range(x["n_communs"]):  # one of the modest households of the commune is this ACI one
            besoins.remove(("M", x["commune"]))
        besoins += [("C", x["commune"])] * x["n_communs"] + [("L", x["commune"])] * (x["a_reorienter"] - x["n_communs"])
    return besoins


@st.composite
def cells(draw: st.DrawFn, classes: bool) -> pd.DataFrame:
    choix = st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.sampled_from(["fragile", "moyenne", "sans"]))
    cles = draw(st.lists(choix, min_size=1, max_size=4, unique_by=(lambda c: c) if classes else (lambda c: c[:2])))
    n = [draw(st.integers(0, 5)) for _ in cles]
    frame = pd.DataFrame(cles, columns=["commune", "bailleur", "fragilite"])
    frame = frame.assign(n_connus=n, numerateur=[draw(st.integers(0, x)) for x in n])
    return frame if classes else frame.drop(columns="fragilite")


@examples(100)
@given(cells(classes=True), personnes, st.fractions(0, 1, max_denominator=6))
def test_equilibre_is_never_feasible_when_distinct_applicants_cannot_be_found(
    frame: pd.DataFrame, gens: list[Personne], cible: Fraction
) -> None:
    lues, exigence = answer(frame, CibleEssayee("equilibre", cible), Attentes(), counted(gens), freed())
    besoins: list[Besoin] = []
    for x in lues.to_dict("records"):
        besoins += [("M" if x["sens"] > 0 else "D", x["commune"])] * x["a_reorienter"]
    if not can_be_housed(gens, besoins):
        assert exigence.limite.verdict is not Faisabilite.FAISABLE


@examples(50)
@given(cells(classes=True), cells(classes=False), personnes, *[st.fractions(0, 1, max_denominator=4)] * 2)
def test_a_plan_is_never_feasible_when_distinct_applicants_cannot_be_found(
    equilibre: pd.DataFrame, aci: pd.DataFrame, gens: list[Personne], cible: Fraction, cible_aci: Fraction
) -> None:
    scenario = ScenarioPlan(CibleEssayee("equilibre", cible), CibleEssayee("aci", cible_aci), 1)
    plan = make_plan(equilibre, aci, scenario, counted(gens), freed(), 2)
    besoins = needs(plan)
    if not can_be_housed(gens, besoins):
        assert judge_plan(plan, counted(gens)).verdict is not Faisabilite.FAISABLE
        assert len({commune for _, commune in besoins}) > 1  # in one commune the bounds are exact


@examples(40)
@given(cells(classes=True), cells(classes=False), personnes, *[st.fractions(0, 1, max_denominator=4)] * 2)
def test_the_applicants_that_a_plan_is_faced_with_are_each_counted_once(
    equilibre: pd.DataFrame, aci: pd.DataFrame, gens: list[Personne], cible: Fraction, cible_aci: Fraction
) -> None:
    essai = ScenarioPlan(CibleEssayee("equilibre", cible), CibleEssayee("aci", cible_aci), 1)
    plan = make_plan(equilibre, aci, essai, counted(gens), freed(), 2)
    demandes = {qui for qui, _ in needs(plan)}
    voulus = [
        (modeste is True and demandes & {"M", "C"})
        or (modeste is False and "D" in demandes)
        or (est_aci and demandes & {"L", "C"})
        for modeste, est_aci, _ in gens
    ]
    assert moyens_du_plan(plan, counted(gens), freed(), 2).n_eligibles == sum(map(bool, voulus))


def scenario() -> ScenarioPlan:
    return ScenarioPlan(CibleEssayee("equilibre", MOITIE), CibleEssayee("aci", MOITIE), 1)


def test_one_modest_aci_applicant_is_not_housed_twice() -> None:
    equilibre = drawn("commune bailleur fragilite n_connus numerateur\nA x sans 2 0")
    aci = drawn("commune bailleur n_connus numerateur\nA y 2 0")
    # One more modest household at x, one more ACI at y, and one applicant in all, who is both.
    gens: list[Personne] = [(True, True, frozenset("A"))]
    plan = make_plan(equilibre, aci, scenario(), counted(gens), freed(), 2)
    assert plan.manque > 0
    assert set(plan.objectifs.loc[plan.objectifs["manque"] > 0, "raison"]) == {"eligibles"}
    # A second one, ACI of unknown income, is enough.
    plan = make_plan(equilibre, aci, scenario(), counted([*gens, (None, True, frozenset("A"))]), freed(), 2)
    assert (plan.manque, plan.n_reorientes) == (0, 2)


def test_an_attribution_serves_both_targets_only_if_somebody_is_both() -> None:
    equilibre = drawn("commune bailleur fragilite n_connus numerateur\nA x sans 20 0")
    aci = drawn("commune bailleur n_connus numerateur\nA x 20 0")
    vacances = freed("commune bailleur fragilite n_vacances_an\nA x sans 10")
    modestes: list[Personne] = [(True, False, frozenset("A"))] * 30
    autres: list[Personne] = [(None, True, frozenset("A"))] * 30
    # 10 modest and 10 ACI households for 10 dwellings: only if the same ones are both.
    assert make_plan(equilibre, aci, scenario(), counted(modestes + autres), vacances, 2).manque > 0
    doubles: list[Personne] = [(True, True, frozenset("A"))] * 30
    plan = make_plan(equilibre, aci, scenario(), counted(doubles), vacances, 2)
    assert (plan.manque, plan.n_reorientes, plan.aci["n_communs"].tolist()) == (0, 10, [10])


def test_the_same_two_applicants_of_three_communes_are_not_three() -> None:
    frame = drawn("commune bailleur fragilite n_connus numerateur\nA x sans 2 0\nB x sans 2 0\nC x sans 2 0")
    # One is asked in each of A, B and C, each wanted by two: the same two. Four others want none of them.
    gens: list[Personne] = [(True, False, frozenset("ABC"))] * 2 + [(True, False, frozenset("D"))] * 4
    lues, exigence = answer(frame, CibleEssayee("equilibre", MOITIE), Attentes(), counted(gens), freed())
    assert lues["a_reorienter"].tolist() == [1, 1, 1]
    limite = exigence.limite
    assert (limite.verdict, limite.raison) == (Faisabilite.TENDU, Raison.PLUSIEURS_COMMUNES)
    # Six who want all three: one, then two, then three of six at most, hence feasible whoever they are.
    gens = [(True, False, frozenset("ABC"))] * 6
    lues, exigence = answer(frame, CibleEssayee("equilibre", MOITIE), Attentes(), counted(gens), freed())
    assert exigence.limite.verdict is Faisabilite.FAISABLE
