"""A verdict is about the decision: not about a few households, nor about data revised since, nor about a correction."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.coordination import decisions
from mel_core.seance.coordination.temoins import TemoinIndicateur
from mel_core.seance.verdict import SANS, Direction, Mot
from mel_core.secret.bail import SALLE
from tests.jeux import ROUBAIX, chargement, serve
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.seance.coordination.monde import S1, S2, magasin, tables
from tests.seance.coordination.test_ecart import sur
from tests.seance.coordination.test_resultats import ACI, DECISION, SANS_OBJECTIF, act, conclude, seul

VISEE = Fraction(45, 100)


@pytest.mark.parametrize(
    ("k", "n", "verdict"),
    [
        (2, 2, SANS),
        (10, 10, SANS),  # 100 %, from 72.2 on: thirty are asked for all the same
        (25, 29, SANS),
        (14, 30, Mot.ATTEINT),  # 46.7 % of thirty is judged
    ],
)
def test_too_few_to_conclude_is_no_verdict(k: int, n: int, verdict: str) -> None:
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=sur(20, 100), cible=VISEE, sens=Direction.HAUSSE)
    assert conclude(decision, sur(k, n)).groupe == verdict


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
    assert (resultat.verdict.groupe == Mot.ATTEINT) is (cible is not None)  # 30 of 40
    dites = [simple(r) for r in lue_par(SALLE, resultat.reserves)]
    assert ("La cible était déjà atteinte le jour où elle a été fixée." in dites) is (cible is not None)


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
    autre = decisions.avec_temoin(DECISION, SANS_OBJECTIF, VISEE, entrepot, Direction.HAUSSE, precedente=actee)
    assert autre.alors != actee.alors


def test_a_fragile_quartier_has_a_ceiling_whatever_is_typed(entrepot: Entrepot) -> None:
    for temoin in (
        TemoinIndicateur("equilibre", "semestre", cellule={"quartier": f"{ROUBAIX}0"}),
        TemoinIndicateur("equilibre", "semestre", commune=ROUBAIX),  # all its quartiers are fragile
    ):
        assert decisions.sens_voulu(temoin, entrepot, S1) is Direction.BAISSE
        decision = decisions.avec_temoin(DECISION, temoin, Fraction(99, 100), entrepot, Direction.HAUSSE)
        assert decision.va_vers is Direction.BAISSE
    assert decisions.sens_voulu(SANS_OBJECTIF, entrepot, S2) is None
