"""Préparer › Séances: the messages that the room will see, in which order, and what it is asked first (product.md, *The
frame*)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs.manques import say_tables_arretees
from mel_core.journal import nouvel_identifiant, nouvel_op_id
from mel_core.seance import sequence
from mel_core.seance.coordination import phrases_coordination
from mel_core.seance.sequence import Message
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import vivant
from pages.commun import annonces, cadre, ecriture, entete, messages, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination
from pages.commun.navigation import PROJETEES

_AJOUTS, _REFUS, _LIEN, _TITRE = "messages_ajoutes", "refus_sequence", "lien_a_ajouter", "titre_a_ajouter"
_controle = vivant.composant("controle", "adaptateur")
_LONGUEUR = 120  # signs of a title, or of a question


def page() -> None:
    choisi = entete.choose(sans_donnees=True)
    st.title("Préparer › Séances")
    visiteur.require_droit(Action.PREPARER_SEQUENCE)
    if choisi.est_a_venir:
        annonces.message(phrases_coordination.sans_donnees(choisi.seance))
        ecriture.ask_auteur()
    else:
        prepare(choisi)


def prepare(choisi: Perimetre) -> None:
    """The sequence, what the room and its screen need, and a view more."""
    gardee = ecriture.journal().read(sequence.OBJET, messages.identifiant(choisi))
    suite = reduce(sequence.insert, _ajouts(choisi), messages.read(choisi))
    version = gardee.version if gardee else 0
    est_preparee = gardee is not None and bool(gardee.contenu.get("messages"))
    n_ajoutes = len(_ajouts(choisi))
    dite = sequence.say(choisi.ici_dite, choisi.seance, len(suite), n_ajoutes, est_preparee=est_preparee)
    annonces.message(dite)
    annonces.take(_REFUS, annonces.refuse)
    saisie = edit(suite, f"sequence_{messages.identifiant(choisi)}_{version}_{len(suite)}")
    ecriture.ask_auteur()
    with st.container(horizontal=True):
        st.button("Garder cette séquence", type="primary", on_click=_keep, args=(choisi, suite, saisie, version))
        st.button("Revenir à la séquence proposée", on_click=_keep, args=(choisi, (), None, version))
    st.markdown("## L’écran de la salle")
    st.caption("À lire sur le poste et l’écran qui serviront, avant que la salle arrive.")
    n_points = sum(m.page == "coordination" for m in suite) - 1  # what works is always there
    d_une_ici = (lecture_coordination.date_tenue(choisi), n_points) if choisi.ici else (None, None)
    arretees = choisi.ask(say_tables_arretees, choisi.annee)
    lignes = sequence.say_prete(choisi.instantane.publie_le, choisi.duree, arretees, *d_une_ici)
    _controle(key="controle_salle", data=vivant.octets({"lignes": lignes}))
    st.markdown("## Ajouter une vue")
    st.caption(
        "Une commune, une mesure, un levier déplacé, un segment, un scénario de Simuler : l’ouvrir dans l’application, "
        "copier son adresse, la coller ici."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Adresse de la vue", key=_LIEN)
        st.text_input("Son titre", key=_TITRE, max_chars=_LONGUEUR)
        st.button("Ajouter", on_click=_add, args=(choisi,))


def edit(suite: tuple[Message, ...], cle: str) -> pd.DataFrame:
    """One line per message: its place, whether it is shown, its title, what the room is asked before it is revealed."""
    creneaux = [cadre.creneau(m.page) for m in suite]
    table = pd.DataFrame(
        {
            "Ordre": range(1, len(suite) + 1),
            "Montrer": True,
            "Créneau": [c.heure or c.titre for c in creneaux],
            "Message": [m.titre for m in suite],
            "Question posée avant": [m.question for m in suite],
            "Pourquoi": [m.raison for m in suite],
        }
    )
    texte = st.column_config.TextColumn
    return st.data_editor(
        table,
        hide_index=True,
        width="stretch",
        height=36 * (len(suite) + 1),
        disabled=["Créneau", "Pourquoi"],
        num_rows="fixed",
        column_config={
            "Ordre": st.column_config.NumberColumn(min_value=0, step=1, format="%d", required=True, width=70),
            "Montrer": st.column_config.CheckboxColumn(width=80),
            "Créneau": texte(width=80),
            "Message": texte(required=True, max_chars=_LONGUEUR, width=370),
            "Pourquoi": texte(width=290),
            "Question posée avant": texte(
                max_chars=_LONGUEUR, help="Projetée seule, « À votre avis ? » ; la touche suivante montre le message."
            ),
        },
        key=cle,
    )


def arrange(suite: tuple[Message, ...], saisie: pd.DataFrame) -> tuple[Message, ...]:
    """The messages kept, in the order typed; of two of one rank, the one that was first. Raises `ErreurUtilisateur`
    when none is left, or when one has no title."""
    lignes = saisie.assign(rang=range(len(saisie)))
    lignes = lignes[lignes["Montrer"].fillna(False).astype(bool)].sort_values(["Ordre", "rang"], na_position="last")
    if lignes.empty:
        raise ErreurUtilisateur("La séquence ne montre plus aucun message : en cocher un dans la colonne « Montrer ».")
    gardes = []
    for ligne in lignes.to_dict("records"):
        titre, question = (_texte(ligne[colonne]) for colonne in ("Message", "Question posée avant"))
        if not titre:
            raise ErreurUtilisateur("Un message n’a pas de titre : l’écrire dans la colonne « Message ».")
        gardes.append(replace(suite[ligne["rang"]], titre=titre, question=question))
    return tuple(gardes)


def _texte(saisi: object) -> str:
    return "" if saisi is None or pd.isna(saisi) else str(saisi).strip()[:_LONGUEUR]


def _keep(choisi: Perimetre, suite: tuple[Message, ...], saisie: pd.DataFrame | None, version: int) -> None:
    """In a callback: what is refused is said on the page. Without `saisie`, the sequence is the proposed one again."""
    perime = "La séquence vient d’être changée par une autre personne : la relire, puis refaire."
    with ecriture.geste(_REFUS, perime):
        auteur = ecriture.require_auteur(Action.PREPARER_SEQUENCE)
        gardes = () if saisie is None else arrange(suite, saisie)
        contenu = {**sequence.write(gardes), "seance": str(choisi.seance), "ici": choisi.ici or ""}
        nom = messages.identifiant(choisi)
        ecriture.journal().write(sequence.OBJET, nom, contenu, auteur, nouvel_op_id(), version)
        st.session_state.pop(_AJOUTS, None)


def _add(choisi: Perimetre) -> None:
    """A view by its link, after the others of its slot; it is not shown until the sequence is kept."""
    with ecriture.geste(_REFUS):
        ajoute = read_lien(str(st.session_state.get(_LIEN, "")), str(st.session_state.get(_TITRE, "")).strip())
        if demande := messages.inconnu(choisi, ajoute.page, ajoute.parametres):
            raise ErreurUtilisateur(
                f"L’adresse demande « {demande[:_LONGUEUR]} », que la séance {choisi.seance} de {choisi.ici_dite} ne "
                "projette pas : ouvrir la vue, puis copier son adresse."
            )
        ajouts: dict[str, tuple[Message, ...]] = st.session_state.setdefault(_AJOUTS, {})
        ajouts[messages.identifiant(choisi)] = (*_ajouts(choisi), ajoute)
        st.session_state[_LIEN] = st.session_state[_TITRE] = ""


def read_lien(lien: str, titre: str) -> Message:
    """The message of a link: the page, and what it says besides the séance and the ICI. Raises `ErreurUtilisateur`."""
    try:
        adresse = urlsplit(lien.strip())
        parametres: Mapping[str, str] = dict(parse_qsl(adresse.query))
    except ValueError:
        raise ErreurUtilisateur(
            "L’adresse ne se lit pas : la copier de nouveau depuis la barre du navigateur."
        ) from None
    page = adresse.path.rstrip("/").rsplit("/", 1)[-1] or "bilan"
    if not parametres or page not in PROJETEES:
        raise ErreurUtilisateur(
            "L’adresse n’est pas celle d’une vue de la journée (9h00 à la clôture), de Suivre ou d’un scénario de "
            "Simuler : ouvrir la vue, puis copier son adresse."
        )
    if not titre:
        raise ErreurUtilisateur("La vue à ajouter n’a pas de titre : écrire celui que la salle lira.")
    propres = {n: v for n, v in parametres.items() if n not in (*messages.DU_PERIMETRE, messages.COURANT)}
    return Message(f"vue-{nouvel_identifiant()}", page, titre, propres)


def _ajouts(choisi: Perimetre) -> tuple[Message, ...]:
    return st.session_state.get(_AJOUTS, {}).get(messages.identifiant(choisi), ())


page()
