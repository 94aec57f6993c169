"""The store in a folder: what it serves, to whom, and how a new snapshot takes its place."""

from __future__ import annotations

import copy
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from mel_core.contrat.lecture.brut import NUMERO_UNIQUE, PSEUDONYME
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import magasin, registre
from mel_core.entrepot.coffre import Pseudonymes
from mel_core.entrepot.lecteur import Lecteur, Portee, Retenues, open_base, open_gel
from mel_core.entrepot.registre import DOSSIER, Chargement, Instantane, build, chemin, chemin_gele, keep_gele
from mel_core.entrepot.remplissage import describe, nom_en_base
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.partage import partage
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

ESSAI = ".essai-"  # how the folder of a trial begins, in that of the store
_BASES_OUVERTES = 16
_LECTURES = 1000  # of one base: some twenty megabytes at most, for the time that opening it again takes (80 ms)


@dataclass
class _BaseOuverte:
    """An open database, what was recalled of its rows, and how many readers it has had.

    DuckDB keeps a trace of every block that a question borrowed, until the database is closed
    (https://github.com/duckdb/duckdb/pull/23444): the one that had its readers gives way to another of the same rows.
    """

    base: duckdb.DuckDBPyConnection
    retenues: Retenues
    lectures: int = 0


class Entrepot:
    """One store folder. Threads may share it: each reader has a cursor of its own."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self._bases: dict[tuple[Path, Portee], _BaseOuverte] = {}
        self._acces = threading.Lock()
        self._ici = ""

    def pour(self, ici: str) -> Entrepot:
        """The same store as `ici` reads it: a séance whose minutes it signed stays on what served it then, whatever is
        published for the others."""
        vue = copy.copy(self)
        vue._ici = ici
        return vue

    def instantane(self, seance: Seance | None = None) -> Instantane | None:
        """The snapshot that serves `seance` (or the current one); None when nothing was published."""
        return registre.read(self.dossier).pour(seance, self._ici)

    @property
    def servis(self) -> tuple[str, ...]:
        """The identifiants of the snapshots that serve a séance."""
        return tuple(sorted({i.identifiant for i in registre.read(self.dossier).tous}))

    def open(self, portee: Portee, seance: Seance | None = None, identifiant: str = "") -> Lecteur:
        """A reader of the rows of `portee` in the snapshot that serves `seance`: that of `identifiant`, where it serves
        it in one ICI.

        When `seance` is frozen and its rows were erased, the reader has the counts that it kept (`Lecteur.gel`).
        """
        instantane = registre.read(self.dossier).nomme(seance, identifiant) or self.instantane(seance)
        if instantane is None:
            quoi = (
                f"Aucun jeu de données ne sert la séance {seance}"
                if registre.read(self.dossier).par_seance
                else "Aucun jeu de données n’est publié"
            )
            raise ErreurUtilisateur(
                f"{quoi} : en importer un depuis Préparer › Imports, ou créer la démonstration par "
                "« python -m mel_core demo »."
            )
        fichier, ouvreur, gelee = chemin(self.dossier, instantane.identifiant), open_base, None
        if not fichier.exists():  # erased, maybe since the registre was read
            instantane = registre.read(self.dossier).nomme(seance, identifiant) or self.instantane(seance) or instantane
            fichier = chemin(self.dossier, instantane.identifiant)
        if not magasin.bring(self.dossier, fichier):
            fichier, ouvreur, gelee = self._agregats(seance, instantane), open_gel, seance
        return self._lecteur(fichier, portee, instantane, ouvreur, gelee)

    def open_publiee(self, identifiant: str, portee: Portee) -> Lecteur | None:
        """A reader of `portee` in a snapshot published before, whatever serves today; None once its file is gone."""
        fichier = chemin(self.dossier, identifiant)
        if not magasin.bring(self.dossier, fichier):
            return None
        return self._lecteur(fichier, portee, Instantane(identifiant, "", datetime.now(UTC)))

    def _lecteur(
        self,
        fichier: Path,
        portee: Portee,
        instantane: Instantane,
        ouvreur: Callable[[Path, Portee], duckdb.DuckDBPyConnection] = open_base,
        gelee: Seance | None = None,
    ) -> Lecteur:
        with self._acces:
            cle = (fichier, portee)
            if cle not in self._bases:
                # A file removed since leaves the disk once nobody holds it.
                for partie in [c for c in self._bases if not c[0].exists()]:
                    del self._bases[partie]
                while len(self._bases) >= _BASES_OUVERTES:
                    # Readers already open keep their cursor, hence the snapshot that they opened.
                    self._bases.pop(next(iter(self._bases)))
                self._bases[cle] = _BaseOuverte(ouvreur(fichier, portee), {})
            elif self._bases[cle].lectures == _LECTURES:
                self._bases[cle] = _BaseOuverte(ouvreur(fichier, portee), self._bases[cle].retenues)
            ouverte = self._bases[cle]
            ouverte.lectures += 1
            return Lecteur(ouverte.base, instantane, portee, gelee, ouverte.retenues)

    def _agregats(self, seance: Seance | None, servi: Instantane) -> Path:
        """What a frozen séance kept of `servi`, in the ICI that froze it or in all of them."""
        etat = registre.read(self.dossier)
        siennes = (nom for nom in sorted(etat.gelees, reverse=True) if nom.partition("-")[0] == str(seance))
        cle = next((nom for nom in siennes if etat.par_seance[nom].identifiant == servi.identifiant), None)
        if cle is None:
            raise ErreurUtilisateur(
                "Les lignes du jeu de données publié ont été effacées : importer un jeu de données, ou choisir une "
                "séance gelée."
            )
        gele = chemin_gele(self.dossier, cle)
        magasin.bring(self.dossier, gele)
        return gele

    def est_gelee(self, seance: Seance) -> bool:
        """Whether its figures move no more, in every ICI or in that of this reading (see `pour`)."""
        return not {str(seance), registre.cle(seance, self._ici)}.isdisjoint(registre.read(self.dossier).gelees)

    def propres(self) -> dict[str, Instantane]:
        """The séances that are not frozen and have a snapshot of their own: a general load takes them over."""
        return registre.read(self.dossier).propres

    def freeze(self, seance: Seance, comptes: Mapping[str, pa.Table]) -> None:
        """Pin `seance` to the snapshot that serves it, and keep its `comptes` for when the rows are erased.

        The counts are in place before the switch: a séance is never frozen without them. The caller holds `reserve()`.
        """
        avant = registre.read(self.dossier)
        apres, cle = avant.freeze(seance, self._ici), registre.cle(seance, self._ici)
        keep_gele(self.dossier, cle, chemin(self.dossier, apres.par_seance[cle].identifiant), comptes)
        registre.write(self.dossier, apres)

    @property
    def existe(self) -> bool:
        """Whether data were ever published here."""
        return partage(self.dossier).read(registre.NOM) is not None

    def pseudonymes(self) -> Pseudonymes:
        """Raises `ErreurUtilisateur` on a machine that was not given the key of the others."""
        if magasin.est_distant() and self.existe and not Pseudonymes.a_sa_cle(self.dossier):
            raise ErreurUtilisateur(
                "La clé des pseudonymes (cle_pseudonymes) manque sur cette machine : la recopier de celle qui a publié "
                "les données, puis recommencer."
            )
        self.dossier.mkdir(parents=True, exist_ok=True)
        return Pseudonymes.du_dossier(self.dossier)

    @contextmanager
    def reserve(self) -> Iterator[None]:
        """Keep other imports and erasures out; released by the system if the process dies."""
        with partage(self.dossier).reserve(registre.VERROU) as est_a_nous:
            if not est_a_nous:
                raise ErreurUtilisateur(
                    "Un import, un effacement ou un gel de séance est en cours dans ce dossier de données : attendre "
                    "qu’il se termine, puis recommencer."
                )
            self.dossier.mkdir(parents=True, exist_ok=True)
            yield

    def publish(
        self, chargement: Chargement, seance: Seance | None = None, base: Instantane | None = None
    ) -> tuple[Instantane, bool]:
        """Build the snapshot, then serve it to `seance` or to every séance that is not frozen, in one switch.

        Tables that `chargement` does not bring are those of `base`. Returns the snapshot and whether anything changed:
        the same content over the same snapshot changes nothing. The caller holds `reserve()`.
        """
        avant = registre.read(self.dossier)
        avant.require_ouverte(seance)  # a frozen séance refuses before any work
        ancien = chemin(self.dossier, base.identifiant) if base else None
        identifiant, nature = build(self.dossier, chargement, ancien)
        instantane = Instantane(identifiant, nature, datetime.now(UTC).replace(microsecond=0))
        servi = avant.pour(seance)
        if servi is not None and servi.identifiant == identifiant:
            instantane = servi
        apres = avant.publish(instantane, seance)
        if apres != avant:
            registre.write(self.dossier, apres)
        return instantane, apres != avant

    def go_back(self, identifiant: str, seance: Seance | None = None) -> tuple[Instantane, bool]:
        """Serve again a snapshot published before, to `seance` or to every séance that is not frozen.

        Returns it and whether anything changed. Raises `ErreurUtilisateur` when it is no longer there. The caller holds
        `reserve()`.
        """
        avant = registre.read(self.dossier)
        avant.require_ouverte(seance)
        with duckdb.connect(str(self._publie(identifiant)), read_only=True) as base:
            nature = describe(base).nature
        servi = avant.pour(seance)
        if servi is not None and servi.identifiant == identifiant:
            return servi, False
        instantane = Instantane(identifiant, nature, datetime.now(UTC).replace(microsecond=0))
        registre.write(self.dossier, avant.publish(instantane, seance))
        return instantane, True

    def snapshots(self, sauf: Collection[str]) -> list[tuple[Instantane, dict[str, int]]]:
        """Each snapshot that is still there, `sauf` these, and its rows by table. One that can't be opened is not.
        When one that serves no séance any more was published is told by its file."""
        tenus, servis = [], {i.identifiant: i for i in registre.read(self.dossier).tous}
        for fichier in magasin.present(self.dossier, DOSSIER):
            if fichier.stem in sauf:
                continue
            try:
                with duckdb.connect(str(fichier), read_only=True) as base:
                    nature, lignes = describe(base).nature, base.sql("select nom, n from tables_chargees").fetchall()
            except duckdb.Error:
                continue
            quand = datetime.fromtimestamp(int(fichier.stat().st_mtime), UTC)
            tenus.append((servis.get(fichier.stem, Instantane(fichier.stem, nature, quand)), dict(lignes)))
        return tenus

    def precedentes(self, base: Instantane, n: int) -> list[Path]:
        """The files of the `n` last snapshots of the nature of `base`, itself among them, the last one first."""
        autres = sorted(self.snapshots({base.identifiant}), key=lambda tenu: tenu[0].publie_le, reverse=True)
        retenus = [base, *(i for i, _ in autres if i.nature == base.nature)]
        return [f for i in retenus[:n] if magasin.bring(self.dossier, f := chemin(self.dossier, i.identifiant))]

    @contextmanager
    def open_both(self, avant: str, apres: str) -> Iterator[tuple[Lecteur, Lecteur, pd.DataFrame]]:
        """A reader of each of two snapshots published before, and the rows added, gone and changed in each table."""
        fichiers = [self._publie(identifiant) for identifiant in (avant, apres)]
        with _open_entier(fichiers[0]) as un, _open_entier(fichiers[1]) as deux:
            yield un, deux, ecarts(*fichiers)

    def _publie(self, identifiant: str) -> Path:
        fichier = chemin(self.dossier, identifiant)
        if not magasin.bring(self.dossier, fichier):
            raise ErreurUtilisateur(
                f"La publication {identifiant[:12]} n’est plus là, des personnes en ont été effacées : importer de "
                "nouveau ses fichiers."
            )
        return fichier

    @contextmanager
    def try_out(self, chargement: Chargement, base: Instantane) -> Iterator[tuple[Lecteur, pd.DataFrame]]:
        """What publishing `chargement` over `base` would serve, without publishing: a reader of it, and the rows added,
        gone and changed in each table. Gone with the block. The caller holds `reserve()`.
        """
        ancien = chemin(self.dossier, base.identifiant)
        with tempfile.TemporaryDirectory(dir=self.dossier, prefix=ESSAI, ignore_cleanup_errors=True) as aside:
            identifiant, nature = build(Path(aside), chargement, ancien)
            nouveau = chemin(Path(aside), identifiant)
            with _open_entier(nouveau, nature) as lecteur:
                yield lecteur, ecarts(ancien, nouveau)

    def add_parametres(self, texte: str) -> bool:
        """Add the dated parameters of a TOML `texte` to every snapshot that serves a séance that is not frozen.

        Same tables, one switch. Returns whether anything changed. The caller holds `reserve()`.
        """
        return renew(self.dossier, lambda ancien: Chargement({}, {}, ancien.nature, (texte,)))


def renew(dossier: Path, change: Callable[[Instantane], Chargement | None]) -> bool:
    """Each snapshot that serves a séance that is not frozen gives way to the same one with what `change` gives, all in
    one switch. Returns whether anything changed. The caller holds `reserve()`."""
    avant, nouveaux = registre.read(dossier), {}
    for ancien in avant.mobiles:
        if (chargement := change(ancien)) is None:
            continue
        identifiant, nature = build(dossier, chargement, chemin(dossier, ancien.identifiant))
        if identifiant != ancien.identifiant:
            nouveaux[ancien.identifiant] = replace(ancien, identifiant=identifiant, nature=nature)
    if nouveaux:
        registre.write(dossier, avant.replace(nouveaux))
    return bool(nouveaux)


@contextmanager
def _open_entier(fichier: Path, nature: str = "") -> Iterator[Lecteur]:
    """A reader of every row of a snapshot, whatever it serves."""
    instantane, portee = Instantane(fichier.stem, nature, datetime.now(UTC)), Portee.mel()
    with open_base(fichier, portee) as base, Lecteur(base, instantane, portee) as lecteur:
        yield lecteur


_SQL = blocs(__file__, "ecarts.sql")


def ecarts(avant: Path, apres: Path) -> pd.DataFrame:
    """One row per table of the contract: `table`, rows `avant` and `apres`, `ajoutees`, `parties`, `changees`."""
    lignes = []
    with duckdb.connect() as base:
        base.execute("attach $chemin as avant (read_only)", {"chemin": str(avant)})
        base.execute("attach $chemin as apres (read_only)", {"chemin": str(apres)})
        for nom, table in TABLES.items():
            cle = [PSEUDONYME if c == NUMERO_UNIQUE else c for c in table.identite]
            en_base = nom_en_base(nom)
            cotes = {"avant": f"avant.{en_base}", "apres": f"apres.{en_base}"}
            comptes = base.execute(_SQL["ecarts"], {"cle": cle, **cotes}).df()
            lignes.append(comptes.assign(table=nom))
    return pd.concat(lignes, ignore_index=True)[["table", "avant", "apres", "ajoutees", "parties", "changees"]]
