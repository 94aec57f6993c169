"""9h00: what is missed is closed by a co-pilot, who says why; it may be followed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot
from mel_core.seance import clotures
from mel_core.seance.coordination import resultats
from tests.ecrans.conftest import ROUBAIX
from tests.ecrans.test_coordination import S2, journal_de, open, texte
from tests.ecrans.test_gestes_coordination import name, presser
from tests.mots import simple


def test_a_missed_decision_is_closed_with_its_reason_by_whoever_co_pilots_then_followed_again(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie)

    def rouvertes() -> list[str]:
        lues = resultats.rouvertes(Entrepot(monde_publie), journal, S2.suivante, "ICI 2")
        return [f.identifiant for f, _ in lues]

    assert rouvertes() == ["d0"]
    commune = open("introduction", Profil(TypeProfil.COMMUNE, ROUBAIX), seance="2017S2")
    assert "clore_d0" not in [b.key for b in commune.button]
    essai = name(open("introduction", seance="2017S2"))
    presser(essai, "clore_d0")
    (clore,) = [e for e in essai.expander if "lore ce qui" in e.label]
    assert "Le champ « Motif » est vide : le remplir." in simple(clore.error[0].value)
    motif(essai).input("Le bailleur a vendu").run()
    presser(essai, "clore_d0")
    assert ", motif : Le bailleur a vendu." in simple(texte(essai))
    assert rouvertes() == []
    ((fiche, ecrite),) = clotures.Cloture.find_all(journal, clotures.OBJET)
    assert (fiche.auteur.nom, ecrite.seance, ecrite.suivi) == ("C. Essai", S2, "d0")
    presser(essai, "rouvrir_d0")
    assert "motif : Le bailleur" not in simple(texte(essai))
    assert rouvertes() == ["d0"]
    assert motif(essai).value == "Le bailleur a vendu"  # still in its field
    presser(essai, "clore_d0")
    assert rouvertes() == []


def motif(essai: AppTest) -> Any:
    return next(t for t in essai.text_input if t.label == "Motif")
