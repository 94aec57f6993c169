"""Planted blocages contradict nothing that is drawn around them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mel_core.demo.reglages_demo import load


@pytest.fixture(scope="module")
def plantes() -> dict:
    return load()["blocages"]


def read(dossier: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(dossier / f"{table}.csv", dtype=str)


def test_one_is_planted_in_each_ici(plantes: dict, dossier: Path) -> None:
    icis = read(dossier, "communes").set_index("code_insee")["ici"]
    assert sorted(icis[p["commune"]] for p in plantes.values()) == ["ICI 1", "ICI 2", "ICI 3"]


def test_dwellings_are_vacant_or_occupied_in_every_residence(dossier: Path) -> None:
    residences = read(dossier, "residences")
    comptes = [c for c in residences if c.startswith("n_occupants_")] + ["n_vacants"]
    nombres = residences[[*comptes, "n_logements", "n_vacants_3_mois"]].astype(int)
    assert (nombres >= 0).all(axis=None)
    assert (nombres[comptes].sum(axis=1) == nombres["n_logements"]).all()
    assert (nombres["n_vacants_3_mois"] <= nombres["n_vacants"]).all()


def test_whoever_refuses_because_of_a_blocage_was_first_and_did_not_sign_there(plantes: dict, dossier: Path) -> None:
    evenements, attributions = read(dossier, "evenements"), read(dossier, "attributions")
    ajoutes = evenements[evenements["id_evenement"].str.contains("P")]
    assert len(ajoutes) > 30
    assert set(ajoutes["type"]) == {"REFUS_DEMANDEUR"}
    ou = ["numero_unique", "code_residence"]
    premiers = evenements[(evenements["type"] == "PASSAGE_CAL") & (evenements["rang"] == "1")]
    suivis = ajoutes.merge(premiers[[*ou, "date_survenance"]], on=ou, suffixes=("", "_cal"))
    assert set(suivis["id_evenement"]) == set(ajoutes["id_evenement"])
    assert (suivis["date_survenance"] >= suivis["date_survenance_cal"]).all()
    assert ajoutes.merge(attributions[ou], on=ou).empty
