"""One cut of a measure across another: a matrix whose cells say their share, their number or their side."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs import conventions
from mel_core.indicateurs.definitions import CONVENTIONS, COUPES_DITES, MATRICE, ImageBilan, par
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import reader
from mel_core.socle import cibles, langue
from pages.commun.images import couleurs
from pages.commun.images.gabarit import Image, axe_de_noms, figure, nom_court
from pages.commun.images.images_mesures import LIGNES_DESSINEES, SIGNES, face_a_l_objectif
from pages.commun.mesures.lecture_bilan import par_ligne
from pages.commun.mesures.lecture_mesures import LectureMesure

_LIGNES_LARGES, _COLONNES_LARGES = 7, 4  # of a matrix: beyond, names are smaller, or slant
POINT = "•"  # of a cell of which nothing is said
_PENCHE = 90  # pixels that the last slanted name takes beyond its column


def dites_en_salle(lecture: LectureMesure, cellules: pd.DataFrame, coupe: str = MATRICE) -> pd.DataFrame:
    """Of a matrix, what the room has to read: lines and columns of which something is said, and of these lines the
    `LIGNES_DESSINEES` with most attributions. Empty when nothing is said."""
    rangee, colonne = par(coupe)
    est_effectif = lecture.mesure.image is ImageBilan.EFFECTIFS
    est_dite = cellules[lecture.mesure.image.colonne].astype(float).notna()
    if not est_effectif:
        est_dite |= cellules["cote"].isin(SIGNES)
    parle_en_ligne, parle_en_colonne = (est_dite.groupby(cellules[c]).transform("any") for c in (rangee, colonne))
    gardees = cellules[parle_en_ligne & parle_en_colonne]
    volumes = gardees["n"].astype(float).groupby(gardees[rangee]).sum()
    return gardees[gardees[rangee].isin(volumes.nlargest(LIGNES_DESSINEES).index)]


def render_cellules(lecture: LectureMesure, cellules: pd.DataFrame, coupe: str = MATRICE) -> pd.DataFrame:
    """The same cells with what each says (`dit`), then on how many too (`entier`). Of bailleur × commune a point does
    not say it to a room: beside the whole of the commune, its count left two values to the few of another bailleur
    (ADR 0011)."""
    est_effectif = lecture.mesure.image is ImageBilan.EFFECTIFS
    dits = [
        (str(x.numerateur) if x.numerateur.est_dit else POINT)
        if est_effectif
        else (SIGNES.get(x.cote or "", POINT) if pd.isna(x.part) else langue.part(x.part, 0))
        for x in cellules.itertuples()
    ]
    entiers = [
        f"{dit}, {langue.nombre(x.numerateur)} sur {langue.nombre(x.n_connus)}"
        if coupe != MATRICE or dit != POINT or x.n_connus == 0
        else dit
        for x, dit in zip(cellules.itertuples(), dits, strict=True)
    ]
    return cellules.assign(dit=dits, entier=entiers)


def draw(lecture: LectureMesure, cellules: pd.DataFrame, coupe: str = MATRICE) -> Image:
    """One cut across another: what a cell says is written in it, on how many is under the pointer. Alphabetical both
    ways. Of the agreements, the tone is the gap, in its direction.

    `cellules`: see `lecture_mesures.matrice`.
    """
    rangees, colonnes = par(coupe)
    est_effectif, rangees_lues = lecture.mesure.image is ImageBilan.EFFECTIFS, par_ligne(cellules)
    lignes, tetes = sorted(cellules[rangees].unique()), sorted(cellules[colonnes].unique())
    # Too few to conclude is read, and has no tone.
    valeurs = (
        cellules[lecture.mesure.image.colonne]
        .astype(float)
        .mask(cellules["n_connus"].astype(float).fillna(0).lt(EFFECTIF_MINIMAL) & (not est_effectif))
    )
    est_serree, est_large = len(lignes) > _LIGNES_LARGES, len(tetes) <= _COLONNES_LARGES
    place, angle = ((2, 20), 0) if est_large else ((1, 26), -50)
    tons: dict[str, object] = {"colorscale": [[0, couleurs.PAPIER], [1, couleurs.AU_DESSOUS_CLAIR]], "zmin": 0}
    if coupe == CONVENTIONS:
        # Not of an objective that is a number a year.
        est_une_part = [pd.notna(x["cible"]) and x["cible"] <= 1 and not cibles.est_en_nombre(x) for x in rangees_lues]
        valeurs = valeurs - pd.to_numeric(cellules["cible"]).where(est_une_part)
        plus_loin = valeurs.abs().max()
        place, angle = (2, 14), -90
        tons = {
            "colorscale": [[0, couleurs.AU_DESSOUS_CLAIR], [0.5, couleurs.PAPIER], [1, couleurs.AU_DESSUS_CLAIR]],
            "zmin": -plus_loin,
            "zmax": plus_loin,
        }
    dites = render_cellules(lecture, cellules, coupe)
    dits = list(dites["dit"])
    bulles = [f"{getattr(x, rangees)} × {getattr(x, colonnes)} : {x.entier}" for x in dites.itertuples()]
    if coupe == CONVENTIONS:
        buts = [(conventions.objectif(x), face_a_l_objectif(x)) for x in rangees_lues]
        # A room reads larger letters in the same columns: of two shares, the sign is written once.
        une_fois = f"{langue.FINE}%" if not reader().lit_tout else ""
        dits = [
            f"{dit.removesuffix(une_fois) if but.endswith('%') else dit} / {but}" if but else dit
            for dit, (but, _) in zip(dits, buts, strict=True)
        ]
        bulles = [f"{bulle}, {face}" for bulle, (_, face) in zip(bulles, buts, strict=True)]
    lues = cellules.assign(valeur=valeurs.astype(float), dit=dits, infobulle=bulles)
    z, textes, survol = (
        lues.pivot(index=rangees, columns=colonnes, values=c).reindex(index=lignes, columns=tetes)
        for c in ("valeur", "dit", "infobulle")
    )
    carte = go.Heatmap(
        z=z.to_numpy(),
        text=textes.fillna("").to_numpy(),
        customdata=survol.fillna("aucune attribution").map(escape).to_numpy(),
        texttemplate="%{text}",
        textfont={"size": 14, "color": couleurs.ENCRE},
        hovertemplate="%{customdata}<extra></extra>",
        **tons,
        showscale=False,
        xgap=1,
        ygap=1,
    )
    axes = {
        "xaxis": {"tickvals": list(range(len(tetes))), "ticktext": [nom_court(b, *place) for b in tetes]},
        "yaxis": axe_de_noms(lignes, corps=14) if est_serree else axe_de_noms(lignes),
    }
    axes["xaxis"] |= {"side": "top", "showgrid": False, "tickangle": angle, "tickfont": {"size": 13}}
    return Image(
        figure(
            [carte],
            **axes,
            plot_bgcolor=couleurs.FOND_DOUX,
            margin={"t": 4, "b": 4, "l": 4, "r": _PENCHE if -90 < angle < 0 else 4},
        ),
        f"{lecture.mesure.titre}, par {' et '.join(COUPES_DITES[c][0].lower() for c in (rangees, colonnes))}",
        " ; ".join(bulles),
        hauteur=(4.5 if est_large else 9) + (1.55 if est_serree else 2.6) * len(lignes),
    )
