"""The offer on screen: a place without a line is counted with its reason, no objective is supposed."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.secret.regroupement import SEUIL
from pages.commun.mesures.phrases_mesures import TROP_FAIBLE_DIT
from pages.commun.orientations.ecran_preconisations import dire_les_ecartes
from pages.commun.orientations.ecran_preconisations import tableau as tableau_des_preconisations
from pages.commun.orientations.ecran_qpv import dire_le_peuplement, juger_les_qpv
from pages.commun.orientations.ecran_qpv import tableau as tableau_des_qpv
from pages.commun.orientations.lecture_offre import taire_les_lieux, taire_les_qpv
from tests.jeux import LILLE


def lieu(quartier: str, fragilite: str = "fragile", attendues: int | None = 8, modestes: int | None = 3):
    return {"quartier": quartier, "fragilite": fragilite, "n_attendues": attendues, "n_modestes": modestes}


def lieux(*lignes) -> pd.DataFrame:
    return pd.DataFrame(lignes).astype({"n_attendues": "Int64", "n_modestes": "Int64"})


def test_every_place_left_out_is_counted_once_with_its_reason():
    frame = lieux(
        lieu("a"),
        lieu("b", attendues=None, modestes=None),
        lieu("c", fragilite="inconnu", modestes=None),
        lieu("d", modestes=None),
        lieu("e", attendues=0, modestes=0),
        lieu("inconnu", fragilite="inconnu", attendues=None, modestes=None),  # attributions, not a place
    )
    assert dire_les_ecartes(frame, "quartier").replace("\u00a0", " ") == (
        "Sans préconisation : 4 quartiers (1 sans rotation connue, 1 sans fragilité connue, 1 sans objectif en vigueur "
        "ou qui s’y tienne et 1 sans logement attendu)."
    )
    assert dire_les_ecartes(lieux(lieu("a")), "quartier") == ""


def qpv(
    part: float | None, cible: float | None, motif: str | None = None, verdict: str | None = None
) -> dict[str, object]:
    if verdict is None and part is not None and cible is not None:
        verdict = "atteint" if part >= cible else "non_atteint"
    return {"part_regle": part, "cible": cible, "motif": motif, "verdict": verdict}


def test_a_qpv_without_objective_is_not_judged_by_an_invented_one():
    assert "aucun objectif n’est en vigueur" in juger_les_qpv(pd.DataFrame([qpv(0.9, None)]))
    dite = juger_les_qpv(pd.DataFrame([qpv(0.9, 0.5), qpv(0.4, 0.5), qpv(0.9, None), qpv(None, 0.5)]))
    assert dite.startswith("**1 QPV sur 2** accueille au moins 50")
    assert dite.endswith("2 ne se jugent pas")


def test_a_qpv_of_few_entrants_is_too_small_to_conclude_not_held() -> None:
    faible = qpv(0.55, 0.5, verdict="indetermine")
    dite = juger_les_qpv(pd.DataFrame([qpv(0.9, 0.5), faible]))
    assert dite.startswith("**1 QPV sur 1**")
    assert dite.endswith("1 ne se juge pas (effectif trop faible pour conclure)")
    assert juger_les_qpv(pd.DataFrame([faible])).endswith("aucun QPV : effectif trop faible pour conclure")


def test_every_share_of_a_qpv_is_beside_what_it_is_made_of_and_says_when_it_is_over_too_few() -> None:
    frame = pd.DataFrame(
        [
            ("Q1", "Un", 900, 400, 600, 24, 40, 20, 32, 0.5, "atteint"),
            ("Q2", "Deux", 90, 40, 60, 12, 20, 9, 16, 0.5, "indetermine"),
            ("hors_qpv", None, 5000, None, None, 300, 900, 200, 800, 0.25, "non_atteint"),
        ],
        columns=["qpv", "nom", "n_logements", "n_occupants_modestes", "n_occupants", "n_entrants_modestes",
                 "n_entrants_connus", "numerateur_regle", "n_regle", "cible", "verdict"],
    )  # fmt: skip
    frame["part_occupants"] = frame["n_occupants_modestes"] / frame["n_occupants"]
    frame["part_entrants"] = frame["n_entrants_modestes"] / frame["n_entrants_connus"]
    frame["part_regle"] = frame["numerateur_regle"] / frame["n_regle"]
    table, formats = tableau_des_qpv(frame)
    assert table["QPV"].tolist() == ["Un", "Deux", "Hors QPV"]
    assert table["Occupants"].tolist() == ["400 sur 600", "40 sur 60", "—"]
    assert table["Entrants"].tolist() == ["24 sur 40", "12 sur 20", "300 sur 900"]
    assert table["Ménages"].tolist() == ["20 sur 32", "9 sur 16", "200 sur 800"]
    assert table["Lecture des entrants"].tolist() == ["", TROP_FAIBLE_DIT, ""]
    assert table["Lecture"].tolist() == ["objectif atteint", TROP_FAIBLE_DIT, "objectif non atteint"]
    assert formats["Règle nationale"](table["Règle nationale"][0]).replace("\u202f", " ") == "62,5 %"
    # nothing is judged: no column of it
    assert "Objectif" not in tableau_des_qpv(frame.assign(part_regle=None, verdict=None))[0]


def test_the_sentence_says_how_many_came_to_the_qpv_and_that_few_do_not_conclude() -> None:
    ensemble = pd.Series(
        {"n_entrants_connus": 40, "n_entrants_modestes": 24, "n_occupants": 600, "n_occupants_modestes": 400}
    )
    assert dire_le_peuplement(ensemble).replace("\u202f", " ") == (
        "**60 %** des 40 entrants des QPV aux ressources connues sont modestes, pour **66,7 %** des 600 occupants"
    )
    assert dire_le_peuplement(ensemble.replace(40, 25)).endswith(f"({TROP_FAIBLE_DIT})")
    assert dire_le_peuplement(ensemble.replace(40, 10)) == ""


def test_every_share_of_a_preconisation_is_beside_what_it_is_made_of() -> None:
    lieu = {"quartier": "a", "nom": "Centre", "commune": LILLE, "fragilite": "fragile"}
    comptes = {
        **{"n_attendues": 8, "n_modestes": 3, "n_autres": 5, "n_vacants": 2, "n_comptes": 50, "part_vacance": 0.04},
        **{"n_entrants_modestes": 9, "n_entrants_connus": 20, "part_entrants": 0.45},
        **{"n_occupants_modestes": 30, "n_occupants": 40, "part_occupants": 0.75},
    }
    tus = dict.fromkeys(("n_entrants_modestes", "n_entrants_connus", "part_entrants"))
    frame = pd.DataFrame([lieu | comptes, lieu | comptes | tus])
    table, _ = tableau_des_preconisations(frame, {LILLE: "Lille"}, None)
    assert table["Entrants"].tolist() == ["9 sur 20", "—"]
    assert table["Occupants"].tolist() == ["30 sur 40", "30 sur 40"]
    assert table["Logements"].tolist() == ["2 sur 50", "2 sur 50"]
    assert table["Lecture des entrants"].tolist() == [TROP_FAIBLE_DIT, ""]


def denominateurs(*lignes: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(lignes, columns=["qpv", "commune", "ici", "n"])


def test_a_small_qpv_is_not_given_back_by_its_commune_its_ici_nor_the_whole() -> None:
    lus = denominateurs(
        ("Q1", "Lille", "ICI 1", 5),
        ("Q2", "Lille", "ICI 1", 40),
        ("Q3", "Loos", "ICI 1", 30),
        ("Q4", "Roubaix", "ICI 2", 90),
    )
    # The total of the ICI less Q2 and Q3 would be the five of Q1: the smallest other goes with it.
    assert taire_les_qpv(lus, "n", ("ici",)) == {"Q1", "Q3"}
    # Where the communes are shown too, that of Lille less Q2 would be.
    assert taire_les_qpv(lus, "n", ("commune", "ici")) == {"Q1", "Q2", "Q3"}
    assert taire_les_qpv(lus[1:], "n", ("commune", "ici")) == set()
    # Alone in its ICI, it is protected by one of another; a QPV of two communes is hidden whole or not at all.
    seul = denominateurs(("Q1", "Lille", "ICI 1", 5), ("Q4", "Roubaix", "ICI 2", 90), ("Q5", "Croix", "ICI 2", 50))
    assert taire_les_qpv(seul, "n", ("ici",)) == {"Q1", "Q4", "Q5"}
    deux = denominateurs(("Q1", "Lille", "ICI 1", 50), ("Q1", "Loos", "ICI 1", 4), ("Q2", "Lille", "ICI 1", 60))
    assert taire_les_qpv(deux, "n", ("commune",)) == {"Q1", "Q2"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["ICI 1", "ICI 2"]), st.integers(0, 40)),
        min_size=1,
        max_size=9,
    )
)
def test_no_sum_shown_leaves_a_few_households_of_the_qpv(tires: list[tuple[str, str, int]]) -> None:
    lus = denominateurs(*((f"Q{i}", f"{c} de {ici}", ici, n) for i, (c, ici, n) in enumerate(tires)))
    tus = taire_les_qpv(lus, "n", ("commune", "ici"))
    assert set(lus.loc[lus["n"].between(1, SEUIL - 1), "qpv"]) <= tus
    caches = lus[lus["qpv"].isin(list(tus)) & (lus["n"] > 0)]
    montres = lus[~lus["qpv"].isin(list(tus)) & (lus["n"] > 0)]
    for bande in ("commune", "ici"):
        for ou, restes in caches.groupby(bande):
            if ou in set(montres[bande]):
                assert len(restes) > 1
                assert restes["n"].sum() >= SEUIL
    if len(caches) and len(montres):
        assert len(caches) > 1
        assert caches["n"].sum() >= SEUIL


def test_who_came_is_told_of_the_places_that_the_bilan_shows_alone_and_who_lives_there_never_by_difference() -> None:
    frame = pd.DataFrame(
        [("a", "Q", 30, 12, 0.4, 50, 30, 0.6), ("b", "Q", 30, 12, 0.4, 8, 4, 0.5), ("c", "Q", 9, 4, 0.44, 90, 30, 0.3)],
        columns=["residence", "quartier", "n_entrants_connus", "n_entrants_modestes", "part_entrants", "n_occupants",
                 "n_occupants_modestes", "part_occupants"],
    )  # fmt: skip
    vues = taire_les_lieux(frame, "residence", {"a", "c"})
    # b is not alone in the bilan, c has fewer than eleven
    assert vues["n_entrants_connus"].notna().tolist() == [True, False, False]
    # the eight of b, and the smallest beside them, which their quartier would give them by
    assert vues["part_occupants"].notna().tolist() == [False, False, True]
    for colonne in ("n_entrants_modestes", "part_entrants", "n_occupants", "n_occupants_modestes"):
        tue = "n_entrants_connus" if "entrants" in colonne else "part_occupants"
        assert (vues[colonne].isna() == vues[tue].isna()).all()
