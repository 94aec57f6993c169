"""What changed between two séances beside the decision, said with its result, never so finely that it tells a few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.coordination import decisions, resultats
from mel_core.coordination.changements import de_la_mesure
from mel_core.coordination.temoins import PART, TemoinIndicateur, Valeur
from mel_core.indicateurs.gel import geler
from mel_core.journal import Auteur, Journal
from mel_core.parametrage import ajouter
from mel_core.periodes import Seance
from tests.coordination.monde import S1, S2, magasin, tables
from tests.coordination.test_resultats import ANNE, DECISION, acter, lisible, seul
from tests.jeux import chargement


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.du_dossier(tmp_path / "journal")


def test_revised_data_and_more_unknowns_are_said(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees")
    acter(journal, entrepot)
    revisees = tables(15)
    lignes = revisees["attributions"].to_pylist()
    lignes[0]["aci"] = False  # 2017S1: 9 of 40 instead of 10
    for i in range(45, 65):  # 2017S2 in Roubaix: 20 of 40 no longer say
        lignes[i]["aci"] = lignes[i]["dalo"] = lignes[i]["pdalhpd"] = None
    attributions = revisees["attributions"].from_pylist(lignes, revisees["attributions"].schema)
    with entrepot.reserver():
        entrepot.publier(chargement(**{**revisees, "attributions": attributions}))
    resultat = seul(journal, entrepot)
    assert resultat.relue.valeur == Fraction(9, 40)
    dites = [lisible(r) for r in resultat.reserves]
    # 10 then 9: the difference would tell one household.
    assert any("révisés depuis, pour moins de 11 attributions : la valeur d’alors a changé." in d for d in dites)
    assert "La part des attributions inconnues pour « Ménages prioritaires (ACI) » est passée de 0 % à 50 %." in dites


def test_a_parameter_that_changed_in_between_is_said(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees")
    acter(journal, entrepot)
    assert resultats.bilan(entrepot, journal, S2, "ICI 2").changements == ()
    cible = {"indicateur": "aci", "valeur": Decimal("0.5"), "depuis": date(2017, 10, 1), "source": "Délibération"}
    ajouter(entrepot, Journal.du_dossier(entrepot.dossier), "cibles", cible, Auteur("Anne"))
    (dite,) = resultats.bilan(entrepot, journal, S2, "ICI 2").changements
    assert lisible(dite) == "Objectif : Ménages prioritaires (ACI) : 45 % à la séance 2017S1, 50 % à la séance 2017S2."


def test_a_parameter_dated_before_both_seances_is_not_said_to_be_a_revision_of_the_data_alone(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot = magasin(tmp_path / "donnees")
    acter(journal, entrepot, TemoinIndicateur("bas_revenus", "semestre"))
    bornes = {"bornes": [Decimal("0.01"), Decimal("0.02"), Decimal("0.03")], "depuis": date(2016, 1, 1), "source": "x"}
    ajouter(entrepot, Journal.du_dossier(entrepot.dossier), "bornes_ressources", bornes, Auteur("Anne"))
    resultat = seul(journal, entrepot)
    assert resultat.relue.valeur != resultat.decision.alors.valeur
    assert any("Les données ou un paramètre ont été révisés depuis" in r for r in map(lisible, resultat.reserves))


@pytest.mark.parametrize(("evenements", "n"), [((60, 10), 1), ((60, 30), 0), ((20, 0), 0), ((0, 60), 0)])
def test_a_bailleur_that_stops_recording_is_said(
    journal: Journal, tmp_path: Path, evenements: tuple[int, int], n: int
) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=evenements)
    acter(journal, entrepot)
    dites = [lisible(d) for d in resultats.bilan(entrepot, journal, S2, "ICI 2").changements]
    assert len(dites) == n
    assert all(
        d.startswith("Bailleur B1 a enregistré moins de 11 événements à la séance 2017S2, 60 à la précédente")
        for d in dites
    )


def test_a_bailleur_that_left_every_file_is_said_from_what_served_the_seance_before(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=(60, 60))
    acter(journal, entrepot)
    geler(entrepot, S1)
    sans = tables(15)  # no event of anybody, of any year
    with entrepot.reserver():
        entrepot.publier(chargement(**sans))
    (dite,) = resultats.bilan(entrepot, journal, S2, "ICI 2").changements
    assert lisible(dite).startswith("Bailleur B1 a enregistré 0 événement à la séance 2017S2, 60 à la précédente")


def test_events_sent_late_are_counted_with_those_of_the_seance_before(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=(20, 0))
    acter(journal, entrepot)
    geler(entrepot, S1)
    with entrepot.reserver():
        entrepot.publier(chargement(**tables(15, evenements=(80, 15))))
    (dite,) = resultats.bilan(entrepot, journal, S2, "ICI 2").changements
    assert lisible(dite).startswith("Bailleur B1 a enregistré 15 événements à la séance 2017S2, 80 à la précédente")


def revise(n_connus: int, n: int) -> Valeur:
    return Valeur(Fraction(n, n_connus), PART, n_connus, n_connus, 0, n)


@pytest.mark.parametrize(
    ("alors", "relue", "dite"),
    [
        (revise(44, 27), revise(44, 27), None),
        (
            revise(44, 27),
            revise(88, 54),
            "la valeur d’alors, 61,4 % (27 sur 44), se lit aujourd’hui 61,4 % (54 sur 88).",
        ),
        (
            revise(80, 20),
            revise(80, 40),
            "la valeur d’alors, 25 % (20 sur 80), se lit aujourd’hui 50 % (40 sur 80).",
        ),
        (revise(80, 20), revise(92, 31), "pour moins de 11 attributions"),  # 60 others, then 61
        (revise(1377, 887), revise(1378, 888), "pour moins de 11 attributions : la valeur d’alors a changé."),
        (revise(44, 27), Valeur(None, PART, motif="Aucune"), "ne se relit plus dans les données d’aujourd’hui"),
    ],
)
def test_what_was_revised_since_is_said_but_never_so_finely_that_it_tells_a_few_households(
    alors: Valeur, relue: Valeur, dite: str | None
) -> None:
    dites = [lisible(x) for x in de_la_mesure(TemoinIndicateur("aci"), alors, relue, revise(50, 30))]
    assert len(dites) == (dite is not None)
    assert dite is None or dite in dites[0]


def test_a_parameter_is_compared_with_the_seance_of_each_decision_that_reopens(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot = magasin(tmp_path / "donnees")
    cible = {"indicateur": "aci", "valeur": Decimal("0.5"), "depuis": date(2017, 10, 1), "source": "Délibération"}
    ajouter(entrepot, Journal.du_dossier(entrepot.dossier), "cibles", cible, Auteur("Anne"))
    en_cours = replace(DECISION, echeance=date(2018, 6, 30), motif_echeance="travaux")
    decisions.acter(journal, en_cours, ANNE, identifiant="ancienne", op_id="a")
    decisions.acter(journal, replace(en_cours, seance=S2), ANNE, identifiant="precedente", op_id="p")
    # Nothing moved since 2017S2; at 2017S1 the objective was another one.
    (dite,) = resultats.bilan(entrepot, journal, Seance(2018, 1), "ICI 2").changements
    assert lisible(dite) == "Objectif : Ménages prioritaires (ACI) : 45 % à la séance 2017S1, 50 % à la séance 2018S1."
