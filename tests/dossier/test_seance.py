"""The dossier de séance read again: every figure is what its reader may read of the indicator's, nothing runs."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Cm
from python_calamine import CalamineWorkbook
from reportlab.lib.units import cm
from reportlab.pdfbase.pdfmetrics import stringWidth

from mel_core.dossier import classeurs, journee
from mel_core.dossier import diapositives as d
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import POINTS, PointDuPlan, read
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.polices import GRASSE
from mel_core.dossier.seance import Dossier, compose, contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs import compute
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.indicateurs.phrases_constats import COTES
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import presences, seances_tenues
from mel_core.seance.coordination.presences import Presences
from mel_core.secret.bail import SALLE
from mel_core.socle.appellations import APPLICATION, EDITEUR
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte
from tests.dossier.conftest import ICI, SEANCE, fichier
from tests.ecrans.conftest import LANNOY, TOUFFLERS, TOURCOING
from tests.lecteurs import lue_par
from tests.mots import d_un_trait

ANNEE = Periode.de(SEANCE, "annee")


def cellules(entrepot: Entrepot, nom: str, *par: str) -> pd.DataFrame:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        return compute(lecteur, nom, ANNEE, par=par, ici=ICI)


def feuilles(chemin: Path) -> dict[str, list[dict[str, Any]]]:
    """Sheet → its rows, by heading."""
    classeur = CalamineWorkbook.from_path(str(chemin))
    lues = {}
    for nom in classeur.sheet_names[1:]:
        lignes = classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        lues[nom] = [dict(zip(lignes[4], x, strict=True)) for x in lignes[5:]] if len(lignes) > 5 else []
    return lues


def slides(dossier: Dossier) -> list[str]:
    return [d_un_trait(" ".join(f.text_frame.text for f in page.shapes if f.has_text_frame)) for page in lues(dossier)]


def lues(dossier: Dossier) -> Any:
    return Presentation(str(fichier(dossier, ".pptx"))).slides


def test_every_line_of_the_agenda_that_is_known_is_in_the_note(dossier: Dossier, entrepot: Entrepot) -> None:
    note = [p.text for p in Document(str(fichier(dossier, "note"))).paragraphs if p.style.name == "Heading 2"]
    connus = [p for p in POINTS if est_connu(entrepot, p) and p.coupe not in ("residence", "quartier")]
    assert 0 < len(connus) < len(POINTS)
    assert {p.titre for p in connus} <= set(note)


def test_the_slides_are_the_messages_of_the_day_in_their_order(entrepot: Entrepot, dossier: Dossier) -> None:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        s = Sources(
            entrepot, lecteur, Journal.du_dossier(entrepot.dossier), contexte(lecteur, SEANCE, ICI), Noms.read(lecteur)
        )
        messages = journee.messages_de(s)
    titres = [page.shapes.title.text_frame.text for page in lues(dossier)]
    suite = [f"{ICI} · {'9h30' if m.page == 'bilan' else '13h30'} · {m.titre}" for m in messages]
    # What a room is told nothing of has no slide, nor a lever; nothing else comes between.
    assert titres[1:] == [titre for titre in suite if titre in titres]
    assert {f"{ICI} · 9h30 · Équilibre 50/50 : {quoi}" for quoi in ("commune", "bailleur", "carte")} <= set(titres)
    assert not [titre for titre in titres if "levier" in titre]
    assert all("DONNÉES FICTIVES" in texte for texte in slides(dossier))
    assert "parts à l’unité ; 12 ou moins : non dits." in slides(dossier)[0]


def test_no_text_of_a_slide_is_over_another_and_no_chart_is_one_bar(dossier: Dossier) -> None:
    for page in lues(dossier):
        textes = [f for f in page.shapes if f.has_text_frame and f.text_frame.text and f.width > Cm(30)]
        pleins = sorted([*textes, *(f for f in page.shapes if f.has_chart)], key=lambda f: f.top)
        assert all(a.top + a.height <= b.top + Cm(0.3) for a, b in pairwise(pleins))
        for graphique in (f.chart for f in page.shapes if f.has_chart):
            assert len(graphique.plots[0].categories) * len(graphique.plots[0].series) > 1


def test_a_map_is_made_of_forms_of_the_file_named_after_their_communes(dossier: Dossier) -> None:
    (carte, *_) = [f for page in lues(dossier) for f in page.shapes if f.shape_type == MSO_SHAPE_TYPE.GROUP]
    formes = {f.name: f for f in carte.shapes}
    assert {"Roubaix", "Tourcoing", "Lannoy"} <= set(formes)
    assert all(f._element.xpath(".//a:custGeom") for f in carte.shapes)
    assert not [f for page in lues(dossier) for f in page.shapes if f.shape_type == MSO_SHAPE_TYPE.PICTURE]
    # As wide as the forms that it holds, inside the page.
    assert 0 < carte.left < carte.left + carte.width < Cm(d.LARGEUR)
    assert carte.width >= formes["Roubaix"].width > 0


def test_no_document_says_what_to_do_in_the_software_nor_what_cannot_be_computed(dossier: Dossier) -> None:
    """Those who prepare read it in the check that comes with the files."""
    note = " ".join(p.text for p in Document(str(fichier(dossier, "note"))).paragraphs)
    notes = [p.notes_slide.notes_text_frame.text for p in lues(dossier) if p.has_notes_slide]
    assert notes
    for texte in (*slides(dossier), *notes, d_un_trait(note)):
        assert not re.search(r"Préparer|importer|python|ne peut pas être calculé", texte)
    assert any("ne peut pas être calculé" in p.phrase or "Préparer" in p.phrase for p in dossier.controles)


def est_connu(entrepot: Entrepot, point: PointDuPlan) -> bool:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        return read(lecteur, Noms.read(lecteur), point, ANNEE, ICI).est_connu


def test_a_native_chart_holds_what_a_room_reads_of_the_indicator(dossier: Dossier, entrepot: Entrepot) -> None:
    exactes = cellules(entrepot, "equilibre", "fragilite").set_index("fragilite")
    (graphique,) = [
        f.chart
        for page in Presentation(str(fichier(dossier, ".pptx"))).slides
        for f in page.shapes
        if f.has_chart and f.name.startswith("Équilibre 50/50 selon")
    ]
    parts = dict(zip(graphique.plots[0].categories, graphique.plots[0].series[0].values, strict=True))
    # Fragile: 66 modest in Roubaix, 6 in Lannoy, 0 in Toufflers, over 113: 63.7 %. Sans: 20 of 45, which is not said.
    assert exactes.loc["fragile", "part"] == 72 / 113
    assert parts == {"Quartiers fragiles, 15 de trop (n = 115)": 0.64}


def test_the_note_has_the_native_charts_of_its_lines_with_their_figures_to_be_edited(dossier: Dossier) -> None:
    note = Document(str(fichier(dossier, "note")))
    graphiques = [p for p in note.part.package.iter_parts() if p.partname.startswith("/word/charts/")]
    par_nom = {x.get("descr"): x for x in note.element.body.iter("{*}docPr")}
    assert len(graphiques) == len(par_nom) >= 4
    (cadre,) = [x.getparent() for nom, x in par_nom.items() if nom and nom.startswith("Équilibre 50/50 selon")]
    (renvoi,) = cadre.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}chart")
    graphique = note.part.related_parts[renvoi.get(qn("r:id"))]
    lu = graphique.blob.decode()
    assert "Quartiers fragiles, 15 de trop (n = 115)" in d_un_trait(lu)
    assert "<c:v>0.64</c:v>" in lu  # as the deck has it: 72 of 113
    (lien,) = re.findall(r'externalData r:id="(\w+)"', lu)
    chiffres = CalamineWorkbook.from_filelike(BytesIO(graphique.related_parts[lien].blob)).get_sheet_by_index(0)
    assert [0.64, 0.5] in [x[1:] for x in chiffres.to_python()]


def test_each_bar_bears_its_own_figure_and_no_axis_says_it_again(dossier: Dossier) -> None:
    pages = Presentation(str(fichier(dossier, ".pptx"))).slides
    graphiques = [f.chart for page in pages for f in page.shapes if f.has_chart]
    assert graphiques
    for graphique in graphiques:
        assert not graphique.value_axis.visible
        assert not graphique.value_axis.has_major_gridlines
        for serie in graphique.plots[0].series:
            assert serie.data_labels.show_value != serie.name.startswith("Objectif\xa0: ")  # the legend says it


def test_each_document_says_what_made_it_and_for_whom(dossier: Dossier) -> None:
    for nom in (".pptx", "note"):
        with zipfile.ZipFile(fichier(dossier, nom)) as archive:
            lu = archive.read("docProps/app.xml").decode()
        assert f"<Application>{APPLICATION}</Application><Company>{EDITEUR}</Company>" in lu
    with zipfile.ZipFile(fichier(dossier, "classeur")) as archive:
        assert f"<Application>{APPLICATION}</Application>" in archive.read("docProps/app.xml").decode()


def test_what_is_sent_says_no_hash_no_code_and_nothing_of_who_prepares(dossier: Dossier) -> None:
    note = Document(str(fichier(dossier, "note")))
    cases = [c.text for t in note.tables for rang in t.rows for c in rang.cells]
    pied = [p.text for p in note.sections[0].footer.paragraphs]
    for texte in (*slides(dossier), *(p.text for p in note.paragraphs), *cases, *pied):
        assert not re.search(r"[0-9a-f]{8}|[Mm]illésime|détruire|copilote|20\d\dS\d", texte), texte


def test_a_title_and_the_sentence_over_a_table_go_with_it_and_no_word_of_its_heads_is_cut(dossier: Dossier) -> None:
    note = Document(str(fichier(dossier, "note")))
    corps = list(note.element.body)
    for table in note.tables:
        devant = corps[corps.index(table._tbl) - 1]
        assert devant.xpath("./w:pPr/w:keepNext") or "Heading" in devant.style, devant.text
        for cellule in table.rows[0].cells:
            mots = cellule.text.split() if table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") else ()
            assert all(stringWidth(mot, GRASSE, 8) < (cellule.width.cm - 0.38) * cm for mot in mots), cellule.text


def test_the_letters_of_the_note_are_those_that_its_columns_are_measured_by(dossier: Dossier) -> None:
    with zipfile.ZipFile(fichier(dossier, "note")) as archive:
        styles, fontes = (archive.read(f"word/{nom}.xml").decode() for nom in ("styles", "fontTable"))
    assert "Theme=" not in "".join(re.findall("<w:rFonts[^>]*>", styles))
    assert re.findall('w:font w:name="(.+?)"><w:family w:val="(.+?)"', fontes) == [("Arial", "swiss")]


def test_no_text_of_a_slide_runs_off_its_side(dossier: Dossier) -> None:
    diapos = Presentation(str(fichier(dossier, ".pptx")))
    cadres = [f for page in diapos.slides for f in page.shapes if f.has_text_frame and f.text_frame.text]
    assert cadres
    for cadre in cadres:
        assert cadre.text_frame.word_wrap, cadre.text_frame.text
        assert 0 <= cadre.left < cadre.left + cadre.width <= diapos.slide_width


def test_each_table_of_the_note_is_as_wide_as_its_text(dossier: Dossier) -> None:
    document = Document(str(fichier(dossier, "note")))
    (page,) = document.sections
    place = page.page_width - page.left_margin - page.right_margin
    for tableau in document.tables:
        # To a tenth of a millimetre, Word rounds each column.
        assert sum(colonne.width for colonne in tableau.columns) == pytest.approx(place, abs=3600)


@pytest.mark.parametrize(
    "point",
    [p for p in POINTS if p.image is not ImageBilan.CLASSES and p.coupe != "residence"],
    ids=lambda p: p.onglet,
)
def test_each_place_has_its_own_line_in_the_workbook_as_a_room_reads_it(
    point: PointDuPlan, dossier: Dossier, entrepot: Entrepot
) -> None:
    feuille = feuilles(fichier(dossier, "classeur")).get(point.onglet)
    if not est_connu(entrepot, point):
        assert feuille is None
        return
    lues = {x[COUPES_DITES[point.coupe][1]]: x for x in feuille or ()}
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        noms = Noms.read(lecteur)
    dites = SALLE.cellules(cellules(entrepot, point.indicateur, *point.par), point.par)
    if point.coupe == "quartier":  # those of which a room reads more than a volume
        dites = dites[[n.est_dit or c in COTES for n, c in zip(dites["numerateur"], dites["cote"], strict=True)]]
    assert len(lues) == len(dites)
    for _, ligne in dites.iterrows():
        lue = lues[noms.name([ligne[c] for c in point.par], point.par)]
        for colonne, tete in zip(("n", "n_connus", "numerateur", "part"), _TETES, strict=True):
            dite = ligne[colonne]
            if isinstance(dite, Compte):
                assert lue.get(tete) == dite.nu
            elif pd.notna(dite):
                assert lue[tete] == pytest.approx(float(dite))


def test_no_document_for_several_says_anything_by_residence(dossier: Dossier) -> None:
    assert not [nom for nom in feuilles(fichier(dossier, "classeur")) if "résidence" in nom]
    assert not [t for t in slides(dossier) if "par résidence" in t]


_TETES = ("Attributions", "Attributions connues", "Attributions comptées", "Part")


def test_the_note_says_the_figures_in_french(dossier: Dossier, entrepot: Entrepot) -> None:
    document = Document(str(fichier(dossier, "note")))
    texte = d_un_trait(" ".join(p.text for p in document.paragraphs))
    tout = cellules(entrepot, "equilibre").iloc[0]
    # 66 + 20 + 6 modest over 163 attributions, 5 of them unknown.
    assert (tout["numerateur"], tout["n_connus"]) == (92, 158)
    assert "58 % des 160 attributions aux ressources connues" in texte
    assert document.tables[0].rows[0]._tr.trPr.xpath("./w:tblHeader")
    assert "PAGE" in document.sections[0].footer._element.xml


def test_a_small_commune_has_its_line_among_the_others_and_its_own_figures_in_its_workbook(dossier: Dossier) -> None:
    lignes = {x["Commune"]: x[_TETES[0]] for x in feuilles(fichier(dossier, "classeur"))["Bas revenus par commune"]}
    # 100, 50, 7 and 6: by volume, then those that are not said by their names.
    assert list(lignes.items()) == [
        *(("Roubaix", 100), ("Tourcoing", 50), ("Lannoy", "12 ou moins"), ("Toufflers", "12 ou moins"))
    ]
    for code, n in ((LANNOY, 6), (TOUFFLERS, 7), (TOURCOING, 50)):
        bref = {x["Mesure"]: x[_TETES[0]] for x in feuilles(fichier(dossier, code))["En bref"]}
        assert bref["Bas revenus"] == n


def test_the_cell_of_a_commune_and_a_bailleur_is_exact_in_the_workbook_of_each(dossier: Dossier) -> None:
    lannoy, b1 = ({x["Mesure"]: x for x in feuilles(fichier(dossier, q))["En bref"]} for q in (LANNOY, "b1-"))
    de_b1 = lannoy["Relogements NPRU, bailleur B1"]
    assert de_b1[_TETES[0]] == b1["Relogements NPRU, commune Lannoy"][_TETES[0]] == 3
    assert b1["Relogements NPRU, commune Roubaix"][_TETES[0]] == 50


def test_what_is_said_of_the_whole_ici_in_a_workbook_is_what_a_room_reads(dossier: Dossier) -> None:
    classeur = CalamineWorkbook.from_path(str(fichier(dossier, LANNOY)))
    phrases = [d_un_trait(x[1]) for x in classeur.get_sheet_by_index(0).to_python()]
    assert [x for x in phrases if x.startswith("Dans l’ICI 2, 12 ou moins sur 165 attributions")]  # 163
    premiere = dict(x[:2] for x in classeur.get_sheet_by_index(0).to_python() if x[0])
    assert premiere["Chiffres"].endswith("sauf les vôtres, exacts et non projetables")


def test_each_file_says_who_when_with_which_filters_and_in_its_properties_from_which_snapshot_until_when(
    dossier: Dossier, entrepot: Entrepot
) -> None:
    instantane = entrepot.instantane(SEANCE)
    for chemin in dossier.fichiers:
        if chemin.suffix == ".xlsx":
            dits = dict(
                x[:2]
                for x in CalamineWorkbook.from_path(str(chemin)).get_sheet_by_index(0).to_python()
                if x[0] and x[1]
            )
            assert dits["Établi par"] == "A. Essai"
            assert dits["Filtres"].startswith(ICI)
            assert {"Établi le", "Période", "Chiffres"} <= set(dits)
            assert not re.search(r"[0-9a-f]{8}|[Mm]illésime|détruire", " ".join(map(str, dits.values())))
            with zipfile.ZipFile(chemin) as archive:
                proprietes = archive.read("docProps/core.xml").decode()
            assert instantane.identifiant in proprietes
            assert "à détruire avant le" in proprietes


def test_a_text_that_looks_like_a_formula_stays_a_text(dossier: Dossier, entrepot: Entrepot, tmp_path: Path) -> None:
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        tableau = read(lecteur, Noms.read(lecteur), POINTS[1], ANNEE, ICI)
        contexte = Contexte(SEANCE, ICI, lecteur.instantane, lecteur.instantane.publie_le)
    piege = tableau.lignes.assign(nom='=HYPERLINK("http://x";"y")')
    classeurs.write(tmp_path / "piege.xlsx", contexte, "Essai", [(tableau, pd.concat([piege] * 5))], "=1+1")
    lignes = feuilles(tmp_path / "piege.xlsx")["Équilibre 50-50 par fragilité"]
    assert {x["Type de quartiers"] for x in lignes} == {'=HYPERLINK("http://x";"y")'}


def test_the_check_before_the_seance_names_what_is_missing(dossier: Dossier) -> None:
    dites = " ".join(p.phrase for p in dossier.controles)
    assert "le seuil du premier quartile" in dites or "« Premier quartile hors QPV » ne peut pas être connu" in dites
    assert "Bailleur B1 n’a aucun passage ni proposition enregistrés" in dites
    assert "n’est pas gelée" in dites
    assert "données sont fictives" in dites


def test_the_cover_bears_the_day_of_the_seance_and_the_check_says_when_there_is_none(
    dossier: Dossier, entrepot: Entrepot, tmp_path: Path
) -> None:
    assert any("La date de la séance n’est pas fixée" in p.phrase for p in dossier.controles)
    assert slides(dossier)[0].startswith("ICI 2 · second semestre 2017 Métropole Européenne de Lille Instance de")
    journal = Journal.du_dossier(tmp_path / "journal")
    jour, auteur = date(2018, 3, 15), Auteur("A. Essai", "MEL", "copilote")
    seances_tenues.create(journal, entrepot, SEANCE, ICI, jour, auteur, "op")
    ailleurs = Presences(SEANCE, ICI, (), "Hôtel de la Métropole")
    presences.record(journal, ailleurs, auteur, op_id="lieu", version_vue=0)
    fait = compose(entrepot, SEANCE, ICI, tmp_path / "sortie", "A. Essai", journal)
    assert "Instance de coordination intercommunale du 15 mars 2018, Hôtel de la Métropole 12 mois" in slides(fait)[0]
    assert not any("La date de la séance" in p.phrase for p in fait.controles)


def test_an_unknown_ici_or_an_empty_seance_is_refused_in_one_sentence(entrepot: Entrepot, tmp_path: Path) -> None:
    with pytest.raises(AppelIncorrect, match=r"choisir parmi ICI 1, ICI 2, ICI 3\."):
        compose(entrepot, SEANCE, "ICI 9", tmp_path)
    with pytest.raises(ErreurUtilisateur, match="Aucune attribution n’a été signée dans l’ICI\u00a02 du"):
        compose(entrepot, Seance(2010, 1), ICI, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_room_is_not_written_the_workbook_of_a_commune(entrepot: Entrepot, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="may only be narrowed"):
        lue_par(SALLE, compose, entrepot, SEANCE, ICI, tmp_path)
    assert [f for f in tmp_path.rglob("*") if f.is_file() and f.parent != tmp_path] == []


def test_the_properties_of_each_document_say_the_metropole_its_title_and_now(dossier: Dossier) -> None:
    maintenant = datetime.now(UTC).replace(tzinfo=None)
    for chemin in (f for f in dossier.fichiers if f.suffix not in (".pdf", ".html")):  # see test_pdf, test_html
        with zipfile.ZipFile(chemin) as archive:
            coeur = archive.read("docProps/core.xml").decode()
        lues = dict(re.findall(r"<(?:dc|cp|dcterms):(\w+)[^>]*>([^<]*)(?=</)", coeur))
        assert (lues["creator"], lues["lastModifiedBy"]) == ("Métropole Européenne de Lille",) * 2, chemin.name
        assert lues["title"].strip(), chemin.name
        assert lues["title"] != "PowerPoint Presentation"
        for instant in (lues["created"], lues["modified"]):
            assert abs(maintenant - datetime.fromisoformat(instant.rstrip("Z"))) < timedelta(hours=1), chemin.name
        if chemin.suffix != ".xlsx":  # which its library can't say
            assert lues["language"] == "fr-FR"
        assert "python" not in coeur
