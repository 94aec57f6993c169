"""The outcomes of a cohort on screen: exact at a desk, rounded in the room, a small place on its own line."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pandas as pd
import pytest

from mel_core.seance.coordination.phrases_coordination import count_parts
from mel_core.seance.engagements.cohortes import CROISE, POSTES, Issue, bilan_par
from mel_core.seance.verdict import Mot, PasDeVerdict, Verdict
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.segments.phrases_segments import est_sien
from pages.commun.segments import ecran_engagements as t
from tests.lecteurs import lue_par

JOURS = date(2017, 6, 30), date(2017, 12, 31)
POSTES_COMPTES = {"liste_avant": 6108, "reloges": 948, "hors_regle": 4, "liste_apres": 4960}


def comptes(**n: int) -> pd.DataFrame:
    return pd.DataFrame({"issue": [str(i) for i in Issue], "n": [n.get(str(i), 0) for i in Issue]})


def postes() -> pd.DataFrame:
    lignes = [(p, -1, POSTES_COMPTES.get(p, 0)) for p in POSTES]
    return pd.DataFrame(lignes, columns=["poste", "sens", "n"])


def dits(lignes: list[t.Ligne]) -> list[str]:
    return [texte.replace("\u202f", " ") for _, texte, _ in lignes]


def test_a_co_pilot_reads_each_outcome_that_occurs_and_the_list_item_by_item() -> None:
    table = comptes(reloge=946, reloge_sans_bail=2, refus=160, en_attente=5000)
    assert dits(lue_par(PREPARATION, t.list_issues, table, "")) == ["5 000", "946", "160", "2"]
    mouvement = lue_par(PREPARATION, t.list_mouvement, postes(), JOURS)
    assert dits(mouvement) == ["6 108", "− 948", "− 4", "4 960"]
    # Two lists of the past, whatever the séance where they are read.
    assert [mouvement[i][0] for i in (0, -1)] == ["Liste au 30 juin 2017", "Liste au 31 décembre 2017"]


def test_the_room_reads_them_rounded_and_none_is_told_from_a_few() -> None:
    table = comptes(reloge=946, reloge_sans_bail=2, refus=160, en_attente=5000)
    lues = lue_par(SALLE, t.list_issues, table, "")
    assert dits(lues) == ["5 000", "945", "160", *["12 ou moins"] * 5]
    assert [longueur for *_, longueur in lues] == [5000, 945, 160, 0, 0, 0, 0, 0]
    assert dits(lue_par(SALLE, t.list_mouvement, postes(), JOURS)) == [
        *("6 110", "− 950", *["− 12 ou moins"] * 5, "4 960"),
    ]


@pytest.mark.parametrize("cle", ["commune_residence", "commune_bail"])
def test_every_outcome_has_its_column_and_a_bail_only_those_housed(cle):
    suivie = pd.DataFrame(
        {
            "commune_residence": ["A"] * 60,
            "commune_bail": ["B"] * 20 + [None] * 40,
            "issue": ["reloge"] * 20 + ["radie"] * 20 + ["en_attente"] * 20,
        }
    )
    table = lue_par(PREPARATION, t.table_par_lieu, bilan_par(suivie, cle), cle, {"A": "Lille", "B": "Roubaix"}, "ICI 1")
    attendu = {
        "commune_residence": {
            "Lieu": "Lille",
            "Relogés dans l’ICI 1": "20",
            "Attendent toujours": "20",
            "Radiés sans bail": "20",
        },
        "commune_bail": {"Lieu": "Roubaix", "Relogés dans l’ICI 1": "20"},
    }
    assert table.to_dict("records") == [attendu[cle]]


def suivie(*menages: tuple[str, Issue, int]) -> pd.DataFrame:
    """Households by commune of their bail (empty without one) and outcome."""
    lignes = [{"commune_bail": lieu or None, "issue": str(issue)} for lieu, issue, n in menages for _ in range(n)]
    return pd.DataFrame(lignes, columns=["commune_bail", "issue"])


def par_bail(vue: pd.DataFrame) -> pd.DataFrame:
    return bilan_par(vue, "commune_bail")


JUGE = Verdict(Mot.NON_TENU)
NOMS = {"A": "Aubers", "B": "Bondues", "C": "Croix"}


def test_each_place_is_judged_on_what_it_was_asked():
    # 40 housed in Aubers of 40 asked, 20 in Bondues of 30, none in Croix of 5; 10 asked of nobody in particular.
    vue = suivie(("A", Issue.RELOGE, 40), ("B", Issue.RELOGE, 20), ("", Issue.EN_ATTENTE, 100))
    promis = {"A": 40, "B": 30, "C": 5}
    table = lue_par(PREPARATION, t.table_par_lieu, par_bail(vue), "commune_bail", NOMS, "", promis, JUGE).set_index(
        "Lieu"
    )
    assert table["Annoncés"].to_dict() == {"Aubers": "40", "Bondues": "30", "Croix": "5"}
    assert table["Relogés"].to_dict() == {"Aubers": "40", "Bondues": "20", "Croix": "0"}
    assert table["Constat"].to_dict() == {"Aubers": "tenu", "Bondues": "non tenu", "Croix": "non tenu"}
    assert lue_par(PREPARATION, count_parts, par_bail(vue), "commune", promis, JUGE) == (1, 3, 0)
    avant = PasDeVerdict("en cours")
    table = lue_par(PREPARATION, t.table_par_lieu, par_bail(vue), "commune_bail", NOMS, "", promis, avant)
    assert set(table["Constat"]) == {"—"}  # where the whole is not judged, no place is
    assert lue_par(PREPARATION, count_parts, par_bail(vue), "commune", promis, avant) == (0, 0, 0)


@pytest.mark.parametrize("graine", range(8))
def test_parts_by_commune_and_bailleur_at_once_are_what_a_recount_finds(graine: int) -> None:
    d = random.Random(graine)
    menages = [
        (d.choice("ABC"), d.choice(["B1", "B2", None]), issue) if issue is Issue.RELOGE else (None, None, issue)
        for issue in d.choices([Issue.RELOGE, Issue.EN_ATTENTE, Issue.RADIE], [3, 1, 1], k=90)
    ]
    vue = pd.DataFrame(menages, columns=["commune_bail", "bailleur_bail", "issue"], dtype=object)
    loges = Counter(f"{c} {b}" for c, b, issue in menages if issue is Issue.RELOGE and b)
    promis = {f"{c} {b}": d.randrange(1, 20) for c in "ABC" for b in ("B1", "B2") if d.random() < 0.8}
    lus = bilan_par(vue, CROISE)
    assert dict(zip(lus["cle"], lus["n"], strict=True)) == loges
    tenus = sum(loges[cle] >= k for cle, k in promis.items())
    assert lue_par(PREPARATION, count_parts, lus, "cellule", promis, JUGE) == (tenus, len(promis), 0)
    table = lue_par(PREPARATION, t.table_par_lieu, lus, CROISE, {}, "", promis, JUGE).set_index("Lieu")
    assert {cle: int(n) for cle, n in table["Relogés"].items()} == {c: loges[c] for c in loges.keys() | promis.keys()}
    assert (table["Constat"] == "tenu").sum() == tenus


def test_the_room_judges_a_place_by_what_it_reads() -> None:
    # Of 20 asked, 5 are housed in Bondues: 12 or fewer is under 20. Of 5 asked, 5 or 3 read the same; so do 41 and 39,
    # « 40 », of 41 asked: it is not said to be held.
    vue = suivie(("A", Issue.RELOGE, 41), ("B", Issue.RELOGE, 5), ("C", Issue.RELOGE, 3), ("E", Issue.RELOGE, 48))
    promis = {"A": 41, "B": 20, "C": 5, "D": 4, "E": 47}
    table = lue_par(SALLE, t.table_par_lieu, par_bail(vue), "commune_bail", NOMS, "", promis, JUGE).set_index("Lieu")
    assert table["Annoncés"].tolist() == ["47", "41", "20", "5", "4"]
    assert table["Relogés"].tolist() == ["50", "40", *["12 ou moins"] * 3]
    assert table["Constat"].tolist() == ["tenu", "à l’arrondi près", "non tenu", "masqué", "masqué"]
    assert lue_par(SALLE, count_parts, par_bail(vue), "commune", promis, JUGE) == (1, 2, 3)


def test_a_commune_reads_its_own_line_exactly() -> None:
    vue = suivie(("A", Issue.RELOGE, 41), ("C", Issue.RELOGE, 3))
    croix = Audience(cle="commune", code="C")
    table = lue_par(
        croix, t.table_par_lieu, bilan_par(vue, "commune_bail"), "commune_bail", NOMS, "", {"A": 41, "C": 5}, JUGE
    ).set_index("Lieu")
    assert table["Relogés"].to_dict() == {"Aubers": "40", "Croix": "3"}
    assert table["Constat"].to_dict() == {"Aubers": "à l’arrondi près", "Croix": "non tenu"}
    # its code is none of a bailleur
    assert lue_par(croix, est_sien, "commune_bail", "C")
    assert not lue_par(croix, est_sien, "bailleur_bail", "C")


def test_an_outcome_that_the_room_cannot_tell_from_none_has_no_column() -> None:
    vue = suivie(("A", Issue.RELOGE, 41), ("C", Issue.RELOGE_AILLEURS, 3))
    assert list(lue_par(PREPARATION, t.table_par_lieu, par_bail(vue), "commune_bail", NOMS, "")) == [
        *("Lieu", "Relogés", "Relogés ailleurs dans la MEL"),
    ]
    assert list(lue_par(SALLE, t.table_par_lieu, par_bail(vue), "commune_bail", NOMS, "")) == ["Lieu", "Relogés"]
