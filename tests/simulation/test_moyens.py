"""What a step of a slider says can be done is what the complete answer says, whatever is drawn."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.simulation.reorientation.faisabilite import PROFILS, Faisabilite, Moyens, Raison
from mel_core.simulation.reorientation.grille import Attentes, CibleEssayee, Grille, Motif
from mel_core.simulation.reorientation.reponses import answer
from tests.simulation.dessins import demand, draw, freed
from tests.simulation.test_reorientation import cellules, scenarios


@st.composite
def demandes(draw: st.DrawFn, communes: list[str]) -> pd.DataFrame:
    """Applicants of each profile by commune, few enough to bind; the scope has between the most and the sum of them."""
    profils = sorted({p for cotes in PROFILS.values() for p in cotes.values()})
    comptes = {p: [draw(st.integers(0, 12)) for _ in communes] for p in profils}
    ensemble = {p: draw(st.integers(max(n, default=0), sum(n))) for p, n in comptes.items()}
    lignes = [
        *({"commune": c} | {p: comptes[p][i] for p in profils} for i, c in enumerate(communes)),
        {"commune": "ensemble", **ensemble, "n_aci_avant": draw(st.integers(0, 12))},
    ]
    return pd.DataFrame(lignes).fillna({"n_aci_avant": 0})


@settings(deadline=None)
@given(st.data(), cellules(), scenarios())
def test_a_step_judges_as_the_complete_answer_does(
    data: st.DataObject, frame: pd.DataFrame, scenario: CibleEssayee
) -> None:
    cles = [c for c in ("commune", "bailleur", "fragilite") if c in frame]
    eligibles = data.draw(demandes(sorted(frame["commune"].unique())))
    connues = frame[cles].drop_duplicates()
    connues = connues[[data.draw(st.booleans()) for _ in range(len(connues))]]
    vacances = connues.assign(n_vacances_an=[data.draw(st.integers(0, 20)) / 4 for _ in range(len(connues))])

    lues, exigence = answer(frame, scenario, Attentes(), eligibles, vacances)
    moyens = Moyens.de(frame, scenario.indicateur, eligibles, vacances)
    jugement = moyens.judge(Grille.de(frame).mouvements(scenario))

    assert jugement.limite == exigence.limite
    assert jugement.motif == (exigence.motif if exigence.motif is Motif.AUCUN_ELIGIBLE else None)
    demandees = lues[lues["a_reorienter"] > 0]
    assert (jugement.n_inconnus, jugement.n_lieux) == (demandees["n_vacances"].isna().sum(), len(demandees))
    # Quarters of dwellings add up exactly; rounded cell by cell they would exceed what is freed.
    assert jugement.n_vacances == ceil(demandees[cles].merge(vacances, on=cles)["n_vacances_an"].sum())
    par_profil = demandees.groupby(["commune", "sens"])["n_eligibles"].first().groupby("commune").sum()
    assert jugement.eligibles == par_profil.to_dict()


DEUX_COMMUNES = """
commune  bailleur  fragilite  n_connus  numerateur
A        x         fragile    10        8
B        x         fragile    10        6
"""


def test_whom_a_target_may_house_is_counted_once_in_the_scope_and_once_in_each_commune() -> None:
    # 14 modest of 20 in quartiers fragiles: at most 50 % asks ⌈14 − 10⌉ = 4 in less, 3 in A and 1 in B as their excess.
    cellules_ = draw(DEUX_COMMUNES)
    eligibles = demand("commune n_non_modestes\nA 7\nB 9", n_non_modestes=12)  # four of them want both
    moyens = Moyens.de(
        cellules_, "equilibre", eligibles, freed("commune bailleur fragilite n_vacances_an\nA x fragile 5")
    )
    jugement = moyens.judge(Grille.de(cellules_).mouvements(CibleEssayee("equilibre", Fraction(1, 2))))
    assert jugement.limite.verdict is Faisabilite.FAISABLE
    assert (jugement.n_eligibles, jugement.eligibles) == (12, {"A": 7, "B": 9})
    assert (jugement.n_vacances, jugement.n_lieux, jugement.n_inconnus) == (5, 2, 1)  # B does not say


def test_the_place_that_binds_is_the_one_that_lacks_most() -> None:
    # A asks for 3 where 1 dwelling is freed (2 missing), B for 1 where none is (1 missing): 3 missing in all.
    cellules_ = draw(DEUX_COMMUNES)
    libres = freed("commune bailleur fragilite n_vacances_an\nA x fragile 1\nB x fragile 0")
    moyens = Moyens.de(cellules_, "equilibre", demand("commune n_non_modestes\nA 99\nB 99"), libres)
    jugement = moyens.judge(Grille.de(cellules_).mouvements(CibleEssayee("equilibre", Fraction(1, 2))))
    limite = jugement.limite
    assert (limite.verdict, limite.raison, limite.commune) == (Faisabilite.INFAISABLE, Raison.VACANCES, "")
    assert (limite.n_demandes, limite.n_disponibles, jugement.n_serres) == (4, 1, 2)
