"""A store of demandes drawn at random, every field sometimes unknown, dates on the boundaries of the rules."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from mel_core.contrat.tables import ETIQUETTES
from mel_core.entrepot import Entrepot, Portee
from tests.jeux import LILLE, ROUBAIX, chargement, entree, table
from tests.segments.test_contre_oracle import step_back

JOUR = date(2017, 12, 31)
SEUIL_UC = 7400  # € per UC and year: below, the first quartile
PARAMETRES = entree("seuils_premier_quartile", annee=2017, seuil_eur_uc=SEUIL_UC, source="essai")


def sample(graine: int, combien: int):
    """Demandes and events with every field sometimes unknown, dates on the boundaries of the rules."""
    d = random.Random(graine)
    autour = [step_back(JOUR, n) + timedelta(days=x) for n in (0, 1, 12, 24, 36) for x in (-1, 0, 1)]
    demandes = [
        {
            "numero_unique": f"p{i:03d}",
            "date_creation": d.choice(autour),
            "etat": d.choice(["ACTIVE", "ACTIVE", "RADIEE"]),
            "date_radiation": d.choice([None, JOUR, JOUR + timedelta(days=1)]),
            "n_personnes": d.choice([1, 2, 7]),
            "date_renouvellement": d.choice(
                [None, *(step_back(JOUR, n) + timedelta(days=x) for n in (0, 11, 12) for x in (-1, 0, 1))]
            ),
            "n_uc": d.choice([None, 1.0, 1.5]),
            # 1/5, 2/5 and 3/5 of the ceiling of one person, 1/5 of that of seven, and a centime below
            "revenu_fiscal": d.choice(
                [None, 0.0, -5.0, 4024.6, 4024.59, 8049.2, 8049.19, 12073.8, 11498.4, 11498.39, 30000.0]
            ),
            "ressources_mensuelles": d.choice([None, 616.66, 616.67, 925.0, 925.01, 2000.0]),
            "statut_logement": d.choice([None, "HLM", "LP", "SD"]),
            "code_insee_actuel": d.choice([None, LILLE, ROUBAIX, "hors_mel"]),
            "code_bailleur_actuel": d.choice([None, "B1", "B2"]),
            "motif": d.choice([None, "01", "09"]),
            "typologies": d.choice([None, ["T1"], ["T2", "T4"], ["T1", "T2"]]),
            "communes_souhaitees": d.choice([None, [LILLE], [ROUBAIX, LILLE], ["hors_mel"]]),
            "age": d.choice([None, 24, 25, 65]),
            "delai_anormalement_long": d.choice([None, True, False]),
            **{e: d.choice([None, True, False]) for e in ETIQUETTES},
        }
        for i in range(combien)
    ]
    evenements = [
        {
            "id_evenement": f"E{i}",
            "numero_unique": f"p{d.randrange(combien):03d}",
            "type": d.choice(["PROPOSITION", *5 * ["PASSAGE_CAL"], "REFUS_DEMANDEUR", "AUTRE", "VISITE"]),
            "date_survenance": d.choice(autour),
            "decision": d.choice(["ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE", None]),
            "rang": d.choice([None, 1, 2, 2, 3, 4]),
        }
        for i in range(3 * combien)
    ]
    return demandes, evenements


@pytest.fixture(scope="module")
def jeu(tmp_path_factory):
    demandes, evenements = sample(7, 200)
    entrepot = Entrepot(tmp_path_factory.mktemp("libre"))
    charge = chargement(demandes=table("demandes", *demandes), evenements=table("evenements", *evenements))
    entrepot.publish(type(charge)(charge.tables, charge.colonnes_presentes, charge.nature, (PARAMETRES,)))
    with entrepot.open(Portee.mel()) as lecteur:
        yield lecteur, demandes, evenements
