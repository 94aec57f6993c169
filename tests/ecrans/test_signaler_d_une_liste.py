"""From a list to a report: the form begins with the list, its filters, how many and what was noted; of nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.journal import Auteur, Journal, nouvel_op_id
from mel_core.seance.coordination import blocages
from mel_core.segments.listes import suites
from mel_core.segments.listes.suites import Code, Suite
from mel_core.socle.periodes import Seance
from tests.ecrans.conftest import ROUBAIX, Publier, monde
from tests.ecrans.test_mes_listes import find_all, html
from tests.ecrans.vue import visit
from tests.jeux import demande_active, table

MENAGES = [f"p{i}" for i in range(4)]


def note(dossier: Path, qui: str, code: Code, cause: str = "") -> None:
    suite = Suite(code, ROUBAIX, "jamais_presentes", Seance(2017, 2), cause)
    auteur = Auteur("C. Essai", ROUBAIX, "commune")
    suites.write(Journal.du_dossier(dossier), qui, suite, auteur, op_id=nouvel_op_id())


def report(dossier: Path, publish: Publier) -> AppTest:
    return follow(open_list(dossier, publish))


def follow(liste: AppTest) -> AppTest:
    liste.button(key="signaler").click().run()
    liste.switch_page("pages/preparer/blocages/blocages.py").run()  # where it led: the next run of a test forgets it
    assert not liste.exception
    return liste


def open_list(dossier: Path, publish: Publier) -> AppTest:
    """Three demandes of a T3 and one of a T1: two of the three can't be reached, the other refused."""
    demandes = [
        demande_active(qui, date(2016, 1, 1), typologies=["T3"] if i < 3 else ["T1"], communes_souhaitees=[ROUBAIX])
        for i, qui in enumerate(MENAGES)
    ]
    publish(**monde(), demandes=table("demandes", *demandes))
    for qui in MENAGES[:2]:
        note(dossier, qui, Code.TOUJOURS_BLOQUE, "injoignable")
    note(dossier, MENAGES[2], Code.REFUS, "loyer")
    liste = find_all(Profil(TypeProfil.COMMUNE, ROUBAIX), segment="jamais_presentes", ici="ICI 2")
    return liste.multiselect(key="liste_typologies").select("T3").run()


def contexte(essai: AppTest) -> str:
    """What the list says in the form, apart from what its sender types; empty in a form that comes from none."""
    dits = [t.value for t in essai.text_area if t.label == "Ce que dit la liste"]
    return "".join(dits).replace("\u00a0", " ").replace("\u202f", " ")


def reopen(essai: AppTest) -> AppTest:
    """The same link, in a session of its own, by the same person."""
    qui = {"profil_repete": Profil(TypeProfil.COMMUNE, ROUBAIX), "auteur_nom": "C. Essai"}
    return visit("blocages", qui, **dict(essai.query_params)).run()


def communes(essai: AppTest) -> list[str]:
    return next(m.value for m in essai.multiselect if m.label.startswith("Communes"))


def test_the_form_begins_with_what_was_on_the_list_and_names_nobody(tmp_path: Path, publish: Publier) -> None:
    essai = report(tmp_path, publish)
    assert [t.value for t in essai.title] == ["Préparer › Blocages"]
    assert contexte(essai) == snapshot(
        "3 demandes de la liste « Jamais présentés » (T3), Roubaix, au 31 décembre 2017. Suites notées : "
        "toujours bloqué, injoignable (2) ; a refusé, loyer et charges (1)."
    )
    assert (communes(essai), next(s.value for s in essai.selectbox if s.label == "Typologie")) == ([ROUBAIX], "T3")
    assert not any(qui in contexte(essai) for qui in MENAGES)
    # What is complained of is what somebody types.
    assert "Aucune colonne ne dit" not in html(essai)
    (champ,) = [t for t in essai.text_area if t.label == "Ce qui bloque"]
    assert champ.value == ""
    champ.set_value("Le voisinage les fait partir.").run()
    assert "Aucune colonne ne dit le cadre de vie" in html(essai)


def test_a_form_that_begins_with_a_list_is_kept_before_anything_is_typed_and_a_new_session_finds_it(
    tmp_path: Path, publish: Publier
) -> None:
    essai = report(tmp_path, publish)
    recharge = reopen(essai)
    assert contexte(recharge) == contexte(essai)
    assert recharge.query_params["brouillon"] == essai.query_params["brouillon"]
    assert "ce lien" not in html(recharge)
    recharge.query_params["brouillon"] = "0000"
    assert "Le formulaire que demande ce lien n’existe pas, ou n’est pas le vôtre" in html(recharge.run())


def test_what_was_noted_is_counted_of_the_lines_that_the_filter_on_outcomes_keeps(
    tmp_path: Path, publish: Publier
) -> None:
    liste = open_list(tmp_path, publish)
    liste.selectbox(key="liste_suite").set_value(str(Code.REFUS)).run()
    assert contexte(follow(liste)).startswith("1 demande de la liste")
    assert contexte(liste).endswith("Suites notées : a refusé, loyer et charges (1).")


def test_it_is_sent_as_it_stands_and_the_next_form_is_empty(tmp_path: Path, publish: Publier) -> None:
    essai = report(tmp_path, publish)
    dite = contexte(essai)
    essai.button(key="envoyer_blocage").click().run()
    assert "Blocage envoyé" in essai.success[0].value
    assert dite in " ".join(str(x.proto.body) for x in essai.get("html")).replace("\u00a0", " ").replace("\u202f", " ")
    assert contexte(essai) == ""
    # Whoever reported it corrects it by the same form, until it is sorted; the form under way comes back after.
    (corriger,) = [b for b in essai.button if b.label == "Corriger"]
    corriger.click().run()
    assert contexte(essai) == dite
    next(s for s in essai.selectbox if s.label.startswith("Bailleur concerné")).set_value("B1").run()
    next(t for t in essai.text_input if t.label.startswith("Qui présente")).set_value("L’adjointe").run()
    essai = reopen(essai)
    assert next(t.value for t in essai.text_input if t.label.startswith("Qui présente")) == "L’adjointe"
    close = reopen(essai)
    next(b for b in essai.button if b.label == "Garder la correction").click().run()
    assert not essai.exception
    assert "Signalement corrigé" in essai.success[0].value
    assert contexte(essai) == ""
    ((fiche, corrige),) = blocages.find_all(Journal.du_dossier(tmp_path))
    assert (corrige.bailleur, corrige.presente, corrige.constat) == ("B1", "L’adjointe", fiche.contenu["constat"])
    assert (fiche.version, corrige.secteur.communes, corrige.profil.typologie) == (2, (ROUBAIX,), "T3")
    # What is left as it is leaves the address; a link to what is not corrected, or not by this visitor, says so.
    next(b for b in close.button if b.label == "Laisser ce signalement tel quel").click().run()
    assert "corriger" not in close.query_params
    for libelle in ("Corriger", "Retirer", "Retirer ce signalement"):  # its form, still open, goes with it
        next(b for b in close.button if b.label == libelle).click().run()
    assert "Signalement retiré" in close.success[0].value
    assert "ne se corrige pas" not in html(close)
    close.query_params["corriger"] = "f" * 32
    assert "Le signalement que demande ce lien ne se corrige pas, ou plus" in html(reopen(close))


def test_of_a_bailleur_the_form_has_the_communes_of_the_last_passages(publish: Publier) -> None:
    passages = [
        {
            **{"id_evenement": f"E{i}", "numero_unique": f"m{i}", "type": "PASSAGE_CAL", "decision": "NON_ATTRIBUE"},
            **{"date_survenance": date(2017, 9, 1), "code_bailleur": "B1", "code_residence": "R1" if i else None},
            "typologie": f"T{i + 1}",
        }
        for i in range(3)
    ]
    quartier = {"code_quartier": "5951201", "nom": "Épeule", "code_insee": ROUBAIX}
    residence = {"code_residence": "R1", "code_bailleur": "B1", "code_quartier": "5951201", "n_logements": 9}
    publish(
        **monde()
        | {
            "evenements": table("evenements", *passages),
            "quartiers": table("quartiers", quartier),
            "residences": table("residences", residence),
        }
    )
    essai = follow(find_all(Profil(TypeProfil.BAILLEUR, "B1"), liste_groupe="tous"))
    assert communes(essai) == [ROUBAIX]
    assert contexte(essai).endswith(" Communes : Roubaix (2) ; commune inconnue (1).")
    # narrowed to a commune and to a typologie, which its address keeps
    choix = {"liste_groupe": "tous", "liste_communes": ROUBAIX, "liste_logements": "T2"}
    essai = find_all(Profil(TypeProfil.BAILLEUR, "B1"), **choix)
    dit = next(m.value for m in essai.markdown if "candidat" in m.value).replace("\u00a0", " ")
    assert list(essai.dataframe[0].value.columns[:3]) == ["Dossier", "Demande", "Pourquoi"]  # in sight at 1366
    assert dit.startswith("**1 candidat**")
    assert dit.endswith("Filtres en vigueur (Roubaix, T2) : sans eux, **3 candidats**.")
    essai = follow(essai)
    assert (communes(essai), next(s.value for s in essai.selectbox if s.label == "Typologie")) == ([ROUBAIX], "T2")
    assert contexte(essai) == snapshot(
        "1 demande de la liste « Tous les candidats de nos commissions » (fenêtre de 24 mois, Roubaix, T2), "
        "Bailleur B1, au 31 décembre 2017. Communes : Roubaix (1)."
    )
