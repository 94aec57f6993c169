"""The deck of a séance, whatever its file: a slide per message of the day, its sentence, its picture. A chart shows the
lines of which something is said; else how many are on each side of the target."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from reportlab.lib.units import cm

from mel_core.dossier.carte_dossier import CarteDessinee
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import Tableau
from mel_core.dossier.polices import MESUREES, wrap
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.indicateurs.phrases_constats import COTES, ECARTES, ecart_de, say_cote, verdict_de
from mel_core.indicateurs.phrases_vues import lignes_montrees, nommes
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR, RESSOURCES
from mel_core.socle.cibles import est_en_nombre

LIGNES_MAX = 12
_COTES_NETS = ("au-dessus", "au-dessous")
# What a bar is filled with, what is written on it: told apart in grey, each from the next.
TONS_CLASSES = ("0B3D91", "6E9BD8", "F2B27A", "8F3F00", "C3CCD9")
TONS = ("0B3D91", "B4BECB")
TONS_DES_COTES = ("8F3F00", "CAD3DE", "0B3D91", "EEF2F7")  # above, too near to tell, below, too few to tell
TONS_CLAIRS = frozenset({"6E9BD8", "F2B27A", "C3CCD9", "B4BECB", "CAD3DE", "EEF2F7"})
ENCRE, ENCRE_DOUCE, FOND = "0F1B2D", "3A4759", "EEF2F7"


class Nombre(StrEnum):
    """How the figures of a series are written: the format that a spreadsheet gives them."""

    PART = "0 %"  # « 61 % », with the decimal sign of the reader's own system
    PART_FINE = "0.0 %"
    EFFECTIF = "[>=1000000]# ### ##0;[>=1000]# ##0;0"  # « 5 770 », whatever separates thousands on the reader's system
    DECIMAL = "General"  # « 9 », « 9,5 »: « 0.# » leaves its sign, « 9, »

    def say(self, valeur: float) -> str:
        """The same in words, where no spreadsheet writes it."""
        if self in (Nombre.PART, Nombre.PART_FINE):
            return langue.part(valeur)
        return langue.nombre(valeur, 0 if langue.est_entier(valeur) else 1)


@dataclass(frozen=True)
class Serie:
    """One figure per category; None where nothing is said. `est_objectif`: what the first series is held to."""

    nom: str
    valeurs: tuple[float | None, ...]
    nombre: Nombre = Nombre.PART
    est_objectif: bool = False

    @property
    def nom_dit(self) -> str:
        """`Objectif : 45 %` when all have the same; else each line says its own."""
        dits = {self.nombre.say(v) for v in self.valeurs if v is not None}
        return f"{self.nom}\u00a0: {dits.pop()}" if self.est_objectif and len(dits) == 1 else self.nom


@dataclass(frozen=True)
class Dessin:
    """Bars, a category each. `sont_empilees`: the series of a category make one bar; `tons`: of each series, where they
    are not the usual ones."""

    nom: str
    categories: tuple[str, ...]
    series: tuple[Serie, ...]
    sont_empilees: bool = False
    tons: tuple[str, ...] = ()

    @property
    def couleurs(self) -> tuple[tuple[str, str], ...]:
        """Of each series: what a bar is filled with, what is written on it."""
        tons = self.tons or (TONS_CLASSES if self.sont_empilees else TONS)
        return tuple((ton, ENCRE if ton in TONS_CLAIRS else "FFFFFF") for ton in tons)

    @property
    def n_barres(self) -> int:
        return len(self.categories) * (1 if self.sont_empilees else len(self.series))

    @property
    def objectif(self) -> Serie | None:
        return next((s for s in self.series if s.est_objectif), None)

    def say(self, serie: Serie, rang: int) -> str:
        """What a bar is worth; the first of its category, its objective too where that of others differs."""
        valeur, objectif = serie.valeurs[rang], self.objectif
        dite = "" if valeur is None else serie.nombre.say(valeur)
        cible = objectif.valeurs[rang] if objectif else None
        if serie is self.series[0] and objectif and cible is not None and len({*objectif.valeurs} - {None}) > 1:
            dite += f" (objectif\u00a0: {objectif.nombre.say(cible)})"
        return dite

    @property
    def maximum(self) -> float:
        """The longest bar."""
        if self.sont_empilees:
            barres = zip(*(s.valeurs for s in self.series), strict=True)
            return max((sum(filter(None, barre)) for barre in barres), default=0)
        return max((v for s in self.series for v in s.valeurs if v is not None), default=0)

    @property
    def echelle(self) -> float:
        """Where the axis ends: at the longest bar, or at the hundred per cent that classes share.

        Never to 100 % by the chart itself: where a class is not said, the others would fill its place."""
        est_part = self.series[0].nombre in (Nombre.PART, Nombre.PART_FINE)
        return 1.0 if est_part and self.sont_empilees else self.maximum or 1.0


def _cotes(tableau: Tableau) -> dict[str, int]:
    """How many lines are on each side of their objective; nothing where no side is said."""
    trouves = list(tableau.lignes["cote"]) if "cote" in tableau.lignes else []
    return {cote: trouves.count(cote) for cote in COTES} if any(c in COTES for c in trouves) else {}


def montrees(tableau: Tableau) -> pd.DataFrame:
    """The lines drawn: the first ones of the table of which something is said, places by their gap, else by their
    share; of relogements, where there is one."""
    lignes, dessinee = tableau.lignes, tableau.point.image.colonne
    dites = (v > 0 if dessinee == "numerateur" else pd.notna(v) for v in lignes[dessinee])
    lignes = lignes[np.fromiter(dites, dtype=bool, count=len(lignes))]
    if tableau.point.image is ImageBilan.PARTS and tableau.point.est_par_lieu:
        lignes = lignes.iloc[sorted(range(len(lignes)), key=lambda i: _rang(lignes.iloc[i]))]
    gardees = lignes["nom"].drop_duplicates().head(LIGNES_MAX)
    # One place of a hundred is no picture of them, when the side of others is said.
    est_seule = len(gardees) == 1 < sum(_cotes(tableau).values())
    if est_seule and tableau.point.est_par_lieu:
        return lignes[:0]
    return lignes[lignes["nom"].isin(gardees)]


def _rang(ligne: pd.Series) -> tuple[float, bool, float]:
    """The farthest first; of those whose gap is not said, one that is off its objective."""
    if pd.isna(ligne["cible"]):
        return 0.0, False, -ligne["part"]
    return -ecart_de(ligne).taille, verdict_de(ligne) not in ECARTES, 0.0


def reserves(tableau: Tableau) -> list[str]:
    """What the picture leaves out."""
    toutes, vues = tableau.lignes["nom"].nunique(), montrees(tableau)["nom"].nunique()
    if toutes == vues:
        return []
    if vues == 0:
        return ["ligne par ligne dans le classeur"]
    if tableau.point.coupe not in ("commune", "bailleur"):
        return [lignes_montrees(vues, toutes)]
    autres = tableau.lignes[~tableau.lignes["nom"].isin(montrees(tableau)["nom"])].drop_duplicates("nom")
    dits = [(x["nom"], say_cote(x["cote"], "") if x.get("cote") in _COTES_NETS else "") for _, x in autres.iterrows()]
    return [nommes(tableau.point.coupe, dits).rstrip(".")]


def dessin_de(tableau: Tableau) -> Dessin | None:
    """None where there is nothing to draw."""
    lignes, coupe = montrees(tableau), COUPES_DITES[tableau.point.coupe][1].lower()
    nom = f"{tableau.point.titre}, {coupe}"
    if lignes.empty:
        cotes = _cotes(tableau)
        if not cotes:
            return None
        dits = tuple(say_cote(c, tableau.point.repere).capitalize() for c in cotes)
        return Dessin(nom, dits, (serie(f"Nombre de {coupe}s", list(cotes.values()), Nombre.EFFECTIF),))
    categories = tuple(categorie(x) for _, x in lignes.drop_duplicates("nom").iterrows())
    series = tuple(_series(tableau, lignes))
    if len(categories) == len(series) == 1:
        return None  # the sentence says it better than one bar
    return Dessin(nom, categories, series, tableau.point.image is ImageBilan.CLASSES)


def categorie(ligne: pd.Series) -> str:
    """With what its bar is a share of (of a distribution, whose classes hold what is unknown, all of them), and the
    band that no line draws."""
    cible, bande = ligne.get("cible"), ligne.get("bande")
    visee = ""
    if cible is not None and bande is not None and pd.notna(cible) and pd.notna(bande):
        visee = f", de {langue.part(max(0.0, cible - bande))} à {langue.part(min(1.0, cible + bande))} visés"
    gap = ecart_de(ligne).dit() if "ecart_trop" in ligne and ecart_de(ligne).taille else ""
    return f"{ligne['nom']}{visee}{f', {gap}' if gap else ''} (n = {langue.nombre(ligne['n_connus'])})"


def serie(
    nom: str, valeurs: Sequence[float | None], nombre: Nombre = Nombre.PART, *, est_objectif: bool = False
) -> Serie:
    """What is not said, and an objective that a line does not have, leave a gap."""
    lus = (math.nan if v is None else float(v) for v in valeurs)
    return Serie(nom, tuple(None if math.isnan(lu) else lu for lu in lus), nombre, est_objectif)


def _series(tableau: Tableau, lignes: pd.DataFrame) -> list[Serie]:
    image = tableau.point.image
    if image is ImageBilan.CLASSES:
        par_classe = {c: g.set_index("nom")["part"] for c, g in lignes.groupby("classe", sort=False)}
        ordre = list(lignes["nom"].drop_duplicates())
        return [serie(dit, list(par_classe[c].reindex(ordre))) for c, dit in RESSOURCES.items() if c in par_classe]
    if image is ImageBilan.EFFECTIFS:
        return [serie("Relogements", list(lignes["numerateur"]), Nombre.EFFECTIF)]
    if image is ImageBilan.DELAIS:
        return [
            serie("Médiane (mois)", _round_off(lignes["mediane_mois"]), Nombre.DECIMAL),
            serie("Neuf sur dix (mois)", _round_off(lignes["p90_mois"]), Nombre.DECIMAL),
        ]
    if image is ImageBilan.PAIRES:
        return [
            serie("Entrants modestes", list(lignes["part"])),
            serie("Occupants modestes", list(lignes["part_occupants"])),
        ]
    series = [serie("Part constatée", list(lignes["part"]))]
    cible = lignes["cible"].mask(lignes["bande"].notna()) if "bande" in lignes else lignes["cible"]
    if cible.notna().any() and not lignes.apply(est_en_nombre, axis=1).any():
        est_entiere = all(langue.est_entier(100 * c) for c in cible.dropna())
        nombre = Nombre.PART if est_entiere else Nombre.PART_FINE
        series.append(serie("Objectif", list(cible), nombre, est_objectif=True))
    return series


def _round_off(mois: pd.Series) -> list[float]:
    """To a tenth, as the sentences and the tables say."""
    return [float(langue.round_off(m, 1)) if pd.notna(m) else m for m in mois]


# In cm: a page, its margin, the band at its foot, the box of a chart (from the top, as high as).
LARGEUR, HAUTEUR, MARGE, BANDE = 33.867, 19.05, 1.2, 1.3
PLEINE = LARGEUR - 2 * MARGE
DESSIN = (5.1, 11.2)


def place() -> tuple[float, float]:
    """Of a picture: how wide and how high."""
    return PLEINE, DESSIN[1]


_PHRASE, _SOUS_L_IMAGE, _PUCES = (1.7, 3.4), (16.3, 1.45), 2.4  # from the top, as high as; the top of what is alone
_CORPS_DU_TITRE, _CORPS_DE_LA_PHRASE, _CORPS_SOUS_L_IMAGE = (20, 17, 15), (24, 20, 18, 16, 14), (14, 12, 11)
_CORPS_DES_PUCES, _APRES, _PUCES_PAR_PAGE = (28, 24, 20, 18), 10, 6
_INTERLIGNE, _BORDS = 1.2, 0.26  # of a line; cm, what a box leaves above and under


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
    est_titre: bool = False  # what a reader of slides calls the page


def _hold(textes: Sequence[str], corps: int, hauteur: float, *, est_grasse: bool = False, apres: int = 0) -> bool:
    """Whether they hold in a box of this height, where a word processor writes them."""
    n_lignes = sum(len(wrap(texte, PLEINE * cm, corps, MESUREES[est_grasse])) for texte in textes)
    return n_lignes * _INTERLIGNE * corps + len(textes) * apres <= (hauteur - _BORDS) * cm


def _largest(tailles: Sequence[int], textes: Sequence[str], hauteur: float, **autres: Any) -> int:
    """The largest at which they hold: two lines of the smallest would leave the page empty."""
    return next((corps for corps in tailles if _hold(textes, corps, hauteur, **autres)), tailles[-1])


@dataclass(frozen=True)
class Diapositive:
    """`titre`: what it is in a list of them. `notes`: what travels with it, and is not shown."""

    titre: str
    boites: tuple[Boite, ...]
    dessin: Dessin | CarteDessinee | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageDuJour:
    """What a message of the day says on a slide: its `titre` (the slot and what it shows, to which the deck adds the
    place), its sentence, its picture and what is written under it; `puces`: what is said besides."""

    titre: str
    phrase: str = ""
    dessin: Dessin | CarteDessinee | None = None
    compte: str = ""
    puces: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deck:
    contexte: Contexte
    pages: tuple[Diapositive, ...]


def compose(contexte: Contexte, pages: Sequence[PageDuJour]) -> Deck:
    """Its cover, then the pages of the day, in their order."""
    dites = [_couverture(contexte), *(dessinee for page in pages for dessinee in _dessine(contexte, page))]
    return Deck(contexte, tuple(_with_foot(contexte, page, rang) for rang, page in enumerate(dites, start=1)))


def _dessine(contexte: Contexte, page: PageDuJour) -> Iterator[Diapositive]:
    """What is said beside a picture is under it where two lines hold it, else on the next page."""
    dites = " ".join(filter(None, (page.compte, *page.puces)))
    if page.dessin and _hold([dites], _CORPS_SOUS_L_IMAGE[-1], _SOUS_L_IMAGE[1]):
        yield _diapositive(contexte, replace(page, compte=dites, puces=()))
    elif page.dessin and page.puces:
        yield _diapositive(contexte, replace(page, puces=()))
        yield from _dessine(contexte, replace(page, phrase="", dessin=None, compte=""))
    else:
        for liste in distribute(page.puces, _haut_des_puces(page)) or [[]]:
            yield _diapositive(contexte, replace(page, puces=tuple(liste)))


def _couverture(contexte: Contexte) -> Diapositive:
    titre = f"{contexte.ici} · {langue.seance(contexte.seance)}"
    quand = f" du {langue.jour(contexte.tenue)}" if contexte.tenue else ""
    dite = f"Instance de coordination intercommunale{quand}" + (f", {contexte.lieu}" if contexte.lieu else "")
    return Diapositive(
        contexte.titre,
        (
            Boite((titre,), 6.6, 2.6, 44, est_grasse=True, est_titre=True),
            Boite((EDITEUR,), 1.6, 1.4, 20, est_grasse=True),
            Boite((dite,), 4.2, 2.4, _largest((24, 16), [dite], 2.4), couleur=ENCRE_DOUCE),
            Boite((contexte.perimetre,), 9.6, 2.4, 20),
            Boite(("La séance, message après message",), 12.4, 1.4, 20),
            Boite((f"{reader().dite}.",), 14.2, 1.2, 16, couleur=ENCRE_DOUCE),
        ),
    )


def _haut_des_puces(page: PageDuJour) -> float:
    return DESSIN[0] if page.phrase else _PUCES


def distribute(liste: Sequence[str], haut: float = _PUCES) -> list[list[str]]:
    """What holds on each page: a decision with its reserves takes several lines, none runs into the foot."""
    pages: list[list[str]] = []
    for phrase in liste:
        essai = [*(pages[-1] if pages else ()), phrase]
        tient = _hold(essai, _CORPS_DES_PUCES[-1], HAUTEUR - BANDE - haut, apres=_APRES)
        if pages and tient and len(essai) <= _PUCES_PAR_PAGE:
            pages[-1] = essai
        else:
            pages.append([phrase])
    return pages


def _diapositive(contexte: Contexte, page: PageDuJour) -> Diapositive:
    """Its title, its sentence, then its picture and what is under it, or what is said instead."""
    dit = f"{contexte.ici} · {page.titre}"
    boites = [Boite((dit,), 0.5, 1.1, _largest(_CORPS_DU_TITRE, [dit], 1.2), couleur=ENCRE_DOUCE, est_titre=True)]
    if page.phrase:
        boites.append(Boite((page.phrase,), *_PHRASE, corps_de(page.phrase), est_grasse=True))
    if page.compte:
        corps = _largest(_CORPS_SOUS_L_IMAGE, [page.compte], _SOUS_L_IMAGE[1])
        boites.append(Boite((page.compte,), *_SOUS_L_IMAGE, corps, couleur=ENCRE_DOUCE))
    if page.puces:
        haut, dites = _haut_des_puces(page), tuple(f"— {une}" for une in page.puces)
        hauteur = HAUTEUR - BANDE - haut
        corps = _largest(_CORPS_DES_PUCES, dites, hauteur, apres=_APRES)
        boites.append(Boite(dites, haut, hauteur, corps, apres=_APRES))
    return Diapositive(dit, tuple(boites), page.dessin, page.notes)


def corps_de(phrase: str) -> int:
    """The size at which a sentence holds above its chart: three lines of the largest, five of the smallest."""
    return _largest(_CORPS_DE_LA_PHRASE, [phrase], _PHRASE[1], est_grasse=True)


def notes_de(tableau: Tableau, contexte: Contexte) -> tuple[str, ...]:
    """« Pourquoi ce chiffre ? » travels with the slide."""
    indicateur = INDICATEURS[tableau.point.indicateur]
    return (
        "Pourquoi ce chiffre ?",
        indicateur.definition,
        f"Numérateur : {indicateur.numerateur_dit}. Dénominateur : {indicateur.denominateur_dit}.",
        f"Référence : {tableau.reference}. Source : {indicateur.source}.",
        f"{contexte.perimetre}. {contexte.publication}.",
    )


def _with_foot(contexte: Contexte, page: Diapositive, rang: int) -> Diapositive:
    pied = f"{contexte.ici} · {contexte.perimetre.split(' · ')[0]} · {contexte.publication} · {rang}"
    return Diapositive(page.titre, (*page.boites, Boite((pied,), HAUTEUR - 1.2, 1, 12)), page.dessin, page.notes)
