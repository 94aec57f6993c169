"""Préparer › Qualité, on the demonstration: each cell is what the command counts, and only a co-pilot reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mel_core.cli.commandes import principal
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.socle.langue import nombre
from tests.ecrans.vue import Piece, open, tableaux, texte

PERIMETRE = {"seance": "2017S2", "ici": "ICI 2"}


def ask(dossier: Path, capsys: pytest.CaptureFixture[str], quoi: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    options = ("--seance", "2017S2", "--periode", "annee", "--ici", "ICI 2")
    assert principal(["--dossier-donnees", str(dossier), "qualite", quoi, *options]) == 0
    return json.loads(capsys.readouterr().out)


def grille(pieces: list[Piece]) -> str:
    (vue,) = [str(p.contenu) for p in pieces if p.genre == "html" and 'class="matrice qualite"' in str(p.contenu)]
    return vue


def rangees(vue: str) -> list[list[str]]:
    (table,) = tableaux(vue)
    return [[dit.replace("\u202f", " ").replace("\u00a0", " ") for dit, _ in r] for r in table.rangees[1:]]


@pytest.mark.parametrize("vue", ["attributions", "demandes", "residences"])
def test_each_cell_is_the_share_that_the_command_counts_and_the_marked_ones_are_those_to_complete(
    dossier: Path, capsys: pytest.CaptureFixture[str], vue: str
) -> None:
    lues = ask(dossier, capsys, vue)
    porteurs = list(dict.fromkeys(x["porteur"] for x in lues))
    montree = grille(open(page="qualite", qualite=vue, **PERIMETRE))
    rangs = rangees(montree)
    assert len(rangs) == len(porteurs) > 0
    for porteur, (_, n, *parts) in zip(porteurs, rangs, strict=True):
        siennes = [x for x in lues if x["porteur"] == porteur]
        assert n == nombre(siennes[0]["n"]).replace("\u202f", " ")
        for x, part in zip(siennes, parts, strict=True):
            if x["part"] is None:
                assert part == "—"
                continue
            dite = float(part.replace("à compléter : ", "").strip("▼ %").replace(",", "."))
            assert dite == pytest.approx(100 * x["part"], abs=0.5)
            assert part.startswith("à compléter") == x["est_a_completer"]
    assert montree.count('class="manque"') == sum(x["est_a_completer"] for x in lues)


def test_a_month_without_an_event_is_marked_where_leases_were_signed(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lues = ask(dossier, capsys, "evenements")
    silences = sum(x["est_silence"] for x in lues)
    assert silences
    pieces = open(page="qualite", qualite="evenements", **PERIMETRE)
    assert grille(pieces).count('class="manque"') == silences
    message = " ".join(texte(str(p.contenu)) for p in pieces if p.zone == "message").replace("**", "")
    assert f"({silences} mois en tout" in message
    comptes = [int(c.replace(" ", "")) for r in rangees(grille(pieces)) for c in r[2:] if c != "aucun"]
    assert sum(comptes) == sum(x["n_evenements"] for x in lues)


def test_only_a_co_pilot_reads_who_fills_in_what(dossier: Path) -> None:
    pieces = open({"profil_repete": Profil(TypeProfil.ANIMATEUR)}, page="qualite", **PERIMETRE)
    assert any("Seul un co-pilote" in str(p.contenu) for p in pieces)
    assert not any('class="matrice qualite"' in str(p.contenu) for p in pieces)
