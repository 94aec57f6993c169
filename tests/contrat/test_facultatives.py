"""What is asked once on screen and stops no load: useful columns without a header, words that mean « not known »."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat import correspondances
from mel_core.contrat.controle import check
from mel_core.contrat.mapping import Mapping, en_toml, merge
from mel_core.contrat.questions import AUCUNE, INCONNU, NON, OUI, SANS_MENAGE, answer_par_source, facultatives
from mel_core.contrat.rapport import Jeu
from mel_core.contrat.reference import proche
from mel_core.socle.erreurs import AppelIncorrect

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation"
AUTRES = "aci;dalo;pdalhpd;mutation_bloquee"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Sizes under « Nb pers. », incomes of which two are not given, and no word of NPRU."""
    (tmp_path / "jeu").mkdir()
    (tmp_path / "jeu" / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    (tmp_path / "jeu" / "attributions.csv").write_text(
        f"{ENTETE};Nb pers.;revenu_fiscal;{AUTRES}\n"
        "A1;1;2017-09-30;59350;B1;non;2;12000;non;non;non;non\n"
        "A2;2;2017-09-30;59350;B1;non;1;NC;non;non;non;non\n"
        "A3;3;2017-09-30;59350;B1;non;3;NC;non;non;non;non\n",
        encoding="utf-8",
    )
    return tmp_path / "jeu"


def controler(dossier: Path) -> Jeu:
    return check(dossier, reponses=correspondances.read(dossier.parent))


def posees(jeu: Jeu) -> dict[tuple[str, str | None], tuple[str, ...]]:
    return {(q.colonne, q.valeur): q.options for q in facultatives(jeu.rapport)}


def test_each_useful_column_without_a_header_is_asked_with_the_headers_left_and_aucune(dossier: Path) -> None:
    jeu = controler(dossier)
    assert not jeu.rapport.est_bloquant
    dites = posees(jeu)
    assert dites["n_personnes", None] == ("Nb pers.", AUCUNE)
    assert dites["npru", None] == ("Nb pers.", SANS_MENAGE, AUCUNE)
    assert ("aci", None) not in dites  # the file has it
    assert dites["revenu_fiscal", "NC"] == (INCONNU,)
    assert jeu.rapport.tables["attributions"].rejetees == 2


def test_a_column_on_which_nothing_leans_is_offered_too_and_none_is_asked_of_what_the_contract_does_not_know(
    tmp_path: Path,
) -> None:
    texte = "id_retour;code_qpv;date;Candidats examinés;Étage\nR1;QPF1;2017-05-02;12;3\n"
    (tmp_path / "commissions_qpv.csv").write_text(texte, encoding="utf-8")
    jeu = check(tmp_path)
    assert {c for c, _ in posees(jeu)} == {"n_candidats", "n_designes", "n_refuses", "observation"}
    reponses = {q: "Candidats examinés" if q.colonne == "n_candidats" else AUCUNE for q in facultatives(jeu.rapport)}
    lu = check(tmp_path, reponses=answer_par_source(reponses))
    assert lu.tables["commissions_qpv"]["n_candidats"].to_pylist() == [12]
    assert facultatives(lu.rapport) == []


def test_the_answers_are_kept_for_the_source_and_nothing_is_asked_again(dossier: Path) -> None:
    choix = {("n_personnes", None): "Nb pers.", ("npru", None): SANS_MENAGE, ("revenu_fiscal", "NC"): INCONNU}
    questions = facultatives(controler(dossier).rapport)
    correspondances.keep(
        dossier.parent, answer_par_source({q: choix.get((q.colonne, q.valeur), AUCUNE) for q in questions})
    )
    jeu = controler(dossier)
    assert posees(jeu) == {}
    bilan = jeu.rapport.tables["attributions"]
    assert (bilan.lues, bilan.gardees, bilan.rejetees) == (3, 3, 0)
    assert jeu.tables["attributions"]["n_personnes"].to_pylist() == [2, 1, 3]
    assert jeu.tables["attributions"]["revenu_fiscal"].to_pylist() == [12000, None, None]
    assert jeu.declarees["attributions"] == {"npru": ""}
    # What « aucune » leaves unknown is said all the same.
    assert "reservataire" in {a.colonne for a in jeu.rapport.anomalies if a.regle == "colonne_absente"}


def test_a_header_given_to_two_columns_goes_to_none_and_it_is_said(dossier: Path) -> None:
    deux = [q for q in facultatives(controler(dossier).rapport) if q.colonne in ("n_personnes", "n_uc")]
    with pytest.raises(AppelIncorrect, match=r"« Nb pers\. » est choisi pour « n_personnes » et « n_uc »"):
        answer_par_source(dict.fromkeys(deux, "Nb pers."))


def test_a_file_with_no_header_left_is_asked_about_its_labels_only(tmp_path: Path) -> None:
    (tmp_path / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    (tmp_path / "attributions.csv").write_text(
        f"{ENTETE};{AUTRES}\nA1;1;2017-09-30;59350;B1;non;non;non;non;non\n", encoding="utf-8"
    )
    assert posees(check(tmp_path)) == {("npru", None): (SANS_MENAGE, AUCUNE)}


@pytest.mark.parametrize("mot", ["12 ?", "3e", "#REF!", "=SOMME(A:A)", pytest.param("a" * 201, id="not quoted whole")])
def test_a_cell_with_a_figure_or_a_formula_is_never_said_to_be_unknown(dossier: Path, mot: str) -> None:
    fichier = dossier / "attributions.csv"
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("NC", mot), encoding="utf-8")
    assert not [q for q in facultatives(controler(dossier).rapport) if q.valeur]


def test_a_mapping_says_of_an_optional_column_that_no_header_gives_it(dossier: Path) -> None:
    mapping = Mapping.depuis_texte('[attributions.colonnes]\nn_personnes = ""\naci = ""\n')
    jeu = check(dossier, mapping=mapping)
    assert not {"n_personnes", "aci"} & jeu.colonnes_presentes["attributions"]  # « aci » is in the file: it is not read
    assert merge(mapping) == Mapping.depuis_texte(en_toml(mapping)) == mapping
    with pytest.raises(AppelIncorrect, match="le nom de « date_bail » est vide"):
        Mapping.depuis_texte('[attributions.colonnes]\ndate_bail = ""\n')


def test_what_an_answer_says_a_label_to_cover_is_added_to_what_another_said() -> None:
    un, autre = (Mapping(couvre={"attributions": {"aci": (nom,)}}) for nom in ("dalo", "pdalhpd"))
    assert merge(un, autre).couvre == {"attributions": {"aci": ("dalo", "pdalhpd")}}


def test_a_cell_that_a_row_can_t_do_without_is_not_said_to_be_one_to_empty(dossier: Path) -> None:
    fichier = dossier / "attributions.csv"
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("B1;non;2", "B1;peut-être;2"), encoding="utf-8")
    par_colonne = {a.colonne: a.message for a in controler(dossier).rapport.anomalies if a.regle == "type"}
    assert "vider" not in par_colonne["mutation"]
    assert "ou la vider si la valeur est inconnue" in par_colonne["revenu_fiscal"]


@pytest.mark.parametrize(("ecrit", "dit"), [("-5000", "-5000"), ("-12,5", "-12,5")])
def test_an_amount_is_quoted_as_it_is_written_in_french(dossier: Path, ecrit: str, dit: str) -> None:
    fichier = dossier / "attributions.csv"
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("12000", ecrit), encoding="utf-8")
    (negatif,) = [a for a in controler(dossier).rapport.anomalies if a.regle == "montant_negatif"]
    assert (negatif.valeur, negatif.message.split(" est ")[0]) == (dit, f"« {dit} »")


@pytest.mark.parametrize(
    ("entete", "colonne"),
    [
        ("Ressources annuelles (RFR)", "revenu_fiscal"),  # it looks like ressources_mensuelles
        ("IRIS", "code_quartier"),
        ("Statut de la demande", "etat"),  # that of the dwelling is a statut too
        ("Commune du logement", "code_insee"),
    ],
)
def test_a_header_is_brought_near_the_column_that_its_words_say(entete: str, colonne: str) -> None:
    colonnes = ["ressources_mensuelles", "code_residence", "revenu_fiscal", "code_quartier", "code_insee"]
    colonnes += ["statut_logement", "etat"]
    assert proche(entete, colonnes) == colonne
    assert proche(colonne, ["Ressources", "Résidence", "Nom du quartier", entete]) == entete


def test_the_category_is_asked_where_no_header_gives_it_and_not_where_some_cells_are_empty(dossier: Path) -> None:
    assert posees(controler(dossier))["categorie_menage", None] == ("Nb pers.", AUCUNE)
    lignes = (dossier / "attributions.csv").read_text(encoding="utf-8").splitlines()
    donnees = [
        f"{lignes[0]};categorie_menage",
        *(f"{ligne};{n}" for ligne, n in zip(lignes[1:], (2, "", ""), strict=True)),
    ]
    (dossier / "attributions.csv").write_text("\n".join(donnees) + "\n", encoding="utf-8")
    assert ("categorie_menage", None) not in posees(controler(dossier))


def test_what_an_empty_cell_is_in_a_column_that_is_only_ticked_is_asked_once_for_the_files_of_its_source(
    dossier: Path,
) -> None:
    """Never guessed: unknown without an answer (the row goes out), as in a column that says yes and no."""
    fichier = dossier / "attributions.csv"
    oui_et_non = fichier.read_text(encoding="utf-8").replace("B1;non;1;NC", "B1;;1;9000").replace("NC", "9000")
    fichier.write_text(oui_et_non.replace("B1;non;2", "B1;O;2"), encoding="utf-8")
    assert ("mutation", "") not in posees(controler(dossier))  # « O », « non », and a cell that nobody filled
    fichier.write_text(oui_et_non.replace("B1;non;2", "B1;X;2").replace("B1;non;3", "B1;;3"), encoding="utf-8")
    jeu = controler(dossier)
    assert posees(jeu)["mutation", ""] == (OUI, NON)
    assert jeu.rapport.tables["attributions"].rejetees == 3
    dites = {"X": OUI, "": NON}
    correspondances.keep(
        dossier.parent,
        answer_par_source({q: dites[q.valeur] for q in facultatives(jeu.rapport) if q.valeur in dites}),
    )
    jeu = controler(dossier)
    assert ("mutation", "") not in posees(jeu)
    assert jeu.tables["attributions"]["mutation"].to_pylist() == [True, False, False]
    # A row that holds nothing, a total: neither is said to be no mutation.
    with fichier.open("a", encoding="utf-8") as ouvert:
        ouvert.write(";;;;;;;;;;;\nTotal;;;;;;6;30000;;;;\n")
    bilan = controler(dossier).rapport.tables["attributions"]
    assert (bilan.gardees, bilan.rejetees) == (3, 0)
