"""What the application answers set against what the oracle does, column by column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files
from mel_core.indicateurs import compute
from mel_core.socle.periodes import Periode, Seance
from tests.oracle.ecriture import ecrire_csv
from tests.oracle.qualification import Ligne, Tables

EXACTES = frozenset(
    {"n", "n_connus", "n_inconnus", "numerateur", "ecart_attributions", "verdict", "motif", "colonnes_absentes"}
    | {"sens", "n_trop", "n_manque", "ecart_trop", "ecart_manque"}
)


class Depot:
    """A store where one jeu de données is published, asked the way the screens and the command line ask."""

    def __init__(self, entrepot: Entrepot) -> None:
        self.entrepot = entrepot

    @classmethod
    def de(cls, tables: Tables, dossier: Path, parametres: Path | None = None) -> Depot:
        return cls.publish(ecrire_csv(tables, dossier / "jeu"), dossier / "depot", parametres)

    @classmethod
    def publish(cls, chemin: Path, dossier: Path, parametres: Path | None = None) -> Depot:
        entrepot = Entrepot(dossier)
        importation = import_files(chemin, entrepot, nature="fictive", parametres=parametres, accepter=list(TABLES))
        assert importation.instantane is not None, importation.rapport.anomalies
        return cls(entrepot)

    def tableau(
        self,
        nom: str,
        seance: str,
        periode: str = "semestre",
        par: tuple[str, ...] = (),
        filtres: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        with self.entrepot.open(Portee.mel(), seance=Seance.read(seance)) as lecteur:
            return compute(lecteur, nom, Periode.de(seance, periode), par=par, **(filtres or {}))

    def lignes(self, *question: Any, **precisions: Any) -> list[Ligne]:
        return en_lignes(self.tableau(*question, **precisions))


def en_lignes(tableau: pd.DataFrame) -> list[Ligne]:
    """Rows of a frame, unknown read as None."""
    valeurs = tableau.astype(object)
    return [
        {str(nom): valeur for nom, valeur in ligne.items()}
        for ligne in valeurs.where(tableau.notna(), None).to_dict("records")
    ]


def _egales(colonne: str, obtenue: Any, attendue: Any) -> bool:
    if obtenue is None or attendue is None or isinstance(attendue, str) or colonne in EXACTES:
        return bool(obtenue == attendue)
    # The absolute part is for differences near zero (an écart of points, the low end of an interval).
    return math.isclose(obtenue, attendue, rel_tol=1e-12, abs_tol=1e-13)


def _lisible(valeur: Any) -> Any:
    return float(valeur) if isinstance(valeur, Fraction) else valeur


def compare(obtenues: Iterable[Ligne], attendues: Iterable[Ligne], par: tuple[str, ...], question: object) -> None:
    """Fail with the first differences, in words, when an answer to `question` is not the oracle's."""
    trouvees = differences(obtenues, attendues, par)
    if trouvees:
        raise AssertionError("\n".join([f"{question}: {len(trouvees)} differences", *trouvees[:8]]))


def differences(obtenues: Iterable[Ligne], attendues: Iterable[Ligne], par: tuple[str, ...]) -> list[str]:
    """Every cell missing or in excess, every column that differs, in words; empty when all agree."""
    cle = (*par, "classe", "reservataire")

    def par_cellule(lignes: Iterable[Ligne]) -> dict[tuple[Any, ...], Ligne]:
        rangees: dict[tuple[Any, ...], Ligne] = {}
        for ligne in lignes:
            cellule = tuple(ligne.get(nom) for nom in cle)
            assert cellule not in rangees, f"{cellule} comes twice"
            rangees[cellule] = ligne
        return rangees

    nous, oracle = par_cellule(obtenues), par_cellule(attendues)
    trouvees = [f"{c}: in excess" for c in nous.keys() - oracle.keys()]
    trouvees += [f"{c}: missing" for c in oracle.keys() - nous.keys()]
    for cellule in nous.keys() & oracle.keys():
        obtenue, attendue = nous[cellule], oracle[cellule]
        if obtenue.keys() != attendue.keys():
            trouvees.append(f"{cellule}: columns {sorted(obtenue.keys() ^ attendue.keys())} on one side only")
        trouvees += [
            f"{cellule}: {nom} is {obtenue[nom]!r}, the oracle says {_lisible(attendue[nom])!r}"
            for nom in attendue
            if nom in obtenue and not _egales(nom, obtenue[nom], attendue[nom])
        ]
    return trouvees
