"""The lines of a document: the cells of an indicator, exact, then as its readers read them; what its screen says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from mel_core.dossier.noms import Noms
from mel_core.dossier.plan_dossier import PointDuPlan
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import (
    INDICATEURS,
    compute,
    entonnoir,
    objectifs_des_cellules,
    phrases_constats,
    phrases_mesures,
)
from mel_core.indicateurs.calcul_indicateurs import CLASSES
from mel_core.indicateurs.couverture import Couverture, couverture
from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Sens
from mel_core.indicateurs.manques import Declaration, declarations, manques, manques_de_coupe, seuils_manquants
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.langue import Peu
from mel_core.socle.periodes import Periode

MOIS_JUGES = 12
# What a sentence names beside the whole: by indicator, and of the mutations.
_APPUIS = {
    "equilibre": (("fragilite",),),
    "aci": (("commune",), ("bailleur",)),
    "mutation": (("mutation",), ("mutation", "fragilite")),
}


def est_su(valeur: object) -> bool:
    """A count that is not said is known."""
    return isinstance(valeur, Peu) or bool(pd.notna(valeur))


@dataclass(frozen=True)
class Tableau:
    """The answer to one point, exact, or as it is read (`pour`). `total`: the one row of the whole scope.

    `lignes`: one row per place (× `classe` for a distribution), in the order to show them: `nom`, `rang` (of a class
    that has an order) and `rang_de_classe`, then the columns of the contract, codes included. `est_connu`: whether it
    is computed at all. `declarees`: labels declared at the import. `textes`: the sources of the objectives in force for
    the whole. `appuis`: the cells of the other cuts that its sentence names (see `_APPUIS`), and `manques`, of the ACI,
    what the places of each lack together. `metropole`: the one row of the whole Métropole. `couverture`: how much of
    what it reads is known, and, once it is read, what is said of it.
    """

    point: PointDuPlan
    total: pd.DataFrame
    lignes: pd.DataFrame
    est_connu: bool
    declarees: tuple[Declaration, ...] = ()
    textes: tuple[str, ...] = ()
    appuis: Mapping[tuple[str, ...], pd.DataFrame] = field(default_factory=dict)
    manques: Mapping[str, float] = field(default_factory=dict)
    metropole: pd.DataFrame | None = None
    couverture: Couverture | None = None
    couverture_dite: str = ""

    @property
    def reference(self) -> str:
        """What the figure is held to: the text of its objective, else that of the indicator."""
        return " ; ".join(self.textes) or INDICATEURS[self.point.indicateur].article

    @property
    def ensemble(self) -> pd.Series:
        return self.total.iloc[0]

    @property
    def ailleurs(self) -> pd.Series | None:
        return None if self.metropole is None else self.metropole.iloc[0]

    def pour(self) -> Tableau:
        """The same as it is read, with `cote` (see `lues`): what is not said has no order. `position`: of each
        line between the limits around the whole (see `entonnoir`), on the exact counts: rounded ones cross them."""
        dites = lues(self.lignes, self.point.par)
        if "part" in self.lignes:
            part, connus = self.lignes["part"].astype(float), self.lignes["n_connus"].astype(float)
            dites = dites.assign(position=entonnoir.position(part, connus, float(self.ensemble["part"])))
        return replace(
            self,
            total=lues(self.total),
            lignes=_arrange(dites),
            appuis={par: lues(cellules, par) for par, cellules in self.appuis.items()},
            manques={c: reader().manque(self.appuis[c,]) for c in ("commune", "bailleur") if (c,) in self.appuis},
            metropole=None if self.metropole is None else lues(self.metropole),
            couverture_dite=self.couverture.say().replace("*", "") if self.couverture else "",
        )


def read(lecteur: Lecteur, noms: Noms, point: PointDuPlan, periode: Periode, ici: str) -> Tableau:
    """`point` over `periode` in `ici`, exact."""
    nom = point.indicateur
    de_synthese = "equilibre" if nom == "ressources" else nom
    total = compute(lecteur, de_synthese, periode, ici=ici)
    cellules = compute(lecteur, nom, periode, par=point.par, ici=ici)
    couverte = couverture(lecteur, nom, periode, ici, point.par)
    if couverte and point.coupe in ("commune", "bailleur", "quartier"):
        cellules = couverte.set_apart(cellules, point.coupe)
    cellules = with_bande(lecteur, nom, periode, cellules)
    appuis = _APPUIS.get("mutation" if "mutation" in point.par else nom, ())
    manquants = (*manques(lecteur, nom), *(m for c in point.par for m in manques_de_coupe(lecteur, c)))
    est_calcule = not manquants and not seuils_manquants(lecteur, nom, periode)
    return Tableau(
        point,
        total,
        lignes(cellules, noms, point.par),
        est_calcule and bool(total["n_connus"].iloc[0] > 0),
        declarations(lecteur, nom),
        tuple(dict.fromkeys(o.source for o in objectifs_des_cellules.find_all(lecteur, nom, periode) if not o.lieu)),
        {
            par: with_bande(lecteur, nom, periode, compute(lecteur, de_synthese, periode, par=par, ici=ici))
            for par in appuis
        },
        metropole=compute(lecteur, de_synthese, periode),
        couverture=couverte,
    )


def with_bande(lecteur: Lecteur, nom: str, periode: Periode, cellules: pd.DataFrame) -> pd.DataFrame:
    """The same cells; `equilibre` by type of quartiers, with `bande`: how far from its objective one that is held to a
    band may be, empty for the others."""
    if nom != "equilibre" or "fragilite" not in cellules:
        return cellules
    bandes = {o.dit: float(o.bande) for o in objectifs_des_cellules.find_all(lecteur, nom, periode)}
    est_a_bande = cellules["fragilite"].map(SENS_PAR_FRAGILITE) == Sens.BANDE
    return cellules.assign(bande=cellules["cible_de"].map(bandes).where(est_a_bande))


def lues(cellules: pd.DataFrame, par: tuple[str, ...] = ()) -> pd.DataFrame:
    """`Audience.cellules`; a year that the data do not cover whole is on no side of an objective."""
    dites = reader().cellules(cellules, par)
    mois = cellules["mois_couverts"].min()
    return dites.assign(cote=None) if pd.notna(mois) and mois < MOIS_JUGES else dites


def lignes(cellules: pd.DataFrame, noms: Noms, par: tuple[str, ...]) -> pd.DataFrame:
    """Cells of `compute` cut by `par` → the lines of `Tableau`."""
    cellules = cellules.astype(dict.fromkeys(par, str))  # without any row, the type of a key is nobody's choice
    codes = list(cellules[list(par)].itertuples(index=False, name=None))
    return _arrange(
        cellules.assign(
            nom=[noms.name(c, par) for c in codes],
            rang=[noms.rang(c, par) for c in codes],
            rang_de_classe=[CLASSES.index(c) for c in cellules["classe"]] if "classe" in cellules else 0,
        )
    )


def _arrange(lignes: pd.DataFrame) -> pd.DataFrame:
    """Order of the lines: that of the classes where there is one, else the volume, then the name; never the result."""
    volumes = [-1 if pd.isna(n) else int(n) for n in lignes["n"]]
    cles = list(zip(lignes["rang"], (-n for n in volumes), lignes["nom"], lignes["rang_de_classe"], strict=True))
    return lignes.iloc[sorted(range(len(lignes)), key=cles.__getitem__)].reset_index(drop=True)


def phrase(tableau: Tableau, ou: str) -> str:
    """What the screen says of the indicator, then how much of it is known. `ou`: `l’ICI 2`."""
    dite = langue.typeset(_constat(tableau, ou).replace("*", ""))
    return f"{dite} {tableau.couverture_dite}".rstrip()


def _constat(tableau: Tableau, ou: str) -> str:
    nom, ligne, appuis = tableau.point.indicateur, tableau.ensemble, list(tableau.appuis.values())
    if nom == "equilibre" and any(_en_compte(n) for n in _connues(appuis[0])):
        dite = phrases_constats.constat_equilibre(ou, appuis[0], float(appuis[0]["bande"].max()))
        detail = phrases_constats.quartier_par_quartier(ligne) if tableau.point.coupe == "quartier" else ""
        return f"{dite} {detail}".rstrip()
    if nom == "aci" and tableau.point.coupe != "fragilite_commune":
        return phrases_constats.constat_aci(ou, ligne, tableau.manques)
    if "mutation" in tableau.point.par:
        siennes = appuis[0][appuis[0]["mutation"] == "mutation"]
        if siennes["part"].notna().any():
            return phrases_mesures.mutations(ou, appuis[0], appuis[1][appuis[1]["fragilite"] == "fragile"])
        if any(_en_compte(n) for n in siennes["n_connus"]):
            return phrases_mesures.rien_de_connu("Mutations et revenus", ou, siennes.iloc[0])
    if nom == "npru":
        return phrases_mesures.npru(ou, ligne, tableau.ailleurs)
    if pd.isna(ligne["mediane_mois" if nom == "delais" else "part"]):
        return phrases_mesures.rien_de_connu(INDICATEURS[nom].titre, ou, ligne)
    if nom in ("ressources", "equilibre"):
        return phrases_mesures.ressources(ou, ligne)
    if nom == "aci":
        return phrases_mesures.aci_lieux(ou, ligne, tableau.lignes)
    if nom == "entrants_occupants":
        return phrases_mesures.entrants(ou, ligne)
    if nom == "delais":
        return phrases_mesures.delais(ou, ligne)
    return phrases_mesures.part_dite(nom, ou, ligne, tableau.ailleurs)


def _connues(classes: pd.DataFrame) -> pd.Series:
    """How many are known in each class of quartiers: without a class, the screen says what to import, which is for who
    prepares."""
    return classes.loc[classes["fragilite"] != "inconnu", "n_connus"]


def _en_compte(n: float) -> bool:
    return isinstance(n, Peu) or n > 0


def effectif_dit(tableau: Tableau) -> str:
    """`n = 3 510 attributions, 3 080 connues`: what the sentence counts."""
    ligne = tableau.ensemble
    comptes = (
        f"n = {langue.effectif(ligne['n'], 'attribution')}, dont "
        f"{langue.effectif(ligne['n_connus'], 'connue')} et {langue.effectif(ligne['n_inconnus'], 'inconnue')}"
    )
    return " ; ".join((comptes, *(d.phrase().rstrip(".") for d in tableau.declarees)))
