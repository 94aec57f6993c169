"""Préparer › Imports: what is in service, who published it, the way back to it, the contours that maps draw; which
measures can be computed, what to ask to whom, and a model of each file."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.contrat import classeurs_a_remplir as classeurs
from mel_core.contrat.contours import ContoursLus, publies, publish, read
from mel_core.contrat.explications import CHEZ
from mel_core.contrat.tables import TABLES
from mel_core.droits.actions import Action
from mel_core.entrepot import Instantane
from mel_core.entrepot.publications import RETOUR, Publication, find_with_snapshots, go_back, say_contours
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.definitions import COUPES_DITES
from mel_core.indicateurs.qualite import besoins_couverts, completude
from mel_core.indicateurs.qualite.besoins_couverts import Calculabilite, GenreBesoin
from mel_core.journal import Journal, nouvel_identifiant, nouvel_op_id
from mel_core.journal.fiches import au_mieux
from mel_core.segments import SEGMENTS
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import telechargement
from pages.commun import annonces, choix_perimetre, donnees, ecriture, exports, widgets

MONTREES = 20
OBJET = "contours"
_REVENUE = "revenue"
_ENVOIS = {"bailleur": "Ce qu’un bailleur envoie", "mel": "Ce que la MEL extrait"}
_DITES = {"quartiers": "Quartiers (IRIS)", "qpv": "QPV", "ici": "ICI"}


def show_tables() -> None:
    """Table by table; only their names when nothing is published, or nothing that this visitor may see."""
    try:
        publie = donnees.instantane() if donnees.entrepot().instantane() else None
    except ErreurUtilisateur:
        publie = None
    if publie is None:
        with st.expander("Tables attendues"):
            st.write(langue.liste(list(TABLES)))
        return
    with donnees.open(publie.identifiant, None) as lecteur:
        tables = completude.en_place(lecteur)
    with st.expander(_titre(publie, int(tables["n"].notna().sum()))):
        widgets.grille(
            pd.DataFrame(
                {
                    "Table": tables["table"],
                    "Lignes": tables["n"],
                    "Colonnes que les fichiers n’ont pas": [
                        "table absente" if pd.isna(n) else ", ".join(absentes)
                        for n, absentes in zip(tables["n"], tables["absentes"], strict=True)
                    ],
                }
            ),
            {},
            "Tables en place",
        )


def _titre(publie: Instantane, n: int) -> str:
    nature = "fictives" if publie.nature == "fictive" else "réelles"
    return (
        f"Données {nature} en place : {langue.effectif(n, 'table')} sur {langue.nombre(len(TABLES))}, publiées le "
        f"{langue.jour(publie.publie_le)}"
    )


def show_publications() -> None:
    """The latest publications; nothing when there is no journal to sign a return in."""
    annonces.take(_REVENUE, st.success)
    entrepot = donnees.entrepot()
    publiees = find_with_snapshots(entrepot, ecriture.journal()) if Journal.existe(entrepot.dossier) else []
    if not publiees:
        return
    tues = sum(not p.est_au_journal and not p.est_retour for p in publiees)
    ou = f", dont {langue.effectif(tues, 'absente', 'absentes')} du journal" if tues else " au journal"
    with st.expander(langue.effectif(len(publiees), "publication", "publications") + ou):
        widgets.grille(
            pd.DataFrame([p.en_clair() for p in publiees[:MONTREES]]),
            {},
            "Publications, de la plus récente à l’ancienne",
        )
        suite = "la commande « python -m mel_core publications » les liste toutes"
        annonces.note(langue.premieres(MONTREES, len(publiees), suite))
        _go_back({p.instantane: p for p in reversed(publiees[:MONTREES])})


def _go_back(publiees: dict[str, Publication]) -> None:
    """Each snapshot once, under its latest publication."""
    servi = donnees.entrepot().instantane()
    autres = {nom: p for nom, p in reversed(publiees.items()) if servi is None or nom != servi.identifiant}
    if not autres:
        return
    dites = {
        n: f"{langue.instant(p.fiche.instant)}, {p.fiche.auteur.dit} : {p.gardees_dites}" for n, p in autres.items()
    }
    choisie = autres.get(choix_perimetre.pick("Publication antérieure", "publication_anterieure", dites))
    if choisie is None:
        return
    st.write(RETOUR)
    if st.button("Revenir à cette publication", key="revenir", disabled=not ecriture.auteur().nom):
        auteur = ecriture.require_auteur(Action.REVENIR_A_UNE_PUBLICATION)
        _, a_change = go_back(donnees.entrepot(), ecriture.journal(), choisie.instantane, auteur)
        st.session_state[_REVENUE] = choisie.say_retour(a_change=a_change)
        st.rerun()


def offer_contours() -> None:
    """Which layers are in service, and a place to drop another."""
    with st.expander("Contours des cartes"):
        st.write(_contours_dits())
        couche = st.segmented_control(
            "Couche", list(_DITES), format_func=_DITES.__getitem__, default="quartiers", required=True, key="couche"
        )
        aide = (
            "Un GeoJSON ou un shapefile zippé, en WGS 84 ou en Lambert-93, par exemple Contours…IRIS de l’IGN ou les "
            "QPV de 2015 ou de 2024. Seuls le code, le nom et le tracé sont gardés."
        )
        fichier = st.file_uploader("Fichier des contours (GeoJSON ou zip d’un shapefile)", key="contours", help=aide)
        fictifs = st.checkbox("Ce découpage est fictif", key="contours_fictifs")
        if fichier and st.button("Publier ces contours", key="publier_contours", disabled=not ecriture.auteur().nom):
            auteur = ecriture.require_auteur(Action.PUBLIER_CONTOURS)
            lecture = read(fichier.getvalue(), fichier.name, couche)
            a_change = publish(donnees.entrepot().dossier, lecture, est_fictive=fictifs)
            if a_change:
                contenu = {"couche": lecture.couche, "bilan": lecture.dite}
                with au_mieux("Cette publication", st.warning):
                    ecriture.journal().write(OBJET, nouvel_identifiant(), contenu, auteur, nouvel_op_id())
            st.success(langue.typeset(say_contours(lecture, a_change=a_change)))
            _show_rejets(lecture)


def _contours_dits() -> str:
    dits = []
    for couche, dite in _DITES.items():
        servis = publies(donnees.entrepot().dossier, couche)
        combien = langue.effectif(len(servis.codes), "contour") if servis else "aucun contour"
        dits.append(f"{dite} : {combien}{' (découpage fictif)' if servis and servis.est_fictive else ''}")
    return langue.typeset("En service : " + " ; ".join(dits) + ".")


def _show_rejets(lecture: ContoursLus) -> None:
    """The contours left out, each with its rank in the file."""
    if lecture.rejets:
        rejets = pd.DataFrame(
            [{"Rang dans le fichier": r.rang, "Code": r.code, "Cause": r.message} for r in lecture.rejets]
        )
        widgets.grille(rejets, {}, "Contours rejetés")


GENRES = {GenreBesoin.INDICATEUR: "Mesures du bilan", GenreBesoin.SEGMENT: "Segments", GenreBesoin.COUPE: "Lectures"}
_SIGNES = {
    Calculabilite.CALCULABLE: ("●", "calculable"),
    Calculabilite.EN_PARTIE: ("◐", "en partie"),
    Calculabilite.IMPOSSIBLE: ("○", "impossible"),
}
_COUPES = {
    **{coupe: dite for coupe, (dite, _) in COUPES_DITES.items()},
    "qpv": "QPV",
    "typologie": "Typologie du logement",
    "financement": "Financement",
}
LEGENDE = " · ".join(f"{signe} {dit}" for signe, dit in _SIGNES.values())


def titre(genre: str, code: str) -> str:
    if genre == GenreBesoin.INDICATEUR:
        return INDICATEURS[code].titre
    return SEGMENTS[code].titre if genre == GenreBesoin.SEGMENT else _COUPES[code]


def name(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `couverture` or of `verdicts`, each with the title of what it is about."""
    return table.assign(titre=[titre(x.genre, x.code) for x in table.itertuples()])


def liste(genre: GenreBesoin, couvertes: pd.DataFrame, verdicts: pd.DataFrame) -> str:
    """The measures of a kind, each with its sign, and what it lacks (HTML)."""
    lignes = ""
    for x in verdicts[verdicts["genre"] == genre].itertuples():
        signe, dit = _SIGNES[x.verdict]
        manques = besoins_couverts.manques(x, couvertes)
        precision = f" <small>{escape(langue.typeset(manques))}</small>" if manques else ""
        lignes += (
            f'<li class="{x.verdict}"><span aria-hidden="true">{signe}</span> '
            f'<span><span class="lu">{escape(dit)} : </span>{escape(x.titre)}{precision}</span>'
            "</li>"
        )
    return f'<section class="besoins"><h2>{escape(GENRES[genre])}</h2><ul>{lignes}</ul></section>'


def demandes(couvertes: pd.DataFrame) -> str:
    """What to ask, institution by institution (HTML); a sentence when nothing is."""
    corps = "".join(
        f"<dt>{escape(source)} <small>{escape(CHEZ[source])}</small></dt>"
        + "".join(f"<dd>{escape(langue.typeset(article))}</dd>" for article in articles)
        for source, articles in besoins_couverts.demandes(couvertes).items()
    )
    dites = f"<dl>{corps}</dl>" if corps else f"<p>{besoins_couverts.RIEN}</p>"
    return f'<section class="besoins demandes"><h2>À demander</h2>{dites}</section>'


def show_attendues() -> None:
    est_publie = donnees.entrepot().instantane() is not None
    question = besoins_couverts.couverture
    couvertes = donnees.ask(donnees.instantane().identifiant, "", question) if est_publie else question(None)
    couvertes, verdicts = name(couvertes), name(besoins_couverts.verdicts(couvertes))
    annonces.message(besoins_couverts.constat(verdicts))
    st.caption(LEGENDE)
    mesures, autres, a_demander = st.columns([1, 1, 1.3])
    mesures.html(liste(GenreBesoin.INDICATEUR, couvertes, verdicts))
    with autres:
        for genre in (GenreBesoin.SEGMENT, GenreBesoin.COUPE):
            st.html(liste(genre, couvertes, verdicts))
    a_demander.html(demandes(couvertes))
    offer_classeurs()
    with st.expander("Détail, colonne par colonne"):
        widgets.grille(besoins_couverts.detail(couvertes), {}, "Colonnes attendues", est_emporte=True)


def offer_classeurs() -> None:
    """One model per sender, one per table, and all of them."""
    st.header(
        "Modèles de fichier à remplir",
        help="Un classeur pour un bailleur, un pour la MEL, un par table : colonnes, listes de valeurs, et la feuille "
        "« Explications » qui dit chacune, ce que veut dire une cellule vide et où la demander. Rempli, il se "
        "dépose dans Préparer › Imports.",
    )
    with st.container(horizontal=True, key="modeles"):
        for modele in (*classeurs.ENVOIS, *TABLES):
            nom, dit = classeurs.nom_de_fichier(modele), _ENVOIS.get(modele, modele)
            telechargement.offer(dit, partial(classeurs.write, modele), nom, exports.XLSX, cle=f"modele_{modele}")
        telechargement.offer("Tous (zip)", classeurs.write_tous, "modeles.zip", "application/zip", cle="modeles_tous")
