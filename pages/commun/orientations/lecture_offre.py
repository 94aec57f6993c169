"""What 13h30 reads of the offer: préconisations, offer against demand, blocked mutations, QPV, the queue."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mel_core import preconisations
from mel_core.periodes import Periode, Seance
from mel_core.scenarios import lecture as lecture_scenarios
from mel_core.secret.matrice import masquer
from mel_core.secret.regroupement import SEUIL
from mel_core.simulation import ordonnancement
from pages.commun import donnees

# A count that protects the others, then what is told over it.
_ENTRANTS = ("n_entrants_connus", "n_entrants_modestes", "part_entrants")
_OCCUPANTS = ("n_occupants", "n_occupants_modestes", "part_occupants")
_REGLE = ("n_regle", "numerateur_regle", "part_regle", "ecart_attributions", "verdict")
PROFILS = ("mutation", "taille_menage")
SEGMENTS = {
    "est_menage_aci": "Ménages ACI",
    "est_mutation_bloquee": "Mutations bloquées",
    "est_delai_anormalement_long": "Délai anormalement long",
    "est_sur_occupation": "Sur-occupation",
}


@st.cache_data(show_spinner=False, max_entries=32)
def lieux(identifiant: str, seance: str, ici: str, maille: str) -> pd.DataFrame:
    """`preconisations.par_quartier` or `par_residence` (`maille`), what may not be shown emptied.

    Who came is shown where the bilan shows the place alone (docs/decisions/0011), over 11 households at least; who
    lives there where neither its quartier nor its commune would give a few back.
    """
    with donnees.ouvrir(identifiant, seance) as lecteur:
        lire = preconisations.par_quartier if maille == "quartier" else preconisations.par_residence
        frame = lire(lecteur, Periode.de(seance, "annee"), ici or None)
    groupes = donnees.groupes(identifiant, seance, "entrants_occupants", maille, ici or None)
    seuls = set(groupes.loc[~groupes["est_regroupee"] & ~groupes["est_masquee"], maille])
    return taire_les_lieux(frame, maille, seuls)


def taire_les_lieux(frame: pd.DataFrame, maille: str, seuls: set[str]) -> pd.DataFrame:
    """`seuls`: the places whose entrants may be shown alone. See `lieux`."""
    sont_tus = ~frame[maille].isin(list(seuls)) | (frame["n_entrants_connus"].fillna(0) < SEUIL)
    au_dessus = "commune" if maille == "quartier" else "quartier"
    occupants = frame.assign(n_occupants=frame["n_occupants"].fillna(0)).fillna({au_dessus: ""})
    frame = _vider(frame, sont_tus, ("n_entrants_connus", "n_entrants_modestes", "part_entrants"))
    sont_tus = masquer(occupants, au_dessus, maille, "n_occupants")
    return _vider(frame, sont_tus, ("n_occupants", "n_occupants_modestes", "part_occupants"))


def taire_les_qpv(denominateurs: pd.DataFrame, compte: str, bandes: Sequence[str]) -> set[str]:
    """The QPV whose `compte` is shown to nobody: a few households, or what would give them back.

    `denominateurs`: see `preconisations.denominateurs`. `bandes`: the places whose own count is shown elsewhere; the
    sum over the Métropole always is. The same for every scope: a QPV hidden in one is in all.
    """
    tus: set[str] = set()
    n_avant = -1
    while len(tus) != n_avant:
        n_avant = len(tus)
        for bande in ("tout", *bandes):
            sommes = denominateurs.assign(tout="").groupby([bande, "qpv"], as_index=False)[compte].sum()
            forcees = {(ou, q) for ou, q in zip(sommes[bande], sommes["qpv"], strict=True) if q in tus}
            tus |= set(sommes.loc[masquer(sommes, bande, "qpv", compte, forcees=forcees), "qpv"])
    return tus


def _vider(frame: pd.DataFrame, lignes: pd.Series, colonnes: Sequence[str]) -> pd.DataFrame:
    return frame.assign(**{c: frame[c].mask(lignes) for c in colonnes})


@st.cache_data(show_spinner=False, max_entries=32)
def offre_demande(identifiant: str, seance: str, ici: str) -> pd.DataFrame:
    """See `preconisations.offre_demande`: of one ICI."""
    with donnees.ouvrir(identifiant, seance) as lecteur:
        return preconisations.offre_demande(lecteur, Periode.de(seance, "annee"), ici)


@st.cache_data(show_spinner=False, max_entries=32)
def mutations_bloquees(identifiant: str, seance: str, ici: str) -> pd.DataFrame | None:
    """See `preconisations.mutations_bloquees`."""
    with donnees.ouvrir(identifiant, seance) as lecteur:
        return preconisations.mutations_bloquees(lecteur, Seance.lire(seance).fin, ici or None)


@st.cache_data(show_spinner=False, max_entries=32)
def qpv(identifiant: str, seance: str, ici: str) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """`peuplement`, what may not be shown emptied; its sums over the QPV (`n_entrants_connus`, `n_entrants_modestes`,
    `n_occupants`, `n_occupants_modestes`); `commissions`."""
    periode = Periode.de(seance, "annee")
    with donnees.ouvrir(identifiant, seance) as lecteur:
        peuplement = preconisations.peuplement(lecteur, periode, ici or None)
        denominateurs = preconisations.denominateurs(lecteur, periode)
        commissions = preconisations.commissions(lecteur, periode, ici or None)
    dans = peuplement[~peuplement["qpv"].isin(["hors_qpv", "inconnu"])]
    sommes = [c for colonnes in (_ENTRANTS, _OCCUPANTS) for c in colonnes[:2]]
    ensemble = dans[sommes].sum()
    for colonnes, bandes in ((_ENTRANTS, ("ici",)), (_OCCUPANTS, ("ici",)), (_REGLE, ("ici", "commune"))):
        tus = taire_les_qpv(denominateurs, colonnes[0], bandes)
        sont_tus = peuplement["qpv"].isin(list(tus)) | (peuplement[colonnes[0]].fillna(0) < SEUIL)
        peuplement = _vider(peuplement, sont_tus, colonnes)
    return peuplement, ensemble, commissions


@st.cache_resource(show_spinner=False, max_entries=8)
def file(identifiant: str, seance: str, ici: str) -> tuple[ordonnancement.File, int]:
    """The queue made ready, and the attributions expected in six months; rows: never shown."""
    with donnees.ouvrir(identifiant, seance) as lecteur:
        demandes = lecture_scenarios.demandes(lecteur, Seance.lire(seance).fin, ici or None)
        cellules = donnees.cellules(identifiant, seance, "delais", "annee", (), ici or None)
    return ordonnancement.preparer(demandes, PROFILS, tuple(SEGMENTS)), int(cellules["n"].iloc[0]) // 2
