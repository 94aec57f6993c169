"""Workbooks that travel: one for the ICI, one per commune, one per bailleur. Text stays text, never a formula."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from mel_core.dossier import phrases_dossier
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import Tableau
from mel_core.dossier.plan_dossier import COUPES, ImageDuPlan
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.mesures import MANQUE, TROP
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR, RESSOURCES
from mel_core.socle.cibles import est_en_nombre
from mel_core.socle.langue import Peu
from mel_core.socle.tableur import CLASSEUR_INERTE

# Column of the contract → its heading and its format; a column that is empty on every line is left out.
COLONNES = {
    "classe": ("Classe de ressources", ""),
    "n": ("Attributions (n)", "0"),
    "n_connus": ("Connues (n_connus)", "0"),
    "n_inconnus": ("Inconnues (n_inconnus)", "0"),
    "numerateur": ("Comptées (numerateur)", "0"),
    "part": ("Part", "0.0 %"),
    "part_min": ("Part au moins", "0.0 %"),
    "part_max": ("Part au plus", "0.0 %"),
    "ic_bas": ("Intervalle à 95 %, bas", "0.0 %"),
    "ic_haut": ("Intervalle à 95 %, haut", "0.0 %"),
    "n_occupants": ("Occupants connus (n_occupants)", "0"),
    "n_occupants_modestes": ("Occupants modestes (n_occupants_modestes)", "0"),
    "part_occupants": ("Part des occupants", "0.0 %"),
    "cible": ("Objectif", "0.0 %"),
    "ecart_points": ("Écart (points)", "+0.0;-0.0;0"),
    "ecart_attributions": ("Écart (attributions)", "0"),
    "sens": ("Sens de l’écart", ""),
    "verdict": ("Lecture", ""),
    "cote": ("Côté", ""),
    "moyenne_mois": ("Moyenne (mois)", "0.0"),
    "mediane_mois": ("Médiane (mois)", "0.0"),
    "p90_mois": ("9 sur 10 (mois)", "0.0"),
}
_DITS = phrases_dossier.VERDICTS | RESSOURCES | {TROP: "de trop", MANQUE: "il en manque"}


def write(
    chemin: Path, contexte: Contexte, titre: str, feuilles: Sequence[tuple[Tableau, pd.DataFrame]], dites: Sequence[str]
) -> None:
    """Write one workbook: a sheet that says what it is, then one per table (its point, the lines that it shows).

    `dites`: sentences for the first sheet.
    """
    with xlsxwriter.Workbook(str(chemin), CLASSEUR_INERTE) as classeur:
        quand = contexte.etabli_le.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        proprietes = {"title": titre, "author": EDITEUR, "comments": contexte.millesime, "created": quand}
        classeur.set_properties(proprietes)
        styles = _Styles(classeur)
        _lisez_moi(classeur, styles, contexte, titre, dites)
        pris: set[str] = set()
        for tableau, lignes in feuilles:
            _feuille(classeur, styles, contexte, tableau, lignes, pris)


class _Styles:
    def __init__(self, classeur: Workbook) -> None:
        self._classeur = classeur
        self.titre = classeur.add_format({"bold": True, "font_size": 14})
        self.tete = classeur.add_format({"bold": True, "text_wrap": True, "bottom": 2, "valign": "top"})
        self.texte = classeur.add_format({"text_wrap": True, "valign": "top"})
        self._nombres: dict[str, Format] = {}

    def nombre(self, motif: str) -> Format:
        if motif not in self._nombres:
            self._nombres[motif] = self._classeur.add_format({"num_format": motif} if motif else {})
        return self._nombres[motif]


def _lisez_moi(classeur: Workbook, styles: _Styles, contexte: Contexte, titre: str, dites: Sequence[str]) -> None:
    feuille = classeur.add_worksheet("Lisez-moi")
    feuille.set_column(0, 0, 24)
    feuille.set_column(1, 1, 100)
    feuille.write_string(0, 0, titre, styles.titre)
    rang = 2
    for quoi, valeur in contexte.estampille:
        feuille.write_string(rang, 0, quoi, styles.tete)
        feuille.write_string(rang, 1, valeur, styles.texte)
        rang += 1
    for phrase in dites:
        rang += 1
        feuille.write_string(rang, 1, phrase, styles.texte)


def _feuille(
    classeur: Workbook, styles: _Styles, contexte: Contexte, tableau: Tableau, lignes: pd.DataFrame, pris: set[str]
) -> None:
    point = tableau.point
    feuille = classeur.add_worksheet(_nom(point.code, pris))
    feuille.write_string(0, 0, point.titre, styles.titre)
    feuille.write_string(1, 0, phrases_dossier.phrase(tableau, contexte.ici_dite))
    feuille.write_string(2, 0, f"{INDICATEURS[point.indicateur].definition} {contexte.millesime}.")
    if lignes.empty:
        return
    # What is unknown is a class of a distribution, not a count beside it.
    tues: tuple[str, ...] = ("n_connus", "n_inconnus") if point.image is ImageDuPlan.CLASSES else ()
    tues += ("sens",) if "cote" in lignes else ()  # what a room reads says the side, where it may
    presentes = [c for c in COLONNES if c in lignes.columns and c not in tues]
    colonnes = [c for c in presentes if any(map(phrases_dossier.est_su, lignes[c]))]
    feuille.set_column(0, 0, 44)
    feuille.set_column(1, len(colonnes), 14)
    feuille.freeze_panes(5, 1)
    for colonne, tete in enumerate([COUPES[point.coupe], *(COLONNES[c][0] for c in colonnes)]):
        feuille.write_string(4, colonne, tete, styles.tete)
    if "cote" in colonnes:
        lignes = lignes.assign(cote=[phrases_dossier.say_cote(c, point.image) for c in lignes["cote"]])
    en_nombre = lignes.apply(est_en_nombre, axis=1)
    lues = zip(lignes["nom"], en_nombre, *(lignes[c] for c in colonnes), strict=True)
    for rang, (nom, est_un_nombre, *valeurs) in enumerate(lues, start=5):
        feuille.write_string(rang, 0, nom)
        for colonne, (quoi, valeur) in enumerate(zip(colonnes, valeurs, strict=True), start=1):
            motif = "0" if quoi == "cible" and est_un_nombre else COLONNES[quoi][1]
            _cellule(feuille, rang, colonne, motif, valeur, styles)


def _cellule(
    feuille: xlsxwriter.workbook.Worksheet, rang: int, colonne: int, motif: str, valeur: object, styles: _Styles
) -> None:
    if isinstance(valeur, Peu):  # never an empty cell, nor 0
        feuille.write_string(rang, colonne, langue.nombre(valeur))
    elif pd.isna(valeur):
        return
    elif motif:
        if motif == "0.0 %" and phrases_dossier.est_entiere(float(valeur)):  # type: ignore[arg-type]
            motif = "0 %"
        feuille.write_number(rang, colonne, float(valeur), styles.nombre(motif))  # type: ignore[arg-type]
    else:
        feuille.write_string(rang, colonne, _DITS.get(str(valeur), str(valeur)))


def _nom(code: str, pris: set[str]) -> str:
    """A sheet name: 31 characters at most, each one its own."""
    nom = code[:31]
    while nom in pris:
        nom = f"{nom[:28]}-{len(pris)}"
    pris.add(nom)
    return nom


def fichier(texte: str) -> str:
    """A file name without accents or spaces: `villeneuve-d-ascq`."""
    nu = unicodedata.normalize("NFKD", texte.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", nu.lower()).strip("-")
