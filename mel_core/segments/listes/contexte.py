"""What a list says in a report that is made from it, beside what its sender types; of nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from mel_core.segments.compilation import MenagesRetenus
from mel_core.segments.listes.suites import SuitesConnues
from mel_core.socle import langue

COMMUNES_CITEES = 5


def say_contexte(
    liste: str,
    lieu: str,
    n: int,
    jour: date,
    filtres: str,
    connues: SuitesConnues,
    menages: MenagesRetenus | None,
    communes: Sequence[str | None] = (),
) -> str:
    """How many, of which list, in which `communes` (one a line, where they are its own; None: unknown), what was noted
    of those that its filter on outcomes keeps (`menages`, see `suites.select`)."""
    combien = langue.effectif(n, "demande")
    gardees = (suite for menage, (_, suite) in connues.items() if menages is None or menage in menages)
    notees = Counter(suite.dite.replace(" : ", ", ") for suite in gardees).most_common()
    lieux = Counter(c for c in communes if c).most_common()
    restes = {"d’autres": sum(k for _, k in lieux[COMMUNES_CITEES:]), "commune inconnue": communes.count(None)}
    lieux = [*lieux[:COMMUNES_CITEES], *((dit, k) for dit, k in restes.items() if k)]
    restreinte = f" ({filtres})" if filtres else ""
    tete = f"{combien} de la liste « {liste} »{restreinte}, {lieu}, au {langue.jour(jour)}."
    return tete + _say_comptes("Communes", lieux) + _say_comptes("Suites notées", notees)


def _say_comptes(quoi: str, comptes: Sequence[tuple[str, int]]) -> str:
    """` Communes : Roubaix (12) ; Lille (3).`; empty of none."""
    dits = f"{langue.INSECABLE}; ".join(f"{dit} ({langue.nombre(k)})" for dit, k in comptes)
    return f" {quoi} : {dits}." if dits else ""
