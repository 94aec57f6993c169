"""« Pourquoi ce chiffre ? » of 13h30: what each view counts, over what, until when, what is left out, the query."""

from __future__ import annotations

import math
import re
import shlex
from html import escape

import streamlit as st

from mel_core.seance.engagements.cohortes import COHORTE
from mel_core.secret.bail import reader
from mel_core.segments import SegmentLibre, compilation, phrases_segments
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN
from mel_core.simulation import phrases_offre
from mel_core.simulation.preconisations import SQL as SQL_OFFRE
from mel_core.simulation.scenarios.registre import METHODES
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from pages.commun import entete, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import lecture_orientations as lecture
from pages.commun.segments.lecture_orientations import QuestionSegment

# View → the query behind it (preconisations.sql), when one is.
REQUETES = {
    "preconisations": "stock",
    "mutations": "mutations_bloquees",
    "offre": "offre_demande",
    "qpv": "commissions",
}
# View → what can be asked without a browser: each command, after what it gives. {ici} is `--ici "ICI 1"`, or nothing.
COMMANDES = {
    "engagements": (
        ("Ce qui a été acté, par qui et quand", "python -m mel_core journal --dernieres 0"),
        (
            "Les ménages d’un segment au dernier jour de la séance (ici, ceux qui attendent depuis plus de 24 mois)",
            "python -m mel_core segment attente_24 --date {jour}{ici}",
        ),
    ),
    "mutations": (
        (
            "Les mêmes comptes par commune souhaitée (et ceux des communes voisines que ces ménages souhaitent aussi)",
            "python -m mel_core segment mutations_bloquees_en_attente --date {jour}{ici} --par commune_souhaitee",
        ),
        (
            "Les mêmes demandes par critère",
            "python -m mel_core segment mutations_bloquees_en_attente --date {jour}{ici} --par critere_mutation",
        ),
        ("Les refus de mutation pour impayés", "python -m mel_core suivre refus_mutations --seance {seance}{ici}"),
    ),
    "offre": (("Les besoins des mutations", "python -m mel_core suivre besoins_mutations --seance {seance}{ici}"),),
    "qpv": (
        (
            "La même part par QPV",
            "python -m mel_core indicateur autres_en_qpv --seance {seance} --periode annee --par qpv{ici}",
        ),
    ),
}
_AU_JOUR = "demandes au {jour}, dernier jour de la séance"
# View → the days that it reads: a stock, twelve months, or up to a deadline.
PERIODES = {
    "engagements": "du jour de référence de l’engagement à son échéance, la fin de la séance suivante",
    "preconisations": "{mois}, pour les attributions ; logements attendus dans les six mois qui suivent",
    "mutations": _AU_JOUR,
    "offre": f"{_AU_JOUR} ; attributions, {{mois}}",
    "qpv": "{mois}",
    "ordonnancement": f"{_AU_JOUR} ; attributions, {{mois}}",
}
VUES = {**phrases_offre.METHODES, "engagements": COHORTE, "ordonnancement": METHODES["ordonnancement"]}


def explain(vue: str, choisi: Perimetre, question: QuestionSegment | None) -> None:
    """The button and what it opens. `question`: the segment on screen, when the view has one."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        if question is not None:
            _explain_segment(question, choisi)
            return
        periode = Periode.de(choisi.seance, "annee")
        mois = f"{choisi.duree}, {langue.intervalle(periode.debut, periode.fin)}"
        st.markdown(VUES[vue].definition)
        entete.explain(
            {
                **VUES[vue].lignes,
                "Période": PERIODES[vue].format(jour=langue.jour(periode.fin), mois=mois),
                "Source": signatures.say_source(choisi),
            }
        )
        for ce_que_c_est, texte in commandes(vue, choisi):
            st.markdown(f"{ce_que_c_est}, sans navigateur :")
            st.code(texte, language="bash", wrap_lines=True)
        if vue in REQUETES:
            st.markdown("La requête :")
            st.code(requete(vue, choisi), language="sql", wrap_lines=True)


def commande(question: QuestionSegment) -> str:
    """The command line that answers the same, in the same ICI."""
    if isinstance(question.quoi, SegmentLibre):
        conditions = shlex.quote(question.libre)
        debut = f"python -m mel_core segment libre --conditions {conditions} --date {question.criteres.jour}"
        return f"{debut}{_option_ici(question.ici)}"
    reglages = "".join(
        option
        for noms, option in (
            (A_MOIS if question.mois is not None else (), f" --mois {question.mois}"),
            (A_N_MIN, f" --n-min {question.n_min}"),
            (A_FENETRE, f" --fenetre {question.fenetre}"),
        )
        if question.nom in noms
    )
    jour = question.criteres.jour
    return f"python -m mel_core segment {question.nom} --date {jour}{reglages}{_option_ici(question.ici)}"


def commandes(vue: str, choisi: Perimetre) -> list[tuple[str, str]]:
    """What each command of a view gives, and the command, in the ICI on screen."""
    valeurs = {"jour": choisi.seance.fin, "seance": choisi.seance, "ici": _option_ici(choisi.ici or "")}
    return [(dit, texte.format(**valeurs)) for dit, texte in COMMANDES.get(vue, ())]


def _option_ici(ici: str) -> str:
    """Between the quotes that every shell reads the same, unless the name holds what one of them would interpret."""
    if not ici:
        return ""
    return f' --ici "{ici}"' if re.fullmatch(r"[\w .-]+", ici) else f" --ici {shlex.quote(ici)}"


def requete(vue: str, choisi: Perimetre) -> str:
    """What was asked of the data, after the value of each parameter."""
    periode = Periode.de(choisi.seance, "annee")
    texte = "\n".join(ligne for ligne in SQL_OFFRE[REQUETES[vue]].splitlines() if not ligne.startswith("--"))
    valeurs = {"debut": periode.debut, "fin": periode.fin, "jour": choisi.seance.fin, "ici": choisi.ici}
    dits = compilation.say_parametres({nom: valeur for nom, valeur in valeurs.items() if f"${nom}" in texte})
    return f"-- {dits}\n{texte}"


def _explain_segment(question: QuestionSegment, choisi: Perimetre) -> None:
    expliquee, est_drapeau = question.ask(compilation.explain), lecture.a_le_drapeau(*choisi.cle)
    definition = phrases_segments.definition(question.quoi, question.criteres, est_drapeau, choisi.bailleurs)
    st.markdown(f"**{question.titre}**  \n{definition}")
    comptes = (reader().compte(c) for c in lecture.compte(question))
    inconnues = None if expliquee.n_inconnues is None else reader().compte(expliquee.n_inconnues)
    entete.explain(
        {
            **phrases_segments.explain(choisi.ici or "", comptes, inconnues),
            "Date de référence, dernier jour de la séance": langue.jour(question.criteres.jour),
            "Source": signatures.say_source(choisi),
        }
    )
    st.html(_completude(question))
    st.markdown("La même réponse sans navigateur, puis la requête :")
    st.code(commande(question), language="bash", wrap_lines=True)
    st.code(expliquee.requete, language="sql", wrap_lines=True)


def _completude(question: QuestionSegment) -> str:
    """What each bailleur recorded: a household proposed by one that records nothing seems to wait."""
    lus = lecture.enregistres(question.identifiant, question.seance)
    dits = [
        (reader().part(x.n_avec_evenement, x.n), str(x.nom), langue.nombre(reader().compte(x.n)))
        for x in lus.itertuples()
        if reader().compte(x.n) != 0
    ]
    lignes = "".join(
        f'<tr><th scope="row">{escape(nom)}</th><td>{langue.part(part)} de {n}</td></tr>'
        for part, nom, n in sorted(dits, key=lambda d: (math.isnan(d[0]), d))
    )
    titre = "Attributions de la période dont la demande porte une proposition ou un passage en CAL enregistré"
    tetes = "".join(f'<th scope="col">{tete}</th>' for tete in ("Bailleur", "Part enregistrée"))
    caption = f"<caption>{titre}</caption><thead><tr>{tetes}</tr></thead>"
    return f'<table class="definitions">{caption}<tbody>{lignes}</tbody></table>'
