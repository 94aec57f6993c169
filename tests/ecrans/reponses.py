"""What the command line answers about the scope of a page, and how each answer is to be written on it.

Figures are the JSON that `python -m mel_core indicateur …` prints, and nothing else: asked and written as the command
does, which the command that each page displays is held to (`Releve`). Only what is no figure is taken from the product:
names of places, and which small lines are put together.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.cli.commandes import principal
from mel_core.cli.impression import en_json
from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.indicateurs import compute
from mel_core.socle.appellations import (
    ENJEUX_DE_MIXITE,
    FRAGILITES_DES_COMMUNES,
    FRAGILITES_EN_TETE,
    RESERVATAIRES,
    TYPOLOGIES_DES_COMMUNES,
)
from mel_core.socle.langue import ABSENT, FINE
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.tableur import lignes

SEANCE = "2017S2"
Cellule = dict[str, Any]
COMPTES = ("n", "n_connus", "n_inconnus", "numerateur")
AUTRES = {
    "commune": "Autres communes",
    "quartier": "Autres quartiers",
    "residence": "Autres résidences",
    "bailleur": "Autres bailleurs",
}
INCONNUS = {"quartier": "Quartier inconnu", "residence": "Résidence inconnue"}


def entier(n: float | None) -> str:
    """`1 204`."""
    return ABSENT if n is None else f"{int(n):,}".replace(",", FINE)


def decimal(valeur: float | None, decimales: int = 1) -> str:
    """Half away from zero, of the number without its binary hair."""
    if valeur is None:
        return ABSENT
    arrondie = Decimal(repr(round(float(valeur), 9))).quantize(Decimal(1).scaleb(-decimales), ROUND_HALF_UP)
    texte = f"{arrondie:,}".replace(",", FINE).replace(".", ",").replace("-", "−")
    return texte.removeprefix("−") if not set(texte) & set("123456789") else texte


def signe(valeur: float | None, decimales: int = 1) -> str:
    texte = decimal(valeur, decimales)
    return f"+{texte}" if valeur is not None and valeur > 0 and set(texte) & set("123456789") else texte


def pour_cent(part: float | None, decimales: int = 1) -> str:
    """A whole percentage is written whole."""
    if part is None:
        return ABSENT
    return f"{decimal(100 * part, 0 if abs(100 * part - round(100 * part)) < 1e-9 else decimales)}{FINE}%"


def ecart_dit(points: float | None) -> str:
    """A gap in points: a whole one is written whole."""
    return signe(points, 0 if points is not None and abs(points - round(points)) < 1e-6 else 1)


def ecart_signe(cellule: Mapping[str, Any]) -> str:
    """A gap in attributions: too many, missing, or of classes of quartiers that pull both ways."""
    n = entier(cellule["ecart_attributions"])
    return n if n in (ABSENT, "0") else {"trop": "+", "manque": "−"}.get(cellule["sens"], "±") + n


def mois(valeur: float | None) -> str:
    return ABSENT if valeur is None else decimal(valeur, 0 if float(valeur).is_integer() else 1)


class Reponses:
    """The answers of one store. `ici` is that of the page, none for the whole Métropole."""

    def __init__(self, dossier: Path, ici: str | None) -> None:
        self.dossier, self.ici = dossier, ici
        self._entrepot = Entrepot(dossier)
        self.cellules = cache(self._cellules)
        self.lignes = cache(self._lignes)

    def commande(self, options: list[str]) -> list[Cellule]:
        sortie = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with redirect_stdout(sortie):
            code = principal(["--dossier-donnees", str(self.dossier), *options])
        assert code == 0, options
        sortie.seek(0)
        return json.loads(sortie.read())

    def options(
        self, nom: str, *par: str, seance: str = SEANCE, etendue: str = "annee", ici: str | None = "ici"
    ) -> list[str]:
        ou = self.ici if ici == "ici" else ici
        return [
            *("indicateur", nom, "--seance", seance, "--periode", etendue),
            *(["--par", ",".join(par)] if par else []),
            *(["--ici", ou] if ou else []),
        ]

    def _cellules(
        self, nom: str, *par: str, seance: str = SEANCE, etendue: str = "annee", ici: str | None = "ici"
    ) -> list[Cellule]:
        quand, ou = Seance.read(seance), self.ici if ici == "ici" else ici
        with self._entrepot.open(Portee.mel(), quand) as lecteur:
            cellules = compute(lecteur, nom, Periode.de(quand, etendue), par, ici=ou)
        return json.loads(en_json(lignes(cellules)))

    def simuler(self, nom: str, pourcent: int) -> dict[str, Any]:
        """What `simuler` answers to a target, in per cent."""
        fichier = self.dossier / "scenario.toml"
        ou = f'ici = "{self.ici}"\n' if self.ici else ""
        fichier.write_text(
            f'simulation = "{nom}"\nseance = "{SEANCE}"\n{ou}[leviers]\ncible = "{pourcent} %"\n', encoding="utf-8"
        )
        return self.commande(["simuler", str(fichier), "--format", "json"])  # type: ignore[return-value]

    def une(self, nom: str, **ailleurs: Any) -> Cellule:
        (cellule,) = self.cellules(nom, **ailleurs)
        return cellule

    @cached_property
    def _perimetre(self) -> dict[str, Any]:
        with self._entrepot.open(Portee.mel()) as lecteur:
            geographie = perimetre.communes(lecteur).set_index("commune")
            lieux = {"quartier": perimetre.quartiers(lecteur), "residence": perimetre.residences(lecteur)}
            return {
                "seances": [str(s) for s in reversed(perimetre.seances(lecteur))],
                "icis": list(perimetre.icis(lecteur)),
                "geographie": geographie,
                "bailleur": perimetre.bailleurs(lecteur).set_index("bailleur")["nom"].to_dict(),
                **lieux,
            }

    @property
    def icis(self) -> list[str]:
        return self._perimetre["icis"]

    @property
    def seances(self) -> list[str]:
        """Those that have their twelve months, six at most."""
        toutes = self._perimetre["seances"]
        return [s for s in toutes[1:] if s <= SEANCE][-6:]

    @property
    def tenues(self) -> list[str]:
        """Every séance of the store, the first one first."""
        return self._perimetre["seances"]

    @property
    def precedente(self) -> str:
        """The séance before, where its twelve months are known; else nothing."""
        avant = f"{SEANCE[:4]}S1" if SEANCE.endswith("2") else f"{int(SEANCE[:4]) - 1}S2"
        return avant if avant in self.seances else ""

    def communes_de_l_ici(self) -> dict[str, str]:
        geographie = self._perimetre["geographie"]
        ici = geographie[geographie["ici"] == self.ici] if self.ici else geographie
        return ici["nom"].to_dict()

    def name(self, coupe: str, cellule: Cellule) -> str:
        if coupe == "mutation_fragilite":
            acces = {"mutation": "mutations", "premier_acces": "premier accès"}[cellule["mutation"]]
            return f"{FRAGILITES_EN_TETE[cellule['fragilite']]} · {acces}"
        if coupe == "bailleur_reservataire":
            return f"{self.name('bailleur', cellule)} · {self.name('reservataire', cellule)}"
        code = cellule[coupe]
        fixes = {
            **{
                "fragilite": FRAGILITES_EN_TETE,
                "fragilite_commune": FRAGILITES_DES_COMMUNES,
                "reservataire": RESERVATAIRES,
            },
            **{"typologie_fragilite": TYPOLOGIES_DES_COMMUNES, "enjeu_mixite": ENJEUX_DE_MIXITE},
        }
        if coupe in fixes:
            return fixes[coupe][code]
        if code == "inconnu":
            return INCONNUS[coupe]
        if coupe == "commune":
            return self._perimetre["geographie"]["nom"].get(code, code)
        if coupe == "bailleur":
            return self._perimetre["bailleur"].get(code, code)
        lieu = self._perimetre[coupe].set_index("code").loc[code]
        nom, commune = lieu["nom"] if pd.notna(lieu["nom"]) else code, self._commune_de(coupe, code)
        return nom if not commune or commune in nom else f"{nom} ({commune})"

    def _commune_de(self, coupe: str, code: str) -> str:
        lieux = self._perimetre[coupe].set_index("code")["commune"]
        return self._perimetre["geographie"]["nom"].get(lieux.get(code), "")

    def noms(self, nom: str, coupe: str) -> dict[str, str]:
        """Code → what it is called."""
        return {_code(coupe, c): self.name(coupe, c) for c in self.cellules(nom, *_par(coupe))}

    def _lignes(self, nom: str, coupe: str, **ailleurs: Any) -> dict[str, list[Cellule]]:
        """Line of the page → its cell (its classes, for a distribution)."""
        lignes: dict[str, list[Cellule]] = {}
        for c in self.cellules(nom, *_par(coupe), **ailleurs):
            lignes.setdefault(self.name(coupe, c), []).append(c)
        return lignes

    def croisees(self, nom: str, une: str, autre: str) -> dict[tuple[str, str], Cellule]:
        """Names of one cut and of the other → the cell."""
        return {(self.name(une, c), self.name(autre, c)): c for c in self.cellules(nom, une, autre)}

    def a_enjeu(self) -> dict[str, Cellule | None]:
        """Résidence à enjeu de mixité (name, commune) → its cell; none without an attribution."""
        lieux, geographie = self._perimetre["residence"].set_index("code"), self._perimetre["geographie"]
        siens = {
            code: c["nom"]
            for code, c in lieux.iterrows()
            if c["enjeu_mixite"] == "oui" and (not self.ici or geographie["ici"].get(c["commune"]) == self.ici)
        }
        cellules = {
            c["residence"]: c
            for c in self.cellules("entrants_occupants", "enjeu_mixite", "residence")
            if c["enjeu_mixite"] == "oui"
        }
        assert set(cellules) <= set(siens)
        return {f"{nom} ({self._commune_de('residence', code)})": cellules.get(code) for code, nom in siens.items()}


def _par(coupe: str) -> tuple[str, ...]:
    croisees = {"mutation_fragilite": ("mutation", "fragilite"), "bailleur_reservataire": ("bailleur", "reservataire")}
    return croisees.get(coupe, (coupe,))


def _code(coupe: str, cellule: Cellule) -> str:
    return "|".join(cellule[c] for c in _par(coupe))
