"""What a reference looks at, what becomes of the cell, and what a communes list becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.contrat.rapport import Connues
from mel_core.socle.periodes import Seance
from tests.contrat.dessins import PROPRE, ajout, avec, bilan, controler_dessins, faits, la


def seules(*noms: str) -> dict[str, str]:
    return {nom: PROPRE[nom] for nom in noms}


def test_an_unknown_quartier_residence_or_bailleur_keeps_its_code(tmp_path: Path) -> None:
    evenement = "E3 ; D1 ; VISITE ; 2017-10-15 ; R9 ; B9 ; ;"
    jeu = controler_dessins(tmp_path, ajout("evenements", evenement))
    derniere = jeu.tables["evenements"].to_pylist()[-1]
    assert (derniere["code_residence"], derniere["code_bailleur"]) == ("R9", "B9")


def test_a_commune_out_of_the_mel_becomes_hors_mel_in_a_cell_and_in_a_list(tmp_path: Path) -> None:
    demande = "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; 75056 ; ; 62498|59350|75056 ; ;"
    jeu = controler_dessins(tmp_path, ajout("demandes", demande))
    derniere = jeu.tables["demandes"].to_pylist()[-1]
    assert derniere["code_insee_actuel"] == "hors_mel"
    assert derniere["communes_souhaitees"] == ["hors_mel", "59350"]
    assert faits(jeu) == [
        ("commune_hors_mel", 4, "code_insee_actuel", "75056"),
        ("commune_hors_mel", 4, "communes_souhaitees", "62498"),
        ("commune_hors_mel", 4, "communes_souhaitees", "75056"),
    ]


def test_hellemmes_and_lomme_read_as_lille_once_in_a_list(tmp_path: Path) -> None:
    demande = "D3 ; 2016-01-01 ; ACTIVE ; ; 1 ; 1 ; 0 ; ; ; 59512|59298|59350|59355 ; ;"
    jeu = controler_dessins(tmp_path, ajout("demandes", demande))
    listes = jeu.tables["demandes"]["communes_souhaitees"].to_pylist()
    assert listes == [["59350", "59512"], ["59512"], ["59512", "59350"]]
    assert [f[3] for f in faits(jeu)] == ["59298", "59355"]


def test_a_rejected_row_is_not_known_to_what_refers_to_it(tmp_path: Path) -> None:
    # The bailleur is rejected (no name), hence its résidence, hence the event's references.
    tables = ajout("bailleurs", "B3 ; ")
    tables["residences"] = ajout("residences", "R3 ; B3 ; Q1 ; 10 ; PLUS ; ;")["residences"]
    tables["evenements"] = ajout("evenements", "E3 ; D1 ; VISITE ; 2017-10-15 ; R3 ; B3 ; ;")["evenements"]
    assert faits(controler_dessins(tmp_path, tables)) == [
        ("requise_vide", 4, "nom", None),
        ("bailleur_inconnu", 4, "code_bailleur", "B3"),
        ("residence_inconnue", 4, "code_residence", "R3"),
        ("bailleur_inconnu", 4, "code_bailleur", "B3"),
    ]


def test_a_warning_is_not_given_for_a_row_that_goes_out(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, ajout("evenements", "E3 ; D9 ; VISITE ; 2019-10-15 ; R9 ; B9 ; ;"))
    assert [f[0] for f in faits(jeu)] == ["date"]


def test_the_store_answers_for_the_tables_that_a_load_does_not_bring(tmp_path: Path) -> None:
    connues = Connues(
        bailleurs=frozenset({"B1"}),
        residences=frozenset({"R2"}),
        demandes=lambda numeros: [n == "D2" for n in numeros],
        tables=frozenset({"bailleurs", "residences", "demandes"}),
    )
    jeu = controler_dessins(tmp_path, seules("evenements"), connues=connues)
    assert faits(jeu) == [
        ("demande_inconnue", 2, "numero_unique", "D1"),
        ("residence_inconnue", 2, "code_residence", "R1"),
        ("bailleur_inconnu", 3, "code_bailleur", "B2"),
    ]


def test_a_table_given_together_replaces_what_the_store_knows(tmp_path: Path) -> None:
    connues = Connues(bailleurs=frozenset({"B1", "B2", "B9"}), tables=frozenset({"bailleurs"}))
    jeu = controler_dessins(tmp_path, ajout("residences", "R3 ; B9 ; Q1 ; 10 ; PLUS ; ;"), connues=connues)
    assert faits(jeu) == [("bailleur_inconnu", 4, "code_bailleur", "B9")]


def test_a_table_that_is_nowhere_is_said_once_per_column(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, seules("evenements"))
    assert faits(jeu) == [
        ("table_absente", None, "numero_unique", None),
        ("table_absente", None, "code_residence", None),
        ("table_absente", None, "code_bailleur", None),
    ]
    assert "2\u00a0lignes" in jeu.rapport.anomalies[0].message
    assert bilan(jeu, "evenements") == (2, 2, 0, 0)


def test_without_any_bailleur_known_every_attribution_goes_out_and_why_is_said_once(tmp_path: Path) -> None:
    jeu = controler_dessins(tmp_path, seules("attributions"))
    assert [f for f in faits(jeu) if f[2] == "code_bailleur"] == [
        ("table_absente", None, "code_bailleur", None),
        ("bailleur_inconnu", 2, "code_bailleur", "B2"),
        ("bailleur_inconnu", 3, "code_bailleur", "B1"),
    ]
    dites = [a.message for a in jeu.rapport.anomalies if (a.regle, a.colonne) == ("table_absente", "code_bailleur")]
    assert "« bailleurs » n’est ni dans ce jeu ni déjà chargée, 2\u00a0lignes y renvoient" in dites[0]
    assert bilan(jeu, "attributions") == (2, 0, 2, 0)


def test_a_bailleur_unknown_to_the_table_in_place_says_nothing_of_the_table(tmp_path: Path) -> None:
    connues = Connues(bailleurs=frozenset({"B1"}), tables=frozenset({"bailleurs"}))
    jeu = controler_dessins(tmp_path, seules("attributions"), connues=connues)
    assert [f for f in faits(jeu) if f[2] == "code_bailleur"] == [("bailleur_inconnu", 2, "code_bailleur", "B2")]


@pytest.mark.parametrize(
    ("seance", "sans"),
    [
        (None, []),  # the span of the events: 2017-09-01 to 2017-10-15
        (Seance(2017, 2), []),
        (Seance(2017, 1), ["B1", "B2"]),
    ],
)
def test_a_bailleur_without_event_in_the_period_is_told(tmp_path: Path, seance: Seance | None, sans: list[str]) -> None:
    jeu = controler_dessins(tmp_path, PROPRE, seance=seance)
    assert [f[3] for f in faits(jeu)] == sans


def test_an_event_counts_for_the_bailleur_of_its_residence(tmp_path: Path) -> None:
    evenements = """
        id_evenement ; numero_unique ; type        ; date_survenance ; code_residence ; code_bailleur
        E1           ; D1            ; PROPOSITION ; 2017-09-01      ; R1             ;
    """
    jeu = controler_dessins(tmp_path, avec(evenements=evenements))
    constat = la(jeu, "bailleur_sans_evenement")
    assert (constat.fichier, constat.ligne, constat.valeur) == ("evenements.csv", None, "B2")
    assert "1\u00a0attribution et 1\u00a0résidence" in constat.message
    assert "du 01/09/2017 au 01/09/2017" in constat.message


@pytest.mark.parametrize(("seance", "sans"), [(None, []), (Seance(2017, 1), ["B1", "B2"])])
def test_lines_without_a_bailleur_are_those_of_no_bailleur_without_event(
    tmp_path: Path, seance: Seance | None, sans: list[str]
) -> None:
    """The table is refused for its header, and what is told of the bailleurs is told of those that have a code."""
    attributions = """
        id_attribution ; numero_unique
        A1             ; D2
    """
    jeu = controler_dessins(tmp_path, avec(attributions=attributions), seance=seance)
    assert [f[3] for f in faits(jeu) if f[0] == "bailleur_sans_evenement"] == sans
