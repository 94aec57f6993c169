"""The findings of a dossier, from the demand to the délai: which they are, in which words, on which counts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mel_core.seance.preuves.atelier import Atelier, Constat, Dit, Lecture, Lue, write
from mel_core.seance.preuves.comptes import Comptes
from mel_core.seance.preuves.lieux_compares import Lieu
from mel_core.secret.bail import Compte
from mel_core.socle import langue
from mel_core.socle.langue import INSECABLE, Peu

EFFACES = "les ménages logés depuis plus d’un an ne sont plus dans les données"
RESERVATAIRES = {
    "COLTER": "collectivités territoriales",
    "COLACT": "collecteurs d’Action Logement",
    "PPRIOR": "préfet, publics prioritaires",
    "PFONCT": "préfet, fonctionnaires",
    "AUTRES": "autres réservataires",
    "AUCUN": "sans réservataire",
}


_PASSAGE = ("passage en commission", "passages en commission")
_ATTRIBUTION = ("attribution", "attributions")


def draw_up(comptes: Comptes, lieu: Lieu, contingents: pd.DataFrame) -> tuple[Constat, ...]:
    """The findings, from the demand to the délai, always all of them and in this order."""
    a = Atelier(comptes, lieu)
    autour = f", à l’échelle de {lieu.noms_communes}" if lieu.est_fin else ""

    def passages(lecture: Lecture) -> Lecture:
        """Nothing where too many of them have left the data."""
        return (lambda _: (None, ())) if comptes.sont_effaces else lecture

    def inconnus(quoi: str, sinon: str) -> str:
        return f"{quoi}, {EFFACES if comptes.sont_effaces else sinon}"

    refus = a.part("passages", "n_rang_1_refuses", "n_rang_1")
    constats = [
        a.draw_up(
            "demande",
            "nombre",
            a.compte("demandes", "n_profil"),
            ("demandes", "n"),
            lambda d: (
                f"{_combien(d.valeur, 'demande active', 'demandes actives')} "
                f"{langue.agree(d.valeur, 'souhaite', 'souhaitent')} {lieu.noms_communes}"
            ),
            "demande inconnue, les communes souhaitées ou le profil ne sont pas renseignés",
        ),
        a.draw_up(
            "attente",
            "part",
            a.part("demandes", "n_attente", "n_profil"),
            ("demandes", "n"),
            lambda d: (
                _parmi(
                    d,
                    ("demande", "demandes"),
                    ("attend", "attendent"),
                    f" depuis plus de 24{INSECABLE}mois sans proposition enregistrée",
                )
                + autour
            ),
            "attente inconnue, aucune demande de ce profil",
        ),
        a.draw_up(
            "flux",
            "nombre",
            a.compte("attributions", "n_profil"),
            ("attributions", "n"),
            lambda d: f"{_combien(d.valeur, *_ATTRIBUTION)}{comptes.en('attributions')}",
            "attributions inconnues, ni leur lieu ni leur profil ne sont renseignés",
        ),
        _tension(a, lieu),
        a.draw_up(
            "passages",
            "nombre",
            passages(a.compte("passages", "n")),
            ("passages", "n"),
            lambda d: f"{_combien(d.valeur, *_PASSAGE)}{comptes.en('passages')}",
            inconnus("passages en commission inconnus", "aucun n’est enregistré avec son lieu et son profil"),
        ),
        a.draw_up(
            "refus_rang_1",
            "part",
            passages(refus if comptes.voient_refus else lambda _: (None, ())),
            ("passages", "n"),
            lambda d: _parmi(
                d, ("premier rang", "premiers rangs"), ("a été refusé", "ont été refusés"), comptes.en("passages")
            ),
            inconnus("refus de premier rang inconnus", "aucun premier rang n’est enregistré")
            if comptes.voient_refus
            else "les refus des demandeurs ne sont pas dans votre périmètre",
        ),
        a.draw_up(
            "non_attribution",
            "part",
            passages(a.part("passages", "n_non_attribues", "n_decisions")),
            ("passages", "n"),
            lambda d: _parmi(d, _PASSAGE, ("a fini", "ont fini"), " en non-attribution"),
            inconnus("non-attributions inconnues", "aucune décision n’est enregistrée"),
        ),
        _vacance(a, "vacance", "", ""),
        _vacance(a, "vacance_3_mois", "_3_mois", f" depuis plus de 3{INSECABLE}mois"),
        a.draw_up(
            "delai",
            "mois",
            a.mediane("attributions", "n_delais"),
            ("attributions", "n"),
            _delai,
            "délai d’attribution inconnu, aucune attribution n’a ses deux dates",
        ),
        a.draw_up(
            "anciennete",
            "mois",
            a.mediane("demandes", "n_profil"),
            ("demandes", "n"),
            lambda d: (
                f"la moitié des demandes actives ont plus de {_gras(d, 'mois')} d’ancienneté{autour}"
                if d.est_dit
                else "trop peu de demandes pour dire leur ancienneté"
            ),
            "ancienneté inconnue, aucune demande de ce profil",
        ),
        _contingent(a, contingents),
    ]
    return tuple(constats)


def _combien(n: Compte, singulier: str, pluriel: str) -> str:
    return f"**{langue.effectif(n, singulier, pluriel)}**"


def _gras(dit: Dit, unite: str) -> str:
    return f"**{write(dit.valeur, unite)}**"


def _parmi(dit: Dit, nom: tuple[str, str], fait: tuple[str, str], suite: str = "") -> str:
    """`40 des 100 premiers rangs ont été refusés (40 %)`; the counts alone where the share is not said, nothing of what
    is counted where all of them are too few."""
    if isinstance(dit.total, Peu):
        return f"{_combien(dit.total, *nom)}, trop peu pour dire combien {fait[1]}{suite}"
    sur = f"{langue.nombre(dit.compte)} des {langue.effectif(dit.total, *nom)}"
    if dit.total == 1:
        sur = f"{langue.effectif(dit.compte, *nom)} sur 1"
    clause = f" {langue.agree(dit.compte, *fait)}{suite}"
    return f"{sur}{clause} ({_gras(dit, 'part')})" if dit.est_dit else f"**{sur}**{clause}"


def _delai(dit: Dit) -> str:
    datees = ("attribution datée", "attributions datées")
    if not dit.est_dit:
        return f"{_combien(dit.total, *datees)}, trop peu pour dire leur délai"
    if dit.total == 1:
        return f"la seule attribution datée a demandé {_gras(dit, 'mois')} après le dépôt de la demande"
    return (
        f"la moitié des {langue.effectif(dit.total, *datees)} ont demandé moins de {_gras(dit, 'mois')} après le dépôt "
        "de la demande"
    )


def _tension(a: Atelier, lieu: Lieu) -> Constat:
    mois = a.comptes.en("attributions")

    def dite(dit: Dit) -> str:
        if not dit.est_dit:
            return "trop peu de demandes ou d’attributions pour dire la tension"
        par = "" if len(lieu.communes) == 1 else " et par commune"
        return f"{_gras(dit, 'rapport')} {langue.agree(dit.valeur, 'demande')} pour une attribution{par}{mois}"

    inconnue = f"aucune attribution{mois}, la tension ne se mesure pas"
    if lieu.est_fin:
        inconnue = "la tension ne se mesure qu’à la commune, la demande ne dit rien de plus fin"
    lecture: Lecture = a.tension if not lieu.est_fin else lambda _: (None, ())
    return a.draw_up("tension", "rapport", lecture, ("demandes", "n"), dite, inconnue)


def _vacance(a: Atelier, mesure: str, suffixe: str, duree: str) -> Constat:
    """The stock has neither typologie nor household: it is that of the sector, whatever the profile, and says so."""
    sans_profil = Atelier(a.comptes, a.lieu.tout_profil())
    constat = sans_profil.draw_up(
        mesure,
        "part",
        sans_profil.part("stock", f"n_vacants{suffixe}", f"n_connus{suffixe}"),
        ("stock", "n"),
        lambda d: _parmi(d, ("logement", "logements"), ("est vacant", "sont vacants"), duree),
        "vacance inconnue, aucune résidence du secteur ne la compte",
    )
    return replace(constat, est_du_profil=not a.lieu.qui)


def _contingent(a: Atelier, contingents: pd.DataFrame) -> Constat:
    """The réservataire of most attributions of the sector."""
    par_cercle = contingents.pivot_table(index="code", columns="cercle", values="n", aggfunc="sum", fill_value=0)
    siens = par_cercle.get("secteur", pd.Series(dtype="int64")).drop("inconnu", errors="ignore")
    siens = siens[siens > 0]
    premier = min(siens.index, key=lambda c: (-siens[c], c), default=None)

    def lue(cercle: str) -> Lue:
        connus = par_cercle[cercle].drop("inconnu", errors="ignore") if cercle in par_cercle else siens[:0]
        compte, total = int(connus.get(premier, 0)), int(connus.sum())
        return (compte / total if premier is not None and total else None), (compte, total)

    nom = RESERVATAIRES.get(str(premier), str(premier))
    sur = nom if premier == "AUCUN" else langue.typeset(f"sur le contingent « {nom} »")

    def dite(dit: Dit) -> str:
        if isinstance(dit.total, Peu):
            return f"{_combien(dit.total, *_ATTRIBUTION)}, trop peu pour dire leur réservataire"
        if dit.est_dit:
            return f"{_gras(dit, 'part')} des attributions {sur}"
        return f"**{langue.nombre(dit.compte)} des {langue.effectif(dit.total, *_ATTRIBUTION)}** {sur}"

    constat = a.draw_up(
        "contingent", "part", lue, ("attributions", "n"), dite, "réservataires inconnus, aucune attribution ne le dit"
    )
    return constat if premier is None else replace(constat, quoi=nom)
