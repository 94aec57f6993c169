"""Every boundary of the rules (contract.md §5), each drawn and named: one household, its events, in or out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.segments import Criteres, count, find_all
from tests.jeux import chargement, demande_active, serve, table
from tests.segments.test_contre_oracle import attendu

JOUR = date(2017, 12, 31)
LENDEMAIN = timedelta(days=1)
ANCIENNE = date(2012, 5, 1)


def menage(creation=ANCIENNE, **valeurs):
    labels = dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "delai_anormalement_long"), False)
    return demande_active("p", creation, **{"date_radiation": None, **labels, **valeurs})


def cal(le, rang=None, decision="ATTRIBUE"):
    return {"type": "PASSAGE_CAL", "date_survenance": le, "decision": decision, "rang": rang}


def evenement(type_, le):
    return {"type": type_, "date_survenance": le, "decision": None, "rang": None}


class Cas(NamedTuple):
    """One household, its events, and whether it is in."""

    dit: str
    nom: str
    criteres: Criteres
    dedans: bool
    evenements: Sequence[dict[str, Any]] = ()
    demande: dict[str, Any] = menage()


# The anniversary counts on its day.
ANNIVERSAIRES = (
    # 24 months: the day before the anniversary is reached, the day, the day after
    ("attente_24", date(2017, 9, 15), date(2015, 9, 14), True),
    ("attente_24", date(2017, 9, 15), date(2015, 9, 15), True),
    ("attente_24", date(2017, 9, 15), date(2015, 9, 16), False),
    # 36 months, the same
    ("attente_36", date(2017, 9, 15), date(2014, 9, 14), True),
    ("attente_36", date(2017, 9, 15), date(2014, 9, 15), True),
    ("attente_36", date(2017, 9, 15), date(2014, 9, 16), False),
    # the last day of February 2018 minus 24 months is the 28th of a leap year: created on the 29th, not yet
    ("attente_24", date(2018, 2, 28), date(2016, 2, 28), True),
    ("attente_24", date(2018, 2, 28), date(2016, 2, 29), False),
    ("attente_24", date(2018, 3, 1), date(2016, 2, 29), True),
    # 29 February 2016 minus 24 months clamps to 28 February 2014
    ("attente_24", date(2016, 2, 29), date(2014, 2, 28), True),
    ("attente_24", date(2016, 2, 29), date(2014, 3, 1), False),
    # 29 February 2016 minus 36 months clamps to 28 February 2013
    ("attente_36", date(2016, 2, 29), date(2013, 2, 28), True),
    ("attente_36", date(2016, 2, 29), date(2013, 3, 1), False),
    # a month's end: 31 August 2017 minus 24 months is the 31st; 30 April has no 31st to wait for
    ("attente_24", date(2017, 8, 31), date(2015, 8, 31), True),
    ("attente_24", date(2017, 4, 30), date(2015, 4, 30), True),
    ("attente_24", date(2017, 4, 30), date(2015, 5, 1), False),
)
# Waiting ends with a proposition or a passage up to the reference.
ATTENTES = (
    ("proposed on the reference", [evenement("PROPOSITION", JOUR)], False),
    ("proposed the day after", [evenement("PROPOSITION", JOUR + LENDEMAIN)], True),
    ("passed on the reference", [cal(JOUR, decision="NON_ATTRIBUE")], False),
    ("passed long ago", [cal(date(2010, 1, 1), decision="IRRECEVABLE")], False),
    ("neither", [evenement("VISITE", JOUR), evenement("REFUS_DEMANDEUR", JOUR), evenement("AUTRE", JOUR)], True),
)

OUVERTURE = date(2015, 12, 31)  # reference − 24 months: the window opens the day after
UN_AN_AVANT, MAI = date(2016, 5, 1), date(2017, 5, 1)
DEUX = [cal(UN_AN_AVANT, 2), cal(MAI, 3)]
REFUSEE, REFUSEE_AVANT = (cal(le, decision="NON_ATTRIBUE") for le in (JOUR, OUVERTURE))
POULIDORS = (
    ("twice, at least two", DEUX, 2, 24, True),
    ("twice, at least three", DEUX, 3, 24, False),
    ("three times, at least three", [*DEUX, cal(date(2017, 6, 1), 2)], 3, 24, True),
    ("two passages in one day are two", [cal(MAI, 2), cal(MAI, 2)], 2, 24, True),
    ("three passages in one day are three", [cal(MAI, 2), cal(MAI, 2), cal(MAI, 4)], 3, 24, True),
    ("a rank 1 the same day as a rank 3", [*DEUX, cal(MAI, 1)], 2, 24, False),
    ("a rank 1 just outside the window", [*DEUX, cal(OUVERTURE, 1)], 2, 24, True),
    ("a rank 1 on the first day of the window", [*DEUX, cal(OUVERTURE + LENDEMAIN, 1)], 2, 24, False),
    ("that rank 1, window unlimited", [*DEUX, cal(OUVERTURE, 1)], 2, 0, False),
    ("a rank 1 on the reference date", [*DEUX, cal(JOUR, 1)], 2, 24, False),
    ("a rank 1 the day after the reference", [*DEUX, cal(JOUR + LENDEMAIN, 1)], 2, 24, True),
    ("a rank 2 on the day that opens the window is out", [cal(OUVERTURE, 2), cal(JOUR, 2)], 2, 24, False),
    ("that rank 2, window unlimited", [cal(OUVERTURE, 2), cal(JOUR, 2)], 2, 0, True),
    ("a rank 2 on the first day of the window is in", [cal(OUVERTURE + LENDEMAIN, 2), cal(JOUR, 2)], 2, 24, True),
    ("a rank 2 the day after the reference is out", [cal(MAI, 2), cal(JOUR + LENDEMAIN, 2)], 2, 24, False),
    ("an old refusal, long before the window", [*DEUX, evenement("REFUS_DEMANDEUR", date(2009, 1, 1))], 2, 24, False),
    ("a refusal on the reference date", [*DEUX, evenement("REFUS_DEMANDEUR", JOUR)], 2, 24, False),
    ("a refusal the day after", [*DEUX, evenement("REFUS_DEMANDEUR", JOUR + LENDEMAIN)], 2, 24, True),
    ("attributed without a rank counts for neither", [cal(UN_AN_AVANT, 2), cal(MAI, None)], 2, 24, False),
    (
        "a rank on a passage not attributed counts for nothing",
        [cal(UN_AN_AVANT, 2), cal(MAI, 2, "NON_ATTRIBUE")],
        2,
        24,
        False,
    ),
    ("all of it long ago, window unlimited", [cal(date(2009, 5, 1), 2), cal(date(2010, 5, 1), 2)], 2, 0, True),
)
REFUSES = (
    ("twice on the reference date", 2 * [REFUSEE], 2, 24, True),
    ("one on the day that opens the window", [REFUSEE_AVANT, REFUSEE], 2, 24, False),
    ("that one, window unlimited", [REFUSEE_AVANT, REFUSEE], 2, 0, True),
    ("attributed once, without a rank", [REFUSEE, REFUSEE, cal(JOUR)], 2, 24, False),
    ("attributed just outside the window", [REFUSEE, REFUSEE, cal(OUVERTURE, 1)], 2, 24, True),
    ("that one, window unlimited, attributed", [REFUSEE, REFUSEE, cal(OUVERTURE, 1)], 2, 0, False),
    ("at least three", 2 * [REFUSEE], 3, 24, False),
)
# A rank 1 counts inside the window only.
RANGS_1 = (
    (OUVERTURE, 24, False),
    (OUVERTURE, 0, True),
    (OUVERTURE + LENDEMAIN, 24, True),
    (JOUR, 24, True),
    (JOUR + LENDEMAIN, 24, False),
    (JOUR + LENDEMAIN, 0, False),
)
# Only demandes active on the reference date count.
ACTIVES = (
    ("reactivated: active with a date of radiation", menage(date_radiation=date(2016, 3, 1)), True),
    ("struck off on the reference date", menage(etat="RADIEE", date_radiation=JOUR), False),
    ("struck off the day after", menage(etat="RADIEE", date_radiation=JOUR + LENDEMAIN), True),
    ("struck off, nobody knows when", menage(etat="RADIEE"), False),
    ("created on the reference date", menage(creation=JOUR), True),
    ("created the day after", menage(creation=JOUR + LENDEMAIN), False),
)
# Never presented means nothing but « AUTRE ».
JAMAIS = (
    ("nothing happened", [], True),
    ("another event", [evenement("AUTRE", JOUR)], True),
    ("visited on the reference date", [evenement("VISITE", JOUR)], False),
    ("visited the day after", [evenement("VISITE", JOUR + LENDEMAIN)], True),
    ("withdrew long ago", [evenement("DESISTEMENT", date(2009, 1, 1))], False),
)
# The households of the store, which they all share.
CAS = [
    *(
        Cas(f"{nom} on {jour}, created {le}", nom, Criteres(jour), dedans, demande=menage(le))
        for nom, jour, le, dedans in ANNIVERSAIRES
    ),
    *(Cas(dit, "attente_24", Criteres(JOUR), dedans, siens) for dit, siens, dedans in ATTENTES),
    *(
        Cas(f"{nom}: {dit}", nom, Criteres(JOUR, n_min=n_min, fenetre=fenetre), dedans, siens)
        for nom, lignes in (("poulidor", POULIDORS), ("non_attributions_repetees", REFUSES))
        for dit, siens, n_min, fenetre, dedans in lignes
    ),
    *(
        Cas(f"on {le}, {mois} months", "rang_1_sans_bail", Criteres(JOUR, fenetre=mois), dedans, [cal(le, 1)])
        for le, mois, dedans in RANGS_1
    ),
    *(Cas(dit, "jamais_presentes", Criteres(JOUR), dedans, demande=demande) for dit, demande, dedans in ACTIVES),
    *(Cas(dit, "jamais_presentes", Criteres(JOUR), dedans, siens) for dit, siens, dedans in JAMAIS),
]


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


@pytest.mark.parametrize("rang", range(len(CAS)), ids=[un.dit for un in CAS])
def test_each_boundary_leaves_its_household_in_or_out(store, rang):
    assert is_found(store, rang) is CAS[rang].dedans
