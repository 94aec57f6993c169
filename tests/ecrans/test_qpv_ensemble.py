"""13h30, QPV: what is said of all of them together is what their rows add up to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.simulation.preconisations import HORS_QPV, INCONNU
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from pages.seance.orientations import ecran_qpv
from tests.ecrans import metropole
from tests.lecteurs import lue_par


@pytest.fixture(scope="module")
def choisi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Perimetre]:
    lieu: Path = tmp_path_factory.mktemp("qpv")
    metropole.publish(lieu)
    with pytest.MonkeyPatch.context() as environnement:
        environnement.setenv("MEL_DONNEES", str(lieu))
        st.cache_resource.clear()
        st.cache_data.clear()
        yield Perimetre(donnees.instantane(), Seance(2017, 2), None, ())
    st.cache_resource.clear()
    st.cache_data.clear()


def test_the_shares_of_all_the_qpv_are_those_of_their_sums(choisi: Perimetre) -> None:
    lignes, ensemble, _ = lue_par(PREPARATION, ecran_qpv.read, choisi)
    dans = lignes[~lignes["qpv"].isin([HORS_QPV, INCONNU])]
    assert len(dans) > 1
    for modestes, connus, part in (
        ("n_entrants_modestes", "n_entrants_connus", "part_entrants"),
        ("n_occupants_modestes", "n_occupants", "part_occupants"),
    ):
        k, n = (int(dans[c].astype(float).sum()) for c in (modestes, connus))
        assert (ensemble[modestes], ensemble[connus]) == (k, n)
        assert 0 < k < n
        assert ensemble[part] == pytest.approx(k / n)


def test_a_room_reads_the_same_shares_to_the_unit_and_counts_in_fives(choisi: Perimetre) -> None:
    _, exact, _ = lue_par(PREPARATION, ecran_qpv.read, choisi)
    _, dit, _ = lue_par(SALLE, ecran_qpv.read, choisi)
    for part in ("part_entrants", "part_occupants"):
        assert pd.notna(dit[part])
        assert dit[part] == pytest.approx(exact[part], abs=0.01)
    assert dit["n_occupants"].dit % 5 == 0
