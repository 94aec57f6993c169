"""The header: which row it is, which of its names is which column of the contract, and where another one begins.

Columns are found by name, never by position.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import publics, regles
from mel_core.contrat.appoints import COMPLETE, autres_noms, est_du_contrat
from mel_core.contrat.colonnes import Table
from mel_core.contrat.lecture.brut import (
    NUMERO_UNIQUE,
    Entiers,
    Illisible,
    LectureTable,
    Lignes,
    Rangee,
    en_masque,
    remplies,
)
from mel_core.contrat.lecture.cellules import column_of
from mel_core.contrat.lecture.table_lue import Constats, montrable
from mel_core.contrat.mapping import ETAT, TABLES_DE_PERSONNES, Mapping, est_personnelle, toml
from mel_core.contrat.rapport import ColonneLue
from mel_core.contrat.reference import fold, proche, serait_ce
from mel_core.contrat.tables import TABLES
from mel_core.socle.langue import effectif, liste

# « N° unique » is a numéro unique, « n° logements » a number of them.
_NUMERO = re.compile(r"\bn[°º]", re.IGNORECASE)
_NOM_LONG = 6  # letters of a column name that no title holds by chance
_NOMS_MIN = 2  # names of columns that no row of data holds by chance
_DITS_MAX = 3  # of them, that a sentence quotes
_EXEMPLES, _REGARDEES, _MONTRES = 3, 100, 40  # values shown, rows looked at, characters of a value
# A number of four signs but a year (« 20 % » is a class), a date: what no name of a column is.
_DONNEE = re.compile(r"(?!(?:19|20)\d\d$)[+-]?\d[\d\s.,]{3,}€?|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}.*")
_IDENTIFIANT, _NUMERO_UNIQUE = re.compile(r"\d{8}"), re.compile(r"\d{15}")


def folds(nom: str) -> tuple[str, ...]:
    """How a header compares: no case, accents, spaces, line breaks nor signs; `n°` is nothing, or « numero »."""
    plie = fold(nom)
    entier = fold(_NUMERO.sub("numero ", nom))
    return (plie,) if entier == plie else (fold(_NUMERO.sub("n ", nom)), entier)


def noms_attendus(table: Table, mapping: Mapping) -> dict[str, str]:
    """Canonical column → its name in the file. A mapped column is looked for under that name first."""
    return {nom: mapping.nom_dans_fichier(table.nom, nom) for nom in table.noms}


def connus(table: Table, *mappings: Mapping) -> frozenset[str]:
    """The names that tell a header, folded."""
    noms = {nom for mapping in mappings for nom in noms_attendus(table, mapping).values()} | set(table.noms)
    return frozenset(pli for nom in noms for pli in folds(nom)).union(*autres_noms(table.nom).values())


def n_reconnus(cellules: Sequence[str], connus: frozenset[str]) -> int:
    """How many of the known column names (folded) a row bears."""
    return len({pli for cellule in cellules for pli in folds(cellule)} & connus)


def find_entete(tete: Sequence[Rangee], connus: frozenset[str]) -> int:
    """Rank in `tete`, the first rows of a file or of a sheet, of the one that bears the most known names, the first of
    them: offices write titles above it. Where none does, the first row of two cells: a title has one. A row of data is
    no header, whatever word it holds, nor is one much narrower than the others (« Bailleur : », and its name)."""
    largeurs = [len(remplies(cellules)) for _, cellules in tete]
    courante = sorted(largeurs)[(len(tete) - 1) // 2] if tete else 0
    possibles = [
        0 if _est_de_donnees(cellules, connus) else 1 + (2 * largeur >= courante)
        for largeur, (_, cellules) in zip(largeurs, tete, strict=True)
    ]
    rangs = [rang for rang, possible in enumerate(possibles) if possible == max(possibles)]
    scores = [n_reconnus(tete[rang][1], connus) for rang in rangs]
    if meilleur := max(scores, default=0):
        return rangs[scores.index(meilleur)]
    return next((rang for rang in rangs if not _est_titre(tete[rang][1], connus)), 0)


def require_entete(ligne: int, cellules: Sequence[str], connus: frozenset[str]) -> None:
    """Raises `Illisible` for a row of data in place of the header: what it holds is the name of no column."""
    if _est_de_donnees(cellules, connus):
        raise Illisible(
            "L’en-tête manque, la première ligne se lit comme des données : ajouter au-dessus une ligne avec le nom de "
            "chaque colonne.",
            ligne,
        )


def _est_de_donnees(cellules: Sequence[str], connus: frozenset[str]) -> bool:
    """Whether a row holds an identifier, or numbers and dates in a quarter of it, and is not made of known names for a
    half of it."""
    pleines = remplies(cellules)
    n_donnees = sum(_DONNEE.fullmatch(texte) is not None for texte in pleines)
    sont_des_donnees = any(map(est_un_identifiant, pleines)) or (n_donnees and 4 * n_donnees >= len(pleines))
    return bool(sont_des_donnees) and 2 * n_reconnus(pleines, connus) < len(pleines)


def est_un_identifiant(texte: str) -> bool:
    """Whether a text holds what may be a numéro unique: it is the name of no column, nor to be shown."""
    return _IDENTIFIANT.search(texte) is not None


def _est_titre(cellules: Sequence[str], connus: frozenset[str]) -> bool:
    """One cell, that is not a whole header left in it by the wrong separator."""
    pleines = [cellule for cellule in cellules if cellule.strip()]
    return len(pleines) == 1 and not any(len(nom) >= _NOM_LONG and nom in fold(pleines[0]) for nom in connus)


def match_up(
    table: Table,
    lecture: LectureTable,
    lignes: Lignes,
    mapping: Mapping,
    constats: Constats,
    repondues: frozenset[str] = frozenset(),
) -> dict[str, int]:
    """Canonical column → its rank in the file, for the columns that the file has; the rest is reported, but for those
    that an answer gives (`repondues`). A name whose values (in `lignes`) are the codes of another column is no match.

    A header matches whatever its case, accents, spaces and signs; two that match the same column are a question.
    """
    entete, ligne = lecture.entete, lecture.ligne_entete
    attendus = noms_attendus(table, mapping)
    sans = mapping.sans(table.nom) - {c.nom for c in table.colonnes if c.requise}  # those it has to have
    trouves = _find(table, entete, mapping, sans)
    for nom, lus in [*trouves.items()]:
        valeurs = lignes.colonnes[lus[0]][:_REGARDEES].to_pylist()
        if not mapping.dit(table.nom, nom) and column_of(table, nom, valeurs):
            del trouves[nom]
    rangs = {nom: lus[0] for nom, lus in trouves.items()}
    for colonne, lus in trouves.items():
        if len(noms := list(dict.fromkeys(entete[rang] for rang in lus))) > 1:
            dites, exemple = liste([f"« {nom} »" for nom in noms]), toml(noms[0])
            valeur = regles.ENTETES.join(noms)
            constats.report(regles.COLONNE_AMBIGUE, colonne, valeur, ligne, entetes=dites, exemple=exemple)
    pris = {entete[rang] for lus in trouves.values() for rang in lus}
    for nom in (nom for nom, n in Counter(entete).items() if n > 1 and nom in pris):
        une, *autres = (lignes.colonnes[rang] for rang, lu in enumerate(entete) if lu == nom)
        if all(une.equals(autre) for autre in autres):
            constats.note(
                f"La colonne « {nom} » est plusieurs fois dans le fichier, la même : lue une fois, rien à faire."
            )
        else:
            constats.report(regles.COLONNE_DOUBLE, nom, nom, ligne)
    pris |= {nom for nom in entete if publics.repondues(mapping, table.nom, nom)}
    libres = [nom for nom in dict.fromkeys(entete) if nom and nom not in pris]
    manquantes = [c for c in table.colonnes if c.nom not in rangs and c.nom not in repondues]
    for c in manquantes:
        attendu = attendus[c.nom]
        if c.requise:
            ressemblante = proche(attendu, libres)
            constats.report(
                regles.ETAT_MANQUANT if c.nom == ETAT else regles.COLONNE_MANQUANTE,
                c.nom,
                ligne=ligne,
                attendue=attendu,
                proche=f" ; l’en-tête le plus proche est « {ressemblante} »" if ressemblante else "",
                cle=toml(constats.fichier),
            )
        elif attendu != c.nom:
            constats.report(regles.COLONNE_DU_MAPPING, c.nom, ligne=ligne, attendue=attendu)
    absentes = [attendus[c.nom] for c in manquantes if c.nom not in sans and est_du_contrat(table, c.nom)]
    for nom in libres:
        if table.nom in TABLES_DE_PERSONNES and est_personnelle(nom):
            constats.report(regles.COLONNE_PERSONNELLE, nom, nom, ligne)
            continue
        label, couvertes = publics.couvrante(nom)
        if not (couvertes and label in {c.nom for c in manquantes}):  # else it is asked, once its values are read
            constats.report(regles.COLONNE_INCONNUE, nom, nom, ligne, proche=serait_ce(nom, absentes))
    if sans_nom := sum(not nom for nom in entete):
        constats.report(regles.COLONNE_SANS_NOM, ligne=ligne, n=effectif(sans_nom, "colonne"))
    return rangs


def _find(table: Table, entete: Sequence[str], mapping: Mapping, sans: frozenset[str]) -> dict[str, list[int]]:
    """Column → the ranks of the headers that match it: those that the mapping means (one written as it says is alone),
    else those of its name that the mapping gives to no other, else the first that bears another of its names."""
    plis = [frozenset(folds(nom)) if nom else frozenset[str]() for nom in entete]
    dits: dict[str, list[int]] = {}
    for nom, attendu in noms_attendus(table, mapping).items():
        if nom not in sans and mapping.dit(table.nom, nom):
            exacts = [rang for rang, lu in enumerate(entete) if lu == attendu]
            dits[nom] = exacts or [rang for rang, pli in enumerate(plis) if pli.intersection(folds(attendu))]
    pris = {rang for lus in dits.values() for rang in lus}
    trouves = {
        nom: dits.get(nom) or [rang for rang, pli in enumerate(plis) if fold(nom) in pli and rang not in pris]
        for nom in table.noms
        if nom not in sans and (nom in dits or est_du_contrat(table, nom))
    }
    pris.update(rang for lus in trouves.values() for rang in lus)
    for nom, autres in autres_noms(table.nom).items():
        # A name may be the key of a table that has no other: it is asked.
        est_en_suspens = nom == "nom" and not all(trouves.get(c) for c in table.cle)
        if not est_en_suspens and not trouves.get(nom, nom not in table.noms or nom in sans):
            trouves[nom] = [rang for rang, pli in enumerate(plis) if pli & autres and rang not in pris][:1]
            pris.update(trouves[nom])
    return {nom: lus for nom, lus in trouves.items() if lus}


def colonnes_lues(
    table: Table, entete: Sequence[str], rangs: dict[str, int], colonnes: Sequence[pa.Array], mapping: Mapping
) -> tuple[ColonneLue, ...]:
    """Each header, with what it was read as (the labels, of one whose values are answered to name some) and some of its
    values (`colonnes`: the first rows). What a free text says of somebody is not shown either."""
    labels = [publics.repondues(mapping, table.nom, nom).values() for nom in entete]
    lues = {rang: ", ".join(sorted(frozenset().union(*siens))) for rang, siens in enumerate(labels) if siens}
    lues |= {rang: COMPLETE.get(nom, nom) for nom, rang in rangs.items()}

    def exemples(nom: str, rang: int) -> tuple[str, ...]:
        est_cachee = est_personnelle(nom) or fold(nom).startswith("observation")
        if rang >= len(colonnes) or (table.nom in TABLES_DE_PERSONNES and est_cachee):
            return ()
        textes = (t.strip() for t in colonnes[rang][:_REGARDEES].to_pylist())
        montres = (montrable(NUMERO_UNIQUE, t) if _NUMERO_UNIQUE.search(t) else t[:_MONTRES] for t in textes if t)
        return tuple(islice(dict.fromkeys(t for t in montres if t), _EXEMPLES))

    return tuple(ColonneLue(n, exemples(n, rang), lues.get(rang, ""), table.nom) for rang, n in enumerate(entete) if n)


def refuse_seconde_table(ligne: int, cellules: Sequence[str]) -> None:
    """Raises `Illisible` when the row, where rows of data should be, is the header of a second table: half of its
    cells, and two at least, are columns of one table."""
    pleines = remplies(cellules)
    plis = [frozenset(folds(texte)) for texte in pleines]
    reconnus = max(sum(not pli.isdisjoint(noms) for pli in plis) for noms in _noms().values())
    if reconnus >= _NOMS_MIN and 2 * reconnus >= len(pleines):
        dits = liste([f"« {texte} »" for texte in pleines[:_DITS_MAX]])
        suite = "…" if len(pleines) > _DITS_MAX else ""
        raise Illisible(
            f"Une seconde table commence à cette ligne ({dits}{suite}) : ne laisser qu’une table par feuille ou "
            "par fichier, et donner l’autre à part.",
            ligne,
        )


def search_seconde_table(lignes: Lignes, positions: Entiers, cles: Iterable[int], entete: Sequence[str]) -> None:
    """The same over the rows at `positions` of those being read: a header is no row of the table. `cles`: where the key
    is; the header come again there is no other table."""
    if not positions.size:
        return
    choix, n = pa.array(positions), np.zeros(len(positions), np.int64)
    for colonne in lignes.colonnes:
        # As `fold` does, all together.
        plies = pc.utf8_normalize(pc.utf8_lower(colonne.take(choix)), "NFKD")
        n += en_masque(pc.is_in(pc.replace_substring_regex(plies, "[^a-z0-9]", ""), value_set=_plis()))
    for position in positions[n >= _NOMS_MIN].tolist():
        ligne, cellules = lignes.row(position)
        cellules = [cellule.strip() for cellule in cellules]
        if not cles or any(cellules[rang] != entete[rang] for rang in cles):
            refuse_seconde_table(ligne, cellules)


@cache
def _noms() -> dict[str, frozenset[str]]:
    return {nom: frozenset(map(fold, table.noms)) for nom, table in TABLES.items()}


@cache
def _plis() -> pa.Array:
    """Every name, and « n° » for « numero »."""
    noms = frozenset().union(*_noms().values())
    return pa.array(sorted(noms | {nom.replace("numero", "n") for nom in noms}), pa.string())
