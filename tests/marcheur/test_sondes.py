"""A block that runs says so, and what it does is what it did."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from tests.marcheur import sondes

SOURCE = '''"""Of a page."""
from __future__ import annotations


def name(n):
    """What it is."""
    if n > 1:
        dit = "plusieurs"
    elif n == 1:
        dit = "un"
    else:
        dit = "aucun"
    try:
        return dit + "" if n >= 0 else dit + n
    except TypeError:
        return "moins que rien"
'''


@pytest.mark.parametrize(
    ("n", "dit", "blocs"),
    [
        (2, "plusieurs", {7, 8, 14}),
        (1, "un", {7, 9, 10, 14}),
        (0, "aucun", {7, 9, 12, 14}),
        (-1, "moins que rien", {7, 9, 12, 14, 16}),
    ],
)
def test_each_block_that_runs_is_told_by_its_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int, dit: str, blocs: set[int]
) -> None:
    page = tmp_path / "page.py"
    page.write_text(SOURCE, encoding="utf-8")
    courus: set[sondes.Bloc] = set()
    monkeypatch.setattr(builtins, sondes.SONDE, courus.add, raising=False)
    noms: dict[str, object] = {}
    exec(sondes.compile_page(str(page)), noms)  # noqa: S102 - the source is above
    assert not courus
    assert noms["name"](n) == dit  # type: ignore[operator]
    assert courus == {(str(page), ligne) for ligne in blocs}
    assert noms["name"].__doc__ == "What it is."
    assert courus < sondes.blocks(str(page))
