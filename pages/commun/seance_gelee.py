"""The sign-off of a séance, which freezes its figures: who did, since when.

The journal and its libraries take half a second to load: the bilan, which asks at each visit, waits for them only when
the séance is frozen.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre

_PARIS = ZoneInfo("Europe/Paris")


def say(seance: Seance, ici: str = "") -> str:
    """`gelée le 12 janvier 2018, signée par Camille Essai (MEL), vice-présidente`, in `ici` or everywhere; empty while
    its figures can move."""
    if not donnees.entrepot().pour(ici).est_gelee(seance):
        return ""
    from mel_core.seance.coordination.signature import OBJET, Signature
    from pages.commun import ecriture

    # Whoever signed first froze it: a later sign-off (of another ICI, of a corrected relevé) moves no figure.
    signees = [
        f for f in ecriture.journal().find_all(OBJET, seance=str(seance)) if f.contenu.get("ici", "") in ("", ici)
    ]
    premieres = [versions[0] for f in signees if (versions := ecriture.journal().historique(OBJET, f.identifiant))]
    premieres = [f for f in premieres if not f.effacee]
    if not premieres:
        return "gelée par la ligne de commande, sans signature"
    fiche = min(premieres, key=lambda f: f.instant)
    signee = Signature.depuis(fiche)
    saisie = f"{fiche.auteur.nom} ({fiche.auteur.organisation})" if fiche.auteur.organisation else fiche.auteur.nom
    qui = signee.presidence or saisie
    jour = langue.jour(fiche.instant.astimezone(_PARIS))
    return f"gelée le {jour}, signée par {qui}, {signee.qualite}"


def say_source(choisi: Perimetre) -> str:
    """`données publiées le 12 janvier 2018, séance gelée le …`: on what an answer rests."""
    gelee = say(choisi.seance, choisi.ici or "")
    return f"données publiées le {langue.jour(choisi.instantane.publie_le)}" + (f", séance {gelee}" if gelee else "")
