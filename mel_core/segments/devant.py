"""Who was placed first where the demandes of a segment were placed behind: in aggregate, never household by household.

The household first in a commission may want any commune: who asks sees the whole Métropole, whatever the segment’s
scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.secret.bail import reader
from mel_core.segments.compilation import Criteres, Requete
from mel_core.segments.phrases_segments import fenetre_dite
from mel_core.socle import langue
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "devant.sql")
# The exclusive label first (contract §3).
AXES = ("etiquette", "taille", "ressources", "anciennete", "bailleur", "commune", "typologie")
ETIQUETTES = {
    "npru": "Relogements NPRU",
    "dalo": "DALO",
    "pdalhpd": "PDALHPD",
    "aci": "Autres ACI",
    "mutation_bloquee": "Mutations bloquées",
    "mutation": "Autres mutations",
    "droit_commun": "Premier accès, droit commun",
    "inconnu": "Public inconnu",
}
QUOI = "Demandes classées premières"
EN_PHRASE = (
    (("droit_commun",), "de droit commun"),
    (("dalo", "pdalhpd", "aci"), "de ménages ACI"),
    (("mutation", "mutation_bloquee"), "de mutations"),
)


@dataclass(frozen=True)
class Devant:
    """`n_passages` of the segment's demandes placed 2nd or further in the window; `n_avec_premier`, those of which the
    first is recorded, at the same known résidence on the same day.

    `premiers`: by axis of `AXES`, one row per modality, `cle` and `n`: demandes that were first, each once (`inconnu`
    where it is not said); by bailleur, commune and typologie a demande first in several counts in each."""

    n_passages: int
    n_avec_premier: int
    premiers: dict[str, pd.DataFrame]


def find_devant(metropole: Lecteur, menages: Sequence[str], criteres: Criteres) -> Devant:
    """Who was before `menages` (pseudonyms) in the window of `criteres`."""
    requete = Requete(metropole, criteres)
    requete.link(menages=list(menages))
    passages = requete.ask(_SQL["passages"]).iloc[0]
    lus = requete.ask(_SQL["premiers"])
    premiers = {axe: lus[lus["axe"] == axe][["cle", "n"]].reset_index(drop=True) for axe in AXES}
    return Devant(int(passages["n_passages"]), int(passages["n_avec_premier"]), premiers)


def say(ici: str, devant: Devant, criteres: Criteres) -> str:
    """How often they were behind, for how many the first is recorded, who it was. `ici`: as it is said."""
    n, k = (reader().compte(x) for x in (devant.n_passages, devant.n_avec_premier))
    fois = f"**{langue.effectif(n, 'fois', 'fois')}** {fenetre_dite(criteres.fenetre)}"
    phrase = f"Dans {ici}, les Poulidor ont été classés derrière un autre {fois}."
    comptes = dict(zip(devant.premiers["etiquette"]["cle"], devant.premiers["etiquette"]["n"], strict=True))
    connus = sum(comptes.values()) - comptes.get("inconnu", 0)
    if not k > 0:
        return f"{phrase} {'Qui était premier n’est enregistré nulle part.' if k == 0 else ''}".strip()
    parts = [(reader().part(sum(comptes.get(c, 0) for c in codes), connus), dit) for codes, dit in EN_PHRASE]
    dites = [f"{langue.part(part)} {dit}" for part, dit in sorted(parts, reverse=True) if part == part]
    suite = f" : {langue.liste(dites)}" if dites else ""
    menages = langue.effectif(reader().compte(connus), "ménage")
    return f"{phrase} Le premier est enregistré {k} fois ({menages} au public connu){suite}."
