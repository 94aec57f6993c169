"""`--audience salle`: the same cells as a projected screen may say them (contract §6)."""

from __future__ import annotations

import json

import pytest
from inline_snapshot import snapshot

from tests.cli.appel import ici, une_phrase

SALLE = ("--audience", "salle")


def test_a_room_is_answered_the_same_cells_without_the_small_counts(publiees):
    question = ("indicateur", "equilibre", "--seance", "2017S2", "--par", "commune")
    exactes = json.loads(ici(*question, donnees=publiees).stdout)
    dites = json.loads(ici(*question, *SALLE, donnees=publiees).stdout)
    assert [c["commune"] for c in dites] == [c["commune"] for c in exactes]
    for exacte, dite in zip(exactes, dites, strict=True):
        assert exacte["n"] <= 12
        assert set(dite) == set(exacte) | {"masque", "cote"}
        assert [dite[c] for c in ("n", "n_connus", "numerateur", "part", "ic_bas", "cote")] == [None] * 6
        assert dite["masque"] is True
    assert json.loads(ici(*question, "--audience", "preparation", donnees=publiees).stdout) == exactes


def test_a_segment_is_counted_for_a_room_and_its_list_is_refused(publiees):
    segment = ("segment", "attente_24", "--date", "2017-12-31", "--mois", "0")
    assert json.loads(ici(*segment, donnees=publiees).stdout) == {"n": 2}
    assert json.loads(ici(*segment, *SALLE, donnees=publiees).stdout) == {"n": None, "masque": True}
    par_commune = json.loads(ici(*segment, "--par", "commune_souhaitee", *SALLE, donnees=publiees).stdout)
    assert {(c["n"], c["masque"]) for c in par_commune} == {(None, True)}
    liste = ici(*segment, "--format", "csv", *SALLE, donnees=publiees)
    assert (liste.returncode, liste.stdout) == (2, "")
    assert une_phrase(liste) == snapshot("Une liste ne se projette pas : ôter --format csv, ou --audience salle.")


@pytest.mark.parametrize("audience", ["", "publique"])
def test_an_audience_that_does_not_exist_is_a_wrong_call(donnees, audience):
    reponse = ici("indicateur", "aci", "--seance", "2017S2", "--audience", audience, donnees=donnees)
    assert reponse.returncode == 2
    assert "preparation" in une_phrase(reponse)
