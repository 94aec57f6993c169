"""What is looked at for blocages that nobody reported: measures, and the cells in which each is compared."""

from __future__ import annotations

from dataclasses import dataclass

HASARD = 3e-4  # chance, at most, that an ICI whose cells are all alike shows anything at all: three ICI, under 1e-3
INEGALITE = 0.01  # the same for an ICI whose cells are as uneven as usual
CELLULES_MIN = 10  # with fewer cells in scope, nobody can say what is usual
EFFECTIF_MIN = 20  # denominator of a cell that is looked at
ATTENDUES_MIN = 5.0  # attributions that the demand for a commune and typologie would have at the tension around


PART_INTERIEURE = 0.8  # of the excess of a cell: when a cell inside it has that much, it is told instead


@dataclass(frozen=True)
class MesureFamille:
    """A share `numerateur` / `denominateur` of the rows of a block of detection.sql, looked at grain by grain.

    `ecart_min`: least gap to the rest of the ICI, as a share (0–1), for a cell beyond its limit to be worth a word.
    """

    nom: str
    bloc: str
    numerateur: str
    denominateur: str
    ecart_min: float
    grains: tuple[tuple[str, ...], ...]


COMMUNE_TYPOLOGIE = ("commune", "typologie")
RESIDENCE = ("commune", "bailleur", "residence")
BAILLEUR_COMMUNE = ("commune", "bailleur")
_PASSAGES = (RESIDENCE, COMMUNE_TYPOLOGIE, BAILLEUR_COMMUNE)

REFUS = MesureFamille("refus_rang_1", "passages", "rang_1_refuses", "rang_1", 0.10, _PASSAGES)
NON_ATTRIBUTION = MesureFamille("non_attribution", "passages", "non_attribues", "decisions", 0.08, _PASSAGES)
VACANCE = MesureFamille("vacance", "stock", "vacants", "logements", 0.04, (RESIDENCE, BAILLEUR_COMMUNE))
PARTS = (REFUS, NON_ATTRIBUTION, VACANCE)

TENSION = "tension"
TENSION_MIN = 2.0  # least tension worth a word, in times that of the rest of the ICI
_N_FAMILLES = 1 + sum(len(m.grains) for m in PARTS)
NIVEAU_HASARD, NIVEAU_INEGALITE = HASARD / _N_FAMILLES, INEGALITE / _N_FAMILLES
