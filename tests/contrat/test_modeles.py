"""Tables read by a mapping that ships with the product: words of the interface, dwellings of RPLS, French headers."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import TITRES, choose
from mel_core.contrat.mapping import _MODELES, Mapping, en_toml, merge
from mel_core.contrat.modeles.rpls import CHAMPS
from mel_core.contrat.rapport import Gravite, Jeu
from mel_core.contrat.reference import DOSSIER
from mel_core.socle.erreurs import AppelIncorrect
from tests.contrat.dessins import bilan, lignes, write
from tests.contrat.ecriture import ecrire_classeur
from tests.exemples import examples

JOUR = date(2018, 6, 1)
BAILLEURS = """
    code_bailleur ; nom
    111222333     ; Bailleur un
    444555666     ; Bailleur deux
"""
CHAMPS_SNE = DOSSIER / "mappings" / "sne.toml"


def lire(dossier: Path, modele: str, reponses: str = "", **tables: str) -> Jeu:
    mapping = Mapping.depuis_texte(f'modele = "{modele}"\n{reponses}')
    return check(write(dossier, {"bailleurs": BAILLEURS, **tables}), mapping=mapping, aujourdhui=JOUR)


def dits(jeu: Jeu) -> str:
    tous = " ".join(a.message for a in jeu.rapport.anomalies if a.regle == "modele")
    return tous.replace("\u00a0", " ").replace("\u202f", " ")


def bloquants(jeu: Jeu) -> list[str]:
    return [a.message for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]


def remplies(rangee: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in rangee.items() if valeur is not None}


# What chooses one


def test_each_mapping_is_a_file_that_anybody_may_copy() -> None:
    assert set(TITRES) == set(_MODELES) == {f.stem for f in (DOSSIER / "mappings").glob("*.toml")}
    for nom in TITRES:
        Mapping.read(DOSSIER / "mappings" / f"{nom}.toml")
        assert choose(Path(nom)) == Mapping(modele=nom)


def test_a_mapping_says_its_model_as_text_and_back() -> None:
    sien = Mapping.depuis_texte('modele = "rpls"\n[residences.valeurs.financement]\n"PLA-I" = "PLAI"\n')
    assert Mapping.depuis_texte(en_toml(sien)) == sien
    assert merge(Mapping(modele="sne"), sien).modele == "rpls"
    assert merge(sien, Mapping()).modele == "rpls"
    with pytest.raises(AppelIncorrect, match="le modèle « syplo » n’existe pas"):
        Mapping.depuis_texte('modele = "syplo"')


def test_the_names_of_the_interface_are_those_of_its_list_of_fields() -> None:
    """`nombrePersonne`, `ressourcesMensuelles` and `communeSouhaitee` are no tags: they are sums and lists of tags."""
    colonnes = tomllib.loads(CHAMPS_SNE.read_text(encoding="utf-8"))["demandes"]["colonnes"]
    assert colonnes["numero_unique"] == "numUnique"
    assert colonnes["date_creation"] == "dateCreationDemande"
    assert colonnes["statut_logement"] == "modeleLogement"


# Tables in the vocabulary of the interface


def test_tables_in_the_words_of_the_interface_are_read(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        "sne",
        demandes="""
            numUnique ; dateCreationDemande ; motifRadiation ; nombrePersonne ; modeleLogement ; typeLogement ; \
statutDalo ; estDelaiAnormalementLong ; nom    ; etatDemande
            D1        ; 2015-03-31          ;                ; 2              ; LP             ; T2|T3        ; \
ACTIF      ; true                     ; Secret ; ACTIVE
            D2        ; 2016-02-29          ; RADATT         ; 1              ; HLM            ; T6P          ; \
CADUC      ; false                    ; Secret ; RADIEE
        """,
        attributions="""
            NUM_UNIQUE ; date signature bail ; commune ; codeSirenBailleur ; dejaLogeParcBailleur ; accordCollectif ; \
attribueEnComDALO ; typeReservataire ; typeLogement
            D2         ; 30/09/2017          ; 59350   ; 111222333         ; NON                  ; ACI             ; \
true              ; PPRIOR           ; T8
            D2         ; 2017-09-30          ; 59350   ; 111222333         ; NON                  ; ACD             ; \
false             ; AUCUN            ; T3
            D3         ; 2017-09-30          ; 59512   ; 444555666         ; OUI                  ; NONDOC          ; \
false             ; AUCUN            ; T1
        """,
    )
    une, autre = (remplies(d) for d in jeu.tables["demandes"].to_pylist())
    assert une == {
        "numero_unique": "D1",
        "date_creation": date(2015, 3, 31),
        "etat": "ACTIVE",
        "n_personnes": 2,
        "statut_logement": "LP",
        "typologies": ["T2", "T3"],
        "dalo": True,
        "delai_anormalement_long": True,
    }
    assert (autre["etat"], autre["motif_radiation"], autre["dalo"]) == ("RADIEE", "RADATT", False)
    # The same household, the same bailleur, the same day: one lease, given twice.
    assert bilan(jeu, "attributions") == (3, 2, 0, 1)
    baux = jeu.tables["attributions"].to_pylist()
    assert [(b["id_attribution"], b["aci"], b["dalo"], b["mutation"], b["typologie"]) for b in baux] == [
        ("SNE-2017-09-30-001", True, True, False, "T6P"),
        ("SNE-2017-09-30-001", False, False, True, "T1"),
    ]
    assert "« id_attribution » manque" in dits(jeu)
    assert "Secret" not in str(jeu.tables)


def test_a_table_under_the_names_of_the_contract_is_read_as_it_is(tmp_path: Path) -> None:
    demandes = """
        numero_unique ; date_creation ; etat   ; n_personnes ; aci
        D1            ; 2015-03-31    ; ACTIVE ; 2           ; true
    """
    for modele in TITRES:
        (lue,) = lire(tmp_path / modele, modele, demandes=demandes).tables["demandes"].to_pylist()
        assert (lue["numero_unique"], lue["etat"], lue["aci"]) == ("D1", "ACTIVE", True)


def test_a_column_named_by_both_is_read_under_the_name_of_the_contract(tmp_path: Path) -> None:
    demandes = """
        numUnique ; numero_unique ; dateCreationDemande ; etat   ; n_personnes
        X1        ; D1            ; 2015-03-31          ; ACTIVE ; 2
    """
    (lue,) = lire(tmp_path, "sne", demandes=demandes).tables["demandes"].to_pylist()
    assert lue["numero_unique"] == "D1"


def test_a_name_of_ones_own_wins_over_the_model(tmp_path: Path) -> None:
    demandes = """
        Dossier ; dateCreationDemande ; etatDemande ; nombrePersonne
        D1      ; 2015-03-31          ; ACTIVE      ; 2
    """
    reponses = '[demandes.colonnes]\nnumero_unique = "Dossier"\nn_personnes = "nombrePersonne"\n'
    (lue,) = lire(tmp_path, "sne", reponses, demandes=demandes).tables["demandes"].to_pylist()
    assert (lue["numero_unique"], lue["n_personnes"]) == ("D1", 2)


# French headers


def test_french_headers_are_read(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        "infocentre",
        demandes="""
            N° unique ; Date de création ; Etat    ; Date de radiation ; Motif de radiation ; Nombre de personnes ; DALO
            D1        ; 31/03/2015       ; Active  ;                   ;                    ; 2                   ; oui
            D2        ; 29/02/2016       ; RADIÉE  ; 30/06/2017        ; Abandon            ; 1                   ;
        """.replace("RADIÉE", "Radiée"),
        attributions="""
            N° d'attribution ; N° unique ; Date de signature du bail ; Commune ; Bailleur  ; Mutation ; Réservataire
            A1               ; D2        ; 30/09/2017                ; 59350   ; 111222333 ; non      ; COLACT
        """,
    )
    assert [(d["numero_unique"], d["etat"], d["dalo"]) for d in jeu.tables["demandes"].to_pylist()] == [
        ("D1", "ACTIVE", True),
        ("D2", "RADIEE", False),
    ]
    assert bilan(jeu, "attributions") == (1, 1, 0, 0)


def test_the_occupation_of_residences_is_read_under_french_headers(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        "infocentre",
        residences="""
            N° de résidence ; Bailleur  ; Quartier ; Nombre de logements ; Occupants très modestes ; \
Occupants modestes ; Occupants aux ressources inconnues ; Année d'enquête
            R1              ; 111222333 ; Q1       ; 40                  ; 12                      ; \
9                  ; 3                                  ; 2016
        """,
    )
    (une,) = jeu.tables["residences"].to_pylist()
    assert (une["n_occupants_tres_modestes"], une["n_occupants_modestes"]) == (12, 9)
    assert (une["n_occupants_eleves"], une["n_occupants_inconnus"], une["annee_enquete"]) == (None, 3, 2016)


# RPLS

ENTETE = "IDENT_REP ; SIRET          ; DEPCOM ; COMPLGEO ; NUMCONV ; NUMVOIE ; NOMVOIE ; FINAN ; MODE ; BAIL    ; \
DATE_DEP_DERLOCAT ; SORTIEPATRIM"


def rpls(dossier: Path, *logements: str, entete: str = ENTETE, reponses: str = "") -> Jeu:
    return lire(dossier, "rpls", reponses, RPLS_2018="\n".join(["", entete, *logements]))


def test_dwellings_are_added_up_by_programme_then_convention_then_address(tmp_path: Path) -> None:
    jeu = rpls(
        tmp_path,
        "1 ; 11122233300011 ; 59350  ; Lilas    ; C1 ; 1 ; Rue A ; 13 ; 1 ; 12/2017 ;         ; 9",
        "2 ; 11122233300011 ; 59350  ; LILAS    ; C2 ; 7 ; Rue B ; 13 ; 2 ;         ; 09/2017 ; 9",
        "3 ; 11122233300011 ; 59350  ; lilas    ; C1 ; 1 ; Rue A ; 10 ; 2 ;         ; 10/2017 ;",
        "4 ; 11122233300011 ; 59350  ;          ; C1 ; 1 ; Rue A ; 14 ; 3 ;         ;         ; 9",
        "5 ; 11122233300011 ; 59350  ;          ;    ; 1 ; Rue A ; 49 ; 1 ;         ;         ; 9",
        "6 ; 44455566600011 ; 59350  ; Lilas    ;    ; 1 ; Rue A ; 13 ; 1 ;         ;         ; 9",
        "7 ; 11122233300011 ; 59512  ; Lilas    ;    ; 1 ; Rue A ; 13 ; 1 ;         ;         ; 9",
    )
    residences = jeu.tables["residences"].to_pylist()
    assert [
        (r["nom"], r["code_bailleur"], r["n_logements"], r["financement"], r["n_vacants"], r["n_vacants_3_mois"])
        for r in residences
    ] == [
        # On 1 January 2018, a dwelling left in September 2017 is vacant for 3 months; in October, perhaps not.
        ("Lilas", "111222333", 3, "PLUS", 2, 1),
        ("C1", "111222333", 1, "PLS", 0, 0),
        ("1 Rue A", "111222333", 1, "AUTRE", 0, 0),
        ("Lilas", "444555666", 1, "PLUS", 0, 0),
        ("Lilas", "111222333", 1, "PLUS", 0, 0),
    ]
    assert len({r["code_residence"] for r in residences}) == 5
    assert "1er janvier 2018" in dits(jeu)
    assert "programme : 5, convention : 1, adresse : 1" in dits(jeu)


def test_dwellings_that_do_not_count_are_set_apart_and_counted(tmp_path: Path) -> None:
    jeu = rpls(
        tmp_path,
        "1 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
        "1 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
        "2 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 13 ; 9 ; ; ; 4",
        "3 ; 11122233300011 ; 75056 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
        "4 ;                ; 59350 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
        "5 ; 11122233300011 ; 59355 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
    )
    (une,) = jeu.tables["residences"].to_pylist()
    assert une["n_logements"] == 2  # the fifth is in Lomme, that is in Lille
    assert (
        "6 logements lus = 2 regroupés en 1 résidence + 1 hors de la MEL + 1 sorti du patrimoine + 1 en double"
        in dits(jeu)
    )
    assert "(lignes 6) : compléter ces lignes." in dits(jeu)
    lignes = (f"7 ; {siren} ; 59350 ; Lilas" for siren in ("111222333", "111222333", "444555666"))
    jeu = rpls(tmp_path, *lignes, entete="IDENT_INT ; SIREN ; DEPCOM ; NOMPROG")  # each bailleur numbers its own
    assert "3 logements lus = 2 regroupés en 2 résidences + 1 en double" in dits(jeu)


def test_the_office_may_number_its_residences_and_two_bailleurs_never_share_one(tmp_path: Path) -> None:
    jeu = rpls(
        tmp_path,
        "R1 ; 111222333 ; 59350 ; Lilas",
        "R1 ; 111222333 ; 59350 ; Roses",
        "R2 ; 444555666 ; 59350 ; Roses",
        "R1 ; 444555666 ; 59350 ; Roses",
        entete="code_residence ; SIREN ; DEPCOM ; COMPLGEO",
    )
    residences = [
        (r["code_residence"], r["nom"], r["code_bailleur"], r["n_logements"])
        for r in jeu.tables["residences"].to_pylist()
    ]
    assert residences == [("R1", "Lilas", "111222333", 2), ("R2", "Roses", "444555666", 1)]
    assert bilan(jeu, "residences") == (3, 2, 0, 1)  # said: a résidence of two bailleurs is one too many


def test_two_halves_have_no_majority_and_a_financing_that_nobody_knows_is_a_question(tmp_path: Path) -> None:
    deux = [
        "1 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 13 ; 1 ; ; ; 9",
        "2 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 10 ; 1 ; ; ; 9",
    ]
    (une,) = rpls(tmp_path / "a", *deux).tables["residences"].to_pylist()
    assert une["financement"] is None
    inconnu = "3 ; 11122233300011 ; 59350 ; Lilas ; ; ; ; 77 ; 1 ; ; ; 9"
    (question,) = bloquants(rpls(tmp_path / "b", *deux, inconnu))
    assert "Que veut dire « 77 » dans la colonne « financement »" in question
    reponses = '[residences.valeurs.financement]\n77 = "PLUS"\n'
    (une,) = rpls(tmp_path / "c", *deux, inconnu, reponses=reponses).tables["residences"].to_pylist()
    assert une["financement"] == "PLUS"


@pytest.mark.parametrize(
    ("entete", "logement", "dit"),
    [
        ("IDENT_REP ; SIREN ; NOMVOIE", "1 ; 111222333 ; A", "DEPCOM"),
        ("IDENT_REP ; DEPCOM ; NOMVOIE", "1 ; 59350 ; A", "RPLS ne dit pas de quel bailleur"),
        ("IDENT_REP ; SIREN ; DEPCOM", "1 ; 111222333 ; 59350", "Rien ne rattache les logements à une résidence"),
        ("SIREN ; DEPCOM ; NOMVOIE ; MODE", "111222333 ; 59350 ; A ; 8", "« 8 » n’est pas un mode d’occupation"),
    ],
)
def test_a_file_that_cannot_be_added_up_says_what_it_lacks(
    tmp_path: Path, entete: str, logement: str, dit: str
) -> None:
    (phrase,) = bloquants(rpls(tmp_path, logement, entete=entete))
    assert dit in phrase


def test_what_the_file_does_not_say_is_unknown_and_said(tmp_path: Path) -> None:
    entete = "SIREN ; DEPCOM ; NOMVOIE"
    sans = rpls(tmp_path / "a", "111222333 ; 59350 ; A", entete=entete)
    (une,) = sans.tables["residences"].to_pylist()
    assert (une["n_vacants"], une["n_vacants_3_mois"], une["financement"]) == (None, None, None)
    assert "La colonne MODE manque" in dits(sans)
    modes = rpls(tmp_path / "b", "111222333 ; 59350 ; A ; 2", "111222333 ; 59350 ; A ;", entete=f"{entete} ; MODE")
    (une,) = modes.tables["residences"].to_pylist()
    assert (une["n_logements"], une["n_vacants"]) == (2, None)  # nobody knows whether the other one is vacant
    assert "n_vacants_3_mois est inconnu" in dits(modes)
    dites = ("111222333 ; 59350 ; A ; Loué ;", "111222333 ; 59350 ; A ; vacant ; 6", "111222333 ; 59350 ; A ; vide ; 9")
    en_mots = rpls(tmp_path / "c", *dites, entete=f"{entete} ; MODE ; DUREE_VACANCE_MOIS")
    (une,) = en_mots.tables["residences"].to_pylist()
    assert (une["n_logements"], une["n_vacants"], une["n_vacants_3_mois"]) == (3, 1, 1)


def test_a_commune_in_one_piece_has_its_quartier_and_an_iris_separates_residences(tmp_path: Path) -> None:
    entete = "SIREN ; DEPCOM ; COMPLGEO ; IRIS"
    jeu = rpls(
        tmp_path,
        "111222333 ; 59005 ; Lilas ;",
        "111222333 ; 59350 ; Lilas ; 593500101",
        "111222333 ; 59350 ; Lilas ; 593500102",
        "111222333 ; 59350 ; Lilas ;",
        entete=entete,
    )
    assert [r["code_quartier"] for r in jeu.tables["residences"].to_pylist()] == [
        "590050000",
        "593500101",
        "593500102",
        "inconnu",
    ]
    assert "L’IRIS manque à 1 résidence" in dits(jeu)


def test_dwellings_of_several_files_and_of_a_workbook_add_up_alike(tmp_path: Path) -> None:
    entete = "IDENT_REP ; SIREN ; DEPCOM ; COMPLGEO ; FINAN ; MODE"
    un, deux = "1 ; 111222333 ; 59350 ; Lilas ; 13 ; 1", "2 ; 111222333 ; 59350 ; Lilas ; 13 ; 2"
    ensemble = rpls(tmp_path / "a", un, deux, entete=entete)
    separes = lire(tmp_path / "b", "rpls", nord="\n".join(("", entete, un)), sud="\n".join(("", entete, deux)))
    assert separes.tables["residences"].equals(ensemble.tables["residences"])
    assert ensemble.tables["residences"]["n_logements"].to_pylist() == [2]


LOGEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "SIREN": st.sampled_from(["111222333", "444555666"]),
            "DEPCOM": st.sampled_from(["59350", "59005", "62041"]),
            "COMPLGEO": st.sampled_from(["Lilas", "Roses", ""]),
            "NOMVOIE": st.sampled_from(["Rue A", "Rue B"]),
            "FINAN": st.sampled_from(["10", "13", "14", "49", ""]),
            "MODE": st.sampled_from(["1", "2", "3", "4", "5"]),
            "duree_vacance": st.integers(0, 12).map(str),
        }
    ),
    min_size=1,
    max_size=30,
)


@given(LOGEMENTS)
@examples(40)
def test_nothing_is_lost_nor_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, logements: list[dict[str, str]]
) -> None:
    jeu = rpls(
        tmp_path_factory.mktemp("rpls"),
        *(" ; ".join(logement[c] for c in logements[0]) for logement in logements),
        entete=" ; ".join(logements[0]),
    )
    dedans = [logement for logement in logements if logement["DEPCOM"] != "62041"]
    residences = jeu.tables["residences"].to_pylist()
    assert sum(r["n_logements"] for r in residences) == len(dedans)
    vacants = [logement for logement in dedans if logement["MODE"] == "2"]
    assert sum(r["n_vacants"] for r in residences) == len(vacants)
    assert sum(r["n_vacants_3_mois"] for r in residences) == sum(int(v["duree_vacance"]) > 3 for v in vacants)
    cles = Counter((x["SIREN"], x["DEPCOM"], x["COMPLGEO"] or x["NOMVOIE"]) for x in dedans)
    assert sorted(r["n_logements"] for r in residences) == sorted(cles.values())


def test_every_field_read_of_rpls_is_looked_for_under_one_name_only() -> None:
    noms = [nom for noms in CHAMPS.values() for nom in noms]
    assert len(noms) == len(set(noms))


def test_a_workbook_of_dwellings_is_read(tmp_path: Path) -> None:
    tables = {
        "bailleurs": BAILLEURS,
        "residences": "\ncode_residence ; code_bailleur ; code_quartier ; n_logements\nR1 ; 111222333 ; Q1 ; 3\n",
    }
    jeu = check(ecrire_classeur(tmp_path / "c.xlsx", tables), mapping=Mapping(modele="rpls"), aujourdhui=JOUR)
    assert lignes(tables["residences"])[1][0] == jeu.tables["residences"].to_pylist()[0]["code_residence"]
