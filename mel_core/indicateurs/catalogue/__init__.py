"""The catalogue: each indicator of the contract (§4), declared once, by subject. What is counted, among whom, against
which rule, in which words; the screens of the bilan that show it, what documents, decisions and imports take of it.

Where each definition of the field is written: entrepot/schema.sql, portees.sql for what follows from it. What a field
of an entry means: `definitions`.
"""

from __future__ import annotations

from dataclasses import replace

from mel_core.indicateurs.catalogue import gestion, menages, peuplement
from mel_core.indicateurs.definitions import ACI, EQUILIBRE, Indicateur, Mesure, MesureBilan

__all__ = ["ACI", "A_CIBLE", "EQUILIBRE", "INDICATEURS", "MESURES", "OBJECTIFS", "TEMOINS"]

OBJECTIFS = EQUILIBRE, ACI
# In the order of the contract.
_TOUS = (*peuplement.TOUS, *menages.TOUS, *gestion.TOUS)
INDICATEURS: dict[str, Indicateur] = {i.nom: i for i in _TOUS}
_HORS_AGENDA = 1_000  # a rank beyond any line
# Those that an objective may be set for, what the law, the CIET and the accord set one for first.
_CIBLABLES = [i for i in _TOUS if i.mesure in (Mesure.PART, Mesure.PART_PAR_FRAGILITE, Mesure.FLUX)]
A_CIBLE = tuple(i.nom for i in sorted(_CIBLABLES, key=lambda i: not (i.sens or i.nom in OBJECTIFS)))
# Those that a decision may be judged by, as they are proposed.
TEMOINS = tuple(i.nom for i in sorted(_TOUS, key=lambda i: i.temoin) if i.temoin)
# In the order of the agenda, after the two objectives; the rules of the law, then what the agenda does not name, last.
MESURES: dict[str, MesureBilan] = {
    m.code: m
    for m in sorted(
        (replace(m, code=m.code or i.nom, indicateur=i.nom) for i in _TOUS for m in i.mesures),
        key=lambda m: (
            m.code not in OBJECTIFS,
            INDICATEURS[m.indicateur].depend_du_seuil,
            min(m.agenda, default=_HORS_AGENDA),
        ),
    )
}
