"""`python -m tests.attaquant.causes --donnees D --date 2017-12-31`: what the causes noted in the lists give back.

The attacker hears, of every segment at every step, for the Métropole and each ICI, how many demandes are noted and how
many by each cause, as 13h30 says them. Notes are drawn: some by a commune, some by a bailleur, some by both. It knows
which crossings of steps, ICI and causes hold nobody. For each count of 1 to 10, how many values stay possible; exit 1
where fewer than three do, or where fewer than 95 % keep five.
"""

from __future__ import annotations

import argparse
import random
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.segments import Criteres, pseudonymes
from mel_core.segments.listes.suites import CAUSES
from tests.attaquant.programme import Entendus, add_options
from tests.attaquant.segments import PAS

_NOTEES, _DEUX_FOIS = 0.5, 0.2  # of demandes: noted once, and of those once more
_POIDS = [40, 20, 12, 8, 5, 3, 2, 1]  # causes go from the usual one to the rare one


def observer(donnees: Path, segment: str, jour: date, graine: int) -> pd.DataFrame:
    """One row per demande of a step at least: whether each step holds it (`pas_0`…), each ICI does, and each cause."""
    d, dedans = random.Random(graine), {}
    with Entrepot(donnees).open(Portee.mel()) as lecteur:
        lieux = list(icis(lecteur))
        for rang, pas in enumerate(PAS[segment]):
            dedans[f"pas_{rang}"] = set(pseudonymes(lecteur, segment, Criteres(jour, **pas)))
    for ici in lieux:
        with Entrepot(donnees).open(Portee.ici(ici)) as lecteur:
            dedans[ici] = {m for pas in PAS[segment] for m in pseudonymes(lecteur, segment, Criteres(jour, **pas))}
    menages = sorted(set().union(*(dedans[c] for c in dedans if c.startswith("pas_"))))
    lignes = pd.DataFrame({nom: [m in tenus for m in menages] for nom, tenus in dedans.items()})
    fois = [(d.random() < _NOTEES) * (1 + (d.random() < _DEUX_FOIS)) for _ in menages]
    notees = [set(d.choices(list(CAUSES), _POIDS, k=n)) for n in fois]
    return lignes.assign(**{cause: [cause in siennes for siennes in notees] for cause in CAUSES})


def entendre(cellules: pd.DataFrame, n_pas: int) -> Entendus:
    """What a room is told of them, at each step."""
    monde = Entendus(cellules["n"].to_numpy())
    lieux = [c for c in cellules if c.startswith("ICI")]
    for rang in range(n_pas):
        for ou in ("", *lieux):
            dedans = (cellules[f"pas_{rang}"] & (cellules[ou] if ou else True)).to_numpy()
            monde.hear_vrai(dedans, f"{ou or 'MEL'}, pas {rang}")
            monde.hear_vrai(
                dedans & cellules[list(CAUSES)].any(axis=1).to_numpy(), f"{ou or 'MEL'}, pas {rang}, notées"
            )
            for cause in CAUSES:
                monde.hear_vrai(dedans & cellules[cause].to_numpy(), f"{ou or 'MEL'}, pas {rang}, {cause}")
    return monde


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.causes")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--date", type=date.fromisoformat, required=True)
    lecteur.add_argument("--segment", choices=list(PAS), help="un seul ; sans lui, tous")
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    est_tenu = True
    for segment in [options.segment] if options.segment else PAS:
        lues = observer(options.donnees, segment, options.date, options.graine)
        cellules = lues.groupby(list(lues), as_index=False).size().rename(columns={"size": "n"})
        est_tenu &= entendre(cellules, len(PAS[segment])).attack(f"causes, {segment}", options)
    return 0 if est_tenu else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
