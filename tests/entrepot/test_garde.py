"""A query that lasts too long is stopped with a sentence, and the reader answers the next one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mel_core.entrepot import Entrepot, Portee, lecteur
from mel_core.entrepot.lecteur import Garde
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.jeux import bailleurs, chargement

SANS_FIN = "select count(*) from range(1000000000) a, range(1000000000) b where a.range * b.range = -1"


@pytest.fixture
def entrepot(tmp_path, monkeypatch):
    monkeypatch.setattr(lecteur, "_GARDE", Garde(1))
    ouvert = Entrepot(tmp_path)
    ouvert.publish(chargement(bailleurs=bailleurs("B1", "B2")))
    return ouvert


def test_a_query_without_end_is_stopped_and_the_next_one_answers(entrepot):
    with entrepot.open(Portee.mel()) as lu:
        for _ in range(2):
            with pytest.raises(ErreurUtilisateur, match="trente secondes"):
                lu.query(SANS_FIN)
            assert lu.query("select count(*) as n from bailleurs")["n"].tolist() == [2]


def test_a_query_without_end_stops_alone(entrepot):
    def ask(sql):
        with entrepot.open(Portee.mel()) as lu:
            return lu.query(sql)

    with ThreadPoolExecutor(8) as fils:
        longue = fils.submit(ask, SANS_FIN)
        courtes = [fils.submit(ask, "select count(*) as n from bailleurs") for _ in range(40)]
        assert [c.result()["n"].tolist() for c in courtes] == [[2]] * 40
        with pytest.raises(ErreurUtilisateur, match="trente secondes"):
            longue.result()


def test_what_is_over_is_never_stopped():
    garde, arrets = Garde(0.05), []
    for rang in range(200):
        with garde.watch(lambda rang=rang: arrets.append(rang)):
            pass
    arrete = threading.Event()
    with garde.watch(arrete.set):
        assert arrete.wait(30)
    assert arrets == []


def test_one_watch_is_enough_for_all_queries():
    garde = Garde(30)
    avant = threading.active_count()
    for _ in range(50):
        with garde.watch(lambda: None):
            assert threading.active_count() <= avant + 1
