"""What a reader recalls: the answer of these very rows and parameters, for this scope alone."""

from __future__ import annotations

from pathlib import Path

from mel_core.entrepot import Entrepot, Lecteur, Portee
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, table

COMBIEN = "select count(*) as n from attributions_qualifiees where commune = $commune"


def publish(entrepot: Entrepot, *communes: str) -> None:
    baux = [attribution(i, code_insee=c) for i, c in enumerate(communes)]
    with entrepot.reserve():
        entrepot.publish(chargement(bailleurs=bailleurs("B1", "B2"), attributions=table("attributions", *baux)))


def n(entrepot: Entrepot, portee: Portee, commune: str) -> int:
    with entrepot.open(portee) as lecteur:
        (retenu,), (relu,) = (f(COMBIEN, commune=commune)["n"] for f in (lecteur.recall, lecteur.query))
    assert retenu == relu
    return int(retenu)


def test_a_question_recalled_is_that_of_its_parameters_of_its_scope_and_of_what_is_published_now(
    tmp_path: Path,
) -> None:
    entrepot = Entrepot(tmp_path)
    publish(entrepot, LILLE, LILLE, ROUBAIX)
    for _ in range(2):
        assert n(entrepot, Portee.mel(), LILLE) == 2
        assert n(entrepot, Portee.mel(), ROUBAIX) == 1
        assert n(entrepot, Portee.commune(ROUBAIX), LILLE) == 0
    publish(entrepot, LILLE, ROUBAIX, ROUBAIX)
    assert n(entrepot, Portee.mel(), LILLE) == 1
    assert n(entrepot, Portee.mel(), ROUBAIX) == 2


def test_a_reader_opened_before_a_publication_recalls_the_rows_that_it_opened(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    publish(entrepot, LILLE, LILLE)
    with entrepot.open(Portee.mel()) as avant:
        publish(entrepot, LILLE)
        assert n(entrepot, Portee.mel(), LILLE) == 1
        assert [*avant.recall(COMBIEN, commune=LILLE)["n"]] == [2]


def n_traces(lecteur: Lecteur) -> int:
    """What DuckDB still remembers of blocks that questions gave back, in this reader's base."""
    return int(lecteur.query("select sum(dead_nodes) as n from duckdb_eviction_queues()")["n"].iloc[0])


def test_what_questions_leave_behind_does_not_grow_with_them_and_whoever_reads_goes_on_reading(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    publish(entrepot, LILLE, LILLE, ROUBAIX)
    joints = "select count(*) as n from attributions_qualifiees join (select unnest([$commune]) as c) on commune = c"
    traces = []
    with entrepot.open(Portee.mel()) as tenu:
        assert [*tenu.recall(COMBIEN, commune=LILLE)["n"]] == [2]
        for _ in range(2):
            for _ in range(600):
                with entrepot.open(Portee.mel()) as lecteur:
                    assert [*lecteur.query(joints, commune=LILLE)["n"]] == [2]
            with entrepot.open(Portee.mel()) as lecteur:
                traces.append(n_traces(lecteur))
        assert [*tenu.query(COMBIEN, commune=ROUBAIX)["n"]] == [1]
    assert traces[0] > 600  # of the first 600 questions; then of some 200, of another base
    assert traces[1] < traces[0]
    with entrepot.open(Portee.mel()) as lecteur:
        assert [*lecteur.recall(COMBIEN, commune=LILLE)["n"]] == [2]
