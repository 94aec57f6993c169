"""The complete answers of `equilibre` and `aci`: invariants first, then worked examples with their arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mel_core.simulation.reorientation.faisabilite import Faisabilite, Raison, sum_up_vacances
from mel_core.simulation.reorientation.grille import (
    Attentes,
    CibleEssayee,
    Motif,
    forecast,
    share_out,
    share_out_par_groupe,
)
from mel_core.simulation.reorientation.reponses import answer, detail, par, reorient, run_down
from mel_core.socle.erreurs import AppelIncorrect
from tests.simulation.dessins import demand, draw, freed
from tests.simulation.test_reorientation import cellules, parts, scenarios

MOITIE = Fraction(1, 2)
AN = Attentes()


# ------------------------------------------------------------------------------------------------- invariants


@settings(deadline=None)
@given(st.integers(0, 500), st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_shares_of_a_total_are_whole_add_up_and_stay_within_a_unit_of_their_quota(total: int, poids: list[int]) -> None:
    assume(sum(poids) > 0)
    obtenus = share_out(total, pd.Series(poids).to_numpy())
    assert obtenus.sum() == total
    assert all(abs(p - Fraction(total * x, sum(poids))) < 1 for p, x in zip(obtenus.tolist(), poids, strict=True))
    assert all(p == 0 for p, x in zip(obtenus, poids, strict=True) if x == 0)


@settings(deadline=None)
@given(cellules(), st.integers(0, 400), st.integers(1, 8))
def test_expected_attributions_add_up_and_keep_the_share_of_each_class_within_two_units(
    frame: pd.DataFrame, attributions: int, horizon: int
) -> None:
    n_an = int(frame["n_connus"].sum())
    assume(n_an > 0)
    facteur = Fraction(attributions * horizon, 2 * n_an)
    attendues = forecast(frame, Attentes(attributions, horizon))
    assert abs(attendues["n_connus"].sum() - n_an * facteur) <= MOITIE
    assert ((attendues["numerateur"] >= 0) & (attendues["numerateur"] <= attendues["n_connus"])).all()
    for classe, lignes in frame.groupby("fragilite"):
        obtenues = attendues[attendues["fragilite"] == classe]
        assert abs(obtenues["numerateur"].sum() - int(lignes["numerateur"].sum()) * facteur) < 2


@settings(deadline=None)
@given(cellules())
def test_expecting_the_last_twelve_months_again_changes_nothing(frame: pd.DataFrame) -> None:
    assume(frame["n_connus"].sum() > 0)
    for neutre in (Attentes(), Attentes(int(frame["n_connus"].sum()), 2)):
        pd.testing.assert_frame_equal(forecast(frame, neutre), frame)


@settings(deadline=None)
@given(cellules(), scenarios())
def test_neutral_levers_are_inert(frame: pd.DataFrame, scenario: CibleEssayee) -> None:
    cible = scenario.cible
    leviers = {
        "equilibre": {"fragile": cible, "moyenne": cible, "sans": cible},
        "aci": {("commune", "A"): Fraction(0), ("bailleur", "z"): Fraction(0), ("commune", "absente"): Fraction(1)},
    }[scenario.indicateur]
    detaille = CibleEssayee(scenario.indicateur, cible, scenario.bande, leviers)
    pd.testing.assert_series_equal(reorient(frame, detaille)["a_reorienter"], reorient(frame, scenario)["a_reorienter"])


@settings(deadline=None)
@given(cellules(), parts, parts, parts)
def test_every_floor_of_the_aci_is_met_with_attributions_that_cells_have(
    frame: pd.DataFrame, cible: Fraction, commune: Fraction, bailleur: Fraction
) -> None:
    scenario = CibleEssayee("aci", cible, cibles={("commune", "A"): commune, ("bailleur", "x"): bailleur})
    resultat = reorient(frame, scenario)
    vise = resultat["numerateur"] + resultat["a_reorienter"]
    assert (resultat["sens"] >= 0).all()
    assert (vise <= frame["n_connus"]).all()
    for lignes, plancher in (
        (frame["commune"] == "A", commune),
        (frame["bailleur"] == "x", bailleur),
        (frame["n_connus"] >= 0, cible),
    ):
        assert int(vise[lignes].sum()) >= plancher * int(frame.loc[lignes, "n_connus"].sum())


@settings(deadline=None)
@given(cellules(), scenarios(), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_verdict_never_says_feasible_what_lacks_dwellings_or_applicants(
    frame: pd.DataFrame, scenario: CibleEssayee, n_commune: int, n_ensemble: int, n_vacances: int
) -> None:
    frame = frame.drop_duplicates(["commune", "bailleur", "fragilite"])
    profils = ("n_modestes", "n_non_modestes", "n_aci", "n_non_aci")
    eligibles = demand(**dict.fromkeys(profils, n_ensemble))
    eligibles = pd.concat(
        [eligibles, pd.DataFrame([{"commune": c, **dict.fromkeys(profils, n_commune)} for c in "ABC"])],
        ignore_index=True,
    ).fillna(0)
    vacances = frame[["commune", "bailleur", "fragilite"]].iloc[:3].assign(n_vacances_an=n_vacances)
    lues, exigence = answer(frame, scenario, AN, eligibles, vacances)
    demandees = lues
    # The first three cells say what they free, the others nothing: a place that holds one of those is not bound.
    manque, frees = False, pd.Series(float(n_vacances), frame.index[:3]).reindex(frame.index)
    for cles in ([], ["commune"], ["bailleur"], ["fragilite"]):
        par_lieu = [lignes.index for _, lignes in frame.groupby(cles)] if cles else [frame.index]
        for index in par_lieu:
            asked = demandees.loc[index, "a_reorienter"].sum()
            manque |= bool(frees[index].notna().all() and asked > frees[index].sum())
    for sens in (-1, 1):
        lignes = demandees[demandees["sens"] == sens]
        manque |= lignes["a_reorienter"].sum() > n_ensemble
        for commune, n in lignes.groupby("commune")["a_reorienter"].sum().items():
            manque |= n > (n_commune if commune in set("ABC") else 0)
    demandes = int(demandees["a_reorienter"].sum())
    if scenario.indicateur == "aci" and demandes:  # a million waited a year before: nobody comes
        manque |= int(frame["numerateur"].sum()) + demandes > n_ensemble
    assert (exigence.limite.verdict is Faisabilite.INFAISABLE) == bool(manque)
    assert (exigence.limite.raison is None) == (exigence.limite.verdict is Faisabilite.FAISABLE)


@settings(deadline=None)
@given(cellules(), scenarios())
def test_the_inputs_are_untouched(frame: pd.DataFrame, scenario: CibleEssayee) -> None:
    eligibles, vacances = demand(), freed()
    avant = frame.copy(deep=True), eligibles.copy(deep=True)
    answer(frame, scenario, Attentes(300, 3), eligibles, vacances)
    pd.testing.assert_frame_equal(frame, avant[0])
    pd.testing.assert_frame_equal(eligibles, avant[1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=14), st.lists(st.integers(0, 90)))
def test_sharing_by_group_is_sharing_in_each_group(lignes: list[tuple[int, int]], tires: list[int]) -> None:
    totaux = np.array((tires + [0] * 4)[:4], dtype=np.int64)
    groupes = np.array([g for g, _ in lignes], dtype=np.intp)
    poids = np.array([p for _, p in lignes], dtype=np.int64)
    obtenus = share_out_par_groupe(totaux, poids, groupes)
    for g in range(4):
        ici = groupes == g
        attendu = share_out(int(totaux[g]), poids[ici]) if poids[ici].sum() else 0 * poids[ici]
        assert obtenus[ici].tolist() == attendu.tolist()


@settings(deadline=None)
@given(cellules(), parts, st.integers(1, 20), st.one_of(st.none(), st.integers(0, 400)), st.data())
def test_quartiers_add_up_to_their_cell_at_any_horizon(
    frame: pd.DataFrame, cible: Fraction, horizon: int, attributions: int | None, data: st.DataObject
) -> None:
    frame = frame.drop_duplicates(["commune", "bailleur", "fragilite"])
    attentes = Attentes(attributions, horizon)
    resultat = reorient(forecast(frame, attentes), CibleEssayee("equilibre", cible))
    fines = []
    for ligne in frame.to_dict("records"):  # each cell cut in two quartiers, anywhere
        k = data.draw(st.integers(0, ligne["numerateur"]))
        autres = data.draw(st.integers(0, ligne["n_connus"] - ligne["numerateur"]))
        fines.append({**ligne, "quartier": "Q1", "numerateur": k, "n_connus": k + autres})
        reste = {"numerateur": ligne["numerateur"] - k, "n_connus": ligne["n_connus"] - k - autres}
        fines.append({**ligne, "quartier": "Q2", **reste})
    fin = detail(resultat, pd.DataFrame(fines), "quartier")
    cles = ["commune", "bailleur", "fragilite"]
    for compte in ("a_reorienter", "n_connus", "numerateur"):
        sommes = fin.groupby(cles)[compte].sum()
        assert sommes.to_dict() == resultat.set_index(cles)[compte].to_dict()
    vise = fin["numerateur"] + fin["sens"] * fin["a_reorienter"]
    assert ((vise >= 0) & (vise <= fin["n_connus"])).all()
    assert ((fin["sens"] == 0) == (fin["a_reorienter"] == 0)).all()  # nobody moves in no direction
    if attentes.facteur(int(frame["n_connus"].sum())) == 1:
        coupees = pd.DataFrame(fines).sort_values([*cles, "quartier"], ignore_index=True)
        assert fin["n_connus"].tolist() == coupees["n_connus"].tolist()


@settings(deadline=None)
@given(cellules(), st.integers(1, 20), st.data())
def test_all_the_attributions_expected_hold_those_that_are_known(
    frame: pd.DataFrame, horizon: int, data: st.DataObject
) -> None:
    inconnus = [data.draw(st.integers(0, 9)) for _ in range(len(frame))]
    frame = frame.assign(n=frame["n_connus"] + inconnus)
    attendues = forecast(frame, Attentes(None, horizon))
    assert (attendues["n"] >= attendues["n_connus"]).all()
    assert abs(attendues["n"].sum() - Fraction(int(frame["n"].sum()) * horizon, 2)) <= 1  # two roundings


# -------------------------------------------------------------------------------------------- worked examples


def test_66_to_50_in_the_fragile_quartiers_asks_16_and_says_who_asked_for_those_communes() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59512   B1       fragile   60       42
        59599   B1       fragile   30       20
        59350   B2       fragile   10        4
    """)
    # 66 of 100 is 16 over 50: 11 in Roubaix (59512), 5 in Tourcoing. Of 30 and 8 non-modest applicants: 5 > 8 / 2.
    eligibles = demand("commune n_non_modestes\n59512 30\n59599 8")
    lues, exigence = answer(frame, CibleEssayee("equilibre", MOITIE), AN, eligibles, freed())
    assert lues["a_reorienter"].tolist() == [11, 5, 0]
    assert lues["n_eligibles"].fillna(-1).tolist() == [30, 8, -1]
    limite = exigence.limite
    assert (limite.verdict, limite.raison, limite.commune) == (Faisabilite.TENDU, Raison.ELIGIBLES, "59599")
    assert (limite.n_demandes, limite.n_disponibles) == (5, 8)
    # One class aims lower, the other is left as it was.
    plus, _ = answer(
        frame, CibleEssayee("equilibre", MOITIE, cibles={"fragile": Fraction(60, 100)}), AN, eligibles, freed()
    )
    assert plus["a_reorienter"].sum() == 66 - 60


def test_45_percent_of_7500_first_accesses_is_675_more_households_and_clears_the_stock_sooner() -> None:
    frame = draw("""
        commune bailleur n_connus numerateur
        59350   B1       4500     1500
        59512   B2       2000      800
        59599   B3       1000      400
    """)
    eligibles = demand("commune n_aci\n59350 5000\n59512 2000\n59599 1000", n_aci=8000, n_aci_avant=8300)
    lues, _ = answer(frame, CibleEssayee("aci", Fraction(45, 100)), AN, eligibles, freed())
    # 0.45 × 7 500 = 3 375; 3 375 − 2 700 = 675.
    assert lues["a_reorienter"].sum() == 675
    # 2 700 were housed and the stock fell by 300 only: 2 400 came (net of those struck off).
    avant, apres = (run_down(n, 2, eligibles, 2700) for n in (2700, 3375))
    # In a year: 8 000 − 2 700 + 2 400 = 7 700 left, against 8 000 − 3 375 + 2 400 = 7 025.
    assert (avant["n_restants"], apres["n_restants"]) == (7700, 7025)
    # A semester takes off 2 700/2 − 1 200 = 150, then 3 375/2 − 1 200 = 487.5: 8 000/150 = 53.3, 8 000/487.5 = 16.4.
    assert (avant["semestres"], apres["semestres"]) == (54, 17)
    assert apres["semestres_sans_entrees"] == 5  # 8 000 / 1 687.5 = 4.7


def test_a_stock_that_grows_faster_than_it_is_served_never_clears() -> None:
    frame = draw("commune bailleur n_connus numerateur\n59350 B1 100 45")
    eligibles = demand("commune n_aci\n59350 500", n_aci=500, n_aci_avant=345)
    avant = run_down(int(frame["numerateur"].sum()), 2, eligibles, 45)
    # 500 − 345 + 45 = 200 came in a year, 45 are housed.
    assert avant["semestres"] is None
    assert avant["semestres_sans_entrees"] == 23  # 500 / 22.5 = 22.2


def test_more_households_housed_than_wait_and_will_come_is_infeasible_and_leaves_no_count() -> None:
    frame = draw("commune bailleur n_connus numerateur\n59350 B1 400 100")
    # 400 wait, 420 a year before, and 100 were housed: 80 come a year. In three years 400 + 240 = 640.
    eligibles = demand("commune n_aci\n59350 5000", n_aci=400, n_aci_avant=420)
    trois_ans = Attentes(horizon=6)
    lus = {}
    for part in (53, 54):
        lues, exigence = answer(frame, CibleEssayee("aci", Fraction(part, 100)), trois_ans, eligibles, freed())
        loges = int(lues["numerateur"].sum() + lues["a_reorienter"].sum())
        lus[part] = (exigence.limite, loges, run_down(loges, 6, eligibles, 100)["n_restants"])
    # 53 % of 1 200 is 636, 54 % is 648: 348 more than the 300 of today's practice, whom the 400 are enough for.
    limite, *stock = lus[53]
    assert stock == [636, 4]
    assert limite.raison is not Raison.STOCK
    limite, *stock = lus[54]
    assert stock == [648, None]
    assert (limite.verdict, limite.n_demandes, limite.n_disponibles) == (Faisabilite.INFAISABLE, 648, 640)
    assert limite.raison is Raison.STOCK


def test_what_was_observed_is_not_judged_and_as_many_again_that_nobody_is_there_for_is() -> None:
    frame = draw("commune bailleur n_connus numerateur\n59350 B1 400 100")
    # 20 wait, 300 a year before: nobody comes, net of those who left otherwise.
    eligibles = demand("commune n_aci\n59350 5000", n_aci=20, n_aci_avant=300)
    cible = CibleEssayee("aci", Fraction(10, 100))
    assert answer(frame, cible, AN, eligibles, freed())[1].limite.raison is None
    limite = answer(frame, cible, Attentes(horizon=4), eligibles, freed())[1].limite
    assert (limite.raison, limite.n_demandes, limite.n_disponibles) == (Raison.STOCK, 200, 20)


def test_a_cell_that_frees_fewer_dwellings_than_asked_is_a_remark_and_a_bailleur_or_a_class_is_infeasible() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59350 B1 fragile 40 30
        59350 B2 fragile 40 30
        59512 B1 fragile 40 20
    """)
    eligibles = demand("commune n_non_modestes\n59350 1000\n59512 1000")

    def judge(*libres: float) -> tuple[object, ...]:
        vacances = frame[["commune", "bailleur", "fragilite"]].assign(n_vacances_an=libres)
        lues, exigence = answer(frame, CibleEssayee("equilibre", MOITIE), AN, eligibles, vacances)
        assert lues["a_reorienter"].tolist() == [10, 10, 0]  # 80 of 120 is 20 over 60
        limite = exigence.limite
        serres = exigence.jugement.n_serres
        return limite.verdict, serres, limite.bailleur, limite.fragilite, limite.n_demandes, limite.n_disponibles

    # B1 frees 9 dwellings in Lille for 10, and 5 in Roubaix, where another split would find the tenth.
    assert judge(9, 50, 5) == (Faisabilite.FAISABLE, 1, "", "", 0, 0)
    # B1 frees 9 in all: the bailleur decides, and cannot.
    assert judge(8.1, 50, 0.9) == (Faisabilite.INFAISABLE, 1, "B1", "", 10, 9)
    # All together free 19: so do the class and the commune.
    assert judge(10, 9, 0)[:2] == (Faisabilite.INFAISABLE, 1)


def test_unknown_vacancies_bind_nothing_and_are_counted() -> None:
    frame = draw("commune bailleur n_connus numerateur\n59350 B1 100 20\n59512 B1 100 20")
    # One class of B1 in Lille frees a dwelling, that of the other is not known: their sum is not either. Roubaix: 40.
    par_classe = pd.DataFrame(
        [("59350", "B1", "fragile", 1.0), ("59350", "B1", "sans", None), ("59512", "B1", "sans", 40.0)],
        columns=["commune", "bailleur", "fragilite", "n_vacances_an"],
    )
    vacances = sum_up_vacances(par_classe, ["commune", "bailleur"])
    eligibles = demand("commune n_aci\n59350 500\n59512 900")
    lues, exigence = answer(frame, CibleEssayee("aci", Fraction(45, 100)), AN, eligibles, vacances)
    # 90 − 40 = 50: 25 each.
    assert lues["a_reorienter"].tolist() == [25, 25]
    assert exigence.limite.verdict is Faisabilite.FAISABLE
    assert (exigence.jugement.n_inconnus, exigence.jugement.n_lieux) == (1, 2)


def test_a_floor_of_a_commune_counts_for_the_whole() -> None:
    frame = draw("commune bailleur n_connus numerateur\n59350 B1 60 20\n59512 B1 40 20")
    # The whole at 45 % lacks 45 − 40 = 5. Lille at 40 % lacks 24 − 20 = 4 of its own; 1 is left, for the only deficits:
    # Lille (27 − 24 = 3) against Roubaix (18 − 20 < 0).
    resultat = reorient(frame, CibleEssayee("aci", Fraction(45, 100), cibles={("commune", "59350"): Fraction(40, 100)}))
    assert resultat["a_reorienter"].tolist() == [5, 0]
    assert par(resultat, "commune")["a_reorienter"].tolist() == [5, 0]


# ------------------------------------------------------------------------------------ why nothing, and refusals


@pytest.mark.parametrize(
    ("lignes", "attentes", "eligibles", "vacances", "motif"),
    [
        ("59350 B1 fragile 100 50", AN, "59350 9", None, Motif.DEJA_ATTEINT),
        ("59350 B1 fragile 100 70", Attentes(0), "59350 9", None, Motif.AUCUNE_ATTENDUE),
        ("59350 B1 fragile 100 70", AN, "59350 99", 0, None),  # what is impossible is the verdict
        ("59350 B1 fragile 100 70", AN, "59512 99", None, Motif.AUCUN_ELIGIBLE),
        ("59350 B1 fragile 20 12", AN, "59350 99", None, Motif.EFFECTIF_FAIBLE),
        ("59350 B1 fragile 20 19", AN, "59350 99", None, None),  # few, but far from the target
        ("59350 B1 fragile 100 70", AN, "59350 99", None, None),
    ],
)
def test_a_scenario_that_concludes_nothing_says_why(
    lignes: str, attentes: Attentes, eligibles: str, vacances: int | None, motif: Motif | None
) -> None:
    frame = draw(f"commune bailleur fragilite n_connus numerateur\n{lignes}")
    libres = "" if vacances is None else f"\n59350 B1 fragile {vacances}"
    _, exigence = answer(
        frame,
        CibleEssayee("equilibre", MOITIE),
        attentes,
        demand(f"commune n_non_modestes\n{eligibles}"),
        freed(f"commune bailleur fragilite n_vacances_an{libres}"),
    )
    assert exigence.motif is motif


@pytest.mark.parametrize("horizon", [0, 21])
def test_an_expectation_out_of_bounds_is_refused(horizon: int) -> None:
    with pytest.raises(AppelIncorrect, match="donner un nombre"):
        Attentes(horizon=horizon)
