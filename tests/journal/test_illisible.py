"""Rows altered into what the journal never writes: each is named, the others are still told, nothing crashes."""
# ruff: noqa: S608 - the SQL of this file is an attack, on a base of its own

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.journal import Auteur, Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from tests.cli.appel import Reponse, run
from tests.journal.test_alterations import forcer, regles

RACINE = Path(__file__).resolve().parents[2]
ANNE = Auteur("Anne", "MEL")
SANS_TEXTE = "x'fffe80'"  # a BLOB that is no UTF-8
SANS_UTF8 = f"cast({SANS_TEXTE} as text)"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    ouvert = Journal.du_dossier(tmp_path)
    for n in range(1, 6):
        ouvert.write("blocage", f"b{n}", {"constat": f"constat {n}"}, ANNE, f"op{n}")
    ouvert.write("blocage", "b2", {"constat": "corrigé"}, ANNE, "op6", version_vue=1)
    return ouvert


def commande(dossier: Path, *options: str) -> Reponse:
    return run("journal", "--dossier-donnees", dossier, *options)


def alterer(dossier: Path, *ordres: str) -> None:
    forcer(f"sqlite:///{dossier / 'journal.sqlite'}", *ordres)


@pytest.mark.parametrize("valeur", ["'é'", SANS_TEXTE, SANS_UTF8, "'abc'", "2.5", "9e999"])
@pytest.mark.parametrize(
    "champ", ["lien", "precedente", "empreinte", "organisation", "instant", "identifiant", "version", "version_vue"]
)
def test_a_field_that_holds_anything_is_one_broken_seal_and_the_others_are_still_told(
    journal: Journal, tmp_path: Path, champ: str, valeur: str
) -> None:
    alterer(
        tmp_path,
        f"update ecritures set {champ} = {valeur} where rang = 2",
        "update ecritures set profil = 'autre' where rang = 5",
    )
    trouvees = regles(journal)
    assert {(2, "sceau"), (5, "sceau")} <= trouvees
    assert {rang for rang, _ in trouvees} <= {2, 3, 5, 6}  # 3 follows 2, 6 is the next version of 2


@pytest.mark.parametrize("valeur", ["'é'", SANS_TEXTE, SANS_UTF8])
@pytest.mark.parametrize("champ", ["texte", "sel"])
def test_a_payload_that_holds_anything_is_found_by_its_hash(
    journal: Journal, tmp_path: Path, champ: str, valeur: str
) -> None:
    alterer(tmp_path, f"update contenus set {champ} = {valeur} where op_id = 'op2'")
    assert regles(journal) == {(2, "contenu")}


@pytest.mark.parametrize("valeur", ["'abc'", SANS_TEXTE, "2.5"])
def test_a_rank_that_is_no_number_is_told_and_nothing_more_is_written(
    journal: Journal, tmp_path: Path, valeur: str
) -> None:
    alterer(tmp_path, f"update ecritures set rang = {valeur} where rang = 2")
    assert {(0, "rang"), (3, "rang")} <= regles(journal)
    if valeur != "2.5":  # else it is not the last one
        with pytest.raises(ErreurUtilisateur, match="--verifier"):
            journal.write("blocage", "b9", {}, ANNE, "op9")


@pytest.mark.parametrize("octets", [b"\xff\xfe\x80", b"[" * 100_000, b'{"rang": Infinity, "lien": "", "sceau": ""}'])
def test_an_anchor_that_is_no_text_is_told_with_the_rest(journal: Journal, tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "journal.ancre").write_bytes(octets)
    alterer(tmp_path, "update ecritures set profil = 'autre' where rang = 5")
    assert regles(journal) == {(0, "ancre"), (5, "sceau")}


def test_an_anchor_that_cannot_be_opened_is_told(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "journal.ancre").unlink()
    (tmp_path / "journal.ancre").mkdir()
    assert regles(journal) == {(0, "ancre")}


@pytest.mark.parametrize(
    "ordre",
    [
        *(
            f"update contenus set texte = {valeur} where op_id = 'op2'"
            for valeur in ("'bonjour'", "'[]'", "'{}'", """'{"auteur": "", "contenu": []}'""", SANS_TEXTE, SANS_UTF8)
        ),
        """update contenus set texte = '{"auteur": 3, "contenu": {}}' where op_id = 'op2'""",
        *(
            f"update ecritures set instant = {valeur} where rang = 2"
            for valeur in ("'hier'", "''", "'2017-01-01'", "'9999-12-31T23:59:59+00:00'", SANS_TEXTE)
        ),
        f"update ecritures set organisation = {SANS_TEXTE} where rang = 2",
        f"update ecritures set objet = {SANS_UTF8} where rang = 2",
        "update ecritures set version = 'abc' where rang = 2",
    ],
)
def test_a_list_with_an_unreadable_row_names_it_in_one_sentence(journal: Journal, tmp_path: Path, ordre: str) -> None:
    alterer(tmp_path, ordre)
    with pytest.raises(ErreurUtilisateur, match=r"^L’écriture 2 du journal ne se lit pas.*journal --verifier.*\.$"):
        journal.ecritures()
    assert [f.identifiant for f in journal.ecritures(4)] == ["b2", "b5", "b4", "b3"]


def test_the_command_tells_every_altered_row_and_sends_there_whoever_lists(journal: Journal, tmp_path: Path) -> None:
    alterer(
        tmp_path,
        "update contenus set texte = '[]' where op_id = 'op1'",
        f"update ecritures set organisation = {SANS_TEXTE} where rang = 3",
        "update ecritures set version = 'abc', lien = 'é' where rang = 4",
    )
    (tmp_path / "journal.ancre").write_bytes(b"\xff")
    code, sortie, erreurs = commande(tmp_path, "--verifier")
    assert (code, sortie) == (1, "")
    for dite in ("Le texte de l’écriture 1", "L’écriture 3 a été", "L’écriture 4 a été", "L’ancre"):
        assert dite in erreurs
    assert "Traceback" not in erreurs
    code, sortie, erreurs = commande(tmp_path)
    assert (code, sortie, len(erreurs.splitlines())) == (1, "", 1)
    assert "L’écriture 4 du journal ne se lit pas" in erreurs
