"""Tables drawn as text: `;` between columns, spaces to align them. What is left empty is an empty cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

from mel_core.contrat.coherence import SANS
from mel_core.contrat.controle import check
from mel_core.contrat.rapport import Anomalie, Gravite, Jeu
from mel_core.contrat.tables import ETIQUETTES

AUJOURDHUI = date(2018, 1, 15)

# A small world without any anomaly. Lille is 59350, Roubaix 59512.
PROPRE = {
    "communes": """
        code_insee ; nom     ; territoire ; ici   ; fragilite ; depuis
        59350      ; Lille   ; Lillois    ; ICI 1 ; moyenne   ;
        59512      ; Roubaix ; Roubaisien ; ICI 2 ; fragile   ; 2017-01-01
    """,
    "quartiers": """
        code_quartier ; nom    ; code_insee ; ips ; part_non_emploi
        Q1            ; Centre ; 59350      ; 2   ; 0.25
        Q2            ; Gare   ; 59512      ; 4   ; 1
    """,
    "bailleurs": """
        code_bailleur ; nom
        B1            ; Bailleur un
        B2            ; Bailleur deux
    """,
    "residences": """
        code_residence ; code_bailleur ; code_quartier ; n_logements ; financement ; npru  ; taux_rotation
        R1             ; B1            ; Q1            ; 1200        ; PLUS        ; false ; 0.085
        R2             ; B2            ; Q2            ; 30          ; PLAI        ; true  ;
    """,
    "demandes": """
        numero_unique ; date_creation ; etat   ; date_radiation ; n_personnes ; categorie_menage ; revenu_fiscal ; \
code_insee_actuel ; typologies ; communes_souhaitees ; aci   ; dalo
        D1            ; 2015-03-31    ; ACTIVE ;                ; 2           ; 2                ; 12345.67      ; \
59350             ; T2|T3      ; 59350|59512         ; true  ; false
        D2            ; 2016-02-29    ; RADIEE ; 2017-06-30     ; 1           ; 1                ; 0             ; \
                  ; T1         ; 59512               ;       ; true
    """,
    "evenements": """
        id_evenement ; numero_unique ; type        ; date_survenance ; code_residence ; code_bailleur ; decision ; rang
        E1           ; D1            ; PROPOSITION ; 2017-09-01      ; R1             ; B1            ;          ;
        E2           ; D2            ; PASSAGE_CAL ; 2017-10-15      ; R2             ; B2            ; ATTRIBUE ; 1
    """,
    "attributions": """
        id_attribution ; numero_unique ; date_bail  ; date_creation_demande ; code_insee ; code_bailleur ; \
code_residence ; mutation ; n_personnes ; categorie_menage ; revenu_fiscal ; aci
        A1             ; D2            ; 2017-07-01 ; 2016-02-29            ; 59512      ; B2            ; \
R2             ; false    ; 1           ; 1                ; 8000          ; true
        A2             ; D9            ; 2017-12-31 ;                       ; 59350      ; B1            ; \
R1             ; true     ; 9           ; 6                ; 45000.5       ;
    """,
    "accueil": """
        code_lieu ; mois    ; nom    ; type_lieu ; porteur ; code_insee ; n_entretiens
        L1        ; 2017-09 ; Mairie ; LABELLISE ; COMMUNE ; 59350      ; 12
    """,
    "programmation": """
        code_operation ; code_insee ; annee ; n_logements ; n_plai ; npru
        O1             ; 59512      ; 2019  ; 30          ; 9      ; false
    """,
    "commissions_qpv": """
        id_retour ; code_qpv ; date       ; n_candidats ; observation
        C1        ; QPF001   ; 2017-05-02 ; 12          ; Deux candidats absents
    """,
}


def lignes(dessin: str) -> list[list[str]]:
    """The cells of a drawing, header first. The small world has every column that something leans on, labels included,
    empty where it is not drawn."""
    continues = dedent(dessin.replace("\\\n", ""))
    cellules = [[c.strip() for c in ligne.split(";")] for ligne in continues.splitlines() if ligne.strip()]
    absentes = [c for c in _UTILES.get(_entete(dessin), ()) if c not in cellules[0]]
    return [ligne + (absentes if rang == 0 else [""] * len(absentes)) for rang, ligne in enumerate(cellules)]


def _entete(dessin: str) -> str:
    return dessin.replace("\\\n", "").strip().splitlines()[0]


# Header of the small world → what the report would say is missing, were it not there.
_UTILES = {
    _entete(dessin): (
        *(ETIQUETTES if nom in ("demandes", "attributions") else ()),
        *dict.fromkeys(colonne for colonnes in SANS.get(nom, {}) for colonne in colonnes),
    )
    for nom, dessin in PROPRE.items()
}
MANQUES = ("etiquette_absente", "colonne_absente")


def write(dossier: Path, tables: dict[str, str]) -> Path:
    """Write drawings as CSV files; the reader is the one that strips the spaces of alignment."""
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, dessin in tables.items():
        texte = "\n".join(";".join(f" {c} " for c in ligne) for ligne in lignes(dessin))
        (dossier / f"{nom}.csv").write_text(texte + "\n", encoding="utf-8")
    return dossier


def controler_dessins(dossier: Path, tables: dict[str, str], **options: Any) -> Jeu:
    return check(write(dossier, tables), aujourdhui=AUJOURDHUI, **options)


def avec(**tables: str) -> dict[str, str]:
    """The small world with other tables in place of its own."""
    return {**PROPRE, **tables}


def ajout(nom: str, *nouvelles: str) -> dict[str, str]:
    """The small world with more rows at the end of a table, each with the same columns: its first new line is 4."""
    return avec(**{nom: PROPRE[nom].rstrip() + "".join(f"\n        {ligne}" for ligne in nouvelles) + "\n"})


def faits(jeu: Jeu, gravite: Gravite | None = None) -> list[tuple[str, int | None, str | None, str | None]]:
    """What was found, as (rule, line, column, value)."""
    return [(a.regle, a.ligne, a.colonne, a.valeur) for a in jeu.rapport.anomalies if gravite in (None, a.gravite)]


def la(jeu: Jeu, regle: str) -> Anomalie:
    """The only anomaly of a rule."""
    (trouvee,) = [a for a in jeu.rapport.anomalies if a.regle == regle]
    return trouvee


def bilan(jeu: Jeu, table: str) -> tuple[int, int, int, int]:
    """lues, gardees, rejetees, doublons."""
    b = jeu.rapport.tables[table]
    return b.lues, b.gardees, b.rejetees, b.doublons
