"""Préparer › Objectifs: a version is written when it is asked for, and by nothing else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import COPILOTE
from mel_core.indicateurs import parametrage
from mel_core.journal import Auteur, Journal
from pages.commun import donnees
from tests.cli.appel import ici
from tests.ecrans.conftest import ROUBAIX, TOUFFLERS
from tests.ecrans.vue import see, visit

ROUBAISIENNE = ("--seance", "2017S2", "--periode", "annee", "--par", "commune", "--commune", ROUBAIX)


def open() -> AppTest:
    return see("objectifs", {"profil_repete": COPILOTE, "auteur_nom": "C. Essai"})


def add(essai: AppTest) -> AppTest:
    next(b for b in essai.button if b.label == "Ajouter cette version").click().run()
    assert not essai.exception
    return essai


def dits(essai: AppTest) -> str:
    ecrits = [str(h.proto.body) for h in essai.get("html")] + [x.value for x in (*essai.error, *essai.success)]
    return " ".join(ecrits).replace("\u00a0", " ")


def test_a_version_is_written_once_when_its_key_is_pressed_with_its_source(monde_publie: Path) -> None:

    def ecrites() -> list[str]:
        return [f.objet for f in Journal.du_dossier(monde_publie).ecritures()]

    essai = open()
    assert ecrites() == []
    essai.number_input(key="objectif_part").set_value(47.0)
    essai.text_input(key="source").set_value("Délibération du 3 janvier 2018")
    add(essai)
    assert (
        "Version ajoutée (objectif « Équilibre territorial 50/50 », toute la Métropole, 47 %, à partir du 1er juillet "
        "2017) : les séances qui ne sont pas gelées la lisent dès maintenant."
    ) in lisible(essai)
    assert len(ecrites()) == 1
    essai.run()
    assert len(ecrites()) == 1


def lisible(essai: AppTest) -> str:
    avertis = " ".join(x.value for x in essai.warning)
    return f"{dits(essai)} {avertis}".replace("\u202f", " ").replace("\u00a0", " ")


def target(essai: AppTest, indicateur: str, valeur: float, *, en_nombre: bool, commune: str = "") -> AppTest:
    essai.selectbox(key="objectif_nom").set_value(indicateur)
    essai.number_input(key="objectif_part").set_value(valeur)
    if en_nombre:
        essai.checkbox(key="objectif_en_nombre").check()
    if commune:
        essai.selectbox(key="objectif_commune").set_value(commune)
    essai.text_input(key="source").set_value("Charte d’essai")
    return add(essai)


def written() -> list[dict[str, object]]:
    return [dict(f.contenu) for f in Journal.du_dossier(donnees.entrepot().dossier).find_all("parametre")]


def test_a_number_beyond_what_there_is_is_asked_before_it_is_kept(monde_publie: Path) -> None:
    # 7 attributions in Toufflers, of which 3 are mutations (one in three): 4 first accesses.
    essai = target(open(), "aci", 150, en_nombre=True, commune=TOUFFLERS)
    assert "150 par an : on ne compte ici que 4 premiers accès en 12 mois." in lisible(essai)
    assert written() == []
    essai.button(key="garder_version").click().run()
    assert "Toufflers, 150 attributions par an, à partir du 1er juillet 2017" in lisible(essai)
    assert [(x["valeur"], x["en_nombre"], x["commune"]) for x in written()] == [("150.0", "True", TOUFFLERS)]


def test_a_share_that_may_be_a_number_is_asked_before_it_is_kept(monde_publie: Path) -> None:
    # 163 attributions, none blocked: 30 % of them would be 49.
    essai = target(open(), "mutations_bloquees", 30, en_nombre=False)
    assert "30 % de 163 attributions, c’est 49 par an, pour 0 constatées : si c’est un nombre" in lisible(essai)
    assert written() == []


def test_a_version_of_a_date_to_come_says_from_when_it_is_read(monde_publie: Path) -> None:
    essai = open()
    essai.date_input(key="depuis").set_value(date(2018, 1, 1))
    assert "la lisent à partir du 1er janvier 2018" in lisible(target(essai, "aci", 40, en_nombre=False))
    essai = open()
    essai.date_input(key="depuis").set_value(date(2026, 1, 1))
    essai = target(essai, "aci", 41, en_nombre=False)
    assert "Elle ne comptera qu’à partir du 1er janvier 2026, bien après la séance 2017S2." in lisible(essai)
    assert len(written()) == 1


def test_an_objective_in_number_of_a_commune_or_of_a_cross_is_judged_on_the_screen_of_its_measure(
    monde_publie: Path,
) -> None:
    for lieu in ({}, {"bailleur": "B1"}):
        valeurs = {"indicateur": "npru", "valeur": Decimal(40), "commune": ROUBAIX, **lieu, "en_nombre": True}
        valeurs |= {"depuis": date(2017, 1, 1), "source": "Charte d’essai"}
        parametrage.add(
            donnees.entrepot(), Journal.du_dossier(donnees.entrepot().dossier), "cibles", valeurs, Auteur("A.")
        )
    essai = visit("bilan", {"profil_repete": COPILOTE}, seance="2017S2", ici="ICI 2", objectif="npru").run()
    lus = " ".join(m.value for m in essai.markdown).replace("\u00a0", " ")
    reponse = json.loads(ici("indicateur", "npru", *ROUBAISIENNE, donnees=donnees.entrepot().dossier).stdout)[0]
    k, manque = reponse["numerateur"], reponse["ecart_attributions"]
    assert (reponse["cible"], manque) == (40, 40 - k)
    assert f"Roubaix : {k} sur 40, il en manque {manque}" in lus
    assert "Roubaix · Bailleur B1 :" in lus


def test_a_version_without_a_source_is_refused_in_a_sentence(monde_publie: Path) -> None:
    essai = add(open())
    assert "source" in dits(essai).lower()
    assert "Version ajoutée" not in dits(essai)
    assert not list(Journal.du_dossier(monde_publie).ecritures())
