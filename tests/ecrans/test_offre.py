"""The offer on screen: a place without a line is counted with its reason, no objective is supposed."""

from __future__ import annotations

import pandas as pd

from pages.commun.orientations.ecran_offre import dire_les_ecartes, juger_les_qpv


def lieu(quartier: str, fragilite: str = "fragile", attendues: int | None = 8, modestes: int | None = 3):
    return {"quartier": quartier, "fragilite": fragilite, "n_attendues": attendues, "n_modestes": modestes}


def lieux(*lignes) -> pd.DataFrame:
    return pd.DataFrame(lignes).astype({"n_attendues": "Int64", "n_modestes": "Int64"})


def test_every_place_left_out_is_counted_once_with_its_reason():
    frame = lieux(
        lieu("a"),
        lieu("b", attendues=None, modestes=None),
        lieu("c", fragilite="inconnu", modestes=None),
        lieu("d", modestes=None),
        lieu("e", attendues=0, modestes=0),
        lieu("inconnu", fragilite="inconnu", attendues=None, modestes=None),  # attributions, not a place
    )
    assert dire_les_ecartes(frame, "quartier").replace("\u00a0", " ") == (
        "Sans préconisation : 4 quartiers (1 sans rotation connue, 1 sans fragilité connue, 1 sans objectif en vigueur "
        "ou qui s’y tienne et 1 sans logement attendu)."
    )
    assert dire_les_ecartes(lieux(lieu("a")), "quartier") == ""


def qpv(part: float | None, cible: float | None, motif: str | None = None) -> dict[str, object]:
    return {"part_regle": part, "cible": cible, "motif": motif}


def test_a_qpv_without_objective_is_not_judged_by_an_invented_one():
    assert "aucun objectif n’est en vigueur" in juger_les_qpv(pd.DataFrame([qpv(0.9, None)]))
    dite = juger_les_qpv(pd.DataFrame([qpv(0.9, 0.5), qpv(0.4, 0.5), qpv(0.9, None), qpv(None, 0.5)]))
    assert dite.startswith("**1 QPV sur 2** accueille au moins 50")
    assert dite.endswith("2 ne se jugent pas")
