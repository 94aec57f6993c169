"""What nobody recorded is unknown, never nobody: segments without events, before the first one, after the last one."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mel_core.entrepot import Entrepot
from mel_core.segments import SEGMENTS
from tests.cli.appel import ici, une_phrase
from tests.jeux import chargement, serve, table
from tests.seance.engagements.test_cohorte import demande, evenement

D_EVENEMENTS = ("attente_24", "attente_36", "poulidor", "rang_1_sans_bail", "non_attributions_repetees")
TOUS_D_EVENEMENTS = (*D_EVENEMENTS, "jamais_presentes")
A_FENETRE = ("poulidor", "rang_1_sans_bail", "non_attributions_repetees")
ABSENTE = {"n": None, "motif": "table_absente"}
NON_COUVERTE = {"n": None, "motif": "fenetre_non_couverte"}


def draw(donnees, *jours: date, **tables) -> None:
    """One demande of 2010, second in commission on each of `jours`; without any, no table of events at all. Another
    came and went in December 2017: the demandes do not stop in 2010."""
    rangs = [evenement(i, "m0", "PASSAGE_CAL", j, decision="ATTRIBUE", rang=2) for i, j in enumerate(jours)]
    partie = demande("m1", etat="RADIEE", date_creation=date(2017, 12, 1), date_radiation=date(2017, 12, 15))
    tables = {"demandes": table("demandes", demande("m0", date_creation=date(2010, 1, 1)), partie)} | tables
    if rangs:
        tables["evenements"] = table("evenements", *rangs)
    serve(Entrepot(donnees), chargement(**tables))


def ask(donnees, nom, *options, jour="2017-12-31"):
    reponse = ici("segment", nom, "--date", jour, *options, donnees=donnees)
    return (json.loads(reponse.stdout), reponse.stderr) if reponse.returncode == 0 else (None, reponse.stderr)


@pytest.mark.parametrize("nom", TOUS_D_EVENEMENTS)
def test_without_events_a_segment_that_reads_them_is_null_and_not_zero(donnees, nom):
    draw(donnees)
    dit, pourquoi = ask(donnees, nom)
    assert dit == ABSENTE
    assert "evenements" in pourquoi
    assert ask(donnees, nom, "--par", "bailleur")[0] == [{"cle": "inconnu", **ABSENTE}]


@pytest.mark.parametrize("nom", TOUS_D_EVENEMENTS)
def test_a_table_of_events_that_is_empty_is_absent(donnees, nom):
    draw(donnees, evenements=table("evenements"))
    assert ask(donnees, nom)[0] == ABSENTE


@pytest.mark.parametrize("nom", list(SEGMENTS))
def test_without_demandes_no_segment_counts_anybody(donnees, nom):
    serve(Entrepot(donnees), chargement(evenements=table("evenements", evenement(0, "m0", "VISITE", date(2010, 1, 1)))))
    assert ask(donnees, nom)[0] == ABSENTE
    assert ask(donnees, "libre", "--conditions", '[["n_personnes","au_moins",1]]')[0] == ABSENTE


@pytest.mark.parametrize("nom", A_FENETRE)
def test_a_window_that_opens_before_the_first_event_is_not_covered(donnees, nom):
    # 31 December 2017 − 24 months: the window opens on 1 January 2016. Recorded since the 2nd: a day is missing.
    draw(donnees, date(2016, 1, 2), date(2017, 12, 31))
    dit, pourquoi = ask(donnees, nom)
    assert dit == NON_COUVERTE
    assert "2\u00a0janvier 2016" in pourquoi.replace(" janvier", "\u00a0janvier")
    # 12 months are, and so is a window without limit: what was ever recorded.
    for fenetre in ("12", "0"):
        assert isinstance(ask(donnees, nom, "--fenetre", fenetre)[0]["n"], int)


def test_a_window_that_the_events_cover_from_its_first_day_is_counted(donnees):
    draw(donnees, date(2016, 1, 1), date(2017, 12, 31))
    assert ask(donnees, "poulidor") == ({"n": 1}, "")
    assert ask(donnees, "attente_24") == ({"n": 0}, "")  # presented twice


@pytest.mark.parametrize("conditions", ['[["n_passages_cal","au_plus",0]]', '[["segment","est","attente_24"]]'])
def test_a_free_segment_that_looks_at_events_is_null_without_them(donnees, conditions):
    draw(donnees)
    assert ask(donnees, "libre", "--conditions", conditions)[0] == ABSENTE
    assert ask(donnees, "libre", "--conditions", '[["n_personnes","au_moins",1]]')[0] == {"n": 1}


def test_a_list_of_an_unknown_segment_is_refused_and_not_empty(donnees):
    draw(donnees)
    reponse = ici("segment", "poulidor", "--date", "2017-12-31", "--format", "csv", donnees=donnees)
    assert (reponse.returncode, reponse.stdout) == (1, "")
    assert "evenements" in une_phrase(reponse)


def test_events_that_stop_before_the_reference_date_are_said_beside_the_count(donnees):
    draw(donnees, date(2010, 1, 1), date(2017, 3, 31))
    dit, beside = ask(donnees, "attente_24")
    assert dit == {"n": 0}
    assert "31 mars 2017" in beside.replace("\u00a0", " ")
    assert ask(donnees, "attente_24", jour="2017-03-31")[1] == ""


@pytest.mark.parametrize(
    ("nom", "option"),
    [
        *((nom, ("--mois", "30")) for nom in ("poulidor", "jamais_presentes", "aci_en_attente", "rang_1_sans_bail")),
        *((nom, ("--n-min", "2")) for nom in ("attente_24", "rang_1_sans_bail", "mutations_bloquees_en_attente")),
        *((nom, ("--fenetre", "24")) for nom in ("attente_36", "jamais_presentes", "delai_anormalement_long")),
    ],
)
def test_an_option_that_the_rule_does_not_read_is_refused(donnees, nom, option):
    draw(donnees, date(2010, 1, 1))
    reponse = ici("segment", nom, "--date", "2017-12-31", *option, donnees=donnees)
    assert (reponse.returncode, reponse.stdout) == (2, "")
    assert option[0] in une_phrase(reponse)


def test_a_free_segment_reads_the_options_of_the_segments_that_it_names(donnees):
    draw(donnees, date(2010, 1, 1))
    conditions = ("--conditions", '[["segment","est","attente_24"]]')
    assert ask(donnees, "libre", *conditions, "--mois", "12")[0] == {"n": 0}
    assert ici("segment", "libre", "--date", "2017-12-31", *conditions, "--n-min", "3", donnees=donnees).returncode == 2
