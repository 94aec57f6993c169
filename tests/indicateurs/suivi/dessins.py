"""Frames of the standing views, drawn as rows."""

from __future__ import annotations

import pandas as pd


def network(*lignes: tuple[object, ...]) -> pd.DataFrame:
    """(lieu, commune, porteur, type, mois, enregistrements, dont en ligne, entretiens)."""
    noms = ["lieu", "commune", "porteur", "type_lieu", "mois", "n_enregistrements", "n_enregistrements_en_ligne"]
    frame = pd.DataFrame(lignes, columns=[*noms, "n_entretiens"])
    return frame.assign(nom=frame["lieu"], n_pre_accueil=float("nan"))


DEUX = network(
    ("L1", "A", "COMMUNE", "LABELLISE", "2016-01", 100, 10, 40),
    ("L1", "A", "COMMUNE", "LABELLISE", "2017-01", 60, 15, 20),
    ("L1", "A", "COMMUNE", "LABELLISE", "2017-12", 20, None, 5),
    ("L2", "B", "BAILLEUR", "RELAIS", "2017-06", 40, 15, None),
)
COMMUNES = pd.DataFrame({"commune": list("ABC"), "nom": ["Croix", "Hem", "Leers"], "population": [500, 300, 200]})


def districts(*lignes: tuple[object, ...]) -> pd.DataFrame:
    """Quartiers as (commune, fragilite, ips, population, revenu)."""
    frame = pd.DataFrame(lignes, columns=["commune", "fragilite", "ips", "population", "revenu_median_uc"])
    vides = ["part_non_emploi", "part_familles_4_enfants", "part_familles_monoparentales"]
    return frame.astype({"population": float, "revenu_median_uc": float}).assign(**dict.fromkeys(vides, float("nan")))


QUATRE = districts(
    ("A", "fragile", 4, 1000, 10000),
    ("A", "sans", 1, 3000, 24000),
    ("B", "fragile", 4, 3000, 12000),
    ("B", "inconnu", None, 500, None),
)
