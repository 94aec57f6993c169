"""What the report of an import says to be unknown without a column is what the indicators and the cuts lean on."""

from __future__ import annotations

import pytest

from mel_core.contrat.coherence import SANS
from mel_core.contrat.tables import ETIQUETTES, TABLES
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.catalogue import INDICATEURS
from mel_core.indicateurs.manques import BESOINS_DES_COUPES

BESOINS = {
    *(besoin for indicateur in INDICATEURS.values() for besoin in indicateur.requis),
    *(besoin for besoins in BESOINS_DES_COUPES.values() for besoin in besoins),
}


def est_facultatif(besoin: Manque) -> bool:
    """A column that a file may lack, and that is no label: labels have their own sentences."""
    return not any(c in ETIQUETTES or TABLES[besoin.table].colonne(c).requise for c in besoin.colonnes)


@pytest.mark.parametrize("besoin", sorted(filter(est_facultatif, BESOINS), key=str), ids=lambda b: "-".join(b.colonnes))
def test_every_column_that_a_figure_needs_is_said_when_a_file_lacks_it(besoin: Manque) -> None:
    dites = {frozenset(colonnes) for colonnes in SANS[besoin.table]}
    assert any(dite <= set(besoin.colonnes) or set(besoin.colonnes) <= dite for dite in dites)


def test_each_column_of_the_attributions_that_is_told_is_one_that_a_figure_needs() -> None:
    """What the import says to be unknown follows the indicators: one that is removed leaves nothing to say."""
    lues = {c for besoin in BESOINS if besoin.table == "attributions" for c in besoin.colonnes}
    for colonnes in SANS["attributions"]:
        assert lues.issuperset(colonnes), colonnes


def test_each_column_told_is_one_that_a_file_may_lack() -> None:
    for nom, sans in SANS.items():
        for colonnes, quoi in sans.items():
            assert quoi
            assert not any(TABLES[nom].colonne(c).requise for c in colonnes)
