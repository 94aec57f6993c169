"""A locked room stays locked until it is unlocked, alone; so of its rehearsal; nothing of its token is written."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mel_core.acces import Profil, TypeProfil
from mel_core.salle import Salles
from pages.commun import acces, hotes
from tests.navigateur.conftest import RACINE

JETON = "2diQrpMZUvE09IIXflsoqCckKfwGerajpBqBNpPwYuE"


def test_a_room_is_locked_for_every_process_until_it_is_unlocked(tmp_path: Path) -> None:
    Salles(tmp_path).verrouiller(JETON)
    Salles(tmp_path).verrouiller(JETON)
    assert Salles(tmp_path).est_verrouillee(JETON)
    Salles(tmp_path).deverrouiller(JETON)
    Salles(tmp_path).deverrouiller(JETON)
    assert not Salles(tmp_path).est_verrouillee(JETON)


def test_the_lock_of_one_room_is_not_that_of_another(tmp_path: Path) -> None:
    Salles(tmp_path).verrouiller(JETON)
    Salles(tmp_path).deverrouiller("autre")
    assert Salles(tmp_path).est_verrouillee(JETON)
    assert not Salles(tmp_path).est_verrouillee("autre")


def test_what_is_kept_neither_names_nor_gives_back_the_browser(tmp_path: Path) -> None:
    Salles(tmp_path).verrouiller(JETON)
    (marque,) = (f for f in tmp_path.rglob("*") if f.is_file())
    assert marque.read_bytes() == b""
    assert JETON not in str(marque)


def test_without_a_token_nothing_is_locked_nor_written(tmp_path: Path) -> None:
    Salles(tmp_path).verrouiller("")
    assert not Salles(tmp_path).est_verrouillee("")
    assert list(tmp_path.iterdir()) == []


def test_a_room_rehearses_the_profile_that_it_chose_last_alone_and_an_unreadable_one_is_none(tmp_path: Path) -> None:
    Salles(tmp_path).repeter(JETON, "commune 59512")
    Salles(tmp_path).repeter("", "bailleur B1")
    assert (Salles(tmp_path).repete(JETON), Salles(tmp_path).repete("autre"), Salles(tmp_path).repete("")) == (
        "commune 59512",
        "",
        "",
    )
    (fichier,) = (f for f in tmp_path.rglob("*") if f.is_file())
    assert JETON not in str(fichier)
    fichier.write_bytes(b"\xff\xfe")
    assert Salles(tmp_path).repete(JETON) == ""
    Salles(tmp_path).repeter(JETON, "")
    assert Salles(tmp_path).repete(JETON) == ""


def test_a_kept_profile_that_does_not_read_is_the_default_one() -> None:
    assert acces._lire("commune 59512") == Profil(TypeProfil.COMMUNE, "59512")
    assert acces._lire("animateur") == Profil(TypeProfil.ANIMATEUR)
    for illisible in ("", "commune", "animateur 59512", "directeur", "commune\n59512"):
        assert acces._lire(illisible) == Profil(TypeProfil.COPILOTE)


@given(st.text())
def test_a_token_made_up_by_a_visitor_leads_nowhere_but_to_its_own_mark(jeton: str) -> None:
    assert not Salles(RACINE / "tests").est_verrouillee(jeton)
    assert Salles(RACINE)._marque(jeton).parent == RACINE / "salles"


def test_a_host_is_ours_by_its_whole_name_whatever_the_port() -> None:
    noms = frozenset({"127.0.0.1", "::1", "ici.exemple.fr", "*.mel.exemple"})
    for hote in ("127.0.0.1:8501", "[::1]:8501", "ICI.exemple.fr", "ici.exemple.fr.", "a.mel.exemple:443"):
        assert hotes.est_attendu(hote, noms), hote
    for hote in (
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "mel.exemple",
        "xici.exemple.fr",
        "a@127.0.0.1",
        "::1:x",
    ):
        assert not hotes.est_attendu(hote, noms), hote
    for hote in ("127.0.0.1/evil", "127.0.0.1:port", "127.0.0.1?x", "[::1"):
        assert not hotes.est_attendu(hote, noms), hote
