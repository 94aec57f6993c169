"""The small store on which scenarios are run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table

S2017 = Seance(2017, 2)


def _attributions() -> list[dict[str, object]]:
    """100 in a fragile quartier of Roubaix, 66 of them modest; 40 without fragilité in Lille, 12 modest; 60 % ACI."""
    lignes: list[dict[str, object]] = []
    for quartier, commune, n, modestes in (("QF", ROUBAIX, 100, 66), ("QS", LILLE, 40, 12)):
        for i in range(n):
            # Category 1 in 2017: PLUS ceiling 20 107 €; 4 000 is under 20 % of it, 15 000 over 60 %.
            revenu = 4000 if i < modestes else 15000
            menage = {"categorie_menage": 1, "n_personnes": 1, "revenu_fiscal": revenu}
            lieu = {"code_insee": commune, "code_quartier": quartier, "code_bailleur": "B1" if i % 2 else "B2"}
            lignes.append(attribution(len(lignes), **menage, **lieu, aci=i < 0.4 * n))
    return lignes


def _demandes() -> list[dict[str, object]]:
    """30 in Roubaix and 25 in Lille, one in five ACI, first access; half modest; all two years old."""
    lignes: list[dict[str, object]] = []
    for commune, n in ((ROUBAIX, 30), (LILLE, 25)):
        for i in range(n):
            lignes.append(
                {
                    "pseudonyme": f"d{len(lignes)}",
                    "date_creation": date(2015, 12, 1 + i),
                    "etat": "ACTIVE",
                    "n_personnes": 1,
                    "revenu_fiscal": 4000 if i % 2 else 15000,
                    "statut_logement": "LP",
                    "communes_souhaitees": [commune],
                    "code_insee_actuel": commune,
                    **{"aci": i % 5 == 0, "dalo": False, "pdalhpd": False, "mutation_bloquee": False, "npru": False},
                }
            )
    return lignes


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chemin = tmp_path_factory.mktemp("magasin")
    entrepot = Entrepot(chemin)
    quartiers = [
        {"code_quartier": code, "nom": code, "code_insee": commune, "fragilite": fragilite}
        for code, commune, fragilite in (("QF", ROUBAIX, "fragile"), ("QS", LILLE, "sans"))
    ]
    occupants = {f"n_occupants_{c}": 25 for c in ("tres_modestes", "modestes", "intermediaires", "eleves")}
    residences = [
        {"code_residence": f"R{i}", "code_bailleur": b, "code_quartier": q, "n_logements": 500, "taux_rotation": 0.1}
        | occupants
        | ({"n_occupants_modestes": 75} if q == "QF" else {})
        for i, (b, q) in enumerate([("B1", "QF"), ("B2", "QF"), ("B1", "QS"), ("B2", "QS")])
    ]
    operations = [
        {"code_operation": "O1", "code_insee": LILLE, "annee": 2018, "n_logements": 9, "n_plus": 7, "n_plai": 2}
    ]
    tables = {
        "bailleurs": bailleurs("B1", "B2"),
        "quartiers": table("quartiers", *quartiers),
        "residences": table("residences", *residences),
        "attributions": table("attributions", *_attributions()),
        "programmation": table("programmation", *operations),
    }
    demandes = [{"numero_unique": d.pop("pseudonyme"), **d} for d in _demandes()]
    tables["demandes"] = table("demandes", *demandes)
    with entrepot.reserve():
        serve(entrepot, chargement(**tables))
    return chemin


@pytest.fixture
def lecteur(dossier: Path) -> Iterator[Lecteur]:
    with Entrepot(dossier).open(Portee.mel(), S2017) as ouvert:
        yield ouvert
