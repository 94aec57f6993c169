"""`plan`: every target at once, the least reorientation, or what gives way and what a point of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import Audience
from mel_core.simulation.engagement.attentes import Attentes, expect
from mel_core.simulation.plan import objectifs_plan
from mel_core.simulation.plan.calcul_plan import Plan, make_plan, prix_du_point
from mel_core.simulation.plan.jugement_plan import moyens_du_plan
from mel_core.simulation.reorientation.calcul_reorientation import motif_inchange, par
from mel_core.simulation.reorientation.cibles import Motif
from mel_core.simulation.reorientation.faisabilite import est_jugeable
from mel_core.simulation.reorientation.moyens import Jugement
from mel_core.simulation.scenarios import phrases_scenarios, reorientations
from mel_core.simulation.scenarios.resultat_scenario import Chiffre, Resultat
from mel_core.simulation.scenarios.scenario import Scenario
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.langue import Peu

_DITS = 3  # targets that give way, said in the sentence; the table has them all
_CLES = ["commune", "bailleur", "fragilite"]


@dataclass(frozen=True, eq=False)
class DepartPlan:
    """What each indicator starts from, and the dwellings freed in each cell: never written."""

    equilibre: reorientations.Depart
    aci: reorientations.Depart
    vacances: pd.DataFrame


def read(lecteur: Lecteur, scenario: Scenario) -> DepartPlan:
    """Who waits and what is freed are read once for both."""
    au_repos = replace(scenario, leviers={})
    contexte = reorientations.read_contexte(lecteur, scenario)
    equilibre, aci = (
        reorientations.read_cellules(lecteur, replace(au_repos, simulation=nom), contexte)
        for nom in ("equilibre", "aci")
    )
    return DepartPlan(equilibre, aci, contexte.vacances)


def compute(depart: DepartPlan, scenario: Scenario) -> Resultat:
    """`resultat`: one row per commune × bailleur × fragilite to reorient, and per commune × bailleur for the ACI (its
    `fragilite` empty); `details`: the same by indicateur and commune, every target with what is short of it, and the
    price of a point more.
    """
    if not est_jugeable(depart.equilibre.eligibles):
        raise ErreurUtilisateur(
            f"Le plan ne se calcule pas, {phrases_scenarios.SANS_ELIGIBLES} : importer la table « demandes » avec ces "
            "colonnes."
        )
    attendu, essai = reorientations.attentes(scenario), _aim(depart, scenario)
    # What is expected is said of all attributions: first accesses keep their share of them.
    tous, premiers = (int(lu.cellules["n"].sum()) for lu in (depart.equilibre, depart.aci))
    par_an = attendu.attributions
    acces = par_an if par_an is None or tous == 0 else round(Fraction(par_an * premiers, tous))
    probleme = (
        *(
            expect(lu.cellules.assign(n_observes=lu.cellules["n_connus"]), sien)
            for lu, sien in ((depart.equilibre, attendu), (depart.aci, replace(attendu, attributions=acces)))
        ),
        essai,
        depart.equilibre.eligibles,
        depart.vacances,
        attendu.horizon,
    )
    plan = make_plan(*probleme)
    prix = prix_du_point(*probleme)
    jugement = moyens_du_plan(plan, depart.equilibre.eligibles, depart.vacances, attendu.horizon)
    synthese = _mouvements(plan) | _tenus(plan.objectifs, "numerateur_vise")
    motif = _motif(plan, depart, essai)
    noms = depart.equilibre.noms
    lignes = _lignes(plan)
    return Resultat(
        scenario,
        _ascertain(depart, scenario),
        synthese,
        lignes,
        str(jugement.limite.verdict),
        str(motif) if motif else None,
        partial(_say, plan, jugement, prix, attendu, noms, motif),
        {
            "commune": par(lignes, ["indicateur", "commune"]),
            "objectifs": plan.objectifs,
            "prix": pd.DataFrame({"objectif": list(prix), "prix_un_point": list(prix.values())}),
        },
        reorientations.durees(scenario, depart.equilibre.duree),
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


def _aim(depart: DepartPlan, scenario: Scenario) -> objectifs_plan.ScenarioPlan:
    """The targets moved, the objectives in force for the others."""
    leviers: dict[str, Any] = dict(scenario.leviers)
    return objectifs_plan.ScenarioPlan(
        reorientations.cibles_equilibre(scenario, depart.equilibre.objectif),
        reorientations.cibles_aci(scenario, depart.aci, "cible_aci"),
        leviers.get("effectif_minimal", EFFECTIF_MINIMAL),
    )


def _ascertain(depart: DepartPlan, scenario: Scenario) -> dict[str, Chiffre]:
    """What is observed over twelve months, and the objectives in force that it holds: no lever moves it.

    Where none is in force, the targets of the scenario are the only ones there are.
    """
    est_vote = depart.equilibre.objectif is not None and depart.aci.objectif is not None
    vise = _aim(depart, replace(scenario, leviers={}) if est_vote else scenario)
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


def _say(
    plan: Plan,
    jugement: Jugement,
    prix: Mapping[str, float | None],
    attendu: Attentes,
    noms: Mapping[str, str],
    motif: Motif | None,
    audience: Audience,
) -> str:
    libres = phrases_scenarios.remarques(jugement, audience)
    if motif is not None:
        tenus = "tous les objectifs sont déjà tenus"
        pourquoi = tenus if motif is Motif.DEJA_ATTEINT else phrases_scenarios.INCHANGES[motif]
        return f"Rien ne change : {pourquoi}.{libres}"
    reorientees = langue.effectif(audience.compte(plan.n_reorientes), "attribution")
    total = f"{reorientees} en {langue.effectif(attendu.horizon, 'semestre')}"
    equilibre, aci, communs = (
        langue.nombre(audience.compte(frame[c].sum()))
        for frame, c in ((plan.equilibre, "a_reorienter"), (plan.aci, "a_reorienter"), (plan.aci, "n_communs"))
    )
    detail = f"{equilibre} pour l’équilibre, {aci} pour les ménages ACI, dont {communs} pour les deux"
    if plan.manque == 0:
        return (
            f"Tenir tous les objectifs à la fois demande de réorienter au moins {total} ({detail}) ; face à "
            f"{phrases_scenarios.moyens(jugement, audience)}, "
            f"{phrases_scenarios.limite(jugement.limite, noms, audience)}.{_prix(prix, audience)}{libres}"
        )
    manques = plan.objectifs[plan.objectifs["manque"] > 0].sort_values("manque", ascending=False, kind="stable")
    # A place first: what misses there is part of what misses over the whole.
    lieux = manques[manques["niveau"] != objectifs_plan.ENSEMBLE]
    # Place by place, a room is told what is observed, never what is tried.
    premiers = (lieux if len(lieux) else manques).head(_DITS if audience.est_exacte else 0)
    dits = [_manque(ligne, noms, audience) for ligne in premiers.to_dict("records")]
    return (
        f"{langue.effectif(len(manques), 'objectif')} sur {langue.nombre(len(plan.objectifs))} ne "
        f"{'peut' if len(manques) == 1 else 'peuvent'} pas tenir, même en réorientant {total} face à "
        f"{phrases_scenarios.moyens(jugement, audience)}.{''.join(f' {dit}' for dit in dits)}{libres}"
    )


_CAUSES = {
    "vacances": "que les logements libérés ne donnent pas",
    "eligibles": "que les demandeurs de la commune ne permettent pas",
    "eligibles_ensemble": "que les demandeurs du périmètre ne permettent pas",
    "attributions": "que les attributions attendues ne donnent pas",
}


def _manque(ligne: dict[Any, Any], noms: Mapping[str, str], audience: Audience) -> str:
    """« Tenir 45 % d’ACI à Marcq demanderait 12 attributions que … ; un point de moins en libère 3. »"""
    est_aci = ligne["indicateur"] == "aci"
    quoi = "de ménages ACI" if est_aci else "de ménages modestes"
    borne = ligne["plancher"] if ligne["numerateur_vise"] < ligne["bas"] else ligne["plafond"]
    ou = [
        *([phrases_scenarios.lieu(ligne["commune"], noms)] if ligne["commune"] else []),
        *([f"chez {noms.get(ligne['bailleur'], ligne['bailleur'])}"] if ligne["bailleur"] else []),
        *([f"en {phrases_scenarios.CLASSES[ligne['fragilite']]}"] if ligne["fragilite"] else []),
    ]
    lieu = f" {' '.join(ou)}" if ou else ""
    manque = langue.effectif(audience.compte(ligne["manque"]), "attribution")
    un_point = audience.compte(min(int(ligne["n_un_point"]), int(ligne["manque"])))
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


def _prix(prix: Mapping[str, float | None], audience: Audience) -> str:
    """The dearest point, or the first one that cannot be had."""
    impossibles = [nom for nom, cout in prix.items() if cout is None]
    if impossibles:
        return f" Viser {_POINTS[impossibles[0]]} ne tiendrait plus."
    couts = {nom: cout for nom, cout in prix.items() if cout is not None and langue.round_off(cout) > 0}
    if not couts:
        return ""
    nom = max(couts, key=lambda x: couts[x])
    dit = audience.compte(int(langue.round_off(couts[nom])))
    combien = f"au plus {dit.tus}" if isinstance(dit, Peu) else f"environ {langue.nombre(dit)}"
    return f" Le point le plus cher : viser {_POINTS[nom]} en demanderait {combien} de plus."
