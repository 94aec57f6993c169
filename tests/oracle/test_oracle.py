"""The oracle itself on jeux small enough to be worked by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle.cas import MENAGES, QUARTILES
from tests.oracle.indicateurs import INDICATEURS, oracle
from tests.oracle.parametres import EMBARQUES
from tests.oracle.qualification import classe_ressources, premier_quartile
from tests.oracle.tirages import sample

JUIN, OCTOBRE = date(2017, 6, 30), date(2017, 10, 2)
TRES_MODESTE, MODESTE, INTERMEDIAIRE, ELEVE = (Decimal(x) for x in ("4000", "8000", "12000", "13000"))


def bail(**valeurs):
    return {
        "date_bail": OCTOBRE,
        "code_insee": "59350",
        "code_bailleur": "B1",
        "code_quartier": "FRAGILE",
        "mutation": False,
        "n_personnes": 1,
        **valeurs,
    }


def jeu(*attributions, **tables):
    """Two more bails, years before and after, make the table cover every period asked whole."""
    ailleurs = [bail(date_bail=date(2010, 1, 4)), bail(date_bail=date(2026, 1, 5))]
    return {
        "communes": [{"code_insee": "59350", "nom": "Lille", "ici": "ICI 1", "fragilite": "moyenne"}],
        "quartiers": [
            {"code_quartier": "FRAGILE", "code_insee": "59350", "ips": 4},
            {"code_quartier": "MOYEN", "code_insee": "59350", "ips": 2},
            {"code_quartier": "SANS", "code_insee": "59350", "ips": 1, "code_qpv": "QP1"},
        ],
        "residences": [],
        "attributions": [*attributions, *ailleurs],
        **tables,
    }


def par_cle(cellules, coupe):
    return {c[coupe]: c for c in cellules}


@pytest.mark.parametrize(
    ("menage", "classe"),
    MENAGES,
)
def test_the_class_of_ressources_holds_at_each_bound(menage, classe):
    assert classe_ressources({"date_bail": OCTOBRE, **menage}, EMBARQUES) == classe


@pytest.mark.parametrize(
    ("mensuelles", "n_uc", "annee", "attendu"),
    QUARTILES,
)
def test_the_first_quartile_takes_in_its_threshold(mensuelles, n_uc, annee, attendu):
    ligne = {"date_bail": date(annee, 3, 1), "ressources_mensuelles": Decimal(mensuelles), "n_uc": Decimal(n_uc)}
    assert premier_quartile(ligne, EMBARQUES) is attendu


def test_the_eve_of_the_period_is_out_and_its_last_day_is_in():
    baux = [bail(date_bail=d) for d in (JUIN, date(2017, 7, 1), date(2017, 12, 31), date(2018, 1, 1))]
    (semestre,) = oracle(jeu(*baux), "npru", "2017S2")
    (annee,) = oracle(jeu(*baux), "npru", "2017S2", "annee")
    assert (semestre["n"], annee["n"]) == (2, 3)


def test_a_fragile_quartier_has_a_ceiling_and_the_unknown_are_told_apart():
    # 31 known, of which 17 modest: 17 − 15.5 = 1.5, so two are in excess. One income is unknown.
    baux = [bail(revenu_fiscal=MODESTE)] * 10 + [bail(revenu_fiscal=TRES_MODESTE)] * 7
    baux += [bail(revenu_fiscal=ELEVE)] * 14 + [bail(revenu_fiscal=None)]
    (cellule,) = oracle(jeu(*baux), "equilibre", "2017S2", par=("quartier",))
    attendu = {
        "quartier": "FRAGILE",
        **{"n": 32, "n_connus": 31, "n_inconnus": 1, "numerateur": 17},
        **{"part": Fraction(17, 31), "part_min": Fraction(17, 32), "part_max": Fraction(18, 32)},
        **{"cible": Fraction(1, 2), "ecart_points": 100 * (Fraction(17, 31) - Fraction(1, 2))},
        **{"ecart_attributions": 2, "verdict": "non_atteint"},
    }
    assert {nom: cellule[nom] for nom in attendu} == attendu


def test_a_commune_spanning_classes_sums_the_gaps_of_its_classes():
    # fragile 3/3: ⌈3 − 1.5⌉ = 2; sans 0/3: ⌈1.5 − 0⌉ = 2; moyenne 0/1: ⌈0.45⌉ = 1; inconnu: 0. In all 5, of 3 in 8.
    baux = [bail(revenu_fiscal=MODESTE)] * 3 + [bail(code_quartier="SANS", revenu_fiscal=ELEVE)] * 3
    baux += [bail(code_quartier="MOYEN", revenu_fiscal=ELEVE), bail(code_quartier=None, revenu_fiscal=INTERMEDIAIRE)]
    (cellule,) = oracle(jeu(*baux), "equilibre", "2017S2", par=("commune",))
    assert (cellule["numerateur"], cellule["n_connus"], cellule["ecart_attributions"]) == (3, 8, 5)
    assert (cellule["cible"], cellule["verdict"], cellule["ecart_points"]) == (Fraction(1, 2), None, Fraction(-25, 2))


def test_one_class_and_the_unknown_span_two_classes():
    baux = [bail(revenu_fiscal=MODESTE), bail(code_quartier="NULLE PART", revenu_fiscal=MODESTE)]
    (cellule,) = oracle(jeu(*baux), "equilibre", "2017S2")
    # fragile 1/1: ⌈1 − 0.5⌉ = 1; inconnu adds 0.
    assert (cellule["cible"], cellule["verdict"], cellule["ecart_attributions"]) == (Fraction(1, 2), None, 1)


def test_a_cell_whose_quartiers_are_all_unknown_has_no_target():
    (cellule,) = oracle(jeu(bail(code_quartier=None, revenu_fiscal=MODESTE)), "equilibre", "2017S2")
    assert cellule["part"] == 1
    assert [cellule[c] for c in ("cible", "ecart_points", "ecart_attributions", "verdict")] == [None] * 4


def test_a_cell_where_none_is_known_keeps_its_bounds_alone():
    (cellule,) = oracle(jeu(bail(revenu_fiscal=None)), "equilibre", "2017S2")
    assert (cellule["n"], cellule["n_connus"], cellule["part_min"], cellule["part_max"]) == (1, 0, 0, 1)
    vides = ("part", "ic_bas", "ic_haut", "ecart_points", "ecart_attributions", "verdict")
    assert [cellule[c] for c in vides] == [None] * 6


def test_before_the_signature_there_is_no_target():
    (cellule,) = oracle(jeu(bail(date_bail=date(2016, 12, 31), revenu_fiscal=MODESTE)), "equilibre", "2016S2")
    assert (cellule["part"], cellule["cible"], cellule["ecart_attributions"]) == (1, None, None)


def test_two_labels_count_once_and_a_mutation_is_not_a_first_access():
    baux = [bail(aci=True, dalo=True), bail(aci=False, dalo=None), bail(aci=True, dalo=None, mutation=True)]
    tables = jeu(*({**b, "pdalhpd": None} for b in baux))
    (cellule,) = oracle(tables, "aci", "2017S2")
    assert (cellule["numerateur"], cellule["n_connus"], cellule["n"]) == (1, 2, 2)


def test_a_missing_label_column_leaves_unknown_whoever_bears_another_label_too():
    tables = jeu(bail(aci=True, dalo=None), bail(aci=False, dalo=None))  # no pdalhpd column
    (aci,) = oracle(tables, "aci", "2017S2")
    (droit_commun,) = oracle(tables, "droit_commun", "2017S2")
    assert (aci["numerateur"], aci["n_connus"], aci["n_inconnus"]) == (0, 0, 2)
    assert (aci["motif"], aci["colonnes_absentes"]) == ("colonne_absente", "pdalhpd")
    assert (droit_commun["numerateur"], droit_commun["n_connus"], droit_commun["n_inconnus"]) == (0, 0, 2)


def test_aci_has_a_target_for_a_commune_and_a_bailleur_only():
    tables = jeu(bail(aci=True, dalo=None, pdalhpd=None))
    for par in ((), ("commune",), ("bailleur",), ("bailleur", "commune")):
        assert oracle(tables, "aci", "2017S2", par=par)[0]["cible"] == Fraction(9, 20)
    for par in (("quartier",), ("commune", "quartier"), ("ici",)):
        assert oracle(tables, "aci", "2017S2", par=par)[0]["cible"] is None


def test_ressources_gives_each_class_even_empty():
    baux = [bail(revenu_fiscal=r) for r in (TRES_MODESTE, ELEVE, ELEVE, None)]
    cellules = par_cle(oracle(jeu(*baux), "ressources", "2017S2"), "classe")
    numerateurs = {c: x["numerateur"] for c, x in cellules.items()}
    assert numerateurs == {"tres_modeste": 1, "modeste": 0, "intermediaire": 0, "eleve": 2, "inconnu": 1}
    assert {(x["n"], x["n_connus"], x["n_inconnus"]) for x in cellules.values()} == {(4, 4, 0)}


def test_the_quartier_given_wins_over_that_of_the_residence():
    residences = [{"code_residence": "R", "code_bailleur": "B1", "code_quartier": "SANS"}]
    baux = [
        bail(code_quartier="FRAGILE", code_residence="R"),
        bail(code_quartier=None, code_residence="R"),
        bail(code_quartier="NULLE PART", code_residence="R"),
        bail(code_quartier=None, code_residence="INEXISTANTE"),
    ]
    cellules = par_cle(oracle(jeu(*baux, residences=residences), "npru", "2017S2", par=("quartier",)), "quartier")
    assert {q: x["n"] for q, x in cellules.items()} == {"FRAGILE": 1, "SANS": 2, "inconnu": 1}


def test_the_qpv_of_the_residence_comes_first_then_that_of_the_quartier():
    residences = [
        {"code_residence": "EN QPV", "code_bailleur": "B1", "code_quartier": "FRAGILE", "code_qpv": "QP2"},
        {"code_residence": "SANS QPV", "code_bailleur": "B1", "code_quartier": "SANS", "code_qpv": None},
        {"code_residence": "PERDUE", "code_bailleur": "B1", "code_quartier": "NULLE PART", "code_qpv": None},
    ]
    baux = [bail(code_quartier=None, code_residence=r) for r in ("EN QPV", "SANS QPV", "PERDUE")]
    baux += [bail(), bail(code_quartier=None, code_residence=None)]
    cellules = par_cle(oracle(jeu(*baux, residences=residences), "npru", "2017S2", par=("qpv",)), "qpv")
    assert {q: x["n"] for q, x in cellules.items()} == {"QP2": 1, "QP1": 1, "inconnu": 2, "hors_qpv": 1}


def test_the_quartile_counts_relogements_hors_qpv_and_not_in_a_qpv():
    def bail_2024(mensuelles, **valeurs):
        return bail(date_bail=date(2024, 3, 1), ressources_mensuelles=mensuelles, n_uc=1, **valeurs)

    baux = [bail_2024(777, npru=False), bail_2024(900, npru=True), bail_2024(None, npru=True)]
    baux += [bail_2024(900, npru=False), bail_2024(None, npru=False)]
    baux += [bail_2024(r, npru=True, code_quartier="SANS") for r in (777, 900, None)]
    (hors,) = oracle(jeu(*baux), "q1_hors_qpv", "2024S1")
    (dedans,) = oracle(jeu(*baux), "autres_en_qpv", "2024S1")
    assert (hors["numerateur"], hors["n_connus"], hors["n"], hors["motif"]) == (3, 4, 5, None)
    assert (dedans["numerateur"], dedans["n_connus"], dedans["n"]) == (1, 2, 3)


def test_a_year_without_threshold_silences_the_share_and_keeps_the_counts():
    baux = [bail(date_bail=date(2024, 3, 1), ressources_mensuelles=100, n_uc=1, npru=False)]
    (semestre,) = oracle(jeu(*baux), "q1_hors_qpv", "2024S1")
    (annee,) = oracle(jeu(*baux), "q1_hors_qpv", "2024S1", "annee")  # begins on 2023-07-01
    assert (semestre["motif"], semestre["part"]) == (None, 1)
    assert (annee["motif"], annee["part"], annee["ic_bas"], annee["part_min"]) == ("seuil_absent", None, None, 1)


def test_entrants_are_set_against_the_known_occupants_of_the_same_cell():
    noms = ("n_occupants_tres_modestes", "n_occupants_modestes", "n_occupants_intermediaires", "n_occupants_eleves")

    def residence(code, quartier, effectifs):
        return {
            **{"code_residence": code, "code_bailleur": "B1", "code_quartier": quartier},
            **dict(zip(noms, effectifs, strict=True)),
        }

    residences = [
        residence("R1", "FRAGILE", (3, 3, 2, 2)),
        residence("R2", "FRAGILE", (1, 1, 4, 4)),
        residence("R3", "FRAGILE", (9, 9, 9, None)),  # one count unknown: left out
        residence("R4", "SANS", (0, 0, 5, 5)),
    ]
    tables = jeu(bail(revenu_fiscal=MODESTE), bail(revenu_fiscal=ELEVE), residences=residences)
    (quartier,) = oracle(tables, "entrants_occupants", "2017S2", par=("quartier",))
    (ensemble,) = oracle(tables, "entrants_occupants", "2017S2")
    (mutation,) = oracle(tables, "entrants_occupants", "2017S2", par=("mutation",))
    assert quartier["part_occupants"] == quartier["cible"] == Fraction(8, 20)
    assert (quartier["ecart_points"], quartier["verdict"], quartier["ecart_attributions"]) == (10, None, None)
    assert (ensemble["part_occupants"], mutation["part_occupants"]) == (Fraction(8, 30), None)


def test_delays_are_told_in_months_over_those_whose_two_dates_are_known():
    creations = [date(2017, 10, 2), date(2017, 8, 2), date(2017, 8, 3), date(2015, 10, 2), None]  # 0, 2, 1, 24
    (cellule,) = oracle(jeu(*(bail(date_creation_demande=c) for c in creations)), "delais", "2017S2")
    assert (cellule["n"], cellule["n_connus"], cellule["n_inconnus"]) == (5, 4, 1)
    assert cellule["moyenne_mois"] == Fraction(27, 4)
    assert cellule["mediane_mois"] == Fraction(3, 2)
    assert cellule["p90_mois"] == 2 + Fraction(7, 10) * 22  # rank 0.9 × 3 = 2.7


def test_lomme_reads_as_lille_and_a_filter_keeps_its_own():
    baux = [bail(code_insee="59355"), bail(code_insee="59350"), bail(code_insee="59009", code_bailleur="B2")]
    (lille,) = oracle(jeu(*baux), "npru", "2017S2", par=("commune",), filtres={"ici": "ICI 1"})
    assert (lille["commune"], lille["n"]) == ("59350", 2)
    assert oracle(jeu(*baux), "npru", "2017S2", par=("commune",), filtres={"bailleur": "B3"}) == []


def test_without_cuts_an_empty_period_is_one_object():
    (cellule,) = oracle(jeu(), "actifs", "2017S2")
    assert (cellule["n"], cellule["numerateur"], cellule["part"], cellule["part_min"]) == (0, 0, None, None)


@pytest.mark.parametrize("nom", INDICATEURS)
def test_the_cells_of_a_cut_add_up_to_the_whole(nom):
    tables = sample(5, 150)
    ensemble = oracle(tables, nom, "2017S2", "annee")
    coupes = oracle(tables, nom, "2017S2", "annee", par=("quartier", "typologie"))
    assert sum(c["n"] for c in coupes) == sum(c["n"] for c in ensemble) > 0
    assert sum(c["n_connus"] for c in coupes) == sum(c["n_connus"] for c in ensemble)
