"""A target tried on a bilan: the picture, the sentence and the places, as small frames and texts (see `figures`).

Computed once for each step of the slider, whoever moves it: the answer depends on the snapshot and the scope alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mel_core import entonnoir, langue
from mel_core.objectifs.lectures import lectures_2015
from mel_core.secret.regroupement import SEUIL
from mel_core.simulation.moyens import Jugement
from mel_core.simulation.reorientation import Grille, Scenario, motif_inchange, par
from pages.commun import figures, fond, phrases
from pages.commun.mesures import moyens
from pages.commun.mesures.lecture_bilan import EQUILIBRE, LIGNE, Bilan, Cle, lire_cle
from pages.commun.placement import Places, pixels

# Drawing areas at 1366 pixels, to keep names apart.
_ENTONNOIR_PX = (600, 255)
_CARTE_PX = (350, 295)
_ETIQUETTES_MAX = 9
_LIEUX_DITS = {"Communes": 4, "Bailleurs": 3}  # bailleurs have longer names: one line of each, mostly
_TROP_FAIBLE = 30  # under this, contract §4 does not conclude
_NOM_2015 = ("MEL 2015, lecture reconstituée", "MEL 2015")  # said in full once, on the first bar


@dataclass(frozen=True)
class Essai:
    """What a step of the slider changes on screen. `lieux`: HTML of the places concerned, by title.

    `phrase`: what the target asks, with what, and whether it can be done.
    """

    image: figures.Figure
    carte: figures.Figure
    phrase: str
    lieux: str


def essayer(bilan: Bilan, pourcent: int) -> Essai:
    """The target `pourcent` (0–100) tried on `bilan`."""
    return _essayer(bilan.cle, pourcent)


@st.cache_resource(show_spinner=False, max_entries=2048)
def _essayer(cle: Cle, pourcent: int) -> Essai:
    bilan = lire_cle(cle)
    scenario = Scenario(bilan.indicateur, Fraction(pourcent, 100))
    if bilan.objectif:
        scenario = replace(scenario, bande=bilan.objectif.bande)
    mouvements = _grille(cle).mouvements(scenario)
    reorientees = bilan.cellules.assign(a_reorienter=abs(mouvements), sens=np.sign(mouvements))
    par_commune, par_bailleur = (par(reorientees, LIGNE[nom]) for nom in ("commune", "bailleur"))
    but = float(scenario.cible)
    motif = motif_inchange(reorientees, scenario)
    if bilan.indicateur == EQUILIBRE:
        par_classe = par(reorientees, "fragilite")
        image = _barres(bilan, par_classe, scenario)
        phrase = phrases.demande_equilibre(but, par_classe, phrases.duree_partielle(bilan.ensemble))
    else:
        image = _entonnoir(bilan, scenario)
        phrase = phrases.demande_plancher(
            bilan.indicateur,
            but,
            int(reorientees["a_reorienter"].sum()),
            int(reorientees["n_connus"].sum()),
            phrases.duree_partielle(bilan.ensemble),
        )
    if motif:
        return Essai(image, _carte(bilan, par_commune, {}, but), phrases.demande_rien(but, motif), "")
    jugement, faisabilite = moyens.juger(cle, reorientees, mouvements)
    eligibles = _eligibles(bilan, jugement)
    lieux = _lieux("Communes", par_commune), _lieux("Bailleurs", par_bailleur), _lieux_eligibles(par_commune, eligibles)
    return Essai(image, _carte(bilan, par_commune, eligibles, but), f"{phrase} {faisabilite}".strip(), "".join(lieux))


@st.cache_resource(show_spinner=False, max_entries=64)
def _grille(cle: Cle) -> Grille:
    return Grille.de(lire_cle(cle).cellules)


def _eligibles(bilan: Bilan, jugement: Jugement | None) -> dict[str, str]:
    """How many eligible applicants asked for each commune concerned that is shown alone, by its name."""
    if jugement is None:
        return {}
    lignes = bilan.communes[["nom", "ligne", "est_regroupee"]].to_numpy().tolist()
    return {
        nom: _projetable(jugement.eligibles[code])
        for nom, code, est_regroupee in lignes
        if not est_regroupee and code in jugement.eligibles
    }


@cache
def _projetable(n: int) -> str:
    return f"moins de {SEUIL}" if 0 < n < SEUIL else langue.nombre(n)


def cibles(bilan: Bilan, essayee: Fraction) -> pd.DataFrame:
    """The targets to draw: the one in force, and the one tried when it differs."""
    voulues = [] if bilan.objectif is None else [(bilan.objectif.valeur, "objectif", False)]
    if not voulues or voulues[0][0] != essayee:
        voulues.append((essayee, "hypothèse", True))
    plus_basse = min(v for v, _, _ in voulues)
    cotes = ["centre"] if len(voulues) == 1 else ["gauche" if v == plus_basse else "droite" for v, _, _ in voulues]
    return pd.DataFrame(
        {
            "cible": [float(v) for v, _, _ in voulues],
            "cible_dit": [f"{nom} {langue.part(v)}" for v, nom, _ in voulues],
            "cote": cotes,
            "est_essayee": [est_essayee for _, _, est_essayee in voulues],
        }
    )


def _barres(bilan: Bilan, par_classe: pd.DataFrame, scenario: Scenario) -> figures.Figure:
    ecarts = dict(zip(par_classe["fragilite"], par_classe["a_reorienter"], strict=True))
    semestre = dict(zip(bilan.semestre["fragilite"], bilan.semestre["part"], strict=True))
    constats = {ligne["fragilite"]: ligne for ligne in bilan.classes.to_dict("records")}
    duree = phrases.duree_partielle(bilan.ensemble)
    en_2015 = {} if duree else lectures_2015(EQUILIBRE)  # nothing is compared with part of a year
    bas, haut = float(scenario.cible - scenario.bande), float(scenario.cible + scenario.bande)
    lignes: list[dict[str, Any]] = []
    for classe in ("fragile", "moyenne", "sans"):
        if classe not in constats:
            continue
        ligne, ecart, est_bande = constats[classe], int(ecarts[classe]), classe == "moyenne"
        position = _position(ligne["part"], float(scenario.cible), est_bande and ecart == 0)
        lignes.append(
            {
                "libelle": phrases.LIBELLES[classe],
                "effectif_dit": phrases.effectif_et_semestre(ligne["n_connus"], semestre.get(classe), duree),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "position": position,
                "ecart_dit": _ecart_court(ecart, position, est_bande, ligne["n_connus"]),
                "bande_bas": max(0.0, bas) if est_bande else None,
                "bande_haut": min(1.0, haut) if est_bande else None,
                "part_2015": en_2015.get(classe),
                "dit_2015": f"{_NOM_2015[bool(lignes)]} : {langue.part(en_2015.get(classe))}",
                "infobulle": phrases.detail_classe(ligne),
            }
        )
    lecture = " ; ".join(f"{x['libelle']} {x['part_dit']} ({x['ecart_dit']})" for x in lignes)
    return figures.barres(pd.DataFrame(lignes), cibles(bilan, scenario.cible), lecture)


def _position(part: float, cible: float, est_dans_la_bande: bool) -> str:
    if pd.isna(part):
        return "sans objectif"
    if est_dans_la_bande or part == cible:
        return "dans la bande"
    return "au-dessus" if part > cible else "au-dessous"


def _ecart_court(ecart: int, position: str, est_bande: bool, n_connus: int) -> str:
    if n_connus == 0:
        return "aucune connue"
    if ecart == 0:
        return "dans la bande" if est_bande else "objectif tenu"
    return phrases.ecart_dit(ecart, position == "au-dessus")


def _entonnoir(bilan: Bilan, scenario: Scenario) -> figures.Figure:
    cible = float(scenario.cible)
    lignes = bilan.communes[bilan.communes["n_connus"].fillna(0) > 0]
    part, n = lignes["part"].astype(float), lignes["n_connus"].astype(float)
    position = entonnoir.position(part, n, cible)
    points = pd.DataFrame(
        {"n": n, "part": part, "nom": lignes["nom"], "position": position, "infobulle": lignes["infobulle"]}
    )
    en_x = (n.min() * 0.92, n.max() * 1.15) if len(n) else (10.0, 100.0)
    reperes = [*part, cible, *([float(bilan.objectif.valeur)] if bilan.objectif else [])]
    en_y = max(0.0, min(reperes) - 0.1), min(1.0, max(reperes) + 0.1)
    limites = entonnoir.limites(cible, *en_x)
    bornes = limites.columns.drop("n")
    limites[bornes] = np.clip(limites[bornes].to_numpy(), *en_y)
    points["cote_nom"] = _cotes_des_noms(points, lignes["est_regroupee"].to_numpy(dtype=bool), en_x, en_y)
    dehors = langue.liste(list(points.loc[position != "dans les limites", "nom"])) or "aucune"
    lecture = f"Communes hors des limites de contrôle : {dehors}"
    return figures.entonnoir(points, limites, cibles(bilan, scenario.cible), lecture)


def _cotes_des_noms(
    points: pd.DataFrame, est_regroupee: np.ndarray, en_x: tuple[float, float], en_y: tuple[float, float]
) -> list[str]:
    """On which side each point is named: those beyond the limits first, then the largest, as long as names don't touch.

    Where a commune stands is read on the axes, never in an order.
    """
    largeur, hauteur = _ENTONNOIR_PX
    n, part = points["n"].to_numpy(), points["part"].to_numpy()
    x = (np.log(n) - math.log(en_x[0])) / (math.log(en_x[1]) - math.log(en_x[0])) * largeur
    y = (part - en_y[0]) / (en_y[1] - en_y[0]) * hauteur
    est_dedans = (points["position"] == "dans les limites").to_numpy()
    cotes = [""] * len(points)
    places = Places([(a, b, 8) for a, b in zip(x, y, strict=True)], hauteur=16)
    for i in np.lexsort((-n, est_dedans)):
        demi = 4.0 * len(points["nom"].iloc[i])
        for cote, dx, dy in (
            *(("droite", 12 + demi, 0), ("gauche", -12 - demi, 0), ("dessus", 0, 17), ("dessous", 0, -17)),
            ("dessous à gauche", 8 - demi, -17),
        ):
            centre = x[i] + dx
            if not est_regroupee[i] and demi <= centre <= largeur - demi and places.prendre(centre, y[i] + dy, demi):
                cotes[i] = cote
                break
    return cotes


def _carte(bilan: Bilan, par_commune: pd.DataFrame, eligibles: Mapping[str, str], cible: float) -> figures.Figure:
    """Communes by their gap to the target, with what is to be reoriented in the first ones."""
    parts, n = bilan.carte["part"].to_numpy(), bilan.carte["n_connus"].to_numpy()
    ecarts = np.where(n >= _TROP_FAIBLE, 100 * (parts - cible), np.nan)
    communes = pd.DataFrame(
        {
            "code_insee": bilan.carte["commune"],
            "classe": [
                figures.classe_ecart(ecart) if connu or np.isnan(ecart) else figures.SANS_OBJECTIF
                for ecart, connu in zip(ecarts, bilan.carte["a_un_objectif"], strict=True)
            ],
            "infobulle": [
                f"{dit} ; demandeurs éligibles : {eligibles[nom]}" if nom in eligibles else dit
                for nom, dit in zip(bilan.carte["nom"], bilan.carte["infobulle"], strict=True)
            ],
        }
    )
    etiquettes = _etiquettes(bilan, par_commune)
    dites = (f"{nom} {valeur}" for nom, valeur in zip(etiquettes["nom"], etiquettes["valeur"], strict=True))
    lecture = f"À réorienter : {', '.join(dites) or 'rien'}"
    return figures.carte(communes, etiquettes, lecture)


def _etiquettes(bilan: Bilan, par_commune: pd.DataFrame) -> pd.DataFrame:
    """Names and numbers on the map, the most reorientations first, as long as they do not touch."""
    reperes = fond.reperes()
    codes = {nom: c for nom, c in zip(bilan.carte["nom"], bilan.carte["commune"], strict=True) if c in reperes}
    retenues: list[tuple[float, float, str, str]] = []
    if codes:
        en_x, en_y = pixels([reperes[c] for c in codes.values()], *_CARTE_PX)
        places = Places([], hauteur=36)
        for nom, moins, plus in _mouvements(par_commune):
            if nom not in codes or len(retenues) == _ETIQUETTES_MAX:
                continue
            repere = reperes[codes[nom]]
            if places.prendre(repere.longitude * en_x, repere.latitude * en_y, 3.4 * max(len(nom), 6)):
                retenues.append((repere.longitude, repere.latitude, nom, phrases.mouvement(moins, plus)))
    return pd.DataFrame(retenues, columns=["longitude", "latitude", "nom", "valeur"])


def _mouvements(sommes: pd.DataFrame) -> list[tuple[str, int, int]]:
    """(name, households in less, in more) of the lines where something is to be reoriented, the most first."""
    colonnes = (sommes.iloc[:, 0], sommes["n_en_moins"], sommes["n_en_plus"])
    return [(nom, int(moins), int(plus)) for nom, moins, plus in zip(*colonnes, strict=True) if moins or plus]


def _lieux(titre: str, sommes: pd.DataFrame) -> str:
    """`Communes : Roubaix −116 · Tourcoing −88 · 9 autres −35`: the numbers add up to those of the sentence."""
    mouvements = _mouvements(sommes)
    dits, autres = mouvements[: _LIEUX_DITS[titre]], mouvements[_LIEUX_DITS[titre] :]
    if autres:
        reste = (sum(m for _, m, _ in autres), sum(p for _, _, p in autres))
        dits = [*dits, (langue.effectif(len(autres), "autre"), *reste)]
    morceaux = " · ".join(
        f"<span>{escape(nom)} <b>{escape(phrases.mouvement(moins, plus))}</b></span>" for nom, moins, plus in dits
    )
    return f'<p class="lieux"><strong>{escape(titre)}</strong> {morceaux}</p>'


def _lieux_eligibles(par_commune: pd.DataFrame, eligibles: Mapping[str, str]) -> str:
    """`Demandeurs éligibles Roubaix 4 210 · Tourcoing 3 950`: those of the communes named first, if shown alone."""
    nommees = [nom for nom, _, _ in _mouvements(par_commune)[: _LIEUX_DITS["Communes"]] if nom in eligibles]
    if not nommees:
        return ""
    morceaux = " · ".join(f"<span>{escape(nom)} <b>{escape(eligibles[nom])}</b></span>" for nom in nommees)
    return f'<p class="lieux"><strong>Demandeurs éligibles</strong> {morceaux}</p>'
