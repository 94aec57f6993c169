"""Hostile CSV files."""

from __future__ import annotations

from pathlib import Path

from tests.hostiles.fabrique import (
    AUCUNE,
    BAILLEURS,
    D1,
    DEMANDES,
    ETIQUETTES,
    SAUF_ACI,
    avertit,
    bailleurs,
    bloque,
    demandes,
    illisible,
    place,
    rejette,
)

RIEN = (0, 0, 0, 0)


@illisible("vide", bailleurs=RIEN)
def empty_file(d: Path) -> Path:
    return bailleurs(d, b"")


@avertit(("revenu_absent", None, "revenu_fiscal"), dit="(revenu_fiscal) : ressources des", demandes=RIEN)
def header_alone_without_the_income(d: Path) -> Path:
    return demandes(d, "", f"numero_unique;date_creation;etat;n_personnes{ETIQUETTES}\n")


@bloque(
    ("colonne_manquante", 1, "code_bailleur"),
    ("colonne_manquante", 1, "nom"),
    dit="sous [bailleurs.colonnes]",
    bailleurs=(1, 1, 0, 0),
)
def no_header_at_all(d: Path) -> Path:
    return bailleurs(d, b"B1;Un\nB2;Deux\n")


@bloque(
    ("colonne_manquante", 1, "code_bailleur"),
    ("colonne_manquante", 1, "nom"),
    dit="corriger l’en-tête",
    bailleurs=(1, 1, 0, 0),
)
def separator_that_is_none(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur:nom\nB1:Un\n")


@illisible("une barre (|) : exporter de nouveau", 1, bailleurs=RIEN)
def bars_between_columns(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur|nom\nB1|Un\n")


@illisible("Une seconde table commence à cette ligne", 5, bailleurs=RIEN)
def second_table_under_the_first_one_of_another_width(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"\nDemandes au 31 decembre\n" + (DEMANDES + D1).encode())


@illisible("(« code_quartier » et « nom »)", 4, bailleurs=RIEN)
def second_table_under_the_first_one_of_the_same_width(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b";\ncode_quartier;nom\nQ1;Centre\n")


@avertit(("ligne_a_part", 1, None), dit="un titre au-dessus de l’en-tête", bailleurs=(1, 1, 0, 0))
def separator_announced_on_the_first_line(d: Path) -> Path:
    return bailleurs(d, b"sep=;\n" + BAILLEURS)


@illisible("3 cellules", 3, bailleurs=RIEN)
def ragged_line(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"B2;Deux;de trop\n")


@illisible("jamais refermé", 3, bailleurs=RIEN)
def quote_never_closed(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b'B2;"Deux\n')


@illisible("caractère nul", 3, bailleurs=RIEN)
def null_character(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"B2;De\0ux\n")


@illisible("caractère nul", 1, bailleurs=RIEN)
def utf_16_without_mark(d: Path) -> Path:
    return bailleurs(d, BAILLEURS.decode().encode("utf-16-le"))


@illisible("Windows-1252", bailleurs=RIEN)
def bytes_of_no_encoding(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"B2;\x81\x8d\n")


@illisible("bout à bout", 3, bailleurs=RIEN)
def mark_of_encoding_in_the_middle(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"\xef\xbb\xbf" + BAILLEURS)


@illisible("bout à bout", 1, bailleurs=RIEN)
def mark_of_encoding_twice(d: Path) -> Path:
    return bailleurs(d, b"\xef\xbb\xbf\xef\xbb\xbf" + BAILLEURS)


@rejette(("entete_repetee", 3, "code_bailleur"), dit="la supprimer", bailleurs=(3, 1, 1, 1))
def two_exports_end_to_end(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + BAILLEURS)


@illisible("10\u202f000 caractères", 3, bailleurs=RIEN)
def cell_of_ten_thousand_and_one_characters(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"B2;" + b"x" * 10_001 + b"\n")


@illisible("mille colonnes", 1, bailleurs=RIEN)
def two_thousand_columns(d: Path) -> Path:
    return bailleurs(d, b";".join([b"code_bailleur", b"nom", *(b"c%d" % n for n in range(1_998))]) + b"\n")


@bloque(("colonne_double", 1, "nom"), dit="deux fois", bailleurs=(1, 1, 0, 0))
def same_header_twice(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur;nom;nom\nB1;Un;Deux\n")


@bloque(("colonne_manquante", 1, "code_bailleur"), dit="« CODE DU BAILLEUR »", bailleurs=(1, 1, 0, 0))
def header_in_other_words(d: Path) -> Path:
    return bailleurs(d, b"CODE DU BAILLEUR;nom\nB1;Un\n")


@illisible("2 cellules", 2, bailleurs=RIEN)
def headers_merged_in_one_cell(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur nom\nB1;Un\n")


@bloque(
    ("valeur_inconnue", 2, "etat"),
    dit="Que veut dire « 2016-01-31 »",
    demandes=(1, 0, 1, 0),
)
def headers_swapped(d: Path) -> Path:
    entete = "numero_unique;etat;date_creation;n_personnes;revenu_fiscal;categorie_menage\n"
    return demandes(d, D1, entete)


@bloque(("valeur_inconnue", 2, "etat"), dit='"Active" = "ACTIVE"', demandes=(1, 1, 0, 0))
def unknown_code(d: Path) -> Path:
    return demandes(d, D1.replace("ACTIVE", "Active"))


@rejette(
    ("date", 2, "date_creation"),
    ("date", 3, "date_creation"),
    ("type", 4, "date_creation"),
    ("type", 5, "date_creation"),
    ("type", 6, "date_creation"),
    dit="antérieure à 1970",
    demandes=(5, 0, 5, 0),
)
def dates_of_1900_and_2099_and_of_no_calendar(d: Path) -> Path:
    jours = ("01/01/1900", "2099-12-31", "30/02/2016", "2016-13-01", "09/30/2016")
    return demandes(d, "".join(D1.replace("2016-01-31", jour) for jour in jours))


@rejette(
    ("type", 2, "date_creation"),
    ("type", 3, "n_personnes"),
    ("type", 4, "revenu_fiscal"),
    ("type", 5, "numero_unique"),
    dit="#N/A",
    demandes=(4, 0, 4, 0),
)
def failed_formulas(d: Path) -> Path:
    return demandes(
        d,
        D1.replace("2016-01-31", "#N/A")
        + D1.replace(";2;", ";#REF!;", 1)
        + D1.replace("12000", "####")
        + D1.replace("999000000000000001", "#VALEUR!"),
    )


@rejette(
    ("borne", 2, "n_personnes"),
    ("type", 3, "n_personnes"),
    ("type", 4, "n_personnes"),
    ("type", 5, "revenu_fiscal"),
    dit="au moins 0",
    demandes=(4, 0, 4, 0),
)
def negative_fractional_and_boundless_numbers(d: Path) -> Path:
    return demandes(
        d,
        D1.replace(";2;", ";-1;", 1)
        + D1.replace(";2;", ";2,5;", 1)
        + D1.replace(";2;", ";9999999999999999999999;", 1)
        + D1.replace("12000", "1e999"),
    )


@rejette(("type", 3, "revenu_fiscal"), ("type", 4, "revenu_fiscal"), dit="un nombre", demandes=(3, 1, 2, 0))
def thin_spaces_between_thousands_and_elsewhere(d: Path) -> Path:
    return demandes(
        d,
        D1.replace("12000", "12\u202f000,50") + D1.replace("12000", "12\u202f00") + D1.replace("12000", "1.234,5"),
    )


@rejette(("identifiant_numerique", 2, "numero_unique"), dit="au format Texte", demandes=(1, 0, 1, 0))
def identifier_in_powers_of_ten(d: Path) -> Path:
    return demandes(d, D1.replace("999000000000000001", "9,99E+17"))


@rejette(("borne", 2, "taux_rotation"), dit="de 0 à 1", bailleurs=(1, 1, 0, 0), residences=(1, 0, 1, 0))
def share_over_one(d: Path) -> Path:
    bailleurs(d, BAILLEURS)
    entete = b"code_residence;code_bailleur;code_quartier;n_logements;taux_rotation\n"
    return place(d / "residences.csv", entete + b"R1;B1;Q1;10;1,2\n").parent


@rejette(("borne", 2, "rang"), dit="au moins 1", evenements=(1, 0, 1, 0))
def rank_zero(d: Path) -> Path:
    entete = b"id_evenement;numero_unique;type;date_survenance;decision;rang\n"
    return place(d / "evenements.csv", entete + b"E1;D1;PASSAGE_CAL;2017-01-31;ATTRIBUE;0\n")


@rejette(("cle_vide", 3, "code_bailleur"), ("requise_vide", 4, "nom"), dit="compléter", bailleurs=(3, 1, 2, 0))
def empty_key_and_empty_name(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b";Deux\nB3;  \n")


@avertit(("doublon_different", 4, "code_bailleur"), dit="vérifier laquelle", bailleurs=(3, 1, 0, 2))
def duplicates_exact_and_different(d: Path) -> Path:
    return bailleurs(d, BAILLEURS + b"B1;Un\nB1;Deux\n")


@avertit(
    ("colonne_personnelle", 1, "nom"),
    ("colonne_personnelle", 1, "NIR"),
    ("colonne_personnelle", 1, "date_naissance"),
    dit="jamais lue ni conservée",
    demandes=(1, 1, 0, 0),
)
def personal_columns(d: Path) -> Path:
    entete = DEMANDES.strip() + ETIQUETTES + ";nom;NIR;date_naissance\n"
    return demandes(d, D1.strip() + AUCUNE + ";Durand;1850259350001;1985-02-01\n", entete)


@avertit(dit="", bailleurs=(4, 4, 0, 0))
def formulas_emoji_and_right_to_left_are_only_text(d: Path) -> Path:
    lignes = "B2;=cmd|'/c calc'!A0\nB3;@SUM(1)🏠\nB4;\u202eruelliaB مالك\n"
    return bailleurs(d, BAILLEURS + lignes.encode())


@avertit(dit="", bailleurs=(3, 3, 0, 0))
def mixed_ends_of_line_and_blank_lines(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur;nom\r\nB1;Un\rB2;Deux\n\r\n\n  \nB3;Trois")


ATTRIBUTIONS = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;revenu_fiscal;aci\n"
A1 = "A1;999000000000000001;30/09/2017;59512;B1;Non;12 000,50;Oui\n"


def attributions(d: Path, lignes: str, entete: str = ATTRIBUTIONS) -> Path:
    bailleurs(d, BAILLEURS)
    return place(d / "attributions.csv", (entete + lignes).encode()).parent


@rejette(
    *(("type", ligne, "date_bail") for ligne in (3, 4, 5, 6)),
    dit="« 30-sept-17 » n’est pas une date",
    bailleurs=(1, 1, 0, 0),
    attributions=(5, 1, 4, 0),
)
def dates_as_a_spreadsheet_shows_them(d: Path) -> Path:
    montrees = ("30-sept-17", "30 septembre 2017", "30/09/17", "2017-09-30 14:32:05")
    return attributions(d, A1 + "".join(A1.replace("30/09/2017", jour) for jour in montrees))


@rejette(
    ("identifiant_habille", 3, "id_attribution"),
    ("identifiant_habille", 4, "numero_unique"),
    ("identifiant_habille", 5, "code_bailleur"),
    dit="apostrophe ou signe invisible",
    bailleurs=(1, 1, 0, 0),
    attributions=(4, 1, 3, 0),
)
def identifiers_kept_as_text_by_a_formula_or_an_apostrophe(d: Path) -> Path:
    formule, apostrophe = A1.replace("A1", '="A1"'), A1.replace("999000", "'999000").replace("A1", "A3")
    return attributions(d, A1 + formule + apostrophe + A1.replace("A1", "A4").replace("B1", '="B1"'))


@rejette(
    ("identifiant_habille", 3, "id_attribution"),
    ("identifiant_habille", 4, "code_bailleur"),
    dit="signe invisible",
    bailleurs=(1, 1, 0, 0),
    attributions=(3, 1, 2, 0),
)
def signs_that_nobody_sees_in_identifiers(d: Path) -> Path:
    return attributions(d, A1 + A1.replace("A1", "A1\u200b") + A1.replace("A1", "A3").replace("B1", "\ufeffB1"))


@avertit(
    ("categorie_absente", None, "categorie_menage"),
    *SAUF_ACI,
    ("ligne_a_part", 2, None),
    dit="categorie_menage",
    bailleurs=(1, 1, 0, 0),
    attributions=(1, 1, 0, 0),
)
def labels_on_a_second_line_of_header(d: Path) -> Path:
    return attributions(d, "Identifiant;N° unique;Date du bail;Commune;Bailleur;Mutation ?;Revenu;ACI ?\n" + A1)


@avertit(
    ("categorie_absente", None, "categorie_menage"),
    *SAUF_ACI,
    ("ligne_a_part", 3, None),
    dit="categorie_menage",
    bailleurs=(1, 1, 0, 0),
    attributions=(1, 1, 0, 0),
)
def total_and_empty_rows_at_the_bottom(d: Path) -> Path:
    return attributions(d, A1 + "Total;;;;;;12 000,50;1\n" + ";;;;;;;\n" * 2)


@rejette(
    *(("type", ligne, "revenu_fiscal") for ligne in (3, 4, 5, 6)),
    dit="« 1.204,50 » n’est pas un nombre",
    bailleurs=(1, 1, 0, 0),
    attributions=(5, 1, 4, 0),
)
def numbers_with_dots_units_or_words(d: Path) -> Path:
    ecrits = ("1.204,50", "12 k€", "12'000", "NC")
    return attributions(d, A1 + "".join(A1.replace("12 000,50", ecrit) for ecrit in ecrits))


@rejette(("type", 4, "aci"), dit="« X » n’est pas oui ou non", bailleurs=(1, 1, 0, 0), attributions=(3, 1, 1, 1))
def booleans_in_any_case_and_a_cross(d: Path) -> Path:
    return attributions(d, A1.replace("Non", "Faux").replace("Oui", "vRAI") + A1 + A1.replace("Oui", "X"))


@illisible("La ligne a 9 cellules quand l’en-tête en a 8", 3, bailleurs=(1, 1, 0, 0), attributions=RIEN)
def separator_at_the_end_of_one_row(d: Path) -> Path:
    return attributions(d, A1 + A1.strip() + ";\n")


@avertit(
    ("categorie_absente", None, "categorie_menage"),
    *SAUF_ACI,
    ("colonne_inconnue", 1, None),
    dit="sont classées par le nombre de personnes",
    bailleurs=(1, 1, 0, 0),
    attributions=(1, 1, 0, 0),
)
def separator_at_the_end_of_every_row(d: Path) -> Path:
    return attributions(d, A1.strip() + ";\n", ATTRIBUTIONS.strip() + ";\n")


@rejette(("cle_vide", 3, "code_bailleur"), dit="La clé « code_bailleur » est vide", bailleurs=(2, 1, 1, 0))
def line_feed_inside_quotes_counts_no_line(d: Path) -> Path:
    return bailleurs(d, b'code_bailleur;nom\nB1;"Un\r\nsur trois\nlignes"\n;Sans code\n')
