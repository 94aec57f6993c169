"""13h30, the offer: the typologies that the demandes de mutation want and need, beside those that they obtained and
those that are programmed."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.suivi import besoins_mutations as mutations
from mel_core.indicateurs.suivi import phrases_programme as phrases
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from pages.commun import annonces, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.seance.orientations import images_offre

# The part of a column's name after `n_` and `part_` → what the chart says of it, its heading.
_SERIES = {
    "souhaits": ("des souhaits", "Souhaits"),
    "besoins": ("des besoins supposés", "Besoins supposés"),
    "obtenus": ("des mutations de {duree}", "Mutations"),
    "programmes": ("des logements programmés", "Programmés"),
}
_TITRE = "Mutations et programme par typologie"


def show(choisi: Perimetre) -> None:
    lus = choisi.ask(mutations.besoins, choisi.annee, choisi.ici)
    dites = mutations.dire(lus.lignes)
    annonces.message(phrases.besoins(choisi.ici_dite, lus, dites))
    vues = dites[(dites["typologie"] != "C") | lus.lignes["n_souhaits"].gt(0).fillna(False)].reset_index(drop=True)
    noms = vues["typologie"].map(TYPOLOGIES_EN_TETE)
    parts = {dit.format(duree=choisi.duree): vues[f"part_{c}"].astype("Float64") for c, (dit, _) in _SERIES.items()}
    dessinees = {dit: part for dit, part in parts.items() if part.notna().any()}
    if dessinees:
        etape.draw(images_offre.parts(list(noms), dessinees, _TITRE), len(dessinees) * len(vues))
    else:
        annonces.note("Rien à dessiner : aucune part n’est connue ou ne peut être dite.")
    table = pd.DataFrame({"Typologie": noms})
    for (c, (_, tete)), part in zip(_SERIES.items(), parts.values(), strict=True):
        table[tete], table[f"{tete}, part"] = vues[f"n_{c}"], part
    formats = {f"{tete}, part": langue.part for _, tete in _SERIES.values()}
    widgets.grille(table, formats, _TITRE, est_emporte=True)
    annonces.note(phrases.reserve_besoins(lus))
    annonces.note(phrases.manquants(lus.manques))
