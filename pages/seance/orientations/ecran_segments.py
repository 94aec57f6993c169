"""13h30, a segment: how many over how many, where, and the engagement that the room may take for it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_mesures
from mel_core.indicateurs.phrases_constats import ABSENT_DIT
from mel_core.seance.engagements.engagement_pris import Engagement, echeance_de
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS, count_par, profil
from mel_core.segments import phrases_segments as phrases
from mel_core.segments.profil import AXES
from mel_core.simulation.engagement import phrases_engagement
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.simulation.engagement.phrases_engagement import judge
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.adaptateur import vivant
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, cadre, choix_perimetre, levier, memo, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import courbes
from pages.commun.images.gabarit import Image
from pages.commun.levier import Etape, JeuDeCurseurs, Valeurs
from pages.commun.segments import acte_engagement, etape, lien_listes
from pages.commun.segments import lecture_orientations as lecture
from pages.commun.segments.acte_engagement import Repartition
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment
from pages.seance.orientations import ecran_causes, ecran_devant, levier_engagement, tension_segment

# How the segment may be split → the button, the heading of the bars, and what it says.
CLES = {
    "commune_souhaitee": ("Commune souhaitée", phrases.PAR_COMMUNE),
    "ici": ("ICI", "Demandes, comptées une fois dans chaque ICI souhaitée"),
    "commune_residence": ("Commune habitée", "Demandes, par commune de résidence"),
    "typologie": ("Typologie", "Demandes, comptées dans chaque typologie souhaitée"),
    "ressources": ("Ressources", "Demandes, par classe de ressources (bornes supposées)"),
    "bailleur": ("Bailleur", "Demandes, par bailleur actuel du ménage"),
}
ECARTS_DITS = 6
# What is seen of a segment, one picture at a time: a message each in a room, one of the buttons at a desk.
REPARTITION, DEVANT, CAUSES, ENGAGEMENT = "repartition", "devant", "causes", "engagement"
ETAPES = {
    REPARTITION: "Répartition",
    DEVANT: "Qui était devant",
    CAUSES: "Causes notées",
    ENGAGEMENT: "Engagement",
}
# Beside the count of the segment, whose sentence is another: their module says it, and shows it.
_AUTRES = {DEVANT: ecran_devant, CAUSES: ecran_causes}
A_DES_PREMIERS = "poulidor"  # whose demandes were behind others


def est_au_levier() -> bool:
    """Whether a room has the engagement of a segment before it, and not its count."""
    choix_perimetre.keep("etape", list(ETAPES))
    return visiteur.est_en_salle() and st.session_state["etape"] == ENGAGEMENT


def show(choisi: Perimetre, question: QuestionSegment) -> None:
    if pourquoi := lecture.connaissance(question)[0]:
        annonces.message(phrases_mesures.silence([question.titre], pourquoi))
        return
    compte = lecture.compte(question)
    n = reader().compte(compte[0])
    if n > 0 and est_au_levier():
        show_engagement(question)
        return
    message = st.container(key="message")
    corps = widgets.take_turns("segment", question.nom)
    if not n > 0:
        message.markdown(constat(question, choisi, compte))
        if n != 0:
            annonces.note(phrases.trop_peu("où ils demandent"))
        return
    with corps:
        vue = _choose_etape(question)
        autre = _AUTRES.get(vue)
        message.markdown(autre.say(question, choisi) if autre else constat(question, choisi, compte))
        if autre:
            autre.show(question)
        elif vue == ENGAGEMENT:
            show_engagement(question)
        else:
            distribute(question, tuple(choisi.communes) if choisi.ici else ())
    if not visiteur.est_en_salle():
        with cadre.detail("segment"):
            explain(question, choisi)


def _choose_etape(question: QuestionSegment) -> str:
    """The picture of the message in a room, the one of the button at a desk; that of another segment is not kept."""
    etapes = {nom: dit for nom, dit in ETAPES.items() if nom != DEVANT or question.nom == A_DES_PREMIERS}
    if st.session_state["etape"] not in etapes:
        st.session_state["etape"] = st.query_params["etape"] = REPARTITION
    if visiteur.est_en_salle():
        return str(st.session_state["etape"])
    return choix_perimetre.option("Étape", "etape", etapes, partout=True)


def constat(question: QuestionSegment, choisi: Perimetre, compte: tuple[int, int]) -> str:
    """The sentence: the rule in words, its count, its denominator."""
    return phrases.say(
        choisi.ici_dite,
        question.quoi,
        question.criteres,
        compte,
        choisi.bailleurs,
        est_drapeau=lecture.a_le_drapeau(question.identifiant, question.seance),
        reserves=lecture.connaissance(question)[1].say(),
    )


@fragment
def distribute(question: QuestionSegment, communes: tuple[str, ...]) -> None:
    """Where, or whom, one cut at a time. `communes`: those of the ICI (none: of the whole Métropole)."""
    cle = choix_perimetre.option("Répartition", "par", {c: dit for c, (dit, _) in CLES.items()}, partout=True)
    etape.draw_repartition(*_repartition(question, cle, communes if cle.startswith("commune") else ()))


@memo.said(128, est_partage=True)
def _repartition(question: QuestionSegment, cle: str, communes: tuple[str, ...]) -> tuple[Image, str]:
    lignes = phrases.rank(question.ask(count_par, cle), acte_engagement.noms_de(question, cle), cle)
    titre = f"{question.titre} : {CLES[cle][0].lower()}"
    return etape.repartition(
        lignes, CLES[cle][0].split()[0].lower(), phrases.say_parmi(CLES[cle][1], question.ici), titre, communes
    )


@fragment
def show_engagement(question: QuestionSegment) -> None:
    """The slider, and at once what it takes, what it leaves, whom it displaces."""
    situation = lecture.read_situation(question)
    if reader().compte(situation.flux).est_tu:
        annonces.note(phrases_engagement.trop_peu(situation, _parmi(question)))
        return
    with st.container(key="etat_levier", horizontal=True, vertical_alignment="center"):
        cadre.etat(cadre.HYPOTHESE)
        unite = levier_engagement.choose_unite()
        acter = st.container()
    fiche = acte_engagement.read(question)
    acte = acte_engagement.acte_de(fiche)
    with st.container(key="engagement"):
        if unite == levier_engagement.NOMBRE:
            scenario = levier_engagement.choose_nombre(question, situation, acte)
            answer_number(question, situation, scenario)
        else:
            scenario = choose_part(question, situation, acte)
    acte_engagement.remind(fiche)
    if fiche:
        lien_listes.offer(question, "segment")
    with cadre.detail("reserve_du_flux"):
        annonces.note(phrases_engagement.reserve(situation))
    est_possible = judge(situation, scenario).est_possible
    repartition = Repartition()
    if scenario.servis and est_possible:
        repartition = (
            acte_engagement.fit(question, situation.cellules, scenario.servis, acte)
            if reader().lit_tout
            else acte_engagement.as_shared(question, scenario.servis, acte)
        )
    if empeche := acte_engagement.explain_refus(situation, scenario, repartition, acte):
        st.markdown(empeche)
    with acter:
        acte_engagement.offer(question, scenario, repartition, fiche, empeche)


def choose_part(question: QuestionSegment, situation: Situation, acte: Engagement | None) -> ScenarioEngagement:
    """The share of the flow under the hand; the engagement that it is on. `acte`: what was acted, if anything."""
    curseur = levier_engagement.place(question, situation, acte)

    def essai(points: int) -> ScenarioEngagement:
        return levier_engagement.essai(situation, points, acte)

    def answer(valeurs: Valeurs) -> Etape:
        scenario = essai(valeurs[0])
        retour = "" if valeurs[0] == curseur.depart else f"Revenir à {curseur.dits[curseur.depart]}"
        images = trajectoire(question, situation, scenario)
        return Etape("", retour, levier.en_html(_dit(question, situation, scenario)), images)

    cle = " ".join(str(x) for x in (question, curseur.cle, reader().lit_tout, reader().code, acte and acte.nombre))
    (points,) = levier.show("engagement", JeuDeCurseurs(cle, (curseur,), answer))
    scenario = essai(points)
    levier_engagement.write(question, scenario, points)
    return scenario


def answer_number(question: QuestionSegment, situation: Situation, scenario: ScenarioEngagement) -> None:
    """What a number typed takes and leaves."""
    st.html(levier.en_html(_dit(question, situation, scenario)))
    if images := trajectoire(question, situation, scenario):
        vivant.draw(*images)


def _dit(question: QuestionSegment, situation: Situation, scenario: ScenarioEngagement) -> str:
    return phrases_engagement.say(situation, scenario, echeance_de(Seance.read(question.seance)), _parmi(question))


def _parmi(question: QuestionSegment) -> str:
    """Of which segment: in a room it is the one sentence of its message."""
    return f" parmi « {question.titre} »" if visiteur.est_en_salle() else ""


def trajectoire(question: QuestionSegment, situation: Situation, scenario: ScenarioEngagement) -> tuple[Image, ...]:
    """What is left with the engagement and without it, semester by semester, or at the next séance for who reads
    rounded counts: of the last one, each step of a lever would turn the rounding elsewhere. Of what is impossible or
    unknown, nothing is drawn."""
    if not situation.est_observe or not judge(situation, scenario).est_possible:
        return ()
    suites = phrases_engagement.suites(situation, scenario)
    if reader().lit_tout:
        return (courbes.restants(*suites, Seance.read(question.seance)),)
    est_d_usage = scenario.vises == levier_engagement.deja(situation)
    return (etape.restants(*suites, est_d_usage=est_d_usage),) if phrases_engagement.is_projected(situation) else ()


@fragment
def explain(question: QuestionSegment, choisi: Perimetre) -> None:
    """Why they wait, which other segments they are in, every line of the bars."""
    if place := widgets.unfold("Pourquoi ils attendent, dans quels autres segments, tout le détail", "explication"):
        with place:
            show_raisons(question, choisi)
            cross_check(question)
            detail(question)


def show_raisons(question: QuestionSegment, choisi: Perimetre) -> None:
    """Why they wait: how few are let where they ask, what sets them apart, what six months of flow could serve."""
    bornes = lecture.read_situation(question).bornes
    noms = choisi.noms("commune")
    cellules = phrases.dans_le_perimetre(question.ask(profil.tension), set(choisi.communes))
    st.markdown("#### Pourquoi ils attendent")
    with st.container(key="attente_dit"):
        dits = (phrases.constat_de_tension(cellules, noms), phrases.servables(bornes))
        st.markdown(langue.typeset(" ".join(dit for dit in dits if dit)))
    gauche, droite = st.columns([0.45, 0.55], gap="large")
    with gauche:
        distinguish(question)
    with droite:
        legende = "Combien demandent pour une attribution, là où ils souhaitent"
        if table := tension_segment.tableau(cellules, noms, legende):
            st.html(table)
            annonces.note(f"{tension_segment.LECTURE} {ABSENT_DIT}")


def distinguish(question: QuestionSegment) -> None:
    """What sets them apart from the whole demand, the widest gaps first."""
    table = ecarts_au_profil(question.ask(profil.profil))
    if table.empty:
        annonces.note(phrases.trop_peu("ce qui les distingue de la demande"))
    else:
        st.table(table.set_index("Ce qui les distingue"))


def ecarts_au_profil(lignes: pd.DataFrame) -> pd.DataFrame:
    """One line per modality whose two shares are said, as texts. `lignes`: see `profil.profil`."""
    connus = lignes[lignes["n_connus"].gt(0) & lignes["part"].notna()]
    lus = (
        reader()
        .comptes(connus, ("n", "n_connus"))
        .assign(
            part=[reader().part(x.n, x.n_connus) for x in connus.itertuples()],
            part_actives=[reader().part(x.n_actives, x.n_connus_actives) for x in connus.itertuples()],
        )
    )
    lus["ecart_points"] = 100 * (lus["part"] - lus["part_actives"])
    # Of an axis with two modalities, one says the other.
    est_redite = lus["axe"].map(lambda axe: len(AXES[axe][1]) == 2) & (lus["ecart_points"] < 0)
    dits = lus[~est_redite & lus["part"].gt(0) & lus["part"].lt(1) & lus["ecart_points"].notna()]
    dits = dits.reindex(dits["ecart_points"].abs().sort_values(ascending=False, kind="stable").index).head(ECARTS_DITS)
    return pd.DataFrame(
        {
            "Ce qui les distingue": [f"{AXES[x.axe][0].split(' (')[0]} : {x.libelle}" for x in dits.itertuples()],
            "Segment": [f"{langue.part(x.part)} ({langue.nombre(x.n)} sur {langue.nombre(x.n_connus)})".replace(
                            " ", langue.INSECABLE) for x in dits.itertuples()],
            "Demande": [langue.part(x.part_actives) for x in dits.itertuples()],
            "Écart": [langue.points(x.ecart_points).replace(" ", langue.INSECABLE) for x in dits.itertuples()],
        }
    )  # fmt: skip


def cross_check(question: QuestionSegment) -> None:
    """Which other segments the same households are in, the union counted once, the SNE's own count beside ours."""
    croisements = lecture.croisements(question)
    st.markdown("#### Les mêmes ménages dans les autres segments")
    gauche, droite = st.columns([0.6, 0.4], gap="large")
    gauche.table(en_commun(croisements.matrice, question.nom).set_index("Segment"))
    with droite:
        st.markdown(phrases.union(croisements, question.nom, _pas(question)))
        if trouve := lecture.drapeau(question):
            nom, *comptes = trouve
            st.markdown(phrases.drapeau(nom, *(reader().compte(n) for n in comptes)))
        muets = lecture.sans_evenement(question.identifiant, question.seance)
        if muets:
            st.markdown(phrases.muets(muets))


def en_commun(matrice: pd.DataFrame, nom: str) -> pd.DataFrame:
    """One line per other segment, the most in common first, as texts. `matrice`: see `Recouvrements`."""
    communs = matrice[nom].drop(nom)
    # By what is read alone: a place in the table would tell what is not.
    autres = sorted(communs.index, key=lambda autre: -reader().compte(communs[autre]).au_plus)
    comptes = [langue.nombre(reader().compte(communs[autre])) for autre in autres]
    return pd.DataFrame(
        {
            "Segment": [SEGMENTS[autre].titre for autre in autres],
            "Ménages en commun": comptes,
            "Part de celui-ci": [
                phrases.part_dite(reader().part(communs[a], matrice.loc[nom, nom]), communs[a]) for a in autres
            ],
            "Ménages de l’autre": [langue.nombre(reader().compte(matrice.loc[a, a])) for a in autres],
        }
    )


def _pas(question: QuestionSegment) -> int | None:
    """The months of the segment when they are not its usual ones."""
    if question.nom == LIBRE or question.mois == SEGMENTS[question.nom].mois:
        return None
    return question.mois


def detail(question: QuestionSegment) -> None:
    """Every line that the bars leave out."""
    voulue = st.session_state.get("par", st.query_params.get("par"))  # the step on screen may not ask it
    cle = voulue if voulue in CLES else next(iter(CLES))
    lignes = phrases.rank(question.ask(count_par, cle), acte_engagement.noms_de(question, cle), cle)
    st.markdown(f"#### Tout le détail : {CLES[cle][0].lower()}")
    table = pd.DataFrame({CLES[cle][0]: lignes["nom"], "Demandes": lignes["n"]})
    quoi = phrases.say_parmi(CLES[cle][1], question.ici)
    widgets.grille(table, {}, f"{question.titre} : {quoi[0].lower()}{quoi[1:]}")
