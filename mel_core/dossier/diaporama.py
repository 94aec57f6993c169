"""The deck of a séance: one slide per line of the agenda, a sentence, a native chart that can be edited, its n."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.presentation import Presentation as Diapos
from pptx.slide import Slide
from pptx.util import Cm, Pt

from mel_core.dossier import graphiques, phrases_dossier
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import Tableau
from mel_core.indicateurs import INDICATEURS
from mel_core.socle import langue

POLICE = "Calibri"
ENCRE, ENCRE_DOUCE, FOND = RGBColor(0x0F, 0x1B, 0x2D), RGBColor(0x3A, 0x47, 0x59), RGBColor(0xEE, 0xF2, 0xF7)
_LARGEUR, _HAUTEUR, _MARGE = Cm(33.867), Cm(19.05), Cm(1.2)
_PLEINE = _LARGEUR - 2 * _MARGE
_VIDE = 6  # the blank layout of the default template
_SIGNES_PAR_CORPS = {24: 190, 20: 320, 18: 350}
_PUCES_PAR_PAGE, _LIGNES_PAR_PAGE, _SIGNES_PAR_LIGNE = 6, 15, 105


def write(
    chemin: Path, contexte: Contexte, tableaux: Sequence[Tableau], textes: Sequence[tuple[str, list[str]]]
) -> None:
    """Write the deck. `textes`: (title, sentences) of the pages without a figure, shown before the bilan."""
    diapos = Presentation()
    diapos.slide_width, diapos.slide_height = _LARGEUR, _HAUTEUR
    contexte.inscribe(diapos.core_properties, contexte.titre)
    _couverture(diapos, contexte)
    for titre, liste in textes:
        for page in distribute(liste):
            _puces(diapos, contexte, titre, page)
    for tableau in tableaux:
        if _a_quoi_dire(tableau, tableaux):
            _point(diapos, contexte, tableau)
    diapos.save(str(chemin))


def _couverture(diapos: Diapos, contexte: Contexte) -> None:
    page = _page(diapos, contexte)
    jour = f" du {langue.jour(contexte.tenue)}" if contexte.tenue else ""
    _texte(page, f"Instance de coordination intercommunale{jour}", Cm(5), Cm(1.6), 24, couleur=ENCRE_DOUCE)
    _texte(page, f"{contexte.ici} · séance {contexte.seance}", Cm(6.6), Cm(2.6), 48, gras=True)
    _texte(page, contexte.perimetre, Cm(9.6), Cm(2.4), 20)
    _texte(page, "Dossier de séance : chaque ligne de l’ordre du jour du bilan", Cm(12.4), Cm(1.4), 20)
    _texte(page, f"{contexte.audience.dite}.", Cm(14.2), Cm(1.2), 16, couleur=ENCRE_DOUCE)


def _a_quoi_dire(tableau: Tableau, tous: Sequence[Tableau]) -> bool:
    """No slide that only says again, without a picture, what another one says of the same indicator with its own."""
    if graphiques.est_dessine(tableau):
        return True
    memes = [t for t in tous if t.point.indicateur == tableau.point.indicateur]
    return tableau is memes[0] and not any(map(graphiques.est_dessine, memes))


def distribute(liste: Sequence[str]) -> list[list[str]]:
    """What holds on each page: a decision with its reserves takes several lines, none runs into the foot."""
    pages: list[list[str]] = []
    reste = 0
    for phrase in liste:
        lignes = 1 + len(phrase) // _SIGNES_PAR_LIGNE
        if not pages or lignes > reste or len(pages[-1]) == _PUCES_PAR_PAGE:
            pages.append([])
            reste = _LIGNES_PAR_PAGE
        pages[-1].append(phrase)
        reste -= lignes
    return pages


def _puces(diapos: Diapos, contexte: Contexte, titre: str, liste: Sequence[str]) -> None:
    page = _page(diapos, contexte)
    _texte(page, titre, Cm(0.9), Cm(1.6), 32, gras=True)
    cadre = page.shapes.add_textbox(_MARGE, Cm(3), _PLEINE, Cm(13.8)).text_frame
    cadre.word_wrap = True
    for i, phrase in enumerate(liste):
        paragraphe = cadre.paragraphs[0] if i == 0 else cadre.add_paragraph()
        paragraphe.space_after = Pt(10)
        _write(paragraphe, f"— {phrase}", 18)


def _point(diapos: Diapos, contexte: Contexte, tableau: Tableau) -> None:
    page = _page(diapos, contexte)
    _texte(page, f"Constat · {tableau.point.titre}", Cm(0.5), Cm(1.1), 16, couleur=ENCRE_DOUCE)
    phrase = phrases_dossier.phrase(tableau, contexte.ici_dite)
    _texte(page, phrase, Cm(1.6), Cm(3.4), corps_de(phrase), gras=True)
    if graphiques.est_dessine(tableau):
        graphiques.place(page, tableau, _MARGE, Cm(5.1), _PLEINE, Cm(11.4))
    _texte(page, _sous_titre(tableau), Cm(16.55), Cm(0.9), 14, couleur=ENCRE_DOUCE)
    page.notes_slide.notes_text_frame.text = "\n".join(_notes(tableau, contexte))


def corps_de(phrase: str) -> int:
    """The size at which a sentence holds above its chart: three lines of the largest, five of the smallest."""
    return next((corps for corps, signes in _SIGNES_PAR_CORPS.items() if len(phrase) <= signes), 16)


def _sous_titre(tableau: Tableau) -> str:
    return " · ".join([phrases_dossier.effectif_dit(tableau), *graphiques.reserves(tableau)])


def _notes(tableau: Tableau, contexte: Contexte) -> list[str]:
    """« Pourquoi ce chiffre ? » travels with the slide."""
    point, indicateur = tableau.point, INDICATEURS[tableau.point.indicateur]
    return [
        "Pourquoi ce chiffre ?",
        indicateur.definition,
        f"Numérateur : {indicateur.numerateur_dit}. Dénominateur : {indicateur.denominateur_dit}.",
        f"Référence : {tableau.reference}. Source : {indicateur.source}.",
        f"{contexte.perimetre}. {contexte.millesime}.",
        f"Commande : python -m mel_core indicateur {point.indicateur} --seance {contexte.seance} --periode annee "
        f'--par {",".join(point.par)} --ici "{contexte.ici}"',
    ]


def _page(diapos: Diapos, contexte: Contexte) -> Slide:
    page = diapos.slides.add_slide(diapos.slide_layouts[_VIDE])
    for forme in list(page.placeholders):
        forme.element.getparent().remove(forme.element)
    bande = page.shapes.add_shape(1, 0, _HAUTEUR - Cm(1.3), _LARGEUR, Cm(1.3))
    bande.fill.solid()
    bande.fill.fore_color.rgb = FOND
    bande.line.fill.background()
    bande.shadow.inherit = False
    pied = f"{contexte.ici} · {contexte.perimetre.split(' · ')[0]} · {contexte.millesime} · {len(diapos.slides)}"
    _texte(page, pied, _HAUTEUR - Cm(1.2), Cm(1), 12, couleur=ENCRE)
    return page


def _texte(
    page: Slide, texte: str, haut: int, hauteur: int, taille: int, *, gras: bool = False, couleur: RGBColor = ENCRE
) -> None:
    cadre = page.shapes.add_textbox(_MARGE, haut, _PLEINE, hauteur).text_frame
    cadre.word_wrap = True
    cadre.vertical_anchor = MSO_ANCHOR.TOP
    cadre.margin_left = cadre.margin_right = 0
    _write(cadre.paragraphs[0], texte, taille, gras, couleur)


def _write(paragraphe: object, texte: str, taille: int, gras: bool = False, couleur: RGBColor = ENCRE) -> None:
    morceau = paragraphe.add_run()  # type: ignore[attr-defined]
    morceau.text = texte
    morceau.font.name, morceau.font.size, morceau.font.bold = POLICE, Pt(taille), gras
    morceau.font.color.rgb = couleur
    morceau._r.get_or_add_rPr().set("lang", "fr-FR")
