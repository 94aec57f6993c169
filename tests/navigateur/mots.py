"""How many words a room has before its eyes at once, and how many of them are numbers."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# What a room has before its eyes at once (product.md): words, and the numbers among them; tables, and the form that is
# typed in séance, apart; so is the strip, and what a map writes on its canvas.
MOTS_MAX, NOMBRES_MAX, MOTS_DE_LA_MOITIE = 70, 30, 50
VUS = """() => {
  const dits = [], marche = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  const ailleurs = '.lu, style, script, .ou_aller, [hidden], table, .bande_salle, .st-key-decision, ' +
    '[data-testid=stSkipToContent], [data-testid=stIconMaterial]';
  for (let noeud; (noeud = marche.nextNode()); ) {
    const dans = noeud.parentElement, plage = document.createRange();
    plage.selectNodeContents(noeud);
    const { width, height } = plage.getBoundingClientRect();
    if (!width || !height || dans.closest(ailleurs)) continue;
    if (dans.checkVisibility({ visibilityProperty: true, opacityProperty: true })) dits.push(noeud.textContent);
  }
  return dits.join(' ');
}"""
# At a desk (product.md, *9h30*): what is above the fold, navigation apart; a list is one control, the tools of a
# picture come under the pointer.
MOTS_AU_BUREAU, CONTROLES_AU_BUREAU = 150, 12
AU_BUREAU = """() => {
  const estVu = (noeud, { width, height, top, bottom }) => width && height && top < innerHeight && bottom > 0 &&
    noeud.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const ailleurs = '.st-key-agenda, .lu, style, script, [hidden], table, [data-testid=stSkipToContent], ' +
    '[data-testid=stIconMaterial]';
  const dits = [], marche = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  for (let noeud; (noeud = marche.nextNode()); ) {
    const dans = noeud.parentElement, plage = document.createRange();
    plage.selectNodeContents(noeud);
    if (!dans.closest(ailleurs) && estVu(dans, plage.getBoundingClientRect())) dits.push(noeud.textContent);
  }
  const gestes = 'button, a, select, input:not([type=hidden]), [role=combobox]';
  const controles = [...document.querySelectorAll(`.stApp :is(${gestes})`)].filter((geste) =>
    !geste.closest(`${ailleurs}, .st-key-perimetre, .outils`) &&
    !(geste.matches('button') && geste.closest('.stSelectbox')) &&
    estVu(geste, geste.getBoundingClientRect()));
  return [dits.join(' '), controles.map((geste) => geste.textContent || geste.ariaLabel)];
}"""
NOMBRE = re.compile(r"\d+(?:[\s.,]\d+)*")


def count_vus(page: Page) -> tuple[int, int]:
    """Words on screen, a number being one, and how many of them are numbers."""
    vus = page.evaluate(VUS)
    return _count(vus), len(NOMBRE.findall(vus))


def count_au_bureau(page: Page) -> tuple[int, list[str]]:
    """Words above the fold at a desk, and the controls there."""
    vus, controles = page.evaluate(AU_BUREAU)
    return _count(vus), controles


def _count(dits: str) -> int:
    return len([mot for mot in NOMBRE.sub(" 0 ", dits).split() if re.search(r"\w", mot)])
