"""A lease of the SNE has no number: one is made, the same at each load, that tells nothing of the household."""

from __future__ import annotations

from collections.abc import Sequence

Cle = tuple[str, str, str]  # bailleur, day of the lease, numéro unique


def number(cles: Sequence[Cle]) -> list[str]:
    """`SNE-2017-09-30-001`: the rank of the household among those that sign with the same bailleur that day.

    The same lease given twice has the same number, as a duplicate must.
    """
    rangs: dict[tuple[str, str], int] = {}
    numeros: dict[Cle, str] = {}
    for cle in sorted(set(cles)):
        bailleur, jour, _ = cle
        rangs[bailleur, jour] = rang = rangs.get((bailleur, jour), 0) + 1
        numeros[cle] = f"SNE-{jour}-{rang:03d}"
    return [numeros[cle] for cle in cles]
