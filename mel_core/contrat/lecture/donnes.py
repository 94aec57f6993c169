"""What is given to a load: jeux de données, and files or sheets of any name for a table (`T=FICHIER[:FEUILLE]`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mel_core.contrat.lecture.brut import table_nommee
from mel_core.contrat.proches import plus_proches
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect

_EXEMPLE = '--table attributions="Vilogia 2017.xlsx:Feuil1"'


@dataclass(frozen=True)
class Donne:
    """A path given. Without `table`, a jeu de données whose files and sheets bear the names of their tables; with it,
    the file of that table, whatever its name. `feuille`: the sheet of a workbook; None where it has only one."""

    chemin: Path
    table: str | None = None
    feuille: str | None = None


def en_donnes(chemins: Path | Sequence[Donne]) -> tuple[Donne, ...]:
    """A path alone is a jeu de données."""
    return (Donne(chemins),) if isinstance(chemins, Path) else tuple(chemins)


def read_donne(texte: str) -> Donne:
    """`attributions=Vilogia 2017.xlsx:Feuil1`. A `:` of the path (`C:\\…`, or in a name) stays in it: the file is the
    longest beginning that exists. Raises `AppelIncorrect`."""
    nom, egal, lieu = texte.partition("=")
    if not egal or not lieu.strip() or not nom.strip():
        raise AppelIncorrect(
            f"L’option --table attend une table et son fichier et a reçu « {texte} » : l’écrire comme {_EXEMPLE}."
        )
    table = table_nommee(nom)
    if table is None:
        raise AppelIncorrect(
            f"La table « {nom.strip()} » n’existe pas : choisir parmi {', '.join(TABLES)} (la plus proche est "
            f"« {plus_proches(nom, TABLES, 1)[0]} »)."
        )
    chemin, feuille = _split(lieu)
    return Donne(chemin, table, feuille)


def _split(lieu: str) -> tuple[Path, str | None]:
    coupes = [rang for rang, signe in enumerate(lieu) if signe == ":"]
    for rang in (len(lieu), *reversed(coupes)):
        chemin = Path(lieu[:rang])
        if lieu[:rang] and chemin.exists():
            feuille = lieu[rang + 1 :]
            if rang < len(lieu) and not feuille.strip():
                raise AppelIncorrect(
                    f"La feuille manque après « {lieu} » : l’écrire comme {_EXEMPLE}, ou ôter le dernier « : »."
                )
            return chemin, feuille or None
    # Nothing is there: what stands before the last `:` is the file, unless that is the letter of a drive.
    avant, _, apres = lieu.rpartition(":")
    return (Path(avant), apres or None) if len(avant) > 1 and "." in Path(avant).name else (Path(lieu), None)
