"""The dirt of real files: rows that the checks reject, warn about or drop as duplicates, never what stops a load."""

from __future__ import annotations

import numpy as np

from mel_core.demo.alea import Colonnes, add_days, empty, stack, take
from mel_core.demo.reglages_demo import Reglages

ASSOCIEES = np.array(["59355", "59298"])  # Lomme, Hellemmes
LILLE = "59350"


def soil_attributions(r: Reglages, table: Colonnes, alea: np.random.Generator) -> Colonnes:
    """The attributions with the faults of real files (`salissures` of the settings), each in its number."""
    s, n = r["salissures"], len(table["id_attribution"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    avant, dehors, inconnu = split(alea, n, s["bail_avant_demande"], s["hors_mel"], s["bailleur_inconnu"])
    table["date_creation_demande"][avant] = add_days(table["date_bail"][avant], np.full(len(avant), 12))
    table["code_insee"][dehors] = "62498"
    table["code_bailleur"][inconnu] = "BF99"
    table["code_insee"] = code_associees(s["communes_associees"], table["code_insee"], alea)
    differents = take(table, alea.choice(n, s["doublons_differents"]["attributions"], replace=False))
    differents["typologie"] = np.where(differents["typologie"] == "T3", "T4", "T3")
    return stack([table, take(table, alea.choice(n, s["doublons"]["attributions"], replace=False)), differents])


def soil_demandes(r: Reglages, table: Colonnes, alea: np.random.Generator) -> Colonnes:
    """The same of the demandes."""
    s, n = r["salissures"], len(table["numero_unique"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    vides = np.zeros(n, dtype=bool)
    vides[alea.choice(n, s["personnes_vides"], replace=False)] = True
    table["n_personnes"] = empty(table["n_personnes"], vides)
    table["code_insee_actuel"] = code_associees(s["communes_associees"], table["code_insee_actuel"], alea)
    differents = take(table, alea.choice(n, s["doublons_differents"]["demandes"], replace=False))
    differents["age"] = differents["age"] + 1
    return stack([table, take(table, alea.choice(n, s["doublons"]["demandes"], replace=False)), differents])


def soil_evenements(r: Reglages, table: Colonnes, alea: np.random.Generator) -> Colonnes:
    """The same of the events."""
    s, n = r["salissures"], len(table["id_evenement"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    classes = np.flatnonzero(~np.ma.getmaskarray(table["rang"]))
    table["rang"][alea.choice(classes, s["rang_nul"], replace=False)] = 0
    return stack([table, take(table, alea.choice(n, s["doublons"]["evenements"], replace=False))])


def split(alea: np.random.Generator, n: int, *effectifs: int) -> list[np.ndarray]:
    """Disjoint groups of rows."""
    tires = alea.choice(n, sum(effectifs), replace=False)
    return np.split(tires, np.cumsum(effectifs)[:-1])


def code_associees(part: float, codes: np.ndarray, alea: np.random.Generator) -> np.ndarray:
    """Some rows of Lille bear the code of Lomme or Hellemmes, as files still do."""
    lignes = np.flatnonzero((codes == LILLE) & (alea.random(len(codes)) < part))
    codes[lignes] = alea.choice(ASSOCIEES, len(lignes))
    return codes
