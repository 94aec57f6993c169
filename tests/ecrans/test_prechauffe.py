"""The background warm-up finds every drawing by itself."""

from __future__ import annotations

from pages.commun import figures, prechauffe
from pages.commun.scenario import vues_scenario


def test_every_drawing_that_depends_on_nothing_is_found_and_compiles() -> None:
    trouves = list(prechauffe.dessins())
    assert figures._dessin_barres in trouves
    assert figures._dessin_carte in trouves
    assert vues_scenario._dessin_mouvements in trouves
    for dessin in trouves:
        assert dessin()["$schema"]  # type: ignore[index]


def test_the_modules_that_pages_share_are_all_there() -> None:
    noms = {m.__name__ for m in prechauffe.modules()}
    assert {"pages.commun.cadre", "pages.commun.mesures.essai", "pages.commun.prechauffe"} <= noms
