"""What the decisions of a séance gave, on the demonstration: the figures and the verdicts are the command line's."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from mel_core.cli.commandes import principal
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.coordination import Decision, TemoinIndicateur, decisions
from mel_core.seance.coordination.decisions import Direction, avec_temoin
from tests.ecrans import reponses
from tests.ecrans.test_coordination import AUTEUR, S1, S2, open, texte
from tests.jeux import ROUBAIX
from tests.seance.positions import ACTEE

TOURCOING = "59599"
# What measures it and where, the way the room says where the objective does not, the target.
DECIDEES = (
    (TemoinIndicateur("mutations_bloquees", commune=ROUBAIX), Direction.HAUSSE, 6),
    (TemoinIndicateur("aci", commune=TOURCOING), None, 45),
    (TemoinIndicateur("aci", bailleur="BF02", ici="ICI 2"), None, 45),
)


def verdict(alors: dict, maintenant: dict, cible: float) -> tuple[str, str]:
    """What a floor of `cible` % says of two cells over 12 months that share six: reached or not, and whether it moved.

    Moved: by more than the two Wilson distances that face each other, as two sides whose angle has half of √(n/m) for
    cosine (the households that both periods count), by the law of cosines.
    """
    part, lue = alors["part"], maintenant["part"]
    assert min(alors["n_connus"], maintenant["n_connus"]) >= 30
    dit = "atteint" if 100 * lue >= cible else "non atteint"
    monte = lue > part
    cotes = [abs(borne(c, vers_le_haut) - c["part"]) for c, vers_le_haut in ((alors, monte), (maintenant, not monte))]
    petit, grand = sorted(c["n_connus"] for c in (alors, maintenant))
    cosinus = (petit / grand) ** 0.5 / 2
    if (lue - part) ** 2 <= cotes[0] ** 2 + cotes[1] ** 2 - 2 * cosinus * cotes[0] * cotes[1]:
        return dit, "ne bouge pas plus que le hasard"
    return dit, f"a {'monté' if monte else 'baissé'} plus que le hasard"


def borne(cellule: dict, vers_le_haut: bool) -> float:
    """The share that would lie 1.96 of its own standard errors away: a root of (x − p)² = z² x (1 − x) ÷ n."""
    p, n, z2 = cellule["part"], cellule["n_connus"], 1.959964**2
    a, b, c = 1 + z2 / n, -(2 * p + z2 / n), p * p
    return (-b + (1 if vers_le_haut else -1) * max(b * b - 4 * a * c, 0.0) ** 0.5) / (2 * a)


def ask(dossier: Path, capsys: pytest.CaptureFixture[str], temoin: TemoinIndicateur, seance: str) -> dict[str, Any]:
    lieux = {"--commune": temoin.commune, "--bailleur": temoin.bailleur, "--ici": temoin.ici}
    options = [mot for option, code in lieux.items() if code for mot in (option, code)]
    appel = ["indicateur", temoin.nom, "--seance", seance, "--periode", "annee", *options]
    capsys.readouterr()
    assert principal(["--dossier-donnees", str(dossier), *appel]) == 0
    (cellule,) = json.loads(capsys.readouterr().out)
    return cellule


def test_the_next_seance_says_of_each_decision_what_the_command_counts_then_and_now(
    demonstration_copiee: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = demonstration_copiee
    monkeypatch.setenv("MEL_DONNEES", str(dossier))
    st.cache_resource.clear()
    st.cache_data.clear()
    journal, entrepot = Journal.du_dossier(dossier), Entrepot(dossier)
    for rang, (temoin, sens, cible) in enumerate(DECIDEES):
        decision = Decision(S1, "ICI 2", f"Décision {rang}", "MEL", S2.fin, positions=ACTEE)
        decision = avec_temoin(decision, temoin, Fraction(cible, 100), entrepot, sens)
        assert decision.sens is Direction.HAUSSE
        decisions.act(journal, decision, AUTEUR, identifiant=f"d{rang}", op_id=f"a{rang}")
    (table,) = re.findall(r'<table class="suites">.*?</table>', texte(open("introduction", seance="2017S2")), re.S)
    lignes = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S)
    assert len(lignes) == len(DECIDEES)
    for rang, (temoin, _, cible) in enumerate(DECIDEES):
        (ligne,) = [re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", x)) for x in lignes if f">Décision {rang}<" in x]
        alors, maintenant = (ask(dossier, capsys, temoin, s) for s in ("2017S1", "2017S2"))
        dit, mouvement = (x.replace(" ", "") for x in verdict(alors, maintenant, cible))
        assert re.search(f"[●○]{dit}$", ligne)
        assert mouvement in ligne
        for c in (alors, maintenant):
            part = f"{reponses.decimal(100 * c['part'])} % ({c['numerateur']} sur {c['n_connus']})"
            assert part.replace(" ", "") in ligne
