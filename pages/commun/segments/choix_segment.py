"""Which segment is projected, and its steps: fixed cuts only, since a free slider would single people out; the free
builder, at most one condition a field of a closed list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.secret.bail import reader
from mel_core.segments import CHAMPS, SEGMENTS, Champ, Condition, Operateur, SegmentLibre, titre_de
from mel_core.segments.regles_segments import A_FENETRE, A_MOIS, A_N_MIN, DES_LISTES, DRAPEAU
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from pages.commun import choix_perimetre, ecriture, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments.lecture_orientations import LIBRE, QuestionSegment, a_le_drapeau

MOIS = (24, 30, 36, 48)
N_MIN = (2, 3, 4)
FENETRES = (12, 24, 36, 48, 0)
_TRACES = "pas_traces"
_ADRESSE, _RACINE = "libre", "libre_"  # in the address; of every key of the session
_CHAMPS = f"{_RACINE}champs"
_OPERATEURS = {
    Operateur.AU_MOINS: "au moins",
    Operateur.AU_PLUS: "au plus",
    Operateur.PARMI: "parmi",
    Operateur.HORS: "hors de",
    Operateur.EST: "est",
}
_GARDEE = {"index": 0, "persist_state": "session", "filter_mode": None}
_DEPARTS = {"anciennete_mois": 24, "n_passages_cal": 1, "meilleur_rang": 2, "n_personnes": 1, "age": 18}


def choose(choisi: Perimetre, *, est_projete: bool = True) -> QuestionSegment:
    """Draw the selector and the steps of the segment; what is chosen, kept in the session and in the address.

    The free builder can be narrowed until it singles a household out: on a projected page only a co-pilot has it; a
    page of lists (`est_projete=False`) shows whoever opened it nothing but its own rows. Salle closes it.
    """
    # A title that says its months follows the step chosen for it, before the step is drawn.
    sans_pas = {DRAPEAU} if a_le_drapeau(*choisi.cle) else set()
    a_mois = A_MOIS - sans_pas
    for nom in a_mois:
        choix_perimetre.keep(f"mois_{nom}", MOIS, SEGMENTS[nom].mois)
    offerts = SEGMENTS if est_projete else DES_LISTES
    titres = {nom: titre_de(nom, st.session_state[f"mois_{nom}"] if nom in a_mois else None) for nom in offerts}
    if visiteur.may(Action.COMPOSER_SEGMENT if est_projete else Action.LIRE_LISTES):
        titres[LIBRE] = "Segment libre…"
    with st.container(horizontal=True, key="choix_segment", vertical_alignment="bottom"):
        nom = choix_perimetre.option("Segment", "segment", titres, en_liste=True, partout=True, filter_mode="contains")
        mois = _pas(f"mois_{nom}", "Attente, en mois", MOIS, SEGMENTS[nom].mois) if nom in a_mois else None
        n_min = _pas("n_min", "Au moins… fois", N_MIN, 2) if nom in A_N_MIN else 2
        # Each number of times in each window, compared, narrowed small counts: a room hears the usual one.
        a_fenetre = nom in A_FENETRE and (reader().lit_tout or not est_projete)
        fenetre = _pas("fenetre", "En… mois", FENETRES, 24, {0: "toujours"}) if a_fenetre else 24
    libre = compose(choisi) if nom == LIBRE else ""
    question = QuestionSegment(*choisi.cle, choisi.ici or "", nom, mois, n_min, fenetre, libre)
    if visiteur.est_en_salle() and (visiteur.est_connecte() or visiteur.est_repetition()):
        _trace_pas(question)
    return question


def _trace_pas(question: QuestionSegment) -> None:
    """In Salle each segment at its steps is in the journal, once a session: narrowing a count leaves a trace.
    Whoever did not log in writes nothing."""
    traces: set[QuestionSegment] = st.session_state.setdefault(_TRACES, set())
    if question in traces:
        return
    pas = {"segment": question.nom, "mois": question.mois, "n_min": question.n_min, "fenetre": question.fenetre}
    ecriture.trace({"geste": "pas en salle", "seance": question.seance, "ici": question.ici, **pas})
    traces.add(question)


def _pas(cle: str, libelle: str, pas: tuple[int, ...], depart: int, noms: dict[int, str] | None = None) -> int:
    dits = {n: langue.nombre(n) for n in pas} | (noms or {})
    return choix_perimetre.option(libelle, cle, dits, depart=depart, partout=True, label_visibility="visible")


def compose(choisi: Perimetre) -> str:
    """Draw the builder; the segment as `SegmentLibre.texte` gives it."""
    noms, refus = choisi.bailleurs, ""
    if _CHAMPS not in st.session_state:
        refus = _resume(st.query_params.get(_ADRESSE, "[]"), noms)
    elif _ADRESSE not in st.query_params:  # a page just reached by the agenda: see `choix_perimetre.keep`
        for cle in [c for c in st.session_state if str(c).startswith(_RACINE)]:
            st.session_state[cle] = st.session_state[cle]
    with st.expander("Composer le segment", expanded=True):
        if refus:
            st.error(refus)
        champs = widgets.plusieurs(
            "Conditions, toutes à la fois",
            list(CHAMPS),
            format_func=lambda nom: CHAMPS[nom].titre,
            key=_CHAMPS,
            persist_state="session",
            placeholder="Ajouter une condition…",
        )
        conditions = [c for nom in champs if (c := _condition(CHAMPS[nom], noms)) is not None]
    segment = SegmentLibre(tuple(conditions))
    st.query_params[_ADRESSE] = segment.texte()
    return segment.texte()


def _condition(champ: Champ, noms: Mapping[str, str]) -> Condition | None:
    """One row: field, operator, value. None while no code is chosen."""
    gauche, droite = st.columns([0.3, 0.7], vertical_alignment="bottom")
    operateurs = {operateur: _OPERATEURS[operateur] for operateur in champ.operateurs}
    operateur = choix_perimetre.pick(champ.titre, f"libre_op_{champ.nom}", operateurs, gauche, **_GARDEE)
    with droite:
        valeur = _valeur(champ, noms)
    return None if valeur == () else Condition(champ.nom, operateur, valeur)


def _valeur(champ: Champ, noms: Mapping[str, str]) -> int | bool | str | tuple[str, ...]:
    cle = f"libre_valeur_{champ.nom}"
    if Operateur.AU_MOINS in champ.operateurs:
        st.session_state.setdefault(cle, _DEPARTS.get(champ.nom, 0))
        return int(st.number_input("Valeur", 0, champ.maximum, step=1, key=cle, persist_state="session", format="%d"))
    if champ.nom == "segment":
        return choix_perimetre.pick("Valeur", cle, {nom: s.titre for nom, s in SEGMENTS.items()}, **_GARDEE)
    if Operateur.EST in champ.operateurs:
        return choix_perimetre.pick("Valeur", cle, {True: "oui", False: "non"}, **_GARDEE)
    codes = list(champ.libelles) if champ.libelles is not None else list(noms)
    return tuple(
        widgets.plusieurs(
            "Valeurs",
            codes,
            format_func=lambda code: champ.mots(code, noms),
            key=cle,
            persist_state="session",
            placeholder="Choisir…",
        )
    )


def forget_libre() -> None:
    """What the builder holds: its address decides again."""
    ecriture.forget(_RACINE)


def empty_libre() -> None:
    """A callback: no condition any more."""
    st.session_state[_CHAMPS] = []


def _resume(texte: str, noms: Mapping[str, str]) -> str:
    """The widgets as the address asks; when they cannot hold it they stay empty, and this says why."""
    st.session_state[_CHAMPS] = []
    try:
        conditions = tuple(dict.fromkeys(SegmentLibre.read(texte).conditions))
        for c in conditions:
            _check(c, conditions, noms)
    except AppelIncorrect as refus:
        return str(refus)
    st.session_state[_CHAMPS] = [c.champ for c in conditions]
    for c in conditions:
        st.session_state[f"libre_op_{c.champ}"] = c.operateur
        st.session_state[f"libre_valeur_{c.champ}"] = list(c.valeur) if isinstance(c.valeur, tuple) else c.valeur
    return ""


def _check(condition: Condition, conditions: Sequence[Condition], noms: Mapping[str, str]) -> None:
    """Raises `AppelIncorrect` for what the core reads and the builder does not hold."""
    champ = CHAMPS[condition.champ]
    if sum(c.champ == condition.champ for c in conditions) > 1:
        raise AppelIncorrect(
            f"Le lien pose deux conditions sur « {champ.titre} », et le constructeur n’en tient qu’une par champ : "
            "composer le segment de nouveau."
        )
    codes = condition.valeur if isinstance(condition.valeur, tuple) and champ.libelles is None else ()
    inconnus = [code for code in codes if code not in noms]
    if inconnus:
        raise AppelIncorrect(
            f"« {champ.titre} » ne connaît pas le code « {inconnus[0]} » que demande le lien : composer le segment de "
            "nouveau."
        )
