"""Of a résidence, a room reads attributions, and neither label nor income: the evidence and its figures say it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.coordination.changements import say_valeur, se_dit
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, Valeur
from mel_core.seance.preuves import ProfilBlocage, Secteur, gather
from mel_core.seance.preuves.dossier_preuves import titre
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle.periodes import Periode
from pages.commun.coordination.preuves import say_cercle
from tests.jeux import ROUBAIX, attribution, bailleurs, chargement, serve, table
from tests.lecteurs import lue_par

ICI, RESIDENCE = "ICI 2", "R1"
ACI = ProfilBlocage(label="aci")
LA = Secteur(ICI, residences=(RESIDENCE,))


@pytest.fixture
def entrepot(tmp_path) -> Entrepot:
    """120 attributions in one résidence of Roubaix, 40 of them to ACI households; 80 elsewhere in Roubaix."""
    baux = [
        attribution(
            i,
            date_bail=date(2017, 3, 1),
            date_creation_demande=date(2016, 3, 1),
            code_insee=ROUBAIX,
            code_quartier=f"{ROUBAIX}01",
            code_residence=RESIDENCE if i < 120 else None,
            reservataire="COLTER",
            aci=i < 40,
        )
        for i in range(200)
    ]
    lieu = {"code_residence": RESIDENCE, "code_bailleur": "B1", "code_quartier": f"{ROUBAIX}01", "n_logements": 200}
    entrepot = Entrepot(tmp_path)
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", {"code_quartier": f"{ROUBAIX}01", "nom": "Centre", "code_insee": ROUBAIX}),
            residences=table("residences", lieu),
            attributions=table("attributions", *baux),
        ),
    )
    return entrepot


def constats(entrepot: Entrepot, secteur: Secteur, profil: ProfilBlocage):
    with entrepot.open(Portee.mel()) as lecteur:
        return {c.mesure: c for c in gather(lecteur, Periode.de("2017S2", "annee"), secteur, profil).constats}


def test_a_room_reads_no_count_of_a_label_in_a_residence_and_is_told_why(entrepot: Entrepot) -> None:
    siens = constats(entrepot, LA, ACI)
    for mesure in ("flux", "delai", "contingent"):
        assert lue_par(PREPARATION, siens[mesure].read, "secteur") is not None
        assert lue_par(SALLE, siens[mesure].read, "secteur") is None
        assert lue_par(SALLE, say_cercle, siens[mesure], "secteur") == "non dit"
        assert "ni label ni ressources ne se disent en salle" in lue_par(SALLE, siens[mesure].phrase)
    assert lue_par(SALLE, titre, siens["contingent"]) == "Premier contingent, 1\u00a0mois sur\u00a012"
    # Of the ICI around, it reads them.
    assert lue_par(SALLE, say_cercle, siens["flux"], "ici") == "40"


@pytest.mark.parametrize(
    ("secteur", "profil", "attendu"),
    [
        (LA, ProfilBlocage(), "120"),
        (LA, ProfilBlocage(acces="premier_acces"), "120"),
        (LA, ProfilBlocage(ressources="modeste"), None),
        (Secteur(ICI, communes=(ROUBAIX,)), ACI, "40"),
        (Secteur(ICI, quartiers=(f"{ROUBAIX}01",)), ACI, "40"),
    ],
)
def test_attributions_of_a_residence_and_labels_of_a_larger_place_are_said(
    entrepot: Entrepot, secteur: Secteur, profil: ProfilBlocage, attendu: str | None
) -> None:
    lu = lue_par(SALLE, constats(entrepot, secteur, profil)["flux"].read, "secteur")
    assert (None if lu is None else str(lu.compte)) == attendu


def test_a_commune_reads_its_own_residences(entrepot: Entrepot) -> None:
    lu = lue_par(Audience(cle="commune", code=ROUBAIX), constats(entrepot, LA, ACI)["flux"].read, "secteur")
    assert lu is not None
    assert lu.compte == 40


def test_a_figure_of_a_residence_that_may_tell_is_not_told_to_a_room(entrepot: Entrepot) -> None:
    valeur = Valeur(Fraction(40, 120), "part", 120, 120, 0, 40)
    aci = TemoinIndicateur("aci", ici=ICI, cellule={"residence": RESIDENCE})
    refus = TemoinPreuve("refus_rang_1", LA, ACI)
    for temoin in (aci, refus):
        assert lue_par(SALLE, say_valeur, valeur, temoin=temoin) == snapshot("non dit, d’une résidence")
        assert "40" in lue_par(PREPARATION, say_valeur, valeur, temoin=temoin)
        assert not lue_par(SALLE, se_dit, valeur, temoin)
    for temoin in (
        TemoinIndicateur("aci", ici=ICI),
        TemoinPreuve("refus_rang_1", LA),
        TemoinPreuve("vacance", LA, ACI),
    ):
        assert "40" in lue_par(SALLE, say_valeur, valeur, temoin=temoin)
        assert lue_par(SALLE, se_dit, valeur, temoin)
