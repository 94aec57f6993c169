"""The cuts `enjeu_mixite`, of the résidence, and `typologie_fragilite`, of the commune; the columns that give them."""

from __future__ import annotations

from datetime import date
from itertools import product

import duckdb
import pytest

from mel_core.cli.suivre import QUESTIONS
from mel_core.contrat.controle import check
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import COUPES, INDICATEURS, compute, suivi
from mel_core.indicateurs.manques import manques_de_coupe
from mel_core.socle.periodes import Periode
from tests.cli.appel import run
from tests.indicateurs.comparaison import en_lignes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, entree, serve, table

TOURCOING, WATTRELOS = "59599", "59650"


def residence(code, enjeu):
    return {
        **{"code_residence": code, "code_bailleur": "B1", "code_quartier": "Q", "n_logements": 9},
        **{"enjeu_mixite": enjeu, "n_occupants_tres_modestes": 3, "n_occupants_modestes": 3},
        **{"n_occupants_intermediaires": 3, "n_occupants_eleves": 1},
    }


def tables():
    """Four résidences, of which one is unknown; four communes: typology alone, class alone, both, neither."""
    communes = [
        {"code_insee": LILLE, "nom": "Lille", "typologie_fragilite": 3},
        {"code_insee": ROUBAIX, "nom": "Roubaix", "fragilite": "fragile"},
        {"code_insee": TOURCOING, "nom": "Tourcoing", "typologie_fragilite": 1, "fragilite": "moyenne"},
    ]
    lieux = [(LILLE, "OUI"), (LILLE, "NON"), (ROUBAIX, "VIDE"), (TOURCOING, "AILLEURS"), (WATTRELOS, None)]
    baux = [attribution(i, code_insee=c, code_residence=r) for i, (c, r) in enumerate(lieux)]
    return {
        "bailleurs": bailleurs("B1"),
        "communes": table("communes", *communes),
        "quartiers": table("quartiers", {"code_quartier": "Q", "nom": "Q", "code_insee": LILLE, "n_hlm": 12}),
        "residences": table("residences", residence("OUI", True), residence("NON", False), residence("VIDE", None)),
        "attributions": table("attributions", *baux),
    }


def cut(entrepot, *par, nom="npru", seance="2017S2"):
    """Cell → n."""
    with entrepot.open(Portee.mel()) as lecteur:
        cellules = en_lignes(compute(lecteur, nom, Periode.de(seance), par))
    return {tuple(c[coupe] for coupe in par): c["n"] for c in cellules}


def test_a_residence_without_a_known_answer_is_of_an_unknown_stake(tmp_path):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    # VIDE says nothing, AILLEURS is in no file, and one attribution names no résidence.
    assert cut(entrepot, "enjeu_mixite") == {("oui",): 1, ("non",): 1, ("inconnu",): 3}


def test_a_commune_has_its_typology_and_the_class_that_it_means_where_none_is_given(tmp_path):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    assert cut(entrepot, "commune", "typologie_fragilite", "fragilite_commune") == {
        (LILLE, "3", "fragile"): 2,  # 3 and 4 mean fragile
        (ROUBAIX, "inconnu", "fragile"): 1,
        (TOURCOING, "1", "moyenne"): 1,  # what is given prevails
        (WATTRELOS, "inconnu", "inconnu"): 1,
    }
    with entrepot.open(Portee.mel()) as lecteur:
        communes = suivi.referentiel(lecteur, jour=date(2017, 12, 31)).set_index("commune")["fragilite"]
    assert communes[[LILLE, ROUBAIX, TOURCOING, WATTRELOS]].tolist() == ["fragile", "fragile", "moyenne", "inconnu"]


def test_what_a_typology_means_is_dated_as_for_the_quartiers(tmp_path):
    charge = chargement(**tables())
    ips = {"fragile": [4], "moyenne": [3, 2], "sans": [1]}
    parametre = entree("fragilite_ips", depuis=date(2017, 7, 1), source="Essai", **ips)
    serve(entrepot := Entrepot(tmp_path), charge)
    assert entrepot.add_parametres(parametre)
    assert cut(entrepot, "fragilite_commune") == {("fragile",): 1, ("moyenne",): 3, ("inconnu",): 1}
    with entrepot.open(Portee.mel()) as lecteur:
        (avant, apres) = (
            suivi.referentiel(lecteur, jour=jour).set_index("commune")["fragilite"][LILLE]
            for jour in (date(2017, 6, 30), date(2017, 7, 1))
        )
        occupants = en_lignes(compute(lecteur, "entrants_occupants", Periode.de("2017S2"), ("fragilite_commune",)))
    assert (avant, apres) == ("fragile", "moyenne")
    # The three résidences are in Lille, of the middle class by then: 6 modest occupants of 10 in each.
    assert {c["fragilite_commune"]: c["part_occupants"] for c in occupants} == {
        "fragile": None,
        "moyenne": 0.6,
        "inconnu": None,
    }


def test_the_occupants_are_cut_by_the_stake_of_their_residence(tmp_path):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    with entrepot.open(Portee.mel()) as lecteur:
        for coupe, codes in (("enjeu_mixite", {"oui", "non", "inconnu"}), ("typologie_fragilite", {"3"})):
            lues = en_lignes(compute(lecteur, "entrants_occupants", Periode.de("2017S2"), (coupe,)))
            assert {c[coupe] for c in lues if c["part_occupants"] == 0.6} == codes


def test_the_column_that_no_file_had_is_named(tmp_path):
    jeu = tables()
    jeu["residences"] = jeu["residences"].drop_columns("enjeu_mixite")
    jeu["communes"] = jeu["communes"].drop_columns("typologie_fragilite")
    presentes = {nom: frozenset(t.column_names) for nom, t in jeu.items()}
    complet = chargement(**tables())
    complet.colonnes_presentes.update(presentes)
    serve(entrepot := Entrepot(tmp_path), complet)
    with entrepot.open(Portee.mel()) as lecteur:
        assert [m.colonnes for m in manques_de_coupe(lecteur, "enjeu_mixite")] == [("enjeu_mixite",)]
        assert [m.colonnes for m in manques_de_coupe(lecteur, "typologie_fragilite")] == [("typologie_fragilite",)]
        assert manques_de_coupe(lecteur, "fragilite_commune") == ()  # the class is given


NEUVES = {
    "communes": ["typologie_fragilite"],
    "communes_fournies": ["typologie_fragilite"],
    "quartiers": ["n_hlm", "part_modestes_parc_social", "part_modestes_parc_prive"],
    "residences": ["enjeu_mixite"],
    "residences_situees": ["enjeu_mixite", "typologie_fragilite"],
    "demandes": ["points"],
    "programmation": ["n_t1", "n_t2", "n_t3", "n_t4", "n_t5", "n_t6p"],
    "attributions_qualifiees": ["enjeu_mixite", "typologie_fragilite"],
}


def age(entrepot):
    """The store as it was before these columns."""
    with duckdb.connect(str(chemin(entrepot.dossier, entrepot.instantane().identifiant))) as base:
        for nom, colonnes in NEUVES.items():
            for colonne in colonnes:
                base.execute(f"alter table {nom} drop column {colonne}")
    return Entrepot(entrepot.dossier)


def test_a_store_made_before_these_columns_opens_and_reads_them_as_unknown(tmp_path):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    ancien = age(entrepot)
    assert cut(ancien, "enjeu_mixite") == {("inconnu",): 5}
    assert cut(ancien, "typologie_fragilite") == {("inconnu",): 5}
    with ancien.open(Portee.mel()) as lecteur:
        for nom, coupe in product(INDICATEURS, COUPES):
            compute(lecteur, nom, Periode.de("2017S2"), (coupe,))
        assert len(suivi.referentiel(lecteur)) == 95
    for portee in (Portee.commune(LILLE), Portee.bailleur("B1"), Portee.ici("ICI 2"), Portee.aucune()):
        with ancien.open(portee) as lecteur:
            compute(lecteur, "entrants_occupants", Periode.de("2017S2"), ("enjeu_mixite",))


@pytest.mark.parametrize("quoi", QUESTIONS)
def test_what_suivre_says_is_said_of_a_store_made_before(tmp_path, quoi):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    age(entrepot)
    dite = run("suivre", quoi, "--seance", "2017S2", "--dossier-donnees", tmp_path)
    assert (dite.returncode, dite.stderr) == (0, "")


def test_a_store_made_before_is_completed_by_a_later_load_and_nothing_is_said_to_have_changed(tmp_path):
    serve(entrepot := Entrepot(tmp_path), chargement(**tables()))
    ancien = age(entrepot)
    base = ancien.instantane()
    with ancien.reserve(), ancien.try_out(chargement(bailleurs=bailleurs("B1")), base) as (_, ecarts):
        assert ecarts[["ajoutees", "parties", "changees"]].to_numpy().sum() == 0
    with ancien.reserve():
        lues = [residence("OUI", True), residence("NON", False), residence("VIDE", True)]
        ancien.publish(chargement(residences=table("residences", *lues)), base=base)
    assert cut(ancien, "enjeu_mixite") == {("oui",): 2, ("non",): 1, ("inconnu",): 2}
    assert cut(ancien, "typologie_fragilite") == {("inconnu",): 5}


def test_the_residences_of_one_bailleur_are_added_to_a_store_made_before(tmp_path):
    serve(entrepot := Entrepot(tmp_path / "depot"), chargement(**tables()))
    ancien = age(entrepot)
    ecrire(
        tmp_path / "jeu",
        bailleurs="code_bailleur;nom\nB1;Un\nB2;Deux\n",
        residences="code_residence;code_bailleur;code_quartier;n_logements;enjeu_mixite\nAILLEURS;B2;Q;9;oui\n",
    )
    importation = import_files(tmp_path / "jeu", ancien, nature="fictive", add=True)
    assert importation.instantane is not None, importation.pertes
    # The résidence of the other bailleur is known by now; those that were in place say nothing of it.
    assert cut(ancien, "enjeu_mixite") == {("oui",): 1, ("inconnu",): 4}


def ecrire(dossier, **textes):
    dossier.mkdir()
    for nom, texte in textes.items():
        (dossier / f"{nom}.csv").write_text(texte, encoding="utf-8")
    return dossier


@pytest.mark.parametrize(
    ("nom", "entete", "ligne", "colonne", "est_bloquant"),
    [
        ("quartiers", "code_quartier;nom;code_insee", "Q;Q;59350", "part_modestes_parc_social=1,01", False),
        ("quartiers", "code_quartier;nom;code_insee", "Q;Q;59350", "part_modestes_parc_prive=-0,1", False),
        ("quartiers", "code_quartier;nom;code_insee", "Q;Q;59350", "n_hlm=-1", False),
        ("demandes", "numero_unique;date_creation;etat;n_personnes", "9;2017-01-01;ACTIVE;1", "points=beaucoup", False),
        ("communes", "code_insee;nom", "59350;Lille", "typologie_fragilite=5", True),
        ("communes", "code_insee;nom", "59350;Lille", "typologie_fragilite=fragile", True),
    ],
)
def test_a_value_out_of_the_contract_puts_its_row_out_or_is_a_question(
    tmp_path, nom, entete, ligne, colonne, est_bloquant
):
    colonne, valeur = colonne.split("=")
    rapport = check(ecrire(tmp_path / "jeu", **{nom: f"{entete};{colonne}\n{ligne};{valeur}\n"})).rapport
    assert rapport.est_bloquant == est_bloquant
    fautives = [a for a in rapport.anomalies if a.colonne == colonne]
    assert [(a.ligne, a.valeur) for a in fautives if a.ligne] in ([(2, valeur)], [])
    assert fautives
    assert est_bloquant or rapport.tables[nom].rejetees == 1


def test_values_of_the_contract_are_read_as_they_are(tmp_path):
    dossier = ecrire(
        tmp_path / "jeu",
        communes="code_insee;nom;typologie_fragilite\n59350;Lille;4\n",
        quartiers="code_quartier;nom;code_insee;n_hlm;part_modestes_parc_social;part_modestes_parc_prive\n"
        "Q;Q;59350;1 204;0,81;0\n",
        bailleurs="code_bailleur;nom\nB1;Un\n",
        residences="code_residence;code_bailleur;code_quartier;n_logements;enjeu_mixite\nR;B1;Q;9;O\nS;B1;Q;9;\n",
        demandes="numero_unique;date_creation;etat;n_personnes;points\n9;2017-01-01;ACTIVE;1;12,5\n",
    )
    lues = check(dossier).tables
    assert lues["communes"]["typologie_fragilite"].to_pylist() == [4]
    assert [lues["quartiers"][c].to_pylist()[0] for c in NEUVES["quartiers"]] == [1204, 0.81, 0]
    assert lues["residences"]["enjeu_mixite"].to_pylist() == [True, None]
    assert lues["demandes"]["points"].to_pylist() == [12.5]
