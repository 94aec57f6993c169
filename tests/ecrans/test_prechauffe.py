"""The background warm-up finds every module by itself."""

from __future__ import annotations

from pages.adaptateur import prechauffe


def test_the_modules_that_pages_share_are_all_there() -> None:
    noms = {m.__name__ for m in prechauffe.modules()}
    assert {"pages.commun.cadre", "pages.seance.bilan.essai", "pages.adaptateur.prechauffe"} <= noms
