"""`python -m tests.perf.repliques [--personnes 100] [--minutes 2] [--repliques 1 2]`: so many people, a step every two
seconds, over one replica then two, on a real PostgreSQL and a real object store, behind a real proxy.

A step opens a page of the day or a list, or moves a lever, as a browser would ask it, without the browser. Each answer
is compared with the one that a person alone was given, to the letter; beside them, a list is exported and the
demonstration is imported again. A step that takes more than its two seconds, or no answer, is dropped. All arrive at
once, which is told apart: their steps begin once all are there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.journal.bases import nouvelle_base, serveur_postgresql
from tests.perf.curseur import say
from tests.perf.foule import RYTHME_S, Personne
from tests.repliques.grappe import Grappe, started
from tests.repliques.objets import CLES_S3, Seaweed
from tests.repliques.test_journee import publish_demonstration

LIEU = "ici=ICI%202&seance=2017S2"
HORLOGE = re.compile(rb'data-debut="\d+"| ?<small>reste.*?</small>')
PAGES = {
    "introduction": ("introduction", LIEU),
    "bilan": ("", f"{LIEU}&objectif=equilibre"),
    "coordination": ("coordination", LIEU),
    "orientations": ("orientations", LIEU),
    "simuler": ("simuler", f"{LIEU}&simulation=equilibre"),
}
LISTE = ("mes_listes", f"{LIEU}&segment=poulidor")
LEVIER = ("", "ici=ICI%202&objectif=equilibre&coupe=levier")
QUESTIONS = {
    "levier": [str(valeur) for valeur in range(101)],
    "page": list(PAGES),
    "liste": ["Ancienneté (mois)", "Personnes", "Refus", "Dossier"],
}
EXPORT = ["segment", "poulidor", "--date", "2017-12-31", "--ici", "ICI 2", "--format", "csv"]
IMPORTS_S = 120.0


class Assise(Personne):
    """A person whose answers are read, on one replica: `dit` holds the texts and pictures of the last one."""

    def __init__(self, adresse: str, biscuit: str) -> None:
        self._adresse, self.biscuit = f"{adresse.replace('http', 'ws', 1)}/_stcore/stream", biscuit
        self.dit: list[bytes] = []
        self._ids: dict[str, tuple[str, str]] = {}  # of a widget and of its fragment
        self._choix = ""

    async def arrive(self, page: str, choix: str, *, a_un_levier: bool = False) -> float:
        """By a link, as one reloads a page: what it shows depends on nothing that was open before. Milliseconds."""
        depart = time.perf_counter()
        await self.leave()
        entetes = {"Cookie": self.biscuit}
        sorte = [Subprotocol("streamlit")]
        prise = await connect(
            self._adresse, subprotocols=sorte, additional_headers=entetes, origin=None, max_size=None, compression=None
        )
        super().__init__(prise)
        self._choix = choix
        await self.open(page, choix, a_un_levier=a_un_levier)
        return 1000 * (time.perf_counter() - depart)

    async def rehearse(self, profil: str, code: str) -> None:
        """Take a profile, as the menu of the strip does, on the page that is open."""
        type_, code_ = ("profil_type", profil), ("profil_code", code)
        await self.choose(type_)
        await self.choose(type_, code_, bouton="Prendre ce profil")

    async def choose(self, *choisies: tuple[str, str], bouton: str = "") -> float:
        demande = BackMsg()
        demande.rerun_script.page_script_hash, demande.rerun_script.query_string = self.page, self._choix
        for cle, dite in choisies:
            nom, demande.rerun_script.fragment_id = self._ids[cle]
            demande.rerun_script.widget_states.widgets.add(id=nom).string_value = dite
        if bouton:
            nom, demande.rerun_script.fragment_id = self._ids[bouton]
            demande.rerun_script.widget_states.widgets.add(id=nom).trigger_value = True
        return await self._run(demande)

    async def leave(self) -> None:
        if hasattr(self, "prise"):
            await self.prise.close()

    def _find(self, message: ForwardMsg) -> None:
        super()._find(message)
        if message.HasField("new_session"):
            self.dit = []
        element = message.delta.new_element
        textes = (element.html.body, element.markdown.body, element.text.body, element.plotly_chart.spec)
        self.dit += [texte.encode() for texte in textes if texte]
        if element.dataframe.arrow_data.data:
            self.dit.append(element.dataframe.arrow_data.data)
        for champ in (element.selectbox, element.text_input):
            self._ids[champ.id.rpartition("-")[2]] = champ.id, message.delta.fragment_id
        if element.button.id:
            self._ids[element.button.label] = element.button.id, message.delta.fragment_id
        if element.bidi_component.component_name.endswith("levier"):
            etape = json.loads(element.bidi_component.bytes)["etape"]
            self.dit.append(json.dumps({nom: dit for nom, dit in etape.items() if nom != "question"}).encode())

    def answer(self) -> list[bytes]:
        return [HORLOGE.sub(b"", dit) for dit in self.dit]


@dataclass
class Compte:
    """What came of the steps: `durees` in milliseconds, by kind."""

    durees: dict[str, list[float]] = field(default_factory=dict)
    attendus: dict[str, list[bytes]] = field(default_factory=dict)
    sorts: Counter[str] = field(default_factory=Counter)

    def note(self, genre: str, quoi: str, duree: float, reponse: list[bytes]) -> None:
        self.durees.setdefault(genre, []).append(duree)
        attendue = self.attendus.setdefault(quoi, reponse)
        if attendue != reponse:
            self.sorts["faux"] += 1
            autres = [r for a, r in zip(attendue, reponse, strict=False) if a != r]
            print(f"  faux : {quoi}, {len(reponse)} textes pour {len(attendue)}, {autres[:1]}"[:300])
        self.sorts["perdus"] += duree > 1000 * RYTHME_S


async def sit_down(adresse: str) -> Assise:
    """Sent by the proxy to a replica, which its cookie says from then on."""
    with await asyncio.to_thread(urllib.request.urlopen, adresse) as reponse:
        return Assise(adresse, reponse.headers.get("Set-Cookie", "").partition(";")[0])


class Role(StrEnum):
    LEVIER, PAGE, LISTE = "levier", "page", "liste"

    @classmethod
    def de(cls, rang: int) -> Role:
        """Of ten people, eight hold a lever, one goes from page to page by links, one sorts its list."""
        return {8: cls.PAGE, 9: cls.LISTE}.get(rang % 10, cls.LEVIER)


async def play(personne: Assise, compte: Compte, fin: float, role: Role) -> None:
    """Until `fin`, a step every two seconds."""
    await asyncio.sleep(random.uniform(0, RYTHME_S))
    while time.monotonic() < fin:
        depart = time.monotonic()
        quoi, personne.est_relue = random.choice(QUESTIONS[role]), False
        duree = await ask(personne, role, quoi)
        if role is Role.LEVIER and personne.est_relue:  # of new data: the page came, not the lever alone
            compte.sorts["relus"] += 1
            duree += await ask(personne, role, quoi)
        compte.note(role, quoi, duree, personne.answer())
        await asyncio.sleep(max(0.0, depart + RYTHME_S - time.monotonic()))


async def settle(personne: Assise, role: Role) -> float:
    """What is done once: a page is opened, its lever found; who reads a list is a commune, and gives a name.
    Milliseconds."""
    depart = time.perf_counter()
    premiere = {Role.LEVIER: LEVIER, Role.PAGE: PAGES["introduction"], Role.LISTE: LISTE}[role]
    await personne.arrive(*premiere, a_un_levier=role is Role.LEVIER)
    if role is Role.LISTE:
        await personne.rehearse("Commune", "Roubaix")
        await personne.open(*LISTE, a_un_levier=False)
        await personne.choose(("saisie_auteur", "M. Essai"))
    return 1000 * (time.perf_counter() - depart)


async def ask(personne: Assise, role: Role, quoi: str) -> float:
    """Milliseconds."""
    if role is Role.LEVIER:
        return await personne.move(int(quoi))
    if role is Role.LISTE:
        return await personne.choose(("liste_tri", quoi))
    return await personne.arrive(*PAGES[quoi])


def command(grappe: Grappe, nom: str, *mots: str) -> subprocess.CompletedProcess[bytes]:
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(grappe.dossiers[nom]), *mots]
    return subprocess.run(commande, capture_output=True, env=os.environ | grappe.environment(nom), check=False)


async def work(grappe: Grappe, noms: list[str], compte: Compte, fin: float) -> None:
    """Beside them, on each replica in turn: a list exported, the data imported again."""
    tour = 0
    while time.monotonic() < fin:
        depart, nom = time.monotonic(), noms[tour % len(noms)]
        liste = await asyncio.to_thread(command, grappe, nom, *EXPORT)
        compte.sorts["exports"] += 1
        assert liste.returncode == 0, liste.stderr
        compte.sorts["faux"] += compte.attendus.setdefault("export", [liste.stdout]) != [liste.stdout]
        importe = await asyncio.to_thread(command, grappe, nom, "demo", "--repetition")
        compte.sorts["imports"] += 1
        assert importe.returncode == 0, importe.stderr
        tour += 1
        await asyncio.sleep(max(0.0, min(fin, depart + IMPORTS_S) - time.monotonic()))


async def meet(grappe: Grappe, noms: list[str], options: argparse.Namespace) -> None:
    """Say what so many people were answered by these replicas, and what they hold. Somebody alone asks all of it from
    each of them before, and reads the same."""
    compte, serveurs = Compte(), [psutil.Process(grappe.pid(nom)) for nom in noms]
    seules: dict[str, Assise] = {}
    while len(seules) < len(noms):
        personne = await sit_down(grappe.adresse)
        seules.setdefault(personne.biscuit, personne)
    for seule, role in product(seules.values(), Role):
        await settle(seule, role)
        for quoi in QUESTIONS[role]:
            await ask(seule, role, quoi)
            assert compte.attendus.setdefault(quoi, seule.answer()) == seule.answer(), quoi
    assises = [await sit_down(grappe.adresse) for _ in range(options.personnes)]
    arrivees = await asyncio.gather(*(settle(personne, Role.de(rang)) for rang, personne in enumerate(assises)))
    debut, fin = time.monotonic(), time.monotonic() + 60 * options.minutes
    memoires = [_memory(serveurs)]

    async def watch() -> None:
        while time.monotonic() < fin:
            await asyncio.sleep(min(60.0, max(0.1, fin - time.monotonic())))
            memoires.append(_memory(serveurs))

    jeux = [play(personne, compte, fin, Role.de(rang)) for rang, personne in enumerate(assises)]
    await asyncio.gather(*jeux, work(grappe, noms, compte, fin), watch())
    print(f"{len(noms)} réplique(s), {options.personnes} personnes, {time.monotonic() - debut:.0f} s")
    say("  arrivée, tous ensemble", arrivees)
    for genre, durees in compte.durees.items():
        say(f"  {genre}", durees)
    n = sum(map(len, compte.durees.values()))
    sorts = {nom: compte.sorts[nom] for nom in ("perdus", "faux", "relus", "exports", "imports")}
    print(f"  {n} pas, {sorts}")
    print(f"  mémoire, en Mo, de minute en minute : {' '.join(f'{m:.0f}' for m in memoires)}", flush=True)
    for personne in (*seules.values(), *assises):
        await personne.leave()


def _memory(serveurs: list[psutil.Process]) -> float:
    return sum(s.memory_info().rss for s in serveurs) / 2**20


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--personnes", type=int, default=100)
    analyse.add_argument("--minutes", type=float, default=2)
    analyse.add_argument("--repliques", type=int, nargs="+", default=[1, 2], choices=[1, 2])
    options = analyse.parse_args()
    with tempfile.TemporaryDirectory() as dossier, serveur_postgresql() as base:
        racine = Path(dossier)
        (racine / "objets").mkdir()
        os.environ |= CLES_S3
        objets = Seaweed(racine / "objets")
        os.environ |= {"AWS_ENDPOINT_URL": objets.adresse, "MEL_JEUX": "s3://ici/foule"}
        os.environ["MEL_JOURNAL"] = nouvelle_base(base)
        grappe = Grappe(racine, objets)
        publish_demonstration(grappe)
        try:
            for n in options.repliques:
                noms = list(grappe.dossiers)[:n]
                with started(grappe):
                    for nom in set(grappe.dossiers) - set(noms):
                        grappe.kill(nom)
                    asyncio.run(meet(grappe, noms, options))
        finally:
            objets.stop()


if __name__ == "__main__":
    principal()
