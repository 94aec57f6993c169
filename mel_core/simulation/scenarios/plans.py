"""`plan`: every target at once, the least reorientation, or what gives way and what a point of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import reader
from mel_core.simulation.plan import objectifs_plan
from mel_core.simulation.plan.calcul_plan import make_plan, prix_du_point
from mel_core.simulation.plan.demande import moyens_du_plan
from mel_core.simulation.plan.objectifs_plan import Plan
from mel_core.simulation.reorientation import phrases
from mel_core.simulation.reorientation.faisabilite import Jugement, est_jugeable
from mel_core.simulation.reorientation.grille import Motif, forecast
from mel_core.simulation.reorientation.reponses import motif_inchange, par
from mel_core.simulation.scenarios import reorientations
from mel_core.simulation.scenarios.resultat import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur

_DITS = 3  # targets that give way, said in the sentence; the table has them all
_CLES = ["commune", "bailleur", "fragilite"]


@dataclass(frozen=True, eq=False)
class DepartPlan:
    """What each indicator starts from: never written."""

    equilibre: reorientations.Depart
    aci: reorientations.Depart


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultatPlan(Resultat):
    """The plan, what it is faced with, and what one point more of each target costs."""

    plan: Plan
    jugement: Jugement
    prix: Mapping[str, int | None]
    noms: Mapping[str, str]

    def texte(self) -> str:
        return _say(self)


def read(lecteur: Lecteur, scenario: Scenario) -> DepartPlan:
    """Who waits and what is freed are read once for both."""
    equilibre = reorientations.read(lecteur, replace(scenario, simulation="equilibre", leviers={}))
    aci = replace(scenario, simulation="aci", leviers={})
    return DepartPlan(equilibre, reorientations.read(lecteur, aci, equilibre))


def compute(depart: DepartPlan, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur × fragilite to reorient, and per commune × bailleur for the ACI (its
    `fragilite` empty); `details`: the same by indicateur and commune, every target with what is short of it, and the
    price of a point more.
    """
    if not est_jugeable(depart.equilibre.eligibles):
        raise ErreurUtilisateur(
            f"Le plan ne se calcule pas, {phrases.SANS_ELIGIBLES} : importer la table « demandes » avec ces colonnes."
        )
    attendu, essai = reorientations.attentes(scenario), _set_targets(depart, scenario)
    # What is expected is said of all attributions: first accesses keep their share of them.
    tous, premiers = (int(lu.cellules["n"].sum()) for lu in (depart.equilibre, depart.aci))
    par_an = attendu.attributions
    acces = par_an if par_an is None or tous == 0 else round(Fraction(par_an * premiers, tous))
    equilibre, aci = (
        forecast(lu.cellules.assign(n_observes=lu.cellules["n_connus"]), sien)
        for lu, sien in ((depart.equilibre, attendu), (depart.aci, replace(attendu, attributions=acces)))
    )
    face = depart.equilibre.eligibles, depart.equilibre.vacances, attendu.horizon
    plan = make_plan(equilibre, aci, essai, *face)
    prix = prix_du_point(equilibre, aci, essai, *face)
    jugement, motif = moyens_du_plan(plan, *face), _motif(plan, depart, essai)
    lignes = _lignes(plan)
    return ResultatPlan(
        scenario=scenario,
        constat=_observe(depart, scenario),
        synthese=_mouvements(plan) | _tenus(plan.objectifs, "numerateur_vise"),
        resultat=lignes,
        verdict=str(jugement.limite.verdict),
        motif=str(motif) if motif else None,
        details={
            "commune": par(lignes, ["indicateur", "commune"]),
            "objectifs": plan.objectifs,
            "prix": pd.DataFrame({"objectif": list(prix), "prix_un_point": list(prix.values())}),
        },
        durees=reorientations.durees(scenario, depart.equilibre.duree),
        plan=plan,
        jugement=jugement,
        prix=prix,
        noms=depart.equilibre.noms,
    )


def _lignes(plan: Plan) -> pd.DataFrame:
    colonnes = ["indicateur", *_CLES, "n_connus", "numerateur", "a_reorienter", "sens", "n_communs"]
    return pd.concat(
        [
            plan.equilibre.assign(indicateur="equilibre", n_communs=0),
            plan.aci.assign(indicateur="aci", fragilite=""),
        ],
        ignore_index=True,
    )[colonnes]


def _set_targets(depart: DepartPlan, scenario: Scenario) -> objectifs_plan.ScenarioPlan:
    """The targets moved, the objectives in force for the others."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    return objectifs_plan.ScenarioPlan(
        reorientations.cibles_equilibre(scenario, depart.equilibre),
        reorientations.cibles_aci(scenario, depart.aci, "cible_aci"),
        leviers.get("effectif_minimal", EFFECTIF_MINIMAL),
    )


def _observe(depart: DepartPlan, scenario: Scenario) -> dict[str, Chiffre]:
    """What is observed over twelve months, and the objectives in force that it holds: no lever moves it.

    Where none is in force, the targets of the scenario are the only ones there are.
    """
    est_vote = depart.equilibre.objectif is not None and depart.aci.objectif is not None
    vise = _set_targets(depart, replace(scenario, leviers={}) if est_vote else scenario)
    places = objectifs_plan.objectifs(depart.equilibre.cellules, depart.aci.cellules, vise)
    lus = pd.DataFrame(
        [(o.indicateur, o.niveau, o.fragilite, o.n, o.k, o.bas, o.haut) for o in places],
        columns=["indicateur", "niveau", "fragilite", "n", "numerateur", "bas", "haut"],
    )
    return _mouvements(None) | _tenus(lus, "numerateur")


def _mouvements(plan: Plan | None) -> dict[str, Chiffre]:
    """What a plan reorients; None: nobody is."""
    return {
        "n_reorientes": plan.n_reorientes if plan else 0,
        "n_equilibre": int(plan.equilibre["a_reorienter"].sum()) if plan else 0,
        "n_aci": int(plan.aci["a_reorienter"].sum()) if plan else 0,
        "n_communs": int(plan.aci["n_communs"].sum()) if plan else 0,
    }


def _tenus(objectifs: pd.DataFrame, colonne: str) -> dict[str, Chiffre]:
    """Targets, those held by the counts of `colonne`, and the shares of the whole."""
    k, ensemble = objectifs[colonne], objectifs["niveau"] == objectifs_plan.ENSEMBLE
    chiffres: dict[str, Chiffre] = {
        "n_objectifs": len(objectifs),
        "n_objectifs_tenus": int(((k >= objectifs["bas"]) & (k <= objectifs["haut"])).sum()),
    }
    for nom, est_la in (
        *(
            (f"part_{c}", ensemble & (objectifs["indicateur"] == "equilibre") & (objectifs["fragilite"] == c))
            for c in FRAGILITES
        ),
        ("part_aci", ensemble & (objectifs["indicateur"] == "aci")),
    ):
        n = int(objectifs.loc[est_la, "n"].sum())
        chiffres[nom] = int(k[est_la].sum()) / n if n else None
    return chiffres


def _motif(plan: Plan, depart: DepartPlan, essai: objectifs_plan.ScenarioPlan) -> Motif | None:
    """Why a plan changes nothing: the indicator that could have changed most says it."""
    if plan.n_reorientes or plan.manque:
        return None
    lues = (depart.equilibre.cellules, plan.equilibre, essai.equilibre), (depart.aci.cellules, plan.aci, essai.aci)
    motifs = [motif_inchange(attendues, cible, observees) for observees, attendues, cible in lues]
    return max((m for m in motifs if m is not None), key=list(Motif).index, default=None)


def _say(resultat: ResultatPlan) -> str:
    plan, jugement, noms = resultat.plan, resultat.jugement, resultat.noms
    libres, moyens = phrases.say_remarques(jugement), phrases.say_moyens(jugement)
    if resultat.motif is not None:
        tenus = "tous les objectifs sont déjà tenus"
        motif = Motif(resultat.motif)
        pourquoi = tenus if motif is Motif.DEJA_ATTEINT else phrases.INCHANGES[motif]
        return f"Rien ne change : {pourquoi}.{libres}"
    reorientees = langue.effectif(reader().compte(plan.n_reorientes), "attribution")
    horizon = reorientations.attentes(resultat.scenario).horizon
    total = f"{reorientees} en {langue.effectif(horizon, 'semestre')}"
    equilibre, aci, communs = (
        langue.nombre(reader().compte(frame[c].sum()))
        for frame, c in ((plan.equilibre, "a_reorienter"), (plan.aci, "a_reorienter"), (plan.aci, "n_communs"))
    )
    detail = f"{equilibre} pour l’équilibre, {aci} pour les ménages ACI, dont {communs} pour les deux"
    if plan.manque == 0:
        raison = phrases.say_raison(jugement.limite, noms)
        return (
            f"Tenir tous les objectifs à la fois demande de réorienter au moins {total} ({detail}) ; face à {moyens}, "
            f"c’est {jugement.limite.verdict.titre}{f' : {raison}' if raison else ''}."
            f"{_prix(resultat.prix)}{libres}"
        )
    manques = plan.objectifs[plan.objectifs["manque"] > 0].sort_values("manque", ascending=False, kind="stable")
    # A place first: what misses there is part of what misses over the whole.
    lieux = manques[manques["niveau"] != objectifs_plan.ENSEMBLE]
    # Place by place, a room is told what is observed, never what is tried.
    premiers = (lieux if len(lieux) else manques).head(_DITS if reader().lit_tout else 0)
    dits = [_manque(ligne, noms) for ligne in premiers.to_dict("records")]
    return (
        f"{langue.effectif(len(manques), 'objectif')} sur {langue.nombre(len(plan.objectifs))} ne "
        f"{'peut' if len(manques) == 1 else 'peuvent'} pas tenir, même en réorientant {total} face à {moyens}."
        f"{''.join(f' {dit}' for dit in dits)}{libres}"
    )


_CAUSES = {
    "vacances": "que les logements libérés ne donnent pas",
    "eligibles": "que les demandeurs de la commune ne permettent pas",
    "eligibles_ensemble": "que les demandeurs du périmètre ne permettent pas",
    "attributions": "que les attributions attendues ne donnent pas",
}


def _manque(ligne: dict[Any, Any], noms: Mapping[str, str]) -> str:
    """« Tenir 45 % d’ACI à Marcq demanderait 12 attributions que … ; un point de moins en libère 3. »"""
    est_aci = ligne["indicateur"] == "aci"
    quoi = "de ménages ACI" if est_aci else "de ménages modestes"
    borne = ligne["plancher"] if ligne["numerateur_vise"] < ligne["bas"] else ligne["plafond"]
    ou = [
        *([langue.a_la_commune(noms.get(ligne["commune"], ligne["commune"]))] if ligne["commune"] else []),
        *([f"chez {noms.get(ligne['bailleur'], ligne['bailleur'])}"] if ligne["bailleur"] else []),
        *([f"en {phrases_constats.QUARTIERS[ligne['fragilite']]}"] if ligne["fragilite"] else []),
    ]
    lieu = f" {' '.join(ou)}" if ou else ""
    manque = langue.effectif(reader().compte(ligne["manque"]), "attribution")
    un_point = reader().compte(min(int(ligne["n_un_point"]), int(ligne["manque"])))
    suite = f" ; un point de {'moins' if borne == ligne['plancher'] else 'plus'} en libère {langue.nombre(un_point)}"
    return (
        f"Tenir {langue.part(borne)} {quoi}{lieu} demanderait {manque} "
        f"{_CAUSES[ligne['raison']]}{suite if un_point != 0 else ''}."
    )


_POINTS = {
    "fragile": "un point plus bas en quartiers fragiles",
    "moyenne": "une bande d’un point plus étroite en fragilité moyenne",
    "sans": "un point plus haut en quartiers sans fragilité",
    "aci": "un point plus haut pour les ménages ACI",
}


def _prix(prix: Mapping[str, int | None]) -> str:
    """The dearest point, or the first one that cannot be had."""
    impossibles = [nom for nom, cout in prix.items() if cout is None]
    if impossibles:
        return f" Viser {_POINTS[impossibles[0]]} ne tiendrait plus."
    couts = {nom: cout for nom, cout in prix.items() if cout}
    if not couts:
        return ""
    nom = max(couts, key=lambda x: couts[x])
    dit = reader().compte(couts[nom])
    combien = f"au plus {dit.tus}" if dit.est_tu else f"{dit}"
    return f" Le point le plus cher : viser {_POINTS[nom]} en demanderait {combien} de plus."
