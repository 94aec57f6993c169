"""How a header or a word is written like another."""

from __future__ import annotations

import pytest

from mel_core.contrat.correspondances import SANS
from mel_core.contrat.propositions import written_as
from mel_core.contrat.ressemblances import abridges, meant, nearest
from mel_core.contrat.tables import TABLES


@pytest.mark.parametrize(
    ("dit", "ecrit", "est_valeur", "est_abrege"),
    [
        ("ETAT-P", "État prioritaires", True, True),
        ("NA", "NON_ATTRIBUE", True, True),
        ("NA", "ATTRIBUE", True, False),
        ("120", "12", True, False),
        ("PA00012", "PA", True, False),
        ("code", "codeSirenBailleur", False, False),
        ("Prog.", "Programme", False, True),
        ("Cat. plafond", "Catégorie de plafond", False, True),
        ("Nb pers. au foyer", "Nombre de personnes", False, True),
        ("Revenu imposable N-1", "Revenu imposable", False, False),
        ("N° de bail", "Date du bail", False, False),
        ("Co", "Commune", False, False),
    ],
)
def test_words_shortened_are_the_same(dit: str, ecrit: str, est_valeur: bool, est_abrege: bool) -> None:
    assert abridges(dit, ecrit, *([1] if est_valeur else [])) is est_abrege


@pytest.mark.parametrize(
    ("table", "entete", "nom"),
    [
        ("attributions", "MBC", "mutation_bloquee"),
        ("residences", "Libellé du groupe", "nom"),
        ("residences", "Élevés", "n_occupants_eleves"),
    ],
)
def test_what_offices_write_is_known(table: str, entete: str, nom: str) -> None:
    assert nearest(entete, {c: written_as(table, c, SANS) for c in TABLES[table].noms}) == (nom, 1.0)


@pytest.mark.parametrize(
    ("entete", "ecritures", "nom"),
    [
        ("Bail - date de signature", {"a": ["Date de signature du bail"], "b": ["Date signature demande"]}, "a"),
        ("Logements (nombre)", {"a": ["Nb de logements"], "b": ["Nb de logements vacants"]}, "a"),
        ("Commune actuelle", {"a": ["Commune"], "b": ["Commune actuelle"]}, "b"),
        ("Commune du bail", {"a": ["Commune bail"], "b": ["Bail commune"]}, None),  # either
    ],
)
def test_the_same_words_in_another_order_are_the_same_header(
    entete: str, ecritures: dict[str, list[str]], nom: str | None
) -> None:
    assert (nearest(entete, ecritures) or (None, 0))[0] == nom


@pytest.mark.parametrize(
    ("valeur", "dite"),
    [
        ("D", "DESISTEMENT"),
        ("P", None),  # PROPOSITION, PASSAGE_CAL
        ("Refus - visite", None),
        ("Préfecture (agents publics)", "PFONCT"),  # more of its words are said than of « Préfecture »
        ("Préfecture 59", "PPRIOR"),
    ],
)
def test_a_letter_is_the_one_code_that_begins_by_it_and_the_most_words_win(valeur: str, dite: str | None) -> None:
    ecritures = {
        "types": {"DESISTEMENT": [], "PROPOSITION": [], "PASSAGE_CAL": [], "VISITE": ["Visite"], "REFUS": ["Refus"]},
        "contingents": {"PPRIOR": ["Préfecture"], "PFONCT": ["Agents publics"]},
    }["contingents" if "Préfecture" in valeur else "types"]
    assert meant(valeur, ecritures) == dite
