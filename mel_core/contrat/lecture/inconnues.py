"""Values that neither the contract nor the mapping knows: one question each, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from mel_core.contrat.constats_lecture import Constats
from mel_core.contrat.lecture.brut import Entiers
from mel_core.contrat.libelles import libelles, say
from mel_core.contrat.proches import plus_proches
from mel_core.contrat.regles import LISTE_AMBIGUE, MONTANT_AMBIGU, VALEUR_INCONNUE, VALEURS_INCONNUES
from mel_core.contrat.tables import Colonne, Table, Type
from mel_core.contrat.valeurs import read_milliers, read_montant
from mel_core.socle.langue import effectif, nombre

QUESTIONS_MAX = 1_000  # a column with more is another column


class Questions:
    """Unknown values of one table, gathered as its rows go by."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._trouvees: dict[str, dict[str, list[int]]] = {}
        self._douteuses: dict[str, tuple[str, int, int]] = {}

    def add(self, colonne: Colonne, valeurs: Iterable[tuple[str, int]]) -> None:
        """`valeurs`: value as found and its line, in file order, once per row."""
        connues = self._trouvees.setdefault(colonne.nom, {})
        for valeur, ligne in valeurs:
            connues.setdefault(valeur, [ligne, 0])[1] += 1

    def doubt(self, colonne: Colonne, valeurs: Sequence[str], lignes: Entiers) -> None:
        """Amounts that read two ways, in file order: one question for the column."""
        valeur, ligne, n = self._douteuses.get(colonne.nom, (valeurs[0].strip(), int(lignes[0]), 0))
        self._douteuses[colonne.nom] = valeur, ligne, n + len(valeurs)

    def place(self, constats: Constats) -> None:
        for nom, (valeur, ligne, n) in self._douteuses.items():
            if self._table.colonne(nom).type is Type.LISTE:
                lignes, table = effectif(n, "ligne"), self._table.nom
                constats.report(LISTE_AMBIGUE, nom, valeur, ligne, lignes=lignes, table=table)
                continue
            milliers, decimales = read_milliers(valeur), read_montant(valeur)
            constats.report(
                MONTANT_AMBIGU,
                nom,
                valeur,
                ligne,
                lignes=effectif(n, "ligne"),
                milliers=nombre(milliers),
                decimales=nombre(decimales, 3).rstrip("0").rstrip(","),
                table=self._table.nom,
            )
        for nom, trouvees in self._trouvees.items():
            questions = list(trouvees.items())
            for valeur, (ligne, n) in questions[:QUESTIONS_MAX]:
                self._place_une(self._table.colonne(nom), valeur, ligne, n, constats)
            reste = questions[QUESTIONS_MAX:]
            if reste:
                lignes = effectif(sum(n for _, (_, n) in reste), "ligne")
                constats.report(VALEURS_INCONNUES, nom, reste=nombre(len(reste)), lignes=lignes)

    def _place_une(self, colonne: Colonne, valeur: str, ligne: int, n: int, constats: Constats) -> None:
        proches = plus_proches(valeur, colonne.valeurs, libelles=libelles(colonne.nom))
        constats.report(
            VALEUR_INCONNUE,
            colonne.nom,
            valeur,
            ligne,
            lignes=effectif(n, "ligne"),
            proches=", ".join(f"« {say(colonne.nom, code)} »" for code in proches),
            table=self._table.nom,
            cle=_toml(valeur),
            exemple=_toml(proches[0]),
        )


def _toml(texte: str) -> str:
    """A JSON string is a TOML basic string."""
    return json.dumps(texte, ensure_ascii=False)
