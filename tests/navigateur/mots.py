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
    '.st-key-signature, ' +
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
NOMBRE = re.compile(r"\d+(?:[\s.,]\d+)*")


def count_vus(page: Page) -> tuple[int, int]:
    """Words on screen, a number being one, and how many of them are numbers."""
    vus = page.evaluate(VUS)
    nombres = NOMBRE.findall(vus)
    return len([mot for mot in NOMBRE.sub(" 0 ", vus).split() if re.search(r"\w", mot)]), len(nombres)
