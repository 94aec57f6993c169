"""From the settings to the CSV files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from mel_core.contrat.contours import publish, read
from mel_core.contrat.tables import TABLES
from mel_core.demo.alea import Alea, Colonnes, Vecteur
from mel_core.demo.annexes import build_accueil, build_commissions, build_programmation
from mel_core.demo.attributions import draw_attributions
from mel_core.demo.defauts import plant_evenements, plant_vacance, soil_attributions, soil_demandes, soil_evenements
from mel_core.demo.demandes import draw_demandes
from mel_core.demo.evenements import Registre
from mel_core.demo.parc import (
    Parc,
    build_parc,
    draw_qpv,
    locate_in_qpv,
    name_qpv,
    tabulate_bailleurs,
    tabulate_residences,
)
from mel_core.demo.reglages_demo import CONTOURS, DU_SUPPORT, Reglages, load
from mel_core.demo.territoire import Territoire, build_territoire, tabulate_communes, tabulate_quartiers
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance


def write(dossier: Path, table: str, colonnes: Colonnes, est_suite: bool = False) -> None:
    """`<table>.csv`, or more of its rows: UTF-8, comma, ISO dates, columns in the order of the contract."""
    presentes = {nom: colonnes[nom] for nom in TABLES[table].noms if nom in colonnes}
    lignes = pa.table({nom: pa.array(np.ma.getdata(v), mask=np.ma.getmaskarray(v)) for nom, v in presentes.items()})
    with (dossier / f"{table}.csv").open("ab" if est_suite else "wb") as fichier:
        csv.write_csv(lignes, fichier, csv.WriteOptions(include_header=not est_suite))


def generate(dossier: Path, echelle: str = "mel", graine: int = 2017, derniere: Seance = DU_SUPPORT) -> None:
    """Write the ten tables of the contract in `dossier`, one CSV each; same scale and seed, same bytes.

    `echelle`: mel, region (10 times) or france (45 times); the larger ones are as many independent draws, written one
    after the other, on the same communes. `derniere`: the séance at which three years of attributions end. Raises
    `AppelIncorrect` for another scale, a negative seed, or a séance without settings.
    """
    r = load(derniere)
    if echelle not in r["echelles"]:
        raise AppelIncorrect(f"L’échelle « {echelle} » n’existe pas : choisir {', '.join(r['echelles'])}.")
    if graine < 0:
        raise AppelIncorrect(f"La graine {graine} est négative : donner un nombre entier à partir de 0.")
    facteur = r["echelles"][echelle]
    *germes, des_blocages = np.random.SeedSequence(graine).spawn(facteur + 2)
    alea_blocages = Alea.de(des_blocages)
    dossier.mkdir(parents=True, exist_ok=True)
    territoire, parc = write_cadre(r, dossier, facteur, Alea.de(germes[0]))
    for tranche, germe in enumerate(germes[1:]):
        tables = draw_tranche(r, territoire, parc, tranche, Alea.de(germe))
        tables["evenements"] = plant_evenements(r, territoire, parc, tables["evenements"], tranche, alea_blocages)
        for nom, colonnes in tables.items():
            write(dossier, nom, colonnes, est_suite=tranche > 0)


def write_cadre(r: Reglages, dossier: Path, facteur: int, alea: Alea) -> tuple[Territoire, Parc]:
    """The tables that don't grow with the demand: territory, stock, network, programme, commissions."""
    territoire = build_territoire(r, alea)
    parc = build_parc(r, territoire, alea, facteur)
    qpv = draw_qpv(r, territoire, parc)
    codes_qpv, noms_qpv = name_qpv(territoire, qpv)
    parc = replace(parc, qpv=locate_in_qpv(r, territoire, parc, qpv, alea))
    quartiers = tabulate_quartiers(r, territoire, qpv, codes_qpv, noms_qpv, alea)
    # As many as in its résidences; nothing is drawn: the tables that follow stay the same.
    n_hlm = np.bincount(parc.quartier, weights=parc.logements, minlength=len(territoire.quartiers))
    cadre = {
        "communes": tabulate_communes(r, territoire),
        "quartiers": {**quartiers, "n_hlm": n_hlm.astype(int)},
        "bailleurs": tabulate_bailleurs(r),
        "residences": plant_vacance(r, territoire, parc, tabulate_residences(r, territoire, parc, codes_qpv, alea)),
        "accueil": build_accueil(r, territoire, alea),
        "programmation": build_programmation(r, territoire, alea),
        "commissions_qpv": build_commissions(r, codes_qpv, alea),
    }
    for nom, colonnes in cadre.items():
        write(dossier, nom, colonnes)
    return territoire, parc


def draw_tranche(r: Reglages, territoire: Territoire, parc: Parc, tranche: int, alea: Alea) -> dict[str, Colonnes]:
    """One métropole's worth of demandes, events and attributions, ready to be written."""
    attributions = draw_attributions(r, territoire, parc, alea)
    demandes = draw_demandes(r, territoire, parc, attributions, tranche, alea)
    registre = Registre(r, parc, attributions, demandes, alea)
    evenements = registre.draw()
    table_demandes = {
        **demandes.colonnes,
        "multiples_attributions_sous_conditions": registre.flag_multiples(),
    }
    gardees = np.flatnonzero(demandes.kept(r))
    par_date = gardees[np.argsort(demandes.numeros[gardees], kind="stable")]
    n = len(attributions.date_bail)
    table_attributions = {
        "id_attribution": identify("AT", tranche, n),
        "numero_unique": demandes.numeros[:n],
        **attributions.colonnes,
    }
    table_evenements = {"id_evenement": identify("EV", tranche, len(evenements["type"])), **evenements}
    return {
        "demandes": soil_demandes(r, {nom: v[par_date] for nom, v in table_demandes.items()}, alea),
        "evenements": soil_evenements(r, table_evenements, alea),
        "attributions": soil_attributions(r, table_attributions, alea),
    }


def identify(prefixe: str, tranche: int, n: int) -> Vecteur:
    """`n` identifiers that no other slice draws."""
    return np.array([f"{prefixe}{tranche:03d}{k:06d}" for k in range(1, n + 1)])


def publish_contours(dossier: Path) -> bool:
    """Serve the contours of the demonstration from the store in `dossier`; returns whether anything changed."""
    return publish(dossier, read(CONTOURS.read_bytes(), CONTOURS.name, "quartiers"), est_fictive=True)
