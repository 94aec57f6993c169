"""What a dossier de séance must answer, each line of the agenda « Temps bilan et analyse » in its order; and the lines
of its documents: the cells of an indicator, exact, then as its readers read them; what its screen says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs import INDICATEURS, compute, constats, mesures, phrases_constats, phrases_vues
from mel_core.indicateurs.calcul_indicateurs import CLASSES
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.comptage import objectifs_en_vigueur
from mel_core.indicateurs.constats import Constat, lues
from mel_core.indicateurs.couverture import Couverture, couverture
from mel_core.indicateurs.definitions import COUPES_DITES, MATRICE, SENS_PAR_FRAGILITE, ImageBilan, MesureBilan, Sens
from mel_core.indicateurs.definitions import par as cuts_of
from mel_core.indicateurs.manques import Declaration, declarations, manques, manques_de_coupe, seuils_manquants
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.valeurs import Compte, say_arrondi


@dataclass(frozen=True)
class PointDuPlan:
    """One line of the agenda: a measure of the bilan, its cells cut by `par`."""

    mesure: MesureBilan
    par: tuple[str, ...]

    @property
    def coupe(self) -> str:
        return self.par[-1]

    @property
    def indicateur(self) -> str:
        return self.mesure.indicateur

    @property
    def image(self) -> ImageBilan:
        """Réservataires are drawn by the share of the ACI: the sentence says their volume."""
        return ImageBilan.PARTS if self.mesure.image is ImageBilan.VOLUMES else self.mesure.image

    @property
    def repere(self) -> str:
        """What a side is told of, as the end of `au-dessus …`."""
        return "des occupants" if self.image is ImageBilan.PAIRES else "de l’objectif"

    @property
    def est_par_lieu(self) -> bool:
        return self.coupe in ("commune", "quartier", "residence", "bailleur")

    @property
    def titre(self) -> str:
        croise = _CROISES.get(self.par, "par commune et bailleur")
        return f"{self.mesure.nommee or self.mesure.titre} {croise if len(self.par) > 1 else _par(self.coupe)}"

    @property
    def onglet(self) -> str:
        """`ACI par commune`: the name of its sheet in a workbook, which has 31 signs at most and none of []:*?/\\."""
        nom = self.mesure.onglet or self.mesure.nommee or self.mesure.titre
        if self.par in _CROISES:
            return nom
        par = _PAR_EN_COURT.get(self.coupe) or _par(self.coupe)
        place = _SIGNES_D_ONGLET - len(par) - 1
        return f"{nom if len(nom) <= place else f'{nom[: place - 1]}…'} {par}"


_SIGNES_D_ONGLET = 31
_CROISES = {cuts_of("mutation_fragilite"): "selon les ressources et la fragilité des quartiers"}
_PAR_EN_COURT = {"fragilite": "par fragilité", "fragilite_commune": "par fragilité des communes"}


def _par(coupe: str) -> str:
    """`par commune`, `selon la fragilité des quartiers`."""
    dite = COUPES_DITES[coupe][0].lower()
    return f"{'selon la' if coupe in _PAR_EN_COURT else 'par'} {dite}"


_LIGNES = sorted({rang for m in MESURES.values() for rang in m.agenda})
_TOUS = [PointDuPlan(m, cuts_of(c)) for rang in _LIGNES for m in MESURES.values() for c in m.agenda.get(rang, ())]
# Commune × bailleur is for the workbooks of each alone.
POINTS = tuple(p for p in _TOUS if p.par != cuts_of(MATRICE))
CROISES = tuple(p for p in _TOUS if p.par == cuts_of(MATRICE))


def est_su(valeur: object) -> bool:
    """A count that is not said is known."""
    return valeur.est_connu if isinstance(valeur, Compte) else bool(pd.notna(valeur))


@dataclass(frozen=True)
class Tableau:
    """The answer to one point, exact, or as it is read (`pour`). `total`: the one row of the whole scope.

    `lignes`: one row per place (× `classe` for a distribution), in the order to show them: `nom`, `rang` (of a class
    that has an order) and `rang_de_classe`, then the columns of the contract, codes included. `est_connu`: whether it
    is computed at all. `declarees`: labels declared at the import. `textes`: the sources of the objectives in force for
    the whole. `constat`: what its sentence is said of. `couverture`: how much of what it reads is known. `phrase`: what
    the screen says of it, then how much of it is known, once it is read.
    """

    point: PointDuPlan
    total: pd.DataFrame
    lignes: pd.DataFrame
    est_connu: bool
    declarees: tuple[Declaration, ...] = ()
    textes: tuple[str, ...] = ()
    constat: Constat | None = None
    couverture: Couverture | None = None
    phrase: str = ""

    @property
    def reference(self) -> str:
        """What the figure is held to: the text of its objective, else that of the indicator."""
        return " ; ".join(self.textes) or INDICATEURS[self.point.indicateur].article

    @property
    def ensemble(self) -> pd.Series:
        return self.total.iloc[0]

    def pour(self) -> Tableau:
        """The same as it is read, with `cote` (see `lues`): what is not said has no order. `position`: of each
        line between the limits around the whole (see `mesures.position`), on the exact counts: rounded ones cross
        them."""
        dites = lues(self.lignes, self.point.par)
        if "part" in self.lignes:
            part, connus = self.lignes["part"].astype(float), self.lignes["n_connus"].astype(float)
            dites = dites.assign(position=mesures.position(part, connus, float(self.ensemble["part"])))
        couverte = self.couverture.say() if self.couverture else ""
        phrase = f"{langue.typeset(self.constat.say())} {couverte}".rstrip() if self.constat else ""
        return replace(self, total=lues(self.total), lignes=_arrange(dites), phrase=phrase.replace("*", ""))

    @property
    def parlantes(self) -> pd.DataFrame:
        """The lines of which more is said than how many attributions they had."""
        return self.lignes[[_says_more(x) for _, x in self.lignes.iterrows()]]

    def abrege(self) -> Tableau:
        """The same without the quartiers of which no more is said, which are counted: they would fill nine pages."""
        if self.point.coupe != "quartier":
            return self
        dites = self.parlantes
        suite = phrases_vues.non_listes(len(self.lignes) - len(dites), "quartier")
        return replace(self, lignes=dites.reset_index(drop=True), phrase=f"{self.phrase} {suite}".rstrip())


def _says_more(ligne: pd.Series) -> bool:
    numerateur = ligne.get("numerateur")
    est_compte = isinstance(numerateur, Compte) and numerateur.est_dit
    return est_compte or ligne.get("cote") in phrases_constats.COTES or pd.notna(ligne.get("mediane_mois"))


def read(lecteur: Lecteur, noms: Noms, point: PointDuPlan, periode: Periode, ici: str) -> Tableau:
    """`point` over `periode` in `ici`, exact."""
    nom, de_synthese = point.indicateur, point.mesure.indicateur_de_synthese
    total = ask(lecteur, de_synthese, periode, ici=ici)
    cellules = ask(lecteur, nom, periode, point.par, ici)
    couverte = couverture(lecteur, nom, periode, ici, point.par)
    if couverte and point.coupe in ("commune", "bailleur", "quartier"):
        cellules = couverte.set_apart(cellules, point.coupe)
    cellules = with_bande(lecteur, nom, periode, cellules)
    manquants = (*manques(lecteur, nom), *(m for c in point.par for m in manques_de_coupe(lecteur, c)))
    objectifs = objectifs_en_vigueur(lecteur, nom, periode)
    constat = ask_constat(lecteur, point.mesure.code, point.coupe, periode, ici)
    est_calcule = not manquants and not seuils_manquants(lecteur, nom, periode)
    return Tableau(
        point,
        total,
        lignes(cellules, noms, point.par),
        est_calcule and constat.est_connu and bool(total["n_connus"].iloc[0] > 0),
        declarations(lecteur, nom),
        tuple(dict.fromkeys(o.source for o in objectifs if not o.lieu)),
        constat,
        couverte,
    )


_COMPTEES: WeakKeyDictionary[Lecteur, dict[tuple[object, ...], pd.DataFrame]] = WeakKeyDictionary()


def ask(
    lecteur: Lecteur, nom: str, periode: Periode, par: tuple[str, ...] = (), ici: str | None = None
) -> pd.DataFrame:
    """`compute`, asked once of these rows, which never change: lines of the agenda, their sentences and the messages of
    the day lean on the same cells. To be read, never written."""
    comptees = _COMPTEES.setdefault(lecteur, {})
    cle = nom, periode, par, ici
    if cle not in comptees:
        comptees[cle] = compute(lecteur, nom, periode, par=par, ici=ici)
    return comptees[cle]


def ask_constat(lecteur: Lecteur, mesure: str, coupe: str, periode: Periode, ici: str) -> Constat:
    """What the sentence of a line is said of: see `constats`."""

    def answer_cellules(indicateur: str, par: tuple[str, ...], ici: str | None) -> pd.DataFrame:
        return ask(lecteur, indicateur, periode, par, ici)

    objectifs = objectifs_en_vigueur(lecteur, MESURES[mesure].indicateur, periode)
    return constats.gather(mesure, coupe, langue.ici(ici), ici, answer_cellules, objectifs)


def ask_dites(lecteur: Lecteur, nom: str, par: tuple[str, ...], periode: Periode, ici: str) -> pd.DataFrame:
    """The cells of an indicator over `periode`, cut by `par`, as they are read."""
    return lues(ask(lecteur, nom, periode, par, ici), par)


def with_bande(lecteur: Lecteur, nom: str, periode: Periode, cellules: pd.DataFrame) -> pd.DataFrame:
    """The same cells; `equilibre` by type of quartiers, with `bande`: how far from its objective one that is held to a
    band may be, empty for the others."""
    if nom != "equilibre" or "fragilite" not in cellules:
        return cellules
    bandes = {o.dit: float(o.bande) for o in objectifs_en_vigueur(lecteur, nom, periode)}
    est_a_bande = cellules["fragilite"].map(SENS_PAR_FRAGILITE) == Sens.BANDE
    return cellules.assign(bande=cellules["cible_de"].map(bandes).where(est_a_bande))


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
    volumes = [-1 if math.isnan(lu := float(n)) else int(lu) for n in lignes["n"]]
    cles = list(zip(lignes["rang"], (-n for n in volumes), lignes["nom"], lignes["rang_de_classe"], strict=True))
    return lignes.iloc[sorted(range(len(lignes)), key=cles.__getitem__)].reset_index(drop=True)


def effectif_dit(tableau: Tableau) -> str:
    """`n = 3 510 attributions, dont 3 080 connues et 430 inconnues`: what the sentence counts. Beside a few that are
    not said, the others would be rounded to the whole: they go without saying."""
    ligne = tableau.ensemble
    lus: list[tuple[Compte, str]] = [(ligne["n_connus"], "connue"), (ligne["n_inconnus"], "inconnue")]
    dits = [langue.effectif(n, quoi) for n, quoi in [x for x in lus if x[0].est_tu] or lus]
    arrondi = say_arrondi(ligne["n"], [n for n, _ in lus])
    comptes = f"n = {langue.effectif(ligne['n'], 'attribution')}, dont {langue.liste(dits)}{arrondi}"
    return " ; ".join((comptes, *(d.phrase().rstrip(".") for d in tableau.declarees)))
