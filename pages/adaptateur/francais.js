// What Streamlit itself writes, in French: it has no setting for its own words. Once for a page, then on what is added.
(() => {
  document.documentElement.lang = "fr";
  if (window.estEnFrancais) return;
  window.estEnFrancais = true;
  const MOTS = {
    "Skip to main content": "Aller au contenu",
    "Sort ascending": "Trier par ordre croissant",
    "Sort descending": "Trier par ordre décroissant",
    "Statistics": "Statistiques",
    "Autosize": "Ajuster la largeur",
    "Pin column": "Figer la colonne",
    "Unpin column": "Libérer la colonne",
    "Hide column": "Masquer la colonne",
    "Copy column name": "Copier le nom de la colonne",
    "Search": "Rechercher",
    "Close Search": "Fermer la recherche",
    "Type to search": "Taper ce que l’on cherche",
    "Previous Result": "Résultat précédent",
    "Next Result": "Résultat suivant",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "Choose date": "Choisir une date",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Les flèches changent de date, Entrée choisit, Échap ferme.",
    "No results": "Aucun résultat",
    "No options to select": "Rien à choisir",
    "Show suggestions": "Voir les choix",
    "Selectbox options": "Choix",
    "Selected values": "Choisis",
    "Clear all": "Tout effacer",
    "Clear value": "Effacer",
    "Clear date": "Effacer la date",
    "Clear selection": "Effacer le choix",
    "Clear": "Effacer",
    "Error": "À corriger\u00a0: ",
    "Error:": "Refusé\u00a0:",
    "Add files": "Ajouter des fichiers",
    "add icon": "ajouter",
    "Close": "Fermer",
    "Dismiss": "Fermer",
    "Calendar": "Calendrier",
    "Next month": "Mois suivant",
    "Previous month": "Mois précédent",
    "Open": "Ouvrir",
    "Main menu": "Menu principal",
    "Link to heading": "Lien vers ce titre",
    "file upload": "déposer un fichier",
    "Increment": "Plus",
    "Decrement": "Moins",
    "Upload": "Choisir ou déposer",
    "Uploading...": "Dépôt en cours…",
    "Upload failed": "Le dépôt a échoué",
    "Drag and drop a file here": "Glisser un fichier ici",
    "Drag and drop files here": "Glisser des fichiers ici",
    "Copy to clipboard": "Copier",
    "Copied": "Copié",
    "Loading...": "Chargement…",
    "Please wait...": "Patienter…",
    "Connecting": "Connexion…",
    "Connection error": "Connexion perdue",
    "Ctrl + Enter": "Ctrl + Entrée",
    "dd": "jj",
    "yyyy": "aaaa",
    "empty": "vide",
    "Empty": "vide",
  };
  const MOIS = {
    January: "janvier", February: "février", March: "mars", April: "avril", May: "mai", June: "juin", July: "juillet",
    August: "août", September: "septembre", October: "octobre", November: "novembre", December: "décembre",
  };
  const BORNES = [
    [/^between (.+) and (.+)$/, "entre $1 et $2"],
    [/^on or after (.+)$/, "à partir du $1"],
    [/^on or before (.+)$/, "jusqu’au $1"],
    [/^greater than or equal to (.+)$/, "de $1 au moins"],
    [/^less than or equal to (.+)$/, "de $1 au plus"],
  ];
  const direBornes = (bornes) => BORNES.reduce((dites, [motif, dit]) => dites.replace(motif, dit), bornes);
  const CHAMPS = { day: "jour", month: "mois", year: "année" };
  // Of a file that no browser sends, on the page that says which command reads it.
  const direCommande = (lieu) => {
    const nom = lieu?.closest("[data-testid=stFileChip]")?.querySelector("[data-testid=stFileChipName]")?.title;
    const { commande, tables } = (lieu?.closest(".st-key-depot") && document.querySelector("[data-commande]")?.dataset) || {};
    if (!nom || !commande) return "en donner un plus petit.";
    const dite = /["$`\\%]/.test(nom) ? "FICHIER" : nom; // what a shell would run is not to be copied
    const estNommee = !tables || /\.zip$/i.test(nom) || tables.split(" ").includes(nom.replace(/\.[^.]*$/, "").toLowerCase());
    const plie = nom.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    const dites = tables.split(" ").filter((table) => plie.includes(table.replace(/s$/, "")));
    const table = dites.length === 1 ? dites[0] : "TABLE"; // as its name says
    const laquelle = estNommee || dites.length === 1 ? "" : ` ; TABLE est l’une de ${tables.replaceAll(" ", ", ")}`;
    return `le déposer en zip, ou taper, là où est l’application, dans le dossier du fichier, ${commande.replace("{}", `${estNommee ? "" : `--table ${table}=`}"${dite}"`)}${laquelle}`;
  };
  const TOURS = [
    [/^(\d+) options? available\.?$/, (_, n) => (n === "1" ? "1 choix proposé" : `${n} choix proposés`)],
    [/^(\d+(?:[.,]\d+)?)\s?MB per file(?: • (.*))?$/, (_, n, types) => `${n} Mo par fichier${types ? ` · ${types}` : ""}`],
    [/^File must be (\d+(?:[.,]\d+)?)\s?MB or smaller\.$/, (_, n, ...reste) => `Plus de ${parseFloat(n)} Mo : ${direCommande(reste.at(-1))}`],
    // How many cells a grid finds, which of them is shown.
    [/^(?:(\d+) of )?(?:(over 1000)|(\d+) results?)$/, (_, rang, tant, n) =>
      `${rang ? `${rang} sur ` : ""}${tant ? "plus de 1000" : `${n} trouvé${n > 1 ? "s" : ""}`}`],
    // The size of a file, alone or after its name.
    [/^(?:(.+), )?(\d+)(?:\.(\d+))?(B|KB|MB|GB)$/, (_, nom, n, d, u) =>
      `${nom ? `${nom}, ` : ""}${n}${d ? `,${d}` : ""}\u00a0${u.replace("B", "o")}`],
    [/^Press (.+) to (apply|submit form)$/, (_, touche) => `${touche.replace("Enter", "Entrée")} pour valider`],
    // Said twice: in one piece to screen readers, under the pointer after a bold « Error ».
    [/^(?:Error)?: (?:Date set|Number is) \w+ (?:the )?allowed range\. Please (?:select|enter) a (date|value) (.+)\.$/,
      (_, quoi, bornes) => `${quoi === "date" ? "Choisir une date" : "Taper un nombre"} ${direBornes(bornes)}.`],
    [/^Choose date, (.+)$/, (_, mois) => `Choisir une date, ${mois}`],
    [/^(\d+) – (\w+)$/, (tout, n, mois) => (MOIS[mois] ? `${n} – ${MOIS[mois]}` : tout)],
    [/^(day|month|year), (.+)$/, (_, champ, quoi) => `${CHAMPS[champ]}, ${quoi}`],
    [/^(\d+)\/(\d+) characters?$/, (_, n, sur) => `${n} sur ${sur} signes`],
    [/^(.+), selected$/, (_, quoi) => `${quoi}, choisi`],
    [/^Remove (.+)$/, (_, quoi) => `Retirer ${quoi}`],
    [/^Help for (.+)$/, (_, quoi) => `Aide : ${quoi}`],
    [/^(Fullscreen|Close fullscreen|Search|Clear selection): (.+)$/, (_, mot, quoi) => `${MOTS[mot]} : ${quoi}`],
    [/^Show\/hide columns(?:: (.+))?$/, (_, quoi) => `Choisir les colonnes${quoi ? ` : ${quoi}` : ""}`],
  ];
  const ATTRIBUTS = ["aria-label", "placeholder", "title", "aria-valuetext"];
  const dire = (texte, lieu) => {
    const dit = texte.trim();
    if (!dit || dit.length > 120) return texte;
    if (Object.hasOwn(MOTS, dit)) return texte.replace(dit, MOTS[dit]);
    const tour = TOURS.find(([motif]) => motif.test(dit));
    if (!tour) return texte;
    const [motif, tourne] = tour;
    return dit.replace(motif, typeof tourne === "string" ? tourne : (...trouves) => tourne(...trouves, lieu));
  };
  // Words of one sign or two are Streamlit's only in a field for a date.
  const estANous = (texte, parent) => /^\s*(dd|yyyy)\s*$/.test(texte.data) && !parent?.closest("[data-testid=stDateInput]");
  const traduireTexte = (texte) => {
    if (estANous(texte, texte.parentElement)) return;
    const dit = dire(texte.data, texte.parentElement);
    if (dit !== texte.data) texte.data = dit;
  };
  const traduireElement = (element) => {
    for (const nom of ATTRIBUTS) {
      const valeur = element.getAttribute(nom);
      if (valeur === null) continue;
      const dit = dire(valeur);
      if (dit !== valeur) element.setAttribute(nom, dit);
    }
  };
  const IGNORES =
    "svg, script, style, table, pre, [data-testid=stMarkdownContainer]:not([data-testid=stTooltipErrorContent] *, [data-testid=stFileUploaderDropzone] *) p, .stHtml, textarea";
  const traduire = (noeud) => {
    if (noeud.nodeType === Node.TEXT_NODE) return traduireTexte(noeud);
    if (noeud.nodeType !== Node.ELEMENT_NODE || noeud.matches(IGNORES)) return;
    traduireElement(noeud);
    noeud.childNodes.forEach(traduire);
  };
  const suivre = (changements) => {
    for (const { type, target, addedNodes } of changements) {
      if (type === "attributes") traduireElement(target);
      else if (type === "characterData") !target.parentElement?.closest(IGNORES) && traduireTexte(target);
      else if (!target.closest?.(IGNORES)) addedNodes.forEach(traduire);
    }
  };
  traduire(document.body);
  new MutationObserver(suivre).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTS,
  });
})();
