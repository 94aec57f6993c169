"""What the standing views read, kept by snapshot, séance and ICI (see `donnees` for the rule)."""

from __future__ import annotations

import pandas as pd

from mel_core.contrat.contours import COUCHES, Publies, publies
from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.suivi import bassins, besoins_mutations, produits
from mel_core.socle.periodes import Periode, Seance
from pages.commun import donnees, memo


def contours() -> dict[str, Publies]:
    """The layers of contours in service, by name; read again as soon as one is published."""
    dossier = donnees.entrepot().dossier
    trouves = {couche: publies(dossier, couche) for couche in COUCHES}
    return {couche: servie for couche, servie in trouves.items() if servie is not None}


@memo.exact(32)
def accueil(identifiant: str, seance: str, ici: str | None) -> pd.DataFrame:
    """One row per place of the reception network and month, up to the end of the séance."""
    with donnees.open(identifiant, seance) as lecteur:
        return suivi.accueil(lecteur, f"{Seance.read(seance).fin:%Y-%m}", ici)


@memo.exact(16)
def quartiers(identifiant: str, seance: str, ici: str | None) -> pd.DataFrame:
    """One row per quartier with the indicators behind its index."""
    with donnees.open(identifiant, seance) as lecteur:
        return suivi.quartiers(lecteur, Seance.read(seance).fin, ici)


@memo.exact(32)
def referentiel(identifiant: str, seance: str, ici: str | None) -> pd.DataFrame:
    """One row per commune with its class of fragilité."""
    with donnees.open(identifiant, seance) as lecteur:
        return suivi.referentiel(lecteur, ici, Seance.read(seance).fin)


@memo.exact(16)
def parc_des_bassins(identifiant: str, seance: str, maille: str) -> pd.DataFrame:
    """See `bassins.parc`, over the 12 months that end with the séance."""
    with donnees.open(identifiant, seance) as lecteur:
        return bassins.parc(lecteur, Periode.de(seance, "annee"), maille)


@memo.exact(32)
def flux_des_bassins(identifiant: str, seance: str, quoi: str, maille: str) -> pd.DataFrame:
    """See `bassins.flux`, over the same months."""
    with donnees.open(identifiant, seance) as lecteur:
        return bassins.flux(lecteur, quoi, Periode.de(seance, "annee"), maille)


@memo.exact(32)
def manques_des_bassins(identifiant: str, seance: str, quoi: str) -> tuple[tuple[Manque, ...], tuple[Manque, ...]]:
    """The columns that some figures of the stock lack, then those that the flow does."""
    with donnees.open(identifiant, seance) as lecteur:
        return bassins.manques_du_parc(lecteur), bassins.manques_de_flux(lecteur, quoi)


@memo.exact(16)
def besoins_des_mutations(identifiant: str, seance: str, ici: str | None) -> besoins_mutations.Besoins:
    """See `besoins_mutations.besoins`, over the 12 months that end with the séance."""
    with donnees.open(identifiant, seance) as lecteur:
        return besoins_mutations.besoins(lecteur, Periode.de(seance, "annee"), ici)


@memo.exact(16)
def produits_du_programme(identifiant: str, seance: str, ici: str | None) -> produits.Produits:
    """See `produits.produits`, over the same months."""
    with donnees.open(identifiant, seance) as lecteur:
        return produits.produits(lecteur, Periode.de(seance, "annee"), ici)
