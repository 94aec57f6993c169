"""The form of one minute where a place of the reception network enters its month."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs.suivi import reseau
from mel_core.indicateurs.suivi.reseau import OBJET, SAISIS, MoisSaisi
from mel_core.journal import Journal
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, donnees, ecriture, visiteur

_DIT, _VUE = "accueil_dit", "accueil_vue-"


def read() -> list[MoisSaisi]:
    """Every month that places entered."""
    if not Journal.existe(donnees.entrepot().dossier):
        return []
    return [saisi for _, saisi in MoisSaisi.find_all(ecriture.journal(), OBJET)]


def show(accueil: pd.DataFrame, seance: Seance) -> None:
    """The form, for whoever may enter a month; nothing for the others. `accueil`: see `reseau.merge`."""
    if not visiteur.may(Action.SAISIR_ACCUEIL):
        return
    lieux = reseau.ouverts(accueil, visiteur.profil().lieu)
    if lieux.empty:
        return
    if dit := st.session_state.pop(_DIT, ""):
        annonces.note(dit, role="status")
    with st.expander("Saisir le mois d’un lieu d’accueil"):
        ecriture.ask_auteur()
        noms = dict(zip(lieux["lieu"], lieux["nom"], strict=True))
        types = dict(zip(lieux["lieu"], lieux["type_lieu"], strict=True))
        gauche, droite = st.columns(2)
        lieu = gauche.selectbox("Lieu d’accueil", list(noms), format_func=noms.__getitem__, key="saisie_accueil_lieu")
        mois = droite.selectbox("Mois", les_mois(seance), format_func=reseau.mois_dit, key="saisie_accueil_mois")
        fill_in(accueil, lieu, mois, types[lieu])


def les_mois(seance: Seance) -> list[str]:
    """Those of the séance's year, its last one first, then those since."""
    annee, _ = reseau.fenetres(seance)
    aujourd_hui = date.today()
    rangs = range(seance.fin.year * 12 + seance.fin.month, aujourd_hui.year * 12 + aujourd_hui.month)
    depuis = [f"{r // 12}-{r % 12 + 1:02d}" for r in rangs]
    return [*reversed(annee), *reversed(depuis)]


def fill_in(accueil: pd.DataFrame, lieu: str, mois: str, type_lieu: str) -> None:
    """The numbers of one month, from what is known of it."""
    racine = f"saisie_accueil-{lieu}-{mois}-"
    fiche = ecriture.journal().read(OBJET, MoisSaisi(lieu, mois).identifiant)
    vue = st.session_state.setdefault(f"{_VUE}{lieu}-{mois}", fiche.version if fiche else 0)
    connue = accueil[(accueil["lieu"] == lieu) & (accueil["mois"] == mois)]
    saisis = SAISIS if type_lieu != reseau.RELAIS else {"n_pre_accueil": SAISIS["n_pre_accueil"]}
    with st.form(f"{racine}form", border=False):
        lus = {}
        for colonne, (compte, titre) in zip(st.columns(len(saisis)), saisis.items(), strict=True):
            deja = connue[compte].iloc[0] if len(connue) else float("nan")
            lus[compte] = colonne.number_input(
                titre,
                min_value=0,
                max_value=reseau.MAXIMUM,
                value=None if pd.isna(deja) else int(deja),
                step=1,
                key=f"{racine}{compte}",
                placeholder="non compté",
            )
        saisi = MoisSaisi(lieu, mois, **lus)
        loin = reseau.loin_de_l_habitude(saisi, accueil)
        confirme = bool(loin) and st.checkbox("C’est bien ce volume", key=f"{racine}confirme")
        if st.form_submit_button("Enregistrer ce mois"):
            save(saisi, type_lieu, vue, "" if confirme else loin)


def save(saisi: MoisSaisi, type_lieu: str, vue: int, loin: str) -> None:
    """Write it, or say why not; the page is then drawn again with it. `loin`: what is still to be confirmed."""
    try:
        ecriture.require_auteur(Action.SAISIR_ACCUEIL)
        reseau.verify(saisi, type_lieu, date.today())
        if loin:
            raise ErreurUtilisateur(loin)
    except ErreurUtilisateur as erreur:
        annonces.refuse(str(erreur))
        return
    cle = f"{_VUE}{saisi.lieu}-{saisi.mois}"
    fiche = ecriture.save(Action.SAISIR_ACCUEIL, OBJET, saisi.identifiant, saisi.contenu(), vue)
    del st.session_state[cle]
    ecriture.forget(f"saisie_accueil-{saisi.lieu}-{saisi.mois}-")
    st.session_state[_DIT] = reseau.ecrit(saisi, est_perime=fiche is None)
    st.rerun()
