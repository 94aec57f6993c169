"""A report after it was sent: corrected, taken back or answered by its sender, worded and merged by the co-pilots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Journal
from mel_core.seance.coordination import Blocage, avant_apres, blocages
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.preuves import Secteur
from mel_core.socle.erreurs import AppelIncorrect
from pages.commun import donnees
from tests.ecrans.conftest import ROUBAIX, TOURCOING
from tests.ecrans.test_coordination import AUTEUR, S1, journal_de, open, texte
from tests.ecrans.test_gestes_coordination import name, presser
from tests.mots import simple


def test_a_commune_corrects_then_takes_back_its_report_until_it_is_sorted_and_the_agenda_has_no_hole(
    monde_publie: Path,
) -> None:
    journal = Journal.du_dossier(monde_publie)
    siens = [
        blocages.report(journal, blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2"), n), AUTEUR, identifiant=n, op_id=n)
        for n in ("b0", "b1", "b2")
    ]
    retenus = [blocages.retain(journal, f, AUTEUR, f"r{f.identifiant}") for f in siens[1:]]
    blocages.order(journal, retenus, AUTEUR, "o")
    essai = AppTest.from_file(donnees.RACINE / "pages/preparer/blocages/blocages.py", default_timeout=60)
    essai.session_state["profil_repete"] = Profil(TypeProfil.COMMUNE, ROUBAIX)
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2"})
    presser(essai.run(), "corriger_b0")
    assert "corriger_b1" not in [b.key for b in essai.button]  # sorted
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Blocage mieux dit")
    presser(essai, "envoyer_blocage")
    presser(essai, "demander_retrait_b0")
    assert "il ne se reprend plus ici" in texte(essai)
    assert journal.read("blocage", "b0").contenu["etat"] == EtatBlocage.RECU  # asked before it is done
    presser(essai, "laisser_b0")
    presser(essai, "demander_retrait_b0")
    presser(essai, "retirer_b0")
    assert [s.value for s in essai.success] == ["Signalement retiré : les co-pilotes ne le traiteront pas."]
    assert "2017S1, retiré)" in texte(essai)
    *_, corrige, retire = (f.contenu for f in journal.historique("blocage", "b0"))
    assert (corrige["etat"], corrige["constat"]) == (EtatBlocage.RECU, "Blocage mieux dit")
    assert retire == {**corrige, "etat": EtatBlocage.ECARTE, "motif_refus": blocages.RETIRE}
    with pytest.raises(AppelIncorrect, match="Les co-pilotes ont trié ce blocage"):
        blocages.withdraw(journal, journal.read("blocage", "b1"), AUTEUR, "w")
    sort_out = name(open("blocages", etape="Trier et objectiver"))
    presser(sort_out, "ouvrir_b1")
    sort_out.text_input(key="motif_b1").input("Déjà réglé")
    assert "3 blocages signalés : 2 à l’ordre du jour, 1 retiré." in simple(texte(sort_out))
    assert "1 retiré par qui l’a signalé" in [simple(e.label) for e in sort_out.expander]
    presser(sort_out, "ecarter_b1")
    assert "Blocage écarté" in sort_out.success[0].value
    assert journal.read("blocage", "b2").contenu["rang"] == 1  # no hole in the numbers


def test_a_commune_answers_why_its_report_was_set_aside_and_the_journal_says_what_it_answered(
    monde_publie: Path,
) -> None:
    journal = Journal.du_dossier(monde_publie)
    blocage = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Trop de PLS")
    fiche = blocages.report(journal, blocage, AUTEUR, identifiant="b0", op_id="s0")
    blocages.refuse(journal, fiche, "Quelle résidence ?", AUTEUR, "e0")
    essai = AppTest.from_file(donnees.RACINE / "pages/preparer/blocages/blocages.py", default_timeout=60)
    essai.session_state["profil_repete"] = Profil(TypeProfil.COMMUNE, ROUBAIX)
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2"})
    presser(essai.run(), "corriger_b0")
    assert "Écarté : Quelle résidence ?" in simple(texte(essai))
    assert "demander_retrait_b0" not in [b.key for b in essai.button]
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Trop de PLS aux Tilleuls")
    presser(essai, "envoyer_blocage")
    assert "renvoyé : les co-pilotes le trient de nouveau" in essai.success[0].value
    derniere = journal.historique("blocage", "b0")[-1]
    assert (derniere.contenu["etat"], derniere.contenu["motif_refus"]) == (EtatBlocage.RECU, "")
    assert simple(avant_apres.changes(journal, derniere, {})) == snapshot(
        "ce qui bloque : « Trop de PLS » → « Trop de PLS aux Tilleuls » ; état : écarté → reçu ; "
        "motif : « Quelle résidence ? » → —"
    )
    assert any(b.key == "retenir_b0" for b in name(open("blocages", etape="Trier et objectiver")).button)


def test_what_is_worded_of_a_blocage_is_kept_as_it_is_typed_with_its_card_and_a_merge_hides_none_of_it(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie, est_acte=False)
    autre = blocages.Blocage(S1, TOURCOING, Secteur("ICI 2", (TOURCOING,)), "Autre chose.")
    blocages.report(journal, autre, AUTEUR, identifiant="b1", op_id="sb1")

    def tri(**adresse: str) -> AppTest:
        return name(open("blocages", etape="Trier et objectiver", **adresse))

    def champ(essai: AppTest, libelle: str) -> Any:
        return next(t for t in essai.text_area if t.label == libelle)

    essai = presser(tri(), "ouvrir_b1")
    assert essai.query_params["blocage"] == "b1"
    champ(essai, "Ce que la Salle lira").input("Autre chose, dit autrement").run()
    assert "Brouillon gardé au journal" in texte(essai)
    relu = tri(blocage="b1")  # another session, by the address
    assert champ(relu, "Ce que la Salle lira").value == "Autre chose, dit autrement"
    assert Blocage.depuis(journal.read("blocage", "b1")).dit == ""

    (vers,) = [s for s in relu.selectbox if s.label == "Regrouper avec"]
    vers.select_index(0).run()
    presser(relu, "regrouper_b1")
    assert "est saisie et n’est pas gardée" in relu.error[0].value  # it would be read nowhere
    champ(relu, "Proposition des co-pilotes").input("Visiter avant de proposer.")
    presser(relu, "reformuler_b1")
    assert "Formulation gardée" in relu.success[0].value
    presser(relu, "regrouper_b1")
    assert "Blocage regroupé avec" in relu.success[0].value
    assert relu.query_params["blocage"] == "b0"  # that bears both
    assert "La Salle lira : Autre chose, dit autrement" in simple(texte(relu))
    assert Blocage.depuis(journal.read("blocage", "b0")).proposition == "Visiter avant de proposer."
    assert champ(relu, "Proposition des co-pilotes").value == "Visiter avant de proposer."
    assert ", sans proposition" not in texte(relu)
