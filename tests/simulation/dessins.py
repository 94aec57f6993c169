"""Frames of the simulations, drawn as text."""

from __future__ import annotations

import pandas as pd

CLES = ("commune", "bailleur", "fragilite")


def draw(texte: str) -> pd.DataFrame:
    """The first line names the columns; what is not a key is a whole number."""
    entete, *lignes = [ligne.split() for ligne in texte.strip().splitlines()]
    frame = pd.DataFrame(lignes, columns=entete)
    return frame.astype({c: int for c in entete if c not in CLES})


def demand(texte: str = "", **ensemble: int) -> pd.DataFrame:
    """Applicants by commune: those of the text, plenty of every profile for the whole scope unless said.

    The ACI households are modest as far as there are modest ones, unless said.
    """
    profils = ("n_modestes", "n_non_modestes", "n_aci", "n_non_aci", "n_aci_avant")
    communes = draw(texte) if texte else pd.DataFrame(columns=["commune"])
    tout = {"commune": "ensemble", **dict.fromkeys(profils, 10**6), **ensemble}
    frame = pd.concat([communes, pd.DataFrame([tout])], ignore_index=True).reindex(columns=["commune", *profils])
    frame = frame.fillna(0).astype(dict.fromkeys(profils, int))
    modestes = [min(a, m) for a, m in zip(frame["n_aci"], frame["n_modestes"], strict=True)]
    return frame.assign(n_modestes_aci=modestes, n_non_modestes_aci=0)


def freed(texte: str = "commune bailleur fragilite n_vacances_an") -> pd.DataFrame:
    """Dwellings freed a year, by cell; none known by default."""
    return draw(texte)
