"""What a load would take away is said, and accepted by name, or nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import Accord, AccordPerime, Importation, import_files, weigh
from tests.contrat.dessins import AUJOURDHUI, write

ENTETE = "id_attribution ; numero_unique ; date_bail ; code_insee ; code_bailleur ; mutation\n"
BAILLEURS = "code_bailleur ; nom\nB1 ; Un\nB2 ; Deux\n"

REDONNER = "(donner aussi les fichiers des semestres d’avant pour garder les leurs)"


def baux(*morceaux: tuple[str, int], depuis: int = 0) -> str:
    """So many bails of each bailleur, numbered by bailleur from 0."""
    return ENTETE + "".join(
        f"A{i} ; D{bailleur}{i} ; 2017-09-30 ; 59350 ; {bailleur} ; non\n"
        for bailleur, n in morceaux
        for i in range(depuis, depuis + n)
    )


def load(entrepot: Entrepot, nature: str = "fictive", **options: object) -> Importation:
    tables = {nom: str(dessin) for nom, dessin in options.items() if nom in ("attributions", "bailleurs", "residences")}
    reste = {nom: valeur for nom, valeur in options.items() if nom not in tables}
    jeu = write(entrepot.dossier.parent / f"jeu_{len(list(entrepot.dossier.parent.iterdir()))}", tables)
    return import_files(jeu, entrepot, nature=nature, aujourdhui=AUJOURDHUI, **reste)  # type: ignore[arg-type]


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    """10 attributions of B1 and 10 of B2, numbered alike."""
    en_place = Entrepot(tmp_path / "donnees")
    load(en_place, bailleurs=BAILLEURS, attributions=baux(("B1", 10), ("B2", 10)))
    return en_place


def par_bailleur(entrepot: Entrepot) -> dict[str, int]:
    with entrepot.open(Portee.mel()) as lecteur:
        lues = lecteur.query("select bailleur, count(*) as n from attributions_qualifiees group by all")
    return dict(zip(lues["bailleur"], lues["n"], strict=True))


def test_the_same_number_under_two_bailleurs_is_two_rows(entrepot: Entrepot) -> None:
    assert par_bailleur(entrepot) == {"B1": 10, "B2": 10}
    deux_fois = load(entrepot, attributions=baux(("B1", 10), ("B2", 10), ("B1", 1)))
    assert deux_fois.rapport.tables["attributions"].doublons == 1


@pytest.mark.parametrize(
    ("attributions", "dit"),
    [
        (ENTETE, "« attributions » serait vide (20 lignes en place)"),
        (baux(("B1", 20)), "« attributions » perd 1 bailleur (Deux)"),
        (baux(("B1", 10)), f"« attributions » passe de 20 à 10 lignes {REDONNER} et perd 1 bailleur (Deux)"),
        (baux(("B1", 8), ("B2", 7)), f"« attributions » passe de 20 à 15 lignes {REDONNER}"),
        # 2 rejected of 22: 9 %.
        (
            baux(("B1", 10), ("B2", 10), ("B9", 2)),
            "« attributions » a 2 lignes rejetées sur 22",
        ),
        # A file rejected whole.
        (baux(("B9", 3)), "« attributions » serait vide (20 lignes en place) et a 3 lignes rejetées sur 3"),
    ],
)
def test_a_table_that_loses_is_published_only_when_accepted_by_its_name(
    entrepot: Entrepot, attributions: str, dit: str
) -> None:
    refusee = load(entrepot, attributions=attributions)
    assert refusee.instantane is None
    assert [p.dite.replace("\u00a0", " ") for p in refusee.pertes] == [dit]
    assert load(entrepot, attributions=attributions, accepter=["bailleurs"]).instantane is None
    assert par_bailleur(entrepot) == {"B1": 10, "B2": 10}
    assert load(entrepot, attributions=attributions, accepter=["attributions"]).instantane is not None


@pytest.mark.parametrize(
    "attributions",
    [
        baux(("B1", 8), ("B2", 8)),  # a fifth gone, and no more
        baux(("B1", 10), ("B2", 10), ("B9", 1)),  # 1 of 21 rejected: 4.8 %
        baux(("B1", 30), ("B2", 10)),
    ],
)
def test_a_table_that_loses_little_asks_for_nothing(entrepot: Entrepot, attributions: str) -> None:
    assert load(entrepot, attributions=attributions).instantane is not None


def test_headers_alone_ask_even_in_an_empty_store(tmp_path: Path) -> None:
    refusee = load(Entrepot(tmp_path / "donnees"), bailleurs=BAILLEURS, attributions=ENTETE)
    assert [p.table for p in refusee.pertes] == ["attributions"]


def test_real_data_over_a_demonstration_take_nothing_away_from_it(entrepot: Entrepot) -> None:
    assert load(entrepot, "reelle", bailleurs=BAILLEURS, attributions=baux(("B1", 1))).a_change


def test_adding_replaces_the_rows_of_the_bailleurs_given_and_keeps_the_others(entrepot: Entrepot) -> None:
    ajoutee = load(entrepot, attributions=baux(("B2", 12)), add=True)
    assert ajoutee.a_change
    assert par_bailleur(entrepot) == {"B1": 10, "B2": 12}
    assert not load(entrepot, attributions=baux(("B2", 12)), add=True).a_change  # the same file twice


def test_a_residence_that_changes_hands_is_not_kept_twice(tmp_path: Path) -> None:
    entete = "code_residence ; code_bailleur ; code_quartier ; n_logements\n"
    entrepot = Entrepot(tmp_path / "donnees")
    load(entrepot, bailleurs=BAILLEURS, residences=entete + "R1 ; B1 ; Q ; 5\nR2 ; B1 ; Q ; 6\nR3 ; B2 ; Q ; 7\n")
    load(entrepot, residences=entete + "R1 ; B2 ; Q ; 5\n", add=True, accepter=["residences"])
    with entrepot.open(Portee.mel()) as lecteur:
        lues = lecteur.query("select code_residence, code_bailleur from jeu.residences order by all")
    # R1 is now B2's, whose own file has R1 alone: R3 went; R2 stays B1's.
    assert lues.to_numpy().tolist() == [["R1", "B2"], ["R2", "B1"]]


def test_what_is_approved_on_screen_is_what_is_lost_or_nothing_is_published(entrepot: Entrepot, tmp_path: Path) -> None:
    jeu = write(tmp_path / "jeu", {"attributions": baux(("B1", 10))})
    vu = weigh(jeu, entrepot, nature="fictive").accord
    assert list(vu.pertes) == ["attributions"]
    with pytest.raises(AccordPerime, match="passe de 20 à 10"):
        import_files(jeu, entrepot, nature="fictive", accord=Accord({}))
    load(entrepot, attributions=baux(("B1", 10), ("B2", 11)))
    with pytest.raises(AccordPerime, match="passe de 21 à 10"):
        import_files(jeu, entrepot, nature="fictive", accord=vu)
    assert import_files(jeu, entrepot, nature="fictive", accord=weigh(jeu, entrepot, nature="fictive").accord).a_change


def test_a_fictive_load_that_leaves_a_real_table_in_place_is_published_real_and_says_so(tmp_path: Path) -> None:
    entrepot = Entrepot(tmp_path / "donnees")
    load(entrepot, "reelle", bailleurs=BAILLEURS, attributions=baux(("B1", 10)))
    melee = load(entrepot, "fictive", attributions=baux(("B1", 11)))
    assert (melee.est_melee, entrepot.instantane().nature) == (True, "reelle")  # type: ignore[union-attr]
    assert not load(entrepot, "reelle", attributions=baux(("B1", 12))).est_melee
    assert not load(entrepot, "fictive", bailleurs=BAILLEURS, attributions=baux(("B1", 12))).est_melee
