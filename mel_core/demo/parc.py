"""Fictitious fragility of the real communes and IRIS; fictitious social stock there: bailleurs, résidences, QPV."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np

from mel_core.contrat import reference
from mel_core.contrat.reference import communes
from mel_core.demo.alea import Alea, Colonnes, Vecteur, empty
from mel_core.demo.reglages_demo import Reglages
from mel_core.objectifs.parametres import Parametres

SANS_INDICE = 0
CLASSES = ("fragile", "moyenne", "sans")


@dataclass(frozen=True)
class Territoire:
    """Communes (in the order of their codes) and quartiers, each pointing to its commune by rank."""

    codes: Vecteur
    populations: Vecteur
    territoires: Vecteur
    precarites: Vecteur
    quartiers: Vecteur
    noms: Vecteur
    commune: Vecteur
    habitants: Vecteur
    ips: Vecteur  # 4 most fragile … 1; 0: no index
    latents: Vecteur

    @property
    def fragilites(self) -> Vecteur:
        """Rank of each quartier's class in `CLASSES`, by the embedded correspondence; without index, the last."""
        classes = max(Parametres.embarques().fragilite_ips, key=lambda f: f.depuis).classes
        return np.array([CLASSES.index(classes.get(int(i), "sans")) for i in self.ips])


def build_territoire(r: Reglages, alea: Alea) -> Territoire:
    """The real communes and IRIS, and the fragilité drawn for each of them."""
    toutes = communes()
    codes = np.array(sorted(toutes))
    iris = list(reference.iris().values())
    commune = np.searchsorted(codes, [i["code_insee"] for i in iris])
    habitants = np.array([int(i["population"]) for i in iris])
    precarites = np.array([r["communes"]["precarite"].get(c, r["communes"]["precarite_defaut"]) for c in codes])
    latents = sample_latents(r, alea, precarites[commune], commune)
    return Territoire(
        codes,
        np.array([toutes[c].population for c in codes]),
        np.array([toutes[c].territoire for c in codes]),
        precarites,
        np.array([i["code_iris"] for i in iris]),
        name_quartiers(r, iris),
        commune,
        habitants,
        rank_ips(r, latents, habitants),
        latents,
    )


def name_quartiers(r: Reglages, iris: list[dict[str, str]]) -> Vecteur:
    """`Roubaix, Les Tilleuls`: a name of nowhere for each IRIS of a commune, in the order of their codes; that of a
    commune that is not cut stays its own. Raises `IndexError` when a commune has more IRIS than there are names."""
    toutes, noms = communes(), r["quartiers"]["noms"]
    possibles = [f"{nom}{cote}" for cote in r["quartiers"]["cotes"] for nom in noms]
    rangs = Counter[str]()
    dits = []
    for i in iris:
        commune = toutes[i["code_insee"]].nom
        est_seul = i["nom"] == commune
        dits.append(commune if est_seul else f"{commune}, {possibles[rangs[i['code_insee']]]}")
        rangs[i["code_insee"]] += 1
    return np.array(dits)


def sample_latents(r: Reglages, alea: Alea, base: Vecteur, commune: Vecteur) -> Vecteur:
    """Precarity of each quartier: its commune's, and a noise that followers share, for they are neighbours."""
    memoire, ecart = r["quartiers"]["memoire"], r["quartiers"]["alea"]
    chocs = alea.normal(size=len(base))
    bruit = np.empty(len(base))
    for i, choc in enumerate(chocs):
        suit = i > 0 and commune[i] == commune[i - 1]
        bruit[i] = memoire * bruit[i - 1] + (1 - memoire**2) ** 0.5 * choc if suit else choc
    contraste = np.minimum(1, np.bincount(commune)[commune] / r["quartiers"]["alea_entier"]) ** 0.5
    return base + ecart * contraste * bruit


def rank_ips(r: Reglages, latents: Vecteur, habitants: Vecteur) -> Vecteur:
    """IPS 4 to 1 from the most precarious down, in the proportions of the 480 quartiers of the deck."""
    effectifs = {int(ips): n for ips, n in r["quartiers"]["ips"].items()}
    peuples = np.flatnonzero(habitants >= r["quartiers"]["population_min"])
    bornes = np.cumsum([effectifs[i] for i in (4, 3, 2, 1)]) / sum(effectifs.values()) * len(peuples)
    ips = np.full(len(latents), SANS_INDICE)
    ordre = peuples[np.argsort(-latents[peuples], kind="stable")]
    ips[ordre] = 4 - np.searchsorted(bornes.round(), np.arange(len(ordre)), side="right")
    return ips


def tabulate_communes(r: Reglages, t: Territoire) -> Colonnes:
    """The 95 communes. `fragilite` and its typology are fictitious, from the weighted precarity of the quartiers; the
    communes that entered the Métropole from 2017 on have none, as in the deck."""
    toutes = communes()
    poids = np.bincount(t.commune, weights=t.habitants, minlength=len(t.codes))
    moyenne = np.bincount(t.commune, weights=t.habitants * t.latents, minlength=len(t.codes)) / poids
    anciennes = np.array([toutes[c].depuis is None for c in t.codes])
    effectifs = [r["communes"]["fragilite"][classe] for classe in CLASSES]
    fragilite = np.full(len(t.codes), "moyenne", dtype="U8")
    ordre = np.flatnonzero(anciennes)[np.argsort(-moyenne[anciennes], kind="stable")]
    fragilite[ordre] = np.repeat(CLASSES, effectifs)
    # The more precarious half of the fragile ones is of the fourth typology; what each means is the parameter's.
    typologie = np.full(len(t.codes), 2)
    fragiles = effectifs[0]
    typologie[ordre] = np.repeat([4, 3, 2, 1], [fragiles - fragiles // 2, fragiles // 2, *effectifs[1:]])
    depuis = [toutes[c].depuis or date(1970, 1, 1) for c in t.codes]
    return {
        "code_insee": t.codes,
        "nom": np.array([toutes[c].nom for c in t.codes]),
        "territoire": t.territoires,
        "ici": np.array([toutes[c].ici for c in t.codes]),
        "typologie_fragilite": empty(typologie, ~anciennes),
        "fragilite": empty(fragilite, ~anciennes),
        "depuis": empty(np.array(depuis, dtype="datetime64[D]"), anciennes),
    }


def tabulate_quartiers(
    r: Reglages, t: Territoire, qpv: Vecteur, codes_qpv: Vecteur, noms_qpv: Vecteur, alea: Alea
) -> Colonnes:
    """The quartiers. `qpv` is a rank in `codes_qpv`, −1 outside; indicators follow the index, with some dispersion."""
    sans_indice, hors_qpv = t.ips == SANS_INDICE, qpv < 0
    table: Colonnes = {
        "code_quartier": t.quartiers,
        "nom": t.noms,
        "code_insee": t.codes[t.commune],
        "ips": empty(t.ips, sans_indice),
        "code_qpv": empty(codes_qpv[qpv], hors_qpv),
        "nom_qpv": empty(noms_qpv[qpv], hors_qpv),
        "population": t.habitants,
    }
    for nom, par_ips in r["quartiers"]["indicateurs"].items():
        centre = np.array([par_ips.get(str(i), 0) for i in t.ips])
        valeurs = centre * np.exp(alea.normal(0, r["quartiers"]["dispersion"], len(centre)))
        table[nom] = empty(valeurs.round(0 if nom.startswith("revenu") else 3), sans_indice)
    # Nothing is drawn: the tables that follow stay the same. Each stock has its own step around its class.
    rangs = np.arange(len(t.ips))
    for pas, (nom, par_ips) in zip((7, 16), r["quartiers"]["parts_modestes"].items(), strict=True):
        centre = np.array([par_ips.get(str(i), 0) for i in t.ips])
        table[nom] = empty((centre + (rangs * pas % 31 - 15) / 100).round(2), sans_indice)
    return table


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
        sample_bailleurs(r, t, alea, commune, logements),
        logements,
        alea.sample_codes(r["parc"]["financements"], len(quartier)),
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
        quartiers.append(siens[alea.sample_rangs(poids[siens], n)])
    return np.concatenate(quartiers), np.concatenate(tailles).astype(int)


def sample_bailleurs(r: Reglages, t: Territoire, alea: Alea, commune: Vecteur, logements: Vecteur) -> Vecteur:
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


def sample_qpv(r: Reglages, t: Territoire, parc: Parc) -> Vecteur:
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
    p, n, est_en_qpv = r["parc"], len(parc.codes), parc.qpv >= 0
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
        "code_qpv": empty(codes_qpv[parc.qpv], ~est_en_qpv),
        # Some of those in a QPV are under the renewal programme.
        "npru": alea.sample_exact(np.where(est_en_qpv, min(1.0, p["npru_residences"] / est_en_qpv.sum()), 0.0)),
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
