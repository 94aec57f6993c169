"""A page of the bilan shows nothing that `indicateur` would contradict: every number displayed is traced to it.

Sentence, marks and texts of the charts, maps, tables, bailleur × commune, previous séances, other ICI, 2015, « Pourquoi
ce chiffre ? », lever: each number of each page, in every cut, on a drawn Métropole and on the demonstration.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mel_core.entrepot import Entrepot
from mel_core.indicateurs.catalogue import MESURES
from mel_core.socle import langue
from tests.ecrans import metropole
from tests.ecrans.attendus import Attendus
from tests.ecrans.conftest import served
from tests.ecrans.dessin import HABITS_CARTE, elaguer, est_carte, feuilles
from tests.ecrans.releve import Releve
from tests.ecrans.reponses import SEANCE, Reponses
from tests.ecrans.vue import Piece, open

REGLES = {"q1_hors_qpv": 25, "autres_en_qpv": 50}  # the law's, in per cent
# An objective with the target in force, then with another one; a measure in each of its cuts; a rule likewise.
VUES = [
    *(("equilibre", "", 50), ("equilibre", "", 37), ("aci", "", 45), ("aci", "", 70), ("aci", "", 100)),
    *((code, coupe, REGLES.get(code, 0)) for code, mesure in MESURES.items() for coupe in mesure.coupes),
    *(("q1_hors_qpv", "commune", 90), ("autres_en_qpv", "bailleur", 95)),
]
ICI_2, METROPOLE = "ICI 2", None
# The whole Métropole says its sentences otherwise: each page once.
TOUTES = [
    *((*vue, ICI_2) for vue in VUES),
    *(
        (code, coupe, pourcent, METROPOLE)
        for code, coupe, pourcent in VUES
        if not coupe or coupe == MESURES[code].coupes[0]
    ),
]
# The short way: each measure in one cut of its own for the ICI, and for the Métropole an objective; the
# demonstration, whose places are many and uneven, for a rule.
COURTES = {
    "drawn": [
        *(("equilibre", "", 37, ICI_2), ("aci", "", 70, ICI_2)),
        *((c, m.coupes[rang % len(m.coupes)], REGLES.get(c, 0), ICI_2) for rang, (c, m) in enumerate(MESURES.items())),
        ("aci", "", 45, METROPOLE),
    ],
    "demonstration": [("q1_hors_qpv", "commune", 90, ICI_2), ("aci", "", 100, ICI_2)],  # what cannot be done
}


def sur(magasin: str, *valeurs: object, est_long: bool) -> Any:
    return pytest.param(magasin, *valeurs, marks=[pytest.mark.long] * est_long)


@pytest.fixture(scope="module")
def dossier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store published once, read by the pages and by the command line alike."""
    if request.param == "drawn":
        lieu: Path = tmp_path_factory.mktemp(request.param)
        metropole.publish(lieu)
    else:
        lieu = request.getfixturevalue("demonstration_copiee")
    with served(lieu):
        yield lieu


@pytest.fixture(scope="module")
def reponses(dossier: Path) -> dict[str | None, Reponses]:
    return {ici: Reponses(dossier, ici) for ici in (ICI_2, METROPOLE)}


def relever(reponses: Reponses, code: str, coupe: str, pourcent: int) -> tuple[Releve, list[Piece]]:
    publie = Entrepot(reponses.dossier).instantane()
    assert publie is not None
    releve = Releve(Attendus(reponses, code, coupe, pourcent), langue.jour(publie.publie_le))
    pieces = open(
        seance=SEANCE,
        ici=reponses.ici or "MEL",
        objectif=code,
        **({"coupe": coupe} if coupe else {}),
        **({f"cible_{code}": str(pourcent)} if pourcent else {}),
    )
    releve.read(pieces)
    if code in ("equilibre", "aci"):  # the other tabs
        adresse = {"seance": SEANCE, "ici": reponses.ici or "MEL", "objectif": code, f"cible_{code}": str(pourcent)}
        onglets = {
            "Constat par bailleur": "<caption>Constat par bailleur",
            "Séance après séance": ", séance après séance",
        }
        for onglet, montre in onglets.items():
            autre = open({"constat": onglet}, **adresse)
            assert any(montre in str(p.contenu) for p in autre)
            releve.read(autre)
    return releve, pieces


@pytest.mark.parametrize(
    ("dossier", "code", "coupe", "pourcent", "ici"),
    [sur(m, *page, est_long=page not in COURTES[m]) for m in COURTES for page in TOUTES],
    indirect=["dossier"],
)
def test_every_number_of_the_page_is_the_command_line_s(
    reponses: dict[str | None, Reponses], code: str, coupe: str, pourcent: int, ici: str | None
) -> None:
    releve, _ = relever(reponses[ici], code, coupe, pourcent)
    assert releve.n_traces > 10
    assert not releve.fautes, "\n".join(["", *releve.fautes])


# Not those of the drawn quartiers' names: changed, they are another quartier's.
CHIFFRE = re.compile(r"(?<![#\w&;:-])(?<!Quartier )\d(?![\w-])")


def alterer_dessin(contenu: dict[str, Any], tirage: random.Random) -> dict[str, Any]:
    """The same figure or map with one of its numbers changed, or one digit of one of its texts."""
    autre = deepcopy(contenu)
    dites = parlantes(autre) if est_carte(autre) else elaguer(autre)
    bavardes = [(c, v) for c, v in feuilles(dites) if not {"ids", *HABITS_CARTE} & set(c)]
    chemins = [c for c, v in bavardes if not isinstance(v, str) or _places(v)]
    *chemin, cle = tirage.choice(chemins)
    noeud: Any = dites if est_carte(autre) else autre
    for pas in chemin:
        noeud = noeud[pas]
    noeud[cle] = _autre(noeud[cle], tirage)
    return autre


def parlantes(carte: dict[str, Any]) -> dict[str, Any]:
    """The parts of a map that say something, as they are in it: its tones, what is written."""
    couches = {couche["id"]: couche for couche in carte["layers"]}
    return {"noms": {"data": couches["noms"]["data"]}, "lieux": couches["lieux"]}


def _autre(valeur: Any, tirage: random.Random) -> Any:
    if not isinstance(valeur, str):
        return valeur + 0.123
    place = tirage.choice(_places(valeur))
    return valeur[:place] + str((int(valeur[place]) + 1) % 10) + valeur[place + 1 :]


def _places(html: str) -> list[int]:
    """Where the digits are that a reader sees."""
    return [m.start() for m in CHIFFRE.finditer(re.sub(r"<[^>]*>", lambda m: "x" * len(m[0]), html))]


def alterer(piece: Piece, tirage: random.Random) -> Piece | None:
    """The same piece with one digit changed in what it shows; nothing when it shows none."""
    if piece.genre == "graphique":
        return replace(piece, contenu=alterer_dessin(piece.contenu, tirage))
    if piece.genre == "image d’une carte":
        code, dit = tirage.choice([(c, d) for c, d in piece.contenu["dits"].items() if _places(d)])
        place = tirage.choice(_places(dit))
        autre = dit[:place] + str((int(dit[place]) + 1) % 10) + dit[place + 1 :]
        return replace(piece, contenu={**piece.contenu, "dits": {**piece.contenu["dits"], code: autre}})
    if piece.genre not in ("html", "markdown") or piece.zone in ("agenda", "style", "profil_menu", "profil_menu_salle"):
        return None
    places = _places(piece.contenu)
    if not places:
        return None
    place = tirage.choice(places)
    autre = str((int(piece.contenu[place]) + 1) % 10)
    return replace(piece, contenu=piece.contenu[:place] + autre + piece.contenu[place + 1 :])


@pytest.mark.parametrize(
    ("dossier", "code", "coupe", "pourcent"),
    [
        sur(m, *page, est_long=(m, rang) not in {("drawn", 0), ("drawn", 3)})
        for m in COURTES
        for rang, page in enumerate(
            (
                *(("equilibre", "", 37), ("aci", "", 70)),
                *(("ressources", "quartier", 0), ("droit_commun", "commune_bailleur", 0)),
                *(
                    ("flux", "reservataire", 0),
                    ("flux", "bailleur_reservataire", 0),
                    ("enjeu_mixite", "enjeu_mixite", 0),
                ),
            )
        )
    ],
    indirect=["dossier"],
)
@pytest.mark.ci
def test_a_digit_changed_anywhere_in_the_page_is_found(
    reponses: dict[str | None, Reponses], code: str, coupe: str, pourcent: int
) -> None:
    releve, pieces = relever(reponses[ICI_2], code, coupe, pourcent)
    assert not releve.fautes
    tirage = random.Random(code)
    alterees = [(rang, autre) for rang, p in enumerate(pieces) for _ in range(3) if (autre := alterer(p, tirage))]
    assert len(alterees) > 5
    for rang, autre in alterees:
        faux = Releve(releve.attendus, releve.publie)
        faux.read([*pieces[:rang], autre, *pieces[rang + 1 :]])
        assert faux.fautes, (autre.zone, str(autre.contenu)[:200])
