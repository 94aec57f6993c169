"""What an erasure takes away, and from where: asked, said, then done in an order that a cut at any moment leaves to be
taken up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from mel_core.contrat.valeurs import est_identifiant_abime, est_identifiant_habille
from mel_core.entrepot import Entrepot, effacement
from mel_core.entrepot.coffre import Coffre, Pseudonymes
from mel_core.entrepot.importation import MOIS_GARDES
from mel_core.journal import Auteur, Fiche, Journal
from mel_core.seance.effacement import traces
from mel_core.seance.effacement.traces import NUMEROS
from mel_core.seance.engagements import conservation
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Seance, step_back

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
    dans_les_listes, au_coffre = conservation.menages(dossier), Coffre.du_dossier(dossier).connus()

    def connus() -> set[str]:
        return effacement.connus(dossier) | au_coffre | set(dans_les_listes)

    inacheves = traces.inacheves(journal)
    voulus = _voulus(entrepot, journal, demande, connus)
    if inacheves:
        cherches = traces.codes(inacheves)
        voulus |= {p for p in connus() if traces.code(journal, p) in cherches}
    porteurs = effacement.find(dossier, voulus)
    textes = traces.textes(journal, voulus, entrepot.pseudonymes())
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
    gardes = traces.codes_gardes(journal)
    return {p for p in connus() if traces.code(journal, p) in gardes} if gardes else set()


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
    deja = traces.codes(commencees)
    if any(traces.code(journal, p) not in deja for p in plan.menages):
        commencees.append(traces.begin(journal, plan.demande.motif, plan.menages, plan.comptes, auteur))
    effacement.publish_sans(dossier, plan.voulus)
    # Looked for again: the room may have written meanwhile.
    textes = traces.textes(journal, plan.voulus, entrepot.pseudonymes())
    journal.erase(*textes.op_ids, auteur=auteur)
    conservation.erase(dossier, plan.voulus)
    Coffre.du_dossier(dossier).erase(plan.voulus)
    restes = [*effacement.remove(dossier, plan.voulus), *map(_say, textes.a_reecrire)]
    if not restes:
        for commencee in commencees:
            traces.end(journal, commencee, auteur)
    traces.forget_codes(journal, aujourdhui, auteur)
    return restes


def _say(fiche: Fiche) -> str:
    return (
        f"Un texte du journal ({fiche.objet}, {langue.instant(fiche.instant)}) cite une personne à effacer : en "
        "écrire une version sans son numéro, puis recommencer."
    )
