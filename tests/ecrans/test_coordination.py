"""The coordination screens: their sentences, what they may project, the calendar, and what they write."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inline_snapshot import snapshot
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import (
    Blocage,
    Decision,
    TemoinIndicateur,
    TemoinPreuve,
    blocages,
    decisions,
    phrases_coordination,
)
from mel_core.seance.coordination.decisions import Position, avec_temoin
from mel_core.seance.preuves import Preuve, ProfilBlocage, Secteur
from mel_core.seance.preuves.dits import Dit
from mel_core.seance.preuves.secteur import LieuDuSecteur
from mel_core.seance.verdict import Mot, PasDeVerdict, Verdict
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, Seance
from pages.commun import donnees
from pages.commun.coordination import preuves
from pages.commun.navigation import fichier
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier, monde
from tests.jeux import table
from tests.lecteurs import lue_par
from tests.mots import simple


def constat(
    secteur: tuple[int, int], ici: tuple[int, int] = (60, 300), mel: tuple[int, int] = (200, 800), **autres: Any
) -> Preuve:
    """First ranks refused, among all, in Roubaix, in its ICI and in the Métropole."""
    comptes = {"secteur": secteur, "ici": ici, "mel": mel}
    lieu = LieuDuSecteur("À Roubaix", (ROUBAIX,), "Roubaix", False, False, "")
    valeurs = {c: k / n for c, (k, n) in comptes.items()}
    fini = Preuve("refus_rang_1", "part", secteur[1], valeurs, comptes, lieu, _say, "rien de connu")
    return replace(fini, **autres)


def _say(dit: Dit) -> str:
    return f"**{langue.part(dit.valeur)}** des rangs 1"


REFUS = constat((40, 100))
AUTEUR = Auteur("A. Essai", "MEL")
S1, S2 = Seance(2017, 1), Seance(2017, 2)


def texte(essai: AppTest) -> str:
    assert not essai.exception
    return " ".join(str(x.proto.body) for x in essai.get("html")) + " ".join(x.value for x in essai.markdown)


def test_the_opening_counts_each_verdict_and_the_engagements() -> None:
    dite = phrases_coordination.ouverture(
        "l’ICI 2",
        "2017S1",
        [Verdict(Mot.ATTEINT), Verdict(Mot.NON_ATTEINT), PasDeVerdict("les données ne couvrent que 9 mois sur 12")],
        [Verdict(Mot.NON_TENU), Verdict(Mot.TENU), Verdict(Mot.TENU)],
    )
    assert "3\u00a0décisions rouvertes" in dite
    assert "**1 à sa cible**, **1 hors de sa cible** et **1 sans verdict**" in dite
    assert "**1\u00a0engagement non tenu** et **2\u00a0engagements tenus**" in dite


def test_the_agenda_says_what_is_left_whatever_the_number() -> None:
    say = partial(lue_par, SALLE, phrases_coordination.ordre_du_jour)
    assert say("l’ICI 2", 1, 0, 0) == snapshot("Dans l’ICI 2, le blocage de l’ordre du jour a sa décision.")
    assert say("l’ICI 2", 2, 0, 0).endswith("les 2\u00a0blocages de l’ordre du jour ont leur décision.")
    assert "**1** encore sans décision" in say("l’ICI 2", 2, 0, 1)
    assert say("l’ICI 2", 4, 1, 1).endswith("jour, **1\u00a0renvoyé**, **1** encore sans décision.")
    dite = lue_par(PREPARATION, phrases_coordination.ordre_du_jour, "l’ICI 2", 0, 0, 0)
    assert "en retenir depuis Préparer" in dite
    assert say("l’ICI 2", 0, 0, 0) == snapshot("Dans l’ICI 2, aucun blocage n’est inscrit à l’ordre du jour.")


def test_nothing_to_reopen_is_said_plainly() -> None:
    assert "rien n’est à constater" in phrases_coordination.ouverture("l’ICI 2", "2017S1", [], [])
    dite = phrases_coordination.ouverture(
        "l’ICI 2", "2017S2", [], [Verdict(Mot.NON_TENU)]
    )  # of a séance before that one
    assert dite == "Dans l’ICI 2, **1\u00a0engagement non tenu**."


def test_a_heading_figure_that_no_decision_follows_says_so() -> None:
    tension, vacance = (constat((9, 30), mesure=mesure) for mesure in ("tension", "vacance"))
    suivis = [TemoinPreuve("vacance", Secteur("ICI 2"), ProfilBlocage())]
    assert phrases_coordination.sans_temoin(vacance, suivis) == phrases_coordination.sans_temoin(None, suivis) == ""
    assert simple(phrases_coordination.sans_temoin(tension, suivis)) == (
        "« Demandes pour une attribution, par commune » ne suit aucune décision : choisir le chiffre le plus proche, "
        "ou aucun."
    )


dire = partial(phrases_coordination.message_du_blocage, Blocage(S2, "B1", Secteur("ICI 2", (ROUBAIX,)), "Rien ne va"))


@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
def test_the_message_of_an_item_is_the_finding_that_departs_most_from_the_ici_its_value_in_bold(
    audience: Audience,
) -> None:
    proche = constat((21, 100), mesure="vacance")
    dit = lue_par(audience, dire, "Roubaix", [proche, REFUS])
    assert dit.replace("\u202f", " ") == snapshot(
        "À Roubaix\u00a0: **40 %** des rangs 1, contre 20 % dans l’ICI et 25 % dans la MEL."
    )


def test_what_reads_the_same_in_the_ici_never_heads_an_item() -> None:
    pareil, vacance = constat((22, 104)), constat((22, 100), mesure="vacance")  # 21.2 % of 104, and 22 %, against 20.6
    dits = [
        replace(c, valeurs=c.valeurs | {"ici": 0.206}, effectifs=c.effectifs | {"ici": (206, 1000)})
        for c in (pareil, vacance)
    ]
    assert "**22 %**" in lue_par(SALLE, dire, "Roubaix", dits).replace("\u202f", " ")
    assert "ne distingue" in lue_par(SALLE, dire, "Roubaix", dits[:1])
    assert "21,2" in lue_par(PREPARATION, dire, "Roubaix", dits[:1])


@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
def test_of_a_whole_ici_the_finding_is_that_which_departs_most_from_the_metropole(audience: Audience) -> None:
    entiere = LieuDuSecteur("Dans l’ICI 2", (ROUBAIX,), "l’ICI 2", True, False, "")
    c = constat((40, 100))
    c = replace(c, lieu=entiere, valeurs=c.valeurs | {"ici": 0.4}, effectifs=c.effectifs | {"ici": (40, 100)})
    blocage = Blocage(S2, "B1", Secteur("ICI 2"), "Rien ne va")
    say = partial(lue_par, audience, phrases_coordination.message_du_blocage, blocage, "ICI 2")
    assert simple(say([c])) == "Dans l’ICI 2 : **40 %** des rangs 1, contre 25 % dans la MEL."
    pareil = replace(c, valeurs=c.valeurs | {"mel": 0.4}, effectifs=c.effectifs | {"mel": (40, 100)})
    assert say([pareil]).endswith(" ne distingue l’ICI de la Métropole.")


def test_what_is_not_said_to_a_room_never_heads_an_item() -> None:
    peu = constat((40, 60))  # two in three, three times the ICI
    assert "66,7" in lue_par(PREPARATION, dire, "Roubaix", [peu])
    dit = lue_par(SALLE, dire, "Roubaix", [peu])
    assert dit == snapshot(
        "Roubaix : aucun chiffre que l’on puisse dire ici ne distingue ce secteur du reste de l’ICI."
    )
    assert "aucun chiffre de 30 cas au moins ne distingue" in lue_par(PREPARATION, dire, "Roubaix", [])


@pytest.mark.parametrize(
    ("secteur", "exact", "en_salle"),
    [
        ((41, 102), "40,2 % (41 sur 102)", "40 % (40 sur 100)"),
        ((41, 62), "66,1 % (41 sur 62)", "non dit sur 60"),
        ((4, 102), "3,9 % (4 sur 102)", "12 ou moins sur 100"),
        ((96, 102), "94,1 % (96 sur 102)", "95 sur 100"),
        ((3, 9), "33,3 % (3 sur 9)", "12 ou moins"),
    ],
)
def test_the_table_says_a_share_or_its_counts_as_each_audience_reads_them(
    secteur: tuple[int, int], exact: str, en_salle: str
) -> None:
    for audience, dit in ((PREPARATION, exact), (SALLE, en_salle), (Audience(cle="commune", code=ROUBAIX), exact)):
        lu = lue_par(audience, preuves.say_cercle, constat(secteur), "secteur")
        assert re.sub(r"</?\w+>", "", lu).replace("\u202f", " ").replace("\u00a0", " ") == dit


def test_a_tension_and_a_median_are_said_to_a_room_of_thirty_households_at_the_least() -> None:
    delai = constat(
        (29, 100), unite="mois", valeurs={"secteur": 8.0, "ici": 9.0}, effectifs={"secteur": (29,), "ici": (30,)}
    )
    assert lue_par(SALLE, preuves.say_cercle, delai, "secteur") == "<strong>non dit</strong>"
    assert lue_par(SALLE, preuves.say_cercle, delai, "ici") == "9\u00a0mois"
    assert lue_par(PREPARATION, preuves.say_cercle, delai, "secteur") == "<strong>8\u00a0mois</strong>"


def test_the_contingent_is_named_unless_it_is_of_a_few() -> None:
    contingent = constat((40, 100), mesure="contingent", quoi="préfet, publics prioritaires")
    assert lue_par(SALLE, preuves.titre, contingent) == snapshot(
        "Premier contingent\u00a0: préfet, publics prioritaires"
    )
    peu = constat((4, 9), mesure="contingent", quoi="préfet, publics prioritaires")
    assert lue_par(SALLE, preuves.titre, peu) == "Premier contingent"
    assert lue_par(PREPARATION, preuves.titre, peu) == snapshot(
        "Premier contingent\u00a0: préfet, publics prioritaires"
    )


def journal_de(dossier: Path, *, est_acte: bool = True) -> Journal:
    """A blocage of Roubaix kept at 2017S1, and its decision: ACI in Roubaix, to 90 %; erased where it is not acted."""
    journal, entrepot = Journal.du_dossier(dossier), Entrepot(dossier)
    constat = "Peu d’ACI logés à <Roubaix>."
    blocage = Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), constat, dit=constat)
    fiche = blocages.report(journal, blocage, AUTEUR, identifiant="b0", op_id="s0")
    blocages.order(journal, [blocages.retain(journal, fiche, AUTEUR, "r0")], AUTEUR, "o0")
    decision = Decision(
        S1, "ICI 2", "Doubler les ACI", "Bailleur B1", S2.fin, blocage="b0", positions={ROUBAIX: Position.RESERVE}
    )
    decision = avec_temoin(decision, TemoinIndicateur("aci", commune=ROUBAIX), Fraction(9, 10), entrepot)
    decisions.act(journal, decision, AUTEUR, identifiant="d0", op_id="a0")
    if not est_acte:
        journal.erase("a0")
    return journal


def open(page: str, profil: Profil | None = None, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / "app.py", default_timeout=60).switch_page(fichier(page))
    if profil:
        essai.session_state["profil_repete"] = profil
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2", **adresse})
    return essai.run()


def test_each_slot_of_the_coordination_says_what_to_do_on_a_new_store(monde_publie: Path) -> None:
    attendus = {
        "introduction": "rien n’est à constater",
        "coordination": "aucun blocage n’est inscrit",
        "cloture": "rien n’est encore acté",
        "blocages": "Préparer › Blocages",
        "dossier": "À savoir",
    }
    for page, phrase in attendus.items():
        essai = open(page, seance="2017S2")
        vu = texte(essai) + " ".join(t.value for t in essai.title)
        assert phrase in vu, page


def test_where_the_dossier_is_made_is_told_to_who_may_make_it_and_to_nobody_else(monde_publie: Path) -> None:
    for profil, est_dite in ((None, True), (Profil(TypeProfil.COMMUNE, ROUBAIX), False)):
        vu = texte(open("cloture", profil, seance="2017S2"))
        assert "le relevé porte le dernier maillon du journal." in vu
        assert ("se compose dans Préparer" in vu) is est_dite


def test_the_dossier_whose_workbooks_are_exact_is_not_taken_away_from_a_room(monde_publie: Path) -> None:
    essai = open("dossier", seance="2017S2")
    assert essai.get("download_button")
    essai.session_state["salle_repetee"] = True
    essai.run()
    assert not essai.get("download_button")
    assert any("revenir en Préparation pour le composer" in m.value for m in essai.markdown)


def test_an_ici_where_nobody_was_housed_says_so_in_the_place_of_a_dossier_that_would_fail_at_the_click(
    monde_publie: Path,
) -> None:
    essai = open("dossier", seance="2017S2", ici="ICI 3")
    assert not essai.exception
    (refus,) = essai.error
    assert "Aucune attribution n’a été signée dans l’ICI\u00a03" in refus.value
    assert not essai.get("download_button")
    assert "À savoir" in texte(essai)  # the check of what is missing stays


def test_the_next_seance_opens_on_the_decision_with_its_figures_and_typed_text_stays_text(monde_publie: Path) -> None:
    journal_de(monde_publie)
    vu = texte(open("introduction", seance="2017S2"))
    with Entrepot(monde_publie).open(Portee.mel(), S2) as lecteur:
        cellule = TemoinIndicateur("aci", commune=ROUBAIX)._dans(lecteur, Periode.de(S2, "annee"))
    assert "Doubler les ACI" in vu
    assert f"({cellule.numerateur}\u00a0sur\u00a0{cellule.n_connus})" in vu
    assert "90\u202f%" in vu
    relu = texte(open("cloture"))
    assert "Avec réserve : Roubaix" in relu.replace("\u00a0", " ")
    assert "&lt;Roubaix&gt;" in texte(open("coordination", point="b0"))


def test_to_how_many_a_profile_in_part_of_an_ici_is_counted_is_said_where_it_is() -> None:
    entier, croise = (
        LieuDuSecteur("", (), "", True, False, ""),
        LieuDuSecteur("", (), "", False, False, " (T2)", est_croise=True),
    )
    assert lue_par(SALLE, entier.say_arrondi) == lue_par(PREPARATION, croise.say_arrondi) == ""
    assert lue_par(SALLE, croise.say_arrondi) == snapshot(" (attributions et passages de ce secteur, à 10 près)")
    # of its first accesses, the bilan says the attributions: the same number here
    au_bilan = replace(croise, est_au_bilan=True)
    assert lue_par(SALLE, au_bilan.say_arrondi) == snapshot(" (passages de ce secteur, à 10 près)")


@pytest.mark.parametrize(
    ("comptes", "exacts", "en_salle"),
    [
        ((60, 40, 25, 13, 9), "loyer 41 %, taille 27 %, secteur 17 % et état 9 %", None),
        ((60, 30, 12, 9), "loyer 54 %, taille 27 %, secteur 11 % et état 8 %", "loyer 54 % et taille 27 %"),
        ((31, 19, 12), "loyer 50 %, taille 31 % et secteur 19 %", "loyer (30) et taille (20)"),  # 62 refusals
        ((9,), "loyer 100 %", ""),
    ],
)
def test_the_motives_are_said_with_their_share_to_a_room_when_it_may_be_else_with_their_count(
    comptes: tuple[int, ...], exacts: str, en_salle: str | None
) -> None:
    motifs = pd.DataFrame({"code": ("Loyer", "Taille", "Secteur", "État", "Autre")[: len(comptes)], "n": comptes})
    for audience, dits in ((PREPARATION, exacts), (SALLE, exacts if en_salle is None else en_salle)):
        assert preuves.say_motifs(motifs, audience).replace("\u202f", " ") == dits


def test_the_completeness_of_a_bailleur_is_exact_to_a_desk_and_to_itself(publish: Publier) -> None:
    def record(bailleur: str, n: int) -> list[dict[str, object]]:
        fait = {"numero_unique": "x", "type": "AUTRE", "date_survenance": date(2017, 9, 1), "code_bailleur": bailleur}
        return [{**fait, "id_evenement": f"{bailleur}-{i}"} for i in range(n)]

    publish(**monde(), evenements=table("evenements", *record("B1", 5), *record("B2", 41)))
    attendus = {
        Profil(TypeProfil.COPILOTE): ("5", "41"),
        Profil(TypeProfil.ANIMATEUR): ("12 ou moins", "40"),
        Profil(TypeProfil.BAILLEUR, "B1"): ("5", "40"),
    }
    for profil, dits in attendus.items():
        essai = open("introduction", profil=profil, seance="2017S2")
        (lue,) = [h for h in (str(x.proto.body) for x in essai.get("html")) if "Complétude par bailleur" in h]
        lignes = {b: re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{b}.*?</tr>", lue, re.DOTALL).group() for b in ("B1", "B2")}
        assert tuple(re.findall(r">([^<>]+)<", x)[-1].strip() for x in lignes.values()) == dits
        # 82 attributions each, five unknown incomes at the most: under a hundred a room is told no share.
        assert ("sauf 12 ou moins" in lue) is (profil.type != TypeProfil.COPILOTE)


def test_a_commune_that_left_the_ici_since_keeps_its_name_in_what_was_written_of_it(
    publish: Publier, tmp_path: Path
) -> None:
    publish(**monde())
    journal_de(tmp_path)
    ailleurs = {
        "code_insee": ROUBAIX,
        "nom": "Roubaix",
        "territoire": "Roubaisien",
        "ici": "ICI 1",
        "fragilite": "fragile",
    }
    reste = {
        "code_insee": TOURCOING,
        "nom": "Tourcoing",
        "territoire": "Tourquennois",
        "ici": "ICI 2",
        "fragilite": "sans",
    }
    publish(**monde(), communes=table("communes", ailleurs, reste))
    for page in ("introduction", "coordination", "cloture"):
        for seance in ("2017S1", "2017S2"):
            dit = texte(open(page, seance=seance))
            assert ROUBAIX not in dit, page


def test_a_whole_ici_stands_beside_the_metropole_and_not_beside_itself(monde_publie: Path) -> None:
    journal, colonnes = journal_de(monde_publie), {}
    for nom, communes in (("entiere", ()), ("commune", (ROUBAIX,))):
        dit = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", communes), "Rien ne va")
        fiche = blocages.report(journal, dit, AUTEUR, identifiant=nom, op_id=nom)
        blocages.retain(journal, fiche, AUTEUR, f"r-{nom}")
        dits = "".join(h.proto.body for h in open("coordination", point=nom).get("html"))
        tete = dits.partition('<table class="preuves">')[2].partition("</thead>")[0]
        colonnes[nom] = re.findall(r'<th scope="col">(.+?)</th>', tete)
    assert colonnes == {"entiere": ["ICI 2", "Métropole"], "commune": ["Ce secteur", "ICI 2", "Métropole"]}


def test_sorting_says_what_heads_10h30_that_no_column_has_the_rent_and_what_comes_nearest(monde_publie: Path) -> None:
    journal = journal_de(monde_publie)
    dit = blocages.Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Le loyer est trop cher")
    fiche = blocages.report(journal, dit, AUTEUR, identifiant="b1", op_id="b1")
    tri = open("blocages", etape="Trier et objectiver")
    tri.button(key="ouvrir_b1").click().run()
    blocages.retain(journal, fiche, AUTEUR, "r1")
    for essai in (tri, open("coordination", point="b1")):
        assert not essai.exception
        assert any(m.value.startswith("Aucune colonne ne dit le loyer.") for m in essai.markdown)
