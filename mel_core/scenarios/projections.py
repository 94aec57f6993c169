"""`convergence`, `programmation`, `ordonnancement`, `engagement`: what they read, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core import langue, suivi
from mel_core.contrat.tables import FRAGILITES
from mel_core.engagements import situation
from mel_core.entrepot import Lecteur, Portee
from mel_core.erreurs import AppelIncorrect
from mel_core.indicateurs import calculer as indicateur
from mel_core.periodes import Periode
from mel_core.scenarios import lecture
from mel_core.scenarios.resultat import Chiffre, Resultat
from mel_core.scenarios.scenario import Scenario
from mel_core.segments import Criteres
from mel_core.segments.regles import segment_de
from mel_core.simulation import convergence, engagement, ordonnancement, programmation

_SEGMENTS = ("est_menage_aci", "est_mutation_bloquee", "est_delai_anormalement_long", "est_sur_occupation")
_PROFILS = ("mutation", "taille_menage")


# ------------------------------------------------------------------------------------------------- convergence


@dataclass(frozen=True, eq=False)
class Stock:
    """Résidences, and the share of modest entrants of each class over twelve months."""

    residences: pd.DataFrame
    observes: dict[str, float]


def lire_stock(lecteur: Lecteur, scenario: Scenario) -> Stock:
    ici, periode = scenario.ici or None, Periode.de(scenario.seance, "annee")
    classes = indicateur(lecteur, "equilibre", periode, ("fragilite",), ici=ici)
    observes = dict(zip(classes["fragilite"], classes["part"].astype(float), strict=True))
    return Stock(suivi.residences(lecteur, periode.fin, ici), {c: p for c, p in observes.items() if c in FRAGILITES})


def calculer_convergence(stock: Stock, scenario: Scenario) -> Resultat:
    """`resultat`: share of modest occupants by fragilite and semester; `details`: the gap, and both without targets."""
    leviers: dict[str, Any] = {n.removeprefix("cible_"): v for n, v in scenario.leviers.items()}
    essai = convergence.Scenario(**leviers)
    repos = convergence.Scenario(**{n: v for n, v in leviers.items() if n not in FRAGILITES})
    projetee, temoin = (convergence.projeter(stock.residences, stock.observes, s) for s in (essai, repos))
    apres, avant = (convergence.converger(stock.residences, stock.observes, s) for s in (essai, repos))
    constat, synthese = (_ecarts(c) for c in (avant, apres))
    motif: str | None
    if apres.ecart_initial is None:
        motif, phrase = (
            "stock_inconnu",
            (
                "L’écart ne se projette pas : il manque des résidences dont les occupants et la rotation sont connus, "
                "en quartiers fragiles ou sans fragilité."
            ),
        )
    else:
        motif = "objectif_observe" if synthese == constat else None
        phrase = _phrase_convergence(apres, avant, essai.horizon)
        if motif:
            phrase = f"Rien ne change : les parts visées sont celles des entrants d’aujourd’hui. {phrase}"
    return Resultat(
        scenario,
        constat,
        synthese,
        projetee,
        "",
        motif,
        langue.typographier(phrase),
        {"ecarts": convergence.ecarts(projetee), "constat": temoin, "ecarts_constat": convergence.ecarts(temoin)},
    )


def _ecarts(c: convergence.Convergence) -> dict[str, Chiffre]:
    return {
        "ecart_initial": c.ecart_initial,
        "ecart_horizon": c.ecart_horizon,
        "ecart_limite": c.ecart_limite,
        "part_inatteignable": c.part_inatteignable,
        "semestre_moitie": c.semestre_moitie,
        "n_residences": c.n_residences,
        "n_logements_laisses": c.n_logements_laisses,
    }


def _phrase_convergence(apres: convergence.Convergence, avant: convergence.Convergence, horizon: int) -> str:
    def dit(ecart: float | None) -> str:
        return langue.points(None if ecart is None else 100 * ecart)

    moitie = (
        f"il est réduit de moitié au bout de {langue.effectif(apres.semestre_moitie, 'semestre')}"
        if apres.semestre_moitie is not None
        else f"il n’est pas réduit de moitié en {langue.effectif(horizon, 'semestre')}"
    )
    return (
        f"L’écart d’occupation entre quartiers fragiles et sans fragilité passe de {dit(apres.ecart_initial)} "
        f"à {dit(apres.ecart_horizon)} en {langue.effectif(horizon, 'semestre')} (contre {dit(avant.ecart_horizon)} à "
        f"pratique constante) ; {moitie}."
    )


# ----------------------------------------------------------------------------------------------- programmation


def lire_programmation(lecteur: Lecteur, scenario: Scenario) -> pd.DataFrame:
    return suivi.operations(lecteur, scenario.ici or None)


def calculer_programmation(operations: pd.DataFrame, scenario: Scenario) -> Resultat:
    """`resultat`: one row per operation."""
    leviers: dict[str, Any] = {"part_plai": Fraction(0)} | dict(scenario.leviers)
    n_demolis = leviers.pop("n_demolis", programmation.DEMOLIS[0])
    essai = programmation.Scenario(**leviers)
    repos = programmation.Scenario(Fraction(0))
    constat, synthese = (_programme(operations, s, n_demolis) for s in (repos, essai))
    programmees = programmation.programmer(operations, essai)
    motif: str | None
    if operations.empty:
        motif, phrase = "aucune_operation", "Rien à simuler : aucune opération n’est programmée sur ce périmètre."
    else:
        motif = "deja_atteint" if synthese == constat else None
        debut = "Rien ne change : le programme en donne déjà autant. " if motif else ""
        phrase = (
            f"{debut}Viser {langue.cible(essai.part_plai)} de PLAI par opération en donne "
            f"{langue.nombre(synthese['n_plai'])} sur "
            f"{langue.effectif(synthese['n_sociaux'], 'logement')} PLUS et PLAI, contre "
            f"{langue.nombre(constat['n_plai'])} programmés ; reconstituer {langue.effectif(n_demolis, 'logement')} "
            f"prendrait {_annees(synthese['annees_logements'])} d’opérations NPRU."
        )
    return Resultat(scenario, constat, synthese, programmees, "", motif, langue.typographier(phrase))


def _programme(operations: pd.DataFrame, essai: programmation.Scenario, n_demolis: int) -> dict[str, Chiffre]:
    programmees = programmation.programmer(operations, essai)
    plai, sociaux = (int(programmees[c].fillna(0).sum()) for c in ("n_plai_vise", "n_sociaux"))
    reconstitution = programmation.reconstituer(programmees, essai, n_demolis)
    return {
        "n_plai": plai,
        "n_sociaux": sociaux,
        "part_plai": Fraction(plai, sociaux) if sociaux else None,
        "n_plai_dus": reconstitution.n_plai_dus,
        "annees_logements": reconstitution.annees_logements,
        "annees_plai_min": reconstitution.annees_plai_min,
        "annees_plai_max": reconstitution.annees_plai_max,
    }


def _annees(n: Chiffre) -> str:
    return "plus longtemps qu’aucune opération ne le dit" if n is None else f"{langue.nombre(n, 1)} ans"


# ---------------------------------------------------------------------------------------------- ordonnancement


@dataclass(frozen=True, eq=False)
class Queue:
    """The demandes made ready, and how many attributions half a year gives."""

    file: ordonnancement.File
    flux: int


def lire_file(lecteur: Lecteur, scenario: Scenario) -> Queue:
    ici = scenario.ici or None
    demandes = lecture.demandes(lecteur, scenario.seance.fin, ici)
    annee = indicateur(lecteur, "delais", Periode.de(scenario.seance, "annee"), ici=ici)
    return Queue(ordonnancement.preparer(demandes, _PROFILS, _SEGMENTS), int(annee["n"].iloc[0]) // 2)


def calculer_ordonnancement(queue: Queue, scenario: Scenario) -> Resultat:
    """`resultat`: one row per segment and per value of a profile, in counts; nobody is named."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    taille = leviers.pop("taille", queue.flux)
    poids = ordonnancement.Poids(**{n.removeprefix("poids_"): v for n, v in leviers.items()})
    lignes = ordonnancement.comparer(queue.file, poids, taille)
    ensemble = lignes.iloc[0]
    segments = lignes[lignes["dimension"] == "segment"].set_index("valeur")
    constat, synthese = (
        {"n": int(ensemble["n"]), "n_tete": int(ensemble[c]), "n_entrent": entrent}
        | {f"n_{s.removeprefix('est_')}": int(segments.loc[s, c]) for s in _SEGMENTS}
        for c, entrent in (("n_avant", 0), ("n_apres", int(ensemble["n_entrent"])))
    )
    entrants = langue.effectif(int(ensemble["n_entrent"]), "demande entre", "demandes entrent")
    phrase = (
        f"Parmi les {langue.effectif(int(ensemble['n_apres']), 'première demande', 'premières demandes')} de la file, "
        f"{entrants} et autant en sortent par rapport à l’ordre d’ancienneté ; les ménages ACI y passent de "
        f"{langue.nombre(constat['n_menage_aci'])} à {langue.nombre(synthese['n_menage_aci'])}."
    )
    motif = "meme_ordre" if ensemble["n_entrent"] == 0 else None
    if motif:
        phrase = f"Rien ne change : ces poids laissent les mêmes demandes en tête. {phrase}"
    return Resultat(scenario, constat, synthese, lignes, "", motif, langue.typographier(phrase))


# -------------------------------------------------------------------------------------------------- engagement


def lire_situation(lecteur: Lecteur, scenario: Scenario) -> situation.Situation:
    leviers: dict[str, Any] = dict(scenario.leviers)
    segment = leviers.get("segment")
    if segment is None:
        raise AppelIncorrect('Un engagement porte sur un segment : donner le levier « segment », comme "poulidor".')
    segment_de(segment)
    if scenario.ici and lecteur.portee != Portee.ici(scenario.ici):
        raise ValueError("an engagement of an ICI is read by a reader of its scope: see `registre.portee`")
    criteres = {c: leviers[c] for c in ("mois", "n_min", "fenetre") if c in leviers}
    return situation.lire(lecteur, segment, Criteres(scenario.seance.fin, **criteres))


def calculer_engagement(base: situation.Situation, scenario: Scenario) -> Resultat:
    """`resultat`: one row per semester; `details`: what each commune × bailleur would give, and whom it displaces."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    nombre, part = leviers.get("nombre"), leviers.get("part")
    if nombre is None and part is None:
        nombre = base.n_observes_attendus
    essai, repos = base.scenario(nombre, part), base.scenario(base.n_observes_attendus)
    trajectoire, temoin = (engagement.projeter(base.entrees, s) for s in (essai, repos))
    verdict, motif = engagement.juger(essai)
    constat, synthese = (
        {
            "n": base.n,
            "n_servis": s.servis,
            "n_deplaces": s.n_deplaces,
            "n_restants": int(t["restants"].iloc[-1]) if len(t) else base.n,
        }
        for s, t in ((repos, temoin), (essai, trajectoire))
    )
    titre = segment_de(str(leviers["segment"])).titre
    phrase = (
        f"Reloger {langue.effectif(essai.vises, 'ménage')} par semestre du segment « {titre} » "
        f"({langue.nombre(base.n)} aujourd’hui) en laisserait {langue.nombre(synthese['n_restants'])} dans "
        f"{langue.effectif(len(trajectoire), 'semestre')}, contre {langue.nombre(constat['n_restants'])} à pratique "
        f"constante ; {_JUGEMENTS[verdict]}{_cause(verdict, motif, base)}."
    )
    if verdict is engagement.Verdict.FAISABLE and motif:
        phrase = f"Rien ne change : {_INCHANGES[motif]}. {phrase}"
    return Resultat(
        scenario,
        constat,
        synthese,
        trajectoire,
        str(verdict),
        str(motif) if motif else None,
        langue.typographier(phrase),
        {
            "cellules": engagement.repartir(base.cellules, essai.servis),
            "deplaces": engagement.deplacer(base.autres, essai.n_deplaces),
            "constat": temoin,
        },
    )


def _cause(verdict: engagement.Verdict, motif: engagement.Motif | None, base: situation.Situation) -> str:
    """What binds an engagement that is not feasible as it is."""
    if verdict is engagement.Verdict.FAISABLE or motif is None:
        return ""
    if motif is engagement.Motif.PLUS_QUE_LE_FLUX:
        return f", le flux attendu est de {langue.effectif(base.flux, 'attribution')} par semestre"
    if motif is engagement.Motif.PLUS_QUE_LES_MENAGES:
        return f", le segment compte {langue.effectif(base.n, 'ménage')}"
    return f", {_INCHANGES[motif]}"


_INCHANGES = {
    engagement.Motif.AUCUN_MENAGE: "aucun ménage n’est dans ce segment",
    engagement.Motif.AUCUN_FLUX: "aucune attribution n’est attendue",
    engagement.Motif.PLUS_QUE_LES_SERVABLES: "trop peu d’attributions sont attendues là où ils demandent",
    engagement.Motif.DEJA_OBSERVE: "le flux en reloge déjà autant",
}
_JUGEMENTS = {
    engagement.Verdict.FAISABLE: "c’est faisable",
    engagement.Verdict.TENDU: "c’est tendu",
    engagement.Verdict.INFAISABLE: "c’est infaisable",
}
