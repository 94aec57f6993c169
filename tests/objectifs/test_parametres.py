"""Dated parameters: the embedded ones, and what a file may add."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from mel_core.indicateurs.catalogue import A_CIBLE
from mel_core.indicateurs.parametrage import check_parametres
from mel_core.objectifs import Parametres
from mel_core.socle.erreurs import AppelIncorrect


def test_the_embedded_targets_are_exact_fractions_with_a_date_and_a_source():
    cibles = {c.indicateur: c for c in Parametres.embarques().cibles if c.depuis <= date(2025, 12, 31)}
    assert cibles["equilibre"].valeur == Fraction(1, 2)
    assert cibles["equilibre"].bande == Fraction(1, 20)
    assert cibles["aci"].valeur == Fraction(9, 20)
    assert cibles["q1_hors_qpv"].valeur == Fraction(1, 4)
    assert cibles["aci"].depuis == date(2017, 3, 17)
    assert all(c.source for c in cibles.values())


def test_a_target_added_without_a_band_has_one_of_five_points():
    ajoutee = '[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\ndepuis = 2018-01-01\nsource = "x"'
    (cible,) = Parametres.reread(ajoutee).cibles
    assert cible.bande == Fraction(1, 20)


def test_the_embedded_ceilings_are_the_official_ones_of_2015_to_2026():
    plafonds = {(p.annee, p.categorie): p.plafond_eur for p in Parametres.embarques().plafonds}
    assert {annee for annee, _ in plafonds} == set(range(2015, 2027))
    assert plafonds[2017, "1"] == 20123
    assert plafonds[2017, "pers_supp"] == 5769
    assert len(plafonds) == 12 * 7


def test_the_bounds_of_the_classes_say_that_they_are_assumed():
    (bornes,) = Parametres.embarques().bornes_ressources
    assert bornes.bornes == (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5))
    assert "Hypothèse" in bornes.source


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("[[cibles]", "n’est pas du TOML lisible"),
        ("[[objectifs]]\nvaleur = 1", "section inconnue « objectifs »"),
        (
            '[[cibles]]\nindicateur = "aci"\nvaleur = 0.3\ndepuis = 2018-01-01\nsource = "x"\nsourse = "y"',
            "l’entrée 1 de [[cibles]] a une clé inconnue « sourse » : la plus proche est « source »",
        ),
        (
            '[[bornes_ressources]]\ndepuis = 2018-01-01\nborne = [0.2, 0.4, 0.6]\nsource = "x"',
            "a une clé inconnue « borne » : la plus proche est « bornes »",
        ),
        ('[[fragilite_ips]]\ndepuis = 2018-01-01\nfragiles = [4]\nsource = "x"', "la plus proche est « fragile »"),
        (
            '[[seuils_premier_quartile]]\nannee = 2018\nseuil = 7000\nsource = "x"',
            "a une clé inconnue « seuil » : la plus proche est « seuil_eur_uc »",
        ),
        (
            '[[plafonds]]\nannee = 2027\ncategorie = 6\nplafond_eur = 3\nsource = "x"\nunite = "€"',
            "a une clé inconnue « unite »",
        ),
        ("[cibles]\nvaleur = 1", "sous la forme [[cibles]]"),
        ('[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\nsource = "x"', "n’a pas de clé « depuis »"),
        ('[[cibles]]\nindicateur = "aci"\nvaleur = 45\ndepuis = 2018-01-01\nsource = "x"', "entre 0 et 1"),
        (
            '[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\nbande = 1.5\ndepuis = 2018-01-01\nsource = "x"',
            "« bande »",
        ),
        ('[[cibles]]\nindicateur = "delais"\nvaleur = 0.4\ndepuis = 2018-01-01\nsource = "x"', "« indicateur »"),
        ('[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\ndepuis = "2018"\nsource = "x"', "doit être une date"),
        ('[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\ndepuis = 2018-01-01\nsource = ""', "d’où vient"),
        (
            '[[bornes_ressources]]\ndepuis = 2018-01-01\nbornes = [0.6, 0.2, 0.4]\nsource = "x"',
            "trois nombres croissants",
        ),
        ('[[bornes_ressources]]\ndepuis = 2018-01-01\nbornes = 3\nsource = "x"', "est à corriger"),
        ('[[fragilite_ips]]\ndepuis = 2018-01-01\nfragile = [5]\nsource = "x"', "IPS de 1 à 4"),
        ('[[fragilite_ips]]\ndepuis = 2018-01-01\nfragile = [3.5]\nsource = "x"', "IPS de 1 à 4"),
        ('[[fragilite_ips]]\ndepuis = 2018-01-01\nfragile = [true]\nsource = "x"', "IPS de 1 à 4"),
        (
            '[[fragilite_ips]]\ndepuis = 2018-01-01\nfragile = [3, 4]\nmoyenne = [2, 3]\nsource = "x"',
            "l’IPS 3 est donné deux fois (fragile et moyenne)",
        ),
        ('[[fragilite_ips]]\ndepuis = 2018-01-01\nsans = [1, 1]\nsource = "x"', "l’IPS 1 est donné deux fois (sans)"),
        ('[[seuils_premier_quartile]]\nannee = 2018\nseuil_eur_uc = -3\nsource = "x"', "doit être au moins 1."),
        ('[[plafonds]]\nannee = 2027\ncategorie = 7\nplafond_eur = 3\nsource = "x"', "« categorie »"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence_that_names_the_file(texte, phrase):
    with pytest.raises(AppelIncorrect) as erreur:
        check_parametres(texte, "mes_parametres.toml")
    message = str(erreur.value)
    assert phrase in message
    assert "mes_parametres.toml" in message
    assert "\n" not in message


def test_each_embedded_objective_is_of_an_indicator_that_may_have_one():
    assert {c.indicateur for c in Parametres.embarques().cibles} <= set(A_CIBLE)


def test_parameters_that_a_snapshot_holds_are_read_again_as_they_were():
    """What an older version let through must not stop an import: it was never applied."""
    texte = '[[cibles]]\nindicateur = "aci"\nvaleur = 0.3\ndepuis = 2018-01-01\nsource = "x"\ncommune = "59350"'
    (cible,) = Parametres.reread(texte).cibles
    assert cible.valeur == Fraction(3, 10)


def test_a_decimal_of_the_file_stays_exact():
    texte = '[[seuils_premier_quartile]]\nannee = 2018\nseuil_eur_uc = 7300.10\nsource = "Arrêté"'
    (seuil,) = Parametres.read(texte, "p.toml").seuils_premier_quartile
    assert seuil.seuil_eur_uc == Fraction(73001, 10)


def test_a_day_that_no_calendar_has_is_said_to_be_one() -> None:
    with pytest.raises(AppelIncorrect, match=r"ligne 4 : vérifier la date, qui n’existe pas au calendrier"):
        Parametres.read('[[cibles]]\nindicateur = "aci"\nvaleur = 0.4\ndepuis = 2018-02-31\nsource = "x"\n', "f.toml")
