"""The pages: their addresses, where they are, and the groups of the menu. What is not here is never served."""

from __future__ import annotations

# Address, which is also the name of its file → folder in `pages/`, title.
SEANCE = {
    "introduction": ("seance/introduction", "9h00 Introduction"),
    "bilan": ("seance/bilan", "9h30 Bilan"),
    "coordination": ("seance/coordination", "10h30 Coordination"),
    "orientations": ("seance/orientations", "13h30 Orientations"),
    "cloture": ("seance/cloture", "Clôture"),
}
HORS_SEANCE = {
    "simuler": ("simuler", "Simuler"),
    "seances": ("preparer/seances", "Préparer › Séances"),
    "blocages": ("preparer/blocages", "Préparer › Blocages"),
    "dossier": ("preparer/dossier", "Préparer › Dossier de séance"),
    "besoins": ("preparer/besoins", "Préparer › Données attendues"),
    "imports": ("preparer/imports", "Préparer › Imports"),
    "qualite": ("preparer/qualite", "Préparer › Qualité des données"),
    "objectifs": ("preparer/objectifs", "Préparer › Objectifs et paramètres"),
    "journal": ("preparer/journal", "Préparer › Journal"),
    "mes_listes": ("listes", "Mes listes"),
    "fragilite": ("suivre", "Suivre › Référentiel de fragilité"),
    "bassins": ("suivre", "Suivre › Bassins de vie"),
    "programmation": ("suivre", "Suivre › Programmation"),
    "accueil": ("suivre", "Suivre › Réseau d’accueil"),
}
PAGES = {**SEANCE, **HORS_SEANCE}
PROJETEES = (*SEANCE, "simuler")  # what a room may see: the day, and a scenario that it is shown
# What lives outside the séance: title, then label → address.
GROUPES = {
    "Simuler": {"Simuler": "simuler"},
    "Préparer": {
        "Séances": "seances",
        "Blocages": "blocages",
        "Dossier": "dossier",
        "Données": "besoins",
        "Imports": "imports",
        "Qualité": "qualite",
        "Objectifs": "objectifs",
        "Journal": "journal",
    },
    "Mes listes": {"Mes listes": "mes_listes"},
    "Suivre": {
        "Fragilité": "fragilite",
        "Bassins de vie": "bassins",
        "Programmation": "programmation",
        "Accueil": "accueil",
    },
}
ACCUEIL = "bilan"  # the page of the bare address


def fichier(adresse: str) -> str:
    """Path from the root of the product."""
    dossier, _ = PAGES[adresse]
    return f"pages/{dossier}/{adresse}.py"
