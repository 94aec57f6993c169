"""Hostile CSV files."""

from __future__ import annotations

from pathlib import Path

from tests.hostiles.fabrique import (
    BAILLEURS,
    D1,
    DEMANDES,
    avertit,
    bailleurs,
    bloque,
    demandes,
    illisible,
    poser,
    rejette,
)

RIEN = (0, 0, 0, 0)


@illisible("vide", bailleurs=RIEN)
def empty_file(d: Path) -> Path:
    return bailleurs(d, b"")


@avertit(("revenu_absent", None, "revenu_fiscal"), dit="manque", demandes=RIEN)
def header_alone_without_the_income(d: Path) -> Path:
    return demandes(d, "", "numero_unique;date_creation;etat;n_personnes\n")


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


@bloque(
    ("colonne_manquante", 1, "code_bailleur"),
    ("colonne_manquante", 1, "nom"),
    dit="corriger l’en-tête",
    bailleurs=(2, 2, 0, 0),
)
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


@bloque(("colonne_manquante", 1, "code_bailleur"), dit="« CODE BAILLEUR »", bailleurs=(1, 1, 0, 0))
def header_in_other_words(d: Path) -> Path:
    return bailleurs(d, b"CODE BAILLEUR;nom\nB1;Un\n")


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
    return poser(d / "residences.csv", entete + b"R1;B1;Q1;10;1,2\n").parent


@rejette(("borne", 2, "rang"), dit="au moins 1", evenements=(1, 0, 1, 0))
def rank_zero(d: Path) -> Path:
    entete = b"id_evenement;numero_unique;type;date_survenance;decision;rang\n"
    return poser(d / "evenements.csv", entete + b"E1;D1;PASSAGE_CAL;2017-01-31;ATTRIBUE;0\n")


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
    entete = DEMANDES.strip() + ";nom;NIR;date_naissance\n"
    return demandes(d, D1.strip() + ";Durand;1850259350001;1985-02-01\n", entete)


@avertit(dit="", bailleurs=(4, 4, 0, 0))
def formulas_emoji_and_right_to_left_are_only_text(d: Path) -> Path:
    lignes = "B2;=cmd|'/c calc'!A0\nB3;@SUM(1)🏠\nB4;\u202eruelliaB مالك\n"
    return bailleurs(d, BAILLEURS + lignes.encode())


@avertit(dit="", bailleurs=(3, 3, 0, 0))
def mixed_ends_of_line_and_blank_lines(d: Path) -> Path:
    return bailleurs(d, b"code_bailleur;nom\r\nB1;Un\rB2;Deux\n\r\n\n  \nB3;Trois")
