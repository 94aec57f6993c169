"""How large a table may be before it is a mistake: several times the whole of France, and no more than a machine holds.

A file of sixty million tiny rows took 5 GB and more than a minute before it was told that it held one bailleur.
"""

from __future__ import annotations

from mel_core.socle.langue import nombre

LIGNES_MAX = 2_000_000  # of a table of reference: France has 36 000 communes, 50 000 IRIS
# France: 2.9 M demandes, 2.5 M attributions and 12 M événements over three years.
LIGNES_MAX_DE = {"demandes": 5_000_000, "attributions": 5_000_000, "evenements": 20_000_000}
ANOMALIES_MAX = 2_000_000  # of one table, each with its line and its sentence


def lignes_max(table: str) -> int:
    """Rows that a file of this table may have, at most."""
    return LIGNES_MAX_DE.get(table, LIGNES_MAX)


def trop_de_lignes(table: str) -> str:
    """What is said of a file that has more."""
    return (
        f"Le fichier a plus de {nombre(lignes_max(table))} lignes, bien plus que « {table} » n’en compte pour toute la "
        "France : vérifier l’export (lignes répétées, autre table), puis le donner de nouveau."
    )


def trop_d_anomalies(table: str, colonne: str, ligne: int) -> str:
    """`colonne`, `ligne`: where the first one is, which often shows them all."""
    return (
        f"Plus de {nombre(ANOMALIES_MAX)} anomalies dans « {table} », à commencer par « {colonne} » ligne "
        f"{nombre(ligne)} : corriger l’export, ou donner ensemble les tables qui se répondent, puis recommencer."
    )
