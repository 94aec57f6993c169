"""The command line as an outsider calls it: exit codes, JSON, one French sentence on stderr, never a traceback."""

from __future__ import annotations

import csv
import io
import json

import pytest

from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Entrepot
from mel_core.entrepot.publications import find_all
from mel_core.journal import Journal
from tests.cli.appel import ACCEPTEE, ATTRIBUTIONS, ici, run_apart, une_phrase
from tests.jeux import bailleurs, chargement, serve


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("segment", "poulidor", "--date", "2017-12-31"), 0),  # a count, and a sentence beside it
        (("importer", "vide.csv"), 1),
        (("indicateur", "équilibr’", "--seance", "2017S2"), 2),
    ],
)
def test_a_process_of_its_own_answers_what_is_answered_here(publiees, tmp_path, monkeypatch, arguments, code):
    """The other tests of the command line start none."""
    (tmp_path / "vide.csv").touch()
    monkeypatch.chdir(tmp_path)
    mots = [str(tmp_path / m) if m == "vide.csv" else m for m in arguments]
    reponse = ici(*mots, donnees=publiees, run=run_apart)
    assert reponse == ici(*mots, donnees=publiees)
    assert reponse.returncode == code
    une_phrase(reponse)


def test_the_report_reconciles_and_names_each_finding(jeu, donnees):
    reponse = ici("controler", jeu, "--json", donnees=donnees)
    assert reponse.returncode == 0
    rapport = json.loads(reponse.stdout)
    # 4 rows: A1 kept, A2 kept (a warning each for Lomme and the income), A3 out (31 September), A1 again
    assert {c: rapport["tables"]["attributions"][c] for c in ("lues", "gardees", "rejetees", "doublons")} == {
        "lues": 4,
        "gardees": 2,
        "rejetees": 1,
        "doublons": 1,
    }
    (rejet,) = [a for a in rapport["anomalies"] if a["gravite"] == "rejet"]
    assert set(rejet) == {"fichier", "ligne", "colonne", "valeur", "regle", "gravite", "message"}
    assert (rejet["fichier"], rejet["ligne"], rejet["colonne"], rejet["valeur"]) == (
        "attributions.csv",
        4,
        "date_bail",
        "31/09/2017",
    )
    assert not donnees.exists() or not list(donnees.rglob("*.duckdb"))  # checking publishes nothing


def test_import_then_ask_each_command_in_json_and_csv(jeu, donnees):
    assert ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", "--json", donnees=donnees).returncode == 0
    (tout,) = json.loads(ici("indicateur", "aci", "--seance", "2017S2", donnees=donnees).stdout)
    # The file has no column of DALO nor of PDALHPD: the household that bears ACI does not make 1 of 1 known.
    assert (tout["n"], tout["n_connus"], tout["numerateur"], tout["part"]) == (2, 0, 0, None)
    assert (tout["motif"], tout["colonnes_absentes"]) == ("colonne_absente", "dalo|pdalhpd")
    assert (tout["mois_couverts"], tout["verdict"]) == (1, None)  # both bails are of September
    (lille,) = json.loads(ici("indicateur", "aci", "--seance", "2017S2", "--par", "commune", donnees=donnees).stdout)
    assert lille["commune"] == "59350"
    assert list(lille)[:5] == ["commune", "n", "n_connus", "n_inconnus", "numerateur"]
    texte = ici(
        "indicateur", "aci", "--seance", "2017S2", "--par", "commune", "--format", "csv", donnees=donnees
    ).stdout
    (ligne,) = csv.DictReader(io.StringIO(texte))
    assert {k: v for k, v in ligne.items() if v} == {k: str(v) for k, v in lille.items() if v is not None}
    # The associated commune of Lomme is Lille, in a filter as in the files.
    assert json.loads(ici("indicateur", "aci", "--seance", "2017S2", "--commune", "59355", donnees=donnees).stdout) == [
        tout
    ]

    segment = ("segment", "attente_24", "--date", "2017-12-31")
    assert json.loads(ici(*segment, donnees=donnees).stdout) == {"n": 1}
    par = json.loads(ici(*segment, "--par", "commune_souhaitee", donnees=donnees).stdout)
    assert par == [{"cle": "59350", "n": 1}, {"cle": "59512", "n": 1}]
    liste = ici(*segment, "--format", "csv", donnees=donnees).stdout
    assert "47 mois, aucune proposition enregistrée" in liste
    assert "999000000000000001" not in liste


def test_what_is_asked_is_in_the_journal_and_a_list_with_its_number_of_lines(publiees):
    segment = ("segment", "attente_24", "--date", "2017-12-31", "--mois", "12")
    ici(*segment, donnees=publiees)
    ici(*segment, "--format", "csv", "--par", "commune_souhaitee", donnees=publiees)
    liste = ici(*segment, "--format", "csv", donnees=publiees).stdout
    ici("indicateur", "aci", "--seance", "2017S2", "--par", "commune", donnees=publiees)
    *comptes, question = [t for t in Journal.du_dossier(publiees).find_all("audit") if t.contenu["geste"] == "commande"]
    assert [t.contenu["filtres"].get("par") for t in comptes] == [None, "commune_souhaitee"]
    demande = {"nom": "aci", "seance": "2017S2", "periode": "semestre", "par": "commune", "format": "json"}
    demande["audience"] = "preparation"
    assert (question.contenu["titre"], question.contenu["filtres"]) == ("indicateur", demande)
    assert str(publiees.parent) not in json.dumps([dict(t.contenu) for t in (*comptes, question)])
    (trace,) = Journal.du_dossier(publiees).find_all("audit", geste="liste")
    assert (trace.contenu["geste"], trace.contenu["titre"], trace.contenu["n"]) == ("liste", "attente_24", 1)
    assert (trace.contenu["filtres"]["mois"], trace.auteur.profil) == (12, "copilote")
    (ligne,) = csv.DictReader(io.StringIO(liste))
    assert ligne["pseudonyme"] not in json.dumps(dict(trace.contenu))


def test_an_import_is_in_the_journal_with_its_counts_and_one_that_is_refused_is_not(jeu, publiees):
    ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", donnees=publiees)  # the same again changes nothing
    (faite,) = find_all(Journal.du_dossier(publiees))
    assert (faite.nature, faite.fiche.auteur.profil) == ("fictive", "copilote")
    assert {n: (b.lues, b.gardees) for n, b in faite.tables.items()} == {
        "attributions": (4, 2),
        "bailleurs": (1, 1),
        "demandes": (2, 2),
        "evenements": (2, 2),
    }
    (jeu / "attributions.csv").write_text("id_attribution\nA1\n", encoding="utf-8")
    assert ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", donnees=publiees).returncode == 1
    assert len(find_all(Journal.du_dossier(publiees))) == 1


def test_real_unless_said_fictitious(jeu, donnees):
    ici("importer", jeu, *ACCEPTEE, donnees=donnees)
    assert json.loads((donnees / "registre.json").read_text(encoding="utf-8"))["courante"]["nature"] == "reelle"


def test_the_numeros_uniques_are_nowhere_in_the_store(publiees):
    for fichier in publiees.rglob("*"):
        if fichier.is_file():
            assert b"99900000000000000" not in fichier.read_bytes(), fichier.name


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("publier",),
        ("indicateur", "equilibre"),
        ("indicateur", "equilibr", "--seance", "2017S2"),
        ("indicateur", "equilibre", "--seance", "2017S3"),
        ("indicateur", "equilibre", "--seance", "2017S2", "--periode", "mois"),
        ("indicateur", "equilibre", "--seance", "2017S2", "--par", "planete"),
        ("indicateur", "equilibre", "--seance", "2017S2", "--par", "commune,commune"),
        ("indicateur", "equilibre", "--seance", "2017S2", "--commune", "75056"),
        ("indicateur", "equilibre", "--seance", "2017S2", "--inconnue"),
        ("segment", "poulidors", "--date", "2017-12-31"),
        ("segment", "poulidor", "--date", "31/12/2017"),
        ("segment", "poulidor", "--date", "2017-12-31", "--n-min", "deux"),
        ("segment", "poulidor", "--date", "2017-12-31", "--n-min", "0"),
        ("journal", "--dernieres", "-3"),
        ("segment", "poulidor", "--date", "2017-12-31", "--par", "planete"),
        ("segment", "poulidor", "--date", "2017-12-31", "--ici", "ICI 9"),
        ("segment", "poulidor", "--date", "2017-12-31", "--ici", ""),
        ("importer", "nulle-part"),
        ("controler", "nulle-part"),
    ],
)
def test_a_wrong_call_is_one_french_sentence_and_exit_code_2(publiees, arguments):
    reponse = ici(*arguments, donnees=publiees)
    assert reponse.returncode == 2, reponse.stderr
    assert reponse.stdout == ""
    assert " : " in une_phrase(reponse)


def test_refused_data_are_exit_code_1_and_publish_nothing(jeu, donnees):
    (jeu / "demandes.csv").write_text("numero_unique;etat\n1;ACTIVE\n", encoding="utf-8")
    reponse = ici("importer", jeu, *ACCEPTEE, "--json", donnees=donnees)
    assert reponse.returncode == 1
    assert {a["regle"] for a in json.loads(reponse.stdout)["anomalies"] if a["gravite"] == "bloquant"} == {
        "colonne_manquante"
    }
    une_phrase(reponse)
    assert not (donnees / "registre.json").exists()


@pytest.mark.parametrize("json_demande", [(), ("--json",)])
def test_a_check_that_blocks_says_so_in_one_sentence_apart_from_its_report(jeu, donnees, json_demande):
    """Reservataire is a code of the contract: COLT is none, so the check answers 1 as the import would."""
    (jeu / "attributions.csv").write_text(
        "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;reservataire\n"
        "A1;999000000000000001;2017-09-30;59350;B1;N;COLT\n",
        encoding="utf-8",
    )
    reponse = ici("controler", jeu, *json_demande, donnees=donnees)
    assert reponse.returncode == 1
    assert "COLTER" in reponse.stdout
    assert une_phrase(reponse).startswith("Rien ne serait publié : corriger ")


@pytest.mark.parametrize("lien", ["", "abc", "un lien imprimé"])
def test_a_printed_link_that_cannot_be_one_is_a_wrong_call(publiees, lien):
    reponse = ici("journal", "--verifier", "--lien", lien, donnees=publiees)
    assert (reponse.returncode, reponse.stdout) == (2, "")
    assert "12 caractères" in une_phrase(reponse)


def test_a_folder_given_for_a_scenario_is_said_in_french(donnees, tmp_path):
    reponse = ici("simuler", tmp_path, donnees=donnees)
    assert (reponse.returncode, reponse.stdout) == (2, "")
    assert "un dossier est là où un fichier est attendu" in une_phrase(reponse)


def test_nothing_published_is_said_with_its_remedy(donnees):
    reponse = ici("indicateur", "aci", "--seance", "2017S2", donnees=donnees)
    assert reponse.returncode == 1
    assert "python -m mel_core demo" in une_phrase(reponse)


def test_a_mapping_answers_the_question_that_stopped_the_load(jeu, donnees, tmp_path):
    (jeu / "demandes.csv").write_text(
        "N° unique;Date de dépôt;etat;n_personnes\n1;2017-01-01;Active;1\n", encoding="utf-8"
    )
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[demandes.colonnes]\nnumero_unique = "N° unique"\ndate_creation = "Date de dépôt"\n'
        '[demandes.valeurs.etat]\n"Active" = "ACTIVE"\n',
        encoding="utf-8",
    )
    assert ici("controler", jeu, donnees=donnees).returncode == 1
    assert ici("controler", jeu, "--mapping", mapping, donnees=donnees).returncode == 0


def test_a_seance_frozen_by_the_command_line_answers_the_same_and_refuses_a_load(jeu, donnees):
    assert ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode == 0
    question = ("indicateur", "equilibre", "--seance", "2017S2", "--par", "commune")
    avant = ici(*question, donnees=donnees).stdout
    sans_seance = ici("importer", jeu, *ACCEPTEE, "--geler", donnees=donnees)
    assert (sans_seance.returncode, sans_seance.stderr.count("\n")) == (2, 1)
    gel = ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", "--seance", "2017S2", "--geler", donnees=donnees)
    assert gel.returncode == 0, gel.stderr
    assert "Séance 2017S2 gelée" in gel.stdout
    assert "déjà gelée" in ici("geler", "--seance", "2017S2", donnees=donnees).stdout
    refus = ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", "--seance", "2017S2", donnees=donnees)
    assert (refus.returncode, "2017S2 est gelée" in refus.stderr) == (1, True)
    for lignes in (donnees / "jeux").glob("*.duckdb"):
        lignes.unlink()
    assert ici(*question, donnees=donnees).stdout == avant


def test_a_general_import_says_which_seances_lose_their_own_data(jeu, donnees):
    ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", "--seance", "2017S1", donnees=donnees)
    seules = jeu.parent / "seules"
    seules.mkdir()
    for nom in ("bailleurs", "attributions"):
        (seules / f"{nom}.csv").write_text((jeu / f"{nom}.csv").read_text(encoding="utf-8"), encoding="utf-8")
    generale = ici("importer", seules, *ACCEPTEE, "--nature", "fictive", "--json", donnees=donnees)
    assert generale.returncode == 0
    assert json.loads(generale.stdout)["tables"]["bailleurs"]["gardees"] == 1
    assert "2017S1" in une_phrase(generale)
    assert ici("importer", seules, *ACCEPTEE, "--nature", "fictive", donnees=donnees).stderr == ""


def test_a_wide_number_of_units_stops_nothing_and_takes_no_quartile_by_surprise(jeu, donnees):
    """130 typed for « 1,30 », the filler 999999999: read as they are, compared exactly."""
    (jeu / "attributions.csv").write_text(
        "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_uc;ressources_mensuelles;code_quartier;npru\n"
        "A1;999000000000000001;2024-08-01;59350;B1;non;130;900;593500101;non\n"
        "A2;999000000000000002;2024-08-01;59350;B1;non;1,30;999999999;593500101;non\n",
        encoding="utf-8",
    )
    (jeu / "quartiers.csv").write_text("code_quartier;nom;code_insee\n593500101;Un;59350\n", encoding="utf-8")
    (jeu / "demandes.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;n_uc;ressources_mensuelles\n"
        "999000000000000001;2014-01-01;ACTIVE;2;130;900\n999000000000000002;2014-01-01;ACTIVE;2;1;999999999\n",
        encoding="utf-8",
    )
    accepte = (*ACCEPTEE, "--accepter", "demandes")  # no household has 130 units
    assert ici("importer", jeu, *accepte, "--nature", "fictive", donnees=donnees).returncode == 0
    # 900 × 12 = 10 800 a year over 130 units: under any threshold; 999 999 999 × 12 over 1.3: above any
    (cellule,) = json.loads(ici("indicateur", "q1_hors_qpv", "--seance", "2024S2", donnees=donnees).stdout)
    assert (cellule["n"], cellule["n_connus"], cellule["numerateur"]) == (2, 2, 1)


def test_real_rows_do_not_lean_on_the_landlords_of_a_demonstration(jeu, donnees):
    """Published, they would all be rejected and the other tables lost: refused, with what to do."""
    assert ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode == 0
    seules = jeu.parent / "seules"
    seules.mkdir()
    (jeu / "attributions.csv").rename(seules / "attributions.csv")
    assert ici("controler", seules, donnees=donnees).returncode == 0
    refus = ici("importer", seules, *ACCEPTEE, donnees=donnees)
    assert refus.returncode == 1
    assert "fictives" in une_phrase(refus)
    (tout,) = json.loads(ici("indicateur", "aci", "--seance", "2017S2", donnees=donnees).stdout)
    assert tout["n"] == 2
    assert ici("importer", seules, *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode == 0


@pytest.mark.parametrize("lieu", ["un_fichier", "un_fichier/dessous"])
def test_a_data_folder_that_cannot_be_one_is_said_with_its_cause(jeu, tmp_path, lieu):
    (tmp_path / "un_fichier").write_text("pris", encoding="utf-8")
    reponse = ici("importer", jeu, *ACCEPTEE, donnees=tmp_path / lieu)
    assert reponse.returncode == 1
    assert "un fichier est là où un dossier est attendu" in une_phrase(reponse)


def test_the_quality_of_the_files_is_asked_by_bailleur_by_month_and_lease_by_lease(jeu, donnees):
    assert ici("importer", jeu, *ACCEPTEE, donnees=donnees).returncode == 0
    lues = json.loads(ici("qualite", "--seance", "2017S2", donnees=donnees).stdout)
    (ressources,) = [x for x in lues if x["porteur"] == "B1" and x["rubrique"] == "ressources"]
    assert (ressources["n"], ressources["n_connus"], ressources["part"]) == (2, 1, 0.5)  # A3 is rejected, A1 twice
    mois = json.loads(ici("qualite", "evenements", "--seance", "2017S2", donnees=donnees).stdout)
    assert [(x["mois"], x["n_attributions"]) for x in mois if x["est_silence"]] == [("2017-09-01", 2)]
    liste = ici("qualite", "baux", "--bailleur", "B1", "--seance", "2017S2", "--format", "csv", donnees=donnees).stdout
    baux = list(csv.DictReader(io.StringIO(liste)))
    assert [x["id_attribution"] for x in baux] == ["A1", "A2"]
    assert "999" not in liste
    assert ["Ressources" in x["manque"] for x in baux] == [False, True]
    traces = [f.contenu for f in Journal.du_dossier(donnees).find_all("audit") if f.contenu["titre"] == "qualite"]
    assert [t["filtres"]["quoi"] for t in traces] == ["attributions", "evenements", "baux"]


def test_what_each_measure_needs_is_asked_on_an_empty_store_as_on_a_published_one(jeu, donnees):
    vides = json.loads(ici("besoins", donnees=donnees).stdout)
    assert {(x["etat"], x["verdict"]) for x in vides if x["table"] != "objectifs"} == {("absent", "impossible")}
    assert not donnees.exists() or not list(donnees.glob("*.sqlite*"))  # nothing was read: nothing is audited
    assert ici("importer", jeu, *ACCEPTEE, donnees=donnees).returncode == 0
    lus = json.loads(ici("besoins", donnees=donnees).stdout)
    # A1 has its revenu, A2 has not, A3 is rejected; no file gives the NPRU, nor a rank.
    (revenu,) = [x for x in lus if x["code"] == "equilibre" and x["colonnes"] == "revenu_fiscal"]
    assert (revenu["etat"], revenu["n"], revenu["n_vides"], revenu["verdict"]) == ("partiel", 2, 1, "en_partie")
    verdicts = {x["code"]: x["verdict"] for x in lus}
    assert (verdicts["npru"], verdicts["poulidor"], verdicts["delai_anormalement_long"]) == (
        *("impossible", "impossible"),
        "calculable",
    )
    traces = [f.contenu for f in Journal.du_dossier(donnees).find_all("audit") if f.contenu["titre"] == "besoins"]
    assert len(traces) == 1


def test_the_models_to_fill_in_are_written_in_a_folder_one_a_table_and_one_for_each_who_sends(donnees, tmp_path):
    reponse = ici("besoins", "--modeles", tmp_path / "modeles", donnees=donnees)
    assert reponse.returncode == 0
    ecrits = {f.name for f in (tmp_path / "modeles").iterdir()}
    assert ecrits == {f"modele-{nom}.xlsx" for nom in (*TABLES, "bailleur", "mel")}
    (tmp_path / "pris").write_text("un fichier", encoding="utf-8")
    assert ici("besoins", "--modeles", tmp_path / "pris", donnees=donnees).returncode == 1


@pytest.mark.parametrize("arguments", [("baux",), ("demandes", "--bailleur", "B1"), ("loyers",), ("--ici", "ICI 9")])
def test_a_question_of_quality_that_cannot_be_answered_is_a_wrong_call(jeu, donnees, arguments):
    assert ici("importer", jeu, *ACCEPTEE, donnees=donnees).returncode == 0
    reponse = ici("qualite", *arguments, "--seance", "2017S2", donnees=donnees)
    assert reponse.returncode == 2
    une_phrase(reponse)


def test_a_table_that_would_lose_is_refused_by_its_name_and_an_earlier_publication_is_put_back(jeu, donnees, tmp_path):
    refus = ici("importer", jeu, "--nature", "fictive", donnees=donnees)
    assert refus.returncode == 1
    assert "« attributions » a 1 ligne rejetée sur 4" in une_phrase(refus).replace("\u00a0", " ")
    assert "--accepter attributions" in refus.stderr
    assert not list(donnees.glob("registre.json"))
    assert ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode == 0
    vide = tmp_path / "vide"
    vide.mkdir()
    (vide / "attributions.csv").write_text(ATTRIBUTIONS.splitlines()[0] + "\n", encoding="utf-8")
    assert "serait vide" in une_phrase(ici("importer", vide, "--nature", "fictive", donnees=donnees))
    assert ici("importer", vide, *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode == 0
    derniere, premiere = ici("publications", donnees=donnees).stdout.splitlines()
    assert ("(en service)" in derniere, "(en service)" in premiere) == (True, False)
    a, b = premiere.split()[0], derniere.split()[0]
    compare = ici("publications", "--comparer", a, b, donnees=donnees)
    assert "attributions : 2 puis 0 ligne (ajoutées : 0, parties : 2" in compare.stdout.replace("\u00a0", " ")
    retour = ici("publications", "--revenir", a, donnees=donnees)
    assert (retour.returncode, "de nouveau en service" in retour.stdout) == (0, True)
    assert "remis en service" in ici("publications", donnees=donnees).stdout.splitlines()[0]
    assert "Aucune publication ne commence" in une_phrase(ici("publications", "--revenir", "zz", donnees=donnees))
    assert ici("publications", "--revenir", a, "--comparer", a, b, donnees=donnees).returncode == 2


def test_the_demonstration_that_was_in_place_before_the_journal_is_listed_and_put_back(jeu, donnees):
    with Entrepot(donnees).reserve():
        premiere = serve(Entrepot(donnees), chargement(bailleurs=bailleurs("B1", "B2")))
    assert (
        ici("importer", jeu, "--accepter", "bailleurs", *ACCEPTEE, "--nature", "fictive", donnees=donnees).returncode
        == 0
    )
    assert f"{premiere.identifiant[:12]} · " in ici("publications", donnees=donnees).stdout
    retour = ici("publications", "--revenir", premiere.identifiant[:12], donnees=donnees)
    assert (retour.returncode, "de nouveau en service" in retour.stdout) == (0, True)
    assert "remis en service" in ici("publications", donnees=donnees).stdout.splitlines()[0]


def test_parameters_given_with_an_import_are_lines_of_the_journal(jeu, donnees, tmp_path):
    fichier = tmp_path / "p.toml"
    cible = '[[cibles]]\nindicateur = "aci"\nvaleur = 0.50\ndepuis = 2017-01-01\nsource = "Avenant"\n'
    fichier.write_text(cible, encoding="utf-8")
    for _ in range(2):
        ici("importer", jeu, *ACCEPTEE, "--nature", "fictive", "--parametres", fichier, donnees=donnees)
    (ligne,) = Journal.du_dossier(donnees).find_all("parametre")
    assert (ligne.contenu["valeur"], ligne.contenu["source"]) == ("0.50", "Avenant")
