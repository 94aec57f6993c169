"""Once the presidency signed, nothing that the relevé prints is written by surprise: each screen asks first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.coordination import Decision, blocages, decisions, presences, signature
from mel_core.seance.coordination.resultats import ISSUE
from mel_core.seance.preuves import Secteur
from tests.ecrans.conftest import ROUBAIX, TOURCOING
from tests.ecrans.test_coordination import AUTEUR, S1, S2, open, texte
from tests.ecrans.test_gestes_coordination import issue, name, presser
from tests.jeux import LILLE
from tests.seance.positions import ACTEE, meet

TOMBERA = "la signature tombe"


def record(essai: AppTest) -> None:
    next(t for t in essai.text_area if t.label == "Ce qui fonctionne").input("Un guichet commun").run()
    presser(essai, "noter_pratique")


def raise_up(essai: AppTest) -> None:
    presser(essai, "monter_b1")


def fill_in(essai: AppTest) -> None:
    issue(essai, "Lecture").select("atteint").run()
    issue(essai, "En une phrase").input("C’est fait").run()
    presser(essai, "issue_garder_d0")


def keep(essai: AppTest) -> None:
    essai.text_input(key="nom_scenario").input("Viser 45 %").run()
    presser(essai, "garder")


def accepter(essai: AppTest) -> None:
    """Asked once for the page."""
    (case,) = [c for c in essai.checkbox if c.key.startswith("apres_signature")]
    case.check().run()


def ecrites(journal: Journal, objet: str) -> list[tuple[str, int]]:
    return [(f.identifiant, f.version) for f in journal.find_all(objet)]


@pytest.fixture
def journal(a_signer: Path) -> Journal:
    """What is to be signed."""
    return fill(a_signer)


@pytest.fixture
def signe(journal: Journal, a_signer: Path) -> Journal:
    sign(journal, a_signer)
    return journal


def fill(dossier: Path) -> Journal:
    """Two blocages kept at 2017S2, and a decision of 2017S1 that no figure measures."""
    journal = Journal.du_dossier(dossier)
    retenus = []
    for nom, commune in (("b0", ROUBAIX), ("b1", TOURCOING)):
        fiche = blocages.report(
            journal,
            blocages.Blocage(S2, commune, Secteur("ICI 2", (commune,)), "x"),
            AUTEUR,
            identifiant=nom,
            op_id=nom,
        )
        retenus.append(blocages.retain(journal, fiche, AUTEUR, f"r{nom}"))
    blocages.order(journal, retenus, AUTEUR, "o")
    decisions.act(
        journal, Decision(S1, "ICI 2", "Écrire", "MEL", S2.fin, positions=ACTEE), AUTEUR, identifiant="d0", op_id="a0"
    )
    return journal


def test_the_first_of_the_agenda_has_none_above_it_to_go_before(journal: Journal) -> None:
    essai = name(open("blocages", seance="2017S2", etape="Trier et objectiver"))
    assert [b.key for b in essai.button if str(b.key).startswith("monter_")] == ["monter_b1"]
    raise_up(essai)
    assert [b.key for b in essai.button if str(b.key).startswith("monter_")] == ["monter_b0"]


def test_what_refuses_a_closing_is_said_beside_it_and_not_beside_what_is_told_of_the_same_decision(
    journal: Journal,
) -> None:
    essai = presser(name(open("introduction", seance="2017S2")), "clore_d0")
    (clore,) = essai.expander
    assert [("Motif" in dit.value) for dit in (*clore.error, *essai.error)] == [True, True]  # one, in its own window


def sign(journal: Journal, dossier: Path) -> None:
    meet(journal, S2, "ICI 2")
    vues = signature.versions(journal, S2, "ICI 2")
    signature.sign(journal, Entrepot(dossier), S2, "vice-présidente", AUTEUR, "s", ici="ICI 2", vues=vues)


def test_the_timer_of_an_item_stops_once_its_seance_is_signed(monde_publie: Path) -> None:
    journal = fill(monde_publie)
    avant = open("coordination", seance="2017S2", point="b0")
    assert 'id="minuteur"' in texte(avant)
    assert "relancer" in [b.key for b in avant.button]
    sign(journal, monde_publie)
    apres = open("coordination", seance="2017S2", point="b0")
    assert 'id="minuteur"' not in texte(apres)
    assert "relancer" not in [b.key for b in apres.button]
    assert "séance gelée" in texte(apres)


def est_signe(journal: Journal) -> bool:
    return signature.est_a_jour(journal, signature.read(journal, S2, "ICI 2")[1])


@pytest.mark.parametrize(
    ("page", "parametres", "write", "objet", "refuse_seul"),
    [
        ("coordination", {"point": "fonctionne"}, record, presences.PRATIQUE, False),
        ("introduction", {}, fill_in, ISSUE, False),
        ("blocages", {"etape": "Trier et objectiver"}, raise_up, blocages.OBJET, True),
    ],
)
def test_what_the_releve_prints_is_written_after_the_signature_only_by_whoever_says_that_it_falls(
    signe: Journal,
    page: str,
    parametres: dict[str, str],
    write: Callable[[AppTest], None],
    objet: str,
    refuse_seul: bool,
) -> None:
    avant = ecrites(signe, objet)
    essai = name(open(page, seance="2017S2", **parametres))
    assert TOMBERA in texte(essai)
    if refuse_seul:  # what is looked at stays on screen: its keys refuse
        write(essai)
        assert "La présidence a signé le relevé" in essai.error[0].value
    assert (ecrites(signe, objet), est_signe(signe)) == (avant, True)
    accepter(essai)
    write(essai)
    assert ecrites(signe, objet) != avant
    assert not est_signe(signe)
    assert TOMBERA not in texte(essai)


@pytest.mark.parametrize(
    ("page", "parametres", "begin", "end", "objet"),
    [
        (
            "coordination",
            {"point": "fonctionne"},
            lambda e: next(t for t in e.text_area if t.label == "Ce qui fonctionne").input("Un guichet").run(),
            lambda e: presser(e, "noter_pratique"),
            presences.PRATIQUE,
        ),
        (
            "introduction",
            {},
            lambda e: issue(e, "Lecture").select("atteint").run() and issue(e, "En une phrase").input("Fait").run(),
            lambda e: presser(e, "issue_garder_d0"),
            ISSUE,
        ),
    ],
)
def test_signed_while_the_form_was_on_screen_its_key_writes_nothing(
    journal: Journal,
    tmp_path: Path,
    page: str,
    parametres: dict[str, str],
    begin: Callable[[AppTest], object],
    end: Callable[[AppTest], object],
    objet: str,
) -> None:
    essai = name(open(page, seance="2017S2", **parametres))
    begin(essai)
    sign(journal, tmp_path)
    end(essai)
    assert "La présidence a signé le relevé" in " ".join([texte(essai), *(e.value for e in essai.error)])
    assert journal.find_all(objet) == []
    assert est_signe(journal)
    # What was typed is in the journal's draft: the form is found again as it was.
    accepter(essai)
    assert not essai.error
    end(essai)
    assert len(journal.find_all(objet)) == 1


def test_a_scenario_goes_into_a_signed_releve_only_by_whoever_says_that_it_falls(signe: Journal) -> None:
    essai = open("simuler", seance="2017S2", simulation="equilibre")
    essai.session_state["garder_scenario"] = True
    essai = name(essai.run())
    assert not essai.checkbox(key="au_releve").value  # the relevé takes nothing by default
    essai.checkbox(key="au_releve").check().run()
    assert TOMBERA in texte(essai)
    keep(essai)
    assert "La présidence a signé le relevé" in essai.error[0].value
    assert (signe.find_all("scenario"), est_signe(signe)) == ([], True)
    # Out of the relevé it touches nothing that was signed.
    essai.checkbox(key="au_releve").uncheck().run()
    presser(essai, "garder")
    assert (len(signe.find_all("scenario")), est_signe(signe)) == (1, True)
    essai.checkbox(key="au_releve").check().run()
    accepter(essai)
    keep(essai)
    presser(essai, "garder")  # the second of two clicks
    assert (len(signe.find_all("scenario")), est_signe(signe)) == (2, False)
    # What will be signed is read first: that one, and not the one that was left out.
    lue = texte(open("cloture", seance="2017S2"))
    (inscrit,) = [f for f in signe.find_all("scenario") if f.contenu["au_releve"]]
    assert lue.count("Hypothèses de séance") == 1
    assert lue.replace("<b>", "").replace("</b>", "").count(inscrit.contenu["phrase"].replace("**", "")[:60]) == 1


def test_what_is_not_on_the_agenda_is_set_aside_without_a_question(journal: Journal, tmp_path: Path) -> None:
    recu = blocages.Blocage(S2, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Pas encore trié.")
    blocages.report(journal, recu, AUTEUR, identifiant="b2", op_id="b2")
    sign(journal, tmp_path)
    essai = name(open("blocages", seance="2017S2", etape="Trier et objectiver"))
    presser(essai, "ouvrir_b2")
    essai.text_input(key="motif_b2").input("Hors du champ").run()
    presser(essai, "ecarter_b2")
    assert (journal.read(blocages.OBJET, "b2").contenu["etat"], est_signe(journal)) == ("ecarte", True)
    # Back on the agenda, it would be printed.
    presser(essai, "reprendre_b2")
    assert "La présidence a signé le relevé" in essai.error[0].value
    assert (journal.read(blocages.OBJET, "b2").contenu["etat"], est_signe(journal)) == ("ecarte", True)


def test_a_decision_of_the_seance_before_asks_for_the_releve_that_gives_its_result(
    journal: Journal, tmp_path: Path
) -> None:
    avant = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Trop de refus.")
    fiche = blocages.report(journal, avant, AUTEUR, identifiant="b9", op_id="b9")
    blocages.retain(journal, fiche, AUTEUR, "r9")
    sign(journal, tmp_path)
    essai = name(open("coordination", seance="2017S1", point="b9"))
    assert "Le relevé de la séance 2017S2 est signé** par A. Essai, vice-présidente" in texte(essai)
    accepter(essai)
    next(t for t in essai.text_area if t.label == "Décision").input("Doubler les visites").run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("MEL").run()
    next(m for m in essai.multiselect if m.label == "Actent").select("MEL").run()
    presser(essai, "acter_decision")
    assert not est_signe(journal)


def test_the_signature_of_one_ici_leaves_the_others_free(signe: Journal) -> None:
    autre = blocages.Blocage(S2, LILLE, Secteur("ICI 1", (LILLE,)), "x")
    blocages.retain(signe, blocages.report(signe, autre, AUTEUR, identifiant="c0", op_id="c0"), AUTEUR, "rc0")
    essai = name(open("blocages", ici="ICI 1", seance="2017S2", etape="Trier et objectiver"))
    assert TOMBERA not in texte(essai)
    essai.text_input(key="motif_c0").input("Hors du champ").run()
    presser(essai, "ecarter_c0")
    assert (signe.read(blocages.OBJET, "c0").contenu["etat"], est_signe(signe)) == ("ecarte", True)
