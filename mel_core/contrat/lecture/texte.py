"""CSV, strictly: decoded whole or refused, constant width, no row lost (an automatic detection drops rows silently)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import (
    LIGNES_DE_TETE,
    TAILLE_CELLULE_MAX,
    Avancer,
    Entiers,
    Illisible,
    LectureTable,
    Lignes,
    Rangee,
    remplies,
)
from mel_core.contrat.lecture.entete import find_entete, n_reconnus, refuse_seconde_table, require_entete
from mel_core.contrat.lecture.lignes_a_part import VALEURS_MIN, est_note, est_total
from mel_core.socle.langue import nombre

# Beyond, it is a mistake: several times the whole of France, and no more than a machine holds. A file of sixty million
# tiny rows took 5 GB and more than a minute before it was told that it held one bailleur.
LIGNES_MAX = 2_000_000  # of a table of reference: France has 36 000 communes, 50 000 IRIS
# France: 2.9 M demandes, 2.5 M attributions and 12 M événements over three years.
LIGNES_MAX_DE = {"demandes": 5_000_000, "attributions": 5_000_000, "evenements": 20_000_000}
SEPARATEURS = (";", ",", "\t")
BARRE = "|"  # that of the lists: no separator
TAILLE_LIGNE_MAX = 1_000_000  # characters of one physical line
LIGNES_BANCALES_MAX = 1_000

_BLOC = 1 << 20
_LIGNES_PAR_PAQUET = 2_000  # rows as Python lists at one time: few enough to stay in the processor's cache
_PAQUETS_PAR_AVANCEE = 25
_DEBUT_INCONNU = 200  # characters of a cell of a column that is not known: more than is shown of it
_PAS_UN_CSV = "l’exporter de nouveau au format « CSV UTF-8 »."
_MARQUES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The mark as it reads beyond the beginning of a file, in Unicode and in Windows-1252: that of another file.
_MARQUES_LUES = ("\ufeff", "ï»¿")
_MARQUE_DE_TROP = re.compile(f"[\r\n](?:{'|'.join(_MARQUES_LUES)})")

# A letter or a sign of French in UTF-8, as it reads in Windows-1252: a line of another encoding than the rest.
_SUITE = re.escape(bytes(b for b in range(0x80, 0xC0)).decode("cp1252", "ignore"))
_LIGNE_UTF_8 = re.compile(f"Ã[{_SUITE}]|Â[{_SUITE}]|Å[’“]|â€|â‚¬")

# The csv module has a single limit for the whole process; ours is lower than its default, and far above our own files.
csv.field_size_limit(TAILLE_CELLULE_MAX)

Ouvrir = Callable[[], BinaryIO]


def lignes_max(table: str) -> int:
    """Rows that a file of this table may have, at most."""
    return LIGNES_MAX_DE.get(table, LIGNES_MAX)


class _Candidate(NamedTuple):
    """The first rows that are not blank, as a separator splits them; `rang`: that of the header among them."""

    separateur: str
    tete: list[Rangee]
    rang: int
    n_reconnus: int

    @property
    def entete(self) -> Sequence[str]:
        return self.tete[self.rang][1] if self.tete else ()


def read(open: Ouvrir, table: str, connus: frozenset[str]) -> LectureTable:
    """Read the `table` that `open` opens, as many times as asked. `connus`: column names, folded, that tell the header
    and the separator.

    Lines are numbered as a spreadsheet shows them: a line feed inside quotes does not add one, a blank line does.
    Raises `Illisible`, here or when the rows are read.
    """
    encodage = _encodage(open, table)
    candidates = [c for s in SEPARATEURS if (c := _candidate(open, encodage, s, connus)) is not None]
    meilleure = max(candidates, key=lambda c: (c.n_reconnus, len(c.entete)), default=_Candidate("", [], 0, 0))
    if len(candidates) < len(SEPARATEURS) and not meilleure.n_reconnus:
        raise Illisible("L’en-tête ne se lit pas, un guillemet y est mal placé : exporter de nouveau le fichier.", 1)
    if not meilleure.tete:
        raise Illisible("Le fichier est vide : l’exporter de nouveau, avec au moins sa ligne d’en-tête.")
    ligne, entete = meilleure.tete[meilleure.rang]
    if len(entete) == 1 and BARRE in entete[0]:
        barree = _candidate(open, encodage, BARRE, connus)
        if barree is not None and barree.n_reconnus > meilleure.n_reconnus:
            raise Illisible(
                "Les colonnes sont séparées par une barre (|) : exporter de nouveau le fichier avec le "
                "point-virgule, la virgule ou la tabulation.",
                ligne,
            )
    require_entete(ligne, entete, connus)
    sont_connues = [n_reconnus([nom], connus) > 0 for nom in entete]
    lire = partial(_read_lignes, open, encodage, meilleure.separateur, ligne, sont_connues)
    return LectureTable(entete, ligne, lire, titres=meilleure.tete[: meilleure.rang])


def _encodage(open: Ouvrir, table: str) -> str:
    with open() as fichier:
        debut = fichier.read(4)
    marque = next((encodage for octets, encodage in _MARQUES if debut.startswith(octets)), None)
    for encodage in [marque] if marque else ["utf-8", "cp1252"]:
        try:
            _examine(open, encodage, table)
        except UnicodeDecodeError:
            continue
        return encodage
    essayes = "Unicode" if marque else "UTF-8 ni en Windows-1252"
    raise Illisible(f"Des caractères ne se lisent pas en {essayes} : enregistrer le fichier au format « CSV UTF-8 ».")


def _examine(open: Ouvrir, encodage: str, table: str) -> None:
    """Decode the whole file, block by block, before a row is split: neither a line without end nor lines without end
    reach the memory."""
    decodeur = codecs.getincrementaldecoder(encodage)("strict")
    lignes, en_cours, precedent = 1, 0, "\n"
    retours = 0  # what ends the lines of an old Macintosh
    with open() as fichier:
        while bloc := fichier.read(_BLOC):
            texte = decodeur.decode(bloc)
            _refuse_intrus(precedent + texte, encodage, lignes)
            precedent = texte[-1:] or precedent
            premiere = min((p for p in (texte.find("\n"), texte.find("\r")) if p >= 0), default=-1)
            en_cours += len(texte) if premiere < 0 else premiere
            if en_cours > TAILLE_LIGNE_MAX:
                raise Illisible(f"Une ligne dépasse un million de caractères : {_PAS_UN_CSV}", lignes)
            if premiere >= 0:
                lignes += texte.count("\n")
                retours += texte.count("\r")
                if max(lignes, retours) > lignes_max(table):
                    raise Illisible(
                        f"Le fichier a plus de {nombre(lignes_max(table))} lignes, bien plus que « {table} » n’en "
                        "compte pour toute la France : vérifier l’export (lignes répétées, autre table), puis le "
                        "donner de nouveau."
                    )
                en_cours = len(texte) - 1 - max(texte.rfind("\n"), texte.rfind("\r"))
    decodeur.decode(b"", final=True)


def _refuse_intrus(texte: str, encodage: str, ligne: int) -> None:
    """Signs that no table holds. `texte`: a block, after the last sign of the one before; `ligne`: its first line."""

    def compte(place: int) -> int:
        return ligne + texte[1:place].count("\n")

    if "\0" in texte:
        raise Illisible(f"Le fichier contient un caractère nul : {_PAS_UN_CSV}", compte(texte.index("\0")))
    if encodage == "cp1252" and (trouvee := _LIGNE_UTF_8.search(texte)):
        raise Illisible(
            "Cette ligne est en UTF-8 et d’autres en Windows-1252, deux fichiers semblent mis bout à bout : "
            "enregistrer chacun au format « CSV UTF-8 », puis les réunir.",
            compte(trouvee.start()),
        )
    if any(marque in texte for marque in _MARQUES_LUES) and (trouvee := _MARQUE_DE_TROP.search(texte)):
        raise Illisible(
            "Une marque d’encodage (BOM) est de trop, plusieurs fichiers semblent mis bout à bout : exporter la "
            "table en un seul fichier.",
            compte(trouvee.end()),
        )


def _candidate(open: Ouvrir, encodage: str, separateur: str, connus: frozenset[str]) -> _Candidate | None:
    """Nothing when the very first row can't be split."""
    tete: list[Rangee] = []
    with open() as fichier, io.TextIOWrapper(fichier, encodage, newline="") as texte:
        lignes = csv.reader(texte, delimiter=separateur, strict=True)
        pleines = (
            (numero, [nom.strip() for nom in ligne])
            for numero, ligne in enumerate(lignes, start=1)
            if any(cellule.strip() for cellule in ligne)
        )
        try:
            tete.extend(islice(pleines, LIGNES_DE_TETE))  # on error, what came before stays in the list
        except csv.Error:
            if not tete:
                return None
    rang = find_entete(tete, connus)
    return _Candidate(separateur, tete, rang, n_reconnus(tete[rang][1], connus) if tete else 0)


def _read_lignes(
    open: Ouvrir, encodage: str, separateur: str, ligne_entete: int, sont_connues: Sequence[bool], advance: Avancer
) -> Lignes:
    """Of a column that nobody knows, the beginning of each cell is enough: the memory holds no free text of a file."""
    largeur = len(sont_connues)
    bancales = _Bancales(largeur)
    numeros: list[Entiers] = [np.zeros(0, np.int64)]
    colonnes: list[list[pa.Array]] = [[pa.array([], pa.string())] for _ in range(largeur)]

    def keep(lignes: list[list[str]], siens: Entiers) -> None:
        numeros.append(siens)
        for colonne, textes, est_connue in zip(colonnes, zip(*lignes, strict=True), sont_connues, strict=False):
            lus = pa.array(textes, pa.string())
            colonne.append(lus if est_connue else pc.utf8_slice_codeunits(lus, 0, _DEBUT_INCONNU))

    with open() as fichier, io.TextIOWrapper(fichier, encodage, newline="") as texte:
        paquets = _par_paquets(csv.reader(texte, delimiter=separateur, strict=True), ligne_entete)
        for rang, paquet in enumerate(paquets):
            lignes, siens = bancales.sort_out(*paquet)
            if not bancales.n:
                keep(lignes, siens)
            if rang % _PAQUETS_PAR_AVANCEE == 0:
                advance(fichier.tell())
    if bancales.n:
        (phrase, ligne), *autres = bancales.defauts()
        raise Illisible(phrase, ligne, *autres)
    keep([bancales.widen(ligne) for _, ligne in bancales.notes], np.array([n for n, _ in bancales.notes], np.int64))
    try:
        return Lignes(np.concatenate(numeros), [pa.concat_arrays(colonnes.pop(0)) for _ in range(largeur)])
    except pa.ArrowInvalid:  # two thousand million signs in a column
        raise Illisible(
            "Une colonne contient plus de 2 Go de textes : l’exporter de nouveau sans ses textes libres, ou en "
            "plusieurs fichiers."
        ) from None


def _par_paquets(rows: Iterator[list[str]], ligne_entete: int) -> Iterator[tuple[list[list[str]], Entiers]]:
    """The rows under the header, and their lines."""
    lues = 0
    while True:
        paquet: list[list[str]] = []
        try:
            paquet.extend(islice(rows, _LIGNES_PAR_PAQUET))  # on error, what came before stays in the list
        except csv.Error as erreur:
            raise Illisible(_en_francais(erreur), lues + len(paquet) + 1) from None
        if not paquet:
            return
        numeros = np.arange(lues + 1, lues + 1 + len(paquet), dtype=np.int64)
        dessus = max(0, ligne_entete - lues)
        lues += len(paquet)
        yield paquet[dessus:], numeros[dessus:]


def _en_francais(erreur: csv.Error) -> str:
    texte = str(erreur)
    if "field limit" in texte:
        return (
            f"Une cellule dépasse {nombre(TAILLE_CELLULE_MAX)} caractères, souvent faute d’un guillemet refermé : "
            "corriger cette ligne."
        )
    if "unexpected end" in texte:
        return "Un guillemet ouvert n’est jamais refermé : corriger cette ligne."
    return "Un guillemet est mal placé : corriger cette ligne."


class _Bancales:
    """The rows that have not as many cells as the header. When their words say that they are totals, or notes at the
    end of the file, they are made as wide; else they are faults: all counted, the first ones told.

    `notes`: those met since the last full row, `_dessus`: once another one follows, they are faults.
    """

    def __init__(self, largeur: int) -> None:
        self._largeur = largeur
        self.notes: list[tuple[int, list[str]]] = []
        self._dessus: Sequence[str] = ()
        self._premieres: list[tuple[int, int]] = []
        self.n = 0

    def sort_out(self, lignes: list[list[str]], numeros: Entiers) -> tuple[list[list[str]], Entiers]:
        """The rows to go on with."""
        if not self.notes and not set(map(len, lignes)) - {self._largeur}:
            self._dessus = lignes[-1] if lignes else self._dessus
            return lignes, numeros
        suite: list[tuple[int, list[str]]] = []
        for numero, ligne in zip(numeros.tolist(), lignes, strict=True):
            pleines, est_large = remplies(ligne), len(ligne) == self._largeur
            if not est_large and not any(cellule.strip() for cellule in ligne):
                continue  # but a row of as many empty cells as the header has is a row all the same
            if pleines and est_total(pleines[0]):
                suite.append((numero, self.widen(ligne)))
            elif (self.notes or not est_large) and est_note(ligne, dessus=self._dessus):
                (suite if est_large else self.notes).append((numero, ligne))
            else:
                if pleines:
                    self._refuse(self.notes)
                    self.notes = []
                if not est_large:
                    self._refuse([(numero, ligne)])
                    continue
                suite.append((numero, ligne))
                self._dessus = ligne if len(pleines) >= VALEURS_MIN else self._dessus
        return [ligne for _, ligne in suite], np.array([n for n, _ in suite], np.int64)

    def _refuse(self, trouvees: list[tuple[int, list[str]]]) -> None:
        for numero, ligne in trouvees[: LIGNES_BANCALES_MAX - len(self._premieres)]:
            refuse_seconde_table(numero, ligne)
            self._premieres.append((numero, len(ligne)))
        self.n += len(trouvees)

    def widen(self, ligne: list[str]) -> list[str]:
        return (ligne + [""] * self._largeur)[: self._largeur]

    def defauts(self) -> Iterator[tuple[str, int | None]]:
        remede = "corriger les séparateurs ou les guillemets de cette ligne."
        for ligne, n in self._premieres:
            cellules = "cellules" if n > 1 else "cellule"
            yield f"La ligne a {n} {cellules} quand l’en-tête en a {self._largeur} : {remede}", ligne
        if reste := self.n - len(self._premieres):
            remede = "exporter de nouveau le fichier."
            yield f"{nombre(reste)} autres lignes n’ont pas {self._largeur} cellules : {remede}", None
