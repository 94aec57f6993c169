"""Two vintages compared before publishing: rows by key, headline figures, and why they move."""

from __future__ import annotations

import csv

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import import_files
from mel_core.indicateurs.comparaison_millesimes import compare, say_ecart, say_part
from mel_core.indicateurs.comptage import freeze
from mel_core.socle.erreurs import DonneesRefusees
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE


def attribution(rang, aci="N", jour="2017-09-30", **valeurs):
    return {
        "id_attribution": f"A{rang}",
        "numero_unique": f"99900000000000000{rang}",
        "date_bail": jour,
        "code_insee": LILLE,
        "code_bailleur": "B1",
        "mutation": "N",
        "aci": aci,
        "dalo": "N",
        "pdalhpd": "N",
        **valeurs,
    }


def write(dossier, attributions, bailleurs=("B1",)):
    dossier.mkdir()
    tables = {
        "bailleurs": [{"code_bailleur": b, "nom": f"Bailleur {b}"} for b in bailleurs],
        "attributions": attributions,
    }
    for nom, lignes in tables.items():
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as fichier:
            plume = csv.DictWriter(fichier, lignes[0])
            plume.writeheader()
            plume.writerows(lignes)
    return dossier


# Four first-access attributions, one ACI: 1 of 4.
AVANT = [attribution(1, "O"), attribution(2), attribution(3), attribution(4)]
# A1 stays, A2 becomes ACI, A3 is gone, A4 stays, A5 and A6 (ACI) are new: 3 of 5.
APRES = [attribution(1, "O"), attribution(2, "O"), attribution(4), attribution(5), attribution(6, "O")]


@pytest.fixture
def entrepot(tmp_path):
    entrepot = Entrepot(tmp_path / "donnees")
    import_files(write(tmp_path / "avant", AVANT), entrepot, nature="fictive")
    return entrepot


def ligne(lignes, **ou):
    for colonne, valeur in ou.items():
        lignes = lignes[lignes[colonne] == valeur]
    (trouvee,) = lignes.to_dict("records")
    return {c: v for c, v in trouvee.items() if c not in ou}


def test_rows_added_gone_and_changed_are_counted_by_key_in_each_table(tmp_path, entrepot):
    nouveau = write(tmp_path / "apres", APRES, bailleurs=("B1", "B2"))
    tables = compare(nouveau, entrepot, nature="fictive").tables
    assert ligne(tables, table="attributions") == {
        "avant": 4,
        "apres": 5,
        "ajoutees": 2,
        "parties": 1,
        "changees": 1,
    }
    assert ligne(tables, table="bailleurs") == {"avant": 1, "apres": 2, "ajoutees": 1, "parties": 0, "changees": 0}
    assert ligne(tables, table="demandes") == {"avant": 0, "apres": 0, "ajoutees": 0, "parties": 0, "changees": 0}


def test_a_headline_figure_says_before_after_and_what_moved_it(tmp_path, entrepot):
    figures = compare(write(tmp_path / "apres", APRES), entrepot, nature="fictive").indicateurs
    aci = ligne(figures, seance="2017S2", indicateur="aci", groupe="ensemble")
    assert (aci["numerateur_avant"], aci["n_connus_avant"], aci["part_avant"]) == (1, 4, 1 / 4)
    assert (aci["numerateur_apres"], aci["n_connus_apres"], aci["part_apres"]) == (3, 5, 3 / 5)
    assert (aci["entrees"], aci["sorties"], aci["reclassees"]) == (2, 1, 1)
    # What enters and leaves accounts for the whole difference of the population: 4 + 2 - 1 = 5.


def test_part_of_a_year_says_its_months_and_is_compared_with_the_same_months_alone(tmp_path, entrepot):
    deja = {a["id_attribution"]: a for a in (attribution(7, jour="2017-03-31"), attribution(8, jour="2017-12-31"))}
    apres = compare(write(tmp_path / "apres", [*APRES, *deja.values()]), entrepot, nature="fictive").indicateurs
    memes = compare(write(tmp_path / "memes", APRES), entrepot, nature="fictive").indicateurs
    dits = []
    for figures in (apres, memes):
        (aci,) = figures[(figures["seance"] == "2017S2") & (figures["indicateur"] == "aci")].itertuples()
        dits.append([say_part(aci, "avant"), say_part(aci, "apres"), say_ecart(aci)])
    assert [[dit.replace("\u00a0", " ").replace("\u202f", " ") for dit in siens] for siens in dits] == snapshot(
        [
            ["25 % (1 sur 4, 1 mois sur 12)", "42,9 % (3 sur 7, 10 mois sur 12)", "périodes inégales"],
            ["25 % (1 sur 4, 1 mois sur 12)", "60 % (3 sur 5, 1 mois sur 12)", "+35 points"],
        ]
    )


def test_a_quartier_that_becomes_fragile_moves_attributions_from_a_cell_to_the_other(tmp_path, entrepot):
    dossier = write(tmp_path / "apres", [{**a, "code_quartier": "593500101"} for a in AVANT])
    (dossier / "quartiers.csv").write_text(
        f"code_quartier;nom;code_insee;fragilite\n593500101;Q;{LILLE};fragile\n", encoding="utf-8"
    )
    figures = compare(dossier, entrepot, nature="fictive").indicateurs
    equilibre = {"seance": "2017S2", "indicateur": "equilibre"}
    parti = ligne(figures, **equilibre, groupe="inconnu")
    venu = ligne(figures, **equilibre, groupe="fragile")
    assert (parti["entrees"], parti["sorties"]) == (0, 4)
    assert (venu["entrees"], venu["sorties"]) == (4, 0)


def test_the_same_files_compared_change_nothing(tmp_path, entrepot):
    comparaison = compare(tmp_path / "avant", entrepot, nature="fictive")
    assert comparaison.est_identique
    assert not comparaison.indicateurs[["entrees", "sorties", "reclassees"]].to_numpy().any()


def test_comparing_publishes_nothing_and_leaves_nothing_behind(tmp_path, entrepot):
    avant = entrepot.instantane()
    fichiers = sorted(entrepot.dossier.rglob("*.duckdb"))
    assert not compare(write(tmp_path / "apres", APRES), entrepot, nature="fictive").est_identique
    assert entrepot.instantane() == avant
    assert sorted(entrepot.dossier.rglob("*.duckdb")) == fichiers
    assert not list(entrepot.dossier.glob(".essai-*"))


def test_a_frozen_seance_is_not_compared_for_it_will_not_move(tmp_path, entrepot):
    freeze(entrepot, Seance.read("2017S2"))
    deux = [*APRES, attribution(7, jour="2017-03-31")]
    figures = compare(write(tmp_path / "apres", deux), entrepot, nature="fictive").indicateurs
    assert set(figures["seance"]) == {"2017S1"}


def test_real_data_are_not_compared_with_a_demonstration_nor_with_nothing(tmp_path, entrepot):
    jeu = write(tmp_path / "apres", APRES)
    assert compare(jeu, entrepot, nature="reelle") is None
    assert compare(jeu, Entrepot(tmp_path / "vide"), nature="fictive") is None


def test_a_blocking_file_is_not_compared(tmp_path, entrepot):
    jeu = write(tmp_path / "apres", [{"id_attribution": "A1"}])
    with pytest.raises(DonneesRefusees, match="anomalies bloquantes"):
        compare(jeu, entrepot, nature="fictive")
