"""`python -m tests.perf.foule [--personnes 100] [--page NOM]`: many people who each move a lever every two seconds.

The demonstration against a page of one slider and one number, in the same run: from the question of a lever to the end
of its answer, as a browser would receive it, without the browser; what an answer weighs, what it costs the server, what
a person takes of its memory. Every value was answered once before: what is measured is a room, not the first of a day.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from mel_core.cli.commandes import principal as ici
from tests.navigateur.conftest import demarrer, wait_until_up
from tests.perf.curseur import VIDE, say

RYTHME_S = 2.0
PAGES = {
    "bilan, équilibre": ("", "ici=ICI%202&objectif=equilibre&coupe=levier"),
    "bilan, ACI": ("", "ici=ICI%202&objectif=aci&coupe=levier"),
    "simuler, équilibre": ("simuler", "ici=ICI%202&seance=2017S2&simulation=equilibre"),
    "simuler, convergence": ("simuler", "ici=ICI%202&seance=2017S2&simulation=convergence"),
}


class Personne:
    """A page open on a lever. `octets`: received since it was last set to 0."""

    def __init__(self, prise: ClientConnection) -> None:
        self.prise, self.octets, self.question = prise, 0, 0
        self.page, self.levier, self.fragment, self.valeurs = "", "", "", [50]
        self.est_relue = False

    async def open(self, page: str, adresse: str, *, a_un_levier: bool = True) -> None:
        demande = BackMsg()
        demande.rerun_script.query_string, demande.rerun_script.page_name = adresse, page
        await self._run(demande)
        assert self.levier or not a_un_levier, "no lever on the page"

    async def move(self, valeur: int) -> float:
        """Milliseconds until the lever held has been answered at this value."""
        self.question += 1
        demande = BackMsg()
        demande.rerun_script.page_script_hash, demande.rerun_script.fragment_id = self.page, self.fragment
        etat = demande.rerun_script.widget_states.widgets.add(id=self.levier)
        if "-levier_" in self.levier:
            dite = {"valeurs": [valeur, *self.valeurs[1:]], "question": self.question}
            etat.json_value = json.dumps({"demande": dite})
        else:
            etat.double_array_value.data.append(valeur)
        return await self._run(demande)

    async def _run(self, demande: BackMsg) -> float:
        depart = time.perf_counter()
        await self.prise.send(demande.SerializeToString())
        while True:
            trame = await self.prise.recv()
            assert isinstance(trame, bytes)
            self.octets += len(trame)
            message = ForwardMsg.FromString(trame)
            self._find(message)
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self.est_relue = True  # the whole page comes instead
                    continue
                return 1000 * (time.perf_counter() - depart)

    def _find(self, message: ForwardMsg) -> None:
        self.page = message.navigation.page_script_hash or message.new_session.page_script_hash or self.page
        element = message.delta.new_element
        if element.bidi_component.component_name.endswith("levier"):
            self.levier, self.fragment = element.bidi_component.id, message.delta.fragment_id
            self.valeurs = json.loads(element.bidi_component.bytes)["etape"]["valeurs"]
        elif element.slider.id:
            self.levier, self.fragment = element.slider.id, message.delta.fragment_id


async def meet(
    adresse: str, page: str, choix: str, nom: str, serveur: psutil.Process, options: argparse.Namespace
) -> None:
    """Say what so many people cost who move that lever together."""
    prises = [await _join(adresse) for _ in range(options.personnes + 1)]
    try:
        premiere, *autres = (Personne(prise) for prise in prises)
        await premiere.open(page, choix)
        for valeur in range(101):
            await premiere.move(valeur)
        avant = serveur.memory_info().rss
        for personne in autres:
            await personne.open(page, choix)
            await personne.move(random.randrange(101))
            personne.octets = 0
        memoire = (serveur.memory_info().rss - avant) / len(autres) / 2**20
        debut = sum(serveur.cpu_times()[:2])
        jouees = await asyncio.gather(*(_play(personne, options.pas) for personne in autres))
        durees = [duree for siennes in jouees for duree in siennes]
        pas = sum(serveur.cpu_times()[:2]) - debut
        say(nom, durees)
        perdus = sum(duree > 1000 * RYTHME_S for duree in durees)
        octets = sum(personne.octets for personne in autres) / len(durees)
        print(
            f"{'':28} {octets / 1000:.1f} ko et {1000 * pas / len(durees):.1f} ms de processeur par pas, "
            f"{perdus} pas perdus, {memoire:.2f} Mo par personne"
        )
    finally:
        for prise in prises:
            await prise.close()


async def _join(adresse: str) -> ClientConnection:
    return await connect(
        f"{adresse.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=None,
        max_size=None,
    )


async def _play(personne: Personne, pas: int) -> list[float]:
    await asyncio.sleep(random.uniform(0, RYTHME_S))
    durees = []
    for _ in range(pas):
        durees.append(await personne.move(random.randrange(101)))
        await asyncio.sleep(max(0.0, RYTHME_S - durees[-1] / 1000))
    return durees


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--personnes", type=int, default=100)
    analyse.add_argument("--pas", type=int, default=10)
    analyse.add_argument("--page", default="", help="celles dont le nom contient ceci")
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as dossier:
        donnees, vide = Path(dossier) / "donnees", Path(dossier) / "vide.py"
        vide.write_text(VIDE, encoding="utf-8")
        ici(["--dossier-donnees", str(donnees), "demo"])
        pages = {nom: page for nom, page in PAGES.items() if options.page in nom}
        for nom, (page, choix) in {"fragment vide": ("", ""), **pages}.items():
            # A server for each: what the one before holds is nobody's any more.
            serveur, adresse = demarrer(donnees, *(() if choix else (vide,)))
            try:
                wait_until_up(serveur, adresse)
                asyncio.run(meet(adresse, page, choix, nom, psutil.Process(serveur.pid), options))
            finally:
                serveur.terminate()
                serveur.wait(10)


if __name__ == "__main__":
    principal()
