"""Demandes: those housed, those waiting, those struck off without a lease."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mel_core.demo.alea import JOURS_PAR_MOIS, Alea, Colonnes, Urne, Vecteur, add_days, day, empty, months_before, stack
from mel_core.demo.attributions import (
    RESSOURCES,
    Attributions,
    Lieux,
    Menages,
    sample_etiquettes,
    sample_lieux,
    sample_menages,
    sample_ressources,
)
from mel_core.demo.parc import Parc, Territoire
from mel_core.demo.reglages_demo import Reglages

JAMAIS = np.datetime64("2999-12-31", "D")
ETAT_DEMANDE = ("n_personnes", "n_uc", "categorie_menage", "revenu_fiscal", "ressources_mensuelles", "actif")
ETIQUETTES = ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")


@dataclass(frozen=True)
class Demandes:
    """All demandes of a tranche. The first are those of the attributions, in the same order."""

    creation: Vecteur
    fin: Vecteur  # day struck off or housed; JAMAIS for those that wait
    active: Vecteur
    mutation: Vecteur
    typologie: Vecteur
    lieux: Lieux
    numeros: Vecteur
    colonnes: Colonnes

    def kept(self, r: Reglages) -> Vecteur:
        """Those not yet erased: active, or struck off within the months of conservation."""
        fin, mois = r["periode"]["fin"], r["periode"]["conservation_mois"]
        return self.active | (self.fin > months_before(fin, mois))


def sample_demandes(
    r: Reglages, t: Territoire, parc: Parc, attributions: Attributions, tranche: int, alea: Alea
) -> Demandes:
    """One row per demande: those housed, in the order of their attributions, then the active, then the struck off."""
    p, reference = r["demandes"], r["periode"]["fin"]
    n_logees = len(attributions.date_bail)
    mutation = np.concatenate(
        [
            attributions.mutation,
            alea.sample_exact(np.full(p["actives"], p["mutations"]["active"])),
            alea.sample_exact(np.full(count_radiees(r), p["mutations"]["radiee"])),
        ]
    )
    n_autres = len(mutation) - n_logees
    en_attente = sample_ages(p, alea, mutation[n_logees : n_logees + p["actives"]])
    creation_radiees, fin_radiees = sample_radiations(r, alea)
    creation = np.concatenate([attributions.date_creation, add_days(day(reference), -en_attente), creation_radiees])
    fin = np.concatenate([attributions.date_bail, np.full(p["actives"], JAMAIS), fin_radiees])
    typologie = np.concatenate([attributions.typologie, alea.sample_codes(p["typologies"], n_autres)])
    autres = sample_menages(r, alea, typologie[n_logees:])
    profil = stack(
        [
            {nom: attributions.colonnes[nom] for nom in (*ETAT_DEMANDE, *ETIQUETTES)},
            sample_profil(r, alea, autres, mutation[n_logees:]),
        ]
    )
    logement = np.concatenate([parc.commune[attributions.residence], np.full(n_autres, -1)])
    lieux = sample_lieux(r, t, parc, logement, alea)
    motif = np.concatenate(
        [
            np.full(n_logees, "RADATT"),
            np.full(p["actives"], "RADREN"),
            alea.sample_codes(p["motifs_radiation"], len(fin_radiees)),
        ]
    )
    active = fin == JAMAIS
    demandes = Demandes(creation, fin, active, mutation, typologie, lieux, number(creation, tranche), profil)
    etat = describe_etat(r, alea, demandes, motif)
    situation = describe_situation(r, t, parc, alea, demandes)
    colonnes = {"numero_unique": demandes.numeros, **etat, **profil, **situation}
    return replace(demandes, colonnes={**colonnes, **sample_points(r, demandes, colonnes, alea)})


def count_radiees(r: Reglages) -> int:
    """Demandes struck off over the whole period."""
    debut, fin = r["periode"]["debut"], r["periode"]["fin"]
    mois = (fin.year - debut.year) * 12 + fin.month - debut.month + 1
    return int(r["demandes"]["radiees_par_an"]) * mois // 12


def sample_ages(p: Reglages, alea: Alea, mutation: Vecteur) -> Vecteur:
    """Days since the creation of those who wait at the end of the period."""
    part = float(mutation.mean())
    longueur = np.where(mutation, p["anciennete_mutation"], (1 - part * p["anciennete_mutation"]) / (1 - part))
    mois = p["anciennete_echelle_mois"] * alea.weibull(p["anciennete_forme"], len(mutation)) * longueur
    return (mois.clip(0, p["anciennete_max_mois"]) * JOURS_PAR_MOIS).astype(int)


def sample_radiations(r: Reglages, alea: Alea) -> tuple[Vecteur, Vecteur]:
    """Creation and end of those struck off: most did not renew, a month after an anniversary."""
    n = count_radiees(r)
    debut, fin = day(r["periode"]["debut"]), day(r["periode"]["fin"])
    jours = int((fin - debut).astype(int)) + 1
    sortie = debut + alea.integers(0, jours, n).astype("timedelta64[D]")
    durees = r["demandes"]["durees_radiation"]
    mois = np.array([int(m) for m in durees])[alea.sample_rangs(durees.values(), n)]
    return add_days(sortie, -np.round(mois * JOURS_PAR_MOIS + alea.integers(0, 20, n))), sortie


def number(creation: Vecteur, tranche: int) -> Vecteur:
    """Numéros uniques, visibly false: 999 for the territory, then month, year, sequence and a counter of tranches."""
    mois = creation.astype("datetime64[M]").astype(int)
    rang = np.empty(len(creation), dtype=int)
    rang[np.argsort(creation, kind="stable")] = np.arange(1, len(creation) + 1)
    suite = zip(mois % 12 + 1, (1970 + mois // 12) % 100, rang, strict=True)
    return np.array([f"999{m:02d}{a:02d}{k:06d}99{tranche:03d}" for m, a, k in suite])


def sample_profil(r: Reglages, alea: Alea, menages: Menages, mutation: Vecteur) -> Colonnes:
    """Ressources and labels of those who were not housed."""
    p, n = r["demandes"], len(mutation)
    classes = alea.sample_rangs([p["ressources"][c] for c in RESSOURCES], n)
    annees = np.full(n, r["periode"]["fin"].year)
    aci = alea.sample_exact(np.where(mutation, p["aci"]["mutation"], p["aci"]["premier_acces"]))
    bloquees = alea.sample_exact(np.where(mutation, p["bloquees_parmi_mutations"], 0.0))
    npru = alea.sample_exact(np.where(mutation & ~bloquees, p["npru_parmi_mutations"], 0.0))
    vides = np.full(n, r["menages"]["revenu_vide"])
    return {
        **menages.columns(r, alea),
        **sample_ressources(r, alea, menages, annees, classes, vides),
        **sample_etiquettes(r, alea, aci, bloquees, npru),
    }


def describe_etat(r: Reglages, alea: Alea, d: Demandes, motif: Vecteur) -> Colonnes:
    """State and dates; a few active demandes were struck off, then taken up again (their `date_radiation` remains)."""
    p, reference = r["demandes"], day(r["periode"]["fin"])
    dernier = np.minimum(d.fin, reference)
    jours = (dernier - d.creation).astype(int)
    anniversaires = jours // 365 - (
        d.active & (jours >= 365) & (alea.random(len(jours)) < p["renouvellement_en_retard"])
    )
    ancienne = d.active & (jours > 500)
    reprise = ancienne & alea.sample_exact(np.where(ancienne, p["reactivees"] * d.active.sum() / ancienne.sum(), 0.0))
    radiation = np.where(reprise, add_days(d.creation, np.full(len(jours), 400)), d.fin)
    return {
        "date_creation": d.creation,
        "date_renouvellement": empty(add_days(d.creation, 365 * anniversaires), anniversaires < 1),
        "etat": np.where(d.active, "ACTIVE", "RADIEE"),
        "date_radiation": empty(radiation, d.active & ~reprise),
        "motif_radiation": empty(motif, d.active & ~reprise),
        "delai_anormalement_long": d.active
        & (jours > 24 * JOURS_PAR_MOIS)
        & (alea.random(len(jours)) < p["signalement_delai"]),
    }


def describe_situation(r: Reglages, t: Territoire, parc: Parc, alea: Alea, d: Demandes) -> Colonnes:
    """Present housing, motive, wishes, age."""
    p, n = r["demandes"], len(d.creation)
    statut, motif = np.full(n, "HLM", dtype="U6"), np.full(n, "", dtype="U2")
    statut[~d.mutation] = alea.sample_codes(p["statuts"], int((~d.mutation).sum()))
    for lignes, cle in ((d.mutation, "mutation"), (~d.mutation, "premier_acces")):
        motif[lignes] = alea.sample_codes(p["motifs"][cle], int(lignes.sum()))
    # A bailleur of the commune where the tenant lives, by its stock; one of the whole stock where there is none.
    stock, chez = Urne(parc.commune, parc.logements), d.lieux.rang_residence
    bloquee = d.colonnes["mutation_bloquee"]
    age = np.round(18 + alea.gamma(2.6, 8.5, n)).clip(18, 95).astype(int)
    return {
        "statut_logement": empty(statut, ~d.mutation & (alea.random(n) < p["statut_vide"])),
        "code_insee_actuel": d.lieux.residence,
        "code_bailleur_actuel": empty(
            parc.codes_bailleurs[parc.bailleur[stock.sample(chez, alea, sinon_partout=True)]], ~d.mutation
        ),
        "motif": motif,
        "typologies": widen(alea, d.typologie, p["typologie_de_plus"]),
        "communes_souhaitees": d.lieux.souhaits,
        "critere_mutation": empty(alea.sample_codes(p["criteres"], n), ~bloquee),
        "age": age,
    }


def sample_points(r: Reglages, d: Demandes, colonnes: Colonnes, alea: Alea) -> Colonnes:
    """The points of a fictitious grid of cotation; no column where the settings have none.

    What the household is, and a number for each full year that it waited, up to a maximum."""
    grille = r["demandes"].get("cotation")
    if grille is None:
        return {}
    ans = (np.minimum(d.fin, day(r["periode"]["fin"])) - d.creation).astype(int) // 365
    points = grille["par_an"] * np.minimum(ans, grille["ans_max"])
    for colonne, valeurs in grille["criteres"].items():
        for valeur, apport in valeurs.items():
            porte = np.ma.filled(colonnes[colonne].astype(str), "") == valeur
            points = points + apport * porte
    return {"points": empty(points, alea.sample_exact(np.full(len(points), grille["vides"])))}


def widen(alea: Alea, typologie: Vecteur, part: float) -> Vecteur:
    """The typologie wanted, and for some the next larger one."""
    suivante = {"T1": "T2", "T2": "T3", "T3": "T4", "T4": "T5", "T5": "T6P"}
    listes = {code: f"{code}|{suivante[code]}" if code in suivante else code for code in np.unique(typologie)}
    elargies = np.array([listes[code] for code in typologie])
    return np.where(alea.random(len(typologie)) < part, elargies, typologie)
