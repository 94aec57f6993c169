"""What is answered of households, as who reads it reads it: exact, rounded, not said, or unknown; and its words.

`secret` alone makes them of exact numbers (`Audience.compte`): nobody downstream asks who reads, and nothing can be
worked out of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.socle import nombres

TROP, MANQUE = "trop", "manque"
_SOUS_TOUS, _DEUX_SENS = 0.5, 0.25  # places in a column that no count takes


@dataclass(frozen=True, eq=False, slots=True)
class Compte:
    """A count. `dit`: what is read and may be drawn (None: nothing). `tus`: it is not said, and is from 0 to that many;
    unknown with neither.

    It compares with a number where that is sure, whatever is not said: 12 or less is under 30, and neither 0 nor above.
    """

    dit: int | None = None
    tus: int | None = None

    @property
    def est_dit(self) -> bool:
        return self.dit is not None

    @property
    def est_tu(self) -> bool:
        return self.tus is not None

    @property
    def est_connu(self) -> bool:
        """Said or not, it is known."""
        return self.est_dit or self.est_tu

    @property
    def est_possible(self) -> bool:
        """Whether there is somebody, or may be."""
        return self.est_tu or self > 0

    @property
    def au_plus(self) -> int:
        """The most that it may be; 0 of an unknown one."""
        return self.dit if self.dit is not None else self.tus or 0

    @property
    def rang(self) -> float:
        """Its place in a column that is sorted: what is not said, under the first one that is."""
        return _SOUS_TOUS if self.est_tu else float(self)

    @property
    def nu(self) -> int | str | None:
        """For a spreadsheet: a number, else its words; empty, unknown."""
        return str(self) if self.est_tu else self.dit

    def de(self, singulier: str, pluriel: str | None = None) -> str:
        """`1 204 attributions`, `1 attribution`, `12 attributions ou moins`; 0 reads `0 attribution`."""
        if self.tus is not None:
            return f"{self.tus}{nombres.INSECABLE}{nombres.agree(self.tus, singulier, pluriel)} ou moins"
        return f"{self}{nombres.INSECABLE}{nombres.agree(self.dit, singulier, pluriel)}"

    def __str__(self) -> str:
        return f"{self.tus} ou moins" if self.tus is not None else nombres.write(self.dit)

    def __float__(self) -> float:
        """As it is drawn: nan, nothing, where it is not said."""
        return float("nan") if self.dit is None else float(self.dit)

    def __eq__(self, autre: object) -> bool:
        if isinstance(autre, Compte):
            return (self.dit, self.tus) == (autre.dit, autre.tus)
        return self.dit is not None and self.dit == autre

    def __hash__(self) -> int:
        return hash(self.dit if self.dit is not None else self.tus)

    def __gt__(self, seuil: float) -> bool:
        return self.dit is not None and self.dit > seuil

    def __ge__(self, seuil: float) -> bool:
        return self.dit is not None and self.dit >= seuil

    def __lt__(self, seuil: float) -> bool:
        return self.est_connu and self.au_plus < seuil

    def __le__(self, seuil: float) -> bool:
        return self.est_connu and self.au_plus <= seuil


INCONNU = Compte()


@dataclass(frozen=True, slots=True)
class Ecart:
    """A gap to an objective, in attributions. `sens`: `trop` or `manque`; empty: both, class of quartiers by class, or
    a way that is not said."""

    n: Compte
    sens: str | None = None

    @property
    def _signe(self) -> str:
        if not self.n > 0:
            return ""
        return {TROP: "+", MANQUE: nombres.MOINS}.get(self.sens or "", "±")

    @property
    def rang(self) -> float:
        """Its place in a column that is sorted."""
        return -self.n.rang if self.sens == MANQUE else self.n.rang + (_DEUX_SENS if self._signe == "±" else 0)

    @property
    def nu(self) -> int | str | None:
        """For a spreadsheet: a signed number, else its words; empty, unknown."""
        if self.n.dit is None or self._signe == "±":
            return str(self) if self.n.est_connu else None
        return -self.n.dit if self.sens == MANQUE else self.n.dit

    def __str__(self) -> str:
        return f"{self._signe}{self.n}"
