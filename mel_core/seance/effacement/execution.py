"""Erasing what a plan says, in an order that a cut at any moment leaves to be taken up."""

from __future__ import annotations

from datetime import date

from mel_core.entrepot import Entrepot, effacement
from mel_core.entrepot.coffre import Coffre
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.seance.effacement import traces
from mel_core.seance.effacement.plan_effacement import PlanEffacement
from mel_core.seance.engagements import conservation
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur


def erase(entrepot: Entrepot, journal: Journal, plan: PlanEffacement, auteur: Auteur, aujourdhui: date) -> list[str]:
    """Erase the people of `plan`; what stays and why, in sentences. The caller holds `entrepot.reserve()`.

    Codes first: they say what was begun. The files of old snapshots last: while one is there, its people can be found
    again by their codes. The journal says that it is done when nothing stays.
    """
    if any(a.regle == "fin" for a in journal.verify()):
        raise ErreurUtilisateur(
            "Il manque la fin du journal, l’effacement n’y serait pas complet : donner son adresse (MEL_JOURNAL) s’il "
            "n’est pas dans le dossier de données, sinon voir « journal --verifier »."
        )
    dossier, commencees = entrepot.dossier, list(plan.inacheves)
    deja = traces.codes(commencees)
    if any(traces.code(journal, p) not in deja for p in plan.menages):
        commencees.append(traces.begin(journal, plan.demande.motif, plan.menages, plan.comptes, auteur))
    effacement.publish_sans(dossier, plan.voulus)
    # Looked for again: the room may have written meanwhile.
    textes = traces.textes(journal, plan.voulus, entrepot.pseudonymes())
    journal.erase(*textes.op_ids, auteur=auteur)
    conservation.erase(dossier, plan.voulus)
    Coffre.du_dossier(dossier).erase(plan.voulus)
    restes = [*effacement.remove(dossier, plan.voulus), *map(_say, textes.a_reecrire)]
    if not restes:
        for commencee in commencees:
            traces.end(journal, commencee, auteur)
    traces.forget_codes(journal, aujourdhui, auteur)
    return restes


def _say(fiche: Fiche) -> str:
    return (
        f"Un texte du journal ({fiche.objet}, {langue.instant(fiche.instant)}) cite une personne à effacer : en "
        "écrire une version sans son numéro, puis recommencer."
    )
