"""The reception network: its sentences."""

from __future__ import annotations

import pandas as pd
from inline_snapshot import snapshot

from mel_core.indicateurs.suivi import reseau as phrases
from mel_core.socle.periodes import Seance
from tests.indicateurs.suivi.dessins import DEUX, network
from tests.mots import simple

SEANCE = Seance.read("2017S2")


def test_the_finding_compares_the_online_share_with_the_year_before_where_both_are_counted() -> None:
    # 2017: 60 + 20 + 40 = 120 registered; online (15 + 15) of the 100 where it is counted; 2016: 10 of 100.
    assert simple(phrases.constat("l’ICI 2", DEUX, SEANCE)) == snapshot(
        "Dans l’ICI 2, les 2 lieux d’accueil ont enregistré **120 demandes** en 12 mois, dont **30 %** en ligne, "
        "contre 10 % les 12 mois d’avant."
    )


def test_a_year_that_the_table_does_not_cover_is_said_and_compared_with_nothing() -> None:
    jusqu_en_juin = DEUX[DEUX["mois"] <= "2017-06"]
    assert simple(phrases.constat("l’ICI 2", jusqu_en_juin, SEANCE)) == snapshot(
        "Dans l’ICI 2, les 2 lieux d’accueil ont enregistré **100 demandes** en 6 mois sur 12, dont **30 %** en ligne."
    )
    depuis_mars = DEUX.assign(mois=DEUX["mois"].replace("2016-01", "2016-03"))
    assert "contre" not in phrases.constat("l’ICI 2", depuis_mars, SEANCE)


def test_the_finding_says_what_was_not_counted() -> None:
    assert "enregistrements : rien n’est compté" in phrases.constat("l’ICI 2", DEUX[:1], SEANCE)
    assert "le lieu d’accueil a enregistré" in phrases.constat("l’ICI 2", DEUX[2:3], SEANCE)
    assert "en ligne n’est pas compté" in phrases.constat("l’ICI 2", DEUX[2:3], SEANCE)


def test_the_places_that_are_said_to_do_it_are_those_that_have_some() -> None:
    # Two places register, a relais has entered a 0 and another one nothing; the first alone leads interviews.
    quatre = network(
        ("L1", "A", "COMMUNE", "LABELLISE", "2017-01", 60, 15, 20),
        ("L2", "B", "MEL", "LABELLISE", "2017-02", 40, 10, 0),
        ("L3", "C", "BAILLEUR", "RELAIS", "2017-03", 0, 0, 0),
        ("L4", "C", "BAILLEUR", "RELAIS", "2017-04", None, None, None),
    )
    assert simple(phrases.constat("l’ICI 2", quatre, SEANCE)).startswith(
        "Dans l’ICI 2, 2 lieux d’accueil sur 4 ont enregistré **100 demandes** en 4 mois sur 12"
    )
    assert simple(phrases.constat("l’ICI 2", quatre, SEANCE, "n_entretiens")).startswith(
        "Dans l’ICI 2, 1 lieu d’accueil sur 3 a mené **20 entretiens réglementaires**"
    )
    aucun = quatre[quatre["lieu"] == "L3"]
    assert "le lieu d’accueil a mené **0 entretien" in simple(phrases.constat("l’ICI 2", aucun, SEANCE, "n_entretiens"))


def test_the_evolution_compares_the_first_and_the_last_twelve_months_or_says_that_it_cannot() -> None:
    mois = [f"{annee}-{m:02d}" for annee in (2015, 2016, 2017) for m in range(1, 13)]
    trois_ans = network(*(("L1", "A", "MEL", "RELAIS", m, 10 if m < "2016" else 11, 1, 4) for m in mois))
    # First year 12 × 10 = 120, last 12 × 11 = 132: 12 more in 120.
    assert simple(phrases.evolution(trois_ans, SEANCE, "n_enregistrements")) == snapshot(
        "Enregistrements : **+10,0 %** des 12 premiers mois (120, à partir de janvier 2015) aux 12 derniers (132)."
    )
    assert "Moins de deux ans" in phrases.evolution(DEUX, SEANCE, "n_enregistrements")
    assert "Rien n’était compté" in phrases.evolution(trois_ans, SEANCE, "n_pre_accueil")


def test_a_fourth_relais_that_registers_is_counted_in_french() -> None:
    assert "A, B, C et 1 autre sont" in phrases.relais(pd.Series(1, list("ABCD")))
    assert "A, B, C et 2 autres sont" in phrases.relais(pd.Series(1, list("ABCDE")))
