"""9h00 Introduction: what the last séance decided and what it gave; on which data; what is to be decided today."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.dossier import releve
from mel_core.dossier.actes_ecrits import SuiteEcrite
from mel_core.droits.actions import Action
from mel_core.indicateurs.besoins import remede
from mel_core.indicateurs.manques import say_tables_arretees
from mel_core.indicateurs.qualite.completude import par_bailleur, say_bailleurs
from mel_core.journal import Fiche
from mel_core.seance import clotures
from mel_core.seance.coordination import atelier, blocages, resultats
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.resultats import BilanDecisions, IssueDecision, ResultatDecision
from mel_core.seance.engagements.engagement_pris import Engagement, EngagementJuge, rouverts
from mel_core.seance.verdict import DE_VIVE_VOIX, MOTS, Mot, PasDeVerdict
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.commun import annonces, cadre, ecriture, entete, signatures, visiteur, widgets
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture
from pages.commun.coordination import preuves
from pages.commun.segments import ecran_engagements

Pris = tuple[Fiche, Engagement, EngagementJuge | PasDeVerdict]
Suivi = tuple[str, Fiche, ResultatDecision | EngagementJuge]
_BROUILLON, _REFUS = "brouillon-issue", "refus_issue"
_REFUS_CLOTURE = "refus_cloture"
_CORRIGER, _CLORE = "corriger ce que l’on a dit d’une décision", "clore ce qui n’a pas abouti"


def read_engagements(choisi: Perimetre) -> list[Pris]:
    """Those that reopen in this ICI, with what each gave, or why nothing is said."""
    juger = partial(ecran_engagements.answer, choisi=choisi)
    return rouverts(ecriture.journal(), choisi.seance, lecture.require_ici(choisi), juger)


def show_suites(choisi: Perimetre, bilan: BilanDecisions, pris: Sequence[Pris]) -> None:
    """The table: one line per decision then per engagement."""
    noms = lecture.noms(choisi)
    suites = [
        *(releve.suite(r, noms) for r in bilan.resultats),
        *(releve.suite_engagement(r, e, choisi.bailleurs) for _, e, r in pris),
    ]
    if not suites:
        return
    st.html(
        '<table class="suites"><thead><tr><th scope="col">Décision ou engagement</th><th scope="col">Alors</th>'
        '<th scope="col">Aujourd’hui</th><th scope="col">Cible</th><th scope="col">Lecture</th></tr></thead>'
        f"<tbody>{''.join(map(_ligne, suites))}</tbody></table>"
    )
    en_commun = (resultats.SIX_MOIS_EN_COMMUN in r.reserves() for r in bilan.resultats)
    if any(en_commun):  # once, whatever their number
        st.html(f'<p class="reserve">{escape(resultats.SIX_MOIS_EN_COMMUN)}</p>')
    for phrase in bilan.changements():
        st.html(f'<p class="reserve">Ce qui a changé : {escape(phrase)}</p>')
    with cadre.detail("issue"):
        ask_suites(choisi, bilan, pris)


def _ligne(suite: SuiteEcrite) -> str:
    parts = "" if visiteur.est_en_salle() else suite.parts
    petits = "".join(f"<small>{escape(x)}</small>" for x in (suite.qui, parts, *suite.reserves) if x)
    valeurs = "".join(f"<td>{escape(x)}</td>" for x in (suite.alors, suite.maintenant, suite.cible))
    return (
        f'<tr><th scope="row">{escape(suite.quoi)}{petits}</th>{valeurs}'
        f'<td class="verdict">{suite.signe} {escape(suite.lecture)}</td></tr>'
    )


def ask_suites(choisi: Perimetre, bilan: BilanDecisions, pris: Sequence[Pris]) -> None:
    """What becomes of what is followed, for whoever may say it: of a decision that no figure measures, and why what did
    not come about is followed no more. Who signs, and after the signature whether it may fall, are asked once; all of
    it is folded when nothing is left to say."""
    sans_chiffre = [r for r in bilan.resultats if not r.est_mesure and not r.cloture]
    muets, dites = ([r for r in sans_chiffre if (r.issue is not None) is est_dite] for est_dite in (False, True))
    a_clore = _a_clore(choisi, bilan, pris)
    ici = lecture.require_ici(choisi)
    corriger, clore = partial(_fill_in_all, dites, ici), partial(_close_all, choisi, a_clore)
    parties = [
        (titre, dessine)
        for titre, dessine, suivis in ((_CORRIGER, corriger, dites), (_CLORE, clore, a_clore))
        if suivis
    ]
    if not (muets or parties) or not visiteur.may(Action.DIRE_ISSUE):
        return
    with nullcontext() if muets else st.expander(langue.capitalize(" ou ".join(titre for titre, _ in parties))):
        ecriture.ask_auteur()
        if not signatures.ask(choisi.seance, ici, resultats.ISSUE):
            for r in sans_chiffre:
                annonces.take(f"{_REFUS}_{r.fiche.identifiant}")
            for _, fiche, _ in a_clore:
                annonces.take(f"{_REFUS_CLOTURE}_{fiche.identifiant}")
            return
        _fill_in_all(muets, ici)
        for titre, dessine in parties:
            with st.expander(langue.capitalize(titre)) if muets else nullcontext():
                dessine()


def _fill_in_all(lus: Sequence[ResultatDecision], ici: str) -> None:
    for r in lus:
        _fill_in(r, ici)


def _fill_in(r: ResultatDecision, ici: str) -> None:
    nom = r.fiche.identifiant
    dite = resultats.read_issue(ecriture.journal(), nom, r.seance)
    version = dite[0].version if dite else 0
    depart = {"verdict": str(dite[1].verdict), "texte": dite[1].texte} if dite else None
    saisie = Saisie(Action.DIRE_ISSUE, _BROUILLON, f"{nom}-{r.seance}", depart)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"issue_{nom}"):
        st.html(f'<p class="blocage">Qu’est devenue « {escape(r.decision.texte)} » ?</p>')
        saisie.choix("Lecture", {str(mot): MOTS[mot] for mot in DE_VIVE_VOIX}, "verdict")
        saisie.texte("En une phrase", "texte")
        st.button("Inscrire", key=f"issue_garder_{nom}", on_click=_keep, args=(saisie, r, ici, version))
    saisie.etat()
    annonces.take(f"{_REFUS}_{nom}")


def _keep(saisie: Saisie, r: ResultatDecision, ici: str, version: int) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    nom = r.fiche.identifiant
    perime = (
        "Quelqu’un vient de le dire autrement, voir ci-dessus : votre texte reste dans le formulaire, l’inscrire le "
        "remplacera."
    )
    with ecriture.geste(f"{_REFUS}_{nom}", perime):
        c = saisie.take()
        verdict, texte = c.get("verdict"), c.get("texte") or ""
        if verdict is None:
            raise ErreurUtilisateur("Rien ne dit ce que la décision est devenue : choisir la lecture, puis inscrire.")
        auteur = ecriture.require_auteur(Action.DIRE_ISSUE)
        journal, issue = ecriture.journal(), IssueDecision(Mot(verdict), texte)
        dite = resultats.read_issue(journal, nom, r.seance)
        if dite is not None and dite[1] == issue:
            return  # nothing new to say
        signatures.require(r.seance, ici, resultats.ISSUE)
        op_id = journal.op_id_de("issue", nom, r.seance, verdict, texte, version)
        resultats.fill_in(journal, r.fiche, r.seance, issue, auteur, op_id, version)


def _a_clore(choisi: Perimetre, bilan: BilanDecisions, pris: Sequence[Pris]) -> list[Suivi]:
    """What is past its deadline and not held, closed or not yet."""
    suivis: list[Suivi] = [
        *((r.decision.texte, r.fiche, r) for r in bilan.resultats),
        *((e.titre(choisi.bailleurs), f, r) for f, e, r in pris if isinstance(r, EngagementJuge)),
    ]
    return [suivi for suivi in suivis if suivi[2].est_a_clore]


def _close_all(choisi: Perimetre, a_clore: Sequence[Suivi]) -> None:
    for quoi, fiche, resultat in a_clore:
        _close(choisi, quoi, fiche, resultat)


def _close(choisi: Perimetre, quoi: str, fiche: Fiche, resultat: ResultatDecision | EngagementJuge) -> None:
    nom, ecrite = fiche.identifiant, clotures.read(ecriture.journal(), fiche.identifiant)
    saisie = Saisie(Action.DIRE_ISSUE, "brouillon-cloture", f"{nom}-{choisi.seance}")
    args = (saisie, choisi, fiche, resultat, ecrite[0].version if ecrite else 0)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"cloture_{nom}"):
        dite = f", {resultat.cloture}" if resultat.cloture else ""
        st.html(f'<p class="blocage">« {escape(quoi)} »{escape(dite)}</p>')
        if resultat.cloture:
            st.button("Suivre de nouveau", key=f"rouvrir_{nom}", on_click=_keep_cloture, args=(*args, False))
        else:
            saisie.texte("Motif", "motif", max_chars=200)
            st.button("Clore", key=f"clore_{nom}", on_click=_keep_cloture, args=(*args, True))
    if not resultat.cloture:
        saisie.etat()
    annonces.take(f"{_REFUS_CLOTURE}_{nom}")


def _keep_cloture(
    saisie: Saisie,
    choisi: Perimetre,
    fiche: Fiche,
    resultat: ResultatDecision | EngagementJuge,
    version: int,
    est_close: bool,
) -> None:
    """A callback."""
    perime = "Quelqu’un vient de le clore, ou de le suivre de nouveau : le relire ci-dessus."
    with ecriture.geste(f"{_REFUS_CLOTURE}_{fiche.identifiant}", perime):
        motif = (saisie.take().get("motif") or "") if est_close else ""
        auteur, journal = ecriture.require_auteur(Action.DIRE_ISSUE), ecriture.journal()
        signatures.require(choisi.seance, lecture.require_ici(choisi), resultats.ISSUE)
        op_id = journal.op_id_de("clore", fiche.identifiant, choisi.seance, motif, version)
        if est_close:
            resultats.close(journal, fiche, resultat, choisi.seance, motif, auteur, op_id, version)
        else:
            clotures.write(journal, fiche, choisi.seance, "", auteur, op_id, version)


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    lecture.require_ici(choisi)
    bilan, pris = lecture.bilan(choisi), read_engagements(choisi)
    engagements = [r if isinstance(r, PasDeVerdict) else r.verdict for *_, r in pris]
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        if bilan.resultats:
            preuves.explain_suites(bilan.resultats, choisi)
    verdicts = [r.vu() for r in bilan.resultats]
    annonces.message(phrases.ouverture(choisi.ici_dite, str(choisi.seance.precedente), verdicts, engagements))
    for dite in choisi.ask(say_tables_arretees, choisi.annee):
        annonces.note(dite)
    show_suites(choisi, bilan, pris)
    with cadre.detail("introduction"):
        gauche, droite = st.columns([0.42, 0.58], gap="large")
        with gauche:
            a_decider(choisi)
        with droite:
            completude(choisi)


def a_decider(choisi: Perimetre) -> None:
    """The agenda of the day, in its order."""
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    retenus = [b for (_, b), _ in blocages.ordre_du_jour(lus)]
    st.markdown("#### À décider aujourd’hui")
    if n := atelier.count_laisses(ecriture.journal(), choisi.seance, lecture.require_ici(choisi)):
        annonces.note(f"{phrases.a_reporter(n)}{remede(' depuis Préparer › Blocages')}.")
    if not retenus:
        st.write(phrases.ordre_du_jour(choisi.ici_dite, 0, 0, 0))
        return
    deux_points, noms = f"{langue.INSECABLE}: ", lecture.appellations(choisi)
    lignes = (
        f"<li><b>{escape(lecture.sujet(b, choisi))}</b>{deux_points}{escape(phrases.dit(b, noms))}</li>"
        for b in retenus
    )
    st.html(f'<ol class="a-decider">{"".join(lignes)}</ol>')


def completude(choisi: Perimetre) -> None:
    """What the figures of the day lean on, bailleur by bailleur."""
    table = choisi.ask(par_bailleur, choisi.annee, choisi.ici)
    st.markdown("#### Ce que disent les fichiers, bailleur par bailleur")
    if dit := say_bailleurs(table, choisi.ici_dite):
        st.write(dit)
    if table.empty:
        return
    dite = completude_dite(table)
    parts = ("Ressources connues", "Quartier connu") if reader().lit_tout else ()
    widgets.grille(dite, dict.fromkeys(parts, lambda v: langue.part(v, 0)), "Complétude par bailleur")


def completude_dite(table: pd.DataFrame) -> pd.DataFrame:
    """One row per bailleur, what is read of it: its own exactly; shares are in words but at a desk."""
    lignes = []
    for x in table.itertuples():
        lue = reader().chez("bailleur", x.porteur)
        parts = [(k, lue.part(k, x.n)) for k in (x.n_ressources, x.n_quartier)]
        ressources, quartier = (p if reader().lit_tout else _say_part(k, x.n, p, lue) for k, p in parts)
        lignes.append(
            {
                "Bailleur": x.nom,
                "Attributions": lue.compte(x.n),
                "Ressources connues": ressources,
                "Quartier connu": quartier,
                "Événements": lue.compte(x.n_evenements),
            }
        )
    return pd.DataFrame(lignes, dtype=object)


def _say_part(connus: int, n: int, part: float, lue: Audience) -> str:
    """`98 %`; `sauf 12 ou moins` where only the few unknown ones keep the share from being said."""
    inconnus = lue.compte(n - connus)
    if pd.isna(part) and inconnus.est_tu and lue.compte(connus).est_dit:
        return f"sauf {langue.nombre(inconnus)}"
    return langue.part(part, 0)


page()
