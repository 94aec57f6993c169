"""Where and for whom a blocage is reported, how it is said once its codes have been found in the snapshot; what was
counted there, what of it is known, and what it leaves out.

Households housed for more than a year are no longer in the data, and left with the events of their follow-up: what
remains of an earlier period is what did not end in a bail, its refusals and not its acceptances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from mel_core.indicateurs.manques import Arrets, say_arrets
from mel_core.indicateurs.phrases_constats import ANNEE
from mel_core.secret.bail import Audience, reader
from mel_core.secret.montrer import SECTEUR_ET_PROFIL
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import INSECABLE
from mel_core.socle.periodes import Periode, step_back
from mel_core.socle.valeurs import Duree

MOIS_GARDES = 12  # how long a housed household stays in the data
# A hole of this many months at the beginning of a period is told; a longer one leaves its shares unknown. Assumed.
MOIS_TOLERES = 3
TOUS_PROFILS = " (tous profils)"  # after a place, where a profile is asked and the figure knows none
_QUOI = {"communes": "commune", "quartiers": "quartier", "residences": "residence"}
_UN = {"commune": "La commune", "quartier": "Le quartier", "residence": "La résidence"}
RESERVATAIRES = {
    "COLTER": "collectivités territoriales",
    "COLACT": "collecteurs d’Action Logement",
    "PPRIOR": "préfet, publics prioritaires",
    "PFONCT": "préfet, fonctionnaires",
    "AUTRES": "autres réservataires",
    "AUCUN": "sans réservataire",
}
# What a profile may ask, field by field: code → how it is said.
DITS = {
    "typologie": TYPOLOGIES_DITES,
    "ressources": {
        "tres_modeste": "ménages très modestes",
        "modeste": "ménages modestes",
        "intermediaire": "ménages aux ressources intermédiaires",
        "eleve": "ménages aux ressources élevées",
    },
    "acces": {"premier_acces": "premier accès", "mutation": "mutations"},
    "label": {
        "aci": "ménages ACI",
        "mutation_bloquee": "mutations bloquées",
        "npru": "relogements NPRU",
        "droit_commun": "droit commun",
    },
}


@dataclass(frozen=True)
class Secteur:
    """Part of an ICI: the communes, quartiers and résidences listed, together; the whole ICI when nothing is listed."""

    ici: str
    communes: tuple[str, ...] = ()
    quartiers: tuple[str, ...] = ()
    residences: tuple[str, ...] = ()

    @property
    def est_entiere(self) -> bool:
        return not (self.communes or self.quartiers or self.residences)

    @property
    def est_fin(self) -> bool:
        """Narrower than a commune: what is known by commune only is then told of the communes around."""
        return bool(self.quartiers or self.residences)


@dataclass(frozen=True)
class ProfilBlocage:
    """Whom it is about; what is None is not asked. Raises `AppelIncorrect` for a code that the contract does not know.

    `typologie` (wanted, or let), class of `ressources`, `acces` (premier_acces or mutation), `label`.
    """

    typologie: str | None = None
    ressources: str | None = None
    acces: str | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        for champ, connus in DITS.items():
            code = getattr(self, champ)
            if code is not None and code not in connus:
                raise AppelIncorrect(
                    f"Le profil ne connaît pas « {code} » ({champ}) : choisir parmi {', '.join(connus)}."
                )

    @property
    def dit(self) -> str:
        """` (T2, mutations)`, after a place; empty when nothing is asked."""
        dits = [connus[code] for champ, connus in DITS.items() if (code := getattr(self, champ)) is not None]
        return f" ({', '.join(dits)})" if dits else ""


@dataclass(frozen=True)
class LieuDuSecteur:
    """`ou`: the sector, to begin a sentence; `communes`: its own, or those around its quartiers and résidences.
    `est_a_taire`: by résidence, a room reads neither label nor income, and the profile asks one of them. `est_croise`:
    part of an ICI × a profile, whose counts are rounded to more. `est_au_bilan`: its attributions are a line of the
    bilan (first accesses, or mutations, of a commune or a quartier), the same number here."""

    ou: str
    communes: tuple[str, ...]
    noms_communes: str
    est_entiere: bool
    est_fin: bool
    qui: str  # the profile between brackets, "" when nothing is asked
    est_a_taire: bool = False
    est_croise: bool = False
    est_au_bilan: bool = False

    @classmethod
    def de(cls, perimetre: pd.DataFrame, secteur: Secteur, profil: ProfilBlocage) -> LieuDuSecteur:
        """Raises `AppelIncorrect` for a code of the sector that is unknown, or in another ICI."""
        connus = {(x.quoi, x.code): x for x in perimetre.itertuples(index=False)}
        if ("ici", secteur.ici) not in connus:
            raise AppelIncorrect(
                f"L’ICI « {secteur.ici} » est inconnue : choisir l’une de celles du jeu de données publié."
            )
        noms: dict[str, list[str]] = {quoi: [] for quoi in _UN}
        codes: list[str] = []
        for champ, quoi in _QUOI.items():
            for code in getattr(secteur, champ):
                trouve = connus.get((quoi, code))
                if trouve is None or trouve.ici != secteur.ici:
                    accord = "" if quoi == "quartier" else "e"
                    pourquoi = (
                        f"est inconnu{accord} du jeu publié" if trouve is None else f"n’est pas dans l’{secteur.ici}"
                    )
                    nomme = code if trouve is None or not isinstance(trouve.nom, str) else trouve.nom
                    raise AppelIncorrect(f"{_UN[quoi]} « {nomme} » {pourquoi} : corriger le secteur du blocage.")
                noms[quoi].append(trouve.nom if isinstance(trouve.nom, str) else code)
                codes.append(trouve.commune)
        if secteur.est_entiere:
            siennes = perimetre[(perimetre["quoi"] == "commune") & (perimetre["ici"] == secteur.ici)]
            codes = list(siennes["code"])
        # A résidence whose quartier is unknown has no commune to ask the demand of.
        communes = tuple(c for c in dict.fromkeys(codes) if isinstance(c, str) and ("commune", c) in connus)
        appellations = [str(connus["commune", c].nom) for c in communes]
        dits = f"l’{secteur.ici}" if secteur.est_entiere else langue.liste(appellations)
        est_a_taire = bool(secteur.residences) and bool(profil.label or profil.ressources)
        ou, qui = _say(secteur, noms), profil.dit
        est_croise = bool(qui) and not secteur.est_entiere  # of the whole ICI, as the ICI's own is said
        est_au_bilan = profil == ProfilBlocage(acces=profil.acces) and len(codes) == 1 and not secteur.residences
        return cls(ou, communes, dits, secteur.est_entiere, secteur.est_fin, qui, est_a_taire, est_croise, est_au_bilan)

    def pour(self) -> Audience:
        """As whom is read what is inside this place: a commune reads its own exactly."""
        lue = reader().chez("commune", self.communes[0]) if len(self.communes) == 1 else reader()
        return lue.de(SECTEUR_ET_PROFIL) if self.est_croise else lue

    def de_table(self, table: str) -> LieuDuSecteur:
        """The same place for what is counted in `table`: the demand is that of the communes around."""
        if table == "demandes":
            return replace(self, est_a_taire=False, est_croise=False)
        return replace(self, est_croise=False) if table == "attributions" and self.est_au_bilan else self

    def say_arrondi(self) -> str:
        """To how many the attributions and passages of a profile in part of an ICI are said, where it is not as
        everywhere."""
        lu_par = self.pour()
        if lu_par.lit_tout or not lu_par.par:
            return ""
        quoi = "passages" if self.est_au_bilan else "attributions et passages"
        return f" ({quoi} de ce secteur, à {lu_par.regle.base} près)"

    def tout_profil(self) -> LieuDuSecteur:
        """The same place for figures that know no household."""
        return replace(self, qui=TOUS_PROFILS if self.qui else "", est_a_taire=False, est_croise=False)


def _say(secteur: Secteur, noms: dict[str, list[str]]) -> str:
    if secteur.est_entiere:
        return f"Dans l’{secteur.ici}"
    morceaux = [langue.a_la_commune(nom) for nom in noms["commune"]]
    morceaux += [f"dans le quartier {nom}" for nom in noms["quartier"]]
    morceaux += [name_residence(nom) for nom in noms["residence"]]
    return langue.capitalize(langue.liste(morceaux))


def name_residence(nom: str) -> str:
    """`résidence Les Lilas`, once even when the name says it already."""
    return nom if nom.lower().startswith("résidence") else f"résidence {nom}"


@dataclass(frozen=True)
class Trou:
    """How much of the beginning of a period has lost its housed households. `depuis`: the day from which they are all
    there, None where they always are; `est_trop`: too much for anything to be said of the period."""

    depuis: date | None = None
    est_trop: bool = False

    @classmethod
    def de(cls, periode: Periode, derniere: object) -> Trou:
        """`derniere`: the last day that the snapshot knows; nothing is lost when it knows none."""
        if pd.isna(derniere):
            return cls()
        depuis = step_back(pd.Timestamp(derniere).date(), MOIS_GARDES)
        return cls(depuis, step_back(depuis, MOIS_TOLERES) > periode.debut) if depuis > periode.debut else cls()

    @property
    def reserve(self) -> str:
        """What the shares leave out; empty when they leave nothing out."""
        if self.depuis is None:
            return ""
        suite = (
            "les refus et les non-attributions de cette période ne se mesurent plus."
            if self.est_trop
            else "les parts de refus et de non-attribution sont un peu trop hautes."
        )
        partis = f"Les ménages logés avant le {langue.jour(self.depuis)} ne sont plus dans les données"
        return f"{partis}, ni leurs passages : {suite}"


@dataclass(frozen=True)
class Comptes:
    """Counts by table and circle (`secteur`, `ici`, `mel`). `cercles`: which of ICI and MEL the reader sees whole.
    `durees`: how much of the period the bails and the passages cover; `arrets`: the demandes and the events, where
    they stop before its end."""

    tables: Mapping[str, Mapping[str, Mapping[str, float]]]
    cercles: frozenset[str]
    voient_refus: bool
    trou: Trou
    durees: Mapping[str, Duree] = field(default_factory=dict)
    arrets: Arrets = ()

    def duree(self, table: str) -> Duree:
        return self.durees.get(table, ANNEE)

    def en(self, table: str) -> str:
        """` en 12 mois`, or ` en 9 mois sur 12` where the table does not cover them all (contract §2)."""
        return f" en {self.duree(table)}"

    def en_partie(self, table: str) -> str:
        """The same, nothing where it does."""
        return "" if self.duree(table).est_entiere else self.en(table)

    @property
    def sont_effaces(self) -> bool:
        """Whether too many passages of the period have left the data for a share of them to say anything."""
        return self.trou.est_trop

    def read(self, table: str, cercle: str, compte: str) -> int:
        """0 when the circle has no row."""
        return int(self.tables[table].get(cercle, {}).get(compte, 0))

    def mediane(self, table: str, cercle: str) -> float | None:
        valeur = self.tables[table].get(cercle, {}).get("mediane_mois")
        return None if valeur is None or pd.isna(valeur) else float(valeur)

    def est_connu(self, table: str, cercle: str, lieu: LieuDuSecteur) -> bool:
        """Whether the circle may be counted: the table has rows, of known place and profile.

        A table that was not loaded, or a column that it lacks, would otherwise read as nothing happening.
        """
        tout, inconnus = (self.read(table, "mel", c) for c in ("n", "n_inconnus"))
        if table == "passages":
            tout += inconnus
        sans_lieu = self.read(table, "mel", "n_sans_lieu") if table == "passages" or lieu.est_fin else 0
        if tout == 0 or tout == inconnus or (cercle != "mel" and sans_lieu == tout):
            return False
        siens, leurs_inconnus = (self.read(table, cercle, c) for c in ("n", "n_inconnus"))
        return siens == 0 or table == "passages" or siens > leurs_inconnus


def reserves(comptes: Comptes, lieu: LieuDuSecteur) -> tuple[str, ...]:
    """What the figures leave out, when they leave anything out, as it is read."""
    dites = [*say_arrets(comptes.arrets), *([comptes.trou.reserve] if comptes.trou.reserve else [])]
    sans_lieu = comptes.read("passages", "mel", "n_sans_lieu")
    if sans_lieu:
        n = reader().compte(sans_lieu)
        dites.append(
            f"{langue.effectif(n, 'passage en commission', 'passages en commission')} "
            f"{langue.agree(n, 'n’a', 'n’ont')} pas de résidence connue{INSECABLE}: "
            f"{langue.agree(n, 'il compte', 'ils comptent')} dans la MEL, dans aucun secteur."
        )
    sienne = lieu.pour()
    for table, nom, cote in (
        ("demandes", ("demande", "demandes"), "laissée"),
        ("attributions", ("attribution", "attributions"), "laissée"),
        ("passages", ("passage en commission", "passages en commission"), "laissé"),
    ):
        inconnus = comptes.read(table, "secteur", "n_inconnus")
        if inconnus and lieu.qui:
            n = sienne.compte(inconnus)
            dites.append(
                f"{langue.effectif(n, *nom)} du secteur {langue.agree(n, 'ne dit', 'ne disent')} pas tout du profil"
                f"{INSECABLE}: {langue.agree(n, cote, f'{cote}s')} de côté."
            )
    stock, connus = (comptes.read("stock", "secteur", c) for c in ("n", "n_connus"))
    if connus < stock:
        n, total = sienne.compte(stock - connus), sienne.compte(stock)
        dites.append(f"Logements du secteur dont la vacance est inconnue{INSECABLE}: {langue.sur(n, total)}.")
    return tuple(dites)
