"""What is read of one circle of a finding, and the clauses that say it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mel_core.socle import langue
from mel_core.socle.langue import INSECABLE
from mel_core.socle.valeurs import Compte


@dataclass(frozen=True)
class Dit:
    """What is read of one circle: `valeur`, worked out of `compte` among `total` (a count has itself alone, a
    median its `total`). What is not said is a nan; a `compte` that would be read as a share that is not, unknown."""

    valeur: Compte | float
    compte: Compte
    total: Compte

    @property
    def est_dit(self) -> bool:
        return not math.isnan(float(self.valeur))


def combien(n: Compte, singulier: str, pluriel: str) -> str:
    return f"**{langue.effectif(n, singulier, pluriel)}**"


def gras(dit: Dit, unite: str) -> str:
    return f"**{write(dit.valeur, unite)}**"


def parmi(dit: Dit, nom: tuple[str, str], fait: tuple[str, str], suite: str = "", de: str = "") -> str:
    """`40 des 100 premiers rangs ont été refusés (40 %)`; the counts alone where the share is not said, nothing of what
    is counted where all of them are too few. `de`: which of them all are meant (`demandes qui souhaitent Roubaix`)."""
    if dit.total.est_tu or not dit.compte.est_connu:
        return f"{combien(dit.total, *nom)}{de}, trop peu pour dire combien {fait[1]}{suite}"
    sur = f"{langue.nombre(dit.compte)} des {langue.effectif(dit.total, *nom)}"
    if dit.total == 1:
        sur = f"{langue.effectif(dit.compte, *nom)} sur 1"
    clause = f" {langue.agree(dit.compte, *fait)}{suite}"
    return f"{sur}{de}{clause} ({gras(dit, 'part')})" if dit.est_dit else f"**{sur}**{de}{clause}"


def delai(dit: Dit) -> str:
    datees = ("attribution datée", "attributions datées")
    if not dit.est_dit:
        return f"{combien(dit.total, *datees)}, trop peu pour dire leur délai"
    if dit.total == 1:
        return f"la seule attribution datée a demandé {gras(dit, 'mois')} après le dépôt de la demande"
    return (
        f"la moitié des {langue.effectif(dit.total, *datees)} ont demandé moins de {gras(dit, 'mois')} après le dépôt "
        "de la demande"
    )


def write(valeur: Compte | float, unite: str) -> str:
    """A value in its unit: `40 %`, `8 mois`, `2,5`, `12 ou moins`; `—` when it is not said."""
    if unite == "part":
        return langue.part(float(valeur))
    if isinstance(valeur, Compte) or math.isnan(valeur):
        return langue.nombre(valeur)
    if unite == "mois":
        return f"{langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)}{INSECABLE}mois"
    return langue.rapport(valeur)
