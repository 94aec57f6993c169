"""The vault of numéros uniques: sealed under a key apart, erased row by row, kept true by each import."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot
from mel_core.entrepot.coffre import CLE_AILLEURS, Coffre
from mel_core.entrepot.importation import import_files
from mel_core.socle.erreurs import ErreurUtilisateur

NUMERO = "999000000000000001"


def coffre(dossier: Path) -> Coffre:
    return Coffre(dossier)


def test_a_number_kept_is_read_back_by_its_pseudonym_and_by_no_other(tmp_path: Path) -> None:
    c = coffre(tmp_path)
    assert c.read(["p1"]) == {}
    assert c.keep({"p1": NUMERO, "p2": "999000000000000002"}) == 2
    assert c.keep({"p1": NUMERO}) == 0
    assert c.read(["p1", "p3"]) == {"p1": NUMERO}


def test_neither_the_vault_nor_what_it_erased_shows_a_number(tmp_path: Path) -> None:
    c = coffre(tmp_path)
    c.keep({f"p{i}": f"9990000000000{i:05}" for i in range(300)})
    assert b"99900000" not in (tmp_path / "coffre.sqlite").read_bytes()
    scelle = sqlite3.connect(tmp_path / "coffre.sqlite").execute("select chiffre from numeros where pseudonyme = 'p7'")
    (chiffre,) = scelle.fetchone()
    c.erase(["p7"])
    assert c.read(["p7", "p8"]) == {"p8": "999000000000000008"}
    assert chiffre not in (tmp_path / "coffre.sqlite").read_bytes()


def test_without_its_key_or_with_another_it_does_not_open_and_says_what_to_do(tmp_path: Path) -> None:
    c = coffre(tmp_path)
    c.keep({"p1": NUMERO})
    cle = (tmp_path / "coffre.cle").read_bytes()
    (tmp_path / "coffre.cle").write_bytes(cle[::-1])
    with pytest.raises(ErreurUtilisateur, match="ne s’ouvre pas avec cette clé"):
        c.read(["p1"])
    (tmp_path / "coffre.cle").unlink()
    with pytest.raises(ErreurUtilisateur, match=CLE_AILLEURS):
        c.read(["p1"])
    with pytest.raises(ErreurUtilisateur, match=CLE_AILLEURS):
        c.keep({"p2": NUMERO})  # a second key would close the first rows for ever


def test_two_rows_swapped_do_not_open(tmp_path: Path) -> None:
    c = coffre(tmp_path)
    c.keep({"p1": NUMERO, "p2": "999000000000000002"})
    with sqlite3.connect(tmp_path / "coffre.sqlite") as base:
        lignes = base.execute("select jeton, chiffre from numeros order by pseudonyme").fetchall()
        for pseudonyme, (jeton, chiffre) in zip(("p2", "p1"), lignes, strict=True):
            base.execute("update numeros set jeton = ?, chiffre = ? where pseudonyme = ?", (jeton, chiffre, pseudonyme))
    with pytest.raises(ErreurUtilisateur, match="modifiée"):
        c.read(["p1"])


def test_a_vault_that_is_broken_is_told_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "coffre.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(ErreurUtilisateur, match=r"coffre\.sqlite"):
        coffre(tmp_path).connus()


def test_the_key_may_be_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ailleurs = tmp_path / "autre volume"
    ailleurs.mkdir()
    monkeypatch.setenv(CLE_AILLEURS, str(ailleurs / "cle"))
    Coffre(tmp_path).keep({"p1": NUMERO})
    assert not (tmp_path / "coffre.cle").exists()
    assert (ailleurs / "cle").stat().st_mode & 0o077 == 0
    assert Coffre(tmp_path).read(["p1"]) == {"p1": NUMERO}


@settings(max_examples=25, deadline=None)
@given(
    numeros=st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=6),
    gardes=st.sets(st.text(max_size=8), max_size=4),
)
def test_what_is_kept_is_what_is_read_and_only_what_is_asked_to_stay(tmp_path_factory, numeros, gardes) -> None:
    c = coffre(tmp_path_factory.mktemp("coffre"))
    c.keep(numeros)
    assert c.read(numeros) == numeros
    assert c.keep_seulement(gardes) == len(numeros.keys() - gardes)
    assert c.read(numeros) == {p: n for p, n in numeros.items() if p in gardes}


DEMANDES = """numero_unique;date_creation;etat;date_radiation;n_personnes
999000000000000001;01/01/2017;ACTIVE;;1
999000000000000002;01/01/2014;RADIEE;30/06/2017;1
999000000000000003;01/01/2014;RADIEE;31/12/2016;1
"""


def test_an_import_keeps_the_numbers_of_the_demandes_for_a_year_after_they_are_struck_off(tmp_path: Path) -> None:
    jeu, entrepot = tmp_path / "jeu", Entrepot(tmp_path / "donnees")
    jeu.mkdir()
    (jeu / "demandes.csv").write_text(DEMANDES, encoding="utf-8")
    import_files(jeu, entrepot, aujourdhui=date(2017, 12, 31))
    numeros = [ligne.split(";")[0] for ligne in DEMANDES.splitlines()[1:]]
    lus = Coffre(entrepot.dossier).read(entrepot.pseudonymes().de(numeros))
    assert sorted(lus.values()) == numeros[:2]  # the third: struck off a year ago to the day
    # the second is no longer in the next file: its number goes with it
    (jeu / "demandes.csv").write_text("\n".join(DEMANDES.splitlines()[:2]), encoding="utf-8")
    import_files(jeu, entrepot, aujourdhui=date(2018, 1, 31), accepter=["demandes"])
    assert Coffre(entrepot.dossier).read(entrepot.pseudonymes().de(numeros)).keys() == set(
        entrepot.pseudonymes().de(numeros[:1])
    )
