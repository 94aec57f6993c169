"""A list on screen: what narrows it, how it is sorted, one page of it; then the export and the way on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.entrepot import Portee, TypePortee
from mel_core.seance.coordination import blocages
from mel_core.seance.preuves.secteur import DITS
from mel_core.segments import CHAMPS, Condition, SegmentLibre
from mel_core.segments.listes.export import DEMANDES, ContenuExport
from mel_core.segments.listes.suites import CHOIX, TRAITEES, say_traitees
from mel_core.socle import langue
from pages.commun import annonces, choix_perimetre, donnees, exports
from pages.commun.brouillon import begin
from pages.commun.choix_perimetre import Perimetre
from pages.commun.navigation import fichier
from pages.commun.segments.lecture_orientations import QuestionSegment
from pages.listes.saisie_suite import cle_de_grille

LIENS = {
    "": "la souhaitent ou y habitent",
    "souhaitee": "la souhaitent",
    "residence": "y habitent",
}
# Segment → what a report of it is about.
_PROFILS = {"mutations_bloquees_en_attente": {"label": "mutation_bloquee"}, "aci_en_attente": {"label": "aci"}}
_ATTENTES = {0: "toutes", **{mois: f"{mois} mois ou plus" for mois in (12, 24, 36, 48, 60)}}
# Field filtered → its title, its key in the address, what it says when nothing is chosen.
Champs = Mapping[str, tuple[str, str, str]]
_CODES: Champs = {
    "typologie": ("Typologies", "liste_typologies", "toutes"),
    "ressources": ("Ressources", "liste_ressources", "toutes"),
    "label": ("Labels, un au moins", "liste_labels", "tous"),
}
# Pixels: what is noted is written in columns that were empty, whose own width is that of their head.
_LARGEURS = {"Suite": 130, "Prochaine étape": 190, "Pour le": 130}
_LARGEURS_MAX = {"Suite": 340, "Labels": 190, "Note": 300}  # as large as their texts, at most
_MARGES, _SIGNE = 26, 6.6  # around a text, capitals being wider; of a sign
# By how many signs the longest reason has: width of its column, height of a row (None: of one line). From 65 up a grid
# wraps what a cell holds: on three lines; on four, which hold six passages.
_MOTIFS: Sequence[tuple[int, int, int | None]] = ((85, 600, None), (240, 600, 66), (10**6, 760, 86))
TAILLE = 500  # lines of a page
_VUE, _DU_LIEN = "liste_vue", "liste_page_du_lien"  # of which the page is held; what its link asked
_LARGEUR_PAGE = 160
_DES_SUITES = ("Suite", "Prochaine étape", "Pour le", "Note", "Suite notée le", "Notée par")
DECROISSANT, CROISSANT = "decroissant", "croissant"
SENS = {DECROISSANT: "décroissant", CROISSANT: "croissant"}


@dataclass(frozen=True)
class Filtres:
    """Conditions on the demande, of which its link to the commune (of LIENS); what was noted of it (of `suites.CHOIX`);
    each as the stamp of an export says it."""

    conditions: SegmentLibre
    lien: str
    suite: str
    dits: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.conditions.conditions or self.suite)

    def phrases(self, bailleurs: Mapping[str, str]) -> list[str]:
        """`T4 ou T5`, `label DALO`, `suite : à relancer`."""
        dites = [c.phrase(bailleurs) for c in self.conditions.conditions]
        return [*dites, f"suite : {CHOIX[self.suite]}"] if self.suite else dites


def choose_filtres(commune: str, nom: str) -> Filtres:
    """The filters of the list of `commune`, in a row of the screen."""
    lien = choix_perimetre.option("Ménages qui", "liste_lien", LIENS, en_liste=True)
    mots = {champ: CHAMPS[champ].libelles or {} for champ in _CODES}
    codes = choose_codes(_CODES, mots)
    mois = choix_perimetre.option("Attente", "liste_attente", _ATTENTES, en_liste=True)
    suite = choose_suite()
    conditions = [Condition(champ, "parmi", choisis) for champ, choisis in codes.items() if choisis]
    if mois:
        conditions.append(Condition("anciennete_mois", "au_moins", mois))
    if lien:
        conditions.append(Condition(f"commune_{lien}", "parmi", (commune,)))
    dits = {
        "Ménages": f"{LIENS[lien]} : {nom}",
        **say_codes(_CODES, mots, codes),
        "Attente": _ATTENTES[mois],
        "Suite": CHOIX[suite],
    }
    return Filtres(SegmentLibre(tuple(conditions)), lien, suite, tuple(dits.items()))


def choose_suite() -> str:
    """Of `suites.CHOIX`."""
    return choix_perimetre.option("Suites", "liste_suite", CHOIX, en_liste=True, filter_mode="contains")


def choose_codes(champs: Champs, mots: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Of each field the codes that are wanted, of `mots`, in lists of the row of filters."""
    return {nom: choix_perimetre.plusieurs(titre, cle, mots[nom], rien) for nom, (titre, cle, rien) in champs.items()}


def say_codes(
    champs: Champs, mots: Mapping[str, Mapping[str, str]], codes: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """The same as the stamp of an export says it."""
    return {titre: langue.liste([mots[nom][c] for c in codes[nom]]) or rien for nom, (titre, _, rien) in champs.items()}


def take_out_filtres(champs: Champs = _CODES) -> None:
    """A callback: the whole list again."""
    vides: dict[str, Any] = {cle: [] for _, cle, _ in champs.values()}
    st.session_state.update({"liste_lien": "", "liste_attente": 0, "liste_suite": "", "liste_acces": "", **vides})


@dataclass(frozen=True)
class Tri:
    """What a list may be sorted by: `options`, code → how it is read; `colonnes`, heading of the grid → code. `cle` is
    that of the choice, in the address."""

    cle: str
    options: Mapping[str, str]
    colonnes: Mapping[str, str]

    def choose(self) -> tuple[str, str]:
        """The code and the direction, from two lists of the row of filters."""
        code = choix_perimetre.option("Trier par", self.cle, self.options, en_liste=True, filter_mode="contains")
        return code, choix_perimetre.option("Ordre", "liste_sens", SENS, en_liste=True)

    def take(self, grille: str) -> None:
        """A callback: the heading that was chosen in a grid, which sorts the whole list and not the page; again, the
        other way."""
        choisies: list[str] = st.session_state[grille]["selection"]["columns"]
        if choisies and (code := self.colonnes.get(choisies[0])) is not None:
            est_repris = st.session_state[self.cle] == code and st.session_state["liste_sens"] == CROISSANT
            st.session_state.update({self.cle: code, "liste_sens": DECROISSANT if est_repris else CROISSANT})


def sort_out(table: pd.DataFrame, colonne: str, sens: str, mots: Sequence[str] = ()) -> pd.DataFrame:
    """By one column, the unknown last; `mots`: those of the column, in the order that they have (none: their own)."""
    rangs = {mot: rang for rang, mot in enumerate(mots)}
    cle = (lambda c: c.map(rangs)) if rangs else None
    return table.sort_values(colonne, ascending=sens == CROISSANT, kind="stable", na_position="last", key=cle)


def choose_page(n_pages: int) -> None:
    """Which page of the list, where it has several."""
    if n_pages > 1:
        st.number_input(
            f"Page, sur {langue.nombre(n_pages)}", 1, n_pages, step=1, key="liste_page", persist_state="session",
            width=_LARGEUR_PAGE,
        )  # fmt: skip


def display(
    table: pd.DataFrame,
    liste: exports.Liste,
    vue: Hashable,
    tri: Tri,
    *,
    est_a_cocher: bool = True,
    est_notee: bool = False,
) -> Sequence[str]:
    """The page as a grid; the pseudonyms of the lines that are ticked, where something may be noted of them. A heading
    that is chosen sorts the list by `tri`.

    `vue`: what decides, of the lines of the `liste`, which are shown and in what order. A tick is a position: another
    view, another grid.
    `est_notee`: whether something is noted of the list, on this page or not: its columns stay then.
    """
    # What nothing was noted of takes no place beside what tells the lines apart.
    vides = [c for c in _DES_SUITES if c in table and table[c].isna().all() and not (est_notee and c in _LARGEURS)]
    grille = table.drop(columns=vides).assign(Dossier=table["Dossier"].str[:8])
    jours = {
        c: st.column_config.DateColumn(format="DD/MM/YYYY", width=130)
        for c in table
        if pd.api.types.infer_dtype(table[c], skipna=True) in {"date", "datetime64"}
    }
    voulues = {c: _large(table[c]) for c in _LARGEURS_MAX if c in table}
    largeurs = _LARGEURS | {c: max(_LARGEURS.get(c, 0), min(v, _LARGEURS_MAX[c])) for c, v in voulues.items()}
    motifs = table["Pourquoi"] if "Pourquoi" in table else pd.Series(dtype=object)
    au_plus, ligne = fit(motifs)
    largeurs["Pourquoi"] = min(_large(motifs), au_plus)
    cle = cle_de_grille((liste.question, liste.organisation, vue), table["Dossier"], liste.organisation)
    modes = ["multi-row", "single-column"] if est_a_cocher else ["single-column"]
    coches: dict[str, Any] = {"on_select": partial(tri.take, cle), "selection_mode": modes, "key": cle}
    choix = st.dataframe(
        grille,
        hide_index=True,
        width="stretch",
        height="stretch",  # as high as the screen leaves: the style of the page
        row_height=ligne,
        **coches,
        column_config={nom: st.column_config.Column(width=large) for nom, large in largeurs.items() if nom in grille}
        | jours,
        placeholder=langue.ABSENT,
        alt="Liste des ménages",
    )
    rangs: Sequence[int] = [i for i in choix["selection"]["rows"] if i < len(table)] if est_a_cocher else ()
    return [table["Dossier"].iloc[i] for i in rangs]


def say_en_entier(dits: Mapping[str, str]) -> None:
    """Under the grid and its form, what is said of the households that are ticked and may be cut above."""
    for qui, dit in dits.items():
        if len(dit) > _MOTIFS[0][0]:
            annonces.note(f"{qui[:8]} : {dit}.")


def fit(motifs: Iterable[object]) -> tuple[int, int | None]:
    """Of a grid of these reasons: the width of their column, the height of a row."""
    signes = max((len(m) for m in motifs if isinstance(m, str)), default=0)
    return next(taille[1:] for taille in _MOTIFS if signes <= taille[0])


def _large(textes: pd.Series) -> int:
    return round(_MARGES + _SIGNE * max((len(t) for t in textes if isinstance(t, str)), default=0))


def hold_page(vue: Hashable) -> int:
    """The page of the list, the first one of another `vue`: what is asked, in what order. Kept in the address."""
    if st.session_state.get(_VUE) != vue:
        demandee = "" if _VUE in st.session_state else st.query_params.get("liste_page", "")
        rang = int(demandee) if demandee.isdecimal() else 0
        st.session_state.update({_VUE: vue, _DU_LIEN: demandee, "liste_page": max(1, rang)})
    rang = int(st.session_state.setdefault("liste_page", 1))
    choix_perimetre.write("liste_page", str(rang) if rang > 1 else "")
    return rang


def has_page(n_pages: int) -> bool:
    """Whether the list has the page that is held; a link to one that it has not is said."""
    demandee, rang = st.session_state.pop(_DU_LIEN, ""), st.session_state["liste_page"]
    if demandee and not (demandee.isdecimal() and int(demandee) == rang <= n_pages):
        choix_perimetre.say_inconnue(demandee, "Page")
    return bool(rang <= n_pages)


def cut(lignes: pd.DataFrame, vue: Hashable) -> tuple[pd.DataFrame, int, int]:
    """The page of a list that is read whole, how many there are, which one it is. `vue`: see `hold_page`."""
    n_pages = max(1, -(-len(lignes) // TAILLE))
    rang = hold_page(vue)
    if not has_page(n_pages):
        rang = st.session_state["liste_page"] = n_pages
    return lignes.iloc[(rang - 1) * TAILLE : rang * TAILLE].reset_index(drop=True), n_pages, rang


def offer_traitees(n: int, suite: str) -> None:
    """The way to the lines of a list of which something is noted: they stand at its end."""
    if n and suite != TRAITEES:
        vers = {"liste_suite": TRAITEES}
        st.button(say_traitees(n), key="traitees", on_click=st.session_state.update, args=(vers,))


def finish(
    prepare: Callable[[], pd.DataFrame],
    titre: str,
    portee: Portee,
    liste: exports.Liste,
    choisi: Perimetre,
    quoi: ContenuExport = DEMANDES,
    contexte: Mapping[str, Any] | None = None,
) -> None:
    """Export, and the way to report a blocage for the next ICI: a form that begins with the `contexte` of the list."""
    with st.container(horizontal=True, key="fin_liste", vertical_alignment="center"):
        exports.offer(prepare, titre, liste, choisi.instantane, choisi.seance, quoi)
        if st.button("Signaler un blocage pour la prochaine ICI", key="signaler", type="tertiary"):
            _report(contexte or {}, choisi)
    propositions = (
        " « Sans proposition » veut dire sans proposition enregistrée." if portee.type is TypePortee.COMMUNE else ""
    )
    st.html(f'<p class="reserve">{quoi.notice}{propositions}</p>')


def profil_de(question: QuestionSegment, filtres: Filtres) -> dict[str, str]:
    """The fields of a report that the list answers by one code each."""
    quoi = question.quoi
    siennes = quoi.conditions if isinstance(quoi, SegmentLibre) else ()
    codes = [(c.champ, c.valeur) for c in (*siennes, *filtres.conditions.conditions) if c.operateur == "parmi"]
    un_seul = {champ: valeur[0] for champ, valeur in codes if isinstance(valeur, tuple) and len(valeur) == 1}
    return {c: code for c, code in (_PROFILS.get(question.nom, {}) | un_seul).items() if code in DITS.get(c, {})}


def _report(depart: Mapping[str, Any], choisi: Perimetre) -> None:
    """To the form, which begins with the list: of communes of one ICI, it goes to the agenda of that one."""
    adresse = {"seance": str(choisi.seance)}
    communes = depart.get("communes") or ()
    if len(icis := {ici for c in communes for ici in donnees.icis_de(*choisi.cle, "commune", c) if ici}) == 1:
        adresse |= {"ici": icis.pop()}
        choix_perimetre.forget(["ici"])
    begin(Action.SIGNALER_BLOCAGE, blocages.OBJET, depart)
    st.switch_page(fichier("blocages"), query_params=adresse)
