"""13h30, the engagements: those of the previous séances with what became of their households, those acted today."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core.journal import Fiche
from mel_core.seance.engagements import resultat_engagement
from mel_core.seance.engagements.cohorte import CLES
from mel_core.seance.engagements.engagement_pris import Engagement, find_all
from mel_core.seance.engagements.resultat_engagement import ResultatEngagement
from mel_core.seance.verdict import Jugement, PasDeVerdict, Verdict, count_up, say_lieux
from mel_core.secret.bail import reader
from mel_core.simulation.engagement import phrases_engagement
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import annonces, donnees, ecriture, memo, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import acte_engagement, repartition_engagement, tableaux_engagements
from pages.commun.segments.lecture_orientations import LIBRE, Question


def show(choisi: Perimetre) -> None:
    tous = [(f, e) for f, e in find_all(ecriture.journal(), ici=choisi.ici or "") if e.seance <= choisi.seance]
    anciens = [(f, e) for f, e in tous if e.seance < choisi.seance]
    actes = [(f, e) for f, e in tous if e.seance == choisi.seance]
    annonces.message(_message(choisi, [_verdict(f, e, choisi) for f, e in anciens], len(actes)))
    for fiche, engagement in reversed(anciens):
        ascertain(fiche, engagement, choisi)
    if actes:
        st.markdown("#### Actés à cette séance")
        st.table(_table(actes, choisi).set_index("Segment"))


def _verdict(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> Jugement:
    r = answer(fiche, engagement, choisi)
    return r if isinstance(r, PasDeVerdict) else r.verdict


def _message(choisi: Perimetre, verdicts: list[Jugement], n_actes: int) -> str:
    if not verdicts and not n_actes:
        return (
            f"Aucun engagement n’est acté pour {choisi.ici_dite} à cette date : choisir un segment, déplacer le "
            "curseur, puis acter."
        )
    morceaux = []
    if verdicts:
        morceaux.append(f"{langue.liste(count_up(verdicts, 'engagement'))} parmi ceux des séances précédentes")
    if n_actes:
        morceaux.append(f"**{langue.effectif(n_actes, 'engagement acté', 'engagements actés')}** à cette séance")
    return f"Dans {choisi.ici_dite}, {' ; '.join(morceaux)}."


def _table(actes: list[tuple[Fiche, Engagement]], choisi: Perimetre) -> pd.DataFrame:
    question = Question(*choisi.cle, choisi.ici or "", LIBRE)
    return pd.DataFrame(
        {
            "Segment": [e.titre(choisi.bailleurs) for _, e in actes],
            "Engagement": [langue.effectif(e.nombre, "ménage") for _, e in actes],
            "Part du flux": [phrases_engagement.part_du_flux(e.nombre, e.flux) for _, e in actes],
            "Ménages dans le segment": [langue.nombre(reader().compte(e.effectif)) for _, e in actes],
            "Communes": [acte_engagement.premiers(question, e.par_commune, "commune", 3) for _, e in actes],
            "Bailleurs": [acte_engagement.premiers(question, e.par_bailleur, "bailleur", 2) for _, e in actes],
            "Échéance": [langue.jour(e.echeance) for _, e in actes],
            "Acté par": [f.auteur.nom or f.auteur.organisation for f, _ in actes],
        }
    )


def answer(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> ResultatEngagement | PasDeVerdict:
    """See `resultat_engagement.answer`."""
    return _answer(*choisi.cle, fiche.op_id, fiche, engagement)


@memo.exact(64, est_partage=True)
def _answer(
    identifiant: str, seance: str, op_id: str, _fiche: Fiche, _engagement: Engagement
) -> ResultatEngagement | PasDeVerdict:
    """Kept by the snapshot and the entry, which never change."""
    return resultat_engagement.answer(donnees.entrepot(), ecriture.journal(), _fiche, _engagement, Seance.read(seance))


def ascertain(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> None:
    """One engagement of a previous séance: its number, what became of its households, why the list moved."""
    nom = engagement.titre(choisi.bailleurs)
    st.markdown(f"#### {nom} — acté en séance {engagement.seance}")
    r = answer(fiche, engagement, choisi)
    if isinstance(r, PasDeVerdict):
        st.html(f'<p class="refus" role="alert">{escape(r.say())}.</p>')
        return
    st.markdown(dit(engagement, r))
    gauche, droite = st.columns(2, gap="large")
    with gauche:
        issues = tableaux_engagements.issues(r.bilan, engagement.ici)
        st.html(_tableau("Que sont devenus ces ménages", issues, langue.nombre(reader().compte(r.n))))
    with droite:
        mouvement = tableaux_engagements.mouvement(r.mouvement)
        st.html(_tableau("Pourquoi la liste a changé", mouvement))
    _par_lieu(r, engagement, choisi)


def dit(engagement: Engagement, r: ResultatEngagement) -> str:
    """`**343 relogés dans l’ICI 1** au … pour 300 annoncés, parmi 2 493 ménages figés le …`, then the verdict; a number
    that the data may not hold yet is that of the bails recorded."""
    ou = f" dans l’{engagement.ici}" if engagement.ici else ""
    loges, figes, n_ailleurs = (reader().compte(n) for n in (r.n_loges, r.n, r.n_ailleurs))
    quand = f"au {langue.jour(r.au)}" if isinstance(r.verdict, Verdict) else "dans les données publiées"
    reserve = f" {r.verdict.reserve}" if r.verdict.reserve else ""
    ailleurs = ""
    if engagement.ici and n_ailleurs != 0:
        quoi = langue.effectif(n_ailleurs, "autre ménage relogé", "autres ménages relogés")
        ailleurs = f" Hors de ce compte, ailleurs dans la MEL : {quoi}."
    return (
        f"**{langue.effectif(loges, 'relogé')}{ou}** {quand} pour "
        f"{langue.nombre(engagement.nombre)} {langue.agree(engagement.nombre, 'annoncé')}, parmi "
        f"{langue.effectif(figes, 'ménage figé', 'ménages figés')} le {langue.jour(engagement.criteres.jour)} : "
        f"engagement **{r.verdict.say()}**.{reserve}{ailleurs}"
    )


def _tableau(legende: str, lignes: list[tableaux_engagements.Ligne], total: str = "") -> str:
    plafond = max((v for _, _, v in lignes), default=1.0) or 1.0
    corps = "".join(
        f'<tr><th scope="row">{escape(nom)}</th><td class="barre"><i style="width:{100 * v / plafond:.0f}%"></i></td>'
        f"<td>{escape(texte)}</td></tr>"
        for nom, texte, v in lignes
    )
    pied = f'<tr class="courant"><th scope="row">Ensemble</th><td></td><td>{total}</td></tr>' if total else ""
    return f'<div class="comparaison devenir"><p class="quoi">{escape(legende)}</p><table>{corps}{pied}</table></div>'


def _par_lieu(r: ResultatEngagement, engagement: Engagement, choisi: Perimetre) -> None:
    """Every outcome by commune lived in, wanted, signed in, and by bailleur: a tab each; what each place had to do."""
    promis = {"commune_bail": engagement.par_commune, "bailleur_bail": engagement.par_bailleur}
    tables = {}
    for cle in CLES:
        question = Question(*choisi.cle, choisi.ici or "", LIBRE)
        noms = repartition_engagement.noms_de(question, "bailleur" if "bailleur" in cle else "commune")
        tables[cle] = tableaux_engagements.par_lieu(
            r.par_lieu[cle], cle, noms, engagement.ici, promis.get(cle), r.verdict
        )
    lieux = say_lieux(
        [
            (*tableaux_engagements.count_constats(tables[cle]), quoi)
            for cle, quoi in (("commune_bail", "commune"), ("bailleur_bail", "bailleur"))
            if promis[cle]
        ]
    )
    if lieux:
        st.markdown(langue.typeset(lieux))
    with st.expander("Ce qu’ils sont devenus, par commune et par bailleur : annoncé, constaté"):
        # The places that were asked something come first.
        cles = sorted(CLES, key=lambda cle: not promis.get(cle))
        for onglet, cle in zip(st.tabs([CLES[c][0].upper() + CLES[c][1:] for c in cles]), cles, strict=True):
            with onglet:
                widgets.grille(tables[cle], {}, f"Devenir des ménages, par {CLES[cle]}")
