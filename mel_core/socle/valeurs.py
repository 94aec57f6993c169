"""What is answered of households, as who reads it reads it: exact, rounded, not said, or unknown; and its words.

`secret` alone makes them of exact numbers (`Audience.compte`): nobody downstream asks who reads, and nothing can be
worked out of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mel_core.socle import nombres

TROP, MANQUE = "trop", "manque"
_SOUS_TOUS = 0.5  # a place in a column that no count takes
_SOUS_UN = 1e-6  # of a gap: it tells apart those whose largest side is the same


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


def say_arrondi(total: Compte, parties: Iterable[Compte]) -> str:
    """`, à l’arrondi près`, where a total and its parts are all said, each to its own rounding, and do not add up."""
    dits = [n.dit for n in parties]
    sont_dits = total.dit is not None and None not in dits
    return ", à l’arrondi près" if sont_dits and total.dit != sum(filter(None, dits)) else ""


@dataclass(frozen=True, slots=True)
class Duree:
    """A period of `demandes` months, and how many of them the data cover (None: nobody kept it, none is missed)."""

    demandes: int
    couverts: int | None = None

    @property
    def est_entiere(self) -> bool:
        """Whether nothing says that part of it is left out: of part of a period, nothing is judged nor compared."""
        return self.couverts is None or self.couverts >= self.demandes

    def __str__(self) -> str:
        """`12 mois`, `6 mois sur 12`."""
        espace = nombres.INSECABLE
        if self.est_entiere:
            return f"{self.demandes}{espace}mois"
        return f"{self.couverts}{espace}mois sur{espace}{self.demandes}"


@dataclass(frozen=True, slots=True)
class Ecart:
    """A gap to an objective, in attributions: what is too many and what is missing, never netted. Both, where classes
    of quartiers pull both ways; neither said, where it is not. `entier`: both together, said where each is too few."""

    trop: Compte = INCONNU
    manque: Compte = INCONNU
    entier: Compte = INCONNU

    @property
    def en_tout(self) -> int:
        """Both sides together, as far as is read."""
        return (self.trop.dit or 0) + (self.manque.dit or 0) or (self.entier.dit or 0)

    @property
    def au_plus(self) -> int:
        """The most that both may be together."""
        est_dit = self.trop.est_dit or self.manque.est_dit
        return self.trop.au_plus + self.manque.au_plus if est_dit else self.entier.au_plus

    @property
    def taille(self) -> float:
        """What places are sorted by, the farthest being the largest: the largest number that is written of it, so that
        none stands over a larger one, then all that is said. 0 where nothing is."""
        return max(self.trop.dit or 0, self.manque.dit or 0) + _SOUS_UN * self.en_tout

    @property
    def est_des_deux(self) -> bool:
        """Whether some is too many and some is missing: a whole that is more than either may be has both."""
        est_des_petits = self.trop.est_tu and self.manque.est_tu and self.entier > self.trop.au_plus
        return est_des_petits or (self.trop > 0 and self.manque > 0)

    @property
    def est_partage(self) -> bool:
        """Whether both directions are told: of the one that is too few to be said, there may be none."""
        return (self.trop > 0 or self.manque > 0) and self.trop.est_possible and self.manque.est_possible

    @property
    def est_tenu(self) -> bool:
        """Whether nothing is too many nor missing, and that is read."""
        return self.trop == 0 and self.manque == 0

    @property
    def rang(self) -> float:
        """Its place in a column that is sorted."""
        if not (self.trop > 0 or self.manque > 0):
            return max(self.trop, self.manque, key=lambda n: n.est_tu).rang
        return float((self.trop.dit or 0) - (self.manque.dit or 0))

    @property
    def nu(self) -> int | str | None:
        """For a spreadsheet: a signed number, else its words; empty, unknown."""
        if not (self.trop.est_connu or self.manque.est_connu):
            return None
        est_dit = self.est_tenu or ((self.trop > 0 or self.manque > 0) and not self.est_partage)
        return (self.trop.dit or 0) - (self.manque.dit or 0) if est_dit else str(self)

    def dit(self, *, gras: bool = False) -> str:
        """`40 de trop`, `il en manque 15`, `40 de trop et 12 ou moins en manque`, `12 ou moins de chaque côté`; empty
        where nothing of it is said."""
        trop, manque = (f"**{n}**" if gras and n.est_dit else str(n) for n in (self.trop, self.manque))
        if self.est_partage:
            return f"{trop} de trop et {manque} en manque"
        if self.est_des_deux:
            return f"{trop} de chaque côté"
        return f"{trop} de trop" if self.trop > 0 else f"il en manque {manque}" if self.manque > 0 else ""

    def __str__(self) -> str:
        """`+40`, `−15`, `+40 −15`, `+12 ou moins −15`; `0`; `12 ou moins`."""
        est_double = self.est_partage or self.est_des_deux
        signes = (
            f"+{self.trop}" if self.trop > 0 or est_double else "",
            f"{nombres.MOINS}{self.manque}" if self.manque > 0 or est_double else "",
        )
        if dits := " ".join(filter(None, signes)):
            return dits
        return str(next((n for n in (self.trop, self.manque) if n.est_tu), self.trop))
