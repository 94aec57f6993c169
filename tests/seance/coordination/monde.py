"""Two semesters in Roubaix (bailleur B1) and Lille (B2), first access only; ICI 2 holds Roubaix, ICI 1 Lille.

2017S1: 40 attributions in Roubaix, 10 of them to ACI households. 2017S2: 40, `n_aci` of them. Lille: 5 each, no ACI.
One more in Lille a year before and after: the table covers both semesters, and the year up to the end of each.
Roubaix has `n_attente` active demandes at the end of 2017S2, 30 months old, none of them ever proposed anything.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from mel_core.entrepot import Entrepot
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, build_store, chargement, demande_active, table

S1, S2 = Seance(2017, 1), Seance(2017, 2)


def tables(n_aci: int, n_attente: int = 0, evenements: tuple[int, int] = (0, 0)) -> dict[str, pa.Table]:
    """`evenements`: how many B1 recorded in each semester."""
    lignes: list[dict[str, Any]] = []
    for jour, aci in ((date(2017, 3, 1), 10), (date(2017, 9, 1), n_aci)):
        for commune, bailleur, n, k in ((ROUBAIX, "B1", 40, aci), (LILLE, "B2", 5, 0)):
            for i in range(n):
                lignes.append(
                    attribution(
                        len(lignes),
                        date_bail=jour,
                        code_insee=commune,
                        code_bailleur=bailleur,
                        # Half of each commune is in its QPV; incomes from 0 to 20 000 €.
                        code_quartier=f"{commune}{i % 2}",
                        aci=i < k,
                        n_personnes=1,
                        n_uc=1,
                        revenu_fiscal=20_000 * i / n,
                        ressources_mensuelles=20_000 * i / n / 12,
                        actif=i % 3 == 0,
                        typologie=f"T{1 + i % 5}",
                        financement=("PLAI", "PLUS")[i % 2],
                        reservataire=("COLTER", "AUCUN")[i % 2],
                        date_creation_demande=date(2015, 1, 1),
                    )
                )
    autour = {"code_insee": LILLE, "code_bailleur": "B2", "code_quartier": f"{LILLE}0"}
    lignes += [
        attribution(9000 + jour.year, date_bail=jour, **autour) for jour in (date(2016, 6, 30), date(2018, 1, 2))
    ]
    demandes = [demande_active(f"d{i}", date(2015, 6, 30), communes_souhaitees=[ROUBAIX]) for i in range(n_attente)]
    notes = [
        {
            "id_evenement": f"E{jour.month}-{i}",
            "numero_unique": "autre",
            "type": "AUTRE",
            "date_survenance": jour,
            "code_bailleur": "B1",
        }
        for jour, n in zip((date(2017, 3, 1), date(2017, 9, 1)), evenements, strict=True)
        for i in range(n)
    ]
    quartiers = [
        {"code_quartier": f"{c}{k}", "nom": f"Quartier {k}", "code_insee": c, "fragilite": "fragile", "code_qpv": qpv}
        for c in (ROUBAIX, LILLE)
        for k, qpv in enumerate(("QP1", None))
    ]
    return {
        "quartiers": table("quartiers", *quartiers),
        "attributions": table("attributions", *lignes),
        "bailleurs": bailleurs("B1", "B2"),
        **({"demandes": table("demandes", *demandes)} if demandes else {}),
        **({"evenements": table("evenements", *notes)} if notes else {}),
    }


def magasin(dossier: Path, n_aci: int = 15, n_attente: int = 0, evenements: tuple[int, int] = (0, 0)) -> Entrepot:
    return build_store(dossier, chargement(**tables(n_aci, n_attente, evenements)))
