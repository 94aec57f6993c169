"""The lines of a document: the cells of an indicator, small ones rolled up as on the screens (documents travel)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mel_core.diffusion import PROTEGEES, Diffusion
from mel_core.dossier.noms import SEPARATEUR, Noms
from mel_core.dossier.plan import Point
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import calculer
from mel_core.indicateurs.calcul import CLASSES
from mel_core.indicateurs.manques import (
    Declaration,
    Manque,
    declarations,
    manques,
    manques_de_coupe,
    seuils_manquants,
)
from mel_core.periodes import Periode
from mel_core.secret.publication import fondre
from mel_core.secret.regroupement import regrouper


@dataclass(frozen=True)
class Tableau:
    """The answer to one point. `ensemble`: the row of the whole scope, which sums it up.

    `lignes`: one row per line that may be shown (× `classe` for a distribution), in the order to show them: `ligne`,
    `nom`, `est_regroupee`, `est_masquee`, `n_cellules`, then the columns of the contract. `besoins`: what no file had;
    `seuils`: years without a first-quartile threshold. `declarees`: labels declared at the import.
    """

    point: Point
    ensemble: pd.Series
    lignes: pd.DataFrame
    besoins: tuple[Manque, ...]
    seuils: tuple[int, ...]
    declarees: tuple[Declaration, ...] = ()

    @property
    def est_connu(self) -> bool:
        return not self.besoins and not self.seuils and self.ensemble["n_connus"] > 0

    @property
    def visibles(self) -> pd.DataFrame:
        return self.lignes[~self.lignes["est_masquee"]]


def lire(lecteur: Lecteur, noms: Noms, diffusion: Diffusion, point: Point, periode: Periode, ici: str) -> Tableau:
    """`point` over `periode` in `ici`."""
    nom = point.indicateur
    synthese = "equilibre" if nom == "ressources" else nom
    est_protegee = len(point.par) == 1 and point.coupe in PROTEGEES
    groupes = diffusion.groupes(nom, point.coupe, ici) if est_protegee else None
    return Tableau(
        point,
        calculer(lecteur, synthese, periode, ici=ici).iloc[0],
        lignes(calculer(lecteur, nom, periode, par=point.par, ici=ici), noms, point.par, groupes),
        (*manques(lecteur, nom), *(m for c in point.par for m in manques_de_coupe(lecteur, c))),
        seuils_manquants(lecteur, nom, periode),
        declarations(lecteur, nom),
    )


def lignes(
    cellules: pd.DataFrame, noms: Noms, par: tuple[str, ...], groupes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Cells of `calculer` cut by `par` → the lines of `Tableau`. `groupes`: decided elsewhere, see `regrouper`."""
    cle = par[-1]
    if len(par) > 1:
        codes = [SEPARATEUR.join(x) for x in cellules[list(par)].itertuples(index=False, name=None)]
        cellules = cellules.drop(columns=list(par)).assign(**{cle: codes})
    cellules = cellules.astype({cle: str})  # without any row, the type of a key is nobody's choice
    sans_part = bool(cellules["numerateur"].isna().all()) if len(cellules) else False
    if sans_part:
        cellules = cellules.assign(numerateur=0)
    if groupes is None:
        a_regrouper = cellules.drop_duplicates(cle)[[cle, "n"]]
        a_regrouper = a_regrouper.assign(parent=[noms.parents.get(cle, {}).get(c, "") for c in a_regrouper[cle]])
        groupes = regrouper(a_regrouper, cle, "parent")
    if "classe" in cellules:
        morceaux = [fondre(g, groupes, cle).assign(classe=c) for c, g in cellules.groupby("classe", sort=False)]
        fondues = pd.concat(morceaux, ignore_index=True) if morceaux else fondre(cellules, groupes, cle)
    else:
        fondues = fondre(cellules, groupes, cle)
    if sans_part:
        fondues = fondues.assign(numerateur=pd.NA, part=float("nan"))
    dites = [noms.nommer(x, r, par) for x, r in zip(fondues["ligne"], fondues["est_regroupee"], strict=True)]
    return _ranger(fondues.assign(nom=dites), noms, par)


def _ranger(fondues: pd.DataFrame, noms: Noms, par: tuple[str, ...]) -> pd.DataFrame:
    """Order of the lines: that of the classes where there is one, else the volume; never the result."""

    def place(ligne: pd.Series) -> tuple[object, ...]:
        rang = () if ligne["est_regroupee"] else noms.rang(ligne["ligne"], par)
        n = 0 if pd.isna(ligne["n"]) else -int(ligne["n"])
        classe = CLASSES.index(ligne["classe"]) if "classe" in ligne else 0
        return bool(ligne["est_regroupee"]), rang or (n,), ligne["ligne"], classe

    ordre = sorted(range(len(fondues)), key=lambda i: place(fondues.iloc[i]))
    return fondues.iloc[ordre].reset_index(drop=True)
