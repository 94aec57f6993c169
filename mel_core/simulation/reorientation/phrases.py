"""What a target share asks, in one sentence: the same on the bilan, in Simuler, by the command line and in the relevé.

Numbers between ** are the ones to see from the last row (`Resultat.write` leaves the marks out).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.indicateurs.phrases_constats import QUARTIERS
from mel_core.secret.bail import reader
from mel_core.simulation.reorientation.faisabilite import Faisabilite, Jugement, Limite, Raison
from mel_core.simulation.reorientation.grille import Attentes, CibleEssayee, Motif
from mel_core.simulation.reorientation.reponses import Exigence
from mel_core.socle import langue
from mel_core.socle.valeurs import Duree, say_arrondi

Noms = Mapping[str, str]

INCHANGES = {
    Motif.AUCUNE_ATTRIBUTION: "il n’y a aucune attribution sur cette période",
    Motif.AUCUNE_CONNUE: "aucune attribution ne dit les ressources ou les labels du ménage",
    Motif.QUARTIERS_INCONNUS: "aucun quartier attribué n’a de fragilité connue",
    Motif.DEJA_ATTEINT: "ce plancher est déjà tenu",
    Motif.AUCUNE_ATTENDUE: "aucune attribution n’est attendue sur la durée étudiée",
}
# Of a class of quartiers that a target tried asks nothing of: 62 % are not at 100 %, they are under that ceiling.
TENUES = {"fragile": "plafond tenu", "moyenne": "dans la bande", "sans": "plancher tenu"}
SANS_ELIGIBLES = "à cette date, aucune demande active ne dit le profil voulu et une commune souhaitée d’ici"
_PROFILS = {
    "n_modestes": ("ménage modeste", "ménages modestes"),
    "n_non_modestes": ("ménage non modeste", "ménages non modestes"),
    "n_aci": ("ménage ACI", "ménages ACI"),
    "n_non_aci": ("ménage hors ACI", "ménages hors ACI"),
    "n_modestes_ou_aci": ("ménage modeste ou ACI", "ménages modestes ou ACI"),
    "n_non_modestes_ou_aci": ("ménage non modeste ou ACI", "ménages non modestes ou ACI"),
    "n_concernes": ("ménage", "ménages"),
}
_RESERVES = {
    Motif.AUCUN_ELIGIBLE: "Rien ne peut changer : aucun demandeur du profil voulu ne souhaite ces communes.",
    Motif.EFFECTIF_FAIBLE: "L’effectif est trop faible pour conclure : l’écart n’est donné qu’à titre indicatif.",
}
_TROP_PEU = "trop peu d’attributions aux ressources ou aux labels connus pour dire ce que cela demande"
_BORNES_TENUES = (
    "c’est un plafond en quartiers fragiles, un plancher en quartiers sans fragilité, et ils sont déjà tenus"
)
_OU = {"commune": "à", "bailleur": "chez"}  # before the name of a place that has a floor of its own
_LIEUX_DITS = 4
_QUI = {
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


@dataclass(frozen=True)
class Cadre:
    """What the sentence is read beside: how long the observed attributions cover (« 6 mois sur 12 »; empty: the screen
    says which are judged), what is expected, what codes are called, and whether anybody knows who waits."""

    duree: Duree | None = None
    attentes: Attentes = field(default_factory=Attentes)
    noms: Noms = field(default_factory=dict)
    est_jugee: bool = True


def say(exigence: Exigence, cadre: Cadre, suite: str = "") -> str:
    """What is asked, `suite` (what it brings), with what it can be done, and what binds; impossible first when it is;
    or why nothing changes. A room is told what is asked of a class whose share is said to it, and the rest when it is
    told all of them."""
    visee, jugement = _visee(exigence.cible, cadre.noms), exigence.jugement
    verdict = exigence.limite.verdict.titre
    dites = {c for c, (k, n) in exigence.parts.items() if reader().lit_tout or pd.notna(reader().part(k, n))}
    if any(n and c not in dites for c, (_, n) in exigence.parts.items()):
        morceaux = _par_classe(exigence, dites)
        return f"{visee} : {langue.liste(morceaux) if morceaux else _TROP_PEU}."
    if exigence.motif in INCHANGES:
        est_borne = exigence.motif is Motif.DEJA_ATTEINT and exigence.cible.indicateur == "equilibre"
        pourquoi = _BORNES_TENUES if est_borne else INCHANGES[exigence.motif]
        # What is expected may already house more households than there are, asking nothing.
        if exigence.limite.raison is Raison.STOCK and cadre.est_jugee:
            raison = say_raison(exigence.limite, cadre.noms)
            return f"{visee} ne change rien : {pourquoi}. Mais le rythme attendu est **{verdict}** : {raison}."
        return f"{visee} ne change rien : {pourquoi}."
    demande = f"{visee}, c’est {_demande(exigence, cadre)}{suite}."
    if not cadre.est_jugee:
        return f"{demande} La faisabilité ne se juge pas : {SANS_ELIGIBLES}."
    if jugement is None:  # a rule of the law: nobody is told who would be housed
        return demande
    moyens, raison = say_moyens(jugement), say_raison(jugement.limite, cadre.noms)
    reserve = f" {_RESERVES[exigence.motif]}" if exigence.motif else ""
    suites = f"{reserve}{say_remarques(jugement)}"
    if jugement.limite.verdict is Faisabilite.INFAISABLE:
        return f"**{langue.capitalize(verdict)}** : {raison}. {demande} {langue.capitalize(moyens)}.{suites}"
    return f"{demande} {langue.capitalize(moyens)} : **{verdict}**{f', {raison}' if raison else ''}.{suites}"


def part_de_l_effort(ou: str) -> str:
    """What a scenario asks of one place, which is not the gap that other screens say. `ou`: `l’ICI 2`."""
    return f"part de l’effort de {ou}, non son propre écart"


def _visee(cible: CibleEssayee, noms: Noms) -> str:
    """`Viser 45 % de ménages ACI`: what is aimed at in each class when they differ, or the floor of each place that has
    another, which holds beside that of the whole."""
    qui = _QUI[cible.indicateur]
    if cible.indicateur == "equilibre":
        parts = {c: cible.cibles.get(c, cible.cible) for c in FRAGILITES}
        if len(set(parts.values())) == 1:
            return f"Viser {langue.part(parts['fragile'])} de {qui}"
        voulues = [f"{langue.part(part)} en {QUARTIERS[c]}" for c, part in parts.items()]
        return f"Viser, pour les {qui}, {langue.liste(voulues)}"
    ensemble = f"{langue.part(cible.cible)} de {qui}"
    lieux = [
        f"{langue.part(part)} {_OU[lieu[0]]} {noms.get(lieu[1], lieu[1])}"
        for lieu, part in sorted(cible.cibles.items(), key=str)
        if isinstance(lieu, tuple) and part != cible.cible
    ]
    if not lieux:
        return f"Viser {ensemble}"
    reste = [langue.effectif(len(lieux) - _LIEUX_DITS, "autre plancher")] if len(lieux) > _LIEUX_DITS else []
    return f"Viser {langue.liste([f'{ensemble} dans l’ensemble', *lieux[:_LIEUX_DITS], *reste])}"


def _demande(exigence: Exigence, cadre: Cadre) -> str:
    """`réorienter **24 attributions** sur les 140 … de ces 12 mois : **16 de moins** à des ménages modestes dans les
    quartiers fragiles…`; for a floor, `**24 attributions de plus** pour eux, sur les 140 …`."""
    n = reader().compte(exigence.n_demandes)
    combien = langue.effectif(n, "attribution")
    sur = _sur(exigence, cadre) if cadre.duree else ""
    if exigence.cible.indicateur != "equilibre":
        return f"**{combien} de plus** pour eux{sur and f', {sur}'}"
    par_classe = langue.liste(_par_classe(exigence, est_bref=not cadre.duree))
    arrondi = say_arrondi(n, [reader().compte(k) for sens in exigence.sens.values() for k in sens if k])
    return f"réorienter **{combien}**{sur and f' {sur}'}{arrondi} : {par_classe}"


def _par_classe(exigence: Exigence, dites: Collection[str] = QUARTIERS, *, est_bref: bool = False) -> list[str]:
    """What each of the classes `dites` is asked, where it is asked something. `est_bref`: the sentence says of whom."""
    morceaux: list[str] = []
    for classe, sens in exigence.sens.items():
        for n, mot in zip(sens, ("de moins", "de plus"), strict=True):
            if n and classe in dites:
                qui = "" if morceaux or est_bref else f" à des {_QUI['equilibre']}"
                morceaux.append(f"**{langue.nombre(reader().compte(n))} {mot}**{qui} dans les {QUARTIERS[classe]}")
    return morceaux


def _sur(exigence: Exigence, cadre: Cadre) -> str:
    """The attributions that are judged: of the months observed, or expected within the horizon."""
    observees, seule, *attendues = _JUGEES[exigence.cible.indicateur]
    n = reader().compte(exigence.n_connues)
    if cadre.attentes == Attentes():
        # Of a part of a year, « de ces 6 mois sur 12 » is not French.
        quand = f"en {cadre.duree}" if cadre.duree and not cadre.duree.est_entiere else f"de ces {cadre.duree}"
        return f"sur {seule if n == 1 else f'les {langue.nombre(n)} {observees}'} {quand}"
    return f"sur {langue.effectif(n, *attendues)} en {langue.effectif(cadre.attentes.horizon, 'semestre')}"


def say_stock(synthese: Mapping[str, Any]) -> str:
    """What an ACI target does to those who wait (`n_restants`, `semestres`); empty when nobody knows them,
    or when more would be housed than there are: the verdict says it."""
    if synthese["n_restants"] is None:
        return ""
    if synthese["semestres"] is None:
        return ", et ne suffit pas à résorber le stock, qui grossit plus vite"
    restants = reader().compte(synthese["n_restants"])
    return (
        f" ; {langue.effectif(restants, 'ménage ACI', 'ménages ACI')} "
        f"{langue.agree(restants, 'attendrait', 'attendraient')} "
        f"encore, et le stock s’écoulerait en {langue.effectif(synthese['semestres'], 'semestre')}"
    )


def say_raison(limite: Limite, noms: Noms) -> str:
    """What binds: `il faut 88 ménages modestes, et 120 attendent sur tout le périmètre`; empty when nothing does. A
    room is told no count, nor which commune or bailleur: every position of a lever would give exact counts back."""
    if limite.raison is None:
        return ""
    if not reader().lit_tout:
        return _raison_dite(limite)
    demandes, disponibles = limite.n_demandes, limite.n_disponibles
    if limite.raison is Raison.VACANCES:
        se_libere = "se libère" if disponibles < 2 else "se libèrent"
        libres, demandees = langue.effectif(disponibles, "logement"), langue.effectif(demandes, "attribution")
        return f"{_ou(limite, noms)}, il faudrait réorienter {demandees} et {libres} {se_libere}"
    menages = langue.effectif(demandes, *_PROFILS[limite.profil])
    if limite.raison is Raison.PLUSIEURS_COMMUNES:
        return f"il faut {menages} différents, et les mêmes peuvent être comptés dans plusieurs communes"
    if limite.raison is Raison.STOCK:
        attendent = "attend ou arriverait" if disponibles < 2 else "attendent ou arriveraient"
        return f"il faudrait loger {menages}, et {langue.nombre(disponibles)} {attendent} d’ici là"
    ont, attendent = ("l’a", "attend") if disponibles < 2 else ("l’ont", "attendent")
    if limite.raison is Raison.ELIGIBLES:
        return f"{_ou(limite, noms)}, il faut {menages} et {langue.nombre(disponibles)} {ont} demandée"
    return f"il faut {menages}, et {langue.nombre(disponibles)} {attendent} sur tout le périmètre"


def _raison_dite(limite: Limite) -> str:
    ou = "dans une commune" if limite.commune else "chez un bailleur" if limite.bailleur else _ou(limite, {})
    if limite.raison is Raison.VACANCES:
        return f"{ou}, il se libère moins de logements qu’il n’en faudrait"
    if limite.raison is Raison.PLUSIEURS_COMMUNES:
        return "les mêmes ménages peuvent être comptés dans plusieurs communes"
    combien = "n’y suffisent pas" if limite.verdict is Faisabilite.INFAISABLE else "y suffisent à peine"
    return f"{ou}, les {_PROFILS[limite.profil][1]} qui attendent {combien}"


def _ou(limite: Limite, noms: Noms) -> str:
    if limite.commune:
        return langue.a_la_commune(noms.get(limite.commune, limite.commune))
    if limite.bailleur:
        return f"chez {noms.get(limite.bailleur, limite.bailleur)}"
    return f"dans les {QUARTIERS[limite.fragilite]}" if limite.fragilite else "sur tout le périmètre"


def say_moyens(jugement: Jugement) -> str:
    """`1 940 logements libérés et 8 224 demandeurs éligibles`, where something is asked. Dwellings are nobody, but at
    every position of a lever their sum would say which places it asks: a room is not told it."""
    n, libres = reader().compte(jugement.n_eligibles), jugement.n_vacances
    eligibles = langue.effectif(n, "demandeur éligible", "demandeurs éligibles") if n else "aucun demandeur éligible"
    if jugement.n_inconnus == jugement.n_lieux or not reader().lit_tout:
        return eligibles
    liberes = langue.effectif(libres, "logement libéré", "logements libérés") if libres else "aucun logement libéré"
    return f"{liberes} et {eligibles}"


def say_remarques(jugement: Jugement) -> str:
    """Of the places concerned, as many as that to whoever reads exactly (see `say_moyens`): those where vacancies are
    unknown, those that free fewer dwellings than they are asked; nothing of none."""
    n, n_lieux, dites = jugement.n_inconnus, jugement.n_lieux, ""
    if n:
        ou = f"Dans {langue.nombre(n)} des {langue.nombre(n_lieux)} lieux concernés" if n_lieux > 1 else "Là"
        if not reader().lit_tout:
            ou = "Dans les lieux concernés, ou certains d’entre eux"
        dites = f" {ou}, le nombre de logements libérés est inconnu : il ne limite rien."
    if jugement.n_serres and reader().lit_tout:
        dites += (
            f" Chez un bailleur d’une commune, {langue.nombre(jugement.n_serres)} fois sur {langue.nombre(n_lieux)}, "
            "il se libère moins de logements que ce partage n’en demande : Simuler, « Plan d’ensemble », en cherche un "
            "autre."
        )
    return dites
