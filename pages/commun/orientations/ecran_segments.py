"""13h30, a segment: how many over how many, where, and the engagement that the room may take for it."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from math import ceil

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.engagements.engagement import Engagement, echeance_de
from mel_core.engagements.jugement import juger
from mel_core.engagements.situation import Situation
from mel_core.periodes import Seance
from mel_core.secret.regroupement import SEUIL
from mel_core.segments import SEGMENTS
from mel_core.segments.profil import AXES
from mel_core.simulation.engagement import Motif, Scenario, Verdict, projeter
from pages.commun import cadre, donnees, perimetre, places, vivant, widgets
from pages.commun.incidents import fragment
from pages.commun.mesures import phrases_mesures
from pages.commun.orientations import (
    acte_engagement,
    constructeur,
    images_orientations,
    repartition_engagement,
    tension_segment,
)
from pages.commun.orientations import lecture_orientations as lecture
from pages.commun.orientations import phrases_orientations as phrases
from pages.commun.orientations.lecture_orientations import LIBRE, Question
from pages.commun.orientations.repartition_engagement import Repartition
from pages.commun.perimetre import Perimetre

# How the segment may be split → the button, the heading of the bars, and what it says.
CLES = {
    "commune_souhaitee": ("Commune souhaitée", "Demandes, comptées dans chaque commune souhaitée"),
    "ici": ("ICI", "Demandes, comptées une fois dans chaque ICI souhaitée"),
    "commune_residence": ("Commune habitée", "Demandes, par commune de résidence"),
    "typologie": ("Typologie", "Demandes, comptées dans chaque typologie souhaitée"),
    "ressources": ("Ressources", "Demandes, par classe de ressources (bornes supposées)"),
    "bailleur": ("Bailleur", "Demandes, par bailleur actuel du ménage"),
}
RESSOURCES = {
    "tres_modeste": "Très modestes",
    "modeste": "Modestes",
    "intermediaire": "Intermédiaires",
    "eleve": "Plus élevées",
    "inconnu": "Inconnues",
}
_AUTRES_NOMS = {"inconnu": "Non renseigné", "hors_mel": "Hors de la MEL", "T6P": "T6 et plus", "C": "Chambre"}
PART_MAX = 100
PART, NOMBRE = "part", "nombre"
UNITES = {PART: "Part du flux", NOMBRE: "Nombre"}
ECARTS_DITS = 6
_VU = "engagement_vu"  # the engagement whose lever was on screen last


def montrer(choisi: Perimetre, question: Question) -> None:
    if manque := lecture.manque(question):
        with st.container(key="message"):
            st.markdown(langue.typographier(phrases_mesures.manque(question.titre, manque)))
        return
    message = st.container(key="message")
    corps = places.prendre("segment", question.nom)
    compte = lecture.compte(question)
    with message:
        st.markdown(constat(question, choisi, compte))
    if compte.n < SEUIL:
        st.html('<p class="reserve">Ni répartition ni engagement ne se montrent sur si peu de ménages.</p>')
        return
    gauche, droite = corps.columns([0.43, 0.57], gap="large")
    with gauche:
        repartir(question)
    with droite:
        engager(question)
    comprendre(question, choisi)
    recouper(question)
    detailler(question)


def constat(question: Question, choisi: Perimetre, compte: lecture.Compte) -> str:
    """The sentence: the rule in words, its count, its denominator."""
    est_drapeau = lecture.a_le_drapeau(question.identifiant, question.seance)
    mois = 0 if question.nom == LIBRE else question.seuil
    noms = constructeur.noms_des_bailleurs(choisi)
    regle = phrases.regle_dite(
        question.quoi, compte.n, mois, question.n_min, question.fenetre, est_drapeau, noms
    )  # fmt: skip
    return phrases.constat(choisi.ici_dite, compte.n, compte.n_actives, regle)


def noms_de(question: Question, cle: str) -> tuple[dict[str, str], dict[str, str]]:
    """Names, then territoires, of the codes of `cle`."""
    communes = donnees.communes(question.identifiant, question.seance)
    if cle.startswith("commune"):
        noms = dict(zip(communes["commune"], communes["nom"], strict=True)) | _AUTRES_NOMS
        return noms, dict(zip(communes["commune"], communes["territoire"].fillna(""), strict=True))
    if cle == "bailleur":
        bailleurs = donnees.bailleurs(question.identifiant, question.seance)
        return dict(zip(bailleurs["bailleur"], bailleurs["nom"], strict=True)) | {"inconnu": "Hors parc social"}, {}
    return RESSOURCES if cle == "ressources" else _AUTRES_NOMS, {}


@fragment
def repartir(question: Question) -> None:
    """Where, or whom, one cut at a time."""
    perimetre.garder("par", list(CLES))
    choisie = st.segmented_control(
        "Répartition",
        list(CLES),
        format_func=lambda c: CLES[c][0],
        key="par",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    st.query_params["par"] = cle = perimetre.tenu(choisie)
    noms, territoires = noms_de(question, cle)
    lignes = images_orientations.proteger(lecture.decoupe(question, cle), noms, territoires)
    if lignes.empty:
        st.html(f'<p class="reserve">Chaque part compte moins de {SEUIL} ménages : rien ne se montre.</p>')
        return
    figure, note = images_orientations.repartition(lignes, CLES[cle][1], f"{question.titre} : {CLES[cle][0].lower()}")
    with st.container(key="segment_image"):
        vivant.dessiner(figure)
    if note:
        st.html(f'<p class="reserve">{escape(note)}</p>')


@fragment
def engager(question: Question) -> None:
    """The slider, and at once what it takes, what it leaves, whom it displaces."""
    situation = lecture.lire_situation(question)
    seance = Seance.lire(question.seance)
    with st.container(key="etat_levier", horizontal=True, vertical_alignment="center"):
        cadre.etat(cadre.HYPOTHESE, "engagement pour six mois")
        en_nombre = _choisir_unite() == NOMBRE
    gauche, droite = st.columns([0.58, 0.42], vertical_alignment="bottom", gap="medium")
    with gauche:
        scenario = (_viser if en_nombre else _partager)(question, situation)
    temoin = situation.scenario(nombre=situation.n_observes_attendus)
    avec, sans = projeter(situation.entrees, scenario), projeter(situation.entrees, temoin)
    est_observe, jugement = situation.est_observe, juger(situation, scenario, est_projete=True)
    est_possible = jugement.verdict is not Verdict.INFAISABLE
    verdict = f"**{jugement.mot}**{langue.typographier(jugement.suite)}"
    dits = [
        phrases.prend(situation, scenario, echeance_de(seance)),
        phrases.laisse(avec, sans) if est_observe else "",
        phrases.deplace(situation, scenario),
    ]
    if jugement.motif is not Motif.DEJA_OBSERVE or est_observe:
        dits.insert(len(dits) if est_possible else 0, verdict)
    texte = st.container(key="engagement_dit")
    acte_engagement.rappeler(question)
    if est_observe:
        with st.container(key="trajectoire"):
            vivant.dessiner(images_orientations.trajectoire(avec, sans, seance))
    st.html(f'<p class="reserve">{escape(langue.typographier(phrases.reserve(situation)))}</p>')
    repartition = Repartition()
    if scenario.servis and est_possible:
        repartition = repartition_engagement.ajuster(
            question, situation, scenario.servis, acte_engagement.acte(question)
        )
    empeche = acte_engagement.empechement(question, scenario, repartition)
    with texte:
        st.markdown(" ".join(dit for dit in (*dits, empeche) if dit))
    with droite:
        acte_engagement.proposer(question, scenario, repartition)


def _choisir_unite() -> str:
    """Whether the engagement is set as a share of the flow or as a number."""
    perimetre.garder("unite", list(UNITES))
    unite = st.segmented_control(
        "Engagement en",
        list(UNITES),
        format_func=UNITES.__getitem__,
        key="unite",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    st.query_params["unite"] = tenue = perimetre.tenu(unite)
    return tenue


def _partager(question: Question, situation: Situation) -> Scenario:
    acte = acte_engagement.acte(question)
    cle = _garder(question, "engagement", range(PART_MAX + 1), depart(situation, acte))
    points = st.select_slider(
        "Part des attributions attendues donnée à ce segment",
        range(PART_MAX + 1),
        format_func=lambda points: dire_pas(situation, points, acte),
        key=cle,
        persist_state="session",
    )
    st.query_params[f"engagement_{question.nom}"] = str(points)
    return essai(situation, points, acte)


def _viser(question: Question, situation: Situation) -> Scenario:
    acte = acte_engagement.acte(question)
    plafond = max(1, situation.flux)
    voulu = acte.nombre if acte else situation.n_observes_attendus
    cle = _garder(question, "nombre", range(plafond + 1), min(voulu, plafond))
    nombre = st.number_input(
        f"Ménages à loger, sur {langue.effectif(situation.flux, 'attribution attendue', 'attributions attendues')}",
        0,
        plafond,
        step=1,
        key=cle,
        persist_state="session",
        format="%d",
    )
    st.query_params[f"nombre_{question.nom}"] = str(int(nombre))
    return situation.scenario(nombre=int(nombre))


def _garder(question: Question, unite: str, options: range, depart: int) -> str:
    """The key of the lever, which holds what this session tried for this very engagement, else what the address asks,
    else `depart`: what was tried for another one is never proposed here.
    """
    cle, adresse = f"{unite}_{acte_engagement.identifiant_de(question)}", f"{unite}_{question.nom}"
    if st.session_state.setdefault(_VU, cle.removeprefix(unite)) != cle.removeprefix(unite):
        for nom in ("engagement", "nombre"):
            st.query_params.pop(f"{nom}_{question.nom}", None)
        st.session_state[_VU] = cle.removeprefix(unite)
    if st.session_state.get(cle) not in options:
        st.session_state[cle] = {str(n): n for n in options}.get(st.query_params.get(adresse, ""), depart)
    elif adresse not in st.query_params:  # a page just reached: said again (see `perimetre.garder`)
        st.session_state[cle] = st.session_state[cle]
    return cle


def repos(situation: Situation) -> int:
    """What the flow already gives, in whole points, rounded up."""
    return _en_points(situation, situation.n_observes_attendus)


def depart(situation: Situation, acte: Engagement | None) -> int:
    """Where the slider starts, in whole points: what was acted, else what the flow already gives."""
    return _en_points(situation, acte.nombre) if acte else repos(situation)


def _en_points(situation: Situation, nombre: int) -> int:
    return min(ceil(100 * nombre / situation.flux), PART_MAX) if situation.flux else 0


def dire_pas(situation: Situation, points: int, acte: Engagement | None = None) -> str:
    """A step as it is read: in whole points, but where it starts and at rest, where it is the share that the sentence
    says, or no share where a few households would be read from it."""
    if acte and situation.flux and points == depart(situation, acte):
        return langue.part(essai(situation, points, acte).servis / situation.flux)
    if points != repos(situation) or not situation.n_observes_attendus:
        return langue.part(Fraction(points, 100))
    if situation.n_observes_attendus < SEUIL:
        return "comme d’habitude"
    return langue.part(essai(situation, points).servis / situation.flux)


def essai(situation: Situation, points: int, acte: Engagement | None = None) -> Scenario:
    """The engagement under the slider. Where it starts it is exactly what was acted, at rest exactly what the flow
    already gives: rounding adds nobody."""
    if acte and points == depart(situation, acte):
        return situation.scenario(nombre=acte.nombre)
    if points == repos(situation):
        return situation.scenario(nombre=situation.n_observes_attendus)
    return situation.scenario(part=Fraction(points, 100))


def comprendre(question: Question, choisi: Perimetre) -> None:
    """Why they wait: how few are let where they ask, what sets them apart, what six months of flow could serve."""
    bornes = lecture.lire_situation(question).bornes
    communes = donnees.communes(question.identifiant, question.seance)
    dedans = communes if choisi.ici is None else communes[communes["ici"] == choisi.ici]
    noms = dict(zip(communes["commune"], communes["nom"], strict=True))
    cellules = tension_segment.dans_le_perimetre(lecture.tensions(question), set(dedans["commune"]))
    st.markdown("#### Pourquoi ils attendent")
    with st.container(key="attente_dit"):
        dits = (tension_segment.constat(cellules, noms), phrases.servables(bornes))
        st.markdown(langue.typographier(" ".join(dit for dit in dits if dit)))
    gauche, droite = st.columns([0.45, 0.55], gap="large")
    with gauche:
        distinguer(question)
    with droite:
        table = tension_segment.tableau(cellules, noms, "Combien demandent pour une attribution, là où ils souhaitent")
        if table:
            st.html(table + f'<p class="reserve">{escape(langue.typographier(tension_segment.NOTE))}</p>')


def distinguer(question: Question) -> None:
    """What sets them apart from the whole demand, the widest gaps first."""
    profil = lecture.lire_profil(question)
    est_montrable = (profil["n"] >= SEUIL) & (profil["n_actives"] - profil["n"] >= SEUIL)
    # Of an axis with two modalities, one says the other.
    est_redite = profil["axe"].map(lambda axe: len(AXES[axe][1]) == 2) & (profil["ecart_points"] < 0)
    dits = profil[est_montrable & ~est_redite & profil["part"].lt(1) & profil["ecart_points"].notna()]
    dits = dits.reindex(dits["ecart_points"].abs().sort_values(ascending=False, kind="stable").index).head(ECARTS_DITS)
    table = pd.DataFrame(
        {
            "Ce qui les distingue": [f"{AXES[x.axe][0].split(' (')[0]} : {x.libelle}" for x in dits.itertuples()],
            "Segment": [f"{langue.part(x.part)} ({langue.nombre(x.n)} sur {langue.nombre(x.n_connus)})".replace(
                            " ", langue.INSECABLE) for x in dits.itertuples()],
            "Demande": [langue.part(x.part_actives) for x in dits.itertuples()],
            "Écart": [langue.points(x.ecart_points).replace(" ", langue.INSECABLE) for x in dits.itertuples()],
        }
    )  # fmt: skip
    st.table(table.set_index("Ce qui les distingue"))


def recouper(question: Question) -> None:
    """Which other segments the same households are in, the union counted once, the SNE's own count beside ours."""
    croisements = lecture.croisements(question)
    communs = croisements.matrice[question.nom]
    autres = communs.drop(question.nom).sort_values(ascending=False)
    st.markdown("#### Les mêmes ménages dans les autres segments")
    table = pd.DataFrame(
        {
            "Segment": [SEGMENTS[nom].titre for nom in autres.index],
            "Ménages en commun": [_nombre(n) for n in autres],
            "Part de celui-ci": [_part(n, communs[question.nom]) for n in autres],
            "Ménages de l’autre": [_nombre(croisements.matrice.loc[nom, nom]) for nom in autres.index],
        }
    )
    gauche, droite = st.columns([0.6, 0.4], gap="large")
    with gauche:
        st.table(table.set_index("Segment"))
    with droite:
        st.markdown(phrases.union(croisements, question.nom, _pas(question)))
        if trouve := lecture.drapeau(question):
            st.markdown(phrases.drapeau(*trouve, croisements.matrice.loc[question.nom, question.nom]))
        muets = lecture.sans_evenement(question.identifiant, question.seance)
        if muets:
            st.markdown(phrases.muets(muets))


def _pas(question: Question) -> int | None:
    """The months of the segment when they are not its usual ones."""
    if question.nom == LIBRE or question.mois == SEGMENTS[question.nom].mois:
        return None
    return question.mois


def detailler(question: Question) -> None:
    """Every line that the bars leave out."""
    cle = st.session_state["par"]
    noms, territoires = noms_de(question, cle)
    lignes = images_orientations.proteger(lecture.decoupe(question, cle), noms, territoires)
    with st.expander(f"Tout le détail : {CLES[cle][0].lower()}"):
        table = pd.DataFrame({CLES[cle][0]: lignes["nom"], "Demandes": lignes["n"]})
        widgets.grille(table, {"Demandes": langue.nombre}, f"{question.titre} : {CLES[cle][1].lower()}")


def _nombre(n: int) -> str:
    return phrases.MASQUE if 0 < n < SEUIL else langue.nombre(n)


def _part(n: int, sur: int) -> str:
    return langue.ABSENT if 0 < n < SEUIL else langue.part(n / sur if sur else None)
