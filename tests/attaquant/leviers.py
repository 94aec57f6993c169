"""`python -m tests.attaquant.leviers --donnees D [--ici "ICI 2"] [--moi commune=59512]`: what levers give back.

Integer programs over what a room hears: the target of the bilan and of Simuler at each whole per cent, alone, then two
classes of quartiers at a time; each prepared weighting of the queue, all of them together. Whoever fills some of it
(`--moi`, `cle=code+code`) knows its own. For each count of 1 to 12 that is not told, how many whole values stay
possible; exit 1 where
fewer than three do, or where fewer than 95 % keep five.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import ceil
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import icis, seances
from mel_core.indicateurs.catalogue import INDICATEURS, MESURES
from mel_core.secret.bail import SALLE
from mel_core.simulation.ordonnancement import PONDERATIONS, Poids, compare, tete
from mel_core.simulation.reorientation.grille import CibleEssayee
from mel_core.simulation.scenarios import Scenario, projections
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte
from pages.commun import donnees
from pages.seance.orientations import ecran_ordonnancement
from tests.attaquant.programme import AU_MOINS, LARGES, PART_LARGE, REGLE
from tests.attaquant.voisins import serve

PETITS = range(1, 13)
_PRES = 1e-6
# Measure of a lever → whom it is about, whom it counts, and by which classes its target is told apart.
LEVIERS = {
    nom: (INDICATEURS[nom].population, INDICATEURS[nom].valeur, FRAGILITES if mesure.classe else ())
    for nom, mesure in MESURES.items()
    if mesure.cible
}
TEMPS_S = 10.0  # of a program
PAS_DES_PAIRES = 10  # of two levers at once, in per cent


@dataclass
class Monde:
    """Whole unknowns `n` (the truth), what is heard of sums of them, and the small sums that are not told."""

    n: np.ndarray
    entendus: list[tuple[np.ndarray, float, float]] = field(default_factory=list)
    cibles: dict[bytes, tuple[str, np.ndarray]] = field(default_factory=dict)

    def hear(self, poids: np.ndarray, bas: float, haut: float) -> None:
        assert bas - _PRES <= poids @ self.n <= haut + _PRES, "what is shown contradicts itself"
        self.entendus.append((poids.astype(float), bas, haut))

    def hear_compte(self, ou: np.ndarray, montre: Compte) -> None:
        """A count that is said: rounded, or « 12 ou moins »."""
        if montre.est_tu:
            self.hear(ou, 0, REGLE.tus)
        else:
            n = int(float(montre))
            self.hear(ou, max(REGLE.tus + 1, n - REGLE.base // 2), n + (REGLE.base - 1) // 2)

    def aim(self, ou: np.ndarray, quoi: str) -> None:
        if int(ou @ self.n) in PETITS:
            self.cibles.setdefault(ou.astype(bool).tobytes(), (quoi, ou.astype(float)))

    def know(self, siens: np.ndarray) -> None:
        """Of what is its own, an attacker knows each count, and is asked nothing."""
        for i in np.flatnonzero(siens):
            self.hear(np.eye(len(self.n))[i], self.n[i], self.n[i])
        self.cibles = {cle: x for cle, x in self.cibles.items() if x[1][~siens].any()}

    def values(self, ou: np.ndarray) -> tuple[int, int]:
        """How many whole values a sum may take, from its least to its most, no further than five: at least, at most
        (the same, unless the solver ran out of time). What is sought is how far from the truth one may go: it answers
        every line."""
        matrice, bas, haut = (np.array(x) for x in zip(*self.entendus, strict=True))
        dits, loin = matrice @ self.n, LARGES - 1
        contraintes = [
            LinearConstraint(matrice, np.minimum(bas - dits, 0), np.maximum(haut - dits, 0)),
            LinearConstraint(ou[None], -loin, loin),
        ]
        trouves, bornes = [], []
        for sens in (1.0, -1.0):
            trouve = milp(
                sens * ou,
                integrality=np.ones(len(self.n)),
                bounds=Bounds(-self.n, self.n.sum() + REGLE.base),
                constraints=contraintes,
                options={"time_limit": TEMPS_S},
            )
            trouves.append(0 if trouve.x is None else abs(round(float(ou @ np.round(trouve.x)))))
            borne = loin if trouve.mip_dual_bound is None else abs(trouve.mip_dual_bound)
            bornes.append(trouves[-1] if trouve.status == 0 else min(loin, int(borne + _PRES)))
        return sum(trouves) + 1, sum(bornes) + 1


def hear_ecart(monde: Monde, classes: list[tuple[np.ndarray, np.ndarray, Fraction | None, int]]) -> None:
    """What is said of the gaps of classes to their bounds, added up: `avec`, `connus`, the bound, over (1) or under
    (−1) it. Nothing where there is no bound."""
    poids, exacts = np.zeros(len(monde.n)), []
    for avec, connus, borne, signe in classes:
        if borne is None:
            return
        exacts.append(max(0, ceil(signe * (int(avec @ monde.n) - borne * int(connus @ monde.n)))))
        if exacts[-1] or len(classes) == 1:
            poids += signe * (avec - float(borne) * connus)
    total, montre = sum(exacts), SALLE.compte(sum(exacts))
    if total == 0:
        if len(classes) == 1:
            monde.hear(poids, -np.inf, 0)
    elif montre.est_tu:
        monde.hear(poids, -np.inf, REGLE.tus)
    else:  # each gap is rounded up to a whole attribution
        montre = montre.au_plus
        monde.hear(poids, montre - REGLE.base // 2 - len(classes) + _PRES, montre + (REGLE.base - 1) // 2)


def du_bilan(lecteur: Lecteur, mesure: str, periode: Periode, ici: str | None, moi: tuple[str, str] | None) -> Monde:
    """The attributions of a measure, by class, of the profile, not, or unknown; those of `moi` apart."""
    population, quoi, classes = LEVIERS[mesure]
    codes = ", ".join(f"'{code}'" for code in moi[1].split("+")) if moi else ""
    siens = f"coalesce({moi[0]} in ({codes}), false)" if moi else "false"
    sql = (
        f"select {'fragilite' if classes else 'cast(null as varchar)'} as classe, {quoi} as avec, {siens} as a_moi, "  # noqa: S608
        f"count(*) as n from attributions_qualifiees where {population} and date_bail between $debut and $fin "
        "and ($ici is null or ici = $ici) group by all order by all"
    )
    cellules = lecteur.query(sql, debut=periode.debut, fin=periode.fin, ici=ici)
    monde = Monde(cellules["n"].to_numpy(dtype=int))
    lieux = {c: (cellules["classe"] == c).to_numpy() for c in classes} or {"ensemble": np.ones(len(cellules), bool)}
    est_connu, est_avec = cellules["avec"].notna().to_numpy(), cellules["avec"].eq(True).fillna(False).to_numpy(bool)
    dites: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for nom, la in lieux.items():
        if not la.any():
            continue
        sortes = {"": la, " connus": la & est_connu, " avec": la & est_avec, " sans": la & est_connu & ~est_avec}
        sortes[" inconnus"] = la & ~est_connu
        for sorte, ou in sortes.items():
            monde.aim(ou.astype(float), f"{nom}{sorte}")
        for sorte in ("", " connus", " avec"):
            ou = sortes[sorte].astype(float)
            monde.hear_compte(ou, SALLE.compte(int(ou @ monde.n)))
        avec, connus = sortes[" avec"].astype(float), sortes[" connus"].astype(float)
        part = SALLE.part(int(avec @ monde.n), int(connus @ monde.n))
        if pd.notna(part):  # a gap is said where the share is, nowhere else
            monde.hear(avec - (part - 0.005) * connus, 0, np.inf)
            monde.hear(avec - (part + 0.005) * connus, -np.inf, 0)
            dites[nom] = avec, connus
    for nom, lus in dites.items():
        for pourcent in range(101):
            for borne in _bornes(mesure, nom, pourcent):
                hear_ecart(monde, [(*lus, *borne)])
    if len(dites) == sum(la.any() for la in lieux.values()):  # the total, of two levers at a time
        for (un, lus), (autre, autres) in combinations(dites.items(), 2):
            for a in range(0, 101, PAS_DES_PAIRES):
                for b in range(0, 101, PAS_DES_PAIRES):
                    for x in _bornes(mesure, un, a):
                        for y in _bornes(mesure, autre, b):
                            hear_ecart(monde, [(*lus, *x), (*autres, *y)])
    monde.know(cellules["a_moi"].to_numpy(bool))
    return monde


def _bornes(mesure: str, classe: str, pourcent: int) -> list[tuple[Fraction | None, int]]:
    """The bounds that a position puts on a class, each with its side."""
    plancher, plafond = CibleEssayee(mesure, Fraction(pourcent, 100)).bornes(classe)
    return [(borne, signe) for borne, signe in ((plafond, 1), (plancher, -1)) if borne is not None]


def de_la_file(identifiant: str, seance: str, ici: str, ponderations: Mapping[str, Poids] = PONDERATIONS) -> Monde:
    """The queue, by segment and by place in its head under each weighting: all of them heard together. The first one is
    that of ancienneté alone."""
    with donnees.open(identifiant, seance) as lecteur:
        queue = projections.read_file(lecteur, Scenario("ordonnancement", Seance.read(seance), {}, ici=ici))
    file, taille = queue.file, queue.flux
    masques = {nom: tete(file, poids, taille) for nom, poids in ponderations.items()}
    lus = pd.DataFrame({**file.segments, **masques})
    cellules = lus.groupby(list(lus), as_index=False).size()
    monde = Monde(cellules["size"].to_numpy(dtype=int))
    avant = cellules[next(iter(ponderations))].to_numpy(bool)
    for nom, poids in ponderations.items():
        bilan, apres = compare(file, poids, taille), cellules[nom].to_numpy(bool)
        flux = {
            "n": np.ones(len(avant), bool),
            "n_avant": avant,
            "n_entrent": apres & ~avant,
            "n_sortent": avant & ~apres,
        }
        for ligne in bilan[bilan["dimension"].isin(ecran_ordonnancement.DITES)].to_dict("records"):
            membres = flux["n"] if ligne["dimension"] == "ensemble" else cellules[ligne["valeur"]].to_numpy(bool)
            for compte, ou in flux.items():
                sien = (ou & membres).astype(float)
                assert int(sien @ monde.n) == ligne[compte], (nom, ligne["valeur"], compte)
                monde.hear_compte(sien, SALLE.compte(ligne[compte]))
                monde.aim(sien, f"{nom}, {ligne['valeur']} {compte}")
            monde.aim((apres & membres).astype(float), f"{nom}, {ligne['valeur']} n_apres")
    return monde


def attack(nom: str, monde: Monde, au_plus: int) -> tuple[bool, int]:
    """Say how many values are left to each small count; whether each keeps three, and 95 % of them five; how many keep
    two at the most for sure."""
    depart, restent, perdus = monotonic(), Counter[int](), 0
    for quoi, ou in list(monde.cibles.values())[: au_plus or None]:
        au_moins, au_plus_ = monde.values(ou)
        restent[au_moins] += 1
        perdus += au_plus_ < AU_MOINS
        if au_moins < LARGES:
            print(f"  {quoi} : {au_moins} à {au_plus_} valeurs, vrai {int(ou @ monde.n)}", flush=True)
    n, larges = restent.total(), sum(k for v, k in restent.items() if v >= LARGES)
    bien = not n or (min(restent) >= AU_MOINS and larges >= PART_LARGE * n)
    print(
        f"{nom} : {len(monde.n)} inconnues, {len(monde.entendus)} lignes entendues, {n} des {len(monde.cibles)} "
        f"comptes de 1 à 12 ; au moins {min(restent, default=0)} valeurs, cinq ou plus pour {larges} ; "
        f"{'tenu' if bien else 'RETROUVÉ'} ; {monotonic() - depart:.0f} s",
        flush=True,
    )
    return bien, perdus


def mondes(
    dossier: Path, tenues: list[str], voulues: list[str], moi: tuple[str, str] | None
) -> Iterator[tuple[str, Monde]]:
    entrepot = Entrepot(dossier)
    for seance in tenues:
        with entrepot.open(Portee.mel(), Seance.read(seance)) as lecteur:
            for ici in (*voulues, None):
                for mesure in LEVIERS:
                    monde = du_bilan(lecteur, mesure, Periode.de(seance, "annee"), ici, moi)
                    yield f"{mesure}, {seance}, {ici or 'MEL'}", monde
            identifiant = lecteur.instantane.identifiant
        for ici in voulues if moi is None else ():  # who waits is nobody's own
            yield f"file, {seance}, {ici}", de_la_file(identifiant, seance, ici)


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.leviers")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--ici", action="append")
    lecteur.add_argument("--moi", help="cle=code, d’une commune, d’un bailleur ou d’un réservataire")
    lecteur.add_argument("--seances", type=int, default=0, help="les dernières ; 0 : toutes")
    lecteur.add_argument("--au-plus", type=int, default=0)
    options = lecteur.parse_args(arguments)
    serve(options.donnees)
    cle, _, code = (options.moi or "").partition("=")
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        tenues, toutes = [str(s) for s in seances(ouvert)], list(icis(ouvert))
    est_tenu, qui = True, f", {options.moi}" if options.moi else ""
    for nom, monde in mondes(
        options.donnees, tenues[: options.seances or None], options.ici or toutes, (cle, code) if cle else None
    ):
        est_tenu &= attack(nom + qui, monde, options.au_plus)[0]
    return 0 if est_tenu else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
