"""What a check asks, as questions with their possible answers, and the mapping that the answers make."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass
from pathlib import PurePosixPath

from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.mapping import LECTURES, Mapping
from mel_core.contrat.proches import plus_proches
from mel_core.contrat.rapport import Anomalie, Rapport
from mel_core.contrat.regles import COLONNE_INCONNUE, COLONNE_MANQUANTE, MONTANT_AMBIGU, VALEUR_INCONNUE
from mel_core.contrat.tables import TABLES

INCONNU = ""  # « this value means unknown »


@dataclass(frozen=True)
class QuestionImport:
    """One question. `valeur` is the unknown value, None when it is the column that is missing.

    `options`: the possible answers, the nearest first: values of the contract, columns of the file not read yet, or,
    for an amount that reads two ways (`est_montant`), how the column is read.
    """

    table: str
    colonne: str
    valeur: str | None
    options: tuple[str, ...]
    message: str
    est_montant: bool = False


def questions(rapport: Rapport) -> list[QuestionImport]:
    """The questions that the report asks and that an answer can settle, in file order."""
    ignorees: dict[str, list[str]] = {}
    for a in rapport.anomalies:
        if a.regle == COLONNE_INCONNUE.nom and a.valeur:
            ignorees.setdefault(a.fichier, []).append(a.valeur)
    return [q for a in rapport.anomalies if (q := _question(a, ignorees.get(a.fichier, []))) and q.options]


def _question(anomalie: Anomalie, ignorees: list[str]) -> QuestionImport | None:
    table = _table(anomalie.fichier)
    if table is None or anomalie.colonne is None:
        return None
    if anomalie.regle == VALEUR_INCONNUE.nom and anomalie.valeur is not None:
        connues = TABLES[table].colonne(anomalie.colonne).valeurs
        options = plus_proches(anomalie.valeur, connues, len(connues))
        return QuestionImport(table, anomalie.colonne, anomalie.valeur, tuple(options), anomalie.message)
    if anomalie.regle == MONTANT_AMBIGU.nom:
        return QuestionImport(table, anomalie.colonne, anomalie.valeur, LECTURES, anomalie.message, est_montant=True)
    if anomalie.regle == COLONNE_MANQUANTE.nom:
        options = plus_proches(anomalie.colonne, ignorees, len(ignorees))
        return QuestionImport(table, anomalie.colonne, None, tuple(options), anomalie.message)
    return None


def _table(fichier: str) -> str | None:
    """The table of a file (`attributions.csv`) or of a sheet (`classeur.xlsx › attributions`)."""
    return table_nommee(PurePosixPath(fichier.rsplit(" › ", 1)[-1]).stem)


def answer(reponses: Correspondance[QuestionImport, str]) -> Mapping:
    """The mapping of the answers."""
    colonnes: dict[str, dict[str, str]] = {}
    valeurs: dict[str, dict[str, dict[str, str]]] = {}
    nombres: dict[str, dict[str, str]] = {}
    for q, reponse in reponses.items():
        if q.est_montant:
            nombres.setdefault(q.table, {})[q.colonne] = reponse
        elif q.valeur is None:
            colonnes.setdefault(q.table, {})[q.colonne] = reponse
        else:
            valeurs.setdefault(q.table, {}).setdefault(q.colonne, {})[q.valeur] = reponse
    return Mapping(colonnes, valeurs, nombres=nombres)


def merge(*mappings: Mapping) -> Mapping:
    """All of them in one; the last one wins. Raises `AppelIncorrect` when together they make no sense."""
    colonnes: dict[str, dict[str, str]] = {}
    valeurs: dict[str, dict[str, dict[str, str]]] = {}
    couvre: dict[str, dict[str, tuple[str, ...]]] = {}
    absents: dict[str, tuple[str, ...]] = {}
    nombres: dict[str, dict[str, str]] = {}
    for mapping in mappings:
        for table, lectures in mapping.nombres.items():
            nombres.setdefault(table, {}).update(lectures)
        for table, noms in mapping.colonnes.items():
            # A column of the file answers for one column of the contract: the last answer takes it from the others.
            restes = {c: n for c, n in colonnes.get(table, {}).items() if n not in noms.values()}
            colonnes[table] = {**restes, **noms}
        for table, par_colonne in mapping.valeurs.items():
            for colonne, reponses in par_colonne.items():
                valeurs.setdefault(table, {}).setdefault(colonne, {}).update(reponses)
        for table, par_couvrante in mapping.couvre.items():
            couvre.setdefault(table, {}).update(par_couvrante)
        for table, noms_absents in mapping.absents.items():
            absents[table] = tuple(dict.fromkeys((*absents.get(table, ()), *noms_absents)))
    modele = next((m.modele for m in reversed(mappings) if m.modele), "")
    return Mapping.depuis_texte(en_toml(Mapping(colonnes, valeurs, couvre, absents, nombres, modele)), "réponses")


def en_toml(mapping: Mapping) -> str:
    """The mapping as the file that `--mapping` reads; empty text when it answers nothing."""
    lignes = [f"modele = {_valeur(mapping.modele)}", ""] if mapping.modele else []
    for table, noms in mapping.colonnes.items():
        lignes += _section([table, "colonnes"], noms)
    for table, par_colonne in mapping.valeurs.items():
        for colonne, reponses in par_colonne.items():
            lignes += _section([table, "valeurs", colonne], reponses)
    for table, lectures in mapping.nombres.items():
        lignes += _section([table, "nombres"], lectures)
    for table, par_couvrante in mapping.couvre.items():
        lignes += _section([table, "couvre"], par_couvrante)
    for table, noms_absents in mapping.absents.items():
        lignes += _section([table, "absents"], dict.fromkeys(noms_absents, False))
    return "\n".join(lignes)


def _section(chemin: Iterable[str], contenu: Correspondance[str, object]) -> list[str]:
    if not contenu:
        return []
    return [f"[{'.'.join(chemin)}]", *(f"{_valeur(cle)} = {_valeur(valeur)}" for cle, valeur in contenu.items()), ""]


def _valeur(valeur: object) -> str:
    """JSON texts, lists and booleans are TOML ones, save for the one control character that JSON lets through."""
    return json.dumps(valeur, ensure_ascii=False).replace("\x7f", "\\u007f")
