"""The sentence of a line of the agenda in a document: that of its screen, without the marks of emphasis.

Pure: tables in, French out.
"""

from __future__ import annotations

import pandas as pd

from mel_core.dossier.lignes_dossier import Tableau
from mel_core.indicateurs import INDICATEURS, phrases_constats, phrases_mesures
from mel_core.socle import langue
from mel_core.socle.langue import Peu


def phrase(tableau: Tableau, ou: str) -> str:
    """What the screen says of the indicator, then how much of it is known. `ou`: `l’ICI 2`."""
    dite = langue.typeset(_constat(tableau, ou).replace("*", ""))
    return f"{dite} {tableau.couverture_dite}".rstrip()


def _constat(tableau: Tableau, ou: str) -> str:
    nom, ligne, appuis = tableau.point.indicateur, tableau.ensemble, list(tableau.appuis.values())
    if nom == "equilibre" and any(_en_compte(n) for n in _connues(appuis[0])):
        dite = phrases_constats.constat_equilibre(ou, appuis[0], float(appuis[0]["bande"].max()))
        detail = phrases_constats.quartier_par_quartier(ligne) if tableau.point.coupe == "quartier" else ""
        return f"{dite} {detail}".rstrip()
    if nom == "aci" and tableau.point.coupe != "fragilite_commune":
        return phrases_constats.constat_aci(ou, ligne, tableau.manques)
    if "mutation" in tableau.point.par:
        siennes = appuis[0][appuis[0]["mutation"] == "mutation"]
        if siennes["part"].notna().any():
            return phrases_mesures.mutations(ou, appuis[0], appuis[1][appuis[1]["fragilite"] == "fragile"])
        if any(_en_compte(n) for n in siennes["n_connus"]):
            return phrases_mesures.rien_de_connu("Mutations et revenus", ou, siennes.iloc[0])
    if nom == "npru":
        return phrases_mesures.npru(ou, ligne, tableau.ailleurs)
    if pd.isna(ligne["mediane_mois" if nom == "delais" else "part"]):
        return phrases_mesures.rien_de_connu(INDICATEURS[nom].titre, ou, ligne)
    if nom in ("ressources", "equilibre"):
        return phrases_mesures.ressources(ou, ligne)
    if nom == "aci":
        return phrases_mesures.aci_lieux(ou, ligne, tableau.lignes)
    if nom == "entrants_occupants":
        return phrases_mesures.entrants(ou, ligne)
    if nom == "delais":
        return phrases_mesures.delais(ou, ligne)
    return phrases_mesures.part_dite(nom, ou, ligne, tableau.ailleurs)


def _connues(classes: pd.DataFrame) -> pd.Series:
    """How many are known in each class of quartiers: without a class, the screen says what to import, which is for who
    prepares."""
    return classes.loc[classes["fragilite"] != "inconnu", "n_connus"]


def _en_compte(n: float) -> bool:
    return isinstance(n, Peu) or n > 0


def effectif_dit(tableau: Tableau) -> str:
    """`n = 3 510 attributions, 3 080 connues`: what the sentence counts."""
    ligne = tableau.ensemble
    comptes = (
        f"n = {langue.effectif(ligne['n'], 'attribution')}, dont "
        f"{langue.effectif(ligne['n_connus'], 'connue')} et {langue.effectif(ligne['n_inconnus'], 'inconnue')}"
    )
    return " ; ".join((comptes, *(d.phrase().rstrip(".") for d in tableau.declarees)))
