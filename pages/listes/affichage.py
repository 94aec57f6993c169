"""A list on screen: what narrows it, one page of it, the outcomes of the lines that are ticked, written in the journal;
then the export and the way on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.entrepot import Portee, TypePortee
from mel_core.journal import Auteur, Fiche, Journal, Perime
from mel_core.seance.coordination import blocages
from mel_core.segments import CHAMPS, Condition, SegmentLibre
from mel_core.segments.listes import suites
from mel_core.segments.listes.export import DEMANDES, ContenuExport
from mel_core.segments.listes.suites import CAUSES, CHOIX, ETAPES, TITRES, Code, Suite, SuitesConnues
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, choix_perimetre, donnees, ecriture, exports
from pages.commun.brouillon import begin
from pages.commun.choix_perimetre import Perimetre
from pages.commun.navigation import fichier

LIENS = {
    "": "la souhaitent ou y habitent",
    "souhaitee": "la souhaitent",
    "residence": "y habitent",
}
_ATTENTES = {0: "toutes", **{mois: f"{mois} mois ou plus" for mois in (12, 24, 36, 48, 60)}}
# Field filtered → its title, its key in the address, what it says when nothing is chosen.
_CODES = {
    "typologie": ("Typologies", "liste_typologies", "toutes"),
    "ressources": ("Ressources", "liste_ressources", "toutes"),
    "label": ("Labels, un au moins", "liste_labels", "tous"),
}
# Pixels: what is noted is written in columns that were empty, whose own width is that of their head.
_LARGEURS = {"Suite": 130, "Prochaine étape": 190}
_LARGEURS_MAX = {"Pourquoi": 600, "Labels": 190}  # as large as their texts, at most
_MARGES, _SIGNE = 26, 6.6  # around a text, capitals being wider; of a sign
# Reasons larger than their column have three lines each (a grid wraps them from 65 up), and five are in sight.
_HAUTEUR, _HAUTEUR_DITE, _LIGNE_DITE, _LIGNES = 330, 368, 66, 3
_MOTIFS_DITS = 3  # of the lines that are ticked, those that the grid cuts
TAILLE = 500  # lines of a page
_VUE = "liste_vue"  # of which the page is held
_LARGEUR_PAGE = 160
_DES_SUITES = ("Suite", "Prochaine étape", "Pour le", "Suite notée le", "Notée par")
SENS = {"decroissant": "décroissant", "croissant": "croissant"}


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
    codes = {
        champ: choix_perimetre.plusieurs(titre, cle, CHAMPS[champ].libelles or {}, rien)
        for champ, (titre, cle, rien) in _CODES.items()
    }
    mois = choix_perimetre.option("Attente", "liste_attente", _ATTENTES, en_liste=True)
    suite = choose_suite()
    conditions = [Condition(champ, "parmi", choisis) for champ, choisis in codes.items() if choisis]
    if mois:
        conditions.append(Condition("anciennete_mois", "au_moins", mois))
    if lien:
        conditions.append(Condition(f"commune_{lien}", "parmi", (commune,)))
    dits = {
        "Ménages": f"{LIENS[lien]} : {nom}",
        **{
            titre: langue.liste([CHAMPS[champ].mots(code) for code in codes[champ]]) or rien
            for champ, (titre, _, rien) in _CODES.items()
        },
        "Attente": _ATTENTES[mois],
        "Suite": CHOIX[suite],
    }
    return Filtres(SegmentLibre(tuple(conditions)), lien, suite, tuple(dits.items()))


def choose_suite() -> str:
    """Of `suites.CHOIX`."""
    return choix_perimetre.option("Suites", "liste_suite", CHOIX, en_liste=True, filter_mode=None)


def take_out_filtres() -> None:
    """A callback: the whole segment again."""
    vides: dict[str, list[str]] = {cle: [] for _, cle, _ in _CODES.values()}
    st.session_state.update({"liste_lien": "", "liste_attente": 0, "liste_suite": "", **vides})


def display(table: pd.DataFrame, n_pages: int, vue: Hashable, *, est_a_cocher: bool = True) -> Sequence[str]:
    """The page as a grid; the pseudonyms of the lines that are ticked, where something may be noted of them.

    `vue`: all that decides which lines are shown, and in what order. A tick is a position: another view, another grid.
    """
    if n_pages > 1:
        st.number_input(
            f"Page, sur {langue.nombre(n_pages)}", 1, n_pages, step=1, key="liste_page", persist_state="session",
            width=_LARGEUR_PAGE,
        )  # fmt: skip
    # What nothing was noted of takes no place beside what tells the lines apart.
    vides = [c for c in _DES_SUITES if c in table and table[c].isna().all()]
    grille = table.drop(columns=vides).assign(Dossier=table["Dossier"].str[:8])
    jours = {
        c: st.column_config.DateColumn(format="DD/MM/YYYY", width=130)
        for c in table
        if any(hasattr(v, "strftime") and pd.notna(v) for v in table[c])
    }
    voulues = {c: _large(table[c]) for c in _LARGEURS_MAX if c in table}
    largeurs = _LARGEURS | {c: min(voulue, _LARGEURS_MAX[c]) for c, voulue in voulues.items()}
    est_dit = voulues.get("Pourquoi", 0) > _LARGEURS_MAX["Pourquoi"]
    cle = cle_de_grille(vue, table["Dossier"])
    coches: dict[str, Any] = {"on_select": "rerun", "selection_mode": "multi-row", "key": cle} if est_a_cocher else {}
    choix = st.dataframe(
        grille,
        hide_index=True,
        width="stretch",
        height=_HAUTEUR_DITE if est_dit else _HAUTEUR,
        row_height=_LIGNE_DITE if est_dit else None,
        **coches,
        column_config={nom: st.column_config.Column(width=large) for nom, large in largeurs.items() if nom in grille}
        | jours,
        placeholder=langue.ABSENT,
        alt="Liste des ménages",
    )
    rangs: Sequence[int] = [i for i in choix["selection"]["rows"] if i < len(table)] if est_a_cocher else ()
    motifs = grille.iloc[rangs][["Dossier", "Pourquoi"]].itertuples(index=False) if rangs else ()
    coupes = [(qui, dit) for qui, dit in motifs if _SIGNE * len(dit) > _LIGNES * _LARGEURS_MAX["Pourquoi"]]
    for qui, dit in coupes[:_MOTIFS_DITS]:
        annonces.note(f"{qui} : {dit}.")
    return [table["Dossier"].iloc[i] for i in rangs]


def _large(textes: pd.Series) -> int:
    return round(_MARGES + _SIGNE * max((len(t) for t in textes if isinstance(t, str)), default=0))


def hold_page(vue: Hashable) -> int:
    """The page of the list, the first one of another `vue`: what is asked, in what order."""
    if st.session_state.get(_VUE) != vue:
        st.session_state.update({_VUE: vue, "liste_page": 1})
    return int(st.session_state.setdefault("liste_page", 1))


def cut(lignes: pd.DataFrame, vue: Hashable) -> tuple[pd.DataFrame, int, int]:
    """The page of a list that is read whole, how many there are, which one it is. `vue`: see `hold_page`."""
    n_pages = max(1, -(-len(lignes) // TAILLE))
    rang = st.session_state["liste_page"] = min(hold_page(vue), n_pages)
    return lignes.iloc[(rang - 1) * TAILLE : rang * TAILLE].reset_index(drop=True), n_pages, rang


def finish(
    prepare: Callable[[], pd.DataFrame],
    titre: str,
    portee: Portee,
    liste: exports.Liste,
    choisi: Perimetre,
    quoi: ContenuExport = DEMANDES,
    contexte: str = "",
) -> None:
    """Export, and the way to report a blocage for the next ICI: a form that begins with the `contexte` of the list."""
    with st.container(horizontal=True, key="fin_liste", vertical_alignment="center"):
        exports.offer(prepare, titre, liste, choisi.instantane, choisi.seance, quoi)
        if st.button("Signaler un blocage pour la prochaine ICI", key="signaler", type="tertiary"):
            _report(contexte, portee, choisi)
    propositions = (
        " « Sans proposition » veut dire sans proposition enregistrée." if portee.type is TypePortee.COMMUNE else ""
    )
    st.html(f'<p class="reserve">{quoi.notice}{propositions}</p>')


def _report(contexte: str, portee: Portee, choisi: Perimetre) -> None:
    """To the form, which begins with the list: of a commune, it goes to the agenda of its own ICI."""
    depart: dict[str, Any] = {"constat": contexte}
    adresse = {"seance": str(choisi.seance)}
    if portee.type is TypePortee.COMMUNE:
        (sienne, *_) = donnees.icis_de(*choisi.cle, portee.type, portee.code)
        depart |= {"communes": [portee.code]}
        adresse |= {"ici": sienne} if sienne else {}
        choix_perimetre.forget(["ici"])
    begin(Action.SIGNALER_BLOCAGE, blocages.OBJET, depart)
    st.switch_page(fichier("blocages"), query_params=adresse)


_BILAN, _MONTRES, _COCHES = "suites_bilan", "liste_montree", "suites_cochees"
_NOTEES = "suites_notees"  # how many times something was noted
_ETAPES = {"": "aucune", **ETAPES}
_DELAI = timedelta(weeks=2)  # what comes next is proposed for then


def cle_de_grille(vue: Hashable, pseudonymes: Iterable[str]) -> str:
    """The name of the grid of one view, and nobody's; the households that it shows are kept for `_record`.

    What is noted may take lines out of the view: nothing is ticked any more once it is.
    """
    st.session_state[_MONTRES] = frozenset(pseudonymes)
    vue = (vue, st.session_state.get(_NOTEES, 0))
    return f"liste_grille_{hashlib.sha256(repr(vue).encode()).hexdigest()[:16]}"


def record(coches: Sequence[str], connues: SuitesConnues, organisation: str, segment: str, seance: Seance) -> None:
    """The form under the list: one outcome for the lines that are ticked."""
    message = st.session_state.pop(_BILAN, None)
    if message:
        st.html(f'<p class="acte" role="status">{message}</p>')
    if not coches:
        st.session_state.pop(_COCHES, None)
        annonces.note("Cocher une ou plusieurs lignes pour noter leur suite.")
        return
    _resume(coches, connues)
    with st.container(horizontal=True, vertical_alignment="bottom", key="suite"):
        # What nobody chose is not noted.
        code = choix_perimetre.pick("Suite", "suite_code", TITRES, filter_mode=None)
        est_bloque = code is Code.TOUJOURS_BLOQUE
        cause = choix_perimetre.pick("Cause", "suite_cause", CAUSES, filter_mode=None) if est_bloque else ""
        if code not in (None, *suites.CLOSES):
            etape = choix_perimetre.pick("Prochaine étape", "suite_etape", _ETAPES, index=0, filter_mode=None)
            if etape:
                st.date_input("Le", date.today() + _DELAI, format="DD/MM/YYYY", key="suite_echeance")
        versions = {p: connues.version(p) for p in coches}
        libelle, est_tu = f"Noter pour {langue.effectif(len(coches), 'ménage')}", code is None or cause is None
        note = (_record, versions, organisation, segment, seance)
        ecriture.bouton(libelle, "suite_noter", *note, type="primary", disabled=est_tu)
        notees = {p: connues[p] for p in coches if p in connues}
        if notees:
            st.button("Retirer la suite notée", key="suite_retirer", on_click=_withdraw, args=(notees,))
    if notees:
        annonces.note(suites.say_notees(len(notees)), role="status")
    if len(coches) == 1 and (retiree := connues.retirees.get(coches[0])):
        dit = f"Suite retirée par {retiree.auteur.nom} le {langue.instant(retiree.instant)}."
        annonces.note(dit, role="status")


def _resume(coches: Sequence[str], connues: SuitesConnues) -> None:
    """The form as the lines that have just been ticked were noted, when they all were, alike; else, empty."""
    if st.session_state.get(_COCHES) == list(coches):
        return
    st.session_state[_COCHES] = list(coches)
    notees = {(s.code, s.cause, s.etape, s.echeance) for _, s in (connues[p] for p in coches if p in connues)}
    est_une = len(notees) == 1 and all(p in connues for p in coches)
    code, cause, etape, echeance = notees.pop() if est_une else (None, "", "", None)
    st.session_state.update({"suite_code": code, "suite_cause": cause or None, "suite_etape": etape})
    if echeance:
        st.session_state["suite_echeance"] = echeance
    else:
        st.session_state.pop("suite_echeance", None)


def _record(versions: Mapping[str, int], organisation: str, segment: str, seance: Seance) -> None:
    """The outcome is what the fields hold now: a click may come before the screen was drawn again."""
    with ecriture.geste(_BILAN):
        code = st.session_state.get("suite_code")
        if code not in TITRES:
            raise ErreurUtilisateur("Aucune suite n’est choisie : la choisir dans la liste, puis noter.")
        cause = st.session_state.get("suite_cause") or "" if code is Code.TOUJOURS_BLOQUE else ""
        etape = "" if code in suites.CLOSES else st.session_state.get("suite_etape", "")
        echeance = st.session_state.get("suite_echeance") if etape else None
        if echeance and echeance < date.today():
            raise ErreurUtilisateur(f"Le {langue.jour(echeance)} est passé : choisir un jour à venir.")
        suite = Suite(code, organisation, segment, seance, cause, etape, echeance)

        def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
            version = versions[pseudonyme]
            op_id = journal.op_id_de(suites.OBJET, pseudonyme, version, *suite.contenu().values())
            suites.write(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=version)

        _write_all(versions, write, f"« {suite.dite} » noté", f" Ensuite : {suite.etape_dite}." if etape else "")


def _withdraw(notees: Mapping[str, tuple[Fiche, Suite]]) -> None:
    """A note is taken back as it was on screen: never what a colleague noted meanwhile."""

    def write(journal: Journal, pseudonyme: str, auteur: Auteur) -> None:
        fiche, suite = notees[pseudonyme]
        op_id = journal.op_id_de(suites.OBJET, pseudonyme, fiche.version, suites.RETIREE, suite.organisation)
        suites.withdraw(journal, pseudonyme, suite, auteur, op_id=op_id, version_vue=fiche.version)

    with ecriture.geste(_BILAN):
        _write_all(notees, write, "Suite retirée")


def _write_all(
    menages: Iterable[str], write: Callable[[Journal, str, Auteur], None], dit: str, ensuite: str = ""
) -> None:
    """The server checks anew who writes; a line that a colleague changed meanwhile is told, not overwritten."""
    menages = frozenset(menages)
    if not menages <= st.session_state.get(_MONTRES, frozenset()):
        raise ErreurUtilisateur("La liste a changé depuis que la ligne est cochée : la cocher de nouveau.")
    auteur, journal, refusees = ecriture.require_auteur(Action.LIRE_LISTES), ecriture.journal(), 0
    for pseudonyme in menages:
        try:
            write(journal, pseudonyme, auteur)
        except Perime:
            refusees += 1
    faites = len(menages) - refusees
    st.session_state[_NOTEES] = st.session_state.get(_NOTEES, 0) + 1
    st.session_state[_BILAN] = suites.say_bilan(dit, faites, refusees, ensuite)
