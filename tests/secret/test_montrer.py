"""The rule of the room, on cells drawn here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as s

from mel_core.indicateurs.definitions import Sens
from mel_core.indicateurs.mesures import COLONNES_CIBLE, Objectif, add_parts, avec_cible, avec_nombre, wilson
from mel_core.secret import montrer as module
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.secret.montrer import regle_du, render
from mel_core.socle.valeurs import Compte

REGLE = regle_du(date(2026, 1, 1))


def cellule(numerateur: int, connus: int, inconnus: int = 0, cible: float | None = 0.45, **autres: Any) -> pd.DataFrame:
    (bas,), (haut,) = wilson(np.array([numerateur]), np.array([connus]))
    comptes = {"n": connus + inconnus, "n_connus": connus, "n_inconnus": inconnus, "numerateur": numerateur}
    part = numerateur / connus if connus else None
    return pd.DataFrame(
        [{**comptes, "part": part, "part_min": 0.1, "ic_bas": bas, "ic_haut": haut, "cible": cible} | autres]
    )


def dite(cellules: pd.DataFrame, *par: str) -> dict[str, Any]:
    (ligne,) = render(cellules, par).to_dict("records")
    return ligne


def test_every_rule_of_the_application_reads_and_hides_what_its_rounding_would_give_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FICHIER", module.DOSSIER / "diffusion.toml")
    module._regles.cache_clear()
    regles = module._regles()
    module._regles.cache_clear()
    assert [r.depuis for r in regles] == sorted({r.depuis for r in regles})
    # The first count that is said stands for three at the least.
    assert all(r.tus > r.base // 2 and r.tus_croises > r.base_croisee // 2 and r.source for r in regles)


@pytest.mark.parametrize(
    ("n", "dit"), [(0, None), (1, None), (12, None), (13, 15), (17, 15), (18, 20), (22, 20), (23, 25), (1204, 1205)]
)
def test_a_count_is_rounded_to_five_and_not_said_up_to_twelve(n: int, dit: int | None) -> None:
    assert REGLE.compte(n) == dit


@pytest.mark.parametrize(("n", "dit"), [(13, None), (14, None), (15, 20), (24, 20), (25, 30), (108, 110)])
def test_a_commune_by_a_bailleur_is_rounded_to_ten_and_not_said_up_to_fourteen(n: int, dit: int | None) -> None:
    # 27 attributions, said 25, of which 13 of droit commun and 13 ACI, each said 15: of anything else, one at the most.
    lieux = ("commune", "bailleur")
    assert dite(cellule(0, n), *lieux)["n"] == dit
    assert dite(cellule(0, n), "commune")["n"] == REGLE.compte(n)
    assert SALLE.cellules(cellule(0, n), lieux)["n"].map(str).tolist() == [str(dit or Compte(tus=14))]


@pytest.mark.parametrize(
    ("numerateur", "connus", "dite"),
    [
        (50, 99, None),  # less than a hundred known
        (50, 100, "0.50"),
        (12, 100, None),  # twelve are not said
        (13, 100, "0.13"),
        (88, 100, None),  # nor the twelve others
        (87, 100, "0.87"),
        (449, 1000, "0.45"),  # 44.9 reads 45 under an objective of 45: its side says the rest
        (451, 1000, "0.45"),
        (89, 200, "0.45"),  # 44.5, half up
        (301, 800, "0.38"),  # 37.625
        (299, 800, "0.37"),  # 37.375
    ],
)
def test_a_share_is_said_to_the_nearest_unit_whatever_it_is_held_to(
    numerateur: int, connus: int, dite: str | None
) -> None:
    attendue = None if dite is None else Fraction(dite)
    assert REGLE.part(numerateur, connus) == attendue
    montrees = [render(cellule(numerateur, connus, cible=c))["part"][0] for c in (0.45, 0.5, None)]
    assert montrees == [None if dite is None else float(dite)] * 3


@pytest.mark.parametrize(("connus", "part"), [(100, None), (299, None), (300, 0.5)])
def test_the_share_of_a_reservataire_in_the_flux_of_a_bailleur_is_said_from_three_hundred_known(
    connus: int, part: float | None
) -> None:
    # The State, which knows its own to the unit, was left 1 to 3 of the others: their shares add up to one.
    du_bailleur = cellule(connus // 2, connus, cible=0.35, bailleur="B1", reservataire="COLACT")
    assert dite(du_bailleur, "bailleur")["part"] == part
    assert dite(du_bailleur, "bailleur")["cote"] == "au-dessus"
    # Of all the bailleurs, and of what a réservataire is given: as any other.
    assert dite(du_bailleur.drop(columns="bailleur"))["part"] is not None
    assert dite(du_bailleur.drop(columns="reservataire"), "bailleur")["part"] is not None


@pytest.mark.parametrize(
    ("numerateur", "connus", "cote"),
    [
        (29, 29, None),
        (30, 30, "au-dessus"),
        (0, 30, "au-dessous"),
        (14, 30, "indecis"),  # 46.7 %, between 30 and 64
        (460, 1000, "au-dessus"),  # said with its share
        (450, 1000, "indecis"),
    ],
)
def test_the_side_of_an_objective_is_said_from_thirty_known(numerateur: int, connus: int, cote: str | None) -> None:
    assert dite(cellule(numerateur, connus))["cote"] == cote


def test_bounds_and_intervals_are_never_said_and_what_is_not_counted_says_so() -> None:
    lue = dite(cellule(300, 600, inconnus=7, ecart_attributions=3, ecart_points=5.0, verdict="atteint"))
    assert {c: lue[c] for c in ("n", "n_connus", "n_inconnus", "numerateur", "ecart_attributions")} == {
        "n": 605,
        "n_connus": 600,
        "n_inconnus": None,
        "numerateur": 300,
        "ecart_attributions": None,
    }
    assert (lue["part"], lue["cible"], lue["ecart_points"], lue["verdict"]) == (0.5, 0.45, 5.0, "atteint")
    assert lue["part_min"] is lue["ic_bas"] is lue["ic_haut"] is None
    assert lue["masque"] is True
    assert dite(cellule(300, 600, inconnus=13))["masque"] is False


@pytest.mark.parametrize(
    ("numerateur", "connus", "sens", "dit"),
    [
        (600, 1000, "trop", "trop"),  # au-dessus
        (300, 1000, "manque", "manque"),  # au-dessous
        (29, 29, "trop", None),  # less than thirty: no side
        (14, 30, "trop", None),  # indecis
        (450, 1000, "manque", None),  # on the objective
        (600, 1000, "manque", None),  # one class short, in a cell that is said au-dessus
        (600, 1000, None, None),
    ],
)
def test_a_direction_is_said_where_its_side_is(numerateur: int, connus: int, sens: str | None, dit: str | None) -> None:
    assert dite(cellule(numerateur, connus, sens=sens))["sens"] == dit


@pytest.mark.parametrize(
    ("sens", "trop", "manque", "dits"),
    [
        ("manque", 0, 14, (Compte(0), Compte(15))),  # told: what is missing is all that there is
        (None, 2, 14, (Compte(tus=12), Compte(15))),  # classes both ways: of the few too many, that they are few
        ("trop", 0, 14, (Compte(tus=12), Compte(15))),  # not told: its side is not that of the share
    ],
)
def test_of_a_gap_whose_direction_is_told_nothing_goes_the_other_way(
    sens: str | None, trop: int, manque: int, dits: tuple[Compte, Compte]
) -> None:
    exacte = cellule(120, 270, cible=0.5, sens=sens, ecart_trop=trop, ecart_manque=manque)  # 44 %
    (lue,) = SALLE.cellules(exacte).to_dict("records")
    assert (lue["ecart_trop"], lue["ecart_manque"]) == dits
    (tue,) = SALLE.cellules(exacte.assign(numerateur=12)).to_dict("records")  # no share, hence no gap
    assert not tue["ecart_trop"].est_connu


def test_what_the_quartiers_have_too_many_and_too_few_are_counts() -> None:
    lue = dite(cellule(300, 600, inconnus=13, n_trop=12, n_manque=43, sens="trop"))
    assert (lue["n_trop"], lue["n_manque"], lue["masque"]) == (None, 45, True)
    lue = dite(cellule(300, 600, inconnus=13, n_trop=13, n_manque=43, sens="trop"), "residence")
    assert (lue["n_trop"], lue["n_manque"], lue["sens"]) == (None, None, None)


def test_what_has_no_objective_has_no_side() -> None:
    lue = dite(cellule(300, 600, cible=None))
    assert (lue["part"], lue["cote"], lue["cible"]) == (0.5, None, None)


def test_a_residence_says_its_attributions_alone() -> None:
    lue = dite(cellule(300, 600, inconnus=13, mediane_mois=12.0), "residence")
    assert lue["n"] == 615
    assert [lue[c] for c in ("n_connus", "numerateur", "part", "cote", "mediane_mois")] == [None] * 5


@pytest.mark.parametrize(("connus", "mois"), [(29, None), (30, 14.5)])
def test_a_delay_needs_thirty(connus: int, mois: float | None) -> None:
    delais = pd.DataFrame([{"n": 40, "n_connus": connus, "n_inconnus": 40 - connus, "mediane_mois": 14.5}])
    assert dite(delais)["mediane_mois"] == mois


def compared(entrants: tuple[int, int], occupants: tuple[int, int], coupe: str = "", **autres: float) -> dict[str, Any]:
    """As a screen says it."""
    part, observee = (k / n for k, n in (entrants, occupants))
    ajoutees = {"n_occupants_modestes": occupants[0], "n_occupants": occupants[1], "part_occupants": observee}
    lue = cellule(*entrants, cible=observee, ecart_points=100 * (part - observee), **ajoutees, **autres)
    return render(lue, [coupe] if coupe else []).to_dict("records")[0]


def test_the_occupants_are_said_by_the_rule_of_any_share_whoever_came() -> None:
    dites = ("part", "n_occupants_modestes", "n_occupants", "part_occupants", "cible", "ecart_points", "cote")
    for entrants, occupants, coupe, attendus in (
        ((300, 600), (433, 1002), "", (0.5, 435, 1000, 0.43, 0.43, 7.0, "au-dessus")),
        ((20, 40), (433, 1002), "", (None, 435, 1000, 0.43, 0.43, None, "indecis")),
        ((300, 600), (43, 99), "", (0.5, 45, 100, None, None, None, None)),  # nor a side, of so few
        ((300, 600), (95, 105), "", (0.5, 95, 105, None, None, None, None)),  # ten are not
        ((300, 600), (433, 1002), "residence", (None,) * 7),
    ):
        lue = compared(entrants, occupants, coupe)
        assert tuple(lue[c] for c in dites) == attendus, (entrants, occupants, coupe)


def test_a_share_is_one_number_beside_the_occupants_as_beside_its_objective() -> None:
    # 1 243 of 2 505 is 49.6 %: « 50 % » and below, under the floor of 50 % as beside 58.1 % of occupants.
    tenue = dite(cellule(1243, 2505, cible=0.5))
    assert (tenue["part"], tenue["cote"]) == (0.5, "au-dessous")
    lue = compared((1243, 2505), (5812, 10_000))
    assert (lue["part"], lue["part_occupants"], lue["cote"]) == (0.5, 0.58, "au-dessous")
    # 50.2 and 50.4 %: the same number, and which is below.
    lue = compared((502, 1000), (504, 1000))
    assert [lue[c] for c in ("part", "part_occupants", "cible", "ecart_points", "cote")] == [
        *(0.5, 0.5, 0.5, 0.0),
        "au-dessous",
    ]


COUPES = [(), ("commune",), ("commune", "bailleur"), ("residence",)]


@given(
    s.integers(0, 600), s.integers(0, 600), s.integers(0, 40), s.integers(0, 300), s.sampled_from([0.25, 0.45, 0.5]),
    s.sampled_from(COUPES), s.booleans(),
)  # fmt: skip
def test_the_whole_rule(
    k: int, autres: int, inconnus: int, ecart: int, cible: float, par: tuple[str, ...], est_classe: bool
) -> None:
    connus = k + autres
    exacte = cellule(
        *(k, connus, inconnus, cible),
        **dict.fromkeys(module.ECARTS, ecart) | {"sens": "trop", "verdict": "non_atteint", "ecart_points": 1.0},
        **({"classe": "modeste"} if est_classe else {}),
    )
    if not connus:
        exacte = exacte.assign(**dict.fromkeys((*module.ECARTS, "sens", "verdict", "ecart_points"), None))
    lue, est_residence = dite(exacte, *par), par == ("residence",)
    assert {*lue} == {*exacte.columns, "masque", "cote"}  # the same keys

    tus, base = (14, 10) if len(par) == 2 else (12, 5)

    def arrondi(n: int) -> int | None:
        return None if n <= tus else base * ((n + base // 2) // base)

    est_dite = min(k, autres) > tus and connus >= (300 if est_classe else 100) and not est_residence
    part = Fraction((200 * k + connus) // (2 * connus), 100) if est_dite else None
    comptes = {"n": connus + inconnus, "n_connus": connus, "n_inconnus": inconnus, "numerateur": k}
    attendus = {c: None if est_residence and c != "n" else arrondi(n) for c, n in comptes.items()}
    attendus |= {c: arrondi(ecart) if est_dite else None for c in module.ECARTS}
    assert {c: lue[c] for c in attendus} == attendus
    n_sans_objet = 0 if connus else len(module.ECARTS)  # of nobody known there is no gap
    assert lue["masque"] == ([*attendus.values()].count(None) > n_sans_objet)
    assert lue["part"] == (None if part is None else float(part))
    assert [lue[c] for c in ("part_min", "ic_bas", "ic_haut")] == [None] * 3

    cote, vise = None, Fraction(str(cible))
    if connus >= 30 and not est_residence:
        vraie = Fraction(k, connus)
        est_loin = est_dite or not exacte["ic_bas"][0] <= cible <= exacte["ic_haut"][0]
        cote = "indecis" if vraie == vise or not est_loin else "au-dessus" if vraie > vise else "au-dessous"
    assert lue["cote"] == cote
    assert lue["sens"] == ("trop" if cote == "au-dessus" and connus else None)
    assert lue["verdict"] == (None if part is None else "non_atteint")
    assert lue["ecart_points"] == (None if part is None else round(float(100 * (part - vise)), 6))
    assert lue["cible"] == cible


@given(s.integers(0, 10_000))
def test_a_count_that_is_said_keeps_at_least_three_possible_values(n: int) -> None:
    dit = REGLE.compte(n)
    possibles = [m for m in range(max(0, n - 20), n + 21) if REGLE.compte(m) == dit]
    assert len(possibles) >= 3
    assert n in possibles


@pytest.mark.parametrize(
    ("numerateur", "voulu", "cote"),
    [
        (248, 280, "au-dessous"),  # 250 is said, against 280
        (300, 280, "au-dessus"),
        (278, 280, "indecis"),  # 280 is said of both: the side would say more
        (280, 280, "indecis"),
        (12, 280, None),  # not said, nor on which side of anything it is
        (20, 12, None),
    ],
)
def test_a_number_aimed_at_is_compared_with_the_count_that_is_said(
    numerateur: int, voulu: int, cote: str | None
) -> None:
    lue = dite(
        cellule(numerateur, 8955, cible=float(voulu), ecart_points=None, ecart_attributions=abs(voulu - numerateur))
    )
    assert lue["cote"] == cote
    assert lue["ecart_points"] is None  # a number has none (contract §1): it read −27 900 points
    assert lue["cible"] == voulu
    exacte = PREPARATION.cellules(cellule(numerateur, 8955, cible=float(voulu), ecart_points=None))
    assert exacte["cote"].tolist() == [
        "indecis" if numerateur == voulu else "au-dessus" if numerateur > voulu else "au-dessous"
    ]


@pytest.mark.parametrize(
    ("numerateur", "connus", "ecart", "dit"),
    [
        (24, 100, 21, 20),  # 24 of 100 are said, and what they lack of 45 %
        (13, 74, 21, None),  # of 74 known no share is said: nor what they lack
        (12, 120, 42, None),
        (1, 41, 18, None),  # 45 % of 38 to 42, less 18 to 22: one at the most
    ],
)
def test_a_gap_is_said_where_the_share_is(numerateur: int, connus: int, ecart: int, dit: int | None) -> None:
    cellules = cellule(numerateur, connus, ecart_attributions=ecart, n_trop=0, n_manque=ecart, sens="manque")
    lue = dite(cellules)
    assert (lue["ecart_attributions"], lue["n_manque"]) == (dit, dit)
    # Not « 12 ou moins » either: it would say that it is short.
    (en_salle,) = SALLE.cellules(cellules).to_dict("records")
    assert not en_salle["ecart_attributions"].est_tu
    assert en_salle["ecart_attributions"].est_connu is (dit is not None)


OBJECTIFS = [
    *((Objectif(c, Fraction(0), ""), s) for c in (Fraction(9, 20), Fraction(1, 4), Fraction(1, 2)) for s in Sens),
    (Objectif(Fraction(1, 2), Fraction(1, 20), ""), Sens.BANDE),
    *((Objectif(Fraction(n), Fraction(0), "", en_nombre=True), Sens.PLANCHER) for n in (14, 19, 30, 280)),
]


@pytest.mark.parametrize(("objectif", "sens"), OBJECTIFS)
def test_a_place_alone_keeps_each_small_numerator_open_whatever_its_objective(objectif: Objectif, sens: Sens) -> None:
    paires = [(k, n) for n in range(1, 131) for k in range(min(n, 30) + 1)]
    k, n = (np.array(x) for x in zip(*paires, strict=True))
    comptes = add_parts(pd.DataFrame({"n": n, "n_connus": n, "numerateur": k}))
    jugees = (avec_nombre if objectif.en_nombre else avec_cible)(comptes, objectif, sens)
    dites = render(jugees)[["n", "n_connus", "numerateur", "part", "cote", *COLONNES_CIBLE]].astype(str)
    possibles: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    reponses = list(dites.itertuples(index=False, name=None))
    for reponse, vrai in zip(reponses, k, strict=True):
        possibles[reponse].add(int(vrai))
    restent = [len(possibles[r]) for r, vrai in zip(reponses, k, strict=True) if 1 <= vrai <= 10]
    assert min(restent) >= 3
    assert sum(n >= 5 for n in restent) >= 0.95 * len(restent)


@pytest.mark.parametrize(("connus", "dit"), [(299, None), (300, 0.33)])
def test_the_share_of_a_class_of_ressources_needs_three_hundred(connus: int, dit: float | None) -> None:
    # A third and the rest: each share of a distribution says the others as well.
    tiers = cellule(connus // 3, connus, cible=None)
    assert dite(tiers.assign(classe="modeste"))["part"] == dit
    assert dite(tiers)["part"] == 0.33
