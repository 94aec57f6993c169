"""What lacks is said to a room; what to do about it, where, to who prepares."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mel_core.indicateurs import conventions, phrases_constats, phrases_mesures
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.valeurs import Compte
from tests.ecrans.test_suivre_chiffres import see
from tests.ecrans.vue import texte
from tests.lecteurs import lue_par

VIDE = Compte(0)
LIGNE = pd.Series({"n": Compte(40), "n_connus": VIDE, "numerateur": VIDE, "mois_couverts": 12})
INCONNUE = pd.DataFrame([{"ligne": "inconnu", "nom": "?", "n_total": Compte(40), "mois_couverts": 12}])
FLUX = pd.DataFrame(
    [{"nom": "État", "part": 0.3, "n_connus": Compte(500), "mois_couverts": 12, "n_objectifs": 0, "n_tenues": 0}]
)
SANS_REVENU = pd.DataFrame([{"fragilite": "fragile", "part": None, "n_connus": VIDE, "mois_couverts": 12}])


@pytest.mark.parametrize(
    ("say", "manque"),
    [
        (lambda: phrases_mesures.rien_de_connu("NPRU", "l’ICI 2", LIGNE), "n’a l’information nécessaire à « NPRU »"),
        (lambda: phrases_mesures.reservataires("l’ICI 2", INCONNUE, Compte(40)), "ne disent pas leur réservataire"),
        (lambda: conventions.flux("l’ICI 2", FLUX), "aucune convention n’y est jugée"),
        (lambda: phrases_constats.constat_equilibre("l’ICI 2", SANS_REVENU, 0), "les ressources ne sont connues pour"),
    ],
)
def test_a_room_is_told_what_lacks_and_a_desk_where_to_give_it(say: Callable[[], str], manque: str) -> None:
    au_poste, en_salle = (lue_par(qui, say) for qui in (PREPARATION, SALLE))
    assert "Préparer › " in au_poste
    assert manque in en_salle
    assert "Préparer" not in en_salle
    assert en_salle.endswith(".")


def test_a_screen_whose_threshold_lacks_sends_a_room_nowhere(dossier: Path) -> None:
    def said(etat: dict[str, bool]) -> str:
        return " ".join(texte(str(p.contenu)) for p in see("bilan", dict(etat), objectif="autres_en_qpv"))

    au_poste, en_salle = said({}), said({"salle_repetee": True})
    for dite in (au_poste, en_salle):
        assert "n’a pas été retrouvé" in dite
        assert "Règle nationale" in dite
    assert "Le remède" in au_poste
    assert not re.search("remède|Préparer › Objectifs|seuils.toml", en_salle)
