"""The evidence of a blocage on a screen, what each finding counts, and « Pourquoi ce chiffre ? » at 9h00 and 10h30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from mel_core.indicateurs import INDICATEURS
from mel_core.seance.coordination import Blocage
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, TemoinSegment
from mel_core.seance.preuves import Constat, DossierPreuves
from mel_core.seance.preuves.constats import write
from mel_core.seance.preuves.secteur import TOUS_PROFILS, Lieu
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode
from pages.commun import annonces, entete, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

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
# Measure → what is counted, over what.
_DEFINITIONS = {
    "demande": ("demandes actives au dernier jour, qui souhaitent une commune du secteur", ""),
    "attente": ("celles de plus de 24 mois sans proposition enregistrée", "demandes actives du secteur et du profil"),
    "flux": ("attributions (baux signés) dans le secteur", ""),
    "tension": ("demandes actives, comptées dans chaque commune souhaitée", "attributions de la période"),
    "passages": ("passages de candidats en commission d’attribution", ""),
    "refus_rang_1": (
        "premiers rangs suivis d’un refus du demandeur dans les 60 jours, sur la même résidence (à défaut le même "
        "bailleur)",
        "candidats attribués au rang 1",
    ),
    "non_attribution": ("passages finis en non-attribution", "passages dont la décision est connue"),
    "vacance": ("logements vacants", "logements dont la vacance est connue"),
    "vacance_3_mois": ("logements vacants depuis plus de 3 mois", "logements dont la durée de vacance est connue"),
    "delai": ("médiane, du dépôt de la demande au bail, des attributions datées", ""),
    "anciennete": ("médiane de l’ancienneté des demandes actives", ""),
    "contingent": ("attributions du premier réservataire", "attributions du secteur et du profil"),
}


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
        + escape(choisi.duree + a_combien(dossier.lieu))
        + "</caption><thead><tr><td></td>"
        f'<th scope="col">Ce secteur</th><th scope="col">{escape(choisi.ici or "")}</th><th scope="col">Métropole</th>'
        f"</tr></thead><tbody>{lignes}</tbody></table>"
    )
    motifs = say_motifs(dossier.motifs_refus, dossier.lieu.pour())
    if motifs and not dossier.constat("refus_rang_1").est_tu():
        st.html(f'<p class="reserve">Motifs de refus : {escape(motifs)}.</p>')
    with st.container(horizontal=True):
        explain_preuves(dossier, choisi, titre)
        if reserves := dossier.reserves():
            with st.popover("Ce qui est laissé de côté"):
                for reserve in reserves:
                    st.write(reserve)


def a_combien(lieu: Lieu) -> str:
    """To how many the attributions and passages of a profile in part of an ICI are said, where it is not as
    everywhere."""
    lu_par = lieu.pour()
    if lu_par.lit_tout or not lu_par.par:
        return ""
    quoi = "passages de ce secteur" if lieu.est_au_bilan else "ce secteur"
    return f" ({quoi}, à {lu_par.regle.base} près)"


def titre(constat: Constat) -> str:
    """The measure, and whose it is when it belongs to one: of a few households, a room is not told."""
    dit = constat.read("secteur")
    quoi = constat.quoi if dit is not None and not dit.total.est_tu else ""
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
        valeur = langue.nombre(dit.compte) if dit.total.est_tu else langue.sur(dit.compte, dit.total)
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
        if compte.est_dit or not pd.isna(part):
            dits.append(
                f"{str(code).lower()} {f'({langue.nombre(compte)})' if pd.isna(part) else langue.part(part, 0)}"
            )
    return langue.liste(dits[:_MOTIFS])


def explain_preuves(dossier: DossierPreuves, choisi: Perimetre, titre: Callable[[Constat], str]) -> None:
    """The button and what it opens: each finding of a blocage with what it counts, over what, and how many."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        lignes = "".join(
            f'<tr><th scope="row">{escape(titre(c))}</th><td>{escape(_definition(c.mesure))}</td>'
            f"<td>{escape(say_fraction(c))}</td></tr>"
            for c in dossier.constats
        )
        st.html(
            '<table class="definitions"><thead><tr><th scope="col">Mesure</th><th scope="col">Ce qui est compté, sur '
            f'quoi</th><th scope="col">Comptes</th></tr></thead><tbody>{lignes}</tbody></table>'
        )
        entete.explain(
            {
                "Période": f"{choisi.duree}, {langue.intervalle(dossier.periode.debut, dossier.periode.fin)} ; les "
                "demandes sont celles du dernier jour",
                "Source": signatures.say_source(choisi),
                "Laissé de côté": " ".join(dossier.reserves()) or "rien",
            }
        )


def explain_suites(resultats: Sequence[ResultatDecision], choisi: Perimetre) -> None:
    """The button and what it opens: the figure of each reopened decision, and how a verdict is given."""
    temoins = {r.decision.temoin.titre: r.decision.temoin for r in resultats if r.decision.temoin}
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        for titre, temoin in temoins.items():
            st.markdown(f"**{titre}**  \n{_define(temoin)}")
        periode = Periode.de(choisi.seance, "annee")
        inconnus = [
            f"{langue.effectif(n, 'attribution')} pour « {r.decision.temoin.titre} »"
            for r in resultats
            if r.decision.temoin and r.maintenant and (n := reader().compte(r.maintenant.n_inconnus)) != 0
        ]
        entete.explain(
            {
                "Alors": "la valeur lue le jour où la décision fut actée, dans les données d’alors",
                "Aujourd’hui": f"la même lecture, {langue.intervalle(periode.debut, periode.fin)}",
                "Lecture": "où en est la cible, si les données couvrent toute la période et connaissent trente cas au "
                "moins d’une part ; sinon pourquoi rien n’est conclu",
                "Depuis la décision": "« plus que le hasard » : 0 est hors de l’intervalle à 95 % de l’écart entre les "
                "deux parts (Newcombe)",
                "Sans l’information": langue.liste(list(dict.fromkeys(inconnus))) or "aucune attribution",
                "Source": signatures.say_source(choisi),
            }
        )


def _definition(mesure: str) -> str:
    compte, sur = _DEFINITIONS.get(mesure, ("", ""))
    return f"{compte}, sur : {sur}" if sur else compte


def say_fraction(constat: Constat) -> str:
    """`40 sur 100`; `—` for a count or a median."""
    dit = constat.read("secteur")
    if dit is None or constat.numerateur is None:
        return langue.ABSENT
    return langue.sur(dit.compte, dit.total)


def _define(temoin: TemoinIndicateur | TemoinSegment | TemoinPreuve) -> str:
    if isinstance(temoin, TemoinPreuve):
        return f"{_definition(temoin.mesure)}."
    if isinstance(temoin, TemoinSegment):
        return "Nombre de demandes actives du segment au dernier jour de la séance, tel que Mes listes le compte."
    indicateur = INDICATEURS[temoin.nom]
    return (
        f"{indicateur.definition} Numérateur : {indicateur.numerateur_dit}. "
        f"Dénominateur : {indicateur.denominateur_dit}. Source : {indicateur.source}."
    )
