"""The sentences of the bassins de vie. Pure: figures as they are read in, French out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.suivi.bassins import HABITE_OBTENU, HABITE_SOUHAITE, HORS_MEL, INCONNU, SOUHAITE_OBTENU
from mel_core.socle import langue

# What each flow is called; then who comes from a place, and who goes to it.
FLUX = {
    HABITE_OBTENU: "Habité → obtenu",
    HABITE_SOUHAITE: "Habité → souhaité",
    SOUHAITE_OBTENU: "Souhaité → obtenu",
}
COTES = {
    HABITE_OBTENU: ("venus de là", "partis là"),
    HABITE_SOUHAITE: ("en viendraient", "voudraient y aller"),
    SOUHAITE_OBTENU: ("le souhaitaient aussi", "l’ont obtenu"),
}
RESTES = {
    HABITE_OBTENU: "restés sur place",
    HABITE_SOUHAITE: "resteraient sur place",
    SOUHAITE_OBTENU: "l’ont souhaité et obtenu",
}
TITRES = {
    HABITE_OBTENU: "Baux de {duree} : d’où viennent les entrants, où vont ceux qui partent",
    HABITE_SOUHAITE: "Demandes actives : qui voudrait y venir, où voudraient aller ses habitants",
    SOUHAITE_OBTENU: "Baux de {duree} : ce que souhaitaient les entrants, ce qu’ont obtenu ceux qui le souhaitaient",
}
SANS_FLUX = "Rien à dessiner : ce flux ne compte aucun ménage, ou trop peu pour être dit."
LIEUX_DITS = {HORS_MEL: "Hors de la Métropole", INCONNU: "Lieu inconnu"}


def constat(territoire: str, ligne: Mapping[str, Any], duree: str) -> str:
    """The dwellings, those that are vacant, who enters and from where, who leaves. `duree`: `12 mois`."""
    return f"Territoire {territoire} : {_logements(ligne)} ; {_mouvements(ligne, duree)}."


def _logements(ligne: Mapping[str, Any]) -> str:
    if pd.notna(ligne["n_logements"]):
        dits = f"**{langue.effectif(ligne['n_logements'], 'logement social', 'logements sociaux')}**"
        vacants = ligne["part_vacants"]
        return dits if pd.isna(vacants) else f"{dits}, dont **{langue.part(vacants)}** vacants"
    if pd.notna(ligne["n_hlm"]):
        return f"**{langue.effectif(ligne['n_hlm'], 'logement HLM', 'logements HLM')}** (INSEE)"
    return "le nombre de logements sociaux n’est pas connu"


def _mouvements(ligne: Mapping[str, Any], duree: str) -> str:
    entrees = ligne["n_entrees"]
    if entrees == 0:
        return f"aucun bail signé en {duree}"
    dits = f"**{langue.effectif(entrees, 'bail signé', 'baux signés')}** en {duree}"
    if pd.notna(ligne["part_sur_place"]):
        dits += f", dont **{langue.part(ligne['part_sur_place'])}** à des ménages qui y vivaient déjà"
    departs = ligne["n_departs"]
    if departs.est_connu:
        loges = langue.agree(departs, "logé", "logés")
        dits += f" ; **{langue.nombre(departs)}** de ses habitants {loges} ailleurs"
    return dits


def dire_lieu(code: str, territoire: str, quoi: str) -> str:
    """A place of a flow as the chart names it."""
    if code == territoire:
        return f"{territoire} ({'souhaité et obtenu' if quoi == SOUHAITE_OBTENU else 'sur place'})"
    return LIEUX_DITS.get(code, code)


def inconnus(manques: Iterable[Manque]) -> str:
    """What no file gave; empty when nothing lacks."""
    colonnes = [f"« {c} » (table « {m.table} »)" for m in manques for c in m.colonnes]
    if not colonnes:
        return ""
    absentes = langue.agree(len(colonnes), "Inconnu faute de la colonne", "Inconnu faute des colonnes")
    return f"{absentes} {langue.liste(colonnes)} : à ajouter à l’export, puis importer depuis Préparer › Imports."


def flux_inconnu(manques: Iterable[Manque]) -> str:
    """Why a flow is not drawn."""
    colonnes = langue.liste([f"« {c} » (table « {m.table} »)" for m in manques for c in m.colonnes])
    return (
        f"Ce flux n’est pas connu : aucun fichier n’a donné {colonnes}. L’ajouter à l’export, puis importer depuis "
        "Préparer › Imports."
    )


def flux_tus(tus: int) -> str:
    """What a room is not told of the flows."""
    return f"Un flux de {langue.nombre(tus)} ménages ou moins n’est ni nommé ni dessiné."
