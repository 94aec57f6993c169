"""A blocage about a typologie is headed, evidenced and followed by figures of that typologie; the others say so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from mel_core.dossier import creneaux
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot
from mel_core.journal import Journal
from mel_core.seance.coordination import Blocage, Decision, blocages, decisions
from mel_core.seance.coordination import temoins as du_temoin
from mel_core.seance.coordination.temoins import TemoinIndicateur, TemoinPreuve, TemoinSegment
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.segments import Condition, SegmentLibre
from tests.ecrans.conftest import ROUBAIX, TOURCOING
from tests.ecrans.test_coordination import AUTEUR, S2, open, texte
from tests.ecrans.test_gestes_coordination import name
from tests.jeux import attribution, bailleurs, demande_active, table
from tests.seance.positions import ACTEE

T4, MUTATION = ProfilBlocage(typologie="T4"), ProfilBlocage(typologie="T4", acces="mutation")
ICI = "ICI 2"


def monde() -> dict[str, pa.Table]:
    """Roubaix and Tourcoing. Vacant: 400 of the 1 000 dwellings of Roubaix, 20 of the 1 000 of Tourcoing.

    In Roubaix 30 T4 let, 15 of them ACI, and 60 T2, none ACI; 90 T2 in Tourcoing. Wanting a T4: 60 in Roubaix, 30 of
    them for over two years; 40 in Tourcoing, since last month. Leases are of every month of the year.
    """
    baux = [("T4", ROUBAIX, i < 15) for i in range(30)] + [("T2", ROUBAIX, False) for _ in range(60)]
    baux += [("T2", TOURCOING, False) for _ in range(90)]
    attributions = [
        attribution(i, date_bail=date(2017, 1 + i % 12, 1), code_insee=c, code_quartier=f"{c}01", typologie=t, aci=aci)
        for i, (t, c, aci) in enumerate(baux)
    ]
    attentes = [(ROUBAIX, date(2015, 1, 1))] * 30 + [(ROUBAIX, date(2017, 12, 1))] * 30
    attentes += [(TOURCOING, date(2017, 12, 1))] * 40
    demandes = [
        demande_active(
            f"d{i}",
            jour,
            n_personnes=4,
            communes_souhaitees=[commune],
            typologies=["T4"] if i != 5 else ["T2"],
            statut_logement="LP",
        )
        for i, (commune, jour) in enumerate(attentes)
    ]
    residences = [
        {
            "code_residence": f"R{c}",
            "code_bailleur": "B1",
            "code_quartier": f"{c}01",
            "n_logements": 1000,
            "n_vacants": v,
        }
        for c, v in ((ROUBAIX, 400), (TOURCOING, 20))
    ]
    return {
        "bailleurs": bailleurs("B1"),
        "quartiers": table(
            "quartiers",
            *({"code_quartier": f"{c}01", "nom": "Centre", "code_insee": c} for c in (ROUBAIX, TOURCOING)),
        ),
        "attributions": table("attributions", *attributions),
        "demandes": table("demandes", *demandes),
        "residences": table("residences", *residences),
    }


def inscribe(
    dossier: Path, profil: ProfilBlocage, plainte: str = "Presque aucun T4 ne se libère.", bailleur: str = ""
) -> None:
    journal = Journal.du_dossier(dossier)
    blocage = Blocage(S2, ROUBAIX, Secteur(ICI, (ROUBAIX,)), plainte, profil, bailleur=bailleur)
    fiche = blocages.report(journal, blocage, AUTEUR, identifiant="b0", op_id="s0")
    blocages.order(journal, [blocages.retain(journal, fiche, AUTEUR, "r0")], AUTEUR, "o0")


def dit(essai: AppTest) -> str:
    return texte(essai).replace("\u00a0", " ").replace("\u202f", " ")


def temoins(essai: AppTest) -> list[str]:
    options: list[str] = next(s for s in essai.selectbox if s.label == "Ce qui le dira").options
    return options


def test_of_a_report_that_names_a_bailleur_a_room_hears_the_figure_of_the_desk_which_is_of_all(
    monde_publie: Path,
) -> None:
    inscribe(monde_publie, ProfilBlocage(), "Des logements restent vides", "B1")
    point = {"seance": "2017S2", "ici": ICI, "point": "b0"}
    bureau, salle = (dit(open("coordination", *qui, **point)) for qui in ((), (Profil(TypeProfil.ANIMATEUR),)))
    for lu in (bureau, salle):
        assert "400 des 1 000 logements sont vacants" in lu
        assert "Tous bailleurs confondus." in lu


def test_what_heads_a_blocage_of_a_typologie_is_never_a_figure_of_all_of_them(monde_publie: Path) -> None:
    inscribe(monde_publie, T4)
    essai = open("coordination", seance="2017S2", point="b0")
    tete = next(m.value for m in essai.markdown if m.value.startswith("À Roubaix")).replace("\u00a0", " ")
    assert tete.startswith("À Roubaix (T4) : ")
    assert "vacant" not in tete
    # In the table it stays, and says whose it is.
    assert "Logements vacants (tous profils)" in dit(essai)


def test_without_a_profile_the_vacancy_may_head(monde_publie: Path) -> None:
    inscribe(monde_publie, ProfilBlocage(), "Rien ne va")
    vu = dit(open("coordination", seance="2017S2", point="b0"))
    assert "À Roubaix : 400 des 1 000 logements sont vacants (**40 %**)" in vu
    assert "tous profils" not in vu


@pytest.mark.parametrize(
    ("plainte", "absent", "tete"),
    [
        ("Des logements restent vides", "", "Logements vacants"),
        ("L’ascenseur est en panne", "l’état des logements. Le plus proche : à Roubaix", "Logements vacants"),
        ("Trop d’attente", "", "Plus de 24 mois"),
    ],
)
def test_the_figure_that_heads_the_complaint_is_the_first_proof_offered(
    monde_publie: Path, plainte: str, absent: str, tete: str
) -> None:
    inscribe(monde_publie, ProfilBlocage(), plainte)
    essai = open("coordination", seance="2017S2", point="b0")
    assert (f"Aucune colonne ne dit {absent}" in dit(essai)) is bool(absent)
    name(essai)
    assert temoins(essai)[0].startswith(tete)


def test_a_room_hears_the_figure_of_the_desk_also_of_a_complaint_whose_words_it_does_not_read(
    monde_publie: Path,
) -> None:
    inscribe(monde_publie, ProfilBlocage(), "Trop d’attente")  # another figure departs most from the ICI: the vacancy
    point = {"seance": "2017S2", "ici": ICI, "point": "b0"}
    for qui, est_lue in (((), True), ((Profil(TypeProfil.ANIMATEUR),), False)):
        essai = open("coordination", *qui, **point)
        assert ("Trop d’attente" in dit(essai)) is est_lue
        (tete,) = (m.value for m in essai.markdown if m.value.startswith("À Roubaix"))
        assert "24 mois" in tete.replace("\u00a0", " ")
        assert ("contre" in tete) is est_lue  # a share that is not said is compared with nothing
    page = creneaux.coordination(Entrepot(monde_publie), Journal.du_dossier(monde_publie), S2, ICI, {})["b0"]
    assert "24 mois" in page.phrase.replace("\u00a0", " ")
    assert page.dessin is None  # nor drawn beside itself


def test_the_figures_that_may_tell_are_first_those_of_the_profile(monde_publie: Path) -> None:
    inscribe(monde_publie, T4)
    essai = name(open("coordination", seance="2017S2", point="b0"))
    offerts = temoins(essai)
    assert all(nom.endswith((" (T4)", " (tous profils)")) for nom in offerts)
    assert offerts[0].endswith("· Roubaix (T4)")
    assert "Logements vacants · Roubaix (tous profils)" in offerts
    choix = next(s for s in essai.selectbox if s.label == "Ce qui le dira")
    choix.select("Ménages prioritaires (ACI) · Roubaix (T4)").run()
    assert "<strong>50 % (15 sur 30)</strong>" in dit(essai)
    choix.select("Ménages prioritaires (ACI) · Roubaix (tous profils)").run()
    assert "<strong>16,7 % (15 sur 90)</strong>" in dit(essai)
    # 30 wait in Roubaix for over two years, one of them for a T2.
    choix.select("Plus de 24 mois sans proposition enregistrée · Roubaix (T4)").run()
    assert "<strong>29 " in dit(essai)


@pytest.mark.parametrize(
    ("temoin", "attendu"),
    [
        (
            TemoinIndicateur("aci", commune=ROUBAIX, cellule={"typologie": "T4"}),
            "Ménages prioritaires (ACI), Roubaix (T4)",
        ),
        (
            TemoinIndicateur(
                "mutations_bloquees", commune=ROUBAIX, cellule={"typologie": "T4", "mutation": "mutation"}
            ),
            "Mutations complexes ou bloquées, Roubaix (T4, mutations)",
        ),
        (TemoinPreuve("vacance", Secteur(ICI, (ROUBAIX,)), T4), "Logements vacants, Roubaix (tous profils)"),
        (TemoinPreuve("vacance", Secteur(ICI, (ROUBAIX,))), "Logements vacants, Roubaix"),
        (
            TemoinPreuve("refus_rang_1", Secteur(ICI, (ROUBAIX,)), MUTATION),
            "Premiers rangs refusés, Roubaix (T4, mutations)",
        ),
        (
            TemoinSegment(
                "attente_24",
                ici=ICI,
                filtre=SegmentLibre(
                    (Condition("commune_souhaitee", "parmi", (ROUBAIX,)), Condition("typologie", "parmi", ("T4",)))
                ),
            ),
            "Plus de 24 mois sans proposition enregistrée, souhaite Roubaix, T4, ICI 2",
        ),
    ],
)
def test_a_document_says_whose_figure_it_is(temoin: object, attendu: str) -> None:
    assert du_temoin.say(temoin, {ROUBAIX: "Roubaix"}) == attendu  # type: ignore[arg-type]


def test_a_decision_acted_on_the_vacancy_before_profiles_were_kept_with_it_is_still_read(monde_publie: Path) -> None:
    inscribe(monde_publie, T4)
    journal, entrepot = Journal.du_dossier(monde_publie), Entrepot(monde_publie)
    decision = Decision(S2, ICI, "Relouer les vacants", "MEL", date(2018, 6, 30), blocage="b0", positions=ACTEE)
    decision = decisions.avec_temoin(decision, TemoinPreuve("vacance", Secteur(ICI, (ROUBAIX,))), None, entrepot)
    decisions.act(journal, decision, AUTEUR, identifiant=decisions.identifiant_de(journal, "b0"), op_id="a0")
    essai = name(open("coordination", seance="2017S2", point="b0"))
    assert next(s for s in essai.selectbox if s.label == "Ce qui le dira").value == "Logements vacants, Roubaix"
    assert "<strong>40 % (400 sur 1 000" in dit(essai)
