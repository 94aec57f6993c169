"""Who asks, and what they read: what is observed is decided here, exact or by the rule, before a word is written.

Who asks is known of the run, of the fragment, of the click, of the command (`lease`), and asked for where a figure is
rendered (`reader`): no function hands a reader to another, so that none can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.secret.montrer import COMPTES, ECARTS, RegleDiffusion, regle_du, render
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.nombres import round_off
from mel_core.socle.valeurs import INCONNU, MANQUE, TROP, Compte

Exact = int | float | Fraction  # nan: unknown


@dataclass(frozen=True)
class Audience:
    """`lit_tout`: whoever may read every row, at its desk. `cle`, `code`: the cut and the code whose own places are
    exact (a commune, a bailleur); all the rest is by the rule, `montrer.render`. `par`: what cuts what is read.
    """

    lit_tout: bool = False
    cle: str = ""
    code: str = ""
    par: tuple[str, ...] = ()

    @property
    def regle(self) -> RegleDiffusion:
        """What is in force today, whatever the séance: it protects from who looks now."""
        return regle_du(aujourd_hui()).de(self.par)

    @property
    def dite(self) -> str:
        """The line that goes with what this audience reads."""
        if self.lit_tout:
            return "Chiffres exacts, non projetables"
        return f"Nombres arrondis à {self.regle.base}, parts à l’unité ; {self.regle.tus} ou moins : non dits" + (
            ", sauf les vôtres, exacts et non projetables" if self.code else ""
        )

    @property
    def parts_dites(self) -> str:
        """When a share is said: a dash tells nothing of it."""
        r = self.regle
        return (
            f"dites à partir de {r.part_des} connues ({r.classe_des} pour une classe de ressources), dont {r.tus + 1} "
            f"au moins de chaque côté ; de {r.cote_des} à {r.part_des - 1} connues, seul le côté de l’objectif"
        )

    def chez(self, cle: str, code: str) -> Audience:
        """Who reads of the place `code` of the cut `cle`: exactly, when it is one's own."""
        return replace(self, lit_tout=True) if self.code and (self.cle, self.code) == (cle, code) else self

    def covers(self, autre: Audience) -> bool:
        """Whether who reads so may be answered as `autre`: the room always may be, who reads every row as anybody, who
        reads its own place exactly as whoever does."""
        if (self.lit_tout and not self.code) or not (autre.lit_tout or autre.code):
            return True
        return bool(self.code) and (self.cle, self.code) == (autre.cle, autre.code)

    def de(self, par: tuple[str, ...]) -> Audience:
        """Who reads what is so cut (`RegleDiffusion.de`)."""
        return replace(self, par=par)

    def compte(self, n: Exact | None, *, est_sien: bool = False) -> Compte:
        """A count of households as this audience reads it; empty: unknown."""
        if n is None or pd.isna(n):
            return INCONNU
        if self.lit_tout or est_sien:
            return Compte(int(n))
        dit = self.regle.compte(int(n))
        return Compte(tus=self.regle.tus) if dit is None else Compte(dit)

    def manque(self, cellules: pd.DataFrame) -> Compte:
        """What the places of `cellules` (exact, one row each) lack together, each against its own objective: never made
        up for by one that is above. Not said where it would give back the numerators of the few that lack it."""
        manquants = cellules[cellules["sens"] == "manque"]
        if not self.compte(int(manquants["numerateur"].sum())).est_dit:
            return Compte(tus=self.regle.tus)
        return self.compte(int(manquants["ecart_attributions"].sum()))

    def part(self, numerateur: Exact, connus: Exact, *, est_classe: bool = False) -> float:
        """A share 0–1 of exact counts as this audience reads it; nan when it is not said. `est_classe`: see
        `RegleDiffusion.part`."""
        if not connus or pd.isna(connus) or pd.isna(numerateur):
            return float("nan")
        if self.lit_tout:
            return float(numerateur) / float(connus)
        dite = self.regle.part(int(numerateur), int(connus), est_classe=est_classe)
        return float("nan") if dite is None else float(dite)

    def classe(self, n: Exact, total: Exact) -> tuple[Compte, float]:
        """A class of a distribution as this audience reads it: its count, its share of the whole; unknown and nan when
        nothing of it is said. Of a cross of cuts (`par`) a room reads shares alone: counts of motives, profile by
        profile, gave a few back."""
        part, compte = self.part(n, total, est_classe=bool(self.par)), self.compte(n)
        return (INCONNU, part) if self.par and pd.isna(part) else (compte, part)

    def pour_une(self, valeur: Exact, effectifs: Collection[Exact]) -> float:
        """So many for one (demandes for an attribution), out of counts of `effectifs`, as this audience reads it: by
        the rule to the unit, nan where one of them is few. To a tenth it gave back, beside the demandes, attributions
        that are said to five."""
        if self.lit_tout or pd.isna(valeur):
            return float(valeur)
        return float(round_off(valeur)) if min(effectifs) >= self.regle.cote_des else float("nan")

    def projetee(self, part: float) -> float:
        """A share worked out over time, or the gap of two (0–1), as this audience reads it: to the unit per cent by
        the rule, for the first of them are observed and the others lead back to it; nan stays."""
        return part if self.lit_tout else round(float(part), 2)

    def projetees(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same rows, every real column so read."""
        return frame.assign(**{c: frame[c].map(self.projetee) for c in frame.select_dtypes("float64").columns})

    def comptes(self, frame: pd.DataFrame, colonnes: Sequence[str]) -> pd.DataFrame:
        """The same rows, the counts of `colonnes` as this audience reads them: each a `Compte`."""
        return _en_comptes(frame, colonnes, self.compte)

    def cellules(
        self, cellules: pd.DataFrame, par: Collection[str] = (), sienne: pd.Series | None = None
    ) -> pd.DataFrame:
        """The cells of an indicator (contract §4) as this audience reads them, then `cote` (`au-dessus`, `au-dessous`,
        `indecis`) of the objective, empty without one or where nothing is said.

        `par`: their cuts. `sienne`: which rows are of a place of this audience; by default those of its own code.
        A count is a `Compte`. An exact cell says its side by its share.
        """
        exactes = exactly(cellules.assign(cote=_cotes(cellules)), COMPTES)
        if self.lit_tout or cellules.empty:
            return exactes
        dites = render(cellules, par).drop(columns="masque")
        dites.index = cellules.index
        tu = Compte(tus=self.regle.de(par).tus)
        for compte in (c for c in COMPTES if c in cellules):
            # « 12 ou moins », and nothing to work out; of a résidence its attributions alone are said at all, and of a
            # gap that is kept back, its share not being said, not even that it is short.
            sus = cellules[compte].notna() & ("residence" not in par or compte == "n")
            if compte in ECARTS:
                sus &= dites["part"].notna()
            lus = zip(dites[compte], sus, strict=True)
            dits = [Compte(dit) if dit is not None else tu if su else INCONNU for dit, su in lus]
            dites[compte] = pd.Series(dits, cellules.index, dtype=object)
        for sens, autre in ((TROP, "ecart_manque"), (MANQUE, "ecart_trop")):
            if autre in dites:  # of a gap whose direction is told, nothing goes the other way
                dits = [
                    Compte(0) if s == sens and n.est_tu else n for s, n in zip(dites["sens"], dites[autre], strict=True)
                ]
                dites[autre] = pd.Series(dits, cellules.index, dtype=object)
        if sienne is None and self.cle in cellules:
            sienne = cellules[self.cle] == self.code
        if sienne is not None and sienne.any():
            dites[sienne] = exactes.astype(object)[sienne]
        return dites


def exactly(frame: pd.DataFrame, colonnes: Sequence[str]) -> pd.DataFrame:
    """The same rows, the counts of `colonnes` as values, exact: of dwellings, of what everybody knows, or to put beside
    what is read where a place is one's own."""
    return _en_comptes(frame, colonnes, PREPARATION.compte)


def _en_comptes(frame: pd.DataFrame, colonnes: Sequence[str], lire: Callable[[Any], Compte]) -> pd.DataFrame:
    presentes = [c for c in colonnes if c in frame]
    return frame.assign(**{c: pd.Series([lire(n) for n in frame[c]], frame.index, dtype=object) for c in presentes})


def _cotes(cellules: pd.DataFrame) -> pd.Series:
    if "cible" not in cellules or "part" not in cellules:
        return pd.Series([None] * len(cellules), cellules.index, dtype=object)
    observes = cellules["part"]
    if {"numerateur", "ecart_points"} <= set(cellules):  # a number (see `est_en_nombre`) is compared with a number
        est_part = cellules["cible"].isna() | cellules["part"].isna() | cellules["ecart_points"].notna()
        observes = observes.where(est_part, cellules["numerateur"])
    ecarts = zip(observes, cellules["cible"], strict=True)
    dits = [None if pd.isna(p) or pd.isna(c) else _cote(float(p), float(c)) for p, c in ecarts]
    return pd.Series(dits, cellules.index, dtype=object)


def _cote(observe: float, cible: float) -> str:
    return "indecis" if observe == cible else "au-dessus" if observe > cible else "au-dessous"


PREPARATION, SALLE = Audience(lit_tout=True), Audience()
PERSONNE = Audience(cle="personne")  # for whom what is kept for all is worked out
_accordee: ContextVar[Audience | None] = ContextVar("accordee", default=None)
_sans_bail = PREPARATION  # what is granted where nobody leased anything: all, to who has the machine


def reader() -> Audience:
    """Who asks, now. Raises `RuntimeError` where what is worked out will be kept for all: it is exact, and rendered for
    none of them."""
    if (accordee := _accordee.get()) is PERSONNE:
        raise RuntimeError("what is kept for all readers is rendered for none of them")
    return accordee or _sans_bail


@contextmanager
def lease(audience: Audience) -> Iterator[None]:
    """For the time of a run, of a piece of a page or of a click, who asks is answered as `audience` and no better,
    whatever was kept from another time. Raises `RuntimeError` where that is more than is granted already: a lease is
    given from outside, and only narrowed from within."""
    accordee = _accordee.get()
    if accordee is not None and not accordee.covers(audience):
        raise RuntimeError("who is answered is never answered more: a lease may only be narrowed")
    avant = _accordee.set(audience)
    try:
        yield
    finally:
        _accordee.reset(avant)


def require_lease() -> None:
    """In a process that serves others: where nobody leased anything, a room is answered."""
    global _sans_bail
    _sans_bail = SALLE
