"""The deck as one HTML file in a real browser, without a server nor a network."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from mel_core.dossier.seance import Dossier
from tests.dossier.conftest import dossier, entrepot, fichier

__all__ = ["dossier", "entrepot"]
_DEBORDE = """() => {
  const vus = [...document.querySelectorAll("section.montree :is(.boite, .dessin, .dessin text)")];
  return vus.filter((e) => {
    const vu = e.getBoundingClientRect();
    const page = (e.matches("text") ? e.closest(".dessin") : e.closest("section")).getBoundingClientRect();
    return vu.bottom > page.bottom + 1 || vu.right > page.right + 1 || vu.left < page.left;
  }).map((e) => e.textContent);
}"""


def test_the_deck_opens_from_its_file_and_is_walked_by_the_keys_of_a_remote(
    chromium: Browser, dossier: Dossier
) -> None:
    chemin: Path = fichier(dossier, ".html")
    contexte = chromium.new_context(offline=True, locale="fr-FR")
    page = contexte.new_page()
    erreurs: list[str] = []
    page.on("console", lambda m: erreurs.append(m.text))
    page.on("pageerror", lambda e: erreurs.append(str(e)))
    page.goto(chemin.as_uri())
    n = page.locator("section").count()
    for taille in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": taille[0], "height": taille[1]})
        page.keyboard.press("Home")
        for rang in range(1, n + 1):
            assert page.locator("section:visible").count() == 1
            assert page.url.endswith(f"#{rang}")
            assert page.evaluate(_DEBORDE) == []
            page.keyboard.press("PageDown")
    assert page.url.endswith(f"#{n}")  # the last stays
    page.keyboard.press("PageUp")
    page.reload()
    assert page.url.endswith(f"#{n - 1}")
    assert page.locator("section").nth(n - 2).is_visible()
    assert erreurs == []
    contexte.close()
