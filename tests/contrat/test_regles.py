"""Every rule of the contract (§1, Checks), once, on a small world where everything else is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat import regles
from mel_core.contrat.coherence import SANS
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Gravite
from mel_core.contrat.regles import Regle
from mel_core.contrat.tables import TABLES
from tests.contrat.dessins import MANQUES, PROPRE, ajout, avec, bilan, controler_dessins, faits, la, lignes

REJET, AVERTISSEMENT, BLOQUANT = Gravite.REJET, Gravite.AVERTISSEMENT, Gravite.BLOQUANT


def test_the_small_world_has_no_anomaly(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, PROPRE)
    assert faits(jeu) == []
    assert {nom: bilan(jeu, nom) for nom in ("demandes", "accueil")} == {
        "demandes": (2, 2, 0, 0),
        "accueil": (1, 1, 0, 0),
    }
    assert {nom: t.num_rows for nom, t in jeu.tables.items()} == {
        nom: b.gardees for nom, b in jeu.rapport.tables.items()
    }


# Columns of the rows added below, to read them.
# demandes: numero_unique ; date_creation ; etat ; date_radiation ; n_personnes ; categorie_menage ; revenu_fiscal ;
#   code_insee_actuel ; typologies ; communes_souhaitees ; aci ; dalo
# evenements: id_evenement ; numero_unique ; type ; date_survenance ; code_residence ; code_bailleur ; decision ; rang
# attributions: id_attribution ; numero_unique ; date_bail ; date_creation_demande ; code_insee ; code_bailleur ;
#   code_residence ; mutation ; n_personnes ; categorie_menage ; revenu_fiscal ; aci
REJETS = [
    ("cle_vide", "bailleurs", " ; Sans code", "code_bailleur", None),
    ("cle_vide", "accueil", "L2 ; ; Mairie ; RELAIS ; MEL ; ; ", "mois", None),
    ("requise_vide", "bailleurs", "B3 ; ", "nom", None),
    ("requise_vide", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; ; 1 ; 0 ; ; ; ; ;", "n_personnes", None),
    ("type", "demandes", "D3 ; hier ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; ; ;", "date_creation", "hier"),
    ("type", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1,5 ; 1 ; 0 ; ; ; ; ;", "n_personnes", "1,5"),
    ("type", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 12 k€ ; ; ; ; ;", "revenu_fiscal", "12 k€"),
    ("type", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; ; peut-être ;", "aci", "peut-être"),
    ("type", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; #REF! ; 0 ; ; ; ; ;", "categorie_menage", "#REF!"),
    ("type", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; T2|#N/A ; ; ;", "typologies", "T2|#N/A"),
    ("type", "bailleurs", "B3 ; #N/A", "nom", "#N/A"),
    ("type", "bailleurs", "#N/A ; Bailleur trois", "code_bailleur", "#N/A"),
    ("type", "accueil", "L2 ; septembre ; Mairie ; RELAIS ; MEL ; ; ", "mois", "septembre"),
    ("date", "demandes", "D3 ; 1969-12-31 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; ; ;", "date_creation", "1969-12-31"),
    ("date", "demandes", "D3 ; 2018-01-16 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; ; ;", "date_creation", "2018-01-16"),
    ("date", "accueil", "L2 ; 2018-02 ; Mairie ; RELAIS ; MEL ; ; ", "mois", "2018-02"),
    ("date", "commissions_qpv", "C2 ; QPF001 ; 16/01/2018 ; 1 ;", "date", "16/01/2018"),
    ("borne", "evenements", "E3 ; D1 ; PASSAGE_CAL ; 2017-10-15 ; R1 ; B1 ; ATTRIBUE ; 0", "rang", "0"),
    ("borne", "quartiers", "Q3 ; Halle ; 59350 ; 1 ; 1,01", "part_non_emploi", "1,01"),
    ("borne", "quartiers", "Q3 ; Halle ; 59350 ; 1 ; -0,01", "part_non_emploi", "-0,01"),
    ("borne", "residences", "R3 ; B1 ; Q1 ; -1 ; PLUS ; ;", "n_logements", "-1"),
    ("identifiant_numerique", "bailleurs", "9,99E+17 ; Bailleur trois", "code_bailleur", "9,99E+17"),
    ("identifiant_habille", "bailleurs", "'B3 ; Bailleur trois", "code_bailleur", "'B3"),
    ("commune_hors_mel", "quartiers", "Q3 ; Halle ; 75056 ; 1 ;", "code_insee", "75056"),
    ("commune_hors_mel", "programmation", "O2 ; 62498 ; 2019 ; 30 ; 9 ;", "code_insee", "62498"),
    (
        "commune_hors_mel",
        "attributions",
        "A3 ; D1 ; 2017-08-01 ; ; 75056 ; B1 ; R1 ; O ; 1 ; 1 ; 1 ;",
        "code_insee",
        "75056",
    ),
    ("entete_repetee", "bailleurs", "code_bailleur ; nom", "code_bailleur", "code_bailleur"),
    (
        *("entete_repetee", "commissions_qpv", "id_retour ; code_qpv ; date ; n_candidats ; observation"),
        *("id_retour", "id_retour"),
    ),
    ("bailleur_inconnu", "residences", "R3 ; B9 ; Q1 ; 10 ; PLUS ; ;", "code_bailleur", "B9"),
    (
        "bailleur_inconnu",
        "attributions",
        "A3 ; D1 ; 2017-08-01 ; ; 59350 ; B9 ; R1 ; O ; 1 ; 1 ; 1 ;",
        "code_bailleur",
        "B9",
    ),
    (
        *("bail_avant_demande", "attributions"),
        *("A3 ; D1 ; 2017-08-01 ; 2017-08-02 ; 59350 ; B1 ; R1 ; O ; 1 ; 1 ; 1 ;", "date_bail", "2017-08-01"),
    ),
]


@pytest.mark.parametrize(("regle", "table", "ligne", "colonne", "valeur"), REJETS)
def test_a_row_goes_out(tmp_path: Path, regle: str, table: str, ligne: str, colonne: str, valeur: str | None) -> None:
    jeu = controler_dessins(tmp_path, ajout(table, ligne))
    avant = len(lignes(PROPRE[table])) - 1
    assert faits(jeu) == [(regle, avant + 2, colonne, valeur)]
    assert jeu.rapport.anomalies[0].gravite is REJET
    assert bilan(jeu, table) == (avant + 1, avant, 1, 0)
    assert jeu.tables[table].num_rows == avant


AVERTISSEMENTS = [
    ("revenu_absent", "demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; ; ; ; ; ;", "revenu_fiscal", None),
    (
        "revenu_absent",
        "attributions",
        "A3 ; D1 ; 2017-08-01 ; ; 59350 ; B1 ; R1 ; O ; 1 ; 1 ; ;",
        "revenu_fiscal",
        None,
    ),
    (
        "reactivation",
        "demandes",
        "D3 ; 2016-01-01 ; ACTIVE ; 2017-05-02 ; 1 ; 1 ; 0 ; ; ; ; ;",
        "date_radiation",
        "2017-05-02",
    ),
    (
        "commune_hors_mel",
        "demandes",
        "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; 75056 ; ; ; ;",
        "code_insee_actuel",
        "75056",
    ),
    (
        *("commune_hors_mel", "demandes"),
        *("D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; 59350|75056 ; ;", "communes_souhaitees", "75056"),
    ),
    ("commune_hors_mel", "communes", "75056 ; Paris ; ; ; ;", "code_insee", "75056"),
    (
        "commune_associee",
        "demandes",
        "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; 59298 ; ; ; ;",
        "code_insee_actuel",
        "59298",
    ),
    ("commune_associee", "quartiers", "Q3 ; Lomme ; 59355 ; 1 ;", "code_insee", "59355"),
    ("commune_associee", "accueil", "L2 ; 2017-09 ; Mairie ; RELAIS ; MEL ; 59355 ; ", "code_insee", "59355"),
    ("quartier_inconnu", "residences", "R3 ; B1 ; Q9 ; 10 ; PLUS ; ;", "code_quartier", "Q9"),
    ("residence_inconnue", "evenements", "E3 ; D1 ; VISITE ; 2017-10-15 ; R9 ; B1 ; ;", "code_residence", "R9"),
    (
        *("residence_inconnue", "attributions"),
        *("A3 ; D1 ; 2017-08-01 ; ; 59350 ; B1 ; R9 ; O ; 1 ; 1 ; 1 ;", "code_residence", "R9"),
    ),
    ("bailleur_inconnu", "evenements", "E3 ; D1 ; VISITE ; 2017-10-15 ; R1 ; B9 ; ;", "code_bailleur", "B9"),
    ("demande_inconnue", "evenements", "E3 ; D9 ; VISITE ; 2017-10-15 ; R1 ; B1 ; ;", "numero_unique", "D9"),
]


@pytest.mark.parametrize(("regle", "table", "ligne", "colonne", "valeur"), AVERTISSEMENTS)
def test_a_row_stays_with_a_warning(
    tmp_path: Path, regle: str, table: str, ligne: str, colonne: str, valeur: str | None
) -> None:
    jeu = controler_dessins(tmp_path, ajout(table, ligne))
    avant = len(lignes(PROPRE[table])) - 1
    assert faits(jeu) == [(regle, avant + 2, colonne, valeur)]
    assert jeu.rapport.anomalies[0].gravite is AVERTISSEMENT
    assert bilan(jeu, table) == (avant + 1, avant + 1, 0, 0)
    assert jeu.rapport.tables[table].avertissements == 1


QUESTIONS = [
    ("demandes", "D3 ; 2016-01-01 ; Active ; ; 1 ; 1 ; 0 ; ; ; ; ;", "etat", "Active", "ACTIVE"),
    ("demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 7 ; 0 ; ; ; ; ;", "categorie_menage", "7", "1"),
    ("demandes", "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; T2|T1bis ; ; ;", "typologies", "T1bis", "T1"),
    ("quartiers", "Q3 ; Halle ; 59350 ; quatre ;", "ips", "quatre", "1"),
    ("residences", "R3 ; B1 ; Q1 ; 10 ; PLAi ; ;", "financement", "PLAi", "PLAI"),
]


@pytest.mark.parametrize(("table", "ligne", "colonne", "valeur", "proche"), QUESTIONS)
def test_a_value_out_of_the_closed_list_is_a_question(
    tmp_path: Path, table: str, ligne: str, colonne: str, valeur: str, proche: str
) -> None:
    jeu = controler_dessins(tmp_path, ajout(table, ligne))
    question = la(jeu, "valeur_inconnue")
    assert (question.gravite, question.colonne, question.valeur) == (BLOQUANT, colonne, valeur)
    assert f"« {valeur} »" in question.message
    assert proche in question.message
    assert f"[{table}.valeurs.{colonne}]" in question.message
    assert jeu.tables == {}


def test_a_question_counts_its_rows_and_tells_the_first_line(tmp_path: Path) -> None:
    nouvelles = [
        f"D{n} ; 2016-01-01 ; {etat} ; ; 1 ; 1 ; 0 ; ; ; ; ;" for n, etat in enumerate(("Active", "Rad", "Active"), 3)
    ]
    jeu = controler_dessins(tmp_path, ajout("demandes", *nouvelles))
    assert faits(jeu) == [("valeur_inconnue", 4, "etat", "Active"), ("valeur_inconnue", 5, "etat", "Rad")]
    assert "2\u00a0lignes" in jeu.rapport.anomalies[0].message
    assert "1\u00a0ligne)" in jeu.rapport.anomalies[1].message
    assert bilan(jeu, "demandes") == (5, 5, 0, 0)


def test_a_column_full_of_unknown_values_is_summed_up_after_a_thousand_questions(tmp_path: Path) -> None:
    nouvelles = [f"D{n} ; 2016-01-01 ; X{n} ; ; 1 ; 1 ; 0 ; ; ; ; ;" for n in range(3, 1_006)]
    jeu = controler_dessins(tmp_path, ajout("demandes", *nouvelles))
    questions = [a for a in jeu.rapport.anomalies if a.regle == "valeur_inconnue"]
    assert len(questions) == 1_001
    assert questions[0].ligne is None
    assert questions[0].message.startswith("3 autres valeurs")


def test_several_faults_of_a_row_are_all_told_and_the_row_is_out_once(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, ajout("attributions", "A3 ; ; 2019-01-01 ; ; 75056 ; B9 ; R9 ; ; -1 ; 1 ; ;"))
    assert faits(jeu) == [
        ("requise_vide", 4, "numero_unique", None),
        ("date", 4, "date_bail", "2019-01-01"),
        ("commune_hors_mel", 4, "code_insee", "75056"),
        ("bailleur_inconnu", 4, "code_bailleur", "B9"),
        ("requise_vide", 4, "mutation", None),
        ("borne", 4, "n_personnes", "-1"),
    ]
    assert bilan(jeu, "attributions") == (3, 2, 1, 0)


def test_a_bail_signed_the_day_of_the_demande_stays(tmp_path: Path) -> None:
    jour = "A3 ; D1 ; 2017-08-01 ; 2017-08-01 ; 59350 ; B1 ; R1 ; O ; 1 ; 1 ; 1 ;"
    assert faits(controler_dessins(tmp_path, ajout("attributions", jour))) == []


def test_a_row_without_any_value_only_has_an_empty_key(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, ajout("accueil", ";;;;;;", "; ; ; ; MEL ; ;"))
    assert faits(jeu) == [
        ("cle_vide", 3, "code_lieu", None),
        ("cle_vide", 3, "mois", None),
        ("cle_vide", 4, "code_lieu", None),
        ("cle_vide", 4, "mois", None),
        ("requise_vide", 4, "type_lieu", None),
    ]
    assert bilan(jeu, "accueil") == (3, 1, 2, 0)


def test_a_summary_says_the_share_classed_by_the_number_of_persons(tmp_path: Path) -> None:
    # Of three rows kept, two have no category; one of these has no household: 1 / 3.
    jeu = controler_dessins(
        tmp_path,
        ajout(
            "demandes",
            "D3 ; 2016-01-01 ; ACTIVE ; ; 3 ;   ; 0 ; ; ; ; ;",
            "D4 ; 2019-01-01 ; ACTIVE ; ; 3 ;   ; 0 ; ; ; ; ;",
            "D5 ; 2016-01-01 ; ACTIVE ; ; 0 ;   ; 0 ; ; ; ; ;",
        ),
    )
    constat = la(jeu, "categorie_absente")
    assert (constat.ligne, constat.gravite) == (None, AVERTISSEMENT)
    assert "2\u00a0lignes" in constat.message
    assert "25\u202f%" in constat.message  # 4 rows kept: D1, D2, D3, D5


def test_a_missing_income_column_is_one_warning(tmp_path: Path) -> None:
    demandes = """
        numero_unique ; date_creation ; etat   ; n_personnes ; categorie_menage
        D1            ; 2015-03-31    ; ACTIVE ; 2           ; 2
        D2            ; 2016-02-29    ; ACTIVE ; 1           ; 1
    """
    jeu = controler_dessins(tmp_path, avec(demandes=demandes))
    assert [f for f in faits(jeu) if f[2] == "revenu_fiscal"] == [("revenu_absent", None, "revenu_fiscal", None)]


def test_the_message_of_a_date_says_which_bound_it_passes(tmp_path: Path) -> None:
    ancienne = controler_dessins(tmp_path / "a", ajout("commissions_qpv", "C2 ; QPF001 ; 31/12/1969 ; 1 ;"))
    future = controler_dessins(tmp_path / "b", ajout("commissions_qpv", "C2 ; QPF001 ; 16/01/2018 ; 1 ;"))
    assert "antérieure à 1970" in la(ancienne, "date").message
    assert "15/01/2018" in la(future, "date").message


def test_the_day_of_loading_itself_is_a_date_like_another(tmp_path: Path) -> None:
    jeu = controler_dessins(
        tmp_path, ajout("commissions_qpv", "C2 ; QPF001 ; 15/01/2018 ; 1 ;", "C3 ; Q ; 1970-01-01 ; 1 ;")
    )
    assert bilan(jeu, "commissions_qpv") == (3, 3, 0, 0)


def test_a_missing_required_column_blocks_and_names_the_nearest_header(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, avec(bailleurs="code du bailleur ; nom\nB1 ; Un\nB2 ; Deux"))
    manque = la(jeu, "colonne_manquante")
    assert (manque.gravite, manque.ligne, manque.colonne) == (BLOQUANT, 1, "code_bailleur")
    assert "« code du bailleur »" in manque.message
    assert jeu.tables == {}
    # What refers to the bailleurs can't be judged without their codes: nothing is said about it.
    assert [f[0] for f in faits(jeu)] == ["colonne_manquante", "colonne_inconnue"]


def test_the_same_header_twice_blocks_where_it_says_two_things(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path / "a", avec(bailleurs="code_bailleur ; nom ; nom\nB1 ; Un ; Un\nB2 ; Deux ; Two"))
    assert faits(jeu) == [("colonne_double", 1, "nom", "nom")]
    assert jeu.rapport.est_bloquant
    lu = controler_dessins(tmp_path / "b", avec(bailleurs="code_bailleur ; nom ; nom\nB1 ; Un ; Un\nB2 ; Deux ; Deux"))
    assert [a.message for a in lu.rapport.anomalies] == [
        "La colonne « nom » est plusieurs fois dans le fichier, la même : lue une fois, rien à faire."
    ]
    assert lu.tables["bailleurs"]["nom"].to_pylist() == ["Un", "Deux"]


def test_a_header_that_nothing_reads_may_be_there_twice(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, avec(bailleurs="code_bailleur ; nom ; x ; x\nB1 ; Un ; 1 ; 2\nB2 ; Deux ; 3 ; 4"))
    assert [f[0] for f in faits(jeu)] == ["colonne_inconnue"]


def test_an_unknown_column_is_ignored_and_reported_once(tmp_path: Path) -> None:
    jeu = controler_dessins(
        tmp_path, avec(bailleurs="code_bailleur ; nom ; siret ; \nB1 ; Un ; 1 ; x\nB2 ; Deux ; 2 ; x")
    )
    assert faits(jeu) == [("colonne_inconnue", 1, None, None), ("colonne_inconnue", 1, "siret", "siret")]
    assert jeu.tables["bailleurs"].column_names == ["code_bailleur", "nom"]


@pytest.mark.parametrize(
    "colonne", ["nom", "Prénom", "date de naissance", "NATIONALITE", "NIR", "Adresse 1", "commentaire"]
)
def test_personal_data_is_never_read_and_its_cells_never_quoted(tmp_path: Path, colonne: str) -> None:
    demandes = f"""
        numero_unique ; date_creation ; etat   ; n_personnes ; categorie_menage ; revenu_fiscal ; {colonne}
        D1            ; 2015-03-31    ; ACTIVE ; 2           ; 2                ; 1             ; secret
        D2            ; 2016-02-29    ; ACTIVE ; 1           ; 1                ; 1             ; secret
    """
    jeu = controler_dessins(tmp_path, avec(demandes=demandes))
    assert [f for f in faits(jeu) if f[0] not in MANQUES] == [("colonne_personnelle", 1, colonne, colonne)]
    assert "secret" not in str(jeu)
    assert "secret" not in str(jeu.tables["demandes"].to_pydict())


def test_a_mapped_column_that_the_file_lacks_is_told(tmp_path: Path) -> None:
    mapping = Mapping({"residences": {"nom": "Libellé"}})
    jeu = controler_dessins(tmp_path, PROPRE, mapping=mapping)
    constat = la(jeu, "colonne_du_mapping")
    assert (constat.gravite, constat.colonne) == (AVERTISSEMENT, "nom")
    assert "« Libellé »" in constat.message


# Rules about files, sheets and what is in place, whose tests are with these (test_hostiles, test_classeur,
# test_references, test_importation), about labels, amounts and lists (indicateurs/test_etiquettes_absentes,
# test_montants, test_rien_devine), headers and rows set apart (test_bureaux), the mappings of the product
# (test_sne_xml, test_modeles).
AILLEURS = {
    ("cases_vides", AVERTISSEMENT),
    ("typologie_inconnue", AVERTISSEMENT),
    ("colonne_ambigue", BLOQUANT),
    ("etiquette_couvrante", BLOQUANT),
    ("donnees_au_dessus", BLOQUANT),
    ("ligne_douteuse", BLOQUANT),
    ("ligne_a_part", AVERTISSEMENT),
    ("etiquette_absente", AVERTISSEMENT),
    ("montant_ambigu", BLOQUANT),
    ("annee_courte", AVERTISSEMENT),
    ("liste_ambigue", BLOQUANT),
    ("montant_negatif", AVERTISSEMENT),
    ("etiquette_declaree", AVERTISSEMENT),
    ("illisible", BLOQUANT),
    ("modele", AVERTISSEMENT),
    ("fichier_ignore", BLOQUANT),
    ("table_double", BLOQUANT),
    ("feuille_masquee", BLOQUANT),
    ("fichier_ignore", AVERTISSEMENT),
    ("table_absente", AVERTISSEMENT),
    ("code_disparu", AVERTISSEMENT),
    ("doublon_different", AVERTISSEMENT),
    ("bailleur_sans_evenement", AVERTISSEMENT),
    ("residence_proche", AVERTISSEMENT),
    ("public", AVERTISSEMENT),
    ("public", BLOQUANT),
    ("occupation_sans_residence", REJET),
    ("occupation_d_un_autre", REJET),
}
EN_DETAIL = {
    ("categorie_absente", AVERTISSEMENT),
    ("colonne_absente", AVERTISSEMENT),
    ("colonne_manquante", BLOQUANT),
    ("colonne_double", BLOQUANT),
    ("colonne_inconnue", AVERTISSEMENT),
    ("colonne_personnelle", AVERTISSEMENT),
    ("colonne_du_mapping", AVERTISSEMENT),
    ("valeur_inconnue", BLOQUANT),
}


def test_every_declared_rule_has_its_test() -> None:
    declarees = {(r.nom, r.gravite) for r in vars(regles).values() if isinstance(r, Regle)}
    tables = {(r[0], REJET) for r in REJETS} | {(r[0], AVERTISSEMENT) for r in AVERTISSEMENTS}
    assert declarees == tables | AILLEURS | EN_DETAIL


def test_every_sentence_ends_like_a_sentence() -> None:
    for regle in vars(regles).values():
        if isinstance(regle, Regle) and regle is not regles.ILLISIBLE:
            assert regle.phrase.endswith("."), regle.nom


def test_what_is_told_missing_is_a_column_of_its_table() -> None:
    for nom, sans in SANS.items():
        assert {colonne for colonnes in sans for colonne in colonnes} <= {*TABLES[nom].noms}, nom
