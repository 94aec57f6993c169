"""Frames and reports as JSON, CSV or a text to read."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pandas as pd

from mel_core.contrat.rapport import Gravite, Rapport

_EN_TETE_DANGEREUX = ("=", "+", "-", "@", "\t", "\r")
_ANOMALIES_AFFICHEES = 50


def lignes(cellules: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row; unknown is None, shares are not rounded."""
    return [
        {colonne: None if pd.isna(valeur) else valeur for colonne, valeur in zip(cellules, ligne, strict=True)}
        for ligne in cellules.astype(object).itertuples(index=False, name=None)
    ]


def en_json(contenu: Any) -> str:
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False)


def en_csv(cellules: pd.DataFrame) -> str:
    """CSV with a header. A text that a spreadsheet would run as a formula is made inert by a leading apostrophe."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, lineterminator="\n")
    plume.writerow(cellules.columns)
    for ligne in lignes(cellules):
        plume.writerow(["" if v is None else _inerte(v) for v in ligne.values()])
    return sortie.getvalue()


def _inerte(valeur: Any) -> Any:
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(_EN_TETE_DANGEREUX) else valeur


def rapport_en_texte(rapport: Rapport) -> str:
    """The report for a person: a line per table, then the anomalies, the gravest first, at most fifty."""
    morceaux = [
        f"{nom} : {b.lues} lignes lues = {b.gardees} gardées + {b.rejetees} rejetées + {b.doublons} doublons "
        f"({b.avertissements} avertissements)"
        for nom, b in rapport.tables.items()
    ]
    ordre = list(Gravite)
    triees = sorted(rapport.anomalies, key=lambda a: ordre.index(a.gravite))
    for a in triees[:_ANOMALIES_AFFICHEES]:
        lieu = ", ".join(x for x in (a.fichier, f"ligne {a.ligne}" if a.ligne else "", a.colonne or "") if x)
        morceaux.append(f"[{a.gravite}] {lieu} : {a.message}")
    reste = len(triees) - _ANOMALIES_AFFICHEES
    if reste > 0:
        morceaux.append(f"… et {reste} autres anomalies : les obtenir toutes avec --json.")
    return "\n".join(morceaux)
