"""What a browser alone tells of a picture: where its words are, whether they are whole, what its map shows."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Locator, Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TUILE = 512  # pixels of the world at zoom 0
CARTE = "[data-testid='stDeckGlJsonChart']"
IMAGE = f".figure, {CARTE}"
BULLE = ".deck-tooltip"
ESSAIS = 40  # a sixth of a second each: what a machine without a graphics card takes to draw hundreds of quartiers
_FINESSE = 24  # points looked at across a place, each way

# Texts of charts that leave their frame or the window, and pairs of those that touch.
_FAUTES = """() => [...document.querySelectorAll('.figure .toile')].flatMap((toile) => {
  const cadre = toile.getBoundingClientRect();
  const ecrits = [...toile.querySelectorAll('.main-svg text')].filter((t) => !t.closest('.hoverlayer'));
  const textes = ecrits.filter((t) => t.textContent.trim());
  const lignes = textes.flatMap((t) => {
    const bouts = [...t.querySelectorAll('tspan.line')];
    return bouts.length ? bouts : [t];
  });
  const dits = lignes.map((t) => [t.textContent.trim(), t.getBoundingClientRect()]).filter(([, b]) => b.width);
  const sortis = dits.filter(([, b]) => b.left < cadre.left - 1 || b.right > cadre.right + 1 || b.top < cadre.top - 2
    || b.bottom > cadre.bottom + 2).map(([dit]) => `sort du cadre : ${dit}`);
  // A box of text is higher than what is written in it.
  const couvre = (a, b) => a.left < b.right - 1 && a.top < b.bottom - 0.25 * Math.min(a.height, b.height);
  const meles = dits.flatMap(([un, a], i) =>
    dits.slice(i + 1).filter(([, b]) => couvre(a, b) && couvre(b, a)).map(([autre]) => `${un} × ${autre}`));
  return [...sortis, ...meles];
})"""

# Whether an element is whole on the screen: inside the window, and inside whatever cuts what leaves it.
_COUPE = """(e) => {
  const b = e.getBoundingClientRect();
  const dedans = ({left, right, top, bottom}) =>
    b.left >= left - 1 && b.right <= right + 1 && b.top >= top - 1 && b.bottom <= bottom + 1;
  if (!dedans({left: 0, top: 0, right: innerWidth, bottom: innerHeight})) return 'la fenêtre';
  for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (getComputedStyle(p).overflow !== 'visible' && !dedans(p.getBoundingClientRect()))
      return p.className || p.nodeName;
  return '';
}"""


# Widths of names, in pixels, at their size.
_LARGEURS = """(noms) => {
  const plume = document.createElement('canvas').getContext('2d');
  return noms.map(([dit, corps]) => {
    plume.font = `bold ${corps}px Atkinson, sans-serif`;
    return Math.max(...dit.split('\\n').map((ligne) => plume.measureText(ligne).width));
  });
}"""


def dessine_en_entier(page: Page) -> None:
    """Every word of every chart is inside its frame, and none is written over another."""
    page.wait_for_function("() => [...document.querySelectorAll('.toile')].every((t) => t.querySelector('.main-svg'))")
    fautes = page.evaluate(_FAUTES)
    assert fautes == [], fautes


def coupe_par(page: Page, choix: str) -> str:
    """What cuts this element on the screen, empty when it is whole."""
    return str(page.locator(choix).first.evaluate(_COUPE))


def rvb(ton: str) -> tuple[int, ...]:
    """A colour as the browser says it."""
    return tuple(int(n) for n in re.findall(r"\d+", ton)[:3])


@dataclass(frozen=True)
class Lieu:
    """A place of a map: what it says under the pointer, its polygons, its area in squared degrees of the map."""

    code: str
    dit: str
    polygones: list[list[list[list[float]]]]

    @property
    def aire(self) -> float:
        return sum(abs(_double_aire(polygone[0])) / 2 for polygone in self.polygones)

    @cached_property
    def milieu(self) -> tuple[float, float]:
        """A point well inside of it: the farthest from its edges, of a grid."""
        anneaux = [anneau for polygone in self.polygones for anneau in polygone]
        return max(self.grille, key=lambda p: _distance(p, anneaux))

    @cached_property
    def grille(self) -> list[tuple[float, float]]:
        """Points inside of it."""
        anneaux = [anneau for polygone in self.polygones for anneau in polygone]
        points = [point for anneau in anneaux for point in anneau]
        (x0, x1), (y0, y1) = ((min(c), max(c)) for c in ([p[i] for p in points] for i in (0, 1)))
        rangs = [(i + 0.5) / _FINESSE for i in range(_FINESSE)]
        grille = [(x0 + a * (x1 - x0), y0 + b * (y1 - y0)) for a in rangs for b in rangs]
        return [p for p in grille if _est_dedans(p, anneaux)]


@dataclass(frozen=True)
class Nom:
    """A name written on a map: its middle and its sides, in pixels of the window."""

    dit: str
    x: float
    y: float
    largeur: float
    hauteur: float

    def touche(self, autre: Nom) -> bool:
        est_proche = abs(self.x - autre.x) < (self.largeur + autre.largeur) / 2
        return est_proche and abs(self.y - autre.y) < (self.hauteur + autre.hauteur) / 2

    def est_dans(self, cadre: Locator) -> bool:
        boite = cadre.bounding_box()
        assert boite is not None
        gauche, haut = self.x - boite["x"], self.y - boite["y"]
        return (
            self.largeur / 2 <= gauche <= boite["width"] - self.largeur / 2
            and self.hauteur / 2 <= haut <= boite["height"] - self.hauteur / 2
        )


class Cartes:
    """The map that the page was last asked to draw, as said on the line. To be made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.page, self.demandee, self.dits = page, dict[str, Any](), dict[str, str]()
        self._dites: dict[str, tuple[str, Any]] = {}  # what was said once is not said again in full
        page.on("websocket", self._suivre)

    def _suivre(self, prise: WebSocket) -> None:
        prise.on("framereceived", self._lire)

    def _lire(self, trame: str | bytes) -> None:
        if not isinstance(trame, bytes):
            return
        message = ForwardMsg.FromString(trame)
        element = message.delta.new_element
        if element.WhichOneof("type") == "deck_gl_json_chart":
            self._dites[message.hash] = "demandee", json.loads(element.deck_gl_json_chart.json)
        elif element.bidi_component.component_name == "ici_carte":
            self._dites[message.hash] = "dits", json.loads(element.bidi_component.bytes)["dits"]
        dite = self._dites.get(message.hash) or self._dites.get(message.ref_hash)
        if dite:
            setattr(self, *dite)

    def couche(self, nom: str) -> dict[str, Any]:
        (couche,) = (c for c in self.demandee["layers"] if c["id"] == nom)
        return dict(couche)

    def formes(self) -> list[dict[str, Any]]:
        """The shapes that the map asks for, by address."""
        adresse = urlsplit(self.page.url)
        demandees = self.page.request.get(f"{adresse.scheme}://{adresse.netloc}/{self.couche('lieux')['data']}")
        return list(demandees.json()["features"])

    def lieux(self) -> list[Lieu]:
        """The places that answer the pointer, as their shapes are on the screen."""
        codes = ((f["properties"]["code"], f["geometry"]["coordinates"]) for f in self.formes())
        return [Lieu(code, self.dits[code], polygones) for code, polygones in codes]

    def remplis(self) -> dict[str, tuple[int, ...]]:
        """The tone that is asked for each place."""
        tons = json.loads(self.couche("lieux")["getFillColor"].removeprefix("@@=(").split(")[")[0])
        return {f["properties"]["code"]: tuple(tons[f["properties"]["i"]][:3]) for f in self.formes()}

    def noms(self) -> list[Nom]:
        """The names as they are written while the map stands as it opened, in the font that the page has."""
        couche, echelle = self.couche("noms"), self.echelle()
        ecrits = [(n["dit"], min(n["corps"] * echelle, couche["sizeMaxPixels"]), n["ou"]) for n in couche["data"]]
        largeurs = self.page.evaluate(_LARGEURS, [[dit, corps] for dit, corps, _ in ecrits])
        return [
            Nom(dit, *self.pixel(*ou), largeur, corps * couche["lineHeight"] * (1 + dit.count("\n")))
            for (dit, corps, ou), largeur in zip(ecrits, largeurs, strict=True)
        ]

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point of the world is in the window, while the map stands as it opened."""
        boite = self.page.locator("#deckgl-overlay").first.bounding_box()
        assert boite is not None
        vue, echelle = self.demandee["initialViewState"], self.echelle() * TUILE / 360
        x = boite["x"] + boite["width"] / 2 + (longitude - vue["longitude"]) * echelle
        y = boite["y"] + boite["height"] / 2 - (_mercator(latitude) - _mercator(vue["latitude"])) * echelle
        return x, y

    def echelle(self) -> float:
        """Pixels of one unit of the map."""
        return float(2 ** self.demandee["initialViewState"]["zoom"])

    def pointer(self, longitude: float, latitude: float) -> str:
        """What is said under the pointer there; empty: nothing, long after the map is drawn."""
        x, y = self.pixel(longitude, latitude)
        bulle = self.page.locator(BULLE).first
        for _ in range(ESSAIS):
            self.page.mouse.move(x - 2, y)
            self.page.mouse.move(x, y)
            self.page.wait_for_timeout(150)
            if bulle.is_visible():
                return bulle.inner_text()
        return ""

    def tons(self) -> dict[str, set[tuple[int, ...]]]:
        """The colours that are seen inside each place."""
        self.page.locator(CARTE).scroll_into_view_if_needed()
        with Image.open(io.BytesIO(self.page.screenshot())) as lue:
            vue = lue.convert("RGB")
        x0, y0 = self.pixel(0, 0)
        x1, _ = self.pixel(1, 0)
        vus: dict[str, set[tuple[int, ...]]] = {}
        for lieu in self.lieux():
            pixels = [(x0 + (x1 - x0) * x, y0 - (x1 - x0) * _mercator(y)) for x, y in lieu.grille]
            vus[lieu.code] = {vue.getpixel((round(x), round(y))) for x, y in pixels}
        return vus


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _double_aire(anneau: list[list[float]]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(anneau))


def _est_dedans(point: tuple[float, float], anneaux: list[list[list[float]]]) -> bool:
    x, y = point
    croisees = sum(
        (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for anneau in anneaux
        for (x0, y0), (x1, y1) in pairwise(anneau)
    )
    return croisees % 2 == 1


def _distance(point: tuple[float, float], anneaux: list[list[list[float]]]) -> float:
    """To the nearest edge."""
    bords = (bord for anneau in anneaux for bord in pairwise(anneau))
    return min(_au_bord(point, *debut, *fin) for debut, fin in bords)


def _au_bord(point: tuple[float, float], x0: float, y0: float, x1: float, y1: float) -> float:
    longueur = (x1 - x0) ** 2 + (y1 - y0) ** 2
    t = ((point[0] - x0) * (x1 - x0) + (point[1] - y0) * (y1 - y0)) / longueur if longueur else 0.0
    t = min(1.0, max(0.0, t))
    return math.dist(point, (x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
