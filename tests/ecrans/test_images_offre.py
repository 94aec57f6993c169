"""The pictures of the offer at 13h30: each draws what its table shows, nothing that it masks, and ranks nobody."""

from __future__ import annotations

import pandas as pd

from pages.commun.orientations import images_offre
from pages.commun.orientations.attentes_mutations import montrer
from pages.commun.orientations.ecran_offre import montrer_les_tensions
from tests.jeux import LILLE, ROUBAIX

INSECABLES = str.maketrans("\u00a0\u202f", "  ")
TOURCOING, CROIX = "59599", "59163"


def test_what_is_advised_adds_up_to_what_is_expected_in_each_class_of_quartiers() -> None:
    frame = pd.DataFrame(
        [("sans", 8, 5, 3), ("fragile", 10, 4, 6), ("fragile", 6, 2, 4)],
        columns=["fragilite", "n_attendues", "n_modestes", "n_autres"],
    )
    figure = images_offre.preconisations(frame)
    assert figure.donnees["lignes"]["libelle"].tolist() == ["Quartiers fragiles", "Sans fragilité"]
    assert figure.donnees["lignes"]["valeur_dit"].tolist() == ["16\u00a0attendus", "8\u00a0attendus"]
    segments = figure.donnees["segments"]
    assert segments.groupby("rang")["n"].sum().tolist() == [16, 8]
    assert segments[segments["serie"] == images_offre.MODESTES]["n"].tolist() == [6, 5]
    lue = figure.lecture.translate(INSECABLES)
    assert lue.startswith("Quartiers fragiles, ménages modestes à accueillir : 6 sur 16 ; ")


def attentes(*lignes: tuple[str, int, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(lignes, columns=["commune", "n", "n_24_mois", "n_36_mois"])
    return montrer(table.assign(nom=table["commune"], mediane_mois=12.0))


def test_the_communes_of_the_mutations_are_in_the_order_of_their_names_and_a_masked_wait_is_not_drawn() -> None:
    # 4 in Lomme for 24 months: hidden there, and in the next smallest, which would give it back
    vues = attentes(("Roubaix", 600, 350, 200), ("Lille", 900, 300, 120), ("Lomme", 90, 4, 0), ("Croix", 40, 20, 0))
    figure, note = images_offre.mutations(vues)
    lignes, segments = figure.donnees["lignes"], figure.donnees["segments"]
    assert lignes["libelle"].tolist() == ["Croix", "Lille", "Lomme", "Roubaix"]
    assert "alphabétique" in note
    par_nom: dict[str, dict[str, float]] = {}
    for x in segments.itertuples():
        par_nom.setdefault(lignes["libelle"][x.rang], {})[x.serie] = x.n
    assert par_nom["Roubaix"] == {images_offre.LONGUES: 350, images_offre.RECENTES: 250}
    for ligne in vues.itertuples():
        if pd.isna(ligne.n_24_mois):
            assert par_nom[ligne.nom] == {images_offre.TUES: ligne.n}
    assert par_nom["Lomme"] == {images_offre.TUES: 90}


def test_the_twelve_largest_are_drawn_and_the_others_are_said_to_be_in_the_table() -> None:
    figure, note = images_offre.mutations(attentes(*((f"Commune {i:02d}", 100 + i, 50, 20) for i in range(15))))
    assert figure.donnees["lignes"]["libelle"].tolist() == [f"Commune {i:02d}" for i in range(3, 15)]
    assert note.startswith("Les 12 communes")


def test_the_map_says_a_tension_only_where_both_its_counts_may_be_shown() -> None:
    frame = pd.DataFrame(
        [
            (LILLE, "Lille", 300, 20),
            (ROUBAIX, "Roubaix", 100, 20),
            (TOURCOING, "Tourcoing", 90, 3),
            (CROIX, "Croix", 30, 0),
        ],
        columns=["commune", "nom", "n_demandes", "n_attributions"],
    ).assign(n_logements=1000, n_vacants=None)
    montrees = montrer_les_tensions(frame)
    figure = images_offre.tension(montrees, moyenne=10.0)
    vues = figure.donnees["communes"].set_index("code_insee")
    assert vues["classe"].tolist() == [
        "une fois et demie ou plus",  # 15 for one, of a mean of 10
        "la moyenne ou moins",
        "trop peu pour le dire",
        "rien d’attribué",
    ]
    assert "15,0 demandes pour une attribution (300 pour 20)" in vues["infobulle"].iloc[0].translate(INSECABLES)
    assert "30" not in vues["infobulle"][TOURCOING]  # neither the 3 nor 30 for one, which would give it back
    assert set(figure.donnees["etiquettes"]["nom"]) <= {"Lille", "Roubaix"}


def test_entrants_and_occupants_of_a_qpv_are_drawn_where_both_may_be_shown() -> None:
    dans = pd.DataFrame(
        [("Q1", "Un", 60, 0.6, 0.7), ("Q2", "Deux", 20, 0.5, 0.7), ("Q3", "Trois", None, None, 0.7)],
        columns=["qpv", "nom", "n_entrants_connus", "part_entrants", "part_occupants"],
    )
    figure, n, note = images_offre.qpv(dans)
    assert figure is not None
    assert figure.donnees["lignes"]["libelle"].tolist() == ["Un", "Deux"]
    dits = [dit.translate(INSECABLES) for dit in figure.donnees["lignes"]["valeur_dit"]]
    assert dits == ["−10 points (n = 60)", "effectif trop faible"]
    assert n == 2
    assert "1\u00a0autre dans le tableau" in note
    assert images_offre.qpv(dans[2:]) == (None, 0, "")
