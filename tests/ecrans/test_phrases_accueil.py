"""The reception network: its sentences and its sums, over tables drawn here."""

from __future__ import annotations

import pandas as pd

from mel_core.periodes import Seance
from pages.commun.suivre import phrases_accueil as phrases

SEANCE = Seance.lire("2017S2")


def lu(texte: str) -> str:
    """Spaces as a reader sees them."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def draw(*lignes: tuple[object, ...]) -> pd.DataFrame:
    """(lieu, commune, porteur, type, mois, enregistrements, dont en ligne, entretiens)."""
    noms = ["lieu", "commune", "porteur", "type_lieu", "mois", "n_enregistrements", "n_enregistrements_en_ligne"]
    frame = pd.DataFrame(lignes, columns=[*noms, "n_entretiens"])
    return frame.assign(nom=frame["lieu"], n_pre_accueil=float("nan"))


DEUX = draw(
    ("L1", "A", "COMMUNE", "LABELLISE", "2016-03", 100, 10, 40),
    ("L1", "A", "COMMUNE", "LABELLISE", "2017-01", 60, 15, 20),
    ("L1", "A", "COMMUNE", "LABELLISE", "2017-12", 20, None, 5),
    ("L2", "B", "BAILLEUR", "RELAIS", "2017-06", 40, 15, None),
)
COMMUNES = pd.DataFrame({"commune": list("ABC"), "nom": ["Croix", "Hem", "Leers"], "population": [500, 300, 200]})


def test_the_twelve_months_end_with_the_seance() -> None:
    annee, avant = phrases.fenetres(Seance.lire("2017S1"))
    assert (annee[0], annee[-1], len(annee)) == ("2016-07", "2017-06", 12)
    assert (avant[0], avant[-1], len(avant)) == ("2015-07", "2016-06", 12)


def test_the_finding_compares_the_online_share_with_the_year_before_where_both_are_counted() -> None:
    # 2017: 60 + 20 + 40 = 120 registered; online (15 + 15) of the 100 where it is counted; 2016: 10 of 100.
    assert lu(phrases.constat("l’ICI 2", DEUX, SEANCE)) == (
        "Dans l’ICI 2, les 2 lieux d’accueil ont enregistré **120 demandes** en 12 mois, dont **30,0 %** en ligne, "
        "contre 10,0 % les 12 mois d’avant."
    )


def test_the_finding_says_what_was_not_counted() -> None:
    assert "aucun enregistrement" in phrases.constat("l’ICI 2", DEUX[:1], SEANCE)
    assert "le lieu d’accueil a enregistré" in phrases.constat("l’ICI 2", DEUX[2:3], SEANCE)
    assert "en ligne n’est pas compté" in phrases.constat("l’ICI 2", DEUX[2:3], SEANCE)
    assert phrases.manquants(DEUX[1:], "n_entretiens") == 1


def test_the_evolution_compares_the_first_and_the_last_twelve_months_or_says_that_it_cannot() -> None:
    mois = [f"{annee}-{m:02d}" for annee in (2015, 2016, 2017) for m in range(1, 13)]
    trois_ans = draw(*(("L1", "A", "MEL", "RELAIS", m, 10 if m < "2016" else 11, 1, 4) for m in mois))
    # First year 12 × 10 = 120, last 12 × 11 = 132: 12 more in 120.
    assert lu(phrases.evolution(trois_ans, SEANCE, "n_enregistrements")) == (
        "Enregistrements : **+10,0 %** des 12 premiers mois (120, à partir de janvier 2015) aux 12 derniers (132)."
    )
    assert "Moins de deux ans" in phrases.evolution(DEUX, SEANCE, "n_enregistrements")
    assert "Rien n’était compté" in phrases.evolution(trois_ans, SEANCE, "n_pre_accueil")


def test_registrations_of_a_month_are_split_without_losing_one() -> None:
    mois = phrases.par_mois(DEUX, "n_enregistrements")
    assert mois["effectif"].sum() == 220
    janvier = mois[mois["mois"] == "2017-01-01"].set_index("part")["effectif"]
    assert janvier.to_dict() == {"Par le réseau": 45, "En ligne": 15}
    assert phrases.par_mois(DEUX, "n_entretiens")["effectif"].sum() == 65


def test_each_commune_has_its_share_of_the_volume_beside_its_share_of_the_inhabitants() -> None:
    lignes = phrases.par_commune(DEUX[1:], COMMUNES, "n_enregistrements").set_index("nom")
    assert lignes.loc["Croix", ["effectif", "poids"]].tolist() == [80, 0.5]  # 60 + 20; 500 of 1 000
    assert lignes["part"].round(4).to_dict() == {"Croix": 0.6667, "Hem": 0.3333, "Leers": 0}
    assert lignes["part"].sum() == 1


def test_each_actor_has_its_share_of_the_volume_beside_its_share_of_the_places() -> None:
    lignes = phrases.par_porteur(DEUX[1:], "n_enregistrements").set_index("porteur")
    assert lignes.loc["COMMUNE", ["n_lieux", "n_labellises", "effectif", "poids"]].tolist() == [1, 1, 80, 0.5]
    assert lignes.loc["BAILLEUR", ["n_lieux", "n_labellises", "effectif"]].tolist() == [1, 0, 40]


def test_a_place_that_never_counted_keeps_an_empty_cell() -> None:
    lignes = phrases.par_lieu(DEUX[1:]).set_index("lieu")
    assert lignes.loc["L1", ["n_enregistrements", "n_entretiens"]].tolist() == [80, 25]
    assert pd.isna(lignes.loc["L2", "n_entretiens"])
