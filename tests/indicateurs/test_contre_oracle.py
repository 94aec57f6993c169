"""Every indicator, cut and column against the oracle, on drawn jeux de données."""

import json
import subprocess
import sys
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.indicateurs import COUPES, INDICATEURS
from tests.exemples import examples, one_in
from tests.indicateurs.comparaison import Depot, compare
from tests.jeux import cible, entree
from tests.oracle.ecriture import ecrire_csv, ecrire_sale, ecrire_xlsx
from tests.oracle.indicateurs import INDICATEURS as ATTENDUS
from tests.oracle.indicateurs import PAR_SENS, oracle
from tests.oracle.parametres import EMBARQUES, Cible, Parametres
from tests.oracle.tirages import jeux, sample

SIMPLES = (
    *("fragilite", "fragilite_commune", "quartier", "qpv", "commune", "bailleur", "residence"),
    *("territoire", "ici", "mutation", "reservataire", "typologie", "financement", "enjeu_mixite"),
    "typologie_fragilite",
)
CROISEES = (
    *(("commune", "bailleur"), ("bailleur", "commune", "fragilite"), ("quartier", "residence")),
    *(("qpv", "reservataire"), ("mutation", "typologie"), ("territoire", "ici", "fragilite_commune")),
    *(("residence", "financement"), ("quartier", "qpv"), ("fragilite", "mutation")),
    *(("enjeu_mixite", "fragilite"), ("typologie_fragilite", "fragilite_commune")),
)
SIMPLES_ET_ENSEMBLE = ((), *((c,) for c in SIMPLES))
TOUTES = (*SIMPLES_ET_ENSEMBLE, *CROISEES)
PERIODES = ("semestre", "annee")
FILTRES = (
    *({"ici": "ICI 2"}, {"commune": "59350"}, {"bailleur": "03"}, {"ici": "ICI 1", "bailleur": "B1"}),
    {"commune": "59512", "bailleur": "B2"},
)

# Seed, attributions, what is missing, séances asked.
JEUX = {
    "complet": (1, 450, (), ("2017S2", "2024S2")),
    "sans_etiquettes": (2, 150, ("attributions.dalo", "attributions.npru"), ("2017S1", "2025S1")),
    "sans_occupation": (3, 150, ("residences", "attributions.mutation_bloquee", "attributions.actif"), ("2016S2",)),
    "sans_residence": (4, 150, ("attributions.code_residence", "attributions.aci", "attributions.n_uc"), ("2024S1",)),
    "sans_revenu": (5, 150, ("attributions.revenu_fiscal", "attributions.code_quartier"), ("2018S1",)),
    "sans_referentiel": (6, 150, ("communes", "quartiers", "residences"), ("2017S2",)),
    "sans_description": (7, 150, ("communes.territoire", "quartiers.ips", "residences.code_qpv"), ("2024S2",)),
}


def coupes_a_verifier(nom, jeu, periode, seance, est_long):
    """The long way, all of them on the complete jeu; elsewhere the simple ones on a year, the crosses on a semester.

    The short one: all of them on the last year of the complete jeu, and two on every other period; on that of the
    others a third of the simple ones, in turn: each lack meets every cut, and every indicator.
    """
    if not est_long:
        if periode == "semestre" or seance != JEUX[jeu][3][-1]:
            return ((), ("commune",))
        tiers = ([*ATTENDUS].index(nom) + [*JEUX].index(jeu)) % 3
        return TOUTES if jeu == "complet" else ((), *SIMPLES_ET_ENSEMBLE[1 + tiers :: 3])
    if jeu == "complet":
        return TOUTES
    return SIMPLES_ET_ENSEMBLE if periode == "annee" else CROISEES


@pytest.fixture(scope="module")
def depots(tmp_path_factory):
    """Each jeu, published once, when it is first asked for."""
    publies = {}

    def publish(nom):
        if nom not in publies:
            graine, n, absences, _ = JEUX[nom]
            tables = sample(graine, n, frozenset(absences))
            publies[nom] = tables, Depot.de(tables, tmp_path_factory.mktemp(nom))
        return publies[nom]

    return publish


def test_the_application_knows_the_indicators_and_cuts_of_the_contract():
    assert set(INDICATEURS) == set(ATTENDUS)
    assert set(COUPES) == set(SIMPLES)


@pytest.mark.parametrize("est_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["", "long"])
@pytest.mark.parametrize("jeu", one_in(3, JEUX))
@pytest.mark.parametrize("nom", ATTENDUS)
def test_every_cut_and_column_agrees_with_the_oracle(depots, jeu, nom, est_long):
    tables, depot = depots(jeu)
    for seance in JEUX[jeu][3]:
        for periode in PERIODES:
            for par in coupes_a_verifier(nom, jeu, periode, seance, est_long):
                attendues = oracle(tables, nom, seance, periode, par)
                compare(depot.lignes(nom, seance, periode, par), attendues, par, (seance, periode, par))


@pytest.mark.parametrize("filtres", FILTRES, ids=str)
@pytest.mark.parametrize("nom", ATTENDUS)
def test_a_filter_keeps_what_the_oracle_keeps(depots, nom, filtres):
    tables, depot = depots("complet")
    for par in ((), ("fragilite",), ("commune", "bailleur"), ("typologie",)):
        attendues = oracle(tables, nom, "2024S2", "annee", par, filtres)
        obtenues = depot.lignes(nom, "2024S2", "annee", par, filtres)
        compare(obtenues, attendues, par, par)


@pytest.mark.parametrize("nom", ATTENDUS)
def test_a_period_without_any_attribution_is_one_empty_object_or_none(depots, nom):
    tables, depot = depots("complet")
    for par in ((), ("commune",)):
        compare(depot.lignes(nom, "2019S2", "annee", par), oracle(tables, nom, "2019S2", "annee", par), par, par)


@examples(5)
@given(
    tables=jeux(),
    par=st.lists(st.sampled_from(SIMPLES), max_size=2, unique=True).map(tuple),
    seance=st.sampled_from(("2017S1", "2017S2", "2024S2", "2025S1")),
    periode=st.sampled_from(PERIODES),
)
def test_a_few_attributions_of_any_kind_agree_with_the_oracle(tables, par, seance, periode):
    with tempfile.TemporaryDirectory() as dossier:
        depot = Depot.de(tables, Path(dossier))
        for nom in ATTENDUS:
            attendues = oracle(tables, nom, seance, periode, par)
            compare(depot.lignes(nom, seance, periode, par), attendues, par, nom)


def test_the_same_jeu_clean_dirty_and_as_a_workbook_gives_the_same_digits(tmp_path):
    tables = sample(6, 200)
    chemins = (
        ecrire_csv(tables, tmp_path / "propre"),
        ecrire_sale(tables, tmp_path / "sale"),
        ecrire_xlsx(tables, tmp_path / "classeur.xlsx"),
    )
    depots = [Depot.publish(chemin, tmp_path / f"depot {rang}") for rang, chemin in enumerate(chemins)]
    for nom in ATTENDUS:
        for par in ((), ("quartier",), ("commune", "bailleur"), ("residence",), ("typologie", "reservataire")):
            propre, sale, classeur = (d.tableau(nom, "2024S2", "annee", par) for d in depots)
            pd.testing.assert_frame_equal(propre, sale, check_exact=True)
            pd.testing.assert_frame_equal(propre, classeur, check_exact=True)


def test_dated_parameters_added_at_the_import_are_obeyed(tmp_path):
    fichier = tmp_path / "parametres.toml"
    ajouts = (
        cible("equilibre", 0.40, date(2017, 7, 1), "Avenant", bande=0.10),
        cible("aci", 0.333, date(2017, 3, 17), "Même date : la valeur ajoutée l’emporte"),
        entree("bornes_ressources", depuis=date(1970, 1, 1), bornes=[0.25, 0.35, 0.60], source="Essai"),
        entree("fragilite_ips", depuis=date(1970, 1, 1), fragile=[4], moyenne=[3, 2], sans=[1], source="Essai"),
        entree("seuils_premier_quartile", annee=2017, seuil_eur_uc=9000, source="Saisi"),
    )
    fichier.write_text("".join(ajouts), encoding="utf-8")
    ajoutees = (
        Cible("equilibre", date(2017, 7, 1), Fraction(2, 5), Fraction(1, 10)),
        Cible("aci", date(2017, 3, 17), Fraction(333, 1000)),
    )
    parametres = Parametres(
        bornes=(Fraction(1, 4), Fraction(7, 20), Fraction(3, 5)),
        fragilite_ips={4: "fragile", 3: "moyenne", 2: "moyenne", 1: "sans"},
        seuils={**EMBARQUES.seuils, 2017: Fraction(9000)},
        cibles=(*EMBARQUES.cibles, *ajoutees),
    )
    tables = sample(7, 250)
    depot = Depot.de(tables, tmp_path, fichier)
    for nom in ATTENDUS:
        for seance in ("2017S1", "2017S2"):
            for par in ((), ("fragilite",), ("commune",), ("quartier", "bailleur")):
                attendues = oracle(tables, nom, seance, "annee", par, parametres=parametres)
                obtenues = depot.lignes(nom, seance, "annee", par)
                compare(obtenues, attendues, par, (nom, seance, par))


def test_the_command_line_prints_what_the_oracle_computes(tmp_path, depots):
    tables, depot = depots("complet")
    question = ["equilibre", "--seance", "2017S2", "--periode", "annee", "--par", "commune,bailleur", "--ici", "ICI 1"]
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(depot.entrepot.dossier), "indicateur"]
    sortie = subprocess.run([*commande, *question], capture_output=True, text=True, encoding="utf-8", check=True)
    par = ("commune", "bailleur")
    calculees = oracle(tables, "equilibre", "2017S2", "annee", par, {"ici": "ICI 1"})
    attendues = [{c: v for c, v in ligne.items() if c not in PAR_SENS} for ligne in calculees]  # contract §4
    obtenues = json.loads(sortie.stdout)
    compare(obtenues, attendues, par, question)
    assert all(list(ligne) == list(attendues[0]) for ligne in obtenues)
