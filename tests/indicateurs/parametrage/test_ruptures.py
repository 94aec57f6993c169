"""What breaks a series of séances: a rule that becomes another between two of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.parametrage import find_ruptures
from mel_core.socle.periodes import Seance
from tests.jeux import attribution, bailleurs, chargement, cible, entree, table

LE_1ER_JUILLET = date(2018, 7, 1)
AJOUTS = "".join(
    (
        entree("bornes_ressources", depuis=date(2018, 2, 1), bornes=[0.25, 0.40, 0.60], source="Essai"),
        entree("bornes_ressources", depuis=date(2018, 8, 1), bornes=[0.25, 0.40, 0.60], source="Les mêmes, redites"),
        entree("fragilite_ips", depuis=date(2018, 3, 1), fragile=[4], moyenne=[3, 2], sans=[1], source="Essai"),
        cible("aci", 0.50, LE_1ER_JUILLET, "Avenant d’essai"),
        cible("droit_commun", 0.40, LE_1ER_JUILLET, "Avenant d’essai"),
        cible("droit_commun", 0.45, LE_1ER_JUILLET, "Corrigé le même jour"),
        cible("aci", 0.30, date(2018, 1, 1), "Pour une commune", commune="59350"),
    )
)
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
