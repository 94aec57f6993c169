"""The sentences of 13h30: a segment as an audience reads it, what became of the engagements, none of them left out."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from inline_snapshot import snapshot

from mel_core.seance.engagements.cohortes import Issue
from mel_core.seance.engagements.engagement_pris import Engagement, EngagementJuge
from mel_core.seance.verdict import Mot, PasDeVerdict, Verdict, count_up, say_lieux
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.segments import SEGMENTS, Condition, Criteres, Recouvrements, SegmentLibre
from mel_core.segments import phrases_segments as phrases
from mel_core.segments.profil import Servables
from mel_core.socle.periodes import Seance
from pages.commun.choix_perimetre import Perimetre
from pages.seance.orientations import ecran_segments
from tests.ecrans.conftest import Publier, monde
from tests.lecteurs import lue_par
from tests.mots import simple


def test_what_is_due_is_said_with_its_verdict_the_unheld_first() -> None:
    oui, non, rien = Verdict(Mot.TENU), Verdict(Mot.NON_TENU), PasDeVerdict("en cours")
    assert simple(*count_up([non], "engagement")) == snapshot("**1 engagement non tenu**")
    assert [simple(x) for x in count_up([oui, non, rien, non, rien], "engagement")] == snapshot(
        [
            "**2 engagements non tenus**",
            "**1 engagement tenu**",
            "**2 engagements sans verdict**",
        ]
    )
    assert count_up([]) == []


def test_places_that_hold_their_part_are_counted_over_those_judged() -> None:
    assert simple(say_lieux([(0, 2, 0, "commune"), (0, 1, 0, "bailleur")])) == snapshot(
        "**0 commune sur 2** et **0 bailleur sur 1** tiennent leur part."
    )
    assert simple(say_lieux([(1, 3, 0, "commune"), (0, 0, 0, "bailleur")])) == snapshot(
        "**1 commune sur 3** tient sa part."
    )
    assert simple(say_lieux([(2, 3, 0, "commune")])) == snapshot("**2 communes sur 3** tiennent leur part.")
    assert say_lieux([(0, 0, 0, "commune")]) == ""


def test_places_too_small_for_a_room_to_judge_are_counted_apart_and_never_left_out_of_the_count_in_silence() -> None:
    assert simple(say_lieux([(0, 2, 25, "commune"), (0, 1, 10, "bailleur")])) == snapshot(
        "**0 commune sur 2** et **0 bailleur sur 1** tiennent leur part ; 25 communes et 10 bailleurs ne se jugent pas."
    )
    assert simple(say_lieux([(1, 3, 1, "commune")])) == snapshot(
        "**1 commune sur 3** tient sa part ; 1 commune ne se juge pas."
    )


def constat(audience: Audience, n: int, n_actives: int, quoi: str | SegmentLibre = "poulidor") -> str:
    lus = audience.compte(n), audience.compte(n_actives)
    regle = phrases.regle_dite(quoi, lus[0], Criteres(date(2017, 12, 31)), False, {})
    return simple(phrases.constat("l’ICI 2", *lus, audience.part(n, n_actives), regle))


def test_a_segment_is_counted_exactly_at_a_desk_and_by_the_rule_in_the_room() -> None:
    assert constat(PREPARATION, 1, 20893).startswith(
        "Dans l’ICI 2, **1** demandes actives sur 20 893 (**0,0 %**) a été retenue au moins 2 fois"
    )
    assert constat(PREPARATION, 953, 20893).startswith(
        "Dans l’ICI 2, **953** demandes actives sur 20 893 (**4,6 %**) ont été retenues"
    )
    # 953 of 20 893 are 4,56 %
    assert constat(SALLE, 953, 20893).startswith(
        "Dans l’ICI 2, **955** demandes actives sur 20 895 (**5 %**) ont été retenues"
    )
    for n in (0, 12):
        assert constat(SALLE, n, 20893).startswith(
            "Dans l’ICI 2, **12 demandes actives ou moins** sur 20 895 ont été retenues"
        )
    assert constat(SALLE, 7, 20893, SegmentLibre()).endswith("sont retenues : aucune condition n’est encore posée.")
    assert constat(PREPARATION, 0, 20893) == snapshot(
        "Dans l’ICI 2, **aucune** demande active sur 20 893 n’est dans ce segment."
    )


def test_the_overlaps_of_a_segment_are_read_by_the_same_rule() -> None:
    matrice = pd.DataFrame(
        [[203, 8, 104], [8, 9, 0], [104, 0, 361]],
        index=["poulidor", "attente_36", "attente_24"],
        columns=["poulidor", "attente_36", "attente_24"],
    )
    lues = lue_par(SALLE, ecran_segments.en_commun, matrice, "poulidor")
    # 104 of 203 are 51,2 %
    assert lues["Ménages en commun"].tolist() == ["105", "12 ou moins"]
    assert [simple(x) for x in lues["Part de celui-ci"]] == ["51 %", "—"]
    assert lues["Ménages de l’autre"].tolist() == ["360", "12 ou moins"]
    exactes = lue_par(PREPARATION, ecran_segments.en_commun, matrice, "poulidor")
    assert exactes["Ménages en commun"].tolist() == ["104", "8"]
    assert [simple(x) for x in exactes["Part de celui-ci"]] == ["51,2 %", "3,9 %"]
    croisements = Recouvrements(1003, 463, matrice, {"poulidor": 4})
    assert "**465** demandes sur 1 005 sont dans au moins un segment ; 12 ou moins ne sont que dans celui-ci" in simple(
        lue_par(SALLE, phrases.union, croisements, "poulidor")
    )
    assert "**463** demandes sur 1 003 sont dans au moins un segment ; 4 ne sont" in simple(
        lue_par(PREPARATION, phrases.union, croisements, "poulidor")
    )


def test_what_the_flow_could_serve_is_read_by_the_same_rule() -> None:
    bornes = Servables(n=203, n_inconnus=7, n_attributions=400, n_servables=147)
    assert "**au plus 147 d’entre eux (72,4 %)**" in simple(lue_par(PREPARATION, phrases.servables, bornes))
    assert "7 demandes ne disent pas" in simple(lue_par(PREPARATION, phrases.servables, bornes))
    assert "**au plus 145 d’entre eux (72 %)**" in simple(lue_par(SALLE, phrases.servables, bornes))
    assert "ne disent pas" not in lue_par(SALLE, phrases.servables, bornes)  # whether there is any is not said
    assert "serviraient **12 d’entre eux ou moins** là" in simple(
        lue_par(SALLE, phrases.servables, Servables(203, 0, 4, 2))
    )


def test_of_the_flag_of_the_sne_only_what_has_nothing_recorded_is_called_under_recording() -> None:
    exacts = simple(phrases.drapeau("delai_anormalement_long", 1001, 4633, 0, 12))
    assert exacts == snapshot(
        "Du drapeau « délai anormalement long » du SNE : **1 001 demandes portent** le drapeau et sont dans ce "
        "segment ; 4 633 le portent avec une proposition ou un passage enregistré ; **0** le portent sans rien "
        "d’enregistré, seule part que l’enregistrement manque ; 12 ne sont que dans ce segment."
    )
    multiples = phrases.drapeau("multiples_attributions_sous_conditions", *map(SALLE.compte, (20, 4633, 9, 12)))
    assert "4 635 le portent avec une proposition" in simple(multiples)
    assert "**12 ou moins** le portent sans rien d’enregistré" in simple(multiples)


def profil(*lignes: tuple[str, str, int, int, int, int]) -> pd.DataFrame:
    """axe, modalite, then n of n_connus in the segment, of all the active demandes."""
    noms = ["axe", "modalite", "n", "n_connus", "n_actives", "n_connus_actives"]
    lus = pd.DataFrame(lignes, columns=noms)
    return lus.assign(
        libelle=lus["modalite"],
        part=lus["n"] / lus["n_connus"],
        part_actives=lus["n_actives"] / lus["n_connus_actives"],
    )


def test_what_sets_them_apart_is_said_where_both_shares_are() -> None:
    lu = profil(("age", "75+", 8, 203, 900, 9003), ("age", "-30", 104, 203, 1800, 9003))
    exacts = lue_par(PREPARATION, ecran_segments.ecarts_au_profil, lu)
    assert [simple(x) for x in exacts["Segment"]] == snapshot(["51,2 % (104 sur 203)", "3,9 % (8 sur 203)"])
    # 104 of 203 are 51,2 %, 1 800 of 9 003 are 20,0 %
    (ligne,) = lue_par(SALLE, ecran_segments.ecarts_au_profil, lu).itertuples(index=False)
    assert [simple(x) for x in ligne[1:]] == ["51 % (105 sur 205)", "20 %", "+31 points"]


def resultat(acte: Engagement, n_loges: int, n_ailleurs: int, mois: int = 6) -> EngagementJuge:
    n = {Issue.RELOGE: n_loges, Issue.RELOGE_AILLEURS: n_ailleurs, Issue.EN_ATTENTE: 1003 - n_loges - n_ailleurs}
    issues = pd.DataFrame({"issue": list(map(str, Issue)), "n": [n.get(i, 0) for i in Issue]})
    return EngagementJuge(acte, date(2017, 12, 31), 1003, mois, issues, {}, pd.DataFrame())


def test_the_headline_of_an_engagement_says_its_number_exactly_and_what_is_observed_by_the_rule() -> None:
    s1 = Seance(2017, 1)
    acte = Engagement("poulidor", Criteres(s1.fin), s1, "ICI 1", 304, 900, 1003, date(2017, 12, 31), "x")
    assert simple(lue_par(PREPARATION, resultat(acte, 263, 4).say)) == snapshot(
        "**263 relogés dans l’ICI 1** au 31 décembre 2017 pour 304 annoncés, parmi 1 003 ménages figés le 30 juin "
        "2017 : engagement **non tenu**."
    )
    # Bails until September: the number is what was sent, and nothing is concluded of it, held or not.
    for n in (263, 304):
        partiel = simple(lue_par(PREPARATION, resultat(acte, n, 0, 3).say))
        assert "au 31 décembre" not in partiel
        assert "tenu" not in partiel
        assert partiel.startswith(f"**{n} relogés dans l’ICI 1** dans les données publiées pour 304 annoncés")
        assert partiel.endswith("engagement **sans verdict : les données ne couvrent que 3 mois sur 6**.")
    # none and a few read the same
    lues = {simple(lue_par(SALLE, resultat(acte, 263, n).say)) for n in (4, 0, 12)}
    assert lues == {
        "**265 relogés dans l’ICI 1** au 31 décembre 2017 pour 304 annoncés, parmi 1 005 ménages figés le 30 juin "
        "2017 : engagement **non tenu**."
    }


def test_an_engagement_is_called_by_its_segment_and_its_steps_and_a_free_one_by_its_conditions(
    publish: Publier,
) -> None:
    s1, fin = Seance(2017, 1), date(2017, 12, 31)
    choisi = Perimetre(publish(**monde()), Seance(2017, 2), "ICI 2", ())
    acte = Engagement("poulidor", Criteres(s1.fin, n_min=3, fenetre=12), s1, "ICI 2", 5, 40, 30, fin, "x")
    assert simple(acte.titre(choisi.bailleurs)) == snapshot("Ménages Poulidor (au moins 3 fois, en 12 mois)")
    libre = SegmentLibre((Condition("typologie", "parmi", ("T4", "T5")),))
    acte = Engagement("libre", Criteres(s1.fin), s1, "ICI 2", 5, 40, 30, fin, "x", libre=libre)
    assert simple(acte.titre(choisi.bailleurs)) == snapshot("Segment libre : T4 ou T5")


@pytest.mark.parametrize(
    ("fenetre", "dite"),
    [(24, "en 24 mois, sans être retenues une seule fois sur cette durée"), (0, "depuis toujours, jamais retenues")],
)
def test_who_was_never_chosen_is_said_over_a_window_or_since_ever(fenetre: int, dite: str) -> None:
    criteres = Criteres(date(2017, 12, 31), fenetre=fenetre)
    regle = phrases.regle_dite("non_attributions_repetees", 12, criteres, False, {})
    assert simple(regle) == f"ont été écartées au moins 2 fois en commission {dite}"


def test_segments_are_called_as_the_field_calls_them() -> None:
    assert [s.titre for s in SEGMENTS.values()] == snapshot(
        [
            "Plus de 24 mois sans proposition enregistrée",
            "Plus de 36 mois sans proposition enregistrée",
            "Ménages Poulidor",
            "Rang 1 sans bail",
            "Non-attributions répétées",
            "Jamais présentés",
            "Mutations bloquées en attente",
            "Ménages ACI en attente",
            "Délai anormalement long",
        ]
    )
