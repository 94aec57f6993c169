"""Writing and reading back: like a plain dictionary; a retry adds nothing, a stale write loses nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.journal import Auteur, Fiche, Journal, Perime, nouvel_identifiant, nouvel_op_id, one_state
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Seance
from tests.exemples import examples

ANNE, BRUNO = Auteur("Anne", "MEL"), Auteur("Bruno", "DDTM")

TEXTES = st.text(max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTES,
    lambda valeurs: st.lists(valeurs, max_size=3) | st.dictionaries(TEXTES, valeurs, max_size=3),
    max_leaves=6,
)
# One write: which object, with which op_id, having seen which version, what it says.
ECRITURES = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 9), st.integers(0, 3), JSON), max_size=25
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path)


@examples(20)
@given(ECRITURES)
def test_the_journal_reads_back_like_a_dictionary(ecritures: list[tuple[str, str, int, int, Any]]) -> None:
    versions: dict[tuple[str, str], list[Any]] = {}
    refuses: dict[tuple[str, str], list[Any]] = {}
    faites: dict[str, tuple[Fiche | None, str]] = {}
    autres: set[tuple[str, str]] = set()
    creees: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as dossier:
        journal = Journal.du_dossier(Path(dossier))
        for objet, identifiant, numero, vue, valeur in ecritures:
            cle, op_id = (objet, identifiant), f"{objet}{identifiant}{numero}"
            connues = versions.setdefault(cle, [])
            try:
                fiche = journal.write(objet, identifiant, {"v": valeur}, ANNE, op_id, vue)
                assert op_id in faites or vue == len(connues)
                assert op_id not in faites or faites[op_id][1] == json.dumps(valeur, sort_keys=True)
            except Perime as perime:
                fiche, montree = None, perime.actuelle.contenu
            except ErreurUtilisateur:
                fiche, montree = None, None
            if fiche is None:
                assert montree == (connues[-1] if connues else None)
            dit = json.dumps(valeur, sort_keys=True)
            if op_id in faites:
                if faites[op_id][1] == dit:
                    assert faites[op_id][0] == fiche
                elif (op_id, dit) not in autres:
                    autres.add((op_id, dit))
                    refuses.setdefault(cle, []).append({"v": valeur})
                continue
            faites[op_id] = fiche, dit
            if fiche is not None and not connues:
                creees.append(cle)
            (connues if fiche else refuses.setdefault(cle, [])).append({"v": valeur})
        for cle, connues in versions.items():
            lue = journal.read(*cle)
            assert (lue.contenu if lue else None) == (connues[-1] if connues else None)
            assert [f.contenu for f in journal.historique(*cle)] == connues
            assert [f.version for f in journal.historique(*cle)] == list(range(1, len(connues) + 1))
            assert [f.contenu for f in journal.ecarts(*cle)] == refuses.get(cle, [])
        for objet in "ab":
            attendues = [versions[cle][-1] for cle in creees if cle[0] == objet]
            assert [f.contenu for f in journal.find_all(objet)] == attendues
        assert journal.verify() == []
        journal.close()


def test_a_new_object_starts_at_version_one_and_reopens_from_the_folder(tmp_path: Path) -> None:
    ecrite = Journal.du_dossier(tmp_path).write("blocage", "b1", {"constat": "refus en série"}, ANNE, "op1")
    assert (ecrite.version, ecrite.rang, ecrite.auteur) == (1, 1, ANNE)
    assert Journal.du_dossier(tmp_path).read("blocage", "b1") == ecrite


def test_the_same_write_again_gives_the_same_answer_whatever_version_was_seen(journal: Journal) -> None:
    premiere = journal.write("blocage", "b1", {"n": 1}, ANNE, "op1")
    journal.write("blocage", "b1", {"n": 2}, ANNE, "op2", version_vue=1)
    assert journal.write("blocage", "b1", {"n": 1}, ANNE, "op1", version_vue=2) == premiere
    assert [f.contenu["n"] for f in journal.historique("blocage", "b1")] == [1, 2]


def test_another_content_under_a_known_op_id_is_refused_and_both_texts_are_kept(journal: Journal) -> None:
    premiere = journal.write("blocage", "b1", {"constat": "le premier"}, ANNE, "op1")
    for _ in range(2):  # refused once, however many times it is sent
        with pytest.raises(Perime) as perime:
            journal.write("blocage", "b1", {"constat": "le second"}, BRUNO, "op1")
        assert (perime.value.actuelle, perime.value.refusee) == (premiere, {"constat": "le second"})
    assert journal.historique("blocage", "b1") == [premiere]
    assert [(f.contenu["constat"], f.auteur) for f in journal.ecarts("blocage", "b1")] == [("le second", BRUNO)]
    assert journal.write("blocage", "b1", {"constat": "le premier"}, BRUNO, "op1") == premiere
    assert (journal.nombre(), journal.verify()) == (2, [])


def test_a_refused_write_sent_again_with_another_text_keeps_that_one_too(journal: Journal) -> None:
    journal.write("blocage", "b1", {"n": 1}, ANNE, "op1")
    for n in (2, 3, 2, 3):
        with pytest.raises(Perime):
            journal.write("blocage", "b1", {"n": n}, BRUNO, "op2")
    assert [f.contenu["n"] for f in journal.ecarts("blocage", "b1")] == [2, 3]


def test_what_is_drawn_at_each_try_and_the_link_that_the_write_itself_moved_make_no_other_content(
    journal: Journal,
) -> None:
    journal.write("blocage", "b1", {}, ANNE, "op0")
    signee = {"qualite": "présidente", "cohorte": "liste 1", "lien": journal.dernier_lien()}
    premiere = journal.write("signature", "s", signee, ANNE, "op1")
    de_nouveau = {**signee, "cohorte": "liste 2", "lien": journal.dernier_lien()}
    assert journal.write("signature", "s", de_nouveau, ANNE, "op1", tires=("cohorte",)) == premiere
    for autre in ({**de_nouveau, "qualite": "élue"}, {**signee, "lien": "un texte"}, {"qualite": "présidente"}):
        with pytest.raises(Perime):
            journal.write("signature", "s", autre, ANNE, "op1", tires=("cohorte",))
    assert len(journal.ecarts("signature", "s")) == 3
    with pytest.raises(Perime):
        journal.write(
            "signature", "s", {**de_nouveau, "qualite": "élue", "cohorte": "liste 3"}, ANNE, "op1", tires=("cohorte",)
        )
    assert len(journal.ecarts("signature", "s")) == 3  # refused once


def test_an_erased_text_sent_again_does_not_come_back(journal: Journal) -> None:
    journal.write("blocage", "b1", {"constat": "Madame X"}, ANNE, "op1")
    journal.erase("op1")
    assert journal.write("blocage", "b1", {"constat": "Madame X"}, ANNE, "op1").effacee
    assert journal.nombre() == 2


def test_of_two_people_on_one_text_the_second_is_told_and_both_texts_are_kept(journal: Journal) -> None:
    journal.write("decision", "d1", {"texte": "départ"}, ANNE, "op1")
    d_anne = journal.write("decision", "d1", {"texte": "celui d’Anne"}, ANNE, "op2", version_vue=1)
    for _ in range(2):  # a second try with the same op_id is told the same and adds nothing
        with pytest.raises(Perime) as perime:
            journal.write("decision", "d1", {"texte": "celui de Bruno"}, BRUNO, "op3", version_vue=1)
        assert perime.value.actuelle == d_anne
        assert perime.value.refusee == {"texte": "celui de Bruno"}
    assert journal.read("decision", "d1") == d_anne
    assert [(f.contenu["texte"], f.version, f.auteur) for f in journal.ecarts("decision", "d1")] == [
        ("celui de Bruno", 1, BRUNO)
    ]


def test_a_text_that_the_journal_lost_sight_of_is_kept_all_the_same(journal: Journal) -> None:
    with pytest.raises(ErreurUtilisateur, match="plus au journal"):
        journal.write("decision", "d1", {"texte": "écrit avant"}, ANNE, "op1", version_vue=4)
    assert [f.contenu["texte"] for f in journal.ecarts("decision", "d1")] == ["écrit avant"]


def test_a_list_keeps_the_order_of_creation_and_the_filters(journal: Journal) -> None:
    for nom, seance in (("b2", "2017S2"), ("b1", "2017S2"), ("b3", "2017S1")):
        journal.write("blocage", nom, {"nom": nom, "seance": seance}, ANNE, nouvel_op_id())
    journal.write("blocage", "b2", {"nom": "b2 corrigé", "seance": "2017S2"}, ANNE, nouvel_op_id(), version_vue=1)
    assert [f.contenu["nom"] for f in journal.find_all("blocage", seance="2017S2")] == ["b2 corrigé", "b1"]
    assert journal.find_all("blocage", absente=None) == []


def test_an_op_id_that_served_another_object_is_a_wrong_call(journal: Journal) -> None:
    journal.write("blocage", "b1", {}, ANNE, "op1")
    with pytest.raises(AppelIncorrect, match="op_id"):
        journal.write("blocage", "b2", {}, ANNE, "op1")
    assert journal.read("blocage", "b2") is None


@pytest.mark.parametrize(
    ("objet", "contenu", "auteur"),
    [
        ("", {}, ANNE),
        ("blocage", {"x": float("nan")}, ANNE),
        ("blocage", {"x": {1, 2}}, ANNE),
        ("blo\x00cage", {}, ANNE),
        ("blocage", {}, Auteur("Anne", "M\nEL")),
    ],
)
def test_what_would_not_hold_is_refused_and_nothing_is_written(
    journal: Journal, objet: str, contenu: dict[str, Any], auteur: Auteur
) -> None:
    with pytest.raises(AppelIncorrect):
        journal.write(objet, "b1", contenu, auteur, "op1")
    assert journal.dernier_lien() is None


def test_names_are_opaque_and_an_op_id_of_the_same_terms_is_the_same(journal: Journal, tmp_path: Path) -> None:
    assert nouvel_identifiant() != nouvel_identifiant()
    assert journal.op_id_de("b1", 2, {"a": 1, "b": 2}) == journal.op_id_de("b1", 2, {"b": 2, "a": 1})
    assert journal.op_id_de("b1", 2) != journal.op_id_de("b1", 3)
    assert journal.op_id_de("b1", Seance.read("2017S2")) == journal.op_id_de("b1", "2017S2")  # else by its text
    for texte in ("ab12", "é « a »\n", ""):  # of many at once, the same
        assert journal.op_ids_de("suite", "59512")(texte) == journal.op_id_de("suite", "59512", texte)
    # Keyed: another store gives another name to the same content.
    assert journal.op_id_de("b1") != Journal.du_dossier(tmp_path / "autre").op_id_de("b1")


def test_an_unreadable_address_is_told_without_repeating_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEL_JOURNAL", "mysql://moi:secret@machine/base")
    with pytest.raises(AppelIncorrect, match="MEL_JOURNAL") as refus:
        Journal.du_dossier(tmp_path)
    assert "secret" not in str(refus.value)


def test_a_journal_without_its_key_does_not_open(tmp_path: Path) -> None:
    Journal.du_dossier(tmp_path).write("blocage", "b1", {}, ANNE, "op1")
    (tmp_path / "journal.cle").unlink()
    with pytest.raises(ErreurUtilisateur, match="clé du journal"):
        Journal.du_dossier(tmp_path)
    assert not (tmp_path / "journal.cle").exists()


def test_what_answers_one_person_at_once_reads_the_journal_in_one_state_but_once_it_writes(
    open: Callable[[], Journal],
) -> None:
    mien, autre = open(), open()

    def said() -> list[tuple[str, Any]]:
        un = mien.read("a", "x")
        return [(f.identifiant, f.contenu["n"]) for f in (*([un] if un else []), *mien.find_all("a"))]

    def elsewhere(identifiant: str, n: int, vue: int = 0) -> None:
        """By another thread, as another person does."""
        args = ("a", identifiant, {"n": n}, BRUNO, nouvel_op_id(), vue)
        fil = Thread(target=lambda: autre.write(*args))
        fil.start()
        fil.join()

    with one_state():
        assert said() == []
        elsewhere("x", 1)
        assert said() == []
        with one_state():  # a piece of the page
            assert said() == []
    with one_state():
        assert said() == [("x", 1), ("x", 1)]
        elsewhere("x", 2, 1)
        assert said() == [("x", 1), ("x", 1)]
        mien.write("b", "y", {"n": 3}, ANNE, nouvel_op_id())
        assert said() == [("x", 2), ("x", 2)]
        with pytest.raises(Perime):  # what is written is set against what is there, whatever was read
            mien.write("a", "x", {"n": 4}, ANNE, nouvel_op_id(), 1)
    elsewhere("z", 5)
    assert said() == [("x", 2), ("x", 2), ("z", 5)]
