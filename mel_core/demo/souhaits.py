"""Where a household lives and where it would like to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mel_core.demo.alea import Entiers, Nombres, Textes, draw_rangs
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import Territoire

# Real communes of the département and beyond, outside the Métropole.
HORS_MEL = ("59178", "59183", "59392", "59606", "59122", "62498", "62041", "80021")


@dataclass(frozen=True)
class Lieux:
    """`rang_souhait`, `rang_residence`: ranks of communes; the other columns are what the file says."""

    rang_souhait: Entiers
    rang_residence: Entiers
    residence: Textes
    souhaits: NDArray[Any]  # codes joined by |


def draw_lieux(r: Reglages, t: Territoire, parc: Parc, logement: Entiers, alea: np.random.Generator) -> Lieux:
    """`logement`: rank of the commune of the lease, −1 for those who were not housed."""
    p, n = r["demandes"], len(logement)
    poids = attraction(r, t, parc)
    premier = draw_rangs(alea, poids, n)
    premier = np.where((logement >= 0) & (alea.random(n) < p["commune_de_l_attribution"]), logement, premier)
    ailleurs = draw_rangs(alea, t.populations.astype(float), n)
    vit = np.where(alea.random(n) < p["reste_dans_sa_commune"], premier, ailleurs)
    residence = t.codes[vit]
    dehors = alea.random(n) < p["commune_hors_mel"]
    residence[dehors] = alea.choice(np.array(HORS_MEL), int(dehors.sum()))
    return Lieux(premier, vit, residence, join_souhaits(r, t, alea, poids, premier))


def attraction(r: Reglages, t: Territoire, parc: Parc) -> Nombres:
    """How much each commune is wanted: where the stock is, and more where people want to live."""
    stock = np.bincount(parc.commune, weights=parc.logements, minlength=len(t.codes))
    return (stock + 15) ** 0.9 * np.array([r["demandes"]["attractivite"].get(c, 1.0) for c in t.codes])


def join_souhaits(
    r: Reglages, t: Territoire, alea: np.random.Generator, poids: Nombres, premier: Entiers
) -> NDArray[Any]:
    """The first commune and, for most, others of its territory (Lille's neighbours for Lille), without repeating."""
    p, n = r["demandes"], len(premier)
    nombre = 1 + draw_rangs(alea, p["communes_souhaitees"], n)
    autres = np.empty((n, len(p["communes_souhaitees"]) - 1), dtype=int)
    voisins = {z: np.flatnonzero((t.territoires == z) | (t.codes == "59350")) for z in np.unique(t.territoires)}
    voisins["Lille"] = np.flatnonzero(np.isin(t.territoires, ["Lille", "Couronne Nord de Lille", "Est"]))
    zones = t.territoires[premier]
    for zone, rangs in voisins.items():
        lignes = np.flatnonzero(zones == zone)
        for k in range(autres.shape[1]):
            autres[lignes, k] = rangs[draw_rangs(alea, poids[rangs], len(lignes))]
    codes, dehors = t.codes.tolist(), (alea.random(n) < p["souhait_hors_mel"]).tolist()
    listes = []
    for tete, suite, combien, hors in zip(premier.tolist(), autres.tolist(), nombre.tolist(), dehors, strict=True):
        retenus = dict.fromkeys([tete, *suite[: combien - 1]])
        listes.append("|".join([codes[k] for k in retenus] + ([HORS_MEL[0]] if hors else [])))
    return np.array(listes)
