"""The ceilings of income of PLAI and PLS. Those of the PLUS are dated parameters, which anyone may add to."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from mel_core.contrat.reference import DOSSIER

OFFICIEL, ESTIME, REGLE = "officiel", "estime", "regle"  # in the arrêté, estimated from it, by the rule of the PLS
_SUPPLEMENT = "pers_supp"


@dataclass(frozen=True)
class Plafonds:
    """`par_categorie`: euros a year, of the six categories of household; `supplement`: for each person over six in the
    sixth. `statut`: the least sure of its figures."""

    par_categorie: tuple[int, ...]
    supplement: int
    statut: str


def plafonds_du_produit(produit: str, annee: int) -> Plafonds | None:
    """Those of `produit` (PLAI, PLS) in this year, « autres régions »; None when they are not known: no year stands for
    another."""
    with (DOSSIER / "plafonds_plai_pls.csv").open(encoding="utf-8", newline="") as fichier:
        lus = [x for x in csv.DictReader(fichier) if (x["financement"], int(x["annee"])) == (produit, annee)]
    if not lus:
        return None
    montants = {x["categorie"]: int(x["plafond_eur"]) for x in lus}
    statut = next((s for s in (ESTIME, REGLE) if any(x["statut"] == s for x in lus)), OFFICIEL)
    return Plafonds(tuple(montants[str(k)] for k in range(1, 7)), montants[_SUPPLEMENT], statut)
