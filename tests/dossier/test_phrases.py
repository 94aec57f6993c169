"""A share is said with the attributions that it is a share of: those whose quartile is known, not all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.diffusion import Diffusion
from mel_core.dossier.lignes import lire
from mel_core.dossier.noms import Noms
from mel_core.dossier.phrases import phrase
from mel_core.dossier.plan import POINTS
from mel_core.entrepot import Entrepot, Portee
from mel_core.periodes import Periode, Seance
from tests.jeux import attribution, bailleurs, chargement, table

SEANCE = Seance(2024, 2)


@pytest.mark.parametrize(
    ("indicateur", "qpv", "dite"),
    [
        # 700 × 12 = 8 400 and 800 × 12 = 9 600 €/UC, threshold of 2024: 9 324; quartile unknown for two of five
        ("q1_hors_qpv", None, "66,7 % des 3 attributions hors QPV au quartile connu vont"),
        ("autres_en_qpv", "QP1", "33,3 % des 3 attributions en QPV au quartile connu vont"),
    ],
)
def test_a_national_rule_says_that_it_is_judged_on_the_known_quartiles(
    tmp_path: Path, indicateur: str, qpv: str | None, dite: str
) -> None:
    ressources = (700, 700, 800, None, None)
    lignes = (
        attribution(i, code_quartier="Q1", date_bail=SEANCE.fin, ressources_mensuelles=r, n_uc=1)
        for i, r in enumerate(ressources)
    )
    quartier = {"code_quartier": "Q1", "nom": "Q1", "code_insee": "59350", "code_qpv": qpv}
    entrepot = Entrepot(tmp_path)
    with entrepot.reserver():
        entrepot.publier(
            chargement(
                attributions=table("attributions", *lignes),
                bailleurs=bailleurs("B1"),
                quartiers=table("quartiers", quartier),
            )
        )
    annee = Periode.de(SEANCE, "annee")
    point = next(p for p in POINTS if p.indicateur == indicateur)
    with entrepot.ouvrir(Portee.mel(), SEANCE) as lecteur:
        tableau = lire(lecteur, Noms.lire(lecteur), Diffusion(lecteur, annee), point, annee, "ICI 1")
    assert dite in phrase(tableau, "l’ICI 1").replace("\u202f", " ").replace("\xa0", " ")
