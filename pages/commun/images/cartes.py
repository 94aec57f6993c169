"""Every map: places of a layer filled by class, over deck.gl. See pages/adaptateur/cartes.py for where it is put.

The shapes are asked once, by address, and bear their codes alone: what each place says under the pointer is beside the
map (static/images/carte.js). No tiles: a map asks nothing of another site.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import pydeck as pdk

from mel_core.contrat.formes import LieuDeCouche
from pages.commun.images import couleurs, fond
from pages.commun.images.courbes import set_aside
from pages.commun.images.fond import Fond

LIEUX = "lieux"  # the layer that is painted, and answers the pointer
_CORPS, _INTERLIGNE, _LETTRE = 16, 1.15, 0.56  # of a name: pixels, heights of a line, widths of a letter
_ATTENTE_MAX = 1  # times that the map is to double for a name to be written
# Beside a map of a room: how many, how far from it and from one another in heights of a letter.
_NOMMES_MAX, _ECART, _ENTRE = 12, 1.0, 0.6
_PROJETE = 1.25  # in Salle, 16 pixels of a window 768 high are 2.1 % of it: what is looked up takes 2.5 %
# Where a name may be moved to, nearest first: halves of its own width, of its own height.
_COTES = ((0.0, 0.0), *((x, y) for d in (0.5, 1.0) for x, y in ((0, d), (0, -d), (d, 0), (-d, 0), (d, d), (-d, -d))))
_TUILE = 512  # pixels of the world at zoom 0
Boite = tuple[float, float, float, float]  # its middle and half its sides, in pixels of the map as it opens
Trait = tuple[tuple[float, float], tuple[float, float]]  # both its ends: longitude, latitude
_SANS_BORD: Boite = (0.0, 0.0, math.inf, math.inf)
_BULLE = {
    "backgroundColor": couleurs.ENCRE,
    "color": couleurs.PAPIER,
    "fontFamily": "inherit",
    "fontSize": "1rem",
    "borderRadius": "0.3rem",
    "maxWidth": "20rem",
}


@dataclass(frozen=True)
class Nom:
    """What is written on a map: where (longitude, latitude), and how much it counts."""

    ou: tuple[float, float]
    dit: str
    poids: float

    @property
    def a_un_chiffre(self) -> bool:
        return "\n" in self.dit

    @property
    def largeur(self) -> float:
        """In letters' heights."""
        return _LETTRE * max(map(len, self.dit.split("\n"))) + 0.4

    @property
    def hauteur(self) -> float:
        return _INTERLIGNE * (self.dit.count("\n") + 1)


@dataclass(frozen=True, eq=False)
class Carte:
    """`lieux`: `code`, `classe` (of `classes`), `dit` (what is read under the pointer), `etiquette` (what is written on
    it, empty: nothing), `poids` (the labels that count most stand where two would touch), one row per place drawn.

    `classes`: what each is called in the legend, its tone. `legende`: what they say. `traits`: over the places, the
    outline of other layers: their shapes, their codes, tone and width. `communes`: over all, those to name: code, name,
    weight.
    """

    fond: Fond
    lieux: pd.DataFrame
    classes: Mapping[str, str]
    titre: str
    lecture: str
    legende: str
    traits: Sequence[tuple[Fond, Collection[str], str, float]] = ()
    communes: Sequence[tuple[str, str, float]] = ()

    @lru_cache(maxsize=256)  # noqa: B019 - by map: what is kept is what is shown again
    def deck(self, largeur: float, hauteur: float, grandeur: float = 1.0, *, est_projete: bool = False) -> pdk.Deck:
        """The map in an area of so many pixels; `grandeur`: of what is written on it, 1 in a window 1366 wide. A room
        does not bring a map nearer: `est_projete`, fewer names, each at a size that it reads."""
        connus = self.lieux[self.lieux["code"].isin(self.fond.lieux)]
        lieux = [self.fond.lieux[c] for c in connus["code"]]
        vue, bords = _vue(lieux, largeur, hauteur), [x for lieu in lieux for x in (lieu.ouest, lieu.est)]
        couches = [
            _lieux(self.fond, dict(zip(connus["code"], connus["classe"].map(self.classes), strict=True))),
            _trait("bords", self.fond, connus["code"], couleurs.FILET, 1),
            *(_trait(f"trait_{i}", *trait) for i, trait in enumerate(self.traits)),
            *_noms(
                self._ecrits(connus), vue, (largeur, hauteur), grandeur, bords if est_projete and connus.size else None
            ),
        ]
        bulle = {"html": '<span data-lieu="{code}"></span>', "style": _BULLE}
        deck = pdk.Deck(layers=couches, initial_view_state=vue, map_provider=None, tooltip=bulle)
        # Written once for all those who see it, without the four characters in five that indent it.
        ecrit = json.dumps(json.loads(deck.to_json()), ensure_ascii=False, separators=(",", ":"))
        deck.to_json = lambda: ecrit
        return deck

    def _ecrits(self, connus: pd.DataFrame) -> list[Nom]:
        nommes = zip(connus["code"], connus["etiquette"], connus["poids"], strict=True)
        siens = [(self.fond.lieux[code], dit, poids) for code, dit, poids in nommes if dit]
        chefs = fond.communes().lieux
        siens += [(chefs[code], nom, poids) for code, nom, poids in self.communes if code in chefs]
        return [Nom((x.longitude, x.latitude), dit, float(poids)) for x, dit, poids in siens]

    def dits(self) -> dict[str, str]:
        """What each place drawn says under the pointer, whole, however small it is."""
        connus = self.lieux[self.lieux["code"].isin(self.fond.lieux)]
        return dict(zip(connus["code"], connus["dit"], strict=True))

    def cartouche(self) -> str:
        """The legend, as HTML: the classes that are on the map, and their tones."""
        dessinees = set(self.lieux["classe"])
        entrees = "".join(
            f'<li><span style="background:{ton}"></span>{escape(nom)}</li>'
            for nom, ton in self.classes.items()
            if nom in dessinees
        )
        return f'<div class="cartouche"><strong>{escape(self.legende)}</strong><ul>{entrees}</ul></div>'


def communes(lieux: pd.DataFrame, classes: Mapping[str, str], titre: str, lecture: str, legende: str) -> Carte:
    """The communes of the perimeter; see `Carte`."""
    return Carte(fond.communes(), lieux, classes, titre, lecture, legende)


def _lieux(fond_: Fond, tons: Mapping[str, str]) -> pdk.Layer:
    """`tons`: of each place drawn, by code."""
    remplis = [couleurs.rvb(tons[code]) for code in sorted(tons)]
    return pdk.Layer(
        "GeoJsonLayer",
        id=LIEUX,
        data=fond_.formes(tons),
        get_fill_color=f"({json.dumps(remplis, separators=(',', ':'))})[properties.i]",
        stroked=False,
        pickable=True,
        auto_highlight=True,
        highlight_color=[*couleurs.rvb(couleurs.ENCRE), 60],
    )


def _trait(nom: str, fond_: Fond, codes: Iterable[str], ton: str, epaisseur: float) -> pdk.Layer:
    return pdk.Layer(
        "GeoJsonLayer",
        id=nom,
        data=fond_.bords(codes),
        get_line_color=couleurs.rvb(ton),
        get_line_width=epaisseur,
        line_width_units=pdk.types.String("pixels"),
    )


def _noms(
    ecrits: Sequence[Nom],
    vue: pdk.ViewState,
    surface: tuple[float, float],
    grandeur: float,
    bords: Sequence[float] | None,
) -> list[pdk.Layer]:
    """Names at their size once there is room for them (see `place`), smaller before. `bords`: the longitudes of what a
    room sees, whose names with a figure are beside the map, each joined to its place (see `beside`)."""
    grandeur *= 1 if bords is None else _PROJETE
    attente_max = _ATTENTE_MAX if bords is None else 0
    pixels = _TUILE * 2**vue.zoom / 360
    milieu, demi = (vue.longitude * pixels, _mercator(vue.latitude) * pixels), (surface[0] / 2, surface[1] / 2)
    chiffres = [nom for nom in ecrits if nom.a_un_chiffre and bords]
    renvois = beside(chiffres, (min(bords), max(bords)), (*milieu, *demi), pixels, grandeur) if bords else []
    places = place([n for n in ecrits if n not in chiffres], vue.zoom, grandeur, (*milieu, *demi), attente_max)
    lignes = [
        {"ou": list(nom.ou), "dit": nom.dit, "corps": _CORPS * grandeur / 2 ** (vue.zoom + attente)}
        for nom, attente in [*((nom, 0) for nom, _ in renvois), *places]
    ]
    return [*([_renvois(renvois)] if renvois else []), _textes(lignes, grandeur)]


def _renvois(renvois: Sequence[tuple[Nom, Trait]]) -> pdk.Layer:
    """From each name to its place."""
    return pdk.Layer(
        "LineLayer",
        id="renvois",
        data=[{"de": list(de), "a": list(a)} for _, (de, a) in renvois],
        get_source_position="de",
        get_target_position="a",
        get_color=couleurs.rvb(couleurs.ENCRE),
        get_width=2,
    )


def _textes(lignes: list[dict[str, Any]], grandeur: float) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        id="noms",
        data=lignes,
        get_position="ou",
        get_text="dit",
        get_size="corps",
        size_units=pdk.types.String("common"),
        size_max_pixels=_CORPS * grandeur,
        get_color=couleurs.rvb(couleurs.ENCRE),
        line_height=_INTERLIGNE,
        font_family=pdk.types.String("Atkinson, sans-serif"),
        font_weight=pdk.types.String("bold"),
        font_settings={"sdf": True, "fontSize": 64, "buffer": 16, "radius": 24},
        character_set=pdk.types.String("auto"),
        outline_width=11,
        outline_color=couleurs.rvb(couleurs.PAPIER),
    )


def place(
    noms: Sequence[Nom], zoom: float, grandeur: float, cadre: Boite = _SANS_BORD, attente_max: int = _ATTENTE_MAX
) -> list[tuple[Nom, int]]:
    """Names that never touch nor leave `cadre` (what is seen as the map opens), the heaviest first, each with how many
    times the map is to double before it is at its size; those that `attente_max` is not enough for are left to the
    pointer. A map that nobody brings nearer (0) moves a name aside rather than leave it."""
    places: list[tuple[Nom, int]] = []
    boites = np.empty((0, _ATTENTE_MAX + 1, 4))  # of those placed, at each doubling: where, half width, half height
    for nom in sorted(noms, key=lambda n: -n.poids):
        essais = [(nom, attente) for attente in range(attente_max + 1)]
        if not attente_max:
            essais = [(aside(nom, cotes, zoom, grandeur), 0) for cotes in _COTES]
        for essaye, attente in essais:
            boite = _boites(essaye, attente, zoom, grandeur)
            ecarts = np.abs(boites[:, :, :2] - boite[:, :2]) < boites[:, :, 2:] + boite[:, 2:]
            est_entier = (np.abs(boite[0, :2] - cadre[:2]) + boite[0, 2:] <= cadre[2:]).all()
            if est_entier and not ecarts.all(axis=2).any():
                places.append((essaye, attente))
                boites = np.concatenate([boites, boite[None]])
                break
    return places


def beside(
    noms: Sequence[Nom], bords: tuple[float, float], cadre: Boite, pixels: float, grandeur: float
) -> list[tuple[Nom, Trait]]:
    """Names on both sides of a map whose longitudes go from one of `bords` to the other, those heavier than any that
    finds no room (of equals alone, as many as there is room for), each with the line that joins it to its place: over
    one smaller than itself, it would be over its neighbours. None leaves `cadre` (in `pixels` a degree), and they are
    from top to bottom as their places are."""
    x0, y0, demi_largeur, demi_hauteur = cadre
    corps = _CORPS * grandeur
    pas = corps * (max((nom.hauteur for nom in noms), default=1.0) + _ENTRE)
    place_par_cote = int(2 * demi_hauteur / pas)
    cotes: dict[int, list[Nom]] = {-1: [], 1: []}
    ranges = sorted(noms, key=lambda n: -n.poids)
    n_places = min(_NOMMES_MAX, 2 * place_par_cote)
    tu = max((nom.poids for nom in ranges[n_places:]), default=-math.inf)
    for nom in [nom for nom in ranges[:n_places] if nom.poids > tu] or ranges[:n_places]:
        sien = -1 if nom.ou[0] * pixels < x0 else 1
        cotes[sien if len(cotes[sien]) < place_par_cote else -sien].append(nom)
    renvois = []
    for cote, siens in cotes.items():
        siens.sort(key=lambda n: n.ou[1])
        hauteurs = sorted(set_aside([_mercator(nom.ou[1]) * pixels for nom in siens], pas))
        bas, haut, n = y0 - demi_hauteur + pas / 2, y0 + demi_hauteur - pas / 2, len(siens)
        for rang, (nom, voulue) in enumerate(zip(siens, hauteurs, strict=True)):
            y = min(max(voulue, bas + rang * pas), haut - (n - 1 - rang) * pas)
            demi = corps * nom.largeur / 2
            x = bords[cote > 0] * pixels + cote * (_ECART * corps + demi)
            x = min(max(x, x0 - demi_largeur + demi), x0 + demi_largeur - demi)
            latitude = _latitude(y / pixels)
            bout = ((x - cote * demi) / pixels, latitude)
            renvois.append((replace(nom, ou=(x / pixels, latitude)), (bout, nom.ou)))
    return renvois


def aside(nom: Nom, cotes: tuple[float, float], zoom: float, grandeur: float) -> Nom:
    """The same name, moved by so many halves of its own width and height."""
    degres = 360 / (_TUILE * 2**zoom) * _CORPS * grandeur / 2
    x = nom.ou[0] + cotes[0] * nom.largeur * degres
    y = _mercator(nom.ou[1]) + cotes[1] * nom.hauteur * degres
    return replace(nom, ou=(x, _latitude(y)))


def _boites(nom: Nom, attente: int, zoom: float, grandeur: float) -> np.ndarray:
    """What a name takes on the map as it opens, then each time that it doubles: its middle and half its sides."""
    x, y = nom.ou[0], _mercator(nom.ou[1])
    vues = []
    for double in range(_ATTENTE_MAX + 1):
        pixels, corps = _TUILE * 2 ** (zoom + double) / 360, _CORPS * grandeur / 2 ** max(0, attente - double)
        vues.append((x * pixels, y * pixels, corps * nom.largeur / 2, corps * nom.hauteur / 2))
    return np.array(vues)


def _vue(lieux: Sequence[LieuDeCouche], largeur: float, hauteur: float) -> pdk.ViewState:
    """Where the map opens: every place fits."""
    if not lieux:
        lieux = list(fond.communes().lieux.values())
    ouest, est = min(x.ouest for x in lieux), max(x.est for x in lieux)
    sud, nord = (_mercator(y) for y in (min(x.sud for x in lieux), max(x.nord for x in lieux)))
    zoom = min(
        math.log2(0.94 * largeur * 360 / (_TUILE * (est - ouest))),
        math.log2(0.94 * hauteur * 360 / (_TUILE * (nord - sud))),
    )
    return pdk.ViewState(
        longitude=(ouest + est) / 2,
        latitude=(min(x.sud for x in lieux) + max(x.nord for x in lieux)) / 2,
        zoom=zoom,
        min_zoom=zoom - 1,
        max_zoom=zoom + 6,
    )


def _mercator(latitude: float) -> float:
    """The ordinate of a latitude on the map, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(ordonnee: float) -> float:
    """The latitude of an ordinate: see `_mercator`."""
    return math.degrees(2 * math.atan(math.exp(math.radians(ordonnee))) - math.pi / 2)
