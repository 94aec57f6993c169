"""The gestion en flux: how each réservataire's agreements are held, bailleur by bailleur, and the sentences that say
the share of each against them. These are pure, as `phrases_mesures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from mel_core.indicateurs.besoins import remede
from mel_core.indicateurs.definitions import Sens
from mel_core.indicateurs.mesures import Objectif
from mel_core.indicateurs.phrases_constats import sur_la_duree
from mel_core.secret.bail import reader
from mel_core.socle import cibles, langue
from mel_core.socle.valeurs import INCONNU, Compte

_COLONNES = ["ligne", "n_objectifs", "n_tenues", "n_manquees", "manque", "trop"]


def par_convention(exactes: pd.DataFrame, dites: pd.DataFrame, objectifs: Iterable[Objectif]) -> pd.DataFrame:
    """Each réservataire, agreement by agreement: what one bailleur gives beyond makes up for none that another lacks.

    `exactes`, `dites`: `flux` by bailleur, and the same cells as they are read. `ligne`; of its `n_objectifs` (of a
    bailleur that has attributions, over a whole year), `n_tenues` and `n_manquees` as they are said; `manque` and
    `trop`, attributions as they are said (unknown without an objective).
    """
    a_un_plafond = any(o.sens is Sens.PLAFOND for o in objectifs)
    # A side that is said without a verdict, of a floor as agreements are.
    par_cote = {} if a_un_plafond else {"au-dessus": "atteint", "au-dessous": "non_atteint"}
    lignes = []
    for reservataire, siennes in exactes.groupby("reservataire"):
        jugees = siennes[siennes["verdict"].notna()]
        lues = dites[dites["reservataire"] == reservataire]
        verdicts = lues["verdict"].fillna(lues["cote"].map(par_cote))
        manque, trop = (
            reader().compte(int(jugees.loc[jugees["sens"] == sens, "ecart_attributions"].sum()))
            if len(jugees)
            else INCONNU
            for sens in ("manque", "trop")
        )
        tenues, manquees = (int((verdicts == verdict).sum()) for verdict in ("atteint", "non_atteint"))
        # What is too many is known of every one, whoever reads, where no agreement is a ceiling.
        lignes.append((reservataire, len(jugees), tenues, manquees, manque, trop if a_un_plafond else Compte(0)))
    # A count that is not said stays what it is.
    return pd.DataFrame(lignes, columns=_COLONNES, dtype=object)


_PORTEURS = {"commune": "cette commune", "bailleur": "ce bailleur", "reservataire": "ce réservataire"}
_SOURCES_DITES = 2


def flux(ou: str, lignes: pd.DataFrame) -> str:
    """`lignes`: one row per réservataire, the largest first, with `nom` and how its agreements are held: see
    `par_convention`."""
    premiere = lignes.iloc[0]
    debut = f"Dans {ou}, « {premiere['nom']} » a **{langue.part(premiere['part'])}** "
    debut += f"{langue.de_tous(premiere['n_connus'], 'attribution')} de la gestion en flux"
    if duree := sur_la_duree(lignes):
        return f"{debut}{duree} : les conventions se jugent sur une année entière."
    connus = int(lignes["n_objectifs"].sum())
    if not connus:
        return (
            f"{debut} ; aucune convention n’y est jugée{remede(' : donner leurs objectifs dans Préparer › Objectifs')}."
        )
    phrase = (
        f"Dans {ou}, {langue.de_tous(connus, 'objectif')} de la gestion en flux (bailleur × réservataire), "
        f"{_comptes(int(lignes['n_tenues'].sum()), int(lignes['n_manquees'].sum()), connus)}"
    )
    if not lignes["manque"].gt(0).any():
        return f"{phrase}."
    loin = lignes.loc[lignes["manque"].astype(float).idxmax()]
    combien = langue.effectif(loin["manque"], "attribution")
    return f"{phrase} ; il en manque le plus pour « {loin['nom']} » : **{combien}**."


def objectif(ligne: Mapping[str, Any]) -> str:
    """`25 %`, `40 par an`; empty without one."""
    if pd.isna(ligne["cible"]):
        return ""
    # No share can be aimed at beyond the whole.
    est_un_nombre = cibles.est_en_nombre(ligne) or float(ligne["cible"]) > 1
    return cibles.valeur_dite(float(ligne["cible"]), est_un_nombre=est_un_nombre)


def porteur(cible_de: str | None) -> str:
    """Whose the objective is: `ce bailleur et ce réservataire`, `ce réservataire`; empty without one.

    `cible_de`: as the contract says it.
    """
    if cible_de is None or pd.isna(cible_de):
        return ""
    return langue.liste([_PORTEURS.get(x.split(" ")[0], x) for x in cible_de.split(" × ")])


def face_a_l_objectif(ligne: Mapping[str, Any], lecture: str) -> str:
    """`objectif de 25 % (ce bailleur et ce réservataire), non atteint`; `lecture`: what is said of it."""
    but = objectif(ligne)
    return (
        f"objectif de {but} ({porteur(ligne['cible_de'])}), {lecture.removeprefix('objectif ')}"
        if but
        else "sans objectif"
    )


def tenues(ligne: Mapping[str, Any]) -> str:
    """`3 se disent tenus, 7 non, 2 ne se jugent pas`: of the objectives of its agreements; a word when it has none."""
    connus = int(ligne["n_objectifs"])
    return (
        _comptes(int(ligne["n_tenues"]), int(ligne["n_manquees"]), connus).replace("*", "") if connus else "aucun jugé"
    )


def _comptes(tenus: int, manques: int, connus: int) -> str:
    """What is neither is too few, or too near, to be said."""
    non_juges = connus - tenus - manques
    if not non_juges:
        tenue = f"**{tenus}** {langue.agree(tenus, 'est tenu', 'sont tenus')}" if tenus else "**aucun** n’est tenu"
        return f"{tenue}, **{manques}** non"
    # Of those, some may be held: « aucun n’est tenu » would say that they are not.
    verbe = langue.agree(tenus, "se dit tenu", "se disent tenus")
    reste = langue.agree(non_juges, "ne se juge pas", "ne se jugent pas")
    tenue = f"**{tenus}** {verbe}" if tenus else "**aucun** ne se dit tenu"
    return f"{tenue}, **{manques}** non, **{non_juges}** {reste}"


def sources(dites: Iterable[str]) -> str:
    """Where the objectives come from, each source once; empty without one."""
    connues = sorted(set(dites))
    autres = len(connues) - _SOURCES_DITES
    suite = f" ; et {langue.effectif(autres, 'autre source', 'autres sources')}" if autres > 0 else ""
    return f"Objectifs : {' ; '.join(connues[:_SOURCES_DITES])}{suite}." if connues else ""
