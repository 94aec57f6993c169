"""What a snapshot lacks is named: the table, the column, the year."""

from __future__ import annotations

import pytest

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement, Entrepot, Portee
from mel_core.indicateurs import COUPES, INDICATEURS
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.manques import manques, manques_de_coupe, seuils_manquants
from mel_core.socle.periodes import Periode
from tests.jeux import attribution, bailleurs, table

MINIMALES = ("id_attribution", "pseudonyme", "date_bail", "code_insee", "code_bailleur", "mutation")


@pytest.fixture
def read(tmp_path):
    def open(*colonnes, sans=(), **tables):
        """A reader over one attribution whose file had the required columns and `colonnes`, the other files every
        column but those `sans`."""
        toutes = {"attributions": table("attributions", attribution(1)), "bailleurs": bailleurs("B1"), **tables}
        presentes = {nom: frozenset(t.column_names) - set(sans) for nom, t in toutes.items()}
        presentes["attributions"] = frozenset((*MINIMALES, *colonnes))
        entrepot = Entrepot(tmp_path)
        with entrepot.reserve():
            entrepot.publish(Chargement(toutes, presentes, "fictive"))
        return entrepot.open(Portee.mel())

    return open


def test_a_label_column_that_no_file_had_is_named(read):
    with read("aci", "dalo", "pdalhpd") as lecteur:
        assert manques(lecteur, "npru") == (Manque("attributions", ("npru",)),)
        assert manques(lecteur, "aci") == ()
        # Two labels of the five are missing: the rows without another label are unknown.
        assert [m.colonnes for m in manques(lecteur, "droit_commun")] == [("mutation_bloquee",), ("npru",)]


def test_either_column_of_a_need_is_enough(read):
    with read("revenu_fiscal") as lecteur:
        assert manques(lecteur, "ressources") == (Manque("attributions", ("categorie_menage", "n_personnes")),)
    with read("revenu_fiscal", "n_personnes") as lecteur:
        assert manques(lecteur, "ressources") == ()


def test_a_table_that_was_never_loaded_is_missing_too(read):
    with read("code_residence", "revenu_fiscal", "n_personnes") as lecteur:
        assert {m.table for m in manques(lecteur, "entrants_occupants")} == {"residences"}
        assert manques_de_coupe(lecteur, "residence") == (Manque("residences", ("code_residence",)),)
        assert manques_de_coupe(lecteur, "quartier") == (Manque("quartiers", ("code_quartier",)),)
        assert manques_de_coupe(lecteur, "commune") == ()


@pytest.mark.parametrize("nom", INDICATEURS)
def test_nothing_is_missing_when_every_column_was_there(read, nom):
    with read(
        *(c.nom for c in TABLES["attributions"].colonnes),
        quartiers=table("quartiers", {"code_quartier": "Q", "nom": "Q", "code_insee": "59350"}),
        residences=table(
            "residences", {"code_residence": "R", "code_bailleur": "B1", "code_quartier": "Q", "n_logements": 1}
        ),
        communes=table("communes", {"code_insee": "59350", "nom": "Lille"}),
    ) as lecteur:
        assert manques(lecteur, nom) == ()
        assert [c for c in COUPES if manques_de_coupe(lecteur, c)] == []


def test_the_years_without_a_threshold_are_named_for_the_indicators_that_need_one(read):
    with read() as lecteur:
        # Embedded thresholds: 2024, 2025, 2026.
        assert seuils_manquants(lecteur, "q1_hors_qpv", Periode.de("2017S2", "annee")) == (2017,)
        assert seuils_manquants(lecteur, "autres_en_qpv", Periode.de("2024S1", "annee")) == (2023,)
        assert seuils_manquants(lecteur, "autres_en_qpv", Periode.de("2024S2", "annee")) == ()
        assert seuils_manquants(lecteur, "equilibre", Periode.de("2017S2", "annee")) == ()


def test_quartiers_without_the_column_of_the_qpv_do_not_answer_for_it(read):
    """Every one of them would read as outside a QPV."""
    quartiers = table("quartiers", {"code_quartier": "Q", "nom": "Q", "code_insee": "59350"})
    colonnes = ("code_quartier", "ressources_mensuelles", "n_uc", "npru")
    with read(*colonnes, quartiers=quartiers) as lecteur:
        assert manques(lecteur, "q1_hors_qpv") == manques_de_coupe(lecteur, "qpv") == ()
    with read(*colonnes, quartiers=quartiers, sans=["code_qpv"]) as lecteur:
        attendu = (Manque("quartiers", ("code_qpv",)),)
        assert manques(lecteur, "q1_hors_qpv") == manques_de_coupe(lecteur, "qpv") == attendu
