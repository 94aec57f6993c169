"""What is measured of a decision, as each audience reads it: exactly at a desk, by the rule in a room."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from mel_core.journal import Journal
from mel_core.seance.coordination import decisions, resultats
from mel_core.seance.coordination.changements import say_cible, say_valeur
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinSegment, Valeur
from mel_core.seance.verdict import SANS, Direction, Mot, judge
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.periodes import Periode
from tests.jeux import ROUBAIX
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.seance.coordination.monde import S2, magasin
from tests.seance.coordination.test_resultats import ANNE, DECISION, SANS_OBJECTIF, act, lu, seul

VISEE = Fraction(45, 100)


def said(resultat: resultats.ResultatDecision, audience: Audience) -> list[str]:
    """Its figure then and now, as `audience` reads them."""
    valeurs = (resultat.decision.alors, resultat.maintenant)
    return [simple(lue_par(audience, say_valeur, v, resultat.decision)) for v in valeurs]


def test_a_decision_is_told_exactly_at_a_desk_and_to_a_room_by_the_side_of_its_target(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot = magasin(tmp_path / "donnees", 19)
    act(journal, entrepot, cible=Fraction(3, 5))
    resultat = seul(journal, entrepot)
    # 10 then 19 of 40 towards 60 %: between 25 and 40 at the first reading, between 33 and 63 now.
    exactes, dites = (
        ["25 % (10 sur 40)", "47,5 % (19 sur 40)"],
        ["au-dessous de la cible (40 attributions)", "part non dite, trop peu de cas (40 attributions)"],
    )
    for audience, attendues in (
        (PREPARATION, exactes),
        (SALLE, dites),
        (Audience(cle="commune", code=ROUBAIX), exactes),
        (Audience(cle="bailleur", code="B1"), exactes),
        (Audience(cle="commune", code="59599"), dites),
    ):
        assert said(resultat, audience) == attendues
        assert lue_par(audience, resultat.vu).groupe == Mot.NON_ATTEINT
    assert simple(say_cible(resultat.decision)) == "au moins 60 %"


def test_a_profile_in_a_commune_is_said_to_a_room_as_at_10h30_whatever_tells_of_it() -> None:
    # 105 attributions of T2: said 110 beside the evidence, 105 would give it back.
    lue = Valeur(Fraction(9, 105), "part", 105, 105, 0, 9)
    for temoin, dite in (
        (
            TemoinIndicateur("aci", commune=ROUBAIX, cellule={"typologie": "T2"}),
            "part non dite, trop peu de cas (110 attributions)",
        ),
        (
            TemoinIndicateur("aci", ici="ICI 2", cellule={"typologie": "T2"}),
            "part non dite, trop peu de cas (105 attributions)",
        ),
        (TemoinIndicateur("aci", commune=ROUBAIX), "part non dite, trop peu de cas (105 attributions)"),
    ):
        assert simple(lue_par(SALLE, say_valeur, lue, temoin=temoin)) == dite


def test_under_thirty_known_a_room_reads_no_verdict_either(journal: Journal, tmp_path: Path) -> None:
    decision = replace(
        DECISION, temoin=SANS_OBJECTIF, alors=lu(Fraction(1, 2), 100), cible=VISEE, sens=Direction.HAUSSE
    )
    fiche = decisions.act(journal, DECISION, ANNE, identifiant="d1", op_id="op1")

    def constate(n: int) -> resultats.ResultatDecision:
        maintenant = Valeur(Fraction(n - 1, n), "part", n, n, 0, n - 1, mois_couverts=12, n_mois=12)
        jugement = judge(maintenant, Periode.de(S2, "annee"), decision.but)
        return resultats.ResultatDecision(fiche, decision, S2, maintenant, None, jugement, None)

    for audience in (SALLE, PREPARATION):
        assert [lue_par(audience, constate(n).vu).groupe for n in (29, 30)] == [SANS, Mot.ATTEINT]


@pytest.mark.parametrize(
    ("valeur", "exacte", "en_salle"),
    [
        (Valeur(Fraction(610, 1000), "part", 1100, 1000, 100, 610), "61 % (610 sur 1 000)", "61 % (610 sur 1 000)"),
        (Valeur(Fraction(62, 102), "part", 110, 102, 8, 62), "60,8 % (62 sur 102)", "61 % (60 sur 100)"),
        # 45 % aimed at: 44.9 % is never said to be it.
        (
            Valeur(Fraction(4490, 10000), "part", 10000, 10000, 0, 4490),
            "44,9 % (4 490 sur 10 000)",
            "45 % (4 490 sur 10 000), au-dessous de la cible",
        ),
        # Held by little, it may be said to be the target.
        (Valeur(Fraction(454, 1000), "part", 1000, 1000, 0, 454), "45,4 % (454 sur 1 000)", "45 % (455 sur 1 000)"),
        (
            Valeur(Fraction(27, 44), "part", 50, 44, 6, 27),
            "61,4 % (27 sur 44)",
            "au-dessus de la cible (45 attributions)",
        ),
        (Valeur(Fraction(0), "part", 44, 44, 0, 0), "0 % (0 sur 44)", "au-dessous de la cible (45 attributions)"),
        (
            Valeur(Fraction(8, 277), "part", 277, 277, 0, 8),
            "2,9 % (8 sur 277)",
            "au-dessous de la cible (275 attributions)",
        ),
        (
            Valeur(Fraction(20, 29), "part", 29, 29, 0, 20),
            "69,0 % (20 sur 29)",
            "part non dite, trop peu de cas (30 attributions)",
        ),
        (
            Valeur(Fraction(1, 2), "part", 400, 10, 390, 5),
            "50 % (5 sur 10)",
            "part non dite, trop peu de cas (12 attributions ou moins)",
        ),
        (Valeur(Fraction(27), "mois", 400, 29, 371), "27 mois", "non dit (30 attributions)"),
        (Valeur(Fraction(27), "mois", 30, 30), "27 mois", "27 mois"),
        (Valeur(Fraction(10), "demandes", 10, 10), "10 demandes", "12 demandes ou moins"),
        (Valeur(Fraction(0), "demandes"), "0 demande", "12 demandes ou moins"),
        (Valeur(Fraction(1204), "demandes", 1204, 1204), "1 204 demandes", "1 205 demandes"),
        (Valeur(None, "part", 3, 0, 3), "—", "—"),
    ],
)
def test_a_figure_is_said_exactly_at_a_desk_and_to_a_room_by_the_rule(
    valeur: Valeur, exacte: str, en_salle: str
) -> None:
    decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=lu(Fraction(1, 2)), cible=VISEE, sens=Direction.HAUSSE)
    assert simple(lue_par(PREPARATION, say_valeur, valeur, decision)) == exacte
    assert simple(lue_par(SALLE, say_valeur, valeur, decision)) == en_salle


def test_a_share_is_one_number_whatever_is_aimed_at_and_its_side_is_said_where_it_hides_it() -> None:
    def said(numerateur: int, connus: int, cible: Fraction, sens: Direction) -> str:
        lue = Valeur(Fraction(numerateur, connus), "part", connus, connus, 0, numerateur)
        decision = replace(DECISION, temoin=SANS_OBJECTIF, alors=lue, cible=cible, sens=sens)
        return simple(lue_par(SALLE, say_valeur, lue, decision))

    for numerateur, cible, sens, cote in (
        (285, Fraction(3, 100), Direction.HAUSSE, ", au-dessous de la cible"),
        (310, Fraction(3, 100), Direction.HAUSSE, ""),
        (310, Fraction(3, 100), Direction.BAISSE, ", au-dessus de la cible"),
        (285, Fraction(3, 100), Direction.BAISSE, ""),
        (320, Fraction(31, 1000), Direction.HAUSSE, ", à la cible"),
        (300, Fraction(45, 100), Direction.HAUSSE, ""),
    ):
        assert said(numerateur, 10000, cible, sens) == f"3 % ({numerateur} sur 10 000){cote}"


def test_a_value_that_an_earlier_version_wrote_with_its_objective_is_read() -> None:
    lue = Valeur(Fraction(449, 1000), "part", 1000, 1000, 0, 449)
    assert Valeur.depuis({**lue.contenu(), "objectif": 0.45}) == lue


def test_of_a_count_that_is_not_said_to_a_room_no_verdict_is(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", n_attente=12)
    act(journal, entrepot, TemoinSegment("jamais_presentes", ici="ICI 2"), Fraction(6))
    resultat = seul(journal, entrepot)
    assert (said(resultat, PREPARATION), simple(say_cible(resultat.decision))) == (
        ["12 demandes"] * 2,
        "au plus 6 demandes",
    )
    jugement = judge(replace(resultat.maintenant, mois_couverts=24), Periode.de(S2, "annee"), resultat.decision.but)
    resultat = replace(resultat, verdict=jugement)
    assert lue_par(PREPARATION, lue_par(PREPARATION, resultat.vu).say) == "non atteint"
    assert said(resultat, SALLE) == ["12 demandes ou moins"] * 2
    assert lue_par(SALLE, lue_par(SALLE, resultat.vu).say) == snapshot(
        "sans verdict\u00a0: ce chiffre ne se dit pas en salle"
    )
