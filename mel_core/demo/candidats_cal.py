"""Who is put before a commission: one winner per lease, and others who wait for the same kind of dwelling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mel_core.demo.alea import Booleens, Entiers, Jours, Nombres, add_days, draw_exact, draw_rangs
from mel_core.demo.attributions import Attributions
from mel_core.demo.demandes import Demandes
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages

ESSAIS = 8


@dataclass(frozen=True)
class Passages:
    """One file at one commission. `rang` is 0 where the dwelling was not attributed to it, even under reserve."""

    logement: Entiers  # rank of the attribution that this commission led to
    demande: Entiers
    date: Jours
    rang: Entiers
    refus: Booleens
    irrecevable: Booleens


def draw_passages(
    r: Reglages, parc: Parc, attributions: Attributions, demandes: Demandes, alea: np.random.Generator
) -> Passages:
    """One row per candidate of each commission: the one housed, those before who refused, those after."""
    p, n = r["evenements"], len(attributions.date_bail)
    nombre = 1 + draw_rangs(alea, p["candidats"], n)
    # The first may refuse where a second is there to follow, and so on.
    refus_1 = draw_exact(alea, np.where(nombre >= 2, p["refus_rang_1"] * n / (nombre >= 2).sum(), 0.0))
    refus_2 = refus_1 & (nombre >= 3) & (alea.random(n) < p["refus_rang_2"])
    gagnant = 1 + refus_1 + refus_2
    delai = (attributions.date_bail - attributions.date_creation).astype(int)
    date_cal = add_days(attributions.date_bail, -np.minimum(alea.integers(14, 50, n), delai // 2))

    logement = np.repeat(np.arange(n), nombre)
    place = np.arange(len(logement)) - np.repeat(np.cumsum(nombre) - nombre, nombre) + 1
    apres = place > gagnant[logement]
    sort = alea.random(len(logement))
    ecarte = apres & (sort < p["non_attribution"] + p["irrecevable"])
    rang = np.where(ecarte, 0, place - count_before(ecarte, nombre))
    gagne = place == gagnant[logement]
    demande = np.where(gagne, logement, -1)
    autres = np.flatnonzero(~gagne)
    demande[autres] = choose(r, parc, attributions, demandes, logement[autres], date_cal[logement[autres]], alea)
    garde = (demande >= 0) & first_time(logement, demande)
    return Passages(
        logement[garde],
        demande[garde],
        date_cal[logement][garde],
        rang[garde],
        (place < gagnant[logement])[garde],
        (ecarte & (sort < p["irrecevable"]))[garde],
    )


def count_before(marque: Booleens, nombre: Entiers) -> Entiers:
    """For each file, how many are marked among those before it at the same commission."""
    cumul = np.concatenate([[0], np.cumsum(marque)])
    debut = np.repeat(np.cumsum(nombre) - nombre, nombre)
    return cumul[np.arange(len(marque))] - cumul[debut]


def first_time(logement: Entiers, demande: Entiers) -> Booleens:
    """Nobody appears twice at one commission."""
    _, premiers = np.unique(np.stack([logement, demande]), axis=1, return_index=True)
    retenus = np.zeros(len(demande), dtype=bool)
    retenus[premiers] = True
    return retenus


def choose(
    r: Reglages,
    parc: Parc,
    attributions: Attributions,
    demandes: Demandes,
    logement: Entiers,
    date: Jours,
    alea: np.random.Generator,
) -> Entiers:
    """A demande for each place: waiting that day, for that commune and typologie if possible; −1 when none is found."""
    p, n = r["evenements"], len(demandes.creation)
    visibilite = np.exp(alea.normal(0, p["visibilite_sigma"], n))
    visibilite[alea.random(n) < p["jamais_presentees"]] = 0
    codes = {code: k for k, code in enumerate(r["menages"]["personnes"])}
    voulue = np.array([codes[c] for c in demandes.typologie])
    offerte = np.array([codes[c] for c in attributions.typologie])[logement]
    commune = parc.commune[attributions.residence[logement]]
    trouve = np.full(len(logement), -1)
    for cle, cherche in (
        (demandes.lieux.rang_souhait * len(codes) + voulue, commune * len(codes) + offerte),
        (voulue, offerte),
    ):
        urne = Urne(cle, visibilite)
        for _ in range(ESSAIS):
            reste = np.flatnonzero(trouve < 0)
            tire = urne.draw(cherche[reste], alea)
            attente = add_days(demandes.creation[tire], np.full(len(tire), p["anciennete_min_jours"]))
            valable = (tire >= 0) & (attente <= date[reste]) & (demandes.fin[tire] > date[reste])
            trouve[reste[valable]] = tire[valable]
    return trouve


class Urne:
    """Weighted draws inside the group of each key."""

    def __init__(self, cle: Entiers, poids: Nombres) -> None:
        self.ordre: NDArray[np.int64] = np.argsort(cle, kind="stable")
        self.cles = cle[self.ordre]
        self.cumul = np.concatenate([[0.0], np.cumsum(poids[self.ordre])])

    def draw(self, cle: Entiers, alea: np.random.Generator) -> Entiers:
        """A rank of the group of each key; −1 where the group is empty or weighs nothing."""
        bas = self.cumul[np.searchsorted(self.cles, cle, side="left")]
        haut = self.cumul[np.searchsorted(self.cles, cle, side="right")]
        niveau = bas + alea.random(len(cle)) * (haut - bas)
        place = np.searchsorted(self.cumul, niveau, side="right") - 1
        return np.where(haut > bas, self.ordre[place.clip(max=len(self.ordre) - 1)], -1)
