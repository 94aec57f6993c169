"""What an enemy would write in a file of the SNE, what none must bring, and totals counted without the product."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contrat.dessins import bilan
from tests.contrat.dessins_sne import ESPACE, LIBRE, PLANTES, bloquants, demande, evenements, lire
from tests.exemples import examples

BAIL = {"date": "2017-09-30"}

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


@given(
    entailles=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12) | st.text(max_size=6)), max_size=6
    )
)
@examples(60)
def test_a_damaged_file_is_read_or_refused_by_its_name_and_never_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, entailles: list[tuple[float, int, bytes | str]]
) -> None:
    octets = demande("999000000000000001", a_charge=1, motif_radiation="RADATT", bail=BAIL, revenu=9000)
    for place, longueur, mis in entailles:
        rang = int(place * len(octets))
        octets = octets[:rang] + (mis.encode() if isinstance(mis, str) else mis) + octets[rang + longueur :]
    jeu = lire(tmp_path_factory.mktemp("abime"), {"abime.xml": octets})
    for phrase in bloquants(jeu):
        assert "« abime.xml »" in phrase or "Que veut dire" in phrase
    for table in jeu.tables.keys() - {"bailleurs"}:
        lues, gardees, rejetees, doublons = bilan(jeu, table)
        assert lues == gardees + rejetees + doublons == 1


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
