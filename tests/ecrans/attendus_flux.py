"""What the tables of the agreements and of the résidences à enjeu de mixité must say, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.ecrans.reponses import Cellule, ecart_dit, ecart_signe, entier, pour_cent

if TYPE_CHECKING:
    from tests.ecrans.attendus import Attendus


def residence(c: Cellule | None) -> dict[str, Any]:
    """Heading → what is written of a résidence à enjeu de mixité; nothing is known of one without an attribution."""
    comptes = ("n", "n_connus", "numerateur")
    lue: Cellule = c or dict.fromkeys((*comptes, "part", "part_occupants", "ecart_points"))
    tetes = ("Attributions", "Ressources connues", "Entrants modestes")
    return {
        **{tete: entier(lue[compte]) for tete, compte in zip(tetes, comptes, strict=True)},
        "Part des entrants": pour_cent(lue["part"]),
        "Part des occupants": pour_cent(lue["part_occupants"]),
        "Écart (points)": ecart_dit(lue["ecart_points"]),
        **{tete: [] for tete in ("Commune", "Bailleur", "Lecture")},
    }


def convention(a: Attendus, nom: str, c: Cellule) -> dict[str, Any]:
    siennes = a.conventions().get(nom, [])
    return {
        "Flux connu": entier(c["n_connus"]),
        "Attributions": entier(c["numerateur"]),
        "Part": pour_cent(c["part"]),
        "Objectif": [] if c["cible"] is None else [pour_cent(c["cible"])],
        "Objectif de": [],
        "Écart (points)": ecart_dit(c["ecart_points"]),
        "Écart (attributions)": ecart_signe(c),
        "Lecture": [],
        "Conventions": a.issues(siennes) if siennes else [],
        "Manque, par bailleur": entier(sum(x["ecart_attributions"] for x in siennes) if siennes else None),
    }
