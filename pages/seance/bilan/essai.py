"""A target tried on a bilan: the picture, the sentence and the places, as small frames and texts (see `figures`).

Computed once for each step of the slider: the answer depends on the snapshot, the scope and who reads it alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mel_core.indicateurs import entonnoir, phrases_constats
from mel_core.objectifs.lectures import lectures_2015
from mel_core.secret.audience import Audience
from mel_core.simulation.reorientation.calcul_reorientation import CibleEssayee, Grille, par
from mel_core.simulation.reorientation.moyens import Jugement
from mel_core.simulation.scenarios.phrases_reorientations import say
from mel_core.socle import langue
from pages.commun.images import figures, fond
from pages.commun.images.placement import Places, pixels
from pages.commun.mesures.lecture_bilan import EQUILIBRE, NOM, Bilan, Cle, read_cle
from pages.seance.bilan import moyens_bilan

# Drawing areas at 1366 pixels, to keep names apart.
_ENTONNOIR_PX = (600, 255)
_CARTE_PX = (350, 295)
_ETIQUETTES_MAX = 9
_LIEUX_DITS = {"Communes": 4, "Bailleurs": 3}  # bailleurs have longer names: one line of each, mostly
_TROP_FAIBLE = 30  # under this, contract §4 does not conclude
_MOUVEMENTS = ("a_reorienter", "n_en_plus", "n_en_moins")
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


def try_out(bilan: Bilan, pourcent: int) -> Essai:
    """The target `pourcent` (0–100) tried on `bilan`."""
    return _try_out(bilan.cle, pourcent)


@st.cache_resource(show_spinner=False, max_entries=2048)
def _try_out(cle: Cle, pourcent: int) -> Essai:
    bilan, moteur = read_cle(cle), moyens_bilan.read(cle)
    scenario = CibleEssayee(bilan.indicateur, Fraction(pourcent, 100))
    if bilan.objectif:
        scenario = replace(scenario, bande=bilan.objectif.bande)
    exigence = moteur.ask(scenario)
    mouvements = exigence.mouvements
    reorientees = bilan.cellules.assign(a_reorienter=abs(mouvements), sens=np.sign(mouvements))
    par_commune, par_bailleur = (_par_lieu(bilan, reorientees, scenario, cle) for cle in NOM)
    eligibles = _eligibles(bilan, exigence.jugement)
    est_equilibre = bilan.indicateur == EQUILIBRE
    image = _barres(bilan, par(reorientees, "fragilite"), scenario) if est_equilibre else _entonnoir(bilan, scenario)
    lieux = (
        _lieux(bilan, "Communes", par_commune),
        _lieux(bilan, "Bailleurs", par_bailleur),
        _lieux_eligibles(par_commune, eligibles),
    )
    phrase = langue.typeset(say(exigence, moteur.cadre, bilan.audience))
    return Essai(image, _carte(bilan, par_commune, eligibles, float(scenario.cible)), phrase, "".join(lieux))


def _par_lieu(bilan: Bilan, reorientees: pd.DataFrame, scenario: CibleEssayee, cle: str) -> pd.DataFrame:
    """What is to be reoriented in each commune or bailleur (`cle`), see `par`.

    For a room, worked out of the counts that are said of each: the exact answer of every position of the lever would
    give the exact counts back.
    """
    if bilan.audience.est_exacte:
        return par(reorientees, NOM[cle])
    dites = bilan.dites[cle]
    mouvements = Grille.de(dites).mouvements(scenario)
    sommes = par(dites.assign(a_reorienter=abs(mouvements), sens=np.sign(mouvements)), NOM[cle])
    return bilan.audience.comptes(sommes, _MOUVEMENTS)


def _eligibles(bilan: Bilan, jugement: Jugement | None) -> dict[str, str]:
    """How many eligible applicants asked for each commune concerned, by its name."""
    if jugement is None:
        return {}
    return {
        nom: langue.nombre(bilan.audience.compte(jugement.eligibles[code]))
        for nom, code in zip(bilan.communes["nom"], bilan.communes["commune"], strict=True)
        if code in jugement.eligibles
    }


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


def _barres(bilan: Bilan, par_classe: pd.DataFrame, scenario: CibleEssayee) -> figures.Figure:
    sommes = par_classe.set_index("fragilite")
    semestre = dict(zip(bilan.semestre["fragilite"], bilan.semestre["part"], strict=True))
    constats = {ligne["fragilite"]: ligne for _, ligne in bilan.classes.iterrows()}
    duree = phrases_constats.duree_partielle(bilan.ensemble)
    en_2015 = {} if duree else lectures_2015(EQUILIBRE)  # nothing is compared with part of a year
    bas, haut = float(scenario.cible - scenario.bande), float(scenario.cible + scenario.bande)
    lignes: list[dict[str, Any]] = []
    for classe in ("fragile", "moyenne", "sans"):
        if classe not in constats:
            continue
        ligne, ecart, est_bande = constats[classe], int(sommes["a_reorienter"][classe]), classe == "moyenne"
        position = _position(ligne["part"], float(scenario.cible), est_bande and ecart == 0)
        if ecart and pd.notna(
            ligne["part"]
        ):  # a share to the unit may be the target itself: what is asked says its side
            position = "au-dessus" if sommes["n_en_moins"][classe] else "au-dessous"
        lignes.append(
            {
                "libelle": phrases_constats.LIBELLES[classe],
                "effectif_dit": phrases_constats.effectif_et_semestre(ligne["n_connus"], semestre.get(classe), duree),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "position": position,
                "ecart_dit": _ecart_court(ecart, position, est_bande, ligne, bilan.audience),
                "bande_bas": max(0.0, bas) if est_bande else None,
                "bande_haut": min(1.0, haut) if est_bande else None,
                "part_2015": en_2015.get(classe),
                "dit_2015": f"{_NOM_2015[bool(lignes)]} : {langue.part(en_2015.get(classe))}",
                "infobulle": phrases_constats.detail_classe(ligne),
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


def _ecart_court(ecart: int, position: str, est_bande: bool, ligne: pd.Series, audience: Audience) -> str:
    if ligne["n_connus"] == 0:
        return "aucune connue"
    if pd.isna(ligne["part"]):
        return "trop peu pour le dire"
    if ecart == 0:
        return "dans la bande" if est_bande else "objectif tenu"
    return phrases_constats.ecart_dit(audience.compte(ecart), position == "au-dessus")


def _entonnoir(bilan: Bilan, scenario: CibleEssayee) -> figures.Figure:
    cible = float(scenario.cible)
    lignes = bilan.communes[bilan.communes["part"].notna() & bilan.communes["n_connus"].gt(0)]
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
    points["cote_nom"] = _cotes_des_noms(points, en_x, en_y)
    dehors = langue.liste(list(points.loc[position != "dans les limites", "nom"])) or "aucune"
    lecture = f"Communes hors des limites de contrôle : {dehors}"
    return figures.entonnoir(points, limites, cibles(bilan, scenario.cible), lecture)


def _cotes_des_noms(points: pd.DataFrame, en_x: tuple[float, float], en_y: tuple[float, float]) -> list[str]:
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
            ("droite", 12 + demi, 0),
            ("gauche", -12 - demi, 0),
            ("dessus", 0, 17),
            ("dessous", 0, -17),
            ("dessous à gauche", 8 - demi, -17),
        ):
            centre = x[i] + dx
            if demi <= centre <= largeur - demi and places.take(centre, y[i] + dy, demi):
                cotes[i] = cote
                break
    return cotes


def _carte(bilan: Bilan, par_commune: pd.DataFrame, eligibles: Mapping[str, str], cible: float) -> figures.Figure:
    """Communes by their gap to the target (for a room, by their side), with what is to be reoriented in the first."""
    communes = pd.DataFrame(
        {
            "code_insee": bilan.carte["commune"],
            "classe": [_classe(bilan, x, cible) for x in bilan.carte.itertuples()],
            "infobulle": [
                f"{dit} ; demandeurs éligibles : {eligibles[nom]}" if nom in eligibles else dit
                for nom, dit in zip(bilan.carte["nom"], bilan.carte["infobulle"], strict=True)
            ],
        }
    )
    etiquettes = _etiquettes(bilan, par_commune)
    dites = (f"{nom} {valeur}" for nom, valeur in zip(etiquettes["nom"], etiquettes["valeur"], strict=True))
    lecture = f"À réorienter : {', '.join(dites) or 'rien'}"
    return figures.carte(communes, etiquettes, lecture, en_cotes=not bilan.audience.est_exacte)


def _classe(bilan: Bilan, commune: Any, cible: float) -> str:
    """How a commune is painted. The side of a commune whose share is not said holds for the objective alone."""
    if bilan.audience.est_exacte:
        ecart = 100 * (commune.part - cible) if commune.n_connus >= _TROP_FAIBLE else None
        dite = figures.classe_ecart(ecart)
    elif pd.notna(commune.part):
        dite = figures.COTES["indecis" if commune.part == cible else _position(commune.part, cible, False)]
    else:
        est_objectif = bilan.objectif is not None and float(bilan.objectif.valeur) == cible
        dite = figures.COTES.get(commune.cote, figures.TROP_FAIBLE) if est_objectif else figures.TROP_FAIBLE
    return dite if commune.a_un_objectif or dite == figures.TROP_FAIBLE else figures.SANS_OBJECTIF


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
            if places.take(repere.longitude * en_x, repere.latitude * en_y, 3.4 * max(len(nom), 6)):
                retenues.append((repere.longitude, repere.latitude, nom, phrases_constats.mouvement(moins, plus)))
    return pd.DataFrame(retenues, columns=["longitude", "latitude", "nom", "valeur"])


def _mouvements(sommes: pd.DataFrame) -> list[tuple[str, int, int]]:
    """(name, households in less, in more) of the lines where something is to be reoriented, the most first."""
    colonnes = (sommes.iloc[:, 0], sommes["n_en_moins"], sommes["n_en_plus"])
    # A count that is not said names nobody.
    dits = [(nom, *(int(n) if n > 0 else 0 for n in (moins, plus))) for nom, moins, plus in zip(*colonnes, strict=True)]
    return [(nom, moins, plus) for nom, moins, plus in dits if moins or plus]


def _lieux(bilan: Bilan, titre: str, sommes: pd.DataFrame) -> str:
    """`Communes : Roubaix −116 · Tourcoing −88 · 9 autres −35`: the numbers add up to those of the sentence, where they
    are exact; a room reads the first ones."""
    mouvements = _mouvements(sommes)
    dits, autres = mouvements[: _LIEUX_DITS[titre]], mouvements[_LIEUX_DITS[titre] :]
    if autres and bilan.audience.est_exacte:
        reste = (sum(m for _, m, _ in autres), sum(p for _, _, p in autres))
        dits = [*dits, (langue.effectif(len(autres), "autre"), *reste)]
    if not dits:
        return ""
    morceaux = " · ".join(
        f"<span>{escape(nom)} <b>{escape(phrases_constats.mouvement(moins, plus))}</b></span>"
        for nom, moins, plus in dits
    )
    return f'<p class="lieux"><strong>{escape(titre)}</strong> {morceaux}</p>'


def _lieux_eligibles(par_commune: pd.DataFrame, eligibles: Mapping[str, str]) -> str:
    """`Demandeurs éligibles Roubaix 4 210 · Tourcoing 3 950`: those of the communes named first."""
    nommees = [nom for nom, _, _ in _mouvements(par_commune)[: _LIEUX_DITS["Communes"]] if nom in eligibles]
    if not nommees:
        return ""
    morceaux = " · ".join(f"<span>{escape(nom)} <b>{escape(eligibles[nom])}</b></span>" for nom in nommees)
    return f'<p class="lieux"><strong>Demandeurs éligibles</strong> {morceaux}</p>'
