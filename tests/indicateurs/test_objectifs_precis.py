"""Whose objective judges a cell: the most precise one in force, in share or in number (contract §1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import compute
from mel_core.indicateurs.parametrage import check_parametres
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode
from tests.indicateurs.comparaison import en_lignes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, entree, serve, table

# Lille with B1: 3 ACI of 10; Lille with B2: 1 of 10; Roubaix with B1: 8 of 10.
BAUX = {(LILLE, "B1"): (3, 10), (LILLE, "B2"): (1, 10), (ROUBAIX, "B1"): (8, 10)}


def cible(**cles: object) -> str:
    return entree("cibles", depuis=date(2017, 3, 17), source="essai", **cles)


@pytest.fixture
def lire(tmp_path):
    """The cells of an indicator, with the objectives of a file of parameters added to the application's."""

    def lire(ajoutees: str, nom: str = "aci", par: tuple[str, ...] = (), etendue: str = "annee", **filtres: str):
        baux, rang = [], 0
        for (commune, bailleur), (aci, n) in BAUX.items():
            for i in range(n):
                rang += 1
                lieu = {"code_insee": commune, "code_bailleur": bailleur, "reservataire": ("COLTER", "PPRIOR")[i % 2]}
                baux.append(attribution(rang, **lieu, aci=i < aci, npru=i < aci))
        # Two mutations at the ends of the year: without them the data would cover one month, and nothing is judged.
        for rang, jour in ((900, date(2017, 1, 1)), (901, date(2017, 12, 31))):
            baux.append(attribution(rang, code_insee=ROUBAIX, mutation=True, date_bail=jour, reservataire="COLTER"))
        entrepot = Entrepot(tmp_path)
        charge = chargement(bailleurs=bailleurs("B1", "B2"), attributions=table("attributions", *baux))
        check_parametres(ajoutees, "essai.toml")
        serve(entrepot, replace(charge, parametres=(ajoutees,)))
        with entrepot.open(Portee.mel()) as lecteur:
            return en_lignes(compute(lecteur, nom, Periode.de("2017S2", etendue), par, **filtres))

    return lire


def vues(lignes, *colonnes):
    return [tuple(ligne[c] for c in colonnes) for ligne in lignes]


def test_a_commune_a_bailleur_then_both_come_before_the_whole_and_the_cell_says_which(lire):
    ajoutees = (
        cible(indicateur="aci", valeur=0.30, commune=LILLE)
        + cible(indicateur="aci", valeur=0.60, bailleur="B1")
        + cible(indicateur="aci", valeur=0.20, commune=LILLE, bailleur="B1")
    )
    # Lille × B1: 3 of 10 for 20 %, met. Lille × B2: 1 of 10 for the 30 % of Lille: 2 missing. Roubaix × B1: 60 % of B1.
    croisees = lire(ajoutees, par=("commune", "bailleur"))
    assert vues(croisees, "commune", "bailleur", "cible", "cible_de", "ecart_attributions", "sens") == [
        (LILLE, "B1", 0.20, f"commune {LILLE} × bailleur B1", 0, None),
        (LILLE, "B2", 0.30, f"commune {LILLE}", 2, "manque"),
        (ROUBAIX, "B1", 0.60, "bailleur B1", 0, None),
    ]
    # Lille: 4 of 20 for 30 %, 2 missing. Roubaix has the whole's 45 %: 8 of 10.
    assert vues(lire(ajoutees, par=("commune",)), "cible", "cible_de", "ecart_attributions") == [
        (0.30, f"commune {LILLE}", 2),
        (0.45, "ensemble", 0),
    ]
    # 12 of 30 for 45 %: ⌈13.5⌉ − 12 = 2 missing.
    assert vues(lire(ajoutees), "cible", "cible_de", "ecart_attributions") == [(0.45, "ensemble", 2)]


def test_a_filter_names_a_place_as_a_cut_does(lire):
    ajoutees = cible(indicateur="aci", valeur=0.30, commune=LILLE)
    assert vues(lire(ajoutees, commune=LILLE), "n", "cible", "cible_de") == [(20, 0.30, f"commune {LILLE}")]
    assert vues(lire(ajoutees, commune=ROUBAIX), "cible", "cible_de") == [(0.45, "ensemble")]


def test_a_reservataire_has_its_own_objective_where_the_whole_has_none_for_it(lire):
    ajoutees = cible(indicateur="aci", valeur=0.50, reservataire="PPRIOR")
    # The contract's 45 % is for the whole, a commune, a bailleur: none for the other réservataire.
    assert vues(lire(ajoutees, par=("reservataire",)), "reservataire", "cible", "cible_de") == [
        ("COLTER", None, None),
        ("PPRIOR", 0.50, "reservataire PPRIOR"),
    ]


def test_a_number_of_attributions_is_judged_over_a_year_and_has_no_gap_in_points(lire):
    ajoutees = cible(indicateur="npru", valeur=6, en_nombre=True, commune=LILLE)
    # Lille rehoused 3 + 1 = 4 of the 6 of its charter; a number of Lille is no number of Roubaix, nor of the whole.
    assert vues(
        lire(ajoutees, "npru", ("commune",)), "cible", "ecart_points", "ecart_attributions", "verdict", "sens"
    ) == [
        (6.0, None, 2, "non_atteint", "manque"),
        (None, None, None, None, None),
    ]
    assert vues(lire(ajoutees, "npru", ("commune", "bailleur")), "cible") == [(None,)] * 3
    assert vues(lire(ajoutees, "npru"), "cible") == [(None,)]
    assert vues(lire(ajoutees, "npru", ("commune",), "semestre"), "cible", "verdict") == [(None, None)] * 2
    # A commune is whole in its ICI: seen from there it is held to the same number, and the ICI to none.
    assert vues(lire(ajoutees, "npru", ("ici", "commune")), "commune", "cible") == [(LILLE, 6.0), (ROUBAIX, None)]
    assert vues(lire(ajoutees, "npru", ("ici",)), "cible") == [(None,)] * 2


def test_the_flux_is_judged_by_the_agreement_of_each_reservataire_with_each_bailleur(lire):
    ajoutees = cible(indicateur="flux", valeur=0.60, reservataire="COLTER", bailleur="B1") + cible(
        indicateur="flux", valeur=0.40, reservataire="COLTER"
    )
    # Rehoused households and mutations are out of the flux. B1: 7 + 2 = 9 left; COLTER has those of even rank among 3
    # to 9 (4, 6, 8) and 8 to 9 (8): 4 of 9 for 60 %, ⌈5.4⌉ − 4 = 2 missing. B2: 1 to 9, 4 of 9 for 40 %, met.
    par_bailleur = [x for x in lire(ajoutees, "flux", ("bailleur",)) if x["reservataire"] == "COLTER"]
    assert vues(par_bailleur, "bailleur", "n", "numerateur", "cible", "cible_de", "ecart_attributions") == [
        ("B1", 9, 4, 0.60, "bailleur B1 × reservataire COLTER", 2),
        ("B2", 9, 4, 0.40, "reservataire COLTER", 0),
    ]
    assert {x["cible"] for x in lire(ajoutees, "flux") if x["reservataire"] != "COLTER"} == {None}


def test_a_ceiling_says_what_there_is_too_much_of(lire):
    ajoutees = cible(indicateur="npru", valeur=10, en_nombre=True, sens="plafond") + cible(
        indicateur="aci", valeur=0.30, sens="plafond", commune=ROUBAIX
    )
    assert vues(lire(ajoutees, "npru"), "ecart_attributions", "sens", "verdict") == [(2, "trop", "non_atteint")]
    # Roubaix: 8 of 10 under a ceiling of 30 %: 5 too many.
    (_, roubaix) = lire(ajoutees, par=("commune",))
    assert (roubaix["ecart_attributions"], roubaix["sens"]) == (5, "trop")


def test_the_latest_objective_of_a_place_is_in_force_and_the_next_one_waits(lire):
    plus_tard = cible(indicateur="aci", valeur=0.10, commune=LILLE).replace("2017-03-17", "2018-01-01")
    ajoutees = cible(indicateur="aci", valeur=0.30, commune=LILLE) + plus_tard
    assert vues(lire(ajoutees, commune=LILLE), "cible") == [(0.30,)]


@pytest.mark.parametrize(
    ("cles", "phrase"),
    [
        ({"indicateur": "aci", "valeur": 0.3, "commune": "75056"}, "code INSEE d’une commune de la MEL"),
        ({"indicateur": "aci", "valeur": 0.3, "commune": 59350}, "« commune » doit être un code entre guillemets"),
        ({"indicateur": "aci", "valeur": 0.3, "bailleur": " "}, "« bailleur » doit être un code entre guillemets"),
        ({"indicateur": "aci", "valeur": 0.3, "reservataire": "MAIRE"}, "« reservataire » doit être l’un de COLTER"),
        ({"indicateur": "aci", "valeur": 0.3, "sens": "bande"}, "« sens » doit être plancher ou plafond"),
        ({"indicateur": "equilibre", "valeur": 0.3, "sens": "plafond"}, "pour un autre indicateur que l’équilibre"),
        ({"indicateur": "npru", "valeur": 2.5, "en_nombre": True}, "un objectif en nombre est un nombre entier"),
        ({"indicateur": "flux", "valeur": 0.3}, "« reservataire » est à donner"),
        ({"indicateur": "npru", "valeur": 3}, "« valeur » doit être compris entre 0 et 1"),
        ({"indicateur": "npru", "valeur": 3, "en_nombre": "oui"}, "« en_nombre » doit être true ou false"),
    ],
)
def test_an_objective_that_makes_no_sense_is_refused_with_what_to_write(cles, phrase):
    with pytest.raises(AppelIncorrect, match=phrase):
        check_parametres(cible(**cles), "essai.toml")
