"""The month that a place enters: what is refused, what it changes of the files, whose it may be."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from mel_core.droits.acces import COPILOTE, Profil, TypeProfil
from mel_core.indicateurs.suivi import reseau
from mel_core.indicateurs.suivi.reseau import COMPTES, MoisSaisi, check, merge, ouverts
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from tests.indicateurs.suivi.dessins import DEUX, network

JOUR = date(2018, 1, 15)


@pytest.mark.parametrize(
    ("nombres", "type_lieu", "mois", "dit"),
    [
        ({}, "LABELLISE", "2017-12", "Aucun nombre n’est saisi"),
        ({"n_entretiens": -1}, "LABELLISE", "2017-12", "n’est pas entre 0"),
        ({"n_entretiens": 100_001}, "LABELLISE", "2017-12", "n’est pas entre 0"),
        ({"n_entretiens": 3}, "LABELLISE", "2018-02", "n’a pas commencé"),
        ({"n_enregistrements": 3, "n_enregistrements_en_ligne": 4}, "LABELLISE", "2017-12", "(3 en tout)"),
        ({"n_enregistrements_en_ligne": 0}, "LABELLISE", "2017-12", "aucun n’est donné"),
        ({"n_pre_accueil": 5, "n_entretiens": 0}, "RELAIS", "2017-12", "ne fait que le pré-accueil"),
    ],
)
def test_a_month_that_does_not_hold_together_is_refused_in_one_sentence(
    nombres: dict[str, int], type_lieu: str, mois: str, dit: str
) -> None:
    with pytest.raises(ErreurUtilisateur) as refus:
        check(MoisSaisi("L1", mois, **nombres), type_lieu, JOUR)
    assert dit in str(refus.value)
    assert str(refus.value).endswith(".")


@pytest.mark.parametrize(
    ("nombres", "type_lieu", "mois"),
    [
        ({"n_pre_accueil": 0}, "RELAIS", "2018-01"),
        ({"n_enregistrements": 3, "n_enregistrements_en_ligne": 3}, "LABELLISE", "2017-12"),
        ({"n_entretiens": 100_000}, "LABELLISE", "2017-12"),
    ],
)
def test_a_month_at_its_limits_is_taken(nombres: dict[str, int], type_lieu: str, mois: str) -> None:
    check(MoisSaisi("L1", mois, **nombres), type_lieu, JOUR)


def test_what_is_entered_takes_the_place_of_the_file_and_what_is_left_empty_is_the_file_s() -> None:
    # The file has 20 registrations in December, online not counted, 5 interviews.
    decembre = MoisSaisi("L1", "2017-12", n_enregistrements=25, n_enregistrements_en_ligne=5)
    fondues = merge(DEUX, [decembre], "2017-12").set_index(["lieu", "mois"])
    ligne = fondues.loc[("L1", "2017-12")]
    assert ligne[["n_enregistrements", "n_enregistrements_en_ligne", "n_entretiens"]].tolist() == [25, 5, 5]
    assert (bool(ligne["est_saisi"]), bool(ligne["est_corrige"])) == (True, True)  # 20 was changed
    assert not fondues.drop(index=[("L1", "2017-12")])["est_saisi"].any()


def test_a_month_that_no_file_has_is_added_with_what_is_known_of_the_place_and_one_after_the_seance_waits() -> None:
    novembre, janvier = MoisSaisi("L2", "2017-11", n_pre_accueil=7), MoisSaisi("L2", "2018-01", n_pre_accueil=9)
    fondues = merge(DEUX, [novembre, janvier, MoisSaisi("L9", "2017-11", n_pre_accueil=1)], "2017-12")
    assert len(fondues) == len(DEUX) + 1
    (ligne,) = fondues[fondues["est_saisi"]].to_dict("records")
    assert [ligne[c] for c in ("lieu", "mois", "porteur", "commune", "n_pre_accueil", "est_corrige")] == [
        *("L2", "2017-11", "BAILLEUR", "B", 7, False)
    ]
    assert pd.isna(ligne["n_entretiens"])


@given(st.lists(st.tuples(st.sampled_from(["L1", "L2"]), st.sampled_from(["2017-11", "2017-12"]), st.integers(0, 9))))
def test_the_last_entry_of_a_month_is_the_one_that_counts(saisies: list[tuple[str, str, int]]) -> None:
    derniers = {(lieu, mois): n for lieu, mois, n in saisies}
    fondues = merge(DEUX, [MoisSaisi(x, m, n_pre_accueil=n) for x, m, n in saisies], "2017-12")
    saisis = fondues[fondues["est_saisi"]]
    assert dict(zip(zip(saisis["lieu"], saisis["mois"], strict=True), saisis["n_pre_accueil"], strict=True)) == derniers
    # What nobody entered is as the file said it.
    assert fondues["n_enregistrements"].sum() == DEUX["n_enregistrements"].sum()


def test_a_month_is_read_back_as_it_was_written() -> None:
    saisi = MoisSaisi("L1", "2017-12", n_entretiens=4)
    assert MoisSaisi.depuis(saisi.contenu()) == saisi
    assert {*saisi.contenu()} == {"lieu", "mois", *COMPTES}


@pytest.mark.parametrize(
    ("profil", "lieux"),
    [
        (COPILOTE, ["L1", "L2"]),
        (Profil(TypeProfil.COMMUNE, "A"), ["L1"]),
        (Profil(TypeProfil.COMMUNE, "B"), []),  # the place that is there is a bailleur's
        (Profil(TypeProfil.BAILLEUR, "A"), []),
    ],
)
def test_a_commune_enters_the_places_that_it_runs_and_a_co_pilot_all_of_them(profil: Profil, lieux: list[str]) -> None:
    assert ouverts(DEUX, profil.lieu)["lieu"].tolist() == lieux


def test_what_a_relais_registers_is_named_and_counted_apart_out_of_the_headline() -> None:
    relais = reseau.par_des_relais(DEUX)
    assert relais.to_dict() == {"L2": 40}  # registrations, in June
    assert reseau.par_des_relais(DEUX[DEUX["type_lieu"] == "LABELLISE"]).empty
    assert reseau.relais(relais).startswith(
        "À vérifier : L2 est un relais d’information et déclare 40 enregistrements et entretiens"
    )
    assert reseau.relais(relais[:0]) == ""
    avec, sans = DEUX, reseau.sans_les_relais(DEUX)
    assert avec["n_enregistrements"].sum() - sans["n_enregistrements"].sum() == 40
    assert sans["n_pre_accueil"].equals(avec["n_pre_accueil"])


@pytest.mark.parametrize(
    ("n", "est_loin"), [(296, False), (900, False), (909, True), (99_999, True), (93, False), (91, True), (0, True)]
)
def test_a_volume_far_from_the_usual_month_of_its_place_is_asked(n: int, est_loin: bool) -> None:
    # Usually 296: three times and twenty are 908; a third, less seven, 92.
    mois = [f"2017-{m:02d}" for m in range(1, 8)]
    connus = network(*(("L1", "A", "MEL", "LABELLISE", m, 296, None, None) for m in mois))
    saisi = MoisSaisi("L1", "2017-09", n_enregistrements=n)
    dit = reseau.loin_de_l_habitude(saisi, connus)
    assert bool(dit) is est_loin
    assert not reseau.loin_de_l_habitude(saisi, connus[:2])  # two months are no habit


def test_the_headline_follows_what_is_counted() -> None:
    seance = Seance.read("2017S2")
    # Interviews: 20 + 5 in 2017, of one place; 40 in 2016.
    assert reseau.constat("l’ICI 2", DEUX, seance, "n_entretiens").replace("\u00a0", " ") == snapshot(
        "Dans l’ICI 2, le lieu d’accueil a mené **25 entretiens réglementaires** en 12 mois, contre 40 les 12 mois "
        "d’avant."
    )
    assert "rien n’est compté" in reseau.constat("l’ICI 2", DEUX, seance, "n_pre_accueil")
    assert "ont enregistré" in reseau.constat("l’ICI 2", DEUX, seance, "n_enregistrements")
