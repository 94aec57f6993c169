"""« Pourquoi ce chiffre ? » of 13h30: what each view counts, over what, until when, what is left out, the query."""

from __future__ import annotations

import math
import re
import shlex
from html import escape

import streamlit as st

from mel_core.seance.engagements import explication
from mel_core.secret.bail import reader
from mel_core.segments import SegmentLibre
from mel_core.segments.phrases_segments import fenetre_dite
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN
from mel_core.simulation.preconisations import SQL as SQL_OFFRE
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from pages.commun import entete, signatures
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments import lecture_orientations as lecture
from pages.commun.segments.lecture_orientations import Question

# The rules of the contract, word for word: {mois}, {n_min} and {fenetre} are the steps on screen.
_ATTENTE = (
    "Demandes actives créées au plus tard {mois} mois avant la date de référence, sans aucune proposition ni aucun "
    "passage en commission (CAL) enregistré jusqu’à cette date."
)
DEFINITIONS = {
    "attente_24": _ATTENTE,
    "attente_36": _ATTENTE,
    "poulidor": "Demandes actives retenues au moins {n_min} fois en commission au rang 2 ou plus {fenetre}, jamais au "
    "rang 1 sur cette durée, sans aucun refus du demandeur jusqu’à la date de référence. Ce sont les passages qui "
    "comptent, non les jours ; un candidat retenu sans rang ne compte d’aucun côté.",
    "rang_1_sans_bail": "Demandes actives retenues au rang 1 au moins une fois {fenetre}, toujours sans bail.",
    "non_attributions_repetees": "Demandes actives non attribuées au moins {n_min} fois en commission {fenetre}, sans "
    "y être retenues une seule fois.",
    "jamais_presentes": "Demandes actives sans aucun événement enregistré jusqu’à la date de référence, hors "
    "événements « autre ».",
    "mutations_bloquees_en_attente": "Demandes actives marquées « mutation bloquée ».",
    "aci_en_attente": "Demandes actives marquées ACI, DALO ou PDALHPD ; deux marques ne comptent qu’une fois.",
    "delai_anormalement_long": "Demandes actives qui portent le drapeau du SNE ; sans cette colonne dans les données, "
    "celles d’au moins {mois} mois.",
}
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
_ATTRIBUTIONS = "attributions de la période"
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
# View → what it counts, over what, what it leaves out.
VUES = {
    "engagements": (
        "Chaque ménage du segment, figé par son pseudonyme le jour de l’engagement, est cherché dans toute la "
        "Métropole à la séance suivante et compté une seule fois. « Relogé » : bail signé dans l’ICI de l’engagement "
        "entre la date de référence et l’échéance. « Tenu » : autant de relogés qu’annoncé.",
        "les ménages figés, tous comptés",
        "rien : un ménage qui n’est plus dans les données est « introuvable », jamais oublié",
    ),
    "preconisations": (
        "Logements attendus en six mois : la moitié de logements × rotation annuelle de la résidence. Ménages modestes "
        "à y accueillir : l’objectif d’équilibre en vigueur sur l’ensemble des logements attendus de la classe de "
        "quartiers, dans chaque ICI, partagé au plus fort reste entre ses quartiers puis leurs résidences ; les parts "
        "s’additionnent. Au plus dans les quartiers fragiles, au moins dans ceux sans fragilité.",
        f"{_ATTRIBUTIONS} aux ressources connues, occupants de la dernière enquête",
        "les lieux sans rotation, sans fragilité ou sans objectif en vigueur, comptés sous le tableau",
    ),
    "mutations": (
        "Demandes actives marquées « mutation bloquée », par commune souhaitée (une demande compte dans chacune) ou "
        "habitée, ou par critère ; attente en mois entiers depuis le dépôt de la demande. « Refus pour impayés » : "
        "refus de commission opposés en 12 mois à des locataires HLM, dont le motif enregistré dit « impayé ».",
        "demandes actives au dernier jour de la séance",
        "rien : toute commune d’une mutation bloquée a sa ligne",
    ),
    "offre": (
        "Tension : demandes actives qui souhaitent la commune (et la typologie), pour une attribution de la période ; "
        "une demande compte dans chacun de ses souhaits. « Besoins des mutations » (support de 2017 : adapter la "
        "programmation) : demandes actives de ménages logés en HLM ; souhaits, une fois dans chaque typologie voulue ; "
        "besoins supposés, une pièce par personne, T6 et plus à partir de six : c’est une hypothèse de l’application ; "
        "mutations, baux signés en 12 mois par des ménages déjà logés dans le parc social ; programmés, logements "
        "sociaux des opérations qui donnent toutes leurs typologies (table « programmation », colonnes « n_t1 » à "
        "« n_t6p », propres à l’application).",
        f"demandes actives au dernier jour de la séance, sur {_ATTRIBUTIONS}",
        "les demandes qui ne disent pas de commune, et dans le détail celles qui ne disent pas de typologie",
    ),
    "qpv": (
        "Ménages modestes parmi ceux qui arrivent (entrants) et parmi ceux qui habitent (occupants de la dernière "
        "enquête). Règle nationale : en QPV, part des attributions à des ménages hors du premier quartile de "
        "ressources ; hors QPV, part du premier quartile ou des relogements NPRU. Seuil du premier quartile : celui de "
        "l’année.",
        f"{_ATTRIBUTIONS} aux ressources connues, occupants aux ressources connues ; pour la règle, quartile connu",
        "les attributions au quartier inconnu ou aux ressources inconnues",
    ),
    "ordonnancement": (
        "Note de chaque critère, de 0 à 1, multipliée par son poids ; à égalité, la demande la plus ancienne passe "
        "devant. La tête de file compte autant de demandes que d’attributions attendues en six mois (moitié des 12 "
        "derniers).",
        "demandes actives au dernier jour de la séance",
        "rien : un critère inconnu ne donne aucun point",
    ),
}


def explain(vue: str, choisi: Perimetre, question: Question | None) -> None:
    """The button and what it opens. `question`: the segment on screen, when the view has one."""
    with st.popover("Pourquoi ce chiffre ?", key="pourquoi"):
        if question is None:
            definition, sur, laisse = VUES[vue]
            periode = Periode.de(choisi.seance, "annee")
            st.markdown(definition)
            entete.explain(
                {
                    "Compté sur": sur,
                    "Période": langue.typeset(
                        PERIODES[vue].format(
                            jour=langue.jour(periode.fin),
                            mois=f"{choisi.duree}, {langue.intervalle(periode.debut, periode.fin)}",
                        )
                    ),
                    "Laissé de côté": laisse,
                    "Source": signatures.say_source(choisi),
                }
            )
            for ce_que_c_est, texte in commandes(vue, choisi):
                st.markdown(f"{ce_que_c_est}, sans navigateur :")
                st.code(texte, language="bash", wrap_lines=True)
            if vue in REQUETES:
                st.markdown("La requête :")
                st.code(requete(vue, choisi), language="sql", wrap_lines=True)
            return
        _explain_segment(question, choisi)


def definition(question: Question, choisi: Perimetre) -> str:
    """The rule of the contract at the steps on screen."""
    if isinstance(question.quoi, SegmentLibre):
        return f"Demandes actives qui répondent à : {question.quoi.phrase(choisi.bailleurs)}."
    return langue.typeset(
        DEFINITIONS[question.nom].format(
            mois=question.seuil, n_min=question.n_min, fenetre=fenetre_dite(question.fenetre)
        )
    )


def commande(question: Question) -> str:
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
    dits = explication.say_parametres({nom: valeur for nom, valeur in valeurs.items() if f"${nom}" in texte})
    return f"-- {dits}\n{texte}"


def _explain_segment(question: Question, choisi: Perimetre) -> None:
    comptes, expliquee = lecture.compte(question), question.ask(explication.explain)
    st.markdown(f"**{question.titre}**  \n{definition(question, choisi)}")
    n, actives = (reader().compte(c) for c in comptes)
    inconnues = (
        f"{langue.effectif(reader().compte(expliquee.n_inconnues), 'demande')} sans l’information"
        if expliquee.n_inconnues is not None
        else "les demandes radiées à cette date ; ce qui n’est pas enregistré ne se distingue pas de ce qui n’a pas eu "
        "lieu"
    )
    entete.explain(
        {
            "Comptes": f"{langue.nombre(n)} sur {langue.effectif(actives, 'demande active', 'demandes actives')}"
            + (f" qui souhaitent une commune de {choisi.ici_dite} ou y habitent" if choisi.ici else ""),
            "Laissées de côté": inconnues,
            "Date de référence": f"{langue.jour(question.criteres.jour)}, dernier jour de la séance",
            "Communes": "souhaitées (une demande compte dans chacune, et dans l’ICI de chacune) ou habitée : le bouton "
            "de la répartition dit laquelle",
            "Levier": "flux attendu, la moitié des attributions de la période ; ce qu’il donne déjà, la part des baux "
            "du semestre écoulé signés par des ménages du segment, portée à ce flux",
            "Tension": "demandes actives qui souhaitent la commune et la typologie, pour une attribution de la période",
            "Texte": "§ 5 du contrat de données ; le support de 2017 nomme ces ménages sans en donner le compte",
            "Source": f"demandes et événements du SNE, {signatures.say_source(choisi)}",
        }
    )
    st.html(_completude(question))
    st.markdown("La même réponse sans navigateur, puis la requête :")
    st.code(commande(question), language="bash", wrap_lines=True)
    st.code(expliquee.requete, language="sql", wrap_lines=True)


def _completude(question: Question) -> str:
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
    return (
        '<table class="definitions"><caption>Attributions de la période dont la demande porte une proposition ou un '
        'passage en CAL enregistré</caption><thead><tr><th scope="col">Bailleur</th><th scope="col">Part enregistrée'
        f"</th></tr></thead><tbody>{lignes}</tbody></table>"
    )
