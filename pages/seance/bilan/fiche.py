"""The card of a commune or of a bailleur: where it stands, what it promised, what it can do next; on one screen. The
answer to « Et nous, à Wattrelos ? », and where a commune's or a bailleur's profile opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs import compute, constats, fiches, phrases_constats, phrases_mesures, phrases_vues
from mel_core.indicateurs.catalogue import MESURES, OBJECTIFS
from mel_core.indicateurs.fiches import FicheLieu, LireCellules, Portrait
from mel_core.indicateurs.quartiers import N_MOIS
from mel_core.seance.coordination import promesses
from mel_core.segments import count_par, phrases_segments, titre_de
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Periode, Seance
from pages.adaptateur import vivant
from pages.commun import annonces, cadre, choix_perimetre, donnees, ecriture, levier, visiteur
from pages.commun.choix_perimetre import METROPOLE, Perimetre
from pages.commun.coordination import lecture_coordination
from pages.commun.images import images_parts
from pages.commun.images.gabarit import Image, nom_projete
from pages.commun.mesures.lecture_bilan import EQUILIBRE, cle_de, seance_dite
from pages.commun.mesures.lecture_mesures import read as read_mesure
from pages.commun.navigation import fichier
from pages.commun.segments import ecran_engagements
from pages.commun.segments.lecture_orientations import QuestionSegment, connaissance
from pages.seance.bilan import cotes_quartiers, descente
from pages.seance.bilan.descente import FICHE, go_fiche
from pages.seance.bilan.pourquoi_mesures import explain

_ATTENTE = "attente_36"
_PROMESSES_DITES, _EN_SALLE = 3, 1
_A_FAIRE = "À faire"
_CLASSES = {_A_FAIRE: "a_faire"}  # of the style sheet: what a mayor asked for, seen first


@dataclass(frozen=True)
class FicheDeLieu:
    """Whose card it is: `coupe` (commune or bailleur), its name and its code."""

    coupe: str
    nom: str
    code: str


def read(choisi: Perimetre, *, est_nue: bool) -> FicheDeLieu | None:
    """The place whose card is open: that of the address; where the address says nothing yet (`est_nue`), the last one,
    else one's own. A link to one that is not there says so."""
    toutes, code = choisi.fiches, st.query_params.get(FICHE, "")
    if est_nue and not code:
        avant, sien = st.session_state.get(FICHE), visiteur.profil().lieu
        code = avant if avant is not None else sien[1] if sien else ""
        code = code if code in toutes else ""
    if code and code not in toutes:
        if code == st.session_state.get(FICHE):  # that of the ICI that was left
            code = ""
        else:  # its link stays, and says so, until one goes elsewhere
            descente.refuse(choisi.cle, code, go_fiche)
            return None
    go_fiche(code)
    return FicheDeLieu(*toutes[code], code) if code else None


def show(choisi: Perimetre, lieu: FicheDeLieu) -> None:
    """The finding, its picture, what is said under it, what may be done next."""
    fiche = answer(choisi, lieu)
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        choose(choisi, lieu)
        explain(read_mesure(choisi, EQUILIBRE), choisi, lieu.coupe)
    phrase = fiche.phrase
    for nom in OBJECTIFS:
        phrase = donnees.say_couverture(phrase, *choisi.cle, nom, choisi.ici)
    annonces.message(phrase)
    with st.container(horizontal=True, key="fil", vertical_alignment="center"):
        st.button(f"‹ {choisi.ici or 'Métropole'}", key="quitter_fiche", on_click=go_fiche, args=("",))
        st.html(f"<h2 class='lieu'>{escape(lieu.nom)}</h2>")
        if not visiteur.est_en_salle():
            if lieu.coupe == "commune":
                st.button("Ses quartiers", key="voir_quartiers", on_click=go_down, args=(lieu.code,))
            act(choisi, lieu)
    with st.container(key="fiche"):
        if image := draw(choisi, lieu, fiche):
            vivant.draw(image)
        dits = [*set_apart(choisi, lieu), *to_decide(choisi, lieu, fiche.a_faire), *fiche.constats]
        dits += [*waiting(choisi, lieu), *promised(choisi, lieu)]
        lignes = (
            f'<tr class="{_CLASSES.get(tete, "")}"><th scope="row">{escape(langue.typeset(tete))}</th>'
            f"<td>{levier.en_html(dit, 'dit')}</td></tr>"
            for tete, dit in dits
        )
        legende = f'<caption class="lu">{escape(lieu.nom)}, ce qui s’en dit</caption>'
        st.html(f'<table class="fiche">{legende}<tbody>{"".join(lignes)}</tbody></table>')


def go_down(commune: str) -> None:
    """To its quartiers, by the measure on screen, or by the 50/50 where that one is not told by quartier."""
    if not MESURES[st.session_state["objectif"]].a_une_carte:
        st.session_state["objectif"] = EQUILIBRE
    descente.go(commune)


def choose(choisi: Perimetre, lieu: FicheDeLieu) -> None:
    """The list that leads to another card, which keys reach."""
    noms = {code: nom for code, (_, nom) in choisi.fiches.items()}
    codes = sorted(noms, key=noms.__getitem__)
    st.selectbox(
        "Ouvrir une autre fiche",
        codes,
        index=codes.index(lieu.code),
        format_func=noms.__getitem__,
        label_visibility="collapsed",
        filter_mode="contains",
        **choix_perimetre.montre("autre_fiche", lieu.code, lambda code: go_fiche(code or "")),
    )


def answer(choisi: Perimetre, lieu: FicheDeLieu) -> FicheLieu:
    """What the core says of the place, over the year of the séance, that of the one before, and 36 months."""
    avant = choisi.seance.precedente
    servi = donnees.instantane(avant, choisi.ici).identifiant
    est_tenue = str(avant) in donnees.choix()[0]
    ou = f"{choisi.ici_dite}, chez {lieu.nom}"
    if lieu.coupe == "commune":
        ou = f"la commune {langue.de_la_commune(lieu.nom)}"
    portrait = Portrait(
        lieu.coupe,
        lieu.code,
        f"Dans {ou}",
        _cellules(choisi.instantane.identifiant, choisi.seance, choisi.ici),
        _cellules(servi, avant, choisi.ici) if est_tenue else None,
        seance_dite(str(avant)),
        None if _est_effacee(choisi) else _longues(choisi),
    )
    return fiches.answer(portrait, fiches.EFFACEE if _est_effacee(choisi) else _cotes(choisi, lieu))


def _est_effacee(choisi: Perimetre) -> bool:
    """Whether the séance is frozen and its rows erased: it keeps the counts of its year alone."""
    with choisi.open() as lecteur:
        return lecteur.gel is not None


def _cellules(identifiant: str, seance: Seance, ici: str | None) -> LireCellules:
    return lambda indicateur, par: donnees.dites(identifiant, str(seance), indicateur, "annee", par, ici)


def _longues(choisi: Perimetre) -> LireCellules:
    periode = Periode.de_mois(choisi.seance, N_MOIS)

    def answer_cellules(indicateur: str, par: tuple[str, ...]) -> pd.DataFrame:
        exactes = choisi.ask(compute, indicateur, periode, par=par, ici=choisi.ici)
        return constats.lues(exactes, par, n_mois=N_MOIS)

    return answer_cellules


def _cotes(choisi: Perimetre, lieu: FicheDeLieu) -> pd.DataFrame | str:
    """The quartiers of a commune, those where a bailleur has résidences; or why none is judged."""
    cle = cle_de(choisi, EQUILIBRE)
    if refus := cotes_quartiers.refus(cle):
        return refus.rstrip(".")
    table = donnees.lieux(*choisi.cle, "quartier" if lieu.coupe == "commune" else "residence")
    siens = table.loc[table[lieu.coupe] == lieu.code, "code" if lieu.coupe == "commune" else "quartier"]
    dites, _ = cotes_quartiers.read(cle)
    return dites[dites["quartier"].isin(siens) & dites["cible"].notna()]


def draw(choisi: Perimetre, lieu: FicheDeLieu, fiche: FicheLieu) -> Image | None:
    """A dot for each objective, with the objective, the whole and the séance before; None where nothing is drawn."""
    cellules = [ligne.sienne for ligne in fiche.lignes]
    objectif = donnees.objectif(*choisi.cle, EQUILIBRE)
    propres = [x["cible"] if pd.notna(x["cible"]) and not cibles.est_en_nombre(x) else None for x in cellules]
    base = pd.DataFrame(
        {
            "libelle": [ligne.titre for ligne in fiche.lignes],
            "valeur_dit": [phrases_constats.ecart_de_ligne(x) for x in cellules],
            "infobulle": [phrases_constats.detail_entier(ligne.titre, ligne.sienne) for ligne in fiche.lignes],
            "part": pd.Series([x["part"] for x in cellules], dtype=float),
            "part_dit": [f"{langue.part(x['part'])} de {langue.nombre(x['n_connus'])}" for x in cellules],
            "verdict": [phrases_constats.verdict_de(x) for x in cellules],
            "propre": pd.Series(propres, dtype=float),
            "bande": [
                float(objectif.bande) if objectif and ligne.titre == FRAGILITES_EN_TETE["moyenne"] else float("nan")
                for ligne in fiche.lignes
            ],
            "ici": pd.Series([x.ici["part"] if x.ici else None for x in fiche.lignes], dtype=float),
            "ici_dit": choisi.ici or "Métropole",
            "avant": pd.Series([x.avant["part"] if x.avant else None for x in fiche.lignes], dtype=float),
            "avant_dit": seance_dite(str(choisi.seance.precedente)),
        }
    )
    if base.empty:
        return None
    base = base.assign(bande_bas=base["propre"] - base["bande"], bande_haut=base["propre"] + base["bande"])
    return images_parts.reperes(base, nom_projete(lieu.nom), f"{lieu.nom} : part de chaque objectif")


def set_apart(choisi: Perimetre, lieu: FicheDeLieu) -> Iterator[tuple[str, str]]:
    """Of which objective far less is known there than of the whole."""
    for nom in OBJECTIFS:
        lue = donnees.couverte(*choisi.cle, nom, choisi.ici, (lieu.coupe,))
        if lue and lieu.code in lue.mal_connus:
            yield "À savoir", phrases_vues.mal_connue(MESURES[nom].titre)


def waiting(choisi: Perimetre, lieu: FicheDeLieu) -> Iterator[tuple[str, str]]:
    """Who has asked for the commune, or lives at the bailleur, for more than three years without a proposition."""
    question = QuestionSegment(*choisi.cle, choisi.ici or "", _ATTENTE)
    if _est_effacee(choisi):
        return  # said of its quartiers
    if pourquoi := connaissance(question)[0]:
        yield "Demandes", phrases_mesures.silence([titre_de(_ATTENTE)], pourquoi)
        return
    comptes = question.ask(count_par, phrases_segments.CLES_DES_LIEUX[lieu.coupe])
    yield "Demandes", phrases_segments.chez(comptes, lieu.coupe, lieu.code, titre_de(_ATTENTE), choisi.ici or "")


def promised(choisi: Perimetre, lieu: FicheDeLieu) -> Iterator[tuple[str, str]]:
    """Its part of each engagement that runs or fell due, then the decisions that come back; the first ones."""
    # The names of quartiers and résidences went with the rows.
    name = lecture_coordination.appellations if _est_effacee(choisi) else lecture_coordination.noms
    dits = promesses.say_promises(
        ecriture.journal(),
        (choisi.seance, choisi.ici),
        (lieu.coupe, lieu.code, lieu.nom),
        partial(ecran_engagements.answer, choisi=choisi),
        lecture_coordination.bilan(choisi).resultats if choisi.ici else (),
        name(choisi) if choisi.ici else {},
        choisi.bailleurs,
    )
    n = _EN_SALLE if visiteur.est_en_salle() else _PROMESSES_DITES
    if reste := len(dits[n:]):
        dits[n - 1] += f" ; et {langue.effectif(reste, 'autre')}"
    yield from zip(["Promis", *[""] * n], dits[:n], strict=False)


def to_decide(choisi: Perimetre, lieu: FicheDeLieu, a_faire: str) -> Iterator[tuple[str, str]]:
    """What the day decided of it, then what is to do: what brings it nearer (`a_faire`), and the items of 10h30 that
    are about it, or that it reported."""
    journal, ou = ecriture.journal(), (choisi.seance, choisi.ici)
    prises = promesses.find_prises(journal, ou, (lieu.coupe, lieu.code, lieu.nom))
    if prises:
        reste = f" ; et {langue.effectif(len(prises) - 1, 'autre')}" if len(prises) > 1 else ""
        yield "Décidé", f"{promesses.say_prise(prises[0])}{reste}"
    name = partial(lecture_coordination.sujet, choisi=choisi)
    points = promesses.say_points(journal, ou, lieu.coupe, lieu.code, name)
    if dits := [dit for dit in (a_faire, points) if dit]:
        yield _A_FAIRE, " ; ".join(dits)


def act(choisi: Perimetre, lieu: FicheDeLieu) -> None:
    """What it can do next, for who may: its list, its blocages, its territoire, its engagements."""
    est_sien = visiteur.profil().lieu == (lieu.coupe, lieu.code)
    lit_sa_liste = est_sien or (lieu.coupe == "commune" and visiteur.may(Action.LIRE_TOUTE_LISTE))
    liste = {"commune": lieu.code, "segment": _ATTENTE} if lieu.coupe == "commune" else {}
    signale = visiteur.may(Action.SIGNALER_BLOCAGE) and (est_sien or visiteur.may(Action.SIGNALER_POUR_AUTRUI))
    lit_le_bureau = not visiteur.est_en_salle() and (est_sien or visiteur.may(Action.LIRE_CHIFFRES_EXACTS))
    territoires = donnees.communes(*choisi.cle).set_index("commune")["territoire"].dropna().to_dict()
    bassin = {"territoire": territoires[lieu.code]} if lieu.code in territoires else {}
    for libelle, page, parametres, est_permis in (
        ("Sa liste", "mes_listes", liste, lit_sa_liste and visiteur.may(Action.LIRE_LISTES)),
        ("Ses blocages", "blocages", {}, signale),
        ("Ses préconisations", "orientations", {"vue": "preconisations", "place": lieu.code}, lit_le_bureau),
        ("Son bassin de vie", "bassins", bassin, bool(bassin)),
        ("Son engagement", "orientations", {"vue": "engagements"}, est_sien or visiteur.may(Action.ACTER_ENGAGEMENT)),
    ):
        if est_permis and st.button(libelle, key=f"suite_{parametres.get('vue', page)}"):
            choix_perimetre.forget(parametres)
            perimetre = {"seance": str(choisi.seance), "ici": choisi.ici or METROPOLE}
            st.switch_page(fichier(page), query_params={**perimetre, **parametres})
