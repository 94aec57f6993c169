"""Coverage travels with a figure (contract §4): how much of what an answer reads is known, said once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs.couverture import couverture
from mel_core.indicateurs.qualite import besoins_couverts
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par

PERIODE = Periode.de(Seance(2017, 2), "annee")
N = 100


@pytest.fixture
def read(tmp_path: Path):
    """100 attributions of each of three bailleurs; B1's alone have a quartier, but for 10; and a hundred labels."""

    def open(n_sans: int = 10, sans_revenu: str = "") -> Lecteur:
        lignes = [
            attribution(
                1000 * rang + i,
                date_bail=date(2017, 1 + i % 12, 15),
                code_bailleur=bailleur,
                code_insee=LILLE if bailleur == "B1" else ROUBAIX,
                code_quartier=f"{LILLE}01" if bailleur == "B1" and i >= n_sans else None,
                n_personnes=1,
                revenu_fiscal=None if bailleur == sans_revenu else 9_000.0,
            )
            for rang, bailleur in enumerate(("B1", "B2", "B3"))
            for i in range(N)
        ]
        quartier = {"code_quartier": f"{LILLE}01", "nom": "Centre", "code_insee": LILLE, "fragilite": "fragile"}
        entrepot = Entrepot(tmp_path / f"{n_sans}{sans_revenu}")
        serve(
            entrepot,
            chargement(
                attributions=table("attributions", *lignes),
                bailleurs=bailleurs("B1", "B2", "B3"),
                quartiers=table("quartiers", quartier),
            ),
        )
        return entrepot.open(Portee.mel())

    return open


def lisible(phrase: str) -> str:
    return phrase.replace("\u00a0", " ").replace("\u202f", " ").replace("**", "")


def test_the_least_known_of_what_is_read_is_told_whole_and_by_bailleur(read) -> None:
    with read() as lecteur:
        lue = couverture(lecteur, "equilibre", PERIODE)
    assert (lue.quoi.nom, lue.ensemble.n, lue.ensemble.n_connus) == ("quartier", 300, 90)
    assert [(b.code, b.n, b.n_connus) for b in lue.bailleurs] == [("B1", 100, 90), ("B2", 100, 0), ("B3", 100, 0)]
    assert lue.muets == ("B2", "B3")
    dite = "70 % des attributions n’ont pas de quartier : le bilan est celui d’un bailleur sur trois."
    assert lisible(lue_par(PREPARATION, lue.say)) == lisible(lue_par(SALLE, lue.say)) == dite


def test_a_room_reads_a_whole_per_cent_from_a_hundred(read) -> None:
    with read(n_sans=11) as lecteur:
        lue = couverture(lecteur, "equilibre", PERIODE)
    assert lisible(lue_par(PREPARATION, lue.say)).startswith("70,3 % des attributions")  # 211 of 300
    assert lisible(lue_par(SALLE, lue.say)).startswith("70 % des attributions")


def test_what_an_indicator_does_not_read_is_not_its_coverage(read) -> None:
    with read() as lecteur:
        aci = couverture(lecteur, "aci", PERIODE)
        assert (aci.quoi.nom, aci.ensemble.part, lue_par(SALLE, aci.say)) == ("labels", 1, "")
        assert couverture(lecteur, "aci", PERIODE, par=("quartier",)).quoi.nom == "quartier"


def test_eight_tenths_are_enough_and_less_is_said(read) -> None:
    with read(sans_revenu="B3") as lecteur:
        lue = couverture(lecteur, "bas_revenus", PERIODE)
    assert (lue.quoi.nom, lue.ensemble.n_connus) == ("ressources", 200)
    dite = "33,3 % des attributions n’ont pas de ressources connues : le bilan est celui de deux bailleurs sur trois."
    assert lisible(lue_par(PREPARATION, lue.say)) == dite


def test_a_place_ten_points_under_the_whole_is_badly_known(read) -> None:
    with read(sans_revenu="B3") as lecteur:
        # 100 % of Lille, 50 % of Roubaix, 67 % of all
        assert couverture(lecteur, "bas_revenus", PERIODE, par=("commune",)).mal_connus == {ROUBAIX}
        assert couverture(lecteur, "bas_revenus", PERIODE, par=("bailleur",)).mal_connus == {"B3"}
        assert couverture(lecteur, "aci", PERIODE, par=("bailleur",)).mal_connus == set()


def test_what_is_expected_says_calculable_of_eight_rows_in_ten_and_in_part_of_fewer(read) -> None:
    with read() as lecteur:
        dits = besoins_couverts.verdicts(besoins_couverts.couverture(lecteur)).set_index("code")
    # 90 of the 300 have a quartier; all have an income
    assert (dits.loc["equilibre", "verdict"], dits.loc["equilibre", "part_connue"]) == ("en_partie", pytest.approx(0.3))
    assert dits.loc["quartier", "verdict"] == "en_partie"
    assert (dits.loc["bas_revenus", "verdict"], dits.loc["bas_revenus", "part_connue"]) == ("calculable", 1)
    with read(sans_revenu="B3") as lecteur:
        dits = besoins_couverts.verdicts(besoins_couverts.couverture(lecteur)).set_index("code")
    assert dits.loc["bas_revenus", "verdict"] == "en_partie"  # 67 %
