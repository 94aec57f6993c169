"""The evidence of a blocage on one screen: the findings with their comparison, the motives, what is left out."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core.seance.coordination import Blocage
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.preuves import Constat
from mel_core.seance.preuves.constats import write
from mel_core.seance.preuves.secteur import TOUS_PROFILS
from mel_core.secret.bail import Audience
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.langue import Peu
from pages.commun import annonces
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.coordination import pourquoi_coordination

_MESURES = {
    "demande": "Demandes",
    "attente": "Plus de 24 mois sans proposition",
    "flux": "Attributions de la période",
    "tension": "Demandes pour une attribution, par commune",
    "passages": "Passages en commission",
    "refus_rang_1": "Premiers rangs refusés",
    "non_attribution": "Non-attributions",
    "vacance": "Logements vacants",
    "vacance_3_mois": "Vacants depuis plus de 3 mois",
    "delai": "Délai médian des logés",
    "anciennete": "Ancienneté médiane des demandes",
    "contingent": "Premier contingent",
}
_MOTIFS = 4


def message(choisi: Perimetre, blocage: Blocage) -> str:
    """The finding to say first."""
    try:
        dossier = lecture.preuves(choisi, blocage.secteur, blocage.profil)
    except ErreurUtilisateur as erreur:
        return str(erreur)
    sujet = lecture.sujet(blocage, choisi)
    return phrases.message_du_blocage(sujet, dossier.constats)


def show(choisi: Perimetre, blocage: Blocage) -> None:
    """Every finding: here, in the ICI, in the Métropole; then the motives of refusal."""
    try:
        dossier = lecture.preuves(choisi, blocage.secteur, blocage.profil)
    except ErreurUtilisateur as erreur:
        annonces.refuse(str(erreur))
        return
    lignes = "".join(
        f'<tr class="preuve_{c.mesure}"><th scope="row">{escape(titre(c))}</th>'
        + "".join(f"<td>{say_cercle(c, cercle)}</td>" for cercle in ("secteur", "ici", "mel"))
        + "</tr>"
        for c in dossier.constats
    )
    st.html(
        '<table class="preuves"><caption>Ce que disent les données, '
        + escape(choisi.duree + a_combien(dossier.lieu.pour()))
        + "</caption><thead><tr><td></td>"
        f'<th scope="col">Ce secteur</th><th scope="col">{escape(choisi.ici or "")}</th><th scope="col">Métropole</th>'
        f"</tr></thead><tbody>{lignes}</tbody></table>"
    )
    motifs = say_motifs(dossier.motifs_refus, dossier.lieu.pour())
    if motifs and not dossier.constat("refus_rang_1").est_tu():
        st.html(f'<p class="reserve">Motifs de refus : {escape(motifs)}.</p>')
    with st.container(horizontal=True):
        pourquoi_coordination.explain_preuves(dossier, choisi, titre)
        if reserves := dossier.reserves():
            with st.popover("Ce qui est laissé de côté"):
                for reserve in reserves:
                    st.write(reserve)


def a_combien(lu_par: Audience) -> str:
    """To how many the attributions and passages of a profile in part of an ICI are said, where it is not as
    everywhere."""
    if lu_par.lit_tout or not lu_par.par:
        return ""
    regle = lu_par.regle
    return f" (ce secteur, à {regle.base} près)"


def titre(constat: Constat) -> str:
    """The measure, and whose it is when it belongs to one: of a few households, a room is not told."""
    dit = constat.read("secteur")
    quoi = constat.quoi if dit is not None and not isinstance(dit.total, Peu) else ""
    nom = _MESURES.get(constat.mesure, constat.mesure) + ("" if constat.est_du_profil else TOUS_PROFILS)
    return langue.typeset(f"{nom} : {quoi}") if quoi else nom


def say_cercle(constat: Constat, cercle: str) -> str:
    """The value of one circle, in HTML: a share that is not said gives way to its counts."""
    dit = constat.read(cercle)
    est_ici = cercle == "secteur"
    if dit is None:
        return langue.ABSENT if not est_ici else "non dit" if constat.est_tu() else "inconnu"
    if constat.unite == "nombre" or dit.est_dit:
        valeur = write(dit.valeur, constat.unite)
    elif constat.unite == "part":
        valeur = langue.nombre(dit.compte) if isinstance(dit.total, Peu) else langue.sur(dit.compte, dit.total)
    else:
        valeur = "non dit"
    if not est_ici:
        return valeur
    comptes = (
        f" <small>({langue.sur(dit.compte, dit.total)})</small>" if constat.unite == "part" and dit.est_dit else ""
    )
    return f"<strong>{valeur}</strong>{comptes}"


def say_motifs(motifs: pd.DataFrame, lu_par: Audience) -> str:
    """The most frequent ones with their share of the refusals, else their count; none of a few."""
    total, dits = int(motifs["n"].sum()), []
    for code, n in zip(motifs["code"], motifs["n"], strict=True):
        compte, part = lu_par.classe(n, total)
        if not pd.isna(compte):
            dits.append(
                f"{str(code).lower()} {f'({langue.nombre(compte)})' if pd.isna(part) else langue.part(part, 0)}"
            )
    return langue.liste(dits[:_MOTIFS])
