"""`bassins`: the stock, the occupants and the flows of each territoire or commune."""

from __future__ import annotations

import argparse
from datetime import date

import pandas as pd

from mel_core.cli import impression
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.manques import COLONNE_ABSENTE
from mel_core.indicateurs.suivi import bassins
from mel_core.secret.bail import SALLE as AUDIENCE_SALLE
from mel_core.secret.montrer import regle_du
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

PARC, SALLE = "parc", "salle"


def declare(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "quoi",
        choices=(PARC, *bassins.FLUX),
        nargs="?",
        default=PARC,
        metavar="QUOI",
        help="parc (logements, occupants, entrées et sorties), ou un flux : habite_obtenu, habite_souhaite, "
        "souhaite_obtenu",
    )
    analyseur.add_argument("--seance", required=True, metavar="2017S2")
    analyseur.add_argument("--periode", choices=("semestre", "annee"), default="annee")
    analyseur.add_argument("--par", choices=bassins.MAILLES, default="territoire", metavar="MAILLE")
    analyseur.add_argument("--lieu", metavar="L", help="un territoire, ou le code d’une commune (selon --par)")
    analyseur.add_argument("--format", choices=("json", "csv"), default="json")


def execute(options: argparse.Namespace) -> int:
    seance = Seance.read(options.seance)
    periode = Periode.de(seance, options.periode)
    with Entrepot(options.dossier_donnees).open(Portee.mel(), seance) as lecteur:
        lieux = lecteur.query("select distinct unnest([territoire, code_insee]) as lieu from communes")["lieu"]
        if options.lieu and options.lieu not in set(lieux):
            raise AppelIncorrect(
                f"« {options.lieu} » n’est ni un territoire ni une commune de la Métropole : le corriger."
            )
        if options.quoi == PARC:
            table = bassins.parc(lecteur, periode, options.par)
            absents = bassins.manques_du_parc(lecteur)
        else:
            table = bassins.flux(lecteur, options.quoi, periode, options.par)
            absents = bassins.manques_de_flux(lecteur, options.quoi)
    if options.lieu:
        cles = ["lieu"] if options.quoi == PARC else ["de", "vers"]
        table = table[(table[cles] == options.lieu).any(axis=1)]
    if options.audience == SALLE:
        table = _en_salle(table, options.quoi)
    table = _avec_motif(table, absents, options.quoi)
    impression.write_table(table, options.format)
    return 0


def _avec_motif(table: pd.DataFrame, absents: tuple[Manque, ...], quoi: str) -> pd.DataFrame:
    """The columns that no file had, named; no flow is known without them."""
    colonnes = "|".join(dict.fromkeys(c for m in absents for c in m.colonnes))
    if quoi != PARC and absents:
        return pd.DataFrame([{"de": bassins.INCONNU, "vers": bassins.INCONNU, "n": None, "motif": COLONNE_ABSENTE,
                              "colonnes_absentes": colonnes}])  # fmt: skip
    return table.assign(colonnes_absentes=colonnes) if absents else table


def _en_salle(table: pd.DataFrame, quoi: str) -> pd.DataFrame:
    """Counts of households null for a few, else rounded, then `masque`; a share by the rule. No pair of a few."""
    regle = regle_du(date.today())
    comptes = list(bassins.MENAGES) if quoi == PARC else ["n"]
    dites = {c: [None if pd.isna(n) else regle.compte(int(n)) for n in table[c]] for c in comptes}
    masques = [any(pd.notna(table[c].iloc[i]) and dites[c][i] is None for c in comptes) for i in range(len(table))]
    salle = table.assign(**{c: pd.Series(v, table.index, dtype=object) for c, v in dites.items()})
    if quoi == PARC:
        for nom, (k, n) in bassins.exacts(table).items():
            parts = [bassins.part_dite(AUDIENCE_SALLE, x, y) for x, y in zip(k, n, strict=True)]
            salle[nom] = [None if pd.isna(p) else p for p in parts]
        return salle.assign(masque=masques)
    return salle[salle["n"].notna()].assign(masque=False)
