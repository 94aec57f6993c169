"""`python -m tests.perf.listes --donnees DOSSIER [--communes 59350 59512]`: Mes listes as a whole page, from a
gesture to the end of its answer, as a browser would receive it, without the browser.

A co-pilot gives its name, which opens the list; then asks its pages, and another segment. The first commune is that of
a process that answered nothing yet, the others say what of it is the start-up. The store is written in: the journal.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.navigateur.conftest import application
from tests.visiteur import Onglet, Visiteur

SEGMENTS = ("attente_24", "poulidor", "jamais_presentes")
NOM = "Votre nom, qui signe ce que vous écrivez"


def chronometrer(onglet: Onglet, *etats: WidgetState) -> float:
    """Milliseconds of a run in which these widgets hold that."""
    onglet.tenus |= {etat.id: etat for etat in etats}
    debut = time.perf_counter()
    onglet.lancer()
    return 1000 * (time.perf_counter() - debut)


def mesurer(visiteur: Visiteur, commune: str, segment: str) -> None:
    debut = time.perf_counter()
    with visiteur.open("mes_listes", f"seance=2017S2&commune={commune}&segment={segment}") as onglet:
        avant = 1000 * (time.perf_counter() - debut)
        premiere = chronometrer(onglet, WidgetState(id=onglet.find("text_input", NOM).id, string_value="C. Essai"))
        dites = [f"{avant:6.0f} ms pour demander le nom, {premiere:6.0f} ms la première page"]
        nombres = (e.number_input for e in onglet.dessines if e.WhichOneof("type") == "number_input")
        for champ in [n for n in nombres if n.label.startswith("Page, sur")]:
            autres = [chronometrer(onglet, WidgetState(id=champ.id, double_value=rang)) for rang in (2, 3, 4)]
            dites.append(f"puis {', '.join(f'{d:.0f}' for d in autres)} ms ({champ.label.lower()})")
        print(f"{commune} {segment:20} {', '.join(dites)}")


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--donnees", type=Path, required=True, help="magasin fictif, dont le journal sera écrit")
    analyse.add_argument("--communes", nargs="+", default=["59350", "59512"])
    options = analyse.parse_args()
    with application(options.donnees) as adresse:
        visiteur = Visiteur(adresse)
        for commune in options.communes:
            for segment in SEGMENTS:
                mesurer(visiteur, commune, segment)


if __name__ == "__main__":
    principal()
