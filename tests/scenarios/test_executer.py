"""Scenarios run on a store: figures of `indicateur`, levers at rest, comparisons, every simulation by the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from mel_core.cli.commandes import MAL_APPELE, principal
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.erreurs import AppelIncorrect
from mel_core.periodes import Periode, Seance
from mel_core.scenarios import MOTEURS, Scenario, comparer, depart, effets, executer, lecture, repondre
from mel_core.scenarios.leviers import LEVIERS
from mel_core.simulation.faisabilite import sommer_vacances
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, table

S2017 = Seance(2017, 2)
JOUR = date(2017, 12, 31)


def _attributions() -> list[dict[str, object]]:
    """100 in a fragile quartier of Roubaix, 66 of them modest; 40 without fragilité in Lille, 12 modest; 60 % ACI."""
    lignes: list[dict[str, object]] = []
    for quartier, commune, n, modestes in (("QF", ROUBAIX, 100, 66), ("QS", LILLE, 40, 12)):
        for i in range(n):
            # Category 1 in 2017: PLUS ceiling 20 107 €; 4 000 is under 20 % of it, 15 000 over 60 %.
            revenu = 4000 if i < modestes else 15000
            menage = {"categorie_menage": 1, "n_personnes": 1, "revenu_fiscal": revenu}
            lieu = {"code_insee": commune, "code_quartier": quartier, "code_bailleur": "B1" if i % 2 else "B2"}
            lignes.append(attribution(len(lignes), **menage, **lieu, aci=i < 0.4 * n))
    return lignes


def _demandes() -> list[dict[str, object]]:
    """30 in Roubaix and 25 in Lille, one in five ACI, first access; half modest; all two years old."""
    lignes: list[dict[str, object]] = []
    for commune, n in ((ROUBAIX, 30), (LILLE, 25)):
        for i in range(n):
            lignes.append(
                {
                    "pseudonyme": f"d{len(lignes)}",
                    "date_creation": date(2015, 12, 1 + i),
                    "etat": "ACTIVE",
                    "n_personnes": 1,
                    "revenu_fiscal": 4000 if i % 2 else 15000,
                    "statut_logement": "LP",
                    "communes_souhaitees": [commune],
                    "code_insee_actuel": commune,
                    **{"aci": i % 5 == 0, "dalo": False, "pdalhpd": False, "mutation_bloquee": False, "npru": False},
                }
            )
    return lignes


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chemin = tmp_path_factory.mktemp("magasin")
    entrepot = Entrepot(chemin)
    quartiers = [
        {"code_quartier": code, "nom": code, "code_insee": commune, "fragilite": fragilite}
        for code, commune, fragilite in (("QF", ROUBAIX, "fragile"), ("QS", LILLE, "sans"))
    ]
    occupants = {f"n_occupants_{c}": 25 for c in ("tres_modestes", "modestes", "intermediaires", "eleves")}
    residences = [
        {"code_residence": f"R{i}", "code_bailleur": b, "code_quartier": q, "n_logements": 500, "taux_rotation": 0.1}
        | occupants
        | ({"n_occupants_modestes": 75} if q == "QF" else {})
        for i, (b, q) in enumerate([("B1", "QF"), ("B2", "QF"), ("B1", "QS"), ("B2", "QS")])
    ]
    operations = [
        {"code_operation": "O1", "code_insee": LILLE, "annee": 2018, "n_logements": 9, "n_plus": 7, "n_plai": 2}
    ]
    tables = {
        "bailleurs": bailleurs("B1", "B2"),
        "quartiers": table("quartiers", *quartiers),
        "residences": table("residences", *residences),
        "attributions": table("attributions", *_attributions()),
        "programmation": table("programmation", *operations),
    }
    demandes = [{"numero_unique": d.pop("pseudonyme"), **d} for d in _demandes()]
    tables["demandes"] = table("demandes", *demandes)
    with entrepot.reserver():
        entrepot.publier(chargement(**tables))
    return chemin


@pytest.fixture
def lecteur(dossier: Path) -> Iterator[Lecteur]:
    with Entrepot(dossier).ouvrir(Portee.mel(), S2017) as ouvert:
        yield ouvert


def test_66_percent_in_fragile_quartiers_is_16_over_50(lecteur: Lecteur) -> None:
    resultat = executer(lecteur, Scenario("equilibre", S2017))
    # Fragile: 66 − 50 = 16 fewer; sans: 0.5 × 40 − 12 = 8 more. Wanted in Roubaix: 15 non-modest; in Lille: 12 modest.
    assert resultat.synthese["a_reorienter"] == 16 + 8
    assert (resultat.synthese["n_en_moins"], resultat.synthese["n_en_plus"]) == (16, 8)
    assert resultat.constat["part_fragile"] == pytest.approx(0.66)
    assert resultat.synthese["part_sans"] == pytest.approx(0.5)
    assert resultat.verdict == "infaisable"
    assert "Roubaix" in resultat.phrase
    assert "(16 de moins et 8 de plus à des ménages modestes)" in resultat.phrase.replace("\xa0", " ")
    dite = resultat.phrase.replace("\u202f", " ").replace("\xa0", " ")
    assert "16 ménages non modestes et 15 l’ont demandée" in dite
    # Four cells, 500 × 0.1 freed in each; non-modest in less (15 + 13) and modest in more (15 + 12): everybody waits.
    assert "face à 200 logements libérés et 55 demandeurs éligibles" in dite
    assert (resultat.limite.n_demandes, resultat.limite.n_disponibles) == (16, 15)
    for cle in ("commune", "bailleur", "fragilite", "quartier"):
        assert resultat.details[cle]["a_reorienter"].sum() == 24


def test_aci_counts_the_stock_and_its_clearing(lecteur: Lecteur) -> None:
    resultat = executer(lecteur, Scenario("aci", S2017, {"cible": "45 %"}))
    # 40 + 16 ACI of 140: 56; 0.45 × 140 = 63, so 7 more. Stock: 6 + 5 = 11 at the end of 2017, 11 the year before.
    assert resultat.synthese["a_reorienter"] == 7
    assert (resultat.constat["n_loges"], resultat.synthese["n_loges"]) == (56, 63)
    assert resultat.synthese["n_stock"] == 11
    # 56 were housed and the stock did not move, so 56 came: 11 − 63 + 56 = 4 left; 7/2 = 3.5 a semester.
    assert resultat.synthese["n_restants"] == 4
    assert (resultat.constat["semestres"], resultat.synthese["semestres"]) == (None, 4)


def test_the_sentence_says_the_floor_of_each_place_beside_that_of_the_whole(lecteur: Lecteur) -> None:
    cible = "45 % de ménages ACI"
    planchers = {"cibles_bailleurs": {"B1": "60 %", "B2": "45 %"}, "cibles_communes": {ROUBAIX: "50 %"}}
    for leviers, dite in (
        ({}, f"Viser {cible} demande"),
        # the objective in force still holds for the whole; B2 has the same, which is not said twice
        (planchers, f"Viser {cible} dans l’ensemble, 60 % chez Bailleur B1 et 50 % à Roubaix demande"),
    ):
        phrase = executer(lecteur, Scenario("aci", S2017, leviers)).phrase.replace("\u202f", " ").replace("\xa0", " ")
        assert phrase.startswith(dite), phrase


def test_the_sentence_says_that_it_counts_only_the_attributions_that_it_knows(tmp_path: Path) -> None:
    # 20 first accesses in a fragile quartier: 5 without an income, 12 modest of the 15 others; 4 without labels, 5 ACI
    # of the 16 others. Fragile: 12 − ⌊0.5 × 15⌋ = 5 fewer; ACI: ⌈0.45 × 16⌉ − 5 = 3 more.
    lignes = [
        attribution(i, code_quartier="QF", code_insee=ROUBAIX, categorie_menage=1, n_personnes=1)
        | {"revenu_fiscal": None if i < 5 else 4000 if i < 17 else 15000, "aci": None if i < 4 else i < 9}
        for i in range(20)
    ]
    quartier = {"code_quartier": "QF", "nom": "QF", "code_insee": ROUBAIX, "fragilite": "fragile"}
    entrepot = Entrepot(tmp_path)
    with entrepot.reserver():
        entrepot.publier(
            chargement(
                bailleurs=bailleurs("B1"),
                quartiers=table("quartiers", quartier),
                attributions=table("attributions", *lignes),
            )
        )
    with entrepot.ouvrir(Portee.mel(), S2017) as ouvert:
        for simulation, dite in (
            ("equilibre", "réorienter 5 attributions sur 15 attendues aux ressources connues en 2 semestres"),
            ("aci", "réorienter 3 attributions sur 16 premiers accès attendus aux labels connus en 2 semestres"),
        ):
            resultat = executer(ouvert, Scenario(simulation, S2017))
            assert dite in resultat.phrase.replace("\u202f", " ").replace("\xa0", " "), resultat.phrase


def test_the_constat_is_what_the_indicator_says(lecteur: Lecteur) -> None:
    from mel_core.indicateurs import calculer

    parts = calculer(lecteur, "equilibre", Periode.de(S2017, "annee"), ("fragilite",)).set_index("fragilite")["part"]
    constat = executer(lecteur, Scenario("equilibre", S2017, {"cible_fragile": 0.6})).constat
    assert constat["part_fragile"] == pytest.approx(parts["fragile"])
    assert constat["part_sans"] == pytest.approx(parts["sans"])


def test_applicants_are_counted_where_they_ask_and_once_over_the_scope(lecteur: Lecteur) -> None:
    lus = lecture.eligibles(lecteur, JOUR, None).set_index("commune")
    assert lus.loc[ROUBAIX, ["n_modestes", "n_non_modestes", "n_aci", "n_non_aci"]].tolist() == [15, 15, 6, 24]
    # Every fifth one is ACI, every second one modest: of 0, 5, 10, 15, 20, 25 the odd ones.
    assert lus.loc[ROUBAIX, ["n_modestes_aci", "n_non_modestes_aci"]].tolist() == [3, 3]
    assert lus.loc[LILLE, ["n_modestes", "n_non_modestes", "n_aci", "n_non_aci"]].tolist() == [12, 13, 5, 20]
    assert lus.loc["ensemble", ["n_modestes", "n_non_modestes", "n_aci", "n_aci_avant"]].tolist() == [27, 28, 11, 11]


def test_dwellings_freed_are_the_rotation_of_the_residences(lecteur: Lecteur) -> None:
    lues = lecture.vacances(lecteur, JOUR, None)
    assert lues["n_vacances_an"].tolist() == [50.0] * 4  # 500 × 0.1, in each commune × bailleur


def test_dwellings_freed_are_unknown_when_one_part_of_a_sum_is() -> None:
    lues = pd.DataFrame(
        [("A", "x", "fragile", 1.0), ("A", "x", "sans", None), ("B", "x", "sans", 2.0), ("B", "x", "fragile", 3.0)],
        columns=["commune", "bailleur", "fragilite", "n_vacances_an"],
    )
    sommes = sommer_vacances(lues, ["commune", "bailleur"]).set_index("commune")["n_vacances_an"]
    assert pd.isna(sommes["A"])
    assert sommes["B"] == 5


def test_quartiers_expect_what_the_other_levels_expect_at_any_horizon(lecteur: Lecteur) -> None:
    resultat = executer(lecteur, Scenario("equilibre", S2017, {"horizon": 20}))
    # 140 attributions a year over ten years; 66 − 50 = 16 and 20 − 12 = 8, ten times as many.
    for cle in ("commune", "bailleur", "fragilite", "quartier"):
        detail = resultat.details[cle]
        assert (detail["n_connus"].sum(), detail["a_reorienter"].sum()) == (1400, 240)
        assert detail["numerateur_vise"].between(0, detail["n_connus"]).all()
    assert resultat.resultat["n"].sum() == 1400


def test_a_plan_has_the_same_targets_whatever_the_horizon(lecteur: Lecteur) -> None:
    comptes = {executer(lecteur, Scenario("plan", S2017, {"horizon": h})).synthese["n_objectifs"] for h in (1, 2, 6)}
    assert len(comptes) == 1


@pytest.mark.parametrize(
    ("seance", "leviers", "motif", "phrase"),
    [
        (Seance(2031, 1), {}, "aucune_attribution", "aucune attribution n’est connue"),
        (S2017, {"attributions_attendues": 0}, "aucune_attendue", "aucune attribution n’est attendue"),
    ],
)
def test_a_plan_that_changes_nothing_says_why(
    seance: Seance, leviers: dict[str, int], motif: str, phrase: str, lecteur: Lecteur
) -> None:
    cibles = {"cible": "50 %", "cible_aci": "45 %"}
    resultat = executer(lecteur, Scenario("plan", seance, {**cibles, **leviers}))
    assert resultat.motif == motif
    assert phrase in resultat.phrase
    assert resultat.synthese["n_objectifs"] == 0


@pytest.mark.parametrize(
    ("simulation", "leviers", "motif"),
    [
        ("convergence", {}, "objectif_observe"),
        ("programmation", {"part_plai": "10 %"}, "deja_atteint"),  # 2 PLAI of 9 is over 10 %
        ("ordonnancement", {"taille": 5}, "meme_ordre"),
        ("engagement", {"segment": "attente_24"}, "flux_inconnu"),  # the bails are of households not in the data
        ("equilibre", {"cible_fragile": "90 %", "cible_sans": "10 %"}, "deja_atteint"),
        ("aci", {"cible": "10 %"}, "deja_atteint"),
        ("plan", {"cible_fragile": "90 %", "cible_sans": "10 %", "cible_aci": "10 %"}, "deja_atteint"),
    ],
)
def test_what_changes_nothing_says_why_in_the_sentence_and_on_the_command_line(
    simulation: str,
    leviers: dict[str, object],
    motif: str,
    dossier: Path,
    lecteur: Lecteur,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = Scenario(simulation, S2017, leviers)  # type: ignore[arg-type]
    assert executer(lecteur, scenario).motif == motif
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    assert capsys.readouterr().out.startswith("Rien ne change")


def test_gaps_are_points_on_the_command_line(dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = Scenario("convergence", S2017, {"cible_fragile": "40 %"})
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    # 100 modest of 150 in the fragile résidences, 50 of 100 in the others: 66.7 − 50.
    assert "ecart_initial : +16,7 points" in capsys.readouterr().out.replace("\xa0", " ").replace("\u202f", " ")


_LEVIERS = {
    "equilibre": {"cible_fragile": "60 %", "cible_sans": "40 %", "horizon": 4},
    "aci": {"cible": "50 %", "cibles_communes": {ROUBAIX: "60 %"}},
    "convergence": {"cible_fragile": "40 %", "cible_sans": "55 %"},
    "engagement": {"segment": "attente_24", "part": "20 %"},
    "programmation": {"part_plai": "30 %", "rythme": 2},
    "ordonnancement": {"poids_aci": 5, "taille": 10},
    "plan": {"cible_fragile": "60 %", "cible_aci": "42 %"},
}


@pytest.mark.parametrize("simulation", sorted(MOTEURS))
def test_each_simulation_answers_by_the_command_what_it_answers_in_the_core(
    simulation: str, dossier: Path, lecteur: Lecteur, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario(simulation, S2017, _LEVIERS[simulation], nom="Essai")
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml"), "--format", "json"]) == 0
    obtenu = json.loads(capsys.readouterr().out)
    attendu = executer(lecteur, scenario)
    assert obtenu == json.loads(json.dumps(attendu.en_json()))
    assert {"simulation", "scenario", "constat", "resultat", "verdict", "motif", "phrase"} <= set(obtenu)
    assert obtenu["phrase"].endswith(".")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    assert capsys.readouterr().out.startswith(attendu.phrase)


# Every lever that changes no reading, each away from its rest.
_DEPLACES = {
    "equilibre": {
        "cible": "40 %", "cible_fragile": "60 %", "cible_moyenne": "60 %", "cible_sans": "40 %", "bande": "10 %",
        "attributions_attendues": 87_749, "horizon": 4,
    },
    "aci": {
        "cible": "60 %", "cibles_communes": {ROUBAIX: "60 %"}, "cibles_bailleurs": {"B1": "60 %"},
        "attributions_attendues": 87_749, "horizon": 5,
    },
    "convergence": {
        "cible_fragile": "40 %", "cible_moyenne": "40 %", "cible_sans": "55 %", "horizon": 3, "marge_rotation": "50 %",
    },
    "engagement": {"nombre": 3, "part": "20 %"},
    "programmation": {"part_plai": "40 %", "lisser": True, "depuis": 2019, "rythme": 2, "n_demolis": 100},
    "ordonnancement": {
        **{f"poids_{c}": 5 for c in ("aci", "poulidor", "mutation_bloquee", "delai_anormal", "sur_occupation")},
        "poids_anciennete": 3, "poids_attachement": 5, "taille": 10,
    },
    "plan": {
        "cible": "40 %", "cible_fragile": "60 %", "cible_moyenne": "60 %", "cible_sans": "30 %", "bande": "10 %",
        "cible_aci": "38 %", "cibles_communes": {ROUBAIX: "60 %"}, "cibles_bailleurs": {"B1": "60 %"},
        "effectif_minimal": 60, "attributions_attendues": 280, "horizon": 4,
    },
}  # fmt: skip


@pytest.mark.parametrize(("simulation", "levier"), [(s, levier) for s, tous in _DEPLACES.items() for levier in tous])
def test_the_constat_never_moves_with_a_lever(simulation: str, levier: str, lecteur: Lecteur) -> None:
    lus = {"segment": "attente_24"} if simulation == "engagement" else {}
    repos = Scenario(simulation, S2017, lus)
    lu = depart(lecteur, repos)
    constat = repondre(lu, repos).constat
    assert repondre(lu, Scenario(simulation, S2017, lus | {levier: _DEPLACES[simulation][levier]})).constat == constat


def test_a_lever_that_the_rule_of_the_segment_does_not_read_says_so(lecteur: Lecteur) -> None:
    def phrase(segment: str, **leviers: object) -> str:
        lue = executer(lecteur, Scenario("engagement", S2017, {"segment": segment, "nombre": 3, **leviers})).phrase
        return lue.replace("\xa0", " ")

    assert phrase("attente_24", n_min=3).endswith(" Le levier « passages au moins » ne joue pas sur ce segment.")
    assert phrase("jamais_presentes", mois=36, fenetre=12).endswith(
        " Les leviers « mois d’attente » et « fenêtre (mois) » ne jouent pas sur ce segment."
    )
    assert "ne joue" not in phrase("poulidor", n_min=3, fenetre=12) + phrase("attente_24", mois=36)


def test_every_lever_that_changes_no_reading_was_moved() -> None:
    assert {s: set(tous) for s, tous in _DEPLACES.items()} == {s: set(LEVIERS[s]) - MOTEURS[s].lus for s in _DEPLACES}


def test_the_effect_of_a_lever_is_told_from_the_constat_and_the_objective_has_a_line_of_its_own(
    lecteur: Lecteur,
) -> None:
    lus = effets(lecteur, Scenario("equilibre", S2017, {"cible_fragile": "60 %", "cible_sans": "40 %"}))
    effet = lus.pivot(index="levier", columns="chiffre", values="effet")
    # The constat reorients nobody and has 66 % modest in the fragile quartiers. The objective, 50 %: 16 fewer there, 8
    # more elsewhere. Fragile at 60 %, elsewhere at the objective: 6 + 8. Elsewhere at 40 %, fragile at 50 %: 16 + 4.
    # Both: 6 + 4, which is what the one (−10) and the other (−4) take off the 24 of the objective.
    assert effet["a_reorienter"].to_dict() == {
        "objectif": 24, "cible_fragile": 14, "cible_sans": 20, "ensemble": 10, "interaction": 0,
    }  # fmt: skip
    assert effet.loc["objectif", "part_fragile"] == pytest.approx(-0.16)
    assert effet.loc["cible_fragile", "part_fragile"] == pytest.approx(-0.06)
    assert effet.loc["cible_sans", "part_fragile"] == pytest.approx(-0.16)
    # Nothing is voted there: no line for an objective.
    assert "objectif" not in set(effets(lecteur, Scenario("programmation", S2017, {"part_plai": "30 %"}))["levier"])


@pytest.mark.parametrize("simulation", sorted(MOTEURS))
def test_the_effects_of_levers_and_their_interaction_add_up(simulation: str, lecteur: Lecteur) -> None:
    scenario = Scenario(simulation, S2017, _LEVIERS[simulation])
    table_effets = effets(lecteur, scenario).pivot(index="levier", columns="chiffre", values="effet")
    leviers = [nom for nom in scenario.leviers if nom in table_effets.index]
    # What the objective does is in each of them, and counts once.
    objectif = table_effets.loc["objectif"] if "objectif" in table_effets.index else 0 * table_effets.iloc[0]
    somme = objectif + (table_effets.loc[leviers] - objectif).sum(min_count=len(leviers))
    somme += table_effets.loc["interaction"]
    connus = table_effets.loc["ensemble"].notna() & somme.notna()
    assert connus.any()
    assert somme[connus].tolist() == pytest.approx(table_effets.loc["ensemble"][connus].tolist())


def test_a_lever_alone_has_no_interaction(lecteur: Lecteur) -> None:
    table_effets = effets(lecteur, Scenario("equilibre", S2017, {"cible_fragile": "60 %"})).set_index(
        ["levier", "chiffre"]
    )
    # The fragile quartiers at 60 %: 6 fewer there, the 8 more of the objective elsewhere. Alone or together.
    assert table_effets.loc[("cible_fragile", "a_reorienter"), "effet"] == 14
    assert table_effets.loc[("ensemble", "a_reorienter"), "effet"] == 14
    assert table_effets.loc[("interaction", "a_reorienter"), "effet"] == 0


def test_two_scenarios_are_compared_figure_by_figure(lecteur: Lecteur) -> None:
    base = Scenario("equilibre", S2017)
    lu = depart(lecteur, base)
    a, b = repondre(lu, base), repondre(lu, base.avec(cible_fragile=Fraction(60, 100)))
    lignes = comparer(a, b).set_index("chiffre")
    assert lignes.loc["a_reorienter"].tolist() == [0, 24, 14, -10]
    with pytest.raises(AppelIncorrect, match="ne se compare pas"):
        comparer(a, executer(lecteur, Scenario("aci", S2017)))


def test_the_vintage_is_written_on_the_answer(lecteur: Lecteur) -> None:
    assert executer(lecteur, Scenario("aci", S2017)).scenario.millesime == lecteur.instantane.identifiant


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        (Scenario("equilibre", S2017, ici="ICI 9"), "L’ICI « ICI 9 »"),
        (Scenario("engagement", S2017), "donner le levier « segment »"),
        (Scenario("engagement", S2017, {"segment": "poulidors"}), "« poulidors » n’existe pas"),
        (Scenario("engagement", S2017, {"segment": "poulidor", "part": 0.1, "nombre": 3}), "donner l’un des deux"),
        (Scenario("equilibre", S2017, {"horizon": 0}), "« horizon » vaut 0"),
        (
            Scenario("aci", S2017, {"cible": 0.4, "cibles_communes": {"99999": 0.4}}),
            "« 99999 », qui n’est pas une commune",
        ),
        (Scenario("aci", S2017, {"cible": 0.4, "cibles_bailleurs": {LILLE: 0.4}}), "n’est pas un bailleur"),
        (Scenario("plan", S2017, {"cibles_bailleurs": {"B9": 0.4}}), "« B9 », qui n’est pas un bailleur"),
    ],
)
def test_a_scenario_that_cannot_be_tried_is_refused(scenario: Scenario, message: str, lecteur: Lecteur) -> None:
    with pytest.raises(AppelIncorrect, match=message):
        executer(lecteur, scenario)


def test_a_wrong_file_is_a_wrong_call(tmp_path: Path, dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text("simulation = 3", encoding="utf-8")
    arguments = ["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]
    assert principal(arguments) == MAL_APPELE
    assert capsys.readouterr().err.count("\n") == 1


def test_every_simulation_that_has_levers_has_an_engine() -> None:
    assert set(MOTEURS) == set(LEVIERS)


def test_attributions_expected_by_a_plan_are_all_of_them_and_first_accesses_keep_their_share(lecteur: Lecteur) -> None:
    # 140 attributions in twelve months, all of them first accesses of which 40 % ACI: twice as many keep both shares.
    simple, double = (
        executer(lecteur, Scenario("plan", S2017, leviers)) for leviers in ({}, {"attributions_attendues": 280})
    )
    assert double.constat["part_aci"] == pytest.approx(simple.constat["part_aci"])
    n = {r: r.resultat.groupby("indicateur")["n_connus"].sum() for r in (simple, double)}
    assert (n[simple]["equilibre"], n[double]["equilibre"]) == (140, 280)
    assert n[double]["aci"] == 2 * n[simple]["aci"]
