"""What was decided is followed until it is met, whatever the séances between decided."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mel_core.dossier.releve import suite
from mel_core.journal import Journal
from mel_core.seance import clotures
from mel_core.seance.coordination import decisions, resultats, signature
from mel_core.seance.coordination.resultats import IssueDecision
from mel_core.seance.verdict import Mot
from mel_core.secret.bail import PREPARATION
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.lecteurs import lue_par
from tests.mots import simple
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


def test_what_is_missed_and_closed_says_when_and_why_and_does_not_come_back_until_it_is_followed_again(
    journal: Journal, tmp_path: Path
) -> None:
    entrepot, s3 = magasin(tmp_path / "donnees", 3), Seance(2018, 1)
    act(journal, entrepot, cible=Fraction(3, 5))  # 7.5 % at S2
    decisions.act(journal, DECISION, ANNE, identifiant="dite", op_id="dite")  # that no figure tells

    def lues(seance: Seance) -> list[resultats.ResultatDecision]:
        return list(resultats.bilan(entrepot, journal, seance, "ICI 2").resultats)

    meet(journal, S2, "ICI 2")
    signature.sign(journal, entrepot, S2, "vice-présidente", ANNE, "s", ici="ICI 2")
    assert [r.est_a_clore for r in lues(S2)] == [True, True]
    for k, r in enumerate(lues(S2)):
        with pytest.raises(AppelIncorrect, match="« Motif » est vide"):
            resultats.close(journal, r.fiche, r, S2, " ", ANNE, f"v{k}")
        with pytest.raises(AppelIncorrect, match="numéro de téléphone"):
            resultats.close(journal, r.fiche, r, S2, "voir au 06 12 34 56 78", ANNE, f"t{k}")
        for _ in range(2):  # two clicks
            resultats.close(journal, r.fiche, r, S2, "L’immeuble est vendu.", ANNE, f"c{k}")
    assert [(f.version, f.auteur.nom) for f in journal.find_all(clotures.OBJET)] == [(1, "Anne")] * 2
    assert not signature.est_a_jour(journal, signature.read(journal, S2, "ICI 2")[1])  # it is printed there
    mesuree, dite = (lue_par(PREPARATION, suite, r, {}) for r in lues(S2))
    le = f"Close le {simple(mesuree.reserves[0]).removeprefix('Close le ').partition(',')[0]}"
    assert simple(mesuree.reserves[0]) == f"{le}, motif : L’immeuble est vendu."
    assert (mesuree.lecture, simple(dite.lecture)) == ("non atteint", "close, dit en séance")
    assert (lues(s3), lues(Seance(2018, 2))) == ([], [])
    d1 = journal.read("decision", "d1")
    clotures.write(journal, d1, S2, "", ANNE, "r", 1)
    assert [(r.fiche.identifiant, r.cloture) for r in lues(s3)] == [("d1", "")]


def test_what_is_met_or_runs_still_is_not_closed(journal: Journal, tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 24)
    act(journal, entrepot, cible=Fraction(3, 5))  # 60 % at S2
    (atteinte,) = resultats.bilan(entrepot, journal, S2, "ICI 2").resultats
    fiche, plus_tard = atteinte.fiche, replace(DECISION, echeance=Seance(2018, 1).fin, motif_echeance="le chantier")
    court = decisions.act(journal, plus_tard, ANNE, identifiant="court", op_id="court")
    en_cours = resultats.judge_decision(entrepot, journal, court, plus_tard, S2)
    for f, r in ((fiche, atteinte), (court, en_cours)):
        with pytest.raises(AppelIncorrect, match="à son échéance se clôt"):
            resultats.close(journal, f, r, S2, "x", ANNE, f"c{f.identifiant}")
