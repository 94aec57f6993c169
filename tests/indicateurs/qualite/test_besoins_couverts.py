"""What a screen says to be computable is what the engines compute: each column taken away in turn, then half of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from mel_core.contrat import explications
from mel_core.contrat.tables import ETIQUETTES, TABLES
from mel_core.entrepot import Chargement, Entrepot, Lecteur, Portee
from mel_core.entrepot.remplissage import nom_en_base
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.manques import (
    BESOINS_DES_COUPES,
    BESOINS_DES_SEGMENTS,
    manques,
    manques_de_coupe,
    silence,
)
from mel_core.indicateurs.qualite.besoins_couverts import (
    OBJECTIFS,
    SEUILS,
    Calculabilite,
    EtatBesoin,
    GenreBesoin,
    besoins,
    couverture,
    est_une_table,
    verdicts,
)
from mel_core.segments import SEGMENTS, Criteres, count
from mel_core.socle.periodes import Periode
from tests.jeux import LILLE, attribution, bailleurs, demande_active, table

PERIODE = Periode.de("2024S1")  # whose first-quartile threshold is embedded
PLEINE = {
    "date_bail": date(2024, 3, 15),
    "date_creation_demande": date(2023, 1, 10),
    "code_residence": "R1",
    "typologie": "T3",
    "financement": "PLUS",
    "reservataire": "COLTER",
    "n_personnes": 2,
    "categorie_menage": 2,
    "n_uc": 1.5,
    "revenu_fiscal": 9_000.0,
    "ressources_mensuelles": 900.0,
    "actif": True,
}
OCCUPANTS = {f"n_occupants_{c}": 10 for c in ("tres_modestes", "modestes", "intermediaires", "eleves")}
ENLEVABLES = sorted(
    {(b.table, b.colonnes) for _, _, b in besoins() if not est_une_table(b.table, "|".join(b.colonnes))}
)
# Every quartier of a file without it reads as outside a QPV (contract §3): the screens do not take that for an answer.
SANS_QPV = ("quartiers", ("code_qpv",))
SANS_QUARTILE = tuple(("attributions", (colonne,)) for colonne in ("ressources_mensuelles", "n_uc"))

# One of each table, tried whenever the tests are; the others with what is exhaustive.
COURTES = (
    ("attributions", ("npru",)),
    ("attributions", ("categorie_menage", "n_personnes")),
    ("communes", ("fragilite", "typologie_fragilite")),
    ("demandes", ("dalo",)),
    ("evenements", ("rang",)),
    SANS_QPV,
    ("residences", ("n_occupants_modestes",)),
)


def some(toutes: Sequence[Any], courtes: Sequence[Any]) -> list[Any]:
    assert set(courtes) <= set(toutes)
    return [*courtes, *(pytest.param(x, marks=pytest.mark.long) for x in toutes if x not in courtes)]


def pleines() -> dict[str, list[dict[str, Any]]]:
    """Four attributions, two of them in a QPV, one demande, and what they lean on: every useful cell is filled."""
    quartier = {"nom": "Q", "code_insee": LILLE, "ips": 4, "fragilite": "fragile"}
    residence = {"code_bailleur": "B1", "code_quartier": "Q1", "n_logements": 50, "enjeu_mixite": True, **OCCUPANTS}
    passage = {"numero_unique": "p1", "type": "PASSAGE_CAL", "code_bailleur": "B1", "decision": "ATTRIBUE", "rang": 2}
    demande = demande_active("p1", date(2023, 1, 1), n_personnes=2)
    return {
        "communes": [{"code_insee": LILLE, "nom": "Lille", "typologie_fragilite": 4, "fragilite": "fragile"}],
        "quartiers": [{"code_quartier": "Q1", **quartier}, {"code_quartier": "Q2", "code_qpv": "QP1", **quartier}],
        "residences": [{"code_residence": "R1", **residence}],
        "demandes": [{**demande, **dict.fromkeys(ETIQUETTES, False)}],
        "evenements": [{"id_evenement": f"E{i}", "date_survenance": date(2024, 2, i), **passage} for i in (1, 2)],
        "attributions": [attribution(i, **PLEINE, code_quartier=f"Q{1 + i // 2}") for i in range(4)],
    }


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Lecteur]:
    def open(
        nom: str = "",
        colonnes: tuple[str, ...] = (),
        rangs: tuple[int, ...] | None = None,
        sans: str = "",
        **autres: Any,
    ) -> Lecteur:
        """A reader without `colonnes` of the table `nom`, or with these cells empty in the rows `rangs` alone; without
        the table `sans`. `autres`: what every attribution says otherwise."""
        tables, presentes = {"bailleurs": bailleurs("B1")}, {"bailleurs": frozenset(TABLES["bailleurs"].noms)}
        for autre, lignes in pleines().items():
            if autre == sans:
                continue
            touchees = () if autre != nom else range(len(lignes)) if rangs is None else rangs
            changees = [{**x, **autres} if autre == "attributions" else x for x in lignes]
            vides = [{**x, **dict.fromkeys(colonnes)} if i in touchees else x for i, x in enumerate(changees)]
            tables[autre] = table(autre, *vides)
            est_absente = autre == nom and rangs is None
            presentes[autre] = frozenset(TABLES[autre].noms) - (set(colonnes) if est_absente else set())
        entrepot = Entrepot(tmp_path)
        with entrepot.reserve():
            entrepot.publish(Chargement(tables, presentes, "fictive"))
        return entrepot.open(Portee.mel())

    return open


def say(lecteur: Lecteur) -> dict[tuple[str, str], str]:
    """What the screen says of each measure, cut and segment."""
    return {(x.genre, x.code): x.verdict for x in verdicts(couverture(lecteur)).itertuples()}


def compte(lecteur: Lecteur, nom: str, periode: Periode = PERIODE) -> tuple[int, int]:
    """Attributions that the engine counts for an indicator, and those that it knows."""
    cellules = compute(lecteur, nom, periode)
    premiere = cellules.iloc[0]
    if nom == "ressources":
        inconnues = int(cellules.loc[cellules["classe"] == "inconnu", "numerateur"].iloc[0])
        return int(premiere["n"]), int(premiere["n"]) - inconnues
    if nom == "entrants_occupants" and pd.isna(premiere["part_occupants"]):
        return int(premiere["n"]), 0
    return int(premiere["n"]), int(premiere["n_connus"])


def situees(lecteur: Lecteur, coupe: str, periode: Periode = PERIODE) -> bool:
    """Whether the engine tells the attributions of a cut apart."""
    return set(compute(lecteur, "delais", periode, par=(coupe,))[coupe]) != {"inconnu"}


def test_everything_is_computable_when_every_cell_is_filled_and_the_engines_know_every_row(read) -> None:
    with read() as lecteur:
        dits = say(lecteur)
        assert set(dits.values()) - {Calculabilite.CALCULABLE} == {Calculabilite.EN_PARTIE}
        # 94 communes of 95 have no class: the table that was given lists Lille alone.
        en_partie = {code for (_, code), verdict in dits.items() if verdict == Calculabilite.EN_PARTIE}
        assert en_partie == {"fragilite_commune", "typologie_fragilite"}
        for nom in INDICATEURS:
            n, connus = compte(lecteur, nom)
            assert n == connus > 0, nom
        assert count(lecteur, "poulidor", Criteres(date(2024, 6, 30))) == 1


@pytest.mark.parametrize("enlevee", some(ENLEVABLES, COURTES), ids=lambda x: f"{x[0]}-{'-'.join(x[1])}")
def test_a_column_taken_away_makes_impossible_what_the_engines_no_longer_know_and_nothing_else(read, enlevee) -> None:
    with read(*enlevee) as lecteur:
        assert Calculabilite.IMPOSSIBLE in say(lecteur).values()
        assert_engines_agree(lecteur, enlevee, PERIODE)


def assert_engines_agree(lecteur: Lecteur, enlevee: tuple[str, tuple[str, ...]], periode: Periode) -> None:
    """What is said to be impossible is what the engines do not know, and has the motif that the screens give."""
    dits = say(lecteur)
    for nom in INDICATEURS:
        est_impossible = dits[GenreBesoin.INDICATEUR, nom] == Calculabilite.IMPOSSIBLE
        assert est_impossible == bool(manques(lecteur, nom)), nom
        if nom == "q1_hors_qpv" and enlevee in SANS_QUARTILE:
            # The NPRU alone are known, and all count: 100 %, that no screen gives.
            cellule = compute(lecteur, nom, periode).iloc[0]
            assert est_impossible
            assert cellule["numerateur"] == cellule["n_connus"]
        elif enlevee != SANS_QPV:
            assert est_impossible == (compte(lecteur, nom, periode)[1] == 0), nom
    for coupe in BESOINS_DES_COUPES:
        est_impossible = dits[GenreBesoin.COUPE, coupe] == Calculabilite.IMPOSSIBLE
        assert est_impossible == bool(manques_de_coupe(lecteur, coupe)), coupe
        if enlevee != SANS_QPV:
            assert est_impossible != situees(lecteur, coupe, periode), coupe
    for segment in SEGMENTS:
        est_impossible = dits[GenreBesoin.SEGMENT, segment] == Calculabilite.IMPOSSIBLE
        assert est_impossible == bool(silence(lecteur, segment)), segment


@pytest.mark.long
@pytest.mark.parametrize("enlevee", ENLEVABLES, ids=lambda x: f"{x[0]}-{'-'.join(x[1])}")
def test_on_the_demonstration_too_a_column_taken_away_makes_impossible_what_the_engines_no_longer_know(
    publiee_aujourd_hui: Path, tmp_path: Path, enlevee: tuple[str, tuple[str, ...]]
) -> None:
    nom, colonnes = enlevee
    entrepot = Entrepot(Path(shutil.copytree(publiee_aujourd_hui, tmp_path / "depot")))
    with entrepot.open(Portee.mel()) as lecteur:
        assert Calculabilite.IMPOSSIBLE not in say(lecteur).values()
        donnee = lecteur.arrow(f"from jeu.{nom_en_base(nom)}")
    for colonne in colonnes:
        rang = donnee.column_names.index(colonne)
        champ = donnee.schema.field(rang)
        donnee = donnee.set_column(rang, champ, pa.nulls(len(donnee), champ.type))
    presentes = frozenset(TABLES[nom].noms) - set(colonnes)
    with entrepot.reserve():
        entrepot.publish(Chargement({nom: donnee}, {nom: presentes}, "fictive"), base=lecteur.instantane)
    with entrepot.open(Portee.mel()) as lecteur:
        assert_engines_agree(lecteur, enlevee, Periode.de("2026S1"))


@pytest.mark.parametrize(
    "colonne", some([c[0] for t, c in ENLEVABLES if t == "attributions" and len(c) == 1], ("revenu_fiscal", "npru"))
)
def test_a_column_half_empty_makes_partial_what_the_engines_know_by_half(read, colonne: str) -> None:
    # One row of two is emptied, in the QPV as outside it.
    with read("attributions", (colonne,), rangs=(0, 2)) as lecteur:
        dits = say(lecteur)
        for nom, indicateur in INDICATEURS.items():
            n, connus = compte(lecteur, nom)
            est_touche = any(b.colonnes == (colonne,) for b in indicateur.requis)
            assert 2 * connus == n if est_touche else connus == n, nom
            attendu = Calculabilite.EN_PARTIE if est_touche else Calculabilite.CALCULABLE
            assert dits[GenreBesoin.INDICATEUR, nom] == attendu, nom
        couverte = couverture(lecteur)
        (vides,) = set(
            couverte.loc[(couverte["table"] == "attributions") & (couverte["colonnes"] == colonne), "n_vides"]
        )
        assert vides == 2


@pytest.mark.parametrize(
    "absente",
    some(
        ["attributions", "demandes", "evenements", "quartiers", "residences", "communes"],
        ("attributions", "residences"),
    ),
)
def test_without_a_table_what_leans_on_it_is_impossible(read, absente: str) -> None:
    with read(sans=absente) as lecteur:
        dits = say(lecteur)
        attendus = {(genre, code) for genre, code, besoin in besoins() if besoin.table == absente}
        if absente == "attributions":  # no bail, no year whose threshold would be known
            attendus |= {(GenreBesoin.INDICATEUR, nom) for nom, i in INDICATEURS.items() if i.depend_du_seuil}
        assert {cle for cle, verdict in dits.items() if verdict == Calculabilite.IMPOSSIBLE} == attendus
        assert attendus


def test_years_without_a_threshold_are_named_and_the_engine_says_the_same_motif(read) -> None:
    with read(date_bail=date(2017, 9, 30), date_creation_demande=date(2016, 1, 1)) as lecteur:
        couverte = couverture(lecteur)
        seuils = couverte[couverte["table"] == SEUILS]
        assert set(seuils["code"]) == {"q1_hors_qpv", "autres_en_qpv"}
        assert set(seuils["precision"]) == {"2017"}
        for nom in seuils["code"]:
            assert say(lecteur)[GenreBesoin.INDICATEUR, nom] == Calculabilite.IMPOSSIBLE
            assert compute(lecteur, nom, Periode.de("2017S2"))["motif"].iloc[0] == "seuil_absent"


def test_a_column_that_is_there_and_empty_everywhere_is_known_of_nobody(read) -> None:
    with read("attributions", ("actif",), rangs=(0, 1, 2, 3)) as lecteur:
        assert say(lecteur)[GenreBesoin.INDICATEUR, "actifs"] == Calculabilite.IMPOSSIBLE
        assert compte(lecteur, "actifs")[1] == 0


def test_an_objective_that_nobody_set_is_said_and_makes_nothing_impossible(read) -> None:
    with read() as lecteur:
        couverte = couverture(lecteur)
        absents = couverte[(couverte["table"] == OBJECTIFS) & (couverte["etat"] == EtatBesoin.ABSENT)]
        assert "flux" in set(absents["code"])
        assert "aci" not in set(absents["code"])
        assert say(lecteur)[GenreBesoin.INDICATEUR, "flux"] == Calculabilite.CALCULABLE


def test_on_an_empty_store_everything_is_to_be_asked_for() -> None:
    assert set(verdicts(couverture(None))["verdict"]) == {Calculabilite.IMPOSSIBLE}


def test_every_segment_and_every_column_has_its_needs_and_its_words() -> None:
    assert set(BESOINS_DES_SEGMENTS) == set(SEGMENTS)
    for nom, laquelle in TABLES.items():
        assert set(explications.EXPLICATIONS[nom]) == set(laquelle.noms)
        for colonne in laquelle.colonnes:
            assert explications.EXPLICATIONS[nom][colonne.nom].sens.endswith(".")
            assert explications.chez(nom, colonne.nom)
    assert set(explications.CHEZ) == set(explications.Source)
