"""How a finding is made: its value in each circle, what it is worked out of, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from mel_core.seance.preuves.comptes import Comptes
from mel_core.seance.preuves.lieux_compares import Lieu
from mel_core.secret.bail import Audience, Compte
from mel_core.socle import langue
from mel_core.socle.langue import INSECABLE, Peu

CERCLES = ("secteur", "ici", "mel")


@dataclass(frozen=True)
class Dit:
    """What an audience reads of one circle: `valeur`, worked out of `compte` among `total` (a count has itself alone, a
    median its `total`). What is not said is a nan."""

    valeur: Compte
    compte: Compte
    total: Compte

    @property
    def est_dit(self) -> bool:
        return not pd.isna(self.valeur)


Dite = Callable[[Dit], str]
_TU = "d’une résidence, ni label ni ressources ne se disent en salle"


@dataclass(frozen=True)
class Constat:
    """One finding, exact; `read` and `phrase` say what an audience reads of it. What is not known is None, never 0.

    `unite`: nombre, part (0–1), rapport (demandes for one attribution), mois. `n`: the population looked at, known or
    not. `valeurs`: by circle (`secteur`, `ici`, `mel`), the same measure and profile, None too when the reader does not
    see the whole of it. `effectifs`: by circle, what its value is worked out of: (counted, all of them) of a share,
    (demandes counted in each commune that they want, attributions, households) of a tension, (all of them) of a count
    or a median. `quoi`: whose value it is, when the measure alone does not say it (a réservataire). `dite`: the clause
    of what is read in the sector; `inconnue`: the clause without a value. `nuls`: the circles where it has none because
    nobody is there to count: a room reads of them what it reads of a few.
    """

    mesure: str
    unite: str
    n: int
    valeurs: Mapping[str, float | None]
    effectifs: Mapping[str, tuple[int, ...]]
    lieu: Lieu
    dite: Dite
    inconnue: str
    quoi: str = ""
    est_du_profil: bool = True
    nuls: frozenset[str] = frozenset()

    @property
    def valeur(self) -> float | None:
        return self.valeurs["secteur"]

    @property
    def numerateur(self) -> int | None:
        """None for a count, a median, and without a value."""
        return self.effectifs["secteur"][0] if self._est_fraction else None

    @property
    def denominateur(self) -> int | None:
        return self.effectifs["secteur"][1] if self._est_fraction else None

    @property
    def _est_fraction(self) -> bool:
        return self.unite in ("part", "rapport") and self.valeur is not None

    def read(self, cercle: str, audience: Audience) -> Dit | None:
        """None when the value of the circle is not known, or not to be told (`est_tu`). A share is said by the rule, a
        tension and a median of so many households at the least; a sector inside the commune that reads is its own."""
        valeur, comptes = self.valeurs[cercle], self.effectifs[cercle]
        if cercle == "secteur":
            if self.est_tu(audience):
                return None
            audience = self.lieu.pour(audience)
        if valeur is None:
            peu = audience.compte(0)
            return Dit(float("nan"), peu, peu) if cercle in self.nuls and not audience.est_exacte else None
        compte, total = (audience.compte(n) for n in (comptes[0], comptes[min(1, len(comptes) - 1)]))
        if self.unite == "nombre":
            return Dit(compte, compte, total)
        if self.unite == "part":
            est_d_un_profil = bool(self.lieu.qui) and self.est_du_profil
            return Dit(audience.part(comptes[0], comptes[1], est_classe=est_d_un_profil), compte, total)
        est_dit = audience.est_exacte or min(comptes) >= audience.regle.cote_des
        return Dit(valeur if est_dit else float("nan"), compte, total)

    def est_tu(self, audience: Audience) -> bool:
        """Whether its sector is too narrow for this audience to read anything of its profile."""
        est_su = self.valeur is not None or "secteur" in self.nuls
        return self.lieu.est_a_taire and est_su and not self.lieu.pour(audience).est_exacte

    def phrase(self, audience: Audience) -> str:
        """The sentence as `audience` reads it, what counts between `**`."""
        debut = f"{self.lieu.ou}{self.lieu.qui}{INSECABLE}: "
        dit = self.read("secteur", audience)
        if dit is None:
            return f"{debut}{_TU if self.est_tu(audience) else self.inconnue}."
        se_compare = dit.est_dit or self.unite == "nombre" or (self.unite == "part" and not isinstance(dit.total, Peu))
        return f"{debut}{self.dite(dit)}{self._face(audience) if se_compare else ''}."

    def _face(self, audience: Audience) -> str:
        """« , contre 21 % dans l’ICI et 23 % dans la MEL »: the circles that are said."""
        # A demande counts in each commune that it wants: those of a circle are more than it has demandes.
        par = "par commune " if self.unite == "rapport" and len(self.lieu.communes) == 1 else ""
        faces = {"mel": "dans la MEL"} if self.lieu.est_entiere else {"ici": f"{par}dans l’ICI", "mel": "dans la MEL"}
        lus = [(self.read(c, audience), ou) for c, ou in faces.items()]
        dites = [f"{write(dit.valeur, self.unite)} {ou}" for dit, ou in lus if dit is not None and dit.est_dit]
        return f", {'sur' if self.unite == 'nombre' else 'contre'} {' et '.join(dites)}" if dites else ""


Lue = tuple[float | None, tuple[int, ...]]
Lecture = Callable[[str], Lue]  # of a circle: its value, what it is worked out of


@dataclass(frozen=True)
class Atelier:
    """How findings are made, from the counts of each circle in a place."""

    comptes: Comptes
    lieu: Lieu

    def part(self, table: str, k: str, n: str) -> Lecture:
        def lue(cercle: str) -> Lue:
            compte, total = (self.comptes.read(table, cercle, c) for c in (k, n))
            return (compte / total if self._est_connu(table, cercle) and total else None), (compte, total)

        return lue

    def compte(self, table: str, n: str) -> Lecture:
        def lue(cercle: str) -> Lue:
            compte = self.comptes.read(table, cercle, n)
            return (compte if self._est_connu(table, cercle) else None), (compte,)

        return lue

    def mediane(self, table: str, n: str) -> Lecture:
        def lue(cercle: str) -> Lue:
            valeur = self.comptes.mediane(table, cercle) if self._est_connu(table, cercle) else None
            return valeur, (self.comptes.read(table, cercle, n),)

        return lue

    def tension(self, cercle: str) -> Lue:
        """A demande counts in each commune that it wants, in the sector as in the ICI and the MEL."""
        souhaits, demandes = (self.comptes.read("demandes", cercle, c) for c in ("souhaits", "n_profil"))
        attributions = self.comptes.read("attributions", cercle, "n_profil")
        connue = attributions and all(self._est_connu(t, cercle) for t in ("demandes", "attributions"))
        return (souhaits / attributions if connue else None), (souhaits, attributions, demandes)

    def _est_connu(self, table: str, cercle: str) -> bool:
        return self.comptes.est_connu(table, cercle, self.lieu)

    def draw_up(
        self, mesure: str, unite: str, lecture: Lecture, population: tuple[str, str], dite: Dite, inconnue: str
    ) -> Constat:
        lues = {c: lecture(c) for c in CERCLES}
        vus = {"secteur", *self.comptes.cercles}
        tables = {population[0], *(("attributions",) if unite == "rapport" else ())}
        nuls = {
            c
            for c, (valeur, effectifs) in lues.items()
            if valeur is None and 0 in effectifs[-2:] and all(self._est_connu(t, c) for t in tables)
        }
        return Constat(
            mesure,
            unite,
            self.comptes.read(population[0], "secteur", population[1]),
            {c: valeur if c in vus else None for c, (valeur, _) in lues.items()},
            {c: effectifs for c, (_, effectifs) in lues.items()},
            # The demand is that of the communes around.
            replace(self.lieu, est_a_taire=False, est_croise=False) if population[0] == "demandes" else self.lieu,
            dite,
            inconnue,
            nuls=frozenset(nuls & vus),
        )


def write(valeur: Compte, unite: str) -> str:
    """A value in its unit: `40 %`, `8 mois`, `2,5`, `12 ou moins`; `—` when it is not said."""
    if unite == "part":
        return langue.part(valeur)
    if pd.isna(valeur):
        return langue.nombre(valeur)
    if unite == "mois":
        return f"{langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)}{INSECABLE}mois"
    return langue.nombre(valeur, 1 if unite == "rapport" and valeur < 10 else 0)
