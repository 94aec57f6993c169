"""Leases signed: who, where, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from mel_core.demo.alea import JOURS_PAR_MOIS, Alea, Colonnes, Vecteur, add_days, day, empty, shift_to_mean
from mel_core.demo.menages import RESSOURCES, draw_etiquettes, draw_menages, draw_ressources
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import CLASSES, Territoire


@dataclass(frozen=True)
class Attributions:
    """What demandes and events must agree with; `colonnes` is what the file says, with its gaps."""

    residence: Vecteur
    date_bail: Vecteur
    date_creation: Vecteur
    typologie: Vecteur
    mutation: Vecteur
    colonnes: Colonnes


def years(jours: Vecteur) -> Vecteur:
    """Calendar year of each day."""
    return jours.astype("datetime64[Y]").astype(int) + 1970


def semesters(jours: Vecteur) -> Vecteur:
    """Rank of the semester of each day since 1970: two days of the same semester have the same."""
    return (jours.astype("datetime64[M]").astype(int) // 6).astype(int)


def draw_attributions(r: Reglages, t: Territoire, parc: Parc, alea: Alea) -> Attributions:
    """One row per bail of the period, its household, résidence, réservataire and labels."""
    p = r["attributions"]
    date_bail = draw_bails(r, alea)
    n = len(date_bail)
    residence = alea.draw_rangs(parc.flux, n)
    typologie = alea.draw_codes(p["typologies"], n)
    mutation = alea.draw_exact(np.full(n, p["mutations"]))
    menages = draw_menages(r, alea, typologie)
    date_creation = add_days(date_bail, -draw_delais(p, alea, mutation))
    classes = draw_classes(r, parc, alea, residence, years(date_bail))
    colonnes: Colonnes = {
        "date_bail": date_bail,
        "date_creation_demande": date_creation,
        "code_insee": t.codes[parc.commune[residence]],
        "code_bailleur": parc.codes_bailleurs[parc.bailleur[residence]],
        **draw_places(r, t, parc, alea, residence),
        "typologie": typologie,
        "mutation": mutation,
        **menages.columns(r, alea),
        **draw_ressources(r, alea, menages, years(date_bail), classes, empty_chances(r, parc, residence)),
        **draw_labels(r, t, parc, alea, residence, date_bail, mutation, classes),
    }
    colonnes["reservataire"] = draw_reservataires(p, alea, colonnes["aci"] | colonnes["dalo"] | colonnes["pdalhpd"])
    return Attributions(residence, date_bail, date_creation, typologie, mutation, colonnes)


def draw_bails(r: Reglages, alea: Alea) -> Vecteur:
    """Dates of signature, fewer in August, in order; of a year that the period cuts, its part of the year's number."""
    jours = []
    for annee, n in sorted(r["attributions"]["par_an"].items()):
        premier = np.datetime64(date(int(annee), 1, 1), "D")
        annuel = premier + np.arange(365)
        mois = annuel.astype("datetime64[M]").astype(int) % 12
        ouvrables = np.is_busday(annuel)
        poids = np.where(mois == 7, 0.7, 1.0) * np.where(ouvrables, 1.0, 0.02)
        dans = (annuel >= day(r["periode"]["debut"])) & (annuel <= day(r["periode"]["fin"]))
        siens = round(n * float(poids[dans].sum() / poids.sum()))
        jours.append(annuel[dans][alea.draw_rangs(poids[dans], siens)])
    return np.sort(np.concatenate(jours))


def draw_delais(p: Reglages, alea: Alea, mutation: Vecteur) -> Vecteur:
    """Days between the demande and the lease: skewed, at least a month."""
    mois = np.exp(alea.normal(np.log(p["delai_median_mois"]), p["delai_sigma"], len(mutation)))
    part = float(mutation.mean())
    longueur = np.where(mutation, p["delai_mutation"], (1 - part * p["delai_mutation"]) / (1 - part))
    mois = mois * longueur
    # Beyond the maximum, spread below it rather than heaped on one value.
    mois = np.where(mois > p["delai_max_mois"], p["delai_max_mois"] * alea.uniform(0.5, 1, len(mois)), mois)
    return np.round(mois.clip(min=1) * JOURS_PAR_MOIS).astype(int)


def draw_classes(r: Reglages, parc: Parc, alea: Alea, residence: Vecteur, annees: Vecteur) -> Vecteur:
    """Rank of each household's class of ressources: the share of modest ones is that of the year and fragility, and
    varies around it by bailleur and commune."""
    p = r["attributions"]
    par_bailleur = alea.normal(0, p["ecart_bailleur"], len(parc.codes_bailleurs))
    par_commune = alea.normal(0, p["ecart_commune"], int(parc.commune.max()) + 1)
    logits = par_bailleur[parc.bailleur[residence]] + par_commune[parc.commune[residence]]
    modeste = np.zeros(len(residence), dtype=bool)
    for annee, cibles in p["modestes"].items():
        for rang, fragilite in enumerate(CLASSES):
            lignes = np.flatnonzero((annees == int(annee)) & (parc.fragilite[residence] == rang))
            modeste[lignes] = alea.draw_exact(shift_to_mean(logits[lignes], cibles[fragilite]))
    bas = alea.draw_exact(
        np.where(modeste, p["tres_modestes_parmi_modestes"], p["intermediaires_parmi_autres"]).astype(float)
    )
    return np.where(modeste, np.where(bas, 0, 1), np.where(bas, 2, 3))


def empty_chances(r: Reglages, parc: Parc, residence: Vecteur) -> Vecteur:
    """Probability (0–1) that a bail bears no income, by the habits of its bailleur."""
    propres = r["attributions"]["revenu_vide_bailleur"]
    par_bailleur = np.array([propres.get(code, r["menages"]["revenu_vide"]) for code in parc.codes_bailleurs])
    return par_bailleur[parc.bailleur[residence]]


def draw_labels(
    r: Reglages,
    t: Territoire,
    parc: Parc,
    alea: Alea,
    residence: Vecteur,
    date_bail: Vecteur,
    mutation: Vecteur,
    classes: Vecteur,
) -> Colonnes:
    """ACI with a real spread between communes and bailleurs; blocked mutations and NPRU among mutations."""
    p, n = r["attributions"], len(residence)
    logits = (
        alea.normal(0, p["aci_ecart_bailleur"], len(parc.codes_bailleurs))[parc.bailleur[residence]]
        + alea.normal(0, p["aci_ecart_commune"], len(t.codes))[parc.commune[residence]]
        + p["aci_modeste"] * (classes <= RESSOURCES.index("modeste"))
    )
    prioritaires = np.zeros(n, dtype=bool)
    for lignes, cible in ((~mutation, p["aci"]["premier_acces"]), (mutation, p["aci"]["mutation"])):
        prioritaires[lignes] = alea.draw_exact(shift_to_mean(logits[lignes], cible))
    bloquees = alea.draw_exact(np.where(mutation, p["bloquees_parmi_mutations"], 0.0))
    seances = semesters(date_bail)
    npru = np.zeros(n, dtype=bool)
    for seance, attendues in zip(np.unique(seances), p["npru_par_semestre"], strict=True):
        possibles = np.flatnonzero(mutation & (seances == seance) & ~bloquees)
        npru[alea.choice(possibles, attendues, replace=False)] = True
    return draw_etiquettes(r, alea, prioritaires, bloquees, npru)


def draw_places(r: Reglages, t: Territoire, parc: Parc, alea: Alea, residence: Vecteur) -> Colonnes:
    """Résidence, quartier and financing as the file tells them: some are missing, a few designate nothing."""
    p, n = r["attributions"], len(residence)
    vides = alea.draw_exact(np.full(n, p["residence_vide"]))
    inconnues = alea.draw_exact(np.full(n, p["residence_inconnue"])) & ~vides
    quartier = alea.random(n) < np.where(vides, p["quartier_sans_residence"], p["quartier_rempli"])
    codes = np.where(inconnues, "RF999999", parc.codes[residence])
    return {
        "code_residence": empty(codes, vides),
        "code_quartier": empty(t.quartiers[parc.quartier[residence]], ~quartier),
        "financement": parc.financement[residence],
    }


def draw_reservataires(p: Reglages, alea: Alea, prioritaires: Vecteur) -> Vecteur:
    """Contingent of each bail: households with a priority are not on the same ones as the others."""
    codes = np.full(len(prioritaires), "AUCUN", dtype="U6")
    for lignes, poids in ((prioritaires, "aci"), (~prioritaires, "ordinaire")):
        codes[lignes] = alea.draw_codes(p["reservataires"][poids], int(lignes.sum()))
    return codes
