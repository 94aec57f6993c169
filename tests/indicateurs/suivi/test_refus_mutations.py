"""Mutations refused for unpaid rent, against plain Python on rows drawn here: whose, where, when, however written."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.manques import sans_reponse
from mel_core.indicateurs.suivi import refus_mutations
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.periodes import Periode
from tests.indicateurs.suivi.test_bassins import LILLE, ROUBAIX, publish
from tests.jeux import attribution, demande_active
from tests.lecteurs import lue_par

ANNEE = Periode.de("2017S2", "annee")
ICI = {ROUBAIX: "ICI 2", LILLE: "ICI 1"}
IMPAYES = ["Impayés de loyer", "IMPAYE", "dette locative (impayés)"]
MOTIFS = [*IMPAYES, "Taux d’effort", "loyer payé", None]


def draw(graine: int) -> dict[str, list[dict[str, Any]]]:
    hasard = random.Random(graine)
    demandes = [
        demande_active(f"p{i}", date(2015, 1, 1), statut_logement=hasard.choice(["HLM", "HLM", "LP", None]))
        for i in range(60)
    ]
    jours = [date(2017, 1, 1), date(2017, 12, 31), date(2016, 12, 31), date(2018, 1, 1)]
    evenements = [
        {
            **{"id_evenement": f"E{i}", "numero_unique": f"p{hasard.randint(0, 65)}"},
            "type": hasard.choice(["PASSAGE_CAL", "PASSAGE_CAL", "PASSAGE_CAL", "REFUS_DEMANDEUR"]),
            "date_survenance": hasard.choice(jours),
            "decision": hasard.choice(["NON_ATTRIBUE", "NON_ATTRIBUE", "IRRECEVABLE", "ATTRIBUE", None]),
            "motif": hasard.choice(MOTIFS),
            "code_bailleur": hasard.choice(["B1", "BX", None]),
            "code_residence": hasard.choice(["R1", "R2", None]),
        }
        for i in range(500)
    ]
    quartiers = [{"code_quartier": f"{c}0101", "nom": "Q", "code_insee": c} for c in ICI]
    residences = [
        {"code_residence": r, "code_bailleur": "B1", "code_quartier": f"{c}0101", "n_logements": 9}
        for r, c in zip(("R1", "R2"), ICI, strict=True)
    ]
    return {"demandes": demandes, "evenements": evenements, "quartiers": quartiers, "residences": residences} | {
        "attributions": [attribution(0)]
    }


def expected(jeu: dict[str, list[dict[str, Any]]], ici: str | None) -> dict[str, tuple[int, int, int]]:
    statuts = {d["numero_unique"]: d["statut_logement"] for d in jeu["demandes"]}
    ou = dict(zip(("R1", "R2"), ICI.values(), strict=True))
    comptes: dict[str, Counter[str]] = {}
    for e in jeu["evenements"]:
        if (
            e["type"] == "PASSAGE_CAL"
            and date(2017, 1, 1) <= e["date_survenance"] <= date(2017, 12, 31)
            and e["decision"] in ("NON_ATTRIBUE", "IRRECEVABLE")
            and statuts.get(e["numero_unique"]) == "HLM"
            and ici in (None, ou.get(e["code_residence"]))
        ):
            # an unknown code is that of nobody: the bailleur is then that of the résidence
            bailleur = "B1" if e["code_bailleur"] == "B1" or e["code_residence"] else "inconnu"
            siens = comptes.setdefault(bailleur, Counter())
            siens.update(n=1, connus=e["motif"] is not None, impayes=e["motif"] in IMPAYES)
    return {b: (c["n"], c["connus"], c["impayes"]) for b, c in comptes.items()}


@pytest.mark.parametrize("graine", [1, 2])
def test_the_refusals_are_those_of_the_rows(tmp_path: Path, graine: int) -> None:
    jeu = draw(graine)
    with publish(tmp_path, jeu).open(Portee.mel()) as lecteur:
        for ici in (None, "ICI 1", "ICI 2"):
            lues = refus_mutations.refus(lecteur, ANNEE, ici)
            obtenues = {b: tuple(n) for b, *n in lues.itertuples(index=False, name=None)}
            assert obtenues == expected(jeu, ici)
    assert set(expected(jeu, None)) == {"B1", "inconnu"}
    n, n_connus, n_impayes = expected(jeu, None)["B1"]
    assert 0 < n_impayes < n_connus < n


@pytest.mark.parametrize("colonne", ["evenements.motif", "evenements.decision", "demandes.statut_logement"])
def test_without_a_column_no_refusal_is_known_and_it_is_named(tmp_path: Path, colonne: str) -> None:
    with publish(tmp_path, draw(1), colonne).open(Portee.mel()) as lecteur:
        assert refus_mutations.refus(lecteur, ANNEE).empty
        (manque,) = sans_reponse(lecteur, refus_mutations.BESOINS)
    assert f"{manque.table}.{manque.colonnes[0]}" == colonne


LUS = pd.DataFrame([("B1", 130, 120, 14), ("B2", 40, 30, 2)], columns=["bailleur", "n", "n_connus", "n_impayes"])


def said(lus: pd.DataFrame, audience: Audience) -> str:
    return (
        lue_par(audience, refus_mutations.say, "l’ICI 2", lus, "12 mois").replace("\u202f", " ").replace("\u00a0", " ")
    )


def test_the_sentence_counts_those_whose_motif_is_said() -> None:
    # 14 + 2 of 120 + 30: 10.67 %
    assert said(LUS, PREPARATION) == snapshot(
        "Dans l’ICI 2, **16 mutations** sont refusées pour impayés en 12 mois, sur 150 refus de commission au motif "
        "connu, soit **10,7 %**."
    )
    assert said(LUS, SALLE).startswith("Dans l’ICI 2, **15 mutations** sont refusées")
    assert said(LUS, SALLE).endswith("soit **11 %**.")
    assert said(LUS[1:], SALLE) == snapshot(
        "Dans l’ICI 2, **12 mutations ou moins** sont refusées pour impayés en 12 mois, sur 30 refus de commission au "
        "motif connu."
    )
    assert "aucun des refus de mutation" in said(LUS.assign(n_connus=0, n_impayes=0), PREPARATION)
    assert "aucune commission" in said(LUS[:0], PREPARATION)


def test_a_bailleur_reads_its_own_refusals_and_the_others_by_the_rule() -> None:
    dites = lue_par(Audience(cle="bailleur", code="B2"), refus_mutations.render, LUS).set_index("bailleur")
    assert dites.loc["B2", ["n", "n_connus", "n_impayes"]].tolist() == [40, 30, 2]
    assert dites.loc["B2", "part_impayes"] == 2 / 30
    assert dites.loc["B1", ["n", "n_connus", "n_impayes"]].tolist() == [130, 120, 15]
    assert dites.loc["B1", "part_impayes"] == 0.12  # 14 of 120: 11.67 %
    dits = lue_par(SALLE, refus_mutations.render, LUS).set_index("bailleur")
    assert dits.loc["B2", "n_impayes"].est_tu
    assert pd.isna(dits.loc["B2", "part_impayes"])


def test_the_demonstration_records_some(demonstration_publiee: Path) -> None:
    with Entrepot(demonstration_publiee).open(Portee.mel()) as lecteur:
        lus = refus_mutations.refus(lecteur, ANNEE)
    part = lus["n_impayes"].sum() / lus["n_connus"].sum()
    assert 0.04 < part < 0.15
