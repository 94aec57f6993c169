"""The fictitious séances of the demonstration: a rehearsal begins where a real ICI does."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from mel_core.demo.reglages_demo import D_AUJOURD_HUI, DU_SUPPORT
from mel_core.demo.repetition import INSTITUTIONS, rehearse
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.journal import Journal
from mel_core.seance.coordination import blocages, decisions, resultats
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.coordination.temoins import TemoinSegment
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.socle.periodes import Seance, step_back

ICIS = ("ICI 1", "ICI 2", "ICI 3")


@pytest.fixture(scope="module", params=[DU_SUPPORT, pytest.param(D_AUJOURD_HUI, marks=pytest.mark.ci)], ids=str)
def joue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Entrepot, Journal, Seance]:
    """The séance to prepare is the last of the data; the one before was held."""
    derniere = request.param
    publiee = "demonstration_publiee" if derniere == DU_SUPPORT else "publiee_aujourd_hui"
    copie = tmp_path_factory.mktemp("copie") / "donnees"
    entrepot = Entrepot(shutil.copytree(request.getfixturevalue(publiee), copie))
    journal = Journal.du_dossier(entrepot.dossier)
    assert rehearse(entrepot, journal, derniere=derniere) > 0
    return entrepot, journal, derniere


def test_played_again_it_writes_nothing_more_and_the_journal_is_whole(joue):
    entrepot, journal, derniere = joue
    assert rehearse(entrepot, journal, derniere=derniere) == 0
    assert journal.verify() == []


@pytest.mark.parametrize("ici", ICIS)
def test_each_ici_has_decisions_to_answer_for_and_an_agenda_to_go_through(joue, ici):
    entrepot, journal, derniere = joue
    rouvertes = resultats.bilan(entrepot, journal, derniere, ici).resultats
    assert {r.decision.texte for r in rouvertes} == {d.texte for _, d in decisions.find_all(journal, ici=ici)}
    assert len(rouvertes) >= 2
    etats = Counter(b.etat for _, b in blocages.find_all(journal, seance=str(derniere), ici=ici))
    assert etats == {EtatBlocage.RETENU: 2, EtatBlocage.RECU: 1}
    tenus = blocages.find_all(journal, seance=str(derniere.precedente), ici=ici)
    assert [b.rang for _, b in tenus] == list(range(1, len(tenus) + 1))


def test_the_results_do_not_all_say_the_same(joue):
    entrepot, journal, derniere = joue
    verdicts = {r.verdict for ici in ICIS for r in resultats.bilan(entrepot, journal, derniere, ici).resultats}
    assert len(verdicts) >= 3


def test_no_decision_aims_at_what_its_figure_was_already_nor_for_more_households_that_wait(joue):
    _, journal, _ = joue
    visees = [d for _, d in decisions.find_all(journal) if d.temoin]
    deja = [d.texte for d in visees if (d.alors.valeur < d.cible) != (d.va_vers is decisions.Direction.HAUSSE)]
    assert (len(visees), deja) == (6, [])
    assert [d.va_vers for d in visees if isinstance(d.temoin, TemoinSegment)] == [decisions.Direction.BAISSE]


def test_what_was_read_then_is_what_the_figure_says_alone(joue):
    entrepot, journal, derniere = joue
    lues = [d for _, d in decisions.find_all(journal) if d.temoin]
    assert lues
    for decision in lues:
        assert decision.alors == decision.temoin.read(entrepot, derniere.precedente)


def test_an_engagement_has_its_frozen_list_and_is_shared_out_to_the_household(joue):
    entrepot, journal, _ = joue
    actes = engagements.find_all(journal)
    assert {e.ici for _, e in actes} == set(ICIS)
    for _, e in actes:
        assert len(cohortes.reread(entrepot.dossier, e.cohorte)) == e.effectif
        assert sum(e.par_commune.values()) == sum(e.par_bailleur.values()) == e.nombre


def test_everything_told_is_of_the_demonstration(joue):
    """Communes of the ICI, landlords of the data, the institutions of the table: nothing that a list would not show."""
    entrepot, journal, derniere = joue
    with entrepot.open(Portee.mel(), derniere) as lecteur:
        communes, bailleurs = perimetre.communes(lecteur), perimetre.bailleurs(lecteur)
    for _, b in blocages.find_all(journal):
        siennes = set(communes.loc[communes["ici"] == b.ici, "commune"])
        assert set(b.secteur.communes) <= siennes
        assert b.organisation in siennes | set(bailleurs["bailleur"])
    noms = {*communes["nom"], *bailleurs["nom"], *INSTITUTIONS}
    for _, d in decisions.find_all(journal):
        assert d.responsable in noms
        assert set(d.positions) <= {*communes["commune"], *bailleurs["bailleur"], *INSTITUTIONS}


def test_what_is_reported_lasts_since_a_day_before_the_end_of_its_semester(joue):
    _, journal, derniere = joue
    vus = [b for _, b in blocages.find_all(journal)]
    assert {b.seance for b in vus} == {derniere, derniere.precedente}
    depuis = [(b.depuis_le, b.seance) for b in vus if b.depuis_le]
    assert len(depuis) > 10
    assert all(step_back(s.fin, 12) < jour <= s.fin for jour, s in depuis)
