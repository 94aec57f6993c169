"""The points of the cotation beside what was allocated, against plain Python on rows drawn here."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Portee
from mel_core.indicateurs.manques import sans_reponse
from mel_core.indicateurs.suivi import cotation
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode
from tests.indicateurs.suivi.test_bassins import LILLE, ROUBAIX, publish
from tests.jeux import attribution
from tests.lecteurs import lue_par

ANNEE = Periode.de("2017S2", "annee")
FIN = date(2017, 12, 31)
ICI = {ROUBAIX: "ICI 2", LILLE: "ICI 1"}


def draw(graine: int) -> dict[str, list[dict[str, Any]]]:
    hasard = random.Random(graine)
    demandes = [
        {
            **{"numero_unique": f"p{i}", "date_creation": date(2016, 1, 1), "n_personnes": 1},
            **hasard.choice([{"etat": "ACTIVE"}, {"etat": "RADIEE", "date_radiation": FIN}]),
            "points": hasard.choice([None, 0, 4, 4.5, 10, 12]),
            "communes_souhaitees": hasard.choice([[ROUBAIX], [LILLE], [ROUBAIX, LILLE], None]),
        }
        for i in range(80)
    ]
    jours = [date(2017, 1, 1), FIN, date(2016, 12, 31), date(2018, 1, 1)]
    baux = [
        attribution(
            i,
            **{"numero_unique": f"p{hasard.randint(0, 90)}", "date_bail": hasard.choice(jours)},
            code_insee=hasard.choice(list(ICI)),
        )
        for i in range(60)
    ]
    return {"demandes": demandes, "attributions": baux}


@pytest.mark.parametrize("graine", [1, 2, 3])
def test_who_was_housed_and_whom_points_would_have_housed_are_those_of_the_rows(tmp_path: Path, graine: int) -> None:
    jeu = draw(graine)
    par_menage = {d["numero_unique"]: d["points"] for d in jeu["demandes"]}
    with publish(tmp_path, jeu).open(Portee.mel()) as lecteur:
        for ici in (None, "ICI 1", "ICI 2"):
            lue = cotation.cotation(lecteur, ANNEE, ici)
            assert lue is not None
            baux = [
                par_menage.get(a["numero_unique"])
                for a in jeu["attributions"]
                if date(2017, 1, 1) <= a["date_bail"] <= FIN and ici in (None, ICI[a["code_insee"]])
            ]
            loges = [p for p in baux if p is not None]
            attente = [
                d["points"]
                for d in jeu["demandes"]
                if d["etat"] == "ACTIVE"
                and d["points"] is not None
                and (ici is None or any(ICI[c] == ici for c in d["communes_souhaitees"] or []))
            ]
            seuil = sorted(loges + attente, reverse=True)[len(loges) - 1]
            assert (lue.n_attributions, lue.n_connus, lue.n_attente) == (len(baux), len(loges), len(attente))
            assert (lue.mediane_attribues, lue.mediane_attente) == (median(loges), median(attente))
            assert lue.n_en_tete == sum(p >= seuil for p in loges)
            assert ici or 0 < lue.n_en_tete < len(loges) < len(baux)


def test_without_points_nothing_is_said_of_them(tmp_path: Path) -> None:
    with publish(tmp_path, draw(1), "demandes.points").open(Portee.mel()) as lecteur:
        assert cotation.cotation(lecteur, ANNEE) is None
        (manque,) = sans_reponse(lecteur, cotation.BESOINS)
    assert manque.colonnes == ("points",)


def said(lue: cotation.Cotation, audience: Any) -> str:
    return lue_par(audience, cotation.say, lue, "12 mois").replace("\u202f", " ").replace("\u00a0", " ")


def test_the_sentence_says_how_near_the_order_of_the_points_it_was() -> None:
    lue = cotation.Cotation(140, 121, 900, 30.5, 12, 61)
    assert said(lue, PREPARATION) == snapshot(  # 61 of 121: 50.41 %
        "Sur 121 attributions de 12 mois à des ménages dont les points sont connus, 61 (50,4 %) vont à ceux que les "
        "points seuls auraient logés ; médiane de 30,5 points pour les logés, de 12 pour ceux qui attendent."
    )
    assert said(lue, SALLE).startswith("Sur 120 attributions de 12 mois")
    assert "60 (50 %) vont" in said(lue, SALLE)
    petite = cotation.Cotation(20, 20, 900, 30.5, 12, 9)
    assert said(petite, SALLE).endswith("12 ou moins vont à ceux que les points seuls auraient logés.")
    assert pd.isna(lue_par(SALLE, cotation.render, petite).iloc[0]["mediane_attribues"])
    assert "Aucun ménage logé" in said(cotation.Cotation(20, 0, 0, float("nan"), float("nan"), 0), PREPARATION)
