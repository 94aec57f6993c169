"""Outcomes without a pseudonym in the chain, a workbook where nothing runs, what a bailleur sees of the demand."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from python_calamine import CalamineWorkbook

from mel_core.entrepot import Portee
from mel_core.journal import Auteur, Journal, Perime, nouvel_op_id
from mel_core.segments.listes import candidats, suites
from mel_core.segments.listes.export import DEMANDES, LISTE, NUMEROTEES, TAMPON, Tampon, export, nom_de_fichier
from mel_core.segments.listes.suites import CAUSES, TITRES, Code, Suite
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.exemples import examples
from tests.jeux import attribution
from tests.seance.engagements.test_cohorte import demande, evenement, magasin

S2 = Seance(2017, 2)
AGENT = Auteur("M. Martin", "59512", "commune")
MENAGE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def journal(tmp_path):
    ouvert = Journal.du_dossier(tmp_path)
    yield ouvert
    ouvert.close()


def suite(code: str = "contacte", cause: str = "", organisation: str = "59512") -> Suite:
    return Suite(Code(code), organisation, "poulidor", S2, cause)


def test_every_outcome_is_read_back_beside_its_household(journal):
    for rang, code in enumerate(TITRES):
        cause = "typologie" if code is Code.TOUJOURS_BLOQUE else ""
        suites.write(journal, f"{rang:032x}", suite(code, cause), AGENT, op_id=nouvel_op_id())
    lues = suites.read(journal, "59512", [f"{rang:032x}" for rang in range(len(TITRES) + 3)])
    assert [lues[f"{rang:032x}"][1].code for rang in range(len(TITRES))] == list(TITRES)
    assert len(lues) == len(TITRES)
    assert [s.dite for _, s in lues.values()][-1] == snapshot("toujours bloqué : typologie trop rare")


def test_an_outcome_is_seen_by_its_organisation_alone(journal):
    suites.write(journal, MENAGE, suite(), AGENT, op_id=nouvel_op_id())
    assert suites.read(journal, "59350", [MENAGE]) == {}


def test_the_last_outcome_is_shown_and_the_first_is_kept(journal):
    premiere = suites.write(journal, MENAGE, suite(), AGENT, op_id=nouvel_op_id())
    suites.write(journal, MENAGE, suite("reloge"), AGENT, op_id=nouvel_op_id(), version_vue=1)
    fiche, lue = suites.read(journal, "59512", [MENAGE])[MENAGE]
    assert (lue.code, fiche.version) == (Code.RELOGE, 2)
    assert [f.contenu["code"] for f in journal.historique("suite", premiere.identifiant)] == ["contacte", "reloge"]
    with pytest.raises(Perime):
        suites.write(journal, MENAGE, suite("positionne"), AGENT, op_id=nouvel_op_id(), version_vue=1)


def test_no_pseudonym_is_written_anywhere_in_the_journal(journal, tmp_path):
    suites.write(journal, MENAGE, suite(), AGENT, op_id=nouvel_op_id())
    with sa.create_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}").connect() as base:
        tables = sa.inspect(base).get_table_names()
        tout = json.dumps([[str(x) for x in base.execute(sa.text(f"select * from {t}"))] for t in tables])  # noqa: S608
    assert "contacte" in tout
    assert MENAGE not in tout


@pytest.mark.parametrize(
    ("code", "cause", "organisation"),
    [
        ("toujours_bloque", "", "59512"),
        ("toujours_bloque", "n’importe", "59512"),
        ("reloge", "dette", "59512"),
        ("reloge", "", ""),
    ],
)
def test_an_outcome_that_says_too_little_or_too_much_is_refused(code, cause, organisation):
    with pytest.raises(AppelIncorrect, match=":"):
        suite(code, cause, organisation)
    assert all(suite("toujours_bloque", cause).dite for cause in CAUSES)


def tampon(**change) -> Tampon:
    return Tampon(
        **{
            "titre": "Ménages Poulidor, Roubaix",
            "qui": "M. Martin",
            "organisation": "Roubaix",
            "quand": datetime(2018, 1, 3, 14, 5),
            "donnees": "publié le 2 janvier 2018",
            "millesime": "1a2b3c4d",
            "nature": "reelle",
            "filtres": {"Segment": "Ménages Poulidor", "Typologie": "T4"},
            "a_detruire_le": date(2018, 6, 30),
            **change,
        }
    )


def reread(contenu: bytes, feuille: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(contenu)).get_sheet_by_name(feuille).to_python()


def test_the_stamp_says_whether_numeros_uniques_are_in_the_file():
    table = pd.DataFrame({"Numéro unique": ["059000000000000001"]})
    for contenu, dite in ((NUMEROTEES, "Réelles, avec les numéros uniques"), (DEMANDES, "Réelles, pseudonymisées")):
        lu = dict(reread(export(table, tampon(contenu=contenu)), TAMPON))
        assert str(lu["Données"]).startswith(dite)
        assert ("désigne une personne" in str(lu["Dossier"])) is (contenu is NUMEROTEES)
    assert reread(export(table, tampon(contenu=NUMEROTEES)), LISTE)[1] == ["059000000000000001"]


def test_on_paper_the_first_columns_are_printed_at_a_size_that_is_read_and_the_stamp_says_where_they_stop():
    table = pd.DataFrame({"Personnes": ["3"], **{f"Motif {n}": ["m" * 58] for n in range(5)}})
    contenu = export(table, tampon())
    assert dict(reread(contenu, TAMPON))["Impression"] == "Jusqu’à la colonne « Motif 2 » ; les autres sont à l’écran."
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        assert "Liste!$A$1:$D$2" in archive.read("xl/workbook.xml").decode()
        # No word of a head is cut.
        assert float(re.search(r'max="1" width="([\d.]+)"', archive.read("xl/worksheets/sheet1.xml").decode())[1]) > 9


def test_texts_dates_numbers_and_blanks_come_back_as_they_were():
    table = pd.DataFrame(
        {
            "Code": ["00123", "59512"],
            "Où": ["Mons-en-Barœul", '=HYPERLINK("http://x")'],
            "Depuis": [date(2015, 2, 28), None],
            "Personnes": [3, None],
            "Mutation": [True, False],
        }
    ).astype("object")
    assert reread(export(table, tampon()), LISTE) == [
        ["Code", "Où", "Depuis", "Personnes", "Mutation"],
        ["00123", "Mons-en-Barœul", date(2015, 2, 28), 3.0, "oui"],
        ["59512", '=HYPERLINK("http://x")', "", "", "non"],
    ]


@examples(25)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30), max_size=5))
def test_any_text_comes_back_to_the_letter_and_never_as_a_formula(textes):
    hostiles = [*textes, "=1+1", "+1", "-1", "@x", "http://exemple.fr", "0033", "1e5"]
    relues = reread(export(pd.DataFrame({"t": hostiles}), tampon()), LISTE)
    assert [ligne[0] for ligne in relues[1:]] == hostiles


def test_the_stamp_says_who_when_from_what_with_which_filters_and_until_when():
    vu = dict(reread(export(pd.DataFrame({"a": [1, 2]}), tampon()), TAMPON))
    assert vu["Extrait par"] == "M. Martin (Roubaix)"
    assert vu["Extrait le"] == snapshot("3 janvier 2018 à 14h05")
    assert (vu["Lignes"], vu["Filtre : Typologie"]) == ("2", "T4")
    assert vu["À détruire avant le"] == "30 juin 2018"
    assert vu["Jeu de données"] == snapshot("publié le 2 janvier 2018")
    assert "1a2b3c4d" not in str(vu)  # in the properties of the file alone
    with zipfile.ZipFile(io.BytesIO(export(pd.DataFrame({"a": [1]}), tampon()))) as archive:
        assert "1a2b3c4d" in archive.read("docProps/core.xml").decode()
    assert "FICTIVES" in dict(reread(export(pd.DataFrame({"a": [1]}), tampon(nature="fictive")), TAMPON))["Données"]


def test_a_list_prints_on_a4_one_page_wide_with_its_place_until_when_it_is_kept_and_its_page():
    table = pd.DataFrame({f"Colonne {i}": ["un texte assez long"] for i in range(8)})
    with zipfile.ZipFile(io.BytesIO(export(table, tampon(titre="ACI & DALO, Roubaix")))) as archive:
        liste, a_lire = (archive.read(f"xl/worksheets/sheet{i}.xml").decode() for i in (1, 2))
        assert "Liste!$1:$1</definedName>" in archive.read("xl/workbook.xml").decode()
    for page in (liste, a_lire):
        assert 'paperSize="9"' in page
        assert 'fitToHeight="0"' in page
        assert 'orientation="landscape"' in page
        pied = "&amp;LACI &amp;&amp; DALO, Roubaix\nÀ détruire avant le 30 juin 2018&amp;RPage &amp;P sur &amp;N"
        assert f"<oddFooter>{pied}</oddFooter>" in page
    assert '<autoFilter ref="A1:H2"/>' in liste  # the eight columns, the head and the line
    assert 'ySplit="1"' in liste  # the head stays in sight


def test_two_exports_that_differ_by_a_cell_never_share_a_name():
    noms = [nom_de_fichier(tampon(), export(pd.DataFrame({"a": [n]}), tampon())) for n in (1, 2, 1)]
    assert noms[0] != noms[1]
    assert noms[0].startswith("menages-poulidor-roubaix-2018-01-03-")


def passage(numero, qui, jour, bailleur="B1", **valeurs):
    return evenement(numero, qui, "PASSAGE_CAL", jour, code_bailleur=bailleur, **valeurs)


def test_a_bailleur_lists_the_candidates_of_its_own_commissions_and_no_other(tmp_path):
    second = {"decision": "ATTRIBUE", "rang": 2}
    entrepot = magasin(
        tmp_path,
        [demande(q) for q in ("deux_fois", "une_fois_ici", "loge", "premier", "refuse")],
        [
            passage(1, "deux_fois", date(2017, 3, 1), **second),
            passage(2, "deux_fois", date(2017, 9, 1), **second),
            # an earlier passage of another kind does not date the ranks
            passage(11, "deux_fois", date(2016, 5, 1), decision="NON_ATTRIBUE"),
            passage(3, "une_fois_ici", date(2017, 3, 1), **second),
            passage(4, "une_fois_ici", date(2017, 9, 1), "B2", **second),
            passage(5, "loge", date(2017, 3, 1), **second),
            passage(6, "loge", date(2017, 9, 1), **second),
            passage(7, "premier", date(2017, 9, 1), decision="ATTRIBUE", rang=1),
            passage(8, "refuse", date(2017, 9, 1), decision="NON_ATTRIBUE"),
            passage(9, "refuse", date(2017, 10, 1), decision="NON_ATTRIBUE"),
            # the day of reference − 24 months is out of the window, the next one is in
            passage(10, "une_fois_ici", date(2015, 12, 31), **second),
        ],
        [attribution(1, numero_unique="loge", date_bail=date(2017, 10, 1))],
    )

    def qui(groupe, portee=None, **reglages):
        with entrepot.open(portee or Portee.bailleur("B1")) as lecteur:
            lignes = candidats.find_all(lecteur, groupe, date(2017, 12, 31), **reglages)
        return dict(zip(lignes["pseudonyme"], lignes["motif"], strict=True))

    assert qui("rang_2") == {"deux_fois": "2 fois rang 2 ou plus depuis mars 2017, sans bail chez nous"}
    assert set(qui("rang_2", fenetre=0)) == {"deux_fois", "une_fois_ici"}
    assert set(qui("rang_2", n_min=1)) == {"deux_fois", "une_fois_ici"}
    assert qui("rang_1_sans_bail") == {"premier": "1 fois rang 1 depuis septembre 2017, sans bail chez nous"}
    assert qui("non_attributions") == {
        "refuse": "2 fois non attribué depuis septembre 2017, aucune attribution en 24 mois"
    }
    assert qui("non_attributions", fenetre=0) == {
        "refuse": "2 fois non attribué depuis septembre 2017, jamais attribué"
    }
    assert len(qui("tous")) == 5
    assert qui("tous")["loge"] == snapshot(
        "2\u00a0passages en commission depuis mars 2017, bail signé chez nous en octobre 2017"
    )
    assert qui("tous", Portee.aucune()) == {}
    assert set(qui("tous", Portee.bailleur("B2"))) == {"une_fois_ici"}
    with entrepot.open(Portee.bailleur("B1")) as lecteur, pytest.raises(AppelIncorrect, match="choisir parmi"):
        candidats.find_all(lecteur, "autre", date(2017, 12, 31))


def test_the_active_demandes_come_first_then_the_latest_passage_and_nothing_else_of_a_demande_is_open(tmp_path):
    fin = date(2017, 12, 31)
    entrepot = magasin(
        tmp_path,
        [
            demande("ancienne"),
            demande("recente"),
            demande("close", etat="RADIEE", date_radiation=fin),
            demande("close_apres", etat="RADIEE", date_radiation=date(2018, 1, 1)),
            demande("sans_jour", etat="RADIEE"),
            demande("d_un_autre", etat="RADIEE", date_radiation=fin),
        ],
        [
            passage(1, "ancienne", date(2017, 3, 1)),
            passage(2, "recente", date(2017, 9, 1)),
            passage(3, "close", date(2017, 12, 1)),
            passage(4, "close_apres", date(2017, 5, 1)),
            passage(5, "sans_jour", date(2017, 11, 1)),
            passage(6, "introuvable", date(2017, 10, 1)),
            passage(7, "d_un_autre", date(2017, 10, 1), "B2"),
        ],
        [],
    )
    with entrepot.open(Portee.bailleur("B1")) as lecteur:
        lignes = candidats.find_all(lecteur, "tous", fin)
        vus = lecteur.query("from etats order by pseudonyme")
        assert lecteur.query("from demandes").empty
    assert list(zip(lignes["pseudonyme"], lignes["etat"], strict=True)) == [
        ("recente", "active"),
        ("close_apres", "active"),
        ("ancienne", "active"),
        ("close", "close"),
        ("sans_jour", "inconnue"),
        ("introuvable", "inconnue"),
    ]
    assert candidats.say_closes(lignes) == " 1\u00a0demande n’est plus active, en fin de liste."
    assert list(vus.columns) == ["pseudonyme", "fin"]
    assert set(vus["pseudonyme"]) == {"ancienne", "recente", "close", "close_apres", "sans_jour"}
