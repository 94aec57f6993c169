"""What is advised, in one French sentence. Expected lettings are an assumption, and say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mel_core.indicateurs.mesures import Objectif
from mel_core.socle import langue

_FRAGILITES = {
    "fragile": "quartier fragile",
    "moyenne": "quartier de fragilité moyenne",
    "sans": "quartier sans fragilité",
}


def _absent(valeur: Any) -> bool:
    return valeur is None or bool(pd.isna(valeur))


def phrase_de_quartier(ligne: Mapping[str, Any], objectif: Objectif | None) -> str:
    """One sentence for a row of `par_quartier`."""
    if ligne["quartier"] == "inconnu":
        n = ligne["n_entrants"]
        verbe = langue.agree(n, "ne dit pas son", "ne disent pas leur")
        return f"{langue.effectif(n, 'attribution')} {verbe} quartier."
    nom = ligne["nom"] if isinstance(ligne["nom"], str) else ligne["quartier"]
    commune = ligne["nom_commune"]
    ou = f"{nom} ({commune})" if isinstance(commune, str) and not nom.startswith(commune) else nom
    classe = _FRAGILITES.get(ligne["fragilite"])
    debut = f"{ou}, {classe}" if classe else ou
    return f"{debut} : {_constat(ligne)}{_conseil(ligne, objectif)}.".replace(" :", f"{langue.INSECABLE}:")


def _constat(ligne: Mapping[str, Any]) -> str:
    parts = [(ligne["part_entrants"], "des entrants"), (ligne["part_occupants"], "des occupants")]
    dites = [f"{langue.part(v, 0)} {qui}" for v, qui in parts if not _absent(v)]
    return langue.typeset(f"{' et '.join(dites)} sont modestes ; ") if dites else ""


def _conseil(ligne: Mapping[str, Any], objectif: Objectif | None) -> str:
    n = ligne["n_attendues"]
    if ligne["fragilite"] not in _FRAGILITES:
        return "sans classe de fragilité, pas d’objectif à préconiser"
    if objectif is None:
        return "aucun objectif d’équilibre en vigueur"
    sans, n_residences = ligne["n_sans_rotation"], ligne["n_residences"]
    manque = (
        "" if _absent(sans) or sans == 0 else f"{langue.effectif(sans, 'résidence')} sur {langue.nombre(n_residences)}"
    )
    if _absent(n):
        raison = f"la rotation manque pour {manque}" if manque else "aucune résidence n’y est décrite"
        return f"logements attendus inconnus, {raison}"
    attendus = f"{langue.effectif(n, 'logement attendu', 'logements attendus')} en six mois d’après la rotation"
    if manque:  # what is not wholly known is never called whole
        attendus = f"au moins {attendus}, qui manque pour {manque}"
    if n == 0:
        return f"{attendus}"
    return f"sur {attendus}, accueillir {_combien(ligne)}"


def _combien(ligne: Mapping[str, Any]) -> str:
    n = int(ligne["n_modestes"])
    if n == 0:
        return (
            "aucun ménage modeste" if ligne["fragilite"] == "fragile" else f"aucun ménage modeste de plus, {_AILLEURS}"
        )
    return f"{MESURES[ligne['fragilite']]}{_menages(n)}"


_AILLEURS = "l’objectif de la classe se tient avec ses autres quartiers"
# How the number of modest households advised is to be read, by class of quartier.
MESURES = {"fragile": "au plus ", "moyenne": "environ ", "sans": "au moins "}


def _menages(n: int) -> str:
    return langue.effectif(n, "ménage modeste", "ménages modestes") if n else "aucun ménage modeste"


def phrase_de_residence(ligne: Mapping[str, Any]) -> str:
    """One sentence for a row of `par_residence`."""
    nom = ligne["nom"] if isinstance(ligne["nom"], str) else f"Résidence {ligne['residence']}"
    n, modestes = ligne["n_attendues"], ligne["n_modestes"]
    if _absent(n):
        suite = "rotation inconnue, logements attendus inconnus"
    elif n == 0:
        suite = "aucun logement attendu en six mois d’après la rotation"
    else:
        suite = f"{langue.effectif(n, 'logement attendu', 'logements attendus')} en six mois d’après la rotation"
        if not _absent(modestes):
            suite = f"sur {suite}, {_menages(int(modestes))}"
    return f"{nom}{langue.INSECABLE}: {suite}."
