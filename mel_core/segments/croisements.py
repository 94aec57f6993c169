"""Segments set against each other: overlaps, the union counted once, the SNE's own flags, what was recorded at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.segments.compilation import Criteres, Quoi, Requete, expression
from mel_core.segments.regles_segments import SEGMENTS
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import step_back
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "croisements.sql")
NOMS_MAX = 40  # one bit each

# A flag of the SNE → the segment that measures the same thing from the events.
DRAPEAUX = {"delai_anormalement_long": "attente_24", "multiples_attributions_sous_conditions": "poulidor"}
COMPTES_DU_DRAPEAU = ("n_les_deux", "n_drapeau_propose", "n_drapeau_sans_rien", "n_sans_drapeau")


@dataclass(frozen=True)
class Recouvrements:
    """`n_actives` demandes; `union`: those in at least one segment, counted once.

    `matrice`: one row and one column per segment, in the order asked: demandes in both; on the diagonal, in the
    segment. `seuls`: demandes in that segment and in no other of those asked.
    """

    n_actives: int
    union: int
    matrice: pd.DataFrame
    seuls: dict[str, int]


def recouvrements(
    lecteur: Lecteur,
    criteres: Criteres,
    segments: Sequence[str] | Mapping[str, Quoi] = tuple(SEGMENTS),
    mois: Mapping[str, int] | None = None,
) -> Recouvrements:
    """Overlaps of `segments`: names of the contract, or names given to any segments. One query.

    `mois`: the N of the segments that are not taken at that of `criteres`.
    """
    nommes: dict[str, Quoi] = dict(segments) if isinstance(segments, Mapping) else {nom: nom for nom in segments}
    if len(nommes) > NOMS_MAX:
        raise AppelIncorrect(f"Il y a {len(nommes)} segments à croiser : n’en garder que {NOMS_MAX}.")
    requete = Requete(lecteur, criteres)
    regles = [requete.regle(quoi, mois=(mois or {}).get(nom)) for nom, quoi in nommes.items()]
    # One bit per segment, in order. What is unknown is not in the segment.
    bits_ecrits = [f"coalesce({regle}, false)::bigint * {2**i}" for i, regle in enumerate(regles)]
    comptes = requete.ask(SQL["masques"], masque=" + ".join(bits_ecrits) or "0")
    masques = comptes["masque"].astype(int)
    bits = {nom: (masques // 2**i) % 2 == 1 for i, nom in enumerate(nommes)}
    n = comptes["n"].astype(int)
    return Recouvrements(
        int(n.sum()),
        int(n[masques > 0].sum()),
        pd.DataFrame({a: {b: int(n[bits[a] & bits[b]].sum()) for b in nommes} for a in nommes}, index=list(nommes)),
        {nom: int(n[masques == 2**i].sum()) for i, nom in enumerate(nommes)},
    )


def drapeaux(lecteur: Lecteur, criteres: Criteres) -> pd.DataFrame:
    """The SNE's flags beside our counts, one row per flag of DRAPEAUX that the data bear.

    `drapeau`, `segment`, then four counts of active demandes that never overlap: `n_les_deux` (flagged and in the
    segment), `n_drapeau_propose` (flagged alone, a proposal or a passage in CAL recorded), `n_drapeau_sans_rien`
    (flagged alone, nothing recorded: only these are under-recording), `n_sans_drapeau` (in the segment alone).
    """
    presents = lecteur.colonnes("demandes")
    lignes = []
    for drapeau, segment in DRAPEAUX.items():
        if drapeau in presents:
            requete = Requete(lecteur, criteres)
            lus = requete.ask(
                SQL["drapeau_et_segment"],
                regle=requete.regle(segment),
                expression=expression(f"drapeau_{drapeau}"),
            )
            lignes.append(lus.assign(drapeau=drapeau, segment=segment))
    noms = ["drapeau", "segment", *COMPTES_DU_DRAPEAU]
    return pd.concat(lignes, ignore_index=True)[noms] if lignes else pd.DataFrame(columns=noms)


def completude(lecteur: Lecteur, jour: date) -> pd.DataFrame:
    """What bailleurs recorded over the 12 months up to `jour`: « sans proposition enregistrée » is worth no more.

    One row per bailleur: `bailleur` (code), `nom` (empty when not given), `n` (attributions), `n_avec_evenement` (those
    whose demande has a proposition or a passage in commission recorded), `part` (0–1, empty without an attribution),
    `n_evenements` (recorded under its code) and `est_sans_evenement`: nothing at all was recorded for it. The reader
    must see the whole Métropole: elsewhere the events of households out of its scope would be missing.
    """
    lues = lecteur.query(SQL["completude"], jour=jour, debut=step_back(jour, 12))
    return lues.assign(
        part=(lues["n_avec_evenement"] / lues["n"].where(lues["n"] > 0)).astype("float64"),
        est_sans_evenement=(lues["n_evenements"] == 0) & (lues["n_avec_evenement"] == 0),
    )
