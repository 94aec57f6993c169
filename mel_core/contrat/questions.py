"""What a check asks, as questions with their possible answers, and the mapping that the answers make.

Some stop the load. Others are asked once on screen and stop none (contract §1): the useful optional columns that no
header matched, and the words that offices write in a cell for « not known » (« NC »), or for yes and no; without an
answer, a column reads as unknown, and a row whose cell holds such a word goes out. And who is the bailleur of a code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mel_core.contrat import publics, regles
from mel_core.contrat.colonnes import Colonne, Type
from mel_core.contrat.correspondances import FICHIER, Reponses, resembling
from mel_core.contrat.explications import libelles
from mel_core.contrat.lecture.fichiers import DANS
from mel_core.contrat.lecture.lecture_table import MOTS_MAX, VALEUR_MONTREE_MAX
from mel_core.contrat.lecture.lignes_a_part import est_total
from mel_core.contrat.mapping import (
    BAILLEURS,
    CODE_BAILLEUR,
    COMMUNE,
    DU_FICHIER,
    ETAT,
    MEMES,
    MOTS,
    NOMS,
    PLATES,
    PUBLICS,
    Mapping,
    may_be_said,
)
from mel_core.contrat.rapport import Anomalie, Gravite, Rapport
from mel_core.contrat.reference import plus_proches
from mel_core.contrat.tables import ETIQUETTES, RESIDENCES, SANS_LOGEMENTS, TABLES, TYPOLOGIES
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect

COUVRANTE, SEULE = COUVRE = ("couvre", "seule")  # whether a label column counts those that its header names too
SEUL = "\0"  # before what is said of a whole file, its one bailleur, its one state: no header begins so
_SECTION_DE = {colonne: section for section, colonne in DU_FICHIER.items()}
SANS_MENAGE = "\0"  # a label that no household bears
INCONNU = ""  # « this value means unknown »
AUCUNE = ""  # no header gives the column
OUI, NON = "oui", "non"

# Warnings about a value that ask what it is.
_POSEES = (regles.PUBLIC, regles.TYPOLOGIE_INCONNUE, regles.CASES_VIDES, regles.ANNEE_COURTE)
_A_DIRE = {(r.nom, r.gravite) for r in _POSEES}

# The section of the mapping that says how what reads two ways is read.
_SECTIONS = {
    regles.LIGNE_DOUTEUSE.nom: "lignes",
    regles.MONTANT_AMBIGU.nom: "nombres",
    regles.ANNEE_COURTE.nom: "dates",
    regles.LISTE_AMBIGUE.nom: "listes",
}


@dataclass(frozen=True)
class Question:
    """One question about the files of one `source`. `valeur`: the value, or the code of a bailleur, that is unknown, ""
    of an empty cell; None when it is the column that is missing or that several headers match. `n`: rows that hold it,
    when they go out, in so many files, `fichier` the first.

    `options`: the possible answers, the nearest first: values of the contract, columns of the file (and, of a closed
    list, what it is in the whole file, after `SEUL`), or the words of a `section` of the mapping: how an
    amount or a list that reads two ways is read, what a row that may be a total is (`colonne` is then empty)."""

    table: str
    colonne: str
    valeur: str | None
    options: tuple[str, ...]
    message: str
    section: str = ""
    couvertes: tuple[str, ...] = ()
    source: str = ""
    fichier: str = ""
    regle: str = ""
    n: int = 0
    n_fichiers: int = 1

    @property
    def ou(self) -> str:
        """Its file, and how many others."""
        n_autres = self.n_fichiers - 1
        suite = f" et {langue.effectif(n_autres, 'autre fichier', 'autres fichiers')}" if n_autres else ""
        return f"{self.fichier}{suite}"

    @property
    def est_de_colonne(self) -> bool:
        """Whether it is about what a column is, and not about what is in it."""
        return not self.section and (self.valeur is None or bool(self.couvertes))

    @property
    def est_facultative(self) -> bool:
        """Whether it is about a column without which a load goes on."""
        return self.valeur is None and not self.regle

    @property
    def peut_etre_un_seul(self) -> bool:
        """Whether, besides `options`, the answer may be the one bailleur, or commune, of the whole file, after
        `SEUL`."""
        est_absente = self.regle in (regles.COLONNE_MANQUANTE.nom, regles.COLONNE_ABSENTE.nom)
        return (
            est_absente and self.colonne in (CODE_BAILLEUR, COMMUNE) and may_be_said(TABLES[self.table], self.colonne)
        )

    @property
    def est_du_fichier(self) -> bool:
        """Whether the answer may be about one file, whatever the others of its source."""
        return self.peut_etre_un_seul or any(o.startswith(SEUL) for o in self.options if o != SANS_MENAGE)


def _residences(rapport: Rapport) -> list[Question]:
    """The résidences whose name only looks like one that is known: which one is it, or none (`AUCUNE`). They stop no
    load, and an answer holds for every table."""
    posees = []
    for a in rapport.anomalies:
        if a.regle == regles.RESIDENCE_PROCHE.nom and a.valeur in rapport.proches:
            noms, n = rapport.proches[a.valeur]
            posee = Question(RESIDENCES.nom, "", a.valeur, (*noms, AUCUNE), a.message, MEMES)
            posees.append(replace(posee, source=rapport.source_de(a), fichier=a.fichier, regle=a.regle, n=n))
    return posees


def questions(rapport: Rapport) -> list[Question]:
    """The questions that stop the load and that an answer can settle, in file order."""
    return [q for q in _par_blocage(rapport) if q]


def sans_reponse(rapport: Rapport) -> int:
    """How many of the findings that block no answer settles: the files are to be mended."""
    return sum(q is None for q in _par_blocage(rapport))


def _par_blocage(rapport: Rapport) -> list[Question | None]:
    """For each finding that blocks, its question."""
    libres = _libres(rapport)
    bloquantes = (a for a in rapport.anomalies if a.gravite is Gravite.BLOQUANT)
    posees = (_question(a, rapport.source_de(a), libres.get(a.fichier, [])) for a in bloquantes)
    return [q if q and (q.options or q.peut_etre_un_seul) else None for q in posees]


def _libres(rapport: Rapport) -> dict[str, list[str]]:
    """File → the headers that nothing was read from."""
    libres: dict[str, list[str]] = {}
    for a in rapport.anomalies:
        if a.regle == regles.COLONNE_INCONNUE.nom and a.valeur:
            libres.setdefault(a.fichier, []).append(a.valeur)
    return libres


def _question(a: Anomalie, source: str, libres: list[str]) -> Question | None:
    colonne, valeur = a.colonne or "", a.valeur
    if a.table is None or not (colonne or a.regle == regles.LIGNE_DOUTEUSE.nom):
        return None
    poser = partial(Question, a.table, colonne, message=a.message, source=source, fichier=a.fichier, regle=a.regle)
    if section := _SECTIONS.get(a.regle):
        return poser(valeur=valeur, options=MOTS[section], section=section)
    if a.regle == regles.PUBLIC.nom and valeur is not None:
        options = (*dict.fromkeys(filter(None, (publics.proposed(valeur), *ETIQUETTES))), AUCUNE)
        return replace(poser(valeur=valeur, options=options, section=PUBLICS), colonne="")
    if a.regle == regles.CASES_VIDES.nom:
        return poser(valeur=valeur, options=(OUI, NON))
    if a.regle in (regles.VALEUR_INCONNUE.nom, regles.TYPOLOGIE_INCONNUE.nom) and valeur is not None:
        connues = TABLES[a.table].colonne(colonne).valeurs or TYPOLOGIES
        return poser(valeur=valeur, options=tuple(plus_proches(valeur, connues, len(connues), libelles(colonne))))
    if a.regle == regles.COLONNE_MANQUANTE.nom:
        d_un_fichier = [AUCUNE] if (a.table, colonne) == SANS_LOGEMENTS else []
        if may_be_said(TABLES[a.table], colonne):
            d_un_fichier = [f"{SEUL}{mot}" for mot in mots_de(TABLES[a.table].colonne(colonne))]
        return poser(valeur=None, options=(*plus_proches(colonne, libres, len(libres)), *d_un_fichier))
    if a.regle == regles.ETIQUETTE_COUVRANTE.nom and valeur is not None:
        return poser(valeur=valeur, options=COUVRE, couvertes=publics.couvrante(valeur)[1])
    if a.regle == regles.COLONNE_AMBIGUE.nom:
        return poser(valeur=None, options=tuple((valeur or "").split(regles.ENTETES)))
    return None


def mots_de(colonne: Colonne) -> tuple[str, ...]:
    """What a column that only holds a few words may be in a whole file."""
    if colonne.nom == ETAT:
        return MOTS[ETAT]
    return (OUI, NON) if colonne.type is Type.BOOLEEN else colonne.valeurs


def facultatives(rapport: Rapport) -> list[Question]:
    """Those that stop no load, in file order, one for the files of a same source; those that an answer settles are not
    asked again. A column has for options the headers left, then for a label `SANS_MENAGE`, then `AUCUNE`."""
    libres = _libres(rapport)
    posees: dict[tuple[str, str, str], Question] = {}
    for a, colonne in _absentes(rapport):
        source, entetes = rapport.source_de(a), libres.get(a.fichier, [])
        lues = {c.lue for c in rapport.colonnes.get(a.fichier, ())}.union(rapport.sans.get(a.fichier, ()))
        if not source or colonne.nom in lues or not (entetes or colonne.etiquette):
            continue
        if (a.table, colonne.nom) == ("evenements", CODE_BAILLEUR):
            continue  # it is asked by itself
        options = (*entetes, *((SANS_MENAGE,) if colonne.etiquette else ()), AUCUNE)
        question = Question(a.table or "", colonne.nom, None, options, a.message, source=source, fichier=a.fichier)
        posees.setdefault((source, question.table, colonne.nom), question)
    mots = _gather(rapport, (a for a in rapport.anomalies if rapport.source_de(a) and is_mot(a)))
    par_fichier = Counter(q.fichier for q in mots)
    # Rows that would go out, first.
    a_dire = (a for a in rapport.anomalies if (a.regle, a.gravite) in _A_DIRE)
    dites = (_question(a, rapport.source_de(a), []) for a in a_dire)
    valeurs = {(q.source, q.table, q.colonne, q.valeur): q for q in dites if q}.values()
    mots = [q for q in mots if par_fichier[q.fichier] <= MOTS_MAX]
    return [*mots, *_residences(rapport), *valeurs, *_d_un_bailleur(rapport, libres), *posees.values()]


def _d_un_bailleur(rapport: Rapport, libres: dict[str, list[str]]) -> Iterator[Question]:
    """Whose the files are that say no bailleur, which a load can do without: a column of theirs, the one of all their
    rows, or none in particular (`AUCUNE`)."""
    for a in rapport.anomalies:
        est_tu = CODE_BAILLEUR not in rapport.sans.get(a.fichier, ())
        if (a.regle, a.colonne) == (regles.COLONNE_ABSENTE.nom, CODE_BAILLEUR) and a.table and est_tu:
            options, source = (*libres.get(a.fichier, []), AUCUNE), rapport.sources[a.fichier]
            yield Question(a.table, CODE_BAILLEUR, None, options, a.message, "", (), source, a.fichier, a.regle)


def _absentes(rapport: Rapport) -> Iterator[tuple[Anomalie, Colonne]]:
    """The optional columns that files lack: labels, and what a header that was left may give."""
    for a in rapport.anomalies:
        if a.table and a.colonne and a.regle == regles.ETIQUETTE_ABSENTE.nom:
            yield a, TABLES[a.table].colonne(a.colonne)
        elif a.table and a.regle == regles.COLONNE_INCONNUE.nom:
            yield from ((a, c) for c in TABLES[a.table].colonnes if not (c.requise or c.etiquette))


def _gather(rapport: Rapport, anomalies: Iterable[Anomalie], section: str = "") -> list[Question]:
    """One question per value of a column of a source, or of them all for a `section`, with the number of its rows."""
    lignes: defaultdict[object, list[str]] = defaultdict(list)
    premieres: dict[object, Question] = {}
    for a in anomalies:
        if a.table and a.colonne and a.valeur:
            source = rapport.source_de(a)
            cle = (a.valeur,) if section else (source, a.table, a.colonne, a.valeur)
            lignes[cle].append(a.fichier)
            if cle not in premieres:
                premieres[cle] = Question(
                    a.table, a.colonne, a.valeur, sens(a), a.message, section, source=source, fichier=a.fichier
                )
    return [replace(q, n=len(lignes[cle]), n_fichiers=len(set(lignes[cle]))) for cle, q in premieres.items()]


def is_mot(a: Anomalie) -> bool:
    """Whether it is about a word without a figure, where an optional number or date is awaited, or about any word where
    yes or no is (« 1er accès », « Mutation »)."""
    return (
        a.regle == regles.TYPE.nom
        and a.valeur is not None
        and not a.valeur.startswith(("=", "#"))  # a formula, or its failure, is to be mended in the file
        and len(a.valeur) <= VALEUR_MONTREE_MAX  # a longer one is not quoted whole: no answer would find it
        and bool(sens(a))
        and (OUI in sens(a) or not any(c.isdigit() for c in a.valeur))
    )


def sens(a: Anomalie) -> tuple[str, ...]:
    """What a word may mean in the column of `a`."""
    if a.table is None or a.colonne not in TABLES[a.table].noms:
        return ()
    colonne = TABLES[a.table].colonne(a.colonne)
    est_booleen = colonne.type is Type.BOOLEEN
    return ((OUI, NON) if est_booleen else ()) + (() if colonne.requise else (INCONNU,))


def inconnus(rapport: Rapport) -> list[Question]:
    """The codes of bailleurs that no table names, in the order found, with the registered names that look like each.
    When a file gives the bailleurs, and in a column that a row can do without, those alone that look like one."""
    est_donnee = BAILLEURS in rapport.tables and FICHIER not in rapport.sources
    regle = regles.BAILLEUR_REJETE
    trouves = [a for a in rapport.anomalies if a.regle == regle.nom and a.valeur and not est_total(a.valeur)]
    proches = {dit: resembling(dit, rapport.bailleurs) for dit in dict.fromkeys(a.valeur or "" for a in trouves)}
    dits = (a for a in trouves if proches[a.valeur or ""] or (a.gravite is regle.gravite and not est_donnee))
    return [replace(q, options=proches[q.valeur or ""]) for q in _gather(rapport, dits, NOMS)]


def en_objets(posees: Iterable[Question]) -> list[dict[str, object]]:
    """The questions as `controler` and `importer` write them (contract §6)."""
    return [
        {
            "fichier": q.fichier,
            "table": q.table,
            "colonne": q.colonne or None,
            "valeur": q.valeur,
            "regle": q.regle,
            "options": [o for o in q.options if o and not o.startswith(SEUL)],
            "libelles": {o: libelles(q.colonne)[o] for o in q.options if o in libelles(q.colonne)},
            "message": q.message,
        }
        for q in posees
    ]


def answer_par_source(reponses: Correspondance[Question, str]) -> Reponses:
    """The answers, each kept for the source that it was asked about. Raises as `answer`."""
    sources = {q.source for q in reponses}
    return Reponses({s: answer({q: r for q, r in reponses.items() if q.source == s}) for s in sorted(sources)})


def of_workbooks(reponses: Correspondance[Question, str], sources: Correspondance[str, str]) -> Reponses:
    """What is answered of a word in a sheet, for the other sheets of its workbook, under other headers: they are one
    file of one sender. `sources`: file, as the report calls it → its source."""
    autres: dict[Question, str] = {}
    for q, reponse in reponses.items():
        classeur, _, _ = q.fichier.rpartition(DANS)
        if classeur and not classeur.lower().endswith(".zip") and q.valeur and not (q.section or q.couvertes):
            siennes = {s for fichier, s in sources.items() if fichier.startswith(f"{classeur}{DANS}")} - {q.source}
            autres |= {replace(q, source=source): reponse for source in siennes}
    return answer_par_source(autres)


def answer(reponses: Correspondance[Question, str]) -> Mapping:
    """The mapping of the answers. Raises `AppelIncorrect` when two of them choose one header."""
    sections = ("colonnes", "valeurs", "couvre", "absentes", *PLATES)
    du_fichier: dict[str, Any] = {}
    dites: dict[str, Any] = {section: defaultdict(dict) for section in sections}
    noms: dict[str, str] = {}
    for q, reponse in reponses.items():
        if q.section == NOMS:
            noms[q.valeur or ""] = reponse
        elif q.section:
            dites[q.section][q.table][q.colonne or q.valeur] = reponse
        elif q.couvertes:
            dites["colonnes"][q.table][q.colonne] = q.valeur
            if reponse == COUVRANTE:
                dites["couvre"][q.table][q.colonne] = q.couvertes
        elif reponse == SANS_MENAGE:
            dites["absentes"][q.table][q.colonne] = False
        elif reponse.startswith(SEUL):
            dit = reponse.removeprefix(SEUL)
            du_fichier.setdefault(_SECTION_DE[q.colonne], {}).setdefault(q.table, {})[q.fichier] = dit
            if q.colonne == CODE_BAILLEUR and not dit.isdigit():  # a name is said once
                noms.setdefault(dit, dit)
        elif q.valeur is None:
            dites["colonnes"][q.table][q.colonne] = reponse
        else:
            dites["valeurs"][q.table].setdefault(q.colonne, {})[q.valeur] = reponse
    for colonnes in dites["colonnes"].values():
        _refuse_deux_fois(colonnes)
    dites["absentes"] = {table: tuple(lues) for table, lues in dites["absentes"].items()}
    return Mapping(**dites, dits=du_fichier, noms=noms)


def _refuse_deux_fois(colonnes: Correspondance[str, str]) -> None:
    prises: dict[str, str] = {}
    for colonne, entete in colonnes.items():
        if entete and (autre := prises.setdefault(entete, colonne)) != colonne:
            raise AppelIncorrect(
                f"« {entete} » est choisi pour « {autre} » et « {colonne} » : une colonne du fichier n’en donne "
                "qu’une, changer l’une des deux réponses."
            )
