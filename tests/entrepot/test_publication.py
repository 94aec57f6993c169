"""Publishing: immutable snapshots named by their content, one atomic switch, séances that keep theirs."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

import duckdb
import pytest

from mel_core.entrepot import Entrepot, Portee, registre
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import compute
from mel_core.socle.erreurs import DonneesRefusees, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.jeux import attribution, bailleurs, chargement, table

S1, S2 = Seance.read("2017S1"), Seance.read("2017S2")


@pytest.fixture
def entrepot(tmp_path):
    return Entrepot(tmp_path / "donnees")


def n_attributions(entrepot, seance=S2):
    with entrepot.open(Portee.mel(), seance) as lecteur:
        return int(compute(lecteur, "npru", Periode.de("2017S2"))["n"].iloc[0])


def jeu(n, **autres):
    return chargement(
        bailleurs=bailleurs("B1"), attributions=table("attributions", *(attribution(i) for i in range(n))), **autres
    )


def test_an_empty_store_says_what_to_import(entrepot):
    assert entrepot.instantane() is None
    with pytest.raises(ErreurUtilisateur, match="Aucun jeu de données n’est publié"):
        entrepot.open(Portee.mel())


def test_the_same_content_twice_changes_nothing(entrepot):
    premier, a_change = entrepot.publish(jeu(3))
    assert a_change
    fichiers = {f: f.stat().st_mtime_ns for f in entrepot.dossier.rglob("*.duckdb")}
    second, a_change = entrepot.publish(jeu(3), base=premier)
    assert not a_change
    assert second == premier
    assert {f: f.stat().st_mtime_ns for f in entrepot.dossier.rglob("*.duckdb")} == fichiers


def test_a_loaded_table_replaces_its_own_and_the_others_stay(entrepot):
    premier, _ = entrepot.publish(jeu(3))
    entrepot.publish(chargement(attributions=table("attributions", attribution(9))), base=premier)
    assert n_attributions(entrepot) == 1
    with entrepot.open(Portee.mel()) as lecteur:
        assert list(lecteur.query("select code_bailleur from bailleurs")["code_bailleur"]) == ["B1"]


def age(entrepot, publie, colonne):
    """The store as a version left it that did not know `colonne` yet, nor said which it was."""
    table_, _, nom = colonne.partition(".")
    with duckdb.connect(str(chemin(entrepot.dossier, publie.identifiant))) as base:
        base.execute("alter table description drop column format")
        base.execute(f"alter table {table_} drop column {nom}")
    return Entrepot(entrepot.dossier)


@pytest.mark.parametrize("colonne", ["attributions_qualifiees.est_npru", "attributions.npru"])
def test_a_snapshot_published_before_a_column_that_its_views_need_is_read_with_it(entrepot, colonne):
    publie, _ = entrepot.publish(jeu(3))
    ancien = age(entrepot, publie, colonne)
    assert n_attributions(ancien) == 3
    ancien.publish(jeu(4), base=publie)
    assert n_attributions(ancien) == 4


def test_a_snapshot_published_before_a_column_that_a_question_needs_says_so_and_an_import_brings_it_up_to_date(
    entrepot,
):
    publie, _ = entrepot.publish(jeu(3))
    ancien = age(entrepot, publie, "communes.population")
    refus = pytest.raises(ErreurUtilisateur, match=r"version antérieure de l’application.*: importer de nouveau")
    with ancien.open(Portee.mel()) as lecteur, refus:
        lecteur.query("select population from communes")
    ancien.publish(jeu(4), base=publie)
    with ancien.open(Portee.mel()) as lecteur:
        assert lecteur.query("select population from communes")["population"].notna().all()


def test_a_column_that_no_version_ever_had_is_a_fault_of_ours_and_not_of_the_snapshot(entrepot):
    entrepot.publish(jeu(3))
    with entrepot.open(Portee.mel()) as lecteur, pytest.raises(duckdb.BinderException):
        lecteur.query("select jamais_vue from communes")


def test_a_missing_reference_is_healed_by_a_later_load(entrepot):
    a = attribution(1, code_quartier="593500101")
    premier, _ = entrepot.publish(chargement(bailleurs=bailleurs("B1"), attributions=table("attributions", a)))
    question = "select quartier from attributions_qualifiees"
    with entrepot.open(Portee.mel()) as lecteur:
        assert lecteur.query(question)["quartier"].tolist() == ["inconnu"]
    quartier = {"code_quartier": "593500101", "nom": "Q", "code_insee": "59350"}
    entrepot.publish(chargement(quartiers=table("quartiers", quartier)), base=premier)
    with entrepot.open(Portee.mel()) as lecteur:
        assert lecteur.query(question)["quartier"].tolist() == ["593500101"]


def test_a_reader_keeps_the_snapshot_that_it_opened(entrepot):
    premier, _ = entrepot.publish(jeu(3))
    with entrepot.open(Portee.mel(), S2) as lecteur:
        entrepot.publish(jeu(5), base=premier)
        assert int(compute(lecteur, "npru", Periode.de("2017S2"))["n"].iloc[0]) == 3
    assert n_attributions(entrepot) == 5


def test_a_load_for_one_seance_leaves_the_others_alone(entrepot):
    premier, _ = entrepot.publish(jeu(3))
    entrepot.publish(jeu(5), S2, premier)
    assert (n_attributions(entrepot, S1), n_attributions(entrepot, S2)) == (3, 5)
    entrepot.publish(jeu(7), base=premier)
    assert (n_attributions(entrepot, S1), n_attributions(entrepot, S2)) == (7, 7)


def test_a_frozen_seance_does_not_move_and_refuses_a_load(entrepot):
    premier, _ = entrepot.publish(jeu(3))
    entrepot.publish(jeu(5), S2, premier)
    registre.write(entrepot.dossier, replace(registre.read(entrepot.dossier), gelees=frozenset({"2017S2"})))
    entrepot.publish(jeu(7), base=premier)
    assert (n_attributions(entrepot, S1), n_attributions(entrepot, S2)) == (7, 5)
    with pytest.raises(DonneesRefusees, match="2017S2 est gelée"):
        entrepot.publish(jeu(8), S2, premier)


def test_real_data_carried_over_keep_the_store_real(entrepot):
    reel, _ = entrepot.publish(replace(jeu(3), nature="reelle"))
    assert reel.nature == "reelle"
    melange, _ = entrepot.publish(chargement("fictive", bailleurs=bailleurs("B1", "B2")), base=reel)
    assert melange.nature == "reelle"
    tout_fictif, _ = entrepot.publish(jeu(3), base=melange)
    assert tout_fictif.nature == "fictive"


def test_leftovers_of_a_cut_import_are_swept_by_the_next(entrepot):
    reste = entrepot.dossier / "jeux" / ".en-construction-abc.duckdb"
    reste.parent.mkdir(parents=True)
    reste.write_bytes(b"half a snapshot")
    entrepot.publish(jeu(1))
    assert not reste.exists()
    assert n_attributions(entrepot) == 1


def test_two_imports_at_once_one_is_told_to_wait(entrepot):
    with (
        entrepot.reserve(),
        pytest.raises(ErreurUtilisateur, match="est en cours dans ce dossier de données"),
        entrepot.reserve(),
    ):
        pass
    with entrepot.reserve():
        pass


def test_a_pseudonym_depends_on_the_key_and_the_key_is_private(tmp_path):
    un, autre = Entrepot(tmp_path / "a"), Entrepot(tmp_path / "b")
    (p,) = un.pseudonymes().de(["999000000000000001"])
    assert p == un.pseudonymes().de(["999000000000000001"])[0]
    assert p != autre.pseudonymes().de(["999000000000000001"])[0]
    assert len(p) == 32
    assert "999000000000000001" not in p
    if os.name == "posix":
        assert stat.S_IMODE((un.dossier / "cle_pseudonymes").stat().st_mode) == 0o600
