"""The lines of a scenario's answer, as tables: by commune, by bailleur, target by target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from mel_core.simulation.scenarios import Resultat
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.commun import donnees, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.simuler import lignes_scenario

_INDICATEURS = {"equilibre": "Ménages modestes", "aci": "Ménages ACI"}


def tableaux(choisi: Perimetre, resultat: Resultat) -> dict[str, Callable[[], None]]:
    """How to draw each table of an answer, by the title of its tab. A plan tried has none for a room, nor the lines of
    its objectives: see `dessins_scenario`."""
    traces: dict[str, Callable[[], None]] = {}
    est_plan = "objectifs" in resultat.details
    if est_plan and resultat.scenario.leviers and not choisi.audience.est_exacte:
        return traces
    for cle in ("commune", "bailleur"):
        lignes = resultat.details.get(cle, pd.DataFrame())
        if "indicateur" in lignes:  # a plan answers for each of its indicators, which never add up
            for code, siennes in lignes.groupby("indicateur", sort=False):
                read = partial(lignes_scenario.name, choisi, siennes, cle)
                traces[f"{_INDICATEURS[code]}, par {cle}"] = partial(_par_lieu, read, cle)
        elif not lignes.empty:
            traces[f"Par {cle}"] = partial(_par_lieu, partial(lignes_scenario.read, choisi, resultat, cle), cle)
    if est_plan:
        traces["Objectif par objectif"] = partial(_objectifs, choisi, resultat.details["objectifs"], _noms(choisi))
    return traces


def _noms(choisi: Perimetre) -> dict[str, str]:
    ou = (choisi.instantane.identifiant, str(choisi.seance))
    communes, bailleurs = donnees.communes(*ou), donnees.bailleurs(*ou)
    return dict(zip(communes["commune"], communes["nom"], strict=True)) | dict(
        zip(bailleurs["bailleur"], bailleurs["nom"], strict=True)
    )


def _par_lieu(read: Callable[[], pd.DataFrame], cle: str) -> None:
    lignes = read()
    table = pd.DataFrame(
        {
            cle.capitalize(): lignes["nom"],
            "Attendues et connues": lignes["n_connus"],
            "À réorienter": lignes["a_reorienter"],
            "En moins": lignes["n_en_moins"],
            "En plus": lignes["n_en_plus"],
            "Part": lignes["part"],
            "Part visée": lignes["part_visee"],
        }
    )
    entiers = ["Attendues et connues", "À réorienter", "En moins", "En plus"]
    formats = dict.fromkeys(entiers, langue.nombre) | dict.fromkeys(("Part", "Part visée"), langue.part)
    widgets.grille(table, formats, f"À réorienter par {cle}", est_emporte=True)


def _objectifs(choisi: Perimetre, lus: pd.DataFrame, noms: Mapping[str, str]) -> None:
    """Every target of a plan: where, on how many, what it asks, before and after, what is short of it."""
    audience = choisi.audience
    objectifs = audience.comptes(lus, ("n", "manque"))
    avant, apres = (
        [audience.part(k, n) for k, n in zip(lus[c], lus["n"], strict=True)] for c in ("numerateur", "numerateur_vise")
    )
    table = pd.DataFrame(
        {
            "Objectif": objectifs["indicateur"].map(_INDICATEURS),
            "Où": [_ou(x.commune, x.bailleur, x.fragilite, noms) for x in objectifs.itertuples()],
            "Visé": [_vise(x.plancher, x.plafond) for x in objectifs.itertuples()],
            "Attendues et connues": objectifs["n"],
            "Constat": avant,
            "Avec le plan": apres,
            "Ménages manquants": objectifs["manque"],
        }
    )
    entiers, parts = ["Attendues et connues", "Ménages manquants"], ["Constat", "Avec le plan"]
    formats = dict.fromkeys(entiers, langue.nombre) | dict.fromkeys(parts, langue.part)
    widgets.grille(table, formats, "Objectifs du plan", est_emporte=True)


def _ou(commune: str, bailleur: str, fragilite: str, noms: Mapping[str, str]) -> str:
    termes = [noms.get(code, code) for code in (commune, bailleur) if code]
    return ", ".join([*termes, *([FRAGILITES_EN_TETE.get(fragilite, fragilite)] if fragilite else [])]) or "Ensemble"


def _vise(plancher: float, plafond: float) -> str:
    if pd.isna(plancher):
        return f"au plus {langue.part(plafond)}"
    return (
        f"au moins {langue.part(plancher)}"
        if pd.isna(plafond)
        else f"de {langue.part(plancher)} à {langue.part(plafond)}"
    )
