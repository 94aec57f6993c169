"""The menu of the strip that says who is there, rehearses another profile and passes to Salle and back."""

from __future__ import annotations

import streamlit as st

from mel_core.droits.acces import AVEC_CODE, CONTINGENTS, INSTRUCTEURS, TITRES, Profil, TypeProfil, say_ailleurs
from mel_core.droits.actions import Action
from mel_core.droits.salle import PROUVE, say_passage
from mel_core.socle import langue
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import choix_perimetre, donnees, visiteur
from pages.commun.choix_perimetre import METROPOLE

AILLEURS = "ici_du_profil"  # what is said of the ICI that opened for a profile


def menu() -> None:
    """« Qui êtes-vous ? » in a popover; nothing to choose when a login says it."""
    courant = visiteur.profil()
    en_salle = visiteur.est_en_salle() and not courant.est_toujours_en_salle  # who is always there, by its name
    # Short: beside the longest title of the strip, the name of the profile was cut by the border of the screen.
    # Another one in Salle: open, the one of the desk would stay over the message.
    cle = "profil_menu_salle" if en_salle else "profil_menu"
    with st.popover("En Salle" if en_salle else courant.titre, key=cle):
        if visiteur.est_repetition():
            _rehearse(courant)
        else:
            st.write(courant.say_connu())
            if visiteur.est_connecte():
                st.button("Se déconnecter", on_click=visiteur.log_out)
        if visiteur.may(Action.PASSER_EN_SALLE):
            _toggle(en_salle)


def _toggle(en_salle: bool) -> None:
    """The switch between Préparation and Salle, and what it takes to come back."""
    retour = visiteur.retour()
    if not en_salle:
        st.button("Passer en Salle", on_click=visiteur.pass_to_salle)
    elif retour == PROUVE:
        st.button("Confirmer le retour en Préparation", on_click=visiteur.go_back, type="primary")
        st.button("Rester en Salle", on_click=visiteur.pass_to_salle)
    else:
        st.button("Revenir en Préparation", on_click=visiteur.ask_retour)
    dit = say_passage(en_salle=en_salle, retour=retour, est_repetition=visiteur.est_repetition())
    st.caption(langue.typeset(dit))


def nom(profil: Profil) -> str:
    """What a profile is called: the name of its commune or bailleur, else what it is."""
    return _codes(profil.type).get(profil.code, profil.code) or profil.titre


def _rehearse(courant: Profil) -> None:
    st.write("Répétition sur données fictives : choisir qui regarde, jusqu’au rechargement de la page.")
    types = list(TITRES)
    choisi = st.selectbox(
        "Profil", types, index=types.index(courant.type), format_func=TITRES.__getitem__, key="profil_type"
    )
    codes = _codes(choisi)
    code = ""
    if codes:
        rang = list(codes).index(courant.code) if courant.type == choisi and courant.code in codes else 0
        code = st.selectbox(TITRES[choisi], list(codes), index=rang, format_func=codes.__getitem__, key="profil_code")
    if code or choisi not in AVEC_CODE:
        st.button("Prendre ce profil", on_click=_take, type="primary")


def _take() -> None:
    """What the fields hold when the click is treated: the type may have just changed, and the field of its codes not be
    there yet."""
    choisi = TypeProfil(st.session_state["profil_type"])
    codes, code = _codes(choisi), str(st.session_state.get("profil_code", ""))
    est_code = choisi in AVEC_CODE
    if est_code and code not in codes:
        return
    profil = Profil(choisi, code if est_code else "")
    visiteur.rehearse(profil)
    # It opens on its own card and its own list, as it would with its login: the address says no screen. The ICI that is
    # looked at stays where it has a place in it, else its own opens, and it is said.
    siens = ("commune", "fiche") if _est_chez_lui(profil) else ("ici", "commune", "fiche")
    choix_perimetre.forget(siens)
    for cle in (*siens, "objectif", "coupe", "lieu"):
        st.query_params.pop(cle, None)


def _est_chez_lui(profil: Profil) -> bool:
    """Whether the ICI on screen may stay for this profile; what opens in its place is left to be said."""
    vue, (seances, _) = st.session_state.get("ici"), donnees.choix() if profil.lieu else ((), {})
    if not (profil.lieu and vue and seances):
        return profil.lieu is None
    seance = st.session_state.get("seance")
    siennes = donnees.icis_de(
        donnees.instantane().identifiant, seance if seance in seances else seances[0], *profil.lieu
    )
    if vue not in siennes and siennes[0]:
        st.session_state[AILLEURS] = say_ailleurs(nom(profil), siennes[0], "" if vue == METROPOLE else vue)
    return vue in siennes


def _codes(choisi: TypeProfil) -> dict[str, str]:
    """Code → name, of what a profile of this type may stand for."""
    if choisi == TypeProfil.RESERVATAIRE:
        return {code: RESERVATAIRES[code] for code in CONTINGENTS}
    if choisi not in INSTRUCTEURS:
        return {}
    try:
        publie, (seances, _) = donnees.instantane(), donnees.choix()
    except ErreurUtilisateur:  # nothing published, or nothing that may be seen: nothing to stand for
        return {}
    return donnees.noms(publie.identifiant, seances[0], choisi.value) if seances else {}
