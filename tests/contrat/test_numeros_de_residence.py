"""The number of a résidence at its bailleur's, known by the survey that names it; a programme written two ways."""

from __future__ import annotations

from pathlib import Path

from mel_core.contrat.controle import check
from tests.contrat.test_entites import RPLS, baux, dits, lire, situees

SURVEY = "code_bailleur;code_residence;nom;code_insee;n_occupants_tres_modestes;n_occupants_modestes;annee_enquete\n"


def test_the_number_that_a_survey_gives_to_a_residence_is_that_of_its_leases_and_of_no_other_bailleur_s(
    tmp_path: Path,
) -> None:
    """RPLS names the Tilleuls, the survey says that they are Vilogia's 4125."""
    jeu = lire(
        tmp_path,
        residences_2=f"{SURVEY}475680815;4125;Les Tilleuls;59350;1;2;2017\n",
        attributions_1=baux(("59350", "475680815", "4125", ""), ("59350", "404200123", "4125", "")),
    )
    assert "Occupation (OPS) : 1 ligne lue = 1 donnée à sa résidence" in dits(jeu)
    assert situees(jeu) == [("LES TILLEULS", "593500101"), (None, None)]


def test_a_programme_that_is_written_with_and_without_the_word_residence_is_one(tmp_path: Path) -> None:
    deux = RPLS + "6;47568081500011;59512;595120103;RES LES ERABLES;3;C;13;1;\n"
    parc = lire(tmp_path, residences_1=deux).tables["residences"].to_pylist()
    assert [(r["nom"], r["n_logements"]) for r in parc if "ERABLES" in r["nom"]] == [("LES ERABLES", 2)]


def test_the_word_residence_and_where_the_article_is_make_no_other_name(tmp_path: Path) -> None:
    noms = ("Rés. les Erables", "RESIDENCE LES ÉRABLES", "ERABLES (LES)", "Erables", "Résidence")
    jeu = lire(tmp_path, attributions_1=baux(*(("59512", "475680815", nom, "") for nom in noms)))
    assert [nom for nom, _ in situees(jeu)] == ["LES ERABLES"] * 3 + [None] * 2


def test_the_commune_that_an_event_says_tells_its_residence_from_one_of_the_same_name(tmp_path: Path) -> None:
    deux = RPLS + "6;47568081500011;59512;595120103;LES TILLEULS;3;C;13;1;\n"
    passages = "".join(
        f"{n};99{n};PASSAGE_CAL;2017-09-30;475680815;Les Tilleuls;{commune}\n"
        for n, commune in enumerate(("ROUBAIX", ""))
    )
    entete = "id_evenement;numero_unique;type;date_survenance;code_bailleur;Programme;Commune\n"
    jeu = lire(tmp_path, residences_1=deux, evenements_1=entete + passages)
    communes = {r["code_residence"]: r["code_quartier"][:5] for r in jeu.tables["residences"].to_pylist()}
    assert [communes.get(e["code_residence"]) for e in jeu.tables["evenements"].to_pylist()] == ["59512", None]


def test_a_residence_of_rpls_without_its_iris_has_the_one_that_the_survey_gives(tmp_path: Path) -> None:
    """A known one stays: the survey says another of the Tilleuls."""
    sans = RPLS + "7;47568081500011;59350;;LES ORMES;7;G;13;1;\n"
    entete = SURVEY.replace("annee_enquete", "annee_enquete;Code IRIS")
    survey = (
        f"{entete}475680815;1;Les Ormes;59350;1;2;2017;593500102\n475680815;2;Les Tilleuls;59350;1;2;2017;593500102\n"
    )
    jeu = lire(tmp_path, residences_1=sans, residences_2=survey)
    assert "1 résidence prend le quartier que donne l’enquête (OPS)" in dits(jeu)
    assert [a.valeur for a in jeu.rapport.anomalies if a.regle == "quartier_inconnu"] == []
    assert {r["nom"]: r["code_quartier"] for r in jeu.tables["residences"].to_pylist()[:5]} == {
        "LES TILLEULS": "593500101",
        "LES ERABLES": "595120103",
        "Les tilleuls": "593500102",
        "CONCORDE 1": "595120103",
        "LES ORMES": "593500102",
    }


def test_rpls_names_the_bailleurs_of_its_dwellings_and_a_name_of_two_is_that_of_neither(tmp_path: Path) -> None:
    entete, *logements = RPLS.splitlines()
    noms = {"475680815": "VILOGIA", "404200123": "PARTENORD", "999999999": "PARTENORD"}
    lignes = [f"{ligne};{noms[ligne.split(';')[1][:9]]}" for ligne in (*logements, "6;999999999;59350;;A;1;A;13;1;")]
    parc = "\n".join([f"{entete};RAISON_SOCIALE", *lignes, ""])
    jeu = lire(tmp_path, bailleurs="", residences_1=parc, attributions_1=baux(("59350", "Vilogia", "Les Tilleuls", "")))
    assert jeu.tables["bailleurs"].to_pylist() == [{"code_bailleur": "475680815", "nom": "VILOGIA"}]
    assert situees(jeu) == [("LES TILLEULS", "593500101")]
    assert [a.valeur for a in jeu.rapport.anomalies if a.regle == "bailleur_inconnu"][:1] == ["404200123"]


def test_a_column_iris_is_the_quartier_of_a_residence_whose_file_has_no_other(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    (tmp_path / "residences.csv").write_text(
        "code_residence;code_bailleur;IRIS;n_logements\nR1;B1;593500101;12\n", encoding="utf-8"
    )
    assert check(tmp_path).tables["residences"]["code_quartier"].to_pylist() == ["593500101"]
