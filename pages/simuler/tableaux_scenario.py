"""The lines of a scenario's answer, as tables: by commune, by bailleur, target by target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from mel_core.secret.bail import reader
from mel_core.simulation.programmation import laissees
from mel_core.simulation.scenarios import Resultat
from mel_core.simulation.scenarios.projections import ResultatConvergence
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.commun import annonces, widgets
from pages.commun.choix_perimetre import Perimetre

_INDICATEURS = {"equilibre": "Ménages modestes", "aci": "Ménages ACI"}


def tableaux(choisi: Perimetre, resultat: Resultat) -> dict[str, Callable[[], None]]:
    """How to draw each table of an answer, by the title of its tab; a room has none by place."""
    traces: dict[str, Callable[[], None]] = {}
    if isinstance(resultat, ResultatConvergence) and not resultat.details["ecarts"].empty:
        traces["Par semestre"] = partial(_par_semestre, resultat)
    if resultat.scenario.simulation == "programmation" and not resultat.resultat.empty:
        traces["Par opération"] = partial(_par_operation, resultat.resultat)
    if not reader().lit_tout:
        return traces
    for cle in ("commune", "bailleur"):
        lignes = resultat.details.get(cle, pd.DataFrame())
        if "indicateur" in lignes:  # a plan answers for each of its indicators, which never add up
            for code, siennes in lignes.groupby("indicateur", sort=False):
                traces[f"{_INDICATEURS[code]}, par {cle}"] = partial(_par_lieu, choisi, siennes, cle)
        elif not lignes.empty:
            traces[f"Par {cle}"] = partial(_par_lieu, choisi, lignes, cle)
    if "objectifs" in resultat.details:
        traces["Objectif par objectif"] = partial(_objectifs, resultat.details["objectifs"], noms(choisi))
    return traces


def _par_semestre(resultat: ResultatConvergence) -> None:
    """Of a convergence, semester by semester: each class with its band, then the gap."""
    decimales = int(reader().lit_tout)
    connus = resultat.resultat[resultat.resultat["fragilite"].isin(resultat.classes_dites())]
    dites = [
        f"{langue.part(x.part)} ({langue.nombre(100 * x.part_min, decimales)} à "
        f"{langue.nombre(100 * x.part_max, decimales)})"
        for x in reader().projetees(connus).itertuples()
    ]
    par_classe = connus.assign(dit=dites).pivot(index="semestre", columns="fragilite", values="dit")
    lignes = par_classe.rename(columns=FRAGILITES_EN_TETE).reset_index().rename(columns={"semestre": "Semestre"})
    ecarts = reader().projetees(resultat.details["ecarts"]).set_index("semestre")
    for titre, colonne in (("Écart", "ecart"), ("Écart, au moins", "ecart_min"), ("Écart, au plus", "ecart_max")):
        lignes[titre] = [langue.points(100 * v) for v in ecarts[colonne].reindex(lignes["Semestre"])]
    widgets.grille(lignes, {}, "Part de ménages modestes par semestre", est_emporte=True)


def _par_operation(programmees: pd.DataFrame) -> None:
    """Every operation, before and after."""
    annonces.note(laissees(programmees))
    lignes = pd.DataFrame(
        {
            "Opération": programmees["nom"].fillna(programmees["operation"]),
            "Commune": programmees["nom_commune"],
            "Année": programmees["annee"].astype(str),
            "NPRU": ["oui" if x else "non" for x in programmees["npru"]],
            "Logements": programmees["n_logements"],
            "PLS": programmees["n_pls"],
            "PLUS": programmees["n_plus"],
            "PLAI": programmees["n_plai"],
            "Part de PLAI": programmees["part"],
            "PLUS visés": programmees["n_plus_vise"],
            "PLAI visés": programmees["n_plai_vise"],
            "Part visée": programmees["part_visee"],
        }
    )
    entiers = ["Logements", "PLS", "PLUS", "PLAI", "PLUS visés", "PLAI visés"]
    lues = lignes.astype(dict.fromkeys(entiers, "Float64"))
    widgets.grille(lues, {}, "Programmation par opération", est_emporte=True)


def noms(choisi: Perimetre) -> dict[str, str]:
    """What communes and bailleurs are called, by code."""
    return choisi.noms("commune") | choisi.bailleurs


def name(choisi: Perimetre, lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur; see `reponses.par`), with `code` and `nom`."""
    return lignes.assign(code=lignes[cle], nom=lignes[cle].map(noms(choisi)).fillna(lignes[cle]))


def _par_lieu(choisi: Perimetre, lues: pd.DataFrame, cle: str) -> None:
    lignes = name(choisi, lues, cle)
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
    widgets.grille(table, {}, f"À réorienter par {cle}", est_emporte=True)


def _objectifs(objectifs: pd.DataFrame, noms: Mapping[str, str]) -> None:
    """Every target of a plan: where, on how many, what it asks, before and after, what is short of it."""
    n = objectifs["n"]
    table = pd.DataFrame(
        {
            "Objectif": objectifs["indicateur"].map(_INDICATEURS),
            "Où": [_ou(x.commune, x.bailleur, x.fragilite, noms) for x in objectifs.itertuples()],
            "Visé": [_vise(x.plancher, x.plafond) for x in objectifs.itertuples()],
            "Attendues et connues": objectifs["n"],
            "Constat": objectifs["numerateur"] / n,
            "Avec le plan": objectifs["numerateur_vise"] / n,
            "Ménages manquants": objectifs["manque"],
        }
    )
    widgets.grille(
        table, dict.fromkeys(("Constat", "Avec le plan"), langue.part), "Objectifs du plan", est_emporte=True
    )


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
