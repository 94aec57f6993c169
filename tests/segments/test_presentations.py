"""Why a household is « Poulidor »: when, at which rank and where it was placed behind another, to who may read it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.segments import Condition, Criteres, SegmentLibre, find_all
from mel_core.segments.listes import candidats
from tests.jeux import ROUBAIX
from tests.seance.engagements.test_cohorte import demande, evenement, magasin

FIN = date(2017, 12, 31)
RESIDENCES = [
    {"code_residence": "R1", "nom": "Les Acacias", "code_bailleur": "B1"},
    {"code_residence": "R2", "nom": "Le Canal", "code_bailleur": "B1"},
]
DITS = "rang 2 le 14/03/2016 (Les Acacias), rang 3 le 01/05/2016 (R9), rang 2 le 02/05/2017"


@pytest.fixture
def store(tmp_path: Path) -> Entrepot:
    """Three ranks behind another in the window, whose résidences are named, not named and unknown; one before it, and
    one that was not granted. The second is of B2."""

    def passage(numero: int, jour: date, bailleur: str = "B1", **valeurs: Any) -> dict[str, Any]:
        place = {"decision": "ATTRIBUE", "code_bailleur": bailleur}
        return evenement(numero, "m0", "PASSAGE_CAL", jour, **place | valeurs)

    passages = [
        passage(1, date(2017, 5, 2), rang=2),
        passage(2, date(2016, 3, 14), rang=2, code_residence="R1"),
        passage(3, date(2016, 5, 1), "B2", rang=3, code_residence="R9"),
        passage(4, date(2015, 12, 31), rang=2, code_residence="R2"),
        passage(5, date(2017, 6, 1), decision="NON_ATTRIBUE", code_residence="R2"),
    ]
    return magasin(tmp_path, [demande("m0"), demande("m1")], passages, residences=RESIDENCES)


@pytest.mark.parametrize("portee", [Portee.commune(ROUBAIX), Portee.mel()])
def test_the_reason_of_a_poulidor_says_when_at_which_rank_and_where_over_the_window(
    store: Entrepot, portee: Portee
) -> None:
    with store.open(portee) as lecteur:
        (motif,) = find_all(lecteur, "poulidor", Criteres(FIN), passages_dits=True)["motif"]
        (court,) = find_all(lecteur, "poulidor", Criteres(FIN))["motif"]
    assert motif == f"3 fois rang 2 ou plus\u00a0: {DITS}"
    assert court == snapshot("3 fois rang 2 ou plus depuis mars 2016")


def test_a_free_segment_that_narrows_the_poulidors_says_it_too_and_another_segment_nothing_of_it(
    store: Entrepot,
) -> None:
    libre = SegmentLibre((Condition("segment", "est", "poulidor"), Condition("n_personnes", "au_moins", 1)))
    with store.open(Portee.commune(ROUBAIX)) as lecteur:
        (motif,) = find_all(lecteur, libre, Criteres(FIN), passages_dits=True)["motif"]
        autres = find_all(lecteur, "jamais_presentes", Criteres(FIN), passages_dits=True)["motif"].tolist()
    assert motif.replace("\u00a0", " ") == f"3 fois rang 2 ou plus : {DITS}, 1 personne"
    assert autres == snapshot(["35 mois, aucune présentation enregistrée"])


def test_a_bailleur_reads_the_passages_of_its_own_commissions_alone_and_a_reservataire_none(store: Entrepot) -> None:
    with store.open(Portee.bailleur("B1")) as lecteur:
        (motif,) = candidats.find_all(lecteur, "rang_2", FIN, passages_dits=True)["motif"]
    assert motif.replace("\u00a0", " ") == snapshot(
        "2 fois rang 2 ou plus, sans bail chez nous : rang 2 le 14/03/2016 (Les Acacias), rang 2 le 02/05/2017"
    )
    with store.open(Portee.reservataire("COLACT")) as lecteur:
        assert candidats.find_all(lecteur, "rang_2", FIN, passages_dits=True).empty


def test_a_line_says_the_labels_that_its_demande_bears(tmp_path: Path) -> None:
    portes = {"m0": {"dalo": True, "npru": True}, "m1": {"dalo": False}}
    entrepot = magasin(tmp_path, [demande(qui, **labels) for qui, labels in portes.items()])
    with entrepot.open(Portee.commune(ROUBAIX)) as lecteur:
        lues = find_all(lecteur, SegmentLibre(), Criteres(FIN)).set_index("pseudonyme")["labels"]
    assert lues["m0"] == "dalo|npru"
    assert lues.isna()["m1"]


def test_a_blocked_mutation_is_told_its_criterion_in_words_alone(tmp_path: Path) -> None:
    bloquee = {"mutation_bloquee": True, "critere_mutation": "SUR_OCCUPATION"}
    with magasin(tmp_path, [demande("m0", **bloquee)]).open(Portee.commune(ROUBAIX)) as lecteur:
        (motif,) = find_all(lecteur, "mutations_bloquees_en_attente", Criteres(FIN))["motif"]
    assert motif == snapshot("mutation bloquée (sur-occupation), 35 mois")
