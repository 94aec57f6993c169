"""`seance`: the séances of the journal, listed and created; the same object as the date kept on screen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Decision, decisions, presences, seances_tenues, signature
from mel_core.seance.coordination.presences import Presences
from mel_core.socle.periodes import Seance
from tests.cli.appel import ici, une_phrase
from tests.seance.positions import ACTEE

S2 = Seance.read("2017S2")
CREER = ("seance", "--creer", "2017S2", "--ici", "ICI 2", "--date", "2018-03-15")
ANNE = Auteur("Anne", "MEL")


def remplacer(avant, apres):
    return tuple(apres if mot == avant else mot for mot in CREER)


def test_a_seance_is_created_before_its_data_then_listed(donnees):
    faite = ici(*CREER, donnees=donnees)
    assert (faite.returncode, faite.stdout, faite.stderr) == (
        0,
        "La séance 2017S2 de l’ICI 2 est créée, le 15 mars 2018.\n",
        "",
    )
    assert ici("seance", donnees=donnees).stdout == snapshot("2017S2 · ICI 2 · 15 mars 2018 · passée\n")


def test_it_is_what_the_screen_reads_and_carries_nothing_else(donnees):
    ici(*CREER, donnees=donnees)
    fiche = Journal.du_dossier(donnees).read(seances_tenues.OBJET, "2017S2-ICI 2")
    assert fiche.contenu == {"jour": "2018-03-15", "seance": "2017S2", "ici": "ICI 2"}
    assert fiche.version == 1


def test_the_date_kept_on_screen_is_listed(donnees):
    contenu = {"jour": "2018-04-02", "seance": "2017S2", "ici": "ICI 1"}
    Journal.du_dossier(donnees).write(seances_tenues.OBJET, "2017S2-ICI 1", contenu, ANNE, "op")
    ici(*CREER, donnees=donnees)
    ici(*remplacer("2017S2", "2017S1"), donnees=donnees)
    assert ici("seance", donnees=donnees).stdout.splitlines() == snapshot(
        [
            "2017S1 · ICI 2 · 15 mars 2018 · passée",
            "2017S2 · ICI 1 · 2 avril 2018 · passée",
            "2017S2 · ICI 2 · 15 mars 2018 · passée",
        ]
    )


def test_the_same_again_changes_nothing_and_another_date_is_refused(donnees):
    ici(*CREER, donnees=donnees)
    assert "rien n’a changé" in ici(*CREER, donnees=donnees).stdout
    reponse = ici(*remplacer("2018-03-15", "2018-03-16"), donnees=donnees)
    assert reponse.returncode == 2
    assert une_phrase(reponse) == snapshot(
        "La séance 2017S2 de l’ICI 2 existe déjà, le 15 mars 2018 : changer sa date dans Préparer › Atelier."
    )
    journal = Journal.du_dossier(donnees)
    assert len(journal.historique(seances_tenues.OBJET, "2017S2-ICI 2")) == 1


@pytest.mark.parametrize(
    ("mots", "dit"),
    [
        (remplacer("2018-03-15", "2017-12-31"), "finit le 31 décembre 2017"),  # the last day of the semester
        (remplacer("2018-03-15", "15 mars"), "« 15 mars » ne se lit pas"),
        (remplacer("ICI 2", "ICI 9"), "choisir parmi ICI 1, ICI 2, ICI 3"),
        (remplacer("2017S2", "2017S3"), "« 2017S3 » n’existe pas"),
        (CREER[:3], "--ici et --date"),
        (CREER[:5], "Il manque --date"),
        (("seance", "--ici", "ICI 2"), "vont avec --creer"),
        (("seance", "--creer"), "--creer attend une valeur"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_creates_nothing(donnees, mots, dit):
    reponse = ici(*mots, donnees=donnees)
    assert reponse.returncode == 2
    assert dit in une_phrase(reponse)
    assert not Journal.du_dossier(donnees).find_all(seances_tenues.OBJET)


def test_the_first_day_after_the_semester_is_accepted(donnees):
    assert ici(*remplacer("2018-03-15", "2018-01-01"), donnees=donnees).returncode == 0


def test_the_ici_are_those_of_the_data_once_there_are_some(publiees):
    assert ici(*CREER, donnees=publiees).returncode == 0
    assert ici(*remplacer("ICI 2", "ICI 9"), donnees=publiees).returncode == 2


def test_without_a_journal_or_a_seance_the_list_says_what_to_do(donnees, publiees):
    reponse = ici("seance", donnees=publiees.parent / "rien")
    assert reponse.returncode == 1
    assert "n’a pas de journal" in une_phrase(reponse)
    assert "en créer une par --creer" in ici("seance", donnees=publiees).stdout


def test_each_state_is_said(publiees):
    aujourdhui = date(2018, 3, 15)
    journal, entrepot = Journal.du_dossier(publiees), Entrepot(publiees)

    def etat(jour_lu=aujourdhui):
        (tenue,) = seances_tenues.find_all(journal, entrepot, jour_lu)
        return tenue.etat

    seances_tenues.create(journal, entrepot, S2, "ICI 2", aujourdhui, ANNE, "op1")
    assert etat() == "à venir"  # that very day
    assert etat(aujourdhui + timedelta(days=1)) == "passée"
    assert freeze(entrepot, S2)
    assert etat() == "gelée"
    presences.record(journal, Presences(S2, "ICI 2", ("MEL",)), ANNE, op_id="op2p", version_vue=0)
    signature.sign(journal, entrepot, S2, "présidente", ANNE, "op2", ici="ICI 2")
    assert etat() == "relevé signé"
    decision = Decision(S2, "ICI 2", "Visites groupées", "B1", date(2018, 6, 30), positions=ACTEE)
    decisions.act(journal, decision, ANNE, identifiant="d1", op_id="op3")
    assert etat() == snapshot("relevé à signer de nouveau")


def test_what_was_erased_is_listed_without_its_date_and_can_be_created_again(donnees):
    journal, entrepot = Journal.du_dossier(donnees), Entrepot(donnees)
    seances_tenues.create(journal, entrepot, S2, "ICI 2", date(2018, 3, 15), ANNE, "op1")
    journal.erase("op1")
    assert ici("seance", donnees=donnees).stdout == snapshot("2017S2 · ICI 2 · — · sans date\n")
    _, est_neuve = seances_tenues.create(journal, entrepot, S2, "ICI 2", date(2018, 4, 2), ANNE, "op2")
    assert est_neuve
    assert "2 avril 2018" in ici("seance", donnees=donnees).stdout


def test_it_is_audited_as_the_other_commands(donnees):
    ici(*CREER, donnees=donnees)
    ici("seance", donnees=donnees)
    traces = [f.contenu for f in Journal.du_dossier(donnees).find_all("audit")]
    assert [t["titre"] for t in traces] == ["seance", "seance"]
    assert traces[0]["filtres"] == {"creer": "2017S2", "ici": "ICI 2", "date": "2018-03-15"}
