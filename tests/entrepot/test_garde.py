"""A query that lasts too long is stopped with a sentence, and the reader answers the next one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mel_core.entrepot import Entrepot, Portee, lecteur
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.jeux import bailleurs, chargement

SANS_FIN = "select count(*) from range(1000000000) a, range(1000000000) b where a.range * b.range = -1"


@pytest.fixture
def entrepot(tmp_path, monkeypatch):
    monkeypatch.setattr(lecteur, "DELAI_MS", 1_000)
    ouvert = Entrepot(tmp_path)
    ouvert.publish(chargement(bailleurs=bailleurs("B1", "B2")))
    return ouvert


def test_a_query_without_end_is_stopped_and_the_next_one_answers(entrepot):
    with entrepot.open(Portee.mel()) as lu:
        for _ in range(2):
            with pytest.raises(ErreurUtilisateur, match="trente secondes"):
                lu.query(SANS_FIN)
            with pytest.raises(ErreurUtilisateur, match="trente secondes"):
                lu.arrow(SANS_FIN)
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
