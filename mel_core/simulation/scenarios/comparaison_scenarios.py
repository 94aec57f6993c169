"""Two scenarios side by side, and what each lever of one does on its own: differences in numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mel_core.simulation.scenarios.registre_scenarios import MOTEURS, answer
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle.erreurs import AppelIncorrect

OBJECTIF, ENSEMBLE, INTERACTION = "objectif", "ensemble", "interaction"


def compare(a: Resultat, b: Resultat) -> pd.DataFrame:
    """The figures of two answers of the same simulation.

    One row per figure: `chiffre`, `constat` (that of `a`), `a`, `b`, `ecart` (b − a; empty when one of them is unknown
    or never happens). Raises `AppelIncorrect` for two simulations: their figures are not of the same things.
    """
    if a.scenario.simulation != b.scenario.simulation:
        raise AppelIncorrect(
            f"Un scénario {a.scenario.simulation} ne se compare pas à un scénario {b.scenario.simulation} : "
            "en choisir deux de la même simulation."
        )
    lignes = [
        {
            "chiffre": cle,
            "constat": _reel(a.constat.get(cle)),
            "a": _reel(a.synthese[cle]),
            "b": _reel(b.synthese.get(cle)),
            "ecart": _reel(_ecart(b.synthese.get(cle), a.synthese[cle])),
        }
        for cle in a.synthese
    ]
    return pd.DataFrame(lignes, columns=["chiffre", "constat", "a", "b", "ecart"])


def effets_de(base: Any, scenario: Scenario) -> pd.DataFrame:
    """The effect of each lever told apart, on what `depart` read: from the constat, which no lever moves.

    At rest a lever is at the objective in force, or at what is observed. One row per lever moved × figure: `levier`,
    `chiffre`, `effet` (with the lever alone − the constat); `objectif`, where one is in force: with no lever − the
    constat; then `ensemble` (with all − the constat) and `interaction` (what the levers do only together: ensemble −
    the objective − what each adds to it). `effet` is empty where a figure is unknown.
    """
    lus = MOTEURS[scenario.simulation].lus
    mobiles = [nom for nom in scenario.leviers if nom not in lus]
    au_repos = answer(base, scenario.sans(*mobiles))
    repos, constat = au_repos.synthese, au_repos.constat
    seules = {nom: answer(base, scenario.sans(*(n for n in mobiles if n != nom))).synthese for nom in mobiles}
    toutes = answer(base, scenario).synthese
    ajoutes = [_ecarts(synthese, repos) for synthese in seules.values()]
    interaction = {
        cle: _ecart(total, _somme([ajout[cle] for ajout in ajoutes])) for cle, total in _ecarts(toutes, repos).items()
    }
    vote = {OBJECTIF: repos} if repos != constat else {}
    du_constat = {nom: _ecarts(s, constat) for nom, s in {**vote, **seules, ENSEMBLE: toutes}.items()}
    lignes = [
        {"levier": nom, "chiffre": cle, "effet": _reel(effet)}
        for nom, chiffres in {**du_constat, INTERACTION: interaction}.items()
        for cle, effet in chiffres.items()
    ]
    return pd.DataFrame(lignes, columns=["levier", "chiffre", "effet"])


def _ecarts(avec: Any, sans: Any) -> dict[str, Chiffre]:
    return {cle: _ecart(valeur, sans.get(cle)) for cle, valeur in avec.items()}


def _ecart(b: Chiffre, a: Chiffre) -> Chiffre:
    return None if a is None or b is None else b - a


def _somme(effets: list[Chiffre]) -> Chiffre:
    connus = [e for e in effets if e is not None]
    return sum(connus) if len(connus) == len(effets) else None


def _reel(valeur: Chiffre) -> float | None:
    return None if valeur is None else float(valeur)
