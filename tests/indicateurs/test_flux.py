"""The gestion en flux (CCH R. 441-5): the share of each réservataire, neither mutations nor relogements NPRU."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from mel_core.contrat.tables import RESERVATAIRES
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.registre import chemin
from mel_core.indicateurs import compute
from mel_core.indicateurs.comptage import freeze
from mel_core.indicateurs.manques import manques
from mel_core.secret.montrer import render
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from tests.indicateurs.comparaison import en_lignes
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, serve, table

S2 = Seance.read("2017S2")
# In Lille: 4 COLTER, 2 COLACT, 1 AUCUN, 1 unknown, and out of the flux 2 mutations and 1 NPRU. In Roubaix: 1 PPRIOR.
LILLOISES = [
    *({"reservataire": "COLTER"},) * 4,
    *({"reservataire": "COLACT"},) * 2,
    {"reservataire": "AUCUN"},
    {},
    *({"reservataire": "COLTER", "mutation": True},) * 2,
    {"reservataire": "COLACT", "npru": True},
]
DESSIN = [*LILLOISES, {"reservataire": "PPRIOR", "code_insee": ROUBAIX}]


def magasin(dossier, dessin=DESSIN):
    lignes = [attribution(i, **valeurs) for i, valeurs in enumerate(dessin)]
    serve(
        entrepot := Entrepot(dossier),
        chargement(bailleurs=bailleurs("B1"), attributions=table("attributions", *lignes)),
    )
    return entrepot


def lignes(entrepot, *par, **filtres):
    with entrepot.open(Portee.mel(), S2) as lecteur:
        return en_lignes(compute(lecteur, "flux", Periode.de(S2), par, **filtres))


def par_reservataire(cellules, colonne="numerateur"):
    return {c["reservataire"]: c[colonne] for c in cellules}


def test_every_reservataire_has_its_line_in_every_cell_zeros_included(tmp_path):
    cellules = lignes(magasin(tmp_path), "commune")
    assert [(c["commune"], c["reservataire"]) for c in cellules] == [
        *((LILLE, r) for r in RESERVATAIRES),
        *((ROUBAIX, r) for r in RESERVATAIRES),
    ]
    # 8 of the flux in Lille, of which 7 say theirs: 4, 2 and 1 of 7.
    assert {(c["n"], c["n_connus"], c["n_inconnus"]) for c in cellules[:6]} == {(8, 7, 1)}
    assert [c["numerateur"] for c in cellules[:6]] == [4, 2, 0, 0, 0, 1]
    assert [c["part"] for c in cellules[:6]] == [4 / 7, 2 / 7, 0, 0, 0, 1 / 7]
    assert (cellules[0]["part_min"], cellules[0]["part_max"]) == (4 / 8, 5 / 8)
    assert [c["part"] for c in cellules[6:]] == [0, 0, 1, 0, 0, 0]


def test_the_cut_is_the_same_once_when_it_is_asked_too(tmp_path):
    entrepot = magasin(tmp_path)
    assert lignes(entrepot, "reservataire") == lignes(entrepot)
    assert lignes(entrepot, "commune", "reservataire") == lignes(entrepot, "commune")
    inverse = lignes(entrepot, "reservataire", "commune")
    assert list(inverse[0])[:2] == ["reservataire", "commune"]
    assert [(c["reservataire"], c["commune"]) for c in inverse[:3]] == [
        ("COLTER", LILLE),
        ("COLTER", ROUBAIX),
        ("COLACT", LILLE),
    ]
    assert [c["numerateur"] for c in inverse[:3]] == [4, 0, 2]


def test_there_is_no_target_yet(tmp_path):
    for cellule in lignes(magasin(tmp_path)):
        assert [cellule[c] for c in ("cible", "ecart_points", "ecart_attributions", "verdict", "sens")] == [None] * 5


def test_a_filter_and_an_empty_period_answer_as_any_indicator(tmp_path):
    entrepot = magasin(tmp_path)
    assert par_reservataire(lignes(entrepot, commune=ROUBAIX))["PPRIOR"] == 1
    with entrepot.open(Portee.mel()) as lecteur:
        vide = en_lignes(compute(lecteur, "flux", Periode.de("2019S2")))
        assert en_lignes(compute(lecteur, "flux", Periode.de("2019S2"), ("commune",))) == []
    assert [(c["n"], c["part"]) for c in vide] == [(0, None)] * 6


def test_a_file_without_the_npru_leaves_its_rows_in_the_population_unknown(tmp_path):
    # Three rows of a file without the column: first accesses, which may be NPRU; nobody can tell.
    sans = [{"reservataire": "COLTER", "npru": None}] * 3
    cellules = lignes(magasin(tmp_path / "avec", [*DESSIN, *sans]))
    assert {(c["n"], c["n_connus"], c["n_inconnus"]) for c in cellules} == {(12, 8, 4)}
    assert par_reservataire(cellules)["COLTER"] == 4
    assert {(c["motif"], c["colonnes_absentes"]) for c in cellules} == {(None, "npru")}
    seuls = lignes(magasin(tmp_path / "sans", sans))
    assert {(c["n"], c["n_connus"], c["part"], c["motif"]) for c in seuls} == {(3, 0, None, "colonne_absente")}


def test_the_columns_that_it_leans_on_are_named(tmp_path):
    charge = chargement(
        bailleurs=bailleurs("B1"), attributions=table("attributions", *(attribution(i) for i in range(3)))
    )
    presentes = charge.colonnes_presentes["attributions"] - {"npru", "reservataire"}
    charge.colonnes_presentes["attributions"] = presentes
    serve(entrepot := Entrepot(tmp_path), charge)
    with entrepot.open(Portee.mel()) as lecteur:
        assert {m.colonnes for m in manques(lecteur, "flux")} == {("npru",), ("reservataire",)}


def test_a_room_reads_the_same_cells(tmp_path):
    with magasin(tmp_path, DESSIN * 20).open(Portee.mel(), S2) as lecteur:
        dites = render(compute(lecteur, "flux", Periode.de(S2), ("commune",)), ("commune",))
    premiere = dites.iloc[0]
    # 8 × 20 of the flux in Lille, 7 × 20 known, 4 × 20 of them COLTER: 57,1 %
    assert (premiere["reservataire"], premiere["n"], premiere["numerateur"], premiere["part"]) == (
        "COLTER",
        160,
        80,
        0.57,
    )
    assert dites.iloc[2]["numerateur"] is None  # none, as up to twelve, is not said


def test_a_seance_frozen_before_it_was_counted_says_so(tmp_path):
    entrepot = magasin(tmp_path / "donnees")
    attendues = lignes(entrepot, "commune")
    assert freeze(entrepot, S2)
    chemin(entrepot.dossier, entrepot.instantane(S2).identifiant).unlink()
    assert lignes(Entrepot(entrepot.dossier), "commune") == attendues
    ancien = Entrepot(shutil.copytree(entrepot.dossier, tmp_path / "ancien"))
    with duckdb.connect(str(ancien.dossier / "gelees" / "2017S2.duckdb")) as base:
        base.execute("drop table comptes_flux")
    with pytest.raises(ErreurUtilisateur, match="sans garder les chiffres par commune"):
        lignes(ancien, "commune")
    with ancien.open(Portee.mel(), S2) as lecteur:
        assert len(compute(lecteur, "npru", Periode.de(S2), ("commune",))) == 2


def test_a_store_made_before_answers_from_its_rows(tmp_path):
    entrepot = magasin(tmp_path / "donnees")
    attendues = lignes(entrepot, "commune")
    ancien = Entrepot(shutil.copytree(entrepot.dossier, tmp_path / "ancien"))
    with duckdb.connect(str(chemin(ancien.dossier, ancien.instantane().identifiant))) as base:
        for colonne in ("enjeu_mixite", "typologie_fragilite", "etiquettes_absentes"):
            base.execute(f"alter table attributions_qualifiees drop column {colonne}")
    assert lignes(ancien, "commune") == attendues
