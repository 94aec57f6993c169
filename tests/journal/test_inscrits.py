"""A dataclass is read back from an entry as it was written, and from one that another version wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

import pytest

from mel_core.journal import Inscrit
from mel_core.socle.periodes import Seance


class Sort(StrEnum):
    UN = "un"
    DEUX = "deux"


@dataclass(frozen=True)
class Part(Inscrit):
    GENRE = "part"

    valeur: Fraction


@dataclass(frozen=True)
class Nombre(Inscrit):
    GENRE = "nombre"

    valeur: int


@dataclass(frozen=True)
class Lieu:
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Texte(Inscrit):
    seance: Seance
    jour: date | None = None
    lieu: Lieu = field(default_factory=Lieu)
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    mesure: Part | Nombre | None = None
    cible: Fraction | None = None


PLEIN = Texte(
    Seance(2017, 2), date(2018, 3, 15), Lieu(("59350", "59512")), {"MEL": Sort.DEUX}, Part(Fraction(1, 3)), Fraction(2)
)


@pytest.mark.parametrize(
    "texte", [PLEIN, Texte(Seance(2017, 2)), Texte(Seance(2017, 1), mesure=Nombre(3))], ids=["plein", "vide", "nombre"]
)
def test_what_is_written_as_json_is_read_the_same(texte: Texte) -> None:
    relu = Texte.depuis(json.loads(json.dumps(texte.contenu())))
    assert relu == texte
    assert {type(s) for s in relu.sorts.values()} <= {Sort}


def test_exact_numbers_days_and_seances_are_texts() -> None:
    ecrit = PLEIN.contenu()
    assert (ecrit["seance"], ecrit["jour"], ecrit["cible"]) == ("2017S2", "2018-03-15", "2")
    assert ecrit["mesure"] == {"genre": "part", "valeur": "1/3"}


def test_a_field_that_was_not_written_yet_has_its_default_and_one_that_is_no_longer_read_is_left() -> None:
    assert Texte.depuis({"seance": "2017S2", "objectif": 0.5}) == Texte(Seance(2017, 2))
