"""What of the evidence may be shown to a room, and what is no longer in the data."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.entrepot import Entrepot, Portee
from mel_core.objectivation import Profil, Secteur, reunir
from mel_core.objectivation.atelier import Constat
from mel_core.objectivation.effacement import Etendue, Trou
from mel_core.periodes import Periode
from mel_core.secret.audit import Publication
from mel_core.secret.regroupement import SEUIL
from tests.jeux import LILLE, ROUBAIX, bailleurs, chargement, table
from tests.objectivation.petit import ANNEE, ICI, QUARTIERS, TOURCOING, publish


def test_a_median_counts_the_households_that_it_is_about_and_not_those_of_the_sector(tmp_path):
    # Roubaix: 30 attributions of T2, one of T4; the ICI has 12 more of T4 in Tourcoing.
    baux = [(ROUBAIX, "T2", None, date(2017, 3, 1), 3)] * 30 + [(ROUBAIX, "T4", None, date(2017, 3, 1), 14)]
    baux += [(TOURCOING, "T4", None, date(2017, 3, 1), 3)] * 12
    demandes = [([ROUBAIX], ["T2"])] * 20 + [([ROUBAIX], ["T4"])] * 2 + [([TOURCOING], ["T4"])] * 5
    entrepot = publish(tmp_path, demandes, baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)), Profil("T4"))
    delai, anciennete = dossier.constat("delai"), dossier.constat("anciennete")
    assert ICI[ROUBAIX] == ICI[TOURCOING]
    assert (delai.effectifs["secteur"], delai.effectifs["ici"]) == ((1,), (13,))
    assert not delai.est_projetable()
    assert delai.est_projetable("ici")
    assert anciennete.effectifs["secteur"] == (2,)
    assert not anciennete.est_projetable("ici")  # 7 demandes of T4
    assert "la seule attribution datée" in delai.phrase


def test_a_circle_too_small_to_be_projected_is_left_out_of_the_projected_sentence_alone(tmp_path):
    # Roubaix: none of 20 first ranks refused, 3 of 20 in Tourcoing: 3 of 40 in the ICI and in the MEL.
    passages = [(ROUBAIX, "T4", 1, None)] * 20 + [(TOURCOING, "T4", 1, 5)] * 3 + [(TOURCOING, "T4", 1, None)] * 17
    entrepot = publish(tmp_path, [], [], passages, [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        refus = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("refus_rang_1")
    assert (refus.effectifs["secteur"], refus.effectifs["ici"]) == ((0, 20, 20), (3, 37, 40))
    assert refus.est_projetable()
    assert "contre 7,5\u202f% dans l’ICI" in refus.phrase
    assert refus.projetee.endswith("en 12\u00a0mois (**0\u202f%**).")


def test_a_circle_that_adds_a_few_households_to_the_sector_is_not_shown_beside_it(tmp_path):
    # 30 attributions in Roubaix, 35 in the ICI: 35 less 30 would tell the 5 of Tourcoing. 75 in the MEL tell nobody.
    baux = [(c, "T4", None, date(2017, 3, 1), 3) for c in (ROUBAIX,) * 30 + (TOURCOING,) * 5 + (LILLE,) * 40]
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        flux = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("flux")
        moindre = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (TOURCOING,))).constat("flux")
    assert [flux.est_projetable(c) for c in ("secteur", "ici", "mel")] == [True, False, True]
    assert not flux.est_petit("ici")
    assert "35" in flux.phrase
    assert "35" not in flux.projetee
    assert "75" in flux.projetee
    # What is masked tells nothing by difference: the ICI is shown beside the 5 that are not.
    assert [moindre.est_projetable(c) for c in ("secteur", "ici", "mel")] == [False, True, True]


petits = st.one_of(st.integers(0, 12), st.integers(0, 60))


@given(st.lists(st.tuples(petits, petits), min_size=3, max_size=3))
def test_no_small_count_of_a_share_is_worked_out_from_its_three_circles(morceaux):
    """Those counted and the others, in the sector, in the rest of the ICI and in the rest of the Métropole."""
    cercles = {"secteur": morceaux[:1], "ici": morceaux[:2], "mel": morceaux}
    sommes = {c: tuple(map(sum, zip(*m, strict=True))) for c, m in cercles.items()}
    effectifs = {c: (*s, sum(s)) for c, s in sommes.items()}
    constat = Constat("refus_rang_1", "part", 0.5, 1, None, None, 0.5, 0.5, "", effectifs=effectifs)
    n = [x for morceau in morceaux for x in morceau]
    rangs = {c: [[2 * i + j for i in range(len(m))] for j in (0, 1)] for c, m in cercles.items()}
    publies = [r for c in cercles if constat.est_projetable(c) for r in rangs[c]]
    cibles = {(c, j): r for c in cercles for j, r in enumerate(rangs[c]) if 0 < sum(n[i] for i in r) < SEUIL}
    cibles |= {("morceau", i): [i] for i, x in enumerate(n) if 0 < x < SEUIL}
    assert Publication(n, publies, cibles).mal_proteges() == {}


def test_the_contingent_is_that_of_most_attributions_and_says_whose_it_is(tmp_path):
    # 3 of 5 for the collectivités in Roubaix, 2 without réservataire; 3 of 9 in the ICI.
    baux = [(ROUBAIX, "T4", r, date(2017, 3, 1), 3) for r in ("COLTER",) * 3 + ("AUCUN",) * 2]
    baux += [(TOURCOING, "T4", "AUCUN", date(2017, 3, 1), 3)] * 4
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        contingent = reunir(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,))).constat("contingent")
    assert (contingent.quoi, contingent.valeur) == ("collectivités territoriales", 3 / 5)
    assert contingent.effectifs["ici"] == (3, 6, 9)


def test_the_value_in_bold_is_the_value_of_the_finding_whatever_other_numbers_the_sentence_says(tmp_path):
    # 18 delays of 8 months: « la moitié des 18 … moins de 8 mois ».
    baux = [(LILLE, "T4", None, date(2017, 8, 31), 8)] * 18
    entrepot = publish(tmp_path, [], baux, [], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        delai = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).constat("delai")
    mois = f"{delai.valeur:.0f}\u00a0mois"
    assert f"moins de **{mois}** après" in delai.projetee
    assert delai.projetee.count("**") == 2
    assert delai.projetee.replace("**", "").startswith(delai.phrase.split(", contre")[0])


@pytest.mark.parametrize(
    ("seance", "connus", "reserve"),
    [
        ("2017S2", True, ""),  # 2017, the last event is of 2017-12-31: everybody housed since 2016-12-31 is there
        ("2017S1", False, "ne se mesurent plus"),  # from 2016-07-01
        ("2016S2", False, "ne se mesurent plus"),
    ],
)
def test_the_refusals_of_a_period_whose_housed_households_have_left_are_unknown_and_say_why(
    tmp_path, seance, connus, reserve
):
    passages = [
        {
            "id_evenement": f"E{jour}{i}",
            "numero_unique": f"e{i}",
            "type": "PASSAGE_CAL",
            "date_survenance": jour,
            "decision": "ATTRIBUE",
            "rang": 1,
            "code_residence": f"P{LILLE}",
            "code_bailleur": "B1",
        }
        for jour in (date(2016, 8, 1), date(2017, 3, 1), date(2017, 12, 31))
        for i in range(3)
    ]
    entrepot = Entrepot(tmp_path)
    entrepot.publier(
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *QUARTIERS),
            evenements=table("evenements", *passages),
            residences=table(
                "residences",
                {"code_residence": f"P{LILLE}", "code_bailleur": "B1", "code_quartier": f"{LILLE}01", "n_logements": 0},
            ),
        )
    )
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        dossier = reunir(lecteur, Periode.de(seance, "annee"), Secteur(ICI[LILLE], (LILLE,)))
    for mesure in ("refus_rang_1", "non_attribution", "passages"):
        constat = dossier.constat(mesure)
        assert (constat.valeur is not None, constat.valeur_mel is not None) == (connus, connus)
        assert ("logés depuis plus d’un an" in constat.phrase) is not connus
    assert any(reserve in r for r in dossier.reserves) if reserve else not dossier.reserves


@pytest.mark.parametrize(
    ("derniere", "etendue"),
    [
        (None, Etendue.RIEN),
        (date(2017, 12, 31), Etendue.RIEN),
        (date(2018, 1, 1), Etendue.RIEN),
        (date(2018, 1, 2), Etendue.DEBUT),  # the household housed on 2017-01-01 has left
        (date(2018, 4, 1), Etendue.DEBUT),
        (date(2018, 4, 2), Etendue.TROP),  # more than three months of the period
    ],
)
def test_a_few_weeks_lost_are_told_and_a_quarter_leaves_the_shares_unknown(derniere, etendue):
    trou = Trou.de(ANNEE, derniere)
    assert trou.etendue is etendue
    assert bool(trou.reserve()) is (etendue is not Etendue.RIEN)


@pytest.mark.parametrize(("n", "dit"), [(1, "moins de 11 passages"), (10, "moins de 11 passages"), (12, "12 passages")])
def test_what_is_left_out_never_counts_a_few_people(tmp_path, n, dit):
    entrepot = publish(tmp_path, [], [], [(None, "T4", 1, None)] * n + [(LILLE, "T4", 1, None)], [])
    with entrepot.ouvrir(Portee.mel()) as lecteur:
        (reserve,) = reunir(lecteur, ANNEE, Secteur(ICI[LILLE], (LILLE,))).reserves
    assert reserve.replace("\u00a0", " ") == (
        f"{dit} en commission n’ont pas de résidence connue : ils comptent dans la MEL, dans aucun secteur."
    )
