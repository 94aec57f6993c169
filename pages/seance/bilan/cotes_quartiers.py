"""The objective quartier by quartier, over 36 months: how many on each side, by how much together, and where."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.entrepot.perimetre import locate
from mel_core.indicateurs import phrases_constats, suivi
from mel_core.indicateurs import quartiers as calcul
from mel_core.indicateurs.phrases_constats import TROP_PEU
from mel_core.indicateurs.quartiers import N_MOIS, Cotes
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Duree
from pages.adaptateur import cartes, vivant
from pages.commun import annonces, donnees, memo, visiteur, widgets
from pages.commun.images import carte_quartiers, couleurs
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import Cle, sans_commune
from pages.commun.mesures.lecture_mesures import lignes

COTES = {cote: phrases_constats.say_cote(cote, "") for cote in phrases_constats.COTES}
SERIES = {
    COTES[calcul.AU_DESSUS]: (couleurs.AU_DESSUS, couleurs.PAPIER),
    COTES[calcul.INDECIS]: (couleurs.PROCHE_CLAIR, couleurs.ENCRE),
    COTES[calcul.AU_DESSOUS]: (couleurs.AU_DESSOUS, couleurs.PAPIER),
    TROP_PEU: (couleurs.SANS_AVIS, couleurs.ENCRE),
}
CLASSES = {
    COTES[calcul.AU_DESSUS]: couleurs.AU_DESSUS_CLAIR,
    COTES[calcul.AU_DESSOUS]: couleurs.AU_DESSOUS_CLAIR,
    COTES[calcul.INDECIS]: couleurs.PROCHE_CLAIR,
    TROP_PEU: couleurs.SANS_AVIS,
}
_CARTE_PX = (640, 380)
_TITRES = ("Quartiers", "Au-dessus", "Attributions de trop", "Au-dessous", "Attributions qui manquent", "Trop près")


@memo.said(64, est_partage=True)
def read(cle: Cle) -> tuple[pd.DataFrame, list[Cotes]]:
    """One row per quartier as it is read, with `nom` and `nom_commune`; then each class summed up."""
    with donnees.open(*cle.ou) as lecteur:
        exactes = calcul.read(lecteur, Seance.read(cle.seance), cle.ici)
    lieux = donnees.lieux(*cle.ou, "quartier").set_index("code")
    communes = donnees.communes(*cle.ou).set_index("commune")["nom"]
    ou = exactes["quartier"].map(lieux["commune"])
    sienne = (ou == reader().code) if reader().cle == "commune" else None
    dites = reader().cellules(exactes, ("quartier", "fragilite"), sienne)
    noms = exactes["quartier"].map(lieux["nom"]).astype(object).fillna(exactes["quartier"])
    dites = dites.assign(nom=noms, nom_commune=ou.map(communes).fillna(""))
    return dites, calcul.summarise(dites, exactes)


def say(cle: Cle, ou: str) -> str:
    """The finding in `ou`; empty where no quartier has an objective or is judged: `refus` says why."""
    objectif = cle.objectif
    return langue.typeset(calcul.say(ou, juges(cle), langue.part(objectif.valeur))) if objectif else ""


def juges(cle: Cle) -> list[Cotes]:
    """What it says; none where nothing is judged."""
    return [] if refus(cle) else read(cle)[1]


def refus(cle: Cle) -> str:
    """Why nothing is judged."""
    return calcul.refuse(*read(cle), a_un_objectif=cle.objectif is not None)


def draw(cle: Cle) -> str:
    """How many quartiers of each type are on each side; why nothing is drawn, in words."""
    if pourquoi := refus(cle):
        return pourquoi
    vivant.draw(image(read(cle)[1]))
    return "" if visiteur.est_en_salle() else calcul.DOUZE_NE_SUFFISENT_PAS  # a room has the months in its sentence


def image(resumes: list[Cotes]) -> Image:
    """Each type of quartiers, those over the objective, too near to tell, under it, and too few to tell."""
    noms = [FRAGILITES_EN_TETE[r.fragilite] for r in resumes]
    parts = [
        dessins.Part(rang, serie, n, langue.nombre(n), f"{noms[rang]}, {serie} : {langue.effectif(n, 'quartier')}")
        for rang, r in enumerate(resumes)
        for serie, n in r.par_cote.items()
        if n
    ]
    dits = ["" if visiteur.est_en_salle() else langue.effectif(r.n, "quartier") for r in resumes]
    lignes = pd.DataFrame({"libelle": noms, "valeur_dit": dits})
    totaux = dessins.nombres(pd.Series([float(r.n) for r in resumes]))
    titre = "Quartiers par côté de l’objectif, sur 36 mois"
    return dessins.empilees(lignes, parts, SERIES, totaux, titre)


def detail(cle: Cle) -> str | None:
    """At a desk: by how much, territoire by territoire, on the map, and quartier by quartier; the one that was just
    clicked."""
    if refus(cle):
        return None
    dites, resumes = read(cle)
    objectif = cle.objectif
    gauche, droite = st.columns([0.5, 0.5], gap="medium")
    with gauche:
        st.html(tableau(resumes, langue.part(objectif.valeur if objectif else None)))
        st.html(par_territoire(cle))
    with droite:
        clique = carte(cle)
    tous(dites)
    return clique


def tableau(resumes: list[Cotes], but: str) -> str:
    """Each class: its quartiers, those on each side and by how much together, none netted."""
    comptes = {
        FRAGILITES_EN_TETE[r.fragilite]: (r.n, r.n_au_dessus, r.trop, r.n_au_dessous, r.manque, r.n_indecis)
        for r in resumes
    }
    lignes = [[nom, *(langue.nombre(n) for n in siens)] for nom, siens in comptes.items()]
    dites = pd.DataFrame(lignes, columns=["Type de quartiers", *_TITRES])
    titre = f"Quartiers par côté de l’objectif de {but}, sur {Duree(N_MOIS)}"
    return widgets.tableau_lu(dites, titre, "cotes")


def par_territoire(cle: Cle) -> str:
    """Territoire × class over the year that is judged: the share, or the side where no share is said."""
    cellules = cle.dites("territoire", "fragilite")
    parts = zip(cellules["part"], cellules["cote"], strict=True)
    dits = [langue.part(part) if pd.notna(part) else COTES.get(cote or "", TROP_PEU) for part, cote in parts]
    croisees = cellules.assign(dit=dits).pivot(index="territoire", columns="fragilite", values="dit")
    classes = croisees.reindex(columns=list(phrases_constats.CLASSES)).astype(object)
    lues = classes.fillna(langue.ABSENT).reset_index(names="Territoire")
    legende = f"Part de ménages modestes, {donnees.duree(*cle.ou)}"
    return widgets.tableau_lu(lues.rename(columns=FRAGILITES_EN_TETE), legende, "cotes")


def read_quartiers(cle: Cle, commune: str = "") -> pd.DataFrame:
    """Those of the scope as a map reads them, or of a commune, which is named above."""
    lus = donnees.ask(*cle.ou, suivi.quartiers, Seance.read(cle.seance).fin, cle.ici)
    if not commune:
        return lus
    siens = lus[lus["commune"] == commune].reset_index(drop=True)
    return siens.assign(nom=[sans_commune(x.nom, x.nom_commune) for x in siens.itertuples()])


def carte(cle: Cle, surface: tuple[int, int] = _CARTE_PX, commune: str = "") -> str | None:
    """The map of sides, where contours of the quartiers were given; the quartier that was just clicked. `commune`: of
    its quartiers alone, each named."""
    servis, dites = donnees.contours(), read(cle)[0]
    if "quartiers" not in servis:
        annonces.note(carte_quartiers.SANS_CONTOURS)
        return None
    lus = read_quartiers(cle, commune)
    cotes = dict(zip(dites["quartier"], dites["cote"], strict=True))
    volumes = dict(zip(dites["quartier"], dites["n_connus"].astype(float), strict=True))
    classes = [COTES.get(cotes.get(q) or "", TROP_PEU) for q in lus["quartier"]]
    lus = lus.assign(classe=classes, dit=classes, poids=lus["quartier"].map(volumes).fillna(0))
    noms = None if commune else lignes(cle, "commune")
    dessinee = carte_quartiers.carte(lus, noms, servis, cle.ici, CLASSES, "Côté de l’objectif, 36 mois")
    clique = cartes.draw(dessinee, f"cotes{commune}", surface)
    annonces.note(carte_quartiers.note(lus, servis))
    return clique


def tous(dites: pd.DataFrame) -> None:
    """Every quartier, the largest gaps first where they are said."""
    ecarts = dites["ecart_attributions"].astype(float).fillna(0)
    rangees = dites.assign(rang=ecarts).sort_values(["rang", "nom_commune", "nom"], ascending=[False, True, True])
    table = pd.DataFrame(
        {
            "Quartier": list(map(locate, rangees["nom"], rangees["nom_commune"])),
            "Type": rangees["fragilite"].map(FRAGILITES_EN_TETE),
            "Ressources connues": rangees["n_connus"],
            "Part": rangees["part"],
            "Écart (attributions)": phrases_constats.signes(rangees),
            "Lecture": [
                COTES.get(c or "", TROP_PEU) if n != 0 else "aucune connue"
                for c, n in zip(rangees["cote"], rangees["n_connus"], strict=True)
            ],
        }
    )
    widgets.grille(table, {}, f"Constat par quartier, {Duree(N_MOIS)}", est_emporte=True)
