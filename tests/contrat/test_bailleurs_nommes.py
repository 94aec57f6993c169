"""Files of offices that bear codes of bailleurs, or none, and no table that names them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import FICHIER, Reponses, codes_nommes
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping, en_toml
from mel_core.contrat.questions import SEUL, answer, answer_par_source, facultatives, inconnus, questions
from mel_core.contrat.rapport import Connues
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import AUJOURDHUI

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation\n"
RESIDENCES = "code_residence;code_bailleur;code_quartier;n_logements\nR1;475680815;inconnu;12\n"
SANS_BAILLEUR = (
    "id_attribution;numero_unique;date_bail;code_insee;mutation\n"
    "A1;999000000000000001;30/09/2017;59350;non\n"
    "A2;999000000000000002;30/09/2017;59512;oui\n"
    "Total;2;;;\n"
)


@pytest.fixture
def jeu(tmp_path: Path) -> Path:
    """Vilogia by its SIREN in one file, by its name in the other."""
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    (dossier / "residences.csv").write_text(RESIDENCES, encoding="utf-8")
    ligne = "A1;999000000000000001;30/09/2017;59350;VILOGIA;non\n"
    (dossier / "attributions.csv").write_text(ENTETE + ligne, encoding="utf-8")
    return dossier


def test_each_unknown_code_is_to_be_named_once_with_its_rows(jeu: Path) -> None:
    trouves = inconnus(check(jeu).rapport)
    assert [(x.valeur, x.fichier, x.n) for x in trouves] == [
        ("475680815", "residences.csv", 1),
        ("VILOGIA", "attributions.csv", 1),
    ]


def test_a_code_of_several_files_counts_its_rows_and_its_files(jeu: Path) -> None:
    (jeu / "residences.csv").write_text(RESIDENCES.replace("475680815", "VILOGIA"), encoding="utf-8")
    (trouve,) = inconnus(check(jeu).rapport)
    assert (trouve.ou, trouve.n) == ("residences.csv et 1\u00a0autre fichier", 2)


def test_codes_of_one_name_are_one_bailleur_under_its_siren(jeu: Path) -> None:
    nommes = Mapping(noms={"VILOGIA": "Vilogia", "475680815": "  vilogia "})
    lu = check(jeu, mapping=nommes)
    assert lu.tables["bailleurs"].to_pylist() == [{"code_bailleur": "475680815", "nom": "vilogia"}]
    assert lu.tables["attributions"]["code_bailleur"].to_pylist() == ["475680815"]
    assert lu.tables["residences"]["code_bailleur"].to_pylist() == ["475680815"]
    assert inconnus(lu.rapport) == []
    assert any("« VILOGIA » est lu comme « 475680815 »" in a.message for a in lu.rapport.anomalies)


def test_the_names_given_about_one_file_hold_for_the_same_code_in_another(jeu: Path) -> None:
    reponses = Reponses({"0" * 16: Mapping(noms={"475680815": "Vilogia", "VILOGIA": "Vilogia"})})
    assert len(check(jeu, reponses=reponses).tables["attributions"]) == 1


def test_those_in_place_stay_and_a_name_that_is_theirs_is_them(jeu: Path) -> None:
    connues = Connues(bailleurs=frozenset({"B1", "B2"}), noms={"B1": "Vilogia", "B2": "Partenord"})
    lu = check(jeu, mapping=Mapping(noms={"475680815": "VILOGIA", "VILOGIA": "vilogia"}), connues=connues)
    assert lu.tables["bailleurs"].to_pylist() == [
        {"code_bailleur": "B1", "nom": "Vilogia"},
        {"code_bailleur": "B2", "nom": "Partenord"},
    ]
    assert lu.tables["attributions"]["code_bailleur"].to_pylist() == ["B1"]


def test_a_table_of_bailleurs_that_is_given_is_the_only_one(jeu: Path) -> None:
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\n475680815;Vilogia\n", encoding="utf-8")
    lu = check(jeu, mapping=Mapping(noms={"AUTRE": "Autre"}))
    assert lu.tables["bailleurs"]["code_bailleur"].to_pylist() == ["475680815"]
    assert FICHIER not in lu.rapport.sources
    assert inconnus(lu.rapport) == []  # the row is to be added there


def test_demandes_alone_bring_no_bailleurs(tmp_path: Path) -> None:
    texte = "numero_unique;date_creation;etat;n_personnes\n1;2014-01-01;ACTIVE;1\n"
    (tmp_path / "demandes.csv").write_text(texte, encoding="utf-8")
    assert set(check(tmp_path, mapping=Mapping(noms={"B1": "Un"})).tables) == {"demandes"}


def test_a_file_of_one_bailleur_may_say_so_in_the_answer_and_its_total_stays_apart(tmp_path: Path) -> None:
    fichier = tmp_path / "Vilogia 2017.csv"
    fichier.write_text(SANS_BAILLEUR, encoding="utf-8")
    donnes = [Donne(fichier, "attributions")]
    (question,) = questions(check(donnes).rapport)
    assert question.peut_etre_un_seul
    reponses = answer_par_source({question: f"{SEUL}VILOGIA"})
    lu = check(donnes, reponses=reponses.with_reponses(Reponses({"1" * 16: Mapping(noms={"VILOGIA": "Vilogia"})})))
    assert lu.tables["attributions"]["code_bailleur"].to_pylist() == ["VILOGIA", "VILOGIA"]
    bilan = lu.rapport.tables["attributions"]
    assert (bilan.lues, bilan.gardees, bilan.mises_a_part) == (2, 2, 1)


def test_the_bailleur_of_a_file_is_imposed_on_no_other_of_the_same_headers(tmp_path: Path) -> None:
    for nom in ("Vilogia.csv", "LMH.csv"):
        (tmp_path / nom).write_text(SANS_BAILLEUR, encoding="utf-8")
    vilogia, lmh = [Donne(tmp_path / nom, "attributions") for nom in ("Vilogia.csv", "LMH.csv")]
    (question,) = questions(check([vilogia]).rapport)
    reponses = answer_par_source({question: f"{SEUL}VILOGIA"})
    (encore,) = questions(check([lmh], reponses=reponses).rapport)
    assert (encore.colonne, encore.fichier) == ("code_bailleur", "LMH.csv")


def test_a_table_of_bailleurs_without_its_codes_is_no_file_of_one_bailleur(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_text("code;nom\nB1;Un\n", encoding="utf-8")
    assert not any(q.peut_etre_un_seul for q in questions(check(tmp_path).rapport))


def test_the_answers_are_a_mapping_that_reads_back(tmp_path: Path) -> None:
    mapping = Mapping(
        dits={"bailleur": {"attributions": {'Vilogia "2017".xlsx › Feuil1': "VILOGIA"}}},
        noms={"VILOGIA": "Vilogia, « ESH »"},
    )
    assert Mapping.depuis_texte(en_toml(mapping)) == mapping


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ('[demandes.bailleur]\n"a.csv" = "B1"\n', "n’a pas de « bailleur » à lui"),
        ('[bailleurs.bailleur]\n"a.csv" = "B1"\n', "n’a pas de « bailleur » à lui"),
        ('[attributions.noms]\nB1 = "Un"\n', "sous [bailleurs.noms]"),
        ('[bailleurs.noms]\nB1 = ""\n', "« B1 » est vide"),
        ("[bailleurs.noms]\nB1 = 3\n", "un texte entre guillemets"),
    ],
)
def test_a_mapping_that_names_nobody_says_so(texte: str, dit: str) -> None:
    with pytest.raises(AppelIncorrect, match="Mapping") as refus:
        Mapping.depuis_texte(texte)
    assert dit in str(refus.value)


def test_what_was_understood_of_each_column_is_told_with_three_values_and_nothing_of_persons(jeu: Path) -> None:
    entete = ENTETE.replace("mutation", "mutation;Nom du demandeur;Suivi;Observations;Né(e) le")
    fin = "Mme Dupont;01/01/1980\n"
    lignes = "".join(f"A{n};99900000000000000{n};30/09/2017;59350;B1;non;Dupont;s{n};{fin}" for n in range(1, 6))
    (jeu / "attributions.csv").write_text(entete + lignes, encoding="utf-8")
    colonnes = {c.entete: c for c in check(jeu).rapport.colonnes["attributions.csv"]}
    assert (colonnes["id_attribution"].exemples, colonnes["id_attribution"].lue) == (
        ("A1", "A2", "A3"),
        "id_attribution",
    )
    assert (colonnes["Suivi"].exemples, colonnes["Suivi"].lue) == (("s1", "s2", "s3"), "")
    assert colonnes["Nom du demandeur"].exemples == colonnes["Observations"].exemples == ()
    assert not {"Dupont", "1980"} & set(re.findall(r"\w+", repr(check(jeu).rapport.colonnes)))


def test_words_where_yes_or_no_is_awaited_are_asked_about(tmp_path: Path) -> None:

    texte = (
        ENTETE + "A1;1;30/09/2017;59350;B1;1er accès\nA2;2;30/09/2017;59350;B1;Mutation\nA3;3;30/09/2017;59350;B1;O\n"
    )
    (tmp_path / "attributions.csv").write_text(texte, encoding="utf-8")
    (tmp_path / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    posees = {q.valeur: q for q in facultatives(check(tmp_path).rapport) if q.valeur}
    assert {v: q.options for v, q in posees.items()} == {"1er accès": ("oui", "non"), "Mutation": ("oui", "non")}
    reponses = answer_par_source({posees["1er accès"]: "non", posees["Mutation"]: "oui"})
    assert check(tmp_path, reponses=reponses).tables["attributions"]["mutation"].to_pylist() == [False, True, True]


def test_contours_of_iris_are_quartiers(tmp_path: Path) -> None:
    def iris(code: str, nom: str) -> dict[str, object]:
        carre = [[[3.0, 50.6], [3.1, 50.6], [3.1, 50.7], [3.0, 50.6]]]
        geometrie = {"type": "Polygon", "coordinates": carre}
        return {"type": "Feature", "properties": {"CODE_IRIS": code, "NOM_IRIS": nom}, "geometry": geometrie}

    # One of the MEL without a name, one twice, one of Arras (out), one without a code (out): 5 = 2 + 2 + 1.
    lus = [iris("593500101", "Centre"), iris("595120102", ""), iris("593500101", "Centre"), iris("620410101", "Arras")]
    contours = tmp_path / "iris.geojson"
    contours.write_text(json.dumps({"type": "FeatureCollection", "features": [*lus, iris("", "?")]}), encoding="utf-8")
    lu = check([Donne(contours, "quartiers")])
    bilan = lu.rapport.tables["quartiers"]
    assert (bilan.lues, bilan.gardees, bilan.rejetees, bilan.doublons) == (5, 2, 2, 1)
    assert lu.tables["quartiers"].select(["code_quartier", "nom", "code_insee"]).to_pylist() == [
        {"code_quartier": "593500101", "nom": "Centre", "code_insee": "59350"},
        {"code_quartier": "595120102", "nom": "595120102", "code_insee": "59512"},
    ]


@pytest.mark.parametrize("contenu", [b"{", b'{"type": "Feature"}', b'{"type": "FeatureCollection", "features": [{}]}'])
def test_a_json_that_is_no_contours_is_explained(tmp_path: Path, contenu: bytes) -> None:
    (tmp_path / "x.geojson").write_bytes(contenu)
    rapport = check([Donne(tmp_path / "x.geojson", "quartiers")]).rapport
    assert rapport.est_bloquant
    assert answer({}) == Mapping()
    assert "« x.geojson »" in rapport.anomalies[0].message


def test_a_table_of_an_office_given_beside_the_files_of_the_sne_is_not_said_to_be_one_of_them(tmp_path: Path) -> None:
    """It bears the IRIS, and French headers: both are read, and nothing is said of a dwelling that it does not name."""
    (tmp_path / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    entete = "id_attribution;N° unique;Date de signature du bail;Code INSEE;Commune;Bailleur;Mutation;Quartier"
    ligne = "A1;999000000000000001;30/09/2017;59350;Lille;B1;non;593500101"
    (tmp_path / "attributions.csv").write_text(f"{entete}\n{ligne}\n", encoding="utf-8")
    jeu = check(tmp_path, mapping=Mapping(modele="sne"), aujourdhui=AUJOURDHUI)
    assert jeu.tables["attributions"]["code_quartier"].to_pylist() == ["593500101"]
    assert not [a for a in jeu.rapport.anomalies if "Le SNE ne dit ni" in a.message]


EVENEMENTS = "id_evenement;numero_unique;type;date_survenance;code_bailleur\n"
DEMANDE = "numero_unique;date_creation;etat;n_personnes;code_bailleur_actuel\n1;2015-01-01;ACTIVE;1;Vilogia\n"


@pytest.mark.parametrize("est_en_place", [False, True])
def test_a_registered_name_is_its_bailleur_in_every_table_and_nobody_is_accused_of_recording_nothing(
    jeu: Path, est_en_place: bool
) -> None:
    """Attributions and events bear « VILOGIA », « vilogia » and the SIREN; the register says Vilogia, 475680815."""
    (jeu / "evenements.csv").write_text(
        f"{EVENEMENTS}E1;1;VISITE;2017-09-01;vilogia\nE2;1;VISITE;2017-09-02;475 680 815\n"
        "E3;1;VISITE;2017-09-03;Autre\n",
        encoding="utf-8",
    )
    (jeu / "demandes.csv").write_text(DEMANDE, encoding="utf-8")
    connues = Connues()
    if est_en_place:
        connues = Connues(
            bailleurs=frozenset({"475680815"}), noms={"475680815": "Vilogia"}, tables=frozenset({"bailleurs"})
        )
    else:
        (jeu / "bailleurs.csv").write_text("code_bailleur;nom\n475680815;Vilogia\n", encoding="utf-8")
    lu = check(jeu, connues=connues, aujourdhui=AUJOURDHUI)
    assert {t: lu.tables[t]["code_bailleur"].to_pylist() for t in ("attributions", "evenements", "residences")} == {
        "attributions": ["475680815"],
        "evenements": ["475680815", "475680815", "Autre"],
        "residences": ["475680815"],
    }
    assert lu.tables["demandes"]["code_bailleur_actuel"].to_pylist() == ["475680815"]
    regles = [(a.regle, a.valeur) for a in lu.rapport.anomalies]
    assert "bailleur_sans_evenement" not in [regle for regle, _ in regles]
    assert ("bailleur_inconnu", "Autre") in regles


def test_a_name_that_two_bailleurs_bear_designates_none_of_them(jeu: Path) -> None:
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Vilogia\nB2;vilogia\n", encoding="utf-8")
    rapport = check(jeu, aujourdhui=AUJOURDHUI).rapport
    assert ("bailleur_inconnu", "VILOGIA") in [(a.regle, a.valeur) for a in rapport.anomalies]


def test_the_names_of_one_in_other_words_are_asked_in_every_column_and_are_that_one(jeu: Path) -> None:
    """« SIA » is nobody registered: asked where a row can't do without, and of an optional column nothing is. A total
    is nobody."""
    (jeu / "residences.csv").unlink()
    lignes = ["A1;999000000000000001;30/09/2017;59350;L.M.H.;non", "A2;999000000000000002;30/09/2017;59350;SIA;non"]
    lignes.append("A3;999000000000000003;30/09/2017;59350;Ensemble;non")
    (jeu / "attributions.csv").write_text("\n".join([ENTETE.strip(), *lignes]), encoding="utf-8")
    (jeu / "evenements.csv").write_text(
        "id_evenement;numero_unique;type;date_survenance;code_bailleur\n"
        "1;999000000000000001;VISITE;30/09/2017;Lille-Métropole\n2;999000000000000001;VISITE;30/09/2017;Norevie\n",
        encoding="utf-8",
    )
    (jeu / "demandes.csv").write_text(
        "numero_unique;date_creation;etat;n_personnes;code_bailleur_actuel\n"
        "999000000000000001;30/09/2016;ACTIVE;2;LMH\n999000000000000002;30/09/2016;ACTIVE;2;Norevie\n",
        encoding="utf-8",
    )
    noms = {"275900017": "LILLE METROPOLE HABITAT"}
    registre = Connues(bailleurs=frozenset(noms), noms=noms, tables=frozenset({"bailleurs"}))
    trouves = inconnus(check(jeu, connues=registre).rapport)
    assert [(x.table, x.valeur, x.options) for x in trouves] == [
        ("demandes", "LMH", ("LILLE METROPOLE HABITAT",)),
        ("evenements", "Lille-Métropole", ("LILLE METROPOLE HABITAT",)),
        ("attributions", "L.M.H.", ("LILLE METROPOLE HABITAT",)),
        ("attributions", "SIA", ()),
    ]
    dits = Mapping(noms=dict.fromkeys(["LMH", "L.M.H.", "Lille-Métropole"], "Lille Métropole Habitat SA"))
    assert codes_nommes({"A": "Partenord Habitat", "B": "PARTENORD HABITAT (OPH)"}, {}) == {"A": "A", "B": "A"}
    lu = check(jeu, mapping=dits, connues=registre).tables
    assert [b["code_bailleur"] for b in lu["bailleurs"].to_pylist()] == ["275900017"]
    assert lu["demandes"]["code_bailleur_actuel"].to_pylist() == ["275900017", "Norevie"]
    assert lu["evenements"]["code_bailleur"].to_pylist() == ["275900017", "Norevie"]
    assert lu["attributions"]["code_bailleur"].to_pylist() == ["275900017"]
