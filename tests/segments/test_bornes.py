"""Every boundary of the rules (contract.md §5), each drawn and named: one household, its events, in or out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import Criteres, count, find_all
from tests.jeux import chargement, serve, table
from tests.segments.test_contre_oracle import attendu

JOUR = date(2017, 12, 31)
LENDEMAIN = timedelta(days=1)
ANCIENNE = date(2012, 5, 1)


def menage(creation=ANCIENNE, **valeurs):
    labels = dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "delai_anormalement_long"), False)
    return {
        "numero_unique": "p",
        "date_creation": creation,
        "etat": "ACTIVE",
        "date_radiation": None,
        "n_personnes": 1,
        **labels,
        **valeurs,
    }


def cal(le, rang=None, decision="ATTRIBUE"):
    return {"type": "PASSAGE_CAL", "date_survenance": le, "decision": decision, "rang": rang}


def evenement(type_, le):
    return {"type": type_, "date_survenance": le, "decision": None, "rang": None}


def est_dedans(dossier, nom, demande, evenements, criteres):
    """In or out, by the store; the plain reading of the contract must agree."""
    siens = [{"id_evenement": f"E{i}", "numero_unique": "p", **e} for i, e in enumerate(evenements)]
    entrepot = Entrepot(dossier)
    serve(entrepot, chargement(demandes=table("demandes", demande), evenements=table("evenements", *siens)))
    with entrepot.open(Portee.mel()) as lecteur:
        n = count(lecteur, nom, criteres)
        assert len(find_all(lecteur, nom, criteres)) == n
    parametres = (criteres.jour, criteres.mois, criteres.n_min, criteres.fenetre)
    assert n == len(attendu(nom, [demande], siens, *parametres))
    return n == 1


@pytest.mark.parametrize(
    ("reference", "nom", "creation", "dedans"),
    [
        # 24 months: the day before the anniversary is reached, the day, the day after
        (date(2017, 9, 15), "attente_24", date(2015, 9, 14), True),
        (date(2017, 9, 15), "attente_24", date(2015, 9, 15), True),
        (date(2017, 9, 15), "attente_24", date(2015, 9, 16), False),
        # 36 months, the same
        (date(2017, 9, 15), "attente_36", date(2014, 9, 14), True),
        (date(2017, 9, 15), "attente_36", date(2014, 9, 15), True),
        (date(2017, 9, 15), "attente_36", date(2014, 9, 16), False),
        # the last day of February 2018 minus 24 months is the 28th of a leap year: created on the 29th, not yet
        (date(2018, 2, 28), "attente_24", date(2016, 2, 28), True),
        (date(2018, 2, 28), "attente_24", date(2016, 2, 29), False),
        (date(2018, 3, 1), "attente_24", date(2016, 2, 29), True),
        # 29 February 2016 minus 24 months clamps to 28 February 2014
        (date(2016, 2, 29), "attente_24", date(2014, 2, 28), True),
        (date(2016, 2, 29), "attente_24", date(2014, 3, 1), False),
        # 29 February 2016 minus 36 months clamps to 28 February 2013
        (date(2016, 2, 29), "attente_36", date(2013, 2, 28), True),
        (date(2016, 2, 29), "attente_36", date(2013, 3, 1), False),
        # a month's end: 31 August 2017 minus 24 months is the 31st; 30 April has no 31st to wait for
        (date(2017, 8, 31), "attente_24", date(2015, 8, 31), True),
        (date(2017, 4, 30), "attente_24", date(2015, 4, 30), True),
        (date(2017, 4, 30), "attente_24", date(2015, 5, 1), False),
    ],
)
def test_the_anniversary_counts_on_its_day(tmp_path, reference, nom, creation, dedans):
    assert est_dedans(tmp_path, nom, menage(creation), [], Criteres(reference)) is dedans


@pytest.mark.parametrize(
    ("evenements", "dedans"),
    [
        ([evenement("PROPOSITION", JOUR)], False),
        ([evenement("PROPOSITION", JOUR + LENDEMAIN)], True),
        ([cal(JOUR, decision="NON_ATTRIBUE")], False),
        ([cal(date(2010, 1, 1), decision="IRRECEVABLE")], False),
        ([evenement("VISITE", JOUR), evenement("REFUS_DEMANDEUR", JOUR), evenement("AUTRE", JOUR)], True),
    ],
    ids=[
        "proposed on the reference",
        "proposed the day after",
        "passed on the reference",
        "passed long ago",
        "neither",
    ],
)
def test_waiting_ends_with_a_proposition_or_a_passage_up_to_the_reference(tmp_path, evenements, dedans):
    assert est_dedans(tmp_path, "attente_24", menage(), evenements, Criteres(JOUR)) is dedans


OUVERTURE = date(2015, 12, 31)  # reference − 24 months: the window opens the day after
DEUX = [cal(date(2016, 5, 1), 2), cal(date(2017, 5, 1), 3)]


@pytest.mark.parametrize(
    ("evenements", "n_min", "fenetre", "dedans"),
    [
        (DEUX, 2, 24, True),
        (DEUX, 3, 24, False),
        ([*DEUX, cal(date(2017, 6, 1), 2)], 3, 24, True),
        ([cal(date(2017, 5, 1), 2), cal(date(2017, 5, 1), 2)], 2, 24, True),
        ([cal(date(2017, 5, 1), 2), cal(date(2017, 5, 1), 2), cal(date(2017, 5, 1), 4)], 3, 24, True),
        ([*DEUX, cal(date(2017, 5, 1), 1)], 2, 24, False),
        ([*DEUX, cal(OUVERTURE, 1)], 2, 24, True),
        ([*DEUX, cal(OUVERTURE + LENDEMAIN, 1)], 2, 24, False),
        ([*DEUX, cal(OUVERTURE, 1)], 2, 0, False),
        ([*DEUX, cal(JOUR, 1)], 2, 24, False),
        ([*DEUX, cal(JOUR + LENDEMAIN, 1)], 2, 24, True),
        ([cal(OUVERTURE, 2), cal(JOUR, 2)], 2, 24, False),
        ([cal(OUVERTURE, 2), cal(JOUR, 2)], 2, 0, True),
        ([cal(OUVERTURE + LENDEMAIN, 2), cal(JOUR, 2)], 2, 24, True),
        ([cal(date(2017, 5, 1), 2), cal(JOUR + LENDEMAIN, 2)], 2, 24, False),
        ([*DEUX, evenement("REFUS_DEMANDEUR", date(2009, 1, 1))], 2, 24, False),
        ([*DEUX, evenement("REFUS_DEMANDEUR", JOUR)], 2, 24, False),
        ([*DEUX, evenement("REFUS_DEMANDEUR", JOUR + LENDEMAIN)], 2, 24, True),
        ([cal(date(2016, 5, 1), 2), cal(date(2017, 5, 1), None)], 2, 24, False),
        ([cal(date(2016, 5, 1), 2), cal(date(2017, 5, 1), 2, "NON_ATTRIBUE")], 2, 24, False),
        ([cal(date(2009, 5, 1), 2), cal(date(2010, 5, 1), 2)], 2, 0, True),
    ],
    ids=[
        "twice, at least two",
        "twice, at least three",
        "three times, at least three",
        "two passages in one day are two",
        "three passages in one day are three",
        "a rank 1 the same day as a rank 3",
        "a rank 1 just outside the window",
        "a rank 1 on the first day of the window",
        "that rank 1, window unlimited",
        "a rank 1 on the reference date",
        "a rank 1 the day after the reference",
        "a rank 2 on the day that opens the window is out",
        "that rank 2, window unlimited",
        "a rank 2 on the first day of the window is in",
        "a rank 2 the day after the reference is out",
        "an old refusal, long before the window",
        "a refusal on the reference date",
        "a refusal the day after",
        "attributed without a rank counts for neither",
        "a rank on a passage not attributed counts for nothing",
        "all of it long ago, window unlimited",
    ],
)
def test_poulidor_at_its_boundaries(tmp_path, evenements, n_min, fenetre, dedans):
    criteres = Criteres(JOUR, n_min=n_min, fenetre=fenetre)
    assert est_dedans(tmp_path, "poulidor", menage(), evenements, criteres) is dedans


@pytest.mark.parametrize(
    ("evenements", "n_min", "fenetre", "dedans"),
    [
        ([cal(JOUR, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 24, True),
        ([cal(OUVERTURE, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 24, False),
        ([cal(OUVERTURE, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 0, True),
        ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(JOUR)], 2, 24, False),
        ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(OUVERTURE, 1)], 2, 24, True),
        ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(OUVERTURE, 1)], 2, 0, False),
        ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")]], 3, 24, False),
    ],
    ids=[
        "twice on the reference date",
        "one on the day that opens the window",
        "that one, window unlimited",
        "attributed once, without a rank",
        "attributed just outside the window",
        "that one, window unlimited, attributed",
        "at least three",
    ],
)
def test_repeated_refusals_of_the_commission_at_their_boundaries(tmp_path, evenements, n_min, fenetre, dedans):
    criteres = Criteres(JOUR, n_min=n_min, fenetre=fenetre)
    assert est_dedans(tmp_path, "non_attributions_repetees", menage(), evenements, criteres) is dedans


@pytest.mark.parametrize(
    ("le", "fenetre", "dedans"),
    [
        (OUVERTURE, 24, False),
        (OUVERTURE, 0, True),
        (OUVERTURE + LENDEMAIN, 24, True),
        (JOUR, 24, True),
        (JOUR + LENDEMAIN, 24, False),
        (JOUR + LENDEMAIN, 0, False),
    ],
)
def test_a_rank_1_counts_inside_the_window_only(tmp_path, le, fenetre, dedans):
    criteres = Criteres(JOUR, fenetre=fenetre)
    assert est_dedans(tmp_path, "rang_1_sans_bail", menage(), [cal(le, 1)], criteres) is dedans


@pytest.mark.parametrize(
    ("demande", "dedans"),
    [
        (menage(date_radiation=date(2016, 3, 1)), True),
        (menage(etat="RADIEE", date_radiation=JOUR), False),
        (menage(etat="RADIEE", date_radiation=JOUR + LENDEMAIN), True),
        (menage(etat="RADIEE"), False),
        (menage(creation=JOUR), True),
        (menage(creation=JOUR + LENDEMAIN), False),
    ],
    ids=[
        "reactivated: active with a date of radiation",
        "struck off on the reference date",
        "struck off the day after",
        "struck off, nobody knows when",
        "created on the reference date",
        "created the day after",
    ],
)
def test_only_demandes_active_on_the_reference_date_count(tmp_path, demande, dedans):
    assert est_dedans(tmp_path, "jamais_presentes", demande, [], Criteres(JOUR)) is dedans


@pytest.mark.parametrize(
    ("evenements", "dedans"),
    [
        ([], True),
        ([evenement("AUTRE", JOUR)], True),
        ([evenement("VISITE", JOUR)], False),
        ([evenement("VISITE", JOUR + LENDEMAIN)], True),
        ([evenement("DESISTEMENT", date(2009, 1, 1))], False),
    ],
)
def test_never_presented_means_nothing_but_autre(tmp_path, evenements, dedans):
    assert est_dedans(tmp_path, "jamais_presentes", menage(), evenements, Criteres(JOUR)) is dedans
