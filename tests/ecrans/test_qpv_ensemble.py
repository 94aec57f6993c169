"""13h30, QPV: what is said of all of them together is what their rows add up to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.simulation.preconisations import HORS_QPV, INCONNU
from pages.commun import donnees
from pages.seance.orientations import lecture_offre
from tests.ecrans import metropole
from tests.lecteurs import lue_par


@pytest.fixture(scope="module")
def identifiant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lieu: Path = tmp_path_factory.mktemp("qpv")
    metropole.publish(lieu)
    with pytest.MonkeyPatch.context() as environnement:
        environnement.setenv("MEL_DONNEES", str(lieu))
        st.cache_resource.clear()
        st.cache_data.clear()
        yield donnees.instantane().identifiant
    st.cache_resource.clear()
    st.cache_data.clear()


def test_the_shares_of_all_the_qpv_are_those_of_their_sums(identifiant: str) -> None:
    lignes, ensemble, _ = lue_par(PREPARATION, lecture_offre.qpv, identifiant, "2017S2", "")
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


def test_a_room_reads_the_same_shares_to_the_unit_and_counts_in_fives(identifiant: str) -> None:
    _, exact, _ = lue_par(PREPARATION, lecture_offre.qpv, identifiant, "2017S2", "")
    _, dit, _ = lue_par(SALLE, lecture_offre.qpv, identifiant, "2017S2", "")
    for part in ("part_entrants", "part_occupants"):
        assert pd.notna(dit[part])
        assert dit[part] == pytest.approx(exact[part], abs=0.01)
    assert dit["n_occupants"].dit % 5 == 0
