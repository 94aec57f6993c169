"""What is asked once on screen and stops no load (contract §1): the useful optional columns that no header matched, and
the words that offices write in a cell for « not known » (« NC »), or for yes and no.

Without an answer, a column reads as unknown, as with « aucune », and a row whose cell holds such a word goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass

from mel_core.contrat.mapping import Mapping
from mel_core.contrat.proches import plus_proches
from mel_core.contrat.rapport import Anomalie, Rapport
from mel_core.contrat.regles import COLONNE_ABSENTE, COLONNE_INCONNUE, ETIQUETTE_ABSENTE, REVENUS_ABSENTS, TYPE
from mel_core.contrat.reponses import AUCUNE, Reponses, merge, refuse_deux_fois
from mel_core.contrat.tables import TABLES, Type

INCONNUE = ""  # the word means unknown
MOTS_MAX = 20  # of a file: a column with more is another column
OUI, NON = "oui", "non"
SANS_MENAGE = "\0"  # a label that no household bears: no header is written so
_ABSENTES = {COLONNE_ABSENTE.nom, REVENUS_ABSENTS.nom, ETIQUETTE_ABSENTE.nom}


@dataclass(frozen=True)
class QuestionFacultative:
    """Which header of the files of `source` gives `colonne`. `options`: the headers that nothing was read from, the
    nearest first, then for a label `SANS_MENAGE`, then `AUCUNE`.

    With `valeur`: what that word, in `n` rejected cells of the column, means (`sens`)."""

    table: str
    colonne: str
    options: tuple[str, ...]
    message: str
    source: str
    fichier: str
    valeur: str | None = None
    n: int = 0


def facultatives(rapport: Rapport) -> list[QuestionFacultative]:
    """In file order, one for the files of a same source; those that an answer settles are not asked again."""
    libres: dict[str, list[str]] = {}
    for a in rapport.anomalies:
        if a.regle == COLONNE_INCONNUE.nom and a.valeur:
            libres.setdefault(a.fichier, []).append(a.valeur)
    posees: dict[tuple[str, str, str], QuestionFacultative] = {}
    for a in rapport.anomalies:
        # An empty cell has the name of this rule too, and a line.
        if a.regle not in _ABSENTES or a.ligne is not None or a.table is None or a.colonne is None:
            continue
        source, entetes = rapport.source_de(a), libres.get(a.fichier, [])
        est_etiquette = TABLES[a.table].colonne(a.colonne).etiquette
        if not source or a.colonne in rapport.sans.get(a.fichier, ()) or not (entetes or est_etiquette):
            continue
        options = (
            *plus_proches(a.colonne, entetes, len(entetes)),
            *((SANS_MENAGE,) if est_etiquette else ()),
            AUCUNE,
        )
        question = QuestionFacultative(a.table, a.colonne, options, a.message, source, a.fichier)
        posees.setdefault((source, a.table, a.colonne), question)
    return [*_mots(rapport), *posees.values()]  # rows that would go out, first


def _mots(rapport: Rapport) -> list[QuestionFacultative]:
    mots: dict[tuple[str, str, str, str], list[Anomalie]] = {}
    for a in rapport.anomalies:
        source = rapport.source_de(a)
        if source and is_mot(a) and a.table and a.colonne and a.valeur:
            mots.setdefault((source, a.table, a.colonne, a.valeur), []).append(a)
    par_fichier = Counter(memes[0].fichier for memes in mots.values())
    return [
        QuestionFacultative(
            table, colonne, sens(memes[0]), memes[0].message, source, memes[0].fichier, valeur=mot, n=len(memes)
        )
        for (source, table, colonne, mot), memes in mots.items()
        if par_fichier[memes[0].fichier] <= MOTS_MAX
    ]


def is_mot(a: Anomalie) -> bool:
    """Whether it is about a word without a figure, where an optional number or date is awaited, or about any word where
    yes or no is (« 1er accès », « Mutation »)."""
    return (
        a.regle == TYPE.nom
        and a.valeur is not None
        and not a.valeur.startswith(("=", "#"))  # a formula, or its failure, is to be mended in the file
        and bool(sens(a))
        and (OUI in sens(a) or not any(c.isdigit() for c in a.valeur))
    )


def sens(a: Anomalie) -> tuple[str, ...]:
    """What a word may mean in the column of `a`."""
    if a.table is None or a.colonne not in TABLES[a.table].noms:
        return ()
    colonne = TABLES[a.table].colonne(a.colonne)
    est_booleen = colonne.type is Type.BOOLEEN
    return ((OUI, NON) if est_booleen else ()) + (() if colonne.requise else (INCONNUE,))


def answer(reponses: Correspondance[QuestionFacultative, str]) -> Reponses:
    """The answers, each kept for the source that it was asked about. Raises `AppelIncorrect` when two of them choose
    one header."""
    par_source: dict[str, list[Mapping]] = {}
    for source in dict.fromkeys(q.source for q in reponses):
        siennes = [(q, r) for q, r in reponses.items() if q.source == source]
        refuse_deux_fois(
            (q.table, q.colonne, r) for q, r in siennes if q.valeur is None and r not in (AUCUNE, SANS_MENAGE)
        )
        par_source[source] = [_mapping(q, r) for q, r in siennes]
    return Reponses({source: merge(*mappings) for source, mappings in par_source.items()})


def _mapping(question: QuestionFacultative, reponse: str) -> Mapping:
    if question.valeur is not None:
        return Mapping(valeurs={question.table: {question.colonne: {question.valeur: reponse}}})
    if reponse == SANS_MENAGE:
        return Mapping(absentes={question.table: (question.colonne,)})
    return Mapping(colonnes={question.table: {question.colonne: reponse}})
