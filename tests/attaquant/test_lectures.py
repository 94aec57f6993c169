"""Stores that read the same are to send the same; those that do not, to say it by the rule: what finds it, and a short
run over the screens that say most."""

from __future__ import annotations

import pytest
import streamlit as st

from tests.attaquant.envois import Ecran, read
from tests.attaquant.lectures import Lu, fautes, graphique, hors_regle
from tests.attaquant.voisins import documents, draw


@pytest.mark.parametrize(
    ("un", "autre", "trouves"),
    [
        (
            "21 attributions à Lannoy",
            "22 attributions à Lannoy",
            {"21 attributions à Lannoy", "22 attributions à Lannoy"},
        ),
        ("20 attributions", "25 attributions", set()),
        ("12 ou moins des 30 passages", "15 des 30 passages", set()),
        ("soit 40 % (15 sur 30)", "soit 41 % (15 sur 30)", set()),
        ("soit 40,2 %", "soit 40,6 %", {"40,2 %", "40,6 %"}),
        ("médiane de 8 mois", "médiane de 9 mois", set()),
        ("15,3 demandes pour une", "15,4 demandes pour une", set()),
        ("3 communes, 20 attributions", "3 communes, 25 attributions", set()),
    ],
)
def test_what_differs_between_two_stores_is_worded_by_the_rule_or_found(un: str, autre: str, trouves: set[str]) -> None:
    assert hors_regle(un, autre) == trouves


def test_what_is_sent_beside_the_same_words_is_found_and_counts_where_a_desk_reads_a_difference() -> None:
    a, b = (
        Lu(nom, "65 %", (octets,), exacts) for nom, octets, exacts in (("a", b"0.652", "65,2"), ("b", b"0.648", "64,8"))
    )
    assert fautes([a, b])[0] == 1
    assert "0.652" in fautes([a, b])[1][0]
    assert fautes([a, Lu("c", "65 %", (b"0.652",), "65,4")]) == (1, [])
    assert fautes([a, Lu("d", "65 %", (b"0.652",), "65,2")]) == (0, [])  # it tells nothing of a leak
    assert fautes([a, Lu("e", "66 %", (b"0.659",), "65,9")]) == (0, [])


def test_the_labels_of_a_chart_are_read_as_they_are_shown() -> None:
    xml = (
        "<c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>Lille</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        "<c:numCache><c:formatCode>0 %</c:formatCode><c:pt idx='0'><c:v>0.09</c:v></c:pt></c:numCache>"
        "<c:numCache><c:formatCode>0.0 %</c:formatCode><c:pt idx='0'><c:v>0.125</c:v></c:pt></c:numCache>"
        "<c:numCache><c:formatCode>0</c:formatCode><c:pt idx='0'><c:v>45</c:v></c:pt></c:numCache>"
    )
    assert graphique(xml) == "Lille 9 % 12,5 % 45"


COURTS = (
    Ecran("bilan", (("objectif", "npru"), ("coupe", "residence"))),
    Ecran("bilan", (("objectif", "aci"),), None, 30),
    Ecran("bassins"),
)


@pytest.mark.parametrize("est_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["", "long"])
def test_stores_that_read_the_same_in_a_room_send_the_same(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, est_long: bool
) -> None:
    """And so do, the long way, the documents that are written of them."""
    racine = tmp_path_factory.mktemp("voisins")
    monkeypatch.setenv("MEL_DONNEES", str(racine))  # and put back: each store is served in turn
    lus: dict[Ecran, list[Lu]] = {}
    ecrits: dict[str, list[tuple[str, tuple[bytes, ...]]]] = {}
    for dossier in draw(racine, GRAINES):
        read(dossier, COURTS if est_long else COURTS[:1], lus)
        for nom, lu in documents(dossier, dossier / "documents").items() if est_long else ():
            ecrits.setdefault(nom, []).append(lu)
    st.cache_resource.clear()
    st.cache_data.clear()
    comptees = 0
    for ecran, siens in lus.items():
        n, dites = fautes(siens)
        assert not dites, ecran
        comptees += n
    assert comptees > 0
    for nom, (un, autre) in ecrits.items():
        assert un[0] != autre[0] or un[1] == autre[1], nom


GRAINES = (0, 3)
