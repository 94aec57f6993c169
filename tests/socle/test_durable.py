"""A file written whole: the former one or the new one, and nothing beside."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mel_core.socle.durable import write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside(tmp_path: Path) -> None:
    fichier = tmp_path / "registre.json"
    write_whole(fichier, b"ancien")
    write_whole(fichier, b"nouveau")
    assert fichier.read_bytes() == b"nouveau"
    assert list(tmp_path.iterdir()) == [fichier]


def test_a_write_that_the_disk_refuses_leaves_the_former_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fichier = tmp_path / "registre.json"
    fichier.write_bytes(b"ancien")

    def refuse(descripteur: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_whole(fichier, b"nouveau")
    assert fichier.read_bytes() == b"ancien"
    assert list(tmp_path.iterdir()) == [fichier]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such mode")
def test_a_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_whole(tmp_path / "cle", b"secret")
    assert stat.S_IMODE((tmp_path / "cle").stat().st_mode) == 0o600
