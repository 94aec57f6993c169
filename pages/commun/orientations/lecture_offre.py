"""What 13h30 reads of the offer: préconisations, offer against demand, blocked mutations, QPV, the queue."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core import preconisations
from mel_core.entrepot import Lecteur, Portee
from mel_core.erreurs import ErreurUtilisateur
from mel_core.periodes import Periode, Seance
from mel_core.scenarios import lecture as lecture_scenarios
from mel_core.secret.regroupement import SEUIL
from mel_core.simulation import ordonnancement
from pages.commun import donnees

PROFILS = ("mutation", "taille_menage")
SEGMENTS = {
    "est_menage_aci": "Ménages ACI",
    "est_mutation_bloquee": "Mutations bloquées",
    "est_delai_anormalement_long": "Délai anormalement long",
    "est_sur_occupation": "Sur-occupation",
}


def _ouvrir(identifiant: str, seance: str, portee: Portee | None = None) -> Lecteur:
    lecteur = donnees.entrepot().ouvrir(portee or Portee.mel(), Seance.lire(seance))
    if lecteur.instantane.identifiant != identifiant:
        raise ErreurUtilisateur("Un nouveau jeu de données vient d’être publié : recharger la page.")
    return lecteur


@st.cache_data(show_spinner=False, max_entries=32)
def lieux(identifiant: str, seance: str, ici: str, maille: str) -> pd.DataFrame:
    """`preconisations.par_quartier` or `par_residence` (`maille`); shares over fewer than 11 households are empty."""
    with _ouvrir(identifiant, seance) as lecteur:
        lire = preconisations.par_quartier if maille == "quartier" else preconisations.par_residence
        frame = lire(lecteur, Periode.de(seance, "annee"), ici or None)
    frame["part_entrants"] = frame["part_entrants"].where(frame["n_entrants_connus"].fillna(0) >= SEUIL)
    frame["part_occupants"] = frame["part_occupants"].where(frame["n_occupants"].fillna(0) >= SEUIL)
    return frame


@st.cache_data(show_spinner=False, max_entries=32)
def offre_demande(identifiant: str, seance: str, ici: str) -> pd.DataFrame:
    """See `preconisations.offre_demande`: of one ICI."""
    with _ouvrir(identifiant, seance) as lecteur:
        return preconisations.offre_demande(lecteur, Periode.de(seance, "annee"), ici)


@st.cache_data(show_spinner=False, max_entries=32)
def mutations_bloquees(identifiant: str, seance: str, ici: str) -> pd.DataFrame | None:
    """See `preconisations.mutations_bloquees`."""
    with _ouvrir(identifiant, seance) as lecteur:
        return preconisations.mutations_bloquees(lecteur, Seance.lire(seance).fin, ici or None)


@st.cache_data(show_spinner=False, max_entries=32)
def qpv(identifiant: str, seance: str, ici: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`peuplement`, then `commissions`; shares over fewer than 11 are empty."""
    periode = Periode.de(seance, "annee")
    with _ouvrir(identifiant, seance) as lecteur:
        peuplement = preconisations.peuplement(lecteur, periode, ici or None)
        commissions = preconisations.commissions(lecteur, periode, ici or None)
    peuplement["part_entrants"] = peuplement["part_entrants"].where(peuplement["n_entrants_connus"] >= SEUIL)
    peuplement["part_regle"] = peuplement["part_regle"].where(peuplement["n_regle"].fillna(0) >= SEUIL)
    return peuplement, commissions


@st.cache_resource(show_spinner=False, max_entries=8)
def file(identifiant: str, seance: str, ici: str) -> tuple[ordonnancement.File, int]:
    """The queue made ready, and the attributions expected in six months; rows: never shown."""
    with _ouvrir(identifiant, seance) as lecteur:
        demandes = lecture_scenarios.demandes(lecteur, Seance.lire(seance).fin, ici or None)
        cellules = donnees.cellules(identifiant, seance, "delais", "annee", (), ici or None)
    return ordonnancement.preparer(demandes, PROFILS, tuple(SEGMENTS)), int(cellules["n"].iloc[0]) // 2
