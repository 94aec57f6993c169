"""The pictures of the offer at 13h30: each draws what its table says, nothing that it does not."""

from __future__ import annotations

import pandas as pd
from inline_snapshot import snapshot

from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.simulation.lectures_offre import read_attentes as show
from mel_core.simulation.lectures_offre import say_les_tensions
from mel_core.socle import langue
from pages.commun.images.gabarit import Image
from pages.seance.orientations import images_offre
from pages.seance.orientations.ecran_offre import par_typologie
from tests.ecrans.dessin import a_droite, a_gauche, series
from tests.jeux import LILLE, ROUBAIX
from tests.lecteurs import lue_par

INSECABLES = str.maketrans("\u00a0\u202f", "  ")
TOURCOING, CROIX = "59599", "59163"


def longueurs(image: Image) -> dict[str, dict[str, float]]:
    """Name of each line → the length of each of its parts."""
    dites: dict[str, dict[str, float]] = {nom: {} for nom in a_gauche(image)}
    for serie, trace in series(image).items():
        for rang, longueur in zip(trace["y"], trace["x"], strict=True):
            dites[a_gauche(image)[rang]][serie] = longueur
    return dites


def test_what_is_advised_adds_up_to_what_is_expected_in_each_class_of_quartiers() -> None:
    frame = pd.DataFrame(
        [("sans", 8, 5, 3), ("fragile", 10, 4, 6), ("fragile", 6, 2, 4)],
        columns=["fragilite", "n_attendues", "n_modestes", "n_autres"],
    )
    figure = images_offre.preconisations(frame)
    assert a_gauche(figure) == ["Quartiers fragiles", "Sans fragilité"]
    assert a_droite(figure) == ["16\u00a0attendus", "8\u00a0attendus"]
    # 6 + 10 of the 16 of the fragile, 5 + 3 of the 8 of the others.
    assert longueurs(figure) == {
        "Quartiers fragiles": {images_offre.MODESTES: 6, images_offre.AUTRES: 10},
        "Sans fragilité": {images_offre.MODESTES: 5, images_offre.AUTRES: 3},
    }
    lue = figure.lecture.translate(INSECABLES)
    assert lue.startswith("Quartiers fragiles, ménages modestes à accueillir : 6 sur 16 ; ")


def attentes(*lignes: tuple[str, int, int, int], audience: Audience = PREPARATION) -> pd.DataFrame:
    table = pd.DataFrame(lignes, columns=["commune", "n", "n_24_mois", "n_36_mois"])
    return lue_par(audience, show, table.assign(nom=table["commune"], mediane_mois=12.0))


def test_the_communes_of_the_mutations_are_the_largest_first_and_what_is_not_said_is_not_drawn() -> None:
    lignes = (("Roubaix", 601, 351, 200), ("Lille", 900, 300, 120), ("Lomme", 20, 9, 0), ("Croix", 40, 20, 0))
    figure, n, note = images_offre.mutations(attentes(*lignes, ("Forest", 9, 9, 9), audience=SALLE))
    assert a_gauche(figure) == ["Lille", "Roubaix", "Croix", "Lomme"]  # no length for the nine of Forest
    assert n == 4
    assert note == snapshot("Et 1\u00a0autre commune, dans le tableau.")
    par_nom = longueurs(figure)
    assert par_nom["Roubaix"] == {images_offre.LONGUES: 350, images_offre.RECENTES: 250}
    assert par_nom["Lomme"] == {images_offre.TUES: 20}  # 9 and 11
    assert "9" not in a_droite(figure)


def test_a_commune_of_which_one_wait_alone_is_said_keeps_the_length_of_its_whole() -> None:
    # Of the 40 of Croix, 30 are recent and the ten others are not said.
    figure, _, _ = images_offre.mutations(attentes(("Croix", 40, 10, 0), ("Lille", 900, 300, 120), audience=SALLE))
    assert a_droite(figure) == ["900", "40"]
    assert longueurs(figure) == {
        "Lille": {images_offre.LONGUES: 300, images_offre.RECENTES: 600},
        "Croix": {images_offre.TUES: 40},
    }


def test_a_room_is_told_how_many_communes_there_are_and_sent_to_no_table() -> None:
    lues = attentes(*((f"Commune {i:02d}", 100 + i, 50, 20) for i in range(15)), audience=SALLE)
    _, _, note = lue_par(SALLE, images_offre.mutations, lues)
    assert note == snapshot("Et 7\u00a0autres communes.")  # eight lines have room for a number on a part of each


def test_the_twelve_largest_are_drawn_and_the_others_are_said_to_be_in_the_table() -> None:
    figure, n, note = images_offre.mutations(attentes(*((f"Commune {i:02d}", 100 + i, 50, 20) for i in range(15))))
    assert a_gauche(figure) == [f"Commune {i:02d}" for i in range(14, 2, -1)]
    assert n == 12
    assert note == snapshot("Et 3\u00a0autres communes, dans le tableau.")


OFFRE = pd.DataFrame(
    [
        (LILLE, "Lille", 601, 41),
        (ROUBAIX, "Roubaix", 301, 31),
        (TOURCOING, "Tourcoing", 87, 29),
        (CROIX, "Croix", 30, 0),
    ],
    columns=["commune", "nom", "n_demandes", "n_attributions"],
).assign(n_logements=1000, n_vacants=None)


def test_the_map_says_to_a_co_pilot_every_tension_exactly() -> None:
    lues = lue_par(PREPARATION, say_les_tensions, OFFRE)
    carte = images_offre.tension(lues, moyenne=9.75)
    assert carte.legende == snapshot("Demandes pour une attribution\u00a0: 9,8 en moyenne")
    vues = carte.lieux.set_index("code")
    assert vues["classe"].tolist() == snapshot(
        [
            "une fois et demie ou plus",  # 14,66 for one, of a mean of 9,75
            "la moyenne ou moins",
            "la moyenne ou moins",
            "rien d’attribué",
        ]
    )
    assert "3 demandes pour une attribution (87 pour 29)" in vues["dit"][TOURCOING].translate(INSECABLES)


def test_the_map_says_to_the_room_a_tension_of_thirty_on_both_sides_and_nothing_let_is_not_told_from_a_few() -> None:
    lues = lue_par(SALLE, say_les_tensions, OFFRE)
    assert [langue.nombre(n) for n in lues["n_attributions"]] == ["40", "30", "30", "12 ou moins"]
    vues = images_offre.tension(lues, moyenne=10.0).lieux.set_index("code")
    assert vues["classe"].tolist() == snapshot(
        [
            "une fois et demie ou plus",  # 600 for 40
            "la moyenne ou moins",
            "trop peu pour le dire",
            "trop peu pour le dire",
        ]
    )
    assert "15 demandes pour une attribution (600 pour 40)" in vues["dit"].iloc[0].translate(INSECABLES)
    # A name without a figure says nothing.
    assert vues["etiquette"].tolist() == ["Lille\n15", "Roubaix\n10", "", ""]
    assert vues["poids"].tolist() == [15.0, 10.0, 0.0, 0.0]


def test_a_commune_reads_its_own_tension_exactly() -> None:
    lues = lue_par(Audience(cle="commune", code=TOURCOING), say_les_tensions, OFFRE).set_index("nom")
    assert lues.loc["Tourcoing", ["n_demandes", "n_attributions", "tension"]].tolist() == [87, 29, 3.0]
    assert lues.loc["Roubaix", ["n_demandes", "n_attributions", "tension"]].tolist() == [300, 30, 10.0]


def test_by_typologie_a_tension_is_read_by_the_same_rule() -> None:
    frame = OFFRE.assign(typologie="T2")
    noms = list(OFFRE["nom"])
    exactes, lues = (lue_par(audience, par_typologie, frame, noms)["T2"].round(1) for audience in (PREPARATION, SALLE))
    assert exactes.fillna(0).tolist() == [14.7, 9.7, 3.0, 0]
    assert lues.fillna(0).tolist() == [15.0, 10.0, 0, 0]


def test_entrants_and_occupants_of_a_qpv_are_drawn_where_both_may_be_shown() -> None:
    dans = pd.DataFrame(
        [("Q1", "Un", 60, 0.6, 0.7), ("Q2", "Deux", 20, 0.5, 0.7), ("Q3", "Trois", None, None, 0.7)],
        columns=["qpv", "nom", "n_entrants_connus", "part_entrants", "part_occupants"],
    )
    figure, n, note = images_offre.qpv(dans)
    assert figure is not None
    assert a_gauche(figure) == ["Un", "Deux"]  # −10 points of 60; −20 of 20 entrants, too few to conclude
    dits = [dit.translate(INSECABLES) for dit in a_droite(figure)]
    assert dits == ["−10 points (n = 60)", "effectif trop faible"]
    assert n == 2
    assert note.endswith("Et 1\u00a0autre QPV, d’écart moindre ou non dit, dans le tableau.")
    _, _, note = lue_par(SALLE, images_offre.qpv, dans)
    assert note == snapshot("Et 1\u00a0autre QPV, d’écart moindre ou non dit.")
    assert images_offre.qpv(dans[2:]) == (None, 0, "")


def test_the_qpv_whose_entrants_are_farthest_from_who_lives_there_are_drawn_however_few_they_are() -> None:
    grands = [(f"Q{i}", f"QPV {i:02}", 200 + i, 0.5, 0.6) for i in range(12)]
    petits = [("Q12", "Les Tilleuls", 120, 0.61, 0.73), ("Q13", "Les Peupliers", 100, 0.72, 0.6)]
    colonnes = ["qpv", "nom", "n_entrants_connus", "part_entrants", "part_occupants"]
    dans = pd.DataFrame([*grands, *petits], columns=colonnes)
    for qui, n, dite in ((SALLE, 6, "Et 8"), (PREPARATION, 12, "Et 2")):  # a room has words for six
        figure, n_lignes, note = lue_par(qui, images_offre.qpv, dans)
        assert figure is not None
        assert a_gauche(figure)[:3] == ["Les Tilleuls", "Les Peupliers", "QPV 00"]
        assert n_lignes == n
        assert f"{dite} autres QPV, d’écart moindre ou non dit" in note.translate(INSECABLES)
