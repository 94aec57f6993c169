"""Native charts of a slide: what is said of a dozen lines, by volume; else how many are on each side of the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.slide import Slide
from pptx.util import Pt

from mel_core.dossier import phrases_dossier
from mel_core.dossier.lignes_dossier import Tableau
from mel_core.dossier.plan_dossier import COUPES, ImageDuPlan
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES
from mel_core.socle.cibles import est_en_nombre

LIGNES_MAX = 12
CLASSES_MAX = 6  # up to here one target is drawn beside each line; beyond, the sentence says it once
_ENCRE = RGBColor(0x0F, 0x1B, 0x2D)
_BLEU, _GRIS = RGBColor(0x0B, 0x3D, 0x91), RGBColor(0xB4, 0xBE, 0xCB)
_TONS_CLASSES = tuple(RGBColor.from_string(t) for t in ("0B3D91", "6E9BD8", "F2B27A", "8F3F00", "C3CCD9"))
_TEXTES_CLASSES = tuple(RGBColor.from_string(t) for t in ("FFFFFF", "0F1B2D", "0F1B2D", "FFFFFF", "0F1B2D"))
_PART, _PART_FINE = "0 %", "0.0 %"  # « 61 % », « 61,3 % », with the decimal sign of the reader's own system
_DECIMAL = "General"  # « 9 », « 9,5 »: « 0.# » leaves its sign, « 9, »
_DRAWN = {ImageDuPlan.EFFECTIFS: "numerateur", ImageDuPlan.DELAIS: "mediane_mois"}  # else the share


def montrees(tableau: Tableau) -> pd.DataFrame:
    """The lines drawn: the first ones of the table of which something is said; of relogements, where there is one."""
    lignes, dessinee = tableau.lignes, _DRAWN.get(tableau.point.image, "part")
    dites = (v > 0 if dessinee == "numerateur" else pd.notna(v) for v in lignes[dessinee])
    lignes = lignes[np.fromiter(dites, dtype=bool, count=len(lignes))]
    gardees = lignes["nom"].drop_duplicates().head(LIGNES_MAX)
    # One place of a hundred is no picture of them, when the side of others is said.
    est_seule = len(gardees) == 1 < sum(phrases_dossier.cotes(tableau).values())
    if est_seule and tableau.point.coupe in phrases_dossier.NOMS_DE_LIGNES:
        return lignes[:0]
    return lignes[lignes["nom"].isin(gardees)]


def est_dessine(tableau: Tableau) -> bool:
    return len(montrees(tableau)) > 0 or bool(phrases_dossier.cotes(tableau))


def reserves(tableau: Tableau) -> list[str]:
    """What the picture leaves out."""
    toutes, vues = tableau.lignes["nom"].nunique(), montrees(tableau)["nom"].nunique()
    if toutes == vues:
        return []
    if vues == 0:
        return [f"le compte de {langue.effectif(toutes, 'ligne')} est dans le classeur"]
    return [f"{langue.effectif(vues, 'ligne')} sur {langue.nombre(toutes)} ; toutes sont dans le classeur"]


def place(page: Slide, tableau: Tableau, gauche: int, haut: int, largeur: int, hauteur: int) -> None:
    """Draw `tableau` in the box."""
    lignes = montrees(tableau)
    donnees = CategoryChartData(number_format=_PART)
    series = _series(tableau, lignes)
    if lignes.empty:
        cotes = phrases_dossier.cotes(tableau)
        donnees.categories = [phrases_dossier.say_cote(c, tableau.point.image).capitalize() for c in cotes]
        series = [(f"Nombre de {COUPES[tableau.point.coupe].lower()}s", list(cotes.values()), "0")]
    else:
        donnees.categories = [
            f"{nom} (n = {langue.nombre(n)})"
            for nom, n in lignes.drop_duplicates("nom")[["nom", "n"]].itertuples(index=False)
        ]
    for nom, valeurs, format_ in series:
        donnees.add_series(nom, [None if pd.isna(v) else float(v) for v in valeurs], number_format=format_)
    empilees = tableau.point.image is ImageDuPlan.CLASSES
    # Never to 100 %: where a class is not said, the others would fill its place.
    genre = XL_CHART_TYPE.BAR_STACKED if empilees else XL_CHART_TYPE.BAR_CLUSTERED
    cadre = page.shapes.add_chart(genre, gauche, haut, largeur, hauteur, donnees)
    cadre.name = f"{tableau.point.titre}, {COUPES[tableau.point.coupe].lower()}"
    _dress(cadre.chart, empilees)


def _series(tableau: Tableau, lignes: pd.DataFrame) -> list[tuple[str, list[float], str]]:
    """(name, one value per category, number format) of each series."""
    image = tableau.point.image
    if image is ImageDuPlan.CLASSES:
        par_classe = {c: g.set_index("nom")["part"] for c, g in lignes.groupby("classe", sort=False)}
        ordre = list(lignes["nom"].drop_duplicates())
        return [(dit, list(par_classe[c].reindex(ordre)), _PART) for c, dit in RESSOURCES.items() if c in par_classe]
    if image is ImageDuPlan.EFFECTIFS:
        return [("Relogements", list(lignes["numerateur"]), "0")]
    if image is ImageDuPlan.DELAIS:
        return [
            ("Médiane (mois)", _round_off(lignes["mediane_mois"]), _DECIMAL),
            ("Neuf sur dix (mois)", _round_off(lignes["p90_mois"]), _DECIMAL),
        ]
    if image is ImageDuPlan.PAIRES:
        return [
            ("Entrants modestes", list(lignes["part"]), _PART),
            ("Occupants modestes", list(lignes["part_occupants"]), _PART),
        ]
    series = [("Part constatée", list(lignes["part"]), _PART)]
    est_part = lignes["cible"].notna().any() and not lignes.apply(est_en_nombre, axis=1).any()
    if est_part and (len(lignes) <= CLASSES_MAX or phrases_dossier.ont_leurs_objectifs(tableau)):
        est_entiere = all(map(phrases_dossier.est_entiere, lignes["cible"].dropna()))
        series.append(("Objectif", list(lignes["cible"]), _PART if est_entiere else _PART_FINE))
    return series


def _round_off(mois: pd.Series) -> list[float]:
    """To a tenth, as the sentences and the tables say."""
    return [float(langue.round_off(m, 1)) if pd.notna(m) else m for m in mois]


def _dress(chart: Chart, empilees: bool) -> None:
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(13), "Calibri", _ENCRE
    plan, categories, valeurs = chart.plots[0], chart.category_axis, chart.value_axis
    categories.reverse_order = True  # the first line at the top
    categories.format.line.color.rgb = _GRIS
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    valeurs.visible = False
    valeurs.has_major_gridlines = False
    valeurs.minimum_scale = 0
    if empilees or _maximum(chart) <= 1:
        valeurs.maximum_scale = 1.0
    series = list(plan.series)
    plan.gap_width = 35
    plan.overlap = 100 if empilees else 0
    tons = _TONS_CLASSES if empilees else (_BLEU, _GRIS)
    for rang, serie in enumerate(series):
        serie.format.fill.solid()
        serie.format.fill.fore_color.rgb = tons[rang % len(tons)]
        etiquettes = serie.data_labels
        etiquettes.show_value = True
        etiquettes.number_format_is_linked = True
        etiquettes.font.size = Pt(12 if len(series) < 3 else 11)
        etiquettes.font.color.rgb = _TEXTES_CLASSES[rang % len(_TEXTES_CLASSES)] if empilees else _ENCRE
        etiquettes.position = XL_LABEL_POSITION.CENTER if empilees else XL_LABEL_POSITION.OUTSIDE_END
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(13)


def _maximum(chart: Chart) -> float:
    return max((v for s in chart.plots[0].series for v in s.values if v is not None), default=0)
