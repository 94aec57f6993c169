"""The sign-off of a séance, which freezes its figures: who may, who did, since when.

The journal and its libraries take half a second to load: the bilan, which asks at each visit, waits for them only when
the séance is frozen.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, visiteur
from pages.commun.choix_perimetre import Perimetre

_PARIS = ZoneInfo("Europe/Paris")


def say(seance: Seance) -> str:
    """`gelée le 12 janvier 2018, signée par Camille Essai (MEL), vice-présidente`; empty while its figures can move."""
    if not donnees.entrepot().est_gelee(seance):
        return ""
    from mel_core.seance.coordination.signature import OBJET, Signature
    from pages.commun import ecriture

    # Whoever signed first froze it: a later sign-off (of another ICI, of a corrected relevé) moves no figure.
    signees = ecriture.journal().find_all(OBJET, seance=str(seance))
    premieres = [versions[0] for f in signees if (versions := ecriture.journal().historique(OBJET, f.identifiant))]
    premieres = [f for f in premieres if not f.effacee]
    if not premieres:
        return "gelée par la ligne de commande, sans signature"
    fiche = min(premieres, key=lambda f: f.instant)
    signee = Signature.depuis(fiche)
    saisie = f"{fiche.auteur.nom} ({fiche.auteur.organisation})" if fiche.auteur.organisation else fiche.auteur.nom
    qui = signee.presidence or saisie
    jour = langue.jour(fiche.instant.astimezone(_PARIS))
    return f"gelée le {jour}, signée par {qui}, {signee.qualite}"


def say_source(choisi: Perimetre) -> str:
    """`données publiées le 12 janvier 2018, séance gelée le …`: on what an answer rests."""
    gelee = say(choisi.seance)
    return f"données publiées le {langue.jour(choisi.instantane.publie_le)}" + (f", séance {gelee}" if gelee else "")


def offer(choisi: Perimetre, est_connu: bool) -> None:
    """The form, for a co-pilot: it says what can't be undone before it does it. `est_connu`: who signs is known."""
    seance = choisi.seance
    if gelee := say(seance):
        st.write(f"La séance {seance} est {gelee}. Ses chiffres se relisent sans plus changer.")
        return
    from mel_core.journal import nouvel_op_id
    from mel_core.seance.coordination.signature import read, sign
    from pages.commun import ecriture

    visiteur.require_droit(Action.GELER)
    st.write(
        f"Signer gèle la séance {seance} pour les trois ICI : ni un import ni un paramètre ne change plus ses "
        f"chiffres, qui se gardent même quand les lignes sont effacées. **C’est définitif.**"
    )
    qualite = st.text_input("En qualité de", key="gel_qualite", max_chars=120)
    est_relu = st.checkbox(f"Les chiffres de la séance {seance} sont relus", key=f"gel_relu_{seance}")
    if not st.button(
        "Signer et geler la séance",
        type="primary",
        key="geler",
        disabled=not (est_connu and est_relu and qualite.strip()),
    ):
        return
    journal = ecriture.journal()
    # The same write for a double click, or for a click repeated after a cut.
    op_id = st.session_state.setdefault(f"gel_op_{seance}", nouvel_op_id())
    ancienne = read(journal, seance)
    try:
        with st.spinner("Gel de la séance"):
            version = ancienne[0].version if ancienne else 0
            auteur = ecriture.require_auteur()
            sign(journal, donnees.entrepot(), seance, qualite.strip(), auteur, op_id, version_vue=version)
    except ErreurUtilisateur as refus:
        st.error(str(refus))
        return
    st.rerun()
