"""The relevé de décisions and the synthesis read again: what was acted, the proof, the figures of the indicator."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from inline_snapshot import snapshot

from mel_core.dossier import releve, synthese
from mel_core.dossier.actes_ecrits import DecisionEcrite, Releve, SuiteEcrite
from mel_core.dossier.contexte import Contexte
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.indicateurs import compute
from mel_core.journal import Auteur, Journal
from mel_core.secret.bail import SALLE
from mel_core.socle import langue
from tests.dossier.conftest import ICI, SEANCE

DECISION = DecisionEcrite(
    "Réserver un T2 sur trois aux mutations",
    "Bailleur B1",
    date(2018, 6, 30),
    "Roubaix : mutations refusées",
    "Mutations complexes ou bloquées à Roubaix",
    "3 % (n = 100)",
    "6 %",
    {"MEL": "acte", "Roubaix": "reserve", "Bailleur B1": "renvoye", "Croix": "non_exprimee", "Lys": "non_exprimee"},
)


def contexte(entrepot: Entrepot) -> Contexte:
    instantane = entrepot.instantane(SEANCE)
    assert instantane
    return Contexte(SEANCE, ICI, instantane, datetime(2018, 1, 9, 11, 0, tzinfo=UTC), "A. Essai", ("Roubaisien",))


def texte(chemin: Path) -> str:
    document = Document(str(chemin))
    cellules = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return re.sub(r"\s+", " ", " ".join([*(p.text for p in document.paragraphs), *cellules]))


def test_a_perimeter_whose_names_are_longer_than_a_property_may_be_is_cut_there_and_whole_in_the_text(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    """docx and pptx refuse a property over 255 signs: thirty territoires of ten have more."""
    longs = tuple(f"Territoire {n:02}" for n in range(30))
    ou = replace(contexte(entrepot), territoires=longs)
    releve.write(tmp_path / "r.docx", ou, Releve([DECISION], lien="ab" * 32))
    sujet = Document(str(tmp_path / "r.docx")).core_properties.subject
    assert (len(sujet), sujet[-1]) == (255, "…")
    assert "Territoire 29" in texte(tmp_path / "r.docx")


def test_a_releve_says_each_decision_with_its_figures_owner_deadline_and_positions(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([DECISION], lien="ab" * 32))
    lu = texte(tmp_path / "r.docx")
    for attendu in (
        *("Réserver un T2 sur trois aux mutations", "Bailleur B1", "30 juin 2018", "3 % (n = 100)", "6 %"),
        *(
            "Acté MEL",
            "Avec réserve Roubaix",
            "Renvoyé Bailleur B1",
            "Position non exprimée Croix et Lys",
            "PROJET, non signé",
        ),
    ):
        assert attendu in lu
    assert (
        lu.count("du 1er janvier au 31 décembre 2017") == lu.count("Données publiées le") == 2
    )  # its head and its end


def test_a_releve_says_when_and_where_they_met_and_who_was_there_or_that_nobody_told(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    tenue = Releve([DECISION], tenue="le 12 mars 2018, Hôtel de la Métropole", presents=["MEL", "Roubaix"])
    for nom, dite, attendu in (
        ("dite", tenue, "Tenue le 12 mars 2018, Hôtel de la Métropole Présents MEL et Roubaix"),
        ("tue", Releve([DECISION]), "Tenue date non fixée Présents non notés"),
    ):
        releve.write(tmp_path / f"{nom}.docx", contexte(entrepot), dite)
        assert attendu in texte(tmp_path / f"{nom}.docx")


@pytest.mark.parametrize(("lien", "dit"), [("ab" * 32, "dernier maillon " + "ab" * 32), (None, "rien n’y était écrit")])
def test_what_proves_a_releve_is_at_its_foot_and_its_body_says_no_command_no_hash_no_end(
    entrepot: Entrepot, tmp_path: Path, lien: str | None, dit: str
) -> None:
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([DECISION], lien=lien))
    document = Document(str(tmp_path / "r.docx"))
    pied = document.sections[0].footer.paragraphs
    assert " " not in pied[0].text.partition("semestre 2017 · ")[2]  # « page 1 sur 2 » is never alone on a line
    assert "·" not in document.paragraphs[0].text  # a line of the title would end with it
    assert pied[1].text == f"Journal de la séance : {dit}"
    lu = texte(tmp_path / "r.docx")
    assert not re.search(r"[0-9a-f]{8}|python|mel_core|détruire", lu)
    assert "Établi par" in lu


def test_a_document_says_whether_its_data_are_real(entrepot: Entrepot) -> None:
    instantane = contexte(entrepot).instantane
    for nature, dite in (("fictive", "données fictives"), ("reelle", "données réelles")):
        du_jeu = replace(contexte(entrepot), instantane=replace(instantane, nature=nature))
        assert dict(du_jeu.etablissement)["Nature"] == dite


def test_a_releve_carries_the_scenarios_that_the_room_asked_to_keep(entrepot: Entrepot, tmp_path: Path) -> None:
    garde = ("Un sur deux", "Viser 50 % de ménages ACI, c’est 8 attributions de plus.", "C. Exemple")
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([], scenarios=[garde]))
    lu = texte(tmp_path / "r.docx")
    assert "Hypothèses de séance" in lu
    for morceau in garde:
        assert morceau in lu


def test_scenarios_of_one_simulation_are_printed_side_by_side(entrepot: Entrepot, tmp_path: Path) -> None:
    journal = Journal.du_dossier(tmp_path / "journal")
    for nom, simulation, chiffres in (
        ("À 45 %", "aci", [("logés", "120", "135")]),
        ("À 50 %", "aci", [("logés", "120", "150")]),
        ("Seul", "plan", [("réorientées", "0", "9")]),
        ("D’avant", "aci", None),  # before figures were kept
        ("À 55 %", "aci", [("logés", "120", "165")]),
        ("À 60 %", "aci", [("logés", "120", "180")]),
    ):
        contenu = {"nom": nom, "simulation": simulation, "titre": simulation.upper(), "chiffres": chiffres}
        journal.write("scenario", nom, contenu, Auteur("C. Essai"), nom)
    compares = releve.compare_scenarios(journal.find_all("scenario"))
    tetes = ("Chiffre", "Constat", "À 45 %", "À 50 %", "À 55 %")
    assert compares == [("ACI", tetes, [("logés", "120", "135", "150", "165")])]
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([], compares=compares))
    lu = texte(tmp_path / "r.docx")
    assert f"{' '.join(tetes)} logés 120 135 150 165" in lu


def test_a_decision_that_nothing_measures_says_that_its_outcome_will_be_asked(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([DecisionEcrite("Se réunir", "MEL", None)]))
    lu = texte(tmp_path / "r.docx")
    assert "le résultat sera demandé à la prochaine séance" in lu
    assert "Positions aucune position exprimée" in lu


def test_a_signed_releve_says_by_whom_and_an_empty_one_that_nothing_was_acted(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([], signature="la présidence, le 9 janvier 2018"))
    lu = texte(tmp_path / "r.docx")
    assert "Signé par la présidence, le 9 janvier 2018" in lu
    assert "Aucune décision n’a été actée." in lu


def test_the_synthesis_gives_the_three_ici_and_the_metropole_as_the_indicator_does(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        releves = {"ICI 1": Releve([]), ICI: Releve([DECISION]), "ICI 3": Releve([])}
        synthese.write(tmp_path / "s.docx", contexte(entrepot), lecteur, releves)
        attendus = {
            ici or "Métropole": SALLE.cellules(compute(lecteur, "aci", contexte(entrepot).periode, ici=ici)).iloc[0]
            for ici in (*releves, None)
        }
    document = Document(str(tmp_path / "s.docx"))
    lignes = {r.cells[0].text: [c.text for c in r.cells] for r in document.tables[1].rows[1:]}
    assert set(lignes) == set(attendus)
    for ici, attendu in attendus.items():
        assert lignes[ici][1:5] == [
            *(langue.nombre(attendu[c]) for c in ("n", "n_connus", "numerateur")),
            langue.part(attendu["part"]),
        ]
    assert "Réserver un T2 sur trois aux mutations (Bailleur B1, d’ici le 30 juin 2018)" in texte(tmp_path / "s.docx")


def test_the_synthesis_gives_each_ici_its_own_perimeter_the_figures_of_its_decisions_and_what_the_last_ones_gave(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    suivi = SuiteEcrite("Doubler les ACI", "30 % (30 sur 100)", "40 % (40 sur 100)", "45 %", "en progrès")
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        siens = perimetre.icis(lecteur)
        releves = {ici: Releve([DECISION], suivi=[suivi]) if ici == ICI else Releve([]) for ici in siens}
        synthese.write(tmp_path / "s.docx", contexte(entrepot), lecteur, releves)
    document = Document(str(tmp_path / "s.docx"))
    paragraphes = [re.sub(r"\s+", " ", p.text) for p in document.paragraphs]
    assert [p for p in paragraphes if p.startswith("Périmètre : ")] == [
        f"Périmètre : {langue.liste(list(territoires))} (périmètre provisoire)." for territoires in siens.values()
    ]
    # The head names the three, and not the territories of the ICI from which it was asked for.
    assert paragraphes[1].endswith(f"· {langue.liste(list(siens))}")
    mesure = "Mutations complexes ou bloquées à Roubaix : 3 % (n = 100) ce jour, cible 6 %."
    assert f"Réserver un T2 sur trois aux mutations (Bailleur B1, d’ici le 30 juin 2018). {mesure}" in paragraphes
    # No line ends inside a figure.
    relu = ["Doubler les ACI", "30 % (30\u00a0sur\u00a0100)", "40 % (40\u00a0sur\u00a0100)", "45 %", "en progrès"]
    assert relu in [[c.text for c in r.cells] for t in document.tables for r in t.rows]


def test_a_releve_says_what_stays_without_a_decision_and_no_line_ends_inside_a_figure(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    laisse = "Trop peu de T2 libérés. (signalé par Tourcoing)"
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([DECISION], sans_decision=[laisse]))
    document = Document(str(tmp_path / "r.docx"))
    ecrits = [p.text for p in document.paragraphs]
    assert ecrits.index("Points de l’ordre du jour sans décision") + 1 == ecrits.index(laisse)
    cellules = [c.text for t in document.tables for r in t.rows for c in r.cells]
    assert {"3 % (n\u00a0=\u00a0100)", "30\u00a0juin 2018"} < set(cellules)
    nue, invites = replace(DECISION, alors=langue.ABSENT, cible=""), ["Lille"]
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([nue], sans_reponse=invites))
    lu = texte(tmp_path / "r.docx")
    fin = Document(str(tmp_path / "r.docx")).paragraphs[-1]  # after a table: no line of its own, it was a blank page
    assert (fin.text, fin.paragraph_format.line_spacing, fin.paragraph_format.space_after) == ("", Pt(1), 0)
    assert "sans décision" not in lu
    assert "Invités, ni présents ni excusés" in lu
    assert "Valeur ce jour" not in lu  # nor a row that says nothing
    assert "Cible" not in lu


def test_what_was_sent_back_has_no_owner_no_deadline_no_result_to_come_in_any_document(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    renvoyee = replace(
        DECISION, texte="Étudier le refus.", positions={"MEL": "renvoye"}, renvoi="renvoyée à la séance 2018S1"
    )
    lu_en_entier = Releve([renvoyee])
    releve.write(tmp_path / "r.docx", contexte(entrepot), lu_en_entier)
    lu = texte(tmp_path / "r.docx")
    assert "Décision 1, renvoyée : Roubaix" in lu
    assert "Suite renvoyée à la séance 2018S1 Renvoyé MEL" in lu
    assert not re.search("Responsable|Échéance|Ce qui le dira|Cible|Bailleur B1", lu)
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        releves = {"ICI 1": Releve([DECISION, renvoyee]), ICI: lu_en_entier, "ICI 3": Releve([])}
        synthese.write(tmp_path / "s.docx", contexte(entrepot), lecteur, releves)
    ecrits = [re.sub(r"\s+", " ", p.text) for p in Document(str(tmp_path / "s.docx")).paragraphs]
    assert [x for x in ecrits if x.startswith("PROJET")] == snapshot(
        [
            "PROJET, non signé. 1 décision actée et 1 décision renvoyée.",
            "PROJET, non signé. 1 décision renvoyée.",
            "PROJET, non signé. Aucune décision actée.",
        ]
    )
    assert ecrits.count("Étudier le refus (renvoyée à la séance 2018S1).") == 2


def test_what_bears_on_all_that_was_decided_is_above_its_table_which_no_page_parts_from_it(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    suivi = [SuiteEcrite("Se réunir", "—", "—", "—", "reste à renseigner")]
    releve.write(tmp_path / "r.docx", contexte(entrepot), Releve([], suivi=suivi, reserves=["Six mois en commun."]))
    blocs = list(Document(str(tmp_path / "r.docx")).element.body)
    textes = ["".join(t.text for t in bloc.iter(qn("w:t"))) for bloc in blocs]
    rang = textes.index("Six mois en commun.")
    assert blocs[rang].find(f".//{qn('w:keepNext')}") is not None
    assert textes[rang + 1].startswith("Décision ou engagement")
