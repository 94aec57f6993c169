"""The outcomes of a frozen cohort as the lines that may be projected: no household is read by subtraction.

Pure: figures in, French out. What one table puts together no other shows apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core import langue
from mel_core.engagements.cohorte import POSTES, SORTIES, TITRES, Issue, bilan, bilan_par
from mel_core.engagements.resultat import TENU, VERDICTS, juger
from mel_core.secret.matrice import masquer
from mel_core.secret.regroupement import SEUIL, regrouper

MASQUE = f"moins de {SEUIL}"
TU = "non montré"
TROP_FAIBLE = "effectif trop faible"
NOTE = f"Les lieux de moins de {SEUIL} ménages sont regroupés ; « {TU} » : un autre nombre s’en déduirait."


def compte(comptes: pd.DataFrame, issue: Issue) -> str:
    """The count of an outcome as its own line shows it; small or put with others, no more than on which side it is.

    `comptes`: see `cohorte.bilan`.
    """
    n = int(comptes.loc[comptes["issue"] == issue, "n"].iloc[0])
    if issue not in _groupees(comptes):
        return langue.nombre(n)
    return MASQUE if n < SEUIL else f"au moins {SEUIL}"


def issues(comptes: pd.DataFrame, ici: str) -> list[tuple[str, str, float]]:
    """One line per outcome (title, text, length of its bar), the small ones put together."""
    groupees = _groupees(comptes)
    seules = [
        (titre(Issue(x.issue), ici), langue.nombre(x.n), float(x.n))
        for x in comptes.itertuples()
        if x.issue not in groupees and x.n
    ]
    n = int(comptes.loc[comptes["issue"].isin(groupees), "n"].sum())
    if not n:
        return seules
    noms = langue.liste([_court(Issue(i), ici).lower() for i in comptes["issue"] if i in groupees])
    return [*seules, (f"Regroupés : {noms}", MASQUE if n < SEUIL else langue.nombre(n), float(max(n, 1)))]


def mouvement(postes: pd.DataFrame, comptes: pd.DataFrame) -> list[tuple[str, str, float]]:
    """From one list to the other, signed. `postes`: see `cohorte.decomposer`; `comptes`: the outcomes shown beside."""
    milieu = postes.iloc[1:-1]
    groupees = _groupees(comptes)
    tus = _tus(
        dict(zip(milieu["poste"], milieu["n"].astype(int), strict=True)),
        {poste for poste, sortants in SORTIES.items() if groupees & {str(i) for i in sortants}},
    )
    lignes = []
    for rang, x in enumerate(postes.itertuples()):
        est_bout = rang in (0, len(postes) - 1)
        if x.n == 0 and not est_bout:
            continue
        texte = MASQUE if 0 < x.n < SEUIL else TU if not est_bout and x.poste in tus else langue.nombre(x.n)
        signe = "" if est_bout else "+ " if x.sens > 0 else "− "
        lignes.append((POSTES[x.poste], f"{signe}{texte}", float(x.n) if est_bout else 0.0))
    return lignes


def par_lieu(
    suivie: pd.DataFrame,
    cle: str,
    noms: Mapping[str, str],
    territoires: Mapping[str, str],
    ici: str,
    promis: Mapping[str, int] | None = None,
    est_echu: bool = True,
) -> pd.DataFrame:
    """One row per place, one column per outcome that occurs, as texts. `suivie`, `cle`: see `cohorte.bilan_par`.

    Small places go with their territoire, outcomes that the whole puts together stay together. `promis`: what each
    place was asked (none: nothing was); then `Annoncés` and `Constat` say it and whether it is held, where the count
    of those housed is shown.
    """
    cellules = bilan_par(suivie, cle)
    groupees = _groupees(bilan(suivie))
    cellules["quoi"] = ["Regroupés" if i in groupees else _court(Issue(i), ici) for i in cellules["issue"]]
    lieux = cellules.groupby("cle", as_index=False)["n"].sum()
    lieux["territoire"] = [territoires.get(c, "") for c in lieux["cle"]]
    groupes = regrouper(lieux, "cle", "territoire")
    groupes["lieu"] = [
        (f"{x.ligne}, autres" if x.ligne else "Autres, regroupés") if x.est_regroupee else noms.get(x.ligne, x.ligne)
        for x in groupes.itertuples()
    ]
    vues = cellules.merge(groupes[~groupes["est_masquee"]], on="cle", validate="many_to_one")
    sommes = vues.groupby(["lieu", "quoi"], as_index=False)["n"].sum()
    sommes["est_cachee"] = masquer(sommes, "lieu", "quoi")
    sommes["texte"] = [
        (MASQUE if n < SEUIL else TU) if cachee else langue.nombre(n)
        for n, cachee in zip(sommes["n"], sommes["est_cachee"], strict=True)
    ]
    ordre = sommes.groupby("lieu")["n"].sum().sort_values(ascending=False, kind="stable").index
    colonnes = dict.fromkeys(_court(i, ici) for i in TITRES) | {"Regroupés": None}
    table = sommes.pivot(index="lieu", columns="quoi", values="texte").reindex(index=ordre)
    table = table.reindex(columns=[c for c in colonnes if c in table.columns]).fillna("0")
    table = table.rename_axis(index="Lieu", columns=None)
    if promis:
        est_groupee = str(Issue.RELOGE) in groupees
        table = _avec_promesses(table, sommes, groupes, promis, noms, ici, est_echu, est_groupee)
    return table.reset_index()


def _avec_promesses(
    table: pd.DataFrame,
    sommes: pd.DataFrame,
    groupes: pd.DataFrame,
    promis: Mapping[str, int],
    noms: Mapping[str, str],
    ici: str,
    est_echu: bool,
    est_groupee: bool,
) -> pd.DataFrame:
    """The table with what each line was asked, and whether it is held. A place where nobody was housed is a line of 0.

    A place that no line shows (too few to be put with enough others) is left out, with what it was asked.
    """
    lignes = dict(zip(groupes["cle"], groupes["lieu"], strict=True))
    tues = set(groupes.loc[groupes["est_masquee"], "cle"])
    annonces: dict[str, int] = {}
    for code, n in promis.items():
        if code not in tues:
            lieu = lignes.get(code, noms.get(code, code))
            annonces[lieu] = annonces.get(lieu, 0) + n
    # Where those housed are put together with other outcomes, a line is judged by that column: it may only say none.
    colonne = "Regroupés" if est_groupee else _court(Issue.RELOGE, ici)
    loges = sommes[sommes["quoi"] == colonne].set_index("lieu")
    table = table.reindex(index=[*table.index, *(lieu for lieu in annonces if lieu not in table.index)], fill_value="0")
    constats = []
    for lieu in table.index:
        n = int(loges.loc[lieu, "n"]) if lieu in loges.index else 0
        if lieu not in annonces:
            constats.append(langue.ABSENT)
        elif n and (est_groupee or loges.loc[lieu, "est_cachee"]):
            constats.append(TROP_FAIBLE)
        else:
            constats.append(VERDICTS[juger(n, annonces[lieu], est_echu)])
    table.insert(0, "Annoncés", [langue.nombre(annonces.get(lieu, 0)) for lieu in table.index])
    if colonne not in table.columns:
        table.insert(1, colonne, "0")
    return table.assign(Constat=constats)


def compter_constats(table: pd.DataFrame) -> tuple[int, int]:
    """How many lines hold their part, over how many are judged. `table`: see `par_lieu`."""
    juges = table[table["Constat"].isin(list(VERDICTS.values()))]
    return int((juges["Constat"] == VERDICTS[TENU]).sum()), len(juges)


def titre(issue: Issue, ici: str) -> str:
    return f"Relogés dans l’{ici} (bail signé)" if issue is Issue.RELOGE and ici else TITRES[issue]


def _court(issue: Issue, ici: str) -> str:
    return titre(issue, ici).split(" (")[0].split(",")[0]


def _groupees(comptes: pd.DataFrame) -> set[str]:
    groupes = regrouper(comptes, "issue")
    return set(groupes.loc[groupes["est_regroupee"], "issue"])


def _tus(comptes: Mapping[str, int], imposes: set[str]) -> set[str]:
    """Which items are not shown: the small, the imposed, then the smallest others until none is read by difference."""
    tus = {poste for poste, n in comptes.items() if 0 < n < SEUIL or (n and poste in imposes)}
    autres = sorted((n, poste) for poste, n in comptes.items() if n and poste not in tus)
    while tus and autres and (len(tus) == 1 or sum(comptes[p] for p in tus) < SEUIL):
        tus.add(autres.pop(0)[1])
    return tus
