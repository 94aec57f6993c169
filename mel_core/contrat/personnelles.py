"""Personal data that is never read nor stored, even when the file has it (contract §1)."""

from __future__ import annotations

import re

from mel_core.contrat.proches import fold

TABLES_DE_PERSONNES = ("demandes", "evenements", "attributions")

# Compared without case, accents or signs: whole names, then beginnings where exports vary (`nom_usage`, `adresse_1`).
_NOMS = re.compile("nom|nomprenom|nomdemandeur|nomtitulaire|demandeur|identite|civilite|sexe|locataire|titulaire")
_DEBUTS = re.compile(
    "prenom|nomusage|nomdudemandeur|nomdutitulaire|nomdulocataire|nomlocataire|nometprenom|nomsprenoms|nomnaissance|"
    "nomfamille|nompatronymique|nomjeunefille|datenaissance|datedenaissance|nele|lieunaissance|lieudenaissance|"
    "nationalite|nir|numerosecu|securitesociale|numsecu|adresse|telephone|portable|mail|email|courriel|commentaire|"
    "remarque"
)


def est_personnelle(colonne: str) -> bool:
    """Whether a column's name announces names, birth dates, nationality, NIR, addresses or comments."""
    plie = fold(colonne)
    return bool(_NOMS.fullmatch(plie) or _DEBUTS.match(plie))
