"""Time of the plan and of a step of a slider, by size: `python -m tests.perf.plan`.

Cells are drawn: 95 communes × 12 bailleurs × 3 classes (MEL), and ten times as many communes (region). Wall clock and
time of the processor, the least of the repetitions: other programs of the machine add to the first, not to the second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd

from mel_core.simulation.plan.calcul_plan import make_plan, prix_du_point
from mel_core.simulation.plan.objectifs_plan import ScenarioPlan
from mel_core.simulation.reorientation.grille import CibleEssayee, Grille
from mel_core.simulation.reorientation.reponses import par, reorient

MOITIE, ACI = Fraction(1, 2), Fraction(45, 100)
TAILLES = {"mel": 95, "region": 950}
# Factor on the eligible applicants: with few of them the targets can't all hold, and the plan is solved three times.
DEMANDES = {"tous les objectifs tiennent": 1.0, "des objectifs cèdent": 0.03}


def draw(n_communes: int, graine: int = 2017) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cells of equilibre and of ACI, applicants, dwellings freed: every commune × bailleur × class, many small ones."""
    hasard = np.random.default_rng(graine)
    communes, bailleurs, classes = (
        [f"{59000 + i}" for i in range(n_communes)],
        range(12),
        ("fragile", "moyenne", "sans"),
    )
    cles = [(c, f"B{b:02}", f) for c in communes for b in bailleurs for f in classes]
    equilibre = pd.DataFrame(cles, columns=["commune", "bailleur", "fragilite"])
    taille = np.repeat(hasard.lognormal(0, 1.3, n_communes), len(bailleurs) * len(classes))
    n = hasard.poisson(taille * hasard.lognormal(0, 1, len(cles)))
    part = equilibre["fragilite"].map({"fragile": 0.66, "moyenne": 0.5, "sans": 0.37})
    equilibre = equilibre.assign(n_connus=n, numerateur=hasard.binomial(n, part))
    equilibre = equilibre[n > 0].reset_index(drop=True)
    aci = equilibre.groupby(["commune", "bailleur"], as_index=False)["n_connus"].sum()
    aci = aci.assign(n_connus=hasard.binomial(aci["n_connus"], 0.66)).query("n_connus > 0").reset_index(drop=True)
    aci = aci.assign(numerateur=hasard.binomial(aci["n_connus"], 0.36))
    par_commune = equilibre.groupby("commune")["n_connus"].sum()
    eligibles = pd.DataFrame({"commune": [*par_commune.index, "ensemble"]})
    for profil, facteur in (("n_modestes", 6), ("n_non_modestes", 5), ("n_aci", 2), ("n_non_aci", 5)):
        voulus = hasard.poisson(par_commune * facteur)
        eligibles[profil] = [*voulus, int(voulus.sum()) // 3]
    eligibles["n_modestes_aci"] = (eligibles[["n_modestes", "n_aci"]].min(axis=1) * 0.8).astype(int)
    eligibles["n_non_modestes_aci"] = 0
    vacances = equilibre[["commune", "bailleur", "fragilite"]].assign(n_vacances_an=equilibre["n_connus"] * 1.05)
    return equilibre, aci, eligibles, vacances


def measure(action: Callable[[], object], repetitions: int) -> tuple[float, float]:
    """Milliseconds (wall clock, processor): the least of the repetitions."""
    murs, processeur = [], []
    for _ in range(repetitions):
        mur, cpu = time.perf_counter(), time.process_time()
        action()
        murs.append(time.perf_counter() - mur)
        processeur.append(time.process_time() - cpu)
    return 1000 * min(murs), 1000 * min(processeur)


def steps(
    equilibre: pd.DataFrame, aci: pd.DataFrame, eligibles: pd.DataFrame, vacances: pd.DataFrame
) -> Iterator[tuple[str, Callable[[], object], int]]:
    """What is measured: its name, the action, how many times."""
    essai = CibleEssayee("equilibre", MOITIE)
    grille, reorientees = Grille.de(equilibre), reorient(equilibre, essai)
    yield "un pas de curseur, mouvements", lambda: grille.mouvements(essai), 200
    yield "un pas de curseur, tableau", lambda: reorient(equilibre, essai), 50
    yield "sommes par commune", lambda: par(reorientees, "commune"), 50
    scenario = ScenarioPlan(essai, CibleEssayee("aci", ACI))
    for dit, facteur in DEMANDES.items():
        peu = eligibles.assign(**{c: (eligibles[c] * facteur).astype(int) for c in eligibles if c != "commune"})
        probleme = (equilibre, aci, scenario, peu, vacances, 2)
        yield f"plan, {dit}", partial(make_plan, *probleme), 3
        yield f"prix d’un point, {dit}", partial(prix_du_point, *probleme), 3


def main() -> None:
    import scipy.optimize  # noqa: F401 — counted apart: once for a process

    print(f"{'quoi':50} {'mur (ms)':>10} {'calcul (ms)':>12}")
    for nom, n_communes in TAILLES.items():
        equilibre, aci, eligibles, vacances = draw(n_communes)
        print(f"{nom} : {n_communes} communes, {len(equilibre)} cellules d’équilibre, {len(aci)} d’accès")
        for dit, action, repetitions in steps(equilibre, aci, eligibles, vacances):
            mur, calcul = measure(action, repetitions)
            print(f"  {dit:48} {mur:10.3f} {calcul:12.3f}")


if __name__ == "__main__":
    main()
