"""Mes listes of a bailleur: without a right to the demandes, it lists the candidates of its own commissions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import itemgetter

import pandas as pd
import streamlit as st

from mel_core.entrepot import Portee
from mel_core.segments import MenagesRetenus, phrases_segments
from mel_core.segments.listes import candidats, suites
from mel_core.segments.listes.candidats import ETATS
from mel_core.segments.listes.contexte import COMMUNES_CITEES, say_contexte
from mel_core.segments.listes.suites import SuitesConnues
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.horloge import aujourd_hui
from pages.commun import annonces, choix_perimetre, ecriture, exports
from pages.commun.choix_perimetre import Perimetre
from pages.commun.segments.lecture_orientations import QuestionSegment
from pages.listes import lecture_listes as lecture
from pages.listes.affichage import (
    DECROISSANT,
    Tri,
    choose_codes,
    choose_page,
    choose_suite,
    cut,
    display,
    finish,
    offer_traitees,
    say_codes,
    say_en_entier,
    sort_out,
    take_out_filtres,
)
from pages.listes.saisie_suite import record

_CODES = {
    "commune": ("Communes", "liste_communes", "toutes"),
    "typologie": ("Typologies", "liste_logements", "toutes"),
}
COLONNES = {
    "pseudonyme": "Dossier",
    "etat": "Demande",
    "motif": "Pourquoi",
    "residence": "Résidence du dernier passage",
    "commune": "Commune du dernier passage",
    "typologie": "Typologie du dernier passage",
    "n_passages": "Passages en commission",
    "n_rang_2": "Rang 2 ou plus",
    "n_rang_1": "Rang 1",
    "n_non_attribue": "Non attribués",
    "meilleur_rang": "Meilleur rang",
    "premier_passage": "Premier passage",
    "dernier_passage": "Dernier passage",
    "date_bail": "Bail chez nous",
}
_FENETRES = {12: "12 mois", 24: "24 mois", 36: "36 mois", 0: "toujours"}


def show(choisi: Perimetre, portee: Portee) -> None:
    nom, tri = choisi.bailleurs.get(portee.code, portee.code), choose_tri()
    with st.container(horizontal=True, key="filtres", vertical_alignment="bottom"):
        groupe = choix_perimetre.option(
            "Candidats de vos commissions", "liste_groupe", candidats.GROUPES, en_liste=True, filter_mode=None
        )
        n_min = 1
        if groupe in candidats.A_N_MIN:
            n_min = choix_perimetre.option("Au moins… fois", "liste_n_min", {n: _fois(n) for n in (2, 3, 4)})
        fenetre = choix_perimetre.option("En…", "liste_fenetre", _FENETRES, depart=24)
        question = QuestionSegment(*choisi.cle, "", "poulidor")
        with question.open(portee) as lecteur:
            tous = candidats.find_all(lecteur, groupe, choisi.seance.fin, n_min, fenetre, passages_dits=True)
        noms = {
            "residence": lecture.name(choisi, tous["residence"].dropna().unique()),
            "commune": choisi.noms("commune"),
            "typologie": TYPOLOGIES_EN_TETE,
        }
        offerts = {
            c: dict(sorted(((x, noms[c].get(x, x)) for x in set(tous[c].dropna())), key=itemgetter(1))) for c in _CODES
        }
        codes = choose_codes(_CODES, offerts)
        suite = choose_suite()
        ordre = tri.choose()
    connues, jour = suites.read(ecriture.journal(), portee.code, tous["pseudonyme"]), aujourd_hui()
    avant = exports.derniere_ouverture(candidats.GROUPES[groupe], portee.code)
    venues = lecture.find_venues(
        avant, question, portee, lambda: tous["pseudonyme"],
        lambda ancien, au: candidats.find_all(ancien, groupe, au, n_min, fenetre)["pseudonyme"],
    )  # fmt: skip
    menages, relances = suites.select(suite, connues, jour, venues), suites.a_relancer(connues, jour)
    gardes = tous if menages is None else tous[tous["pseudonyme"].map(menages.__contains__).astype(bool)]
    gardes = candidats.filter_rows(gardes, **codes)
    lignes = sort_lines(gardes, ordre, connues, noms, venues)
    fois = f"{_fois(n_min)}, " if groupe in candidats.A_N_MIN else ""
    filtres = {
        "Liste": candidats.GROUPES[groupe],
        "Date de référence": langue.jour(choisi.seance.fin),
        "Réglages": f"{fois}{lecture.fenetre_en_mots(fenetre)}",
        **say_codes(_CODES, offerts, codes),
        "Suite": suites.CHOIX[suite],
    }
    quelle = (question, groupe, n_min, fenetre, suite, *codes.values())
    liste = exports.Liste(candidats.GROUPES[groupe], portee.code, quelle, filtres)
    exports.trace_ouverture(liste, len(lignes), *choisi.cle)
    filtrent = [offerts[c][x] for c in _CODES for x in codes[c]]
    en_vigueur = [*filtrent, f"suite : {suites.CHOIX[suite]}"] if suite else filtrent
    sans_eux = langue.filtres(en_vigueur, langue.effectif(len(tous), "candidat"))
    siennes = set(lignes["pseudonyme"])
    restent = sum(p not in connues for p in siennes)
    journee = suites.say_journee(len(relances & siennes), len(venues & siennes), restent, avant.jour if avant else None)
    annonces.message(
        f"**{langue.effectif(len(lignes), 'candidat')}** : {candidats.GROUPES[groupe][0].lower()}"
        f"{candidats.GROUPES[groupe][1:]}, {nom}, {fois}{phrases_segments.fenetre_dite(fenetre)}."
        f"{candidats.say_closes(lignes)}{journee}{sans_eux}"
    )
    st.html(f'<p class="reserve">{candidats.POURQUOI}</p>')
    vues, n_pages, rang = cut(lignes, (quelle, portee.code, ordre))
    with st.container(horizontal=True, key="sous_le_message", vertical_alignment="bottom"):
        choose_page(n_pages)
        if en_vigueur:
            st.button("Enlever les filtres", key="sans_filtre", on_click=take_out_filtres, args=(_CODES,))
        offer_traitees(len(connues), suite)
    if lignes.empty:
        return
    table = translate(vues, connues, noms)
    coches = display(table, liste, (ordre, rang), tri, est_notee=bool(connues))
    closes = vues.loc[vues["etat"] == "close", "pseudonyme"]
    record(coches, connues, portee.code, liste.titre, choisi.seance, set(closes))
    say_en_entier(vues.set_index("pseudonyme").loc[list(coches), "motif"].to_dict())

    def prepare() -> pd.DataFrame:
        return translate(lignes, connues, noms)

    ou = candidats.GROUPES[groupe], nom, len(lignes), choisi.seance.fin
    restreinte = ", ".join([f"{fois}{lecture.fenetre_en_mots(fenetre)}", *en_vigueur])
    communes = {c for c in lignes["commune"] if c in noms["commune"]}
    siennes_notees = MenagesRetenus(frozenset(siennes))
    dites = [noms["commune"].get(c) for c in lignes["commune"]]
    dit = say_contexte(*ou, restreinte, connues, siennes_notees, dites)
    citees = sorted(communes) if codes["commune"] or len(communes) <= COMMUNES_CITEES else []
    contexte = {"contexte": dit, "communes": citees, "bailleur": portee.code}
    if len(codes["typologie"]) == 1:
        contexte["typologie"] = codes["typologie"][0]
    finish(prepare, f"Candidats, {nom}", portee, liste, choisi, contexte=contexte)


def choose_tri() -> Tri:
    """What the list of a bailleur may be sorted by: any of its columns."""
    d_abord = {suites.TRAVAIL: suites.TRIS[suites.TRAVAIL]}
    notees = (titre for code, titre in suites.TRIS.items() if code not in d_abord)
    colonnes = {titre: titre for titre in (*COLONNES.values(), *notees)}
    return Tri("liste_tri_candidats", d_abord | colonnes, colonnes)


def translate(lignes: pd.DataFrame, connues: SuitesConnues, noms: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """The candidates of a bailleur in French, with their outcomes; `noms`: of each column of codes, code → name."""
    dits = {nom: [mots.get(code, code) for code in lignes[nom]] for nom, mots in noms.items()}
    table = lignes.assign(etat=lignes["etat"].map(ETATS), **dits)[list(COLONNES)].rename(columns=COLONNES)
    dites, auteurs = (
        pd.DataFrame(f(lignes["pseudonyme"], connues), table.index)
        for f in (lecture.suites_dites, lecture.auteurs_dits)
    )
    return pd.concat([table.iloc[:, :3], dites, table.iloc[:, 3:], auteurs], axis=1)


def sort_lines(
    lignes: pd.DataFrame,
    ordre: tuple[str, str],
    connues: SuitesConnues,
    noms: Mapping[str, Mapping[str, str]],
    venues: Collection[str],
) -> pd.DataFrame:
    """The candidates of a bailleur in the order asked: what is to do first, the demandes that no longer stand last; or
    by a column, as it is read."""
    tri, sens = ordre
    if tri == suites.TRAVAIL:
        places, autres = suites.rank(tri, connues, aujourd_hui(), venues)
        rangs = lignes["pseudonyme"].map(places).fillna(autres)
        cles = pd.DataFrame({"close": lignes["etat"] == "close", "rang": rangs})
        ordonnees = cles.sort_values(["close", "rang"], kind="stable", ascending=[True, sens == DECROISSANT]).index
    else:
        ordonnees = sort_out(translate(lignes, connues, noms), tri, sens).index
    return lignes.loc[ordonnees].reset_index(drop=True)


def _fois(n: int) -> str:
    return f"{n} fois ou plus"
