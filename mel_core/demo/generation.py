"""From the settings to the CSV files; the smaller tables too: reception network, programme of construction, returns of
the QPV commissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from mel_core.contrat.contours import publish, read
from mel_core.contrat.reference import communes
from mel_core.contrat.tables import N_PAR_TYPOLOGIE, TABLES
from mel_core.demo.alea import Alea, Colonnes, Vecteur, day, empty
from mel_core.demo.attributions import sample_attributions
from mel_core.demo.defauts import (
    corrupt_attributions,
    corrupt_demandes,
    corrupt_evenements,
    plant_evenements,
    plant_vacance,
)
from mel_core.demo.demandes import sample_demandes
from mel_core.demo.evenements import RegistreDesCommissions
from mel_core.demo.parc import (
    Parc,
    Territoire,
    build_parc,
    build_territoire,
    locate_in_qpv,
    name_qpv,
    sample_qpv,
    tabulate_bailleurs,
    tabulate_communes,
    tabulate_quartiers,
    tabulate_residences,
)
from mel_core.demo.reglages_demo import CONTOURS, DU_SUPPORT, Reglages, load
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance


def months(debut: date, fin: date) -> Vecteur:
    """Months from `debut` to `fin`, written 2017-09."""
    return np.arange(np.datetime64(debut, "M"), np.datetime64(fin, "M") + 1).astype(str)


def build_accueil(r: Reglages, t: Territoire, alea: Alea) -> Colonnes:
    """One row per place and month. `n_enregistrements_en_ligne` is part of `n_enregistrements`."""
    p, mois = r["accueil"], months(r["periode"]["debut"], r["periode"]["fin"])
    n, m = p["lieux"], len(mois)
    grandes = np.argsort(-t.populations, kind="stable")[:n]
    porteur = alea.sample_codes(p["porteurs"], n)
    type_lieu = np.where(alea.random(n) < p["labellises"], "LABELLISE", "RELAIS")
    noms = np.array(
        [f"Lieu d’accueil fictif {k} ({communes()[str(t.codes[c])].nom})" for k, c in enumerate(grandes, 1)]
    )
    poids = t.populations[grandes] ** 0.7 * np.exp(alea.normal(0, 0.4, n))
    attendus = np.outer(poids / poids.sum(), np.full(m, p["enregistrements_mois"]))
    enregistrements = alea.poisson(attendus)
    en_ligne = alea.binomial(enregistrements, np.linspace(p["en_ligne_debut"], p["en_ligne_fin"], m))
    pre_accueil, entretiens = (alea.poisson(attendus * p[quoi]) for quoi in ("pre_accueil", "entretiens"))
    territoires = [communes()[str(t.codes[c])].territoire for c in grandes]
    for comptes in (enregistrements, en_ligne, entretiens):
        keep_roles(comptes, type_lieu == "RELAIS", territoires, p["relais_qui_enregistrent"])
    return {
        "code_lieu": np.repeat([f"LF{k:02d}" for k in range(1, n + 1)], m),
        "mois": np.tile(mois, n),
        "nom": np.repeat(noms, m),
        "type_lieu": np.repeat(type_lieu, m),
        "porteur": np.repeat(porteur, m),
        "code_insee": np.repeat(t.codes[grandes], m),
        "n_pre_accueil": pre_accueil.ravel(),
        "n_enregistrements": enregistrements.ravel(),
        "n_enregistrements_en_ligne": en_ligne.ravel(),
        "n_entretiens": entretiens.ravel(),
    }


def keep_roles(comptes: Vecteur, est_relais: Vecteur, territoires: list[str], un_sur: int) -> None:
    """A relais only welcomes, but one of them in `un_sur`, as files have it: what the others would have registered goes
    to the labellisé places of their territoire in turn (of anywhere when it has none), so that no total changes.
    `comptes`: one row per place, changed in place."""
    labellises = np.flatnonzero(~est_relais)
    for rang, relais in enumerate(np.flatnonzero(est_relais)):
        if rang % un_sur:
            voisins = [k for k in labellises if territoires[k] == territoires[relais]] or list(labellises)
            comptes[voisins[rang % len(voisins)]] += comptes[relais]
            comptes[relais] = 0


def build_programmation(r: Reglages, t: Territoire, alea: Alea) -> Colonnes:
    """Operations of construction; those that rebuild demolished dwellings (NPRU) have 60 % PLAI."""
    p = r["programmation"]
    n = p["operations"]
    commune = alea.sample_rangs(t.populations**0.8, n)
    npru = alea.sample_exact(np.full(n, p["npru_operations"] / n))
    total = np.maximum(8, np.round(p["taille_mediane"] * np.exp(alea.normal(0, 0.5, n)))).astype(int)
    sociaux = np.where(npru, total, np.maximum(3, np.round(total * p["sociaux"]))).astype(int)
    pls = np.where(npru, 0, alea.binomial(sociaux, p["pls"]))
    plai = np.round((sociaux - pls) * np.where(npru, p["npru_plai"], p["plai"] + alea.normal(0, 0.04, n))).astype(int)
    noms = [f"Opération fictive {k} ({communes()[str(t.codes[c])].nom})" for k, c in enumerate(commune, 1)]
    return {
        "code_operation": np.array([f"OPF{k:03d}" for k in range(1, n + 1)]),
        "nom": np.array(noms),
        "code_insee": t.codes[commune],
        "annee": np.sort(alea.choice(np.array(p["annees"]), n)),
        "n_logements": total,
        "n_plus": sociaux - pls - plai,
        "n_plai": plai,
        "n_pls": pls,
        "npru": npru,
        **share_typologies(r, sociaux),
    }


def share_typologies(r: Reglages, sociaux: Vecteur) -> Colonnes:
    """The social dwellings of each operation by typologie, whole numbers that add up (largest remainder); one operation
    in ten does not say them. Nothing is drawn: the tables that follow stay the same."""
    parts = r["programmation"]["typologies"]
    exacts = np.outer(sociaux, list(parts.values()))
    entiers = np.floor(exacts).astype(int)
    rangs = np.argsort(np.argsort(entiers - exacts, axis=1, kind="stable"), axis=1, kind="stable")
    entiers += rangs < (sociaux - entiers.sum(axis=1))[:, None]
    est_tue = np.arange(len(sociaux)) % 10 == 9
    return {N_PAR_TYPOLOGIE[t]: empty(entiers[:, k], est_tue) for k, t in enumerate(parts)}


def build_commissions(r: Reglages, codes_qpv: Vecteur, alea: Alea) -> Colonnes:
    """Meetings of the commissions that designate candidates for dwellings in a QPV."""
    p = r["commissions_qpv"]
    mois = months(p["debut"], r["periode"]["fin"]).astype("datetime64[M]")
    tenues = alea.random((len(mois), len(codes_qpv))) < p["par_mois"]
    rang_mois, rang_qpv = np.nonzero(tenues)
    n = len(rang_mois)
    jours = mois[rang_mois].astype("datetime64[D]") + alea.integers(0, 27, n).astype("timedelta64[D]")
    candidats = alea.poisson(p["candidats"], n)
    designes = alea.binomial(candidats, p["designes"])
    observations = alea.choice(np.array(p["observations"]), n)
    return {
        "id_retour": np.array([f"CQF{k:04d}" for k in range(1, n + 1)]),
        "code_qpv": codes_qpv[rang_qpv],
        "date": np.minimum(jours, day(r["periode"]["fin"])),
        "n_candidats": candidats,
        "n_designes": designes,
        "n_refuses": alea.binomial(designes, p["refuses"]),
        "observation": empty(observations, alea.random(n) < 0.4),
    }


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
        tables = sample_tranche(r, territoire, parc, tranche, Alea.de(germe))
        tables["evenements"] = plant_evenements(r, territoire, parc, tables["evenements"], tranche, alea_blocages)
        for nom, colonnes in tables.items():
            write(dossier, nom, colonnes, est_suite=tranche > 0)


def write_cadre(r: Reglages, dossier: Path, facteur: int, alea: Alea) -> tuple[Territoire, Parc]:
    """The tables that don't grow with the demand: territory, stock, network, programme, commissions."""
    territoire = build_territoire(r, alea)
    parc = build_parc(r, territoire, alea, facteur)
    qpv = sample_qpv(r, territoire, parc)
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


def sample_tranche(r: Reglages, territoire: Territoire, parc: Parc, tranche: int, alea: Alea) -> dict[str, Colonnes]:
    """One métropole's worth of demandes, events and attributions, ready to be written."""
    attributions = sample_attributions(r, territoire, parc, alea)
    demandes = sample_demandes(r, territoire, parc, attributions, tranche, alea)
    registre = RegistreDesCommissions(r, parc, attributions, demandes, alea)
    evenements = registre.sample()
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
        "demandes": corrupt_demandes(r, {nom: v[par_date] for nom, v in table_demandes.items()}, alea),
        "evenements": corrupt_evenements(r, table_evenements, alea),
        "attributions": corrupt_attributions(r, table_attributions, alea),
    }


def identify(prefixe: str, tranche: int, n: int) -> Vecteur:
    """`n` identifiers that no other slice draws."""
    return np.array([f"{prefixe}{tranche:03d}{k:06d}" for k in range(1, n + 1)])


def publish_contours(dossier: Path) -> bool:
    """Serve the contours of the demonstration from the store in `dossier`; returns whether anything changed."""
    return publish(dossier, read(CONTOURS.read_bytes(), CONTOURS.name, "quartiers"), est_fictive=True)
