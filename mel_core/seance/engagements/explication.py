"""Where the count of a segment comes from: the query that was asked, and the demandes that it could not place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mel_core.entrepot import Lecteur, Portee
from mel_core.indicateurs.definitions import Methode
from mel_core.segments import Criteres, SegmentLibre
from mel_core.segments.compilation import SQL as SQL_SEGMENTS
from mel_core.segments.compilation import Requete, fill
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "explication.sql")
# Rules read in columns of the demande: where they are empty, nothing tells. Elsewhere nothing recorded means no.
SUR_COLONNES = frozenset({"mutations_bloquees_en_attente", "aci_en_attente", "delai_anormalement_long"})

COHORTE = Methode(
    "Chaque ménage du segment, figé par son pseudonyme le jour de l’engagement, est cherché dans toute la Métropole à "
    "la séance suivante et compté une seule fois. « Relogé » : bail signé dans l’ICI de l’engagement entre la date de "
    "référence et l’échéance. « Tenu » : autant de relogés qu’annoncé.",
    "les ménages figés, tous comptés",
    "rien : un ménage qui n’est plus dans les données est « introuvable », jamais oublié",
)


@dataclass(frozen=True)
class Explication:
    """`requete`: what counts the segment, after the scope of the reader and the value of each parameter. `n_inconnues`:
    active demandes that do not say whether they are in it, hence are left out; None where the rule does not tell them
    from those which are not.
    """

    requete: str
    n_inconnues: int | None


def explain(lecteur: Lecteur, quoi: str | SegmentLibre, criteres: Criteres) -> Explication:
    """The query of a segment (named, or free) at a reference date, and what it leaves out in the reader's scope."""
    requete = Requete(lecteur, criteres)
    regle = requete.regle(quoi)
    lignes = fill(SQL_SEGMENTS["n"], regle=regle).splitlines()
    texte = "\n".join(ligne for ligne in lignes if not ligne.startswith("--"))
    dits = say_parametres(requete.parametres_de(texte))
    n = int(requete.ask(SQL["inconnues"], regle=regle)["n"].iloc[0]) if quoi in SUR_COLONNES else None
    return Explication(f"-- {_say_portee(lecteur.portee)}\n-- {dits}\n{texte}", n)


def say_parametres(parametres: dict[str, Any]) -> str:
    """`$jour = 2017-12-31 ; $ici = null`, as SQL writes them."""
    return " ; ".join(f"${nom} = {_say(valeur)}" for nom, valeur in parametres.items())


def _say(valeur: Any) -> str:
    if valeur is None or isinstance(valeur, bool):
        return {None: "null", True: "true", False: "false"}[valeur]
    return f"[{', '.join(map(_say, valeur))}]" if isinstance(valeur, list) else str(valeur)


def _say_portee(portee: Portee) -> str:
    """The condition that `suivi` holds before any question (entrepot/portees.sql): the query does not show it."""
    if portee == Portee.mel():
        return "suivi : les demandes de toute la Métropole"
    return f"suivi : les seules demandes qui souhaitent une commune de l’{portee.code} ou y habitent"
