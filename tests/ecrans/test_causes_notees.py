"""From the lists to 13h30 and back: causes added up, an orientation that opens its lists, what they noted since."""

from __future__ import annotations

from pathlib import Path

from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements.engagement_pris import Engagement, act
from mel_core.segments import Criteres
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import Code, Suite
from mel_core.socle.periodes import Seance
from pages.commun import messages
from pages.commun.choix_perimetre import METROPOLE, de
from pages.commun.segments.lecture_orientations import QuestionSegment, pin
from tests.ecrans.conftest import ROUBAIX, Publier
from tests.ecrans.test_mes_listes import html
from tests.ecrans.vue import see
from tests.navigateur.test_orientations import monde as monde

ROUBAISIEN, BAILLEUR = Auteur("M. Martin", ROUBAIX, "commune"), Auteur("Mme Bail", "B1", "bailleur")
S1, S2 = Seance(2017, 1), Seance(2017, 2)


def note(dossier: Path, auteur: Auteur, menages: range, cause: str) -> None:
    journal = Journal.du_dossier(dossier)
    for i in menages:
        suite = Suite(Code.TOUJOURS_BLOQUE, auteur.organisation, "Ménages Poulidor", S2, cause)
        suites.write(journal, f"m{i}", suite, auteur, op_id=nouvel_op_id())


def orientations(**adresse: str) -> AppTest:
    return see(
        "orientations", **{"seance": "2017S2", "ici": "MEL", "vue": "segments", "segment": "poulidor", **adresse}
    )


def proposed() -> list[str]:
    """Messages of causes, among those that the day shows."""
    return [m.titre for m in messages.propose(de("2017S2", METROPOLE)) if m.parametres.get("etape") == "causes"]


def message(essai: AppTest) -> str:
    return next(m.value for m in essai.markdown if m.value.startswith("Dans")).replace("\u00a0", " ")


def test_what_communes_and_bailleurs_noted_is_added_up_each_demande_once_a_cause(monde_publie: Path) -> None:
    assert "Aucune cause n’est notée" in html(orientations(etape="causes"))
    note(monde_publie, BAILLEUR, range(10, 13), "loyer")
    assert proposed() == []  # a room is told none of so few
    note(monde_publie, ROUBAISIEN, range(42), "injoignable")
    note(monde_publie, BAILLEUR, range(40, 47), "injoignable")
    assert proposed() == ["Ménages Poulidor : causes notées"]
    assert message(orientations(etape="causes")) == snapshot(
        "Dans la Métropole, parmi « Ménages Poulidor », 47 demandes ont une suite notée par les communes et les "
        "bailleurs : **47 injoignables** et **3 au loyer trop élevé**."
    )
    assert message(orientations(etape="causes", salle="oui")) == snapshot(
        "Dans la Métropole, parmi « Ménages Poulidor », 45 demandes ont une suite notée par les communes et les "
        "bailleurs : **45 injoignables**."
    )


def test_an_orientation_opens_the_list_of_its_segment_and_says_later_what_was_noted_of_it(
    publish: Publier, tmp_path: Path
) -> None:
    publie = publish(**monde())
    criteres = Criteres(S1.fin, n_min=3)
    cohorte = pin(QuestionSegment(publie.identifiant, "2017S1", "", "poulidor", n_min=3))
    pris = Engagement("poulidor", criteres, S1, "", 8, 50, len(cohorte), S2.fin, publie.identifiant)
    ecrit = {"identifiant": "e1", "op_id": nouvel_op_id()}
    act(Journal.du_dossier(tmp_path), tmp_path, pris, cohorte, Auteur("Mme Dupont", "MEL"), **ecrit)
    (premier, *_) = cohortes.reread(tmp_path, cohortes.keep(tmp_path, cohorte))["pseudonyme"]
    note(tmp_path, ROUBAISIEN, range(int(premier[1:]), int(premier[1:]) + 1), "dossier")
    essai = orientations(vue="engagements")
    assert "Suites notées dans les listes, 1 ménage : dossier incomplet (1)." in html(essai)
    (bouton,) = [b for b in essai.button if str(b.key).startswith("listes_")]
    assert bouton.label == snapshot("Ouvrir les listes\xa0: «\xa0Ménages Poulidor (au moins 3 fois)\xa0»")
    essai.session_state["auteur_nom"] = "Mme Dupont"
    bouton.click().run()
    essai.switch_page("pages/listes/mes_listes.py").run()
    assert not essai.exception
    adresse = dict(essai.query_params)
    assert (adresse["seance"], adresse["segment"], adresse["n_min"]) == ("2017S2", "poulidor", "3")
    # no commune is a co-pilot's own: it is asked which, and the first by name is not opened
    assert "La commune reste à choisir dans le bandeau." in html(essai)
    essai.selectbox(key="commune").select(ROUBAIX).run()
    assert any(m.value.startswith("Roubaix") for m in essai.markdown)
