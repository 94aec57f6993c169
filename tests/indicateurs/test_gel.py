"""A frozen séance: pinned to its snapshot, and the same digits once its rows are gone."""

from __future__ import annotations

import shutil

import duckdb
import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.comptage import COUPES_GARDEES, freeze
from mel_core.segments import Criteres, count
from mel_core.socle.erreurs import DonneesRefusees, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.exemples import one_in
from tests.indicateurs.comparaison import Depot
from tests.jeux import LILLE, attribution, bailleurs, chargement, table
from tests.oracle.tirages import sample

SEANCE = Seance.read("2024S2")  # a year whose first-quartile threshold is known
FILTRES = ({}, {"ici": "ICI 2"}, {"commune": LILLE}, {"bailleur": "B1"})


@pytest.fixture(scope="module")
def gelee(tmp_path_factory):
    """A store of a drawn jeu de données, and the same one frozen, whose rows are erased."""
    intact = Depot.de(sample(1, 450, frozenset()), tmp_path_factory.mktemp("gel")).entrepot
    entrepot = Entrepot(shutil.copytree(intact.dossier, tmp_path_factory.mktemp("gelee") / "donnees"))
    assert freeze(entrepot, SEANCE)
    effacer_les_lignes(entrepot)
    return intact, entrepot


def questions():
    """Every cut over the year; every filter over the semester, alone and under two cuts."""
    for nom in INDICATEURS:
        yield from ((nom, "annee", par, 0) for par in COUPES_GARDEES)
        yield from (
            (nom, "semestre", par, rang) for par in ((), ("commune", "bailleur")) for rang in range(len(FILTRES))
        )


def answer(entrepot, nom, etendue, par, rang, seance=SEANCE):
    with entrepot.open(Portee.mel(), seance) as lecteur:
        return compute(lecteur, nom, Periode.de(seance, etendue), par, **FILTRES[rang])


def effacer_les_lignes(entrepot, seance=SEANCE):
    chemin(entrepot.dossier, entrepot.instantane(seance).identifiant).unlink()


@pytest.mark.parametrize("pas", [4, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("nom", one_in(2, INDICATEURS))
def test_every_figure_kept_is_the_same_to_the_last_digit_when_the_rows_are_gone(gelee, nom, pas):
    """Each cut and filter of every indicator; the short way, each of one indicator in four."""
    intact, entrepot = gelee
    n = 0
    for question in [q for q in questions() if q[0] == nom][[*INDICATEURS].index(nom) % pas :: pas]:
        avant = answer(intact, *question)
        pd.testing.assert_frame_equal(answer(entrepot, *question), avant, obj=str(question))
        n += avant["n"].sum()
    assert n > 0


def test_the_order_of_the_cuts_asked_does_not_matter(gelee):
    intact, entrepot = gelee
    inverse = answer(entrepot, "equilibre", "annee", ("bailleur", "commune"), 0)
    droit = answer(intact, "equilibre", "annee", ("commune", "bailleur"), 0)
    assert inverse.sort_values(["commune", "bailleur"])["n"].tolist() == droit["n"].tolist()


@pytest.mark.parametrize("nom", ["equilibre", "aci", "ressources", "entrants_occupants"])
@pytest.mark.parametrize(
    ("par", "filtres"),
    [
        (("quartier", "reservataire"), {}),
        (("typologie",), {"ici": "ICI 2", "bailleur": "B1"}),
        (("quartier", "residence"), {"commune": LILLE}),
        (("commune", "fragilite_commune"), {"ici": "ICI 2", "bailleur": "B1"}),
        (("financement", "bailleur"), {"ici": "ICI 2"}),
    ],
)
def test_a_cut_that_was_kept_finer_is_the_same_to_the_last_digit(gelee, nom, par, filtres):
    lus = []
    for entrepot in gelee:
        with entrepot.open(Portee.mel(), SEANCE) as lecteur:
            lus.append(compute(lecteur, nom, Periode.de(SEANCE, "annee"), par, **filtres))
    pd.testing.assert_frame_equal(*lus)
    assert lus[0]["n"].sum() > 0


@pytest.mark.parametrize(
    ("nom", "par", "filtres", "dit"),
    [
        ("equilibre", ("typologie", "reservataire"), {}, "reservataire × typologie"),
        ("equilibre", ("mutation", "qpv"), {"ici": "ICI 2"}, "qpv × ici × mutation"),
        # A median by quartier and réservataire is not the sum of finer medians.
        ("delais", ("quartier", "reservataire"), {}, "quartier × reservataire"),
    ],
)
def test_a_cut_that_was_not_kept_says_so_in_one_sentence(gelee, nom, par, filtres, dit):
    _, entrepot = gelee
    with entrepot.open(Portee.mel(), SEANCE) as lecteur, pytest.raises(ErreurUtilisateur) as refus:
        compute(lecteur, nom, Periode.de(SEANCE), par, **filtres)
    assert f"par {dit} du" in str(refus.value)
    assert "2024S2 est gelée" in str(refus.value)


def test_a_seance_that_kept_no_quartier_of_a_cut_answers_the_rest_of_it(gelee, tmp_path):
    """As it was frozen before: by typologie alone, without the quartiers of its cells; sets did not say their block."""
    intact, recente = gelee
    entrepot = Entrepot(shutil.copytree(recente.dossier, tmp_path / "donnees"))
    with duckdb.connect(str(entrepot.dossier / "gelees" / "2024S2.duckdb")) as base:
        base.execute(
            "insert into comptes_parts_par_fragilite by name "
            "select debut, fin, 'typologie' as coupes, valeur, population, typologie, sum(columns('^n')) as '\\0' "
            "from comptes_parts_par_fragilite where typologie is not null group by all"
        )
        base.execute("delete from comptes_gardes where coupes like '%quartier%' and coupes like '%typologie%'")
        base.execute(
            "insert into comptes_gardes by name select distinct debut, fin, 'typologie' as coupes from comptes_gardes"
        )
        base.execute("alter table comptes_gardes drop column bloc")
        base.execute("alter table comptes_parts_par_fragilite drop column bloc")
    par_quartier = ["n_trop", "n_manque"]
    lue, attendue = (answer(e, "equilibre", "annee", ("typologie",), 0) for e in (entrepot, intact))
    pd.testing.assert_frame_equal(lue.drop(columns=par_quartier), attendue.drop(columns=par_quartier))
    assert lue[par_quartier].isna().all(axis=None)
    assert attendue[par_quartier].notna().any(axis=None)


def test_a_stock_is_not_summed_from_cuts_that_it_was_not_counted_by(gelee, tmp_path):
    """Attributions were kept by quartier × mutation, and a stock has no mutation: no occupants are not none of them."""
    intact, recente = gelee
    entrepot = Entrepot(shutil.copytree(recente.dossier, tmp_path / "donnees"))
    with duckdb.connect(str(entrepot.dossier / "gelees" / "2024S2.duckdb")) as base:
        base.execute("delete from comptes_gardes where coupes like '%quartier%' and coupes not like '%mutation%'")
    par = ("quartier", "bailleur")
    pd.testing.assert_frame_equal(*(answer(e, "equilibre", "annee", par, 0) for e in (entrepot, intact)))
    with pytest.raises(ErreurUtilisateur, match="quartier × bailleur"):
        answer(entrepot, "entrants_occupants", "annee", par, 0)


def test_another_period_than_the_seance_s_was_not_kept(gelee):
    _, entrepot = gelee
    with entrepot.open(Portee.mel(), SEANCE) as lecteur, pytest.raises(ErreurUtilisateur, match="2023-01-01"):
        compute(lecteur, "equilibre", Periode.de("2023S2", "annee"))


def test_rows_that_are_gone_can_t_be_listed_nor_read_by_a_narrower_scope(gelee):
    _, entrepot = gelee
    with entrepot.open(Portee.mel(), SEANCE) as lecteur, pytest.raises(ErreurUtilisateur, match="ont été effacées"):
        count(lecteur, "attente_24", Criteres(SEANCE.fin))
    with (
        entrepot.open(Portee.commune(LILLE), SEANCE) as lecteur,
        pytest.raises(ErreurUtilisateur, match="pour toute la Métropole"),
    ):
        compute(lecteur, "equilibre", Periode.de(SEANCE))


def test_nothing_that_is_kept_names_a_person_or_an_attribution(gelee):
    _, entrepot = gelee
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        colonnes = lecteur.query("select column_name as c, data_type as t from information_schema.columns")
    assert not set(colonnes["c"]) & {"pseudonyme", "id_attribution", "date_bail", "numero_unique"}


def test_other_seances_of_erased_rows_say_what_to_do(gelee):
    _, entrepot = gelee
    with pytest.raises(ErreurUtilisateur, match="importer un jeu de données"):
        entrepot.open(Portee.mel(), Seance.read("2017S1"))


def jeu(n):
    lignes = (attribution(i, npru=True) for i in range(n))
    return chargement(bailleurs=bailleurs("B1"), attributions=table("attributions", *lignes))


def test_a_frozen_seance_keeps_its_figures_through_later_loads_and_freezes_once(tmp_path):
    s2 = Seance.read("2017S2")
    entrepot = Entrepot(tmp_path)
    premier, _ = entrepot.publish(jeu(3))
    assert freeze(entrepot, s2)
    assert not freeze(entrepot, s2)
    entrepot.publish(jeu(5), base=premier)
    assert answer(entrepot, "npru", "semestre", (), 0, s2)["numerateur"].tolist() == [3]
    with pytest.raises(DonneesRefusees, match="2017S2 est gelée"):
        entrepot.publish(jeu(7), s2, premier)
    effacer_les_lignes(entrepot, s2)
    assert answer(entrepot, "npru", "semestre", (), 0, s2)["numerateur"].tolist() == [3]


def test_freezing_an_empty_store_says_to_import(tmp_path):
    with pytest.raises(ErreurUtilisateur, match="Aucun jeu de données n’est publié"):
        freeze(Entrepot(tmp_path), SEANCE)
