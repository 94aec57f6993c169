"""The sentences of the simulations, as they are read to the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mel_core import langue
from mel_core.simulation.cibles import Motif
from mel_core.simulation.faisabilite import Faisabilite, Limite, Raison
from mel_core.simulation.moyens import Jugement

Noms = Mapping[str, str]

PROFILS = {
    "n_modestes": "ménages modestes",
    "n_non_modestes": "ménages non modestes",
    "n_aci": "ménages ACI",
    "n_non_aci": "ménages hors ACI",
    "n_modestes_ou_aci": "ménages modestes ou ACI",
    "n_non_modestes_ou_aci": "ménages non modestes ou ACI",
    "n_concernes": "ménages",
}
PROFILS_UN = {
    "n_modestes": "ménage modeste",
    "n_non_modestes": "ménage non modeste",
    "n_aci": "ménage ACI",
    "n_non_aci": "ménage hors ACI",
    "n_modestes_ou_aci": "ménage modeste ou ACI",
    "n_non_modestes_ou_aci": "ménage non modeste ou ACI",
    "n_concernes": "ménage",
}
CLASSES = {
    "fragile": "quartiers fragiles",
    "moyenne": "quartiers de fragilité moyenne",
    "sans": "quartiers sans fragilité",
    "inconnu": "quartiers de fragilité inconnue",
}
VERDICTS = {
    Faisabilite.FAISABLE: "faisable",
    Faisabilite.TENDU: "tendu",
    Faisabilite.INFAISABLE: "infaisable tel quel",
}
MOTIFS = {
    Motif.AUCUNE_ATTRIBUTION: "Rien ne change : aucune attribution n’est connue sur ce périmètre.",
    Motif.AUCUNE_CONNUE: "Rien ne change : aucune attribution ne dit les ressources ou les labels du ménage.",
    Motif.QUARTIERS_INCONNUS: "Rien ne change : aucun quartier attribué n’a de fragilité connue.",
    Motif.DEJA_ATTEINT: "Rien ne change : l’objectif est déjà atteint.",
    Motif.AUCUNE_ATTENDUE: "Rien ne change : aucune attribution n’est attendue sur la durée étudiée.",
    Motif.AUCUNE_VACANCE: "Rien ne peut changer : aucun logement ne se libère là où il faudrait réorienter.",
    Motif.AUCUN_ELIGIBLE: "Rien ne peut changer : aucun demandeur du profil voulu ne souhaite ces communes.",
    Motif.EFFECTIF_FAIBLE: "L’effectif est trop faible pour conclure : l’écart n’est donné qu’à titre indicatif.",
}

SANS_DEMANDES = "La faisabilité ne se juge pas : aucune demande active n’est lisible à cette date."


@dataclass(frozen=True)
class LimiteDite:
    """A verdict and what binds, each in words of its own; `raison` is empty when nothing binds.

    As a string, the end of a sentence: `c’est tendu : il faut 88 ménages modestes, et 120 attendent …`.
    """

    verdict: str
    raison: str = ""

    def __str__(self) -> str:
        return f"c’est {self.verdict}{' : ' if self.raison else ''}{self.raison}"


def limite(trouvee: Limite, noms: Noms) -> LimiteDite:
    """What binds, with its counts."""
    return LimiteDite(VERDICTS[trouvee.verdict], _raison(trouvee, noms))


def _raison(trouvee: Limite, noms: Noms) -> str:
    if trouvee.raison is None:
        return ""
    n, disponibles = langue.nombre(trouvee.n_demandes), langue.nombre(trouvee.n_disponibles)
    if trouvee.raison is Raison.VACANCES:
        ou = f"{lieu(trouvee.commune, noms)}, chez {noms.get(trouvee.bailleur, trouvee.bailleur)}"
        libres = langue.effectif(trouvee.n_disponibles, "logement")
        se_libere = "se libère" if trouvee.n_disponibles < 2 else "se libèrent"
        demandees = langue.effectif(trouvee.n_demandes, "attribution")
        return f"{ou}, il faudrait réorienter {demandees} et {libres} {se_libere}"
    profil = langue.accorder(trouvee.n_demandes, PROFILS_UN[trouvee.profil], PROFILS[trouvee.profil])
    if trouvee.raison is Raison.PLUSIEURS_COMMUNES:
        return (
            f"il faut {n} {profil} différents, et les mêmes ménages peuvent être comptés dans plusieurs "
            "des communes concernées"
        )
    ont, attendent = ("l’a", "attend") if trouvee.n_disponibles < 2 else ("l’ont", "attendent")
    if trouvee.raison is Raison.ELIGIBLES:
        return f"{lieu(trouvee.commune, noms)}, il faut {n} {profil} et {disponibles} {ont} demandée"
    return f"il faut {n} {profil}, et {disponibles} {attendent} sur tout le périmètre"


def limite_sans_compte(trouvee: Limite, ou: str) -> LimiteDite:
    """The same without its counts: a room is shown none under eleven. `ou`: `à Roubaix`, or a place not told apart."""
    verdict, profil = VERDICTS[trouvee.verdict], PROFILS.get(trouvee.profil, "")
    if trouvee.raison is Raison.VACANCES:
        return LimiteDite(verdict, f"{ou}, il se libère moins de logements qu’il n’en faut")
    if trouvee.verdict is Faisabilite.INFAISABLE:
        return LimiteDite(verdict, f"{ou}, trop peu de {profil} demandent la commune")
    return LimiteDite(verdict, f"{ou}, plus de la moitié des {profil} qui demandent la commune seraient relogés")


def moyens(jugement: Jugement) -> str:
    """`1 940 logements libérés et 8 224 demandeurs éligibles`, where something is asked."""
    n = jugement.n_eligibles
    eligibles = langue.effectif(n, "demandeur éligible", "demandeurs éligibles") if n else "aucun demandeur éligible"
    if jugement.n_inconnus == jugement.n_lieux:
        return eligibles
    libres = jugement.n_vacances
    liberes = langue.effectif(libres, "logement libéré", "logements libérés") if libres else "aucun logement libéré"
    return f"{liberes} et {eligibles}"


def sans_borne(n: int, n_lieux: int) -> str:
    """That vacancies are unknown in some of the places concerned; nothing when they are known everywhere."""
    if not n:
        return ""
    ou = f"Dans {langue.nombre(n)} des {langue.nombre(n_lieux)} lieux concernés" if n_lieux > 1 else "Là"
    return f" {ou}, le nombre de logements libérés est inconnu : il ne limite rien."


def lieu(commune: str, noms: Noms) -> str:
    """`à Roubaix`, `au Maisnil`, `aux …`: the article contracts."""
    nom = noms.get(commune, commune)
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    return f"aux {nom[4:]}" if nom.startswith("Les ") else f"à {nom}"


def semestres(n: int | None) -> str:
    """`4 semestres`, or that it never happens."""
    return "jamais à ce rythme" if n is None else langue.effectif(n, "semestre")
