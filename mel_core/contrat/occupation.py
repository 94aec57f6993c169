"""The occupation survey (OPS) beside the résidences that it describes: a file of one row per résidence completes them.

Such a file has the name of the résidence and its occupants, and none of what makes a résidence: its dwellings, its
quartier. Its rows are no résidences: each is attached to the one that bears its code, else its name when a single one
does, or goes out with its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mel_core.contrat.lecture.brut import Entiers, Illisible
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.proches import fold
from mel_core.contrat.regles import DOUBLON_DIFFERENT, OCCUPATION_D_UN_AUTRE, OCCUPATION_SANS_RESIDENCE
from mel_core.contrat.tables import RESIDENCES, SANS_LOGEMENTS, Table
from mel_core.socle.langue import effectif

(CLE,) = RESIDENCES.cle
OCCUPANTS = tuple(nom for nom in RESIDENCES.noms if nom.startswith("n_occupants_") or nom == "annee_enquete")
_PROPRES_A_UNE_RESIDENCE = (SANS_LOGEMENTS[1], "code_quartier")
OCCUPATION = Table(
    RESIDENCES.nom,
    RESIDENCES.cle,
    tuple(replace(c, requise=c.nom == CLE) for c in RESIDENCES.colonnes if c.nom in (CLE, "code_bailleur", *OCCUPANTS)),
)
_SEULE = (
    "Ce fichier ne dit que les occupants de résidences (enquête OPS) : le donner en même temps que celui des "
    "résidences, RPLS ou le tableau du bailleur."
)


def is_occupation(entete: Iterable[str], mapping: Mapping) -> bool:
    """Whether a file given to `residences` is one of occupation: by its header, or because an answer says that nothing
    in it gives the dwellings (a mapping says it of every file, those that have them included)."""
    plis = {fold(nom) for nom in entete}

    def porte(noms: Iterable[str]) -> bool:
        return any(fold(nom) in plis or fold(mapping.nom_dans_fichier(RESIDENCES.nom, nom)) in plis for nom in noms)

    est_dite = SANS_LOGEMENTS[1] in mapping.sans(RESIDENCES.nom) or (porte([CLE]) and porte(OCCUPANTS))
    return est_dite and not porte(_PROPRES_A_UNE_RESIDENCE)


def attach(lue: TableLue) -> None:
    """Give the occupants of each row of occupation to its résidence. Raises `Illisible` without a résidence to give
    them to."""
    siennes = [p for p in lue.parties if p.est_occupation]
    if not siennes:
        return
    if len(siennes) == len(lue.parties):
        raise Illisible(_SEULE)
    est_occupation = np.logical_or.reduce([lue.lignes_de(p) for p in siennes])
    residences = np.flatnonzero(~est_occupation & ~lue.rejetees)
    _give(lue, residences, np.flatnonzero(est_occupation & ~lue.rejetees))
    lues, n_rattachees, n_doublons = (int(m.sum()) for m in (est_occupation, lue.rattachees, lue.doublons))
    restes = [(lues - n_rattachees - n_doublons, "rejetée", "rejetées"), (n_doublons, "en double", "en double")]
    lue.constats.tell(
        f"Occupation (OPS) : {effectif(lues, 'ligne lue', 'lignes lues')} = "
        + effectif(n_rattachees, "donnée à sa résidence", "données à leur résidence")
        + "".join(f" + {effectif(n, un, plusieurs)}" for n, un, plusieurs in restes if n)
        + " : à comparer aux résidences de l’enquête."
    )
    # Of the occupants the survey answers, of all the rest the others do.
    occupants = frozenset(OCCUPANTS)
    lue.parties = tuple(
        replace(p, presentes=p.presentes | (frozenset(RESIDENCES.noms) - occupants if p.est_occupation else occupants))
        for p in lue.parties
    )


def _give(lue: TableLue, residences: Entiers, enquete: Entiers) -> None:
    """The occupants that the rows of the survey say, to the `residences`. One that comes after another of the same
    résidence is a duplicate, the others are rejected."""
    codes, noms, bailleurs = (lue.donnees[nom].to_pylist() for nom in (CLE, "nom", "code_bailleur"))
    lus = {nom: lue.donnees[nom].to_pylist() for nom in OCCUPANTS}
    par_code: dict[str, int] = {}
    nommees: dict[str, list[int]] = {}
    for position in residences.tolist():
        if codes[position] and codes[position] not in par_code:
            par_code[codes[position]] = position
            nommees.setdefault(fold(noms[position] or ""), []).append(position)
    par_nom = {nom: positions[0] for nom, positions in nommees.items() if nom and len(positions) == 1}
    donnees_par: dict[int, int] = {}  # résidence → the row that says its occupants, itself or one of the survey
    sans_residence, d_un_autre, differents, autres = [], [], [], []
    for position in enquete.tolist():
        code = codes[position]
        if not code:
            continue
        residence = par_code.get(code, par_nom.get(fold(code)))
        if residence is None:
            sans_residence.append(position)
            continue
        if bailleurs[position] and bailleurs[position] != bailleurs[residence]:
            d_un_autre.append(position)
            continue
        est_dite = any(siens[residence] is not None for siens in lus.values())
        premiere = donnees_par.setdefault(residence, residence if est_dite else position)
        if premiere == position:
            lue.rattachees[position] = True
            continue
        lue.doublons[position] = True
        if colonnes := [nom for nom, siens in lus.items() if siens[premiere] != siens[position]]:
            differents.append(position)
            autres.append({"premiere": lue.lieu(premiere, position), "colonnes": ", ".join(colonnes)})
    lue.ascertain(OCCUPATION_SANS_RESIDENCE, CLE, np.array(sans_residence, np.int64))
    lue.ascertain(OCCUPATION_D_UN_AUTRE, "code_bailleur", np.array(d_un_autre, np.int64))
    lue.ascertain(DOUBLON_DIFFERENT, CLE, np.array(differents, np.int64), details=lambda i: autres[i], toujours=True)
    for nom, siens in lus.items():
        for residence, position in donnees_par.items():
            siens[residence] = siens[position]
        lue.donnees[nom] = pa.array(siens, lue.donnees[nom].type)
