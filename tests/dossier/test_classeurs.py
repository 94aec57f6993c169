"""The workbooks of a séance as a spreadsheet opens and prints them: French words, a table of contents, A4 pages."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot
from python_calamine import CalamineWorkbook

from mel_core.dossier.classeurs import write
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import POINTS, Tableau, read
from mel_core.dossier.seance import Dossier, croises
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs.catalogue import MESURES
from mel_core.socle.periodes import Periode
from tests.dossier.conftest import ICI, SEANCE, fichier
from tests.dossier.test_seance import feuilles
from tests.ecrans.conftest import LANNOY, ROUBAIX

PLACES = {"classeur": f"Dossier de séance · {ICI}", LANNOY: f"Lannoy · {ICI}", "b1-": f"Bailleur B1 · {ICI}"}


def classeurs(dossier: Dossier) -> list[Path]:
    return [f for f in dossier.fichiers if f.suffix == ".xlsx"]


def pages(chemin: Path) -> list[str]:
    """The XML of each sheet, in order."""
    with zipfile.ZipFile(chemin) as archive:
        noms = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        return [archive.read(n).decode() for n in sorted(noms, key=lambda n: int(re.sub(r"\D", "", n)))]


def classeur_xml(chemin: Path) -> str:
    with zipfile.ZipFile(chemin) as archive:
        return archive.read("xl/workbook.xml").decode()


def test_sheets_and_headings_are_french_words_and_never_codes(dossier: Dossier) -> None:
    for chemin in classeurs(dossier):
        for nom, lignes in feuilles(chemin).items():
            tetes = list(lignes[0]) if lignes else []
            assert all(tetes), nom
            assert not [mot for mot in (nom, *tetes) if re.search(r"_|\bn\b|numerateur|-commune|-bailleur", mot)]


def test_a_measure_is_called_in_brief_as_the_titles_of_documents_call_it(dossier: Dossier) -> None:
    autrement = tuple(m.titre for m in MESURES.values() if m.nommee and not m.nommee.startswith(m.titre))
    dites = [x["Mesure"] for c in classeurs(dossier) for x in feuilles(c).get("En bref", [])]
    assert autrement
    assert dites
    assert not [dite for dite in dites if dite.startswith(autrement)]


def test_each_sheet_has_a_name_of_its_own_that_a_spreadsheet_takes(entrepot: Entrepot) -> None:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        noms, annee = Noms.read(lecteur), Periode.de(SEANCE, "annee")
        tableaux = [read(lecteur, noms, p, annee, ICI) for p in POINTS]
        cellules = [t.point.onglet for t, _ in croises(lecteur, noms, annee, ICI, [(t, t) for t in tableaux])]
    d_une_commune = [p.onglet for p in POINTS if p.coupe in ("commune", "quartier", "residence")] + cellules
    for onglets in ([p.onglet for p in POINTS], d_une_commune):
        assert len(set(onglets)) == len(onglets)
        assert not [o for o in onglets if len(o) > 31 or re.search(r"[\[\]:*?/\\']", o)]


def test_a_sheet_has_thirty_one_signs_whatever_its_measure_is_called():
    point = next(p for p in POINTS if p.mesure.code == "npru" and p.coupe == "bailleur")
    long = replace(point, mesure=replace(point.mesure, titre="Relogements du programme NPRU"))
    assert len(long.onglet) == 31
    assert long.onglet.endswith(" par bailleur")
    assert point.onglet == snapshot("Relogements NPRU par bailleur")


def test_the_first_sheet_lists_the_others_and_leads_to_each(dossier: Dossier) -> None:
    for chemin in classeurs(dossier):
        autres = CalamineWorkbook.from_path(str(chemin)).sheet_names[1:]
        menees = re.findall(r"location=\"'([^']*)'!A1\"", pages(chemin)[0])
        assert menees == autres
        assert set(autres) <= {x[0] for x in CalamineWorkbook.from_path(str(chemin)).get_sheet_by_index(0).to_python()}


@pytest.mark.parametrize("quoi", PLACES)
def test_each_sheet_says_the_place_and_prints_on_a4_one_page_wide_with_its_headings(
    quoi: str, dossier: Dossier
) -> None:
    chemin = fichier(dossier, quoi)
    premiere, *autres = pages(chemin)
    for page in (premiere, *autres):
        assert '<pageSetUpPr fitToPage="1"/>' in page
        (mise_en_page,) = re.findall(r"<pageSetup [^>]*>", page)
        assert 'paperSize="9"' in mise_en_page
        assert ('fitToHeight="0"' in mise_en_page) == (page != premiere)  # what it is holds on one
        (pied,) = re.findall(r"<oddFooter>(.*)</oddFooter>", page, re.DOTALL)
        assert re.match(f"&amp;L{PLACES[quoi]}.*\nDONNÉES FICTIVES", pied)  # one under the other: neither is cut
        assert pied.endswith("&amp;RPage &amp;P sur &amp;N")
    assert len(re.findall(r"'!\$5:\$5</definedName>", classeur_xml(chemin))) == len(autres)
    classeur = CalamineWorkbook.from_path(str(chemin))
    assert all(classeur.get_sheet_by_name(n).to_python()[0][0].startswith(PLACES[quoi]) for n in classeur.sheet_names)


def test_what_is_printed_lies_on_its_side_is_large_enough_to_be_read_and_no_sentence_runs_past_it(
    dossier: Dossier,
) -> None:
    for chemin in (fichier(dossier, LANNOY), fichier(dossier, "classeur")):
        classeur = CalamineWorkbook.from_path(str(chemin))
        zones = dict(re.findall(r'Print_Area" localSheetId="(\d+)">.*?\$([A-Z])\$\d+</', classeur_xml(chemin)))
        for rang, page in enumerate(pages(chemin)[1:], start=1):
            zone = zones[str(rang)]
            assert 'orientation="landscape"' in page
            colonnes = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', page)
            larges = [float(une) for debut, fin, une in colonnes for _ in range(int(debut), int(fin) + 1)]
            tetes = classeur.get_sheet_by_index(rang).to_python()[4][: len(larges)]
            assert all(
                max(map(len, tete.split()), default=0) < large for tete, large in zip(tetes, larges, strict=False)
            )
            assert sum(larges[: ord(zone) - 64]) < 210  # at 147 signs, letters are of 11 points; here, of 7.7
            assert set(re.findall(r'<mergeCell ref="(\w+:[A-Z])', page)) >= {f"A{i}:{zone}" for i in range(1, 5)}


def test_what_a_place_has_one_line_of_makes_one_sheet_and_a_distribution_one_line_per_place(dossier: Dossier) -> None:
    lannoy, ensemble = feuilles(fichier(dossier, LANNOY)), feuilles(fichier(dossier, "classeur"))
    assert {"ACI en premier accès", "Bas revenus", "Droit commun"} <= {x["Mesure"] for x in lannoy["En bref"]}
    assert not {"ACI par commune", "Bas revenus par commune", "Ressources par commune"} & set(lannoy)
    assert "Ressources : très modestes" in {x["Mesure"].replace("\u00a0", " ") for x in lannoy["En bref"]}
    assert [x["Commune"] for x in ensemble["Ressources par commune"]] == ["Roubaix", "Tourcoing", "Lannoy", "Toufflers"]


def test_a_place_of_a_few_lines_has_no_page_of_two(dossier: Dossier) -> None:
    lues = feuilles(fichier(dossier, LANNOY))
    assert {nom: len(lignes) for nom, lignes in lues.items() if nom != "Lisez-moi" and len(lignes) <= 6} == {}
    delais = [x["Mesure"] for x in lues["En bref"] if "médiane" in x["Mesure"]]
    assert all(re.search(r"médiane \S+ mois, 9 sur 10 en \S+", x.replace("\xa0", " ")) for x in delais)


def test_cells_stand_off_one_another(dossier: Dossier) -> None:
    """« 1 090 12 ou moins » would read as one number, « 165 objectif non atteint » as one cell."""
    with zipfile.ZipFile(fichier(dossier, "classeur")) as archive:
        styles = archive.read("xl/styles.xml").decode()
    (formats,) = re.findall(r"<cellXfs.*</cellXfs>", styles)
    filets = [int(n) for n in re.findall(r'<xf [^>]*borderId="(\d+)"', formats)]
    bords = re.findall(r"<border>.*?</border>", styles)
    for page in pages(fichier(dossier, "classeur"))[1:]:
        cases = re.findall(r'<c r="[A-Z]+(\d+)" s="(\d+)"', page)
        dites = [int(style) for rang, style in cases if int(rang) > 5]
        assert dites
        assert all('<left style="thin">' in bords[filets[style]] for style in dites)


def ecrit(entrepot: Entrepot, sortie: Path, indicateur: str, *lignes: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the sheet of `indicateur` by commune or quartier, drawn here; the first line is the whole too."""
    point = next(p for p in POINTS if p.indicateur == indicateur and p.coupe in ("quartier", "commune"))
    table = pd.DataFrame([{"nom": f"Lieu {i}", "position": "dedans", **x} for i, x in enumerate(lignes)])
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        contexte = Contexte(SEANCE, ICI, lecteur.instantane, lecteur.instantane.publie_le)
    tableau = Tableau(point, table, table, True)
    write(sortie / "essai.xlsx", contexte, "Essai", [(tableau, table)])
    return feuilles(sortie / "essai.xlsx")[point.onglet]


COMPTES = {"n": 100, "n_connus": 90, "n_inconnus": 10, "numerateur": 45, "part": 0.5, "mois_couverts": 12}


def test_what_occupants_are_is_no_objective(entrepot: Entrepot, tmp_path: Path) -> None:
    occupants = {"part_occupants": 0.6, "n_occupants": 50, "n_occupants_modestes": 30, "cible": 0.6}
    (ligne,) = ecrit(entrepot, tmp_path, "entrants_occupants", COMPTES | occupants | {"ecart_points": -10.0})
    assert ligne["Part des occupants"] == 0.6
    assert ligne["Écart aux occupants (points)"] == -10
    assert not {"Objectif", "Écart (points)"} & set(ligne)


def test_a_distribution_whose_classes_hold_what_is_unknown_has_no_bounds_of_its_shares(dossier: Dossier) -> None:
    lues = feuilles(fichier(dossier, f"{ROUBAIX}-roubaix"))
    bornes = {"Part au moins", "Part au plus"}
    classes = [x for x in lues["En bref"] if x["Mesure"].startswith("Ressources")]
    # Its one quartier, and its one bailleur, are there too, by their names.
    quartier, *_ = [x for x in lues["En bref"] if x["Mesure"].startswith("Équilibre 50/50, quartier ")]
    assert classes
    assert all(quartier[borne] for borne in bornes)
    assert not any(x.get(borne) for x in classes for borne in bornes)


def test_a_gap_of_types_of_quartiers_that_pull_both_ways_says_so(entrepot: Entrepot, tmp_path: Path) -> None:
    gaps = ((20, None), (12, "trop"), (0, None))
    jugees = [COMPTES | {"cible": 0.5, "verdict": None, "ecart_attributions": n, "sens": s} for n, s in gaps]
    lignes = ecrit(entrepot, tmp_path, "equilibre", *jugees)
    assert [x["Sens de l’écart"] for x in lignes] == ["dans les deux sens", "de trop", ""]
    (seule,) = ecrit(entrepot, tmp_path, "equilibre", jugees[0])
    assert seule["Sens de l’écart"] == "dans les deux sens"


def test_a_mean_is_written_as_it_is_said_for_its_decimals_would_give_the_exact_count_back(
    entrepot: Entrepot, tmp_path: Path
) -> None:
    delais = {"moyenne_mois": 31407 / 2084, "mediane_mois": 10.0, "p90_mois": 27.59999999999999}
    (ligne,) = ecrit(entrepot, tmp_path, "delais", COMPTES | delais)
    dits = [ligne[tete] for tete in ("Moyenne (mois)", "Médiane (mois)", "9 sur 10 (mois)")]
    assert dits == [15.1, 10, 27.6]
