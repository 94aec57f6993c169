"""Préparer › Imports: years of two digits, asked once for a column of each file."""

from __future__ import annotations

from mel_core.contrat import correspondances
from mel_core.entrepot import Entrepot
from tests.ecrans.test_imports import ATTRIBUTIONS, deposer, entrepot
from tests.entrepot.test_importation import BAILLEURS

__all__ = ["entrepot"]
GARDER = "FormSubmitter:questions-Garder ces réponses et contrôler de nouveau"
DITE = "30/09/17 → une date de 2000 à 2099, comme toutes celles de la colonne"


def test_years_of_two_digits_are_one_proposal_for_their_column_and_the_load_then_reads_them(entrepot: Entrepot) -> None:
    ecran = deposer(bailleurs=BAILLEURS, attributions=ATTRIBUTIONS.replace("/2017", "/17"))
    (mots,) = [p for p in ecran.pills if p.label.startswith("Mots de")]
    assert mots.options == [DITE]
    ecran.button(key=GARDER).click().run()
    (lu,) = correspondances.read(entrepot.dossier).mappings
    assert lu.dates == {"attributions": {"date_bail": "2000_2099"}}


def test_two_files_that_write_the_same_date_are_told_apart_and_each_is_ticked_and_read(entrepot: Entrepot) -> None:
    courtes = ATTRIBUTIONS.replace("/2017", "/17")
    entete, lignes = courtes.split("\n", 1)
    autre = f"{entete.replace('date_bail', 'Date de signature du bail')}\n{lignes.replace('A', 'B')}"
    ecran = deposer(bailleurs=BAILLEURS, attributions_sia=courtes, attributions_lmh=autre)
    (mots,) = [p for p in ecran.pills if p.label.startswith("Mots de")]
    assert sorted(mots.options) == [f"{DITE} (attributions_{qui}.csv)" for qui in ("lmh", "sia")]
    assert len(mots.value) == len(mots.options)
    ecran.button(key=GARDER).click().run()
    lus = [m.dates["attributions"] for m in correspondances.read(entrepot.dossier).mappings]
    assert lus == [{"date_bail": "2000_2099"}] * 2
