"""Adding a version of a dated parameter: the same data published again with one more line, signed by its author."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from mel_core.entrepot import Entrepot, Lecteur
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.catalogue import A_CIBLE
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.objectifs import Parametres
from mel_core.objectifs.parametres import LIEUX_DE_CIBLE, a_corriger
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance

Valeur: TypeAlias = str | int | Decimal | date | Sequence["Valeur"]


OBJET = "parametre"
_ECART_PERMIS = 12  # attributions a year beyond three times what is observed, or a third of it, that nobody is asked of


def add(entrepot: Entrepot, journal: Journal, section: str, valeurs: Mapping[str, Valeur], auteur: Auteur) -> bool:
    """Publish one more version of a parameter, written in the journal; returns whether anything changed.

    `section` and the keys of `valeurs` are those of a file of parameters. Every séance that is not frozen is served
    with it; only those from its date of effect on can change. Raises `AppelIncorrect` when it makes no sense.
    """
    if not auteur.nom.strip():
        raise AppelIncorrect("Une version est signée : donner d’abord votre nom.")
    texte = en_toml(section, {**valeurs, "auteur": auteur.nom})
    verify(texte, "")
    with entrepot.reserve():
        if entrepot.instantane() is None:
            raise ErreurUtilisateur(
                "Aucun jeu de données n’est publié : en importer un depuis Préparer › Imports, puis recommencer."
            )
        a_change = entrepot.add_parametres(texte)
    if a_change:
        record(journal, texte, auteur)
    return a_change


def verify(texte: str, nom: str) -> None:
    """`Parametres.read`, then that each objective is of an indicator that may have one."""
    for rang, cible in enumerate(Parametres.read(texte, nom).cibles, start=1):
        if cible.indicateur not in A_CIBLE:
            quoi = f"« indicateur » doit être l’un de {', '.join(A_CIBLE)}"
            raise AppelIncorrect(a_corriger("cibles", rang, nom, quoi))


def record(journal: Journal, texte: str, auteur: Auteur) -> None:
    """One line of the journal for each parameter of a TOML `texte`: what it is worth, since when, from which source."""
    for section, entrees in tomllib.loads(texte, parse_float=Decimal).items():
        for entree in entrees:
            journal.write(OBJET, nouvel_identifiant(), contenu(section, entree), auteur, nouvel_op_id())


def contenu(section: str, entree: Mapping[str, object]) -> dict[str, object]:
    """An entry of a file of parameters as the journal keeps it."""
    return {"section": section, **{cle: _simple(valeur) for cle, valeur in entree.items()}}


def say(ecrit: Mapping[str, Any], noms: Mapping[str, str]) -> str:
    """`objectif « NPRU », Roubaix, 30 attributions par an, à partir du 1er janvier 2018`: a line of the journal as it
    is read, its place, its unit, its date. `ecrit`: see `contenu`; `noms`: of communes, bailleurs,
    réservataires, by code. Empty for what no version of the application wrote."""
    quoi = _PARAMETRES.get(ecrit.get("section", ""), "")
    indicateur = INDICATEURS.get(ecrit.get("indicateur", ""))
    if indicateur is not None:
        valeur = Fraction(ecrit["valeur"])
        est_nombre = ecrit.get("en_nombre") == str(True)
        lieux = [noms.get(ecrit[c], ecrit[c]) for c in LIEUX_DE_CIBLE if ecrit.get(c)]
        dite = f"{langue.effectif(int(valeur), 'attribution')} par an" if est_nombre else langue.part(valeur)
        sens = [ecrit["sens"]] if ecrit.get("sens") else []
        quoi = ", ".join([f"{quoi} « {indicateur.titre} »", *(lieux or ["toute la Métropole"]), dite, *sens])
    if "annee" in ecrit:
        quoi += f", année {ecrit['annee']}"
    depuis = f", à partir du {langue.jour(date.fromisoformat(ecrit['depuis']))}" if "depuis" in ecrit else ""
    return langue.typeset(f"{quoi}{depuis}") if quoi else ""


def say_portee(seance: Seance, gelee: str) -> str:
    """Whether a version more moves the figures of a séance; `gelee`: since when they are frozen, empty while not."""
    if gelee:
        return f"La séance {seance} est **{gelee}** : une nouvelle version ne change plus ses chiffres."
    return "Une nouvelle version compte à partir de sa date d’effet ; les séances antérieures ne bougent pas."


def say_ajout(
    section: str, valeurs: Mapping[str, Valeur], seance: Seance, noms: Mapping[str, str], *, a_change: bool
) -> str:
    """What `add` did, and from when the séances that may still move read it; `seance`: the one on screen."""
    if not a_change:
        return "Cette version était déjà là : rien n’a changé."
    depuis, quand = valeurs.get("depuis"), "dès maintenant"
    if isinstance(depuis, date) and depuis > seance.fin:
        quand = f"à partir du {langue.jour(depuis)}"
    quoi = say(contenu(section, valeurs), noms)
    return f"Version ajoutée ({quoi}) : les séances qui ne sont pas gelées la lisent {quand}."


def doutes(lecteur: Lecteur, seance: Seance, valeurs: Mapping[str, Valeur]) -> list[str]:
    """What of an objective is so far from what is observed over the 12 months up to `seance`, or from today, that its
    author is asked before it is kept: one sentence each. `valeurs`: as `add` takes them."""
    nom, depuis = str(valeurs["indicateur"]), valeurs["depuis"]
    dits = []
    if isinstance(depuis, date) and depuis > seance.suivante.suivante.fin:
        dits.append(f"Elle ne comptera qu’à partir du {langue.jour(depuis)}, bien après la séance {seance}.")
    lieux = {c: str(valeurs[c]) for c in LIEUX_DE_CIBLE if c in valeurs}
    if "reservataire" in lieux or nom == "flux":
        return dits
    cellules = compute(lecteur, nom, Periode.de(seance, "annee"), par=tuple(lieux))
    for coupe, code in lieux.items():
        cellules = cellules[cellules[coupe] == code]
    n, k = (int(cellules[c].sum()) for c in ("n", "numerateur"))
    sortes = ("premier accès", "premiers accès") if nom == "aci" else ("attribution", "attributions")
    valeur, population = Fraction(str(valeurs["valeur"])), langue.effectif(n, *sortes)
    if valeurs.get("en_nombre"):
        if valeur > n:
            dits.append(f"{langue.nombre(valeur)} par an : on ne compte ici que {population} en 12 mois.")
    elif nom != "equilibre" and max(valeur * n - 3 * k, k - 3 * valeur * n) > _ECART_PERMIS:
        vise = langue.nombre(int(langue.round_off(valeur * n)))
        dits.append(
            f"{langue.part(valeur)} de {population}, c’est {vise} par an, pour {langue.nombre(k)} constatées : si "
            "c’est un nombre d’attributions, cocher « Un nombre d’attributions par an »."
        )
    return dits


_PARAMETRES = {
    "cibles": "objectif",
    "bornes_ressources": "bornes des ressources",
    "fragilite_ips": "fragilité selon l’IPS",
    "seuils_premier_quartile": "seuil du premier quartile",
    "plafonds": "plafonds de ressources",
}


def _simple(valeur: object) -> object:
    """As the journal keeps it: dates and numbers as they were typed."""
    return [_simple(v) for v in valeur] if isinstance(valeur, list) else str(valeur)


def en_toml(section: str, valeurs: Mapping[str, Valeur]) -> str:
    """One entry of a file of parameters."""
    return "\n".join([f"[[{section}]]", *(f"{cle} = {_write(valeur)}" for cle, valeur in valeurs.items())]) + "\n"


def _write(valeur: Valeur) -> str:
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, str):
        # A JSON string is a TOML basic string, save for the one control character that JSON lets through.
        return json.dumps(valeur.replace("\x7f", ""), ensure_ascii=False)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Sequence):
        return "[" + ", ".join(_write(v) for v in valeur) + "]"
    return format(valeur, "f") if isinstance(valeur, Decimal) else str(valeur)
