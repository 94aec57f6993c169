"""The objective quartier by quartier, over 36 months: how many on each side, by how much together, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from mel_core.indicateurs import phrases_constats, suivi
from mel_core.indicateurs import quartiers as calcul
from mel_core.indicateurs.quartiers import N_MOIS, Cotes
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import INCONNU, MANQUE, TROP, Compte, Ecart
from pages.adaptateur import cartes
from pages.commun import donnees, memo, widgets
from pages.commun.images import carte_quartiers, couleurs
from pages.commun.mesures.lecture_bilan import Bilan, Cle
from pages.seance.bilan.essai import COTES, TONS_DES_COTES

TROP_PEU = "trop peu pour le dire"
_CLASSES = {**TONS_DES_COTES, TROP_PEU: couleurs.SANS_AVIS}
_CARTE_PX = (650, 380)
_TITRES = ("Quartiers", "Au-dessus", "Attributions de trop", "Au-dessous", "Attributions qui manquent", "Trop près")


SANS_FRAGILITE = (
    "leur fragilité n’est pas connue (colonne ips ou fragilite de la table quartiers). Chacun se lit en descendant "
    "dans sa commune"
)


@memo.said(64, est_partage=True)
def read(cle: Cle) -> tuple[pd.DataFrame, list[Cotes]]:
    """One row per quartier as it is read, with `nom` and `nom_commune`; then each class summed up."""
    identifiant, seance, _, ici = cle
    with donnees.open(identifiant, seance) as lecteur:
        exactes = calcul.read(lecteur, Seance.read(seance), ici)
    lieux = donnees.lieux(identifiant, seance, "quartier").set_index("code")
    communes = donnees.communes(identifiant, seance).set_index("commune")["nom"]
    ou = exactes["quartier"].map(lieux["commune"])
    sienne = (ou == reader().code) if reader().cle == "commune" else None
    dites = reader().cellules(exactes, ("quartier", "fragilite"), sienne)
    siens = [False] * len(exactes) if sienne is None else sienne
    ecarts = {  # said where the gap of the contract is
        c: [
            reader().compte(None if pd.isna(part) else n, est_sien=bool(s))
            for n, s, part in zip(exactes[c], siens, dites["part"], strict=True)
        ]
        for c in ("trop", "manque")
    }
    dites = dites.assign(**{c: pd.Series(dits, exactes.index, dtype=object) for c, dits in ecarts.items()})
    noms = exactes["quartier"].map(lieux["nom"]).fillna(exactes["quartier"])
    dites = dites.assign(nom=noms, nom_commune=ou.map(communes).fillna(""))
    return dites, calcul.summarise(dites, exactes)


def show(bilan: Bilan) -> None:
    dites, resumes = read(bilan.cle)
    couverts = next(iter(dites["mois_couverts"]), N_MOIS)
    if bilan.objectif is None or not resumes:
        sans = bilan.objectif is not None and len(dites) > 0
        pourquoi = f" : {SANS_FRAGILITE}" if sans else ""
        st.html(f'<p class="reserve">Aucun quartier n’a d’objectif sur cette période{pourquoi}.</p>')
        return
    if pd.notna(couverts) and couverts < N_MOIS:
        duree = langue.duree(int(couverts), N_MOIS)
        st.html(f'<p class="reserve">Les données ne couvrent que {duree} : aucun quartier n’est jugé.</p>')
        return
    but = langue.part(bilan.objectif.valeur)
    st.markdown(langue.typeset(constat(resumes, but)))
    gauche, droite = st.columns([0.5, 0.5], gap="medium")
    with gauche:
        st.html(tableau(resumes, but))
        st.html(par_territoire(bilan))
    with droite:
        carte(bilan, dites)
    detail(dites)


def constat(resumes: list[Cotes], but: str) -> str:
    """`Sur 36 mois, 185 des 235 quartiers fragiles dépassent 50 % : environ 765 attributions de trop.`"""
    dits = []
    for r in resumes:
        quartiers = f"{langue.nombre(r.n)} {phrases_constats.QUARTIERS[r.fragilite]}"
        if r.fragilite == "sans":
            dits.append(
                f"**{langue.nombre(r.n_au_dessous)}** des {quartiers} sont sous {but} : il manque "
                f"**{langue.effectif(r.manque, 'attribution')}**"
            )
        elif r.fragilite == "fragile":
            dits.append(
                f"**{langue.nombre(r.n_au_dessus)}** des {quartiers} dépassent {but} : "
                f"**{langue.effectif(r.trop, 'attribution')}** de trop"
            )
    return f"Sur {langue.duree(None, N_MOIS)}, {' ; '.join(dits)}." if dits else ""


def tableau(resumes: list[Cotes], but: str) -> str:
    """Each class: its quartiers, those on each side and by how much together, none netted."""
    lignes = {
        FRAGILITES_EN_TETE[r.fragilite]: [
            langue.nombre(n) for n in (r.n, r.n_au_dessus, r.trop, r.n_au_dessous, r.manque, r.n_indecis)
        ]
        for r in resumes
    }
    return _table(f"Quartiers par côté de l’objectif de {but}, sur {langue.duree(None, N_MOIS)}", _TITRES, lignes)


def _table(legende: str, tetes: Sequence[str], lignes: Mapping[str, Sequence[str]]) -> str:
    entete = "".join(f'<th scope="col">{escape(t)}</th>' for t in tetes)
    corps = "".join(
        f'<tr><th scope="row">{escape(nom)}</th>{"".join(f"<td>{escape(dit)}</td>" for dit in dits)}</tr>'
        for nom, dits in lignes.items()
    )
    return (
        f'<table class="cotes"><caption>{escape(legende)}</caption><thead><tr><td></td>{entete}</tr></thead>'
        f"<tbody>{corps}</tbody></table>"
    )


def par_territoire(bilan: Bilan) -> str:
    """Territoire × class over the year that is judged: the share, or the side where no share is said."""
    identifiant, seance, indicateur, ici = bilan.cle
    cellules = donnees.dites(identifiant, seance, indicateur, "annee", ("territoire", "fragilite"), ici)
    classes = [c for c in phrases_constats.QUARTIERS if c != "inconnu"]
    lignes = {}
    for territoire, siennes in cellules.groupby("territoire", sort=True):
        par_classe = {x.fragilite: x for x in siennes.itertuples()}
        lignes[str(territoire)] = [_say(par_classe.get(c)) for c in classes]
    duree = donnees.duree(identifiant, seance)
    return _table(f"Part de ménages modestes, {duree}", [FRAGILITES_EN_TETE[c] for c in classes], lignes)


def _say(cellule: object | None) -> str:
    if cellule is None:
        return langue.ABSENT
    part, cote = cellule.part, cellule.cote  # type: ignore[attr-defined]
    return langue.part(part) if pd.notna(part) else COTES.get(cote or "", TROP_PEU)


def carte(bilan: Bilan, dites: pd.DataFrame) -> None:
    """The map of sides, where contours of the quartiers were given."""
    identifiant, seance, _, ici = bilan.cle
    servis = donnees.contours()
    if "quartiers" not in servis:
        st.html(f'<p class="reserve">{escape(carte_quartiers.SANS_CONTOURS)}</p>')
        return
    tous = donnees.ask(identifiant, seance, suivi.quartiers, Seance.read(seance).fin, ici)
    cotes = dict(zip(dites["quartier"], dites["cote"], strict=True))
    classes = [COTES.get(cotes.get(q) or "", TROP_PEU) for q in tous["quartier"]]
    lus = tous.assign(classe=classes, dit=classes)
    dessinee = carte_quartiers.carte(lus, bilan.communes, servis, ici, _CLASSES, "Côté de l’objectif, 36 mois")
    cartes.draw(dessinee, "cotes", _CARTE_PX)
    st.html(f'<p class="reserve">{escape(langue.typeset(carte_quartiers.note(tous, servis)))}</p>')


def detail(dites: pd.DataFrame) -> None:
    """Every quartier, the largest gaps first where they are said."""
    ecarts = dites["trop"].astype(float).fillna(0) + dites["manque"].astype(float).fillna(0)
    rangees = dites.assign(rang=ecarts).sort_values(["rang", "nom_commune", "nom"], ascending=[False, True, True])
    table = pd.DataFrame(
        {
            "Quartier": [
                nom if not commune or commune in nom else f"{nom} ({commune})"
                for nom, commune in zip(rangees["nom"], rangees["nom_commune"], strict=True)
            ],
            "Type": rangees["fragilite"].map(FRAGILITES_EN_TETE),
            "Ressources connues": rangees["n_connus"],
            "Part": rangees["part"],
            "Écart (attributions)": [
                _sign(*x) for x in zip(rangees["cote"], rangees["trop"], rangees["manque"], strict=True)
            ],
            "Lecture": [
                COTES.get(c or "", TROP_PEU) if n != 0 else "aucune connue"
                for c, n in zip(rangees["cote"], rangees["n_connus"], strict=True)
            ],
        }
    )
    formats: dict[str, widgets.Format] = {
        "Ressources connues": langue.nombre,
        "Part": langue.part,
        "Écart (attributions)": str,
    }
    widgets.grille(table, formats, f"Constat par quartier, {langue.duree(None, N_MOIS)}", est_emporte=True)


def _sign(cote: str | None, trop: Compte, manque: Compte) -> Ecart:
    """Too many above, missing below."""
    if cote == calcul.AU_DESSUS:
        return Ecart(trop, TROP)
    if cote == calcul.AU_DESSOUS:
        return Ecart(manque, MANQUE)
    return Ecart(INCONNU)
