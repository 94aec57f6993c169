"""Workbooks that travel: one for the ICI, one per commune, one per bailleur. Text stays text, never a formula."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import Tableau, est_su
from mel_core.indicateurs import INDICATEURS, phrases_constats, phrases_mesures
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.socle import langue, tableur
from mel_core.socle.appellations import EDITEUR, RESSOURCES
from mel_core.socle.cibles import est_en_nombre
from mel_core.socle.tableur import prepare_print
from mel_core.socle.valeurs import MANQUE, TROP, Compte

_POINTS = "+0.0;-0.0;0"
_PAR_CLASSE = (("numerateur", "", "#,##0"), ("part", " (part)", "0.0 %"))  # of a distribution: a line per place
# Column of the contract → its heading and its format; a column that is empty on every line is left out.
_IMPRIMEES = {
    "n": ("Attributions", "#,##0"),
    **{f"{quoi}_{c}": (dit + suite, motif) for c, dit in RESSOURCES.items() for quoi, suite, motif in _PAR_CLASSE},
    "n_connus": ("Attributions connues", "#,##0"),
    "numerateur": ("Attributions comptées", "#,##0"),
    "part": ("Part", "0.0 %"),
    "part_occupants": ("Part des occupants", "0.0 %"),
    "cible": ("Objectif", "0.0 %"),
    "ecart_points": ("Écart (points)", _POINTS),
    "ecart_attributions": ("Écart (attributions)", "#,##0"),
    "sens": ("Sens de l’écart", ""),
    "verdict": ("Lecture", ""),
    "cote": ("Côté", ""),
    "mediane_mois": ("Médiane (mois)", "0.0"),
    "p90_mois": ("9 sur 10 (mois)", "0.0"),
}
# On screen alone, beside what is printed: a page of more columns is too small to read.
_A_COTE = {
    "n_inconnus": ("Attributions inconnues", "#,##0"),
    "part_min": ("Part au moins", "0.0 %"),
    "part_max": ("Part au plus", "0.0 %"),
    "ic_bas": ("Intervalle à 95 %, bas", "0.0 %"),
    "ic_haut": ("Intervalle à 95 %, haut", "0.0 %"),
    "n_occupants": ("Occupants connus (ménages)", "#,##0"),
    "n_occupants_modestes": ("Occupants modestes (ménages)", "#,##0"),
    "moyenne_mois": ("Moyenne (mois)", "0.0"),
}
COLONNES = _IMPRIMEES | _A_COTE
_DITS = RESSOURCES | phrases_constats.VERDICTS | {TROP: "de trop", MANQUE: "il en manque"}
_DEUX_SENS = "dans les deux sens"
_ECART_AUX_OCCUPANTS = "Écart aux occupants (points)"
_LARGEUR = 12.5  # of a column of figures, in signs
_LARGEURS = {"ecart_attributions": 14, "sens": 18, "verdict": 34, "cote": 36}
_NOM_MIN, _NOM_MAX = 22, 48
_LARGEUR_MIN = 100  # of what is printed: sentences are above it
EN_BREF = "En bref"
_LARGEURS_LISEZ_MOI = (32, 108)
_DU_LIEU = (("commune",), ("bailleur",))
_LIGNES_BREVES = 6
_TETE = 4
_FILET = "#B4BECB"


def write(
    chemin: Path, contexte: Contexte, titre: str, feuilles: Sequence[tuple[Tableau, pd.DataFrame]], aide: str = ""
) -> None:
    """Write one workbook: a sheet that says what it is and lists the others, then one per table (its point, the lines
    that it shows).

    `titre`: whose it is, which each sheet says. `aide`: how it is read, on the first sheet, when it goes to a place:
    its own lines then make one sheet (EN_BREF), rather than one page each.
    """
    with tableur.classeur(chemin) as classeur:
        quand = contexte.etabli_le.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        qui = {"title": titre, "author": EDITEUR, "company": EDITEUR}
        classeur.set_properties({**qui, "comments": contexte.estampille, "created": quand})
        ecrit = _Classeur(classeur, contexte, titre)
        breves = [f for f in feuilles if aide and _est_breve(*f)]
        autres = [f for f in feuilles if all(f is not breve for breve in breves)]
        dites = [(EN_BREF, phrase) for phrase in dict.fromkeys(t.phrase for t, _ in breves)]
        ecrit.lisez_moi(aide, [*dites, *((t.point.onglet, t.phrase) for t, _ in autres)])
        if breves:
            ecrit.en_bref(breves)
        for tableau, lignes in autres:
            ecrit.feuille(tableau, lignes)


class _Classeur:
    """A workbook under way: whose it is (`titre`), and how its cells are written."""

    def __init__(self, classeur: Workbook, contexte: Contexte, titre: str) -> None:
        self.classeur, self.contexte, self.titre = classeur, contexte, titre
        self.en_titre = classeur.add_format({"bold": True, "font_size": 14, "text_wrap": True})
        tete = {"bold": True, "text_wrap": True, "bottom": 2, "valign": "top"}
        texte = {"text_wrap": True, "valign": "top"}
        # Of a table: « 1 090 » then « 12 ou moins » are two cells, never one number.
        case = {"valign": "top", "border": 1, "border_color": _FILET}
        self.en_tete = classeur.add_format(tete)
        self.en_tete_de_nombre = classeur.add_format({**tete, "align": "right"})
        self.en_tete_de_mot = classeur.add_format({**tete, "align": "left", "indent": 1})
        self.en_texte = classeur.add_format(texte)
        self.en_nom = classeur.add_format(texte | case)
        self.en_mot = classeur.add_format(texte | case | {"align": "left", "indent": 1})
        self.en_lien = classeur.add_format({"font_color": "#0F1B2D", "underline": 1, "valign": "top"})
        self.a_droite = classeur.add_format({**case, "align": "right"})
        self.en_gras = classeur.add_format({"bold": True, "valign": "top"})
        self.en_nombre = cache(lambda motif: classeur.add_format({**case, "num_format": motif}))

    def lisez_moi(self, aide: str, dites: Sequence[tuple[str, str]]) -> None:
        """`dites`: of each sheet, its name, what it says of the whole ICI."""
        feuille = self.classeur.add_worksheet("Lisez-moi")
        for colonne, largeur in enumerate(_LARGEURS_LISEZ_MOI):
            feuille.set_column(colonne, colonne, largeur)
        prepare_print(feuille, self.titre, self.contexte.publication)
        feuille.fit_to_pages(1, 1)
        _paragraphe(feuille, 0, 1, sum(_LARGEURS_LISEZ_MOI), self.titre, self.en_titre)
        rang = 2
        for quoi, valeur in (*self.contexte.etablissement, *([("Lecture", aide)] if aide else [])):
            feuille.write_string(rang, 0, quoi, self.en_gras)
            feuille.write_string(rang, 1, valeur, self.en_texte)
            rang += 1
        rang += 1
        for colonne, tete in enumerate(("Feuille", "Ce qui s’y dit de l’ICI entière")):
            feuille.write_string(rang, colonne, tete, self.en_tete)
        dit = ""
        for rang_du_point, (onglet, phrase) in enumerate(dites, start=rang + 1):
            if onglet != dit:  # of several sentences of a sheet, the first leads to it
                feuille.write_url(rang_du_point, 0, f"internal:'{onglet}'!A1", self.en_lien, onglet)
            feuille.write_string(rang_du_point, 1, phrase, self.en_texte)
            dit = onglet

    def en_bref(self, feuilles: Sequence[tuple[Tableau, pd.DataFrame]]) -> None:
        """The own lines of a place, a measure each."""
        lues = [_breve(tableau, lignes) for tableau, lignes in feuilles]
        dites = (self.contexte.perimetre, dict(self.contexte.etablissement)["Chiffres"])
        self._table(self.classeur.add_worksheet(EN_BREF), EN_BREF, dites, "Mesure", pd.concat(lues, ignore_index=True))

    def feuille(self, tableau: Tableau, lignes: pd.DataFrame) -> None:
        point = tableau.point
        lignes = _lues(tableau, lignes)
        if "cote" in lignes:
            lignes = lignes.assign(cote=[_cote(x, point.repere) for _, x in lignes.iterrows()])
        dites = (tableau.phrase, INDICATEURS[point.indicateur].definition)
        tetes = {"ecart_points": _ECART_AUX_OCCUPANTS} if point.image is ImageBilan.PAIRES else {}
        feuille = self.classeur.add_worksheet(point.onglet)
        self._table(feuille, point.titre, dites, COUPES_DITES[point.coupe][1], lignes, tetes)

    def _table(
        self,
        feuille: Worksheet,
        titre: str,
        dites: Sequence[str],
        quoi: str,
        lignes: pd.DataFrame,
        tetes: Mapping[str, str] | None = None,
    ) -> None:
        """`dites`: what is said above the lines; `quoi`: what a line is; `tetes`: headings of columns, where they are
        not the usual ones."""
        colonnes = [c for c in COLONNES if c in lignes and any(map(est_su, lignes[c]))]
        nom_le_plus_long = max(map(len, lignes["nom"]), default=0)
        largeur_du_nom = min(_NOM_MAX, max(_NOM_MIN, nom_le_plus_long + 2))
        de_colonnes = _LARGEURS | ({"verdict": 22} if "cote" in colonnes else {})
        mots = {c: max(map(len, COLONNES[c][0].split())) for c in colonnes}
        largeurs = [largeur_du_nom, *(de_colonnes.get(c, max(_LARGEUR, 1.1 * mots[c])) for c in colonnes)]
        n_imprimees = sum(c in _IMPRIMEES for c in colonnes)
        largeurs[0] = max(largeurs[0], _LARGEUR_MIN - sum(largeurs[1 : n_imprimees + 1]))
        for rang, une in enumerate(largeurs):
            feuille.set_column(rang, rang, une)
        feuille.freeze_panes(_TETE + 1, 1)
        feuille.print_area(0, 0, _TETE + len(lignes), n_imprimees)
        prepare_print(feuille, self.titre, self.contexte.publication, _TETE)
        au_dessus = [(f"{self.titre} · {titre}", self.en_titre), *((dite, self.en_texte) for dite in dites)]
        for rang, (dite, style) in enumerate([*au_dessus, (self.contexte.publication, self.en_texte)]):
            _paragraphe(feuille, rang, n_imprimees, sum(largeurs[: n_imprimees + 1]), dite, style)
        if lignes.empty:
            return
        feuille.write_string(_TETE, 0, quoi, self.en_tete)
        for rang, colonne in enumerate(colonnes, start=1):
            tete, motif = COLONNES[colonne]
            style = self.en_tete_de_nombre if motif else self.en_tete_de_mot
            feuille.write_string(_TETE, rang, (tetes or {}).get(colonne, tete), style)
        en_nombre = lignes.apply(est_en_nombre, axis=1)
        lues = zip(lignes["nom"], en_nombre, *(lignes[c] for c in colonnes), strict=True)
        for rang, (nom, est_un_nombre, *valeurs) in enumerate(lues, start=_TETE + 1):
            feuille.write_string(rang, 0, nom, self.en_nom)
            for place, (colonne, valeur) in enumerate(zip(colonnes, valeurs, strict=True), start=1):
                motif = "#,##0" if colonne == "cible" and est_un_nombre else COLONNES[colonne][1]
                self._cellule(feuille, rang, place, motif, valeur)

    def _cellule(self, feuille: Worksheet, rang: int, colonne: int, motif: str, valeur: Any) -> None:
        if isinstance(valeur, Compte):
            valeur = valeur.nu
        if isinstance(valeur, str) and motif:  # a count that is not said: never an empty cell, nor 0
            feuille.write_string(rang, colonne, valeur, self.a_droite)
        elif pd.isna(valeur):
            feuille.write_blank(rang, colonne, None, self.en_nom)
        elif not motif:
            feuille.write_string(rang, colonne, _DITS.get(str(valeur), str(valeur)), self.en_mot)
        else:
            nombre = float(valeur)
            if motif == "0.0":  # months, as they are said: every decimal of a mean would give its exact count back
                nombre = float(langue.round_off(nombre, 1))
            if motif == "0.0 %" and langue.est_entier(100 * nombre):
                motif = "0 %"
            if motif == _POINTS and langue.est_entier(nombre):
                motif = "+0;-0;0"
            feuille.write_number(rang, colonne, nombre, self.en_nombre(motif))


def _lues(tableau: Tableau, lignes: pd.DataFrame) -> pd.DataFrame:
    """`lignes` without the columns that would mislead. A distribution has the classes of a place on one line; what is
    unknown is one of them, not a count beside it, nor what bounds a share. Nobody voted what occupants are."""
    if tableau.point.image is ImageBilan.CLASSES:
        par_classe = lignes.pivot(index="nom", columns="classe", values=[quoi for quoi, *_ in _PAR_CLASSE])
        par_classe.columns = [f"{quoi}_{classe}" for quoi, classe in par_classe.columns]
        return lignes.drop_duplicates("nom")[["nom", "n"]].merge(par_classe, on="nom", how="left")
    tues = {"cible"} if tableau.point.image is ImageBilan.PAIRES else set()
    if "cote" in lignes:  # what a room reads says the side, where it may
        tues.add("sens")
    elif "sens" in lignes:  # exact: a gap without a way is of classes of quartiers that pull both ways
        a_deux_sens = lignes["sens"].isna() & lignes["ecart_attributions"].gt(0).fillna(False).astype(bool)
        lignes = lignes.assign(sens=lignes["sens"].mask(a_deux_sens, _DEUX_SENS))
    return lignes.drop(columns=[c for c in tues if c in lignes])


def _est_breve(tableau: Tableau, lignes: pd.DataFrame) -> bool:
    """Whether its lines would leave a page nearly empty."""
    n_classes = lignes["classe"].nunique() if tableau.point.image is ImageBilan.CLASSES else 1
    return len(lignes) <= _LIGNES_BREVES * n_classes


def _breve(tableau: Tableau, lignes: pd.DataFrame) -> pd.DataFrame:
    """What a place has of a measure on a line (each of its quartiers, of the bailleurs there), of a distribution on a
    line per class, by their names."""
    point = tableau.point
    titre = point.mesure.nommee or point.mesure.titre
    autre = "" if point.par in _DU_LIEU else COUPES_DITES[point.coupe][1]  # a quartier of its, a bailleur there
    siens = [nom.removeprefix(f"{autre} ") for nom in lignes["nom"]]
    de_qui = [f"{titre}, {autre.lower()} {nom}" if autre else titre for nom in siens]
    if point.image is ImageBilan.CLASSES:
        dites = [f"{nom} : {RESSOURCES[c].lower()}" for nom, c in zip(de_qui, lignes["classe"], strict=True)]
        return lignes[["n", "numerateur", "part"]].assign(nom=list(map(langue.typeset, dites)))
    if point.image is ImageBilan.DELAIS:
        mois = zip(de_qui, lignes["mediane_mois"], lignes["p90_mois"], strict=True)
        dites = [
            f"{nom} : médiane {phrases_mesures.mois(m)} mois, 9 sur 10 en {phrases_mesures.mois(p)}"
            for nom, m, p in mois
        ]
        return lignes[["n", "n_connus"]].assign(nom=list(map(langue.typeset, dites)))
    return _lues(tableau, lignes).assign(nom=de_qui)


def _cote(ligne: pd.Series, repere: str) -> str | None:
    if ligne.get("verdict") == "atteint" and pd.notna(ligne.get("bande")):
        return "dans la bande"
    cote = ligne["cote"]
    return phrases_constats.say_cote(cote, repere) if cote in phrases_constats.COTES else None


def _paragraphe(feuille: Worksheet, rang: int, derniere: int, largeur: float, texte: str, style: Format) -> None:
    """A text over the whole width of the table: run past it, it would be printed with it, both too small to read."""
    corps = style.font_size
    feuille.set_row(rang, 1.4 * corps * math.ceil(len(texte) * corps / (10 * largeur)))
    if derniere:
        feuille.merge_range(rang, 0, rang, derniere, "", style)
    feuille.write_string(rang, 0, texte, style)


def fichier(texte: str) -> str:
    """A file name without accents or spaces: `villeneuve-d-ascq`."""
    nu = unicodedata.normalize("NFKD", texte.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", nu.lower()).strip("-")
