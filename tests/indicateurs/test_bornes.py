"""Every boundary of the contract, each in a jeu small enough to be worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.indicateurs.comparaison import Depot
from tests.oracle.cas import DELAIS, MENAGES, QUARTILES, VERDICTS
from tests.oracle.mesures import BANDE, PLAFOND, PLANCHER

FRAGILITES = {PLAFOND: "fragile", BANDE: "moyenne", PLANCHER: "sans"}
MODESTE, ELEVE = Decimal(5000), Decimal(19000)  # one person in 2017: 0.25 and 0.94 of 20 123
SANS_ETIQUETTE = {"aci": None, "dalo": None, "pdalhpd": None, "mutation_bloquee": None, "npru": None}


def quartier(code, **valeurs):
    return {"code_quartier": code, "nom": code, "code_insee": "59350", "fragilite": None, "code_qpv": None, **valeurs}


def jeu(quartiers, attributions, residences=()):
    """A jeu where every attribution bears the columns that any of them bears. Two more, years before and after, make
    the table cover every period asked whole."""
    attributions = [*attributions, {"date_bail": date(2010, 1, 4)}, {"date_bail": date(2026, 1, 5)}]
    defaut = {"code_insee": "59350", "mutation": False, "date_bail": date(2017, 10, 2)}
    colonnes = dict.fromkeys(nom for a in attributions for nom in a)
    return {
        "bailleurs": [{"code_bailleur": "B1", "nom": "Bailleur"}],
        "quartiers": list(quartiers),
        "residences": list(residences),
        "attributions": [
            {
                "id_attribution": f"A{rang}",
                "numero_unique": f"N{rang}",
                "code_bailleur": "B1",
                **defaut,
                **{nom: a.get(nom, defaut.get(nom)) for nom in colonnes},
            }
            for rang, a in enumerate(attributions)
        ],
    }


def par_quartier(lignes):
    return {ligne["quartier"]: ligne for ligne in lignes}


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """One quartier per household of the boundary cases."""
    baux = [{"code_quartier": f"Q{i}", "n_personnes": None, **menage} for i, (menage, _) in enumerate(MENAGES)]
    depot = Depot.de(jeu((quartier(f"Q{i}") for i in range(len(MENAGES))), baux), tmp_path_factory.mktemp("classes"))
    lignes = depot.lignes("ressources", "2017S2", "annee", ("quartier",))
    lignes += depot.lignes("ressources", "2014S2", "annee", ("quartier",))
    return {ligne["quartier"]: ligne["classe"] for ligne in lignes if ligne["numerateur"] == 1}


@pytest.mark.parametrize("rang", range(len(MENAGES)), ids=lambda rang: str(MENAGES[rang]))
def test_the_class_of_ressources_holds_at_each_bound(classes, rang):
    assert classes[f"Q{rang}"] == MENAGES[rang][1]


def test_the_first_quartile_takes_in_its_threshold(tmp_path):
    baux = [
        {
            "code_quartier": f"Q{i}",
            "date_bail": date(annee, 3, 1),
            "ressources_mensuelles": Decimal(mensuelles),
            "n_uc": Decimal(n_uc),
            **SANS_ETIQUETTE,
        }
        for i, (mensuelles, n_uc, annee, _) in enumerate(QUARTILES)
    ]
    depot = Depot.de(jeu((quartier(f"Q{i}") for i in range(len(QUARTILES))), baux), tmp_path)
    for i, (*_, annee, attendu) in enumerate(QUARTILES):
        ligne = par_quartier(depot.lignes("q1_hors_qpv", f"{annee}S1", par=("quartier",)))[f"Q{i}"]
        assert (ligne["n_connus"], ligne["numerateur"]) == {True: (1, 1), False: (1, 0), None: (0, 0)}[attendu]


def test_the_verdict_waits_for_thirty_known_unless_the_interval_is_clear(tmp_path):
    quartiers, baux = [], []
    for i, (sens, k, n, _) in enumerate(VERDICTS):
        quartiers.append(quartier(f"Q{i}", fragilite=FRAGILITES[sens]))
        revenus = [MODESTE] * k + [ELEVE] * (n - k) + [None]
        baux += [{"code_quartier": f"Q{i}", "n_personnes": 1, "revenu_fiscal": r} for r in revenus]
    lignes = par_quartier(Depot.de(jeu(quartiers, baux), tmp_path).lignes("equilibre", "2017S2", par=("quartier",)))
    obtenus = {i: lignes[f"Q{i}"]["verdict"] for i in range(len(VERDICTS))}
    assert obtenus == {i: verdict for i, (*_, verdict) in enumerate(VERDICTS)}


def test_a_delay_counts_whole_months_clamped_to_the_month_end(tmp_path):
    baux = [
        {"code_quartier": f"Q{i}", "date_creation_demande": creation, "date_bail": bail}
        for i, (creation, bail, _) in enumerate(DELAIS)
    ]
    depot = Depot.de(jeu((quartier(f"Q{i}") for i in range(len(DELAIS))), baux), tmp_path)
    lignes = par_quartier(depot.lignes("delais", "2017S1", par=("quartier",)))
    assert [lignes[f"Q{i}"]["moyenne_mois"] for i in range(len(DELAIS))] == [mois for *_, mois in DELAIS]


def test_the_eve_of_the_period_is_out_and_its_last_day_is_in(tmp_path):
    jours = (date(2016, 12, 31), date(2017, 1, 1), date(2017, 6, 30), date(2017, 7, 1), date(2017, 12, 31))
    depot = Depot.de(jeu([], [{"date_bail": jour} for jour in (*jours, date(2018, 1, 1))]), tmp_path)
    # semester: 1 July and 31 December; twelve months: 1 January and 30 June as well
    assert depot.lignes("npru", "2017S2")[0]["n"] == 2
    assert depot.lignes("npru", "2017S2", "annee")[0]["n"] == 4


def test_a_commune_spanning_classes_sums_the_gaps_of_its_classes(tmp_path):
    # fragile 3/3: ⌈3 − 1.5⌉ = 2; sans 0/3: ⌈1.5⌉ = 2; moyenne 0/1: ⌈0.45⌉ = 1; inconnu 0. In all 5, of 3 in 8.
    quartiers = [quartier(f, fragilite=f) for f in ("fragile", "moyenne", "sans")]
    lieux = [("fragile", MODESTE)] * 3 + [("sans", ELEVE)] * 3 + [("moyenne", ELEVE), (None, ELEVE)]
    baux = [{"code_quartier": q, "n_personnes": 1, "revenu_fiscal": r} for q, r in lieux]
    (lille,) = Depot.de(jeu(quartiers, baux), tmp_path).lignes("equilibre", "2017S2", par=("commune",))
    assert (lille["numerateur"], lille["n_connus"], lille["ecart_attributions"]) == (3, 8, 5)
    assert (lille["cible"], lille["verdict"]) == (0.5, None)
    assert lille["ecart_points"] == pytest.approx(-12.5, rel=1e-12)


def test_a_target_reached_exactly_is_reached(tmp_path):
    # 18 ACI households of 40 first accesses are 0.45 exactly; a mutation does not count; two labels count once.
    baux = [{"aci": True, "dalo": True}] * 18 + [{}] * 22 + [{"aci": True, "mutation": True}]
    depot = Depot.de(jeu([], [{**SANS_ETIQUETTE, **b} for b in baux]), tmp_path)
    (ensemble,) = depot.lignes("aci", "2017S2")
    assert (ensemble["n"], ensemble["numerateur"]) == (40, 18)
    assert (ensemble["ecart_attributions"], ensemble["verdict"], ensemble["ecart_points"]) == (0, "atteint", 0)


def test_the_quartier_given_wins_over_that_of_the_residence(tmp_path):
    residence = {"code_residence": "R", "code_bailleur": "B1", "code_quartier": "DE LA RÉSIDENCE", "n_logements": 10}
    lieux = [("DONNÉ", "R"), (None, "R"), ("INEXISTANT", "R"), (None, "INEXISTANTE"), (None, None)]
    baux = [{"code_quartier": q, "code_residence": r} for q, r in lieux]
    tables = jeu([quartier("DONNÉ"), quartier("DE LA RÉSIDENCE", code_qpv="QP1")], baux, [residence])
    depot = Depot.de(tables, tmp_path)

    def effectifs(coupe):
        return {x[coupe]: x["n"] for x in depot.lignes("npru", "2017S2", par=(coupe,))}

    assert effectifs("quartier") == {"DONNÉ": 1, "DE LA RÉSIDENCE": 2, "inconnu": 2}
    assert effectifs("residence") == {"R": 3, "inconnu": 2}
    assert effectifs("qpv") == {"hors_qpv": 1, "QP1": 2, "inconnu": 2}


def test_a_cell_where_none_is_known_keeps_its_bounds_alone(tmp_path):
    tables = jeu([quartier("Q", fragilite="sans")], [{"code_quartier": "Q", "n_personnes": 1, "revenu_fiscal": None}])
    (cellule,) = Depot.de(tables, tmp_path).lignes("equilibre", "2017S2", par=("quartier",))
    assert (cellule["n"], cellule["n_connus"], cellule["part_min"], cellule["part_max"]) == (1, 0, 0, 1)
    assert cellule["cible"] == 0.5
    vides = ("part", "ic_bas", "ic_haut", "ecart_points", "ecart_attributions", "verdict")
    assert [cellule[c] for c in vides] == [None] * 6


def test_a_commune_listed_without_a_territoire_column_has_none(tmp_path):
    # The table replaces the embedded territoire of those it lists, and a missing column reads as unknown.
    tables = jeu([], [{"code_insee": "59350"}, {"code_insee": "59009"}])
    tables["communes"] = [{"code_insee": "59350", "nom": "Lille", "ici": "ICI 1"}]
    depot = Depot.de(tables, tmp_path)
    lignes = depot.lignes("npru", "2017S2", par=("territoire",))
    assert {x["territoire"]: x["n"] for x in lignes} == {"inconnu": 1, "Est": 1}


def test_a_missing_label_column_leaves_unknown_whoever_bears_another_label_too(tmp_path):
    depot = Depot.de(jeu([], [{"aci": True, "dalo": None}, {"aci": None, "dalo": False}]), tmp_path)
    (aci,) = depot.lignes("aci", "2017S2")
    (droit_commun,) = depot.lignes("droit_commun", "2017S2")
    (npru,) = depot.lignes("npru", "2017S2")
    assert (aci["numerateur"], aci["n_connus"], aci["n_inconnus"]) == (0, 0, 2)
    assert (droit_commun["numerateur"], droit_commun["n_connus"]) == (0, 0)
    assert (npru["numerateur"], npru["n_connus"], npru["n_inconnus"]) == (0, 0, 2)
