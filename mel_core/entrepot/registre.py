"""Which snapshot serves which séance: one small file, replaced by one atomic rename."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from mel_core.socle import formes
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import DonneesRefusees, ErreurUtilisateur
from mel_core.socle.periodes import Seance

NOM = "registre.json"


@dataclass(frozen=True)
class Instantane:
    """A snapshot made available: `identifiant` names its file, `nature` says what the data are."""

    identifiant: str
    nature: str
    publie_le: datetime


@dataclass(frozen=True)
class Registre:
    """`courante` serves every séance without a snapshot of its own; a frozen one keeps the one that it had, in the ICI
    that froze it or in all of them (see `cle`)."""

    courante: Instantane | None = None
    par_seance: dict[str, Instantane] = field(default_factory=dict)
    gelees: frozenset[str] = frozenset()

    def pour(self, seance: Seance | None, ici: str = "") -> Instantane | None:
        commune = self.par_seance.get(str(seance), self.courante)
        return self.par_seance.get(cle(seance, ici), commune) if seance and ici else commune

    def nomme(self, seance: Seance | None, identifiant: str) -> Instantane | None:
        """The snapshot of this name, if it serves `seance`, in one ICI at the least."""
        siennes = (i for nom, i in self.par_seance.items() if nom.partition("-")[0] == str(seance))
        return next((i for i in siennes if i.identifiant == identifiant), None)

    def verify_ouverte(self, seance: Seance | None) -> None:
        if str(seance) in self.gelees:
            raise DonneesRefusees(
                f"La séance {seance} est gelée : ses chiffres ne changent plus, publier pour une autre séance."
            )

    def freeze(self, seance: Seance, ici: str = "") -> Registre:
        """Pin to `seance` (in `ici` alone, when given) the snapshot that serves it now: neither a load nor a parameter
        moves it any more."""
        servi = self.pour(seance, ici)
        if servi is None:
            raise ErreurUtilisateur(
                f"La séance {seance} ne peut pas être gelée, aucun jeu de données n’est publié : en importer un."
            )
        par_seance = {**self.par_seance, cle(seance, ici): servi}
        return replace(self, par_seance=par_seance, gelees=self.gelees | {cle(seance, ici)})

    @property
    def propres(self) -> dict[str, Instantane]:
        """The snapshots of the séances that have one of their own and are not frozen, earliest séance first."""
        return {s: i for s, i in sorted(self.par_seance.items()) if s not in self.gelees}

    @property
    def mobiles(self) -> tuple[Instantane, ...]:
        """The snapshots that serve the séances that are not frozen."""
        return tuple(dict.fromkeys([*([self.courante] if self.courante else []), *self.propres.values()]))

    def replace(self, nouveaux: dict[str, Instantane]) -> Registre:
        """Each snapshot (by identifiant) gives way to its new one, save where a séance is frozen."""

        def suivant(instantane: Instantane) -> Instantane:
            return nouveaux.get(instantane.identifiant, instantane)

        par_seance = {s: i if s in self.gelees else suivant(i) for s, i in self.par_seance.items()}
        return replace(self, courante=suivant(self.courante) if self.courante else None, par_seance=par_seance)

    def publish(self, instantane: Instantane, seance: Seance | None) -> Registre:
        """Serve `instantane` to `seance`, or to every séance that is not frozen."""
        if seance is None:
            gardees = {s: p for s, p in self.par_seance.items() if s in self.gelees}
            return replace(self, courante=instantane, par_seance=gardees)
        self.verify_ouverte(seance)
        return replace(self, par_seance={**self.par_seance, str(seance): instantane})


def cle(seance: Seance, ici: str = "") -> str:
    """What a séance is called here: `2017S2` in every ICI, `2017S2-ICI 1` in one."""
    return f"{seance}-{ici}" if ici else str(seance)


def read(dossier: Path) -> Registre:
    """The registre of the store in `dossier`; empty when nothing was published."""
    chemin = dossier / NOM
    try:
        vu = chemin.stat()
        return _read(chemin, (vu.st_ino, vu.st_mtime_ns, vu.st_size))
    except FileNotFoundError:
        return Registre()


@lru_cache(maxsize=64)  # a page asks fifty times; each publication is another file
def _read(chemin: Path, _fichier: tuple[int, int, int]) -> Registre:
    lu: Registre = formes.decode_champs(Registre, json.loads(chemin.read_text(encoding="utf-8")))
    return lu


def write(dossier: Path, registre: Registre) -> None:
    """Replace the registre in one rename: a reader sees the old one or the new one, never a mixture."""
    write_whole(dossier / NOM, json.dumps(formes.encode_champs(registre), ensure_ascii=False, indent=1).encode())
