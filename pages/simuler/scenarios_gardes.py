"""Under the answer of a scenario: its lines, as tables; those kept in the journal: name one, open another, lay two side
by side, tell the effect of each lever apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.journal import Fiche
from mel_core.seance.coordination import textes
from mel_core.secret.bail import SALLE, lease, reader
from mel_core.simulation.programmation import laissees
from mel_core.simulation.scenarios import MOTEURS, Resultat, Scenario, compare
from mel_core.simulation.scenarios.projections import ResultatConvergence
from mel_core.simulation.scenarios.registre import ENSEMBLE, INTERACTION, OBJECTIF, REJOUE, SANS_EFFET, SANS_GARDES
from mel_core.simulation.scenarios.scenario import LEVIERS
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.valeurs import Compte, Ecart
from pages.adaptateur import vivant
from pages.commun import annonces, choix_perimetre, ecriture, levier, signatures, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures import lecture_scenario
from pages.simuler import images_scenario, reglages

OBJET = "scenario"
_GARDE, _REFUS = "scenario_garde", "scenario_refuse"
_ENSEMBLES = {
    OBJECTIF: "Objectif voté, sans levier",
    ENSEMBLE: "Ensemble des leviers",
    INTERACTION: "Interaction des leviers",
}
_PROPRES = ("simulation", "nom", "auteur", "seance", "ici", "millesime", "leviers")


def gardes(choisi: Perimetre, simulation: str) -> list[Fiche]:
    """Those of this séance, perimeter and simulation that may be tried here, the oldest first."""
    lit_tout, ou = reader().lit_tout, {"seance": str(choisi.seance), "ici": choisi.ici or ""}
    tous = ecriture.journal().find_all(OBJET, **ou, simulation=simulation)
    return [f for f in tous if reglages.est_offert(simulation, f.contenu["leviers"], lit_tout=lit_tout)]


def reread(fiche: Fiche) -> Scenario:
    return Scenario.depuis({cle: fiche.contenu[cle] for cle in _PROPRES if cle in fiche.contenu})


def keep(choisi: Perimetre, resultat: Resultat) -> None:
    """Keep this scenario: a name, who signs, and whether the relevé de décisions will carry it."""
    if (volet := widgets.volet("Garder ce scénario", "garder_scenario")) is None:
        return
    with volet:
        if refus := visiteur.refus(Action.GARDER_SCENARIO):
            st.write(refus)
            return
        if not ecriture.ask_auteur():
            return
        st.text_input("Nom du scénario", key="nom_scenario", max_chars=80)
        if visiteur.may(Action.INSCRIRE_AU_RELEVE):
            if st.checkbox("L’inscrire au relevé de décisions", key="au_releve"):
                signatures.ask(choisi.seance, choisi.ici or "", OBJET)
            for fiche in gardes(choisi, resultat.scenario.simulation):
                if fiche.contenu.get("au_releve"):
                    dit = f"Retirer « {fiche.contenu['nom']} » du relevé"
                    st.button(dit, key=f"retirer_{fiche.identifiant}", on_click=_strike_out, args=(choisi, fiche))
        st.button("Garder", type="primary", key="garder", on_click=_write, args=(choisi, resultat))
        annonces.take(_GARDE, st.success)
        annonces.take(_REFUS)


def _write(choisi: Perimetre, resultat: Resultat) -> None:
    """A callback: reads the fields themselves, a click may come before the page has taken what was just typed."""
    nom, au_releve = st.session_state.get("nom_scenario", ""), bool(st.session_state.get("au_releve"))
    with ecriture.geste(_REFUS):
        auteur = ecriture.require_auteur(Action.INSCRIRE_AU_RELEVE if au_releve else Action.GARDER_SCENARIO)
        if not nom.strip():
            raise ErreurUtilisateur("Un scénario gardé porte un nom : le remplir, puis recommencer.")
        textes.refuse_personne({"Nom du scénario": nom})
        if au_releve:
            signatures.require(choisi.seance, choisi.ici or "", OBJET)
        with lease(SALLE):  # read in the room and in the relevé
            phrase, chiffres = resultat.write(), _chiffres(choisi, resultat)
        contenu = {
            **resultat.scenario.contenu(),
            "titre": reglages.TITRES[resultat.scenario.simulation],
            "chiffres": chiffres,
            "nom": nom.strip(),
            "auteur": auteur.nom,
            "phrase": phrase,
            "au_releve": au_releve,
        }
        op_id = ecriture.journal().op_id_de(OBJET, contenu)
        ecriture.save(Action.GARDER_SCENARIO, OBJET, op_id, contenu, 0, op_id)  # two clicks keep one
        st.session_state[_GARDE] = f"Scénario « {nom.strip()} » gardé au journal."


def _chiffres(choisi: Perimetre, resultat: Resultat) -> list[tuple[str, str, str]]:
    """What each figure is called, its constat, and with the scenario, as a room reads them; none of what it may not
    try."""
    scenario = resultat.scenario
    if not reglages.est_offert(scenario.simulation, scenario.leviers, lit_tout=False):
        return []
    constat, synthese = lecture_scenario.chiffres(choisi, resultat)
    dire = images_scenario.chiffre
    return [(images_scenario.nom(c), dire(c, constat[c]), dire(c, synthese[c])) for c in constat if c in synthese]


def _strike_out(choisi: Perimetre, fiche: Fiche) -> None:
    """The scenario stays in the journal; the relevé no longer carries it."""
    with ecriture.geste(_REFUS):
        signatures.require(choisi.seance, choisi.ici or "", OBJET)
        contenu, op_id = {**fiche.contenu, "au_releve": False}, ecriture.journal().op_id_de("retrait", fiche.op_id)
        ecriture.save(Action.INSCRIRE_AU_RELEVE, OBJET, fiche.identifiant, contenu, fiche.version, op_id)
        st.session_state[_GARDE] = f"Scénario « {fiche.contenu['nom']} » retiré du relevé."


def show(choisi: Perimetre, resultat: Resultat, reposer: reglages.Reposer) -> None:
    """Below the answer, one at a time: its lines, the effect of each lever, another
    scenario beside this one. A step of a slider draws nothing else.
    """
    volets: dict[str, Callable[[], None]] = {
        **tableaux(choisi, resultat),
        **({"Effet de chaque levier": partial(_effets, choisi, resultat)} if reader().lit_tout else {}),
        "Comparer avec un scénario gardé": partial(_compare, choisi, resultat, reposer),
    }
    ouvert = choix_perimetre.facultative(
        "Détail", f"volet_{resultat.scenario.simulation}", list(volets), label_visibility="collapsed"
    )
    if ouvert:
        volets[ouvert]()


def _effets(choisi: Perimetre, resultat: Resultat) -> None:
    """Each lever alone from the constat, the objective in force holding for the others; what they do only together."""
    scenario = resultat.scenario
    if all(nom in MOTEURS[scenario.simulation].lus for nom in scenario.leviers):
        st.write(SANS_EFFET)
        return
    effets = lecture_scenario.effets(scenario)
    titres = {nom: levier.titre for nom, levier in LEVIERS[scenario.simulation].items()} | _ENSEMBLES
    bouge = effets.groupby("chiffre")["effet"].transform(lambda e: e.fillna(0).abs().sum() > 0)
    vus = effets[bouge]
    if vus.empty:
        st.write(SANS_EFFET)
        return
    dits = vus.assign(
        Levier=vus["levier"].map(titres),
        Chiffre=vus["chiffre"].map(images_scenario.nom),
        dit=[_ecart_dit(x.chiffre, x.effet) for x in vus.itertuples()],
    )
    table = dits.pivot(index="Levier", columns="Chiffre", values="dit")
    ordre = [titres[nom] for nom in dict.fromkeys(vus["levier"])]
    widgets.grille(
        table.loc[ordre, list(dict.fromkeys(dits["Chiffre"]))].reset_index(),
        {},
        "Effet de chaque levier, par rapport au constat",
    )


def _ecart_dit(cle: str, effet: float) -> str:
    if effet != effet:
        return langue.ABSENT
    if cle.startswith(("part", "ecart")):
        return langue.points(100 * reader().projetee(effet))
    dit = lecture_scenario.render(cle, abs(effet), 0)
    if isinstance(dit, Compte):
        return str(Ecart(dit, Compte(0)) if effet > 0 else Ecart(Compte(0), dit))
    return langue.signe(dit if effet > 0 else -dit, 0 if float(dit).is_integer() else 1)


def _compare(choisi: Perimetre, resultat: Resultat, reposer: reglages.Reposer) -> None:
    fiches = gardes(choisi, resultat.scenario.simulation)
    if not fiches:
        st.write(SANS_GARDES)
        return
    noms = {f.identifiant: f"{f.contenu['nom']} ({f.contenu['auteur']}, {langue.instant(f.instant)})" for f in fiches}
    cle = f"compare_{resultat.scenario.simulation}"
    if cle not in st.session_state and cle not in st.query_params:
        st.session_state[cle] = list(noms)[-1:]
    autres = choix_perimetre.plusieurs("Scénarios gardés, deux au plus", cle, noms, "aucun", au_plus=2)
    if not autres:
        st.query_params[cle] = ""  # none is a choice: a link opens on none
        return
    lus = {str(f.contenu["nom"]): reread(f) for f in fiches if f.identifiant in autres}
    if any(lu.millesime != choisi.instantane.identifiant for lu in lus.values()):
        annonces.note(REJOUE)
    tous = {"Ce scénario": resultat} | {
        nom: lecture_scenario.resultat(lecture_scenario.nouveau(choisi, lu.simulation, dict(lu.leviers)))
        for nom, lu in lus.items()
    }
    # It is one constat: where one of them covers longer, its head says how long the constat does.
    tete = next((r for r in tous.values() if any(r.durees)), resultat).heads("Constat", "")[0]
    dits = {nom: lecture_scenario.chiffres(choisi, r)[1] for nom, r in tous.items()}
    colonnes = {tete: lecture_scenario.chiffres(choisi, resultat)[0]}
    colonnes |= {r.heads("", nom)[1]: dits[nom] for nom, r in tous.items()}
    cles = [c for c in resultat.synthese if c in colonnes[tete]]
    if (image := images_scenario.cote_a_cote(colonnes, cles)) is not None:
        vivant.draw(image)
    table = pd.DataFrame({"Chiffre": [images_scenario.nom(c) for c in cles]})
    for titre, siens in colonnes.items():
        table[titre] = [images_scenario.chiffre(c, siens.get(c)) for c in cles]
    if len(lus) == 1:
        ecarts = compare(resultat, list(tous.values())[1]).set_index("chiffre")["ecart"]
        table["Écart"] = [_ecart_dit(c, ecarts[c]) for c in cles]
    for nom in lus:
        st.html(levier.en_html(tous[nom].say(), "compare"))
    widgets.grille(table, {}, "Scénarios côte à côte")
    for rang, (nom, lu) in enumerate(lus.items()):
        st.button(
            f"Reprendre « {nom} »",
            key=f"reprendre_{rang}",
            on_click=reglages.place,
            args=(lu.simulation, dict(lu.leviers), reposer),
        )


_INDICATEURS = {"equilibre": "Ménages modestes", "aci": "Ménages ACI"}


def tableaux(choisi: Perimetre, resultat: Resultat) -> dict[str, Callable[[], None]]:
    """How to draw each table of an answer, by the title of its tab; a room has none by place."""
    traces: dict[str, Callable[[], None]] = {}
    if isinstance(resultat, ResultatConvergence) and not resultat.details["ecarts"].empty:
        traces["Par semestre"] = partial(_par_semestre, resultat)
    if resultat.scenario.simulation == "programmation" and not resultat.resultat.empty:
        traces["Par opération"] = partial(_par_operation, resultat.resultat)
    if not reader().lit_tout:
        return traces
    for cle in ("commune", "bailleur"):
        lignes = resultat.details.get(cle, pd.DataFrame())
        if "indicateur" in lignes:  # a plan answers for each of its indicators, which never add up
            for code, siennes in lignes.groupby("indicateur", sort=False):
                traces[f"{_INDICATEURS[code]}, par {cle}"] = partial(_par_lieu, choisi, siennes, cle)
        elif not lignes.empty:
            traces[f"Par {cle}"] = partial(_par_lieu, choisi, lignes, cle)
    if "objectifs" in resultat.details:
        nommes = images_scenario.noms(choisi)
        traces["Objectif par objectif"] = partial(_objectifs, resultat.details["objectifs"], nommes)
    return traces


def _par_semestre(resultat: ResultatConvergence) -> None:
    """Of a convergence, semester by semester: each class with its band, then the gap."""
    decimales = int(reader().lit_tout)
    connus = resultat.resultat[resultat.resultat["fragilite"].isin(resultat.classes_dites())]
    dites = [
        f"{langue.part(x.part)} ({langue.nombre(100 * x.part_min, decimales)} à "
        f"{langue.nombre(100 * x.part_max, decimales)})"
        for x in reader().projetees(connus).itertuples()
    ]
    par_classe = connus.assign(dit=dites).pivot(index="semestre", columns="fragilite", values="dit")
    lignes = par_classe.rename(columns=FRAGILITES_EN_TETE).reset_index().rename(columns={"semestre": "Semestre"})
    ecarts = reader().projetees(resultat.details["ecarts"]).set_index("semestre")
    for titre, colonne in (("Écart", "ecart"), ("Écart, au moins", "ecart_min"), ("Écart, au plus", "ecart_max")):
        lignes[titre] = [langue.points(100 * v) for v in ecarts[colonne].reindex(lignes["Semestre"])]
    widgets.grille(lignes, {}, "Part de ménages modestes par semestre", est_emporte=True)


def _par_operation(programmees: pd.DataFrame) -> None:
    """Every operation, before and after."""
    annonces.note(laissees(programmees))
    lignes = pd.DataFrame(
        {
            "Opération": programmees["nom"].fillna(programmees["operation"]),
            "Commune": programmees["nom_commune"],
            "Année": programmees["annee"].astype(str),
            "NPRU": ["oui" if x else "non" for x in programmees["npru"]],
            "Logements": programmees["n_logements"],
            "PLS": programmees["n_pls"],
            "PLUS": programmees["n_plus"],
            "PLAI": programmees["n_plai"],
            "Part de PLAI": programmees["part"],
            "PLUS visés": programmees["n_plus_vise"],
            "PLAI visés": programmees["n_plai_vise"],
            "Part visée": programmees["part_visee"],
        }
    )
    entiers = ["Logements", "PLS", "PLUS", "PLAI", "PLUS visés", "PLAI visés"]
    lues = lignes.astype(dict.fromkeys(entiers, "Float64"))
    widgets.grille(lues, {}, "Programmation par opération", est_emporte=True)


def _par_lieu(choisi: Perimetre, lues: pd.DataFrame, cle: str) -> None:
    lignes = images_scenario.name(choisi, lues, cle)
    table = pd.DataFrame(
        {
            cle.capitalize(): lignes["nom"],
            "Attendues et connues": lignes["n_connus"],
            "À réorienter": lignes["a_reorienter"],
            "En moins": lignes["n_en_moins"],
            "En plus": lignes["n_en_plus"],
            "Part": lignes["part"],
            "Part visée": lignes["part_visee"],
        }
    )
    widgets.grille(table, {}, f"À réorienter par {cle}", est_emporte=True)


def _objectifs(objectifs: pd.DataFrame, noms: Mapping[str, str]) -> None:
    """Every target of a plan: where, on how many, what it asks, before and after, what is short of it."""
    n = objectifs["n"]
    table = pd.DataFrame(
        {
            "Objectif": objectifs["indicateur"].map(_INDICATEURS),
            "Où": [_ou(x.commune, x.bailleur, x.fragilite, noms) for x in objectifs.itertuples()],
            "Visé": [_vise(x.plancher, x.plafond) for x in objectifs.itertuples()],
            "Attendues et connues": objectifs["n"],
            "Constat": objectifs["numerateur"] / n,
            "Avec le plan": objectifs["numerateur_vise"] / n,
            "Ménages manquants": objectifs["manque"],
        }
    )
    widgets.grille(
        table, dict.fromkeys(("Constat", "Avec le plan"), langue.part), "Objectifs du plan", est_emporte=True
    )


def _ou(commune: str, bailleur: str, fragilite: str, noms: Mapping[str, str]) -> str:
    termes = [noms.get(code, code) for code in (commune, bailleur) if code]
    return ", ".join([*termes, *([FRAGILITES_EN_TETE.get(fragilite, fragilite)] if fragilite else [])]) or "Ensemble"


def _vise(plancher: float, plafond: float) -> str:
    if pd.isna(plancher):
        return f"au plus {langue.part(plafond)}"
    return (
        f"au moins {langue.part(plancher)}"
        if pd.isna(plafond)
        else f"de {langue.part(plancher)} à {langue.part(plafond)}"
    )
