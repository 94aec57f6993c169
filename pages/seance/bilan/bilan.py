"""9h30 Bilan, « suivre et réajuster »: a measure and its pictures, one at a time; or the card of a commune."""

from __future__ import annotations

from pages.commun import cadre, choix_perimetre, entete
from pages.seance.bilan import choix_mesure, ecran_mesures, fiche_commune


def page() -> None:
    with entete.perimetre():
        choisi = choix_perimetre.choose()
        code = choix_mesure.choose()
        cadre.millesime(choisi.instantane)
    if commune := fiche_commune.read_commune(choisi):
        fiche_commune.show(choisi, commune)
    else:
        ecran_mesures.show(choisi, code)


page()
