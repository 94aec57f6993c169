"""Snapshots: which one serves which séance, one small file replaced by one atomic rename; and how one is built, an
immutable DuckDB file named by its content, made aside and put in place by one rename.

So is what a frozen séance keeps when its rows are erased: counts and reference tables, no row of a person.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mel_core.entrepot import magasin
from mel_core.entrepot.remplissage import FORMAT, ContenuInstantane, describe, fill
from mel_core.socle import formes
from mel_core.socle.durable import synchronise
from mel_core.socle.erreurs import DonneesRefusees, ErreurUtilisateur
from mel_core.socle.partage import DansLeDossier, partage
from mel_core.socle.periodes import Seance

NOM = "registre.json"
EN_RETARD = "les dernières n’arrivent pas"
_AGE_S = 1.0  # another machine may have published since
_servis: dict[Path, Registre] = {}


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

    def require_ouverte(self, seance: Seance | None) -> None:
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
    def tous(self) -> tuple[Instantane, ...]:
        """Every snapshot that serves a séance."""
        return tuple(dict.fromkeys([*([self.courante] if self.courante else []), *self.par_seance.values()]))

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
        self.require_ouverte(seance)
        return replace(self, par_seance={**self.par_seance, str(seance): instantane})


def cle(seance: Seance, ici: str = "") -> str:
    """What a séance is called here: `2017S2` in every ICI, `2017S2-ICI 1` in one."""
    return f"{seance}-{ici}" if ici else str(seance)


def read(dossier: Path) -> Registre:
    """The registre of the store in `dossier`; empty when nothing was published. Where files come from elsewhere, the
    last one whose files are all here."""
    octets = partage(dossier).read(NOM, age=_AGE_S)
    if octets is None and (avant := DansLeDossier(dossier).read(NOM)):  # before it was shared
        write(dossier, _decode(avant))
        octets = avant
    lu = _decode(octets) if octets else Registre()
    return _arrived(dossier, lu) if magasin.est_distant() else lu


@lru_cache(maxsize=64)
def _decode(octets: bytes) -> Registre:
    return formes.decode_champs(Registre, json.loads(octets))


def _arrived(dossier: Path, lu: Registre) -> Registre:
    servi = _servis.get(dossier)
    if lu is servi or lu == servi:
        return lu
    if any(magasin.is_late(dossier, chemin(dossier, i.identifiant)) for i in lu.tous):
        return servi or lu
    _servis[dossier] = lu
    magasin.sweep(dossier, DOSSIER, VERROU)
    return lu


def est_en_retard(dossier: Path) -> bool:
    """Whether what was published last has not come to this machine yet."""
    if not magasin.est_distant():
        return False
    octets = partage(dossier).read(NOM, age=_AGE_S)
    return bool(octets) and _decode(octets) != read(dossier)


def write(dossier: Path, registre: Registre) -> None:
    """Replace the registre in one rename, once all that it names is where the others find it: a reader sees the old one
    or the new one, never a mixture."""
    for instantane in registre.tous:
        magasin.share(dossier, chemin(dossier, instantane.identifiant))
    octets = json.dumps(formes.encode_champs(registre), ensure_ascii=False, indent=1).encode()
    partage(dossier).write(NOM, octets)


DOSSIER = "jeux"
VERROU = ".verrou"  # of who publishes, erases or freezes
_PROVISOIRE = ".en-construction-"


@dataclass(frozen=True)
class Chargement:
    """What an import brings: kept rows by contract table (pseudonymised), which columns the files had, and which label
    columns that they had not were declared (see `Contenu`)."""

    tables: dict[str, pa.Table]
    colonnes_presentes: dict[str, frozenset[str]]
    nature: str
    parametres: tuple[str, ...] = ()  # texts of the added TOML files, in order
    declarees: dict[str, dict[str, str]] = field(default_factory=dict)


def chemin(dossier: Path, identifiant: str) -> Path:
    return dossier / DOSSIER / f"{identifiant}.duckdb"


def build(dossier: Path, chargement: Chargement, ancien: Path | None) -> tuple[str, str]:
    """Put a snapshot in place: the loaded tables replace those of `ancien`, the others are carried over.

    Returns its identifier and its nature. The same content gives the same identifier, and then nothing is built.
    """
    (dossier / DOSSIER).mkdir(parents=True, exist_ok=True)
    erase_les_restes(dossier)
    contenu = _melt(chargement, ancien)
    identifiant = _identifiant(contenu)
    destination = chemin(dossier, identifiant)
    if not destination.exists():
        with make_aside(destination) as base:
            fill(base, chargement.tables, contenu, ancien)
    return identifiant, contenu.nature


_DISQUE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


@contextmanager
def make_aside(destination: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty base to fill, which is then in place at `destination`, by one rename, durable when the block ends."""
    provisoire = destination.with_name(f"{_PROVISOIRE}{secrets.token_hex(6)}.duckdb")
    try:
        with duckdb.connect(str(provisoire)) as base:
            yield base
        with provisoire.open("rb+") as fichier:
            os.fsync(fichier.fileno())
        provisoire.replace(destination)
    except duckdb.Error as erreur:  # a full disk is told by the words of the system, whatever failed of it
        if refus := next((n for n in _DISQUE if os.strerror(n) in str(erreur)), None):
            raise OSError(refus, os.strerror(refus), str(destination)) from None
        raise
    finally:
        for reste in provisoire.parent.glob(f"{provisoire.name}*"):
            remove_reste(reste)
    synchronise(destination.parent)


def erase_les_restes(dossier: Path) -> None:
    """Leftovers of an import that was cut: the caller holds the lock, so nobody is writing them."""
    for reste in (dossier / DOSSIER).glob(f"{_PROVISOIRE}*"):
        remove_reste(reste)


def remove_reste(reste: Path) -> None:
    """A file, or the folder where DuckDB puts what does not fit in memory."""
    if reste.is_dir():
        shutil.rmtree(reste)
    else:
        reste.unlink()


def _melt(chargement: Chargement, ancien: Path | None) -> ContenuInstantane:
    if ancien is None:
        garde = ContenuInstantane(chargement.nature, {}, {}, ())
    else:
        with duckdb.connect(str(ancien), read_only=True) as base:
            garde = describe(base)
    empreintes = {nom: _empreinte(table) for nom, table in chargement.tables.items()}
    # A mixture of real and demonstration tables is real.
    tout_remplace = garde.empreintes.keys() <= empreintes.keys()
    return ContenuInstantane(
        chargement.nature if tout_remplace or garde.nature == "fictive" else "reelle",
        {**garde.empreintes, **empreintes},
        {**garde.colonnes_presentes, **chargement.colonnes_presentes},
        garde.parametres + tuple(t for t in chargement.parametres if t not in garde.parametres),
        {nom: d for nom, d in garde.declarees.items() if nom not in chargement.tables} | chargement.declarees,
    )


class _ResumeInstantane:
    """A write-only file that keeps only the digest of what it was given."""

    closed = False

    def __init__(self) -> None:
        self.sha = hashlib.sha256()

    def write(self, octets: Any) -> int:
        self.sha.update(octets)
        return len(octets)

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _empreinte(table: pa.Table) -> str:
    resume = _ResumeInstantane()
    with pa.ipc.new_stream(resume, table.schema) as flux:
        flux.write_table(table.combine_chunks())
    return resume.sha.hexdigest()


def _identifiant(contenu: ContenuInstantane) -> str:
    colonnes = {nom: sorted(presentes) for nom, presentes in contenu.colonnes_presentes.items()}
    declarees = {nom: sorted(d.items()) for nom, d in contenu.declarees.items() if d}
    tout = [
        FORMAT,
        contenu.nature,
        sorted(contenu.empreintes.items()),
        sorted(colonnes.items()),
        contenu.parametres,
        sorted(declarees.items()),
    ]
    return hashlib.sha256(json.dumps(tout, ensure_ascii=False).encode()).hexdigest()[:32]


GELEES = "gelees"
_REFERENCE = (
    "communes",
    "quartiers",
    "bailleurs",
    "tables_chargees",
    "parametres_cibles",
    "parametres_bornes",
    "parametres_fragilite_ips",
    "parametres_seuils",
    "parametres_plafonds",
)


def chemin_gele(dossier: Path, cle: str) -> Path:
    """`cle`: see `registre.cle`; an ICI may have any name, and any length."""
    seance, _, ici = cle.partition("-")
    suffixe = f"-{hashlib.sha256(ici.encode()).hexdigest()[:16]}" if ici else ""
    return dossier / GELEES / f"{seance}{suffixe}.duckdb"


def keep_gele(dossier: Path, cle: str, jeu: Path, comptes: Mapping[str, pa.Table]) -> None:
    """Write the file of `cle`, aside then in place: tables `comptes_<name>`, and the reference tables of `jeu`."""
    destination = chemin_gele(dossier, cle)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with make_aside(destination) as base:
        base.execute("attach $chemin as ancien (read_only)", {"chemin": str(jeu)})
        for nom in _REFERENCE:
            base.table(f"ancien.{nom}").create(nom)
        base.execute("detach ancien")
        for nom, table in comptes.items():
            base.from_arrow(table).create(f"comptes_{nom}")
        base.execute("checkpoint")
    magasin.share(dossier, destination, est_nouveau=True)
