"""10h30 and 13h30 in the deck and the note: the words of the screens, as a room hears them, and no page for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
from inline_snapshot import snapshot
from lxml import html
from pptx import Presentation
from reportlab.lib.units import cm
from reportlab.lib.utils import simpleSplit

from mel_core.dossier import creneaux, journee
from mel_core.dossier import diapositives as d
from mel_core.dossier.controle_dossier import check
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.seance import compose, contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import (
    Blocage,
    Decision,
    Position,
    Pratique,
    blocages,
    decisions,
    phrases_coordination,
    presences,
)
from mel_core.seance.engagements import cohortes, engagement_pris
from mel_core.seance.engagements.engagement_pris import LIBRE, Engagement, echeance_de
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.secret.bail import SALLE, lease
from mel_core.segments import Condition, Criteres, SegmentLibre, count
from tests.jeux import ROUBAIX
from tests.lecteurs import lue_par
from tests.mots import d_un_trait, simple
from tests.seance.coordination.monde import S1, S2, magasin

AUTEUR, ICI = Auteur("A. Essai", "MEL"), "ICI 2"
Pages = dict[str, list[str]]


@pytest.fixture
def entrepot(tmp_path: Path) -> Entrepot:
    """118 demandes, 30 months old, none of them ever proposed anything."""
    return magasin(tmp_path / "donnees", 12, 118, (5, 5))


@pytest.fixture
def journal(entrepot: Entrepot) -> Journal:
    return Journal.du_dossier(entrepot.dossier)


@pytest.fixture
def lues(entrepot: Entrepot, journal: Journal) -> Callable[[], Pages]:
    """The pages by title."""

    def lire() -> Pages:
        pages = read_pages(entrepot, journal)
        assert len(dict(pages)) == len(pages)
        return {d_un_trait(titre): list(map(d_un_trait, dites)) for titre, dites in pages}

    return lire


def read_pages(entrepot: Entrepot, journal: Journal) -> list[tuple[str, list[str]]]:
    """What the note says beside the lines of the agenda."""
    with entrepot.open(Portee.mel(), S2) as lecteur:
        s = Sources(entrepot, lecteur, journal, contexte(lecteur, S2, ICI), Noms.read(lecteur))
        return journee.textes_de(journee.pages_de(s, journee.messages_de(s)))


def test_what_is_said_of_a_finding_is_under_its_picture_or_on_the_next_page_large_enough_to_fill_it(
    entrepot: Entrepot,
) -> None:
    with entrepot.open(Portee.mel(), S2) as lecteur, lease(SALLE):
        ou = contexte(lecteur, S2, ICI)
        image = d.Dessin("A", ("Roubaix", "ICI 2"), (d.serie("Part", [0.2, 0.1]),))
        page = d.PageDuJour("10h30 · 1. Roubaix", "Le constat.", image, puces=("Signalé par Roubaix.",))
        decks = [d.compose(ou, [replace(page, puces=dites)]).pages[1:] for dites in (page.puces, ("Long. " * 90,))]
    (seule,), (dessinee, suite) = decks
    assert "Signalé par Roubaix." in [t for boite in seule.boites for t in boite.textes]
    assert dessinee.dessin == image
    assert suite.dessin is None
    (puces,) = [boite for boite in suite.boites if boite.apres]
    assert puces.taille == 28


@pytest.mark.parametrize("phrase", ["", "Un constat.", "Aucun chiffre que l’on puisse dire ici. " * 5])
@pytest.mark.parametrize("puces", [("Court.",), ("Une phrase longue, dite de près. " * 9,) * 5])
def test_what_is_said_without_a_picture_is_under_its_sentence_and_above_the_foot(
    entrepot: Entrepot, phrase: str, puces: tuple[str, ...]
) -> None:
    with entrepot.open(Portee.mel(), S2) as lecteur, lease(SALLE):
        deck = d.compose(contexte(lecteur, S2, ICI), [d.PageDuJour("10h30 · 1. Roubaix", phrase, puces=puces)])
    for page in deck.pages[1:]:
        boites = sorted(page.boites, key=lambda b: b.haut)
        assert all(a.haut + a.hauteur <= b.haut + 0.06 for a, b in pairwise(boites)), page.titre
        for boite in boites:
            police = "Helvetica-Bold" if boite.est_grasse else "Helvetica"  # as wide as Arial
            lignes = [len(simpleSplit(t, police, boite.taille, d.PLEINE * cm)) for t in boite.textes]
            haute = sum(lignes) * 1.2 * boite.taille + boite.apres * len(lignes)
            assert haute <= (boite.hauteur - (0.25 if boite.taille > 12 else 0)) * cm + 1, boite.textes


def retenir(journal: Journal, nom: str, blocage: Blocage) -> None:
    dite = replace(blocage, dit=f"{blocage.constat}, dit la Salle")
    fiche = blocages.report(journal, dite, AUTEUR, identifiant=nom, op_id=f"s{nom}")
    blocages.retain(journal, fiche, AUTEUR, f"r{nom}")


def engager(journal: Journal, entrepot: Entrepot, nom: str, pris: Engagement) -> None:
    figee = pd.DataFrame({c: [f"{c} {i}" for i in range(pris.effectif)] for c in cohortes.COLONNES})
    engagement_pris.act(journal, entrepot.dossier, pris, figee, AUTEUR, identifiant=nom, op_id=nom)


def test_each_title_names_its_slot_in_the_order_of_the_day(journal: Journal, lues: Callable[[], Pages]) -> None:
    retenir(journal, "b0", Blocage(S2, "B1", Secteur(ICI, (ROUBAIX,)), "Peu de T2"))
    *titres, dernier = lues()
    heures = [re.fullmatch(r"(9h00|9h30|10h30|13h30) · .+", titre) for titre in titres]
    assert all(heures)
    assert dernier == "Clôture · Relire et signer"
    dites = [int(h[1].replace("h", "")) for h in heures if h]
    assert dites == sorted(dites)


def test_a_blocage_has_its_page_with_its_finding_who_reported_it_and_what_was_grouped_with_it(
    journal: Journal, lues: Callable[[], Pages]
) -> None:
    profil = ProfilBlocage(typologie="T2", acces="mutation")
    constat = Blocage(S2, "B1", Secteur(ICI, (ROUBAIX,)), "Peu de T2", profil, date(2017, 5, 1), "Une prime.")
    retenir(journal, "b0", constat)
    porteur = journal.read("blocage", "b0")
    autre = blocages.report(
        journal, replace(constat, organisation=ROUBAIX, constat="Pas de T2"), AUTEUR, identifiant="b1", op_id="s1"
    )
    assert porteur is not None
    blocages.merge(journal, porteur, [autre], AUTEUR, "f")
    retenir(journal, "b2", Blocage(S2, "DDTM", Secteur(ICI), "Dossiers en retard"))
    long = ProfilBlocage(ressources="tres_modeste", acces="mutation")
    retenir(journal, "b3", Blocage(S2, "DDTM", Secteur(ICI, (ROUBAIX,)), "Loyers trop hauts", long))
    pages = lues()
    finding, *signales = pages["10h30 · 1. Roubaix · T2, mutation"]
    assert "Roubaix" in finding
    assert "*" not in finding
    # In the words of the co-pilots, who did not write all of them yet: neither what was reported nor what was tried,
    # nor what is left for them to do.
    assert signales == snapshot(
        [
            "Signalé par Bailleur B1, depuis le 1er mai 2017 : Peu de T2, dit la Salle.",
            "Signalé aussi par Roubaix.",
        ]
    )
    assert "10h30 · 3. Roubaix · ressources très modestes, mutation" in pages
    assert pages["10h30 · 2. ICI 2"][1:] == snapshot(["Signalé par État (DDTM) : Dossiers en retard, dit la Salle."])


def test_a_finding_of_a_whole_ici_is_drawn_beside_the_metropole_and_not_beside_itself(
    entrepot: Entrepot, journal: Journal
) -> None:
    retenir(journal, "b0", Blocage(S2, "DDTM", Secteur(ICI), "Délais trop longs"))
    dessin = creneaux.coordination(entrepot, journal, S2, ICI, {})["b0"].dessin
    assert dessin is not None
    assert dessin.categories == (ICI, "Métropole")


def test_what_the_last_seance_left_or_sent_back_comes_again(journal: Journal, lues: Callable[[], Pages]) -> None:
    for nom in ("decide", "renvoye", "laisse"):
        retenir(journal, nom, Blocage(S1, "B1", Secteur(ICI, (ROUBAIX,)), f"Blocage {nom}"))
    for nom, position in (("decide", Position.ACTE), ("renvoye", Position.RENVOYE)):
        prise = Decision(S1, ICI, "Décision", "B1", S2.fin, blocage=nom, positions={"DDTM": position})
        decisions.act(journal, prise, AUTEUR, identifiant=f"d{nom}", op_id=f"d{nom}")
    assert lues()["10h30 · Laissés par les séances d’avant"] == [
        f"À Roubaix : Blocage {nom}, dit la Salle (signalé par Bailleur B1)." for nom in ("renvoye", "laisse")
    ]
    tu = Blocage(S1, "B1", Secteur(ICI, (ROUBAIX,)), "Trop de refus")
    noms = {"B1": "Bailleur B1", ROUBAIX: "Roubaix"}
    with lease(SALLE):
        assert phrases_coordination.dit(tu, noms, est_signe=True) == "signalement de Bailleur B1"  # who reported, once
        assert simple(phrases_coordination.lead(tu, noms, noms)) == "À Roubaix : signalement de Bailleur B1"
    blocages.report(journal, tu, AUTEUR, identifiant="tu", op_id="tu")  # nobody sorted it
    assert "À Roubaix : signalement de Bailleur B1." in lues()["10h30 · Laissés par les séances d’avant"]
    dite = phrases_coordination.lead(replace(tu, dit="À Roubaix, trop de refus."), noms, noms).replace("\u00a0", " ")
    assert dite == "À Roubaix : trop de refus."


def test_the_day_ends_on_what_was_decided_by_whom_and_for_when_in_every_file_of_the_deck(
    entrepot: Entrepot, journal: Journal, lues: Callable[[], Pages], tmp_path: Path
) -> None:
    assert "Clôture · Relire et signer" not in lues()
    for nom in ("pris", "renvoye", "laisse"):
        retenir(journal, nom, Blocage(S2, "B1", Secteur(ICI, (ROUBAIX,)), f"Blocage {nom}"))
    assert lues()["Clôture · Relire et signer"][0] == snapshot(
        "Dans l’ICI 2, rien n’est encore acté à la séance 2017S2 ; 3 points de l’ordre du jour restent sans décision."
    )
    for nom, position in (("pris", Position.ACTE), ("renvoye", Position.RENVOYE)):
        prise = Decision(
            S2, ICI, f"Ce qui est {nom}.", "B1", echeance_de(S2), blocage=nom, positions={"DDTM": position}
        )
        decisions.act(journal, prise, AUTEUR, identifiant=f"d{nom}", op_id=f"d{nom}")
    criteres = Criteres(S2.fin)
    pris = Engagement("attente_24", criteres, S2, ICI, 12, 90, 118, echeance_de(S2), "m", par_commune={ROUBAIX: 12})
    engager(journal, entrepot, "e0", pris)
    dites = lues()["Clôture · Relire et signer"]
    assert dites == snapshot(
        [
            "Dans l’ICI 2, 1 décision actée, 1 décision renvoyée et 1 engagement pris : projet de relevé, non signé ; "
            "1 point de l’ordre du jour reste sans décision.",
            "Ce qui est pris (B1, d’ici le 30 juin 2018).",
            "Ce qui est renvoye (renvoyée à la séance 2018S1).",
            "Engagement : Plus de 24 mois sans proposition enregistrée, 12 ménages relogés d’ici le 30 juin 2018.",
            "Sans décision : À Roubaix : Blocage laisse, dit la Salle (signalé par Bailleur B1).",
        ]
    )
    compose(entrepot, S2, ICI, tmp_path / "s", journal=journal)
    fichiers = {f.suffix: f for f in (tmp_path / "s").glob("diaporama-*")}
    page = list(Presentation(str(fichiers[".pptx"])).slides)[-1]
    du_pptx = " ".join(f.text_frame.text for f in page.shapes if f.has_text_frame)
    pdf = pypdfium2.PdfDocument(str(fichiers[".pdf"]))
    du_pdf = pdf[len(pdf) - 1].get_textpage().get_text_range()
    du_html = html.document_fromstring(fichiers[".html"].read_text("utf-8")).findall(".//section")[-1].text_content()
    for ecrit in (du_pptx, du_pdf, du_html):
        assert all(serre(dite) in serre(ecrit) for dite in dites)


def serre(texte: str) -> str:
    return re.sub(r"[\s—]", "", texte)


def test_what_works_is_told_with_who_told_it(journal: Journal, lues: Callable[[], Pages]) -> None:
    pratique = Pratique(S2, ICI, "B1", "Visites à deux.", "Moins de refus.")
    presences.record_pratique(journal, pratique, AUTEUR, identifiant="p", op_id="p")
    presences.record_pratique(journal, replace(pratique, seance=S1), AUTEUR, identifiant="q", op_id="q")
    (dite,) = lues()["10h30 · Ce qui fonctionne, témoignages"]
    assert dite == snapshot("Visites à deux. Pourquoi : Moins de refus. (Bailleur B1)")


def test_a_segment_is_counted_as_a_room_hears_it(entrepot: Entrepot, lues: Callable[[], Pages]) -> None:
    with entrepot.open(Portee.ici(ICI), S2) as lecteur:
        assert count(lecteur, "attente_24", Criteres(S2.fin)) == 118
        assert count(lecteur, "attente_36", Criteres(S2.fin)) == 0
    pages = lues()
    assert SALLE.compte(118) == 120
    assert pages["13h30 · Plus de 24 mois sans proposition enregistrée"] == [
        "Dans l’ICI 2, 120 demandes actives sur 120 attendent depuis "
        "plus de 24 mois sans proposition enregistrée. Les demandes enregistrées s’arrêtent le 30 juin 2015 : "
        "ce qui les suit n’est pas compté. Les événements enregistrés s’arrêtent le 1er septembre 2017 : "
        "ce qui les suit n’est pas compté."
    ]
    (longue,) = pages["13h30 · Plus de 36 mois sans proposition enregistrée"]
    assert "12 demandes actives ou moins sur 120" in longue
    assert not any("118" in d or "*" in d for dites in pages.values() for d in dites)


def test_the_engagements_acted_today_are_told_after_those_that_fell_due_and_a_bailleur_by_its_name(
    entrepot: Entrepot, journal: Journal, lues: Callable[[], Pages]
) -> None:
    libre = SegmentLibre((Condition("bailleur", "parmi", ("B1",)),))
    for nom, seance in (("passe", S1), ("court", S2)):
        criteres = Criteres(seance.fin)
        pris = Engagement(LIBRE, criteres, seance, ICI, 17, 100, 40, echeance_de(seance), "m", libre=libre)
        engager(journal, entrepot, nom, pris)
    pages = lues()
    _, echu, acte = pages["13h30 · Engagements"]
    assert echu.startswith("Engagement : Segment libre : logé par Bailleur B1 : ")
    assert acte == snapshot(
        "Segment libre : logé par Bailleur B1 : 17 ménages relogés d’ici le 30 juin 2018 "
        "(engagement acté à la séance du second semestre 2017)"
    )
    suites = pages["9h00 · Suites des séances précédentes"]
    assert any(s.startswith("Engagement : Segment libre : logé par Bailleur B1 : ") for s in suites)


def test_what_has_nothing_to_say_has_no_page_and_the_check_says_which_segments_are_not_counted(tmp_path: Path) -> None:
    entrepot = magasin(tmp_path, 12)
    journal = Journal.du_dossier(entrepot.dossier)
    pages = read_pages(entrepot, journal)
    with entrepot.open(Portee.mel(), S2) as lecteur:
        dits = [p.phrase for p in lue_par(SALLE, check, entrepot, lecteur, S2, ICI, None)]
    assert pages == []
    # What only demandes tell, and what events tell too: a sentence for what is to be imported.
    ni_evenements, ni_demandes = (d for d in dits if d.startswith("À 13h30"))
    assert "« Ménages Poulidor »" in ni_evenements
    assert "aucun fichier importé n’apporte la table « demandes » et la table « evenements »" in ni_evenements
    assert "« Ménages ACI en attente »" in ni_demandes
    assert "aucun fichier importé n’apporte la table « demandes »." in ni_demandes


def test_the_deck_holds_them_after_the_bilan(entrepot: Entrepot, journal: Journal, tmp_path: Path) -> None:
    retenir(journal, "b0", Blocage(S2, "B1", Secteur(ICI, (ROUBAIX,)), "Peu de T2"))
    fichiers = compose(entrepot, S2, ICI, tmp_path / "sortie", journal=journal).fichiers
    (deck,) = [f for f in fichiers if f.suffix == ".pptx"]
    formes = [f for p in Presentation(str(deck)).slides for f in p.shapes if f.has_text_frame]
    textes = [d_un_trait(f.text_frame.text) for f in formes]
    rangs = [
        next(i for i, t in enumerate(textes) if titre in t)
        for titre in (
            "9h00 · À décider",
            "9h30 · ACI en premier accès",
            "10h30 · 1. Roubaix",
            "13h30 · Plus de 24 mois",
        )
    ]
    assert rangs == sorted(rangs)
