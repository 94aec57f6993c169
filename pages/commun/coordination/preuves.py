"""The evidence of a blocage on one screen: the findings with their comparison, the motives, what is left out."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.coordination import Blocage
from mel_core.erreurs import ErreurUtilisateur
from mel_core.objectivation import Constat
from mel_core.objectivation.lieux import TOUS_PROFILS
from mel_core.secret.regroupement import SEUIL
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.coordination import phrases_coordination as phrases
from pages.commun.coordination import pourquoi_coordination
from pages.commun.perimetre import Perimetre

_MESURES = {
    "demande": "Demandes",
    "attente": "Plus de 24 mois sans proposition",
    "flux": "Attributions de la période",
    "tension": "Demandes pour une attribution",
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
        dossier = lecture.preuves(choisi, blocage)
    except ErreurUtilisateur as erreur:
        return str(erreur)
    sujet = lecture.sujet(blocage, choisi)
    return phrases.message_du_blocage(sujet, [c for c in dossier.constats if c.est_projetable()])


def montrer(choisi: Perimetre, blocage: Blocage) -> None:
    """Every finding: here, in the ICI, in the Métropole; then the motives of refusal."""
    try:
        dossier = lecture.preuves(choisi, blocage)
    except ErreurUtilisateur as erreur:
        st.html(f'<p class="refus" role="alert">{escape(str(erreur))}</p>')
        return
    lignes = "".join(
        f'<tr><th scope="row">{escape(_titre(c))}</th>'
        f"<td>{_ici(c)}</td><td>{_face(c, 'ici', c.valeur_ici)}</td><td>{_face(c, 'mel', c.valeur_mel)}</td>"
        "</tr>"
        for c in dossier.constats
    )
    st.html(
        '<table class="preuves"><caption>Ce que disent les données, '
        + escape(choisi.duree)
        + "</caption><thead><tr><td></td>"
        f'<th scope="col">Ce secteur</th><th scope="col">{escape(choisi.ici or "")}</th><th scope="col">Métropole</th>'
        f"</tr></thead><tbody>{lignes}</tbody></table>"
    )
    motifs = _motifs(dossier.motifs_refus)
    if motifs:
        st.html(f'<p class="reserve">Motifs de refus : {escape(motifs)}.</p>')
    with st.container(horizontal=True):
        pourquoi_coordination.expliquer_preuves(dossier, choisi, _titre)
        if dossier.reserves:
            with st.popover("Ce qui est laissé de côté"):
                for reserve in dossier.reserves:
                    st.write(reserve)


def _titre(constat: Constat) -> str:
    """The measure, and whose it is when it belongs to one."""
    titre = _MESURES.get(constat.mesure, constat.mesure) + ("" if constat.est_du_profil else TOUS_PROFILS)
    return langue.typographier(f"{titre} : {constat.quoi}") if constat.quoi else titre


def _ici(constat: Constat) -> str:
    if constat.valeur is None:
        return "inconnu"
    if not constat.est_projetable():
        return f"moins de {SEUIL}"
    fraction = pourquoi_coordination.dire_fraction(constat)
    comptes = f" <small>({fraction})</small>" if constat.unite == "part" and fraction != langue.ABSENT else ""
    return f"<strong>{_ecrire(constat.valeur, constat.unite)}</strong>{comptes}"


def _face(constat: Constat, cercle: str, valeur: float | None) -> str:
    if valeur is None:
        return langue.ABSENT
    if constat.est_projetable(cercle):
        return _ecrire(valeur, constat.unite)
    # Less what the sector shows, it would tell a few households.
    return f"moins de {SEUIL}" if constat.est_petit(cercle) else "masqué"


def _ecrire(valeur: float, unite: str) -> str:
    if unite == "part":
        return langue.part(valeur)
    if unite == "mois":
        return f"{langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)}{langue.INSECABLE}mois"
    return langue.nombre(valeur, 1 if unite == "rapport" and valeur < 10 else 0)


def _motifs(motifs: pd.DataFrame) -> str:
    """The most frequent ones; none under the threshold is projected, nor left alone by what the others do not say."""
    montres = motifs[motifs["n"] >= SEUIL].head(_MOTIFS)
    if 0 < motifs["n"].sum() - montres["n"].sum() < SEUIL:
        montres = montres[:-1]
    return langue.liste([f"{str(m.code).lower()} {langue.part(m.part, 0)}" for m in montres.itertuples()])
