"""Tampering of five kinds and a cut tail, by someone who holds the database but not the key: each is found.

The journal of each test has six entries: five blocages of one version, then a refused write on the third.
"""
# ruff: noqa: S608 - the SQL of this file is an attack, on a base of its own

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from mel_core.journal import Auteur, Journal, Perime
from mel_core.socle.erreurs import ErreurUtilisateur

ANNE = Auteur("Anne", "MEL")
Ouvrir = Callable[[], Journal]

_SANS_GARDE = {
    "sqlite": (
        "drop trigger ecritures_jamais_modifiees",
        "drop trigger ecritures_jamais_effacees",
        "drop trigger contenus_jamais_modifies",
        "drop trigger contenus_effaces_si_ecrit",
    ),
    "postgresql": (
        "drop trigger ecritures_en_ajout_seul on ecritures",
        "drop trigger contenus_en_ajout_seul on contenus",
    ),
}


@pytest.fixture
def journal(open: Ouvrir) -> Journal:
    ouvert = open()
    for n in range(1, 6):
        ouvert.write("blocage", f"b{n}", {"constat": f"constat {n}"}, ANNE, f"op{n}")
    with pytest.raises(Perime):
        ouvert.write("blocage", "b3", {"constat": "trop tard"}, ANNE, "op6")
    return ouvert


def forcer(url: str, *ordres: str) -> None:
    """What a person with the database in hands can do, its guards dropped first."""
    moteur = sa.create_engine(url)
    with moteur.begin() as connexion:
        for ordre in (*_SANS_GARDE[moteur.dialect.name], *ordres):
            connexion.exec_driver_sql(ordre)
    moteur.dispose()


def regles(journal: Journal, lien: str | None = None) -> set[tuple[int, str]]:
    return {(a.rang, a.regle) for a in journal.verify(lien)}


def test_a_whole_journal_has_no_anomaly_and_any_link_of_it_is_recognised(journal: Journal) -> None:
    lien = journal.read("blocage", "b2")
    assert lien is not None
    assert regles(journal) == regles(journal, lien.lien) == regles(journal, f" {lien.lien[:12].upper()} ") == set()


@pytest.mark.parametrize("champ", ["op_id", "objet", "identifiant", "organisation", "profil", "instant", "empreinte"])
def test_an_updated_field_breaks_its_seal(journal: Journal, url: str, champ: str) -> None:
    forcer(url, f"update ecritures set {champ} = 'autre' where rang = 2")
    assert (2, "sceau") in regles(journal)


def test_an_updated_text_is_found_by_its_hash(journal: Journal, url: str) -> None:
    forcer(url, "update contenus set texte = replace(texte, 'constat 2', 'constat 9') where op_id = 'op2'")
    assert regles(journal) == {(2, "contenu")}


def test_a_deleted_entry_leaves_a_hole(journal: Journal, url: str) -> None:
    forcer(url, "delete from ecritures where rang = 3", "delete from contenus where op_id = 'op3'")
    assert regles(journal) == {(4, "rang")}


def test_a_deleted_entry_is_found_even_when_the_others_are_renumbered(journal: Journal, url: str) -> None:
    forcer(
        url,
        "delete from ecritures where rang = 3",
        "delete from contenus where op_id = 'op3'",
        *(f"update ecritures set rang = {n - 1} where rang = {n}" for n in (4, 5, 6)),
    )
    assert {(3, "sceau"), (3, "chainage"), (6, "fin")} <= regles(journal)


def test_a_text_deleted_without_its_erasing_in_the_chain_is_found(journal: Journal, url: str) -> None:
    forcer(url, "delete from contenus where op_id = 'op4'")
    assert regles(journal) == {(4, "contenu")}


def test_an_inserted_entry_has_no_seal(journal: Journal, url: str) -> None:
    colonnes = "nature, objet, {0}, {1}, version_vue, organisation, profil, instant, vise, empreinte, lien"
    copie = colonnes.format("identifiant", "version")
    forcer(
        url,
        f"insert into ecritures (rang, op_id, precedente, {copie}) select 7, 'op7', lien, "
        f"{colonnes.format(repr('b7'), '1')} from ecritures where rang = 6",
        "insert into contenus select 'op7', sel, texte from contenus where op_id = 'op6'",
    )
    assert (7, "sceau") in regles(journal)


def test_two_entries_that_change_places_are_found(journal: Journal, url: str) -> None:
    forcer(url, *(f"update ecritures set rang = {b} where rang = {a}" for a, b in ((2, 90), (3, 2), (90, 3))))
    assert {(2, "sceau"), (2, "chainage"), (3, "sceau")} <= regles(journal)


@pytest.mark.parametrize("reste", [5, 1, 0])
def test_a_cut_tail_is_found_by_the_anchor_alone(journal: Journal, url: str, reste: int) -> None:
    forcer(
        url,
        f"delete from ecritures where rang > {reste}",
        "delete from contenus where op_id not in (select op_id from ecritures)",
    )
    assert regles(journal) == {(reste + 1, "fin")}


def test_a_cut_tail_stays_visible_after_others_have_written_in_its_place(journal: Journal, url: str) -> None:
    forcer(
        url,
        "delete from ecritures where rang > 3",
        "delete from contenus where op_id not in (select op_id from ecritures)",
    )
    for n in range(7, 14):
        journal.write("blocage", f"b{n}", {}, ANNE, f"op{n}")
    assert regles(journal) == {(6, "fin")}


def test_a_cut_tail_and_its_anchor_are_betrayed_by_the_printed_link(journal: Journal, url: str, tmp_path: Path) -> None:
    imprime = journal.dernier_lien()
    forcer(
        url,
        "delete from ecritures where rang > 3",
        "delete from contenus where op_id not in (select op_id from ecritures)",
    )
    (tmp_path / "journal.ancre").unlink()
    journal.write("blocage", "b9", {}, ANNE, "op9")  # puts an anchor back
    assert regles(journal) == set()
    assert regles(journal, imprime) == {(0, "lien")}


@pytest.mark.parametrize("texte", ["", "{}", '{"rang": 1, "lien": "00", "sceau": "00"}'])
def test_a_forged_anchor_is_found_and_stays(journal: Journal, tmp_path: Path, texte: str) -> None:
    (tmp_path / "journal.ancre").write_text(texte, encoding="utf-8")
    journal.write("blocage", "b9", {}, ANNE, "op9")
    assert regles(journal) == {(0, "ancre")}


def test_a_missing_anchor_is_told(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "journal.ancre").unlink()
    assert regles(journal) == {(0, "ancre")}


def test_a_journal_that_begins_is_whole_and_one_that_was_emptied_is_not(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    assert regles(journal) == set()
    journal.write("blocage", "b1", {}, ANNE, "op1")
    journal.close()
    for fichier in (*tmp_path.glob("journal.sqlite*"), tmp_path / "journal.ancre"):
        fichier.unlink()
    for _ in range(2):  # opening it again puts nothing back
        vide = Journal.du_dossier(tmp_path)
        assert (vide.nombre(), regles(vide)) == (0, {(0, "ancre")})
        vide.close()


def test_an_anchor_that_lags_is_no_anomaly(open: Ouvrir, tmp_path: Path) -> None:
    """A crash between the commit and the anchor: the chain is whole, and longer than the anchor says."""
    journal = open()
    journal.write("blocage", "b1", {}, ANNE, "op1")
    avant = (tmp_path / "journal.ancre").read_bytes()
    journal.write("blocage", "b2", {}, ANNE, "op2")
    (tmp_path / "journal.ancre").write_bytes(avant)
    assert regles(journal) == set()


def test_the_database_refuses_by_itself_to_rewrite_or_delete(journal: Journal, url: str) -> None:
    moteur = sa.create_engine(url)
    for ordre in (
        "update ecritures set objet = 'autre' where rang = 2",
        "delete from ecritures where rang = 6",
        "update contenus set texte = '{}' where op_id = 'op2'",
        "delete from contenus where op_id = 'op2'",
    ):
        with pytest.raises(sa.exc.DBAPIError), moteur.begin() as connexion:
            connexion.exec_driver_sql(ordre)
    moteur.dispose()
    assert regles(journal) == set()


def test_erasing_a_text_leaves_the_chain_whole_and_nothing_of_it(journal: Journal, url: str) -> None:
    journal.erase("op2")
    journal.erase("op2")
    journal.erase("op6")  # a refused text too
    lue = journal.read("blocage", "b2")
    assert lue is not None
    assert (lue.contenu, lue.auteur.nom, lue.effacee) == ({}, "", True)
    assert [(f.contenu, f.effacee) for f in journal.ecarts("blocage", "b3")] == [({}, True)]
    assert regles(journal) == set()
    moteur = sa.create_engine(url)
    with moteur.connect() as connexion:
        textes = connexion.exec_driver_sql("select texte from contenus").scalars().all()
    moteur.dispose()
    assert len(textes) == 4 + 2  # the other four blocages; the two erasings, that say nothing
    assert not any("constat 2" in t or "trop tard" in t for t in textes)


def test_an_erased_text_leaves_the_disk_too(tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path)
    journal.write("blocage", "b1", {"constat": "Madame Introuvable"}, ANNE, "op1")
    journal.erase("op1")
    restes = [f.name for f in tmp_path.iterdir() if b"Introuvable" in f.read_bytes()]
    assert restes == []


def test_an_erased_text_put_back_is_found(journal: Journal, url: str) -> None:
    journal.erase("op2")
    forcer(url, "insert into contenus select 'op2', sel, texte from contenus where op_id = 'op3'")
    assert regles(journal) == {(2, "contenu")}


def test_an_added_text_without_entry_is_found(journal: Journal, url: str) -> None:
    forcer(url, "insert into contenus select 'op99', sel, texte from contenus where op_id = 'op3'")
    assert regles(journal) == {(0, "contenu")}


def test_every_anomaly_is_told_in_one_sentence(journal: Journal, url: str) -> None:
    forcer(
        url,
        "update ecritures set version = 4, objet = 'autre' where rang = 2",
        "delete from contenus where op_id = 'op4'",
        "delete from ecritures where rang > 4",
    )
    anomalies = journal.verify("00" * 32)
    assert {a.regle for a in anomalies} == {"sceau", "version", "contenu", "fin", "lien"}
    assert [a.message for a in anomalies if not a.message.endswith(".") or not a.message[0].isupper()] == []


def test_a_file_that_is_no_longer_a_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    Journal.du_dossier(tmp_path).close()
    (tmp_path / "journal.sqlite").write_bytes(b"ceci n'est pas une base" * 500)
    with pytest.raises(ErreurUtilisateur, match=r"est abîmé.*sauvegarde"):
        Journal.du_dossier(tmp_path)


def test_a_journal_of_a_later_application_does_not_open(tmp_path: Path) -> None:
    Journal.du_dossier(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as base, base:
        base.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(ErreurUtilisateur, match="plus récente"):
        Journal.du_dossier(tmp_path)
