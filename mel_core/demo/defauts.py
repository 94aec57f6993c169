"""What is planted once everything is drawn: blocages reported by nobody, then the dirt of real files.

The former draw for themselves: all the rest is what it would be without them. The latter are rows that the checks
reject, warn about or drop as duplicates, never what stops a load.
"""

from __future__ import annotations

import numpy as np

from mel_core.demo.alea import Alea, Colonnes, Vecteur, add_days, day, empty, months_before, stack, take
from mel_core.demo.parc import Parc, Territoire
from mel_core.demo.reglages_demo import Reglages

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
    r: Reglages, t: Territoire, parc: Parc, evenements: Colonnes, tranche: int, alea: Alea
) -> Colonnes:
    """Over 12 months: refusals in a commune and typologie, non-attributions at the main bailleur of another."""
    table = {nom: valeurs.copy() for nom, valeurs in evenements.items()}
    _put_aside(r, t, parc, table, alea)
    return _refuse(r, t, parc, table, tranche, alea)


def _put_aside(r: Reglages, t: Territoire, parc: Parc, table: Colonnes, alea: Alea) -> None:
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


def _refuse(r: Reglages, t: Territoire, parc: Parc, table: Colonnes, tranche: int, alea: Alea) -> Colonnes:
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


def _passages(r: Reglages, t: Territoire, parc: Parc, table: Colonnes, commune: str) -> Vecteur:
    """Rows of the passages of the last 12 months in the résidences of a commune."""
    codes = parc.codes[t.codes[parc.commune] == commune]
    ou: Vecteur = np.isin(np.ma.filled(table["code_residence"], ""), codes)
    recents = table["date_survenance"] > months_before(r["periode"]["fin"], 12)
    return np.flatnonzero(ou & recents & (table["type"] == "PASSAGE_CAL"))


def _commissions(table: Colonnes, lignes: Vecteur) -> Vecteur:
    """The dwelling and the day of each passage."""
    textes = [np.ma.filled(table[c], "")[lignes].astype(str) for c in ("code_residence", "typologie")]
    return np.array(["|".join(x) for x in zip(*textes, table["date_survenance"][lignes].astype(str), strict=True)])


def _cedes(table: Colonnes, lignes: Vecteur) -> Vecteur:
    """Whether whoever came there refused or withdrew in that résidence at any time."""
    qui = np.char.add(table["numero_unique"].astype(str), np.ma.filled(table["code_residence"], "").astype(str))
    partis = np.isin(table["type"], ("REFUS_DEMANDEUR", "DESISTEMENT"))
    return np.isin(qui[lignes], qui[partis])


ASSOCIEES = np.array(["59355", "59298"])  # Lomme, Hellemmes
LILLE = "59350"


def corrupt_attributions(r: Reglages, table: Colonnes, alea: Alea) -> Colonnes:
    """The attributions with the faults of real files (`salissures` of the settings), each in its number."""
    s, n = r["salissures"], len(table["id_attribution"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    avant, dehors, inconnu = split(alea, n, s["bail_avant_demande"], s["hors_mel"], s["bailleur_inconnu"])
    table["date_creation_demande"][avant] = add_days(table["date_bail"][avant], np.full(len(avant), 12))
    table["code_insee"][dehors] = "62498"
    table["code_bailleur"][inconnu] = "BF99"
    table["code_insee"] = code_associees(s["communes_associees"], table["code_insee"], alea)
    differents = take(table, alea.choice(n, s["doublons_differents"]["attributions"], replace=False))
    differents["typologie"] = np.where(differents["typologie"] == "T3", "T4", "T3")
    return stack([table, take(table, alea.choice(n, s["doublons"]["attributions"], replace=False)), differents])


def corrupt_demandes(r: Reglages, table: Colonnes, alea: Alea) -> Colonnes:
    """The same of the demandes."""
    s, n = r["salissures"], len(table["numero_unique"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    vides = np.zeros(n, dtype=bool)
    vides[alea.choice(n, s["personnes_vides"], replace=False)] = True
    table["n_personnes"] = empty(table["n_personnes"], vides)
    table["code_insee_actuel"] = code_associees(s["communes_associees"], table["code_insee_actuel"], alea)
    differents = take(table, alea.choice(n, s["doublons_differents"]["demandes"], replace=False))
    differents["age"] = differents["age"] + 1
    return stack([table, take(table, alea.choice(n, s["doublons"]["demandes"], replace=False)), differents])


def corrupt_evenements(r: Reglages, table: Colonnes, alea: Alea) -> Colonnes:
    """The same of the events."""
    s, n = r["salissures"], len(table["id_evenement"])
    table = {nom: valeurs.copy() for nom, valeurs in table.items()}
    classes = np.flatnonzero(~np.ma.getmaskarray(table["rang"]))
    table["rang"][alea.choice(classes, s["rang_nul"], replace=False)] = 0
    return stack([table, take(table, alea.choice(n, s["doublons"]["evenements"], replace=False))])


def split(alea: Alea, n: int, *effectifs: int) -> list[Vecteur]:
    """Disjoint groups of rows."""
    tires = alea.choice(n, sum(effectifs), replace=False)
    return np.split(tires, np.cumsum(effectifs)[:-1])


def code_associees(part: float, codes: Vecteur, alea: Alea) -> Vecteur:
    """Some rows of Lille bear the code of Lomme or Hellemmes, as files still do."""
    lignes = np.flatnonzero((codes == LILLE) & (alea.random(len(codes)) < part))
    codes[lignes] = alea.choice(ASSOCIEES, len(lignes))
    return codes
