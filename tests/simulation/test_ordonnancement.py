"""Ordering the demand: invariants first, then a queue small enough to be sorted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.simulation.ordonnancement import (
    CRITERES,
    NEUTRE,
    NOTE_PLEINE,
    File,
    Poids,
    compare,
    order,
    prepare,
    scores,
    tete,
)
from mel_core.socle.erreurs import AppelIncorrect

JOUR = date(2017, 12, 31)
DRAPEAUX = {
    "aci": "est_menage_aci",
    "mutation_bloquee": "est_mutation_bloquee",
    "delai_anormal": "est_delai_anormalement_long",
    "attachement": "est_attache",
    "sur_occupation": "est_sur_occupation",
}


def demande(rang: int, mois: int, n_rang_2: int = 0, ressources: str | None = None, **oui: bool) -> dict[str, Any]:
    return {
        "pseudonyme": f"p{rang:03d}",
        "date_creation": JOUR - timedelta(days=31 * mois),
        "anciennete_mois": mois,
        "n_rang_2": n_rang_2,
        "ressources": ressources,
        **{colonne: oui.get(critere, False) for critere, colonne in DRAPEAUX.items()},
    }


def file_de(*lignes: dict[str, Any]) -> File:
    return prepare(pd.DataFrame(lignes), ("ressources",), ("est_menage_aci",))


@st.composite
def queues(draw: st.DrawFn) -> pd.DataFrame:
    lignes = []
    for rang in range(draw(st.integers(1, 25))):
        oui = {c: draw(st.booleans()) for c in DRAPEAUX}
        ressources = draw(st.sampled_from([None, "modeste", "eleve"]))
        lignes.append(demande(rang, draw(st.integers(0, 90)), draw(st.integers(0, 5)), ressources, **oui))
    melangees = draw(st.permutations(lignes))
    return pd.DataFrame(melangees)


poids = (
    st.fixed_dictionaries({c: st.integers(0, 10) for c in CRITERES})
    .filter(lambda p: any(p.values()))
    .map(lambda p: Poids(**p))
)


def prepare_queue(queue: pd.DataFrame) -> File:
    return prepare(queue, ("ressources",), ("est_menage_aci", "est_attache"))


# ------------------------------------------------------------------------------------------------- invariants


@given(queues(), poids, st.integers(1, 10))
def test_multiplying_every_weight_changes_nothing(queue: pd.DataFrame, p: Poids, facteur: int) -> None:
    multiplies = Poids(**{c: facteur * x for c, x in p.par_critere().items()})
    assert (order(prepare_queue(queue), p) == order(prepare_queue(queue), multiplies)).all()


@given(queues(), poids, st.sampled_from(CRITERES), st.integers(1, 20), st.integers(0, 30))
def test_a_heavier_criterion_never_has_fewer_of_those_who_hold_it_fully_in_the_head(
    queue: pd.DataFrame, p: Poids, critere: str, plus: int, taille: int
) -> None:
    file = prepare_queue(queue)
    pleins = file.notes[:, CRITERES.index(critere)] == NOTE_PLEINE
    alourdi = Poids(**{**p.par_critere(), critere: p.par_critere()[critere] + plus})
    assert tete(file, alourdi, taille)[pleins].sum() >= tete(file, p, taille)[pleins].sum()


@given(queues(), poids, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(queue: pd.DataFrame, p: Poids, hasard: Any) -> None:
    places = list(range(len(queue)))
    hasard.shuffle(places)
    melangee = queue.iloc[places].reset_index(drop=True)
    ordre = queue["pseudonyme"].to_numpy()[order(prepare_queue(queue), p)]
    assert (melangee["pseudonyme"].to_numpy()[order(prepare_queue(melangee), p)] == ordre).all()


@given(queues())
def test_neutral_weights_order_by_date_of_creation(queue: pd.DataFrame) -> None:
    attendu = queue.sort_values(["date_creation", "pseudonyme"])["pseudonyme"].tolist()
    assert queue["pseudonyme"].to_numpy()[order(prepare_queue(queue), NEUTRE)].tolist() == attendu


@given(queues(), poids, st.integers(0, 30))
def test_the_head_is_as_long_as_asked_and_nobody_behind_it_scores_more(
    queue: pd.DataFrame, p: Poids, taille: int
) -> None:
    file = prepare_queue(queue)
    dedans, obtenus = tete(file, p, taille), scores(file, p)
    assert dedans.sum() == min(taille, len(queue))
    if dedans.any() and not dedans.all():
        assert obtenus[dedans].min() >= obtenus[~dedans].max()


@given(queues(), poids, st.integers(0, 30))
def test_entering_and_leaving_balance_and_a_profile_adds_up_to_the_whole(
    queue: pd.DataFrame, p: Poids, taille: int
) -> None:
    resultat = compare(prepare_queue(queue), p, taille)
    assert (resultat["n_apres"] == resultat["n_avant"] + resultat["n_entrent"] - resultat["n_sortent"]).all()
    comptes = ["n", "n_avant", "n_apres", "n_entrent", "n_sortent"]
    ensemble = resultat[resultat["dimension"] == "ensemble"][comptes].iloc[0]
    assert (resultat[resultat["dimension"] == "ressources"][comptes].sum() == ensemble).all()
    assert ensemble["n_entrent"] == ensemble["n_sortent"]
    assert ensemble["n"] == len(queue)


@given(queues(), poids, st.integers(0, 30))
def test_weights_compared_with_themselves_move_nobody(queue: pd.DataFrame, p: Poids, taille: int) -> None:
    resultat = compare(prepare_queue(queue), p, taille, depart=p)
    assert resultat["n_entrent"].eq(0).all()
    assert resultat["n_sortent"].eq(0).all()


@given(queues(), poids)
def test_the_input_is_untouched_and_notes_stay_on_their_scale(queue: pd.DataFrame, p: Poids) -> None:
    avant = queue.copy(deep=True)
    file = prepare_queue(queue)
    compare(file, p, 5)
    pd.testing.assert_frame_equal(queue, avant)
    assert ((file.notes >= 0) & (file.notes <= NOTE_PLEINE)).all()


# -------------------------------------------------------------------------------------------- worked example


def quatre() -> File:
    return file_de(
        demande(1, mois=48, ressources="eleve"),
        demande(2, mois=30, ressources="modeste", aci=True),
        demande(3, mois=24, n_rang_2=3, ressources="modeste"),
        demande(4, mois=6, ressources=None, aci=True),
    )


def test_a_queue_of_four_sorted_by_hand() -> None:
    # Notes in sixtieths: ancienneté 48, 30, 24, 6; ACI 0, 60, 0, 60; rang 2: 0, 0, 60, 0.
    assert order(quatre(), NEUTRE).tolist() == [0, 1, 2, 3]
    moitie_aci = Poids(anciennete=1, aci=1)  # 48, 90, 24, 66
    assert scores(quatre(), moitie_aci).tolist() == [48, 90, 24, 66]
    assert order(quatre(), moitie_aci).tolist() == [1, 3, 0, 2]
    # 2 × ancienneté + 1 × rang 2: 96, 60, 108, 12
    assert order(quatre(), Poids(anciennete=2, poulidor=1)).tolist() == [2, 0, 1, 3]


def test_who_enters_and_leaves_a_head_of_two() -> None:
    resultat = compare(quatre(), Poids(anciennete=1, aci=1), taille=2).set_index(["dimension", "valeur"])
    # By ancienneté the head is 1 and 2; with the ACI it is 2 and 4: 4 enters (income unknown), 1 leaves (eleve).
    comptes = ["n", "n_avant", "n_apres", "n_entrent", "n_sortent"]
    assert resultat.loc[("ensemble", "ensemble"), comptes].tolist() == [4, 2, 2, 1, 1]
    assert resultat.loc[("segment", "est_menage_aci"), comptes].tolist() == [2, 1, 2, 1, 0]
    assert resultat.loc[("ressources", "eleve"), comptes].tolist() == [1, 1, 0, 0, 1]
    assert resultat.loc[("ressources", "modeste"), comptes].tolist() == [2, 1, 1, 0, 0]
    assert resultat.loc[("ressources", "inconnu"), comptes].tolist() == [1, 0, 1, 1, 0]


def test_anciennete_over_five_years_still_decides_between_equal_scores() -> None:
    file = file_de(demande(1, mois=70), demande(2, mois=80), demande(3, mois=80))
    assert scores(file, NEUTRE).tolist() == [60, 60, 60]
    assert order(file, NEUTRE).tolist() == [1, 2, 0]  # the oldest first, then the lower pseudonym


def test_an_empty_flag_is_no_flag() -> None:
    ligne = demande(1, mois=10) | {"est_menage_aci": None, "n_rang_2": None}
    assert file_de(ligne).notes[0].tolist() == [10, 0, 0, 0, 0, 0, 0]


def test_a_criterion_has_one_column_of_notes() -> None:
    for critere, colonne in DRAPEAUX.items():
        notes = file_de(demande(1, mois=0) | {colonne: True}).notes[0]
        assert np.flatnonzero(notes).tolist() == [CRITERES.index(critere)]


# -------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("valeur", [-1, 101, 0.5])
def test_a_weight_out_of_bounds_is_refused(valeur: object) -> None:
    with pytest.raises(AppelIncorrect, match="« aci »"):
        Poids(aci=valeur)  # type: ignore[arg-type]


def test_no_weight_at_all_is_refused() -> None:
    with pytest.raises(AppelIncorrect, match="Tous les poids sont à 0"):
        Poids(anciennete=0)
