"""The lever of the bilan: what is sent before a hand moves is what the server would say, and nothing else is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.entrepot import Instantane
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from pages.adaptateur import vivant
from pages.commun import cadre
from pages.commun import levier as commune
from pages.commun.levier import Curseur, Etape, JeuDeCurseurs, Valeurs
from pages.commun.mesures.lecture_bilan import Cle
from pages.seance.bilan import levier
from tests.ecrans.test_essai import lecture_de
from tests.exemples import one_in


def fondre(commun: Any, propre: Any) -> Any:
    """What is each one's own put back over what is shared, as static/images/levier.js does it."""
    if not isinstance(propre, dict):
        return propre
    if "" in propre:
        return propre[""]
    fondu: Any = list(commun) if isinstance(commun, list) else dict(commun)
    for cle, valeur in propre.items():
        ou = int(cle) if isinstance(fondu, list) else cle
        fondu[ou] = fondre(fondu[ou] if isinstance(fondu, list) else fondu.get(ou), valeur)
    return fondu


def sans_vides(valeur: Any) -> Any:
    """As a page reads it: what is not there and nothing (null) are one."""
    if isinstance(valeur, dict):
        return {cle: sans_vides(v) for cle, v in valeur.items() if v is not None}
    return [sans_vides(v) for v in valeur] if isinstance(valeur, list) else valeur


FEUILLES = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2)
CLES = st.sampled_from(["x", "y", "0", "1", "titre"])
JSON = st.recursive(FEUILLES, lambda x: st.lists(x, max_size=3) | st.dictionaries(CLES, x, max_size=3), max_leaves=12)


@given(JSON, JSON)
def test_what_differs_put_back_over_what_is_shared_is_the_whole(commun: Any, propre: Any) -> None:
    propres = commune.ecart(commun, propre)
    rendu = commun if propres is commune._IDENTIQUE else fondre(commun, json.loads(json.dumps(propres)))
    assert sans_vides(rendu) == sans_vides(propre)


def test_what_is_no_longer_there_becomes_nothing_and_what_is_the_same_is_not_said_again() -> None:
    avant = {"titre": "a", "traces": [{"x": [1, 2]}, {"x": [3]}], "note": "en 2015"}
    apres = {"titre": "a", "traces": [{"x": [1, 2]}, {"x": [4]}]}
    assert commune.ecart(avant, apres) == {"traces": {"1": {"x": [4]}}, "note": None}
    # One trace less: its list is said whole.
    assert commune.ecart(avant, avant | {"traces": [{"x": [3]}]}) == {"traces": [{"x": [3]}]}
    # An array written otherwise is no array any more: it takes the place of the one that is shared.
    assert commune.ecart({"x": [1, 2]}, {"x": {"bdata": "AA"}}) == {"x": {"": {"bdata": "AA"}}}


@pytest.mark.parametrize("pas", [3, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
@pytest.mark.parametrize("indicateur", one_in(2, ["equilibre", "aci"]))
@pytest.mark.usefixtures("lu_par")
def test_what_is_sent_before_a_hand_moves_is_what_the_server_says_of_each_value(
    petit_monde: Instantane, indicateur: str, audience: Audience, pas: int
) -> None:
    """Every value; the short way, one in three of one ten in three."""
    lecture = lecture_de(petit_monde, indicateur)
    jeu = levier._jeu(lecture, Curseur(f"cible_{indicateur}", "Part visée", 50))
    vues = set()
    for dizaine in range(11)[::pas]:
        demandee = {"tenu": 0, "dizaine": dizaine, "valeurs": [50], "pour": "7"}
        lues = json.loads(commune._lues(jeu, (50,), demandee))
        assert (lues["pour"], lues["dizaine"]) == ("7", dizaine)
        assert [int(v) for v in lues["etapes"]] == [v for v in range(101) if v // 10 == dizaine]
        for valeur in list(lues["etapes"])[::pas]:
            dite = json.loads(commune._message(jeu.cle, (int(valeur),), jeu))["etape"]
            assert fondre(lues["commune"], lues["etapes"][valeur]) == dite
            vues.add(dite["reponse"])
    assert len(vues) > (50 if audience.lit_tout else 10) // pas**2  # the answers do differ


@pytest.mark.parametrize(
    "demandee",
    [
        {},
        {"tenu": 1, "dizaine": 4, "valeurs": [40, 50]},  # for values that are no longer those of the levers
        {"tenu": 2, "dizaine": 4, "valeurs": [50, 50]},
        {"tenu": 0, "dizaine": 11, "valeurs": [50, 50]},
        {"tenu": 0, "dizaine": -1, "valeurs": [50, 50]},
        {"tenu": "0", "dizaine": 4, "valeurs": [50, 50]},
        {"tenu": 0, "dizaine": 4, "valeurs": "50"},
        {"tenu": True, "dizaine": 10**400, "valeurs": None},
    ],
)
def test_nothing_is_answered_to_what_no_lever_asks(demandee: dict[str, Any]) -> None:
    jeu = JeuDeCurseurs("essai", (Curseur("a", "A", 50), Curseur("b", "B", 50)), answer=muette)
    assert commune._lues(jeu, (50, 50), demandee) == b"null"


def muette(valeurs: Valeurs) -> Etape:
    raise AssertionError(valeurs)


def test_the_ten_of_one_lever_hold_the_others_where_they_stand() -> None:
    curseurs = (Curseur("a", "A", 5, 3, 12), Curseur("b", "B", 50))
    jeu = JeuDeCurseurs("deux", curseurs, lambda v: Etape("essai", "", f"{v[0]} et {v[1]}"))
    lues = json.loads(commune._lues(jeu, (5, 70), {"tenu": 0, "dizaine": 0, "valeurs": [5, 70], "pour": "x"}))
    dites = {valeur: fondre(lues["commune"], propre)["reponse"] for valeur, propre in lues["etapes"].items()}
    assert dites == {str(a): f"{a} et 70" for a in range(3, 10)}  # from its minimum, 3
    lent = JeuDeCurseurs("lent", curseurs, muette, est_anticipe=False)
    assert commune._lues(lent, (5, 70), {"tenu": 0, "dizaine": 0, "valeurs": [5, 70]}) == b"null"


@pytest.mark.parametrize("dite", [None, -1, 101, 12.5, "50", "<b>", True, [], {"valeur": 3}, float("nan"), 10**400])
def test_a_value_that_no_lever_has_is_not_kept(dite: object) -> None:
    assert vivant.entier_dit(dite, range(101)) is None


@pytest.mark.parametrize(("dite", "lue"), [(0, 0), (100, 100), (37.0, 37)])
def test_a_value_of_the_lever_is_read_whole(dite: object, lue: int) -> None:
    assert vivant.entier_dit(dite, range(101)) == lue


def test_an_objective_that_the_law_sets_is_not_said_to_be_voted() -> None:
    assert cadre.say_etat(cadre.LOI, "25 %").startswith(
        '<p class="etat objectif loi"><strong>Objectif fixé par la loi</strong>'
    )


def test_the_state_and_the_way_back_follow_the_value(petit_monde: Instantane) -> None:
    cle = Cle(petit_monde.identifiant, "2017S2", "equilibre", "ICI 2")
    assert "Objectif voté" in levier._etat(cle, 50)[0]
    assert levier._etat(cle, 50)[1] == ""
    assert "Hypothèse de séance" in levier._etat(cle, 51)[0]
    assert levier._etat(cle, 51)[1] == snapshot("Revenir à l’objectif voté")
