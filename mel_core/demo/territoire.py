"""Fictitious fragility of the real communes and IRIS."""

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
    latents = draw_latents(r, alea, precarites[commune], commune)
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


def draw_latents(r: Reglages, alea: Alea, base: Vecteur, commune: Vecteur) -> Vecteur:
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
