"""The coordination screens: their sentences, what they may project, the calendar, and what they write."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.coordination import Blocage, Decision, TemoinIndicateur, blocages, decisions
from mel_core.coordination.decisions import Position, avec_temoin
from mel_core.coordination.resultats import Bilan, Verdict
from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.objectivation import Constat, Secteur
from mel_core.periodes import Periode, Seance
from pages.commun import donnees
from pages.commun.coordination import lecture_coordination, phrases_coordination, preuves
from tests.ecrans.conftest import ROUBAIX, TOURCOING, Publier, monde
from tests.jeux import table

# 40 of the 100 first ranks of Roubaix, 60 of 300 in the ICI, 200 of 800 in the Métropole.
REFUS = Constat(
    *("refus_rang_1", "part", 0.4, 100, 40, 100, 0.2, 0.25, "À Roubaix\u00a0: 40,0\u202f% des rangs 1."),
    projetee="À Roubaix\u00a0: **40,0\u202f%** des rangs 1.",
    effectifs={"secteur": (40, 60, 100), "ici": (60, 240, 300), "mel": (200, 600, 800)},
)
AUTEUR = Auteur("A. Essai", "MEL")
S1, S2 = Seance(2017, 1), Seance(2017, 2)


def texte(essai: AppTest) -> str:
    assert not essai.exception
    return " ".join(str(x.proto.body) for x in essai.get("html")) + " ".join(x.value for x in essai.markdown)


def bilan(*verdicts: Verdict) -> Bilan:
    return Bilan(tuple(SimpleNamespace(verdict=v) for v in verdicts), ())  # type: ignore[arg-type]


def test_the_opening_counts_each_verdict_and_the_engagements() -> None:
    dite = phrases_coordination.ouverture(
        "l’ICI 2",
        "2017S1",
        bilan(Verdict.ATTEINT, Verdict.SANS_EFFET, Verdict.SANS_EFFET),
        ["non_tenu", "tenu", "tenu"],
    )
    assert "3\u00a0décisions rouvertes" in dite
    assert "**1 à sa cible** et **2 sans effet mesurable**" in dite
    assert "**2\u00a0engagements tenus** et **1\u00a0engagement non tenu**" in dite


def test_the_agenda_says_what_is_left_whatever_the_number() -> None:
    dire = phrases_coordination.ordre_du_jour
    assert dire("l’ICI 2", 1, 1) == "Dans l’ICI 2, le blocage de l’ordre du jour a sa décision."
    assert dire("l’ICI 2", 2, 2).endswith("les 2\u00a0blocages de l’ordre du jour ont leur décision.")
    assert "**1** encore sans décision" in dire("l’ICI 2", 2, 1)


def test_nothing_to_reopen_is_said_plainly() -> None:
    assert "rien n’est à constater" in phrases_coordination.ouverture("l’ICI 2", "2017S1", bilan(), [])


def test_the_message_of_an_item_is_the_finding_that_departs_most_from_the_ici_its_value_in_bold() -> None:
    proche = replace(REFUS, mesure="vacance", valeur=0.21, projetee="À Roubaix\u00a0: **21,0\u202f%** de vacants.")
    dit = phrases_coordination.message_du_blocage("Roubaix", [proche, REFUS])
    assert dit == "À Roubaix\u00a0: **40,0\u202f%** des rangs 1."
    assert "aucun chiffre projetable" in phrases_coordination.message_du_blocage("Roubaix", [])


@pytest.mark.parametrize(
    ("comptes", "attendu"),
    [
        ((40, 60, 100), True),
        ((4, 96, 100), False),
        ((96, 4, 100), False),  # those left aside are read by subtraction
        ((0, 100, 100), True),
        ((0, 10, 10), False),
        ((11, 11, 22), True),
    ],
)
def test_a_finding_that_gives_back_a_count_under_eleven_is_not_projected(comptes, attendu: bool) -> None:
    for cercle in ("secteur", "ici", "mel"):
        effectifs = {**REFUS.effectifs, cercle: comptes}
        assert replace(REFUS, effectifs=effectifs).est_projetable(cercle) is attendu
    assert not replace(REFUS, valeur=None).est_projetable()


def test_the_table_masks_each_circle_and_names_the_contingent() -> None:
    petite = replace(REFUS, effectifs={**REFUS.effectifs, "ici": (4, 296, 300)})
    assert preuves._ici(petite) == "<strong>40,0\u202f%</strong> <small>(40 sur 100)</small>"
    assert preuves._face(petite, "ici", petite.valeur_ici) == "moins de 11"
    proche = replace(REFUS, effectifs={**REFUS.effectifs, "ici": (45, 240, 285)})  # 45 less 40
    assert preuves._face(proche, "ici", proche.valeur_ici) == "masqué"
    assert preuves._face(proche, "mel", proche.valeur_mel) == "25,0\u202f%"
    assert preuves._face(petite, "mel", petite.valeur_mel) == "25,0\u202f%"
    contingent = replace(REFUS, mesure="contingent", quoi="préfet, publics prioritaires")
    assert preuves._titre(contingent) == "Premier contingent\u00a0: préfet, publics prioritaires"


def test_the_calendar_goes_back_from_the_seance() -> None:
    jalons = lecture_coordination.calendrier(date(2018, 3, 31), date(2018, 1, 30))
    assert jalons[0] == ("J−60 fin des remontées", date(2018, 1, 30), "aujourd’hui")
    assert jalons[-1] == ("Séance", date(2018, 3, 31), "dans 60\u00a0jours")
    assert {x[2] for x in lecture_coordination.calendrier(date(2018, 3, 31), date(2018, 5, 1))} == {"passé"}


def journal_de(dossier: Path) -> Journal:
    """A blocage of Roubaix kept at 2017S1, and its decision: ACI in Roubaix, to 90 %."""
    journal, entrepot = Journal.du_dossier(dossier), Entrepot(dossier)
    blocage = Blocage(S1, ROUBAIX, Secteur("ICI 2", (ROUBAIX,)), "Peu d’ACI logés à <Roubaix>.")
    fiche = blocages.signaler(journal, blocage, AUTEUR, identifiant="b0", op_id="s0")
    blocages.ordonner(journal, [blocages.retenir(journal, fiche, AUTEUR, "r0")], AUTEUR, "o0")
    decision = Decision(
        S1, "ICI 2", "Doubler les ACI", "Bailleur B1", S2.fin, blocage="b0", positions={ROUBAIX: Position.RESERVE}
    )
    decision = avec_temoin(decision, TemoinIndicateur("aci", commune=ROUBAIX), Fraction(9, 10), entrepot)
    decisions.acter(journal, decision, AUTEUR, identifiant="d0", op_id="a0")
    return journal


def ouvrir(page: str, **adresse: str) -> AppTest:
    essai = AppTest.from_file(donnees.RACINE / f"pages/{page}.py", default_timeout=60)
    essai.query_params.update({"seance": "2017S1", "ici": "ICI 2", **adresse})
    return essai.run()


def test_each_slot_of_the_coordination_says_what_to_do_on_a_new_store(publier: Publier) -> None:
    publier(**monde())
    attendus = {
        "seance/introduction": "rien n’est à constater",
        "seance/coordination": "aucun blocage n’est inscrit",
        "seance/cloture": "rien n’est encore acté",
        "preparer/blocages": "Préparer › Blocages",
        "preparer/dossier": "À savoir",
    }
    for page, phrase in attendus.items():
        essai = ouvrir(page, seance="2017S2")
        vu = texte(essai) + " ".join(t.value for t in essai.title)
        assert phrase in vu, page


def test_the_next_seance_opens_on_the_decision_with_its_figures_and_typed_text_stays_text(
    publier: Publier, tmp_path: Path
) -> None:
    publier(**monde())
    journal_de(tmp_path)
    vu = texte(ouvrir("seance/introduction", seance="2017S2"))
    with Entrepot(tmp_path).ouvrir(Portee.mel(), S2) as lecteur:
        cellule = TemoinIndicateur("aci", commune=ROUBAIX)._dans(lecteur, Periode.de(S2, "annee"))
    assert "Doubler les ACI" in vu
    assert f"({cellule.numerateur}\u00a0sur\u00a0{cellule.n_connus})" in vu
    assert "90\u202f%" in vu
    relu = texte(ouvrir("seance/cloture"))
    assert "Avec réserve : Roubaix" in relu.replace("\u00a0", " ")
    assert "&lt;Roubaix&gt;" in texte(ouvrir("seance/coordination", point="b0"))


@pytest.mark.parametrize(
    ("comptes", "dits"),
    [
        ((30, 20, 12), ["loyer", "taille", "secteur"]),
        ((30, 20, 12, 9), ["loyer", "taille"]),  # the 9 would be what the three others leave
        ((30, 20, 12, 9, 8), ["loyer", "taille", "secteur"]),
        ((30, 20, 14, 13, 12), ["loyer", "taille", "secteur", "état"]),
        ((9,), []),
    ],
)
def test_the_motives_that_are_said_leave_no_few_refusals_to_be_told(comptes: tuple[int, ...], dits: list[str]) -> None:
    codes = ("Loyer", "Taille", "Secteur", "État", "Autre")
    motifs = pd.DataFrame({"code": codes[: len(comptes)], "n": comptes})
    vus = preuves._motifs(motifs.assign(part=motifs["n"] / motifs["n"].sum()))
    assert [c.lower() for c in codes if c.lower() in vus] == dits


def test_what_a_bailleur_recorded_is_projected_when_it_is_nothing_or_more_than_a_few(publier: Publier) -> None:
    def noter(bailleur: str, n: int) -> list[dict[str, object]]:
        fait = {"numero_unique": "x", "type": "AUTRE", "date_survenance": date(2017, 9, 1), "code_bailleur": bailleur}
        return [{**fait, "id_evenement": f"{bailleur}-{i}"} for i in range(n)]

    publier(**monde(), evenements=table("evenements", *noter("B1", 5), *noter("B2", 40)))
    essai = ouvrir("seance/introduction", seance="2017S2")
    (lue,) = [h for h in (str(x.proto.body) for x in essai.get("html")) if "Complétude par bailleur" in h]
    lignes = {b: re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{b}.*?</tr>", lue, re.DOTALL).group() for b in ("B1", "B2")}
    derniers = {b: re.findall(r">([^<>]+)<", ligne)[-1].strip() for b, ligne in lignes.items()}
    assert derniers == {"B1": "—", "B2": "40"}
    assert "moins de 11 attributions ou événements" in texte(essai).replace("\u00a0", " ")


def test_a_commune_that_left_the_ici_since_keeps_its_name_in_what_was_written_of_it(
    publier: Publier, tmp_path: Path
) -> None:
    publier(**monde())
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
    publier(**monde(), communes=table("communes", ailleurs, reste))
    for page in ("seance/introduction", "seance/coordination", "seance/cloture"):
        for seance in ("2017S1", "2017S2"):
            dit = texte(ouvrir(page, seance=seance))
            assert ROUBAIX not in dit, page
