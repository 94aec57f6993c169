"""A what-if with a name: a file, a link, an entry of the journal, always the same frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from mel_core.simulation.scenarios.leviers import LEVIERS, Valeur
from mel_core.socle.erreurs import AppelIncorrect, cause, read_toml
from mel_core.socle.periodes import Seance

_TEXTES = ("nom", "auteur", "seance", "ici", "millesime")
_CLES = ("simulation", *_TEXTES, "leviers")
_LONGUEUR_MAX = 200
_TAILLE_MAX = 1 << 20


@dataclass(frozen=True)
class Scenario:
    """`simulation` and its `leviers` (those not moved are absent), on a `seance` and an `ici` ("": the Métropole).

    `nom` and `auteur` are as typed; `millesime` is the snapshot on which it was tried ("": not tried yet). Raises
    `AppelIncorrect` for an unknown simulation or lever, or a value that is not one.
    """

    simulation: str
    seance: Seance
    leviers: Mapping[str, Valeur] = field(default_factory=dict)
    nom: str = ""
    auteur: str = ""
    ici: str = ""
    millesime: str = ""

    def __post_init__(self) -> None:
        if self.simulation not in LEVIERS:
            raise AppelIncorrect(
                f"La simulation « {self.simulation} » n’existe pas : choisir parmi {', '.join(LEVIERS)}."
            )
        connus = LEVIERS[self.simulation]
        for nom in self.leviers:
            if nom not in connus:
                raise AppelIncorrect(
                    f"La simulation {self.simulation} n’a pas de levier « {nom} » : choisir parmi {', '.join(connus)}."
                )
        object.__setattr__(self, "leviers", {n: connus[n].read(self.leviers[n]) for n in connus if n in self.leviers})

    @classmethod
    def read(cls, chemin: Path) -> Scenario:
        """From a TOML file. Raises `AppelIncorrect` when it can't be read, or says something unknown."""
        try:
            octets = chemin.read_bytes() if chemin.stat().st_size <= _TAILLE_MAX else None
        except OSError as erreur:
            raise AppelIncorrect(
                f"Le scénario « {chemin} » ne s’ouvre pas ({cause(erreur)}) : vérifier son chemin."
            ) from None
        if octets is None:
            raise AppelIncorrect(
                f"Le scénario « {chemin} » dépasse 1 Mo : ce n’est pas un scénario, vérifier le chemin."
            )
        try:
            return cls.de_toml(octets.decode("utf-8-sig"), chemin.name)
        except UnicodeDecodeError:
            raise AppelIncorrect(f"Le scénario « {chemin} » n’est pas en UTF-8 : l’enregistrer en UTF-8.") from None

    @classmethod
    def de_toml(cls, texte: str, nom: str = "scenario.toml") -> Scenario:
        """From the text of such a file, called `nom` in messages."""
        return cls.depuis(read_toml(texte, f"Le scénario « {nom} »", _reel))

    @classmethod
    def depuis(cls, contenu: Mapping[str, Any]) -> Scenario:
        """From what `contenu` gives (or a TOML file that was parsed)."""
        for cle in contenu:
            if cle not in _CLES:
                raise AppelIncorrect(f"Le scénario a une clé inconnue « {cle} » : choisir parmi {', '.join(_CLES)}.")
        for cle in ("simulation", "seance"):
            if cle not in contenu:
                raise AppelIncorrect(f'Le scénario ne dit pas sa clé « {cle} » : l’ajouter (seance = "2017S2").')
        leviers = contenu.get("leviers", {})
        if not isinstance(leviers, Mapping):
            raise AppelIncorrect("Les leviers du scénario s’écrivent sous [leviers], un par ligne : les y mettre.")
        textes = {cle: _texte(cle, contenu.get(cle, "")) for cle in ("simulation", *_TEXTES)}
        return cls(**{**textes, "seance": Seance.read(textes["seance"]), "leviers": leviers})  # type: ignore[arg-type]

    def contenu(self) -> dict[str, Any]:
        """JSON values, for the journal: exact shares as text. `depuis` reads them back."""
        return {
            "simulation": self.simulation,
            **{cle: str(getattr(self, cle)) for cle in _TEXTES},
            "leviers": self._leviers_ecrits(),
        }

    def toml(self) -> str:
        """The file that `read` reads back."""
        lignes = [f"{cle} = {_cite(valeur)}" for cle, valeur in self.contenu().items() if cle != "leviers" and valeur]
        leviers = [f"{nom} = {_cite(valeur)}" for nom, valeur in self._leviers_ecrits().items()]
        return "\n".join([*lignes, "", "[leviers]", *leviers, ""])

    def sans(self, *noms: str) -> Scenario:
        """The same with some levers left at rest."""
        return replace(self, leviers={n: v for n, v in self.leviers.items() if n not in noms})

    def _leviers_ecrits(self) -> dict[str, str]:
        return {nom: LEVIERS[self.simulation][nom].write(valeur) for nom, valeur in self.leviers.items()}


def _reel(texte: str) -> Fraction:
    """Exactly what is written. An exponent could ask for a number of a thousand million digits: none is needed here."""
    if not texte.replace("_", "").replace(".", "").lstrip("+-").isdigit():
        raise ValueError("not a plain decimal number")
    return Fraction(texte)


def _texte(cle: str, valeur: Any) -> str:
    if not isinstance(valeur, str) or len(valeur) > _LONGUEUR_MAX or not all(c.isprintable() for c in valeur):
        raise AppelIncorrect(f"La clé « {cle} » du scénario doit être un texte court, entre guillemets : la corriger.")
    return valeur.strip()


def _cite(texte: str) -> str:
    propre = texte.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{propre}"'
