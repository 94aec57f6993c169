"""Préparer › Atelier on screen: who owes what is read, reminded and noted; what is typed of the séance outlives a
reload."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Journal
from mel_core.seance.coordination import presences
from mel_core.seance.coordination.atelier import OBJET
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import ROUBAIX, TOURCOING
from tests.ecrans.test_coordination import open, texte
from tests.ecrans.test_gestes_coordination import name, presser

S1 = Seance(2017, 1)


def test_who_owes_is_reminded_by_a_text_and_answers_by_nothing_to_report(monde_publie: Path) -> None:
    journal, essai = Journal.du_dossier(monde_publie), name(open("atelier"))
    assert "0 commune sur" in texte(essai).replace("\u00a0", " ")
    essai.selectbox(key="relancer").set_value(ROUBAIX).run()
    assert "il nous manque encore, de Roubaix" in essai.code[0].value.replace("\u00a0", " ")
    presser(essai, "noter_relance")
    assert "Roubaix" in essai.success[0].value
    presser(essai, "noter_remontees")
    (fiche,) = journal.find_all(OBJET)
    assert (fiche.contenu["acteur"], fiche.version) == (ROUBAIX, 2)
    assert fiche.contenu["relance_le"] == fiche.contenu["repondu_le"]
    assert "relancer" not in essai.query_params or essai.query_params["relancer"] != ROUBAIX
    assert "1 commune sur" in texte(essai).replace("\u00a0", " ")


def test_who_is_invited_and_excused_is_kept_as_typed_and_told_by_one_button(monde_publie: Path) -> None:
    journal, essai = Journal.du_dossier(monde_publie), name(open("atelier"))
    next(x for x in essai.text_input if x.label == "Lieu").set_value("Mairie de Roubaix").run()
    next(x for x in essai.multiselect if x.label == "Excusés").set_value([TOURCOING]).run()
    autre = name(open("atelier"))  # a reload
    assert next(x for x in autre.multiselect if x.label == "Excusés").value == [TOURCOING]
    assert presences.read(journal, S1, "ICI 2")[0] == 0
    presser(autre, "garder_invites")
    assert [x.value for x in autre.success] == [presences.GARDEES]
    _, dites = presences.read(journal, S1, "ICI 2")
    assert (dites.lieu, dites.excuses, dites.presents) == ("Mairie de Roubaix", (TOURCOING,), ())


def test_the_workspace_is_that_of_the_co_pilots(monde_publie: Path) -> None:
    vu = texte(open("atelier", Profil(TypeProfil.COMMUNE, ROUBAIX)))
    assert "Seul un co-pilote (MEL, DDTM, AR-Habitat) peut suivre ce que chacun doit" in vu


def test_what_became_of_a_seance_that_one_creates_is_said_where_it_is_created(monde_publie: Path) -> None:
    essai = name(open("atelier"))
    for jour, dits in ((None, "error"), (date(2018, 9, 20), "success")):
        essai.date_input(key="jour_a_creer").set_value(jour)
        next(b for b in essai.button if b.label == "Créer la séance").click().run()
        assert sum(len(volet.get(dits)) for volet in essai.get("popover")) == 1  # it covers the page
