"""A file of SQL: its blocks, and the pieces that they share."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from mel_core.socle.sql import read

FICHIER = """
-- A file starts as it likes.

-- morceau: vu
$ici is null
or ici = $ici

-- nom: communes
-- Grain: one row per commune.
select * from communes where (/* morceau: vu */);

-- nom: bailleurs
select * from bailleurs
where (/* morceau: vu */) and /* regle */;
"""


def test_a_piece_stands_in_each_block_that_asks_for_it_and_is_no_block() -> None:
    lus = read(FICHIER)
    assert list(lus) == ["communes", "bailleurs"]
    assert lus["communes"].splitlines()[-2:] == snapshot(
        ["select * from communes where ($ici is null", "or ici = $ici)"]
    )
    assert lus["bailleurs"].endswith("or ici = $ici) and /* regle */")  # a hole is somebody else's


def test_a_piece_that_is_written_nowhere_before_is_refused() -> None:
    with pytest.raises(KeyError, match="vu"):
        read("-- nom: communes\nselect /* morceau: vu */")
