"""The screens of what is nearly nothing: tables of headers, one attribution, one commune, columns that are all empty.

Nothing breaks, no word of English nor of the machine, no picture of nothing, no « des 1 »; what is unknown is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.contrat.tables import TABLES
from mel_core.droits.acces import COPILOTE
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.catalogue import MESURES
from mel_core.segments import SEGMENTS
from tests.ecrans import vue
from tests.ecrans.conftest import LANNOY, ROUBAIX, TOURCOING, served
from tests.ecrans.vue import see
from tests.jeux import attribution, bailleurs, demande_active, table
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
    demande = demande_active("p1", date(2016, 1, 1))
    lieu = {"code_lieu": "L1", "mois": "2017-11", "type_lieu": "RELAIS", "porteur": "ASSOCIATION"}
    operation = {"code_operation": "O1", "code_insee": ROUBAIX, "annee": 2018, "n_logements": 0}
    tables |= {
        "attributions": table("attributions", *(nu(i) for i in range(40))),
        "demandes": table("demandes", demande),
        "accueil": table("accueil", lieu),
        "programmation": table("programmation", operation),
    }
    publish_drawn(dossier, tables)


def sans_fragilite(dossier: Path) -> None:
    """Contours of IRIS alone: the quartier of each of the forty is known, its fragilité is not."""
    tables = decrit()
    (quartier,) = tables["quartiers"].to_pylist()
    tables["quartiers"] = table("quartiers", quartier | {"fragilite": None})
    baux = (bail(i, date(2017, 1 if i % 2 else 12, 5)) for i in range(40))
    publish_drawn(dossier, {**tables, "attributions": table("attributions", *baux)})


MAGASINS: dict[str, Callable[[Path], None]] = {
    f.__name__: f for f in (en_tetes, une_attribution, une_commune, sans_facultatif, sans_fragilite, colonnes_vides)
}


COURTS = (une_attribution.__name__, colonnes_vides.__name__)


@pytest.fixture(
    scope="module", params=[pytest.param(m, marks=[pytest.mark.long] * (m not in COURTS)) for m in MAGASINS]
)
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
    yield from ((page, {}) for page in ("fragilite", "accueil", "objectifs"))
    yield "imports", {"vue_imports": "attendues"}
    yield "orientations", {"vue": "offre", "offre_par": "besoins"}
    yield from (("orientations", {"vue": v}) for v in ("ordonnancement", "offre", "qpv", "preconisations"))
    yield from (("orientations", {"vue": "mutations", "mutations_par": p}) for p in ("critere", "impayes"))


def open(page: str, *, en_salle: bool = False, **adresse: str) -> AppTest:
    return see(
        page,
        {"profil_repete": COPILOTE, "salle_repetee": en_salle, "tableau_mesure": True},
        **{"seance": "2017S2", "ici": "ICI 2", **adresse},
    )


def lu(essai: AppTest, zone: str = "") -> str:
    """What is read there, without bold nor narrow spaces."""
    ecrits = " ".join(
        str(p.contenu)
        for p in vue.pieces(essai)
        if p.genre in ("html", "markdown") and p.zone != "style" and (not zone or p.zone == zone)
    )
    return re.sub(r"\s+", " ", vue.texte(ecrits)).replace("**", "").strip()


# The short way: what was seen to break.
COURTES = [
    ("bilan", {"objectif": "equilibre"}),
    ("bilan", {"objectif": "aci", "lieu": QUARTIER}),
    ("bilan", {"objectif": "equilibre", "fiche": ROUBAIX}),
    ("bilan", {"objectif": "actifs", "coupe": "commune"}),
    ("bassins", {"territoire": "Roubaisien", "flux": "habite_souhaite"}),
    ("orientations", {"vue": "offre", "offre_par": "besoins"}),
    ("orientations", {"vue": "ordonnancement"}),
]
UN = re.compile(r"\b(?:des|les|aux|ces) 1 (?!sur\b)\w|\b0 premi[eè]re")  # one is not several, and none is not a first
DEMANDE = re.compile(r"Le lien demande «\s[^»]*»")
SANS_DESSIN = re.compile(r'<p class="lu">[^<]*: ?</p>')


@pytest.mark.parametrize("est_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["", "long"])
def test_nothing_breaks_nothing_is_the_machine_s_and_no_picture_is_empty(magasin: str, est_long: bool) -> None:
    fautes = []
    montrees = [(p, a, s) for p, a in vues() for s in (False, True)] if est_long else [(*v, False) for v in COURTES]
    for page, adresse, en_salle in montrees:
        if en_salle and page in ("imports", "objectifs"):
            continue
        essai = open(page, en_salle=en_salle, **adresse)
        # A link to what no file gave says what it asks, as it asks it.
        dits = [replace(t, dit=DEMANDE.sub("", t.dit)) for t in textes(essai)]
        fautes += [(page, adresse, faute) for faute in of_texts(dits, page)]
        ecrits = [str(p.contenu) for p in vue.pieces(essai) if p.genre == "html"]
        fautes += [(page, adresse, f"image de rien : {x}") for e in ecrits for x in SANS_DESSIN.findall(e)]
        fautes += [(page, adresse, x) for x in UN.findall(lu(essai))]
    assert not fautes


@pytest.fixture
def servir(tmp_path: Path) -> Iterator[Callable[[Callable[[Path], None]], None]]:
    """Serve a store for the test."""
    with ExitStack() as pile:

        def ouvrir(magasin: Callable[[Path], None]) -> None:
            magasin(tmp_path)
            pile.enter_context(served(tmp_path))

        yield ouvrir


Servir = Callable[[Callable[[Path], None]], None]


def test_one_attribution_is_not_several_and_says_that_it_concludes_nothing(servir: Servir) -> None:
    servir(une_attribution)
    # One attribution in September: one month of twelve.
    assert lu(open("bilan", objectif="actifs"), "message") == snapshot(
        "Dans l’ICI 2, 100 % de l’unique attribution à l’activité connue va à des ménages actifs, les autres à des "
        "inactifs, sur 1 mois sur 12 ; effectif trop faible pour conclure."
    )
    assert "100 % de l’unique entrant aux ressources connues est modeste" in lu(
        open("bilan", objectif="entrants_occupants")
    )
    assert lu(open("bilan", objectif="delais"), "message").startswith(
        "Dans l’ICI 2, l’unique attribution a demandé 20 mois de la demande au bail, sur 1 mois sur 12"
    )
    dite = lu(open("bilan", objectif="equilibre", coupe="levier"))
    assert "1 mois sur 12 : rien ne se réoriente, l’objectif se juge sur une année entière." in dite


def test_the_objective_of_the_aci_is_said_not_to_be_a_quartier_s_and_never_that_none_was_in_force(
    servir: Servir,
) -> None:
    servir(une_commune)
    dite = lu(open("bilan", objectif="aci", lieu=QUARTIER), "message")
    assert "L’objectif vise chaque commune et chaque organisme, pas un quartier." in dite
    assert "Aucun objectif n’était en vigueur" not in dite
    assert "il en manque 18 pour atteindre l’objectif de 45 %" in lu(
        open("bilan", objectif="aci", lieu=ROUBAIX)
    )  # 40 × 45 %


def test_what_no_file_gave_is_not_zero_nor_too_few(servir: Servir) -> None:
    servir(sans_facultatif)
    for vue_ in ("ordonnancement", "offre"):
        dite = lu(open("orientations", vue=vue_), "message")
        assert "ne peut pas être connu : aucun fichier importé n’apporte la table « demandes »" in dite
    assert "Rien à dessiner : aucune attribution de cette période ne dit son quartier." in lu(
        open("bilan", objectif="equilibre", lieu=ROUBAIX)
    )
    assert "Aucune mesure du bilan ne se calcule ici" in lu(open("bilan", objectif="equilibre", fiche=ROUBAIX))


def test_quartiers_whose_fragilite_no_file_gave_say_so_and_what_to_give(servir: Servir) -> None:
    servir(sans_fragilite)
    essai = open("bilan", objectif="equilibre")
    assert lu(essai, "message") == snapshot(
        "Dans l’ICI 2, 40 attributions aux ressources connues, sans que la fragilité du quartier le soit : donner "
        "l’indice (ips) ou la fragilité des quartiers depuis Préparer › Imports."
    )
    dite = lu(essai)
    assert "fragilité des quartiers inconnue" in dite
    assert "Fragilité inconnue" in dite
    assert "Quartier inconnu" not in dite  # that of each is known
    assert "trop faible" not in dite  # forty are known
    assert "aucun objectif en vigueur" not in dite


def situees(**ou: str | None) -> Callable[[Path], None]:
    """Forty of one quartier, but twenty of `ou`."""

    def magasin(dossier: Path) -> None:
        baux = (bail(i, date(2017, 1 if i % 2 else 12, 5)) | (ou if i < 20 else {}) for i in range(40))
        publish_drawn(dossier, {**decrit(), "attributions": table("attributions", *baux)})

    return magasin


@pytest.mark.parametrize("objectif", ["enjeu_mixite", "q1_hors_qpv", "autres_en_qpv"])
@pytest.mark.parametrize("en_salle", [False, True])
def test_a_measure_of_places_that_nobody_knows_says_so_not_that_none_is_counted_and_to_a_desk_what_to_fill_in(
    servir: Servir, objectif: str, en_salle: bool
) -> None:
    servir(colonnes_vides)
    dite = lu(open("bilan", en_salle=en_salle, objectif=objectif), "message")
    assert "40 sur 40 ne sont pas dans un" in dite
    remede = re.search(r"Compléter (la|les) colonnes? « code_.*importer depuis Préparer › Imports", dite)
    assert bool(remede) == ("Préparer" in dite) == (not en_salle)
    assert "aucune attribution n’est concernée" not in dite


def test_a_measure_of_places_of_which_none_is_known_says_how_many_it_cannot_place(servir: Servir) -> None:
    servir(situees(code_quartier=None, code_residence=None))
    # The others are in no QPV, and in a résidence à enjeu.
    assert lu(open("bilan", objectif="autres_en_qpv"), "message") == snapshot(
        "Dans l’ICI 2, aucune attribution n’est connue comme concernée par « Autres quartiles en QPV » : 20 sur 40 ne "
        "sont pas dans un quartier connu. Compléter la colonne « code_quartier » de « attributions », ou "
        "« code_residence » et le « code_quartier » de chaque résidence dans « residences », puis importer depuis "
        "Préparer › Imports."
    )
    for objectif in ("enjeu_mixite", "q1_hors_qpv"):
        assert "dans un quartier connu" not in lu(open("bilan", objectif=objectif), "message")


def test_a_bailleur_without_a_name_is_called_by_its_code_beside_those_that_have_one(servir: Servir) -> None:
    def sans_nom(dossier: Path) -> None:
        baux = (bail(i, date(2017, 12, 5)) | {"code_bailleur": f"B{1 + i % 2}"} for i in range(40))
        publish_drawn(dossier, {**decrit(), "attributions": table("attributions", *baux)})

    servir(sans_nom)
    essai = open("orientations")
    (definitions,) = [h.value for h in essai.html if "Part enregistrée" in h.value]
    assert set(re.findall(r'<th scope="row">(.*?)</th>', definitions)) == {"Bailleur B1", "B2"}


def test_no_contingent_and_no_reservataire_said_are_two_different_things(servir: Servir) -> None:
    def sans(dossier: Path) -> None:
        baux = (
            bail(i, date(2017, 1 if i % 2 else 12, 5)) | {"reservataire": None if i < 30 else "AUCUN"}
            for i in range(40)
        )
        publish_drawn(dossier, {**decrit(), "attributions": table("attributions", *baux)})

    servir(sans)
    assert lu(open("bilan", objectif="reservataires"), "message") == snapshot(
        "Dans l’ICI 2, aucune des 40 attributions n’est rattachée à un contingent connu : 30 sur 40 ne disent pas leur "
        "réservataire. Compléter la colonne « reservataire » de « attributions », puis l’importer depuis Préparer › "
        "Imports."
    )


def test_places_of_the_network_that_are_elsewhere_are_not_asked_for_again(servir: Servir) -> None:
    servir(colonnes_vides)
    assert "ceux de la table « accueil » sont ailleurs ou sans commune" in lu(open("accueil"))


def test_an_objective_without_a_figure_says_why_no_other_target_may_be_tried(servir: Servir) -> None:
    servir(sans_facultatif)
    for objectif in ("equilibre", "aci"):
        dite = lu(open("bilan", objectif=objectif, coupe="levier"))
        assert "Rien à viser : sans attribution connue, aucune autre part ne s’essaie." in dite, objectif


def test_tables_of_headers_alone_compute_nothing(servir: Servir) -> None:
    servir(en_tetes)
    rien = f"se calculent 0 mesure du bilan sur {len(INDICATEURS)}, et 0 segment sur {len(SEGMENTS)}"
    assert rien in lu(open("imports", vue_imports="attendues"))


def test_a_room_is_not_sent_to_a_table_that_it_does_not_see(servir: Servir) -> None:
    servir(une_commune)
    dite = lu(open("bilan", en_salle=True, objectif="npru", coupe="residence"))
    assert "Par résidence, rien ne se dit ici : les nombres sont trop petits." in dite
    assert "le tableau dit pourquoi" not in dite


def test_a_room_is_told_that_the_places_drawn_are_not_all(servir: Servir) -> None:
    def deux_communes(dossier: Path) -> None:
        """Thirty relogements in Roubaix, three in Tourcoing, none in Lannoy."""
        lieux = [*[ROUBAIX] * 30, *[TOURCOING] * 3, *[LANNOY] * 5]
        baux = (
            bail(i, date(2017, 1 if i % 2 else 12, 5)) | {"code_insee": ou, "npru": ou != LANNOY}
            for i, ou in enumerate(lieux)
        )
        publish_drawn(dossier, {**decrit(), "attributions": table("attributions", *baux)})

    servir(deux_communes)
    assert "Chacune des 2 autres : 12 ou moins." in lu(open("bilan", en_salle=True, objectif="npru", coupe="commune"))
    assert "2 autres" not in lu(open("bilan", objectif="npru", coupe="commune"))
