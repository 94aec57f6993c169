"""Blocages that nobody reported: planted anomalies are found, and nothing is seen where there is nothing."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import betabinom

from mel_core.contrat.reference import communes
from mel_core.demo import generate
from mel_core.demo.reglages_demo import load
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files
from mel_core.seance.preuves import ProfilBlocage, Secteur, detect, gather, secteur_et_profil
from mel_core.seance.preuves.detection import phrase_de_detection
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from tests.jeux import LILLE, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par
from tests.seance.preuves.semis import Anomalie, Semis, plant

ANNEE = Periode.de("2017S2", "annee")
ICIS = ("ICI 1", "ICI 2", "ICI 3")


def draw_seed() -> int:
    graine = secrets.randbits(32)
    print(f"graine {graine}")  # shown by pytest when the test fails
    return graine


def detections(entrepot: Entrepot) -> dict[str, pd.DataFrame]:
    with entrepot.open(Portee.mel()) as lecteur:
        return {ici: detect(lecteur, ANNEE, ici) for ici in ICIS}


def is_within(ligne: dict, anomalie: Anomalie) -> bool:
    """Whether a line designates the planted cell, or a place inside it (one résidence of a bailleur in a commune)."""
    return ligne["mesure"] == anomalie.mesure and all(ligne[c] == code for c, code in anomalie.cle.items())


def planted_in_every_demo() -> list[Anomalie]:
    """The blocage that the demonstration has in each ICI, for the detection to show at a rehearsal."""
    return [
        Anomalie(mesure, {c: p[c] for c in ("commune", "typologie") if c in p}, 1.0)
        for mesure, p in load()["blocages"].items()
    ]


def is_false(ligne: dict, anomalies: list[Anomalie]) -> bool:
    return not any(is_within(ligne, a) for a in anomalies)


def test_planted_anomalies_are_found_and_little_else_is_told(tmp_path):
    semis = Semis(draw_seed())
    plantees = plant(semis)
    entrepot = Entrepot(tmp_path)
    semis.publish(entrepot)
    dites = {ici: frame.to_dict("records") for ici, frame in detections(entrepot).items()}
    toutes = [ligne for lignes in dites.values() for ligne in lignes]
    manquees = [a for a in plantees if not any(is_within(ligne, a) for ligne in toutes)]
    fausses = {ici: [x["ou"] for x in siennes if is_false(x, plantees)] for ici, siennes in dites.items()}
    assert len(plantees) == 12
    assert len(manquees) <= 1, manquees  # at least 90 % of 12
    assert all(len(f) <= 1 for f in fausses.values()), fausses


def test_nothing_is_told_where_the_data_are_uniform(tmp_path):
    entrepot = Entrepot(tmp_path)
    Semis(draw_seed(), inegalite=0.0).publish(entrepot)
    assert [x["ou"] for frame in detections(entrepot).values() for x in frame.to_dict("records")] == []


# Where places differ, the limits let an ICI show something once in a hundred, at most: as good as never twice.


def test_places_as_uneven_as_real_ones_are_no_anomaly(tmp_path):
    entrepot = Entrepot(tmp_path)
    Semis(draw_seed()).publish(entrepot)
    assert all(len(frame) <= 1 for frame in detections(entrepot).values())


# ------------------------------------------------------------------------------------- on the demonstration data


def plant_in_demo(dossier: Path, alea: np.random.Generator) -> dict[str, dict[str, str]]:
    """Four anomalies of a realistic size in the files of the demonstration, each among the cells that can show one."""
    lues = {n: pd.read_csv(dossier / f"{n}.csv", dtype=str) for n in ("evenements", "attributions", "residences")}
    residences, evenements, attributions = lues["residences"], lues["evenements"], lues["attributions"]
    lieux = residences.set_index("code_residence")["code_quartier"].str[:5]
    passages = evenements[
        (evenements["type"] == "PASSAGE_CAL")
        & (evenements["date_survenance"] >= "2017-01-01")
        & evenements["code_residence"].isin(lieux.index)
    ].assign(commune=lambda t: t["code_residence"].map(lieux))

    def choose(effectifs: pd.Series, bas: int, haut: int) -> tuple[str, ...]:
        candidats = list(effectifs[(effectifs >= bas) & (effectifs <= haut)].index)
        return candidats[int(alea.integers(len(candidats)))]

    # Refusals: 37 % of the first ranks become 37 + 0.8 × 63 = 87 %.
    premiers = passages[passages["rang"] == "1"]
    commune, typologie = choose(premiers.groupby(["commune", "typologie"]).size(), 60, 200)
    siens = premiers[(premiers["commune"] == commune) & (premiers["typologie"] == typologie)]
    refus = siens[alea.random(len(siens)) < 0.8].assign(type="REFUS_DEMANDEUR", decision=None, rang=None, motif="Loyer")
    refus = refus.assign(id_evenement="EVP" + refus["id_evenement"]).drop(columns="commune")
    plantees = {"refus_rang_1": {"commune": commune, "typologie": typologie}}
    # Non-attributions: half of what was attributed below the first rank no longer is.
    autres = passages[~passages["commune"].isin([commune])]
    commune, bailleur = choose(autres.groupby(["commune", "code_bailleur"]).size(), 120, 400)
    siens = autres[(autres["commune"] == commune) & (autres["code_bailleur"] == bailleur) & (autres["rang"] != "1")]
    mis_de_cote = siens.index[alea.random(len(siens)) < 0.5]
    evenements.loc[mis_de_cote, "decision"] = "NON_ATTRIBUE"
    evenements.loc[mis_de_cote, "rang"] = None
    plantees["non_attribution"] = {"commune": commune, "bailleur": bailleur}
    # Vacancy: a quarter of a large résidence, against 2.5 %.
    ordinaires = residences[~residences["npru"].str.lower().isin(["oui", "true", "1"])].set_index("code_residence")
    code = choose(ordinaires["n_logements"].astype(int), 60, 150)
    ou = residences["code_residence"] == code
    residences.loc[ou, "n_vacants"] = str(int(residences.loc[ou, "n_logements"].iloc[0]) // 4)
    plantees["vacance"] = {"residence": str(code)}
    # Tension: one attribution in ten is left.
    annee = attributions[attributions["date_bail"] >= "2017-01-01"]
    commune, typologie = choose(annee.groupby(["code_insee", "typologie"]).size(), 100, 400)
    siennes = annee.index[(annee["code_insee"] == commune) & (annee["typologie"] == typologie)]
    attributions = attributions.drop(siennes[alea.random(len(siennes)) < 0.9])
    plantees["tension"] = {"commune": commune, "typologie": typologie}

    for nom, frame in (
        ("evenements", pd.concat([evenements, refus])),
        ("attributions", attributions),
        ("residences", residences),
    ):
        frame.to_csv(dossier / f"{nom}.csv", index=False)
    return plantees


@pytest.mark.long
def test_nine_anomalies_in_ten_planted_in_the_demonstration_stand_out_from_its_real_unevenness(tmp_path):
    """Over three demonstrations of drawn seeds, four anomalies more than their own in each; at most one false alarm
    per ICI in any of them."""
    n_plantees, manquees = 0, []
    for _ in range(3):
        graine = draw_seed()
        dossier = tmp_path / str(graine)
        generate(dossier / "demo", graine=graine)
        plantees = plant_in_demo(dossier / "demo", np.random.default_rng(graine))
        import_files(dossier / "demo", Entrepot(dossier / "entrepot"), nature="fictive")
        dites = detections(Entrepot(dossier / "entrepot"))
        toutes = pd.concat(dites.values()).to_dict("records")
        anomalies = [Anomalie(mesure, cle, 1.0) for mesure, cle in plantees.items()] + planted_in_every_demo()
        n_plantees += len(anomalies)
        manquees += [(graine, a) for a in anomalies if not any(is_within(x, a) for x in toutes)]
        for frame in dites.values():
            fausses = [x["ou"] for x in frame.to_dict("records") if is_false(x, anomalies)]
            assert len(fausses) <= 1, (graine, fausses)
    assert len(manquees) <= n_plantees / 10, manquees


@pytest.mark.long
def test_a_demonstration_of_any_seed_has_one_blocage_to_show_in_each_ici(tmp_path):
    generate(tmp_path / "demo", graine=(graine := draw_seed()))
    import_files(tmp_path / "demo", Entrepot(tmp_path / "entrepot"), nature="fictive")
    require_a_blocage_in_each_ici(tmp_path / "entrepot", graine)


def test_the_demonstration_has_one_blocage_to_show_in_each_ici(demonstration_publiee):
    require_a_blocage_in_each_ici(demonstration_publiee)


def require_a_blocage_in_each_ici(dossier: Path, graine: int | None = None) -> None:
    dites = detections(Entrepot(dossier))
    for ici, anomalie in zip(ICIS, planted_in_every_demo(), strict=True):
        lignes = dites[ici].to_dict("records")
        assert any(is_within(x, anomalie) for x in lignes), (graine, ici, anomalie)
        assert sum(is_false(x, [anomalie]) for x in lignes) <= 1, (graine, lignes)


# ------------------------------------------------------------------------------------------------ by hand


def draw_refusals(refuses_a_lille: int, premiers_a_lille: int) -> dict[str, pa.Table]:
    """Ten quiet communes of the ICI of Lille with 20 refusals of 100 first ranks each, and Lille as asked."""
    ici = communes()[LILLE].ici
    codes = [LILLE, *[c for c, x in sorted(communes().items()) if x.ici == ici and c != LILLE][:9]]
    evenements = []
    for code in codes:
        refuses, premiers = (refuses_a_lille, premiers_a_lille) if code == LILLE else (20, 100)
        for k in range(premiers):
            ou = {"numero_unique": f"p{code}{k}", "code_residence": f"R{code}", "typologie": "T3"}
            passage = {"type": "PASSAGE_CAL", "date_survenance": date(2017, 3, 1), "decision": "ATTRIBUE", "rang": 1}
            evenements.append(ou | passage | {"id_evenement": f"E{code}{k}"})
            if k < refuses:
                refus = {"type": "REFUS_DEMANDEUR", "date_survenance": date(2017, 3, 9)}
                evenements.append(ou | refus | {"id_evenement": f"F{code}{k}"})
    return {
        "quartiers": table("quartiers", *({"code_quartier": f"{c}01", "nom": "Q", "code_insee": c} for c in codes)),
        "residences": table(
            "residences",
            *(
                {"code_residence": f"R{c}", "code_bailleur": "B1", "code_quartier": f"{c}01", "n_logements": 200}
                for c in codes
            ),
        ),
        "evenements": table("evenements", *evenements),
        "bailleurs": bailleurs("B1"),
    }


def detect_in(dossier: Path, portee: Portee | None = None, **tables: pa.Table) -> pd.DataFrame:
    entrepot = Entrepot(dossier)
    serve(entrepot, chargement(**tables))
    with entrepot.open(portee or Portee.mel()) as lecteur:
        return detect(lecteur, ANNEE, communes()[LILLE].ici)


def test_the_sentence_bears_the_counts_the_share_that_of_the_ici_and_the_limit(tmp_path):
    # 9 × 20 = 180 refusals of 9 × 100 = 900 first ranks: 20 % in the rest of the ICI, 60 of 100 in Lille.
    [ligne] = detect_in(tmp_path, **draw_refusals(60, 100)).to_dict("records")
    assert (ligne["mesure"], ligne["residence"], ligne["commune"]) == ("refus_rang_1", f"R{LILLE}", LILLE)
    assert (ligne["numerateur"], ligne["denominateur"], ligne["valeur"]) == (60, 100, 0.6)
    assert ligne["valeur_reste"] == 0.2
    assert ligne["exces"] == pytest.approx(60 - 100 * 0.2)
    # At 3 in 10 000 over nine families and ten résidences, for the share of the rest as it is known: 180 of 900. Never
    # under that limit, for cells may vary by themselves.
    plafond = round(100 * ligne["limite"])
    hasard = betabinom(100, 180.5, 720.5)
    assert hasard.sf(plafond) <= 3e-4 / 9 / 10
    assert ligne["limite"] < ligne["valeur"]
    assert said(ligne, PREPARATION) == (
        f"À Lille, résidence R{LILLE} (Bailleur B1), 60 des 100 premiers rangs ont été refusés en 1 mois sur 12 "
        f"(60 %), contre 20 % dans le reste de l’ICI : au-delà de la limite haute de {plafond} %."
    )


def said(ligne: dict[str, Any], audience: Audience) -> str:
    return lue_par(audience, phrase_de_detection, ligne).replace("\u202f", " ").replace("\u00a0", " ")


def test_a_room_reads_a_detection_rounded_and_its_share_only_of_a_hundred_with_thirteen_on_each_side(tmp_path):
    lignes = detect_in(tmp_path, **draw_refusals(61, 102)).to_dict("records")
    ou = f"À Lille, résidence R{LILLE} (Bailleur B1)"
    assert said(lignes[0], SALLE) == (
        f"{ou}, 60 des 100 premiers rangs ont été refusés en 1 mois sur 12 (60 %), contre 20 % dans le reste de "
        "l’ICI : au-delà de la limite haute."
    )
    # 46 of 58: 79 %, which is not said.
    peu = lignes[0] | {"numerateur": 46, "denominateur": 58, "valeur": 46 / 58}
    assert said(peu, SALLE).startswith(f"{ou}, 45 des 60 premiers rangs ont été refusés en 1 mois sur 12, contre 20 %")
    assert "12 ou moins des 60 premiers rangs ont été refusés" in said(peu | {"numerateur": 9}, SALLE)


def test_a_tension_is_said_in_a_room_of_thirty_attributions_at_the_least():
    ligne = {"mesure": "tension", "ou": "À Lille, pour les T5", "numerateur": 1203, "denominateur": 31, "valeur": 38.8}
    ligne |= {
        "reste_numerateur": 4000,
        "reste_denominateur": 500,
        "valeur_reste": 8.0,
        "limite": 20.0,
        "duree": "9 mois sur 12",
    }
    debut = "À Lille, pour les T5, 1 205 demandes pour"
    suite = "contre 8 pour une dans le reste de l’ICI : au-delà de la limite haute."
    assert said(ligne, SALLE) == f"{debut} 30 attributions en 9 mois sur 12 (soit 39 pour une), {suite}"
    assert said(ligne | {"denominateur": 29}, SALLE) == f"{debut} 30 attributions en 9 mois sur 12, {suite}"
    assert said(ligne | {"denominateur": 5}, SALLE) == f"{debut} 12 attributions ou moins en 9 mois sur 12, {suite}"


def test_the_evidence_of_a_detection_is_asked_for_its_place_and_typologie(tmp_path):
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(**draw_refusals(60, 100)))
    ici = communes()[LILLE].ici
    with entrepot.open(Portee.mel()) as lecteur:
        [ligne] = detect(lecteur, ANNEE, ici).to_dict("records")
        secteur, profil = secteur_et_profil(ligne, ici)
        refus = gather(lecteur, ANNEE, secteur, profil).constat("refus_rang_1")
    assert secteur == Secteur(ici, residences=(f"R{LILLE}",))
    assert (refus.numerateur, refus.denominateur) == (ligne["numerateur"], ligne["denominateur"])
    sans_residence = ligne | {"residence": np.nan, "typologie": "T3"}
    assert secteur_et_profil(sans_residence, ici) == (Secteur(ici, communes=(LILLE,)), ProfilBlocage(typologie="T3"))


def test_a_large_but_usual_gap_is_not_told_and_neither_is_a_tiny_one_on_a_large_count(tmp_path):
    # 31 of 100 against 20 %: within chance at that level. 280 of 1 000 against 20 %: beyond chance, under ten points.
    assert detect_in(tmp_path / "chance", **draw_refusals(31, 100)).empty
    assert detect_in(tmp_path / "petit", **draw_refusals(280, 1000)).empty


def test_too_few_cells_tell_nothing_of_what_is_usual(tmp_path):
    tables = draw_refusals(60, 100)
    lignes = tables["evenements"].to_pylist()
    gardees = [x for x in lignes if x["code_residence"] in {f"R{LILLE}", *(f"R{c}" for c in list(communes())[:3])}]
    tables["evenements"] = pa.Table.from_pylist(gardees, tables["evenements"].schema)
    assert detect_in(tmp_path, **tables).empty


def test_a_bailleur_who_sees_no_refusal_is_told_nothing_of_refusals(tmp_path):
    assert detect_in(tmp_path, Portee.bailleur("B1"), **draw_refusals(60, 100)).empty


def test_an_unknown_ici_is_refused_in_words(tmp_path):
    entrepot = Entrepot(tmp_path)
    serve(entrepot, chargement(bailleurs=bailleurs("B1")))
    with entrepot.open(Portee.mel()) as lecteur, pytest.raises(AppelIncorrect, match="« ICI 9 » est inconnue"):
        detect(lecteur, ANNEE, "ICI 9")
