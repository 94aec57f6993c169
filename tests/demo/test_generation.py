"""The written files: deterministic, accepted by the checks, visibly fictitious, consistent with one another."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.reference import communes
from mel_core.contrat.tables import TABLES
from mel_core.demo import generate
from mel_core.demo.reglages_demo import load
from mel_core.socle.erreurs import AppelIncorrect

CLES = {"code_insee": str, "numero_unique": str, "code_quartier": str, "code_insee_actuel": str}


@cache
def read(dossier: Path, table: str) -> pd.DataFrame:
    return _read(dossier, table).copy()


@cache
def _read(dossier: Path, table: str) -> pd.DataFrame:
    dates = [c for c in TABLES[table].noms if c.startswith("date")]
    lue = pd.read_csv(dossier / f"{table}.csv", dtype=CLES, low_memory=False)
    for colonne in (c for c in dates if c in lue):
        lue[colonne] = pd.to_datetime(lue[colonne])
    return lue.drop_duplicates(list(TABLES[table].cle))


@pytest.mark.ci
def test_the_same_seed_gives_the_same_bytes(dossier: Path, tmp_path: Path) -> None:
    generate(tmp_path)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {f.name: f.read_bytes() for f in dossier.iterdir()}


@pytest.mark.parametrize("table", ["demandes", "attributions", "evenements", "residences", "quartiers"])
def test_another_seed_gives_other_files(table: str, dossier: Path, dossier_autre_graine: Path) -> None:
    nom = f"{table}.csv"
    assert (dossier / nom).read_bytes() != (dossier_autre_graine / nom).read_bytes()


@pytest.mark.parametrize("table", list(TABLES))
def test_each_table_of_the_contract_is_there_with_columns_of_the_contract_alone(table: str, dossier: Path) -> None:
    colonnes = list(read(dossier, table).columns)
    assert colonnes == [c for c in TABLES[table].noms if c in colonnes]
    assert {c.nom for c in TABLES[table].colonnes if c.requise} <= set(colonnes)


def test_the_checks_reject_some_rows_and_stop_nothing(dossier: Path) -> None:
    rapport = check(dossier).rapport
    assert not rapport.est_bloquant
    tables, regles = rapport.tables, {a.regle for a in rapport.anomalies}
    salissures = load()["salissures"]
    rejets = ("bail_avant_demande", "hors_mel", "bailleur_inconnu")
    assert tables["attributions"].rejetees == sum(salissures[nom] for nom in rejets)
    assert tables["attributions"].doublons == 18 + 6
    assert tables["demandes"].rejetees == salissures["personnes_vides"]
    assert tables["evenements"].rejetees == salissures["rang_nul"]
    assert {"reactivation", "commune_associee", "doublon_different", "demande_inconnue"} <= regles
    assert all(t.rejetees == t.doublons == 0 for nom, t in tables.items() if nom not in salissures["doublons"])


@pytest.mark.parametrize(("echelle", "graine"), [("pays", 1), ("mel", -1)])
def test_an_impossible_call_is_refused_in_one_french_sentence(echelle: str, graine: int, tmp_path: Path) -> None:
    with pytest.raises(AppelIncorrect, match=r"^L(’échelle « pays »|a graine -1) .*\.$"):
        generate(tmp_path, echelle, graine)
    assert not list(tmp_path.iterdir())


def test_the_income_of_a_quartier_is_in_whole_euros(dossier: Path) -> None:
    revenus = read(dossier, "quartiers")["revenu_median_uc"].dropna()
    assert len(revenus)
    assert (revenus == revenus.round()).all()


# --- Visibly fictitious ---


@pytest.mark.parametrize("table", ["demandes", "attributions", "evenements"])
def test_numeros_uniques_begin_with_999_and_have_18_figures(table: str, dossier: Path) -> None:
    assert read(dossier, table)["numero_unique"].str.fullmatch(r"999\d{15}").all()


def test_a_numero_unique_bears_the_month_of_its_creation(dossier: Path) -> None:
    demandes = read(dossier, "demandes")
    assert (demandes["numero_unique"].str[3:7] == demandes["date_creation"].dt.strftime("%m%y")).all()


@pytest.mark.parametrize(
    ("table", "colonne", "motif"),
    [
        ("bailleurs", "nom", r".* \(fictif\)"),
        ("residences", "nom", r"Résidence fictive .*"),
        ("residences", "code_residence", r"RF\d{6}"),
        ("residences", "code_qpv", r"QPF\d{3}"),
        ("quartiers", "code_qpv", r"QPF\d{3}"),
        ("quartiers", "nom_qpv", r".* \(fictif\)"),
        ("accueil", "nom", r"Lieu d’accueil fictif .*"),
        ("programmation", "nom", r"Opération fictive .*"),
        ("commissions_qpv", "code_qpv", r"QPF\d{3}"),
    ],
)
def test_names_and_codes_say_that_they_are_fictitious(table: str, colonne: str, motif: str, dossier: Path) -> None:
    valeurs = read(dossier, table)[colonne].dropna()
    assert len(valeurs) > 0
    assert valeurs.str.fullmatch(motif).all()


# --- Plausible ---


def test_the_twelve_bailleurs_all_let_dwellings(dossier: Path) -> None:
    attributions = read(dossier, "attributions")
    assert set(read(dossier, "bailleurs")["code_bailleur"]) <= set(attributions["code_bailleur"])
    assert len(read(dossier, "bailleurs")) == 12


def test_fragility_is_shared_out_as_in_the_deck(dossier: Path) -> None:
    table = read(dossier, "communes")
    assert len(table) == 95
    assert table["fragilite"].value_counts().to_dict() == {"fragile": 25, "moyenne": 35, "sans": 25}
    assert set(table.loc[table["fragilite"].isna(), "code_insee"]) == {
        code for code, c in communes().items() if c.depuis
    }
    ips = read(dossier, "quartiers")["ips"].value_counts(normalize=True)
    for indice, n in {4: 78, 3: 149, 2: 162, 1: 91}.items():
        assert ips[indice] == pytest.approx(n / 480, abs=0.005)


def test_small_communes_have_from_none_to_three_attributions_a_semester(dossier: Path) -> None:
    attributions = read(dossier, "attributions")
    semestre = attributions[attributions["date_bail"] >= "2017-07-01"]
    par_commune = semestre["code_insee"].value_counts().reindex(list(communes()), fill_value=0)
    assert (par_commune <= 3).sum() >= 15
    assert (par_commune == 0).sum() >= 1


def test_aci_differs_between_communes_and_between_bailleurs_more_than_by_chance(dossier: Path) -> None:
    attributions = read(dossier, "attributions")
    premier_acces = attributions[~attributions["mutation"]]
    aci = premier_acces[["aci", "dalo", "pdalhpd"]].any(axis=1)
    for cle in ("code_insee", "code_bailleur"):
        groupes = aci.groupby(premier_acces[cle]).agg(["size", "mean"])
        grands = groupes[groupes["size"] >= 200]
        hasard = (grands["mean"].mean() * (1 - grands["mean"].mean()) / grands["size"]).mean() ** 0.5
        assert grands["mean"].std() > 1.5 * hasard


def test_the_share_of_modest_households_moves_towards_one_half(dossier: Path) -> None:
    attributions, quartiers = read(dossier, "attributions"), read(dossier, "quartiers")
    ips = attributions["code_quartier"].map(quartiers.set_index("code_quartier")["ips"])
    # The median of the yearly income is enough: it falls where more modest households enter.
    revenus = attributions["revenu_fiscal"].where(attributions["revenu_fiscal"] > 0)
    for fragile, sens in ((ips >= 3, 1), (ips == 1, -1)):
        annuels = revenus[fragile].groupby(attributions["date_bail"].dt.year).median()
        assert sens * (annuels[2017] - annuels[2015]) > 0


def test_npru_rehousings_are_tens_a_semester_and_mutations(dossier: Path) -> None:
    npru = read(dossier, "attributions").query("npru")
    par_semestre = npru.groupby([npru["date_bail"].dt.year, npru["date_bail"].dt.month > 6]).size()
    assert par_semestre.between(10, 60).all()
    assert npru["mutation"].all()


# --- Consistent ---


def test_a_demande_that_was_housed_is_struck_off_on_the_day_of_the_lease(dossier: Path) -> None:
    logees = read(dossier, "demandes").query("motif_radiation == 'RADATT'")
    baux = read(dossier, "attributions").merge(logees, on="numero_unique")
    assert len(baux) > 10_000
    assert (baux["date_bail"] == baux["date_radiation"]).all()
    assert ((baux["statut_logement"] == "HLM") == baux["mutation"]).all()


def test_demandes_struck_off_more_than_a_year_ago_are_erased(dossier: Path) -> None:
    radiees = read(dossier, "demandes").query("etat == 'RADIEE'")
    assert (radiees["date_radiation"] > "2016-12-31").all()


def test_most_leases_follow_a_first_rank_and_nearly_all_a_commission(dossier: Path) -> None:
    evenements, attributions = read(dossier, "evenements"), read(dossier, "attributions")
    bien_suivis = attributions[(attributions["date_bail"] >= "2017-01-01") & (attributions["code_bailleur"] == "BF04")]
    passages = evenements[(evenements["type"] == "PASSAGE_CAL") & (evenements["code_bailleur"] == "BF04")]
    rangs = bien_suivis.merge(passages, on=["numero_unique", "typologie"])
    assert rangs["numero_unique"].nunique() / len(bien_suivis) > 0.9
    premiers = rangs.loc[rangs["rang"] == 1, "numero_unique"].nunique()
    assert 0.5 < premiers / len(bien_suivis) < 0.8


def test_two_bailleurs_record_few_of_their_commissions(dossier: Path) -> None:
    attributions = read(dossier, "attributions").query("date_bail >= '2017-01-01'")["code_bailleur"].value_counts()
    evenements = read(dossier, "evenements").query("date_survenance >= '2017-01-01'")["code_bailleur"].value_counts()
    par_bail = evenements / attributions
    assert set(par_bail[par_bail < par_bail.median() / 2].index) == {"BF07", "BF09"}


def test_events_stay_between_the_creation_of_their_demande_and_the_extraction(dossier: Path) -> None:
    evenements = read(dossier, "evenements").merge(read(dossier, "demandes"), on="numero_unique")
    assert (evenements["date_survenance"] >= evenements["date_creation"]).all()
    assert evenements["date_survenance"].max() <= pd.Timestamp("2017-12-31")


def test_every_kind_of_household_of_the_segments_waits_at_the_end(dossier: Path) -> None:
    evenements, demandes = read(dossier, "evenements"), read(dossier, "demandes")
    actives = set(demandes.loc[demandes["etat"] == "ACTIVE", "numero_unique"])
    recents = evenements[(evenements["date_survenance"] > "2015-12-31") & evenements["numero_unique"].isin(actives)]
    rangs = recents[recents["type"] == "PASSAGE_CAL"].groupby("numero_unique")["rang"]
    seconds, premiers = rangs.agg(lambda r: (r >= 2).sum()), rangs.agg(lambda r: (r == 1).sum())
    refus = set(evenements.loc[evenements["type"] == "REFUS_DEMANDEUR", "numero_unique"])
    poulidors = {n for n in seconds[(seconds >= 2) & (premiers == 0)].index if n not in refus}
    presentees = set(evenements.loc[evenements["type"] != "AUTRE", "numero_unique"])
    assert len(poulidors) > 500
    assert (premiers > 0).sum() > 500
    assert len(actives - presentees) > 10_000
    signalees = demandes.loc[demandes["multiples_attributions_sous_conditions"], "numero_unique"]
    assert len(signalees) > len(poulidors), "the SNE flag sees what the bailleurs did not record"


def test_reactivated_demandes_are_active_with_a_past_date_of_radiation(dossier: Path) -> None:
    reprises = read(dossier, "demandes").query("etat == 'ACTIVE' and date_radiation.notna()")
    assert 300 < len(reprises) < 600
    assert (reprises["date_radiation"] < "2017-12-31").all()


def test_the_operations_of_construction_add_up(dossier: Path) -> None:
    operations = read(dossier, "programmation")
    sociaux = operations[["n_plus", "n_plai", "n_pls"]].sum(axis=1)
    assert (sociaux <= operations["n_logements"]).all()
    assert (sociaux == operations["n_logements"])[operations["npru"]].all()
    assert 24 <= len(operations) <= 36


def test_what_is_registered_on_line_is_part_of_what_is_registered(dossier: Path) -> None:
    accueil = read(dossier, "accueil")
    assert (accueil["n_enregistrements_en_ligne"] <= accueil["n_enregistrements"]).all()
    par_mois = accueil.groupby("mois")[["n_enregistrements_en_ligne", "n_enregistrements"]].sum()
    part = par_mois["n_enregistrements_en_ligne"] / par_mois["n_enregistrements"]
    assert part.iloc[-1] > 3 * part.iloc[0]


def test_a_relais_only_welcomes_but_a_few_that_declare_registrations(dossier: Path) -> None:
    accueil = read(dossier, "accueil")
    relais = accueil[accueil["type_lieu"] == "RELAIS"].groupby("code_lieu")
    font = relais[["n_enregistrements", "n_entretiens"]].sum().gt(0).any(axis=1)
    assert 2 <= font.sum() < len(font) / 3
    assert relais["n_pre_accueil"].sum().gt(0).all()
    assert accueil["n_enregistrements"].sum() / 36 > 2_900  # what the others would have registered is not lost


def test_an_operation_says_all_its_typologies_or_none(dossier: Path) -> None:
    operations = read(dossier, "programmation")
    types = operations[[f"n_t{n}" for n in (*range(1, 6), "6p")]]
    dites = types.notna().all(axis=1)
    assert (types.isna().all(axis=1) | dites).all()
    assert 0.8 < dites.mean() < 1
    sociaux = operations[["n_plus", "n_plai", "n_pls"]].sum(axis=1)
    assert (types.sum(axis=1) == sociaux)[dites].all()


def test_occupants_in_place_follow_the_fragility_of_their_quartier(dossier: Path) -> None:
    residences, quartiers = read(dossier, "residences"), read(dossier, "quartiers")
    ips = residences["code_quartier"].map(quartiers.set_index("code_quartier")["ips"])
    modestes = residences[["n_occupants_tres_modestes", "n_occupants_modestes"]].sum(axis=1)
    connus = modestes + residences[["n_occupants_intermediaires", "n_occupants_eleves"]].sum(axis=1)
    part = (modestes.groupby(ips).sum() / connus.groupby(ips).sum()).to_dict()
    assert min(part[4], part[3]) > part[2] > part[1]
    occupes = residences["n_logements"] - residences["n_vacants"]
    assert (connus + residences["n_occupants_inconnus"] == occupes).all()


def test_a_residence_beside_a_qpv_is_fragile_and_in_one_of_its_own_commune(dossier: Path) -> None:
    residences, quartiers = read(dossier, "residences"), read(dossier, "quartiers").set_index("code_quartier")
    situees = residences[residences["code_qpv"].notna()]
    communes_d_un_qpv = situees["code_quartier"].str[:5].groupby(situees["code_qpv"]).nunique()
    assert len(communes_d_un_qpv) > 10
    assert communes_d_un_qpv.max() == 1
    leurs = quartiers.loc[situees["code_quartier"]]
    a_cote = leurs[leurs["code_qpv"].isna()]
    assert len(a_cote) > 0
    assert (a_cote["ips"] >= 3).all()  # 3 and 4 are the fragile ones
