"""13h30, the offer: offer against demand by commune and typologie; what mutations need beside what is programmed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs.besoins import say_manquants
from mel_core.indicateurs.manques import DEMANDES
from mel_core.indicateurs.phrases_constats import ABSENT_DIT
from mel_core.indicateurs.suivi import besoins_mutations as mutations
from mel_core.simulation import phrases_offre, preconisations
from mel_core.simulation.lectures_offre import read_les_tensions, render_offre
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from pages.adaptateur import cartes
from pages.commun import annonces, cadre, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import etape
from pages.seance.orientations import images_offre

BESOINS = "besoins"
OFFRES = {"tension": "Par commune", BESOINS: "Besoins des mutations"}
_CARTE_PX = (640, 400)
_CARTE_SALLE_PX = (1100, 430)
_COMPTES = {
    "n_demandes": "La souhaitent",
    "n_attributions": "Attributions",
    "n_logements": "Logements",
    "n_vacants": "Vacants",
}
# The part of a column's name after `n_` and `part_` → what the chart says of it, its heading.
_BESOINS = {
    "souhaits": ("des souhaits", "Souhaits"),
    "besoins": ("des besoins supposés", "Besoins supposés"),
    "obtenus": ("des mutations de {duree}", "Mutations"),
    "programmes": ("des logements programmés", "Programmés"),
}
_TITRE_BESOINS = "Mutations et programme par typologie"


def show(choisi: Perimetre) -> None:
    """How many ask for how many given, by commune and typologie; or, at a desk, what mutations need."""
    with st.container(horizontal=True, key="entete_etape", vertical_alignment="center"):
        sont_les_besoins = not visiteur.est_en_salle() and etape.choose("offre_par", OFFRES) == BESOINS
        lieu = None if sont_les_besoins or not choisi.ici else etape.choose_lieu(choisi, ("commune",))
    if sont_les_besoins:
        besoins(choisi)
        return
    if etape.refuse(choisi, "Offre et demande", (DEMANDES,)):
        return
    if not choisi.ici:
        annonces.message(phrases_offre.PAR_ICI)
        return
    frame = choisi.ask(preconisations.offre_demande, choisi.annee, choisi.ici)
    montrees, en_moyenne = read_les_tensions(frame)
    if not en_moyenne or not lieu:
        annonces.message(phrases_offre.plus_tendue(choisi.ici_dite, montrees, choisi.duree))
    if not en_moyenne:
        return
    moyenne, *_ = en_moyenne
    carte = images_offre.tension(montrees, moyenne)
    if visiteur.est_en_salle():
        cartes.draw(carte, "tension", _CARTE_SALLE_PX)
        return
    if lieu:
        sienne = montrees.set_index("commune").loc[lieu.code]
        annonces.message(phrases_offre.tension_du_lieu(lieu.dit, sienne, moyenne, choisi.duree))
    gauche, droite = st.columns([0.5, 0.5], gap="medium")
    with gauche:
        etape.open_lieu(cartes.draw(carte, "tension", _CARTE_PX))
    with droite:
        if lieu:
            siennes = par_typologie_du_lieu(frame, lieu.code)
            legende = f"Offre et demande, {lieu.dit}"
            widgets.grille(siennes, {"Tension": langue.rapport}, legende, est_emporte=True)
            return
        tensions = montrees["tension"].replace(float("inf"), float("nan"))
        noms = {"nom": "Commune", **_COMPTES, "tension": "Tension"}
        table = montrees[["nom", *_COMPTES]].assign(tension=tensions).rename(columns=noms)
        widgets.grille(table, {"Tension": langue.rapport}, "Offre et demande, par commune", est_emporte=True)
        annonces.note(f"En moyenne, {phrases_offre.tension_dite(*en_moyenne)}. {ABSENT_DIT}")
    tensions = par_typologie(frame, list(montrees["nom"]))
    with cadre.detail("typologies"):
        st.markdown("#### Demandes pour une attribution, par typologie")
        legende = "Demandes pour une attribution, par commune et typologie"
        widgets.grille(tensions, dict.fromkeys(list(tensions)[1:], langue.rapport), legende)


def par_typologie_du_lieu(frame: pd.DataFrame, commune: str) -> pd.DataFrame:
    """One line per typologie of the commune: who wants it, attributions, tension, as they are read."""
    dites = render_offre(frame[frame["commune"] == commune])
    rangs = dites.set_index("typologie").reindex([t for t in TYPOLOGIES_EN_TETE if t in set(dites["typologie"])])
    return pd.DataFrame(
        {
            "Typologie": [TYPOLOGIES_EN_TETE[t] for t in rangs.index],
            **{nom: list(rangs[c]) for c, nom in _COMPTES.items() if c in ("n_demandes", "n_attributions")},
            "Tension": list(rangs["tension"].replace(float("inf"), float("nan"))),
        }
    )


def par_typologie(frame: pd.DataFrame, communes: list[str]) -> pd.DataFrame:
    """The tension of each commune by typologie, in the order of `communes`; empty where none is, or said."""
    dites = render_offre(frame)
    dites = dites.assign(tension=dites["tension"].replace(float("inf"), float("nan")))
    tensions = dites.pivot(index="nom", columns="typologie", values="tension")
    tensions = tensions.reindex(index=communes, columns=[t for t in TYPOLOGIES_EN_TETE if t in tensions])
    return tensions.rename_axis(columns=None).rename(columns=TYPOLOGIES_EN_TETE).rename_axis("Commune").reset_index()


def besoins(choisi: Perimetre) -> None:
    """The typologies that the demandes de mutation want and need, beside those obtained and programmed."""
    lus = choisi.ask(mutations.besoins, choisi.annee, choisi.ici)
    dites = mutations.render(lus.lignes)
    annonces.message(mutations.say(choisi.ici_dite, lus, dites))
    vues = dites[(dites["typologie"] != "C") | lus.lignes["n_souhaits"].gt(0).fillna(False)].reset_index(drop=True)
    noms = vues["typologie"].map(TYPOLOGIES_EN_TETE)
    parts = {dit.format(duree=choisi.duree): vues[f"part_{c}"].astype("Float64") for c, (dit, _) in _BESOINS.items()}
    dessinees = {dit: part for dit, part in parts.items() if part.notna().any()}
    if dessinees:
        etape.draw(images_offre.parts(list(noms), dessinees, _TITRE_BESOINS), len(dessinees) * len(vues))
    table = pd.DataFrame({"Typologie": noms})
    for (c, (_, tete)), part in zip(_BESOINS.items(), parts.values(), strict=True):
        table[tete], table[f"{tete}, part"] = vues[f"n_{c}"], part
    formats = {f"{tete}, part": langue.part for _, tete in _BESOINS.values()}
    widgets.grille(table, formats, _TITRE_BESOINS, est_emporte=True)
    annonces.note(mutations.reserve(lus))
    annonces.note(say_manquants(lus.manques))
