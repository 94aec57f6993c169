"""13h30, the offer: offer against demand by commune and typologie, blocked mutations pending."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.secret.regroupement import SEUIL
from pages.commun import vivant, widgets
from pages.commun.orientations import attentes_mutations, etape, images_offre
from pages.commun.orientations import lecture_offre as lecture
from pages.commun.perimetre import Perimetre

SENS = {"souhaitee": "Commune souhaitée", "residence": "Commune habitée"}
_TYPOLOGIES = {"T1": "T1", "T2": "T2", "T3": "T3", "T4": "T4", "T5": "T5", "T6P": "T6 et plus"}
_COMPTES = {
    "n_demandes": "La souhaitent",
    "n_attributions": "Attributions",
    "n_logements": "Logements",
    "n_vacants": "Vacants",
}


def offre(choisi: Perimetre) -> None:
    """How many ask for how many given, by commune and typologie."""
    if not choisi.ici:
        etape.message("L’offre et la demande se lisent ICI par ICI : choisir une ICI.")
        return
    frame = lecture.offre_demande(*etape.cle(choisi))
    ensemble = frame[frame["typologie"] == "ensemble"].sort_values("n_demandes", ascending=False)
    montrees = montrer_les_tensions(ensemble)
    sures = montrees[montrees["tension"].notna() & (montrees["n_attributions"] > 0)]
    if sures.empty:
        etape.message(f"Dans {choisi.ici_dite}, trop peu d’attributions pour mesurer une tension.")
        return
    premier = sures.loc[sures["tension"].idxmax()]
    sans = int((ensemble["n_attributions"] == 0).sum())
    rien = langue.effectif(sans, "commune demandée n’a rien offert", "communes demandées n’ont rien offert")
    etape.message(
        f"Dans {choisi.ici_dite}, la commune la plus tendue est **{premier['nom']}** : "
        f"**{langue.nombre(premier['tension'], 1)} demandes pour une attribution** en {choisi.duree} "
        f"({langue.nombre(premier['n_demandes'])} pour {langue.nombre(premier['n_attributions'])})"
        f"{f' ; {rien}' if sans else ''}."
    )
    demandes, attributions = (int(sures[c].sum()) for c in ("n_demandes", "n_attributions"))
    carte, comptes = st.columns([0.5, 0.5], gap="medium")
    with carte, st.container(key="image_longue"):
        vivant.dessiner(images_offre.tension(montrees, demandes / attributions))
    with comptes:
        table = montrees[["nom", *_COMPTES, "tension"]].replace(float("inf"), float("nan"))
        table = table.rename(columns={"nom": "Commune", **_COMPTES, "tension": "Tension"})
        formats = dict.fromkeys(_COMPTES.values(), langue.nombre) | {"Tension": _dixieme}
        widgets.grille(table, formats, "Offre et demande, par commune")
        etape.note(
            "Tension : demandes actives qui souhaitent la commune, pour une attribution des 12 derniers mois ; une "
            f"demande compte dans chaque souhait. Moyenne des communes montrées : {_dixieme(demandes / attributions)} "
            f"({langue.nombre(demandes)} pour {langue.nombre(attributions)}). {etape.MASQUE_DIT}"
        )
    tensions = par_typologie(frame, list(ensemble["nom"]))
    st.markdown("#### Demandes pour une attribution, par typologie")
    legende = "Demandes pour une attribution, par commune et typologie"
    widgets.grille(tensions, dict.fromkeys(list(tensions)[1:], _dixieme), legende)


def montrer_les_tensions(ensemble: pd.DataFrame) -> pd.DataFrame:
    """One row per commune with what may be shown of it: a count of a few is empty, and the tension that rests on it."""
    montrees = ensemble[["commune", "nom", *_COMPTES]].copy()
    for colonne in ("n_demandes", "n_attributions", "n_vacants"):
        comptes = montrees[colonne].astype("float64")
        montrees[colonne] = comptes.where((comptes >= SEUIL) | (comptes == 0))
    montrees["n_logements"] = montrees["n_logements"].astype("float64")
    rapport = montrees["n_demandes"] / montrees["n_attributions"]  # nothing let for some: infinite
    return montrees.assign(tension=rapport.where(montrees["n_demandes"] > 0)).reset_index(drop=True)


def par_typologie(frame: pd.DataFrame, communes: list[str]) -> pd.DataFrame:
    """The tension of each commune by typologie, in the order of `communes`; empty under `SEUIL` on either side."""
    sures = frame[(frame["n_demandes"] >= SEUIL) & (frame["n_attributions"] >= SEUIL)]
    tensions = sures.pivot_table(index="nom", columns="typologie", values="tension", aggfunc="first")
    tensions = tensions.reindex(index=communes, columns=[t for t in _TYPOLOGIES if t in tensions])
    return tensions.rename_axis(columns=None).rename(columns=_TYPOLOGIES).rename_axis("Commune").reset_index()


def _dixieme(valeur: float) -> str:
    return langue.nombre(valeur, 1)


def mutations(choisi: Perimetre) -> None:
    """The blocked mutations pending, by commune, the longest waits first."""
    sens = etape.choisir("mutations_par", SENS)
    frame = lecture.mutations_bloquees(*etape.cle(choisi))
    if frame is None:
        etape.message("Les données n’ont pas la colonne « mutation_bloquee » : la demander au prochain import.")
        return
    siennes = frame[frame["sens"] == sens]
    vues = attentes_mutations.montrer(siennes)
    if vues.empty:
        etape.message(
            f"Dans {choisi.ici_dite}, aucune commune ne compte au moins {SEUIL} mutations bloquées en attente."
        )
        return
    etape.message(f"Dans {choisi.ici_dite}, {attentes_mutations.dire(vues.iloc[0], sens)}")
    figure, note = images_offre.mutations(vues)
    etape.dessiner(figure, len(figure.donnees["lignes"]))
    etape.note(note)
    table = pd.DataFrame(
        {
            SENS[sens]: vues["nom"],
            "Mutations bloquées": vues["n"].astype(float),
            "36 mois ou plus": vues["n_36_mois"],
            "Part, 36 mois": vues["part_36_mois"],
            "24 mois ou plus": vues["n_24_mois"],
            "Part, 24 mois": vues["part_24_mois"],
            "Attente médiane (mois)": vues["mediane_mois"].astype(float),
        }
    )
    parts = dict.fromkeys(("Part, 36 mois", "Part, 24 mois"), langue.part)
    widgets.grille(table, {c: parts.get(c, langue.nombre) for c in list(table)[1:]}, "Mutations bloquées en attente")
    etape.note(attentes_mutations.dire_les_tues(len(siennes), len(vues)))
