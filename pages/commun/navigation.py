"""The pages: their addresses, where they are, and the groups of the menu. What is not here is never served."""

from __future__ import annotations

# Address, which is also the name of its file → folder in `pages/`, title.
SEANCE = {
    "introduction": ("seance", "9h00 Introduction"),
    "bilan": ("seance/bilan", "9h30 Bilan"),
    "coordination": ("seance", "10h30 Coordination"),
    "orientations": ("seance/orientations", "13h30 Orientations"),
    "cloture": ("seance", "Clôture"),
}
# What lives outside the séance: address → folder, group of the menu (empty: none), its name there and in every text.
_AILLEURS = {
    "simuler": ("simuler", "Simuler", "Simuler"),
    "atelier": ("preparer", "Préparer", "Atelier"),
    "seances": ("preparer", "Préparer", "Séances"),
    "blocages": ("preparer/blocages", "Préparer", "Blocages"),
    "dossier": ("preparer", "Préparer", "Dossier"),
    "imports": ("preparer/imports", "Préparer", "Imports"),
    "qualite": ("preparer/qualite", "Préparer", "Qualité"),
    "objectifs": ("preparer", "Préparer", "Objectifs"),
    "journal": ("preparer", "Préparer", "Journal"),
    "mes_listes": ("listes", "Mes listes", "Mes listes"),
    "fragilite": ("suivre", "Suivre", "Fragilité"),
    "accueil": ("suivre", "Suivre", "Accueil"),
    "bassins": ("suivre", "", "Bassin de vie"),  # the card of a territoire, reached from there
}
HORS_SEANCE = {
    adresse: (dossier, f"{groupe} › {nom}" if groupe not in ("", nom) else nom)
    for adresse, (dossier, groupe, nom) in _AILLEURS.items()
}
PAGES = {**SEANCE, **HORS_SEANCE}
# Addresses of pages that are no more: where what they said is read.
DEPLACEES = {
    "besoins": "Les données attendues se lisent maintenant dans Préparer › Imports",
    "programmation": "Les besoins des mutations se lisent maintenant à 13h30, dans « Offre et demande », les revenus "
    "et les produits en annexe de la note du dossier de séance",
}
# What a room may see: the day, and what it is shown beside: a scenario, what is followed.
PROJETEES = (*SEANCE, "simuler", "fragilite", "bassins", "accueil")
GROUPES: dict[str, dict[str, str]] = {}  # title, then label → address
for _adresse, (_, _groupe, _nom) in _AILLEURS.items():
    if _groupe:
        GROUPES.setdefault(_groupe, {})[_nom] = _adresse
ACCUEIL = "bilan"  # the page of the bare address


def fichier(adresse: str) -> str:
    """Path from the root of the product."""
    dossier, _ = PAGES[adresse]
    return f"pages/{dossier}/{adresse}.py"
