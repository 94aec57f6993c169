"""What a check asks, as questions with their possible answers, and the mapping that the answers make."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any

from mel_core.contrat.etiquettes_dites import etiquettes_dites
from mel_core.contrat.libelles import libelles
from mel_core.contrat.mapping import (
    BAILLEURS,
    CODE_BAILLEUR,
    ETAT,
    ETATS,
    LECTURES,
    LIGNES,
    LISTES,
    PLATES,
    Mapping,
)
from mel_core.contrat.proches import fold, plus_proches
from mel_core.contrat.rapport import Anomalie, Gravite, Rapport
from mel_core.contrat.regles import (
    COLONNE_AMBIGUE,
    COLONNE_INCONNUE,
    COLONNE_MANQUANTE,
    ENTETES,
    ETIQUETTE_COUVRANTE,
    LIGNE_DOUTEUSE,
    LISTE_AMBIGUE,
    MONTANT_AMBIGU,
    VALEUR_INCONNUE,
)
from mel_core.contrat.tables import SANS_LOGEMENTS, TABLES
from mel_core.socle.erreurs import AppelIncorrect

COUVRANTE, SEULE = COUVRE = ("couvre", "seule")  # whether a label column counts those that its header names too
SEUL = "\0"  # before what is said of a whole file, its one bailleur, its one state: no header begins so
INCONNU = ""  # « this value means unknown »
AUCUNE = ""  # no header gives the column


@dataclass(frozen=True)
class QuestionImport:
    """One question about the files of one `source`. `valeur` is the unknown value, None when it is the column that is
    missing or that several headers match.

    `options`: the possible answers, the nearest first: values of the contract, columns of the file (and, for the state
    of the demandes, what it is in the whole file, after `SEUL`), or the words of a `section` of the mapping: how an
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

    @property
    def peut_etre_un_seul(self) -> bool:
        """Whether, besides `options`, the answer may be the one bailleur of the whole file, after `SEUL`."""
        return self.regle == COLONNE_MANQUANTE.nom and self.colonne == CODE_BAILLEUR and self.table != BAILLEURS


def questions(rapport: Rapport) -> list[QuestionImport]:
    """The questions that the report asks and that an answer can settle, in file order."""
    return [q for q in _par_blocage(rapport) if q]


def sans_reponse(rapport: Rapport) -> int:
    """How many of the findings that block no answer settles: the files are to be mended."""
    return sum(q is None for q in _par_blocage(rapport))


def _par_blocage(rapport: Rapport) -> list[QuestionImport | None]:
    """For each finding that blocks, its question."""
    ignorees: dict[str, list[str]] = {}
    for a in rapport.anomalies:
        if a.regle == COLONNE_INCONNUE.nom and a.valeur:
            ignorees.setdefault(a.fichier, []).append(a.valeur)
    posees = (
        _question(a, rapport.source_de(a), ignorees.get(a.fichier, []))
        for a in rapport.anomalies
        if a.gravite is Gravite.BLOQUANT
    )
    return [q if q and (q.options or q.peut_etre_un_seul) else None for q in posees]


def _question(a: Anomalie, source: str, ignorees: list[str]) -> QuestionImport | None:
    if a.table is None:
        return None
    poser = partial(
        QuestionImport, a.table, a.colonne or "", message=a.message, source=source, fichier=a.fichier, regle=a.regle
    )
    if a.regle == LIGNE_DOUTEUSE.nom:
        return poser(valeur=a.valeur, options=LIGNES, section="lignes")
    if a.colonne is None:
        return None
    if a.regle == VALEUR_INCONNUE.nom and a.valeur is not None:
        connues = TABLES[a.table].colonne(a.colonne).valeurs
        options = plus_proches(a.valeur, connues, len(connues), libelles(a.colonne))
        return poser(valeur=a.valeur, options=tuple(options))
    if a.regle == MONTANT_AMBIGU.nom:
        return poser(valeur=a.valeur, options=LECTURES, section="nombres")
    if a.regle == LISTE_AMBIGUE.nom:
        return poser(valeur=a.valeur, options=LISTES, section="listes")
    if a.regle == COLONNE_MANQUANTE.nom:
        d_un_fichier = [AUCUNE] if (a.table, a.colonne) == SANS_LOGEMENTS else []
        if a.colonne == ETAT:
            d_un_fichier = [f"{SEUL}{etat}" for etat in ETATS]
        return poser(valeur=None, options=(*plus_proches(a.colonne, ignorees, len(ignorees)), *d_un_fichier))
    if a.regle == ETIQUETTE_COUVRANTE.nom and a.valeur is not None:
        return poser(valeur=a.valeur, options=COUVRE, couvertes=etiquettes_dites(a.colonne, a.valeur))
    if a.regle == COLONNE_AMBIGUE.nom:
        return poser(valeur=None, options=tuple((a.valeur or "").split(ENTETES)))
    return None


def en_objets(posees: Iterable[QuestionImport]) -> list[dict[str, object]]:
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


def source_de(entete: Iterable[str]) -> str:
    """The source of a file: its set of headers, whatever their order and writing. A short name that says no more."""
    noms = sorted({fold(nom) for nom in entete} - {""})
    return sha256("|".join(noms).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Reponses:
    """The answers given about the files of each source, imposed on no other. `par_source`: source → answers."""

    par_source: Correspondance[str, Mapping] = field(default_factory=dict)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        return tuple(self.par_source.values())

    def complete(self, mapping: Mapping, source: str) -> Mapping:
        """`mapping` with the answers about this source over it."""
        siennes = self.par_source.get(source)
        return mapping if siennes is None else merge(mapping, siennes)

    def with_reponses(self, autres: Reponses) -> Reponses:
        """These, and `autres` over them."""
        sources = {*self.par_source, *autres.par_source}
        sans = Mapping()
        return Reponses(
            {s: merge(self.par_source.get(s, sans), autres.par_source.get(s, sans)) for s in sorted(sources)}
        )


SANS = Reponses()


def answer_par_source(reponses: Correspondance[QuestionImport, str]) -> Reponses:
    """The answers, each kept for the source that it was asked about."""
    sources = {q.source for q in reponses}
    return Reponses({s: answer({q: r for q, r in reponses.items() if q.source == s}) for s in sorted(sources)})


def refuse_deux_fois(donnees: Iterable[tuple[str, str, str]]) -> None:
    """`donnees`: table, column, header said to give it. Raises `AppelIncorrect` for a header said to give two."""
    prises: dict[tuple[str, str], str] = {}
    for table, colonne, entete in donnees:
        if (autre := prises.setdefault((table, entete), colonne)) != colonne:
            raise AppelIncorrect(
                f"« {entete} » est choisi pour « {autre} » et « {colonne} » : une colonne du fichier n’en donne "
                "qu’une, changer l’une des deux réponses."
            )


def answer(reponses: Correspondance[QuestionImport, str]) -> Mapping:
    """The mapping of the answers. Raises `AppelIncorrect` when two of them choose one header."""
    couvre: dict[str, dict[str, tuple[str, ...]]] = {}
    colonnes: dict[str, dict[str, str]] = {}
    valeurs: dict[str, dict[str, dict[str, str]]] = {}
    plates: dict[str, Any] = {section: {} for section in PLATES}
    for q, reponse in reponses.items():
        if q.couvertes and q.valeur is not None:
            colonnes.setdefault(q.table, {})[q.colonne] = q.valeur
            if reponse == COUVRANTE:
                couvre.setdefault(q.table, {})[q.colonne] = q.couvertes
        elif q.section:
            plates[q.section].setdefault(q.table, {})[q.colonne or q.valeur or ""] = reponse
        elif reponse.startswith(SEUL):
            section = ETAT if q.colonne == ETAT else "bailleur"
            plates[section].setdefault(q.table, {})[q.fichier] = reponse.removeprefix(SEUL)
        elif q.valeur is None:
            colonnes.setdefault(q.table, {})[q.colonne] = reponse
        else:
            valeurs.setdefault(q.table, {}).setdefault(q.colonne, {})[q.valeur] = reponse
    refuse_deux_fois((t, c, entete) for t, siennes in colonnes.items() for c, entete in siennes.items() if entete)
    return Mapping(colonnes, valeurs, couvre, **plates)


def merge(*mappings: Mapping) -> Mapping:
    """All of them in one; the last one wins. Raises `AppelIncorrect` when together they make no sense."""
    colonnes: dict[str, dict[str, str]] = {}
    valeurs: dict[str, dict[str, dict[str, str]]] = {}
    couvre: dict[str, dict[str, tuple[str, ...]]] = {}
    absentes: dict[str, tuple[str, ...]] = {}
    plates: dict[str, Any] = {section: {} for section in PLATES}
    noms_bailleurs: dict[str, str] = {}
    for mapping in mappings:
        noms_bailleurs |= mapping.noms
        for section, par_table in plates.items():
            for table, dites in getattr(mapping, section).items():
                par_table.setdefault(table, {}).update(dites)
        for table, noms in mapping.colonnes.items():
            # A column of the file answers for one column of the contract: the last answer takes it from the others.
            restes = {c: n for c, n in colonnes.get(table, {}).items() if not n or n not in noms.values()}
            colonnes[table] = {**restes, **noms}
        for table, par_colonne in mapping.valeurs.items():
            for colonne, reponses in par_colonne.items():
                valeurs.setdefault(table, {}).setdefault(colonne, {}).update(reponses)
        for table, par_couvrante in mapping.couvre.items():
            for couvrante, couvertes in par_couvrante.items():
                autres = couvre.setdefault(table, {}).get(couvrante, ())
                couvre[table][couvrante] = tuple(dict.fromkeys((*autres, *couvertes)))
        for table, noms_absents in mapping.absentes.items():
            absentes[table] = tuple(dict.fromkeys((*absentes.get(table, ()), *noms_absents)))
    modele = next((m.modele for m in reversed(mappings) if m.modele), "")
    ensemble = Mapping(colonnes, valeurs, couvre, absentes, noms=noms_bailleurs, modele=modele, **plates)
    return Mapping.depuis_texte(en_toml(ensemble), "réponses")


def en_toml(mapping: Mapping) -> str:
    """The mapping as the file that `--mapping` reads; empty text when it answers nothing."""
    lignes = [f"modele = {_valeur(mapping.modele)}", ""] if mapping.modele else []
    for table, noms in mapping.colonnes.items():
        lignes += _section([table, "colonnes"], noms)
    for table, par_colonne in mapping.valeurs.items():
        for colonne, reponses in par_colonne.items():
            lignes += _section([table, "valeurs", colonne], reponses)
    for section in PLATES:
        for table, dites in getattr(mapping, section).items():
            lignes += _section([table, section], dites)
    lignes += _section([BAILLEURS, "noms"], mapping.noms)
    for table, par_couvrante in mapping.couvre.items():
        lignes += _section([table, "couvre"], par_couvrante)
    for table, noms_absents in mapping.absentes.items():
        lignes += _section([table, "absentes"], dict.fromkeys(noms_absents, False))
    return "\n".join(lignes)


def _section(chemin: Iterable[str], contenu: Correspondance[str, object]) -> list[str]:
    if not contenu:
        return []
    return [f"[{'.'.join(chemin)}]", *(f"{_valeur(cle)} = {_valeur(valeur)}" for cle, valeur in contenu.items()), ""]


def _valeur(valeur: object) -> str:
    """JSON texts, lists and booleans are TOML ones, save for the one control character that JSON lets through."""
    return json.dumps(valeur, ensure_ascii=False).replace("\x7f", "\\u007f")
