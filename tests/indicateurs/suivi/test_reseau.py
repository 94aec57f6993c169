"""The reception network added up, over a table drawn here."""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.suivi import reseau
from mel_core.socle.periodes import Seance
from tests.indicateurs.suivi.dessins import COMMUNES, DEUX


def test_the_twelve_months_end_with_the_seance() -> None:
    annee, avant = reseau.fenetres(Seance.read("2017S1"))
    assert (annee[0], annee[-1], len(annee)) == ("2016-07", "2017-06", 12)
    assert (avant[0], avant[-1], len(avant)) == ("2015-07", "2016-06", 12)


def test_registrations_of_a_month_are_split_without_losing_one() -> None:
    mois = reseau.par_mois(DEUX, "n_enregistrements")
    assert mois["effectif"].sum() == 220
    janvier = mois[mois["mois"] == "2017-01-01"].set_index("voie")["effectif"]
    assert janvier.to_dict() == {"reseau": 45, "en_ligne": 15}
    assert reseau.par_mois(DEUX, "n_entretiens")["effectif"].sum() == 65


def test_each_commune_has_its_share_of_the_volume_beside_its_share_of_the_inhabitants() -> None:
    lignes = reseau.par_commune(DEUX[1:], COMMUNES, "n_enregistrements").set_index("nom")
    assert lignes.loc["Croix", ["effectif", "poids"]].tolist() == [80, 0.5]  # 60 + 20; 500 of 1 000
    assert lignes["part"].round(4).to_dict() == {"Croix": 0.6667, "Hem": 0.3333, "Leers": 0}
    assert lignes["part"].sum() == 1


def test_each_actor_has_its_share_of_the_volume_beside_its_share_of_the_places() -> None:
    lignes = reseau.par_porteur(DEUX[1:], "n_enregistrements").set_index("porteur")
    assert lignes.loc["COMMUNE", ["n_lieux", "n_labellises", "effectif", "poids"]].tolist() == [1, 1, 80, 0.5]
    assert lignes.loc["BAILLEUR", ["n_lieux", "n_labellises", "effectif"]].tolist() == [1, 0, 40]


def test_a_place_that_never_counted_keeps_an_empty_cell() -> None:
    lignes = reseau.par_lieu(DEUX[1:]).set_index("lieu")
    assert lignes.loc["L1", ["n_enregistrements", "n_entretiens"]].tolist() == [80, 25]
    assert pd.isna(lignes.loc["L2", "n_entretiens"])


def test_a_month_that_was_not_entered_is_missing_and_not_a_zero() -> None:
    assert reseau.manquants(DEUX[1:], "n_entretiens") == 1
