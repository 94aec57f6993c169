"""The sentences of the simulations, as they are read to the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mel_core.secret.bail import Audience
from mel_core.simulation.reorientation.cibles import Motif
from mel_core.simulation.reorientation.faisabilite import Faisabilite, Limite, Raison
from mel_core.simulation.reorientation.moyens import Jugement
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DES_QUARTIERS

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
CLASSES = FRAGILITES_DES_QUARTIERS | {"inconnu": "quartiers de fragilité inconnue"}
VERDICTS = {
    Faisabilite.FAISABLE: "faisable",
    Faisabilite.TENDU: "tendu",
    Faisabilite.INFAISABLE: "infaisable tel quel",
}
INCHANGES = {
    Motif.AUCUNE_ATTRIBUTION: "il n’y a aucune attribution sur cette période",
    Motif.AUCUNE_CONNUE: "aucune attribution ne dit les ressources ou les labels du ménage",
    Motif.QUARTIERS_INCONNUS: "aucun quartier attribué n’a de fragilité connue",
    Motif.DEJA_ATTEINT: "cette cible est déjà tenue",
    Motif.AUCUNE_ATTENDUE: "aucune attribution n’est attendue sur la durée étudiée",
}
RESERVES = {
    Motif.AUCUN_ELIGIBLE: "Rien ne peut changer : aucun demandeur du profil voulu ne souhaite ces communes.",
    Motif.EFFECTIF_FAIBLE: "L’effectif est trop faible pour conclure : l’écart n’est donné qu’à titre indicatif.",
}

TROP_PEU = "trop peu d’attributions aux ressources ou aux labels connus pour dire ce que cela demande"
SANS_ELIGIBLES = "à cette date, aucune demande active ne dit le profil voulu et une commune souhaitée d’ici"
SANS_DEMANDES = f"La faisabilité ne se juge pas : {SANS_ELIGIBLES}."


@dataclass(frozen=True)
class LimiteDite:
    """A verdict and what binds, each in words of its own; `raison` is empty when nothing binds.

    As a string, the end of a sentence: `c’est tendu : il faut 88 ménages modestes, et 120 attendent …`.
    """

    verdict: str
    raison: str = ""

    def __str__(self) -> str:
        return f"c’est {self.verdict}{' : ' if self.raison else ''}{self.raison}"


def limite(trouvee: Limite, noms: Noms, audience: Audience) -> LimiteDite:
    """What binds, with its counts."""
    return LimiteDite(VERDICTS[trouvee.verdict], _raison(trouvee, noms, audience))


def _raison(trouvee: Limite, noms: Noms, audience: Audience) -> str:
    if trouvee.raison is None:
        return ""
    if not audience.est_exacte:
        return _raison_dite(trouvee)
    demandes, disponibles = trouvee.n_demandes, trouvee.n_disponibles
    if trouvee.raison is Raison.VACANCES:
        se_libere = "se libère" if disponibles < 2 else "se libèrent"
        libres, demandees = langue.effectif(disponibles, "logement"), langue.effectif(demandes, "attribution")
        return f"{_ou(trouvee, noms)}, il faudrait réorienter {demandees} et {libres} {se_libere}"
    menages = langue.effectif(demandes, PROFILS_UN[trouvee.profil], PROFILS[trouvee.profil])
    if trouvee.raison is Raison.PLUSIEURS_COMMUNES:
        return f"il faut {menages} différents, et les mêmes peuvent être comptés dans plusieurs communes"
    if trouvee.raison is Raison.STOCK:
        attendent = "attend ou arriverait" if disponibles < 2 else "attendent ou arriveraient"
        return f"il faudrait loger {menages}, et {langue.nombre(disponibles)} {attendent} d’ici là"
    ont, attendent = ("l’a", "attend") if disponibles < 2 else ("l’ont", "attendent")
    if trouvee.raison is Raison.ELIGIBLES:
        return f"{lieu(trouvee.commune, noms)}, il faut {menages} et {langue.nombre(disponibles)} {ont} demandée"
    return f"il faut {menages}, et {langue.nombre(disponibles)} {attendent} sur tout le périmètre"


def _ou(trouvee: Limite, noms: Noms) -> str:
    if trouvee.commune:
        return lieu(trouvee.commune, noms)
    if trouvee.bailleur:
        return f"chez {noms.get(trouvee.bailleur, trouvee.bailleur)}"
    return f"dans les {CLASSES[trouvee.fragilite]}" if trouvee.fragilite else "sur tout le périmètre"


def _raison_dite(trouvee: Limite) -> str:
    """What binds, without its counts, nor which commune or bailleur: those of every position of a lever would give
    exact counts back."""
    ou = "dans une commune" if trouvee.commune else "chez un bailleur" if trouvee.bailleur else _ou(trouvee, {})
    if trouvee.raison is Raison.VACANCES:
        return f"{ou}, il se libère moins de logements qu’il n’en faudrait"
    if trouvee.raison is Raison.PLUSIEURS_COMMUNES:
        return "les mêmes ménages peuvent être comptés dans plusieurs communes"
    combien = "n’y suffisent pas" if trouvee.verdict is Faisabilite.INFAISABLE else "y suffisent à peine"
    return f"{ou}, les {PROFILS[trouvee.profil]} qui attendent {combien}"


def moyens(jugement: Jugement, audience: Audience) -> str:
    """`1 940 logements libérés et 8 224 demandeurs éligibles`, where something is asked. Dwellings are nobody, but at
    every position of a lever their sum would say which places it asks: a room is not told it."""
    n, libres = audience.compte(jugement.n_eligibles), jugement.n_vacances
    eligibles = langue.effectif(n, "demandeur éligible", "demandeurs éligibles")
    if n == 0:
        eligibles = "aucun demandeur éligible"
    if jugement.n_inconnus == jugement.n_lieux or not audience.est_exacte:
        return eligibles
    liberes = langue.effectif(libres, "logement libéré", "logements libérés") if libres else "aucun logement libéré"
    return f"{liberes} et {eligibles}"


def remarques(jugement: Jugement, audience: Audience) -> str:
    """Of the places concerned, as many as that to whoever reads exactly (see `moyens`): those where vacancies are
    unknown, those that free fewer dwellings than they are asked; nothing of none."""
    n, n_lieux, dites = jugement.n_inconnus, jugement.n_lieux, ""
    if n:
        ou = f"Dans {langue.nombre(n)} des {langue.nombre(n_lieux)} lieux concernés" if n_lieux > 1 else "Là"
        if not audience.est_exacte:
            ou = "Dans les lieux concernés, ou certains d’entre eux"
        dites = f" {ou}, le nombre de logements libérés est inconnu : il ne limite rien."
    if jugement.n_serres and audience.est_exacte:
        dites += (
            f" Chez un bailleur d’une commune, {langue.nombre(jugement.n_serres)} fois sur {langue.nombre(n_lieux)}, "
            "il se libère moins de logements que ce partage n’en demande : Simuler, « Plan d’ensemble », en cherche un "
            "autre."
        )
    return dites


def lieu(commune: str, noms: Noms) -> str:
    """`à Roubaix`, `au Maisnil`, `aux …`: the article contracts."""
    nom = noms.get(commune, commune)
    if nom.startswith("Le "):
        return f"au {nom[3:]}"
    return f"aux {nom[4:]}" if nom.startswith("Les ") else f"à {nom}"
