"""« Acter cet engagement »: how it is shared out, a line per commune and per bailleur, a whole number each; then what
is on screen goes to the journal, signed, with its frozen list; once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.droits.actions import Action
from mel_core.journal import Fiche
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.engagements.engagement_pris import LIBRE, OBJET, Engagement, act, echeance_de, say_acte
from mel_core.seance.verdict import PAR_LE_FLUX
from mel_core.secret.bail import reader
from mel_core.segments import SegmentLibre
from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement
from mel_core.simulation.engagement.phrases_engagement import between, empechement
from mel_core.simulation.engagement.situation import Situation
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES, TYPOLOGIES_EN_TETE
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import annonces, donnees, ecriture, signatures, visiteur, widgets
from pages.commun.segments import lecture_orientations
from pages.commun.segments.lecture_orientations import QuestionSegment

_AUTRES_NOMS = TYPOLOGIES_EN_TETE | {"inconnu": "Non renseigné", "hors_mel": "Hors de la MEL"}
TITRES = {"commune": "Commune", "bailleur": "Bailleur"}
ILLISIBLE = -1  # what an emptied cell is worth: refused, never read as 0


@dataclass(frozen=True)
class Repartition:
    """Households by commune and by bailleur. `refus`: why it is not an engagement (empty: it is one). `est_ajustee`:
    not in proportion to the flow any more. `par_cellule`: by both at once, where it is decided so.
    """

    par_commune: Mapping[str, int] = field(default_factory=dict)
    par_bailleur: Mapping[str, int] = field(default_factory=dict)
    refus: str = ""
    est_ajustee: bool = False
    par_cellule: Mapping[str, int] = field(default_factory=dict)


def noms_des_lieux(question: QuestionSegment, cle: str) -> dict[str, str]:
    """Code → name, of the communes or of the bailleurs."""
    return donnees.noms(question.identifiant, question.seance, cle)


def noms_de(question: QuestionSegment, cle: str) -> dict[str, str]:
    """Names of the codes of `cle`."""
    if cle.startswith("commune"):
        return noms_des_lieux(question, "commune") | _AUTRES_NOMS
    if cle == "bailleur":
        return noms_des_lieux(question, cle) | {"inconnu": "Hors parc social"}
    return RESSOURCES if cle == "ressources" else _AUTRES_NOMS


def noms_croises(question: QuestionSegment, codes: Iterable[str]) -> dict[str, str]:
    """The names of crossings: `Roubaix × Bailleur B1`."""
    noms = noms_des_lieux(question, "commune") | noms_des_lieux(question, "bailleur")
    return {code: " × ".join(noms.get(c, c) for c in code.split()) for code in codes}


def _deja_partage(nombre: int, deja: Engagement | None) -> dict[str, dict[str, int]]:
    """By commune and by bailleur as acted, while the number is the same; empty when it is not."""
    if deja is not None and deja.nombre == nombre and deja.par_commune and deja.par_bailleur:
        return {"commune": dict(deja.par_commune), "bailleur": dict(deja.par_bailleur)}
    return {}


def as_shared(question: QuestionSegment, nombre: int, deja: Engagement | None) -> Repartition:
    """What a room acts, and does not see: who is asked what is said in the relevé."""
    parts = _deja_partage(nombre, deja) or lecture_orientations.prorata(question, nombre)
    return Repartition(parts["commune"], parts["bailleur"], par_cellule=_deja_croise(nombre, deja))


def _deja_croise(nombre: int, deja: Engagement | None) -> Mapping[str, int]:
    return deja.par_cellule if deja is not None and deja.nombre == nombre else {}


def fit(question: QuestionSegment, cellules: pd.DataFrame, nombre: int, deja: Engagement | None) -> Repartition:
    """In proportion to the flow, or as acted while the number is the same; and two tables to adjust it, once unfolded.
    `cellules`: see `calcul_engagement.forecast`."""
    prorata = lecture_orientations.prorata(question, nombre)
    depart = _deja_partage(nombre, deja) or prorata
    cles = {cle: _cle(question, cle, nombre, depart[cle]) for cle in calcul_engagement.LIEUX}
    titre = f"Répartir {langue.effectif(nombre, 'ménage')} par commune et par bailleur"
    # Folded again, what was typed still counts.
    place = widgets.unfold(titre, "repartition", est_tenu=any(c in st.session_state for c in cles.values()))
    croise, titre = _deja_croise(nombre, deja), "Commune par commune chez chaque bailleur"
    if place.checkbox(titre, bool(croise), key="repartition_croisee") if place else croise:
        croisee = _cross(cellules, nombre, croise)
        if place:
            lues = pd.Series(croisee.par_cellule, name="Ménages").rename(noms_croises(question, croisee.par_cellule))
            place.table(lues.sort_values(ascending=False, kind="stable").to_frame())
        return croisee
    lus, refus = dict(depart), []
    colonnes = place.columns(2, gap="medium") if place else [None] * len(cles)
    for cle, colonne in zip(cles, colonnes, strict=True):
        noms, attendues = noms_des_lieux(question, cle), calcul_engagement.forecast(cellules, cle)
        if colonne:
            lus[cle] = _type_in(colonne, cles[cle], cle, depart[cle], attendues, noms)
        refuse = calcul_engagement.refuse(lus[cle], attendues, nombre, cle, noms)
        refus += [refuse] if refuse else []
        if colonne:
            colonne.html(f'<p class="somme" role="status">{escape(_somme(lus[cle], nombre, refuse))}</p>')
    if not refus:
        ensemble = calcul_engagement.refuse_ensemble(cellules, lus["commune"], lus["bailleur"], nombre)
        refus += [ensemble] if ensemble else []
        if ensemble and place:
            place.html(f'<p class="somme" role="alert">{escape(ensemble)}</p>')
    utiles = {cle: {code: n for code, n in lieux.items() if n} for cle, lieux in lus.items()}
    return Repartition(utiles["commune"], utiles["bailleur"], refus[0] if refus else "", utiles != prorata)


def _cross(cellules: pd.DataFrame, nombre: int, deja: Mapping[str, int]) -> Repartition:
    """By commune and bailleur at once, in proportion to the flow of each crossing, or as acted (`deja`): what each
    commune and each bailleur is asked is the sum."""
    servis = calcul_engagement.distribute(cellules, nombre)
    lus = dict(deja) or {f"{x.commune} {x.bailleur}": int(x.a_servir) for x in servis.itertuples() if x.a_servir}
    sommes: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for code, n in lus.items():
        for somme, lieu in zip(sommes, code.split(), strict=True):
            somme[lieu] += n
    return Repartition(dict(sommes[0]), dict(sommes[1]), par_cellule=lus)


def _cle(question: QuestionSegment, cle: str, nombre: int, depart: Mapping[str, int]) -> str:
    """Of a table: another number, or another share of it, is another table."""
    quoi = (cle, question.nom, question.ici, question.seance, nombre, hash(tuple(depart.items())))
    return "_".join(map(str, ("repartition", *quoi)))


def _type_in(
    ou: DeltaGenerator,
    saisie_de: str,
    cle: str,
    depart: Mapping[str, int],
    attendues: Mapping[str, int],
    noms: Mapping[str, str],
) -> dict[str, int]:
    """The table of one key; the households by code, as read on the server whatever the browser allowed."""
    codes = list(attendues)
    table = pd.DataFrame(
        {
            TITRES[cle]: [noms.get(c, c) for c in codes],
            "Ménages": [depart.get(c, 0) for c in codes],
            "Attendues": [langue.nombre(attendues[c]) for c in codes],
        }
    )
    saisie = ou.data_editor(
        table,
        hide_index=True,
        width="stretch",
        height=min(260, 37 * (len(codes) + 1)),
        disabled=[TITRES[cle], "Attendues"],
        num_rows="fixed",
        column_config={
            TITRES[cle]: st.column_config.TextColumn(width=140),
            "Ménages": st.column_config.NumberColumn(min_value=0, step=1, format="%d", required=True, width=85),
            "Attendues": st.column_config.TextColumn(help="Attributions attendues en six mois", width=102),
        },
        key=saisie_de,
    )
    valeurs = list(saisie["Ménages"])
    if len(valeurs) != len(codes):
        return dict.fromkeys(codes, ILLISIBLE)
    return dict(zip(codes, (_entier(v) for v in valeurs), strict=True))


def _somme(lieux: Mapping[str, int], nombre: int, refuse: str | None) -> str:
    """`Somme : 260 sur 264, en ajouter 4`; or the sum, then why a line of it may not be."""
    somme = sum(n for n in lieux.values() if n != ILLISIBLE)
    dit = f"Somme : {langue.nombre(somme)} sur {langue.nombre(nombre)}"
    if refuse is None:
        return dit
    if not refuse.startswith("La somme"):
        return f"{dit}. {refuse}"
    return f"{dit}, en {'retirer' if somme > nombre else 'ajouter'} {langue.nombre(abs(somme - nombre))}"


def _entier(valeur: object) -> int:
    if isinstance(valeur, (int, float)) and not pd.isna(valeur) and valeur == int(valeur) and valeur >= 0:
        return int(valeur)
    return ILLISIBLE


def read(question: QuestionSegment) -> Fiche | None:
    """What the journal says of this segment, erased or not: a page asks it once, and all it says is of that version."""
    return ecriture.journal().read(OBJET, identifiant_de(question))


def acte_de(fiche: Fiche | None) -> Engagement | None:
    """What was acted, if anything."""
    return None if fiche is None or fiche.effacee else Engagement.depuis(fiche)


def offer(
    question: QuestionSegment, scenario: ScenarioEngagement, repartition: Repartition, fiche: Fiche | None, empeche: str
) -> None:
    """The button that opens the signature, for who may act; shut, with its reason beside it, while there is nothing to
    act (`empeche`: see `explain_refus`). `fiche`: see `read`."""
    if not visiteur.may(Action.ACTER_ENGAGEMENT):
        return
    if empeche:
        st.button("Acter" if fiche is None else "Modifier", key="acter_ferme", disabled=True, width="stretch")
        return
    menages = langue.effectif(scenario.servis, "ménage")
    with st.popover(
        f"Acter {menages}" if fiche is None else f"Modifier : {menages}", key="acter_menu", width="stretch"
    ):
        seance, identifiant = Seance.read(question.seance), identifiant_de(question)
        suite = "ajustés en séance" if repartition.est_ajustee else "répartis selon le flux attendu"
        dits = [f"**{menages}** d’ici le {langue.jour(echeance_de(seance))}, {suite}"]
        if reader().lit_tout:
            partages = {"commune": repartition.par_commune, "bailleur": repartition.par_bailleur}
            dits = [f"{dits[0]} :", *(premiers(question, lieux, cle) for cle, lieux in partages.items())]
        st.markdown("  \n".join(dits))
        if scenario.servis <= between(scenario.n_observes)[0]:
            st.markdown(PAR_LE_FLUX)
        if ecriture.ask_auteur() and signatures.ask(seance, question.ici, identifiant, est_repris=True):
            acte = (_act, question, scenario, repartition, fiche.version if fiche else 0)
            ecriture.bouton(f"Acter, signé {ecriture.auteur().nom}", "acter", *acte, type="primary")


def explain_refus(
    situation: Situation, scenario: ScenarioEngagement, repartition: Repartition, acte: Engagement | None
) -> str:
    """Why this is not to be acted, in one sentence; empty when it may be. `acte`: what was."""
    r, a = repartition, acte
    voulu = (scenario.servis, r.par_commune, r.par_bailleur, r.par_cellule)
    est_deja_acte = a is not None and (a.nombre, a.par_commune, a.par_bailleur, a.par_cellule) == voulu
    return empechement(situation, scenario, repartition.refus, est_deja_acte=est_deja_acte)


def remind(fiche: Fiche | None) -> None:
    """What was acted already, and why this could not be."""
    annonces.note(st.session_state.pop("refus_engagement", ""), "acte", "alert")
    if fiche and not fiche.effacee:
        annonces.note(say_acte(fiche), "acte", "status")


def premiers(question: QuestionSegment, servis: Mapping[str, int], cle: str, combien: int = 5) -> str:
    """`Lille 20, Roubaix 12 et 14 autres`."""
    noms = noms_des_lieux(question, cle)
    rangees = sorted(((code, n) for code, n in servis.items() if n), key=lambda x: (-x[1], x[0]))
    dits = [f"{noms.get(code, code)}{langue.INSECABLE}{langue.nombre(n)}" for code, n in rangees[:combien]]
    reste = len(rangees) - len(dits)
    return langue.liste([*dits, *([langue.effectif(reste, "autre")] if reste else [])])


def identifiant_de(question: QuestionSegment) -> str:
    """One engagement for a segment with its steps, in a séance and an ICI: changing it makes another version."""
    q = question
    return engagements.identifiant_de(ecriture.journal(), Seance.read(q.seance), q.ici, q.nom, q.criteres, q.libre)


def _act(question: QuestionSegment, scenario: ScenarioEngagement, repartition: Repartition, version: int) -> None:
    """Runs before the screen is drawn again. The server checks everything anew: profile, author, count, list, sums."""
    perime = (
        "Quelqu’un vient d’acter un autre engagement, affiché ici : le vôtre reste à l’écran, « Modifier » le "
        "remplacera."
    )
    with ecriture.geste("refus_engagement", perime):
        auteur = ecriture.require_auteur(Action.ACTER_ENGAGEMENT)
        seance, identifiant = Seance.read(question.seance), identifiant_de(question)
        signatures.require(seance, question.ici, identifiant, est_repris=True)
        cohorte, situation = lecture_orientations.pin(question), lecture_orientations.read_situation(question)
        flux = situation.flux
        if scenario.servis > min(flux, len(cohorte)):  # what is read may be rounded up
            raise ErreurUtilisateur("Cet engagement dépasse de peu ce qui est possible : le réduire, puis acter.")
        engagement = Engagement(
            segment=LIBRE if question.nom == lecture_orientations.LIBRE else question.nom,
            criteres=question.criteres,
            seance=seance,
            ici=question.ici,
            nombre=scenario.servis,
            flux=flux,
            effectif=len(cohorte),
            echeance=echeance_de(seance),
            millesime=question.identifiant,
            part=scenario.part,
            par_commune=repartition.par_commune,
            par_bailleur=repartition.par_bailleur,
            par_cellule=repartition.par_cellule,
            libre=question.quoi if isinstance(question.quoi, SegmentLibre) else None,
            deja=situation.n_observes_attendus if situation.est_observe else None,
        )
        r = repartition
        parts = [sorted(p.items()) for p in (r.par_commune, r.par_bailleur, r.par_cellule)]
        op_id = ecriture.journal().op_id_de(
            identifiant, version, scenario.servis, str(scenario.part), str(parts), auteur.nom
        )
        act(
            ecriture.journal(), donnees.entrepot().dossier, engagement, cohorte, auteur,
            identifiant=identifiant, op_id=op_id, version_vue=version,
        )  # fmt: skip
