"""What was decided is followed until it is met, whatever the séances between decided."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.journal import Journal
from mel_core.seance.coordination import decisions, resultats, signature
from mel_core.seance.coordination.resultats import IssueDecision
from mel_core.seance.verdict import Mot
from mel_core.socle.periodes import Seance
from tests.seance.coordination.monde import S2, magasin
from tests.seance.coordination.test_resultats import ANNE, DECISION, act
from tests.seance.positions import meet


@pytest.mark.parametrize(("n_aci", "suivies"), [(3, ["d1", "dite"]), (24, ["dite"])])
def test_what_is_not_met_is_followed_until_it_is_though_the_seance_between_decided_nothing(
    journal: Journal, tmp_path: Path, n_aci: int, suivies: list[str]
) -> None:
    entrepot, s3 = magasin(tmp_path / "donnees", n_aci), Seance(2018, 1)
    act(journal, entrepot, cible=Fraction(3, 5))  # 7.5 % or 60 % at S2
    decisions.act(journal, DECISION, ANNE, identifiant="dite", op_id="dite")

    def rouvertes(seance: Seance) -> list[str]:
        return [r.fiche.identifiant for r in resultats.bilan(entrepot, journal, seance, "ICI 2").resultats]

    assert rouvertes(S2) == ["d1", "dite"]
    assert rouvertes(s3) == suivies
    meet(journal, s3, "ICI 2")
    signature.sign(journal, entrepot, s3, "vice-présidente", ANNE, "s", ici="ICI 2")
    # Told later of the séance between: the one that was signed still says what it says.
    resultats.fill_in(journal, journal.read("decision", "dite"), S2, IssueDecision(Mot.ATTEINT, "fait"), ANNE, "i")
    assert rouvertes(s3) == suivies
    assert rouvertes(Seance(2018, 2)) == [nom for nom in suivies if nom != "dite"]
    (_, signee) = signature.read(journal, s3, "ICI 2")
    assert signature.est_a_jour(journal, signee)
    corrigee = replace(DECISION, texte="Une visite par semaine")
    decisions.act(journal, corrigee, ANNE, identifiant="dite", op_id="corrige", version_vue=1)
    assert not signature.est_a_jour(journal, signee)  # it is printed there
