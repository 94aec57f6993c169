"""Going down from the bilan: a commune and its quartiers, a quartier and its résidences, and back.

By a click on the map or on a mark, or by the list, which keys reach too. What is on screen is kept in the address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from mel_core.contrat.contours import Publies
from mel_core.indicateurs import phrases_constats, phrases_vues
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import INCONNUS
from mel_core.socle.valeurs import MANQUE, TROP
from pages.adaptateur import cartes, vivant
from pages.commun import annonces, choix_perimetre, donnees, visiteur, widgets
from pages.commun.images import carte_quartiers, couleurs, images_mesures
from pages.commun.images import lignes as dessins
from pages.commun.images.cartes import Carte
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import Cle, by_volume, par_ligne, sans_commune
from pages.commun.mesures.lecture_mesures import LectureMesure
from pages.seance.bilan import cotes_quartiers, tableaux_mesures

_LONGUEUR_DITE = 60  # signs of what a wrong link asks
_LIEU = "lieu"
_REFUSE = "lieu_refuse"  # of the session: the place that a link asked of an ICI that it is not of, and that ICI
FICHE = "fiche"  # of the address, and of the session: the place whose card is open
_CARTE_PX, _CARTE_SALLE_PX = (540, 340), (1100, 340)


@dataclass(frozen=True)
class Lieu:
    """A commune, or a quartier of it; `nom`: as it is read."""

    commune: str
    quartier: str
    nom_commune: str
    nom: str

    @property
    def enfants(self) -> str:
        """What it is made of."""
        return "residence" if self.quartier else "quartier"


def read_lieu(cle: Cle) -> Lieu | None:
    """Where the screen has gone down to; none: the whole perimeter. A link to a place that is not there says so, until
    one goes elsewhere; an ICI that is changed for another goes back up."""
    communes = cle.communes
    lieux = donnees.lieux(*cle.ou, "quartier").set_index("code")
    est_du_lien = _LIEU not in st.session_state
    code = st.session_state.setdefault(_LIEU, st.query_params.get(_LIEU, ""))
    quartier = code if code in lieux.index and lieux["commune"].get(code) in communes else ""
    commune = str(lieux["commune"][quartier]) if quartier else code if code in communes else ""
    if code and not commune:
        if est_du_lien:
            st.session_state[_REFUSE] = code, cle.ici
        st.session_state[_LIEU] = code = ""
    refusee, ou = st.session_state.get(_REFUSE, ("", ""))
    if refusee and ou == cle.ici:
        refuse(cle.ou, refusee)
    else:
        _write(code)
    if not commune:
        return None
    dit = lieux["nom"].get(quartier) if quartier else communes[commune]
    return Lieu(commune, quartier, communes[commune], sans_commune(dit, communes[commune]) or quartier)


def refuse(cle: tuple[str, str], code: str, vers: Callable[[str, str | None], None] | None = None) -> None:
    """What a link to a place that is not in the scope says: of which ICI it is, and the way there (`vers`: `go`, or
    `go_fiche`). `cle`: the snapshot and the séance."""
    lieux = donnees.lieux(*cle, "quartier").set_index("code")
    noms = donnees.communes(*cle).set_index("commune")["nom"]
    nom, ici = lieux["nom"].get(code, noms.get(code)), _ici_de(cle, lieux["commune"].get(code, code))
    dit = nom if isinstance(nom, str) else "" if code.isdigit() else code[:_LONGUEUR_DITE]
    if visiteur.est_en_salle():  # under its message: the strip says it, « ? » has every place
        choix_perimetre.say_inconnue(dit or code)
        return
    lieu = f"Le lieu « {escape(dit)} »" if dit else "Le lieu que demande le lien"
    suite = f", il est de {langue.ici(ici)}." if ici else " : en choisir un dans la liste, ou changer d’ICI."
    with st.container(horizontal=True, key="refus_du_lien", vertical_alignment="center"):
        st.html(langue.typeset(f'<p class="refus" role="alert">{lieu} n’est pas dans ce périmètre{suite}</p>'))
        if ici:
            st.button(
                f"Ouvrir {dit} dans {langue.ici(ici)}", key="suivre_le_lien", on_click=vers or go, args=(code, ici)
            )


def _ici_de(cle: tuple[str, str], commune: str) -> str:
    """The ICI of a commune; empty where none is told."""
    ici = donnees.communes(*cle).set_index("commune")["ici"].get(commune)
    return ici if isinstance(ici, str) else ""


def choose(cle: Cle, lieu: Lieu | None) -> None:
    """The list that leads to a commune and back, which keys reach too."""
    _list("commune", dict(sorted(cle.communes.items(), key=lambda x: x[1])), lieu.commune if lieu else None)


def _list(quoi: str, noms: dict[str, str], choisi: str | None = None) -> None:
    """The way down of whoever has no pointer. It shows where the screen is, whichever way it was reached."""
    dit = f"{'un' if quoi == 'quartier' else 'une'} {quoi}"
    st.selectbox(
        f"Descendre dans {dit}",
        list(noms),
        index=list(noms).index(choisi) if choisi in noms else None,
        format_func=noms.__getitem__,
        placeholder=f"{dit.capitalize()}…",
        label_visibility="collapsed",
        filter_mode="contains",
        **choix_perimetre.montre(f"{quoi}_descente", choisi, lambda code: go(code or "")),
    )


def go(code: str, ici: str | None = None) -> None:
    """To this commune or quartier; to the whole perimeter when it is empty. `ici`: to that of another ICI."""
    st.session_state.pop(_REFUSE, None)
    if ici:
        st.session_state["ici"] = ici
    st.session_state[_LIEU] = code
    st.query_params.pop(FICHE, None)
    _write(code)


def go_fiche(code: str, ici: str | None = None) -> None:
    """To the card of this commune or bailleur, which is of every measure; back to the bilan when it is empty. `ici`: to
    that of another ICI."""
    if ici:
        st.session_state["ici"] = ici
    st.session_state[FICHE] = code
    if code:
        st.query_params[FICHE] = code
    else:
        st.query_params.pop(FICHE, None)


def _write(code: str) -> None:
    if code:
        st.query_params[_LIEU] = code
    else:
        st.query_params.pop(_LIEU, None)


def say(cle: Cle, lieu: Lieu) -> str:
    """The finding of the place."""
    coupe, code = ("quartier", lieu.quartier) if lieu.quartier else ("commune", lieu.commune)
    siennes = cle.dites(coupe, *cle.mesure.classe)
    siennes = siennes[siennes[coupe] == code]
    ou = f"le quartier {lieu.nom}" if lieu.quartier else f"la commune {langue.de_la_commune(lieu.nom)}"
    if siennes.empty:
        return phrases_vues.aucune_attribution(f"Dans {ou}")
    if cle.mesure.classe:
        entiere = cle.dites(coupe)
        (sienne,) = par_ligne(entiere[entiere[coupe] == code])
        if siennes["part"].isna().all() and sienne["cote"]:  # of no class a share is said: the side of all of them is
            return f"Dans {ou}, équilibre 50/50 {phrases_constats.situation(sienne)}."
        return phrases_constats.constat_equilibre(ou, siennes, cle.bande)
    return phrases_constats.constat_aci(ou, siennes.iloc[0], est_vise=not (lieu.quartier and cle.objectif))


def read(cle: Cle, lieu: Lieu) -> pd.DataFrame:
    """What the place is made of, farthest from its objective first, then most attributions: the columns of the
    contract, `code`, `nom`, `infobulle`."""
    noms = donnees.lieux(*cle.ou, lieu.enfants).set_index("code")
    if lieu.quartier:
        tous = cle.dites("quartier", "residence")
        siens = tous[tous["quartier"] == lieu.quartier]
    else:
        tous = cle.dites("quartier")
        siens = tous[tous["quartier"].map(noms["commune"]) == lieu.commune]
    siens = by_volume(siens, lieu.enfants)
    tailles = siens.assign(taille=[-phrases_constats.ecart_de(x).taille for x in par_ligne(siens)])
    siens = siens.loc[tailles.sort_values("taille", kind="stable").index].reset_index(drop=True)
    connus = {code: sans_commune(nom, lieu.nom_commune) or code for code, nom in noms["nom"].items()}
    dits = [connus.get(code, INCONNUS[lieu.enfants] if code == "inconnu" else code) for code in siens[lieu.enfants]]
    infobulles = [phrases_constats.detail_entier(nom, x) for nom, x in zip(dits, par_ligne(siens), strict=True)]
    return siens.assign(code=siens[lieu.enfants], nom=dits, infobulle=infobulles)


def image(lecture: LectureMesure, lieu: Lieu, enfants: pd.DataFrame) -> Image | None:
    """The gap of each as a length in attributions, or its share where none has an objective; the first ones. None when
    nothing of them is said. Of the résidences that a room reads, the attributions alone."""
    vus = enfants.head(images_mesures.LIGNES_DESSINEES)
    if lieu.quartier and not reader().lit_tout and vus["part"].isna().all():
        return _attributions(lieu, vus)
    return _ecarts(lieu, vus) if vus["cible"].notna().any() else _parts(lecture, lieu, vus)


def _lignes(vus: pd.DataFrame, dits: list[str], **marques: Any) -> pd.DataFrame:
    """Places as a chart reads them, each with what is said of it."""
    return vus[["code", "infobulle"]].assign(libelle=vus["nom"], valeur_dit=dits, **marques)


def _attributions(lieu: Lieu, vus: pd.DataFrame) -> Image | None:
    """How many each had; none where even that is not said of a single one."""
    comptes = vus["n"].astype(float)
    if not comptes.gt(0).any():
        return None
    dits = [langue.nombre(n) for n in vus["n"]]
    bulles = [f"{nom} : {langue.effectif(n, 'attribution')}" for nom, n in zip(vus["nom"], vus["n"], strict=True)]
    lignes = _lignes(vus, dits, effectif=comptes.fillna(0)).assign(infobulle=bulles)
    titre = f"{lieu.nom} : attributions de chaque résidence"
    return dessins.effectifs(lignes, "attributions", titre)


def _parts(lecture: LectureMesure, lieu: Lieu, vus: pd.DataFrame) -> Image | None:
    """Shares against that of the commune."""
    vus = vus.assign(ligne=vus["code"])[vus["part"].notna() & vus["n_connus"].gt(0)].reset_index(drop=True)
    communes = lecture.cle.dites("commune")
    sienne = communes[communes["commune"] == lieu.commune]
    if vus.empty or sienne.empty:
        return None
    return images_mesures.parts(replace(lecture, ensemble=sienne), vus, ou=lieu.nom_commune)


def _quoi(lieu: Lieu) -> str:
    return "résidence" if lieu.quartier else "quartier"


def _ecarts(lieu: Lieu, vus: pd.DataFrame) -> Image:
    longueurs = {
        sens: pd.Series([float(n.dit or 0) for n in vus[f"ecart_{sens}"]], dtype=float) for sens in (TROP, MANQUE)
    }
    rangees = par_ligne(vus)
    dits = images_mesures.sans_redite(rangees, [phrases_constats.ecart_de_ligne(x) for x in rangees])
    lignes = _lignes(vus, dits, **longueurs)
    titre = f"{lieu.nom} : écart de chaque {_quoi(lieu)} à son objectif"
    return dessins.ecarts(lignes, titre)


def carte(cle: Cle, lieu: Lieu, servis: dict[str, Publies]) -> Carte:
    """The quartiers of the commune; the quartier on screen stays among the others."""
    siens = cotes_quartiers.read_quartiers(cle, lieu.commune)
    connus = read(cle, replace(lieu, quartier="", nom=lieu.nom_commune)).set_index("code")
    rangs = {code: -rang for rang, code in enumerate(connus.index)}  # those of the lines beside, in their order
    lus = siens.assign(
        poids=siens["quartier"].map(rangs).fillna(-len(connus)),
        classe=[
            phrases_constats.verdict_de(connus.loc[q]) if q in connus.index else phrases_constats.TROP_PEU
            for q in siens["quartier"]
        ],
        dit=[
            langue.typeset(connus["infobulle"].get(q, "aucune attribution")).removeprefix(f"{nom}{langue.INSECABLE}: ")
            for q, nom in zip(siens["quartier"], siens["nom"], strict=True)
        ],
    )
    legende = "Écart de chaque quartier à son objectif"
    return carte_quartiers.carte(lus, None, servis, None, couleurs.CARTE, legende)


def show(lecture: LectureMesure, lieu: Lieu) -> None:
    """Where one is, the gaps, the map, the table; a click goes down."""
    with st.container(horizontal=True, key="fil", vertical_alignment="center"):
        for dit, vers in _above(lecture.cle, lieu).items():
            st.button(f"‹ {dit}", key=f"remonter_{dit}", on_click=go, args=vers)
        st.html(f"<h2 class='lieu'>{escape(lieu.nom)}</h2>")
        if not lieu.quartier:
            st.button("Sa fiche", key="ouvrir_fiche", on_click=go_fiche, args=(lieu.commune,))
    cle = lecture.cle
    enfants, est_en_salle = read(cle, lieu), visiteur.est_en_salle()
    if est_en_salle and cle.mesure.classe and not lieu.quartier and "quartiers" in donnees.contours():
        # Of a quartier a room is told its side alone: the map has them all.
        follow(cotes_quartiers.carte(cle, _CARTE_SALLE_PX, lieu.commune))
    else:
        draw(lecture, lieu, enfants)
    if len(enfants) and not (lieu.quartier or est_en_salle):
        _list("quartier", dict(zip(enfants["code"], enfants["nom"], strict=True)))
    tableau(cle, enfants, "Résidence" if lieu.quartier else "Quartier")


def draw(lecture: LectureMesure, lieu: Lieu, enfants: pd.DataFrame) -> None:
    """The gaps, and at a desk the map beside them; what is not drawn."""
    cle, servis = lecture.cle, donnees.contours()
    a_une_carte = bool(cle.mesure.classe) and not visiteur.est_en_salle()  # quartiers have an objective
    gauche, droite = st.columns([0.58, 0.42] if a_une_carte else [0.99, 0.01], gap="medium")
    with gauche, st.container(key="image_longue"):
        dessinee = image(lecture, lieu, enfants)
        if dessinee is None:
            quoi = "sa résidence" if lieu.quartier else "son quartier"
            connues = "aux ressources connues" if cle.mesure.classe else "aux labels connus"
            annonces.note(phrases_vues.rien_dedans(enfants, quoi, connues))
        elif (code := vivant.draw(dessinee)) and not lieu.quartier:  # a résidence goes no further
            follow(code)
    with droite:
        if a_une_carte and "quartiers" not in servis:
            annonces.note(carte_quartiers.SANS_CONTOURS)
        elif a_une_carte:
            follow(cartes.draw(carte(cle, lieu, servis), "descente", _CARTE_PX))
    restent = enfants.iloc[images_mesures.LIGNES_DESSINEES :]
    dits = [images_mesures.autres(restent, "toutes" if lieu.quartier else "tous")]
    if a_une_carte and "quartiers" in servis:
        dits.append(carte_quartiers.note(cotes_quartiers.read_quartiers(cle, lieu.commune), servis))
    annonces.note(" ".join(filter(None, dits)))


def _above(cle: Cle, lieu: Lieu) -> dict[str, tuple[str, str | None]]:
    """The steps back up, by their names: where each leads, as `go` reads it."""
    pas: dict[str, tuple[str, str | None]] = {"Métropole": ("", choix_perimetre.METROPOLE)}
    if ici := _ici_de(cle.ou, lieu.commune):
        pas[ici] = "", ici
    if lieu.quartier:
        pas[lieu.nom_commune] = lieu.commune, None
    return pas


def follow(code: str | None) -> None:
    """To the commune or quartier that was just clicked, if one was."""
    if code:
        go(code)
        st.rerun()


def _lecture(cle: Cle, ligne: Any) -> str:
    """What a line says of its objective. `ligne`: a row of `read`."""
    a_une_cible = pd.notna(ligne.cible)
    if not a_une_cible and ligne.n_connus.est_possible:
        return tableaux_mesures.sans_classe(cle.mesure, cle.objectif) or "aucun objectif en vigueur"
    if a_une_cible and not phrases_constats.duree_de(cle.dites()).est_entiere:
        return "année incomplète"
    if a_une_cible and pd.isna(ligne.verdict) and pd.notna(ligne.part):
        return "plusieurs types de quartiers"
    return phrases_constats.lecture(ligne.verdict, ligne.cote if a_une_cible else None, ligne.n_connus)


def tableau(cle: Cle, lignes: pd.DataFrame, quoi: str) -> None:
    """What the place is made of, sortable. `quoi`: what a line is."""
    table = tableaux_mesures.parts(cle.mesure, lignes)
    table.insert(0, quoi, lignes["nom"])
    lectures = [_lecture(cle, ligne) for ligne in lignes.itertuples()]
    widgets.grille(table.assign(Lecture=lectures), {}, f"Constat par {quoi.lower()}", est_emporte=True)
