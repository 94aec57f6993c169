"""Events of the gestion partagée: propositions, commissions, visits, refusals; recorded unevenly by the bailleurs."""

from __future__ import annotations

import numpy as np

from mel_core.demo.alea import (
    Booleens,
    Colonnes,
    Entiers,
    Jours,
    Textes,
    add_days,
    day,
    empty,
    months_before,
    stack,
    take,
)
from mel_core.demo.attributions import Attributions
from mel_core.demo.candidats_cal import Passages
from mel_core.demo.demandes import Demandes
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages

MOTIFS_REFUS = ("Localisation", "Logement trop petit", "Loyer trop élevé", "Étage sans ascenseur", "Sans réponse")
MOTIFS_NON_ATTRIBUTION = ("Taux d’effort", "Dossier incomplet", "Typologie inadaptée", "Équilibre de peuplement")
IMPAYES = "Impayés de loyer"  # in place of every third « Taux d’effort » of a mutation: nothing more is drawn
MOTIFS_AUTRES = ("Pièces complètes", "Entretien", "Accompagnement social")


def flag_multiples(r: Reglages, demandes: Demandes, passages: Passages) -> Booleens:
    """The SNE's own flag: attributed under reserve twice or more in 24 months, whatever the bailleurs recorded."""
    recents = (passages.rang >= 2) & (passages.date > months_before(r["periode"]["fin"], 24))
    fois = np.bincount(passages.demande[recents], minlength=len(demandes.creation))
    return demandes.active & (fois >= 2)


def draw_evenements(
    r: Reglages,
    parc: Parc,
    attributions: Attributions,
    demandes: Demandes,
    passages: Passages,
    alea: np.random.Generator,
) -> Colonnes:
    """Events without their identifier, in order of date. What a bailleur does not record is missing whole."""
    p = r["evenements"]
    taux = np.array([b["enregistrement"] for b in r["bailleurs"]])
    par_logement = alea.random(len(attributions.date_bail)) < taux[parc.bailleur[attributions.residence]]
    vu = np.flatnonzero(par_logement[passages.logement])
    en_cal = build_passages(parc, attributions, passages, vu, alea)
    taux_d_effort = np.flatnonzero(
        ~np.ma.getmaskarray(en_cal["motif"])
        & (np.ma.getdata(en_cal["motif"]) == MOTIFS_NON_ATTRIBUTION[0])
        & demandes.mutation[passages.demande[vu]]
    )
    en_cal["motif"][taux_d_effort[::3]] = IMPAYES
    morceaux = [en_cal]
    alentours: tuple[tuple[str, Booleens, tuple[int, int]], ...] = (
        ("PROPOSITION", alea.random(len(vu)) < p["propositions"], (-21, -6)),
        ("VISITE", (passages.rang[vu] > 0) & (alea.random(len(vu)) < p["visites"]), (1, 4)),
        ("REFUS_DEMANDEUR", passages.refus[vu], (4, 11)),
        ("DESISTEMENT", (passages.rang[vu] > 1) & (alea.random(len(vu)) < p["desistements"]), (4, 11)),
    )
    for code, lignes, (tot, tard) in alentours:
        choisis = vu[lignes]
        jours = add_days(passages.date[choisis], alea.integers(tot, tard, len(choisis)))
        jours = np.maximum(jours, demandes.creation[passages.demande[choisis]])
        morceaux.append(build(parc, attributions, passages, choisis, code, jours, alea))
    morceaux.append(build_autres(p, demandes, alea))
    tous = stack(morceaux)
    # Nothing is known after the day of the extraction, and erased demandes leave only a few orphans.
    gardees = demandes.kept(r)[tous["demande"]] | (alea.random(len(tous["demande"])) < p["demande_inconnue"])
    tous = take(tous, np.flatnonzero(gardees & (tous["date_survenance"] <= day(r["periode"]["fin"]))))
    tous = take(tous, np.argsort(tous["date_survenance"], kind="stable"))
    inconnu = alea.random(len(tous["demande"])) < p["bailleur_inconnu"]
    tous["code_bailleur"][inconnu] = "BF99"
    return {"numero_unique": demandes.numeros[tous.pop("demande")], **tous}


def build_passages(
    parc: Parc, attributions: Attributions, passages: Passages, vu: Entiers, alea: np.random.Generator
) -> Colonnes:
    """The passages themselves: decision, rang, motive of a non-attribution."""
    table = build(parc, attributions, passages, vu, "PASSAGE_CAL", passages.date[vu], alea)
    rang = passages.rang[vu]
    table["decision"] = np.where(
        rang > 0, "ATTRIBUE", np.where(passages.irrecevable[vu], "IRRECEVABLE", "NON_ATTRIBUE")
    )
    table["rang"] = empty(rang, rang == 0)
    table["motif"] = empty(alea.choice(np.array(MOTIFS_NON_ATTRIBUTION), len(vu)), rang > 0)
    return table


def build(
    parc: Parc,
    attributions: Attributions,
    passages: Passages,
    lignes: Entiers,
    code: str,
    jours: Jours,
    alea: np.random.Generator,
) -> Colonnes:
    """Events of one type about the dwellings of `lignes` (ranks of passages)."""
    logement = passages.logement[lignes]
    residence, n = attributions.residence[logement], len(lignes)
    sans_residence = np.ma.getmaskarray(attributions.colonnes["code_residence"])[logement]
    return {
        "demande": passages.demande[lignes],
        "type": np.full(n, code, dtype="U15"),
        "date_survenance": jours,
        "code_residence": empty(parc.codes[residence], sans_residence),
        "code_bailleur": empty(parc.codes_bailleurs[parc.bailleur[residence]], np.zeros(n, dtype=bool)),
        "typologie": empty(attributions.typologie[logement], np.zeros(n, dtype=bool)),
        "decision": nothing(n, "U12"),
        "rang": empty(np.zeros(n, dtype=int), np.ones(n, dtype=bool)),
        "motif": empty(alea.choice(np.array(MOTIFS_REFUS), n), np.full(n, code != "REFUS_DEMANDEUR")),
    }


def build_autres(p: Reglages, demandes: Demandes, alea: np.random.Generator) -> Colonnes:
    """Events that are no presentation: documents, interviews."""
    choisies = np.flatnonzero(alea.random(len(demandes.creation)) < p["autres"])
    n = len(choisies)
    jours = add_days(demandes.creation[choisies], alea.integers(5, 200, n))
    return {
        "demande": choisies,
        "type": np.full(n, "AUTRE", dtype="U15"),
        "date_survenance": np.minimum(jours, demandes.fin[choisies]),
        "code_residence": nothing(n, "U8"),
        "code_bailleur": nothing(n, "U4"),
        "typologie": nothing(n, "U3"),
        "decision": nothing(n, "U12"),
        "rang": empty(np.zeros(n, dtype=int), np.ones(n, dtype=bool)),
        "motif": empty(alea.choice(np.array(MOTIFS_AUTRES), n), np.zeros(n, dtype=bool)),
    }


def nothing(n: int, forme: str) -> Textes:
    """A column of `n` empty cells."""
    return empty(np.full(n, "", dtype=forme), np.ones(n, dtype=bool))
