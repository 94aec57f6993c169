"""What the workbook of a commune or of a bailleur shows: its own lines, then its cells of commune × bailleur.

A line that was put with others on the deck stays with them here, and a cell hidden in one workbook is hidden in the
other: two documents of a same dossier never give back a small number by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.diffusion import Diffusion
from mel_core.dossier.lignes import Tableau
from mel_core.dossier.noms import Noms
from mel_core.dossier.plan import Point
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import calculer
from mel_core.periodes import Periode

_CROISES = {
    "equilibre": "Équilibre 50/50",
    "aci": "ACI en premier accès",
    "mutations_bloquees": "Mutations complexes ou bloquées",
    "npru": "Relogements NPRU",
    "droit_commun": "Droit commun",
}
# No table of the deck gives these by commune or bailleur: they are shown where a line on the same attributions is.
_MEME_POPULATION = {"equilibre": "bas_revenus", "entrants_occupants": "bas_revenus"}
_GARDEES = ("ligne", "nom", "est_regroupee", "est_masquee", "n_cellules", "commune", "bailleur")
Feuille = tuple[Tableau, pd.DataFrame]


def croises(
    lecteur: Lecteur, diffusion: Diffusion, periode: Periode, ici: str, tableaux: Sequence[Tableau]
) -> list[Tableau]:
    """Commune × bailleur for the local objectives: one row per cell, small ones emptied (`est_masquee`)."""
    connus = {t.point.indicateur: t for t in tableaux if t.point.par in (("commune",), ("fragilite",))}
    trouves = []
    for nom, titre in _CROISES.items():
        cellules = calculer(lecteur, nom, periode, par=("commune", "bailleur"), ici=ici)
        cellules = cellules.assign(
            ligne="", nom="", est_regroupee=False, est_masquee=diffusion.est_masquee(nom, cellules), n_cellules=1
        )
        for colonne in [c for c in cellules.columns if c not in _GARDEES]:
            cellules[colonne] = cellules[colonne].mask(cellules["est_masquee"])
        modele = connus[nom]
        point = Point(f"{titre} par commune et bailleur", nom, ("commune", "bailleur"), modele.point.image)
        trouves.append(Tableau(point, modele.ensemble, cellules, modele.besoins, modele.seuils))
    return trouves


def de_la_commune(tableaux: Sequence[Tableau], croisements: Sequence[Tableau], noms: Noms, code: str) -> list[Feuille]:
    """Its line, its quartiers and résidences, then its bailleurs; the last two only where it is shown alone."""
    nom = noms.noms["commune"].get(code, code)
    feuilles = _seule(tableaux, "commune", code)
    visibles = {t.point.indicateur for t, _ in feuilles}
    for t in tableaux:
        if (
            t.point.coupe in ("quartier", "residence")
            and _MEME_POPULATION.get(t.point.indicateur, t.point.indicateur) in visibles
        ):
            parents = noms.parents[t.point.coupe]
            ici = [nom in (parents.get(x), x if r else None) for x, r in _cles(t.lignes)]
            feuilles.append((t, t.lignes[ici]))
    return [*feuilles, *_cellules(croisements, "commune", "bailleur", code, noms, visibles)]


def du_bailleur(tableaux: Sequence[Tableau], croisements: Sequence[Tableau], noms: Noms, code: str) -> list[Feuille]:
    """Its line, then its communes where it is shown alone."""
    feuilles = _seule(tableaux, "bailleur", code)
    visibles = {t.point.indicateur for t, _ in feuilles}
    return [*feuilles, *_cellules(croisements, "bailleur", "commune", code, noms, visibles)]


def _cles(lignes: pd.DataFrame) -> list[tuple[str, bool]]:
    return list(zip(lignes["ligne"], lignes["est_regroupee"], strict=True))


def _seule(tableaux: Sequence[Tableau], coupe: str, code: str) -> list[Feuille]:
    trouvees = [
        (t, t.lignes[~t.lignes["est_regroupee"] & (t.lignes["ligne"] == code)])
        for t in tableaux
        if t.point.par == (coupe,)
    ]
    return [(t, lignes) for t, lignes in trouvees if len(lignes)]


def _cellules(
    croisements: Sequence[Tableau], coupe: str, autre: str, code: str, noms: Noms, visibles: set[str]
) -> list[Feuille]:
    feuilles = []
    for t in croisements:
        siennes = t.lignes[t.lignes[coupe] == code]
        if len(siennes) and _MEME_POPULATION.get(t.point.indicateur, t.point.indicateur) in visibles:
            dites = siennes[autre].map(lambda c: noms.nommer(c, False, (autre,)))
            point = Point(t.point.titre, t.point.indicateur, (coupe, autre), t.point.image)
            feuilles.append(
                (
                    Tableau(point, t.ensemble, t.lignes, t.besoins, t.seuils),
                    siennes.assign(ligne=siennes[autre], nom=dites),
                )
            )
    return feuilles
