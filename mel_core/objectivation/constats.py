"""The findings of a dossier, from the demand to the délai: which they are, in which words, on which counts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mel_core import langue
from mel_core.langue import INSECABLE
from mel_core.objectivation.atelier import Atelier, Constat, Valeur
from mel_core.objectivation.comptes import Comptes
from mel_core.objectivation.lieux import Lieu

MOIS_12 = f"12{INSECABLE}mois"
EFFACES = "les ménages logés depuis plus d’un an ne sont plus dans les données"
RESERVATAIRES = {
    "COLTER": "collectivités territoriales",
    "COLACT": "collecteurs d’Action Logement",
    "PPRIOR": "préfet, publics prioritaires",
    "PFONCT": "préfet, fonctionnaires",
    "AUTRES": "autres réservataires",
    "AUCUN": "sans réservataire",
}


def dresser(comptes: Comptes, lieu: Lieu, contingents: pd.DataFrame) -> tuple[Constat, ...]:
    """The findings, from the demand to the délai, always all of them and in this order."""
    a = Atelier(comptes, lieu)

    def lu(table: str, compte: str) -> int:
        return comptes.lire(table, "secteur", compte)

    def inconnu(_cercle: str) -> float | None:
        return None

    def accord(table: str, compte: str, singulier: str, pluriel: str) -> str:
        return langue.accorder(lu(table, compte), singulier, pluriel)

    def parmi(table: str, k: str, n: str, singulier: str, pluriel: str) -> str:
        compte, total = lu(table, k), lu(table, n)
        if total == 1:
            return f"{langue.effectif(compte, singulier, pluriel)} sur 1"
        return f"{langue.nombre(compte)} des {langue.effectif(total, singulier, pluriel)}"

    passages_en_commission = ("passage en commission", "passages en commission")
    autour = f", à l’échelle de {lieu.noms_communes}" if lieu.est_fin else ""
    constats = [
        a.dresser(
            "demande",
            "nombre",
            a.compte("demandes", "n_profil"),
            ("demandes", "n"),
            lambda v: (
                f"{v} {accord('demandes', 'n_profil', 'demande active souhaite', 'demandes actives souhaitent')} "
                f"{lieu.noms_communes}"
            ),
            "demande inconnue, les communes souhaitées ou le profil ne sont pas renseignés",
            a.comptage("demandes", "n_profil"),
        ),
        a.dresser(
            "attente",
            "part",
            a.part("demandes", "n_attente", "n_profil"),
            ("demandes", "n"),
            lambda v: (
                f"{parmi('demandes', 'n_attente', 'n_profil', 'demande', 'demandes')} "
                f"{accord('demandes', 'n_attente', 'attend', 'attendent')} depuis plus de 24{INSECABLE}mois sans "
                f"proposition enregistrée ({v}){autour}"
            ),
            "attente inconnue, aucune demande de ce profil",
            a.parmi("demandes", "n_attente", "n_profil"),
            ("n_attente", "n_profil"),
        ),
        a.dresser(
            "flux",
            "nombre",
            a.compte("attributions", "n_profil"),
            ("attributions", "n"),
            lambda v: f"{v} {accord('attributions', 'n_profil', 'attribution', 'attributions')} en {MOIS_12}",
            "attributions inconnues, ni leur lieu ni leur profil ne sont renseignés",
            a.comptage("attributions", "n_profil"),
        ),
        _tension(a, lieu),
        a.dresser(
            "passages",
            "nombre",
            inconnu if comptes.sont_effaces else a.compte("passages", "n"),
            ("passages", "n"),
            lambda v: f"{v} {accord('passages', 'n', 'passage', 'passages')} en commission en {MOIS_12}",
            f"passages en commission inconnus, {EFFACES}"
            if comptes.sont_effaces
            else "passages en commission inconnus, aucun n’est enregistré avec son lieu et son profil",
            a.comptage("passages", "n"),
        ),
        a.dresser(
            "refus_rang_1",
            "part",
            a.part("passages", "n_rang_1_refuses", "n_rang_1")
            if comptes.voient_refus and not comptes.sont_effaces
            else inconnu,
            ("passages", "n"),
            lambda v: (
                f"{parmi('passages', 'n_rang_1_refuses', 'n_rang_1', 'premier rang', 'premiers rangs')} "
                f"{accord('passages', 'n_rang_1_refuses', 'a été refusé', 'ont été refusés')} en {MOIS_12} ({v})"
            ),
            "les refus des demandeurs ne sont pas dans votre périmètre"
            if not comptes.voient_refus
            else f"refus de premier rang inconnus, {EFFACES}"
            if comptes.sont_effaces
            else "refus de premier rang inconnus, aucun premier rang n’est enregistré",
            a.parmi("passages", "n_rang_1_refuses", "n_rang_1"),
            ("n_rang_1_refuses", "n_rang_1"),
        ),
        a.dresser(
            "non_attribution",
            "part",
            inconnu if comptes.sont_effaces else a.part("passages", "n_non_attribues", "n_decisions"),
            ("passages", "n"),
            lambda v: (
                f"{parmi('passages', 'n_non_attribues', 'n_decisions', *passages_en_commission)} "
                f"{accord('passages', 'n_non_attribues', 'a fini', 'ont fini')} en non-attribution ({v})"
            ),
            f"non-attributions inconnues, {EFFACES}"
            if comptes.sont_effaces
            else "non-attributions inconnues, aucune décision n’est enregistrée",
            a.parmi("passages", "n_non_attribues", "n_decisions"),
            ("n_non_attribues", "n_decisions"),
        ),
    ]
    for mesure, suffixe, duree in (
        ("vacance", "", ""),
        ("vacance_3_mois", "_3_mois", f" depuis plus de 3{INSECABLE}mois"),
    ):
        constats.append(_vacance(a, mesure, suffixe, duree))
    constats += [
        a.dresser(
            "delai",
            "mois",
            a.mediane("attributions"),
            ("attributions", "n"),
            lambda v: (
                f"la seule attribution datée a demandé {v} après le dépôt de la demande"
                if lu("attributions", "n_delais") == 1
                else f"la moitié des {langue.nombre(lu('attributions', 'n_delais'))} attributions datées ont demandé "
                f"moins de {v} après le dépôt de la demande"
            ),
            "délai d’attribution inconnu, aucune attribution n’a ses deux dates",
            a.comptage("attributions", "n_delais"),
        ),
        a.dresser(
            "anciennete",
            "mois",
            a.mediane("demandes"),
            ("demandes", "n"),
            lambda v: f"la moitié des demandes actives ont plus de {v} d’ancienneté{autour}",
            "ancienneté inconnue, aucune demande de ce profil",
            a.comptage("demandes", "n_profil"),
        ),
        _contingent(a, contingents),
    ]
    return tuple(constats)


def _tension(a: Atelier, lieu: Lieu) -> Constat:
    def dite(v: str) -> str:
        return f"{v} {langue.accorder(a.tension('secteur'), 'demande')} pour une attribution en {MOIS_12}"

    inconnue = f"aucune attribution en {MOIS_12}, la tension ne se mesure pas"
    if lieu.est_fin:
        inconnue = "la tension ne se mesure qu’à la commune, la demande ne dit rien de plus fin"
    valeur: Valeur = a.tension if not lieu.est_fin else lambda _: None

    def comptes(cercle: str) -> tuple[int, ...]:
        return a.comptes.lire("demandes", cercle, "n_profil"), a.comptes.lire("attributions", cercle, "n_profil")

    constat = a.dresser("tension", "rapport", valeur, ("demandes", "n"), dite, inconnue, comptes)
    if constat.valeur is None:
        return constat
    souhaits, attributions = (
        a.comptes.lire("demandes", "secteur", "souhaits"),
        a.comptes.lire("attributions", "secteur", "n_profil"),
    )
    return replace(constat, numerateur=souhaits, denominateur=attributions)


def _vacance(a: Atelier, mesure: str, suffixe: str, duree: str) -> Constat:
    """The stock has neither typologie nor household: it is that of the sector, whatever the profile, and says so."""
    sans_profil = Atelier(a.comptes, a.lieu.tout_profil())
    k, n = f"n_vacants{suffixe}", f"n_connus{suffixe}"

    def dite(v: str) -> str:
        vacants, connus = (a.comptes.lire("stock", "secteur", c) for c in (k, n))
        verbe = langue.accorder(vacants, "est vacant", "sont vacants")
        return f"{langue.nombre(vacants)} des {langue.nombre(connus)} logements {verbe}{duree} ({v})"

    inconnue = "vacance inconnue, aucune résidence du secteur ne la compte"
    constat = sans_profil.dresser(
        mesure,
        "part",
        sans_profil.part("stock", k, n),
        ("stock", "n"),
        dite,
        inconnue,
        sans_profil.parmi("stock", k, n),
        (k, n),
    )
    return replace(constat, est_du_profil=not a.lieu.qui)


def _contingent(a: Atelier, contingents: pd.DataFrame) -> Constat:
    """The réservataire of most attributions of the sector."""
    par_cercle = contingents.pivot_table(index="code", columns="cercle", values="n", aggfunc="sum", fill_value=0)
    siens = par_cercle.get("secteur", pd.Series(dtype="int64")).drop("inconnu", errors="ignore")
    siens = siens[siens > 0]
    premier = min(siens.index, key=lambda c: (-siens[c], c), default=None)

    def connus(cercle: str) -> pd.Series:
        return par_cercle[cercle].drop("inconnu", errors="ignore") if cercle in par_cercle else siens[:0]

    def valeur(cercle: str) -> float | None:
        siens = connus(cercle)
        return float(siens[premier] / siens.sum()) if premier is not None and siens.sum() else None

    def comptes(cercle: str) -> tuple[int, ...]:
        siens = connus(cercle)
        compte, total = int(siens.get(premier, 0)), int(siens.sum())
        return compte, total - compte, total

    nom = RESERVATAIRES.get(str(premier), str(premier))
    sur = nom if premier == "AUCUN" else langue.typographier(f"sur le contingent « {nom} »")
    inconnue = "réservataires inconnus, aucune attribution ne le dit"
    constat = a.dresser(
        "contingent", "part", valeur, ("attributions", "n"), lambda v: f"{v} des attributions {sur}", inconnue, comptes
    )
    if premier is None:
        return constat
    return replace(constat, numerateur=int(siens[premier]), denominateur=int(siens.sum()), quoi=nom)
