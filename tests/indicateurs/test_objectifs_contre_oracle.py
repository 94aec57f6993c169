"""Whose objective judges each cell, on drawn objectives and bails, against plain Python from the contract (§1, §4).

Objectives of the whole, of communes, bailleurs, réservataires and their crosses, floors and ceilings, shares and
numbers a year, in force the last day of the period, the day after, or replaced since.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.socle.periodes import Periode
from tests.indicateurs.comparaison import en_lignes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table
from tests.oracle.mesures import direction, ecart_attributions, verdict

FIN = date(2017, 12, 31)
COMMUNES, BAILLEURS, RESERVATAIRES = (LILLE, ROUBAIX), ("B1", "B2"), ("COLTER", "PPRIOR")
CODES = {"commune": COMMUNES, "bailleur": BAILLEURS, "reservataire": RESERVATAIRES}
LIEUX = ((), ("commune",), ("bailleur",), ("commune", "bailleur"), ("reservataire",))
LIEUX_DU_FLUX = (("reservataire",), ("bailleur", "reservataire"), ("commune", "reservataire"))
COUPES = ((), ("commune",), ("bailleur",), ("commune", "bailleur"), ("reservataire",), ("commune", "reservataire"))
# The last day of the period is in force, the day after is not; the day before it may be replaced by.
DATES = (date(2017, 3, 17), date(2017, 12, 30), FIN, date(2018, 1, 1))


@dataclass(frozen=True)
class Objectif:
    indicateur: str
    valeur: Fraction
    depuis: date
    lieu: tuple[tuple[str, str], ...]
    sens: str
    en_nombre: bool

    def toml(self) -> str:
        lignes = ["[[cibles]]", f'indicateur = "{self.indicateur}"', f"valeur = {float(self.valeur):g}"]
        lignes += [f"depuis = {self.depuis}", 'source = "Essai"', *(f'{c} = "{code}"' for c, code in self.lieu)]
        lignes += [f'sens = "{self.sens}"'] if self.sens else []
        return "\n".join([*lignes, *(["en_nombre = true"] if self.en_nombre else []), ""])


# What the application has by itself.
SIGNES = (Objectif("aci", Fraction(9, 20), date(2017, 3, 17), (), "", False),)


def draw(hasard: random.Random) -> tuple[list[dict[str, Any]], list[Objectif]]:
    baux = [
        attribution(
            i,
            **{"date_bail": hasard.choice((date(2017, 1, 1), date(2017, 6, 30), date(2017, 7, 1), FIN))},
            **{"code_insee": hasard.choice(COMMUNES), "code_bailleur": hasard.choice(BAILLEURS)},
            **{"reservataire": hasard.choice((*RESERVATAIRES, None)), "mutation": hasard.random() < 0.2},
            **{"aci": hasard.random() < 0.4, "npru": hasard.random() < 0.15},
        )
        for i in range(hasard.choice((40, 160)))
    ]
    for i, jour in enumerate((date(2017, 1, 1), FIN)):  # without them the data would not cover the year
        baux[i] |= {"date_bail": jour}
    objectifs = []
    for _ in range(hasard.randint(10, 24)):
        indicateur = hasard.choice(("aci", "npru", "flux"))
        lieu = hasard.choice(LIEUX_DU_FLUX if indicateur == "flux" else LIEUX)
        en_nombre = indicateur != "flux" and hasard.random() < 0.4
        valeur = (
            Fraction(hasard.choice((0, 1, 5, 12, 400))) if en_nombre else Fraction(hasard.choice(range(0, 101, 5)), 100)
        )
        codes = tuple((c, hasard.choice(CODES[c])) for c in lieu)
        sens = hasard.choice(("", "plancher", "plafond"))
        objectifs.append(Objectif(indicateur, valeur, hasard.choice(DATES), codes, sens, en_nombre))
    return baux, objectifs


def rank(lieu: tuple[tuple[str, str], ...]) -> int:
    """Commune and bailleur, then bailleur, commune, réservataire, the whole; of two that say as much of a commune and a
    bailleur, the one that names a réservataire too."""
    noms = {c for c, _ in lieu}
    par_lieu = 3 if {"commune", "bailleur"} <= noms else 2 if "bailleur" in noms else 1 if "commune" in noms else 0
    return 2 * par_lieu + ("reservataire" in noms)


def judged_by(indicateur: str, cellule: dict[str, str], etendue: str, objectifs: list[Objectif]) -> Objectif | None:
    """`cellule`: the cuts and filters of a cell, with their codes."""
    vus: dict[tuple[tuple[str, str], ...], Objectif] = {}
    for o in objectifs:  # of one place, the latest; of one date, the last that was said
        if o.indicateur == indicateur and o.depuis <= FIN and (o.lieu not in vus or o.depuis >= vus[o.lieu].depuis):
            vus[o.lieu] = o
    siens = []
    for o in vus.values():
        if any(cellule.get(c) != code for c, code in o.lieu):
            continue
        if o.en_nombre and (etendue != "annee" or {c for c, _ in o.lieu} != set(cellule)):
            continue  # a number is that of its own place, a year
        # That of the ACI is for the whole, a commune, a bailleur and their cross; else none.
        vises = {"commune", "bailleur", *(c for c, _ in o.lieu)} if indicateur == "aci" else set(cellule)
        if not o.en_nombre and not set(cellule) <= vises:
            continue
        siens.append(o)
    return max(siens, key=lambda o: rank(o.lieu), default=None)


def expected(indicateur: str, baux: list[dict[str, Any]], cellule: dict[str, str], etendue: str, objectifs: Any) -> Any:
    """cible, cible_de, ecart_points, ecart_attributions, sens, verdict."""
    ici = [a for a in baux if etendue == "annee" or a["date_bail"] >= date(2017, 7, 1)]
    champs = {"commune": "code_insee", "bailleur": "code_bailleur", "reservataire": "reservataire"}
    coupes = {c: v for c, v in cellule.items() if indicateur != "flux" or c != "reservataire"}
    ici = [a for a in ici if all((a[champs[c]] or "inconnu") == v for c, v in coupes.items())]
    if indicateur == "npru":
        reponses = [a["npru"] for a in ici]
    elif indicateur == "aci":
        reponses = [a["aci"] for a in ici if not a["mutation"]]
    else:
        flux = [a for a in ici if not a["mutation"] and not a["npru"]]
        reponses = [a["reservataire"] == cellule["reservataire"] for a in flux if a["reservataire"]]
    n, k = len(reponses), sum(reponses)
    o = judged_by(indicateur, cellule, etendue, objectifs)
    if o is None:
        return (None,) * 6
    de = " × ".join(f"{c} {code}" for c, code in o.lieu) or "ensemble"
    if n == 0:
        return (o.valeur, de, None, None, None, None)
    sens = o.sens or "plancher"
    if o.en_nombre:
        ecart = max(0, o.valeur - k if sens == "plancher" else k - o.valeur)
        dit = ("manque" if sens == "plancher" else "trop") if ecart else None
        return (o.valeur, de, None, ecart, dit, "non_atteint" if ecart else "atteint")
    args = (sens, k, n, o.valeur, Fraction(0))
    points = 100 * (Fraction(k, n) - o.valeur)
    return (o.valeur, de, points, ecart_attributions(*args), direction(*args), verdict(*args))


# The short way: draws in which a commune, a bailleur and a réservataire each have an objective of a same cell.
@pytest.mark.parametrize("graine", [11, 19, *(pytest.param(g, marks=pytest.mark.long) for g in range(11))])
def test_each_cell_is_judged_by_the_most_precise_objective_in_force(tmp_path: Path, graine: int) -> None:
    baux, objectifs = draw(random.Random(graine))
    ecrits = "".join(o.toml() for o in objectifs)
    charge = chargement(bailleurs=bailleurs(*BAILLEURS), attributions=table("attributions", *baux))
    serve(entrepot := Entrepot(tmp_path), replace(charge, parametres=(ecrits,)))
    tous, n_juges, par_un_lieu = [*SIGNES, *objectifs], 0, 0
    with entrepot.open(Portee.mel()) as lecteur:
        for indicateur in ("aci", "npru", "flux"):
            for etendue in ("annee", "semestre"):
                for par in COUPES:
                    for filtres in ({}, {"commune": LILLE}, {"bailleur": "B2"}):
                        if (filtres and par) or (indicateur == "flux" and "reservataire" in par):
                            continue
                        lues = en_lignes(compute(lecteur, indicateur, Periode.de("2017S2", etendue), par, **filtres))
                        cles = (*par, *(["reservataire"] if indicateur == "flux" else []))
                        for ligne in lues:
                            cellule = {**{c: ligne[c] for c in cles}, **filtres}
                            attendu = expected(indicateur, baux, cellule, etendue, tous)
                            colonnes = ("cible", "cible_de", "ecart_points", "ecart_attributions", "sens", "verdict")
                            obtenu = [ligne[c] for c in colonnes]
                            proches = [
                                pytest.approx(float(v), abs=1e-9) if isinstance(v, Fraction) else v for v in attendu
                            ]
                            assert obtenu == proches, (indicateur, etendue, cellule)
                            n_juges += attendu[5] is not None
                            par_un_lieu += attendu[1] not in (None, "ensemble")
    assert n_juges > 20
    assert par_un_lieu
