"""Questions of a check answered on screen, the bailleurs that it asks to name, and the answers kept: shown, downloaded,
erased."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from hashlib import sha256
from itertools import groupby
from pathlib import PurePosixPath

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.contrat import correspondances, explications
from mel_core.contrat.coherence import DECISIVES, SANS
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.mapping import (
    A_CORRIGER,
    A_PART,
    CODE_BAILLEUR,
    COMMUNE,
    DE_2000,
    DONNEE,
    ENTIERE,
    ENTRE,
    MEMES,
    NOMS,
    PUBLICS,
    SELON_RADIATION,
    SEPAREE,
    en_toml,
)
from mel_core.contrat.propositions import Posees, gather, is_of_file, sens_de, written_as
from mel_core.contrat.questions import (
    AUCUNE,
    COUVRANTE,
    INCONNU,
    SANS_MENAGE,
    SEUL,
    SEULE,
    Question,
    answer_par_source,
    of_workbooks,
)
from mel_core.contrat.rapport import Rapport
from mel_core.contrat.reference import communes
from mel_core.contrat.ressemblances import share_a_word
from mel_core.contrat.tables import SANS_LOGEMENTS
from mel_core.contrat.valeurs import read_milliers, read_montant
from mel_core.entrepot.importation import Controle
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from pages.adaptateur import telechargement
from pages.commun import annonces, choix_perimetre, donnees, widgets
from pages.preparer.imports import rapport_lu

_AIDE = (
    "Une réponse vaut pour tous les fichiers nommés ; gardée, elle est redonnée aux fichiers de mêmes en-têtes. Sans "
    "réponse, une colonne facultative est lue comme inconnue, une ligne dont une cellule ne se lit pas est rejetée, et "
    "celles d’un bailleur sans nom aussi. Le même nom donné à deux codes en fait un seul bailleur."
)
_REFUSEES = "propositions_refusees"
_MARQUES = re.compile(r"[\\`*\[\]~$<>|#]|:(?=\w)|(?<=\d)\.(?=\s)|^[-+_]")
_COLONNES, _NOMMES = 3, 2  # headers in a row; files of a group that are named
_SELON_RADIATION = "radiée si une date ou un motif de radiation est donné, active sinon"
# What is asked of a column that one answer may say for a whole file, and what it is to have none.
_DE_TOUT = {CODE_BAILLEUR: "De quel bailleur vient ce fichier ?", COMMUNE: "De quelle commune est ce fichier ?"}
_AUCUNE = defaultdict(str) | {
    SANS_LOGEMENTS[1]: "il ne dit que les occupants des résidences (enquête OPS)",
    CODE_BAILLEUR: "plusieurs bailleurs, que rien ne distingue",
}
# What reads two ways, by the words of its section of the mapping.
_SENS = {
    DE_2000: "une date de 2000 à 2099, comme toutes celles de la colonne",
    A_CORRIGER: "une date à corriger dans le fichier",
    SEPAREE: "une liste de communes, certaines hors de la MEL",
    ENTIERE: "le nom d’une seule commune",
    A_PART: "un total ou un titre, à mettre à part",
    DONNEE: "une ligne de données",
}
MONTREES = 50
Groupe = tuple[Question, ...]  # to which one answer holds


def gardees() -> Reponses:
    """The answers kept, which the next check gives again to the files of the same source."""
    return correspondances.read(donnees.entrepot().dossier)


def refusees() -> frozenset[Hashable]:
    """What was unticked in this session: see `ask_all`."""
    lues: frozenset[Hashable] = st.session_state.get(_REFUSEES, frozenset())
    return lues


def show_gardees(gardees: Reponses) -> None:
    if not gardees.mappings:
        return
    n = sum(len(correspondances.answers(mapping)) for mapping in gardees.mappings)
    titre = f"{langue.effectif(n, 'réponse gardée', 'réponses gardées')}, appliquées aux fichiers de mêmes en-têtes"
    with st.expander(titre):
        for source, mapping in gardees.par_source.items():
            texte = en_toml(mapping)
            st.code(texte, language="toml")
            telechargement.offer(
                "Télécharger (TOML)", texte.encode(), "mapping.toml", "application/toml", cle=f"telecharger_{source}"
            )
        toutes = [(source, *dite) for source, m in gardees.par_source.items() for dite in correspondances.answers(m)]
        oubliees = widgets.plusieurs(
            "Réponses à oublier, que le contrôle suivant redemande (aucune : toutes)",
            toutes,
            format_func=lambda dite: correspondances.say_answer(*dite[1:]),
            key="oubliees",
        )
        if st.button("Oublier ces réponses", key="oublier"):
            for source in gardees.par_source:
                siennes = [dite for s, *dite in oubliees or toutes if s == source]
                correspondances.forget(donnees.entrepot().dossier, source, {(lieu, ligne) for lieu, ligne in siennes})
            st.rerun()


def place(controle: Controle) -> bool:
    """One form of all that is asked, each group to which one answer holds once; returns whether answers were just given
    and kept. What a proposal was unticked for is asked next without it."""
    rapport, posees = controle.rapport, controle.posees
    if not posees:
        return False
    groupes = sorted(gather(posees), key=lambda g: g[0].section == NOMS)
    proposees = [g for g in groupes if posees[g[0]] is not None and g[0].section != NOMS]
    autres = [g for g in groupes if posees[g[0]] is None or g[0].section == NOMS]
    restes, ouvertes = ([g for g in autres if g[0].est_facultative == est_repliee] for est_repliee in (True, False))
    dits = [langue.effectif(len(ouvertes), "question")] if ouvertes else []
    if proposees:
        dits.append(langue.effectif(len(proposees), "proposition à vérifier", "propositions à vérifier"))
    suite = " avant de publier" if rapport.est_bloquant and dits else ""
    st.header(f"{langue.liste(dits) or 'Ce que les fichiers ne disent pas'}{suite}", help=_AIDE)
    deja = {*rapport.bailleurs.values(), *(nom for mapping in gardees().mappings for nom in mapping.noms.values())}
    if groupes[-1][0].section == NOMS and deja:
        annonces.note(f"Bailleurs déjà nommés : {', '.join(sorted(deja))}.")
    with st.form("questions", enter_to_submit=False):
        reponses = {g: _place_ouverte(g, rapport, posees) for g in ouvertes[:MONTREES]}
        annonces.note(langue.premieres(MONTREES, len(ouvertes), "les autres viendront ensuite"))
        confirmees = _place_proposees(proposees, rapport, posees)
        reponses |= {g: posees[g[0]] for g in confirmees}
        decochees = {*proposees} - confirmees
        # A header is shown in one place: those of a source of which a column is asked above come once it is answered.
        attendues = {_source(g) for g in ouvertes if g[0].est_de_colonne}
        restes = [g for g in restes if _source(g) not in attendues]
        reponses |= _place_restes(restes, reponses, rapport, posees, {_source(g) for g in decochees})
        if not st.form_submit_button("Garder ces réponses et contrôler de nouveau", type="primary"):
            return False
    st.session_state[_REFUSEES] = refusees().union(sens_de(q) for g in decochees for q in g)
    dites = {q: r for g, r in reponses.items() if r is not None for q in g}
    return _keep(dites, rapport) if dites or not decochees else True


def _place_ouverte(groupe: Groupe, rapport: Rapport, posees: Posees) -> str | None:
    question, ou = groupe[0], _say_fichiers(groupe, rapport, posees)
    if question.section == NOMS:
        return _place_bailleur(question, posees[question])
    nom = _nom(question)
    cellule = f"« {question.valeur} »" if question.valeur else "une cellule vide"
    quoi, options, dites = f"{cellule} dans « {nom} »", list(question.options), _SENS
    label = f"{quoi}, est-ce… ? ({ou})"
    if question.section == "nombres" and question.valeur is not None:
        milliers, decimales = read_milliers(question.valeur), read_montant(question.valeur)
        dites = dict(zip(options, (langue.nombre(milliers), langue.nombre(decimales, 3)), strict=True))
    elif question.section == "lignes":
        label = f"La ligne « {question.valeur} », est-ce… ? ({ou})"
    elif question.section == MEMES:
        label = f"La résidence {_say_residence(question, rapport)} est-elle… ? ({langue.effectif(question.n, 'ligne')})"
        dites = {AUCUNE: "aucune de celles-ci"}
    elif question.section == PUBLICS:
        entete, _, valeur = (question.valeur or "").partition(ENTRE)
        label = f"« {valeur} » dans « {entete} », quel label ? ({ou})"
        dites = {o: _say_labels(question.table, o.split("|")) or "d’aucun" for o in options}
    elif question.couvertes:
        comprises = _say_labels(question.table, question.couvertes)
        label = f"« {question.valeur} » donne-t-elle « {nom} », et comprend-elle {comprises} ? ({ou})"
        dites = {COUVRANTE: f"oui, avec {comprises}", SEULE: f"« {nom} » seulement"}
    elif question.valeur is None:
        label = f"{_DE_TOUT.get(question.colonne, f'Quelle colonne du fichier donne « {nom} » ?')} ({ou})"
        dites = {o: f"aucune : {_say_du_fichier(question, o)}" for o in options if o.startswith(SEUL)}
        dites |= {**rapport_lu.exemples(rapport, question.fichier), AUCUNE: f"aucune : {_AUCUNE[question.colonne]}"}
    elif not question.section:
        label = f"Que veut dire {quoi} ? ({ou})"
        est_un_mot = not question.regle  # the rows of the others would stop the load
        dites = {code: explications.say_code(question.colonne, code) for code in options}
        dites[INCONNU] = "inconnu : la ligne est gardée" if est_un_mot else "inconnu"
        options += [] if est_un_mot else [INCONNU]
    cle = f"{question.source}_{question.table}_{question.colonne}_{question.valeur}_{question.fichier}"
    reponse, lues = _row(question, label), {r: dites.get(r, r) for r in options}
    choisie: str | None = choix_perimetre.pick(label, f"question_{cle}", lues, reponse, label_visibility="collapsed")
    if not question.peut_etre_un_seul:
        return choisie
    seul = reponse.text_input(
        f"{nom} de tout le fichier",
        placeholder="ou l’écrire, si c’est le même sur toutes les lignes",
        label_visibility="collapsed",
        key=f"seul_{cle}",
    ).strip()
    return f"{SEUL}{seul}" if seul else choisie


def _place_bailleur(inconnu: Question, proposition: str | None) -> str | None:
    """Who it is that nobody named; what is no code may be a name."""
    label = f"Qui est « {inconnu.valeur} » ({inconnu.ou}, {langue.effectif(inconnu.n, 'ligne')}) ?"
    nom = _row(inconnu, label).text_input(
        label,
        proposition or "",
        placeholder="Son nom, tel qu’il doit s’afficher",
        label_visibility="collapsed",
        key=f"bailleur_{inconnu.valeur}",
    )
    return nom.strip() or None


def _place_proposees(proposees: Sequence[Groupe], rapport: Rapport, posees: Posees) -> set[Groupe]:
    """Ticked: the columns of each source, then the words of each column. Those that stay so."""
    par_sujet: dict[str, list[Groupe]] = {}
    for groupe in sorted(proposees, key=lambda g: not g[0].est_de_colonne):
        par_sujet.setdefault(_say_sujet(groupe, rapport, posees), []).append(groupe)
    if par_sujet:
        st.text("Proposé d’après les en-têtes et les mots des fichiers : décocher ce qui est faux")
    cochees: set[Groupe] = set()
    for sujet, siens in par_sujet.items():
        dites, choix = [_say_proposition(g[0], posees[g[0]] or "", rapport) for g in siens], range(len(siens))
        # Two that read alike are one to Streamlit: each of them says its file.
        lues = [
            _write(f"{dite} ({langue.liste(sorted({q.fichier for q in g}))})" if dites.count(dite) > 1 else dite)
            for g, dite in zip(siens, dites, strict=True)
        ]
        cle = f"proposees_{sha256(repr((sujet, lues)).encode()).hexdigest()[:16]}"
        say = lues.__getitem__
        retenus = st.pills(_write(sujet), choix, selection_mode="multi", default=choix, format_func=say, key=cle)
        cochees.update(siens[rang] for rang in retenus)
    return cochees


def _place_restes(
    restes: Sequence[Groupe],
    donnees: Mapping[Groupe, str | None],
    rapport: Rapport,
    posees: Posees,
    a_reprendre: Set[tuple[str, str]],
) -> dict[Groupe, str | None]:
    """The headers left of each source, folded unless what is decisive may be there, or one of them is worded like what
    an answer leans on: these are apart. With the optional columns that each may give, and the labels that nobody may
    bear; a column that is given by none of them is answered so, but in a source of which a header comes back."""
    reponses: dict[Groupe, str | None] = {}
    deja = gardees()
    for source, siens in groupby(sorted(restes, key=_source), _source):
        colonnes = {g[0].colonne: g for g in siens}
        une = next(iter(colonnes.values()))
        prises = {AUCUNE, SANS_MENAGE, *(r for g, r in donnees.items() if _source(g) == source)}
        libres = [entete for entete in une[0].options if entete not in prises]
        sens = {c: _say_colonne(g[0]) for c, g in colonnes.items()}
        exemples, ou = rapport_lu.exemples(rapport, une[0].fichier), _say_fichiers(une, rapport, posees)
        labels = [c for c, g in colonnes.items() if SANS_MENAGE in g[0].options]
        if not (libres or labels):
            continue
        reponses |= dict.fromkeys(colonnes.values(), None if source in a_reprendre else AUCUNE)
        sans = {noms: dit for noms, dit in SANS.get(une[0].table, {}).items() if {*noms} <= colonnes.keys()}
        attendues = {*labels, *(nom for noms in sans for nom in noms)}
        ecrites = [ecrit for nom in attendues for ecrit in written_as(une[0].table, nom, deja)]
        proches = [entete for entete in libres if any(share_a_word(entete, ecrit) for ecrit in ecrites)]
        autres = [entete for entete in libres if entete not in proches]
        sont_decisives = any({*d} <= colonnes.keys() for d in DECISIVES.get(une[0].table, ()))
        for entetes, est_ouvert in ((proches, True), (autres, sont_decisives)):
            if not (entetes or (labels and entetes is autres)):
                continue
            non_lus = "Non lus, à regarder" if entetes is proches else "Non lus"
            titre = f"{non_lus} ({ou}) : {', '.join(entetes)}" if entetes else f"Labels absents ({ou})"
            with st.expander(_write(titre), expanded=est_ouvert and bool(entetes)):
                if entetes is proches or not proches:
                    st.text(" ; ".join(dict.fromkeys(sans.values())))
                places = st.columns(_COLONNES)
                for rang, entete in enumerate(entetes):
                    cle, place = f"reste_{source}_{entete}", places[rang % _COLONNES]
                    titre = exemples.get(entete, entete)
                    if choisie := choix_perimetre.pick(titre, cle, sens, place, placeholder="ne sert pas"):
                        sienne = colonnes[choisie]  # given by two headers, it is asked again
                        reponses[sienne] = None if reponses[sienne] else entete
                if labels and entetes is autres:
                    titre = "Labels qu’aucun ménage ne porte (les autres : inconnus)"
                    say, cle = {c: _nom(colonnes[c][0]) for c in labels}.__getitem__, f"labels_{source}"
                    for label in st.pills(titre, labels, selection_mode="multi", format_func=say, key=cle):
                        reponses[colonnes[label]] = SANS_MENAGE
    return reponses


def _nom(q: Question) -> str:
    """The column that is asked about, in the words of the field."""
    return correspondances.dite(q.table, q.colonne) if q.colonne else ""


def _say_colonne(q: Question) -> str:
    """Its name, and what it means where the name does not say it."""
    nom, sens = _nom(q), EXPLICATIONS[q.table][q.colonne].sens
    return sens if sens.startswith(nom) else f"{nom} : {sens}"


def _say_labels(table: str, labels: Sequence[str]) -> str:
    return langue.liste([correspondances.dite(table, label) for label in labels if label])


def _source(groupe: Groupe) -> tuple[str, str]:
    return groupe[0].source, groupe[0].table


def _write(texte: str) -> str:
    """As it is: what the text of a file holds is no formatting."""
    return _MARQUES.sub(r"\\\g<0>", texte)


def _say_sujet(groupe: Groupe, rapport: Rapport, posees: Posees) -> str:
    if groupe[0].section == MEMES:
        return "Résidences"
    if groupe[0].section == PUBLICS:
        return f"Labels de « {(groupe[0].valeur or '').partition(ENTRE)[0]} »"
    if groupe[0].est_de_colonne:
        return f"Colonnes ({_say_fichiers(groupe, rapport, posees)})"
    return f"Mots de {langue.liste(list(dict.fromkeys(f'« {_nom(q)} »' for q in groupe)))}"


def _say_proposition(q: Question, dite: str, rapport: Rapport) -> str:
    if q.section == MEMES:
        return f"{_say_residence(q, rapport)} → {dite}"
    if q.section == PUBLICS:
        return f"{(q.valeur or '').partition(ENTRE)[2]} → {_say_labels(q.table, dite.split('|')) or 'aucun'}"
    if q.couvertes:
        return f"{q.valeur} → {_nom(q)}, avec {_say_labels(q.table, q.couvertes)}"
    if q.valeur is not None:
        return f"{q.valeur} → {_SENS.get(dite) or explications.say_code(q.colonne, dite) or 'inconnu'}"
    if dite.startswith(SEUL):
        return f"{_nom(q)} : {_say_du_fichier(q, dite)}"
    if not dite:
        return "enquête OPS, sans nombre de logements"
    exemples = next((c.exemples for c in rapport.colonnes.get(q.fichier, ()) if c.entete == dite), ())
    return f"{dite}{f' ({exemples[0]}…)' if exemples else ''} → {_nom(q)}"


def _say_du_fichier(q: Question, reponse: str) -> str:
    dite = reponse.removeprefix(SEUL)
    return (
        _SELON_RADIATION
        if dite == SELON_RADIATION
        else f"{explications.say_code(q.colonne, dite)} sur toutes les lignes"
    )


def _say_residence(q: Question, rapport: Rapport) -> str:
    bailleur, commune, nom = (q.valeur or "").split(ENTRE, 2)
    ou = [rapport.bailleurs.get(bailleur, bailleur), *([communes()[commune].nom] if commune in communes() else [])]
    return f"« {nom} » ({', '.join(ou)})"


def _say_fichiers(groupe: Groupe, rapport: Rapport, posees: Posees) -> str:
    """Those to which the answer holds, by their names, and their table where a name does not say it."""
    une, siens = groupe[0], dict.fromkeys(q.fichier for q in groupe)
    if not is_of_file(une, posees[une]):
        sources = {q.source for q in groupe}
        siens |= dict.fromkeys(fichier for fichier, source in rapport.sources.items() if source in sources)
    dite = f"table {langue.liste(sorted({q.table for q in groupe}))}"
    if all(table_nommee(PurePosixPath(fichier).stem) == une.table for fichier in siens):
        return dite
    dits, n = list(siens)[:_NOMMES], len(siens) - _NOMMES
    return f"{langue.liste([*dits, langue.effectif(n, 'autre fichier', 'autres fichiers')] if n > 0 else dits)}, {dite}"


def _keep(reponses: Mapping[Question, str], rapport: Rapport) -> bool:
    """Whether the answers were kept; else what is wrong with them is said, and none is."""
    try:
        if not reponses:
            raise AppelIncorrect("Aucune réponse n’est donnée : en donner au moins une, ou corriger les fichiers.")
        autres = of_workbooks(reponses, rapport.sources)
        correspondances.keep(donnees.entrepot().dossier, answer_par_source(reponses), autres)
    except AppelIncorrect as refus:
        st.warning(str(refus))
        return False
    return True


def _row(question: Question, label: str) -> DeltaGenerator:
    """What is asked, and what the column means where it is not known which one it is; the place of the answer."""
    texte, reponse = st.columns([0.6, 0.4], vertical_alignment="center")
    with texte:
        st.text(label)
        if question.valeur is None:
            st.caption(EXPLICATIONS[question.table][question.colonne].sens)
    return reponse
