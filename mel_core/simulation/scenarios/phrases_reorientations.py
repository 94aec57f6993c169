"""What a target share asks, in one sentence: the same on the bilan, in Simuler, by the command line and in the relevé.

Numbers between ** are the ones to see from the last row (`Resultat.phrase` leaves the marks out).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.secret.bail import Audience
from mel_core.simulation.engagement.attentes import Attentes
from mel_core.simulation.reorientation.cibles import CibleEssayee, Motif
from mel_core.simulation.reorientation.faisabilite import Faisabilite, Limite, Raison
from mel_core.simulation.reorientation.reponses_leviers import Exigence
from mel_core.simulation.scenarios import phrases_scenarios
from mel_core.simulation.scenarios.phrases_scenarios import CLASSES, Noms
from mel_core.socle import langue

_OU = {"commune": "à", "bailleur": "chez"}  # before the name of a place that has a floor of its own
_LIEUX_DITS = 4
_PROFILS = {
    "equilibre": "ménages modestes",
    "aci": "ménages ACI",
    "q1_hors_qpv": "ménages du premier quartile ou relogés au titre du NPRU",
    "autres_en_qpv": "ménages au-dessus du premier quartile",
}
# What is judged: a lever of expected attributions is of all of them, known or not. Observed, the only one
# observed; one expected, several.
_JUGEES = {
    "equilibre": (
        "aux ressources connues",
        "la seule aux ressources connues",
        "attribution attendue aux ressources connues",
        "attributions attendues aux ressources connues",
    ),
    "aci": (
        "premiers accès aux labels connus",
        "le seul premier accès aux labels connus",
        "premier accès attendu aux labels connus",
        "premiers accès attendus aux labels connus",
    ),
    "q1_hors_qpv": ("attributions hors QPV au quartile connu", "la seule hors QPV au quartile connu", "", ""),
    "autres_en_qpv": ("attributions en QPV au quartile connu", "la seule en QPV au quartile connu", "", ""),
}
BORNES_TENUES = (
    "c’est un plafond en quartiers fragiles, un plancher en quartiers sans fragilité, et ils sont déjà tenus"
)


@dataclass(frozen=True)
class Cadre:
    """What the sentence is read beside: how long the observed attributions cover (« 6 mois sur 12 »), what is expected,
    what codes are called, and whether anybody knows who waits."""

    duree: str
    attentes: Attentes = field(default_factory=Attentes)
    noms: Noms = field(default_factory=dict)
    est_jugee: bool = True


def say(exigence: Exigence, cadre: Cadre, audience: Audience, suite: str = "") -> str:
    """What is asked, `suite` (what it brings), with what it can be done, and what binds; impossible first when it is;
    or why nothing changes. A room is told what is asked of a class whose share is said to it, and the rest when it is
    told all of them."""
    visee = _visee(exigence.cible, cadre.noms)
    dites = {c for c, (k, n) in exigence.parts.items() if audience.est_exacte or pd.notna(audience.part(k, n))}
    if any(n and c not in dites for c, (_, n) in exigence.parts.items()):
        morceaux = _par_classe(exigence, audience, dites)
        return f"{visee} : {langue.liste(morceaux) if morceaux else phrases_scenarios.TROP_PEU}."
    if exigence.motif in phrases_scenarios.INCHANGES:
        pourquoi = phrases_scenarios.INCHANGES[exigence.motif]
        if exigence.motif is Motif.DEJA_ATTEINT and exigence.cible.indicateur == "equilibre":
            pourquoi = BORNES_TENUES
        return f"{visee} ne change rien : {pourquoi}.{_deja_infaisable(exigence, cadre, audience)}"
    demande = f"{visee}, c’est {_demande(exigence, cadre, audience)}{suite}."
    if not cadre.est_jugee:
        return f"{demande} {phrases_scenarios.SANS_DEMANDES}"
    if exigence.jugement is None:  # a rule of the law: nobody is told who would be housed
        return demande
    limite = phrases_scenarios.limite(exigence.jugement.limite, cadre.noms, audience)
    moyens = phrases_scenarios.moyens(exigence.jugement, audience)
    moyens = f"{moyens[:1].upper()}{moyens[1:]}"
    reserve = f" {phrases_scenarios.RESERVES[exigence.motif]}" if exigence.motif else ""
    suites = f"{reserve}{phrases_scenarios.remarques(exigence.jugement, audience)}"
    if exigence.jugement.limite.verdict is Faisabilite.INFAISABLE:
        return f"**{limite.verdict[:1].upper()}{limite.verdict[1:]}** : {limite.raison}. {demande} {moyens}.{suites}"
    raison = f", {limite.raison}" if limite.raison else ""
    return f"{demande} {moyens} : **{limite.verdict}**{raison}.{suites}"


def _deja_infaisable(exigence: Exigence, cadre: Cadre, audience: Audience) -> str:
    """That what is expected already houses more households than there are, asking nothing; else nothing."""
    limite = exigence.jugement.limite if exigence.jugement else Limite()
    if limite.raison is not Raison.STOCK or not cadre.est_jugee:
        return ""
    dite = phrases_scenarios.limite(limite, cadre.noms, audience)
    return f" Mais le rythme attendu est **{dite.verdict}** : {dite.raison}."


def _visee(cible: CibleEssayee, noms: Noms) -> str:
    qui = _PROFILS[cible.indicateur]
    if cible.indicateur != "equilibre":
        return f"Viser {_planchers(cible, qui, noms)}"
    parts = {c: cible.cibles.get(c, cible.cible) for c in FRAGILITES}
    if len(set(parts.values())) == 1:
        return f"Viser {langue.part(parts['fragile'])} de {qui}"
    voulues = [f"{langue.part(part)} en {CLASSES[c]}" for c, part in parts.items()]
    return f"Viser, pour les {qui}, {langue.liste(voulues)}"


def _planchers(cible: CibleEssayee, qui: str, noms: Noms) -> str:
    """`45 % de ménages ACI`, then the floor of each place that has another: it holds beside that of the whole."""
    ensemble = f"{langue.part(cible.cible)} de {qui}"
    lieux = [
        f"{langue.part(part)} {_OU[lieu[0]]} {noms.get(lieu[1], lieu[1])}"
        for lieu, part in sorted(cible.cibles.items(), key=str)
        if isinstance(lieu, tuple) and part != cible.cible
    ]
    if not lieux:
        return ensemble
    reste = [langue.effectif(len(lieux) - _LIEUX_DITS, "autre plancher")] if len(lieux) > _LIEUX_DITS else []
    return langue.liste([f"{ensemble} dans l’ensemble", *lieux[:_LIEUX_DITS], *reste])


def _demande(exigence: Exigence, cadre: Cadre, audience: Audience) -> str:
    """`réorienter **24 attributions** sur les 140 … de ces 12 mois : **16 de moins** à des ménages modestes dans les
    quartiers fragiles…`; for a floor, `**24 attributions de plus** à ces ménages, sur les 140 …`."""
    total = audience.compte(exigence.n_demandes)
    if exigence.cible.indicateur != "equilibre":
        return f"**{langue.effectif(total, 'attribution')} de plus** à ces ménages, {_sur(exigence, cadre, audience)}"
    combien = f"**{langue.effectif(total, 'attribution')}**"
    return f"réorienter {combien} {_sur(exigence, cadre, audience)} : {langue.liste(_par_classe(exigence, audience))}"


def _par_classe(exigence: Exigence, audience: Audience, dites: Collection[str] = CLASSES) -> list[str]:
    """What each of the classes `dites` is asked, where it is asked something."""
    morceaux: list[str] = []
    for classe, sens in exigence.sens.items():
        for n, mot in zip(sens, ("de moins", "de plus"), strict=True):
            if n and classe in dites:
                qui = "" if morceaux else f" à des {_PROFILS['equilibre']}"
                morceaux.append(f"**{langue.nombre(audience.compte(n))} {mot}**{qui} dans les {CLASSES[classe]}")
    return morceaux


def _sur(exigence: Exigence, cadre: Cadre, audience: Audience) -> str:
    """The attributions that are judged: of the months observed, or expected within the horizon."""
    observees, seule, *attendues = _JUGEES[exigence.cible.indicateur]
    n = audience.compte(exigence.n_connues)
    if cadre.attentes == Attentes():
        # Of a part of a year, « de ces 6 mois sur 12 » is not French.
        quand = f"en {cadre.duree}" if " sur" in cadre.duree.replace(langue.INSECABLE, " ") else f"de ces {cadre.duree}"
        return f"sur {seule if n == 1 else f'les {langue.nombre(n)} {observees}'} {quand}"
    return f"sur {langue.effectif(n, *attendues)} en {langue.effectif(cadre.attentes.horizon, 'semestre')}"


def stock(synthese: Mapping[str, Any], audience: Audience) -> str:
    """What an ACI target does to those who wait (`n_restants`, `semestres`); empty when nobody knows them,
    or when more would be housed than there are: the verdict says it."""
    if synthese["n_restants"] is None:
        return ""
    if synthese["semestres"] is None:
        return ", et ne suffit pas à résorber le stock, qui grossit plus vite"
    restants = audience.compte(synthese["n_restants"])
    return (
        f" ; {langue.effectif(restants, 'ménage ACI', 'ménages ACI')} "
        f"{langue.agree(restants, 'attendrait', 'attendraient')} "
        f"encore, et le stock s’écoulerait en {langue.effectif(synthese['semestres'], 'semestre')}"
    )
