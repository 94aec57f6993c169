"""13h30, the blocked mutations read otherwise than by commune: by criterion, and those refused for unpaid rent."""

from __future__ import annotations

import pandas as pd

from mel_core.contrat.libelles import LIBELLES
from mel_core.indicateurs.suivi import phrases_programme, refus_mutations
from mel_core.secret.bail import reader
from mel_core.socle import langue
from pages.commun import annonces, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image
from pages.commun.segments import etape
from pages.seance.orientations import lecture_offre as lecture
from pages.seance.orientations.images_offre import LIGNES_DESSINEES

CRITERE, IMPAYES = "critere", "impayes"
SENS = {CRITERE: "Critère", IMPAYES: "Refus pour impayés"}
_CRITERES = {**LIBELLES["critere_mutation"], "inconnu": "critère non dit"}


def show(choisi: Perimetre, sens: str) -> None:
    if sens == CRITERE:
        criteres(choisi)
    else:
        impayes(choisi)


def criteres(choisi: Perimetre) -> None:
    """How many blocked mutations pending each criterion holds."""
    lus = lecture.criteres_des_mutations(*etape.cle(choisi))
    if lus is None:
        annonces.message(
            "Les données n’ont pas les colonnes « mutation_bloquee » et « critere_mutation » : les demander au "
            "prochain import."
        )
        return
    ou = f"qui souhaitent {choisi.ici_dite} ou y habitent" if choisi.ici else "de la Métropole"
    if lus.empty:
        annonces.message(f"Aucune des demandes {ou} n’est une mutation bloquée en attente.")
        return
    dits = say_criteres(lus)
    annonces.message(phrase_criteres(ou, lus, dits))
    etape.draw(figure(dits, "mutations bloquées", "Mutations bloquées en attente, par critère"), len(dits))
    annonces.note(
        "Critère donné par qui a reconnu la mutation bloquée (colonne « critere_mutation ») : un seul par demande."
    )
    table = pd.DataFrame({"Critère": dits["libelle"], "Mutations bloquées": dits["n"]})
    widgets.grille(table, {}, "Mutations bloquées, par critère", est_emporte=True)


def say_criteres(lus: pd.DataFrame) -> pd.DataFrame:
    """One row per criterion, the most first by what is read, what is not said last: `cle`, `libelle`, `n`."""
    dits = reader().comptes(lus, ["n"]).assign(libelle=lus["cle"].map(_CRITERES))
    cles = dits.assign(lu=dits["n"].astype(float).fillna(0), est_inconnu=lus["cle"] == "inconnu")
    return dits.loc[
        cles.sort_values(["est_inconnu", "lu", "libelle"], ascending=[True, False, True]).index
    ].reset_index(drop=True)


def phrase_criteres(ou: str, lus: pd.DataFrame, dits: pd.DataFrame) -> str:
    """`lus`: the exact counts, of which the whole is said."""
    total = reader().compte(int(lus["n"].sum()))
    bloquees = f"**{langue.effectif(total, 'mutation bloquée', 'mutations bloquées')}**"
    tete = f"{bloquees} {ou} {langue.agree(total, 'attend', 'attendent')}"
    nommes = dits[(dits["cle"] != "inconnu") & dits["n"].map(lambda n: n.est_dit)][:3]
    if nommes.empty:
        return f"{tete} ; aucun critère n’en dit assez pour être compté."
    premiers = [f"**{x['libelle']}** ({langue.nombre(x['n'])})" for x in nommes.to_dict("records")]
    return f"{tete}, d’abord : {langue.liste(premiers)}."


def figure(dits: pd.DataFrame, quoi: str, titre: str) -> Image:
    """One bar a row of `dits` (`libelle`, `n` as it is read); what is not said has none."""
    bulles = [f"{x['libelle']} : {langue.nombre(x['n'])} {quoi}" for x in dits.to_dict("records")]
    lignes = pd.DataFrame(
        {
            "libelle": dits["libelle"],
            "valeur_dit": dits["n"].map(langue.nombre),
            "effectif": dits["n"].astype("float64").fillna(0),
            "infobulle": bulles,
        }
    )
    return dessins.effectifs(lignes, quoi, titre, " ; ".join(bulles))


def drawn(dits: pd.DataFrame) -> pd.DataFrame:
    """Of the bailleurs, those that are drawn, in their order, `n` being their refusals for unpaid rent, none of them 0;
    those that refuse the most mutations when there are too many."""
    candidats = dits[dits["n_impayes"] != 0]
    rangs = candidats["n"].astype(float).fillna(0).rank(ascending=False, method="first")
    return candidats[rangs <= LIGNES_DESSINEES].assign(n=lambda x: x["n_impayes"]).reset_index(drop=True)


def impayes(choisi: Perimetre) -> None:
    """Mutations refused in commission for unpaid rent, by bailleur."""
    lus = choisi.ask(refus_mutations.refus, choisi.annee, choisi.ici)
    absents = choisi.ask(refus_mutations.manques)
    if absents:
        annonces.message("Les refus de mutation pour impayés ne se lisent pas dans ces données.")
        annonces.note(phrases_programme.manquants(absents))
        return
    annonces.message(refus_mutations.say(choisi.ici_dite, lus, choisi.duree))
    if not lus["n"].sum():
        return
    noms = choisi.bailleurs
    dits = refus_mutations.dire(lus)
    dits = dits.assign(libelle=[noms.get(b, "bailleur inconnu") for b in dits["bailleur"]]).sort_values("libelle")
    dits = dits.reset_index(drop=True)
    vus = drawn(dits)
    if len(vus):
        etape.draw(figure(vus, "refus pour impayés", "Mutations refusées pour impayés, par bailleur"), len(vus))
    annonces.note(
        "Refus : non-attribution ou irrecevabilité en commission, d’un ménage déjà locataire HLM, là où est le "
        "logement ; « impayés » : le motif enregistré le dit. Bailleurs dans l’ordre alphabétique."
    )
    table = pd.DataFrame(
        {
            "Bailleur": dits["libelle"],
            "Refus de mutation": dits["n"],
            "Motif connu": dits["n_connus"],
            "Pour impayés": dits["n_impayes"],
            "Part": dits["part_impayes"],
        }
    )
    widgets.grille(table, {}, "Refus de mutation, par bailleur", est_emporte=True)
