"""Mutations that a commission refused, and those refused for unpaid rent (deck of 2017, « Les mutations »: *refus de
mutation pour impayés*).

The contract gives no code for the motif of a commission: a motif that says « impayé », however it is written, is one.
"""

from __future__ import annotations

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import toutes
from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

SQL = blocs(__file__, "mutations.sql")
COMPTES = ("n", "n_connus", "n_impayes")
BESOINS = (DEMANDES, *toutes("demandes", "statut_logement"), *toutes("evenements", "decision", "motif"))


def refus(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> pd.DataFrame:
    """One row per `bailleur` that refused a mutation in `periode` (`inconnu` when not known), those of dwellings in
    `ici` (None: all): `n` refusals of a commission, `n_connus` whose motif is said, `n_impayes` of those for unpaid
    rent. No row when a column that this leans on (`BESOINS`) is missing."""
    lues = lecteur.query(SQL["refus_de_mutation"], ici=ici, debut=periode.debut, fin=periode.fin)
    return lues if not sans_reponse(lecteur, BESOINS) else lues.iloc[:0]


def render(lignes: pd.DataFrame) -> pd.DataFrame:
    """The same rows as they are read, its own exactly, with `part_impayes` (0–1, of those whose motif is
    said; empty where it is not said)."""
    siennes = [reader().chez("bailleur", str(b)) for b in lignes["bailleur"]]
    dites = {c: [a.compte(n) for a, n in zip(siennes, lignes[c], strict=True)] for c in COMPTES}
    parts = [a.part(k, n) for a, k, n in zip(siennes, lignes["n_impayes"], lignes["n_connus"], strict=True)]
    return lignes.assign(
        **{c: pd.Series(v, lignes.index, dtype=object) for c, v in dites.items()},
        part_impayes=pd.Series(parts, lignes.index, dtype="float64"),
    )


def say(ou: str, lignes: pd.DataFrame, duree: Duree) -> str:
    """How many of the refusals whose motif is said are for unpaid rent. `lignes`: the rows of `refus`, exact."""
    connus, impayes = int(lignes["n_connus"].sum()), int(lignes["n_impayes"].sum())
    if not lignes["n"].sum():
        return f"Dans {ou}, aucune commission n’a refusé une mutation en {duree}, d’après les événements enregistrés."
    if not connus:
        return f"Dans {ou}, aucun des refus de mutation en {duree} ne dit son motif."
    dits = reader().compte(impayes)
    part = reader().part(impayes, connus)
    soit = "" if pd.isna(part) else f", soit **{langue.part(part)}**"
    return (
        f"Dans {ou}, **{langue.effectif(dits, 'mutation')}** {langue.agree(dits, 'est refusée', 'sont refusées')} pour "
        f"impayés en {duree}, sur {langue.nombre(reader().compte(connus))} refus de commission au motif connu{soit}."
    )
