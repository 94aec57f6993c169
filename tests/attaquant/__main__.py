"""`python -m tests.attaquant --donnees D --ici "ICI 2" [--moi B]`: what the room's answers give back of small counts.

The attacker asks the command line for a room (`--audience salle`): whole, by commune, by bailleur and by their cross,
of every séance, over both periods. It may be a bailleur (`--moi`), which knows its own counts to the unit. For each
count of 1 to 10 that it was not told, how many values stay possible; exit 1 where fewer than three do, or where fewer
than 95 % keep five.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import seances
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.besoins import LABELS
from mel_core.secret.montrer import render
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.programme import PETITS, REGLE, Ligne, add_options, attaquer, compte, dit, part

COUPES = ((), ("commune",), ("bailleur",), ("commune", "bailleur"))
# Population, then label within it: what the cells are told apart by.
MESURES = tuple(nom for nom, i in INDICATEURS.items() if i.lu is LABELS)
_AVEC, _SANS, _HORS = "avec", "sans", "hors"


@dataclass(frozen=True)
class Monde:
    """`cellules`: `commune`, `bailleur`, `semestre`, `sorte` (in the population with the label, without it, out of it),
    and the truth, `n`."""

    cellules: pd.DataFrame

    @property
    def vrais(self) -> list[int]:
        return [int(n) for n in self.cellules["n"]]

    def parmi(self, semestres: set[str], sortes: set[str], **ou: str) -> list[int]:
        est_la = self.cellules["semestre"].isin(semestres) & self.cellules["sorte"].isin(sortes)
        for colonne, code in ou.items():
            est_la &= self.cellules[colonne] == code
        return [int(i) for i in np.flatnonzero(est_la)]


def observer(lecteur: Lecteur, mesure: str, ici: str, tenues: list[Seance]) -> Monde:
    """The truth, cell by cell, empty ones included: an attacker does not know which are."""
    vrais: dict[tuple[str, str, str, str], int] = {}
    for seance in tenues:
        semestre = Periode.de(seance, "semestre")
        tous = _read(compute(lecteur, "equilibre", semestre, COUPES[-1], ici=ici), "n")
        dedans = compute(lecteur, mesure, semestre, COUPES[-1], ici=ici)
        population, porteurs = _read(dedans, "n"), _read(dedans, "numerateur")
        for lieu, n in tous.items():
            avec, dans = porteurs.get(lieu, 0), population.get(lieu, 0)
            for sorte, compte_vrai in ((_AVEC, avec), (_SANS, dans - avec), (_HORS, n - dans)):
                vrais[*lieu, str(seance), sorte] = compte_vrai
    communes, bailleurs, _, _ = (sorted(set(x)) for x in zip(*vrais, strict=True))
    cles = list(product(communes, bailleurs, map(str, tenues), (_AVEC, _SANS, _HORS)))
    cellules = pd.DataFrame(cles, columns=["commune", "bailleur", "semestre", "sorte"])
    return Monde(cellules.assign(n=[vrais.get(cle, 0) for cle in cles]))


def _read(cellules: pd.DataFrame, colonne: str) -> dict[tuple[str, str], int]:
    return {(c, b): int(n) for c, b, n in cellules[["commune", "bailleur", colonne]].itertuples(index=False)}


def entendre(lecteur: Lecteur, monde: Monde, mesure: str, ici: str, tenues: list[Seance]) -> Iterator[Ligne]:
    """All that a room is told of these cells."""
    sues = {str(s) for s in tenues}
    for seance in tenues:
        for etendue in ("semestre", "annee"):
            periode = Periode.de(seance, etendue)
            semestres = {str(seance), *([str(seance.precedente)] if etendue == "annee" else [])}
            if not semestres <= sues:
                continue
            for coupes in COUPES:
                for nom, sortes in (("equilibre", {_AVEC, _SANS, _HORS}), (mesure, {_AVEC, _SANS})):
                    montrees = render(compute(lecteur, nom, periode, coupes, ici=ici), coupes)
                    for cellule in montrees.to_dict("records"):
                        ou = {c: cellule[c] for c in coupes}
                        tous = monde.parmi(semestres, sortes, **ou)
                        yield dit(tous, cellule["n"], REGLE.de(coupes))
                        if nom == mesure:
                            porteurs = monde.parmi(semestres, {_AVEC}, **ou)
                            yield dit(porteurs, cellule["numerateur"], REGLE.de(coupes))
                            if cellule["part"] is not None:
                                yield from part(porteurs, tous, cellule["part"] - 0.005, cellule["part"] + 0.005)


def viser(monde: Monde, tenues: list[Seance], moi: str) -> dict[tuple[int, ...], str]:
    """The small counts of the last séance: of a commune, of a bailleur, of their cross."""
    communes, bailleurs = set(monde.cellules["commune"]), set(monde.cellules["bailleur"])
    vrais = monde.vrais
    lieux = [{"commune": c} for c in communes] + [{"bailleur": b} for b in bailleurs if b != moi]
    lieux += [{"commune": c, "bailleur": b} for c in communes for b in bailleurs if b != moi]
    derniere = tenues[0]
    fenetres = ({str(derniere)}, {str(derniere), str(derniere.precedente)})
    sommes = {
        f"{' × '.join(lieu.values())} {'+'.join(sorted(sortes))} {6 * len(fenetre)}m": monde.parmi(
            fenetre, sortes, **lieu
        )
        for fenetre in fenetres
        for sortes in ({_AVEC}, {_AVEC, _SANS}, {_AVEC, _SANS, _HORS})
        for lieu in sorted(lieux, key=str)
    }
    return {tuple(rangs): nom for nom, rangs in sommes.items() if sum(vrais[i] for i in rangs) in PETITS}


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--ici", required=True)
    lecteur.add_argument("--moi", default="", help="code d’un bailleur, qui connaît ses propres chiffres")
    lecteur.add_argument("--mesure", action="append", choices=MESURES)
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    est_tenu = True
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        tenues = [Seance.read(str(s)) for s in seances(ouvert)]
        for mesure in options.mesure or MESURES:
            monde = observer(ouvert, mesure, options.ici, tenues)
            lignes = list(entendre(ouvert, monde, mesure, options.ici, tenues))
            siens = np.flatnonzero(monde.cellules["bailleur"] == options.moi)
            lignes += [compte([int(i)], monde.vrais[i], monde.vrais[i]) for i in siens]
            est_tenu &= attaquer(mesure, monde.vrais, lignes, viser(monde, tenues, options.moi), options)
    return 0 if est_tenu else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
