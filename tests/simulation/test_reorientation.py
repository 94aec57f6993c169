"""What-if on a target share: invariants first, then worked examples whose arithmetic stays visible."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mel_core.simulation.reorientation.grille import CibleEssayee, Motif
from mel_core.simulation.reorientation.reponses import motif_inchange, par, reorient

CLASSES = ("fragile", "moyenne", "sans", "inconnu")
MOITIE = Fraction(1, 2)


def draw(texte: str) -> pd.DataFrame:
    """A table drawn as text: the first line names the columns, the cells of numbers are whole."""
    entete, *lignes = [ligne.split() for ligne in texte.strip().splitlines()]
    frame = pd.DataFrame(lignes, columns=entete)
    return frame.astype({"n_connus": int, "numerateur": int})


# ------------------------------------------------------------------------------------------------- strategies

parts = st.fractions(min_value=0, max_value=1, max_denominator=200)


@st.composite
def cellules(draw: st.DrawFn, classes: tuple[str, ...] = CLASSES, maximum: int = 60) -> pd.DataFrame:
    """Up to 4 communes × 3 bailleurs × the classes, many of them empty or tiny."""
    cles = st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz"), st.sampled_from(classes))
    lignes = draw(st.lists(cles, min_size=1, max_size=20, unique=True))
    n = [draw(st.integers(0, maximum)) for _ in lignes]
    k = [draw(st.integers(0, n_cellule)) for n_cellule in n]
    frame = pd.DataFrame(lignes, columns=["commune", "bailleur", "fragilite"])
    return frame.assign(n_connus=n, numerateur=k)


@st.composite
def scenarios(draw: st.DrawFn) -> CibleEssayee:
    return CibleEssayee(draw(st.sampled_from(["equilibre", "aci"])), draw(parts), draw(parts))


def class_totals(frame: pd.DataFrame, scenario: CibleEssayee) -> list[tuple[str, int, int, int]]:
    """(class, numerateur, n_connus, a_reorienter) of each class that shares a target."""
    classe = frame["fragilite"] if scenario.indicateur == "equilibre" else pd.Series("aci", index=frame.index)
    sommes = frame.groupby(classe)[["numerateur", "n_connus", "a_reorienter"]].sum()
    return [(str(nom), int(k), int(n), int(a)) for nom, (k, n, a) in zip(sommes.index, sommes.to_numpy(), strict=True)]


def smallest_move(classe: str, k: int, n: int, scenario: CibleEssayee) -> int:
    """By brute force: the fewest households to add or to take away for the class to be where it should."""
    c, b = scenario.cible, scenario.bande

    def fits(numerateur: int) -> bool:
        match classe:
            case "aci" | "sans":
                return numerateur >= c * n
            case "fragile":
                return numerateur <= c * n
            case "moyenne":
                return (c - b) * n <= numerateur <= (c + b) * n
        return True

    return next(m for m in range(n + 2) if fits(k + m) or fits(k - m) or m > n)


# ------------------------------------------------------------------------------------------------- invariants


@given(cellules(), scenarios())
def test_each_class_moves_by_the_fewest_attributions_that_meet_the_target(
    frame: pd.DataFrame, scenario: CibleEssayee
) -> None:
    for classe, k, n, a in class_totals(reorient(frame, scenario), scenario):
        # A narrow band can hold no whole number at all: then the contract's gap goes to its nearest edge, and past it.
        assume(classe != "moyenne" or 2 * scenario.bande * n >= 1)
        assert a == smallest_move(classe, k, n, scenario)


@given(cellules(), scenarios())
def test_every_cell_gives_whole_attributions_that_it_has(frame: pd.DataFrame, scenario: CibleEssayee) -> None:
    resultat = reorient(frame, scenario)
    assert resultat[["a_reorienter", "sens", "ecart_propre"]].dtypes.eq("int64").all()
    vise = resultat["numerateur"] + resultat["sens"] * resultat["a_reorienter"]
    assert (resultat["a_reorienter"] >= 0).all()
    assert ((vise >= 0) & (vise <= resultat["n_connus"])).all()
    assert ((resultat["sens"] == 0) == (resultat["a_reorienter"] == 0)).all()


@given(cellules(), scenarios())
def test_only_cells_on_the_wrong_side_are_asked_and_by_less_than_one_over_their_own_excess(
    frame: pd.DataFrame, scenario: CibleEssayee
) -> None:
    resultat = reorient(frame, scenario)
    demandees = resultat[resultat["a_reorienter"] > 0]
    assert (demandees["ecart_propre"] > 0).all()
    assert (demandees["a_reorienter"] <= demandees["ecart_propre"] + 1).all()


@given(cellules(), scenarios(), st.sampled_from(["commune", "bailleur", "fragilite"]))
def test_sums_are_the_same_at_every_level_of_the_table(frame: pd.DataFrame, scenario: CibleEssayee, cle: str) -> None:
    resultat = reorient(frame, scenario)
    sommes = par(resultat, cle)
    assert sommes["a_reorienter"].sum() == resultat["a_reorienter"].sum()
    assert (sommes["n_en_plus"] + sommes["n_en_moins"] == sommes["a_reorienter"]).all()
    assert sommes["n_connus"].sum() == frame["n_connus"].sum()
    assert sommes["numerateur"].sum() == frame["numerateur"].sum()


@given(cellules(), scenarios())
def test_what_has_been_reoriented_asks_for_nothing_more(frame: pd.DataFrame, scenario: CibleEssayee) -> None:
    resultat = reorient(frame, scenario)
    vise = frame.assign(numerateur=resultat["numerateur"] + resultat["sens"] * resultat["a_reorienter"])
    encore = reorient(vise, scenario)
    if scenario.indicateur == "equilibre":  # the whole numbers of a small class may all fall outside a narrow band
        encore = encore[encore["fragilite"] != "moyenne"]
    assert encore["a_reorienter"].sum() == 0


@given(cellules(), st.sampled_from(CLASSES))
def test_aiming_at_what_is_observed_changes_nothing(frame: pd.DataFrame, classe: str) -> None:
    frame = frame[frame["fragilite"] == classe]
    n, k = int(frame["n_connus"].sum()), int(frame["numerateur"].sum())
    assume(n > 0)
    for indicateur in ("equilibre", "aci"):
        assert reorient(frame, CibleEssayee(indicateur, Fraction(k, n)))["a_reorienter"].sum() == 0


@given(cellules(), parts, parts)
def test_more_ambition_never_means_fewer_reorientations(frame: pd.DataFrame, a: Fraction, b: Fraction) -> None:
    moins, plus = sorted([a, b])

    def asked(indicateur: str, cible: Fraction, classe: str | None = None) -> int:
        resultat = reorient(frame, CibleEssayee(indicateur, cible))
        return int(resultat.loc[resultat["fragilite"] == classe if classe else slice(None), "a_reorienter"].sum())

    assert asked("aci", moins) <= asked("aci", plus)
    assert asked("equilibre", moins, "sans") <= asked("equilibre", plus, "sans")
    assert asked("equilibre", plus, "fragile") <= asked("equilibre", moins, "fragile")


@given(cellules(), scenarios(), st.randoms())
def test_the_answer_owes_nothing_to_the_order_of_the_rows(
    frame: pd.DataFrame, scenario: CibleEssayee, hasard: object
) -> None:
    if scenario.indicateur == "aci":
        frame = frame.drop_duplicates(["commune", "bailleur"])
    melange = list(range(len(frame)))
    hasard.shuffle(melange)  # type: ignore[attr-defined]
    attendu = reorient(frame, scenario)
    obtenu = reorient(frame.iloc[melange], scenario)
    pd.testing.assert_frame_equal(obtenu.sort_index(), attendu)


@given(cellules(), scenarios())
def test_the_input_is_untouched_and_its_rows_come_back_as_they_were(
    frame: pd.DataFrame, scenario: CibleEssayee
) -> None:
    avant = frame.copy(deep=True)
    resultat = reorient(frame, scenario)
    pd.testing.assert_frame_equal(frame, avant)
    pd.testing.assert_frame_equal(resultat[list(avant.columns)], avant)


@given(cellules(maximum=5), parts)
def test_products_too_wide_for_64_bits_give_the_same_answer(frame: pd.DataFrame, cible: Fraction) -> None:
    # The same cells a hundred million times larger: the exact gap of each class is known without the code under test.
    echelle = 10**8
    grand = frame.assign(n_connus=frame["n_connus"] * echelle, numerateur=frame["numerateur"] * echelle)
    for _, k, n, a in class_totals(reorient(grand, CibleEssayee("aci", cible)), CibleEssayee("aci", cible)):
        assert a == max(0, -((k - cible * n) // 1))


# -------------------------------------------------------------------------------------------- worked examples


def test_a_fragile_class_at_66_percent_gives_up_what_exceeds_50() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59512   B1       fragile   60       42
        59599   B1       fragile   30       20
        59350   B2       fragile   10        4
    """)
    # 66 of 100 is 16 over 50. In excess: 42 − 30 = 12 and 20 − 15 = 5, 17 together; the third is 1 below its 5.
    # 16 shared 12 to 5: 192/17 = 11 and 5/17; 80/17 = 4 and 12/17. The unit left goes to the larger remainder.
    resultat = reorient(frame, CibleEssayee("equilibre", MOITIE))
    assert resultat["a_reorienter"].tolist() == [11, 5, 0]
    assert resultat["sens"].tolist() == [-1, -1, 0]
    assert resultat["ecart_propre"].tolist() == [12, 5, 0]


def test_45_percent_of_7500_first_accesses_against_2700_is_675_more_aci_households() -> None:
    frame = draw("""
        commune bailleur n_connus numerateur
        59350   B1       4500     1500
        59512   B2       2000      800
        59599   B3       1000      400
    """)
    # 0.45 × 7 500 = 3 375; 3 375 − 2 700 = 675. Deficits: 2 025 − 1 500 = 525, 900 − 800 = 100, 450 − 400 = 50.
    resultat = reorient(frame, CibleEssayee("aci", Fraction(45, 100)))
    assert resultat["a_reorienter"].tolist() == [525, 100, 50]
    assert resultat["sens"].tolist() == [1, 1, 1]


def test_a_class_without_fragility_is_lifted_to_the_floor_rounded_up() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59527   B1       sans      7        2
        59386   B1       sans      4        2
    """)
    # 0.5 × 11 − 4 = 1.5, so 2, all on the only cell below its half (3.5 − 2 = 1.5).
    assert reorient(frame, CibleEssayee("equilibre", MOITIE))["a_reorienter"].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("numerateur", "attendu", "sens"),
    [
        (44, 1, 1),  # the band of 100 is 45 to 55
        (45, 0, 0),
        (50, 0, 0),
        (55, 0, 0),
        (56, 1, -1),
        (66, 11, -1),
    ],
)
def test_a_middle_class_goes_no_further_than_the_nearest_edge_of_its_band(
    numerateur: int, attendu: int, sens: int
) -> None:
    frame = draw(f"""
        commune bailleur fragilite n_connus numerateur
        59017   B1       moyenne   100      {numerateur}
    """)
    resultat = reorient(frame, CibleEssayee("equilibre", MOITIE))
    assert (resultat["a_reorienter"].item(), resultat["sens"].item()) == (attendu, sens)
    assert resultat["ecart_propre"].item() == attendu


def test_a_band_too_narrow_for_a_whole_number_is_passed_and_never_gone_back_on() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59017   B1       moyenne   3        1
    """)
    resultat = reorient(frame, CibleEssayee("equilibre", Fraction(2, 5)))  # 35 to 45 % of 3: from 1.05 to 1.35
    assert (resultat["a_reorienter"].item(), resultat["sens"].item()) == (1, 1)


def test_a_commune_that_spans_classes_can_be_asked_both_ways() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59350   B1       fragile   10       8
        59350   B1       sans      10       3
        59350   B1       inconnu   10       10
        59009   B2       sans      10       5
    """)
    # fragile 8 − 5 = 3 fewer; sans 0.5 × 20 − 8 = 2 more; inconnu has no target.
    resultat = reorient(frame, CibleEssayee("equilibre", MOITIE))
    lille = par(resultat, "commune").set_index("commune").loc["59350"]
    assert lille[["a_reorienter", "n_en_plus", "n_en_moins"]].tolist() == [5, 2, 3]
    assert lille[["n_connus", "numerateur", "numerateur_vise"]].tolist() == [30, 21, 20]
    assert (lille["part"], lille["part_visee"]) == (21 / 30, 20 / 30)


def test_equal_remainders_go_to_the_larger_excess_then_to_the_lower_code() -> None:
    frame = draw("""
        commune bailleur fragilite n_connus numerateur
        59599   B1       fragile   2        2
        59350   B2       fragile   2        2
        59350   B1       fragile   2        2
        59009   B1       fragile   4        2
        59163   B1       fragile   2        0
    """)
    # 8 of 12 is 2 over 6, to share among three excesses of 1: two thirds each, and two units for three cells.
    assert reorient(frame, CibleEssayee("equilibre", MOITIE))["a_reorienter"].tolist() == [0, 1, 1, 0, 0]


def test_the_table_is_ordered_by_what_is_asked_and_empty_shares_stay_empty() -> None:
    frame = draw("""
        commune bailleur n_connus numerateur
        59350   B1       0        0
        59009   B1       10       4
        59512   B1       10       2
    """)
    table = par(reorient(frame, CibleEssayee("aci", MOITIE)), "commune")
    assert table["commune"].tolist() == ["59512", "59009", "59350"]
    assert table["a_reorienter"].tolist() == [3, 1, 0]
    assert table["part"].isna().tolist() == [False, False, True]


# ------------------------------------------------------------------------------------ why nothing, and refusals


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        ("", Motif.AUCUNE_ATTRIBUTION),
        ("59350 B1 fragile 0 0", Motif.AUCUNE_CONNUE),
        ("59350 B1 inconnu 9 9 \n 59350 B1 fragile 0 0", Motif.QUARTIERS_INCONNUS),
        ("59350 B1 fragile 10 5", Motif.DEJA_ATTEINT),
        ("59350 B1 moyenne 100 55", Motif.DEJA_ATTEINT),
        ("59350 B1 fragile 10 6", None),
    ],
)
def test_a_scenario_that_changes_nothing_says_why(lignes: str, attendu: Motif | None) -> None:
    scenario = CibleEssayee("equilibre", MOITIE)
    frame = draw("commune bailleur fragilite n_connus numerateur\n" + lignes)
    assert motif_inchange(reorient(frame, scenario), scenario) is attendu


def test_aci_counts_the_attributions_of_unknown_quartiers_too() -> None:
    scenario = CibleEssayee("aci", MOITIE)
    resultat = reorient(draw("commune bailleur fragilite n_connus numerateur\n59350 B1 inconnu 10 2"), scenario)
    assert resultat["a_reorienter"].tolist() == [3]
    assert motif_inchange(resultat, scenario) is None


def test_a_numerator_above_its_known_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="between 0 and n_connus"):
        reorient(draw("commune bailleur n_connus numerateur\n59350 B1 3 4"), CibleEssayee("aci", MOITIE))


def test_a_class_that_the_contract_does_not_know_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="tres_fragile"):
        reorient(
            draw("commune bailleur fragilite n_connus numerateur\n59350 B1 tres_fragile 3 1"),
            CibleEssayee("equilibre", MOITIE),
        )
