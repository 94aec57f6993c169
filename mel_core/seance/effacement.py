"""Erasing people everywhere that they are: snapshots, vault, frozen lists, journal. Said beforehand, then done in an
order that a cut at any moment leaves to be taken up.

The journal has texts about them, to erase, and keyed codes that say who without naming them. The codes are entered
before anything is erased: an erasure that was cut is found again by them, and redone on a copy put back. They are
payloads of their own, erased in their turn.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mel_core.contrat.valeurs import est_identifiant_abime, est_identifiant_habille
from mel_core.entrepot import Entrepot, effacement
from mel_core.entrepot.coffre import Coffre, Pseudonymes
from mel_core.entrepot.importation import MOIS_GARDES
from mel_core.journal import Auteur, Fiche, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.seance.engagements import cohortes
from mel_core.segments.listes import suites
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.horloge import jour_de
from mel_core.socle.periodes import Seance, step_back

NUMEROS = "numeros"  # people asked for by name: no rule finds them again on a copy put back
OBJET, CODES = "effacement", "effacement_codes"
MOIS_DES_CODES = 12  # how long a code can redo an erasure on a copy; then the copy must be gone
_SE_REECRIVENT = frozenset({"blocage", "decision", "pratique"})  # what the room can write anew without the number
_MOT = re.compile(r"[0-9A-Za-z]{6,}")


@dataclass(frozen=True)
class Textes:
    """`op_ids`: writes to erase. `menages`: who has an outcome. `a_reecrire`: texts of the room that name somebody and
    are the last of their object."""

    op_ids: tuple[str, ...]
    menages: frozenset[str]
    a_reecrire: tuple[Fiche, ...]


def find_textes(journal: Journal, voulus: Collection[str], pseudonymes: Pseudonymes) -> Textes:
    """Every write about `voulus` that still has its payload: their outcomes, and what names them or their numéro."""
    fiches = [f for f in journal.ecritures() if not f.effacee and f.objet != CODES]
    organisations = {f.contenu["organisation"] for f in fiches if f.objet in (suites.OBJET, suites.BROUILLON)}
    noms = {suites.identifiant(journal, o, p): p for o in organisations for p in voulus}
    op_ids, menages, a_reecrire, derniers = [], set(), [], set[tuple[str, str]]()
    for fiche in fiches:  # the latest first
        objet = (fiche.objet, fiche.identifiant)
        est_derniere = not fiche.est_refusee and objet not in derniers
        if not fiche.est_refusee:
            derniers.add(objet)
        if fiche.objet == suites.OBJET and fiche.identifiant in noms:
            op_ids.append(fiche.op_id)
            menages.add(noms[fiche.identifiant])
        elif fiche.objet == suites.BROUILLON and not noms.keys().isdisjoint(fiche.contenu["menages"]):
            op_ids.append(fiche.op_id)
        elif _nomme(fiche, voulus, pseudonymes):
            if est_derniere and fiche.objet in _SE_REECRIVENT:
                a_reecrire.append(fiche)
            else:
                op_ids.append(fiche.op_id)
    return Textes(tuple(op_ids), frozenset(menages), tuple(a_reecrire))


def _nomme(fiche: Fiche, voulus: Collection[str], pseudonymes: Pseudonymes) -> bool:
    texte = json.dumps([fiche.auteur.nom, dict(fiche.contenu)], ensure_ascii=False)
    mots = [mot for mot in _MOT.findall(texte) if any(c.isdigit() for c in mot)]
    return any(p in voulus for p in (*mots, *pseudonymes.de(mots)))


def code(journal: Journal, pseudonyme: str) -> str:
    """Says nothing without the key of the journal and that of the pseudonyms."""
    return journal.op_id_de(OBJET, pseudonyme)


def find_inacheves(journal: Journal) -> list[Fiche]:
    """Erasures that were begun and not finished."""
    finis = {f.identifiant for f in journal.find_all(OBJET)}
    return [f for f in journal.find_all(CODES) if f.identifiant not in finis and not f.effacee]


def codes(fiches: Iterable[Fiche]) -> set[str]:
    return {c for f in fiches for c in f.contenu["codes"]}


def codes_gardes(journal: Journal) -> set[str]:
    """Of everybody that was erased by numéro and may be in a copy still."""
    return codes(f for f in journal.find_all(CODES) if not f.effacee)


def begin(journal: Journal, motif: str, menages: Collection[str], comptes: Mapping[str, Any], auteur: Auteur) -> Fiche:
    """Enter that these people are being erased: how many, never who."""
    contenu = {"motif": motif, "comptes": dict(comptes), "codes": sorted(code(journal, p) for p in menages)}
    return journal.write(CODES, nouvel_identifiant(), contenu, auteur, nouvel_op_id())


def end(journal: Journal, commencee: Fiche, auteur: Auteur) -> None:
    """Enter that it is done. Again adds nothing."""
    contenu = {cle: commencee.contenu[cle] for cle in ("motif", "comptes")}
    op_id = journal.op_id_de(OBJET, "fini", commencee.identifiant)
    journal.write(OBJET, commencee.identifiant, contenu, auteur, op_id)


def forget_codes(journal: Journal, aujourdhui: date, auteur: Auteur) -> None:
    """Erase the codes that serve no more: those too old, and those of a rule that finds its people by itself."""
    finis = {f.identifiant for f in journal.find_all(OBJET)}
    perimes = [
        f.op_id
        for f in journal.find_all(CODES)
        if f.identifiant in finis
        and not f.effacee
        and (jour_de(f.instant) <= step_back(aujourdhui, MOIS_DES_CODES) or f.contenu["motif"] != NUMEROS)
    ]
    if perimes:
        journal.erase(*perimes, auteur=auteur)


RADIES, REJEU = "radies", "rejeu"
_PLUSIEURS = re.compile(r"[\s;,|]")


@dataclass(frozen=True)
class DemandeEffacement:
    """`numeros` goes with NUMEROS (never shown), `au` with RADIES: the day on which the year is over."""

    motif: str
    numeros: tuple[str, ...] = field(default=(), repr=False)
    au: date | None = None

    @classmethod
    def par_numeros(cls, octets: bytes) -> DemandeEffacement:
        """One numéro unique a line. What is wrong is told by its line, never by what it says."""
        try:
            lignes = [ligne.strip() for ligne in octets.decode("utf-8-sig").splitlines()]
        except UnicodeDecodeError:
            raise AppelIncorrect(
                "La liste des numéros uniques ne se lit pas : l’enregistrer en texte (UTF-8), un numéro par ligne."
            ) from None
        for rang, ligne in enumerate(lignes, start=1):
            if _PLUSIEURS.search(ligne) or est_identifiant_abime(ligne) or est_identifiant_habille(ligne):
                raise AppelIncorrect(
                    f"La ligne {rang} n’est pas un numéro unique : écrire un numéro par ligne, sans espace ni colonne."
                )
        numeros = tuple(dict.fromkeys(ligne for ligne in lignes if ligne))
        if not numeros:
            raise AppelIncorrect("Aucun numéro unique n’est donné : en écrire un par ligne.")
        return cls(NUMEROS, numeros)

    @classmethod
    def des_radies(cls, au: date, aujourdhui: date) -> DemandeEffacement:
        if au > aujourdhui:
            raise AppelIncorrect(f"Le {au:%d/%m/%Y} n’est pas encore passé : donner à --radies une date échue.")
        return cls(RADIES, au=au)


@dataclass(frozen=True)
class PlanEffacement:
    """`menages`: those that were found, never shown; `voulus`: those that were asked. `lignes`: rows by table of the
    snapshots in service. `n_jeux`: files to remove; `gelees`: the frozen séances that they serve; `ouvertes`: those
    that are not frozen and whose figures will change. `inacheves`: erasures that were cut, taken up by this one.
    `n_illisibles`: snapshot files that don't open."""

    demande: DemandeEffacement
    voulus: frozenset[str] = field(repr=False)
    menages: frozenset[str] = field(repr=False)
    lignes: Mapping[str, int]
    n_jeux: int
    gelees: tuple[str, ...]
    ouvertes: tuple[Seance, ...]
    n_coffre: int
    n_listes: int
    n_textes: int
    a_reecrire: tuple[Fiche, ...]
    inacheves: tuple[Fiche, ...]
    n_illisibles: int

    @property
    def est_vide(self) -> bool:
        trouves = (self.n_jeux, self.n_coffre, self.n_listes, self.n_textes, self.n_illisibles)
        return not any((*trouves, self.a_reecrire, self.inacheves))

    @property
    def comptes(self) -> dict[str, int | dict[str, int]]:
        """As the journal keeps them."""
        return {
            "menages": len(self.menages),
            "lignes": dict(self.lignes),
            "jeux": self.n_jeux,
            "coffre": self.n_coffre,
            "listes": self.n_listes,
            "textes": self.n_textes,
        }


def prepare(entrepot: Entrepot, journal: Journal, demande: DemandeEffacement) -> PlanEffacement:
    """Look for the people of `demande` everywhere. The caller holds `entrepot.reserve()`."""
    dossier = entrepot.dossier
    dans_les_listes, au_coffre = cohortes.menages(dossier), Coffre(dossier).connus()

    def connus() -> set[str]:
        return effacement.connus(dossier) | au_coffre | set(dans_les_listes)

    inacheves = find_inacheves(journal)
    voulus = _voulus(entrepot, journal, demande, connus)
    if inacheves:
        cherches = codes(inacheves)
        voulus |= {p for p in connus() if code(journal, p) in cherches}
    porteurs = effacement.find(dossier, voulus)
    textes = find_textes(journal, voulus, entrepot.pseudonymes())
    dans_les_jeux = frozenset[str]().union(*(p.menages for p in porteurs))
    gelees = tuple(sorted({s for p in porteurs for s in p.gelees}))
    servis = [p for p in porteurs if p.est_servi]
    return PlanEffacement(
        demande,
        frozenset(voulus),
        dans_les_jeux | (voulus & (au_coffre | set(dans_les_listes))) | textes.menages,
        dict(sum((Counter(p.lignes) for p in servis), Counter())),
        sum(bool(p.menages) for p in porteurs),
        gelees,
        tuple(s for s in _touchees({j for p in servis for j in p.baux}) if not entrepot.est_gelee(s)),
        len(voulus & au_coffre),
        sum(n for p, n in dans_les_listes.items() if p in voulus),
        len(textes.op_ids),
        textes.a_reecrire,
        tuple(inacheves),
        sum(not p.est_lisible for p in porteurs),
    )


def _voulus(
    entrepot: Entrepot, journal: Journal, demande: DemandeEffacement, connus: Callable[[], set[str]]
) -> set[str]:
    if demande.motif == NUMEROS:
        if not Pseudonymes.a_sa_cle(entrepot.dossier):
            # Another one would be drawn, and nobody would be found.
            raise ErreurUtilisateur(
                "La clé des pseudonymes (cle_pseudonymes) n’est pas dans le dossier de données, personne ne peut y "
                "être retrouvé : la remettre depuis une copie."
            )
        return set(entrepot.pseudonymes().de(demande.numeros))
    if demande.au is not None:
        return effacement.radies(entrepot.dossier, step_back(demande.au, MOIS_GARDES))
    gardes = codes_gardes(journal)
    return {p for p in connus() if code(journal, p) in gardes} if gardes else set()


def _touchees(baux: set[date]) -> list[Seance]:
    """The séances that count these bails, over the semester or over twelve months."""
    propres = {Seance.du(jour) for jour in baux}
    return sorted(propres | {Seance.du(s.fin + timedelta(days=1)) for s in propres})


def erase(entrepot: Entrepot, journal: Journal, plan: PlanEffacement, auteur: Auteur, aujourdhui: date) -> list[str]:
    """Erase the people of `plan`; what stays and why, in sentences. The caller holds `entrepot.reserve()`.

    Codes first: they say what was begun. The files of old snapshots last: while one is there, its people can be found
    again by their codes. The journal says that it is done when nothing stays.
    """
    if any(a.regle == "fin" for a in journal.verify()):
        raise ErreurUtilisateur(
            "Il manque la fin du journal, l’effacement n’y serait pas complet : donner son adresse (MEL_JOURNAL) s’il "
            "n’est pas dans le dossier de données, sinon voir « journal --verifier »."
        )
    dossier, commencees = entrepot.dossier, list(plan.inacheves)
    deja = codes(commencees)
    if any(code(journal, p) not in deja for p in plan.menages):
        commencees.append(begin(journal, plan.demande.motif, plan.menages, plan.comptes, auteur))
    effacement.publish_sans(dossier, plan.voulus)
    # Looked for again: the room may have written meanwhile.
    textes = find_textes(journal, plan.voulus, entrepot.pseudonymes())
    journal.erase(*textes.op_ids, auteur=auteur)
    cohortes.erase(dossier, plan.voulus)
    Coffre(dossier).erase(plan.voulus)
    restes = [*effacement.remove(dossier, plan.voulus), *map(_say, textes.a_reecrire)]
    if not restes:
        for commencee in commencees:
            end(journal, commencee, auteur)
    forget_codes(journal, aujourdhui, auteur)
    return restes


def _say(fiche: Fiche) -> str:
    return (
        f"Un texte du journal ({fiche.objet}, {langue.instant(fiche.instant)}) cite une personne à effacer : en "
        "écrire une version sans son numéro, puis recommencer."
    )
