"""Who reads decides what is read: exact at its desk, by the rule in the room, its own exactly for a commune."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.secret.bail import PERSONNE, PREPARATION, SALLE, Audience, lease, reader
from mel_core.socle import langue

ROUBAIX = Audience(cle="commune", code="59512")


def cellules(*lignes: tuple[str, int, int], cible: float = 0.5) -> pd.DataFrame:
    """aci cut by commune: (commune, known, of the numerator)."""
    return pd.DataFrame(
        [
            {
                "commune": commune,
                "n": n,
                "n_connus": n,
                "n_inconnus": 0,
                "numerateur": k,
                "part": k / n,
                "ic_bas": max(0.0, k / n - 0.1),
                "ic_haut": min(1.0, k / n + 0.1),
                "cible": cible,
                "ecart_points": 100 * (k / n - cible),
                "ecart_attributions": max(0, math.ceil(n * cible) - k),
                "verdict": "atteint" if k / n >= cible else "non_atteint",
            }
            for commune, n, k in lignes
        ]
    )


def lue(audience: Audience, *lignes: tuple[str, int, int]) -> list[dict[str, Any]]:
    dites = audience.cellules(cellules(*lignes), ("commune",))
    return [dict(zip(dites.columns, ligne, strict=True)) for ligne in dites.itertuples(index=False, name=None)]


def test_a_co_pilot_at_its_desk_reads_every_figure_as_it_is() -> None:
    (une,) = lue(PREPARATION, ("59512", 9, 3))
    assert (une["n"], une["numerateur"], une["part"], une["cote"]) == (9, 3, pytest.approx(1 / 3), "au-dessous")


def test_a_room_reads_how_many_ask_for_one_to_the_unit_and_not_of_a_few() -> None:
    # 330 demandes for 35 attributions: 9.43. Said « 9,4 » beside the demandes, it left 35 attributions alone possible.
    assert PREPARATION.pour_une(330 / 35, (330, 35)) == 330 / 35
    assert SALLE.pour_une(330 / 35, (330, 35)) == 9
    assert SALLE.pour_une(9.5, (570, 60)) == 10
    assert math.isnan(SALLE.pour_une(330 / 29, (330, 29)))
    assert math.isnan(PREPARATION.pour_une(math.nan, (330, 0)))


def test_a_room_reads_a_large_place_rounded_and_a_small_one_keeps_its_line() -> None:
    grande, petite = lue(SALLE, ("59410", 390, 203), ("59343", 9, 3))
    # 203 / 390 = 52.05 %, to the unit; 390 and 203 to the nearest 5; the gap of 0 is among those that are not said.
    assert (grande["n_connus"], grande["numerateur"], grande["part"]) == (390, 205, 0.52)
    assert (grande["verdict"], grande["cote"], langue.nombre(grande["ecart_attributions"])) == (
        *("atteint", "au-dessus"),
        "12 ou moins",
    )
    assert (langue.nombre(petite["n"]), langue.part(petite["part"]), petite["cote"]) == ("12 ou moins", "—", None)


def test_a_commune_reads_its_own_place_exactly_and_the_others_as_a_room_does() -> None:
    sienne, autre = lue(ROUBAIX, ("59512", 9, 3), ("59410", 9, 3))
    assert (sienne["n"], sienne["part"], sienne["cote"]) == (9, pytest.approx(1 / 3), "au-dessous")
    assert (langue.nombre(autre["n"]), langue.part(autre["part"])) == ("12 ou moins", "—")


def test_whoever_reads_of_its_own_place_reads_exactly_and_of_another_by_the_rule() -> None:
    assert ROUBAIX.chez("commune", "59512").compte(3) == 3
    assert math.isnan(ROUBAIX.chez("commune", "59410").compte(3))
    assert math.isnan(ROUBAIX.chez("bailleur", "59512").compte(3))
    assert SALLE.chez("", "") is SALLE  # nobody has no place


def test_of_a_residence_the_room_reads_its_attributions_alone() -> None:
    lues = cellules(("R1", 200, 90), ("R2", 9, 3)).rename(columns={"commune": "residence"})
    grande, petite = SALLE.cellules(lues, ("residence",)).itertuples()
    assert (grande.n, langue.nombre(grande.numerateur), langue.part(grande.part), grande.cote) == (200, "—", "—", None)
    assert (langue.nombre(petite.n), langue.nombre(petite.n_connus)) == ("12 ou moins", "—")
    assert not petite.n_connus >= 30  # unknown compares with nothing, and breaks nothing


def test_nothing_is_worked_out_of_a_count_that_is_not_said() -> None:
    peu = SALLE.compte(7)
    assert langue.effectif(peu, "attribution") == snapshot("12\u00a0attributions ou moins")
    with pytest.raises(TypeError):
        peu + 5
    # From 0 to 12: what is sure of it is said, whatever it is.
    assert peu < 30
    assert peu <= 12
    assert not any((peu < 12, peu > 0, peu >= 1, peu == 7, peu == 0))
    assert langue.nombre(copy.deepcopy(peu)) == "12 ou moins"


@pytest.mark.parametrize(
    ("audience", "n", "dit"),
    [(SALLE, 0, "12 ou moins"), (SALLE, 13, "15"), (SALLE, 1204, "1 205"), (PREPARATION, 3, "3"), (SALLE, None, "—")],
)
def test_a_count_is_read_by_its_audience(audience: Audience, n: int | None, dit: str) -> None:
    assert langue.nombre(audience.compte(n)).replace("\u202f", " ") == dit


def test_what_is_read_says_by_which_rule() -> None:
    assert PREPARATION.dite == snapshot("Chiffres exacts, non projetables")
    assert SALLE.dite == snapshot("Nombres arrondis à 5, parts à l’unité ; 12 ou moins : non dits")
    assert ROUBAIX.dite == f"{SALLE.dite}, sauf les vôtres, exacts et non projetables"


def test_a_share_worked_out_over_time_is_to_the_unit_per_cent_in_a_room_and_what_is_unknown_stays() -> None:
    lignes = pd.DataFrame({"semestre": [0, 1, 2], "part": [0.6549, 0.6451, math.nan]})
    assert SALLE.projetees(lignes)["part"].fillna(-1).tolist() == [0.65, 0.65, -1]
    assert [SALLE.projetee(p) for p in lignes["part"][:2]] == [0.65, 0.65]
    assert SALLE.projetees(lignes)["semestre"].tolist() == [0, 1, 2]
    assert PREPARATION.projetees(lignes).equals(lignes)
    assert PREPARATION.projetee(0.6549) == 0.6549


CHEZ_ROUBAIX = ROUBAIX.chez("commune", "59512")
AUTRES = (Audience(cle="commune", code="59599"), Audience(cle="bailleur", code="59512"))


@pytest.mark.parametrize(
    ("accordee", "demandee"),
    [
        *((SALLE, plus) for plus in (PREPARATION, ROUBAIX, CHEZ_ROUBAIX)),
        *((ROUBAIX, plus) for plus in (PREPARATION, *AUTRES, replace(AUTRES[0], lit_tout=True))),
        *((CHEZ_ROUBAIX, plus) for plus in (PREPARATION, *AUTRES)),
        *((PERSONNE, plus) for plus in (PREPARATION, ROUBAIX)),
    ],
)
def test_a_lease_under_another_grants_no_more_than_it(accordee: Audience, demandee: Audience) -> None:
    with lease(accordee):
        with pytest.raises(RuntimeError, match="may only be narrowed"), lease(demandee):
            pass
        with lease(SALLE), pytest.raises(RuntimeError, match="may only be narrowed"), lease(demandee):
            pass
        assert accordee is PERSONNE or reader() == accordee


def test_a_lease_is_narrowed_and_one_reads_ones_own_place_under_ones_own() -> None:
    for accordee, demandees in (
        (PREPARATION, (PREPARATION, ROUBAIX, *AUTRES, SALLE)),
        (ROUBAIX, (ROUBAIX, CHEZ_ROUBAIX, SALLE)),
        (CHEZ_ROUBAIX, (CHEZ_ROUBAIX, ROUBAIX, SALLE)),
        (SALLE, (SALLE, SALLE.de(("commune", "bailleur")))),
        (PERSONNE, (SALLE,)),
    ):
        with lease(accordee):
            for demandee in demandees:
                with lease(demandee):
                    assert reader() == demandee
            with lease(PERSONNE), pytest.raises(RuntimeError, match="rendered for none"):
                reader()
