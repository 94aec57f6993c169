"""A verdict is about the decision: not about a few households, nor about data revised since, nor about a correction."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.journal import Journal
from mel_core.seance.coordination import Verdict, decisions, resultats
from mel_core.seance.coordination.decisions import Sens
from mel_core.seance.coordination.temoins import TemoinIndicateur
from mel_core.secret.audience import SALLE
from tests.jeux import ROUBAIX, chargement, serve
from tests.seance.coordination.monde import S1, S2, magasin, tables
from tests.seance.coordination.test_ecart import sur
from tests.seance.coordination.test_resultats import ACI, DECISION, SANS_OBJECTIF, act, lisible, seul

VISEE = Fraction(45, 100)


@pytest.mark.parametrize(
    ("k", "n", "verdict"),
    [
        (2, 2, Verdict.A_RENSEIGNER),  # 100 %, from 34.2 on
        (10, 10, Verdict.ATTEINT),  # 100 %, from 72.2 on
        (14, 29, Verdict.A_RENSEIGNER),  # 48.3 %, between 31.4 and 65.6: 45 % is inside
        (25, 29, Verdict.ATTEINT),  # 86.2 %, from 69.4 on
        (14, 30, Verdict.ATTEINT),  # 46.7 % of thirty is judged
    ],
)
def test_too_few_to_conclude_is_no_verdict(k: int, n: int, verdict: Verdict) -> None:
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=sur(20, 100), cible=VISEE, sens=Sens.HAUSSE)
    assert resultats.judge(decision, sur(k, n)) is verdict


def test_the_way_is_measured_from_the_value_of_then_in_the_data_of_today() -> None:
    # 30 % acted, 50 % now: progress. In the data of today it was 60 % then: further from the 80 % aimed at.
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=sur(90, 300), cible=Fraction(4, 5), sens=Sens.HAUSSE)
    assert resultats.judge(decision, sur(150, 300)) is Verdict.EN_PROGRES
    assert resultats.judge(decision, sur(150, 300), relue=sur(180, 300)) is Verdict.ELOIGNE


@pytest.mark.parametrize("cible", [Fraction(1, 2), None])
def test_a_target_that_revised_data_held_already_is_said_so(tmp_path: Path, cible: Fraction | None) -> None:
    journal, entrepot = Journal.du_dossier(tmp_path / "journal"), magasin(tmp_path / "donnees", 30)
    act(journal, entrepot, cible=cible)  # 10 of 40
    revisees = tables(30)
    baux = revisees["attributions"]
    sont_d_alors = [jour.year == 2017 and jour.month == 3 for jour in baux["date_bail"].to_pylist()]
    labels = [bool(a) or alors for a, alors in zip(baux["aci"].to_pylist(), sont_d_alors, strict=True)]
    revisees["attributions"] = baux.set_column(baux.column_names.index("aci"), "aci", [labels])
    with entrepot.reserve():
        serve(entrepot, chargement(**revisees))
    resultat = seul(journal, entrepot)
    assert (resultat.verdict is Verdict.ATTEINT) is (cible is not None)  # 30 of 40
    dites = [lisible(r) for r in resultat.reserves(SALLE)]
    assert ("Dans les données d’aujourd’hui, la cible était déjà tenue alors." in dites) is (cible is not None)


def test_correcting_a_word_keeps_the_value_that_was_acted(tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 20)
    actee = decisions.avec_temoin(DECISION, ACI, VISEE, entrepot)
    with entrepot.reserve():
        serve(entrepot, chargement(**{**tables(20), "attributions": tables(20)["attributions"].slice(5)}))
    relu = decisions.avec_temoin(DECISION, ACI, VISEE, entrepot).alors
    corrigee = decisions.avec_temoin(replace(DECISION, texte="Visites"), ACI, VISEE, entrepot, precedente=actee)
    assert actee.alors is not None
    assert relu is not None
    assert relu.n == actee.alors.n - 5
    assert corrigee.alors == actee.alors
    # Another figure has its own value of then.
    autre = decisions.avec_temoin(DECISION, SANS_OBJECTIF, VISEE, entrepot, Sens.HAUSSE, precedente=actee)
    assert autre.alors != actee.alors


def test_a_fragile_quartier_has_a_ceiling_whatever_is_typed(tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees")
    for temoin in (
        TemoinIndicateur("equilibre", "semestre", cellule={"quartier": f"{ROUBAIX}0"}),
        TemoinIndicateur("equilibre", "semestre", commune=ROUBAIX),  # all its quartiers are fragile
    ):
        assert decisions.sens_voulu(temoin, entrepot, S1) is Sens.BAISSE
        decision = decisions.avec_temoin(DECISION, temoin, Fraction(99, 100), entrepot, Sens.HAUSSE)
        assert decision.va_vers is Sens.BAISSE
    assert decisions.sens_voulu(SANS_OBJECTIF, entrepot, S2) is None
