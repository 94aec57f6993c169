// A screen reader that goes from cell to cell of a grid would read what sorts it, a place or a bare number: the table that
// goes with it has how each is read. What is written here is not read again: « 5 » may be the place of another.
(() => {
  if (window.estLue) return;
  window.estLue = true;
  const bruts = new WeakMap();
  const lire = (td) => {
    const mots = td.closest("[data-testid=stElementContainer]")?.nextElementSibling?.querySelector("table.lu");
    const tete = td.closest("table").tHead?.rows[0].cells[td.cellIndex]?.textContent.replace(/^[↑↓] /, "");
    const rang = [...(mots?.tHead.rows[0].cells ?? [])].findIndex((th) => th.textContent === tete) + 1;
    const lu = rang && mots.querySelector(`td:nth-child(${rang})[data-brut="${bruts.get(td)}"]`);
    if (lu && td.firstChild) td.firstChild.data = lu.textContent;
  };
  const suivre = (changements, observateur) => {
    for (const { target, addedNodes } of changements)
      for (const n of [target, ...addedNodes]) {
        const element = n.nodeType === Node.ELEMENT_NODE ? n : n.parentElement;
        if (element?.matches(".stHtml, .stHtml *")) {
          const grille = element.closest("[data-testid=stElementContainer]")?.previousElementSibling;
          grille?.querySelectorAll("canvas td").forEach(lire);
        }
        const changes = element?.closest("canvas td") ? [element.closest("td")] : n === target ? [] : element?.querySelectorAll("canvas td") ?? [];
        for (const td of changes) {
          bruts.set(td, td.textContent);
          lire(td);
        }
      }
    observateur.takeRecords();
  };
  new MutationObserver(suivre).observe(document.body, { subtree: true, childList: true, characterData: true });
})();
