"""The fictitious séances of the demonstration: a rehearsal begins where a real ICI does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mel_core.demo.repetition import INSTITUTIONS, rehearse
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.journal import Journal
from mel_core.seance.coordination import blocages, decisions, resultats
from mel_core.seance.coordination.blocages import Etat
from mel_core.seance.engagements import conservation
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.socle.periodes import Seance

TENUE, A_PREPARER = Seance(2017, 1), Seance(2017, 2)
ICIS = ("ICI 1", "ICI 2", "ICI 3")


@pytest.fixture(scope="module")
def joue(demonstration_copiee: Path) -> tuple[Entrepot, Journal]:
    entrepot = Entrepot(demonstration_copiee)
    journal = Journal.du_dossier(entrepot.dossier)
    assert rehearse(entrepot, journal) > 0
    return entrepot, journal


def test_played_again_it_writes_nothing_more_and_the_journal_is_whole(joue):
    entrepot, journal = joue
    assert rehearse(entrepot, journal) == 0
    assert journal.verify() == []


@pytest.mark.parametrize("ici", ICIS)
def test_each_ici_has_decisions_to_answer_for_and_an_agenda_to_go_through(joue, ici):
    entrepot, journal = joue
    rouvertes = resultats.bilan(entrepot, journal, A_PREPARER, ici).resultats
    assert {r.decision.texte for r in rouvertes} == {d.texte for _, d in decisions.find_all(journal, ici=ici)}
    assert len(rouvertes) >= 2
    etats = Counter(b.etat for _, b in blocages.find_all(journal, seance=str(A_PREPARER), ici=ici))
    assert etats == {Etat.RETENU: 2, Etat.RECU: 1}
    tenus = blocages.find_all(journal, seance=str(TENUE), ici=ici)
    assert [b.rang for _, b in tenus] == list(range(1, len(tenus) + 1))


def test_the_results_do_not_all_say_the_same(joue):
    entrepot, journal = joue
    verdicts = {r.verdict for ici in ICIS for r in resultats.bilan(entrepot, journal, A_PREPARER, ici).resultats}
    assert len(verdicts) >= 3


def test_what_was_read_then_is_what_the_figure_says_alone(joue):
    entrepot, journal = joue
    lues = [d for _, d in decisions.find_all(journal) if d.temoin]
    assert lues
    for decision in lues:
        assert decision.alors == decision.temoin.read(entrepot, TENUE)


def test_an_engagement_has_its_frozen_list_and_is_shared_out_to_the_household(joue):
    entrepot, journal = joue
    actes = engagements.find_all(journal)
    assert {e.ici for _, e in actes} == set(ICIS)
    for _, e in actes:
        assert len(conservation.reread(entrepot.dossier, e.cohorte)) == e.effectif
        assert sum(e.par_commune.values()) == sum(e.par_bailleur.values()) == e.nombre


def test_everything_told_is_of_the_demonstration(joue):
    """Communes of the ICI, landlords of the data, the institutions of the table: nothing that a list would not show."""
    entrepot, journal = joue
    with entrepot.open(Portee.mel(), A_PREPARER) as lecteur:
        communes, bailleurs = perimetre.communes(lecteur), perimetre.bailleurs(lecteur)
    for _, b in blocages.find_all(journal):
        siennes = set(communes.loc[communes["ici"] == b.ici, "commune"])
        assert set(b.secteur.communes) <= siennes
        assert b.organisation in siennes | set(bailleurs["bailleur"])
    noms = {*communes["nom"], *bailleurs["nom"], *INSTITUTIONS}
    for _, d in decisions.find_all(journal):
        assert d.responsable in noms
        assert set(d.positions) <= {*communes["commune"], *bailleurs["bailleur"], *INSTITUTIONS}
