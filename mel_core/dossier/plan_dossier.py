"""What a dossier de séance must answer: each line of the agenda « Temps bilan et analyse », in its order."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import COUPES_DITES, MATRICE, ImageBilan, MesureBilan
from mel_core.indicateurs.definitions import par as cuts_of


@dataclass(frozen=True)
class PointDuPlan:
    """One line of the agenda: a measure of the bilan, its cells cut by `par`."""

    mesure: MesureBilan
    par: tuple[str, ...]

    @property
    def coupe(self) -> str:
        return self.par[-1]

    @property
    def indicateur(self) -> str:
        return self.mesure.indicateur

    @property
    def image(self) -> ImageBilan:
        """Réservataires are drawn by the share of the ACI: the sentence says their volume."""
        return ImageBilan.PARTS if self.mesure.image is ImageBilan.VOLUMES else self.mesure.image

    @property
    def repere(self) -> str:
        """What a side is told of, as the end of `au-dessus …`."""
        return "des occupants" if self.image is ImageBilan.PAIRES else "de l’objectif"

    @property
    def titre(self) -> str:
        croise = _CROISES.get(self.par, "par commune et bailleur")
        return f"{self.mesure.nommee or self.mesure.titre} {croise if len(self.par) > 1 else _par(self.coupe)}"

    @property
    def onglet(self) -> str:
        """`ACI par commune`: the name of its sheet in a workbook, which has 31 signs at most and none of []:*?/\\."""
        nom = self.mesure.onglet or self.mesure.nommee or self.mesure.titre
        if self.par in _CROISES:
            return nom
        par = _PAR_EN_COURT.get(self.coupe) or _par(self.coupe)
        place = _SIGNES_D_ONGLET - len(par) - 1
        return f"{nom if len(nom) <= place else f'{nom[: place - 1]}…'} {par}"


_SIGNES_D_ONGLET = 31
_CROISES = {cuts_of("mutation_fragilite"): "selon les ressources et la fragilité des quartiers"}
_PAR_EN_COURT = {"fragilite": "par fragilité", "fragilite_commune": "par fragilité des communes"}


def _par(coupe: str) -> str:
    """`par commune`, `selon la fragilité des quartiers`."""
    dite = COUPES_DITES[coupe][0].lower()
    return f"{'selon la' if coupe in _PAR_EN_COURT else 'par'} {dite}"


_LIGNES = sorted({rang for m in MESURES.values() for rang in m.agenda})
_TOUS = [PointDuPlan(m, cuts_of(c)) for rang in _LIGNES for m in MESURES.values() for c in m.agenda.get(rang, ())]
# Commune × bailleur is for the workbooks of each alone.
POINTS = tuple(p for p in _TOUS if p.par != cuts_of(MATRICE))
CROISES = tuple(p for p in _TOUS if p.par == cuts_of(MATRICE))
