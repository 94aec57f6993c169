"""A click that comes before the page has taken what was just typed, and gestures that can be undone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from mel_core.coordination import Decision, TemoinIndicateur, blocages, decisions, signature
from mel_core.coordination.blocages import Etat
from mel_core.coordination.decisions import Position, avec_temoin
from mel_core.coordination.resultats import ISSUE, Verdict
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.objectivation import Secteur
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier, monde
from tests.ecrans.test_coordination import AUTEUR, S1, S2, journal_de, ouvrir, texte
from tests.ecrans.test_gestes_coordination import nommer, presser
from tests.jeux import LILLE, attribution, table
from tests.objectivation.test_detection import draw_refusals


def test_the_outcome_typed_just_before_the_click_is_kept_then_corrected(publier: Publier, tmp_path: Path) -> None:
    publier(**monde())
    journal = Journal.du_dossier(tmp_path)
    decisions.acter(
        journal, Decision(S1, "ICI 2", "Écrire aux maires", "MEL", S2.fin), AUTEUR, identifiant="d1", op_id="a1"
    )
    essai = nommer(ouvrir("seance/introduction", seance="2017S2"))
    essai.selectbox(key="issue_verdict_d1").select(Verdict.EN_PROGRES)
    essai.text_input(key="issue_texte_d1").input("Sept maires ont répondu")
    presser(essai, "issue_garder_d1")
    assert journal.lister(ISSUE)[0].contenu["texte"] == "Sept maires ont répondu"
    # Said wrong, it is corrected as a new version: the form starts from what was said.
    assert essai.text_input(key="issue_texte_d1").value == "Sept maires ont répondu"
    essai.text_input(key="issue_texte_d1").input("Neuf maires ont répondu")
    presser(essai, "issue_garder_d1")
    (fiche,) = journal.lister(ISSUE)
    assert (fiche.version, fiche.contenu["texte"]) == (2, "Neuf maires ont répondu")
    assert "Neuf maires ont répondu" in texte(essai)


def test_the_signature_bears_the_last_text_of_who_signs(publier: Publier, tmp_path: Path) -> None:
    publier(**monde())
    journal = journal_de(tmp_path)
    essai = nommer(ouvrir("seance/cloture"))
    essai.text_input(key="presidence").input("P. Présidente").run()
    essai.text_input(key="qualite").input("adjointe").run()
    essai.checkbox(key="relues").check().run()
    essai.text_input(key="presidence").input("")
    presser(essai, "signer")
    assert "donner le nom de qui préside" in essai.error[0].value
    assert not Entrepot(tmp_path).est_gelee(S1)
    essai.text_input(key="presidence").input("P. Présidente").run()
    essai.checkbox(key="relues").check().run()
    essai.text_input(key="qualite").input("vice-présidente")
    presser(essai, "signer")
    _, signee = signature.lire(journal, S1, "ICI 2")
    assert (signee.presidence, signee.qualite) == ("P. Présidente", "vice-présidente")


def test_a_reason_typed_just_before_the_click_sets_aside(publier: Publier, tmp_path: Path) -> None:
    publier(**monde())
    journal = journal_de(tmp_path)
    essai = nommer(ouvrir("preparer/blocages", etape="Trier et objectiver"))
    essai.text_input(key="motif_b0").input("Hors du champ")
    presser(essai, "ecarter_b0")
    blocage = blocages.Blocage.depuis(journal.lire("blocage", "b0"))
    assert (blocage.etat, blocage.motif_refus) == (Etat.ECARTE, "Hors du champ")


def test_a_merge_by_mistake_is_undone(publier: Publier, tmp_path: Path) -> None:
    publier(**monde())
    journal = journal_de(tmp_path)
    autre = blocages.Blocage(S1, TOURCOING, Secteur("ICI 2", (TOURCOING,)), "Autre chose.")
    fusionnee = blocages.signaler(journal, autre, AUTEUR, identifiant="b1", op_id="sb1")
    blocages.fusionner(journal, journal.lire("blocage", "b0"), [fusionnee], AUTEUR, "f0")
    essai = nommer(ouvrir("preparer/blocages", etape="Trier et objectiver"))
    presser(essai, "detacher_b1")
    blocage = blocages.Blocage.depuis(journal.lire("blocage", "b1"))
    assert (blocage.etat, blocage.rattache_a) == (Etat.RECU, "")
    assert any(b.key == "retenir_b1" for b in essai.button)


def test_a_detected_blocage_that_was_set_aside_is_not_said_to_be_on_the_agenda(
    publier: Publier, tmp_path: Path
) -> None:
    bail = attribution(0, date_bail=date(2017, 9, 1), code_insee=LILLE, code_bailleur="B1", code_quartier=f"{LILLE}01")
    publier(**draw_refusals(60, 100), attributions=table("attributions", bail))
    journal = Journal.du_dossier(tmp_path)
    essai = nommer(ouvrir("preparer/blocages", seance="2017S2", ici="ICI 1", etape="Non signalés"))
    presser(essai, "inscrire_0")
    ((fiche, _),) = blocages.lister(journal, seance="2017S2", ici="ICI 1")
    blocages.refuser(journal, fiche, "Déjà traité", AUTEUR, "e0")
    vu = texte(ouvrir("preparer/blocages", seance="2017S2", ici="ICI 1", etape="Non signalés"))
    assert "déjà à l’ordre du jour" not in vu
    assert "déjà signalé, écarté" in vu


def test_a_commune_chosen_beside_a_quartier_of_another_one_stays_in_the_sector(
    publier: Publier, tmp_path: Path
) -> None:
    publier(**monde())
    essai = nommer(ouvrir("preparer/blocages", etape="Signaler"))
    next(s for s in essai.selectbox if s.label == "Signalé par").select("MEL").run()
    next(m for m in essai.multiselect if m.label.startswith("Communes")).set_value([ROUBAIX, TOURCOING]).run()
    next(m for m in essai.multiselect if m.label.startswith("Quartiers")).set_value([f"{ROUBAIX}0101"]).run()
    next(t for t in essai.text_area if t.label == "Ce qui bloque").input("Trop de refus").run()
    presser(essai, "envoyer_blocage")
    ((_, blocage),) = blocages.lister(Journal.du_dossier(tmp_path))
    assert blocage.secteur == Secteur("ICI 2", (TOURCOING,), (f"{ROUBAIX}0101",))


def test_a_decision_that_has_no_draft_is_corrected_from_its_own_text(publier: Publier, tmp_path: Path) -> None:
    """Acted before a restore without drafts, or by the rehearsal: its figure, target and positions are not lost."""
    publier(**monde())
    journal = journal_de(tmp_path)
    journal.effacer("a0")
    nom = decisions.identifiant_de(journal, "b0")
    temoin = TemoinIndicateur("equilibre", cellule={"fragilite": "fragile"}, ici="ICI 2")  # the list does not offer it
    decision = Decision(
        S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, blocage="b0",
        positions={"MEL": Position.ACTE, "DDTM": Position.RESERVE},
    )  # fmt: skip
    decision = avec_temoin(decision, temoin, Fraction(9, 20), Entrepot(tmp_path))
    decisions.acter(journal, decision, AUTEUR, identifiant=nom, op_id="a1")
    essai = nommer(ouvrir("seance/coordination", point="b0"))
    champ = next(t for t in essai.text_area if t.label == "Décision")
    assert champ.value == "Doubler les ACI"
    champ.input("Tripler les ACI").run()
    presser(essai, "acter_decision")
    corrigee = decisions.lister(journal)[0][1]
    assert corrigee.texte == "Tripler les ACI"
    assert (corrigee.temoin, corrigee.cible, corrigee.sens) == (temoin, Fraction(9, 20), decision.sens)
    assert corrigee.positions == decision.positions
