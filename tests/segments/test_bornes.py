"""Every boundary of the rules (contract.md §5), each drawn and named: one household, its events, in or out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from mel_core.entrepot import Entrepot, Lecteur, Portee
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


class Cas(NamedTuple):
    """One household, its events, and whether it is in."""

    nom: str
    criteres: Criteres
    dedans: bool
    demande: dict[str, Any]
    evenements: list[dict[str, Any]]


CAS: list[Cas] = []


def cas(nom: str, criteres: Criteres, dedans: bool, *evenements: dict[str, Any], demande: dict[str, Any] | None = None):
    """One more household of the store that they all share, as a parameter: its rank."""
    CAS.append(Cas(nom, criteres, dedans, demande or menage(), list(evenements)))
    return len(CAS) - 1


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[tuple[Lecteur, list, list]]:
    demandes = [{**un.demande, "numero_unique": f"p{rang}"} for rang, un in enumerate(CAS)]
    siens = [{"numero_unique": f"p{rang}", **e} for rang, un in enumerate(CAS) for e in un.evenements]
    evenements = [{"id_evenement": f"E{i}", **e} for i, e in enumerate(siens)]
    entrepot = Entrepot(tmp_path_factory.mktemp("bornes"))
    serve(entrepot, chargement(demandes=table("demandes", *demandes), evenements=table("evenements", *evenements)))
    with entrepot.open(Portee.mel()) as lecteur:
        yield lecteur, demandes, evenements


def is_found(store, rang: int) -> bool:
    """In or out, by the store; the plain reading of the contract must agree, of it and of all the others."""
    lecteur, demandes, evenements = store
    nom, criteres = CAS[rang].nom, CAS[rang].criteres
    trouves = set(find_all(lecteur, nom, criteres)["pseudonyme"])
    assert count(lecteur, nom, criteres) == len(trouves)
    parametres = (criteres.jour, criteres.mois, criteres.n_min, criteres.fenetre)
    assert trouves == attendu(nom, demandes, evenements, *parametres)
    return f"p{rang}" in trouves


@pytest.mark.parametrize(
    "rang",
    [
        # 24 months: the day before the anniversary is reached, the day, the day after
        cas("attente_24", Criteres(date(2017, 9, 15)), True, demande=menage(date(2015, 9, 14))),
        cas("attente_24", Criteres(date(2017, 9, 15)), True, demande=menage(date(2015, 9, 15))),
        cas("attente_24", Criteres(date(2017, 9, 15)), False, demande=menage(date(2015, 9, 16))),
        # 36 months, the same
        cas("attente_36", Criteres(date(2017, 9, 15)), True, demande=menage(date(2014, 9, 14))),
        cas("attente_36", Criteres(date(2017, 9, 15)), True, demande=menage(date(2014, 9, 15))),
        cas("attente_36", Criteres(date(2017, 9, 15)), False, demande=menage(date(2014, 9, 16))),
        # the last day of February 2018 minus 24 months is the 28th of a leap year: created on the 29th, not yet
        cas("attente_24", Criteres(date(2018, 2, 28)), True, demande=menage(date(2016, 2, 28))),
        cas("attente_24", Criteres(date(2018, 2, 28)), False, demande=menage(date(2016, 2, 29))),
        cas("attente_24", Criteres(date(2018, 3, 1)), True, demande=menage(date(2016, 2, 29))),
        # 29 February 2016 minus 24 months clamps to 28 February 2014
        cas("attente_24", Criteres(date(2016, 2, 29)), True, demande=menage(date(2014, 2, 28))),
        cas("attente_24", Criteres(date(2016, 2, 29)), False, demande=menage(date(2014, 3, 1))),
        # 29 February 2016 minus 36 months clamps to 28 February 2013
        cas("attente_36", Criteres(date(2016, 2, 29)), True, demande=menage(date(2013, 2, 28))),
        cas("attente_36", Criteres(date(2016, 2, 29)), False, demande=menage(date(2013, 3, 1))),
        # a month's end: 31 August 2017 minus 24 months is the 31st; 30 April has no 31st to wait for
        cas("attente_24", Criteres(date(2017, 8, 31)), True, demande=menage(date(2015, 8, 31))),
        cas("attente_24", Criteres(date(2017, 4, 30)), True, demande=menage(date(2015, 4, 30))),
        cas("attente_24", Criteres(date(2017, 4, 30)), False, demande=menage(date(2015, 5, 1))),
    ],
)
def test_the_anniversary_counts_on_its_day(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


@pytest.mark.parametrize(
    "rang",
    [
        cas("attente_24", Criteres(JOUR), dedans, *evenements)
        for evenements, dedans in (
            ([evenement("PROPOSITION", JOUR)], False),
            ([evenement("PROPOSITION", JOUR + LENDEMAIN)], True),
            ([cal(JOUR, decision="NON_ATTRIBUE")], False),
            ([cal(date(2010, 1, 1), decision="IRRECEVABLE")], False),
            ([evenement("VISITE", JOUR), evenement("REFUS_DEMANDEUR", JOUR), evenement("AUTRE", JOUR)], True),
        )
    ],
    ids=[
        "proposed on the reference",
        "proposed the day after",
        "passed on the reference",
        "passed long ago",
        "neither",
    ],
)
def test_waiting_ends_with_a_proposition_or_a_passage_up_to_the_reference(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


OUVERTURE = date(2015, 12, 31)  # reference − 24 months: the window opens the day after
DEUX = [cal(date(2016, 5, 1), 2), cal(date(2017, 5, 1), 3)]


@pytest.mark.parametrize(
    "rang",
    [
        cas("poulidor", Criteres(JOUR, n_min=n_min, fenetre=fenetre), dedans, *evenements)
        for evenements, n_min, fenetre, dedans in (
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
        )
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
def test_poulidor_at_its_boundaries(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


@pytest.mark.parametrize(
    "rang",
    [
        cas("non_attributions_repetees", Criteres(JOUR, n_min=n_min, fenetre=fenetre), dedans, *evenements)
        for evenements, n_min, fenetre, dedans in (
            ([cal(JOUR, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 24, True),
            ([cal(OUVERTURE, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 24, False),
            ([cal(OUVERTURE, decision="NON_ATTRIBUE"), cal(JOUR, decision="NON_ATTRIBUE")], 2, 0, True),
            ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(JOUR)], 2, 24, False),
            ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(OUVERTURE, 1)], 2, 24, True),
            ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")], cal(OUVERTURE, 1)], 2, 0, False),
            ([*2 * [cal(JOUR, decision="NON_ATTRIBUE")]], 3, 24, False),
        )
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
def test_repeated_refusals_of_the_commission_at_their_boundaries(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


@pytest.mark.parametrize(
    "rang",
    [
        cas("rang_1_sans_bail", Criteres(JOUR, fenetre=fenetre), dedans, cal(le, 1))
        for le, fenetre, dedans in (
            (OUVERTURE, 24, False),
            (OUVERTURE, 0, True),
            (OUVERTURE + LENDEMAIN, 24, True),
            (JOUR, 24, True),
            (JOUR + LENDEMAIN, 24, False),
            (JOUR + LENDEMAIN, 0, False),
        )
    ],
)
def test_a_rank_1_counts_inside_the_window_only(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


@pytest.mark.parametrize(
    "rang",
    [
        cas("jamais_presentes", Criteres(JOUR), dedans, demande=demande)
        for demande, dedans in (
            (menage(date_radiation=date(2016, 3, 1)), True),
            (menage(etat="RADIEE", date_radiation=JOUR), False),
            (menage(etat="RADIEE", date_radiation=JOUR + LENDEMAIN), True),
            (menage(etat="RADIEE"), False),
            (menage(creation=JOUR), True),
            (menage(creation=JOUR + LENDEMAIN), False),
        )
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
def test_only_demandes_active_on_the_reference_date_count(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans


@pytest.mark.parametrize(
    "rang",
    [
        cas("jamais_presentes", Criteres(JOUR), dedans, *evenements)
        for evenements, dedans in (
            ([], True),
            ([evenement("AUTRE", JOUR)], True),
            ([evenement("VISITE", JOUR)], False),
            ([evenement("VISITE", JOUR + LENDEMAIN)], True),
            ([evenement("DESISTEMENT", date(2009, 1, 1))], False),
        )
    ],
)
def test_never_presented_means_nothing_but_autre(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans
