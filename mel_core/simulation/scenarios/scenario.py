"""A scenario, named or not: the levers of each simulation, what each takes, how it is written in a file and a link."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, member
from fractions import Fraction
from pathlib import Path
from typing import Any

from mel_core.contrat.tables import COMMUNES_ASSOCIEES, FRAGILITES
from mel_core.simulation.ordonnancement import CRITERES
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DES_QUARTIERS
from mel_core.socle.erreurs import AppelIncorrect, cause, read_toml
from mel_core.socle.periodes import Seance

Valeur = Fraction | int | bool | str | Mapping[str, Fraction]

_POUR_CENT = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*%\s*$")
_NOMBRE = re.compile(r"^\s*\d+(?:[.,]\d+)?\s*$|^\s*\d+\s*/\s*[1-9]\d*\s*$")
_PAR_CODE = "|"
_ENTRE = ":"


def _exact(brut: Any) -> Fraction:
    if isinstance(brut, bool) or not isinstance(brut, int | float | str | Fraction):
        raise ValueError("donner un nombre")
    if isinstance(brut, str):
        pour_cent = _POUR_CENT.match(brut)
        if pour_cent:
            return Fraction(pour_cent[1].replace(",", ".")) / 100
        if not _NOMBRE.match(brut) or len(brut) > 30:
            raise ValueError('l’écrire comme 0.45, "45 %" ou "9/20"')
        return Fraction(brut.replace(",", ".").replace(" ", ""))
    if isinstance(brut, float):
        if not math.isfinite(brut):
            raise ValueError("donner un nombre")
        return Fraction(repr(brut))  # what was written, not its binary neighbour
    return Fraction(brut)


def _part(brut: Any) -> Fraction:
    valeur = _exact(brut)
    if not 0 <= valeur <= 1:
        raise ValueError('donner une part entre 0 et 1, comme 0.45 ou "45 %"')
    return valeur


def _rapport(brut: Any) -> Fraction:
    valeur = _exact(brut)
    if valeur <= 0:
        raise ValueError("donner un nombre supérieur à 0")
    return valeur


def _entier(brut: Any) -> int:
    try:
        valeur = _exact(brut)
    except ValueError:
        valeur = Fraction(-1)
    if valeur.denominator != 1 or not 0 <= valeur <= 10**9:
        raise ValueError("donner un nombre entier, zéro ou plus")
    return int(valeur)


def _oui(brut: Any) -> bool:
    if isinstance(brut, bool):
        return brut
    if str(brut).lower() in {"oui", "non"}:
        return str(brut).lower() == "oui"
    raise ValueError('écrire "oui" ou "non"')


def _texte(brut: Any) -> str:
    if not isinstance(brut, str) or not brut.strip() or len(brut) > 200:
        raise ValueError("donner un texte court")
    return brut.strip()


def _parts(brut: Any) -> dict[str, Fraction]:
    if isinstance(brut, str):
        morceaux = [m.split(_ENTRE) for m in brut.split(_PAR_CODE) if m]
        if any(len(m) != 2 for m in morceaux):
            raise ValueError("l’écrire comme 59350:45 %|59512:50 %")
        brut = dict(morceaux)
    if not isinstance(brut, Mapping) or len(brut) > 200:
        raise ValueError("donner une part par code, comme 59350 = 0.45")
    return {_texte(code): _part(part) for code, part in brut.items()}


def _parts_communes(brut: Any) -> dict[str, Fraction]:
    lues: dict[str, Fraction] = {}
    for ecrit, part in _parts(brut).items():
        code = COMMUNES_ASSOCIEES.get(ecrit, ecrit)
        if lues.setdefault(code, part) != part:
            associees = langue.liste([a for a, lue in COMMUNES_ASSOCIEES.items() if lue == code])
            raise ValueError(f"{associees} se lisent {code}, qui a deux parts différentes, n’en garder qu’une")
    return lues


class GenreDeLevier(Enum):
    """What a lever takes, and what reads it."""

    PART = member(_part)  # a share 0–1, exact: 0.45, "45 %", "9/20"
    RAPPORT = member(_rapport)  # a positive ratio, exact: 1.5
    ENTIER = member(_entier)
    OUI = member(_oui)
    TEXTE = member(_texte)
    PARTS = member(_parts)  # a share per code
    PARTS_COMMUNES = member(_parts_communes)  # a share per INSEE code, an associated commune read as its own (§1)


@dataclass(frozen=True)
class Levier:
    """`nom` is the key of the file and of the link; `titre` how the room calls it."""

    nom: str
    titre: str
    genre: GenreDeLevier

    def read(self, brut: Any) -> Valeur:
        """The value of the lever from TOML, JSON or a link. Raises `AppelIncorrect` when it is not one."""
        try:
            lue: Valeur = self.genre.value(brut)
        except ValueError as erreur:
            raise AppelIncorrect(f"Le levier « {self.nom} » vaut « {_court(brut)} » : {erreur}.") from None
        return lue

    def write(self, valeur: Valeur) -> str:
        """As a link and the journal hold it; `read` reads it back."""
        if isinstance(valeur, Mapping):
            return _PAR_CODE.join(f"{code}{_ENTRE}{part}" for code, part in sorted(valeur.items()))
        return ("oui" if valeur else "non") if isinstance(valeur, bool) else str(valeur)

    def say(self, valeur: Valeur) -> str:
        """As a person reads it: « 45 % », where a link holds 9/20."""
        if isinstance(valeur, Mapping):
            return langue.liste([f"{langue.part(part)} ({code})" for code, part in sorted(valeur.items())])
        if self.genre is GenreDeLevier.PART and isinstance(valeur, Fraction):
            return langue.part(valeur)
        return self.write(valeur)


def _court(brut: Any) -> str:
    texte = ", ".join(f"{code} = {part}" for code, part in brut.items()) if isinstance(brut, Mapping) else str(brut)
    return texte if len(texte) <= 60 else f"{texte[:60]}…"


_CRITERES = {
    "anciennete": "ancienneté",
    "aci": "ménage ACI",
    "poulidor": "Poulidor",
    "mutation_bloquee": "mutation bloquée",
    "delai_anormal": "délai anormal",
    "attachement": "attachement à la commune",
    "sur_occupation": "sur-occupation",
}
_PAR_CLASSE = tuple(
    Levier(f"cible_{c}", f"part de ménages modestes, {FRAGILITES_DES_QUARTIERS[c]}", GenreDeLevier.PART)
    for c in FRAGILITES
)
_ATTENTES = (
    Levier("attributions_attendues", "attributions attendues par an", GenreDeLevier.ENTIER),
    Levier("horizon", "horizon (semestres)", GenreDeLevier.ENTIER),
)
_BANDE = Levier("bande", "tolérance en fragilité moyenne", GenreDeLevier.PART)
_PAR_LIEU = (
    Levier("cibles_communes", "part de ménages ACI par commune", GenreDeLevier.PARTS_COMMUNES),
    Levier("cibles_bailleurs", "part de ménages ACI par bailleur", GenreDeLevier.PARTS),
)
_CIBLE = Levier("cible", "part de ménages modestes, toutes classes", GenreDeLevier.PART)

_LEVIERS: dict[str, tuple[Levier, ...]] = {
    "equilibre": (_CIBLE, *_PAR_CLASSE, _BANDE, *_ATTENTES),
    "aci": (Levier("cible", "part de ménages ACI", GenreDeLevier.PART), *_PAR_LIEU, *_ATTENTES),
    "convergence": (
        *_PAR_CLASSE,
        Levier("horizon", "horizon (semestres)", GenreDeLevier.ENTIER),
        Levier("marge_rotation", "incertitude sur la rotation", GenreDeLevier.PART),
    ),
    "engagement": (
        Levier("segment", "segment", GenreDeLevier.TEXTE),
        Levier("nombre", "ménages relogés par semestre", GenreDeLevier.ENTIER),
        Levier("part", "part du flux d’attributions", GenreDeLevier.PART),
        Levier("mois", "mois d’attente", GenreDeLevier.ENTIER),
        Levier("n_min", "passages au moins", GenreDeLevier.ENTIER),
        Levier("fenetre", "fenêtre (mois)", GenreDeLevier.ENTIER),
    ),
    "programmation": (
        Levier("part_plai", "part de PLAI", GenreDeLevier.PART),
        Levier("lisser", "60 % de PLAI du NPRU lissés sur toutes les opérations", GenreDeLevier.OUI),
        Levier("depuis", "première année modifiable", GenreDeLevier.ENTIER),
        Levier("rythme", "rythme, par rapport au programme", GenreDeLevier.RAPPORT),
        Levier("n_demolis", "logements démolis à reconstituer", GenreDeLevier.ENTIER),
    ),
    "ordonnancement": (
        *(Levier(f"poids_{c}", f"poids : {_CRITERES[c]}", GenreDeLevier.ENTIER) for c in CRITERES),
        Levier("taille", "taille de la tête de file", GenreDeLevier.ENTIER),
    ),
    "plan": (
        _CIBLE,
        *_PAR_CLASSE,
        _BANDE,
        Levier("cible_aci", "part de ménages ACI", GenreDeLevier.PART),
        *_PAR_LIEU,
        Levier("effectif_minimal", "attributions à partir desquelles un lieu a son objectif", GenreDeLevier.ENTIER),
        *_ATTENTES,
    ),
}
LEVIERS: dict[str, dict[str, Levier]] = {s: {x.nom: x for x in liste} for s, liste in _LEVIERS.items()}


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
        textes = {cle: _texte_de(cle, contenu.get(cle, "")) for cle in ("simulation", *_TEXTES)}
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


def _texte_de(cle: str, valeur: Any) -> str:
    if not isinstance(valeur, str) or len(valeur) > _LONGUEUR_MAX or not all(c.isprintable() for c in valeur):
        raise AppelIncorrect(f"La clé « {cle} » du scénario doit être un texte court, entre guillemets : la corriger.")
    return valeur.strip()


def _cite(texte: str) -> str:
    propre = texte.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{propre}"'
