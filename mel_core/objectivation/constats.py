"""From counts to findings: each with its value, what it is counted on, its like in the ICI and the MEL, a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from mel_core import langue
from mel_core.langue import INSECABLE
from mel_core.objectivation.comptes import Comptes
from mel_core.objectivation.lieux import Lieu
from mel_core.secret.regroupement import SEUIL

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


@dataclass(frozen=True)
class Constat:
    """One finding. What is not known is None, never 0.

    `unite`: nombre, part (0–1), rapport (demandes for one attribution), mois. `n`: the population looked at, known or
    not; `numerateur` / `denominateur`: what the value is made of (None for a count or a median, which has none).
    `valeur_ici`, `valeur_mel`: the same measure and profile, None when the reader does not see the whole of it.
    `effectifs`: circle (`secteur`, `ici`, `mel`) → every count that its value gives back (those counted, those left,
    all of them). `projetee`: the sentence as a screen shows it, the value of the sector between `**`, without a circle
    that may not be projected. `quoi`: whose value it is, when the measure alone does not say it (a réservataire).
    """

    mesure: str
    unite: str
    valeur: float | None
    n: int
    numerateur: int | None
    denominateur: int | None
    valeur_ici: float | None
    valeur_mel: float | None
    phrase: str
    projetee: str = ""
    effectifs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    quoi: str = ""

    def est_projetable(self, cercle: str = "secteur") -> bool:
        """Whether the value of a circle is known, and gives back no count under the threshold."""
        valeur = {"secteur": self.valeur, "ici": self.valeur_ici, "mel": self.valeur_mel}[cercle]
        return valeur is not None and not _est_petit(self.effectifs.get(cercle, ()))


def _est_petit(comptes: tuple[int, ...]) -> bool:
    return any(0 < n < SEUIL for n in comptes)


Comptage = Callable[[str], tuple[int, ...]]
Valeur = Callable[[str], float | None]


@dataclass(frozen=True)
class _Atelier:
    comptes: Comptes
    lieu: Lieu

    def part(self, table: str, k: str, n: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            total = self.comptes.lire(table, cercle, n)
            connu = self.comptes.est_connu(table, cercle, self.lieu)
            return self.comptes.lire(table, cercle, k) / total if connu and total else None

        return valeur

    def compte(self, table: str, k: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            connu = self.comptes.est_connu(table, cercle, self.lieu)
            return self.comptes.lire(table, cercle, k) if connu else None

        return valeur

    def tension(self, cercle: str) -> float | None:
        """A demande counts in each commune that it wants, in the sector as in the ICI and the MEL."""
        attributions = self.comptes.lire("attributions", cercle, "n_profil")
        connu = all(self.comptes.est_connu(t, cercle, self.lieu) for t in ("demandes", "attributions"))
        return self.comptes.lire("demandes", cercle, "souhaits") / attributions if connu and attributions else None

    def comptage(self, table: str, *colonnes: str) -> Comptage:
        """The counts of a circle that a value gives back."""
        return lambda cercle: tuple(self.comptes.lire(table, cercle, c) for c in colonnes)

    def parmi(self, table: str, k: str, n: str) -> Comptage:
        """Those of a share: the counted, the others, all of them."""

        def comptes(cercle: str) -> tuple[int, ...]:
            compte, total = self.comptes.lire(table, cercle, k), self.comptes.lire(table, cercle, n)
            return compte, total - compte, total

        return comptes

    def mediane(self, table: str) -> Valeur:
        def valeur(cercle: str) -> float | None:
            return self.comptes.mediane(table, cercle) if self.comptes.est_connu(table, cercle, self.lieu) else None

        return valeur

    def dresser(
        self,
        mesure: str,
        unite: str,
        valeur: Valeur,
        population: tuple[str, str],
        dite: Callable[[str], str],
        inconnue: str,
        comptage: Comptage,
        fraction: tuple[str, str] | None = None,
    ) -> Constat:
        """`dite` puts the sector's value, already in words, into a clause; `inconnue`: the clause without one."""
        table, n = population
        sienne = valeur("secteur")
        ici, mel = (valeur(c) if c in self.comptes.cercles else None for c in ("ici", "mel"))
        effectifs = {c: comptage(c) for c in ("secteur", "ici", "mel")}
        vus = (None if _est_petit(effectifs[c]) else v for c, v in (("ici", ici), ("mel", mel)))
        clause = projetee = inconnue
        if sienne is not None:
            mots = _ecrire(sienne, unite)
            clause = dite(mots) + self._face(unite, ici, mel)
            projetee = dite(f"**{mots}**") + self._face(unite, *vus)
        debut = f"{self.lieu.ou}{self.lieu.qui}{INSECABLE}: "
        k, d = (
            (self.comptes.lire(table, "secteur", c) for c in fraction)
            if fraction and sienne is not None
            else (None, None)
        )
        return Constat(
            mesure,
            unite,
            sienne,
            self.comptes.lire(table, "secteur", n),
            k,
            d,
            ici,
            mel,
            f"{debut}{clause}.",
            f"{debut}{projetee}.",
            effectifs,
        )

    def _face(self, unite: str, ici: float | None, mel: float | None) -> str:
        """« , contre 21 % dans l’ICI et 23 % dans la MEL »."""
        ici = None if self.lieu.est_entiere else ici
        faces = [(ici, "dans l’ICI"), (mel, "dans la MEL")]
        dites = [f"{_ecrire(v, unite)} {ou}" for v, ou in faces if v is not None]
        return f", {'sur' if unite == 'nombre' else 'contre'} {' et '.join(dites)}" if dites else ""


def _ecrire(valeur: float, unite: str) -> str:
    if unite == "part":
        return langue.part(valeur)
    if unite == "mois":
        return f"{langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)}{INSECABLE}mois"
    return langue.nombre(valeur, 1 if unite == "rapport" and valeur < 10 else 0)


def dresser(comptes: Comptes, lieu: Lieu, contingents: pd.DataFrame) -> tuple[Constat, ...]:
    """The findings, from the demand to the délai, always all of them and in this order."""
    a = _Atelier(comptes, lieu)

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


def _tension(a: _Atelier, lieu: Lieu) -> Constat:
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


def _vacance(a: _Atelier, mesure: str, suffixe: str, duree: str) -> Constat:
    """The stock has neither typologie nor household: it is that of the sector, whatever the profile."""
    sans_profil = _Atelier(a.comptes, a.lieu.tout_profil())
    k, n = f"n_vacants{suffixe}", f"n_connus{suffixe}"

    def dite(v: str) -> str:
        vacants, connus = (a.comptes.lire("stock", "secteur", c) for c in (k, n))
        verbe = langue.accorder(vacants, "est vacant", "sont vacants")
        return f"{langue.nombre(vacants)} des {langue.nombre(connus)} logements {verbe}{duree} ({v})"

    inconnue = "vacance inconnue, aucune résidence du secteur ne la compte"
    return sans_profil.dresser(
        mesure,
        "part",
        sans_profil.part("stock", k, n),
        ("stock", "n"),
        dite,
        inconnue,
        sans_profil.parmi("stock", k, n),
        (k, n),
    )


def _contingent(a: _Atelier, contingents: pd.DataFrame) -> Constat:
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
