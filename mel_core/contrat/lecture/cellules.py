"""From the texts of a column to its values, or to the reason why a cell has none.

A file has few distinct texts; those written plainly, which are their own value, are read all together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import valeurs
from mel_core.contrat.colonnes import Colonne, Montant, Table, Type
from mel_core.contrat.lecture.brut import Masque, en_masque, type_arrow
from mel_core.contrat.reference import codes_par_nom, communes, fold
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, TYPOLOGIE, TYPOLOGIES, USUELLES


class EtatCellule(IntEnum):
    """What a cell turned out to be. Above `VIDE`, the cell has no value."""

    VALIDE = 0
    VIDE = 1
    TYPE = 2  # not of the column's type
    ANCIENNE = 3  # a date before 1970
    FUTURE = 4  # a date after the day of loading
    BORNE = 5  # out of the column's bounds
    NUMERIQUE = 6  # an identifier that a spreadsheet took for a number
    INCONNUE = 7  # out of the closed list, or of the typologies, which keep their text: a question
    HABILLEE = 8  # an identifier with signs that a program added
    AMBIGUE = 9  # an amount, a list, that reads two ways: a question for its column
    COURTE = 10  # a date whose year has two digits: asked for its column, without which its row goes out


Etats = npt.NDArray[np.int8]
Lu = tuple[Any, EtatCellule]
# A text that is not empty → the value and its state.
Lecteur = Callable[[str], Lu]

PREMIER_JOUR = date(1970, 1, 1)
CODE_INSEE = "^[0-9][0-9AB][0-9]{3}$"
_CODE_INSEE = re.compile("[0-9][0-9AB][0-9]{3}")
SEPARATEURS = re.compile(r"[,;/]|\bet\b", re.IGNORECASE)
_SIGNES, _ET = re.compile("[,;/]"), re.compile(r"\bet\b", re.IGNORECASE)
_LIGNES_PAR_MORCEAU = 500_000  # whose distinct texts are held at one time
_N_CHIFFRES = 15  # that a spreadsheet keeps of a number
# Digits of a code that lost its first zero: an INSEE code has 5, an IRIS 9.
_CHIFFRES_PERDUS = {"code_quartier": (4, 8)}

_TYPOGRAPHIE = str.maketrans("’‘ʼ\u00a0\u202f", "'''  ")

# What is written plainly, whose text is its value, or the number that it is.
_PLAINES = {
    Type.IDENTIFIANT: "^[0-9A-Za-z_-]+$",
    Type.TEXTE: "^[0-9A-Za-z](?:[ -~]*[!-~])?$",
    Type.ENTIER: "^[0-9]{1,15}$",
    Type.NOMBRE: r"^[0-9]{1,15}(?:\.[0-9]{1,2})?$",
}
_CODES_INSEE = re.compile(rf"{_CODE_INSEE.pattern}(?:\|{_CODE_INSEE.pattern})*")


def lecteur(colonne: Colonne, aujourdhui: date, origine: date = valeurs.ORIGINE_1900) -> Lecteur:
    """How to read the cells of `colonne`. What a spreadsheet writes in place of a failed formula is never a value."""

    def read(texte: str) -> Lu:
        if valeurs.est_erreur_tableur(texte):
            return None, EtatCellule.TYPE
        match colonne.type:  # first those that have the most texts
            case Type.NOMBRE:
                return _read_nombre(texte, colonne)
            case Type.LISTE:
                return _read_liste(texte, colonne)
            case Type.TEXTE:
                est_usuelle = colonne.nom != TYPOLOGIE or texte in TYPOLOGIES
                return texte, EtatCellule.VALIDE if est_usuelle else EtatCellule.INCONNUE
            case Type.IDENTIFIANT:
                return _read_identifiant(read_commune(texte) if colonne.est_commune else texte)
            case Type.CODE:
                # `11.0` is 11; `1` is no code, 01 is
                code = texte if texte in colonne.valeurs else valeurs.restore_code(texte)
                return (code, EtatCellule.VALIDE) if code in colonne.valeurs else (None, EtatCellule.INCONNUE)
            case Type.CODE_ENTIER:
                entier = valeurs.read_entier(texte)
                return (entier, EtatCellule.VALIDE) if str(entier) in colonne.valeurs else (None, EtatCellule.INCONNUE)
            case Type.ENTIER:
                return _bound((valeurs.read_rang if colonne.nom == "rang" else valeurs.read_entier)(texte), colonne)
            case Type.DATE:
                if est_courte := colonne.est_de_2000 is not False and valeurs.est_annee_courte(texte):
                    texte = f"{texte[:-2]}20{texte[-2:]}"
                lue = _bound_date(valeurs.read_date(texte, origine), PREMIER_JOUR, aujourdhui)
                return (None, EtatCellule.COURTE) if est_courte and colonne.est_de_2000 is None else lue
            case Type.MOIS:
                return _bound_date(valeurs.read_mois(texte, origine), f"{PREMIER_JOUR:%Y-%m}", f"{aujourdhui:%Y-%m}")
            case Type.BOOLEEN:
                booleen = valeurs.read_booleen(texte)
                return booleen, EtatCellule.TYPE if booleen is None else EtatCellule.VALIDE

    return read


def column_of(table: Table, nom: str, textes: Sequence[str]) -> str:
    """The column of the table whose codes the texts are, for a half of them at least, when none is a code of the column
    `nom`; empty when none is such, or several. A number may be the code of any."""
    plis = {fold(texte) for texte in textes} - {""}
    listes = {c.nom: c.valeurs or USUELLES.get(c.nom, ()) for c in table.colonnes}
    codes = {c: {fold(code) for code in siens if not code.isdigit()} for c, siens in listes.items()}
    if not codes[nom] or not plis or plis & codes[nom]:
        return ""
    autres = [autre for autre, siens in codes.items() if 2 * len(plis & siens) >= len(plis)]
    return autres[0] if len(autres) == 1 else ""


def est_valeur_canonique(colonne: Colonne, texte: str) -> bool:
    """Whether a mapping may answer `texte` for a cell of this column (any date, whatever the day; any text)."""
    return colonne.type is Type.TEXTE or lecteur(colonne, date.max)(texte)[1] is EtatCellule.VALIDE


def _read_identifiant(texte: str) -> Lu:
    if valeurs.est_identifiant_abime(texte):
        return None, EtatCellule.NUMERIQUE
    return (
        (None, EtatCellule.HABILLEE)
        if valeurs.est_identifiant_habille(texte)
        else (valeurs.restore_code(texte), EtatCellule.VALIDE)
    )


def read_commune(texte: str) -> str:
    """The code INSEE written with spaces, or as a number, or by the name of a commune of the MEL that it alone bears;
    any other text as it is."""
    code = valeurs.restore_code("".join(texte.split()))
    if _CODE_INSEE.fullmatch(code):
        return code
    return codes_par_nom().get(fold(texte), texte)


def _read_communes(texte: str, est_separee: bool | None) -> list[str] | None:
    """What is between two `|`: a commune, or several when each piece is known; None when one is not, and nobody said
    (`est_separee`) whether it is a list."""
    if _CODE_INSEE.fullmatch(texte):
        return [texte]
    morceaux = [read_commune(m.strip()) for m in SEPARATEURS.split(texte) if m.strip()]
    if len(morceaux) < 2 or est_separee is False:
        return [read_commune(texte)]
    sont_connues = all(code in communes() or code in COMMUNES_ASSOCIEES for code in morceaux)
    return morceaux if est_separee or sont_connues else None


def _read_nombre(texte: str, colonne: Colonne) -> Lu:
    if colonne.montant is Montant.A_DEMANDER and valeurs.est_ambigu(texte):
        return None, EtatCellule.AMBIGUE
    if colonne.montant is Montant.MILLIERS:
        return _bound(valeurs.read_milliers(texte), colonne)
    return _bound(valeurs.read_montant(texte) if colonne.montant else valeurs.read_nombre(texte), colonne)


def _bound(valeur: float | None, colonne: Colonne) -> Lu:
    if valeur is None:
        return None, EtatCellule.TYPE
    trop_petite = colonne.minimum is not None and valeur < colonne.minimum
    trop_grande = colonne.maximum is not None and valeur > colonne.maximum
    return (None, EtatCellule.BORNE) if trop_petite or trop_grande else (valeur, EtatCellule.VALIDE)


def _bound_date(valeur: Any, premiere: Any, derniere: Any) -> Lu:
    if valeur is None:
        return None, EtatCellule.TYPE
    if valeur < premiere:
        return None, EtatCellule.ANCIENNE
    return (None, EtatCellule.FUTURE) if valeur > derniere else (valeur, EtatCellule.VALIDE)


def _read_liste(texte: str, colonne: Colonne) -> Lu:
    if colonne.est_commune and _CODES_INSEE.fullmatch(texte):
        return list(dict.fromkeys(texte.split("|"))), EtatCellule.VALIDE
    elements = _elements(colonne, {}, texte)
    if not elements:
        return None, EtatCellule.VIDE
    if any(valeurs.est_erreur_tableur(e) for e in elements):
        return None, EtatCellule.TYPE
    if colonne.est_commune:
        codes = [_read_communes(e, colonne.est_separee) for e in elements]
        if None in codes:
            return None, EtatCellule.AMBIGUE
        elements = list(dict.fromkeys(code for siens in codes if siens for code in siens))
    if colonne.valeurs and not set(elements) <= set(colonne.valeurs):
        return None, EtatCellule.INCONNUE
    return elements, EtatCellule.VALIDE


@dataclass(frozen=True)
class Convertie:
    """`valeurs`: the typed column, empty where there is no value. `etats`: an `EtatCellule` per row."""

    valeurs: pa.Array
    etats: Etats


def convert(
    colonne: Colonne,
    textes: pa.Array,
    natifs: Masque | None,
    correspondances: Correspondance[str, str],
    read: Lecteur,
) -> Convertie:
    """Type `textes` (spaces around are not part of a value). `natifs`: the cells that a workbook stores as a number.
    `correspondances`: value in the file → canonical value.

    An empty cell is unknown, except in a label column where it is false (contract §1).
    """
    lues_par_morceau, etats_par_morceau = [pa.nulls(0, type_arrow(colonne))], [np.zeros(0, np.int8)]
    for debut in range(0, len(textes), _LIGNES_PAR_MORCEAU):
        codes = textes.slice(debut, _LIGNES_PAR_MORCEAU).dictionary_encode()
        distinctes, siens = _read_distincts(colonne, codes.dictionary, correspondances, read)
        lues_par_morceau.append(distinctes.take(codes.indices))
        etats_par_morceau.append(siens[codes.indices.to_numpy()])
    lues, etats = pa.concat_arrays(lues_par_morceau), np.concatenate(etats_par_morceau)
    if natifs is not None and (sures := natifs & (etats == EtatCellule.AMBIGUE)).any():
        # A number of a workbook is the number that it is, however many decimals it has.
        lues = pc.replace_with_mask(lues, pa.array(sures), pc.cast(textes.filter(pa.array(sures)), lues.type))
        etats = np.where(sures, np.int8(EtatCellule.VALIDE), etats)
    # An identifier that a spreadsheet holds as a number may have lost digits. Not one of a list of closed codes: none
    # is a number, and what is not one of them is a question.
    porte_des_identifiants = colonne.type is Type.IDENTIFIANT or (colonne.type is Type.LISTE and not colonne.valeurs)
    if natifs is not None and porte_des_identifiants:
        abimes = natifs & (etats != EtatCellule.VIDE) & ~_sont_entiers(colonne, textes, natifs)
        lues = pc.if_else(pa.array(abimes), pa.scalar(None, lues.type), lues)
        etats = np.where(abimes & (etats != EtatCellule.TYPE), np.int8(EtatCellule.NUMERIQUE), etats)
    return Convertie(lues, etats)


def _sont_entiers(colonne: Colonne, textes: pa.Array, natifs: Masque) -> Masque:
    """Which of the numbers of a workbook are identifiers with all their digits. Texts of the same column that begin
    with a zero say how many there are: `7` beside `007` has lost some."""
    avec_zero = en_masque(pc.match_substring_regex(textes, r"^\s*0[0-9]+\s*$")) & ~natifs
    attendus = pc.max(pc.utf8_length(pc.utf8_trim_whitespace(textes.filter(pa.array(avec_zero))))).as_py() or 0
    positions = np.flatnonzero(natifs)
    distincts = textes.take(pa.array(positions)).dictionary_encode()
    lus = [len(t) >= attendus and has_all_its_digits(colonne, t) for t in distincts.dictionary.to_pylist()]
    entiers = np.zeros(len(textes), bool)
    entiers[positions] = np.array(lus, bool)[distincts.indices.to_numpy()]
    return entiers


def has_all_its_digits(colonne: Colonne, texte: str) -> bool:
    """Whether an identifier that a workbook holds as a number is whole: a spreadsheet keeps 15 digits, fewer than a
    numéro unique has; a code INSEE has 5, and one of another length has lost its first zero."""
    if not texte.isascii() or not texte.isdigit() or len(texte) > _N_CHIFFRES:
        return False
    if colonne.est_commune:
        return _CODE_INSEE.fullmatch(texte) is not None
    return len(texte) not in _CHIFFRES_PERDUS.get(colonne.nom, ())


def _read_distincts(
    colonne: Colonne, textes: pa.Array, correspondances: Correspondance[str, str], read: Lecteur
) -> tuple[pa.Array, Etats]:
    """Those written plainly all together, the others one by one."""
    correspondances = {_droite(dit): valeur for dit, valeur in correspondances.items()}
    etats, sont_plaines = np.zeros(len(textes), np.int8), np.zeros(len(textes), bool)
    if colonne.type in _PLAINES and colonne.nom != TYPOLOGIE and not correspondances:
        forme = CODE_INSEE if colonne.est_commune else _PLAINES[colonne.type]
        sont_plaines = en_masque(pc.match_substring_regex(textes, forme))
    vide: Lu = (False if colonne.etiquette else None, EtatCellule.VIDE)
    lus: list[Lu] = []
    for brut in textes.filter(pa.array(~sont_plaines)).to_pylist():
        texte = _translate(colonne, correspondances, brut.strip()) if correspondances else brut.strip()
        lus.append(read(texte) if texte else vide)
    etats[~sont_plaines] = [etat for _, etat in lus]
    lues = pa.array([valeur for valeur, _ in lus], type_arrow(colonne))
    if not sont_plaines.any():
        return lues, etats
    plaines, hors = pc.cast(textes.filter(pa.array(sont_plaines)), lues.type), np.zeros(sont_plaines.sum(), bool)
    if colonne.minimum is not None:
        hors |= en_masque(pc.less(plaines, colonne.minimum))
    if colonne.maximum is not None:
        hors |= en_masque(pc.greater(plaines, colonne.maximum))
    etats[sont_plaines] = np.where(hors, EtatCellule.BORNE, EtatCellule.VALIDE)
    plaines = pc.if_else(pa.array(hors), pa.scalar(None, lues.type), plaines)
    rangs = np.empty(len(textes), np.int64)
    rangs[sont_plaines], rangs[~sont_plaines] = np.arange(len(plaines)), len(plaines) + np.arange(len(lues))
    return pa.concat_arrays([plaines, lues]).take(pa.array(rangs)), etats


def _translate(colonne: Colonne, correspondances: Correspondance[str, str], texte: str) -> str:
    est_liste = colonne.type is Type.LISTE
    elements: Sequence[str] = _elements(colonne, correspondances, texte) if est_liste else (texte,)
    return "|".join(correspondances.get(_droite(element), element) for element in elements)


def _elements(colonne: Colonne, correspondances: Correspondance[str, str], texte: str) -> list[str]:
    """Those of a list. « T1, T2 » is two when each piece is a code or has one (contract §1); of a list of closed codes
    when one is: the others are asked about by themselves."""
    elements: list[str] = []
    connues = {*colonne.valeurs, *correspondances}

    def know(morceaux: Sequence[str]) -> int:
        return sum(_droite(m) in connues for m in morceaux)

    for element in valeurs.read_liste(texte):
        morceaux: list[str] = []
        for morceau in _split(_SIGNES, element):
            parts = _split(_ET, morceau)
            morceaux += parts if know(parts) == len(parts) and not know([morceau]) else [morceau]
        est_separee = not know([element]) and (know(morceaux) == len(morceaux) or (colonne.valeurs and know(morceaux)))
        elements += morceaux if est_separee else [element]
    return list(dict.fromkeys(elements))


def _split(separateur: re.Pattern[str], texte: str) -> list[str]:
    return [m.strip() for m in separateur.split(texte) if m.strip()]


def typologies_sures(colonne: Colonne, textes: pa.Array, entete: str) -> dict[str, str]:
    """Value in the file → code, of what certainly is a typologie written otherwise, by itself or in a list; a number is
    one under a header of rooms."""
    unite = " pièces" if "piece" in fold(entete) else ""
    sures: dict[str, str] = {}

    def read(texte: str, *separateurs: re.Pattern[str]) -> None:
        nombre = valeurs.restore_code(texte)
        if code := valeurs.read_typologie(f"{nombre}{unite}" if nombre.isdigit() else _droite(texte)):
            sures[texte] = code
        elif separateurs:
            for morceau in _split(separateurs[0], texte):
                read(morceau, *separateurs[1:])

    for texte in pc.unique(textes).to_pylist():
        if colonne.type is Type.LISTE:
            for element in valeurs.read_liste(texte):
                read(element, _SIGNES, _ET)
        else:
            read(texte.strip())
    return {texte: code for texte, code in sures.items() if texte not in TYPOLOGIES}


def _droite(texte: str) -> str:
    """The same with straight apostrophes and plain spaces: a keyboard and a spreadsheet do not write the same ones."""
    return texte.translate(_TYPOGRAPHIE)


def valeurs_inconnues(colonne: Colonne, texte: str, correspondances: Correspondance[str, str]) -> list[str]:
    """The values of a cell to ask about, as found in the file: of a list of codes, those that neither the contract nor
    the mapping knows."""
    connues, dites = set(colonne.valeurs), {_droite(dit): valeur for dit, valeur in correspondances.items()}
    if colonne.type is not Type.LISTE or not colonne.valeurs:
        return [] if colonne.type is Type.TEXTE and _droite(texte.strip()) in dites else [texte.strip()]
    lues = {e: valeurs.read_liste(dites.get(_droite(e), e)) for e in _elements(colonne, dites, texte)}
    return [element for element, siens in lues.items() if not connues.issuperset(siens)]
