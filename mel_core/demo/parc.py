"""Fictitious social stock: bailleurs, résidences, QPV."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mel_core.demo.alea import Alea, Colonnes, Vecteur, empty
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import CLASSES, Territoire

GRANDES_VILLES = ("59350", "59512", "59599", "59009")
NOMS = (
    "Les Tilleuls",
    "Les Érables",
    "Les Acacias",
    "Les Lilas",
    "Les Peupliers",
    "Les Charmes",
    "Les Glycines",
    "Les Moulins",
    "Le Beffroi",
    "Le Canal",
    "La Filature",
    "Les Tisserands",
    "Le Rouissoir",
    "Les Houblons",
    "Le Carillon",
    "Les Jacquards",
    "La Deûle",
    "Les Vergers",
    "Le Verger",
    "Les Bleuets",
    "Les Coquelicots",
    "Les Hirondelles",
    "Les Alouettes",
    "Le Pigeonnier",
    "La Briqueterie",
    "Les Cheminées",
    "Les Courées",
)


@dataclass(frozen=True)
class Parc:
    """Résidences, each pointing by rank to its quartier, commune, bailleur and QPV (−1: none)."""

    codes: Vecteur
    noms: Vecteur
    quartier: Vecteur
    commune: Vecteur
    bailleur: Vecteur
    logements: Vecteur
    financement: Vecteur
    fragilite: Vecteur  # rank in CLASSES
    rotation: Vecteur  # share of dwellings let again in a year
    qpv: Vecteur
    codes_bailleurs: Vecteur

    @property
    def flux(self) -> Vecteur:
        """Dwellings let in a year."""
        return self.logements * self.rotation


def build_parc(r: Reglages, t: Territoire, alea: Alea, facteur: int) -> Parc:
    """One row per fictitious résidence, in the real IRIS, with its occupants, vacancies and rotation."""
    quartier, logements = build_residences(r, t, alea, facteur)
    commune = t.commune[quartier]
    fragilite = t.fragilites[quartier]
    moyenne = np.array([r["parc"]["rotation"][c] for c in CLASSES])[fragilite]
    rotation = (moyenne * np.exp(alea.normal(0, r["parc"]["rotation_sigma"], len(quartier)))).round(4)
    codes = np.array([f"RF{i:06d}" for i in range(1, len(quartier) + 1)])
    noms = alea.choice(np.array(NOMS), len(quartier))
    return Parc(
        codes,
        np.array([f"Résidence fictive {nom} {i}" for i, nom in enumerate(noms, start=1)]),
        quartier,
        commune,
        draw_bailleurs(r, t, alea, commune, logements),
        logements,
        alea.draw_codes(r["parc"]["financements"], len(quartier)),
        fragilite,
        rotation,
        np.full(len(quartier), -1),
        np.array([b["code"] for b in r["bailleurs"]]),
    )


def build_residences(r: Reglages, t: Territoire, alea: Alea, facteur: int) -> tuple[Vecteur, Vecteur]:
    """Quartier and number of dwellings of each résidence; a tiny commune has none."""
    p = r["parc"]
    stock = np.array(
        [p["communes"].get(c, p["part_defaut"] * n) for c, n in zip(t.codes, t.populations, strict=True)], dtype=float
    )
    stock[t.populations < p["population_min"]] = 0
    stock *= p["logements"] * facteur / stock.sum()
    poids = t.habitants * np.array([p["poids_ips"].get(str(i), 0.0) for i in t.ips])
    poids = poids * np.exp(alea.normal(0, 0.5, len(poids)))
    taille = p["taille_mediane"] * np.exp(p["taille_sigma"] ** 2 / 2)
    quartiers, tailles = [], []
    for commune, attendus in enumerate(stock):
        siens = np.flatnonzero((t.commune == commune) & (poids > 0))
        if attendus < 1 or len(siens) == 0:
            continue
        n = max(1, round(attendus / taille))
        brutes = np.exp(alea.normal(0, p["taille_sigma"], n))
        tailles.append(np.maximum(3, np.round(brutes * attendus / brutes.sum())))
        quartiers.append(siens[alea.draw_rangs(poids[siens], n)])
    return np.concatenate(quartiers), np.concatenate(tailles).astype(int)


def draw_bailleurs(r: Reglages, t: Territoire, alea: Alea, commune: Vecteur, logements: Vecteur) -> Vecteur:
    """Rank of each résidence's bailleur: present by territory, and each with its share of the whole stock."""
    bailleurs = r["bailleurs"]
    zones, zone = np.unique(t.territoires, return_inverse=True)
    presence = np.exp(alea.normal(0, 0.9, (len(bailleurs), len(zones))))[:, zone]
    presence *= np.exp(alea.normal(0, 0.7, presence.shape))
    grandes = np.isin(t.codes, GRANDES_VILLES)
    presence[:, grandes] *= np.array([[b["grandes_villes"]] for b in bailleurs])
    stock = np.bincount(commune, weights=logements, minlength=len(t.codes))
    voulus = np.array([b["poids"] for b in bailleurs], dtype=float)
    voulus *= stock.sum() / voulus.sum()
    for _ in range(20):
        presence /= presence.sum(axis=0)
        presence *= (voulus / (presence @ stock))[:, None]
    cumul = np.cumsum(presence / presence.sum(axis=0), axis=0)[:, commune]
    return (alea.random(len(commune)) > cumul).sum(axis=0).clip(max=len(bailleurs) - 1)


def draw_qpv(r: Reglages, t: Territoire, parc: Parc) -> Vecteur:
    """Rank of each quartier's QPV, −1 outside: the most fragile, up to the share of the flow that they must receive.

    Neighbours of one commune share a QPV; the communes share the number of QPV by their quartiers.
    """
    p = r["qpv"]
    flux = np.bincount(parc.quartier, weights=parc.flux, minlength=len(t.quartiers))
    candidats = np.flatnonzero((flux > 0) & (t.precarites[t.commune] >= p["precarite_min"]))
    ordre = candidats[np.argsort(-t.latents[candidats], kind="stable")]
    n = int(np.searchsorted(np.cumsum(flux[ordre]), p["part_attributions"] * flux.sum())) + 1
    pris = np.sort(ordre[:n])
    communes, effectifs = np.unique(t.commune[pris], return_counts=True)
    libres = max(0, p["nombre_max"] - len(communes))
    nombres = 1 + np.floor(libres * effectifs / effectifs.sum()).astype(int)
    qpv, premier = np.full(len(t.quartiers), -1), 0
    for commune, nombre in zip(communes, nombres, strict=True):
        siens = pris[t.commune[pris] == commune]
        qpv[siens] = premier + np.arange(len(siens)) * nombre // len(siens)
        premier += nombre
    return np.unique(qpv, return_inverse=True)[1] - 1


def name_qpv(t: Territoire, qpv: Vecteur) -> tuple[Vecteur, Vecteur]:
    """Codes and names of the QPV, visibly fictitious: `Roubaix — Les Tilleuls (fictif)`, the first of its quartiers."""
    premiers = [int(np.flatnonzero(qpv == k)[0]) for k in range(int(qpv.max()) + 1)]
    return (
        np.array([f"QPF{k:03d}" for k in range(1, len(premiers) + 1)]),
        np.array([f"{str(t.noms[q]).replace(', ', ' — ')} (fictif)" for q in premiers]),
    )


def locate_in_qpv(r: Reglages, t: Territoire, parc: Parc, qpv: Vecteur, alea: Alea) -> Vecteur:
    """Rank of each résidence's QPV: its quartier's, and for a few beside a QPV, the first of their commune."""
    siens = qpv[parc.quartier]
    voisins = (siens < 0) & (parc.fragilite == 0) & (alea.random(len(siens)) < r["qpv"]["hors_perimetre"])
    for i in np.flatnonzero(voisins):
        autres = qpv[(t.commune == parc.commune[i]) & (qpv >= 0)]
        if len(autres):
            siens[i] = autres[0]
    return siens


def tabulate_bailleurs(r: Reglages) -> Colonnes:
    """The table of the fictitious landlords."""
    return {
        "code_bailleur": np.array([b["code"] for b in r["bailleurs"]]),
        "nom": np.array([b["nom"] for b in r["bailleurs"]]),
    }


def tabulate_residences(r: Reglages, t: Territoire, parc: Parc, codes_qpv: Vecteur, alea: Alea) -> Colonnes:
    """The résidences, with the occupants in place by class of ressources (survey of `annee_enquete`)."""
    p, n = r["parc"], len(parc.codes)
    vacants = alea.binomial(parc.logements, p["vacance"])
    occupes = parc.logements - vacants
    inconnus = alea.binomial(occupes, p["occupants_inconnus"])
    part = np.array([p["occupants_modestes"][c] for c in CLASSES])[parc.fragilite]
    connus = occupes - inconnus
    modestes = alea.binomial(connus, np.clip(part + alea.normal(0, 0.06, n), 0.05, 0.95))
    tres = alea.binomial(modestes, p["tres_modestes_parmi_modestes"])
    intermediaires = alea.binomial(connus - modestes, p["intermediaires_parmi_autres"])
    return {
        "code_residence": parc.codes,
        "nom": parc.noms,
        "code_bailleur": parc.codes_bailleurs[parc.bailleur],
        "code_quartier": t.quartiers[parc.quartier],
        "n_logements": parc.logements,
        "financement": parc.financement,
        "code_qpv": empty(codes_qpv[parc.qpv], parc.qpv < 0),
        "npru": draw_npru(r, parc, alea),
        "enjeu_mixite": choose_enjeux(r, modestes, connus),
        "n_vacants": vacants,
        "n_vacants_3_mois": alea.binomial(vacants, p["vacance_3_mois"]),
        "taux_rotation": parc.rotation,
        "n_occupants_tres_modestes": tres,
        "n_occupants_modestes": modestes - tres,
        "n_occupants_intermediaires": intermediaires,
        "n_occupants_eleves": connus - modestes - intermediaires,
        "n_occupants_inconnus": inconnus,
        "annee_enquete": np.full(n, p["annee_enquete"]),
    }


def choose_enjeux(r: Reglages, modestes: Vecteur, connus: Vecteur) -> Vecteur:
    """Résidences with a stake of social mix: those whose occupants are the most modest. Nothing is drawn, so that
    nothing else of the demonstration moves."""
    parts = np.divide(modestes, connus, out=np.zeros(len(connus)), where=connus > 0)
    enjeux = np.zeros(len(connus), dtype=bool)
    enjeux[np.argsort(-parts, kind="stable")[: round(r["parc"]["enjeu_mixite"] * len(connus))]] = True
    return enjeux


def draw_npru(r: Reglages, parc: Parc, alea: Alea) -> Vecteur:
    """Résidences under the renewal programme: some of those in a QPV."""
    dans = parc.qpv >= 0
    return alea.draw_exact(np.where(dans, min(1.0, r["parc"]["npru_residences"] / dans.sum()), 0.0))
