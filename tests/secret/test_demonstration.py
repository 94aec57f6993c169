"""On the demonstration, every measure × cut: nothing large is hidden from a room, nothing that it reads misleads it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode
from tests.exemples import one_in

SEANCE = "2017S2"
COUPES = (("commune",), ("bailleur",), ("quartier",), ("commune", "bailleur"), ("territoire", "fragilite"))


def cotes(frame: pd.DataFrame) -> pd.Series:
    """On which side of its objective each exact share is: 1, −1, 0 on it, nan without."""
    ecart = pd.to_numeric(frame["part"]) - pd.to_numeric(frame["cible"])
    return ecart.map(lambda e: (e > 1e-12) - (e < -1e-12), na_action="ignore")


@pytest.mark.parametrize("ici", one_in(4, [None, "ICI 1", "ICI 2", "ICI 3"]))
def test_a_large_place_keeps_its_count_and_no_side_is_turned(demonstration_publiee: Path, ici: str | None) -> None:
    n_lignes = n_dites = 0
    with Entrepot(demonstration_publiee).open(Portee.mel()) as lecteur:
        for nom in INDICATEURS:
            for par in COUPES:
                exactes = compute(lecteur, nom, Periode.de(SEANCE, "annee"), par=par, ici=ici)
                dites = SALLE.cellules(exactes, par)
                assert dites.index.equals(exactes.index)
                assert PREPARATION.cellules(exactes, par)["n"].tolist() == exactes["n"].tolist()
                tus, base = (14, 10) if {"commune", "bailleur"} <= {*par} else (12, 5)
                for n, dit in zip(exactes["n"], dites["n"], strict=True):
                    n_lignes += 1
                    n_dites += n > tus
                    assert dit.est_tu == (n <= tus)
                    assert n <= tus or (dit.dit % base == 0 and abs(dit.dit - n) <= base // 2), (nom, par, n, dit)
                if exactes["cible"].isna().all():
                    continue
                vraies, lues = cotes(exactes), cotes(dites)
                assert not (vraies * lues == -1).any(), (nom, par)
                cote = dites["cote"].map({"au-dessus": 1, "au-dessous": -1})
                assert not (vraies * cote == -1).any(), (nom, par)
                # Of a share that reads like its objective, the side says that it is not.
                assert cote[(lues == 0) & (vraies != 0) & exactes["ecart_points"].notna()].notna().all(), (nom, par)
                # The sides of a few told nothing are not told either.
                assert not (cote.notna() & (exactes["n_connus"] < 30)).any(), (nom, par)
    assert n_dites > n_lignes / 10
