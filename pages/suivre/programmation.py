"""Suivre › Programmation: the typologies that mutations ask for, the products that incomes open to. PLAI per operation
and the years that rebuilding the NPRU takes are Simuler’s."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from mel_core.indicateurs.suivi import besoins_mutations as mutations
from mel_core.indicateurs.suivi import phrases_programme as phrases
from mel_core.indicateurs.suivi import produits
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, choix_perimetre, entete, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.suivre import images_suivre

_SUJETS = {"mutations": "Besoins des mutations", "produits": "Revenus et produits"}


def show_besoins(choisi: Perimetre) -> None:
    """Wishes and needs of the demandes de mutation, what they obtained and what is programmed, by typologie."""
    lus = choisi.ask(mutations.besoins, choisi.annee, choisi.ici)
    dites = mutations.dire(lus.lignes)
    phrase = phrases.besoins(choisi.ici_dite, lus, dites)
    precision = f"demandes actives au {langue.jour(choisi.seance.fin)}, {choisi.duree} de baux"
    entete.say(choisi, precision, phrase, POURQUOI_BESOINS)
    vues = dites[(dites["typologie"] != "C") | lus.lignes["n_souhaits"].gt(0).fillna(False)]
    vues = vues.assign(libelle=vues["typologie"].map(TYPOLOGIES_EN_TETE)).reset_index(drop=True)
    draw("Typologie", vues, BESOINS, "Mutations et programme par typologie", choisi.duree)
    annonces.note(phrases.reserve_besoins(lus))
    annonces.note(phrases.manquants(lus.manques))


def show_produits(choisi: Perimetre) -> None:
    """Applicants under each ceiling, beside what is programmed, let and standing, by product."""
    lus = choisi.ask(produits.produits, choisi.annee, choisi.ici)
    dites = produits.dire(lus.lignes)
    precision = f"demandes actives au {langue.jour(choisi.seance.fin)}, {choisi.duree} de baux"
    entete.say(choisi, precision, phrases.produits(choisi.ici_dite, lus, dites, choisi.duree), POURQUOI_PRODUITS)
    vues = dites.assign(libelle=dites["produit"].map(phrases.PRODUITS))
    draw("Produit", vues, PRODUITS, "Revenus et produits", choisi.duree)
    for phrase in (phrases.reserve_produits(lus), phrases.manquants(lus.manques), phrases.SUPPORT_PRODUITS):
        annonces.note(phrase)


@fragment
def draw(tete: str, vues: pd.DataFrame, series: dict[str, tuple[str, str]], titre: str, duree: str) -> None:
    """`series`: the part of a column's name after `n_` and `part_` → what the chart says of it, its heading."""
    dessinees = {
        f"part_{c}": nom.format(duree=duree) for c, (nom, _) in series.items() if vues[f"part_{c}"].notna().any()
    }
    with st.container(key="image_longue"):
        if dessinees:
            vivant.draw(images_suivre.figure_parts(vues, dessinees, titre))
        else:
            st.html('<p class="reserve">Rien à dessiner : aucune part n’est connue ou ne peut être dite.</p>')
    table = pd.DataFrame({tete: vues["libelle"]})
    formats: dict[str, widgets.Format] = {}
    for c, (_, entete_) in series.items():
        table[entete_], table[f"{entete_}, part"] = vues[f"n_{c}"], vues[f"part_{c}"].astype("Float64")
        formats[f"{entete_}, part"] = langue.part
    widgets.grille(table, formats, titre, est_emporte=True)


BESOINS = {
    "souhaits": ("des souhaits", "Souhaits"),
    "besoins": ("des besoins supposés", "Besoins supposés"),
    "obtenus": ("des mutations de {duree}", "Mutations"),
    "programmes": ("des logements programmés", "Programmés"),
}
PRODUITS = {
    "demandeurs": ("des demandeurs", "Demandeurs"),
    "programmes": ("des logements programmés", "Programmés"),
    "attributions": ("des attributions de {duree}", "Attributions"),
    "logements": ("du parc", "Parc"),
}
POURQUOI_BESOINS = """**Adapter la programmation aux besoins issus des mutations** (support de 2017, « Les mutations »).

- **Demande de mutation** : active, son logement actuel est HLM ; d’une ICI, elle en souhaite une commune.
- **Souhaits** : une demande compte dans chaque typologie qu’elle souhaite ; la part est celle de tous les souhaits.
- **Besoins supposés** : une pièce par personne, T6 et plus à partir de six. C’est une hypothèse de l’application.
- **Mutations** : baux signés en 12 mois par des ménages déjà logés dans le parc social.
- **Programmés** : logements sociaux des opérations qui donnent toutes leurs typologies (table « programmation »,
  colonnes « n_t1 » à « n_t6p », propres à l’application).
- **Source** : données publiées le {jour}. La même réponse :
  `python -m mel_core suivre besoins_mutations --seance 2017S2`.
"""
POURQUOI_PRODUITS = """**Revenus des demandeurs et production par produit** (support de 2017, « La programmation »).

- **Demandeurs** : demandes actives aux revenus connus, au plus au plafond du produit et au-dessus du précédent ; d’une
  ICI, elles en souhaitent une commune. Le support comptait tous les ménages, locataires et propriétaires.
- **Plafonds** : PLUS, arrêté de l’année ; PLAI, arrêté, en partie estimé depuis 2023 ; PLS, 1,3 fois le PLUS. Une
  année sans plafond PLAI ne se juge pas.
- **Programmés** : opérations qui donnent PLUS, PLAI et PLS. **Attributions** : baux de 12 mois. **Parc** : logements
  des résidences, selon leur financement.
- **Source** : données publiées le {jour}. La même réponse : `python -m mel_core suivre produits --seance 2017S2`.
"""


def page() -> None:
    st.html(Path(__file__).with_name("suivre.css"))
    choisi = entete.choose()
    sujet = choix_perimetre.option("Sujet", "programme", _SUJETS)
    show = show_besoins if sujet == "mutations" else show_produits
    show(choisi)


page()
