"""Households: size, category of ceiling, unités de consommation, ressources, labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from mel_core.demo.alea import Booleens, Colonnes, Entiers, Nombres, Textes, draw_codes, draw_exact, draw_rangs, empty
from mel_core.demo.reglages_demo import Reglages
from mel_core.objectifs.parametres import PERSONNE_SUPPLEMENTAIRE, Parametres

RESSOURCES = ("tres_modeste", "modeste", "intermediaire", "eleve")


@dataclass(frozen=True)
class Menages:
    """Size of each household."""

    personnes: Entiers
    categorie: Entiers  # 1–6
    uc: Nombres

    def columns(self, r: Reglages, alea: np.random.Generator) -> Colonnes:
        n, p = len(self.uc), r["menages"]
        return {
            "n_personnes": self.personnes,
            "categorie_menage": empty(self.categorie, draw_exact(alea, np.full(n, p["categorie_vide"]))),
            "n_uc": empty(self.uc, draw_exact(alea, np.full(n, p["uc_vide"]))),
        }


def draw_menages(r: Reglages, alea: np.random.Generator, typologies: Textes) -> Menages:
    """A household that fits each typologie."""
    p = r["menages"]
    personnes = np.ones(len(typologies), dtype=int)
    for typologie, poids in p["personnes"].items():
        lignes = np.flatnonzero(typologies == typologie)
        personnes[lignes] = 1 + draw_rangs(alea, poids, len(lignes))
    seuls = personnes == 1
    monoparentaux = ~seuls & (alea.random(len(personnes)) < p["monoparentales"])
    jeunes = (personnes == 2) & ~monoparentaux & (alea.random(len(personnes)) < p["jeunes"])
    categorie = np.minimum(6, personnes + (monoparentaux | jeunes))
    adultes = np.where(seuls | monoparentaux, 1, 2)
    grands = alea.binomial(personnes - adultes, p["enfants_14_ans"])
    uc = 1 + 0.5 * (adultes - 1) + 0.5 * grands + 0.3 * (personnes - adultes - grands)
    return Menages(personnes, categorie, uc.round(1))


@cache
def plafonds() -> dict[tuple[int, str], int]:
    """PLUS ceilings in € a year, by (year, category)."""
    return {(p.annee, p.categorie): p.plafond_eur for p in Parametres.embarques().plafonds}


def ceilings(menages: Menages, annees: Entiers) -> Nombres:
    """PLUS ceiling of each household in its year, in € a year."""
    table = plafonds()
    connues = sorted({annee for annee, _ in table})
    base = np.array([[table[a, str(c)] for c in range(1, 7)] for a in connues], dtype=float)
    ajout = np.array([table[a, PERSONNE_SUPPLEMENTAIRE] for a in connues], dtype=float)
    rang = np.searchsorted(connues, annees)
    sixieme = menages.categorie == 6
    return base[rang, menages.categorie - 1] + np.where(sixieme, ajout[rang] * np.maximum(0, menages.personnes - 6), 0)


def draw_ressources(
    r: Reglages, alea: np.random.Generator, menages: Menages, annees: Entiers, classes: Entiers, vides: Nombres
) -> Colonnes:
    """Yearly tax income within each household's class (rank in `RESSOURCES`), monthly ressources near it, activity.

    `vides`: chance of an empty income; a few more are zero.
    """
    p, n = r["menages"], len(classes)
    bornes = [float(b) for b in max(Parametres.embarques().bornes_ressources, key=lambda b: b.depuis).bornes]
    bas = np.array([0.04, *bornes])[classes]
    haut = np.array([*bornes, p["eleves_max"]])[classes]
    # The highest class thins out upwards; a margin keeps rounding to the euro inside the class.
    u = np.where(classes == 3, alea.random(n) ** 1.8, alea.random(n))
    part = bas + 0.002 + (haut - bas - 0.004) * u
    revenu = np.round(part * ceilings(menages, annees))
    prestations = np.array([p["prestations"][c] for c in RESSOURCES])[classes] * menages.uc * 12
    mensuelles = ((revenu + prestations) / 12 * np.exp(alea.normal(0.02, p["ressources_bruit"], n))).round()
    actif = alea.random(n) < np.array([p["actifs"][c] for c in RESSOURCES])[classes]
    nuls = draw_exact(alea, np.full(n, p["revenu_nul"]))
    return {
        "revenu_fiscal": empty(np.where(nuls, 0, revenu).astype(int), draw_exact(alea, vides)),
        "ressources_mensuelles": empty(mensuelles.astype(int), draw_exact(alea, np.full(n, p["ressources_vides"]))),
        "actif": empty(actif, draw_exact(alea, np.full(n, p["activite_vide"]))),
    }


def draw_etiquettes(
    r: Reglages, alea: np.random.Generator, prioritaires: Booleens, bloquees: Booleens, npru: Booleens
) -> Colonnes:
    """The labels; a household of the ACI bears one or two of `aci`, `dalo`, `pdalhpd`."""
    combinaison = np.full(len(prioritaires), "", dtype="U12")
    combinaison[prioritaires] = draw_codes(alea, r["etiquettes"], int(prioritaires.sum()))
    portees = {nom: np.char.find(combinaison, nom) >= 0 for nom in ("aci", "dalo", "pdalhpd")}
    return {**portees, "mutation_bloquee": bloquees, "npru": npru}
