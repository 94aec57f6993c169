"""The screen of a measure of the bilan: the finding, one picture, what it is compared with, the table."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core.indicateurs import INDICATEURS, phrases_constats, phrases_flux, phrases_mesures
from mel_core.indicateurs.couverture import MAL_CONNU_DIT
from mel_core.indicateurs.definitions import COUPES_DITES, MATRICE, MATRICES, ImageBilan, par
from mel_core.secret.bail import reader
from mel_core.socle import langue
from pages.adaptateur import vivant
from pages.commun import cadre, choix_perimetre, donnees, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_matrice, images_mesures
from pages.commun.mesures import lecture_bilan
from pages.commun.mesures.lecture_mesures import (
    Lecture,
    avec_la_precedente,
    lignes,
    matrice,
    modestes_par,
    read,
    residences_a_enjeu,
)
from pages.seance.bilan import levier, tableaux_mesures
from pages.seance.bilan.pourquoi_mesures import explain

# Beside each rule of the law, the local one that looks at the same quartiers.
_LIEUX = ("commune", "bailleur", "quartier")
_APRES_TOUTES = 1_000_000  # a rank beyond any line
_REGLE_LOCALE = {"q1_hors_qpv": "sans", "autres_en_qpv": "fragile"}


def show(choisi: Perimetre, code: str) -> None:
    """Draw the measure `code` for the scope of the session."""
    lecture = read(choisi, code)
    choix_perimetre.keep("coupe", list(lecture.mesure.coupes))
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        explain(lecture, choisi, st.session_state["coupe"])
    with st.container(key="message"):
        colonnes = par(st.session_state["coupe"])
        question = (*lecture.cle[:2], lecture.mesure.indicateur, lecture.cle[3], colonnes)
        phrase = langue.typeset(constat(lecture, choisi.ici_dite))
        # That of the contingents says itself how many do not tell theirs.
        a_une_figure = lecture.est_connue and lecture.synthese["n"] > 0 and code != "reservataires"
        st.markdown(donnees.say_couverture(phrase, *question) if a_une_figure else phrase)
        cadre.say_declarees(donnees.declarees(*lecture.cle[:2], lecture.mesure.indicateur))
        if dits := lecture_bilan.say_en_nombre(choisi, lecture.mesure.indicateur):
            st.markdown(langue.typeset(dits))
    if lecture.est_connue:
        explore(lecture, choisi)
    elif lecture.seuils and not lecture.manque:
        remedy(lecture)


def constat(lecture: Lecture, ou: str) -> str:
    """The sentence: the finding, with what it is to be read with, or why there is none and what to do about it."""
    mesure, ligne = lecture.mesure, lecture.synthese
    titre = mesure.titre if mesure.cellule else INDICATEURS[mesure.indicateur].titre
    if lecture.manque:
        return phrases_mesures.manque(titre, lecture.manque)
    if not ligne["n"] > 0 and (inconnues := lecture.lieux_inconnus) > 0:
        return phrases_mesures.lieu_inconnu(titre, ou, ligne, mesure.coupe_des_lieux, inconnues, lecture.toutes)
    if lecture.seuils:
        return phrases_mesures.seuil_absent(titre, lecture.seuils, ligne["n"])
    identifiant, seance, code, ici = lecture.cle
    return donnees.constat(identifiant, seance, code, ou, ici).say()


def explore(lecture: Lecture, choisi: Perimetre) -> None:
    """The cut, its picture beside what it is compared with, the lever of a rule, the table."""
    a_une_regle = lecture.mesure.code in _REGLE_LOCALE
    with st.container(key="mesure_vue"), st.container(key="avec_levier" if a_une_regle else "sans_levier"):
        image, cote = st.columns([0.72, 0.28], gap="medium")
        with image:
            coupe = choose_coupe(lecture)
            note, manque = "", donnees.absences(*lecture.cle[:2], lecture.mesure.indicateur, coupe)[1]
            if manque:
                refus = langue.typeset(phrases_mesures.manque(COUPES_DITES[coupe][0], manque))
                st.html(f'<p class="refus">{escape(refus)}</p>')
            elif coupe in MATRICES:
                note = draw_matrice(lecture, coupe)
            else:
                draw(lecture, coupe)
            if dite := f"{note} {reserve(lecture, coupe)}".strip():
                st.html(f'<p class="reserve">{escape(langue.typeset(dite))}</p>')
            if a_une_regle:
                levier.show(lecture_bilan.cle_de(choisi, lecture.mesure.indicateur), est_imagee=False)
        with cote:
            if a_une_regle:
                st.html(regles(lecture))
            st.html(tableaux_mesures.comparaison(lecture))
    if coupe != MATRICE and not manque:
        with cadre.detail("mesure"):
            tableaux_mesures.tableau(lecture, lignes(lecture.cle, coupe), coupe)
            if coupe == "enjeu_mixite":
                tableaux_mesures.residences(lecture, residences_a_enjeu(lecture.cle))


def reserve(lecture: Lecture, coupe: str) -> str:
    """What a reader has to know of the lines: the rule behind a typology, where agreements come from."""
    if coupe == "typologie_fragilite":
        return phrases_mesures.regle_des_typologies(donnees.typologies(*lecture.cle[:2]))
    if coupe == MATRICE and not reader().lit_tout:
        regle = reader().regle.de(par(MATRICE))
        return f"Bailleur × commune : nombres arrondis à {regle.base} ; {regle.tus} ou moins : non dits."
    if lecture.mesure.image is ImageBilan.CONVENTIONS:
        connus = donnees.objectifs(*lecture.cle[:2], lecture.mesure.indicateur)
        cases = "Part / objectif ; en bleu, au-dessous ; en orange, au-dessus. " if coupe in MATRICES and connus else ""
        return cases + phrases_flux.sources(o.source for o in connus)
    return ""


def choose_coupe(lecture: Lecture) -> str:
    """The cut, among those that make sense for this measure; no control where there is only one."""
    choix_perimetre.keep("coupe", list(lecture.mesure.coupes))
    if len(lecture.mesure.coupes) == 1:
        return lecture.mesure.coupes[0]
    coupe = st.segmented_control(
        "Lecture par",
        list(lecture.mesure.coupes),
        format_func=lambda c: COUPES_DITES[c][0],
        required=True,
        key="coupe",
        label_visibility="collapsed",
    )
    st.query_params["coupe"] = tenue = choix_perimetre.tenu(coupe)
    return tenue


def draw(lecture: Lecture, coupe: str) -> None:
    """The picture, side by side when it has two parts, and what it leaves out."""
    vues, apart = mal_connus(lecture, avec_la_precedente(lecture, coupe), coupe)
    figures, reste = images_mesures.draw(
        lecture,
        vues,
        est_en_salle=visiteur.est_en_salle(),
        est_sur_un_levier=lecture.mesure.code in _REGLE_LOCALE,
    )
    if not figures:
        st.html(f'<p class="reserve">{escape(langue.typeset(rien_a_dessiner(coupe)))}</p>')
        return
    for colonne, figure in zip(st.columns(len(figures), gap="small"), figures, strict=True):
        with colonne:
            vivant.draw(figure)
    if reste := f"{reste} {apart}".strip():
        st.html(f'<p class="reserve">{escape(langue.typeset(reste))}</p>')


def mal_connus(lecture: Lecture, lignes: pd.DataFrame, coupe: str) -> tuple[pd.DataFrame, str]:
    """The lines, those of which far less is known than of the whole ranked after all that is drawn; these, in words."""
    lue = donnees.couverte(*lecture.cle[:2], lecture.mesure.indicateur, lecture.cle[3], par(coupe))
    est_apart = lignes["ligne"].isin(lue.mal_connus if lue and coupe in _LIEUX else ())
    if not est_apart.any():
        return lignes, ""
    rangs = lignes["rang"].where(~est_apart).rank(method="dense") - 1
    noms = list(dict.fromkeys(lignes.loc[est_apart, "nom"]))
    dits = f"{MAL_CONNU_DIT.capitalize()}, à part : {langue.liste(noms)}."
    return lignes.assign(rang=rangs.fillna(lignes["rang"] + _APRES_TOUTES).astype(int)), dits


def rien_a_dessiner(coupe: str) -> str:
    """Why there is no picture: a room has no table to look at."""
    if visiteur.est_en_salle():
        return f"Par {COUPES_DITES[coupe][0].lower()}, rien ne se dit ici : les nombres sont trop petits."
    return "Rien à dessiner pour cette lecture : le tableau dit pourquoi."


def draw_matrice(lecture: Lecture, coupe: str) -> str:
    """One cut across another; a room reads the lines of which something is said. What it leaves, in words."""
    cellules = matrice(lecture.cle, coupe)
    rangee, _ = par(coupe)
    vues = images_matrice.dites_en_salle(lecture, cellules, coupe) if visiteur.est_en_salle() else cellules
    if vues.empty:
        return phrases_mesures.rien_de_croise(*(COUPES_DITES[c][1] for c in par(coupe)))
    vivant.draw(images_matrice.draw(lecture, vues, coupe))
    if coupe == MATRICE:
        with st.expander("Le tableau"):
            st.html(tableaux_mesures.matrice(lecture, cellules))
    n, total = vues[rangee].nunique(), cellules[rangee].nunique()
    return phrases_mesures.en_partie_croise(COUPES_DITES[rangee][1], n, total) if n < total else ""


def regles(lecture: Lecture) -> str:
    """The national rule beside the local one, each with its legal basis and what is observed."""
    nationale, locale = INDICATEURS[lecture.mesure.indicateur], INDICATEURS["equilibre"]
    classe = _REGLE_LOCALE[lecture.mesure.code]
    ligne = lecture.synthese
    observe = langue.part(ligne["part"]) if lecture.est_connue else "ne peut pas être calculé"
    par_classe = modestes_par(lecture.cle, "fragilite").set_index("fragilite")
    local = par_classe["part"].get(classe)
    but = langue.part(par_classe["cible"].get(classe)) if classe in par_classe.index else langue.ABSENT
    voulu = donnees.objectif(*lecture.cle[:2], "equilibre")
    return (
        f'<div class="regles"><section><h3>Règle nationale : {langue.part(ligne["cible"])}</h3>'
        f"<p>{escape(nationale.titre)} : <b>{observe}</b></p><p>{escape(nationale.article)}</p></section>"
        f"<section><h3>Règle locale : {but}</h3><p>Ménages modestes, {phrases_constats.QUARTIERS[classe]} : "
        f"<b>{langue.part(local)}</b></p><p>{escape(voulu.source if voulu else locale.article)}</p></section></div>"
    )


def remedy(lecture: Lecture) -> None:
    """Both rules, what is missing and how to give it; the file to write is for whoever opens it, not for the room."""
    with st.container(key="remede"):
        gauche, droite = st.columns(2, gap="large")
        with gauche:
            st.html(regles(lecture))
        with droite:
            st.markdown(
                "**Le remède** : ajouter le seuil publié et sa source dans Préparer › Objectifs et paramètres, onglet "
                "« Ajouter une version »."
            )
            with st.expander("L’ajouter par un fichier"):
                st.markdown("Compléter ce fichier (seuils.toml), puis importer de nouveau avec lui.")
                st.code(phrases_mesures.remede_seuil(lecture.seuils), language=None)
                st.code("python -m mel_core importer CHEMIN --parametres seuils.toml", language=None, wrap_lines=True)
