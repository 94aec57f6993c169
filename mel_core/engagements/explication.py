"""Where the count of a segment comes from: the query that was asked, and the demandes that it could not place."""

from __future__ import annotations

from dataclasses import dataclass

from mel_core.entrepot import Lecteur
from mel_core.periodes import reculer
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre
from mel_core.segments.compilation import SQL as SQL_SEGMENTS
from mel_core.segments.compilation import Requete, remplir
from mel_core.sql import blocs

SQL = blocs("mel_core.engagements", "explication.sql")
# Rules read in columns of the demande: where they are empty, nothing tells. Elsewhere nothing recorded means no.
SUR_COLONNES = frozenset({"mutations_bloquees_en_attente", "aci_en_attente", "delai_anormalement_long"})


@dataclass(frozen=True)
class Explication:
    """`requete`: what counts the segment, its parameters first. `n_inconnues`: active demandes that do not say whether
    they are in it, hence are left out; None where the rule does not tell them from those which are not.
    """

    requete: str
    n_inconnues: int | None


def expliquer(lecteur: Lecteur, quoi: str | SegmentLibre, criteres: Criteres) -> Explication:
    """The query of a segment (named, or free) at a reference date, and what it leaves out in the reader's scope."""
    requete = Requete(lecteur, criteres)
    regle = requete.regle(quoi, est_connu=False)  # as the contract words it
    lignes = remplir(SQL_SEGMENTS["n"], {"regle": regle}).splitlines()
    texte = "\n".join(ligne for ligne in lignes if not ligne.startswith("--"))
    parametres = {"jour": criteres.jour, "debut": criteres.debut, "n_min": criteres.n_min}
    dits = [f"${nom} = {valeur}" for nom, valeur in parametres.items() if f"${nom}" in texte]
    if "$avant" in texte and isinstance(quoi, str):
        mois = criteres.mois if criteres.mois is not None else SEGMENTS[quoi].mois
        dits.append(f"$avant… = {reculer(criteres.jour, mois)}")
    n = int(requete.demander(SQL["inconnues"], regle=regle)["n"].iloc[0]) if quoi in SUR_COLONNES else None
    return Explication(f"-- {' ; '.join(dits)}\n{texte}", n)
