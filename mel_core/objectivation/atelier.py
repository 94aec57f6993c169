"""How a finding is made: its value in each circle, what it is counted on, and the clause that says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mel_core import langue
from mel_core.langue import INSECABLE
from mel_core.objectivation.comptes import Comptes
from mel_core.objectivation.lieux import Lieu
from mel_core.secret.regroupement import SEUIL


@dataclass(frozen=True)
class Constat:
    """One finding. What is not known is None, never 0.

    `unite`: nombre, part (0–1), rapport (demandes for one attribution), mois. `n`: the population looked at, known or
    not; `numerateur` / `denominateur`: what the value is made of (None for a count or a median, which has none).
    `valeur_ici`, `valeur_mel`: the same measure and profile, None when the reader does not see the whole of it.
    `effectifs`: circle (`secteur`, `ici`, `mel`) → every count that its value gives back (those counted, those left,
    all of them). `projetee`: the sentence as a screen shows it, the value of the sector between `**`, without a circle
    that may not be projected. `quoi`: whose value it is, when the measure alone does not say it (a réservataire).
    """

    mesure: str
    unite: str
    valeur: float | None
    n: int
    numerateur: int | None
    denominateur: int | None
    valeur_ici: float | None
    valeur_mel: float | None
    phrase: str
    projetee: str = ""
    effectifs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    quoi: str = ""
    est_du_profil: bool = True

    def est_projetable(self, cercle: str = "secteur") -> bool:
        """Whether the value of a circle is known, and gives back no count under the threshold: neither one of its own,
        nor one of what it adds to a narrower circle that is shown beside it."""
        valeurs = {"secteur": self.valeur, "ici": self.valeur_ici, "mel": self.valeur_mel}
        return cercle in _projetables(valeurs, self.effectifs)

    def est_petit(self, cercle: str) -> bool:
        """Whether one of its own counts is under the threshold."""
        return _est_petit(self.effectifs.get(cercle, ()))


def _projetables(valeurs: Mapping[str, float | None], effectifs: Mapping[str, tuple[int, ...]]) -> list[str]:
    """The circles that may be shown together, the narrowest first."""
    montres: list[str] = []
    for cercle in ("secteur", "ici", "mel"):
        siens = effectifs.get(cercle, ())
        restes = [tuple(x - y for x, y in zip(siens, effectifs.get(autre, ()), strict=False)) for autre in montres]
        if valeurs[cercle] is not None and not any(map(_est_petit, (siens, *restes))):
            montres.append(cercle)
    return montres


def _est_petit(comptes: tuple[int, ...]) -> bool:
    return any(0 < n < SEUIL for n in comptes)


Comptage = Callable[[str], tuple[int, ...]]
Valeur = Callable[[str], float | None]


@dataclass(frozen=True)
class Atelier:
    """How one finding is made: its value, its counts and its clause, from the counts of each circle in a place."""

    comptes: Comptes
    lieu: Lieu

    def part(self, table: str, k: str, n: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            total = self.comptes.lire(table, cercle, n)
            connu = self.comptes.est_connu(table, cercle, self.lieu)
            return self.comptes.lire(table, cercle, k) / total if connu and total else None

        return valeur

    def compte(self, table: str, k: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            connu = self.comptes.est_connu(table, cercle, self.lieu)
            return self.comptes.lire(table, cercle, k) if connu else None

        return valeur

    def tension(self, cercle: str) -> float | None:
        """A demande counts in each commune that it wants, in the sector as in the ICI and the MEL."""
        attributions = self.comptes.lire("attributions", cercle, "n_profil")
        connu = all(self.comptes.est_connu(t, cercle, self.lieu) for t in ("demandes", "attributions"))
        return self.comptes.lire("demandes", cercle, "souhaits") / attributions if connu and attributions else None

    def comptage(self, table: str, *colonnes: str) -> Comptage:
        """The counts of a circle that a value gives back."""
        return lambda cercle: tuple(self.comptes.lire(table, cercle, c) for c in colonnes)

    def parmi(self, table: str, k: str, n: str) -> Comptage:
        """Those of a share: the counted, the others, all of them."""

        def comptes(cercle: str) -> tuple[int, ...]:
            compte, total = self.comptes.lire(table, cercle, k), self.comptes.lire(table, cercle, n)
            return compte, total - compte, total

        return comptes

    def mediane(self, table: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            return self.comptes.mediane(table, cercle) if self.comptes.est_connu(table, cercle, self.lieu) else None

        return valeur

    def dresser(
        self,
        mesure: str,
        unite: str,
        valeur: Valeur,
        population: tuple[str, str],
        dite: Callable[[str], str],
        inconnue: str,
        comptage: Comptage,
        fraction: tuple[str, str] | None = None,
    ) -> Constat:
        """`dite` puts the sector's value, already in words, into a clause; `inconnue`: the clause without one."""
        table, n = population
        sienne = valeur("secteur")
        ici, mel = (valeur(c) if c in self.comptes.cercles else None for c in ("ici", "mel"))
        effectifs = {c: comptage(c) for c in ("secteur", "ici", "mel")}
        montres = _projetables({"secteur": sienne, "ici": ici, "mel": mel}, effectifs)
        vus = (v if c in montres else None for c, v in (("ici", ici), ("mel", mel)))
        clause = projetee = inconnue
        if sienne is not None:
            mots = _ecrire(sienne, unite)
            clause = dite(mots) + self._face(unite, ici, mel)
            projetee = dite(f"**{mots}**") + self._face(unite, *vus)
        debut = f"{self.lieu.ou}{self.lieu.qui}{INSECABLE}: "
        k, d = (
            (self.comptes.lire(table, "secteur", c) for c in fraction)
            if fraction and sienne is not None
            else (None, None)
        )
        return Constat(
            mesure,
            unite,
            sienne,
            self.comptes.lire(table, "secteur", n),
            k,
            d,
            ici,
            mel,
            f"{debut}{clause}.",
            f"{debut}{projetee}.",
            effectifs,
        )

    def _face(self, unite: str, ici: float | None, mel: float | None) -> str:
        """« , contre 21 % dans l’ICI et 23 % dans la MEL »."""
        ici = None if self.lieu.est_entiere else ici
        faces = [(ici, "dans l’ICI"), (mel, "dans la MEL")]
        dites = [f"{_ecrire(v, unite)} {ou}" for v, ou in faces if v is not None]
        return f", {'sur' if unite == 'nombre' else 'contre'} {' et '.join(dites)}" if dites else ""


def _ecrire(valeur: float, unite: str) -> str:
    if unite == "part":
        return langue.part(valeur)
    if unite == "mois":
        return f"{langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)}{INSECABLE}mois"
    return langue.nombre(valeur, 1 if unite == "rapport" and valeur < 10 else 0)
