"""How the engagement on screen is shared out: a line per commune and per bailleur, a whole number each, their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.seance.engagements.engagement_pris import Engagement
from mel_core.simulation.engagement import calcul_engagement
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES, TYPOLOGIES_EN_TETE
from pages.commun import donnees, widgets
from pages.commun.segments.lecture_orientations import Question

_AUTRES_NOMS = TYPOLOGIES_EN_TETE | {"inconnu": "Non renseigné", "hors_mel": "Hors de la MEL"}
TITRES = {"commune": "Commune", "bailleur": "Bailleur"}
ILLISIBLE = -1  # what an emptied cell is worth: refused, never read as 0


@dataclass(frozen=True)
class Repartition:
    """Households by commune and by bailleur. `refus`: why it is not an engagement (empty: it is one). `est_ajustee`:
    not in proportion to the flow any more.
    """

    par_commune: Mapping[str, int] = field(default_factory=dict)
    par_bailleur: Mapping[str, int] = field(default_factory=dict)
    refus: str = ""
    est_ajustee: bool = False


def noms_des_lieux(question: Question, cle: str) -> dict[str, str]:
    """Code → name, of the communes or of the bailleurs."""
    return donnees.noms(question.identifiant, question.seance, cle)


def noms_de(question: Question, cle: str) -> dict[str, str]:
    """Names of the codes of `cle`."""
    if cle.startswith("commune"):
        return noms_des_lieux(question, "commune") | _AUTRES_NOMS
    if cle == "bailleur":
        return noms_des_lieux(question, cle) | {"inconnu": "Hors parc social"}
    return RESSOURCES if cle == "ressources" else _AUTRES_NOMS


def share(cellules: pd.DataFrame, nombre: int, deja: Engagement | None) -> dict[str, dict[str, int]]:
    """By commune and by bailleur: in proportion to the flow, or as acted, while the number is the same."""
    if deja is not None and deja.nombre == nombre and deja.par_commune and deja.par_bailleur:
        return {"commune": dict(deja.par_commune), "bailleur": dict(deja.par_bailleur)}
    return calcul_engagement.offer(cellules, nombre)


def as_shared(cellules: pd.DataFrame, nombre: int, deja: Engagement | None) -> Repartition:
    """What a room acts, and does not see: who is asked what is said in the relevé."""
    parts = share(cellules, nombre, deja)
    return Repartition(parts["commune"], parts["bailleur"])


def fit(question: Question, cellules: pd.DataFrame, nombre: int, deja: Engagement | None) -> Repartition:
    """As `share` does, and two tables to adjust it, once unfolded. `cellules`: see `calcul_engagement.expect`."""
    prorata, depart = calcul_engagement.offer(cellules, nombre), share(cellules, nombre, deja)
    cles = {cle: _cle(question, cle, nombre, depart[cle]) for cle in calcul_engagement.LIEUX}
    titre = f"Répartir {langue.effectif(nombre, 'ménage')} par commune et par bailleur"
    # Folded again, what was typed still counts.
    place = widgets.unfold(titre, "repartition", est_tenu=any(c in st.session_state for c in cles.values()))
    lus, refus = dict(depart), []
    colonnes = place.columns(2, gap="medium") if place else [None] * len(cles)
    for cle, colonne in zip(cles, colonnes, strict=True):
        noms, attendues = noms_des_lieux(question, cle), calcul_engagement.expect(cellules, cle)
        if colonne:
            lus[cle] = _type_in(colonne, cles[cle], cle, depart[cle], attendues, noms)
        refuse = calcul_engagement.refuse(lus[cle], attendues, nombre, cle, noms)
        refus += [refuse] if refuse else []
        if colonne:
            colonne.html(f'<p class="somme" role="status">{escape(_somme(lus[cle], nombre, refuse))}</p>')
    n = 0 if refus else calcul_engagement.house_ensemble(cellules, lus["commune"], lus["bailleur"])
    if not refus and n < nombre:
        refus.append(
            f"Ces bailleurs ne logent que {langue.effectif(n, 'ménage')} au plus dans ces communes en six mois, "
            f"pour {langue.nombre(nombre)} : rapprocher les deux répartitions."
        )
        if place:
            place.html(f'<p class="somme" role="alert">{escape(refus[-1])}</p>')
    utiles = {cle: {code: n for code, n in lieux.items() if n} for cle, lieux in lus.items()}
    return Repartition(utiles["commune"], utiles["bailleur"], refus[0] if refus else "", utiles != prorata)


def _cle(question: Question, cle: str, nombre: int, depart: Mapping[str, int]) -> str:
    """Of a table: another number, or another share of it, is another table."""
    quoi = (cle, question.nom, question.ici, question.seance, nombre, hash(tuple(depart.items())))
    return "_".join(map(str, ("repartition", *quoi)))


def _type_in(
    ou: DeltaGenerator,
    saisie_de: str,
    cle: str,
    depart: Mapping[str, int],
    attendues: Mapping[str, int],
    noms: Mapping[str, str],
) -> dict[str, int]:
    """The table of one key; the households by code, as read on the server whatever the browser allowed."""
    codes = list(attendues)
    table = pd.DataFrame(
        {
            TITRES[cle]: [noms.get(c, c) for c in codes],
            "Ménages": [depart.get(c, 0) for c in codes],
            "Attendues": [langue.nombre(attendues[c]) for c in codes],
        }
    )
    saisie = ou.data_editor(
        table,
        hide_index=True,
        width="stretch",
        height=min(260, 37 * (len(codes) + 1)),
        disabled=[TITRES[cle], "Attendues"],
        num_rows="fixed",
        column_config={
            TITRES[cle]: st.column_config.TextColumn(width=140),
            "Ménages": st.column_config.NumberColumn(min_value=0, step=1, format="%d", required=True, width=85),
            "Attendues": st.column_config.TextColumn(help="Attributions attendues en six mois", width=102),
        },
        key=saisie_de,
    )
    valeurs = list(saisie["Ménages"])
    if len(valeurs) != len(codes):
        return dict.fromkeys(codes, ILLISIBLE)
    return dict(zip(codes, (_entier(v) for v in valeurs), strict=True))


def _somme(lieux: Mapping[str, int], nombre: int, refuse: str | None) -> str:
    """`Somme : 260 sur 264, en ajouter 4`; or the sum, then why a line of it may not be."""
    somme = sum(n for n in lieux.values() if n != ILLISIBLE)
    dit = f"Somme : {langue.nombre(somme)} sur {langue.nombre(nombre)}"
    if refuse is None:
        return dit
    if not refuse.startswith("La somme"):
        return f"{dit}. {refuse}"
    return f"{dit}, en {'retirer' if somme > nombre else 'ajouter'} {langue.nombre(abs(somme - nombre))}"


def _entier(valeur: object) -> int:
    if isinstance(valeur, (int, float)) and not pd.isna(valeur) and valeur == int(valeur) and valeur >= 0:
        return int(valeur)
    return ILLISIBLE
