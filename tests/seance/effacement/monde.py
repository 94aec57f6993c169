"""A data folder where somebody is everywhere that a person can be, and where to look for them, byte by byte."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import psycopg

from mel_core.entrepot import Entrepot
from mel_core.entrepot.coffre import Coffre
from mel_core.entrepot.importation import import_files
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Journal, Perime, nouvel_op_id
from mel_core.seance.effacement import DemandeEffacement, erase, prepare
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements.cohortes import COLONNES
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import Code, Suite
from mel_core.socle.periodes import Seance

N = 40
ANNE, AUJOURDHUI, S2 = Auteur("Anne", "MEL"), date(2018, 6, 1), Seance(2017, 2)
LUI = "999000000000000007"
NUMEROS = [f"9990000000000000{i:02}" for i in range(N)]
ENTETES = {
    "bailleurs": "code_bailleur;nom",
    "demandes": "numero_unique;date_creation;etat;date_radiation;n_personnes;revenu_fiscal;communes_souhaitees",
    "evenements": "id_evenement;numero_unique;type;date_survenance",
    "attributions": "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;revenu_fiscal;aci",
}


def jeu(dossier: Path, *, sans: str = "", revenu: int = 9000, n: int = N) -> Path:
    """The files of `n` households, one fewer with `sans`; `revenu` makes another jeu de données of them."""
    numeros = [x for x in NUMEROS[:n] if x != sans]
    lignes = {
        "bailleurs": ["B1;Bailleur"],
        "demandes": [f"{x};2015-01-01;ACTIVE;;1;{revenu};59350|59512" for x in numeros],
        "evenements": [f"E{x[-2:]}{k};{x};PASSAGE_CAL;2017-0{k}-15" for x in numeros for k in (3, 9)],
        "attributions": [f"A{x[-2:]};{x};2017-09-30;59350;B1;non;{revenu};non" for x in numeros],
    }
    dossier.mkdir(parents=True)
    for nom, rangees in lignes.items():
        (dossier / f"{nom}.csv").write_text("\n".join([ENTETES[nom], *rangees]), encoding="utf-8")
    return dossier


def peupler(dossier: Path, fichiers: Path) -> Entrepot:
    """Three jeux published, the first one frozen for 2017S2; a frozen list; outcomes, one of which was refused as
    stale; a blocage that named somebody, corrected since."""
    entrepot, journal = Entrepot(dossier), Journal.du_dossier(dossier)
    for rang, revenu in enumerate((9000, 10000, 11000)):
        import_files(jeu(fichiers / str(rang), revenu=revenu), entrepot, nature="fictive", aujourdhui=AUJOURDHUI)
        if rang == 0:
            freeze(entrepot, S2)
    pseudonymes = entrepot.pseudonymes().de(NUMEROS)
    colonnes = dict.fromkeys(COLONNES, "inconnu")
    cohortes.keep(dossier, pd.DataFrame([{**colonnes, "pseudonyme": p} for p in sorted(pseudonymes)]))
    for pseudonyme in pseudonymes:
        for version in (0, 1):
            record(journal, pseudonyme, version)
    with suppress(Perime):
        record(journal, pseudonyme_de(entrepot), 1)
    for version, texte in enumerate((f"Le dossier {LUI} attend.", "Un dossier attend.")):
        journal.write("blocage", "b1", {"texte": texte}, ANNE, nouvel_op_id(), version)
    journal.close()
    if (adresse := os.environ["MEL_JOURNAL"]).startswith("postgresql"):
        with psycopg.connect(adresse.replace("+psycopg", ""), autocommit=True) as connexion:
            connexion.execute("analyze contenus")  # as the server does by itself: its statistics quote texts
    return entrepot


def record(journal: Journal, pseudonyme: str, version: int) -> None:
    suite = Suite(Code.CONTACTE, "59350", "attente_24", S2)
    suites.write(journal, pseudonyme, suite, ANNE, op_id=nouvel_op_id(), version_vue=version)


def pseudonyme_de(entrepot: Entrepot, numero: str = LUI) -> str:
    (pseudonyme,) = entrepot.pseudonymes().de([numero])
    return pseudonyme


def effacer_ici(dossier: Path, demande: DemandeEffacement, aujourdhui: date = AUJOURDHUI) -> list[str]:
    """What the command does, in this process; what stays."""
    entrepot, journal = Entrepot(dossier), Journal.du_dossier(dossier)
    with entrepot.reserve():
        restes = erase(entrepot, journal, prepare(entrepot, journal, demande), ANNE, aujourdhui)
    journal.close()
    return restes


def par_numero(*numeros: str) -> DemandeEffacement:
    return DemandeEffacement.par_numeros("\n".join(numeros or (LUI,)).encode())


def ou_se_lit(dossier: Path, *textes: str) -> list[str]:
    """The files of the folder, and of the PostgreSQL of MEL_JOURNAL, that hold one of these or bear its name."""
    trouves = [str(f.relative_to(dossier)) for f in dossier.rglob("*") if f.is_file() and _porte(f, textes)]
    adresse = os.environ["MEL_JOURNAL"]
    if adresse.startswith("postgresql"):
        with psycopg.connect(adresse.replace("+psycopg", ""), autocommit=True) as connexion:
            connexion.execute("checkpoint")
            requete = "select current_setting('data_directory'), pg_relation_filepath(oid::regclass) from pg_class "
            fichiers = connexion.execute(requete + "where relkind in ('r', 't', 'i')").fetchall()
        trouves += [f for racine, f in fichiers if f and _porte(Path(racine) / f, textes)]
    return trouves


def _porte(fichier: Path, textes: tuple[str, ...]) -> bool:
    octets = fichier.read_bytes() if fichier.exists() else b""
    return any(t in fichier.name or t.encode() in octets for t in textes)


def lignes_de(entrepot: Entrepot, pseudonyme: str) -> dict[str, int]:
    """Rows of somebody in every snapshot file, whatever way DuckDB packs them: `fichier/table` → how many."""
    import duckdb

    comptes = {}
    for fichier in sorted((entrepot.dossier / "jeux").glob("*")):
        with duckdb.connect() as base:
            base.execute("attach $f as jeu (read_only)", {"f": str(fichier)})
            tables = base.execute(
                "select distinct table_name from duckdb_columns() where database_name = 'jeu' "
                "and column_name = 'pseudonyme'"
            ).fetchall()
            for (table,) in tables:
                sql = "select count(*) from query_table($t) where pseudonyme = $p"
                ((n,),) = base.execute(sql, {"t": f"jeu.{table}", "p": pseudonyme}).fetchall()
                comptes[f"{fichier.stem}/{table}"] = n
    return {cle: n for cle, n in comptes.items() if n}


def au_coffre(entrepot: Entrepot) -> set[str]:
    return Coffre(entrepot.dossier).connus()
