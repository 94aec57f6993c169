"""Who is asked to take position on a decision: the same for the screens and the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from inline_snapshot import snapshot

from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Blocage, Decision, Position, blocages, decisions, presences, promesses
from mel_core.seance.preuves import Secteur
from mel_core.socle.periodes import Seance
from tests.mots import simple

S1, ICI = Seance(2017, 1), "ICI 2"
ANNE = Auteur("Anne Exemple", "MEL")
NOMS = {"59512": "Roubaix", "59599": "Tourcoing", "COLACT": "Action Logement", "B1": "Bailleur B1", "B2": "Bailleur B2"}
INSTITUTIONS = ["MEL", "État (DDTM)", "AR-Habitat", "Action Logement"]


def test_who_acts_who_reported_what_was_merged_and_the_communes_aimed_at_are_asked_once_each(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    porteur, autre = (
        blocages.report(
            journal, Blocage(S1, qui, Secteur(ICI, ("59512",)), "Peu de T2"), ANNE, identifiant=qui, op_id=qui
        )
        for qui in ("COLACT", "59599")
    )
    blocages.merge(journal, blocages.retain(journal, porteur, ANNE, "r"), [autre], ANNE, "f")
    decision = Decision(S1, ICI, "Essai", "Bailleur B2", date(2017, 12, 31), blocage="COLACT", positions={})
    par_nom = decisions.read_positions(journal, decision, NOMS)
    assert par_nom == dict.fromkeys(["Bailleur B2", *INSTITUTIONS, "Tourcoing", "Roubaix"], Position.NON_EXPRIMEE)


def test_a_decision_that_answers_no_item_asks_who_acts_and_the_institutions_and_keeps_who_took_position(
    tmp_path: Path,
) -> None:
    prises = {"B1": Position.RESERVE, "COLACT": Position.ACTE}
    decision = Decision(S1, ICI, "Essai", "MEL", date(2017, 12, 31), positions=prises)
    assert decisions.read_positions(Journal.du_dossier(tmp_path), decision, NOMS) == {
        "Bailleur B1": "reserve",
        "Action Logement": "acte",
        **dict.fromkeys(["MEL", "État (DDTM)", "AR-Habitat"], "non_exprimee"),
    }


def test_absent_and_silent_are_said_apart() -> None:
    par_nom = {"Roubaix": Position.NON_EXPRIMEE, "MEL": Position.ACTE, "Croix": Position.ABSENT}
    dite = decisions.say_positions(par_nom).replace("\u202f", " ").replace("\u00a0", " ")
    assert dite == snapshot("Acté : MEL ; absent : Croix ; position non exprimée : Roubaix")


def test_the_bailleur_concerned_is_asked_and_the_decision_is_among_its_own(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    signale = Blocage(S1, "59512", Secteur(ICI, ("59512",)), "Peu de T2", bailleur="B1")
    fiche = blocages.report(journal, signale, ANNE, identifiant="b", op_id="b")
    demandees = decisions.ask(journal, (fiche, signale), "MEL", NOMS)
    assert demandees == {"MEL": "MEL", **dict(zip(["DDTM", "AR-Habitat"], INSTITUTIONS[1:3], strict=True))} | {
        "Action Logement": "Action Logement",
        "59512": "Roubaix",
        "B1": "Bailleur B1",
    }
    decision = Decision(S1, ICI, "Essai", "MEL", date(2017, 12, 31), blocage="b", positions={"MEL": Position.ACTE})
    assert "Bailleur B1" not in decisions.read_positions(journal, decision, NOMS)  # it was not asked that day
    assert promesses.bears_on(journal, decision, "bailleur", "B1", "Bailleur B1")
    assert not promesses.bears_on(journal, decision, "bailleur", "B2", "Bailleur B2")


def test_who_was_there_is_said_absent_at_the_point_alone(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    dites = presences.Presences(S1, ICI, ("MEL", "AR-Habitat"), excuses=("DDTM", "AR-Habitat"))  # who came all the same
    presences.record(journal, dites, ANNE, op_id="p", version_vue=0)
    positions = {"MEL": Position.ABSENT, "59599": Position.ABSENT, "59512": Position.RESERVE}
    decision = Decision(S1, ICI, "Essai", "MEL", date(2017, 12, 31), positions=positions, reserve=" Si la CAL suit ")
    dite = simple(decisions.say_positions(decisions.read_positions(journal, decision, NOMS)))
    assert dite == snapshot(
        "Avec réserve : Roubaix ; absent : État (DDTM) et Tourcoing ; absent à ce point : MEL ; "
        "position non exprimée : AR-Habitat et Action Logement"
    )
    assert simple(decisions.say_reserve(decision)) == "« Si la CAL suit »"
    assert decisions.say_reserve(replace(decision, positions={"MEL": Position.ACTE})) == ""
    assert Decision.depuis(decision.contenu()) == decision
