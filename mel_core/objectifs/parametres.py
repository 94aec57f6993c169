"""Reading of dated parameters: the embedded ones, then those that a file adds (`--parametres`).

Numbers are exact (`Fraction`), so that a target of 0.45 is 9/20 and an écart never owes a unit to rounding.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from mel_core.contrat.mapping import names
from mel_core.contrat.reference import DOSSIER, communes, plus_proches
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, FRAGILITES, RESERVATAIRES
from mel_core.socle.erreurs import AppelIncorrect, read_toml
from mel_core.socle.langue import liste

SENS_DE_CIBLE = ("plancher", "plafond")
_NOMBRE_MAX = 1_000_000
PERSONNE_SUPPLEMENTAIRE = "pers_supp"


@dataclass(frozen=True)
class Cible:
    """A target share (0–1) of an indicator from `depuis` on; `bande`, the tolerance of the middle class.

    `commune`, `bailleur`, `reservataire`: whose it is; empty: of the whole Métropole. `sens`: plancher or plafond;
    empty: the indicator's own. `en_nombre`: a number of attributions a year instead of a share.
    """

    indicateur: str
    valeur: Fraction
    bande: Fraction
    depuis: date
    source: str
    auteur: str = ""  # who added it; empty for those of the application
    commune: str = ""
    bailleur: str = ""
    reservataire: str = ""
    sens: str = ""
    en_nombre: bool = False


@dataclass(frozen=True)
class BornesRessources:
    """The three bounds between the four classes of ressources, as shares of the PLUS ceiling."""

    depuis: date
    bornes: tuple[Fraction, Fraction, Fraction]
    source: str
    auteur: str = ""


@dataclass(frozen=True)
class FragiliteIps:
    """How an IPS (1–4) becomes a class of fragilité; an IPS left out has none."""

    depuis: date
    classes: dict[int, str]
    source: str
    auteur: str = ""


@dataclass(frozen=True)
class SeuilPremierQuartile:
    """First-quartile threshold of a year, in € per unité de consommation and year."""

    annee: int
    seuil_eur_uc: Fraction
    source: str
    auteur: str = ""


@dataclass(frozen=True)
class Plafond:
    """PLUS ceiling (€ a year) of a year and category (1–6, or `pers_supp` per person beyond six)."""

    annee: int
    categorie: str
    plafond_eur: int
    source: str
    auteur: str = ""


@dataclass(frozen=True)
class Parametres:
    """All dated parameters, the latest reading last."""

    cibles: tuple[Cible, ...] = ()
    bornes_ressources: tuple[BornesRessources, ...] = ()
    fragilite_ips: tuple[FragiliteIps, ...] = ()
    seuils_premier_quartile: tuple[SeuilPremierQuartile, ...] = ()
    plafonds: tuple[Plafond, ...] = ()

    @classmethod
    def embarques(cls) -> Parametres:
        """Those of `data/reference/`: parametres.toml and the official PLUS ceilings."""
        lus = cls.read((DOSSIER / "parametres.toml").read_text(encoding="utf-8"), "parametres.toml")
        with (DOSSIER / "plafonds_plus.csv").open(encoding="utf-8", newline="") as fichier:
            plafonds = tuple(
                Plafond(int(x["annee"]), x["categorie"], int(x["plafond_eur"]), x["source"])
                for x in csv.DictReader(fichier)
            )
        return lus.plus(Parametres(plafonds=plafonds))

    @classmethod
    def reread(cls, texte: str) -> Parametres:
        """The same, of a text that a snapshot holds: a key that nothing reads was let through once, and is left."""
        return cls._read(texte, "paramètres ajoutés", est_neuf=False)

    @classmethod
    def read(cls, texte: str, nom: str) -> Parametres:
        """Parse TOML `texte`; `nom` names the file in messages, and is empty when it was typed on screen. Raises
        `AppelIncorrect` when it makes no sense, or has a key that nothing reads: dropped, an objective written for one
        commune would apply to all of them. Which indicators have objectives is not known here: `parametrage`."""
        return cls._read(texte, nom, est_neuf=True)

    @classmethod
    def _read(cls, texte: str, nom: str, *, est_neuf: bool) -> Parametres:
        contenu = read_toml(texte, f"Le fichier de paramètres « {nom} »", Fraction)
        inconnues = sorted(set(contenu) - set(_LECTEURS))
        if inconnues:
            raise AppelIncorrect(
                f"Le fichier de paramètres « {nom} » contient une section inconnue « {inconnues[0]} » : "
                f"choisir parmi {', '.join(_LECTEURS)}."
            )
        lues: dict[str, tuple[Any, ...]] = {}
        for section, (lecteur, cles) in _LECTEURS.items():
            entrees = _entrees(contenu.get(section, []), section, nom)
            if est_neuf:
                for rang, entree in enumerate(entrees, start=1):
                    _refuse_cles_inconnues(entree, cles, section, rang, nom)
            lues[section] = tuple(
                _read_entree(lecteur, entree, section, rang, nom) for rang, entree in enumerate(entrees, start=1)
            )
        return cls(**lues)

    def plus(self, ajout: Parametres) -> Parametres:
        """These parameters, then those of `ajout`, which win at the same date, year or category."""
        return Parametres(
            self.cibles + ajout.cibles,
            self.bornes_ressources + ajout.bornes_ressources,
            self.fragilite_ips + ajout.fragilite_ips,
            self.seuils_premier_quartile + ajout.seuils_premier_quartile,
            self.plafonds + ajout.plafonds,
        )


def _entrees(valeur: Any, section: str, nom: str) -> list[dict[str, Any]]:
    if isinstance(valeur, list) and all(isinstance(x, dict) for x in valeur):
        return valeur
    raise AppelIncorrect(f"Dans « {nom} », écrire la section « {section} » sous la forme [[{section}]].")


def _refuse_cles_inconnues(entree: dict[str, Any], cles: Collection[str], section: str, rang: int, nom: str) -> None:
    for cle in entree:
        if cle in cles:
            continue
        debut = f"Dans « {nom} », l’entrée {rang} de [[{section}]] a une clé"
        raise AppelIncorrect(
            f"{debut} inconnue « {cle} » : la plus proche est « {plus_proches(cle, cles, 1)[0]} », la corriger ou "
            "l’ôter."
        )


def _read_entree(
    lecteur: Callable[[dict[str, Any]], Any], entree: dict[str, Any], section: str, rang: int, nom: str
) -> Any:
    try:
        return lecteur(entree)
    except KeyError as manque:
        raise AppelIncorrect(
            f"Dans « {nom} », l’entrée {rang} de [[{section}]] n’a pas de clé « {manque.args[0]} » : l’ajouter."
        ) from None
    except (ValueError, TypeError) as erreur:
        raise AppelIncorrect(a_corriger(section, rang, nom, erreur)) from None


def check_bailleurs(texte: str, nom: str, connus: Mapping[str, str]) -> None:
    """Raises `AppelIncorrect` for a target of a bailleur whose code is none of `connus` (code → name): it would bear on
    nothing."""
    for rang, cible in enumerate(Parametres.read(texte, nom).cibles, start=1):
        if cible.bailleur and cible.bailleur not in connus:
            siens = [f"« {code} », pour {dit}" for code, dit in connus.items() if names(cible.bailleur, dit)]
            attendu = f"écrire {liste(siens)}" if siens else "vérifier la table des bailleurs"
            quoi = f"« bailleur » n’est pas le code d’un bailleur connu, « {cible.bailleur} », {attendu}"
            raise AppelIncorrect(a_corriger("cibles", rang, nom, quoi))


def a_corriger(section: str, rang: int, nom: str, quoi: object) -> str:
    ou = f"Dans « {nom} », l’entrée {rang} de [[{section}]]" if nom else "Cette version"
    return f"{ou} est à corriger : {quoi}."


def _jour(valeur: Any) -> date:
    if type(valeur) is not date:
        raise ValueError("« depuis » doit être une date comme 2017-03-17")
    return valeur


def _nombre(valeur: Any, quoi: str, minimum: int, maximum: int | None = None) -> Fraction:
    if isinstance(valeur, bool) or not isinstance(valeur, int | Fraction):
        raise ValueError(f"« {quoi} » doit être un nombre")
    if valeur < minimum or (maximum is not None and valeur > maximum):
        bornes = f"au moins {minimum}" if maximum is None else f"compris entre {minimum} et {maximum}"
        raise ValueError(f"« {quoi} » doit être {bornes}")
    return Fraction(valeur)


def _annee(valeur: Any) -> int:
    return int(_nombre(valeur, "annee", 1970, 9999))


def _origine(entree: dict[str, Any]) -> tuple[str, str]:
    """Source and author."""
    source, auteur = entree["source"], entree.get("auteur", "")
    if not isinstance(source, str) or not source.strip():
        raise ValueError("« source » doit dire d’où vient la valeur")
    if not isinstance(auteur, str):
        raise ValueError("« auteur » doit être un texte")
    return source.strip(), auteur.strip()


def _cible(entree: dict[str, Any]) -> Cible:
    en_nombre = entree.get("en_nombre", False)
    if not isinstance(en_nombre, bool):
        raise ValueError("« en_nombre » doit être true ou false")
    valeur = _nombre(entree["valeur"], "valeur", 0, _NOMBRE_MAX if en_nombre else 1)
    if en_nombre and (valeur.denominator != 1 or entree["indicateur"] == "equilibre"):
        raise ValueError("un objectif en nombre est un nombre entier d’attributions, et jamais celui de l’équilibre")
    if "sens" in entree and (entree["sens"] not in SENS_DE_CIBLE or entree["indicateur"] == "equilibre"):
        raise ValueError("« sens » doit être plancher ou plafond, pour un autre indicateur que l’équilibre")
    if entree["indicateur"] == "flux" and "reservataire" not in entree:
        raise ValueError("« reservataire » est à donner : l’accord de gestion en flux est celui d’un réservataire")
    return Cible(
        entree["indicateur"],
        valeur,
        _nombre(entree.get("bande", Fraction(1, 20)), "bande", 0, 1),
        _jour(entree["depuis"]),
        *_origine(entree),
        **_lieu(entree),
        sens=entree.get("sens", ""),
        en_nombre=en_nombre,
    )


def _lieu(entree: dict[str, Any]) -> dict[str, str]:
    """Whose a target is."""
    lus = {cle: entree[cle] for cle in LIEUX_DE_CIBLE if cle in entree}
    for cle, code in lus.items():
        if not isinstance(code, str) or not code.strip():
            raise ValueError(f"« {cle} » doit être un code entre guillemets")
    if (commune := lus.get("commune")) is not None:
        lus["commune"] = COMMUNES_ASSOCIEES.get(commune, commune)
        if lus["commune"] not in communes():
            raise ValueError(f"« commune » doit être le code INSEE d’une commune de la MEL, pas « {commune} »")
    if lus.get("reservataire", RESERVATAIRES[0]) not in RESERVATAIRES:
        raise ValueError(f"« reservataire » doit être l’un de {', '.join(RESERVATAIRES)}")
    return lus


def _bornes(entree: dict[str, Any]) -> BornesRessources:
    bornes = tuple(_nombre(b, "bornes", 0) for b in entree["bornes"])
    if len(bornes) != 3 or not 0 < bornes[0] < bornes[1] < bornes[2]:
        raise ValueError("« bornes » doit donner trois nombres croissants, par exemple [0.20, 0.40, 0.60]")
    return BornesRessources(_jour(entree["depuis"]), (bornes[0], bornes[1], bornes[2]), *_origine(entree))


def _fragilite_ips(entree: dict[str, Any]) -> FragiliteIps:
    donnees = [(ips, fragilite) for fragilite in FRAGILITES for ips in entree.get(fragilite, [])]
    if not donnees or not all(type(ips) is int and 1 <= ips <= 4 for ips, _ in donnees):
        raise ValueError("« fragile », « moyenne » et « sans » doivent lister des IPS de 1 à 4")
    classes: dict[int, str] = {}
    for ips, fragilite in donnees:
        if ips in classes:
            ou = " et ".join(dict.fromkeys([classes[ips], fragilite]))
            raise ValueError(f"l’IPS {ips} est donné deux fois ({ou}), ne le garder que dans une classe")
        classes[ips] = fragilite
    return FragiliteIps(_jour(entree["depuis"]), classes, *_origine(entree))


def _seuil(entree: dict[str, Any]) -> SeuilPremierQuartile:
    return SeuilPremierQuartile(
        _annee(entree["annee"]), _nombre(entree["seuil_eur_uc"], "seuil_eur_uc", 1), *_origine(entree)
    )


def _plafond(entree: dict[str, Any]) -> Plafond:
    categorie = str(entree["categorie"])
    if categorie not in {"1", "2", "3", "4", "5", "6", PERSONNE_SUPPLEMENTAIRE}:
        raise ValueError(f"« categorie » doit être de 1 à 6 ou « {PERSONNE_SUPPLEMENTAIRE} »")
    return Plafond(
        _annee(entree["annee"]), categorie, int(_nombre(entree["plafond_eur"], "plafond_eur", 1)), *_origine(entree)
    )


_ORIGINE = ("source", "auteur")
LIEUX_DE_CIBLE = ("commune", "bailleur", "reservataire")
# Section → how an entry is read, and the keys that it may have.
_LECTEURS: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]] = {
    "cibles": (
        _cible,
        ("indicateur", "valeur", "bande", "depuis", *LIEUX_DE_CIBLE, "sens", "en_nombre", *_ORIGINE),
    ),
    "bornes_ressources": (_bornes, ("bornes", "depuis", *_ORIGINE)),
    "fragilite_ips": (_fragilite_ips, (*FRAGILITES, "depuis", *_ORIGINE)),
    "seuils_premier_quartile": (_seuil, ("annee", "seuil_eur_uc", *_ORIGINE)),
    "plafonds": (_plafond, ("annee", "categorie", "plafond_eur", *_ORIGINE)),
}
