"""The lever of the bilan: what is sent before a hand moves is what the server would say, and nothing else is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mel_core.secret.audience import PREPARATION, SALLE, Audience
from pages.adaptateur import vivant
from pages.commun.mesures.lecture_bilan import Cle, read_cle
from pages.seance.bilan import levier
from tests.ecrans.conftest import Publier, monde


def rassembler(lues: dict[str, Any], valeur: int) -> dict[str, Any]:
    """The whole answer of a value, as static/figures/etapes.js puts it together."""
    etape = lues["etapes"][str(valeur)]
    figures = []
    for propre, commune in zip(etape["figures"], lues["commune"], strict=True):
        donnees = {}
        for nom, table in commune["donnees"].items():
            change = propre["donnees"].get(nom, {"colonnes": {}})
            donnees[nom] = {**({} if change.get("entiere") else table), **change["colonnes"]}
        figures.append({**commune, "lecture": propre["lecture"], "donnees": donnees})
    return {**etape, "figures": figures}


@pytest.mark.parametrize("pas", [3, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize(("est_imagee", "audience"), [(True, PREPARATION), (False, PREPARATION), (True, SALLE)])
@pytest.mark.parametrize("indicateur", ["equilibre", "aci"])
def test_what_is_sent_before_a_hand_moves_is_what_the_server_says_of_each_value(
    publish: Publier, indicateur: str, est_imagee: bool, audience: Audience, pas: int
) -> None:
    """Every value; the short way, one in three of one ten in three."""
    cle: Cle = (publish(**monde()).identifiant, "2017S2", indicateur, "ICI 2", audience)
    dizaines = {d: json.loads(levier._dizaine(cle, est_imagee, d))["lues"] for d in range(levier.DIZAINES)[::pas]}
    valeurs = [int(v) for lues in dizaines.values() for v in lues["etapes"]]
    assert valeurs == [v for v in range(101) if v // 10 in dizaines]
    vues = set()
    for valeur in valeurs[::pas]:
        dite = json.loads(levier._message(cle, valeur, est_imagee))["etape"]
        rassemblee = rassembler(dizaines[valeur // 10], valeur)
        for figure, autre in zip(dite["figures"], rassemblee["figures"], strict=True):
            for nom, table in figure["donnees"].items():
                # What the pointer reads comes with the server's own answer.
                if len(table.get("infobulle", ())) == len(autre["donnees"][nom].get("infobulle", ())):
                    table.pop("infobulle", None), autre["donnees"][nom].pop("infobulle", None)
        assert rassemblee == dite
        vues.add(dite["reponse"])
    assert len(vues) > (50 if audience.est_exacte else 10) // pas**2  # the answers do differ


@pytest.mark.parametrize("dite", [None, -1, 101, 12.5, "50", "<b>", True, [], {"valeur": 3}, float("nan"), 10**400])
def test_a_value_that_no_lever_has_is_not_kept(dite: object) -> None:
    assert vivant.entier_dit(dite, range(101)) is None


@pytest.mark.parametrize(("dite", "lue"), [(0, 0), (100, 100), (37.0, 37)])
def test_a_value_of_the_lever_is_read_whole(dite: object, lue: int) -> None:
    assert vivant.entier_dit(dite, range(101)) == lue


def test_the_state_and_the_way_back_follow_the_value(publish: Publier) -> None:
    bilan = read_cle((publish(**monde()).identifiant, "2017S2", "equilibre", "ICI 2", PREPARATION))
    assert "Objectif voté" in levier._etat(bilan, 50)[0]
    assert levier._etat(bilan, 50)[1] == ""
    assert "Hypothèse de séance" in levier._etat(bilan, 51)[0]
    assert levier._etat(bilan, 51)[1] == "Revenir à l’objectif voté"
