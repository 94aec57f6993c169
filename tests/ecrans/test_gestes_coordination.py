"""What each button of the coordination screens writes: pressed as in a séance, found in the journal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.dossier.releve import releve_de
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.coordination import (
    Decision,
    Position,
    TemoinIndicateur,
    blocages,
    decisions,
    presences,
    signature,
)
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.seance.coordination.presences import Presences
from mel_core.seance.coordination.resultats import ISSUE
from mel_core.seance.preuves import Secteur
from mel_core.seance.verdict import Mot
from mel_core.segments import SEGMENTS
from pages.commun import donnees
from pages.commun.brouillon import _give
from pages.commun.coordination import acte_decision
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier
from tests.ecrans.test_coordination import AUTEUR, S1, S2, journal_de, open, texte
from tests.jeux import LILLE, attribution, table
from tests.mots import simple
from tests.seance.positions import ACTEE, meet
from tests.seance.preuves.test_detection import draw_refusals


def name(essai: AppTest) -> AppTest:
    return essai.text_input(key="saisie_auteur").input("C. Essai").run()


def note_presents(essai: AppTest) -> AppTest:
    """Open the form of those present."""
    essai.session_state["noter_presents"] = True
    return essai.run()


def reload(essai: AppTest) -> AppTest:
    """The link of the page, opened again by whoever has named themselves."""
    encore = open("cloture", **dict(essai.query_params))
    return name(encore)


def presser(essai: AppTest, cle: str) -> AppTest:
    essai.button(key=cle).click().run()
    assert not essai.exception
    return essai


def issue(essai: AppTest, libelle: str) -> Any:
    """The field of the only decision that asks what it became."""
    (champ,) = [x for x in (*essai.selectbox, *essai.text_input) if x.label == libelle]
    return champ


def test_the_presidency_signs_what_it_read_and_the_figures_freeze(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    essai = name(open("cloture"))
    assert essai.button(key="signer").disabled
    assert "Pour signer : donner la date dans Préparer › Atelier, noter les présents à la clôture" in texte(essai)
    essai.checkbox(key="relues").check().run()
    assert essai.button(key="signer").disabled  # without a day, nor anybody noted present
    meet(journal, S1, "ICI 2")
    essai = name(open("cloture"))
    essai.text_input(key="presidence_2017S1_ICI 2").input("P. Présidente").run()
    essai.text_input(key="presidence_qualite_2017S1_ICI 2").input("vice-présidente").run()
    essai.checkbox(key="relues").check().run()
    presser(essai, "signer")
    fiche, signee = signature.read(journal, S1, "ICI 2")
    assert (signee.presidence, signee.qualite, fiche.auteur.nom) == ("P. Présidente", "vice-présidente", "C. Essai")
    assert signee.decisions == {"d0": 1}
    assert Entrepot(monde_publie).pour("ICI 2").est_gelee(S1)
    assert not any(Entrepot(monde_publie).pour(ici).est_gelee(S1) for ici in ("", "ICI 1", "ICI 3"))
    assert "Signé par P. Présidente, vice-présidente" in texte(essai)
    volets = {v.proto.popover.label for v in open("cloture", salle="oui").get("popover")}
    assert "Relevé signé" in volets
    assert "Relu, à signer" not in volets


def test_those_who_took_a_position_are_proposed_as_present_and_what_is_told_is_printed_and_signed(
    a_signer: Path,
) -> None:
    journal = journal_de(a_signer)
    exprimes = {"MEL": Position.ACTE, ROUBAIX: Position.RESERVE}
    decision = Decision(S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, blocage="b0", positions=exprimes)
    decisions.act(journal, decision, AUTEUR, identifiant="d0", op_id="a2", version_vue=1)
    essai = name(open("cloture"))
    # What is drawn while it is shut would start empty in the browser, and be kept so.
    assert not [x for x in essai.multiselect if x.label == "Présents"]
    note_presents(essai)
    assert "non notés" in texte(essai)
    (champ,) = [x for x in essai.multiselect if x.label == "Présents"]
    assert champ.value == ["MEL", ROUBAIX]
    champ.set_value(["MEL", "DDTM", ROUBAIX]).run()
    next(x for x in essai.text_input if x.label.startswith("Lieu")).input("Hôtel de la Métropole").run()
    essai = reload(essai)
    assert next(x for x in essai.text_input if x.label.startswith("Lieu")).value == "Hôtel de la Métropole"
    (excuses,) = [x for x in essai.multiselect if x.label == "Excusés"]
    excuses.set_value([ROUBAIX]).run()
    assert "sans être noté présent" not in texte(essai)
    presser(essai, "garder_presents")  # who had excused itself and came all the same is present
    assert "MEL, État (DDTM) et Roubaix · Hôtel de la Métropole" in texte(essai)
    assert "excusés" not in texte(essai)
    assert "sans être noté présent" not in texte(essai)
    assert essai.query_params["volet"] == "noter_presents"
    essai.session_state["noter_presents"] = False
    assert "volet" not in essai.run().query_params
    reste = "donner le nom de qui préside, donner sa qualité et cocher la relecture"
    assert f"Pour signer : donner la date dans Préparer › Atelier, {reste}." in texte(essai)
    presser(note_presents(essai), "garder_presents")  # the same click twice is one version
    assert len(journal.historique("presence", "2017S1-ICI 2")) == 1
    with Entrepot(a_signer).open(Portee.mel(), S1) as lecteur:
        releve = releve_de(Entrepot(a_signer), journal, S1, "ICI 2", Noms.read(lecteur))
    assert (releve.tenue, releve.presents) == (
        "date non fixée, Hôtel de la Métropole",
        ["MEL", "État (DDTM)", "Roubaix"],
    )
    jour = {"jour": "2017-09-28", "seance": "2017S1", "ici": "ICI 2"}
    journal.write(presences.SEANCE, "2017S1-ICI 2", jour, AUTEUR, "j1")
    vues = signature.versions(journal, S1, "ICI 2")
    signature.sign(journal, Entrepot(a_signer), S1, "vice-présidente", AUTEUR, "s1", ici="ICI 2", vues=vues)
    assert "relevé signé" in texte(open("cloture"))
    essai = note_presents(name(open("cloture")))
    assert not [x for x in essai.multiselect if x.label == "Présents"]  # first, that the signature falls is accepted
    presences.record(journal, Presences(S1, "ICI 2", ("MEL",)), AUTEUR, op_id="p2", version_vue=1)
    assert "projet modifié depuis la signature" in texte(open("cloture"))


def test_who_took_a_position_and_is_not_noted_present_is_named_at_the_closing(a_signer: Path) -> None:
    journal = journal_de(a_signer)
    exprimes = {"MEL": Position.ACTE, ROUBAIX: Position.RESERVE, "DDTM": Position.ABSENT}
    decision = Decision(S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, blocage="b0", positions=exprimes)
    decisions.act(journal, decision, AUTEUR, identifiant="d0", op_id="a2", version_vue=1)
    presences.record(journal, Presences(S1, "ICI 2", ("MEL",)), AUTEUR, op_id="p", version_vue=0)
    dit = "Roubaix a pris position sans être noté présent : l’ajouter, ou corriger la décision."
    assert dit in simple(texte(open("cloture")))


def test_a_text_changed_after_the_signature_is_a_project_again_and_its_screen_of_before_signs_nothing(
    a_signer: Path,
) -> None:
    journal = journal_de(a_signer)
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    signature.sign(journal, Entrepot(a_signer), S1, "vice-présidente", AUTEUR, "s1", ici="ICI 2", vues=vues)
    assert "relevé signé" in texte(open("cloture"))
    decision = Decision(S1, "ICI 2", "Doubler puis tripler", "Bailleur B1", S2.fin, blocage="b0", positions=ACTEE)
    decisions.act(journal, decision, AUTEUR, identifiant="d0", op_id="a2", version_vue=1)
    essai = name(open("cloture"))
    assert "projet modifié depuis la signature du" in texte(essai)
    essai.text_input(key="presidence_2017S1_ICI 2").input("P. Présidente").run()
    essai.text_input(key="presidence_qualite_2017S1_ICI 2").input("vice-présidente").run()
    essai.checkbox(key="relues").check().run()
    # Corrected again elsewhere while this screen was read.
    troisieme = Decision(S1, "ICI 2", "Quadrupler", "Bailleur B1", S2.fin, blocage="b0", positions=ACTEE)
    decisions.act(journal, troisieme, AUTEUR, identifiant="d0", op_id="a3", version_vue=2)
    presser(essai, "signer")
    assert "a changé depuis l’affichage" in essai.error[0].value
    assert len(journal.historique(signature.OBJET, signature.identifiant_de(S1, "ICI 2"))) == 1
    assert essai.button(key="signer").disabled  # the page shows the third text, to be read in turn
    essai.checkbox(key="relues").check().run()
    presser(essai, "signer")
    assert signature.read(journal, S1, "ICI 2")[1].decisions == {"d0": 3}
    assert "relevé signé" in texte(essai)


def test_the_items_left_without_a_decision_are_named_before_the_signature_which_covers_them(a_signer: Path) -> None:
    journal = journal_de(a_signer)
    laisse = blocages.Blocage(S1, TOURCOING, Secteur("ICI 2", (TOURCOING,)), "Trop peu de T2.", dit="Trop peu de T2.")
    fiche = blocages.report(journal, laisse, AUTEUR, identifiant="b1", op_id="sb1")
    blocages.retain(journal, fiche, AUTEUR, "rb1")
    a_trier = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Pas encore trié.")
    blocages.report(journal, a_trier, AUTEUR, identifiant="b2", op_id="sb2")
    essai = name(open("cloture"))
    vu = texte(essai).replace("\u00a0", " ")
    assert "1 point de l’ordre du jour reste sans décision" in vu
    assert "Tourcoing</strong> Trop peu de T2." in vu
    assert "Pas encore trié" not in vu
    assert [b.label for b in essai.button if (b.key or "").startswith("revenir_")] == ["Revoir à 10h30"]
    assert (
        essai.checkbox(key="relues")
        .label.replace("\u00a0", " ")
        .endswith("1 point de l’ordre du jour reste sans décision")
    )
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    signature.sign(journal, Entrepot(a_signer), S1, "vice-présidente", AUTEUR, "s1", ici="ICI 2", vues=vues)
    assert "relevé signé" in texte(open("cloture"))
    # Decided afterwards, it is not what was signed.
    decision = Decision(S1, "ICI 2", "Réserver des T2", "MEL", S2.fin, blocage="b1", positions=ACTEE)
    decisions.act(journal, decision, AUTEUR, identifiant="d1", op_id="ad1")
    vu = texte(open("cloture"))
    assert "projet modifié depuis la signature" in vu
    assert "Réserver des T2 (ajouté depuis la signature)" in vu
    assert "sans décision" not in vu


def test_once_signed_a_decision_is_corrected_only_by_whoever_says_that_the_signature_falls(a_signer: Path) -> None:
    journal = journal_de(a_signer)
    decision = Decision(S1, "ICI 2", "Doubler les ACI", "MEL", S2.fin, blocage="b0", positions=ACTEE)
    ici = decisions.identifiant_de(journal, "b0")
    journal.erase("a0")
    decisions.act(journal, decision, AUTEUR, identifiant=ici, op_id="a1")
    essai = name(open("coordination", point="b0"))
    champ = next(t for t in essai.text_area if t.label == "Décision")
    # Signed elsewhere while this form was on screen: the key that acts undoes nothing by surprise.
    meet(journal, S1, "ICI 2")
    vues = signature.versions(journal, S1, "ICI 2")
    signature.sign(journal, Entrepot(a_signer), S1, "vice-présidente", AUTEUR, "s1", ici="ICI 2", vues=vues)
    essai.button(key="acter_decision").set_value(True)
    champ.input("Tripler les ACI").run()
    assert "La présidence a signé le relevé" in texte(essai)
    assert not [t for t in essai.text_area if t.label == "Décision"]
    assert decisions.find_all(journal)[0][1].texte == "Doubler les ACI"
    assert signature.est_a_jour(journal, signature.read(journal, S1, "ICI 2")[1])
    # On purpose: a new version, and the signature falls.
    assert "la signature tombe" in texte(essai)
    next(c for c in essai.checkbox if c.key.startswith("apres_signature")).check().run()
    next(s for s in essai.selectbox if s.label == "Responsable").select("MEL").run()
    next(t for t in essai.text_area if t.label == "Décision").input("Tripler les ACI").run()
    presser(essai, "acter_decision")
    ((fiche, corrigee),) = decisions.find_all(journal)
    assert (corrigee.texte, fiche.version) == ("Tripler les ACI", 2)
    vu = texte(open("cloture"))
    assert "projet modifié depuis la signature du" in vu
    assert "Tripler les ACI (version 2, modifié depuis la signature)" in vu


def test_the_outcome_of_a_decision_that_no_figure_measures_is_kept(monde_publie: Path) -> None:
    journal = Journal.du_dossier(monde_publie)
    decision = Decision(S1, "ICI 2", "Écrire aux maires", "MEL", S2.fin, positions=ACTEE)
    decisions.act(journal, decision, AUTEUR, identifiant="d1", op_id="a1")
    essai = name(open("introduction", seance="2017S2"))
    # Nothing is said in its place: a click without a choice keeps nothing.
    issue(essai, "En une phrase").input("Sept maires ont répondu").run()
    presser(essai, "issue_garder_d1")
    assert "choisir la lecture" in essai.error[0].value
    assert journal.find_all(ISSUE) == []
    issue(essai, "Lecture").select(Mot.EN_PROGRES).run()
    issue(essai, "En une phrase").input("Sept maires ont répondu").run()
    presser(essai, "issue_garder_d1")
    (fiche,) = journal.find_all(ISSUE)
    assert (fiche.contenu["verdict"], fiche.contenu["texte"]) == ("en_progres", "Sept maires ont répondu")
    assert "Sept maires ont répondu" in texte(essai)


def test_a_detected_blocage_goes_on_the_agenda_once(publish: Publier, tmp_path: Path) -> None:
    # 61 of 102 first ranks refused in one résidence of Lille, 20 % everywhere else: what goes on the agenda is what the
    # room will read of it.
    bail = attribution(0, date_bail=date(2017, 9, 1), code_insee=LILLE, code_bailleur="B1", code_quartier=f"{LILLE}01")
    publish(**draw_refusals(61, 102), attributions=table("attributions", bail))
    essai = name(open("blocages", seance="2017S2", ici="ICI 1", etape="Non signalés"))
    assert "61 des 102 premiers rangs" in texte(essai)
    presser(essai, "inscrire_0")
    ((_, blocage),) = blocages.find_all(Journal.du_dossier(tmp_path), seance="2017S2", ici="ICI 1")
    assert (blocage.etat, blocage.rang, blocage.secteur.residences) == (EtatBlocage.RETENU, 1, (f"R{LILLE}",))
    assert "60 des 100 premiers rangs" in blocage.constat.replace("\u00a0", " ")
    assert "déjà à l’ordre du jour" in texte(essai)


def test_of_two_tabs_on_one_report_the_second_edited_after_the_sending_is_told_and_its_text_is_kept(
    monde_publie: Path,
) -> None:
    brouillon = _give("brouillon-blocage", "c" * 16)

    def onglet() -> AppTest:
        essai = AppTest.from_file(donnees.RACINE / "pages/preparer/blocages/blocages.py", default_timeout=60)
        essai.session_state["profil_repete"] = Profil(TypeProfil.COMMUNE, ROUBAIX)
        essai.session_state["auteur_nom"] = "C. Essai"
        essai.query_params.update({"seance": "2017S1", "ici": "ICI 2", "brouillon": brouillon})
        return essai.run()

    def constat(essai: AppTest) -> Any:
        return next(t for t in essai.text_area if t.label == "Ce qui bloque")

    un = onglet()
    constat(un).input("Trop de refus").run()
    deux, trois = onglet(), onglet()
    assert "Blocage envoyé" in presser(un, "envoyer_blocage").success[0].value
    assert "Blocage envoyé" in presser(trois, "envoyer_blocage").success[0].value  # the same text: written once
    constat(deux).input("Loyer trop cher, et rien d’autre").run()
    assert "Aucune colonne ne dit le loyer" in texte(deux)
    assert "a été envoyé par ailleurs pendant votre saisie" in texte(deux)
    presser(deux, "envoyer_blocage")
    assert "déjà envoyé avec un autre texte" in texte(deux)
    assert not deux.success
    journal = Journal.du_dossier(monde_publie)
    assert [f.contenu["constat"] for f in journal.historique("blocage", brouillon)] == ["Trop de refus"]
    (ecart,) = journal.ecarts("blocage", brouillon)
    assert ecart.contenu["constat"] == snapshot("Loyer trop cher, et rien d’autre")


def test_a_commune_reads_what_became_of_its_own_reports_and_of_no_other(monde_publie: Path) -> None:
    journal = Journal.du_dossier(monde_publie)
    for i, (qui, constat) in enumerate(((ROUBAIX, "Trop de refus"), (TOURCOING, "Dossier de la voisine"))):
        blocage = blocages.Blocage(S1, qui, Secteur("ICI 2", (qui,)), constat)
        fiche = blocages.report(journal, blocage, AUTEUR, identifiant=f"b{i}", op_id=f"s{i}")
        blocages.refuse(journal, fiche, f"Déjà traité au comité {i}.", AUTEUR, f"e{i}")
    essai = AppTest.from_file(donnees.RACINE / "pages/preparer/blocages/blocages.py", default_timeout=60)
    essai.session_state["profil_repete"] = Profil(TypeProfil.COMMUNE, ROUBAIX)
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2"})
    vu = texte(essai.run())
    assert "écarté : Déjà traité au comité 0." in vu
    assert "voisine" not in vu


def test_whoever_reported_reads_what_was_decided_also_when_it_was_merged_and_whoever_projects_reports_nothing(
    monde_publie: Path,
) -> None:
    journal = journal_de(monde_publie)
    autre = blocages.Blocage(S1, "COLACT", Secteur("ICI 2", (ROUBAIX,)), "Les mêmes ACI.")
    fusionnee = blocages.report(journal, autre, AUTEUR, identifiant="b1", op_id="sb1")
    blocages.merge(journal, journal.read("blocage", "b0"), [fusionnee], AUTEUR, "f0")

    def lu_par(profil: Profil) -> str:
        essai = AppTest.from_file(donnees.RACINE / "pages/preparer/blocages/blocages.py", default_timeout=60)
        essai.session_state["profil_repete"] = profil
        essai.query_params.update({"seance": "2017S1", "ici": "ICI 2"})
        return texte(essai.run()).replace("\u00a0", " ")

    for profil in (Profil(TypeProfil.COMMUNE, ROUBAIX), Profil(TypeProfil.RESERVATAIRE, "COLACT")):
        assert "Décidé : <b>Doubler les ACI</b> <span>(Bailleur B1, d’ici le 31 décembre 2017)" in lu_par(profil)
    assert "Doubler" not in lu_par(Profil(TypeProfil.COMMUNE, TOURCOING))
    assert "changer de profil" in lu_par(Profil(TypeProfil.ANIMATEUR))
    # On the agenda, a réservataire is called by its name.
    assert "Signalé par Action Logement" in texte(open("coordination", point="b0"))
    essai = open("blocages", etape="Trier et objectiver")
    assert "2 blocages signalés : 1 à l’ordre du jour, 1 regroupé." in texte(essai).replace("\u00a0", " ")


def test_nobody_is_said_to_consent_before_it_is_and_who_acts_or_reported_is_asked() -> None:
    toutes = {"MEL": "MEL", "DDTM": "État", ROUBAIX: "Roubaix", "B1": "Bailleur"}
    muettes = dict.fromkeys(toutes, "non_exprimee")
    assert acte_decision._prises({}, toutes, ["MEL"]) == muettes
    assert acte_decision._prises({"reserve": ["B1"]}, toutes, []) == muettes | {"B1": "reserve"}
    tous = {"tous_actent": True, "reserve": ["B1"], "absents": ["DDTM"]}
    # Roubaix was not noted present: it neither acts nor is said absent.
    assert acte_decision._prises(tous, toutes, ["MEL", "B1"]) == {
        **{"MEL": "acte", ROUBAIX: "non_exprimee"},
        **{"B1": "reserve", "DDTM": "absent"},
    }
    # One key sends back for those who are there, or says that nobody was.
    renvoi = acte_decision._prises({"tous_renvoient": True, "actent": ["DDTM"]}, toutes, ["MEL", "B1"])
    assert renvoi == {"MEL": "renvoye", "DDTM": "acte", ROUBAIX: "non_exprimee", "B1": "renvoye"}
    assert acte_decision._prises({"tous_absents": True}, toutes, ["MEL"]) == dict.fromkeys(toutes, "absent")
    # Nobody was: nobody acts.
    assert acte_decision._prises({"tous_actent": True}, toutes, []) == muettes


def test_who_acts_and_who_reported_what_was_merged_take_position(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    autre = blocages.Blocage(S1, "B2", Secteur("ICI 2", (ROUBAIX,)), "Les mêmes ACI.")
    fusionnee = blocages.report(journal, autre, AUTEUR, identifiant="b1", op_id="s1")
    blocages.merge(journal, journal.read("blocage", "b0"), [fusionnee], AUTEUR, "f0")
    essai = name(open("coordination", point="b0"))
    responsable = next(s for s in essai.selectbox if s.label == "Responsable")
    responsable.select("Tourcoing").run()
    absents = next(m for m in essai.multiselect if m.label == "Absents").options
    assert {"Tourcoing", "Roubaix", "MEL"} < set(absents)
    assert any("B2" in nom for nom in absents)


def test_what_tells_of_a_quartier_is_read_in_that_quartier_and_segments_where_the_sector_is_wanted(
    monde_publie: Path,
) -> None:
    journal = Journal.du_dossier(monde_publie)
    quartier = f"{ROUBAIX}0101"
    for i, secteur in enumerate((Secteur("ICI 2", quartiers=(quartier,)), Secteur("ICI 2", (ROUBAIX,)))):
        blocage = blocages.Blocage(S1, ROUBAIX, secteur, "Peu d’ACI logés.")
        fiche = blocages.report(journal, blocage, AUTEUR, identifiant=f"q{i}", op_id=f"s{i}")
        blocages.retain(journal, fiche, AUTEUR, f"r{i}")
    essai = name(open("coordination", point="q0"))
    premier = next(s for s in essai.selectbox if s.label == "Ce qui le dira").options[0]
    assert premier.endswith("· Quartier d’essai")
    next(s for s in essai.selectbox if s.label == "Ce qui le dira").select(
        "Ménages prioritaires (ACI) · Quartier d’essai"
    )
    essai.run()
    # All of Roubaix is in one quartier: its figure there is that of the commune.
    lu = TemoinIndicateur("aci", commune=ROUBAIX).read(Entrepot(monde_publie), S1)
    assert f"({lu.numerateur} sur {lu.n_connus})" in texte(essai).replace("\u00a0", " ")
    options = next(s for s in name(open("coordination", point="q1")).selectbox if s.label == "Ce qui le dira")
    assert {f"{s.titre} · Roubaix" for s in SEGMENTS.values()} < set(options.options)
