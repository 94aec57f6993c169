"""What the bilan would know, of all and of each bailleur, is said before publishing, beside the last publications."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inline_snapshot import snapshot

from mel_core.cli.rendu import say_couverture
from mel_core.entrepot import Entrepot
from mel_core.entrepot.importation import Importation, import_files
from tests.contrat.dessins import AUJOURDHUI
from tests.mots import simple

ENTETE = "id_attribution;numero_unique;date_bail;code_insee;code_bailleur;mutation;n_personnes;revenu_fiscal;"
LABELS = "aci;dalo;pdalhpd"
QUARTIER, RESIDENCE = "595120101", "R1"
N = 40  # of each bailleur
Lieu = tuple[str, str]  # code_quartier, code_residence


def load(
    dossier: Path,
    lieu: Callable[[str, int], Lieu],
    revenu: Callable[[str, int], object] = lambda bailleur, i: 12_000,
    accepter: tuple[str, ...] = (),
) -> Importation:
    """40 attributions of each of two bailleurs in 2017, and as many three years before."""
    jeu = dossier / "jeu"
    jeu.mkdir(exist_ok=True, parents=True)
    (jeu / "bailleurs.csv").write_text("code_bailleur;nom\nB1;Un\nB2;Deux\n", encoding="utf-8")
    (jeu / "quartiers.csv").write_text(f"code_quartier;nom;code_insee\n{QUARTIER};Un;59512\n", encoding="utf-8")
    (jeu / "residences.csv").write_text(
        f"code_residence;code_bailleur;code_quartier;n_logements\n{RESIDENCE};B2;{QUARTIER};90\n", encoding="utf-8"
    )
    lignes = [
        f"A{annee}{i};D{annee}{bailleur}{i};{annee}-{1 + i % 12:02d}-15;59512;{bailleur};"
        f"non;2;{revenu(bailleur, i)};non;non;non;{';'.join(lieu(bailleur, i) if annee == 2017 else ('', ''))}\n"
        for annee in (2014, 2017)
        for bailleur in ("B1", "B2")
        for i in range(N)
    ]
    entete = f"{ENTETE}{LABELS};code_quartier;code_residence\n"
    (jeu / "attributions.csv").write_text(entete + "".join(lignes), encoding="utf-8")
    entrepot = Entrepot(dossier / "donnees")
    return import_files(jeu, entrepot, nature="fictive", aujourdhui=AUJOURDHUI, accepter=accepter)


def whole(bailleur: str, i: int) -> Lieu:
    """B1 gives the quartier itself, B2 its résidence, of which the quartier is known: all is known."""
    return (QUARTIER, "") if bailleur == "B1" else ("", RESIDENCE)


def test_a_quartier_is_known_by_its_code_or_by_the_residence_over_the_last_twelve_months(tmp_path: Path) -> None:
    couvertures = load(tmp_path, lambda bailleur, i: whole(bailleur, i) if i % 4 else ("", "")).couvertures
    # 30 of 40 of each, 60 of 80 in all; those of 2014 say none and are not counted
    assert [(c.bailleur, c.n, c.connues["quartier"]) for c in couvertures] == [
        ("", 80, 60),
        ("Un", 40, 30),
        ("Deux", 40, 30),
    ]
    assert simple(say_couverture(couvertures[:1])) == snapshot(
        "Tous les bailleurs, 80 attributions de 12 mois au plus : quartier connu à 75 %, ressources connues à 100 % et "
        "public connu (ACI ou non) à 100 %."
    )


def test_a_bailleur_whose_column_empties_is_said_where_the_whole_hides_it(tmp_path: Path) -> None:
    load(tmp_path, whole)
    # B1 has no income any more in one row of four: 75 % of its 80, 88 % of all 160, which is near 100
    vide = load(tmp_path, whole, lambda bailleur, i: "" if bailleur == "B1" and i % 4 == 0 else 12_000)
    assert vide.instantane is None
    (perte,) = vide.pertes
    assert "Un : « revenu_fiscal » est remplie à 75 %, contre 100 %" in simple(perte.dite)
    assert "Deux" not in perte.dite


def test_a_first_bilan_that_would_find_few_of_the_places_that_its_files_say_is_accepted_by_name(tmp_path: Path) -> None:
    inconnus = load(tmp_path, lambda _, i: ("", "R9") if i % 4 else (QUARTIER, ""))  # 20 of 80
    assert [simple(perte.dite) for perte in inconnus.pertes] == [
        "« attributions » dit des valeurs inhabituelles (le bilan saurait peu : quartier connu à 25 %)"
    ]
    # What files do not say stops nothing.
    assert load(tmp_path, lambda *_: ("", "")).instantane is not None


def test_a_bilan_that_would_know_less_is_accepted_by_name(tmp_path: Path) -> None:
    load(tmp_path, whole)
    # B2 loses its résidences in 20 rows of 40: 60 of 80 attributions keep a quartier
    moins = load(tmp_path, lambda bailleur, i: ("", "") if bailleur == "B2" and i % 2 else whole(bailleur, i))
    assert moins.instantane is None
    (perte,) = moins.pertes
    assert "le bilan saurait moins : quartier connu à 75 % (contre 100 %)" in simple(perte.dite)
    assert load(tmp_path, lambda *_: ("", ""), accepter=("attributions",)).instantane is not None


def test_the_best_of_three_publications_is_what_it_is_beside(tmp_path: Path) -> None:
    for sans in (0, 4, 8):  # 100, 90 then 80 %: each near the one before
        importation = load(tmp_path, lambda _, i, sans=sans: ("", "") if i < sans else (QUARTIER, ""))
        assert importation.instantane is not None
    assert [simple(c.dite("quartier")) for c in importation.couvertures] == ["80 % (contre 100 %)"] * 3
    assert load(tmp_path, lambda _, i: ("", "") if i < 10 else (QUARTIER, "")).instantane is None


def test_a_first_publication_asks_where_nothing_is_known_of_one_bailleur_alone(tmp_path: Path) -> None:
    """The file of B2 has its incomes under a header that nobody answered."""
    premiere = load(tmp_path, whole, revenu=lambda bailleur, i: 12_000 if bailleur == "B1" else "")
    assert premiere.instantane is None
    assert [simple(p.dite) for p in premiere.pertes] == snapshot(
        ["« attributions » dit des valeurs inhabituelles (le bilan saurait peu : ressources connues à 0 % chez Deux)"]
    )
    assert load(tmp_path / "tous", whole, revenu=lambda _, __: "").instantane  # said elsewhere
