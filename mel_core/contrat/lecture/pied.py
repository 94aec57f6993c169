"""What offices write around the rows of a table: totals, notes, units. How such a row is told by its words.

In a CSV, such a row may have fewer cells than the header: it is no ragged row when its words say what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from mel_core.contrat.lecture.brut import Entiers
from mel_core.contrat.valeurs import CELLULE_FUSIONNEE

# Two patterns for Python and for Arrow (RE2): a total with its name, « Total Lille », and the word alone.
RACINE = "tot"  # what every text of the second holds
_MOT = r"(?:(?:grand|sous|s)[\s_\-./]*)?tot(?:al|aux)"
_SOMME = r"(?:ensemble|sommes?|cumul|moyennes?|m[ée]dianes?)(?:\s+(?:des?|du|g[ée]n[ée]ral)\b.*)?\s*:?\s*$"
TOTAL = rf"^\s*(?:{_MOT}\b|{_SOMME})"
TOTAL_SEUL = rf"^\s*{_MOT}(?:[\s_]+g[ée]n[ée]ra(?:l|ux))?\s*:?\s*$"
_TOTAL, _TOTAL_SEUL = (re.compile(motif, re.IGNORECASE) for motif in (TOTAL, TOTAL_SEUL))
_NOTE = re.compile(
    r"^\s*(?:\(?\*+\)?|\([0-9a-z]\)|nb\b|n\.b\.|notes?\b|sources?\b|champ\b|lecture\b|remarques?\b|l[ée]gende\b|"
    r"p[ée]rim[èe]tre\b|avertissement\b|attention\b|donn[ée]es\b|[ée]dit[ée]e?s?\b|extra(?:it|ction)\b|export|"
    r"mise? [àa] jour\b|fin d|page\b|©|imprim[ée]|arr[êe]t[ée])",
    re.IGNORECASE,
)
_SEPARATEURS = (",", ";", "\t", "|")
_MOTS, _CHIFFRES = re.compile(r"[^\W\d_](?:[\s'’.-]*[^\W\d_])*"), re.compile(r"\d+")
_VALEURS_MIN = 2  # of the shape of those above: what no note holds by chance
_UNITE = re.compile(
    r"^[(\[]?\s*(?:en\s+|format\s+)?(?:€|k€|eur|euros?|%|pourcentage|n|nb|nbre|nombre|unit[ée]s?|date|texte|code|cl[ée]|"
    r"jj[/.-]mm[/.-]aaaa|aaaa(?:[/.-]mm(?:[/.-]jj)?)?|mm[/.-]aaaa|oui\s*[/|]\s*non|o\s*[/|]\s*n|[01]\s*[/|]\s*[01]|"
    r"vrai\s*[/|]\s*faux|m2|m²|mois|ans?|ann[ée]es?|personnes?|pers\.?|m[ée]nages?|logements?|lgts?|uc|u\.c\.|"
    r"bool[ée]en|(?:alpha)?num[ée]rique|entier|d[ée]cimal|cha[îi]ne|liste|identifiant)"
    r"(?:\s*(?:/|par)\s*(?:an|mois|uc|m[ée]nage|personne)s?)?\s*[)\]]?$",
    re.IGNORECASE,
)


def remplies(cellules: Sequence[str]) -> list[str]:
    """The cells that say something; what lies under a merged cell does not."""
    return [texte for c in cellules if (texte := c.strip()) and texte != CELLULE_FUSIONNEE]


def est_total(texte: str) -> bool:
    """`Total`, `TOTAL GÉNÉRAL`, `Sous-total Lille`, `Ensemble`…"""
    return _TOTAL.match(texte) is not None


def est_total_seul(texte: str) -> bool:
    """The word, and nothing that it would be the total of."""
    return _TOTAL_SEUL.match(texte) is not None


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
    return any(_n_semblables(list(map(_forme, coupe)), formes) >= _VALEURS_MIN for coupe in coupes)


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


class Pied:
    """The rows of a CSV that have not as many cells as the header, and that are totals or notes.

    `notes`: those met since the last full row: at the end of the file they are its notes, before it they are faults.
    `dessus`: that row.
    """

    def __init__(self, largeur: int) -> None:
        self._largeur = largeur
        self.notes: list[tuple[int, list[str]]] = []
        self.dessus: Sequence[str] = ()

    def sort_out(self, lignes: list[list[str]], numeros: Entiers) -> tuple[list[list[str]], Entiers]:
        """The rows to go on with: totals made as wide as the header; notes are kept for the end, or put back as they
        are when a full row follows."""
        suite: list[tuple[int, list[str]]] = []
        for numero, ligne in zip(numeros.tolist(), lignes, strict=True):
            est_large = len(ligne) == self._largeur
            if not est_large and _est_totale(ligne):
                ligne = self._widen(ligne)
            elif not est_large and est_note(ligne, dessus=self.dessus):
                self.notes.append((numero, ligne))
                continue
            if self.notes and remplies(ligne) and not _est_totale(ligne) and not est_note(ligne, dessus=self.dessus):
                suite += self.notes
                self.notes = []
            if est_large and len(remplies(ligne)) >= _VALEURS_MIN and not _est_totale(ligne):
                self.dessus = ligne
            suite.append((numero, ligne))
        return [ligne for _, ligne in suite], np.array([n for n, _ in suite], np.int64)

    def give(self) -> tuple[list[list[str]], Entiers]:
        """The notes of the end, as wide as the header."""
        lignes = [self._widen(ligne) for _, ligne in self.notes]
        return lignes, np.array([numero for numero, _ in self.notes], np.int64)

    def _widen(self, ligne: list[str]) -> list[str]:
        return (ligne + [""] * self._largeur)[: self._largeur]


def _est_totale(ligne: Sequence[str]) -> bool:
    pleines = remplies(ligne)
    return bool(pleines) and est_total(pleines[0])
