"""`convergence`, `ordonnancement`, `programmation`: what they read, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import compute as indicateur
from mel_core.indicateurs import suivi
from mel_core.secret.bail import reader
from mel_core.simulation import convergence, ordonnancement, programmation
from mel_core.simulation.convergence import limite, reponse
from mel_core.simulation.programmation import (
    DEMOLIS,
    ScenarioProgrammation,
    lissage,
    part_lissee,
    rebuild,
    reconstitution,
    schedule,
)
from mel_core.simulation.scenarios.reorientations import SQL, communes
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.periodes import Periode

_SEGMENTS = ("est_menage_aci", "est_mutation_bloquee", "est_delai_anormalement_long", "est_sur_occupation")
_PROFILS = ("mutation", "taille_menage")
_FIGURES = (
    *("ecart_initial", "ecart_horizon", "ecart_limite", "part_inatteignable", "semestre_moitie"),
    *("n_residences", "n_logements_laisses"),
)


# ------------------------------------------------------------------------------------------------- convergence


@dataclass(frozen=True, eq=False)
class Stock:
    """Résidences, and the share of modest entrants of each class over twelve months, of `comptes`: (modest, known)."""

    residences: pd.DataFrame
    observes: dict[str, float]
    comptes: dict[str, tuple[int, int]]

    def dites(self) -> dict[str, float]:
        """The shares observed that are told, as they are read."""
        parts = {c: reader().part(k, n) for c, (k, n) in self.comptes.items()}
        return {c: p for c, p in parts.items() if pd.notna(p)}


def read_stock(lecteur: Lecteur, scenario: Scenario) -> Stock:
    """The résidences of the scope on the last day of the séance, and the share of modest entrants (0–1) observed over
    twelve months in each class of fragilité; a class without an attribution of known income is not there.
    """
    ici, periode = scenario.ici or None, Periode.de(scenario.seance, "annee")
    classes = indicateur(lecteur, "equilibre", periode, ("fragilite",), ici=ici)
    connues = classes[classes["fragilite"].isin(FRAGILITES)].set_index("fragilite")
    comptes = {str(c): (int(k), int(n)) for c, k, n in connues[["numerateur", "n_connus"]].itertuples(name=None)}
    observes = {str(c): float(part) for c, part in connues["part"].items()}
    return Stock(suivi.residences(lecteur, periode.fin, ici), observes, comptes)


CONVERGENCE_TUE = (
    "Cet écart ne se dit pas en Salle : viser une part dans les quartiers fragiles et une autre sans fragilité, ou "
    "aucune des deux là où assez d’attributions sont connues."
)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatConvergence(Resultat):
    """`stock`: what it is drawn from; `apres`: what the projection comes to."""

    stock: Stock
    apres: convergence.Convergence

    @property
    def est_dit(self) -> bool:
        """Whether who asks may be told: a room, where both types of quartiers have their target, or both stay as they
        are, whose shares are told; between the two, each step of the one would give back the share of the other."""
        vises = {convergence.FRAGILE, convergence.SANS} & set(_essai(self.scenario).voulus)
        observes = {convergence.FRAGILE, convergence.SANS} & set(self.stock.observes)
        return reader().lit_tout or len(vises) == 2 or (not vises and observes <= set(self.stock.dites()))

    def classes_dites(self) -> list[str]:
        """The types of quartiers whose projection may be drawn."""
        return [c for c in FRAGILITES if c in _essai(self.scenario).voulus or c in self.stock.dites()]

    def texte(self) -> str:
        if self.motif == "stock_inconnu":
            return (
                "L’écart ne se projette pas : il manque des résidences dont les occupants et la rotation sont connus, "
                "en quartiers fragiles ou sans fragilité."
            )
        if not self.est_dit:
            return CONVERGENCE_TUE
        essai = _essai(self.scenario)
        dite = reponse(self.stock.dites() | essai.voulus if essai.voulus else None, self.apres, essai.horizon)
        dite = f"{dite} {limite(self.apres, est_visee=bool(essai.voulus))}".strip()
        if self.motif:
            return f"Rien ne change : les parts visées sont celles des entrants d’aujourd’hui. {dite}"
        return dite


def compute_convergence(stock: Stock, scenario: Scenario) -> Resultat:
    """`resultat`: share of modest occupants by fragilite and semester; `details`: the gap, and both without targets."""
    essai = _essai(scenario)
    repos = convergence.ScenarioConvergence(horizon=essai.horizon, marge_rotation=essai.marge_rotation)
    tentee, tenue, usuelle = (
        convergence.Projection.de(stock.residences, stock.observes, s)
        for s in (essai, repos, convergence.ScenarioConvergence())
    )
    projetee, temoin, apres = tentee.project(), tenue.project(), tentee.converge()
    motif = "objectif_observe" if _ecarts(apres) == _ecarts(tenue.converge()) else None
    return ResultatConvergence(
        scenario=scenario,
        constat=_ecarts(usuelle.converge()),
        synthese=_ecarts(apres),
        resultat=projetee,
        motif="stock_inconnu" if apres.ecart_initial is None else motif,
        details={
            "ecarts": convergence.ecarts(projetee),
            "constat": temoin,
            "ecarts_constat": convergence.ecarts(temoin),
        },
        stock=stock,
        apres=apres,
    )


def _essai(scenario: Scenario) -> convergence.ScenarioConvergence:
    leviers: dict[str, Any] = {n.removeprefix("cible_"): v for n, v in scenario.leviers.items()}
    return convergence.ScenarioConvergence(**leviers)


def _ecarts(c: convergence.Convergence) -> dict[str, Chiffre]:
    return {nom: getattr(c, nom) for nom in _FIGURES}


# ---------------------------------------------------------------------------------------------- ordonnancement


@dataclass(frozen=True, eq=False)
class Queue:
    """The demandes made ready, and how many attributions half a year gives."""

    file: ordonnancement.File
    flux: int


def read_file(lecteur: Lecteur, scenario: Scenario) -> Queue:
    """Who waits on the last day of the séance, ready to be ordered, and how many are served in a semester: half of the
    attributions of twelve months, known or not.
    """
    ici = scenario.ici or None
    annee = indicateur(lecteur, "delais", Periode.de(scenario.seance, "annee"), ici=ici)
    file = ordonnancement.prepare(demandes(lecteur, scenario.seance.fin, ici), _PROFILS, _SEGMENTS)
    return Queue(file, int(annee["n"].iloc[0]) // 2)


def demandes(lecteur: Lecteur, jour: date, ici: str | None) -> pd.DataFrame:
    """One row per demande active on `jour`, with what ordering them reads (see the block `demandes`).

    Pseudonymised: never shown.
    """
    drapeau = "delai_anormalement_long" in lecteur.colonnes("demandes")
    return lecteur.query(SQL["demandes"], jour=jour, drapeau=drapeau, communes=communes(lecteur, ici))


class ResultatOrdonnancement(Resultat):
    """Who changes place at the head of the queue."""

    def texte(self) -> str:
        # As many leave: who changes place is said once. Beside who enters and leaves, which 13h30 shows, how many there
        # are after would give a few households back: a room does not read it.
        ensemble, segments = self.resultat.iloc[0], self.resultat[self.resultat["dimension"] == "segment"]
        entrent = 0 if self.motif else reader().compte(int(ensemble["n_entrent"]))
        premieres = langue.effectif(reader().compte(int(ensemble["n_apres"])), "première demande", "premières demandes")
        aci = ""
        if reader().lit_tout:
            de, a = segments.loc[segments["valeur"] == "est_menage_aci", ["n_avant", "n_apres"]].iloc[0]
            aci = f" ; les ménages ACI y passent de {langue.nombre(de)} à {langue.nombre(a)}"
        debut = "Rien ne change : ces poids laissent les mêmes demandes en tête. " if self.motif else ""
        return (
            f"{debut}Parmi les {premieres} "
            f"de la file, {langue.effectif(entrent, 'demande')} {langue.agree(entrent, 'entre', 'entrent')} et "
            f"autant en sortent par rapport à l’ordre d’ancienneté{aci}."
        )


def compute_ordonnancement(queue: Queue, scenario: Scenario) -> Resultat:
    """`resultat`: one row per segment and per value of a profile, in counts; nobody is named."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    taille = leviers.pop("taille", queue.flux)
    poids = ordonnancement.Poids(**{n.removeprefix("poids_"): v for n, v in leviers.items()})
    lignes = ordonnancement.compare(queue.file, poids, taille)
    habituelles = lignes if taille == queue.flux else ordonnancement.compare(queue.file, poids, queue.flux)
    n_entrent = int(lignes.iloc[0]["n_entrent"])
    return ResultatOrdonnancement(
        scenario=scenario,
        constat=_tete(habituelles, "n_avant"),
        synthese=_tete(lignes, "n_apres") | {"n_entrent": n_entrent},
        resultat=lignes,
        motif=None if n_entrent else "meme_ordre",
    )


def _tete(lignes: pd.DataFrame, colonne: str) -> dict[str, Chiffre]:
    """Who is at the head of the queue: by age alone (`n_avant`), or as the weights put them (`n_apres`)."""
    ensemble, segments = lignes.iloc[0], lignes[lignes["dimension"] == "segment"].set_index("valeur")
    tete: dict[str, Chiffre] = {"n": int(ensemble["n"]), "n_tete": int(ensemble[colonne]), "n_entrent": 0}
    return tete | {f"n_{s.removeprefix('est_')}": int(segments.loc[s, colonne]) for s in _SEGMENTS}


# Levers that change years, not operations: nothing in an ICI.
_DE_LA_METROPOLE = ("rythme", "n_demolis")


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatProgrammation(Resultat):
    """`dit`: the sentence, of dwellings, which are nobody: all read it."""

    dit: str

    def texte(self) -> str:
        return self.dit


def read_operations(lecteur: Lecteur, scenario: Scenario) -> pd.DataFrame:
    """The operations of the scope, one row each: see `suivi.operations`."""
    return suivi.operations(lecteur, scenario.ici or None)


def compute_programmation(operations: pd.DataFrame, scenario: Scenario) -> Resultat:
    """`resultat`: one row per operation.

    The reconstitution of what is demolished is a target of the Métropole: its PLAI and years are answered for the whole
    only, as a range (`annees_plai_min` for the fewest demolitions, `annees_plai_max` for the most) unless the scenario
    says how many.
    """
    leviers: dict[str, Any] = {"part_plai": Fraction(0)} | dict(scenario.leviers)
    dit = leviers.pop("n_demolis", None)
    demolis = DEMOLIS if dit is None else (dit, dit)
    essai, repos = ScenarioProgrammation(**leviers), ScenarioProgrammation(Fraction(0))
    programmees, prevues = schedule(operations, essai), schedule(operations, repos)
    constat, avant, synthese = (
        _chiffres(lues, tente, n, bool(scenario.ici))
        for lues, tente, n in ((prevues, repos, DEMOLIS), (prevues, repos, demolis), (programmees, essai, demolis))
    )
    motif: str | None
    if operations.empty:
        motif, dits = "aucune_operation", ["Rien à simuler : aucune opération n’est programmée sur ce périmètre."]
    else:
        motif, dits = "deja_atteint" if synthese == avant else None, [programmation.reponse(programmees, essai)]
        if scenario.ici:
            dits.append(_renvoi(scenario))
        else:
            dits.append(lissage(part_lissee(operations)) if essai.lisser else "")
            dits.append(reconstitution(*(rebuild(programmees, essai, n) for n in demolis)))
    dit = " ".join(filter(None, dits))
    return ResultatProgrammation(
        scenario=scenario, constat=constat, synthese=synthese, resultat=programmees, motif=motif, dit=dit
    )


def _chiffres(
    programmees: pd.DataFrame, essai: ScenarioProgrammation, demolis: tuple[int, int], est_ici: bool
) -> dict[str, Chiffre]:
    plai, sociaux = (int(programmees[c].fillna(0).sum()) for c in ("n_plai_vise", "n_sociaux"))
    part = Fraction(plai, sociaux) if sociaux else None
    chiffres: dict[str, Chiffre] = {"n_plai": plai, "n_sociaux": sociaux, "part_plai": part}
    if est_ici:
        return chiffres
    moins, plus = (rebuild(programmees, essai, n) for n in demolis)
    return chiffres | {
        "n_plai_dus": moins.n_plai_dus,
        "annees_logements": moins.annees_logements,
        "annees_plai_min": moins.annees_plai_min,
        "annees_plai_max": plus.annees_plai_max,
    }


def _renvoi(scenario: Scenario) -> str:
    """What an ICI is not told, and which levers do nothing there."""
    moins, plus = (langue.nombre(n) for n in DEMOLIS)
    objectif = (
        f"La reconstitution de {moins} à {plus} logements démolis est un objectif de toute la Métropole : ses années "
        "se lisent en choisissant « MEL » à la place de l’ICI"
    )
    inertes = [nom for nom in _DE_LA_METROPOLE if nom in scenario.leviers]
    dits = {"rythme": "le rythme", "n_demolis": "le nombre de démolis"}
    if not inertes:
        return f"{objectif}."
    verbe = "n’y change" if len(inertes) == 1 else "n’y changent"
    return f"{objectif} ; dans une ICI, {langue.liste([dits[nom] for nom in inertes])} {verbe} rien."
