"""A point that is carried over to another séance: with what was merged into it, and what was noted of it."""

from __future__ import annotations

from dataclasses import replace

from mel_core.journal import Journal
from mel_core.seance.coordination import Blocage, Position, blocages, decisions
from mel_core.seance.preuves import Secteur
from tests.mots import simple
from tests.seance.coordination.monde import S1
from tests.seance.coordination.test_decisions import ANNE, DECISION


def test_what_was_merged_and_what_was_noted_go_with_the_point_that_is_carried_over(journal: Journal) -> None:
    lieu = Secteur("ICI 2", ("59512",))
    b1, b2, b3 = (
        blocages.report(journal, Blocage(S1, qui, lieu, "Rien ne se libère"), ANNE, identifiant=nom, op_id=nom)
        for nom, qui in (("b1", "59512"), ("b2", "B1"), ("b3", "59599"))
    )
    (b1, _) = blocages.merge(journal, b1, [b2], ANNE, "m1")
    blocages.tie(journal, b3, b1, ANNE, "m2")
    notee = replace(DECISION, blocage="b1", positions={"MEL": Position.ABSENT})
    decisions.act(journal, notee, ANNE, identifiant="d1", op_id="d1")
    b1 = journal.read(blocages.OBJET, "b1")
    assert b1 is not None

    suite = blocages.carry_over(journal, b1, S1.suivante, ANNE)
    lus = blocages.find_all(journal, seance=str(S1.suivante))
    ((porteur, membres),) = blocages.groupes(lus)
    assert (porteur[0], porteur[1].etat) == (suite, blocages.EtatBlocage.RECU)
    assert [b.organisation for _, b in membres] == ["B1", "59599"]
    n = journal.nombre()
    assert blocages.carry_over(journal, b1, S1.suivante, ANNE) == suite
    assert (journal.nombre(), decisions.laisses(journal, S1, "ICI 2")) == (n, [])

    dite = "Noté lors de la séance 2017S1 : « Visites groupées des T5 ». Absent : MEL"
    (lue,) = decisions.say_laissee(journal, porteur, {})
    assert simple(lue).startswith(dite)
    assert decisions.say_laissee(journal, (b1, Blocage.depuis(b1)), {}) == []
    encore = blocages.carry_over(journal, suite, S1.suivante.suivante, ANNE)  # nothing more was noted of it since
    assert len(decisions.say_laissee(journal, (encore, Blocage.depuis(encore)), {})) == 1
    assert simple(decisions.say_notees(journal, porteur, {})).strip().startswith(dite)
    decisions.act(journal, replace(notee, blocage=suite.identifiant), ANNE, identifiant="d2", op_id="d2")
    deux = simple(decisions.say_notees(journal, porteur, {}))
    assert deux.index("Noté : «") < deux.index("Noté lors de la séance 2017S1 : «")


def test_what_an_item_was_decided_by_its_seance_is_told_where_it_had_been_carried_over_before(journal: Journal) -> None:
    blocage = Blocage(S1, "59512", Secteur("ICI 2", ("59512",)), "Rien ne se libère")
    fiche = blocages.report(journal, blocage, ANNE, identifiant="b1", op_id="b1")
    suite = blocages.carry_over(journal, fiche, S1.suivante, ANNE)
    point = (suite, Blocage.depuis(suite))
    assert decisions.say_laissee(journal, point, {}) == []
    actee = replace(DECISION, blocage="b1", positions={"MEL": Position.ACTE})
    decisions.act(journal, actee, ANNE, identifiant="d1", op_id="d1")
    (dite,) = decisions.say_laissee(journal, point, {})
    assert simple(dite).startswith("Décidé lors de la séance 2017S1 : « Visites groupées des T5 ». Acté : MEL")
    renvoyee = replace(actee, positions={"MEL": Position.RENVOYE})
    decisions.act(journal, renvoyee, ANNE, identifiant="d1", op_id="d2", version_vue=1)
    (dite,) = decisions.say_laissee(journal, point, {})
    assert simple(dite).startswith("Renvoyé lors de la séance 2017S1 : « Visites groupées des T5 ». Renvoyé : MEL")
