"""Mes listes of a réservataire: the attributions of its own contingent over the séance's twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from mel_core.entrepot import Portee
from mel_core.segments.listes import candidats
from mel_core.segments.listes.export import CONTINGENT
from mel_core.socle import langue
from mel_core.socle.appellations import RESERVATAIRES, RESSOURCES, TYPOLOGIES_EN_TETE
from mel_core.socle.periodes import Periode
from pages.commun import annonces, choix_perimetre, donnees, exports
from pages.commun.choix_perimetre import Perimetre
from pages.listes.affichage import (
    Tri,
    choose_codes,
    choose_page,
    cut,
    display,
    finish,
    say_codes,
    sort_out,
    take_out_filtres,
)
from pages.listes.lecture_listes import name

TITRE = "Attributions du contingent"
ACCES = {"": "Tous", "premier_acces": "Premiers accès", "mutation": "Mutations"}
LABELS = {"aci": "ménage ACI", "npru": "NPRU"}
_UN_ACCES = {"premier_acces": "Premier accès", "mutation": "Mutation"}
_SELON_RESSOURCES = "Ressources (bornes supposées)"
_DEUX_LABELS = "ACI, NPRU"
_COLONNES = ("Bail signé le", "Commune", "Bailleur", "Typologie", _SELON_RESSOURCES, _DEUX_LABELS, "Accès", "Quartier")
_TRIS = {c: c for c in (*_COLONNES, "Résidence", "Dossier")}
TRI = Tri("liste_tri_baux", _TRIS, _TRIS)
_ORDRES = {_SELON_RESSOURCES: tuple(RESSOURCES.values())}
# Column filtered → its title, its key in the address, what it says when nothing is chosen.
FILTRES = {
    "commune": ("Communes", "liste_communes", "toutes"),
    "bailleur": ("Bailleurs", "liste_bailleurs", "tous"),
    "typologie": ("Typologies", "liste_logements", "toutes"),
    "classe": ("Ressources", "liste_classes", "toutes"),
    "label": ("Labels", "liste_labels", "tous"),
}


def show(choisi: Perimetre, portee: Portee) -> None:
    periode = Periode.de(choisi.seance, "annee")
    with choisi.open(portee) as lecteur:
        toutes = candidats.find_contingent(lecteur, periode)
    noms = noms_par_colonne(choisi, toutes["typologie"], name(choisi, toutes["residence"].unique()))
    mots = {**noms, "classe": RESSOURCES, "label": LABELS}
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        acces = choix_perimetre.option("Accès", "liste_acces", ACCES, en_liste=True, filter_mode=None)
        filtres = choose_codes(FILTRES, mots)
        tri, sens = TRI.choose()
    gardees = candidats.filter_rows(toutes, mutation=(acces,) if acces else (), **filtres)
    quand = f"{choisi.duree}, {langue.intervalle(periode.debut, periode.fin)}"
    liste = exports.Liste(
        TITRE,
        portee.code,
        (choisi.instantane.identifiant, choisi.seance, acces, *filtres.values()),
        {
            "Période": quand,
            "Accès": ACCES[acces],
            **say_codes(FILTRES, mots, filtres),
        },
    )
    exports.trace_ouverture(liste, len(gardees), *choisi.cle)
    en_vigueur = [mots[nom][code] for nom, codes in filtres.items() for code in codes]
    en_vigueur += [ACCES[acces].lower()] * bool(acces)
    write_message(RESERVATAIRES[portee.code], quand, len(gardees), len(toutes), en_vigueur)
    if gardees.empty:
        annonces.note(candidats.say_aucune(est_filtree=len(toutes) > 0))
        return
    table = sort_out(translate(gardees, noms), tri, sens, _ORDRES.get(tri, ()))
    vue, n_pages, rang = cut(table, (liste.question, tri, sens))
    choose_page(n_pages)
    display(vue, liste, (tri, sens, rang), TRI, est_a_cocher=False)
    finish(lambda: table, f"{TITRE}, {RESERVATAIRES[portee.code]}", portee, liste, choisi, CONTINGENT)


def noms_par_colonne(choisi: Perimetre, typologies: pd.Series, residences: dict[str, str]) -> dict[str, dict[str, str]]:
    """What the codes of each column are called: everywhere for the places, on its own rows for the typologies."""
    quartiers = donnees.lieux(*choisi.cle, "quartier").dropna(subset="nom")
    connues = sorted(set(typologies) - {"inconnu"})
    return {
        "commune": dict(sorted(choisi.noms("commune").items(), key=lambda x: x[1])),
        "quartier": dict(zip(quartiers["code"], quartiers["nom"], strict=True)),
        "residence": residences,
        "bailleur": dict(sorted(choisi.bailleurs.items(), key=lambda x: x[1])),
        "typologie": {t: TYPOLOGIES_EN_TETE.get(t, t) for t in connues},
        "classe": {code: nom for code, nom in RESSOURCES.items() if code != "inconnu"},
    }


def write_message(qui: str, quand: str, n: int, n_sans_filtre: int, filtres: Sequence[str]) -> None:
    """How many, over which months; the filters in force and what they leave out."""
    restriction = langue.filtres(filtres, langue.effectif(n_sans_filtre, "attribution"))
    annonces.message(
        f"{qui} : **{langue.effectif(n, 'attribution')}** {langue.agree(n, 'signée')} sur son contingent, "
        f"{quand}.{restriction}"
    )
    st.html(f'<p class="reserve">{candidats.POURQUOI_CONTINGENT}</p>')
    if filtres:
        st.button("Enlever les filtres", key="sans_filtre", on_click=take_out_filtres, args=(FILTRES,))


def translate(lignes: pd.DataFrame, noms: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """The list in French: codes by their names; what is unknown stays empty."""
    return pd.DataFrame(
        {
            "Dossier": lignes["pseudonyme"],
            "Bail signé le": lignes["date_bail"],
            "Commune": lignes["commune"].map(noms["commune"]),
            "Bailleur": lignes["bailleur"].map(noms["bailleur"]),
            "Typologie": lignes["typologie"].map(noms["typologie"]),
            _SELON_RESSOURCES: lignes["classe"].map(noms["classe"]),
            _DEUX_LABELS: [
                _label(aci, npru) for aci, npru in zip(lignes["est_menage_aci"], lignes["est_npru"], strict=True)
            ],
            "Accès": lignes["mutation"].map(_UN_ACCES),
            "Quartier": lignes["quartier"].map(noms["quartier"]),
            "Résidence": lignes["residence"].map(noms["residence"]),
        }
    )


def _label(aci: object, npru: object) -> str | None:
    """`ménage ACI, NPRU`; « ni l’un ni l’autre » when it is known, empty when its file does not say."""
    if dits := [nom for nom, porte in zip(LABELS.values(), (aci, npru), strict=True) if pd.notna(porte) and porte]:
        return ", ".join(dits)
    return None if pd.isna(aci) or pd.isna(npru) else "ni l’un ni l’autre"
