"""The engagement simulator: what comes in equals what goes out and stays, more ambition never leaves more behind."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.simulation.engagement.calcul_engagement import (
    MotifEngagement,
    ScenarioEngagement,
    displace,
    distribute,
    judge,
    project,
)
from mel_core.simulation.reorientation.faisabilite import Faisabilite
from mel_core.socle.erreurs import AppelIncorrect

entiers = st.integers(0, 3000)
parts = st.fractions(0, 1, max_denominator=200)
entrees = st.lists(entiers, max_size=8).map(lambda e: pd.DataFrame({"entrants": e}, dtype="int64"))
leviers = st.one_of(entiers.map(lambda n: {"nombre": n}), parts.map(lambda p: {"part": p}))
scenarios = st.builds(
    lambda levier, **k: ScenarioEngagement(**k, **levier),
    leviers,
    stock=entiers,
    flux=entiers,
    n_observes=entiers,
    taux_sortie=parts,
    n_servables=st.none() | entiers,
)


@given(entrees, scenarios)
def test_what_is_there_is_housed_leaves_or_stays(entrants, scenario):
    avant = entrants.copy()
    suite = project(entrants, scenario)
    pd.testing.assert_frame_equal(entrants, avant)  # the input is untouched
    debut = suite["stock_debut"] + suite["entrants"]
    assert (debut == suite["servis"] + suite["sortis"] + suite["restants"]).all()
    assert suite["stock_debut"].tolist() == [scenario.stock, *suite["restants"]][: len(suite)]
    assert (suite[["servis", "sortis", "restants"]] >= 0).all(axis=None)
    assert (suite["servis"] <= min(scenario.vises, scenario.flux)).all()


@given(entrees, entiers, entiers, parts, entiers, entiers)
def test_more_ambition_never_leaves_more_behind(entrants, stock, flux, taux, n, plus):
    def restants(nombre):
        return project(entrants, ScenarioEngagement(stock, flux, nombre=nombre, taux_sortie=taux))["restants"]

    assert (restants(n + plus) <= restants(n)).all()


@given(entrees, entiers, entiers)
def test_an_engagement_of_zero_houses_nobody_and_displaces_nobody(entrants, stock, flux):
    scenario = ScenarioEngagement(stock, flux, nombre=0, n_observes=7)
    assert project(entrants, scenario)["servis"].sum() == 0
    assert (scenario.servis, scenario.n_deplaces) == (0, 0)


@given(entiers, entiers, entiers)
def test_aiming_at_what_the_flow_already_gives_displaces_nobody_and_says_so(stock, flux, n):
    n = min(stock, flux, n)
    scenario = ScenarioEngagement(stock, flux, nombre=n, n_observes=n)
    verdict, motif = judge(scenario)
    assert scenario.n_deplaces == 0
    assert verdict is Faisabilite.FAISABLE
    assert motif in {MotifEngagement.DEJA_OBSERVE, MotifEngagement.AUCUN_MENAGE, MotifEngagement.AUCUN_FLUX}


@given(scenarios)
def test_only_what_the_flow_and_the_households_allow_is_feasible(scenario):
    verdict, motif = judge(scenario)
    bornes = [scenario.flux, scenario.stock, *([] if scenario.n_servables is None else [scenario.n_servables])]
    assert (verdict is Faisabilite.INFAISABLE) == (scenario.vises > min(bornes))
    if scenario.vises in (0, scenario.n_observes):
        return
    assert (verdict is Faisabilite.FAISABLE) == (2 * scenario.vises <= min(bornes))
    assert (motif is None) == (verdict is Faisabilite.FAISABLE)


@given(st.lists(entiers, max_size=12), entiers)
def test_whole_households_shared_out_add_up_and_no_cell_gives_more_than_it_has(flux, nombre):
    for fonction, colonne, obtenue in ((distribute, "flux", "a_servir"), (displace, "n", "deplaces")):
        parties = fonction(pd.DataFrame({colonne: flux}, dtype="int64"), nombre)
        assert parties[obtenue].sum() == min(nombre, sum(flux))
        assert ((parties[obtenue] >= 0) & (parties[obtenue] <= parties[colonne])).all()
        exactes = parties[colonne] * min(nombre, sum(flux)) / max(1, sum(flux))
        assert ((parties[obtenue] - exactes).abs() < 1 + 1e-9).all()


def test_fifteen_per_cent_of_1834_attributions_is_276_households():
    # 15 % × 1 834 = 275,1: the least whole number that reaches the share is 276. The flow already served 90 of them:
    # 276 − 90 = 186 attributions would have gone to others.
    scenario = ScenarioEngagement(2167, 1834, part=Fraction(15, 100), n_observes=90)
    assert (scenario.vises, scenario.n_deplaces) == (276, 186)
    assert judge(scenario) == (Faisabilite.FAISABLE, None)


def test_six_semesters_on_paper():
    # 1000 there, 200 enter, 150 housed, 10 % of the 1000 leave otherwise: 1000 + 200 − 150 − 100 = 950.
    # Then 950 + 200 − 150 − 95 = 905, then 905 + 200 − 150 − 90 (of 90,5) = 865.
    suite = project(
        pd.DataFrame({"entrants": [200, 200, 200]}),
        ScenarioEngagement(1000, 400, nombre=150, taux_sortie=Fraction(1, 10)),
    )
    assert suite["restants"].tolist() == [950, 905, 865]
    assert suite["sortis"].tolist() == [100, 95, 90]


@pytest.mark.parametrize(
    ("reglages", "attendu"),
    [
        ({"stock": 0, "flux": 100, "nombre": 5}, (Faisabilite.INFAISABLE, MotifEngagement.AUCUN_MENAGE)),
        ({"stock": 100, "flux": 0, "nombre": 5}, (Faisabilite.INFAISABLE, MotifEngagement.AUCUN_FLUX)),
        ({"stock": 100, "flux": 40, "nombre": 41}, (Faisabilite.INFAISABLE, MotifEngagement.PLUS_QUE_LE_FLUX)),
        (
            {"stock": 40, "flux": 100, "nombre": 41},
            (Faisabilite.INFAISABLE, MotifEngagement.PLUS_QUE_LES_MENAGES),
        ),
        (
            {"stock": 90, "flux": 100, "nombre": 41, "n_servables": 40},
            (Faisabilite.INFAISABLE, MotifEngagement.PLUS_QUE_LES_SERVABLES),
        ),
        # What the flow gave last semester is no longer there to be given.
        (
            {"stock": 10, "flux": 100, "nombre": 50, "n_observes": 50},
            (Faisabilite.INFAISABLE, MotifEngagement.PLUS_QUE_LES_MENAGES),
        ),
        ({"stock": 100, "flux": 40, "nombre": 21}, (Faisabilite.TENDU, MotifEngagement.PLUS_QUE_LE_FLUX)),
        ({"stock": 100, "flux": 40, "nombre": 20}, (Faisabilite.FAISABLE, None)),
        ({"stock": 100, "flux": 40, "nombre": 0, "n_observes": 3}, (Faisabilite.FAISABLE, None)),
    ],
)
def test_what_binds_is_named(reglages, attendu):
    assert judge(ScenarioEngagement(**reglages)) == attendu


@pytest.mark.parametrize(
    "reglages",
    [
        {},
        {"nombre": 1, "part": Fraction(1, 2)},
    ],
)
def test_nonsense_is_refused_with_what_to_do(reglages):
    with pytest.raises(AppelIncorrect, match="donner"):
        ScenarioEngagement(10, 10, **reglages)
