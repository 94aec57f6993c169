"""Dated parameters of a store: what is in force, and what a version added changes or leaves alone."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import compute
from mel_core.indicateurs.comptage import freeze
from mel_core.indicateurs.parametrage import add, en_toml, versions
from mel_core.journal import Auteur, Journal
from mel_core.objectifs import Parametres
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.jeux import attribution, bailleurs, chargement, table

S2_2017, S2_2018 = Seance.read("2017S2"), Seance.read("2018S2")
ACI_50 = {"indicateur": "aci", "valeur": Decimal("0.50"), "depuis": date(2018, 1, 1), "source": "Avenant d’essai"}


def ajouter_de(entrepot, section, valeurs, nom):
    return add(entrepot, Journal.du_dossier(entrepot.dossier), section, valeurs, Auteur(nom))


def jeu(n=10):
    """`n` first-access attributions in each of 2017S2 and 2018S2, four of them to ACI households."""
    lignes = [
        attribution(100 * annee + i, date_bail=date(annee, 9, 30), aci=i < 4)
        for annee in (2017, 2018)
        for i in range(n)
    ]
    return chargement(bailleurs=bailleurs("B1"), attributions=table("attributions", *lignes))


@pytest.fixture
def entrepot(tmp_path):
    entrepot = Entrepot(tmp_path)
    entrepot.publish(jeu())
    return entrepot


def read(entrepot, seance):
    """With ordinary spaces, so that what is expected can be read."""
    with entrepot.open(Portee.mel(), seance) as lecteur:
        return versions(lecteur, seance).replace(r"\s", " ", regex=True)


def aci(entrepot, seance):
    with entrepot.open(Portee.mel(), seance) as lecteur:
        ligne = compute(lecteur, "aci", Periode.de(seance)).iloc[0]
    return ligne["numerateur"], ligne["cible"], ligne["ecart_attributions"]


def etats(table, debut):
    """Of the time of these tests: what is embedded later is another story."""
    est_d_alors = table["depuis"].isna() | (table["depuis"].fillna(date.min) < date(2026, 1, 1))
    return table.loc[table["parametre"].str.startswith(debut) & est_d_alors, ["valeur", "etat"]].to_numpy().tolist()


def test_every_embedded_parameter_is_shown_with_its_source_its_author_and_what_is_assumed(entrepot):
    table = read(entrepot, S2_2017)
    en_vigueur = table[table["etat"] == "en vigueur"].set_index("parametre")
    assert len(en_vigueur) == 4 + 1 + 1 + 1  # targets, bounds, IPS rule, ceilings of 2017
    equilibre = en_vigueur.loc["Objectif : Équilibre territorial 50/50"]
    assert equilibre["valeur"] == snapshot("50 % (± 5 points en fragilité moyenne)")
    assert equilibre["depuis"] == date(2017, 3, 17)
    assert en_vigueur.loc["Bornes des ressources", "valeur"] == snapshot("20 %, 40 % et 60 % du plafond PLUS")
    assert set(en_vigueur.index[en_vigueur["est_hypothese"]]) == {
        "Bornes des ressources",
        "Fragilité d’un quartier selon son IPS",
    }
    assert set(table.loc[table["etat"] != "absent", "auteur"]) == {"l’application"}
    assert (table["source"] != "").all()
    assert etats(table, "Seuil du premier quartile 2017") == [["—", "absent"]]


def test_a_store_made_before_a_target_could_be_that_of_a_place_says_the_same(entrepot, tmp_path_factory):
    ancien = Path(shutil.copytree(entrepot.dossier, tmp_path_factory.mktemp("ancien") / "depot"))
    with duckdb.connect(str(chemin(ancien, entrepot.instantane().identifiant))) as base:
        for colonne in ("commune", "bailleur", "reservataire", "sens", "en_nombre"):
            base.execute(f"alter table parametres_cibles drop column {colonne}")
    pd.testing.assert_frame_equal(read(Entrepot(ancien), S2_2017), read(entrepot, S2_2017))


def test_a_target_is_not_in_force_before_its_date(entrepot):
    assert etats(read(entrepot, Seance.read("2016S2")), "Objectif : Ménages prioritaires") == [["45 %", "à venir"]]


def test_an_added_target_counts_from_its_date_on_and_the_past_does_not_move(entrepot):
    # 45 % of 10 is 4.5: one household is missing from 4. 60 % of 10 is 6: two are.
    assert aci(entrepot, S2_2018) == (4, 0.45, 1)
    assert add(
        entrepot,
        Journal.du_dossier(entrepot.dossier),
        "cibles",
        {**ACI_50, "valeur": Decimal("0.60")},
        Auteur("Camille Essai"),
    )
    assert aci(entrepot, S2_2018) == (4, 0.60, 2)
    assert aci(entrepot, S2_2017) == (4, 0.45, 1)
    assert etats(read(entrepot, S2_2018), "Objectif : Ménages prioritaires") == [
        ["45 %", "remplacée"],
        ["60 %", "en vigueur"],
    ]
    assert etats(read(entrepot, S2_2017), "Objectif : Ménages prioritaires") == [
        ["45 %", "en vigueur"],
        ["60 %", "à venir"],
    ]
    assert "Camille Essai" in set(read(entrepot, S2_2018)["auteur"])


def test_the_same_version_twice_changes_nothing(entrepot):
    assert ajouter_de(entrepot, "cibles", ACI_50, "Camille Essai")
    assert not ajouter_de(entrepot, "cibles", ACI_50, "Camille Essai")


def test_two_versions_of_one_day_the_last_added_is_in_force(entrepot):
    ajouter_de(entrepot, "cibles", ACI_50, "Camille Essai")
    add(
        entrepot,
        Journal.du_dossier(entrepot.dossier),
        "cibles",
        {**ACI_50, "valeur": Decimal("0.55")},
        Auteur("Dominique Essai"),
    )
    assert etats(read(entrepot, S2_2018), "Objectif : Ménages prioritaires") == [
        ["45 %", "remplacée"],
        ["50 %", "remplacée"],
        ["55 %", "en vigueur"],
    ]


def test_a_frozen_seance_keeps_its_target_and_one_with_its_own_data_keeps_its_data(entrepot):
    freeze(entrepot, S2_2018)
    entrepot.publish(jeu(20), S2_2017, entrepot.instantane())
    retroactive = {**ACI_50, "depuis": date(2017, 3, 17)}
    ajouter_de(entrepot, "cibles", retroactive, "Camille Essai")
    assert aci(entrepot, S2_2018) == (4, 0.45, 1)
    # Its own twenty attributions are still there: 50 % of 20 is 10, 6 are missing from 4.
    assert aci(entrepot, S2_2017) == (4, 0.50, 6)


def test_a_missing_threshold_can_be_given(entrepot):
    seuil = {"annee": 2017, "seuil_eur_uc": Decimal("7300.10"), "source": "Arrêté d’essai"}
    assert add(
        entrepot, Journal.du_dossier(entrepot.dossier), "seuils_premier_quartile", seuil, Auteur("Camille Essai")
    )
    assert etats(read(entrepot, S2_2017), "Seuil du premier quartile 2017") == [
        ["7 300,10 € par unité de consommation", "en vigueur"]
    ]


@pytest.mark.parametrize(
    ("section", "valeurs", "auteur", "dit"),
    [
        ("cibles", {**ACI_50, "valeur": Decimal(45)}, "C. Essai", "entre 0 et 1"),
        ("cibles", {**ACI_50, "source": " "}, "C. Essai", "d’où vient la valeur"),
        ("cibles", ACI_50, " ", "donner d’abord votre nom"),
        (
            "bornes_ressources",
            {"depuis": date(2018, 1, 1), "bornes": [Decimal("0.4"), Decimal("0.2"), Decimal("0.6")], "source": "x"},
            "C. Essai",
            "trois nombres croissants",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence_and_nothing_is_published(
    entrepot, section, valeurs, auteur, dit
):
    avant = entrepot.instantane()
    with pytest.raises(AppelIncorrect) as refus:
        ajouter_de(entrepot, section, valeurs, auteur)
    assert dit in str(refus.value)
    assert "\n" not in str(refus.value)
    assert entrepot.instantane() == avant


def test_each_version_is_a_line_of_the_journal_with_who_what_and_from_which_source(entrepot):
    journal = Journal.du_dossier(entrepot.dossier)
    for _ in range(2):  # the same again changes nothing, and is not a line
        add(entrepot, journal, "cibles", ACI_50, Auteur("Camille Essai", "MEL"))
    (ligne,) = journal.find_all("parametre")
    assert (ligne.auteur.nom, ligne.auteur.organisation) == ("Camille Essai", "MEL")
    attendu = {cle: str(valeur) for cle, valeur in ACI_50.items()}
    assert ligne.contenu == {"section": "cibles", **attendu, "auteur": "Camille Essai"}


def test_an_empty_store_says_to_import_first(tmp_path):
    with pytest.raises(ErreurUtilisateur, match="en importer un"):
        add(Entrepot(tmp_path), Journal.du_dossier(tmp_path), "cibles", ACI_50, Auteur("C. Essai"))


@given(texte=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), min_size=1))
def test_whatever_is_typed_as_a_source_is_read_back_as_typed(texte):
    if texte.strip():
        (cible,) = Parametres.read(en_toml("cibles", {**ACI_50, "source": texte}), "essai").cibles
        assert cible.source == texte.strip()
