"""What became of the engagements, in the sentence that opens the view: each has its verdict, none is left out."""

from __future__ import annotations

from pages.commun.orientations.phrases_orientations import constats, lieux_tenus


def dit(texte: str) -> str:
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_due_is_said_with_its_verdict_the_unheld_first() -> None:
    assert dit(constats(["non_tenu"])) == "**1 engagement non tenu**"
    assert dit(constats(["tenu", "non_tenu", "en_cours", "non_tenu", ""])) == (
        "**2 engagements non tenus**, **1 engagement tenu**, **1 engagement en cours** et **1 engagement sans constat "
        "possible**"
    )
    assert constats([]) == ""


def test_places_that_hold_their_part_are_counted_over_those_judged() -> None:
    fin = "de l’engagement (petits lieux regroupés)."
    assert dit(lieux_tenus([(0, 2, "commune"), (0, 1, "bailleur")])) == (
        f"**0 commune sur 2** et **0 bailleur sur 1** tiennent leur part {fin}"
    )
    assert dit(lieux_tenus([(1, 3, "commune"), (0, 0, "bailleur")])) == f"**1 commune sur 3** tient sa part {fin}"
    assert dit(lieux_tenus([(2, 3, "commune")])) == f"**2 communes sur 3** tiennent leur part {fin}"
    assert lieux_tenus([(0, 0, "commune")]) == ""
