"""The table of a file whose name says none: known of its source, or proposed by its header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from mel_core.contrat.correspondances import SANS, Reponses, source_de
from mel_core.contrat.lecture import fichiers
from mel_core.contrat.lecture.brut import NUMERO_UNIQUE, Illisible
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.modeles import rpls
from mel_core.contrat.propositions import written_as
from mel_core.contrat.reference import fold
from mel_core.contrat.ressemblances import nearest
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import ErreurUtilisateur

_N_DE_TABLE = 3  # columns of a table that make a file of it
_N_DE_LOGEMENT = 4  # columns that only a file of dwellings has, by what is read of it or by these names of RPLS
_DE_RPLS = frozenset(
    map(
        fold,
        (
            *("IDENT_INT", "NUMVOIE", "INDREP", "TYPVOIE", "COMPLGEO", "NOMPROG", "TYPECONST", "NBPIECE", "SURFHAB"),
            *("CONSTRUCT", "FINANAUTRE", "DATCONV", "MODESURF", "SURFMODE", "LOYERPRINC", "LOYERACC", "DPEENERGIE"),
        ),
    )
)


def read_entete(donne: Donne) -> list[str]:
    """The header of a file or of a sheet, whatever its table; none of one that can't be read, or that has none."""
    try:
        with fichiers.open((replace(donne, table=next(iter(TABLES))),)) as (lots, _):
            return [nom for lot in lots[:1] for nom in lot.read(_connus() | rpls.noms()).entete]
    except (Illisible, ErreurUtilisateur, OSError, UnicodeDecodeError):
        return []


def known_table(donne: Donne, entete: Iterable[str], gardees: Reponses) -> str | None:
    """The table of a file or of a sheet whose name says none: that of contours, or the one chosen for its source."""
    try:
        if fichiers.est_de_contours(donne.chemin):
            return "quartiers"
    except (Illisible, OSError):
        return None
    gardee = gardees.par_source.get(source_de(entete))
    return gardee.table if gardee and gardee.table else None


def with_tables(chemins: Iterable[Path], gardees: Reponses) -> tuple[Donne, ...]:
    """What is given by its path alone: the files and the sheets whose table was chosen once for others of their source,
    then the rest, by the names that it bears."""
    donnees: list[Donne] = []
    for chemin in chemins:
        dedans = sorted(f for f in chemin.iterdir() if f.is_file()) if chemin.is_dir() else [chemin]
        dedans = [f for f in dedans if f.exists() and f.suffix.lower() != ".xml" and gardees.mappings]
        lues = [p for p in fichiers.pieces(dedans) if not (p.est_jeu or p.est_masquee)]
        tables = {p: p.table or known_table(p, read_entete(p), gardees) for p in lues}
        # A sheet of a workbook of a folder is read by itself, and so is a file that its name does not give.
        siennes = [
            Donne(p.chemin, t, p.feuille) for p, t in tables.items() if t and (p.feuille is not None or not p.table)
        ]
        est_un_jeu = chemin.is_dir() or not siennes or siennes[0].feuille is not None
        donnees += [*siennes, *([Donne(chemin)] if est_un_jeu else [])]
    return tuple(donnees)


def propose_table(donne: Donne, entete: Sequence[str], gardees: Reponses) -> str | None:
    """The table that is known, else the one whose columns the header is written like, clearly more than any other's,
    and one that no other table has. What names no demande is no table of theirs: dwellings, under any headers."""
    if connue := known_table(donne, entete, gardees):
        return connue
    fois = Counter(nom for table in TABLES.values() for nom in table.noms)
    notes: dict[str, int] = {}
    for nom, table in TABLES.items():
        ecritures = {c: written_as(nom, c, gardees) for c in table.noms}
        lues = {lu[0] for e in entete if (lu := nearest(e, ecritures))}
        siennes = {c for c in table.noms if c in table.cle or fois[c] == 1}
        est_sans_demande = NUMERO_UNIQUE in table.noms and NUMERO_UNIQUE not in lues
        notes[nom] = 0 if lues.isdisjoint(siennes) or est_sans_demande else len(lues)
    n_de_logement = len(rpls.find_d_un_logement(entete)) + len(_DE_RPLS.intersection(map(fold, entete)))
    if n_de_logement >= _N_DE_LOGEMENT and not notes["attributions"]:
        return "residences"
    (seconde, premiere) = sorted(notes, key=notes.__getitem__)[-2:]
    n_min = min(_N_DE_TABLE, len(TABLES[premiere].noms))  # bailleurs have a code and a name
    return premiere if notes[premiere] >= max(n_min, notes[seconde] + 1) else None


@cache
def _connus() -> frozenset[str]:
    return frozenset(fold(e) for t in TABLES for c in TABLES[t].noms for e in written_as(t, c, SANS))
