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

from mel_core.indicateurs import entonnoir, phrases_constats
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.objectifs.lectures import lectures_2015
from mel_core.secret.bail import SALLE, reader
from mel_core.simulation.reorientation.faisabilite import Jugement
from mel_core.simulation.reorientation.grille import CibleEssayee
from mel_core.simulation.reorientation.phrases import say
from mel_core.simulation.reorientation.reponses import Exigence
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.commun import memo
from pages.commun.images import cartes, couleurs
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Bilan, Cle, par_ligne, precedent, read_cle, seance_dite
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
LEGENDE_COTES = "Nombre : écart à l’objectif, en attributions. Teinte : de quel côté de l’objectif."
LEGENDE_ECARTS = "Nombre : écart à l’objectif, en attributions. Teinte : le même, en points."
_LIEUX_DITS = {"Communes": 4, "Bailleurs": 3}  # bailleurs have longer names: one line of each, mostly
_NOM_2015 = ("MEL 2015, lecture reconstituée", "MEL 2015")  # said in full once, on the first bar


@dataclass(frozen=True)
class Essai:
    """What a value of the lever changes on screen: its picture, and `phrase`: what the target asks, with what, and
    whether it can be done. The gaps of the places are those to the objective in force, which no lever moves: `carte`,
    and `lieux`, HTML by title.
    """

    image: Image
    carte: cartes.Carte
    phrase: str
    lieux: str


def try_out(bilan: Bilan, pourcent: int) -> Essai:
    """The target `pourcent` (0–100) tried on `bilan`."""
    return _try_out(bilan.cle, pourcent)


@memo.said(2048, est_partage=True)
def _try_out(cle: Cle, pourcent: int) -> Essai:
    bilan, moteur = read_cle(cle), moyens_bilan.read(cle)
    scenario = CibleEssayee(bilan.indicateur, Fraction(pourcent, 100))
    if bilan.objectif:
        scenario = replace(scenario, bande=bilan.objectif.bande)
    exigence = moteur.ask(scenario)
    eligibles = _eligibles(bilan, exigence.jugement)
    image = _barres(bilan, exigence) if bilan.indicateur == EQUILIBRE else _entonnoir(bilan, scenario)
    lieux = (
        _lieux("Communes", bilan.communes),
        _lieux("Bailleurs", bilan.bailleurs),
        _lieux_eligibles(bilan.communes, eligibles),
    )
    partielle = phrases_constats.duree_partielle(bilan.ensemble)
    phrase = langue.typeset(
        f"{partielle[:1].upper()}{partielle[1:]} : rien ne se réoriente, l’objectif se juge sur une année entière."
        if partielle
        else say(exigence, moteur.cadre)
    )
    return Essai(image, _carte(bilan, eligibles), phrase, "".join(lieux))


def _eligibles(bilan: Bilan, jugement: Jugement | None) -> dict[str, str]:
    """How many eligible applicants asked for each commune concerned, by its code; a room is not told which are."""
    if jugement is None or not reader().lit_tout:
        return {}
    return {code: langue.nombre(n) for code, n in jugement.eligibles.items()}


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


def _barres(bilan: Bilan, exigence: Exigence) -> Image:
    scenario = exigence.cible
    est_votee = bilan.objectif is not None and bilan.objectif.valeur == scenario.cible
    tenue = "objectif tenu" if est_votee else "cible tenue"
    semestre = dict(zip(bilan.semestre["fragilite"], bilan.semestre["part"], strict=True))
    avant_dit, avant = _avant(bilan.cle, "fragilite")
    constats = {ligne["fragilite"]: ligne for _, ligne in bilan.classes.iterrows()}
    duree = phrases_constats.duree_partielle(bilan.ensemble)
    en_2015 = {} if duree else lectures_2015(EQUILIBRE)  # nothing is compared with part of a year
    # Larger letters: the semester leaves, the first name of 2015 takes two lines.
    est_salle = reader() == SALLE
    noms_2015 = [nom.replace(", ", ",<br>  ") for nom in _NOM_2015] if est_salle else _NOM_2015
    bas, haut = float(scenario.cible - scenario.bande), float(scenario.cible + scenario.bande)
    lignes: list[dict[str, Any]] = []
    for classe in ("fragile", "moyenne", "sans"):
        if classe not in constats:
            continue
        moins, plus = (0, 0) if duree else exigence.sens[classe]
        ligne, ecart, est_bande = constats[classe], moins + plus, classe == "moyenne"
        position = (
            "sans objectif" if duree else _position(ligne["part"], float(scenario.cible), est_bande and ecart == 0)
        )
        if ecart and pd.notna(
            ligne["part"]
        ):  # a share to the unit may be the target itself: what is asked says its side
            position = "au-dessus" if moins else "au-dessous"
        lignes.append(
            {
                "libelle": FRAGILITES_EN_TETE[classe],
                "effectif_dit": phrases_constats.effectif_et_semestre(
                    ligne["n_connus"], None if est_salle else semestre.get(classe), duree
                ),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "position": position,
                "ecart_dit": phrases_constats.ecart_de_ligne({**ligne, "cible": scenario.cible})
                if duree
                else _ecart_court(ecart, position, est_bande, ligne, tenue),
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
    return seance_dite(seance), lus[["part", "n_connus"]][lus["n_connus"].gt(0)]


def _position(part: float, cible: float, est_dans_la_bande: bool) -> str:
    if pd.isna(part):
        return "sans objectif"
    if est_dans_la_bande or part == cible:
        return "dans la bande"
    return "au-dessus" if part > cible else "au-dessous"


def _ecart_court(ecart: int, position: str, est_bande: bool, ligne: pd.Series, tenue: str) -> str:
    if ligne["n_connus"] == 0:
        return "aucune connue"
    if pd.isna(ligne["part"]):
        return "trop peu pour le dire"
    if ecart == 0:
        return "dans la bande" if est_bande else tenue
    return phrases_constats.ecart_dit(reader().compte(ecart), position == "au-dessus")


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


def _carte(bilan: Bilan, eligibles: Mapping[str, str]) -> cartes.Carte:
    """Communes by their gap to the objective (for a room, by their side), each with that gap in attributions. In a room
    who is named has its number, unless nobody has one: a name alone would read as nothing."""
    lignes = {x["commune"]: x for x in par_ligne(bilan.communes)}
    dits = {code: phrases_constats.ecart_de_ligne(x) for code, x in lignes.items() if _a_un_ecart(x)}
    codes, noms, lit_tout = bilan.carte["commune"], bilan.carte["nom"], reader().lit_tout
    sont_nommees = lit_tout or not dits
    lieux = pd.DataFrame(
        {
            "code": codes,
            "classe": [classe_de(bilan, lignes[c]) if c in lignes else TROP_FAIBLE for c in codes],
            "dit": [
                langue.typeset(f"{dit} ; demandeurs éligibles : {eligibles[c]}") if c in eligibles else dit
                for c, dit in zip(codes, bilan.carte["infobulle"], strict=True)
            ],
            "etiquette": [
                f"{nom}\n{dits[c]}" if c in dits else nom if sont_nommees else ""
                for c, nom in zip(codes, noms, strict=True)
            ],
            # Of two names that touch, that of the place whose gap is the larger stands.
            "poids": [lignes[c]["ecart_attributions"].dit if c in dits else 0 for c in codes],
        }
    )
    quoi = ", ".join(f"{nom} {dits[c]}" for c, nom in zip(codes, noms, strict=True) if c in dits) or "rien"
    legende = LEGENDE_ECARTS if lit_tout else LEGENDE_COTES
    titre = "Carte des communes selon leur écart à l’objectif"
    return cartes.communes(lieux, classes_de_carte(bilan), titre, f"Écart à l’objectif : {quoi}", legende)


def _a_un_ecart(ligne: Mapping[str, Any]) -> bool:
    """Whether a place is told to be some attributions away from its objective."""
    return bool(ligne["ecart_attributions"] > 0 and pd.notna(ligne["part"]))


def classes_de_carte(bilan: Bilan) -> dict[str, str]:
    """What each tone of a map says: gaps to the target, or sides of it for a room."""
    teintes = {nom: ton for _, nom, ton in _ECARTS} if reader().lit_tout else TONS_DES_COTES
    return {**teintes, SANS_OBJECTIF: couleurs.FILET, TROP_FAIBLE: couleurs.SANS_AVIS}


def classe_de(bilan: Bilan, ligne: pd.Series) -> str:
    """How a place is painted, against its own objective."""
    if pd.isna(ligne["cible"]):
        return SANS_OBJECTIF if ligne["n_connus"] > 0 else TROP_FAIBLE
    if not reader().lit_tout:
        return COTES.get(ligne["cote"] or "", TROP_FAIBLE)
    return classe_ecart(ligne["ecart_points"] if ligne["n_connus"] >= EFFECTIF_MINIMAL else None)


def classe_ecart(points: float | None) -> str:
    """Class of the map for a gap in points; too few to conclude when there is none."""
    if points is None or pd.isna(points):
        return TROP_FAIBLE
    return next(nom for borne, nom, _ in _ECARTS if points >= borne)


def _premiers(titre: str, lignes: pd.DataFrame) -> tuple[list[dict[str, Any]], int]:
    """The places farthest from their objective, as many as are named, then how many others are away from it."""
    loin = [x for x in par_ligne(lignes) if _a_un_ecart(x)]
    loin.sort(key=lambda x: -x["ecart_attributions"].dit)
    return loin[: _LIEUX_DITS[titre]], len(loin[_LIEUX_DITS[titre] :])


def _lieux(titre: str, lignes: pd.DataFrame) -> str:
    """`Communes : Roubaix 116 de trop · Tourcoing il en manque 43 · 9 autres`: their own gaps, as everywhere."""
    dits, n_autres = _premiers(titre, lignes)
    if not dits:
        return ""
    morceaux = [_morceau(x["nom"], phrases_constats.ecart_de_ligne(x)) for x in dits]
    autres = f" <span>{langue.effectif(n_autres, 'autre')}</span>" if n_autres else ""
    return f'<p class="lieux"><strong>{escape(titre)}</strong> {" ".join(morceaux)}{autres}</p>'


def _lieux_eligibles(communes: pd.DataFrame, eligibles: Mapping[str, str]) -> str:
    """`Demandeurs éligibles Roubaix 4 210 · Tourcoing 3 950`: those of the communes named first."""
    nommees = [x for x in _premiers("Communes", communes)[0] if x["commune"] in eligibles]
    if not nommees:
        return ""
    morceaux = " ".join(_morceau(x["nom"], eligibles[x["commune"]]) for x in nommees)
    return f'<p class="lieux"><strong>Demandeurs éligibles</strong> {morceaux}</p>'


def _morceau(nom: str, dit: str) -> str:
    return f"<span>{escape(nom)} <b>{escape(dit)}</b></span>"
