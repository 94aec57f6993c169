"""Who waits was never loaded: unknown is not nobody, and nothing is judged on it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.simulation.scenarios import Scenario, execute
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from tests.jeux import attribution, bailleurs, chargement, serve, table

S2017 = Seance(2017, 2)


@pytest.fixture
def lecteur(tmp_path):
    """40 attributions in a fragile quartier, 30 of them modest, one in four ACI; no demandes."""
    baux = [
        attribution(i, code_quartier="Q", categorie_menage=1, revenu_fiscal=4000 if i < 30 else 15000, aci=i % 4 == 0)
        for i in range(40)
    ]
    quartier = {"code_quartier": "Q", "nom": "Q", "code_insee": "59350", "fragilite": "fragile"}
    entrepot = Entrepot(tmp_path)
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"), quartiers=table("quartiers", quartier), attributions=table("attributions", *baux)
        ),
    )
    with entrepot.open(Portee.mel(), S2017) as ouvert:
        yield ouvert


@pytest.mark.parametrize(("simulation", "demandees"), [("equilibre", 10), ("aci", 8)])
def test_what_is_asked_is_said_and_nothing_is_judged(lecteur, simulation, demandees):
    # équilibre: 30 − 0.5 × 40 = 10; ACI: 0.45 × 40 − 10 = 8
    cible = {"cible": Fraction(1, 2) if simulation == "equilibre" else Fraction(9, 20)}
    resultat = execute(lecteur, Scenario(simulation, S2017, leviers=cible))
    assert resultat.synthese["a_reorienter"] == demandees
    assert (resultat.verdict, resultat.motif) == ("", None)
    assert "La faisabilité ne se juge pas" in resultat.write()
    assert "demandeur" not in resultat.write()
    assert resultat.resultat["n_eligibles"].isna().all()
    assert {resultat.synthese[c] for c in ("n_stock", "n_restants", "semestres") if c in resultat.synthese} <= {None}


def test_a_plan_is_not_made_on_applicants_that_nobody_loaded(lecteur):
    with pytest.raises(ErreurUtilisateur, match="importer la table"):
        execute(lecteur, Scenario("plan", S2017))
