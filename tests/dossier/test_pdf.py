"""The PDF of the relevé, of the synthesis and of the deck, read again: the words of the docx and pptx, no hole; the
charts of the note say what a room reads of each place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pypdfium2.raw as c
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree
from pptx import Presentation
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Rect, String
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas

from mel_core.dossier import diapositives as d
from mel_core.dossier import polices, releve, synthese
from mel_core.dossier.actes_ecrits import DecisionEcrite, Releve, SuiteEcrite
from mel_core.dossier.diaporama_dessine import trace
from mel_core.dossier.diapositives import Dessin, Nombre, Serie
from mel_core.dossier.lignes_dossier import POINTS, ask_dites
from mel_core.dossier.pages import TableauDePage
from mel_core.dossier.seance import Dossier
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.indicateurs.phrases_constats import COTES, say_cote
from mel_core.seance.engagements.engagement_pris import TableauDuPartage
from mel_core.secret.bail import SALLE, lease
from mel_core.socle.appellations import EDITEUR
from mel_core.socle.periodes import Periode
from tests.dossier.conftest import ICI, SEANCE, fichier
from tests.dossier.test_releve import DECISION, contexte

LONGUE = "Préparer à deux, commune et bailleur, les commissions où l’on refuse ≥ 2 fois, œuvre de longue haleine. " * 3
SUIVI = SuiteEcrite(
    "Doubler les ACI", "30 % (30 sur 100)", "40 % (40 sur 100)", "45 %", "en progrès", "ACI, Roubaix", ["Par hasard."]
)
PLEIN = Releve(
    [
        DECISION,
        replace(DECISION, texte=LONGUE, renvoi="renvoyée à la séance 2018S1"),
        DecisionEcrite("Se réunir", "MEL", None),
    ],
    [("Mutations bloquées en attente", "134 ménages relogés", "31 décembre 2018", "C. Essai")] * 60,
    [("Roubaix", "Une visite avant la commission. Pourquoi : on refuse moins.")],
    [SUIVI, replace(SUIVI, quoi=LONGUE)],
    ["Les deux périodes de 12 mois ont six mois en commun."],
    lien="ab" * 32,
    scenarios=[("Un sur deux", "Viser 50 % d’ACI, c’est 8 attributions de plus.", "C. Exemple")],
    sans_decision=["Trop peu de T2 libérés. (signalé par Tourcoing)"],
    tenue="le 12 mars 2018, Hôtel de la Métropole",
    presents=["MEL", "Roubaix"],
)
Position = tuple[str, str, tuple[float, float, float, float]]


def lettres(chemin: Path) -> Iterator[tuple[tuple[float, float], list[Position]]]:
    """Of each page, its size, then each letter that is seen: itself, its font, where it is (points)."""
    pdf = pypdfium2.PdfDocument(str(chemin))
    for page in pdf:
        textes, vues = page.get_textpage(), []
        for i in range(textes.count_chars()):
            signe = chr(c.FPDFText_GetUnicode(textes, i))
            tampon = c.create_string_buffer(200)
            c.FPDFText_GetFontInfo(textes, i, tampon, 200, None)
            if not signe.isspace():
                vues.append((signe, tampon.value.decode(), textes.get_charbox(i)))
        yield page.get_size(), vues


def pages(chemin: Path) -> list[str]:
    """The words of each page, without any space."""
    return ["".join(signe for signe, *_ in vues) for _, vues in lettres(chemin)]


def serre(texte: str) -> str:
    return re.sub(r"\s+", "", texte)


def du_docx(chemin: Path) -> Iterator[str]:
    document = Document(str(chemin))
    for element in document.element.body.iterchildren():
        if element.tag.endswith("}p"):
            yield Paragraph(element, document).text
        elif element.tag.endswith("}tbl"):
            yield from (case.text for rangee in Table(element, document).rows for case in rangee.cells)


def verify(du_pdf: str, dits: Iterator[str] | list[str]) -> None:
    """Each text is there, in the same order."""
    depuis = 0
    for dit in dits:
        trouve = du_pdf.find(serre(dit), depuis)
        assert trouve >= 0, dit
        depuis = trouve + len(serre(dit))


@pytest.fixture(scope="module")
def ecrits(entrepot: Entrepot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Full, empty, a synthesis: the PDF of each, beside its docx."""
    dossier = tmp_path_factory.mktemp("pdf")
    ou = replace(contexte(entrepot), territoires=("Lys - Armentiérois", "Roubaisien"))
    with entrepot.open(Portee.mel(), SEANCE) as lecteur:
        for suffixe in ("docx", "pdf"):
            releve.write(dossier / f"plein.{suffixe}", ou, PLEIN)
            releve.write(dossier / f"vide.{suffixe}", ou, Releve([]))
            synthese.write(dossier / f"synthese.{suffixe}", ou, lecteur, {"ICI 1": Releve([]), ICI: PLEIN})
    return {f.stem: f for f in dossier.glob("*.pdf")}


@pytest.mark.parametrize("nom", ["plein", "vide", "synthese"])
def test_a_pdf_says_what_the_docx_says_in_the_same_order_and_its_foot_on_each_page(
    nom: str, ecrits: dict[str, Path]
) -> None:
    chemin = ecrits[nom]
    lues = pages(chemin)
    docx = Document(str(chemin.with_suffix(".docx")))
    premier, *suivants = (serre(p.text) for p in docx.sections[0].footer.paragraphs)
    sans_pied = []
    for rang, lue in enumerate(lues, start=1):
        # The docx says « 1 sur 1 » until Word counts its pages.
        pied = re.sub(r"\d*sur\d*$", f"{rang}sur{len(lues)}", premier) + "".join(suivants)
        assert lue.count(pied) == 1
        sans_pied.append(lue.replace(pied, ""))
    verify("".join(sans_pied), du_docx(chemin.with_suffix(".docx")))


def test_a_table_that_goes_over_a_page_has_its_head_on_each(ecrits: dict[str, Path]) -> None:
    lues = [lue for lue in pages(ecrits["plein"]) if "134ménagesrelogés" in lue]
    assert len(lues) == 2
    assert all(lue.count("SegmentEngagementÉchéancePar") == 1 for lue in lues)


def test_no_title_is_left_at_the_foot_of_a_page_by_what_it_announces(entrepot: Entrepot, tmp_path: Path) -> None:
    lignes = [("Roubaix", "4", "Bailleur B1 (4)")] * 40
    partage = TableauDuPartage("ACI, 160 ménages :", ("Commune", "Ménages", "Par bailleur"), lignes)
    titres = ("Séance", "Décisions", "Engagements", "Hypothèsesdeséance", "Établissementdudocument", partage.de_quoi)
    for k in range(0, 36, 4):  # each moves what follows down the page
        plein = replace(PLEIN, presents=["Une commune"] * 4 * k, partages=[partage])
        releve.write(tmp_path / "r.pdf", contexte(entrepot), plein)
        for lue in pages(tmp_path / "r.pdf"):
            dite = lue.partition("Relevédedécisions·ICI2·secondsemestre2017·")[0]
            assert not re.search(r"Décision\d+(,renvoyée)?(:àRoubaix)?$", dite)
            assert not dite.endswith(tuple(map(serre, titres))), (k, dite[-40:])


@pytest.mark.parametrize(
    ("dit", "est_a_droite"),
    [
        ("6 627 (13,3 %)", True),
        ("12 ou moins", True),
        ("—", True),
        ("+305", True),
        ("165 de trop", False),
        ("Hem", False),
    ],
)
def test_a_figure_is_on_the_right_and_a_gap_in_words_with_the_other_words(dit: str, *, est_a_droite: bool) -> None:
    assert TableauDePage(("A",), [(dit,)], (17,)).est_a_droite(dit) == est_a_droite


def test_a_row_that_no_page_holds_is_cut_rather_than_refused(entrepot: Entrepot, tmp_path: Path) -> None:
    releve.write(tmp_path / "r.pdf", contexte(entrepot), Releve([], suivi=[replace(SUIVI, quoi=LONGUE * 12)]))
    assert "".join(pages(tmp_path / "r.pdf")).count("longuehaleine") == 36


def test_the_deck_in_pdf_says_on_each_page_what_the_slide_says_and_draws_its_figures(dossier: Dossier) -> None:
    diapos, lues = Presentation(str(fichier(dossier, ".pptx"))).slides, pages(fichier(dossier, ".pdf"))
    assert len(diapos) == len(lues) >= 8  # a message of the day is a slide
    dessins = 0
    for diapo, lue in zip(diapos, lues, strict=True):
        verify(lue, [f.text_frame.text for f in diapo.shapes if f.has_text_frame])
        for graphique in (f.chart for f in diapo.shapes if f.has_chart):
            dessins += 1
            assert all(serre(categorie) in lue for categorie in graphique.plots[0].categories)
            for serie in graphique.plots[0].series:
                dites = {f"{v:.0%}" if 0 < v < 1 else f"{v:g}" for v in serie.values if v}
                assert all(dite.replace(".", ",") in lue for dite in dites), (dites, lue)
    assert dessins >= 5


@pytest.mark.parametrize("nom", ["plein", "vide", "synthese", "diaporama"])
def test_no_letter_of_a_pdf_is_a_hole_nor_out_of_its_page(nom: str, ecrits: dict[str, Path], dossier: Dossier) -> None:
    chemin = ecrits.get(nom) or fichier(dossier, ".pdf")
    for (large, haute), vues in lettres(chemin):
        assert vues
        for signe, fonte, (gauche, bas, droite, haut) in vues:
            (police,) = [p for p, marque in _FONTES.items() if re.fullmatch(rf"(\w+\+)?{marque}", fonte)]
            assert ord(signe) in polices.SIGNES[police], (signe, fonte)
            assert 0 <= gauche <= droite <= large, signe
            assert 0 <= bas <= haut <= haute, signe


_FONTES = {
    polices.NORMALE: "AtkinsonHyperlegibleNext-Regular",
    polices.GRASSE: "AtkinsonHyperlegibleNext-Bold",
    "Vera": "BitstreamVeraSans-Roman",
    "VeraBd": "BitstreamVeraSans-Bold",
}


def test_a_sign_that_no_font_has_is_said_by_another(entrepot: Entrepot, tmp_path: Path) -> None:
    decision = DecisionEcrite(
        "Peut\u2011être ≤ 3 ﬁles, Ｔ4 \U0001f3e0 <b>&amp;</b>\u200b", "Ễ. Essai", date(2018, 6, 30)
    )
    releve.write(tmp_path / "r.pdf", contexte(entrepot), Releve([decision]))
    lu = "".join(pages(tmp_path / "r.pdf"))
    assert "Peut-être≤3files,T4<b>&amp;</b>Responsable" in lu
    assert "ResponsableE.Essai" in lu


@pytest.mark.parametrize(
    ("ecrit", "dit"),
    [
        ("Un T2 \U0001f3e0\U0001f3e0 sur trois", "Un T2 sur trois"),
        ("\U0001f44d\U0001f3fd Bravo \U0001f3e0.", " Bravo."),
        ("\U0001f3e0", "?"),
        (" \U0001f3e0 \U0001f3e0 ", "?"),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_what_no_font_has_is_left_out_of_a_sentence_and_said_unknown_when_it_stands_alone(ecrit: str, dit: str) -> None:
    assert polices.say(ecrit) == dit


def test_the_properties_of_a_pdf_say_the_metropole_its_title_and_its_language(
    ecrits: dict[str, Path], dossier: Dossier
) -> None:
    for chemin, titre in (
        (ecrits["plein"], "Relevé de décisions · ICI 2 · second semestre 2017"),
        (ecrits["synthese"], "Synthèse des trois ICI · second semestre 2017"),
        (fichier(dossier, ".pdf"), "Instance de coordination intercommunale, ICI 2, second semestre 2017"),
    ):
        lues = pypdfium2.PdfDocument(str(chemin)).get_metadata_dict()
        assert (lues["Title"], lues["Author"]) == (titre, EDITEUR)
        assert lues["Subject"].startswith("12\u00a0mois, du 1er janvier au 31 décembre 2017")
        assert not re.search(r"anonymous|unspecified|untitled", " ".join(lues.values()))
        assert b"/Lang (fr-FR)" in chemin.read_bytes()


def test_twelve_long_names_and_objectives_of_their_own_hold_in_the_box_of_a_chart(tmp_path: Path) -> None:
    noms = tuple(f"{i}. Quartier de la Reconnaissance et du Trois-Ponts Nord, Villeneuve-d’Ascq" for i in range(12))
    parts, cibles = tuple(i / 12 for i in range(12)), (0.5, *([0.45] * 11))
    series = (Serie("Part constatée", parts), Serie("Objectif", cibles, est_objectif=True))
    toile = Canvas(str(tmp_path / "g.pdf"), pagesize=(d.LARGEUR * cm, d.HAUTEUR * cm))
    x, y, large, haute = d.MARGE * cm, 2.55 * cm, d.PLEINE * cm, d.DESSIN[1] * cm
    renderPDF.draw(trace(Dessin("Essai", noms, series), large, haute), toile, x, y)
    toile.save()
    ((_, vues),) = lettres(tmp_path / "g.pdf")
    lu = "".join(signe for signe, *_ in vues)
    assert all(serre(nom) in lu for nom in noms)
    assert lu.count("(objectif:45%)") == 11
    assert all(x <= g <= r <= x + large and y <= b <= h <= y + haute for _, _, (g, b, r, h) in vues)


def test_the_objective_is_a_line_at_its_place_on_the_scale_of_the_bars(tmp_path: Path) -> None:
    series = (Serie("Part constatée", (0.25, 0.75)), Serie("Objectif", (0.5, 0.5), est_objectif=True))
    toile = Canvas(str(tmp_path / "g.pdf"), pagesize=(d.LARGEUR * cm, d.HAUTEUR * cm))
    renderPDF.draw(trace(Dessin("Essai", ("Lille (n = 300)", "Loos (n = 100)"), series), 900, 320), toile, 30, 70)
    toile.save()
    (page,) = pypdfium2.PdfDocument(str(tmp_path / "g.pdf"))
    formes = [x.get_bounds() for x in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH])]
    barres = sorted(f for f in formes if f[2] - f[0] > 40 and f[3] - f[1] > 40)
    (x, _, quart, _), (_, _, trois_quarts, _) = barres
    traits = [(gauche + droite) / 2 for gauche, bas, droite, haut in formes if droite - gauche < 6 and haut - bas > 60]
    au_milieu = [t for t in traits if t == pytest.approx((quart + trois_quarts) / 2, abs=1)]
    assert len(au_milieu) == 2  # one a line, between its white edges
    assert min(traits) == pytest.approx(x, abs=1)  # the axis
    ((_, vues),) = lettres(tmp_path / "g.pdf")
    assert "Objectif:50%" in "".join(signe for signe, *_ in vues)


def test_the_bars_of_one_category_fill_the_height_of_a_picture() -> None:
    series = tuple(Serie(nom, (float(n),), Nombre.EFFECTIF) for nom, n in (("En attente", 90), ("À reloger", 20)))
    formes = trace(Dessin("engagement", ("Un segment",), series), d.PLEINE * cm, d.DESSIN[1] * cm)
    barres = [f for f in formes.contents if isinstance(f, Rect) and f.width > 40]
    assert sum(b.height for b in barres) > 84


def test_a_class_too_thin_for_its_figure_has_it_above_its_bar(tmp_path: Path) -> None:
    series = tuple(Serie(f"Classe {i}", (v,)) for i, v in enumerate((0.01, 0.49, 0.02, 0.48)))
    toile = Canvas(str(tmp_path / "g.pdf"), pagesize=(d.LARGEUR * cm, d.HAUTEUR * cm))
    dessin = Dessin("Essai", ("Lille (n = 300)",), series, sont_empilees=True)
    renderPDF.draw(trace(dessin, 900, 320), toile, 30, 70)
    toile.save()
    ((_, vues),) = lettres(tmp_path / "g.pdf")
    milieux = [(haut + bas) / 2 for signe, _, (_, bas, _, haut) in vues if signe == "%"]
    assert len(milieux) == 4
    assert min(milieux[0], milieux[2]) - max(milieux[1], milieux[3]) > 20


def test_a_figure_of_a_chart_is_said_in_french() -> None:
    assert [Nombre.PART.say(0.61), Nombre.PART_FINE.say(0.125), Nombre.DECIMAL.say(9.5), Nombre.DECIMAL.say(9.0)] == [
        *("61\u202f%", "12,5\u202f%", "9,5", "9"),
    ]


def test_the_charts_of_the_note_say_the_shares_that_a_room_reads_of_each_place(
    dossier: Dossier, entrepot: Entrepot
) -> None:
    note, dml = Document(str(fichier(dossier, "note"))), "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    dessins = {}
    for cadre in note.element.body.iter("{*}docPr"):
        (renvoi,) = cadre.getparent().iter(f"{dml}chart")
        serie = next(etree.fromstring(note.part.related_parts[renvoi.get(qn("r:id"))].blob).iter(f"{dml}ser"))
        noms, valeurs = ([v.text for v in serie.find(f"{dml}{quoi}").iter(f"{dml}v")] for quoi in ("cat", "val"))
        dessins[cadre.get("descr")] = dict(zip(noms, map(float, valeurs), strict=True))
    lus = 0
    with entrepot.open(Portee.mel(), SEANCE) as lecteur, lease(SALLE):
        noms_de = Noms.read(lecteur)
        for point in (p for p in POINTS if p.image is ImageBilan.PARTS):
            cellules = ask_dites(lecteur, point.indicateur, point.par, Periode.de(SEANCE, "annee"), ICI)
            parts = {noms_de.name((x[point.coupe],), point.par): x["part"] for _, x in cellules.iterrows()}
            if "cote" in cellules:  # where no share is said, how many are on each side
                parts |= {say_cote(c, point.repere).capitalize(): float((cellules["cote"] == c).sum()) for c in COTES}
            for dit, valeur in dessins.get(f"{point.titre}, {COUPES_DITES[point.coupe][1].lower()}", {}).items():
                assert valeur == parts[next(nom for nom in parts if dit.startswith(nom))], (point.titre, dit)
                lus += 1
    assert lus > 4


def test_the_names_of_a_chart_have_one_size_and_a_page_of_text_has_that_of_its_text() -> None:
    noms = ("Lille (n = 300)", "Quartiers de fragilité moyenne, de 45 % à 55 % visés, il en manque 1 (n = 4)")
    series = (Serie("Part constatée", (0.25, 0.75)), Serie("ICI 2", (0.5, 0.6)))
    cibles = Serie("Objectif", (0.5, 0.45), est_objectif=True)
    formes = trace(Dessin("Essai", noms, (*series, cibles)), 17 * cm, 5 * cm, 10).contents
    ecrits = [f for f in formes if isinstance(f, String)]
    tailles = {f.fontSize for f in ecrits if "%" not in f.text or "visés" in f.text}
    assert len(tailles) == 1
    assert max(f.fontSize for f in ecrits) == 10
    # The objective of a place is said beside its own bar, never again beside that of the ICI.
    assert [f.text.count("objectif") for f in ecrits if f.text[:2] in ("25", "75", "50", "60")] == [1, 0, 1, 0]
