"""What a target asks, as the room reads it: numbers that add up, and nobody recognisable.

The drawn ICI 2 (see conftest): fragile 72 modest of 113 known, sans 20 of 45.
At 50 %: fragile ⌈72 − 56.5⌉ = 16 in less, sans ⌈22.5 − 20⌉ = 3 in more, 19 in all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from mel_core import langue
from mel_core.periodes import Seance
from mel_core.scenarios import Scenario
from pages.commun import figures
from pages.commun.mesures.essai import Essai, cibles, essayer
from pages.commun.mesures.lecture_bilan import Bilan, lire_cle
from pages.commun.perimetre import Perimetre
from pages.commun.scenario import lecture_scenario
from tests.ecrans.conftest import LANNOY, PLAFOND_2017, ROUBAIX, TOURCOING, Publier, monde
from tests.jeux import table

NOMBRES = re.compile(r"[−+](\d+)")


@pytest.fixture
def equilibre(publier: Publier) -> Bilan:
    return lire_cle((publier(**monde()).identifiant, "2017S2", "equilibre", "ICI 2"))


@pytest.fixture
def aci(publier: Publier) -> Bilan:
    return lire_cle((publier(**monde()).identifiant, "2017S2", "aci", "ICI 2"))


def sommes(essai: Essai) -> list[int]:
    """What is to be reoriented, added up by commune, then by bailleur."""
    return [sum(int(n) for n in NOMBRES.findall(ligne)) for ligne in essai.lieux.split("</p>")[:2]]


def test_the_target_in_force_is_shared_among_communes_and_bailleurs_to_the_unit(equilibre: Bilan) -> None:
    essai = essayer(equilibre, 50)
    assert f"**19{langue.INSECABLE}attributions**" in essai.phrase
    assert "**16 de moins**" in essai.phrase
    assert "**3 de plus**" in essai.phrase
    assert sommes(essai) == [19, 19]


@pytest.mark.parametrize("pourcent", [0, 20, 44, 45, 64, 80, 100])
def test_whatever_the_target_places_add_up_to_the_sentence(equilibre: Bilan, pourcent: int) -> None:
    essai = essayer(equilibre, pourcent)
    if essai.lieux:
        total = int(re.search(r"\*\*(\d+)", essai.phrase)[1])
        assert sommes(essai) == [total, total]
    else:
        assert "ne change rien" in essai.phrase


def test_the_aci_target_counts_first_access_only(aci: Bilan) -> None:
    ensemble = aci.ensemble.iloc[0]
    # 163 attributions, of which 34 + 17 + 2 + 3 mutations (i % 3 == 0): 107 in first access.
    assert ensemble["n_connus"] == 163 - 34 - 17 - 2 - 3
    essai = essayer(aci, 45)
    manque = -(-(45 * 107 - 100 * ensemble["numerateur"]) // 100)
    assert f"**{manque}{langue.INSECABLE}attributions de plus**" in essai.phrase
    assert sommes(essai) == [manque, manque]


@pytest.mark.parametrize("pourcent", [10, 50, 90])
def test_a_commune_under_eleven_attributions_is_named_with_no_figure(equilibre: Bilan, pourcent: int) -> None:
    essai = essayer(equilibre, pourcent)
    montres = essai.lieux + essai.phrase + essai.carte.lecture + "".join(essai.carte.donnees["etiquettes"]["nom"])
    assert "Lannoy" not in montres
    assert "Toufflers" not in montres
    assert set(equilibre.communes["nom"]) == {"Roubaix", "Tourcoing", "Autres communes (Roubaisien)"}
    vues = essai.carte.donnees["communes"].set_index("code_insee")
    assert vues.loc[LANNOY, "classe"] == figures.TROP_FAIBLE
    assert vues.loc[LANNOY, "infobulle"] == "Lannoy : moins de 11 attributions, regroupée avec d’autres"


def test_the_map_says_how_far_each_commune_is_from_the_target_tried(equilibre: Bilan) -> None:
    # Roubaix 66 %, Tourcoing 20 ÷ 45 = 44.4 %
    a_50 = essayer(equilibre, 50).carte.donnees["communes"].set_index("code_insee")["classe"]
    assert (a_50[ROUBAIX], a_50[TOURCOING]) == ("+15 et plus", "−5 à −15")
    a_62 = essayer(equilibre, 62).carte.donnees["communes"].set_index("code_insee")["classe"]
    assert (a_62[ROUBAIX], a_62[TOURCOING]) == ("à ±5 points", "−15 et moins")


def test_the_target_in_force_stays_beside_the_one_tried(equilibre: Bilan) -> None:
    seule = cibles(equilibre, equilibre.objectif.valeur)
    assert seule["est_essayee"].tolist() == [False]
    essai = essayer(equilibre, 45).image.donnees["cibles"]
    assert essai["cible"].tolist() == [0.5, 0.45]
    assert essai["cote"].tolist() == ["droite", "gauche"]  # the lower one is written on the left


@pytest.mark.parametrize("indicateur", ["equilibre", "aci"])
def test_every_column_that_a_drawing_names_is_in_its_frames(publier: Publier, indicateur: str) -> None:
    bilan = lire_cle((publier(**monde()).identifiant, "2017S2", indicateur, "ICI 2"))
    essai = essayer(bilan, 45)
    for figure in (essai.image, essai.carte):
        couches = figure.dessin["couches"]
        assert {c["table"] for c in couches} == set(figure.donnees)
        for couche in couches:
            lus = {c for nom in ("x", "x2", "y", "y2", "texte", "ton", "forme", "si") for c in champs(couche.get(nom))}
            assert lus
            places = {"x", "y"} if couche["table"] == "etiquettes" else set()  # where its degrees fall
            assert lus - places <= set(figure.donnees[couche["table"]].columns), couche


def champs(reglage: object) -> set[str]:
    """The columns that a setting of a layer reads."""
    if isinstance(reglage, str):
        return set() if reglage.startswith("#") else {reglage}
    if isinstance(reglage, tuple):
        return {reglage[0]}
    return {reglage["champ"]} if isinstance(reglage, dict) and "champ" in reglage else set()


def test_a_seance_without_attribution_in_the_ici_says_so_and_draws_nothing(publier: Publier) -> None:
    bilan = lire_cle((publier(**monde()).identifiant, "2017S2", "equilibre", "ICI 1"))
    essai = essayer(bilan, 50)
    assert "il n’y a aucune attribution" in essai.phrase
    assert essai.lieux == ""


def demandes(*lots: tuple[str, int, float]) -> object:
    """(commune wanted, how many, income over the PLUS ceiling): active households of one person, first access."""
    menages = [(commune, ratio) for commune, n, ratio in lots for _ in range(n)]
    return table(
        "demandes",
        *(
            {
                "numero_unique": f"999{i:06d}",
                "date_creation": date(2016, 1, 1),
                "etat": "ACTIVE",
                "n_personnes": 1,
                "revenu_fiscal": ratio * PLAFOND_2017,
                "statut_logement": "LP",
                "communes_souhaitees": [commune],
                **dict.fromkeys(("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru"), False),
            }
            for i, (commune, ratio) in enumerate(menages)
        ),
    )


MODESTE, AISE = 0.3, 0.5


def essai_a_50(publier: Publier, *lots: tuple[str, int, float]) -> tuple[Essai, Bilan]:
    instantane = publier(**monde(), demandes=demandes(*lots))
    bilan = lire_cle((instantane.identifiant, "2017S2", "equilibre", "ICI 2"))
    return essayer(bilan, 50), bilan


def lu(essai: Essai) -> str:
    return essai.phrase.replace(langue.INSECABLE, " ").replace("\u202f", " ")


def test_the_lever_says_who_could_be_housed_and_that_it_can_be_done(publier: Publier) -> None:
    # 16 in less in quartiers fragiles, of Roubaix and Lannoy; 3 in more in Tourcoing. Nobody of a profile that is not
    # asked counts: the modest of Roubaix, those who are not in Tourcoing.
    lots = ((ROUBAIX, 40, AISE), (LANNOY, 20, AISE), (TOURCOING, 12, MODESTE), (ROUBAIX, 5, MODESTE))
    essai, _ = essai_a_50(publier, *lots)
    assert f"{40 + 20 + 12 + 5} demandeurs éligibles : **faisable**." in lu(essai)  # each one once, over the scope
    assert "<span>Roubaix <b>40</b></span>" in essai.lieux
    assert "<span>Tourcoing <b>12</b></span>" in essai.lieux
    assert "le nombre de logements libérés est inconnu" in essai.phrase  # no résidence is given
    vues = essai.carte.donnees["communes"].set_index("code_insee")["infobulle"]
    assert vues[ROUBAIX].endswith("demandeurs éligibles : 40")


def test_what_binds_is_said_and_a_count_under_eleven_is_not(publier: Publier) -> None:
    # 16 shared by bailleur: 14 in less fall on Roubaix, 2 on Lannoy; 12 that are not modest asked for Roubaix.
    essai, bilan = essai_a_50(publier, (ROUBAIX, 12, AISE), (LANNOY, 20, AISE), (TOURCOING, 12, MODESTE))
    assert "**infaisable tel quel**, à Roubaix, il faut 14 ménages non modestes et 12 l’ont demandée." in lu(essai)
    scenario = Scenario("equilibre", Seance.lire("2017S2"), ici="ICI 2", millesime=bilan.cle[0])
    limite = lecture_scenario.resultat(scenario).limite  # what Simuler says of the same target
    assert (limite.commune, limite.n_demandes, limite.n_disponibles) == (ROUBAIX, 14, 12)


@pytest.mark.parametrize(("commune", "dit"), [(ROUBAIX, "à Roubaix"), (LANNOY, "dans une commune de moins de 11")])
def test_a_few_applicants_or_a_small_commune_bind_without_a_number(publier: Publier, commune: str, dit: str) -> None:
    ailleurs = LANNOY if commune == ROUBAIX else ROUBAIX
    essai, _ = essai_a_50(publier, (commune, 1, AISE), (ailleurs, 40, AISE), (TOURCOING, 12, MODESTE))
    assert f"**infaisable tel quel**, {dit}" in lu(essai)
    assert "trop peu de ménages non modestes demandent la commune" in lu(essai)
    assert "Lannoy" not in essai.phrase + essai.lieux
    assert commune == LANNOY or "<span>Roubaix <b>moins de 11</b></span>" in essai.lieux


@pytest.mark.parametrize("pourcent", [50, 70])
def test_without_demandes_nobody_says_whether_it_can_be_done(equilibre: Bilan, pourcent: int) -> None:
    essai = essayer(equilibre, pourcent)
    assert "aucune demande active n’est lisible" in essai.phrase
    assert "faisable" not in essai.phrase
    assert "Demandeurs éligibles" not in essai.lieux


def test_a_commune_whose_quartiers_nobody_knows_is_not_painted_against_an_objective(publier: Publier) -> None:
    # Two modest households in three in Roubaix: at 50 % it would be painted « +15 et plus ».
    sans_quartiers = {nom: t for nom, t in monde().items() if nom != "quartiers"}
    cle = (publier(**sans_quartiers).identifiant, "2017S2", "equilibre", "ICI 2")
    carte = essayer(lire_cle(cle), 50).carte
    communes = carte.donnees["communes"].set_index("code_insee")
    assert communes["classe"][ROUBAIX] == communes["classe"][TOURCOING] == "objectif inconnu"
    assert "objectif inconnu, la fragilité d’aucun quartier n’est connue" in communes["infobulle"][ROUBAIX]
    assert "objectif inconnu" in str(carte.dessin)
    # The ACI have an objective everywhere, quartiers or not; and with quartiers the map says nothing of it.
    aci = essayer(lire_cle((*cle[:2], "aci", cle[3])), 45).carte
    assert "objectif inconnu" not in {*aci.donnees["communes"]["classe"], str(aci.dessin)}


def test_simuler_writes_what_binds_for_the_room_and_never_edits_a_sentence(publier: Publier) -> None:
    # One that is not modest asked for Roubaix: what binds is under eleven.
    lots = ((ROUBAIX, 1, AISE), (LANNOY, 40, AISE), (TOURCOING, 12, MODESTE))
    instantane = publier(**monde(), demandes=demandes(*lots))
    choisi = Perimetre(instantane, Seance.lire("2017S2"), "ICI 2", ())
    resultat = lecture_scenario.resultat(lecture_scenario.nouveau(choisi, "equilibre", {}))
    dite, exacte = (
        x.replace(langue.INSECABLE, " ").replace("\u202f", " ")
        for x in (lecture_scenario.phrase(choisi, resultat), resultat.phrase)
    )
    assert "il faut 14 ménages non modestes et 1 l’a demandée" in exacte
    assert "trop peu de ménages non modestes demandent la commune" in dite
    # Whatever the words around what binds, the count is not in the sentence of the room.
    autre = replace(resultat, texte=replace(resultat.texte, avant="En d’autres mots, ", apres=" ; voilà."))
    lue = lecture_scenario.phrase(choisi, autre)
    assert lue.startswith("En d’autres mots, c’est infaisable tel quel")
    assert "14" not in lue
