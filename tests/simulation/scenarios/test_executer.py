"""Scenarios run on a store: figures of `indicateur`, levers at rest, comparisons, every simulation by the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.cli.commandes import MAL_APPELE, principal
from mel_core.entrepot import Lecteur, Portee
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.simulation.reorientation.faisabilite import Faisabilite, Limite, Raison, sum_up_vacances
from mel_core.simulation.reorientation.grille import CibleEssayee
from mel_core.simulation.reorientation.phrases import Cadre, say, say_raison, say_stock
from mel_core.simulation.reorientation.reponses import Exigence
from mel_core.simulation.scenarios import (
    MOTEURS,
    Scenario,
    answer,
    compare,
    depart,
    execute,
    reorientations,
)
from mel_core.simulation.scenarios.scenario import LEVIERS
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, build_store, chargement, table
from tests.lecteurs import lue_par
from tests.simulation.scenarios.conftest import S2017

JOUR = date(2017, 12, 31)


def test_66_percent_in_fragile_quartiers_is_16_over_50(lecteur: Lecteur) -> None:
    resultat = execute(lecteur, Scenario("equilibre", S2017))
    # Fragile: 66 − 50 = 16 fewer; sans: 0.5 × 40 − 12 = 8 more. Wanted in Roubaix: 15 non-modest; in Lille: 12 modest.
    assert resultat.synthese["a_reorienter"] == 16 + 8
    assert (resultat.synthese["n_en_moins"], resultat.synthese["n_en_plus"]) == (16, 8)
    assert resultat.constat["part_fragile"] == pytest.approx(0.66)
    assert resultat.synthese["part_sans"] == pytest.approx(0.5)
    assert resultat.verdict == "infaisable"
    assert "Roubaix" in resultat.write()
    dite = resultat.write().replace("\u202f", " ").replace("\xa0", " ")
    assert (
        "réorienter 24 attributions sur les 140 aux ressources connues en 1 mois sur 12 : 16 de moins à des "
        "ménages modestes dans les quartiers fragiles et 8 de plus dans les quartiers sans fragilité."
    ) in dite
    assert "16 ménages non modestes et 15 l’ont demandée" in dite
    # Four cells, 500 × 0.1 freed in each; non-modest in less (15 + 13) and modest in more (15 + 12): everybody waits.
    assert "200 logements libérés et 55 demandeurs éligibles." in dite
    for cle in ("commune", "bailleur", "fragilite", "quartier"):
        assert resultat.details[cle]["a_reorienter"].sum() == 24


def test_a_room_is_told_what_is_asked_of_a_class_whose_share_is_said_alone_and_no_dwelling(lecteur: Lecteur) -> None:
    for nom, leviers in (("equilibre", {}), ("aci", {"cible": "45 %"})):
        resultat = execute(lecteur, Scenario(nom, S2017, leviers))
        au_poste, en_salle = (re.sub(r"\s", " ", lue_par(a, resultat.write)) for a in (PREPARATION, SALLE))
        assert re.search(r"\d logements? libérés? et \d+ demandeurs? éligibles?", au_poste), nom
        assert "libéré" not in en_salle, nom
    # 66 of 100 in quartiers fragiles: 34 and 66 are said; of the 40 of the others no share is, nor what all are asked.
    en_salle = re.sub(r"\s", " ", lue_par(SALLE, execute(lecteur, Scenario("equilibre", S2017)).write))
    assert en_salle == snapshot(
        "Viser 50 % de ménages modestes : 15 de moins à des ménages modestes dans les quartiers fragiles."
    )
    # In JSON too, the sentence is that of who reads.
    dit = lue_par(SALLE, execute(lecteur, Scenario("equilibre", S2017)).en_json)
    assert re.sub(r"\s", " ", dit["phrase"]) == en_salle


def test_what_a_room_is_asked_by_class_is_said_not_to_add_up_where_each_was_rounded(lecteur: Lecteur) -> None:
    cible = CibleEssayee("equilibre", Fraction(1, 2))
    sens = {"fragile": (113, 0), "moyenne": (0, 0), "sans": (0, 44), "inconnu": (0, 0)}
    parts = dict.fromkeys(("fragile", "moyenne", "sans"), (500, 1000))
    demandee = Exigence(cible, np.array([-113, 44]), 2505, sens, parts, None, None)
    en_salle, au_poste = (re.sub(r"[\s*]+", " ", lue_par(a, say, demandee, Cadre())) for a in (SALLE, PREPARATION))
    assert "réorienter 155 attributions , à l’arrondi près : 115 de moins dans" in en_salle
    assert "et 45 de plus dans" in en_salle
    assert "réorienter 157 attributions : 113 de moins dans" in au_poste
    droite = replace(demandee, mouvements=np.array([-115, 45]), sens={**sens, "fragile": (115, 0), "sans": (0, 45)})
    assert "arrondi" not in lue_par(SALLE, say, droite, Cadre())


def test_aci_counts_the_stock_and_its_clearing(lecteur: Lecteur) -> None:
    resultat = execute(lecteur, Scenario("aci", S2017, {"cible": "45 %"}))
    # 40 + 16 ACI of 140: 56; 0.45 × 140 = 63, so 7 more. Stock: 6 + 5 = 11 at the end of 2017, 11 the year before.
    assert resultat.synthese["a_reorienter"] == 7
    assert (resultat.constat["n_loges"], resultat.synthese["n_loges"]) == (56, 63)
    assert resultat.synthese["n_stock"] == 11
    # 56 were housed and the stock did not move, so 56 came: 11 − 63 + 56 = 4 left; 7/2 = 3.5 a semester.
    assert resultat.synthese["n_restants"] == 4
    assert (resultat.constat["semestres"], resultat.synthese["semestres"]) == (None, 4)
    attente = " ; 4 ménages ACI attendraient encore, et le stock s’écoulerait en 4 semestres"
    assert re.sub(r"\s", " ", lue_par(PREPARATION, say_stock, resultat.synthese)) == attente


def test_households_who_do_not_exist_are_not_housed_and_none_is_said_to_be_the_last(lecteur: Lecteur) -> None:
    # 11 wait and 56 come a year. In three years 11 + 168 = 179, for 60 % of 420 leases: 252; at rest they are 168.
    resultat = execute(lecteur, Scenario("aci", S2017, {"cible": "60 %", "horizon": 6}))
    dite = re.sub(r"\s", " ", resultat.write())
    assert resultat.verdict == "infaisable"
    assert resultat.synthese["n_restants"] is None
    assert "attendrait" not in dite
    assert dite.startswith("Infaisable tel quel : il faut 84 ménages ACI, et 11 attendent sur tout le périmètre. Viser")
    # The pace alone may be too much, where the objective is reached: twice the leases of a year are 112, for 67.
    resultat = execute(lecteur, Scenario("aci", S2017, {"cible": "10 %", "attributions_attendues": 280}))
    dite = re.sub(r"\s", " ", resultat.write())
    assert (resultat.verdict, resultat.synthese["n_restants"]) == ("infaisable", None)
    assert dite == snapshot(
        "Viser 10 % de ménages ACI ne change rien : ce plancher est déjà tenu. Mais le rythme attendu est infaisable "
        "tel quel : il faudrait loger 112 ménages ACI, et 67 attendent ou arriveraient d’ici là."
    )


def test_a_ceiling_above_and_a_floor_below_are_said_to_be_what_they_are(lecteur: Lecteur) -> None:
    leviers = {"cible_fragile": "100 %", "cible_moyenne": "50 %", "cible_sans": "0 %"}
    dite = execute(lecteur, Scenario("equilibre", S2017, leviers)).write()
    assert "plafond en quartiers fragiles, un plancher en quartiers sans fragilité" in dite


@pytest.mark.parametrize(
    ("ou", "dite", "exacte"),
    [
        ({"commune": "59133"}, "dans une commune, il se libère moins", "à Carnin, il faudrait réorienter 40"),
        ({"bailleur": "B1"}, "chez un bailleur, il se libère moins", "chez Le bailleur, il faudrait réorienter 40"),
        ({"fragilite": "sans"}, "dans les quartiers sans fragilité, il se libère", "dans les quartiers sans fragilité"),
    ],
)
def test_a_room_is_not_told_which_commune_nor_which_bailleur_binds(ou: dict[str, str], dite: str, exacte: str) -> None:
    noms = {"59133": "Carnin", "B1": "Le bailleur"}
    limite = Limite(Faisabilite.INFAISABLE, Raison.VACANCES, **ou, n_demandes=40, n_disponibles=4)
    assert lue_par(SALLE, say_raison, limite, noms).startswith(dite)
    assert not re.search(r"\d", lue_par(SALLE, say_raison, limite, noms))
    assert lue_par(PREPARATION, say_raison, limite, noms).replace("\u00a0", " ").startswith(exacte)


@pytest.mark.parametrize("simulation", ["equilibre", "aci", "plan"])
def test_figures_that_do_not_cover_as_long_say_what_each_covers(
    simulation: str, lecteur: Lecteur, dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    un_an, trois_ans = (execute(lecteur, Scenario(simulation, S2017, {"horizon": h})) for h in (2, 6))
    assert un_an.heads("Constat", "Hypothèse") == ("Constat", "Hypothèse")
    avant, apres = (re.sub(r"\s", " ", t) for t in trois_ans.heads("Constat", "Hypothèse"))
    assert (avant, apres) == ("Constat, 1 mois sur 12", "Hypothèse, 6 semestres")
    (tmp_path / "s.toml").write_text(trois_ans.scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    lignes = [re.sub(r"\s", " ", ligne) for ligne in capsys.readouterr().out.splitlines()]
    assert lignes[1] == snapshot("constat, 1 mois sur 12 → scénario, 6 semestres")


def test_the_sentence_says_the_floor_of_each_place_beside_that_of_the_whole(lecteur: Lecteur) -> None:
    cible = "45 % de ménages ACI"
    planchers = {"cibles_bailleurs": {"B1": "60 %", "B2": "45 %"}, "cibles_communes": {ROUBAIX: "50 %"}}
    for leviers, dite in (
        ({}, f"Viser {cible}, c’est"),
        # the objective in force still holds for the whole; B2 has the same, which is not said twice
        (planchers, f"Viser {cible} dans l’ensemble, 60 % chez Bailleur B1 et 50 % à Roubaix, c’est"),
    ):
        phrase = execute(lecteur, Scenario("aci", S2017, leviers)).write().replace("\u202f", " ").replace("\xa0", " ")
        assert dite in phrase, phrase


def test_the_sentence_says_that_it_counts_only_the_attributions_that_it_knows(tmp_path: Path) -> None:
    # 20 first accesses in a fragile quartier: 5 without an income, 12 modest of the 15 others; 4 without labels, 5 ACI
    # of the 16 others. Fragile: 12 − ⌊0.5 × 15⌋ = 5 fewer; ACI: ⌈0.45 × 16⌉ − 5 = 3 more.
    lignes = [
        attribution(i, code_quartier="QF", code_insee=ROUBAIX, categorie_menage=1, n_personnes=1)
        | {"revenu_fiscal": None if i < 5 else 4000 if i < 17 else 15000, "aci": None if i < 4 else i < 9}
        for i in range(20)
    ]
    quartier = {"code_quartier": "QF", "nom": "QF", "code_insee": ROUBAIX, "fragilite": "fragile"}
    entrepot = build_store(
        tmp_path,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", quartier),
            attributions=table("attributions", *lignes),
        ),
    )
    with entrepot.open(Portee.mel(), S2017) as ouvert:
        for simulation, dite in (
            ("equilibre", "réorienter 5 attributions sur les 15 aux ressources connues en 1 mois sur 12"),
            (
                "aci",
                "3 attributions de plus pour eux, sur les 16 premiers accès aux labels connus en 1 mois",
            ),
        ):
            resultat = execute(ouvert, Scenario(simulation, S2017))
            assert dite in resultat.write().replace("\u202f", " ").replace("\xa0", " "), resultat.write()


def test_the_constat_is_what_the_indicator_says(lecteur: Lecteur) -> None:
    from mel_core.indicateurs import compute

    parts = compute(lecteur, "equilibre", Periode.de(S2017, "annee"), ("fragilite",)).set_index("fragilite")["part"]
    constat = execute(lecteur, Scenario("equilibre", S2017, {"cible_fragile": 0.6})).constat
    assert constat["part_fragile"] == pytest.approx(parts["fragile"])
    assert constat["part_sans"] == pytest.approx(parts["sans"])


def test_applicants_are_counted_where_they_ask_and_once_over_the_scope(lecteur: Lecteur) -> None:
    lus = reorientations.eligibles(lecteur, JOUR, None).set_index("commune")
    assert lus.loc[ROUBAIX, ["n_modestes", "n_non_modestes", "n_aci", "n_non_aci"]].tolist() == [15, 15, 6, 24]
    # Every fifth one is ACI, every second one modest: of 0, 5, 10, 15, 20, 25 the odd ones.
    assert lus.loc[ROUBAIX, ["n_modestes_aci", "n_non_modestes_aci"]].tolist() == [3, 3]
    assert lus.loc[LILLE, ["n_modestes", "n_non_modestes", "n_aci", "n_non_aci"]].tolist() == [12, 13, 5, 20]
    assert lus.loc["ensemble", ["n_modestes", "n_non_modestes", "n_aci", "n_aci_avant"]].tolist() == [27, 28, 11, 11]


def test_dwellings_freed_are_the_rotation_of_the_residences(lecteur: Lecteur) -> None:
    lues = reorientations.vacances(lecteur, JOUR, None)
    assert lues["n_vacances_an"].tolist() == [50.0] * 4  # 500 × 0.1, in each commune × bailleur


def test_dwellings_freed_are_unknown_when_one_part_of_a_sum_is() -> None:
    lues = pd.DataFrame(
        [("A", "x", "fragile", 1.0), ("A", "x", "sans", None), ("B", "x", "sans", 2.0), ("B", "x", "fragile", 3.0)],
        columns=["commune", "bailleur", "fragilite", "n_vacances_an"],
    )
    sommes = sum_up_vacances(lues, ["commune", "bailleur"]).set_index("commune")["n_vacances_an"]
    assert pd.isna(sommes["A"])
    assert sommes["B"] == 5


def test_quartiers_expect_what_the_other_levels_expect_at_any_horizon(lecteur: Lecteur) -> None:
    resultat = execute(lecteur, Scenario("equilibre", S2017, {"horizon": 20}))
    # 140 attributions a year over ten years; 66 − 50 = 16 and 20 − 12 = 8, ten times as many.
    for cle in ("commune", "bailleur", "fragilite", "quartier"):
        detail = resultat.details[cle]
        assert (detail["n_connus"].sum(), detail["a_reorienter"].sum()) == (1400, 240)
        assert detail["numerateur_vise"].between(0, detail["n_connus"]).all()
    assert resultat.resultat["n"].sum() == 1400


def test_a_plan_has_the_same_targets_whatever_the_horizon(lecteur: Lecteur) -> None:
    comptes = {execute(lecteur, Scenario("plan", S2017, {"horizon": h})).synthese["n_objectifs"] for h in (1, 2, 6)}
    assert len(comptes) == 1


@pytest.mark.parametrize(
    ("seance", "leviers", "motif", "phrase"),
    [
        (Seance(2031, 1), {}, "aucune_attribution", "il n’y a aucune attribution"),
        (S2017, {"attributions_attendues": 0}, "aucune_attendue", "aucune attribution n’est attendue"),
    ],
)
def test_a_plan_that_changes_nothing_says_why(
    seance: Seance, leviers: dict[str, int], motif: str, phrase: str, lecteur: Lecteur
) -> None:
    cibles = {"cible": "50 %", "cible_aci": "45 %"}
    resultat = execute(lecteur, Scenario("plan", seance, {**cibles, **leviers}))
    assert resultat.motif == motif
    assert phrase in resultat.write()
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
    assert execute(lecteur, scenario).motif == motif
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    assert re.match(r"(Rien ne change|Viser.+ ne change rien)\s: ", capsys.readouterr().out)


def test_gaps_are_points_on_the_command_line(dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = Scenario("convergence", S2017, {"cible_fragile": "40 %"})
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    # 100 modest of 150 in the fragile résidences, 50 of 100 in the others: 66.7 − 50.
    assert "ecart_initial : +16,7 points" in capsys.readouterr().out.replace("\xa0", " ").replace("\u202f", " ")


LEVIERS_D_ESSAI = {
    "equilibre": {"cible_fragile": "60 %", "cible_sans": "40 %", "horizon": 4},
    "aci": {"cible": "50 %", "cibles_communes": {ROUBAIX: "60 %"}},
    "convergence": {"cible_fragile": "40 %", "cible_sans": "55 %"},
    "engagement": {"segment": "attente_24", "part": "20 %"},
    "programmation": {"part_plai": "30 %", "rythme": 2},
    "ordonnancement": {"poids_aci": 5, "taille": 10},
    "plan": {"cible_fragile": "60 %", "cible_aci": "42 %"},
}


def test_a_floor_that_is_missed_would_be_lower_by_a_point_and_a_ceiling_higher(lecteur: Lecteur) -> None:
    def dite(leviers: dict[str, str]) -> str:
        return re.sub(r"\s+", " ", execute(lecteur, Scenario("plan", S2017, leviers)).write())

    # Of the 30 who ask for Roubaix 6 are ACI: with the 40 of today 46 of 100, 44 under 90 %; 89 % is one fewer.
    assert (
        "Tenir 90 % de ménages ACI à Roubaix demanderait 44 attributions que les demandeurs de la commune ne "
        "permettent pas ; un point de moins en libère 1."
    ) in dite({"cible_aci": "90 %"})
    # 66 of 100 modest in its fragile quartiers, 16 over 50; 15 of those who ask for it are not: 51 % would do.
    assert (
        "Tenir 50 % de ménages modestes à Roubaix en quartiers fragiles demanderait 1 attribution que les demandeurs "
        "de la commune ne permettent pas ; un point de plus en libère 1."
    ) in dite({"cible_aci": "40 %"})


@pytest.mark.parametrize("simulation", sorted(MOTEURS))
def test_each_simulation_answers_by_the_command_what_it_answers_in_the_core(
    simulation: str, dossier: Path, lecteur: Lecteur, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario(simulation, S2017, LEVIERS_D_ESSAI[simulation], nom="Essai")
    (tmp_path / "s.toml").write_text(scenario.toml(), encoding="utf-8")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml"), "--format", "json"]) == 0
    obtenu = json.loads(capsys.readouterr().out)
    attendu = execute(lecteur, scenario)
    assert obtenu == json.loads(json.dumps(attendu.en_json()))
    assert {"simulation", "scenario", "constat", "resultat", "verdict", "motif", "phrase"} <= set(obtenu)
    assert obtenu["phrase"].endswith(".")
    assert principal(["--dossier-donnees", str(dossier), "simuler", str(tmp_path / "s.toml")]) == 0
    assert capsys.readouterr().out.startswith(attendu.write())


def test_two_scenarios_are_compared_figure_by_figure(lecteur: Lecteur) -> None:
    base = Scenario("equilibre", S2017)
    lu = depart(lecteur, base)
    a, b = answer(lu, base), answer(lu, replace(base, leviers={"cible_fragile": Fraction(60, 100)}))
    lignes = compare(a, b).set_index("chiffre")
    assert lignes.loc["a_reorienter"].tolist() == [0, 24, 14, -10]
    with pytest.raises(AppelIncorrect, match="ne se compare pas"):
        compare(a, execute(lecteur, Scenario("aci", S2017)))


def test_the_vintage_is_written_on_the_answer(lecteur: Lecteur) -> None:
    assert execute(lecteur, Scenario("aci", S2017)).scenario.millesime == lecteur.instantane.identifiant


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
        execute(lecteur, scenario)


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
        execute(lecteur, Scenario("plan", S2017, leviers)) for leviers in ({}, {"attributions_attendues": 280})
    )
    assert double.constat["part_aci"] == pytest.approx(simple.constat["part_aci"])
    n = {r: r.resultat.groupby("indicateur")["n_connus"].sum() for r in (simple, double)}
    assert (n[simple]["equilibre"], n[double]["equilibre"]) == (140, 280)
    assert n[double]["aci"] == 2 * n[simple]["aci"]
