"""Questions of a check answered on screen, the bailleurs that it asks to name, and the answers kept: shown, downloaded,
erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.contrat import correspondances, libelles
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.mapping import A_PART, DONNEE, ENTIERE, PLATES, SELON_RADIATION, SEPAREE, en_toml
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
from mel_core.contrat.valeurs import read_milliers, read_montant
from mel_core.entrepot.importation import noms_bailleurs
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from pages.adaptateur import telechargement
from pages.commun import choix_perimetre, donnees
from pages.preparer.imports import rapport_lu

__all__ = ["gardees", "place", "place_facultatives", "posees", "show_gardees"]

_ETATS = {
    f"{SEUL}{SELON_RADIATION}": "aucune : radiée si une date ou un motif de radiation est donné, active sinon",
    f"{SEUL}ACTIVE": "aucune : toutes les demandes du fichier sont actives",
    f"{SEUL}RADIEE": "aucune : toutes les demandes du fichier sont radiées",
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
    dites = langue.effectif(n, "réponse gardée", "réponses gardées")
    with st.expander(f"{dites}, appliquées aux fichiers de mêmes en-têtes"):
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
    return _ask(list(reversed(uniques.values())), titre, "questions", rapport, _place_bloquante, "primary")


def place_facultatives(rapport: Rapport) -> bool:
    """The useful columns that no header gives, once per source; returns whether answers were just given and kept."""
    a_poser = facultatives(rapport)
    titre = langue.effectif(len(a_poser), "question facultative", "questions facultatives")
    dit = "Sans réponse, une colonne est lue comme inconnue, et une ligne dont une cellule ne se lit pas est rejetée."
    return _ask(a_poser, titre, "facultatives", rapport, _place_facultative, "secondary", dit)


def _ask(
    a_poser: Sequence[Question],
    titre: str,
    cle: str,
    rapport: Rapport,
    place_une: Callable[[int, Question, Mapping[str, str]], str | None],
    genre: Literal["primary", "secondary"],
    dit: str = "",
) -> bool:
    """The form of these questions; nothing of none."""
    if not a_poser:
        return False
    st.subheader(titre)
    with st.form(cle, enter_to_submit=False):
        if dit:
            st.write(dit)
        montrees = a_poser[:MONTREES]
        reponses = {q: place_une(n, q, rapport_lu.exemples(rapport, q.fichier)) for n, q in enumerate(montrees)}
        if len(a_poser) > MONTREES:
            st.caption(f"Les {MONTREES} premières : les autres viendront ensuite.")
        envoyees = st.form_submit_button("Garder ces réponses et contrôler de nouveau", type=genre)
    return envoyees and _keep({q: reponse for q, reponse in reponses.items() if reponse is not None})


def _keep(reponses: Mapping[Question, str]) -> bool:
    """Whether the answers were kept; else what is wrong with them is said, and none is."""
    try:
        if not reponses:
            raise AppelIncorrect("Aucune réponse n’est choisie : en choisir au moins une.")
        correspondances.keep(donnees.entrepot().dossier, answer_par_source(reponses))
    except AppelIncorrect as refus:
        st.warning(str(refus))
        return False
    return True


def _place_bloquante(rang: int, question: Question, exemples: Mapping[str, str]) -> str | None:
    ou = f"table {question.table}"
    if table_nommee(PurePosixPath(question.fichier).stem) != question.table:
        ou = f"{question.fichier}, {ou}"
    options, say = list(question.options), {INCONNU: "inconnu"}
    if question.section == "nombres" and question.valeur is not None:
        phrase = f"« {question.valeur} » dans « {question.colonne} », est-ce… ? ({ou})"
        milliers, decimales = read_milliers(question.valeur), read_montant(question.valeur)
        say = dict(zip(options, (langue.nombre(milliers), langue.nombre(decimales, 3)), strict=True))
    elif question.couvertes:
        comprises = langue.liste([f"« {c} »" for c in question.couvertes])
        phrase = f"« {question.valeur} » donne-t-elle « {question.colonne} », et comprend-elle {comprises} ? ({ou})"
        say = {COUVRANTE: f"oui, avec {comprises}", SEULE: f"« {question.colonne} » seulement"}
    elif question.section == "listes":
        phrase = f"« {question.valeur} » dans « {question.colonne} », est-ce… ? ({ou})"
        say = {SEPAREE: "une liste de communes, certaines hors de la MEL", ENTIERE: "le nom d’une seule commune"}
    elif question.section == "lignes":
        phrase = f"La ligne « {question.valeur} », est-ce… ? ({ou})"
        say = {A_PART: "un total ou un titre, à mettre à part", DONNEE: "une ligne de données"}
    elif question.valeur is None:
        phrase = f"Quelle colonne du fichier donne « {question.colonne} » ? ({ou})"
        say |= {**exemples, AUCUNE: "aucune : il ne dit que les occupants des résidences (enquête OPS)", **_ETATS}
    else:
        phrase = f"Que veut dire « {question.valeur} » dans « {question.colonne} » ? ({ou})"
        options.append(INCONNU)
        say |= {code: libelles.say(question.colonne, code) for code in question.options}
    cle = f"{rang}_{question.table}_{question.colonne}_{question.valeur}"
    choisie, reponse = _select(question, phrase, options, say, f"question_{cle}")
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
    phrase = f"Quelle colonne donne « {question.colonne} » ? ({question.fichier})"
    say = {**exemples, AUCUNE: "aucune", SANS_MENAGE: "aucun ménage ne le porte"}
    if question.valeur is not None:
        lignes = langue.effectif(question.n, "ligne")
        phrase = f"Que veut dire « {question.valeur} » dans « {question.colonne} » ({lignes}) ? ({question.fichier})"
        say = {INCONNU: "inconnu : la ligne est gardée"}
    cle = f"facultative_{rang}_{question.source}_{question.table}_{question.colonne}_{question.valeur}"
    choisie, _ = _select(question, phrase, question.options, say, cle, question.message)
    return choisie


def _select(
    question: Question, phrase: str, options: Sequence[str], say: Mapping[str, str], cle: str, aide: str | None = None
) -> tuple[str | None, DeltaGenerator]:
    """The answer chosen, and the place that holds it."""
    texte, reponse = st.columns([0.6, 0.4], vertical_alignment="center")
    with texte:
        st.text(phrase, help=aide)
        if question.valeur is None:
            st.caption(EXPLICATIONS[question.table][question.colonne].sens)
    dites = {r: say.get(r, r) for r in options}
    choisie = choix_perimetre.pick(phrase, cle, dites, reponse, label_visibility="collapsed")
    return choisie, reponse


def place_bailleurs(rapport: Rapport) -> bool:
    """One row per unknown code; returns whether names were just given and kept."""
    a_nommer = inconnus(rapport)
    if not a_nommer:
        return False
    nommes = [mapping.noms for mapping in gardees().mappings]
    deja = sorted({nom for noms in (noms_bailleurs(donnees.entrepot()), *nommes) for nom in noms.values()})
    n = langue.effectif(len(a_nommer), "bailleur à nommer", "bailleurs à nommer")
    st.subheader(n)
    with st.form("bailleurs", enter_to_submit=False):
        st.write(
            "Sans nom, leurs lignes sont rejetées. Le même nom donné à deux codes en fait un seul : « VILOGIA » d’un "
            "classeur et le SIREN de Vilogia dans RPLS, par exemple."
        )
        if deja:
            st.caption(f"Déjà nommés : {', '.join(deja)}.")
        noms = {inconnu: _place_bailleur(inconnu) for inconnu in a_nommer[:MONTREES]}
        if len(a_nommer) > MONTREES:
            st.caption(f"Les {MONTREES} premiers : les autres viendront ensuite.")
        envoyes = st.form_submit_button("Garder ces noms et contrôler de nouveau", type="primary")
    choisis = {inconnu: nom.strip() for inconnu, nom in noms.items() if nom.strip()}
    if not envoyes:
        return False
    if not choisis:
        st.warning("Aucun bailleur n’est nommé : en nommer au moins un, ou corriger les fichiers.")
        return False
    correspondances.keep(donnees.entrepot().dossier, answer_par_source(choisis))
    return True


def _place_bailleur(inconnu: Question) -> str:
    texte, reponse = st.columns([0.6, 0.4], vertical_alignment="center")
    phrase = f"Qui est « {inconnu.valeur} » ({inconnu.fichier}, {langue.effectif(inconnu.n, 'ligne')}) ?"
    texte.text(phrase)
    return reponse.text_input(
        phrase,
        placeholder="Son nom, tel qu’il doit s’afficher",
        label_visibility="collapsed",
        key=f"bailleur_{inconnu.valeur}",
    )
