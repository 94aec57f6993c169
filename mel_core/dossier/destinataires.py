"""What the workbook of a commune or of a bailleur shows: its own lines, exact, then its cells of commune × bailleur.

What is said of the whole ICI above them is what a room reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mel_core.dossier.lignes_dossier import Tableau, lignes
from mel_core.dossier.noms import Noms
from mel_core.dossier.plan_dossier import PointDuPlan
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import compute
from mel_core.socle.periodes import Periode

_CROISES = {
    "equilibre": "Équilibre 50/50",
    "aci": "ACI en premier accès",
    "mutations_bloquees": "Mutations complexes ou bloquées",
    "npru": "Relogements NPRU",
    "droit_commun": "Droit commun",
}
Paire = tuple[Tableau, Tableau]  # exact, then as a room reads it
Feuille = tuple[Tableau, pd.DataFrame]  # what is said of the whole ICI, then the lines shown


def croises(lecteur: Lecteur, noms: Noms, periode: Periode, ici: str, paires: Sequence[Paire]) -> list[Paire]:
    """Commune × bailleur for the local objectives, one row per cell."""
    connus = {t.point.indicateur: (t, dit) for t, dit in paires if t.point.par in (("commune",), ("fragilite",))}
    trouves = []
    for nom, titre in _CROISES.items():
        par = ("commune", "bailleur")
        point = PointDuPlan(f"{titre} par commune et bailleur", nom, par, connus[nom][0].point.image)
        cellules = lignes(compute(lecteur, nom, periode, par=par, ici=ici), noms, par)
        exact, dit = (replace(t, point=point) for t in connus[nom])
        # What is said above the lines of one of them is of the whole: those of another cut would be counted as these.
        trouves.append((replace(exact, lignes=cellules), replace(dit, lignes=dit.lignes[:0])))
    return trouves


def de_la_commune(paires: Sequence[Paire], croisements: Sequence[Paire], noms: Noms, code: str) -> list[Feuille]:
    """Its line, its quartiers and résidences, then its bailleurs."""
    feuilles = _siennes(paires, "commune", code)
    for t, dit in paires:
        if t.point.coupe in noms.communes:
            feuilles.append((dit, t.lignes[t.lignes[t.point.coupe].map(noms.communes[t.point.coupe]) == code]))
    return [f for f in (*feuilles, *_cellules(croisements, "commune", "bailleur", code, noms)) if len(f[1])]


def du_bailleur(paires: Sequence[Paire], croisements: Sequence[Paire], noms: Noms, code: str) -> list[Feuille]:
    """Its line, then its communes."""
    feuilles = [*_siennes(paires, "bailleur", code), *_cellules(croisements, "bailleur", "commune", code, noms)]
    return [f for f in feuilles if len(f[1])]


def _siennes(paires: Sequence[Paire], coupe: str, code: str) -> list[Feuille]:
    return [(dit, t.lignes[t.lignes[coupe] == code]) for t, dit in paires if t.point.par == (coupe,)]


def _cellules(croisements: Sequence[Paire], coupe: str, autre: str, code: str, noms: Noms) -> list[Feuille]:
    feuilles = []
    for t, dit in croisements:
        siennes = t.lignes[t.lignes[coupe] == code]
        noms_des_autres = [noms.name((c,), (autre,)) for c in siennes[autre]]
        feuilles.append((replace(dit, point=replace(t.point, par=(coupe, autre))), siennes.assign(nom=noms_des_autres)))
    return feuilles
