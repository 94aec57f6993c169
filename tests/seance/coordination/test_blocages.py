"""From a report to the agenda: each step is one entry of the journal, stale steps are refused, retries add nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.seance.coordination import Blocage, blocages
from mel_core.seance.coordination.blocages import Etat
from mel_core.seance.preuves import Profil, Secteur
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

ANNE, BRUNO = Auteur("Anne", "MEL"), Auteur("Bruno", "DDTM")
BLOCAGE = Blocage(
    Seance(2017, 2),
    "59512",
    Secteur("ICI 2", communes=("59512",), quartiers=("595120101",)),
    "Les T5 sont refusés au premier rang",
    Profil(typologie="T5", ressources="modeste", acces="mutation", label="aci"),
    date(2017, 3, 1),
    "visites groupées",
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path)


def signaler(journal: Journal, nom: str, **champs: object) -> Fiche:
    return blocages.signaler(journal, replace(BLOCAGE, **champs), ANNE, identifiant=nom, op_id=f"op-{nom}")


def etats(journal: Journal) -> dict[str, str]:
    return {f.identifiant: str(b.etat) for f, b in blocages.lister(journal)}


def test_a_blocage_reads_back_as_it_was_reported(journal: Journal) -> None:
    signaler(journal, "b1")
    ((_, lu),) = blocages.lister(journal, seance="2017S2", ici="ICI 2", etat="recu")
    assert lu == BLOCAGE
    assert lu.ici == "ICI 2"
    assert blocages.lister(journal, ici="ICI 1") == []


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"constat": "  "}, "Ce qui bloque"),
        ({"constat": "x" * 4001}, "4000"),
        ({"tente": "vu avec 999 0217 12345678901 59"}, "numéro unique"),
        ({"organisation": ""}, "Organisation"),
        ({"secteur": Secteur("")}, "ICI"),
        ({"etat": Etat.ECARTE}, "Motif"),
        ({"motif_refus": "hors sujet"}, "écarté"),
        ({"etat": Etat.FUSIONNE}, "regroupé"),
        ({"rattache_a": "b2"}, "regroupé"),
        ({"rang": 0}, "à partir de 1"),
    ],
)
def test_nonsense_is_refused_in_words(champs: dict[str, object], dit: str) -> None:
    with pytest.raises(AppelIncorrect, match=dit):
        replace(BLOCAGE, **champs)


def test_it_is_kept_then_set_aside_with_a_reason_then_kept_again(journal: Journal) -> None:
    retenu = blocages.retenir(journal, signaler(journal, "b1"), BRUNO, "op1")
    with pytest.raises(AppelIncorrect, match="Motif"):
        blocages.refuser(journal, retenu, " ", BRUNO, "op2")
    ecarte = blocages.refuser(journal, retenu, "déjà traité en 2017S1", BRUNO, "op3")
    assert Blocage.depuis(ecarte).motif_refus == "déjà traité en 2017S1"
    assert Blocage.depuis(blocages.retenir(journal, ecarte, ANNE, "op4")) == replace(BLOCAGE, etat=Etat.RETENU)
    assert [f.auteur.nom for f in journal.historique("blocage", "b1")] == ["Anne", "Bruno", "Bruno", "Anne"]


def test_two_co_pilots_on_one_blocage_the_second_is_told(journal: Journal) -> None:
    recu = signaler(journal, "b1")
    blocages.retenir(journal, recu, ANNE, "op1")
    with pytest.raises(Perime) as perime:
        blocages.refuser(journal, recu, "hors sujet", BRUNO, "op2")
    assert Blocage.depuis(perime.value.actuelle).etat is Etat.RETENU
    assert perime.value.refusee["motif_refus"] == "hors sujet"


def test_merged_blocages_follow_the_one_that_bears_them_on_one_level(journal: Journal) -> None:
    b1, b2, b3 = (signaler(journal, nom) for nom in ("b1", "b2", "b3"))
    b2, b3 = blocages.fusionner(journal, b2, [b3], BRUNO, "op1")  # b3 into b2…
    faites = blocages.fusionner(journal, b1, [b2], BRUNO, "op2")  # … then b2, with what it bears, into b1
    assert etats(journal) == {"b1": "retenu", "b2": "fusionne", "b3": "fusionne"}
    ((porteur, portes),) = blocages.groupes(blocages.lister(journal))
    assert porteur[0].identifiant == "b1"
    assert {f.identifiant for f, _ in portes} == {"b2", "b3"}
    n = journal.nombre()
    assert blocages.fusionner(journal, b1, [b2], BRUNO, "op2")[0] == faites[0]
    assert journal.nombre() == n


def test_a_merged_blocage_can_be_taken_out_again(journal: Journal) -> None:
    b1, b2 = signaler(journal, "b1"), signaler(journal, "b2")
    porte = blocages.rattacher(journal, b2, b1, BRUNO, "op1")
    blocages.retenir(journal, porte, BRUNO, "op2")
    assert etats(journal) == {"b1": "recu", "b2": "retenu"}


def test_what_was_merged_into_a_blocage_that_is_set_aside_is_to_be_sorted_again(journal: Journal) -> None:
    a, b = signaler(journal, "a"), signaler(journal, "b")
    retenu, _ = blocages.fusionner(journal, a, [b], BRUNO, "op1")
    blocages.refuser(journal, retenu, "hors sujet", BRUNO, "op2")
    assert etats(journal) == {"a": "ecarte", "b": "recu"}
    assert [porteur[0].identifiant for porteur, _ in blocages.groupes(blocages.lister(journal))] == ["b"]
    n = journal.nombre()
    blocages.refuser(journal, retenu, "hors sujet", BRUNO, "op2")
    assert journal.nombre() == n


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["recu", "retenu", "ecarte", *"abcde"]), min_size=5, max_size=5))
def test_no_blocage_is_lost_nor_listed_twice_whatever_was_merged_into_what(tirage: list[str]) -> None:
    """Each of a, b, c, d, e has a state, or is merged into another (even in a ring, even into one set aside)."""
    lus = []
    for nom, dit in zip("abcde", tirage, strict=True):
        etat = Etat(dit) if len(dit) > 1 else Etat.FUSIONNE if dit != nom else Etat.RECU
        motif = "hors sujet" if etat is Etat.ECARTE else ""
        porteur = dit if etat is Etat.FUSIONNE else ""
        fiche = Fiche("blocage", nom, 1, {}, ANNE, datetime(2017, 1, 1, tzinfo=UTC), nom, 1, "")
        lus.append((fiche, replace(BLOCAGE, etat=etat, motif_refus=motif, rattache_a=porteur)))
    trouves = [f.identifiant for porteur, portes in blocages.groupes(lus) for f, _ in (porteur, *portes)]
    assert sorted(trouves) == [f.identifiant for f, b in lus if b.etat is not Etat.ECARTE]


def test_what_can_bear_another_stands_by_itself_in_the_same_seance_and_ici(journal: Journal) -> None:
    b1, b2 = signaler(journal, "b1"), signaler(journal, "b2")
    ailleurs = signaler(journal, "b3", secteur=Secteur("ICI 1"))
    ecarte = blocages.refuser(journal, signaler(journal, "b4"), "hors sujet", ANNE, "op4")
    for autre, dit in ((b1, "lui-même"), (ailleurs, "même séance"), (ecarte, "écarté")):
        with pytest.raises(AppelIncorrect, match=dit):
            blocages.rattacher(journal, b1, autre, ANNE, "op5")
    with pytest.raises(AppelIncorrect, match="lui-même"):
        blocages.fusionner(journal, b1, [b2, b1], ANNE, "op6")
    assert journal.lire("blocage", "b1") == b1


def test_the_agenda_is_the_order_that_was_given_then_the_order_of_arrival(journal: Journal) -> None:
    b1, b2, b3, _ = (signaler(journal, nom) for nom in ("b1", "b2", "b3", "b4"))
    ordre = blocages.ordonner(journal, [b3, b1], ANNE, "op1")
    assert [f.identifiant for f, _ in blocages.lister(journal)] == ["b3", "b1", "b2", "b4"]
    n = journal.nombre()
    # b3 keeps its place: only b2, that comes in, and b1, that goes down, are written.
    blocages.ordonner(journal, [ordre[0], b2, ordre[1]], ANNE, "op2")
    assert [f.identifiant for f, _ in blocages.lister(journal)] == ["b3", "b2", "b1", "b4"]
    assert journal.nombre() == n + 2
    with pytest.raises(AppelIncorrect, match="deux fois"):
        blocages.ordonner(journal, [b1, b1], ANNE, "op3")


def test_a_blocage_whose_text_was_erased_is_no_longer_listed(journal: Journal) -> None:
    journal.effacer(signaler(journal, "b1").op_id)
    assert blocages.lister(journal) == []
    assert journal.verifier() == []
