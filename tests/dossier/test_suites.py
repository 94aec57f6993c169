"""What the room reads of the last decisions when a séance opens is in the documents that it takes away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from inline_snapshot import snapshot
from pptx import Presentation
from reportlab.lib.units import cm
from reportlab.lib.utils import simpleSplit

from mel_core.dossier import diapositives, releve, synthese
from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.seance import compose
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs.parametrage import Valeur, add
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Decision, TemoinIndicateur, decisions, resultats, temoins
from mel_core.seance.coordination.decisions import avec_temoin
from mel_core.seance.engagements import cohortes, engagement_pris
from mel_core.seance.engagements.engagement_pris import Engagement, echeance_de
from mel_core.secret.bail import SALLE
from mel_core.segments import Criteres
from tests.jeux import ROUBAIX
from tests.lecteurs import lue_par
from tests.mots import d_un_trait
from tests.seance.coordination.monde import S1, S2, magasin
from tests.seance.positions import ACTEE

AUTEUR, ICI = Auteur("A. Essai", "MEL"), "ICI 2"
TEMOINS = {
    "Doubler les ACI": TemoinIndicateur("aci", "semestre", commune=ROUBAIX, cellule={"bailleur": "B1"}),
    "Ouvrir les T2": TemoinIndicateur("aci", "semestre", bailleur="B2"),
    "Tenir sur l’année": TemoinIndicateur("aci", commune=ROUBAIX),
}


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    return magasin(tmp_path / "donnees", 12)


@pytest.fixture
def journal(entrepot: Entrepot) -> Journal:
    """Three decisions of 2017S1: a change that chance explains, a small cell, two windows that share six months; and
    an objective revised since."""
    journal = Journal.du_dossier(entrepot.dossier)
    for texte, temoin in TEMOINS.items():
        decision = avec_temoin(
            Decision(S1, ICI, texte, "B1", S2.fin, positions=ACTEE), temoin, Fraction(9, 20), entrepot
        )
        decisions.act(journal, decision, AUTEUR, identifiant=texte, op_id=texte)
    cible: dict[str, Valeur] = {
        "indicateur": "aci",
        "valeur": Decimal("0.5"),
        "depuis": date(2017, 10, 1),
        "source": "Délibération",
    }
    add(entrepot, Journal.du_dossier(entrepot.dossier), "cibles", cible, Auteur("A. Essai"))
    return journal


def du_docx(chemin: Path) -> str:
    document = Document(str(chemin))
    cellules = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return d_un_trait(" ".join([*(p.text for p in document.paragraphs), *cellules]))


def en_docx(write: Callable[[Path, Contexte, Releve], None], entrepot: Entrepot, journal: Journal, sortie: Path) -> str:
    with entrepot.open(Portee.mel(), S2) as lecteur:
        dit = releve.releve_de(entrepot, journal, S2, ICI, Noms.read(lecteur))
        contexte = Contexte(S2, ICI, lecteur.instantane, datetime(2018, 1, 9, tzinfo=UTC))
    write(sortie / "d.docx", contexte, dit)
    return du_docx(sortie / "d.docx")


def du_releve(entrepot: Entrepot, journal: Journal, sortie: Path) -> str:
    return en_docx(releve.write, entrepot, journal, sortie)


def de_la_synthese(entrepot: Entrepot, journal: Journal, sortie: Path) -> str:
    def write(chemin: Path, contexte: Contexte, dit: Releve) -> None:
        with entrepot.open(Portee.mel(), S2) as lecteur:
            releves = {ici: dit if ici == ICI else Releve([]) for ici in perimetre.icis(lecteur)}
            synthese.write(chemin, contexte, lecteur, releves)

    return en_docx(write, entrepot, journal, sortie)


def du_diaporama(entrepot: Entrepot, journal: Journal, sortie: Path) -> str:
    fichiers = compose(entrepot, S2, ICI, sortie / "dossier", journal=journal).fichiers
    (deck,) = [f for f in fichiers if f.suffix == ".pptx"]
    pages = Presentation(str(deck)).slides
    return d_un_trait(" ".join(f.text_frame.text for p in pages for f in p.shapes if f.has_text_frame))


@pytest.mark.parametrize("lu", [du_releve, de_la_synthese, du_diaporama])
def test_a_document_says_of_each_decision_what_the_screen_says_of_it(
    lu: Callable[[Entrepot, Journal, Path], str], entrepot: Entrepot, journal: Journal, tmp_path: Path
) -> None:
    bilan = resultats.bilan(entrepot, journal, S2, ICI)
    with entrepot.open(Portee.mel(), S2) as lecteur:
        noms = Noms.read(lecteur).connues
    dits = [
        d_un_trait(x)
        for r in bilan.resultats
        for x in (lue_par(SALLE, lue_par(SALLE, r.vu).say), r.mouvement, *lue_par(SALLE, r.reserves))
        if x
    ]
    attendus = (
        "que le hasard ne l’explique",
        "effectif trop faible pour conclure",
        "six mois en commun",
    )
    assert all(any(a in d for d in dits) for a in attendus)
    document = lu(entrepot, journal, tmp_path)
    for dit in dits:
        assert dit in document
    assert document.count(d_un_trait(resultats.SIX_MOIS_EN_COMMUN)) == 1
    for resultat in bilan.resultats:
        assert resultat.decision.temoin
        assert d_un_trait(temoins.say(resultat.decision.temoin, noms)) in document
    (change,) = lue_par(SALLE, bilan.changements)
    assert f"Ce qui a changé : {d_un_trait(change)}" in document


def test_a_decision_and_its_reserve_are_on_the_same_row(entrepot: Entrepot, journal: Journal) -> None:
    with entrepot.open(Portee.mel(), S2) as lecteur:
        suites, _ = releve.suivi_de(entrepot, journal, S2, ICI, Noms.read(lecteur))
    (aci,) = [s for s in suites if s.quoi == "Doubler les ACI"]
    assert aci.ligne[0].split("\n") == snapshot(
        [
            "Doubler les ACI",
            "B1 · Ménages prioritaires (ACI), Bailleur B1, Roubaix",
            "Depuis la décision, le chiffre ne bouge pas plus que le hasard ne l’explique.",
        ]
    )


def test_the_engagements_that_are_read_again_are_those_of_the_seance_before(
    entrepot: Entrepot, journal: Journal
) -> None:
    figee = pd.DataFrame({c: [f"{c} {i}" for i in range(40)] for c in cohortes.COLONNES})
    for seance, nombre in ((S1, 17), (S2, 23)):
        pris = Engagement(
            "poulidor", Criteres(seance.fin), seance, ICI, nombre, 100, len(figee), echeance_de(seance), "m"
        )
        nom = f"e{nombre}"
        engagement_pris.act(journal, entrepot.dossier, pris, figee, AUTEUR, identifiant=nom, op_id=nom)
    with entrepot.open(Portee.mel(), S2) as lecteur:
        suites, _ = releve.suivi_de(entrepot, journal, S2, ICI, Noms.read(lecteur))
    assert [s.cible for s in suites if s.quoi.startswith("Engagement")] == ["17\u00a0relogés"]


def test_long_sentences_take_more_pages_rather_than_run_into_the_foot_of_one() -> None:
    longue = "mots " * 80
    pages = diapositives.distribute([longue] * 7 + ["court"] * 8)
    assert [x for page in pages for x in page] == [longue] * 7 + ["court"] * 8
    assert [len(page) for page in pages] == [4, 6, 5]
    for page in pages:
        lignes = sum(len(simpleSplit(x, "Helvetica", 18, diapositives.PLEINE * cm)) for x in page)
        assert lignes * 1.2 * 18 + 10 * len(page) < (diapositives.HAUTEUR - diapositives.BANDE - 2.4) * cm
