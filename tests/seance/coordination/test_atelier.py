"""The workspace of a séance: what is owed is read from the journal and the publications, never typed twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import (
    Blocage,
    Decision,
    Position,
    TemoinIndicateur,
    atelier,
    blocages,
    decisions,
    presences,
    seances_tenues,
    signature,
)
from mel_core.seance.coordination.atelier import COPILOTES, Attendus, Echeance
from mel_core.seance.preuves import Secteur
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, attribution, bailleurs, chargement, serve, table
from tests.mots import simple

S1, S2 = Seance(2018, 1), Seance(2017, 2)
ANNE, ICI = Auteur("Anne", "MEL"), "ICI 9"
CROIX = "59163"


@pytest.fixture
def magasin(tmp_path: Path) -> tuple[Journal, Entrepot]:
    """Lille and Croix in one ICI, two bailleurs; B1 gave its leases of the first semester of 2018, B2 up to March."""
    entrepot = Entrepot(tmp_path)
    communes = table(
        "communes",
        *({"code_insee": c, "nom": n, "ici": ICI, "territoire": "T"} for c, n in ((LILLE, "Lille"), (CROIX, "Croix"))),
    )
    lus = [attribution(1), attribution(2, code_bailleur="B2"), attribution(3, date_bail=date(2018, 5, 3))]
    lus += [attribution(4, code_bailleur="B2", date_bail=date(2018, 3, 5))]
    with entrepot.reserve():
        publier = chargement(
            communes=communes, bailleurs=bailleurs("B1", "B2"), attributions=table("attributions", *lus)
        )
        serve(entrepot, publier)
    journal = Journal.du_dossier(tmp_path)
    seances_tenues.fix(journal, S1, ICI, date(2018, 9, 20), ANNE, "jour", 0)
    return journal, entrepot


def lu(magasin: tuple[Journal, Entrepot]) -> Attendus:
    journal, entrepot = magasin
    with entrepot.open(Portee.mel()) as lecteur:
        return atelier.find(journal, entrepot, lecteur, S1, ICI)


def recus(magasin: tuple[Journal, Entrepot], etape: Echeance) -> dict[str, bool]:
    return {a.acteur: a.recu_le is not None for a in lu(magasin).de(etape)}


def test_a_day_that_is_kept_twice_is_written_once(magasin: tuple[Journal, Entrepot]) -> None:
    journal, _ = magasin
    encore = seances_tenues.fix(journal, S1, ICI, date(2018, 9, 20), ANNE, "un autre clic", 0)
    assert (encore.version, encore.op_id) == (1, "jour")
    assert journal.ecarts("seance", encore.identifiant) == []
    assert seances_tenues.fix(journal, S1, ICI, date(2018, 9, 27), ANNE, "un autre jour", 1).version == 2


def test_a_commune_answers_by_its_report_or_by_nothing_to_report_and_a_bailleur_by_its_leases(
    magasin: tuple[Journal, Entrepot],
) -> None:
    journal, _ = magasin
    assert recus(magasin, Echeance.REMONTEES) == {CROIX: False, LILLE: False}
    assert recus(magasin, Echeance.FICHIERS) == {"B1": True, "B2": False}
    assert [a.precision for a in lu(magasin).de(Echeance.FICHIERS)] == ["", "baux jusqu’en mars 2018"]
    vieux = Blocage(S2, CROIX, Secteur(ICI, (CROIX,)), "Rien ne se libère")
    fiche = blocages.report(journal, vieux, ANNE, identifiant="v", op_id="v")
    blocages.carry_over(journal, fiche, S1, ANNE)
    ancien = Blocage(Seance(2017, 1), CROIX, Secteur(ICI, (CROIX,)), "La vacance dure")  # of two séances before
    blocages.carry_over(journal, blocages.report(journal, ancien, ANNE, identifiant="a", op_id="a"), S1, ANNE)
    assert recus(magasin, Echeance.REMONTEES) == {CROIX: False, LILLE: False}  # nobody answered anew
    blocages.report(journal, replace(vieux, seance=S1), ANNE, identifiant="n", op_id="n")
    (lille,) = [a for a in lu(magasin).de(Echeance.REMONTEES) if a.acteur == LILLE]
    atelier.note(journal, S1, ICI, lille, ANNE, "r1", repondu_le=date(2018, 7, 1))
    assert recus(magasin, Echeance.REMONTEES) == {CROIX: True, LILLE: True}
    (b2,) = [a for a in lu(magasin).de(Echeance.FICHIERS) if a.acteur == "B2"]
    with pytest.raises(AppelIncorrect, match="il n’y a rien à noter"):
        atelier.note(journal, S1, ICI, b2, ANNE, "r2", repondu_le=date(2018, 7, 1))


def test_what_is_late_is_said_with_its_reminder_and_asked_in_one_text(magasin: tuple[Journal, Entrepot]) -> None:
    journal, _ = magasin
    sans_chiffre = Decision(S2, ICI, "Visiter avant la commission", "Lille", S1.fin, positions={"MEL": Position.ACTE})
    decisions.act(journal, replace(sans_chiffre, porteur=LILLE), ANNE, identifiant="d", op_id="d")
    aujourdhui = date(2018, 7, 25)  # 57 days before: reports are late, files are not
    (lille,) = [a for a in lu(magasin).de(Echeance.REMONTEES) if a.acteur == LILLE]
    assert lille.etat(aujourdhui) == "en retard de 3\u00a0jours"
    atelier.note(journal, S1, ICI, lille, ANNE, "r1", relance_le=date(2018, 7, 24))
    atelier.note(journal, S1, ICI, lille, ANNE, "r2", relance_le=aujourdhui)
    (lille,) = [a for a in lu(magasin).de(Echeance.REMONTEES) if a.acteur == LILLE]
    assert lille.etat(aujourdhui) == "en retard de 3\u00a0jours, relancé le 25 juillet 2018"
    texte = lu(magasin).remind(LILLE, "Lille", aujourdhui).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Pour la séance du 20 septembre 2018 de l’ICI 9, qui regarde le premier semestre 2018" in texte
    assert "ou par retour, attendu depuis le 22 juillet 2018 ;" in texte
    assert "la décision « Visiter avant la commission », en une phrase, par retour, avant le 21 août 2018." in texte
    assert lu(magasin).remind("B1", "Bailleur B1", aujourdhui) == ""
    assert "(nous avons vos baux jusqu’en mars 2018)" in lu(magasin).remind("B2", "Bailleur B2", aujourdhui)
    dite = lu(magasin).say(aujourdhui).replace("\u00a0", " ").replace("\u202f", " ")
    assert dite == (
        "Séance 2018S1 de l’ICI 9, le 20 septembre 2018 (dans 57 jours) : **0 commune sur 2** a répondu ; **1 bailleur "
        "sur 2** a donné son fichier ; aucun blocage signalé ; 0 suite donnée sur 1 ; dossier à envoyer. 2 réponses en "
        "retard."
    )


def test_the_co_pilots_owe_the_sorting_then_the_proposals_then_the_dossier(magasin: tuple[Journal, Entrepot]) -> None:
    journal, _ = magasin
    recu = Blocage(S1, CROIX, Secteur(ICI, (CROIX,)), "Rien ne se libère")
    fiche = blocages.report(journal, recu, ANNE, identifiant="b", op_id="b")
    assert [a.precision for a in lu(magasin).attendus if a.acteur == COPILOTES] == ["1\u00a0blocage à trier", ""]
    fiche = blocages.retain(journal, fiche, ANNE, "b2")
    assert [a.precision for a in lu(magasin).de(Echeance.PROPOSITIONS)] == ["1\u00a0point sans proposition"]
    blocages.correct(journal, fiche, ANNE, "b3", proposition="Une visite avant la commission")
    assert recus(magasin, Echeance.TRI) == recus(magasin, Echeance.PROPOSITIONS) == {COPILOTES: True}


def test_of_a_decision_that_a_figure_measures_nobody_is_asked_and_the_reminder_says_the_others_whole_and_where(
    magasin: tuple[Journal, Entrepot],
) -> None:
    journal, entrepot = magasin
    decision = Decision(S2, ICI, "Ouvrir les T4 aux mutations", "Lille", S1.fin, positions={"MEL": Position.ACTE})
    mesuree = decisions.avec_temoin(replace(decision, porteur=LILLE), TemoinIndicateur("aci", ici=ICI), None, entrepot)
    decisions.act(journal, mesuree, ANNE, identifiant="d", op_id="d")
    assert recus(magasin, Echeance.SUITES) == {}
    longue = f"Visiter{' et visiter encore' * 6} avant la commission"
    decisions.act(journal, replace(decision, porteur=CROIX, texte=longue), ANNE, identifiant="e", op_id="e")
    assert recus(magasin, Echeance.SUITES) == {CROIX: False}
    (dite,) = [a.en_bref for a in lu(magasin).de(Echeance.SUITES)]
    assert (dite[-1], len(dite) <= 70) == ("…", True)
    texte = simple(lu(magasin).remind(CROIX, "Croix", date(2018, 7, 25)))
    assert f"la décision « {longue} », en une phrase, par retour, avant le 21 août 2018." in texte
    (suite,) = lu(magasin).de(Echeance.SUITES)
    atelier.note(journal, S1, ICI, suite, ANNE, "r", repondu_le=date(2018, 8, 1))
    assert recus(magasin, Echeance.SUITES) == {CROIX: True}


def test_what_a_seance_left_waits_in_the_sorting_of_the_next(magasin: tuple[Journal, Entrepot]) -> None:
    journal, _ = magasin
    point = Blocage(S2, CROIX, Secteur(ICI, (CROIX,)), "Rien ne se libère")
    fiche = blocages.report(journal, point, ANNE, identifiant="b", op_id="b")
    fiche = blocages.retain(journal, fiche, ANNE, "b2")
    (tri,) = lu(magasin).de(Echeance.TRI)
    assert (tri.precision, tri.recu_le) == ("1\u00a0point laissé par les séances d’avant, à reporter", None)
    blocages.carry_over(journal, fiche, S1, ANNE)
    assert [a.precision for a in lu(magasin).de(Echeance.TRI)] == ["1\u00a0blocage à trier"]


def test_nothing_is_owed_once_the_releve_is_signed(magasin: tuple[Journal, Entrepot]) -> None:
    journal, entrepot = magasin
    point = Blocage(S2, CROIX, Secteur(ICI, (CROIX,)), "Rien ne se libère")
    blocages.retain(journal, blocages.report(journal, point, ANNE, identifiant="b", op_id="b"), ANNE, "b2")
    presences.record(journal, presences.Presences(S1, ICI, ("MEL",)), ANNE, op_id="p", version_vue=0)
    signature.sign(journal, entrepot, S1, "vice-présidente", ANNE, "s", ici=ICI)
    aujourdhui = date(2026, 1, 1)
    dite = lu(magasin).say(aujourdhui)
    assert "**relevé signé le" in dite
    assert dite.endswith(", plus rien n’est attendu**.")
    assert {a.etat(aujourdhui) for a in lu(magasin).de(Echeance.REMONTEES)} == {"sans réponse"}
    assert lu(magasin).remind(CROIX, "Croix", aujourdhui) == ""
    assert [a.precision for a in lu(magasin).de(Echeance.TRI)] == ["aucun blocage signalé"]  # it waits at the next one


def test_a_seance_that_decided_without_a_date_is_one_of_the_journal(magasin: tuple[Journal, Entrepot]) -> None:
    journal, entrepot = magasin
    decision = Decision(S2, ICI, "Visiter", "MEL", S1.fin, positions={"MEL": Position.ACTE})
    decisions.act(journal, decision, ANNE, identifiant="d", op_id="d")
    tenues = [(s.seance, s.etat) for s in seances_tenues.find_all(journal, entrepot, date(2018, 7, 1))]
    assert tenues == [(S2, "sans date"), (S1, "à venir")]
