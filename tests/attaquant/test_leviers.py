"""Every lever and selector of every page has its program: the list is made from the pages, none is missing; and what
those of `leviers` find, short here, whole by their command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.contrat.tables import FRAGILITES
from mel_core.droits.acces import ANIMATEUR, Profil, TypeProfil
from mel_core.entrepot import Entrepot
from mel_core.indicateurs.catalogue import MESURES
from mel_core.secret.bail import SALLE
from mel_core.segments import SEGMENTS
from mel_core.simulation.scenarios import MOTEURS, Scenario, answer
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from pages.commun import donnees, navigation
from pages.commun.mesures import lecture_scenario
from pages.simuler import reglages
from tests.attaquant import bassins, causes, leviers, lieux, preuves, programmes, segments, suivis
from tests.attaquant.voisins import serve
from tests.ecrans import leviers as sous_la_main
from tests.jeux import ROUBAIX
from tests.lecteurs import lue_par

QUI = {
    "room": ANIMATEUR,
    "commune": Profil(TypeProfil.COMMUNE, ROUBAIX),
    "bailleur": Profil(TypeProfil.BAILLEUR, "BF01"),
    "State": Profil(TypeProfil.RESERVATAIRE, "PPRIOR"),
}
DIT, ARRONDI = "which of what is said is shown", "every step rounds each figure at the same place"
PERSONNE = "of nobody: dwellings, visits, places, who is there"
# A control, as it is called on its pages → the program over all its positions, or why it needs none.
PROGRAMMES: dict[str, object] = {
    # Which places, measures and cuts of the attributions.
    **dict.fromkeys((r"bilan bouton_objectif_\d+", r"bilan autre_mesure_\d+", "bilan coupe"), lieux),
    **dict.fromkeys((r"bilan commune_descente_\d+", r"bilan quartier_descente_\d+", r"bilan autre_fiche_\d+"), lieux),
    **dict.fromkeys((r"\w+ ici", r"\w+ seance"), lieux),
    **dict.fromkeys(("orientations maille", "orientations place"), lieux),
    # A target, alone and by pairs; the queue.
    r"bilan Part visée.*": leviers,
    r"simuler Part de ménages (modestes, quartiers .*|ACI)": leviers,
    "orientations ponderation": leviers,
    # Segments at each of their steps.
    **dict.fromkeys((r"orientations (segment|par)", r"orientations (mois_\w+|n_min)"), segments),
    "orientations mutations_par": suivis,
    "coordination point": preuves,
    **dict.fromkeys((r"bassins territoire", r"bassins flux"), bassins),
    "orientations offre_par": programmes,
    # Each figure rounded once, whatever the step: `tests/seance/engagements/test_engagement_en_salle.py`.
    "orientations À loger": ARRONDI,
    r"simuler (simulation|volet_\w+)": DIT,
    r"orientations vue": lieux,
    "orientations etape": causes,  # and `devant`
    r"simuler (Part de PLAI|Rythme.*|simuler_programmation_lisser)": PERSONNE,
    r"accueil (accueil|saisie_accueil.*)|fragilite carte": PERSONNE,
    r"\w+ (profil_type|profil_code|saisie_auteur)": PERSONNE,
}


def ecrans() -> Iterator[tuple[str, dict[str, str]]]:
    yield from (("bilan", {"objectif": o}) for o in ("equilibre", "aci", *MESURES))
    yield from (("bilan", {"objectif": "aci", "fiche": lieu}) for lieu in (ROUBAIX, "BF01"))
    vues = ("engagements", "preconisations", "mutations", "offre", "qpv", "ordonnancement")
    yield from (("orientations", {"vue": v}) for v in vues)
    yield from (
        ("orientations", {"vue": "segments", "segment": s, "etape": etape})
        for s in (*SEGMENTS, "libre")
        for etape in ("repartition", "engagement")
    )
    yield from (("simuler", {"simulation": s}) for s in MOTEURS)
    yield from (
        (page, {}) for page in navigation.PAGES if page not in ("bilan", "orientations", "simuler", "mes_listes")
    )


def controls(profil: Profil, page: str, adresse: dict[str, str]) -> set[str]:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=120)
    essai.session_state["profil_repete"] = profil
    essai.query_params.update({"ici": "ICI 2", "seance": "2017S2", **adresse})
    essai.switch_page(navigation.fichier(page)).run()
    assert not essai.exception
    genres = ("selectbox", "number_input", "checkbox", "slider", "multiselect", "radio", "date_input", "toggle")
    vus = [w for genre in genres for w in getattr(essai, genre)] + list(essai.get("button_group"))
    noms = {str(w.key or w.label) for w in vus}
    noms |= {c["libelle"] for m in sous_la_main.messages(essai) for c in m["curseurs"]}
    return {f"{page} {nom}" for nom in noms}


@pytest.mark.parametrize("qui", ["room", *(pytest.param(q, marks=pytest.mark.long) for q in QUI if q != "room")])
@pytest.mark.ci
def test_every_lever_and_selector_of_the_pages_has_its_program(demonstration_publiee: Path, qui: str) -> None:
    serve(demonstration_publiee)
    vus = {c for ecran in ecrans() for c in controls(QUI[qui], *ecran)}
    assert len(vus) > 30
    assert not [c for c in sorted(vus) if not any(re.fullmatch(motif, c) for motif in PROGRAMMES)]
    attaques = {motif for motif in PROGRAMMES if any(re.fullmatch(motif, c) for c in vus)}
    assert {leviers, lieux, segments, DIT, ARRONDI} <= {PROGRAMMES[motif] for motif in attaques}


@pytest.mark.parametrize("moi", ["", f"commune={ROUBAIX}", "bailleur=BF01", "reservataire=PPRIOR+PFONCT"])
@pytest.mark.ci
def test_no_position_of_a_lever_gives_a_small_count_back(demonstration_publiee: Path, moi: str) -> None:
    arguments = ["--donnees", str(demonstration_publiee), "--ici", "ICI 2", "--seances", "1"]
    assert leviers.principal([*arguments, *(["--moi", moi] if moi else [])]) == 0


@pytest.mark.long
@pytest.mark.parametrize("moi", ["", f"commune={ROUBAIX}", "bailleur=BF01", "reservataire=PPRIOR+PFONCT"])
def test_no_position_of_a_lever_gives_a_small_count_back_at_any_seance(demonstration_publiee: Path, moi: str) -> None:
    assert leviers.principal(["--donnees", str(demonstration_publiee), *(["--moi", moi] if moi else [])]) == 0


def test_the_program_finds_what_whole_sums_leave_no_choice_of() -> None:
    """An attacker that finds nothing proves nothing. Two of three are 12 or fewer together, all three are said 20, 18
    to 22: 18 then, and each is 6."""
    monde = leviers.Monde(np.array([6, 6, 6]))
    for rang in range(3):
        monde.hear_compte(1 - np.eye(3)[rang], SALLE.compte(12))
    monde.hear_compte(np.ones(3), SALLE.compte(18))
    monde.aim(np.eye(3)[0], "le premier")
    assert monde.values(np.eye(3)[0]) == (1, 1)
    assert leviers.attack("trois", monde, 0) == (False, 1)
    seul = leviers.Monde(np.array([6, 6, 6]))
    seul.hear_compte(np.ones(3), SALLE.compte(18))
    assert seul.values(np.eye(3)[0]) == (9, 9)


@pytest.mark.ci
def test_a_convergence_says_nothing_of_the_shares_observed_where_a_target_moves(demonstration_publiee: Path) -> None:
    """Every position of each target alone is refused; of both, by tens, it is worked out of the stock alone."""
    serve(demonstration_publiee)
    millesime = Entrepot(demonstration_publiee).instantane().identifiant
    nom = {c: f"cible_{c}" for c in ("fragile", "sans")}

    def essai(tenus: dict[str, Any]) -> Scenario:
        return Scenario("convergence", Seance.read("2017S2"), tenus, ici="ICI 2", millesime=millesime)

    assert [r.nom for r in reglages.du_levier("convergence", lit_tout=False)] == [f"cible_{c}" for c in FRAGILITES]
    for valeur in range(101):
        for classe in nom.values():
            with pytest.raises(ErreurUtilisateur, match="ne se dit pas en Salle"):
                lue_par(SALLE, lecture_scenario.resultat, essai({classe: Fraction(valeur, 100)}))
    stock = lecture_scenario.base(essai({}))
    autres = replace(stock, observes=stock.observes | {"fragile": 0.123, "sans": 0.456})
    for un, autre in product(range(0, 101, 10), repeat=2):
        scenario = essai({nom["fragile"]: Fraction(un, 100), nom["sans"]: Fraction(autre, 100)})
        lue, refaite = lue_par(SALLE, lecture_scenario.resultat, scenario), answer(autres, scenario)
        assert (lue.synthese, lue_par(SALLE, lue.write)) == (refaite.synthese, lue_par(SALLE, refaite.write))
