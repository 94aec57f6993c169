"""A label column missing from a file makes its rows unknown (contract §1): no row is known not to bear it."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from mel_core.contrat.mapping import Mapping
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import compute
from mel_core.indicateurs.manques import declarations, silence
from mel_core.segments import Condition, Criteres, SegmentLibre, count
from mel_core.socle.periodes import Periode
from tests.jeux import attribution, bailleurs, build_store, chargement, serve, table

ETIQUETTES = ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")


@pytest.fixture
def publish(tmp_path):
    """The store after the import of twenty attributions whose label columns are those given; the first two bear the
    label `porte`."""

    def faire(colonnes, mapping="", porte="dalo"):
        lignes = [";".join(("id_attribution", "numero_unique", "date_bail", "code_insee", "code_bailleur", "mutation"))]
        lignes[0] += "".join(f";{c}" for c in colonnes)
        for rang in range(20):
            labels = "".join(f";{'oui' if c == porte and rang < 2 else ''}" for c in colonnes)
            lignes.append(f"A{rang};9990{rang};2017-09-30;59350;B1;non{labels}")
        (tmp_path / "jeu").mkdir(exist_ok=True)
        (tmp_path / "jeu" / "attributions.csv").write_text("\n".join(lignes), encoding="utf-8")
        (tmp_path / "jeu" / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un bailleur\n", encoding="utf-8")
        entrepot = Entrepot(tmp_path / "depot")
        return entrepot, import_files(
            tmp_path / "jeu", entrepot, mapping=Mapping.depuis_texte(mapping) if mapping else None, nature="fictive"
        )

    return faire


def ask(entrepot, nom):
    with entrepot.open(Portee.mel()) as lecteur:
        ligne = compute(lecteur, nom, Periode.de("2017S2")).iloc[0]
        return {c: None if pd.isna(v) else v for c, v in ligne.items()}


def test_rows_that_bear_another_label_of_the_aci_are_not_counted_alone(publish):
    # 2 DALO of 20: without the column of the ACI, 2 of 2 were « known », hence 100 % and « atteint ».
    entrepot, importation = publish(("dalo", "pdalhpd", "mutation_bloquee", "npru"))
    ligne = ask(entrepot, "aci")
    assert (ligne["n"], ligne["n_connus"], ligne["n_inconnus"], ligne["numerateur"]) == (20, 0, 20, 0)
    assert (ligne["part"], ligne["verdict"], ligne["ecart_attributions"]) == (None, None, None)
    assert (ligne["part_min"], ligne["part_max"]) == (0, 1)
    assert (ligne["motif"], ligne["colonnes_absentes"]) == ("colonne_absente", "aci")
    assert ask(entrepot, "droit_commun")["n_connus"] == 0
    assert ask(entrepot, "npru")["part"] == 0  # its own column is there: 0 of 20 is known
    (dit,) = [a for a in importation.rapport.anomalies if a.regle == "etiquette_absente"]
    assert (dit.gravite, dit.colonne) == ("avertissement", "aci")
    assert "[attributions.absentes]" in dit.message
    assert "les ménages ACI" in dit.message


def test_every_label_column_there_makes_every_row_known(publish):
    entrepot, _ = publish(ETIQUETTES)
    ligne = ask(entrepot, "aci")
    assert (ligne["n_connus"], ligne["numerateur"], ligne["part"]) == (20, 2, 0.1)
    assert (ligne["motif"], ligne["colonnes_absentes"]) == (None, None)


def test_a_column_said_to_cover_others_fills_their_absence_and_it_is_said(publish):
    mapping = '[attributions.couvre]\naci = ["dalo", "pdalhpd"]\n'
    entrepot, importation = publish(("aci", "mutation_bloquee", "npru"), mapping, porte="aci")
    assert ask(entrepot, "aci")["part"] == 0.1
    assert ask(entrepot, "droit_commun")["part"] == 0.9
    with entrepot.open(Portee.mel()) as lecteur:
        (dalo, pdalhpd) = declarations(lecteur, "aci")
        assert declarations(lecteur, "npru") == ()
    assert dalo.phrase().startswith("« dalo » n’a pas de colonne dans « attributions » : déclaré compris dans « aci »")
    assert pdalhpd.colonne == "pdalhpd"
    assert {a.regle for a in importation.rapport.anomalies} >= {"etiquette_declaree"}


def test_a_column_that_does_not_exist_covers_nothing(publish):
    entrepot, _ = publish(("mutation_bloquee", "npru"), '[attributions.couvre]\naci = ["dalo", "pdalhpd"]\n')
    ligne = ask(entrepot, "aci")
    assert (ligne["n_connus"], ligne["colonnes_absentes"]) == (0, "aci|dalo|pdalhpd")


def test_a_label_that_nobody_is_said_to_bear_is_known_and_said(publish):
    entrepot, _ = publish(("aci", "dalo", "pdalhpd", "mutation_bloquee"), "[attributions.absentes]\nnpru = false\n")
    assert (ask(entrepot, "npru")["n_connus"], ask(entrepot, "npru")["part"]) == (20, 0)
    assert ask(entrepot, "droit_commun")["part"] == 0.9
    with entrepot.open(Portee.mel()) as lecteur:
        (dite,) = declarations(lecteur, "droit_commun")
    assert "aucun ménage ne le porte" in dite.phrase()


def test_what_was_declared_goes_when_a_file_brings_the_column(publish):
    publish(("aci", "dalo", "pdalhpd", "mutation_bloquee"), "[attributions.absents]\nnpru = false\n")
    entrepot, _ = publish(ETIQUETTES)
    with entrepot.open(Portee.mel()) as lecteur:
        assert declarations(lecteur, "npru") == ()


def depot(tmp_path, *lignes):
    return build_store(
        tmp_path / "direct", chargement(attributions=table("attributions", *lignes), bailleurs=bailleurs("B1", "B2"))
    )


def test_rows_of_a_file_without_the_column_stay_unknown_beside_those_of_another_file(tmp_path):
    # B1: 10 rows, 4 ACI, all known. B2: 10 rows without the column of the DALO, of which 5 bear ACI.
    lignes = [attribution(i, aci=i < 4) for i in range(10)]
    lignes += [attribution(10 + i, code_bailleur="B2", aci=i < 5, dalo=None) for i in range(10)]
    with depot(tmp_path, *lignes).open(Portee.mel()) as lecteur:
        ensemble = compute(lecteur, "aci", Periode.de("2017S2")).iloc[0]
        par_bailleur = compute(lecteur, "aci", Periode.de("2017S2"), ("bailleur",)).set_index("bailleur")
        communs = compute(lecteur, "droit_commun", Periode.de("2017S2"), ("bailleur",)).set_index("bailleur")
    assert (ensemble["n_connus"], ensemble["n_inconnus"], ensemble["part"]) == (10, 10, 0.4)
    assert (ensemble["motif"], ensemble["colonnes_absentes"]) == (None, "dalo")  # some are known: no motif
    assert par_bailleur["n_connus"].to_dict() == {"B1": 10, "B2": 0}
    assert par_bailleur.loc["B2", "motif"] == "colonne_absente"
    assert pd.isna(par_bailleur.loc["B1", "colonnes_absentes"])
    assert communs["n_connus"].to_dict() == {"B1": 10, "B2": 0}


def test_without_the_column_of_the_npru_a_household_of_the_first_quartile_is_not_counted_alone(tmp_path):
    # 2024: threshold 9 324 € a year; 700 × 12 = 8 400 is under it, 900 × 12 = 10 800 above. Outside a QPV.
    bas, haut = {"ressources_mensuelles": 700.0, "n_uc": 1.0}, {"ressources_mensuelles": 900.0, "n_uc": 1.0}
    lieu = {"date_bail": pd.Timestamp(2024, 9, 30).date(), "code_quartier": "Q"}
    entrepot = Entrepot(tmp_path / "direct")
    quartiers = table("quartiers", {"code_quartier": "Q", "nom": "Q", "code_insee": "59350"})
    lignes = [attribution(1, **lieu, **bas), attribution(2, **lieu, **haut)]
    lignes += [attribution(3, **lieu, **bas, npru=None), attribution(4, **lieu, **haut, npru=None)]
    with entrepot.reserve():
        serve(
            entrepot,
            chargement(attributions=table("attributions", *lignes), bailleurs=bailleurs("B1"), quartiers=quartiers),
        )
    with entrepot.open(Portee.mel()) as lecteur:
        ligne = compute(lecteur, "q1_hors_qpv", Periode.de("2024S2")).iloc[0]
        assert "colonnes_absentes" not in compute(lecteur, "autres_en_qpv", Periode.de("2024S2"))
    assert (ligne["n"], ligne["n_connus"], ligne["numerateur"], ligne["colonnes_absentes"]) == (4, 2, 1, "npru")


def test_the_aci_that_wait_are_unknown_when_one_of_their_columns_is_missing(tmp_path):
    demande = {"date_creation": pd.Timestamp(2014, 1, 1).date(), "etat": "ACTIVE", "n_personnes": 1}
    connues = dict.fromkeys(ETIQUETTES, False)
    lignes = [
        {**demande, **connues, "numero_unique": "p1", "aci": True},
        {**demande, **connues, "numero_unique": "p2"},
        {**demande, **connues, "numero_unique": "p3", "aci": True, "dalo": None},  # of a file without DALO
    ]
    entrepot = build_store(tmp_path / "direct", chargement(demandes=table("demandes", *lignes)))
    with entrepot.open(Portee.mel()) as lecteur:
        assert count(lecteur, "aci_en_attente", Criteres(pd.Timestamp(2017, 12, 31).date())) == 1


def test_a_segment_names_the_label_columns_that_it_misses(publish, tmp_path):
    publish(ETIQUETTES)
    (tmp_path / "jeu" / "demandes.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;aci;dalo\n99900;2014-01-01;ACTIVE;2;oui;non\n", encoding="utf-8"
    )
    entrepot = Entrepot(tmp_path / "depot")
    import_files(tmp_path / "jeu", entrepot, nature="fictive")
    libre = SegmentLibre((Condition("aci", "est", True), Condition("npru", "est", False)))
    with entrepot.open(Portee.mel()) as lecteur:
        # One column of the three is enough to make every row unknown.
        assert [m.colonnes for m in silence(lecteur, "aci_en_attente").manques] == [("pdalhpd",)]
        assert [m.colonnes for m in silence(lecteur, libre).manques] == [("npru",)]
        assert count(lecteur, "aci_en_attente", Criteres(pd.Timestamp(2017, 12, 31).date())) == 0


def test_a_snapshot_published_before_labels_were_told_apart_still_opens_and_names_them(publish):
    entrepot, importation = publish(("aci", "pdalhpd", "mutation_bloquee", "npru"))
    with duckdb.connect(str(chemin(entrepot.dossier, importation.instantane.identifiant))) as base:
        base.execute("alter table attributions_qualifiees drop column etiquettes_absentes")
        base.execute("alter table tables_chargees drop column declarees")
    ancien = Entrepot(entrepot.dossier)
    ligne = ask(ancien, "aci")
    assert (ligne["n_connus"], ligne["motif"], ligne["colonnes_absentes"]) == (0, "colonne_absente", "dalo")
    with ancien.open(Portee.mel()) as lecteur:
        assert declarations(lecteur, "aci") == ()
    # The tables of an old snapshot are carried over by the next load.
    _, suivante = publish(ETIQUETTES)
    assert suivante.a_change
