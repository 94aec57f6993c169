"""The levers of a page as a person has them: what they say, and a hand that moves some (see pages/commun/levier.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import count
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.mots import simple

_questions = count(1000)  # a hand asks hundreds


def _places(essai: AppTest) -> Iterator[tuple[str, dict[str, Any]]]:
    for composant in essai.get("bidi_component"):
        if composant.proto.component_name == "ici_levier":
            yield composant.proto.id, json.loads(composant.proto.bytes)


def messages(essai: AppTest) -> list[dict[str, Any]]:
    """What the page reads of each piece of levers."""
    return [message for _, message in _places(essai)]


def curseurs(essai: AppTest) -> dict[str, int]:
    """Where each lever stands, by what it is called."""
    return {
        curseur["libelle"]: valeur
        for message in messages(essai)
        for curseur, valeur in zip(message["curseurs"], message["etape"]["valeurs"], strict=True)
    }


def pull(essai: AppTest, valeurs: Mapping[str, int]) -> AppTest:
    """A hand on levers, by what each is called: what their piece then asks of the page, with what else was moved."""
    etats = essai._tree.get_widget_states()
    for identifiant, message in _places(essai):
        noms = [curseur["libelle"] for curseur in message["curseurs"]]
        tenues = [valeurs.get(nom, v) for nom, v in zip(noms, message["etape"]["valeurs"], strict=True)]
        demande = {"valeurs": tenues, "question": next(_questions)}
        etats.widgets.append(WidgetState(id=identifiant, json_value=json.dumps({"demande": demande})))
    assert set(valeurs) <= set(curseurs(essai))
    return essai._run(etats)


def ask_ahead(essai: AppTest, tenu: int, dizaine: int) -> Any:
    """What the page asks for before a hand moves the lever `tenu` of its one piece: the answers of ten values, the
    others where they stand. None: they are not told ahead."""
    ((identifiant, message),) = _places(essai)
    demande = {"tenu": tenu, "dizaine": dizaine, "valeurs": message["etape"]["valeurs"], "pour": "7"}
    etats = essai._tree.get_widget_states()
    dit = json.dumps([{"event": "dizaine", "value": demande}])
    etats.widgets.append(WidgetState(id=_make_trigger_id(identifiant, "events"), json_trigger_value=dit))
    essai._run(etats)
    return messages(essai)[0]["lues"]


def dit(essai: AppTest) -> str:
    """The sentences of a page, its bold between stars, wherever they stand: under the frame, or under a lever."""
    demandes = [m for h in essai.get("html") for m in _DEMANDE.findall(h.proto.body)]
    sous_la_main = [message["etape"]["reponse"] for message in messages(essai)]
    dits = [*(m.value for m in essai.markdown), *map(_en_markdown, [*demandes, *sous_la_main])]
    return re.sub(" +", " ", " ".join(dits))


def lu(essai: AppTest) -> str:
    """The same with ordinary spaces."""
    return simple(dit(essai))


_DEMANDE = re.compile(r'<p class="demande">.*?</p>', re.DOTALL)


def _en_markdown(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?b>", "**", html)))
