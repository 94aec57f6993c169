"""What the evidence of a blocage measures may tell of its decision: the same figure, then and now, with its count."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from mel_core.contrat.reference import communes
from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Decision, TemoinPreuve, decisions, resultats
from mel_core.seance.coordination.changements import say_valeur
from mel_core.seance.coordination.decisions import avec_temoin
from mel_core.seance.coordination.temoins import PREUVES, Valeur
from mel_core.seance.preuves import ProfilBlocage, Secteur, gather
from mel_core.seance.verdict import Direction, Mot
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import INSECABLE
from mel_core.socle.periodes import Periode
from tests.jeux import LILLE, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par
from tests.seance.coordination.monde import S1, S2
from tests.seance.positions import ACTEE
from tests.seance.preuves.test_detection import draw_refusals

AUTEUR = Auteur("A. Essai", "MEL")
ICI = communes()[LILLE].ici
A_LILLE = Secteur(ICI, (LILLE,))


def stock(entrepot: Entrepot, n_vacants: int) -> None:
    """One résidence of 200 dwellings in Lille."""
    residence = {"code_residence": "R1", "code_bailleur": "B1", "code_quartier": f"{LILLE}01", "n_logements": 200}
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", {"code_quartier": f"{LILLE}01", "nom": "Q", "code_insee": LILLE}),
            residences=table("residences", residence | {"n_vacants": n_vacants}),
        ),
    )


@pytest.mark.parametrize("mesure", PREUVES)
def test_the_value_is_the_one_of_the_evidence_with_its_counts(tmp_path: Path, mesure: str) -> None:
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(**draw_refusals(60, 100)))
    lue = TemoinPreuve(mesure, A_LILLE).read(entrepot, S2)
    with entrepot.open(Portee.mel()) as lecteur:
        constat = gather(lecteur, Periode.de(S2, "annee"), A_LILLE).constat(mesure)
    if constat.valeur is None:  # no résidence says its vacancy
        assert (mesure, lue.valeur, lue.motif) == ("vacance", None, lue_par(PREPARATION, constat.phrase))
    else:
        assert (lue.numerateur, lue.n_connus) == (constat.numerateur, constat.denominateur)
        assert float(lue.valeur) == constat.valeur


def test_sixty_of_a_hundred_first_ranks_are_read_and_said_so(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(**draw_refusals(60, 100)))
    lue = TemoinPreuve("refus_rang_1", A_LILLE, ProfilBlocage(typologie="T3")).read(entrepot, S2)
    assert (lue.valeur, lue.n_connus) == (Fraction(60, 100), 100)
    # Its events are all of one month.
    assert lue_par(SALLE, say_valeur, lue) == snapshot("60\u202f% (60\u00a0sur\u00a0100), sur 1\u00a0mois sur\u00a012")
    assert TemoinPreuve("refus_rang_1", A_LILLE, ProfilBlocage(typologie="T4")).read(entrepot, S2).motif


def test_counts_of_a_few_people_are_said_in_their_own_words() -> None:
    peu = Valeur(Fraction(1, 5), "part", 5, 5, 0, 1, quoi="premier_rang")
    assert lue_par(SALLE, say_valeur, peu) == f"part non dite, trop peu de cas (12{INSECABLE}premiers rangs ou moins)"
    presque = Valeur(Fraction(38, 40), "part", 40, 40, 0, 38, quoi="logement")
    assert lue_par(SALLE, say_valeur, presque) == f"part non dite, trop peu de cas (40{INSECABLE}logements)"


def test_the_journal_gives_it_back() -> None:
    temoin = TemoinPreuve("vacance", Secteur(ICI, (LILLE,), ("5935001",), ("R1", "R2")), ProfilBlocage(typologie="T2"))
    assert type(temoin).depuis(json.loads(json.dumps(temoin.contenu()))) == temoin
    ancienne = {c: v for c, v in Valeur(Fraction(1, 2), "part").contenu().items() if c != "quoi"}
    assert Valeur.depuis(ancienne).quoi == "attribution"


def test_vacancy_falls_between_two_snapshots_and_the_first_one_is_not_said_to_be_revised(tmp_path: Path) -> None:
    entrepot, journal = Entrepot(tmp_path), Journal.du_dossier(tmp_path)
    with entrepot.reserve():
        stock(entrepot, 40)  # 40 of 200: 20 %
    decision = avec_temoin(
        Decision(S1, ICI, "Remettre en location", "B1", S2.fin, positions=ACTEE),
        TemoinPreuve("vacance", A_LILLE),
        Fraction(15, 100),
        entrepot,
    )
    assert decision.va_vers is Direction.BAISSE
    decisions.act(journal, decision, AUTEUR, identifiant="d", op_id="d")
    with entrepot.reserve():
        stock(entrepot, 24)  # 24 of 200: 12 %
    [resultat] = resultats.bilan(entrepot, journal, S2, ICI).resultats
    assert (resultat.decision.alors.valeur, resultat.maintenant.valeur) == (Fraction(40, 200), Fraction(24, 200))
    assert resultat.verdict.groupe == Mot.ATTEINT
    assert lue_par(PREPARATION, resultat.reserves) == ()


def test_refusals_that_are_already_at_their_target_are_to_be_kept_down(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(**draw_refusals(60, 100)))
    refus = TemoinPreuve("refus_rang_1", A_LILLE)
    decision = avec_temoin(Decision(S1, ICI, "Tenir", "B1", S2.fin, positions=ACTEE), refus, Fraction(6, 10), entrepot)
    assert decision.va_vers is Direction.BAISSE


def test_a_measure_that_is_no_share_is_refused_in_words() -> None:
    with pytest.raises(AppelIncorrect, match="« tension » ne suit aucune décision"):
        TemoinPreuve("tension", A_LILLE)
