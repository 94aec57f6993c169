"""Which simulations there are, what is said of each to who asks why (docs/simulations has the rest), how each one reads
then answers, and what sets two answers apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.indicateurs.definitions import Methode
from mel_core.simulation.scenarios import engagements, plans, projections, reorientations
from mel_core.simulation.scenarios.resultat import Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle.erreurs import AppelIncorrect

_BORNES = "bornes de ressources supposées (20, 40 et 60 % du plafond PLUS), le support de 2017 n’en donne pas"
_DEMANDE = "demandes actives du profil voulu au dernier jour de la séance ; logements et rotation des résidences"
_ETREINTES = (
    "une demande éligible n’est pas une acceptation ; un logement libéré est une moyenne (logements × rotation), et "
    "un nombre inconnu ne limite rien"
)
_VERDICT = (
    "infaisable au-delà des logements libérés d’une cellule ou des éligibles d’une commune ; tendu au-delà de la "
    "moitié des éligibles, ou si rien ne prouve que les ménages de plusieurs communes sont différents"
)
METHODES = {
    "equilibre": Methode(
        "Attributions à réorienter pour que la part des ménages modestes tienne l’objectif de chaque type de "
        "quartiers.",
        f"attributions de la période, {_DEMANDE}",
        f"attributions aux ressources ou au quartier inconnus ; {_ETREINTES}",
        "écart d’une classe = ⌈k − c·n⌉ au plafond, ⌈c·n − k⌉ au plancher, réparti entre les cellules du mauvais côté "
        f"aux plus forts restes ; {_VERDICT}",
        f"les attributions attendues sont celles des 12 derniers mois, au prorata de l’horizon ; {_BORNES}",
    ),
    "aci": Methode(
        "Premiers accès à réorienter pour que la part des ménages ACI (accord collectif, DALO, PDALHPD) tienne "
        "l’objectif, et ce qu’il reste de ménages ACI en attente.",
        f"premiers accès de la période, {_DEMANDE}",
        f"mutations, ménages sans information sur les labels ou au statut de logement inconnu ; {_ETREINTES}",
        "écart = ⌈c·n − k⌉, réparti aux plus forts restes ; restants = stock − relogés + entrées de la durée ; "
        f"semestres = stock ÷ (relogés − entrées par semestre) ; {_VERDICT} ; infaisable aussi au-delà du stock et "
        "des entrées",
        "les entrées des 12 derniers mois continuent ; les attributions attendues sont celles des 12 derniers mois",
    ),
    "plan": Methode(
        "Le plus petit nombre d’attributions à réorienter qui tient tous les objectifs à la fois ; sinon, ceux qui "
        "cèdent.",
        f"attributions de la période, {_DEMANDE}",
        f"lieux de moins de 30 attributions, qui comptent dans l’ensemble seulement ; {_ETREINTES}",
        "programme linéaire en nombres entiers (HiGHS) : minimiser les réorientations, sous chaque objectif, les "
        "logements libérés de chaque cellule et assez de demandeurs différents",
        f"un lieu a son objectif à partir de 30 attributions en 12 mois ; {_BORNES}",
    ),
    "convergence": Methode(
        "Part de ménages modestes parmi les occupants, par type de quartiers, et écart entre fragiles et sans "
        "fragilité.",
        "occupation et rotation des résidences, entrants des attributions de la période",
        "résidences sans occupants ou sans rotation connus ; ni évolution des ressources, ni construction, ni "
        "démolition",
        "chaque semestre, la moitié de la rotation annuelle de la résidence change d’occupant : s(t) = e + (s(0) − e) "
        "× (1 − r ÷ 2)^t, avec e la part visée des entrants ; résidences pesées par leurs logements occupés",
        f"ceux qui partent ressemblent à ceux qui restent ; rotation à la marge du curseur près ; {_BORNES}",
    ),
    "engagement": Methode(
        "Ménages d’un segment relogés et restants, semestre après semestre, si une part du flux leur est donnée.",
        "demandes actives, événements et baux au dernier jour de la séance",
        "ce que le flux donne déjà est inconnu quand les demandes des baux récents sont effacées",
        "servis = le plus petit de : visés, flux, présents ; restants = stock + entrants − servis − sortis ; déplacés "
        "= servis au-delà de ce que le flux servait déjà ; au-delà de ce qui est possible, rien n’est projeté",
        "le flux d’un semestre est la moitié des attributions de la période, l’année qui finit avec la séance",
    ),
    "programmation": Methode(
        "PLUS et PLAI de chaque opération pour une part de PLAI visée, et années pour reconstituer les logements "
        "démolis.",
        "opérations de la programmation",
        "PLS, et opérations sans détail PLUS et PLAI",
        "PLAI d’une opération = plus petit entier au moins égal à part × (PLUS + PLAI) ; PLUS = le reste",
        "2 500 à 3 500 logements démolis par le NPRU, au rythme programmé, sur toute la Métropole",
    ),
    "ordonnancement": Methode(
        "Qui entre dans la tête de file, et qui en sort, quand plusieurs critères pèsent ; au départ, l’ancienneté "
        "seule. La tête compte autant de demandes que d’attributions attendues en six mois (moitié des 12 derniers).",
        "demandes actives et événements au dernier jour de la séance",
        "rien : un critère vide compte comme « non »",
        "score = somme des poids × notes de 0 à 1 ; à score égal, la demande la plus ancienne d’abord",
        "note pleine à cinq ans d’ancienneté et à trois rangs 2 ou plus : bornes supposées, aucune règle en vigueur",
    ),
}


OBJECTIF, ENSEMBLE, INTERACTION = "objectif", "ensemble", "interaction"
SANS_EFFET = "Rien à distinguer : aucun levier ne change de chiffre."
SANS_GARDES = "Aucun scénario gardé pour cette simulation à cette séance."
REJOUE = "Gardé sur un autre millésime : ses leviers sont rejoués sur les données d’aujourd’hui."


@dataclass(frozen=True)
class Moteur:
    """`read` reads what a scenario starts from, once; `compute` answers, a pure function of it.

    `lus`: levers that change what is read; the others can move without reading again. `est_restreint`: in an ICI it
    reads the rows of the ICI alone, and is given a reader of the Métropole beside.
    """

    read: Callable[..., Any]
    compute: Callable[[Any, Scenario], Resultat]
    lus: frozenset[str] = frozenset()
    est_restreint: bool = False


MOTEURS: dict[str, Moteur] = {
    "equilibre": Moteur(reorientations.read, reorientations.compute_equilibre),
    "aci": Moteur(reorientations.read, reorientations.compute_aci),
    "convergence": Moteur(projections.read_stock, projections.compute_convergence),
    "engagement": Moteur(
        engagements.read,
        engagements.compute,
        frozenset({"segment", "mois", "n_min", "fenetre"}),
        est_restreint=True,
    ),
    "programmation": Moteur(projections.read_operations, projections.compute_programmation),
    "plan": Moteur(plans.read, plans.compute),
    "ordonnancement": Moteur(projections.read_file, projections.compute_ordonnancement),
}


def portee(scenario: Scenario) -> Portee:
    """The scope whose rows the scenario reads: an engagement of an ICI is counted among the demandes of the ICI."""
    est_restreinte = MOTEURS[scenario.simulation].est_restreint and scenario.ici
    return Portee.ici(scenario.ici) if est_restreinte else Portee.mel()


def depart(lecteur: Lecteur, scenario: Scenario, metropole: Lecteur | None = None) -> Any:
    """What the scenario starts from, to be given to `answer` as often as its levers move.

    `lecteur` reads the `portee` of the scenario. `metropole`: one of the whole Métropole beside, for a narrower one.
    """
    if scenario.ici and scenario.ici not in icis(lecteur):
        connues = ", ".join(icis(lecteur)) or "aucune dans le jeu de données publié"
        raise AppelIncorrect(f"L’ICI « {scenario.ici} » du scénario est inconnue : prendre l’une de {connues}.")
    moteur = MOTEURS[scenario.simulation]
    return moteur.read(lecteur, scenario, metropole) if moteur.est_restreint else moteur.read(lecteur, scenario)


def answer(base: Any, scenario: Scenario) -> Resultat:
    """The answer on what `depart` read."""
    return MOTEURS[scenario.simulation].compute(base, scenario)


def execute(lecteur: Lecteur, scenario: Scenario, metropole: Lecteur | None = None) -> Resultat:
    """Read (see `depart`), then answer. The scenario of the answer bears the vintage on which it was tried."""
    date = replace(scenario, millesime=lecteur.instantane.identifiant)
    return answer(depart(lecteur, date, metropole), date)


def compare(a: Resultat, b: Resultat) -> pd.DataFrame:
    """The figures of two answers of the same simulation.

    One row per figure: `chiffre`, `constat` (that of `a`), `a`, `b`, `ecart` (b − a; empty when one of them is unknown
    or never happens). Raises `AppelIncorrect` for two simulations: their figures are not of the same things.
    """
    if a.scenario.simulation != b.scenario.simulation:
        raise AppelIncorrect(
            f"Un scénario {a.scenario.simulation} ne se compare pas à un scénario {b.scenario.simulation} : "
            "en choisir deux de la même simulation."
        )
    lus = _en_colonnes({"constat": a.constat, "a": a.synthese, "b": b.synthese}).reindex(list(a.synthese))
    return lus.assign(ecart=lus["b"] - lus["a"]).astype(float).rename_axis("chiffre").reset_index()


def effets_de(base: Any, scenario: Scenario) -> pd.DataFrame:
    """The effect of each lever told apart, on what `depart` read: from the constat, which no lever moves.

    At rest a lever is at the objective in force, or at what is observed. One row per lever moved × figure: `levier`,
    `chiffre`, `effet` (with the lever alone − the constat); `objectif`, where one is in force: with no lever − the
    constat; then `ensemble` (with all − the constat) and `interaction` (what the levers do only together: ensemble −
    the objective − what each adds to it). `effet` is empty where a figure is unknown.
    """
    mobiles = [nom for nom in scenario.leviers if nom not in MOTEURS[scenario.simulation].lus]
    au_repos = answer(base, scenario.sans(*mobiles))
    lus = _en_colonnes(
        {OBJECTIF: au_repos.synthese}
        | {nom: answer(base, scenario.sans(*(n for n in mobiles if n != nom))).synthese for nom in mobiles}
        | {ENSEMBLE: answer(base, scenario).synthese, "constat": au_repos.constat}
    ).reindex(list(au_repos.synthese))
    effets = lus.drop(columns="constat").sub(lus["constat"], axis=0)
    ajoutes = lus[[*mobiles, ENSEMBLE]].sub(lus[OBJECTIF], axis=0)
    effets[INTERACTION] = ajoutes[ENSEMBLE] - ajoutes[mobiles].sum(axis=1, skipna=False)
    if au_repos.synthese == au_repos.constat:
        effets = effets.drop(columns=OBJECTIF)
    effets = effets.astype(float).rename_axis("chiffre").reset_index()
    return effets.melt("chiffre", var_name="levier", value_name="effet")[["levier", "chiffre", "effet"]]


def _en_colonnes(chiffres: dict[str, Any]) -> pd.DataFrame:
    """A row per figure, exact: what is unknown is not a number."""
    lus = pd.DataFrame({nom: pd.Series(dict(siens), dtype=object) for nom, siens in chiffres.items()})
    return lus.where(lus.notna(), float("nan"))
