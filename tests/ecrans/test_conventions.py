"""The flux against the agreements, on two bailleurs drawn by hand: each agreement judged alone, and whose it is."""

from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.indicateurs import conventions
from mel_core.indicateurs.definitions import CONVENTIONS
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import images_matrice, images_mesures
from pages.commun.mesures.lecture_mesures import LectureMesure, lignes, matrice, par_convention, read
from pages.seance.bilan import ecran_mesures
from tests.ecrans.conftest import ROUBAIX, Publier
from tests.ecrans.dessin import a_droite, lue
from tests.jeux import attribution, bailleurs, cible, table

# B1 gives 100, B2 gives 60; of 160, 44 to the collectivités: 27.5 %.
VOLUMES = {
    "B1": {"COLTER": 20, "PPRIOR": 20, "PFONCT": 4, "AUCUN": 56},
    "B2": {"COLTER": 24, "PPRIOR": 6, "AUCUN": 30},
}


def du_flux(reservataire: str, valeur: float, **autres: Any) -> str:
    return cible("flux", valeur, date(2016, 1, 1), "Convention d’essai", reservataire=reservataire, **autres)


# B1 COLTER: 30 of 100, 10 short. B1 PPRIOR: 15, held. B2 PPRIOR: 15 of 60, 9 short. B2 COLTER, by that of the
# réservataire: 21 of 60, held; of the whole, 56 of 160, 12 short.
PLANCHERS = (
    du_flux("COLTER", 0.30, bailleur="B1")
    + du_flux("PPRIOR", 0.15, bailleur="B1")
    + du_flux("PPRIOR", 0.25, bailleur="B2")
    + du_flux("COLTER", 0.35)
)
# B1 PFONCT: 2 at most of 100, 2 too many. B2 AUCUN: 40 a year, 10 short.
AUTRES = du_flux("PFONCT", 0.02, bailleur="B1", sens="plafond") + du_flux("AUCUN", 40, bailleur="B2", en_nombre=True)


@pytest.fixture
def flux(publish: Publier, tmp_path: Path):
    def dessiner(parametres: str, premier_mois: int = 1) -> LectureMesure:
        rangs = [(b, r) for b, siens in VOLUMES.items() for r, n in siens.items() for _ in range(n)]
        baux = [
            attribution(
                i,
                date_bail=date(2017, 12 if i % 2 else premier_mois, 1),
                code_insee=ROUBAIX,
                code_bailleur=bailleur,
                reservataire=reservataire,
            )
            for i, (bailleur, reservataire) in enumerate(rangs)
        ]
        publish(bailleurs=bailleurs("B1", "B2"), attributions=table("attributions", *baux))
        entrepot, seance = Entrepot(tmp_path), Seance.read("2017S2")
        if parametres:
            with entrepot.reserve():
                entrepot.add_parametres(parametres)
        return read(Perimetre(donnees.instantane(seance), seance, None, ()), "flux")

    return dessiner


def phrase(lecture: LectureMesure) -> str:
    return ecran_mesures.constat(lecture, "la Métropole").replace("\u00a0", " ").replace("*", "")


def comptes(lecture: LectureMesure) -> dict[str, tuple[int, int, int, str, str]]:
    """Réservataire → objectives, held, not held, what is missing, what there is too much of."""
    lus = par_convention(lecture.cle)
    return {
        x.ligne: (x.n_objectifs, x.n_tenues, x.n_manquees, langue.nombre(x.manque), langue.nombre(x.trop))
        for x in lus.itertuples()
        if x.n_objectifs
    }


def test_what_one_bailleur_gives_beyond_makes_up_for_none_that_another_lacks(flux) -> None:
    lecture = flux(PLANCHERS)
    assert comptes(lecture) == {"COLTER": (2, 1, 1, "10", "0"), "PPRIOR": (2, 1, 1, "9", "0")}
    assert phrase(lecture) == snapshot(
        "Dans la Métropole, des 4 objectifs de la gestion en flux (bailleur × réservataire), 2 sont tenus, 2 non ; il "
        "en manque le plus pour « Collectivités territoriales » : 10 attributions."
    )
    # Read whole, it is another objective, that of the réservataire, and 12 short.
    entier = lignes(lecture.cle, "reservataire").set_index("ligne").loc["COLTER"]
    assert (entier["cible"], entier["ecart_attributions"]) == (0.35, 12)
    assert conventions.porteur(entier["cible_de"]) == "ce réservataire"


def test_each_gap_is_a_length_and_each_mark_says_which_objective_it_is_judged_on(flux) -> None:
    lecture = flux(PLANCHERS)
    (image,), note = images_mesures.draw(lecture, lignes(lecture.cle, "reservataire"), "reservataire")
    manque, trop = (trace for trace in lue(image)["data"] if "name" in trace)
    # By volume: AUCUN 86, COLTER 44, PPRIOR 26, PFONCT 4; of the others, who have none, 0.
    assert list(manque["x"]) == [0, -10, -9, 0, 0, 0]
    assert list(trop["x"]) == [0] * 6
    assert [d.replace("\u202f", " ") for d in a_droite(image)][:3] == [
        *("53,8 %, sans objectif", "27,5 %, manque 10", "16,3 %, manque 9")
    ]
    assert unescape(manque["customdata"][1]).replace("\u202f", " ") == snapshot(
        "Collectivités territoriales : 27,5 % de 160, objectif de 35 % (ce réservataire), non atteint ; 1 est tenu, "
        "1 non"
    )
    assert "hors mutations" in note


def test_a_reservataire_whose_objectives_are_those_of_each_bailleur_is_not_said_to_have_none(flux) -> None:
    lecture = flux(PLANCHERS)
    (image,), _ = images_mesures.draw(lecture, lignes(lecture.cle, "reservataire"), "reservataire")
    dites = [unescape(d) for d in next(t for t in lue(image)["data"] if "name" in t)["customdata"]]
    assert [d for d in dites if "sans objectif" in d and " tenu" in d] == []
    # PPRIOR: of B1 and of B2, none of its own; COLTER has one.
    assert sum("objectifs par bailleur ; " in d for d in dites) == 1


def test_each_pair_says_its_share_beside_its_objective_and_whose_that_is(flux) -> None:
    lecture = flux(PLANCHERS + AUTRES)
    carte = lue(images_matrice.draw(lecture, matrice(lecture.cle, CONVENTIONS), CONVENTIONS))["data"][0]
    dites = {
        bulle.split(" : ")[0]: bulle.replace("\u202f", " ") for r in carte["customdata"] for bulle in map(unescape, r)
    }
    assert dites["Bailleur B1 × Collectivités territoriales"].endswith(
        ": 20 %, 20 sur 100, objectif de 30 % (ce bailleur et ce réservataire), non atteint"
    )
    assert dites["Bailleur B2 × Collectivités territoriales"].endswith(
        ": 40 %, 24 sur 60, objectif de 35 % (ce réservataire), atteint"
    )
    assert dites["Bailleur B2 × Hors contingent"].endswith(
        ": 50 %, 30 sur 60, objectif de 40 par an (ce bailleur et ce réservataire), non atteint"
    )
    assert dites["Bailleur B1 × Hors contingent"].endswith(": 56 %, 56 sur 100, sans objectif")
    # Action Logement, Autres, Collectivités, Hors contingent, fonctionnaires, prioritaires: a number has no tone.
    assert [t and round(t, 4) for t in carte["z"][0]] == [None, None, -0.1, None, 0.02, 0.05]
    assert [t and round(t, 4) for t in carte["z"][1]] == [None, None, 0.05, None, None, -0.15]
    assert (carte["zmin"], carte["zmax"]) == (-0.15, 0.15)


def test_a_ceiling_that_is_passed_is_too_many_and_a_number_a_year_is_counted(flux) -> None:
    lecture = flux(AUTRES)
    assert comptes(lecture) == {"PFONCT": (1, 0, 1, "0", "2"), "AUCUN": (1, 0, 1, "10", "0")}
    (image,), _ = images_mesures.draw(lecture, lignes(lecture.cle, "reservataire"), "reservataire")
    assert "2,5\u202f%, de trop 2" in a_droite(image)


@pytest.mark.usefixtures("en_salle")
def test_a_room_reads_the_sides_that_are_said_and_no_small_gap(flux) -> None:
    lecture = flux(PLANCHERS)
    # B2 gives 60: its 40 % cannot be told from 35 %; its 10 % is under 25 %. B1 gives 100: its 20 % is under 30 %, and
    # cannot be told from the 15 % of the other.
    assert comptes(lecture) == {
        "COLTER": (2, 0, 1, "12 ou moins", "0"),
        "PPRIOR": (2, 0, 1, "12 ou moins", "0"),
    }
    assert phrase(lecture).endswith("aucun ne se dit tenu, 2 non, 2 ne se jugent pas.")
    (image,), _ = images_mesures.draw(lecture, lignes(lecture.cle, "reservataire"), "reservataire")
    assert "28\u202f%, manque 12 ou moins" in [d.replace("\u00a0", " ") for d in a_droite(image)]


@pytest.mark.parametrize(
    ("parametres", "premier_mois", "dit"),
    [
        ("", 1, "aucune convention n’y est jugée : donner leurs objectifs dans Préparer"),
        (PLANCHERS, 7, "sur 6 mois sur 12 : les conventions se jugent sur une année entière."),
    ],
)
def test_without_an_agreement_or_a_whole_year_the_sentence_says_so_and_nothing_is_judged(
    flux, parametres: str, premier_mois: int, dit: str
) -> None:
    lecture = flux(parametres, premier_mois=premier_mois)
    assert comptes(lecture) == {}
    # 86 of 160: 53,75 %.
    assert "« Hors contingent » a 53,8 % des 160 attributions de la gestion en flux" in phrase(lecture).replace(
        "\u202f", " "
    )
    assert dit in phrase(lecture)
    (image,), _ = images_mesures.draw(lecture, lignes(lecture.cle, "reservataire"), "reservataire")
    assert lue(image)["data"][0]["x"][0] == 86


def test_each_source_is_said_once_and_beyond_two_they_are_counted() -> None:
    assert conventions.sources([]) == ""
    assert conventions.sources(["A", "B", "A"]) == "Objectifs : A ; B."
    dite = conventions.sources(pd.Series(["A", "B", "C", "D"]))
    assert dite.replace("\u00a0", " ") == snapshot("Objectifs : A ; B ; et 2 autres sources.")
