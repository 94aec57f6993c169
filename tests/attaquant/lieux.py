"""`python -m tests.attaquant.lieux --donnees D --ici "ICI 2" [--moi commune=59512] [--monde M]`: what the room's
answers, put together, give back.

`tests.attaquant` takes one measure at a time, over commune × bailleur. Here measures that share households are heard
together (the four labels and their remainder, the five classes of ressources), over the class of fragilité, the
quartier and its 36 months, the résidence, the réservataire and the flux; with gaps, sides, directions and verdicts.
The attacker is given more than a room is: which crossings hold nobody in a semester, the gap of which class or quartier
is not nil, and the exact counts of each class of fragilité, which every position of the lever rounds again
(`--sans-levier`: without). `--ecrans`: the cuts and figures of the screens alone, not all that the command line says.

For each count of 1 to 10 that it was not told, how many values stay possible; exit 1 where fewer than three do, or
where fewer than 95 % keep five.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import seances
from mel_core.indicateurs import compute
from mel_core.indicateurs.quartiers import N_MOIS
from mel_core.secret.bail import SALLE
from mel_core.secret.montrer import RegleDiffusion, regle_du, render
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.jugements import Compte, dire_le_cote, juger, manquer
from tests.attaquant.mondes import (
    AU_SEMESTRE,
    COUPES,
    CROISEE,
    D_UNE_FICHE,
    DES_ECRANS,
    DES_FICHES,
    INCONNU,
    MONDES,
    PAR_COLONNES,
    Monde,
    connus,
    population,
    porteurs,
)
from tests.attaquant.programme import PETITS, Ligne, add_options, attaquer, compte, dit, fusionner, part, voisines


@dataclass(frozen=True)
class Cellules:
    """`places`: one row per place; `sortes`: one per kind of household; `n`: place × semester × kind, the truth.

    `rang`: the number of the unknown of each, -1 where the attacker knows that nobody is.
    """

    places: pd.DataFrame
    semestres: list[Seance]
    sortes: pd.DataFrame
    n: np.ndarray
    rang: np.ndarray

    @property
    def vrais(self) -> np.ndarray:
        return self.n[self.rang >= 0]

    def somme(self, places: np.ndarray, semestres: list[int], sortes: np.ndarray) -> Compte:
        """The unknowns of these, and how many households they truly are."""
        ou = np.ix_(np.flatnonzero(places), semestres, np.flatnonzero(sortes))
        rangs = self.rang[ou].ravel()
        return Compte(rangs[rangs >= 0], int(self.n[ou].sum()))


def observer(lecteur: Lecteur, monde: Monde, ici: str, tenues: list[Seance], ecrans: bool) -> Cellules:
    sql = "select columns($colonnes), date_bail from attributions_qualifiees where ici = $ici"
    lignes = lecteur.query(sql, colonnes=[*monde.lieux, *monde.sortes], ici=ici)
    lignes["semestre"] = [Seance.du(j.date()) for j in lignes["date_bail"]]
    lignes = lignes[lignes["semestre"].isin(tenues)].astype(dict.fromkeys(monde.sortes, object))
    dites = [c for c in monde.sortes if c in {c for colonnes in PAR_COLONNES.values() for c in colonnes}]
    lignes[dites] = lignes[dites].fillna(INCONNU)
    dites_de = [*monde.lieux, *monde.sortes, "semestre"]
    possibles = lignes[:0]
    if monde.est_fin:
        traits = [c for c in ("reservataire", *monde.sortes) if c != "mutation"]
        possibles = voisines(lignes[dites_de], ("residence", "semestre", "mutation"), traits)
    places = pd.concat([lignes, possibles])[list(monde.lieux)].drop_duplicates().reset_index(drop=True)
    valeurs = [sorted(lignes[c].dropna().unique(), key=str) for c in monde.sortes]
    sortes = pd.DataFrame(list(product(*valeurs)), columns=list(monde.sortes), dtype=object)
    if not monde.sortes:
        sortes = pd.DataFrame(index=[0])
    assert not lignes[list(monde.sortes)].isna().any().any(), "a label is unknown: tell the kinds apart further"
    n = np.zeros((len(places), len(tenues), len(sortes)), dtype=int)
    est_possible = np.zeros(n.shape, dtype=bool)
    du_lieu = {cle: i for i, cle in enumerate(places.itertuples(index=False, name=None))}
    de_la_sorte = {cle: i for i, cle in enumerate(sortes.itertuples(index=False, name=None))} or {(): 0}
    du_semestre = {s: i for i, s in enumerate(tenues)}
    k = len(monde.lieux)
    for ligne in lignes[dites_de].itertuples(index=False, name=None):
        n[du_lieu[ligne[:k]], du_semestre[ligne[-1]], de_la_sorte[ligne[k:-1]]] += 1
    for ligne in possibles[dites_de].itertuples(index=False, name=None):
        est_possible[du_lieu[ligne[:k]], du_semestre[ligne[-1]], de_la_sorte[ligne[k:-1]]] = True
    # It knows where nobody is, and what a label rests on (no mutation is blocked at a first access).
    tous = n if monde.est_fin else n.sum(axis=2, keepdims=True)
    servies = tous > 0
    if ecrans and len(tenues) > 1:  # a line is shown for 12 months: what is not there is nobody in both semesters
        annees = tous[:, :-1] + tous[:, 1:] > 0
        servies = np.concatenate([annees[:, :1], annees[:, :-1] & annees[:, 1:], annees[:, -1:]], axis=1)
    vues = (servies | est_possible) & (n.sum(axis=(0, 1), keepdims=True) > 0)
    rang = np.full(n.shape, -1)
    rang[vues] = np.arange(vues.sum())
    return Cellules(places, tenues, sortes, n, rang)


class Attaque:
    """What is heard of the cells, and the small counts that are not told."""

    def __init__(
        self,
        lecteur: Lecteur,
        monde: Monde,
        ici: str,
        tenues: list[Seance],
        ecrans: bool,
        levier: bool = True,
        larges: float = np.inf,
    ) -> None:
        self.lecteur, self.monde, self.ici, self.ecrans, self.levier = lecteur, monde, ici, ecrans, levier
        self.cellules = observer(lecteur, monde, ici, tenues, ecrans)
        self.regle = regle_du(aujourd_hui())
        self.est_servie, self.larges = self.cellules.vrais > 0, larges
        self.cibles: dict[tuple[int, ...], str] = {}
        self.bornes: dict[bytes, tuple[float, float]] = {}
        autres = [x for x in self._entendre() if self.est_entendue(list(x.poids))]
        dites = [
            compte(np.frombuffer(rangs, dtype=int).tolist(), bas, haut) for rangs, (bas, haut) in self.bornes.items()
        ]
        self.lignes = fusionner([*dites, *autres])

    def est_entendue(self, rangs: Sequence[int] | np.ndarray) -> bool:
        """Of sums so wide, a count to the nearest five says next to nothing of a small one, and costs the most."""
        return bool(self.est_servie[rangs].sum() <= self.larges)

    def _borner(self, somme: Compte, bas: float, haut: float) -> None:
        """Of the same sum, the tightest."""
        if len(somme.rangs) and self.est_entendue(somme.rangs):
            cle = np.sort(somme.rangs).tobytes()
            avant = self.bornes.get(cle, (0.0, np.inf))
            self.bornes[cle] = max(bas, avant[0]), min(haut, avant[1])

    def _dire(self, somme: Compte, montre: int | None, regle: RegleDiffusion) -> None:
        ligne = dit((), montre, regle)
        self._borner(somme, ligne.bas, ligne.haut)

    def _entendre(self) -> Iterator[Ligne]:
        c = self.cellules
        for j, seance in enumerate(c.semestres):
            for mois in self.monde.mois:
                semestres = list(range(j, j + mois // 6))  # the latest first
                if semestres[-1] >= len(c.semestres):
                    continue
                for nom in dict.fromkeys((*self.monde.indicateurs, *self.monde.n_seuls)):
                    yield from self._indicateur(nom, seance, mois, semestres, est_derniere=j == 0)

    def _indicateur(
        self, nom: str, seance: Seance, mois: int, semestres: list[int], est_derniere: bool
    ) -> Iterator[Ligne]:
        colonnes = {*self.monde.lieux, *({"mutation"} if "mutation" in self.monde.sortes else ())}
        for coupes in COUPES:
            if not set(coupes) <= colonnes or (mois == N_MOIS and coupes != ("quartier",)):
                est_dite = nom in ("equilibre", "aci") and nom not in self.monde.n_seuls
                if mois == N_MOIS and coupes in DES_FICHES and set(coupes) <= colonnes and est_dite:
                    yield from self._cotes_longues(nom, coupes, seance, semestres)
                continue
            if self.ecrans and (",".join(coupes) not in DES_ECRANS[nom] or (mois == 6 and coupes not in AU_SEMESTRE)):
                continue
            if mois == N_MOIS:
                if nom != "equilibre":
                    continue
                coupes = ("quartier", "fragilite")
            exactes = compute(self.lecteur, nom, Periode.de_mois(seance, mois), coupes, ici=self.ici)
            montrees = render(exactes, coupes)
            for exacte, montree in zip(exactes.to_dict("records"), montrees.to_dict("records"), strict=True):
                yield from self._cellule(nom, coupes, exacte, montree, semestres, est_derniere)
            if nom == "aci" and coupes in (("commune",), ("bailleur",)) and mois == 12:
                yield from self._manque(coupes[0], exactes, semestres)

    def _cotes_longues(
        self, nom: str, coupes: tuple[str, ...], seance: Seance, semestres: list[int]
    ) -> Iterator[Ligne]:
        """The card of a place says its side over 36 months, and nothing else of them, where its year tells none."""
        (coupe,), c, s = coupes, self.cellules, self.cellules.sortes
        annee, longues = (
            compute(self.lecteur, nom, Periode.de_mois(seance, mois), coupes, ici=self.ici) for mois in (12, N_MOIS)
        )
        dites = render(annee, coupes)
        connues = set(dites.loc[dites["cote"].isin(("au-dessus", "au-dessous")) | dites["verdict"].notna(), coupe])
        montrees = render(longues, coupes)
        for exacte, montree in zip(longues.to_dict("records"), montrees.to_dict("records"), strict=True):
            if exacte[coupe] in connues or pd.isna(exacte["cible"]):
                continue
            ici = (c.places[coupe] == exacte[coupe]).to_numpy()
            sus, avec = (c.somme(ici, semestres, qui) for qui in (connus(s, nom), porteurs(s, nom, exacte)))
            yield from dire_le_cote(montree["cote"], sus, avec, Fraction(str(exacte["cible"])), self.regle)

    def _cellule(
        self,
        nom: str,
        coupes: tuple[str, ...],
        exacte: dict[str, Any],
        montree: dict[str, Any],
        semestres: list[int],
        est_derniere: bool,
    ) -> Iterator[Ligne]:
        c, s = self.cellules, self.cellules.sortes
        regle = self.regle.de(coupes)
        ici = np.ones(len(c.places), dtype=bool)
        acces = np.ones(len(s), dtype=bool)
        for coupe in coupes:
            if coupe == "mutation":
                acces &= (s["mutation"] == exacte["mutation"]).to_numpy()
            elif not (nom == "flux" and coupe == "reservataire"):
                ici &= (c.places[coupe] == exacte[coupe]).to_numpy()
        tous = c.somme(ici, semestres, acces & population(s, nom))
        assert tous.vrai == exacte["n"], (nom, coupes, exacte, tous.vrai)
        if self.ecrans and coupes == D_UNE_FICHE:
            if nom not in self.monde.n_seuls:
                yield from self._dire_les_classes(nom, exacte, montree, ici, semestres, est_derniere)
            return
        self._borner(tous, 1, np.inf)  # a line is shown where somebody is
        # A screen says the share alone of a semester, of a class of ressources its share, and no count of unknown ones.
        est_part_seule = self.ecrans and len(semestres) == 1
        est_croisee = self.ecrans and coupes == CROISEE  # no count where it says a point
        if not est_part_seule and not (est_croisee and tous.vrai < regle.cote_des):
            self._dire(tous, montree["n"], regle)
        ou = f"{nom} {'×'.join(coupes) or 'ensemble'} {6 * len(semestres)}m"
        if est_derniere:
            self._viser(tous, f"{ou} n")
        if nom in self.monde.n_seuls or "residence" in coupes:
            return
        sus = c.somme(ici, semestres, acces & connus(s, nom))
        du_flux = ici & (c.places["reservataire"] == exacte["reservataire"]).to_numpy() if nom == "flux" else ici
        avec = c.somme(du_flux, semestres, acces & porteurs(s, nom, exacte))
        assert (sus.vrai, avec.vrai) == (exacte["n_connus"], exacte["numerateur"]), (nom, coupes, exacte)
        inconnus = tous.sauf(sus)
        est_un_point = est_croisee and sus.vrai < regle.cote_des and montree["numerateur"] is None
        if est_un_point:
            self._borner(sus, 0, regle.cote_des - 1)
        for quoi, somme, dite in (
            ("connus", sus, montree["n_connus"]),
            ("numerateur", avec, montree["numerateur"]),
            ("inconnus", inconnus, montree["n_inconnus"]),
        ):
            est_tue = self.ecrans and (
                est_part_seule
                or quoi == "inconnus"
                or (nom, quoi) == ("ressources", "numerateur")
                or (est_un_point and quoi == "connus")
            )
            if len(somme.rangs):
                if not est_tue:
                    self._dire(somme, dite, regle)
                if est_derniere:
                    self._viser(somme, f"{ou} {quoi}")
        if est_derniere:
            self._viser(sus.sauf(avec), f"{ou} complément")
        est_classe = nom == "ressources" or (nom == "flux" and "bailleur" in coupes)
        des = regle.classe_des if est_classe else regle.part_des
        if montree["part"] is not None and not pd.isna(montree["part"]):
            dite = float(montree["part"])
            yield from part(avec.rangs, sus.rangs, dite - 0.005, dite + 0.005)
            self._borner(sus, des, np.inf)
            self._borner(avec, regle.tus + 1, np.inf)
            self._borner(sus.sauf(avec), regle.tus + 1, np.inf)
        elif not est_part_seule and sus.vrai >= des and avec.vrai > regle.tus >= sus.vrai - avec.vrai:
            self._borner(sus.sauf(avec), 0, regle.tus)  # what a share that is not said says
        if pd.notna(exacte["cible"]) and not est_part_seule:
            groupes = self._groupes(nom, coupes, exacte, ici, semestres, acces)
            yield from juger(exacte, montree, sus, avec, groupes, regle)
        if self.levier and nom == "equilibre" and coupes == ("fragilite",) and len(semestres) == 2:
            self._borner(sus, sus.vrai, sus.vrai)
            self._borner(avec, avec.vrai, avec.vrai)

    def _dire_les_classes(
        self,
        nom: str,
        exacte: dict[str, Any],
        montree: dict[str, Any],
        ici: np.ndarray,
        semestres: list[int],
        est_derniere: bool,
    ) -> Iterator[Ligne]:
        """The card of a bailleur says which of its classes are off their objective; here with by how many."""
        s = self.cellules.sortes
        sus = self.cellules.somme(ici, semestres, connus(s, nom))
        avec = self.cellules.somme(ici, semestres, porteurs(s, nom, exacte))
        for quoi, somme in (("connus", sus), ("numerateur", avec), ("complément", sus.sauf(avec))):
            if est_derniere:
                self._viser(somme, f"{nom} {'×'.join(D_UNE_FICHE)} {6 * len(semestres)}m {quoi}")
        if pd.notna(exacte["cible"]) and len(semestres) == 2:
            groupes = self._groupes(nom, D_UNE_FICHE, exacte, ici, semestres, np.ones(len(s), dtype=bool))
            yield from juger(exacte, montree, sus, avec, groupes, self.regle)

    def _manque(self, lieu: str, exactes: pd.DataFrame, semestres: list[int]) -> Iterator[Ligne]:
        """What the places lack, each against its own floor: the bilan says the sum of it."""
        c, s = self.cellules, self.cellules.sortes

        def compter(code: str, sortes: np.ndarray) -> Compte:
            return c.somme((c.places[lieu] == code).to_numpy(), semestres, sortes)

        lieux = [
            (x, compter(x[lieu], connus(s, "aci")), compter(x[lieu], porteurs(s, "aci", x)))
            for x in exactes.to_dict("records")
        ]
        yield from manquer(SALLE.manque(exactes), lieux, self.regle)

    def _groupes(
        self,
        nom: str,
        coupes: tuple[str, ...],
        exacte: dict[str, Any],
        ici: np.ndarray,
        semestres: list[int],
        acces: np.ndarray,
    ) -> dict[str, list[tuple[str, Compte, Compte]]]:
        """What a gap adds up: (class, known, numerator) of each class, of each quartier for `n_trop`, `n_manque`."""
        if nom != "equilibre":
            return {}
        c, s = self.cellules, self.cellules.sortes

        def couper(colonnes: list[str]) -> list[tuple[str, Compte, Compte]]:
            cles = c.places.loc[ici, colonnes].drop_duplicates()
            trouves = []
            for cle in cles.itertuples(index=False):
                la = ici & (c.places[colonnes] == list(cle)).all(axis=1).to_numpy()
                k = c.somme(la, semestres, acces & porteurs(s, nom, exacte))
                trouves.append((cle.fragilite, c.somme(la, semestres, acces & connus(s, nom)), k))
            return trouves

        par_quartier = {"quartier": couper(["quartier", "fragilite"])} if "quartier" in c.places else {}
        return {"classe": couper(["fragilite"]), **par_quartier}

    def _viser(self, somme: Compte, nom: str) -> None:
        if somme.vrai in PETITS:
            self.cibles.setdefault(tuple(sorted(somme.rangs.tolist())), nom)

    def savoir(self, cle: str, code: str) -> None:
        """A commune, a bailleur, a réservataire knows its own counts to the unit, and is asked nothing of them."""
        c = self.cellules
        siens = set(c.rang[c.places[cle].isin(code.split("+")).to_numpy()].ravel()) - {-1}  # the État is two
        assert siens, f"nobody of {cle} {code} here"
        vrais = c.vrais
        self.lignes += [compte([i], vrais[i], vrais[i]) for i in siens]
        self.cibles = {cible: nom for cible, nom in self.cibles.items() if not siens >= set(cible)}


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.lieux")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--ici", required=True)
    lecteur.add_argument("--moi", default="", help="qui connaît ses propres chiffres : commune=59512, bailleur=B1, …")
    lecteur.add_argument("--monde", action="append", choices=MONDES)
    lecteur.add_argument("--ecrans", action="store_true", help="ce que montrent les écrans, sans la ligne de commande")
    add_options(lecteur)
    lecteur.add_argument("--sans-levier", action="store_true", help="les effectifs exacts des classes ne sont pas sus")
    lecteur.add_argument("--seances", type=int, default=0, help="les dernières entendues ; 0 : toutes")
    options = lecteur.parse_args(arguments)
    est_tenu = True
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        tenues = sorted((Seance.read(str(s)) for s in seances(ouvert)), reverse=True)[: options.seances or None]
        for nom in options.monde or MONDES:
            cle, _, code = options.moi.partition("=")
            if options.moi and cle not in MONDES[nom].lieux:
                continue
            attaque = Attaque(ouvert, MONDES[nom], options.ici, tenues, options.ecrans, not options.sans_levier)
            if options.moi:
                attaque.savoir(cle, code)
            qui = f"{nom}, {options.ici}{f', {options.moi}' if options.moi else ''}"
            est_tenu &= attaquer(qui, attaque.cellules.vrais, attaque.lignes, attaque.cibles, options)
    return 0 if est_tenu else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
