"""Since when a dwelling of RPLS is vacant, at the 1st of January that its file describes."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from mel_core.contrat import valeurs
from mel_core.socle.periodes import step_back

_MOIS = re.compile(r"(0?[1-9]|1[0-2])/([0-9]{4})")
_ANNEE = re.compile(r"(?:19|20)[0-9]{2}")
_PREMIERE = 1950  # 01/1900 and the like mean that there is no date
_MOIS_DE_VACANCE = 3


@dataclass
class Vacance:
    """The year of the file: the one that it says, else the first that no date of its contradicts."""

    millesime: int = 0
    suivante: int = 0

    def see(self, bail: str, depart: str, millesime: str) -> None:
        if millesime and _ANNEE.fullmatch(millesime):
            self.millesime = max(self.millesime, int(millesime))
        for texte in (bail, depart):
            if texte and (lue := _read(texte)):
                jour, est_mois = lue
                est_debut = jour.month == 1 and (est_mois or jour.day == 1)
                self.suivante = max(self.suivante, jour.year if est_debut else jour.year + 1)

    def count_3_mois(self, vacants: list[tuple[str, str]], jour: str) -> str:
        """How many of `vacants` (date of departure, months) have been for 3 months; empty when one can't say."""
        sont = [self._est_longue(depart, duree, jour) for depart, duree in vacants]
        return "" if None in sont else str(sum(map(bool, sont)))

    def _est_longue(self, depart: str, duree: str, jour: str) -> bool | None:
        depuis = read_date(depart)
        if depuis is not None and jour:
            return depuis <= step_back(date.fromisoformat(jour), _MOIS_DE_VACANCE)
        mois = valeurs.read_nombre(duree) if duree else None
        return None if mois is None else mois > _MOIS_DE_VACANCE


def premier_janvier(vacance: Vacance) -> str:
    """`2018-01-01`; empty when nothing in the file is dated."""
    annee = vacance.millesime or vacance.suivante
    return f"{annee:04d}-01-01" if annee else ""


def read_date(texte: str) -> date | None:
    """A month stands for its last day: a dwelling is never vacant for longer than it may be."""
    lue = _read(texte) if texte else None
    if lue is None:
        return None
    jour, est_mois = lue
    return jour.replace(day=monthrange(jour.year, jour.month)[1]) if est_mois else jour


def _read(texte: str) -> tuple[date, bool] | None:
    if trouve := _MOIS.fullmatch(texte):
        jour, est_mois = date(int(trouve[2]), int(trouve[1]), 1), True
    else:
        lu = valeurs.read_date(texte)
        if lu is None:
            return None
        jour, est_mois = lu, False
    return (jour, est_mois) if jour.year >= _PREMIERE else None
