"""Erasing people from the store: which snapshots hold them, the same ones without them, the old files removed.

DuckDB keeps deleted bytes in place: a person leaves a snapshot only with its file. Every function asks that the caller
hold `Entrepot.reserve()`.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from mel_core.contrat.lecture.brut import NUMERO_UNIQUE
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import magasin, registre
from mel_core.entrepot.entrepot import ESSAI, renew
from mel_core.entrepot.registre import DOSSIER, GELEES, Chargement, Instantane, chemin, chemin_gele
from mel_core.entrepot.remplissage import describe, retype
from mel_core.socle.durable import synchronise
from mel_core.socle.erreurs import cause
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "effacement.sql")
_NOMINATIVES = tuple(nom for nom, table in TABLES.items() if NUMERO_UNIQUE in table.noms)


@dataclass(frozen=True)
class Porteur:
    """A snapshot file that holds people to erase, or that does not open (`est_lisible`).

    `menages`: which of them. `lignes`: their rows by table of the contract. `est_servi`: it serves a séance that is not
    frozen. `gelees`: the frozen séances that it serves. `baux`: the days of their bails.
    """

    fichier: Path
    menages: frozenset[str] = field(default=frozenset(), repr=False)
    lignes: dict[str, int] = field(default_factory=dict)
    est_servi: bool = False
    gelees: tuple[str, ...] = ()
    baux: frozenset[date] = frozenset()
    est_lisible: bool = True


def connus(dossier: Path) -> set[str]:
    """The pseudonyms of every snapshot file that opens, served or not."""
    return {
        pseudonyme
        for _, base in _bases(dossier)
        if base
        for table in _porteuses(base)
        for (pseudonyme,) in base.execute(_SQL["pseudonymes"], {"table": table}).fetchall()
    }


def radies(dossier: Path, limite: date) -> set[str]:
    """Who was struck off on `limite` or before, in any file, and is not in service as still active or more recent."""
    servis = _servis(dossier)
    passes: set[str] = set()
    presents: set[str] = set()
    for fichier, base in _bases(dossier):
        if base is None or "jeu.demandes" not in _porteuses(base):
            continue
        for pseudonyme, est_passee in base.execute(_SQL["demandes"], {"limite": limite}).fetchall():
            if est_passee:
                passes.add(pseudonyme)
            elif fichier in servis:
                presents.add(pseudonyme)
    return passes - presents


def find(dossier: Path, pseudonymes: Collection[str]) -> list[Porteur]:
    """The snapshot files that hold some of `pseudonymes`, and those that can't be read."""
    servis, etat = _servis(dossier), registre.read(dossier)
    porteurs = []
    for fichier, base in _bases(dossier):
        gelees = tuple(s for s in sorted(etat.gelees) if chemin(dossier, etat.par_seance[s].identifiant) == fichier)
        porteur = Porteur(fichier, est_servi=fichier in servis, gelees=gelees, est_lisible=base is not None)
        if base is not None:
            _store_pseudonymes(base, pseudonymes)
            n = {t: base.execute(_SQL["compter"], {"table": t}).fetchall()[0][0] for t in _porteuses(base)}
            if not any(n.values()):
                continue
            lus = (base.execute(_SQL["menages"], {"table": t}).fetchall() for t, k in n.items() if k)
            lignes = {nom: n.get(f"jeu.{nom}", 0) for nom in _NOMINATIVES}
            baux = frozenset(jour for (jour,) in base.execute(_SQL["baux"]).fetchall())
            menages = frozenset(p for ligne in lus for (p,) in ligne)
            porteur = replace(porteur, menages=menages, lignes=lignes, baux=baux)
        porteurs.append(porteur)
    return porteurs


def publish_sans(dossier: Path, pseudonymes: Collection[str]) -> None:
    """Every snapshot in service that holds some of them gives way to the same one without, all in one switch.

    A frozen séance stays where it is: it answers from its counts once the file of its rows is removed.
    """

    def change(ancien: Instantane) -> Chargement | None:
        with _open(chemin(dossier, ancien.identifiant)) as base:
            return _sans(base, pseudonymes, ancien.nature) if base else None

    renew(dossier, change)


def remove(dossier: Path, pseudonymes: Collection[str]) -> list[str]:
    """Remove every file that still holds some of them, and what a cut left behind. What stays, in sentences."""
    restes = []
    registre.erase_les_restes(dossier)
    for essai in dossier.glob(f"{ESSAI}*"):
        registre.remove_reste(essai)
    for porteur in find(dossier, pseudonymes):
        nom = f"{DOSSIER}/{porteur.fichier.name}"
        sans_effectifs = [cle for cle in porteur.gelees if not magasin.bring(dossier, chemin_gele(dossier, cle))]
        if not porteur.est_lisible:
            restes.append(f"{nom} ne s’ouvre pas, nul ne sait qui s’y trouve : l’ôter, ou le remettre d’une copie.")
        elif porteur.est_servi:
            restes.append(f"{nom} est encore en service : recommencer la même commande.")
        elif sans_effectifs:
            restes.append(
                f"{nom} sert seul la séance {sans_effectifs[0]}, gelée, dont les effectifs ({GELEES}/) manquent : "
                "les remettre d’une copie, puis recommencer."
            )
        else:
            try:
                magasin.forget(dossier, porteur.fichier)
                porteur.fichier.unlink()
            except OSError as erreur:
                restes.append(f"{nom} n’a pas pu être ôté ({cause(erreur)}) : arrêter l’application, puis recommencer.")
    shutil.rmtree(dossier / "protections", ignore_errors=True)  # what earlier versions worked out of a snapshot
    for autre in sorted((dossier / DOSSIER).glob("*")):
        if autre.suffix != ".duckdb":
            restes.append(f"{DOSSIER}/{autre.name} n’est pas un jeu publié : regarder ce que c’est, et l’ôter.")
    if (dossier / DOSSIER).is_dir():
        synchronise(dossier / DOSSIER)
    return restes


def _sans(base: duckdb.DuckDBPyConnection, pseudonymes: Collection[str], nature: str) -> Chargement | None:
    """The tables that lose rows, without them, typed as an import types them; None when there is none."""
    _store_pseudonymes(base, pseudonymes)
    tables = {}
    for nom in _NOMINATIVES:
        if base.execute(_SQL["compter"], {"table": f"jeu.{nom}"}).fetchall()[0][0]:
            gardees = base.sql(_SQL["garder"], params={"table": f"jeu.{nom}"}).to_arrow_table()
            tables[nom] = retype(gardees, nom)
    if not tables:
        return None
    base.execute("use jeu")
    contenu = describe(base)
    base.execute("use memory")
    presentes = {nom: c for nom, c in contenu.colonnes_presentes.items() if nom in tables}
    declarees = {nom: d for nom, d in contenu.declarees.items() if nom in tables}
    return Chargement(tables, presentes, nature, declarees=declarees)


def _servis(dossier: Path) -> set[Path]:
    return {chemin(dossier, i.identifiant) for i in registre.read(dossier).mobiles}


def _bases(dossier: Path) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection | None]]:
    """Each snapshot file, and the snapshot while it is open."""
    for fichier in magasin.present(dossier, DOSSIER):
        with _open(fichier) as base:
            yield fichier, base


@contextmanager
def _open(fichier: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The snapshot attached as `jeu`; None when it does not open."""
    with duckdb.connect() as base:
        try:
            base.execute("attach $chemin as jeu (read_only)", {"chemin": str(fichier)})
        except duckdb.Error:
            yield None
        else:
            yield base


def _porteuses(base: duckdb.DuckDBPyConnection) -> list[str]:
    return [f"jeu.{nom}" for (nom,) in base.execute(_SQL["porteuses"]).fetchall()]


def _store_pseudonymes(base: duckdb.DuckDBPyConnection, pseudonymes: Collection[str]) -> None:
    base.execute(_SQL["vouloir"], {"pseudonymes": list(pseudonymes)})
