"""The same attributions in the ten shapes of offices: the same rows stored, to the digit, and reconciled alike."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.rapport import Gravite, Jeu
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.importation import import_files
from mel_core.indicateurs import compute
from mel_core.socle.periodes import Periode, Seance
from tests.contrat.dessins import AUJOURDHUI, bilan
from tests.contrat.test_bureaux import BAILLEURS
from tests.contrat.test_bureaux import ENTETE as COURTE
from tests.exemples import examples

ENTETE = (*COURTE, "n_personnes")
NOMS = {"59350": "LILLE", "59512": "roubaix", "59009": "Villeneuve d’Ascq", "59410": "Mons en Baroeul"}
Rangee = tuple[str, str, date, str, str, bool, float | None, int | None]


def _ecrire(
    chemin: Path, rangees: Sequence[Sequence[str]], separateur: str = ";", encodage: str = "utf-8"
) -> tuple[Donne, ...]:
    with chemin.open("w", encoding=encodage, newline="") as fichier:
        csv.writer(fichier, delimiter=separateur).writerows(rangees)
    return (Donne(chemin, "attributions"),)


def _texte(rangee: Rangee) -> list[str]:
    return [_cellule(valeur) for valeur in rangee]


def _cellule(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return "" if valeur is None else str(valeur)


def _a_la_francaise(rangee: Rangee) -> list[str]:
    identifiant, numero, jour, commune, bailleur, mutation, revenu, taille = rangee
    montant = "" if revenu is None else f"{revenu:,.2f}".replace(",", "\u00a0").replace(".", ",")
    return [
        identifiant,
        numero,
        f"{jour:%d/%m/%Y}",
        commune,
        bailleur,
        "O" if mutation else "N",
        montant,
        _cellule(taille),
    ]


def en_windows(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    return _ecrire(d / "Été 2017.csv", [ENTETE, *map(_a_la_francaise, rangees)], encodage="cp1252")


def en_utf_16_a_tabulations(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    return _ecrire(d / "export.txt", [ENTETE, *map(_texte, rangees)], "\t", "utf-16")


def a_virgules_et_marque(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    return _ecrire(d / "export : bis.csv", [ENTETE, *map(_texte, rangees)], ",", "utf-8-sig")


def sous_des_titres(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    vides = [""] * (len(ENTETE) - 1)
    titres = [["Attributions 2017", *vides], ["Bailleur : Vilogia", *vides], [], ["", *vides]]
    return _ecrire(d / "titres.csv", [*titres, ENTETE, *map(_a_la_francaise, rangees)])


def au_dessus_de_totaux(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    unites = ["", "", "jj/mm/aaaa", "", "", "oui/non", "€", ""]
    coupe = len(rangees) // 2
    lignes = [
        *map(_texte, rangees[:coupe]),
        ["Sous-total", "", "", "", "", "", "12", ""],
        *map(_texte, rangees[coupe:]),
    ]
    pied = [[""] * len(ENTETE), ["TOTAL GÉNÉRAL", "", str(len(rangees)), "", "", "", "1 234,5", ""], ["Source : SNE"]]
    return _ecrire(d / "totaux.csv", [ENTETE, unites, *lignes, *pied])


def en_codes_de_tableur(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    ecritures: tuple[Callable[[str], str], ...] = (
        lambda code: f"{code}.0",
        lambda code: f"{code[:2]} {code[2:]}",
        lambda code: f" {code[:2]}\u202f{code[2:]} ",
        lambda code: NOMS[code],
    )
    lignes = [_texte(r) for r in rangees]
    for rang, ligne in enumerate(lignes):
        ligne[3] = ecritures[rang % len(ecritures)](ligne[3])
    return _ecrire(d / "codes.csv", [ENTETE, *lignes])


def sous_d_autres_en_tetes(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    entete = [
        "ID attribution",
        "N° unique",
        "Date\nBail",
        "CODE_INSEE",
        "Code  bailleur",
        "Mutation ",
        "Revenu fiscal (€)",
        "N personnes",
    ]
    return _ecrire(d / "en-têtes.csv", [entete, *map(_texte, rangees)])


def dans_un_autre_ordre(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    return _ecrire(d / "ordre.csv", [[*reversed(ligne), "x"] for ligne in [ENTETE, *map(_texte, rangees)]])


def bailleur_par_bailleur(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    donnes: list[Donne] = []
    for code, ecrire in (("B1", sous_des_titres), ("B2", au_dessus_de_totaux)):
        (d / code).mkdir(exist_ok=True)
        donnes += ecrire(d / code, [r for r in rangees if r[4] == code])
    return tuple(donnes)


def en_classeur(d: Path, rangees: Sequence[Rangee]) -> tuple[Donne, ...]:
    chemin = d / "Vilogia 2017 : fin.xlsx"
    with xlsxwriter.Workbook(chemin) as cahier:
        cahier.add_worksheet("Lisez-moi").write(0, 0, "Ne pas diffuser")
        feuille, jour = cahier.add_worksheet("Feuil 1"), cahier.add_format({"num_format": "dd/mm/yyyy"})
        feuille.merge_range(0, 0, 0, len(ENTETE) - 1, "Attributions de l’année 2017")
        feuille.merge_range(2, 0, 3, 0, "Id attribution")
        feuille.merge_range(2, 1, 2, 3, "Demande et bail")
        feuille.write_row(3, 1, ENTETE[1:])
        for ligne, rangee in enumerate(rangees, start=4):
            for colonne, valeur in enumerate(rangee):
                if colonne == 3:
                    feuille.write_number(ligne, colonne, int(valeur))  # type: ignore[arg-type]
                elif isinstance(valeur, date):
                    feuille.write_datetime(ligne, colonne, datetime(valeur.year, valeur.month, valeur.day), jour)
                elif valeur is not None:
                    feuille.write(ligne, colonne, valeur)
        feuille.merge_range(len(rangees) + 5, 0, len(rangees) + 5, 3, "Source : enquête du service habitat")
    return (Donne(chemin, "attributions", "Feuil 1"),)


FORMES = (
    en_windows,
    en_utf_16_a_tabulations,
    a_virgules_et_marque,
    sous_des_titres,
    au_dessus_de_totaux,
    en_codes_de_tableur,
    sous_d_autres_en_tetes,
    dans_un_autre_ordre,
    bailleur_par_bailleur,
    en_classeur,
)

RANGEES = st.lists(
    st.tuples(
        st.integers(1, 30).map("A{}".format),
        st.integers(0, 99).map("9990000000000000{:02d}".format),
        st.dates(date(2017, 1, 1), date(2018, 3, 1)),  # after the day of loading: out
        st.sampled_from(sorted(NOMS)),
        st.sampled_from(["B1", "B2"]),
        st.booleans(),
        st.none() | st.integers(0, 5_000_000).map(lambda centimes: centimes / 100),
        st.none() | st.integers(1, 9),
    ),
    min_size=2,
    max_size=12,
)


def stored(jeu: Jeu) -> list[tuple[Any, ...]]:
    """Rows kept, whatever the order of the files: a key is in one file."""
    return sorted(tuple(ligne.values()) for ligne in jeu.tables["attributions"].select(list(ENTETE)).to_pylist())


@examples(12)
@given(rangees=RANGEES)
def test_the_same_rows_in_ten_shapes_are_the_same_rows_stored(
    rangees: list[Rangee], tmp_path_factory: pytest.TempPathFactory
) -> None:
    d = tmp_path_factory.mktemp("formes")
    (d / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    attendu = check(
        [Donne(d / "bailleurs.csv"), *_ecrire(d / "simple.csv", [ENTETE, *map(_texte, rangees)])], aujourdhui=AUJOURDHUI
    )
    assert not attendu.rapport.est_bloquant
    lues, gardees, rejetees, doublons = bilan(attendu, "attributions")
    assert lues == len(rangees) == gardees + rejetees + doublons
    for ecrire in FORMES:
        jeu = check([Donne(d / "bailleurs.csv"), *ecrire(d, rangees)], aujourdhui=AUJOURDHUI)
        assert [a.message for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT] == [], ecrire.__name__
        assert bilan(jeu, "attributions") == (lues, gardees, rejetees, doublons), ecrire.__name__
        assert stored(jeu) == stored(attendu), ecrire.__name__


INDICATEURS = ("equilibre", "ressources")


def figures(d: Path, donnes: Sequence[Donne]) -> list[str]:
    """What each indicator answers of a store that holds these files alone."""
    entrepot = Entrepot(d)
    d.parent.joinpath("bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    importation = import_files(
        [Donne(d.parent / "bailleurs.csv"), *donnes], entrepot, nature="fictive", aujourdhui=AUJOURDHUI
    )
    assert importation.instantane is not None, importation.rapport.anomalies
    with entrepot.open(Portee.mel()) as lecteur:
        return [
            compute(lecteur, nom, Periode.de(Seance.read("2017S2"), "semestre"), par).to_json(double_precision=15)
            for nom in INDICATEURS
            for par in ((), ("commune", "bailleur", "mutation"))
        ]


@pytest.mark.parametrize("formes", [FORMES[-2:], pytest.param(FORMES, marks=pytest.mark.long)], ids=["two", "ten"])
def test_the_same_rows_in_other_shapes_give_the_same_figures_to_the_digit(
    formes: Sequence[Callable[[Path, Sequence[Rangee]], tuple[Donne, ...]]], tmp_path: Path
) -> None:
    # 90 rows, two bailleurs, four communes; incomes with centimes, some unknown; households of one to six.
    rangees: list[Any] = [
        (
            *(f"A{n}", f"9990000000000000{n:02d}", date(2017, 4 + n % 9, 1 + n % 28), sorted(NOMS)[n % 4]),
            *(f"B{1 + n % 2}", n % 3 == 0, None if n % 7 == 0 else 300.25 * n, 1 + n % 6),
        )
        for n in range(90)
    ]
    rendus = {}
    for ecrire in formes:
        d = tmp_path / ecrire.__name__
        d.mkdir()
        rendus[ecrire.__name__] = figures(d / "donnees", ecrire(d, rangees))
    simple = _ecrire(tmp_path / "simple.csv", [ENTETE, *map(_texte, rangees)])
    attendu = figures(tmp_path / "donnees", simple)
    # Leases of the second semester whose income is known and positive, counted by hand.
    (ensemble,) = json.loads(attendu[0])["n_connus"].values()
    assert ensemble == sum(r[6] is not None and r[2] >= date(2017, 7, 1) and r[6] > 0 for r in rangees)
    for nom, rendu in rendus.items():
        assert rendu == attendu, nom


# Rows of a CSV, full or short, of data or not: whatever their order, none is lost and no row of data is set apart.
DATA = st.integers(0, 40).map(lambda i: f"A{i};9990000000000000{i:02d};2017-09-30;59350;B1;non;{i}")
FAUTIVES = st.sampled_from(
    (
        "A50;1;hier;59350;B1;non;1",
        "A51;1;2017-09-30;75056;B1;non;1",
        ";1;2017-09-30;59350;B1;non;1",
        "A52;;;;;;",
        ";;;;;;",
    )
)
AUTOUR = st.sampled_from(
    (
        "Total;;;;;;12",
        "Sous-total B1;;;;B1;;",
        "TOTAL GÉNÉRAL;3",
        "Source : SNE;;;;;;",
        ";;jj/mm/aaaa;;;oui/non;€",
        "1;2;3;4;5;6;7",
    )
)


@given(avant=st.lists(AUTOUR, max_size=3), corps=st.lists(DATA | FAUTIVES | AUTOUR, max_size=12))
def test_no_row_is_lost_and_no_row_of_data_is_set_apart(
    avant: list[str], corps: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    d = tmp_path_factory.mktemp("lignes")
    (d / "bailleurs.csv").write_text(BAILLEURS, encoding="utf-8")
    (d / "x.csv").write_text("\n".join([*avant, ";".join(COURTE), *corps]) + "\n", encoding="utf-8")
    jeu = check([Donne(d / "bailleurs.csv"), Donne(d / "x.csv", "attributions")], aujourdhui=AUJOURDHUI)
    lues, gardees, rejetees, doublons = bilan(jeu, "attributions")
    a_part = jeu.rapport.tables["attributions"].mises_a_part
    assert not jeu.rapport.est_bloquant
    assert lues == gardees + rejetees + doublons
    donnees = [
        ligne for ligne in corps if ligne.startswith("A") and ligne.endswith(tuple("0123456789")) and "B1;non" in ligne
    ]
    valides = [ligne for ligne in donnees if "hier" not in ligne and "75056" not in ligne]
    assert gardees + doublons == len(valides)
    assert gardees == len(set(valides))
    vides = corps.count(";;;;;;")
    assert len(avant) + len(corps) - vides <= lues + a_part <= len(avant) + len(corps)
    dites = {a.ligne for a in jeu.rapport.anomalies if a.regle == "ligne_a_part"}
    toutes = [*avant, "", *corps]
    assert not {toutes[ligne - 1] for ligne in dites if ligne} & {*valides}
