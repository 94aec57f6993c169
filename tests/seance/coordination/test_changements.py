"""What changed between two séances beside the decision, said with its result as each audience reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.comptage import freeze
from mel_core.indicateurs.parametrage import add
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import decisions, resultats
from mel_core.seance.coordination.changements import _pour, de_la_mesure
from mel_core.seance.coordination.temoins import PART, TemoinIndicateur, Valeur
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.periodes import Seance
from tests.jeux import chargement, serve
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.seance.coordination.monde import S1, S2, magasin, tables
from tests.seance.coordination.test_resultats import ANNE, DECISION, act, seul


def test_revised_data_and_more_unknowns_are_said(journal: Journal, entrepot: Entrepot) -> None:
    act(journal, entrepot)
    revisees = tables(15)
    lignes = revisees["attributions"].to_pylist()
    lignes[0]["aci"] = False  # 2017S1: 9 of 40 instead of 10
    for i in range(45, 65):  # 2017S2 in Roubaix: 20 of 40 no longer say
        lignes[i]["aci"] = lignes[i]["dalo"] = lignes[i]["pdalhpd"] = None
    attributions = revisees["attributions"].from_pylist(lignes, revisees["attributions"].schema)
    with entrepot.reserve():
        serve(entrepot, chargement(**{**revisees, "attributions": attributions}))
    resultat = seul(journal, entrepot)
    assert resultat.relue.valeur == Fraction(9, 40)
    dites = [simple(r) for r in lue_par(PREPARATION, resultat.reserves)]
    revision = "Les données ou un paramètre ont été révisés depuis : la valeur d’alors"
    assert f"{revision}, 25 % (10 sur 40), se lit aujourd’hui 22,5 % (9 sur 40)." in dites
    assert "La part des attributions inconnues pour « Ménages prioritaires (ACI) » est passée de 0 % à 50 %." in dites
    # Forty known: a room is told the side of the target, then as before, and that more is unknown, not how much.
    dites = [simple(r) for r in lue_par(SALLE, resultat.reserves)]
    assert f"{revision} a changé." in dites
    assert "La part des attributions inconnues pour « Ménages prioritaires (ACI) » a augmenté." in dites


def test_a_parameter_that_changed_in_between_is_said(journal: Journal, entrepot: Entrepot) -> None:
    act(journal, entrepot)
    assert lue_par(SALLE, resultats.bilan(entrepot, journal, S2, "ICI 2").changements) == ()
    cible = {"indicateur": "aci", "valeur": Decimal("0.5"), "depuis": date(2017, 10, 1), "source": "Délibération"}
    add(entrepot, Journal.du_dossier(entrepot.dossier), "cibles", cible, Auteur("Anne"))
    (dite,) = lue_par(SALLE, resultats.bilan(entrepot, journal, S2, "ICI 2").changements)
    assert simple(dite) == snapshot(
        "Objectif : Ménages prioritaires (ACI) : 45 % à la séance 2017S1, 50 % à la séance 2017S2."
    )


def test_a_parameter_dated_before_both_seances_is_not_said_to_be_a_revision_of_the_data_alone(
    journal: Journal, entrepot: Entrepot
) -> None:
    act(journal, entrepot, TemoinIndicateur("bas_revenus", "semestre"))
    bornes = {"bornes": [Decimal("0.01"), Decimal("0.02"), Decimal("0.03")], "depuis": date(2016, 1, 1), "source": "x"}
    add(entrepot, Journal.du_dossier(entrepot.dossier), "bornes_ressources", bornes, Auteur("Anne"))
    resultat = seul(journal, entrepot)
    assert resultat.relue.valeur != resultat.decision.alors.valeur
    assert any(
        "Les données ou un paramètre ont été révisés depuis" in r
        for r in map(simple, lue_par(SALLE, resultat.reserves))
    )


@pytest.mark.parametrize(("evenements", "n"), [((60, 10), 1), ((60, 30), 0), ((20, 0), 0), ((0, 60), 0)])
def test_a_bailleur_that_stops_recording_is_said(
    journal: Journal, tmp_path: Path, evenements: tuple[int, int], n: int
) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=evenements)
    act(journal, entrepot)
    bilan = resultats.bilan(entrepot, journal, S2, "ICI 2")
    b1, autre = (Audience(cle="bailleur", code=code) for code in ("B1", "B2"))
    for audience, dite in (
        (PREPARATION, "10 événements"),
        (SALLE, "12 événements ou moins"),
        (b1, "10 événements"),
        (autre, "12 événements ou moins"),
    ):
        dites = [simple(d) for d in lue_par(audience, bilan.changements)]
        assert len(dites) == n
        debut = f"Bailleur B1 a enregistré {dite} à la séance 2017S2, 60 à la précédente"
        assert all(d.startswith(debut) for d in dites)


def test_a_bailleur_is_not_said_to_record_less_where_the_data_cover_the_semester_in_part(
    journal: Journal, tmp_path: Path
) -> None:
    """Sixty events then ten, as above, but the bails stop in September: three months of six hold fewer."""
    entrepot = magasin(tmp_path / "donnees", evenements=(60, 10))
    act(journal, entrepot)
    coupees = tables(15, evenements=(60, 10))
    lignes = [x for x in coupees["attributions"].to_pylist() if x["date_bail"] <= date(2017, 9, 30)]
    coupees["attributions"] = coupees["attributions"].from_pylist(lignes, coupees["attributions"].schema)
    with entrepot.reserve():
        serve(entrepot, chargement(**coupees))
    assert not any(
        "a enregistré" in dit for dit in lue_par(SALLE, resultats.bilan(entrepot, journal, S2, "ICI 2").changements)
    )


def test_a_bailleur_that_left_every_file_is_said_from_what_served_the_seance_before(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=(60, 60))
    act(journal, entrepot)
    freeze(entrepot, S1)
    sans = tables(15)  # no event of anybody, of any year
    with entrepot.reserve():
        serve(entrepot, chargement(**sans))
    (dite,) = lue_par(SALLE, resultats.bilan(entrepot, journal, S2, "ICI 2").changements)
    assert simple(dite).startswith(
        "Bailleur B1 a enregistré 12 événements ou moins à la séance 2017S2, 60 à la précédente"
    )


def test_events_sent_late_are_counted_with_those_of_the_seance_before(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", evenements=(20, 0))
    act(journal, entrepot)
    freeze(entrepot, S1)
    with entrepot.reserve():
        serve(entrepot, chargement(**tables(15, evenements=(80, 15))))
    (dite,) = lue_par(SALLE, resultats.bilan(entrepot, journal, S2, "ICI 2").changements)
    assert simple(dite).startswith("Bailleur B1 a enregistré 15 événements à la séance 2017S2, 80 à la précédente")


def revise(n_connus: int, n: int) -> Valeur:
    return Valeur(Fraction(n, n_connus), PART, n_connus, n_connus, 0, n)


@pytest.mark.parametrize(
    ("alors", "relue", "exacte", "en_salle"),
    [
        (revise(44, 27), revise(44, 27), None, None),
        (
            revise(440, 270),
            revise(880, 540),
            "la valeur d’alors, 61,4 % (270 sur 440), se lit aujourd’hui 61,4 % (540 sur 880).",
            "la valeur d’alors, 61 % (270 sur 440), se lit aujourd’hui 61 % (540 sur 880).",
        ),
        (
            revise(44, 27),
            revise(88, 31),
            "la valeur d’alors, 61,4 % (27 sur 44), se lit aujourd’hui 35,2 % (31 sur 88).",
            " : la valeur d’alors a changé.",
        ),
        (
            revise(1377, 887),
            revise(1378, 888),
            "la valeur d’alors, 64,4 % (887 sur 1 377), se lit aujourd’hui 64,4 % (888 sur 1 378).",
            "la valeur d’alors, 64 % (885 sur 1 375), se lit aujourd’hui 64 % (890 sur 1 380).",
        ),
        (revise(1378, 888), revise(1379, 889), "64,5 % (889 sur 1 379)", " : la valeur d’alors a changé."),
        (
            revise(44, 27),
            Valeur(None, PART, motif="Aucune"),
            "La valeur d’alors, 61,4 % (27 sur 44), ne se relit plus dans les données d’aujourd’hui",
            "La valeur d’alors, au-dessus de la cible (45 attributions), ne se relit plus",
        ),
        (
            revise(44, 18),
            Valeur(None, PART, motif="Aucune"),
            "La valeur d’alors, 40,9 % (18 sur 44), ne se relit plus dans les données d’aujourd’hui",
            "La valeur d’alors ne se relit plus dans les données d’aujourd’hui",
        ),
    ],
)
def test_what_was_revised_since_is_said_as_each_audience_reads_both_values(
    alors: Valeur, relue: Valeur, exacte: str | None, en_salle: str | None
) -> None:
    decision = replace(DECISION, temoin=TemoinIndicateur("aci"), alors=alors, cible=Fraction(2, 5))
    for audience, dite in ((PREPARATION, exacte), (SALLE, en_salle)):
        dites = [simple(x) for x in lue_par(audience, de_la_mesure, decision, relue, revise(50, 30))]
        assert len(dites) == (dite is not None)
        assert dite is None or dite in dites[0]


def test_a_parameter_is_compared_with_the_seance_of_each_decision_that_reopens(
    journal: Journal, entrepot: Entrepot
) -> None:
    cible = {"indicateur": "aci", "valeur": Decimal("0.5"), "depuis": date(2017, 10, 1), "source": "Délibération"}
    add(entrepot, Journal.du_dossier(entrepot.dossier), "cibles", cible, Auteur("Anne"))
    en_cours = replace(DECISION, echeance=date(2018, 6, 30), motif_echeance="travaux")
    decisions.act(journal, en_cours, ANNE, identifiant="ancienne", op_id="a")
    decisions.act(journal, replace(en_cours, seance=S2), ANNE, identifiant="precedente", op_id="p")
    # Nothing moved since 2017S2; at 2017S1 the objective was another one.
    (dite,) = lue_par(SALLE, resultats.bilan(entrepot, journal, Seance(2018, 1), "ICI 2").changements)
    assert simple(dite) == snapshot(
        "Objectif : Ménages prioritaires (ACI) : 45 % à la séance 2017S1, 50 % à la séance 2018S1."
    )


@pytest.mark.parametrize(
    ("temoin", "base"),
    [
        # 24 first accesses of a commune: 25 in the bilan and at 10h30, so at 9h00 too.
        (TemoinIndicateur("equilibre", commune="59512", cellule={"mutation": "premier_acces"}), 5),
        (TemoinIndicateur("equilibre", cellule={"quartier": "595120101", "mutation": "mutation"}), 5),
        (TemoinIndicateur("equilibre", commune="59512", cellule={"typologie": "T2", "mutation": "mutation"}), 10),
        (TemoinIndicateur("equilibre", cellule={"residence": "R1", "mutation": "mutation"}), 10),
        (TemoinIndicateur("equilibre", commune="59512", bailleur="B1", cellule={"mutation": "mutation"}), 10),
    ],
)
def test_a_count_that_the_bilan_says_is_rounded_as_the_bilan_rounds_it(temoin: TemoinIndicateur, base: int) -> None:
    assert lue_par(SALLE, _pour, temoin).regle.base == base
