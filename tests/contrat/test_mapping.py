"""The mapping: by name, never by position; what it says of the contract is checked before any file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.mapping import Mapping
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import MANQUES, avec, controler_dessins, faits

MAPPING = """
[demandes.colonnes]
numero_unique = "N° unique"
aci = "Label ACI"
[demandes.valeurs.etat]
"Active" = "ACTIVE"
"Supprimée" = "RADIEE"
[demandes.valeurs.categorie_menage]
"NC" = ""
[demandes.valeurs.typologies]
"T1 bis" = "T1"
"Grand" = "T5|T6P"
"?" = ""
[demandes.valeurs.aci]
"X" = "oui"
[demandes.valeurs.revenu_fiscal]
"néant" = "0"
[demandes.valeurs.numero_unique]
"0000" = ""
"""

EXPORT = """
    N° unique ; date_creation ; etat      ; n_personnes ; categorie_menage ; revenu_fiscal ; typologies ; Label ACI
    D1        ; 2015-03-31    ; Active    ; 2           ; 2                ; 12,5          ; T1 bis|T2  ; X
    D2        ; 2016-02-29    ; Supprimée ; 1           ; NC               ; néant         ; Grand      ;
    0000      ; 2016-02-29    ; ACTIVE    ; 1           ; 1                ; 1             ; ?          ;
"""


def test_an_export_with_other_names_and_codes_reads_like_the_contract(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, avec(demandes=EXPORT), mapping=Mapping.depuis_texte(MAPPING))
    demandes = jeu.tables["demandes"].select(
        ["numero_unique", "etat", "categorie_menage", "revenu_fiscal", "typologies", "aci"]
    )
    assert [tuple(d.values()) for d in demandes.to_pylist()] == [
        ("D1", "ACTIVE", 2, 12.5, ["T1", "T2"], True),
        ("D2", "RADIEE", None, 0.0, ["T5", "T6P"], False),
    ]
    assert [f for f in faits(jeu) if f[0] not in MANQUES][:2] == [
        ("categorie_absente", None, "categorie_menage", None),
        ("cle_vide", 4, "numero_unique", "0000"),
    ]
    assert {"numero_unique", "aci"} <= jeu.colonnes_presentes["demandes"]


def test_a_value_that_the_mapping_does_not_answer_stays_a_question(tmp_path: Path) -> None:
    mapping = Mapping.depuis_texte('[demandes.colonnes]\nnumero_unique = "N° unique"\naci = "Label ACI"')
    jeu = controler_dessins(tmp_path, avec(demandes=EXPORT), mapping=mapping)
    assert [f for f in faits(jeu) if f[0] == "valeur_inconnue"] == [
        ("valeur_inconnue", 2, "etat", "Active"),
        ("valeur_inconnue", 2, "typologies", "T1 bis"),
        ("valeur_inconnue", 3, "etat", "Supprimée"),
        ("valeur_inconnue", 3, "categorie_menage", "NC"),
        ("valeur_inconnue", 3, "typologies", "Grand"),
        ("valeur_inconnue", 4, "typologies", "?"),
    ]


def test_the_answer_suggested_by_a_question_is_a_mapping_that_answers_it(tmp_path: Path) -> None:
    bailleurs = {"residences": 'code_residence;code_bailleur;code_quartier;n_logements;financement\nR1;B1;Q1;1;PL"US'}
    jeu = controler_dessins(tmp_path / "a", avec(**bailleurs))
    message = next(a.message for a in jeu.rapport.anomalies if a.regle == "valeur_inconnue")
    section, reponse = message.split("sous ")[1].split(", par exemple ")
    mapping = Mapping.depuis_texte(f"{section}\n{reponse.split(', ou')[0]}")
    assert "valeur_inconnue" not in [
        f[0] for f in faits(controler_dessins(tmp_path / "b", avec(**bailleurs), mapping=mapping))
    ]


def test_the_canonical_name_is_an_unknown_column_once_it_is_mapped_elsewhere(tmp_path: Path) -> None:
    bailleurs = "code_bailleur ; nom ; libelle\nB1 ; A ; Un\nB2 ; B ; Deux"
    mapping = Mapping.depuis_texte('[bailleurs.colonnes]\nnom = "libelle"')
    jeu = controler_dessins(tmp_path, avec(bailleurs=bailleurs), mapping=mapping)
    assert jeu.tables["bailleurs"]["nom"].to_pylist() == ["Un", "Deux"]
    assert faits(jeu) == [("colonne_inconnue", 1, "nom", "nom")]


def test_two_columns_may_trade_their_names(tmp_path: Path) -> None:
    mapping = Mapping.depuis_texte('[bailleurs.colonnes]\nnom = "code_bailleur"\ncode_bailleur = "nom"')
    jeu = controler_dessins(tmp_path, avec(bailleurs="nom ; code_bailleur\nB1 ; Un\nB2 ; Deux"), mapping=mapping)
    assert jeu.tables["bailleurs"]["code_bailleur"].to_pylist() == ["B1", "B2"]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("[demande.colonnes]", "« demandes »"),
        ("[demandes.colones]", "« colonnes »"),
        ('[demandes.colonnes]\nnumero = "x"', "« numero_unique »"),
        ("[demandes.colonnes]\netat = 3", "texte entre guillemets"),
        ('[demandes.colonnes]\netat = ""', "« etat » est vide"),
        ('[demandes.colonnes]\netat = "x"\nmotif = "x"', "deux colonnes"),
        ('[evenements.colonnes]\nmotif = "Commentaires"', "donnée personnelle"),
        ('[demandes.valeurs.etats]\n"a" = "ACTIVE"', "« etat »"),
        ('[demandes.valeurs.etat]\n"a" = "Active"', "ACTIVE"),
        ('[demandes.valeurs.categorie_menage]\n"a" = "7"', "« 7 »"),
        ('[demandes.valeurs.aci]\n"a" = "peut-être"', "booleen"),
        ('[demandes.valeurs.typologies]\n"a" = "T2|T9"', "T2"),
        ('[demandes.valeurs.etat]\n"a" = true', "texte entre guillemets"),
        ("[demandes.valeurs]\netat = 3", "section"),
        ("demandes = 3", "section"),
        ("[demandes", "TOML"),
    ],
)
def test_a_mapping_that_names_what_the_contract_does_not_know_is_refused(texte: str, attendu: str) -> None:
    with pytest.raises(AppelIncorrect) as erreur:
        Mapping.depuis_texte(texte)
    assert attendu in str(erreur.value)
    assert "\n" not in str(erreur.value)


def test_a_mapping_is_read_from_a_file_with_or_without_a_mark(tmp_path: Path) -> None:
    for encodage in ("utf-8", "utf-8-sig"):
        chemin = tmp_path / f"{encodage}.toml"
        chemin.write_text(MAPPING, encoding=encodage)
        assert Mapping.read(chemin).nom_dans_fichier("demandes", "numero_unique") == "N° unique"


def test_a_mapping_file_that_is_missing_or_not_utf8_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AppelIncorrect, match="ne s’ouvre pas"):
        Mapping.read(tmp_path / "absent.toml")
    (tmp_path / "cp1252.toml").write_bytes(MAPPING.encode("cp1252"))
    with pytest.raises(AppelIncorrect, match="UTF-8"):
        Mapping.read(tmp_path / "cp1252.toml")


def test_a_long_list_under_a_name_that_the_mapping_alone_gives_is_read_whole(tmp_path: Path) -> None:
    # Of a column that nobody knows the first 200 signs are kept: this one is known, by the mapping.
    communes = [f"59{n:03}" for n in range(1, 91)]  # 90 × 5 signs and 89 between them: 539
    export = f"""
    numero_unique ; date_creation ; etat   ; n_personnes ; categorie_menage ; Souhaits exprimés
    D1            ; 2015-03-31    ; ACTIVE ; 2           ; 2                ; {"|".join(communes)}
"""
    mapping = Mapping.depuis_texte('[demandes.colonnes]\ncommunes_souhaitees = "Souhaits exprimés"')
    (demande,) = controler_dessins(tmp_path, avec(demandes=export), mapping=mapping).tables["demandes"].to_pylist()
    # Those outside the Métropole are set apart: of these 90, the last is Bondues.
    assert demande["communes_souhaitees"][-1] == "59090"
