"""The sentence of a measure by place: the one farthest from its objective, and how the others stand. Pure."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.phrases_constats import (
    COTES,
    ECARTES,
    SANS_OBJECTIF,
    TENU,
    TROP_PEU,
    ecart_de,
    verdict_de,
)
from mel_core.secret.bail import reader
from mel_core.socle import cibles, langue
from mel_core.socle.valeurs import Ecart

_LES_PLUS_LOIN = {
    "commune": ("la commune la plus loin", "parmi les communes les plus loin"),
    "bailleur": ("le bailleur le plus loin", "parmi les bailleurs les plus loin"),
}
# Of one objective, or where each has its own: which, how the others are off theirs, how they hold it.
_UN_POUR_TOUS = "l’objectif", ("autre s’en écarte", "autres s’en écartent"), ("le tient", "le tiennent")
_CHACUN_LE_SIEN = (
    "son objectif",
    ("autre s’écarte du sien", "autres s’écartent du leur"),
    ("tient le sien", "tiennent le leur"),
)


def say(ou: str, coupe: str, lignes: pd.DataFrame) -> str:
    """`Dans l’ICI 2, **Roubaix** est la commune la plus loin de l’objectif de 50 % : **185** de trop ; 5 autres s’en
    écartent, 3 le tiennent.`; empty where no gap is said. `lignes`: cells cut by `coupe`, with `nom`."""
    rangees = sorted((x for _, x in lignes.iterrows()), key=lambda x: -ecart_de(x).taille)
    gap = ecart_de(rangees[0]) if rangees else Ecart()
    if not gap.taille:
        return ""
    loin, *autres = rangees
    verdicts = [verdict_de(x) for x in autres]
    n_loin = sum(v in ECARTES for v in verdicts)
    n_tenus, n_tus, n_sans = (verdicts.count(v) for v in (TENU, TROP_PEU, SANS_OBJECTIF))
    # One that is drawn on a side, which is no verdict, is not left unsaid, nor counted with those.
    n_cotes = 0 if reader().lit_tout else sum(map(_est_d_un_cote, verdicts, autres))
    est_propre = len({cibles.objectif_dit(x) for x in rangees if pd.notna(x["cible"])}) > 1
    juge = ("ne se juge pas", "ne se jugent pas") if reader().lit_tout else ("ne se dit pas", "ne se disent pas")
    quel, s_ecarte, tient = _CHACUN_LE_SIEN if est_propre else _UN_POUR_TOUS
    suites = (
        (n_loin, s_ecarte),
        (n_tenus, tient),
        (n_cotes, ("penche d’un côté", "penchent d’un côté")),
        (n_tus - n_cotes, juge),
        (n_sans, ("n’a pas d’objectif", "n’ont pas d’objectif")),
    )
    suite = langue.liste([langue.effectif(n, *dits) for n, dits in suites if n])
    # Another may be as far, or farther by what it has on both sides or by what is not said of it.
    est_seul = not any(ecart_de(x).taille == gap.taille or ecart_de(x).au_plus > gap.en_tout for x in autres)
    return (
        f"Dans {ou}, **{loin['nom']}** est {_LES_PLUS_LOIN[coupe][not est_seul]} de {quel} de "
        f"{cibles.objectif_dit(loin)} : {gap.dit(gras=True)}{f' ; {suite}' if suite else ''}."
    )


def _est_d_un_cote(verdict: str, ligne: pd.Series) -> bool:
    return bool(verdict == TROP_PEU and pd.notna(ligne["part"]) and ligne["cote"] in COTES)
