"""One question, one answer, one sentence: wherever two places say the same quantity, they say it in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from mel_core.cli.commandes import principal
from mel_core.dossier import creneaux
from mel_core.droits.acces import COPILOTE
from mel_core.entrepot import Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Blocage, blocages
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.secret.bail import PREPARATION, SALLE, Audience, lease
from mel_core.simulation.engagement.phrases_engagement import MOTS
from mel_core.simulation.scenarios import Scenario
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.seance.bilan.essai import try_out
from tests.ecrans import leviers, metropole
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier
from tests.ecrans.test_essai import AISE, MODESTE, demandes, lecture_de
from tests.ecrans.vue import see
from tests.jeux import table
from tests.mots import simple
from tests.navigateur.test_orientations import monde as orientations_monde

S2 = Seance(2017, 2)
OPERATIONS = [
    {"code_operation": f"O{i}", "code_insee": ROUBAIX, "annee": 2017 + i, "n_logements": 30, "n_plus": 7, "n_plai": 2}
    for i in range(3)
]
AUDIENCES = {"au poste": PREPARATION, "en Salle": SALLE}


@pytest.fixture
def millesime(publish: Publier) -> str:
    """A store in which every question below has an answer."""
    tables: dict[str, pa.Table] = metropole.tables()
    rotation = pa.array([0.1] * tables["residences"].num_rows)
    residences = tables["residences"].drop_columns(["taux_rotation"]).append_column("taux_rotation", rotation)
    attendent = demandes((ROUBAIX, 90, AISE), (ROUBAIX, 60, MODESTE), (TOURCOING, 40, MODESTE), (TOURCOING, 30, AISE))
    publies = publish(
        **tables
        | {"residences": residences, "demandes": attendent, "programmation": table("programmation", *OPERATIONS)}
    )
    return publies.identifiant


def open(page: str, audience: Audience, **adresse: str) -> str:
    """What the page says."""
    essai = see(
        page,
        {"profil_repete": COPILOTE, "salle_repetee": not audience.lit_tout},
        **{"seance": "2017S2", "ici": "ICI 2", **adresse},
    )
    return simple(leviers.dit(essai))


def phrases(texte: str) -> Iterator[str]:
    return (dite for dite in simple(texte).split(". ") if dite)


@pytest.mark.parametrize("audience", AUDIENCES.values(), ids=AUDIENCES)
@pytest.mark.parametrize("indicateur", ["equilibre", "aci"])
def test_the_lever_of_the_bilan_says_what_simuler_says(millesime: str, indicateur: str, audience: Audience) -> None:
    with lease(audience):
        lecture = lecture_de(donnees.instantane(S2), indicateur)
        dites = {pourcent: try_out(lecture, pourcent).phrase for pourcent in (0, 20, 45, 50, 80, 100)}
    for pourcent, phrase in dites.items():
        cibles = ("cible",) if indicateur == "aci" else ("cible_fragile", "cible_moyenne", "cible_sans")
        simulee = open("simuler", audience, simulation=indicateur, **dict.fromkeys(cibles, f"{pourcent} %"))
        # Beside the lever of the bilan, the picture says of which attributions.
        simulee = SUR.sub("", simulee).replace(" à des ménages modestes", "")
        demande, *moyens = phrases(phrase.replace(" à des ménages modestes", ""))
        assert demande.rstrip(".") in simulee, pourcent  # Simuler adds, for the ACI, what becomes of those who wait
        for dite in moyens:
            assert dite in simulee, pourcent


SUR = re.compile(r",? sur (les \d|la seule|le seul)[^:.]*? de ces 12\smois")


@pytest.mark.parametrize("simulation", ["equilibre", "aci", "convergence", "programmation"])
def test_the_command_line_says_what_simuler_says_at_a_desk(
    millesime: str, simulation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leviers: dict[str, str] = {"programmation": {"part_plai": "40 %"}}.get(simulation, {})
    scenario = Scenario(simulation, S2, leviers, ici="ICI 2")  # type: ignore[arg-type]
    (tmp_path / "essai.toml").write_text(scenario.toml(), encoding="utf-8")
    capsys.readouterr()
    assert principal(["--dossier-donnees", str(tmp_path), "simuler", str(tmp_path / "essai.toml")]) == 0
    dite = simple(capsys.readouterr().out.splitlines()[0])
    assert dite in open("simuler", PREPARATION, simulation=simulation, **leviers).replace("**", "")


def test_an_engagement_is_judged_alike_in_orientations_and_in_simuler(publish: Publier) -> None:
    publish(**orientations_monde())
    lus = set()
    for nombre in ("0", "12", "17", "60", "100"):
        lieu = {"ici": "MEL", "segment": "poulidor", "nombre": nombre}
        dits = {"unite": "nombre", "vue": "segments", "etape": "engagement", "nombre_poulidor": nombre}
        orientations = open("orientations", PREPARATION, **lieu, **dits)
        simulee = open("simuler", PREPARATION, simulation="engagement", **lieu)
        (de,) = re.findall(r" du segment « [^»]+ » \(\d+ aujourd’hui\)", simulee)
        sans = simulee.replace(de, "")
        phrase = sans[sans.index("**") : sans.index(" ■ Constat", sans.index("**"))]
        assert phrase in orientations, (nombre, orientations)
        lus |= {v for v in MOTS.values() if f"**{v}**" in phrase}
    assert lus == {"Faisable", "Tendu"}  # the lever of Orientations stops at the flow


def test_the_deck_says_of_10h30_what_its_screen_says_in_salle(millesime: str) -> None:
    entrepot = donnees.entrepot()
    journal = Journal.du_dossier(entrepot.dossier)
    auteur = Auteur("A. Essai", "MEL")
    signale = Blocage(S2, "B1", Secteur("ICI 2", (ROUBAIX,)), "Peu de T2", ProfilBlocage(typologie="T2"))
    fiche = blocages.report(journal, signale, auteur, identifiant="b0", op_id="s0")
    blocages.retain(journal, fiche, auteur, "r0")
    with entrepot.open(Portee.mel(), S2) as lecteur:
        points = creneaux.coordination(entrepot, journal, S2, "ICI 2", Noms.read(lecteur).connues)
    page = points["b0"]
    assert page.titre == "10h30 · 1. Roubaix · T2"
    assert simple(page.phrase).replace("*", "") in open("coordination", SALLE, point="b0").replace("*", "")
