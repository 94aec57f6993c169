"""The evidence of a blocage on a screen, what each finding counts, and « Pourquoi ce chiffre ? » at 9h00 and 10h30."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from mel_core.seance.coordination import Blocage
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.resultats import ResultatDecision
from mel_core.seance.preuves import DossierPreuves, Preuve
from mel_core.seance.preuves.dits import Dit, write
from mel_core.seance.preuves.dossier_preuves import MESURES, titre
from mel_core.secret.bail import Audience, reader
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode
from pages.commun import annonces, entete, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

_MOTIFS = 4


def message(choisi: Perimetre, blocage: Blocage) -> str:
    """The finding to say first."""
    try:
        dossier = lecture.preuves(choisi, blocage.secteur, blocage.profil)
    except ErreurUtilisateur as erreur:
        return str(erreur)
    return phrases.message_du_blocage(blocage, lecture.sujet(blocage, choisi), dossier.constats)


def show(choisi: Perimetre, blocage: Blocage) -> None:
    """Every finding, that of the message first: here, in the ICI, in the Métropole; then the motives of refusal."""
    try:
        dossier = lecture.preuves(choisi, blocage.secteur, blocage.profil)
    except ErreurUtilisateur as erreur:
        annonces.refuse(str(erreur))
        return
    tete = phrases.head(dossier.constats, phrases.plainte_de(blocage))
    cercles = {"secteur": "Ce secteur", "ici": choisi.ici or "", "mel": "Métropole"}
    if dossier.lieu.est_entiere:  # it is the ICI itself
        cercles["secteur"] = cercles.pop("ici")
    titres = "".join(f'<th scope="col">{escape(nom)}</th>' for nom in cercles.values())
    lignes = "".join(
        f'<tr class="preuve_{c.mesure}"><th scope="row">{escape(titre(c))}</th>'
        + "".join(f"<td>{say_cercle(c, cercle)}</td>" for cercle in cercles)
        + "</tr>"
        for c in sorted(dossier.constats, key=lambda c: c is not tete)
    )
    st.html(
        '<table class="preuves"><caption>Ce que disent les données, '
        + escape(
            f"{_duree(dossier, choisi)}{', tous bailleurs' if blocage.bailleur else ''}{dossier.lieu.say_arrondi()}"
        )
        + f"</caption><thead><tr><td></td>{titres}</tr></thead><tbody>{lignes}</tbody></table>"
    )
    motifs = say_motifs(dossier.motifs_refus, dossier.lieu.pour())
    if motifs and not dossier.constat("refus_rang_1").est_tu():
        annonces.note(f"Motifs de refus : {motifs}.")
    with st.container(horizontal=True):
        explain_preuves(dossier, choisi)
        if reserves := dossier.reserves():
            with st.popover("Ce qui est laissé de côté"):
                for reserve in reserves:
                    st.write(reserve)


def _duree(dossier: DossierPreuves, choisi: Perimetre) -> str:
    """What the bails cover; whether a line says otherwise of what it counts."""
    autres = (c.arrets or (not c.duree.est_entiere and c.duree != choisi.duree) for c in dossier.constats)
    return f"{choisi.duree}{' sauf mention contraire' if any(autres) else ''}"


def say_cercle(constat: Preuve, cercle: str) -> str:
    """The value of one circle, in HTML: a share that is not said gives way to its counts."""
    dit = constat.read(cercle)
    est_ici = cercle == "secteur"
    if dit is None:
        return langue.ABSENT if not est_ici else "non dit" if constat.est_tu() else "inconnu"
    if constat.unite == "nombre" or dit.est_dit:
        valeur = write(dit.valeur, constat.unite)
    elif constat.unite == "part":
        valeur = langue.nombre(dit.total) if dit.total.est_tu else say_comptes(dit)
    else:
        valeur = "non dit"
    if not est_ici:
        return valeur
    comptes = f" <small>({say_comptes(dit)})</small>" if constat.unite == "part" and dit.est_dit else ""
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


def explain_preuves(dossier: DossierPreuves, choisi: Perimetre) -> None:
    """The button and what it opens: each finding of a blocage with what it counts, over what, and how many."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        lignes = "".join(
            f'<tr><th scope="row">{escape(titre(c))}</th><td>{escape(MESURES[c.mesure].definition)}</td>'
            f"<td>{escape(say_fraction(c))}</td></tr>"
            for c in dossier.constats
        )
        st.html(
            '<table class="definitions"><thead><tr><th scope="col">Mesure</th><th scope="col">Ce qui est compté, sur '
            f'quoi</th><th scope="col">Comptes</th></tr></thead><tbody>{lignes}</tbody></table>'
        )
        p = dossier.periode
        entete.explain(
            {
                "Période": f"{_duree(dossier, choisi)}, {langue.intervalle(p.debut, p.fin)}",
                "Source": signatures.say_source(choisi),
                "Laissé de côté": " ".join(dossier.reserves()) or "rien",
            }
        )


def explain_suites(resultats: Sequence[ResultatDecision], choisi: Perimetre) -> None:
    """The button and what it opens: the figure of each reopened decision, and how a verdict is given."""
    temoins = {r.decision.temoin.titre: r.decision.temoin for r in resultats if r.decision.temoin}
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        for nom, temoin in temoins.items():
            st.markdown(f"**{nom}**  \n{temoin.definition}")
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


def say_fraction(constat: Preuve) -> str:
    """`40 sur 100`; `—` for a count or a median."""
    dit = constat.read("secteur")
    if dit is None or constat.numerateur is None:
        return langue.ABSENT
    return say_comptes(dit)


def say_comptes(dit: Dit) -> str:
    """`40 sur 100`; `non dit sur 40` where the two, rounded, would be read as a share that is not said."""
    return f"{langue.sur(dit.compte, dit.total)}" if dit.compte.est_connu else f"non dit sur {langue.nombre(dit.total)}"
