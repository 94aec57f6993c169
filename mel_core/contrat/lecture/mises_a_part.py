"""Rows that are no rows of data: titles above the header, units under it, totals and notes. Said, and counted apart.

A row that could be kept is never set apart without an answer: what its words say of it is then a question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture import pied
from mel_core.contrat.lecture.brut import Entiers, Lecture, Masque, Morceau, Rangee
from mel_core.contrat.lecture.cellules import Convertie, Etat, Lecteur
from mel_core.contrat.mapping import A_PART, DONNEE
from mel_core.contrat.regles import DONNEES_AU_DESSUS, LIGNE_A_PART, LIGNE_DOUTEUSE
from mel_core.contrat.tables import Table, Type
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, FORMULE_NON_CALCULEE, read_montant

_PAR_LE_MAPPING = "dite hors des données par le mapping"
_MONTREE_MAX = 120  # characters of a row quoted in the report
_DOUTES_MAX = 100  # questions about rows of one file: more, and it is another table
_MOTS_SURS = 3  # words where a date, a number or a yes can only be, for the row to be certainly none
_TYPES_SANS_MOTS = (Type.DATE, Type.MOIS, Type.NOMBRE, Type.ENTIER, Type.BOOLEEN)
_PRECISION = 1e-9  # of a sum of amounts, beside the amounts


@dataclass
class MisesAPart:
    """Those of one file. `rangs`: column of the contract → rank in the file. `reponses`: first cell → an answer.

    `n`: rows set apart so far.
    """

    table: Table
    rangs: Mapping[str, int]
    reponses: Mapping[str, str]
    constats: Constats
    n: int = 0
    _doutes: int = 0
    _est_premier: bool = True

    def say_titres(self, lecture: Lecture, lecteurs: Mapping[str, Lecteur]) -> None:
        """The rows above the header. One that reads as a row of the table blocks: the header would not be there. One
        column is not enough to read a row by: heads merged over several columns have a word in it."""
        requises = [
            (self.rangs[c.nom], lecteurs[c.nom]) for c in self.table.colonnes if c.requise and c.nom in self.rangs
        ]
        for ligne, cellules in lecture.titres:
            if len(requises) > 1 and all(_est_valide(cellules, rang, read) for rang, read in requises):
                self.constats.report(DONNEES_AU_DESSUS, ligne=ligne, entete=lecture.ligne_entete)
            else:
                self._say(ligne, cellules, "un titre au-dessus de l’en-tête")

    def sort_out(
        self,
        morceau: Morceau,
        lues: Mapping[str, Convertie],
        avant: Mapping[str, Sequence[pa.Array]],
        est_dernier: bool,
    ) -> Masque:
        """The rows of `morceau` that are none. `lues`: its cells, typed; `avant`: those of the rows before."""
        requises = [c.nom for c in self.table.colonnes if c.requise and c.nom in self.rangs]
        a_part = np.zeros(len(morceau.numeros), bool)
        est_premier, self._est_premier = self._est_premier, False
        if not requises or not len(a_part):
            return a_part
        incompletes = np.logical_or.reduce([lues[nom].etats != Etat.VALIDE for nom in requises])
        self._ask(morceau, incompletes, a_part)
        rangees = _Rangees(morceau, np.flatnonzero(incompletes))
        if not len(rangees.positions):
            return a_part
        for rang in np.flatnonzero(rangees.totaux | rangees.bear(self.reponses)).tolist():
            self._judge_total(rangees.ligne(rang), int(rangees.positions[rang]), lues, a_part)
        if est_premier:
            self._judge_unites(rangees, lues, a_part)
        if est_dernier:
            self._judge_pied(rangees, lues, avant, a_part)
        # What separates a total from the rows says no more than they do.
        return _with_blanches(a_part, rangees) if a_part.any() else a_part

    def _ask(self, morceau: Morceau, incompletes: Masque, a_part: Masque) -> None:
        """Rows that could be kept, and whose first cell or key says « total »; those already answered."""
        places = {0, *(self.rangs[c] for c in self.table.cle if c in self.rangs)}
        dites = np.zeros(len(incompletes), bool)
        for rang in places:
            textes = pc.utf8_trim_whitespace(morceau.colonnes[rang])
            # Five times as fast as the pattern, and nearly always enough.
            if pc.any(pc.match_substring(textes, pied.RACINE, ignore_case=True)).as_py():
                dites |= _matches(textes, pied.TOTAL_SEUL)
            if self.reponses:
                connues = pa.array(list(self.reponses), pa.string())
                dites |= pc.is_in(textes, value_set=connues).to_numpy(zero_copy_only=False)
        for position in np.flatnonzero(dites & ~incompletes).tolist():
            ligne, cellules = _row(morceau, position)
            pleines = pied.remplies(cellules)
            reponse = self.reponses.get(pleines[0])
            if reponse == A_PART or (reponse is None and self._est_sans_doute_un_total(cellules, pleines)):
                a_part[position] = True
                self._say(ligne, cellules, "un total" if reponse is None else _PAR_LE_MAPPING)
            elif reponse is None:
                self._doubt(ligne, cellules)

    def _est_sans_doute_un_total(self, cellules: Sequence[str], pleines: Sequence[str]) -> bool:
        """« Total » for a commune, or with nothing but numbers beside it: no row of any table reads so."""
        communes = [
            cellules[self.rangs[c.nom]].strip() for c in self.table.colonnes if c.est_commune and c.nom in self.rangs
        ]
        autres = [texte for texte in pleines if not pied.est_total_seul(texte)]
        return any(map(pied.est_total_seul, communes)) or all(read_montant(texte) is not None for texte in autres)

    def _judge_total(self, rangee: Rangee, position: int, lues: Mapping[str, Convertie], a_part: Masque) -> None:
        ligne, cellules = rangee
        premiere = pied.remplies(cellules)[0]
        cle = pied.remplies([cellules[self.rangs[c]] for c in self.table.cle if c in self.rangs])
        reponse = self.reponses.get(premiere)
        dite = premiere if pied.est_total(premiere) else next(filter(pied.est_total_seul, pied.remplies(cellules)), "")
        # « Total … » before a key is the name of something; « Total » alone is a total, whatever stands under the key.
        est_total = bool(dite) and (not cle or dite in cle or (dite == premiere and pied.est_total_seul(dite)))
        if reponse == DONNEE or (reponse is None and not est_total):
            return
        a_part[position] = True
        if reponse is None and self._est_presque_entiere(cellules, premiere, position, lues):
            self._doubt(ligne, cellules)
        else:
            self._say(ligne, cellules, "un total" if reponse is None else _PAR_LE_MAPPING)

    def _est_presque_entiere(
        self, cellules: Sequence[str], premiere: str, position: int, lues: Mapping[str, Convertie]
    ) -> bool:
        """Whether most of what the contract requires of a row is there, besides the cell that says « total »: it may be
        one of data, with a fault."""
        autres = [
            lues[c.nom].etats[position] == Etat.VALIDE
            for c in self.table.colonnes
            if c.requise and c.nom in lues and cellules[self.rangs[c.nom]].strip() != premiere
        ]
        return sum(autres) * 2 > len(autres)

    def _judge_unites(self, rangees: _Rangees, lues: Mapping[str, Convertie], a_part: Masque) -> None:
        """The first row under the header: units or formats; a row of words alone where none can be is a question."""
        rang = next((r for r in range(len(rangees.positions)) if rangees.n_remplies[r]), None)
        if rang is None or rangees.positions[rang] != rang or a_part[rangees.positions[rang]]:
            return
        position = int(rangees.positions[rang])
        ligne, cellules = rangees.ligne(rang)
        premiere = pied.remplies(cellules)[0]
        reponse = self.reponses.get(premiere)
        if reponse == A_PART or (reponse is None and pied.sont_des_unites(cellules)):
            a_part[position] = True
            self._say(ligne, cellules, "les unités des colonnes")
            return
        typees = [
            lues[c.nom].etats[position] for c in self.table.colonnes if c.nom in lues and c.type in _TYPES_SANS_MOTS
        ]
        pleines = [etat for etat in typees if etat != Etat.VIDE]
        if reponse is not None or re.search("[0-9]", " ".join(cellules)) or any(e != Etat.TYPE for e in pleines):
            return
        if len(pleines) >= _MOTS_SURS:
            a_part[position] = True
            self._say(ligne, cellules, "une seconde ligne d’en-tête")
        elif len(pleines) > 1:
            a_part[position] = True  # nothing is published before the answer
            self._doubt(ligne, cellules)

    def _judge_pied(
        self,
        rangees: _Rangees,
        lues: Mapping[str, Convertie],
        avant: Mapping[str, Sequence[pa.Array]],
        a_part: Masque,
    ) -> None:
        """From the last row up to the first that is data: notes, and sums that no word announces."""
        fin, dessus = len(a_part), rangees.derniere_pleine()
        for rang in reversed(range(len(rangees.positions))):
            position = int(rangees.positions[rang])
            if position != fin - 1:
                return  # what lies between is complete: it is data
            fin = position
            if not rangees.n_remplies[rang] or a_part[position]:
                continue
            ligne, cellules = rangees.ligne(rang)
            reponse = self.reponses.get(pied.remplies(cellules)[0])
            if reponse == DONNEE:
                return
            if reponse == A_PART or pied.est_note(cellules, self._peut_etre_un_texte, dessus):
                quoi = "une note sous les données"
            elif self._est_une_somme(cellules, position, lues, avant, a_part):
                quoi = "un total"
            else:
                return
            a_part[position] = True
            self._say(ligne, cellules, quoi)

    @property
    def _peut_etre_un_texte(self) -> bool:
        """Whether a sentence in the first column of the file may be what the table holds there."""
        premiere = next((self.table.colonne(nom) for nom, rang in self.rangs.items() if rang == 0), None)
        return premiere is not None and premiere.type is Type.TEXTE

    def _est_une_somme(
        self,
        cellules: Sequence[str],
        position: int,
        lues: Mapping[str, Convertie],
        avant: Mapping[str, Sequence[pa.Array]],
        a_part: Masque,
    ) -> bool:
        """Numbers alone, the key empty, each column known the sum of what stands above."""
        if any(cellules[self.rangs[c]].strip() for c in self.table.cle if c in self.rangs):
            return False
        pleines = pied.remplies(cellules)
        nombres = [texte for texte in pleines if texte != FORMULE_NON_CALCULEE]
        if any(read_montant(texte) is None for texte in nombres):
            return False
        if len(nombres) < len(pleines):
            return True  # a formula without a key, under the rows: what it sums was never computed
        dessus = ~a_part
        dessus[position:] = False
        sommes = [
            (lues[c.nom].valeurs[position].as_py(), [*avant[c.nom], lues[c.nom].valeurs.filter(pa.array(dessus))])
            for c in self.table.colonnes
            if c.type in (Type.NOMBRE, Type.ENTIER) and c.nom in lues and cellules[self.rangs[c.nom]].strip()
        ]
        return bool(sommes) and all(somme is not None and _is_sum(somme, valeurs) for somme, valeurs in sommes)

    def _doubt(self, ligne: int, cellules: Sequence[str]) -> None:
        self._doutes += 1
        if self._doutes <= _DOUTES_MAX:
            premiere = pied.remplies(cellules)[0]
            cle = json.dumps(premiere, ensure_ascii=False)
            self.constats.report(LIGNE_DOUTEUSE, valeur=premiere, ligne=ligne, table=self.table.nom, cle=cle)

    def _say(self, ligne: int, cellules: Sequence[str], quoi: str) -> None:
        self.n += 1
        pleines = pied.remplies(cellules)
        dite = pleines[0][:_MONTREE_MAX] if pleines else ""
        self.constats.report(LIGNE_A_PART, valeur=dite, ligne=ligne, quoi=quoi)


class _Rangees:
    """Rows that lack what the contract requires, looked at as a whole. `premieres`: their first cell that says
    something."""

    def __init__(self, morceau: Morceau, positions: Entiers) -> None:
        self._morceau = morceau
        self.positions = positions
        self.n_remplies = np.zeros(len(positions), np.int64)
        premieres: pa.Array = pa.nulls(len(positions), pa.string())
        dits = np.zeros(len(positions), bool)
        choix = pa.array(positions)
        for colonne in morceau.colonnes:
            textes = pc.utf8_trim_whitespace(colonne.take(choix))
            vides = pc.or_(pc.equal(textes, ""), pc.equal(textes, CELLULE_FUSIONNEE))
            self.n_remplies += ~vides.to_numpy(zero_copy_only=False)
            dits |= _matches(textes, pied.TOTAL_SEUL)
            premieres = pc.coalesce(premieres, pc.if_else(vides, pa.scalar(None, pa.string()), textes))
        self._premieres = premieres
        self.totaux: Masque = dits | _matches(premieres, pied.TOTAL)

    def bear(self, reponses: Mapping[str, str]) -> Masque:
        """The rows that an answer names."""
        connues = pa.array(list(reponses), pa.string())
        masque: Masque = pc.is_in(self._premieres, value_set=connues).to_numpy(zero_copy_only=False)
        return masque

    def derniere_pleine(self) -> Sequence[str]:
        """The last row that lacks nothing; none where all do."""
        pleines = np.setdiff1d(np.arange(len(self._morceau.numeros)), self.positions)
        return _row(self._morceau, int(pleines[-1]))[1] if pleines.size else ()

    def ligne(self, rang: int) -> Rangee:
        return _row(self._morceau, int(self.positions[rang]))


def _matches(textes: pa.Array, motif: str) -> Masque:
    trouves = pc.fill_null(pc.match_substring_regex(textes, motif, ignore_case=True), False)
    masque: Masque = trouves.to_numpy(zero_copy_only=False)
    return masque


def _row(morceau: Morceau, position: int) -> Rangee:
    return int(morceau.numeros[position]), [colonne[position].as_py() for colonne in morceau.colonnes]


def _with_blanches(a_part: Masque, rangees: _Rangees) -> Masque:
    """The blank rows that touch a row set apart go with it."""
    blanches = np.zeros(len(a_part), bool)
    blanches[rangees.positions[rangees.n_remplies == 0]] = True
    etendue = a_part.copy()
    for position in np.flatnonzero(a_part).tolist():
        for voisine in (*_run(blanches, position, -1), *_run(blanches, position, 1)):
            etendue[voisine] = True
    return etendue


def _run(blanches: Masque, position: int, pas: int) -> Iterator[int]:
    position += pas
    while 0 <= position < len(blanches) and blanches[position]:
        yield position
        position += pas


def _est_valide(cellules: Sequence[str], rang: int, read: Callable[[str], tuple[object, Etat]]) -> bool:
    texte = cellules[rang].strip() if rang < len(cellules) else ""
    return bool(texte) and texte != CELLULE_FUSIONNEE and read(texte)[1] is Etat.VALIDE


def _is_sum(somme: float, valeurs: Sequence[pa.Array]) -> bool:
    vraie = sum(pc.sum(v).as_py() or 0 for v in valeurs)
    return vraie != 0 and abs(somme - vraie) <= _PRECISION * max(abs(vraie), 1) + 0.005
