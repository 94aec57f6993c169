"""All the targets at once: against an exhaustive search, then invariants, then examples with their arithmetic."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from mel_core.simulation.plan.calcul_plan import make_plan, prix_du_point
from mel_core.simulation.plan.demande import moyens_du_plan
from mel_core.simulation.plan.objectifs_plan import Plan, ScenarioPlan, objectifs
from mel_core.simulation.reorientation.grille import CibleEssayee
from tests.exemples import examples
from tests.simulation.dessins import demand, draw, freed

MOITIE = Fraction(1, 2)
CLES = ["commune", "bailleur", "fragilite"]


def aiming(equilibre: Fraction, aci: Fraction, minimum: int = 1, bande: Fraction = Fraction(1, 20)) -> ScenarioPlan:
    return ScenarioPlan(CibleEssayee("equilibre", equilibre, bande), CibleEssayee("aci", aci), minimum)


# ------------------------------------------------------------------------------------------------- strategies

parts = st.fractions(0, 1, max_denominator=8)


@st.composite
def situations(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """At most 3 cells of equilibre and 2 of ACI, with 0 to 3 attributions, few dwellings and few applicants."""
    cles = st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.sampled_from(["fragile", "moyenne", "sans"]))
    lignes = draw(st.lists(cles, min_size=1, max_size=3, unique=True))
    equilibre = pd.DataFrame(lignes, columns=CLES)
    n = [draw(st.integers(0, 3)) for _ in lignes]
    equilibre = equilibre.assign(n_connus=n, numerateur=[draw(st.integers(0, x)) for x in n])
    lieux = draw(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy")), min_size=1, max_size=2, unique=True))
    n_aci = [draw(st.integers(0, 3)) for _ in lieux]
    aci = pd.DataFrame(lieux, columns=CLES[:2])
    aci = aci.assign(n_connus=n_aci, numerateur=[draw(st.integers(0, x)) for x in n_aci])
    profils = ("n_modestes", "n_non_modestes", "n_aci", "n_non_aci")
    lignes_eligibles = []
    for commune in ("A", "B", "ensemble"):
        comptes = {p: draw(st.integers(0, 4)) for p in profils}
        modestes_aci = draw(st.integers(0, min(comptes["n_modestes"], comptes["n_aci"])))
        reste = min(comptes["n_non_modestes"], comptes["n_aci"] - modestes_aci)
        croises = {"n_modestes_aci": modestes_aci, "n_non_modestes_aci": draw(st.integers(0, reste))}
        lignes_eligibles.append({"commune": commune, **comptes, **croises})
    eligibles = pd.DataFrame(lignes_eligibles)
    connues = [i for i in range(len(lignes)) if draw(st.booleans())]
    vacances = equilibre.iloc[connues][CLES].assign(n_vacances_an=[float(draw(st.integers(0, 4))) for _ in connues])
    return equilibre, aci, eligibles, vacances


def est_servie(modestes: int, autres: int, aci: int, communs: int, pool: pd.Series) -> bool:
    """One place: every kind of household tried for each need, in the counts of `pool`."""
    croises, croises_non = int(pool["n_modestes_aci"]), int(pool["n_non_modestes_aci"])
    seuls, seuls_non = int(pool["n_modestes"]) - croises, int(pool["n_non_modestes"]) - croises_non
    aci_inconnus = int(pool["n_aci"]) - croises - croises_non
    # The ACI needs that are not shared go to the unknown ones first, who serve nothing else; then every split is tried.
    aci_seuls = max(0, aci - communs - aci_inconnus)
    return communs <= croises and any(
        modestes - communs <= seuls + croises - communs - pris
        and autres <= seuls_non + croises_non - (aci_seuls - pris)
        for pris in range(min(aci_seuls, croises - communs) + 1)
        if aci_seuls - pris <= croises_non
    )


def exhaustive(
    equilibre: pd.DataFrame, aci: pd.DataFrame, scenario: ScenarioPlan, eligibles: pd.DataFrame, vacances: pd.DataFrame
) -> tuple[int, int]:
    """(households missed, attributions reoriented): the least ones, every whole movement tried."""
    k, n = equilibre["numerateur"].to_numpy(), equilibre["n_connus"].to_numpy()
    k_aci, n_aci = aci["numerateur"].to_numpy(), aci["n_connus"].to_numpy()
    libres = vacances.set_index(CLES)["n_vacances_an"].to_dict()
    pool = eligibles.set_index("commune")
    cellules = list(equilibre[CLES].itertuples(index=False, name=None))
    lieux = list(aci[CLES[:2]].itertuples(index=False, name=None))
    visees = objectifs(equilibre, aci, scenario)
    meilleur = (10**9, 10**9)
    for x in itertools.product(*(range(-int(a), int(b - a) + 1) for a, b in zip(k, n, strict=True))):
        mouvement = np.array(x, dtype=int)
        if any(abs(m) > libres.get(c, 99) for m, c in zip(x, cellules, strict=True)):
            continue
        if any((m > 0 and c[2] == "fragile") or (m < 0 and c[2] == "sans") for m, c in zip(x, cellules, strict=True)):
            continue  # never useful: the target pulls the other way
        plus, moins = np.maximum(mouvement, 0), np.maximum(-mouvement, 0)
        communes = equilibre["commune"].to_numpy()
        for y in itertools.product(*(range(int(b - a) + 1) for a, b in zip(k_aci, n_aci, strict=True))):
            loges = np.array(y, dtype=int)
            ici = [[i for i, c in enumerate(cellules) if c[:2] == lieu] for lieu in lieux]
            connus = [[v for c, v in libres.items() if c[:2] == lieu] for lieu in lieux]
            possibles = []
            for communs in itertools.product(
                *(range(min(int(plus[i].sum()), n) + 1) for i, n in zip(ici, y, strict=True))
            ):
                if any(
                    v and plus[i].sum() + moins[i].sum() + n - commun > sum(v)
                    for v, i, n, commun in zip(connus, ici, y, communs, strict=True)
                ):
                    continue
                partages = np.array(communs, dtype=int)
                la = aci["commune"].to_numpy()
                places = {c: (communes == c, la == c) for c in "AB"} | {"ensemble": (communes == communes, la == la)}
                if all(
                    est_servie(plus[e].sum(), moins[e].sum(), loges[a].sum(), partages[a].sum(), pool.loc[c])
                    for c, (e, a) in places.items()
                ):
                    possibles.append(sum(communs))
            if not possibles:
                continue
            communs = max(possibles)
            manque = 0
            for o in visees:
                vise = o.k + int((loges if o.indicateur == "aci" else mouvement)[o.lignes].sum())
                manque += max(0, o.bas - vise, vise - o.haut)
            total = int(plus.sum() + moins.sum() + loges.sum()) - communs
            meilleur = min(meilleur, (manque, total))
    return meilleur


# ------------------------------------------------------------------------------------------------- invariants


@examples(15)
@given(situations(), parts, parts, st.integers(1, 3))
def test_nothing_does_better_than_the_plan(
    situation: tuple[pd.DataFrame, ...], equilibre: Fraction, aci: Fraction, minimum: int
) -> None:
    scenario = aiming(equilibre, aci, minimum)
    plan = make_plan(situation[0], situation[1], scenario, situation[2], situation[3], 2)
    assert (plan.manque, plan.n_reorientes) == exhaustive(situation[0], situation[1], scenario, *situation[2:])


@examples(20)
@given(situations(), parts, parts)
def test_a_plan_asks_of_each_place_what_it_has_and_tells_what_it_reaches(
    situation: tuple[pd.DataFrame, ...], equilibre: Fraction, aci: Fraction
) -> None:
    avant = [frame.copy(deep=True) for frame in situation]
    plan = make_plan(situation[0], situation[1], aiming(equilibre, aci), situation[2], situation[3], 2)
    for frame, copie in zip(situation, avant, strict=True):
        pd.testing.assert_frame_equal(frame, copie)
    for cellules in (plan.equilibre, plan.aci):
        vise = cellules["numerateur"] + cellules["sens"] * cellules["a_reorienter"]
        assert ((vise >= 0) & (vise <= cellules["n_connus"])).all()
    assert (plan.aci["n_communs"] <= plan.aci["a_reorienter"]).all()
    demandes = plan.equilibre["a_reorienter"].sum() + plan.aci["a_reorienter"].sum()
    assert plan.n_reorientes == demandes - plan.aci["n_communs"].sum()
    libres = plan.equilibre.merge(situation[3], on=CLES)
    assert (libres["a_reorienter"] <= libres["n_vacances_an"]).all()
    o = plan.objectifs
    ecart = np.maximum(0, np.maximum(o["bas"] - o["numerateur_vise"], o["numerateur_vise"] - o["haut"]))
    assert o["manque"].tolist() == ecart.tolist()
    assert ((o["raison"] != "") == (o["manque"] > 0)).all()
    for niveau in ("commune",):  # the communes of a class add up to the class
        for indicateur, fragilite in (("equilibre", "fragile"), ("equilibre", "sans"), ("aci", "")):
            lignes = o[(o["indicateur"] == indicateur) & (o["fragilite"] == fragilite)]
            somme = lignes.loc[lignes["niveau"] == niveau, "numerateur_vise"].sum()
            assert somme == lignes.loc[lignes["niveau"] == "ensemble", "numerateur_vise"].sum()


@examples(20)
@given(situations(), parts, parts, parts, parts)
def test_more_ambition_is_never_less_work(
    situation: tuple[pd.DataFrame, ...], a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    frames, moins, plus = situation, *sorted([a, b])
    doux = ScenarioPlan(
        CibleEssayee("equilibre", MOITIE, cibles={"fragile": plus, "sans": moins}),
        CibleEssayee("aci", min(c, d)),
        1,
    )
    dur = ScenarioPlan(
        CibleEssayee("equilibre", MOITIE, cibles={"fragile": moins, "sans": plus}),
        CibleEssayee("aci", max(c, d)),
        1,
    )
    facile, difficile = (make_plan(frames[0], frames[1], s, frames[2], frames[3], 2) for s in (doux, dur))
    assert facile.manque <= difficile.manque
    if difficile.manque == 0:
        assert facile.n_reorientes <= difficile.n_reorientes


@examples(20)
@given(situations())
def test_aiming_at_what_is_observed_changes_nothing(situation: tuple[pd.DataFrame, ...]) -> None:
    equilibre, aci = situation[0].iloc[:1], situation[1].iloc[:1]  # one place, hence one share
    n, k = int(equilibre["n_connus"].iloc[0]), int(equilibre["numerateur"].iloc[0])
    n_aci, k_aci = int(aci["n_connus"].iloc[0]), int(aci["numerateur"].iloc[0])
    assume(n > 0 and n_aci > 0)
    plan = make_plan(equilibre, aci, aiming(Fraction(k, n), Fraction(k_aci, n_aci)), situation[2], situation[3], 2)
    assert (plan.n_reorientes, plan.manque) == (0, 0)


@examples(12)
@given(situations(), parts, parts)
def test_targets_that_ask_nothing_of_each_place_are_inert(
    situation: tuple[pd.DataFrame, ...], equilibre: Fraction, aci: Fraction
) -> None:
    neutre = aiming(equilibre, aci)
    avec = replace(neutre, aci=replace(neutre.aci, cibles={("commune", "absente"): Fraction(1)}))
    a, b = (make_plan(situation[0], situation[1], s, situation[2], situation[3], 2) for s in (neutre, avec))
    pd.testing.assert_frame_equal(a.objectifs, b.objectifs)


# -------------------------------------------------------------------------------------------- worked examples

BEAUCOUP = "commune n_modestes n_non_modestes n_aci n_non_aci\n59512 900 900 900 900\n59350 900 900 900 900"


def test_66_to_50_and_45_percent_of_7500_in_one_plan() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 100 66\n59350 B1 sans 100 50")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 5000 1800\n59350 B1 2500 900")
    # 66 − 50 = 16 fewer modest; 3 375 − 2 700 = 675 more ACI: 2 250 − 1 800 = 450, and 1 125 − 900 = 225.
    plan = make_plan(equilibre, aci, aiming(MOITIE, Fraction(45, 100)), demand(BEAUCOUP), freed(), 2)
    assert plan.equilibre["a_reorienter"].tolist() == [16, 0]
    assert plan.aci["a_reorienter"].tolist() == [450, 225]
    assert (plan.n_reorientes, plan.manque) == (16 + 675, 0)


def test_an_attribution_to_a_modest_aci_household_serves_both_targets() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59350 B1 sans 100 40")
    aci = draw("commune bailleur n_connus numerateur\n59350 B1 100 39")
    # 10 more modest, 6 more ACI: the 6 may be among the 10.
    plan = make_plan(equilibre, aci, aiming(MOITIE, Fraction(45, 100)), demand(BEAUCOUP), freed(), 2)
    assert plan.equilibre["a_reorienter"].tolist() == [10]
    assert plan.aci[["a_reorienter", "n_communs"]].to_numpy().tolist() == [[6, 6]]
    assert plan.n_reorientes == 10


def test_what_cannot_hold_says_how_many_are_missing_and_what_a_point_less_frees() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59350 B1 inconnu 10 5")
    aci = draw("commune bailleur n_connus numerateur\n59378 B1 300 100\n59350 B1 300 140")
    vacances = freed("commune bailleur fragilite n_vacances_an\n59378 B1 sans 23\n59350 B1 sans 500")
    eligibles = demand("commune n_aci\n59378 900\n59350 900")
    plan = make_plan(equilibre, aci, aiming(MOITIE, Fraction(45, 100), 30), eligibles, vacances, 2)
    marcq = plan.objectifs[(plan.objectifs["commune"] == "59378") & (plan.objectifs["niveau"] == "commune")].iloc[0]
    # 45 % of 300 is 135, 35 more than 100; 23 dwellings are freed, so 12 are missing; 44 % of 300 is 132: 3 fewer.
    assert (marcq["bas"], marcq["numerateur_vise"], marcq["manque"]) == (135, 123, 12)
    assert (marcq["raison"], marcq["n_un_point"]) == ("vacances", 3)
    # Lille makes up for it over the whole: 270 − 123 = 147, so 7 more than its 140.
    assert plan.aci["a_reorienter"].tolist() == [23, 7]


def test_too_few_applicants_is_another_reason() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 100 66")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 100 50")
    plan = make_plan(equilibre, aci, aiming(MOITIE, MOITIE), demand("commune n_non_modestes\n59512 9"), freed(), 2)
    ensemble = plan.objectifs.iloc[0]
    assert (ensemble["manque"], ensemble["raison"]) == (16 - 9, "eligibles")


def test_two_plans_as_short_ask_every_cell_its_part() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 100 80\n59512 B2 fragile 100 80")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 100 50")
    # 160 of 200 is 60 over the half. One cell alone could give them: both stay within half of their 80.
    plan = make_plan(equilibre, aci, aiming(MOITIE, MOITIE), demand(BEAUCOUP), freed(), 2)
    assert plan.equilibre["a_reorienter"].sum() == 60
    assert plan.equilibre["a_reorienter"].max() <= 40


def test_dwellings_that_both_targets_ask_are_counted_once_over_the_horizon_and_those_unknown_are_said() -> None:
    equilibre = draw(
        "commune bailleur fragilite n_connus numerateur\nA x sans 100 40\nB x fragile 100 60\nC x sans 9 4"
    )
    aci = draw("commune bailleur n_connus numerateur\nA x 100 20\nB y 100 90")
    vacances = draw("commune bailleur fragilite\nA x sans\nA x fragile\nB x fragile\nB y sans\nA y sans")
    vacances = vacances.assign(n_vacances_an=[80.5, 100.25, 30.0, 7.0, 9.0])
    eligibles = demand("commune n_modestes n_non_modestes n_aci\nA 900 900 900\nB 900 900 900\nC 900 900 900")
    plan = make_plan(equilibre, aci, aiming(MOITIE, MOITIE), eligibles, vacances, 4)
    asked = [f[f["a_reorienter"] > 0] for f in (plan.equilibre, plan.aci)]
    assert [f["commune"].tolist() for f in asked] == [["A", "B", "C"], ["A"]]
    # Two years. A sans, of both: 80.5; A fragile, of the ACI; B: 30. Nothing is known of C: one of four places.
    moyens = moyens_du_plan(plan, eligibles, vacances, 4)
    assert (moyens.n_vacances, moyens.n_lieux, moyens.n_inconnus) == (2 * 210.75 + 0.5, 4, 1)
    # When a class of A is unknown, so is what its landlord frees there: only what the equilibre asks is left.
    vacances.loc[1, "n_vacances_an"] = np.nan
    moyens = moyens_du_plan(plan, eligibles, vacances, 4)
    assert (moyens.n_vacances, moyens.n_lieux, moyens.n_inconnus) == (2 * 110.5, 4, 2)


def test_a_small_place_has_no_target_of_its_own() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 29 29\n59350 B1 fragile 60 14")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 29 0\n59350 B1 60 60")
    # 43 of 89 is under 50 %, 60 of 89 over 45 %: only places of 30 or more would be asked something.
    plan = make_plan(equilibre, aci, aiming(MOITIE, Fraction(45, 100), 30), demand(BEAUCOUP), freed(), 2)
    assert plan.n_reorientes == 0
    assert make_plan(equilibre, aci, aiming(MOITIE, Fraction(45, 100), 29), demand(BEAUCOUP), freed(), 2).n_reorientes


def test_the_price_of_a_point_is_what_it_asks_more() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 1000 660\n59350 B1 sans 500 300")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 300 100")
    prix = prix_du_point(equilibre, aci, aiming(MOITIE, Fraction(45, 100)), demand(BEAUCOUP), freed(), 2)
    # A point of 1 000 attributions is 10; sans is 50 over its floor: free; 1 % of 300 first accesses is 3.
    assert prix["fragile"] == 10
    assert prix["sans"] == 0
    assert prix["aci"] == 3


@given(situations(), st.integers(1, 99), st.integers(0, 98))
@examples(60)
def test_the_price_of_a_point_is_the_effect_of_the_point(drawn, fragile: int, aci_vise: int) -> None:
    equilibre, aci, eligibles, vacances = drawn
    cibles = {nom: Fraction(n, 100) for nom, n in (("fragile", fragile), ("aci", aci_vise))}

    def plan(bouge: str = "", pas: int = 0) -> tuple[ScenarioPlan, Plan]:
        moves = {nom: cible + (Fraction(pas, 100) if nom == bouge else 0) for nom, cible in cibles.items()}
        essai = aiming(MOITIE, moves["aci"])
        essai = replace(essai, equilibre=replace(essai.equilibre, cibles={"fragile": moves["fragile"]}))
        return essai, make_plan(equilibre, aci, essai, eligibles, vacances, 2)

    essai, depart = plan()
    prix = prix_du_point(equilibre, aci, essai, eligibles, vacances, 2)
    assert (prix == {}) == (depart.manque > 0)
    for bouge, pas in (("fragile", -1), ("aci", 1)) if prix else ():
        _, bougee = plan(bouge, pas)
        assert prix[bouge] == (None if bougee.manque else bougee.n_reorientes - depart.n_reorientes)


def test_a_point_that_the_households_of_another_target_already_give_is_free() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59350 B1 sans 100 40")
    aci = draw("commune bailleur n_connus numerateur\n59350 B1 100 40")
    # 10 more modest and 5 more ACI, all of them among the 10: a sixth one too; an eleventh modest one is one more.
    prix = prix_du_point(equilibre, aci, aiming(MOITIE, Fraction(45, 100)), demand(BEAUCOUP), freed(), 2)
    assert prix["aci"] == 0
    assert prix["sans"] == 1


def test_a_point_that_cannot_be_had_has_no_price() -> None:
    equilibre = draw("commune bailleur fragilite n_connus numerateur\n59512 B1 fragile 100 66")
    aci = draw("commune bailleur n_connus numerateur\n59512 B1 100 50")
    eligibles = demand("commune n_non_modestes n_aci\n59512 16 900")
    assert prix_du_point(equilibre, aci, aiming(MOITIE, MOITIE), eligibles, freed(), 2)["fragile"] is None
    rien = demand("commune n_non_modestes n_aci\n59512 15 900")
    assert prix_du_point(equilibre, aci, aiming(MOITIE, MOITIE), rien, freed(), 2) == {}
