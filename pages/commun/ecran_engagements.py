"""13h30, the engagements: those of the previous séances with what became of their households, those acted today."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.engagements import resultat
from mel_core.engagements.cohorte import AVEC_BAIL, CLES, POSTES, TITRES, Issue, bilan_par
from mel_core.engagements.engagement import Engagement, lister
from mel_core.engagements.resultat import VERDICTS, Resultat
from mel_core.erreurs import ErreurUtilisateur
from mel_core.journal import Fiche
from mel_core.periodes import Seance
from mel_core.secret.regroupement import SEUIL, regrouper
from mel_core.segments import titre_de
from pages.commun import constructeur, donnees, ecran_segments, registre
from pages.commun import phrases_orientations as phrases
from pages.commun.lecture_orientations import LIBRE, Question
from pages.commun.perimetre import Perimetre


def montrer(choisi: Perimetre) -> None:
    tous = [(f, e) for f, e in lister(registre.journal(), ici=choisi.ici or "") if e.seance <= choisi.seance]
    anciens = [(f, e) for f, e in tous if e.seance < choisi.seance]
    actes = [(f, e) for f, e in tous if e.seance == choisi.seance]
    with st.container(key="message"):
        st.markdown(_message(choisi, len(anciens), len(actes)))
    for fiche, engagement in reversed(anciens):
        constater(fiche, engagement, choisi)
    if actes:
        st.markdown("#### Actés à cette séance")
        st.table(_table(actes, choisi).set_index("Segment"))


def _message(choisi: Perimetre, n_anciens: int, n_actes: int) -> str:
    if not n_anciens + n_actes:
        return (
            f"Aucun engagement n’est acté pour {choisi.ici_dite} à cette date : choisir un segment, déplacer le "
            "curseur, puis acter."
        )
    morceaux = []
    if n_anciens:
        morceaux.append(
            f"**{langue.effectif(n_anciens, 'engagement')}** des séances précédentes à constater aujourd’hui"
        )
    if n_actes:
        morceaux.append(f"**{langue.effectif(n_actes, 'engagement acté', 'engagements actés')}** à cette séance")
    return f"Dans {choisi.ici_dite}, {' ; '.join(morceaux)}."


def titre(engagement: Engagement, choisi: Perimetre) -> str:
    """The segment and its steps, in words."""
    if engagement.libre is not None:
        return f"Segment libre : {engagement.libre.phrase(constructeur.noms_des_bailleurs(choisi))}"
    c = engagement.criteres
    return titre_de(engagement.segment, c.mois, c.n_min, c.fenetre)


def _table(actes: list[tuple[Fiche, Engagement]], choisi: Perimetre) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Segment": [titre(e, choisi) for _, e in actes],
            "Engagement": [langue.effectif(e.nombre, "ménage") for _, e in actes],
            "Part du flux": [langue.part(e.nombre / e.flux) for _, e in actes],
            "Ménages dans le segment": [langue.nombre(e.effectif) for _, e in actes],
            "Échéance": [langue.jour(e.echeance) for _, e in actes],
            "Acté par": [f.auteur.nom or f.auteur.organisation for f, _ in actes],
        }
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _resultat(identifiant: str, seance: str, op_id: str) -> Resultat:
    """Kept by the snapshot and the entry, which never change."""
    fiche = next(f for f, _ in lister(registre.journal()) if f.op_id == op_id)
    entrepot = donnees.entrepot()
    return resultat.constater(entrepot, entrepot.dossier, Engagement.depuis(fiche), Seance.lire(seance))


def constater(fiche: Fiche, engagement: Engagement, choisi: Perimetre) -> None:
    """One engagement of a previous séance: its number, what became of its households, why the list moved."""
    nom = titre(engagement, choisi)
    st.markdown(f"#### {nom} — acté en séance {engagement.seance}")
    try:
        r = _resultat(choisi.instantane.identifiant, str(choisi.seance), fiche.op_id)
    except ErreurUtilisateur as erreur:
        st.html(f'<p class="refus" role="alert">{escape(str(erreur))}</p>')
        return
    st.markdown(dit(engagement, r))
    gauche, droite = st.columns(2, gap="large")
    with gauche:
        st.html(_tableau("Que sont devenus ces ménages", _issues(r), r.n))
    with droite:
        st.html(_tableau("Pourquoi la liste a changé", _mouvement(r), None))
    _par_lieu(r, choisi)


def dit(engagement: Engagement, r: Resultat) -> str:
    """`**343 relogés dans l’ICI 1** au … pour 300 annoncés, parmi 2 493 ménages figés le … : engagement **tenu**.`

    What is counted here reads as in the table below, or nowhere: the difference of the two would be a household.
    """
    ou = f" dans l’{engagement.ici}" if engagement.ici else ""
    ailleurs = ""
    if r.n_ailleurs:
        quoi = langue.accorder(r.n_ailleurs, "autre ménage relogé", "autres ménages relogés")
        ailleurs = f" {_compte(r, Issue.RELOGE_AILLEURS)} {quoi} ailleurs dans la MEL, hors de ce compte."
    return (
        f"**{_compte(r, Issue.RELOGE)} {langue.accorder(r.n_loges, 'relogé')}{ou}** au {langue.jour(r.au)} pour "
        f"{langue.nombre(engagement.nombre)} {langue.accorder(engagement.nombre, 'annoncé')}, parmi "
        f"{langue.effectif(r.n, 'ménage figé', 'ménages figés')} le {langue.jour(engagement.criteres.jour)} : "
        f"engagement **{VERDICTS[r.verdict]}**.{ailleurs}{_depuis(r)}"
    )


def _compte(r: Resultat, issue: Issue) -> str:
    """The count of an outcome as its own line shows it; small or put with others, no more than on which side it is."""
    n = int(r.bilan.loc[r.bilan["issue"] == issue, "n"].iloc[0])
    groupes = regrouper(r.bilan, "issue").set_index("issue")
    if not groupes.loc[str(issue), "est_regroupee"]:
        return langue.nombre(n)
    return phrases.MASQUE if n < SEUIL else f"au moins {SEUIL}"


def _depuis(r: Resultat) -> str:
    """What came after the deadline, which changes nothing to the verdict."""
    if r.n_loges_depuis == 0:
        return ""
    n = phrases.MASQUE if r.n_loges_depuis < SEUIL else langue.nombre(r.n_loges_depuis)
    return f" Après l’échéance, {n} de plus jusqu’au {langue.jour(r.vu_au)}, sans effet sur ce constat."


def _issues(r: Resultat) -> list[tuple[str, str, float]]:
    """One line per outcome, the small ones put together: nobody reads a count under the threshold by subtraction."""
    groupes = regrouper(r.bilan, "issue")
    seules = [
        (TITRES[x.issue], langue.nombre(x.n), float(x.n))
        for x, g in zip(r.bilan.itertuples(), groupes.itertuples(), strict=True)
        if not g.est_regroupee and x.n
    ]
    petites = r.bilan[groupes["est_regroupee"].to_numpy()]
    n = int(petites["n"].sum())
    if not n:
        return seules
    noms = langue.liste([TITRES[i].split(" (")[0].split(",")[0].lower() for i in petites["issue"]])
    return [*seules, (f"Regroupés : {noms}", phrases.MASQUE if n < SEUIL else langue.nombre(n), float(max(n, 1)))]


def _mouvement(r: Resultat) -> list[tuple[str, str, float]]:
    """From one list to the other, signed; a small item says no more than that it is small."""
    lignes, tus = [], _tus(r.mouvement["n"].tolist()[1:-1])
    for rang, x in enumerate(r.mouvement.itertuples()):
        est_bout = rang in (0, len(r.mouvement) - 1)
        if x.n == 0 and not est_bout:
            continue
        texte = phrases.MASQUE if 0 < x.n < SEUIL else langue.nombre(x.n)
        if not est_bout and rang - 1 in tus and x.n >= SEUIL:
            texte = "non montré"
        signe = "" if est_bout else "+ " if x.sens > 0 else "− "
        lignes.append((POSTES[x.poste], f"{signe}{texte}", float(x.n) if est_bout else 0.0))
    return lignes


def _tus(comptes: list[int]) -> set[int]:
    """Which items are not shown: the small ones, and the smallest other when one alone would be read by subtraction."""
    tus = {i for i, n in enumerate(comptes) if 0 < n < SEUIL}
    if len(tus) == 1:
        autres = [(n, i) for i, n in enumerate(comptes) if n >= SEUIL]
        tus |= {min(autres)[1]} if autres else set()
    return tus


def _tableau(legende: str, lignes: list[tuple[str, str, float]], total: int | None) -> str:
    plafond = max((v for _, _, v in lignes), default=1.0) or 1.0
    corps = "".join(
        f'<tr><th scope="row">{escape(nom)}</th><td class="barre"><i style="width:{100 * v / plafond:.0f}%"></i></td>'
        f"<td>{escape(texte)}</td></tr>"
        for nom, texte, v in lignes
    )
    pied = (
        f'<tr class="courant"><th scope="row">Ensemble</th><td></td><td>{langue.nombre(total)}</td></tr>'
        if total is not None
        else ""
    )
    return f'<div class="comparaison devenir"><p class="quoi">{escape(legende)}</p><table>{corps}{pied}</table></div>'


def _par_lieu(r: Resultat, choisi: Perimetre) -> None:
    """The housed by commune and bailleur of the bail; every household by commune of residence and wanted."""
    with st.expander("Par commune et par bailleur"):
        for colonne, cle in zip(st.columns(len(CLES)), CLES, strict=True):
            question = Question(choisi.instantane.identifiant, str(choisi.seance), choisi.ici or "", LIBRE)
            noms, territoires = ecran_segments.noms_de(question, "bailleur" if "bailleur" in cle else "commune")
            loges = bilan_par(r.suivie, cle).pipe(lambda t: t[t["issue"].isin([str(i) for i in AVEC_BAIL])])
            comptes = loges.groupby("cle", as_index=False)["n"].sum()
            lignes = ecran_segments.images_orientations.proteger(comptes, noms, territoires)
            with colonne:
                st.html(
                    _tableau(
                        f"Relogés, par {CLES[cle]}",
                        [(x.nom, langue.nombre(x.n), float(x.n)) for x in lignes.itertuples()],
                        None,
                    )
                )
