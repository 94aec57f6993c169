"""`python -m tests.perf.listes --donnees DOSSIER [--communes 59350 59512]`: Mes listes as a whole page, from a gesture
to the end of its answer, as a browser would receive it, without the browser.

A co-pilot gives its name, which opens the list, then asks its pages. Milliseconds that pass, then those of the server's
processor (/ 2 at best, on two cores that do nothing else). The first page is that of a process that answered nothing
yet: what it takes more than the others is the start-up. The store is written in: the journal.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.navigateur.conftest import demarrer, wait_until_up
from tests.visiteur import Onglet, Visiteur

SEGMENTS = ("attente_24", "poulidor", "jamais_presentes")
NOM = "Votre nom, qui signe ce que vous écrivez"


@dataclass(frozen=True)
class Chronometre:
    serveur: psutil.Process

    def lire(self) -> tuple[float, float]:
        return time.perf_counter(), sum(self.serveur.cpu_times()[:2])

    def dire(self, depuis: tuple[float, float]) -> str:
        passees, calculees = (1000 * (la - avant) for avant, la in zip(depuis, self.lire(), strict=True))
        return f"{passees:.0f} ({calculees:.0f})"

    def page(self, onglet: Onglet, etat: WidgetState) -> str:
        """Of a run in which this widget holds that."""
        onglet.tenus[etat.id] = etat
        depuis = self.lire()
        onglet.lancer()
        return self.dire(depuis)


def mesurer(visiteur: Visiteur, chronometre: Chronometre, commune: str, segment: str) -> None:
    depuis = chronometre.lire()
    with visiteur.open("mes_listes", f"seance=2017S2&commune={commune}&segment={segment}") as onglet:
        avant = chronometre.dire(depuis)
        nom = WidgetState(id=onglet.find("text_input", NOM).id, string_value="C. Essai")
        dites = [f"{avant} le nom demandé, {chronometre.page(onglet, nom)} la première page"]
        nombres = [e.number_input for e in onglet.dessines if e.WhichOneof("type") == "number_input"]
        for champ in [n for n in nombres if n.label.startswith("Page, sur")]:
            rangs = (WidgetState(id=champ.id, double_value=rang) for rang in (2, 3, 4))
            autres = ", ".join(chronometre.page(onglet, rang) for rang in rangs)
            dites.append(f"{autres} les suivantes ({champ.label.lower()})")
        print(f"{commune} {segment:17} {' ; '.join(dites)}")


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--donnees", type=Path, required=True, help="magasin fictif, dont le journal sera écrit")
    analyse.add_argument("--communes", nargs="+", default=["59350", "59512"])
    options = analyse.parse_args()
    serveur, adresse = demarrer(options.donnees)
    try:
        wait_until_up(serveur, adresse)
        visiteur, chronometre = Visiteur(adresse), Chronometre(psutil.Process(serveur.pid))
        for commune in options.communes:
            for segment in SEGMENTS:
                mesurer(visiteur, chronometre, commune, segment)
    finally:
        serveur.terminate()
        serveur.wait()


if __name__ == "__main__":
    principal()
