"""Households: size, ressources, labels; where each lives and where it would like to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from mel_core.demo.alea import Alea, Colonnes, Vecteur, empty
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages
from mel_core.demo.territoire import Territoire
from mel_core.objectifs.parametres import PERSONNE_SUPPLEMENTAIRE, Parametres

RESSOURCES = ("tres_modeste", "modeste", "intermediaire", "eleve")


@dataclass(frozen=True)
class Menages:
    """Size of each household."""

    personnes: Vecteur
    categorie: Vecteur  # 1–6
    uc: Vecteur

    def columns(self, r: Reglages, alea: Alea) -> Colonnes:
        n, p = len(self.uc), r["menages"]
        return {
            "n_personnes": self.personnes,
            "categorie_menage": empty(self.categorie, alea.draw_exact(np.full(n, p["categorie_vide"]))),
            "n_uc": empty(self.uc, alea.draw_exact(np.full(n, p["uc_vide"]))),
        }


def draw_menages(r: Reglages, alea: Alea, typologies: Vecteur) -> Menages:
    """A household that fits each typologie."""
    p = r["menages"]
    personnes = np.ones(len(typologies), dtype=int)
    for typologie, poids in p["personnes"].items():
        lignes = np.flatnonzero(typologies == typologie)
        personnes[lignes] = 1 + alea.draw_rangs(poids, len(lignes))
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


def ceilings(menages: Menages, annees: Vecteur) -> Vecteur:
    """PLUS ceiling of each household in its year, in € a year."""
    table = plafonds()
    connues = sorted({annee for annee, _ in table})
    base = np.array([[table[a, str(c)] for c in range(1, 7)] for a in connues], dtype=float)
    ajout = np.array([table[a, PERSONNE_SUPPLEMENTAIRE] for a in connues], dtype=float)
    rang = np.searchsorted(connues, annees)
    sixieme = menages.categorie == 6
    return base[rang, menages.categorie - 1] + np.where(sixieme, ajout[rang] * np.maximum(0, menages.personnes - 6), 0)


def draw_ressources(
    r: Reglages, alea: Alea, menages: Menages, annees: Vecteur, classes: Vecteur, vides: Vecteur
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
    nuls = alea.draw_exact(np.full(n, p["revenu_nul"]))
    return {
        "revenu_fiscal": empty(np.where(nuls, 0, revenu).astype(int), alea.draw_exact(vides)),
        "ressources_mensuelles": empty(mensuelles.astype(int), alea.draw_exact(np.full(n, p["ressources_vides"]))),
        "actif": empty(actif, alea.draw_exact(np.full(n, p["activite_vide"]))),
    }


def draw_etiquettes(r: Reglages, alea: Alea, prioritaires: Vecteur, bloquees: Vecteur, npru: Vecteur) -> Colonnes:
    """The labels; a household of the ACI bears one or two of `aci`, `dalo`, `pdalhpd`."""
    combinaison = np.full(len(prioritaires), "", dtype="U12")
    combinaison[prioritaires] = alea.draw_codes(r["etiquettes"], int(prioritaires.sum()))
    portees = {nom: np.char.find(combinaison, nom) >= 0 for nom in ("aci", "dalo", "pdalhpd")}
    return {**portees, "mutation_bloquee": bloquees, "npru": npru}


# Real communes of the département and beyond, outside the Métropole.
HORS_MEL = ("59178", "59183", "59392", "59606", "59122", "62498", "62041", "80021")


@dataclass(frozen=True)
class Lieux:
    """`rang_souhait`, `rang_residence`: ranks of communes; the other columns are what the file says."""

    rang_souhait: Vecteur
    rang_residence: Vecteur
    residence: Vecteur
    souhaits: Vecteur  # codes joined by |


def draw_lieux(r: Reglages, t: Territoire, parc: Parc, logement: Vecteur, alea: Alea) -> Lieux:
    """`logement`: rank of the commune of the lease, −1 for those who were not housed."""
    p, n = r["demandes"], len(logement)
    poids = attraction(r, t, parc)
    premier = alea.draw_rangs(poids, n)
    premier = np.where((logement >= 0) & (alea.random(n) < p["commune_de_l_attribution"]), logement, premier)
    ailleurs = alea.draw_rangs(t.populations.astype(float), n)
    vit = np.where(alea.random(n) < p["reste_dans_sa_commune"], premier, ailleurs)
    residence = t.codes[vit]
    dehors = alea.random(n) < p["commune_hors_mel"]
    residence[dehors] = alea.choice(np.array(HORS_MEL), int(dehors.sum()))
    return Lieux(premier, vit, residence, join_souhaits(r, t, alea, poids, premier))


def attraction(r: Reglages, t: Territoire, parc: Parc) -> Vecteur:
    """How much each commune is wanted: where the stock is, and more where people want to live."""
    stock = np.bincount(parc.commune, weights=parc.logements, minlength=len(t.codes))
    return (stock + 15) ** 0.9 * np.array([r["demandes"]["attractivite"].get(c, 1.0) for c in t.codes])


def join_souhaits(r: Reglages, t: Territoire, alea: Alea, poids: Vecteur, premier: Vecteur) -> Vecteur:
    """The first commune and, for most, others of its territory (Lille's neighbours for Lille), without repeating."""
    p, n = r["demandes"], len(premier)
    nombre = 1 + alea.draw_rangs(p["communes_souhaitees"], n)
    autres = np.empty((n, len(p["communes_souhaitees"]) - 1), dtype=int)
    voisins = {z: np.flatnonzero((t.territoires == z) | (t.codes == "59350")) for z in np.unique(t.territoires)}
    voisins["Lille"] = np.flatnonzero(np.isin(t.territoires, ["Lille", "Couronne Nord de Lille", "Est"]))
    zones = t.territoires[premier]
    for zone, rangs in voisins.items():
        lignes = np.flatnonzero(zones == zone)
        for k in range(autres.shape[1]):
            autres[lignes, k] = rangs[alea.draw_rangs(poids[rangs], len(lignes))]
    codes, dehors = t.codes.tolist(), (alea.random(n) < p["souhait_hors_mel"]).tolist()
    listes = []
    for tete, suite, combien, hors in zip(premier.tolist(), autres.tolist(), nombre.tolist(), dehors, strict=True):
        retenus = dict.fromkeys([tete, *suite[: combien - 1]])
        listes.append("|".join([codes[k] for k in retenus] + ([HORS_MEL[0]] if hors else [])))
    return np.array(listes)
