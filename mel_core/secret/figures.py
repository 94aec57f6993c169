"""Which figures of one document are withheld, whatever its tables: those that are small, then those that tell them.

A document prints sums of the same households in several tables, each of which may give back what another one hides.
Every figure is given as the cells that it adds up, so that the audit sees all of them at once. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from mel_core.secret.audit import Cellules, Publication
from mel_core.secret.regroupement import SEUIL


def taire(
    effectifs: Sequence[int],
    figures: Mapping[Hashable, Sequence[Cellules]],
    petites: Mapping[Hashable, Cellules],
    sues: Collection[Cellules] = (),
) -> frozenset[Hashable]:
    """The names of the figures to withhold.

    `effectifs`: households of each cell. `figures`: what may be printed, by name, in the order in which one gives way
    for another; a figure that two sets of cells both make is given both. `petites`: sums which nobody may know when
    they are under the threshold, printed or not. `sues`: sums known from elsewhere, that nothing can withhold.
    """

    def somme(cellules: Cellules) -> int:
        return sum(effectifs[c] for c in cellules)

    valeurs = {nom: somme(cellules[0]) for nom, cellules in figures.items()}
    cibles = {nom: cellules for nom, cellules in petites.items() if 0 < somme(cellules) < SEUIL}
    premieres = {nom for nom, n in valeurs.items() if 0 < n < SEUIL}
    if not cibles:
        return frozenset(premieres)
    rangs = {nom: i for i, nom in enumerate(figures)}

    def coupables(tues: set[Hashable]) -> list[set[Hashable]]:
        """For each sum that is told, the figures that tell it."""
        dites = [(nom, x) for nom, ensembles in figures.items() if nom not in tues for x in ensembles]
        trouves = Publication(effectifs, [*(x for _, x in dites), *sues], cibles).mal_proteges()
        return [{dites[i][0] for i in rangs_dits if i < len(dites)} for _, rangs_dits in trouves.values()]

    tues = set(premieres)
    ajoutees: list[Hashable] = []
    while trouves := coupables(tues):
        avant = len(ajoutees)
        for noms in trouves:
            candidats = {nom for nom in noms if valeurs[nom] > 0}
            if candidats and not candidats & tues:  # one that gives way may be enough for several
                ajoutees.append(min(candidats, key=rangs.__getitem__))
                tues.add(ajoutees[-1])
        if len(ajoutees) == avant:
            return frozenset(tues)
    for nom in ajoutees:  # what gave way at first may not be needed any more
        if not coupables(tues - {nom}):
            tues.remove(nom)
    return frozenset(tues)
