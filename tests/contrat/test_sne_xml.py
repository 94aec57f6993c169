"""The XML files of the SNE interface: the rows that they make, and what the report says of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Gravite, Jeu
from tests.contrat.dessins import bilan
from tests.contrat.dessins_sne import JOUR, SNE, bloquants, demande, dits, evenements, fichier, lire, une, write

BAIL = {"date": "2017-09-30"}


def test_a_demande_becomes_a_row_of_the_contract(tmp_path: Path) -> None:
    octets = demande(
        "999000000000000001",
        creation="2014-02-28",
        renouvellement="2017-02-20",
        communes=("59350", "59512", "59350"),
        typologies=("T3", "T4"),
        motif="09",
        statuts=("LP", "HLM"),
        delai="true",
        poulidor="false",
        dalo="ACTIF",
        contrat="CHO",
    )
    lue = une(lire(tmp_path, {"1.xml": octets}), "demandes")
    assert {nom: valeur for nom, valeur in lue.items() if valeur is not None} == {
        "numero_unique": "999000000000000001",
        "date_creation": date(2014, 2, 28),
        "date_renouvellement": date(2017, 2, 20),
        "etat": "ACTIVE",
        "n_personnes": 1,
        "statut_logement": "HLM",
        "code_insee_actuel": "59350",
        "motif": "09",
        "typologies": ["T3", "T4"],
        "communes_souhaitees": ["59350", "59512"],
        "dalo": True,
        "delai_anormalement_long": True,
        "multiples_attributions_sous_conditions": False,
        "actif": True,
    }


def test_a_lease_becomes_a_row_of_the_contract_and_closes_the_demande(tmp_path: Path) -> None:
    bail = {
        **BAIL,
        "accord": "ACI",
        "reservataire": "PPRIOR",
        "typologie": "T7",
        "commune": "59512",
        "deja_loge": "OUI",
    }
    jeu = lire(tmp_path, {"1.xml": demande("999000000000000001", motif_radiation="RADATT", bail=bail, revenu=9000)})
    lue = une(jeu, "attributions")
    assert {nom: valeur for nom, valeur in lue.items() if valeur is not None} == {
        "id_attribution": "SNE-2017-09-30-001",
        "numero_unique": "999000000000000001",
        "date_bail": date(2017, 9, 30),
        "date_creation_demande": date(2015, 3, 31),
        "code_insee": "59512",
        "code_bailleur": "111222333",
        "typologie": "T6P",
        "reservataire": "PPRIOR",
        "mutation": True,
        "n_personnes": 1,
        "revenu_fiscal": 9000.0,
        "aci": True,
        "dalo": False,
        "actif": True,
    }
    assert (une(jeu, "demandes")["etat"], une(jeu, "demandes")["motif_radiation"]) == ("RADIEE", "RADATT")


def test_events_of_the_shared_management_are_read_under_their_own_schema(tmp_path: Path) -> None:
    octets = evenements(
        "999000000000000001",
        {
            "id": 7,
            "type": "PASSCAL",
            "date": "2017-05-02",
            "caracteristiques": {"DECISION": "ATTRIBUE", "RANG": "2", "BAILLEUR": "111222333", "TYPOLOGIE": "T3"},
        },
        {"id": 8, "type": "VISITE", "date": "2017-05-01"},
    )
    jeu = lire(tmp_path, {"e.xml": octets})
    lus = [{nom: v for nom, v in e.items() if v is not None} for e in jeu.tables["evenements"].to_pylist()]
    assert lus == [
        {
            "id_evenement": "7",
            "numero_unique": "999000000000000001",
            "type": "PASSAGE_CAL",
            "date_survenance": date(2017, 5, 2),
            "code_bailleur": "111222333",
            "typologie": "T3",
            "decision": "ATTRIBUE",
            "rang": 2,
        },
        {
            "id_evenement": "8",
            "numero_unique": "999000000000000001",
            "type": "VISITE",
            "date_survenance": date(2017, 5, 1),
        },
    ]
    assert "demandes" not in jeu.tables  # a table that comes empty would ask to erase the one in place


@pytest.mark.parametrize(
    ("dessin", "n", "revenu", "ressources"),
    [
        ({}, 1, None, None),
        # 1 + 1 cotitulaire + 3 in charge; a child to be born is not counted
        (
            {"cotitulaires": [{"lien": "C", "revenu": 5000}], "a_charge": 3, "a_naitre": 1, "revenu": 9000},
            5,
            14000,
            None,
        ),
        # one declaration for a married couple: given once, or twice
        ({"cotitulaires": [{"lien": "M"}], "revenu": 9000}, 2, 9000, None),
        ({"cotitulaires": [{"lien": "P", "revenu": 9000}], "revenu": 9000}, 2, 9000, None),
        ({"cotitulaires": [{"lien": "M", "revenu": 4000}], "revenu": 9000}, 2, 13000, None),
        # a concubin declares apart: without his, nothing is known of the household's
        ({"cotitulaires": [{"lien": "C"}], "revenu": 9000}, 2, None, None),
        ({"cotitulaires": [{"lien": "L", "revenu": 9000}], "revenu": 9000}, 2, 18000, None),
        ({"revenu": -500}, 1, -500, None),
        # 900 + 300 + 200 − 100
        ({"cotitulaires": [{"ressources": (200,)}], "ressources": (900, 300), "pensions": (100,)}, 2, None, 1300),
        ({"pensions": (100,)}, 1, None, None),
    ],
)
def test_what_a_household_has(tmp_path: Path, dessin: dict[str, Any], n: int, revenu: Any, ressources: Any) -> None:
    lue = une(lire(tmp_path, {"1.xml": demande("999000000000000001", **dessin)}), "demandes")
    assert (lue["n_personnes"], lue["revenu_fiscal"], lue["ressources_mensuelles"]) == (n, revenu, ressources)


def test_the_report_says_how_the_household_was_counted(tmp_path: Path) -> None:
    jeu = lire(tmp_path, {"1.xml": demande("999000000000000001", motif_radiation="RADATT", bail=BAIL)})
    tout = " ".join(dits(jeu))
    for dit in ("ses cotitulaires et les personnes à charge", "année N−2", "typeContratTravail", "numeroRpls"):
        assert dit in tout
    assert tout.startswith("1 fichier XML du SNE lu (demandes : 1, attributions : 1)")


@pytest.mark.parametrize(
    ("deja_loge", "statuts", "attendue"),
    [("OUI", ("LP",), True), ("NON", ("HLM",), True), ("NON", ("LP",), False), ("NONDOC", ("HLM",), True)],
)
def test_a_mutation_is_of_whoever_lives_in_the_social_stock(
    tmp_path: Path, deja_loge: str, statuts: tuple[str, ...], attendue: bool
) -> None:
    octets = demande(
        "999000000000000001", statuts=statuts, motif_radiation="RADATT", bail={**BAIL, "deja_loge": deja_loge}
    )
    assert une(lire(tmp_path, {"1.xml": octets}), "attributions")["mutation"] is attendue


def test_an_association_is_no_household_and_its_row_is_out(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path, {"1.xml": demande("999000000000000001", association=True), "2.xml": demande("999000000000000002")}
    )
    assert bilan(jeu, "demandes") == (2, 1, 1, 0)
    (rejet,) = [a for a in jeu.rapport.anomalies if a.gravite is Gravite.REJET]
    assert (rejet.fichier, rejet.colonne) == ("1.xml", "n_personnes")


def test_a_radiation_undone_leaves_the_demande_active(tmp_path: Path) -> None:
    lue = une(lire(tmp_path, {"1.xml": demande("999000000000000001", radiation="2017-05-31")}), "demandes")
    assert (lue["etat"], lue["date_radiation"]) == ("ACTIVE", date(2017, 5, 31))


def test_the_last_state_of_a_demande_is_kept_and_the_others_are_duplicates(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        {
            "a.xml": demande("999000000000000001", date="2016-01-01T08:00:00"),
            "b.xml": demande(
                "999000000000000001", motif_radiation="RADATT", bail=BAIL, date="2017-10-02T08:00:00+02:00"
            ),
            "c.xml": demande(
                "999000000000000001", motif_radiation="RADATT", bail=BAIL, date="2017-10-01T08:00:00.000Z"
            ),
        },
    )
    assert une(jeu, "demandes")["etat"] == "RADIEE"
    assert bilan(jeu, "demandes") == (3, 1, 0, 2)
    assert bilan(jeu, "attributions") == (2, 1, 0, 1)
    differents = [a for a in jeu.rapport.anomalies if a.regle == "doublon_different"]
    assert [(a.fichier, "de « b.xml »" in a.message) for a in differents] == [("a.xml", True)]


def test_a_demande_that_its_last_file_deletes_is_set_apart_and_said(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        {
            "a.xml": demande("999000000000000001", date="2016-01-01T08:00:00"),
            "b.xml": demande("999000000000000001", type_fichier="SUP", date="2017-01-01T08:00:00"),
            "c.xml": demande("999000000000000002"),
        },
    )
    assert bilan(jeu, "demandes") == (1, 1, 0, 0)
    assert any("1 demande est supprimée par un fichier SUP : 2 fichiers sont mis à part" in dit for dit in dits(jeu))


def test_a_folder_a_zip_and_files_of_any_depth_say_the_same(tmp_path: Path) -> None:
    fichiers = {f"lot/{n}/{n}.xml": demande(f"99900000000000000{n}", revenu=n * 1000) for n in (1, 2, 3)}
    zippe = lire(tmp_path, fichiers)
    dossier = lire(tmp_path, fichiers, nom="dossier")
    seul = check(write(tmp_path / "seul", {"1.xml": fichiers["lot/1/1.xml"]}) / "1.xml", mapping=SNE, aujourdhui=JOUR)
    assert zippe.tables["demandes"].equals(dossier.tables["demandes"])
    assert seul.tables["demandes"].to_pylist() == zippe.tables["demandes"].to_pylist()[:1]


def test_the_number_of_a_lease_stays_the_same_and_does_not_tell_whose_it_is(tmp_path: Path) -> None:
    numeros = ["999000000000000003", "999000000000000001", "999000000000000002"]
    bailleurs = ["111222333", "111222333", "444555666"]
    dessins = [
        demande(n, motif_radiation="RADATT", bail={**BAIL, "bailleur": b})
        for n, b in zip(numeros, bailleurs, strict=True)
    ]
    un = lire(tmp_path, {f"{i}.xml": d for i, d in enumerate(dessins)})
    autre = lire(tmp_path, {f"{9 - i}.xml": d for i, d in enumerate(dessins)}, nom="autre.zip")

    def cles(jeu: Jeu) -> dict[str, str]:
        return {a["numero_unique"]: a["id_attribution"] for a in jeu.tables["attributions"].to_pylist()}

    assert cles(un) == cles(autre)
    assert not any(numero[-6:] in cle for numero, cle in cles(un).items())
    assert cles(un)[numeros[0]] != cles(un)[numeros[1]]


def test_rpls_given_with_the_leases_gives_them_their_residence_and_the_dwelling_is_not_kept(tmp_path: Path) -> None:
    rpls = (
        "IDENT_REP;SIREN;DEPCOM;IRIS;COMPLGEO\n5900000001;111222333;59350;593500101;Lilas\n"
        "5900000002;111222333;59350;593500101;Lilas\n5900000003;444555666;59350;593500102;Roses\n"
    )
    fichiers = {
        f"{n}.xml": demande(f"99900000000000000{n}", motif_radiation="RADATT", bail={**BAIL, "rpls": logement})
        for n, logement in enumerate(("5900000001", "5900000003", "5999999999", ""))
    }
    jeu = lire(tmp_path, {**fichiers, "RPLS 2018.csv": rpls.encode()})
    noms = {r["code_residence"]: (r["nom"], r["n_logements"]) for r in jeu.tables["residences"].to_pylist()}
    assert sorted(noms.values()) == [("Lilas", 2), ("Roses", 1)]
    baux = sorted(jeu.tables["attributions"].to_pylist(), key=lambda b: str(b["numero_unique"]))
    assert [noms.get(b["code_residence"], ("", 0))[0] for b in baux] == ["Lilas", "Roses", "", ""]
    assert any("2 baux ont la résidence que RPLS donne à leur logement (numeroRpls), sur 4" in dit for dit in dits(jeu))
    assert "5900000001" not in str(jeu.tables)
    seuls = lire(tmp_path, fichiers, nom="seuls.zip")
    assert "code_residence" not in seuls.colonnes_presentes["attributions"]
    assert any("donner avec ces fichiers ceux de RPLS" in dit for dit in dits(seuls))


def test_a_dwelling_without_its_number_is_that_of_no_lease(tmp_path: Path) -> None:
    rpls = "IDENT_REP;SIREN;DEPCOM;IRIS;COMPLGEO\n;111222333;59350;593500101;Lilas\n"
    fichiers = {
        f"{n}.xml": demande(f"99900000000000000{n}", motif_radiation="RADATT", bail={**BAIL, "rpls": logement})
        for n, logement in enumerate(("", "5999999999"))
    }
    jeu = lire(tmp_path, {**fichiers, "RPLS 2018.csv": rpls.encode()})
    assert une(jeu, "residences")["n_logements"] == 1
    assert "code_residence" not in jeu.colonnes_presentes["attributions"]
    assert any("donner avec ces fichiers ceux de RPLS" in dit for dit in dits(jeu))


def test_residences_as_the_contract_has_them_may_stand_beside_the_files(tmp_path: Path) -> None:
    residences = b"code_residence;code_bailleur;code_quartier;n_logements\nR1;111222333;593500101;3\n"
    octets = demande("999000000000000001", motif_radiation="RADATT", bail=BAIL)
    jeu = lire(tmp_path, {"1.xml": octets, "residences.csv": residences})
    assert une(jeu, "residences")["n_logements"] == 3
    assert une(jeu, "attributions")["code_residence"] is None


def test_a_column_that_no_file_fills_is_missing_rather_than_false(tmp_path: Path) -> None:
    """The files of 02.00 have no flag: the segment then leans on the age of the demande, not on a column of nos."""
    sans = lire(tmp_path, {"1.xml": demande("999000000000000001", version="02.00")})
    avec = lire(tmp_path, {"1.xml": demande("999000000000000001", delai="false", dalo="NON")}, nom="avec.zip")
    flags = {"delai_anormalement_long", "multiples_attributions_sous_conditions", "dalo"}
    assert not flags & sans.colonnes_presentes["demandes"]
    assert flags <= avec.colonnes_presentes["demandes"]


def test_an_event_of_a_type_that_nobody_knows_is_a_question_that_a_mapping_answers(tmp_path: Path) -> None:
    octets = evenements("999000000000000001", {"id": 1, "type": "EVT042", "date": "2017-05-02"})
    (question,) = bloquants(lire(tmp_path, {"e.xml": octets}))
    assert "Que veut dire « EVT042 » dans la colonne « type » (1 ligne)" in question
    reponse = Mapping.depuis_texte('modele = "sne"\n[evenements.valeurs.type]\nEVT042 = "PROPOSITION"\n')
    assert une(lire(tmp_path, {"e.xml": octets}, reponse, "b.zip"), "evenements")["type"] == "PROPOSITION"


def test_a_mapping_of_ones_own_may_read_a_label_otherwise(tmp_path: Path) -> None:
    octets = demande("999000000000000001", motif_radiation="RADATT", bail={**BAIL, "accord": "ACD"})
    assert une(lire(tmp_path, {"1.xml": octets}), "attributions")["aci"] is False
    sien = Mapping.depuis_texte('modele = "sne"\n[attributions.valeurs.aci]\nACD = "oui"\n')
    assert une(lire(tmp_path, {"1.xml": octets}, sien, "b.zip"), "attributions")["aci"] is True


def test_a_catalogue_of_event_types_is_said_and_holds_no_event(tmp_path: Path) -> None:
    octets = fichier("<tns:listeTypesEvenements><tns:typeEvenement/></tns:listeTypesEvenements>", version="02.00")
    jeu = lire(tmp_path, {"t.xml": octets, "1.xml": demande("999000000000000001")})
    assert list(jeu.tables) == ["bailleurs", "demandes"]
    assert any("décrit des types d’événements" in dit for dit in dits(jeu))
