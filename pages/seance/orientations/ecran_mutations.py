"""13h30, the blocked mutations: pending, by commune, how long they have waited (counts and medians, never one
household's date), or by criterion; and those refused for unpaid rent."""

from __future__ import annotations

import pandas as pd

from mel_core.contrat.explications import LIBELLES
from mel_core.indicateurs.manques import BESOINS_DES_CLES, BESOINS_DES_SEGMENTS
from mel_core.indicateurs.phrases_constats import ABSENT_DIT
from mel_core.indicateurs.suivi import refus_mutations
from mel_core.secret.bail import reader
from mel_core.segments import Criteres, count_par, titre_de
from mel_core.simulation import phrases_offre, preconisations
from mel_core.simulation.lectures_offre import read_attentes
from pages.commun import annonces, donnees, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import lignes
from pages.commun.segments import etape
from pages.seance.orientations import images_offre
from pages.seance.orientations.images_offre import LIGNES_DESSINEES

CRITERE, IMPAYES = "critere", "impayes"
COMMUNES = {"souhaitee": "Commune souhaitée", "residence": "Commune habitée"}
SENS = COMMUNES | {CRITERE: "Critère", IMPAYES: "Refus pour impayés"}
_BLOQUEES, _CRITERE = "mutations_bloquees_en_attente", "critere_mutation"
_CRITERES = {**LIBELLES["critere_mutation"], "inconnu": "critère non dit"}
_BESOINS = {
    **dict.fromkeys(COMMUNES, BESOINS_DES_SEGMENTS[_BLOQUEES]),
    CRITERE: (*BESOINS_DES_SEGMENTS[_BLOQUEES], *BESOINS_DES_CLES[_CRITERE]),
    IMPAYES: refus_mutations.BESOINS,
}


def show(choisi: Perimetre) -> None:
    sens = etape.choose("mutations_par", SENS)
    if etape.refuse(choisi, SENS[IMPAYES] if sens == IMPAYES else titre_de(_BLOQUEES), _BESOINS[sens]):
        return
    if sens == CRITERE:
        criteres(choisi)
    elif sens == IMPAYES:
        impayes(choisi)
    else:
        attentes(choisi, sens)


def attentes(choisi: Perimetre, sens: str) -> None:
    """By commune wanted or lived in, those of which most wait first."""
    frame = choisi.ask(preconisations.mutations_bloquees, choisi.seance.fin, choisi.ici)
    if frame is None:  # said above
        return
    vues = read_attentes(frame[frame["sens"] == sens])
    annonces.message(phrases_offre.attente(choisi.ici_dite, vues, sens))
    if vues.empty:
        return
    figure, n_lignes, note = images_offre.mutations(vues)
    etape.draw(figure, n_lignes)
    annonces.note(note)
    table = pd.DataFrame(
        {
            COMMUNES[sens]: vues["nom"],
            "Mutations bloquées": vues["n"],
            "36 mois ou plus": vues["n_36_mois"],
            "Part, 36 mois": vues["part_36_mois"].astype(float),
            "24 mois ou plus": vues["n_24_mois"],
            "Part, 24 mois": vues["part_24_mois"].astype(float),
            "Attente médiane (mois)": vues["mediane_mois"].astype(float),
        }
    )
    widgets.grille(table, {}, "Mutations bloquées en attente", est_emporte=True)
    if not visiteur.est_en_salle():
        annonces.note(ABSENT_DIT)


def criteres(choisi: Perimetre) -> None:
    """How many blocked mutations pending each criterion holds."""
    lus = donnees.ask_in(choisi.ici or "", *choisi.cle, count_par, _BLOQUEES, Criteres(choisi.seance.fin), _CRITERE)
    dits = say_criteres(lus)
    annonces.message(phrases_offre.criteres(choisi.ici or "", lus, dits))
    if lus.empty:
        return
    titre = "Mutations bloquées en attente, par critère"
    etape.draw(lignes.comptes(dits["libelle"], dits["n"], "mutations bloquées", titre), len(dits))
    table = pd.DataFrame({"Critère": dits["libelle"], "Mutations bloquées": dits["n"]})
    widgets.grille(table, {}, "Mutations bloquées, par critère", est_emporte=True)


def say_criteres(lus: pd.DataFrame) -> pd.DataFrame:
    """One row per criterion, the most first by what is read, what is not said last: `cle`, `libelle`, `n`."""
    dits = reader().comptes(lus, ["n"]).assign(libelle=lus["cle"].map(_CRITERES))
    cles = dits.assign(lu=dits["n"].astype(float).fillna(0), est_inconnu=lus["cle"] == "inconnu")
    return dits.loc[
        cles.sort_values(["est_inconnu", "lu", "libelle"], ascending=[True, False, True]).index
    ].reset_index(drop=True)


def drawn(dits: pd.DataFrame) -> pd.DataFrame:
    """Of the bailleurs, those that are drawn, in their order, `n` being their refusals for unpaid rent, none of them 0;
    those that refuse the most mutations when there are too many."""
    candidats = dits[dits["n_impayes"] != 0]
    rangs = candidats["n"].astype(float).fillna(0).rank(ascending=False, method="first")
    return candidats[rangs <= LIGNES_DESSINEES].assign(n=lambda x: x["n_impayes"]).reset_index(drop=True)


def impayes(choisi: Perimetre) -> None:
    """Mutations refused in commission for unpaid rent, by bailleur."""
    lus = choisi.ask(refus_mutations.refus, choisi.annee, choisi.ici)
    annonces.message(refus_mutations.say(choisi.ici_dite, lus, choisi.duree))
    if not lus["n"].sum():
        return
    noms = choisi.bailleurs
    dits = refus_mutations.render(lus)
    dits = dits.assign(libelle=[noms.get(b, "bailleur inconnu") for b in dits["bailleur"]]).sort_values("libelle")
    dits = dits.reset_index(drop=True)
    vus = drawn(dits)
    if len(vus):
        titre = "Mutations refusées pour impayés, par bailleur"
        etape.draw(lignes.comptes(vus["libelle"], vus["n"], "refus pour impayés", titre), len(vus))
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
