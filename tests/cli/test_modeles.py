"""The mappings that ship with the product, as an office calls them: `--mapping sne`, `rpls`, `infocentre`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.appel import ici, run_apart, une_phrase
from tests.contrat.dessins_sne import PLANTES, demande, evenements, write

BAILLEURS = "code_bailleur;nom\n111222333;Bailleur au nom reconnaissable\n"
BAIL = {"date": "2017-09-30", "accord": "ACI"}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three demandes, two of them still active, one lease and one event."""
    return write(
        tmp_path / "export.zip",
        {
            "bailleurs.csv": BAILLEURS,
            "xml/1.xml": demande("999000000000000001", delai="true", a_charge=2, cotitulaires=[{}], dalo="ACTIF"),
            "xml/2.xml": demande("999000000000000002", delai="false", creation="2017-11-01"),
            "xml/3.xml": demande("999000000000000003", motif_radiation="RADATT", bail=BAIL, delai="false"),
            "xml/e.xml": evenements("999000000000000001", {"id": 1, "type": "PROPOS", "date": "2017-05-02"}),
        },
    )


def test_a_zip_of_demandes_is_imported_then_asked(export, donnees):
    reponse = ici("importer", export, "--mapping", "sne", "--nature", "fictive", "--json", donnees=donnees)
    assert reponse.returncode == 0, reponse.stderr
    tables = json.loads(reponse.stdout)["tables"]
    assert {t: (b["lues"], b["gardees"]) for t, b in tables.items()} == {
        "bailleurs": (1, 1),
        "demandes": (3, 3),
        "evenements": (1, 1),
        "attributions": (1, 1),
    }
    segment = ici("segment", "delai_anormalement_long", "--date", "2017-12-31", donnees=donnees)
    assert json.loads(segment.stdout) == {"n": 1}
    # 2 active demandes on 31 December: one has a proposition, the other is not 24 months old
    attente = ici("segment", "attente_24", "--date", "2017-12-31", donnees=donnees)
    assert json.loads(attente.stdout) == {"n": 0}
    (aci,) = json.loads(ici("indicateur", "aci", "--seance", "2017S2", donnees=donnees).stdout)
    # The interface has no PDALHPD: one household known to be ACI among one, which says nothing of those that are not
    assert (aci["n"], aci["motif"]) == (1, "colonne_absente")


def test_what_names_a_person_is_nowhere_in_the_store(export, donnees):
    assert ici("importer", export, "--mapping", "sne", donnees=donnees).returncode == 0
    octets = b"".join(f.read_bytes() for f in donnees.rglob("*") if f.is_file())
    assert b"Bailleur au nom reconnaissable" in octets  # what is stored is found this way
    assert not [mot for mot in (*PLANTES, "999000000000000001") if mot.encode() in octets]


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', "déclare une DTD ou des entités"),
        ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>', "déclare une DTD ou des entités"),
        (demande("999000000000000001", version="01.09").decode(), "est à la version « 01.09 »"),
    ],
)
@pytest.mark.parametrize("commande", ["controler", "importer"])
def test_a_file_that_is_refused_is_named_and_nothing_is_published(tmp_path, donnees, octets, dit, commande):
    zippe = write(tmp_path / "export.zip", {"1.xml": demande("999000000000000009"), "piege.xml": octets})
    reponse = ici(commande, zippe, "--mapping", "sne", donnees=donnees)
    assert reponse.returncode == 1
    (ligne,) = [ligne for ligne in reponse.stdout.splitlines() if "piege.xml" in ligne]
    assert dit in ligne
    assert "Traceback" not in reponse.stdout + reponse.stderr
    assert "root:" not in reponse.stdout
    assert not list(donnees.rglob("*.duckdb"))


def test_a_process_of_its_own_reads_them_too(export, donnees):
    reponse = ici("controler", export, "--mapping", "sne", "--json", donnees=donnees, run=run_apart)
    assert (reponse.returncode, reponse.stderr) == (0, "")


def test_each_way_of_reading_is_said_and_ten_thousand_warnings_are_one_line(tmp_path, donnees):
    # One of them has an income: else the column is missing, which is said once anyway.
    zippe = write(
        tmp_path / "export.zip",
        {f"{n}.xml": demande(f"99900000000000000{n}", revenu=9000 if n == 0 else "") for n in range(5)},
    )
    lignes = ici("controler", zippe, "--mapping", "sne", donnees=donnees).stdout.splitlines()
    assert sum("Le revenu fiscal est vide" in ligne for ligne in lignes) == 1
    assert sum("n_personnes compte le demandeur" in ligne for ligne in lignes) == 1
    assert sum("année N−2" in ligne for ligne in lignes) == 1


def test_a_name_that_ships_with_nothing_is_a_file_that_is_not_there(export, donnees):
    phrase = une_phrase(ici("controler", export, "--mapping", "syplo", donnees=donnees))
    assert "« syplo »" in phrase


def test_xml_given_without_the_mapping_says_which_one(export, tmp_path, donnees):
    a_cote = ici("controler", export, donnees=donnees)
    assert a_cote.returncode == 0
    assert sum("--mapping sne" in ligne for ligne in a_cote.stdout.splitlines()) == 1
    seuls = write(tmp_path / "seuls.zip", {f"{n}.xml": "<x/>" for n in range(1_200)})
    refus = ici("controler", seuls, donnees=donnees)
    assert refus.returncode == 1
    assert "n’ont pas été lus (1 200 fichiers)" in refus.stdout.replace("\u00a0", " ").replace("\u202f", " ")


def test_dwellings_are_added_up_by_residence(tmp_path, donnees):
    dossier = write(
        tmp_path / "rpls",
        {
            "bailleurs.csv": BAILLEURS,
            "RPLS 2018.csv": "IDENT_REP;SIREN;DEPCOM;NOMVOIE;NUMVOIE;FINAN;MODE\n"
            "1;111222333;59350;RUE A;1;13;1\n2;111222333;59350;RUE A;1;10;2\n3;111222333;59350;RUE A;1;13;1\n",
        },
    )
    reponse = ici("controler", dossier, "--mapping", "rpls", "--json", donnees=donnees)
    assert reponse.returncode == 0
    rapport = json.loads(reponse.stdout)
    assert rapport["tables"]["residences"]["gardees"] == 1
    assert any(
        "3 logements lus = 3 regroupés en 1 résidence" in a["message"].replace("\u00a0", " ")
        for a in rapport["anomalies"]
    )


def test_plain_french_headers_are_read_whatever_their_case_accents_and_signs(tmp_path, donnees):
    dossier = write(
        tmp_path / "infocentre",
        {
            "demandes.csv": "N° UNIQUE;Date de creation;État;Nombre de personnes;Communes souhaitées;DALO\n"
            "999000000000000001;31/03/2015;Active;2;59350|59512;oui\n",
        },
    )
    reponse = ici("importer", dossier, "--mapping", "infocentre", "--nature", "fictive", donnees=donnees)
    assert reponse.returncode == 0, reponse.stdout
    segment = ici("segment", "delai_anormalement_long", "--date", "2017-12-31", donnees=donnees)
    assert json.loads(segment.stdout) == {"n": 1}


def test_the_bailleurs_may_be_given_beside_the_zip(tmp_path, donnees):
    zippe = write(
        tmp_path / "export.zip", {"3.xml": demande("999000000000000003", motif_radiation="RADATT", bail=BAIL)}
    )
    bailleurs = write(tmp_path, {"bailleurs.csv": BAILLEURS}) / "bailleurs.csv"
    reponse = ici("controler", zippe, bailleurs, "--mapping", "sne", "--json", donnees=donnees)
    assert json.loads(reponse.stdout)["tables"]["attributions"]["gardees"] == 1
    seul = json.loads(ici("controler", zippe, "--mapping", "sne", "--json", donnees=donnees).stdout)
    assert seul["tables"]["attributions"]["rejetees"] == 1  # nobody knows the bailleur
    (rejet,) = [a for a in seul["anomalies"] if a["gravite"] == "rejet"]
    assert (rejet["fichier"], rejet["colonne"]) == ("3.xml", "code_bailleur")


def test_a_code_that_nobody_knows_is_a_question_of_the_whole_export(tmp_path, donnees):
    fichiers = {
        f"{n}.xml": evenements(f"99900000000000000{n}", {"id": n, "type": "EVT042", "date": "2017-05-02"})
        for n in (1, 2)
    }
    reponse = ici("controler", write(tmp_path / "e.zip", fichiers), "--mapping", "sne", "--json", donnees=donnees)
    assert reponse.returncode == 1
    (question,) = json.loads(reponse.stdout)["questions"]
    assert (question["fichier"], question["table"], question["valeur"]) == (
        "e.zip › evenements",
        "evenements",
        "EVT042",
    )
    assert "PROPOSITION" in question["options"]


def test_dwellings_are_given_to_the_table_under_any_name_with_a_title_above(tmp_path, donnees):
    logements = (
        "Parc au 1er janvier 2018\nIDENT_REP;SIREN;DEPCOM;COMPLGEO;MODE\n"
        "1;111222333;59350;Lilas;1\n2;111222333;59350;Lilas;2\n"
    )
    write(tmp_path, {"parc.txt": logements, "bailleurs.csv": BAILLEURS})
    reponse = ici(
        "controler",
        *("--table", f"residences={tmp_path / 'parc.txt'}", "--table", f"bailleurs={tmp_path / 'bailleurs.csv'}"),
        *("--mapping", "rpls", "--json"),
        donnees=donnees,
    )
    assert reponse.returncode == 0, reponse.stdout
    rapport = json.loads(reponse.stdout)
    assert (rapport["tables"]["residences"]["gardees"], rapport["tables"]["residences"]["mises_a_part"]) == (1, 1)


def test_the_balance_of_a_quartier_is_known_from_the_files_of_the_sne_and_of_rpls_alone(tmp_path, donnees):
    rpls = "IDENT_REP;SIREN;DEPCOM;IRIS;COMPLGEO\n5900000001;111222333;59350;593500101;Lilas\n"
    quartiers = "code_quartier;nom;code_insee;fragilite\n593500101;Centre;59350;fragile\n"
    dossier = write(
        tmp_path / "jeu",
        {
            "bailleurs.csv": BAILLEURS,
            "quartiers.csv": quartiers,
            "rpls_2018.csv": rpls,
            "xml/1.xml": demande("999000000000000001", motif_radiation="RADATT", bail=BAIL, revenu=1000),
        },
    )
    reponse = ici("importer", dossier, "--mapping", "sne", "--nature", "fictive", donnees=donnees)
    assert reponse.returncode == 0, reponse.stdout + reponse.stderr
    arguments = ("indicateur", "equilibre", "--seance", "2017S2", "--par", "quartier,fragilite")
    (cellule,) = json.loads(ici(*arguments, donnees=donnees).stdout)
    # 1 000 € a year for one person: far under 20 % of the PLUS ceiling
    assert (cellule["quartier"], cellule["fragilite"], cellule["n"], cellule["numerateur"]) == (
        "593500101",
        "fragile",
        1,
        1,
    )
