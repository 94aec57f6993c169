"""Rows that are no rows of data: titles above the header, units under it, totals and notes. Said, and counted apart.

A row that could be kept is never set apart without an answer: what its words say of it is then a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.colonnes import Table, Type
from mel_core.contrat.lecture.brut import Entiers, LectureTable, Lignes, Masque, en_masque, remplies
from mel_core.contrat.lecture.cellules import Convertie, EtatCellule, Lecteur
from mel_core.contrat.lecture.table_lue import Constats
from mel_core.contrat.mapping import A_PART, DONNEE
from mel_core.contrat.regles import DONNEES_AU_DESSUS, LIGNE_A_PART, LIGNE_DOUTEUSE
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE, FORMULE_NON_CALCULEE, read_montant

# Two patterns for Python and for Arrow (RE2): a total with its name, « Total Lille », and the word alone.
_RACINE = "tot"  # what every text of the second holds
_MOT = r"(?:(?:grand|sous|s)[\s_\-./]*)?tot(?:al|aux)"
_SOMME = r"(?:ensemble|sommes?|cumul|moyennes?|m[ée]dianes?)(?:\s+(?:des?|du|g[ée]n[ée]ral)\b.*)?\s*:?\s*$"
# « Nombre de baux : 120 », « Nb lignes » and its number beside.
_COMPTE = r"(?:nombre|nbre|nb|effectif)s?\.?(?:\s+(?:total\s+)?(?:des?\s+|d['’]\s*)?[^\W\d_]+){0,4}\s*:?\s*[\d\s]*$"
_TOTAL = rf"^\s*(?:{_MOT}\b|{_SOMME}|{_COMPTE})"
_TOTAL_SEUL = rf"^\s*{_MOT}(?:[\s_]+g[ée]n[ée]ra(?:l|ux))?\s*:?\s*$"
_EST_TOTAL, _EST_TOTAL_SEUL = (re.compile(motif, re.IGNORECASE) for motif in (_TOTAL, _TOTAL_SEUL))
_NOTE = re.compile(
    r"^\s*(?:\(?\*+\)?|\([0-9a-z]\)|nb\b|n\.b\.|notes?\b|sources?\b|champ\b|lecture\b|remarques?\b|l[ée]gende\b|"
    r"p[ée]rim[èe]tre\b|avertissement\b|attention\b|donn[ée]es\b|[ée]dit[ée]e?s?\b|extra(?:it|ction)\b|export|"
    r"mise? [àa] jour\b|fin d|page\b|©|imprim[ée]|arr[êe]t[ée])",
    re.IGNORECASE,
)
_UNITE = re.compile(
    r"^[(\[]?\s*(?:en\s+|format\s+)?(?:€|k€|eur|euros?|%|pourcentage|n|nb|nbre|nombre|unit[ée]s?|date|texte|code|cl[ée]|"
    r"jj[/.-]mm[/.-]aaaa|aaaa(?:[/.-]mm(?:[/.-]jj)?)?|mm[/.-]aaaa|oui\s*[/|]\s*non|o\s*[/|]\s*n|[01]\s*[/|]\s*[01]|"
    r"vrai\s*[/|]\s*faux|m2|m²|mois|ans?|ann[ée]es?|personnes?|pers\.?|m[ée]nages?|logements?|lgts?|uc|u\.c\.|"
    r"bool[ée]en|(?:alpha)?num[ée]rique|entier|d[ée]cimal|cha[îi]ne|liste|identifiant)"
    r"(?:\s*(?:/|par)\s*(?:an|mois|uc|m[ée]nage|personne)s?)?\s*[)\]]?$",
    re.IGNORECASE,
)
_SEPARATEURS = (",", ";", "\t", "|")
_MOTS, _CHIFFRES = re.compile(r"[^\W\d_](?:[\s'’.-]*[^\W\d_])*"), re.compile(r"\d+")
VALEURS_MIN = 2  # of the shape of those above: what no note holds by chance

_PAR_LE_MAPPING = "dite hors des données par le mapping"
_MONTREE_MAX = 120  # characters of a row quoted in the report
_DOUTES_MAX = 100  # questions about rows of one file: more, and it is another table
_MOTS_SURS = 3  # words where a date, a number or a yes can only be, for the row to be certainly none
_TYPES_SANS_MOTS = (Type.DATE, Type.MOIS, Type.NOMBRE, Type.ENTIER, Type.BOOLEEN)
_PRECISION = 1e-9  # of a sum of amounts, beside the amounts


def est_total(texte: str) -> bool:
    """`Total`, `TOTAL GÉNÉRAL`, `Sous-total Lille`, `Ensemble`…"""
    return _EST_TOTAL.match(texte) is not None


def est_total_seul(texte: str) -> bool:
    """The word, and nothing that it would be the total of."""
    return _EST_TOTAL_SEUL.match(texte) is not None


def est_note(cellules: Sequence[str], peut_etre_un_texte: bool = False, dessus: Sequence[str] = ()) -> bool:
    """A sentence alone in its row, in the first cell, or a row of three cells at most that begins as a note does.

    `peut_etre_un_texte`: the first column holds texts, a sentence there says nothing. `dessus`: the last row of data
    above; a row whose values are of the same shape, whatever separates them, is one of data badly cut.
    """
    pleines = remplies(cellules)
    if not pleines or len(pleines) > 3 or _ressemble(cellules, dessus):
        return False
    est_seule = len(pleines) == 1 and " " in cellules[0].strip()
    return (est_seule and not peut_etre_un_texte) or _NOTE.match(pleines[0]) is not None


def _ressemble(cellules: Sequence[str], dessus: Sequence[str]) -> bool:
    formes, texte = list(map(_forme, dessus)), " ".join(cellules)
    coupes = (cellules, *(texte.split(separateur) for separateur in _SEPARATEURS))
    return any(_n_semblables(list(map(_forme, coupe)), formes) >= VALEURS_MIN for coupe in coupes)


def _n_semblables(lues: Sequence[str], formes: Sequence[str]) -> int:
    """The last value read may be cut short."""
    paires = enumerate(zip(lues, formes, strict=False), start=1)
    return sum(
        lue != "" and (forme.startswith(lue) if rang == len(lues) else forme == lue) for rang, (lue, forme) in paires
    )


def _forme(valeur: str) -> str:
    """`A12` and `B7` are alike, and any two names."""
    return _CHIFFRES.sub("9", _MOTS.sub("a", valeur.strip()))


def sont_des_unites(cellules: Sequence[str]) -> bool:
    """`€`, `jj/mm/aaaa`, `oui/non`…: what a row under the header says of its columns; or their numbers, 1, 2, 3…"""
    pleines = remplies(cellules)
    if len(pleines) > 2 and pleines == [str(rang) for rang in range(1, len(pleines) + 1)]:
        return True
    return bool(pleines) and all(_UNITE.match(texte) for texte in pleines)


@dataclass(frozen=True)
class _Rangee:
    """A row looked at: its position, its line, its cells, and those that say something."""

    position: int
    ligne: int
    cellules: Sequence[str]
    pleines: Sequence[str]


@dataclass
class MisesAPart:
    """Those of one file. `rangs`: column of the contract → rank in the file. `reponses`: first cell → an answer.
    `lignes`, `lues`: its texts, its cells typed. `n`: rows set apart so far, `_a_part`: which.
    """

    table: Table
    rangs: Mapping[str, int]
    reponses: Mapping[str, str]
    constats: Constats
    lignes: Lignes
    lues: Mapping[str, Convertie]
    n: int = 0
    _doutes: int = 0
    _a_part: Masque = field(init=False)

    def __post_init__(self) -> None:
        self._a_part = np.zeros(len(self.lignes.numeros), bool)

    def say_titres(self, lecture: LectureTable, lecteurs: Mapping[str, Lecteur]) -> None:
        """The rows above the header. One that reads as a row of the table blocks: the header would not be there. One
        column is not enough to read a row by: heads merged over several columns have a word in it."""
        requises = [(self.rangs[nom], lecteurs[nom]) for nom in self._requises]
        for ligne, cellules in lecture.titres:
            if len(requises) > 1 and all(_est_valide(cellules, rang, read) for rang, read in requises):
                self.constats.report(DONNEES_AU_DESSUS, ligne=ligne, entete=lecture.ligne_entete)
            else:
                self._say(ligne, remplies(cellules), "un titre au-dessus de l’en-tête")

    @property
    def _requises(self) -> list[str]:
        return [c.nom for c in self.table.colonnes if c.requise and c.nom in self.rangs]

    def sort_out(self) -> Masque:
        """The rows that are none."""
        if not self._requises or not len(self._a_part):
            return self._a_part
        incompletes = np.logical_or.reduce([self.lues[nom].etats != EtatCellule.VALIDE for nom in self._requises])
        self._ask(~incompletes)
        positions = np.flatnonzero(incompletes)
        if not positions.size:
            return self._a_part
        n_remplies, a_juger = self._inspect(positions)
        for position in positions[a_juger].tolist():
            self._judge_total(self._row(position))
        premiere = int(np.argmax(n_remplies > 0))  # nothing but blank rows above it
        if n_remplies[premiere] and positions[premiere] == premiere:
            self._judge_unites(self._row(premiere))
        self._judge_pied(~incompletes, n_remplies)
        if self._a_part.any():  # what separates a total from the rows says no more than they do
            self._take_blanches(positions[n_remplies == 0])
        return self._a_part

    def _row(self, position: int) -> _Rangee:
        ligne, cellules = self.lignes.row(position)
        return _Rangee(position, ligne, cellules, remplies(cellules))

    def _ask(self, completes: Masque) -> None:
        """Rows that could be kept, and whose first cell or key says « total »; those already answered."""
        dites = np.zeros(len(completes), bool)
        for rang in {0, *(self.rangs[c] for c in self.table.cle if c in self.rangs)}:
            textes = pc.utf8_trim_whitespace(self.lignes.colonnes[rang])
            # Five times as fast as the pattern, and nearly always enough.
            if pc.any(pc.match_substring(textes, _RACINE, ignore_case=True)).as_py():
                dites |= _matches(textes, _TOTAL_SEUL)
            dites |= self._are_answered(textes)
        for position in np.flatnonzero(dites & completes).tolist():
            rangee = self._row(position)
            reponse = self.reponses.get(rangee.pleines[0])
            if reponse == A_PART or (reponse is None and self._est_sans_doute_un_total(rangee)):
                self._set_apart(rangee, "un total" if reponse is None else _PAR_LE_MAPPING)
            elif reponse is None:
                self._note_doute(rangee)

    def _are_answered(self, textes: pa.Array) -> Masque:
        return en_masque(pc.is_in(textes, value_set=pa.array(list(self.reponses), pa.string())))

    def _inspect(self, positions: Entiers) -> tuple[Entiers, Masque]:
        """Of the rows that lack what the contract requires: how many cells say something, and which may be totals or
        are named by an answer."""
        choix, n_remplies = pa.array(positions), np.zeros(len(positions), np.int64)
        premieres: pa.Array = pa.nulls(len(positions), pa.string())
        dites = np.zeros(len(positions), bool)
        for colonne in self.lignes.colonnes:
            textes = pc.utf8_trim_whitespace(colonne.take(choix))
            vides = pc.or_(pc.equal(textes, ""), pc.equal(textes, CELLULE_FUSIONNEE))
            n_remplies += ~en_masque(vides)
            dites |= _matches(textes, _TOTAL_SEUL)
            premieres = pc.coalesce(premieres, pc.if_else(vides, pa.scalar(None, pa.string()), textes))
        return n_remplies, dites | _matches(premieres, _TOTAL) | self._are_answered(premieres)

    def _est_sans_doute_un_total(self, rangee: _Rangee) -> bool:
        """« Total » for a commune, or with nothing but numbers beside it: no row of any table reads so."""
        communes = [
            rangee.cellules[self.rangs[c.nom]].strip()
            for c in self.table.colonnes
            if c.est_commune and c.nom in self.rangs
        ]
        autres = [texte for texte in rangee.pleines if not est_total_seul(texte)]
        return any(map(est_total_seul, communes)) or all(read_montant(texte) is not None for texte in autres)

    def _judge_total(self, rangee: _Rangee) -> None:
        premiere, reponse = rangee.pleines[0], self.reponses.get(rangee.pleines[0])
        cle = remplies([rangee.cellules[self.rangs[c]] for c in self.table.cle if c in self.rangs])
        dite = premiere if est_total(premiere) else next(filter(est_total_seul, rangee.pleines), "")
        # « Total … » before a key is the name of something; « Total » alone is a total, whatever stands under the key.
        est_dit = bool(dite) and (not cle or dite in cle or (dite == premiere and est_total_seul(dite)))
        if reponse == DONNEE or (reponse is None and not est_dit):
            return
        # Most of what the contract requires of a row may be there, besides « total »: it is one of data, with a fault?
        autres = [
            self.lues[nom].etats[rangee.position] == EtatCellule.VALIDE
            for nom in self._requises
            if rangee.cellules[self.rangs[nom]].strip() != premiere
        ]
        if reponse is None and sum(autres) * 2 > len(autres):
            self._a_part[rangee.position] = True  # nothing is published before the answer
            self._note_doute(rangee)
        else:
            self._set_apart(rangee, "un total" if reponse is None else _PAR_LE_MAPPING)

    def _judge_unites(self, rangee: _Rangee) -> None:
        """The first row under the header: units or formats; a row of words alone where none can be is a question."""
        if self._a_part[rangee.position]:
            return
        reponse = self.reponses.get(rangee.pleines[0])
        if reponse == A_PART or (reponse is None and sont_des_unites(rangee.cellules)):
            self._set_apart(rangee, "les unités des colonnes")
            return
        sans_mots = [c.nom for c in self.table.colonnes if c.nom in self.lues and c.type in _TYPES_SANS_MOTS]
        etats = [self.lues[nom].etats[rangee.position] for nom in sans_mots]
        pleines = [etat for etat in etats if etat != EtatCellule.VIDE]
        if (
            reponse is not None
            or re.search("[0-9]", " ".join(rangee.cellules))
            or any(e != EtatCellule.TYPE for e in pleines)
        ):
            return
        if len(pleines) >= _MOTS_SURS:
            self._set_apart(rangee, "une seconde ligne d’en-tête")
        elif len(pleines) > 1:
            self._a_part[rangee.position] = True
            self._note_doute(rangee)

    def _judge_pied(self, completes: Masque, n_remplies: Entiers) -> None:
        """From the last row up to the first that is data: notes, and sums that no word announces. `n_remplies`: how
        many cells say something in each of the rows that are not complete."""
        entieres = np.flatnonzero(completes)
        dessus = self._row(int(entieres[-1])).cellules if entieres.size else ()
        # Whether a sentence in the first column of the file may be what the table holds there.
        premiere = next((self.table.colonne(nom) for nom, rang in self.rangs.items() if rang == 0), None)
        peut_etre_un_texte = premiere is not None and premiere.type is Type.TEXTE
        debut = int(entieres[-1]) + 1 if entieres.size else 0
        for recul in range(1, len(completes) - debut + 1):
            position = len(completes) - recul
            if not n_remplies[-recul] or self._a_part[position]:
                continue
            rangee = self._row(position)
            reponse = self.reponses.get(rangee.pleines[0])
            if reponse == DONNEE:
                return
            if reponse == A_PART or est_note(rangee.cellules, peut_etre_un_texte, dessus):
                self._set_apart(rangee, "une note sous les données")
            elif self._est_une_somme(rangee):
                self._set_apart(rangee, "un total")
            else:
                return

    def _est_une_somme(self, rangee: _Rangee) -> bool:
        """Numbers alone, the key empty, each column known the sum of what stands above."""
        if any(rangee.cellules[self.rangs[c]].strip() for c in self.table.cle if c in self.rangs):
            return False
        nombres = [texte for texte in rangee.pleines if texte != FORMULE_NON_CALCULEE]
        if any(read_montant(texte) is None for texte in nombres):
            return False
        if len(nombres) < len(rangee.pleines):
            return True  # a formula without a key, under the rows: what it sums was never computed
        dessus = ~self._a_part
        dessus[rangee.position :] = False
        nombrees = [c.nom for c in self.table.colonnes if c.type in (Type.NOMBRE, Type.ENTIER) and c.nom in self.lues]
        sommees = [nom for nom in nombrees if rangee.cellules[self.rangs[nom]].strip()]
        return bool(sommees) and all(self._is_sum(nom, rangee.position, dessus) for nom in sommees)

    def _is_sum(self, nom: str, position: int, dessus: Masque) -> bool:
        valeurs = self.lues[nom].valeurs
        somme = valeurs[position].as_py()
        vraie = pc.sum(valeurs.filter(pa.array(dessus))).as_py() or 0
        return somme is not None and vraie != 0 and abs(somme - vraie) <= _PRECISION * max(abs(vraie), 1) + 0.005

    def _take_blanches(self, blanches: Entiers) -> None:
        """The blank rows that touch a row set apart, or another that does, go with it."""
        for pas, suite in ((-1, blanches), (1, blanches[::-1])):
            for position in suite.tolist():
                voisine = position + pas
                if 0 <= voisine < len(self._a_part) and self._a_part[voisine]:
                    self._a_part[position] = True

    def _note_doute(self, rangee: _Rangee) -> None:
        self._doutes += 1
        if self._doutes <= _DOUTES_MAX:
            self.constats.report(LIGNE_DOUTEUSE, valeur=rangee.pleines[0], ligne=rangee.ligne)

    def _set_apart(self, rangee: _Rangee, quoi: str) -> None:
        self._a_part[rangee.position] = True
        self._say(rangee.ligne, rangee.pleines, quoi)

    def _say(self, ligne: int, pleines: Sequence[str], quoi: str) -> None:
        self.n += 1
        dite = pleines[0][:_MONTREE_MAX] if pleines else ""
        self.constats.report(LIGNE_A_PART, valeur=dite, ligne=ligne, quoi=quoi)


def _matches(textes: pa.Array, motif: str) -> Masque:
    return en_masque(pc.match_substring_regex(textes, motif, ignore_case=True))


def _est_valide(cellules: Sequence[str], rang: int, read: Lecteur) -> bool:
    texte = cellules[rang].strip() if rang < len(cellules) else ""
    return bool(texte) and texte != CELLULE_FUSIONNEE and read(texte)[1] is EtatCellule.VALIDE
