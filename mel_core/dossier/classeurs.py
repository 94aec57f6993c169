"""Workbooks that travel: one for the ICI, one per commune, one per bailleur. Text stays text, never a formula."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import PointDuPlan, Tableau, est_su
from mel_core.indicateurs import INDICATEURS, phrases_constats
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.socle import langue, tableur
from mel_core.socle.appellations import EDITEUR, RESSOURCES
from mel_core.socle.cibles import est_en_nombre
from mel_core.socle.tableur import prepare_print
from mel_core.socle.valeurs import MANQUE, TROP, Compte

_POINTS = "+0.0;-0.0;0"
# Column of the contract → its heading and its format; a column that is empty on every line is left out.
COLONNES = {
    "classe": ("Classe de ressources", ""),
    "n": ("Attributions", "#,##0"),
    "n_connus": ("Attributions connues", "#,##0"),
    "n_inconnus": ("Attributions inconnues", "#,##0"),
    "numerateur": ("Attributions comptées", "#,##0"),
    "part": ("Part", "0.0 %"),
    "part_min": ("Part au moins", "0.0 %"),
    "part_max": ("Part au plus", "0.0 %"),
    "ic_bas": ("Intervalle à 95 %, bas", "0.0 %"),
    "ic_haut": ("Intervalle à 95 %, haut", "0.0 %"),
    "n_occupants": ("Occupants connus (ménages)", "#,##0"),
    "n_occupants_modestes": ("Occupants modestes (ménages)", "#,##0"),
    "part_occupants": ("Part des occupants", "0.0 %"),
    "cible": ("Objectif", "0.0 %"),
    "ecart_points": ("Écart (points)", _POINTS),
    "ecart_attributions": ("Écart (attributions)", "#,##0"),
    "sens": ("Sens de l’écart", ""),
    "verdict": ("Lecture", ""),
    "cote": ("Côté", ""),
    "moyenne_mois": ("Moyenne (mois)", "0.0"),
    "mediane_mois": ("Médiane (mois)", "0.0"),
    "p90_mois": ("9 sur 10 (mois)", "0.0"),
}
_DITS = RESSOURCES | phrases_constats.VERDICTS | {TROP: "de trop", MANQUE: "il en manque"}
_DEUX_SENS = "dans les deux sens"
_ECART_AUX_OCCUPANTS = "Écart aux occupants (points)"
_LARGEUR = 12.5  # of a column of figures, in signs
_LARGEURS = {"classe": 22, "ecart_attributions": 14, "sens": 18, "verdict": 33, "cote": 36}
_NOM_MIN, _NOM_MAX = 22, 48
_TETE = 4


def write(
    chemin: Path, contexte: Contexte, titre: str, feuilles: Sequence[tuple[Tableau, pd.DataFrame]], aide: str = ""
) -> None:
    """Write one workbook: a sheet that says what it is and lists the others, then one per table (its point, the lines
    that it shows).

    `titre`: whose it is, which each sheet says. `aide`: how it is read, on the first sheet.
    """
    with tableur.classeur(chemin) as classeur:
        quand = contexte.etabli_le.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        qui = {"title": titre, "author": EDITEUR, "company": EDITEUR}
        classeur.set_properties({**qui, "comments": contexte.millesime, "created": quand})
        ecrit = _Classeur(classeur, contexte, titre)
        ecrit.lisez_moi(aide, [tableau.point for tableau, _ in feuilles])
        for tableau, lignes in feuilles:
            ecrit.feuille(tableau, lignes)


class _Classeur:
    """A workbook under way: whose it is (`titre`), and how its cells are written."""

    def __init__(self, classeur: Workbook, contexte: Contexte, titre: str) -> None:
        self.classeur, self.contexte, self.titre = classeur, contexte, titre
        self.en_titre = classeur.add_format({"bold": True, "font_size": 14, "text_wrap": True})
        self.en_tete = classeur.add_format({"bold": True, "text_wrap": True, "bottom": 2, "valign": "top"})
        self.en_texte = classeur.add_format({"text_wrap": True, "valign": "top"})
        self.en_lien = classeur.add_format({"font_color": "#0F1B2D", "underline": 1, "valign": "top"})
        self.a_droite = classeur.add_format({"align": "right"})
        self.en_nombre = cache(lambda motif: classeur.add_format({"num_format": motif}))

    def lisez_moi(self, aide: str, points: Sequence[PointDuPlan]) -> None:
        feuille = self.classeur.add_worksheet("Lisez-moi")
        feuille.set_column(0, 0, 32)
        feuille.set_column(1, 1, 92)
        prepare_print(feuille, 0, self.titre, self.contexte.publication)
        _paragraphe(feuille, 0, 1, 124, self.titre, self.en_titre)
        rang = 2
        for quoi, valeur in self.contexte.estampille:
            feuille.write_string(rang, 0, quoi, self.en_tete)
            feuille.write_string(rang, 1, valeur, self.en_texte)
            rang += 1
        if aide:
            rang += 1
            feuille.write_string(rang, 1, aide, self.en_texte)
        rang += 2
        for colonne, tete in enumerate(("Feuille", "Ce qu’elle montre")):
            feuille.write_string(rang, colonne, tete, self.en_tete)
        for rang_du_point, point in enumerate(points, start=rang + 1):
            feuille.write_url(rang_du_point, 0, f"internal:'{point.onglet}'!A1", self.en_lien, point.onglet)
            feuille.write_string(rang_du_point, 1, point.titre, self.en_texte)

    def feuille(self, tableau: Tableau, lignes: pd.DataFrame) -> None:
        point = tableau.point
        feuille = self.classeur.add_worksheet(point.onglet)
        # What is unknown is a class of a distribution, not a count beside it, nor what bounds a share; nobody voted
        # what occupants are.
        est_repartition = point.image is ImageBilan.CLASSES
        tues: tuple[str, ...] = ("n_connus", "n_inconnus", "part_min", "part_max") if est_repartition else ()
        tues += ("cible",) if point.image is ImageBilan.PAIRES else ()
        if "cote" in lignes:  # what a room reads says the side, where it may
            tues += ("sens",)
        elif "sens" in lignes:  # exact: a gap without a way is of classes of quartiers that pull both ways
            a_deux_sens = lignes["sens"].isna() & lignes["ecart_attributions"].gt(0).fillna(False).astype(bool)
            lignes = lignes.assign(sens=lignes["sens"].mask(a_deux_sens, _DEUX_SENS))
        presentes = [c for c in COLONNES if c in lignes.columns and c not in tues]
        colonnes = [c for c in presentes if any(map(est_su, lignes[c]))]
        nom_le_plus_long = max(map(len, lignes["nom"]), default=0)
        largeur_du_nom = min(_NOM_MAX, max(_NOM_MIN, nom_le_plus_long + 2))
        largeurs = [largeur_du_nom, *(_LARGEURS.get(c, _LARGEUR) for c in colonnes)]
        largeur = sum(largeurs)
        for rang, une in enumerate(largeurs):
            feuille.set_column(rang, rang, une)
        feuille.freeze_panes(_TETE + 1, 1)
        prepare_print(feuille, largeur, self.titre, self.contexte.publication, _TETE)
        dites = (
            (f"{self.titre} · {point.titre}", self.en_titre),
            (tableau.phrase, self.en_texte),
            (INDICATEURS[point.indicateur].definition, self.en_texte),
            (self.contexte.publication, self.en_texte),
        )
        for rang, (dite, style) in enumerate(dites):
            _paragraphe(feuille, rang, len(colonnes), largeur, dite, style)
        if lignes.empty:
            return
        for colonne, tete in enumerate([COUPES_DITES[point.coupe][1], *(_tete(c, point) for c in colonnes)]):
            feuille.write_string(_TETE, colonne, tete, self.en_tete)
        if "cote" in colonnes:
            lignes = lignes.assign(cote=[_cote(x, point.repere) for _, x in lignes.iterrows()])
        en_nombre = lignes.apply(est_en_nombre, axis=1)
        lues = zip(lignes["nom"], en_nombre, *(lignes[c] for c in colonnes), strict=True)
        for rang, (nom, est_un_nombre, *valeurs) in enumerate(lues, start=_TETE + 1):
            feuille.write_string(rang, 0, nom)
            for colonne, (quoi, valeur) in enumerate(zip(colonnes, valeurs, strict=True), start=1):
                motif = "#,##0" if quoi == "cible" and est_un_nombre else COLONNES[quoi][1]
                self._cellule(feuille, rang, colonne, motif, valeur)

    def _cellule(self, feuille: Worksheet, rang: int, colonne: int, motif: str, valeur: Any) -> None:
        if isinstance(valeur, Compte):
            valeur = valeur.nu
        if isinstance(valeur, str) and motif:  # a count that is not said: never an empty cell, nor 0
            feuille.write_string(rang, colonne, valeur, self.a_droite)
        elif pd.isna(valeur):
            return
        elif not motif:
            feuille.write_string(rang, colonne, _DITS.get(str(valeur), str(valeur)))
        else:
            nombre = float(valeur)
            if motif == "0.0":  # months, as they are said: every decimal of a mean would give its exact count back
                nombre = float(langue.round_off(nombre, 1))
            if motif == "0.0 %" and langue.est_entier(100 * nombre):
                motif = "0 %"
            if motif == _POINTS and langue.est_entier(nombre):
                motif = "+0;-0;0"
            feuille.write_number(rang, colonne, nombre, self.en_nombre(motif))


def _cote(ligne: pd.Series, repere: str) -> str:
    if ligne.get("verdict") == "atteint" and pd.notna(ligne.get("bande")):
        return "dans la bande"
    cote = ligne["cote"]
    return phrases_constats.say_cote(cote, repere) if cote in phrases_constats.COTES else ""


def _tete(colonne: str, point: PointDuPlan) -> str:
    est_aux_occupants = colonne == "ecart_points" and point.image is ImageBilan.PAIRES
    return _ECART_AUX_OCCUPANTS if est_aux_occupants else COLONNES[colonne][0]


def _paragraphe(feuille: Worksheet, rang: int, n_colonnes: int, largeur: float, texte: str, style: Format) -> None:
    """A text over the whole width of the table: run past it, it would be printed with it, both too small to read."""
    corps = style.font_size
    feuille.set_row(rang, 1.4 * corps * math.ceil(len(texte) * corps / (10 * largeur)))
    if n_colonnes:
        feuille.merge_range(rang, 0, rang, n_colonnes, "", style)
    feuille.write_string(rang, 0, texte, style)


def fichier(texte: str) -> str:
    """A file name without accents or spaces: `villeneuve-d-ascq`."""
    nu = unicodedata.normalize("NFKD", texte.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", nu.lower()).strip("-")
