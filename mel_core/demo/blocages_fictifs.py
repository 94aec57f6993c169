"""Blocages planted in each ICI and reported by nobody, so that the detection of 10h30 has something to show.

They come last, once everything is drawn, and draw for themselves: all the rest is what it would be without them.
"""

from __future__ import annotations

import numpy as np

from mel_core.demo.alea import Booleens, Colonnes, Entiers, add_days, day, empty, months_before, stack, take
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import Territoire

LOGEMENTS = (60, 150)  # of the résidence where dwellings stay vacant


def plant_vacance(r: Reglages, t: Territoire, parc: Parc, residences: Colonnes) -> Colonnes:
    """The first résidence of the commune that is neither small nor under renewal: one dwelling in four is vacant.

    Occupants are fewer in the same proportion in each class, those who are left being unknown.
    """
    p = r["blocages"]["vacance"]
    table = {nom: valeurs.copy() for nom, valeurs in residences.items()}
    n = table["n_logements"]
    siennes = (t.codes[parc.commune] == p["commune"]) & (n >= LOGEMENTS[0]) & (n <= LOGEMENTS[1]) & ~table["npru"]
    if not siennes.any():
        return table
    i = int(np.flatnonzero(siennes)[0])
    avant, apres = n[i] - table["n_vacants"][i], n[i] - round(p["part"] * n[i])
    table["n_vacants"][i] = n[i] - apres
    table["n_vacants_3_mois"][i] = (n[i] - apres) // 2
    classes = [f"n_occupants_{c}" for c in ("tres_modestes", "modestes", "intermediaires", "eleves")]
    for classe in classes:
        table[classe][i] = table[classe][i] * apres // avant
    table["n_occupants_inconnus"][i] = apres - sum(table[classe][i] for classe in classes)
    return table


def plant_evenements(
    r: Reglages, t: Territoire, parc: Parc, evenements: Colonnes, tranche: int, alea: np.random.Generator
) -> Colonnes:
    """Over 12 months: refusals in a commune and typologie, non-attributions at the main bailleur of another."""
    table = {nom: valeurs.copy() for nom, valeurs in evenements.items()}
    _put_aside(r, t, parc, table, alea)
    return _refuse(r, t, parc, table, tranche, alea)


def _put_aside(r: Reglages, t: Territoire, parc: Parc, table: Colonnes, alea: np.random.Generator) -> None:
    """Who came second or third where the first one took the dwelling is put aside."""
    p = r["blocages"]["non_attribution"]
    la = _passages(r, t, parc, table, p["commune"])
    bailleurs, effectifs = np.unique(np.ma.getdata(table["code_bailleur"])[la], return_counts=True)
    la = la[np.ma.getdata(table["code_bailleur"])[la] == bailleurs[np.argmax(effectifs)]]
    rang = np.ma.filled(table["rang"], 0)[la]
    commission = _commissions(table, la)
    prises = commission[_cedes(table, la)]
    mis = la[(rang >= 2) & ~np.isin(commission, prises) & (alea.random(len(la)) < p["part"])]
    table["decision"][mis], table["rang"][mis], table["motif"][mis] = "NON_ATTRIBUE", np.ma.masked, p["motif"]


def _refuse(
    r: Reglages, t: Territoire, parc: Parc, table: Colonnes, tranche: int, alea: np.random.Generator
) -> Colonnes:
    """Whoever came second is put first, and refuses: the one who took the dwelling now comes second."""
    p = r["blocages"]["refus_rang_1"]
    la = _passages(r, t, parc, table, p["commune"])
    la = la[np.ma.filled(table["typologie"], "")[la] == p["typologie"]]
    rang, commission, cedes = np.ma.filled(table["rang"], 0)[la], _commissions(table, la), _cedes(table, la)
    occupees = commission[cedes]
    premiers, seconds = (
        {c: i for c, i in zip(commission[rang == k], la[rang == k], strict=True) if c not in occupees} for k in (1, 2)
    )
    paires = [(premiers[c], seconds[c]) for c in sorted(premiers.keys() & seconds.keys())]
    paires = [x for x, tire in zip(paires, alea.random(len(paires)) < p["part"], strict=True) if tire]
    if not paires:
        return table
    uns, deux = np.array(paires).T
    table["numero_unique"][uns], table["numero_unique"][deux] = (
        table["numero_unique"][deux],
        table["numero_unique"][uns],
    )
    refus = take(table, uns)
    n = len(uns)
    jours = add_days(refus["date_survenance"], alea.integers(4, 11, n))
    refus |= {
        "id_evenement": np.array([f"EV{tranche:03d}P{k:05d}" for k in range(1, n + 1)]),
        "type": np.full(n, "REFUS_DEMANDEUR", dtype="U15"),
        "date_survenance": np.minimum(jours, day(r["periode"]["fin"])),
        "decision": empty(refus["decision"], np.ones(n, dtype=bool)),
        "rang": empty(refus["rang"], np.ones(n, dtype=bool)),
        "motif": empty(np.full(n, p["motif"]), np.zeros(n, dtype=bool)),
    }
    return stack([table, refus])


def _passages(r: Reglages, t: Territoire, parc: Parc, table: Colonnes, commune: str) -> Entiers:
    """Rows of the passages of the last 12 months in the résidences of a commune."""
    codes = parc.codes[t.codes[parc.commune] == commune]
    ou: Booleens = np.isin(np.ma.filled(table["code_residence"], ""), codes)
    recents = table["date_survenance"] > months_before(r["periode"]["fin"], 12)
    return np.flatnonzero(ou & recents & (table["type"] == "PASSAGE_CAL"))


def _commissions(table: Colonnes, lignes: Entiers) -> np.ndarray:
    """The dwelling and the day of each passage."""
    textes = [np.ma.filled(table[c], "")[lignes].astype(str) for c in ("code_residence", "typologie")]
    return np.array(["|".join(x) for x in zip(*textes, table["date_survenance"][lignes].astype(str), strict=True)])


def _cedes(table: Colonnes, lignes: Entiers) -> Booleens:
    """Whether whoever came there refused or withdrew in that résidence at any time."""
    qui = np.char.add(table["numero_unique"].astype(str), np.ma.filled(table["code_residence"], "").astype(str))
    partis = np.isin(table["type"], ("REFUS_DEMANDEUR", "DESISTEMENT"))
    return np.isin(qui[lignes], qui[partis])
