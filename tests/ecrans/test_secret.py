"""On the demonstration data, nothing small is worked out from all the tables that are projected on the bilan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mel_core.diffusion import reference
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import calculer
from mel_core.periodes import Periode, Seance
from mel_core.secret.protection import COUPES_FINES, LIEUX
from pages.commun import donnees
from pages.commun.mesures.catalogue import MATRICE, MESURES
from pages.commun.mesures.lecture_bilan import lire_cle
from pages.commun.mesures.lecture_mesures import lignes, matrice
from tests.secret.test_protection import audit

SEANCE = "2017S2"


class VuALEcran:
    """What the frames drawn on the bilan show of one population, asked from the pages and from nothing else."""

    def __init__(self, identifiant: str, population: str) -> None:
        self.identifiant = identifiant
        self.ecrans = [m for m in MESURES.values() if reference(m.indicateur) == population]
        self.montrees = False

    def groupes(self, coupe: str, ici: str | None) -> pd.DataFrame:
        indicateur = self.ecrans[0].indicateur
        decides = donnees.groupes(self.identifiant, SEANCE, indicateur, coupe, ici)
        for mesure in self.ecrans:
            if coupe not in mesure.coupes:
                continue
            vues = lignes((self.identifiant, SEANCE, mesure.code, ici), coupe)
            vues = vues.drop_duplicates(["ligne", "est_regroupee"])
            dites = set(zip(vues["ligne"], vues["est_regroupee"], vues["n"].notna(), strict=True))
            prevues = zip(decides["ligne"], decides["est_regroupee"], ~decides["est_masquee"], strict=True)
            assert dites == set(prevues), (mesure.code, coupe, ici)
            self.montrees = True
        return decides

    def est_masquee(self, cellules: pd.DataFrame) -> pd.Series:
        cachee: dict[tuple[str, str], bool] = {}
        noms = {
            coupe: donnees.communes(self.identifiant, SEANCE).set_index("commune")["nom"]
            if coupe == "commune"
            else donnees.bailleurs(self.identifiant, SEANCE).set_index("bailleur")["nom"]
            for coupe in ("commune", "bailleur")
        }
        for mesure in self.ecrans:
            if MATRICE in mesure.coupes:
                for ici in (None, "ICI 1", "ICI 2", "ICI 3"):
                    vues = matrice((self.identifiant, SEANCE, mesure.code, ici))
                    for x in vues.itertuples():
                        assert cachee.setdefault((x.commune, x.bailleur), x.est_masquee) == x.est_masquee
        paires = zip(cellules["commune"].map(noms["commune"]), cellules["bailleur"].map(noms["bailleur"]), strict=True)
        return pd.Series([cachee[p] for p in paires], index=cellules.index)


@pytest.mark.parametrize("population", ["npru", "aci", "q1_hors_qpv", "autres_en_qpv"])
def test_no_small_count_is_recoverable_from_the_tables_of_the_bilan(
    demonstration_publiee: Path, monkeypatch: pytest.MonkeyPatch, population: str
) -> None:
    monkeypatch.setenv("MEL_DONNEES", str(demonstration_publiee))
    donnees.entrepot.clear()
    with Entrepot(demonstration_publiee).ouvrir(Portee.mel(), Seance.lire(SEANCE)) as lecteur:
        identifiant = lecteur.instantane.identifiant
        cellules = calculer(lecteur, population, Periode.de(SEANCE, "annee"), par=COUPES_FINES)
    vu = VuALEcran(identifiant, population)
    publication = audit(cellules, vu, LIEUX)
    assert vu.montrees
    assert len(publication.noms) > 500  # small counts there are
    assert publication.mal_proteges() == {}
    for indicateur in {"npru": ("equilibre",), "aci": ("aci",)}.get(population, ()):
        for ici in (None, "ICI 1", "ICI 2", "ICI 3"):
            bilan = lire_cle((identifiant, SEANCE, indicateur, ici))
            for coupe, vues in (("commune", bilan.communes), ("bailleur", bilan.bailleurs)):
                decides = vu.groupes(coupe, ici)
                assert set(vues["ligne"]) == set(decides["ligne"])
