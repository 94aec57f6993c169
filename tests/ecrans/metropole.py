"""A small Métropole with everything in it: two years of bails, every label, QPV, réservataires, occupants in place."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from mel_core.entrepot import Chargement, Entrepot
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, table

TOURCOING, CROIX, LANNOY, TOUFFLERS = "59599", "59163", "59332", "59598"
# Attributions drawn in two years; Lannoy and Toufflers stay under eleven in any twelve months.
VOLUMES = {ROUBAIX: 420, TOURCOING: 300, CROIX: 90, LANNOY: 8, TOUFFLERS: 12, LILLE: 400}
# Quartiers of a commune: fragilité, QPV.
QUARTIERS = (("fragile", "QP1"), ("moyenne", None), ("sans", None))
PLAFONDS = {2016: 20111, 2017: 20123}
SEUILS = "".join(
    f'[[seuils_premier_quartile]]\nannee = {annee}\nseuil_eur_uc = 8000\nsource = "Essai"\n' for annee in (2016, 2017)
)
# The agreements of B1 and of B2, then that of a réservataire with whoever has none of its own.
CONVENTIONS = "".join(
    f'[[cibles]]\nindicateur = "flux"\n{porteur}reservataire = "{reservataire}"\nvaleur = {valeur}\n'
    'depuis = 2016-01-01\nsource = "Convention d’essai"\n'
    for porteur, reservataire, valeur in (
        ('bailleur = "B1"\n', "COLTER", 0.30),
        ('bailleur = "B1"\n', "PPRIOR", 0.05),
        ('bailleur = "B2"\n', "PPRIOR", 0.25),
        ("", "COLTER", 0.15),
    )
)
TYPOLOGIES_ATTRIBUEES = ("T1", "T2", "T3", "T4", "T5", "T6P")
TYPOLOGIES = {ROUBAIX: 4, TOURCOING: 3, CROIX: 2, LANNOY: 1, TOUFFLERS: None, LILLE: 4}


def tables() -> dict[str, pa.Table]:
    """Drawn by a seed: any figure will do, as long as there is one everywhere."""
    tirage, autre = random.Random(41), random.Random(43)  # of what no measure reads yet: it moves no other figure
    quartiers = [
        {
            "code_quartier": f"{c}{i:04d}",
            "nom": f"Quartier {i} d’essai",
            "code_insee": c,
            "fragilite": fragilite,
            "code_qpv": qpv and f"{qpv}{c}",
        }
        for c in VOLUMES
        for i, (fragilite, qpv) in enumerate(QUARTIERS, start=1)
    ]
    residences = [
        {
            "code_residence": f"R{q['code_quartier']}{b}",
            "nom": f"Résidence {b} du {q['nom']}",
            "code_bailleur": f"B{b}",
            "code_quartier": q["code_quartier"],
            "n_logements": 100,
            "enjeu_mixite": {1: True, 2: False, 3: None}[b],
            **{
                f"n_occupants_{classe}": tirage.randrange(5, 40)
                for classe in ("tres_modestes", "modestes", "intermediaires", "eleves")
            },
        }
        for q in quartiers
        for b in (1, 2, 3)
    ]
    lignes = []
    for commune, n in VOLUMES.items():
        for _ in range(n):
            jour = date(2016, 1, 1) + timedelta(days=tirage.randrange(731))
            quartier = f"{commune}{tirage.choice((1, 1, 2, 3)):04d}" if tirage.random() < 0.95 else None
            b = tirage.choice((1, 1, 2, 3))
            lignes.append(
                attribution(
                    len(lignes),
                    date_bail=jour,
                    date_creation_demande=jour - timedelta(days=tirage.randrange(30, 1500)),
                    code_insee=commune,
                    code_bailleur=f"B{b}",
                    code_quartier=quartier,
                    code_residence=f"R{quartier}{b}" if quartier and tirage.random() < 0.9 else None,
                    reservataire=tirage.choice(("COLTER", "COLACT", "PPRIOR", "PFONCT", "AUCUN", None)),
                    typologie=autre.choice((*TYPOLOGIES_ATTRIBUEES, None)),
                    financement=autre.choice(("PLAI", "PLUS", "PLS", None)),
                    n_personnes=1,
                    n_uc=1.0,
                    revenu_fiscal=tirage.uniform(0.05, 0.9) * PLAFONDS[jour.year] if tirage.random() < 0.9 else None,
                    ressources_mensuelles=tirage.uniform(200, 1500) if tirage.random() < 0.9 else None,
                    mutation=tirage.random() < 0.35,
                    actif=tirage.random() < 0.6 if tirage.random() < 0.9 else None,
                    **{
                        label: tirage.random() < part
                        for label, part in (
                            *(("aci", 0.3), ("dalo", 0.1), ("pdalhpd", 0.05)),
                            *(("mutation_bloquee", 0.1), ("npru", 0.06)),
                        )
                    },
                )
            )
    return {
        "communes": table(
            "communes",
            *(
                {
                    **{"code_insee": c, "nom": nom, "fragilite": fragilite, "territoire": territoire, "ici": ici},
                    "typologie_fragilite": TYPOLOGIES[c],
                }
                for c, nom, fragilite, territoire, ici in (
                    (ROUBAIX, "Roubaix", "fragile", "Roubaisien", "ICI 2"),
                    (TOURCOING, "Tourcoing", "moyenne", "Tourquennois", "ICI 2"),
                    (CROIX, "Croix", "sans", "Roubaisien", "ICI 2"),
                    (LANNOY, "Lannoy", "sans", "Roubaisien", "ICI 2"),
                    (TOUFFLERS, "Toufflers", "sans", "Roubaisien", "ICI 2"),
                    (LILLE, "Lille", "fragile", "Territoire lillois", "ICI 1"),
                )
            ),
        ),
        "bailleurs": bailleurs("B1", "B2", "B3"),
        "quartiers": table("quartiers", *quartiers),
        "residences": table("residences", *residences),
        "attributions": table("attributions", *lignes),
    }


def publish(dossier: Path, *parametres: str) -> None:
    """Every column of each table was in the files. `parametres`: in TOML, beside those of the agreements."""
    drawn = tables()
    entrepot = Entrepot(dossier)
    with entrepot.reserve():
        entrepot.publish(
            Chargement(
                drawn,
                {nom: frozenset(t.column_names) for nom, t in drawn.items()},
                "fictive",
                (SEUILS, CONVENTIONS, *parametres),
            )
        )
