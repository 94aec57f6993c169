"""`python -m tests.perf.echelle`: what a question, a step and a server cost at the scale of the MEL, of a region and of
France, beside pandas, polars and SQLite on the same rows; writes `docs/echelle.md` and its pictures.

Every answer of a comparator is equal to ours, or the command stops. Times are the medians of an asking in turn, in one
run. `--dossiers` measures stores that exist (mel, region, france), which are copied: France takes ten minutes to draw.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import plotly
import plotly.graph_objects as go
import psutil
from playwright.sync_api import sync_playwright

from lancer import find_chromium
from mel_core.cli.commandes import principal as ici
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import compute
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.comptage import colonnes_de
from mel_core.indicateurs.comptage import count as count_cells
from mel_core.segments import Criteres, count
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.langue import jour, nombre
from mel_core.socle.periodes import Periode, Seance
from tests.navigateur.conftest import OPTIONS, RACINE, demarrer, wait_until_up
from tests.perf.repliques import PAGES, Compte, Role, ask, play, settle, sit_down
from tests.perf.segments import chronometrer, read_page
from tests.perf.temoins import ATTENTE, PAGE, PART, POULIDOR, en_pandas, en_polars, en_sqlite
from tests.perf.texte_echelle import NOMS, write_page

ENTIER = "équilibre entier (seule ICI)"
ECHELLES = ("mel", "region", "france")
CRITERES = Criteres(date(2017, 12, 31))
ANNEE = Periode.de(Seance(2017, 2), "annee")
LIGNES = {
    "demandes": "select count(*) as n from demandes",
    "événements": "select count(*) as n from evenements",
    "attributions": "select count(*) as n from attributions_qualifiees",
}
NOUS, TEMOINS = "ICI", ("pandas", "polars", "SQLite")
PERSONNES, SECONDES = 20, 30.0


def ours(lecteur: Lecteur) -> dict[str, Any]:
    indicateur, ou = INDICATEURS["equilibre"], ["commune", "bailleur"]
    tous: dict[str, str | None] = {"ici": None, "commune": None, "bailleur": None}

    def part() -> list[tuple[Any, ...]]:
        lue = count_cells(lecteur, "parts", ou, ANNEE, tous, **colonnes_de(indicateur)).sort_values(ou)
        nombres = (lue[c].astype(int) for c in ("n", "n_connus", "numerateur"))
        return list(zip(lue["commune"], lue["bailleur"], *nombres, strict=True))

    return {
        PART: part,
        ENTIER: lambda: len(compute(lecteur, indicateur.nom, ANNEE, ou)),
        ATTENTE: lambda: count(lecteur, "attente_24", CRITERES),
        POULIDOR: lambda: count(lecteur, "poulidor", CRITERES),
        PAGE: lambda: read_page(lecteur, "attente_24", "date_creation")["pseudonyme"].tolist(),
    }


def measure_questions(dossier: Path, tours: int) -> dict[str, Any]:
    """Rows, size of the file, and the median of each question by engine, in milliseconds."""
    temps: dict[str, dict[str, float]] = {}
    with Entrepot(dossier).open(Portee.mel()) as lecteur, tempfile.TemporaryDirectory() as ailleurs:
        lignes = {nom: int(lecteur.query(sql)["n"].iloc[0]) for nom, sql in LIGNES.items()}
        siennes = ours(lecteur)
        attendues = {nom: question() for nom, question in siennes.items()}
        fabriques = {
            NOUS: lambda: siennes,
            "pandas": lambda: en_pandas(lecteur, CRITERES),
            "polars": lambda: en_polars(lecteur, CRITERES),
            "SQLite": lambda: en_sqlite(lecteur, CRITERES, Path(ailleurs) / "base.sqlite"),
        }
        for moteur, fabrique in fabriques.items():  # one at a time: the frames of one would take the memory of another
            questions = fabrique()
            for nom, question in questions.items():  # each engine's are among ours
                assert question() == attendues[nom], (moteur, nom)
            durees = chronometrer(questions, tours if moteur == NOUS else max(1, tours // 3))
            temps[moteur] = {nom: statistics.median(d.mur for d in lues) for nom, lues in durees.items()}
            del questions
            gc.collect()
    taille = max(f.stat().st_size for f in (dossier / "jeux").glob("*.duckdb"))
    return {"lignes": lignes, "temps": temps, "fichier_mo": taille / 2**20}


async def crowd(adresse: str, serveur: psutil.Process) -> dict[str, float]:
    """Twenty people, a step every two seconds: what a step takes, on the clock and of the processor; memory."""
    compte, seule = Compte(), await sit_down(adresse)
    premieres = {}
    for quoi in PAGES:
        premieres[quoi] = await ask(seule, Role.PAGE, quoi)
    await settle(seule, Role.LEVIER)
    for valeur in range(101):
        await ask(seule, Role.LEVIER, str(valeur))
    assises, roles = [await sit_down(adresse) for _ in range(PERSONNES)], (Role.LEVIER, Role.PAGE)
    await asyncio.gather(*(settle(personne, roles[rang % 2]) for rang, personne in enumerate(assises)))
    debut, fin = sum(serveur.cpu_times()[:2]), time.monotonic() + SECONDES
    await asyncio.gather(*(play(personne, compte, fin, roles[rang % 2]) for rang, personne in enumerate(assises)))
    calcul = 1000 * (sum(serveur.cpu_times()[:2]) - debut) / sum(map(len, compte.durees.values()))
    for personne in (seule, *assises):
        await personne.leave()
    return {
        "levier": statistics.median(compte.durees[Role.LEVIER]),
        "page": statistics.median(compte.durees[Role.PAGE]),
        "orientations": premieres["orientations"],
        "calcul": calcul,
        "memoire_mo": serveur.memory_info().rss / 2**20,
        "perdus": compte.sorts["perdus"],
    }


def measure_server(dossier: Path) -> dict[str, float]:
    """On a copy: pages write in the journal who read what."""
    with tempfile.TemporaryDirectory() as ailleurs:
        copie = shutil.copytree(dossier, Path(ailleurs) / "donnees")
        serveur, adresse = demarrer(copie)
        try:
            wait_until_up(serveur, adresse)
            return asyncio.run(crowd(adresse, psutil.Process(serveur.pid)))
        finally:
            serveur.terminate()
            serveur.wait(10)


def draw(mesures: dict[str, dict[str, Any]], images: Path) -> None:
    """One picture per question: the time of each engine by the rows, both by powers of ten."""
    figures = {}
    for rang, question in enumerate((PART, ATTENTE, POULIDOR, PAGE)):
        figure = go.Figure()
        lue = "attributions" if question == PART else "demandes"
        for moteur in (NOUS, *TEMOINS):
            figure.add_scatter(
                x=[m["lignes"][lue] for m in mesures.values()],
                y=[m["temps"][moteur][question] for m in mesures.values()],
                name=moteur,
                mode="lines+markers",
                line={"width": 4 if moteur == NOUS else 2},
            )
        figure.update_layout(
            title=question, template="simple_white", width=640, height=400, separators=", ", margin={"t": 48}
        )
        echelles = [m["lignes"][lue] for m in mesures.values()]
        noms = [f"{NOMS[nom]}<br>{nombre(n)}" for nom, n in zip(mesures, echelles, strict=True)]
        figure.update_xaxes(type="log", title=lue, tickvals=echelles, ticktext=noms)
        figure.update_yaxes(type="log", title="millisecondes", dtick=1, tickformat=",~r")
        figures[f"echelle-{rang + 1}.svg"] = json.loads(figure.to_json())
    moteur_js = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    with sync_playwright() as p:
        chemin = find_chromium()
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        page = navigateur.new_page()
        page.add_script_tag(content=moteur_js.read_text(encoding="utf-8"))
        for nom, figure in figures.items():
            adresse = page.evaluate("f => Plotly.toImage(f, {format: 'svg', width: 640, height: 400})", figure)
            (images / nom).write_text(unquote(adresse.partition(",")[2]), encoding="utf-8")
        navigateur.close()


def measure(dossier: Path, tours: int) -> dict[str, Any]:
    """In a process of its own: the memory of one scale is not there for the next."""
    commande = [sys.executable, "-m", "tests.perf.echelle", "--un", str(dossier), "--tours", str(tours)]
    lue = subprocess.run(commande, cwd=RACINE, capture_output=True, check=True, text=True)
    mesure: dict[str, Any] = json.loads(lue.stdout.splitlines()[-1])
    return mesure | {"serveur": measure_server(dossier)}


def principal() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--dossiers", type=Path, nargs=3, help="des magasins : mel, region, france")
    analyse.add_argument("--tours", type=int, default=9)
    analyse.add_argument("--un", type=Path, help=argparse.SUPPRESS)
    options = analyse.parse_args()
    if options.un:
        print(json.dumps(measure_questions(options.un, options.tours)))
        return
    with tempfile.TemporaryDirectory() as provisoire:
        dossiers = options.dossiers
        if dossiers is None:
            dossiers = [Path(provisoire) / echelle for echelle in ECHELLES]
            for dossier in dossiers:
                ici(["--dossier-donnees", str(dossier), "demo", "--echelle", dossier.name])
        mesures = {}
        for echelle, dossier in zip(ECHELLES, dossiers, strict=True):
            mesures[echelle] = measure(dossier, options.tours)
            print(echelle, json.dumps(mesures[echelle], ensure_ascii=False), flush=True)
    draw(mesures, RACINE / "docs" / "images")
    questions = (PART, ATTENTE, POULIDOR, PAGE, ENTIER)
    machine = {
        "quand": jour(aujourd_hui()),
        "processeurs": str(psutil.cpu_count()),
        "memoire": nombre(psutil.virtual_memory().total / 2**30),
    }
    page = write_page(mesures, (NOUS, *TEMOINS), questions, **machine)
    (RACINE / "docs" / "echelle.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    principal()
