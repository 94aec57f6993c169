"""Salle as sixty people see it: the day by the two keys of a remote, each message whole and read from the last row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from mel_core.indicateurs.catalogue import MESURES
from mel_core.journal import Auteur, Journal
from mel_core.seance import sequence
from mel_core.seance.sequence import Message
from tests.navigateur.conftest import ECRAN, GRAND_ECRAN, au_repos
from tests.navigateur.lisible import illisibles
from tests.navigateur.mots import MOTS_DE_LA_MOITIE, MOTS_MAX, NOMBRES_MAX, count_vus
from tests.navigateur.test_accessibilite import find_faults

pytestmark = pytest.mark.navigateur

Ouvrir = Callable[[str], Page]
BANDE = ".bande_salle"
AUTRES = ("aci", "convergence", "programmation")  # the others are at a desk alone
# Shares of the height of the image (product.md): the sentence, what is read, what is looked up.
PHRASE, LU, CONSULTE = 0.039, 0.035, 0.025
# Every text on screen, with its height in shares of the image's, and where it would be cut. What is typed in séance has
# its own scroll, and a map writes on its canvas.
TEXTES = """() => {
  const dits = [], bas = document.querySelector('.bande_salle').getBoundingClientRect().top;
  const marche = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  for (let noeud; (noeud = marche.nextNode()); ) {
    const dans = noeud.parentElement, texte = noeud.textContent.trim();
    const ailleurs = '.lu, style, script, .ou_aller, .st-key-decision, [hidden]';
    if (!texte || dans.closest(ailleurs)) continue;
    const plage = document.createRange();
    plage.selectNodeContents(noeud);
    const { left, right, top, bottom, width, height } = plage.getBoundingClientRect();
    if (!width || !height || !dans.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const quoi = dans.closest('.st-key-message') ? 'phrase' :
      dans.closest('.demande, .valeur, .reglage, .ytick, .y2tick') &&
      !/^[\\d\\s%]+$/.test(texte) && dans.style.fontWeight !== '400' ? 'lu' : 'consulte';
    const estBande = Boolean(dans.closest('.bande_salle'));
    const estAbregee = Boolean(dans.closest('.bande_salle .suite')); // what comes next may be cut short
    const sous = bottom > (estBande ? innerHeight : bas) + 1;
    const coupe = !estAbregee && (left < -1 || right > innerWidth + 1 || top < -1 || sous);
    dits.push({ texte, quoi, part: parseFloat(getComputedStyle(dans).fontSize) / innerHeight, coupe });
  }
  return dits;
}"""
# Pictures that go under the strip, or out of the window.
IMAGES_COUPEES = """() => {
  const bas = document.querySelector('.bande_salle').getBoundingClientRect().top;
  return [...document.querySelectorAll('.figure, [data-testid=stDeckGlJsonChart] canvas')].filter((image) => {
    const { left, right, top, bottom, width } = image.getBoundingClientRect();
    return width && (left < -1 || right > innerWidth + 1 || top < -1 || bottom > bas + 1);
  }).map((image) => `${image.className || image.nodeName} ${image.getBoundingClientRect().bottom} > ${bas}`);
}"""


def bande(page: Page) -> str:
    return page.locator(BANDE).inner_text()


def rang(page: Page) -> tuple[int, int]:
    trouve = re.search(r"(\d+) / (\d+)", bande(page))
    assert trouve, bande(page)
    return int(trouve[1]), int(trouve[2])


def is_whole_and_large(page: Page) -> None:
    dits: list[dict[str, Any]] = page.evaluate(TEXTES)
    ou = bande(page).replace("\n", " ")
    assert [d["texte"] for d in dits if d["coupe"]] == [], f"cut: {ou}"
    assert page.evaluate(IMAGES_COUPEES) == [], f"cut: {ou}"
    for quoi, voulue in (("phrase", PHRASE), ("lu", LU), ("consulte", CONSULTE)):
        petits = [(d["texte"], round(d["part"], 4)) for d in dits if d["quoi"] == quoi and d["part"] < voulue - 0.0003]
        assert petits == [], f"too small, {quoi}: {ou}"
    lu = " ".join(d["texte"] for d in dits)
    assert not re.search(r"\bnan\b|\bNone\b|undefined|Deploy|Rerun|Press ", lu), lu
    for pousse in (0, 600):
        page.mouse.wheel(0, pousse)
        for ascenseur in (".stMain", "html"):
            assert page.evaluate(f"() => document.querySelector('{ascenseur}').scrollTop") == 0, "the message scrolls"


def is_whole_page(demande: bytes) -> bool:
    """Whether the browser asks the server for a whole page, and not for the part that a lever holds."""
    lue = BackMsg()
    lue.ParseFromString(demande)
    return lue.HasField("rerun_script") and not lue.rerun_script.fragment_id


def shows_what_is_legible(page: Page) -> bool:
    """Once the page is at rest, whose pieces are pale while they are asked for, and what fades in is there."""
    au_repos(page)
    for _ in range(60):
        if not illisibles(page):
            return True
        page.wait_for_timeout(200)
    return False


def walk(page: Page, *, par_axe: bool) -> list[str]:
    """From the first message to the last by the key of the remote; the addresses. `par_axe`: each one is also judged
    by axe-core."""
    vues: list[str] = []
    longueurs = []
    while True:
        au_repos(page)
        n, total = rang(page)
        assert n == len(vues) + 1
        is_whole_and_large(page)
        assert shows_what_is_legible(page), (bande(page), illisibles(page))
        assert not par_axe or find_faults(page) == []
        n_mots, n_nombres = count_vus(page)
        assert (n_mots <= MOTS_MAX, n_nombres <= NOMBRES_MAX) == (True, True), (bande(page), n_mots, n_nombres)
        longueurs.append(n_mots)
        vues.append(page.url)
        if n == total:
            assert 2 * sum(n <= MOTS_DE_LA_MOITIE for n in longueurs) >= len(longueurs), longueurs
            return vues
        page.keyboard.press("PageDown")
        expect(page.locator(BANDE)).to_contain_text(f"{n + 1} / {total}")
        expect(page).not_to_have_url(vues[-1])


@pytest.mark.ci
@pytest.mark.parametrize("theme", ["clair", pytest.param("sombre", marks=pytest.mark.long)])
@pytest.mark.parametrize("taille", [ECRAN, pytest.param(GRAND_ECRAN, marks=pytest.mark.long)])
def test_the_whole_day_is_walked_by_two_keys_each_message_whole_large_enough_and_legible(
    demonstration: str, open: Ouvrir, open_drawn: Ouvrir, taille: tuple[int, int], theme: str
) -> None:
    page = (open_drawn if taille == GRAND_ECRAN else open)("about:blank")
    page.set_viewport_size({"width": taille[0], "height": taille[1]})
    page.add_init_script(f"localStorage.ici_salle_sombre = {'true' if theme == 'sombre' else 'false'}")
    demandes: list[bytes] = []
    page.on("websocket", lambda prise: prise.on("framesent", lambda dite: demandes.append(dite)))
    page.goto(f"{demonstration}/introduction?seance=2017S2&ici=ICI 2&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("1 / ")
    au_repos(page)
    n_a_l_ouverture = sum(map(is_whole_page, demandes))
    vues = walk(page, par_axe=taille == GRAND_ECRAN)
    assert len(vues) > 15
    # Each key is answered once, no page is drawn twice: what a lever asks for beside it draws no page.
    assert sum(map(is_whole_page, demandes)) - n_a_l_ouverture == len(vues) - 1
    assert [urlsplit(v).path.strip("/") or "bilan" for v in (vues[0], vues[1], vues[-1])] == [
        "introduction",
        "bilan",
        "cloture",
    ]
    page.keyboard.press("PageUp")
    expect(page.locator(BANDE)).to_contain_text(f"{len(vues) - 1} / {len(vues)}")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")  # there is nothing after the last one
    expect(page.locator(BANDE)).to_contain_text(f"{len(vues)} / {len(vues)}")


@pytest.mark.parametrize("simulation", ["equilibre", *(pytest.param(s, marks=pytest.mark.long) for s in AUTRES)])
def test_a_scenario_is_a_message_whole_and_large_enough_whose_levers_answer(
    demonstration: str, open: Ouvrir, simulation: str
) -> None:
    page = open(f"{demonstration}/simuler?seance=2017S2&ici=ICI 2&simulation={simulation}&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("Simuler")
    au_repos(page)
    is_whole_and_large(page)
    phrase, curseur = page.locator(".demande").first, page.get_by_role("slider").first
    avant = phrase.inner_text()
    curseur.focus()
    page.keyboard.press("End")
    expect(phrase).not_to_have_text(avant)
    au_repos(page)
    is_whole_and_large(page)
    page.keyboard.press("PageDown")  # from what is beside the sequence to its first message
    expect(page.locator(BANDE)).to_contain_text("1 / ")


PARTOUT = [
    *(f"bilan?objectif={code}&coupe={vue}" for code, mesure in MESURES.items() for vue in mesure.vues),
    *(f"orientations?vue={vue}" for vue in ("preconisations", "mutations", "offre", "qpv", "ordonnancement")),
    *(f"fragilite?carte={carte}" for carte in ("habitants", "commune", "quartier")),
    *(f"bassins?flux={flux}" for flux in ("habite_obtenu", "habite_souhaite", "souhaite_obtenu")),
    *(f"accueil?accueil={mesure}" for mesure in ("n_enregistrements", "n_pre_accueil", "n_entretiens")),
]


@pytest.mark.long
@pytest.mark.parametrize("ici", ["ICI 1", "ICI 2", "MEL"])
@pytest.mark.parametrize("adresse", PARTOUT)
def test_whatever_the_room_opens_beside_the_sequence_is_whole_large_enough_and_legible(
    demonstration: str, open_drawn: Ouvrir, adresse: str, ici: str
) -> None:
    page = open_drawn(f"{demonstration}/{adresse}&seance=2017S2&ici={ici}&salle=oui")
    expect(page.locator(BANDE)).to_be_visible()
    au_repos(page)
    is_whole_and_large(page)
    assert shows_what_is_legible(page), illisibles(page)


def test_keys_go_to_a_commune_in_three_letters_put_the_screen_out_and_leave_the_room_where_it_was(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=aci&coupe=levier&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    n, total = rang(page)
    reponse = page.locator(".demande").first  # the one sentence of a lever is what it answers
    expect(reponse).to_contain_text("Viser 45")
    # Streamlit's own keys, and the one that puts the screen out.
    for touche in ("c", "r"):
        page.keyboard.press(touche)
    assert page.get_by_role("dialog").count() == 0
    noir = page.locator("html.noir")
    page.keyboard.press("n")
    expect(noir).to_be_attached()
    page.keyboard.press("b")
    expect(noir).not_to_be_attached()
    # The lever keeps its arrows and gives the two keys of the remote back.
    curseur = page.get_by_role("slider")
    curseur.focus()
    page.keyboard.press("ArrowRight")
    expect(reponse).to_contain_text("Viser 46")
    expect(page).to_have_url(re.compile("cible_aci=46"))
    # The question of a mayor, and back.
    curseur.blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")  # at once: the list that closes holds the focus for a while
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("wat")
    page.keyboard.press("Enter")
    expect(page.locator(".lieu")).to_have_text("Wattrelos")
    expect(page.locator(BANDE)).to_contain_text("revenir à : ACI en premier accès")
    au_repos(page)
    is_whole_and_large(page)
    page.reload()
    expect(page.locator(".lieu")).to_have_text("Wattrelos")
    expect(page.locator(BANDE)).to_contain_text("revenir à")  # the strip comes last, and the keys with it
    au_repos(page)
    page.keyboard.press("PageUp")
    expect(page.locator(BANDE)).to_contain_text(f"{n} / {total}")
    expect(page.locator(".lieu")).to_have_count(0)
    expect(reponse).to_contain_text("Viser 45")  # the reload forgot what was left
    # Three presses at once make one way.
    avant = page.url
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(page.locator(BANDE)).to_contain_text(f"{n + 3} / {total}")
    expect(page).not_to_have_url(avant)
    au_repos(page)
    assert rang(page) == (n + 3, total)


def knows(page: Page, dessus: str) -> None:
    """Wait until the keys are about the place on screen, whose way up is `dessus`: the strip comes last, and a loaded
    server takes its time."""
    dit = "(dessus) => document.querySelector('.bande_salle')?.parentElement.salle.dits.dessus === dessus"
    page.wait_for_function(dit, arg=dessus)


MONTEES = ("lieu:59512", "message:bilan-equilibre", "ici:MEL", "")  # of a quartier of Roubaix, up to the Métropole


@pytest.mark.long
@pytest.mark.parametrize("ici", ["ICI 1", "ICI 2", "ICI 3"])
@pytest.mark.parametrize("objectif", ["equilibre", "aci"])
def test_wherever_a_lever_is_put_its_message_is_whole(
    demonstration: str, open: Ouvrir, objectif: str, ici: str
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici={ici}&objectif={objectif}&coupe=levier&salle=oui")
    curseur = page.get_by_role("slider").first
    curseur.wait_for()
    au_repos(page)
    for touche in ("Home", *["Shift+ArrowRight"] * 10):
        curseur.press(touche)
        au_repos(page)
        is_whole_and_large(page)


@pytest.mark.ci
def test_two_keys_go_down_from_the_metropole_to_a_quartier_and_back(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=MEL&objectif=equilibre&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    lieux = []
    descentes = (("ici 2", "ici=ICI\\+2"), ("rou", "lieu=59512&"), ("", "lieu=59512\\d{4}&"))
    for (trois_lettres, adresse), dessus in zip(descentes, reversed(MONTEES[1:]), strict=True):
        knows(page, dessus)
        au_repos(page)
        lieux.append(page.locator(".st-key-message").inner_text())
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.type(trois_lettres)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(adresse))
        au_repos(page)
        is_whole_and_large(page)
    knows(page, MONTEES[0])
    page.keyboard.press("ArrowDown")  # there is nothing below a quartier
    expect(page.get_by_role("dialog")).to_have_count(0)
    for dit, dessus in zip(reversed(lieux), MONTEES[1:], strict=True):
        page.keyboard.press("ArrowUp")
        expect(page.locator(".st-key-message")).to_have_text(dit)
        knows(page, dessus)
        au_repos(page)


def test_a_link_to_a_message_that_is_not_there_says_so_until_one_goes_on(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&salle=oui&message=nulle-part")
    avis = "Le lien demande «\u00a0nulle-part\u00a0», qui n’existe pas ici\u00a0: voir «\u00a0Où aller\u00a0?\u00a0»."
    expect(page.locator(BANDE)).to_contain_text(avis)
    expect(page).to_have_url(re.compile("message=bilan-equilibre"))
    au_repos(page)
    expect(page.locator(BANDE)).to_contain_text(avis)
    page.keyboard.press("PageDown")
    expect(page.locator(BANDE)).not_to_contain_text(avis)


@pytest.mark.ci
def test_a_message_is_found_again_as_it_was_left_and_0_brings_the_constat_back(
    demonstration: str, open: Ouvrir
) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&objectif=equilibre&coupe=levier&salle=oui")
    expect(page.locator(BANDE)).to_contain_text("9h30 Bilan")
    au_repos(page)
    curseur = page.get_by_role("slider")
    curseur.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("cible_equilibre=49"))
    message = parse_qs(urlsplit(page.url).query)["message"]
    page.keyboard.press("PageDown")
    expect(page).not_to_have_url(re.compile(f"message={message[0]}(&|$)"))
    au_repos(page)
    page.keyboard.press("PageUp")
    expect(page.locator(".demande").first).to_contain_text("Viser 49")
    page.reload()
    expect(page.locator(".demande").first).to_contain_text("Viser 49")
    expect(page.locator(BANDE)).to_be_visible()  # a rehearsed Salle outlives its reload
    page.keyboard.press("0")
    expect(page.locator(".demande").first).to_contain_text("Viser 50")


def test_the_room_is_asked_before_the_message_is_shown(demonstration: str, donnees: Path, open: Ouvrir) -> None:
    premiers = (
        Message("bilan-aci", "bilan", "ACI", {"objectif": "aci"}, question="Combien de ménages prioritaires ?"),
        Message("bilan-npru", "bilan", "NPRU", {"objectif": "npru"}),
    )
    Journal.du_dossier(donnees).write(
        sequence.OBJET,
        "2017S2 ICI 3",
        sequence.write(premiers),
        Auteur("C. Essai", "MEL", "copilote"),
        "sequence-posee",
    )
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 3&objectif=aci&salle=oui")
    question = page.locator(".question_posee")
    expect(question).to_contain_text("Combien de ménages prioritaires ?")
    expect(question).to_contain_text("À votre avis ?")
    expect(page.locator(BANDE)).to_contain_text("1 / 2")
    page.keyboard.press("PageDown")
    expect(question).to_be_hidden()
    expect(page.locator(BANDE)).to_contain_text("1 / 2")
    page.keyboard.press("PageDown")
    expect(page.locator(BANDE)).to_contain_text("2 / 2")
    page.keyboard.press("PageUp")  # asked once
    expect(page.locator(BANDE)).to_contain_text("1 / 2")
    expect(question).to_be_hidden()


def test_a_room_entered_by_a_key_has_no_frame_across_its_sentence(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2")
    au_repos(page)
    for nom in (re.compile("^Co-pilote"), "Passer en Salle"):
        page.get_by_role("button", name=nom).focus()
        page.keyboard.press("Enter")
    expect(page.locator(BANDE)).to_be_visible()
    au_repos(page)
    page.locator("#stMain").focus()  # where nothing has it, the page itself
    cadre = "m => [getComputedStyle(m, '::before').display, getComputedStyle(m).outlineStyle]"
    assert page.locator("#stMain:focus-visible").evaluate(cadre) == ["none", "none"]


def test_the_menu_comes_at_its_line_and_leaves_salle(demonstration: str, open: Ouvrir) -> None:
    page = open(f"{demonstration}/bilan?seance=2017S2&ici=ICI 2&salle=oui")
    expect(page.locator(BANDE)).to_be_visible()
    agenda = page.locator(".st-key-agenda")
    expect(agenda).to_be_hidden()
    page.get_by_role("button", name="Où aller ?").click()
    page.keyboard.type("retour")
    page.keyboard.press("Enter")
    expect(agenda).to_be_visible()
    page.get_by_role("button", name=re.compile("^En Salle")).click()
    page.get_by_role("button", name="Revenir en Préparation").click()
    page.get_by_role("button", name="Confirmer le retour en Préparation").click()
    expect(page.locator(BANDE)).to_have_count(0)
    expect(page.get_by_role("radio", name="Commune", exact=True)).to_be_visible()
