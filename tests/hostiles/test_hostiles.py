"""Files that harm or mislead: each is refused or quarantined with its explanation, in bounded time and memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mel_core.contrat.controle import check
from mel_core.contrat.rapport import Gravite
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees
from tests.exemples import one_in
from tests.hostiles import contenants, formats, textes
from tests.hostiles.fabrique import HOSTILES, Hostile, archiver

RACINE = Path(__file__).resolve().parents[2]
AUJOURDHUI = date(2018, 1, 15)
GRAVITES = list(Gravite)

DUREE_MAX = 30  # seconds of processor
ARRET = 120  # seconds of the clock, for what would never end
MEMOIRE_MAX = 1 << 30  # bytes

# What a sentence tells to do.
REMEDE = re.compile(
    r"\b(?:corriger|exporter|enregistrer|refaire|renommer|supprimer|retirer|compléter|vider|vérifier|répondre|donner|"
    r"afficher|mettre|nommer|ajouter|charger|copier|n’en garder|rien à faire|l’ajouter|l’indiquer)\b"
)
ANGLAIS = re.compile(r"\b(?:error|file|line|not|denied|invalid|None|nan|directory|unexpected)\b", re.IGNORECASE)


def explained(message: str) -> bool:
    """One French sentence that says what to do."""
    return message.endswith(".") and bool(REMEDE.search(message)) and not ANGLAIS.search(message)


def test_there_are_at_least_forty_of_them() -> None:
    assert len({h.nom for h in HOSTILES}) == len(HOSTILES) >= 40
    assert {h.fabriquer.__module__ for h in HOSTILES} == {textes.__name__, contenants.__name__, formats.__name__}


@pytest.mark.parametrize("hostile", one_in(2, HOSTILES), ids=lambda h: h.nom)
def test_what_is_said_of_a_hostile_file(tmp_path: Path, hostile: Hostile) -> None:
    jeu = check(hostile.fabriquer(tmp_path), aujourdhui=AUJOURDHUI)
    # These files have few of the optional columns: what is said of those that they lack is no matter of harm.
    dites = [a for a in jeu.rapport.anomalies if a.regle != "colonne_absente"]
    graves = [a for a in dites if GRAVITES.index(a.gravite) <= GRAVITES.index(hostile.gravite)]
    assert tuple((a.regle, a.ligne, a.colonne) for a in graves) == hostile.faits
    assert {a.gravite for a in graves} == ({hostile.gravite} if graves else set())
    assert not graves or hostile.dit in graves[0].message
    assert [a.message for a in jeu.rapport.anomalies if not explained(a.message)] == []
    bilans = jeu.rapport.tables
    assert {nom: (b.lues, b.gardees, b.rejetees, b.doublons) for nom, b in bilans.items()} == hostile.bilan
    assert all(b.lues == b.gardees + b.rejetees + b.doublons for b in bilans.values())
    assert {nom: t.num_rows for nom, t in jeu.tables.items()} == (
        {} if hostile.gravite is Gravite.BLOQUANT else {nom: b.gardees for nom, b in bilans.items()}
    )


def test_a_name_is_shown_without_what_a_terminal_would_obey(tmp_path: Path) -> None:
    (anomalie,) = check(contenants.name_that_is_no_text(tmp_path)).rapport.anomalies
    assert anomalie.message.isprintable()
    assert anomalie.message.encode()


PAS_DE_TABLE: dict[str, Callable[[Path], Path]] = {
    "a folder without table": lambda d: d,
    "an archive without file": lambda d: archiver(d / "jeu.zip", {}),
}


@pytest.mark.parametrize("fabriquer", PAS_DE_TABLE.values(), ids=PAS_DE_TABLE)
def test_what_holds_no_table_is_refused_in_a_sentence(tmp_path: Path, fabriquer: Callable[[Path], Path]) -> None:
    with pytest.raises(DonneesRefusees, match="aucune table") as refus:
        check(fabriquer(tmp_path))
    assert "demandes.csv" in str(refus.value)


@pytest.mark.parametrize("nom", ["x" * 5_000, "absent\udcff.csv", "a\0b"], ids=["endless", "no text", "null"])
def test_a_path_that_no_system_takes_is_told_in_a_sentence(tmp_path: Path, nom: str) -> None:
    with pytest.raises((AppelIncorrect, DonneesRefusees)) as refus:
        check(tmp_path / nom)
    assert explained(str(refus.value))
    assert str(refus.value).isprintable()


def test_a_device_is_not_opened() -> None:
    (anomalie,) = check(Path(os.devnull)).rapport.anomalies
    assert anomalie.gravite is Gravite.BLOQUANT
    assert explained(anomalie.message)


# Name → what the sentence says, and the exit code. The heaviest are long: one of each kind stays.
LONGS = {
    contenants.million_lines_of_separators,
    contenants.quote_open_over_300_megabytes,
    contenants.line_of_300_megabytes_in_an_archive,
    contenants.sixty_million_tiny_lines_of_an_old_macintosh,
    contenants.six_million_lines_that_all_go_out,
    contenants.six_million_lines_that_all_warn,
    contenants.sheet_of_sixty_million_cells,
}
LOURDS = {contenants.line_of_300_megabytes, contenants.workbook_of_400_megabytes_of_text}  # before a merge
DANGEREUX: list[tuple[Callable[[Path], Path], str, int]] = [
    (contenants.line_of_300_megabytes, "dépasse un million de caractères", 1),
    (contenants.quote_open_over_300_megabytes, "guillemet refermé", 1),
    (contenants.line_of_300_megabytes_in_an_archive, "dépasse un million de caractères", 1),
    (contenants.million_lines_of_separators, "La clé « code_bailleur » est vide", 0),
    (contenants.sixty_million_tiny_lines, "plus de 2\u202f000\u202f000 lignes", 1),
    (contenants.sixty_million_tiny_lines_of_an_old_macintosh, "plus de 2\u202f000\u202f000 lignes", 1),
    (contenants.six_million_lines_that_all_go_out, "Plus de 2\u202f000\u202f000 anomalies", 1),
    (contenants.six_million_lines_that_all_warn, "Plus de 2\u202f000\u202f000 anomalies", 1),
    (contenants.cell_at_the_end_of_the_sheet, "trop de mémoire", 1),
    (contenants.sheet_of_sixty_million_cells, "trop de mémoire", 1),
    (contenants.workbook_of_400_megabytes_of_text, "trop de mémoire", 1),
    (contenants.bomb, "100 fois", 1),
    (contenants.entities_that_swell, "enregistrer de nouveau", 1),
    (contenants.name_that_is_no_text, "aucune table", 0),
]


@pytest.mark.parametrize(
    ("fabriquer", "dit", "code"),
    [
        pytest.param(
            *d, id=d[0].__name__, marks=[pytest.mark.long] * (d[0] in LONGS) + [pytest.mark.ci] * (d[0] in LOURDS)
        )
        for d in DANGEREUX
    ],
)
def test_a_dangerous_file_is_told_in_bounded_time_and_memory(
    tmp_path: Path, fabriquer: Callable[[Path], Path], dit: str, code: int
) -> None:
    dossier = tmp_path / "jeu"
    dossier.mkdir()
    anomalies, mesure = measured(fabriquer(dossier), tmp_path)
    assert mesure["code"] == code
    # Of these few columns, what is missing is told too, and first.
    assert dit in next(a["message"] for a in anomalies if a["regle"] != "colonne_absente")
    assert all(explained(a["message"]) for a in anomalies[:100])
    print(f"{fabriquer.__name__} : {mesure['secondes']:.1f} s, {mesure['octets'] >> 20} Mo")
    assert mesure["secondes"] <= DUREE_MAX
    assert mesure["octets"] <= MEMOIRE_MAX


def measured(chemin: Path, dossier: Path) -> tuple[list[dict[str, str]], dict[str, float]]:
    """`check` as a process of its own, on a store of its own: what it says, its processor time and peak memory."""
    mesure = dossier / "mesure.json"
    commande = [sys.executable, str(Path(__file__).with_name("mesurer.py")), str(mesure)]
    commande += [sys.executable, "-m", "mel_core", "controler", str(chemin), "--json"]
    environnement = {**os.environ, "MEL_DONNEES": str(dossier / "donnees"), "PYTHONUTF8": "1"}
    fini = subprocess.run(
        commande, cwd=RACINE, env=environnement, capture_output=True, text=True, encoding="utf-8", timeout=ARRET
    )
    assert "Traceback" not in fini.stderr
    return json.loads(fini.stdout)["anomalies"], json.loads(mesure.read_text(encoding="utf-8"))
