"""Files whose columns are drawn: each cell is used, reported, or its column declared not read. Nothing is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.colonnes import Type
from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Anomalie, Gravite
from mel_core.contrat.tables import TABLES
from tests.contrat.dessins import AUJOURDHUI
from tests.contrat.test_bureaux import BAILLEURS
from tests.exemples import examples

SURES = ("id_attribution", "numero_unique", "date_bail", "code_insee", "code_bailleur", "mutation")
TABLE = TABLES["attributions"]
FACULTATIVES = [nom for nom in TABLE.noms if nom not in SURES]
# Headers of the contract however they are written, others that nobody knows, those of persons, those without a name.
ECRITES = st.sampled_from(FACULTATIVES).flatmap(
    lambda nom: st.sampled_from([nom, nom.upper(), nom.replace("_", " "), f" {nom} ", nom.replace("_", "")])
)
AUTRES = st.sampled_from(["Commentaire", "Prénom", "Nom du demandeur", "Étage", "x1", "Suivi par", "Réf. interne", ""])
CELLULES = st.sampled_from(
    (
        "",
        "oui",
        "N",
        "NC",
        "12",
        "1 200,50",
        "12.500",
        "-3",
        "T3",
        "COLTER",
        "inconnu",
        "2017-09-30",
        "Q1",
        "#REF!",
        "é",
        "0",
    )
)


@st.composite
def fichiers(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    entetes = draw(
        st.lists(ECRITES | AUTRES, min_size=1, max_size=8, unique_by=lambda nom: nom.strip().lower() or id(nom))
    )
    n = draw(st.integers(1, 4))
    lignes = [[draw(CELLULES) for _ in entetes] for _ in range(n)]
    return entetes, lignes


def write(d: Path, entetes: list[str], lignes: list[list[str]]) -> list[Donne]:
    (d / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    rangees = [
        [f"A{n}", f"99900000000000000{n}", "2017-09-30", "59350", "B1", "non", *ligne] for n, ligne in enumerate(lignes)
    ]
    texte = "\n".join(";".join(rangee) for rangee in [[*SURES, *entetes], *rangees])
    (d / "Vilogia.csv").write_text(texte + "\n", encoding="utf-8")
    return [Donne(d / "bailleurs.csv"), Donne(d / "Vilogia.csv", "attributions")]


def est_dite(dites: list[Anomalie], ligne: int, colonne: str) -> bool:
    """Whether the cell, its row, its column or its value is told."""
    return any(
        (a.ligne == ligne and a.colonne in (colonne, None)) or (a.colonne == colonne and a.regle in TOUTE_LA_COLONNE)
        for a in dites
    )


# What is asked once for a column: the value, not each of its cells.
TOUTE_LA_COLONNE = {"valeur_inconnue", "montant_ambigu", "colonne_ambigue", "colonne_double", "illisible"}


@examples(60)
@given(dessin=fichiers())
def test_each_cell_is_used_reported_or_of_a_column_declared_not_read(
    dessin: tuple[list[str], list[list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    entetes, lignes = dessin
    jeu = check(write(tmp_path_factory.mktemp("colonnes"), entetes, lignes), aujourdhui=AUJOURDHUI)
    rapport = jeu.rapport
    bilan = rapport.tables["attributions"]
    assert bilan.lues == bilan.gardees + bilan.rejetees + bilan.doublons
    dites = [a for a in rapport.anomalies if a.fichier == "Vilogia.csv"]
    if any(a.regle == "illisible" for a in dites):
        return
    a_part = {a.ligne for a in dites if a.regle == "ligne_a_part"}
    assert bilan.lues + len(a_part & set(range(2, 2 + len(lignes)))) == len(lignes)
    comprises = {c.entete: c.lue for c in rapport.colonnes["Vilogia.csv"]}
    sans_nom = [nom for nom in entetes if not nom.strip()]
    assert not sans_nom or any("Sans nom" in a.message for a in dites)
    rejetees = {a.ligne for a in dites if a.gravite is Gravite.REJET}
    gardees = [n for n in range(len(lignes)) if n + 2 not in rejetees | a_part]
    rang_garde = {n: rang for rang, n in enumerate(gardees)}
    for rang, nom in enumerate(nom.strip() for nom in entetes):
        if not nom:
            continue
        lue = comprises[nom]
        if not lue:
            assert [a for a in dites if a.valeur == nom or nom in (a.valeur or "").split(" | ")], nom
            continue
        colonne = TABLE.colonne(lue)
        for n, ligne in enumerate(lignes):
            cellule = ligne[rang].strip()
            if not cellule or n + 2 in rejetees | a_part or est_dite(dites, n + 2, lue):
                continue
            if jeu.tables:  # nothing blocks: what is not told is stored
                assert n in rang_garde
                gardee = jeu.tables["attributions"][lue][rang_garde[n]].as_py()
                assert gardee is not None, (lue, cellule)
                if colonne.type in (Type.TEXTE, Type.IDENTIFIANT):
                    assert gardee == cellule
