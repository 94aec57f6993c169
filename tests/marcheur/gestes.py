"""What a person can do to a page: what can be played of it, and the values that it may be given, hostile ones too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import SelectSlider

from mel_core.socle.horloge import aujourd_hui
from pages.commun.emplacement import RACINE
from tests.marcheur.fichiers import BONS, FICHIERS

JOUABLES = (
    *(
        "button",
        "download_button",
        "checkbox",
        "date_input",
        "number_input",
        "selectbox",
        "button_group",
        "multiselect",
    ),
    *("radio", "select_slider", "slider", "text_input", "text_area", "toggle", "file_uploader"),
)
HOSTILES = (
    *(
        "",
        " ",
        "Réserver un T2 sur trois",
        "https://ici.example/bilan?objectif=aci",
        "<b>x</b><script>alert(1)</script>",
        "=1+1",
        "'; drop table x; --",
        "é" * 3000,
    ),
    *("{0} %s {x}", "$x$ _a_ **b** `c`", "ligne\nautre\tsuite", "12,5", "-1", "1e308", "２", "😀", "\u202eabc", "0"),
)


PEU = 20  # options that each say something else; more are places, or people


@dataclass(frozen=True)
class Volet:
    """What runs the page again and AppTest has no way to play: a popover or tabs that open, levers of ours and the
    answers that they ask in advance, marks of a chart and places of a map that are clicked, the size of the window, the
    rows that one ticks of a table, the cells that one writes in it."""

    type: str
    id: str
    label: str
    options: tuple[str, ...] = ()  # tabs; columns that may be written; bounds of levers; places
    n: int = 0  # rows

    @property
    def key(self) -> str:
        return self.label

    def jouer(
        self, tenu: WidgetState | None, sample: Callable[[int], int], choose: Callable[[list[str]], str]
    ) -> WidgetState:
        """`tenu`: what it was given last."""
        match self.type:
            case "popover":
                return WidgetState(id=self.id, bool_value=not (tenu and tenu.bool_value))
            case "tabs":
                return WidgetState(id=self.id, string_value=choose(list(self.options)))
            case "levier":
                valeurs = [self._tirer(bornes, sample) for bornes in self.options]
                dites = (valeurs, valeurs, valeurs, valeurs[1:], None)[sample(5)]
                demande = {"demande": {"valeurs": dites, "question": sample(99)}}
                return WidgetState(id=self.id, json_value=json.dumps(demande))
            case "dizaine":
                valeurs = [self._tirer(bornes, sample) for bornes in self.options]
                demande = {"tenu": sample(len(valeurs) + 1), "dizaine": sample(12) - 1, "valeurs": valeurs, "pour": "1"}
                return self._declencher("dizaine", (demande, demande, demande, None)[sample(4)])
            case "marque":
                return self._declencher("lieu", choose([*self.options, "59000", "<b>x</b>", ""]))
            case "salle":
                return self._declencher("aller", choose([*self.options, "lieu:59000", "x"]))
            case "retour":
                return self._declencher("retour", True)
            case "fenetre":
                vingtiemes = (15 + sample(46), 20, 60, None, "x")[sample(5)]
                return WidgetState(id=self.id, json_value=json.dumps({"vingtiemes": vingtiemes}))
            case "carte":
                objets = [{"properties": {"code": choose([*self.options, "59000"])}}][: sample(3)]
                dit = {"selection": {"indices": {}, "objects": {"lieux": objets} if objets else {}}}
                return WidgetState(id=self.id, string_value=json.dumps(dit))
            case "coches":
                lignes = {"rows": sorted({sample(self.n) for _ in range(sample(4))}), "columns": [], "cells": []}
                return WidgetState(id=self.id, string_value=json.dumps({"selection": lignes}))
            case "cases":
                ecrites = {str(sample(self.n)): {choose(list(self.options)): (sample(30), None)[sample(9) // 8]}}
                dit = {"edited_rows": ecrites, "added_rows": [], "deleted_rows": []}
                return WidgetState(id=self.id, string_value=json.dumps(dit))
            case _:
                raise AssertionError(self.type)

    def _declencher(self, evenement: str, valeur: Any) -> WidgetState:
        """What is said once."""
        dit = json.dumps([{"event": evenement, "value": valeur}])
        return WidgetState(id=_make_trigger_id(self.id, "events"), json_trigger_value=dit)

    @staticmethod
    def _tirer(bornes: str, sample: Callable[[int], int]) -> int | str | None:
        """A value of a lever, or of none."""
        minimum, maximum = map(int, bornes.split())
        dedans = minimum + sample(maximum - minimum + 1)
        return (dedans, dedans, minimum, maximum, minimum - 1, None, "x")[sample(7)]


def playable(arbre: Any) -> list[Any]:
    feuilles = (w for w in feuilles_de(arbre) if w.type in JOUABLES and not getattr(w.proto, "disabled", False))
    return [*feuilles, *_volets(arbre)]


def _volets(bloc: Any) -> Iterator[Volet]:
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            dit = enfant.proto
            if isinstance(dit, Block) and dit.popover.id:
                yield Volet("popover", dit.popover.id, dit.popover.label)
            elif isinstance(dit, Block) and dit.tab_container.id:
                onglets = tuple(t.label for t in enfant.children.values() if getattr(t, "label", ""))
                yield Volet("tabs", dit.tab_container.id, " ".join(onglets), onglets)
            yield from _volets(enfant)
        elif enfant.type == "bidi_component":
            yield from _vivants(enfant.proto)
        elif enfant.type == "deck_gl_json_chart":
            (adresse,) = [c["data"] for c in json.loads(enfant.proto.json)["layers"] if c["id"] == "lieux"]
            formes = json.loads((RACINE / adresse.removeprefix("app/")).read_text(encoding="utf-8"))["features"]
            codes = tuple(forme["properties"]["code"] for forme in formes)
            yield Volet("carte", enfant.proto.id, enfant.proto.id.split("-", 2)[2], codes)
        elif enfant.type == "dataframe" and enfant.proto.id and len(enfant.value):
            reglages = json.loads(enfant.proto.columns or b"{}")
            noms = tuple(c for c in enfant.value.columns if not reglages.get(c, {}).get("disabled"))
            est_ecrite = enfant.proto.editing_mode != enfant.proto.READ_ONLY
            cle = enfant.proto.id.split("-", 2)[2]
            yield Volet("cases" if est_ecrite else "coches", enfant.proto.id, cle, noms, len(enfant.value))


def _vivants(proto: Any) -> Iterator[Volet]:
    """What a person does to our own components: levers held, marks of a chart clicked, the window made larger."""
    lus = json.loads(proto.bytes or b"{}")
    if proto.component_name == "ici_levier":
        bornes = tuple(f"{c['minimum']} {c['maximum']}" for c in lus["curseurs"])
        if bornes:
            yield Volet("levier", proto.id, lus["cle"], bornes)
            yield Volet("dizaine", proto.id, lus["cle"], bornes)
        if lus.get("revient"):
            yield Volet("retour", proto.id, lus["cle"])
    elif proto.component_name == "ici_salle":
        messages = [f"message:{m['cle']}" for m in lus["messages"]]
        lieux = [f"{quoi}:{code}" for code, *_ in lus["lieux"][:3] for quoi in ("lieu", "fiche")]
        lieux += [f"fiche:{code}" for code, *_ in lus["lieux"][-2:]]
        ailleurs = [quoi for quoi, *_ in lus["ailleurs"]]
        allees = [*messages, *lieux, *ailleurs, *(code for code, _ in lus["dessous"]), lus["dessus"]]
        yield Volet("salle", proto.id, "salle", tuple(dict.fromkeys(filter(None, allees))))
    elif proto.component_name == "ici_fenetre":
        yield Volet("fenetre", proto.id, "fenêtre")
    images = (lus.get("etape") or lus).get("images", [])
    if codes := {str(code) for image in images for trace in image["data"] for code in trace.get("ids") or ()}:
        yield Volet("marque", proto.id, "marques", tuple(sorted(codes)))


def feuilles_de(bloc: Any) -> Iterator[Any]:
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            yield from feuilles_de(enfant)
        else:
            yield enfant


def filled(arbre: Any) -> dict[str, list[list[Any]]]:
    """What is filled before each button is clicked, but for where one is: from each button before it to the next."""
    par_bouton, groupes = dict[str, list[list[Any]]](), list[list[Any]]([[]])
    for w in feuilles_de(arbre):
        if w.type in ("button", "download_button"):
            par_bouton[w.id] = [g for g in groupes if g]
            groupes.append([])
        elif w.type in JOUABLES and w.key not in ("seance", "ici") and not getattr(w.proto, "disabled", False):
            groupes[-1].append(w)
    return par_bouton


def held(w: Any) -> str:
    """What a field holds, by and large."""
    match w.type:
        case "file_uploader":
            return " et ".join(nom for _, nom, *_ in w._get_files_to_register())
        case "multiselect":
            return "rien" if not w.value else "tout" if len(w.value) == len(w.options) else "une part"
        case "checkbox" | "toggle":
            return str(w.value)
        case "selectbox" | "radio" if len(w.options) <= PEU:
            return str(w.value)
        case _:
            return "" if w.value in (None, "") else "rempli"


def choices(w: Any) -> Sequence[str]:
    """What a widget may be given, when it is one of a few."""
    return list(FICHIERS) if w.type == "file_uploader" else getattr(w, "options", ())


def give(
    w: Any, sample: Callable[[int], int], choose: Callable[[list[str]], str], *, est_sage: bool = False
) -> str | None:
    """Give a widget a value as a person could (`est_sage`: who means to send the form); what it was, in words, or None
    when nothing can be done with it."""
    match w.type:
        case "button":
            w.click()
            return "clic"
        case "download_button":
            w.click()
            return "téléchargement"
        case "checkbox" | "toggle":
            w.set_value(est_sage or not w.value)
            return str(w.value)
        case "selectbox" | "radio":
            if not w.options:
                return None
            choisi = choose(w.options)
            w.set_value(choisi)
            return choisi
        case "select_slider":
            w.__class__ = _Curseur
            w.dit = w.options[sample(len(w.options))]
            return str(w.dit)
        case "button_group" | "multiselect":
            if not w.options:
                return None
            if w.type == "multiselect" or not w._is_single_select:
                # All of them, one of them, some of them, nothing.
                parts = (1, None, 1 / 3, 0)
                part = parts[sample(len(parts))]
                choisis = [choose(w.options)] if part is None else [o for o in w.options if sample(99) < 99 * part]
                w.set_value(choisis[: getattr(w, "max_selections", 0) or None])
                return str(choisis)
            choisi = choose(w.options)
            w.set_value(choisi)
            return choisi
        case "date_input":
            jours = (w.min, w.max, date(2017, 9, 30), aujourd_hui(), None)
            jour = jours[sample(len(jours) - est_sage)]
            w.set_value(min(max(jour, w.min), w.max) if jour else None)
            return str(jour)
        case "number_input":
            bas, haut = w.min if w.min is not None else -1000, w.max if w.max is not None else 1000
            nombres = (bas, haut, bas + (haut - bas) * sample(101) / 100, None)
            tape = nombres[sample(len(nombres) - est_sage)]
            entier = isinstance(w.value, int) or float(w.step or 1).is_integer()
            w.set_value(int(tape) if tape is not None and entier else tape)
            return str(tape)
        case "slider":
            n = round((w.max - w.min) / w.step) if w.step else 0
            rangs = (0, n, sample(n + 1))
            w.set_value(w.min + rangs[sample(3)] * w.step)
            return str(w.value)
        case "text_input" | "text_area":
            texte = choose(list(HOSTILES)) if not est_sage and sample(2) else "Réserver un T2 sur trois"
            w.set_value(texte[: w.proto.max_chars or None])
            return repr(texte[:40])
        case "file_uploader":
            bons = (
                [nom for nom in BONS if nom.rpartition(".")[2].lower() in w.label.lower()]
                if est_sage and sample(2)
                else []
            )
            noms = [choose(bons or list(FICHIERS)) for _ in range(1 + sample(2) if w.accept_multiple_files else 1)]
            poses = dict.fromkeys(noms[:1] if bons else noms) if sample(4) < 3 else ()
            w.set_value([(nom, FICHIERS[nom], "") for nom in poses])
            return " et ".join(poses) or "rien"
        case _:
            return None


class _Curseur(SelectSlider[Any]):
    """A slider moved to one of its labels, as a browser sends it; AppTest only takes the value behind the label."""

    dit: str

    @property
    def _widget_state(self) -> WidgetState:
        etat = WidgetState(id=self.id)
        etat.string_array_value.data[:] = [self.dit]
        return etat
