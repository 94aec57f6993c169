"""What completes the mapping of a file: the one that ships with the product, the answers given on screen.

Answers are kept in the store, one mapping per source (that `--mapping` reads as it is), and given again to files of the
same source. Bailleurs are named in an answer: the files of offices bear their codes, and none says what they are
called. Codes given the same name are one bailleur: its code is the one in place, else its SIREN, else the first named.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Correspondance
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from mel_core.contrat import regles
from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.lecture.brut import Illisible, LectureTable, Lignes, Lot, en_masque
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import (
    BAILLEURS,
    CODE_BAILLEUR,
    INFOCENTRE,
    RPLS,
    SNE,
    Mapping,
    en_toml,
    merge,
    names,
    own_words,
)
from mel_core.contrat.rapport import Connues
from mel_core.contrat.reference import DOSSIER, fold, proche
from mel_core.contrat.tables import TABLES
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.langue import liste
from mel_core.socle.partage import partage

NOM = "reponses"
_SOURCE = re.compile("[0-9a-f]{16}")


def source_de(entete: Iterable[str]) -> str:
    """The source of a file: its set of headers, whatever their order and writing. A short name that says no more."""
    noms = sorted({fold(nom) for nom in entete} - {""})
    return sha256("|".join(noms).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Reponses:
    """The answers given about the files of each source, imposed on no other. `par_source`: source → answers."""

    par_source: Correspondance[str, Mapping] = field(default_factory=dict)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        return tuple(self.par_source.values())

    def complete(self, mapping: Mapping, source: str) -> Mapping:
        """`mapping` with the answers about this source over it."""
        return merge(mapping, self.par_source[source]) if source in self.par_source else mapping

    def with_reponses(self, autres: Reponses) -> Reponses:
        """These, and `autres` over them."""
        sources = sorted({*self.par_source, *autres.par_source})
        toutes = (self.par_source, autres.par_source)
        return Reponses({s: merge(*(siennes[s] for siennes in toutes if s in siennes)) for s in sources})


SANS = Reponses()


def read(dossier: Path) -> Reponses:
    """The answers kept in the store `dossier`; empty when none was given."""
    siennes = partage(dossier)
    lues = {nom.removeprefix(f"{NOM}/").removesuffix(".toml"): nom for nom in siennes.names(f"{NOM}/")}
    textes = {source: siennes.read(nom) for source, nom in lues.items() if _SOURCE.fullmatch(source)}
    return Reponses(
        {s: Mapping.depuis_texte(t.decode("utf-8-sig"), f"{s}.toml") for s, t in textes.items() if t is not None}
    )


def read_reponses(reponses: Path) -> Reponses:
    """The answers of a folder that `keep` made, one file per source; empty when it holds none."""
    fichiers = sorted(reponses.glob("*.toml"))
    return Reponses({f.stem: Mapping.read(f) for f in fichiers if _SOURCE.fullmatch(f.stem)})


def keep(dossier: Path, reponses: Reponses, dessous: Reponses = SANS) -> None:
    """Add `reponses` to those kept, over them, and `dessous` where neither says another thing; a source in one rename,
    so that a reader never sees half of it."""
    ensemble = dessous.with_reponses(read(dossier)).with_reponses(reponses)
    for source in {**dessous.par_source, **reponses.par_source}:
        partage(dossier).write(f"{NOM}/{source}.toml", en_toml(ensemble.par_source[source]).encode())


def answers(mapping: Mapping) -> list[tuple[str, str]]:
    """Each answer, as a file writes it: its section, its line."""
    dites, section = [], ""
    for ligne in en_toml(mapping).splitlines():
        section = ligne if ligne.startswith("[") else section
        dites += [(section, ligne)] if ligne != section and ligne else []
    return dites


def say_answer(section: str, ligne: str) -> str:
    """One of `answers` in words: `demandes.absentes : « npru », aucun ménage`."""
    ((cle, valeur),) = tomllib.loads(ligne).items()
    dites = [f"« {dite} »" for dite in (valeur if isinstance(valeur, list) else [valeur]) if dite]
    dit = liste(dites) if dites else "aucun ménage" if valeur is False else "rien"
    return " : ".join(x for x in (section.strip("[]"), f"« {cle} », {dit}") if x)


def forget(dossier: Path, source: str, oubliees: Collection[tuple[str, str]]) -> None:
    """Forget these answers about a source: the next check asks them again."""
    restes = groupby((a for a in answers(read(dossier).par_source[source]) if a not in oubliees), itemgetter(0))
    texte = "\n".join(chain.from_iterable((section, *(ligne for _, ligne in siennes)) for section, siennes in restes))
    if texte:
        partage(dossier).write(f"{NOM}/{source}.toml", texte.encode())
    else:
        partage(dossier).remove(f"{NOM}/{source}.toml")


FICHIER = "bailleurs nommés"
_PORTEUSES = {"residences", "evenements", "attributions"}
_COLONNES = (CODE_BAILLEUR, "code_bailleur_actuel")
_ENTETE = (CODE_BAILLEUR, "nom")


def codes_nommes(noms: Correspondance[str, str], enregistres: Correspondance[str, str]) -> dict[str, str]:
    """Code named → the code of its bailleur: of those of its name, one that is registered (`enregistres`: code → name),
    else a SIREN, else the first; a name in other words is that of the only one of the former to have its own words."""
    tous = {**noms, **enregistres}
    surs = [
        *sorted(enregistres, reverse=True),
        *(c for c in noms if len(c) == 9 and c.isdigit() and c not in enregistres),
    ]
    memes: dict[str, str] = {}
    for code, nom in noms.items():
        du_nom = [c for c in (*surs, *noms) if fold(tous[c]) == fold(nom)]
        siens = own_words(nom)
        des_mots = {memes.get(c, c) for c in surs if own_words(tous[c]) == siens}
        if not des_mots:  # none is sure: the first named
            des_mots = {next(c for c in noms if own_words(noms[c]) == siens)}
        autre = des_mots.pop() if siens and du_nom[0] not in surs and len(des_mots) == 1 else du_nom[0]
        memes[code] = code if code in enregistres else autre
    return memes


def bailleurs_dits(lots: Iterable[Lot]) -> dict[str, str]:
    """Code → name of the bailleurs that files name besides what they say; a file that can't be read will say so."""
    noms: dict[str, str] = {}
    for lot in lots:
        with suppress(Illisible, UnicodeDecodeError, OSError):
            noms |= lot.bailleurs()
    return noms


def with_bailleurs(lots: list[Lot], noms: Correspondance[str, str], connues: Connues) -> list[Lot]:
    """The same tables, with that of the bailleurs in place and of those named. One that is given says them all; where
    nobody is named, or no table bears their codes, none is added."""
    donnees = {lot.table for lot in lots}
    if not noms or BAILLEURS in donnees or donnees.isdisjoint(_PORTEUSES):
        return lots
    nouveaux = {code: noms[code] for code in dict.fromkeys(codes_nommes(noms, connues.noms).values()) if code in noms}
    rangees = [{CODE_BAILLEUR: code, "nom": nom} for code, nom in {**nouveaux, **connues.noms}.items()]
    lignes = Lignes.of_rangees(_ENTETE, rangees, np.arange(2, len(rangees) + 2))
    nommes = Lot(BAILLEURS, FICHIER, 0, lambda _: LectureTable(_ENTETE, 1, lambda _: lignes))
    return sorted([*lots, nommes], key=lambda lot: list(TABLES).index(lot.table))


def bailleurs_enregistres(donnes: TableLue | None, connues: Connues) -> Correspondance[str, str]:
    """Code → name of the bailleurs that are given, else of those in place."""
    if donnes is None or donnes.constats.est_bloquant:
        return connues.noms
    lus = donnes.keep()
    return dict(zip(lus[CODE_BAILLEUR].to_pylist(), lus["nom"].to_pylist(), strict=True))


def registre_des_bailleurs(noms: Correspondance[str, str]) -> dict[str, str]:
    """Code, or registered name folded, → code. A name that two bailleurs bear designates none."""
    fois = Counter(fold(nom) for nom in noms.values())
    designes = {pli: code for code, nom in noms.items() if fois[pli := fold(nom)] == 1}
    return designes | {code: code for code in noms}


def unify_bailleurs(lue: TableLue, memes: Correspondance[str, str], enregistres: Correspondance[str, str]) -> None:
    """Read each code, SIRET or name of a bailleur as its one code: as an answer says (`memes`), or as the register.
    A name of one, in other words, that is refused nowhere else is told. `enregistres`: code → name."""
    designes = registre_des_bailleurs(enregistres)
    for colonne in _COLONNES:
        if colonne not in lue.presentes or lue.table.nom == BAILLEURS:
            continue
        valeurs = lue.donnees[colonne]
        for code in valeurs.drop_null().unique().to_pylist():
            siren = code[:9] if code.isdigit() and len(code) == 14 else ""
            lu = memes.get(code) or designes.get(code) or designes.get(siren) or designes.get(fold(code), code)
            if code != lu:
                valeurs = pc.if_else(pc.fill_null(pc.equal(valeurs, code), False), lu, valeurs)
                quoi = "SIREN" if siren == lu else "nom"
                lue.constats.note(
                    f"Le bailleur « {code} » est lu comme « {lu} », qui a le même {quoi} : effacer cette réponse, ou "
                    "corriger le fichier, si c’est faux."
                )
            elif lue.table.colonne(colonne).reference is None and resembling(code, enregistres):
                ou = pc.fill_null(pc.equal(valeurs, code), False)
                lue.apply(regles.BAILLEUR_PROCHE, colonne, en_masque(ou))
        lue.donnees[colonne] = valeurs


def resembling(dit: str, enregistres: Correspondance[str, str]) -> tuple[str, ...]:
    """The registered names (of `enregistres`: code → name) that `dit` may be, in other words; none of a code that is
    registered."""
    if dit in enregistres:
        return ()
    return tuple(nom for nom in enregistres.values() if names(dit, nom) or proche(dit, [nom]))


NUMERO_RPLS = "numeroRpls"
_PROPRES_AU_SNE = frozenset(
    map(fold, ("numUnique", "codeSirenBailleur", "dejaLogeParcBailleur", "attribueEnComDALO", NUMERO_RPLS))
)
TITRES = {
    SNE: "SNE : fichiers XML de l’interface, ou tableaux qui en portent les noms",
    RPLS: "RPLS : un logement par ligne, regroupés en résidences",
    INFOCENTRE: "Extraction aux en-têtes en français (« N° unique », « Date de création »…)",
}


def choose(demande: Path) -> Mapping:
    """The mapping that `--mapping` asks for: one that ships with the product, by its name, else the file there.

    Raises `AppelIncorrect` when it is neither.
    """
    nom = str(demande)
    if nom in TITRES:
        return Mapping(modele=nom)
    if not demande.suffix and not demande.exists():
        raise AppelIncorrect(
            f"Le mapping « {nom} » n’existe pas : choisir {', '.join(TITRES)}, ou donner le chemin d’un fichier TOML."
        )
    return Mapping.read(demande)


def complete(mapping: Mapping) -> Mapping:
    """`mapping` with the codes of its model under its own. The model's names of columns are candidates, tried where a
    file is read: it may lack them, or bear the contract's."""
    if not mapping.modele:
        return mapping
    livres = [_livre(nom) for nom in _lus_avec(mapping.modele)]
    return merge(*(Mapping(valeurs=livre.valeurs) for livre in livres), mapping)


def _lus_avec(modele: str) -> tuple[str, ...]:
    """The files of the SNE come with those of RPLS, which place their leases, and with tables of offices; the last of
    these mappings wins."""
    return (INFOCENTRE, RPLS, SNE) if modele == SNE else (modele,)


@cache
def noms(modele: str, table: str) -> dict[str, str]:
    """Name in the file, folded → canonical column: the model's names, and the contract's."""
    if modele not in TITRES:
        return {}
    siens: dict[str, str] = {}
    for livre in _lus_avec(modele):
        colonnes = _livre(livre).colonnes.get(table, {})
        siens |= {pli: colonne for colonne, en_fichier in colonnes.items() for pli in folds(en_fichier)}
    return {fold(colonne): colonne for colonne in TABLES[table].noms} | siens


@cache
def dite(table: str, colonne: str) -> str:
    """A column in the words of the field: those of extractions, else the first of what it means."""
    entete = _livre(INFOCENTRE).colonnes.get(table, {}).get(colonne, "")
    return entete or re.split("[,;.(]", EXPLICATIONS[table][colonne].sens)[0].strip()


def livres() -> list[Mapping]:
    """The mappings that ship with the product."""
    return [_livre(nom) for nom in TITRES]


def speaks_sne(entete: Iterable[str]) -> bool:
    """Whether a table of leases bears tags of the SNE: one of an office may be given beside its files, and « Commune »
    is said by both."""
    return any(fold(nom) in _PROPRES_AU_SNE for nom in entete)


@cache
def _livre(modele: str) -> Mapping:
    return Mapping.read(DOSSIER / "mappings" / f"{modele}.toml")
