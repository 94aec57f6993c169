"""On which side of its objective each quartier is over 36 months, and by how much together: none is netted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import quartiers
from mel_core.indicateurs.quartiers import Cotes, say
from mel_core.secret.bail import PREPARATION, SALLE, Audience, lease
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte
from tests.jeux import ROUBAIX, attribution, bailleurs, build_store, chargement, table
from tests.lecteurs import lue_par
from tests.mots import simple

SEANCE = Seance.read("2017S2")
PLAFONDS = {2015: 20107, 2016: 20111, 2017: 20123}
# Quartier, class, known, modest: over, over, under, too near or too few, each in a class.
LIEUX = (
    ("F1", "fragile", 120, 80),  # 66.7 %: 80 − 60 = 20 too many
    ("F2", "fragile", 120, 72),  # 60 %: 12 too many
    ("F3", "fragile", 120, 40),  # 33.3 %: under a ceiling, none is missing
    ("F4", "fragile", 36, 20),  # 55.6 %, from 39.6 to 70.5: 2 too many, too near to tell in a room
    ("F5", "fragile", 10, 9),  # 4 too many, and too few to tell
    ("S1", "sans", 120, 30),  # 25 %: 30 missing
    ("M1", "moyenne", 120, 40),  # 33.3 %: the band begins at 45 %, 54 − 40 = 14 missing
    ("M2", "moyenne", 120, 57),  # 47.5 %, under 50 % and in the band: none
)


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    """From January 2015 to December 2017: those of each quartier follow one another through the 36 months."""
    lignes: list[dict[str, Any]] = []
    for quartier, _, n, k in LIEUX:
        for i in range(n):
            mois = i * 36 // n if i else 0
            annee = 2015 + mois // 12
            lignes.append(
                attribution(
                    len(lignes),
                    date_bail=date(annee, mois % 12 + 1, 15),
                    code_insee=ROUBAIX,
                    code_quartier=quartier,
                    n_personnes=1,
                    revenu_fiscal=(0.3 if i % n < k else 0.5) * PLAFONDS[annee],
                )
            )
    lignes.append(attribution(9999, date_bail=date(2017, 12, 31), code_insee=ROUBAIX))  # no quartier: no objective
    decrits = [{"code_quartier": q, "nom": q, "code_insee": ROUBAIX, "fragilite": c} for q, c, *_ in LIEUX]
    return build_store(
        Path(tmp_path_factory.mktemp("quartiers")),
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *decrits),
            attributions=table("attributions", *lignes),
        ),
    )


def resumes(depot: Entrepot, audience: Audience) -> dict[str, Cotes]:
    with depot.open(Portee.mel(), SEANCE) as lecteur:
        exactes = quartiers.read(lecteur, SEANCE)
    dites = audience.cellules(exactes, ("quartier", "fragilite"))
    return {r.fragilite: r for r in lue_par(audience, quartiers.summarise, dites, exactes)}


def test_thirty_six_months_end_with_the_seance() -> None:
    assert Periode.de_mois(SEANCE, 36) == Periode(date(2015, 1, 1), date(2017, 12, 31))
    assert Periode.de_mois(Seance.read("2017S1"), 36) == Periode(date(2014, 7, 1), date(2017, 6, 30))


def test_quartiers_are_judged_where_the_data_cover_all_their_months(depot: Entrepot) -> None:
    for seance, sont_juges in ((SEANCE, True), (Seance.read("2017S1"), False)):  # 30 months of 36
        with depot.open(Portee.mel(), seance) as lecteur:
            assert quartiers.sont_juges(lecteur, seance) == sont_juges


def test_each_quartier_is_against_its_own_objective_and_none_is_netted(depot: Entrepot) -> None:
    lus = resumes(depot, PREPARATION)
    # Too many: 20 + 12 + 2 + 4, that F3 does not make up for.
    assert lus["fragile"] == Cotes("fragile", 5, 4, 1, 0, trop=38, manque=0)
    assert lus["sans"] == Cotes("sans", 1, 0, 1, 0, trop=0, manque=30)
    assert lus["moyenne"] == Cotes("moyenne", 2, 0, 2, 0, trop=0, manque=14)
    assert set(lus) == {"fragile", "moyenne", "sans"}  # what has no known quartier has no side


def test_a_room_is_told_the_sides_that_thirty_known_tell_and_the_sums_rounded(depot: Entrepot) -> None:
    fragile = resumes(depot, SALLE)["fragile"]
    # F4 is too near, F5 too few; 20 + 12 = 32 too many, to the nearest 5.
    assert (fragile.n, fragile.n_au_dessus, fragile.n_au_dessous, fragile.n_indecis) == (5, 2, 1, 1)
    assert fragile.trop == 30
    assert langue.nombre(resumes(depot, SALLE)["sans"].manque) == "30"


def test_without_an_objective_there_is_no_side(depot: Entrepot) -> None:
    with depot.open(Portee.mel(), SEANCE) as lecteur:
        sans = quartiers.read(lecteur, SEANCE).set_index("quartier").loc["inconnu"]
    assert sans[["ecart_trop", "ecart_manque"]].isna().all()


def test_a_room_that_is_told_nothing_of_some_quartiers_hears_that_there_are_as_many_at_least() -> None:
    # Of 104, a room is told the side of 54 + 3: of the other 47 it may be any.
    en_salle = Cotes("fragile", 104, 54, 3, 0, Compte(875), Compte(10))
    au_poste = Cotes("fragile", 104, 90, 14, 0, Compte(1011), Compte(20))
    with lease(SALLE):
        assert simple(say("l’ICI 2", [en_salle], "50\u00a0%")) == snapshot(
            "Dans l’ICI 2, sur 36 mois, au moins **54** des 104 quartiers fragiles où l’on a attribué "
            "dépassent 50 %, de **875 attributions** ou plus."
        )
    with lease(PREPARATION):
        assert simple(say("l’ICI 2", [au_poste], "50\u00a0%")) == snapshot(
            "Dans l’ICI 2, sur 36 mois, **90** des 104 quartiers fragiles où l’on a attribué dépassent 50 % : "
            "**1 011 attributions** de trop."
        )
