"""The screen of a measure of the bilan: the finding, then one picture at a time; at a desk, its table."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core.entrepot.perimetre import typologies
from mel_core.indicateurs import (
    INDICATEURS,
    conventions,
    phrases_constats,
    phrases_lieux,
    phrases_mesures,
    phrases_vues,
)
from mel_core.indicateurs.couverture import MAL_CONNU_DIT
from mel_core.indicateurs.definitions import CARTE, COUPES_DITES, LEVIER, MATRICE, MATRICES, SEANCES, ImageBilan, par
from mel_core.indicateurs.manques import declarations, manques_de_coupe
from mel_core.indicateurs.quartiers import N_MOIS
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Duree
from pages.adaptateur import cartes, vivant
from pages.commun import annonces, cadre, choix_perimetre, donnees, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_matrice, images_mesures
from pages.commun.images.gabarit import nom_projete
from pages.commun.mesures import lecture_bilan
from pages.commun.mesures.lecture_mesures import (
    LectureMesure,
    avec_la_precedente,
    lignes,
    matrice,
    modestes_par,
    read,
    residences_a_enjeu,
)
from pages.seance.bilan import carte_bilan, cotes_quartiers, descente, levier, tableaux_mesures, tendance
from pages.seance.bilan.essai import classes
from pages.seance.bilan.pourquoi_mesures import explain

_LIEUX = ("commune", "bailleur", "quartier")
_VERS = {"commune": descente.go, "bailleur": descente.go_fiche}  # where the mark of a place leads
_CARTE_PX, _CARTE_SALLE_PX = (1320, 400), (1100, 460)


def show(choisi: Perimetre, code: str) -> None:
    """Draw the measure `code` for the scope of the session, or the place where one has gone down to."""
    lecture = read(choisi, code)
    cle, descend = lecture.cle, lecture.mesure.a_une_carte
    lieu = descente.read_lieu(cle) if descend else None
    choix_perimetre.keep("coupe", list(lecture.mesure.vues))
    vue = st.session_state["coupe"]
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cotes = cotes_quartiers.juges(cle) if not lieu and est_par_cotes(lecture, vue) else ()
        sur = f"{Duree(N_MOIS)}, {langue.fin(choisi.seance.fin)}" if cotes else choisi.precision
        cadre.etat(cadre.CONSTAT, sur)
        if descend:
            descente.choose(cle, lieu)
        explain(lecture, choisi, vue, cotes)
    message = st.container(key="message")
    corps = widgets.take_turns("mesure", f"{code} {lieu}")
    with message:
        if lieu:
            st.markdown(phrase := langue.typeset(descente.say(cle, lieu)))
        else:
            phrase = say(lecture, choisi, vue)
    with corps:
        if lieu:
            descente.show(lecture, lieu)
        elif lecture.est_connue:
            explore(lecture, choisi, phrase)
        elif lecture.seuils and not lecture.manque:
            remedy(lecture)
        elif lecture.mesure.cible:
            annonces.note("Rien à viser : sans attribution connue, aucune autre part ne s’essaie.")


def say(lecture: LectureMesure, choisi: Perimetre, vue: str) -> str:
    """The finding, in one sentence with its number and its denominator; how much of it is known."""
    indicateur = lecture.mesure.indicateur
    # In a room, the sentence of the lever is what it answers.
    est_au_levier = vue == LEVIER and lecture.est_connue and visiteur.est_en_salle()
    phrase = "" if est_au_levier else langue.typeset(constat(lecture, choisi.ici_dite, vue))
    # That of the contingents says itself how many do not tell theirs.
    if lecture.est_connue and lecture.synthese["n"] > 0 and lecture.mesure.code != "reservataires":
        coupes = par(vue) if vue in lecture.mesure.coupes else ()
        phrase = donnees.say_couverture(phrase, *lecture.cle.ou, indicateur, lecture.cle.ici, coupes)
    st.markdown(phrase)
    cadre.say_declarees(choisi.ask(declarations, indicateur))
    if dits := lecture_bilan.say_en_nombre(choisi, indicateur):
        st.markdown(langue.typeset(dits))
    return f"{phrase} {dits}".strip()


def constat(lecture: LectureMesure, ou: str, vue: str = "") -> str:
    """The sentence: the finding, with what it is to be read with, or why there is none and what to do about it."""
    mesure, ligne = lecture.mesure, lecture.synthese
    titre = mesure.titre if mesure.cellule else INDICATEURS[mesure.indicateur].titre
    if lecture.manque:
        return phrases_mesures.manque(titre, lecture.manque)
    if not ligne["n"] > 0 and (inconnues := lecture.lieux_inconnus) > 0:
        return phrases_mesures.lieu_inconnu(titre, ou, ligne, mesure.coupe_des_lieux, inconnues, lecture.toutes)
    if lecture.seuils:
        return phrases_mesures.seuil_absent(titre, lecture.seuils, ligne["n"])
    if est_par_cotes(lecture, vue) and (dit := cotes_quartiers.say(lecture.cle, ou)):
        return dit
    if vue in ("bailleur", "commune", CARTE) and vue != mesure.coupes[0] and mesure.image is ImageBilan.PARTS:
        coupe = "commune" if vue == CARTE else vue
        lues = lignes(lecture.cle, coupe)
        if dit := phrases_lieux.say(ou, coupe, lues.assign(nom=lues["nom"].map(nom_projete))):
            return dit
    identifiant, seance, code, ici = lecture.cle
    return donnees.constat(identifiant, seance, code, ou, ici).say()


def explore(lecture: LectureMesure, choisi: Perimetre, phrase: str) -> None:
    """One picture at a time under its `phrase`, what it leaves out, its table."""
    with st.container(key="mesure_vue"):
        vues = {vue: COUPES_DITES[vue][0] for vue in lecture.mesure.vues}
        vue = choix_perimetre.option("Lecture par", "coupe", vues, partout=True)  # found again after another page
        manque = choisi.ask(manques_de_coupe, vue) if vue in COUPES_DITES else ()
        if manque:
            refus = langue.typeset(phrases_mesures.manque(COUPES_DITES[vue][0], manque))
            st.html(f'<p class="refus">{escape(refus)}</p>')
            return
        note = picture(lecture, choisi, vue, phrase)
        if dite := f"{note} {reserve(lecture, vue)}".strip():
            st.html(f'<p class="reserve">{escape(langue.typeset(dite))}</p>')
        if lecture.mesure.regle_locale:
            with cadre.detail("regles"):
                st.html(regles(lecture))
    coupe = "commune" if vue == CARTE else vue  # a map says the figures of the table under it
    if coupe in lecture.mesure.coupes:
        with cadre.detail("mesure"):
            if est_par_cotes(lecture, coupe):
                descente.follow(cotes_quartiers.detail(lecture.cle))
            elif place := widgets.unfold("Le tableau", "tableau_mesure"):
                with place:
                    tabulate(lecture, coupe)


def tabulate(lecture: LectureMesure, coupe: str) -> None:
    """The figures of a picture, line by line."""
    if coupe == MATRICE:
        cellules = matrice(lecture.cle, coupe)
        titre = tableaux_mesures.legende(lecture, MATRICE)
        widgets.grille(tableaux_mesures.matrice(lecture, cellules), {}, titre, est_emporte=True)
        annonces.note(phrases_vues.signes_de_la_matrice(cellules))
        return
    tableaux_mesures.tableau(lecture, lignes(lecture.cle, coupe), coupe)
    if coupe == "enjeu_mixite":
        tableaux_mesures.residences(lecture, residences_a_enjeu(lecture.cle))


def est_par_cotes(lecture: LectureMesure, vue: str) -> bool:
    """Whether a view is of quartiers that have their own objective: how many are on each side of it."""
    return vue == "quartier" and bool(lecture.mesure.classe)


def picture(lecture: LectureMesure, choisi: Perimetre, vue: str, phrase: str) -> str:
    """The picture of a view; what it leaves out, in words."""
    if vue in MATRICES:
        return draw_matrice(lecture, vue)
    if vue == LEVIER:
        levier.show(choisi, lecture.mesure.code)
        if not lecture.mesure.classe:
            return images_mesures.au_levier(lecture, lignes(lecture.cle, "commune"))[1]
    elif vue == SEANCES:
        note = tendance.draw(lecture)
        st.html(tableaux_mesures.comparaison(lecture))
        return note
    elif vue == CARTE:
        surface = _CARTE_SALLE_PX if visiteur.est_en_salle() else _CARTE_PX
        descente.follow(cartes.draw(carte_bilan.carte(lecture.cle), f"bilan_{lecture.mesure.code}", surface))
    elif est_par_cotes(lecture, vue):
        return cotes_quartiers.draw(lecture.cle)
    elif (vue,) == lecture.mesure.classe and (image := classes(lecture.cle)):
        vivant.draw(image)
    else:
        return draw(lecture, vue, phrase)
    return ""


def reserve(lecture: LectureMesure, coupe: str) -> str:
    """What a reader has to know of the lines: the rule behind a typology, where agreements come from."""
    if coupe == "typologie_fragilite":
        jour = Seance.read(lecture.cle.seance).fin
        return phrases_mesures.regle_des_typologies(donnees.ask(*lecture.cle.ou, typologies, jour))
    if coupe == MATRICE and (regle := phrases_vues.regle_de_la_matrice(par(MATRICE))):
        return regle
    if lecture.mesure.image is ImageBilan.CONVENTIONS:
        connus = lecture.cle.objectifs
        cases = "Part / objectif ; en bleu, au-dessous ; en orange, au-dessus. " if coupe in MATRICES and connus else ""
        return cases + conventions.sources(o.source for o in connus)
    return ""


def draw(lecture: LectureMesure, coupe: str, phrase: str) -> str:
    """The picture of a cut under its `phrase`, and what it leaves out."""
    vues, apart = mal_connus(lecture, avec_la_precedente(lecture, coupe), coupe)
    figures, reste = images_mesures.draw(lecture, vues, coupe, f"{phrase} {apart}".strip())
    if not figures:
        if reste:
            st.markdown(langue.typeset(reste))
        return "" if reste else phrases_vues.rien_a_dessiner(COUPES_DITES[coupe][0])
    for colonne, figure in zip(st.columns(len(figures), gap="small"), figures, strict=True):
        with colonne:
            clique = vivant.draw(figure)
            if clique and coupe in _VERS and lecture.mesure.a_une_carte:
                _VERS[coupe](clique)
                st.rerun()
    return f"{reste} {apart}".strip()


def mal_connus(lecture: LectureMesure, lignes: pd.DataFrame, coupe: str) -> tuple[pd.DataFrame, str]:
    """The lines, those of which far less is known than of the whole ranked after all that is drawn; these, in words."""
    lue = donnees.couverte(*lecture.cle.ou, lecture.mesure.indicateur, lecture.cle.ici, par(coupe))
    est_apart = lignes["ligne"].isin(lue.mal_connus if lue and coupe in _LIEUX else ())
    if not est_apart.any():
        return lignes, ""
    rangs = lignes["rang"].where(~est_apart).rank(method="dense") - 1
    noms = list(dict.fromkeys(lignes.loc[est_apart, "nom"].map(nom_projete)))
    dits = f"{MAL_CONNU_DIT.capitalize()}, à part : {langue.liste(noms)}."
    return lignes.assign(rang=rangs.fillna(lignes["rang"] + images_mesures.APRES_TOUTES).astype(int)), dits


def draw_matrice(lecture: LectureMesure, coupe: str) -> str:
    """One cut across another; a room reads the lines of which something is said. What it leaves, in words."""
    cellules = matrice(lecture.cle, coupe)
    rangee, _ = par(coupe)
    vues = images_matrice.dites_en_salle(lecture, cellules, coupe) if visiteur.est_en_salle() else cellules
    if vues.empty:
        return phrases_vues.rien_de_croise(*(COUPES_DITES[c][1] for c in par(coupe)))
    vivant.draw(images_matrice.draw(lecture, vues, coupe))
    n, total = vues[rangee].nunique(), cellules[rangee].nunique()
    return phrases_vues.en_partie_croise(COUPES_DITES[rangee][1], n, total) if n < total else ""


def regles(lecture: LectureMesure) -> str:
    """The national rule beside the local one, each with its legal basis and what is observed."""
    nationale, locale = INDICATEURS[lecture.mesure.indicateur], INDICATEURS["equilibre"]
    classe = lecture.mesure.regle_locale
    ligne = lecture.synthese
    observe = langue.part(ligne["part"]) if lecture.est_connue else "ne peut pas être calculé"
    par_classe = modestes_par(lecture.cle, "fragilite").set_index("fragilite")
    local = par_classe["part"].get(classe)
    but = langue.part(par_classe["cible"].get(classe)) if classe in par_classe.index else langue.ABSENT
    voulu = donnees.objectif(*lecture.cle.ou, "equilibre")
    return (
        f'<div class="regles"><section><h3>Règle nationale : {langue.part(ligne["cible"])}</h3>'
        f"<p>{escape(nationale.titre)} : <b>{observe}</b></p><p>{escape(nationale.article)}</p></section>"
        f"<section><h3>Règle locale : {but}</h3><p>Ménages modestes, {phrases_constats.QUARTIERS[classe]} : "
        f"<b>{langue.part(local)}</b></p><p>{escape(voulu.source if voulu else locale.article)}</p></section></div>"
    )


def remedy(lecture: LectureMesure) -> None:
    """Both rules; at a desk, how to give what is missing."""
    if visiteur.est_en_salle():
        st.html(regles(lecture))
        return
    with st.container(key="remede"):
        gauche, droite = st.columns(2, gap="large")
        with gauche:
            st.html(regles(lecture))
        with droite:
            st.markdown(
                "**Le remède** : ajouter le seuil publié et sa source dans Préparer › Objectifs, onglet "
                "« Ajouter une version »."
            )
            with st.expander("L’ajouter par un fichier"):
                st.markdown("Compléter ce fichier (seuils.toml), puis importer de nouveau avec lui.")
                st.code(phrases_mesures.remede_seuil(lecture.seuils), language=None)
                st.code("python -m mel_core importer CHEMIN --parametres seuils.toml", language=None, wrap_lines=True)
