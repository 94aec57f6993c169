"""The smaller tables: reception network, programme of construction, returns of the QPV commissions."""

from __future__ import annotations

from datetime import date

import numpy as np

from mel_core.contrat.reference import communes
from mel_core.contrat.tables import N_PAR_TYPOLOGIE
from mel_core.demo.alea import Alea, Colonnes, Vecteur, day, empty
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import Territoire


def months(debut: date, fin: date) -> Vecteur:
    """Months from `debut` to `fin`, written 2017-09."""
    return np.arange(np.datetime64(debut, "M"), np.datetime64(fin, "M") + 1).astype(str)


def build_accueil(r: Reglages, t: Territoire, alea: Alea) -> Colonnes:
    """One row per place and month. `n_enregistrements_en_ligne` is part of `n_enregistrements`."""
    p, mois = r["accueil"], months(r["periode"]["debut"], r["periode"]["fin"])
    n, m = p["lieux"], len(mois)
    grandes = np.argsort(-t.populations, kind="stable")[:n]
    porteur = alea.draw_codes(p["porteurs"], n)
    type_lieu = np.where(alea.random(n) < p["labellises"], "LABELLISE", "RELAIS")
    noms = np.array(
        [f"Lieu d’accueil fictif {k} ({communes()[str(t.codes[c])].nom})" for k, c in enumerate(grandes, 1)]
    )
    poids = t.populations[grandes] ** 0.7 * np.exp(alea.normal(0, 0.4, n))
    attendus = np.outer(poids / poids.sum(), np.full(m, p["enregistrements_mois"]))
    enregistrements = alea.poisson(attendus)
    en_ligne = alea.binomial(enregistrements, np.linspace(p["en_ligne_debut"], p["en_ligne_fin"], m))
    pre_accueil, entretiens = (alea.poisson(attendus * p[quoi]) for quoi in ("pre_accueil", "entretiens"))
    territoires = [communes()[str(t.codes[c])].territoire for c in grandes]
    for comptes in (enregistrements, en_ligne, entretiens):
        keep_roles(comptes, type_lieu == "RELAIS", territoires, p["relais_qui_enregistrent"])
    return {
        "code_lieu": np.repeat([f"LF{k:02d}" for k in range(1, n + 1)], m),
        "mois": np.tile(mois, n),
        "nom": np.repeat(noms, m),
        "type_lieu": np.repeat(type_lieu, m),
        "porteur": np.repeat(porteur, m),
        "code_insee": np.repeat(t.codes[grandes], m),
        "n_pre_accueil": pre_accueil.ravel(),
        "n_enregistrements": enregistrements.ravel(),
        "n_enregistrements_en_ligne": en_ligne.ravel(),
        "n_entretiens": entretiens.ravel(),
    }


def keep_roles(comptes: Vecteur, est_relais: Vecteur, territoires: list[str], un_sur: int) -> None:
    """A relais only welcomes, but one of them in `un_sur`, as files have it: what the others would have registered goes
    to the labellisé places of their territoire in turn (of anywhere when it has none), so that no total changes.
    `comptes`: one row per place, changed in place."""
    labellises = np.flatnonzero(~est_relais)
    for rang, relais in enumerate(np.flatnonzero(est_relais)):
        if rang % un_sur:
            voisins = [k for k in labellises if territoires[k] == territoires[relais]] or list(labellises)
            comptes[voisins[rang % len(voisins)]] += comptes[relais]
            comptes[relais] = 0


def build_programmation(r: Reglages, t: Territoire, alea: Alea) -> Colonnes:
    """Operations of construction; those that rebuild demolished dwellings (NPRU) have 60 % PLAI."""
    p = r["programmation"]
    n = p["operations"]
    commune = alea.draw_rangs(t.populations**0.8, n)
    npru = alea.draw_exact(np.full(n, p["npru_operations"] / n))
    total = np.maximum(8, np.round(p["taille_mediane"] * np.exp(alea.normal(0, 0.5, n)))).astype(int)
    sociaux = np.where(npru, total, np.maximum(3, np.round(total * p["sociaux"]))).astype(int)
    pls = np.where(npru, 0, alea.binomial(sociaux, p["pls"]))
    plai = np.round((sociaux - pls) * np.where(npru, p["npru_plai"], p["plai"] + alea.normal(0, 0.04, n))).astype(int)
    noms = [f"Opération fictive {k} ({communes()[str(t.codes[c])].nom})" for k, c in enumerate(commune, 1)]
    return {
        "code_operation": np.array([f"OPF{k:03d}" for k in range(1, n + 1)]),
        "nom": np.array(noms),
        "code_insee": t.codes[commune],
        "annee": np.sort(alea.choice(np.array(p["annees"]), n)),
        "n_logements": total,
        "n_plus": sociaux - pls - plai,
        "n_plai": plai,
        "n_pls": pls,
        "npru": npru,
        **share_typologies(r, sociaux),
    }


def share_typologies(r: Reglages, sociaux: Vecteur) -> Colonnes:
    """The social dwellings of each operation by typologie, whole numbers that add up (largest remainder); one operation
    in ten does not say them. Nothing is drawn: the tables that follow stay the same."""
    parts = r["programmation"]["typologies"]
    exacts = np.outer(sociaux, list(parts.values()))
    entiers = np.floor(exacts).astype(int)
    rangs = np.argsort(np.argsort(entiers - exacts, axis=1, kind="stable"), axis=1, kind="stable")
    entiers += rangs < (sociaux - entiers.sum(axis=1))[:, None]
    est_tue = np.arange(len(sociaux)) % 10 == 9
    return {N_PAR_TYPOLOGIE[t]: empty(entiers[:, k], est_tue) for k, t in enumerate(parts)}


def build_commissions(r: Reglages, codes_qpv: Vecteur, alea: Alea) -> Colonnes:
    """Meetings of the commissions that designate candidates for dwellings in a QPV."""
    p = r["commissions_qpv"]
    mois = months(p["debut"], r["periode"]["fin"]).astype("datetime64[M]")
    tenues = alea.random((len(mois), len(codes_qpv))) < p["par_mois"]
    rang_mois, rang_qpv = np.nonzero(tenues)
    n = len(rang_mois)
    jours = mois[rang_mois].astype("datetime64[D]") + alea.integers(0, 27, n).astype("timedelta64[D]")
    candidats = alea.poisson(p["candidats"], n)
    designes = alea.binomial(candidats, p["designes"])
    observations = alea.choice(np.array(p["observations"]), n)
    return {
        "id_retour": np.array([f"CQF{k:04d}" for k in range(1, n + 1)]),
        "code_qpv": codes_qpv[rang_qpv],
        "date": np.minimum(jours, day(r["periode"]["fin"])),
        "n_candidats": candidats,
        "n_designes": designes,
        "n_refuses": alea.binomial(designes, p["refuses"]),
        "observation": empty(observations, alea.random(n) < 0.4),
    }
