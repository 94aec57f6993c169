"""Where and for whom a blocage is reported, then how it is said once its codes have been found in the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel_core.secret.bail import Audience, reader
from mel_core.secret.montrer import SECTEUR_ET_PROFIL
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.erreurs import AppelIncorrect

TOUS_PROFILS = " (tous profils)"  # after a place, where a profile is asked and the figure knows none
_QUOI = {"communes": "commune", "quartiers": "quartier", "residences": "residence"}
_UN = {"commune": "La commune", "quartier": "Le quartier", "residence": "La résidence"}
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
class Lieu:
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
    def de(cls, perimetre: pd.DataFrame, secteur: Secteur, profil: ProfilBlocage) -> Lieu:
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

    def de_table(self, table: str) -> Lieu:
        """The same place for what is counted in `table`: the demand is that of the communes around."""
        if table == "demandes":
            return replace(self, est_a_taire=False, est_croise=False)
        return replace(self, est_croise=False) if table == "attributions" and self.est_au_bilan else self

    def tout_profil(self) -> Lieu:
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
