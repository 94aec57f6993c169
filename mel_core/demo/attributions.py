"""Households: size, ressources, labels, where they live and would like to; and the leases that some signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from mel_core.demo.alea import JOURS_PAR_MOIS, Alea, Colonnes, Vecteur, add_days, day, empty, shift_to_mean
from mel_core.demo.parc import CLASSES, Parc, Territoire
from mel_core.demo.reglages_demo import Reglages
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
            "categorie_menage": empty(self.categorie, alea.sample_exact(np.full(n, p["categorie_vide"]))),
            "n_uc": empty(self.uc, alea.sample_exact(np.full(n, p["uc_vide"]))),
        }


def sample_menages(r: Reglages, alea: Alea, typologies: Vecteur) -> Menages:
    """A household that fits each typologie."""
    p = r["menages"]
    personnes = np.ones(len(typologies), dtype=int)
    for typologie, poids in p["personnes"].items():
        lignes = np.flatnonzero(typologies == typologie)
        personnes[lignes] = 1 + alea.sample_rangs(poids, len(lignes))
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


def sample_ressources(
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
    nuls = alea.sample_exact(np.full(n, p["revenu_nul"]))
    return {
        "revenu_fiscal": empty(np.where(nuls, 0, revenu).astype(int), alea.sample_exact(vides)),
        "ressources_mensuelles": empty(mensuelles.astype(int), alea.sample_exact(np.full(n, p["ressources_vides"]))),
        "actif": empty(actif, alea.sample_exact(np.full(n, p["activite_vide"]))),
    }


def sample_etiquettes(r: Reglages, alea: Alea, prioritaires: Vecteur, bloquees: Vecteur, npru: Vecteur) -> Colonnes:
    """The labels; a household of the ACI bears one or two of `aci`, `dalo`, `pdalhpd`."""
    combinaison = np.full(len(prioritaires), "", dtype="U12")
    combinaison[prioritaires] = alea.sample_codes(r["etiquettes"], int(prioritaires.sum()))
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


def sample_lieux(r: Reglages, t: Territoire, parc: Parc, logement: Vecteur, alea: Alea) -> Lieux:
    """`logement`: rank of the commune of the lease, −1 for those who were not housed."""
    p, n = r["demandes"], len(logement)
    # Where the stock is, and more where people want to live.
    stock = np.bincount(parc.commune, weights=parc.logements, minlength=len(t.codes))
    poids = (stock + 15) ** 0.9 * np.array([p["attractivite"].get(c, 1.0) for c in t.codes])
    premier = alea.sample_rangs(poids, n)
    premier = np.where((logement >= 0) & (alea.random(n) < p["commune_de_l_attribution"]), logement, premier)
    ailleurs = alea.sample_rangs(t.populations.astype(float), n)
    vit = np.where(alea.random(n) < p["reste_dans_sa_commune"], premier, ailleurs)
    residence = t.codes[vit]
    dehors = alea.random(n) < p["commune_hors_mel"]
    residence[dehors] = alea.choice(np.array(HORS_MEL), int(dehors.sum()))
    return Lieux(premier, vit, residence, join_souhaits(r, t, alea, poids, premier))


def join_souhaits(r: Reglages, t: Territoire, alea: Alea, poids: Vecteur, premier: Vecteur) -> Vecteur:
    """The first commune and, for most, others of its territory (Lille's neighbours for Lille), without repeating."""
    p, n = r["demandes"], len(premier)
    nombre = 1 + alea.sample_rangs(p["communes_souhaitees"], n)
    autres = np.empty((n, len(p["communes_souhaitees"]) - 1), dtype=int)
    voisins = {z: np.flatnonzero((t.territoires == z) | (t.codes == "59350")) for z in np.unique(t.territoires)}
    voisins["Lille"] = np.flatnonzero(np.isin(t.territoires, ["Lille", "Couronne Nord de Lille", "Est"]))
    zones = t.territoires[premier]
    for zone, rangs in voisins.items():
        lignes = np.flatnonzero(zones == zone)
        for k in range(autres.shape[1]):
            autres[lignes, k] = rangs[alea.sample_rangs(poids[rangs], len(lignes))]
    codes, dehors = t.codes.tolist(), (alea.random(n) < p["souhait_hors_mel"]).tolist()
    listes = []
    for tete, suite, combien, hors in zip(premier.tolist(), autres.tolist(), nombre.tolist(), dehors, strict=True):
        retenus = dict.fromkeys([tete, *suite[: combien - 1]])
        listes.append("|".join([codes[k] for k in retenus] + ([HORS_MEL[0]] if hors else [])))
    return np.array(listes)


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


def sample_attributions(r: Reglages, t: Territoire, parc: Parc, alea: Alea) -> Attributions:
    """One row per bail of the period, its household, résidence, réservataire and labels."""
    p = r["attributions"]
    date_bail = sample_bails(r, alea)
    n = len(date_bail)
    residence = alea.sample_rangs(parc.flux, n)
    typologie = alea.sample_codes(p["typologies"], n)
    mutation = alea.sample_exact(np.full(n, p["mutations"]))
    menages = sample_menages(r, alea, typologie)
    date_creation = add_days(date_bail, -sample_delais(p, alea, mutation))
    classes = sample_classes(r, parc, alea, residence, years(date_bail))
    colonnes: Colonnes = {
        "date_bail": date_bail,
        "date_creation_demande": date_creation,
        "code_insee": t.codes[parc.commune[residence]],
        "code_bailleur": parc.codes_bailleurs[parc.bailleur[residence]],
        **sample_places(r, t, parc, alea, residence),
        "typologie": typologie,
        "mutation": mutation,
        **menages.columns(r, alea),
        **sample_ressources(r, alea, menages, years(date_bail), classes, empty_chances(r, parc, residence)),
        **sample_labels(r, t, parc, alea, residence, date_bail, mutation, classes),
    }
    colonnes["reservataire"] = sample_reservataires(p, alea, colonnes["aci"] | colonnes["dalo"] | colonnes["pdalhpd"])
    return Attributions(residence, date_bail, date_creation, typologie, mutation, colonnes)


def sample_bails(r: Reglages, alea: Alea) -> Vecteur:
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
        jours.append(annuel[dans][alea.sample_rangs(poids[dans], siens)])
    return np.sort(np.concatenate(jours))


def sample_delais(p: Reglages, alea: Alea, mutation: Vecteur) -> Vecteur:
    """Days between the demande and the lease: skewed, at least a month."""
    mois = np.exp(alea.normal(np.log(p["delai_median_mois"]), p["delai_sigma"], len(mutation)))
    part = float(mutation.mean())
    longueur = np.where(mutation, p["delai_mutation"], (1 - part * p["delai_mutation"]) / (1 - part))
    mois = mois * longueur
    # Beyond the maximum, spread below it rather than heaped on one value.
    mois = np.where(mois > p["delai_max_mois"], p["delai_max_mois"] * alea.uniform(0.5, 1, len(mois)), mois)
    return np.round(mois.clip(min=1) * JOURS_PAR_MOIS).astype(int)


def sample_classes(r: Reglages, parc: Parc, alea: Alea, residence: Vecteur, annees: Vecteur) -> Vecteur:
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
            modeste[lignes] = alea.sample_exact(shift_to_mean(logits[lignes], cibles[fragilite]))
    bas = alea.sample_exact(
        np.where(modeste, p["tres_modestes_parmi_modestes"], p["intermediaires_parmi_autres"]).astype(float)
    )
    return np.where(modeste, np.where(bas, 0, 1), np.where(bas, 2, 3))


def empty_chances(r: Reglages, parc: Parc, residence: Vecteur) -> Vecteur:
    """Probability (0–1) that a bail bears no income, by the habits of its bailleur."""
    propres = r["attributions"]["revenu_vide_bailleur"]
    par_bailleur = np.array([propres.get(code, r["menages"]["revenu_vide"]) for code in parc.codes_bailleurs])
    return par_bailleur[parc.bailleur[residence]]


def sample_labels(
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
        prioritaires[lignes] = alea.sample_exact(shift_to_mean(logits[lignes], cible))
    bloquees = alea.sample_exact(np.where(mutation, p["bloquees_parmi_mutations"], 0.0))
    seances = semesters(date_bail)
    npru = np.zeros(n, dtype=bool)
    for seance, attendues in zip(np.unique(seances), p["npru_par_semestre"], strict=True):
        possibles = np.flatnonzero(mutation & (seances == seance) & ~bloquees)
        npru[alea.choice(possibles, attendues, replace=False)] = True
    return sample_etiquettes(r, alea, prioritaires, bloquees, npru)


def sample_places(r: Reglages, t: Territoire, parc: Parc, alea: Alea, residence: Vecteur) -> Colonnes:
    """Résidence, quartier and financing as the file tells them: some are missing, a few designate nothing."""
    p, n = r["attributions"], len(residence)
    vides = alea.sample_exact(np.full(n, p["residence_vide"]))
    inconnues = alea.sample_exact(np.full(n, p["residence_inconnue"])) & ~vides
    quartier = alea.random(n) < np.where(vides, p["quartier_sans_residence"], p["quartier_rempli"])
    codes = np.where(inconnues, "RF999999", parc.codes[residence])
    return {
        "code_residence": empty(codes, vides),
        "code_quartier": empty(t.quartiers[parc.quartier[residence]], ~quartier),
        "financement": parc.financement[residence],
    }


def sample_reservataires(p: Reglages, alea: Alea, prioritaires: Vecteur) -> Vecteur:
    """Contingent of each bail: households with a priority are not on the same ones as the others."""
    codes = np.full(len(prioritaires), "AUCUN", dtype="U6")
    for lignes, poids in ((prioritaires, "aci"), (~prioritaires, "ordinaire")):
        codes[lignes] = alea.sample_codes(p["reservataires"][poids], int(lignes.sum()))
    return codes
