"""Bailleurs named in an answer: the files of offices bear their codes, and none says what they are called.

Codes given the same name are one bailleur: its code is the one in place, else its SIREN, else the first one named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Correspondance

import numpy as np
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import Lecture, Lignes, Lot
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import BAILLEURS, CODE_BAILLEUR
from mel_core.contrat.proches import fold
from mel_core.contrat.rapport import Connues
from mel_core.contrat.tables import TABLES

FICHIER = "bailleurs nommés en réponse"
_PORTEUSES = {"residences", "evenements", "attributions"}
_COLONNES = (CODE_BAILLEUR, "code_bailleur_actuel")
_ENTETE = (CODE_BAILLEUR, "nom")


def codes(noms: Correspondance[str, str], connues: Connues) -> dict[str, str]:
    """Code named → the code of its bailleur."""
    en_place = {fold(nom): code for code, nom in sorted(connues.noms.items())}
    par_nom: dict[str, list[str]] = {}
    for code, nom in noms.items():
        par_nom.setdefault(fold(nom), []).append(code)
    memes: dict[str, str] = {}
    for pli, siens in par_nom.items():
        principal = en_place.get(pli) or min(siens, key=lambda code: not (len(code) == 9 and code.isdigit()))
        memes |= {code: code if code in connues.bailleurs else principal for code in siens}
    return memes


def with_bailleurs(lots: list[Lot], noms: Correspondance[str, str], connues: Connues) -> list[Lot]:
    """The same tables, with that of the bailleurs in place and of those named. One that is given says them all; where
    nobody is named, or no table bears their codes, none is added."""
    donnees = {lot.table for lot in lots}
    if not noms or BAILLEURS in donnees or donnees.isdisjoint(_PORTEUSES):
        return lots
    nouveaux = {code: noms[code] for code in dict.fromkeys(codes(noms, connues).values()) if code in noms}
    rangees = [{CODE_BAILLEUR: code, "nom": nom} for code, nom in {**nouveaux, **connues.noms}.items()]
    lignes = Lignes.of_rangees(_ENTETE, rangees, np.arange(2, len(rangees) + 2))
    nommes = Lot(BAILLEURS, FICHIER, 0, lambda _: Lecture(_ENTETE, 1, lambda _: lignes))
    return sorted([*lots, nommes], key=lambda lot: list(TABLES).index(lot.table))


def registre(donnes: TableLue | None, connues: Connues) -> dict[str, str]:
    """Code, or registered name folded, → code, of the bailleurs that are given, else of those in place. A name that two
    of them bear designates none."""
    noms = connues.noms
    if donnes is not None and not donnes.constats.est_bloquant:
        lus = donnes.keep()
        noms = dict(zip(lus[CODE_BAILLEUR].to_pylist(), lus["nom"].to_pylist(), strict=True))
    fois = Counter(fold(nom) for nom in noms.values())
    designes = {pli: code for code, nom in noms.items() if fois[pli := fold(nom)] == 1}
    return designes | {code: code for code in noms}


def unify(lue: TableLue, memes: Correspondance[str, str], designes: Correspondance[str, str]) -> None:
    """Read each code or name of a bailleur as its one code: as an answer says (`memes`), or as the register does."""
    for colonne in _COLONNES:
        if colonne not in lue.presentes or lue.table.nom == BAILLEURS:
            continue
        valeurs = lue.donnees[colonne]
        for code in valeurs.drop_null().unique().to_pylist():
            lu = memes.get(code) or designes.get(code) or designes.get(fold(code), code)
            if code != lu:
                valeurs = pc.if_else(pc.fill_null(pc.equal(valeurs, code), False), lu, valeurs)
                lue.constats.tell(
                    f"Le bailleur « {code} » est lu comme « {lu} », qui a le même nom : effacer cette réponse, ou "
                    "corriger le fichier, si c’est faux."
                )
        lue.donnees[colonne] = valeurs
