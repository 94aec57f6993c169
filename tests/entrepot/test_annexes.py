"""What is kept beside a snapshot is read back whole or not at all, and never stops who asks."""

from __future__ import annotations

import logging
import resource
import threading
from pathlib import Path

import pytest

from mel_core.entrepot.annexes import DOSSIER, Annexes, a_tour_de_role, oter_orphelines

NOM, TEXTE = "a1b2", b'{"lieux": ["59512", "59350"]}' * 40


@pytest.fixture
def source(tmp_path: Path) -> Path:
    jeu = tmp_path / "jeux" / "instantane.duckdb"
    jeu.parent.mkdir()
    jeu.write_bytes(b"rows")
    return jeu


def fichier(dossier: Path) -> Path:
    (seul,) = (dossier / DOSSIER / "instantane").iterdir()
    return seul


def test_what_is_kept_is_read_back_under_its_name_alone(tmp_path: Path, source: Path) -> None:
    annexes = Annexes(tmp_path, source)
    assert annexes.lire(NOM) is None
    annexes.garder(NOM, TEXTE)
    assert annexes.lire(NOM) == TEXTE
    assert annexes.lire("c3d4") is None
    assert Annexes(tmp_path, source.with_stem("autre")).lire(NOM) is None


@pytest.mark.parametrize(
    "abimer",
    [
        lambda octets: b"",
        lambda octets: octets[: len(octets) // 2],
        lambda octets: octets[:-1],
        lambda octets: octets[:30] + bytes([octets[30] ^ 1]) + octets[31:],
        lambda octets: b"{}",
    ],
    ids=["empty", "half", "last byte", "one bit", "another format"],
)
def test_a_file_that_was_cut_or_changed_is_not_read_then_is_kept_anew(
    tmp_path: Path, source: Path, abimer, caplog: pytest.LogCaptureFixture
) -> None:
    annexes = Annexes(tmp_path, source)
    annexes.garder(NOM, TEXTE)
    abime = fichier(tmp_path)
    abime.write_bytes(abimer(abime.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert annexes.lire(NOM) is None
    assert not any(mot in caplog.text for mot in ("59512", "59350", "lieux", str(tmp_path)))
    annexes.garder(NOM, TEXTE)
    assert annexes.lire(NOM) == TEXTE


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, source: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / DOSSIER).write_text("a file is where the folder should be")
    annexes = Annexes(tmp_path, source)
    annexes.garder(NOM, TEXTE)
    assert annexes.lire(NOM) is None
    assert str(tmp_path) not in caplog.text


def test_a_full_disk_stops_nobody_and_leaves_nothing_behind(tmp_path: Path, source: Path) -> None:
    annexes = Annexes(tmp_path, source)
    avant = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, avant[1]))
        annexes.garder(NOM, TEXTE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, avant)
    assert list((tmp_path / DOSSIER / "instantane").iterdir()) == []
    assert annexes.lire(NOM) is None


def test_what_was_kept_goes_with_its_snapshot(tmp_path: Path, source: Path) -> None:
    annexes = Annexes(tmp_path, source)
    annexes.garder(NOM, TEXTE)
    autre = source.with_stem("autre")
    autre.write_bytes(b"rows")
    Annexes(tmp_path, autre).garder(NOM, TEXTE)
    source.unlink()
    oter_orphelines(tmp_path)
    assert [d.name for d in (tmp_path / DOSSIER).iterdir()] == ["autre"]
    annexes.garder(NOM, TEXTE)  # decided by a process that still had it open
    assert [d.name for d in (tmp_path / DOSSIER).iterdir()] == ["autre"]


def test_one_at_a_time_works_ahead(tmp_path: Path) -> None:
    ordre, est_entre = [], threading.Event()

    def second() -> None:
        est_entre.wait()
        with a_tour_de_role(tmp_path):
            ordre.append("second")

    fil = threading.Thread(target=second)
    fil.start()
    with a_tour_de_role(tmp_path):
        est_entre.set()
        fil.join(0.3)
        ordre.append("first")
    fil.join()
    assert ordre == ["first", "second"]


def test_where_no_turn_can_be_taken_the_work_is_done_all_the_same(tmp_path: Path) -> None:
    (tmp_path / f".{DOSSIER}").mkdir()
    with a_tour_de_role(tmp_path):
        pass
