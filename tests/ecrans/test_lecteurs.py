"""Every page × who reads: no number of households says more than the rule, but one's own at one's own desk.

On the demonstration: the room, a commune away from home and at home, a bailleur before the others, a réservataire. A
run deals the views among those who read, otherwise each time: every page is read in a room and by a commune, a cut of
each measure by somebody (before a merge, every cut). All of them read all of it in the long run.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.indicateurs.catalogue import MESURES
from pages.commun.emplacement import RACINE
from pages.commun.navigation import PAGES, fichier
from tests.ecrans.conftest import served
from tests.ecrans.vue import DEPLIE, tableaux
from tests.marcheur.lus import textes
from tests.marcheur.servi import as_served

BASE = 5  # what is rounded to ten is rounded to five
MENAGES = (
    "attributions?|demandes?|demandeurs?|ménages?|passages?|propositions?|refus|candidats?|premiers? accès|mutations?|"
    "relogements?|personnes?|baux|entrants?|occupants?"
)
NOMBRE = r"(?<![\w,.\u202f/])(\d+(?:\u202f\d{3})*)"
COMPTE = re.compile(rf"{NOMBRE}[\s\u00a0*]+(?:{MENAGES})\b(?![\s\u00a0]+(?:en commission )?ou moins)")
A_UNE_DECIMALE = re.compile(r"\d+,\d+[\u202f\u00a0 ]%")
# What a place of reception registered and what INSEE publishes are of no household: everybody reads them.
PUBLIEES = ("accueil", "fragilite")
# A number of demandes for one attribution is no count: it is said to the unit.
POUR_UNE = re.compile(r"\d+ demandes? pour une attribution|une attribution pour \d+ demandes?")
DE_LOGEMENTS = ("bassins",)  # the dwellings that stand vacant are said to a tenth


class Vue(NamedTuple):
    page: str
    adresse: dict[str, str]


DES_PAGES = [Vue(page, {}) for page in PAGES if page != "bilan" and page not in PUBLIEES]
DU_BILAN = [Vue("bilan", {"objectif": code, "coupe": coupe}) for code, m in MESURES.items() for coupe in m.coupes]


@dataclass(frozen=True)
class Lecture:
    """Who reads, of which ICI."""

    nom: str
    profil: Profil
    en_salle: bool
    ici: str


EN_SALLE = [Lecture("la salle", Profil(TypeProfil.COPILOTE), True, ici) for ici in ("ICI 1", "ICI 2", "ICI 3")]
EN_COMMUNE = [Lecture("Roubaix", Profil(TypeProfil.COMMUNE, "59512"), False, ici) for ici in ("ICI 1", "ICI 3")]
AILLEURS = [*EN_SALLE, *EN_COMMUNE]
# At home: who, the cut that says its own line, and what that line is called (a réservataire has none).
CHEZ_SOI = [
    (Lecture("Roubaix", Profil(TypeProfil.COMMUNE, "59512"), False, "ICI 2"), "commune", "Roubaix"),
    (
        Lecture("BF01", Profil(TypeProfil.BAILLEUR, "BF01"), False, "ICI 2"),
        "bailleur",
        "Lille Métropole Habitat (fictif)",
    ),
    (Lecture("Action Logement", Profil(TypeProfil.RESERVATAIRE, "COLACT"), False, "ICI 2"), "commune", ""),
]
N_CHEZ_SOI = 4  # measures of the usual run, drawn: two of twelve have nothing there


@pytest.fixture(scope="module", autouse=True)
def servie(demonstration_publiee: Path) -> Iterator[None]:
    with served(demonstration_publiee), as_served():
        yield


def open(vue: Vue, lecture: Lecture) -> AppTest:
    essai = AppTest.from_file(RACINE / "app.py", default_timeout=60)
    essai.session_state["profil_repete"] = lecture.profil
    essai.session_state["salle_repetee"] = lecture.en_salle
    for cle in ("explication", "repartition", *DEPLIE):
        essai.session_state[cle] = True
    essai.query_params.update({"seance": "2017S2", "ici": lecture.ici, **vue.adresse})
    essai.switch_page(fichier(vue.page)).run()
    assert not essai.exception
    return essai


def more_than_the_rule(dit: str, page: str) -> list[str]:
    """The counts of households that are not rounded, and the shares said to a tenth."""
    dit = POUR_UNE.sub("", dit.replace("*", ""))
    comptes = [m[0] for m in COMPTE.finditer(dit) if int(re.sub(r"\D", "", m[1])) % BASE]
    return comptes if page in DE_LOGEMENTS else [*comptes, *A_UNE_DECIMALE.findall(dit)]


def deal(alea: Random, vues: Sequence[Vue], lectures: Sequence[Lecture]) -> Iterator[tuple[Vue, Lecture]]:
    """Each view to one reader, to each as many."""
    return zip(alea.sample(vues, len(vues)), cycle(alea.sample(lectures, len(lectures))), strict=False)


def faults(lues: Iterable[tuple[Vue, Lecture]]) -> set[str]:
    return {
        f"{lecture.nom}, {lecture.ici}, {vue.page} {' '.join(vue.adresse.values())} : {faute} dans « {dit[:200]} »"
        for vue, lecture in lues
        for dit in (texte.dit for texte in textes(open(vue, lecture)))
        for faute in more_than_the_rule(dit, vue.page)
    }


@pytest.fixture(scope="module")
def graine() -> int:
    return secrets.randbits(32)


def cuts(alea: Random, *, premieres: bool) -> list[Vue]:
    """One cut of each measure, drawn; or all the others."""
    tirees = {code: alea.sample(mesure.coupes, len(mesure.coupes)) for code, mesure in MESURES.items()}
    lues = {code: coupes[:1] if premieres else coupes[1:] for code, coupes in tirees.items()}
    return [Vue("bilan", {"objectif": code, "coupe": coupe}) for code, coupes in lues.items() for coupe in coupes]


def test_who_reads_of_others_reads_no_number_but_by_the_rule(graine: int) -> None:
    print(f"graine {graine}")  # shown by pytest when the test fails
    alea = Random(graine)
    du_bilan = deal(alea, cuts(alea, premieres=True), AILLEURS)
    en_salle, en_commune = deal(alea, DES_PAGES, EN_SALLE), deal(alea, DES_PAGES, EN_COMMUNE)
    assert faults([*en_salle, *en_commune, *du_bilan]) == set()


@pytest.mark.ci
def test_who_reads_of_others_reads_no_number_of_the_other_cuts_but_by_the_rule(graine: int) -> None:
    print(f"graine {graine}")
    alea = Random(graine)
    assert faults(deal(alea, cuts(alea, premieres=False), AILLEURS)) == set()


@pytest.mark.long
@pytest.mark.parametrize("lecture", AILLEURS, ids=lambda x: f"{x.nom}, {x.ici}")
def test_each_who_reads_of_others_reads_no_number_of_any_view_but_by_the_rule(lecture: Lecture) -> None:
    assert faults((vue, lecture) for vue in (*DES_PAGES, *DU_BILAN)) == set()


@pytest.mark.parametrize("combien", [N_CHEZ_SOI, pytest.param(len(MESURES), marks=pytest.mark.long)])
@pytest.mark.parametrize(("lecture", "coupe", "sienne"), CHEZ_SOI, ids=lambda x: getattr(x, "nom", None))
def test_at_home_the_lines_of_the_others_are_by_the_rule(
    lecture: Lecture, coupe: str, sienne: str, combien: int
) -> None:
    coupees = [code for code, mesure in MESURES.items() if coupe in mesure.coupes]
    fautes, propres = set(), set()
    for code in secrets.SystemRandom().sample(coupees, min(combien, len(coupees))):
        for element in open(Vue("bilan", {"objectif": code, "coupe": coupe}), lecture).get("html"):
            for table in tableaux(str(element.proto.body)):
                tetes = [tete for tete, _ in table.rangees[0]]
                for rangee in table.rangees[1:]:
                    cases = [(tete, dit) for tete, (dit, _) in zip(tetes, rangee, strict=True) if "points" not in tete]
                    dits = {f"{code} {tete} {dit}" for tete, dit in cases if more_than_a_room(dit)}
                    if rangee[0][0] == sienne:
                        propres |= dits
                    else:
                        fautes |= {f"{rangee[0][0]} : {dit}" for dit in dits}
    assert fautes == set()
    assert propres or not sienne  # one's own are exact


def more_than_a_room(dit: str) -> bool:
    """Whether a cell holds a count that is not rounded, or a share to a tenth."""
    nombre = re.fullmatch(r"[+−]?(\d+(?:\u202f\d{3})*)", dit)
    return bool(A_UNE_DECIMALE.search(dit)) or (nombre is not None and int(re.sub(r"\D", "", nombre[1])) % BASE != 0)
