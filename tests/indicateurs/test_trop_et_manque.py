"""What each quartier has too many, too few, against its own class: never netted (contract §4)."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.socle.periodes import Periode
from tests.exemples import examples
from tests.indicateurs.comparaison import en_lignes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table

DEMI, BANDE = Fraction(1, 2), Fraction(1, 20)
CLASSES = ("fragile", "moyenne", "sans", None)
# One person: the PLUS ceiling of 2017 is 20 107 €, 40 % of it 8 043 €.
MODESTE, AISE = {"n_personnes": 1, "revenu_fiscal": 5000}, {"n_personnes": 1, "revenu_fiscal": 19000}


def ecarts(fragilite: str | None, k: int, n: int) -> tuple[int, int]:
    """Too many, too few: of `n` known, `k` modest, in a quartier or a class of `fragilite`."""
    plafond = {"fragile": DEMI, "moyenne": DEMI + BANDE}.get(fragilite or "", Fraction(1))
    plancher = {"sans": DEMI, "moyenne": DEMI - BANDE}.get(fragilite or "", Fraction(0))
    return max(0, ceil(k - plafond * n)), max(0, ceil(plancher * n - k))


def lignes(quartiers, par, *, nom="equilibre", seance="2017S2"):
    """`quartiers`: class, modest, others, unknown income, of each, by turns in Lille and in Roubaix; code → its own."""
    rang, baux = 0, []
    for i, (_, modestes, autres, inconnus) in enumerate(quartiers):
        for revenu in [MODESTE] * modestes + [AISE] * autres + [{}] * inconnus:
            rang += 1
            baux.append(attribution(rang, code_insee=(LILLE, ROUBAIX)[i % 2], code_quartier=f"Q{i}", **revenu))
    noms = [
        {"code_quartier": f"Q{i}", "nom": f"Quartier {i}", "code_insee": (LILLE, ROUBAIX)[i % 2], "fragilite": f}
        for i, (f, *_) in enumerate(quartiers)
    ]
    with tempfile.TemporaryDirectory() as dossier:
        entrepot = Entrepot(Path(dossier))
        serve(
            entrepot,
            chargement(
                bailleurs=bailleurs("B1"),
                quartiers=table("quartiers", *noms),
                attributions=table("attributions", *baux),
            ),
        )
        with entrepot.open(Portee.mel()) as lecteur:
            return en_lignes(compute(lecteur, nom, Periode.de(seance), par))


UN_QUARTIER = st.tuples(st.sampled_from(CLASSES), st.integers(0, 9), st.integers(0, 9), st.integers(0, 2))


@examples(10)
@given(st.lists(UN_QUARTIER, min_size=1, max_size=6))
def test_every_cell_sums_its_quartiers_each_against_its_own_class(quartiers):
    quartiers = [q for q in quartiers if sum(q[1:])] or [("fragile", 1, 0, 0)]
    seuls = [ecarts(f, k, k + autres) for f, k, autres, _ in quartiers]
    for commune, cellule in zip((LILLE, ROUBAIX), lignes(quartiers, ("commune",)), strict=False):
        assert cellule["commune"] == commune
        siens = range((LILLE, ROUBAIX).index(commune), len(quartiers), 2)
        if cellule["cible"] is None or cellule["n_connus"] == 0:
            assert [cellule[c] for c in ("n_trop", "n_manque", "ecart_attributions", "sens")] == [None] * 4
            continue
        assert cellule["n_trop"] == sum(seuls[i][0] for i in siens)
        assert cellule["n_manque"] == sum(seuls[i][1] for i in siens)
        classes = {quartiers[i][0] for i in siens}
        if len(classes) == 1:  # read as one, its quartiers make up for one another: the gap is never larger
            assert cellule["n_trop"] + cellule["n_manque"] >= cellule["ecart_attributions"]


@examples(10)
@given(st.lists(UN_QUARTIER, min_size=1, max_size=6))
def test_of_one_quartier_the_gap_is_its_own_and_says_which_way(quartiers):
    quartiers = [q for q in quartiers if sum(q[1:])] or [("sans", 0, 1, 0)]
    for (f, k, autres, _), cellule in zip(quartiers, lignes(quartiers, ("quartier",)), strict=True):
        lu = tuple(cellule[c] for c in ("n_trop", "n_manque", "ecart_attributions", "sens"))
        trop, manque = ecarts(f, k, k + autres)
        sens = "trop" if trop else "manque" if manque else None
        assert lu == ((None,) * 4 if f is None or k + autres == 0 else (trop, manque, trop + manque, sens))


def test_two_fragile_quartiers_that_make_up_for_one_another_are_still_each_counted():
    # 8 of 10 where 5 are the ceiling: 3 too many; 2 of 10: none. Together 10 of 20: no gap.
    (cellule,) = lignes([("fragile", 8, 2, 0), ("fragile", 2, 8, 0)], ())
    assert [cellule[c] for c in ("n_trop", "n_manque", "ecart_attributions", "sens")] == [3, 0, 0, None]


@pytest.mark.parametrize(
    ("quartiers", "lu"),
    [
        # fragile 8/10: 3 too many; sans 3/10: 2 too few
        ([("fragile", 8, 2, 0), ("sans", 3, 7, 0)], (3, 2, 5, None)),
        # fragile 8/10: 3 too many; sans 6/10: none
        ([("fragile", 8, 2, 0), ("sans", 6, 4, 0)], (3, 0, 3, "trop")),
        # moyenne 8/10, ceiling 5.5: 2.5, rounded to 3; fragile 6/10: 1
        ([("moyenne", 8, 2, 0), ("fragile", 6, 4, 0)], (4, 0, 4, "trop")),
        # of an unknown class: nothing
        ([("sans", 1, 9, 3), (None, 9, 0, 0)], (0, 4, 4, "manque")),
    ],
)
def test_a_cell_of_several_classes_has_a_direction_when_all_its_gaps_go_one_way(quartiers, lu):
    (cellule,) = lignes(quartiers, ())
    assert tuple(cellule[c] for c in ("n_trop", "n_manque", "ecart_attributions", "sens")) == lu
    assert cellule["verdict"] is None


def test_without_a_target_in_force_neither_direction_nor_counts():
    # The CIET is of 17 March 2017: nothing is judged by the end of 2016.
    jeu = [("fragile", 8, 2, 0)]
    (cellule,) = lignes(jeu, (), seance="2016S2")
    assert [cellule[c] for c in ("cible", "n_trop", "n_manque", "sens")] == [None] * 4


def test_the_columns_stand_right_after_the_verdict_and_only_the_50_50_counts_by_quartier():
    (cellule,) = lignes([("fragile", 8, 2, 0)], ())
    noms = list(cellule)
    assert noms[noms.index("verdict") : noms.index("verdict") + 4] == ["verdict", "sens", "n_trop", "n_manque"]
    (aci,) = lignes([("fragile", 8, 2, 0)], (), nom="aci")
    noms = list(aci)
    assert noms[noms.index("verdict") : noms.index("verdict") + 2] == ["verdict", "sens"]
    assert "n_trop" not in aci
    # 0 ACI of 10 first accesses, 4.5 wanted: 5 too few
    assert (aci["ecart_attributions"], aci["sens"]) == (5, "manque")
