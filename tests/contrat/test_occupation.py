"""The occupation survey (OPS), by résidence, beside the résidences: one résidence from both files, or a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.controle import check
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Gravite, Jeu
from tests.contrat.dessins import AUJOURDHUI, PROPRE, bilan, write
from tests.exemples import examples

RESIDENCES = """
    code_residence ; nom         ; code_bailleur ; code_quartier ; n_logements
    R1             ; Les Tilleuls ; B1           ; Q1            ; 1200
    R2             ; La Gare      ; B2           ; Q2            ; 30
    R3             ; La Gare      ; B2           ; Q2            ; 12
"""
OPS = "code_residence ; n_occupants_tres_modestes ; n_occupants_modestes ; annee_enquete"


def lire(dossier: Path, ops: str, residences: str = RESIDENCES, mapping: str = "") -> Jeu:
    tables = {nom: PROPRE[nom] for nom in ("communes", "quartiers", "bailleurs")}
    jeu = write(dossier / "jeu", tables)
    fichiers = write(dossier / "fichiers", {"parc": residences, "enquete": ops})
    donnes = [Donne(jeu), *(Donne(fichiers / f"{nom}.csv", "residences") for nom in ("parc", "enquete"))]
    return check(donnes, mapping=Mapping.depuis_texte(mapping), aujourdhui=AUJOURDHUI)


def occupants(jeu: Jeu) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {
        r["code_residence"]: (r["n_occupants_tres_modestes"], r["n_occupants_modestes"], r["annee_enquete"])
        for r in jeu.tables["residences"].to_pylist()
    }


def dites(jeu: Jeu, regle: str) -> list[tuple[int | None, str | None, str]]:
    return [
        (a.ligne, a.colonne, a.message.replace("\u00a0", " ").replace("\u202f", " "))
        for a in jeu.rapport.anomalies
        if a.regle == regle
    ]


def test_a_survey_given_beside_the_parc_feeds_the_same_residences(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        f"""
            {OPS}
            R2 ; 12 ; 8 ; 2016
            R1 ; 300 ;  ; 2016
        """,
    )
    assert occupants(jeu) == {"R1": (300, None, 2016), "R2": (12, 8, 2016), "R3": (None, None, None)}
    assert bilan(jeu, "residences") == (3, 3, 0, 0)  # a row of the survey is no résidence
    ((_, _, dite),) = dites(jeu, "modele")
    assert "Occupation (OPS) : 2 lignes lues = 2 données à leur résidence : à comparer" in dite
    # Of the columns that nothing gives, those of the occupants are asked of the survey alone.
    assert {a.colonne for a in jeu.rapport.anomalies if a.fichier == "enquete.csv"} - {None} == {
        "n_occupants_intermediaires",
        "n_occupants_eleves",
    }
    assert {a.colonne for a in jeu.rapport.anomalies if a.fichier == "parc.csv"} - {None} == {"enjeu_mixite"}


def test_a_residence_is_found_by_its_name_when_it_alone_bears_it(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        f"""
            {OPS}
            les tilleuls ; 300 ; 100 ; 2016
            La Gare      ; 12  ; 8   ; 2016
        """,
    )
    assert occupants(jeu)["R1"] == (300, 100, 2016)
    assert occupants(jeu)["R2"] == occupants(jeu)["R3"] == (None, None, None)
    ((ligne, colonne, dite),) = dites(jeu, "occupation_sans_residence")
    assert (ligne, colonne) == (3, "code_residence")
    assert "« La Gare »" in dite
    assert bilan(jeu, "residences") == (4, 3, 1, 0)


def test_rows_that_no_residence_takes_go_out_with_their_line(tmp_path: Path) -> None:
    """2 + 5 rows: one given, one unknown, one of another bailleur, one twice, one that is no number."""
    jeu = lire(
        tmp_path,
        """
            code_residence ; code_bailleur ; n_occupants_tres_modestes ; n_occupants_modestes
            R1             ; B1            ; 300                       ; 100
            R9             ; B1            ; 1                         ; 1
            R2             ; B1            ; 12                        ; 8
            R1             ; B1            ; 301                       ; 100
            R2             ; B2            ; beaucoup 2                ; 8
        """,
        residences="""
            code_residence ; code_bailleur ; code_quartier ; n_logements
            R1             ; B1            ; Q1            ; 1200
            R2             ; B2            ; Q2            ; 30
        """,
    )
    assert occupants(jeu) == {"R1": (300, 100, None), "R2": (None, None, None)}
    assert [ligne for ligne, _, _ in dites(jeu, "occupation_sans_residence")] == [3]
    ((ligne, colonne, dite),) = dites(jeu, "occupation_d_un_autre")
    assert (ligne, colonne) == (4, "code_bailleur")
    assert "« B1 »" in dite
    ((ligne, _, dite),) = dites(jeu, "doublon_different")
    assert ligne == 5
    assert "n_occupants_tres_modestes" in dite
    assert "n_occupants_modestes" not in dite
    assert bilan(jeu, "residences") == (6, 2, 3, 1)
    ((_, _, dite),) = dites(jeu, "modele")
    assert "5 lignes lues = 1 donnée à sa résidence + 3 rejetées + 1 en double" in dite


def test_a_residence_that_says_its_occupants_keeps_them(tmp_path: Path) -> None:
    jeu = lire(
        tmp_path,
        f"""
            {OPS}
            R1 ; 7 ; 8 ; 2016
        """,
        residences="""
            code_residence ; code_bailleur ; code_quartier ; n_logements ; n_occupants_tres_modestes
            R1             ; B1            ; Q1            ; 1200        ; 300
        """,
    )
    assert occupants(jeu) == {"R1": (300, None, None)}
    ((_, _, dite),) = dites(jeu, "doublon_different")
    assert "n_occupants_tres_modestes" in dite
    assert bilan(jeu, "residences") == (2, 1, 0, 1)


def test_a_mapping_names_the_headers_of_the_survey_and_leaves_the_parc_its_dwellings(tmp_path: Path) -> None:
    """What it says holds for every file given with it."""
    jeu = lire(
        tmp_path,
        """
            Programme ; moins de 20 %
            R2        ; 12
        """,
        mapping="""
            [residences.colonnes]
            code_residence = "Programme"
            n_logements = ""
            n_occupants_tres_modestes = "moins de 20 %"
        """,
    )
    assert not [a for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]
    assert occupants(jeu) == {"R1": (None, None, None), "R2": (12, None, None), "R3": (None, None, None)}
    assert [r["n_logements"] for r in jeu.tables["residences"].to_pylist()] == [1200, 30, 12]


def test_a_survey_alone_is_refused_in_one_sentence(tmp_path: Path) -> None:
    tables = {nom: PROPRE[nom] for nom in ("communes", "quartiers", "bailleurs")}
    jeu = check(write(tmp_path, {**tables, "residences": f"\n{OPS}\nR1 ; 1 ; 2 ; 2016\n"}), aujourdhui=AUJOURDHUI)
    (dite,) = [a.message for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]
    assert dite.startswith("Ce fichier ne dit que les occupants de résidences (enquête OPS)")


@pytest.mark.parametrize("ops_d_abord", [False, True])
def test_the_survey_completes_the_dwellings_of_rpls(tmp_path: Path, ops_d_abord: bool) -> None:
    """Two dwellings of a programme, one of another: two résidences; the survey calls one by the name of its programme,
    in the headers of an extraction."""
    logements = """
        IDENT_REP ; SIREN ; DEPCOM ; IRIS      ; nom du programme
        1         ; B1    ; 59350  ; 593500101 ; Les Tilleuls
        2         ; B1    ; 59350  ; 593500101 ; Les Tilleuls
        3         ; B1    ; 59350  ; 593500101 ; La Gare
    """
    enquete = """
        N° de résidence ; Occupants très modestes ; Occupants modestes ; Année d’enquête
        LES TILLEULS    ; 1                       ; 0                  ; 2016
    """
    noms = ("aaa", "zzz") if ops_d_abord else ("zzz", "aaa")
    dossier = write(tmp_path, {"bailleurs": PROPRE["bailleurs"], noms[0]: enquete, noms[1]: logements})
    jeu = check(dossier, mapping=Mapping(modele="rpls"), aujourdhui=AUJOURDHUI)
    lues = {r["nom"]: r for r in jeu.tables["residences"].to_pylist()}
    assert {nom: (r["n_logements"], r["n_occupants_tres_modestes"]) for nom, r in lues.items()} == {
        "Les Tilleuls": (2, 1),
        "La Gare": (1, None),
    }


@examples(30)
@given(
    st.lists(st.tuples(st.sampled_from(["R1", "R2", "R3", "R9"]), st.integers(-1, 400)), min_size=1, max_size=12),
)
def test_every_row_of_a_survey_is_given_rejected_or_a_duplicate(
    tmp_path_factory: pytest.TempPathFactory, rangees: list[tuple[str, int]]
) -> None:
    ops = "\n".join(["", OPS, *(f"{code} ; {n} ; ; 2016" for code, n in rangees)])
    jeu = lire(tmp_path_factory.mktemp("ops"), ops)
    lues, gardees, rejetees, doublons = bilan(jeu, "residences")
    justes = [(code, n) for code, n in rangees if code in ("R1", "R2", "R3") and n >= 0]
    premieres = dict(reversed(justes))
    assert {code: o[0] for code, o in occupants(jeu).items() if o[0] is not None} == premieres
    assert (gardees, doublons) == (3, len(justes) - len(premieres))
    assert lues - 3 == rejetees + doublons == len(rangees) - len(premieres)
