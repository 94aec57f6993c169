"""Segments asked by the command line: of one ICI, free, narrowed, or without the column that they need."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from tests.cli.appel import ici, une_phrase
from tests.jeux import LILLE, ROUBAIX, bailleurs, chargement, serve, table
from tests.seance.engagements.test_cohorte import demande, evenement


def test_a_segment_is_asked_for_one_ici_and_its_list_says_so_in_the_journal(publiees):
    # Both demandes want Roubaix (ICI 2), the first wants Lille (ICI 1) too; nobody asks for ICI 3.
    segment = ("segment", "attente_24", "--date", "2017-12-31", "--mois", "0", "--ici")
    assert [json.loads(ici(*segment, f"ICI {i}", donnees=publiees).stdout)["n"] for i in (1, 2, 3)] == [1, 2, 0]
    assert len(ici(*segment, "ICI 1", "--format", "csv", donnees=publiees).stdout.splitlines()) == 1 + 1
    (trace,) = Journal.du_dossier(publiees).find_all("audit", geste="liste")
    assert trace.contenu["filtres"]["ici"] == "ICI 1"


def test_the_list_of_an_ici_says_when_at_which_rank_and_in_which_residence_wherever_it_is(donnees):
    # A demande of Roubaix (ICI 2), second twice in a résidence of Lille (ICI 1) that a file names.
    jours = (date(2017, 3, 14), date(2017, 5, 1))
    second = {"code_bailleur": "B1", "code_residence": "R1", "decision": "ATTRIBUE", "rang": 2}
    lieu = {"code_residence": "R1", "nom": "Les Acacias", "code_bailleur": "B1", "code_quartier": f"{LILLE}01"}
    serve(
        Entrepot(donnees),
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", {"code_quartier": f"{LILLE}01", "nom": "Centre", "code_insee": LILLE}),
            residences=table("residences", {**lieu, "n_logements": 200}),
            demandes=table("demandes", demande("m0", communes_souhaitees=[ROUBAIX])),
            evenements=table(
                "evenements",
                evenement("x", "autre", "AUTRE", date(2015, 12, 31)),  # the 24 months are covered
                *(evenement(i, "m0", "PASSAGE_CAL", jour, **second) for i, jour in enumerate(jours)),
            ),
        ),
    )
    segment = ("segment", "poulidor", "--date", "2017-12-31", "--ici", "ICI 2", "--format", "csv")
    (ligne,) = csv.DictReader(io.StringIO(ici(*segment, donnees=donnees).stdout))
    assert ligne["motif"].replace("\u00a0", " ") == snapshot(
        "2 fois rang 2 ou plus : rang 2 le 14/03/2017 (Les Acacias), rang 2 le 01/05/2017 (Les Acacias)"
    )


@pytest.mark.parametrize(
    ("manquante", "absentes"),
    [
        ("mutations_bloquees_en_attente", "mutation_bloquee"),
        ("aci_en_attente", "aci|dalo|pdalhpd"),
        ("poulidor", "decision|rang"),
    ],
)
def test_a_segment_says_the_column_that_it_was_not_given(publiees, manquante, absentes):
    segment = ("segment", manquante, "--date", "2017-12-31")
    reponse = ici(*segment, donnees=publiees)
    # Nobody is known to bear a label, nor not to; without ranks, nobody is known to have come second.
    inconnu = {"n": None, "motif": "colonne_absente", "colonnes_absentes": absentes}
    assert json.loads(reponse.stdout) == inconnu
    assert "ne peut pas être connu\u00a0: aucun fichier importé n’apporte la colonne" in une_phrase(reponse)
    par_commune = json.loads(ici(*segment, "--par", "commune_souhaitee", donnees=publiees).stdout)
    assert par_commune == [{"cle": "inconnu", **inconnu}]


def test_a_free_segment_is_asked_by_its_conditions_and_narrows_one_of_the_contract(publiees):
    # 47 and 11 months on 31 December 2017; both want Roubaix, the first wants Lille too
    roubaix = '[["commune_souhaitee","parmi",["59512"]]]'
    ancienne = '[["anciennete_mois","au_moins",24],["commune_souhaitee","parmi",["59512"]]]'
    for nom, conditions, n in (("libre", roubaix, 2), ("libre", ancienne, 1), ("attente_24", roubaix, 1)):
        segment = ("segment", nom, "--date", "2017-12-31", "--conditions", conditions)
        assert json.loads(ici(*segment, donnees=publiees).stdout) == {"n": n}
        lus = csv.DictReader(io.StringIO(ici(*segment, "--format", "csv", donnees=publiees).stdout))
        assert len(list(lus)) == n
    traces = Journal.du_dossier(publiees).find_all("audit", geste="liste")
    assert [t.contenu["filtres"]["conditions"] for t in traces] == [roubaix, ancienne, roubaix]


@pytest.mark.parametrize("conditions", [(), ("--conditions", "24 mois"), ("--conditions", '[["nom","est",true]]')])
def test_a_free_segment_that_cannot_be_read_is_a_wrong_call(publiees, conditions):
    reponse = ici("segment", "libre", "--date", "2017-12-31", *conditions, donnees=publiees)
    assert reponse.returncode == 2
    une_phrase(reponse)


@pytest.mark.parametrize("nom", ["libre", "attente_24"])
@pytest.mark.parametrize("conditions", ["{}", "[]", '{"conditions":[]}', '""', "null"])
def test_conditions_that_hold_none_are_a_wrong_call_and_not_every_demande(donnees, nom, conditions):
    reponse = ici("segment", nom, "--date", "2017-12-31", "--conditions", conditions, donnees=donnees)
    assert (reponse.returncode, reponse.stdout) == (2, "")
    assert "condition" in une_phrase(reponse)
