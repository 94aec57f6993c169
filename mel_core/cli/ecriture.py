"""Reports and answers as JSON or as a text to read."""

from __future__ import annotations

import json
from typing import Any

from mel_core.contrat.rapport import Gravite, Rapport

_ANOMALIES_AFFICHEES = 50


def en_json(contenu: Any) -> str:
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False)


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
