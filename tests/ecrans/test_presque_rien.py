"""The screens of what is nearly nothing: tables of headers, one attribution, one commune, columns that are all empty.

Nothing breaks, no word of English nor of the machine, no picture of nothing, no « des 1 »; what is unknown is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.contrat.tables import TABLES
from mel_core.droits.acces import COPILOTE
from pages.commun import donnees
from pages.commun.mesures.catalogue import MESURES
from pages.commun.navigation import fichier
from tests.ecrans import vue
from tests.ecrans.conftest import ROUBAIX, served
from tests.jeux import attribution, bailleurs, table
from tests.marcheur.fautes import of_texts
from tests.marcheur.lus import textes
from tests.marcheur.magasins import publish_drawn

QUARTIER = f"{ROUBAIX}0101"
REQUISES = ("id_attribution", "pseudonyme", "date_bail", "code_insee", "code_bailleur", "mutation")
Tables = dict[str, pa.Table]


def decrit() -> Tables:
    """One fragile quartier of Roubaix, and its résidence à enjeu of fifty dwellings: 30 modest occupants of 38."""
    occupants = {"tres_modestes": 20, "modestes": 10, "intermediaires": 5, "eleves": 3}
    residence = {
        **{"code_residence": "R1", "nom": "Résidence du Pile", "code_bailleur": "B1", "code_quartier": QUARTIER},
        **{"n_logements": 50, "enjeu_mixite": True, "taux_rotation": 0.1},
        **{f"n_occupants_{c}": n for c, n in occupants.items()},
    }
    quartier = {"code_quartier": QUARTIER, "nom": "Le Pile", "code_insee": ROUBAIX, "fragilite": "fragile"}
    return {
        "bailleurs": bailleurs("B1"),
        "quartiers": table("quartiers", quartier),
        "residences": table("residences", residence),
    }


def bail(rang: int, jour: date) -> dict[str, Any]:
    return attribution(
        rang,
        **{"date_bail": jour, "code_insee": ROUBAIX, "code_quartier": QUARTIER, "code_residence": "R1"},
        **{"n_personnes": 1, "revenu_fiscal": 6000.0, "actif": True, "reservataire": "COLTER"},
        **{"n_uc": 1.0, "ressources_mensuelles": 500.0, "date_creation_demande": date(2016, 1, 1)},
    )


def nu(rang: int) -> dict[str, Any]:
    """What the contract requires of an attribution, and nothing else."""
    return {
        **{"id_attribution": f"A{rang}", "numero_unique": f"p{rang}", "mutation": rang % 4 == 0},
        **{"date_bail": date(2017, 1 if rang % 2 else 12, 5), "code_insee": ROUBAIX, "code_bailleur": "B1"},
    }


def en_tetes(dossier: Path) -> None:
    publish_drawn(dossier, {nom: table(nom) for nom in TABLES})


def une_attribution(dossier: Path) -> None:
    publish_drawn(dossier, {**decrit(), "attributions": table("attributions", bail(0, date(2017, 9, 30)))})


def une_commune(dossier: Path) -> None:
    """Forty over the year, all modest, none ACI."""
    baux = (bail(i, date(2017, 1 if i % 2 else 12, 5)) for i in range(40))
    publish_drawn(dossier, {**decrit(), "attributions": table("attributions", *baux)})


def sans_facultatif(dossier: Path) -> None:
    """No optional table, no optional column."""
    absentes = [f"attributions.{c}" for c in table("attributions").column_names if c not in REQUISES]
    baux = table("attributions", *(nu(i) for i in range(40)))
    publish_drawn(dossier, {"bailleurs": bailleurs("B1"), "attributions": baux}, absentes)


def colonnes_vides(dossier: Path) -> None:
    """Every column is there, and optional cells are empty."""
    garde = {
        "quartiers": ("code_quartier", "nom", "code_insee"),
        "residences": ("code_residence", "code_bailleur", "code_quartier", "n_logements"),
    }
    tables = decrit()
    for nom, colonnes in garde.items():
        (ligne,) = tables[nom].to_pylist()
        tables[nom] = table(nom, {c: ligne[c] for c in colonnes})
    demande = {"numero_unique": "p1", "date_creation": date(2016, 1, 1), "etat": "ACTIVE", "n_personnes": 1}
    lieu = {"code_lieu": "L1", "mois": "2017-11", "type_lieu": "RELAIS", "porteur": "ASSOCIATION"}
    operation = {"code_operation": "O1", "code_insee": ROUBAIX, "annee": 2018, "n_logements": 0}
    tables |= {
        "attributions": table("attributions", *(nu(i) for i in range(40))),
        "demandes": table("demandes", demande),
        "accueil": table("accueil", lieu),
        "programmation": table("programmation", operation),
    }
    publish_drawn(dossier, tables)


MAGASINS: dict[str, Callable[[Path], None]] = {
    f.__name__: f for f in (en_tetes, une_attribution, une_commune, sans_facultatif, colonnes_vides)
}


@pytest.fixture(scope="module", params=MAGASINS)
def magasin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    dossier = tmp_path_factory.mktemp(request.param)
    MAGASINS[request.param](dossier)
    with served(dossier):
        yield request.param


def vues() -> Iterator[tuple[str, dict[str, str]]]:
    """A screen of each kind: the objectives and their ways down, each measure in one cut, what is followed, 13h30."""
    for objectif in ("equilibre", "aci"):
        for ou in ({}, {"lieu": ROUBAIX}, {"lieu": QUARTIER}):
            yield "bilan", {"objectif": objectif, **ou}
    yield "bilan", {"objectif": "equilibre", "fiche": ROUBAIX}
    yield from (("bilan", {"objectif": code, "coupe": m.coupes[-1]}) for code, m in MESURES.items())
    yield from (("bassins", {"territoire": "Roubaisien", "flux": f}) for f in ("habite_obtenu", "habite_souhaite"))
    yield from (("programmation", {"programme": p}) for p in ("mutations", "produits"))
    yield from ((page, {}) for page in ("programmation", "convergence", "fragilite", "accueil", "besoins", "objectifs"))
    yield from (("orientations", {"vue": v}) for v in ("ordonnancement", "offre", "qpv", "preconisations"))
    yield from (("orientations", {"vue": "mutations", "mutations_par": p}) for p in ("critere", "impayes"))


def open(page: str, *, en_salle: bool = False, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.session_state["profil_repete"] = COPILOTE
    essai.session_state["salle_repetee"] = en_salle
    essai.query_params.update({"seance": "2017S2", "ici": "ICI 2", **adresse})
    essai.switch_page(fichier(page)).run()
    assert not essai.exception
    return essai


def lu(essai: AppTest, zone: str = "") -> str:
    """What is read there, without bold nor narrow spaces."""
    ecrits = " ".join(
        str(p.contenu)
        for p in vue.pieces(essai)
        if p.genre in ("html", "markdown") and p.zone != "style" and (not zone or p.zone == zone)
    )
    return re.sub(r"\s+", " ", vue.texte(ecrits)).replace("**", "")


# The short way: what was seen to break.
COURTES = [
    ("bilan", {"objectif": "equilibre"}),
    ("bilan", {"objectif": "aci", "lieu": QUARTIER}),
    ("bilan", {"objectif": "equilibre", "fiche": ROUBAIX}),
    ("bilan", {"objectif": "actifs", "coupe": "commune"}),
    ("bassins", {"territoire": "Roubaisien", "flux": "habite_souhaite"}),
    ("programmation", {"programme": "mutations"}),
    ("orientations", {"vue": "ordonnancement"}),
]
UN = re.compile(r"\b(?:des|les|aux|ces) 1 (?!sur\b)\w|\b0 premi[eè]re")  # one is not several, and none is not a first
SANS_DESSIN = re.compile(r'<p class="lu">[^<]*: ?</p>')


@pytest.mark.parametrize("est_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["", "long"])
def test_nothing_breaks_nothing_is_the_machine_s_and_no_picture_is_empty(magasin: str, est_long: bool) -> None:
    fautes = []
    montrees = [(p, a, s) for p, a in vues() for s in (False, True)] if est_long else [(*v, False) for v in COURTES]
    for page, adresse, en_salle in montrees:
        if en_salle and page in ("besoins", "objectifs"):
            continue
        essai = open(page, en_salle=en_salle, **adresse)
        fautes += [(page, adresse, faute) for faute in of_texts(list(textes(essai)), page)]
        ecrits = [str(p.contenu) for p in vue.pieces(essai) if p.genre == "html"]
        fautes += [(page, adresse, f"image de rien : {x}") for e in ecrits for x in SANS_DESSIN.findall(e)]
        fautes += [(page, adresse, x) for x in UN.findall(lu(essai))]
    assert not fautes
