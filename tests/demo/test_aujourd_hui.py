"""The demonstration that ends today: everything is computed, on published values or on some that say what they are."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mel_core.contrat.controle import check
from mel_core.demo.reglages_demo import D_AUJOURD_HUI, DOSSIER, DU_SUPPORT, load, parametres_de
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.definitions import Mesure
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance
from scripts.calage import compare
from tests.cli.appel import run
from tests.exemples import one_in

pytestmark = pytest.mark.ci

DEMONSTRATION = "Valeur de démonstration : "


def read(dossier: Path, nom: str) -> pd.DataFrame:
    return pd.read_csv(dossier / f"{nom}.csv", dtype=str)


def valeur(indicateur: str) -> str:
    """What an indicator answers: a share, or months."""
    return "mediane_mois" if INDICATEURS[indicateur].mesure is Mesure.DELAI else "part"


@pytest.mark.parametrize("etendue", one_in(2, ["annee", "semestre"], pytest.mark.long))
@pytest.mark.parametrize("nom", list(INDICATEURS))
def test_every_measure_is_computed_on_the_seance_of_today(publiee_aujourd_hui: Path, nom: str, etendue: str) -> None:
    periode = Periode.de(D_AUJOURD_HUI, etendue)
    with Entrepot(publiee_aujourd_hui).open(Portee.mel()) as lecteur:
        for par in ((), ("bailleur",), ("commune",), ("enjeu_mixite",)):
            cellules = compute(lecteur, nom, periode, par)
            assert cellules["n"].sum() > 4000 or INDICATEURS[nom].population != "est_attribution"
            connues = cellules[cellules["n_connus"] > 0]
            assert len(connues)
            assert connues[valeur(nom)].notna().all()
            assert cellules["mois_couverts"].eq(periode.n_mois).all()
            if "motif" in cellules:
                assert cellules["motif"].isna().all()


@pytest.mark.parametrize("nom", ["q1_hors_qpv", "autres_en_qpv"])
def test_on_the_seance_of_the_deck_what_has_no_threshold_says_so(demonstration_publiee: Path, nom: str) -> None:
    with Entrepot(demonstration_publiee).open(Portee.mel()) as lecteur:
        (cellule,) = compute(lecteur, nom, Periode.de(DU_SUPPORT, "annee")).to_dict("records")
    assert cellule["motif"] == "seuil_absent"
    assert pd.isna(cellule["part"])
    assert cellule["n"] > 0


def test_each_bailleur_is_judged_on_its_own_agreements(publiee_aujourd_hui: Path) -> None:
    with Entrepot(publiee_aujourd_hui).open(Portee.mel()) as lecteur:
        cellules = compute(lecteur, "flux", Periode.de(D_AUJOURD_HUI, "annee"), ("bailleur",))
    convenues = cellules[cellules["reservataire"].isin(["COLTER", "COLACT", "PPRIOR", "PFONCT"])]
    assert convenues["cible"].notna().all()
    assert convenues["bailleur"].nunique() == 12
    assert {"atteint", "non_atteint"} <= set(convenues["verdict"])
    propres = "bailleur " + convenues["bailleur"] + " × reservataire " + convenues["reservataire"]
    assert (convenues["cible_de"] == propres).all()
    assert cellules.loc[cellules["reservataire"] == "AUCUN", "cible"].isna().all()


def test_what_is_not_published_says_that_it_is_a_demonstration_and_the_law_is_left_as_it_is() -> None:
    ajoutees = tomllib.loads(parametres_de(D_AUJOURD_HUI).read_text(encoding="utf-8"))["cibles"]
    assert all(c["source"].startswith(DEMONSTRATION) for c in ajoutees)
    assert {c["indicateur"] for c in ajoutees} == {"equilibre", "aci", "flux", "npru", "mutations_bloquees"}
    assert parametres_de(DU_SUPPORT) is None


def test_every_target_of_its_own_calibration_is_reached(demonstration_d_aujourd_hui: Path) -> None:
    table = compare(demonstration_d_aujourd_hui, derniere=D_AUJOURD_HUI)
    manquees = table[(table["obtenu"] - table["attendu"]).abs() > table["ecart_admis"]]
    assert manquees.empty, manquees.to_string()
    assert {"dalo", "premier_quartile", "attributions_an"} <= set(table["cible"])


def test_three_whole_years_of_attributions_end_with_the_seance(demonstration_d_aujourd_hui: Path) -> None:
    bails = pd.to_datetime(read(demonstration_d_aujourd_hui, "attributions")["date_bail"])
    semestres = sorted({Seance.du(j.date()) for j in bails})
    assert [str(s) for s in semestres] == ["2023S2", "2024S1", "2024S2", "2025S1", "2025S2", "2026S1"]
    assert (bails.min().date(), bails.max().date()) == (date(2023, 7, 1), date(2026, 6, 30))
    effectifs = bails.map(lambda j: str(Seance.du(j.date()))).value_counts()
    assert effectifs.between(4000, 5000).all()


def test_nothing_comes_after_the_last_day_and_planted_faults_alone_are_out(
    demonstration_d_aujourd_hui: Path,
) -> None:
    for nom, colonnes in {
        "demandes": ["date_creation"],
        "evenements": ["date_survenance"],
        "commissions_qpv": ["date"],
    }.items():
        lues = read(demonstration_d_aujourd_hui, nom)
        assert max(lues[c].dropna().max() for c in colonnes) <= "2026-06-30"
    assert read(demonstration_d_aujourd_hui, "accueil")["mois"].max() == "2026-06"
    rapport = check(demonstration_d_aujourd_hui, aujourdhui=date(2026, 7, 1)).rapport
    salissures = load(D_AUJOURD_HUI)["salissures"]
    planees = ("bail_avant_demande", "hors_mel", "bailleur_inconnu")
    assert not rapport.est_bloquant
    assert rapport.tables["attributions"].rejetees == sum(salissures[n] for n in planees)
    assert rapport.tables["evenements"].rejetees == salissures["rang_nul"]


def test_the_columns_of_today_are_filled(demonstration_d_aujourd_hui: Path) -> None:
    demandes, residences = (read(demonstration_d_aujourd_hui, nom) for nom in ("demandes", "residences"))
    points = pd.to_numeric(demandes["points"])
    assert points.isna().mean() == pytest.approx(load(D_AUJOURD_HUI)["demandes"]["cotation"]["vides"], abs=0.005)
    assert points.dropna().between(0, 250).all()
    # The DALO is worth 40 by itself; without any label, a year of waiting counts for less.
    assert points[demandes["dalo"] == "true"].min() >= 40
    assert points[demandes["dalo"] == "true"].mean() > points[demandes["dalo"] == "false"].mean() + 30
    assert (demandes["critere_mutation"].notna() == (demandes["mutation_bloquee"] == "true")).all()
    assert 0.09 < (residences["enjeu_mixite"] == "true").mean() < 0.11
    assert set(residences["annee_enquete"]) == {"2024"}


def test_the_qpv_are_as_many_as_in_2024_and_say_that_they_are_fictitious(
    demonstration_d_aujourd_hui: Path,
) -> None:
    quartiers = read(demonstration_d_aujourd_hui, "quartiers").dropna(subset=["code_qpv"])
    assert quartiers["code_qpv"].nunique() <= 26
    assert quartiers["nom_qpv"].str.fullmatch(r".+ — .+ \(fictif\)").all()


def test_the_settings_of_the_deck_are_its_own_file_and_another_seance_has_none(tmp_path: Path) -> None:
    assert load() == tomllib.loads((DOSSIER / "calage.toml").read_text(encoding="utf-8"))
    with pytest.raises(AppelIncorrect, match="choisir 2017S2 ou 2026S1"):
        load(Seance(2025, 2))
    refusee = run("--dossier-donnees", str(tmp_path / "d"), "demo", "--derniere-seance", "2025S2")
    assert refusee.returncode == 2
    assert "2026S1" in refusee.stderr
    assert not (tmp_path / "d").exists()


def test_a_year_that_the_settings_give_for_both_seances_is_replaced_whole() -> None:
    assert set(load(D_AUJOURD_HUI)["attributions"]["par_an"]) == {"2023", "2024", "2025", "2026"}
    assert load(D_AUJOURD_HUI)["attributions"]["typologies"] == load()["attributions"]["typologies"]
    assert "modestes_fragile_2015" not in load(D_AUJOURD_HUI)["cibles"]
