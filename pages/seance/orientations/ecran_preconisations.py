"""13h30, préconisations: what each quartier and résidence calls for over the next six months."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs.phrases_constats import ABSENT_DIT
from mel_core.secret.bail import exactly, reader
from mel_core.simulation import phrases_offre, preconisations
from mel_core.simulation.lectures_offre import ENTRANTS, OCCUPANTS, RENDUS, render_siens, say_les_parts
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DITES as DITES
from mel_core.socle.valeurs import Compte
from pages.commun import annonces, cadre, donnees, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.seance.orientations import images_offre

MAILLES = {"quartier": "Par quartier", "residence": "Par résidence"}
# Share → its heading, what it is made of, and the heading of that.
_PARTS = (
    ("part_entrants", "Entrants modestes", "n_entrants_modestes", "n_entrants_connus", "Entrants"),
    ("part_occupants", "Occupants modestes", "n_occupants_modestes", "n_occupants", "Occupants"),
    ("part_vacance", "Vacance", "n_vacants", "n_comptes", "Logements"),
)


def show(choisi: Perimetre) -> None:
    """How many modest households to welcome among the lettings expected, where the objectives say so."""
    with st.container(horizontal=True, key="entete_etape", vertical_alignment="center"):
        lieu = etape.choose_lieu(choisi)
        # A bailleur has résidences, and no quartier of its own.
        maille = "residence" if lieu and lieu.coupe == "bailleur" else etape.choose("maille", MAILLES)
        d_apres = "" if visiteur.est_en_salle() else ", vacances attendues d’après la rotation de chaque résidence"
        cadre.etat(cadre.HYPOTHESE, f"six mois qui viennent{d_apres}")
    frame = read(choisi, maille)
    if lieu:
        frame = frame[frame[lieu.coupe] == lieu.code]
    ou = f"{choisi.ici_dite}, {lieu.dit}" if lieu else choisi.ici_dite
    conseilles = preconisations.find_conseilles(frame)
    ecartes = phrases_offre.ecartes(frame, maille)
    annonces.message(phrases_offre.preconise(ou, conseilles))
    if conseilles.empty:
        annonces.note(ecartes)
        return
    etape.draw(images_offre.preconisations(conseilles), conseilles["fragilite"].nunique())
    noms = choisi.noms("commune")
    bailleurs = choisi.bailleurs if maille == "residence" else None
    table, formats = tableau(conseilles, noms, bailleurs)
    suite = f", {lieu.dit}" if lieu else ""
    largeurs = {"Commune": st.column_config.TextColumn(width=130), **etape.LECTURES}
    widgets.grille(
        table, formats, f"Préconisations {MAILLES[maille].lower()}{suite}", est_emporte=True, column_config=largeurs
    )
    # The rest is of the table, which a room has not.
    annonces.note(ecartes if visiteur.est_en_salle() else f"{ecartes} {ABSENT_DIT}")


def tableau(
    conseilles: pd.DataFrame, communes: dict[str, str], bailleurs: dict[str, str] | None
) -> tuple[pd.DataFrame, dict[str, widgets.Format]]:
    """One line per place, the most dwellings expected first, each share beside what it is made of.

    `bailleurs`: names by code, of the table of the résidences alone.
    """
    vues = conseilles.sort_values("n_attendues", ascending=False)
    lieux = {"Lieu": vues["nom"].fillna("Sans nom"), "Commune": vues["commune"].map(communes)}
    if bailleurs is not None:
        lieux["Bailleur"] = vues["bailleur"].map(bailleurs).fillna(vues["bailleur"])
    comptes = {"Attendus": "n_attendues", "dont modestes": "n_modestes", "autres": "n_autres"}
    table = pd.DataFrame(
        {
            **lieux,
            **{nom: vues[colonne].astype(float) for nom, colonne in comptes.items()},
            "Fragilité": vues["fragilite"].map(DITES),
        }
    )
    dites = [p for p in _PARTS if any(n.est_connu for n in vues[p[3]])]
    for part, titre, numerateur, denominateur, quoi in dites:
        table[titre] = vues[part].astype(float)
        table[quoi] = etape.rapports(vues[numerateur], vues[denominateur])
    lues = etape.lectures(vues["n_entrants_connus"].where(vues["part_entrants"].notna()))
    if any(lues):
        table["Lecture des entrants"] = lues
    return table, dict.fromkeys((titre for _, titre, *_ in dites), langue.part)


def read(choisi: Perimetre, maille: str) -> pd.DataFrame:
    """`preconisations.par_quartier` or `par_residence` (`maille`) as is read who came and who lives there."""
    entrants = donnees.dites(*choisi.cle, "entrants_occupants", "annee", (maille,), choisi.ici)
    question = preconisations.par_quartier if maille == "quartier" else preconisations.par_residence
    return say_les_lieux(choisi.ask(question, choisi.annee, choisi.ici), entrants, maille)


def say_les_lieux(frame: pd.DataFrame, entrants: pd.DataFrame, maille: str) -> pd.DataFrame:
    """`entrants`: the cells of `entrants_occupants` cut by `maille`, as they are read. A résidence says nothing
    of incomes, but to whoever reads it exactly."""
    frame = exactly(frame, ("n_vacants", "n_comptes"))
    exacts = exactly(frame, RENDUS)
    if reader().lit_tout:
        return exacts
    dits = say_les_parts(frame, entrants, maille)
    if maille == "residence":
        inconnus = dict.fromkeys((*ENTRANTS[:2], *OCCUPANTS[:2]), Compte())
        dits = dits.assign(**inconnus, part_entrants=None, part_occupants=None)
    return render_siens(dits, exacts)
