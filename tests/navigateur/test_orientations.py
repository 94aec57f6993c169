"""13h30 in a real browser: a segment and its steps, an engagement by keyboard alone, found in the journal after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mel_core.entrepot import Entrepot
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import signature
from mel_core.seance.engagements.engagement_pris import find_all, judge_engagement
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, table
from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, application, au_repos, seen_at
from tests.navigateur.fil import Serveur, est_parti_avant, guetter
from tests.navigateur.images import dessine_en_entier
from tests.navigateur.test_messages import BANDE, is_whole_and_large
from tests.seance.engagements.test_cohorte import demande, evenement, radiee

pytestmark = [pytest.mark.navigateur, pytest.mark.ci]

Ouvrir = Callable[[str], Page]
AUTRES = ("attente_24", "poulidor", "mutations_bloquees_en_attente", "aci_en_attente")
N_DEUX_FOIS, N_TROIS_FOIS, N_AUTRES = 60, 40, 100


def monde() -> dict[str, object]:
    """60 demandes twice second and 40 three times, 100 with nothing, in Roubaix and Lille; 200 bails in 12 months, half
    of those of February in Lille; 12 of the second semester go to households three times second before it.
    """
    qui = [f"m{i}" for i in range(N_DEUX_FOIS + N_TROIS_FOIS)]
    demandes = [
        demande(q, communes_souhaitees=[ROUBAIX, LILLE] if i % 2 else [ROUBAIX], code_insee_actuel=LILLE)
        for i, q in enumerate(qui)
    ]
    demandes += [demande(f"a{i}", communes_souhaitees=[LILLE], code_insee_actuel=LILLE) for i in range(N_AUTRES)]
    second = {"decision": "ATTRIBUE", "rang": 2, "code_bailleur": "B1"}
    evenements = [
        evenement(f"{q}-{fois}", q, "PASSAGE_CAL", date(2017, 1 + fois, 10), **second)
        for i, q in enumerate(qui)
        for fois in range(2 if i < N_DEUX_FOIS else 3)
    ]
    # Recorded before any window and until the end: what is counted in one is covered.
    evenements += [evenement(f"x{j.year}", "autre", "AUTRE", j) for j in (date(2012, 1, 1), date(2018, 6, 30))]
    baux = [
        attribution(i, date_bail=date(2017, 2, 1), code_insee=LILLE if i % 2 else ROUBAIX) for i in range(1000, 1100)
    ]
    baux += [
        attribution(i, numero_unique=qui[-1 - i] if i < 12 else f"x{i}", date_bail=jour, code_insee=ROUBAIX)
        for i in range(100)
        for jour in [date(2017, 12, 31) if i == 99 else date(2017, 9, 1)]  # the data go to the end of the semester
    ]
    # whoever else signed was a demandeur for less than a month, struck off that day
    connues = {d["numero_unique"] for d in demandes}
    demandes += [
        demande(q, date_creation=bail["date_bail"] - timedelta(days=15), **radiee(bail["date_bail"], "RADATT"))
        for bail in baux
        if (q := bail["numero_unique"]) not in connues
    ]
    return {
        "bailleurs": bailleurs("B1", "B2"),
        "demandes": table("demandes", *demandes),
        "evenements": table("evenements", *evenements),
        "attributions": table("attributions", *baux),
    }


def publish(dossier: Path) -> Entrepot:
    entrepot = Entrepot(dossier)
    with entrepot.reserve():
        entrepot.publish(chargement(**monde()))
    return entrepot


@pytest.fixture(scope="module")
def magasin(tmp_path_factory: pytest.TempPathFactory) -> Entrepot:
    return publish(tmp_path_factory.mktemp("orientations"))


@pytest.fixture(scope="module")
def adresse(magasin: Entrepot) -> Iterator[str]:
    with application(magasin.dossier) as url:
        yield f"{url}/orientations?ici=MEL"


def message(page: Page) -> str:
    return page.locator(".st-key-message p").inner_text().replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.long
def test_the_lever_of_another_segment_is_gone_before_the_sentence_speaks_of_this_one_and_all_holds_without_scrolling(
    adresse: str, open: Ouvrir
) -> None:
    """Keys pressed on a lever that is about to leave are lost: whoever reads the new sentence must not find it."""
    page = open(f"{adresse}&seance=2017S1&segment=jamais_presentes&etape=engagement")
    expect(page.get_by_role("slider")).to_be_visible()
    au_repos(page)
    guetter(page.get_by_role("slider"), "retenues au moins")
    page.locator(".st-key-segment input").click()
    page.get_by_role("option", name="Ménages Poulidor").click()
    expect(page.locator(".st-key-message")).to_contain_text("retenues au moins 2 fois")
    expect(page.get_by_role("slider")).to_be_visible()
    au_repos(page)
    assert est_parti_avant(page)
    page.goto(f"{adresse}&segment=poulidor&etape=engagement&engagement_poulidor=15")
    expect(page.locator(".st-key-engagement .figure .main-svg").first).to_be_visible()
    for taille in (ECRAN, GRAND_ECRAN):
        seen_at(page, taille)
        dessine_en_entier(page)
        cadre = page.locator(".st-key-engagement").bounding_box()
        assert cadre is not None
        assert cadre["y"] + cadre["height"] <= taille[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]


def test_a_lever_that_answers_before_the_address_of_the_step_chosen_is_there_does_not_take_that_step_back(
    adresse: str, open: Ouvrir
) -> None:
    page = open("about:blank")
    serveur = Serveur(page)
    page.goto(f"{adresse}&seance=2017S1&segment=poulidor&n_min=3&etape=engagement")
    expect(page.locator(".st-key-message")).to_contain_text("retenues au moins 3 fois")
    curseur = page.get_by_role("slider")
    expect(curseur).to_be_visible()
    au_repos(page)
    serveur.perimees = {"n_min=3": "n_min=2"}
    curseur.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("engagement_poulidor=1"))
    au_repos(page)
    assert serveur.morceaux()
    expect(page).to_have_url(re.compile("n_min=3"))
    serveur.perimees = {}
    page.reload()
    expect(page.locator(".st-key-message")).to_contain_text("retenues au moins 3 fois")


def test_an_engagement_by_keyboard_alone_is_judged_at_the_next_seance_and_once_signed_is_followed_by_no_other_unasked(
    adresse: str, magasin: Entrepot, open: Ouvrir
) -> None:
    page = open(f"{adresse}&seance=2017S1")
    expect(page.locator(".st-key-message p")).to_be_visible()
    # the segment, from its list
    au_repos(page)
    page.locator(".st-key-segment input").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Ménages Poulidor")).to_be_visible()
    for touche in ("ArrowDown", "Enter"):
        page.keyboard.press(touche)
    expect(page.locator(".st-key-message")).to_contain_text("retenues au moins 2 fois")
    assert "100 demandes actives sur 200" in message(page)
    # n_min by the keyboard: from 2 to 3
    au_repos(page)
    page.get_by_role("radio", name="3", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-message")).to_contain_text("retenues au moins 3 fois")
    assert "40 demandes actives sur 200" in message(page)
    # from where they ask to what is promised
    au_repos(page)
    page.get_by_role("radio", name="Engagement", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("slider")).to_be_visible()
    # The flow expected is half of the year up to June: 100 bails ⁄ 2 = 50; 15 % of it, 7,5, asks for 8 households.
    curseur = page.get_by_role("slider")
    au_repos(page)
    curseur.focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-engagement .demande")).to_contain_text("8 ménages logés")
    expect(page.get_by_role("button", name=re.compile("Acter 8"))).to_be_visible()
    au_repos(page)
    page.get_by_role("button", name=re.compile("Acter 8")).focus()
    page.keyboard.press("Enter")
    au_repos(page)
    page.get_by_label("Votre nom, qui signe ce que vous écrivez").focus()
    page.keyboard.type("Mme Dupont")
    page.keyboard.press("Enter")
    sign = page.get_by_role("button", name="Acter, signé Mme Dupont")
    au_repos(page)
    sign.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".acte")).to_contain_text("Acté")
    page.reload()
    expect(page.locator(".acte")).to_contain_text("8\u00a0ménages")
    ((fiche, engagement),) = find_all(Journal.du_dossier(magasin.dossier))
    assert (fiche.auteur.nom, engagement.nombre, engagement.effectif) == ("Mme Dupont", 8, 40)
    # at the next séance: its cohort of 40, twelve of whom signed a bail
    page.goto(f"{adresse}&seance=2017S2&vue=engagements")
    expect(page.locator(".st-key-message")).to_contain_text("1\u00a0engagement tenu")
    expect(page.get_by_text("engagement tenu.")).to_be_visible()
    resultat = judge_engagement(magasin, magasin.dossier, engagement, Seance(2017, 2))
    assert (resultat.n, resultat.n_loges) == (40, 12)
    expect(page.get_by_text("12 relogés")).to_be_visible()
    # once its séance is signed, another one is acted only by whoever says that the signature falls
    journal, seance = Journal.du_dossier(magasin.dossier), Seance(2017, 1)
    vues = signature.versions(journal, seance)
    signature.sign(journal, magasin, seance, "vice-présidente", Auteur("Mme Lecomte", "MEL"), "s1", vues=vues)
    page.goto(f"{adresse}&seance=2017S1&segment=jamais_presentes&etape=engagement")
    au_repos(page)
    page.get_by_role("slider").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    au_repos(page)
    page.get_by_role("button", name=re.compile("Acter \\d+")).click()
    page.get_by_label("Votre nom, qui signe ce que vous écrivez").fill("Mme Dupont")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le relevé de la séance 2017S1 est signé par Mme Lecomte")).to_be_visible()
    expect(page.get_by_role("button", name="Acter, signé Mme Dupont")).to_have_count(0)
    assert len(find_all(journal)) == 1
    page.get_by_text("Écrire quand même : la signature tombera").click()
    page.get_by_role("button", name="Acter, signé Mme Dupont").click()
    expect(page.locator(".acte")).to_contain_text("Acté")
    assert len(find_all(journal)) == 2
    _, signee = signature.read(journal, seance)
    assert not signature.est_a_jour(journal, signee)


@pytest.mark.long
def test_a_number_shared_out_by_hand_is_recorded_so_and_judged_place_by_place(tmp_path: Path, open: Ouvrir) -> None:
    magasin = publish(tmp_path)
    with application(tmp_path) as url:
        page = open(f"{url}/orientations?ici=MEL&seance=2017S1&segment=poulidor&etape=engagement")
        expect(page.locator(".st-key-etat_levier")).to_be_visible()
        # nothing is aimed at yet: the button is shut and says why
        expect(page.get_by_role("button", name="Acter", exact=True)).to_be_disabled()
        expect(page.get_by_text("aucun ménage n’est visé")).to_be_visible()
        au_repos(page)
        page.get_by_role("radio", name="Nombre").focus()
        page.keyboard.press("Enter")
        nombre = page.get_by_role("spinbutton", name=re.compile("Ménages à loger"))
        au_repos(page)
        nombre.focus()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("8")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-engagement .demande")).to_contain_text("8 ménages logés")
        # these demandes say no typologie: no tension to draw, and the view goes on below
        page.locator(".st-key-explication summary").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Les mêmes ménages dans les autres segments")).to_be_visible()
        # 50 are expected, half in each commune: 4 in Lille and 4 in Roubaix, then 6 and 4, which is two too many
        au_repos(page)
        page.locator(".st-key-repartition summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".somme").first).to_contain_text("Somme : 8 sur 8")
        au_repos(page)

        def type_in(n: int) -> None:
            """In the cell that is selected; the next line is selected after it."""
            page.keyboard.press("Enter")
            champ = page.locator("input.gdg-input")
            expect(champ).to_be_focused()
            champ.fill(str(n))
            page.keyboard.press("Enter")

        for _ in range(3):
            page.keyboard.press("Tab")  # by both at once or not, the grid, then its second column
        type_in(6)
        expect(page.locator(".somme").first).to_contain_text("Somme : 10 sur 8, en retirer 2")
        expect(page.get_by_role("button", name="Acter", exact=True)).to_be_disabled()
        au_repos(page)
        type_in(2)
        expect(page.locator(".somme").first).to_contain_text("Somme : 8 sur 8")
        au_repos(page)
        page.get_by_role("button", name=re.compile("Acter 8")).focus()
        page.keyboard.press("Enter")
        au_repos(page)
        page.get_by_label("Votre nom, qui signe ce que vous écrivez").fill("Mme Dupont")
        page.keyboard.press("Enter")
        au_repos(page)
        page.get_by_role("button", name="Acter, signé Mme Dupont").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".acte")).to_contain_text("Acté")
        ((_, engagement),) = find_all(Journal.du_dossier(magasin.dossier))
        assert (engagement.nombre, engagement.part) == (8, None)
        assert sorted(engagement.par_commune.values()) == [2, 6]
        assert engagement.par_bailleur == {"B1": 8}
        # at the next séance the twelve housed signed in Roubaix: it holds its part, Lille does not
        page.goto(f"{url}/orientations?ici=MEL&seance=2017S2&vue=engagements")
        expect(page.get_by_text("tiennent leur part")).to_contain_text("1\u00a0commune sur 2 et 1\u00a0bailleur sur 1")


@pytest.mark.parametrize("segment", ["attente_36", *(pytest.param(s, marks=pytest.mark.long) for s in AUTRES)])
@pytest.mark.parametrize("ici", ["ICI 2", pytest.param("MEL", marks=pytest.mark.long)])
def test_what_an_engagement_answers_is_whole_wherever_its_lever_is(
    demonstration: str, open: Ouvrir, segment: str, ici: str
) -> None:
    page = open(
        f"{demonstration}/orientations?seance=2017S2&ici={ici}&vue=segments&segment={segment}&etape=engagement&salle=oui"
    )
    expect(page.locator(BANDE)).to_contain_text("13h30")
    au_repos(page)
    curseur = page.get_by_role("slider")
    curseur.focus()
    page.keyboard.press("Home")
    while True:
        au_repos(page)
        is_whole_and_large(page)
        if curseur.input_value() == curseur.get_attribute("max"):
            return
        page.keyboard.press("Shift+ArrowRight")
