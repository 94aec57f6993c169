"""The outcomes of a frozen cohort as lines of text, as they are read. Pure: figures in, French out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel_core.seance.engagements.cohorte import POSTES, TITRES, Issue
from mel_core.seance.verdict import MOTS, Jugement, Mot, PasDeVerdict, share
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.commun.segments.siens import est_sien

TROP_FAIBLE = "effectif trop faible"
Ligne = tuple[str, str, float]  # title, text, length of its bar


def issues(comptes: pd.DataFrame, ici: str) -> list[Ligne]:
    """One line per outcome that occurs, as far as is said. `comptes`: see `cohorte.bilan`."""
    dits = [(titre(Issue(x.issue), ici), reader().compte(x.n)) for x in comptes.itertuples()]
    return [(nom, langue.nombre(n), float(n.dit or 0)) for nom, n in dits if n != 0]


def mouvement(postes: pd.DataFrame) -> list[Ligne]:
    """From one list to the other, signed. `postes`: see `cohorte.decompose`."""
    lignes = []
    for rang, x in enumerate(postes.itertuples()):
        est_bout, n = rang in (0, len(postes) - 1), reader().compte(x.n)
        if n != 0 or est_bout:
            signe = "" if est_bout else "+ " if x.sens > 0 else "− "
            longueur = float(n.dit or 0) if est_bout else 0.0
            lignes.append((POSTES[x.poste], f"{signe}{langue.nombre(n)}", longueur))
    return lignes


def par_lieu(
    cellules: pd.DataFrame,
    cle: str,
    noms: Mapping[str, str],
    ici: str,
    promis: Mapping[str, int] | None = None,
    jugement: Jugement | None = None,
) -> pd.DataFrame:
    """One row per place, one column per outcome that is said to occur, as texts. `cellules`, `cle`: see `bilan_par`.

    `promis`: what each place was asked (none: nothing was); then `Annoncés` and `Constat` say it and whether it is
    held, where the whole is judged (`jugement`) and the count of those housed tells; a place where nobody was housed
    has its line.
    """
    exacts = cellules.pivot(index="cle", columns="issue", values="n")
    exacts = exacts.reindex(index=[*exacts.index, *(code for code in promis or {} if code not in exacts.index)])
    exacts = exacts.reindex(columns=[str(i) for i in TITRES]).fillna(0).astype("int64")
    # Not those that do not occur, nor, in the room, those that nothing tells from them.
    totaux = {issue: reader().compte(n) for issue, n in exacts.sum().items()}
    vues = [i for i, n in totaux.items() if n > 0 or (promis and i == Issue.RELOGE)]
    siens = {code: est_sien(cle, code) for code in exacts.index}
    # By what is read alone: a place in the table would tell what is not.
    combien = {code: reader().compte(n, est_sien=siens[code]).au_plus for code, n in exacts.sum(axis=1).items()}
    ordre = sorted(exacts.index, key=lambda code: (-combien[code], noms.get(code, code)))
    table = pd.DataFrame({"Lieu": [noms.get(code, code) for code in ordre]})
    if promis:
        table["Annoncés"] = [langue.nombre(promis.get(code, 0)) for code in ordre]
    for issue in vues:
        dits = [reader().compte(n, est_sien=siens[code]) for code, n in exacts.loc[ordre, issue].items()]
        table[_court(Issue(issue), ici)] = [langue.nombre(n) for n in dits]
    if promis:
        loges = exacts.loc[ordre, Issue.RELOGE].items()
        table["Constat"] = [
            _constat(n, reader().compte(n, est_sien=siens[code]), promis.get(code), jugement) for code, n in loges
        ]
    return table


def _constat(n: int, dit: Compte, promis: int | None, jugement: Jugement | None) -> str:
    if promis is None or jugement is None or isinstance(jugement, PasDeVerdict):
        return langue.ABSENT
    if dit.est_tu and promis <= dit.au_plus:
        return TROP_FAIBLE
    return MOTS[Mot(share(jugement, n, promis).groupe)]


def count_constats(table: pd.DataFrame) -> tuple[int, int, int]:
    """How many lines hold their part, over how many are judged; how many that had one are too few for it to be said.
    `table`: see `par_lieu`."""
    oui, non = (table["Constat"] == MOTS[mot] for mot in (Mot.TENU, Mot.NON_TENU))
    return int(oui.sum()), int((oui | non).sum()), int((table["Constat"] == TROP_FAIBLE).sum())


def titre(issue: Issue, ici: str) -> str:
    return f"Relogés dans l’{ici} (bail signé)" if issue is Issue.RELOGE and ici else TITRES[issue]


def _court(issue: Issue, ici: str) -> str:
    return titre(issue, ici).split(" (")[0].split(",")[0]
