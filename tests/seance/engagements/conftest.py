"""The store and the journal of the tests of an engagement."""

from __future__ import annotations

from datetime import date

import pytest

from mel_core.journal import Journal
from tests.jeux import ROUBAIX, attribution
from tests.seance.engagements.monde import AUTOUR, BAUX_AUTOUR
from tests.seance.engagements.test_cohorte import demande, evenement, magasin, radiee


@pytest.fixture
def entrepot(tmp_path):
    """Six demandes of 2015, waiting on 30 June 2017; then a bail, a strike-off, a proposition. Ten bails a year."""
    demandes = [demande(f"p{i}") for i in range(4)]
    demandes += [demande("loge", **radiee(date(2017, 9, 30), "RADATT"))]
    demandes += [demande("parti", **radiee(date(2017, 9, 30), "RADREN"))]
    # 18 to 24 months old on 31 December 2017: will cross by 30 June 2018, and by 31 December 2018
    demandes += [demande(f"bientot{i}", date_creation=date(2016, 3, 1)) for i in range(3)]
    demandes += [demande("plus_tard", date_creation=date(2016, 9, 1))]
    # crossed 24 months during the second semester of 2017: one of the two that could was proposed something before
    demandes += [demande(q, date_creation=date(2015, 9, 1)) for q in ("franchi", "propose")]
    evenements = [
        evenement(1, "propose", "PROPOSITION", date(2017, 8, 1)),
        evenement(2, "p0", "PROPOSITION", date(2017, 8, 1)),
        *AUTOUR,
    ]
    baux = [attribution(1, numero_unique="loge", date_bail=date(2017, 9, 30))]
    baux += [attribution(i, date_bail=date(2017, 3, 1), code_bailleur="B2", code_insee=ROUBAIX) for i in range(22, 27)]
    baux += [attribution(i, date_bail=date(2017, 10, 1), aci=True) for i in range(27, 29)]
    baux += [attribution(i, date_bail=date(2017, 10, 1), mutation=True) for i in range(29, 31)]
    baux += [attribution(31, date_bail=date(2016, 12, 31))]  # the day before the 12 months
    baux += BAUX_AUTOUR[1:]
    # who signed them, struck off that day
    demandes += [
        demande(q, date_creation=bail["date_bail"].replace(day=1), **radiee(bail["date_bail"], "RADATT"))
        for bail in baux
        if (q := bail["numero_unique"]) != "loge"
    ]
    return magasin(tmp_path / "donnees", demandes, evenements, baux)


@pytest.fixture
def journal(tmp_path):
    (tmp_path / "journal").mkdir()
    with_journal = Journal.du_dossier(tmp_path / "journal")
    yield with_journal
    with_journal.close()
