"""What is said of a report from its sending to the agenda: to its sender, and to the co-pilots who sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from mel_core.seance.coordination.blocages import Blocage, EtatBlocage, propositions
from mel_core.socle import langue
from mel_core.socle.periodes import Seance

CORRIGE = "Signalement corrigé : les co-pilotes lisent ce texte."
REPONDU = "Signalement corrigé et renvoyé : les co-pilotes le trient de nouveau."
RETIRE = "Signalement retiré : les co-pilotes ne le traiteront pas."
CONFIRMER_LE_RETRAIT = "Les co-pilotes ne le traiteront pas, et il ne se reprend plus ici."
RETENU = "Blocage retenu, à la fin de l’ordre du jour."
REPRIS = "Blocage repris, à la fin de l’ordre du jour."
ECARTE = "Blocage écarté : qui l’a signalé en lit le motif, et peut répondre en le corrigeant."
DETACHE = "Blocage détaché : il est à trier."
MONTE = "Ordre du jour changé."
FORMULE = "Formulation gardée : la Salle la lira."
PLUS_CORRIGIBLE = (
    "Le signalement que demande ce lien ne se corrige pas, ou plus : voici le formulaire d’un nouveau signalement."
)
CHANGE_AILLEURS = "Ce blocage vient d’être changé par ailleurs : le voici tel qu’il est, recommencer si besoin."


def corrige(blocage: Blocage, sujet: str) -> str:
    """Over the form of a report that its sender corrects: which one; why the co-pilots set it aside."""
    motif = f" Écarté : {blocage.motif_refus}" if blocage.etat is EtatBlocage.ECARTE else ""
    return langue.typeset(f"Vous corrigez : {sujet}.{motif}")


def devenir(blocage: Blocage, dits: Mapping[str, str]) -> str:
    """`retenu, point 2 de l’ordre du jour`: what became of a report, for whoever made it. `dits`: what each blocage is
    in the words of the room, by identifiant."""
    etat = blocage.etat_dit
    if blocage.etat is EtatBlocage.ECARTE and not blocage.est_retire:
        return f"{etat} : {blocage.motif_refus}"
    if blocage.etat is EtatBlocage.FUSIONNE:
        return f"{etat} avec « {dits.get(blocage.rattache_a, '')[:60]} »"
    est_un_point = blocage.etat is EtatBlocage.RETENU and blocage.rang
    return f"{etat}, point {blocage.rang} de l’ordre du jour" if est_un_point else etat


def envoye(seance: Seance, recue: Seance) -> str:
    """To whoever reports at `seance`, which séance got it."""
    if recue == seance:
        return "Blocage envoyé : les co-pilotes le trient avant la séance."
    return langue.typeset(
        f"Le relevé de la séance {seance} est signé : blocage envoyé à la séance {recue}, que les co-pilotes préparent."
    )


def avancement(lus: Sequence[Blocage]) -> str:
    """`3 blocages signalés : 2 à l’ordre du jour, 1 à trier.`"""
    if not lus:
        return "Aucun blocage n’est encore signalé pour cette séance."
    suites = (
        ("retenu", "à l’ordre du jour", "à l’ordre du jour"),
        ("regroupé", "regroupé", "regroupés"),
        ("écarté", "écarté", "écartés"),
        ("retiré", "retiré", "retirés"),
        ("reçu", "à trier", "à trier"),
    )
    etats = Counter(b.etat_dit for b in lus)
    dits = [langue.effectif(n, *suite) for etat, *suite in suites if (n := etats[etat])]
    return langue.typeset(f"{langue.effectif(len(lus), 'blocage signalé', 'blocages signalés')} : {', '.join(dits)}.")


def hors_liste(ecartes: Sequence[Blocage]) -> str:
    """`2 blocages écartés, 1 retiré`: what is no longer to be sorted."""
    n_retires = sum(b.est_retire for b in ecartes)
    comptes = (
        (len(ecartes) - n_retires, "blocage écarté", "blocages écartés"),
        (n_retires, "retiré par qui l’a signalé", "retirés par qui les a signalés"),
    )
    return ", ".join(langue.effectif(*compte) for compte in comptes if compte[0])


def pas_gardee(sujet: str) -> str:
    """Why the blocage of this `sujet` is not merged yet: it would hide what is typed of it."""
    return langue.typeset(
        f"Une formulation de « {sujet} » est saisie et n’est pas gardée : la garder, ou remettre le texte d’avant, "
        "puis regrouper."
    )


def regroupe(sujet: str) -> str:
    """Once a blocage was merged into the one of this `sujet`, which says all that was worded of both."""
    return langue.typeset(f"Blocage regroupé avec « {sujet} » : ce qui est formulé et proposé des deux s’y lit.")


def reporte(seance: Seance) -> str:
    return f"Blocage reporté à la séance {seance} : il y est à trier."


def reste_a_formuler(blocage: Blocage) -> str:
    """`, à reformuler pour la Salle, sans proposition`: what the co-pilots did not write of it yet."""
    reste = "" if blocage.dit.strip() else ", à reformuler pour la Salle"
    return reste + ("" if blocage.proposition.strip() else ", sans proposition")


def formules(porteur: Blocage, membres: Sequence[Blocage]) -> list[str]:
    """What the room reads of each of `membres`, and what was proposed of it that the one that bears them does not say,
    in their order."""
    dits = []
    for membre in membres:
        lu = f"La Salle lira : {membre.dit.strip()}" if membre.dit.strip() else ""
        a_part = propositions([porteur, membre])[len(propositions([porteur])) :]
        propose = [f"Proposition à part : {p}" for p in a_part]
        dits.append(langue.typeset(" ".join(x for x in (lu, *propose) if x)))
    return dits
