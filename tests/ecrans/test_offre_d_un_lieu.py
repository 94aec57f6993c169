"""13h30 at the scale of a commune or of a bailleur: a desk alone, and its own alone for who does not read every row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import COPILOTE, Profil, TypeProfil
from mel_core.simulation import preconisations
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from pages.commun.choix_perimetre import Perimetre, de
from tests.ecrans import vue
from tests.ecrans.conftest import served
from tests.ecrans.vue import see
from tests.jeux import ROUBAIX

LMH = "BF01"


@pytest.fixture(scope="module", autouse=True)
def servie(demonstration_publiee: Path) -> Iterator[None]:
    with served(demonstration_publiee):
        yield


@pytest.fixture
def choisi(servie: None) -> Perimetre:
    return de("2017S2", "ICI 2")


def open(profil: Profil = COPILOTE, *, en_salle: bool = False, **adresse: str) -> AppTest:
    return see(
        "orientations",
        {"profil_repete": profil, "salle_repetee": en_salle},
        **{"seance": "2017S2", "ici": "ICI 2", **adresse},
    )


def texte(essai: AppTest) -> str:
    ecrits = " ".join(str(p.contenu) for p in vue.pieces(essai) if p.genre in ("html", "markdown"))
    return re.sub(r"\s+", " ", vue.texte(ecrits)).replace("**", "").replace("\u202f", " ").replace("\u00a0", " ")


def test_the_prescriptions_of_the_communes_and_those_of_the_bailleurs_add_up_to_those_of_the_ici(choisi) -> None:
    toutes = choisi.ask(preconisations.par_residence, choisi.annee, choisi.ici)
    siennes = toutes[(toutes["commune"] == ROUBAIX) & (toutes["fragilite"] == "fragile")]
    modestes, attendus = (int(siennes[c].sum()) for c in ("n_modestes", "n_attendues"))
    assert 100 < modestes < attendus
    dit = f"Dans l’ICI 2, à Roubaix, accueillir au plus {modestes} ménages modestes sur {attendus} logements attendus"
    for maille in ("quartier", "residence"):
        essai = open(vue="preconisations", maille=maille, place=ROUBAIX)
        assert dit in texte(essai), maille
        assert essai.selectbox(key="place").value == ROUBAIX
    du_bailleur = toutes[(toutes["bailleur"] == LMH) & (toutes["fragilite"] == "fragile")]
    bailleur = open(vue="preconisations", maille="quartier", place=LMH)
    assert f"accueillir au plus {int(du_bailleur['n_modestes'].sum())} ménages modestes" in texte(bailleur)


def test_the_tension_of_a_commune_is_told_by_typologie(choisi) -> None:
    frame = choisi.ask(preconisations.offre_demande, choisi.annee, choisi.ici)
    siennes = frame[frame["commune"] == ROUBAIX].set_index("typologie")
    essai = open(vue="offre", place=ROUBAIX)
    n, k = (int(siennes.loc["ensemble", c]) for c in ("n_demandes", "n_attributions"))
    lus = f"({n:,} pour {k:,})".replace(",", " ")
    assert lus in texte(essai)
    assert texte(essai).count("À Roubaix, ") == 1
    grille = next(p.contenu for p in vue.pieces(essai) if p.genre == "grille")
    par_typologie = {t: int(n) for t, n in zip(grille["Typologie"], grille["Attributions"], strict=True)}
    dites = {TYPOLOGIES_EN_TETE[t]: int(n) for t, n in siennes["n_attributions"].items() if t in TYPOLOGIES_EN_TETE}
    assert par_typologie == dites
    assert sum(dites.values()) == k


def test_the_qpv_of_a_place_are_those_where_it_has_a_quartier_or_a_residence(choisi) -> None:
    quartiers = choisi.ask(lambda lecteur: lecteur.query("select code_qpv, code_insee from quartiers"))
    siens = set(quartiers.loc[quartiers["code_insee"] == ROUBAIX, "code_qpv"].dropna())
    assert choisi.ask(preconisations.qpv_du_lieu, ROUBAIX) == siens != set()
    grille = next(p.contenu for p in vue.pieces(open(vue="qpv", place=ROUBAIX)) if p.genre == "grille")
    assert len(grille) == len(siens)
    assert pd.Series(grille["QPV"]).str.startswith("Roubaix").all()


def test_a_room_chooses_no_place_and_a_commune_its_own_alone() -> None:
    assert not [x for x in open(vue="preconisations", en_salle=True).selectbox if x.key == "place"]
    commune = Profil(TypeProfil.COMMUNE, ROUBAIX)
    (choix,) = (x for x in open(commune, vue="preconisations").selectbox if x.key == "place")
    assert (choix.options, choix.value) == (["Roubaix"], None)
    autre = open(commune, vue="preconisations", place="59599")
    assert autre.selectbox(key="place").value is None
    assert "Le lien demande « Tourcoing », qui n’existe pas ici" in texte(autre)
    assert not [x for x in open(Profil(TypeProfil.RESERVATAIRE, "PPRIOR"), vue="qpv").selectbox if x.key == "place"]


def test_the_points_of_the_cotation_are_told_by_commune_where_a_file_gives_them(publiee_aujourd_hui: Path) -> None:
    with served(publiee_aujourd_hui):
        essai = open(vue="ordonnancement", seance="2026S1", points_par="commune")
        par_commune = [p.contenu for p in vue.pieces(essai) if p.genre == "grille"][-1]
        assert set(par_commune["Qui"]) >= {"Roubaix", "Tourcoing"}
        salle = open(vue="ordonnancement", seance="2026S1", points_par="commune", en_salle=True)
        assert not [p for p in vue.pieces(salle) if p.genre == "grille"]
