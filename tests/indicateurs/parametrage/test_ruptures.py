"""What breaks a series of séances: a rule that becomes another between two of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.parametrage import find_ruptures
from mel_core.socle.periodes import Seance
from tests.jeux import attribution, bailleurs, chargement, table

AJOUTS = """
[[bornes_ressources]]
depuis = 2018-02-01
bornes = [0.25, 0.40, 0.60]
source = "Essai"

[[bornes_ressources]]
depuis = 2018-08-01
bornes = [0.25, 0.40, 0.60]
source = "Les mêmes, redites"

[[fragilite_ips]]
depuis = 2018-03-01
fragile = [4]
moyenne = [3, 2]
sans = [1]
source = "Essai"

[[cibles]]
indicateur = "aci"
valeur = 0.50
depuis = 2018-07-01
source = "Avenant d’essai"

[[cibles]]
indicateur = "droit_commun"
valeur = 0.40
depuis = 2018-07-01
source = "Avenant d’essai"

[[cibles]]
indicateur = "droit_commun"
valeur = 0.45
depuis = 2018-07-01
source = "Corrigé le même jour"

[[cibles]]
indicateur = "aci"
commune = "59350"
valeur = 0.30
depuis = 2018-01-01
source = "Pour une commune"
"""
SIGNATURE = "Objectif de {} % (avant, aucun n’était en vigueur) depuis le 17 mars 2017."
CORRIGE = "Objectif de 45 % (avant, aucun n’était en vigueur) depuis le 1er juillet 2018."
BORNES = "Bornes de ressources de 25, 40 et 60 % (avant, 20, 40 et 60 %) depuis le 1er février 2018."
QPV = "Autres quartiers prioritaires (QPV de 2024) depuis le 1er janvier 2024."


@pytest.fixture(scope="module")
def entrepot(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    entrepot = Entrepot(tmp_path_factory.mktemp("ruptures"))
    tables = {"attributions": table("attributions", attribution(1)), "bailleurs": bailleurs("B1")}
    with entrepot.reserve():
        entrepot.publish(replace(chargement(**tables), parametres=(AJOUTS,)))
    return entrepot


@pytest.mark.parametrize(
    ("indicateur", "de", "a", "dites"),
    [
        # In force from 17 March 2017, that of 2016S2 was judged without.
        ("aci", "2016S2", "2017S1", [SIGNATURE.format(45)]),
        ("aci", "2017S1", "2018S1", []),
        (
            "aci",
            "2015S2",
            "2018S2",
            [SIGNATURE.format(45), "Objectif de 50 % (avant, 45 %) depuis le 1er juillet 2018."],
        ),
        ("bas_revenus", "2017S2", "2018S2", [BORNES]),  # the same bounds said again break nothing
        ("entrants_occupants", "2017S2", "2018S2", [BORNES]),  # who enters is classed by them too
        (
            "equilibre",
            "2016S2",
            "2018S1",
            [
                SIGNATURE.format(50),
                BORNES,
                "Autre règle de la fragilité d’un quartier d’après l’IPS depuis le 1er mars 2018.",
            ],
        ),
        ("droit_commun", "2015S1", "2018S1", []),
        ("droit_commun", "2018S1", "2018S2", [CORRIGE]),
        ("npru", "2015S1", "2026S1", []),
        ("q1_hors_qpv", "2023S2", "2024S1", [QPV]),
        ("q1_hors_qpv", "2024S1", "2024S2", []),
    ],
)
def test_a_rule_that_becomes_another_between_two_seances_breaks_their_series(
    entrepot: Entrepot, indicateur: str, de: str, a: str, dites: list[str]
) -> None:
    with entrepot.open(Portee.mel(), Seance.read("2017S2")) as lecteur:
        trouvees = find_ruptures(lecteur, indicateur, Seance.read(de), Seance.read(a))
    assert [r.phrase.replace("\u202f", " ").replace("\u00a0", " ") for r in trouvees] == dites
