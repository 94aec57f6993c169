"""The measures of the bilan without what they need: each says what is missing, where to import it, and draws none."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import streamlit as st

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement, Entrepot
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.manques import BESOINS_DES_COUPES
from tests.ecrans import metropole
from tests.ecrans.vue import Piece, open
from tests.jeux import attribution, bailleurs, table

MINIMALES = ("id_attribution", "pseudonyme", "date_bail", "code_insee", "code_bailleur", "mutation")


def dit(pieces: list[Piece], zone: str = "") -> str:
    return " ".join(str(p.contenu) for p in pieces if not zone or p.zone == zone)


def test_on_an_empty_store_every_measure_says_what_to_import(magasin: Path) -> None:
    for code in MESURES:
        assert "Aucun jeu de données n’est publié\u00a0: en importer un" in dit(open(objectif=code)), code


def test_without_the_optional_columns_every_measure_says_which_one_is_missing(magasin: Path) -> None:
    attributions = table("attributions", *(attribution(i) for i in range(40)))
    tables = {"attributions": attributions, "bailleurs": bailleurs("B1")}
    colonnes = {"attributions": frozenset(MINIMALES), "bailleurs": frozenset(("code_bailleur", "nom"))}
    entrepot = Entrepot(magasin)
    with entrepot.reserve():
        entrepot.publish(Chargement(tables, colonnes, "fictive"))
    for code, mesure in MESURES.items():
        pieces = open(seance="2017S2", objectif=code)
        message = dit(pieces, "message")
        coupe = BESOINS_DES_COUPES.get(mesure.cellule[0], ()) if mesure.cellule else ()
        for besoin in (*INDICATEURS[mesure.indicateur].requis, *coupe):
            est_la_table = TABLES[besoin.table].colonne(besoin.colonnes[0]).requise
            dites = (besoin.table,) if est_la_table else besoin.colonnes
            assert any(f"«\u00a0{colonne}\u00a0»" in message for colonne in dites), (code, besoin, message)
        assert "importer depuis Préparer › Imports" in message
        assert not [p for p in pieces if p.zone == "mesure_vue" or p.genre == "graphique"]


@pytest.mark.parametrize("code", ["q1_hors_qpv", "autres_en_qpv"])
def test_a_threshold_that_nobody_found_is_said_with_its_remedy_and_the_rule_beside_the_local_one(
    demonstration_copiee: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(demonstration_copiee))
    st.cache_resource.clear()
    st.cache_data.clear()
    pieces = open(seance="2017S2", ici="ICI 2", objectif=code)
    assert "2017 n’a pas été retrouvé" in dit(pieces, "message").replace("\u00a0", " ").replace("**", "")
    assert "seuil_eur_uc" in dit(pieces, "remede")
    (regles,) = [str(p.contenu) for p in pieces if 'class="regles"' in str(p.contenu)]
    for dite in ("Règle nationale", "L. 441-1", "CIET, article 5"):
        assert dite in regles.replace("\u00a0", " ")


def test_a_cut_whose_column_no_file_had_says_which_one_where_its_picture_would_be(magasin: Path) -> None:
    tables = metropole.tables()
    sans = {"communes": {"typologie_fragilite"}, "residences": {"enjeu_mixite"}}
    colonnes = {nom: frozenset(t.column_names) - sans.get(nom, set()) for nom, t in tables.items()}
    for nom, absentes in sans.items():
        for i, champ in ((tables[nom].column_names.index(c), tables[nom].schema.field(c)) for c in absentes):
            tables[nom] = tables[nom].set_column(i, champ, pa.nulls(len(tables[nom]), champ.type))
    entrepot = Entrepot(magasin)
    with entrepot.reserve():
        entrepot.publish(Chargement(tables, colonnes, "fictive"))
    pieces = open(seance="2017S2", objectif="aci_lieux", coupe="typologie_fragilite")
    (refus,) = [str(p.contenu) for p in pieces if 'class="refus"' in str(p.contenu)]
    assert "«\u00a0Typologie des communes\u00a0» ne peut pas être connu" in refus
    assert "la colonne «\u00a0typologie_fragilite\u00a0» de «\u00a0communes\u00a0»" in refus
    assert "importer depuis Préparer › Imports" in refus
    pieces = open(seance="2017S2", objectif="enjeu_mixite")
    assert "«\u00a0Enjeu de mixité\u00a0» ne peut pas être connu" in dit(pieces, "message")
    assert "la colonne «\u00a0enjeu_mixite\u00a0» de «\u00a0residences\u00a0»" in dit(pieces, "message")
    assert not [p for p in pieces if p.zone == "mesure_vue" or p.genre == "graphique"]
