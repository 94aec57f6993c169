"""Whether words can be read, from what is on the screen: between ink and ground, as the eye gets them.

A filter turns a dark room's colours after any rule of contrast has been read from the styles; the image tells. It is
the contrast of luminances (WCAG), so that it holds in grey too.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page

PETITES, GRANDES = 4.5, 3.0  # what WCAG AA asks of letters, and of those of 24 pixels, or of 18.66 in bold
_TONS = np.arange(256) / 255
_LINEAIRES = np.where(_TONS <= 0.04045, _TONS / 12.92, ((_TONS + 0.055) / 1.055) ** 2.4)
_PARTIES = [poids * _LINEAIRES for poids in (0.2126, 0.7152, 0.0722)]  # of luminance, by each of the 256 tones
_ENCRE_SUR = 2  # in a hundred of the points of a word: whole strokes, its softened edges apart
# For a screen reader alone, or not of the message.
_HORS = ".lu, style, script, .ou_aller, [data-testid=stSkipToContent], [hidden], .st-key-decision"
_MOTS = """(HORS) => {
  const dits = [], marche = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  for (let noeud; (noeud = marche.nextNode()); ) {
    const dans = noeud.parentElement, texte = noeud.textContent.trim();
    if (!texte || dans.closest(HORS)) continue;
    if (!dans.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const plage = document.createRange();
    plage.selectNodeContents(noeud);
    const { left, right, top, bottom } = plage.getBoundingClientRect();
    const { fontSize, fontWeight } = getComputedStyle(dans);
    const estGrand = parseFloat(fontSize) >= (fontWeight >= 600 ? 18.66 : 24);
    if (right - left > 2 && bottom - top > 2) dits.push([texte, estGrand, left, top, right, bottom]);
  }
  return dits;
}"""


def illisibles(page: Page) -> list[tuple[str, float]]:
    """Words on screen whose ink is too near their ground, and their contrast."""
    vue = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    luminance = sum(partie[canal] for partie, canal in zip(_PARTIES, np.moveaxis(np.asarray(vue), 2, 0), strict=True))
    lus = []
    for texte, est_grand, *bords in page.evaluate(_MOTS, _HORS):
        gauche, haut, droite, bas = (max(0, round(b)) for b in bords)
        points = luminance[haut:bas, gauche:droite]
        if points.size:
            sombre, fond, clair = np.percentile(points, (_ENCRE_SUR, 50, 100 - _ENCRE_SUR)) + 0.05
            contraste = float(max(clair / fond, fond / sombre))
            if contraste < (GRANDES if est_grand else PETITES):
                lus.append((texte, round(contraste, 1)))
    return lus
