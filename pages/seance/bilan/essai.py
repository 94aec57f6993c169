"""The types of quartiers against their objective, and a target tried: its chart, and what it asks, in words.

Computed once for each value of the lever: the answer depends on the snapshot, the scope and who reads it alone. What
each place has too many or lacks is at the objective in force, which no lever moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.indicateurs import phrases_constats, phrases_vues
from mel_core.indicateurs.phrases_constats import DE_TROP, EN_MANQUE, SANS_OBJECTIF, TENU
from mel_core.objectifs.reperes import lectures_2015
from mel_core.secret.bail import SALLE, reader
from mel_core.simulation.reorientation.faisabilite import PROFILS, Moyens, est_jugeable
from mel_core.simulation.reorientation.grille import CibleEssayee, Grille
from mel_core.simulation.reorientation.phrases import TENUES, Cadre, say
from mel_core.simulation.reorientation.reponses import Exigence, ask
from mel_core.simulation.scenarios import Scenario
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Duree
from pages.commun import donnees, memo
from pages.commun.images import images_mesures, images_objectif
from pages.commun.images.gabarit import Image
from pages.commun.mesures import lecture_mesures, lecture_scenario
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Cle, precedent, seance_dite
from pages.commun.mesures.lecture_mesures import LectureMesure

_NOM_2015 = ("MEL 2015, lecture reconstituée", "MEL 2015")  # said in full once, on the first bar


@dataclass(frozen=True)
class Essai:
    """What a value of the lever changes on screen: its picture, if there is one, and `phrase`: what the target asks,
    with what, and whether it can be done."""

    image: Image | None
    phrase: str


def try_out(lecture: LectureMesure, pourcent: int) -> Essai:
    """The target `pourcent` (0–100) tried on the measure of `lecture`."""
    return _try_out(lecture.cle, lecture.cle.servie_avant, pourcent, lecture)


@memo.said(2048, est_partage=True)
def _try_out(cle: Cle, avant: Cle, pourcent: int, _lecture: LectureMesure) -> Essai:
    """`avant`: what serves the séance before, which is drawn too: another snapshot of it is another picture."""
    cellules, grille, moyens, cadre = _moyens(cle)
    scenario = CibleEssayee(cle.code, Fraction(pourcent, 100))
    if objectif := cle.objectif:
        scenario = replace(scenario, bande=objectif.bande)
    exigence = ask(cellules, scenario, grille, moyens)
    duree = phrases_constats.duree_de(cle.dites())
    phrase = langue.typeset(
        f"{say(exigence, cadre)} {phrases_constats.propres(_propres(cle))}".rstrip()
        if duree.est_entiere
        else phrases_vues.sans_reorientation(duree)
    )
    if cle.mesure.classe:
        return Essai(_classes(cle, exigence), phrase)
    vues, _ = images_mesures.au_levier(_lecture, lecture_mesures.lignes(cle, "commune"))
    return Essai(images_mesures.parts(_lecture, vues, scenario.cible) if len(vues) else None, phrase)


@memo.said(64, est_partage=True)
def _moyens(cle: Cle) -> tuple[pd.DataFrame, Grille, Moyens | None, Cadre]:
    """The exact cells, and what answers every step, that Simuler asks too. No `Moyens` where nobody is to be housed (a
    rule of the law), or where nobody can say who waits: the demandes were erased with a frozen séance, or were never
    given."""
    identifiant, seance, indicateur, ici = cle
    cellules = cle.exactes("commune", "bailleur", *cle.mesure.classe)
    grille = Grille.de(cellules)
    if indicateur not in PROFILS:
        return cellules, grille, None, Cadre()
    with donnees.open(identifiant, seance) as lecteur:
        if lecteur.gel is not None:
            return cellules, grille, None, Cadre(est_jugee=False)
    base = lecture_scenario.base(Scenario(indicateur, Seance.read(seance), ici=ici or "", millesime=identifiant))
    if not est_jugeable(base.eligibles):
        return cellules, grille, None, Cadre(noms=base.noms, est_jugee=False)
    return cellules, grille, Moyens.de(cellules, indicateur, base.eligibles, base.vacances), Cadre(noms=base.noms)


def _propres(cle: Cle) -> list[tuple[str, str]]:
    """The places of the scope whose objective is their own, as they are called: a target of the whole is not theirs."""
    noms = {**cle.communes, **donnees.noms(*cle.ou, "bailleur")}
    return [
        (" · ".join(noms[code] for _, code in o.lieu), cibles.valeur_dite(float(o.valeur), est_un_nombre=o.en_nombre))
        for o in cle.objectifs
        if o.lieu and all(code in noms for _, code in o.lieu)
    ]


def classes(cle: Cle) -> Image | None:
    """The share of each type of quartiers against the objective in force; None where no type is known."""
    return _au_repos(cle, cle.servie_avant)


@memo.said(64, est_partage=True)
def _au_repos(cle: Cle, avant: Cle) -> Image | None:
    """`avant`: see `_try_out`."""
    return _classes(cle)


def _classes(cle: Cle, exigence: Exigence | None = None) -> Image | None:
    """The same, or against a target tried (`exigence`)."""
    connus = {ligne["fragilite"]: ligne for _, ligne in cle.dites(*cle.mesure.classe).iterrows()}
    presentes = [classe for classe in ("fragile", "moyenne", "sans") if classe in connus]
    if not presentes:
        return None
    au_semestre = cle.dites(*cle.mesure.classe, etendue="semestre")
    semestre = dict(zip(au_semestre["fragilite"], au_semestre["part"], strict=True))
    avant_dit, avant = _avant(cle)
    duree = phrases_constats.duree_de(cle.dites())
    est_projete = reader() == SALLE
    # Nothing is compared with part of a year, nor under the lever, whose words take their place.
    en_2015 = {} if exigence or not duree.est_entiere else lectures_2015(EQUILIBRE)
    noms_2015 = ("MEL 2015 (reconstituée)", "") if est_projete else _NOM_2015
    votee = objectif.valeur if (objectif := cle.objectif) else None
    visee, bande = (exigence.cible.cible, exigence.cible.bande) if exigence else (votee, cle.bande)
    lignes: list[dict[str, Any]] = []
    for classe in presentes:
        ligne, a_une_bande = connus[classe], classe == "moyenne" and visee is not None
        verdict, ecart_dit = _ecart(ligne, classe, exigence, duree, est_votee=visee == votee)
        lignes.append(
            {
                "libelle": FRAGILITES_EN_TETE[classe],
                "effectif_dit": ""
                if est_projete or exigence
                else phrases_constats.effectif_et_semestre(ligne["n_connus"], semestre.get(classe), duree),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "verdict": verdict,
                "ecart_dit": ecart_dit,
                "bande_bas": max(0.0, float(visee - bande)) if a_une_bande and visee is not None else None,
                "bande_haut": min(1.0, float(visee + bande)) if a_une_bande and visee is not None else None,
                "part_2015": en_2015.get(classe),
                "dit_2015": noms_2015[bool(lignes)]
                if est_projete
                else f"{noms_2015[bool(lignes)]} : {langue.part(en_2015.get(classe))}",
                "avant": avant.get(classe),
                "infobulle": phrases_constats.detail_classe(ligne),
            }
        )
    lecture = " ; ".join(f"{x['libelle']} {x['part_dit']} ({x['ecart_dit']})" for x in lignes)
    table = pd.DataFrame(lignes, columns=images_objectif.CLASSE)
    visees = images_objectif.cibles(votee, exigence.cible.cible if exigence else None)
    return images_objectif.barres(table, visees, avant_dit, lecture)


def _avant(cle: Cle) -> tuple[str, Mapping[str, float]]:
    """The séance before as it is called, and the share of each class then; empty when there is none."""
    avant = precedent(cle, "fragilite")
    if avant is None:
        return "", {}
    seance, cellules = avant
    connues = cellules[cellules["n_connus"].gt(0)]
    return seance_dite(seance), dict(zip(connues["fragilite"], connues["part"], strict=True))


def _ecart(
    ligne: pd.Series, classe: str, exigence: Exigence | None, duree: Duree, *, est_votee: bool
) -> tuple[str, str]:
    """How a class stands, and by how much in words: to the objective in force, or to what is tried."""
    if exigence is None or not duree.est_entiere:
        dit = phrases_constats.ecart_de_ligne(ligne)
        est_dans_la_bande = classe == "moyenne" and dit == "objectif tenu"
        return phrases_constats.verdict_de(ligne), "dans la bande" if est_dans_la_bande else dit
    if ligne["n_connus"] == 0:
        return SANS_OBJECTIF, "aucune connue"
    if pd.isna(ligne["part"]):
        return SANS_OBJECTIF, "trop peu pour le dire"
    moins, plus = exigence.sens[classe]
    if moins + plus == 0:
        return TENU, "objectif tenu" if est_votee and classe != "moyenne" else TENUES[classe]
    return DE_TROP if moins else EN_MANQUE, phrases_constats.ecart_dit(reader().compte(moins + plus), bool(moins))
