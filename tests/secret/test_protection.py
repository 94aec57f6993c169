"""No small count of the tables shown together is worked out from them: found by the audit, and by adding up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel_core.secret.audit import LARGEUR, Publication
from mel_core.secret.protection import CLASSES, COUPES, COUPES_FINES, LIEUX, affiner, proteger
from mel_core.secret.regroupement import SEUIL

# Commune → its ICI, its territoire, its class; quartier → its commune, its class.
COMMUNES = {
    **{"C1": ("ICI 1", "Nord", "fragile"), "C2": ("ICI 1", "Nord", "sans"), "C3": ("ICI 1", "Sud", "sans")},
    **{"C4": ("ICI 2", "Est", "fragile"), "C5": ("ICI 2", "Est", "fragile")},
}
QUARTIERS = {f"{c}{x}": (c, classe) for c in COMMUNES for x, classe in (("a", "fragile"), ("b", "sans"))}
TERRITOIRES = {c: x[1] for c, x in COMMUNES.items()}

rangees = st.dictionaries(
    st.tuples(st.sampled_from(sorted(QUARTIERS)), st.sampled_from(["B1", "B2", "B3"])),
    st.one_of(st.integers(0, 12), st.integers(0, 90)),
    min_size=1,
    max_size=30,
)


def base(tirees: dict[tuple[str, str], int]) -> pd.DataFrame:
    lignes = []
    for (quartier, bailleur), n in tirees.items():
        commune, classe = QUARTIERS[quartier]
        ici, _, classe_commune = COMMUNES[commune]
        lignes.append((ici, commune, quartier, f"R{quartier}{bailleur}", bailleur, classe, classe_commune, n))
    return pd.DataFrame(lignes, columns=[*COUPES_FINES, "n"])


def grosse(cellules: pd.DataFrame):
    return proteger(cellules.groupby(list(COUPES), as_index=False)["n"].sum(), TERRITOIRES, {})


def audit(cellules: pd.DataFrame, protection, lieux) -> Publication:
    """Written again from what the screens show, apart from the product: every line of every table, every shown cell."""
    vues = cellules[cellules["n"] > 0].reset_index(drop=True)
    publies, cibles, presents = [], {}, []
    for ici in (None, *sorted(vues["ici"].unique())):
        dedans = vues if ici is None else vues[vues["ici"] == ici]
        publies.append(list(dedans.index))
        for coupe in (*lieux, *CLASSES):
            groupes = protection.groupes(coupe, ici).set_index(coupe)
            assert set(groupes.index) == set(dedans[coupe])
            ou = groupes.loc[dedans[coupe]]
            ligne = [f"{r}{x}" for r, x in zip(ou["est_regroupee"], ou["ligne"], strict=True)]
            for _, morceau in dedans[~ou["est_masquee"].to_numpy()].groupby(
                np.array(ligne)[~ou["est_masquee"].to_numpy()]
            ):
                publies.append(list(morceau.index))
            for cle, morceau in dedans.groupby(coupe):
                if morceau["n"].sum() < SEUIL:
                    cibles[coupe, cle, ici] = list(morceau.index)
    cachee = protection.est_masquee(vues)
    for paire, morceau in vues.groupby(["commune", "bailleur"]):
        if not cachee[morceau.index].any():
            publies.append(list(morceau.index))
            continue
        presents.append(list(morceau.index))
        cibles["matrice", *paire] = list(morceau.index)
    return Publication(vues["n"].to_numpy(), publies, cibles, presents)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rangees)
def test_what_the_protection_says_it_could_not_hide_is_all_that_the_tables_tell(tirees):
    cellules = base(tirees)
    protection = grosse(cellules)
    trouves = audit(cellules, protection, ("commune",)).mal_proteges()
    assert {i.n for i, _ in trouves.values()} <= {i.n for i in protection.trouves.values()}
    if not protection.trouves:
        assert trouves == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rangees)
def test_quartiers_and_residences_say_no_more(tirees):
    cellules = base(tirees)
    protection = affiner(grosse(cellules), cellules, TERRITOIRES, {})
    trouves = audit(cellules, protection, LIEUX).mal_proteges()
    if not protection.trouves:
        assert trouves == {}


def test_where_nothing_is_small_everything_is_shown():
    cellules = base({(q, b): 40 for q in QUARTIERS for b in ("B1", "B2")})
    protection = affiner(grosse(cellules), cellules, TERRITOIRES, {})
    assert not protection.cachees
    assert not protection.trouves
    assert not any(t["est_regroupee"].any() or t["est_masquee"].any() for t in protection.tables.values())


def test_an_empty_cell_is_no_secret():
    cellules = base({("C1a", "B1"): 40, ("C1b", "B1"): 0, ("C2a", "B1"): 30, ("C2a", "B2"): 0})
    assert not grosse(cellules).cachees
    # The one line of 0 households doesn't count as a companion: 8 alone would be read in the total less 40.
    cellules = base({("C1a", "B1"): 40, ("C2a", "B1"): 0, ("C4a", "B1"): 8, ("C5a", "B1"): 40})
    protection = grosse(cellules)
    assert protection.groupes("commune", "ICI 2")["est_regroupee"].all()


def test_a_quartier_never_gives_back_the_commune_that_another_table_hides():
    # Est: C4 8 + C5 40, shown together. C5's two quartiers alone would give 25 + 15 = 40, then 48 − 40 = 8.
    cellules = base({("C4a", "B1"): 8, ("C5a", "B1"): 25, ("C5b", "B1"): 15, ("C1a", "B1"): 60, ("C1b", "B1"): 60})
    protection = affiner(grosse(cellules), cellules, TERRITOIRES, {})
    assert not protection.trouves
    seuls = protection.groupes("quartier").query("not est_regroupee")["quartier"].tolist()
    assert not {"C5a", "C5b"} <= set(seuls)


def test_an_ici_and_the_whole_hide_the_same_bailleur():
    # B2: 50 in all, 45 in ICI 1. Shown in both, 50 − 45 = 5 in ICI 2.
    cellules = base({("C1a", "B2"): 45, ("C4a", "B2"): 5, ("C1a", "B1"): 80, ("C4a", "B1"): 80, ("C4a", "B3"): 80})
    protection = grosse(cellules)
    vus = {
        ici: set(protection.groupes("bailleur", ici).query("not est_regroupee")["bailleur"])
        for ici in (None, "ICI 1", "ICI 2")
    }
    assert not ("B2" in vus[None] and "B2" in vus["ICI 1"])
    assert "B2" not in vus["ICI 2"]


#        U    V   total      A·U in [a, b]: at most its line, at least its line less what column V can take.
#   A    ?    ?     10
#   B    ?    ?     20
# total 12   18
@pytest.mark.parametrize(
    ("case", "bas", "haut"), [(("A", "U"), 0, 10), (("A", "V"), 0, 10), (("B", "U"), 2, 12), (("B", "V"), 8, 18)]
)
def test_the_interval_of_a_cell_is_what_its_margins_leave_it(case, bas, haut):
    rang = {("A", "U"): 0, ("A", "V"): 1, ("B", "U"): 2, ("B", "V"): 3}
    marges = [[0, 1], [2, 3], [0, 2], [1, 3]]
    trouve = Publication([4, 6, 8, 12], marges, {"case": [rang[case]]}).intervalles()["case"]
    assert (trouve.bas, trouve.haut) == (bas, haut)


def test_a_single_hidden_cell_is_found_by_subtraction_and_the_audit_names_what_tells_it():
    publication = Publication([4, 30], [[0, 1], [1]], {"petite": [0]})
    ((intervalle, coupables),) = publication.mal_proteges().values()
    assert (intervalle.bas, intervalle.haut, intervalle.est_retrouve) == (4, 4, True)
    assert coupables == [0, 1]


def test_two_cells_that_are_there_and_make_two_are_one_each():
    # 1 + 1 = 2, both shown to hold somebody; without that knowledge each is 0, 1 or 2.
    vus = Publication([1, 1], [[0, 1]], {"a": [0]}, [[0], [1]]).intervalles()["a"]
    assert vus.est_retrouve
    sans = Publication([1, 1], [[0, 1]], {"a": [0]}).intervalles()["a"]
    assert (sans.bas, sans.haut) == (0, 2)
    assert sans.haut - sans.bas < LARGEUR


def test_three_levels_are_audited_together():
    # MEL 100 = ICI 60 + ICI 40; the first ICI: 52 + 8 hidden; shown by the communes of the other level, 8 is found.
    publies = [[0, 1, 2], [0, 1], [2], [0]]
    assert Publication([52, 8, 40], publies, {"c": [1]}).intervalles()["c"].est_retrouve
    assert not Publication([52, 8, 40], publies[:-1], {"c": [1]}).intervalles()["c"].est_retrouve


def test_a_semester_shown_beside_the_year_tells_the_other_semester():
    # Cells: commune × semester. The year of the small one is withheld, its two semesters too, but the commune beside
    # is shown over the year and over one semester: its other one is found.
    n = [6, 3, 40, 9]
    publies = [[0, 1, 2, 3], [2, 3], [2]]
    assert Publication(n, publies, {"autre semestre": [3]}).intervalles()["autre semestre"].est_retrouve
