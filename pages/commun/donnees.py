"""What pages read, kept by snapshot, séance and filters. A cached function takes no frame and no session state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st

from mel_core.contrat.contours import COUCHES, Publies, publies
from mel_core.entrepot import Entrepot, Instantane, Lecteur, Portee, perimetre
from mel_core.indicateurs import comptage, compute, constats, objectif_de
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.constats import Constat
from mel_core.indicateurs.couverture import Couverture, couverture
from mel_core.indicateurs.mesures import Objectif
from mel_core.journal import Journal
from mel_core.seance.coordination import seances_tenues
from mel_core.secret.bail import reader
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Duree
from pages.commun import memo, visiteur
from pages.commun.emplacement import RACINE as RACINE
from pages.commun.emplacement import dossier

P = ParamSpec("P")
T = TypeVar("T")


@st.cache_resource(show_spinner=False)
def entrepot() -> Entrepot:
    """The store of this process."""
    return Entrepot(dossier())


def journal() -> Journal:
    """The journal of this store."""
    return _journal(dossier())


@st.cache_resource(show_spinner=False)
def _journal(chemin: Path) -> Journal:
    return Journal.du_dossier(chemin)


def instantane(seance: Seance | None = None, ici: str | None = None) -> Instantane:
    """The snapshot that serves `seance` in `ici`, if this visitor may see it. Raises `ErreurUtilisateur` otherwise."""
    publie = entrepot().pour(ici or "").instantane(seance)
    if publie is None:
        raise ErreurUtilisateur(
            "Aucun jeu de données n’est publié : en importer un depuis Préparer › Imports, ou publier la démonstration "
            "par la commande « python -m mel_core demo »."
        )
    visiteur.require(publie)
    _begin(entrepot().servis)
    return publie


@st.cache_resource(show_spinner=False, max_entries=1)
def _begin(servis: tuple[str, ...]) -> None:
    """Once for each set of snapshots that serve together."""
    memo.forget()


def open(identifiant: str, seance: str | None, portee: Portee | None = None) -> Lecteur:
    """`portee` (empty: the whole Métropole) on the snapshot of `identifiant`, as `seance` (empty: the latest) sees it.

    Raises `ErreurUtilisateur` once another snapshot serves.
    """
    lecteur = entrepot().open(portee or Portee.mel(), Seance.read(seance) if seance else None, identifiant)
    if lecteur.instantane.identifiant != identifiant:
        raise ErreurUtilisateur("Un nouveau jeu de données vient d’être publié : recharger la page.")
    return lecteur


def ask(
    identifiant: str, seance: str, question: Callable[Concatenate[Lecteur, P], T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """What a question of the core answers, exactly, on the snapshot `identifiant` as `seance` sees it: kept by all that
    it is asked with, and read by each in its own copy."""
    return ask_in("", identifiant, seance, question, *args, **kwargs)


def ask_in(
    ici: str,
    identifiant: str,
    seance: str,
    question: Callable[Concatenate[Lecteur, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """The same of the rows of one ICI; empty: of the whole Métropole."""
    nom = f"{question.__module__}.{question.__qualname__}"
    return cast(T, _ask(identifiant, seance, ici, nom, args, tuple(sorted(kwargs.items())), question))


@memo.exact(4096)
def _ask(
    identifiant: str,
    seance: str,
    ici: str,
    nom: str,
    args: tuple[Any, ...],
    options: tuple[tuple[str, Any], ...],
    _question: Callable[..., Any],
) -> Any:
    with open(identifiant, seance, Portee.ici(ici) if ici else None) as lecteur:
        return _question(lecteur, *args, **dict(options))


def choix() -> tuple[list[str], dict[str, list[str]]]:
    """Séances (most recent first) and ICI with their territoires, of what is published: also those that are frozen on
    what was published before. Raises `ErreurUtilisateur` when nothing is, or may be seen."""
    return _choix(instantane().identifiant)


def a_venir() -> list[str]:
    """Séances that the journal has and whose semester follows all that the data know, the last one first."""
    seances, _ = choix()
    derniere = seances[0] if seances else ""
    return sorted({str(s) for s in seances_tenues.seances(journal()) if str(s) > derniere}, reverse=True)


@memo.exact(8)
def _choix(identifiant: str) -> tuple[list[str], dict[str, list[str]]]:
    with open(identifiant, None) as lecteur:
        return [str(s) for s in perimetre.seances(lecteur)], perimetre.icis(lecteur)


def communes(identifiant: str, seance: str) -> pd.DataFrame:
    """One row per commune: commune, nom, territoire, ici."""
    return ask(identifiant, seance, perimetre.communes)


@memo.exact(64)
def communes_de(identifiant: str, seance: str, ici: str | None) -> dict[str, str]:
    """Code → name of those of an ICI (None: of the whole Métropole)."""
    toutes = communes(identifiant, seance)
    siennes = toutes if ici is None else toutes[toutes["ici"] == ici]
    return dict(zip(siennes["commune"], siennes["nom"], strict=True))


@memo.exact(16)
def noms(identifiant: str, seance: str, coupe: str) -> dict[str, str]:
    """Code → name of the communes, or of the bailleurs (`coupe`)."""
    table = ask(identifiant, seance, perimetre.communes if coupe == "commune" else perimetre.bailleurs)
    return dict(zip(table[coupe], table["nom"], strict=True))


@memo.exact(64)
def icis_de(identifiant: str, seance: str, coupe: str, code: str) -> list[str | None]:
    """The ICI of a commune, or those of a bailleur (`coupe`), where it signed most in 12 months first; [None]: none."""
    if coupe == "commune":
        table = communes(identifiant, seance)
        trouvees = table.loc[table["commune"] == code, "ici"]
    else:
        par_ici = cellules(identifiant, seance, "delais", "annee", ("bailleur", "ici"), None)
        siennes = par_ici[(par_ici["bailleur"] == code) & (par_ici["ici"] != "inconnu")]
        trouvees = siennes.sort_values("n", ascending=False, kind="stable")["ici"]
    return [str(ici) for ici in trouvees.dropna()] or [None]


def lieux(identifiant: str, seance: str, coupe: str) -> pd.DataFrame:
    """One row per quartier or résidence (`coupe`): see `perimetre`."""
    return ask(identifiant, seance, perimetre.quartiers if coupe == "quartier" else perimetre.residences)


def couverte(
    identifiant: str, seance: str, indicateur: str, ici: str | None, par: tuple[str, ...] = ()
) -> Couverture | None:
    """How much of what the indicator reads over 12 months is known: see `mel_core.indicateurs.couverture`."""
    return ask(identifiant, seance, couverture, indicateur, Periode.de(seance, "annee"), ici, par)


def say_couverture(phrase: str, *question: Any) -> str:
    """A finding, then how little of what it reads is known, where that is under eight tenths. `question`: see
    `couverte`."""
    lue = couverte(*question)
    return f"{phrase} {lue.say()}".rstrip() if lue else phrase


def duree(identifiant: str, seance: str) -> Duree:
    """The year that is judged, and how much of it the bails cover."""
    return ask(identifiant, seance, comptage.duree, Periode.de(seance, "annee"))


def cellules(
    identifiant: str, seance: str, indicateur: str, etendue: str, par: tuple[str, ...], ici: str | None
) -> pd.DataFrame:
    """The indicator as the contract computes it, over `etendue` (semestre or annee), for one ICI or for all."""
    return ask(identifiant, seance, compute, indicateur, Periode.de(seance, etendue), par=par, ici=ici)


@memo.said(512)
def dites(
    identifiant: str,
    seance: str,
    indicateur: str,
    etendue: str,
    par: tuple[str, ...],
    ici: str | None,
) -> pd.DataFrame:
    """`cellules` as they are read (see `Audience.cellules`)."""
    exactes = cellules(identifiant, seance, indicateur, etendue, par, ici)
    sienne = None
    if reader().cle == "commune" and "commune" not in par:
        for coupe in {"quartier", "residence"} & set(par):
            ou = lieux(identifiant, seance, coupe).set_index("code")["commune"]
            sienne = exactes[coupe].map(ou) == reader().code
    return constats.lues(exactes, par, sienne, Periode.de(seance, etendue).n_mois)


def constat(identifiant: str, seance: str, code: str, ou: str, ici: str | None) -> Constat:
    """What the sentence of an objective or of a measure is said of, exact: see `constats`. `ou`: `ici`, in words."""

    def answer_cellules(indicateur: str, par: tuple[str, ...], ici: str | None) -> pd.DataFrame:
        return cellules(identifiant, seance, indicateur, "annee", par, ici)

    return constats.gather(code, "", ou, ici, answer_cellules, objectifs(identifiant, seance, MESURES[code].indicateur))


def objectif(identifiant: str, seance: str, indicateur: str) -> Objectif | None:
    """The target in force at the end of the séance; none when there is none."""
    return ask(identifiant, seance, objectif_de, indicateur, Periode.de(seance, "annee"))


def objectifs(identifiant: str, seance: str, indicateur: str) -> list[Objectif]:
    """Every target in force at the end of the séance, that of the whole first, then those of a place."""
    return ask(identifiant, seance, comptage.objectifs_en_vigueur, indicateur, Periode.de(seance, "annee"))


def contours() -> dict[str, Publies]:
    """The layers of contours in service, by name; read again as soon as one is published."""
    trouves = {couche: publies(entrepot().dossier, couche) for couche in COUCHES}
    return {couche: servie for couche, servie in trouves.items() if servie is not None}
