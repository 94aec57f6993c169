"""A target tried on a bilan: the chart, the sentence, the places, the map.

Computed once for each value of the lever: the answer depends on the snapshot, the scope and who reads it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mel_core.indicateurs import entonnoir, phrases_constats
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.objectifs.lectures import lectures_2015
from mel_core.secret.audience import SALLE, Audience
from mel_core.simulation.reorientation.calcul_reorientation import CibleEssayee, Grille, par
from mel_core.simulation.reorientation.moyens import Jugement
from mel_core.simulation.scenarios.phrases_reorientations import say
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.commun.images import cartes, couleurs
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import EQUILIBRE, NOM, Bilan, Cle, precedent, read_cle, seance_dite
from pages.seance.bilan import images_bilan, moyens_bilan

TROP_FAIBLE, SANS_OBJECTIF = "effectif trop faible", "objectif inconnu"
# Classes of the map, in points from the target: (lower bound, legend, fill).
_ECARTS = (
    (15.0, "+15 et plus", couleurs.AU_DESSUS),
    (5.0, "+5 à +15", couleurs.AU_DESSUS_CLAIR),
    (-5.0, "à ±5 points", couleurs.PROCHE_CLAIR),
    (-15.0, "−5 à −15", couleurs.AU_DESSOUS_CLAIR),
    (float("-inf"), "−15 et moins", couleurs.AU_DESSOUS),
)
COTES = {cote: phrases_constats.say_cote(cote, "") for cote in phrases_constats.COTES}
TONS_DES_COTES = dict(
    zip(COTES.values(), (couleurs.AU_DESSUS_CLAIR, couleurs.AU_DESSOUS_CLAIR, couleurs.PROCHE_CLAIR), strict=True)
)
# A number and a tint never say the same thing: eleven too many read −11 on a commune above its target.
LEGENDE_COTES = "Nombre : attributions à réorienter, environ. Teinte : de quel côté de la cible."
LEGENDE_ECARTS = "Nombre : attributions à réorienter. Teinte : écart à la cible, en points."
_LIEUX_DITS = {"Communes": 4, "Bailleurs": 3}  # bailleurs have longer names: one line of each, mostly
_PREMIERS = {"Communes": "Premières", "Bailleurs": "Premiers"}
_MOUVEMENTS = ("a_reorienter", "n_en_plus", "n_en_moins")
_NOM_2015 = ("MEL 2015, lecture reconstituée", "MEL 2015")  # said in full once, on the first bar


@dataclass(frozen=True)
class Essai:
    """What a value of the lever changes on screen. `lieux`: HTML of the places concerned, by title.

    `phrase`: what the target asks, with what, and whether it can be done.
    """

    image: Image
    carte: cartes.Carte
    phrase: str
    lieux: str


def try_out(bilan: Bilan, pourcent: int, niveau: str = "") -> Essai:
    """The target `pourcent` (0–100) tried on `bilan`; asked of each commune or bailleur when `niveau` says it."""
    return _try_out(bilan.cle, pourcent, niveau)


@st.cache_resource(show_spinner=False, max_entries=2048)
def _try_out(cle: Cle, pourcent: int, niveau: str) -> Essai:
    bilan, moteur = read_cle(cle), moyens_bilan.read(cle)
    scenario = CibleEssayee(bilan.indicateur, Fraction(pourcent, 100))
    if bilan.objectif:
        scenario = replace(scenario, bande=bilan.objectif.bande)
    if niveau:
        propres: dict[str | tuple[str, str], Fraction] = {
            lieu: part for lieu, part in bilan.planchers.items() if lieu[0] == niveau
        }
        scenario = replace(scenario, cibles=propres, niveau=niveau)
    exigence = moteur.ask(scenario)
    mouvements = exigence.mouvements
    reorientees = bilan.cellules.assign(a_reorienter=abs(mouvements), sens=np.sign(mouvements))
    par_lieu = {c: _par_lieu(bilan, reorientees, scenario, c) for c in NOM}
    if niveau:  # what each one is asked is its own: where it finds it is its choice
        par_lieu = {c: lus if c == niveau else lus.assign(n_en_plus=0, n_en_moins=0) for c, lus in par_lieu.items()}
    par_commune, par_bailleur = par_lieu["commune"], par_lieu["bailleur"]
    eligibles = _eligibles(bilan, exigence.jugement)
    est_equilibre = bilan.indicateur == EQUILIBRE
    image = _barres(bilan, par(reorientees, "fragilite"), scenario) if est_equilibre else _entonnoir(bilan, scenario)
    lieux = (
        _lieux(bilan, "Communes", par_commune),
        _lieux(bilan, "Bailleurs", par_bailleur),
        _lieux_eligibles(par_commune, eligibles),
    )
    dits = None if bilan.audience.est_exacte or not niveau else _sum_dites(bilan, scenario)
    phrase = langue.typeset(say(exigence, moteur.cadre, bilan.audience, dits=dits))
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


def _sum_dites(bilan: Bilan, scenario: CibleEssayee) -> int:
    """What the places of the level read are asked together, for a room: see `_par_lieu`."""
    return int(Grille.de(bilan.dites[scenario.niveau]).mouvements(scenario).sum())


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


def _barres(bilan: Bilan, par_classe: pd.DataFrame, scenario: CibleEssayee) -> Image:
    sommes = par_classe.set_index("fragilite")
    est_votee = bilan.objectif is not None and bilan.objectif.valeur == scenario.cible
    tenue = "objectif tenu" if est_votee else "cible tenue"
    semestre = dict(zip(bilan.semestre["fragilite"], bilan.semestre["part"], strict=True))
    avant_dit, avant = _avant(bilan.cle, "fragilite")
    constats = {ligne["fragilite"]: ligne for _, ligne in bilan.classes.iterrows()}
    duree = phrases_constats.duree_partielle(bilan.ensemble)
    en_2015 = {} if duree else lectures_2015(EQUILIBRE)  # nothing is compared with part of a year
    # Larger letters: the semester leaves, the first name of 2015 takes two lines.
    est_salle = bilan.audience == SALLE
    noms_2015 = [nom.replace(", ", ",<br>  ") for nom in _NOM_2015] if est_salle else _NOM_2015
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
                "libelle": FRAGILITES_EN_TETE[classe],
                "effectif_dit": phrases_constats.effectif_et_semestre(
                    ligne["n_connus"], None if est_salle else semestre.get(classe), duree
                ),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "position": position,
                "ecart_dit": _ecart_court(ecart, position, est_bande, ligne, bilan.audience, tenue),
                "bande_bas": max(0.0, bas) if est_bande else None,
                "bande_haut": min(1.0, haut) if est_bande else None,
                "part_2015": en_2015.get(classe),
                "dit_2015": f"{noms_2015[bool(lignes)]} : {langue.part(en_2015.get(classe))}",
                "avant": avant["part"].get(classe),
                "infobulle": phrases_constats.detail_classe(ligne),
            }
        )
    lecture = " ; ".join(f"{x['libelle']} {x['part_dit']} ({x['ecart_dit']})" for x in lignes)
    return images_bilan.barres(
        pd.DataFrame(lignes, columns=images_bilan.CLASSE), cibles(bilan, scenario.cible), avant_dit, lecture
    )


def _avant(cle: Cle, par: str) -> tuple[str, pd.DataFrame]:
    """The séance before as it is called, and its `part` and `n_connus` by place or class; empty when there is none."""
    avant = precedent(cle, par)
    if avant is None:
        return "", pd.DataFrame({"part": pd.Series(dtype=float), "n_connus": pd.Series(dtype=float)})
    seance, cellules = avant
    lus = cellules.set_index(par)
    return seance_dite(seance), lus[["part", "n_connus"]].where(lus["n_connus"].gt(0))


def _position(part: float, cible: float, est_dans_la_bande: bool) -> str:
    if pd.isna(part):
        return "sans objectif"
    if est_dans_la_bande or part == cible:
        return "dans la bande"
    return "au-dessus" if part > cible else "au-dessous"


def _ecart_court(ecart: int, position: str, est_bande: bool, ligne: pd.Series, audience: Audience, tenue: str) -> str:
    if ligne["n_connus"] == 0:
        return "aucune connue"
    if pd.isna(ligne["part"]):
        return "trop peu pour le dire"
    if ecart == 0:
        return "dans la bande" if est_bande else tenue
    return phrases_constats.ecart_dit(audience.compte(ecart), position == "au-dessus")


def _entonnoir(bilan: Bilan, scenario: CibleEssayee) -> Image:
    cible = float(scenario.cible)
    lignes = bilan.communes[bilan.communes["part"].notna() & bilan.communes["n_connus"].gt(0)]
    part, n = lignes["part"].astype(float), lignes["n_connus"].astype(float)
    position = entonnoir.position(part, n, cible)
    points = pd.DataFrame(
        {
            "code": lignes["commune"],
            "n": n,
            "part": part,
            "nom": lignes["nom"],
            "position": position,
            "infobulle": lignes["infobulle"],
        }
    )
    avant_dit, avant = _avant(bilan.cle, "commune")
    points = points.assign(
        avant=points["code"].map(avant["part"]).astype(float),
        n_avant=points["code"].map(avant["n_connus"]).astype(float),
    )
    # Where each stood before is on the chart too.
    effectifs, parts = [*n, *points["n_avant"].dropna()], [*part, *points["avant"].dropna()]
    en_x = (min(effectifs) * 0.92, max(effectifs) * 1.15) if effectifs else (10.0, 100.0)
    reperes = [*parts, cible, *([float(bilan.objectif.valeur)] if bilan.objectif else [])]
    en_y = max(0.0, min(reperes) - 0.1), min(1.0, max(reperes) + 0.1)
    limites = entonnoir.limites(cible, *en_x)
    bornes = limites.columns.drop("n")
    limites[bornes] = np.clip(limites[bornes].to_numpy(), *en_y)
    points["cote_nom"] = images_bilan.cotes_des_noms(points, en_x, en_y)
    dehors = langue.liste(list(points.loc[position != "dans les limites", "nom"])) or "aucune"
    lecture = f"Communes hors des limites de contrôle : {dehors}"
    return images_bilan.entonnoir(points, limites, cibles(bilan, scenario.cible), avant_dit, lecture)


def _carte(bilan: Bilan, par_commune: pd.DataFrame, eligibles: Mapping[str, str], cible: float) -> cartes.Carte:
    """Communes by their gap to the target (for a room, by their side), with what is to be reoriented in each. In a room
    who is named has its number, unless nothing is asked of anybody: a name alone would read as nothing."""
    mouvements = {nom: (moins, plus) for nom, moins, plus in _mouvements(par_commune)}
    dits = {nom: phrases_constats.mouvement(*mouvements[nom]) for nom in mouvements}
    noms, est_exacte = bilan.carte["nom"], bilan.audience.est_exacte
    sont_nommees = est_exacte or not dits
    lieux = pd.DataFrame(
        {
            "code": bilan.carte["commune"],
            "classe": [_classe(bilan, x, cible) for x in bilan.carte.itertuples()],
            "dit": [
                langue.typeset(f"{dit} ; demandeurs éligibles : {eligibles[nom]}") if nom in eligibles else dit
                for nom, dit in zip(noms, bilan.carte["infobulle"], strict=True)
            ],
            "etiquette": [f"{nom}\n{dits[nom]}" if nom in dits else nom if sont_nommees else "" for nom in noms],
            # Of two names that touch, that of the place where most moves stands.
            "poids": [sum(mouvements.get(nom, (0, 0))) for nom in noms],
        }
    )
    quoi = ", ".join(f"{nom} {dit}" for nom, dit in dits.items()) or "rien"
    lecture = f"À réorienter{'' if est_exacte else ', environ'} : {quoi}"
    legende = LEGENDE_ECARTS if est_exacte else LEGENDE_COTES
    return cartes.communes(
        lieux, classes_de_carte(bilan), "Carte des communes selon leur écart à la cible", lecture, legende
    )


def classes_de_carte(bilan: Bilan) -> dict[str, str]:
    """What each tone of a map says: gaps to the target, or sides of it for a room."""
    teintes = {nom: ton for _, nom, ton in _ECARTS} if bilan.audience.est_exacte else TONS_DES_COTES
    return {**teintes, SANS_OBJECTIF: couleurs.FILET, TROP_FAIBLE: couleurs.SANS_AVIS}


def classe_de(bilan: Bilan, ligne: pd.Series) -> str:
    """How a place is painted, against its own objective."""
    if pd.isna(ligne["cible"]):
        return SANS_OBJECTIF if ligne["n_connus"] > 0 else TROP_FAIBLE
    if not bilan.audience.est_exacte:
        return COTES.get(ligne["cote"] or "", TROP_FAIBLE)
    return classe_ecart(ligne["ecart_points"] if ligne["n_connus"] >= EFFECTIF_MINIMAL else None)


def classe_ecart(points: float | None) -> str:
    """Class of the map for a gap in points; too few to conclude when there is none."""
    if points is None or pd.isna(points):
        return TROP_FAIBLE
    return next(nom for borne, nom, _ in _ECARTS if points >= borne)


def _classe(bilan: Bilan, commune: Any, cible: float) -> str:
    """How a commune is painted. The side of a commune whose share is not said holds for the objective alone."""
    if bilan.audience.est_exacte:
        ecart = 100 * (commune.part - cible) if commune.n_connus >= EFFECTIF_MINIMAL else None
        dite = classe_ecart(ecart)
    elif pd.notna(commune.part):
        dite = COTES["indecis" if commune.part == cible else _position(commune.part, cible, False)]
    else:
        est_objectif = bilan.objectif is not None and float(bilan.objectif.valeur) == cible
        dite = COTES.get(commune.cote, TROP_FAIBLE) if est_objectif else TROP_FAIBLE
    return dite if commune.a_un_objectif or dite == TROP_FAIBLE else SANS_OBJECTIF


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
    # In a room its one line takes the first of them, worked out of counts that are said: see `_par_lieu`.
    dit = titre if bilan.audience.est_exacte else f"{_PREMIERS[titre]} {titre.lower()}, environ"
    morceaux = " ".join(
        f"<span>{escape(nom)} <b>{escape(phrases_constats.mouvement(moins, plus))}</b></span>"
        for nom, moins, plus in dits
    )
    return f'<p class="lieux"><strong>{escape(dit)}</strong> {morceaux}</p>'


def _lieux_eligibles(par_commune: pd.DataFrame, eligibles: Mapping[str, str]) -> str:
    """`Demandeurs éligibles Roubaix 4 210 · Tourcoing 3 950`: those of the communes named first."""
    nommees = [nom for nom, _, _ in _mouvements(par_commune)[: _LIEUX_DITS["Communes"]] if nom in eligibles]
    if not nommees:
        return ""
    morceaux = " ".join(f"<span>{escape(nom)} <b>{escape(eligibles[nom])}</b></span>" for nom in nommees)
    return f'<p class="lieux"><strong>Demandeurs éligibles</strong> {morceaux}</p>'
