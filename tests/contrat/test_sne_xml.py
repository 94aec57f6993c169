"""The XML files of the SNE interface: what they count, what they never bring, and what an enemy would write in them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat import Jeu, Mapping, check
from mel_core.contrat.rapport import Gravite
from tests.contrat.dessins import bilan
from tests.contrat.dessins_sne import ESPACE, LIBRE, PLANTES, demande, evenements, fichier, write
from tests.exemples import examples

JOUR = date(2018, 1, 15)
BAILLEURS = {"bailleurs.csv": "code_bailleur;nom\n111222333;Bailleur un\n444555666;Bailleur deux\n"}
SNE = Mapping(modele="sne")
BAIL = {"date": "2017-09-30"}


def lire(dossier: Path, fichiers: dict[str, bytes], mapping: Mapping = SNE, nom: str = "sne.zip") -> Jeu:
    return check(write(dossier / nom, {**BAILLEURS, **fichiers}), mapping=mapping, aujourdhui=JOUR)


def une(jeu: Jeu, table: str) -> dict[str, Any]:
    (rangee,) = jeu.tables[table].to_pylist()
    return rangee


def bloquants(jeu: Jeu) -> list[str]:
    return [_lisible(a.message) for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]


def dits(jeu: Jeu) -> list[str]:
    """What the report says of how the files were read."""
    return [_lisible(a.message) for a in jeu.rapport.anomalies if a.regle == "modele"]


def _lisible(phrase: str) -> str:
    return phrase.replace("\u00a0", " ")


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


DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{suite}]>'
BOMBE = DTD.format(
    suite="".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
)
CORPS = f'<t:interfaceNuu xmlns:t="{ESPACE}" versionInterface="02.01"><t:demande>{{}}</t:demande></t:interfaceNuu>'


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (BOMBE + CORPS.format("&j;"), "déclare une DTD ou des entités"),
        (
            '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + CORPS.format("<t:numUnique>&f;</t:numUnique>"),
            "déclare une DTD ou des entités",
        ),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + CORPS.format(""), "déclare une DTD ou des entités"),
        ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>' + CORPS.format(""), "déclare une DTD"),
        (CORPS.format("&inconnue;"), "n’est pas du XML bien formé"),
        (CORPS.format("<t:a>" * 100 + "</t:a>" * 100), "emboîte plus de 40 balises"),
        (
            CORPS.format("<t:demandeLogement><t:numUnique>" + "9" * 20_000 + "</t:numUnique></t:demandeLogement>"),
            "texte de plus",
        ),
        (CORPS.format("<!--" + " " * (5 << 20) + "-->"), "dépasse 4 Mo"),
        (CORPS.format("").replace(ESPACE, "http://ailleurs/"), "n’est pas de l’interface du SNE"),
        (CORPS.format("").replace("interfaceNuu", "autreChose"), "commence par « autreChose »"),
        (CORPS.format(""), "ne porte ni demande ni événements"),
        (CORPS.format("").replace("02.01", "03.00"), "est à la version « 03.00 »"),
        (CORPS.format("").replace("02.01", "02.1"), "est à la version « 02.1 »"),
        (CORPS.format("").replace(' versionInterface="02.01"', ""), "ne dit pas la version"),
        (CORPS.format("")[:-20], "n’est pas du XML bien formé"),
        ("", "n’est pas du XML bien formé"),
        ("id;nom\n1;2\n", "n’est pas du XML bien formé"),
        ('<?xml version="1.0" encoding="klingon"?>' + CORPS.format(""), "encodage inconnu"),
    ],
)
def test_a_file_that_is_not_safe_or_not_of_the_interface_is_refused_in_a_sentence_that_names_it(
    tmp_path: Path, octets: str, dit: str
) -> None:
    jeu = lire(
        tmp_path, {"lot/bon.xml": demande("999000000000000001"), "lot/mauvais.xml": octets.encode()}, nom="dossier"
    )
    (phrase,) = bloquants(jeu)
    assert phrase.startswith("Le fichier « lot/mauvais.xml » ")
    assert dit in phrase
    assert phrase.endswith(".")
    assert "root:" not in phrase
    assert not jeu.tables  # all or nothing


def test_every_refused_file_is_named_up_to_a_hundred(tmp_path: Path) -> None:
    jeu = lire(tmp_path, {f"{n:03d}.xml": b"<x/>" for n in range(130)})
    dits = bloquants(jeu)
    assert len(dits) == 101
    assert dits[-1].startswith("30 autres fichiers sont refusés")


@pytest.mark.parametrize("encodage", ["utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read(tmp_path: Path, encodage: str) -> None:
    texte = demande("999000000000000001").decode().replace("UTF-8", encodage)
    assert bilan(lire(tmp_path, {"1.xml": texte.encode(encodage)}), "demandes") == (1, 1, 0, 0)


def test_a_catalogue_of_event_types_is_said_and_holds_no_event(tmp_path: Path) -> None:
    octets = fichier("<tns:listeTypesEvenements><tns:typeEvenement/></tns:listeTypesEvenements>", version="02.00")
    jeu = lire(tmp_path, {"t.xml": octets, "1.xml": demande("999000000000000001")})
    assert list(jeu.tables) == ["bailleurs", "demandes"]
    assert any("décrit des types d’événements" in dit for dit in dits(jeu))


def test_names_birth_dates_addresses_and_free_texts_go_nowhere(tmp_path: Path) -> None:
    """A free text hidden where a code is awaited is not read either."""
    jeu = lire(
        tmp_path,
        {
            "1.xml": demande("999000000000000001", a_charge=1, cotitulaires=[{}], motif_radiation="RADATT", bail=BAIL),
            "e.xml": evenements(
                "999000000000000001",
                {
                    "id": 1,
                    "type": "VISITE",
                    "date": "2017-05-02",
                    "caracteristiques": {"TYPOLOGIE": "Perroquet", "BAILLEUR": LIBRE, "RANG": LIBRE, "MOTIF": LIBRE},
                },
            ),
        },
    )
    tout = json.dumps([t.to_pylist() for t in jeu.tables.values()], default=str) + "".join(jeu.rapport.en_json())
    assert "999000000000000001" in tout  # what is looked for would be found
    assert not [mot for mot in (*PLANTES, "Perroquet", "COTITULOWSKI", "oiseleur") if mot in tout]


N_UNIQUES = st.integers(0, 999).map(lambda n: f"999{n:015d}")
BAUX = st.fixed_dictionaries(
    {
        "date": st.dates(date(2016, 1, 1), date(2017, 12, 31)).map(str),
        "deja_loge": st.sampled_from(["OUI", "NON", "NONDOC"]),
        "dalo": st.sampled_from(["true", "false"]),
        "accord": st.sampled_from(["ACI", "ACD", "AUCUN", "NONDOC"]),
        "reservataire": st.sampled_from(["COLTER", "COLACT", "PPRIOR", "PFONCT", "AUTRES", "AUCUN"]),
        "bailleur": st.sampled_from(["111222333", "444555666", "999999999"]),  # the last one is in no table
        "commune": st.sampled_from(["59350", "59512", "75056"]),
    }
)
DESSINS = st.fixed_dictionaries(
    {
        "delai": st.sampled_from(["true", "false"]),
        "poulidor": st.sampled_from(["true", "false"]),
        "dalo": st.sampled_from(["ACTIF", "ACTREL", "CADUC", "NON"]),
        "a_charge": st.integers(0, 4),
        "cotitulaires": st.lists(st.fixed_dictionaries({"lien": st.sampled_from("MPCL")}), max_size=2),
    },
    optional={"bail": BAUX},
)


@given(tires=st.lists(st.tuples(N_UNIQUES, DESSINS), min_size=1, max_size=12))
@examples(25)
def test_totals_are_those_that_a_plain_reading_of_the_files_counts(
    tmp_path_factory: pytest.TempPathFactory, tires: list[tuple[str, dict[str, Any]]]
) -> None:
    """Counted here on the text of the files, without a line of the product."""
    fichiers = {
        f"{rang:02d}.xml": demande(numero, **d, **({"motif_radiation": "RADATT"} if "bail" in d else {}))
        for rang, (numero, d) in enumerate(tires)
    }
    jeu = lire(tmp_path_factory.mktemp("sne"), fichiers)
    premiers: dict[str, ElementTree.Element] = {}
    for octets in fichiers.values():
        racine = ElementTree.fromstring(octets)  # noqa: S314  drawn above
        premiers.setdefault(str(racine.findtext(f".//{{{ESPACE}}}numUnique")), racine)
    racines = list(premiers.values())

    def compte(balise: str, *valeurs: str) -> int:
        trouves = (e for r in racines for e in r.iter(f"{{{ESPACE}}}{balise}"))
        return sum((e.get("code") or e.text) in valeurs for e in trouves)

    demandes = jeu.tables["demandes"].to_pylist()
    assert bilan(jeu, "demandes") == (len(fichiers), len(racines), 0, len(fichiers) - len(racines))
    assert sum(d["etat"] == "RADIEE" for d in demandes) == compte("motifRadiation", "RADATT")
    assert sum(d["dalo"] for d in demandes) == compte("statutDalo", "ACTIF", "ACTREL")
    assert sum(d["delai_anormalement_long"] for d in demandes) == compte("estDelaiAnormalementLong", "true")
    assert sum(d["multiples_attributions_sous_conditions"] for d in demandes) == compte(
        "estMultiplesAttributionsSousConditions", "true"
    )
    personnes = ("demandeur", "cotitulaire", "personneACharge")
    assert sum(d["n_personnes"] for d in demandes) == sum(
        1 for r in racines for p in personnes for _ in r.iter(f"{{{ESPACE}}}{p}")
    )

    dessins = [d["bail"] for _, d in tires if "bail" in d]
    if dessins:
        lues, gardees, rejetees, doublons = bilan(jeu, "attributions")
        assert (lues, gardees + rejetees + doublons) == (len(dessins), len(dessins))
        assert rejetees == sum(b["bailleur"] == "999999999" or b["commune"] == "75056" for b in dessins)
        if doublons == 0:
            bons = [b for b in dessins if b["bailleur"] != "999999999" and b["commune"] != "75056"]
            baux = jeu.tables["attributions"].to_pylist()
            assert sum(b["aci"] for b in baux) == sum(b["accord"] == "ACI" for b in bons)
            assert sum(b["dalo"] for b in baux) == sum(b["dalo"] == "true" for b in bons)
            assert sum(b["mutation"] for b in baux) == sum(b["deja_loge"] == "OUI" for b in bons)
