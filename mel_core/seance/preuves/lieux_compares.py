"""A sector and a profile as they are said, once their codes have been found in the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mel_core.seance.preuves.phrases_preuves import a_la_commune, majuscule, name_residence
from mel_core.seance.preuves.secteur import ProfilBlocage, Secteur
from mel_core.secret.bail import Audience
from mel_core.secret.montrer import SECTEUR_ET_PROFIL
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.erreurs import AppelIncorrect

TOUS_PROFILS = " (tous profils)"  # after a place, where a profile is asked and the figure knows none
_QUOI = {"communes": "commune", "quartiers": "quartier", "residences": "residence"}
_UN = {"commune": "La commune", "quartier": "Le quartier", "residence": "La résidence"}
_RESSOURCES = {
    "tres_modeste": "ménages très modestes",
    "modeste": "ménages modestes",
    "intermediaire": "ménages aux ressources intermédiaires",
    "eleve": "ménages aux ressources élevées",
}
_ACCES = {"premier_acces": "premier accès", "mutation": "mutations"}
_LABELS = {
    "aci": "ménages ACI",
    "mutation_bloquee": "mutations bloquées",
    "npru": "relogements NPRU",
    "droit_commun": "droit commun",
}


@dataclass(frozen=True)
class Lieu:
    """`ou`: the sector, to begin a sentence; `communes`: its own, or those around its quartiers and résidences.
    `est_a_taire`: by résidence, a room reads neither label nor income, and the profile asks one of them. `est_croise`:
    part of an ICI × a profile, whose counts are rounded to more."""

    ou: str
    communes: tuple[str, ...]
    noms_communes: str
    est_entiere: bool
    est_fin: bool
    qui: str  # the profile between brackets, "" when nothing is asked
    est_a_taire: bool = False
    est_croise: bool = False

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
        ou, qui = _say(secteur, noms), say_profil(profil)
        est_croise = bool(qui) and not secteur.est_entiere  # of the whole ICI, as the ICI's own is said
        return cls(ou, communes, dits, secteur.est_entiere, secteur.est_fin, qui, est_a_taire, est_croise)

    def pour(self, audience: Audience) -> Audience:
        """As whom `audience` reads what is inside this place: a commune reads its own exactly."""
        lue = audience.chez("commune", self.communes[0]) if len(self.communes) == 1 else audience
        return lue.de(SECTEUR_ET_PROFIL) if self.est_croise else lue

    def tout_profil(self) -> Lieu:
        """The same place for figures that know no household."""
        return replace(self, qui=TOUS_PROFILS if self.qui else "", est_a_taire=False, est_croise=False)


def _say(secteur: Secteur, noms: dict[str, list[str]]) -> str:
    if secteur.est_entiere:
        return f"Dans l’{secteur.ici}"
    morceaux = [a_la_commune(nom) for nom in noms["commune"]]
    morceaux += [f"dans le quartier {nom}" for nom in noms["quartier"]]
    morceaux += [name_residence(nom) for nom in noms["residence"]]
    return majuscule(langue.liste(morceaux))


def say_profil(profil: ProfilBlocage) -> str:
    """` (T2, mutations)`, after a place; empty when nothing is asked."""
    dits = [
        TYPOLOGIES_DITES.get(profil.typologie or "", profil.typologie),
        _RESSOURCES.get(profil.ressources or ""),
        _ACCES.get(profil.acces or ""),
        _LABELS.get(profil.label or ""),
    ]
    presents = [d for d in dits if d]
    return f" ({', '.join(presents)})" if presents else ""
