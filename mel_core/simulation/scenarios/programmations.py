"""`programmation`: the PLAI of each operation; for the whole Métropole, the years to rebuild what is demolished."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import suivi
from mel_core.simulation.programmation import (
    DEMOLIS,
    ScenarioProgrammation,
    lissage,
    part_lissee,
    rebuild,
    reconstitution,
    reponse,
    schedule,
)
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue

# Levers that change years, not operations: nothing in an ICI.
_DE_LA_METROPOLE = ("rythme", "n_demolis")


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatProgrammation(Resultat):
    """`dit`: the sentence, of dwellings, which are nobody: all read it."""

    dit: str

    def texte(self) -> str:
        return self.dit


def read(lecteur: Lecteur, scenario: Scenario) -> pd.DataFrame:
    """The operations of the scope, one row each: see `suivi.operations`."""
    return suivi.operations(lecteur, scenario.ici or None)


def compute(operations: pd.DataFrame, scenario: Scenario) -> Resultat:
    """`resultat`: one row per operation.

    The reconstitution of what is demolished is a target of the Métropole: its PLAI and years are answered for the whole
    only, as a range (`annees_plai_min` for the fewest demolitions, `annees_plai_max` for the most) unless the scenario
    says how many.
    """
    leviers: dict[str, Any] = {"part_plai": Fraction(0)} | dict(scenario.leviers)
    dit = leviers.pop("n_demolis", None)
    demolis = DEMOLIS if dit is None else (dit, dit)
    essai, repos = ScenarioProgrammation(**leviers), ScenarioProgrammation(Fraction(0))
    programmees, prevues = schedule(operations, essai), schedule(operations, repos)
    constat, avant, synthese = (
        _chiffres(lues, tente, n, bool(scenario.ici))
        for lues, tente, n in ((prevues, repos, DEMOLIS), (prevues, repos, demolis), (programmees, essai, demolis))
    )
    motif: str | None
    if operations.empty:
        motif, dits = "aucune_operation", ["Rien à simuler : aucune opération n’est programmée sur ce périmètre."]
    else:
        motif, dits = "deja_atteint" if synthese == avant else None, [reponse(programmees, essai)]
        if scenario.ici:
            dits.append(_renvoi(scenario))
        else:
            dits.append(lissage(part_lissee(operations)) if essai.lisser else "")
            dits.append(reconstitution(*(rebuild(programmees, essai, n) for n in demolis)))
    dit = " ".join(filter(None, dits))
    return ResultatProgrammation(
        scenario=scenario, constat=constat, synthese=synthese, resultat=programmees, motif=motif, dit=dit
    )


def _chiffres(
    programmees: pd.DataFrame, essai: ScenarioProgrammation, demolis: tuple[int, int], est_ici: bool
) -> dict[str, Chiffre]:
    plai, sociaux = (int(programmees[c].fillna(0).sum()) for c in ("n_plai_vise", "n_sociaux"))
    part = Fraction(plai, sociaux) if sociaux else None
    chiffres: dict[str, Chiffre] = {"n_plai": plai, "n_sociaux": sociaux, "part_plai": part}
    if est_ici:
        return chiffres
    moins, plus = (rebuild(programmees, essai, n) for n in demolis)
    return chiffres | {
        "n_plai_dus": moins.n_plai_dus,
        "annees_logements": moins.annees_logements,
        "annees_plai_min": moins.annees_plai_min,
        "annees_plai_max": plus.annees_plai_max,
    }


def _renvoi(scenario: Scenario) -> str:
    """What an ICI is not told, and which levers do nothing there."""
    moins, plus = (langue.nombre(n) for n in DEMOLIS)
    objectif = (
        f"La reconstitution de {moins} à {plus} logements démolis est un objectif de toute la Métropole : ses années "
        "se lisent en choisissant « MEL » à la place de l’ICI"
    )
    inertes = [nom for nom in _DE_LA_METROPOLE if nom in scenario.leviers]
    dits = {"rythme": "le rythme", "n_demolis": "le nombre de démolis"}
    if not inertes:
        return f"{objectif}."
    verbe = "n’y change" if len(inertes) == 1 else "n’y changent"
    return f"{objectif} ; dans une ICI, {langue.liste([dits[nom] for nom in inertes])} {verbe} rien."
