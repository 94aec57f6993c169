"""A block that runs says so, and what it does is what it did."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from tests.marcheur import sondes
from tests.marcheur.plantes import RECHUTES, Plante

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


@pytest.mark.parametrize("rechute", RECHUTES, ids=lambda r: r.nom)
def test_a_relapse_undoes_a_line_that_is_there_still(rechute: Plante) -> None:
    racine = Path(__file__).resolve().parents[2]
    assert (racine / rechute.fichier).read_text(encoding="utf-8").count(rechute.avant) == 1
