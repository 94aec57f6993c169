"""Values far from the field's, or from the last publications', are said column by column and accepted by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import Importation, import_files, weigh
from tests.contrat.dessins import AUJOURDHUI

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes;revenu_fiscal\n"
N = 60
Ligne = tuple[object, object]


def menage(i: int) -> Ligne:
    """Of one to four persons, from 10 000 to 15 900 € a year: between 20 and 60 % of the ceilings of 2017."""
    return 1 + i % 4, 10_000 + 100 * i


def load(
    dossier: Path,
    dessin: Callable[[int], Ligne] = menage,
    mois: Callable[[int], int] = lambda i: 1 + i % 2,
    accepter: tuple[str, ...] = (),
    magasin: str = "donnees",
) -> Importation:
    """60 attributions, half of them in January 2017 and half in February."""
    jeu = dossier / "jeu"
    jeu.mkdir(exist_ok=True)
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    lignes = [
        f"A{i};D{i};2017-{mois(i):02d}-15;59350;B1;non;{personnes};{revenu}\n"
        for i, (personnes, revenu) in enumerate(map(dessin, range(N)))
    ]
    (jeu / "attributions.csv").write_text(ENTETE + "".join(lignes), encoding="utf-8")
    entrepot = Entrepot(dossier / magasin)
    return import_files(jeu, entrepot, nature="fictive", aujourdhui=AUJOURDHUI, accepter=accepter)


def dite(importation: Importation) -> str:
    assert importation.instantane is None
    (perte,) = importation.pertes
    assert perte.table == "attributions"
    return perte.dite.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("dessin", "dit"),
    [
        (lambda i: (9999 if i == 7 else 2, menage(i)[1]), "« n_personnes » : 1 ligne au-dessus de 20 (jusqu’à 9 999)"),
        (lambda i: (2, menage(i)[1] // 12), "« revenu_fiscal » a une médiane de 1 079 €, loin d’un montant par an"),
        # The two columns taken one for the other.
        (lambda i: menage(i)[::-1], "« n_personnes » : 60 lignes au-dessus de 20 (jusqu’à 15 900)"),
    ],
    ids=["9999", "by the month", "swapped"],
)  # fmt: skip
def test_what_no_field_gives_is_said_before_the_first_publication(tmp_path: Path, dessin, dit: str) -> None:
    assert dit in dite(load(tmp_path, dessin))
    assert load(tmp_path, dessin, accepter=("bailleurs",)).instantane is None
    assert load(tmp_path, dessin, accepter=("attributions",)).instantane is not None


def test_plain_values_ask_for_nothing_the_first_time_nor_the_next(tmp_path: Path) -> None:
    assert load(tmp_path).instantane is not None
    assert load(tmp_path, lambda i: (menage(i)[0], menage(i)[1] + 300)).instantane is not None


@pytest.mark.parametrize(
    ("dessin", "dit"),
    [
        # 5 000 to 7 950 €: twice as few, that a field may give and that the last publication does not
        (lambda i: (menage(i)[0], menage(i)[1] // 2), "« revenu_fiscal » a une médiane de 6 475 €, contre 12 950 €"),
        (lambda i: (menage(i)[0], menage(i)[1] if i % 2 else ""), "« revenu_fiscal » est remplie à 50 %, contre 100 %"),
    ],
)
def test_values_far_from_the_last_publication_are_said(tmp_path: Path, dessin, dit: str) -> None:
    load(tmp_path)
    assert dit in dite(load(tmp_path, dessin))


def test_a_share_of_modest_households_that_doubles_is_said(tmp_path: Path) -> None:
    # One person, ceiling 20 123 € in 2017: modest under 8 049 €. 12 of 60, then 30 of 60; the median moves by 20 %.
    avant, apres = (lambda i, k=k: (1, 7_000 if i < k else 9_000) for k in (12, 30))
    load(tmp_path, avant)
    assert "la part des ménages modestes passe de 20 % à 50 %" in dite(load(tmp_path, apres))


def test_no_modest_household_before_and_after_is_no_change(tmp_path: Path) -> None:
    for revenu in (9_000, 9_100):  # one person, both over 8 049 €
        assert load(tmp_path, lambda i, revenu=revenu: (1, revenu + i)).instantane is not None


def test_a_month_that_loses_more_than_half_of_its_rows_is_said(tmp_path: Path) -> None:
    load(tmp_path)
    vide = load(tmp_path, mois=lambda i: 1 if i < 50 else 2)  # 30 in February, then 10
    assert "« date_bail » : février 2017 perd plus de la moitié de ses lignes" in dite(vide)


def test_small_losses_do_not_add_up_unsaid(tmp_path: Path) -> None:
    """60, then 50, then 42 rows: no step loses a fifth of the one before it, the last one does of the best."""
    jeu = tmp_path / "jeu"
    jeu.mkdir()
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\n", encoding="utf-8")
    entrepot = Entrepot(tmp_path / "donnees")
    publiees = []
    for n in (60, 50, 42):
        lignes = "".join(f"A{i};D{i};2017-{1 + i % 12:02d}-15;59350;B1;non;2;9000\n" for i in range(n))
        (jeu / "attributions.csv").write_text(ENTETE + lignes, encoding="utf-8")
        publiees.append(import_files(jeu, entrepot, nature="fictive", aujourdhui=AUJOURDHUI))
    assert [p.instantane is not None for p in publiees] == [True, True, False]
    assert dite(publiees[-1]) == snapshot(
        "« attributions » passe de 60 à 42 lignes (donner aussi les fichiers des semestres d’avant pour garder les "
        "leurs)"
    )


def test_the_screen_reads_the_same_sentence_and_accepts_it_by_its_table(tmp_path: Path) -> None:
    load(tmp_path)
    load(tmp_path, lambda i: (9999, menage(i)[1]))  # refused: nothing is published
    vu = weigh(tmp_path / "jeu", Entrepot(tmp_path / "donnees"), nature="fictive").accord
    assert list(vu.pertes) == ["attributions"]
    assert "9\u202f999" in vu.pertes["attributions"]


def test_a_bailleur_who_comes_without_a_column_takes_nothing_away_from_those_in_place(tmp_path: Path) -> None:
    jeu = tmp_path / "jeu"
    jeu.mkdir()
    entrepot = Entrepot(tmp_path / "donnees")
    publiees = []
    for bailleur, dit in (("B1", "AUCUN"), ("B2", ""), ("B1", "")):
        (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\nB2;Deux\n", encoding="utf-8")
        lignes = "".join(f"A{i};D{i};2017-{1 + i % 12:02d}-15;59350;{bailleur};non;2;9000;{dit}\n" for i in range(N))
        (jeu / "attributions.csv").write_text(f"{ENTETE.strip()};reservataire\n{lignes}", encoding="utf-8")
        publiees.append(import_files(jeu, entrepot, nature="fictive", aujourdhui=AUJOURDHUI, add=True))
    assert [p.instantane is not None for p in publiees] == [True, True, False]
    assert "« reservataire » est remplie à 0 %, contre 100 %" in dite(publiees[-1])


def test_one_bailleur_by_the_month_is_said_by_its_name_where_the_others_hide_it(tmp_path: Path) -> None:
    jeu = tmp_path / "jeu"
    jeu.mkdir()
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\nB2;Deux\n", encoding="utf-8")
    lignes = [
        f"A{i};D{i};2017-01-15;59350;{'B2' if i < 40 else 'B1'};non;2;{menage(i)[1] // (12 if i < 40 else 1)}\n"
        for i in range(160)
    ]
    (jeu / "attributions.csv").write_text(ENTETE + "".join(lignes), encoding="utf-8")
    importation = import_files(jeu, Entrepot(tmp_path / "donnees"), nature="fictive", aujourdhui=AUJOURDHUI)
    # Of forty, (10 000 + 100 i) / 12, rounded down: the median is between the twentieth and the twenty-first.
    assert "« revenu_fiscal » a une médiane de 995,5 € chez Deux, loin d’un montant par an" in dite(importation)
