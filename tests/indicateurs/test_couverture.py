"""A period that the data do not cover whole (contract §2): said in each cell, never judged."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.indicateurs.besoins import AUTRE, LABELS, RESSOURCES
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.comptage import freeze
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Duree
from tests.jeux import ROUBAIX, attribution, bailleurs, build_store, chargement, table


@pytest.fixture
def depot(tmp_path):
    """Forty first accesses a month from 15 January 2017 to 14 May 2018, one in four ACI; Roubaix only has those of
    2017."""
    lignes, rang = [], 0
    for m in range(17):
        annee, mois = 2017 + m // 12, m % 12 + 1
        for i in range(40):
            rang += 1
            lieu = {"code_insee": ROUBAIX} if annee == 2017 and i < 4 else {}
            lignes.append(attribution(rang, date_bail=date(annee, mois, 15 if m < 16 else 14), aci=i % 4 == 0, **lieu))
    return build_store(tmp_path, chargement(attributions=table("attributions", *lignes), bailleurs=bailleurs("B1")))


def ask(entrepot, seance, etendue, portee=None, **filtres):
    with entrepot.open(portee or Portee.mel(), Seance.read(seance)) as lecteur:
        return compute(lecteur, "aci", Periode.de(seance, etendue), **filtres).iloc[0]


@pytest.mark.parametrize(
    ("seance", "etendue", "mois"),
    [
        ("2017S2", "annee", 12),  # January to December 2017
        ("2017S1", "annee", 6),  # July 2016 to June 2017, of which the table begins in January
        ("2017S1", "semestre", 6),  # the 15th of January counts for its month
        ("2018S1", "annee", 11),  # July 2017 to June 2018, of which the table ends in May
        ("2018S1", "semestre", 5),
        ("2018S2", "semestre", 0),
        ("2016S1", "annee", 0),
    ],
)
def test_the_months_covered_are_those_between_the_first_and_the_last_bail_of_the_table(depot, seance, etendue, mois):
    assert ask(depot, seance, etendue)["mois_couverts"] == mois


def test_a_period_that_is_not_covered_whole_has_no_verdict_and_keeps_its_gap(depot):
    # 10 of 40 a month: 25 % for a target of 45 %.
    entiere, partielle = ask(depot, "2017S2", "annee"), ask(depot, "2018S1", "annee")
    assert (entiere["n_connus"], entiere["verdict"], entiere["ecart_attributions"]) == (480, "non_atteint", 96)
    assert (partielle["n_connus"], partielle["part"], partielle["ecart_attributions"]) == (440, 0.25, 88)
    assert partielle["verdict"] is None
    assert ask(depot, "2018S1", "semestre")["verdict"] is None


def test_the_months_are_those_of_the_table_whatever_the_place_that_is_asked(depot):
    """A commune without a bail since December is not a table that ends in December."""
    assert ask(depot, "2018S1", "annee", commune=ROUBAIX)["mois_couverts"] == 11
    assert ask(depot, "2018S1", "annee", Portee.commune(ROUBAIX))["mois_couverts"] == 11


def test_a_frozen_seance_whose_rows_are_gone_keeps_its_months(depot):
    freeze(depot, Seance.read("2018S1"))
    avant = ask(depot, "2018S1", "annee")
    for fichier in (depot.dossier / "jeux").glob("*.duckdb"):
        fichier.unlink()
    apres = ask(Entrepot(depot.dossier), "2018S1", "annee")
    assert (avant["mois_couverts"], apres["mois_couverts"]) == (11, 11)
    pd.testing.assert_series_equal(avant, apres)


def test_a_seance_frozen_before_months_were_kept_still_opens_and_does_not_say_them(depot):
    freeze(depot, Seance.read("2017S2"))
    with duckdb.connect(str(depot.dossier / "gelees" / "2017S2.duckdb")) as base:
        base.execute("drop table comptes_etendue")
    for fichier in (depot.dossier / "jeux").glob("*.duckdb"):
        fichier.unlink()
    ligne = ask(Entrepot(depot.dossier), "2017S2", "annee")
    assert pd.isna(ligne["mois_couverts"])
    assert (ligne["verdict"], ligne["n"]) == ("non_atteint", 480)  # what was kept, as it was


def test_a_duration_is_never_called_twelve_months_when_it_is_not():
    assert [str(Duree(*mois)) for mois in ((12, 12), (12, 6), (6, 5), (12, None))] == [
        "12\u00a0mois",
        "6\u00a0mois sur\u00a012",
        "5\u00a0mois sur\u00a06",
        "12\u00a0mois",
    ]


def test_what_an_indicator_does_not_read_is_not_said_to_be_missing():
    assert AUTRE not in {i.lu for i in INDICATEURS.values()}
    for indicateur in INDICATEURS.values():
        # By its columns: what leans on the income reads the ressources, what leans on a label reads the labels.
        lues = {c for besoin in (*indicateur.besoins, *indicateur.lu.besoins) for c in besoin.colonnes}
        assert (indicateur.lu is RESSOURCES) == ("revenu_fiscal" in lues), indicateur.nom
        assert indicateur.lu is not LABELS or (indicateur.etiquettes and not lues), indicateur.nom
        assert indicateur.lu.besoins or indicateur.lu is LABELS, indicateur.nom
