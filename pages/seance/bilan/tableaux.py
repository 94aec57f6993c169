"""The tables of the bilan: the finding, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.parametrage.ruptures import Rupture
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import donnees, widgets
from pages.commun.images import couleurs, courbes
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import EQUILIBRE, Bilan, seance_dite
from pages.seance.bilan import cotes_quartiers

SERIES = {
    "fragile": (FRAGILITES_EN_TETE["fragile"], couleurs.AU_DESSUS),
    "moyenne": (FRAGILITES_EN_TETE["moyenne"], couleurs.PROCHE),
    "sans": (FRAGILITES_EN_TETE["sans"], couleurs.AU_DESSOUS),
}
# Each right, and not the same sum: what a reader who adds the column up would ask.
_NOTE = (
    "Écart en attributions : chaque ligne prise seule, type de quartiers par type de quartiers. La somme de cette "
    "colonne peut donc différer de l’écart de tout le périmètre."
)


@fragment
def constat(bilan: Bilan) -> None:
    """The finding by commune and by bailleur: sortable, each with its real table for screen readers.

    Only the table that is looked at is made: two grids cost more than the rest of the page.
    """
    titres = ["Constat par commune", "Constat par bailleur"]
    par_quartier = ["Constat par quartier"] if bilan.indicateur == EQUILIBRE else []
    onglets = st.tabs([*titres, *par_quartier, "Séance après séance"], key="constat", on_change="rerun")
    if par_quartier and onglets[2].open:
        with onglets[2]:
            cotes_quartiers.show(bilan)
    if onglets[-1].open:
        trouvees = ruptures(bilan)
        with onglets[-1], st.container(key="image_longue"):
            vivant.draw(tendance(bilan, trouvees))
            if trouvees:
                st.html(f'<p class="reserve">{escape(" ".join(r.phrase for r in trouvees))}</p>')
    lignes = (("Commune", bilan.communes), ("Bailleur", bilan.bailleurs))
    for onglet, (cle, table) in zip(onglets[:2], lignes, strict=True):
        if onglet.open:
            with onglet:
                draw(bilan, table, cle)
                if bilan.indicateur == EQUILIBRE:
                    st.html(f'<p class="reserve">{_NOTE}</p>')


def _tenues(seance: str) -> list[str]:
    """The séances that the data hold, up to this one."""
    return [s for s in reversed(donnees.choix()[0]) if s <= seance]


def ruptures(bilan: Bilan) -> list[Rupture]:
    """What separates the séances of `tendance`."""
    identifiant, seance, indicateur, _ = bilan.cle
    return donnees.ruptures(identifiant, seance, indicateur, _tenues(seance)[0])


def tendance(bilan: Bilan, trouvees: Sequence[Rupture] = ()) -> Image:
    """The share at every séance that the data hold, by class of quartiers for the 50/50; a year that they do not cover
    whole is hollow, and what breaks the series is a line across it."""
    _, seance, indicateur, ici = bilan.cle
    tenues = _tenues(seance)
    series = SERIES if indicateur == EQUILIBRE else {"": ("", couleurs.AU_DESSOUS)}
    rangees = []
    for tenue in tenues:
        servi = donnees.instantane(Seance.read(tenue), ici).identifiant
        classe = ("fragilite",) if indicateur == EQUILIBRE else ()
        lues = donnees.dites(servi, tenue, indicateur, "annee", classe, ici)
        duree = phrases_constats.duree_partielle(lues)
        for code, (nom, ton) in series.items():
            sienne = lues[lues["fragilite"] == code] if classe else lues
            part = float(sienne["part"].iloc[0]) if len(sienne) and pd.notna(sienne["part"].iloc[0]) else None
            dit = f"{seance_dite(tenue)} : {langue.part(part)}{f' sur {duree}' if duree else ''}"
            bulle = f"{nom}, {dit}" if nom else dit
            rangees.append((seance_dite(tenue), part, not duree, bulle, nom, ton))
    colonnes = ["nom", "part", "est_entiere", "infobulle", "serie", "ton"]
    cible = float(bilan.objectif.valeur) if bilan.objectif else None
    titre = "Part de ménages modestes" if indicateur == EQUILIBRE else "Part de ménages ACI en premier accès"
    rangs = [next(i for i, s in enumerate(tenues) if r.jour <= Seance.read(s).fin) - 0.5 for r in trouvees]
    lignes = pd.DataFrame(rangees, columns=colonnes)
    return courbes.tendance(lignes, cible, f"{titre}, séance après séance", rangs)


def _lecture(bilan: Bilan, ligne: Any) -> str:
    """What a line says of its objective. `ligne`: a row of `bilan.communes` or `bilan.bailleurs`."""
    a_une_cible = pd.notna(ligne.cible)
    if not a_une_cible and ligne.n_connus.est_possible:
        # The objective of the 50/50 is that of the class of the quartiers.
        est_de_classe = bilan.indicateur == EQUILIBRE and bilan.objectif is not None
        return "fragilité des quartiers inconnue" if est_de_classe else "aucun objectif en vigueur"
    if a_une_cible and phrases_constats.duree_partielle(bilan.ensemble):
        return "année incomplète"
    if a_une_cible and pd.isna(ligne.verdict) and pd.notna(ligne.part):
        return "plusieurs types de quartiers"
    return phrases_constats.lecture(ligne.verdict, ligne.cote if a_une_cible else None, ligne.n_connus)


def draw(bilan: Bilan, lignes: pd.DataFrame, cle: str) -> None:
    """The finding of each line: see `lecture_bilan`. `cle`: what a line is."""
    menages = "Ménages modestes" if bilan.indicateur == EQUILIBRE else "Ménages ACI"
    connus = "Ressources connues" if bilan.indicateur == EQUILIBRE else "Premier accès, connus"
    table = pd.DataFrame(
        {
            cle: lignes["nom"],
            "Attributions": lignes["n"],
            connus: lignes["n_connus"],
            menages: lignes["numerateur"],
            "Part": lignes["part"],
            "Écart (points)": lignes["ecart_points"],
            "Écart (attributions)": phrases_constats.signes(lignes),
            "Lecture": [_lecture(bilan, ligne) for ligne in lignes.itertuples()],
        }
    )
    formats: dict[str, widgets.Format] = {
        "Attributions": langue.nombre,
        connus: langue.nombre,
        menages: langue.nombre,
        "Part": langue.part,
        "Écart (points)": langue.ecart,
        "Écart (attributions)": str,
    }
    widgets.grille(table, formats, f"Constat par {cle.lower()}", est_emporte=True)
