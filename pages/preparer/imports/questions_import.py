"""Questions of a check answered on screen, the bailleurs that it asks to name, and the answers kept: shown, downloaded,
erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.contrat import correspondances, explications
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.entites import ENTRE
from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.mapping import A_PART, DONNEE, ENTIERE, MEMES, PLATES, SELON_RADIATION, SEPAREE, en_toml
from mel_core.contrat.questions import (
    AUCUNE,
    COUVRANTE,
    INCONNU,
    SANS_MENAGE,
    SEUL,
    SEULE,
    Question,
    answer_par_source,
    facultatives,
    inconnus,
)
from mel_core.contrat.questions import questions as posees
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.reference import communes
from mel_core.contrat.valeurs import read_milliers, read_montant
from mel_core.entrepot.importation import noms_bailleurs
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from pages.adaptateur import telechargement
from pages.commun import annonces, choix_perimetre, donnees
from pages.preparer.imports import rapport_lu

__all__ = ["gardees", "place", "place_facultatives", "posees", "show_gardees"]

_ETATS = {
    f"{SEUL}{SELON_RADIATION}": "aucune : radiée si une date ou un motif de radiation est donné, active sinon",
    f"{SEUL}ACTIVE": "aucune : toutes les demandes du fichier sont actives",
    f"{SEUL}RADIEE": "aucune : toutes les demandes du fichier sont radiées",
}
# What reads two ways, by the words of its section of the mapping.
_SENS = {
    SEPAREE: "une liste de communes, certaines hors de la MEL",
    ENTIERE: "le nom d’une seule commune",
    A_PART: "un total ou un titre, à mettre à part",
    DONNEE: "une ligne de données",
}
MONTREES = 50


def gardees() -> Reponses:
    """The answers kept, which the next check gives again to the files of the same source."""
    return correspondances.read(donnees.entrepot().dossier)


def show_gardees(gardees: Reponses) -> None:
    if not gardees.mappings:
        return
    n = 0
    for mapping in gardees.mappings:
        n += sum(len(reponses) for colonnes in mapping.valeurs.values() for reponses in colonnes.values())
        for section in ("colonnes", "absentes", *PLATES):
            n += sum(len(reponses) for reponses in getattr(mapping, section).values())
        n += len(mapping.noms)
    titre = f"{langue.effectif(n, 'réponse gardée', 'réponses gardées')}, appliquées aux fichiers de mêmes en-têtes"
    with st.expander(titre):
        for source, mapping in gardees.par_source.items():
            texte = en_toml(mapping)
            st.code(texte, language="toml")
            telechargement.offer(
                "Télécharger (TOML)", texte.encode(), "mapping.toml", "application/toml", cle=f"telecharger_{source}"
            )
        if st.button("Effacer ces réponses", key="effacer_reponses"):
            correspondances.erase(donnees.entrepot().dossier)
            st.rerun()


def place(rapport: Rapport) -> bool:
    """One row per question that stops the load; returns whether answers were just given and kept."""
    # The files of a same source get the same answers.
    uniques = {(q.source, q.table, q.colonne, q.valeur): q for q in reversed(posees(rapport))}
    titre = f"{langue.effectif(len(uniques), 'question')} avant de publier"
    return _ask(list(reversed(uniques.values())), titre, "questions", rapport, _place_bloquante, genre="primary")


def place_facultatives(rapport: Rapport) -> bool:
    """The useful columns that no header gives, once per source; returns whether answers were just given and kept."""
    a_poser = facultatives(rapport)
    titre = langue.effectif(len(a_poser), "question facultative", "questions facultatives")
    aide = "Sans réponse, une colonne est lue comme inconnue, et une ligne dont une cellule ne se lit pas est rejetée."
    return _ask(a_poser, titre, "facultatives", rapport, _place_facultative, aide=aide)


def place_bailleurs(rapport: Rapport) -> bool:
    """One row per unknown code; returns whether names were just given and kept."""
    a_nommer = inconnus(rapport)
    if not a_nommer:
        return False
    nommes = (noms_bailleurs(donnees.entrepot()), *(mapping.noms for mapping in gardees().mappings))
    deja = sorted({nom for noms in nommes for nom in noms.values()})
    titre = langue.effectif(len(a_nommer), "bailleur à nommer", "bailleurs à nommer")
    aide = (
        "Sans nom, leurs lignes sont rejetées. Le même nom donné à deux codes en fait un seul : « VILOGIA » d’un "
        "classeur et le SIREN de Vilogia dans RPLS, par exemple."
    )
    connus = f"Déjà nommés : {', '.join(deja)}." if deja else ""
    return _ask(a_nommer, titre, "bailleurs", rapport, _place_bailleur, "noms", connus, genre="primary", aide=aide)


def _ask(
    a_poser: Sequence[Question],
    titre: str,
    cle: str,
    rapport: Rapport,
    place_une: Callable[[int, Question, Mapping[str, str]], str | None],
    quoi: str = "réponses",
    connus: str = "",
    *,
    genre: Literal["primary", "secondary"] = "secondary",
    aide: str | None = None,
) -> bool:
    """The form of these questions, after what is known; nothing of none."""
    if not a_poser:
        return False
    st.subheader(titre, help=aide)
    with st.form(cle, enter_to_submit=False):
        annonces.note(connus)
        montrees = a_poser[:MONTREES]
        reponses = {q: place_une(n, q, rapport_lu.exemples(rapport, q.fichier)) for n, q in enumerate(montrees)}
        annonces.note(langue.premieres(MONTREES, len(a_poser), "les autres viendront ensuite"))
        envoyees = st.form_submit_button(f"Garder ces {quoi} et contrôler de nouveau", type=genre)
    return envoyees and _keep({q: reponse for q, reponse in reponses.items() if reponse is not None})


def _keep(reponses: Mapping[Question, str]) -> bool:
    """Whether the answers were kept; else what is wrong with them is said, and none is."""
    try:
        if not reponses:
            raise AppelIncorrect("Aucune réponse n’est donnée : en donner au moins une, ou corriger les fichiers.")
        correspondances.keep(donnees.entrepot().dossier, answer_par_source(reponses))
    except AppelIncorrect as refus:
        st.warning(str(refus))
        return False
    return True


def _place_bloquante(rang: int, question: Question, exemples: Mapping[str, str]) -> str | None:
    ou = f"table {question.table}"
    if table_nommee(PurePosixPath(question.fichier).stem) != question.table:
        ou = f"{question.fichier}, {ou}"
    quoi, options, dites = f"« {question.valeur} » dans « {question.colonne} »", list(question.options), _SENS
    label = f"{quoi}, est-ce… ? ({ou})"
    if question.section == "nombres" and question.valeur is not None:
        milliers, decimales = read_milliers(question.valeur), read_montant(question.valeur)
        dites = dict(zip(options, (langue.nombre(milliers), langue.nombre(decimales, 3)), strict=True))
    elif question.section == "lignes":
        label = f"La ligne « {question.valeur} », est-ce… ? ({ou})"
    elif question.couvertes:
        comprises = langue.liste([f"« {c} »" for c in question.couvertes])
        label = f"« {question.valeur} » donne-t-elle « {question.colonne} », et comprend-elle {comprises} ? ({ou})"
        dites = {COUVRANTE: f"oui, avec {comprises}", SEULE: f"« {question.colonne} » seulement"}
    elif question.valeur is None:
        label = f"Quelle colonne du fichier donne « {question.colonne} » ? ({ou})"
        dites = {**exemples, AUCUNE: "aucune : il ne dit que les occupants des résidences (enquête OPS)", **_ETATS}
    elif not question.section:
        label = f"Que veut dire {quoi} ? ({ou})"
        dites = {INCONNU: "inconnu", **{code: explications.say_code(question.colonne, code) for code in options}}
        options.append(INCONNU)
    cle = f"{rang}_{question.table}_{question.colonne}_{question.valeur}"
    reponse = _row(question, label)
    choisie = _select(reponse, label, options, dites, f"question_{cle}")
    if not question.peut_etre_un_seul:
        return choisie
    seul = reponse.text_input(
        "Bailleur de tout le fichier",
        placeholder="ou écrire le bailleur, s’il est celui de tout le fichier",
        label_visibility="collapsed",
        key=f"seul_{cle}",
    ).strip()
    return f"{SEUL}{seul}" if seul else choisie


def _place_facultative(rang: int, question: Question, exemples: Mapping[str, str]) -> str | None:
    label = f"Quelle colonne donne « {question.colonne} » ? ({question.fichier})"
    dites = {**exemples, AUCUNE: "aucune", SANS_MENAGE: "aucun ménage ne le porte"}
    if question.section == MEMES and question.valeur is not None:
        bailleur, commune, nom = question.valeur.split(ENTRE, 2)
        ou = ", ".join((bailleur, *([communes()[commune].nom] if commune in communes() else [])))
        label = (
            f"La résidence « {nom} » ({ou}) est-elle… ? ({langue.effectif(question.n, 'ligne')}, {question.fichier})"
        )
        dites = {AUCUNE: "aucune de celles-ci"}
    elif question.valeur is not None:
        lignes = langue.effectif(question.n, "ligne")
        label = f"Que veut dire « {question.valeur} » dans « {question.colonne} » ({lignes}) ? ({question.fichier})"
        dites = {INCONNU: "inconnu : la ligne est gardée"}
    cle = f"facultative_{rang}_{question.source}_{question.table}_{question.colonne}_{question.valeur}"
    return _select(_row(question, label, question.message), label, question.options, dites, cle)


def _place_bailleur(_rang: int, inconnu: Question, _exemples: Mapping[str, str]) -> str | None:
    label = f"Qui est « {inconnu.valeur} » ({inconnu.fichier}, {langue.effectif(inconnu.n, 'ligne')}) ?"
    nom = _row(inconnu, label).text_input(
        label,
        placeholder="Son nom, tel qu’il doit s’afficher",
        label_visibility="collapsed",
        key=f"bailleur_{inconnu.valeur}",
    )
    return nom.strip() or None


def _row(question: Question, label: str, aide: str | None = None) -> DeltaGenerator:
    """What is asked, and what the column means where it is not known which one it is; the place of the answer."""
    texte, reponse = st.columns([0.6, 0.4], vertical_alignment="center")
    with texte:
        st.text(label, help=aide)
        if question.valeur is None:
            st.caption(EXPLICATIONS[question.table][question.colonne].sens)
    return reponse


def _select(ou: DeltaGenerator, label: str, options: Sequence[str], dites: Mapping[str, str], cle: str) -> str | None:
    lues = {r: dites.get(r, r) for r in options}
    choisie: str | None = choix_perimetre.pick(label, cle, lues, ou, label_visibility="collapsed")
    return choisie
