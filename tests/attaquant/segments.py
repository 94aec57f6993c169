"""`python -m tests.attaquant.segments --donnees D --date 2017-12-31`: what segments, at every step, give back.

The attacker hears every step of a segment (24, 30, 36, 48 months without a proposal; two, three, four times ranked
second; two, three, four times not chosen), for the Métropole and each ICI, split by commune lived in, by bailleur, by
ressources, and in all. It knows which crossings hold nobody. For each count of 1 to 10 of a place at a
step, how many values stay possible; exit 1 where fewer than three do, or where fewer than 95 % keep five.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.segments import Criteres, find_all
from tests.attaquant.programme import Entendus, add_options

_FOIS = [{"n_min": n} for n in (2, 3, 4)]  # in the usual window: a room has no other
PAS: dict[str, list[dict[str, int]]] = {
    "attente_24": [{"mois": n} for n in (24, 30, 36, 48)],
    "poulidor": _FOIS,
    "non_attributions_repetees": _FOIS,
}
CLES = ("code_insee_actuel", "code_bailleur_actuel", "ressources")


def observer(donnees: Path, portee: Portee, segment: str, jour: date) -> pd.DataFrame:
    """One row per demande of a step at least: `CLES`, and whether each step holds it (`pas_0`…)."""
    with Entrepot(donnees).open(portee) as lecteur:
        pas = [find_all(lecteur, segment, Criteres(jour, **p)) for p in PAS[segment]]
    lignes = pd.concat(pas).drop_duplicates("pseudonyme")
    cles = {c: lignes[c].fillna("inconnu") if c in lignes else "inconnu" for c in CLES}
    tenues = {f"pas_{i}": lignes["pseudonyme"].isin(p["pseudonyme"]) for i, p in enumerate(pas)}
    return pd.DataFrame({**cles, **tenues})


def entendre(cellules: pd.DataFrame, pas: list[dict[str, int]]) -> Entendus:
    """What a room is told of them, and the small counts of places that it is not told."""
    monde = Entendus(cellules["n"].to_numpy())
    for rang, dit in enumerate(pas):
        dedans = cellules[f"pas_{rang}"].to_numpy()
        lieux = [("en tout", dedans)]
        lieux += [(code, dedans & (cellules[c] == code).to_numpy()) for c in CLES for code in cellules[c].unique()]
        for nom, la in lieux:
            monde.hear_vrai(la, f"{nom}, {dit}")
    return monde


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.segments")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--date", type=date.fromisoformat, required=True)
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        portees = {"MEL": Portee.mel(), **{ici: Portee.ici(ici) for ici in icis(ouvert)}}
    est_tenu = True
    for segment, pas in PAS.items():
        for nom, portee in portees.items():
            lues = observer(options.donnees, portee, segment, options.date)
            cellules = lues.groupby(list(lues), as_index=False).size().rename(columns={"size": "n"})
            est_tenu &= entendre(cellules, pas).attack(f"{segment}, {nom}", options)
    return 0 if est_tenu else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
