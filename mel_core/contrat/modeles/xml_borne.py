"""An XML file read without trusting it: no DTD, hence no entity, internal or external; bounded size, depth and text.

Only what is asked for is kept: a name, an address, a free text goes by without ever being a Python object of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from mel_core.contrat.lecture.brut import TAILLE_CELLULE_MAX

TAILLE_MAX = 4 << 20  # bytes; a demande with twenty persons has 60 kB
PROFONDEUR_MAX = 40  # the schemas go to 10
_SEPARATEUR = "\n"  # never in a name

# Name of a tag → what is wanted under it. Empty: its text and its code.
Voulu = Mapping[str, Any]


class Refuse(Exception):
    """The file is not read: what it is, and what to do, in the words that follow its name."""


def texte(noeud: Element, chemin: str) -> str:
    """What the first tag at this path says; empty when there is none."""
    return (noeud.findtext(chemin) or "").strip()


def code(noeud: Element, chemin: str) -> str:
    """The attribute `code` of the first tag at this path; empty when there is none."""
    trouve = noeud.find(chemin)
    return "" if trouve is None else trouve.get("code", "")


def read(octets: bytes, espace: str, voulu: Voulu) -> Element:
    """The root with its attributes, and under it what is `voulu`: of each tag its `code`, its text and its `ligne`.
    `espace`: the namespace that every tag must be in. Raises `Refuse`."""
    if len(octets) > TAILLE_MAX:
        raise Refuse(f"dépasse {TAILLE_MAX >> 20} Mo : il porte une demande, vérifier l’export")
    lecteur = _LecteurXml(espace, voulu)
    try:
        lecteur.expat.Parse(octets, True)
    except expat.ExpatError as erreur:
        raise Refuse(f"n’est pas du XML bien formé (ligne {erreur.lineno}) : l’exporter de nouveau") from None
    except (LookupError, UnicodeError, ValueError):
        raise Refuse("est dans un encodage inconnu : l’exporter de nouveau en UTF-8") from None
    if lecteur.racine is None:
        raise Refuse("est vide : l’exporter de nouveau")
    return lecteur.racine


class _LecteurXml:
    def __init__(self, espace: str, voulu: Voulu) -> None:
        self.expat = expat.ParserCreate(namespace_separator=_SEPARATEUR)
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = self._refuse_dtd
        self.expat.EntityDeclHandler = self._refuse_dtd
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._text
        self.racine: Element | None = None
        self._prefixe = espace + _SEPARATEUR
        self._ouverts: list[tuple[Element, Voulu]] = []
        self._voulu = voulu
        self._profondeur = 0

    def _refuse_dtd(self, *_: object) -> None:
        raise Refuse(
            "déclare une DTD ou des entités, que l’interface du SNE n’emploie pas, et n’est pas ouvert plus avant : le "
            "retirer, ou l’exporter de nouveau du SNE"
        )

    def _start(self, nom: str, attributs: dict[str, str]) -> None:
        self._profondeur += 1
        if self._profondeur > PROFONDEUR_MAX:
            raise Refuse(f"emboîte plus de {PROFONDEUR_MAX} balises : ce n’est pas un fichier de l’interface du SNE")
        if self.racine is None:
            if not nom.startswith(self._prefixe):
                espace = self._prefixe.strip()
                raise Refuse(f"n’est pas de l’interface du SNE (espace de noms {espace}) : l’ôter du jeu de données")
            self.racine = Element(nom.removeprefix(self._prefixe), attributs)
            self._ouverts.append((self.racine, self._voulu))
            return
        if self._profondeur != len(self._ouverts) + 1 or not nom.startswith(self._prefixe):
            return
        parent, voulu = self._ouverts[-1]
        court = nom.removeprefix(self._prefixe)
        if court in voulu:
            code = attributs.get("code", "").strip()
            noeud = SubElement(parent, court, code=code, ligne=str(self.expat.CurrentLineNumber))
            self._ouverts.append((noeud, voulu[court]))

    def _end(self, _nom: str) -> None:
        if self._profondeur == len(self._ouverts):
            self._ouverts.pop()
        self._profondeur -= 1

    def _text(self, texte: str) -> None:
        if self._profondeur != len(self._ouverts) or not self._ouverts:
            return
        noeud, voulu = self._ouverts[-1]
        if not voulu:
            noeud.text = (noeud.text or "") + texte
            if len(noeud.text) > TAILLE_CELLULE_MAX:
                raise Refuse(f"porte un texte de plus de {TAILLE_CELLULE_MAX} caractères : l’exporter de nouveau")
