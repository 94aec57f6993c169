"""What the standing views read, over tables drawn here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import suivi
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, build_store, chargement, table

FIN = date(2017, 12, 31)
PLAFOND_2017 = 20123  # PLUS, one person


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    """One quartier in Lille (ips 4: fragile), one in Roubaix (sans), a résidence in each and one nobody can place."""
    occupants = {
        "n_occupants_tres_modestes": 20,
        "n_occupants_modestes": 10,
        "n_occupants_intermediaires": 15,
        "n_occupants_eleves": 5,
    }
    residence = {"code_bailleur": "B1", "n_logements": 60}
    tables = {
        "bailleurs": bailleurs("B1", "B2"),
        "communes": table("communes", {"code_insee": LILLE, "nom": "Lille", "fragilite": "moyenne"}),
        "quartiers": table(
            "quartiers",
            {"code_quartier": "L1", "nom": "Moulins", "code_insee": LILLE, "ips": 4, "revenu_median_uc": 15691},
            {"code_quartier": "R1", "nom": "Barbieux", "code_insee": ROUBAIX, "ips": 4, "fragilite": "sans"},
        ),
        "residences": table(
            "residences",
            residence
            | {"code_residence": "RA", "code_quartier": "L1", "n_vacants": 4, "taux_rotation": 0.1}
            | occupants,
            residence | {"code_residence": "RB", "code_quartier": "R1", "code_bailleur": "B2"},
            residence | {"code_residence": "RC", "code_quartier": "X"} | occupants | {"n_occupants_eleves": None},
        ),
        "attributions": table(
            "attributions",
            *(
                attribution(i, code_quartier="L1", n_personnes=1, revenu_fiscal=r * PLAFOND_2017)
                for i, r in enumerate((0.3, 0.3, 0.5))
            ),
            attribution(9, code_quartier="R1", code_insee=ROUBAIX, code_bailleur="B2"),
        ),
        "programmation": table(
            "programmation",
            {"code_operation": "O2", "code_insee": ROUBAIX, "annee": 2018, "n_logements": 30, "npru": True},
            {"code_operation": "O1", "code_insee": LILLE, "annee": 2017, "n_logements": 9, "n_plus": 7, "n_plai": 2},
        ),
        "accueil": table(
            "accueil",
            *(
                {
                    "code_lieu": "A",
                    "mois": mois,
                    "type_lieu": "LABELLISE",
                    "porteur": "COMMUNE",
                    "code_insee": LILLE,
                    "n_enregistrements": n,
                }
                for mois, n in (("2017-11", 40), ("2017-12", None), ("2018-01", 7))
            ),
            {"code_lieu": "B", "mois": "2017-11", "type_lieu": "RELAIS", "porteur": "ASSOCIATION"},
        ),
    }
    return build_store(tmp_path, chargement(**tables))


def test_operations_come_by_year_with_the_name_of_their_commune(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel()) as lecteur:
        lues = suivi.operations(lecteur)
        assert lues[["operation", "nom_commune", "annee"]].to_numpy().tolist() == [
            ["O1", "Lille", 2017],
            ["O2", "Roubaix", 2018],
        ]
        assert lues["n_plai"].isna().tolist() == [False, True]
        assert lues["npru"].tolist() == [False, True]
        assert suivi.operations(lecteur, lues["ici"].iloc[1])["operation"].tolist() == ["O2"]


def test_residences_come_with_the_class_of_their_quartier_and_what_their_enquete_counted(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel()) as lecteur:
        lues = suivi.residences(lecteur, FIN).set_index("residence")
    assert lues["fragilite"].to_dict() == {"RA": "fragile", "RB": "sans", "RC": "inconnu"}
    assert lues["n_occupes"].to_dict() == {"RA": 56, "RB": 60, "RC": 60}  # 60 − 4 vacant
    assert lues.loc["RA", ["n_modestes", "n_connus", "n_inconnus"]].tolist() == [30, 50, 0]
    assert lues.loc[["RB", "RC"], ["n_modestes", "n_connus"]].isna().all().all()


def test_the_reception_network_stops_at_the_month_asked_and_keeps_unknown_counts_unknown(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel()) as lecteur:
        lues = suivi.accueil(lecteur, "2017-12")
    assert lues[["lieu", "mois", "commune"]].to_numpy().tolist() == [
        ["A", "2017-11", LILLE],
        ["A", "2017-12", LILLE],
        ["B", "2017-11", "inconnu"],
    ]
    assert lues["n_enregistrements"].isna().tolist() == [False, True, True]


def test_a_quartier_says_whether_its_class_was_given_or_read_from_its_index(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel()) as lecteur:
        lus = suivi.quartiers(lecteur, FIN).set_index("quartier")
    assert lus["fragilite"].to_dict() == {"L1": "fragile", "R1": "sans"}
    assert lus["est_donnee"].to_dict() == {"L1": False, "R1": True}
    assert lus.loc["L1", "revenu_median_uc"] == 15691
    assert pd.isna(lus.loc["R1", "revenu_median_uc"])


def test_every_commune_has_a_class_or_says_that_it_is_unknown(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel()) as lecteur:
        lues = suivi.referentiel(lecteur).set_index("commune")["fragilite"]
    assert len(lues) == 95
    assert lues[LILLE] == "moyenne"
    assert lues[ROUBAIX] == "inconnu"


@pytest.mark.parametrize("portee", [Portee.aucune(), Portee.bailleur("B2"), Portee.commune(ROUBAIX)])
def test_construction_and_reception_are_about_nobody_so_every_scope_reads_them(
    entrepot: Entrepot, portee: Portee
) -> None:
    with entrepot.open(portee) as lecteur:
        assert len(suivi.operations(lecteur)) == 2
        assert len(suivi.accueil(lecteur, "2018-12")) == 4
        visibles = set(suivi.residences(lecteur, FIN)["residence"])
    assert visibles == (set() if portee == Portee.aucune() else {"RB"})
