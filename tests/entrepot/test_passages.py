"""Passages in commission: where they are, and which of them the household refused."""

from __future__ import annotations

from datetime import date

import pytest

from mel_core.entrepot import Entrepot, Portee
from tests.jeux import LILLE, bailleurs, chargement, table

ANNEE = {"debut": date(2017, 1, 1), "fin": date(2017, 12, 31)}
SQL = "select * from passages_situes($debut, $fin) order by id_evenement"


def passage(nom: str, jour: date, **valeurs):
    attribue = {"type": "PASSAGE_CAL", "decision": "ATTRIBUE", "rang": 1, "code_bailleur": "B1", "code_residence": "R1"}
    return {"id_evenement": nom, "numero_unique": "p", "date_survenance": jour, **attribue, **valeurs}


def refus(nom: str, jour: date, **valeurs):
    vide = {"type": "REFUS_DEMANDEUR", "decision": None, "rang": None}
    return passage(nom, jour, **vide, **valeurs)


def read(dossier, *evenements, portee=None):
    entrepot = Entrepot(dossier)
    entrepot.publish(
        chargement(
            bailleurs=bailleurs("B1", "B2"),
            quartiers=table("quartiers", {"code_quartier": "Q", "nom": "Q", "code_insee": LILLE}),
            residences=table(
                "residences",
                *(
                    {"code_residence": r, "code_bailleur": "B1", "code_quartier": "Q", "n_logements": 9}
                    for r in ("R1", "R2")
                ),
            ),
            evenements=table("evenements", *evenements),
        )
    )
    with entrepot.open(portee or Portee.mel()) as lecteur:
        return {x["id_evenement"]: x for x in lecteur.query(SQL, **ANNEE).astype(object).to_dict("records")}


def test_a_refusal_answers_the_last_passage_before_it_and_that_one_only(tmp_path):
    lus = read(
        tmp_path,
        passage("A", date(2017, 3, 1)),
        passage("B", date(2017, 3, 20)),
        passage("C", date(2017, 4, 10)),
        refus("D", date(2017, 3, 25), motif="Localisation"),
    )
    assert [lus[x]["est_refuse"] for x in "ABC"] == [False, True, False]
    assert lus["B"]["motif_refus"] == "Localisation"


def test_two_bailleurs_may_number_their_events_alike(tmp_path):
    jour = date(2017, 3, 1)
    ailleurs = {"code_bailleur": "B2", "code_residence": None}
    entrepot = Entrepot(tmp_path)
    read(tmp_path, passage("A", jour), passage("A", jour, **ailleurs), refus("R", jour))
    with entrepot.open(Portee.mel()) as lecteur:
        lus = lecteur.query(SQL, **ANNEE)
    assert dict(zip(lus["bailleur"], lus["est_refuse"], strict=True)) == {"B1": True, "B2": False}


@pytest.mark.parametrize(
    ("jour", "valeurs", "attendu"),
    [
        (date(2017, 3, 1), {}, True),  # the same day
        (date(2017, 4, 30), {}, True),  # the 60th day after 1 March
        (date(2017, 5, 1), {}, False),  # the 61st
        (date(2017, 2, 28), {}, False),  # before the passage
        (date(2017, 3, 9), {"code_residence": "R2"}, False),  # another dwelling
        (date(2017, 3, 9), {"code_residence": None}, True),  # not said: the same bailleur
        (date(2017, 3, 9), {"code_residence": None, "code_bailleur": "B2"}, False),
        (date(2017, 3, 9), {"code_residence": None, "code_bailleur": None}, False),
        (date(2017, 3, 9), {"numero_unique": "q"}, False),
    ],
)
def test_a_refusal_is_of_the_same_household_and_dwelling_within_sixty_days(tmp_path, jour, valeurs, attendu):
    lus = read(tmp_path, passage("A", date(2017, 3, 1)), refus("B", jour, **valeurs))
    assert lus["A"]["est_refuse"] is attendu


def test_a_refusal_recorded_after_the_period_is_not_known_in_it(tmp_path):
    lus = read(tmp_path, passage("A", date(2017, 12, 20)), refus("B", date(2018, 1, 5)))
    assert lus["A"]["est_refuse"] is False


def test_what_is_not_said_is_unknown_and_never_no(tmp_path):
    lus = read(
        tmp_path,
        passage("A", date(2017, 3, 1), decision=None, rang=None),
        passage("B", date(2017, 3, 1), rang=None, numero_unique="q"),
        passage("C", date(2017, 3, 1), decision="NON_ATTRIBUE", rang=None, numero_unique="r"),
        passage("D", date(2017, 3, 1), code_residence="ailleurs", code_bailleur=None, numero_unique="s"),
    )
    assert [lus[x]["est_rang_1"] if lus[x]["est_rang_1"] in (True, False) else None for x in "ABCD"] == [
        None,
        None,
        False,
        True,
    ]
    assert [lus[x]["est_refuse"] if lus[x]["est_refuse"] in (True, False) else None for x in "ABCD"] == [
        None,
        False,
        None,
        False,
    ]
    assert (lus["D"]["residence"], lus["D"]["commune"], lus["D"]["bailleur"]) == ("inconnu", "inconnu", "inconnu")
    assert (lus["A"]["residence"], lus["A"]["commune"], lus["A"]["bailleur"]) == ("R1", LILLE, "B1")
