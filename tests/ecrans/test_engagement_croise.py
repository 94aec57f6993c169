"""An engagement by commune and bailleur at once: acted in one tick, printed, accounted at the next séance."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.dossier.releve import releve_de
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.coordination.phrases_coordination import say_parts
from mel_core.seance.engagements.cohortes import CROISE
from mel_core.seance.engagements.engagement_pris import Engagement, find_all, judge_engagement
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from tests.ecrans.test_causes_notees import orientations
from tests.lecteurs import lue_par
from tests.mots import simple
from tests.navigateur.test_orientations import monde as monde

S1, S2 = Seance(2017, 1), Seance(2017, 2)


def act(dossier: Path) -> Engagement:
    """Eight households promised in 2017S1, where half of a year of a hundred bails is in each of two communes, B1's."""
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60)
    essai.query_params.update(
        {"seance": "2017S1", "ici": "MEL", "vue": "segments", "segment": "poulidor", "n_min": "3"}
    )
    essai.query_params.update({"etape": "engagement", "unite": "nombre"})
    for cle, valeur in {"auteur_nom": "Mme Dupont", "repartition": True, "repartition_croisee": True}.items():
        essai.session_state[cle] = valeur
    essai.switch_page("pages/seance/orientations/orientations.py").run()
    (nombre,) = [n for n in essai.number_input if "loger" in n.label]
    nombre.set_value(8).run()
    assert essai.table[0].value["Ménages"].to_dict() == {"Lille × Bailleur B1": 4, "Roubaix × Bailleur B1": 4}
    essai.button(key="acter").click().run()
    assert not essai.exception
    ((_, pris),) = find_all(Journal.du_dossier(dossier))
    return pris


def test_it_is_acted_by_crossing_whose_sums_are_its_parts_and_accounted(monde_publie: Path) -> None:
    pris = act(monde_publie)
    assert pris.par_cellule == {"59350 B1": 4, "59512 B1": 4}
    assert (pris.par_commune, pris.par_bailleur) == ({"59350": 4, "59512": 4}, {"B1": 8})
    juge = judge_engagement(Entrepot(monde_publie), monde_publie, pris, S2)
    # Of the forty of the cohort, the bails of the second semester, recounted.
    cohorte = {f"m{i}" for i in range(60, 100)}
    baux = [b for b in monde()["attributions"].to_pylist() if b["pseudonyme"] in cohorte]
    baux = [b for b in baux if b["date_bail"] > S1.fin]
    loges = Counter(f"{b['code_insee']} {b['code_bailleur']}" for b in baux)
    assert dict(zip(juge.par_lieu[CROISE]["cle"], juge.par_lieu[CROISE]["n"], strict=True)) == loges == {"59512 B1": 12}
    assert simple(lue_par(PREPARATION, say_parts, juge)) == snapshot(
        "**1 commune sur 2**, **1 bailleur sur 1** et **1 croisement sur 2** tiennent leur part."
    )
    assert simple(lue_par(SALLE, say_parts, juge)) == snapshot("")
    with Entrepot(monde_publie).open(Portee.mel()) as lecteur:
        noms = Noms.read(lecteur)
    journal = Journal.du_dossier(monde_publie)
    (partage,) = releve_de(Entrepot(monde_publie), journal, S1, "", noms).partages
    assert simple(partage.de_quoi) == snapshot("Ménages Poulidor (au moins 3 fois, en 24 mois), 8 ménages :")
    assert partage.tetes == ("Commune", "Ménages", "Par bailleur")
    assert partage.lignes == [("Lille", "4", "Bailleur B1 (4)"), ("Roubaix", "4", "Bailleur B1 (4)")]
    (suite,) = releve_de(Entrepot(monde_publie), journal, S2, "", noms).suivi
    assert [simple(x) for x in suite.reserves] == snapshot([])
    vu = orientations(vue="engagements")
    assert [t.label for t in vu.tabs if "et bailleur" in t.label] == ["Commune et bailleur du bail signé"]


def test_crossings_that_do_not_add_up_are_no_engagement(monde_publie: Path) -> None:
    pris = act(monde_publie)
    with pytest.raises(AppelIncorrect, match="commune et bailleur ne fait pas 8"):
        Engagement.depuis(pris.contenu() | {"par_cellule": {"59350 B1": 4}})
