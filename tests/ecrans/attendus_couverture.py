"""How much of what a page reads is unknown, worked out from the command line's answers."""

from __future__ import annotations

from typing import Any

from mel_core.indicateurs.definitions import par
from tests.ecrans.reponses import pour_cent

DU_QUARTIER = {"fragilite", "quartier", "qpv"}
COUPES_INCONNUES = (
    *("residence", "reservataire", "typologie", "financement", "enjeu_mixite"),
    *("fragilite_commune", "typologie_fragilite"),
)
_NON_LUES = ("q1_hors_qpv", "autres_en_qpv", "reservataires")


def part_inconnue(vue: Any) -> list[str]:
    """Under eight tenths known of what is read, the share that is not: of what is counted, or of a cut."""
    if vue.code in _NON_LUES:
        return []
    cellules = vue.reponses.cellules(vue.nom)
    total, inconnus = cellules[0]["n"], cellules[0]["n_inconnus"]
    if vue.nom == "ressources":
        inconnus = next(c["numerateur"] for c in cellules if c["classe"] == "inconnu")
    parts = [inconnus / total] if total else []
    coupes = set(par(vue.coupe)) if vue.mesure else {"quartier"} if vue.code == "equilibre" else set()
    coupes = {"quartier" if c in DU_QUARTIER else c for c in coupes}
    for coupe in coupes & {"quartier", *COUPES_INCONNUES} - ({"reservataire"} if vue.nom == "flux" else set()):
        lues = vue.reponses.cellules(vue.nom, coupe)
        sans = sum(c["n"] for c in lues if c[coupe] == "inconnu")
        parts.append(sans / max(sum(c["n"] for c in lues), 1))
    manque = max(parts, default=0)
    return [pour_cent(manque)] if 0.2 < round(manque, 12) < 1 else []
