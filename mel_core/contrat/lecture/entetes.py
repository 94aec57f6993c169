"""Columns are found by name, never by position: which column of the file is which column of the contract."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import pyarrow as pa

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture.brut import Lecture
from mel_core.contrat.lecture.tete import folds
from mel_core.contrat.mapping import ETAT, Mapping
from mel_core.contrat.personnelles import TABLES_DE_PERSONNES, est_personnelle
from mel_core.contrat.proches import fold, proche
from mel_core.contrat.rapport import ColonneLue
from mel_core.contrat.regles import (
    COLONNE_AMBIGUE,
    COLONNE_DOUBLE,
    COLONNE_DU_MAPPING,
    COLONNE_INCONNUE,
    COLONNE_MANQUANTE,
    COLONNE_PERSONNELLE,
    COLONNE_SANS_NOM,
    ENTETES,
    ETAT_MANQUANT,
    ETIQUETTE_COUVRANTE,
)
from mel_core.contrat.tables import ETIQUETTES, Table
from mel_core.socle.langue import effectif, liste

_COMPREND = re.compile(r"\b(?:dont|y compris|compris|inclu\w*|compren\w*|avec)\b", re.IGNORECASE)
_EXEMPLES, _REGARDEES, _MONTRES = 3, 100, 40  # values shown, rows looked at, characters of a value


def noms_attendus(table: Table, mapping: Mapping) -> dict[str, str]:
    """Canonical column → its name in the file. A mapped column is looked for under that name first."""
    return {nom: mapping.nom_dans_fichier(table.nom, nom) for nom in table.noms}


def connus(table: Table, *mappings: Mapping) -> frozenset[str]:
    """The names that tell a header, folded."""
    noms = {nom for mapping in mappings for nom in noms_attendus(table, mapping).values()} | set(table.noms)
    return frozenset(pli for nom in noms for pli in folds(nom))


def match_up(
    table: Table, lecture: Lecture, mapping: Mapping, constats: Constats, repondues: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Canonical column → its rank in the file, for the columns that the file has; the rest is reported, but for those
    that an answer gives (`repondues`).

    A header matches whatever its case, accents, spaces and signs; two that match the same column are a question.
    """
    entete, ligne = lecture.entete, lecture.ligne_entete
    attendus = noms_attendus(table, mapping)
    plis = [frozenset(folds(nom)) if nom else frozenset[str]() for nom in entete]
    _report_doubles(lecture, constats)
    sans = mapping.sans(table.nom) - {c.nom for c in table.colonnes if c.requise}  # those it has to have
    dits = {
        nom: lus
        for nom, attendu in attendus.items()
        if nom not in sans and mapping.dit(table.nom, nom) and (lus := _find_dit(attendu, entete, plis))
    }
    pris = {rang for lus in dits.values() for rang in lus}  # by a column to which the mapping gives them
    rangs: dict[str, int] = {}
    ambigus: set[int] = set()
    for colonne in table.colonnes:
        if colonne.nom in sans:
            continue
        trouves = dits.get(colonne.nom) or [
            rang for rang, pli in enumerate(plis) if fold(colonne.nom) in pli and rang not in pris
        ]
        if trouves:
            rangs[colonne.nom] = trouves[0]
        if len(noms := list(dict.fromkeys(entete[rang] for rang in trouves))) > 1:
            ambigus.update(trouves)
            dites, exemple = liste([f"« {nom} »" for nom in noms]), json.dumps(noms[0], ensure_ascii=False)
            constats.report(
                COLONNE_AMBIGUE,
                colonne.nom,
                ENTETES.join(noms),
                ligne,
                entetes=dites,
                table=table.nom,
                exemple=exemple,
            )
    libres = [nom for rang, nom in enumerate(entete) if nom and rang not in ambigus.union(rangs.values())]
    libres = [nom for nom in dict.fromkeys(libres) if nom not in (entete[rang] for rang in rangs.values())]
    for colonne in table.colonnes:
        attendu = attendus[colonne.nom]
        if colonne.nom in rangs or colonne.nom in repondues:
            continue
        if colonne.requise:
            ressemblante = proche(attendu, libres)
            suite = f" ; l’en-tête le plus proche est « {ressemblante} »" if ressemblante else ""
            constats.report(
                ETAT_MANQUANT if colonne.nom == ETAT else COLONNE_MANQUANTE,
                colonne.nom,
                ligne=ligne,
                attendue=attendu,
                proche=suite,
                table=table.nom,
                cle=json.dumps(constats.fichier, ensure_ascii=False),
            )
        elif attendu != colonne.nom:
            constats.report(COLONNE_DU_MAPPING, colonne.nom, ligne=ligne, attendue=attendu)
    libres = _ask_couvrantes(table, rangs, libres, ligne, constats)
    absentes = [attendu for nom, attendu in attendus.items() if nom not in rangs and nom not in sans | repondues]
    _report_ignorees(table, lecture, libres, absentes, constats)
    return rangs


def colonnes_lues(
    table: Table, entete: Sequence[str], rangs: dict[str, int], colonnes: Sequence[pa.Array]
) -> tuple[ColonneLue, ...]:
    """Each header, with what it was read as and some of its values (`colonnes`: the first rows)."""
    lues = {rang: nom for nom, rang in rangs.items()}
    return tuple(
        ColonneLue(nom, () if _est_cachee(table, nom) else _exemples(colonnes, rang), lues.get(rang, ""))
        for rang, nom in enumerate(entete)
        if nom
    )


def _est_cachee(table: Table, nom: str) -> bool:
    """What a free text says of somebody is not shown either."""
    return table.nom in TABLES_DE_PERSONNES and (est_personnelle(nom) or fold(nom).startswith("observation"))


def _exemples(colonnes: Sequence[pa.Array], rang: int) -> tuple[str, ...]:
    textes = (t.strip() for t in colonnes[rang][:_REGARDEES].to_pylist()) if rang < len(colonnes) else ()
    return tuple(t[:_MONTRES] for t in islice(dict.fromkeys(t for t in textes if t), _EXEMPLES))


def _ask_couvrantes(
    table: Table, rangs: dict[str, int], libres: list[str], ligne: int, constats: Constats
) -> list[str]:
    """A label that a header says to cover others is asked about; returns the headers that nothing was said of."""
    restees = list(libres)
    for colonne in table.colonnes:
        if not colonne.etiquette or colonne.nom in rangs:
            continue
        for nom in libres:
            if couvertes := etiquettes_dites(colonne.nom, nom):
                restees.remove(nom)
                constats.report(
                    ETIQUETTE_COUVRANTE,
                    colonne.nom,
                    nom,
                    ligne,
                    couvertes=liste([f"« {c} »" for c in couvertes]),
                    table=table.nom,
                    cle=json.dumps(nom, ensure_ascii=False),
                    liste=json.dumps(couvertes),
                )
                break
    return restees


def _find_dit(attendu: str, entete: Sequence[str], plis: Sequence[frozenset[str]]) -> list[int]:
    """The ranks of the headers that the mapping means; one that is written as it says is alone."""
    exacts = [rang for rang, lu in enumerate(entete) if lu == attendu]
    return exacts or [rang for rang, pli in enumerate(plis) if pli.intersection(folds(attendu))]


def _report_doubles(lecture: Lecture, constats: Constats) -> None:
    for nom, n in Counter(lecture.entete).items():
        if nom and n > 1:
            constats.report(COLONNE_DOUBLE, nom, nom, lecture.ligne_entete)


def _report_ignorees(
    table: Table, lecture: Lecture, libres: list[str], absentes: list[str], constats: Constats
) -> None:
    for nom in libres:
        if table.nom in TABLES_DE_PERSONNES and est_personnelle(nom):
            constats.report(COLONNE_PERSONNELLE, nom, nom, lecture.ligne_entete)
            continue
        ressemblante = proche(nom, absentes)
        suite = f" (serait-ce « {ressemblante} » ?)" if ressemblante else ""
        constats.report(COLONNE_INCONNUE, nom, nom, lecture.ligne_entete, proche=suite, table=table.nom)
    sans_nom = sum(not nom for nom in lecture.entete)
    if sans_nom:
        constats.report(COLONNE_SANS_NOM, ligne=lecture.ligne_entete, n=effectif(sans_nom, "colonne"))


def etiquettes_dites(colonne: str, entete: str) -> tuple[str, ...]:
    """The other labels that a header of `colonne` says to hold, in the order of the contract; none otherwise."""
    trouve = _COMPREND.search(entete)
    if trouve is None or fold(entete[: trouve.start()]) != fold(colonne):
        return ()
    suite = fold(entete[trouve.end() :])
    restes = suite
    dites = set()
    for nom in sorted(ETIQUETTES, key=len, reverse=True):  # « pdalhpd » is not « dalo », nor the other way round
        if fold(nom) in restes:
            dites.add(nom)
            restes = restes.replace(fold(nom), " ")
    return tuple(nom for nom in ETIQUETTES if nom in dites and nom != colonne)
