"""The deck of a séance, whatever its file: one slide per line of the agenda, a sentence, a chart, its n."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mel_core.dossier import dessins
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.creneaux import est_de_9h
from mel_core.dossier.dessins import Dessin
from mel_core.dossier.lignes_dossier import Tableau, effectif_dit
from mel_core.indicateurs import INDICATEURS
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR

# In cm: a page, its margin, the band at its foot, the box of a chart (from the top, as high as).
LARGEUR, HAUTEUR, MARGE, BANDE = 33.867, 19.05, 1.2, 1.3
PLEINE = LARGEUR - 2 * MARGE
DESSIN = (5.1, 11.4)
ENCRE, ENCRE_DOUCE, FOND = "0F1B2D", "3A4759", "EEF2F7"
_SIGNES_PAR_CORPS = {24: 190, 20: 320, 18: 350}
_PUCES_PAR_PAGE, _LIGNES_PAR_PAGE, _SIGNES_PAR_LIGNE = 6, 15, 105


@dataclass(frozen=True)
class Boite:
    """Paragraphs in a box as wide as the page between its margins: `haut` and `hauteur` in cm, `taille` in points."""

    textes: tuple[str, ...]
    haut: float
    hauteur: float
    taille: int
    est_grasse: bool = False
    couleur: str = ENCRE
    apres: int = 0  # points after each paragraph


@dataclass(frozen=True)
class Diapositive:
    """`titre`: what it is in a list of them. `notes`: what travels with it, and is not shown."""

    titre: str
    boites: tuple[Boite, ...]
    dessin: Dessin | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deck:
    contexte: Contexte
    pages: tuple[Diapositive, ...]


def compose(contexte: Contexte, tableaux: Sequence[Tableau], textes: Sequence[tuple[str, list[str]]]) -> Deck:
    """`textes`: (title, sentences) of the pages without a figure; those of 9h00 come before the bilan."""
    sans_figure = [(est_de_9h(t), _puces(contexte, t, page)) for t, liste in textes for page in distribute(liste)]
    avant, apres = ([page for est_avant, page in sans_figure if est_avant is voulu] for voulu in (True, False))
    points = [_point(contexte, tableau, dessin) for tableau, dessin in _parlants(tableaux)]
    pages = [_couverture(contexte), *avant, *points, *apres]
    return Deck(contexte, tuple(_with_foot(contexte, page, rang) for rang, page in enumerate(pages, start=1)))


def _couverture(contexte: Contexte) -> Diapositive:
    quand = f" du {langue.jour(contexte.tenue)}" if contexte.tenue else ""
    dite = f"Instance de coordination intercommunale{quand}" + (f", {contexte.lieu}" if contexte.lieu else "")
    return Diapositive(
        contexte.titre,
        (
            _boite(EDITEUR, 1.6, 1.4, 20, est_grasse=True),
            _boite(dite, 4.2, 2.4, 24 if len(dite) < _SIGNES_PAR_LIGNE else 16, couleur=ENCRE_DOUCE),
            _boite(f"{contexte.ici} · séance {contexte.seance}", 6.6, 2.6, 48, est_grasse=True),
            _boite(contexte.perimetre, 9.6, 2.4, 20),
            _boite("Dossier de séance : l’ordre du jour, ligne par ligne", 12.4, 1.4, 20),
            _boite(f"{reader().dite}.", 14.2, 1.2, 16, couleur=ENCRE_DOUCE),
        ),
    )


def _parlants(tableaux: Sequence[Tableau]) -> Iterator[tuple[Tableau, Dessin | None]]:
    """No slide that only says again, without a picture, what another one says of the same indicator with its own."""
    dessines = {t.point: dessin for t in tableaux if (dessin := dessins.dessin_de(t))}
    dits = {point.indicateur for point in dessines}
    for tableau in tableaux:
        if tableau.point in dessines or tableau.point.indicateur not in dits:
            dits.add(tableau.point.indicateur)
            yield tableau, dessines.get(tableau.point)


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


def _puces(contexte: Contexte, titre: str, liste: Sequence[str]) -> Diapositive:
    titre = f"{contexte.ici} · {titre}"
    phrases = Boite(tuple(f"— {phrase}" for phrase in liste), 3, 13.8, 18, apres=10)
    return Diapositive(titre, (_boite(titre, 0.9, 1.6, 32, est_grasse=True), phrases))


def _point(contexte: Contexte, tableau: Tableau, dessin: Dessin | None) -> Diapositive:
    titre = f"{contexte.ici} · {tableau.point.titre}"
    phrase = tableau.phrase
    compte = " · ".join([effectif_dit(tableau), *dessins.reserves(tableau)])
    return Diapositive(
        titre,
        (
            _boite(titre, 0.5, 1.1, 16, couleur=ENCRE_DOUCE),
            _boite(phrase, 1.6, 3.4, corps_de(phrase), est_grasse=True),
            _boite(compte, 16.55, 0.9, 14, couleur=ENCRE_DOUCE),
        ),
        dessin,
        tuple(_notes(tableau, contexte)),
    )


def corps_de(phrase: str) -> int:
    """The size at which a sentence holds above its chart: three lines of the largest, five of the smallest."""
    return next((corps for corps, signes in _SIGNES_PAR_CORPS.items() if len(phrase) <= signes), 16)


def _notes(tableau: Tableau, contexte: Contexte) -> list[str]:
    """« Pourquoi ce chiffre ? » travels with the slide."""
    indicateur = INDICATEURS[tableau.point.indicateur]
    return [
        "Pourquoi ce chiffre ?",
        indicateur.definition,
        f"Numérateur : {indicateur.numerateur_dit}. Dénominateur : {indicateur.denominateur_dit}.",
        f"Référence : {tableau.reference}. Source : {indicateur.source}.",
        f"{contexte.perimetre}. {contexte.millesime}.",
    ]


def _with_foot(contexte: Contexte, page: Diapositive, rang: int) -> Diapositive:
    pied = f"{contexte.ici} · {contexte.perimetre.split(' · ')[0]} · {contexte.millesime} · {rang}"
    return Diapositive(page.titre, (_boite(pied, HAUTEUR - 1.2, 1, 12), *page.boites), page.dessin, page.notes)


def _boite(
    texte: str, haut: float, hauteur: float, taille: int, *, est_grasse: bool = False, couleur: str = ENCRE
) -> Boite:
    return Boite((texte,), haut, hauteur, taille, est_grasse, couleur)
