"""13h30, préconisations: what each quartier and résidence calls for over the next six months."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.secret.bail import exactly, reader
from mel_core.simulation import preconisations
from mel_core.simulation.preconisations import MESURES
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.commun import annonces, cadre, donnees, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.seance.orientations import images_offre

FRAGILITES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité", "inconnu": "inconnue"}
LIEUX = {"fragile": "en quartiers fragiles", "moyenne": "en fragilité moyenne", "sans": "en quartiers sans fragilité"}
MAILLES = {"quartier": "Par quartier", "residence": "Par résidence"}
# Share → its heading, what it is made of, and the heading of that.
_PARTS = (
    ("part_entrants", "Entrants modestes", "n_entrants_modestes", "n_entrants_connus", "Entrants"),
    ("part_occupants", "Occupants modestes", "n_occupants_modestes", "n_occupants", "Occupants"),
    ("part_vacance", "Vacance", "n_vacants", "n_comptes", "Logements"),
)


ENTRANTS = ("n_entrants_connus", "n_entrants_modestes", "part_entrants")
OCCUPANTS = ("n_occupants", "n_occupants_modestes", "part_occupants")
RENDUS = ("n_entrants", *ENTRANTS[:2], *OCCUPANTS[:2])


def show(choisi: Perimetre) -> None:
    """How many modest households to welcome among the lettings expected, where the objectives say so."""
    with st.container(horizontal=True, key="entete_etape", vertical_alignment="center"):
        maille = etape.choose("maille", MAILLES)
        d_apres = "" if visiteur.est_en_salle() else ", vacances attendues d’après la rotation de chaque résidence"
        cadre.etat(cadre.HYPOTHESE, f"six mois qui viennent{d_apres}")
    frame = read(choisi, maille)
    conseilles = frame[_est_conseille(frame)]
    ecartes = say_les_ecartes(frame, maille)
    if conseilles.empty:
        annonces.message(
            f"Dans {choisi.ici_dite}, aucune préconisation : il manque un objectif en vigueur, la fragilité des "
            "quartiers ou la rotation des résidences."
        )
        annonces.note(ecartes)
        return
    annonces.message(f"Dans {choisi.ici_dite}, {say(conseilles)}.")
    etape.draw(images_offre.preconisations(conseilles), conseilles["fragilite"].nunique())
    noms = choisi.noms("commune")
    bailleurs = choisi.bailleurs if maille == "residence" else None
    table, formats = tableau(conseilles, noms, bailleurs)
    largeurs = {"Commune": st.column_config.TextColumn(width=130), **etape.LECTURES}
    widgets.grille(
        table, formats, f"Préconisations {MAILLES[maille].lower()}", est_emporte=True, column_config=largeurs
    )
    if visiteur.est_en_salle():  # the rest is of the table, which a room has not
        annonces.note(ecartes)
        return
    entrants = f" Entrants : {choisi.duree}, ressources connues." if "Entrants" in table else ""
    annonces.note(f"{ecartes}{entrants} {etape.ABSENT_DIT} La somme des résidences fait celle de leur quartier.")


def say(conseilles: pd.DataFrame) -> str:
    """`accueillir au plus **405** ménages modestes sur **811** logements attendus en quartiers fragiles, environ
    **267** sur **534** en fragilité moyenne…`"""
    dits: list[str] = []
    for classe, ou in LIEUX.items():
        lieux = conseilles[conseilles["fragilite"] == classe]
        if len(lieux):
            attendus, modestes = (langue.nombre(int(lieux[c].sum())) for c in ("n_attendues", "n_modestes"))
            qui, quoi = ("", "") if dits else (" ménages modestes", " logements attendus")
            dits.append(f"{MESURES[classe]}**{modestes}**{qui} sur **{attendus}**{quoi} {ou}")
    return f"accueillir {langue.liste(dits)}"


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
            "Fragilité": vues["fragilite"].map(FRAGILITES),
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


def _est_conseille(frame: pd.DataFrame) -> pd.Series:
    return frame["n_modestes"].notna() & (frame["n_attendues"].fillna(0) > 0)


def say_les_ecartes(frame: pd.DataFrame, maille: str) -> str:
    """How many places have no line, and why: none is left out in silence."""
    lieux = frame[frame[maille] != "inconnu"]
    sans_rotation = lieux["n_attendues"].isna()
    sans_logement = lieux["n_attendues"].fillna(-1) == 0
    sans_dosage = ~sans_rotation & ~sans_logement & lieux["n_modestes"].isna()
    sans_fragilite = sans_dosage & (lieux["fragilite"] == "inconnu")
    raisons = [
        f"{langue.nombre(int(masque.sum()))} {raison}"
        for masque, raison in (
            (sans_rotation, "sans rotation connue"),
            (sans_fragilite, "sans fragilité connue"),
            (sans_dosage & ~sans_fragilite, "sans objectif en vigueur ou qui s’y tienne"),
            (sans_logement, "sans logement attendu"),
        )
        if masque.any()
    ]
    n = len(lieux) - int(_est_conseille(lieux).sum())
    if n == 0:
        return ""
    mot = "quartier" if maille == "quartier" else "résidence"
    pourquoi = "" if visiteur.est_en_salle() else f" ({langue.liste(raisons)})"
    return langue.typeset(f"Sans préconisation : {langue.effectif(n, mot)}{pourquoi}.")


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
    return etape.render_siens(dits, exacts)


def say_les_parts(frame: pd.DataFrame, entrants: pd.DataFrame, cle: str) -> pd.DataFrame:
    """Who came and who lives there; the share of who came is that of the bilan."""
    occupants = zip(frame["n_occupants_modestes"], frame["n_occupants"], strict=True)
    return (
        reader()
        .comptes(frame, RENDUS)
        .assign(
            part_entrants=frame[cle].map(entrants.set_index(cle)["part"]).astype("float64"),
            part_occupants=[part_connue(k, n) for k, n in occupants],
        )
    )


def part_connue(k: int, n: int) -> float:
    """A share as it is read; nan where nothing is known."""
    return float("nan") if pd.isna(n) else reader().part(k, n)
