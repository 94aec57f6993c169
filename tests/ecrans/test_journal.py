"""Préparer › Journal: who saw, exported, wrote, published or changed a parameter, for the co-pilots alone."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Auteur, Journal
from mel_core.journal import journal as module_journal
from pages.commun import donnees
from tests.ecrans.conftest import ROUBAIX, Publier
from tests.jeux import attribution, bailleurs, table

ANNE, COMMUNE, BAILLEUR = Auteur("Anne", "MEL"), Auteur("C. Essai", ROUBAIX, "commune"), Auteur("B. Martin", "B1", "b")
ECHANGE = {"seance": "2017S2", "ici": "ICI 2"}
LISTE = {"titre": "Ménages Poulidor", "organisation": ROUBAIX, "n": 12, "filtres": {}}
COPILOTE = Profil(TypeProfil.COPILOTE)


def read(profil: Profil = COPILOTE, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).run()
    essai.session_state["profil_repete"] = profil
    essai.switch_page("pages/preparer/journal.py")
    essai.query_params.update(adresse)
    essai.run()
    assert not essai.exception
    return essai


def html(essai: AppTest) -> str:
    return " ".join(str(x.proto.body) for x in essai.get("html")).replace("\u00a0", " ").replace("\u202f", " ")


def lignes(essai: AppTest) -> list[tuple[str, str]]:
    """Who and what of each line, as they are read."""
    assert not essai.exception
    rangees = re.findall(r"<tr><td>[^<]*</td><td>([^<]*)</td><td>([^<]*)</td><td>[^<]*</td></tr>", html(essai))
    return [(unescape(qui), unescape(dit)) for qui, dit in rangees]


def phrase(essai: AppTest) -> str:
    return next(m.value for m in essai.markdown if "geste" in m.value).replace("\u00a0", " ")


@pytest.fixture
def publie(publish: Publier, tmp_path: Path) -> Journal:
    """One bail in Roubaix by « Bailleur B1 », and a journal."""
    publish(
        bailleurs=bailleurs("B1"),
        attributions=table("attributions", attribution(1, code_insee=ROUBAIX)),
        nature="fictive",
    )
    return Journal.du_dossier(tmp_path)


def write(journal: Journal, *gestes: tuple[str, dict[str, Any], Auteur]) -> None:
    for i, (objet, contenu, auteur) in enumerate(gestes):
        journal.write(objet, f"{objet}{i}", contenu, auteur, f"op-{objet}-{i}")


def un_de_chaque(journal: Journal) -> None:
    write(
        journal,
        ("audit", {"geste": "consultation", **LISTE}, COMMUNE),
        ("audit", {"geste": "export", **LISTE, "titre": "Candidats, Bailleur B1"}, BAILLEUR),
        ("blocage", {**ECHANGE, "etat": "recu", "constat": "Rien ne se libère"}, COMMUNE),
        ("brouillon-blocage", {"constat": "confidentiel"}, COMMUNE),
        ("parametre", {"section": "cibles", "indicateur": "aci", "valeur": "0.45", "depuis": "2018-01-01"}, ANNE),
        ("contours", {"couche": "qpv", "bilan": "x"}, ANNE),
        ("effacement", {"motif": "numeros", "comptes": {"menages": 2}}, Auteur("agent")),
    )


def test_each_gesture_is_a_sentence_the_latest_first_and_no_draft_is_quoted(publie: Journal) -> None:
    un_de_chaque(publie)
    essai = read()
    assert lignes(essai) == [
        ("agent", "a effacé les données de 2 ménages"),
        ("Anne – MEL", "a publié les contours des QPV"),
        (
            "Anne – MEL",
            "a changé un paramètre : objectif « Ménages prioritaires (ACI) », toute la Métropole, 45 %, à partir du "
            "1er janvier 2018",
        ),
        ("C. Essai – Roubaix", "a signalé un blocage (ICI 2, séance 2017S2)"),
        ("B. Martin – Bailleur B1", "a exporté la liste « Candidats, Bailleur B1 », 12 lignes"),
        ("C. Essai – Roubaix", "a ouvert la liste « Ménages Poulidor » (Roubaix), 12 lignes"),
    ]
    assert phrase(essai) == snapshot("**6 gestes** ces 30 derniers jours.")
    assert "confidentiel" not in html(essai)
    assert "Journal intact : 7 écritures" in html(essai)


def test_a_seance_is_read_with_what_was_written_before_and_after_and_taken_away(publie: Journal) -> None:
    un_de_chaque(publie)
    ecrite = {**ECHANGE, "texte": "Visiter", "echeance": "2018-06-30", "positions": {"MEL": "acte"}}
    publie.write("decision", "d", ecrite, ANNE, "d1")
    corrigee = {**ecrite, "texte": "Visiter avant", "positions": {"MEL": "acte", ROUBAIX: "reserve"}}
    publie.write("decision", "d", corrigee, BAILLEUR, "d2", 1)
    publie.write("seance", "2017S2-ICI 2", {**ECHANGE, "jour": "2018-03-15"}, ANNE, "s")
    demande = {"nom": "aci", "seance": "2017S2", "par": f"commune,{ROUBAIX}", "format": "json"}
    publie.write("audit", "c", {"geste": "commande", "titre": "indicateur", "filtres": demande}, ANNE, "c")
    essai = read(journal_seance="2017S2-ICI 2")
    vues = re.findall(r"<td>([^<]*)</td></tr>", html(essai))
    assert [unescape(v) for v in vues] == [
        "date : 15 mars 2018",
        "texte : « Visiter » → « Visiter avant » ; positions : Acté : MEL → Acté : MEL ; avec réserve : Roubaix",
        "texte : « Visiter » ; échéance : 30 juin 2018 ; positions : Acté : MEL",
        "ce qui bloque : « Rien ne se libère » ; état : reçu",
    ]
    assert "Filtres en vigueur (séance 2017S2, ICI 2)" in phrase(essai)
    assert ("Anne – MEL", "a lu un indicateur (aci, commune, Roubaix, 2017S2), en ligne de commande") in lignes(read())


def test_an_empty_journal_says_so(publie: Journal) -> None:
    essai = read()
    assert lignes(essai) == []
    assert "Le journal est vide." in html(essai)


def test_a_folder_where_nothing_was_ever_published_nor_written_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publish: Publier
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(tmp_path / "neuf"))
    assert "Le journal est vide" in html(read())


def test_a_kind_of_gesture_and_a_person_are_filters_kept_in_an_address_that_names_nobody(publie: Journal) -> None:
    un_de_chaque(publie)
    essai = read()
    essai.selectbox(key="journal_geste").set_value("exporte").run()
    assert [dit for _, dit in lignes(essai)] == snapshot(["a exporté la liste « Candidats, Bailleur B1 », 12 lignes"])
    assert phrase(essai) == snapshot(
        "**1 geste** ces 30 derniers jours. Filtres en vigueur (a exporté) : sans eux, **6 gestes**."
    )
    essai.selectbox(key="journal_geste").set_value("").run()
    choix = essai.selectbox(key="journal_qui")
    choix.select_index(choix.options.index("C. Essai – Roubaix")).run()
    assert [dit for _, dit in lignes(essai)] == snapshot(
        [
            "a signalé un blocage (ICI 2, séance 2017S2)",
            "a ouvert la liste « Ménages Poulidor » (Roubaix), 12 lignes",
        ]
    )
    adresse = dict(essai.query_params)
    assert "Essai" not in str(adresse)
    assert lignes(read(**adresse)) == lignes(essai)


def test_drafts_are_told_when_they_are_asked_for(publie: Journal) -> None:
    un_de_chaque(publie)
    essai = read(journal_geste="brouillon")
    assert lignes(essai) == [("C. Essai – Roubaix", "a saisi un brouillon de blocage")]


def test_a_period_leaves_out_what_came_before_it(publie: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the journal is put back for one write: 60 days ago."""
    avant = datetime.now(UTC) - timedelta(days=60)

    class Horloge(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return avant

    with monkeypatch.context() as m:
        m.setattr(module_journal, "datetime", Horloge)
        write(publie, ("decision", ECHANGE, ANNE))
    write(publie, ("blocage", {**ECHANGE, "etat": "recu"}, ANNE))
    assert [dit for _, dit in lignes(read())] == snapshot(["a signalé un blocage (ICI 2, séance 2017S2)"])
    essai = read(journal_depuis="365")
    assert len(lignes(essai)) == 2
    assert phrase(essai) == snapshot("**2 gestes** ces 12 derniers mois.")


def test_nothing_that_answers_says_what_to_do(publie: Journal) -> None:
    write(publie, ("decision", ECHANGE, ANNE))
    essai = read(journal_geste="efface")
    assert lignes(essai) == []
    assert "Aucun geste ne répond : élargir la période ou les filtres." in html(essai)


def test_a_long_journal_is_read_page_by_page(publie: Journal) -> None:
    """120 decisions: 50, 50, then 20."""
    write(publie, *(("decision", ECHANGE, ANNE) for _ in range(120)))
    essai = read()
    assert len(lignes(essai)) == 50
    essai.number_input(key="journal_page").set_value(3).run()
    assert len(lignes(essai)) == 20
    essai.selectbox(key="journal_geste").set_value("vu").run()
    assert "Aucun geste ne répond" in html(essai)


def test_a_journal_that_was_tampered_with_says_so_in_one_sentence(publie: Journal, tmp_path: Path) -> None:
    write(publie, ("decision", {**ECHANGE, "texte": "avant"}, ANNE))
    with sqlite3.connect(tmp_path / "journal.sqlite") as base:
        base.execute("drop trigger if exists sqlite_contenus_maj")
        for (nom,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            base.execute(f'drop trigger "{nom}"')
        base.execute("update contenus set texte = replace(texte, 'avant', 'apres')")
    assert "Le journal a été altéré (1 anomalie), à lire par la commande" in html(read())


@pytest.mark.parametrize(
    "profil",
    [
        Profil(TypeProfil.ANIMATEUR),
        Profil(TypeProfil.COMMUNE, ROUBAIX),
        Profil(TypeProfil.BAILLEUR, "B1"),
        Profil(TypeProfil.RESERVATAIRE, "COLACT"),
    ],
)
def test_the_journal_is_closed_to_the_others_with_its_reason(publie: Journal, profil: Profil) -> None:
    un_de_chaque(publie)
    essai = read(profil)
    assert lignes(essai) == []
    assert "Seul un co-pilote (MEL, DDTM, AR-Habitat) peut lire le journal" in html(essai)
    assert "C. Essai" not in html(essai)


def test_the_journal_is_closed_to_a_co_pilot_in_salle(publie: Journal) -> None:
    un_de_chaque(publie)
    essai = read()
    essai.session_state["salle_repetee"] = True
    essai.run()
    assert lignes(essai) == []
    assert "L’affichage est en Salle, où aucune liste ne s’ouvre" in html(essai)


def test_real_data_without_a_login_show_no_journal(publish: Publier, tmp_path: Path) -> None:
    publish("reelle", bailleurs=bailleurs("B1"), attributions=table("attributions", attribution(1)))
    un_de_chaque(Journal.du_dossier(tmp_path))
    essai = read()
    assert "ne s’ouvrent qu’à une personne connue" in html(essai)
    assert lignes(essai) == []
