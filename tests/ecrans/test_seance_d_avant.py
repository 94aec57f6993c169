"""The picture of a séance shows the one before: what is kept of it follows what serves that one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mel_core.entrepot import Chargement, Entrepot
from mel_core.indicateurs.comptage import freeze
from mel_core.secret.bail import PREPARATION, lease
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Cle
from pages.seance.bilan.essai import classes
from tests.ecrans.conftest import served
from tests.jeux import LILLE, attribution, bailleurs, chargement, serve, table

S1, S2 = Seance(2017, 1), Seance(2017, 2)


def monde(modestes: int) -> dict:
    """100 attributions a semester of 2016 and 2017, in a fragile quartier; so many of those before July 2017 modest."""
    lignes = [
        attribution(
            1000 * rang + i,
            date_bail=date(annee, mois + i % 6, 15),
            code_quartier=f"{LILLE}01",
            n_personnes=1,
            revenu_fiscal=3_000.0 if i < (modestes if rang < 3 else 50) else 30_000.0,
        )
        for rang, (annee, mois) in enumerate(((2016, 1), (2016, 7), (2017, 1), (2017, 7)))
        for i in range(100)
    ]
    quartier = {"code_quartier": f"{LILLE}01", "nom": "Centre", "code_insee": LILLE, "fragilite": "fragile"}
    return {
        "attributions": table("attributions", *lignes),
        "bailleurs": bailleurs("B1"),
        "quartiers": table("quartiers", quartier),
    }


def anneau(identifiant: str) -> list[float]:
    """Where the small rings of the séance before stand."""
    with lease(PREPARATION):
        image = classes(Cle(identifiant, str(S2), EQUILIBRE, None))
    assert image is not None
    (trace,) = [t for t in image.figure.data if t.type == "scatter" and t.marker.symbol == "circle"]
    return [float(x) for x in trace.x]


def test_the_ring_of_the_seance_before_follows_the_data_that_it_was_signed_on(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path)
    avant, apres = (chargement(**monde(n)) for n in (60, 40))

    def publish(charge: Chargement) -> str:
        with entrepot.reserve():
            return serve(entrepot, charge).identifiant

    with served(tmp_path):
        publish(avant)
        servi = publish(apres)
        assert anneau(servi) == [0.40]  # 80 of 200
        publish(avant)
        freeze(entrepot, S1)
        assert publish(apres) == servi
        assert donnees.instantane(S1).identifiant != servi
        assert anneau(servi) == [0.60]  # 120 of 200, as it was signed
