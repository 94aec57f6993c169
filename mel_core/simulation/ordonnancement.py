"""A first look at ordering the demand: weights on criteria, who enters the head of the queue, who leaves it.

Scores are whole numbers, so that two demandes tie when they should, however the weights are written. Answers are counts
by segment and profile; nobody is named.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import gcd

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel_core.socle.erreurs import AppelIncorrect

NOTE_PLEINE = 60  # a criterion that holds fully: 1 on the scale 0–1, in sixtieths so that months and thirds are whole
MOIS_PLEINS = 60  # five years of ancienneté, and more, are worth the full note
PASSAGES_PLEINS = 3  # three passages in CAL at rang 2 or more, and over, are worth the full note
POIDS_MAX = 100

Entiers = npt.NDArray[np.int64]
Masque = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Poids:
    """Weight of each criterion, a whole number from 0 to 100; only their ratios count. By default, ancienneté alone.

    Raises `AppelIncorrect` for a weight out of bounds, or all of them zero.
    """

    anciennete: int = 1
    aci: int = 0
    poulidor: int = 0
    mutation_bloquee: int = 0
    delai_anormal: int = 0
    attachement: int = 0
    sur_occupation: int = 0

    def __post_init__(self) -> None:
        for nom, poids in self.par_critere().items():
            if not isinstance(poids, int) or not 0 <= poids <= POIDS_MAX:
                raise AppelIncorrect(
                    f"Le poids du critère « {nom} » vaut « {poids} » : donner un nombre entier de 0 à {POIDS_MAX}."
                )
        if not any(self.par_critere().values()):
            raise AppelIncorrect("Tous les poids sont à 0 : donner du poids à un critère au moins.")

    def par_critere(self) -> dict[str, int]:
        return {c: getattr(self, c) for c in CRITERES}


CRITERES = tuple(f.name for f in fields(Poids))
NEUTRE = Poids()
_OUI_OU_NON = {
    "aci": "est_menage_aci",
    "mutation_bloquee": "est_mutation_bloquee",
    "delai_anormal": "est_delai_anormalement_long",
    "attachement": "est_attache",
    "sur_occupation": "est_sur_occupation",
}
# For a room, by name: seven weights of six steps each, compared, gave back nearly all the counts that were not said.
PONDERATIONS = {
    "Ancienneté seule": NEUTRE,
    "Publics prioritaires": Poids(anciennete=2, aci=3, mutation_bloquee=3),
    "Attentes anormales": Poids(anciennete=2, poulidor=3, delai_anormal=3),
    "Ancrage et sur-occupation": Poids(anciennete=2, attachement=3, sur_occupation=3),
}


@dataclass(frozen=True)
class File:
    """A queue made ready for any weights: notes (demande × criterion, 0 to `NOTE_PLEINE`), profiles, neutral order.

    `ordre_neutre`: the demandes from the oldest, then by pseudonym: what decides between equal scores.
    `profils`: by column, the code of each demande (−1: unknown) and what the codes mean. `segments`: who is in each.
    """

    notes: Entiers
    ordre_neutre: Entiers
    profils: dict[str, tuple[Entiers, tuple[str, ...]]]
    segments: dict[str, Masque]

    def __len__(self) -> int:
        return len(self.ordre_neutre)


def prepare(demandes: pd.DataFrame, profils: tuple[str, ...] = (), segments: tuple[str, ...] = ()) -> File:
    """Note each demande on each criterion, once for all weights.

    `demandes`: one row per active demande, with `pseudonyme`, `date_creation`, `anciennete_mois`, `n_rang_2` (passages
    in CAL at rang 2 or more), and the booleans (empty: false) `est_menage_aci`, `est_mutation_bloquee`,
    `est_delai_anormalement_long`, `est_attache` (lives in a commune that it asks for), `est_sur_occupation`; and the
    columns named by `profils` (text, empty: unknown) and `segments` (booleans).
    """
    mois = demandes["anciennete_mois"].to_numpy(dtype=np.int64)
    passages = demandes["n_rang_2"].fillna(0).to_numpy(dtype=np.int64)
    notes = {
        "anciennete": np.clip(mois, 0, MOIS_PLEINS) * (NOTE_PLEINE // MOIS_PLEINS),
        "poulidor": np.clip(passages, 0, PASSAGES_PLEINS) * (NOTE_PLEINE // PASSAGES_PLEINS),
        **{critere: _oui(demandes, colonne) * NOTE_PLEINE for critere, colonne in _OUI_OU_NON.items()},
    }
    rangs_pseudonymes = np.argsort(np.argsort(demandes["pseudonyme"].to_numpy(dtype=str), kind="stable"), kind="stable")
    dates = demandes["date_creation"].to_numpy(dtype="datetime64[D]")
    codes = {}
    for profil in profils:
        lus, valeurs = pd.factorize(demandes[profil], sort=True)
        codes[profil] = (lus.astype(np.int64), tuple(map(str, valeurs)))
    return File(
        np.column_stack([notes[c] for c in CRITERES]).astype(np.int64),
        np.lexsort((rangs_pseudonymes, dates)).astype(np.int64),
        codes,
        {s: _oui(demandes, s).astype(bool) for s in segments},
    )


def scores(file: File, poids: Poids) -> Entiers:
    """The weighted sum of the notes of each demande. Weights in the same ratios give the same scores."""
    valeurs = np.array(list(poids.par_critere().values()), dtype=np.int64)
    return np.asarray(file.notes @ (valeurs // gcd(*valeurs.tolist())), dtype=np.int64)


def order(file: File, poids: Poids) -> Entiers:
    """Places in the queue from first to last, highest score first, the oldest first among equals."""
    obtenus = scores(file, poids)[file.ordre_neutre]
    return np.asarray(file.ordre_neutre[np.argsort(-obtenus, kind="stable")], dtype=np.int64)


def tete(file: File, poids: Poids, taille: int) -> Masque:
    """Who is among the first `taille`; everybody when the queue is shorter."""
    dedans = np.zeros(len(file), dtype=bool)
    dedans[order(file, poids)[:taille]] = True
    return dedans


def compare(file: File, poids: Poids, taille: int, depart: Poids = NEUTRE) -> pd.DataFrame:
    """Who enters and who leaves the head of the queue when `depart` becomes `poids`.

    One row per `dimension` × `valeur`: « ensemble », each segment (dimension « segment »; they overlap) and each value
    of each profile (`inconnu` when empty). `n` demandes in the queue, `n_avant` and `n_apres` in its head, `n_entrent`,
    `n_sortent` (whole; n_apres = n_avant + n_entrent − n_sortent; over a profile each adds up to the whole).
    """
    avant, apres = tete(file, depart, taille), tete(file, poids, taille)
    tous = np.ones(len(file), dtype=bool)
    masques = np.stack([tous, avant, apres, apres & ~avant, avant & ~apres])
    groupes = [("ensemble", "ensemble", tous), *(("segment", s, membres) for s, membres in file.segments.items())]
    for profil, (codes, valeurs) in file.profils.items():
        siens = [(profil, valeur, codes == code) for code, valeur in enumerate(("inconnu", *valeurs), start=-1)]
        groupes += [groupe for groupe in siens if groupe[2].any()]
    lignes = [(dimension, valeur, *(masques & membres).sum(axis=1)) for dimension, valeur, membres in groupes]
    return pd.DataFrame(lignes, columns=["dimension", "valeur", "n", "n_avant", "n_apres", "n_entrent", "n_sortent"])


def _oui(demandes: pd.DataFrame, colonne: str) -> Entiers:
    """1 where the column is true, 0 where it is false or empty."""
    return np.asarray(demandes[colonne].eq(True).fillna(False), dtype=bool).astype(np.int64)
