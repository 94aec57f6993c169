"""13h30, the engagements: those of the previous séances with what became of their households, those acted today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from mel_core.journal import Fiche
from mel_core.seance import clotures
from mel_core.seance.coordination import phrases_coordination
from mel_core.seance.coordination.promesses import judge_part
from mel_core.seance.engagements import cohortes, engagement_pris
from mel_core.seance.engagements.cohortes import CLES, CROISE, POSTES, Issue
from mel_core.seance.engagements.engagement_pris import Engagement, EngagementJuge, find_all
from mel_core.seance.verdict import Jugement, PasDeVerdict
from mel_core.secret.bail import reader
from mel_core.segments.listes import causes
from mel_core.segments.phrases_segments import est_sien
from mel_core.simulation.engagement import phrases_engagement
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import annonces, donnees, ecriture, memo, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import acte_engagement, lien_listes
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment

Ligne = tuple[str, str, float]  # title, text, length of its bar


def show(choisi: Perimetre) -> None:
    pris = [(f, e) for f, e in find_all(ecriture.journal(), ici=choisi.ici or "") if e.seance < choisi.seance]
    anciens = [(e, answer(f, e, choisi)) for f, e in pris]
    actes = find_all(ecriture.journal(), ici=choisi.ici or "", seance=str(choisi.seance))
    verdicts = [r if isinstance(r, PasDeVerdict) else r.verdict for _, r in anciens]
    annonces.message(phrases_coordination.engagements(choisi.ici_dite, verdicts, len(actes)))
    for engagement, r in reversed(anciens):
        show_engagement(engagement, r, choisi)
    if actes:
        st.markdown("#### Actés à cette séance")
        st.table(_table(actes, choisi).set_index("Segment"))
        for _, engagement in actes:
            lien_listes.offer(_question(engagement, choisi), engagement.cohorte)


def _table(actes: list[tuple[Fiche, Engagement]], choisi: Perimetre) -> pd.DataFrame:
    question = QuestionSegment(*choisi.cle, choisi.ici or "", LIBRE)
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


def answer(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> EngagementJuge | PasDeVerdict:
    """See `engagement_pris.answer`."""
    close = clotures.en_vigueur(ecriture.journal(), fiche.identifiant, choisi.seance)
    return _answer(*choisi.cle, fiche.op_id, close[0].op_id if close else "", fiche, engagement)


@memo.exact(64, est_partage=True)
def _answer(
    identifiant: str, seance: str, op_id: str, close: str, _fiche: Fiche, _engagement: Engagement
) -> EngagementJuge | PasDeVerdict:
    """Kept by the snapshot and the entries, which never change."""
    return engagement_pris.answer(donnees.entrepot(), ecriture.journal(), _fiche, _engagement, Seance.read(seance))


def show_engagement(engagement: Engagement, r: EngagementJuge | PasDeVerdict, choisi: Perimetre) -> None:
    """One engagement of a previous séance: its number, what became of its households, why the list moved."""
    nom = engagement.titre(choisi.bailleurs)
    est_en_salle = visiteur.est_en_salle()  # fewer words: the households were frozen on the last day of that séance
    st.markdown(f"#### {nom}{'' if est_en_salle else f' — acté en séance {engagement.seance}'}")
    if isinstance(r, PasDeVerdict):
        st.html(f'<p class="refus" role="alert">{escape(r.say())}.</p>')
        return
    st.markdown(r.say())
    if not est_en_salle:
        _follow_in_lists(engagement, choisi)
    issues = _tableau(
        "Que sont devenus ces ménages", list_issues(r.bilan, engagement.ici), langue.nombre(reader().compte(r.n))
    )
    if est_en_salle:
        st.html(issues)
    else:
        gauche, droite = st.columns(2, gap="large")
        gauche.html(issues)
        jours = engagement.criteres.jour, r.au
        droite.html(_tableau("Pourquoi la liste a changé", list_mouvement(r.mouvement, jours)))
    _par_lieu(r, engagement, choisi)


def _follow_in_lists(engagement: Engagement, choisi: Perimetre) -> None:
    """What communes and bailleurs noted of its households since, and the lists of that segment today."""
    menages = cohortes.reread(donnees.entrepot().dossier, engagement.cohorte)["pseudonyme"]
    annonces.note(causes.say_suivies(causes.find_notees(ecriture.journal(), menages, choisi.seance)))
    lien_listes.offer(_question(engagement, choisi), engagement.cohorte)


def _question(engagement: Engagement, choisi: Perimetre) -> QuestionSegment:
    """Its segment, on the demandes of the séance on screen."""
    c, libre = engagement.criteres, engagement.libre
    return QuestionSegment(
        *choisi.cle, choisi.ici or "", engagement.segment, c.mois, c.n_min, c.fenetre, libre.texte() if libre else ""
    )


def _tableau(legende: str, lignes: list[Ligne], total: str = "") -> str:
    plafond = max((v for _, _, v in lignes), default=1.0) or 1.0
    corps = "".join(
        f'<tr><th scope="row">{escape(nom)}</th><td class="barre"><i style="width:{100 * v / plafond:.0f}%"></i></td>'
        f"<td>{escape(texte)}</td></tr>"
        for nom, texte, v in lignes
    )
    pied = f'<tr class="courant"><th scope="row">Ensemble</th><td></td><td>{total}</td></tr>' if total else ""
    titre = f'<caption class="quoi">{escape(legende)}</caption>'
    return f'<div class="comparaison devenir"><table>{titre}{corps}{pied}</table></div>'


def _par_lieu(r: EngagementJuge, engagement: Engagement, choisi: Perimetre) -> None:
    """Every outcome by commune lived in, wanted, signed in, and by bailleur: a tab each; what each place had to do."""
    promis = {"commune_bail": engagement.par_commune, "bailleur_bail": engagement.par_bailleur}
    promis |= {CROISE: engagement.par_cellule}
    croisees = {CROISE: "commune et bailleur du bail signé"} if reader().lit_tout and CROISE in r.par_lieu else {}
    coupes = CLES | croisees
    tables = {}
    for cle in coupes:
        question = QuestionSegment(*choisi.cle, choisi.ici or "", LIBRE)
        noms = acte_engagement.noms_de(question, "bailleur" if "bailleur" in cle else "commune")
        if cle == CROISE:
            noms = acte_engagement.noms_croises(question, {*r.par_lieu[cle]["cle"], *engagement.par_cellule})
        tables[cle] = table_par_lieu(r.par_lieu[cle], cle, noms, engagement.ici, promis.get(cle), r.verdict)
    if lieux := phrases_coordination.say_parts(r):
        st.markdown(langue.typeset(lieux))
    with st.expander("Ce qu’ils sont devenus, par commune et par bailleur : annoncé, constaté"):
        # The places that were asked something come first.
        cles = sorted(coupes, key=lambda cle: not promis.get(cle))
        for onglet, cle in zip(st.tabs([langue.capitalize(coupes[c]) for c in cles]), cles, strict=True):
            with onglet:
                widgets.grille(tables[cle], {}, f"Devenir des ménages, par {coupes[cle]}")


def list_issues(comptes: pd.DataFrame, ici: str) -> list[Ligne]:
    """One line per outcome that occurs, as far as is said, the most households first. `comptes`: see
    `cohortes.bilan`."""
    dits = [(titre(Issue(x.issue), ici), reader().compte(x.n)) for x in comptes.itertuples()]
    lignes = [(nom, langue.nombre(n), float(n.dit or 0)) for nom, n in dits if n != 0]
    return sorted(lignes, key=lambda ligne: -ligne[2])


def list_mouvement(postes: pd.DataFrame, jours: tuple[date, date]) -> list[Ligne]:
    """From one list to the other, signed. `postes`: see `cohorte.decompose`; `jours`: those of both lists."""
    lignes = []
    for rang, x in enumerate(postes.itertuples()):
        est_bout, n = rang in (0, len(postes) - 1), reader().compte(x.n)
        if n != 0 or est_bout:
            signe = "" if est_bout else "+ " if x.sens > 0 else "− "
            longueur = float(n.dit or 0) if est_bout else 0.0
            nom = POSTES[x.poste].format(langue.jour(jours[rang > 0]))
            lignes.append((nom, f"{signe}{langue.nombre(n)}", longueur))
    return lignes


def table_par_lieu(
    cellules: pd.DataFrame,
    cle: str,
    noms: Mapping[str, str],
    ici: str,
    promis: Mapping[str, int] | None = None,
    jugement: Jugement | None = None,
) -> pd.DataFrame:
    """One row per place, one column per outcome that is said to occur, as texts. `cellules`, `cle`: see `bilan_par`.

    `promis`: what each place was asked (none: nothing was); then `Annoncés` and `Constat` say it and whether it is
    held, where the whole is judged (`jugement`) and the count of those housed tells; a place where nobody was housed
    has its line.
    """
    exacts = cellules.pivot(index="cle", columns="issue", values="n")
    exacts = exacts.reindex(index=[*exacts.index, *(code for code in promis or {} if code not in exacts.index)])
    exacts = exacts.reindex(columns=[str(i) for i in Issue]).fillna(0).astype("int64")
    # Not those that do not occur, nor, in the room, those that nothing tells from them.
    totaux = {issue: reader().compte(n) for issue, n in exacts.sum().items()}
    vues = [i for i, n in totaux.items() if n > 0 or (promis and i == Issue.RELOGE)]
    siens = {code: est_sien(cle, code) for code in exacts.index}
    # By what is read alone: a place in the table would tell what is not.
    combien = {code: reader().compte(n, est_sien=siens[code]).au_plus for code, n in exacts.sum(axis=1).items()}
    ordre = sorted(exacts.index, key=lambda code: (-combien[code], noms.get(code, code)))
    table = pd.DataFrame({"Lieu": [noms.get(code, code) for code in ordre]})
    if promis:
        table["Annoncés"] = [langue.nombre(promis.get(code, 0)) for code in ordre]
    for issue in vues:
        dits = [reader().compte(n, est_sien=siens[code]) for code, n in exacts.loc[ordre, issue].items()]
        table[titre(Issue(issue), ici).split(" (")[0].split(",")[0]] = [langue.nombre(n) for n in dits]
    if promis:
        loges = exacts.loc[ordre, Issue.RELOGE].items()
        table["Constat"] = [
            judge_part(n, reader().chez(cle.removesuffix("_bail"), code), promis[code], jugement)
            if code in promis
            else langue.ABSENT
            for code, n in loges
        ]
    return table


def titre(issue: Issue, ici: str) -> str:
    return f"Relogés dans l’{ici} (bail signé)" if issue is Issue.RELOGE and ici else issue.titre
